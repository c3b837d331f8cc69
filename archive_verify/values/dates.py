"""Text -> dates, months, periods and terms, as Chinese paperwork writes them."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Literal, NamedTuple

from archive_verify.values.found import Found, plain

Term = int | Literal["open", "task"]

_DIGIT_SLIPS = str.maketrans({
    "O": "0", "o": "0", "Q": "0", "D": "0", "l": "1", "I": "1", "|": "1", "i": "1", "!": "1",
    "Z": "2", "z": "2", "S": "5", "s": "5", "B": "8",
})
_CHINESE = {
    "〇": 0, "零": 0, "O": 0, "0": 0, "o": 0, "一": 1, "壹": 1, "元": 1, "正": 1, "二": 2, "贰": 2,
    "弍": 2, "两": 2, "三": 3, "叁": 3, "四": 4, "肆": 4, "五": 5, "伍": 5, "六": 6, "陆": 6, "七": 7,
    "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9,
}
_D = r"[0-9OoQlI|!ZzSB]"
_C = "〇零一壹二贰弍三叁四肆五伍六陆七柒八捌九玖"
# of 二〇二三 the reader may lose the ring: 二二三, 二 二三
_YEAR4 = (
    rf"(?:[12lI|Zz]\s?{_D}\s?{_D}\s?{_D}|[一二壹贰]\s?[{_C}O0]\s?[{_C}O0]\s?[{_C}O0]"
    rf"|(?<![{_C}])二\s?二\s?[{_C}](?=\s*年))"
)
_MONTH = rf"(?:{_D}\s?{_D}?|[{_C}十拾元]\s?[{_C}十拾]?\s?[{_C}]?)"
_DAY = rf"(?:{_D}\s?{_D}?|[{_C}十拾廿卅]\s?[{_C}十拾]?\s?[{_C}]?)"
_NIAN = "[年牟]"
_BEFORE = r"(?<![0-9A-Za-z.])"

_FULL = re.compile(
    rf"{_BEFORE}(?P<y>{_YEAR4}|[23]\d)[\s_]*{_NIAN}度?[\s_]*(?P<m>{_MONTH})[\s_]*月份?[\s_]*(?P<d>{_DAY})[\s_]*"
    r"(?P<mark>[日号曰目口H]|(?<=\d\d)[1lI|](?![\d.])|(?![0-9月年个元]|\s*\d{1,2}\s*[日号]))"
)
_POINTED = re.compile(
    rf"{_BEFORE}(?P<y>[12]{_D}{_D}{_D})\s*(?P<s>[./\-,·:])\s*(?P<m>{_D}{{1,2}})\s*[./\-,·:]\s*"
    rf"(?P<d>{_D}{{1,2}})(?![0-9])"
)
# "23.9.1": the century left out; sections of a text are numbered alike, so only years from 2019 to 2039 are taken
_POINTED_SHORT = re.compile(
    r"(?<![0-9A-Za-z.\-/])(?P<y>19|[23]\d)\s?(?P<s>[./\-])\s?(?P<m>0?[1-9]|1[0-2])(?P=s)\s?(?P<d>0?[1-9]|[12]\d|3[01])"
    r"(?![0-9])(?!\.\d)"
)
_SOLID = re.compile(r"(?<![0-9A-Za-z.])(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?![0-9A-Za-z])")
_MONTH_ONLY = re.compile(
    rf"{_BEFORE}(?P<y>{_YEAR4}|2\d)\s*{_NIAN}度?[,\s]*(?:第\s*)?(?P<m>{_MONTH})\s*月\s*份?"
)
_MONTH_POINTED = re.compile(
    rf"{_BEFORE}(?P<y>20{_D}{_D})\s*[./\-·]\s*(?P<m>0?[1-9]|1[0-2])(?!\s*[./\-·]\s*\d{{1,2}}(?!\d))(?![0-9])"
)
_MONTH_SOLID = re.compile(r"(?<![0-9A-Za-z.])(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?![0-9A-Za-z])")
_DAY_OF_YEAR = re.compile(rf"(?<![0-9年{_C}])(?P<m>{_MONTH})\s*月\s*(?P<d>{_DAY})\s*[日号曰目]")
_DAY_POINTED = re.compile(r"(?<![0-9.])(?P<m>0?[1-9]|1[0-2])[./](?P<d>[0-3]?\d)(?![0-9.])")
_BARE_MONTH = re.compile(rf"(?<![0-9OoQlI|年{_C}])(?P<m>{_MONTH})\s*月(?!\s*{_D})")
_BARE_YEAR = re.compile(rf"{_BEFORE}(?P<y>{_YEAR4})\s*{_NIAN}")


def _chinese_number(text: str) -> int | None:
    """Up to 99: 十二, 二十一, 廿三, 一二 (digits in a row)."""
    text = text.replace("拾", "十").replace("廿", "二十").replace("卅", "三十").replace("二十十", "二十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        if max(len(tens), len(ones)) > 1 or any(char not in _CHINESE for char in tens + ones):
            return None
        return (_CHINESE[tens] if tens else 1) * 10 + (_CHINESE[ones] if ones else 0)
    if not text or any(char not in _CHINESE for char in text):
        return None
    return int("".join(str(_CHINESE[char]) for char in text))


def _number(text: str) -> tuple[int | None, bool]:
    """A small number and whether look-alikes were taken for digits."""
    text = "".join(text.split())
    if any(char in _CHINESE or char in "十拾廿卅" for char in text) and not text.isdigit():
        value = _chinese_number(text)
        if value is not None:
            return value, False
    digits = text.translate(_DIGIT_SLIPS)
    return (int(digits), digits != text) if digits.isdigit() else (None, False)


def _year(text: str) -> tuple[int | None, bool]:
    """A year and whether it had to be mended; of two figures with its century, of 二二三 with its lost 〇."""
    year, slip = _number(text)
    if year is not None and 220 <= year <= 229:
        return 2000 + year - 200, True
    return (2000 + year if year is not None and year < 100 else year), slip


def _lost_stroke(match: re.Match[str]) -> bool:
    """Whether a 一 is lost in a gap: "十 月" in a date written without other gaps is as likely 十一月."""
    gaps = re.findall(r"十\s+[月日]", match[0])
    return bool(gaps) and len(re.findall(r"\s", match[0])) == len(gaps)


def _make(match: re.Match[str]) -> Found[date] | None:
    year, slip_y = _year(match["y"])
    month, slip_m = _number(match["m"])
    day, slip_d = _number(match["d"])
    if year is None or month is None or day is None or _lost_stroke(match):
        return None
    if not (1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    mark = match.groupdict().get("mark")
    repaired = slip_y or slip_m or slip_d or (mark is not None and mark not in ("日", "号"))
    return Found(date(year, month, day), match.start(), match.end(), repaired)


def find_dates(text: str) -> tuple[Found[date], ...]:
    """All full dates, from left to right; what is no day of the calendar is left out."""
    text = plain(text)
    found: list[Found[date]] = []
    for pattern in (_FULL, _POINTED, _SOLID, _POINTED_SHORT):
        for match in pattern.finditer(text):
            made = _make(match)
            if made and not any(made.start < other.end and other.start < made.end for other in found):
                found.append(made)
    return tuple(sorted(found, key=lambda one: one.start))


def find_date(text: str) -> Found[date] | None:
    """The first full date."""
    return next(iter(find_dates(text)), None)


def find_months(text: str) -> tuple[Found[str], ...]:
    """All months with their year, "YYYY-MM", also those that a full date implies."""
    text = plain(text)
    found = [
        Found(one.value.strftime("%Y-%m"), one.start, one.end, one.repaired) for one in find_dates(text)
    ]
    for pattern in (_MONTH_ONLY, _MONTH_POINTED, _MONTH_SOLID):
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            year, slip_y = _year(match["y"])
            month, slip_m = _number(match["m"])
            if year is None or month is None or not 1 <= month <= 12 or _lost_stroke(match):
                continue
            if 1950 <= year <= 2100:
                value = f"{year:04d}-{month:02d}"
                found.append(Found(value, match.start(), match.end(), slip_y or slip_m))
    return tuple(sorted(found, key=lambda one: one.start))


def find_month(text: str) -> Found[str] | None:
    """The first month with its year."""
    return next(iter(find_months(text)), None)


def find_bare_month(text: str) -> Found[int] | None:
    """A month without its year ("9月份工资表", "九月"), 1..12."""
    for match in _BARE_MONTH.finditer(plain(text)):
        month, slip = _number(match["m"])
        if month is not None and 1 <= month <= 12:
            return Found(month, match.start(), match.end(), slip)
    return None


def find_bare_year(text: str) -> Found[int] | None:
    """The first year ("2023年度")."""
    for match in _BARE_YEAR.finditer(plain(text)):
        year, slip = _number(match["y"])
        if year is not None and 1950 <= year <= 2100:
            return Found(year, match.start(), match.end(), slip)
    return None


class Period(NamedTuple):
    """A stretch of time. `end` is None while it is open ("至今", "起"); `by_month` tells that only
    months were written: then `start` is the first day and `end` the last day of its month."""

    start: date
    end: date | None
    by_month: bool = False

    def iso(self) -> str:
        """As "2023-09-01/2024-08-31", months as "2023-09/2024-08", an open end as ".."."""
        form = "%Y-%m" if self.by_month else "%Y-%m-%d"
        return f"{self.start.strftime(form)}/{self.end.strftime(form) if self.end else '..'}"


_TO = re.compile(
    r"\s*(?:\([^)]{0,6}\))?[\s,.]*(?:日?\s*(?:起|开始)\s*,?\s*)?"
    r"(?:至|到|~|-+|[一—](?=\s*\d)|止|暂?定?至)[\s,:_]*"
)
_OPEN = re.compile(
    r"\s*日?\s*份?\s*(?:(?:至|到|~|-+)\s*(?:今|现在|目前|长期|永久)|(?:开始|以来|起|后))|\s*至今"
)


class _Point(NamedTuple):
    start: int
    end: int
    day: date
    by_month: bool
    repaired: bool


def _points(text: str) -> list[_Point]:
    points = [_Point(d.start, d.end, d.value, False, d.repaired) for d in find_dates(text)]
    for month in find_months(text):
        if not any(month.start < point.end and point.start < month.end for point in points):
            year, number = map(int, month.value.split("-"))
            points.append(_Point(month.start, month.end, date(year, number, 1), True, month.repaired))
    return sorted(points)


def _short_end(text: str, after: int, start: _Point) -> tuple[date, int] | None:
    """An end whose year is left out: "2023年9月1日至9月30日", "2023年9月至12月", "1日至30日"."""
    rest = text[after:]
    for pattern in (_DAY_OF_YEAR, _DAY_POINTED):
        match = pattern.match(rest)
        if match:
            month, day = _number(match["m"])[0], _number(match["d"])[0]
            if month and day and month <= 12:
                year = start.day.year + (month < start.day.month)
                if 1 <= day <= calendar.monthrange(year, month)[1]:
                    return date(year, month, day), after + match.end()
    match = re.match(r"(\d{1,2})\s*[日号]", rest)
    if match and not start.by_month:
        last = calendar.monthrange(start.day.year, start.day.month)[1]
        if start.day.day <= int(match[1]) <= last:
            return start.day.replace(day=int(match[1])), after + match.end()
    match = re.match(rf"(?P<m>{_MONTH})\s*月(?!\s*\d)", rest)
    if match and start.by_month:
        month = _number(match["m"])[0]
        if month and month <= 12:
            return date(start.day.year + (month < start.day.month), month, 1), after + match.end()
    return None


def find_periods(text: str) -> tuple[Found[Period], ...]:
    """All stretches "自 A 起至 B 止", "A-B", "A至今", "自A起", from left to right."""
    text = plain(text)
    points = _points(text)
    found: list[Found[Period]] = []
    used = -1
    for index, point in enumerate(points):
        if point.start < used:
            continue
        open_end = _OPEN.match(text, point.end)
        to = _TO.match(text, point.end)
        following = points[index + 1] if index + 1 < len(points) else None
        end: tuple[date, int] | None = None
        by_month = point.by_month
        repaired = point.repaired
        if to and following and following.start - to.end() in range(-1, 3):
            end = following.day, following.end
            by_month = point.by_month and following.by_month
            repaired = repaired or following.repaired
            if following.by_month:
                end = last_day(following.day), following.end
        elif to and (short := _short_end(text, to.end(), point)):
            end = (last_day(short[0]) if point.by_month else short[0]), short[1]
        if end is not None:
            found.append(Found(Period(point.day, end[0], by_month), point.start, end[1], repaired))
            used = end[1]
        elif open_end:
            period = Period(point.day, None, by_month)
            found.append(Found(period, point.start, open_end.end(), repaired))
            used = open_end.end()
    return tuple(found)


def find_period(text: str) -> Found[Period] | None:
    """The first stretch of time."""
    return next(iter(find_periods(text)), None)


def last_day(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


_TERM = re.compile(
    rf"(?P<half>半\s*年)|(?P<n>\d{{1,3}}|[{_C}两十拾]{{1,4}})\s*(?:个|個)?\s*(?P<unit>年(?!\s*[\d{_C}十]{{1,2}}\s*月\s*[\d{_C}])"
    r"|周年|月)(?P<plus>\s*半)?"
)


def find_term(text: str) -> Found[Term] | None:
    """A term: months as int, "open" for 无固定期限, "task" for 以完成一定工作任务为期限."""
    text = plain(text)
    match = re.search(r"无\s*固\s*定\s*期", text)
    if match:
        return Found("open", match.start(), match.end())
    match = re.search(r"以?\s*完\s*成\s*一?\s*定?.{0,8}任\s*务", text)
    if match:
        return Found("task", match.start(), match.end())
    for match in _TERM.finditer(text):
        if match["half"]:
            return Found(6, match.start(), match.end())
        if match.start() and text[match.start() - 1].isdigit():
            continue
        number = int(match["n"]) if match["n"].isdigit() else _chinese_number(match["n"])
        if number is None:
            continue
        if match["unit"] == "月":
            # "9月" is a month of the year; a term says 个月, unless nothing else stands there
            if "个" not in match[0] and "個" not in match[0]:
                continue
            months = number
        else:
            if number > 50:
                continue
            months = number * 12 + (6 if match["plus"] else 0)
        if 0 < months <= 600:
            return Found(months, match.start(), match.end())
    return None


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def lasts(start: date, end: date, months: int) -> bool:
    """Whether start..end, both days included, is at least `months` months.

    end >= start + months - 1 day: 2023-09-01 to 2024-02-29 is six months (民法典 1259: 以上 includes
    the number itself).
    """
    return end >= add_months(start, months) - timedelta(days=1)


def full_months(start: date, end: date) -> int:
    """The greatest number of months that start..end lasts; 0 when shorter than one or reversed."""
    months = max(0, (end.year - start.year) * 12 + end.month - start.month + 1)
    while months and not lasts(start, end, months):
        months -= 1
    return months
