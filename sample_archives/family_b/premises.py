"""Proofs of business premises: leases, a village's or market's certificate, a permission free of charge."""

# ruff: noqa: E501 - lines of HTML break where the paper does
from __future__ import annotations

from sample_archives.case import PremisesProof
from sample_archives.family_b import clauses
from sample_archives.family_b.context import Context
from sample_archives.family_b.markup import Sheet, capitals, columns, dated, spaced, t


def layout(form: PremisesProof, c: Context) -> list[Sheet]:
    """By kind; a lease has two layouts."""
    if form.kind == "lease":
        return (_lease, _lease_form)[form.look % 2](form, c)
    return _use(form, c) if form.kind == "use" else _free(form, c)


def _operator(form: PremisesProof, c: Context) -> str:
    return c.tag(c.ink(form.operator.name), "operator", form.operator.name, form.operator)


def _id(form: PremisesProof, c: Context) -> str:
    return c.tag(c.ink(form.operator.id_number), "id_number", form.operator.id_number, form.operator)


def _address(form: PremisesProof, c: Context) -> str:
    return c.tag(c.ink(form.address), "address", form.address, form.operator)


def _owner_mark(form: PremisesProof, c: Context, left: float, top: float) -> str:
    if form.owner_is_unit:
        return c.seal(form.owner, "issuer", form.seal_number, left=left, top=top) if form.sealed else ""
    return ""


def _owner_sign(form: PremisesProof, c: Context) -> str:
    return "" if form.owner_is_unit else c.signed(c.rng.choice(("signature", "signature+fingerprint")), form.owner, "issuer", 28)


def _term(form: PremisesProof, c: Context) -> str:
    return f"自{_start(form, c)}起至{_end(form, c)}止"


def _start(form: PremisesProof, c: Context, how: str = "cn") -> str:
    return c.tag(c.ink(dated(form.start, how)), "period_start", form.start, form.operator)


def _end(form: PremisesProof, c: Context, how: str = "cn") -> str:
    return c.tag(c.ink(dated(form.end, how)), "period_end", form.end, form.operator)


def _rent(form: PremisesProof, c: Context) -> str:
    if form.rent_yearly is None:
        return c.fill(None, 30) + "元"
    return f"{c.ink(form.rent_yearly)}元（大写：{c.ink(capitals(form.rent_yearly))}）"


def _lease(form: PremisesProof, c: Context) -> list[Sheet]:
    """Clauses, parties at the head, signatures at the foot."""
    p = form.operator
    html = f"""<div class="form" style="line-height:1.75"><h1 style="margin:2mm 0 6mm">{spaced(t(form.title), c.pick('', '&ensp;'))}</h1>
    <p>{c.pick('出租方（甲方）', '甲方（出租人）', '房主（甲方）')}：{c.fill(form.owner, 60)}</p>
    <p>{c.pick('承租方（乙方）', '乙方（承租人）', '租户（乙方）')}：{_operator(form, c)}&emsp;身份证号：{_id(form, c)}</p>
    <p class="i" style="margin-top:3mm">甲、乙双方就房屋租赁事宜，经协商一致，订立本合同。</p>
    <p class="i">一、房屋坐落：甲方将位于{_address(form, c)}的房屋租给乙方使用，建筑面积{c.ink(form.area)}平方米，用途为{c.pick('经营', '商业')}（{c.ink(form.business)}）。</p>
    <p class="i">二、租赁期限：{_term(form, c)}。</p><p class="i">三、租金及交付：年租金人民币{_rent(form, c)}，{c.pick('每年一付，先付后用', '半年一付', '签订合同时一次付清')}。</p>
    {''.join(f'<p class="i">{n}、{t(x)}</p>' for n, x in zip('四五六七八九', clauses.LEASE, strict=True))}
    <div class="rel" style="height:60mm;margin-top:10mm;line-height:2.5"><div class="at" style="left:0;top:0;width:86mm"><p class="n">甲方{'（盖章）' if form.owner_is_unit else '（签字）'}：{_owner_sign(form, c)}</p><p>{dated(form.sign_date)}</p></div>{_owner_mark(form, c, 18, -12)}
    <div class="at" style="left:90mm;top:0"><p class="n">乙方（签字）：{c.signed('signature', p.name, 'employee', 28)}</p><p>{c.tag(dated(form.sign_date), 'sign_date', form.sign_date)}</p></div></div></div>"""
    return [Sheet(html)]


def _lease_form(form: PremisesProof, c: Context) -> list[Sheet]:
    """Main facts in a table, few clauses."""
    p = form.operator
    rent = f"{form.rent_yearly}元／年" if form.rent_yearly is not None else ""
    html = f"""<style>.lf th, .lf td {{ height: 11mm }}</style><div class="form"><h1 style="margin:4mm 0 5mm">{t(form.title)}</h1>
    <table class="g lf">{columns([32, 52, 32, 54])}
    <tr><th>出 租 方</th><td colspan=3 class="l">{c.ink(form.owner)}</td></tr>
    <tr><th>承 租 方</th><td>{_operator(form, c)}</td><th>联系电话</th><td>{c.ink(p.phone)}</td></tr>
    <tr><th>身份证号码</th><td colspan=3 class="l">{_id(form, c)}</td></tr>
    <tr><th>房屋地址</th><td colspan=3 class="l">{_address(form, c)}</td></tr>
    <tr><th>面　　积</th><td>{c.ink(form.area)}㎡</td><th>用　　途</th><td>{c.ink(form.business)}经营用房</td></tr>
    <tr><th>租赁期限</th><td colspan=3 class="l">{_start(form, c, 'dot')} 至 {_end(form, c, 'dot')}</td></tr>
    <tr><th>租　　金</th><td>{c.ink(rent)}</td><th>金额大写</th><td>{c.ink(capitals(form.rent_yearly)) if form.rent_yearly is not None else ''}</td></tr></table>
    <div style="margin-top:4mm">{''.join(f'<p class="i">{i}．{t(x)}</p>' for i, x in enumerate(clauses.LEASE, 1))}</div>
    <div class="rel" style="height:56mm;margin-top:9mm;line-height:2.4"><p class="at n" style="left:0;top:0">出租方签章：{_owner_sign(form, c)}</p>{_owner_mark(form, c, 20, -8)}<p class="at n" style="left:92mm;top:0">承租方签章：{c.signed('signature', p.name, 'employee', 28)}</p>
    <p class="at" style="left:0;top:24mm">签订日期：{c.tag(dated(form.sign_date), 'sign_date', form.sign_date)}</p></div></div>"""
    return [Sheet(html)]


def _use(form: PremisesProof, c: Context) -> list[Sheet]:
    """A committee or market certifies who uses the place."""
    html = f"""<div class="form" style="font-size:15pt;line-height:2.2;top:32mm"><h1 style="font-size:26pt;margin-bottom:14mm">{spaced(t(form.title), c.pick('', '&ensp;', '&emsp;'))}</h1>
    <p class="i">兹有{c.pick('我村村民', '经营者', '居民')}{_operator(form, c)}，身份证号码{_id(form, c)}，在{_address(form, c)}经营“{c.ink(form.business)}”，营业面积{c.ink(form.area)}平方米，该场地{c.pick('产权清晰，无纠纷', '由其长期使用，不属违章建筑')}，使用期限{_term(form, c)}{f'，年使用费{c.ink(form.rent_yearly)}元' if form.rent_yearly is not None else ''}，同意作为经营场所使用。</p><p class="i">特此证明</p>
    <div class="rel" style="height:60mm;margin:14mm 0 0 34mm"><p class="n">{c.pick('证明单位（盖章）：', '')}{c.ink(form.owner)}{_owner_sign(form, c)}</p><p style="padding-left:18mm">{c.tag(dated(form.sign_date), 'sign_date', form.sign_date)}</p>{_owner_mark(form, c, 52, -10)}</div></div>"""
    return [Sheet(html)]


def _free(form: PremisesProof, c: Context) -> list[Sheet]:
    """The owner lets the operator use the place without rent."""
    p = form.operator
    html = f"""<div class="form" style="font-size:14pt;line-height:2.1;top:28mm"><h1 style="margin-bottom:12mm;font-size:24pt">{t(form.title)}</h1>
    <p class="i">本{'单位' if form.owner_is_unit else '人'}{c.ink(form.owner)}系{_address(form, c)}房屋的所有权人，该房屋建筑面积{c.ink(form.area)}平方米。现将上述房屋无偿提供给{_operator(form, c)}（身份证号：{_id(form, c)}）开办{c.ink(form.business)}使用，使用期限{_term(form, c)}，期间不收取任何费用。</p>
    <p class="i">上述情况属实，如有不实，愿承担相应的法律责任。</p>
    <div class="rel" style="margin-top:14mm;height:70mm;line-height:2.3"><p class="n">产权人（{'盖章' if form.owner_is_unit else '签字'}）：{_owner_sign(form, c)}</p>{_owner_mark(form, c, 34, -14)}
    <p class="n">使用人（签字）：{c.signed('signature+fingerprint', p.name, 'employee', 30)}</p><p>{c.tag(dated(form.sign_date), 'sign_date', form.sign_date)}</p></div></div>"""
    return [Sheet(html)]
