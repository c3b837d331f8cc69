"""Fields and rows of payrolls and attendance sheets of employers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from archive_verify.documents.payroll import PAYROLL
from archive_verify.documents.work_attendance import WORK_ATTENDANCE
from archive_verify.model import Box, DocType, Document, MarkShape, Page, PageMark, Span
from tests.factories import centred, line, page, ruled_page, table_page
from tests.test_other_makers import ink_at

HEADER = ("序号", "姓名", "出勤天数", "基本工资", "应发工资", "扣款", "实发工资", "签字")
ROWS = [
    ("1", "张三", "26", "3200", "3,500.00", "120.50", "3379.50", "张三"),
    ("2", "李 四", "25", "3000", "3,300.00", "120.50", "3179.50", "李四"),
    ("3", "王小五", "26", "3000", "3,300.00", "120.50", "3179.50", ""),
    ("合计", "", "", "", "10,100.00", "361.50", "9738.50", ""),
]


def payroll(*pages: Page) -> Document:
    span = Span(id="d1", type=DocType.PAYROLL, pages=tuple(one.index for one in pages))
    return PAYROLL.extract(span, pages)


def attendance(*pages: Page) -> Document:
    span = Span(id="d1", type=DocType.WORK_ATTENDANCE, pages=tuple(one.index for one in pages))
    return WORK_ATTENDANCE.extract(span, pages)


def names(document: Document) -> list[object]:
    return [row["name"].value for row in document.rows]


def test_each_person_is_a_row_with_his_amounts() -> None:
    document = payroll(table_page(
        "文水县宏达商贸有限公司2023年9月份工资发放表", HEADER, ROWS,
        "单位：文水县宏达商贸有限公司          单位：元",
    ))
    assert names(document) == ["张三", "李四", "王小五"]
    first = document.rows[0]
    assert first["days"].value == Decimal(26)
    assert (first["base"].value, first["gross"].value) == (Decimal(3200), Decimal(3500))
    assert first["net"].value == Decimal("3379.50")
    assert document.unread_rows == 0
    assert document.fields["employer"].value == "文水县宏达商贸有限公司"
    assert document.fields["month"].value == "2023-09"


@pytest.mark.parametrize(("title", "above", "employer", "month"), [
    ("工资表", ("单位名称：文水县好再来饭店      2023年9月", ), "文水县好再来饭店", "2023-09"),
    ("文水县好再来饭店工资表", ("（2023年9月1日至9月30日）", ), "文水县好再来饭店", "2023-09"),
    ("职工工资结算表", ("编制单位：文水县好再来饭店   所属期：2023.09   制表日期：2023年10月8日", ),
        "文水县好再来饭店", "2023-09"),
    ("文水县好再来饭店员工工资表", ("制表日期：2023-10-08    工资月份：2023-09", ), "文水县好再来饭店",
        "2023-09"),
    ("二〇二三年九月工资发放明细表", ("填报单位（盖章）：文水县好再来饭店    单位：元", ),
        "文水县好再来饭店", "2023-09"),
    ("9月份工资表", ("单位：文水县好再来饭店      2023年度", ), "文水县好再来饭店", "2023-09"),
    ("文水县好再来饭店", ("2023年9月份工资单", ), "文水县好再来饭店", "2023-09"),
    ("2023年9月份文水县好再来饭店员工工资发放表", (), "文水县好再来饭店", "2023-09"),
    ("工 资 表", ("填报单位:文水县好再来饭店  发放月份:2023年9月  发放日期:2023年10月10日", ),
        "文水县好再来饭店", "2023-09"),
    ("工资结算单", ("部门：前厅    文水县好再来饭店", "2023 年 9 月 1 日 — 2023 年 9 月 30 日"),
        "文水县好再来饭店", "2023-09"),
    ("文水县好再来饭店九月份工资表", ("二〇二三年", ), "文水县好再来饭店", "2023-09"),
    ("文水县好再来饭店月工资表", ("工资月份：2023年9月", ), "文水县好再来饭店", "2023-09"),
    ("工资表", ("年份：2023 月份：9  单位：文水县好再来饭店", ), "文水县好再来饭店", "2023-09"),
])
def test_unit_and_month_stand_in_the_head_in_many_ways(
    title: str, above: tuple[str, ...], employer: str, month: str
) -> None:
    document = payroll(table_page(title, HEADER, ROWS, *above))
    assert document.fields["employer"].value == employer
    assert document.fields["month"].value == month


@pytest.mark.parametrize("unit", ["交口县康乐佳家政服务部", "文水县老王水暖经营部", "晋绣坊手工合作社", "启明工作室"])
def test_a_line_under_the_title_is_the_unit_also_where_it_is_a_small_business(unit: str) -> None:
    assert payroll(table_page("2023年6月工资表", HEADER, ROWS, unit)).fields["employer"].value == unit


@pytest.mark.parametrize("department", ["财务部", "生产部", "客房服务部", "人力资源管理部"])
def test_a_department_under_the_title_is_no_unit(department: str) -> None:
    assert "employer" not in payroll(table_page("2023年6月工资表", HEADER, ROWS, department)).fields


def test_days_are_found_under_a_heading_of_which_the_last_character_was_read() -> None:
    for heading in ("数", "关数"):
        document = payroll(table_page("工资表", ("序号", "姓名", heading, *HEADER[3:]), ROWS))
        assert document.rows[0]["days"].value == Decimal(26)
    pieces = payroll(table_page("工资表", ("序号", "姓名", "件数", *HEADER[3:]), ROWS))
    assert "days" not in pieces.rows[0]


def test_amounts_that_ran_together_where_rulings_were_lost_are_told_by_their_headings() -> None:
    header = ("姓名", "基本工资", "医疗保险失业保险实发工资", "签字")
    rows = [("张三", "4300", "86 12.90 3857.10", ""), ("李四", "20", "1 2 17", "")]
    document = payroll(ruled_page("工资表", header, rows))
    assert document.rows[0]["net"].value == Decimal("3857.10")


@pytest.mark.parametrize(("cell", "net"), [
    ("288.00 3229.20", "3229.20"),      # the ruling before the net pay lies under a seal
    ("288.00 0.00 3229.20 00", "3229.20"),
    ("288.00 3329.20", None),           # not what the deductions leave
])
def test_the_net_pay_among_deductions_in_one_cell_is_what_they_leave_of_the_gross(cell: str, net: str | None) -> None:
    header = ("姓名", "应发合计", "医疗保险", "养老实发保险金额", "签名")
    document = payroll(ruled_page("工资表", header, [("韩敏", "3600.00", "82.80", cell, "")]))
    reading = document.rows[0]["net"]
    assert (reading.value, reading.state) == ((Decimal(net), "read") if net else (None, "unread"))


@pytest.mark.parametrize(("cell", "net"), [("318435", "3184.35"), ("318436", "318436"), ("3184.35", "3184.35")])
def test_a_point_lost_from_the_net_pay_is_put_back_where_the_deductions_tell_it(cell: str, net: str) -> None:
    header = ("姓名", "应发合计", "医疗保险", "养老保险", "实发金额", "签名")
    document = payroll(ruled_page("工资表", header, [("韩敏", "3550.00", "81.65", "284.00", cell, "")]))
    assert document.rows[0]["net"].value == Decimal(net)


def test_the_day_of_making_alone_is_no_month() -> None:
    document = payroll(table_page("工资表", HEADER, ROWS, "制表日期：2023年10月8日"))
    assert "month" not in document.fields


def test_a_page_without_header_goes_on_with_the_columns_before() -> None:
    first = table_page("2023年9月工资表", HEADER, ROWS[:2], index=1)
    second = table_page("", ("3", "王小五", "26", "3000", "3,300.00", "120.50", "3179.50", "王五"),
                        [("4", "赵六", "26", "3100", "3,400.00", "120.50", "3279.50",
                            "赵六"), ROWS[3]], index=2)
    assert names(payroll(first, second)) == ["张三", "李四", "王小五", "赵六"]


def test_a_serial_number_left_out_is_a_row_lost_in_reading() -> None:
    rows = [ROWS[0], ("3", *ROWS[2][1:])]
    assert payroll(table_page("2023年9月工资表", HEADER, rows)).unread_rows == 1


def test_a_serial_number_read_too_low_between_its_neighbours_leaves_no_row_out() -> None:
    rows = [ROWS[0], ("2", *ROWS[1][1:]), ("1", *ROWS[2][1:]), ("4", "赵六", *ROWS[2][2:])]
    assert payroll(table_page("2023年9月工资表", HEADER, rows)).unread_rows == 0


@pytest.mark.parametrize(("net", "unread"), [("9738.50", 0), ("3179.50", 1)])
def test_totals_whose_title_lies_under_a_seal_are_no_row_lost_in_reading(net: str, unread: int) -> None:
    last = ("", "", "", "", "10,100.00" if unread == 0 else "3,300.00", "361.50", net, "")
    hidden = ink_at(Box(0.18, 0.245, 0.27, 0.265))
    assert payroll(ruled_page("2023年9月工资表", HEADER, [*ROWS[:3], last], ink=hidden)).unread_rows == unread


@pytest.mark.parametrize(("title", "signature", "unread"), [
    ("", "", 0), ("合西", "", 0), ("", "李四", 0), ("", "李", 1),
])
def test_totals_below_a_single_row_repeat_it_and_bear_no_signature(title: str, signature: str, unread: int) -> None:
    last = ("", title, "", "3200", "3,500.00", "120.50", "3379.50", signature)
    document = payroll(ruled_page(
        "2023年9月工资表", HEADER, [ROWS[0], last], ink=ink_at(Box(0.18, 0.205, 0.27, 0.225)),
    ))
    assert names(document) == (["张三", "李四"] if signature == "李四" else ["张三"])
    assert document.unread_rows == unread


@pytest.mark.parametrize(("printed", "told"), [("", "李四光"), ("李四", "李四光"), ("李田光", "李田光")])
def test_the_signature_tells_whose_row_it_is_where_a_seal_hides_the_name(printed: str, told: str) -> None:
    row = ("2", printed, *ROWS[1][2:7], "李四光")
    document = payroll(ruled_page("2023年9月工资表", HEADER, [ROWS[0], row]))
    assert names(document) == ["张三", told]
    assert document.unread_rows == 0


def test_a_row_whose_serial_number_was_not_read_takes_the_one_left_out() -> None:
    rows = [ROWS[0], ("", *ROWS[1][1:]), ("3", *ROWS[2][1:])]
    assert payroll(table_page("2023年9月工资表", HEADER, rows)).unread_rows == 0


def test_the_rulings_keep_cells_apart_that_the_text_joins() -> None:
    document = payroll(ruled_page("2023年9月工资表", HEADER, ROWS))
    assert names(document) == ["张三", "李四", "王小五"]
    assert document.rows[2]["gross"].value == Decimal(3300)


def test_a_header_of_two_levels_is_read_as_one() -> None:
    top = ("序号", "姓名", "应发工资", "", "", "扣款", "", "实发")
    low = ("", "", "基本工资", "绩效", "应发合计", "养老", "个税", "")
    rows = [("1", "张三", "3000", "500", "3500", "100", "0", "3400"), ("2", "李四", "3000", "400", "3400",
        "100", "0", "3300")]
    document = payroll(ruled_page(
        "2023年9月工资表", top, [low, *rows], merged=((0, 2, 0, 3), (0, 0, 1, 0), (0, 1, 1, 1),
            (0, 5, 0, 6), (0, 7, 1, 7), (0, 2, 0, 4)),
    ))
    assert names(document) == ["张三", "李四"]
    assert document.rows[0]["base"].value == Decimal(3000)
    assert document.rows[0]["net"].value == Decimal(3400)


def test_a_second_line_of_headings_whose_joints_lie_under_a_seal_is_no_row() -> None:
    top = ("序号", "姓名", "应发工资", "", "", "扣款", "", "实发")
    low = ("", "天数", "基本工资", "绩效", "小计", "养老", "个税", "")
    rows = [("1", "张三", "3000", "500", "3500", "100", "0", "3400")]
    document = payroll(ruled_page("2023年9月工资表", top, [low, *rows]))
    assert names(document) == ["张三"] and document.unread_rows == 0
    assert (document.rows[0]["base"].value, document.rows[0]["gross"].value) == (Decimal(3000), Decimal(3500))


def test_a_serial_number_joined_to_the_name_is_taken_off() -> None:
    lines = [centred("2023年9月工资表", 0.07, height=0.022), line("序号姓名", 0.08, 0.15),
        line("基本工资", 0.4, 0.15),
             line("实发工资", 0.6, 0.15), line("签字", 0.8, 0.15)]
    for number, name in enumerate(("张三", "李四"), 1):
        lines += [line(f"{number}{name}", 0.08, 0.15 + 0.03 * number), line("3000", 0.4, 0.15 + 0.03 * number),
                  line("2900", 0.6, 0.15 + 0.03 * number)]
    assert names(payroll(page(lines))) == ["张三", "李四"]


DAYS = tuple(str(day) for day in range(1, 11))


def test_an_attendance_sheet_lists_persons_and_their_days() -> None:
    header = ("序号", "姓名", *DAYS, "出勤天数")
    rows = [("1", "张三", *("√",) * 10, "10"), ("2", "李四", *("√",) * 9, "休", "9")]
    document = attendance(table_page(
        "文水县宏达商贸有限公司考勤表", header, rows, "2023年9月", "考勤员：赵六   负责人：王建国",
    ))
    assert names(document) == ["张三", "李四"]
    assert [row["days"].value for row in document.rows] == [Decimal(10), Decimal(9)]
    assert document.fields["employer"].value == "文水县宏达商贸有限公司"
    assert document.fields["month"].value == "2023-09"


def test_a_department_that_is_a_firm_is_the_employer() -> None:
    rows = [("张三", *("√",) * 10, "10"), ("李四", *("√",) * 10, "10")]
    for department, employer in (("文水县好再来饭店", "文水县好再来饭店"), ("前厅部", None)):
        document = attendance(table_page("2023年9月考勤表", ("姓名", *DAYS,
            "合计"), rows, f"部门：{department}"))
        read = document.fields.get("employer")
        assert (read.value if read else None) == employer


def test_headings_that_ocr_joined_are_taken_apart() -> None:
    lines = [centred("2023年9月工资表", 0.07, height=0.022), line("姓名", 0.1, 0.15),
        line("出勤天数 基本工资实发工资", 0.3, 0.15)]
    for number, name in enumerate(("张三", "李四"), 1):
        lines += [line(name, 0.1, 0.15 + 0.03 * number), line("26", 0.34, 0.15 + 0.03 * number),
                  line("3000.00 2900.00", 0.4, 0.15 + 0.03 * number, width=0.13)]
    row = payroll(page(lines)).rows[0]
    assert (row["days"].value, row["base"].value, row["net"].value) == (26, 3000, 2900)


def test_an_id_column_is_known_by_its_numbers_where_the_heading_is_lost() -> None:
    header = ("姓名", "", "实发工资")
    rows = [("张三", "141121198503120035", "2900"), ("李四", "142322198503124325", "2900")]
    assert payroll(ruled_page("2023年9月工资表", header, rows)).rows[0]["id_number"].value == "141121198503120035"


def test_a_table_whose_header_is_lost_is_known_by_its_names() -> None:
    rows = [("1", "张三", "2900"), ("2", "李四", "2900"), ("3", "王五", "2900")]
    assert names(payroll(ruled_page("2023年9月工资表", ("", "", ""), rows))) == ["张三", "李四", "王五"]


def test_an_amount_under_a_seal_is_unread_and_not_blank() -> None:
    sheet = ruled_page("2023年9月工资表", ("姓名", "实发工资"), [("张三", ""), ("李四", "2900")])
    over = PageMark(shape=MarkShape.ROUND_SEAL, box=Box(0.5, 0.12, 0.9, 0.2), confidence=0.9, colour="red")
    sealed = page(list(sheet.reading.lines), rulings=sheet.reading.rulings, marks=(over,))
    assert payroll(sealed).rows[0]["net"].state == "unread"
    assert payroll(sheet).rows[0]["net"].state == "blank"


def test_a_name_joined_with_its_marks_is_still_a_name() -> None:
    header = ("姓名", *DAYS, "合计")
    rows = [("张三√√√√", *("√",) * 10, "10"), ("李四", *("√",) * 10, "10")]
    assert names(attendance(table_page("2023年9月考勤表", header, rows))) == ["张三", "李四"]


def test_two_lines_of_marks_are_one_person() -> None:
    header = ("姓名", "时间", *DAYS, "合计")
    body = [("张三", "上午", *("√",) * 10, "10"), ("", "下午", *("√",) * 10, ""),
            ("李四", "上午", *("√",) * 10, "10"), ("", "下午", *("√",) * 10, "")]
    document = attendance(ruled_page(
        "2023年9月考勤表", header, body, merged=((1, 0, 2, 0), (3, 0, 4, 0), (1, 12, 2, 12), (3, 12, 4, 12)),
    ))
    assert names(document) == ["张三", "李四"]
    assert document.unread_rows == 0


@pytest.mark.parametrize(("head", "cells", "gross"), [
    (("姓名", "基本工资", "绩效", "实发工资"), ("张三", "2500", "500", "3000"), 3000),
    (("姓名", "基本工资", "绩效", "扣社保", "实发工资"), ("张三", "2500", "500", "300", "2700"), 3000),
    (("姓名", "基本工资", "扣社保", "实发工资"), ("张三", "3000", "250", "2700"), None),
    (("姓名", "岗位", "身份证号", "实发工资"), ("张三", "面点工", "141121198503120035", "2700"), 2700),
    (("姓名", "出勤天数", "日工资", "实发工资"), ("张三", "26", "100", "2600"), None),
])
def test_without_a_column_of_gross_pay_it_is_what_adds_up_to_the_net(
    head: tuple[str, ...], cells: tuple[str, ...], gross: int | None
) -> None:
    other = tuple("李四" if cell == "张三" else cell for cell in cells)
    one = table_page("工资表", head, [cells, other], "单位：文水县宏达商贸有限公司  2023年9月")
    document = PAYROLL.extract(Span(id="d1", type=DocType.PAYROLL, pages=(1,), title="工资表"), (one,))
    found = document.rows[0].get("gross")
    assert (found.value if found is not None else None) == gross
