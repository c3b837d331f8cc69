"""The columns of days in the ruled tables of attendance sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from archive_verify.model import Box, Ruling

_FEWEST = 10                # columns of one width side by side that are days and no other table's
_WIDEST = 0.09              # of the page
_UNEVEN = 0.16              # of the usual width, by which a column of days may be wider or narrower
_MOST_LOST = 3              # columns that stand as one where the rulings between them were not found
_SIDE = 3                   # columns of one width that must stand before and behind such a gap
_LOWEST = 0.008             # of the page: a strip between doubled rulings is no row
_SAME = 0.005               # rulings nearer than this are one, drawn double or broken by the scan
_DRAWN = 0.5                # of a row's height, that a ruling must cover to part its columns
_NEAR = 0.3                 # of a column's width

Extent = tuple[float, float]


@dataclass(frozen=True, slots=True)
class DayGrid:
    """Columns of one width side by side, and the rows that they cross, as page fractions; headings too."""

    columns: tuple[Extent, ...]
    rows: tuple[Extent, ...]


def day_grids(rulings: Sequence[Ruling]) -> tuple[DayGrid, ...]:
    """The parts of a page's ruled tables that have ten and more columns of one width, top to bottom.

    Two halves of a month, one below the other, are two parts.
    """
    upright = _courses([ruling.box for ruling in rulings if not ruling.horizontal], 0)
    if len(upright) <= _FEWEST:
        return ()
    level = [at for at, _ in _courses([ruling.box for ruling in rulings if ruling.horizontal], 1)]
    parts: list[list[tuple[Extent, tuple[Extent, ...] | None]]] = []
    runs: dict[tuple[float, ...], tuple[Extent, ...] | None] = {}
    for top, bottom in pairwise(level):
        if bottom - top < _LOWEST:
            continue
        borders = tuple(x for x, boxes in upright if _covered(boxes, top, bottom) >= _DRAWN * (bottom - top))
        if borders not in runs:
            runs[borders] = _run(borders)
        columns = runs[borders]
        known = [found for _, found in parts[-1] if found] if parts else []
        if parts and (columns is None or not known or _alike(columns, known[-1])):
            parts[-1].append(((top, bottom), columns))
        else:
            parts.append([((top, bottom), columns)])
    return tuple(found for part in parts if (found := _part(part)) is not None)


def _part(rows: Sequence[tuple[Extent, tuple[Extent, ...] | None]]) -> DayGrid | None:
    """Rows with one run of columns; a row whose rulings were lost lies between others, not at an end."""
    known = [at for at, (_, columns) in enumerate(rows) if columns]
    if len(known) < 2:
        return None
    most = max(len(columns) for _, columns in rows if columns)
    whole = [columns for _, columns in rows if columns and len(columns) == most]
    columns = tuple((median(x[0] for x in at), median(x[1] for x in at)) for at in zip(*whole, strict=True))
    return DayGrid(columns, tuple(extent for extent, _ in rows[known[0] : known[-1] + 1]))


def _courses(boxes: Sequence[Box], axis: int) -> list[tuple[float, list[Box]]]:
    """The places of rulings across their direction, each with its pieces."""
    courses: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: box.centre[axis]):
        if courses and box.centre[axis] - courses[-1][-1].centre[axis] < _SAME:
            courses[-1].append(box)
        else:
            courses.append([box])
    return [(sum(box.centre[axis] for box in course) / len(course), course) for course in courses]


def _covered(boxes: Sequence[Box], top: float, bottom: float) -> float:
    return sum(max(0.0, min(box.y1, bottom) - max(box.y0, top)) for box in boxes)


def _alike(columns: Sequence[Extent], others: Sequence[Extent]) -> bool:
    """Whether all columns of the shorter run, some of whose rulings may be lost, are among the other's."""
    few, many = sorted((columns, others), key=len)
    reach = _NEAR * (many[0][1] - many[0][0])
    return all(any(abs(one[0] - other[0]) < reach > abs(one[1] - other[1]) for other in many) for one in few)


def _run(borders: Sequence[float]) -> tuple[Extent, ...] | None:
    """The longest run of columns of one width; None where it is short of ten.

    Up to two columns on end whose rulings were lost are put back, lines between two rulings left out.
    """
    widths = [right - left for left, right in pairwise(borders)]
    best: tuple[Extent, ...] = ()
    for start in range(len(widths) - _SIDE):
        usual = median(widths[start : start + _SIDE])
        if usual > _WIDEST or any(abs(width - usual) > _UNEVEN * usual for width in widths[start : start + _SIDE]):
            continue
        steps: list[tuple[Extent, int]] = []
        left = borders[start]
        while (step := _step(borders, left, usual)) is not None:
            steps.append(((left, step[0]), step[1]))
            left = step[0]
        # what is wider than a day at the end of the run is another column, and no days without rulings
        singles = 0
        for at in reversed(range(len(steps))):
            if steps[at][1] == 1:
                singles += 1
            elif singles < _SIDE:
                del steps[at:]
                singles = 0
        columns = tuple(
            (x0 + (x1 - x0) * part / parts, x0 + (x1 - x0) * (part + 1) / parts)
            for (x0, x1), parts in steps for part in range(parts)
        )
        if len(columns) > len(best):
            best = columns
    return best if len(best) >= _FEWEST else None


def _step(borders: Sequence[float], left: float, usual: float) -> tuple[float, int] | None:
    """The next ruling that ends one column, or else a few, and how many."""
    for parts in range(1, _MOST_LOST + 1):
        nearest = min(borders, key=lambda border: abs(border - left - parts * usual))
        if abs(nearest - left - parts * usual) <= _UNEVEN * usual:
            return nearest, parts
    return None
