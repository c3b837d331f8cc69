"""What all layouts of this family share: signing, sealing, dates, two-column party lines."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

from PIL import Image

from sample_archives import fonts, stamps
from sample_archives.calendar_cn import written
from sample_archives.canvas import Canvas, Pen, Rect, hand
from sample_archives.case import Person
from sample_archives.flow import LINE, Fill, Flow, Look
from sample_archives.tables import Draw

LATIN_HANDS = "0123456789"


def seal(canvas: Canvas, x: float, y: float, name: str, number: str, party: str, purpose: str = "") -> Rect:
    """Press a unit seal with its centre near x, y (millimetres)."""
    rng = canvas.style.rng
    picture = stamps.unit_seal(rng, name, number, canvas.style.dpi, purpose)
    box = canvas.stamp(x + rng.uniform(-3, 3), y + rng.uniform(-2, 2), picture)
    canvas.mark("seal", party, box)
    return box


def personal_seal(canvas: Canvas, x: float, y: float, name: str, party: str) -> Rect:
    rng = canvas.style.rng
    box = canvas.stamp(
        x + rng.uniform(-2, 2), y + rng.uniform(-1.5, 1.5), stamps.personal_seal(rng, name, canvas.style.dpi)
    )
    canvas.mark("seal", party, box, personal=True)
    return box


def fingerprint(canvas: Canvas, x: float, y: float, party: str) -> Rect:
    rng = canvas.style.rng
    box = canvas.stamp(x + rng.uniform(-2, 2), y + rng.uniform(-1.5, 1.5), stamps.fingerprint(rng, canvas.style.dpi))
    canvas.mark("fingerprint", party, box)
    return box


def signature_pen(rng: random.Random) -> Pen:
    return hand(rng, legible=False)


def signature(
    canvas: Canvas, x: float, baseline: float, name: str, party: str, size: float = 17.0, pen: Pen | None = None
) -> Rect:
    """A person's name by hand, larger and looser than a fill."""
    rng = canvas.style.rng
    pen = pen or signature_pen(rng)
    box = canvas.fill(x, baseline + rng.uniform(-0.5, 0.8), name, size * rng.uniform(0.92, 1.12), pen)
    canvas.mark("signature", party, box)
    return box


def sign_as(
    canvas: Canvas, x: float, baseline: float, name: str, how: str | None, party: str, size: float = 17.0
) -> None:
    """Sign in the way the paper says: signature, fingerprint, both, a personal seal, or not at all."""
    if how is None:
        return
    if how == "personal_seal":
        personal_seal(canvas, x + 9, baseline - 2, name, party)
        return
    if "signature" in how:
        signature(canvas, x, baseline, name, party, size)
    if "fingerprint" in how:
        fingerprint(canvas, x + (16 if "signature" in how else 8), baseline - 2, party)


def sign_cell(name: str, how: str | None, party: str, size: float = 12.5) -> Draw:
    """A table cell that is signed."""

    def draw(canvas: Canvas, box: Rect) -> None:
        if how is None:
            return
        middle = (box[0] + box[2]) / 2
        height = box[3] - box[1]
        points = min(size, height / LINE * 0.8)
        baseline = (box[1] + box[3]) / 2 + points * LINE * 0.32
        if "signature" in how:
            pen = signature_pen(canvas.style.rng)
            width = canvas.fill_width(name, points, pen)
            room = box[2] - box[0] - 1.0
            if width > room:
                points *= room / width
                width = room
            signature(canvas, middle - width / 2, baseline, name, party, points, pen)
        if "fingerprint" in how:
            print_box = canvas.stamp(
                middle + (4 if "signature" in how else 0), (box[1] + box[3]) / 2, _small_print(canvas, height)
            )
            canvas.mark("fingerprint", party, print_box)
        if how == "personal_seal":
            personal_seal(canvas, middle, (box[1] + box[3]) / 2, name, party)

    return draw


def _small_print(canvas: Canvas, height: float) -> Image.Image:
    picture = stamps.fingerprint(canvas.style.rng, canvas.style.dpi)
    wanted = max(8.0, height * 1.25) * canvas.scale
    factor = min(1.0, wanted / picture.height)
    return picture.resize((max(4, round(picture.width * factor)), max(4, round(picture.height * factor))))


def day(value: date, name: str = "", person: Person | None = None, shape: int = 0, **more: object) -> Fill:
    """A date as a fill with its ISO truth."""
    return Fill(written(value, shape), name, value.isoformat(), person, **more)  # type: ignore[arg-type]


def spaced(value: date, look: Look) -> str:
    """A date below a signature: `2023 年 9 月 1 日`, or tight."""
    text = written(value)
    if look.variant % 3 == 0:
        for mark in "年月日":
            text = text.replace(mark, f" {mark} ")
    return text.strip()


def pairs(
    flow: Flow,
    items: Sequence[tuple[str, Fill]],
    per_line: int = 1,
    indent: float = 0.0,
    underline: bool = True,
    colon: str = "：",
) -> None:
    """Lines of `label：value`, one or two a line, the values underlined to the margin."""
    size = flow.look.size
    step = size * LINE * flow.look.leading
    pending: list[tuple[str, Fill]] = []

    def flush() -> None:
        if not pending:
            return
        flow.need(step)
        flow.y += step
        baseline = flow.y - step * 0.28
        x = flow.left + indent
        room = (flow.width - indent) / len(pending)
        for label, value in pending:
            box = flow.canvas.text(x, baseline, label + colon, size, flow.look.body)
            end = x + room - 3.0
            least = end - box[2] if underline else 0.0
            fill = Fill(value.text, value.name, value.value, value.person, least, underline, value.pen)
            flow.fill(box[2], baseline, fill, size, flow.look.body)
            x += room
        pending.clear()

    for label, value in items:
        width = (
            flow.canvas.text_width(label, size, flow.look.body)
            + flow.canvas.fill_width(value.text, size, value.pen or flow.look.pen)
            + 8.0
        )
        limit = (flow.width - indent) / per_line
        if per_line > 1 and width > limit:
            flush()
            pending.append((label, value))
            flush()
            continue
        pending.append((label, value))
        if len(pending) == per_line:
            flush()
    flush()


def plain_hand(rng: random.Random) -> Pen:
    """A legible hand for marks and single entries."""
    return hand(rng)


def tick_face() -> fonts.Face:
    return fonts.printed("hei")[0]
