"""Flexible-employment certificates, premises proofs and the order-training agreement."""

from __future__ import annotations

from sample_archives.calendar_cn import capitals, written
from sample_archives.case import (
    FlexibleCertificate,
    FlexibleRow,
    OrderAgreement,
    PremisesProof,
    SheetDrawing,
    Style,
)
from sample_archives.flow import Fill, Flow, Look, Segment
from sample_archives.tables import Cell, Column, Content, grid, table

from .common import day, pairs, personal_seal, seal, sign_as, sign_cell, signature, spaced


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


# --- premises ----------------------------------------------------------------------------------------


def premises(form: PremisesProof, style: Style) -> list[SheetDrawing]:
    return {"lease": _lease, "use": _use, "free": _free}[form.kind](form, style)


def _lease(form: PremisesProof, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.55)
    flow = Flow(style, look, left=27, right=25)
    who = form.operator
    flow.heading(form.title, 22, spread=4, gap=8)
    pairs(
        flow,
        [
            ("出租方（甲方）", Fill(form.owner)),
            ("承租方（乙方）", Fill(who.name, "operator", who.name, who)),
            ("身份证号", Fill(who.id_number, "id_number", who.id_number, who)),
            ("联系电话", Fill(who.phone)),
        ],
    )
    flow.space(2)
    flow.para("甲乙双方经协商一致，就房屋租赁事宜达成如下协议：")
    flow.para(
        "一、甲方将位于",
        Fill(form.address, "address", form.address),
        "的门面房租给乙方使用，建筑面积",
        Fill(f"{form.area}"),
        "平方米，用于经营",
        Fill(form.business),
        "。",
    )
    flow.para("二、租赁期限自", day(form.start, "period_start", who), "起至", day(form.end, "period_end", who), "止。")
    rent = form.rent_yearly or 0
    flow.para("三、年租金为人民币", Fill(f"{rent}"), "元（大写：", Fill(capitals(rent)), "），每年一次付清。")
    flow.para("四、租赁期间水、电、暖、卫生等费用由乙方承担，乙方应合法经营，爱护房屋设施。")
    flow.para("五、乙方不得擅自转租、转借，确需改造装修的应征得甲方同意。")
    flow.para("六、租赁期满，乙方在同等条件下有优先承租权。任何一方违约，应赔偿对方损失。")
    flow.para("七、本合同一式两份，双方各执一份，签字后生效。")
    flow.space(12)
    flow.need(40)
    canvas, size = flow.canvas, look.size
    right = flow.left + flow.width * 0.54
    box = canvas.text(flow.left + 2, flow.y + 6, "甲方（签字）：", size, look.body)
    if form.owner_is_unit:
        canvas.fill(box[2] + 1, flow.y + 6, form.owner[:9], size - 2, look.pen)
    else:
        sign_as(canvas, box[2] + 1, flow.y + 6, form.owner, "signature", "issuer", 16)
    box = canvas.text(right, flow.y + 6, "乙方（签字）：", size, look.body)
    sign_as(
        canvas,
        box[2] + 1,
        flow.y + 6,
        who.name,
        style.rng.choice(("signature", "signature+fingerprint")),
        "employee",
        16,
    )
    drawn = canvas.fill(right + 8, flow.y + 22, written(form.sign_date), size, look.pen)
    canvas.field("sign_date", form.sign_date.isoformat(), drawn, who)
    if form.sealed:
        seal(canvas, flow.left + 40, flow.y + 8, form.owner, form.seal_number, "issuer")
    return flow.drawings()


def _use(form: PremisesProof, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.45)
    flow = Flow(style, look, top=36, left=28, right=26)
    look.size, look.leading = 14, 2.0
    who = form.operator
    flow.heading(form.title, 24, spread=5, gap=14)
    flow.para(
        "兹证明",
        Fill(who.name, "operator", who.name, who, 22),
        "（身份证号：",
        Fill(who.id_number, "id_number", who.id_number, who),
        "）在",
        Fill(form.address, "address", form.address),
        "从事",
        Fill(form.business),
        "经营活动，经营场地面积约",
        Fill(f"{form.area}"),
        "平方米，该场地产权清晰，使用期限自",
        day(form.start, "period_start", who),
        "至",
        day(form.end, "period_end", who),
        "。",
    )
    flow.para("特此证明。")
    _owner_block(form, flow)
    return flow.drawings()


def _free(form: PremisesProof, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.5)
    flow = Flow(style, look, top=36, left=28, right=26)
    look.size, look.leading = 13.5, 2.0
    who = form.operator
    flow.heading(form.title, 22, spread=4, gap=12)
    owner = "我单位" if form.owner_is_unit else f"本人{form.owner}"
    flow.para(
        f"{owner}自愿将坐落于",
        Fill(form.address, "address", form.address),
        "的房屋（面积",
        Fill(f"{form.area}"),
        "平方米）无偿提供给",
        Fill(who.name, "operator", who.name, who, 22),
        "（身份证号：",
        Fill(who.id_number, "id_number", who.id_number, who),
        "）作为",
        Fill(form.business),
        "的经营场所使用，使用期限自",
        day(form.start, "period_start", who),
        "至",
        day(form.end, "period_end", who),
        "，期间不收取任何费用。",
    )
    flow.para("特此证明。")
    _owner_block(form, flow)
    return flow.drawings()


def _owner_block(form: PremisesProof, flow: Flow) -> None:
    look = flow.look
    flow.space(14)
    flow.need(44)
    canvas, size = flow.canvas, look.size
    x = flow.left + flow.width * 0.42
    if form.owner_is_unit:
        text = form.owner
        fitting = size
        while canvas.text_width(text, fitting, look.body) > flow.left + flow.width - x and fitting > 8:
            fitting -= 0.5
        canvas.text(x, flow.y + 6, text, fitting, look.body)
        canvas.text(x, flow.y + 15, "（盖章）", size, look.body)
    else:
        box = canvas.text(
            x, flow.y + 6, look.pick(("产权人（签字）：", "提供人签字：", "房主（签字）：")), size, look.body
        )
        sign_as(canvas, box[2] + 1, flow.y + 6, form.owner, "signature+fingerprint", "issuer", 16)
    drawn = canvas.fill(x + 10, flow.y + 26, written(form.sign_date), size, look.pen)
    canvas.field("sign_date", form.sign_date.isoformat(), drawn, form.operator)
    if form.sealed:
        seal(canvas, x + 36, flow.y + 10, form.owner, form.seal_number, "issuer")


# --- order training ----------------------------------------------------------------------------------


def order(form: OrderAgreement, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.25)
    flow = Flow(style, look)
    info, firm = form.info, form.firm
    flow.heading(form.title, 22, spread=2, gap=8)
    pairs(
        flow,
        [
            ("甲方（用人单位）", Fill(firm.name, "employer", firm.name)),
            ("统一社会信用代码", Fill(firm.credit_code, "credit_code", firm.credit_code)),
            ("法定代表人", Fill(firm.legal_representative, "legal_representative", firm.legal_representative)),
            ("乙方（培训机构）", Fill(info.institution)),
        ],
    )
    flow.space(2)
    flow.para("为满足甲方用工需求，甲乙双方就订单式职业技能培训事宜，经协商达成如下协议：")
    flow.para(
        "一、甲方委托乙方举办",
        Fill(info.name, "class_name", info.name, underline=False),
        f"，培训工种为{info.occupation}，培训人数",
        Fill(str(len(form.persons)), "headcount", str(len(form.persons)), underline=False),
        "人（名单附后）。",
    )
    flow.para(
        "二、培训时间：",
        day(info.start, "start_date", underline=False),
        "至",
        day(info.end, "end_date", underline=False),
        f"，共{len(info.days)}天。",
    )
    flow.para(
        f"三、甲方责任：提出岗位技能要求，参与制定培训计划；对培训合格的学员，甲方予以录用，安排从事{form.job}工作，"
        f"月工资不低于{form.wage}元，并依法签订劳动合同。"
    )
    flow.para("四、乙方责任：按照甲方要求和培训大纲组织教学，保证培训质量，组织结业考试，协助办理证书。")
    flow.para("五、培训结束后，甲方录用人数不低于合格学员的百分之八十。")
    flow.para("六、本协议自双方签字盖章之日起生效，一式三份，甲乙双方各执一份，报人社部门一份。")
    flow.space(8)
    flow.need(48)
    canvas, size = flow.canvas, look.size
    right = flow.left + flow.width * 0.54
    canvas.text(flow.left + 2, flow.y + 6, "甲方（盖章）：", size, look.body)
    canvas.text(right, flow.y + 6, "乙方（盖章）：", size, look.body)
    for x, name, party in (
        (flow.left + 2, firm.legal_representative, "employer"),
        (right, info.principal, "institution"),
    ):
        box = canvas.text(x, flow.y + 18, "代表人：", size, look.body)
        signature(canvas, box[2] + 1, flow.y + 18, name, party, 16)
        drawn = canvas.fill(x + 6, flow.y + 31, written(form.sign_date), size, look.pen)
    canvas.field("sign_date", form.sign_date.isoformat(), drawn)
    seal(canvas, flow.left + 34, flow.y + 9, firm.name, firm.seal_number, "employer")
    seal(canvas, right + 34, flow.y + 9, info.institution, info.institution_seal_number, "institution")
    flow.new_sheet()
    flow.heading(look.pick(("附件：学员名单", "附：订单培训学员名单", "订单式培训学员名册")), 16, gap=5)
    columns = [
        Column("序号", 0.6),
        Column("姓名", 1.2),
        Column("性别", 0.7),
        Column("身份证号", 2.7),
        Column("联系电话", 1.8),
        Column("备注", 0.9),
    ]
    rows: list[list[Content]] = [
        [
            str(i + 1),
            Fill(p.name, "employee", p.name, p),
            p.gender,
            Fill(p.id_number, "id_number", p.id_number, p),
            p.phone,
            "",
        ]
        for i, p in enumerate(form.persons)
    ]
    table(flow, columns, rows, size=10.5, row=9.5)
    return flow.drawings()
