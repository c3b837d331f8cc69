"""Typed pages to documents."""

from __future__ import annotations

from archive_verify.model import Box, DocType, Numbering, PageClass, PageNumber
from archive_verify.segment import segment
from tests.binder_pages import contract
from tests.factories import text_page


def _class(index: int, kind: str, title: str = "", confidence: float = 0.99) -> PageClass:
    return PageClass(
        index=index, doc_type=DocType(kind), confidence=confidence, starts=bool(title), title=title
    )


def _numbering(numbers: dict[int, int], *out_of_place: int) -> Numbering:
    found = {
        index: PageNumber(
            value=value,
            text=str(value),
            position="top_right",
            box=Box(0.9, 0.02, 0.94, 0.04),
            confidence=0.99,
        )
        for index, value in numbers.items()
    }
    return Numbering(numbers=found, out_of_place=out_of_place)


def _spans(*classes: PageClass, numbering: Numbering | None = None) -> list[tuple[str, tuple[int, ...]]]:
    return [(str(span.type), span.pages) for span in segment((), classes, numbering or Numbering())]


def test_a_title_begins_a_document_and_untitled_pages_go_on() -> None:
    assert _spans(
        _class(1, "labour_contract", "劳动合同"),
        _class(2, "labour_contract"),
        _class(3, "labour_contract", "劳动合同"),
        _class(4, "payroll", "工资表"),
    ) == [("labour_contract", (1, 2)), ("labour_contract", (3,)), ("payroll", (4,))]


def test_ids_count_the_documents_in_order_of_their_first_page() -> None:
    spans = segment(
        (),
        [_class(1, "cover", "档案"), _class(2, "catalogue", "目录"), _class(3, "payroll", "工资表")],
        Numbering(),
    )
    assert [span.id for span in spans] == ["d1", "d2", "d3"]


def test_a_roster_that_repeats_its_title_on_every_page_is_one_document() -> None:
    assert _spans(
        _class(1, "trainee_roster", "学员花名册"),
        _class(2, "trainee_roster", "学员花名册（续）"),
        _class(3, "id_card_copy"),
        _class(4, "id_card_copy"),
    ) == [("trainee_roster", (1, 2)), ("id_card_copy", (3, 4))]


def test_lists_of_one_type_with_different_titles_are_two_documents() -> None:
    assert len(_spans(_class(1, "other", "教材发放登记表"), _class(2, "other", "师资一览表"))) == 2


def test_blank_pages_belong_to_no_document_and_part_none() -> None:
    assert _spans(
        _class(1, "labour_contract", "劳动合同"),
        _class(2, "blank"),
        _class(3, "labour_contract"),
    ) == [("labour_contract", (1, 3))]


def test_a_contract_page_bound_out_of_place_joins_its_contract() -> None:
    classes = [
        _class(1, "labour_contract", "劳动合同"),
        _class(2, "labour_contract"),
        _class(3, "payroll", "工资表"),
        _class(4, "labour_contract"),
    ]
    numbering = _numbering({1: 31, 2: 33, 3: 34, 4: 32}, 4)
    assert _spans(*classes, numbering=numbering) == [("labour_contract", (1, 4, 2)), ("payroll", (3,))]


def test_a_titled_page_out_of_place_stays_a_document_of_its_own() -> None:
    classes = [
        _class(1, "labour_contract", "劳动合同"),
        _class(2, "payroll", "工资表"),
        _class(3, "labour_contract", "劳动合同"),
    ]
    assert len(_spans(*classes, numbering=_numbering({1: 31, 2: 33, 3: 32}, 3))) == 3


def test_a_document_is_as_sure_as_its_least_sure_page() -> None:
    (span,) = segment(
        (),
        [_class(1, "labour_contract", "劳动合同"), _class(2, "labour_contract", confidence=0.6)],
        Numbering(),
    )
    assert span.confidence == 0.6


def test_the_front_of_a_contract_joins_the_contract_that_repeats_its_title() -> None:
    front = text_page(
        "劳动合同书", "甲方：文水县福满楼餐饮有限公司", "乙方：张建国", "签订日期：2023年9月1日", index=1
    )
    classes = [_class(1, "labour_contract", "劳动合同书"), _class(2, "labour_contract", "劳动合同书")]
    assert [span.pages for span in segment([front, contract(2)], classes, Numbering())] == [(1, 2)]
    assert [span.pages for span in segment([contract(1), contract(2)], classes, Numbering())] == [(1,), (2,)]
