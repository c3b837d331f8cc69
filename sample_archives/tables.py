"""Tables and label/value grids on a flow: ruled or not, with merged cells, over several sheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from .canvas import Canvas, Rect
from .flow import LINE, Fill, Flow
from .fonts import Face

Draw = Callable[[Canvas, Rect], None]
Content = str | Fill | Draw
Rules = Literal["grid", "rows", "header", "none"]


@dataclass(frozen=True)
class Column:
    """A column: its heading (`\\n` breaks it), relative width, alignment, and a group heading above."""

    title: str
    weight: float
    align: Literal["left", "centre", "right"] = "centre"
    group: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell of a grid, `span` columns wide; labels are centred and printed in the body face."""

    content: Content
    span: int = 1
    label: bool = False
    align: Literal["left", "centre"] = "centre"


def table(
    flow: Flow,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Content]],
    size: float = 10.0,
    row: float = 8.0,
    rules: Rules = "grid",
    head: float | None = None,
    bold_head: bool = False,
    on_new_sheet: Callable[[Flow], None] | None = None,
    line: float = 0.22,
    keep: float = 0.0,
) -> list[Rect]:
    """Draw a table; returns the rectangle of each row on its sheet. `keep` mm stay free below."""
    widths = _widths(flow, columns)
    head = head or row * (1.25 if any("\n" in c.title for c in columns) else 1.1)
    total = head * (1.7 if any(c.group for c in columns) else 1.0)
    flow.need(total + row * 2)
    _header(flow, columns, widths, total, size, rules, bold_head, line)
    boxes: list[Rect] = []
    for number, cells in enumerate(rows):
        last = number == len(rows) - 1
        if flow.y + row + (keep if last else 0.0) > flow.end:
            flow.new_sheet()
            if on_new_sheet:
                on_new_sheet(flow)
            _header(flow, columns, widths, total, size, rules, bold_head, line)
        x = flow.left
        for column, width, content in zip(columns, widths, cells, strict=True):
            cell(flow, (x, flow.y, x + width, flow.y + row), content, size, column.align)
            if rules == "grid":
                flow.canvas.rect(x, flow.y, x + width, flow.y + row, line)
            x += width
        if rules == "rows":
            flow.canvas.line(flow.left, flow.y + row, x, flow.y + row, line)
        boxes.append((flow.left, flow.y, x, flow.y + row))
        flow.y += row
    return boxes


def _widths(flow: Flow, columns: Sequence[Column]) -> list[float]:
    total = sum(column.weight for column in columns)
    return [flow.width * column.weight / total for column in columns]


def _header(
    flow: Flow,
    columns: Sequence[Column],
    widths: Sequence[float],
    height: float,
    size: float,
    rules: Rules,
    bold: bool,
    line: float,
) -> None:
    canvas = flow.canvas
    x, y = flow.left, flow.y
    face = flow.look.head if bold else flow.look.body
    index = 0
    while index < len(columns):
        group = columns[index].group
        count = 1
        while group and index + count < len(columns) and columns[index + count].group == group:
            count += 1
        span = sum(widths[index : index + count])
        top = y
        if group:
            top = y + height * 0.45
            box = (x, y, x + span, top)
            lines(canvas, box, [group], size, face)
            if rules == "grid":
                canvas.rect(*box, line)
        at = x
        for column, width in zip(columns[index : index + count], widths[index : index + count], strict=True):
            box = (at, top, at + width, y + height)
            lines(canvas, box, column.title.split("\n"), size, face)
            if rules == "grid":
                canvas.rect(*box, line)
            at += width
        x += span
        index += count
    if rules in ("rows", "header"):
        canvas.line(flow.left, y, x, y, line * 1.8)
        canvas.line(flow.left, y + height, x, y + height, line * 1.4)
    flow.y += height


def grid(
    flow: Flow,
    widths: Sequence[float],
    rows: Sequence[tuple[float, Sequence[Cell]]],
    size: float = 11.0,
    line: float = 0.25,
) -> list[list[Rect]]:
    """A ruled form: each row is (height in mm, cells whose spans add up to the columns)."""
    total = sum(widths)
    columns = [flow.width * width / total for width in widths]
    out: list[list[Rect]] = []
    for height, cells in rows:
        flow.need(height)
        x, index = flow.left, 0
        boxes: list[Rect] = []
        for item in cells:
            width = sum(columns[index : index + item.span])
            box = (x, flow.y, x + width, flow.y + height)
            if item.label and isinstance(item.content, str):
                lines(flow.canvas, box, item.content.split("\n"), size, flow.look.body)
            else:
                cell(flow, box, item.content, size, item.align)
            flow.canvas.rect(*box, line)
            boxes.append(box)
            x += width
            index += item.span
        out.append(boxes)
        flow.y += height
    return out


def lines(canvas: Canvas, box: Rect, texts: Sequence[str], size: float, face: Face) -> None:
    """Centred lines of printed text, shrunk to fit their cell."""
    widest = max((canvas.text_width(text, size, face) for text in texts), default=0.0)
    room = box[2] - box[0] - 0.8
    if widest > room:
        size = max(5.0, size * room / widest)
    step = size * LINE * 1.15
    y = (box[1] + box[3]) / 2 - step * (len(texts) - 1) / 2 + size * LINE * 0.36
    for text in texts:
        canvas.centred((box[0] + box[2]) / 2, y, text, size, face)
        y += step


def cell(flow: Flow, box: Rect, content: Content, size: float, align: str) -> None:
    """One cell's content: printed text, a fill with its truth, or a drawing of its own."""
    canvas = flow.canvas
    if callable(content):
        content(canvas, box)
        return
    fill = content if isinstance(content, Fill) else None
    text = fill.text if fill else str(content)
    if not text:
        return
    pen = (fill.pen or flow.look.pen) if fill else None
    face = pen.face if pen else flow.look.body
    room = box[2] - box[0] - 1.4
    parts, size = fit(canvas, text, size, face, room, box[3] - box[1], bool(pen and pen.by_hand))
    step = size * LINE * 1.15
    y = (box[1] + box[3]) / 2 - step * (len(parts) - 1) / 2 + size * LINE * 0.36
    union: Rect | None = None
    for part in parts:
        width = canvas.fill_width(part, size, pen) if pen else canvas.text_width(part, size, face)
        x = (
            box[0] + 0.8
            if align == "left"
            else (box[2] - 0.8 - width if align == "right" else (box[0] + box[2] - width) / 2)
        )
        drawn = canvas.fill(x, y, part, size, pen) if pen else canvas.text(x, y, part, size, face)
        union = (
            drawn
            if union is None
            else (min(union[0], drawn[0]), min(union[1], drawn[1]), max(union[2], drawn[2]), max(union[3], drawn[3]))
        )
        y += step
    if fill and fill.name and union:
        canvas.field(fill.name, fill.value or fill.text, union, fill.person)


def fit(
    canvas: Canvas, text: str, size: float, face: Face, width: float, height: float, by_hand: bool
) -> tuple[list[str], float]:
    """Break or shrink a text so that it fits its cell: (lines, size)."""
    factor = 1.08 if by_hand else 1.0
    while True:
        room = max(1, int(height / (size * LINE * 1.18)))
        parts = _wrap(canvas, text, size, face, width / factor)
        breakable = len(text) > 6 and not text.replace("-", "").replace(".", "").isalnum()
        allowed = room if breakable or _is_prose(text) else 1
        if len(parts) <= allowed or size <= 5.0:
            return parts, size
        size *= 0.95


def _is_prose(text: str) -> bool:
    return len(text) > 5 and sum("一" <= char <= "鿿" for char in text) > len(text) * 0.6


def _wrap(canvas: Canvas, text: str, size: float, face: Face, width: float) -> list[str]:
    parts = [""]
    used = 0.0
    for char in text:
        if char == "\n":
            parts.append("")
            used = 0.0
            continue
        step = canvas.text_width(char, size, face)
        if used + step > width and parts[-1]:
            parts.append("")
            used = 0.0
        parts[-1] += char
        used += step
    return parts
