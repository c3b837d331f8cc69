"""The class's lists: roster, scores, certificate register, employment summary, callbacks, recordings."""

from __future__ import annotations

from sample_archives.calendar_cn import written
from sample_archives.case import (
    CallbackRecord,
    CertificateRegister,
    EmploymentSummary,
    ScoreSheet,
    SheetDrawing,
    Style,
    Trainee,
    TraineeRoster,
    VideoRecord,
)
from sample_archives.flow import Fill, Flow, Look
from sample_archives.tables import Column, Content, table

from .common import seal, sign_cell, signature

ROUTES = {
    "enterprise": "企业就业",
    "self_employed": "自主创业",
    "flexible": "灵活就业",
    "order": "订单式",
    "none": "未就业",
}


def _name(t: Trainee) -> Fill:
    return Fill(t.person.name, "employee", t.person.name, t.person)


def _number(t: Trainee) -> Fill:
    return Fill(t.person.id_number, "id_number", t.person.id_number, t.person)


def _headed(flow: Flow, title: str, lines: list[str], size: float = 19) -> None:
    flow.heading(title, size, spread=4 if len(title) < 9 else 0, gap=4)
    for text in lines:
        flow.para(text, indent=0, size=10.5, leading=1.45)
    flow.space(1.5)


def roster(form: TraineeRoster, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.1)
    landscape = form.look % 3 != 1
    flow = Flow(style, look, landscape=landscape, left=15, right=15, top=25)
    info = form.info

    def head(to: Flow) -> None:
        title = f"{info.name}{form.title}" if look.variant % 3 == 0 else form.title
        _headed(
            to,
            title,
            [
                f"培训机构（盖章）：{info.institution}      培训工种：{info.occupation}      "
                + (f"班级：{info.name}" if look.variant % 3 else "")
            ],
        )

    head(flow)
    columns = [Column("序号", 0.6), Column("姓名", 1.2), Column("性别", 0.6)]
    extra = landscape and look.variant % 2
    if extra:
        columns.append(Column("出生年月", 1.2))
    columns += [Column(look.pick(("身份证号", "身份证号码", "公民身份号码")), 2.7)]
    if landscape:
        columns += [Column("文化程度", 1.0), Column(look.pick(("家庭住址", "户籍地址", "住址")), 4.4, "left")]
    columns += [
        Column(look.pick(("联系电话", "手机号", "电话")), 1.7),
        Column(look.pick(("备注", "本人签字", "签名")), 1.1),
    ]
    rows: list[list[Content]] = []
    for i, t in enumerate(form.trainees):
        cells: list[Content] = [str(i + 1), _name(t), t.person.gender]
        if extra:
            cells.append(f"{t.person.birth:%Y.%m}")
        cells.append(_number(t))
        if landscape:
            cells += [t.person.education, t.person.address]
        cells.append(Fill(t.person.phone, "phone", t.person.phone, t.person))
        cells.append(sign_cell(t.person.name, "signature", "") if columns[-1].title != "备注" else "")
        rows.append(cells)
    table(flow, columns, rows, size=10, row=9.2, on_new_sheet=head, keep=10)
    flow.y += 8
    flow.canvas.text(
        flow.left + 2, flow.y, f"填表人：{info.contact}        填表日期：{written(info.report_date)}", 10.5, look.body
    )
    seal(
        flow.canvas,
        flow.left + 62,
        flow.y - 6 if look.variant % 2 else flow.top + 9,
        info.institution,
        info.institution_seal_number,
        "institution",
    )
    return flow.drawings()


def scores(form: ScoreSheet, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.3)
    flow = Flow(style, look, left=20, right=18)
    info = form.info

    def head(to: Flow) -> None:
        _headed(
            to,
            form.title,
            [f"培训机构：{info.institution}", f"班级：{info.name}      考试时间：{written(info.exam_date)}"],
        )

    head(flow)
    with_id = look.variant % 2
    columns = [Column("序号", 0.6), Column("准考证号", 1.6), Column("姓名", 1.2)]
    if with_id:
        columns.append(Column("身份证号", 2.6))
    columns += [
        Column("理论成绩", 1),
        Column("实操成绩", 1),
        Column(look.pick(("结果", "考核结果", "是否合格")), 1),
        Column("备注", 0.8),
    ]
    rows: list[list[Content]] = []
    for i, t in enumerate(form.trainees):
        cells: list[Content] = [str(i + 1), t.candidate_number, _name(t)]
        if with_id:
            cells.append(_number(t))
        cells += [
            Fill(str(t.theory)),
            Fill(str(t.practice)),
            Fill("合格" if t.passed else "不合格", "passed", "true" if t.passed else "false", t.person),
            "",
        ]
        rows.append(cells)
    table(flow, columns, rows, size=10.5, row=9.0, on_new_sheet=head, keep=16)
    flow.y += 11
    canvas = flow.canvas
    for i, teacher in enumerate(info.teachers):
        x = flow.left + 4 + i * flow.width * 0.38
        box = canvas.text(x, flow.y, ("考评员：", "监考：")[i], 11, look.body)
        signature(canvas, box[2] + 1, flow.y, teacher, "institution", 14)
    seal(canvas, flow.left + flow.width - 26, flow.y - 8, info.institution, info.institution_seal_number, "institution")
    return flow.drawings()


def register(form: CertificateRegister, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.1)
    flow = Flow(style, look, landscape=form.look % 2 == 0, left=16, right=16, top=25)
    info = form.info

    def head(to: Flow) -> None:
        _headed(
            to, form.title, [f"培训机构：{info.institution}    职业（工种）：{info.occupation}    等级：{info.level}"]
        )

    head(flow)
    columns = [
        Column("序号", 0.6),
        Column("姓名", 1.2),
        Column("性别", 0.6),
        Column("身份证号码", 2.6),
        Column("证书编号", 2.3),
        Column("发证日期", 1.5),
        Column("领取人签字", 1.5),
    ]
    rows: list[list[Content]] = [
        [
            str(i + 1),
            _name(t),
            t.person.gender,
            _number(t),
            Fill(t.certificate_number, "certificate_number", t.certificate_number, t.person),
            written(info.issue_date, 5),
            sign_cell(t.person.name, "signature", ""),
        ]
        for i, t in enumerate(form.trainees)
    ]
    table(flow, columns, rows, size=10, row=9.4, on_new_sheet=head, keep=10)
    flow.y += 8
    flow.canvas.text(flow.left + 2, flow.y, f"发证人：{info.contact}", 10.5, look.body)
    seal(
        flow.canvas,
        flow.left + flow.width - 30,
        flow.y - 12,
        info.institution,
        info.institution_seal_number,
        "institution",
    )
    return flow.drawings()


def summary(form: EmploymentSummary, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.1)
    flow = Flow(style, look, landscape=True, left=14, right=14, top=25)
    info = form.info

    def head(to: Flow) -> None:
        _headed(to, form.title, [f"培训机构（盖章）：{info.institution}      班级：{info.name}"])

    head(flow)
    columns = [
        Column("序号", 0.6),
        Column("姓名", 1.1),
        Column("身份证号", 2.5),
        Column("联系电话", 1.6),
        Column(look.pick(("就业形式", "就业方式", "就业类型")), 1.2),
        Column(look.pick(("就业单位", "就业单位名称", "就业去向")), 3.6),
        Column("岗位", 1.3),
        Column("就业时间", 1.5),
        Column("月收入\n（元）", 0.9),
        Column("备注", 0.7),
    ]
    rows: list[list[Content]] = []
    for i, t in enumerate(form.trainees):
        rows.append(
            [
                str(i + 1),
                _name(t),
                _number(t),
                t.person.phone,
                Fill(ROUTES[t.route], "employment_type", t.route, t.person),
                Fill(t.employer, "employer" if t.employer else "", t.employer, t.person),
                t.job,
                written(t.employed_from, 5) if t.employed_from else "",
                str(t.income or ""),
                "",
            ]
        )
    table(flow, columns, rows, size=9.5, row=9.4, on_new_sheet=head, keep=10)
    employed = sum(t.route != "none" for t in form.trainees)
    flow.y += 8
    flow.canvas.text(
        flow.left + 2,
        flow.y,
        f"合计：{len(form.trainees)}人，其中已就业{employed}人。   填表人：{info.contact}   "
        f"填表日期：{written(form.filled_on)}",
        10.5,
        look.body,
    )
    seal(
        flow.canvas,
        flow.left + 66,
        flow.y - 6 if look.variant % 2 else flow.top + 9,
        info.institution,
        info.institution_seal_number,
        "institution",
    )
    return flow.drawings()


def callbacks(form: CallbackRecord, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.5)
    flow = Flow(style, look, landscape=form.look % 2 == 0, left=16, right=16, top=25)
    info = form.info

    def head(to: Flow) -> None:
        _headed(
            to, form.title, [f"班级：{info.name}      回访日期：{written(form.called_on)}      回访人：{form.caller}"]
        )

    head(flow)
    columns = [
        Column("序号", 0.6),
        Column("姓名", 1.2),
        Column("联系电话", 1.8),
        Column("是否\n接通", 0.9),
        Column("是否参加\n培训", 1.1),
        Column("是否\n就业", 0.9),
        Column("对培训\n是否满意", 1.1),
        Column("备注", 1.2),
    ]
    rows: list[list[Content]] = []
    for i, row in enumerate(form.rows):

        def said(value: bool, asked: bool = row.reached) -> Content:
            return "" if not asked else Fill("是" if value else "否")

        rows.append(
            [
                str(i + 1),
                row.trainee.person.name,
                row.trainee.person.phone,
                Fill("是" if row.reached else "否"),
                said(row.attended),
                said(row.employed),
                Fill("满意") if row.reached else "",
                row.note,
            ]
        )
    table(flow, columns, rows, size=10.5, row=9.2, head=12, on_new_sheet=head)
    return flow.drawings()


def video(form: VideoRecord, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.1)
    flow = Flow(style, look, left=20, right=18)
    info = form.info
    if form.title == "光盘标签":
        canvas = flow.canvas
        flow.heading(form.title, 20, spread=4, gap=10)
        top = flow.y
        canvas.rect(45, top, 165, top + 74, 0.4)
        first, last = form.sessions[0], form.sessions[-1]
        texts = (
            f"培训学校：{info.institution}",
            f"培训班次：{info.name}",
            f"培训地点：{info.place}",
            f"录制时间：{written(first.day)}{first.hours.split('-')[0]}",
            f"        至{written(last.day)}{last.hours.split('-')[1]}",
            f"载体编号：{form.disc}    保管期限：10年",
        )
        for i, text in enumerate(texts):
            canvas.text(51, top + 12 + i * 11, text, 12, look.body)
        return flow.drawings()

    def head(to: Flow) -> None:
        _headed(to, form.title, [f"培训学校：{info.institution}", f"班级：{info.name}      载体：{form.disc}"])

    head(flow)
    columns = [
        Column("序号", 0.6),
        Column("日期", 1.5),
        Column("时段", 0.8),
        Column("录像时间", 1.6),
        Column("地点", 2.6),
        Column("内容", 2.6),
        Column("备注", 0.8),
    ]
    rows: list[list[Content]] = [
        [str(i + 1), written(s.day, 5), s.half, s.hours, s.place, s.topic, ""] for i, s in enumerate(form.sessions)
    ]
    table(flow, columns, rows, size=9.5, row=8.6, on_new_sheet=head)
    return flow.drawings()
