"""The text of pages in reading order, with the way back from each character to its spot on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from archive_verify.layout.grid import Grid, find_grids, split_at
from archive_verify.layout.pieces import Piece, insert_fills, piece, rows_of
from archive_verify.model import Box, Page, Reading
from archive_verify.values import Found

# trust left in a value for which look-alikes had to be taken for what they must be
_REPAIRED = 0.9


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a run of the flow's characters comes from: `offset` is the run's start in the flow."""

    offset: int
    page: int
    piece: Piece


@dataclass(frozen=True, slots=True)
class Flow:
    """Rows of text, "\\n" between rows, a tab at a wide gap or a cell border, a space at a narrow one."""

    text: str
    spots: tuple[Spot, ...]
    pages: dict[int, Page] = field(default_factory=dict)

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, Piece]]:
        """The pieces of paper behind start..end, with their page index."""
        for spot in self.spots:
            low = max(start, spot.offset)
            high = min(end, spot.offset + len(spot.piece.text))
            if low < high:
                yield spot.page, spot.piece.cut(low - spot.offset, high - spot.offset)

    def reading(self, start: int, end: int, value: Any, repaired: bool = False) -> Reading:
        """What was read at start..end, as a value with its box, trust and lattice."""
        parts = [(page, one) for page, one in self.pieces(start, end) if one.text.strip()]
        if not parts:
            page, box = self.place(start)
            return Reading(text=self.text[start:end], page=page, box=box, confidence=0.0, state="blank")
        page = parts[0][0]
        here = [one for number, one in parts if number == page]
        box = here[0].box
        for one in here[1:]:
            box = box.union(one.box)
        confidence = min(one.confidence for _, one in parts) * (_REPAIRED if repaired else 1.0)
        lattice = here[0].stripped().lattice if len(parts) == 1 else None
        text = " ".join(self.text[start:end].split())
        return Reading(value=value, text=text, page=page, box=box, confidence=confidence, lattice=lattice)

    def found(self, found: Found[Any], offset: int = 0, value: Any = None) -> Reading:
        """A `Found` of a part of the text that begins at `offset`, as a Reading."""
        return self.reading(
            offset + found.start, offset + found.end, found.value if value is None else value, found.repaired
        )

    def place(self, at: int) -> tuple[int, Box]:
        """Page and a point-like box where a character stands or would stand."""
        best: tuple[int, Box] | None = None
        for spot in self.spots:
            if spot.offset > at and best is not None:
                break
            index = min(max(at - spot.offset, 0), len(spot.piece.text))
            x = spot.piece.edges[index]
            best = spot.page, Box(x, spot.piece.box.y0, x, spot.piece.box.y1)
        return best or (next(iter(self.pages), 0), Box(0.0, 0.0, 0.0, 0.0))

    def rows(self) -> Iterator[tuple[int, str]]:
        """Each row's offset and text."""
        offset = 0
        for row in self.text.split("\n"):
            yield offset, row
            offset += len(row) + 1

    def row_at(self, at: int) -> tuple[int, int]:
        """Start and end of the row that holds a character."""
        start = self.text.rfind("\n", 0, at) + 1
        end = self.text.find("\n", at)
        return start, len(self.text) if end < 0 else end

    def search(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """First match of a pattern in the text."""
        return pattern.search(self.text)


def flow_of(pages: Sequence[Page], use_grids: bool = True) -> Flow:
    """The flow of several pages, one after the other.

    Inside ruled tables the text goes cell by cell, row by row, so that a label and its value stand
    together though the value takes several lines; outside it goes by rows of the page.
    """
    text: list[str] = []
    spots: list[Spot] = []
    length = 0
    for page in pages:
        for row in _page_rows(page, use_grids):
            if length:
                text.append("\n")
                length += 1
            before: Piece | None = None
            for one in row:
                if before is not None:
                    gap = one.box.x0 - before.box.x1
                    wide = 1.4 * min(one.box.height, before.box.height) * _aspect(page)
                    text.append("\t" if gap > wide else " ")
                    length += 1
                spots.append(Spot(length, page.index, one))
                text.append(one.text)
                length += len(one.text)
                before = one
    return Flow("".join(text), tuple(spots), {page.index: page for page in pages})


def _aspect(page: Page) -> float:
    """Page fractions of width per fraction of height, so that lengths compare."""
    return page.reading.height / page.reading.width if page.reading.width else 1.4


def _page_rows(page: Page, use_grids: bool) -> list[list[Piece]]:
    pieces = [piece(line) for line in page.reading.lines if line.text.strip() and not line.vertical]
    grids = find_grids(page.reading.rulings) if use_grids else ()
    grids = tuple(grid for grid in grids if len(grid.cells) >= 4)
    if not grids:
        return [insert_fills(row) for row in rows_of(pieces)]
    outside: list[Piece] = []
    inside: dict[int, list[Piece]] = {}
    for one in pieces:
        x, y = one.box.centre
        index = next(
            (i for i, grid in enumerate(grids)
             if grid.box.x0 <= x <= grid.box.x1 and grid.box.y0 <= y <= grid.box.y1), None)
        if index is None:
            outside.append(one)
        else:
            inside.setdefault(index, []).append(one)
    placed: list[tuple[float, list[Piece]]] = []
    for row in rows_of(outside):
        row = insert_fills(row)
        placed.append((row[0].box.centre[1], row))
    for index, members in inside.items():
        placed += [(y, row) for y, row in _grid_rows(grids[index], members)]
    placed.sort(key=lambda one: one[0])
    return [row for _, row in placed]


def _grid_rows(grid: Grid, pieces: Sequence[Piece]) -> list[tuple[float, list[Piece]]]:
    """Rows of cells; the lines of one cell follow each other, a long cell's lines by rows."""
    cells: dict[int, list[Piece]] = {}
    for one in pieces:
        for part in split_at(one, _borders(grid, one.box.centre[1])):
            cell = grid.cell_at(*part.box.centre)
            key = grid.cells.index(cell) if cell else -1
            cells.setdefault(key, []).append(part)
    rows: dict[tuple[int, int], list[Piece]] = {}
    heights: dict[tuple[int, int], float] = {}
    for key, members in sorted(cells.items()):
        if key < 0:
            for number, row in enumerate(rows_of(members)):
                rows[(-1, number)] = row
                heights[(-1, number)] = row[0].box.centre[1]
            continue
        cell = grid.cells[key]
        inner = rows_of(members)
        if len(inner) > 2 and cell.box.width > 0.5 * grid.box.width:
            # a cell that is a text of its own: an opinion, a statement
            for number, row in enumerate(inner):
                rows[(cell.row, 1000 + cell.col * 100 + number)] = insert_fills(row)
                heights[(cell.row, 1000 + cell.col * 100 + number)] = row[0].box.centre[1]
            continue
        joined = [part for row in inner for part in insert_fills(row)]
        rows.setdefault((cell.row, 0), []).extend(joined)
        heights.setdefault((cell.row, 0), (grid.ys[cell.row] + grid.ys[cell.row + 1]) / 2)
    return [(heights[key], rows[key]) for key in sorted(rows)]


def _borders(grid: Grid, y: float) -> list[float]:
    """The vertical rulings that really stand at a height of the grid."""
    return sorted({
        cell.box.x0 for cell in grid.cells if cell.box.y0 <= y < cell.box.y1 and cell.box.x0 > grid.box.x0
    })
