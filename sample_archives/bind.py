"""From papers to the scanned sheets of a binder: drawing, numbering, catalogue, scanning."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PIL import Image

from . import numbering, scan
from .build import Case
from .canvas import Canvas
from .case import BlankSheet, Catalogue, CatalogueLine, Cover, Family, FieldTruth, Form, SheetDrawing, Style
from .numbering import NumberStyle
from .scan import ScanStyle


@dataclass
class Packed:
    """A drawn sheet, compressed while it waits to be scanned."""

    size: tuple[int, int]
    data: bytes
    fields: list[FieldTruth]
    marks: list[object]
    vector: bytes | None

    @classmethod
    def of(cls, drawing: SheetDrawing) -> Packed:
        image = drawing.image.convert("RGB")
        return cls(image.size, zlib.compress(image.tobytes(), 1), drawing.fields, list(drawing.marks), drawing.vector)

    @property
    def dpi(self) -> float:
        return min(self.size) * 25.4 / 210

    def image(self) -> Image.Image:
        return Image.frombytes("RGB", self.size, zlib.decompress(self.data))


@dataclass
class Leaf:
    """One side in scan order, with what befell it.

    `number` is the archive number printed on it, None for none; `turn` the clockwise turn that
    makes the scan upright; `portrait_corner` puts the number of a sideways form where the top
    right of the portrait sheet is.
    """

    form: Form
    part: int  # which sheet of its form, from 0
    drawing: Packed
    number: int | None = None
    position: str = numbering.CORNER
    turn: int = 0
    turned_in_file: int = 0  # /Rotate of the PDF page that makes the viewer show it upright
    portrait_corner: bool = False
    illegible: str = ""
    twin: int | None = None  # the same key on sheets that are one sheet scanned twice
    unnumbered: bool = False  # a number is used up but not on the paper
    lost: bool = False  # was numbered, then lost from the binder
    rescan: bool = False  # the sheet before once more, with its number

    @property
    def wide(self) -> bool:
        return self.drawing.size[0] > self.drawing.size[1]

    @property
    def blank(self) -> bool:
        return isinstance(self.form, BlankSheet)


@dataclass
class Plan:
    """How a binder is made from its case: style of numbers and scanner, faults of pages.

    `arrange` changes the leaves before numbering (blank or repeated sheets ...), `renumber` after
    it (gaps, repeats ...), `edit_catalogue` the catalogue's lines.
    """

    family: Family
    scanner: ScanStyle
    numbers: NumberStyle
    seed: int
    first_number: int = 1
    landscape_turn: int = 0  # landscape sheets lie sideways in the file, with a /Rotate that rights them
    born_digital: Callable[[Form], bool] = field(default=lambda form: False)
    arrange: list[Callable[[list[Leaf]], None]] = field(default_factory=list)
    renumber: list[Callable[[list[Leaf]], None]] = field(default_factory=list)
    reorder: list[Callable[[list[Leaf]], None]] = field(default_factory=list)
    edit_catalogue: list[Callable[[list[CatalogueLine]], list[CatalogueLine]]] = field(default_factory=list)


def bind(case: Case, plan: Plan) -> list[Leaf]:
    """The binder's sides in scan order, drawn and numbered, not yet scanned."""
    drawn = [[Packed.of(drawing) for drawing in _draw(plan, form, i)] for i, form in enumerate(case.forms)]
    leaves: list[Leaf] = []
    for i, form in enumerate(case.forms):
        if isinstance(form, Catalogue):
            drawn[i] *= _catalogue_sheets(case, plan, drawn, i)
        leaves += [Leaf(form, part, packed) for part, packed in enumerate(drawn[i])]
    for change in plan.arrange:
        change(leaves)
    for leaf in leaves:
        if leaf.wide:
            leaf.turned_in_file = plan.landscape_turn
    number = plan.first_number
    for leaf in leaves:
        if leaf.rescan:
            leaf.number = number - 1
        elif not leaf.blank:
            leaf.number = number
            number += 1
    for change in plan.renumber:
        change(leaves)
    _describe(case, plan, leaves)
    kept = [leaf for leaf in leaves if not leaf.lost]
    for change in plan.reorder:
        change(kept)
    return kept


def _draw(plan: Plan, form: Form, index: int) -> list[SheetDrawing]:
    vector = plan.born_digital(form)
    style = Style(random.Random(f"{plan.seed}/{index}"), 110 if vector else plan.scanner.dpi, vector)
    return plan.family.draw(form, style)


def _catalogue_sheets(case: Case, plan: Plan, drawn: list[list[Packed]], at: int) -> int:
    """How many sheets the filled catalogue will take."""
    trial = [
        Leaf(form, part, packed, number=100)
        for i, form in enumerate(case.forms)
        for part, packed in enumerate(drawn[i])
    ]
    form = case.forms[at]
    assert isinstance(form, Catalogue)
    lines = catalogue_lines(case, trial)
    for edit in plan.edit_catalogue:
        lines = edit(lines)
    return len(_draw(plan, replace(form, lines=tuple(lines)), at))


def _describe(case: Case, plan: Plan, leaves: list[Leaf]) -> None:
    """Fill cover and catalogue from the finished numbering and draw them again."""
    for i, form in enumerate(case.forms):
        finished: Form
        if isinstance(form, Catalogue):
            lines = catalogue_lines(case, leaves)
            for edit in plan.edit_catalogue:
                lines = edit(lines)
            finished = replace(form, lines=tuple(lines))
        elif isinstance(form, Cover):
            finished = replace(form, pages=sum(leaf.number is not None for leaf in leaves), volume="")
        else:
            continue
        drawings = _draw(plan, finished, i)
        own = [leaf for leaf in leaves if leaf.form is form]
        for leaf, drawing in zip(own, drawings, strict=True):
            leaf.form = finished
            leaf.drawing = Packed.of(drawing)
        case.swap(form, finished)


def catalogue_lines(case: Case, leaves: list[Leaf]) -> list[CatalogueLine]:
    """One line per run of like papers; the employment proof by packet, by type, or as one."""
    info = case.info
    groups: list[tuple[str, str, list[Leaf]]] = []
    for leaf in leaves:
        if isinstance(leaf.form, Cover | Catalogue) or leaf.blank or leaf.number is None:
            continue
        key, title, author = _heading(case, leaf.form)
        if groups and groups[-1][0] == key:
            groups[-1][2].append(leaf)
        else:
            groups.append((key, f"{title}\t{author}", [leaf]))
    lines = []
    for i, (_, named, members) in enumerate(groups):
        title, author = named.split("\t")
        numbers = [leaf.number for leaf in members if leaf.number is not None]
        dated = f"{info.application_date:%Y%m%d}" if i % 3 == 0 else ""
        lines.append(CatalogueLine(i + 1, title, author, dated, min(numbers), max(numbers), len(members)))
    return lines


def _heading(case: Case, form: Form) -> tuple[str, str, str]:
    """Key of the catalogue line a paper belongs to, its title and its author."""
    packet = case.blocks.get(id(form))
    if packet is None:
        titles = {"id_card_copy": "学员身份证复印件", "exam_paper": "结业考试试卷", "certificate_copy": "证书复印件"}
        title = titles.get(form.doc_type, form.title)
        author = case.info.bureau if form.doc_type == "opening_approval" else case.info.institution
        return form.doc_type + (form.title if form.doc_type == "other" else ""), title, author
    if case.catalogue_by == "one":
        return "proof", "学员就业证明材料", case.info.institution
    if case.catalogue_by == "type":
        return f"proof/{form.doc_type}", form.title, packet if len(packet) > 4 else case.info.institution
    return f"proof/{packet}", f"{packet}就业证明材料", case.info.institution


# --- numbers and scans -------------------------------------------------------------------------------


def finish(leaf: Leaf, plan: Plan, index: int, behind: Leaf | None = None) -> Image.Image:
    """The scan of one side: number stamped on, paper worn, sheet turned as it was fed."""
    rng = random.Random(f"{plan.seed}/scan/{index}")
    image = leaf.drawing.image()
    style = Style(rng, round(leaf.drawing.dpi))
    late = leaf.illegible and rng.random() < 0.75  # numbered after the bad copy was made
    if leaf.illegible and late:
        image = scan.ruin(image, leaf.illegible, rng)
    if leaf.number is not None and not leaf.unnumbered:
        canvas = _over(image, style)
        if leaf.portrait_corner:
            turned = _over(image.rotate(leaf.turn, expand=True), style)
            numbering.draw(turned, plan.numbers, leaf.number, leaf.position, rng)
            image = turned.image.rotate(-leaf.turn, expand=True)
        else:
            leaf.position = numbering.draw(canvas, plan.numbers, leaf.number, leaf.position, rng)
            image = canvas.image
    back = behind.drawing.image() if behind is not None and plan.scanner.bleed else None
    scanned = scan.scan(image, plan.scanner, rng, back, "" if late else leaf.illegible)
    turn = (leaf.turn + leaf.turned_in_file) % 360
    return scanned.rotate(turn, expand=True) if turn else scanned


def _over(image: Image.Image, style: Style) -> Canvas:
    """A canvas on an existing image."""
    canvas = Canvas(style, image.width * 25.4 / style.dpi, image.height * 25.4 / style.dpi)
    canvas.attach(image)
    return canvas
