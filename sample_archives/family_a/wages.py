"""Payrolls and attendance sheets of employers."""

from __future__ import annotations

from decimal import Decimal

from sample_archives.calendar_cn import capitals, days_of, month_written
from sample_archives.canvas import Canvas, Rect
from sample_archives.case import AttendanceRow, Payroll, PayRow, SheetDrawing, Style, WorkAttendance
from sample_archives.flow import Fill, Flow, Look, Segment
from sample_archives.tables import Column, Content, Draw, table

from .common import plain_hand, seal, sign_cell, signature

WEEKDAYS = "一二三四五六日"


def payroll(form: Payroll, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.12)
    layout = form.look % 5
    landscape = layout in (0, 2, 3)
    flow = Flow(style, look, landscape=landscape, left=14, right=14, top=24 if landscape else 27, bottom=22)
    month = Fill(month_written(form.month, 0), "month", form.month, underline=False)
    size = 10.0

    def head(to: Flow) -> None:
        if layout in (0, 4):
            to.heading(form.employer, 17, gap=3)
            _field_last(to, "employer", form.employer, form.employer, 17)
            to.heading(f"{month.text}{form.title}", 14, gap=4)
            _field_last(to, "month", form.month, f"{month.text}{form.title}", 14)
        elif layout == 1:
            to.heading(form.title, 20, spread=5, gap=4)
            to.para("单位名称：", Fill(form.employer, "employer", form.employer, underline=False), indent=0, size=11)
            to.para("所属月份：", month, "      单位：元", indent=0, size=11)
        else:
            to.heading(f"{form.employer}{form.title}", 17, gap=3)
            _field_last(to, "employer", form.employer, f"{form.employer}{form.title}", 17)
            to.para(
                "（",
                Fill(month_written(form.month, 4 if layout == 2 else 0), "month", form.month, underline=False),
                "）",
                indent=0,
                size=11,
                align="centre",
            )

    head(flow)
    columns, cells = _pay_columns(form, layout)
    rows: list[list[Content]] = [[str(i + 1), *cells(row)] for i, row in enumerate(form.rows)]
    total = _totals(form, columns)
    rules = ("grid", "grid", "rows", "grid", "header")[layout]
    height = 9.0 if len(form.rows) < 9 else 7.8
    table(
        flow,
        columns,
        [*rows, total],
        size=size if landscape else 9.0,
        row=height,
        rules=rules,  # type: ignore[arg-type]
        on_new_sheet=head,
        keep=14,
        bold_head=layout in (1, 3),
    )
    if layout == 1:
        net = sum((row.net for row in form.rows), Decimal(0))
        flow.para(f"合计金额（大写）：{capitals(net)}", indent=0, size=10.5)
    _signers(form, flow)
    return flow.drawings()


def _field_last(flow: Flow, name: str, value: str, text: str, size: float) -> None:
    """Truth for a heading just written."""
    canvas = flow.canvas
    middle = flow.left + flow.width / 2
    half = min(canvas.text_width(text, size, flow.look.head), flow.width) / 2
    canvas.field(name, value, (middle - half, flow.y - size * 0.5, middle + half, flow.y - 2))


def _pay_columns(form: Payroll, layout: int):  # type: ignore[no-untyped-def]
    """The columns of a layout and the function that fills a person's cells."""
    wide = layout in (0, 3)
    columns = [Column("序号", 0.6), Column("姓名", 1.1)]
    if form.with_id:
        columns.append(Column("身份证号", 2.6))
    columns.append(Column("出勤\n天数", 0.8))
    insured = any(row.pension for row in form.rows)
    split = any(row.performance for row in form.rows)
    columns.append(Column("基本工资", 1.1))
    if split or wide:
        columns.append(Column("绩效工资" if layout % 2 else "岗位工资", 1.1))
    extra = any(row.overtime or row.allowance for row in form.rows)
    if extra or wide:
        columns += [Column("加班费", 0.9), Column("补贴", 0.9)]
    columns.append(Column("应发工资" if layout % 2 else "应发合计", 1.2))
    if insured:
        group = "代扣款项" if wide else ""
        columns += [
            Column("养老" if wide else "养老\n保险", 0.9, group=group),
            Column("医疗" if wide else "医疗\n保险", 0.9, group=group),
            Column("失业" if wide else "失业\n保险", 0.85, group=group),
        ]
        if wide:
            columns.append(Column("个税", 0.7, group=group))
    columns.append(Column("实发工资" if layout % 2 else "实发金额", 1.2))
    columns.append(Column("领款人\n签字" if layout != 2 else "签字", 1.2))
    if wide:
        columns.append(Column("备注", 0.8))

    def money(value: Decimal) -> str:
        if not value:
            return "" if layout in (0, 4) else "0"
        return f"{value:.2f}" if layout != 1 or value % 1 else f"{value:.0f}"

    def fill(row: PayRow, name: str, value: Decimal) -> Fill:
        return Fill(money(value), name, f"{value:.2f}", row.person)

    def cells(row: PayRow) -> list[Content]:
        out: list[Content] = [Fill(row.person.name, "employee", row.person.name, row.person)]
        if form.with_id:
            out.append(Fill(row.person.id_number, "id_number", row.person.id_number, row.person))
        out.append(Fill(f"{row.days.normalize():f}", "days", f"{row.days.normalize():f}", row.person))
        out.append(fill(row, "base", row.base))
        if split or wide:
            out.append(money(row.performance))
        if extra or wide:
            out += [money(row.overtime), money(row.allowance)]
        out.append(fill(row, "gross", row.gross))
        if insured:
            out += [money(row.pension), money(row.medical), money(row.unemployment)]
            if wide:
                out.append(money(row.tax))
        out.append(fill(row, "net", row.net))
        out.append(sign_cell(row.person.name, "signature" if row.signed else None, "employee"))
        if wide:
            out.append("")
        return out

    return columns, cells


def _totals(form: Payroll, columns: list[Column]) -> list[Content]:
    """The 合计 row: sums under gross and net."""
    out: list[Content] = [""] * len(columns)
    out[1] = "合计"
    for i, column in enumerate(columns):
        if column.title.startswith("应发"):
            out[i] = f"{sum((row.gross for row in form.rows), Decimal(0)):.2f}"
        elif column.title.startswith("实发"):
            out[i] = f"{sum((row.net for row in form.rows), Decimal(0)):.2f}"
    return out


def _signers(form: Payroll, flow: Flow) -> None:
    look, canvas = flow.look, flow.canvas
    flow.y += 9
    every = [("制表：", form.preparer), ("审核：", form.reviewer), ("负责人：", form.reviewer)]
    labels = every[: 2 + look.variant % 2]
    step = flow.width / len(labels)
    for i, (label, name) in enumerate(labels):
        box = canvas.text(flow.left + i * step + 4, flow.y, label, 10.5, look.body)
        if look.variant % 3:
            signature(canvas, box[2] + 1, flow.y, name, "employer", 13)
        else:
            canvas.fill(box[2] + 1, flow.y, name, 10.5, look.pen)
    if form.sealed:
        seal(
            canvas,
            flow.left + flow.width * flow.style.rng.uniform(0.62, 0.8),
            flow.y - 10,
            form.employer,
            form.seal_number,
            "employer",
        )


# --- attendance --------------------------------------------------------------------------------------


def attendance(form: WorkAttendance, style: Style) -> list[SheetDrawing]:
    look = Look(form, style, by_hand=0.3)
    layout = form.look % 4
    flow = Flow(style, look, landscape=layout != 3, left=12, right=12, top=24, bottom=20)
    days = days_of(form.month)

    def head(to: Flow) -> None:
        month = Fill(month_written(form.month), "month", form.month, underline=False)
        if layout == 1:
            to.heading(f"{form.employer}{form.title}", 17, gap=4)
            _field_last(to, "employer", form.employer, f"{form.employer}{form.title}", 17)
            to.para("考勤月份：", month, indent=0, size=11, align="right")
        else:
            text = f"{month.text}{form.title}" if layout == 2 else form.title
            to.heading(text, 18, spread=0 if layout == 2 else 4, gap=4)
            if layout == 2:
                _field_last(to, "month", form.month, text, 18)
            line: list[Segment] = [
                look.pick(("单位：", "单位名称：", "用人单位：")),
                Fill(form.employer, "employer", form.employer, underline=False),
            ]
            if layout != 2:
                line += ["        ", month]
            to.para(*line, indent=0, size=11)

    head(flow)
    person_width = 3.4 if flow.size[0] > 250 else 3.0
    columns = [Column("序号", 1.3), Column("姓名", person_width)]
    if form.with_id:
        columns.append(Column("身份证号", 6.4))
    columns += [Column(f"{d.day}\n{WEEKDAYS[d.weekday()]}" if layout in (0, 2) else str(d.day), 1.0) for d in days]
    columns.append(Column("出勤\n天数", 1.9))
    if layout == 0:
        columns.append(Column("备注", 2.0))
    pen = plain_hand(style.rng) if look.variant % 3 else None

    def mark(symbol: str) -> Draw:
        def draw(canvas: Canvas, box: Rect) -> None:
            if not symbol:
                return
            size = min(10.0, (box[2] - box[0]) / 0.3528 * 0.82 / max(1, len(symbol) * 0.62))
            face = pen.face if pen and symbol not in "√×○△☆▲⊙" else look.body
            width = canvas.text_width(symbol, size, face)
            x = (box[0] + box[2] - width) / 2 + (style.rng.uniform(-0.3, 0.3) if pen else 0)
            y = (box[1] + box[3]) / 2 + size * 0.3528 * 0.36 + (style.rng.uniform(-0.4, 0.4) if pen else 0)
            canvas.text(x, y, symbol, size, face, pen.colour if pen else (18, 18, 20))

        return draw

    def cells(i: int, row: AttendanceRow) -> list[Content]:
        out: list[Content] = [str(i + 1), Fill(row.person.name, "employee", row.person.name, row.person)]
        if form.with_id:
            out.append(Fill(row.person.id_number, "id_number", row.person.id_number, row.person))
        out += [mark(form.symbols.get(m, "") if m else "") for m in row.marks]
        out.append(Fill(f"{row.total.normalize():f}", "days", f"{row.total.normalize():f}", row.person))
        if layout == 0:
            out.append("")
        return out

    height = 9.5 if len(form.rows) < 6 else 8.2
    table(
        flow,
        columns,
        [cells(i, row) for i, row in enumerate(form.rows)],
        size=9.0,
        row=height,
        head=10,
        on_new_sheet=head,
        keep=16,
    )
    flow.y += 3
    if form.with_legend:
        names = {"work": "出勤", "rest": "休息", "personal": "事假", "sick": "病假", "absent": "旷工", "half": "半天"}
        legend = "  ".join(f"{names[k]}：{v}" for k, v in form.symbols.items() if v)
        flow.para(look.pick(("说明：", "注：", "考勤符号：")) + legend, indent=0, size=9.5)
    flow.y += 8
    canvas = flow.canvas
    for x, label, name in (
        (flow.left + 6, "考勤员：", form.keeper),
        (flow.left + flow.width * 0.42, look.pick(("负责人：", "审核：", "部门负责人：")), form.reviewer),
    ):
        box = canvas.text(x, flow.y, label, 10.5, look.body)
        signature(canvas, box[2] + 1, flow.y, name, "employer", 13)
    if form.sealed:
        seal(
            canvas,
            flow.left + flow.width * style.rng.uniform(0.74, 0.86),
            flow.y - 9,
            form.employer,
            form.seal_number,
            "employer",
        )
    return flow.drawings()
