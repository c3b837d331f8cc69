"""What forms about a class have in common: institution, class, occupation, dates, headcount."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from archive_verify.documents.fields import first_match, keep, sure_unit, take_from, unit_name, words
from archive_verify.layout import Flow, Slot, find_slots, slots_of
from archive_verify.model import Reading
from archive_verify.values import Found, Period, find_date, find_dates, find_period, plain

LABELS: dict[str, tuple[str, ...]] = {
    "institution": (
        "培训(?:机构|学校|单位)(?:名称)?(?:\\(?全称\\)?)?",
        "(?:申报|申请|承办|办学|承训|主办|立卷|归档|承诺|报送|填报|施教)(?:单位|机构|学校)"
        "(?:名称)?", "机构名称", "学校名称", "单位名称", "承诺机构",
    ),
    "class_name": (
        "班级(?:名称|期次)?", "培训班(?:次|名称|级)?", "班次(?:名称)?", "(?:培训)?期(?:次|别|数)",
        "案卷(?:题名|标题)", "班期", "培训班期",
    ),
    "occupation": (
        "培训(?:工种|专业|项目|职业|科目)(?:名称)?(?:\\(?工种\\)?)?", "(?:职业)?\\(?工种\\)?(?:名称)?",
        "职业(?:名称|\\(?工种\\)?)?", "专业(?:名称)?",
        "项目名称",
    ),
    "headcount": (
        "(?:培训|开班|学员|计划|拟培训|计划培训|批准|核准|核定|审批|参训|报名|申请|申报|补贴|招生|实际培训|"
        "本期培训|本班|班级|招收|享受补贴|"
        "实训|培训学员|核准培训|批准培训|总)(?:总)?人数", "人数(?:\\(人\\))?", "学员数",
    ),
    "period": (
        "(?:培训|开班|办班|教学|上课|课程)?(?:起止|起讫)(?:时间|日期|年月)", "培训(?:时间|日期|期限|周期)",
        "(?:培训)?时间", "办班时间", "教学时间",
    ),
    "start_date": (
        "(?:拟|计划|实际)?(?:开班|开课|开学)(?:时间|日期)", "(?:培训)?(?:开始|起始)(?:时间|日期)",
        "(?:拟定?)?开班(?:时间|日期)",
    ),
    "end_date": ("(?:培训|拟|计划|实际)?(?:结束|结业|结课|终止)(?:时间|日期)",),
    "training_days": ("(?:培训|实际培训|总|授课|补贴)?天数(?:\\(天\\))?", "培训日数"),
    "training_hours": ("(?:总|培训|计划)?(?:课时|学时)(?:总?数)?", "总(?:课时|学时)(?:数)?"),
}
# Labels that only end another's value.
STOPS: tuple[str, ...] = (
    "法定代表人(?:\\(负责人\\))?", "负责人", "联系人", "联系电话", "电话", "手机", "地址",
    "(?:培训|上课|教学|开班)地点", "地点", "培训(?:类别|类型|方式|形式|"
    "等级|对象|内容|教材)", "等级", "级别", "教师", "班主任", "教材", "(?:理论|实操|实训)(?:课时|学时)", "日期",
    "上课时间", "备注", "(?:填表|制表|经办)人",
    "(?:申请|申报|报告|上报|填报|填表|审批|批准|核准|审核|承诺)(?:日期|时间)", "保管期限", "档号", "页数", "件数",
    "卷号",
)

# two strokes by hand, 11, are read as a sign
FIGURE = r"\d{1,4}|[∥‖]"
_COUNT = re.compile(rf"[ \t:_共约计]*({FIGURE})(?=[ \t]*(?:人|名|位|\(人\)|$|[\t ,;。.)]))")
_NUMBER = re.compile(r"[ \t:_共计约]*(\d{1,4}(?:\.5)?)(?=[ \t]*(?:天|日|课时|学时|个|节|$|[\t ,;.)]))")
_PROSE_COUNT = re.compile(
    r"(?:培训(?:学员|人数|人员|对象)?|学员|人数|招收|招生|共有?|计|组织|参训(?:人员|学员)?|"
        r"报名)[^\d\n,;.。]{0,8}?(?P<v>\d{1,3})[ \t]*(?:人|名)"
)
_PROSE_DAYS = re.compile(r"(?:共计?|为期|培训(?:时间|天数|期限)?|历时|"
    r"时长)[^\d\n]{0,6}(?P<v>\d{1,3}(?:\.5)?)[ \t]*(?:天|日)(?!\d)")
_PROSE_START = re.compile(
    r"(?:拟于|定于|计划于|将于|于|自|从)[ \t]*"
    r"(?P<v>(?:(?:19|20)\d{2}|二[ \t]*[〇零○O]?[ \t]*[〇零○O一二三四五六七八九]{2}[ \t]*年).{4,40})"
)
_PROSE_CLASS = re.compile(r"(?P<v>(?:19|20)\d{2}年度?第?[0-9一二三四五六七八九十]{1,3}期[^\s,.;:。、()]{2,18}?班)")
_SIGNING_UNIT = re.compile(r"(?:学校|培训中心|公司|学院|技校|机构)(?:\(.{0,8}\))?$")
_OTHER_UNIT = re.compile(r"银行|信用社|人力资源|财政局|培训地点|地址|(?<!单位)(?<!机构)(?<!学校)(?<!盖章\))(?<!章\)):")
_YEAR = r"(?:(?:19|20)\d{2}|[二一][〇零○O一二三四五六七八九]{3})[ \t]*[年./\-]"
_DATE_ROW = re.compile(rf"[^\d\n]{{0,16}}{_YEAR}.{{0,14}}")
_SIGNED_ROW = re.compile(
    rf"(?:盖章|公章|签字|签名|日期|学校|公司|中心|意见|属实|完整)[)：: \t.,;]*[^\d\n]{{0,16}}{_YEAR}"
)
# a cell of its own at the end of a row: the opinion of an office, with its date
_DATE_CELL = re.compile(rf"\t[ ]*{_YEAR}[^\t]{{0,12}}$")


def whole_unit(text: str) -> Found[str] | None:
    """A unit's name that is more than the bare word 学校 or 公司, what a seal left to be read."""
    found = unit_name(text)
    return found if found is not None and len(found.value) >= 5 else None


def class_name(text: str) -> Found[str] | None:
    """The name of a class, without what a cover adds to it."""
    found = words(text)
    if found is None:
        return None
    name = re.sub(r"(?:培训)?(?:档案|归档)(?:资料|材料)?$", "", found.value)
    return Found(name or found.value, found.start, found.end, found.repaired)


def count(text: str) -> Found[int] | None:
    """A number of persons at the beginning of a text."""
    found = _COUNT.match(plain(text))
    return Found(figure(found[1]), found.start(1), found.end(1), not found[1].isdigit()) if found else None


def figure(text: str) -> int:
    """The value of a `FIGURE`."""
    return int(text) if text.isdigit() else 11


def number(text: str) -> Found[Any] | None:
    """A number of days or hours at the beginning of a text: int, or float for half days."""
    found = _NUMBER.match(plain(text))
    if not found:
        return None
    value = float(found[1])
    return Found(int(value) if value.is_integer() else value, found.start(1), found.end(1))


def class_slots(flow: Flow, stops: Sequence[str] = ()) -> list[Slot]:
    """The places of a class's facts on a form."""
    return find_slots(flow, LABELS, (*STOPS, *stops))


def class_fields(flow: Flow, slots: Sequence[Slot]) -> dict[str, Reading]:
    """Institution, class, occupation, headcount, start, end, days and hours, as far as they stand there.

    Labelled values first, then what sentences say ("拟于…至…举办", "培训30人").
    """
    fields = keep(
        institution=take_from(flow, slots_of(slots, "institution"), whole_unit),
        class_name=take_from(flow, slots_of(slots, "class_name"), class_name) or in_prose(flow, _PROSE_CLASS, words),
        occupation=take_from(flow, slots_of(slots, "occupation"), words),
        headcount=take_from(flow, slots_of(slots, "headcount"), count) or in_prose(flow, _PROSE_COUNT, count),
        training_days=take_from(flow, slots_of(slots, "training_days"), number)
        or in_prose(flow, _PROSE_DAYS, number),
        training_hours=take_from(flow, slots_of(slots, "training_hours"), number),
    )
    fields.update(_period(flow, slots))
    return fields


def _period(flow: Flow, slots: Sequence[Slot]) -> dict[str, Reading]:
    for slot in [*slots_of(slots, "period"), *slots_of(slots, "start_date")]:
        found = find_period(slot.text)
        if found is not None:
            return _ends(flow, found, slot.start)
    start = take_from(flow, slots_of(slots, "start_date"), find_date)
    end = take_from(flow, slots_of(slots, "end_date"), find_date)
    if start is None or start.state != "read":
        for match in _PROSE_START.finditer(flow.text.replace("\n", " ")):
            found = find_period(match["v"])
            if found is not None:
                return _ends(flow, found, match.start("v"))
            day = find_date(match["v"])
            if day is not None and day.start <= 2:
                start = flow.found(day, match.start("v"))
                break
    return keep(start_date=start, end_date=end)


def _ends(flow: Flow, found: Found[Period], offset: int) -> dict[str, Reading]:
    fields = {"start_date": flow.found(found, offset, found.value.start)}
    if found.value.end is not None:
        fields["end_date"] = flow.found(found, offset, found.value.end)
    return fields


def in_prose(flow: Flow, pattern: re.Pattern[str], parse: Callable[[str], Found[Any] | None]) -> Reading | None:
    """The value in group "v" of the first match that parses."""
    for match in pattern.finditer(flow.text):
        found = parse(match["v"])
        if found is not None:
            return flow.found(found, match.start("v"))
    return first_match(flow, (pattern,), parse)


def sign_date(flow: Flow, labels: Sequence[str] = ()) -> Reading | None:
    """The date a paper is signed with: behind one of the labels, else the last that fills a row of its own."""
    if labels:
        labelled = take_from(flow, slots_of(find_slots(flow, {"date": tuple(labels)}), "date"), find_date)
        if labelled is not None and labelled.state == "read":
            return labelled
    last: Reading | None = None
    for offset, row in flow.rows():
        text = plain(row)
        if _DATE_ROW.fullmatch(text.strip()) or _SIGNED_ROW.search(text) or _DATE_CELL.search(text):
            dates = find_dates(row)
            if len(dates) == 1:
                last = flow.found(dates[0], offset)
            elif not dates:
                last = flow.reading(offset, offset + len(row), None).model_copy(update={"state": "unread"})
    return last


def institution_in_prose(flow: Flow) -> Reading | None:
    """The institution that signs: the last row that is nothing but a unit's name."""
    last: Reading | None = None
    for offset, row in flow.rows():
        squeezed = "".join(plain(row).split())
        if 4 <= len(squeezed) <= 36 and not _OTHER_UNIT.search(squeezed) and _SIGNING_UNIT.search(squeezed):
            found = sure_unit(row)
            if found is not None:
                last = flow.found(found, offset)
    return last
