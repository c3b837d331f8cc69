"""Certificates of flexible employment: prose with blanks, a person's own statement, a form, lists."""

# ruff: noqa: E501 - lines of HTML break where the paper does
from __future__ import annotations

from sample_archives.case import FlexibleCertificate, FlexibleRow
from sample_archives.family_b.context import Context
from sample_archives.family_b.markup import Sheet, capitals, columns, dated, spaced, t


def layout(form: FlexibleCertificate, c: Context) -> list[Sheet]:
    """One of three for one person, one of two for a list, by look."""
    if form.as_list or len(form.rows) > 1:
        return (_list, _list_with_prose)[form.look % 2](form, c)
    return (_prose, _statement, _table)[form.look % 3](form, form.rows[0], c)


def _period(row: FlexibleRow, c: Context, *, short: bool = False) -> str:
    """自2023年9月起至今, or the blanks of it."""
    if row.since is None:
        return "" if short else f"自{c.fill(None, 16)}年{c.fill(None, 9)}月起"
    exact = c.always('exact day', 0.4) or row.since.day != 1
    begin = dated(row.since) if exact else f"{row.since.year}年{row.since.month}月"
    if short:
        begin = dated(row.since, "dot") if exact else f"{row.since.year}.{row.since.month:02d}"
        last = row.until
        end = "至今" if last is None else dated(last, "dot") if exact else f"{last.year}.{last.month:02d}"
        text = f"{begin}{'—' if row.until else ''}{end}"
    else:
        end = f"至{dated(row.until)}" if row.until else c.pick("至今", "", "至今")
        text = f"自{begin}{'起' if not row.until else ''}{end}"
    return c.tag(c.ink(text), "since", row.since if exact else f"{row.since:%Y-%m}", row.person)


def _income(row: FlexibleRow, c: Context, *, unit: bool = True) -> str:
    if row.income is None:
        return c.fill(None, 24) + ("元" if unit else "")
    if c.always('capitals', 0.3):
        inner = f"{capitals(row.income)}（￥{row.income}元）"
        return c.tag(c.ink(inner), "income", row.income, row.person)
    return c.tag(c.ink(row.income), "income", row.income, row.person) + ("元" if unit else "")


def _phone(row: FlexibleRow, c: Context) -> str:
    return c.tag(c.ink(row.phone), "phone", row.phone, row.person) if row.phone else c.fill(None, 34)


def _boss_phone(form: FlexibleCertificate, c: Context) -> str:
    number = form.legal_representative_phone
    return c.tag(c.ink(number), "legal_representative_phone", number) if number else c.fill(None, 34)


def _boss(form: FlexibleCertificate, c: Context) -> str:
    return c.tag(c.ink(form.legal_representative), "legal_representative", form.legal_representative)


def _name(row: FlexibleRow, c: Context) -> str:
    return c.tag(c.ink(row.person.name), "employee", row.person.name, row.person)


def _id(row: FlexibleRow, c: Context) -> str:
    return c.tag(c.ink(row.person.id_number), "id_number", row.person.id_number, row.person)


def _issuer(form: FlexibleCertificate, c: Context) -> str:
    return c.tag(c.ink(form.issuer), "employer", form.issuer)


def _seal(form: FlexibleCertificate, c: Context, left: float, top: float) -> str:
    return c.seal(form.issuer, "issuer", form.seal_number, left=left, top=top) if form.sealed else ""


def _prose(form: FlexibleCertificate, row: FlexibleRow, c: Context) -> list[Sheet]:
    """兹证明 ... 特此证明; phones and marks below, right aligned."""
    where = f"在{_issuer(form, c)}" if form.issuer_in_text else f"在我{c.pick('单位', '店', '处')}"
    html = f"""<div class="form" style="font-size:15pt;line-height:2.3;top:30mm"><h1 style="font-size:26pt;margin-bottom:14mm">{spaced(t(form.title), c.pick('', '&ensp;', '&emsp;'))}</h1>
    {c.pick('', '<p>文水县人力资源和社会保障局：</p>')}
    <p class="i">兹{c.pick('证明', '有')}{_name(row, c)}，{row.person.gender}，身份证号{_id(row, c)}，{_period(row, c)}{where}{c.pick('从事', '灵活就业，岗位为')}{c.ink(form.job)}{c.pick('工作', '')}，月{c.pick('收入约', '工资收入', '平均收入')}{_income(row, c)}。</p>
    <p class="i">{c.pick('特此证明。', '情况属实，特此证明。')}</p>
    <p class="i" style="margin-top:6mm">本人签字：{c.signed(row.signed, row.person.name, 'employee', 30)}</p><p class="i">本人联系电话：{_phone(row, c)}</p>
    <p class="i">{t(form.legal_title)}：{_boss(form, c)}</p><p class="i">{t(form.legal_title)}联系电话：{_boss_phone(form, c)}</p>
    <div class="rel" style="margin:12mm 6mm 0 70mm;height:50mm"><p>{f'{t(form.issuer)}' if form.issuer_in_text and c.always('issuer below', 0.5) else '单位（盖章）：'}</p><p style="padding-left:10mm">{dated(form.issued_on)}</p>{_seal(form, c, 30, -14)}</div></div>"""
    return [Sheet(html)]


def _statement(form: FlexibleCertificate, row: FlexibleRow, c: Context) -> list[Sheet]:
    """The person's own words, signed, above the unit's opinion in a box."""
    where = _issuer(form, c) if form.issuer_in_text else "本县"
    html = f"""<div class="form" style="font-size:14pt;line-height:2.1"><h1 style="font-size:24pt;margin:8mm 0 12mm">{t(form.title)}</h1>
    <p class="i">本人{_name(row, c)}（身份证号码：{_id(row, c)}），{c.pick('参加职业技能培训结业后，', '')}{_period(row, c)}在{where}灵活就业，主要从事{c.ink(form.job)}，每月收入{_income(row, c)}左右。</p>
    <p class="i">以上情况真实，如有虚假，本人愿承担一切责任。</p>
    <div style="padding-left:78mm;line-height:2.2;margin-top:5mm"><p class="n">{c.pick('声明人', '本人', '申请人')}（签字）：{c.signed(row.signed, row.person.name, 'employee', 30)}</p><p>联系电话：{_phone(row, c)}</p><p>{dated(form.issued_on)}</p></div>
    <table class="g" style="margin-top:8mm"><tr style="height:86mm"><th style="width:14mm">用<br>工<br>单<br>位<br>意<br>见</th><td class="l" style="vertical-align:top"><div class="rel" style="height:80mm;line-height:2">
    <p class="i">{c.pick('上述情况属实。', '经核实，该同志确在我单位从业，情况属实。', '同意证明。')}</p>
    <p class="at" style="left:2mm;top:26mm">{t(form.legal_title)}：{_boss(form, c)}</p><p class="at n" style="left:2mm;top:38mm">{t(form.legal_title)}电话：{_boss_phone(form, c)}</p>
    <p class="at n" style="left:84mm;top:48mm">（单位公章）</p><p class="at n" style="left:84mm;top:60mm">{dated(form.issued_on)}</p>{_seal(form, c, 82, 32)}</div></td></tr></table></div>"""
    return [Sheet(html)]


def _table(form: FlexibleCertificate, row: FlexibleRow, c: Context) -> list[Sheet]:
    """A form of cells."""
    p = row.person
    unit = _issuer(form, c) if form.issuer_in_text else ""
    income = _income(row, c) if row.income is not None else ""
    html = f"""<style>.fx td, .fx th {{ height: 13mm }}</style><div class="form"><h1 style="margin:6mm 0 6mm">{spaced(t(form.title), c.pick('', '&ensp;'))}</h1>
    <table class="g fx">{columns([30, 50, 28, 62])}
    <tr><th>姓　　名</th><td>{_name(row, c)}</td><th>性　　别</th><td>{p.gender}</td></tr>
    <tr><th>身份证号</th><td colspan=3>{_id(row, c)}</td></tr>
    <tr><th>本人电话</th><td>{c.tag(c.ink(row.phone), 'phone', row.phone, p) if row.phone else ''}</td><th>文化程度</th><td>{t(p.education)}</td></tr>
    <tr><th>家庭住址</th><td colspan=3 class="l">{c.ink(p.address)}</td></tr>
    <tr><th>就业单位</th><td colspan=3 class="l">{unit}</td></tr>
    <tr><th>从事工作</th><td>{c.ink(form.job)}</td><th>就业时间</th><td>{_period(row, c, short=True)}</td></tr>
    <tr><th>月 收 入</th><td>{income}</td><th>{t(form.legal_title)}</th><td>{_boss(form, c)}</td></tr>
    <tr><th>{t(form.legal_title)}<br>联系电话</th><td colspan=3>{c.tag(c.ink(form.legal_representative_phone), 'legal_representative_phone', form.legal_representative_phone) if form.legal_representative_phone else ''}</td></tr>
    <tr><th>本人签字</th><td colspan=3 class="l"><div style="height:22mm;padding:5mm 12mm">{c.signed(row.signed, p.name, 'employee', 30)}</div></td></tr>
    <tr><th>单位证明<br>意　　见</th><td colspan=3 class="l"><div class="rel" style="height:56mm"><p class="at" style="top:4mm;left:6mm">{c.pick('该同志在我单位从业情况属实，特此证明。', '以上情况属实。')}</p><p class="at n" style="left:74mm;top:30mm">单位（盖章）</p><p class="at n" style="left:74mm;top:42mm">{dated(form.issued_on)}</p>{_seal(form, c, 66, 12)}</div></td></tr>
    </table><p class="small" style="margin-top:2mm">注：本表一式两份，{c.pick('培训机构留存一份，报人社部门一份。', '须附单位营业执照复印件。')}</p></div>"""
    return [Sheet(html)]


def _rows(form: FlexibleCertificate, c: Context, part: tuple[FlexibleRow, ...], start: int) -> str:
    out = ""
    for i, row in enumerate(part, start):
        cells = (str(i), _name(row, c), _id(row, c), c.ink(form.job), _period(row, c, short=True),
                 c.tag(c.ink(row.income), "income", row.income, row.person) if row.income is not None else "",
                 c.tag(c.ink(row.phone), "phone", row.phone, row.person) if row.phone else "",
                 c.signed(row.signed, row.person.name, "employee", 19))
        out += "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    return out


def _foot(form: FlexibleCertificate, c: Context) -> str:
    return f"""<div class="rel" style="height:46mm;margin-top:5mm;line-height:2.2"><p>{t(form.legal_title)}：{_boss(form, c)}&emsp;&emsp;联系电话：{_boss_phone(form, c)}</p>
    <div class="rel" style="margin-left:58%"><p>单位（盖章）：</p><p>{dated(form.issued_on)}</p>{_seal(form, c, 16, -10)}</div></div>"""


def _list(form: FlexibleCertificate, c: Context) -> list[Sheet]:
    """Landscape list under the issuer's name."""
    heads = ("序号", "姓名", "身份证号码", "从事岗位", "就业时间", "月收入(元)", "本人电话", "本人签字")
    unit = f"就业单位：{_issuer(form, c)}" if form.issuer_in_text else "&nbsp;"
    parts = [form.rows[i:i + 9] for i in range(0, len(form.rows), 9)]
    sheets = []
    for at, part in enumerate(parts):
        last = at == len(parts) - 1
        sheets.append(Sheet(f"""<style>.fl td {{ height: 10.5mm; font-size: 10pt }}</style><div class="form"><h1>{t(form.title)}{'' if '册' in form.title or '表' in form.title else c.pick('', '（花名表）')}</h1>
        <p class="l" style="margin:1mm 0">{unit if at == 0 else '&nbsp;'}</p>
        <table class="g fl">{columns([10, 22, 46, 26, 40, 24, 34, 36])}<thead><tr>{''.join(f'<th>{h}</th>' for h in heads)}</tr></thead>{_rows(form, c, part, at * 9 + 1)}</table>
        {_foot(form, c) if last else ''}</div>""", landscape=True))
    return sheets


def _list_with_prose(form: FlexibleCertificate, c: Context) -> list[Sheet]:
    """Upright: 兹证明下列人员 ... then the list."""
    unit = _issuer(form, c) if form.issuer_in_text else "我单位"
    heads = ("序<br>号", "姓　名", "身份证号", "工种", "从业起止时间", "月收入", "联系电话", "签字<br>（手印）")
    first, rest = form.rows[:11], form.rows[11:]
    css = "<style>.fp td { height: 11.5mm; font-size: 9pt }</style>"
    table = f'<table class="g fp" style="margin-top:4mm">{columns([8, 18, 40, 18, 32, 16, 27, 26])}<thead><tr>{"".join(f"<th>{h}</th>" for h in heads)}</tr></thead>'
    sheets = [Sheet(f"""{css}<div class="form" style="left:14mm;right:14mm"><h1 style="margin:4mm 0">{spaced(t(form.title), c.pick('', '&ensp;'))}</h1>
    <p class="i">兹证明下列{len(form.rows)}名人员在{unit}灵活就业，就业时间、工资收入情况如下表，特此证明。</p>
    {table}{_rows(form, c, first, 1)}</table>{'' if rest else _foot(form, c)}</div>""")]
    if rest:
        sheets.append(Sheet(f'{css}<div class="form" style="left:14mm;right:14mm">{table}{_rows(form, c, rest, 12)}</table>{_foot(form, c)}</div>'))
    return sheets
