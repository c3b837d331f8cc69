"""劳动合同: the parties, the chosen term, wage and work, and who sealed and signed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_verify.documents import fields as f
from archive_verify.documents.contract_term import PROBATION, is_probation, term_of
from archive_verify.documents.kind import DocumentType, cues, pages_of, patterns
from archive_verify.documents.parties import find_parties
from archive_verify.documents.sign_places import Party
from archive_verify.layout import Flow, Slot, find_slots, flow_of, searchable, slots_of, spaced
from archive_verify.model import DocType, Document, Page, Reading, Span
from archive_verify.values import (
    Found,
    find_amounts,
    find_date,
    find_dates,
    find_periods,
    person_name,
)

_EMPLOYER = (
    "甲方(?:名称)?", "(?:用人|用工|聘用)单位(?:\\(甲方\\))?(?:名称|全称)?",
    "甲方[ \t]*\\(?用人单位\\)?[ \t]*名称", "甲方名称", "名称", "全称",
    "单位(?:名称|全称)", "聘用单位",
    "(?:用工|聘用|招用|雇用)(?:单位|方)(?:名称)?", "雇主", "企业名称", "公司名称",
)
_EMPLOYEE = (
    "乙方(?:姓名|名称)?", "(?:劳动者|受聘人|职工|员工)(?:\\(乙方\\))?(?:姓名)?",
    "乙方[ \t]*\\(?劳动者\\)?[ \t]*姓名", "乙方姓名", "姓名",
    "受聘(?:人|方|人员)", "(?:员工|职工)姓名",
    "受雇(?:人|方)", "聘用人员", "雇员", "务工(?:者|人员|方)", "(?:被|受)聘用(?:人|方|者)", "打工者",
)
_LEGAL = (
    "法定代表人(?:\\(?主要负责人\\)?)?(?:或委托代理人|\\(?负责人\\)?)?", "法人代表", "主要负责人",
    "单位负责人", "负责人", "法人",
    "经营者", "委托代理人", "法定代表人或(?:主要)?负责人",
)
_POSITION = ("工作岗位(?:\\(工种\\))?", "岗位(?:名称|\\(工种\\))?", "工种", "职务", "工作内容", "从事岗位")
_START = ("(?:合同)?(?:起始|开始|生效)(?:日期|时间|日)", "合同(?:起|始)期", "起始(?:年月)?")
_END = ("(?:合同)?(?:终止|截止|结束|到期|届满)(?:日期|时间|日)", "合同(?:止|终)期")
_TERM = ("(?:劳动)?合同期限", "合同期", "聘用期限", "期限", "用工期限", "聘期")
_SIGNED = ("(?:合同)?签订(?:日期|时间|日)", "签约(?:日期|时间)", "订立(?:日期|时间)", "签署日期",
    "签字日期", "日期")
_WAGE = (
    "(?:月|基本|计时|岗位)?(?:工资|薪)(?:标准|数额|金额)?", "月(?:工资|薪|基本工资)(?:标准|收入)?",
    "劳动报酬", "工资待遇", "月薪",
)

_LABEL_CELL = 6
_WAGE_WORDS = re.compile(r"工资|薪|报酬")
_NO_WAGE = re.compile(r"加班|最低|保证金|违约|赔偿|补助|补贴|津贴|奖金|绩效|罚|押金|餐|房补|经济补偿|计件|单价|每件")
_WAGE_HEADING = re.compile(
    r"[\d一二三四五六七八九十第条款(),]{0,6}(?:月)?(?:工资|薪酬|劳动报酬|报酬|待遇)(?:待遇|标准|报酬)?"
)
# 乙方工资不低于当地最低工资标准，约定为每月3600元: the floor is not the wage, and does not unmake it
_FLOOR = re.compile(r"不(?:得|应)?(?:低|少)于[^,，。;；\d]{0,20}最低工资(?:标准)?(?=[,，(（])")
_BY_DAY = re.compile(r"日工资|日薪|每天|每日|每小时|小时工资|时薪|每班|每次")
_PER_DAY = re.compile(r"\s*[/每](?:天|日|小时|时|件|次|班)")
_BARE_WAGE = patterns(
    r"(?:月薪|月工资|工资标准)[ \t_]*(?:为|是|:)?[ \t_]*(?:人民币)?[ \t_]*"
    r"(?P<v>\d[\d,]{2,6}(?:\.\d\d)?)(?!\d)"
)
# its label goes on in the next row
_BROKEN_CODE = patterns(r"信用代码(?:证号)?[ \t]*:?[ \t_]*(?P<v>[0-9A-Za-z]{17,19})")
_CALLED = r"[ \t]*[(,][ \t]*(?:以下)?[ \t]*(?:简称|称)[ \t]*(?:为)?[:\"“]*"
_NAMED_EMPLOYER = patterns(rf"(?P<v>[㐀-鿿()]{{4,30}}?){_CALLED}甲方")
_NAMED_EMPLOYEE = patterns(rf"(?:与|和|及|[,.;]|\s)(?P<v>[㐀-鿿]{{2,4}}|[㐀-鿿·]{{5,12}}){_CALLED}乙方")
_PROSE_POSITION = patterns(
    r"(?:同意|安排|聘用)[^,.;\n]{0,10}?(?:在|到|从事|担任)[ \t_]*(?P<v>[^\s,.;:_()]{2,10}?)[ \t_]*(?:岗位|工种)",
    r"(?:从事|担任|安排(?:乙方)?(?:在|到)|聘用(?:乙方)?为|岗位(?:为|是))[ \t_:]*"
    r"(?P<v>[^\s,.;:_()]{2,12}?)[ \t_]*(?:岗位|工作|职务|工种|一职|[(,.;])",
)
_OTHER_NATURE = {"非全日制": "part_time", "劳务": "service", "承揽": "service", "实习": "internship",
                 "见习": "internship", "雇佣": "unclear", "雇用": "unclear"}
# articles that only a labour contract has
_LABOUR_TEXT = re.compile(r"《?(?:中华人民共和国)?劳动合同法|劳动合同期限|本劳动合同|建立劳动关系(?!的)|试用期")

_PARTIES = (
    Party("employer", ("甲方", "用人单位", "聘用单位", "用工单位", "单位", "聘用方", "用工方", "雇主",
        "企业", "公司"), "seal"),
    Party("employee", ("乙方", "劳动者", "受聘人", "受聘方", "员工", "职工", "本人", "受雇人", "聘用人员", "务工者",
        "务工人员", "雇员"),
        "signature"),
)


def extract(span: Span, pages: Sequence[Page]) -> Document:
    """Read one labour contract; the sign block may stand on any of its pages."""
    flow = flow_of(pages_of(span, pages))
    labels = {
        "employer": _EMPLOYER, "employee": _EMPLOYEE, "legal": _LEGAL, "id": f.ID_LABELS, "code": f.CODE_LABELS,
        "phone": f.PHONE_LABELS, "address": f.ADDRESS_LABELS, "position": _POSITION, "start": _START,
        "end": _END,
        "term": _TERM, "signed": _SIGNED, "wage": _WAGE,
    }
    slots = find_slots(flow, labels, f.OTHER_LABELS, columns=True)
    employee = f.take(flow, slots, "employee", f.name_at_start)
    if employee is None or employee.state != "read":
        named = f.first_match(flow, _NAMED_EMPLOYEE, f.name_at_start)
        employee = named or f.party_in_prose(flow, "乙方|劳动者|受聘人") or employee
    fields = f.keep(
        employer=_employer(flow, slots),
        employee=employee,
        id_number=_id_number(flow, slots),
        credit_code=f.take(flow, slots, "code", f.find_code) or f.first_match(flow, _BROKEN_CODE, f.find_code),
        legal_representative=f.take(flow, slots, "legal", f.name_at_start),
        phone=_employee_phone(flow, slots),
        address=f.take(flow, slots, "address", f.place),
        wage=_wage(flow, slots, probation=False),
        probation_wage=_wage(flow, slots, probation=True),
        position_title=_position(flow, slots),
        sign_date=_sign_date(flow, slots),
        contract_nature=_nature(flow, span),
    )
    fields |= term_of(flow, slots)
    findings = find_parties(flow, _PARTIES)
    return Document(
        id=span.id, type=span.type, pages=span.pages, title=span.title, confidence=span.confidence,
        fields=fields, marks=tuple(findings.marks), missing_marks=tuple(findings.missing),
        unsure_marks=tuple(findings.unsure),
    )


def _employer(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    """A name with a unit's word first; else any name behind the label, but not a person's."""
    own = slots_of(slots, "employer")
    for slot in own:
        found = f.sure_unit(slot.text)
        if found is not None and not person_name(slot.text):
            return f.whole_unit(flow, flow.found(found, slot.start))
    named = f.first_match(flow, _NAMED_EMPLOYER, f.sure_unit) if not own else None
    if named is None and not own:
        named = f.unit_in_prose(flow, "甲方|用人单位")
    return named or f.whole_unit(flow, f.take_from(flow, own, f.unit_name))


def _id_number(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    read = f.take(flow, slots, "id", f.find_id)
    if read is not None and read.state == "read":
        return read
    found = f.find_id(flow.text.replace("\n", " "))
    return flow.found(found) if found is not None else read or f.id_unread(flow)


def _employee_phone(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    """The phone behind the employee's own lines, not the employer's; in the employee's column where the
    parties stand side by side."""
    employees = [slot for slot in slots if slot.name in ("employee", "id")]
    employers = [slot for slot in slots if slot.name in ("employer", "legal", "code")]
    column = _employee_column(flow, employees, employers)
    if column is not None:
        in_column = [
            slot for slot in slots_of(slots, "phone")
            if abs(flow.place(slot.label_start)[1].x0 - column) < 0.06
        ]
        return f.take_from(flow, in_column, f.phone)
    own = []
    for slot in slots_of(slots, "phone"):
        before = [one.label_start for one in employees if one.label_start < slot.label_start]
        others = [one.label_start for one in employers if one.label_start < slot.label_start]
        if before and max(before) > max(others, default=-1):
            own.append(slot)
    return f.take_from(flow, own, f.phone)


def _employee_column(flow: Flow, employees: Sequence[Slot], employers: Sequence[Slot]) -> float | None:
    """Where the employee's column begins, if the first labels of the parties stand in one row."""
    if not employees or not employers:
        return None
    (page, own), (other_page, other) = (flow.place(first.label_start) for first in (employees[0], employers[0]))
    beside = page == other_page and abs(own.centre[1] - other.centre[1]) < 0.6 * own.height
    return own.x0 if beside and own.x0 > other.x0 + 0.2 else None


def _position(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    """The job: a short text behind its label, else what a sentence says the employee works as."""
    short = [slot for slot in slots if slot.name != "position" or _is_job(re.split(r"[\t,.;]", slot.text)[0])]
    read = f.take(flow, short, "position", _job)
    if read is not None and read.state == "read":
        return read
    return f.first_match(flow, _PROSE_POSITION, f.words) or read


def _is_job(text: str) -> bool:
    return len(text) <= 12 and not re.search(r"[甲乙]\s*方|从事|安排", text)


def _job(text: str) -> Found[str] | None:
    return f.words(re.split(r"[,.;]", text)[0])


def _nature(flow: Flow, span: Span) -> Reading | None:
    """service, internship or part_time, where the title says that it is no ordinary labour contract;
    unclear where its articles speak of a labour contract all the same."""
    head = span.title or flow.text[:60]
    squeezed = "".join(head.split())
    if re.search("劳务派遣", squeezed) or "劳动合同" in squeezed.replace("非全日制", ""):
        return None
    for word, nature in _OTHER_NATURE.items():
        if word not in squeezed:
            continue
        match = re.search(rf"[^\n]*{spaced(word)}[^\n]*", searchable(flow.text))
        body = "".join(flow.text[match.end() if match else 0 :].split())
        if nature != "part_time" and _LABOUR_TEXT.search(body):
            nature = "unclear"
        start, end = match.span() if match else (0, min(len(flow.text), 30))
        return flow.reading(start, end, nature).model_copy(update={"text": squeezed})
    return None


# --- wage and date --------------------------------------------------------------------------------


def _wage(flow: Flow, slots: Sequence[Slot], *, probation: bool) -> Reading | None:
    """The wage of a month: an amount whose sentence speaks of wages."""
    text = flow.text.replace("\n", " ")
    for amount in find_amounts(text):
        clause = "".join(text[max(0, amount.start - 45) : amount.start].split())
        clause = _of_form_row(flow, amount.start) or _clause(clause)
        clause = _FLOOR.sub("", clause)
        near = re.split(r"[,，]", clause)[-1]
        said = near if _WAGE_WORDS.search(near) else clause
        if not _WAGE_WORDS.search(said) or _NO_WAGE.search(said.rsplit("工资", 1)[-1]) or re.search("最低", said):
            continue
        if _BY_DAY.search(said) or _PER_DAY.match(text, amount.end):
            continue
        if bool(PROBATION.search(said)) is probation and amount.value >= 100:
            return flow.found(amount)
    if probation:
        return None
    own = [slot for slot in slots if not is_probation(text, slot.label_end) and not _BY_DAY.search(slot.text)]
    read = f.take(flow, own, "wage", _plain_wage)
    if read is not None and read.state == "read":
        return read
    return f.first_match(flow, _BARE_WAGE, _plain_wage) or read


def _clause(text: str) -> str:
    """The last clause of a text, with the article's heading where that is all that stands before: 3、工资。每月…"""
    *others, last = re.split(r"[。.;；]", text)
    heading = others[-1] if others else ""
    return heading + last if _WAGE_HEADING.fullmatch(heading) else last


def _of_form_row(flow: Flow, at: int) -> str:
    """The words before `at` in its row, if that is a form's: a short label cell and what is filled in beside it."""
    start, _ = flow.row_at(at)
    label, tab, said = flow.text[start:at].rpartition("\t")
    return "".join((label + said).split()) if tab and len("".join(label.split())) <= _LABEL_CELL else ""


def _plain_wage(text: str) -> Found[object] | None:
    found = f.money(re.split(r"[,;]", text)[0])
    return Found(found.value, found.start, found.end, found.repaired) if found and found.value >= 100 else None


def _sign_date(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    """The date behind 签订日期; else the last date of the document, below the sign block."""
    read = f.take(flow, [slot for slot in slots if not slot.empty], "signed", find_date)
    if read is not None and read.state == "read":
        return read
    dates = find_dates(flow.text)
    last = max((match.start() for match in re.finditer(r"签\s*字|盖\s*章|签\s*章|签\s*名", flow.text)), default=None)
    starts = {found.start for found in find_periods(flow.text)}
    if dates and dates[-1].start not in starts:
        below = last is not None and dates[-1].start > last - 40
        signed = f.last_whole(dates)
        if signed is not None and (below or dates[-1].start > 0.85 * len(flow.text)):
            return flow.found(signed)
    return read




LABOUR_CONTRACT = DocumentType(
    type=DocType.LABOUR_CONTRACT,
    titles=patterns(
        r"(?:(?:全日制|非全日制|固定期限|简易|企业|职工|临时|建筑业|制造业|餐饮业|采掘业)*)劳动合同书?(?:\(.{1,12}\))?",
        r".{0,14}(?:公司|厂|店)(?:全日制|简易)?劳动合同书?", r"(?:职工|员工|人员)?聘用合同书?",
        r"(?:用工|劳务|雇佣|雇用|务工|聘用|临时用工)(?:合同|协议)书?",
        r"实习(?:协议|合同)书?", r"简易劳动合同书?", r".{0,10}劳动(?:用工)?合同(?:范本|文本)?(?:\(.{1,10}\))?",
    ),
    cues=cues(**{
        r"甲方\(?(用人单位|单位)|乙方\(?(劳动者|职工|员工|受聘)": 2.5,
        r"劳动者|用人单位": 1.0,
        r"(本|劳动)合同(期限|于|的?(解除|终止|变更|续订))|固定期限|试用期": 2.0,
        r"劳动(报酬|保护|条件|纪律|争议)|社会保险|工作时间|休息休假|标准工时|综合计算工时|不定时工作": 1.6,
        r"(月|岗位|基本|计件)工资.{0,12}元|工资(标准|支付|为)": 0.8,
        r"经济补偿|解除(本|劳动)?合同|劳动合同法|劳动法|规章制度": 1.6,
        r"^第[一二三四五六七八九十]+条": 0.6,
        r"甲方|乙方": 0.8,
        r"本(合同|协议)(一式|自|经|未尽)": 0.8,
        r"甲方[::]?\(?(盖章|公章|签章)|用人单位\(?盖章": 1.0,
        r"乙方[::]?\(?(签字|签名|捺印)|劳动者\(?签": 1.8,
        r"出租|承租|租金|租赁|房屋": -3.0,
        r"订单|定单|学员名单|委托培训": -2.5,
        r"选择题|判断题|准考证|得分": -3.0,
        r"补贴资金|开班": -1.5,
    }),
    extract=extract,
)
