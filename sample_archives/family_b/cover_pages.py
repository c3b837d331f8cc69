"""The binder's own papers: cover (卷皮) and list of contents."""

# ruff: noqa: E501 - lines of HTML break where the paper does
from __future__ import annotations

from sample_archives.case import Catalogue, Cover
from sample_archives.family_b.context import Context
from sample_archives.family_b.markup import Sheet, columns, dated, spaced, t


def cover(form: Cover, c: Context) -> list[Sheet]:
    """A printed jacket with ruled lines, or a plain typed one, by look."""
    return [(_jacket, _typed)[form.look % 2](form, c)]


def _jacket(form: Cover, c: Context) -> Sheet:
    i = form.info
    line = "border-bottom:.3mm solid #222;display:inline-block;text-align:center;line-height:1.3"
    html = f"""<div class="at" style="left:18mm;right:18mm;top:20mm;bottom:14mm;border:{c.pick('1.2mm double #222', '.5mm solid #222')}"></div>
    <div class="form" style="left:28mm;right:28mm;font-size:15pt">
    <table class="g" style="margin-top:6mm;width:92mm;margin-left:auto;font-size:11pt"><tr><th style="width:28mm">档　号</th><td>{c.ink(form.archive_number)}</td></tr></table>
    <p class="c" style="margin-top:22mm;font-size:20pt">{t(i.institution)}</p>
    <h1 style="font-size:38pt;margin:14mm 0 20mm;letter-spacing:.15em">{spaced(t(form.title), c.pick('', '&ensp;'))}</h1>
    <p>案卷题名：<span style="{line};width:118mm">{c.ink(i.name + '培训档案')}</span></p>
    <p style="margin-top:7mm">培训工种：<span style="{line};width:60mm">{c.ink(i.occupation)}</span></p>
    <p style="margin-top:7mm">起止时间：<span style="{line};width:110mm">自 {c.ink(dated(i.start))} 至 {c.ink(dated(i.end))}</span></p>
    <table class="g" style="margin-top:26mm;font-size:12pt"><tr><th>卷　次</th><th>本卷页数</th><th>保管期限</th><th>立卷日期</th></tr>
    <tr style="height:13mm"><td>{c.ink(form.volume)}</td><td>{c.ink(f'共 {form.pages} 页')}</td><td>{c.ink(form.retention)}</td><td>{c.ink(dated(form.filed_on, 'dot'))}</td></tr></table></div>"""
    return Sheet(html)


def _typed(form: Cover, c: Context) -> Sheet:
    i = form.info
    html = f"""<div class="form" style="font-size:16pt"><p class="c" style="font-size:24pt;margin-top:24mm;font-family:'{c.head}'">{t(i.name)}</p>
    <h1 style="font-size:44pt;margin:24mm 0 40mm">{'<br>'.join(t(form.title)) if c.pick('v', 'h') == 'v' and len(form.title) <= 4 else spaced(t(form.title), '&emsp;')}</h1>
    <div style="padding-left:14mm;line-height:2.1"><p>培训机构：{t(i.institution)}</p><p>培训职业（工种）：{t(i.occupation)}</p>
    <p>培训期限：{dated(i.start, 'dot')}—{dated(i.end, 'dot')}</p><p>全宗号/档号：{t(form.archive_number)}　　{t(form.volume)}</p><p>本卷共 {form.pages} 页　　保管期限：{t(form.retention)}</p></div>
    <p class="c" style="margin-top:14mm">{dated(form.filed_on, c.pick('cn', 'chinese'))}</p></div>"""
    return Sheet(html)


def catalogue(form: Catalogue, c: Context) -> list[Sheet]:
    """Long or short heads by look; the page column says what it counts."""
    short = form.look % 2 == 1
    page = {"start": c.pick("页号", "页　次", "起始页"), "range": c.pick("页号", "起止页号", "页码"), "count": c.pick("页数", "页　数")}[form.column]
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    if short:
        heads, widths = ("序号", "材　料　名　称", page, "备注"), (14, 104, 26, 28)
    else:
        heads, widths = ("顺序号", "责任者", "题　　　名", "日　期", page, "备注"), (14, 34, 70, 24, 20, 16)
    size = 22 if short else 20
    sheets = []
    for at in range(0, len(form.lines) or 1, size):
        part = form.lines[at:at + size]
        body = ""
        for line in part:
            whole = form.lines[-1] is line
            span = f"{line.first}-{line.last}" if line.last != line.first else str(line.first)
            where = {"start": span if whole else str(line.first), "range": span, "count": str(line.pages)}[form.column]
            cells = ((str(line.number), t(line.title), where, t(line.remark)) if short else
                     (str(line.number), t(line.author), t(line.title), t(line.dated), where, t(line.remark)))
            left = 1 if short else 2
            body += "<tr>" + "".join(
                f'<td{" class=l" if k == left else ""}>{cell}</td>' for k, cell in enumerate(cells)) + "</tr>"
        body += ("<tr>" + "<td></td>" * len(heads) + "</tr>") * max(0, min(3, size - len(part)))
        sheets.append(Sheet(f"""<style>.cat td {{ height: 10mm }}</style><div class="form" style="left:18mm;right:18mm"><h1 style="margin:2mm 0 5mm;font-size:22pt">{spaced(t(form.title), c.pick('&ensp;', '&emsp;', ''))}</h1>
        <table class="g cat">{columns(widths)}<thead><tr style="height:11mm">{''.join(f'<th>{h}</th>' for h in heads)}</tr></thead>{body}</table></div>"""))
    return sheets
