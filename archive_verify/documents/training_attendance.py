"""Attendance and sign-in sheets of the trainees."""

from __future__ import annotations

from collections.abc import Sequence

from archive_verify.documents.attendance_signs import with_signs
from archive_verify.documents.cells import ID_COLUMN, PHONE_COLUMN
from archive_verify.documents.fields import keep
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.documents.people import read_people
from archive_verify.layout import flow_of
from archive_verify.model import DocType, Document, Page, Reading, Span
from archive_verify.values import find_dates, find_periods

_COLUMNS = {"id_number": ID_COLUMN, "phone": PHONE_COLUMN}


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """The persons listed, and the day of a sheet for one day."""
    own = pages_of(span, pages)
    people = read_people(own, _COLUMNS)
    return empty_document(span).model_copy(update={
        "fields": keep(date=_day(own)), "rows": with_signs(people.rows, own), "unread_rows": people.unread_rows,
    })


def _day(pages: Sequence[Page]) -> Reading | None:
    """The one day that the sheet's head names; none where it names several or a stretch of time."""
    flow = flow_of(pages[:1], use_grids=False)
    head = flow.text[:400]
    periods = find_periods(head)
    days = [found for found in find_dates(head) if not any(p.start <= found.start < p.end for p in periods)]
    return flow.found(days[0]) if len({found.value for found in days}) == 1 else None


TRAINING_ATTENDANCE = DocumentType(
    type=DocType.TRAINING_ATTENDANCE,
    titles=patterns(r".*(学员|培训).*(考勤|签到)(表|册)"),
    cues=cues(**{
        r"学员(姓名|考勤|签到|签名|签字)|学员": 1.2,
        r"签到(时间|表|册)?|签退|本人签[到字名]": 1.3,
        r"培训(班|班次|期次|工种|地点|机构|学校|单位|日期|时间)|班级|班次|期次|工种": 0.9,
        r"班主任|(授课|任课)(教师|老师)|班级管理员|带班": 0.9,
        r"上午|下午": 0.8,
        r"考勤|出勤": 0.5,
        r"电子券|签到方式": 1.0,
        r"第[0-9]+天": 0.8,
        r"员工|职工|部门|岗位|加班|工资|用人单位|车间|店长|考勤员|打卡": -1.0,
        r"应到.{0,8}实到|授课内容|教学内容": -0.6,
        r"成绩|得分|证书编号|就业": -1.2,
    }),
    extract=_extract,
)
