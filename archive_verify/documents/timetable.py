"""The class timetable."""

from __future__ import annotations

from archive_verify.documents.kind import DocumentType, cues, no_fields, patterns
from archive_verify.model import DocType

TIMETABLE = DocumentType(
    type=DocType.TIMETABLE,
    titles=patterns(r".*(课程|课时|日程)(安排)?表"),
    cues=cues(**{
        r"上午|下午": 1.0,
        r"星期[一二三四五六日]|周[一二三四五六日]|^[一二三四五六日]$": 1.2,
        r"(授课|任课|上课)(教师|老师|人|时间|地点|内容)": 1.0,
        r"课程(名称|内容|安排)|授课内容|教学内容|培训内容": 0.8,
        r"课时|学时|节次": 0.8,
        r"上课时间|授课时间|时间安排": 1.0,
        r"[0-9]{1,2}[::][0-9]{2}-+[0-9]{1,2}[::][0-9]{2}|[0-9]{1,2}[::][0-9]{2}[-~—至]": 1.0,
        r"课程表|课表|课程安排": 2.0,
        r"教学日志|应到|实到|缺勤": -2.0,
        r"培训目标|指导思想": -1.5,
        r"签到|考勤": -1.0,
    }),
    extract=no_fields,
)
