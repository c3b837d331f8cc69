"""Results that the roster does not give, from the score sheet."""

from __future__ import annotations

from typing import Any

import pytest

from archive_verify.model import Matching, Roster
from archive_verify.results import complete_results
from tests.case_factories import UNREAD, Faint, lay, paper, person


def _passed(listed: bool | None, *results: Any, **link: Any) -> bool | None:
    sheets = [paper("score_sheet", 1, rows=({"name": "张三", "passed": one},), link=link) for one in results]
    scene = lay(sheets)
    roster = Roster(file="roster.csv", rows=(person(1, passed=listed),))
    done = complete_results(roster, scene.documents, Matching(evidence=scene.evidence), 0.8)
    return done.rows[0].passed


@pytest.mark.parametrize("result", [True, False])
def test_an_empty_result_is_taken_from_the_score_sheet(result: bool) -> None:
    assert _passed(None, result) is result


def test_what_the_roster_says_wins() -> None:
    assert _passed(True, False) is True


@pytest.mark.parametrize("result", [UNREAD, Faint(True)])
def test_a_result_that_was_not_read_for_certain_stays_unknown(result: Any) -> None:
    assert _passed(None, result) is None


def test_sheets_that_contradict_each_other_leave_it_unknown() -> None:
    assert _passed(None, True, False) is None


def test_a_row_that_is_not_surely_the_trainees_says_nothing() -> None:
    assert _passed(None, True, sure=False) is None
