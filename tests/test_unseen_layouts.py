"""Papers in layouts that no sample has: lists without rulings, e-licences, slips under one another, 承诺人."""

from __future__ import annotations

from datetime import date
from typing import Any

from archive_verify.documents import DOCUMENT_TYPES
from archive_verify.model import Box, DocType, Document, MarkShape, Page, PageMark, Ruling, Span
from archive_verify.values import find_periods
from tests.factories import centred, ink_at, line, page, text_page

ID, OTHER = "141121198503120035", "141121199001010014"


def read(kind: DocType, *pages: Page) -> Document:
    span = Span(id="d1", type=kind, pages=tuple(one.index for one in pages))
    return DOCUMENT_TYPES[kind].extract(span, pages)


def value(document: Document, name: str) -> Any:
    reading = document.fields.get(name)
    return reading.value if reading is not None else None


def test_a_list_whose_dots_were_not_read_and_of_which_a_line_looks_like_a_table_is_read_as_a_list() -> None:
    titles = ("开班申请", "开班审批表", "学员花名册", "培训计划", "课程表", "教学日志", "成绩册", "就业登记表")
    lines = [centred("目录", 0.08, height=0.022)]
    for number, title in enumerate(titles, start=1):
        y = 0.12 + 0.03 * number
        lines.append(line(f"{number}. {title}" + ("..." if number == 8 else ""), 0.12, y))
        if number != 2:
            lines.append(line(str(number + 2), 0.85, y))
    document = read(DocType.CATALOGUE, page(lines))
    assert [row["title"].value for row in document.rows] == [title for title in titles if title != "开班审批表"]
    assert [row["first"].value for row in document.rows] == [3, 5, 6, 7, 8, 9, 10]
    assert document.unread_rows == 1


def test_what_an_e_licence_shows_below_its_labels_is_read() -> None:
    rows = ("统一社会信用代码", "92141121MA0GT5E4XX", "名称", "文水县顺达装卸服务部", "类型", "个体工商户",
        "经营者", "戴玉胜", "注册日期", "2019年4月8日", "经营场所", "文水县南安镇东庄村15号")
    shown = page([centred("电子营业执照", 0.08), *[line(text, 0.35, 0.14 + 0.03 * at) for at, text in enumerate(rows)]])
    document = read(DocType.BUSINESS_LICENCE, shown)
    assert value(document, "employer") == "文水县顺达装卸服务部"
    assert value(document, "operator") == "戴玉胜"
    assert value(document, "established") == date(2019, 4, 8)


def test_each_of_the_pay_slips_on_a_sheet_is_a_person_s_row() -> None:
    lines = [centred("工资条（2023年10月）", 0.06, height=0.022)]
    for at, (name, code, net) in enumerate((("张三", ID, "3150.00"), ("李四", OTHER, "2750.00"))):
        y = 0.12 + 0.2 * at
        lines += [
            line("姓名", 0.15, y), line(name, 0.35, y), line("工号", 0.55, y), line("11", 0.75, y),
            line("身份证号", 0.15, y + 0.03), line(code, 0.35, y + 0.03),
            line("应发工资", 0.15, y + 0.06), line(net, 0.35, y + 0.06),
            line("实发工资", 0.55, y + 0.06), line(net, 0.75, y + 0.06),
        ]
    document = read(DocType.PAYROLL, page(lines))
    assert [row["name"].value for row in document.rows] == ["张三", "李四"]
    assert [row["id_number"].value for row in document.rows] == [ID, OTHER]
    assert [str(row["net"].value) for row in document.rows] == ["3150.00", "2750.00"]


def test_a_floor_under_the_wage_does_not_unmake_it() -> None:
    contract = text_page("劳动合同书", "甲方：文水县宏达商贸有限公司", "乙方：张三",
        "四、乙方工资不低于当地最低工资标准，约定为每月2800元。")
    assert value(read(DocType.LABOUR_CONTRACT, contract), "wage") == 2800


def test_an_underline_amid_a_date_does_not_break_its_period() -> None:
    (period,) = find_periods("合同期12个月，即_2023_年_9月1日一\n2024年8月31日；")
    assert (period.value.start, period.value.end) == (date(2023, 9, 1), date(2024, 8, 31))


def test_a_blank_amid_a_sentence_is_no_place_where_a_party_signs() -> None:
    body = ("甲方：文水县宏达商贸有限公司", "乙方：张三", *["第一条 双方遵守法律法规。"] * 12,
        "基本工资和绩效工资相结合的工资分配办法，乙方月基本工资____元，绩效工资计发办法为____。")
    document = read(DocType.LABOUR_CONTRACT, text_page("劳动合同", *body))
    assert not any(mark.kind == "signature" for mark in document.marks)


def test_the_cell_beside_a_label_is_empty_though_the_border_of_the_page_s_form_runs_near() -> None:
    xs, ys = (0.1, 0.3, 0.5, 0.7, 0.9), (0.2, 0.23, 0.26)
    rulings = (
        *(Ruling(box=Box(x, ys[0], x + 0.001, ys[-1]), horizontal=False) for x in xs),
        *(Ruling(box=Box(xs[0], y, xs[-1], y + 0.001), horizontal=True) for y in ys),
    )
    lines = [centred("灵活就业证明表", 0.1, height=0.022)]
    for y, cells in zip((0.208, 0.238), (("姓名", "张三", "身份证号", ID), ("负责人", "王五", "负责人电话", "")),
                        strict=True):
        lines += [line(text, x + 0.02, y) for x, text in zip(xs, cells, strict=False) if text]
    border = (Box(0.7, 0.226, 0.9, 0.232), Box(0.897, 0.2, 0.903, 0.26))
    form = page(lines, rulings=rulings, ink=ink_at(*border))
    reading = read(DocType.FLEXIBLE_CERTIFICATE, form).fields["legal_representative_phone"]
    assert reading.state == "blank"


def test_a_payroll_whose_columns_are_persons_gives_a_row_to_each() -> None:
    at = (0.15, 0.45, 0.75)
    rows = (("项　目", "张三", "李四"), ("部门", "生产部", "生产部"), ("出勤（天）", "25", "24"),
        ("基本工资", "2500", "2300"), ("应发数", "2800", "2600"), ("实发数", "2800", "2600"))
    lines = [centred("9月份工资表", 0.06, height=0.022), line("文水县宏达商贸有限公司", 0.15, 0.1),
        line("2023年", 0.7, 0.1)]
    for down, row in enumerate(rows):
        lines += [line(text, x, 0.14 + 0.03 * down) for x, text in zip(at, row, strict=True)]
    document = read(DocType.PAYROLL, page(lines))
    assert [row["name"].value for row in document.rows] == ["张三", "李四"]
    assert [row["gross"].value for row in document.rows] == [2800, 2600]
    assert value(document, "month") == "2023-09"


def test_one_person_s_column_is_a_payroll_too() -> None:
    rows = (("项目", "张三"), ("基本工资", "2500"), ("实发数", "2800"))
    lines = [centred("9月份工资表", 0.06, height=0.022)]
    for down, cells in enumerate(rows):
        lines += [line(text, x, 0.14 + 0.03 * down) for x, text in zip((0.2, 0.6), cells, strict=True)]
    (row,) = read(DocType.PAYROLL, page(lines)).rows
    assert (row["name"].value, row["net"].value) == ("张三", 2800)


def test_a_period_of_a_whole_month_tells_the_month_and_not_the_day_of_export() -> None:
    sheet = page([
        centred("月度汇总 统计日期：2023-09-01 至 2023-09-30", 0.06, height=0.02),
        line("企业名称：山西通达物流有限公司", 0.1, 0.1),
        line("报表生成时间：2023-10-02（考勤打卡数据导出）", 0.5, 0.1),
        *[line(text, x, 0.14) for x, text in ((0.1, "姓名"), (0.4, "应出勤天数"), (0.7, "出勤天数"))],
        *[line(text, x, 0.17) for x, text in ((0.1, "张三"), (0.4, "26"), (0.7, "26"))],
    ])
    assert value(read(DocType.WORK_ATTENDANCE, sheet), "month") == "2023-09"


def test_an_agreement_of_those_who_hire_and_those_who_work_is_read_by_these_names() -> None:
    paper = text_page("用工协议", "用工方：文水县云上电子商务有限公司（下称甲方）",
        f"务工者：张三　男　身份证：{ID}（下称乙方）",
        "1、期限。本协议壹年有效，二0二三年十月十一日起，到二0二四年十月十日终止。",
        "3、工资。每月叁仟贰佰元（￥3200.00），次月10号发放。", "务工者签名：", "用工方（盖章）")
    document = read(DocType.LABOUR_CONTRACT, paper)
    assert value(document, "employee") == "张三"
    assert value(document, "employer") == "文水县云上电子商务有限公司"
    assert value(document, "wage") == 3200
    assert value(document, "contract_start") == date(2023, 10, 11)
    assert value(document, "contract_end") == date(2024, 10, 10)


def test_what_premises_are_used_for_is_no_name() -> None:
    told = text_page("关于经营用房的情况说明", f"我叫张三，身份证号码为{ID}。本人经营的百货门市位于文水县南关15号，",
        "房屋为父亲所有，共2间，无偿供本人经营使用，不存在产权纠纷。")
    assert value(read(DocType.PREMISES_PROOF, told), "tenant") == "张三"
    leased = text_page("门面房租赁协议", f"租赁方：张三（身份证{ID}，以下称乙方）", "房东：李四（以下称甲方）",
        "甲方将文水县北峪口村9号门面房一间租给乙方经营使用，达成如下协议：")
    document = read(DocType.PREMISES_PROOF, leased)
    assert (value(document, "tenant"), value(document, "landlord")) == ("张三", "李四")


def test_a_form_may_ask_when_the_work_began() -> None:
    form = text_page("灵活就业登记证明", f"姓名：张三　身份证：{ID}", "何时开始：2023年10月　收入情况：每月约2400元")
    assert value(read(DocType.FLEXIBLE_CERTIFICATE, form), "period") == "2023-10"


def test_a_letter_read_out_of_a_seal_s_ring_is_no_signature() -> None:
    ring = PageMark(shape=MarkShape.ROUND_SEAL, box=Box(0.3, 0.42, 0.5, 0.56), confidence=0.9, colour="black")
    form = text_page("灵活就业登记证明", f"姓名：张三　身份证：{ID}", "收入情况：每月约2400元", marks=(ring,))
    lines = (*form.reading.lines, line("本人签名：", 0.12, 0.40), line("植", 0.39, 0.43),
        line("用人单位盖章：", 0.12, 0.5))
    shown = form.model_copy(update={"reading": form.reading.model_copy(update={"lines": lines})})
    document = read(DocType.FLEXIBLE_CERTIFICATE, shown)
    assert not any(mark.kind == "signature" for mark in document.marks)
