"""Tables drawn with ruling lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from archive_verify.layout.cells import Cell, HeaderTest, Table, nearest_column, row_cells, squeeze
from archive_verify.layout.grid import Grid, GridCell, split_at
from archive_verify.layout.pieces import Piece, rows_of
from archive_verify.model import Page


def _place(grid: Grid, pieces: Sequence[Piece]) -> dict[GridCell, list[Piece]]:
    """The parts of the pieces in each cell, in reading order."""
    placed: dict[GridCell, list[Piece]] = {}
    for one in pieces:
        x, y = one.box.centre
        if not (grid.box.x0 - 0.01 <= x <= grid.box.x1 + 0.01 and grid.box.y0 <= y <= grid.box.y1):
            continue
        borders = sorted({cell.box.x0 for cell in grid.cells if cell.box.y0 <= y < cell.box.y1})
        for part in split_at(one, borders[1:]):
            cell = grid.cell_at(*part.box.centre)
            if cell is not None:
                placed.setdefault(cell, []).append(part)
    return {cell: [one for row in rows_of(parts) for one in row] for cell, parts in placed.items()}


def ruled_table(
    page: Page, grid: Grid, pieces: Sequence[Piece], is_key: HeaderTest, is_value: HeaderTest | None = None
) -> Table | None:
    placed = _place(grid, pieces)
    keys = [
        cell for cell in grid.cells
        if cell in placed and is_key(squeeze("".join(part.text for part in placed[cell])))
        and cell.col_end - cell.col <= max(2, (len(grid.xs) - 1) // 2)
    ]
    if not keys:
        keys = [
            cell for cell in grid.cells
            if 1 < cell.col_end - cell.col <= 3
            and any(is_key(squeeze("".join(part.text for part in _parts_over(grid, cell, placed.get(cell, ()), col))))
                    for col in range(cell.col, cell.col_end))
        ]
    if not keys:
        return None
    first = min(keys, key=lambda cell: (cell.row, cell.col))
    last_row = first.row_end
    # a second level of headings under merged ones, where the key's own cell is not merged with it
    while last_row < len(grid.ys) - 1 and _is_heading_row(grid, placed, last_row, first):
        last_row += 1
    header_top = grid.ys[first.row]
    columns: list[tuple[float, float]] = []
    header: list[str] = []
    for col in range(len(grid.xs) - 1):
        levels = [
            squeeze("".join(part.text for part in _parts_over(grid, cell, placed.get(cell, ()), col)))
            for cell in grid.cells
            if cell.col <= col < cell.col_end and first.row <= cell.row < last_row
        ]
        columns.append((grid.xs[col], grid.xs[col + 1]))
        header.append("".join(level for level in levels if level))
    columns, header = _without_split_columns(grid, columns, header, last_row)
    key = _key_column(grid, placed, columns, header, first, last_row, is_key, is_value)
    rows, unread = _grid_body(page, grid, placed, columns, key, last_row)
    return Table(tuple(header), tuple(rows), tuple(columns), page.index, header_top, unread, key)


def _parts_over(grid: Grid, cell: GridCell, parts: Sequence[Piece], col: int) -> Sequence[Piece]:
    """What a heading's cell says of one of its columns: all of it; or, where words stand side by side over
    several columns because the ruling between them was lost, those over this column."""
    columns = [(grid.xs[index], grid.xs[index + 1]) for index in range(cell.col, cell.col_end)]
    homes = [nearest_column(columns, part.box) for part in parts]
    rows = rows_of(parts)
    apart = len(set(homes)) > 1 and any(len(row) > 1 for row in rows)
    inside = all(
        part.box.x0 > columns[home][0] - 0.01 and part.box.x1 < columns[home][1] + 0.01
        for part, home in zip(parts, homes, strict=True)
    )
    if not apart or not inside:
        return parts
    return [part for part, home in zip(parts, homes, strict=True) if home == col - cell.col]


def _key_column(
    grid: Grid, placed: dict[GridCell, list[Piece]], columns: Sequence[tuple[float, float]], header: Sequence[str],
    first: GridCell, body: int, is_key: HeaderTest, is_value: HeaderTest | None,
) -> int:
    """The column under the key's heading; of several under a merged one, that which is titled or filled so."""
    under = [
        index for index, (x0, x1) in enumerate(columns) if first.box.x0 - 0.004 < (x0 + x1) / 2 < first.box.x1 + 0.004
    ]
    if len(under) < 2:
        return nearest_column(columns, first.box)
    parts = [part for cell, members in placed.items() if cell.row >= body for part in members]

    def filled(index: int) -> int:
        x0, x1 = columns[index]
        return sum(
            x0 <= part.box.centre[0] < x1 and is_value is not None and is_value(squeeze(part.text)) for part in parts
        )

    return max(under, key=lambda index: (filled(index), is_key(header[index]), -index))


def _is_heading_row(
    grid: Grid, placed: dict[GridCell, list[Piece]], row: int, key: GridCell
) -> bool:
    """Whether a row under the key's cell still belongs to the header: nothing stands below the key,
    and the row holds text, none of it a person's row."""
    below = grid.cell_at((grid.xs[key.col] + grid.xs[key.col_end]) / 2, (grid.ys[row] + grid.ys[row + 1]) / 2)
    if below is None or below in placed or below.row != row:
        return False
    texts = [
        squeeze("".join(part.text for part in placed[cell]))
        for cell in grid.cells if cell.row == row and cell in placed
    ]
    if not texts:
        return False
    words = sum(bool(re.fullmatch(r"[㐀-鿿()/、.\d日]{1,12}", text)) for text in texts)
    days = sum(bool(re.fullmatch(r"\d{1,2}", text)) for text in texts)
    if words < 0.8 * len(texts) or (len(texts) < 3 and days):
        return False
    # a row that begins with something is a row of the body
    return grid.cell_at(grid.box.x0 + 0.004, (grid.ys[row] + grid.ys[row + 1]) / 2) not in placed


def _without_split_columns(
    grid: Grid, columns: list[tuple[float, float]], header: list[str], body: int
) -> tuple[list[tuple[float, float]], list[str]]:
    """Join grid columns that no row of the body keeps apart (rulings of another part of the form)."""
    out_columns: list[tuple[float, float]] = []
    out_header: list[str] = []
    for col, (span, title) in enumerate(zip(columns, header, strict=True)):
        apart = col == 0 or any(cell.col == col for cell in grid.cells if cell.row >= body)
        if apart or not out_columns:
            out_columns.append(span)
            out_header.append(title)
        else:
            out_columns[-1] = (out_columns[-1][0], span[1])
            if title != out_header[-1]:
                out_header[-1] += title
    return out_columns, out_header


def _grid_body(
    page: Page, grid: Grid, placed: dict[GridCell, list[Piece]], columns: Sequence[tuple[float, float]],
    key: int, first_row: int,
) -> tuple[list[tuple[Cell, ...]], int]:
    """The rows from `first_row` on, and how many of them hold ink but no text.

    The cells of the key column are the rows: a person's name may stand beside two rows of marks.
    """
    middle = sum(columns[key]) / 2
    bands: list[tuple[float, float]] = []
    for cell in grid.cells:
        if cell.box.x0 <= middle < cell.box.x1 and cell.row >= first_row:
            bands.append((cell.box.y0, cell.box.y1))
    parts = [part for members in placed.values() for part in members]
    rows: list[tuple[Cell, ...]] = []
    unread = 0
    for top, bottom in _whole_bands(bands, parts, columns, key):
        band = [part for part in parts if top <= part.box.centre[1] < bottom]
        cells = row_cells(page, band, columns, top, bottom)
        if any(cell.text for cell in cells):
            rows.append(cells)
        elif sum(cell.inked is True for cell in cells) >= 2:
            unread += 1
    return rows, unread


def _whole_bands(
    bands: Sequence[tuple[float, float]], parts: Sequence[Piece], columns: Sequence[tuple[float, float]], key: int
) -> list[tuple[float, float]]:
    """The rows' top and bottom; one far higher than the others that holds several keys lost a ruling,
    unless it is high for the key's sake alone: a name over two lines."""
    keys = [part for part in parts if nearest_column(columns, part.box) == key]
    heights = sorted(bottom - top for top, bottom in bands)
    if not heights:
        return []
    usual = heights[len(heights) // 2]
    out: list[tuple[float, float]] = []
    for top, bottom in bands:
        inside = sorted(one.box.centre[1] for one in keys if top <= one.box.centre[1] < bottom)
        lost = bottom - top > 1.6 * usual if len(heights) > 2 else False
        apart = [b - a for a, b in pairwise(inside)]
        several = lost or (len(heights) <= 2 and bool(apart) and min(apart) > 0.016)
        if len(inside) < 2 or not several or not _holds_rows(parts, columns, top, bottom):
            out.append((top, bottom))
            continue
        edges = [top, *((a + b) / 2 for a, b in pairwise(inside)), bottom]
        out += list(pairwise(edges))
    return out


def _holds_rows(
    parts: Sequence[Piece], columns: Sequence[tuple[float, float]], top: float, bottom: float
) -> bool:
    """Whether at least a third of the filled columns have more than one line between top and bottom."""
    lines: dict[int, list[Piece]] = {}
    for part in parts:
        if top <= part.box.centre[1] < bottom:
            lines.setdefault(nearest_column(columns, part.box), []).append(part)
    return 3 * sum(len(rows_of(members)) > 1 for members in lines.values()) > len(lines)


def guessed_table(
    page: Page, grids: Sequence[Grid], pieces: Sequence[Piece], is_value: HeaderTest
) -> Table | None:
    """A ruled table by what its cells hold: the column with most keys, its header unread."""
    best: tuple[int, Grid, int] | None = None
    for grid in grids:
        placed = _place(grid, pieces)
        counts = [0] * (len(grid.xs) - 1)
        for cell, parts in placed.items():
            if cell.col_end - cell.col == 1 and is_value(squeeze("".join(part.text for part in parts))):
                counts[cell.col] += 1
        if counts and max(counts) >= 2 and (best is None or max(counts) > best[0]):
            # names stand once more where they were signed: the first column of them is the printed one
            first = next(col for col, count in enumerate(counts) if count >= max(2, 0.6 * max(counts)))
            best = max(counts), grid, first
    if best is None:
        return None
    _, grid, key = best
    columns = tuple(pairwise(grid.xs))
    placed = _place(grid, pieces)
    header, body = _row_of_words(grid, placed)
    rows, unread = _grid_body(page, grid, placed, columns, key, body)
    return Table(header, tuple(rows), columns, page.index, grid.box.y0, unread, key)


def _row_of_words(grid: Grid, placed: dict[GridCell, list[Piece]]) -> tuple[tuple[str, ...], int]:
    """The titles in the grid's first row, and the row the body begins with; blank titles where that row
    holds figures and so is a row of the body."""
    texts = [
        next((squeeze("".join(part.text for part in placed[cell])) for cell in placed
              if cell.row == 0 and cell.col <= col < cell.col_end), "")
        for col in range(len(grid.xs) - 1)
    ]
    words = [text for text in texts if text]
    if len(words) < 3 or any(re.search(r"\d", text) for text in words):
        return ("",) * len(texts), 0
    return tuple(texts), 1


def continued_ruled(page: Page, grid: Grid, pieces: Sequence[Piece], like: Table) -> Table | None:
    edges = [x0 for x0, _ in like.columns] + [like.columns[-1][1]]
    near = sum(any(abs(x - edge) < 0.012 for x in grid.xs) for edge in edges)
    if near < 0.8 * len(edges) or len(grid.ys) < 3:
        return None
    placed = _place(grid, pieces)
    rows, unread = _grid_body(page, grid, placed, like.columns, like.key, 0)
    return Table(like.header, tuple(rows), like.columns, page.index, grid.box.y0, unread, like.key)
