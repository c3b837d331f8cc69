"""Shared builders of test inputs; shorthand first, everything else defaulted."""

from __future__ import annotations

from archive_verify.model import Box, Line, Page, PageReading, Ruling

ROW = 0.014        # height of a line of ordinary print on an upright A4 page
LETTER = 0.018     # width of one of its characters


def line(
    text: str, x: float, y: float, *, height: float = ROW, confidence: float = 0.98, width: float | None = None
) -> Line:
    """A line of print with its left edge at x and its middle at y."""
    wide = len(text) * LETTER * height / ROW if width is None else width
    box = Box(x, y - height / 2, min(0.99, x + wide), y + height / 2)
    return Line(text=text, box=box, confidence=confidence)


def centred(text: str, y: float, *, height: float = ROW, confidence: float = 0.98) -> Line:
    """A line of print centred on the page, as titles are."""
    return line(text, max(0.01, 0.5 - len(text) * LETTER * height / ROW / 2), y, height=height, confidence=confidence)


def row(y: float, *cells: str, left: float = 0.08, right: float = 0.94) -> list[Line]:
    """The cells of a table row, evenly spread; empty strings leave their cell empty."""
    step = (right - left) / len(cells)
    return [line(cell, left + step * place, y) for place, cell in enumerate(cells) if cell]


def page(lines: list[Line], index: int = 1, *, rulings: tuple[Ruling, ...] = (), **reading: object) -> Page:
    """An A4 page at 200 dpi with these lines, in reading order."""
    ordered = tuple(sorted(lines, key=lambda item: (round(item.box.centre[1], 2), item.box.x0)))
    values: dict[str, object] = {
        "width": 1654, "height": 2339, "dpi": 200.0, "text_source": "ocr", "rotation": 0, "skew_degrees": 0.0,
    }
    values.update(reading)
    return Page(
        index=index, file=0, file_page=index,
        reading=PageReading.model_validate({**values, "lines": ordered, "rulings": rulings}),
    )


def text_page(title: str, *body: str, index: int = 1, title_height: float = 0.022, **reading: object) -> Page:
    """A page with a centred title (none if empty) and left-aligned body lines below it."""
    lines = [centred(title, 0.09, height=title_height)] if title else []
    lines += [line(text, 0.1, 0.15 + 0.026 * place) for place, text in enumerate(body)]
    return page(lines, index, **reading)


def table_page(
    title: str, header: tuple[str, ...], rows: list[tuple[str, ...]], *above: str, index: int = 1, **reading: object
) -> Page:
    """A page with a title, lines above the table, its header and its rows."""
    lines = [centred(title, 0.07, height=0.022)] if title else []
    y = 0.12
    for text in above:
        lines.append(line(text, 0.08, y))
        y += 0.026
    for cells in [header, *rows]:
        lines += row(y, *cells)
        y += 0.024
    return page(lines, index, **reading)
