"""Running text over one or more sheets: paragraphs with fills, headings, signature lines, footers."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import fonts
from .canvas import BLACK, Canvas, Colour, Pen, Rect, hand, typed
from .case import Form, Person, SheetDrawing, Style
from .fonts import Face

LINE = 25.4 / 72
NO_START = "，。、；：？！）》”’】〕"


@dataclass(frozen=True)
class Fill:
    """A value in running text or in a cell: what is written, and the truth it carries.

    `name` "" means that it is no field; `least` is the least width of its underline in mm.
    """

    text: str
    name: str = ""
    value: str = ""
    person: Person | None = None
    least: float = 0.0
    underline: bool = True
    pen: Pen | None = None


Segment = str | Fill


class Look:
    """Faces, size and pens of one paper, chosen by the form's type and `look`."""

    def __init__(self, form: Form, style: Style, by_hand: float = 0.45) -> None:
        self.rng = random.Random(f"{form.doc_type}/{form.look}/{form.title}")
        body = self.rng.choice(("song", "song", "song", "hei", "kai", "light"))
        if style.vector:
            faces = fonts.embeddable()
            self.body = self.rng.choice(faces)
            self.head = faces[0]
        else:
            self.body = self.rng.choice(fonts.printed(body))
            self.head = self.rng.choice(fonts.printed(self.rng.choice(("bold", "bold", "hei", "song"))))
        self.size = self.rng.choice((10.5, 11.0, 12.0, 12.0))
        self.leading = self.rng.choice((1.5, 1.6, 1.75))
        self.filled_by_hand = not style.vector and self.rng.random() < by_hand
        self.variant = self.rng.randrange(1_000_000)
        other = self.rng.choice(fonts.printed(self.rng.choice(("kai", "song", "hei"))))
        printed = self.body if style.vector or self.rng.random() < 0.6 else other
        self.pen = hand(style.rng) if self.filled_by_hand else typed(printed)

    def pick(self, options: Sequence[str]) -> str:
        return options[self.rng.randrange(len(options))]


class Flow:
    """Writes downwards and opens a new sheet when the current one is full."""

    def __init__(
        self,
        style: Style,
        look: Look,
        landscape: bool = False,
        left: float = 25.0,
        right: float = 23.0,
        top: float = 27.0,
        bottom: float = 24.0,
    ) -> None:
        self.style = style
        self.look = look
        self.size = (297.0, 210.0) if landscape else (210.0, 297.0)
        self.left, self.right, self.top, self.bottom = left, right, top, bottom
        self.sheets: list[Canvas] = []
        self.y = 0.0
        self.new_sheet()

    @property
    def canvas(self) -> Canvas:
        return self.sheets[-1]

    @property
    def width(self) -> float:
        return self.size[0] - self.left - self.right

    @property
    def end(self) -> float:
        return self.size[1] - self.bottom

    def new_sheet(self) -> None:
        self.sheets.append(Canvas(self.style, *self.size))
        self.y = self.top

    def need(self, height: float) -> None:
        """Go to a new sheet unless `height` millimetres are left on this one."""
        if self.y + height > self.end and self.y > self.top:
            self.new_sheet()

    def space(self, height: float) -> None:
        self.y += height

    # -- text ---------------------------------------------------------------------------------

    def heading(
        self,
        text: str,
        size: float = 20.0,
        spread: float = 0.0,
        gap: float = 6.0,
        face: Face | None = None,
        colour: Colour = BLACK,
    ) -> Rect:
        face = face or self.look.head
        while self.canvas.text_width(text, size, face) + spread * len(text) > self.width and size > 9:
            size -= 1
            spread = 0.0
        self.need(size * LINE * 1.5)
        self.y += size * LINE
        box = self.canvas.centred(self.left + self.width / 2, self.y, text, size, face, colour, spread=spread)
        self.y += gap
        return box

    def para(
        self,
        *segments: Segment,
        indent: float = 2.0,
        size: float | None = None,
        align: str = "left",
        face: Face | None = None,
        leading: float | None = None,
        hang: float = 0.0,
        bold: bool = False,
    ) -> None:
        """One paragraph; `indent` in characters, `hang` the left inset of all lines in mm."""
        size = size or self.look.size
        face = face or self.look.body
        step = size * LINE * (leading or self.look.leading)
        em = size * LINE
        start = self.left + hang
        limit = self.left + self.width
        lines: list[list[tuple[float, Segment]]] = [[]]
        x = start + indent * em
        for token in _tokens(segments):
            width = self._token_width(token, size, face)
            overflow = x + width > limit + (em * 1.15 if isinstance(token, str) and token in NO_START else 0)
            if overflow and lines[-1]:
                lines.append([])
                x = start
            lines[-1].append((x, token))
            x += width
        for line in lines:
            self.need(step)
            self.y += step
            shift = self._shift(line, size, face, limit, align)
            self._write(line, shift, self.y - (step - em) * 0.5 - em * 0.14, size, face, bold)

    def _shift(self, line: list[tuple[float, Segment]], size: float, face: Face, limit: float, align: str) -> float:
        if align == "left" or not line:
            return 0.0
        end = line[-1][0] + self._token_width(line[-1][1], size, face)
        return (limit - end) if align == "right" else (limit - end + self.left - line[0][0]) / 2

    def _token_width(self, token: Segment, size: float, face: Face) -> float:
        if isinstance(token, str):
            return self.canvas.text_width(token, size, face)
        pen = token.pen or self.look.pen
        width = self.canvas.fill_width(token.text, size, pen)
        return max(token.least, width + (2.0 if token.underline else 0.0))

    def _write(
        self, line: list[tuple[float, Segment]], shift: float, baseline: float, size: float, face: Face, bold: bool
    ) -> None:
        run, run_x, at = "", 0.0, 0.0
        for x, token in [*line, (0.0, Fill(""))]:
            if isinstance(token, str):
                if not run:
                    run_x = x + shift
                run += token
                continue
            if run:
                self.canvas.text(run_x, baseline, run, size, face, bold=bold)
                run = ""
            at = x + shift
            if token.text or token.least:
                self.fill(at, baseline, token, size, face)

    def fill(self, x: float, baseline: float, fill: Fill, size: float, face: Face) -> Rect:
        """Write a fill at a place, with its underline and its truth."""
        width = self._token_width(fill, size, face)
        pen = fill.pen or self.look.pen
        inner = self.canvas.fill_width(fill.text, size, pen)
        lead = min((width - inner) / 2, 4.0) if fill.underline else 0.0
        if fill.underline:
            self.canvas.line(x, baseline + 1.1, x + width, baseline + 1.1, 0.18)
        if not fill.text:
            return (x, baseline, x + width, baseline)
        box = self.canvas.fill(x + lead, baseline, fill.text, size, pen)
        if fill.name:
            self.canvas.field(fill.name, fill.value or fill.text, box, fill.person)
        return box

    # -- end -------------------------------------------------------------------------------------

    def footers(self, shape: Callable[[int, int], str] | None, size: float = 9.0) -> None:
        if shape is None:
            return
        for number, sheet in enumerate(self.sheets, start=1):
            text = shape(number, len(self.sheets))
            sheet.centred(sheet.width / 2, sheet.height - 14.5, text, size, self.look.body)

    def drawings(self) -> list[SheetDrawing]:
        """The finished sheets; some forms carry a form number or an edition at the head of the first."""
        if self.look.variant % 6 == 0 and self.top >= 24:
            number = self.look.variant // 6 % 9 + 1
            text = self.look.pick(
                (f"附件{number}", f"表{number}-1", f"附表{number}：", "2023年版", f"编号：{number:03d}")
            )
            self.sheets[0].text(self.left, 17.5, text, 10, self.look.body)
        return [sheet.drawing() for sheet in self.sheets]


def _tokens(segments: Sequence[Segment]) -> list[Segment]:
    """Characters, words of ASCII, and fills; closing punctuation stays a token of its own."""
    tokens: list[Segment] = []
    for segment in segments:
        if isinstance(segment, Fill):
            tokens.append(segment)
            continue
        word = ""
        for char in segment:
            if char.isascii() and not char.isspace():
                word += char
                continue
            if word:
                tokens.append(word)
                word = ""
            tokens.append(char)
        if word:
            tokens.append(word)
    return tokens


FOOTERS: tuple[Callable[[int, int], str] | None, ...] = (
    None,
    None,
    lambda n, total: f"第{n}页 共{total}页",
    lambda n, total: f"- {n} -",
    lambda n, total: f"第 {n} 页，共 {total} 页",
    lambda n, total: f"{n}/{total}",
    lambda n, total: str(n),
)
