"""The signs of an attendance sheet's day columns in the rows of its persons."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from archive_verify.documents.people import cell_name
from archive_verify.documents.sign_legend import Meaning, meanings, read_legend
from archive_verify.layout.days import DayGrid, Extent, day_grids
from archive_verify.model import Box, Page, PageReading, Reading, Row, Sign

EMPTY = "·"                 # an empty cell in the text of a row's signs
_SURE = 0.7                 # confidence from which a sign may be counted
_NO_DAY = re.compile(r"[出缺勤合计总小天数事病年旷工迟早退加备注签姓名序]")
_DAY = re.compile(r"\d{1,2}|\d{1,2}[./月]\d{1,2}日?|[上下]午")
_HALF_DAYS = re.compile(r"上\s*午|下\s*午")
_SHORTEST_MONTH = 28
_NEAR = 0.004               # of the page, that a ruling may stand off its course


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of a sheet's day cells: its place, and the sign in each column that is a day's."""

    page: int
    extent: Extent
    left: float
    right: float
    cells: tuple[Sign | None, ...]
    halves: bool                # each column is half a day
    whole: bool                 # no heading tells of days beside these columns

    def holds(self, page: int, y: float) -> bool:
        return self.page == page and self.extent[0] <= y < self.extent[1]


def with_signs(rows: Sequence[Row], pages: Sequence[Page], month: str | None = None) -> tuple[Row, ...]:
    """The rows of a sheet's persons with their signs in the order of days, as field `signs`.

    Where every sign's meaning is certain, by the sheet's legend or without need of one, `days_by_signs` is
    the number of days worked; it confirms the total read in `days`, and stands for one that was not read
    where the same count agrees with the totals of all other persons on the sheet. `month` (YYYY-MM) is that
    of the sheet: of a month only days that are all there are counted.
    """
    groups = [group for page in pages for group in _groups(page)]
    if not groups:
        return tuple(rows)
    seen = {
        sign.text for group in groups for line in group for sign in line.cells
        if sign is not None and sign.confidence >= _SURE
    }
    known = meanings(seen - {"?"}, read_legend(line.text for page in pages for line in page.reading.lines))
    by_page = {page.index: page.reading for page in pages}
    length = monthrange(int(month[:4]), int(month[5:]))[1] if month else None
    beside = [
        [group for group in groups if any(line.holds(name.page, name.box.centre[1]) for line in group)]
        if (name := row.get("name")) is not None else [] for row in rows
    ]
    free = [group for group in groups if not any(group in own for own in beside)]
    signed = [
        _signed(row, own, [group for group in free if _names(row, group, by_page)], known, length)
        for row, own in zip(rows, beside, strict=True)
    ]
    return tuple(_compared(row, signed) for row in signed)


# --- the sheet's rows ---------------------------------------------------------------------------------


def _groups(page: Page) -> list[list[_Line]]:
    """The rows of signs on a page, those of one person's morning and afternoon together."""
    groups: list[list[_Line]] = []
    for grid in day_grids(page.reading.rulings) if page.reading.signs else ():
        lines = _lines(page, grid)
        for at, line in enumerate(lines):
            if at and not _parted(page.reading, line.extent[0], line.left):
                groups[-1].append(line)
            else:
                groups.append([line])
    return groups


def _lines(page: Page, grid: DayGrid) -> list[_Line]:
    signs = page.reading.signs
    columns = [column for column in grid.columns if not _NO_DAY.search(_heading(page.reading, grid, column))]
    if not columns:
        return []
    left, right = grid.columns[0][0], grid.columns[-1][1]
    heads = [line for line in page.reading.lines if grid.rows[0][0] - 0.03 < line.box.centre[1] < grid.rows[0][1]]
    halves = 2 * sum(bool(_HALF_DAYS.search(line.text)) for line in heads) >= len(columns)
    whole = not any(
        _DAY.fullmatch("".join(line.text.split())) for line in heads
        if line.box.centre[1] > grid.rows[0][0] and not left < line.box.centre[0] < right
    )
    lines = []
    for top, bottom in grid.rows:
        own = [sign for sign in signs if top <= sign.box.centre[1] < bottom]
        cells = tuple(
            next((sign for sign in own if x0 <= sign.box.centre[0] < x1), None) for x0, x1 in columns
        )
        lines.append(_Line(page.index, (top, bottom), left, right, cells, halves, whole))
    return lines


def _heading(reading: PageReading, grid: DayGrid, column: Extent) -> str:
    """What stands over a column, down to the first row of the grid."""
    return "".join(
        line.text for line in reading.lines
        if grid.rows[0][0] - 0.03 < line.box.centre[1] < grid.rows[0][1] + 0.002
        and column[0] < line.box.centre[0] < column[1] and line.box.width < 1.5 * (column[1] - column[0])
    )


def _parted(reading: PageReading, y: float, left: float) -> bool:
    """Whether a ruling runs along `y` through the column of names, left of the days."""
    return any(
        ruling.horizontal and abs(ruling.box.centre[1] - y) < _NEAR and ruling.box.x0 < left - 0.06
        for ruling in reading.rulings
    )


# --- one person -----------------------------------------------------------------------------------------


def _signed(
    row: Row, beside: Sequence[list[_Line]], further: Sequence[list[_Line]], known: Mapping[str, Meaning],
    length: int | None,
) -> Row:
    """A row with the signs beside its name, and those of the month's second half in a table below."""
    own = [*beside, *further]
    if not own or any(len(group) != len(own[0]) for group in own):
        return row
    box = Box(own[0][0].left, own[0][0].extent[0], own[0][0].right, own[0][-1].extent[1])
    found = [sign for group in own for line in group for sign in line.cells if sign is not None]
    if not found:
        blank = Reading(page=own[0][0].page, box=box, confidence=0.9, state="blank")
        return {**row, "signs": blank}
    days = [[sign for group in own for sign in group[at].cells] for at in range(len(own[0]))]
    text = " | ".join(_written(cells) for cells in days)
    known_part = any(sign.text != "?" for sign in found)
    # columns that were not found as such leave days out
    whole = all(line.whole for group in own for line in group) and (length is None or len(days[0]) >= _SHORTEST_MONTH)
    signs = Reading(
        value=text if whole and known_part else None, text=text, page=own[0][0].page, box=box,
        confidence=round(sum(sign.confidence for sign in found) / len(found), 3),
        state="read" if whole and known_part else "unread",
    )
    # forms for any month have 31 columns, the last of which stay empty
    fits = length is None or (len(days[0]) >= length and not any(any(cells[length:]) for cells in days))
    worked = _days(own, found, known) if whole and fits else None
    if worked is None:
        return {**row, "signs": signs}
    sure = min(sign.confidence for sign in found)
    return {**row, "signs": signs, "days_by_signs": signs.model_copy(update={"value": worked, "confidence": sure})}


def _names(row: Row, group: Sequence[_Line], pages: Mapping[int, PageReading]) -> bool:
    """Whether these rows stand beside a person's name once more."""
    name = row.get("name")
    if name is None or name.state != "read":
        return False
    top, bottom, left = group[0].extent[0], group[-1].extent[1], group[0].left
    return any(
        top <= line.box.centre[1] < bottom and line.box.centre[0] < left
        and (found := cell_name(line.text)) is not None and found.value == name.value
        for line in pages[group[0].page].lines
    )


def _written(cells: Sequence[Sign | None]) -> str:
    texts = [EMPTY if sign is None else sign.text for sign in cells]
    return ("" if all(len(text) == 1 for text in texts) else " ").join(texts)


def _days(own: Sequence[Sequence[_Line]], found: Sequence[Sign], known: Mapping[str, Meaning]) -> Decimal | None:
    """The days worked; None where a sign is doubtful or its meaning is not certain."""
    told = [known.get(sign.text, "other") if sign.confidence >= _SURE else "other" for sign in found]
    if "other" in told:
        return None
    part = Decimal(1) / (len(own[0]) * (2 if own[0][0].halves else 1))
    return (told.count("present") * part + told.count("half") * part / 2).normalize() + 0


def _compared(row: Row, rows: Sequence[Row]) -> Row:
    """The total of a row after its signs were counted."""
    counted, days = row.get("days_by_signs"), row.get("days")
    if counted is None or days is None:
        return row
    if days.state == "read":
        return {**row, "days": days.model_copy(update={"confirmed": True})} if days.value == counted.value else row
    others = [
        other["days"].value == other["days_by_signs"].value for other in rows
        if "days_by_signs" in other and "days" in other and other["days"].state == "read"
    ]
    if days.state == "unread" and len(others) >= 2 and all(others):
        return {**row, "days": days.model_copy(update={
            "value": counted.value, "state": "read", "confidence": counted.confidence,
        })}
    return row
