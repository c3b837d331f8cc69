"""Pages of a class binder in other wordings, by type, for tests of sorting and joining."""

from __future__ import annotations

from archive_verify.model import Page
from tests.factories import centred, line, page, row, table_page, text_page

NAMES = ("张建国", "李秀英", "王志强", "赵丽华", "刘海军", "陈小燕", "杨文斌", "郭爱珍")
IDS = (
    "141121198503120035",
    "142322198503124325",
    "141121199001010012",
    "14112119880512004X",
    "142322197611230028",
    "141121199207150045",
    "141121198109090013",
    "142322198404040022",
)
DAYS = tuple(str(day) for day in range(1, 32))


def cover(index: int = 1) -> Page:
    lines = [
        centred("文水县职业技能提升培训", 0.16, height=0.026),
        centred("档 案", 0.24, height=0.05),
        line("培训机构：文水县启航职业培训学校", 0.22, 0.42, height=0.018),
        line("培训班次：2023年第12期中式面点师班", 0.22, 0.47, height=0.018),
        line("起止时间：2023年6月5日至2023年6月20日", 0.22, 0.52, height=0.018),
        line("保管期限：10年", 0.22, 0.57, height=0.018),
        line("本卷共 86 页", 0.22, 0.62, height=0.018),
    ]
    return page(lines, index)


def catalogue(index: int = 1) -> Page:
    titles = (
        "开班报告",
        "开班审批表",
        "学员花名册",
        "学员身份证复印件",
        "培训计划",
        "课程表",
        "教学日志",
        "学员考勤表",
        "试卷",
        "成绩册",
        "证书发放登记表",
        "就业情况汇总表",
        "劳动合同、工资表、考勤表",
        "真实性承诺书",
        "补贴资金申请",
    )
    rows = [
        (str(place), title, f"2023.0{1 + place % 9}", str(place * 2 + 1), "")
        for place, title in enumerate(titles, 1)
    ]
    return table_page("卷内目录", ("序号", "题名", "日期", "页号", "备注"), rows, index=index)


def opening_report(index: int = 1) -> Page:
    return text_page(
        "关于举办2023年第12期中式面点师培训班的申请",
        "文水县人力资源和社会保障局：",
        "我校拟于2023年6月5日至6月20日举办中式面点师培训班，培训人数30人，",
        "培训地点设在我校教学楼二层，教学计划、师资情况、学员花名册附后。",
        "请予审批。",
        "附件：1.学员花名册 2.教学计划 3.课程表",
        "文水县启航职业培训学校（公章）",
        "2023年5月20日",
        index=index,
    )


def opening_approval(index: int = 1) -> Page:
    lines = [centred("职业技能培训开班申请审批表", 0.08, height=0.02)]
    for place, cells in enumerate(
        (
            ("培训机构", "文水县启航职业培训学校", "法定代表人", "马国强"),
            ("培训工种", "中式面点师", "培训人数", "30"),
            ("开班时间", "2023年6月5日", "结束时间", "2023年6月20日"),
            ("培训地点", "凤城镇", "总课时", "128"),
            ("培训机构意见", "", "申请开班", ""),
            ("人社部门审批意见", "同意开班", "（盖章）", "2023年5月28日"),
        )
    ):
        lines += row(0.16 + 0.05 * place, *cells)
    return page(lines, index)


def roster(index: int = 1, title: str = "文水县启航职业培训学校学员花名册") -> Page:
    rows = [
        (str(n), name, "男", number, "初中", "文水县凤城镇", "13803580001")
        for n, (name, number) in enumerate(zip(NAMES, IDS, strict=True), 1)
    ]
    return table_page(
        title,
        ("序号", "姓名", "性别", "身份证号", "文化程度", "家庭住址", "联系电话"),
        rows,
        "培训工种：中式面点师    培训时间：2023年6月5日至6月20日",
        index=index,
    )


def id_cards(index: int = 1) -> Page:
    lines = []
    for n, top in enumerate((0.15, 0.5)):
        for place, text in enumerate(
            (
                f"姓名{NAMES[n]}",
                "性别男民族汉",
                "出生1985年3月12日",
                "住址山西省文水县凤城镇南街12号",
                f"公民身份号码{IDS[n]}",
            )
        ):
            lines.append(line(text, 0.2, top + 0.03 * place))
        lines += [
            line("中华人民共和国", 0.6, top),
            line("居民身份证", 0.6, top + 0.04),
            line("签发机关文水县公安局", 0.6, top + 0.1),
            line("有效期限2015.03.12-2035.03.12", 0.6, top + 0.13),
        ]
    return page(lines, index)


def plan(index: int = 1) -> Page:
    return text_page(
        "中式面点师培训教学计划",
        "一、培训目标",
        "通过培训使学员掌握面点制作的基本技能。",
        "二、培训内容及课时分配",
        "理论课时40学时，实操课时88学时",
        "三、考核方式",
        "理论考试与实际操作考核相结合",
        "四、使用教材",
        index=index,
    )


def timetable(index: int = 1) -> Page:
    rows = [(f"6月{5 + n}日", "上午", "8:00-12:00", "面点基础知识", "武老师", "一教室") for n in range(10)]
    return table_page("课 程 表", ("日期", "时段", "时间", "课程内容", "授课教师", "地点"), rows, index=index)


def log(index: int = 1) -> Page:
    return text_page(
        "教学日志",
        "日期：2023年6月5日  星期一  天气：晴",
        "授课内容：面点的分类与特点",
        "授课教师：武爱民  课时：4",
        "应到人数：30  实到人数：29  缺勤：张建国（请假）",
        "课堂情况：学员学习认真，纪律良好",
        "班主任签字：",
        index=index,
    )


def training_attendance(index: int = 1, title: str = "学员考勤表") -> Page:
    rows = [(str(n), name, *("√" for _ in range(16))) for n, name in enumerate(NAMES, 1)]
    return table_page(
        title,
        ("序号", "姓名", *DAYS[4:20]),
        rows,
        "培训班次：第12期  班主任：孙桂兰  授课教师：武爱民",
        index=index,
    )


def sign_in(index: int = 1) -> Page:
    rows = [(str(n), name, "", "") for n, name in enumerate(NAMES, 1)]
    return table_page(
        "签到表",
        ("序号", "姓名", "上午签名", "下午签名"),
        rows,
        "培训班：中式面点师班  日期：2023年6月6日",
        index=index,
    )


def exam(index: int = 1) -> Page:
    return text_page(
        "中式面点师理论知识考核试卷",
        "姓名：张建国  准考证号：0012  得分：86",
        "一、单项选择题（每题2分，共40分）",
        "1、面粉中含量最多的成分是（ B ）。",
        "A、蛋白质  B、淀粉  C、脂肪  D、水分",
        "2、发酵面团的适宜温度是（ C ）。",
        "A、10℃  B、20℃  C、30℃  D、60℃",
        "3、下列属于水调面团的是（ A ）。",
        "A、饺子皮 B、馒头 C、蛋糕 D、酥饼",
        index=index,
    )


def exam_second_page(index: int = 1) -> Page:
    return text_page(
        "",
        "11、和面时水温应控制在（ A ）左右。",
        "A、30℃  B、60℃  C、80℃  D、100℃",
        "二、判断题（每题2分，共20分）",
        "（ √ ）1、酵母发酵需要适宜的温度。",
        "（ × ）2、面点制作中可以不洗手。",
        "（ √ ）3、油酥面团由水油皮和油酥组成。",
        "阅卷人：孙桂兰",
        index=index,
    )


def scores(index: int = 1) -> Page:
    rows = [
        (str(n), name, number, "82", "85", "合格")
        for n, (name, number) in enumerate(zip(NAMES, IDS, strict=True), 1)
    ]
    return table_page(
        "结业考试成绩汇总表", ("序号", "姓名", "身份证号", "理论成绩", "实操成绩", "结果"), rows, index=index
    )


def certificate_register(index: int = 1) -> Page:
    rows = [
        (str(n), name, number, f"S00014112100{n}", "2023.7.10", "")
        for n, (name, number) in enumerate(zip(NAMES, IDS, strict=True), 1)
    ]
    return table_page(
        "职业技能等级证书发放登记表",
        ("序号", "姓名", "身份证号", "证书编号", "领取日期", "领取人签字"),
        rows,
        index=index,
    )


def certificate(index: int = 1) -> Page:
    return text_page(
        "职业技能等级证书",
        "姓名：张建国",
        "证件类型：居民身份证",
        "证件号码：141121198503120035",
        "职业名称：中式面点师",
        "工种/职业方向：中式面点师",
        "职业技能等级：五级/初级工",
        "证书编号：S000141121001",
        "发证日期：2023年7月1日",
        "评价机构（印章）",
        index=index,
    )


def employment_summary(index: int = 1) -> Page:
    rows = [
        (str(n), name, number, "企业就业", "福满楼餐饮有限公司", "面点工", "2023.9.1")
        for n, (name, number) in enumerate(zip(NAMES, IDS, strict=True), 1)
    ]
    return table_page(
        "培训学员就业花名册",
        ("序号", "姓名", "身份证号", "就业形式", "就业单位", "岗位", "就业时间"),
        rows,
        index=index,
    )


def contract(index: int = 1) -> Page:
    return text_page(
        "劳 动 合 同 书",
        "甲方（用人单位）：文水县福满楼餐饮有限公司",
        "统一社会信用代码：91141121MA0K000200",
        "法定代表人：马国强",
        "乙方（劳动者）：张建国",
        "居民身份证号码：141121198503120035",
        "根据《中华人民共和国劳动合同法》，甲乙双方订立本合同。",
        "一、劳动合同期限",
        "第一条 本合同为固定期限，自2023年9月1日起至2024年8月31日止。",
        index=index,
    )


def contract_middle(index: int = 1) -> Page:
    return text_page(
        "",
        "第七条 甲方每月15日前以货币形式支付乙方工资，月工资3200元。",
        "第八条 甲乙双方依法参加社会保险。",
        "第九条 甲方为乙方提供必要的劳动条件和劳动保护用品。",
        "第十条 乙方应当遵守甲方的规章制度和劳动纪律。",
        "第十一条 甲乙双方协商一致，可以解除劳动合同。",
        index=index,
    )


def contract_end(index: int = 1) -> Page:
    return text_page(
        "",
        "第二十条 本合同一式两份，甲乙双方各执一份。",
        "甲方（盖章）",
        "法定代表人或委托代理人（签字）",
        "2023年9月1日",
        "乙方（签字）：张建国",
        "2023年9月1日",
        index=index,
    )


def payroll(index: int = 1) -> Page:
    rows = [
        (str(n), name, "26", "3000.00", "200.00", "3200.00", "3200.00", "") for n, name in enumerate(NAMES, 1)
    ]
    return table_page(
        "福满楼餐饮有限公司2023年9月份工资发放表",
        ("序号", "姓名", "出勤天数", "基本工资", "奖金", "应发合计", "实发工资", "签字"),
        rows,
        index=index,
    )


def work_attendance(index: int = 1) -> Page:
    rows = [(str(n), name, *("√" for _ in range(30)), "26") for n, name in enumerate(NAMES, 1)]
    return table_page(
        "考勤表",
        ("序号", "姓名", *DAYS[:30], "出勤天数"),
        rows,
        "单位：福满楼餐饮有限公司  2023年9月  部门：后厨",
        index=index,
    )


def licence(index: int = 1) -> Page:
    return text_page(
        "营 业 执 照",
        "（副本）",
        "统一社会信用代码 92141121MA0GT5E4XX",
        "名称 文水县小燕面馆",
        "类型 个体工商户",
        "经营者 陈小燕",
        "组成形式 个人经营",
        "注册日期 2023年8月2日",
        "经营场所 文水县凤城镇东街8号",
        "经营范围 餐饮服务",
        "登记机关",
        index=index,
        title_height=0.04,
    )


def school_licence(index: int = 1) -> Page:
    return text_page(
        "中华人民共和国民办学校办学许可证",
        "教民114112170000018号",
        "名称：文水县启航职业培训学校",
        "地址：文水县凤城镇",
        "校长：马国强",
        "学校类型：职业技能培训",
        "办学内容：中式面点师、家政服务员",
        "主管部门：文水县人力资源和社会保障局",
        "有效期限：2021年1月至2025年1月",
        index=index,
    )


def lease(index: int = 1) -> Page:
    return text_page(
        "商铺租赁合同",
        "出租方（甲方）：王志强",
        "承租方（乙方）：陈小燕",
        "一、甲方将位于文水县凤城镇东街8号的商铺出租给乙方经营使用，",
        "建筑面积60平方米。",
        "二、租赁期限自2023年8月1日至2024年7月31日。",
        "三、年租金12000元，大写壹万贰仟元整。",
        "四、水电费由乙方承担。",
        index=index,
    )


def flexible(index: int = 1, title: str = "就业证明") -> Page:
    return text_page(
        title,
        "兹证明刘海军，身份证号142322197611230028，自2023年9月起在我店从事面点工作，",
        "月收入约2600元。",
        "特此证明。",
        "本人电话：13803580005",
        "负责人签字：  电话：13803580099",
        "单位（盖章）：文水县老街面馆",
        "2024年2月20日",
        index=index,
    )


def order_agreement(index: int = 1) -> Page:
    return text_page(
        "定单式培训协议书",
        "甲方（用人单位）：文水县福满楼餐饮有限公司",
        "乙方（培训机构）：文水县启航职业培训学校",
        "一、甲方委托乙方按定单培训中式面点师30人。",
        "二、培训合格后甲方录用不少于24人，月工资不低于2800元。",
        "三、培训时间2023年6月5日至6月20日。",
        index=index,
    )


def commitment(index: int = 1) -> Page:
    return text_page(
        "承 诺 书",
        "文水县人力资源和社会保障局：",
        "我单位郑重承诺：所提供的第12期中式面点师班就业证明材料真实、有效，",
        "如有不实，退还所申领的补贴并承担相应法律责任。",
        "承诺单位（公章）：文水县启航职业培训学校",
        "法定代表人（签字）：马国强",
        "2024年3月5日",
        index=index,
    )


def application(index: int = 1) -> Page:
    return text_page(
        "关于申请拨付职业技能培训补贴资金的报告",
        "文水县人力资源和社会保障局：",
        "我校第12期中式面点师培训班共培训30人，培训16天，补贴标准60元/人/天，",
        "申请补贴资金28800元（大写：贰万捌仟捌佰元整）。",
        "开户银行：文水县农商行",
        "账号：6217000000000000001",
        "附件：1.开班审批表 2.学员花名册 3.考勤表 4.成绩册 5.就业情况汇总表",
        "文水县启航职业培训学校",
        "2024年3月10日",
        index=index,
    )


def beneficiaries(index: int = 1) -> Page:
    rows = [
        (str(n), name, number, "16", "60", "960")
        for n, (name, number) in enumerate(zip(NAMES, IDS, strict=True), 1)
    ]
    return table_page(
        "享受职业培训补贴人员花名册",
        ("序号", "姓名", "身份证号", "培训天数", "补贴标准", "补贴金额"),
        rows,
        index=index,
    )


def callback(index: int = 1) -> Page:
    rows = [(str(n), name, "13803580001", "接通", "是", "是", "") for n, name in enumerate(NAMES, 1)]
    return table_page(
        "电话回访记录表",
        ("序号", "姓名", "联系电话", "是否接通", "是否参训", "是否就业", "备注"),
        rows,
        "回访人：孙桂兰  回访时间：2024年3月1日",
        index=index,
    )


def disc(index: int = 1) -> Page:
    return text_page(
        "光盘标签",
        "培训学校：文水县启航职业培训学校",
        "培训地点：凤城镇二教室",
        "录制时间：2023年6月5日8时00分至12时00分",
        index=index,
    )


def other_list(index: int = 1) -> Page:
    rows = [(str(n), name, "中式面点师教程", "1", "") for n, name in enumerate(NAMES, 1)]
    return table_page("教材发放登记表", ("序号", "姓名", "教材名称", "数量", "领取人签字"), rows, index=index)


BINDER = (
    ("cover", cover),
    ("catalogue", catalogue),
    ("opening_report", opening_report),
    ("opening_approval", opening_approval),
    ("trainee_roster", roster),
    ("id_card_copy", id_cards),
    ("training_plan", plan),
    ("timetable", timetable),
    ("teaching_log", log),
    ("training_attendance", training_attendance),
    ("training_attendance", sign_in),
    ("exam_paper", exam),
    ("exam_paper", exam_second_page),
    ("score_sheet", scores),
    ("certificate_register", certificate_register),
    ("certificate_copy", certificate),
    ("employment_summary", employment_summary),
    ("labour_contract", contract),
    ("labour_contract", contract_middle),
    ("labour_contract", contract_end),
    ("payroll", payroll),
    ("work_attendance", work_attendance),
    ("business_licence", licence),
    ("premises_proof", lease),
    ("flexible_certificate", flexible),
    ("business_licence", licence),
    ("order_agreement", order_agreement),
    ("other", school_licence),
    ("other", other_list),
    ("truthfulness_commitment", commitment),
    ("subsidy_application", application),
    ("subsidy_application", beneficiaries),
    ("callback_record", callback),
    ("video_record", disc),
)
