"""During the class: plan, timetable, daily log, sign-in sheets."""

# ruff: noqa: E501 - lines of HTML break where the paper does
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sample_archives.case import Session, TeachingLog, Timetable, Trainee, TrainingAttendance, TrainingPlan
from sample_archives.family_b import stamps
from sample_archives.family_b.context import Context
from sample_archives.family_b.markup import Sheet, cn_number, columns, dated, spaced, t


def plan(form: TrainingPlan, c: Context) -> list[Sheet]:
    """Prose with a table of modules over two pages; the table first or last by look."""
    i = form.info
    theory, practice = sum(m.theory for m in form.modules), sum(m.practice for m in form.modules)
    body = "".join(
        f'<tr><td>{k}</td><td class="l">{t(m.name)}</td><td class="l">{t(m.content)}</td><td>{m.theory}</td><td>{m.practice}</td><td>{m.theory + m.practice}</td></tr>'
        for k, m in enumerate(form.modules, 1)
    )
    table = f"""<table class="g" style="margin:3mm 0">{columns([10, 34, 84, 16, 16, 16])}<thead><tr><th rowspan=2>序号</th><th rowspan=2>{c.pick('教学模块', '课程名称', '培训模块')}</th><th rowspan=2>{c.pick('主要内容', '教学内容及要求')}</th><th colspan=3>课　时</th></tr><tr><th>理论</th><th>实操</th><th>小计</th></tr></thead>{body}
    <tr><td colspan=3>合　计</td><td>{theory}</td><td>{practice}</td><td>{theory + practice}</td></tr></table>"""
    intro = f"""<h2>一、培训目标</h2><p class="i">通过{len(i.days)}天的系统培训，使学员掌握{t(i.occupation)}的基础理论知识和基本操作技能，达到{t(i.level)}技能水平，能够独立上岗就业或自主创业。</p>
    <h2>二、培训对象</h2><p class="i">本县有就业意愿和培训需求的城乡劳动者，计划招收{i.approved}人。</p>
    <h2>三、培训时间与地点</h2><p class="i">{dated(i.start)}至{dated(i.end)}，每天8课时，共{len(i.days) * 8}课时；地点：{t(i.place)}。</p>
    <h2>四、教材与师资</h2><p class="i">选用{t(form.textbook)}，由{t('、'.join(i.teachers))}等教师授课，理论教学与实际操作分开进行，实操每组不超过5人。</p>"""
    outro = """<h2>六、教学要求</h2><p class="i">1．教师应提前备课，认真填写培训日志，做到理论联系实际，突出技能训练。</p><p class="i">2．班主任负责学员考勤，严格执行请销假制度，学员每日上、下午各签到一次。</p>
    <p class="i">3．实操训练必须讲清安全操作规程，确保设备和人身安全。</p><h2>七、考核方式</h2><p class="i">培训结束后进行理论和实操两项考试，各按百分制计分，两项均达到60分为合格。理论考试采用闭卷笔试，实操考试采用现场操作方式，由考评人员按评分标准打分。</p>
    <h2>八、保障措施</h2><p class="i">学校成立培训工作领导小组，明确专人负责教学管理、影像采集、档案整理和就业跟踪服务。</p>"""
    first = Sheet(f"""<div class="form"><h1 style="margin:3mm 0 5mm">{t(i.name)}<br>{spaced(t(form.title), c.pick('', '&ensp;'))}</h1>{intro}<h2>五、教学内容与课时分配</h2>{table}</div>""")
    second = Sheet(f"""<div class="form">{outro}<div style="margin:16mm 0 0 90mm"><p>{t(i.institution)}</p><p>{dated(i.report_date)}</p></div></div>""")
    return [first, second]


def timetable(form: Timetable, c: Context) -> list[Sheet]:
    """One row a session, or a grid of days with morning and afternoon side by side."""
    return (_rows, _grid)[form.look % 2](form, c)


def _rows(form: Timetable, c: Context) -> list[Sheet]:
    i = form.info
    size = 26
    sheets = []
    for at in range(0, len(form.sessions) or 1, size):
        body, last = "", None
        part = form.sessions[at:at + size]
        for s in part:
            lead = ""
            if s.day != last:
                count = sum(1 for other in part if other.day == s.day)
                lead = f"<td rowspan={count}>{s.day.month}月{s.day.day}日</td>"
                last = s.day
            body += (f"<tr>{lead}<td>{s.half}</td><td>{t(s.hours)}</td><td class=l>{t(s.topic)}</td><td>{'实操' if s.practical else '理论'}</td>"
                     f"<td>{t(s.teacher)}</td><td>4</td></tr>")
        sheets.append(Sheet(f"""<style>.tt td {{ height: 7.6mm; font-size: 10pt }}</style><div class="form" style="left:17mm;right:17mm"><h1>{t(i.name)}{t(form.title)}</h1><p class="small" style="margin:2mm 0">授课地点：{t(i.place)}</p>
        <table class="g tt">{columns([20, 14, 28, 68, 14, 20, 12])}<thead><tr><th>日 期</th><th>时段</th><th>时 间</th><th>授 课 内 容</th><th>类别</th><th>授课教师</th><th>课时</th></tr></thead>{body}</table></div>"""))
    return sheets


def _grid(form: Timetable, c: Context) -> list[Sheet]:
    i = form.info
    days: dict[date, dict[str, Session]] = {}
    for s in form.sessions:
        days.setdefault(s.day, {})[s.half] = s

    def cell(s: Session | None) -> str:
        return f"<td class=l>{t(s.topic)}（{'实操' if s.practical else '理论'}）</td><td>{t(s.teacher)}</td>" if s else "<td></td><td></td>"

    items = list(days.items())
    sheets = []
    for at in range(0, len(items) or 1, 16):
        body = "".join(
            f"<tr><td>{dated(day, 'dot')}</td><td>星期{'一二三四五六日'[day.weekday()]}</td>{cell(halves.get('上午'))}{cell(halves.get('下午'))}<td>8</td></tr>"
            for day, halves in items[at:at + 16]
        )
        hours = {s.half: s.hours for s in form.sessions}
        sheets.append(Sheet(f"""<style>.tg td {{ height: 8.4mm; font-size: 9.5pt }}</style><div class="form"><h1>{spaced(t(form.title), c.pick('', '&ensp;'))}</h1>
        <table class="u" style="margin:1mm 0"><tr><td class="l">班级：{t(i.name)}</td><td class="r">地点：{t(i.place)}</td></tr></table>
        <table class="g tg">{columns([24, 18, 78, 20, 78, 20, 12])}<thead><tr><th rowspan=2>日期</th><th rowspan=2>星期</th><th colspan=2>上午（{t(hours.get('上午', ''))}）</th><th colspan=2>下午（{t(hours.get('下午', ''))}）</th><th rowspan=2>课时</th></tr><tr><th>教学内容</th><th>教师</th><th>教学内容</th><th>教师</th></tr></thead>{body}</table></div>""", landscape=True))
    return sheets


def log(form: TeachingLog, c: Context) -> list[Sheet]:
    """A form of cells for the day, morning above afternoon or side by side."""
    i = form.info
    absent = "、".join(form.absent) if form.absent else "无"
    head = f"""<h1 style="margin:2mm 0 5mm">{spaced(t(form.title), c.pick('', '&emsp;', '&ensp;'))}</h1><p style="margin-bottom:1.5mm">班级：{t(i.name)}　　　日期：{c.tag(c.ink(dated(form.day)), 'date', form.day)}　星期{'一二三四五六日'[form.day.weekday()]}</p>"""
    counts = (f"<tr><th>应到人数</th><td>{c.tag(c.ink(form.expected), 'expected', form.expected)}</td><th>实到人数</th><td>{c.tag(c.ink(form.present), 'present', form.present)}</td></tr>"
              f"<tr><th>缺勤人员</th><td colspan=3>{c.ink(absent)}</td></tr>")
    css = "<style>.lg th, .lg td { height: 14mm }</style>"
    if form.look % 2:
        body = "".join(
            f"""<tr><th rowspan=3>{s.half}<br>{t(s.hours)}</th><th>教学内容</th><td colspan=2 class="l" style="height:30mm">{c.ink(s.topic)}</td></tr><tr><th>教学形式</th><td colspan=2>{'实操教学' if s.practical else '理论讲授'}　地点：{t(s.place)}</td></tr><tr><th>授课教师</th><td colspan=2>{c.sign(s.teacher, 'institution', 24)}</td></tr>"""
            for s in form.sessions
        )
        table = f'<table class="g lg">{columns([30, 34, 56, 52])}{body}{counts.replace("<th>应到", "<th>应到")}<tr style="height:34mm"><th>课堂小结</th><td colspan=3 class="l">{c.ink(form.note)}</td></tr></table>'
    else:
        s_cells = "".join(f"<th>{s.half}（{t(s.hours)}）</th>" for s in form.sessions)
        topics = "".join(f'<td class="l" style="height:52mm;vertical-align:top">{c.ink(s.topic)}</td>' for s in form.sessions)
        kinds = "".join(f"<td>{'实操' if s.practical else '理论'}</td>" for s in form.sessions)
        places = "".join(f"<td>{t(s.place)}</td>" for s in form.sessions)
        teachers = "".join(f"<td>{c.sign(s.teacher, 'institution', 24)}</td>" for s in form.sessions)
        n = len(form.sessions)
        table = (f'<table class="g lg">{columns([30, *[142 / max(n, 1)] * n])}<tr><th>时　间</th>{s_cells}</tr><tr><th>授课<br>内容</th>{topics}</tr><tr><th>课　型</th>{kinds}</tr><tr><th>地　点</th>{places}</tr><tr><th>教师签名</th>{teachers}</tr></table>'
                 f'<table class="g lg" style="margin-top:-.3mm">{columns([30, 56, 30, 56])}{counts}<tr style="height:34mm"><th>教学情况<br>记　　录</th><td colspan=3 class="l">{c.ink(form.note)}</td></tr></table>')
    return [Sheet(f'{css}<div class="form">{head}{table}<p style="margin-top:3mm">班主任：{t(i.contact)}</p></div>')]


def attendance(form: TrainingAttendance, c: Context) -> list[Sheet]:
    """A grid of names and days, or a day's sign-in sheet."""
    return _sign_in(form, c) if form.style == "sign_in" else _day_grid(form, c)


def _absent(form: TrainingAttendance, trainee: Trainee, day: date) -> bool:
    return (trainee.row, day) in form.absent


def _day_grid(form: TrainingAttendance, c: Context) -> list[Sheet]:
    i = form.info
    days = form.days
    mark = c.pick("√", "√", "○") if not c.by_hand else "√"
    sheets = []
    size = 20
    for at in range(0, len(form.trainees) or 1, size):
        body = ""
        for k, p in enumerate(form.trainees[at:at + size], at + 1):
            cells = ""
            for day in days:
                away = _absent(form, p, day)
                text = "×" if away else mark
                cells += f"<td>{stamps.tick(c.rng, text, c.pen.colour) if c.by_hand else text}</td>"
            there = sum(not _absent(form, p, day) for day in days)
            body += f"<tr><td>{k}</td><td>{c.tag(t(p.person.name), 'employee', p.person.name, p.person)}</td>{cells}<td>{there}</td><td></td></tr>"
        heads = "".join(f"<th>{d.month}/{d.day}</th>" for d in days)
        sheets.append(Sheet(f"""<style>.dg td, .dg th {{ height: 6.7mm; font-size: 9pt; padding: 0 !important }}</style><div class="form"><h1>{t(form.title)}</h1>
        <table class="u" style="margin:1mm 0"><tr><td class="l">班级：{t(i.name)}</td><td>工种：{t(i.occupation)}</td><td class="r">说明：出勤{mark}　缺勤×</td></tr></table>
        <table class="g dg">{columns([10, 22, *[200 / max(len(days), 1)] * len(days), 14, 18])}<thead><tr><th>序号</th><th>姓名</th>{heads}<th>出勤<br>天数</th><th>备注</th></tr></thead>{body}</table>
        <p style="margin-top:2mm">班主任签字：{c.sign(i.contact, 'institution', 22)}</p></div>""", landscape=True))
    return sheets


def _sign_in(form: TrainingAttendance, c: Context) -> list[Sheet]:
    """Names printed once with two signing cells, or in two blocks side by side."""
    i, day = form.info, form.days[0]
    when = f"{dated(day)}　星期{'一二三四五六日'[day.weekday()]}"
    if form.look % 2:
        return _sign_in_double(form, c, when)
    sheets = []
    size = 30
    for at in range(0, len(form.trainees) or 1, size):
        body = ""
        for k, p in enumerate(form.trainees[at:at + size], at + 1):
            away = _absent(form, p, day)
            sign = "" if away else c.sign(p.person.name, "employee", 20)
            again = "" if away else c.sign(p.person.name, "employee", 20)
            body += f"<tr><td>{k}</td><td>{c.tag(t(p.person.name), 'employee', p.person.name, p.person)}</td><td>{sign}</td><td>{'' if away else '8:2' + str(c.rng.randrange(10))}</td><td>{again}</td><td>{'' if away else '14:2' + str(c.rng.randrange(10))}</td><td>{'请假' if away else ''}</td></tr>"
        sheets.append(Sheet(f"""<style>.si td {{ height: 7.5mm; padding: 0 !important; font-size: 10pt }}</style><div class="form"><h1>{spaced(t(form.title), c.pick('', '&ensp;'))}</h1><p style="margin:1mm 0">班级：{t(i.name)}　　{c.tag(when, 'date', day)}</p>
        <table class="g si">{columns([12, 26, 40, 20, 40, 20, 18])}<thead><tr><th rowspan=2>序号</th><th rowspan=2>姓 名</th><th colspan=2>上午签到</th><th colspan=2>下午签到</th><th rowspan=2>备注</th></tr><tr><th>本人签字</th><th>时间</th><th>本人签字</th><th>时间</th></tr></thead>{body}</table></div>"""))
    return sheets


def _sign_in_double(form: TrainingAttendance, c: Context, when: str) -> list[Sheet]:
    i, day = form.info, form.days[0]
    sheets = []
    for at in range(0, len(form.trainees) or 1, 44):
        part: Sequence[Trainee] = form.trainees[at:at + 44]
        half = -(-len(part) // 2)

        def cells(k: int, part: Sequence[Trainee] = part, at: int = at) -> str:
            if k >= len(part):
                return "<td></td>" * 4
            p = part[k]
            away = _absent(form, p, day)
            one, two = ("", "") if away else (c.sign(p.person.name, "employee", 18), c.sign(p.person.name, "employee", 18))
            return f"<td>{at + k + 1}</td><td>{c.tag(t(p.person.name), 'employee', p.person.name, p.person)}</td><td>{one}</td><td>{two}</td>"

        body = "".join(f"<tr>{cells(k)}{cells(k + half)}</tr>" for k in range(half))
        head = "<th>序号</th><th>姓名</th><th>上午</th><th>下午</th>" * 2
        sheets.append(Sheet(f"""<style>.sd td {{ height: 9.4mm; font-size: 10pt }}</style><div class="form" style="left:14mm;right:14mm"><h1>{t(i.name)}<br>{t(form.title)}</h1><p class="r" style="margin:1mm 0">{c.tag(when, 'date', day)}</p>
        <table class="g sd">{columns([10, 20, 30, 30] * 2)}<thead><tr>{head}</tr></thead>{body}</table><p style="margin-top:2mm">第{cn_number(at // 44 + 1)}页　班主任：{t(i.contact)}</p></div>"""))
    return sheets
