"""Corrections and page overrides applied to a binder; fingerprints of issues."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from archive_verify.fingerprints import fingerprints
from archive_verify.model import Box, DocType, Document, Issue, Mark, Reading, RosterRow
from archive_verify.review import (
    MARKS,
    MARKS_OF,
    SOMEWHERE,
    Correction,
    CorrectionRefused,
    Place,
    corrected,
    parse_value,
)

SPOT = Box(0.1, 0.1, 0.3, 0.12)
PLACES = {1: Place(sha256="a" * 64, file_page=1), 2: Place(sha256="a" * 64, file_page=2)}


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("contract_start", "2023年9月1日", date(2023, 9, 1)),
        ("contract_end", " 2024-08-31 ", date(2024, 8, 31)),
        ("month", "2023-09", "2023-09"),
        ("month", "2023年9月", "2023-09"),
        ("wage", "3000", Decimal("3000")),
        ("income", "叁仟贰佰元整", Decimal("3200")),
        ("headcount", "３０", 30),
        ("days", "21.5", Decimal("21.5")),
        ("passed", "否", False),
        ("id_number", "14112119850312003x", "14112119850312003X"),
        ("credit_code", "92141121MA0GT5E4XX", "92141121MA0GT5E4XX"),
        ("phone", "13800138000", "13800138000"),
        ("period", "2023-09-01/2024-08-31", "2023-09-01/2024-08-31"),
        ("employee", "张  三", "张 三"),
        ("employer", "文水县兴文餐饮管理有限公司", "文水县兴文餐饮管理有限公司"),
        ("wage", "", None),
    ],
)
def test_a_typed_value_becomes_what_the_extractors_give(field: str, typed: str, value: Any) -> None:
    assert parse_value(field, typed) == value


@pytest.mark.parametrize(
    ("field", "typed"),
    [("contract_start", "2023年"), ("month", "九月"), ("wage", "面议"), ("headcount", "三十"), ("id_number", "123")],
)
def test_a_text_that_is_no_value_of_the_field_is_refused(field: str, typed: str) -> None:
    with pytest.raises(CorrectionRefused, match=typed):
        parse_value(field, typed)


def _reading(value: Any, box: Box = SPOT, page: int = 1) -> Reading:
    return Reading(value=value, text=str(value), page=page, box=box, confidence=0.7)


def _payroll() -> Document:
    rows = tuple(
        {
            "name": _reading(name, Box(0.1, y, 0.2, y + 0.02)),
            "gross": _reading(Decimal(3000), Box(0.5, y, 0.6, y + 0.02)),
        }
        for name, y in (("张三", 0.2), ("李四", 0.3))
    )  # fmt: skip
    fields = {"month": _reading("2023-08")}
    return Document(id="d1", type=DocType.PAYROLL, pages=(1,), fields=fields, rows=rows)


def _correct(field: str, value: str, box: Box, place: Place = PLACES[1]) -> Document:
    correction = Correction(place=place, box=box, field=field, value=value)
    (document,) = corrected([_payroll()], [correction], PLACES)
    return document


def test_a_corrected_field_is_confirmed_at_its_spot() -> None:
    reading = _correct("month", "2023-09", SPOT).fields["month"]
    assert (reading.value, reading.confirmed, reading.confidence, reading.lattice) == ("2023-09", True, 1.0, None)


def test_a_corrected_cell_changes_its_row_alone() -> None:
    document = _correct("gross", "3500", Box(0.5, 0.3, 0.6, 0.32))
    assert [row["gross"].value for row in document.rows] == [3000, 3500]


def test_a_cell_that_was_not_found_joins_the_row_beside_it() -> None:
    document = _correct("net", "2900", Box(0.7, 0.305, 0.8, 0.315))
    assert ["net" in row for row in document.rows] == [False, True]


def test_what_a_paper_says_once_joins_no_row_even_beside_one() -> None:
    document = _correct("employer", "某某公司", Box(0.7, 0.305, 0.8, 0.315))
    assert document.fields["employer"].value == "某某公司" and not any("employer" in row for row in document.rows)


def test_a_field_that_was_not_found_joins_its_document() -> None:
    assert _correct("employer", "某某公司", Box(0.1, 0.9, 0.5, 0.92)).fields["employer"].value == "某某公司"


def test_a_value_of_which_nobody_marked_the_spot_joins_the_paper_and_no_row() -> None:
    document = _correct("gross", "3500", SOMEWHERE)
    assert document.fields["gross"].value == 3500 and [row["gross"].value for row in document.rows] == [3000, 3000]
    assert _correct("month", "2023-09", SOMEWHERE).fields["month"].value == "2023-09"


def test_a_name_beside_no_row_begins_one_and_more_values_join_it() -> None:
    name, gross = (
        Correction(place=PLACES[1], box=Box(x, 0.4, x + 0.1, 0.42), field=field, value=value)
        for field, value, x in (("name", "王五", 0.1), ("gross", "3100", 0.5))
    )
    lost = _payroll().model_copy(update={"unread_rows": 1})
    (document,) = corrected([lost], [name, gross], PLACES)
    assert [row["name"].value for row in document.rows] == ["张三", "李四", "王五"]
    assert document.rows[-1]["gross"].value == 3100 and document.unread_rows == 0
    assert corrected([document], [name, gross], PLACES) == (document,), "said once more, it changes nothing"


def test_an_emptied_value_is_blank_not_unread() -> None:
    reading = _correct("month", "", SPOT).fields["month"]
    assert (reading.value, reading.state) == (None, "blank")


def test_a_correction_of_a_paper_that_is_not_bound_in_changes_nothing() -> None:
    assert _correct("month", "2023-09", SPOT, Place(sha256="b" * 64, file_page=1)) == _payroll()
    assert _correct("month", "2023-09", SPOT, PLACES[2]) == _payroll()


def _print(row: int = 1, places: dict[int, Place] = PLACES, **values: Any) -> str:
    issue = Issue(**{
        "id": "i1", "code": "contract_term_short", "severity": "error", "message": "第1页", "citation": "",
        "pages": (1,), "trainee": row, "expected": "6个月", "found": "5个月", **values,
    })  # fmt: skip
    roster = [RosterRow(row=row, name="张三", id_number="141121198503120035")]
    return fingerprints([issue], roster, places)[0]


def test_a_fingerprint_outlives_shifted_rows_and_pages() -> None:
    shifted = {5: PLACES[1]}
    assert _print() == _print(row=7) == _print(places=shifted, pages=(5,), message="第5页")


@pytest.mark.parametrize(
    "change", [{"found": "4个月"}, {"expected": "12个月"}, {"code": "contract_seal_missing"}, {"pages": (2,)}]
)
def test_another_finding_has_another_fingerprint(change: dict[str, Any]) -> None:
    assert _print(**change) != _print()


def test_what_is_missing_is_told_without_the_pages_searched() -> None:
    one = _print(code="contract_missing", found="已查第1页")
    assert one == _print(code="contract_missing", pages=(1, 2), found="已查第1–2页")


def test_a_new_doubt_is_not_hidden_by_an_old_decision() -> None:
    old = _print(code="needs_review", message="学员张三（第1行）需人工核对：第3页的合同期限未能读出。")
    moved = _print(code="needs_review", message="学员张三（第2行）需人工核对：第4页的合同期限未能读出。")
    new = _print(code="needs_review", message="学员张三（第1行）需人工核对：第3页的工资未能读出。")
    assert old == moved != new


def test_issues_that_are_alike_are_counted_through() -> None:
    issue = Issue(id="i1", code="page_blank", severity="info", message="", citation="", pages=(1,))
    assert len(set(fingerprints([issue, issue], [], PLACES))) == 2


def _said(document: Document, *said: tuple[str, str]) -> Document:
    corrections = [Correction(place=PLACES[1], box=SPOT, field=field, value=value) for field, value in said]
    (result,) = corrected((document,), corrections, PLACES)
    return result


def test_a_mark_that_a_person_saw_is_there_and_nothing_is_open_any_more() -> None:
    seal = ("seal", "employer")
    paper = Document(
        id="1", type=DocType.LABOUR_CONTRACT, pages=(1,), missing_marks=(seal, ("signature", "employee")),
        unsure_marks=(seal,),
    )  # fmt: skip
    seen = _said(paper, ("seal_employer", "有"))
    assert seen.marks == (Mark(kind="seal", party="employer", page=1, box=SPOT),)
    assert seen.missing_marks == (("signature", "employee"),) and seen.unsure_marks == ()
    assert _said(paper, ("seal_employer", "有"), ("seal_employer", "有")).marks == seen.marks
    assert _said(paper, ("seal_employer", "有"), ("seal_employer", "无")).missing_marks[-1] == seal


def test_a_mark_that_a_person_did_not_see_is_missing_and_others_stay() -> None:
    marks = [
        Mark(kind=kind, party=party, page=1, box=SPOT, personal=personal)  # type: ignore[arg-type]
        for kind, party, personal in (
            ("fingerprint", "employee", False), ("seal", "employee", True), ("signature", "employee", False),
            ("seal", "employer", False), ("seal", "employer", True), ("signature", "employer", False),
        )
    ]  # fmt: skip
    paper = Document(id="1", type=DocType.LABOUR_CONTRACT, pages=(1,), marks=tuple(marks))
    unsigned = _said(paper, ("signature_employee", "无"))
    assert unsigned.marks == tuple(marks[3:]) and unsigned.missing_marks == (("signature", "employee"),)
    unsealed = _said(paper, ("seal_employer", ""))
    assert unsealed.marks == (*marks[:3], *marks[4:]) and unsealed.missing_marks == (("seal", "employer"),)


def test_a_paper_that_bears_no_such_mark_stays_as_it_is() -> None:
    payroll = _payroll()
    assert _said(payroll, ("seal_employer", "有")) == payroll
    assert {name for names in MARKS_OF.values() for name in names} == MARKS.keys()
    with pytest.raises(CorrectionRefused, match="也许"):
        parse_value("seal_employer", "也许")
