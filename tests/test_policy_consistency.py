"""Lists, results, ages, phones, application and sealed class papers: kept, broken, unread."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from archive_verify.model import Issue, Reading, RosterRow
from archive_verify.values import id_check_character
from tests.case_factories import (
    IDS,
    SPOT,
    UNREAD,
    Paper,
    certificate,
    contract,
    judged,
    licence,
    mark,
    of_code,
    paper,
    person,
    verdict_of,
)

START = date(2023, 6, 5)
NAMES = ("张三", "李四", "王五", "赵六")
CLASS = tuple(
    person(row, name, "none", certificate_number=f"20231411210{row:06d}") for row, name in enumerate(NAMES, 1)
)


def sure(value: Any) -> Reading:
    """A reading that a second look confirmed."""
    return Reading(value=value, text=str(value), page=1, box=SPOT, confidence=0.97, confirmed=True)


def roll(kind: str, *rows: int, more: tuple[dict[str, Any], ...] = (), **changes: Any) -> Paper:
    """A list of these trainees, with further rows behind them."""
    listed = tuple({"name": NAMES[row - 1]} for row in rows)
    return paper(kind, *rows, rows=(*listed, *more), **changes)


def of_lists(*papers: Paper, people: tuple[RosterRow, ...] = CLASS) -> list[Issue]:
    return of_code(judged(papers, people, approved_headcount=len(people)), "trainee_list_mismatch")


# --- trainee_list_mismatch ----------------------------------------------------------------------


def test_lists_that_name_every_trainee_agree_with_the_roster() -> None:
    kinds = ("trainee_roster", "training_attendance", "score_sheet", "certificate_register", "callback_record")
    assert of_lists(*(roll(kind, 1, 2, 3, 4) for kind in kinds)) == []


def test_a_trainee_whom_a_list_leaves_out_is_named_with_the_list() -> None:
    (issue,) = of_lists(roll("score_sheet", 1, 2, 4))
    assert (issue.trainee, issue.expected, issue.pages, issue.severity) == (3, "score_sheet", (1,), "warning")
    assert issue.message == "学员王五（第3行）在花名册上，成绩册（第1页）却没有此人，请核对。"
    assert issue.citation.endswith("三(七)")


def test_who_lacks_on_a_list_keeps_his_verdict() -> None:
    assert verdict_of(judged([roll("score_sheet", 1, 2, 4)], CLASS), 3) == "not_claimed"


@pytest.mark.parametrize(
    "unread",
    [
        roll("score_sheet", 1, 2, 4, unread_rows=1),
        roll("score_sheet", 1, 2, 4, more=({"name": UNREAD},)),
        roll("score_sheet", 1, 2, 4, more=({"name": "王伍"},)),
        roll("score_sheet", 1, 2, 4, more=({"name": sure("王伍")},)),
        roll("score_sheet", 1, 2, 4, text=("3 王五 78 合格",)),
        roll("score_sheet", 1, 2, 4, flags=frozenset({"illegible"})),
        paper("score_sheet"),
    ],
    ids=["lost row", "unread name", "doubtful name", "alike", "in the text", "illegible", "no row read"],
)
def test_a_row_that_may_have_been_lost_makes_nobody_absent(unread: Paper) -> None:
    assert of_lists(unread) == []


def test_a_name_that_looks_the_same_when_written_is_nobody_else() -> None:
    people = (*CLASS, person(5, "范敏琴", "none"))
    rows = (*({"name": name} for name in (*NAMES, "范敏琴")), {"name": sure("范毓琴")})
    listed = paper("score_sheet", 1, 2, 3, 4, 5, rows=rows)
    assert of_lists(listed, people=people) == []
    stranger = paper("score_sheet", 1, 2, 3, 4, 5, rows=(*rows[:5], {"name": sure("孙军琴")}))
    assert [issue.found for issue in of_lists(stranger, people=people)] == ["孙军琴"]


def test_a_page_beside_a_list_that_may_continue_it_is_searched_first() -> None:
    assert of_lists(roll("score_sheet", 1, 2, 3), paper("other", text=("4 赵六 80",))) == []


def test_a_sheet_for_each_day_need_not_list_who_was_away() -> None:
    days = (roll("training_attendance", 1, 2, 3), roll("training_attendance", 1, 2, 4))
    assert of_lists(*days) == []


def test_only_those_who_passed_need_stand_in_the_register_and_who_is_employed_in_the_summary() -> None:
    people = (*CLASS[:3], person(4, NAMES[3], "none", passed=False))
    assert of_lists(roll("certificate_register", 1, 2, 3), roll("employment_summary", 1, 2, 3), people=people) == []
    (issue,) = of_lists(roll("certificate_register", 1, 2, 4), people=people)
    assert issue.trainee == 3


def test_who_passed_and_has_no_certificate_yet_need_not_stand_in_the_register() -> None:
    waiting = CLASS[3].model_copy(update={"certificate_number": ""})
    assert of_lists(roll("certificate_register", 1, 2, 3), people=(*CLASS[:3], waiting)) == []
    none = tuple(one.model_copy(update={"certificate_number": ""}) for one in CLASS)
    assert len(of_lists(roll("certificate_register", 1, 2, 3), people=none)) == 1


def test_callbacks_may_be_a_sample() -> None:
    assert of_lists(roll("callback_record", 1, 2)) == []


def test_a_list_that_lacks_most_trainees_is_said_once() -> None:
    names = "甲乙丙丁戊己庚辛壬癸"
    people = tuple(person(row, f"陈{name}", "none", id_number=f"{row:018d}") for row, name in enumerate(names, 1))
    rows = tuple({"name": f"陈{name}"} for name in names[:6])
    (issue,) = of_lists(paper("score_sheet", *range(1, 7), rows=rows), people=people)
    assert issue.trainee is None and "缺4人：陈庚、陈辛、陈壬、陈癸" in issue.message


def test_a_person_whom_the_roster_lacks_is_named_once_read_for_certain() -> None:
    (issue,) = of_lists(roll("callback_record", 1, 2, 3, 4, more=({"name": sure("孙建国")},)))
    assert (issue.trainee, issue.found, issue.expected) == (None, "孙建国", "callback_record")
    assert "花名册中没有此人" in issue.message


@pytest.mark.parametrize(
    "row",
    [
        {"name": "孙建国"},                                            # nobody looked twice
        {"name": sure("序号")},
        {"name": sure("孙建国"), "id_number": UNREAD},
        {"name": sure("孙建国"), "id_number": sure(IDS[2])},            # a trainee's number
    ],
    ids=["unconfirmed", "no name", "unread number", "known number"],
)
def test_a_row_that_may_be_a_trainees_adds_nobody(row: dict[str, Any]) -> None:
    assert of_lists(roll("callback_record", 1, 2, 3, 4, more=(row,))) == []


def test_a_name_like_that_of_a_trainee_who_lacks_is_taken_for_his() -> None:
    assert of_lists(roll("training_attendance", 1, 2, 3, more=({"name": sure("赵大")},))) == []


# --- score_mismatch -----------------------------------------------------------------------------


def scores(*papers: Paper, people: tuple[RosterRow, ...] = CLASS[:1]) -> list[Issue]:
    return of_code(judged(papers, people), "score_mismatch")


def result(passed: Any) -> Paper:
    return paper("score_sheet", 1, rows=({"name": "张三", "passed": passed},))


def certified(number: Any) -> Paper:
    return paper("certificate_register", 1, rows=({"name": "张三", "certificate_number": number},))


def test_results_and_numbers_that_agree_are_no_issue() -> None:
    number = CLASS[0].certificate_number
    assert scores(result(True), certified(number), paper("certificate_copy", 1, certificate_number=f"S-{number}")) == []


def test_a_result_that_the_score_sheet_gives_otherwise_is_a_warning() -> None:
    (issue,) = scores(result(sure(False)))
    assert (issue.trainee, issue.expected, issue.found, issue.severity) == (1, "合格", "不合格", "warning")


@pytest.mark.parametrize(
    ("marks", "mismatch"),
    [({"theory": 45.0, "practice": 50.0}, True), ({"theory": 45.0, "practice": 80.0}, False),
     ({"theory": 45.0, "practice": 70.0, "total": 58.0}, True),
     ({"theory": 45.0, "practice": 80.0, "total": 66.0}, False), ({"theory": 45.0, "practice": UNREAD}, False)],
)  # fmt: skip
def test_marks_speak_against_a_result_only_where_no_weighing_could_give_it(
    marks: dict[str, Any], mismatch: bool
) -> None:
    derived = Reading(value=False, text="45", page=1, box=SPOT, confidence=0.99, confirmed=True)
    sheet = paper("score_sheet", 1, rows=({"name": "张三", "passed": derived, **marks},))
    assert bool(scores(sheet)) is mismatch


def test_a_result_read_once_contradicts_nothing() -> None:
    assert scores(result(False)) == [] and scores(result(UNREAD)) == []


@pytest.mark.parametrize(("place", "mismatch"), [(5, False), (-5, True), (-1, True)])
def test_a_digit_that_all_the_class_shares_was_misread(place: int, mismatch: bool) -> None:
    number = list(CLASS[0].certificate_number)
    number[place] = "9" if number[place] != "9" else "4"
    (first, *_) = CLASS
    found = scores(certified(sure("".join(number))), people=CLASS)
    assert bool([issue for issue in found if issue.trainee == first.row]) is mismatch


@pytest.mark.parametrize(("left_out", "mismatch"), [(1, False), (2, False), (3, True)])
def test_a_number_that_lacks_a_digit_or_two_may_have_lost_them_in_reading(left_out: int, mismatch: bool) -> None:
    number = CLASS[0].certificate_number
    assert bool(scores(certified(sure(number[:4] + number[4 + left_out:])))) is mismatch


def test_a_certificate_of_one_who_failed_is_a_warning() -> None:
    failed = (person(1, passed=False),)
    assert len(scores(certified(sure("20231411210000001")), people=failed)) == 1
    assert scores(certified(UNREAD), people=failed) == []


def test_another_certificate_number_is_a_warning_only_where_a_second_look_read_it_too() -> None:
    (issue,) = scores(certified(sure("20231411210000777")))
    assert (issue.expected, issue.found) == (CLASS[0].certificate_number, "20231411210000777")
    assert scores(certified("20231411210000777")) == []


def test_without_a_number_on_the_roster_register_and_certificate_are_compared() -> None:
    people = (person(1),)
    copy = paper("certificate_copy", 1, certificate_number=sure("20231411210000777"))
    assert len(scores(certified(sure("20231411210000001")), copy, people=people)) == 1
    assert scores(certified("20231411210000001"), copy, people=people) == []


def test_one_of_several_certificates_need_agree() -> None:
    number = CLASS[0].certificate_number
    copies = (paper("certificate_copy", 1, certificate_number=value) for value in (number, sure("Z900123456789")))
    assert scores(*copies) == []


# --- trainee_age ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "years"),
    [("141121196206050016", 61), ("141121196206060017", None), ("142322196706050020", 56), ("142322196706060026", None),
     ("141121200706060018", 15), ("141121200706050019", None)],
)  # fmt: skip
def test_the_age_on_the_first_day_is_held_against_the_limits(number: str, years: int | None) -> None:
    right = number[:17] + id_check_character(number[:17])
    found = of_code(judged([], [person(1, id_number=right)], start_date=START), "trainee_age")
    assert [issue.found for issue in found] == ([] if years is None else [str(years)])


def test_an_age_is_not_taken_from_a_wrong_number_or_without_the_first_day() -> None:
    assert of_code(judged([], [person(1, id_number="141121195003120030")], start_date=START), "trainee_age") == []
    assert of_code(judged([], [person(1, id_number="141121195003120038")]), "trainee_age") == []


# --- employment_before_training -------------------------------------------------------------------


def early(one: Paper, route: str) -> list[Issue]:
    return of_code(judged([one], [person(1, route=route)], start_date=START), "employment_before_training")


@pytest.mark.parametrize(
    ("route", "one", "since"),
    [
        ("enterprise", contract(1, contract_start=sure(date(2023, 5, 1))), "2023-05-01"),
        ("self_employed", licence(1, established=sure(date(2021, 3, 4))), "2021-03-04"),
        ("flexible", certificate(1, period=sure("2023-05/2024-05")), "2023-05"),
    ],
)
def test_employment_that_began_before_the_class_is_shown(route: str, one: Paper, since: str) -> None:
    (issue,) = early(one, route)
    assert (issue.found, issue.severity) == (since, "warning")


@pytest.mark.parametrize(
    ("route", "one"),
    [
        ("enterprise", contract(1, contract_start=sure(date(2023, 6, 5)))),
        ("enterprise", contract(1, contract_start=UNREAD)),
        ("enterprise", contract(1, contract_start=Reading(value=date(2023, 5, 1), page=1, box=SPOT, confidence=0.9))),
        ("flexible", certificate(1, period=sure("2023-06"))),
        ("flexible", licence(1, established=sure(date(2010, 1, 1)))),
        ("self_employed", licence(1, established=sure(date(2010, 1, 1)), link={"name": "absent"})),
    ],
    ids=["same day", "unread", "read once", "same month", "of the employing unit", "of another person"],
)
def test_what_did_not_surely_begin_before_is_no_issue(route: str, one: Paper) -> None:
    assert early(one, route) == []


# --- phone_shared ---------------------------------------------------------------------------------


def test_a_phone_of_several_trainees_is_shown_with_each_of_them() -> None:
    people = [person(row, NAMES[row - 1], phone="13834120001" if row < 3 else f"1383412000{row}") for row in (1, 2, 3)]
    found = of_code(judged([], people), "phone_shared")
    assert [(issue.trainee, issue.found) for issue in found] == [(1, "13834120001"), (2, "13834120001")]


def test_one_person_on_two_rows_shares_no_phone_and_an_empty_cell_is_none() -> None:
    twice = [person(row, id_number=IDS[0], phone="13834120001") for row in (1, 2)]
    assert of_code(judged([], twice), "phone_shared") == []
    assert of_code(judged([], [person(1), person(2)]), "phone_shared") == []


def test_the_legal_representatives_phone_as_the_trainees_is_shown() -> None:
    one = certificate(1, phone=None, legal_representative_phone=sure("13935820002"))
    (issue,) = of_code(judged([one], [person(1, route="flexible", phone="13935820002")]), "phone_shared")
    assert issue.found == "13935820002"


@pytest.mark.parametrize(
    "changes",
    [{"legal_representative_phone": "13834120001"}, {"legal_representative_phone": UNREAD},
     {"legal_representative_phone": sure("13834120001"), "legal_representative": "张三"}],
    ids=["read once", "unread", "his own unit"],
)  # fmt: skip
def test_phones_that_may_differ_or_are_one_persons_are_not_shared(changes: dict[str, Any]) -> None:
    found = judged([certificate(1, phone=None, **changes)], [person(1, route="flexible", phone="13834120001")])
    assert of_code(found, "phone_shared") == []


# --- application_mismatch ---------------------------------------------------------------------------


def applied(**fields: Any) -> list[str | None]:
    found = judged(
        [paper("subsidy_application", **fields)], CLASS, approved_headcount=4, training_days=10, daily_subsidy_yuan=150
    )
    return [issue.found for issue in of_code(found, "application_mismatch")]


def test_an_application_for_what_was_computed_is_no_issue() -> None:
    assert applied(headcount=sure(4), training_days=sure(10), amount=sure("6000.00")) == []


def test_an_application_may_ask_for_what_a_low_pass_rate_leaves() -> None:
    people = tuple(person(row, f"学员{row}", "none", passed=row <= 6) for row in range(1, 11))
    one = paper("subsidy_application", headcount=sure(8), training_days=sure(10), amount=sure("12000.00"))
    found = judged([one], people, approved_headcount=10, training_days=10, daily_subsidy_yuan=150)
    assert of_code(found, "application_mismatch") == []


def test_each_figure_of_an_application_that_differs_is_shown() -> None:
    assert applied(headcount=sure(5), training_days=sure(12), amount=sure("9000.00")) == ["5", "12", "9000.00"]
    assert applied(headcount=4, training_days=10, amount=sure("6600.00")) == ["6600.00"]


def test_figures_that_give_the_amount_were_read_right() -> None:
    assert applied(headcount=5, training_days=10, amount="7500.00") == ["5", "7500.00"]


def test_a_figure_of_an_application_that_was_not_read_twice_is_not_held_against_it() -> None:
    assert applied(headcount=5, training_days=UNREAD, amount="6000.00") == []


# --- class_paper_unsigned -----------------------------------------------------------------------------


def unsigned(**changes: Any) -> list[str | None]:
    grey = {"halftone": True}
    one = paper("truthfulness_commitment", **{"sheet": grey, **changes})
    return [issue.expected for issue in of_code(judged([one]), "class_paper_unsigned")]


_EMPTY = (("seal", "institution"), ("signature", "institution"))


def test_a_sealed_and_signed_commitment_is_no_issue() -> None:
    assert unsigned(marks=(mark("seal", "institution"), mark("signature", "institution"))) == []


def test_a_commitment_without_seal_or_signature_is_shown() -> None:
    assert unsigned(missing_marks=_EMPTY) == ["公章、签字"]
    assert unsigned(missing_marks=_EMPTY[:1], marks=(mark("signature", "institution"),)) == ["公章"]


def test_a_seal_that_a_black_and_white_copy_may_have_lost_is_not_called_missing() -> None:
    assert unsigned(missing_marks=_EMPTY[:1], sheet={"halftone": False}) == []
    assert unsigned(missing_marks=_EMPTY[:1], unsure_marks=_EMPTY[:1]) == []
    assert unsigned() == []
