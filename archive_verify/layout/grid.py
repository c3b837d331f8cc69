"""Ruling lines -> grids of cells, merged cells and broken rulings included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive_verify.layout.pieces import Piece
from archive_verify.model import Box, Ruling

# a ruling may stop this far from the one it meets, in page fractions
_REACH = 0.012
# rulings nearer than this are one, drawn double or broken by the scan
_SAME = 0.005
_DRAWN = 0.5


@dataclass(frozen=True, slots=True)
class GridCell:
    """Rows row..row_end and columns col..col_end (ends exclusive) of the grid, as one cell."""

    row: int
    col: int
    row_end: int
    col_end: int
    box: Box


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table: the positions of its rulings and its cells, in reading order."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]
    box: Box

    def cell_at(self, x: float, y: float) -> GridCell | None:
        """The cell that holds a point of the page."""
        for cell in self.cells:
            if cell.box.x0 <= x < cell.box.x1 and cell.box.y0 <= y < cell.box.y1:
                return cell
        return None


def find_grids(rulings: Sequence[Ruling]) -> tuple[Grid, ...]:
    """The ruled tables of a page, top to bottom; a frame with fewer than two cells is none."""
    groups: list[list[Ruling]] = []
    for ruling in rulings:
        touching = [group for group in groups if any(_touch(ruling, other) for other in group)]
        merged = [ruling] + [other for group in touching for other in group]
        groups = [group for group in groups if group not in touching] + [merged]
    grids = [grid for group in groups if (grid := _grid(group)) is not None]
    return tuple(sorted(grids, key=lambda grid: grid.box.y0))


def _touch(a: Ruling, b: Ruling) -> bool:
    if a.horizontal == b.horizontal:
        # pieces of one broken ruling
        along = (a.box.x0 - b.box.x1, b.box.x0 - a.box.x1) if a.horizontal else (
            a.box.y0 - b.box.y1, b.box.y0 - a.box.y1)
        across = (a.box.centre[1] - b.box.centre[1]) if a.horizontal else (a.box.centre[0] - b.box.centre[0])
        return max(along) < 2 * _REACH and abs(across) < _SAME
    return (
        a.box.x0 - _REACH <= b.box.x1 and b.box.x0 - _REACH <= a.box.x1
        and a.box.y0 - _REACH <= b.box.y1 and b.box.y0 - _REACH <= a.box.y1
    )


def _clustered(values: Sequence[float]) -> tuple[float, ...]:
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] < _SAME:
            groups[-1].append(value)
        else:
            groups.append([value])
    return tuple(sum(group) / len(group) for group in groups)


def _grid(group: Sequence[Ruling]) -> Grid | None:
    horizontal = [ruling.box for ruling in group if ruling.horizontal]
    vertical = [ruling.box for ruling in group if not ruling.horizontal]
    if len(horizontal) < 2 or len(vertical) < 2:
        return None
    ys = _clustered([box.centre[1] for box in horizontal])
    xs = _clustered([box.centre[0] for box in vertical])
    # a table that is open at the sides is closed where its rulings end
    left, right = min(box.x0 for box in horizontal), max(box.x1 for box in horizontal)
    xs = ((left, *xs) if xs[0] - left > 2 * _REACH else xs)
    xs = ((*xs, right) if right - xs[-1] > 2 * _REACH else xs)
    if len(xs) < 2 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) < 2:
        return None
    rows, cols = len(ys) - 1, len(xs) - 1
    parent = list(range(rows * cols))

    def root(index: int) -> int:
        while parent[index] != index:
            index = parent[index]
        return index

    for row in range(rows):
        for col in range(cols):
            if col + 1 < cols and not _drawn(vertical, xs[col + 1], ys[row], ys[row + 1], False):
                parent[root(row * cols + col + 1)] = root(row * cols + col)
            if row + 1 < rows and not _drawn(horizontal, ys[row + 1], xs[col], xs[col + 1], True):
                parent[root((row + 1) * cols + col)] = root(row * cols + col)
    members: dict[int, list[tuple[int, int]]] = {}
    for row in range(rows):
        for col in range(cols):
            members.setdefault(root(row * cols + col), []).append((row, col))
    cells = []
    for places in members.values():
        r0, r1 = min(row for row, _ in places), max(row for row, _ in places) + 1
        c0, c1 = min(col for _, col in places), max(col for _, col in places) + 1
        if (r1 - r0) * (c1 - c0) != len(places):
            # no rectangle: a ruling was lost in part; fall back to the single cells
            cells += [GridCell(r, c, r + 1, c + 1, Box(xs[c], ys[r], xs[c + 1], ys[r + 1])) for r, c in places]
        else:
            cells.append(GridCell(r0, c0, r1, c1, Box(xs[c0], ys[r0], xs[c1], ys[r1])))
    if len(cells) < 2:
        return None
    cells.sort(key=lambda cell: (cell.row, cell.col))
    return Grid(xs, ys, tuple(cells), Box(xs[0], ys[0], xs[-1], ys[-1]))


def _drawn(boxes: Sequence[Box], at: float, start: float, end: float, horizontal: bool) -> bool:
    """Whether rulings near `at` cover most of start..end."""
    covered = 0.0
    for box in boxes:
        middle = box.centre[1] if horizontal else box.centre[0]
        if abs(middle - at) < _SAME * 1.2:
            low, high = (box.x0, box.x1) if horizontal else (box.y0, box.y1)
            covered += max(0.0, min(high, end) - max(low, start))
    return covered >= _DRAWN * (end - start)


def split_at(one: Piece, xs: Sequence[float]) -> list[Piece]:
    """A piece cut where vertical rulings cross it, so that each part stands in one cell.

    The cut goes to a change between digits and letters near the ruling where there is one.
    """
    parts: list[Piece] = []
    rest = one
    margin = 0.6 * one.box.height
    for x in xs:
        if not rest.box.x0 + margin < x < rest.box.x1 - margin:
            continue
        at = rest.index_at(x)
        best = min(
            (index for index in range(max(1, at - 2), min(len(rest.text) - 1, at + 2) + 1)),
            key=lambda index: (not _changes(rest.text, index), abs(index - at)),
            default=None,
        )
        if best is None or best <= 0 or best >= len(rest.text):
            continue
        parts.append(rest.cut(0, best).stripped())
        rest = rest.cut(best, len(rest.text)).stripped()
    return [part for part in [*parts, rest] if part.text]


def _changes(text: str, index: int) -> bool:
    before, after = text[index - 1], text[index]
    if before.isspace() or after.isspace():
        return True
    return _kind(before) != _kind(after)


def _kind(char: str) -> int:
    if char.isdigit() or char in ".,-Xx":
        return 0
    return 1 if "㐀" <= char <= "鿿" else 2
