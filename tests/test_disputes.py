"""A second look at what speaks against the roster or the class, before anybody is told of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from archive_verify.disputes import disputed, settle
from archive_verify.model import Box, DocType, Document, Line, Reading, Roster, RosterRow

START = date(2023, 6, 5)
PEOPLE = Roster(
    file="roster.xlsx",
    rows=(
        RosterRow(row=1, name="张三", id_number="141121198503120035", phone="13834120001", passed=True,
                  certificate_number="20231411210000001"),
        RosterRow(row=2, name="李四", id_number="142322198503124325", phone="13834120002", passed=True),
    ),
)  # fmt: skip


def spot(place: int) -> Box:
    return Box(0.1, 0.1 * place, 0.3, 0.1 * place + 0.02)


def reading(value: Any, place: int = 1, **changes: Any) -> Reading:
    return Reading(**{"value": value, "text": str(value), "page": 3, "box": spot(place), "confidence": 0.97, **changes})


def paper(kind: DocType, *rows: dict[str, Reading], **fields: Reading) -> Document:
    return Document(id="d1", type=kind, pages=(3,), rows=rows, fields=fields)


def asked(document: Document) -> int:
    return len(disputed([document], PEOPLE, START))


def look(document: Document, place: int, text: str, confidence: float = 0.95) -> Document:
    lines = (Line(text=text, box=spot(place), confidence=confidence),)
    (settled,) = settle([document], PEOPLE, START, {(3, spot(place)): lines})
    return settled


def test_rows_of_known_persons_are_not_looked_at_again() -> None:
    rows = ({"name": reading("张三")}, {"name": reading("李肆", 2), "id_number": reading("142322198503124325", 3)})
    assert asked(paper(DocType.TRAINEE_ROSTER, *rows)) == 0


def test_a_name_that_the_roster_lacks_is_looked_at_and_confirmed_where_it_is_read_alike() -> None:
    document = paper(DocType.CALLBACK_RECORD, {"name": reading("孙建国")})
    assert asked(document) == 1
    assert look(document, 1, "孙建国").rows[0]["name"].confirmed
    assert not look(document, 1, "孙健国").rows[0]["name"].confirmed
    assert not look(document, 1, "孙建国", 0.3).rows[0]["name"].confirmed


@pytest.mark.parametrize(("text", "confirmed"), [("52", True), ("不合格", True), ("92", False), ("", False)])
def test_a_result_that_differs_is_confirmed_by_what_says_the_same(text: str, confirmed: bool) -> None:
    document = paper(DocType.SCORE_SHEET, {"name": reading("张三"), "passed": reading(False, 2, text="52")})
    assert asked(document) == 1
    assert look(document, 2, text).rows[0]["passed"].confirmed is confirmed


def test_a_certificate_number_is_looked_at_unless_it_is_the_rosters() -> None:
    agrees = {"employee": reading("张三"), "certificate_number": reading("20231411210000001", 2)}
    differs = {"employee": reading("张三"), "certificate_number": reading("20231411210000007", 2)}
    assert asked(paper(DocType.CERTIFICATE_COPY, **agrees)) == 0
    seen = look(paper(DocType.CERTIFICATE_COPY, **differs), 2, "20231411210000007")
    assert seen.fields["certificate_number"].confirmed


@pytest.mark.parametrize(
    ("kind", "name", "value", "text"),
    [
        (DocType.LABOUR_CONTRACT, "contract_start", date(2023, 5, 1), "2023年5月1日"),
        (DocType.BUSINESS_LICENCE, "established", date(2021, 3, 4), "2021年03月04日"),
        (DocType.FLEXIBLE_CERTIFICATE, "period", "2023-05", "2023年5月至今"),
    ],
)
def test_what_began_before_the_class_is_looked_at(kind: DocType, name: str, value: Any, text: str) -> None:
    document = paper(kind, **{name: reading(value)})
    assert asked(document) == 1
    assert look(document, 1, text).fields[name].confirmed
    assert disputed([document], PEOPLE, date(2021, 1, 1)) == ()


def test_a_phone_of_the_head_that_is_a_trainees_is_looked_at() -> None:
    document = paper(DocType.FLEXIBLE_CERTIFICATE, legal_representative_phone=reading("13834120002"))
    assert asked(document) == 1
    assert look(document, 1, "法人电话：13834120002").fields["legal_representative_phone"].confirmed
    assert asked(paper(DocType.FLEXIBLE_CERTIFICATE, legal_representative_phone=reading("13935820009"))) == 0


def test_the_figures_of_an_application_are_looked_at_once() -> None:
    amount = reading("12000.00", 3, confirmed=True)
    document = paper(DocType.SUBSIDY_APPLICATION, headcount=reading(8), training_days=reading(10, 2), amount=amount)
    assert asked(document) == 2
    assert look(document, 1, "8人").fields["headcount"].confirmed
    assert not look(document, 2, "17").fields["training_days"].confirmed


def test_what_was_not_read_is_not_confirmed() -> None:
    assert asked(paper(DocType.CALLBACK_RECORD, {"name": reading(None, state="unread")})) == 0
