"""Premises proofs and the order-training agreement."""

from __future__ import annotations

from sample_archives.calendar_cn import capitals, written
from sample_archives.case import (
    OrderAgreement,
    PremisesProof,
    SheetDrawing,
    Style,
)
from sample_archives.flow import Fill, Flow, Look
from sample_archives.tables import Column, Content, table

from .common import day, pairs, seal, sign_as, signature


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
