"""Before the class: the report, the approval, the roster, copies of ID cards."""

# ruff: noqa: E501 - lines of HTML break where the paper does
from __future__ import annotations

from collections.abc import Callable

from sample_archives.case import (
    IdCardCopy,
    OpeningApproval,
    OpeningReport,
    Person,
    Trainee,
    TraineeRoster,
)
from sample_archives.family_b.context import Context
from sample_archives.family_b.markup import Sheet, columns, dated, t

KIND = {"general": "普惠制培训", "order": "订单式培训"}


def report(form: OpeningReport, c: Context) -> list[Sheet]:
    """A letter, or an application form, by look."""
    return [(_letter, _application)[form.look % 2](form, c)]


def _seal(form: OpeningReport | OpeningApproval | TraineeRoster, c: Context, left: float, top: float) -> str:
    return c.seal(form.info.institution, "institution", form.info.institution_seal_number, left=left, top=top)


def _letter(form: OpeningReport, c: Context) -> Sheet:
    i = form.info
    count = c.tag(str(form.headcount), "headcount", form.headcount)
    html = f"""<div class="form" style="font-size:15pt;line-height:2">
    <p class="c" style="color:{c.pick('#c8161d', '#111')};font-size:25pt;font-weight:bold;line-height:1.3;margin-top:4mm">{t(i.institution)}{c.pick('', '文件')}</p>
    <div style="border-bottom:.8mm solid {c.pick('#c8161d', '#111')};margin:3mm 0 9mm"></div>
    <h1 style="margin-bottom:8mm">关于举办{t(i.name)}的<br>{t(form.title)}</h1><p>{t(i.bureau)}：</p>
    <p class="i">根据年度培训计划，我校拟于{dated(i.start)}至{dated(i.end)}在{t(i.place)}举办{t(i.name)}，培训工种为{t(i.occupation)}（{t(i.level)}），培训方式为{KIND[i.training_kind]}，培训{len(i.days)}天，拟培训学员{count}人。师资、场地、教材均已落实，学员名单附后。</p>
    <p class="i">当否，请批示。</p><p class="i small">附件：1.学员名册　2.培训计划　3.课程安排</p>
    <p class="i">联系人：{t(i.contact)}　　电话：{t(i.contact_phone)}</p>
    <div class="rel" style="margin:16mm 0 0 80mm;height:46mm"><p class="c">{t(i.institution)}</p><p class="c">{c.tag(dated(form.reported_on), 'reported_on', form.reported_on)}</p>{_seal(form, c, 24, -14)}</div></div>"""
    return Sheet(html)


def _application(form: OpeningReport, c: Context) -> Sheet:
    i = form.info
    html = f"""<style>.op th, .op td {{ height: 12.5mm }}</style><div class="form"><h1 style="margin:2mm 0 3mm">职业技能培训{t(form.title)}</h1>
    <p style="margin-bottom:1.5mm">申请单位（盖章）：{t(i.institution)}<span style="float:right">填报日期：{c.tag(c.ink(dated(form.reported_on)), 'reported_on', form.reported_on)}</span></p>
    <table class="g op">{columns([32, 54, 30, 56])}
    <tr><th>班级名称</th><td colspan=3>{c.ink(i.name)}</td></tr>
    <tr><th>培训职业(工种)</th><td>{c.ink(i.occupation)}</td><th>培训等级</th><td>{c.ink(i.level)}</td></tr>
    <tr><th>培训类别</th><td>{KIND[i.training_kind]}</td><th>申报人数</th><td>{c.tag(c.ink(form.headcount), 'headcount', form.headcount)}人</td></tr>
    <tr><th>计划开班时间</th><td>{c.ink(dated(i.start))}</td><th>计划结业时间</th><td>{c.ink(dated(i.end))}</td></tr>
    <tr><th>培训天数</th><td>{len(i.days)}天（{len(i.days) * 8}课时）</td><th>法定代表人</th><td>{c.ink(i.principal)}</td></tr>
    <tr><th>培训地点</th><td colspan=3>{c.ink(i.place)}</td></tr><tr><th>任课教师</th><td colspan=3>{t('、'.join(i.teachers))}</td></tr>
    <tr><th>联 系 人</th><td>{c.ink(i.contact)}</td><th>联系电话</th><td>{c.ink(i.contact_phone)}</td></tr>
    <tr><th>开班理由<br>及准备情况</th><td colspan=3 class="l" style="height:52mm;vertical-align:top">　　我校已按照要求完成招生报名，场地、设备、教材、师资均已落实，学员身份信息已逐一核实，特申请开班。<div class="rel" style="height:30mm">{_seal(form, c, 82, -4)}<p class="at n" style="left:84mm;top:14mm">负责人：{c.sign(i.principal, 'institution', 22)}</p></div></td></tr></table>
    <p class="small" style="margin-top:2mm">说明：本表于开班前{'15日' if i.training_kind == 'order' else '7日'}报县人社局，附学员名册、教学计划、课程安排。</p></div>"""
    return Sheet(html)


def approval(form: OpeningApproval, c: Context) -> list[Sheet]:
    """The bureau's form with opinions and two seals; long or short by look."""
    i = form.info
    count = c.tag(c.ink(form.headcount), "headcount", form.headcount)
    authority = c.seal(i.bureau, "authority", "", left=96, top=2) if form.sealed else ""
    name = c.own.choice(('武建军', '成志刚', '孟晋生'))
    officer = c.sign(name, "authority", 24) if form.signed else ""
    long = form.look % 2 == 0
    extra = (f"""<tr><th>机构地址</th><td colspan=3>{t(i.institution_address)}</td></tr><tr><th>法定代表人</th><td>{t(i.principal)}</td><th>联系人及电话</th><td>{t(i.contact)} {t(i.contact_phone)}</td></tr>
    <tr><th>培训起止</th><td>{dated(i.start, c.date_style)}至<br>{dated(i.end, c.date_style)}</td><th>课时/天数</th><td>{len(i.days) * 8}课时/{len(i.days)}天</td></tr>""" if long else
             f"<tr><th>培训时间</th><td colspan=3>{dated(i.start)}至{dated(i.end)}，共{len(i.days)}天</td></tr>")
    school = f"""<tr style="height:40mm"><th>培训机构<br>申请意见</th><td colspan=3 class="l" style="vertical-align:top"><div class="rel" style="height:36mm">{c.pick('申请开班，请予审批。', '材料齐全，申请开班。')}<p class="at n" style="left:88mm;top:26mm">{dated(i.report_date)}</p>{_seal(form, c, 80, -2)}</div></td></tr>""" if long else ""
    html = f"""<style>.ap th, .ap td {{ height: 13mm }}</style><div class="form"><h1 style="margin:2mm 0 5mm">{t(form.title)}</h1>
    <table class="g ap">{columns([32, 54, 30, 56])}<tr><th>培训机构</th><td colspan=3>{t(i.institution)}</td></tr>{extra}
    <tr><th>班　　次</th><td colspan=3>{t(i.name)}</td></tr><tr><th>工种(等级)</th><td>{t(i.occupation)}<br>{t(i.level)}</td><th>培训方式</th><td>{KIND[i.training_kind]}</td></tr>
    <tr><th>培训地点</th><td colspan=3>{t(i.place)}</td></tr><tr><th>{c.pick('审批人数', '核准人数', '批准培训人数')}</th><td>{count} 人</td><th>学员名单</th><td>见附表</td></tr>{school}
    <tr style="height:58mm"><th>{c.pick('人社部门<br>审批意见', '县人社局<br>审批意见', '主管部门<br>意　　见')}</th><td colspan=3 class="l" style="vertical-align:top"><div class="rel" style="height:54mm">　　{t(form.opinion)}<p class="at n" style="left:4mm;top:28mm">审批人：{officer}</p><p class="at n" style="left:96mm;top:42mm">{dated(form.approved_on)}</p>{authority}</div></td></tr></table></div>"""
    return [Sheet(html)]


def roster(form: TraineeRoster, c: Context) -> list[Sheet]:
    """Landscape or upright; columns in one of three orders."""
    i = form.info
    wide = form.look % 3 != 2
    fields: dict[str, tuple[int, Callable[[int, Trainee], str]]] = {
        "序号": (10, lambda n, p: str(n)),
        "姓名": (20, lambda n, p: c.tag(t(p.person.name), "employee", p.person.name, p.person)),
        "性别": (11, lambda n, p: p.person.gender),
        "年龄": (11, lambda n, p: str(i.start.year - p.person.birth.year)),
        "文化程度": (20, lambda n, p: t(p.person.education)),
        "身份证号码": (46, lambda n, p: c.tag(p.person.id_number, "id_number", p.person.id_number, p.person)),
        "家庭住址": (66, lambda n, p: t(p.person.address)),
        "联系电话": (30, lambda n, p: c.tag(p.person.phone, "phone", p.person.phone, p.person)),
        "备注": (18, lambda n, p: ""),
        "学员签字": (26, lambda n, p: c.sign(p.person.name, "employee", 17)),
    }
    order = (
        ("序号", "姓名", "性别", "年龄", "身份证号码", "文化程度", "家庭住址", "联系电话", "备注"),
        ("序号", "身份证号码", "姓名", "性别", "家庭住址", "联系电话", "文化程度", "学员签字"),
        ("序号", "姓名", "性别", "身份证号码", "联系电话", "学员签字"),
    )[form.look % 3]
    size = 15 if wide else 24
    parts = [form.trainees[k:k + size] for k in range(0, len(form.trainees), size)]
    sheets = []
    for at, part in enumerate(parts):
        body = "".join(
            "<tr>" + "".join(f"<td>{fields[name][1](at * size + k, p)}</td>" for name in order) + "</tr>"
            for k, p in enumerate(part, 1)
        )
        foot = f"填表人：{t(i.contact)}　　　　　　　　　　　负责人：{t(i.principal)}　　　　　　第{at + 1}页 共{len(parts)}页"
        seal = _seal(form, c, 150 if wide else 120, -30) if at == len(parts) - 1 else ""
        sheets.append(Sheet(f"""<style>.ro td, .ro th {{ height: 8.2mm; font-size: 10pt }}</style><div class="form" style="left:14mm;right:14mm"><h1>{c.pick(t(i.name) + t(form.title), t(form.title))}</h1>
        <table class="u" style="margin:1mm 0"><tr><td class="l">培训机构{c.pick('', '（盖章）')}：{t(i.institution)}</td><td>工种：{t(i.occupation)}</td><td class="r">培训时间：{dated(i.start, 'dot')}—{dated(i.end, 'dot')}</td></tr></table>
        <table class="g ro">{columns([fields[name][0] for name in order])}<thead><tr>{''.join(f'<th>{name}</th>' for name in order)}</tr></thead>{body}</table>
        <div class="rel" style="margin-top:3mm">{foot}{seal}</div></div>""", landscape=wide))
    return sheets


def id_cards(form: IdCardCopy, c: Context) -> list[Sheet]:
    """Photocopied cards, back above or below the front, one or two per sheet."""
    flip = form.look % 2 == 1
    blocks = []
    for person, valid in zip(form.persons, form.valid, strict=True):
        front, back = _front(person, c), _back(form.authority, valid)
        pair = (back + front) if flip else (front + back)
        side = len(form.persons) > 1 and form.look % 3 == 2
        blocks.append(f'<div style="display:flex;justify-content:center;gap:5mm">{pair}</div>' if side else pair)
    grey = "filter:grayscale(1)" if c.rng.random() < 0.6 else ""
    title = f'<h1 style="margin-bottom:6mm">{t(form.title)}</h1>' if c.always("headed", 0.5) else ""
    return [Sheet(f'<div class="form" style="{grey}">{title}{"".join(blocks)}</div>')]


CARD = ("position:relative;width:85.6mm;height:54mm;border:.25mm solid #8a8a8a;border-radius:3mm;margin:0 auto 6mm;"
        "font-family:'WenQuanYi Micro Hei';font-size:9pt;line-height:1.35;text-align:left")


def _front(p: Person, c: Context) -> str:
    b = p.birth
    shade = c.rng.choice(("#cfd6da", "#c8c8c8", "#dcd3c8"))
    photo = (f'<svg viewBox="0 0 26 32" style="position:absolute;right:6mm;top:6mm;width:24mm;height:30mm"><rect width="26" height="32" fill="{shade}"/>'
             '<circle cx="13" cy="12" r="6" fill="#8d8076"/><path d="M7 10c0-9 12-9 12 0l-1-2H8z" fill="#333"/><path d="M3 32c0-10 20-10 20 0z" fill="#4b5563"/></svg>')

    def put(x: float, y: float, label: str, value: str, *, size: float = 9.5) -> str:
        return (f'<div class="at n" style="left:{x}mm;top:{y}mm"><span style="color:#2b5a88;font-size:7.5pt">{label}</span>&ensp;'
                f'<span style="font-size:{size}pt">{value}</span></div>')

    address = (f'<div class="at" style="left:6mm;top:28mm;width:46mm;display:flex"><span style="color:#2b5a88;font-size:7.5pt;flex:none;margin-right:2mm">住址</span>'
               f'<span>{t(p.address)}</span></div>')
    return (f'<div style="{CARD}">{put(6, 5, "姓名", c.tag(t(p.name), "employee", p.name, p), size=11)}{put(6, 13, "性别", p.gender)}{put(26, 13, "民族", "汉")}'
            f'{put(6, 20.5, "出生", f"{b.year} 年 {b.month} 月 {b.day} 日")}{address}'
            f'<div class="at n" style="left:6mm;top:45mm"><span style="color:#2b5a88;font-size:7.5pt">公民身份号码</span>&emsp;<span style="font-size:12pt;font-family:\'Liberation Sans\';letter-spacing:.08em">{c.tag(p.id_number, "id_number", p.id_number, p)}</span></div>{photo}</div>')


def _back(authority: str, valid: str) -> str:
    return (f'<div style="{CARD}"><div class="at" style="left:8mm;top:6mm;width:14mm;height:14mm;border-radius:50%;background:#b5524a"></div>'
            f'<div class="at n" style="left:27mm;top:6mm;font-size:13pt;letter-spacing:.15em">中华人民共和国</div><div class="at n" style="left:27mm;top:14mm;font-size:18pt;letter-spacing:.2em">居民身份证</div>'
            f'<div class="at n" style="left:18mm;top:37mm">签发机关&emsp;{t(authority)}</div><div class="at n" style="left:18mm;top:44mm">有效期限&emsp;{t(valid)}</div></div>')
