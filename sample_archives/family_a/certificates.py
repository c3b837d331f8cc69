"""Flexible-employment certificates: by the unit, by the person, as a form, as a list."""

from __future__ import annotations

from sample_archives.calendar_cn import written
from sample_archives.case import (
    FlexibleCertificate,
    FlexibleRow,
    SheetDrawing,
    Style,
)
from sample_archives.flow import Fill, Flow, Look, Segment
from sample_archives.tables import Cell, Column, Content, grid, table

from .common import pairs, personal_seal, seal, sign_as, sign_cell, signature, spaced


def flexible(form: FlexibleCertificate, style: Style) -> list[SheetDrawing]:
    if form.as_list:
        return _listed(form, style)
    return (_by_unit, _by_person, _table)[form.look % 3](form, style)


def _period(row: FlexibleRow, tight: bool = False) -> list[Segment]:
    """自2023年9月1日起至今, or nothing where the paper leaves the period out."""
    if row.since is None:
        return []
    since = Fill(written(row.since), "since", row.since.isoformat(), row.person, underline=not tight)
    if row.until is None:
        return ["自", since, "起至今"]
    return ["自", since, "起至", Fill(written(row.until), underline=not tight), "止"]


def _income(row: FlexibleRow) -> list[Segment]:
    if row.income is None:
        return []
    return [Fill(str(row.income), "income", f"{row.income}.00", row.person, least=14), "元"]


def _issuer(form: FlexibleCertificate) -> str:
    return form.issuer if form.issuer_in_text else ""


def _by_unit(form: FlexibleCertificate, style: Style) -> list[SheetDrawing]:
    """兹证明 ... 在我单位从事 ... : the unit certifies in prose."""
    look = Look(form, style, by_hand=0.5)
    flow = Flow(style, look, top=34, left=28, right=26)
    look.size = 14 if look.variant % 3 else 12
    look.leading = 2.0
    row = form.rows[0]
    flow.heading(form.title, 24, spread=5, gap=14)
    who: list[Segment] = [
        look.pick(("兹证明", "兹有", "今证明")),
        Fill(row.person.name, "employee", row.person.name, row.person, 24),
        f"（{row.person.gender}），身份证号码",
        Fill(row.person.id_number, "id_number", row.person.id_number, row.person),
        "，",
    ]
    period = _period(row)
    unit = look.pick(("我单位", "我店", "本单位"))
    named: list[Segment] = ["（", Fill(form.issuer, "employer", form.issuer), "）"]
    place: list[Segment] = [
        *period,
        f"在{unit}",
        *(named if form.issuer_in_text and look.variant % 2 else []),
        "从事",
        Fill(form.job, "position_title", form.job, row.person, 20),
        "工作",
    ]
    income = _income(row)
    tail: list[Segment] = [look.pick(("，月平均收入约", "，月工资", "，每月收入")), *income, "。"] if income else ["。"]
    flow.para(*who, *place, *tail)
    flow.para("特此证明。")
    flow.space(8)
    items: list[tuple[str, Fill]] = []
    if row.phone:
        items.append(("本人联系电话", Fill(row.phone, "phone", row.phone, row.person)))
    else:
        items.append(("本人联系电话", Fill("")) if look.variant % 2 else ("备    注", Fill("")))
    if form.legal_representative_phone:
        items.append(
            (
                f"{form.legal_title}（{form.legal_representative}）电话",
                Fill(form.legal_representative_phone, "legal_representative_phone", form.legal_representative_phone),
            )
        )
    elif look.variant % 2:
        items.append((f"{form.legal_title}联系电话", Fill("")))
    pairs(flow, items, indent=10)
    _sign_block(form, flow, row)
    return flow.drawings()


def _sign_block(form: FlexibleCertificate, flow: Flow, row: FlexibleRow) -> None:
    """Person, representative, unit and date at the foot, seal across the unit's line."""
    look = flow.look
    flow.need(66)
    flow.space(8)
    canvas, size = flow.canvas, look.size
    left, right = flow.left + 4, flow.left + flow.width * 0.46
    box = canvas.text(
        left,
        flow.y + 6,
        look.pick(("本人签字：", "证明人签名：", "劳动者（签字）："))
        if look.variant % 3 != 1
        else "本人签字（按手印）：",
        size,
        look.body,
    )
    sign_as(canvas, box[2] + 1, flow.y + 6, row.person.name, row.signed, "employee", 17)
    box = canvas.text(
        right, flow.y + 22, look.pick(("单位（盖章）：", "证明单位（盖章）：", "用人单位（公章）：")), size, look.body
    )
    if _issuer(form):
        text = form.issuer
        fitting = size
        while canvas.fill_width(text, fitting, look.pen) > flow.left + flow.width - right and fitting > 8:
            fitting -= 0.5
        drawn = canvas.fill(right, flow.y + 31, text, fitting, look.pen)
        canvas.field("employer", form.issuer, drawn)
    box = canvas.text(right, flow.y + 41, f"{form.legal_title}：", size, look.body)
    if look.variant % 2:
        signature(canvas, box[2] + 1, flow.y + 41, form.legal_representative, "issuer", 16)
    else:
        personal_seal(canvas, box[2] + 9, flow.y + 39, form.legal_representative, "issuer")
    drawn = canvas.fill(right + 12, flow.y + 52, spaced(form.issued_on, look), size, look.pen)
    canvas.field("sign_date", form.issued_on.isoformat(), drawn)
    if form.sealed:
        seal(canvas, right + 44, flow.y + 27, form.issuer, form.seal_number, "issuer")
    flow.y += 60


def _by_person(form: FlexibleCertificate, style: Style) -> list[SheetDrawing]:
    """本人 ... 灵活就业: the person declares, the unit adds its opinion and seal."""
    look = Look(form, style, by_hand=0.6)
    flow = Flow(style, look, top=32, left=28, right=26)
    look.size, look.leading = 13, 1.9
    row = form.rows[0]
    flow.heading(form.title, 22, spread=4, gap=10)
    flow.para(
        "本人",
        Fill(row.person.name, "employee", row.person.name, row.person, 22),
        f"，性别{row.person.gender}，身份证号",
        Fill(row.person.id_number, "id_number", row.person.id_number, row.person),
        "，家住",
        Fill(row.person.address),
        "。",
    )
    period = _period(row)
    unit: list[Segment] = [Fill(form.issuer, "employer", form.issuer)] if form.issuer_in_text else ["下列单位"]
    flow.para(
        "参加职业技能培训后，",
        *(period or ["现"]),
        "在",
        *unit,
        "灵活就业，从事",
        Fill(form.job, "position_title", form.job, row.person, 18),
        "工作",
        *(["，月收入约", *_income(row)] if row.income else []),
        "。",
    )
    flow.para("以上情况属实，如有虚假，本人愿承担相应责任。")
    flow.space(3)
    canvas, size = flow.canvas, look.size
    y = flow.y + 8
    box = canvas.text(flow.left + 10, y, "本人（签字）：", size, look.body)
    sign_as(canvas, box[2] + 2, y, row.person.name, row.signed, "employee", 17)
    if row.phone:
        box = canvas.text(flow.left + flow.width * 0.52, y, "联系电话：", size, look.body)
        drawn = canvas.fill(box[2] + 1, y, row.phone, size, look.pen)
        canvas.field("phone", row.phone, drawn, row.person)
    flow.y = y + 10
    top = flow.y
    flow.canvas.rect(flow.left, top, flow.left + flow.width, top + 78, 0.25)
    canvas.text(
        flow.left + 4, top + 9, look.pick(("用工单位意见：", "就业单位意见：", "用人单位证明：")), size, look.body
    )
    canvas.fill(
        flow.left + 14,
        top + 22,
        look.pick(("情况属实。", "以上情况属实，同意证明。", "该同志在我单位务工，情况属实。")),
        size,
        look.pen,
    )
    x = flow.left + flow.width * 0.36
    box = canvas.text(x, top + 42, f"{form.legal_title}（签字）：", size, look.body)
    signature(canvas, box[2] + 1, top + 42, form.legal_representative, "issuer", 16)
    if form.legal_representative_phone:
        box = canvas.text(x, top + 54, f"{form.legal_title}电话：", size, look.body)
        drawn = canvas.fill(box[2] + 1, top + 54, form.legal_representative_phone, size, look.pen)
        canvas.field("legal_representative_phone", form.legal_representative_phone, drawn)
    canvas.text(x, top + 66, "单位（盖章）", size, look.body)
    drawn = canvas.fill(x + 34, top + 74, written(form.issued_on), size, look.pen)
    canvas.field("sign_date", form.issued_on.isoformat(), drawn)
    if form.sealed:
        seal(canvas, x + 78, top + 56, form.issuer, form.seal_number, "issuer")
    flow.y = top + 80
    return flow.drawings()


def _table(form: FlexibleCertificate, style: Style) -> list[SheetDrawing]:
    """A ruled form."""
    look = Look(form, style, by_hand=0.5)
    flow = Flow(style, look, left=24, right=22, top=30)
    row = form.rows[0]
    who = row.person
    flow.heading(form.title, 22, spread=4, gap=7)

    def label(text: str) -> Cell:
        return Cell(text, label=True)

    since = Fill(written(row.since), "since", row.since.isoformat(), who) if row.since else Fill("")
    if row.since:
        until = written(row.until) if row.until else "今"
        since = Fill(f"{since.text}至{until}", since.name, since.value, who)
    income = Fill(f"{row.income}元", "income", f"{row.income}.00", who) if row.income else Fill("")
    phone = Fill(row.phone, "phone", row.phone, who) if row.phone else Fill("")
    boss = (
        Fill(form.legal_representative_phone, "legal_representative_phone", form.legal_representative_phone)
        if form.legal_representative_phone
        else Fill("")
    )
    unit = Fill(form.issuer, "employer", form.issuer) if form.issuer_in_text else Fill("")
    rows = [
        (13.0, [label("姓名"), Cell(Fill(who.name, "employee", who.name, who)), label("性别"), Cell(Fill(who.gender))]),
        (
            13.0,
            [
                label("身份证号"),
                Cell(Fill(who.id_number, "id_number", who.id_number, who)),
                label("本人联系\n电话"),
                Cell(phone),
            ],
        ),
        (13.0, [label("家庭住址"), Cell(Fill(who.address), 3)]),
        (13.0, [label("就业单位"), Cell(unit, 3)]),
        (
            13.0,
            [label("从事工作"), Cell(Fill(form.job, "position_title", form.job, who)), label("月收入"), Cell(income)],
        ),
        (13.0, [label("就业时间"), Cell(since, 3)]),
        (
            13.0,
            [
                label(form.legal_title),
                Cell(Fill(form.legal_representative, "legal_representative", form.legal_representative)),
                label(f"{form.legal_title}\n电话"),
                Cell(boss),
            ],
        ),
        (26.0, [label("本人签字"), Cell(sign_cell(who.name, row.signed, "employee", 17), 3)]),
        (54.0, [label("单位意见"), Cell(lambda canvas, box: _unit_opinion(form, flow, box), 3)]),
    ]
    grid(flow, (1.0, 2.1, 1.0, 1.6), rows, size=12)
    return flow.drawings()


def _unit_opinion(form: FlexibleCertificate, flow: Flow, box: tuple[float, float, float, float]) -> None:
    canvas, look = flow.canvas, flow.look
    canvas.fill(box[0] + 8, box[1] + 13, "以上情况属实，特此证明。", 13, look.pen)
    canvas.text(box[0] + 44, box[3] - 16, "（单位盖章）", 12, look.body)
    drawn = canvas.fill(box[0] + 62, box[3] - 6, written(form.issued_on), 12, look.pen)
    canvas.field("sign_date", form.issued_on.isoformat(), drawn)
    if form.sealed:
        seal(canvas, box[2] - 40, (box[1] + box[3]) / 2, form.issuer, form.seal_number, "issuer")


def _listed(form: FlexibleCertificate, style: Style) -> list[SheetDrawing]:
    """One certificate for several persons, as a list."""
    look = Look(form, style, by_hand=0.3)
    flow = Flow(style, look, landscape=form.look % 2 == 0, left=18, right=18, top=26)
    flow.heading(form.title, 21, spread=4, gap=7)
    named: list[Segment] = ["（", Fill(form.issuer, "employer", form.issuer, underline=False), "）"]
    flow.para(
        "兹证明下列人员在我单位",
        *(named if form.issuer_in_text else []),
        "灵活就业，具体情况如下：",
        size=12,
    )
    flow.space(2)
    columns = [
        Column("序号", 0.6),
        Column("姓名", 1.2),
        Column("身份证号码", 2.6),
        Column("从事工作", 1.5),
        Column("就业时间", 1.9),
        Column("月收入\n（元）", 1.0),
        Column("本人联系电话", 1.8),
        Column("本人签字", 1.5),
    ]
    rows: list[list[Content]] = []
    for i, row in enumerate(form.rows):
        who = row.person
        rows.append(
            [
                str(i + 1),
                Fill(who.name, "employee", who.name, who),
                Fill(who.id_number, "id_number", who.id_number, who),
                Fill(form.job, "position_title", form.job, who),
                Fill(
                    f"{written(row.since, 2)}至今"
                    if row.until is None
                    else f"{written(row.since, 2)}-{written(row.until, 2)}",
                    "since",
                    row.since.isoformat(),
                    who,
                )
                if row.since
                else "",
                Fill(str(row.income), "income", f"{row.income}.00", who) if row.income else "",
                Fill(row.phone, "phone", row.phone, who) if row.phone else "",
                sign_cell(who.name, row.signed, "employee", 14),
            ]
        )
    table(flow, columns, rows, size=10.5, row=13.0, keep=50)
    flow.space(10)
    canvas, size = flow.canvas, 12.0
    x = flow.left + flow.width * 0.5
    canvas.text(x, flow.y, look.pick(("证明单位（盖章）：", "单位（公章）：")), size, look.body)
    box = canvas.text(x, flow.y + 11, f"{form.legal_title}：{form.legal_representative}", size, look.body)
    if form.legal_representative_phone:
        box = canvas.text(x, flow.y + 20, f"{form.legal_title}联系电话：", size, look.body)
        drawn = canvas.fill(box[2], flow.y + 20, form.legal_representative_phone, size, look.pen)
        canvas.field("legal_representative_phone", form.legal_representative_phone, drawn)
    drawn = canvas.fill(x + 8, flow.y + 30, written(form.issued_on), size, look.pen)
    canvas.field("sign_date", form.issued_on.isoformat(), drawn)
    if form.sealed:
        seal(canvas, x + 62, flow.y + 8, form.issuer, form.seal_number, "issuer")
    return flow.drawings()
