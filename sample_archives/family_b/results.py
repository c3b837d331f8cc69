"""After the class: exam papers, score sheets, certificates, employment summary."""

# ruff: noqa: E501 - lines of HTML break where the paper does
from __future__ import annotations

from sample_archives.case import (
    CertificateCopy,
    CertificateRegister,
    EmploymentSummary,
    ExamPaper,
    ScoreSheet,
    Trainee,
)
from sample_archives.family_b import stamps
from sample_archives.family_b.context import Context
from sample_archives.family_b.markup import Sheet, columns, dated, spaced, t

ROUTES = {
    "enterprise": "企业就业", "self_employed": "自主创业", "flexible": "灵活就业", "order": "订单式", "none": "未就业",
}
QUESTIONS = (
    ("上岗前必须经过安全教育和岗位培训。", True), ("操作时可以不按规程进行，以提高工作效率为先。", False),
    ("工具、设备使用完毕应及时清洁、归位。", True), ("发现设备异常应立即停机并报告。", True),
    ("从业人员不需要保持个人卫生。", False), ("原材料应分类存放，先进先出。", True),
    ("用电设备潮湿时可以直接用手触摸开关。", False), ("职业道德是从业人员应遵循的行为规范。", True),
)
CHOICES = (
    ("职业道德的核心是（　　）。", ("为人民服务", "追求利润", "个人发展", "互相竞争")),
    ("发生火灾时应首先拨打的电话是（　　）。", ("110", "119", "120", "122")),
    ("劳动者依法享有的权利不包括（　　）。", ("休息休假", "取得报酬", "任意旷工", "职业培训")),
    ("作业现场应保持（　　）。", ("整洁有序", "随意摆放", "光线昏暗", "通道堵塞")),
    ("食品原料验收时首先应检查（　　）。", ("价格", "质量与保质期", "包装颜色", "产地远近")),
)


def exam(form: ExamPaper, c: Context) -> list[Sheet]:
    """A theory paper over two pages, or a practice marking sheet."""
    return _practice(form, c) if form.part == "practice" else _theory(form, c)


def _theory(form: ExamPaper, c: Context) -> list[Sheet]:
    i, p = form.info, form.trainee
    right = form.score / 100
    seam = f"""<div class="at" style="left:7mm;top:30mm;bottom:16mm;width:8mm;writing-mode:vertical-rl;text-align:center;font-size:9pt;border-right:.2mm dashed #444;font-family:'{c.body}'">姓名　{c.ink(p.person.name)}　　　准考证号　{t(p.candidate_number)}　　　装　　　订　　　线</div>""" if form.look % 2 else ""
    who = "" if seam else f"""<p style="margin:2mm 0">姓名：{c.fill(p.person.name, 34, name='employee', value=p.person.name, person=p.person, hand=True)}　准考证号：{c.fill(p.candidate_number, 50)}　得分：{c.fill(form.score, 18, hand=True)}</p>"""
    judged = "".join(
        f'<p>（{stamps.tick(c.rng, "√" if (ok == (c.rng.random() < right)) else "×", c.pen.colour)}）{k}．{t(q)}</p>'
        for k, (q, ok) in enumerate(QUESTIONS, 1)
    )
    chosen = ""
    for k, (q, options) in enumerate(CHOICES, 1):
        letter = c.rng.choice("ABCD")
        chosen += f'<p>{k}．{t(q).replace("（　　）", f"（ {c.ink(letter)} ）")}</p><p style="padding-left:6mm">' + "&emsp;&emsp;".join(f"{a}．{t(o)}" for a, o in zip("ABCD", options, strict=True)) + "</p>"
    scores = f"""<table class="g" style="width:96mm;margin:2mm 0"><tr><th>题 号</th><th>一</th><th>二</th><th>三</th><th>总 分</th><th>评卷人</th></tr><tr style="height:9mm"><td>得 分</td><td></td><td></td><td></td><td>{c.tag(c.ink(form.score), 'theory', form.score, p.person)}</td><td>{c.sign(i.teachers[0], 'institution', 19)}</td></tr></table>"""
    first = f"""{seam}<div class="form" style="left:24mm"><h1 style="font-size:17pt">{t(i.occupation)}{t(i.level)}培训<br>{t(form.title)}</h1>{who}{scores}
    <h2>一、判断题（对的打“√”，错的打“×”）</h2>{judged}<h2>二、单项选择题</h2>{chosen}"""
    essay = f"""<h2>三、简答题</h2><p>1．简述本工种安全操作的基本要求。</p><p class="i" style="margin:4mm 0;font-size:13pt">{c.ink('严格遵守操作规程，')}<br>{c.ink('穿戴好防护用品，')}<br>{c.ink('检查设备后再操作。')}</p>
    <p style="margin-top:16mm">2．结合实际谈谈如何做好本职工作。</p><p class="i" style="margin:4mm 0;font-size:13pt">{c.ink('认真学习技术，爱岗敬业，')}<br>{c.ink('注意卫生和安全。')}</p>"""
    if form.look % 3:
        return [Sheet(f"{first}{essay.replace('16mm', '4mm')}</div>")]
    return [
        Sheet(f'{first}</div><div class="foot">理论试卷　第1页（共2页）</div>'),
        Sheet(f'{seam}<div class="form" style="left:24mm">{essay}</div><div class="foot">理论试卷　第2页（共2页）</div>'),
    ]


def _practice(form: ExamPaper, c: Context) -> list[Sheet]:
    i, p = form.info, form.trainee
    items = (("准备工作", 10), ("工具设备使用", 20), ("操作工艺", 40), ("成品质量", 20), ("安全文明", 10))
    left, points = form.score, []
    for k, (_, full) in enumerate(items):
        rest = sum(f for _, f in items[k + 1:])
        point = max(left - rest, min(full, round(full * form.score / 100)))
        point = min(point, left, full)
        points.append(point)
        left -= point
    rows = "".join(
        f"<tr><td>{k}</td><td>{name}</td><td class=l>按评分标准现场观察评定</td><td>{full}</td><td>{c.ink(point)}</td></tr>"
        for k, ((name, full), point) in enumerate(zip(items, points, strict=True), 1)
    )
    html = f"""<style>.pr td {{ height: 15mm }}</style><div class="form"><h1 style="margin:3mm 0 6mm">{t(i.occupation)}{t(form.title)}</h1>
    <table class="g pr" style="margin-bottom:-.3mm"><tr><th>姓　名</th><td>{c.tag(c.ink(p.person.name), 'employee', p.person.name, p.person)}</td><th>准考证号</th><td>{t(p.candidate_number)}</td></tr><tr><th>考核日期</th><td>{dated(i.exam_date)}</td><th>考核项目</th><td>{t(i.occupation)}实际操作</td></tr></table>
    <table class="g pr">{columns([14, 40, 74, 20, 24])}<tr><th>序号</th><th>考核内容</th><th>评分要点</th><th>配分</th><th>得分</th></tr>{rows}<tr><td colspan=3>合　　计</td><td>100</td><td>{c.tag(c.ink(form.score), 'practice', form.score, p.person)}</td></tr></table>
    <p style="margin-top:9mm">考评员：{c.sign(i.teachers[-1], 'institution', 25)}</p></div>"""
    return [Sheet(html)]


def _fail(p: Trainee) -> str:
    return "合格" if p.passed else "不合格"


def scores(form: ScoreSheet, c: Context) -> list[Sheet]:
    """Upright; with candidate numbers or ID numbers by look."""
    i = form.info
    with_id = form.look % 2 == 1
    word = {"合格": c.pick("合格", "合格", "及格"), "不合格": ""}
    word["不合格"] = "不及格" if word["合格"] == "及格" else "不合格"
    sheets = []
    for at in range(0, len(form.trainees) or 1, 25):
        body = ""
        for k, p in enumerate(form.trainees[at:at + 25], at + 1):
            number = c.tag(p.person.id_number, "id_number", p.person.id_number, p.person) if with_id else t(p.candidate_number)
            result = c.tag(word[_fail(p)], "passed", "true" if p.passed else "false", p.person)
            name = c.tag(t(p.person.name), "employee", p.person.name, p.person)
            total = round(p.theory * 0.4 + p.practice * 0.6, 1)
            cells = ((k, name, number, p.theory, p.practice, result, "") if with_id else
                     (k, number, name, p.theory, p.practice, f"{total:g}", result))
            body += "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
        heads = (("序号", "姓名", "身份证号码", "理论", "实操", "是否合格", "备注") if with_id else
                 ("序号", "准考证号", "姓　名", "理论成绩", "实操成绩", "总评", "评定结果"))
        seal = c.seal(i.institution, "institution", i.institution_seal_number, left=112, top=-24)
        sheets.append(Sheet(f"""<style>.sc td {{ height: 8mm; font-size: 10.5pt }}</style><div class="form"><h1>{c.pick(t(i.name), t(i.institution))}<br>{t(form.title)}</h1>
        <table class="u" style="margin:1mm 0"><tr><td class="l">工种：{t(i.occupation)}</td><td>等级：{t(i.level)}</td><td class="r">考试时间：{dated(i.exam_date)}</td></tr></table>
        <table class="g sc">{columns([12, 26, 46, 22, 22, 24, 20] if with_id else [12, 40, 28, 24, 24, 20, 26])}<thead><tr>{''.join(f'<th>{h}</th>' for h in heads)}</tr></thead>{body}</table>
        <div class="rel" style="margin-top:4mm">考评员：{c.sign(i.teachers[-1], 'institution', 22)}　　　监考：{c.sign(i.contact, 'institution', 22)}{seal}</div></div>"""))
    return sheets


def register(form: CertificateRegister, c: Context) -> list[Sheet]:
    """Landscape, with the receivers' signatures."""
    i = form.info
    sheets = []
    for at in range(0, len(form.trainees) or 1, 16):
        body = ""
        for k, p in enumerate(form.trainees[at:at + 16], at + 1):
            who = c.tag(t(p.person.name), "employee", p.person.name, p.person)
            number = c.tag(t(p.certificate_number), "certificate_number", p.certificate_number, p.person)
            ident = c.tag(p.person.id_number, "id_number", p.person.id_number, p.person)
            sign = c.sign(p.person.name, "employee", 18)
            cells = ((k, who, p.person.gender, ident, f"{p.theory}/{p.practice}", number, dated(i.issue_date, "dot"), sign) if form.look % 2 else
                     (k, number, who, ident, p.person.gender, t(p.person.education), dated(i.issue_date, "dash"), sign))
            body += "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
        heads = (("序号", "姓名", "性别", "身份证号码", "理论/实操", "证书编号", "发证日期", "领证人签字") if form.look % 2 else
                 ("序号", "证书号", "姓名", "公民身份号码", "性别", "学历", "发证时间", "领取人<br>签字"))
        widths = [10, 22, 12, 46, 24, 48, 28, 34] if form.look % 2 else [10, 48, 22, 46, 12, 20, 28, 34]
        sheets.append(Sheet(f"""<style>.cr td {{ height: 8.4mm; font-size: 10pt }}</style><div class="form"><h1>{t(form.title)}</h1>
        <table class="u" style="margin:1mm 0"><tr><td class="l">培训机构：{t(i.institution)}</td><td>班级：{t(i.name)}</td><td class="r">工种等级：{t(i.occupation)} {t(i.level)}</td></tr></table>
        <table class="g cr">{columns(widths)}<thead><tr>{''.join(f'<th>{h}</th>' for h in heads)}</tr></thead>{body}</table><p style="margin-top:2mm">发放人：{t(i.contact)}</p></div>""", landscape=True))
    return sheets


def certificates(form: CertificateCopy, c: Context) -> list[Sheet]:
    """Copies of certificates, one or two on a sheet."""
    i = form.info
    blocks = []
    tall = 128 if len(form.trainees) > 1 else 160
    for p in form.trainees:
        person = p.person
        seal = c.seal(i.institution, "institution", i.institution_seal_number, left=100, top=tall - 52, size=36)
        photo = '<div class="at" style="left:16mm;top:40mm;width:26mm;height:35mm;background:#d5dbe2;border:.2mm solid #888"></div>'
        if form.look % 2:
            body = (f'<div class="at" style="left:50mm;top:36mm;width:104mm;line-height:1.9">姓　　名：{c.tag(t(person.name), "employee", person.name, person)}　　性别：{person.gender}<br>身份证号：{c.tag(person.id_number, "id_number", person.id_number, person)}<br>职业（工种）：{t(i.occupation)}<br>技能等级：{t(i.level)}<br>证书编号：{c.tag(t(p.certificate_number), "certificate_number", p.certificate_number, person)}</div>')
        else:
            body = (f'<div class="at" style="left:50mm;top:36mm;width:106mm;line-height:1.85"><p class="i">{c.tag(t(person.name), "employee", person.name, person)}同志（身份证号{c.tag(person.id_number, "id_number", person.id_number, person)}）于{dated(i.start)}至{dated(i.end)}参加{t(i.occupation)}培训，经考核成绩合格，特发此证。</p><p>证书编号：{c.tag(t(p.certificate_number), "certificate_number", p.certificate_number, person)}</p></div>')
        blocks.append(f"""<div class="rel" style="height:{tall - 10}mm;border:{c.pick('1.2mm double #9a6a2c', '.8mm solid #7d2a2a', '.4mm solid #555')};margin:0 0 8mm"><h1 style="margin-top:10mm;font-size:22pt">{spaced(t(form.title), '&ensp;' if len(form.title) < 9 else '')}</h1>{photo}{body}
        <div class="at" style="left:96mm;bottom:9mm;line-height:1.7">{t(i.institution)}<br>{dated(i.issue_date, c.pick('cn', 'chinese'))}</div>{seal}</div>""")
    return [Sheet(f'<div class="form" style="left:22mm;right:22mm">{"".join(blocks)}</div>')]


def employment(form: EmploymentSummary, c: Context) -> list[Sheet]:
    """Landscape; where the trainees went, in one of two orders of columns."""
    i = form.info
    alt = form.look % 2 == 1
    sheets = []
    for at in range(0, len(form.trainees) or 1, 15):
        body = ""
        for k, p in enumerate(form.trainees[at:at + 15], at + 1):
            who = c.tag(t(p.person.name), "employee", p.person.name, p.person)
            ident = c.tag(p.person.id_number, "id_number", p.person.id_number, p.person)
            route = c.tag(ROUTES[p.route], "employment_type", p.route, p.person)
            when = dated(p.employed_from, "dot") if p.employed_from else ""
            pay = str(p.income) if p.income else ""
            cells = ((k, who, p.person.gender, ident, route, t(p.employer), t(p.job), when, pay) if alt else
                     (k, who, ident, p.person.phone, t(p.employer), t(p.job), route, when, pay))
            body += "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
        heads = (("序号", "姓名", "性别", "身份证号码", "就业形式", "就业单位", "岗位", "就业时间", "月收入") if alt else
                 ("序号", "姓名", "身份证号", "联系电话", "就业去向", "从事工作", "就业类型", "就业时间", "月工资<br>(元)"))
        widths = [10, 20, 11, 44, 24, 70, 24, 28, 20] if alt else [10, 20, 44, 30, 66, 24, 24, 28, 20]
        last = at + 15 >= len(form.trainees)
        seal = c.seal(i.institution, "institution", i.institution_seal_number, left=196, top=-26) if last else ""
        sheets.append(Sheet(f"""<style>.es td {{ height: 8.6mm; font-size: 9.5pt }}</style><div class="form"><h1>{c.pick(t(i.name), '')}{t(form.title)}</h1>
        <table class="u" style="margin:1mm 0"><tr><td class="l">填报单位（章）：{t(i.institution)}</td><td>班次：{t(i.name)}</td><td class="r">填报日期：{dated(form.filled_on)}</td></tr></table>
        <table class="g es">{columns(widths)}<thead><tr>{''.join(f'<th>{h}</th>' for h in heads)}</tr></thead>{body}</table><div class="rel" style="margin-top:2mm">填表人：{t(i.contact)}　　　　审核人：{t(i.principal)}{seal}</div></div>""", landscape=True))
    return sheets
