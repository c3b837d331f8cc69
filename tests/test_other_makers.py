"""Layouts of other makers: columns side by side, broken names, lost rulings, places to sign, sealed text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from archive_verify.documents import DOCUMENT_TYPES
from archive_verify.documents.titles import title_shares
from archive_verify.model import Box, DocType, Document, Line, MarkShape, Page, PageMark, Span
from tests.factories import centred, ink_at, line, page, ruled_page, table_page

ID = "141121198503120035"


def read(kind: DocType, *pages: Page) -> Document:
    span = Span(id="d1", type=kind, pages=tuple(one.index for one in pages))
    return DOCUMENT_TYPES[kind].extract(span, pages)


def names(document: Document) -> list[object]:
    return [row["name"].value for row in document.rows]


def with_lines(one: Page, *lines: Line, **reading: Any) -> Page:
    return page([*one.reading.lines, *lines], rulings=one.reading.rulings, **reading)


def mark(shape: MarkShape, box: Box) -> PageMark:
    return PageMark(shape=shape, box=box, confidence=0.9, colour="red")


# --- tables ---------------------------------------------------------------------------------------


def test_two_persons_in_one_row_of_a_list_are_two_rows() -> None:
    head = ("序号", "姓名", "电话", "序号", "姓名", "电话")
    document = read(DocType.TRAINEE_ROSTER, ruled_page("参训学员名单", head, [
        ("1", "张三", "13800000001", "3", "王五", "13800000003"),
        ("2", "李四", "13800000002", "4", "赵六", "13800000004"),
        ("", "", "", "5", "孙七", "13800000005"),
    ]))
    assert sorted(str(name) for name in names(document)) == sorted(["张三", "李四", "王五", "赵六", "孙七"])
    phones = {row["name"].value: row["phone"].value for row in document.rows}
    assert phones["赵六"] == "13800000004"


def test_headings_whose_ruling_was_lost_keep_their_columns() -> None:
    head = ("序号", "", "", "应发工资", "实发工资")
    form = ruled_page("工资表", head, [
        ("1", "张三", ID, "3000", "2800"), ("2", "李四", "141121199001010014", "3100", "2900"),
    ], merged=((0, 1, 0, 2),))
    document = read(DocType.PAYROLL, with_lines(form, line("姓名", 0.28, 0.135), line("身份证号", 0.45, 0.135)))
    assert names(document) == ["张三", "李四"]
    assert document.rows[0]["id_number"].value == ID


def test_a_name_over_two_lines_is_one_row() -> None:
    head = ("序号", "姓名", "应发工资", "实发工资")
    form = ruled_page("工资表", head, [("1", "", "3000", "2800")])
    document = read(DocType.PAYROLL, with_lines(
        form, line("欧阳", 0.36, 0.157, height=0.010), line("雪", 0.365, 0.173, height=0.010),
    ))
    assert names(document) == ["欧阳雪"]
    assert document.rows[0]["net"].value == Decimal(2800)


def test_under_a_merged_heading_the_sum_is_the_gross_pay() -> None:
    document = read(DocType.PAYROLL, ruled_page("工资表", ("姓名", "应发工资", "", "", "实发工资"), [
        ("", "基本工资", "奖金", "小计", ""),
        ("张三", "3000", "200", "3200", "2900"), ("李四", "3100", "100", "3200", "2950"),
    ], merged=((0, 0, 1, 0), (0, 1, 0, 3), (0, 4, 1, 4))))
    assert [(row["base"].value, row["gross"].value) for row in document.rows] == [
        (Decimal(3000), Decimal(3200)), (Decimal(3100), Decimal(3200)),
    ]


def test_a_column_whose_heading_was_lost_is_still_a_column() -> None:
    document = read(DocType.TRAINEE_ROSTER, page([
        centred("培训学员花名册", 0.07, height=0.022),
        line("培训机构名称（公章）", 0.10, 0.128),
        *[line(text, x, 0.15) for text, x in (("编号", 0.1), ("学员姓名", 0.2), ("性别", 0.6), ("电话", 0.75))],
        *[line(text, x, 0.15 + 0.024 * (row + 1)) for row, (name, number) in enumerate(
            (("张三", ID), ("李四", "141121199001010014"), ("王五", "142333199801024502")))
          for text, x in ((f"00{row + 1}", 0.1), (name, 0.2), (number, 0.36), ("男", 0.61), ("13800000001", 0.74))],
    ]))
    assert names(document) == ["张三", "李四", "王五"]
    assert document.rows[0]["id_number"].value == ID


def test_a_bank_list_names_its_persons_as_account_holders() -> None:
    document = read(DocType.PAYROLL, table_page(
        "文水县惠民超市代发工资清单", ("序号", "户名", "卡号", "实发金额"),
        [("1", "张三", "6228480010000000", "2,400.00"), ("2", "李四", "6228480010000733", "2,538.00")],
        "所属年月：202309   发放日期：20231010",
    ))
    assert names(document) == ["张三", "李四"]
    assert document.rows[1]["net"].value == Decimal(2538)
    assert document.fields["employer"].value == "文水县惠民超市"
    assert document.fields["month"].value == "2023-09"


def test_a_pay_slip_gives_its_month_in_a_column() -> None:
    document = read(DocType.PAYROLL, ruled_page(
        "工资条", ("月份", "姓名", "基本工资", "应发合计", "实发合计"), [("2023年8月", "张三", "3000", "3200", "2900")],
    ))
    assert document.fields["month"].value == "2023-08"


def test_a_card_of_one_person_is_one_row() -> None:
    document = read(DocType.WORK_ATTENDANCE, ruled_page(
        "个人考勤卡", ("日期", "上午", "下午"), [("1", "√", "√"), ("2", "√", "√"), ("3", "√", "√")],
        "姓名：张三    部门：后厨    单位：文水县福满楼酒店", "2023年12月",
    ))
    assert names(document) == ["张三"]
    assert document.fields["month"].value == "2023-12"


def test_a_unit_whose_middle_lies_under_a_seal_is_unread() -> None:
    rows: list[tuple[str, ...]] = [("1", "张三", "26"), ("2", "李四", "25")]
    form = table_page("考勤汇总表", ("序号", "姓名", "出勤天数"), rows, "2023年9月")
    document = read(DocType.WORK_ATTENDANCE, with_lines(
        form, line("单位：吕梁宏", 0.08, 0.095), line("有限公司", 0.38, 0.095),
        marks=(mark(MarkShape.ROUND_SEAL, Box(0.22, 0.04, 0.41, 0.17)),),
    ))
    assert document.fields["employer"].state == "unread"


# --- contracts ------------------------------------------------------------------------------------


def contract(*lines: Line, **reading: Any) -> Document:
    return read(DocType.LABOUR_CONTRACT, page([centred("劳动合同", 0.07, height=0.022), *lines], **reading))


def test_parties_side_by_side_keep_their_phones_and_broken_names() -> None:
    document = contract(
        line("聘用方（甲方）：汾阳市杏花村镇福满楼", 0.1, 0.15), line("受聘方（乙方）：张三", 0.55, 0.15),
        line("酒店", 0.1, 0.176), line(f"身份证号：{ID}", 0.55, 0.176),
        line("电话：13143415898", 0.1, 0.202), line("电话：13925666553", 0.55, 0.202),
    )
    assert document.fields["employer"].value == "汾阳市杏花村镇福满楼酒店"
    assert document.fields["employee"].value == "张三"
    assert document.fields["phone"].value == "13925666553"


def test_a_label_cell_inside_a_label_cell_is_no_name() -> None:
    document = contract(
        line("用人单位（甲方）", 0.1, 0.15), line("名称", 0.32, 0.15), line("吕梁宏达机械制造有限公司", 0.45, 0.15),
        line("劳动者（乙方）", 0.1, 0.18), line("姓名", 0.32, 0.18), line("张三", 0.45, 0.18),
    )
    assert document.fields["employer"].value == "吕梁宏达机械制造有限公司"
    assert document.fields["employee"].value == "张三"


@pytest.mark.parametrize("term", ["2023.6.20—2024.6.19", "2023.6.20一2024.6.19", "2023/06/20-2024/06/19"])
def test_a_dash_read_as_a_character_still_joins_two_dates(term: str) -> None:
    document = contract(line(f"1、合同期：{term}，共计12个月，其中试用期1个月。", 0.1, 0.2))
    assert document.fields["contract_start"].value == date(2023, 6, 20)
    assert document.fields["contract_end"].value == date(2024, 6, 19)


def test_a_job_ends_at_the_comma() -> None:
    document = contract(line("2、岗位：理货员，工作时间：每天8小时。", 0.1, 0.2))
    assert document.fields["position_title"].value == "理货员"


SIGN = (line("甲方：（公章）", 0.12, 0.6), line("乙方：（签名并按手印）", 0.51, 0.6))


def test_a_name_signed_well_under_its_label_is_a_signature() -> None:
    document = contract(*SIGN, line("签约日期：2023.8.15", 0.51, 0.67), marks=(
        PageMark(shape=MarkShape.HANDWRITING, box=Box(0.51, 0.626, 0.60, 0.645), confidence=0.8, colour="black"),
    ))
    assert ("signature", "employee") in {(one.kind, one.party) for one in document.marks}
    assert ("signature", "employee") not in document.missing_marks


def test_a_fingerprint_under_the_date_signs_too() -> None:
    document = contract(*SIGN, line("签约日期：2023.8.15", 0.51, 0.64), ink=ink_at(), marks=(
        mark(MarkShape.FINGERPRINT, Box(0.61, 0.66, 0.67, 0.71)),
    ))
    assert ("fingerprint", "employee") in {(one.kind, one.party) for one in document.marks}
    assert ("signature", "employee") not in document.missing_marks


def test_the_ink_of_a_seal_in_black_behind_the_label_is_no_signature() -> None:
    label = line("乙方（签字）：", 0.51, 0.6)

    def signed(*, seal_at: float, ink: Box) -> tuple[bool, bool]:
        box = Box(seal_at, 0.53, seal_at + 0.18, 0.66)
        seal = PageMark(shape=MarkShape.ROUND_SEAL, box=box, confidence=0.8, colour="black")
        document = contract(SIGN[0], label, ink=ink_at(ink), marks=(seal,))
        found = ("signature", "employee")
        return found in {(one.kind, one.party) for one in document.marks}, found in document.missing_marks

    behind = label.box.x1
    assert signed(seal_at=behind + 0.08, ink=Box(behind + 0.09, 0.59, behind + 0.2, 0.62)) == (False, True)
    assert signed(seal_at=behind - 0.02, ink=Box(behind + 0.01, 0.59, behind + 0.15, 0.62)) == (False, False)
    assert signed(seal_at=behind + 0.12, ink=Box(behind + 0.01, 0.596, behind + 0.09, 0.615))[0]


def test_ink_of_the_row_above_is_no_signature() -> None:
    strokes = [Box(0.2 + 0.03 * place, 0.562, 0.215 + 0.03 * place, 0.584) for place in range(8)]
    document = read(DocType.FLEXIBLE_CERTIFICATE, page([
        centred("务工证明", 0.07, height=0.022),
        line("本人张三，于2023年10月1日开始在文水县李记面馆工作，每月工资收入2400元。", 0.1, 0.5),
        line("负责人：李富贵 电话：13657064641", 0.12, 0.573, height=0.02), line("务工人员签字：", 0.12, 0.594),
        line("2024年3月1日", 0.12, 0.63),
    ], ink=ink_at(*strokes), colour=True))
    assert ("signature", "employee") in document.missing_marks


# --- certificates and premises ---------------------------------------------------------------------


def test_a_label_that_ends_a_full_line_goes_on_in_the_next() -> None:
    document = read(DocType.FLEXIBLE_CERTIFICATE, page([
        centred("在职收入证明", 0.07, height=0.022),
        line("兹证明张三系我公司临时员工,", 0.17, 0.2, width=0.5), line("入职时间", 0.80, 0.2, width=0.08),
        line("2023年6月，现任保育员，平均月收入为人民币3150元。", 0.12, 0.226),
    ]))
    assert document.fields["period"].value == "2023-06"


def test_text_that_a_seal_swallowed_leaves_the_missing_phone_unread() -> None:
    seal = mark(MarkShape.ROUND_SEAL, Box(0.28, 0.37, 0.47, 0.50))
    body = [
        centred("就业证明", 0.07, height=0.022),
        line("张三于2023年8月10日至今在本单位灵活就业，平均每月劳动报酬3000元。", 0.12, 0.2),
        line("本人电话：13800000001", 0.12, 0.3), line("经营者：李四", 0.12, 0.44),
    ]
    lost = read(DocType.FLEXIBLE_CERTIFICATE, page(body, marks=(seal,), ink=ink_at(Box(0.5, 0.43, 0.6, 0.45))))
    assert lost.fields["legal_representative_phone"].state == "unread"
    clear = read(DocType.FLEXIBLE_CERTIFICATE, page(body, marks=(seal,), ink=ink_at()))
    assert "legal_representative_phone" not in clear.fields


def test_a_list_called_a_certificate_is_one() -> None:
    assert title_shares("灵活就业人员花名册（证明）")[0] == {DocType.FLEXIBLE_CERTIFICATE: 1.0}
    assert DocType.FLEXIBLE_CERTIFICATE not in title_shares("培训学员花名册（证明）")[0]


@pytest.mark.parametrize(("body", "tenant", "landlord"), [
    ("兹有石建国（身份证号：141121197902143029）将其自有的房屋无偿提供给田俊作为经营场所使用。", "田俊", "石建国"),
    ("我村村民贺小龙，身份证号141121198807318315，在我村主街有自建房一处，用于开办小吃店。", "贺小龙", None),
])
def test_who_gives_and_who_uses_the_premises(body: str, tenant: str, landlord: str | None) -> None:
    document = read(DocType.PREMISES_PROOF, page([centred("证明", 0.07, height=0.022), line(body, 0.05, 0.2)]))
    assert document.fields["tenant"].value == tenant
    assert (document.fields["landlord"].value if "landlord" in document.fields else None) == landlord


# --- the second look at other makers' layouts --------------------------------------------------------


@pytest.mark.parametrize("title", ["工资发放表（2023年12月）", "2023年12月工资领取表", "工资支付明细表（2023.12）"])
def test_a_month_in_the_title_is_no_date_of_making(title: str) -> None:
    document = read(DocType.PAYROLL, table_page(
        title, ("姓名", "应发工资", "实发工资"), [("张三", "3000", "2800"), ("李四", "3100", "2900")],
        "单位：文水县味之美餐饮店 9月份领款", "制表日期：2024年1月5日",
    ))
    assert document.fields["month"].value == "2023-12"
    assert document.fields["employer"].value == "文水县味之美餐饮店"


def test_days_due_are_not_days_worked() -> None:
    document = read(DocType.WORK_ATTENDANCE, table_page(
        "考勤表", ("姓名", "应出勤", "实出勤"), [("张三", "26", "20"), ("李四", "26", "21")], "2023年9月",
    ))
    assert [row["days"].value for row in document.rows] == [Decimal(20), Decimal(21)]


def test_several_pay_slips_on_a_page_are_all_read() -> None:
    head = ("姓名", "月份", "应发", "实发")
    first = ruled_page("工资条", head, [("张三", "2023-10", "3000", "2800")])
    second = ruled_page("", head, [("李四", "2023-10", "3100", "2900")])

    def lower(box: Box) -> Box:
        return Box(box.x0, box.y0 + 0.3, box.x1, box.y1 + 0.3)

    document = read(DocType.PAYROLL, page(
        [*first.reading.lines, *(one.model_copy(update={"box": lower(one.box)}) for one in second.reading.lines)],
        rulings=(*first.reading.rulings, *(
            one.model_copy(update={"box": lower(one.box)}) for one in second.reading.rulings)),
    ))
    assert names(document) == ["张三", "李四"]


def test_a_form_with_label_cells_is_one_person() -> None:
    document = read(DocType.PAYROLL, ruled_page("个人工资单", ("姓名", "张三", "月份", "2023年9月"), [
        ("基本工资", "3000", "奖金", "100"), ("应发工资", "3100", "扣社保", "300"), ("实发工资", "2800", "签字", ""),
    ]))
    assert names(document) == ["张三"]
    assert (document.rows[0]["gross"].value, document.rows[0]["net"].value) == (Decimal(3100), Decimal(2800))


def test_a_personal_seal_well_below_the_label_leaves_the_signature_open() -> None:
    document = contract(
        line("甲方：文水县惠民超市（盖章）", 0.12, 0.4), line("乙方：", 0.54, 0.4), ink=ink_at(), colour=True,
        marks=(mark(MarkShape.PERSONAL_SEAL, Box(0.57, 0.5, 0.64, 0.55)),),
    )
    assert ("signature", "employee") in document.unsure_marks


def test_our_unit_is_no_units_name() -> None:
    document = read(DocType.FLEXIBLE_CERTIFICATE, page([
        centred("证明", 0.07, height=0.022),
        line("兹有张三，自2023年10月起在我合作社务工，按月领取劳动报酬3000元。", 0.08, 0.2),
        line("文水县康乐养殖专业合作社（印章）", 0.12, 0.4),
    ]))
    assert document.fields["employer"].value == "文水县康乐养殖专业合作社"


def test_an_address_of_a_licence_ends_before_the_next_label() -> None:
    document = read(DocType.BUSINESS_LICENCE, page([
        centred("营业执照", 0.07, height=0.022),
        line("经营场所", 0.12, 0.3), line("文水县凤城镇大陵西街38号", 0.32, 0.3),
        line("经营范围", 0.12, 0.318), line("预包装食品零售", 0.32, 0.318),
    ]))
    assert document.fields["address"].value == "文水县凤城镇大陵西街38号"


def test_a_lease_for_years_from_a_day_has_an_end() -> None:
    document = read(DocType.PREMISES_PROOF, page([
        centred("房屋租赁协议", 0.07, height=0.022), line("承租人：张三", 0.12, 0.15),
        line("门面房一间（地址：文水县新街6号）租给乙方使用，租期自2023年6月15日起三年。", 0.05, 0.2),
    ]))
    assert document.fields["address"].value == "文水县新街6号"
    assert document.fields["period_end"].value == date(2026, 6, 14)


def test_the_trainee_may_be_a_party_of_the_agreement() -> None:
    document = read(DocType.ORDER_AGREEMENT, page([
        centred("定单式培训三方协议", 0.07, height=0.022), line("甲方（企业）：文水县惠民超市", 0.12, 0.15),
        line("乙方（培训学校）：文水县启航职业培训学校", 0.12, 0.18), line("丙方（学员）：张三", 0.12, 0.21),
    ]))
    assert document.fields["employee"].value == "张三"
    assert document.fields["employer"].value == "文水县惠民超市"


def test_names_that_head_columns_are_persons() -> None:
    document = read(DocType.WORK_ATTENDANCE, table_page("考勤表", ("日期", "张三", "李四", "王五"), [
        (f"11月{day}日", "√", "√", "休") for day in range(1, 9)
    ], "单位：文水县惠民超市   2023年11月"))
    assert names(document) == ["张三", "李四", "王五"]


@pytest.mark.parametrize("kind", [DocType.PAYROLL, DocType.WORK_ATTENDANCE])
def test_a_sheet_of_which_no_row_was_read_excludes_nobody(kind: DocType) -> None:
    document = read(kind, page([centred("文水县惠民超市2023年9月份职工表", 0.07, height=0.022)]))
    assert document.rows == () and document.unread_rows >= 1


def test_a_pay_sheet_seen_to_list_nobody_has_no_unread_rows() -> None:
    document = read(DocType.PAYROLL, ruled_page(
        "2023年9月份职工工资表", ("序号", "姓名", "应发合计", "实发金额"), [("合计", "", "0", "0")],
    ))
    assert document.rows == () and document.unread_rows == 0
