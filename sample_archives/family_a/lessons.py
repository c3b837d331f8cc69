"""Papers of the lessons: timetable, teaching log, attendance and sign-in, exam papers."""

from __future__ import annotations

import random
from dataclasses import replace

from sample_archives.calendar_cn import written
from sample_archives.canvas import Canvas, Pen, Rect, hand
from sample_archives.case import ExamPaper, SheetDrawing, Style, TeachingLog, Timetable, TrainingAttendance
from sample_archives.flow import FOOTERS, Fill, Flow, Look
from sample_archives.tables import Cell, Column, Content, Draw, grid, table

from .common import sign_cell, signature

WEEKDAYS = "一二三四五六日"
RED = (200, 30, 40)


def timetable(form: Timetable, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.0)
    landscape = form.look % 2 == 0
    flow = Flow(style, look, landscape=landscape, left=16, right=16, top=25)
    info = form.info

    def head(to: Flow) -> None:
        to.heading(f"{info.name}{form.title}" if look.variant % 2 else form.title, 19, gap=4)
        to.para(f"培训机构：{info.institution}      培训地点：{info.place}", indent=0, size=10.5)
        to.space(1)

    head(flow)
    columns = [
        Column("日期", 1.6),
        Column("星期", 0.7),
        Column("时段", 0.8),
        Column("时间", 1.4),
        Column("课程内容", 3.6),
        Column("授课教师", 1.2),
        Column("课时", 0.6),
        Column("地点", 2.2),
    ]
    rows: list[list[Content]] = [
        [written(s.day, 5), WEEKDAYS[s.day.weekday()], s.half, s.hours, s.topic, s.teacher, "4", s.place]
        for s in form.sessions
    ]
    table(flow, columns, rows, size=9.5, row=7.8 if landscape else 9.0, on_new_sheet=head)
    return flow.drawings()


def log(form: TeachingLog, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.75)
    flow = Flow(style, look, left=22, right=20, top=28)
    info = form.info
    flow.heading(form.title, 20, spread=5, gap=5)

    def label(text: str) -> Cell:
        return Cell(text, label=True)

    rows = [
        (
            10.0,
            [
                label("班级"),
                Cell(Fill(info.name), 2),
                label("日期"),
                Cell(Fill(written(form.day), "date", form.day.isoformat()), 2),
            ],
        ),
        (
            10.0,
            [
                label("应到人数"),
                Cell(Fill(str(form.expected), "expected", str(form.expected))),
                label("实到人数"),
                Cell(Fill(str(form.present), "present", str(form.present))),
                label("缺勤人数"),
                Cell(Fill(str(form.expected - form.present))),
            ],
        ),
        (10.0, [label("缺勤名单"), Cell(Fill("、".join(form.absent) or "无"), 5)]),
    ]
    for session in form.sessions:
        rows.append(
            (
                11.0,
                [
                    label(session.half),
                    Cell(Fill(session.hours)),
                    label("授课教师"),
                    Cell(Fill(session.teacher)),
                    label("课时"),
                    Cell(Fill("4")),
                ],
            )
        )
        rows.append((30.0, [label("教学内容"), Cell(_prose(session.topic, flow), 5)]))
    rows += [
        (24.0, [label("课堂纪律\n及完成情况"), Cell(Fill(form.note), 5)]),
        (
            22.0,
            [
                label("教师签字"),
                Cell(sign_cell(form.sessions[0].teacher, "signature", "institution", 16), 2),
                label("班主任签字"),
                Cell(sign_cell(info.contact, "signature", "institution", 16), 2),
            ],
        ),
    ]
    grid(flow, (1.2, 1.3, 1.1, 1.1, 1.0, 1.1), rows, size=11)
    return flow.drawings()


def _prose(topic: str, flow: Flow) -> Draw:
    texts = (f"{topic}：讲解要点、操作规范及注意事项，教师示范，学员分组练习，", "巡回指导，课后小结并布置练习。")

    def draw(canvas: Canvas, box: Rect) -> None:
        y = box[1] + 8
        for text in texts:
            size = 11.0
            while canvas.fill_width(text, size, flow.look.pen) > box[2] - box[0] - 6 and size > 7:
                size -= 0.5
            canvas.fill(box[0] + 3, y, text, size, flow.look.pen)
            y += 8.5

    return draw


def attendance(form: TrainingAttendance, style: Style) -> list[SheetDrawing]:
    return _grid_sheet(form, style) if form.style == "grid" else _sign_in(form, style)


def _grid_sheet(form: TrainingAttendance, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.2)
    flow = Flow(style, look, landscape=True, left=15, right=15, top=25)
    info = form.info
    tick = look.pick(("√", "√", "/"))

    def head(to: Flow) -> None:
        to.heading(form.title, 19, spread=4, gap=4)
        to.para(f"培训机构：{info.institution}      班级：{info.name}", indent=0, size=10.5)
        to.space(1)

    head(flow)
    columns = [Column("序号", 0.8), Column("姓名", 1.7)]
    for d in form.days:
        group = f"{d.month}月{d.day}日"
        columns += [Column("上午", 1, group=group), Column("下午", 1, group=group)]
    columns.append(Column("备注", 1.2))
    away = set(form.absent)
    rows: list[list[Content]] = []
    for i, t in enumerate(form.trainees):
        cells: list[Content] = [str(i + 1), Fill(t.person.name, "employee", t.person.name, t.person)]
        for d in form.days:
            cells += ["○" if (t.row, d) in away else tick] * 2
        cells.append("事假" if any(row == t.row for row, _ in away) else "")
        rows.append(cells)
    table(flow, columns, rows, size=9.5, row=8.4, on_new_sheet=head)
    flow.para(f"说明：{tick}出勤  ○缺勤        班主任：{info.contact}", indent=0, size=10)
    return flow.drawings()


def _sign_in(form: TrainingAttendance, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.6)
    flow = Flow(style, look, left=20, right=18)
    info, shown = form.info, form.days[0]

    def head(to: Flow) -> None:
        to.heading(form.title, 19, spread=5, gap=4)
        to.para(f"班级：{info.name}", indent=0, size=10.5)
        to.para(
            "日期：",
            Fill(written(shown), "date", shown.isoformat(), underline=False),
            f"        地点：{info.place}",
            indent=0,
            size=10.5,
        )
        to.space(1)

    head(flow)
    two = look.variant % 2
    columns = [
        Column("序号", 0.6),
        Column("姓名", 1.2),
        Column("上午签到" if two else "上午\n8:30", 1.8),
        Column("下午签到" if two else "下午\n14:00", 1.8),
        Column("备注", 1.0),
    ]
    away = {row for row, _ in form.absent}
    rows: list[list[Content]] = []
    for i, t in enumerate(form.trainees):
        name = t.person.name
        missing = t.row in away
        rows.append(
            [
                str(i + 1),
                Fill(name, "employee", name, t.person),
                "" if missing else sign_cell(name, "signature", "employee", 14),
                "" if missing else sign_cell(name, "signature", "employee", 14),
                "请假" if missing else "",
            ]
        )
    table(flow, columns, rows, size=11, row=11.0, on_new_sheet=head, keep=8)
    flow.y += 9
    box = flow.canvas.text(flow.left + 4, flow.y, "班主任签字：", 11, look.body)
    signature(flow.canvas, box[2] + 1, flow.y, info.contact, "institution", 14)
    return flow.drawings()


QUESTIONS = (
    ("从业人员遵守职业纪律是（    ）的要求。", ("职业活动正常进行", "逃避责任", "增加收入", "减少工作")),
    ("上岗前必须经过（    ）教育，考核合格后方可上岗。", ("安全生产", "历史", "地理", "英语")),
    ("职业道德的基础与核心是（    ）。", ("爱岗敬业", "服从领导", "按时下班", "多拿奖金")),
    ("发生火灾时首先应拨打（    ）。", ("119", "120", "110", "122")),
    ("工作场所的卫生应当做到（    ）。", ("随时清理", "每月清理", "无人时清理", "不必清理")),
    ("使用电器设备前应先检查（    ）。", ("电源和线路", "颜色", "品牌", "价格")),
    ("劳动者享有的权利不包括（    ）。", ("泄露商业秘密", "取得报酬", "休息休假", "接受培训")),
    ("操作结束后，工具应当（    ）。", ("清洁归位", "随意摆放", "带回家中", "留在台面")),
    ("个人防护用品应当（    ）。", ("按规定佩戴", "视心情佩戴", "检查时佩戴", "不佩戴")),
    ("与同事合作时应当（    ）。", ("互相配合", "互相推诿", "各自为政", "争功诿过")),
)
JUDGEMENTS = (
    "从业人员可以不遵守操作规程。（    ）",
    "劳动合同应当以书面形式订立。（    ）",
    "安全生产人人有责。（    ）",
    "工具损坏后可以继续使用。（    ）",
    "服务客户应当文明礼貌。（    ）",
    "上岗前应检查工作环境。（    ）",
)


def exam(form: ExamPaper, style: Style) -> list[SheetDrawing]:
    return _theory(form, style) if form.part == "theory" else _practice(form, style)


def _theory(form: ExamPaper, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.0)
    pen = hand(style.rng)
    flow = Flow(style, look, left=24, right=20)
    t = form.trainee
    flow.heading(form.title, 19, gap=4)
    flow.para(
        "姓名：",
        Fill(t.person.name, "employee", t.person.name, t.person, 24, pen=pen),
        "  准考证号：",
        Fill(t.candidate_number, least=32, pen=pen),
        "  得分：",
        Fill("", least=18),
        indent=0,
        size=11.5,
    )
    canvas = flow.canvas
    canvas.fill(flow.left + flow.width * 0.80, flow.y - 1.4, str(form.score), 18, _red_pen(style.rng))
    flow.space(2)
    flow.para("一、单项选择题（每题5分，共50分）", indent=0, face=look.head, size=11.5)
    questions = list(QUESTIONS)
    look.rng.shuffle(questions)
    for i, (stem, choices) in enumerate(questions):
        order = list(choices)
        look.rng.shuffle(order)
        answer = order.index(choices[0])
        if style.rng.random() > form.score / 100:
            answer = (answer + 1) % 4
        left, right = stem.split("（    ）")
        flow.para(
            f"{i + 1}．{left}（ ",
            Fill("ABCD"[answer], underline=False, pen=pen),
            f" ）{right}",
            indent=0,
            size=11,
            leading=1.4,
        )
        flow.para(
            "  ".join(f"{letter}．{text}" for letter, text in zip("ABCD", order, strict=True)),
            indent=2,
            size=11,
            leading=1.4,
        )
    flow.para("二、判断题（对的打√，错的打×，每题5分，共30分）", indent=0, face=look.head, size=11.5)
    for i, text in enumerate(JUDGEMENTS):
        flow.para(
            f"{i + 1}．{text.split('（')[0]}（ ",
            Fill(style.rng.choice("√×"), underline=False, pen=pen),
            " ）",
            indent=0,
            size=11,
            leading=1.5,
        )
    flow.para("三、简答题（共20分）", indent=0, face=look.head, size=11.5)
    flow.para("简述本工种操作中的安全注意事项。", indent=0, size=11)
    for text in (
        "答：1. 操作前检查设备和用电安全，佩戴好防护用品。",
        "2. 严格按照操作规程进行，不违章操作。",
        "3. 工作结束后清理现场，关闭电源。",
    ):
        flow.para(Fill(text, underline=False, pen=pen), indent=1, size=12)
    flow.footers(FOOTERS[look.variant % len(FOOTERS)])
    return flow.drawings()


def _red_pen(rng: random.Random) -> Pen:
    return replace(hand(rng), colour=RED)


def _practice(form: ExamPaper, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.6)
    flow = Flow(style, look, left=22, right=20)
    t = form.trainee
    flow.heading(form.title, 19, gap=4)
    flow.para(
        "姓名：",
        Fill(t.person.name, "employee", t.person.name, t.person, 26),
        "   准考证号：",
        Fill(t.candidate_number, least=34),
        "   考核日期：",
        Fill(written(form.info.exam_date, 5), least=26),
        indent=0,
        size=11,
    )
    flow.space(2)
    items = (("操作准备", 10), ("工具使用", 15), ("操作流程", 30), ("成品质量", 30), ("安全与卫生", 15))
    left = form.score
    rows: list[list[Content]] = []
    for i, (name, full) in enumerate(items):
        got = min(full, round(left * full / sum(f for _, f in items[i:])))
        left -= got
        rows.append([str(i + 1), name, f"符合{name}要求，动作规范", str(full), Fill(str(got))])
    rows.append(["", "合计", "", "100", Fill(str(form.score))])
    table(
        flow,
        [
            Column("序号", 0.6),
            Column("考核项目", 1.6),
            Column("评分标准", 3.4, "left"),
            Column("配分", 0.8),
            Column("得分", 0.8),
        ],
        rows,
        size=11,
        row=14,
    )
    flow.y += 14
    for i, teacher in enumerate(form.info.teachers):
        x = flow.left + 4 + i * flow.width * 0.5
        box = flow.canvas.text(x, flow.y, "考评员签字：", 11, look.body)
        signature(flow.canvas, box[2] + 1, flow.y, teacher, "institution", 15)
    return flow.drawings()
