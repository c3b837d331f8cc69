"""Commitment and application to the bureau, and papers of no other type."""

from __future__ import annotations

from sample_archives.calendar_cn import capitals, written
from sample_archives.canvas import Canvas, Rect
from sample_archives.case import (
    BlankSheet,
    OtherPaper,
    SheetDrawing,
    Style,
    SubsidyApplication,
    TruthfulnessCommitment,
)
from sample_archives.flow import Fill, Flow, Look
from sample_archives.tables import Cell, Column, Content, grid, table

from .common import day, seal, sign_cell, signature


def clerk(style: Style) -> str:
    """A clerk's name for an approval."""
    return style.rng.choice(("王建平", "李文生", "张志刚", "武晓东"))


def opinion(  # type: ignore[no-untyped-def]
    text: str, name: str, dated: str, flow: Flow, unit: str, number: str, party: str, *, sealed: bool = True,
    signed: bool = True,
):  # fmt: skip
    def draw(canvas: Canvas, box: Rect) -> None:
        canvas.fill(box[0] + 8, box[1] + 11, text, 12, flow.look.pen)
        x = box[0] + (box[2] - box[0]) * 0.42
        canvas.text(x, box[3] - 11, "负责人：", 11, flow.look.body)
        if signed:
            signature(canvas, x + 16, box[3] - 11, name, party, 15)
        canvas.fill(x + 8, box[3] - 3.5, dated, 11, flow.look.pen)
        if sealed:
            seal(canvas, box[2] - 32, (box[1] + box[3]) / 2, unit, number, party)

    return draw


def commitment(form: TruthfulnessCommitment, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.2)
    flow = Flow(style, look, top=34)
    info, size = form.info, 14.0
    flow.heading(form.title, 22, spread=3 if len(form.title) < 9 else 0, gap=12)
    flow.para(f"{info.bureau}：", indent=0, size=size)
    flow.para(
        "我单位承办的",
        Fill(info.name, "class_name", info.name, underline=False),
        "已按要求完成培训。现就所提交的培训档案及学员就业证明材料郑重承诺如下：",
        size=size,
    )
    flow.para(
        "一、所提供的学员身份信息、培训台账、考勤记录、考试考核、就业证明等资料均真实、有效、完整，经本单位逐一核实。",
        size=size,
    )
    flow.para("二、不存在虚构培训、冒名顶替、伪造就业证明材料等弄虚作假行为。", size=size)
    flow.para("三、如有不实，愿退还所申领的培训补贴资金，取消本年度培训任务及培训资格，并承担相应法律责任。", size=size)
    flow.para("特此承诺。", size=size)
    flow.space(16)
    flow.need(50)
    canvas = flow.canvas
    x = flow.left + flow.width * 0.38
    canvas.text(x, flow.y + 6, "承诺单位（盖章）：", size, look.body)
    canvas.text(x + 42, flow.y + 6, "" if look.variant % 2 else info.institution[:12], 11, look.body)
    box = canvas.text(x, flow.y + 20, "法定代表人（签字）：", size, look.body)
    if form.signed:
        signature(canvas, box[2] + 1, flow.y + 20, info.principal, "institution", 18)
    drawn = canvas.fill(x + 26, flow.y + 34, written(form.signed_on), size, look.pen)
    canvas.field("sign_date", form.signed_on.isoformat(), drawn)
    if form.sealed:
        seal(canvas, x + 56, flow.y + 12, info.institution, info.institution_seal_number, "institution")
    return flow.drawings()


def application(form: SubsidyApplication, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.2)
    flow = Flow(style, look, left=24, right=22)
    info = form.info
    if look.variant % 2:
        return _application_letter(form, flow)
    flow.heading(form.title, 20, gap=6)

    def label(text: str) -> Cell:
        return Cell(text, label=True)

    amount = f"{form.amount:.2f}"
    rows = [
        (13.0, [label("申请单位"), Cell(Fill(info.institution), 3)]),
        (13.0, [label("班级名称"), Cell(Fill(info.name, "class_name", info.name), 3)]),
        (
            13.0,
            [
                label("培训工种"),
                Cell(Fill(info.occupation)),
                label("培训天数"),
                Cell(Fill(f"{form.training_days}天", "training_days", str(form.training_days))),
            ],
        ),
        (
            13.0,
            [
                label("培训人数"),
                Cell(Fill(f"{form.headcount}人", "headcount", str(form.headcount))),
                label("合格人数"),
                Cell(Fill(f"{form.passed}人")),
            ],
        ),
        (
            13.0,
            [
                label("就业人数"),
                Cell(Fill(f"{form.employed}人")),
                label("补贴标准"),
                Cell(Fill(f"{info.daily_subsidy}元/人·天")),
            ],
        ),
        (
            13.0,
            [
                label("申请金额\n（小写）"),
                Cell(Fill(f"{amount}元", "amount", amount)),
                label("申请日期"),
                Cell(day(form.applied_on, "application_date")),
            ],
        ),
        (13.0, [label("申请金额\n（大写）"), Cell(Fill(capitals(form.amount)), 3)]),
        (13.0, [label("开户银行"), Cell(Fill(form.bank), 3)]),
        (13.0, [label("银行账号"), Cell(Fill(form.account), 3)]),
        (
            42.0,
            [
                label("申请单位\n意见"),
                Cell(
                    opinion(
                        "以上情况属实，申请拨付培训补贴资金。",
                        info.principal,
                        written(form.applied_on),
                        flow,
                        info.institution,
                        info.institution_seal_number,
                        "institution",
                    ),
                    3,
                ),
            ],
        ),
        (36.0, [label("人社部门\n审核意见"), Cell("", 3)]),
    ]
    grid(flow, (1.0, 2.0, 1.0, 1.6), rows, size=11)
    return flow.drawings()


def _application_letter(form: SubsidyApplication, flow: Flow) -> list[SheetDrawing]:
    info, size = form.info, 14.0
    flow.space(6)
    flow.heading(form.title, 20, gap=10)
    flow.para(f"{info.bureau}：", indent=0, size=size)
    flow.para(
        "我校承办的",
        Fill(info.name, "class_name", info.name, underline=False),
        f"于{written(info.start)}开班，{written(info.end)}结业，共培训",
        Fill(str(form.headcount), "headcount", str(form.headcount), underline=False),
        "人，培训",
        Fill(str(form.training_days), "training_days", str(form.training_days), underline=False),
        f"天，考试考核合格{form.passed}人，实现就业{form.employed}人。培训资料已按要求整理归档。",
        size=size,
    )
    amount = f"{form.amount:.2f}"
    flow.para(
        f"按照每人每天{info.daily_subsidy}元的标准，现申请拨付培训补贴资金人民币",
        Fill(amount, "amount", amount, underline=False),
        f"元（大写：{capitals(form.amount)}）。",
        size=size,
    )
    flow.para(f"开户名称：{info.institution}", size=size)
    flow.para(f"开户银行：{form.bank}", size=size)
    flow.para(f"账    号：{form.account}", size=size)
    flow.para("妥否，请批示。", size=size)
    flow.space(16)
    flow.para(info.institution, indent=0, size=size, align="right")
    y = flow.y
    flow.para(day(form.applied_on, "application_date", underline=False), indent=0, size=size, align="right")
    seal(flow.canvas, 162, y + 2, info.institution, info.institution_seal_number, "institution")
    return flow.drawings()


def other(form: OtherPaper, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.1)
    flow = Flow(style, look)
    flow.heading(form.title, 20, spread=3, gap=8)
    for text in form.paragraphs:
        flow.para(text, indent=0 if form.header else 2, size=12)
    if form.header:
        flow.space(2)
        signed = form.header[-1].startswith(("领取人", "签"))
        rows: list[list[Content]] = []
        for cells in form.rows:
            shown: list[Content] = list(cells)
            if signed:
                shown[-1] = sign_cell(cells[1], "signature", "")
            rows.append(shown)
        weights = [max(0.7, min(3.0, len(title) * 0.45)) for title in form.header]
        table(
            flow,
            [Column(title, weight) for title, weight in zip(form.header, weights, strict=True)],
            rows,
            size=10.5,
            row=9.5,
        )
    if form.dated:
        flow.space(12)
        flow.para(written(form.dated), indent=0, align="right")
    return flow.drawings()


def blank(form: BlankSheet, style: Style) -> list[SheetDrawing]:
    return Flow(style, Look(form, style)).drawings()
