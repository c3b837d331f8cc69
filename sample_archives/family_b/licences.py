"""Business licences of companies and individual businesses, original and duplicate, and an older form."""

# ruff: noqa: E501 - lines of HTML break where the paper does
from __future__ import annotations

import random

from sample_archives.case import BusinessLicence
from sample_archives.family_b.context import Context
from sample_archives.family_b.markup import Sheet, capitals, dated, spaced, t


def _matrix(rng: random.Random, size: float) -> str:
    """Something like a QR code."""
    n = 29
    cells = "".join(
        f'<rect x="{x}" y="{y}" width="1.03" height="1.03"/>'
        for y in range(n) for x in range(n)
        if rng.random() < 0.48 and not any((x < 8 and y < 8, x > n - 9 and y < 8, x < 8 and y > n - 9))
    )
    eyes = "".join(
        f'<path fill-rule="evenodd" d="M{x} {y}h7v7h-7z M{x+1} {y+1}h5v5h-5z M{x+2} {y+2}h3v3h-3z"/>'
        for x, y in ((0, 0), (n - 7, 0), (0, n - 7))
    )
    return f'<svg viewBox="0 0 {n} {n}" style="width:{size}mm;height:{size}mm">{cells}{eyes}</svg>'


def _emblem(own: random.Random) -> str:
    """A round red and gold badge where the national emblem stands."""
    gold = own.choice(("#c9992b", "#d8b04a"))
    teeth = "".join(
        f'<rect x="9.2" y="0.3" width="1.6" height="3" fill="{gold}" transform="rotate({a} 10 10)"/>'
        for a in range(0, 360, 18)
    )
    stars = "".join(f'<circle cx="{x}" cy="{y}" r="{r}" fill="{gold}"/>'
                    for x, y, r in ((10, 6.4, 1.1), (7, 8, 0.5), (13, 8, 0.5), (8.3, 9.4, 0.5), (11.7, 9.4, 0.5)))
    return (f'<svg viewBox="0 0 20 20" style="width:23mm;height:23mm">{teeth}<circle cx="10" cy="10" r="8" fill="#c2231c" '
            f'stroke="{gold}" stroke-width="0.9"/>{stars}<path d="M5 14h10l-1.2-2.4H6.2z" fill="{gold}"/></svg>')


def layout(form: BusinessLicence, c: Context) -> list[Sheet]:
    """The 2019 form lying (original) or upright (duplicate), or the earlier one."""
    if form.original:
        return [_lying(form, c)]
    return [_upright(form, c) if form.look % 3 else _older(form, c)]


def _items(form: BusinessLicence, c: Context) -> list[tuple[str, str]]:
    firm = form.firm
    boss = form.operator.name if form.operator else firm.legal_representative
    person = form.operator
    name = "***" if form.name_blank else c.tag(t(firm.name), "employer", firm.name)
    if firm.kind == "individual":
        day = c.tag(dated(firm.established, "cn0"), "established", firm.established)
        return [
            ("名　　称", name), ("类　　型", "个体工商户"), ("经 营 者", c.tag(t(boss), "operator", boss, person)),
            ("组成形式", c.pick("个人经营", "家庭经营", "个人经营")), ("注册日期", day),
            ("经营场所", c.tag(t(firm.address), "address", firm.address)), ("经营范围", t(firm.scope)),
        ]
    day = c.tag(dated(firm.established, "cn0"), "established", firm.established)
    kind = c.pick("有限责任公司(自然人独资)", "有限责任公司(自然人投资或控股)", "有限责任公司")
    capital = capitals(firm.capital_wan * 10_000).replace("元整", "圆整") if firm.capital_wan else ""
    return [
        ("名　　称", name), ("类　　型", kind), ("法定代表人", c.tag(t(boss), "legal_representative", boss, person)),
        ("经营范围", t(firm.scope)), *([("注册资本", capital)] if capital else []), ("成立日期", day),
        ("营业期限", f"{dated(firm.established, 'cn0')}至{c.pick('长期', '2046年05月02日')}"),
        ("住　　所", c.tag(t(firm.address), "address", firm.address)),
    ]


def _row(label: str, value: str, width: float) -> str:
    return (f'<div style="display:flex;margin-bottom:3.2mm"><span style="width:{width}mm;flex:none;text-align-last:justify;'
            f'margin-right:5mm">{label}</span><span style="flex:1">{value}</span></div>')


def _frame(c: Context, inset: float) -> str:
    own = random.Random(c.pen.colour + c.body)
    hue = own.choice(("#b98a3a", "#7d9a6a", "#a77b2c"))
    wave = c.own.choice(("double 2.2mm", "double 3mm", "solid 1.6mm", "solid 0.9mm"))
    return (f'<div class="at" style="left:{inset}mm;right:{inset}mm;top:19mm;bottom:{inset}mm;border:{wave} {hue}"></div>'
            f'<div class="at" style="left:{inset+4}mm;right:{inset+4}mm;top:23mm;bottom:{inset+4}mm;border:0.25mm solid {hue}"></div>')


def _authority(form: BusinessLicence, c: Context, left: float) -> str:
    day = form.issued_on
    seal = c.seal(form.firm.authority, "authority", "", left=left, top=-18, size=40)
    return (f'<p style="letter-spacing:.3em">登记机关</p><p style="margin-top:9mm;white-space:nowrap">{day.year} 年 {day.month:02d} 月 {day.day:02d} 日</p>{seal}')


def _code(form: BusinessLicence, c: Context) -> str:
    return c.tag(t(form.firm.credit_code), "credit_code", form.firm.credit_code)


def _lying(form: BusinessLicence, c: Context) -> Sheet:
    items = _items(form, c)
    half = 4
    left = "".join(_row(k, v, 26) for k, v in items[:half])
    right = "".join(_row(k, v, 26) for k, v in items[half:])
    html = f"""{_frame(c, 7)}<div style="font-family:'{c.pick('AR PL SungtiL GB', 'Noto Serif CJK SC')}';font-size:12.5pt;line-height:1.45">
    <div class="at" style="left:24mm;top:34mm;line-height:1.5;font-size:11.5pt">统一社会信用代码<br><b style="font-family:'Liberation Sans';letter-spacing:.04em">{_code(form, c)}</b></div>
    <div class="at" style="left:137mm;top:28mm">{_emblem(c.own)}</div>
    <div class="at c" style="left:88mm;right:88mm;top:52mm;font-size:38pt;font-family:'{c.pick('Noto Serif CJK SC', 'AR PL UKai CN')}';font-weight:bold;letter-spacing:.3em;line-height:1.3">{t(form.title)}</div>
    <div class="at" style="right:24mm;top:34mm;display:flex;font-size:7pt;line-height:1.4">{_matrix(c.own, 21)}<span style="width:26mm;margin-left:2mm">扫描二维码登录“国家企业信用信息公示系统”了解更多登记、备案、许可、监管信息。</span></div>
    <div class="at" style="left:26mm;top:82mm;width:112mm">{left}</div><div class="at" style="left:156mm;top:82mm;width:116mm">{right}</div>
    <div class="at" style="left:192mm;top:162mm">{_authority(form, c, 12)}</div>
    <div class="at small" style="left:24mm;bottom:13mm">国家企业信用信息公示系统网址：</div><div class="at small" style="right:24mm;bottom:13mm">国家市场监督管理总局监制</div></div>"""
    return Sheet(html, landscape=True)


def _upright(form: BusinessLicence, c: Context) -> Sheet:
    items = "".join(_row(k, v, 25) for k, v in _items(form, c))
    html = f"""{_frame(c, 8)}<div style="font-family:'{c.pick('AR PL SungtiL GB', 'Noto Serif CJK SC', 'AR PL UKai CN')}';font-size:13pt;line-height:1.55">
    <div class="at" style="left:24mm;top:34mm;font-size:11pt;line-height:1.5">统一社会信用代码<br>{_code(form, c)}</div>
    <div class="at" style="right:24mm;top:33mm">{_matrix(c.own, 22)}</div><div class="at" style="left:93mm;top:33mm">{_emblem(c.own)}</div>
    <div class="at c" style="left:20mm;right:20mm;top:62mm;font-size:40pt;font-weight:bold;letter-spacing:.25em;line-height:1.25">{t(form.title)}</div>
    <div class="at c" style="left:20mm;right:20mm;top:82mm">（副　本）</div>
    <div class="at" style="left:30mm;right:30mm;top:102mm">{items}</div>
    <div class="at" style="left:112mm;top:230mm">{_authority(form, c, 14)}</div>
    <p class="at c small" style="left:20mm;right:20mm;bottom:17mm">市场主体应当于每年1月1日至6月30日通过国家企业信用信息公示系统报送公示年度报告</p></div>"""
    return Sheet(html)


def _older(form: BusinessLicence, c: Context) -> Sheet:
    """The form before 2019: code under the title, notes at the foot."""
    items = "".join(
        f'<div style="display:flex;margin-bottom:3.4mm"><span style="width:28mm;flex:none">{k}</span>'
        f'<span style="flex:1;border-bottom:.15mm dotted #777">{v}</span></div>' for k, v in _items(form, c)
    )
    serial = c.rng.randrange(10**9, 10**10)
    html = f"""<div class="at" style="left:9mm;right:9mm;top:19mm;bottom:9mm;border:1.6mm double {c.pick('#8f2d2a', '#a5822f', '#38664a')}"></div>
    <div style="font-family:'{c.pick('AR PL UKai CN', 'AR PL KaitiM GB', 'Noto Serif CJK SC')}';font-size:13.5pt;line-height:1.5">
    <div class="at" style="left:93mm;top:27mm">{_emblem(c.own)}</div>
    <div class="at c" style="left:18mm;right:18mm;top:56mm;font-size:36pt;font-weight:bold">{spaced(t(form.title), '&ensp;')}</div>
    <div class="at c" style="left:18mm;right:18mm;top:75mm">（副　本）</div>
    <div class="at r small" style="right:24mm;top:86mm">编号：{serial}</div>
    <div class="at c" style="left:18mm;right:18mm;top:92mm">统一社会信用代码　{_code(form, c)}</div>
    <div class="at" style="left:28mm;right:28mm;top:108mm">{items}</div>
    <div class="at" style="left:110mm;top:232mm">{_authority(form, c, 14)}</div>
    <p class="at small l" style="left:22mm;bottom:15mm">提示：每年1月1日至6月30日报送上一年度年度报告</p></div>"""
    return Sheet(html)
