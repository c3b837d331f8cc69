"""Text -> amounts of money in yuan, in digits or capitals."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from archive_verify.values.found import Found, plain

_CAPITAL_DIGITS = {
    "零": 0, "〇": 0, "壹": 1, "一": 1, "弌": 1, "贰": 2, "貳": 2, "弍": 2, "二": 2, "两": 2, "叁": 3,
    "叄": 3, "参": 3, "三": 3, "肆": 4, "四": 4, "伍": 5, "五": 5, "陆": 6, "陸": 6, "六": 6, "柒": 7,
    "漆": 7, "七": 7, "捌": 8, "八": 8, "玖": 9, "九": 9,
}
_CAPITAL_UNITS = {"拾": 10, "十": 10, "佰": 100, "伯": 100, "百": 100, "仟": 1000, "千": 1000, "阡": 1000}
_CAPITAL_CHARS = "".join(_CAPITAL_DIGITS) + "".join(_CAPITAL_UNITS) + "万亿"
_CAPITALS = re.compile(
    rf"[{_CAPITAL_CHARS}](?:\s*[{_CAPITAL_CHARS}])*\s*[元圆园块](?:\s*[{_CAPITAL_CHARS}角分])*\s*[整正]?"
)
_N = r"\d[\dOo]*(?:\s?[,.]\s?\d{3})*(?:\s?[.]\s?[\dOo]{1,2})?"
_MONEY = re.compile(
    rf"(?:(?P<sign>¥\s*|(?<![A-Za-z])(?:Y\s+|(?:RMB|CNY)\s*))|(?<![\dA-Za-z.])(?<!\d,))(?P<n>{_N})\s*(?P<scale>[千仟万])?(?:[\s_]+(?=元)|\s*)(?P<yuan>元|圆|块|RMB|人民币)?"
)
_RANGE = re.compile(rf"(?<![\d.])({_N})\s*元?\s*(?:-+|~|至|到)\s*({_N})\s*(?P<scale>[千万])?\s*(?:元|块)")


def _decimal(text: str) -> Decimal | None:
    text = "".join(text.split()).replace("O", "0").replace("o", "0")
    # a comma of thousands is often read as a dot: a group of exactly three digits is thousands
    whole = re.fullmatch(r"(\d{1,3}(?:[,.]\d{3})+|\d+)(?:\.(\d{1,2}))?", text)
    if not whole or re.match(r"0\d", text):
        return None
    try:
        return Decimal(re.sub(r"[,.]", "", whole[1]) + ("." + whole[2] if whole[2] else ""))
    except InvalidOperation:
        return None


def capitals(text: str) -> Decimal | None:
    """An amount in capitals, 叁仟贰佰元整 -> 3200; None if it is none."""
    text = "".join(plain(text).split())
    whole, _, small = re.sub(r"[圆园块]", "元", text).partition("元")
    total = section = digit = 0
    for char in whole:
        if char in _CAPITAL_DIGITS:
            digit = _CAPITAL_DIGITS[char]
        elif char in _CAPITAL_UNITS:
            section += (digit or (1 if _CAPITAL_UNITS[char] == 10 else 0)) * _CAPITAL_UNITS[char]
            digit = 0
        elif char in "万亿":
            total = (total + section + digit) * (10_000 if char == "万" else 100_000_000)
            section = digit = 0
        else:
            return None
    value = Decimal(total + section + digit)
    for number, unit in re.findall(rf"([{''.join(_CAPITAL_DIGITS)}])([角分])", small):
        value += Decimal(_CAPITAL_DIGITS[number]) / (10 if unit == "角" else 100)
    return value if value else None


def find_amounts(text: str) -> tuple[Found[Decimal], ...]:
    """All amounts that say they are money: a yuan sign, 元, or capitals."""
    text = plain(text)
    found: list[Found[Decimal]] = []
    for match in _CAPITALS.finditer(text):
        value = capitals(match[0])
        if value is not None:
            found.append(Found(value, match.start(), match.end()))
    for match in _MONEY.finditer(text):
        if not (match["sign"] or match["yuan"]):
            continue
        if any(match.start() < other.end and other.start < match.end() for other in found):
            continue
        value = _scaled(match["n"], match["scale"])
        if value is not None:
            found.append(Found(value, match.start(), match.end(), bool(re.search("[Oo]", match["n"]))))
    return tuple(sorted(found, key=lambda one: one.start))


def _scaled(number: str, scale: str | None) -> Decimal | None:
    squeezed = "".join(number.split())
    value = Decimal(squeezed) if scale and re.fullmatch(r"\d+\.\d+", squeezed) else _decimal(number)
    if value is None:
        return None
    return value * {"千": 1000, "仟": 1000, "万": 10_000}.get(scale or "", 1)


def find_money(text: str) -> Found[Decimal] | None:
    """The first amount of money; of a range ("2800-3200元") the lower end."""
    low = find_money_range(text)
    first = next(iter(find_amounts(text)), None)
    if low and (first is None or low.start <= first.start):
        return Found(low.value[0], low.start, low.end, low.repaired)
    return first


def find_money_range(text: str) -> Found[tuple[Decimal, Decimal]] | None:
    """A range of amounts, lower and upper end."""
    for match in _RANGE.finditer(plain(text)):
        low, high = _scaled(match[1], match["scale"]), _scaled(match[2], match["scale"])
        if low is not None and high is not None and low <= high:
            return Found((low, high), match.start(), match.end())
    return None


def cell_money(text: str) -> Found[Decimal] | None:
    """A table cell or a blank that holds nothing but an amount; the unit may be left out."""
    bare = plain(text).strip(" _.:;约元整/每月人民币大小写¥*'`\"")
    if re.search(r"[一-鿿]", bare):
        return find_money(text)
    bare = bare.replace("¥", "").strip()
    if re.search(r"\d\s+\d", bare) and not re.fullmatch(r"\d{1,3}(?:\s\d{3})+(?:\s?\.\s?\d\d)?", bare):
        return None                     # two amounts, or one of which a point or a digit was lost
    bare = re.sub(r"\s", "", bare)
    value = _decimal(bare)
    if value is None:
        slipped = bare.replace("l", "1").replace("I", "1").replace("|", "1").replace("S", "5").replace("B", "8")
        value = _decimal(slipped)
        return Found(value, 0, len(text), True) if value is not None else find_money(text)
    return Found(value, 0, len(text), bool(re.search("[Oo]", bare)))
