"""Agreement, commitment, application, callbacks, recordings, and whatever else is bound in."""

# ruff: noqa: E501 - lines of HTML break where the paper does
from __future__ import annotations

from sample_archives.case import (
    BlankSheet,
    CallbackRecord,
    OrderAgreement,
    OtherPaper,
    SubsidyApplication,
    TruthfulnessCommitment,
    VideoRecord,
)
from sample_archives.family_b.context import Context
from sample_archives.family_b.markup import Sheet, capitals, columns, dated, spaced, t


def order(form: OrderAgreement, c: Context) -> list[Sheet]:
    """The agreement of two parties, then the annexed list of persons."""
    i, firm = form.info, form.firm
    school_seal = c.seal(i.institution, "institution", i.institution_seal_number, left=104, top=-12)
    firm_seal = c.seal(firm.name, "employer", firm.seal_number, left=18, top=-12)
    html = f"""<div class="form"><h1 style="margin:3mm 0 6mm">{spaced(t(form.title), c.pick('', '&ensp;'))}</h1>
    <p>甲方（用人单位）：{c.tag(t(firm.name), 'employer', firm.name)}</p><p>统一社会信用代码：{c.tag(firm.credit_code, 'credit_code', firm.credit_code)}</p><p>法定代表人：{c.tag(t(firm.legal_representative), 'legal_representative', firm.legal_representative)}　联系电话：{t(firm.phone)}</p>
    <p>乙方（培训机构）：{t(i.institution)}</p><p>法定代表人：{t(i.principal)}　联系电话：{t(i.contact_phone)}</p>
    <p class="i" style="margin-top:3mm">为满足甲方用工需求，促进劳动者技能就业，根据{c.pick('“订单式”', '“定单式”')}培训有关规定，甲乙双方经协商达成如下协议：</p>
    <p class="i">一、乙方按照甲方岗位要求举办{t(i.name)}，培训工种为{t(i.occupation)}，培训人数{len(form.persons)}人（名单附后）。</p>
    <p class="i">二、培训时间：{dated(i.start)}至{dated(i.end)}，共{len(i.days)}天；培训地点：{t(i.place)}。</p>
    <p class="i">三、甲方负责提供岗位标准并参与考核，培训合格的学员由甲方全部录用，安排在{c.tag(t(form.job), 'position_title', form.job)}岗位工作，月工资不低于{c.tag(str(form.wage), 'wage', form.wage)}元。</p>
    <p class="i">四、乙方负责组织教学，保证培训质量，建立培训档案，并协助甲方办理录用手续。</p>
    <p class="i">五、双方应严格履行本协议，任何一方不得弄虚作假套取培训补贴资金。</p><p class="i">六、本协议一式三份，甲乙双方各执一份，报县人社局一份，自双方盖章之日起生效。</p>
    <div class="rel" style="height:60mm;margin-top:12mm;line-height:2.3"><div class="at" style="left:0;top:0">甲方（盖章）：<br>代表人：{c.sign(firm.legal_representative, 'employer', 22)}<br>{c.tag(dated(form.sign_date), 'sign_date', form.sign_date)}</div>{firm_seal}
    <div class="at" style="left:88mm;top:0">乙方（盖章）：<br>代表人：{c.sign(i.principal, 'institution', 22)}<br>{dated(form.sign_date)}</div>{school_seal}</div></div>"""
    sheets = [Sheet(html)]
    for at in range(0, len(form.persons), 22):
        body = "".join(
            f"<tr><td>{k}</td><td>{c.tag(t(p.name), 'employee', p.name, p)}</td><td>{p.gender}</td><td>{c.tag(p.id_number, 'id_number', p.id_number, p)}</td><td>{c.tag(p.phone, 'phone', p.phone, p)}</td><td>{c.sign(p.name, 'employee', 19)}</td></tr>"
            for k, p in enumerate(form.persons[at:at + 22], at + 1)
        )
        sheets.append(Sheet(f"""<style>.oa td {{ height: 9mm }}</style><div class="form"><p>附件：</p><h1 style="margin-bottom:3mm">{c.pick('培训学员名单', '订单培训人员名单', '拟录用人员名单')}</h1>
        <table class="g oa">{columns([12, 26, 14, 52, 34, 34])}<thead><tr><th>序号</th><th>姓名</th><th>性别</th><th>身份证号</th><th>联系电话</th><th>本人签字</th></tr></thead>{body}</table></div>"""))
    return sheets


def commitment(form: TruthfulnessCommitment, c: Context) -> list[Sheet]:
    """One page of prose, points or a paragraph by look."""
    i = form.info
    points = ("所报送的学员信息、培训过程资料、考核成绩及就业证明材料均真实、合法、有效；", "参训学员均为本人参加培训，无冒名顶替、虚报人数、缩短课时等行为；",
              "学员签到、影像资料均为现场采集，未经拼接、剪辑；", "如有不实，自愿退还所申领的培训补贴资金，并承担相应的法律责任。")
    middle = ("".join(f'<p class="i">{n}、{x}</p>' for n, x in zip("一二三四", points, strict=True)) if form.look % 2 else
              f'<p class="i">{"".join(points)}</p>')
    seal = c.seal(i.institution, "institution", i.institution_seal_number, left=34, top=-16) if form.sealed else ""
    signed = c.sign(i.principal, "institution", 30) if form.signed else ""
    html = f"""<div class="form" style="font-size:15pt;line-height:2.1;top:26mm"><h1 style="font-size:26pt;margin-bottom:11mm">{spaced(t(form.title), c.pick('', '&ensp;', '&emsp;'))}</h1><p>{t(i.bureau)}：</p>
    <p class="i">我校于{dated(i.start)}至{dated(i.end)}举办了{t(i.name)}，现申请拨付职业技能培训补贴资金，并郑重承诺{'如下' if form.look % 2 else ''}：</p>{middle}
    <div class="rel" style="margin:16mm 0 0 62mm"><p>承诺单位（盖章）：</p><p class="n">法定代表人（签字）：{signed}</p><p>{c.tag(dated(form.signed_on, c.pick('cn', 'chinese')), 'sign_date', form.signed_on)}</p>{seal}</div></div>"""
    return [Sheet(html)]


def application(form: SubsidyApplication, c: Context) -> list[Sheet]:
    """A letter asking for payment, or a table, by look."""
    i = form.info
    whole = int(form.amount)
    amount = c.tag(f"{form.amount:.2f}" if form.look % 2 else f"{form.amount:,.2f}", "amount", f"{form.amount:.2f}")
    count = c.tag(str(form.headcount), "headcount", form.headcount)
    seal = c.seal(i.institution, "institution", i.institution_seal_number, left=26, top=-16)
    if form.look % 2 == 0:
        html = f"""<div class="form" style="font-size:15pt;line-height:2"><h1 style="font-size:24pt;margin:8mm 0 12mm">{t(form.title)}</h1><p>{t(i.bureau)}：</p>
        <p class="i">我校举办的{t(i.name)}于{dated(i.start)}开班，{dated(i.end)}结业，工种为{t(i.occupation)}，共培训学员{count}人，培训{form.training_days}天，考核合格{form.passed}人，实现就业{form.employed}人。</p>
        <p class="i">按照每人每天{i.daily_subsidy}元的补贴标准，现申请拨付培训补贴资金{amount}元（大写：{capitals(whole)}）。</p><p class="i">开户行：{t(form.bank)}</p><p class="i">账　号：{t(form.account)}</p><p class="i">户　名：{t(i.institution)}</p><p class="i">妥否，请批示。</p>
        <div class="rel" style="margin:16mm 0 0 84mm"><p>{t(i.institution)}</p><p>{c.tag(dated(form.applied_on), 'application_date', form.applied_on)}</p>{seal}</div></div>"""
        return [Sheet(html)]
    rows = (("申请单位", t(i.institution), "法定代表人", t(i.principal)), ("班级名称", t(i.name), "培训工种", t(i.occupation)),
            ("培训时间", f"{dated(i.start, 'dot')}-{dated(i.end, 'dot')}", "培训天数", str(form.training_days)),
            ("培训人数", count, "合格人数", str(form.passed)), ("就业人数", str(form.employed), "补贴标准", f"{i.daily_subsidy}元/人·天"),
            ("申请金额(小写)", f"￥{amount}", "金额(大写)", capitals(whole)), ("开户银行", t(form.bank), "银行账号", t(form.account)))
    body = "".join(f"<tr><th>{a}</th><td>{b}</td><th>{d}</th><td>{e}</td></tr>" for a, b, d, e in rows)
    opinions = "".join(
        f"""<tr style="height:44mm"><th>{who}</th><td colspan=3 class="l" style="vertical-align:top"><div class="rel" style="height:40mm">{word}{mark}<p class="at n" style="left:84mm;top:30mm">{day}</p></div></td></tr>"""
        for who, word, mark, day in (
            ("申请单位<br>意　　见", "　　材料真实完整，申请拨付。", c.seal(i.institution, "institution", i.institution_seal_number, left=82, top=2), c.tag(dated(form.applied_on), "application_date", form.applied_on)),
            ("人社部门<br>审核意见", "", "", "　　年　　月　　日"),
        )
    )
    html = f"""<style>.sa th, .sa td {{ height: 13mm }}</style><div class="form"><h1 style="margin:3mm 0 5mm">{t(form.title)}</h1><table class="g sa">{columns([30, 60, 28, 54])}{body}{opinions}</table></div>"""
    return [Sheet(html)]


def callbacks(form: CallbackRecord, c: Context) -> list[Sheet]:
    """Landscape table of calls."""
    i = form.info
    yes = {True: c.pick("是", "√", "是"), False: c.pick("否", "×", "否")}
    if (yes[True] == "√") != (yes[False] == "×"):
        yes = {True: "是", False: "否"}
    sheets = []
    for at in range(0, len(form.rows) or 1, 15):
        body = ""
        for k, row in enumerate(form.rows[at:at + 15], at + 1):
            p = row.trainee.person
            said = (yes[row.attended], yes[row.employed]) if row.reached else ("—", "—")
            reached = c.pick("接通", "已接通") if row.reached else c.pick("未接通", "无人接听")
            body += (f"<tr><td>{k}</td><td>{c.tag(t(p.name), 'employee', p.name, p)}</td><td>{c.tag(p.phone, 'phone', p.phone, p)}</td><td>{dated(form.called_on, 'dot')}</td><td>{reached}</td><td>{said[0]}</td><td>{said[1]}</td>"
                     f"<td class=l>{t(row.note)}</td><td>{t(form.caller)}</td></tr>")
        sheets.append(Sheet(f"""<style>.cb td {{ height: 8.6mm; font-size: 10pt }}</style><div class="form"><h1>{t(form.title)}</h1><p style="margin:1mm 0">班级：{t(i.name)}　　　　回访时间：{dated(form.called_on)}</p>
        <table class="g cb">{columns([10, 22, 34, 28, 24, 24, 24, 80, 22])}<thead><tr><th>序号</th><th>姓名</th><th>联系电话</th><th>回访日期</th><th>接听情况</th><th>是否参训</th><th>是否就业</th><th>反馈内容</th><th>回访人</th></tr></thead>{body}</table>
        <p style="margin-top:3mm">回访人签字：{c.sign(form.caller, 'institution', 22)}</p></div>""", landscape=True))
    return sheets


def video(form: VideoRecord, c: Context) -> list[Sheet]:
    """A list of recordings, or a photocopied disc with its label."""
    i = form.info
    if form.look % 2:
        first, last = form.sessions[0], form.sessions[-1]
        html = f"""<div class="form"><h1 style="margin:4mm 0 10mm">{t(form.title)}</h1><div class="rel" style="width:124mm;height:124mm;margin:0 auto;border:.5mm solid #555;border-radius:50%;font-size:10.5pt;text-align:center;line-height:1.7">
        <div class="at" style="left:50%;top:50%;width:36mm;height:36mm;margin:-18mm;border:.4mm solid #777;border-radius:50%"></div><div class="at" style="left:16mm;right:16mm;top:14mm"><b>{t(i.institution)}</b><br>{t(i.name)}<br>{t(form.disc)}</div>
        <div class="at" style="left:12mm;right:12mm;bottom:11mm">地点：{t(i.place)}<br>{dated(first.day, 'dot')} {t(first.hours.split('-')[0])}<br>至 {dated(last.day, 'dot')} {t(last.hours.split('-')[-1])}</div></div><p class="c" style="margin-top:8mm">（光盘标签复印件）</p></div>"""
        return [Sheet(html)]
    sheets = []
    for at in range(0, len(form.sessions) or 1, 19):
        body = "".join(
            f"<tr><td>{k}</td><td>{dated(s.day, 'dot')}</td><td>{s.half} {t(s.hours)}</td><td class=l>{t(s.topic)}</td><td>{t(s.place)}</td><td>{t(form.disc)}</td></tr>"
            for k, s in enumerate(form.sessions[at:at + 19], at + 1)
        )
        sheets.append(Sheet(f"""<style>.vr td {{ height: 8.2mm; font-size: 9.5pt }}</style><div class="form"><h1>{t(form.title)}</h1><p style="margin:1mm 0">培训学校：{t(i.institution)}　班级：{t(i.name)}</p>
        <table class="g vr">{columns([10, 24, 36, 54, 34, 18])}<thead><tr><th>序号</th><th>日期</th><th>起止时间</th><th>内容</th><th>地点</th><th>存储介质</th></tr></thead>{body}</table></div>"""))
    return sheets


def other(form: OtherPaper, c: Context) -> list[Sheet]:
    """Paragraphs, an optional table, an optional signer; tables go on over pages."""
    prose = "".join(f'<p class="i">{t(text)}</p>' for text in form.paragraphs)
    end = ""
    if form.signer:
        end += f"<p>{t(form.signer)}</p>"
    if form.dated:
        end += f"<p>{dated(form.dated, c.date_style)}</p>"
    foot = f'<div style="margin:12mm 0 0 96mm">{end}</div>' if end else ""
    head = f'<h1 style="margin:3mm 0 6mm">{spaced(t(form.title), c.pick("", "&ensp;"))}</h1>{prose}'
    if not form.header:
        return [Sheet(f'<div class="form">{head}{foot}</div>')]
    sheets = []
    size = 20
    parts = [form.rows[k:k + size] for k in range(0, len(form.rows), size)] or [()]
    for at, part in enumerate(parts):
        table = ("<table class='g ot'><thead><tr>" + "".join(f"<th>{t(h)}</th>" for h in form.header) + "</tr></thead>"
                 + "".join("<tr>" + "".join(f"<td>{t(cell)}</td>" for cell in row) + "</tr>" for row in part) + "</table>")
        sheets.append(Sheet(f'<style>.ot td {{ height: 8.5mm; font-size: 10pt }}</style><div class="form">{head if at == 0 else ""}{table}{foot if at == len(parts) - 1 else ""}</div>'))
    return sheets


def nothing(form: BlankSheet, c: Context) -> list[Sheet]:
    """An empty side, now and then with a crease or what shines through."""
    through = ""
    if c.rng.random() < 0.5:
        lines = "".join("<p>" + "　".join("培训学员签字日期档案"[k:k + 4] for k in range(0, 8, 2)) + "</p>" for _ in range(14))
        through = f'<div class="form" style="transform:scaleX(-1);opacity:{c.rng.uniform(0.012, 0.03):.3f};filter:blur(1px)">{lines}</div>'
    return [Sheet(through)]


