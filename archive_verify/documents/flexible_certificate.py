"""灵活就业证明: for one person in prose or as a form, or for several as a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from archive_verify.documents import fields as f
from archive_verify.documents.kind import DocumentType, cues, pages_of, patterns
from archive_verify.documents.parties import Findings, find_parties
from archive_verify.documents.people import Column, People, cell_id, cell_name, cell_phone, read_people
from archive_verify.documents.sign_places import Party
from archive_verify.layout import Flow, Slot, find_slots, flow_of, ink_in, loose_ink, slots_of, written_in
from archive_verify.model import Box, DocType, Document, Mark, MarkShape, Page, Reading, Row, Span
from archive_verify.values import (
    Found,
    Period,
    cell_money,
    find_amounts,
    find_date,
    find_dates,
    find_money_range,
    find_month,
    find_period,
    find_periods,
    find_phones,
    has_surname,
    person_name,
)

_OWN_PHONE = (
    "本人(?:联系)?(?:电话|手机)(?:号码)?", "(?:从业|就业|务工|被证明)(?:人员?|者)(?:联系)?电话",
    "本人联系方式", "(?:学员|员工|职工)(?:联系)?电话",
    "(?:学员|员工|职工|个人)联系方式",
)
# one blank for the head's name and phone
_HEAD_AND_PHONE = (
    "(?:单位)?(?:法定代表人|法人代表|法人|负责人|经营者)(?:姓名)?[及和与/,](?:联系)?(?:电话|手机|方式)"
)
_LEGAL_PHONE = (
    "(?:法定代表人|法人代表|法人|负责人|经营者|单位负责人|业主|店主|雇主|老板)(?:\\((?:负责人|经营者)\\))?(?:的)?(?:联系)?(?:电话|手机|方式|联系方式)(?:号码)?",
    "(?:单位|企业|店铺|公司|用人单位|用工单位)(?:联系)?(?:电话|联系方式)", "证明人(?:联系)?电话",
    _HEAD_AND_PHONE,
)
_LEGAL = (
    "(?:法定代表人|法人|负责人|经营者)姓名",
    "法定代表人(?:\\(?(?:负责人|经营者)\\)?)?(?:签[字名章])?", "法人(?:代表)?(?:签[字名章])?",
    "(?:单位)?负责人(?:签[字名章])?",
    "经营者(?:签[字名章])?", "业主", "雇主", "店主", "主要负责人",
)
_EMPLOYER = (
    "(?:用人|用工|就业|工作|从业|务工|证明|出具|所在|聘用|合作|签约)?单位(?:名称|全称|\\(盖章\\)|\\(公章\\)|\\(店\\))?",
    "单位\\(?(?:盖章|公章)\\)?",
    "证明单位", "(?:企业|公司)(?:名称)?", "店铺名称", "出具证明单位",
)
_EMPLOYEE = ("(?:学员|员工|职工|从业人员|务工人员|就业人员|本人)?姓名", "被证明人", "就业人员", "从业人员", "务工人员")
_SINCE = (
    "(?:灵活)?(?:就业|从业|务工|工作|上岗|入职|用工)(?:起止|开始|起始)?(?:时间|日期|年月|期限|期间)",
    "(?:就业|从业|务工|工作|用工)(?:起止|开始|起始)", "起止(?:时间|日期|年月)", "入职时间",
    "(?:从)?何时(?:开始|起|就业|从业|务工|工作|上岗|入职)*", "(?:开始|起始)(?:时间|日期|年月)",
)
_INCOME = (
    "(?:月|平均月|月平均|每月)?(?:工资|劳动|平均)?(?:收入|薪酬|工资|报酬|薪资)(?:情况|水平|标准|金额)?"
    "(?:\\(.{0,6}元.{0,4}\\))?", "月薪",
)
_JOB = ("(?:从事|工作|就业|务工)?(?:岗位|工种|工作内容|职业|工作)", "从事(?:工作|行业)")

_NAME_IN_PROSE = patterns(
    r"(?:兹\s*证\s*明|兹\s*有|今\s*有|特\s*证\s*明|证\s*明\s*[:;])[\s:_]*(?:我(?:单位|店|公司|厂|村|社区))?\s*"
    r"(?:的?\s*(?:职工|员工|村民|居民|学员|店员))?[\s:_]*"
    r"(?P<v>[㐀-鿿](?:[ ]?[·.]?[ ]?[㐀-鿿]){1,5}?)[\s_]*(?=[,.;(]|\(|男|女|系|同志|身份|性别|\d|自|于|在|先生|女士|现)",
    r"(?:本\s*人|我)[\s:_,]*(?:叫|是|姓名)?[\s:_]*"
    r"(?P<v>[㐀-鿿](?:[ ]?[·.]?[ ]?[㐀-鿿]){1,3}?)[\s_]*(?=[,.;(]|男|女|身份|性别|现|自|于)",
    r"(?:^|\s)[\s_]*(?P<v>[㐀-鿿]{2,4})[\s_]*[,(][\s_]*(?:男|女|性别|身份证)",
)
_HEAD_IN_BRACKETS = patterns(
    r"(?:法定代表人|法人(?:代表)?|负责人|经营者|业主|店主)[ ]*\([ ]*(?P<v>[㐀-鿿](?:[ ]?[·.]?[ ]?[㐀-鿿]){1,3}?)[ ]*\)",
)
_UNIT_IN_PROSE = patterns(
    r"(?:在|受聘于|就职于|被)\s*(?:(?:我|本|下列|以下)(?:单位|店|公司|厂|合作社|社))?\s*[(]?\s*"
    r"(?P<v>[^\s,.;:]{2,30}?(?:公司|厂|店|中心|合作社|商行|超市|部|馆|坊|铺|行|站|场|房|屋|园|吧|所|院|社))\s*"
    r"[)]?(?:\s*[,]?\s*(?:从事|工作|务工|上班|担任|就业|打工|灵活))",
)
_JOB_IN_PROSE = patterns(
    r"(?:从事|担任|现任)[\s:_]*(?P<v>[^\s,.;:_()]{2,12}?)[\s_]*(?:岗位|工作|职务|工种|一职|等|[(,.;])",
)
_COMMITTEE = re.compile(r"村(?:民)?委(?:员)?会|居(?:民)?委(?:员)?会|社区")
_OWN_WORDS = re.compile(r"本人|就业人员|从业人员|务工人员|姓名|员工|职工|身份证")
_LEGAL_WORDS = re.compile(
    r"法定|法人|负责人|经营者|业主|店主|雇主|老板|(?:用人|用工|就业|工作)?单位(?:名称)?\s*:|单位(?:联系)?电话"
)

_COLUMNS = {
    "id_number": Column(re.compile(r"身份证|证件号|身份号"), cell_id),
    "phone": Column(re.compile(r"^(?!.*(?:法人|负责人|单位|法定)).*(?:电话|手机|联系方式)"), cell_phone),
    "income": Column(re.compile(r"收入|工资|薪|报酬"), cell_money),
    "period": Column(re.compile(r"时间|期间|起止|年月|日期|期限"), lambda text: period_value(text)),
    "position_title": Column(re.compile(r"岗位|工种|工作内容|从事"), f.words),
    "signature": Column(re.compile(r"签字|签名|签章|手印|按印|本人确认"), cell_name),
}
_PARTIES = (
    Party("employee", ("本人", "从业人员", "务工人员", "就业人员", "被证明人", "申请人", "劳动者", "学员",
        "声明人", "承诺人", "说明人", "务工者", "员工", "职工"), "signature"),
    Party("issuer", ("单位", "用人单位", "证明单位", "就业单位", "用工单位", "出具单位", "工作单位", "企业",
        "单位意见", "所在单位", "公章", "盖章处?"), "seal"),
)


_FINGERPRINT = 6.0      # red ink in a signature cell, in cells of the ink map (1.5 mm), from which it is a print
_TRACE = 0.5            # from which the cell is not empty
# Dark ink in the cell of a copy without colour from which it is not empty: a grey print is paler than ink but
# for a few of its ridges, while cells that nobody signed hold nothing at all.
_GREY_TRACE = 0.1
_PARTS = ("phone", "legal_representative_phone", "period", "income")
# fully inked cells beside a seal, see `loose_ink`: specks come to 1, half a line of print to 6
_LOST_TEXT = 3.0


def _iso(period: Period) -> str:
    """An open end ("至今") adds nothing to the start."""
    return period.iso().removesuffix("/..")


def period_value(text: str) -> Found[str] | None:
    """The time of employment as "START/END", or its start alone where it goes on."""
    stretch = find_period(text)
    if stretch is not None:
        return Found(_iso(stretch.value), stretch.start, stretch.end, stretch.repaired)
    day = find_date(text)
    if day is not None:
        return Found(day.value.isoformat(), day.start, day.end, day.repaired)
    return find_month(text)


def extract(span: Span, pages: Sequence[Page]) -> Document:
    """Read one certificate, a list certificate with a row per person."""
    own = pages_of(span, pages)
    people = read_people(own, _COLUMNS)
    rows = people.rows if len(people.rows) >= 1 and _is_list(people) else ()
    flow = flow_of(own)
    labels = {
        "own_phone": _OWN_PHONE, "legal_phone": _LEGAL_PHONE, "legal": _LEGAL, "employer": _EMPLOYER,
        "employee": _EMPLOYEE, "since": _SINCE, "income": _INCOME, "job": _JOB, "id": f.ID_LABELS,
        "phone": f.PHONE_LABELS, "code": f.CODE_LABELS,
    }
    slots = find_slots(flow, labels, (*f.OTHER_LABELS, *f.ADDRESS_LABELS, "日期", "特此证明"))
    head = {} if rows else {
        "employee": f.first_match(flow, _NAME_IN_PROSE, _name) or f.take(flow, slots,
            "employee", f.name_at_start) or f.name_before_id(flow),
        "id_number": _any(flow, f.take(flow, slots, "id", f.find_id), f.find_id(flow.text.replace("\n", " "))),
    }
    own_phone, legal_phone = _phones(flow, slots)
    fields = f.keep(
        employer=_issuer(flow, slots),
        legal_representative=_head(flow, slots),
        legal_representative_phone=legal_phone,
        phone=None if rows and "phone" in rows[0] else own_phone,
        period=None if rows and "period" in rows[0] else _period(flow, slots),
        income=None if rows and "income" in rows[0] else _income(flow, slots),
        credit_code=f.take(flow, slots, "code", f.find_code),
        position_title=_job(flow, slots),
        sign_date=_last_date(flow), **head,
    )
    lost = _swallowed(own)
    if lost is not None:
        in_rows = rows[0] if rows else {}
        fields |= {name: lost for name in _PARTS if name not in fields and name not in in_rows}
    findings = find_parties(flow, _PARTIES)
    _use_any_seal(own, findings)
    if rows:
        rows = tuple(_with_signature(row, own) for row in rows)
        findings.missing = [one for one in findings.missing if one != ("signature", "employee")]
        findings.unsure = [one for one in findings.unsure if one != ("signature", "employee")]
    return Document(
        id=span.id, type=span.type, pages=span.pages, title=span.title, confidence=span.confidence, fields=fields,
        rows=rows, unread_rows=people.unread_rows if rows else 0, marks=tuple(findings.marks),
        missing_marks=tuple(findings.missing), unsure_marks=tuple(findings.unsure),
    )


def _swallowed(pages: Sequence[Page]) -> Reading | None:
    """An unread value where a seal kept a line beside it from being read: dark ink that nothing explains."""
    for page in pages:
        reading = page.reading
        known = [line.box for line in reading.lines] + [ruling.box for ruling in reading.rulings]
        known += [mark.box for mark in reading.marks]
        for mark in reading.marks:
            if mark.shape is not MarkShape.ROUND_SEAL:
                continue
            seal = mark.box
            around = Box(max(0.02, seal.x0 - 0.2), seal.y0, min(0.98, seal.x1 + 0.2), seal.y1)
            rim = Box(seal.x0 - 0.01, seal.y0 - 0.01, seal.x1 + 0.01, seal.y1 + 0.01)
            ink = loose_ink(reading.ink, around, [*known, rim])
            if ink is not None and ink > _LOST_TEXT:
                return Reading(page=page.index, box=around, confidence=0.0, state="unread")
    return None


def _is_list(people: People) -> bool:
    """A list has a row of headings; a form for one person has a label cell 姓名 with one value."""
    return any("id_number" in row for row in people.rows) and any(
        table.rows and sum(len(title) > 1 for title in table.header) >= 3 for table in people.tables
    )


def _name(text: str) -> Found[str] | None:
    return f.likely_name(f.name_at_start(text))


def _job(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    read = f.take(flow, [slot for slot in slots if len(slot.text) <= 12], "job", f.words)
    if read is not None and read.state == "read":
        return read
    return f.first_match(flow, _JOB_IN_PROSE, f.words) or read


def _any(flow: Flow, labelled: Reading | None, anywhere: Found[str] | None) -> Reading | None:
    if (labelled is None or labelled.state != "read") and anywhere is not None:
        return flow.found(anywhere)
    return labelled or f.id_unread(flow)


def _phones(flow: Flow, slots: Sequence[Slot]) -> tuple[Reading | None, Reading | None]:
    """The trainee's and the legal representative's: by their labels, else by whom the text before names."""
    own = f.take(flow, slots, "own_phone", f.phone)
    loose = slots_of(slots, "phone")
    rows = [flow.text[flow.row_at(slot.label_start)[0] : slot.label_start] for slot in loose]
    beside = [slot for slot, row in zip(loose, rows, strict=True) if _owner(row) == "legal"]
    legal = _beside_name(flow, f.take(flow, slots, "legal_phone", f.phone) or f.take_from(flow, beside, f.phone))
    # by their places: the trainee may have given the head's number as well
    taken = [(one.page, one.box) for one in (own, legal) if one is not None and one.state == "read"]
    text = flow.text.replace("\n", " ")
    for found in find_phones(text):
        reading = flow.found(found)
        known = any(page == reading.page and box.overlap(reading.box) > 0 for page, box in taken)
        if known or re.search(r"身\s*份\s*证?[^\d]{0,8}$", text[: found.start]):
            continue
        owner = _owner(text[max(0, found.start - 90) : found.start])
        if owner == "own" and (own is None or own.state != "read") and not _labelled_blank(own):
            own = reading
        elif owner == "legal" and (legal is None or legal.state != "read") and not _labelled_blank(legal):
            legal = reading
    if own is None and legal is None and loose:
        own = f.take_from(flow, loose, f.phone)
    return own, legal


def _beside_name(flow: Flow, reading: Reading | None) -> Reading | None:
    """A phone that was not read in a blank for name and phone; left empty where nothing stands behind the name."""
    if reading is None or reading.state != "unread" or person_name(reading.text) is None:
        return reading
    name = reading.box
    rest = Box(name.x1 + 0.01, name.y0, min(name.x1 + 0.25, 0.95), name.y1)
    written = written_in(flow.pages[reading.page].reading.ink, rest)
    return reading.model_copy(update={"state": "blank"}) if written is False else reading


def _owner(before: str) -> str:
    """Whose phone it is that stands behind this text: that of whom the text named last."""
    whose = [(match.start(), "own") for match in _OWN_WORDS.finditer(before)]
    whose += [(match.start(), "legal") for match in _LEGAL_WORDS.finditer(before)]
    return max(whose, default=(0, "own"))[1]


def _labelled_blank(reading: Reading | None) -> bool:
    return reading is not None and reading.state == "blank"


def _head(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    """The head of the unit behind a label; else in brackets behind one: "负责人（王刚）电话"."""
    labelled = f.take(flow, slots, "legal", f.name_at_start)
    if labelled is not None and labelled.state == "read":
        return labelled
    named = f.first_match(flow, _HEAD_IN_BRACKETS, _name)
    return named if named is not None and has_surname(str(named.value)) else labelled


def _issuer(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    own = slots_of(slots, "employer")
    for slot in own:
        found = f.sure_unit(slot.text)
        if found is not None:
            return flow.found(found, slot.start)
    prose = f.first_match(flow, _UNIT_IN_PROSE, f.sure_unit)
    if prose is not None:
        return prose
    # a line of its own above the date: the issuer's name without a label
    for offset, row in reversed(list(flow.rows())):
        for part in re.finditer(r"[^\t]+", row):
            found = f.sure_unit(part[0])
            whole = found is not None and len(found.value) >= len("".join(part[0].split())) - 6
            if found is not None and whole and not _is_title(part[0]):
                return flow.found(found, offset + part.start())
    # the label alone is no field that was left empty: the issuer may be named in the seal only
    return None


def _is_title(text: str) -> bool:
    return bool(re.search(r"证明|特此|如有|负责|:", text))


def _period(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    read = f.take(flow, slots, "since", period_value)
    if read is not None and read.state == "read":
        return read
    text = flow.text.replace("\n", " ")
    for stretch in find_periods(text):
        return flow.reading(stretch.start, stretch.end, _iso(stretch.value), stretch.repaired)
    match = re.search(r"(?:自|从|于)\s*(?P<v>[^,.;]{4,18}?)\s*(?:起|开始|至|到|在|进入|入职|以来)", text)
    match = match or _BEGAN.search(text)
    if match is not None:
        found = period_value(match["v"])
        if found is not None:
            return flow.found(found, match.start("v"))
        if read is None:
            filled = bool(re.search(r"[^\s_年月日./\-:]", match["v"]))
            blank = flow.reading(match.start("v"), match.end("v"), None)
            return blank.model_copy(update={"state": "unread" if filled else "blank"})
    return read


def _income(flow: Flow, slots: Sequence[Slot]) -> Reading | None:
    text = flow.text.replace("\n", " ")
    spread = find_money_range(text)
    amounts = find_amounts(text)
    if spread is not None:
        amounts = (Found(spread.value[0], spread.start, spread.end, spread.repaired), *amounts)
    for amount in amounts:
        before = "".join(text[max(0, amount.start - 25) : amount.start].split())
        if re.search(r"收入|工资|薪|报酬|每月", before):
            return flow.found(amount)
    return f.take(flow, slots, "income", f.money)


# "系我公司员工,2023年9月1日入职"
_BEGAN = re.compile(
    r"(?P<v>(?:19|20)\d\d[^,.;\n]{2,12}?)\s*(?:份\s*)?(?:起|开始|来我|到我|进入|入职|上岗|到岗|参加工作)"
)
_BEFORE_SINCE = re.compile(r"(?:自|从|于|时间|入职|期限|日期)[\s:_]*$")


def _last_date(flow: Flow) -> Reading | None:
    dates = find_dates(flow.text)
    periods = find_periods(flow.text)
    late = [
        found for found in dates
        if not any(one.start <= found.start < one.end for one in periods) and found.value > date(2000, 1, 1)
        and not _BEFORE_SINCE.search(flow.text[max(0, found.start - 10) : found.start])
    ]
    return flow.found(late[-1]) if late else None


def _use_any_seal(pages: Sequence[Page], findings: Findings) -> None:
    """A certificate has one issuer: a unit seal anywhere on it is the issuer's."""
    if any(mark.kind == "seal" and mark.party == "issuer" and not mark.personal for mark in findings.marks):
        return
    for page in pages:
        for mark in page.reading.marks:
            if mark.shape is MarkShape.ROUND_SEAL:
                findings.marks.append(Mark(
                    kind="seal", party="issuer", page=page.index, box=mark.box, confidence=mark.confidence,
                    text=mark.text,
                ))
                findings.missing = [one for one in findings.missing if one != ("seal", "issuer")]
                findings.unsure = [one for one in findings.unsure if one != ("seal", "issuer")]
                return
    if ("seal", "issuer") in findings.unsure and all(page.reading.colour for page in pages) and pages:
        _settle(pages, findings)


def _settle(pages: Sequence[Page], findings: Findings) -> None:
    """On a coloured copy without any red at all there is no seal, wherever its place may be."""
    red = [ink_in(page.reading.ink, Box(0, 0.1, 1, 1), "red") for page in pages]
    if all(one is not None and one < 0.0003 for one in red):
        findings.unsure = [one for one in findings.unsure if one != ("seal", "issuer")]
        findings.missing.append(("seal", "issuer"))


def _with_signature(row: Row, pages: Sequence[Page]) -> Row:
    """A row's signature cell: any name, ink or fingerprint in it counts as signed."""
    cell = row.get("signature")
    if cell is None or cell.state == "read":
        return row
    own = [page for page in pages if page.index == cell.page]
    marks = [
        mark for page in own for mark in page.reading.marks
        if mark.shape is not MarkShape.ROUND_SEAL and mark.confidence >= 0.5
        and cell.box.x0 <= mark.box.centre[0] <= cell.box.x1 and cell.box.y0 <= mark.box.centre[1] <= cell.box.y1
    ]
    if marks or (cell.state == "unread" and cell.text):
        return {**row, "signature": cell.model_copy(update={"state": "read", "value": cell.text or "signed"})}
    red = max((_red_in(page, cell.box) for page in own), default=0.0)
    if red >= _FINGERPRINT:
        return {**row, "signature": cell.model_copy(update={"state": "read", "value": "signed"})}
    if cell.state == "blank" and (red >= _TRACE or any(_has_grey(page, cell.box) for page in own)):
        return {**row, "signature": cell.model_copy(update={"state": "unread"})}
    return row


def _has_grey(page: Page, box: Box) -> bool:
    """Whether a cell of a copy without colour holds more than its neighbours' lines."""
    reading = page.reading
    known = [line.box for line in reading.lines]
    return not reading.colour and (loose_ink(reading.ink, box, known) or 0.0) >= _GREY_TRACE


def _red_in(page: Page, box: Box) -> float:
    """Red ink of a cell that no unit seal explains, in cells of the ink map."""
    seals = [mark.box for mark in page.reading.marks if mark.shape is MarkShape.ROUND_SEAL]
    return loose_ink(page.reading.ink, box, seals, "red") or 0.0


FLEXIBLE_CERTIFICATE = DocumentType(
    type=DocType.FLEXIBLE_CERTIFICATE,
    titles=patterns(
        r"(?:灵活)?(?:就业|务工|从业|用工)(?:人员)?(?:就业)?(?:情况|收入)?证明(?:书|信|表)?",
        r"灵活就业(?:人员)?(?:就业)?(?:登记|情况|收入)?证明(?:书|信|材料|表)?(?:\(.{1,12}\))?",
        r"(?:临时)?(?:用工|务工|打工|工作|在岗|在职|收入|就业收入|工资收入)证明",
        r"灵活就业人员(?:名单|花名册|情况表|登记表)(?:及证明|\(证明\))?",
    ),
    cues=cues(**{
        r"兹(证明|有)|特此证明|证明如下|现证明": 2.4,
        r"(在|于)(我|本)?.{0,12}(单位|公司|店|厂|处|村|合作社).{0,14}(工作|务工|就业|从业|打工|上班)": 1.4,
        r"灵活就业|务工|从事": 1.2, r"月(均)?(收入|工资|薪)|收入(约|为|情况)|工资收入|日工资|劳动报酬": 1.4,
        r"(法人|法定代表人|负责人|经营者|业主|店主)(代表)?(签[字名]|\(?签章|联系|电话|手机)": 1.2,
        r"本人(联系)?(电话|签[字名]|手机)": 1.6,
        r"(单位|用人单位|出具单位|证明单位|用工单位)(\(?盖章|\(?公章|名称)": 0.9,
        r"就业(时间|起止|地点|岗位)|从业(时间|起止)": 0.9,
        r"甲方|乙方": -2.5, r"出租|承租|租金|租赁|坐落|面积|产权": -2.0, r"登记机关|经营范围|注册资本": -2.5,
        r"培训(目标|内容|课时)|开班": -1.5, r"证书编号|考核合格|准予": -2.0, r"应发|实发": -2.0,
        r"承诺(单位|人)|退还": -1.5, r"就业率|就业人数": -2.0,
    }),
    extract=extract,
)
