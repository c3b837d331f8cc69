"""Payrolls and attendance sheets of other makers: two halves of a month, stacked cells, lost headings."""

from __future__ import annotations

from decimal import Decimal

import pytest

from archive_verify.documents import DOCUMENT_TYPES
from archive_verify.model import Box, DocType, Document, Page, Ruling, Span
from archive_verify.values import cell_money
from tests.factories import centred, line, page, ruled_page, table_page

ID, OTHER = "141121198503120035", "141121199001010014"


def read(kind: DocType, *pages: Page) -> Document:
    span = Span(id="d1", type=kind, pages=tuple(one.index for one in pages))
    return DOCUMENT_TYPES[kind].extract(span, pages)


def column(document: Document, name: str) -> list[object]:
    return [row[name].value if name in row else None for row in document.rows]


def test_the_halves_of_a_month_below_each_other_are_one_row_a_person() -> None:
    document = read(DocType.WORK_ATTENDANCE, ruled_page("2023年9月份考勤表", ("姓名\\日期", "1", "2", "3", "4"), [
        ("张三", "√", "√", "√", "√"), ("李四", "√", "×", "√", "√"),
        ("姓名\\日期", "28", "29", "30", "出勤天数"), ("张三", "√", "√", "√", "26"), ("李四", "√", "√", "√", "25"),
    ], ))
    assert column(document, "name") == ["张三", "李四"]
    assert column(document, "days") == [26, 25]
    assert document.unread_rows == 0


def stacked() -> Page:
    """Rows parted by lines and columns by nothing; two figures over each other in some cells."""
    at = (0.08, 0.16, 0.34, 0.48, 0.62, 0.78)
    lines = [centred("2023年9月份工资发放表", 0.07, height=0.022)]
    lines += [line(text, x, y) for x, y, text in (
        (at[0], 0.145, "序号"), (at[1], 0.137, "姓名"), (at[1], 0.153, "身份证号"), (at[2], 0.137, "基本工资"),
        (at[2], 0.153, "绩效工资"), (at[3], 0.145, "应发数"), (at[4], 0.145, "实发数"), (at[5], 0.145, "签字"),
    )]
    for number, (name, code, base, bonus, gross) in enumerate((
        ("张三", ID, "2170.00", "930.00", "3100.00"), ("李四", OTHER, "1890.00", "810.00", "2700.00"),
    )):
        y = 0.187 + 0.04 * number
        lines += [line(text, x, y + dy) for x, dy, text in (
            (at[0], 0.0, str(number + 1)), (at[1], -0.008, name), (at[1], 0.008, code), (at[2], -0.008, base),
            (at[2], 0.008, bonus), (at[3], 0.0, gross), (at[4], 0.0, gross), (at[5], 0.0, name),
        )]
    lines += [line("负责人：王建国", 0.1, 0.27), line("会计：赵六", 0.34, 0.27)]
    rulings = tuple(
        Ruling(box=Box(0.06, y - 0.0005, 0.94, y + 0.0005), horizontal=True) for y in (0.125, 0.167, 0.207, 0.247)
    )
    return page(lines, rulings=rulings)


def test_rows_between_lines_hold_several_lines_of_print() -> None:
    document = read(DocType.PAYROLL, stacked())
    assert column(document, "name") == ["张三", "李四"]
    assert column(document, "id_number") == [ID, OTHER]
    assert column(document, "gross") == [Decimal("3100.00"), Decimal("2700.00")]
    assert column(document, "base") == [Decimal("2170.00"), Decimal("1890.00")]


@pytest.mark.parametrize("ruled", [True, False])
def test_headings_that_were_not_read_are_known_by_their_sums(ruled: bool) -> None:
    head = ("姓名", "基本工资", "加班费", "关发", "养微", "关核", "签字")
    rows: list[tuple[str, ...]] = [
        ("张三", "2660", "1140", "3800", "304", "3496", "张三"), ("李四", "1890", "810", "2700", "216", "2484", "李四"),
        ("合计", "4550", "1950", "6500", "520", "5980", ""),
    ]
    document = read(DocType.PAYROLL, (ruled_page if ruled else table_page)("2023年9月工资表", head, rows))
    assert column(document, "gross") == [3800, 2700]
    assert column(document, "net") == [3496, 2484]


def test_figures_that_do_not_add_up_make_no_column() -> None:
    head = ("姓名", "基本工资", "加班费", "关发", "签字")
    document = read(DocType.PAYROLL, ruled_page("2023年9月工资表", head, [
        ("张三", "2660", "1140", "3700", "张三"), ("李四", "1890", "810", "2500", "李四"),
    ]))
    assert column(document, "gross") == [None, None]


@pytest.mark.parametrize(("text", "amount"), [
    ("2380.00 1020.00", None), ("1680 720", None), ("215 80", None), ("1 680.00", Decimal("1680.00")),
    ("3,200.00", Decimal("3200.00")),
])
def test_two_amounts_in_a_cell_are_not_one(text: str, amount: Decimal | None) -> None:
    found = cell_money(text)
    assert (found.value if found else None) == amount


def test_the_makers_of_a_sheet_are_no_persons_on_it() -> None:
    document = read(DocType.PAYROLL, page([
        centred("2023年9月工资表", 0.07, height=0.022),
        *[line(text, x, 0.13) for x, text in ((0.1, "序号"), (0.22, "姓名"), (0.4, "应发工资"), (0.6, "实发工资"))],
        *[line(text, x, 0.16) for x, text in ((0.1, "1"), (0.22, "张三"), (0.4, "3200"), (0.6, "3000"))],
        line("负责人：", 0.1, 0.2), line("王建国", 0.22, 0.2), line("会计：李梅", 0.4, 0.2),
    ]))
    assert column(document, "name") == ["张三"]


@pytest.mark.parametrize(("kind", "title", "above"), [
    (DocType.PAYROLL, "2023年9月份职工工资发放表", ()), (DocType.PAYROLL, "工资表", ("工资所属期：2023.09",)),
    (DocType.PAYROLL, "工资表", ("2023年9月1日至2023年9月30日",)),
    (DocType.PAYROLL, "工资结算表", ("单位：文水县福满楼酒店  年月：2023年9月  制表日期：2023年10月8日",)),
    (DocType.WORK_ATTENDANCE, "考勤表", ("考勤周期：2023年9月1日—2023年9月30日",)),
    (DocType.WORK_ATTENDANCE, "考勤表", ("考勤周期：2023年8月26日—2023年9月25日",)),
    (DocType.WORK_ATTENDANCE, "二〇二三年九月份考勤表", ()), (DocType.WORK_ATTENDANCE, "考勤表（2023-09）", ()),
])
def test_the_month_of_a_sheet_in_many_wordings(kind: DocType, title: str, above: tuple[str, ...]) -> None:
    rows: list[tuple[str, ...]] = [("1", "张三", "26", "3200"), ("2", "李四", "25", "3100")]
    document = read(kind, table_page(title, ("序号", "姓名", "出勤天数", "应发工资"), rows, *above))
    assert document.fields["month"].value == "2023-09"


def test_days_from_the_26th_to_the_25th_leave_the_total_its_column() -> None:
    head = ("姓名", *[str(day) for day in (26, 27, 28, 29, 30, 1, 2, 3, 4, 5)], "合计")
    document = read(DocType.WORK_ATTENDANCE, ruled_page("2023年9月考勤表", head, [
        ("张三", *["√"] * 10, "26"), ("李四", *["√"] * 9, "×", "25"),
    ], "考勤周期：2023年8月26日至2023年9月25日"))
    assert column(document, "days") == [26, 25]


def test_a_rest_of_a_page_number_before_the_title_hides_no_unit() -> None:
    sheet = table_page("", ("序号", "姓名", "1", "2", "3"), [("1", "张三", "√", "√", "√")], "2023年9月")
    title = [line("第", 0.03, 0.07, confidence=0.6), centred("文水县锦衣服饰有限公司员工考勤表", 0.07, height=0.022)]
    document = read(DocType.WORK_ATTENDANCE, page([*title, *sheet.reading.lines], width=2339, height=1654))
    assert document.fields["employer"].value == "文水县锦衣服饰有限公司"


def test_a_unit_alone_in_its_line_may_end_with_its_kind_in_brackets() -> None:
    head, unit = ("序号", "姓名", "1", "2"), "文水县永固机械厂（普通合伙）"
    sheet = table_page("2023年11月份职工出勤统计表", head, [("1", "张三", "出", "出")], unit)
    assert read(DocType.WORK_ATTENDANCE, sheet).fields["employer"].value == unit


def test_a_unit_before_a_label_in_its_line_is_the_sheets() -> None:
    head, unit = ("姓名", "部门", "出勤天数"), "山西汾东新能源科技有限公司"
    above = ("月度汇总 统计日期：2024-01-01 至 2024-01-31", f"{unit} 报表生成时间：2024-01-31 18:30")
    sheet = table_page("", head, [("张三", "安装部", "26"), ("李四", "安装部", "27")], *above)
    assert read(DocType.WORK_ATTENDANCE, sheet).fields["employer"].value == unit


@pytest.mark.parametrize(("kind", "title", "above"), [
    (DocType.WORK_ATTENDANCE, "", ("打卡时间表 吕梁市鼎盛金属制品厂（普通合伙） 考勤周期：2024/05/01-2024/05/31",)),
    (DocType.PAYROLL, "代发工资明细清单",
     ("委托单位：吕梁市鼎盛金属制品厂（普通合伙） 代发月份：2024年05月 代发银行：文水县农商银行",)),
    (DocType.PAYROLL, "吕梁市鼎盛金属制品厂（普通合伙）工资明细表", ("2024-05",)),
    (DocType.WORK_ATTENDANCE, "2024年5月份教职工出勤表",
     ("园所名称：吕梁市鼎盛金属制品厂（普通合伙） 全勤“全” 公休“—”",)),
    (DocType.PAYROLL, "职工薪酬发放明细（2024/05）", ("编制单位：吕梁市鼎盛金属制品厂（普通合伙）",)),
])
def test_the_unit_of_a_sheet_in_many_heads(kind: DocType, title: str, above: tuple[str, ...]) -> None:
    document = read(kind, table_page(title, ("姓名", "出勤天数", "应发合计"), [("张三", "26", "3900")], *above))
    assert document.fields["employer"].value == "吕梁市鼎盛金属制品厂（普通合伙）"
    assert document.fields["month"].value == "2024-05"
