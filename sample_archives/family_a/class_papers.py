"""The class's own papers: cover, catalogue, report, approval, plan."""

from __future__ import annotations

from sample_archives.calendar_cn import written
from sample_archives.case import (
    Catalogue,
    Cover,
    OpeningApproval,
    OpeningReport,
    SheetDrawing,
    Style,
    TrainingPlan,
)
from sample_archives.flow import FOOTERS, Fill, Flow, Look
from sample_archives.tables import Cell, Column, Content, grid, table

from .common import day, pairs, seal, spaced
from .requests import clerk, opinion


def cover(form: Cover, style: Style) -> list[SheetDrawing]:
    look = Look(form, style)
    flow = Flow(style, look, left=32, right=32)
    canvas, info = flow.canvas, form.info
    if look.variant % 2:
        canvas.rect(20, 24, 190, 277, 0.5)
        canvas.rect(22, 26, 188, 275, 0.2)
    canvas.text(34, 38, f"档号：{form.archive_number}", 12, look.body)
    flow.y = 72
    flow.heading(form.title, 30, spread=5, gap=34)
    items = [
        ("案卷题名", Fill(f"{info.name}培训档案")),
        ("培训机构", Fill(info.institution)),
        ("班    次", Fill(info.name, "class_name", info.name)),
        ("培训工种", Fill(info.occupation)),
        ("起止时间", Fill(f"{written(info.start)}至{written(info.end)}")),
        ("保管期限", Fill(form.retention)),
    ]
    if form.pages:
        items.append(("本卷页数", Fill(f"共{form.pages}页")))
    if form.volume:
        items.append(("册    数", Fill(form.volume)))
    look.size = 14
    pairs(flow, items, indent=6)
    flow.y = 246
    flow.heading(info.institution, 16, gap=2)
    canvas = flow.canvas
    canvas.centred(105, 262, spaced(form.filed_on, look), 13, look.body)
    if look.variant % 3 == 0:
        seal(canvas, 118, 252, info.institution, info.institution_seal_number, "institution")
    return flow.drawings()


def catalogue(form: Catalogue, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.15)
    flow = Flow(style, look, left=20, right=18)
    flow.heading(form.title, 20, spread=6, gap=6)
    wide = look.variant % 2
    columns = [Column(look.pick(("序号", "顺序号")), 0.7)]
    if wide:
        columns.append(Column("文号", 0.9))
    columns += [
        Column("责任者", 1.8),
        Column(look.pick(("文件题名", "题名", "材料名称")), 4.2, "left"),
        Column("日期", 1.4),
        Column("页数" if form.column == "count" else look.pick(("页号", "页码", "页次")), 1.1),
        Column("备注", 0.8),
    ]
    rows: list[list[Content]] = []
    for i, line in enumerate(form.lines):
        if form.column == "count":
            place = str(line.pages)
        elif form.column == "range":
            place = str(line.first) if line.first == line.last else f"{line.first}-{line.last}"
        else:
            last = i == len(form.lines) - 1 and line.last > line.first
            place = f"{line.first}-{line.last}" if last else str(line.first)
        cells: list[Content] = [str(line.number)]
        if wide:
            cells.append("")
        cells += [Fill(line.author), Fill(line.title), Fill(line.dated), Fill(place), Fill(line.remark)]
        rows.append(cells)
    height = 10.5 if len(rows) <= 20 else 8.5
    spare = max(0, min(3, int((flow.end - flow.y) / height) - len(rows) - 3))
    rows += [[""] * len(columns) for _ in range(spare)]
    table(flow, columns, rows, size=10.5, row=height)
    return flow.drawings()


def opening_report(form: OpeningReport, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.15)
    flow = Flow(style, look)
    info = form.info
    size = 14.0
    if look.variant % 3 == 0:
        flow.heading(info.institution, 24, spread=2, gap=4, colour=(190, 20, 30))
        flow.canvas.line(flow.left, flow.y, flow.left + flow.width, flow.y, 0.6, (190, 20, 30))
        flow.space(8)
    flow.heading(form.title, 22, spread=2 if len(form.title) < 8 else 0, gap=9)
    flow.para(f"{info.bureau}：", indent=0, size=size)
    flow.para(
        "为提升城乡劳动者技能水平，促进就业创业，根据《文水县2023年职业技能提升培训工作绩效考核办法》等文件要求，我校拟举办",
        Fill(info.name, "class_name", info.name, underline=False),
        "，现将有关情况报告如下：",
        size=size,
    )
    flow.para("一、培训工种：", Fill(info.occupation, underline=False), f"（{info.level}）。", size=size)
    kind = "订单式培训" if info.training_kind == "order" else "普惠制培训"
    flow.para(f"二、培训方式：{kind}。", size=size)
    flow.para(
        "三、培训人数：",
        Fill(str(form.headcount), "headcount", str(form.headcount), underline=False),
        "人（学员花名册附后）。",
        size=size,
    )
    flow.para(
        "四、培训时间：",
        day(info.start, "start_date", underline=False),
        "至",
        day(info.end, "end_date", underline=False),
        f"，共{len(info.days)}天，{len(info.days) * 8}课时。",
        size=size,
    )
    flow.para(f"五、培训地点：{info.place}。", size=size)
    flow.para(f"六、授课教师：{'、'.join(info.teachers)}。", size=size)
    flow.para(f"七、联系人：{info.contact}，联系电话：{info.contact_phone}。", size=size)
    flow.para("参训人员信息已逐一核实，符合职业技能培训补贴对象条件。特此报告，请予审批。", size=size)
    flow.space(16)
    flow.para(info.institution, size=size, align="right", indent=0)
    canvas = flow.canvas
    y = flow.y
    flow.para(day(form.reported_on, "reported_on", underline=False), size=size, align="right", indent=0)
    seal(canvas, 160, y + 2, info.institution, info.institution_seal_number, "institution")
    return flow.drawings()


def opening_approval(form: OpeningApproval, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.3)
    flow = Flow(style, look, left=22, right=22)
    info = form.info
    flow.heading(form.title, 20, spread=2, gap=3)
    flow.para(f"申报单位（盖章）：{info.institution}", indent=0, size=11)

    def label(text: str) -> Cell:
        return Cell(text, label=True)

    kind = "订单式" if info.training_kind == "order" else "普惠制"
    rows = [
        (12.0, [label("培训机构"), Cell(Fill(info.institution)), label("法定代表人"), Cell(Fill(info.principal))]),
        (12.0, [label("班级名称"), Cell(Fill(info.name, "class_name", info.name), 3)]),
        (
            12.0,
            [
                label("培训工种"),
                Cell(Fill(info.occupation, "occupation", info.occupation)),
                label("培训等级"),
                Cell(Fill(info.level)),
            ],
        ),
        (
            12.0,
            [
                label("培训方式"),
                Cell(Fill(kind)),
                label(look.pick(("培训人数", "批准人数", "审批人数"))),
                Cell(Fill(f"{form.headcount}人", "headcount", str(form.headcount))),
            ],
        ),
        (
            12.0,
            [
                label("开班时间"),
                Cell(day(info.start, "start_date")),
                label("结业时间"),
                Cell(day(info.end, "end_date")),
            ],
        ),
        (12.0, [label("培训课时"), Cell(Fill(f"{len(info.days) * 8}课时")), label("培训地点"), Cell(Fill(info.place))]),
        (12.0, [label("联系人"), Cell(Fill(info.contact)), label("联系电话"), Cell(Fill(info.contact_phone))]),
        (
            40.0,
            [
                label("培训机构\n意见"),
                Cell(
                    opinion(
                        "申请开班，请予审批。",
                        info.principal,
                        written(info.report_date),
                        flow,
                        info.institution,
                        info.institution_seal_number,
                        "institution",
                    ),
                    3,
                ),
            ],
        ),
        (
            48.0,
            [
                label("人社部门\n审批意见"),
                Cell(
                    opinion(
                        form.opinion,
                        clerk(style),
                        written(form.approved_on),
                        flow,
                        info.bureau,
                        "1411210000018",
                        "authority",
                        sealed=form.sealed,
                        signed=form.signed,
                    ),
                    3,
                ),
            ],
        ),
    ]
    grid(flow, (1.0, 2.0, 1.0, 1.5), rows, size=11)
    flow.para("注：本表一式三份，培训机构、人社部门、财政部门各留存一份。", indent=0, size=9.5)
    return flow.drawings()


def plan(form: TrainingPlan, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.0)
    flow = Flow(style, look)
    info = form.info
    flow.heading(f"{info.occupation}{form.title}" if look.variant % 2 else form.title, 20, gap=7)
    flow.para("一、培训目标", indent=0, face=look.head)
    flow.para(
        f"通过培训，使学员掌握{info.occupation}所必需的理论知识和操作技能，能够独立完成本工种{info.level}的各项操作，"
        "具备良好的职业道德和安全意识，达到上岗就业要求。"
    )
    flow.para("二、培训对象", indent=0, face=look.head)
    flow.para("具有劳动能力和就业愿望的城乡劳动者，年满16周岁，身体健康。")
    flow.para("三、培训时间与课时", indent=0, face=look.head)
    theory = sum(module.theory for module in form.modules)
    practice = sum(module.practice for module in form.modules)
    flow.para(
        f"培训时间为{written(info.start)}至{written(info.end)}，共{len(info.days)}天，总课时{theory + practice}课时，"
        f"其中理论{theory}课时，实操{practice}课时。"
    )
    flow.para("四、课程设置与课时分配", indent=0, face=look.head)
    flow.space(2)
    rows: list[list[Content]] = [
        [str(i + 1), m.name, str(m.theory), str(m.practice), str(m.theory + m.practice)]
        for i, m in enumerate(form.modules)
    ]
    rows.append(["", "合计", str(theory), str(practice), str(theory + practice)])
    table(
        flow,
        [
            Column("序号", 0.6),
            Column("培训内容", 3.4),
            Column("理论课时", 1),
            Column("实操课时", 1),
            Column("合计", 0.8),
        ],
        rows,
        size=10.5,
        row=8.5,
    )
    flow.space(3)
    flow.para("五、教学内容与要求", indent=0, face=look.head)
    for i, module in enumerate(form.modules):
        flow.para(
            f"（{'一二三四五六七八九十'[i % 10]}）{module.name}。{module.content}。"
            + ("教学中采用讲授、演示与学员动手练习相结合的方法，注重规范操作和安全要求。" if look.variant % 3 else "")
        )
    flow.para("六、教材与考核", indent=0, face=look.head)
    flow.para(
        f"教材选用{form.textbook}，一人一套。培训期满组织理论和实操结业考试，两项成绩均达60分为合格，"
        "参加职业技能等级认定的，以认定成绩作为结业成绩。"
    )
    flow.para(info.institution, align="right", indent=0)
    flow.footers(FOOTERS[look.variant % len(FOOTERS)])
    return flow.drawings()
