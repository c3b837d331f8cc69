"""Labour contracts: a county template over four pages, a short one, and one kept in a table."""

# ruff: noqa: E501 - lines of HTML break where the paper does
from __future__ import annotations

import re
from datetime import date, timedelta

from sample_archives.case import LabourContract
from sample_archives.family_b import clauses, stamps
from sample_archives.family_b.context import Context
from sample_archives.family_b.markup import Sheet, dated, spaced, t

HAN = {"一": 1, "壹": 1, "二": 2, "两": 2, "贰": 2, "三": 3, "叁": 3, "四": 4, "肆": 4, "五": 5, "伍": 5,
       "六": 6, "陆": 6, "七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9, "十": 10, "拾": 10}


def stated_months(text: str) -> int | None:
    """12个月, 壹年, 半年, 十二个月 -> months; None where it says neither."""
    if "半年" in text and not re.search(r"[一壹\d]年半", text):
        return 6
    found = re.search(r"(\d+|[一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾]+)\s*(年|个月)", text)
    if not found:
        return None
    word, unit = found.groups()
    if word.isdigit():
        number = int(word)
    elif len(word) == 1:
        number = HAN[word]
    else:
        head, _, tail = word.replace("拾", "十").partition("十")
        number = HAN.get(head, 1) * 10 + HAN.get(tail, 0)
    return number * 12 if unit == "年" else number


def last_day(start: date, months: int) -> date:
    """The last day of a term of so many months."""
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    for day in (start.day, 30, 29, 28):
        try:
            end = date(year, month, min(day, start.day))
        except ValueError:
            continue
        return end - timedelta(days=1) if end.day == start.day else end
    raise ValueError(start)


def layout(form: LabourContract, c: Context) -> list[Sheet]:
    """One of the three, by look."""
    return (_template, _short, _tabular)[form.look % 3](form, c)


def _day(c: Context, day: date | None, name: str = "") -> str:
    """A date as three blanks: ____年__月__日."""
    if day is None:
        return f"{c.fill(None, 16)}年{c.fill(None, 9)}月{c.fill(None, 9)}日"
    inner = f"{c.fill(day.year, 16)}年{c.fill(day.month, 9)}月{c.fill(day.day, 9)}日"
    return c.tag(inner, name, day) if name else inner


def _months(form: LabourContract, c: Context) -> str:
    if form.months_stated is None:
        return ""
    months = stated_months(form.months_stated)
    text = c.fill(form.months_stated)
    return c.tag(text, "contract_months", months) if months else text


def _check(c: Context, on: bool) -> str:
    mark = stamps.tick(c.rng, "√", c.pen.colour) if on else ""
    return f'<span class="box">{mark}</span>'


def _numbered(texts: tuple[str, ...], start: int) -> tuple[str, int]:
    out = []
    for i, text in enumerate(texts):
        out.append(f'<p class="i">第{_ordinal(start + i)}条&ensp;{t(text)}</p>')
    return "".join(out), start + len(texts)


def _ordinal(n: int) -> str:
    ones = "零一二三四五六七八九"
    tens, rest = divmod(n, 10)
    return (("" if tens < 2 else ones[tens]) + "十" if tens else "") + (ones[rest] if rest else "")


def _employer_mark(form: LabourContract, c: Context, left: float, top: float) -> str:
    out = ""
    if form.sealed:
        purpose = c.pick("", "", "合同专用章")
        out += c.seal(form.employer, "employer", form.seal_number, purpose=purpose, left=left, top=top)
    return out


def _template(form: LabourContract, c: Context) -> list[Sheet]:
    """Cover, parties and term with ticked boxes, conditions, signatures."""
    e = form.employee
    gap = c.pick("　", "&emsp;&ensp;", " ") if len(form.title) < 6 else ""
    number = f"编号：{c.own.choice(('文劳合', 'WS', '文人社劳'))}〔{form.sign_date.year}〕{c.rng.randrange(1, 999):03d}号"
    cover = f"""<div class="form">
    <p class="l" style="margin-top:8mm">{number if c.own.random() < 0.6 else '&nbsp;'}</p>
    <h1 style="font-size:{40 if len(form.title) < 6 else 30}pt;margin-top:38mm;white-space:nowrap">{spaced(t(form.title), gap)}</h1>
    <div class="l" style="margin:48mm 4mm 0;font-size:15pt;line-height:3">
    <p>甲方（用人单位）：{c.fill(form.employer, 88)}</p>
    <p>乙方（劳 动 者）：{c.fill(e.name, 88)}</p>
    <p>签 订 日 期：{_day(c, form.sign_date)}</p></div>
    <p class="c big" style="margin-top:45mm">{c.pick('文水县人力资源和社会保障局监制', '山西省人力资源和社会保障厅 制', '吕梁市人力资源和社会保障局 印制')}</p>
    </div>"""
    fixed = form.end is not None
    notes = "".join(f"<p class='i'>{t(note)}</p>" for note in clauses.NOTES)
    parties = f"""<div class="form"><h2 class="c" style="text-align:center">说&emsp;明</h2><div class="small"
    style="margin-bottom:3mm">{notes}</div><div class="l">
    <p>甲方（用人单位）名称：{c.fill(form.employer, 90, name='employer', value=form.employer)}</p>
    {f"<p>统一社会信用代码：{c.fill(form.credit_code, 80, name='credit_code', value=form.credit_code)}</p>" if form.credit_code else ''}
    <p>法定代表人（主要负责人）：{c.fill(form.legal_representative, 40, name='legal_representative')}
    {f"联系电话：{c.fill(form.employer_phone, 38)}" if form.employer_phone else ''}</p>
    <p>单位住所：{c.fill(form.employer_address, 110)}</p>
    <p style="margin-top:2mm">乙方（劳动者）姓名：{c.fill(e.name, 36, name='employee', person=e)}&emsp;性别：{c.fill(e.gender, 14)}</p>
    <p>居民身份证号码：{c.fill(e.id_number, 80, name='id_number', person=e)}</p>
    <p>文化程度：{c.fill(e.education, 26)}&emsp;联系电话：{c.fill(e.phone, 42, name='phone', person=e)}</p>
    <p>家庭住址：{c.fill(e.address, 112)}</p></div>
    <p class="i" style="margin-top:2mm">根据《中华人民共和国劳动法》《中华人民共和国劳动合同法》及有关规定，甲乙双方遵循合法、公平、平等自愿、协商一致、诚实信用的原则，订立本合同，共同遵守。</p>
    <h2>一、合同期限</h2>
    <p class="i">第一条&ensp;甲乙双方选择以下第 {c.fill('1' if fixed else '2', 10)} 种形式确定本合同期限：</p>
    <p class="i">{_check(c, fixed)} 1．有固定期限：{f'期限{_months(form, c)}，' if form.months_stated else ''}自{_day(c, form.start if fixed else None, 'contract_start')}起至{_day(c, form.end, 'contract_end')}止。{_probation(form, c) if fixed else f'其中试用期自{_day(c, None)}起至{_day(c, None)}止。'}</p>
    <p class="i">{_check(c, not fixed)} 2．无固定期限：自{_day(c, None if fixed else form.start, 'contract_start')}起至法定的终止条件出现时止。</p>
    <p class="i">{_check(c, False)} 3．以完成一定的工作任务为期限：自{_day(c, None)}起至{c.fill(None, 40)}工作任务完成时止。</p>
    </div><div class="foot">第 1 页 共 3 页</div>"""
    n = 2
    duties, n = _numbered(clauses.DUTIES, n + 1)
    hours, n = _numbered(clauses.HOURS, n)
    pay = n
    safety, n = _numbered(clauses.SAFETY[:2], n + 3)
    insurance, n = _numbered(clauses.INSURANCE[:2], n)
    terms = f"""<div class="form"><h2>二、工作内容和工作地点</h2>
    <p class="i">第二条&ensp;甲方聘用乙方从事{c.fill(form.position, 40, name='position_title', person=e)}工作，工作地点为{c.fill(form.place, 60)}。</p>
    {duties}<h2>三、工作时间和休息休假</h2>{hours}
    <h2>四、劳动报酬</h2>
    <p class="i">第{_ordinal(pay)}条&ensp;甲方每月{c.fill(form.pay_day, 12)}日前以货币形式足额支付乙方工资。乙方工资按下列第{c.fill('1', 10)}种方式执行：</p>
    <p class="i">{_check(c, True)} 1．计时工资：每月人民币{c.fill(form.wage, 28, name='wage', person=e)}元；</p>
    <p class="i">{_check(c, False)} 2．计件工资：计件单价为{c.fill(None, 30)}；</p>
    <p class="i">{_check(c, False)} 3．其他形式：{c.fill(None, 60)}。</p>
    <p class="i">第{_ordinal(pay + 1)}条&ensp;乙方依法享受的各类假期，工资按国家有关规定支付。</p>
    <p class="i">第{_ordinal(pay + 2)}条&ensp;甲方不得克扣或者无故拖欠乙方工资。</p>
    <h2>五、劳动保护</h2>{safety}<h2>六、社会保险</h2>{insurance}</div><div class="foot">第 2 页 共 3 页</div>"""
    ending, n = _numbered(clauses.ENDING, n)
    disputes, n = _numbered(clauses.DISPUTES, n)
    rest, n = _numbered(clauses.REST, n)
    signs = f"""<div class="form"><h2>七、合同的变更、解除和终止</h2>{ending}<h2>八、争议处理</h2>{disputes}
    <h2>九、其他</h2><p class="i">双方约定的其他事项：{c.fill('无', 90)}</p>{rest}
    <div class="rel" style="height:88mm;margin-top:12mm">
    <div class="at" style="left:0;top:0;width:84mm;line-height:2.6"><p>甲方（盖章）：</p>
    <p class="n">法定代表人（签章）：{'' if form.representative_seal else c.sign(form.legal_representative, 'employer')}</p>
    <p>{_day(c, form.sign_date)}</p></div>
    {_employer_mark(form, c, 24, -10)}
    {c.chop(form.legal_representative, 'employer', 44, 8) if form.representative_seal else ''}
    <div class="at" style="left:90mm;top:0;width:80mm;line-height:2.6"><p class="n">乙方（签字）：{c.signed(form.signed, e.name, 'employee', 29)}</p><p>&nbsp;</p>
    <p>{_day(c, form.sign_date, 'sign_date')}</p></div>
    <p class="at l" style="left:0;top:62mm">鉴证机关（盖章）：&emsp;&emsp;&emsp;&emsp;&emsp;&emsp;鉴证日期：&emsp;&emsp;年&emsp;月&emsp;日</p></div>
    </div><div class="foot">第 3 页 共 3 页</div>"""
    return [Sheet(cover), Sheet(parties), Sheet(terms), Sheet(signs)]


def _probation(form: LabourContract, c: Context) -> str:
    if form.probation_end is None:
        return f"其中试用期{c.fill('无', 20)}。"
    return f"其中试用期自{_day(c, form.start)}起至{_day(c, form.probation_end)}止。"


def _short(form: LabourContract, c: Context) -> list[Sheet]:
    """One or two pages; where the stated term says all, no last day is printed."""
    e = form.employee
    months = stated_months(form.months_stated) if form.months_stated else None
    start = c.tag(c.ink(dated(form.start, c.date_style)), "contract_start", form.start)
    if form.end is None:
        term = f"本合同为无固定期限劳动合同，自{start}起生效"
    elif months and last_day(form.start, months) == form.end:
        stated = c.tag(c.ink(form.months_stated), "contract_months", months)
        term = f"合同期限{stated}，自{start}起"
    else:
        end = c.tag(c.ink(dated(form.end, c.date_style)), "contract_end", form.end)
        stated = f"合同期限{_months(form, c)}，" if form.months_stated else ""
        term = f"{stated}自{start}起至{end}止"
    if form.probation_end:
        term += f"，其中试用期至{dated(form.probation_end, c.date_style)}止"
    two = c.own.random() < 0.5
    colon = c.pick("：", ":")
    wage = c.tag(c.ink(form.wage), "wage", form.wage, e)
    code = f"<p>统一社会信用代码{colon}{c.tag(c.ink(form.credit_code), 'credit_code', form.credit_code)}</p>" if form.credit_code else ""
    phone = f"&emsp;电话{colon}{c.ink(form.employer_phone)}" if form.employer_phone else ""
    head = f"""<h1 style="margin:3mm 0 6mm">{c.pick(spaced(t(form.title), '&ensp;'), t(form.title))}</h1>
    <p>甲方{c.pick('', '(单位)', '（用人单位）')}{colon}{c.tag(c.ink(form.employer), 'employer', form.employer)}</p>{code}
    <p>法定代表人{colon}{c.tag(c.ink(form.legal_representative), 'legal_representative', form.legal_representative)}{phone}</p>
    <p>地址{colon}{c.ink(form.employer_address)}</p>
    <p>乙方{c.pick('', '(员工)', '（劳动者）')}{colon}{c.tag(c.ink(e.name), 'employee', e.name, e)}&emsp;性别{colon}{c.ink(e.gender)}&emsp;身份证号{colon}{c.tag(c.ink(e.id_number), 'id_number', e.id_number, e)}</p>
    <p>住址{colon}{c.ink(e.address)}&emsp;电话{colon}{c.tag(c.ink(e.phone), 'phone', e.phone, e)}</p>"""
    sections = [
        f"{term}。",
        f"甲方安排乙方在{c.tag(c.ink(form.position), 'position_title', form.position, e)}岗位工作，工作地点{c.ink(form.place)}。{clauses.DUTIES[0]}",
        clauses.HOURS[0] + clauses.HOURS[1],
        f"乙方月工资{wage}元，甲方于每月{form.pay_day}日发放上月工资，不得拖欠。",
        clauses.INSURANCE[0],
        clauses.SAFETY[0],
    ]
    more = [clauses.ENDING[0] + clauses.ENDING[1], clauses.ENDING[2], clauses.DISPUTES[0], "".join(clauses.REST)]
    if two:
        more[1:1] = [clauses.SAFETY[1], clauses.ENDING[3], clauses.INSURANCE[2]]
        sections += [clauses.HOURS[2], clauses.DUTIES[2], clauses.SAFETY[2]]
    lines = [*sections, *more]
    marks = [f"{_ordinal(i + 1)}、" if c.date_style != "dash" else f"{i + 1}．" for i in range(len(lines))]
    prose = [f'<p class="i">{mark}{text}</p>' for mark, text in zip(marks, lines, strict=True)]
    foot = f"""<div class="rel" style="height:52mm;margin-top:9mm;line-height:2.3">
    <div class="at" style="left:0;top:0;width:88mm"><p class="n">甲方（公章）{colon}</p>
    <p class="n">代表人{colon}{'' if form.representative_seal else c.sign(form.legal_representative, 'employer', 22)}</p>
    <p>{dated(form.sign_date, c.date_style)}</p></div>
    {_employer_mark(form, c, 14, -8)}{c.chop(form.legal_representative, 'employer', 46, 12) if form.representative_seal else ''}
    <div class="at" style="left:92mm;top:0"><p class="n">乙方（签名）{colon}{c.signed(form.signed, e.name, 'employee')}</p><p>&nbsp;</p>
    <p>{c.tag(c.ink(dated(form.sign_date, c.date_style)), 'sign_date', form.sign_date)}</p></div></div>"""
    intro = '<p class="i" style="margin-top:2mm">甲乙双方经平等协商，自愿签订本合同，共同遵守以下条款：</p>'
    if two:
        first = f'<div class="form">{head}{intro}{"".join(prose[:9])}</div>'
        return [Sheet(first), Sheet(f'<div class="form">{"".join(prose[9:])}{foot}</div>')]
    tight = '<style>.form.t { line-height: 1.52; font-size: 11pt }</style>'
    return [Sheet(f'{tight}<div class="form t">{head}{intro}{"".join(prose)}{foot}</div>')]


def _tabular(form: LabourContract, c: Context) -> list[Sheet]:
    """Parties and terms in a ruled table, clauses below, signatures in its last row."""
    e = form.employee
    start = c.tag(c.ink(dated(form.start, c.date_style)), "contract_start", form.start)
    if form.end is None:
        term = f"无固定期限，自 {start} 起"
    else:
        end = c.tag(c.ink(dated(form.end, c.date_style)), "contract_end", form.end)
        term = f"{start} {c.pick('至', '—', '~', '起至')} {end}"
        if form.months_stated:
            months = stated_months(form.months_stated)
            word = c.ink(form.months_stated)
            term += f"（{c.tag(word, 'contract_months', months) if months else word}）"
    trial = dated(form.probation_end, c.date_style) if form.probation_end else "无"
    f = c.ink
    first = f"""<div class="form"><h1 style="margin-bottom:4mm">{spaced(t(form.title), c.pick('', '&ensp;', '&emsp;'))}</h1>
    <table class="g"><colgroup><col style="width:9mm"><col style="width:30mm"><col><col style="width:25mm"><col></colgroup>
    <tr><th rowspan="4">甲<br>方</th><th>单位名称</th><td colspan="3" class="l">{c.tag(f(form.employer), 'employer', form.employer)}</td></tr>
    <tr><th>统一社会<br>信用代码</th><td colspan="3" class="l">{c.tag(f(form.credit_code), 'credit_code', form.credit_code) if form.credit_code else ''}</td></tr>
    <tr><th>法定代表人</th><td>{c.tag(f(form.legal_representative), 'legal_representative', form.legal_representative)}</td><th>联系电话</th><td>{f(form.employer_phone) if form.employer_phone else ''}</td></tr>
    <tr><th>地　　址</th><td colspan="3" class="l">{f(form.employer_address)}</td></tr>
    <tr><th rowspan="4">乙<br>方</th><th>姓　　名</th><td>{c.tag(f(e.name), 'employee', e.name, e)}</td><th>性　别</th><td>{f(e.gender)}</td></tr>
    <tr><th>身份证号码</th><td colspan="3" class="l">{c.tag(f(e.id_number), 'id_number', e.id_number, e)}</td></tr>
    <tr><th>文化程度</th><td>{f(e.education)}</td><th>联系电话</th><td>{c.tag(f(e.phone), 'phone', e.phone, e)}</td></tr>
    <tr><th>户籍地址</th><td colspan="3" class="l">{f(e.address)}</td></tr>
    <tr><th rowspan="4">约<br>定<br>事<br>项</th><th>合同期限</th><td colspan="3" class="l">{term}</td></tr>
    <tr><th>试 用 期</th><td>{f(trial)}</td><th>工作岗位</th><td>{c.tag(f(form.position), 'position_title', form.position, e)}</td></tr>
    <tr><th>工作地点</th><td colspan="3" class="l">{f(form.place)}</td></tr>
    <tr><th>月 工 资</th><td>{c.tag(f(form.wage), 'wage', form.wage, e)} 元/月</td><th>发薪日</th><td>每月 {f(form.pay_day)} 日</td></tr>
    </table><p class="i" style="margin-top:3mm">甲乙双方在平等自愿、协商一致的基础上签订本合同，并就下列条款达成一致：</p>
    {"".join(f'<p class="i">{i}．{t(x)}</p>' for i, x in enumerate((clauses.DUTIES[2], clauses.HOURS[0], clauses.SAFETY[1], clauses.INSURANCE[0]), 1))}
    </div><div class="foot">1 / 2</div>"""
    more = (clauses.SAFETY[0], clauses.HOURS[2], clauses.INSURANCE[1], *clauses.ENDING, *clauses.DISPUTES, *clauses.REST)
    second = f"""<div class="form">{"".join(f'<p class="i">{i}．{t(x)}</p>' for i, x in enumerate(more, 5))}
    <table class="g" style="margin-top:6mm"><tr style="height:62mm">
    <td class="l rel" style="vertical-align:top"><div class="rel" style="height:56mm"><p>甲方（盖章）：</p>
    <p class="at n" style="top:17mm">法定代表人或委托代理人：</p><p class="at" style="top:26mm;left:8mm">{'' if form.representative_seal else c.sign(form.legal_representative, 'employer')}</p>
    {_employer_mark(form, c, 22, 3)}{c.chop(form.legal_representative, 'employer', 8, 28) if form.representative_seal else ''}
    <p class="at" style="bottom:1mm;right:4mm">{dated(form.sign_date)}</p></div></td>
    <td class="l" style="vertical-align:top"><div class="rel" style="height:56mm"><p>乙方（签字、按手印）：</p>
    <p class="at n" style="top:17mm;left:14mm">{c.signed(form.signed, e.name, 'employee', 30)}</p>
    <p class="at n" style="bottom:1mm;right:4mm">{c.tag(f(dated(form.sign_date)), 'sign_date', form.sign_date)}</p></div></td></tr></table></div>
    <div class="foot">2 / 2</div>"""
    return [Sheet(first), Sheet(second)]
