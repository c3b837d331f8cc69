"""Cells and rows of tables, and what ruled and unruled tables share."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archive_verify.layout.ink import loose_ink, written_in
from archive_verify.layout.pieces import Piece, overlap_y, rows_of
from archive_verify.model import Box, Lattice, MarkShape, Page

# Inked cells of the ink map: a few specks come to less, an ID number to six and more.
_WRITTEN = 1.5


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text ("" if none was read), its place, and whether ink was seen in it.

    `inked` is None where the page carries no ink map or the cell is too small to tell; `covered` says
    that a seal lies over it, so that text may have been lost. `parts` are the pieces of text in it.
    """

    text: str
    page: int
    box: Box
    confidence: float = 1.0
    lattice: Lattice | None = None
    inked: bool | None = None
    covered: bool = False
    parts: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Column titles (white space removed, levels joined from the top) and rows of cells.

    Every row has one cell per column. `unread_rows` counts ruled rows that hold ink of which nothing
    was read. `top` is where the header begins, a fraction of the page.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    columns: tuple[tuple[float, float], ...]
    page: int
    top: float
    unread_rows: int = 0
    key: int = 0                        # the column that holds the key (a person's name)

    def column(self, pattern: re.Pattern[str]) -> int | None:
        """Index of the first column whose title matches."""
        return next((index for index, title in enumerate(self.header) if pattern.search(title)), None)


HeaderTest = Callable[[str], bool]


def squeeze(text: str) -> str:
    """Text without white space."""
    return "".join(text.split())


def make_cell(page: Page, box: Box, parts: Sequence[Piece], ruled: bool = True) -> Cell:
    """A cell of the parts read in it; an empty one tells whether it holds ink or lies under a seal.

    `ruled` tells that lines run along its top and bottom, which are no ink of the cell.
    """
    text = _joined(parts).strip()
    if not text:
        line = 0.004 if ruled else 0.0
        inside = Box(box.x0 + 0.004, box.y0 + line, box.x1 - 0.004, box.y1 - line)
        inked = written_in(page.reading.ink, inside) if inside.width > 0 and inside.height > 0 else None
        if not inked and not ruled:
            # thin rows hold too few strokes to tell them from a line; here there are no lines
            loose = loose_ink(page.reading.ink, box, [line.box for line in page.reading.lines])
            inked = None if loose is None else loose > _WRITTEN
        covered = any(
            mark.shape is MarkShape.ROUND_SEAL and inside.overlap(mark.box) > 0.25 * inside.width * inside.height
            for mark in page.reading.marks
        )
        return Cell("", page.index, box, 0.0, None, inked, covered)
    tight = parts[0].box
    for part in parts[1:]:
        tight = tight.union(part.box)
    lattice = parts[0].lattice if len(parts) == 1 else None
    return Cell(text, page.index, tight, min(part.confidence for part in parts), lattice, True, False, tuple(parts))


def _joined(parts: Sequence[Piece]) -> str:
    """The text of a cell; two figures that stand apart, or one over the other, stay two."""
    text = ""
    before: Piece | None = None
    for one in parts:
        if before is not None and text[-1:].isdigit() and one.text[:1].isdigit():
            near = one.box.x0 - before.box.x1 < 0.5 * one.box.height and overlap_y(before.box, one.box) > 0.5
            text += "" if near else " "
        text += one.text
        before = one
    return text


def row_cells(
    page: Page, parts: Sequence[Piece], columns: Sequence[tuple[float, float]], top: float, bottom: float,
    filled: Sequence[tuple[float, float]] | None = None,
) -> tuple[Cell, ...]:
    """One row: each part goes to its column.

    `filled` tells, for a table without ruling lines, from where to where each column's values go.
    """
    by_column: dict[int, list[Piece]] = {}
    for part in parts:
        index = nearest_column(columns, part.box)
        by_column.setdefault(index, []).append(part)
    return tuple(
        make_cell(page, Box(x0, top, x1, bottom),
              [one for row in rows_of(by_column.get(index, ())) for one in row], filled is None)
        for index, (x0, x1) in enumerate(filled or columns)
    )


def nearest_column(columns: Sequence[tuple[float, float]], box: Box) -> int:
    """The column that a box overlaps most, or whose middle is nearest."""
    def worth(index: int) -> tuple[float, float]:
        x0, x1 = columns[index]
        overlap = min(box.x1, x1) - max(box.x0, x0)
        return (max(overlap, 0.0), -abs((x0 + x1) / 2 - box.centre[0]))

    return max(range(len(columns)), key=worth)
