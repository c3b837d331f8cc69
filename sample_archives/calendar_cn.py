"""Dates and amounts as Chinese paperwork writes them."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import Decimal

DIGITS = "〇一二三四五六七八九"
CAPITALS = "零壹贰叁肆伍陆柒捌玖"


def add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def term_end(start: date, months: int) -> date:
    """The last day of a term of whole months: one day before the same day of the month."""
    return add_months(start, months) - timedelta(days=1)


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def shift_month(month: str, by: int) -> str:
    return month_of(add_months(date(int(month[:4]), int(month[5:]), 1), by))


def days_of(month: str) -> list[date]:
    year, number = int(month[:4]), int(month[5:])
    return [date(year, number, day + 1) for day in range(calendar.monthrange(year, number)[1])]


def written(day: date, shape: int = 0) -> str:
    """A date in one of the shapes found on paper (0 is 2023年9月1日)."""
    return (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}年{day.month:02d}月{day.day:02d}日",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}-{day.month:02d}-{day.day:02d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month:02d}.{day.day:02d}",
        f"{day:%Y%m%d}",
        chinese(day),
    )[shape]


def chinese(day: date) -> str:
    year = "".join(DIGITS[int(d)] for d in str(day.year))
    return f"{year}年{_count(day.month)}月{_count(day.day)}日"


def _count(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十"
    return head + (DIGITS[ones] if ones else "")


def month_written(month: str, shape: int = 0) -> str:
    year, number = int(month[:4]), int(month[5:])
    return (
        f"{year}年{number}月",
        f"{year}年{number:02d}月",
        f"{year}.{number:02d}",
        f"{year}-{number:02d}",
        f"{year}年{number}月份",
    )[shape]


def capitals(amount: Decimal | int) -> str:
    """An amount in capital figures: 3200 is 叁仟贰佰元整."""
    yuan = int(amount)
    cents = int((Decimal(amount) - yuan) * 100)
    text = ""
    units = ("", "拾", "佰", "仟")
    groups = ("", "万", "亿")
    digits = str(yuan)
    pending = False
    for place, digit in enumerate(reversed(digits)):
        if (
            place % 4 == 0
            and place
            and any(d != "0" for d in digits[max(0, len(digits) - place - 4) : len(digits) - place])
        ):
            text = groups[place // 4] + text
            pending = False
        if digit == "0":
            if text and text[0] not in "零万亿" and pending:
                text = "零" + text
            pending = False
            continue
        text = CAPITALS[int(digit)] + units[place % 4] + text
        pending = True
    text = (text or "零") + "元"
    if not cents:
        return text + "整"
    jiao, fen = divmod(cents, 10)
    return text + (CAPITALS[jiao] + "角" if jiao else "零") + (CAPITALS[fen] + "分" if fen else "整")


def workdays(month: str, start: date | None = None, rest: int = 1) -> list[date]:
    """Working days of a month from `start` on; `rest` days off a week (Sunday, then Saturday)."""
    off = (6,) if rest == 1 else (5, 6)
    return [day for day in days_of(month) if day.weekday() not in off and (start is None or day >= start)]
