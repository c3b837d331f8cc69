"""What a page looks like to one who sorts it: its title, its words, its running page count, its grid."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from archive_verify.documents.titles import CONTINUED, compact, title_shares
from archive_verify.model import Box, Line, PageReading

TITLE_ZONE = 0.55          # titles stand above this height of the page, on forms drawn low on the sheet too
_MOST_TITLE_LINES = 12     # rows of print looked at from the top
# Pages that a volume of an archive has at least, and that must carry its count.
_VOLUME, _LEAST_COUNTED = 15, 5

_PAGE_OF = re.compile(r"第([0-9]{1,3})页[,，/、]?[((]?共([0-9]{1,3})页|共([0-9]{1,3})页[,，/、]?第([0-9]{1,3})页")
_SLASHED = re.compile(r"^[-—第]?([0-9]{1,3})页?/共?([0-9]{1,3})页?[-—]?$")
_ID_NUMBER = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9XxO×*](?![0-9])|(?<![0-9])[1-9][0-9]{5}\*{4,8}[0-9]{3}[0-9Xx]")
_PHONE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_OPTION = re.compile(r"(?:^|[^A-Za-z])[((]?([A-D])[))]?[、..::,)]")
_QUESTION = re.compile(r"^[((]?[0-9]{1,3}[))、..,]")
_ARTICLE = re.compile(r"^第[一二三四五六七八九十百]+条")
_HALF_DAYS = re.compile(r"上午|下午")
_TIME_RANGE = re.compile(r"[0-9]{1,2}[:时][0-9]{2}分?[-~—至到]+[0-9]{1,2}[:时][0-9]{2}")
_MARKED = re.compile(r"^[√✓VvJ/×xX○〇OoΔ△/\\休事病假旷迟早半全出勤到]{1,3}$")


@dataclass(frozen=True, slots=True)
class TitleCandidate:
    """A line, or lines joined, that may be the page's title; prominence 0..1."""

    text: str
    box: Box
    prominence: float


@dataclass(frozen=True, slots=True)
class Look:
    """A page as `classify` sees it.

    `text` holds its lines without white space, one per line. `page_of` is the form's own count
    ("第2页 共4页"). `serials` are the first and last number of a numbered run down the page's left
    (rows of a table, questions, articles of a contract). `day_columns` counts different day numbers
    1..31 standing alone in one or two rows, `half_days` how often 上午 or 下午 stands in one row.
    """

    titles: tuple[TitleCandidate, ...]
    text: str
    lines: int
    page_of: tuple[int, int] | None
    continued: bool
    day_columns: int
    half_days: int
    time_ranges: int
    attendance_marks: int
    id_numbers: int
    phones: int
    options: int
    questions: int
    articles: int
    listed_titles: int
    serials: tuple[int, int] | None
    landscape: bool


def archive_totals(readings: Sequence[PageReading]) -> frozenset[int]:
    """The totals by which the archive itself numbers its pages: "3/58", "第3页 共58页" on sheet after sheet.

    A paper of many pages counts its own; the archive's count runs over half of its total or more, and that is
    a volume's size.
    """
    numbers: dict[int, set[int]] = {}
    for reading in readings:
        for number, total in _counts([line for line in reading.lines if line.text.strip()]):
            numbers.setdefault(total, set()).add(number)
    return frozenset(
        total for total, seen in numbers.items()
        if len(seen) >= max(_LEAST_COUNTED, total / 2) and (total >= _VOLUME or 2 * total >= len(readings))
    )


def look_at(reading: PageReading, archives: frozenset[int] = frozenset()) -> Look:
    """Gather what tells the type of a page; counts up to one of the `archives` totals are none of the form's."""
    lines = tuple(line for line in reading.lines if line.text.strip())
    texts = [compact(line.text) for line in lines]
    titles = title_candidates(lines)
    return Look(
        titles=titles,
        text="\n".join(texts),
        lines=len(lines),
        page_of=next((count for count in _counts(lines) if count[1] not in archives), None),
        continued=any(CONTINUED.search(compact(title.text)) for title in titles if title.prominence > 0.5),
        day_columns=_day_columns(lines),
        half_days=max((_half_days(row) for row in _rows(lines)), default=0),
        time_ranges=sum(len(_TIME_RANGE.findall(text)) for text in texts),
        attendance_marks=sum(1 for text in texts if _MARKED.match(text)),
        id_numbers=sum(len(_ID_NUMBER.findall(text)) for text in texts),
        phones=sum(len(_PHONE.findall(text)) for text in texts),
        options=sum(len(set(_OPTION.findall(text))) for text in texts),
        questions=sum(1 for text in texts if _QUESTION.match(text) and len(text) > 6),
        articles=sum(1 for text in texts if _ARTICLE.match(text)),
        listed_titles=_listed_titles(texts),
        serials=_serials(lines, texts),
        landscape=reading.width > 1.15 * reading.height,
    )


def title_candidates(lines: Sequence[Line]) -> tuple[TitleCandidate, ...]:
    """Rows of the upper page, and neighbouring rows joined, that may be a title; best first."""
    if not lines:
        return ()
    usual = median(line.box.height for line in lines)
    rows = [row for row in _rows(lines) if row[0].box.centre[1] < TITLE_ZONE][:_MOST_TITLE_LINES]
    singles = [(place, piece) for place, row in enumerate(rows) for piece in _pieces(row)]
    found = [_candidate([piece], usual, place, len(lines)) for place, piece in singles]
    for (place, upper), (_, lower) in pairwise(singles):
        if _belong_together(upper, lower, usual):
            found.append(_candidate([upper, lower], usual, place, len(lines)))
    return tuple(sorted(found, key=lambda title: -title.prominence))


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda item: item.box.centre[1]):
        middle = line.box.centre[1]
        last = rows[-1] if rows else None
        if last is not None and abs(last[-1].box.centre[1] - middle) < 0.45 * min(last[-1].box.height, line.box.height):
            last.append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda item: item.box.x0) for row in rows]


def _pieces(row: list[Line]) -> list[list[Line]]:
    """A row as one letter-spaced title where its pieces are single characters, else its lines apart."""
    if len(row) == 1:
        return [row]
    short = [line for line in row if len(compact(line.text)) <= 2]
    if len(short) >= 2 and len(short) >= 0.7 * len(row):
        return [row]
    pieces = [[line] for line in row]
    heights = [line.box.height for line in row]
    gaps = [right.box.x0 - left.box.x1 for left, right in pairwise(row)]
    if len(row) <= 4 and max(heights) < 1.4 * min(heights) and max(gaps) < 3.5 * max(heights):
        pieces.append(row)
    return pieces


def _belong_together(upper: list[Line], lower: list[Line], usual: float) -> bool:
    above, below = _hull(upper), _hull(lower)
    alike = 0.7 < below.height / max(above.height, 1e-6) < 1.45
    near = below.y0 - above.y1 < 1.6 * max(above.height, below.height) and below.y0 > above.y0
    middle = abs(above.centre[0] - 0.5) < 0.12 and abs(below.centre[0] - 0.5) < 0.12
    large = min(above.height, below.height) > 1.12 * usual
    return alike and near and middle and large


def _hull(lines: Sequence[Line]) -> Box:
    box = lines[0].box
    for line in lines[1:]:
        box = box.union(line.box)
    return box


def _candidate(rows: list[list[Line]], usual: float, place: int, count: int) -> TitleCandidate:
    box = _hull([line for row in rows for line in row])
    height = max(median(line.box.height for line in row) for row in rows)
    size = min(1.0, max(0.0, (height / usual - 1.0) / 0.7))
    high = min(1.0, max(0.0, 1.0 - (box.y0 - 0.10) / 0.42))
    first = max(0.0, 1.0 - place / 8)
    top = 0.5 * high + 0.5 * first
    centre = min(1.0, max(0.0, 1.25 - abs(box.centre[0] - 0.5) / 0.16))
    if box.width > 0.72 and size < 0.15:
        centre = 0.0            # a full line of running text
    lonely = 1.0 if count <= 12 else 0.0
    prominence = 0.42 * size + 0.28 * top + 0.24 * centre + 0.06 * lonely
    text = "".join(compact(line.text) for row in rows for line in row)
    return TitleCandidate(text=text, box=box, prominence=min(1.0, prominence))


def _counts(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Counts of pages on a page, the number and the total: the form's own, and the archive's."""
    for line in lines:
        text = compact(line.text)
        found = _PAGE_OF.search(text)
        if found:
            first, count = (found[1], found[2]) if found[1] else (found[4], found[3])
            yield int(first), int(count)
            continue
        middle = line.box.centre[1]
        slashed = _SLASHED.match(text)
        if slashed and (middle > 0.93 or middle < 0.06) and 0 < int(slashed[1]) <= int(slashed[2]):
            yield int(slashed[1]), int(slashed[2])


def _day_columns(lines: Sequence[Line]) -> int:
    """How many different days 1..31 head columns: the best row of the page, with the row below it."""
    best = 0
    rows = _rows(lines)
    for place, row in enumerate(rows):
        days: set[int] = set()
        for line in row + (rows[place + 1] if place + 1 < len(rows) else []):
            days.update(_days_in(compact(line.text)))
        best = max(best, len(days))
    return best


def _half_days(row: Sequence[Line]) -> int:
    return sum(len(_HALF_DAYS.findall(compact(line.text))) for line in row)


_CHINESE = {char: value for value, char in enumerate("零一二三四五六七八九十")}
_SERIAL = re.compile(r"^[((]?([0-9]{1,3})[))、..,]?(?![0-9年月日/:\-%])")
_NUMBERED_ARTICLE = re.compile(r"^第([0-9]{1,3}|[一二三四五六七八九十]{1,4})条")


def _serials(lines: Sequence[Line], texts: Sequence[str]) -> tuple[int, int] | None:
    """First and last of the longest run of numbers that count up by one down the left of the page."""
    seen: list[int | None] = []
    for line, text in sorted(zip(lines, texts, strict=True), key=lambda item: item[0].box.centre[1]):
        if line.box.x0 > 0.3:
            continue
        article = _NUMBERED_ARTICLE.match(text)
        found = _SERIAL.match(text)
        if article:
            seen.append(_number(article[1]))
        elif found:
            seen.append(int(found[1]))
    best: tuple[int, int] | None = None
    for start in sorted({value for value in seen if value is not None}):
        last, place = start, seen.index(start)
        for value in seen[place + 1 :]:
            if value == last + 1:
                last = value
        if last - start >= 2 and (best is None or last - start > best[1] - best[0]):
            best = start, last
    return best


def _number(text: str) -> int | None:
    """The number of an article, 1 to 99; None for a string of numerals that is none (misread)."""
    if text.isdigit():
        return int(text)
    found = re.fullmatch(r"(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?", text)
    if not found:
        return None
    tens = (_CHINESE[found[1]] if found[1] else 1) if found[2] else 0
    return tens * 10 + (_CHINESE[found[3]] if found[3] else 0)


def _days_in(text: str) -> set[int]:
    dated = re.findall(r"[0-9]{1,2}月([0-9]{1,2})日", text)
    if dated and re.fullmatch(r"([0-9]{1,2}月[0-9]{1,2}日)+", text):
        return {int(day) for day in dated if 1 <= int(day) <= 31}
    if not re.fullmatch(r"[0-9日号|/.,、]+", text):
        return set()
    if text.isdigit() and len(text) > 2:
        return _run_of_days(text)
    return {int(part) for part in re.findall(r"[0-9]{1,2}", text) if 1 <= int(part) <= 31}


def _run_of_days(digits: str) -> set[int]:
    """Column heads that were read as one line: 123456789101112 are the days 1 to 12."""
    for start in range(1, 29):
        days: list[int] = []
        built = ""
        day = start
        while len(built) < len(digits) and day <= 31:
            built += str(day)
            days.append(day)
            day += 1
        if built == digits and len(days) >= 3:
            return set(days)
    return set()


def _listed_titles(texts: Sequence[str]) -> int:
    """How many different types the page's lines name as a title would: many on a table of contents."""
    named: set[str] = set()
    for text in texts:
        if 3 <= len(text) <= 30:
            shares, strength = title_shares(text)
            if strength >= 0.4 and shares:
                named.add(max(shares, key=lambda kind: shares[kind]))
    return len(named)
