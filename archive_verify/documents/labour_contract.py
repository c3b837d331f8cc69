"""劳动合同: the parties, the chosen term, wage and work, and who sealed and signed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_verify.documents import fields as f
from archive_verify.documents.kind import DocumentType, cues, pages_of, patterns
from archive_verify.documents.parties import Party, find_parties
from archive_verify.layout import Flow, Slot, find_slots, flow_of, slots_of
from archive_verify.model import DocType, Document, Page, Reading, Span
from archive_verify.values import (
    Found,
    Period,
    find_amounts,
    find_date,
    find_dates,
    find_periods,
    find_term,
    has_surname,
    person_name,
)

_EMPLOYER = (
    "甲方", "用人单位(?:名称|全称)?", "甲方[ \t]*\\(?用人单位\\)?[ \t]*名称", "甲方名称",
    "单位(?:名称|全称)", "聘用单位",
    "(?:用工|聘用|招用|雇用)(?:单位|方)(?:名称)?", "雇主", "企业名称", "公司名称",
)
_EMPLOYEE = (
    "乙方", "劳动者(?:姓名)?", "乙方[ \t]*\\(?劳动者\\)?[ \t]*姓名", "乙方姓名", "姓名",
    "受聘(?:人|方|人员)", "(?:员工|职工)姓名",
    "受雇(?:人|方)", "聘用人员", "雇员",
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

_SELECTOR = re.compile(
    r"(?:下列|以下|下述|按照?|选择|采[用取]|执行)[^\n。.]{0,12}?第?[ \t_(]*(?P<n>[1-3一二三①②③ABCabc壹贰叁])[ \t_)]*"
    r"(?:种|项|款|类)"
)
_TICKED = re.compile(r"[√☑■✓✔◆●][ \t]*(?:[(]?[1-3一二三ABC][)]?[.,、:]?)?[ \t]*(?P<w>无[ \t]*固定|固定|以完成)")
_TERM_BLANK = re.compile(
    r"(?:自|从)(?P<start>[^自从\n]{0,24}?)[ \t]*日?[ \t]*起?[ \t,]*(?:至|到)"
    r"(?P<end>[^\n至到]{0,24}?)[ \t]*(?:日[ \t]*)?止"
)
_LENGTH = re.compile(r"(?:合同|聘用|用工|劳动)?期[ \t]*限?[ \t]*(?:为|共|是|:|定为)[ \t_]*(?P<v>[^,.;\n]{1,12})")
_WAGE_WORDS = re.compile(r"工资|薪|报酬")
_NO_WAGE = re.compile(r"加班|最低|保证金|违约|赔偿|补助|补贴|津贴|奖金|绩效|罚|押金|餐|房补|经济补偿|计件|单价|每件")
_PROBATION = re.compile(r"试\s*用")
_PROSE_POSITION = patterns(
    r"(?:从事|担任|安排(?:乙方)?(?:在|到)|聘用(?:乙方)?为|岗位(?:为|是))[ \t_:]*"
    r"(?P<v>[^\s,.;:_()]{2,12}?)[ \t_]*(?:岗位|工作|职务|工种|一职|[(,.;])",
)
_OTHER_NATURE = {"劳务": "service", "雇佣": "service", "实习": "internship", "见习": "internship",
                 "非全日制": "part_time", "承揽": "service"}

_PARTIES = (
    Party("employer", ("甲方", "用人单位", "聘用单位", "用工单位", "单位", "聘用方", "用工方", "雇主"), "seal"),
    Party("employee", ("乙方", "劳动者", "受聘人", "受聘方", "员工", "职工", "本人", "受雇人", "聘用人员"),
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
    slots = find_slots(flow, labels, f.OTHER_LABELS)
    employee = f.take(flow, slots, "employee", f.name_at_start)
    fields = f.keep(
        employer=_employer(flow, slots),
        employee=employee,
        id_number=_id_number(flow, slots),
        credit_code=f.take(flow, slots, "code", f.find_code),
        legal_representative=f.take(flow, slots, "legal", f.name_at_start),
        phone=_employee_phone(flow, slots),
        address=f.take(flow, slots, "address", f.words),
        wage=_wage(flow, slots, probation=False),
        probation_wage=_wage(flow, slots, probation=True),
        position_title=_position(flow, slots),
        sign_date=_sign_date(flow, slots),
        contract_nature=_nature(flow, span),
    )
    fields |= _term(flow, slots)
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
            return flow.found(found, slot.start)
    return f.take_from(flow, own, f.unit_name)


def _id_number(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    read = f.take(flow, slots, "id", f.find_id)
    if read is not None and read.state == "read":
        return read
    found = f.find_id(flow.text)
    return flow.found(found) if found is not None else read


def _employee_phone(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    """The phone behind the employee's own lines, not the employer's."""
    employees = [slot for slot in slots if slot.name in ("employee", "id")]
    employers = [slot for slot in slots if slot.name in ("employer", "legal", "code")]
    own = []
    for slot in slots_of(slots, "phone"):
        before = [one.label_start for one in employees if one.label_start < slot.label_start]
        others = [one.label_start for one in employers if one.label_start < slot.label_start]
        if before and max(before) > max(others, default=-1):
            own.append(slot)
    return f.take_from(flow, own, f.phone)


def _position(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    """The job: a short text behind its label, else what a sentence says the employee works as."""
    short = [slot for slot in slots if slot.name != "position" or len(slot.text) <= 12]
    read = f.take(flow, short, "position", f.words)
    if read is not None and read.state == "read":
        return read
    return f.first_match(flow, _PROSE_POSITION, f.words) or read


def _nature(flow: Flow, span: Span) -> Reading | None:
    """service, internship or part_time, where the title says that it is no ordinary labour contract."""
    head = span.title or flow.text[:60]
    squeezed = "".join(head.split())
    for word, nature in _OTHER_NATURE.items():
        if word in squeezed and "劳动合同" not in squeezed.replace("非全日制", ""):
            return flow.reading(0, min(len(flow.text), 30), nature)
    return None


# --- the term -------------------------------------------------------------------------------------


def _term(flow: Flow, slots: Sequence[Slot]) -> dict[str, Reading]:
    """contract_start, contract_end, contract_months and contract_kind of the chosen option."""
    text = flow.text.replace("\n", " ")
    kind = _chosen(text)
    periods = [found for found in find_periods(text) if not _is_probation(text, found.start)]
    best = max(periods, key=lambda found: _period_worth(text, found), default=None)
    fields: dict[str, Reading] = {}
    months = _months(flow, slots, text)
    if months is not None:
        fields["contract_months"] = months
    if best is not None and _period_worth(text, best) > 0:
        start, end = best.value.start, best.value.end
        fields["contract_start"] = flow.reading(*_first_half(text, best), start, best.repaired)
        if end is not None and (kind is None or kind.value != "open"):
            fields["contract_end"] = flow.reading(*_second_half(text, best), end, best.repaired)
        elif end is None and (kind is None or kind.value == "fixed"):
            blanks = _term_blanks(flow, text, kind)
            if "contract_end" in blanks and blanks["contract_start"].value == start:
                fields["contract_end"] = blanks["contract_end"]
            elif kind is None and months is None:
                kind = Found("open", best.start, best.end)
    else:
        fields |= f.keep(
            contract_start=f.take(flow, slots, "start", find_date),
            contract_end=f.take(flow, slots, "end", find_date),
        )
        if not any(reading.state == "read" for reading in fields.values() if reading is not months):
            fields |= _term_blanks(flow, text, kind)
    if kind is not None:
        fields["contract_kind"] = flow.found(kind)
    else:
        stated = [fields[name] for name in ("contract_end", "contract_months") if name in fields]
        for one in [one for one in stated if one.state == "read"][:1]:
            fields["contract_kind"] = one.model_copy(update={"value": "fixed"})
    return fields


def _chosen(text: str) -> Found[str] | None:
    """The option that the selector number or a tick chooses: fixed, open or task."""
    ticked = _TICKED.search(text)
    if ticked:
        word = "".join(ticked["w"].split())
        kind = "open" if word.startswith("无") else "fixed" if word == "固定" else "task"
        return Found(kind, ticked.start(), ticked.end())
    for match in _SELECTOR.finditer(text):
        around = text[max(0, match.start() - 60) : match.end() + 60]
        said = text[match.start() : match.end() + 12]
        if not re.search(r"期\s*限", around) or re.search(r"工时|工作制|工资|报酬", said):
            continue
        number = next(i for i, same in enumerate(("1一①Aa壹", "2二②Bb贰", "3三③Cc叁")) if match["n"] in same)
        options = _options(text[match.end() : match.end() + 600])
        if number < len(options):
            return Found(options[number], match.start(), match.end())
    return None


def _options(text: str) -> list[str]:
    """The kinds of term in the order in which the form prints them."""
    at = {
        "open": re.search(r"无[ \t]*固[ \t]*定", text),
        "fixed": re.search(r"(?<!无)(?<!无 )固[ \t]*定[ \t]*期", text),
        "task": re.search(r"完成.{0,10}任务", text),
    }
    return [kind for _, kind in sorted((match.start(), kind) for kind, match in at.items() if match)]


def _is_probation(text: str, at: int) -> bool:
    return bool(_PROBATION.search(f.clause_before(text, at)))


def _period_worth(text: str, found: Found[Period]) -> float:
    """How likely a stretch of time is the contract's term."""
    before = "".join(text[max(0, found.start - 50) : found.start].split())
    worth = 1.0
    worth += 2.0 * bool(re.search(r"期限|固定期|聘期|合同期|起止", before))
    worth += 1.0 * bool(re.search(r"(?:自|从)[_:]*$", before))
    worth += 1.0 * (found.value.end is not None)
    worth -= 3.0 * bool(re.search(r"培训|服务期|竞业|保密|试用|工作时间|社保|租", before[-16:]))
    # hours of the day or months of a payroll are no term
    worth -= 2.0 * (found.value.end is not None and (found.value.end - found.value.start).days < 25)
    worth -= 0.5 * found.value.by_month
    return worth


def _first_half(text: str, found: Found[Period]) -> tuple[int, int]:
    date = find_date(text[found.start : found.end])
    return (found.start, found.start + date.end) if date else (found.start, found.end)


def _second_half(text: str, found: Found[Period]) -> tuple[int, int]:
    dates = find_dates(text[found.start : found.end])
    if len(dates) > 1:
        return found.start + dates[-1].start, found.start + dates[-1].end
    return found.start + (dates[0].end if dates else 0), found.end


def _months(flow: Flow, slots: Sequence[Slot], text: str) -> Reading | None:
    """A term given as a length: "合同期限：壹年", "期限为12个月"."""
    for slot in slots_of(slots, "term"):
        found = find_term(slot.text)
        if found is not None and isinstance(found.value, int) and not _is_probation(text, slot.start + found.start):
            return flow.found(found, slot.start)
    for match in _LENGTH.finditer(text):
        found = find_term(match["v"])
        if found is not None and isinstance(found.value, int) and not _is_probation(text, match.start("v")):
            return flow.found(found, match.start("v"))
    return None


def _term_blanks(flow: Flow, text: str, kind: Found[str] | None) -> dict[str, Reading]:
    """The blanks of "自…起至…止" that hold no date that could be read."""
    for match in _TERM_BLANK.finditer(text):
        if _is_probation(text, match.start()) or re.search("解除|终止|条件|法定|完成|任务", match["end"]):
            continue
        out: dict[str, Reading] = {}
        for name, group in (("contract_start", "start"), ("contract_end", "end")):
            part = match[group]
            found = find_date(part + "日")
            where = match.start(group), match.end(group)
            if found is not None:
                out[name] = flow.reading(*where, found.value, found.repaired)
                continue
            filled = bool(re.search(r"[^\s_年月日./\-:]", part))
            out[name] = flow.reading(*where, None).model_copy(update={"state": "unread" if filled else "blank"})
        if kind is not None and kind.value == "open":
            out.pop("contract_end", None)
        return out
    return {}


# --- wage and date --------------------------------------------------------------------------------


def _wage(flow: Flow, slots: Sequence[Slot], *, probation: bool) -> Reading | None:
    """The wage of a month: an amount whose sentence speaks of wages."""
    text = flow.text.replace("\n", " ")
    for amount in find_amounts(text):
        clause = "".join(text[max(0, amount.start - 45) : amount.start].split())
        clause = re.split(r"[。.;；]", clause)[-1]
        near = re.split(r"[,，]", clause)[-1]
        said = near if _WAGE_WORDS.search(near) else clause
        if not _WAGE_WORDS.search(said) or _NO_WAGE.search(said.rsplit("工资", 1)[-1]) or re.search("最低", said):
            continue
        if bool(_PROBATION.search(said)) is probation and amount.value >= 100:
            return flow.found(amount)
    if probation:
        return None
    return f.take(flow, [slot for slot in slots if not _is_probation(text, slot.label_end)],
        "wage", _plain_wage)


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
        if below or dates[-1].start > 0.85 * len(flow.text):
            return flow.found(dates[-1])
    return read


def _is_person(text: str) -> bool:
    found = person_name(text)
    return found is not None and has_surname(found.value)


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
        r"甲方\(?(盖章|公章|签章)|用人单位\(?盖章": 0.6,
        r"乙方\(?(签字|签名|捺印)|劳动者\(?签": 1.0,
        r"出租|承租|租金|租赁|房屋": -3.0,
        r"订单|定单|学员名单|委托培训": -2.5,
        r"选择题|判断题|准考证|得分": -3.0,
        r"补贴资金|开班": -1.5,
    }),
    extract=extract,
)
