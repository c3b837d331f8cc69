"""The class's own papers around the employment proof, as data without faults."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from .case import (
    CallbackRecord,
    CallbackRow,
    Catalogue,
    CertificateCopy,
    CertificateRegister,
    ClassInfo,
    Cover,
    EmploymentSummary,
    ExamPaper,
    Form,
    IdCardCopy,
    OpeningApproval,
    OpeningReport,
    OtherPaper,
    PlanModule,
    ScoreSheet,
    Session,
    SubsidyApplication,
    TeachingLog,
    Timetable,
    Trainee,
    TraineeRoster,
    TrainingAttendance,
    TrainingPlan,
    TruthfulnessCommitment,
    VideoRecord,
)
from .people import Invent

TOPICS = {
    "中式面点师": (
        "食品安全与卫生",
        "面点原料知识",
        "面团调制",
        "馅心制作",
        "水调面团制品",
        "发酵面团制品",
        "油酥面团制品",
        "成形技法",
        "熟制方法",
        "面点装盘与创新",
    ),
    "中式烹调师": (
        "食品安全与卫生",
        "原料初加工",
        "刀工基础",
        "火候与调味",
        "热菜烹制：炒",
        "热菜烹制：炸熘",
        "凉菜制作",
        "汤羹制作",
        "菜肴装盘",
        "厨房成本核算",
    ),
    "家政服务员": (
        "职业道德与礼仪",
        "家居保洁",
        "衣物洗涤与收纳",
        "家庭餐制作",
        "孕产妇护理",
        "婴幼儿照料",
        "老年人照料",
        "家庭安全常识",
        "家电使用",
        "沟通技巧",
    ),
    "育婴员": (
        "职业道德",
        "婴幼儿生理特点",
        "喂养与辅食",
        "睡眠与排泄照料",
        "抚触与被动操",
        "常见病护理",
        "意外伤害预防",
        "动作训练",
        "语言训练",
        "亲子游戏",
    ),
    "养老护理员": (
        "职业道德与法规",
        "老年人生理心理",
        "饮食照料",
        "排泄照料",
        "睡眠照料",
        "清洁照料",
        "体位转换",
        "急救常识",
        "康复护理",
        "心理疏导",
    ),
}
COMMON_TOPICS = (
    "职业道德与法律法规",
    "安全生产知识",
    "专业基础知识",
    "工具设备使用",
    "基本操作一",
    "基本操作二",
    "综合操作一",
    "综合操作二",
    "质量检验",
    "综合复习",
)
HOURS = {"上午": "8:30-12:00", "下午": "14:00-17:30"}


def sessions(rng: random.Random, info: ClassInfo) -> tuple[Session, ...]:
    topics = TOPICS.get(info.occupation, COMMON_TOPICS)
    out = []
    for i, day in enumerate(info.days):
        for half in ("上午", "下午"):
            practical = i > 0 and (half == "下午" or i > len(info.days) // 2)
            last = i == len(info.days) - 1 and half == "下午"
            topic = "结业考试" if last else topics[i % len(topics)] + ("（实操）" if practical else "（理论）")
            teacher = info.teachers[1 if practical else 0]
            out.append(
                Session(
                    day,
                    half,
                    HOURS[half],
                    topic,
                    teacher,
                    "实操室" if practical else info.place,
                    practical,
                )
            )
    return tuple(out)


def around(
    rng: random.Random, invent: Invent, info: ClassInfo, trainees: list[Trainee]
) -> tuple[list[Form], list[Form]]:
    """The papers before and behind the employment proof, in the prescribed order."""
    pick = rng.choice
    everybody = tuple(trainees)
    lessons = sessions(rng, info)
    passed = tuple(t for t in trainees if t.passed)
    employed = sum(t.route != "none" for t in trainees)
    absences = [(t.row, day) for t in trainees for day in info.days[:-1] if rng.random() < 0.012]
    filed = info.application_date
    look = rng.randrange(1000)

    before: list[Form] = [
        Cover(
            pick(("职业技能提升培训档案", "职业技能培训档案", "档案封面", "培训档案")),
            look,
            info,
            f"{pick(('RS', 'PX', 'JN'))}-{info.start.year}-{rng.randint(1, 60):03d}",
            0,
            "",
            pick(("10年", "十年", "长期")),
            filed,
        ),
        Catalogue(
            pick(("卷内目录", "卷内文件目录", "目录", "档案目录")),
            rng.randrange(1000),
            pick(("start", "range", "range", "count")),
            (),
        ),
        OpeningReport(
            pick(("开班报告", "开班申请报告", "关于举办培训班的开班报告", "开班申请")),
            rng.randrange(1000),
            info,
            info.report_date,
            info.approved,
        ),
        OpeningApproval(
            pick(("开班审批表", "职业技能培训开班审批表", "开班备案审批表")),
            rng.randrange(1000),
            info,
            info.approved,
            info.report_date + timedelta(days=rng.randint(1, 4)),
            pick(("同意开班。", "经审核，同意开班。", "符合开班条件，同意开班")),
        ),
        TraineeRoster(
            pick(("学员花名册", "培训学员花名册", "学员名册", "学员名单", "实名制花名册")),
            rng.randrange(1000),
            info,
            everybody,
        ),
    ]
    per = pick((1, 2, 2))
    holders = _distinct(everybody)
    card_look = rng.randrange(1000)
    for i in range(0, len(holders), per):
        group = holders[i : i + per]
        valid = tuple(_validity(rng, t) for t in group)
        before.append(
            IdCardCopy(
                pick(("身份证复印件", "学员身份证复印件")) if i == 0 else "身份证复印件",
                card_look,
                tuple(t.person for t in group),
                valid,
                "文水县公安局",
            )
        )
    before.append(_plan(rng, info))
    before.append(Timetable(pick(("课程表", "培训课程表", "课程安排表")), rng.randrange(1000), info, lessons))
    if rng.random() < 0.4:
        before.append(_materials(rng, info, everybody))
    log_look = rng.randrange(1000)
    log_title = pick(("教学日志", "培训教学日志", "班级教学日志", "培训日志"))
    for day in info.days:
        away = tuple(t.person.name for t in trainees if (t.row, day) in absences)
        before.append(
            TeachingLog(
                log_title,
                log_look,
                info,
                day,
                tuple(s for s in lessons if s.day == day),
                len(trainees),
                len(trainees) - len(away),
                away,
                pick(
                    ("学员学习认真，课堂秩序良好。", "教学按计划进行。", "学员积极动手，实操效果较好。", "无异常情况。")
                ),
            )
        )
    attendance_look = rng.randrange(1000)
    if rng.random() < 0.7:
        before.append(
            TrainingAttendance(
                pick(("学员考勤表", "培训考勤表", "学员考勤汇总表")),
                attendance_look,
                info,
                "grid",
                info.days,
                everybody,
                tuple(absences),
            )
        )
        signed_days = info.days[: rng.choice((0, 2, 3))]
    else:
        signed_days = info.days
    sign_title = pick(("学员签到表", "培训签到表", "签到册"))
    for day in signed_days:
        before.append(
            TrainingAttendance(
                sign_title,
                attendance_look,
                info,
                "sign_in",
                (day,),
                everybody,
                tuple(a for a in absences if a[1] == day),
            )
        )
    exam_title = pick(("结业考试试卷", "理论考试试卷", f"{info.occupation}理论知识试卷", f"{info.occupation}结业试卷"))
    exam_look = rng.randrange(1000)
    practice = rng.random() < 0.35
    for t in holders:
        before.append(ExamPaper(exam_title, exam_look, info, t, "theory", t.theory))
        if practice:
            before.append(ExamPaper(f"{info.occupation}实操评分表", exam_look + 1, info, t, "practice", t.practice))
    before.append(
        ScoreSheet(
            pick(("成绩册", "成绩汇总表", "结业考试成绩汇总表", "考核成绩登记表")), rng.randrange(1000), info, everybody
        )
    )
    before.append(
        CertificateRegister(
            pick(("证书发放登记表", "证书发放花名册", "发证登记表", "颁证花名册")), rng.randrange(1000), info, passed
        )
    )
    per = pick((1, 2, 2))
    cert_title = pick(("职业技能等级证书", "专项职业能力证书", "培训合格证", "职业培训合格证书"))
    cert_look = rng.randrange(1000)
    owners = _distinct(passed)
    for i in range(0, len(owners), per):
        before.append(CertificateCopy(cert_title, cert_look, info, owners[i : i + per]))
    before.append(
        EmploymentSummary(
            pick(("就业情况汇总表", "学员就业情况汇总表", "就业花名册", "学员就业登记表")),
            rng.randrange(1000),
            info,
            everybody,
            filed - timedelta(days=rng.randint(3, 12)),
        )
    )

    amount = Decimal(len(trainees) * len(info.days) * info.daily_subsidy)
    after: list[Form] = [
        TruthfulnessCommitment(
            pick(("真实性承诺书", "承诺书", "就业证明材料真实性承诺书")),
            rng.randrange(1000),
            info,
            filed - timedelta(days=rng.randint(0, 3)),
        ),
        SubsidyApplication(
            pick(("职业技能培训补贴资金申请表", "培训补贴拨款申请", "补贴资金申请报告", "职业培训补贴申请表")),
            rng.randrange(1000),
            info,
            len(trainees),
            len(info.days),
            len(passed),
            employed,
            amount,
            "山西文水农村商业银行股份有限公司",
            f"62{rng.randrange(10**15):015d}",
            filed,
        ),
    ]
    if rng.random() < 0.7:
        called = tuple(CallbackRow(t, True, True, t.route != "none", "") for t in holders)
        after.append(
            CallbackRecord(
                pick(("电话回访记录", "学员电话回访记录表", "电话回访登记表")),
                rng.randrange(1000),
                info,
                called,
                info.contact,
                filed - timedelta(days=5),
            )
        )
    if rng.random() < 0.7:
        after.append(
            VideoRecord(
                pick(("影像资料清单", "培训影像资料目录", "光盘标签")),
                rng.randrange(1000),
                info,
                lessons,
                pick(("光盘1", "硬盘01", "U盘1")),
            )
        )
    if rng.random() < 0.4:
        after.append(
            OtherPaper(
                "卷内备考表",
                rng.randrange(1000),
                (
                    "本卷情况说明：",
                    "本卷材料齐全，排列有序，编号准确。",
                    f"立卷人：{info.contact}",
                    f"检查人：{info.principal}",
                ),
                (),
                (),
                "",
                filed,
            )
        )
    return before, after


def _distinct(trainees: tuple[Trainee, ...]) -> tuple[Trainee, ...]:
    """Each person once: a person on two rows sits one exam and has one card."""
    seen: set[str] = set()
    out = []
    for t in trainees:
        if t.person.id_number not in seen:
            seen.add(t.person.id_number)
            out.append(t)
    return tuple(out)


def _validity(rng: random.Random, trainee: Trainee) -> str:
    year = rng.randint(2008, 2020)
    shown = f"{year}.{rng.randint(1, 12):02d}.{rng.randint(1, 28):02d}"
    return f"{shown}-长期" if trainee.person.birth.year < 1972 else f"{shown}-{year + 20}{shown[4:]}"


def _plan(rng: random.Random, info: ClassInfo) -> TrainingPlan:
    topics = TOPICS.get(info.occupation, COMMON_TOPICS)
    modules = []
    left = len(info.days) * 8
    for i, topic in enumerate(topics):
        hours = max(2, left // (len(topics) - i))
        left -= hours
        theory = hours if i == 0 else hours // 3
        modules.append(PlanModule(topic, theory, hours - theory, f"掌握{topic}的基本要求，能够独立完成相应操作"))
    title = rng.choice(("培训计划", "教学计划", "培训教学计划", "教学大纲"))
    return TrainingPlan(title, rng.randrange(1000), info, tuple(modules), f"《{info.occupation}（初级）》")


def _materials(rng: random.Random, info: ClassInfo, trainees: tuple[Trainee, ...]) -> OtherPaper:
    rows = tuple(
        (str(i + 1), t.person.name, f"《{info.occupation}》", "笔记本、笔", "1套", "") for i, t in enumerate(trainees)
    )
    return OtherPaper(
        rng.choice(("教材发放登记表", "教材及学习用品发放表")),
        rng.randrange(1000),
        (f"班级：{info.name}",),
        ("序号", "姓名", "教材名称", "学习用品", "数量", "领取人"),
        rows,
        "",
        info.start,
    )


def with_trainees(form: Form, trainees: tuple[Trainee, ...]) -> Form:
    """The same list paper for another set of trainees."""
    return replace(form, trainees=trainees)  # type: ignore[call-arg]
