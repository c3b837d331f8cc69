"""Trainees employed by an enterprise: kept, broken, unreadable."""

from __future__ import annotations

from datetime import date

import pytest

from archive_verify.model import MarkShape, PageMark
from tests.case_factories import (
    BLANK,
    OTHER_UNIT,
    SIGNED,
    SPOT,
    UNREAD,
    Faint,
    attendance,
    contract,
    employed,
    judged,
    mark,
    of_code,
    of_trainee,
    paper,
    payroll,
    person,
    verdict_of,
)


def test_a_trainee_with_all_five_papers_is_verified() -> None:
    judgement = judged(employed())
    assert of_trainee(judgement) == []
    assert verdict_of(judgement) == "verified"


def test_a_missing_contract_is_the_one_issue_and_the_first_month_is_not_asked() -> None:
    judgement = judged(employed(without=["contract", "payroll_first", "attendance_first"]))
    assert of_trainee(judgement) == ["contract_missing"]
    assert verdict_of(judgement) == "incomplete"


def test_a_missing_paper_names_the_pages_searched() -> None:
    judgement = judged(employed(without=["payroll_latest"]))
    (issue,) = of_code(judgement, "payroll_latest_month_missing")
    assert issue.message == "学员张三（第1行）未见最近一个月（2024年2月或以后）工资表；已查第2页。"
    assert issue.expected == "2024-02"
    assert issue.citation.endswith("四(三)1")


def test_a_contract_whose_party_was_not_read_is_reviewed_and_not_missing() -> None:
    papers = [paper("labour_contract", employee=UNREAD), *employed(without=["contract"])]
    judgement = judged(papers)
    assert of_trainee(judgement) == ["needs_review"]
    assert verdict_of(judgement) == "needs_review"


def test_a_contract_that_is_surely_another_persons_does_not_hide_a_missing_one() -> None:
    papers = [contract(2), *employed(without=["contract"])]
    judgement = judged(papers, [person(1), person(2, "李四")])
    assert "contract_missing" in of_trainee(judgement, 1)


@pytest.mark.parametrize(
    ("end", "codes"),
    [(date(2024, 2, 29), []), (date(2024, 2, 28), ["contract_term_short"])],
)
def test_a_contract_of_exactly_six_months_is_enough(end: date, codes: list[str]) -> None:
    judgement = judged([contract(1, contract_end=end), *employed(without=["contract"])])
    assert of_trainee(judgement) == codes


def test_a_term_that_ends_before_it_begins_was_misread_or_miswritten_and_is_reviewed() -> None:
    turned = contract(1, contract_start=date(2023, 9, 1), contract_end=date(2023, 1, 31))
    assert of_trainee(judged([turned, *employed(without=["contract"])])) == ["needs_review"]


def test_a_short_contract_makes_the_trainee_inconsistent_and_shows_both_dates() -> None:
    judgement = judged([contract(1, contract_end=date(2023, 12, 31)), *employed(without=["contract"])])
    (issue,) = of_code(judgement, "contract_term_short")
    assert len(issue.boxes) == 2 and issue.document == "d1"
    assert verdict_of(judgement) == "inconsistent"


def test_a_contract_that_goes_on_where_the_first_ends_may_be_the_long_one() -> None:
    first = contract(1, contract_end=date(2023, 12, 31))
    rest = employed(without=["contract"])
    renewed = contract(1, contract_start=date(2024, 1, 1), contract_end=date(2024, 12, 31))
    again = contract(1, contract_start=date(2024, 1, 1), contract_end=date(2024, 3, 31))
    assert of_trainee(judged([first, renewed, *rest])) == []
    assert of_trainee(judged([first, again, *rest])) == ["contract_term_short"]


def test_an_open_ended_contract_is_long_enough() -> None:
    judgement = judged([contract(1, contract_end=None, contract_kind="open"), *employed(without=["contract"])])
    assert of_trainee(judgement) == []


def test_a_stated_term_stands_for_an_end_that_was_not_read() -> None:
    rest = employed(without=["contract"])
    assert of_trainee(judged([contract(1, contract_end=UNREAD, contract_months=12), *rest])) == []
    short = judged([contract(1, contract_end=UNREAD, contract_months=3), *rest])
    assert of_trainee(short) == ["contract_term_short"]


@pytest.mark.parametrize("end", [UNREAD, Faint(date(2023, 10, 1)), Faint(date(2024, 8, 31)), BLANK, None])
def test_an_end_date_that_was_not_read_for_certain_is_reviewed(end: object) -> None:
    judgement = judged([contract(1, contract_end=end), *employed(without=["contract"])])
    assert of_trainee(judgement) == ["needs_review"]


def test_a_contract_for_a_task_or_for_part_time_work_is_left_to_a_person() -> None:
    rest = employed(without=["contract"])
    assert verdict_of(judged([contract(1, contract_kind="task"), *rest])) == "needs_review"
    assert verdict_of(judged([contract(1, contract_nature="part_time"), *rest])) == "needs_review"
    assert verdict_of(judged([contract(1, contract_nature="unclear"), *rest])) == "needs_review"


@pytest.mark.parametrize("nature", ["service", "internship"])
def test_an_agreement_for_services_or_an_internship_is_no_labour_contract(nature: str) -> None:
    rest = employed(without=["contract"])
    judgement = judged([contract(1, contract_nature=nature), *rest])
    (issue,) = of_code(judgement, "contract_missing")
    assert of_trainee(judgement) == ["contract_missing"]
    assert issue.document == "d1" and issue.found is not None and issue.found.endswith("（第1页）")
    faint = judged([contract(1, contract_nature=Faint(nature)), *rest])
    assert of_trainee(faint) == ["needs_review"]
    both = judged([contract(1, contract_nature=nature), contract(1), *rest])
    assert of_trainee(both) == []


@pytest.mark.parametrize(("end", "months"), [(date(2023, 11, 30), 12), (date(2024, 8, 31), 3)])
def test_a_stated_term_that_contradicts_the_dates_is_reviewed(end: date, months: int) -> None:
    judgement = judged([contract(1, contract_end=end, contract_months=months), *employed(without=["contract"])])
    assert of_trainee(judgement) == ["needs_review"]


def test_dates_that_miss_the_stated_term_by_a_day_say_it_more_exactly() -> None:
    short = contract(1, contract_end=date(2024, 2, 28), contract_months=6)
    assert of_trainee(judged([short, *employed(without=["contract"])])) == ["contract_term_short"]


@pytest.mark.parametrize("party", ["signature", "seal"])
def test_an_empty_place_for_a_mark_is_missing_and_an_unclear_one_reviewed(party: str) -> None:
    whose = "employee" if party == "signature" else "employer"
    kept = mark("seal", "employer") if party == "signature" else mark("signature", "employee")
    rest = employed(without=["contract"])
    missing = judged([contract(1, marks=(kept,), missing_marks=((party, whose),)), *rest])
    assert of_trainee(missing) == [f"contract_{party}_missing"]
    unsure = judged([contract(1, marks=(kept,), unsure_marks=((party, whose),)), *rest])
    assert of_trainee(unsure) == ["needs_review"]
    unseen = judged([contract(1, marks=(kept,)), *rest])
    assert of_trainee(unseen) == ["needs_review"]


def test_a_fingerprint_signs_and_a_personal_seal_does_not_seal() -> None:
    marks = (mark("fingerprint", "employee"), mark("seal", "employer", personal=True))
    one = contract(1, marks=marks, missing_marks=(("seal", "employer"),))
    judgement = judged([one, *employed(without=["contract"])])
    assert of_trainee(judgement) == ["contract_seal_missing"]


def test_an_empty_place_on_a_1_bit_copy_has_no_seal_where_the_other_copies_show_theirs() -> None:
    empty = (("seal", "employer"),)
    one = contract(1, marks=(SIGNED,), missing_marks=empty, unsure_marks=empty)
    papers = [one, *employed(without=["contract"])]
    assert of_trainee(judged(papers)) == ["needs_review"]
    seal = PageMark(shape=MarkShape.ROUND_SEAL, box=SPOT, confidence=0.8, colour="black")
    sealed = [paper("other", sheet={"marks": (seal,)}) for _ in range(4)]
    assert of_trainee(judged([*papers, *sealed])) == ["contract_seal_missing"]
    grey = [paper("other", sheet={"marks": (seal,), "halftone": True}) for _ in range(4)]
    assert of_trainee(judged([*papers, *grey])) == ["needs_review"]


@pytest.mark.parametrize(
    ("left_out", "code"),
    [
        ("payroll_first", "payroll_first_month_missing"),
        ("payroll_latest", "payroll_latest_month_missing"),
        ("attendance_first", "attendance_first_month_missing"),
        ("attendance_latest", "attendance_latest_month_missing"),
    ],
)
def test_each_sheet_is_asked_for(left_out: str, code: str) -> None:
    judgement = judged(employed(without=[left_out]))
    assert of_trainee(judgement) == [code]
    assert verdict_of(judgement) == "incomplete"


def test_a_month_after_the_latest_serves_and_one_before_does_not() -> None:
    rest = employed(without=["payroll_latest"])
    assert of_trainee(judged([*rest, payroll("2024-03", 1)])) == []
    assert of_trainee(judged([*rest, payroll("2024-01", 1)])) == ["payroll_latest_month_missing"]


def test_the_first_month_is_that_of_the_contracts_start_also_when_part_worked() -> None:
    papers = [contract(1, contract_start=date(2023, 9, 25)), *employed(without=["contract"])]
    assert of_trainee(judged(papers)) == []


def test_one_sheet_serves_as_first_and_latest_month_of_a_new_contract() -> None:
    start = contract(1, contract_start=date(2024, 2, 5), contract_end=date(2025, 2, 4))
    assert of_trainee(judged([start, payroll("2024-02", 1), attendance("2024-02", 1)])) == []


@pytest.mark.parametrize("month", [UNREAD, Faint("2024-02"), Faint("2024-01"), None])
def test_a_sheet_whose_month_was_not_read_is_reviewed_and_not_missing(month: object) -> None:
    sheet = payroll(month, 1)
    if month is None:
        sheet = paper("payroll", 1, employer=sheet.fields["employer"], rows=sheet.rows)
    judgement = judged([*employed(without=["payroll_latest"]), sheet])
    assert of_trainee(judgement) == ["needs_review"]


def test_an_unread_row_in_the_months_only_sheet_is_reviewed_and_not_missing() -> None:
    rest = employed(without=["payroll_latest"])
    lost = payroll("2024-02", 2, unread_rows=1)
    people = [person(1), person(2, "李四")]
    assert of_trainee(judged([*rest, lost], people)) == ["needs_review"]
    whole = payroll("2024-02", 2)
    assert of_trainee(judged([*rest, whole], people)) == ["payroll_latest_month_missing"]


def test_an_unread_row_in_another_units_or_another_months_sheet_is_no_excuse() -> None:
    rest = employed(without=["payroll_latest"])
    people = [person(1), person(2, "李四")]
    other_unit = payroll("2024-02", 2, unread_rows=1, employer=OTHER_UNIT)
    other_month = payroll("2023-12", 2, unread_rows=1)
    assert of_trainee(judged([*rest, other_unit], people)) == ["payroll_latest_month_missing"]
    assert of_trainee(judged([*rest, other_month], people)) == ["payroll_latest_month_missing"]


def test_a_sheet_without_rows_is_open_unless_nobody_can_stand_on_it() -> None:
    rest = employed(without=["payroll_latest"])
    total = payroll("2024-02", text=("合计", "46470.00", "任燕丽"))
    assert of_trainee(judged([*rest, total])) == ["payroll_latest_month_missing"]
    for text in (("142322198503124325",), ("李四", "王五", "赵六", "孙权", "周正"), ()):
        assert of_trainee(judged([*rest, payroll("2024-02", text=text)])) == ["needs_review"]


def test_a_row_that_has_lost_nothing_but_the_surname_is_reviewed() -> None:
    rest = employed(without=["payroll_latest"])
    for name, codes in (("间小翠", ["needs_review"]), ("王小翠", ["payroll_latest_month_missing"])):
        sheet = payroll("2024-02", rows=({"name": name, "gross": 3000},))
        assert of_trainee(judged([*rest, sheet], [person(1, "阎小翠")])) == codes


def test_a_sheet_whose_text_names_the_trainee_outside_the_rows_read_is_reviewed() -> None:
    sheet = payroll("2024-02", 2, text=("3", "张 三", "2600"))
    judgement = judged([*employed(without=["payroll_latest"]), sheet], [person(1), person(2, "李四")])
    assert of_trainee(judgement) == ["needs_review"]


@pytest.mark.parametrize(("cell", "codes"), [
    ("张三丰", ["payroll_latest_month_missing"]), ("张三男", ["needs_review"]),
    ("兹发张三丰三月工资", ["needs_review"]), ("李四、张三丰、王五", ["payroll_latest_month_missing"]),
])
def test_a_longer_name_that_holds_the_trainees_names_another_person(cell: str, codes: list[str]) -> None:
    rest = employed(without=["payroll_latest"])
    assert of_trainee(judged([*rest, payroll("2024-02", 2, text=("1", cell, "2600"))])) == codes


def test_an_illegible_page_among_the_own_papers_may_be_the_missing_one() -> None:
    papers = employed(without=["payroll_latest"])
    papers.insert(2, paper("other", flags=frozenset({"illegible"})))
    judgement = judged(papers)
    assert of_trainee(judgement) == ["needs_review"]
    assert [issue.pages for issue in judgement.issues if issue.trainee == 1] == [(3,)]


def test_an_illegible_page_elsewhere_does_not_excuse_a_missing_paper() -> None:
    people = [person(1), person(2, "李四")]
    papers = [
        *employed(without=["payroll_latest"]),
        contract(2, employer=OTHER_UNIT),
        paper("other", flags=frozenset({"illegible"})),
        payroll("2023-09", 2, employer=OTHER_UNIT),
    ]
    assert of_trainee(judged(papers, people), 1) == ["payroll_latest_month_missing"]


@pytest.mark.parametrize(("listed", "code"), [((2, 3), "needs_review"), ((2,), "payroll_latest_month_missing")])
def test_an_illegible_page_beside_the_employers_sheets_of_several_may_hold_the_trainee(
    listed: tuple[int, ...], code: str
) -> None:
    people = [person(1), person(2, "李四"), person(3, "王五")]
    papers = [
        *employed(without=["payroll_latest"]),
        contract(2, employer=OTHER_UNIT),
        payroll("2023-09", *listed),
        paper("other", flags=frozenset({"illegible"})),
    ]
    assert of_trainee(judged(papers, people), 1) == [code]


def test_a_row_without_name_and_number_may_be_the_trainees() -> None:
    rows = ({"name": "李四", "gross": 3000}, {"name": UNREAD, "gross": 3000})
    papers = [*employed(without=["payroll_latest"]), payroll("2024-02", 2, rows=rows)]
    assert of_trainee(judged(papers, [person(1), person(2, "李四")]), 1) == ["needs_review"]


def test_a_page_whose_reading_failed_counts_as_one_that_was_not_read() -> None:
    papers = employed(without=["attendance_latest"])
    papers.append(paper("other", flags=frozenset({"failed"})))
    judgement = judged(papers)
    assert of_trainee(judgement) == ["needs_review"]
    assert of_code(judgement, "page_illegible") == []


def test_a_start_that_was_not_read_asks_for_review_and_no_first_month() -> None:
    papers = [contract(1, contract_start=UNREAD), *employed(without=["contract", "payroll_first"])]
    assert of_trainee(judged(papers)) == ["needs_review"]


def test_sheets_that_agree_on_another_first_month_cast_doubt_on_a_start_filled_in_by_hand() -> None:
    rest = employed(without=["contract"])
    by_hand = contract(1, contract_start=Faint(date(2023, 4, 1), 0.93))
    assert of_trainee(judged([by_hand, *rest])) == ["needs_review"]
    printed = contract(1, contract_start=date(2023, 4, 1))
    both = ["attendance_first_month_missing", "payroll_first_month_missing"]
    assert of_trainee(judged([printed, *rest])) == both
    one_is_there = contract(1, contract_start=Faint(date(2023, 9, 1), 0.93))
    papers = [one_is_there, *employed(without=["contract", "payroll_first"])]
    assert of_trainee(judged(papers)) == ["payroll_first_month_missing"]


def test_without_a_day_of_review_the_latest_month_is_left_to_a_person() -> None:
    assert of_trainee(judged(employed(), as_of=None)) == ["needs_review"]


def test_less_pay_than_agreed_is_a_warning_that_leaves_the_verdict_alone() -> None:
    papers = [*employed(without=["payroll_latest"]), payroll("2024-02", 1, pay=2400)]
    judgement = judged(papers)
    (issue,) = of_code(judgement, "wage_mismatch")
    assert (issue.severity, issue.expected, issue.found) == ("warning", "3000", "2400")
    assert verdict_of(judgement) == "verified"


@pytest.mark.parametrize(("wage", "codes"), [(30000, []), (300000, []), (31000, ["wage_mismatch"])])
def test_a_wage_that_was_read_without_its_point_is_no_mismatch(wage: int, codes: list[str]) -> None:
    rest = employed(without=["contract", "payroll_latest"])
    rows = ({"name": "张三", "base": 3000, "gross": 3150},)
    papers = [contract(1, wage=wage), payroll("2024-02", 1, rows=rows), *rest]
    assert of_trainee(judged(papers))[:1] == codes


def test_a_part_month_is_paid_in_proportion() -> None:
    start = contract(1, contract_start=date(2023, 9, 16))
    rest = employed(without=["contract", "payroll_first"])
    assert of_trainee(judged([start, payroll("2023-09", 1, pay=1500), *rest])) == []
    assert of_trainee(judged([start, payroll("2023-09", 1, pay=900), *rest])) == ["wage_mismatch"]


def test_a_days_pay_is_a_thirtieth_of_the_wage_in_the_shortest_month_too() -> None:
    start = contract(1, contract_start=date(2024, 2, 15), contract_end=date(2025, 2, 14))
    for pay, codes in ((1500, []), (1490, ["wage_mismatch"])):
        found = of_trainee(judged([start, payroll("2024-02", 1, pay=pay)]))
        assert [code for code in found if code == "wage_mismatch"] == codes


def test_the_first_sheet_may_be_of_a_part_month_where_the_start_was_not_read() -> None:
    rest = employed(without=["contract", "payroll_first", "payroll_latest"])
    for first, latest, codes in ((2800, 3000, []), (3000, 2800, ["wage_mismatch"])):
        sheets = payroll("2023-09", 1, pay=first), payroll("2024-02", 1, pay=latest)
        found = of_trainee(judged([contract(1, contract_start=UNREAD), *sheets, *rest]))
        assert [code for code in found if code == "wage_mismatch"] == codes


@pytest.mark.parametrize("pay", [UNREAD, Faint(300)])
def test_pay_that_was_not_read_is_compared_with_nothing(pay: object) -> None:
    papers = [*employed(without=["payroll_latest"]), payroll("2024-02", 1, pay=pay)]
    assert of_trainee(judged(papers)) == []


def test_the_base_alone_says_nothing_beside_a_gross_amount_that_was_not_read() -> None:
    rest = employed(without=["payroll_latest"])
    for gross, codes in ((UNREAD, []), (Faint(3000), []), (3000, []), (2900, ["wage_mismatch"])):
        rows = ({"name": "张三", "base": 2100, "gross": gross},)
        assert of_trainee(judged([*rest, payroll("2024-02", 1, rows=rows)])) == codes
    # a gross below the net is another column's, or misread
    for alone in ({"base": 2100}, {"net": 2700}, {"base": 2500, "net": 2700}, {"gross": 300, "net": 2700}):
        assert of_trainee(judged([*rest, payroll("2024-02", 1, rows=({"name": "张三", **alone},))])) == []


def test_a_sheet_linked_on_a_doubtful_reading_neither_counts_nor_is_missing() -> None:
    doubtful = payroll("2024-02", 1, link={"sure": False, "name": "unsure", "id_number": "absent"})
    judgement = judged([*employed(without=["payroll_latest"]), doubtful])
    assert of_trainee(judgement) == ["needs_review"]


def test_the_contract_of_a_namesake_is_not_the_trainees() -> None:
    people = [person(1), person(2, "张三")]
    theirs = contract(2, text=("乙方：张三",))
    papers = [theirs, *employed(without=["contract"])]
    assert "contract_missing" in of_trainee(judged(papers, people), 1)


def test_every_document_of_a_trainee_is_named_in_the_report() -> None:
    judgement = judged(employed())
    assert judgement.trainees[0].documents == ("d1", "d2", "d3", "d4", "d5")
