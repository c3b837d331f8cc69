"""Class papers and certificates of other makers: marks, days, names in sentences, dates in cells."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from archive_verify.documents import DOCUMENT_TYPES
from archive_verify.documents.fields import name_at_start, sure_unit, unit_name
from archive_verify.model import Box, DocType, Document, InkMap, Page, Span
from archive_verify.values import find_date
from tests.factories import centred, ink_at, line, page, ruled_page, table_page, text_page

ID, OTHER = "141121198503120035", "141121199001010014"


def read(kind: DocType, *pages: Page, title: str = "") -> Document:
    span = Span(id="d1", type=kind, pages=tuple(one.index for one in pages), title=title)
    return DOCUMENT_TYPES[kind].extract(span, pages)


def value(document: Document, name: str) -> Any:
    reading = document.fields.get(name)
    return reading.value if reading is not None else None


def test_the_mark_stands_below_the_total_with_the_markers_name_behind_it() -> None:
    paper = page([
        centred("面点师理论知识试卷", 0.08, height=0.022),
        line("题号", 0.1, 0.14), line("一", 0.25, 0.14), line("二", 0.35, 0.14), line("总分", 0.45, 0.14),
        line("评卷人", 0.6, 0.14),
        line("得分", 0.1, 0.17), line("87 霍今年", 0.455, 0.17),
        line("一、判断题（每题2分，共20分）", 0.1, 0.22), line("1.职业道德是基本准则。", 0.1, 0.25),
    ])
    document = read(DocType.EXAM_PAPER, paper, title="面点师理论知识试卷")
    assert value(document, "theory") == 87
    assert "practice" not in document.fields


@pytest.mark.parametrize("total", ["合计", "总分"])
def test_of_a_marking_sheet_the_marks_given_count_and_not_the_full_marks(total: str) -> None:
    form = ruled_page("面点师实操评分表", ("序号", "考核内容", "配分", "得分"), [
        ("1", "准备工作", "10", "8"), ("2", "操作工艺", "90", "74"), (total, "", "100", "82"),
    ])
    document = read(DocType.EXAM_PAPER, form, title="面点师实操评分表")
    assert value(document, "practice") == 82


def test_the_letters_of_the_total_may_stand_apart() -> None:
    form = page([
        centred("面点师实操评分表", 0.08, height=0.022),
        *[line(text, x, 0.14) for text, x in (("考核内容", 0.2), ("配分", 0.6), ("得分", 0.8))],
        *[line(text, x, 0.17) for text, x in (("操作工艺", 0.2), ("100", 0.6), ("67", 0.8))],
        *[line(text, x, 0.20) for text, x in (("合", 0.2), ("计", 0.26), ("100", 0.6), ("67", 0.8))],
    ])
    assert value(read(DocType.EXAM_PAPER, form, title="面点师实操评分表"), "practice") == 67


def test_of_two_dates_side_by_side_the_one_read_to_its_end_counts() -> None:
    lines = ("甲方（用人单位）：福满楼酒店", "乙方（培训机构）：启航培训学校", "甲方（盖章）：    乙方（盖章）：")
    agreement = page([
        centred("订单式培训协议", 0.08, height=0.022),
        *[line(text, 0.1, 0.14 + 0.03 * at) for at, text in enumerate(lines)],
        line("2024年7月22日", 0.15, 0.3), line("2024年7月2", 0.6, 0.3),
    ])
    assert value(read(DocType.ORDER_AGREEMENT, agreement), "sign_date") == date(2024, 7, 22)


def test_a_mark_behind_its_word_is_read_and_an_empty_one_is_not() -> None:
    body = ("姓名：张三    准考证号：2023001    总分：76", "一、判断题（共20分）")
    assert value(read(DocType.EXAM_PAPER, text_page("理论试卷", *body), title="理论试卷"), "theory") == 76
    blank = ("姓名：张三    准考证号：2023001    总分：____", "一、判断题（共20分）")
    assert value(read(DocType.EXAM_PAPER, text_page("理论试卷", *blank), title="理论试卷"), "theory") is None


def test_counts_of_a_log_whose_ruling_was_lost_stand_beside_their_labels() -> None:
    form = ruled_page("教学日志", ("日期", "2023年6月12日", "天气", "晴"), [
        ("", "", "", ""), ("", "", "", ""), ("授课内容", "职业道德", "", ""),
    ], merged=((1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 2, 3)))
    rows = (("教师签名", "牛莲娟", "教师签名", "牛莲娟"), ("应到人数", "6", "实到人数", "5"))
    lines = [
        line(text, 0.08 + 0.2225 * at, 0.165 + 0.03 * number)
        for number, cells in enumerate(rows) for at, text in enumerate(cells)
    ]
    document = read(DocType.TEACHING_LOG, page([*form.reading.lines, *lines], rulings=form.reading.rulings))
    assert (value(document, "should"), value(document, "present")) == (6, 5)


def test_a_sign_in_sheet_is_for_the_day_in_its_head() -> None:
    rows: list[tuple[str, ...]] = [("1", "张三", "张三", "张三"), ("2", "李四", "李四", "李四")]
    head = ("序号", "姓名", "上午", "下午")
    one_day = table_page("学员签到表", head, rows, "2023年第3期面点师班    2023年6月12日  星期一")
    assert value(read(DocType.TRAINING_ATTENDANCE, one_day), "date") == date(2023, 6, 12)
    stretch = table_page("学员考勤表", head, rows, "培训时间：2023年6月12日至2023年6月21日")
    assert value(read(DocType.TRAINING_ATTENDANCE, stretch), "date") is None


def test_certificates_that_name_their_holders_in_a_sentence() -> None:
    lines = []
    for at, (name, number, code) in enumerate((("张三", ID, "2023141121000001"), ("李四", OTHER, "2023141121000002"))):
        y = 0.08 + 0.4 * at
        lines += [
            centred("培训合格证书", y, height=0.022),
            line(f"{name}同志（身份证号{number}）于2023年6月", 0.12, y + 0.05),
            line("12日至2023年6月21日参加面点师培训，成绩合格，特发此证。", 0.1, y + 0.076),
            line(f"证书编号：{code}", 0.1, y + 0.11),
        ]
    document = read(DocType.CERTIFICATE_COPY, page(lines))
    assert [(row["name"].value, row["id_number"].value) for row in document.rows] == [("张三", ID), ("李四", OTHER)]


@pytest.mark.parametrize("day", ["二〇二四年三月十八日", "2024年3月18日", "2024.3.18", "日期：2024-03-18"])
def test_a_pledge_is_dated_where_it_is_signed(day: str) -> None:
    body = ("我校于2023年6月12日至2023年6月21日举办了面点师培训班，", "郑重承诺所报材料真实有效。",
            "承诺单位（盖章）：", "法定代表人（签字）：杨超武", day)
    document = read(DocType.TRUTHFULNESS_COMMITMENT, text_page("真实性承诺书", *body))
    assert value(document, "sign_date") == date(2024, 3, 18)


def test_an_application_is_dated_in_the_cell_of_the_applicants_opinion() -> None:
    form = ruled_page("培训补贴资金申请表", ("申请单位", "文水县启航学校", "", ""), [
        ("开户银行", "文水农商银行", "银行账号", "62502892826538946"),
        ("单位意见", "材料真实完整，申请拨付。", "", "2023年1月10日"), ("人社部门意见", "", "", "年 月 日"),
    ])
    assert value(read(DocType.SUBSIDY_APPLICATION, form), "applied_on") == date(2023, 1, 10)


def test_a_day_that_was_read_in_two_parts_is_no_date() -> None:
    assert find_date("2022年12月1 14日") is None
    found = find_date("2022年12月14日")
    assert found is not None and found.value == date(2022, 12, 14)


@pytest.mark.parametrize(("text", "name"), [
    ("☑胡鑫庆", "胡鑫庆"), ("程国明 月", "程国明"), ("程凤 号", "程凤"), ("郭平亮 性", "郭平亮"),
    ("欧阳 秀莲", "欧阳秀莲"),
    ("张 三", "张三"),
])
def test_a_stray_letter_beside_a_name_is_not_part_of_it(text: str, name: str) -> None:
    found = name_at_start(text)
    assert found is not None and found.value == name


def test_an_ornament_before_a_unit_is_not_part_of_its_name() -> None:
    for ornament in ("▲", "● ", "■", "※"):
        found = unit_name(f"{ornament}文水县福满楼酒店")
        assert found is not None and found.value == "文水县福满楼酒店"


@pytest.mark.parametrize("sentence", [
    "房屋坐落：甲方将位于文水县凤城镇则天大道143号的房屋租给乙方使用，用途为商业。",
    "本人姚花系文水县凤城镇则天大道143号房屋的所有权人，现无偿提供给张三使用。",
    "房屋地址：文水县凤城镇则天 大道143号",
])
def test_the_address_of_premises_is_taken_out_of_its_sentence(sentence: str) -> None:
    document = read(DocType.PREMISES_PROOF, text_page("房屋租赁协议", "承租人：张三", sentence))
    assert value(document, "address") == "文水县凤城镇则天大道143号"


def test_an_order_agreement_says_for_which_work() -> None:
    document = read(DocType.ORDER_AGREEMENT, text_page(
        "订单式培训协议", "甲方（用人单位）：文水县福满楼酒店", "乙方（培训机构）：文水县启航职业培训学校",
        "培训合格的学员由甲方全部录用，安排在面点师岗位", "工作，月工资不低于3100元。",
    ))
    assert value(document, "position_title") == "面点师"


def test_a_headcount_over_the_end_of_a_line_is_read() -> None:
    document = read(DocType.OPENING_REPORT, text_page(
        "开班报告", "我校拟于2023年6月12日举办面点师培训班，培训8天，拟培训学", "员35人，师资、场地均已落实。",
    ))
    assert value(document, "headcount") == 35


def test_eleven_by_hand_that_was_read_as_two_strokes_is_eleven() -> None:
    log = read(DocType.TEACHING_LOG, text_page("课堂教学记录", "授课日期：2024.3.11", "应到∥人 实到10人 请假1人"))
    assert (value(log, "should"), value(log, "present")) == (11, 10)
    assert log.fields["should"].confidence < log.fields["present"].confidence


INCOME = (
    "务工人员：张三 公民身份号码：141121198503120035", "务工单位：文水县聚福园饭店", "务工起始：二〇二三年十月五日",
    "月工资（元）：2,300.00", "本人手机号：13994850806",
)


@pytest.mark.parametrize(("head", "state"), [
    ("单位负责人及电话：成聚福  13903582267", "read"), ("单位负责人及电话：成聚福", "unread"),
])
def test_a_certificate_in_the_form_of_a_list_of_blanks(head: str, state: str) -> None:
    found = read(DocType.FLEXIBLE_CERTIFICATE, text_page("务工收入证明", *INCOME, head, "以上情况属实，特此证明。"))
    assert (value(found, "employee"), value(found, "period")) == ("张三", "2023-10-05")
    assert found.fields["legal_representative_phone"].state == state


@pytest.mark.parametrize(("ink", "state"), [
    (ink_at(), "blank"), (ink_at(Box(0.42, 0.27, 0.58, 0.30)), "unread"),
])
def test_behind_a_name_in_a_blank_for_name_and_phone_the_phone_is_left_out_or_unread(ink: InkMap, state: str) -> None:
    lines = [*INCOME, "单位负责人及电话：成聚福", "以上情况属实，特此证明。"]
    found = read(DocType.FLEXIBLE_CERTIFICATE, text_page("务工收入证明", *lines, ink=ink))
    assert found.fields["legal_representative_phone"].state == state


def test_a_class_that_begins_on_a_day_in_chinese_figures_over_the_end_of_a_line() -> None:
    body = ("该班定于二〇二三年八", "月十四日开班，二〇二三年八月二十五日结业，培训12天。")
    report = read(DocType.OPENING_REPORT, text_page("关于面点师班开班的请示", *body))
    assert value(report, "start_date") == date(2023, 8, 14)


def test_a_place_on_a_form_is_no_unit() -> None:
    form = ruled_page("骑手在岗证明", ("骑手姓名", "张三"), [
        ("身份证号码", ID), ("配送区域", "文水县城区"), ("合作单位", "文水县蓝领快送信息服务有限公司"),
        ("上岗日期", "2024年7月20日"),
    ])
    assert value(read(DocType.FLEXIBLE_CERTIFICATE, form), "employer") == "文水县蓝领快送信息服务有限公司"
    for text, unit in (("文水县城区", False), ("凤城镇西关社区", True), ("福满酒店度假村", True)):
        assert (sure_unit(text) is not None) is unit
