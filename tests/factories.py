"""Shared builders of test inputs; shorthand first, everything else defaulted."""

from __future__ import annotations

import base64
import unicodedata
import zlib

from archive_verify.model import Box, InkMap, Line, Page, PageReading, Ruling

ROW = 0.014        # height of a line of ordinary print on an upright A4 page
LETTER = 0.016     # width of one of its Chinese characters; others are about half as wide


def _width(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.55 for char in text) * LETTER


def line(
    text: str, x: float, y: float, *, height: float = ROW, confidence: float = 0.98, width: float | None = None
) -> Line:
    """A line of print with its left edge at x and its middle at y."""
    wide = _width(text) * height / ROW if width is None else width
    box = Box(x, y - height / 2, min(0.99, x + wide), y + height / 2)
    return Line(text=text, box=box, confidence=confidence)


def centred(text: str, y: float, *, height: float = ROW, confidence: float = 0.98) -> Line:
    """A line of print centred on the page, as titles are."""
    return line(text, max(0.01, 0.5 - _width(text) * height / ROW / 2), y, height=height, confidence=confidence)


def row(y: float, *cells: str, at: tuple[float, ...] = (), height: float = ROW) -> list[Line]:
    """The cells of a table row, evenly spread or `at` their left edges; empty strings leave their cell empty."""
    edges = at or tuple(0.08 + 0.86 / len(cells) * place for place in range(len(cells)))
    return [line(cell, x, y, height=height) for x, cell in zip(edges, cells, strict=True) if cell]


def column_edges(rows: list[tuple[str, ...]]) -> tuple[float, ...]:
    """Left edges of columns as wide as their longest cells ask for."""
    wide = [max(_width(cell) for cell in column) + 0.6 * LETTER for column in zip(*rows, strict=True)]
    scale = 0.9 / sum(wide)
    return tuple(0.05 + scale * sum(wide[:place]) for place in range(len(wide)))


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
    edges = column_edges([header, *rows])
    wanted = max(_width(cell) for cells in zip(header, *rows, strict=True) for cell in cells)
    height = ROW if len(header) < 8 and wanted < 0.3 else 0.011
    for cells in [header, *rows]:
        lines += row(y, *cells, at=edges, height=height)
        y += 0.024
    return page(lines, index, **reading)


def ruled_page(
    title: str, header: tuple[str, ...], rows: list[tuple[str, ...]], *above: str,
    merged: tuple[tuple[int, int, int, int], ...] = (), index: int = 1, **reading: object,
) -> Page:
    """A page with a fully ruled table. `merged` joins cells: first row, first column, last row, last column."""
    lines = [centred(title, 0.07, height=0.022)] if title else []
    y = 0.12
    for text in above:
        lines.append(line(text, 0.08, y))
        y += 0.026
    left, right, high = 0.06, 0.95, 0.03
    body = [header, *rows]
    step = (right - left) / len(header)
    home = {
        (r, c): (r0, c0, r1, c1)
        for r0, c0, r1, c1 in merged for r in range(r0, r1 + 1) for c in range(c0, c1 + 1)
    }
    rulings = []
    for r in range(len(body) + 1):
        for c in range(len(header)):
            if r in (0, len(body)) or home.get((r - 1, c)) is None or home.get((r - 1, c)) != home.get((r, c)):
                x0, at = left + c * step, y + r * high
                rulings.append(Ruling(box=Box(x0, at - 0.0005, x0 + step, at + 0.0005), horizontal=True))
    for c in range(len(header) + 1):
        for r in range(len(body)):
            if c in (0, len(header)) or home.get((r, c - 1)) is None or home.get((r, c - 1)) != home.get((r, c)):
                x, y0 = left + c * step, y + r * high
                rulings.append(Ruling(box=Box(x - 0.0004, y0, x + 0.0004, y0 + high), horizontal=False))
    for r, cells in enumerate(body):
        for c, text in enumerate(cells):
            if text:
                r0, c0, r1, c1 = home.get((r, c), (r, c, r, c))
                middle = y + (r0 + r1 + 1) / 2 * high
                wide = min(len(text) * LETTER, step * 0.9)
                x0 = left + (c0 + c1 + 1) / 2 * step - wide / 2
                lines.append(line(text, x0, middle, width=wide))
    return page(lines, index, rulings=tuple(rulings), **reading)


def ink_at(*boxes: Box, rows: int = 192, cols: int = 136) -> InkMap:
    """The ink map of a page with dark ink in these boxes and nowhere else."""
    cells = bytearray(rows * cols)
    for box in boxes:
        for y in range(round(box.y0 * rows), round(box.y1 * rows)):
            for x in range(round(box.x0 * cols), round(box.x1 * cols)):
                cells[y * cols + x] = 200
    empty = bytes(rows * cols)
    return InkMap(
        rows=rows, cols=cols, dark=base64.b64encode(zlib.compress(bytes(cells))).decode(),
        red=base64.b64encode(zlib.compress(empty)).decode(),
    )
