"""考勤表 of an employer: whose, of which month, and the days each person worked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_verify.documents import fields as f
from archive_verify.documents.attendance_signs import with_signs
from archive_verify.documents.kind import DocumentType, cues, pages_of, patterns
from archive_verify.documents.payroll import cell_days
from archive_verify.documents.people import Column, cell_id, names_across, persons_of_forms, read_people
from archive_verify.documents.sheets import sheet_document
from archive_verify.layout import flow_of
from archive_verify.model import DocType, Document, Page, Span

_TITLE_WORDS = "考勤|出勤|签到"

COLUMNS = {
    "id_number": Column(re.compile(r"身份证|证件号|身份号"), cell_id),
    "position_title": Column(re.compile(r"^(?:岗位|职务|工种|职位)(?:名称)?$"), f.words),
    "days": Column(
        re.compile(r"(?<!应)(?:实际?)?出勤(?:天数|合计|日数|小计)?|^(?:合计|天数|总计|小计)(?:\(?天\)?|天数|出勤)?|(?:上班|工作)天数"),
        cell_days,
    ),
}


def extract(span: Span, pages: Sequence[Page]) -> Document:
    """Read one attendance sheet, its pages one table."""
    own = pages_of(span, pages)
    people = read_people(own, COLUMNS)
    flow = flow_of(own, use_grids=False)
    rows = people.rows or persons_of_forms(flow, COLUMNS) or names_across(own)
    document = sheet_document(span, own, flow, people, rows, _TITLE_WORDS)
    month = document.fields.get("month")
    return document.model_copy(update={"rows": with_signs(rows, own, month.value if month is not None else None)})


WORK_ATTENDANCE = DocumentType(
    type=DocType.WORK_ATTENDANCE,
    titles=patterns(
        r".{0,40}(?<!学员)(?<!培训)(?<!学生)(?:考勤|出勤)(?:记录|统计|登记|明细|汇总)*(?:表|册|簿|卡|单)(?:\(.{1,24}\))?(?:.{0,12}月份?\)?)?",
    ),
    cues=cues(**{
        r"(单位|公司|企业|店|厂)(名称)?[::]|部门[::]?|车间": 0.9,
        r"出勤(天数|日数|合计|工日)?|实出勤|应出勤|实际出勤": 1.2,
        r"考勤(员|人|表|月份|记录|周期)": 1.2, r"加班|调休|工休|轮休|年休|迟到|早退|旷工|病假|事假|休息": 0.9,
        r"员工|职工|岗位|职务|主管|店长|经理|厂长|部门负责人|负责人": 0.7,
        r"学员|培训班|班主任|授课|任课|签到|工种|期次": -1.8,
        r"应发|实发|基本工资": -2.5, r"上午|下午": -0.3,
    }),
    extract=extract,
)
