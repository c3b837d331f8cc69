"""The second look at values that a verdict hangs on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from archive_verify.confirm import confirm, unsure
from archive_verify.model import Line
from tests.case_factories import (
    BLANK,
    CODE,
    SPOT,
    UNREAD,
    Faint,
    Paper,
    contract,
    lay,
    licence,
    paper,
    payroll,
)


def _looked(one: Paper, text: str, confidence: float = 0.97, *, name: str = "") -> Any:
    documents = lay([one]).documents
    second = {(1, SPOT): (Line(text=text, box=SPOT, confidence=confidence),)}
    (seen,) = confirm(documents, second, 0.8)
    return seen.fields[name] if name else seen


def test_only_what_rules_ask_for_and_what_was_read_doubtfully_is_looked_at_again() -> None:
    assert unsure(lay([contract(1, contract_end=Faint(date(2024, 8, 31)))]).documents, 0.8) == ((1, SPOT),)
    assert unsure(lay([payroll(UNREAD, 1)]).documents, 0.8) == ((1, SPOT),)
    assert unsure(lay([contract(1), licence(credit_code=BLANK)]).documents, 0.8) == ()
    assert unsure(lay([contract(1, position_title=Faint("店员"))]).documents, 0.8) == ()


@pytest.mark.parametrize(
    ("kind", "name", "value", "text"),
    [
        ("labour_contract", "contract_end", date(2024, 8, 31), "2024年8月31日"),
        ("labour_contract", "wage", Decimal("3200"), "3,200.00元"),
        ("labour_contract", "employer", "文水县宏达商贸有限公司", "文水县宏达商贸有限公司（盖章）"),
        ("payroll", "month", "2024-02", "2024年2月份"),
        ("opening_approval", "headcount", 30, "30人"),
    ],
)
def test_a_value_that_the_second_reading_repeats_is_confirmed(
    kind: str, name: str, value: Any, text: str
) -> None:
    reading = _looked(paper(kind, **{name: Faint(value)}), text, name=name)
    assert reading.confirmed and reading.value == value


def test_a_value_that_the_second_reading_contradicts_stays_doubtful() -> None:
    reading = _looked(payroll(Faint("2024-02"), 1), "2024年12月", name="month")
    assert not reading.confirmed and reading.value == "2024-02"
    reading = _looked(paper("opening_approval", headcount=Faint(3)), "30人", name="headcount")
    assert not reading.confirmed


def test_a_faint_repetition_confirms_nothing() -> None:
    assert not _looked(payroll(Faint("2024-02"), 1), "2024年2月", 0.4, name="month").confirmed


def test_a_value_not_read_at_first_is_taken_from_a_clear_second_reading_alone() -> None:
    clear = _looked(payroll(UNREAD, 1), "2024年2月", name="month")
    assert (clear.state, clear.value, clear.confidence) == ("read", "2024-02", 0.97)
    assert _looked(payroll(UNREAD, 1), "2024年2月", 0.7, name="month").state == "unread"
    assert _looked(payroll(UNREAD, 1), "2024年2月、2024年3月", name="month").state == "unread"


def test_lines_of_a_catalogue_are_looked_at_again() -> None:
    one = paper("catalogue", rows=({"title": "教学日志", "first": Faint(12)},))
    assert _looked(one, "12").rows[0]["first"].confirmed
    assert not _looked(one, "112").rows[0]["first"].confirmed


def test_a_code_that_fails_its_check_is_looked_at_again_however_clear_it_was() -> None:
    wrong = CODE[:-1] + "1"
    assert unsure(lay([licence(credit_code=wrong)]).documents, 0.8) == ((1, SPOT),)
    assert _looked(licence(credit_code=wrong), wrong.replace("0", "O"), name="credit_code").confirmed
    assert _looked(licence(credit_code=wrong), CODE, name="credit_code").value == CODE
    assert _looked(licence(credit_code=wrong), "看不清", name="credit_code").confidence < 0.8


def test_the_second_look_tells_which_other_code_the_writing_may_be() -> None:
    wrong = CODE[:-1] + "1"
    seen = tuple(((char, -0.01),) for char in wrong)
    line = Line(text=wrong, box=SPOT, confidence=0.9, lattice=seen)
    (looked,) = confirm(lay([licence(credit_code=wrong)]).documents, {(1, SPOT): (line,)}, 0.8)
    assert looked.fields["credit_code"].lattice == seen


def test_a_date_filled_in_by_hand_is_looked_at_again_though_it_seemed_certain() -> None:
    written = contract(1, contract_start=Faint(date(2023, 9, 1), 0.94))
    assert unsure(lay([written]).documents, 0.8) == ((1, SPOT),)
    assert _looked(written, "2023年9月1日", name="contract_start").confirmed
    assert _looked(written, "2023年4月1日", name="contract_start").confidence < 0.8
    assert _looked(written, "", name="contract_start").confidence == 0.94
