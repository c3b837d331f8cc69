"""Labour contracts of other makers: terms in other wordings, parties in cells, natures, places to sign."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from archive_verify.documents.labour_contract import LABOUR_CONTRACT
from archive_verify.model import Box, DocType, Document, Page, Span
from tests.factories import centred, line, page, ruled_page, text_page
from tests.test_other_makers import ink_at

ID = "141121198503120035"
PARTIES = ("甲方（用人单位）：文水县福满楼酒店", "乙方（劳动者）：张三", f"身份证号：{ID}")
START, END = date(2023, 9, 1), date(2024, 8, 31)


def contract(*pages: Page, title: str = "劳动合同") -> Document:
    span = Span(id="d1", type=DocType.LABOUR_CONTRACT, pages=tuple(one.index for one in pages), title=title)
    return LABOUR_CONTRACT.extract(span, pages)


def values(document: Document) -> dict[str, Any]:
    return {name: reading.value for name, reading in document.fields.items() if reading.state == "read"}


def term(*clauses: str) -> tuple[Any, ...]:
    found = values(contract(text_page(
        "劳动合同", *PARTIES, *clauses, "甲方（盖章）：　　　　乙方（签字）：", "2023年8月30日",
    )))
    return tuple(found.get(f"contract_{name}") for name in ("kind", "start", "end", "months"))


@pytest.mark.parametrize(("clauses", "expected"), [
    (["一、合同期限12个月，自2023年09月01日起，其中试用期至2023年09月30日止。"], ("fixed", START, None, 12)),
    (["合同期限为一年（含试用期，试用期自2023年9月1日起至2023年10月1日止），自2023年9月1日起至2024年8月31日止。"],
     ("fixed", START, END, 12)),
    (["试用期一个月，自2023年9月1日起至2023年9月30日止；合同期自2023年9月1日起至2024年8月31日止。"],
     ("fixed", START, END, None)),
    (["第三条 试用期：自2023年9月1日至2023年9月30日。", "第四条 合同期限：自2023年9月1日至2024年8月31日。"],
     ("fixed", START, END, None)),
    (["合同期限三年，试用期自2023年9月1日起至2023年11月30日止。"], ("fixed", None, None, 36)),
    (["合同期限：23.9.1至24.8.31，试用期：23.9.1-23.9.30"], ("fixed", START, END, None)),
    (["合同期限自二〇二三年九月一日起至二〇二四年八月三十一日止，试用期至二〇二三年九月三十日止。"],
     ("fixed", START, END, None)),
    (["本合同有效期自2023 年 9 月 1 日起至 2024 年 8 月 31 日止。（试用期2023.9.1-2023.9.30）"],
     ("fixed", START, END, None)),
    (["劳动合同期限为12个月，从2023年9月1日开始计算。试用期为1个月，即2023年9月1日至2023年9月30日。"],
     ("fixed", START, None, 12)),
])
def test_the_term_is_never_the_probation(clauses: list[str], expected: tuple[Any, ...]) -> None:
    assert term(*clauses) == expected


_TYPES = "□固定期限 ☑无固定期限 □以完成一定工作任务为期限"


@pytest.mark.parametrize(("clauses", "expected"), [
    ([f"合同期限类型：{_TYPES}", "起始日期：2023-09-01  终止日期：      试用期截止日期：2023-11-30"],
     ("open", START, None, None)),
    (["合同期限类型：" + _TYPES.replace("□固定", "☑固定").replace("☑无", "□无"),
      "起始日期：2023-09-01  终止日期：2024-08-31  试用期截止日期：2023-11-30"], ("fixed", START, END, None)),
    (["双方约定按下列第 3 种方式确定劳动合同期限：", "1.固定期限：自    年   月   日起至    年   月   日止。",
      "2.无固定期限：自    年   月   日起至依法解除、终止劳动合同时止。",
      "3.以完成一定工作任务为期限：自 2023 年 9 月 1 日起至 二号楼装修 工作任务完成时止。"],
     ("task", START, None, None)),
])
def test_only_the_chosen_option_counts(clauses: list[str], expected: tuple[Any, ...]) -> None:
    assert term(*clauses) == expected


@pytest.mark.parametrize(("title", "clause", "nature"), [
    ("劳务协议书", "乙方为甲方提供保洁劳务，双方不构成劳动关系。", "service"),
    ("实习协议", "实习期间甲方按月发放实习补助1500元。", "internship"),
    ("劳务合同", "根据《中华人民共和国劳动合同法》，双方签订本合同，试用期一个月。", "unclear"),
    ("非全日制用工协议", "乙方每日工作不超过四小时。", "part_time"),
    ("劳务派遣劳动合同", "甲方派遣乙方到用工单位工作。", None),
    ("简易劳动合同书", "乙方从事保洁工作。", None),
])
def test_the_title_tells_what_is_no_labour_contract(title: str, clause: str, nature: str | None) -> None:
    assert values(contract(text_page(title, *PARTIES, clause), title=title)).get("contract_nature") == nature


def test_parties_in_cells_side_by_side() -> None:
    form = ruled_page("劳动合同书", ("用人单位", "文水县福满楼酒店", "劳动者", "张三"), [
        ("法定代表人", "王建国", "身份证号", ID),
        ("统一社会信用代码", "91141121MA0K000200", "联系电话", "13834567890"),
        ("合同期限", "2023年9月1日至2024年8月31日", "试用期", "2023年9月1日至2023年9月30日"),
        ("工作岗位", "面点师", "月工资", "3200元"),
    ])
    found = values(contract(form))
    assert found["employer"] == "文水县福满楼酒店"
    assert (found["employee"], found["id_number"], found["phone"]) == ("张三", ID, "13834567890")
    assert (found["contract_start"], found["contract_end"]) == (START, END)
    assert (found["position_title"], found["wage"]) == ("面点师", 3200)


def test_parties_in_blocks_beside_each_other() -> None:
    left = ("用人单位（甲方）", "名称：文水县福满楼酒店", "法定代表人：王建国", "联系电话：0358-3022345")
    right = ("劳动者（乙方）", "姓名：张三", f"身份证号：{ID}", "联系电话：13834567890")
    lines = [centred("劳动合同", 0.08, height=0.022)]
    for number, (one, other) in enumerate(zip(left, right, strict=True)):
        lines += [line(one, 0.08, 0.14 + 0.03 * number), line(other, 0.54, 0.14 + 0.03 * number)]
    lines.append(line("合同期限：自2023年9月1日起至2024年8月31日止。", 0.1, 0.3))
    found = values(contract(page(lines)))
    assert found["employer"] == "文水县福满楼酒店"
    assert (found["employee"], found["id_number"], found["phone"]) == ("张三", ID, "13834567890")
    assert found["legal_representative"] == "王建国"


def test_values_that_stand_below_their_labels() -> None:
    lines = [centred("劳动合同", 0.08, height=0.022)]
    below = (("甲方（用人单位）：", "文水县福满楼酒店"), ("乙方（劳动者）：", "张三"), ("身份证号码：", ID))
    for number, (label, value) in enumerate(below):
        lines += [line(label, 0.1, 0.14 + 0.045 * number), line(value, 0.14, 0.158 + 0.045 * number)]
    found = values(contract(page(lines)))
    assert (found["employer"], found["employee"], found["id_number"]) == ("文水县福满楼酒店", "张三", ID)


def sign_block(*ink: Box, asked: str = "乙方（签字、按手印）：", halftone: bool = True) -> Document:
    lines = [line(text, 0.1, 0.12 + 0.03 * number) for number, text in enumerate(PARTIES)]
    lines += [line("甲方（盖章）：", 0.1, 0.75), line(asked, 0.52, 0.75)]
    lines += [line("2023年8月30日", 0.1, 0.86), line("2023年8月30日", 0.6, 0.86)]
    return contract(page(lines, colour=False, halftone=halftone, ink=ink_at(*ink)))


def test_a_grey_fingerprint_below_its_label_leaves_the_signature_open() -> None:
    assert ("signature", "employee") in sign_block().missing_marks
    printed = sign_block(Box(0.56, 0.775, 0.61, 0.81))
    assert ("signature", "employee") in printed.unsure_marks


def test_a_fingerprint_that_a_1_bit_copy_may_have_lost_is_open_and_a_name_is_not() -> None:
    assert ("signature", "employee") in sign_block(halftone=False).unsure_marks
    assert ("signature", "employee") in sign_block(halftone=False, asked="乙方（签字）：").missing_marks


def test_a_label_that_lost_its_party_is_where_the_other_side_signs_and_proves_no_lack() -> None:
    signed = sign_block(Box(0.62, 0.74, 0.70, 0.76), asked="（签字）")
    assert ("signature", "employee") in {(mark.kind, mark.party) for mark in signed.marks}
    assert ("signature", "employee") in sign_block(asked="（签字）").unsure_marks


def test_a_time_limit_for_signing_is_no_term() -> None:
    notes = text_page("注意事项", "用人单位应当与劳动者自用工之日起一个月内依法订立书面劳动合同。")
    found = contract(notes, text_page("", "一、合同期限：自2023年10月1日起至2024年9月30日止。", index=2))
    assert "contract_months" not in found.fields
    assert found.fields["contract_end"].value == date(2024, 9, 30)


@pytest.mark.parametrize("signed", ["乙方（签字）韩春香", "乙方签字（按手印）： 春香", "乙方签名（捺指印）：韩春香"])
def test_a_name_written_close_behind_its_label_is_a_signature(signed: str) -> None:
    body = [line("本合同双方各执一份，自双方签字（盖章）之日起生效。", 0.12, 0.5), line("甲方（盖章）", 0.12, 0.7),
            line(signed, 0.55, 0.7), line("2023年10月1日", 0.55, 0.8)]
    found = contract(page(body))
    assert ("signature", "employee") in {(mark.kind, mark.party) for mark in found.marks}


def test_prose_behind_a_bracket_is_no_label_to_sign_by() -> None:
    body = [line("乙方（签字）：", 0.12, 0.6), line("经甲方（盖章）、乙方（签字）之日", 0.12, 0.7)]
    body += [line("起生效。", 0.12, 0.72)]
    assert not contract(page(body)).marks


def test_a_credit_code_is_read_behind_a_label_broken_at_the_end_of_its_row() -> None:
    body = [line("用人单位（以下简称甲方）：文水县锦衣服饰有限公司 统一社会信用代", 0.1, 0.2),
            line("码：91141121MA0K000200", 0.1, 0.23), line("劳动者（以下简称乙方）：段翠英", 0.1, 0.26)]
    assert values(contract(page(body)))["credit_code"] == "91141121MA0K000200"
