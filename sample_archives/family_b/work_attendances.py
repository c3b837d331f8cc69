"""Employers' attendance sheets: half-day rows, a wide one with totals, and one in two half months."""

# ruff: noqa: E501 - lines of HTML break where the paper does
from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Sequence

from sample_archives.case import AttendanceRow, WorkAttendance
from sample_archives.family_b import stamps
from sample_archives.family_b.context import Context
from sample_archives.family_b.markup import Sheet, columns, spaced, t

MEANING = {"work": "出勤", "rest": "休息", "personal": "事假", "sick": "病假", "absent": "旷工", "half": "半天"}
STROKES = "√×○△/"


def layout(form: WorkAttendance, c: Context) -> list[Sheet]:
    """One of the three, by look."""
    return (_halves, _wide, _two_blocks)[form.look % 3](form, c)


class _Month:
    def __init__(self, form: WorkAttendance) -> None:
        self.year, self.month = (int(part) for part in form.month.split("-"))
        self.days = calendar.monthrange(self.year, self.month)[1]

    def weekday(self, day: int) -> str:
        return "一二三四五六日"[calendar.weekday(self.year, self.month, day)]


def _symbol(form: WorkAttendance, c: Context, mark: str) -> str:
    text = form.symbols.get(mark, "") if mark else ""
    if text in STROKES and text and c.by_hand:
        return stamps.tick(c.rng, text, c.pen.colour)
    return t(text)


def _legend(form: WorkAttendance, c: Context) -> str:
    if not form.with_legend:
        return ""
    order = c.pick("{1}{0}", "{0}{1}", "{0}：{1}", "“{1}”{0}")
    pairs = ((MEANING.get(mark, mark), t(symbol)) for mark, symbol in form.symbols.items() if symbol)
    return c.pick("&emsp;", "，", "；", "&ensp;").join(order.format(*pair) for pair in pairs)


def _count(row: AttendanceRow, mark: str) -> str:
    number = Counter(row.marks)[mark]
    return str(number) if number else ""


def _who(c: Context, row: AttendanceRow) -> str:
    return c.tag(t(row.person.name), "employee", row.person.name, row.person)


def _ident(c: Context, row: AttendanceRow) -> str:
    return c.tag(t(row.person.id_number), "id_number", row.person.id_number, row.person)


def _total(c: Context, row: AttendanceRow) -> str:
    text = f"{row.total.normalize():f}"
    return c.tag(text, "days", text, row.person)


def _cut(rows: Sequence[AttendanceRow], size: int) -> list[tuple[AttendanceRow, ...]]:
    return [tuple(rows[i:i + size]) for i in range(0, len(rows), size)] or [()]


def _seal(form: WorkAttendance, c: Context, left: float, top: float) -> str:
    if not form.sealed:
        return ""
    return c.seal(form.employer, "employer", form.seal_number, purpose=c.pick("", "", "人事专用章"), left=left, top=top)


def _halves(form: WorkAttendance, c: Context) -> list[Sheet]:
    """Landscape; each person has a row for the morning and one for the afternoon."""
    m = _Month(form)
    idw = [33] if form.with_id else []
    narrow = (269 - 8 - 16 - sum(idw) - 9 - 14) / m.days
    head = (f"<tr><th rowspan=2>序<br>号</th><th rowspan=2>姓名</th>{'<th rowspan=2>身份证号</th>' if idw else ''}<th>日</th>"
            + "".join(f"<th>{d}</th>" for d in range(1, m.days + 1)) + "<th rowspan=2>出勤<br>合计</th></tr><tr><th>星期</th>"
            + "".join(f"<th>{m.weekday(d)}</th>" for d in range(1, m.days + 1)) + "</tr>")
    parts = _cut(form.rows, 9)
    sheets, number = [], 0
    for at, part in enumerate(parts):
        body = ""
        for row in part:
            number += 1
            morning = "".join(f"<td>{_symbol(form, c, 'work' if k == 'half' else k)}</td>" for k in row.marks)
            noon = "".join(
                f"<td>{_symbol(form, c, ('personal' if form.symbols.get('personal') else 'half') if k == 'half' else k)}</td>"
                for k in row.marks
            )
            ident = f"<td rowspan=2>{_ident(c, row)}</td>" if idw else ""
            body += (f"<tr><td rowspan=2>{number}</td><td rowspan=2>{_who(c, row)}</td>{ident}<td>上午</td>{morning}"
                     f"<td rowspan=2>{_total(c, row)}</td></tr><tr><td>下午</td>{noon}</tr>")
        unit, when = t(form.employer), c.pick(f"{m.year}年{m.month}月", f"{m.year}年{m.month:02d}月", f"{m.year}.{m.month:02d}")
        if at == 0:
            unit, when = c.tag(unit, "employer", form.employer), c.tag(when, "month", form.month)
        legend = _legend(form, c)
        sheets.append(Sheet(f"""<style>.ah td, .ah th {{ height: 6.2mm; font-size: 8pt; padding: 0 !important }}</style>
        <div class="form"><h1>{spaced(t(form.title), c.pick('', '&ensp;'))}</h1>
        <table class="u" style="margin-bottom:1mm"><tr><td class="l">单位（部门）：{unit}</td><td>考勤月份：{when}</td><td class="r"></td></tr></table>
        <table class="g ah">{columns([8, 16, *idw, 9, *[narrow] * m.days, 14])}<thead>{head}</thead>{body}</table>
        <p class="small" style="margin-top:1.5mm">{f'符号说明：{legend}' if legend else ''}</p>
        <div class="rel">考勤员：{c.ink(form.keeper)}&emsp;&emsp;&emsp;&emsp;&emsp;&emsp;部门负责人：{c.ink(form.reviewer)}{_seal(form, c, 200, -26)}</div></div>""", landscape=True))
    return sheets


def _wide(form: WorkAttendance, c: Context) -> list[Sheet]:
    """Landscape; one row a person, a column for each kind of absence, legend above the table."""
    m = _Month(form)
    kinds = [k for k in ("rest", "personal", "sick", "absent") if k in form.symbols]
    idw = [32] if form.with_id else []
    narrow = (269 - 8 - 17 - sum(idw) - 9 * (len(kinds) + 1)) / m.days
    head = (f"<tr><th rowspan=2>序号</th><th rowspan=2>姓　名</th>{'<th rowspan=2>身份证号码</th>' if idw else ''}"
            f"<th colspan={m.days}>日　　　　　　期</th><th colspan={len(kinds) + 1}>合计（天）</th></tr><tr>"
            + "".join(f"<th>{d}</th>" for d in range(1, m.days + 1)) + "<th>出勤</th>"
            + "".join(f"<th>{MEANING[k]}</th>" for k in kinds) + "</tr>")
    parts = _cut(form.rows, 18)
    sheets, number = [], 0
    for at, part in enumerate(parts):
        body = ""
        for row in part:
            number += 1
            marks = "".join(f"<td>{_symbol(form, c, k)}</td>" for k in row.marks)
            ident = f"<td>{_ident(c, row)}</td>" if idw else ""
            body += (f"<tr><td>{number}</td><td>{_who(c, row)}</td>{ident}{marks}<td>{_total(c, row)}</td>"
                     + "".join(f"<td>{_count(row, k)}</td>" for k in kinds) + "</tr>")
        title = c.pick(f"{t(form.employer)}{m.year}年{m.month}月{t(form.title)}",
                       f"{t(form.employer)}<br>{t(form.title)}（{m.year}年{m.month}月份）")
        if at == 0:
            title = c.tag(c.tag(title, "employer", form.employer), "month", form.month)
        legend = _legend(form, c)
        sheets.append(Sheet(f"""<style>.aw td, .aw th {{ height: 7.2mm; font-size: 8pt; padding: 0 !important }}</style>
        <div class="form"><h1 style="font-size:16pt">{title}</h1>
        <p class="small r" style="margin:1mm 0">{f'注：{legend}' if legend else '&nbsp;'}</p>
        <table class="g aw">{columns([8, 17, *idw, *[narrow] * m.days, *[9] * (len(kinds) + 1)])}<thead>{head}</thead>{body}</table>
        <div class="rel" style="margin-top:3mm">审核人：{c.ink(form.reviewer)}&emsp;&emsp;&emsp;&emsp;&emsp;&emsp;&emsp;记录人：{c.ink(form.keeper)}{_seal(form, c, 170, -26)}</div></div>""", landscape=True))
    return sheets


def _two_blocks(form: WorkAttendance, c: Context) -> list[Sheet]:
    """Upright; the days 1-15 in an upper table, the rest with the total in a lower one."""
    m = _Month(form)
    parts = _cut(form.rows, 13)
    sheets = []
    for at, part in enumerate(parts):
        tables = ""
        for low, high in ((1, 15), (16, m.days)):
            last = high == m.days
            ident = form.with_id and not last
            head = (f"<tr><th>姓名＼日期</th>{'<th>身份证号</th>' if ident else ''}"
                    + "".join(f"<th>{d}</th>" for d in range(low, high + 1)) + ("<th>出勤<br>天数</th>" if last else "") + "</tr>")
            body = ""
            for row in part:
                marks = "".join(f"<td>{_symbol(form, c, k)}</td>" for k in row.marks[low - 1:high])
                who = t(row.person.name) if last else _who(c, row)
                body += (f"<tr><td>{who}</td>{f'<td>{_ident(c, row)}</td>' if ident else ''}{marks}"
                         + (f"<td>{_total(c, row)}</td>" if last else "") + "</tr>")
            count = high - low + 1
            fixed = 20 + (33 if ident else 0) + (12 if last else 0)
            widths = [20, *([33] if ident else []), *[(182 - fixed) / count] * count, *([12] if last else [])]
            tables += f'<table class="g at2" style="margin-bottom:4mm">{columns(widths)}<thead>{head}</thead>{body}</table>'
        unit, when = t(form.employer), f"{m.year}年{m.month}月份"
        if at == 0:
            unit, when = c.tag(unit, "employer", form.employer), c.tag(when, "month", form.month)
        legend = _legend(form, c)
        sheets.append(Sheet(f"""<style>.at2 td, .at2 th {{ height: 6.6mm; font-size: 8.5pt; padding: 0 !important }}</style>
        <div class="form" style="left:14mm;right:14mm;line-height:1.5"><h1>{unit}</h1><h1 style="font-size:15pt">{when}{t(form.title)}</h1>
        <p class="small" style="margin:2mm 0">{f'考勤符号：{legend}' if legend else '&nbsp;'}</p>{tables}
        <div class="rel">考勤人：{c.ink(form.keeper)}&emsp;&emsp;&emsp;&emsp;&emsp;&emsp;负责人签字：{c.ink(form.reviewer)}{_seal(form, c, 120, -18)}</div></div>"""))
    return sheets
