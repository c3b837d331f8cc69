"""学员花名册: the class's own list of its trainees."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_verify.documents import fields as f
from archive_verify.documents.kind import DocumentType, cues, pages_of, patterns
from archive_verify.documents.people import Column, cell_id, cell_phone, read_people
from archive_verify.layout import find_slots, flow_of
from archive_verify.model import DocType, Document, Page, Reading, Span
from archive_verify.values import Found


def _sex(text: str) -> Found[str] | None:
    match = re.fullmatch(r"\s*([男女])\s*", text)
    return Found(match[1], 0, len(text)) if match else None


_COLUMNS = {
    "gender": Column(re.compile(r"性别"), _sex),
    "id_number": Column(re.compile(r"身份证|证件号|身份号"), cell_id),
    "phone": Column(re.compile(r"电话|手机|联系方式"), cell_phone),
    "education": Column(re.compile(r"文化程度|学历"), f.words),
    "address": Column(re.compile(r"住址|地址|户籍"), f.words),
}
_LABELS = {
    "institution": ("培训(?:机构|单位|学校)(?:名称|\\(公章\\)|\\(盖章\\))?",
        "(?:办学|承训|承办)(?:机构|单位)", "学校名称", "单位名称"),
    "class_name": ("(?:培训)?(?:班级|班次|期次)(?:名称)?", "班级名称"),
    "occupation": ("(?:培训)?(?:工种|职业|专业|项目)(?:\\(.{2,4}\\))?(?:名称)?",),
    "headcount": ("(?:培训|学员|合计|总)?人数", "共计"),
}


def extract(span: Span, pages: Sequence[Page]) -> Document:
    """Read the roster's rows and the class named in its head."""
    own = pages_of(span, pages)
    people = read_people(own, _COLUMNS)
    flow = flow_of(own, use_grids=False)
    slots = find_slots(flow, _LABELS, ("日期", "填表(?:日期|人)", "培训(?:时间|地点|日期)", "等级",
        "联系人"), wrap=False)
    fields: dict[str, Reading] = f.keep(
        institution=f.take(flow, slots, "institution", f.unit_name),
        class_name=f.take(flow, slots, "class_name", f.words),
        occupation=f.take(flow, slots, "occupation", f.words),
        headcount=f.take(flow, slots, "headcount", _count),
    )
    return Document(
        id=span.id, type=span.type, pages=span.pages, title=span.title, confidence=span.confidence,
        fields=fields, rows=people.rows, unread_rows=people.unread_rows,
    )


def _count(text: str) -> Found[int] | None:
    match = re.match(r"[\s_:]*(\d{1,4})[\s_]*(?:人|名)?", text)
    return Found(int(match[1]), match.start(1), match.end(1)) if match else None


TRAINEE_ROSTER = DocumentType(
    type=DocType.TRAINEE_ROSTER,
    titles=patterns(
        r".{0,40}(?:学员|参训人员|培训人员|培训对象|培训班)(?:基本(?:信息|情况))?(?:实名制)?(?:报名|信息)?(?:花名册|名册|名单|登记册|花名表)(?:\(.{1,16}\))?",
        r".{0,30}(?:实名制|培训)(?:花名册|名册)", r"(?:学员|培训)?花名册",
    ),
    cues=cues(**{
        r"文化程度|学历": 1.2,
        r"性别": 0.8,
        r"联系电话|手机|电话": 0.5,
        r"身份证号|公民身份号码|身份证": 0.6,
        r"家庭(住址|地址)|户籍|住址|地址": 0.9,
        r"人员类别|户口性质|人员性质|年龄|民族": 1.0,
        r"序号": 0.5,
        r"姓名": 0.5,
        r"花名册|名册|名单": 1.2,
        r"培训(工种|单位|机构|学校|专业|时间)": 0.5,
        r"证书编号|领取|领证": -2.0,
        r"就业(形式|单位|方式|类型)": -2.2,
        r"成绩|理论|实操|总评": -2.0,
        r"补贴(金额|标准)|金额": -2.0,
        r"回访|接通|是否参训": -2.5, r"应发|实发|工资": -2.5, r"签到|考勤|出勤": -1.2, r"兹证明|甲方|乙方|承诺": -2.5,
        r"签发机关": -2.5, r"责任者|页号|页次": -2.5,
    }),
    extract=extract,
)
