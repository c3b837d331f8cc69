"""What may be a page number on one page: whole-line numbers in the edge zones, grouped by spot."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from archive_verify import lattice as ctc
from archive_verify.model import Box, Lattice, Page, Position

Group = Literal["bare", "di", "total"]

# The zones in which a line of the full-page pass counts; the corner pass knows its own.
_TOP, _BOTTOM = 0.10, 0.90
_LARGEST = 9999

_LOOKALIKE = str.maketrans({
    "l": "1", "I": "1", "|": "1", "!": "1", "i": "1", "]": "1", "[": "1", "丨": "1", "J": "1",
    "O": "0", "o": "0", "Q": "0", "D": "0", "〇": "0", "○": "0", "口": "0",
    "Z": "2", "z": "2", "S": "5", "s": "5", "B": "8", "b": "6", "G": "6", "g": "9", "q": "9", "T": "7", "?": "7",
})
# Digits that recognisers take for one another, printed or by hand.
_CONFUSABLE = {frozenset(pair) for pair in (
    "17", "14", "49", "07", "27", "35", "38", "56", "58", "06", "08", "09", "68", "69", "89", "79", "23", "12",
)}
_EDGE = " \t-—–─―_~·.•*=<>《》。、,，'`\"“”‘’:：;；"
_BEFORE = r"(?:页码|页号|页|编号|档案页码|NO|N°|№|PAGE|P)?[.:：]?\s*"
_CHINESE = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0}


@dataclass(frozen=True, slots=True)
class Written:
    """A number as a line writes it: `before` and `after` are the text around its digits.

    Value 0 is no page number, but tells where one stands that was misread.
    """

    value: int
    group: Group
    before: str
    digits: str
    after: str
    sure: bool      # False: some of the digits are letters that look alike

    def texts(self, value: int) -> tuple[str, ...]:
        """Another number, written the same way: bare, and with zeros to as many digits."""
        plain, padded = str(value), str(value).zfill(len(self.digits))
        return tuple(f"{self.before}{digits}{self.after}" for digits in dict.fromkeys((plain, padded)))


@dataclass(frozen=True, slots=True)
class Seen:
    """One reading of a spot."""

    text: str
    confidence: float
    lattice: Lattice | None
    written: Written | None
    exact: bool     # from a text layer: characters, not guesses

    def log_likelihood(self, value: int) -> float:
        """Log-likelihood of this reading where `value` stands on the page; 0 is best, -14 the floor."""
        if self.written is not None and self.written.value == value:
            return 0.5 * math.log(max(self.confidence, 0.2)) - (0.0 if self.written.sure else 1.5)
        if self.exact:
            return -14.0
        if self.lattice:
            texts = self.written.texts(value) if self.written else (str(value),)
            return max(max(ctc.score(self.lattice, text) for text in texts) - 1.0, -14.0)
        if self.written is None:
            return -14.0
        return max(_confusion(self.written.digits, str(value)) * min(1.0, 0.3 + self.confidence * 0.7), -14.0)


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of a page where a number may stand, with all readings of it."""

    box: Box
    position: Position
    place: tuple[float, float]      # centre, on the page turned as the number reads
    size: float                     # height of the line, as a fraction of the page's long side
    landscape: bool
    readings: tuple[Seen, ...]

    @property
    def group(self) -> Group:
        return next((seen.written.group for seen in self.readings if seen.written), "bare")

    @property
    def values(self) -> tuple[int, ...]:
        """Numbers read here, best reading first."""
        values = (seen.written.value for seen in self.readings if seen.written)
        return tuple(dict.fromkeys(value for value in values if value))

    @property
    def total(self) -> str | None:
        """The digits of the total behind the number: 58 of 3/58."""
        parts = [re.search(r"\d+", seen.written.before + seen.written.after) for seen in self.readings if seen.written]
        return next((part[0] for part in parts if part is not None), None)

    @property
    def confidence(self) -> float:
        return max((seen.confidence for seen in self.readings if seen.written), default=0.0)

    def log_likelihood(self, value: int) -> float:
        """Of all readings of the spot; several readings of one ink are not independent."""
        parts = [seen.log_likelihood(value) for seen in self.readings]
        return sum(parts) / math.sqrt(len(parts))


def _confusion(read: str, true: str) -> float:
    if read.startswith("0"):
        true = true.zfill(len(read))
    if len(read) != len(true):
        return -14.0
    return sum(
        -5.0 if frozenset((a, b)) in _CONFUSABLE else -9.0 for a, b in zip(read, true, strict=True) if a != b
    )


def written_number(text: str) -> Written | None:
    """The page number a whole line writes, or None where the line is anything else.

    Understands 12, 0012, 第12页, - 12 -, (12), ⑫, P.12, No.0012, 12/80, 第12页 共80页 and digits
    that were read as letters. Dates, sums and running text are no page numbers.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    compact = re.sub(r"\s", "", plain)
    # specks beside the digits
    compact = re.sub(r"(?<=第)[.·,'`:]+(?=\d)|(?<=\d)[.·,'`:]+(?=页$)|^[.·,'`:]+(?=第)|(?<=页)[.·,'`:]+$", "", compact)
    for pattern in (
        r"第?(\d{1,4})页?[/,，;；、]?共\d{1,4}页", r"(\d{1,4})/\d{1,4}页?", r"第(\d{1,4})/\d{1,4}页",
        r"共\d{1,4}页[/,，;；、]?第(\d{1,4})页", r"(?i:page)?(\d{1,4})(?i:of)\d{1,4}",
    ):
        if match := re.fullmatch(pattern, compact.strip(".·,'`:")):
            return _made(match[0], match, "total", sure=True)
    if match := re.fullmatch(r"第(\d{1,5})页|(\d{1,5})页", compact):
        return _made(compact, match, "di", sure=True)
    # the signs around the number misread, or letters among its digits
    if match := re.fullmatch(r"[第弟笫筹]([0-9A-Za-z|!〇○]{1,5})[页頁员贡贝负见]?|(\d{1,5})[页頁员贡贝负见]", compact):
        digits = (match[1] or match[2]).translate(_LOOKALIKE)
        if re.fullmatch(r"\d{1,5}", digits) and (match[0][-1] in "页頁员贡贝负见" or len(digits) > 1):
            return Written(int(digits), "di", "第", digits, "页", False) if int(digits) <= _LARGEST else None
    if match := re.fullmatch(r"第([零〇一二三四五六七八九十百]{1,7})页", compact):
        value = _chinese_number(match[1])
        return Written(value, "di", "第", str(value), "页", True) if value else None
    core = compact.strip(_EDGE)
    # the dashes of - 12 - are often read as the numeral one
    core = re.sub(r"^[一丨]+(?=\d)|(?<=\d)[一丨]+$", "", core).strip(_EDGE)
    core = re.sub(r"^[(\[【〔<]+(?=.*\d)|(?<=\d)[)\]】〕>]+$", "", core).strip(_EDGE)
    if match := re.fullmatch(rf"{_BEFORE}(\d{{1,5}})", core.upper()):
        at = plain.find(match[1])
        return _bare(plain, at, match[1], sure=True) if at >= 0 else None
    # a speck among the digits of a number with zeros before it; 7.4 may be a heading's
    digits = re.sub(r"(?<=\d)[.·,'`](?=\d)", "", core) if core.startswith("0") else core
    digits = digits.translate(_LOOKALIKE)
    if len(digits) <= 4 and re.fullmatch(r"\d{1,4}", digits) and (len(digits) == 1 or re.search(r"\d", core)):
        return _bare(digits, 0, digits, sure=False)
    return None


def _made(text: str, match: re.Match[str], group: Group, *, sure: bool) -> Written | None:
    index = next(number for number in range(1, match.re.groups + 1) if match[number])
    start, end = match.span(index)
    value = int(match[index])
    if value > _LARGEST:
        return None
    return Written(value, group, text[:start], match[index], text[end:], sure)


def _bare(text: str, at: int, digits: str, *, sure: bool) -> Written | None:
    value = int(digits)
    if value > _LARGEST:
        return None
    return Written(value, "bare", text[:at], digits, text[at + len(digits) :], sure)


def _chinese_number(text: str) -> int:
    """一百零五 -> 105, 十二 -> 12, 二〇 -> 20; 0 where it is no number."""
    if not re.search("[十百]", text):
        return int("".join(str(_CHINESE[digit]) for digit in text))
    total, digit = 0, 0
    for character in text:
        if character in _CHINESE:
            digit = _CHINESE[character]
        else:
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
    return total + digit


def spots(page: Page) -> tuple[Spot, ...]:
    """All spots of a page's edge zones where a number may stand, corners first."""
    reading = page.reading
    exact = reading.text_source == "text_layer"
    landscape = reading.width > reading.height
    long_side = max(reading.width, reading.height) or 1
    found: list[Spot] = []
    corners = sorted(reading.corners, key=lambda corner: (not corner.fresh, -corner.confidence))
    for corner in corners:
        seen = Seen(corner.text, corner.confidence, corner.lattice, written_number(corner.text), exact)
        if seen.written is None and (corner.lattice is None or len(corner.text) > 8):
            continue
        place = _turned(corner.box.centre, corner.turn)
        height = corner.box.width * reading.width if corner.turn in (90, 270) else corner.box.height * reading.height
        _add(found, Spot(
            corner.box, position_of(place), place, height / long_side,
            landscape != (corner.turn in (90, 270)), (seen,),
        ))
    for line in reading.lines:
        y = line.box.centre[1]
        if _TOP < y < _BOTTOM or len(line.text) > 16:
            continue
        written = written_number(line.text)
        if written is not None:
            seen = Seen(line.text, line.confidence, line.lattice, written, exact)
            size = line.box.height * reading.height / long_side
            _add(found, Spot(line.box, position_of(line.box.centre), line.box.centre, size, landscape, (seen,)))
    return tuple(found)


def _add(found: list[Spot], spot: Spot) -> None:
    """Add a spot, or its reading to the spot that shows the same ink."""
    for index, other in enumerate(found):
        x, y = spot.box.centre
        if spot.box.overlap(other.box) > 0 or math.dist(other.box.centre, (x, y)) < 0.02:
            if any(seen.text == spot.readings[0].text for seen in other.readings) or _part_of(spot, other):
                return
            if _part_of(other, spot):
                found[index] = spot
                return
            found[index] = Spot(
                other.box, other.position, other.place, other.size, other.landscape,
                (*other.readings, *spot.readings),
            )
            return
    found.append(spot)


def _part_of(spot: Spot, whole: Spot) -> bool:
    """Whether a spot shows only a part of the other's number, cut off by the edge of its zone."""
    inside = spot.box.overlap(whole.box) > 0.6 * spot.box.width * spot.box.height
    short = max(spot.box.width, spot.box.height) < 0.75 * max(whole.box.width, whole.box.height)
    return inside and short and set(spot.values) != set(whole.values)


def _turned(point: tuple[float, float], turn: int) -> tuple[float, float]:
    """Where a point of the upright page lies after the page is turned clockwise."""
    x, y = point
    return {90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}.get(turn, (x, y))


def position_of(place: tuple[float, float]) -> Position:
    """The name of a place on the page; left and right take two fifths of the width each."""
    x, y = place
    if 0.2 < y < 0.8:
        return "other"
    columns: Sequence[tuple[Position, Position]] = (
        ("top_left", "bottom_left"), ("top_center", "bottom_center"), ("top_right", "bottom_right")
    )
    column = columns[0 if x < 0.36 else 1 if x < 0.62 else 2]
    return column[0] if y < 0.5 else column[1]


def median(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else 0.0
