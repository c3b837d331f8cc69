"""Pages to types, over a whole binder."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from archive_verify.classify import classify
from archive_verify.model import DocType, Page
from tests import binder_pages as made
from tests.binder_pages import BINDER, NAMES
from tests.factories import centred, line, page, row, text_page

Maker = Callable[[int], Page]


def _types(*makers: Maker) -> list[str]:
    return [str(found.doc_type) for found in classify([make(index) for index, make in enumerate(makers, 1)])]


def _untitled(make: Maker) -> Maker:
    def strip(index: int) -> Page:
        whole = make(index)
        small = tuple(item for item in whole.reading.lines if item.box.height < 0.015)
        return whole.model_copy(update={"reading": whole.reading.model_copy(update={"lines": small})})

    return strip


def test_every_page_of_a_binder_gets_its_type_with_confidence() -> None:
    found = classify([make(index) for index, (_, make) in enumerate(BINDER, 1)])
    assert [str(item.doc_type) for item in found] == [kind for kind, _ in BINDER]
    assert min(item.confidence for item in found) > 0.8


@pytest.mark.parametrize("place", range(len(BINDER)), ids=lambda place: f"{place}-{BINDER[place][0]}")
def test_a_titled_page_is_told_without_its_neighbours(place: int) -> None:
    kind, make = BINDER[place]
    if make not in (made.contract_middle, made.contract_end, made.exam_second_page):
        assert _types(make) == [kind]


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("catalogue", made.catalogue),
        ("opening_approval", made.opening_approval),
        ("trainee_roster", made.roster),
        ("training_plan", made.plan),
        ("teaching_log", made.log),
        ("exam_paper", made.exam),
        ("score_sheet", made.scores),
        ("certificate_register", made.certificate_register),
        ("certificate_copy", made.certificate),
        ("employment_summary", made.employment_summary),
        ("labour_contract", made.contract),
        ("payroll", made.payroll),
        ("work_attendance", made.work_attendance),
        ("business_licence", made.licence),
        ("premises_proof", made.lease),
        ("flexible_certificate", made.flexible),
        ("order_agreement", made.order_agreement),
        ("truthfulness_commitment", made.commitment),
        ("subsidy_application", made.application),
        ("callback_record", made.callback),
    ],
)
def test_words_and_layout_tell_a_page_whose_title_was_lost(kind: str, make: Maker) -> None:
    assert _types(_untitled(make)) == [kind]


def test_a_contract_page_without_title_belongs_to_the_contract_before_it() -> None:
    found = classify([made.contract(1), made.contract_middle(2), made.contract_end(3), made.payroll(4)])
    assert [str(item.doc_type) for item in found] == ["labour_contract"] * 3 + ["payroll"]
    assert [item.starts for item in found] == [True, False, False, True]


def test_the_second_page_of_an_exam_is_no_contract() -> None:
    assert _types(made.exam, made.exam_second_page) == ["exam_paper", "exam_paper"]


def test_a_table_that_goes_on_without_title_and_header_is_the_same_table() -> None:
    def rest(index: int) -> Page:
        lines = [
            item
            for place in range(6)
            for item in row(
                0.1 + 0.03 * place,
                str(9 + place),
                NAMES[place],
                "男",
                "141121199001010012",
                "初中",
                "文水县下曲镇",
                "13803580002",
            )
        ]
        return page(lines, index)

    assert _types(made.roster, rest, made.plan) == ["trainee_roster", "trainee_roster", "training_plan"]


def test_the_owner_of_a_bare_attendance_sheet_is_told_by_its_words() -> None:
    def of_the_class(index: int) -> Page:
        return made.training_attendance(index, title="考勤表")

    assert _types(of_the_class, made.work_attendance) == ["training_attendance", "work_attendance"]


def test_a_repeated_title_begins_another_document() -> None:
    found = classify([made.log(1), made.log(2), made.log(3)])
    assert [item.starts for item in found] == [True, True, True]


def test_a_page_that_counts_itself_as_the_second_goes_on() -> None:
    second = page([*made.roster(2).reading.lines, line("第2页 共2页", 0.45, 0.96)], 2)
    found = classify([made.roster(1), second])
    assert [item.starts for item in found] == [True, False]


def test_a_blank_page_is_blank_and_does_not_part_a_document() -> None:
    found = classify([made.contract(1), page([], 2, flags=frozenset({"blank"})), made.contract_middle(3)])
    assert [item.doc_type for item in found] == [
        DocType.LABOUR_CONTRACT,
        DocType.BLANK,
        DocType.LABOUR_CONTRACT,
    ]
    assert not found[2].starts


def test_licences_of_the_school_are_no_business_licence() -> None:
    assert _types(made.school_licence) == ["other"]


def test_an_application_that_lists_its_enclosures_is_an_application() -> None:
    assert _types(made.application, made.opening_report) == ["subsidy_application", "opening_report"]


def test_a_title_in_two_lines_is_read_as_one() -> None:
    split = page(
        [
            *text_page(
                "", "甲方：文水县福满楼餐饮有限公司", "乙方：文水县启航职业培训学校", "一、双方商定如下"
            ).reading.lines,
            line("文水县福满楼餐饮有限公司订单式", 0.2, 0.06, height=0.024),
            line("培训协议", 0.42, 0.095, height=0.024),
        ]
    )
    assert str(classify([split])[0].doc_type) == "order_agreement"


def test_the_long_general_contract_is_one_document_with_its_front_and_notes() -> None:
    front = page(
        [
            centred("劳 动 合 同", 0.2, height=0.04),
            centred("（通 用）", 0.26, height=0.02),
            line("甲方（用人单位）：文水县福满楼餐饮有限公司", 0.2, 0.45),
            line("乙方（劳动者）：张建国", 0.2, 0.5),
            line("签 订 日 期：2023年9月1日", 0.2, 0.55),
            centred("中华人民共和国人力资源和社会保障部监制", 0.85),
        ],
        1,
    )
    notes = text_page(
        "注 意 事 项",
        "一、本合同文本供用人单位与建立劳动关系的劳动者签订劳动合同时使用。",
        "二、用人单位应当与招用的劳动者自用工之日起一个月内依法订立书面劳动合同。",
        "三、依法签订的劳动合同具有法律效力，双方应按照劳动合同的约定全面履行各自的义务。",
        index=2,
    )
    heads = page(
        [
            centred("一、劳动合同期限", 0.1, height=0.018),
            line("第一条 甲乙双方约定按下列第 1 种方式确定劳动合同期限：", 0.1, 0.14),
            centred("四、劳动报酬", 0.3, height=0.018),
            line("第六条 甲方以货币形式支付工资，于每月15日前足额支付。", 0.1, 0.34),
        ],
        3,
    )
    found = classify([front, notes, heads, made.contract_end(4), made.payroll(5)])
    assert [str(item.doc_type) for item in found] == ["labour_contract"] * 4 + ["payroll"]
    assert [item.starts for item in found] == [True, False, False, False, True]


@pytest.mark.parametrize("title", ["附件：订单式培训学员名单", "订单式培训学员名册", "订单培训学员名单"])
def test_a_list_of_trainees_behind_the_order_agreement_is_its_annex(title: str) -> None:
    def annex(index: int) -> Page:
        return made.roster(index, title=title)

    assert _types(made.order_agreement, annex) == ["order_agreement", "order_agreement"]


def test_a_class_roster_of_order_training_stays_a_roster_elsewhere() -> None:
    def roster(index: int) -> Page:
        return made.roster(index, title="订单式培训学员名册")

    assert _types(made.opening_approval, roster, made.plan) == ["opening_approval", "trainee_roster", "training_plan"]


def test_misread_article_numbers_do_not_matter() -> None:
    def contract(index: int) -> Page:
        return text_page(
            "劳动合同",
            "第一一条 甲方（用人单位）：福满楼",
            "第十十条 乙方（劳动者）：张建国",
            "第条 试用期两个月",
            index=index,
        )

    assert _types(contract) == ["labour_contract"]


def test_a_page_that_could_not_be_read_is_taken_for_a_part_of_its_neighbourhood_without_confidence() -> None:
    found = classify([made.contract(1), page([], 2, flags=frozenset({"illegible"})), made.contract_end(3)])
    assert found[1].doc_type is DocType.LABOUR_CONTRACT
    assert found[1].confidence < 0.95


def test_a_page_that_could_not_be_read_is_not_the_rest_of_a_paper_of_one_page() -> None:
    found = classify([made.licence(1), page([], 2, flags=frozenset({"illegible"})), made.payroll(3)])
    assert found[0].doc_type is DocType.BUSINESS_LICENCE
    assert found[1].starts or found[1].doc_type is not DocType.BUSINESS_LICENCE


def test_an_empty_binder_has_no_types() -> None:
    assert classify([]) == ()


def test_a_list_under_the_word_annex_stays_with_the_order_agreement() -> None:
    def annex(index: int) -> Page:
        listed = made.roster(index, title="培训学员名单")
        head = line("附件：", 0.08, 0.04)
        lines = (head, *listed.reading.lines)
        return listed.model_copy(update={"reading": listed.reading.model_copy(update={"lines": lines})})

    assert _types(made.order_agreement, annex) == ["order_agreement", "order_agreement"]


def test_a_form_that_is_the_annex_of_some_rule_is_no_annex_of_the_agreement_before_it() -> None:
    def form(index: int) -> Page:
        own = made.contract(index)
        lines = (line("附件9", 0.08, 0.03), *own.reading.lines)
        return own.model_copy(update={"reading": own.reading.model_copy(update={"lines": lines})})

    assert _types(made.order_agreement, form) == ["order_agreement", "labour_contract"]


def test_certificates_that_bear_the_word_annex_are_not_annexed_to_an_agreement_that_is_not_there() -> None:
    def form(index: int) -> Page:
        own = made.certificate(index)
        lines = (line("附表5：", 0.08, 0.03), *own.reading.lines)
        return own.model_copy(update={"reading": own.reading.model_copy(update={"lines": lines})})

    found = _types(made.certificate_register, *[form] * 8, made.order_agreement)
    assert found == ["certificate_register", *["certificate_copy"] * 8, "order_agreement"]


def test_a_list_of_persons_with_phones_is_no_copy_of_cards_though_its_title_was_not_read() -> None:
    heads = ("学号", "姓名", "公民身份号码", "性别", "手机号码")

    def roster(index: int) -> Page:
        rows = [row(0.12, *heads)]
        for place, name in enumerate(NAMES[:6]):
            code = f"1423221975081404{place:02d}"
            rows.append(row(0.16 + 0.035 * place, f"7{place:02d}", name, code, "女", f"1348537660{place}"))
        return page([item for cells in rows for item in cells], index)

    assert _types(roster, dict(BINDER)["id_card_copy"]) == ["trainee_roster", "id_card_copy"]


@pytest.mark.parametrize(("form", "x"), [("{}/{}", 0.89), ("第{}页 共{}页", 0.8)])
def test_the_archives_count_of_its_pages_is_no_forms_own(form: str, x: float) -> None:
    kinds = [kind for kind, _ in BINDER]
    whole = len(BINDER)

    def numbered(index: int) -> Page:
        plain = BINDER[index - 1][1](index)
        return page([line(form.format(index, whole), x, 0.03), *plain.reading.lines], index)

    found = classify([numbered(index) for index in range(1, whole + 1)])
    assert [str(item.doc_type) for item in found] == kinds
    plain = classify([make(index) for index, (_, make) in enumerate(BINDER, 1)])
    assert [item.starts for item in found] == [item.starts for item in plain]
