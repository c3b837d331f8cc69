"""Fields and marks of labour contracts."""

from __future__ import annotations

import base64
import zlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from archive_verify.documents.labour_contract import LABOUR_CONTRACT
from archive_verify.model import Box, DocType, Document, InkMap, MarkShape, Page, PageMark, Span
from tests.factories import centred, line, page, row, text_page

ID = "141121198503120035"
MOHRSS = (
    "甲方（用人单位）：文水县宏达商贸有限公司",
    "统一社会信用代码：91141121MA0K000200",
    "法定代表人（主要负责人）或委托代理人：王建国",
    "注 册 地：文水县凤城镇南街12号",
    "经 营 地：文水县凤城镇南街12号",
    "联系电话：0358-3022345",
    "乙方（劳动者）：张 三",
    "居民身份证号码：141121198503120035",
    "（或其他有效证件名称________证件号：________）",
    "户籍地址：文水县南安镇",
    "联系电话：13834567890",
    "第一条 甲乙双方自用工之日起建立劳动关系，双方约定按下列第 1 种方式确定劳动合同期限：",
    "1.固定期限：自 2023 年 9 月 1 日起至 2024 年 8 月 31 日止，其中，试用期从用工之日起至2023年9月30日止。",
    "2.无固定期限：自____年__月__日起至依法解除、终止劳动合同时止，其中，试用期从用工之日起至____年__月__日止。",
    "3.以完成一定工作任务为期限：自____年__月__日起至____工作任务完成时止。",
    "第三条 乙方工作岗位是 面点师 ，岗位职责为制作面点。",
    "1.月工资 3200 元。",
    "2.计件工资。计件单价为____，甲方应合理制定劳动定额。",
    "乙方在试用期期间的工资计发标准为 2800 元。",
)
SIGN = ("甲方（盖章）：                乙方（签字）：", "", "法定代表人（签字）：",
    "2023年8月30日              2023年8月30日")


def contract(*pages: Page, title: str = "劳动合同") -> Document:
    span = Span(id="d1", type=DocType.LABOUR_CONTRACT, pages=tuple(one.index for one in pages), title=title)
    return LABOUR_CONTRACT.extract(span, pages)


def values(document: Document) -> dict[str, Any]:
    return {name: reading.value for name, reading in document.fields.items() if reading.state == "read"}


def test_the_ministrys_form_gives_parties_term_and_wage() -> None:
    found = values(contract(text_page("劳动合同", *MOHRSS)))
    assert found["employer"] == "文水县宏达商贸有限公司"
    assert found["employee"] == "张三"
    assert found["id_number"] == ID
    assert found["credit_code"] == "91141121MA0K000200"
    assert found["legal_representative"] == "王建国"
    assert found["phone"] == "13834567890"
    assert (found["contract_start"], found["contract_end"]) == (date(2023, 9, 1), date(2024, 8, 31))
    assert found["contract_kind"] == "fixed"
    assert found["wage"] == Decimal(3200)
    assert found["probation_wage"] == Decimal(2800)
    assert found["position_title"] == "面点师"


def test_the_second_option_is_an_open_term() -> None:
    text = [one.replace("第 1 种", "第 2 种") for one in MOHRSS]
    text[12] = "1.固定期限：自____年__月__日起至____年__月__日止，其中，试用期从用工之日起至____年__月__日止。"
    text[13] = "2.无固定期限：自 2023 年 9 月 1 日起至依法解除、终止劳动合同时止。"
    found = values(contract(text_page("劳动合同", *text)))
    assert found["contract_kind"] == "open"
    assert found["contract_start"] == date(2023, 9, 1)
    assert "contract_end" not in found


@pytest.mark.parametrize(("term", "start", "end", "months"), [
    ("合同期限：壹年，自2023.9.1至2024.8.31", date(2023, 9, 1), date(2024, 8, 31), 12),
    ("一、合同期限：2023年9月1日至2024年2月29日", date(2023, 9, 1), date(2024, 2, 29), None),
    ("本合同期限为12个月，从2023年9月1日起至2024年8月31日止。", date(2023, 9, 1), date(2024, 8, 31), 12),
    ("合同期自二〇二三年九月一日起至二〇二四年八月三十一日止", date(2023, 9, 1), date(2024, 8, 31), None),
    ("试用期自2023年9月1日至2023年9月30日，合同期限自2023年9月1日至2024年8月31日", date(2023, 9, 1),
        date(2024, 8, 31), None),
    ("劳动合同期限：六个月，自2023年9月1日起", date(2023, 9, 1), None, 6),
])
def test_short_local_contracts_give_their_term(
    term: str, start: date, end: date | None, months: int | None
) -> None:
    found = values(contract(text_page(
        "劳动合同书", "甲方（单位）：文水县好再来饭店",
        "乙方：李小明   性别：男   身份证号：141121198503120035", term,
        "工作岗位：服务员     月工资：2600元", "甲方（盖章）：       乙方（签字）：",
    )))
    assert found["employer"] == "文水县好再来饭店"
    assert found["employee"] == "李小明"
    assert found["id_number"] == ID
    assert found["contract_start"] == start
    assert found.get("contract_end") == end
    assert found.get("contract_months") == months
    assert found["wage"] == Decimal(2600)
    assert found["position_title"] == "服务员"


def test_a_term_left_empty_is_blank_and_one_that_cannot_be_read_is_unread() -> None:
    empty = contract(text_page("劳动合同", "合同期限：自    年   月   日起至    年   月   日止。"))
    assert empty.fields["contract_start"].state == "blank"
    smeared = contract(text_page("劳动合同", "合同期限：自2023年9月1日起至2o%4年8月3l口止。"))
    assert smeared.fields["contract_start"].value == date(2023, 9, 1)
    assert smeared.fields["contract_end"].state == "unread"


def sign_page(*marks: PageMark, signed: str = "", colour: bool = True) -> Page:
    lines = [line(text, 0.1, 0.12 + 0.03 * number) for number, text in enumerate(MOHRSS)]
    lines += [line("甲方（盖章）：", 0.1, 0.75), line("乙方（签字）：", 0.55, 0.75),
        line("法定代表人：", 0.1, 0.79)]
    lines += [line("2023年8月30日", 0.1, 0.83), line("2023年8月30日", 0.55, 0.83)]
    if signed:
        lines.append(line(signed, 0.71, 0.745))
    return page(lines, marks=marks, colour=colour)


def seal(x: float, y: float, shape: MarkShape = MarkShape.ROUND_SEAL, size: float = 0.1) -> PageMark:
    box = Box(x - size, y - 0.7 * size, x + size, y + 0.7 * size)
    return PageMark(shape=shape, box=box, confidence=0.9, colour="red")


def kinds(document: Document) -> set[tuple[str, str, bool]]:
    return {(mark.kind, mark.party, mark.personal) for mark in document.marks}


@pytest.mark.parametrize(("term", "start", "end"), [
    ("2024.1.2至2025.11", "read", "unread"), ("2023.11至2024.10.31", "unread", "read"),
    ("2024.1.2至2025.1.1", "read", "read"), ("2024.1至2025.12", "read", "read"),
])
def test_beside_a_day_a_month_with_a_point_may_be_a_day_that_lost_one(term: str, start: str, end: str) -> None:
    found = contract(text_page("劳动合同", f"☑固定期限：{term}", "□无固定期限 □以完成一定任务为期限")).fields
    assert (found["contract_start"].state, found["contract_end"].state) == (start, end)


def test_a_form_that_asks_for_term_and_wage_in_cells_is_read_cell_by_cell() -> None:
    rows = [
        row(0.20, "期限类型", "□无固定期限 ☑固定期限", at=(0.1, 0.3)),
        row(0.24, "起止日期", "起始日期2024/5/6", "终止日期2027/5/5", at=(0.1, 0.3, 0.6)),
        row(0.28, "试用期", "□有 ☑无", at=(0.1, 0.3)), row(0.32, "岗位", "电焊工", at=(0.1, 0.3)),
        row(0.36, "工资", "月工资4,600元", at=(0.1, 0.3)),
    ]
    lines = [centred("劳动合同书", 0.09, height=0.022), *(one for cells in rows for one in cells)]
    found = values(contract(page(lines)))
    assert (found["contract_start"], found["contract_end"]) == (date(2024, 5, 6), date(2027, 5, 5))
    assert found["wage"] == Decimal(4600)
    assert "probation_wage" not in found


def test_parties_side_by_side_may_stand_below_their_labels() -> None:
    rows = [
        row(0.15, "甲方（用人单位）名称：", "乙方（劳动者）姓名：张三", at=(0.1, 0.52)),
        row(0.175, "文水县宏达商贸有限公司", f"居民身份证号：{ID}", at=(0.1, 0.52)),
        row(0.20, "注册地：", "联系电话：13834567890", at=(0.1, 0.52)),
        row(0.225, "法定代表人：王建国", "户籍地址：南安镇", at=(0.1, 0.52)),
    ]
    lines = [centred("简易劳动合同", 0.09, height=0.022), *(one for cells in rows for one in cells)]
    found = values(contract(page(lines)))
    assert (found["employer"], found["employee"]) == ("文水县宏达商贸有限公司", "张三")
    assert found["legal_representative"] == "王建国"


def test_a_contract_in_plain_words_gives_its_term_and_its_unit() -> None:
    found = values(contract(text_page(
        "用工合同", f"用工单位文水县小太阳幼儿园有限公司（甲方）与劳动者张三（乙方，身份证号{ID}）签订如下条款：",
        "一、乙方在甲方做保育员工作，合同期从2024年6月1日开始，到2025年5月31日结束。",
        "二、甲方每月给乙方开工资2600元，每月5号前发上月工资。",
        "甲方：文水县小太阳幼儿园有限公司 代表人：郭素萍", "乙方：张三",
    )))
    assert found["employer"] == "文水县小太阳幼儿园有限公司"
    assert (found["contract_start"], found["contract_end"]) == (date(2024, 6, 1), date(2025, 5, 31))


def test_a_units_last_letter_may_stand_alone_in_the_next_line_of_its_column() -> None:
    rows = [
        row(0.11, "聘用方（以下称甲方）：文水县老街坊餐饮管理有限公", "受聘方（以下称乙方）：张三", at=(0.1, 0.52)),
        row(0.14, "司", f"证件号码：{ID}", at=(0.1, 0.52)),
    ]
    lines = [centred("聘用劳动合同", 0.07, height=0.022), *(one for cells in rows for one in cells)]
    found = values(contract(page(lines)))
    assert found["employer"] == "文水县老街坊餐饮管理有限公司"


def test_seal_and_signature_go_to_their_parties() -> None:
    document = contract(sign_page(seal(0.25, 0.76), signed="张三"))
    assert kinds(document) == {("seal", "employer", False), ("signature", "employee", False)}
    assert document.missing_marks == ()
    assert document.unsure_marks == ()


def test_an_empty_place_is_missing_its_mark() -> None:
    document = contract(sign_page())
    assert set(document.missing_marks) == {("seal", "employer"), ("signature", "employee")}


def test_print_of_the_label_that_looks_handwritten_is_no_signature() -> None:
    label = line("乙方（签字）：", 0.55, 0.75)
    blot = PageMark(shape=MarkShape.HANDWRITING, confidence=0.7, colour="black", box=Box(
        label.box.x0 + 0.4 * label.box.width, label.box.y0, label.box.x0 + 0.9 * label.box.width, label.box.y1
    ))
    document = contract(sign_page(seal(0.25, 0.76), blot))
    assert document.missing_marks == (("signature", "employee"),)


def test_the_representatives_personal_seal_is_no_unit_seal() -> None:
    document = contract(sign_page(seal(0.25, 0.78, MarkShape.PERSONAL_SEAL, 0.03), signed="张三"))
    assert ("seal", "employer", True) in kinds(document)
    assert document.missing_marks == (("seal", "employer"),)


def test_a_fingerprint_in_the_employees_place_is_his_mark() -> None:
    document = contract(sign_page(seal(0.25, 0.76), seal(0.75, 0.755, MarkShape.FINGERPRINT, 0.02)))
    assert ("fingerprint", "employee", False) in kinds(document)
    assert document.missing_marks == ()


def test_on_a_black_and_white_copy_a_seal_not_seen_is_unsure() -> None:
    document = contract(sign_page(signed="张三", colour=False))
    assert document.unsure_marks == (("seal", "employer"),)


def test_the_sign_block_may_stand_on_the_last_page() -> None:
    first = text_page("劳动合同", *MOHRSS, index=1)
    last = sign_page(seal(0.25, 0.76), signed="张三").model_copy(update={"index": 2})
    document = contract(first, last)
    assert {mark.page for mark in document.marks} == {2}
    assert values(document)["sign_date"] == date(2023, 8, 30)


def test_a_service_agreement_is_no_labour_contract() -> None:
    document = contract(text_page("劳务协议", "甲方：文水县宏达商贸有限公司", "乙方：张三"), title="劳务协议")
    assert document.fields["contract_nature"].value == "service"
    assert "contract_nature" not in contract(text_page("劳动合同", *MOHRSS)).fields


PARTIES = ("甲方（用人单位）：文水县宏达商贸有限公司", "乙方（劳动者）：张三", "身份证号码：141121198503120035")
START, END = date(2023, 9, 1), date(2024, 8, 31)


@pytest.mark.parametrize(("wording", "start", "end", "kind"), [
    ("本合同于2023年9月1日生效，其中试用期至2023年10月1日止。本合同于2024年8月31日终止。", START, END, "fixed"),
    ("（一）有固定期限：从2023年09月01日起到2024年08月31日止。", START, END, "fixed"),
    ("☑固定期限：自2023年9月1日起至2024年8月31日止  □无固定期限：自   年  月  日起", START, END, "fixed"),
    ("聘期自2023年9月1日起一年。", START, None, "fixed"),
    ("本合同为无固定期限劳动合同，自2023年9月1日起。", START, None, "open"),
    ("选择第（2）项 合同期限 1、固定期限，自   年  月  日。2、无固定期限，自2023年9月1日起。", START, None, "open"),
    ("合同期限自2023年9月1日起至", START, None, None),
    ("合同期限：自2023年9月1日起长期有效。", START, None, "open"),
    ("合同期限：2023年9月1日至长期  岗位：面点工，应完成工作任务", START, None, "open"),
    ("乙方自2023年9月1日起长期在甲方指定的地点工作。", START, None, None),
    ("乙方于2023年9月1日入职，合同期限为一年。", START, None, "fixed"),
])
def test_the_term_is_read_in_other_wordings(
    wording: str, start: date, end: date | None, kind: str | None
) -> None:
    found = values(contract(text_page("劳动合同", *PARTIES, wording)))
    assert (found.get("contract_start"), found.get("contract_end")) == (start, end)
    assert found.get("contract_kind") == kind


@pytest.mark.parametrize(("wording", "wage"), [
    ("月工资标准为税前人民币叁仟元整（¥3000.00）。", 3000),
    ("乙方试用期月工资2800元，试用期满后月工资为3500元。", 3500),
    ("工资标准不低于当地最低工资标准1880元，乙方月工资3000元。", 3000),
    ("月薪3000", 3000),
    ("乙方每月工资3千元", 3000),
    ("乙方工资实行日工资制，每天120元。", None),
    ("加班工资每小时20元，月工资____元", None),
])
def test_the_monthly_wage_is_told_from_other_amounts(wording: str, wage: int | None) -> None:
    assert values(contract(text_page("劳动合同", *PARTIES, wording))).get("wage") == wage


@pytest.mark.parametrize("heads", [
    ("甲方：文水县宏达商贸有限公司（以下简称甲方）", "乙方：张三（以下简称乙方）  性别：男"),
    ("用人单位（甲方）名称：文水县宏达商贸有限公司", "劳动者（乙方）姓名：张三"),
    ("甲    方：文水县宏达商贸有限公司", "乙    方：张  三"),
    ("文水县宏达商贸有限公司（以下简称甲方）与张三（以下简称乙方）经平等协商，签订本合同。",),
])
def test_the_parties_are_named_in_many_ways(heads: tuple[str, ...]) -> None:
    found = values(contract(text_page("劳动合同", *heads, "身份证号：141121198503120035")))
    assert (found["employer"], found["employee"]) == ("文水县宏达商贸有限公司", "张三")


def test_on_a_grey_copy_a_clean_place_has_no_seal() -> None:
    empty = base64.b64encode(zlib.compress(bytes(192 * 136))).decode()
    signed = sign_page(signed="张三", colour=False)
    reading = signed.reading.model_copy(update={
        "halftone": True, "ink": InkMap(rows=192, cols=136, dark=empty, red=empty),
    })
    assert contract(signed.model_copy(update={"reading": reading})).missing_marks == (("seal", "employer"),)


def test_a_label_half_covered_by_the_seal_is_still_a_place_to_sign() -> None:
    lines = [line(text, 0.1, 0.12 + 0.03 * number) for number, text in enumerate(MOHRSS)]
    lines += [line("甲方（公", 0.1, 0.75), line("乙方", 0.55, 0.75), line("张三", 0.7, 0.748)]
    document = contract(page(lines, marks=(seal(0.25, 0.77),), colour=True))
    assert kinds(document) == {("seal", "employer", False), ("signature", "employee", False)}


def test_a_term_up_to_the_legal_end_of_the_contract_is_open() -> None:
    document = contract(text_page(
        "劳动合同书", "甲方：文水县宏达商贸有限公司", "乙方：张三",
        "一、合同期限：自2023年4月1日起至法定的解除或终止劳动合同条件出现时止。",
    ))
    found = values(document)
    assert (found["contract_start"], found["contract_kind"]) == (date(2023, 4, 1), "open")
    assert "contract_end" not in found
