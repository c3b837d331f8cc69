"""Payrolls: a merged two-level head, departments with subtotals, and a narrow one with two-line cells."""

# ruff: noqa: E501 - lines of HTML break where the paper does
from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise

from sample_archives.case import Payroll, PayRow
from sample_archives.family_b.context import Context
from sample_archives.family_b.markup import Sheet, columns, spaced, t

Amount = Callable[[PayRow], Decimal]


def layout(form: Payroll, c: Context) -> list[Sheet]:
    """One of the three, by look."""
    return (_merged, _departments, _narrow)[form.look % 3](form, c)


def _money(c: Context) -> Callable[[Decimal], str]:
    plain = c.always("no decimals", 0.4)
    comma = c.always("thousands", 0.3)

    def show(value: Decimal) -> str:
        if plain and value == value.to_integral():
            return f"{int(value):,}" if comma else str(int(value))
        return f"{value:,.2f}" if comma else f"{value:.2f}"

    return show


def _days(c: Context, row: PayRow) -> str:
    text = f"{row.days.normalize():f}"
    return c.tag(text, "days", text, row.person)


def _month(form: Payroll) -> tuple[str, str]:
    year, month = form.month.split("-")
    return year, month


def _total(rows: Sequence[PayRow], amount: Amount) -> Decimal:
    return sum((amount(row) for row in rows), Decimal(0))


def _cut(rows: Sequence[PayRow], size: int) -> list[tuple[PayRow, ...]]:
    return [tuple(rows[i:i + size]) for i in range(0, len(rows), size)] or [()]


def _shuffle(c: Context, earned: list[tuple[str, Amount]], kept: list[tuple[str, Amount]]) -> None:
    """Every office has its own order of columns; the base pay comes first everywhere."""
    rest = earned[1:]
    c.own.shuffle(rest)
    earned[1:] = rest
    c.own.shuffle(kept)


def _name(c: Context, row: PayRow) -> str:
    return c.tag(t(row.person.name), "employee", row.person.name, row.person)


def _id(c: Context, row: PayRow) -> str:
    return c.tag(t(row.person.id_number), "id_number", row.person.id_number, row.person)


def _net(c: Context, row: PayRow, show: Callable[[Decimal], str]) -> str:
    return c.tag(show(row.net), "net", f"{row.net:.2f}", row.person)


def _gross(c: Context, row: PayRow, show: Callable[[Decimal], str]) -> str:
    return c.tag(show(row.gross), "gross", f"{row.gross:.2f}", row.person)


def _receipt(c: Context, row: PayRow, size: float = 17) -> str:
    return c.sign(row.person.name, "employee", size) if row.signed else ""


def _seal(form: Payroll, c: Context, left: float, top: float) -> str:
    if not form.sealed:
        return ""
    purpose = c.pick("财务专用章", "", "财务专用章", "人事专用章")
    return c.seal(form.employer, "employer", form.seal_number, purpose=purpose, left=left, top=top)


def _merged(form: Payroll, c: Context) -> list[Sheet]:
    """Landscape; 应发 and 代扣 span several columns each; the period stands under the title."""
    year, month = _month(form)
    show = _money(c)
    period = c.pick(f"工资所属期：{year}.{month}", f"所属月份：{year}年{int(month)}月", f"工资期间：{year}-{month}")
    earn: list[tuple[str, Amount]] = [
        ("基本工资", lambda r: r.base), ("绩效工资", lambda r: r.performance), ("加班费", lambda r: r.overtime),
        ("补　贴", lambda r: r.allowance),
    ]
    keep: list[tuple[str, Amount]] = [
        ("养老", lambda r: r.pension), ("医疗", lambda r: r.medical), ("失业", lambda r: r.unemployment),
        ("个税", lambda r: r.tax),
    ]
    _shuffle(c, earn, keep)
    ident = "<th rowspan=2>身份证号码</th>" if form.with_id else ""
    widths = [9, 18, *([41] if form.with_id else []), 12, *[19] * 4, 20, *[15] * 4, 21, 24]
    head = f"""{columns(widths)}<thead><tr><th rowspan=2>序号</th><th rowspan=2>姓 名</th>{ident}<th rowspan=2>出勤<br>天数</th>
    <th colspan=5>应发工资</th><th colspan=4>代扣款项</th><th rowspan=2>实发工资</th><th rowspan=2>领款人<br>签章</th></tr>
    <tr>{''.join(f'<th>{n}</th>' for n, _ in earn)}<th>小计</th>{''.join(f'<th>{n}</th>' for n, _ in keep)}</tr></thead>"""
    parts = _cut(form.rows, 15)
    sheets = []
    number = 0
    for at, part in enumerate(parts):
        body = ""
        for row in part:
            number += 1
            cells = [str(number), _name(c, row), *([_id(c, row)] if form.with_id else []), _days(c, row),
                     *(show(a(row)) for _, a in earn), _gross(c, row, show), *(show(a(row)) for _, a in keep),
                     _net(c, row, show), _receipt(c, row)]
            body += "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
        if at == len(parts) - 1:
            span = 4 if form.with_id else 3
            sums = [*(show(_total(form.rows, a)) for _, a in earn), show(_total(form.rows, lambda r: r.gross)),
                    *(show(_total(form.rows, a)) for _, a in keep), show(_total(form.rows, lambda r: r.net)), ""]
            body += (f"<tr><td colspan={span}>{c.pick('合　计', '总计')}</td>"
                     + "".join(f"<td>{s}</td>" for s in sums) + "</tr>")
        first = at == 0
        unit = c.tag(t(form.employer), "employer", form.employer) if first else t(form.employer)
        when = c.tag(period, "month", form.month) if first else period
        sheets.append(Sheet(f"""<style>.pm td, .pm th {{ height: 7.6mm; font-size: 9pt }}</style><div class="form">
        <h1>{spaced(t(form.title), c.pick('', '&ensp;', '&emsp;'))}</h1>
        <table class="u" style="margin:2mm 0 1mm"><tr><td class="l">单位名称：{unit}</td><td>{when}</td><td class="r">金额单位：元</td></tr></table>
        <table class="g pm">{head}{body}</table>
        <div class="rel" style="margin-top:3mm">单位负责人：&emsp;&emsp;&emsp;&emsp;&emsp;审核：{c.ink(form.reviewer)}&emsp;&emsp;&emsp;&emsp;&emsp;制表：{c.ink(form.preparer)}&emsp;&emsp;&emsp;&emsp;&emsp;第{at + 1}页/共{len(parts)}页
        {_seal(form, c, 18, -24)}</div></div>""", landscape=True))
    return sheets


def _departments(form: Payroll, c: Context) -> list[Sheet]:
    """Landscape; persons by department, a 小计 after each; the employer is in the title line."""
    year, month = _month(form)
    show = _money(c)
    names = c.own.sample(("生产车间", "后勤部", "销售部", "办公室", "仓储组"), 3)
    size = len(form.rows)
    cuts = [0, size] if size < 4 else [0, max(1, size // 2), size] if size < 9 else [0, size // 2, size * 4 // 5, size]
    items: list[tuple[str, Amount]] = [
        ("基本工资", lambda r: r.base), ("岗位<br>绩效", lambda r: r.performance), ("加班<br>工资", lambda r: r.overtime),
        ("津补贴", lambda r: r.allowance),
    ]
    off: list[tuple[str, Amount]] = [
        ("养老<br>保险", lambda r: r.pension), ("医疗<br>保险", lambda r: r.medical),
        ("失业<br>保险", lambda r: r.unemployment), ("个人<br>所得税", lambda r: r.tax),
    ]
    _shuffle(c, items, off)
    ident = ["身份证号"] if form.with_id else []
    heads = ["部门", "姓名", *ident, *(n for n, _ in items), "应发<br>合计", *(n for n, _ in off), "实发<br>金额", "出勤<br>天数", "签名"]
    widths = [17, 18, *([41] if form.with_id else []), *[18] * 4, 20, *[15] * 4, 21, 12, 23]

    def numbers(rows: Sequence[PayRow]) -> list[str]:
        return [*(show(_total(rows, a)) for _, a in items), show(_total(rows, lambda r: r.gross)),
                *(show(_total(rows, a)) for _, a in off), show(_total(rows, lambda r: r.net)), "", ""]

    lines: list[tuple[str, int]] = []       # a ready row without its department cell, and its department
    for d, (low, high) in enumerate(pairwise(cuts)):
        for row in form.rows[low:high]:
            cells = [_name(c, row), *([_id(c, row)] if form.with_id else []), *(show(a(row)) for _, a in items),
                     _gross(c, row, show), *(show(a(row)) for _, a in off), _net(c, row, show), _days(c, row),
                     _receipt(c, row)]
            lines.append(("".join(f"<td>{cell}</td>" for cell in cells), d))
        span = " colspan=2" if form.with_id else ""
        sub = "".join(f"<td>{n}</td>" for n in numbers(form.rows[low:high]))
        lines.append((f"<td{span}><b>小 计</b></td>{sub}", d))
    pages = [lines[i:i + 16] for i in range(0, len(lines), 16)] or [[]]
    title = c.pick(f"{t(form.employer)}{year}年{int(month)}月{t(form.title)}",
                   f"{t(form.employer)}<br>{year}年{month}月份{t(form.title)}")
    sheets = []
    for at, part in enumerate(pages):
        body, last = "", -1
        for cells_html, d in part:
            count = sum(1 for _, other in part if other == d)
            lead = f"<td rowspan={count}>{names[d]}</td>" if d != last else ""
            last = d
            body += f"<tr>{lead}{cells_html}</tr>"
        if at == len(pages) - 1:
            body += (f"<tr><td colspan={3 if form.with_id else 2}><b>总　计</b></td>"
                     + "".join(f"<td>{n}</td>" for n in numbers(form.rows)) + "</tr>")
        heading = title
        if at == 0:
            heading = c.tag(c.tag(title, "employer", form.employer), "month", form.month)
        sheets.append(Sheet(f"""<style>.pd td, .pd th {{ height: 7.4mm; font-size: 9pt }}</style><div class="form">
        <h1 style="margin-bottom:3mm;font-size:16pt">{heading}</h1>
        <table class="g pd">{columns(widths)}<thead><tr>{''.join(f'<th>{h}</th>' for h in heads)}</tr></thead>{body}</table>
        <div class="rel" style="margin-top:3mm">财务负责人：{c.ink(form.reviewer)}&emsp;&emsp;&emsp;&emsp;&emsp;&emsp;&emsp;&emsp;制表人：{c.ink(form.preparer)}{_seal(form, c, 190, -30)}</div></div>""", landscape=True))
    return sheets


def _narrow(form: Payroll, c: Context) -> list[Sheet]:
    """Upright; name over ID number in one cell, kinds of pay in two lines; the month only in the title."""
    year, month = _month(form)
    show = _money(c)
    open_sides = c.own.random() < 0.4
    kind = "o" if open_sides else "g"
    heads = ["序号", "姓名<br>身份证号" if form.with_id else "姓 名", "出勤<br>(天)", "基本工资<br>绩效工资", "加班工资<br>补　助",
             "应发数", "养老　医疗<br>失业　个税", "实发数", "签 字"]
    widths = [9, 40 if form.with_id else 22, 12, 21, 21, 21, 29, 21, 24]
    parts = _cut(form.rows, 17)
    sheets, number = [], 0
    for at, part in enumerate(parts):
        body = ""
        for row in part:
            number += 1
            who = _name(c, row) + (f"<br>{_id(c, row)}" if form.with_id else "")
            cells = [str(number), who, _days(c, row), f"{show(row.base)}<br>{show(row.performance)}",
                     f"{show(row.overtime)}<br>{show(row.allowance)}", _gross(c, row, show),
                     f"{show(row.pension)}　{show(row.medical)}<br>{show(row.unemployment)}　{show(row.tax)}",
                     _net(c, row, show), _receipt(c, row, 19)]
            body += "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
        if at == len(parts) - 1:
            def sums(*amounts: Amount) -> str:
                return "<br>".join(show(_total(form.rows, a)) for a in amounts)
            body += (f"<tr><td colspan=3>合　计</td><td>{sums(lambda r: r.base, lambda r: r.performance)}</td>"
                     f"<td>{sums(lambda r: r.overtime, lambda r: r.allowance)}</td><td>{sums(lambda r: r.gross)}</td>"
                     f"<td></td><td>{sums(lambda r: r.net)}</td><td></td></tr>")
        title = f"{year}年{int(month)}月份{t(form.title)}"
        unit = t(form.employer)
        if at == 0:
            title, unit = c.tag(title, "month", form.month), c.tag(unit, "employer", form.employer)
        sheets.append(Sheet(f"""<style>.pn td, .pn th {{ font-size: 9pt; padding: .9mm .5mm }}
        table.o td, table.o th {{ border-bottom: .2mm solid #333; text-align: center; font-weight: normal; line-height: 1.3 }}
        table.o th {{ border-top: .6mm solid #111; border-bottom: .5mm solid #111 }} table.o {{ border-bottom: .6mm solid #111 }}</style>
        <div class="form" style="left:13mm;right:13mm;line-height:1.4"><h1>{title}</h1><p class="l" style="margin:3mm 0 1.5mm">{c.pick('填报单位', '编制单位', '单位')}：{unit}</p>
        <table class="{kind} pn">{columns(widths)}<thead><tr>{''.join(f'<th>{h}</th>' for h in heads)}</tr></thead>{body}</table>
        <div class="rel" style="margin-top:4mm">负责人：{c.ink(form.reviewer)}&emsp;&emsp;&emsp;&emsp;&emsp;会计：{c.ink(form.preparer)}{_seal(form, c, 116, -22)}</div></div>
        <div class="foot">{'' if len(parts) == 1 else f'{at + 1}-{len(parts)}'}</div>"""))
    return sheets
