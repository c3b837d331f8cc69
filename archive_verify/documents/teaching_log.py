"""The daily teaching log."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_verify.documents.class_forms import FIGURE, count, figure, sign_date
from archive_verify.documents.fields import keep, take, words
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.layout import Flow, find_slots, flow_of
from archive_verify.model import DocType, Document, Page, Reading, Span
from archive_verify.values import find_date

_LABELS = {
    "date": ("(?:授课|教学|上课|培训|日志)?(?:日期|时间)", "年月日"),
    "should": ("应[到出][ \\t]*(?:学员|人数|学生)?(?:\\(人\\))?", "应到人数"),
    "present": ("实[到出][ \\t]*(?:学员|人数|学生)?(?:\\(人\\))?", "实到人数", "出勤人数"),
    "absent": ("缺(?:勤|课|席|到)[ \\t]*(?:人数|人员|名单|学员|情况)?", "请假[ \\t]*(?:人数|人员|学员|名单)?"),
    "teacher": ("(?:授课|任课|主讲|上课|讲课|指导)(?:教师|老师|人)(?:签[字名])?", "教师(?:签[字名])?"),
    "content": ("(?:授课|教学|培训|上课|学习)(?:内容|主题|课题|科目)", "课题", "内容"),
}
_STOPS = ("班主任(?:签[字名])?", "记录人", "班级", "班次", "课时", "学时", "节次", "天气", "地点",
    "(?:授课|上课|培训)地点", "星期", "备注",
          "培训班", "工种", "培训工种", "管理员", "课堂(?:情况|纪律|记录)")


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """The day, how many should be present and were, who taught what."""
    flow = flow_of(pages_of(span, pages))
    slots = find_slots(flow, _LABELS, _STOPS)
    day = take(flow, slots, "date", find_date)
    if day is None or day.state != "read":
        day = sign_date(flow) or _first_date(flow) or day
    # where a ruling was lost a cell holds two rows of labels: there the rows of print tell more
    plain = flow_of(pages_of(span, pages), use_grids=False)
    rows = find_slots(plain, _LABELS, _STOPS)

    def number(name: str) -> Reading | None:
        beside = _inline(flow, name) or take(flow, slots, name, count)
        if beside is not None and beside.state != "read":
            in_row = take(plain, rows, name, count)
            return in_row if in_row is not None and in_row.state == "read" else beside
        return beside

    fields = keep(
        date=day,
        should=number("should"),
        present=number("present"),
        absent=take(flow, slots, "absent", words),
        teacher=take(flow, slots, "teacher", words),
        content=take(flow, slots, "content", words),
    )
    return empty_document(span).model_copy(update={"fields": fields})


_INLINE = {
    "should": re.compile(rf"应[ \t]*[到出](?:学员|人数|学生)?[ \t:_]*({FIGURE})(?:[ \t_]*[人名]|(?!\d))"),
    "present": re.compile(rf"实[ \t]*[到出](?:学员|人数|学生)?[ \t:_]*({FIGURE})(?:[ \t_]*[人名]|(?!\d))"),
}


def _inline(flow: Flow, name: str) -> Reading | None:
    """A number right behind its word: "应到30人实到29人"."""
    found = flow.search(_INLINE[name])
    return flow.reading(*found.span(1), figure(found[1]), not found[1].isdigit()) if found else None


def _first_date(flow: Flow) -> Reading | None:
    found = find_date(flow.text)
    return flow.found(found) if found else None


TEACHING_LOG = DocumentType(
    type=DocType.TEACHING_LOG,
    titles=patterns(r".*(教学|培训|班级)日志"),
    cues=cues(**{
        r"应到": 1.8,
        r"实到": 1.8,
        r"缺勤|缺课|缺席|请假(人数|人员|学员|名单)": 0.8,
        r"(授课|教学|培训|讲课|上课)(内容|主题|课题)|教学(进度|过程|情况)": 1.0,
        r"(授课|任课|讲课|带班|指导)(教师|老师|人)": 0.8,
        r"班主任|班级管理员|管理员|记录人": 0.9,
        r"课堂(情况|纪律|记录|表现)|教学(效果|小结|反思|总结)|学员(表现|反馈|掌握)|作业(布置)?": 1.4,
        r"教学日志|培训日志|日志": 2.2,
        r"天气": 1.2,
        r"节次|第[一二三四1-4]节|上午|下午": 0.6,
        r"(授课|上课|培训)(日期|时间|地点)": 0.5,
        r"^日期|年[0-9]{1,2}月[0-9]{1,2}日": 0.2,
        r"身份证": -1.2,
        r"序号": -0.6,
    }),
    extract=_extract,
)
