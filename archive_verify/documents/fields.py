"""Values behind labels and in sentences, as Readings: what the extractors share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from archive_verify.layout import Flow, Slot, slots_of, unread_or_blank
from archive_verify.model import Box, MarkShape, Reading
from archive_verify.values import (
    UNIT_WORDS,
    Found,
    cell_money,
    find_code,
    find_date,
    find_id,
    find_money,
    find_phone,
    has_surname,
    person_name,
    plain,
)

Parse = Callable[[str], Found[Any] | None]

_UNIT_LAST = re.compile(rf"(?:{UNIT_WORDS.pattern})$")
_STARS = re.compile(r"\*{2,}|无字号|无$")
_UNIT_END = re.compile(
    r"\t|[,.;]|[ ]*\(?[12][09]\d\d[ ]*年|[ ]+(?:1[0-2]|[1-9]|[一二三四五六七八九十]{1,2})月|\s{2,}"
    r"|\((?:以下|下称|简称|盖章|公章|签章|印章|章\))|(?:以下)?简称|[\"“]"
    r"|[ ]+(?=[㐀-鿿]{1,6}[\"“:])"         # the next label, or a sign of a legend
)


def unit_name(text: str) -> Found[str] | None:
    """The name of a unit at the beginning of a text, brackets full-width, spaces taken out."""
    lead = len(text) - len(text.lstrip(" \t_:.,-~'\"▲△●○■□◆◇★☆※·•☑"))
    rest = text[lead:]
    end = _UNIT_END.search(rest)
    raw = rest[: end.start()] if end else rest
    name = "".join(raw.split()).strip("_:-~'\"")
    name = name.replace("(", "（").replace(")", "）")
    if re.match(r"[我本该](?:单位|公司|厂|店|社|合作社|村|校)", name):
        return None
    name = re.sub(r"（(?:盖章|公章|签章|印章|章|单位|用人单位)?）?$", "", name) if not name.endswith("）") else name
    if len(re.findall(r"[㐀-鿿]", name)) < 2:
        return None
    return Found(name, lead, lead + len(raw))


# what addresses end with, though 凤城 and 城关 have a word of units in them
_HOUSE_NUMBER = re.compile(r"\d(?:号|组|室|户|栋|幢|楼|层|排|巷)$")


# a district or a village alone: 文水县城区; but a 社区 and a 度假村 are units
_PLACE_ALONE = re.compile(r"(?:(?<!社)区|县|乡|镇|(?<!度假)村|街道|路|巷)$")


def sure_unit(text: str) -> Found[str] | None:
    """`unit_name`, if it has a word that units end with (公司, 店, 厂 ...) and is neither a place nor an address."""
    found = unit_name(text)
    if found is None or not 4 <= len(found.value) <= 40 or not UNIT_WORDS.search(found.value):
        return None
    if _HOUSE_NUMBER.search(found.value) or _PLACE_ALONE.search(found.value):
        return None
    return found


def whole_unit(flow: Flow, reading: Reading | None) -> Reading | None:
    """A unit's name with the rest of it where it goes on below in its column; unread where a seal has
    swallowed its middle, so that the end of a name stands apart in its row."""
    if reading is None or reading.state != "read" or _UNIT_LAST.search(reading.value):
        return reading
    box, page = reading.box, flow.pages[reading.page].reading
    for line in page.lines:
        text = "".join(plain(line.text).split())
        below = 0.5 * box.height < line.box.centre[1] - box.centre[1] < 2.2 * box.height
        if below and box.x0 - 0.25 < line.box.x0 < box.x0 + 0.02 and re.fullmatch(r"[㐀-鿿()]{1,14}", text):
            if _UNIT_LAST.search(reading.value + text):
                return reading.model_copy(update={
                    "value": reading.value + text, "text": reading.text + text, "box": box.union(line.box),
                    "confidence": min(reading.confidence, line.confidence), "lattice": None,
                })
        elif abs(line.box.centre[1] - box.centre[1]) < 0.5 * box.height and 0 < line.box.x0 - box.x1 < 0.25:
            gap = Box(box.x1, box.y0, line.box.x0, box.y1)
            sealed = any(mark.shape is MarkShape.ROUND_SEAL and mark.box.overlap(gap) > 0 for mark in page.marks)
            if sealed and _UNIT_LAST.search(text):
                return reading.model_copy(update={"value": None, "state": "unread"})
    return reading


_LEAD = r"[ \t_:.☑□☐·]*"


def name_at_start(text: str) -> Found[str] | None:
    """A person's name that a text begins with, other words following after a gap or punctuation."""
    # "程国明 月", "郭平亮 性": what is read once more of a name's last letter, or of the next label
    # or "程凤 号": the end of an address in the next column, or "潘仙 男"
    stray = re.fullmatch(rf"({_LEAD}[㐀-鿿]{{3}})[ \t]+[㐀-鿿][ \t_]*|({_LEAD}[㐀-鿿]{{2}})[ \t]+[号男女][ \t_]*", text)
    kept = (stray[1] or stray[2]) if stray is not None else ""
    if has_surname(kept.strip(" \t_:.☑□☐·")):
        text = kept
    lead = len(text) - len(text.lstrip(" \t☑□☐·"))
    whole = person_name(text[lead:])
    if whole is not None:
        return Found(whole.value, whole.start + lead, whole.end + lead, whole.repaired or stray is not None)
    match = re.match(r"[ \t_:.\d、☑□☐·]*([㐀-鿿](?:[ ]?[·.]?[ ]?[㐀-鿿]){1,3})(?=[\t,;(/\d_]|\s|男|女|$)", text)
    if match is None:
        return None
    inner = person_name(match[1])
    return Found(inner.value, match.start(1), match.end(1)) if inner else None


def phone(text: str) -> Found[str] | None:
    """A phone number behind its label."""
    return find_phone(text, labelled=True)


def words(text: str) -> Found[str] | None:
    """Any text, up to a wide gap."""
    end = text.find("\t")
    raw = (text if end < 0 else text[:end]).strip(" _:;,.-~")
    if not re.search(r"[㐀-鿿A-Za-z0-9]", raw):
        return None
    start = text.find(raw)
    return Found(" ".join(raw.split()), start, start + len(raw))


def place(text: str) -> Found[str] | None:
    """An address: `words` with the gaps between its characters closed."""
    found = words(text)
    if found is None:
        return None
    return Found(re.sub(r"(?<=[㐀-鿿\d])[ ]+(?=[㐀-鿿\d])", "", found.value), found.start, found.end, found.repaired)


def money(text: str) -> Found[Decimal] | None:
    """An amount behind its label; the yuan sign may be missing."""
    return find_money(text) or cell_money(text)


def take(flow: Flow, slots: Sequence[Slot], name: str, parse: Parse) -> Reading | None:
    """The first slot of a name that holds a value; else what was seen there; None without a slot."""
    return take_from(flow, slots_of(slots, name), parse)


def take_from(flow: Flow, slots: Sequence[Slot], parse: Parse) -> Reading | None:
    """The value of the first of these slots that holds one; else what was seen in the first."""
    for slot in slots:
        found = parse(slot.text)
        if found is not None:
            return flow.found(found, slot.start)
    return unread_or_blank(flow, slots[0]) if slots else None


def first_match(flow: Flow, patterns: Iterable[re.Pattern[str]], parse: Parse) -> Reading | None:
    """The value in group "v" of the first pattern that matches and parses.

    Rows are joined by a space, and where that finds nothing without one: a word may be broken.
    """
    spaced = flow.text.replace("\n", " "), list(range(len(flow.text) + 1))
    places = [at for at, char in enumerate(flow.text) if char != "\n"]
    joined = flow.text.replace("\n", ""), [*places, len(flow.text)]
    patterns = tuple(patterns)
    for text, at in (spaced, joined):
        for pattern in patterns:
            for match in pattern.finditer(text):
                found = parse(match["v"])
                if found is not None:
                    start, end = match.start("v") + found.start, match.start("v") + found.end
                    return flow.reading(at[start], at[end - 1] + 1, found.value, found.repaired)
    return None


def keep(**readings: Reading | None) -> dict[str, Reading]:
    """Fields of a document: those that were found."""
    return {name: reading for name, reading in readings.items() if reading is not None}


_BROKEN_ID = re.compile(r"身\s*份\s*证?[^\d\n]{0,12}(?P<v>[\dXx×|lIOo*]{12,24})")


def id_unread(flow: Flow) -> Reading | None:
    """Where an ID number stands that has not the length of one: something was misread."""
    match = _BROKEN_ID.search(flow.text.replace("\n", " "))
    if match is None:
        return None
    return flow.reading(*match.span("v"), None).model_copy(update={"state": "unread"})


def clause_before(text: str, at: int, marks: str = ",;.。，；\n") -> str:
    """The words from the last punctuation up to `at`."""
    start = max((text.rfind(mark, 0, at) for mark in marks), default=-1)
    return "".join(text[start + 1 : at].split())


def last_whole(dates: Sequence[Found[date]]) -> Found[date] | None:
    """The last date; of two that stand side by side the one that was read to its end."""
    if len(dates) > 1 and dates[-1].repaired and not dates[-2].repaired and dates[-1].start - dates[-2].end < 30:
        return dates[-2]
    return dates[-1] if dates else None


def likely_name(found: Found[str] | None) -> Found[str] | None:
    """A name only if it begins with a surname: for places where other words may stand."""
    return found if found is not None and has_surname(found.value) else None


_BEFORE_ID = re.compile(
    r"(?P<run>[㐀-鿿]{2,})[ _]*[,(]?[ ]*(?:性别[: ]*)?(?:[男女][ ]*,?[ ]*)?(?:居民|公民)?身[ ]*份[ ]*证"
)


def name_before_id(flow: Flow) -> Reading | None:
    """The one person in a sentence with an ID number right behind the name: 经营者张三，身份证号141121..."""
    found: dict[str, Reading] = {}
    for match in _BEFORE_ID.finditer(flow.text.replace("\n", " ")):
        end = match.end("run")
        for length in (4, 3, 2):
            name = match["run"][-length:]
            if len(name) == length and has_surname(name) and (length < 4 or not has_surname(name[1:])):
                found.setdefault(name, flow.reading(end - length, end, name))
                break
    return next(iter(found.values())) if len(found) == 1 else None


_NAME = r"(?P<v>[㐀-鿿](?:[ ]?[·.]?[ ]?[㐀-鿿]){1,5}?)"
_AGREE = r"(?:\(|签订|签署|订立|协商|经|就|于|自愿|双方|达成|平等|友好|本着|共同|之间|使用|经营)"


def party_in_prose(flow: Flow, words: str) -> Reading | None:
    """A person named in a sentence as one of those who agree: 甲方某公司与乙方张三签订.

    Both sides must stand in it: what 乙方 is told to do further on names nobody.
    """
    person = rf"[\s_]*(?:{words})(?:\([^()\n]{{1,8}}\))?[\s_]*{_NAME}[\s_]*(?={_AGREE})"
    named = _patterns(rf"(?:与|和|及|给){person}", rf"(?:甲方|用人单位|出租[方人])[^.;\n]{{2,34}},{person}",
                      rf"(?:与|和)[\s_]*{_NAME}[\s_]*(?=签订|签署|订立)")
    return first_match(flow, named, lambda text: likely_name(name_at_start(text)))


def unit_in_prose(flow: Flow, words: str) -> Reading | None:
    """A unit named in a sentence before the other party: 甲方某公司与乙方张三签订."""
    unit = r"(?P<v>[㐀-鿿()]{4,30}?)[\s_]*"
    named = _patterns(rf"(?:{words})(?:\([^()\n]{{1,8}}\))?[\s_]*{unit}(?=(?:与|和|,)[\s_]*(?:乙方|丙方|劳动者|学员))",
                        rf"(?:^|[\s,.;由]){unit}(?=(?:与|和)[㐀-鿿]{{2,4}}(?:签订|签署|订立))")
    return first_match(flow, named, sure_unit)


@lru_cache(maxsize=32)
def _patterns(*sources: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source) for source in sources)


def is_stars(text: str) -> bool:
    """Whether a name is printed as *** or left out on purpose."""
    return bool(_STARS.fullmatch("".join(text.split())))


ID_LABELS = (
    "(?:居民|公民)?身份(?:证|号)件?(?:号码?|编号)?", "(?:有效)?证件号码?", "公民身份号码", "身份证号码?",
    "(?:居民)?身份证(?:明)?(?:号码?)?(?:\\(或其他有效证件(?:名称、号码)?\\))?",
)
PHONE_LABELS = ("联系(?:电话|方式|号码|手机)", "手机(?:号码?)?", "电话(?:号码)?", "移动电话")
CODE_LABELS = ("(?:统一)?社会信用代码", "信用代码", "统一社会信用代码(?:/注册号)?", "营业执照(?:注册)?号码?", "注册号")
ADDRESS_LABELS = (
    "(?:单位|详细|联系|通讯|家庭|户籍|现|经营|注册|公司)?(?:住)?地址", "住所(?:地)?", "注册地", "经营地",
    "经常居住地", "现住址", "户籍(?:所在)?地", "家庭住址", "户口所在地", "住址",
)
OTHER_LABELS = (
    "性别", "年龄", "民族", "出生(?:日期|年月)?", "文化程度", "学历", "邮(?:政)?编(?:码)?", "政治面貌", "婚姻状况",
    "(?:授权|委托)?代[表理]人(?:签[字名章])?",
    "籍贯", "电子邮箱", "传真", "开户行", "银行(?:卡号|账号)", "账号", "紧急联系人", "备注",
)

__all__ = [
    "ADDRESS_LABELS", "CODE_LABELS", "ID_LABELS", "OTHER_LABELS", "PHONE_LABELS", "Parse", "clause_before",
    "find_code", "find_date", "find_id", "first_match", "id_unread", "is_stars", "keep", "last_whole", "likely_name",
    "money", "name_at_start", "name_before_id", "party_in_prose", "phone", "place", "sure_unit", "take", "take_from",
    "unit_in_prose", "unit_name", "whole_unit", "words",
]
