"""订单式培训协议: the unit that orders the training, and the trainees it will employ."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_verify.documents import fields as f
from archive_verify.documents.kind import DocumentType, cues, pages_of, patterns
from archive_verify.documents.parties import Party, find_parties
from archive_verify.documents.people import Column, cell_id, cell_phone, read_people
from archive_verify.layout import Flow, Slot, find_slots, flow_of, slots_of
from archive_verify.model import DocType, Document, Page, Reading, Span
from archive_verify.values import Found, find_amounts, find_dates, find_ids, find_periods

_COLUMNS = {
    "id_number": Column(re.compile(r"身份证|证件号|身份号"), cell_id),
    "phone": Column(re.compile(r"电话|手机|联系方式"), cell_phone),
    "position_title": Column(re.compile(r"岗位|工种"), f.words),
}
_LABELS = {
    "party": ("甲方(?:\\(.{2,8}\\))?", "乙方(?:\\(.{2,8}\\))?", "丙方(?:\\(.{2,8}\\))?"),
    "employer": ("用人单位(?:名称)?", "用工单位(?:名称)?", "委托(?:方|单位)", "订单(?:单位|企业)", "企业名称"),
    "institution": ("培训(?:机构|学校|单位)(?:名称)?", "受托方", "承训(?:机构|单位)", "办学机构"),
    "employee": ("(?:学员|培训学员)(?:姓名)?",),
    "legal": ("法定代表人(?:\\(?负责人\\)?)?", "法人代表", "负责人"),
    "code": f.CODE_LABELS, "id": f.ID_LABELS, "phone": f.PHONE_LABELS,
    "headcount": ("培训人数", "订单人数", "录用人数", "人数"),
    "occupation": ("培训(?:工种|职业|专业|项目)", "工种"),
}
_CLASS_IN_PROSE = patterns(r"(?:举办|开办|开设|承办|参加)[\s_\"“]*(?P<v>[^\s,.;]{4,30}?班(?:\([^)]{1,10}\))?)")
_POSITION_IN_PROSE = patterns(
    r"(?:安排|录用|从事|担任|到)[^,.;\n]{0,10}?(?:在|到|从事|担任)[\s_]*(?P<v>[㐀-鿿]{2,10}?)[\s_]*(?:岗位|工作|职务|工种)",
    r"(?:录用|就业|工作)岗位[\s_]*(?:为|是|:)[\s_]*(?P<v>[㐀-鿿]{2,10})",
)
_SCHOOL = re.compile(r"学校|培训|学院|教育|技校")
_PARTIES = (
    Party("employer", ("用人单位", "用工单位", "委托方", "甲方"), "seal"),
    Party("institution", ("培训机构", "培训学校", "受托方", "承训机构", "乙方"), "seal"),
)


def extract(span: Span, pages: Sequence[Page]) -> Document:
    """Read one agreement; the trainees stand in an annexed list or as a party of their own."""
    own = pages_of(span, pages)
    people = read_people(own, _COLUMNS)
    flow = flow_of(own)
    slots = find_slots(flow, _LABELS, (*f.ADDRESS_LABELS, "日期"))
    employer, institution = _units(flow, slots)
    employee = f.take(flow, [slot for slot in slots if not slot.empty], "employee", f.name_at_start)
    if employee is None or employee.state != "read":
        persons = [slot for slot in slots_of(slots, "party") if f.likely_name(f.name_at_start(slot.text))]
        employee = f.take_from(flow, persons, f.name_at_start) or employee
    ids = find_ids(flow.text.replace("\n", " "))
    fields = f.keep(
        employer=employer, institution=institution,
        employee=None if people.rows else employee,
        id_number=flow.found(ids[0]) if ids and not people.rows else None,
        credit_code=f.take(flow, slots, "code", f.find_code),
        headcount=f.take(flow, slots, "headcount", _count) or _headcount(flow),
        occupation=f.take(flow, slots, "occupation", f.words),
        legal_representative=f.take(flow, slots, "legal", f.name_at_start),
        class_name=f.first_match(flow, _CLASS_IN_PROSE, f.words),
        position_title=f.first_match(flow, _POSITION_IN_PROSE, f.words),
        wage=_wage(flow), sign_date=_last_date(flow), **_period(flow),
    )
    findings = find_parties(flow, _PARTIES)
    return Document(
        id=span.id, type=span.type, pages=span.pages, title=span.title, confidence=span.confidence, fields=fields,
        rows=people.rows, unread_rows=people.unread_rows, marks=tuple(findings.marks),
        missing_marks=tuple(findings.missing), unsure_marks=tuple(findings.unsure),
    )


def _units(flow: Flow, slots: Sequence[Slot]) -> tuple[Reading | None, Reading | None]:
    """Employer and institution: of the parties the one that is no school employs."""
    employer = f.take(flow, slots, "employer", f.sure_unit)
    institution = f.take(flow, slots, "institution", f.sure_unit)
    for slot in slots_of(slots, "party"):
        found = f.unit_name(slot.text)
        if found is None:
            continue
        reading = flow.found(found, slot.start)
        if _SCHOOL.search(found.value):
            institution = institution if institution and institution.state == "read" else reading
        elif f.sure_unit(slot.text) is not None:
            employer = employer if employer and employer.state == "read" else reading
    return employer, institution


def _count(text: str) -> Found[int] | None:
    match = re.match(r"[\s_:]*(\d{1,4})[\s_]*(?:人|名)?", text)
    return Found(int(match[1]), match.start(1), match.end(1)) if match else None


def _headcount(flow: Flow) -> Reading | None:
    match = re.search(r"(?:培训|招收|订单|录用|学员)[^\n,.]{0,10}?(?P<v>\d{1,4})[ \t_]*(?:名|人)", flow.text)
    return flow.reading(*match.span("v"), int(match["v"])) if match else None


def _wage(flow: Flow) -> Reading | None:
    text = flow.text.replace("\n", " ")
    for amount in find_amounts(text):
        if re.search(r"工资|薪|报酬|待遇", "".join(text[max(0, amount.start - 25) : amount.start].split())):
            return flow.found(amount)
    return None


def _period(flow: Flow) -> dict[str, Reading]:
    text = flow.text.replace("\n", " ")
    for found in find_periods(text):
        if found.value.end is None or found.value.by_month:
            continue
        where = found.start, found.end
        return {
            "start_date": flow.reading(*where, found.value.start, found.repaired),
            "end_date": flow.reading(*where, found.value.end, found.repaired),
        }
    return {}


def _last_date(flow: Flow) -> Reading | None:
    text = flow.text.replace("\n", " ")
    periods = find_periods(text)
    dates = [one for one in find_dates(text) if not any(p.start <= one.start < p.end for p in periods)]
    last = f.last_whole(dates)
    return flow.found(last) if last is not None else None


ORDER_AGREEMENT = DocumentType(
    type=DocType.ORDER_AGREEMENT,
    titles=patterns(
        r".{0,24}[订定]单(?:式|班)?(?:职业)?(?:技能)?(?:定向)?(?:培训|就业)(?:就业)?(?:合作)?(?:协议|合同)书?(?:\(.{1,10}\))?",
        r"(?:校企|联合|合作|委托|定向|三方)(?:合作|联合|委托|定向)?(?:办学|培训|培养|就业)(?:就业)?(?:协议|合同)书?",
        r"(?:技能|职业)?培训(?:就业)?三方协议书?",
        r".{0,16}(?:委托|定向)培训(?:就业)?(?:协议|合同)书?",
    ),
    cues=cues(**{
        r"订单|定单|订单式|定单式": 2.5,
        r"委托(培训|方)|培训(机构|学校)\(?(甲方|乙方|丙方)|(甲方|乙方|丙方).{0,10}(培训|学校)": 2.0,
        r"(录用|接收|吸纳|安置|安排).{0,14}(就业|上岗|学员|人数|比例)|合格(后|学员|者).{0,12}(录用|上岗|就业)|"
        r"优先录用": 2.0,
        r"丙方": 1.2, r"培训(费用|内容|时间|人数|工种|合格|期限|任务|地点)": 1.0, r"甲方|乙方": 0.8, r"学员": 0.8,
        r"出租|承租|租金": -3.0, r"劳动争议|试用期|社会保险|经济补偿": -1.5, r"选择题|判断题": -3.0,
        r"人力资源和社会保障局[::]?$": -1.0,
    }),
    extract=extract,
)
