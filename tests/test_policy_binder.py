"""Pages, completeness, order, catalogue and the class: kept, broken, unreadable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from archive_verify.model import Box, Fact, Stranger
from tests.case_factories import (
    IDS,
    SPOT,
    UNIT,
    UNREAD,
    WENSHUI,
    Faint,
    Paper,
    attendance,
    certificate,
    contract,
    judged,
    licence,
    number,
    of_code,
    paper,
    payroll,
    person,
)

REQUIRED = [kind.value for kind in WENSHUI.binder.required]
ILLEGIBLE = frozenset({"illegible"})


def _log(pages: int, **changes: Any) -> list[Paper]:
    return [paper("teaching_log", length=pages, **changes)]


def _numbered(*values: int | None) -> dict[int, Any]:
    return {index: number(value) for index, value in enumerate(values, 1) if value is not None}


def _pages(judgement: Any, code: str) -> list[tuple[int, ...]]:
    return [issue.pages for issue in of_code(judgement, code)]


# --- page numbers


def test_numbers_in_a_row_top_right_are_no_issue() -> None:
    codes = {issue.code for issue in judged(_log(5)).issues}
    assert not any(code.startswith("page_") for code in codes)


def test_an_unnumbered_page_uses_up_its_number_and_leaves_no_gap() -> None:
    judgement = judged(_log(4), numbers=_numbered(1, None, 3, 4))
    assert _pages(judgement, "page_number_missing") == [(2,)]
    assert _pages(judgement, "page_number_gap") == []


def test_a_blank_page_neither_carries_nor_uses_a_number() -> None:
    papers = [*_log(2), paper("blank", flags=frozenset({"blank"})), *_log(1)]
    judgement = judged(papers, numbers={1: number(1), 2: number(2), 4: number(3)})
    assert _pages(judgement, "page_number_missing") == []
    assert _pages(judgement, "page_number_gap") == []
    assert _pages(judgement, "page_blank") == [(3,)]


def test_a_number_that_stands_there_but_was_not_read_is_reviewed() -> None:
    judgement = judged(_log(3), numbers=_numbered(1, None, 3), unread=(2,))
    assert _pages(judgement, "page_number_missing") == []
    assert (2,) in _pages(judgement, "needs_review")


@pytest.mark.parametrize(
    ("values", "expected", "pages"),
    [
        ((1, 2, 4, 5), "3", (2, 3)),
        ((1, 2, 6, 7), "3-5", (2, 3)),
        ((1, None, 4, 5), "3", (1, 3)),
        ((3, 4, 5, 6), "1-2", (1,)),
    ],
)
def test_a_gap_names_the_numbers_left_out_and_the_pages_on_both_sides(
    values: Sequence[int | None], expected: str, pages: tuple[int, ...]
) -> None:
    (issue,) = of_code(judged(_log(4), numbers=_numbered(*values)), "page_number_gap")
    assert (issue.expected, issue.pages) == (expected, pages)


def test_two_gaps_are_two_issues() -> None:
    judgement = judged(_log(4), numbers=_numbered(1, 3, 4, 6))
    assert [issue.expected for issue in of_code(judgement, "page_number_gap")] == ["2", "5"]


def test_a_page_bound_elsewhere_is_out_of_order_and_leaves_no_gap() -> None:
    judgement = judged(_log(6), numbers=_numbered(1, 2, 5, 3, 4, 6), out_of_place=(3,))
    assert _pages(judgement, "page_number_order") == [(3,)]
    assert _pages(judgement, "page_number_gap") == []


def test_a_number_used_twice_is_one_issue_with_all_its_pages() -> None:
    judgement = judged(_log(4), numbers=_numbered(1, 2, 2, 3))
    assert _pages(judgement, "page_number_duplicate") == [(2, 3)]
    assert _pages(judgement, "page_number_gap") == []


def test_a_volume_that_numbers_anew_has_neither_duplicates_nor_gaps() -> None:
    judgement = judged(_log(5), numbers=_numbered(1, 2, 3, 1, 2), starts=(4,))
    assert _pages(judgement, "page_number_duplicate") == _pages(judgement, "page_number_gap") == []


def test_a_number_in_another_corner_is_in_the_wrong_place() -> None:
    judgement = judged(_log(2), numbers={1: number(1), 2: number(2, "bottom_center")})
    assert _pages(judgement, "page_number_position") == [(2,)]


@pytest.mark.parametrize(
    ("rotation", "position", "right"),
    [
        (90, "bottom_right", True), (270, "top_left", True), (90, "top_right", True),
        (90, "top_left", False), (0, "bottom_right", False),
    ],
)  # fmt: skip
def test_a_form_bound_sideways_may_carry_the_number_at_either_corner(
    rotation: int, position: str, right: bool
) -> None:
    sheet = {"width": 2339, "height": 1654, "rotation": rotation}
    judgement = judged(_log(1, sheet=sheet), numbers={1: number(1, position)})
    assert _pages(judgement, "page_number_position") == ([] if right else [(1,)])


def test_versos_may_be_allowed_their_top_left_corner() -> None:
    numbers = {1: number(1), 2: number(2, "top_left"), 3: number(3, "top_left")}
    terms = WENSHUI.pagination.model_copy(update={"verso_top_left": True})
    policy = WENSHUI.model_copy(update={"pagination": terms})
    assert _pages(judged(_log(3), numbers=numbers, policy=policy), "page_number_position") == [(3,)]


def test_an_illegible_page_asks_for_a_scan_and_not_for_a_number() -> None:
    papers = [*_log(1), paper("other", flags=ILLEGIBLE), *_log(1)]
    judgement = judged(papers, numbers=_numbered(1, None, 3))
    assert _pages(judgement, "page_illegible") == [(2,)]
    assert _pages(judgement, "page_number_missing") == []


def test_a_page_whose_reading_failed_is_reviewed_and_never_passed_over() -> None:
    judgement = judged([paper("other", flags=frozenset({"failed"}))], numbers={})
    assert (1,) in _pages(judgement, "needs_review")


def test_a_turned_page_is_told() -> None:
    judgement = judged(_log(1, sheet={"rotation": 180}))
    assert [issue.severity for issue in of_code(judgement, "page_rotated")] == ["info"]


# --- the same sheet twice


def test_the_same_sheet_twice_is_a_warning() -> None:
    judgement = judged([contract(1), contract(1)], repeats=[(1, 2)])
    (issue,) = of_code(judgement, "page_repeated")
    assert (issue.pages, issue.severity) == ((1, 2), "warning")


def test_an_employers_sheet_behind_several_trainees_is_only_told() -> None:
    people = [person(1), person(2, "李四")]
    papers = [contract(1), payroll("2023-09", 1, 2), contract(2), payroll("2023-09", 1, 2)]
    (issue,) = of_code(judged(papers, people, repeats=[(2, 4)]), "page_repeated")
    assert issue.severity == "info"


def test_an_employers_sheet_twice_behind_one_trainee_is_a_warning() -> None:
    papers = [contract(1), payroll("2023-09", 1), payroll("2023-09", 1)]
    (issue,) = of_code(judged(papers, repeats=[(2, 3)]), "page_repeated")
    assert issue.severity == "warning"


# --- required documents and their order


def _complete(*, without: str = "", proof: Sequence[Paper] = ()) -> list[Paper]:
    papers = [paper(kind) for kind in REQUIRED if kind != without]
    place = next(n for n, one in enumerate(papers) if one.kind in ("truthfulness_commitment", "subsidy_application"))
    return [*papers[:place], *proof, *papers[place:]]


def test_a_complete_binder_in_order_has_no_issue_of_either_kind() -> None:
    judgement = judged(_complete())
    assert of_code(judgement, "document_missing") == of_code(judgement, "document_order") == []


@pytest.mark.parametrize("kind", REQUIRED)
def test_each_required_type_is_missed(kind: str) -> None:
    (issue,) = of_code(judged(_complete(without=kind)), "document_missing")
    assert issue.expected == kind


def test_an_illegible_page_in_its_place_may_be_the_missing_document() -> None:
    papers = _complete(without="timetable")
    place = next(n for n, one in enumerate(papers) if one.kind == "teaching_log")
    papers.insert(place, paper("other", flags=ILLEGIBLE))
    judgement = judged(papers)
    assert of_code(judgement, "document_missing") == []
    assert (place + 1,) in _pages(judgement, "needs_review")


def test_an_illegible_page_in_another_place_does_not_excuse_a_missing_document() -> None:
    papers = [*_complete(without="timetable"), paper("other", flags=ILLEGIBLE)]
    assert len(of_code(judged(papers), "document_missing")) == 1


def test_one_displaced_document_is_one_issue() -> None:
    papers = _complete()
    plan = next(n for n, one in enumerate(papers) if one.kind == "training_plan")
    papers.append(papers.pop(plan))
    assert _pages(judged(papers), "document_order") == [(len(papers),)]


def test_a_paper_out_of_order_is_told_by_its_title_though_a_further_page_left_its_kind_in_doubt() -> None:
    papers = [one for one in _complete() if one.kind != "training_plan"]
    untitled = [*papers, paper("training_plan", length=2, trust=0.63)]
    assert _pages(judged(untitled), "document_order") == []
    titled = [*papers, paper("training_plan", length=2, trust=0.63, title="教学计划")]
    assert _pages(judged(titled), "document_order") == [(len(papers) + 1, len(papers) + 2)]


def test_of_two_swapped_documents_the_shorter_one_is_displaced() -> None:
    papers = [paper("teaching_log", length=6), paper("timetable")]
    assert _pages(judged(papers), "document_order") == [(7,)]


def test_another_scan_of_a_document_in_its_place_is_repeated_and_not_displaced() -> None:
    papers = [paper("certificate_register"), paper("certificate_copy", length=2), paper("certificate_register")]
    assert _pages(judged(papers), "document_order") == [(4,)]
    assert of_code(judged(papers, repeats=[(1, 4)]), "document_order") == []


def test_a_page_whose_kind_is_a_guess_is_reviewed_where_it_seems_displaced() -> None:
    papers = [paper("training_plan"), paper("score_sheet", trust=0.5), *_log(3), paper("score_sheet")]
    judgement = judged(papers)
    assert of_code(judgement, "document_order") == []
    assert (2,) in _pages(judgement, "needs_review")


def test_a_page_of_unknown_kind_in_its_place_may_be_the_missing_document() -> None:
    papers = _complete(without="timetable")
    place = next(n for n, one in enumerate(papers) if one.kind == "teaching_log")
    guessed = [*papers[:place], paper("other", trust=0.4), *papers[place:]]
    assert of_code(judged(guessed), "document_missing") == []
    known = [*papers[:place], paper("other", trust=1.0, title="教材发放表"), *papers[place:]]
    assert len(of_code(judged(known), "document_missing")) == 1


def test_employment_proof_may_lie_in_any_inner_order() -> None:
    proof = [payroll("2023-09", 1), contract(1), licence(), certificate(1), payroll("2024-02", 1)]
    assert of_code(judged(_complete(proof=proof)), "document_order") == []


@pytest.mark.parametrize("title", ["工资表、考勤表", "宏达商贸公司工资考勤表", "9月工资表及考勤表"])
def test_one_line_may_list_two_kinds_of_proof(title: str) -> None:
    proof = [contract(1), payroll("2023-09", 1), attendance("2023-09", 1), payroll("2024-02", 1)]
    listing = _catalogue(("劳动合同", 2, 2), (title, 3, 5))
    assert of_code(judged([listing, *proof]), "catalogue_mismatch") == []
    (issue,) = of_code(judged([_catalogue(("劳动合同", 2, 2), (title, 3, 7)), *proof]), "catalogue_mismatch")
    assert issue.expected == f"{title} 3-7"


def test_a_page_bound_out_of_place_does_not_displace_its_document() -> None:
    papers = [paper("training_plan"), paper("teaching_log"), paper("timetable"), paper("teaching_log")]
    judgement = judged(papers, numbers=_numbered(1, 3, 2, 4), out_of_place=(2,))
    assert of_code(judgement, "document_order") == []


# --- the catalogue


def _catalogue(*lines: tuple[str, Any, Any]) -> Paper:
    rows = tuple(
        {"title": title, **({"first": first} if first is not None else {}), **({"last": last} if last else {})}
        for title, first, last in lines
    )
    return paper("catalogue", rows=rows)


def test_a_line_of_no_known_type_is_a_mismatch_only_if_its_title_stands_nowhere() -> None:
    lines = (("培训计划", 2, 3), ("满意度调查表", 3, 3))
    papers = [_catalogue(*lines), paper("training_plan", length=2)]
    assert [issue.expected for issue in of_code(judged(papers), "catalogue_mismatch")] == ["满意度调查表 3"]
    there = [_catalogue(*lines), paper("training_plan"), paper("other", text=("学员满意度调查表",))]
    assert "满意度调查表 3" not in [issue.expected for issue in of_code(judged(there), "catalogue_mismatch")]


def test_words_like_a_short_title_elsewhere_do_not_hide_that_its_paper_is_nowhere() -> None:
    lines = (("培训总结", 2, None), ("培训计划", 2, 2), ("教材发放登记表", 3, 3))
    plan = paper("training_plan", text=("培训结业考核安排",))
    books = paper("other", title="教材发放登记表", text=("教材发放登记表",))
    assert "培训总结 2" in [issue.expected for issue in of_code(
        judged([_catalogue(*lines), plan, books]), "catalogue_mismatch")]
    unknown = [_catalogue(*lines), plan, books, paper("other", text=("感谢信",))]
    assert "培训总结 2" not in [issue.expected for issue in of_code(judged(unknown), "catalogue_mismatch")]


def test_a_catalogue_that_agrees_is_no_issue() -> None:
    papers = [_catalogue(("培训计划", 2, 3), ("教学日志", 4, 6)), paper("training_plan", length=2), *_log(3)]
    assert of_code(judged(papers), "catalogue_mismatch") == []


def test_a_title_misread_by_one_character_lists_the_paper_that_bears_the_right_one() -> None:
    listing = _catalogue(("教学日志", 2, 4), ("须证花名册", 5, 6))
    paper_there = paper("certificate_register", length=2, title="颁证花名册")
    assert of_code(judged([listing, *_log(3), paper_there]), "catalogue_mismatch") == []


def test_a_wrong_range_shows_the_line_and_what_stands_there() -> None:
    papers = [_catalogue(("培训计划", 2, 4), ("教学日志", 4, 6)), paper("training_plan", length=2), *_log(3)]
    (issue,) = of_code(judged(papers), "catalogue_mismatch")
    assert (issue.expected, issue.found) == ("培训计划 2-4", "培训计划 2-3")


def test_a_listed_document_that_is_nowhere_is_a_mismatch() -> None:
    papers = [_catalogue(("课程表", 2, None), ("教学日志", 2, 4)), *_log(3)]
    (issue,) = of_code(judged(papers), "catalogue_mismatch")
    assert (issue.expected, issue.found) == ("课程表 2", "未见课程表")


def test_a_document_that_no_line_lists_is_a_mismatch_without_expectation() -> None:
    papers = [_catalogue(("教学日志", 3, 5)), paper("timetable", title="课程安排表"), *_log(3)]
    (issue,) = of_code(judged(papers), "catalogue_mismatch")
    assert (issue.expected, issue.found) == (None, "课程安排表 2")


def test_one_line_may_list_all_employment_proof() -> None:
    papers = [_catalogue(("学员就业证明材料", 2, 3)), contract(1), payroll("2023-09", 1)]
    assert of_code(judged(papers), "catalogue_mismatch") == []


def test_a_line_whose_number_was_read_doubtfully_is_reviewed() -> None:
    for first in (Faint(7), UNREAD):
        papers = [_catalogue(("教学日志", first, None)), *_log(3)]
        judgement = judged(papers)
        assert of_code(judgement, "catalogue_mismatch") == []
        assert (1,) in _pages(judgement, "needs_review")


def test_a_number_that_was_not_read_is_taken_from_the_lines_around_it() -> None:
    papers = [_catalogue(("培训计划", 2, 3), ("课程表", UNREAD, None), ("教学日志", 5, 7))]
    papers += [paper("training_plan", length=2), paper("timetable"), *_log(3)]
    judgement = judged(papers)
    assert of_code(judgement, "catalogue_mismatch") == []
    assert (1,) not in _pages(judgement, "needs_review")


@pytest.mark.parametrize(("trust", "first", "mismatches"), [
    (0.85, 1, 0),                       # 4 read as 1 between 3 and 5
    (1.0, 1, 1),                        # read clearly
    (0.85, 7, 0),
])
def test_a_number_out_of_order_is_taken_for_a_misread_digit_only_if_read_less_than_clearly(
    trust: float, first: int, mismatches: int
) -> None:
    papers = [_catalogue(("培训计划", 2, 3), ("课程表", Faint(first, trust), None), ("教学日志", 5, 7))]
    papers += [paper("training_plan", length=2), paper("timetable"), *_log(3)]
    assert len(of_code(judged(papers), "catalogue_mismatch")) == mismatches


def test_an_illegible_page_at_the_edge_of_a_paper_may_be_the_one_that_a_line_lists() -> None:
    def found(first: int, last: int | None = None) -> list[str | None]:
        lines = (("培训计划", 2, 3), ("课程表", first, last), ("教学日志", 6, 8))
        hidden = paper("training_plan", title="", flags=ILLEGIBLE)
        papers = [_catalogue(*lines), paper("training_plan", length=2), hidden, paper("timetable"), *_log(3)]
        return [issue.expected for issue in of_code(judged(papers), "catalogue_mismatch")]

    assert found(4) == found(4, 5) == found(5) == []
    assert found(3) == ["课程表 3"]


def test_a_line_of_another_paper_is_compared_with_the_paper_of_its_title() -> None:
    def expected(line: tuple[str, Any, Any], *papers: Paper) -> list[str | None]:
        log = ("教学日志", 2, 4)
        found = of_code(judged([_catalogue(log, line), *_log(3), *papers]), "catalogue_mismatch")
        return [issue.expected for issue in found if issue.expected]

    book = paper("other", title="教材发放登记表", text=("教材发放登记表",))
    assert expected(("教材发放登记表", 5, 5), book) == []
    assert expected(("教材发放登记表", 6, 6), book) == ["教材发放登记表 6"]
    annexed = paper("other", title="", text=("续页",))
    assert expected(("教材发放登记表", 5, 6), book, annexed) == []


def test_a_number_of_pages_of_another_paper_is_counted() -> None:
    def expected(title: str, count: int, *papers: Paper) -> list[str | None]:
        rows = [{"title": "教学日志", "count": 3}, {"title": title, "count": count}]
        found = of_code(judged([paper("catalogue", rows=rows), *_log(3), *papers]), "catalogue_mismatch")
        return [issue.expected for issue in found if issue.expected]

    book = paper("other", title="教材发放登记表", text=("教材发放登记表",))
    assert expected("教材发放登记表", 1, book) == []
    assert expected("教材发放登记表", 3, book) == ["教材发放登记表 3页"]
    assert expected("学员报名表", 3, book) == ["学员报名表 3页"]
    assert expected("学员报名表", 3, paper("other", title="", text=("学员报名表",), length=3)) == []


def test_a_catalogue_that_was_not_read_is_reviewed() -> None:
    judgement = judged([paper("catalogue"), *_log(3)])
    assert (1,) in _pages(judgement, "needs_review")
    lost = replace(_catalogue(("教学日志", 2, 4)), unread_rows=1)
    judgement = judged([lost, *_log(3), paper("score_sheet")])
    assert of_code(judgement, "catalogue_mismatch") == []
    assert (1,) in _pages(judgement, "needs_review")


def test_what_a_catalogue_lacks_is_no_mismatch_where_its_next_page_cannot_be_read() -> None:
    papers = [_catalogue(("教学日志", 2, 5)), *_log(3), paper("score_sheet")]
    assert of_code(judged(papers), "catalogue_mismatch")
    whole = [_catalogue(("教学日志", 3, 5)), paper("other", flags=("illegible",)), *_log(3), paper("score_sheet")]
    judgement = judged(whole)
    assert of_code(judgement, "catalogue_mismatch") == []
    assert (1,) in _pages(judgement, "needs_review")


def test_numbers_of_pages_prove_nothing_where_a_line_was_not_read() -> None:
    rows = ({"title": "教学日志", "count": 2},)
    papers = [paper("catalogue", rows=rows), *_log(3)]
    assert of_code(judged(papers), "catalogue_mismatch")
    judgement = judged([replace(papers[0], unread_rows=1), *papers[1:]])
    assert of_code(judgement, "catalogue_mismatch") == []
    assert (1,) in _pages(judgement, "needs_review")


def test_an_illegible_page_leaves_open_only_the_numbers_of_pages_that_it_can_make_up_for() -> None:
    def found(count: int) -> tuple[bool, bool]:
        log = [*_log(1), paper("teaching_log", title="", flags=ILLEGIBLE), *_log(1)]
        judgement = judged([paper("catalogue", rows=({"title": "教学日志", "count": count},)), *log])
        return bool(of_code(judgement, "catalogue_mismatch")), (1,) in _pages(judgement, "needs_review")

    assert found(3) == (False, False)
    assert found(2) == (False, True)
    assert found(4) == found(1) == (True, False)


# --- the class


@pytest.mark.parametrize(
    ("kind", "day", "late"),
    [("general", 29, False), ("general", 30, True), ("order", 21, False), ("order", 22, True)],
)
def test_the_opening_report_comes_a_week_or_fifteen_days_ahead(kind: str, day: int, late: bool) -> None:
    start = date(2023, 6, 5)
    reported = date(2023, 5, day)
    judgement = judged([], opening_report_date=reported, start_date=start, training_kind=kind)
    assert bool(of_code(judgement, "opening_report_late")) is late


def test_a_report_date_that_was_not_read_is_reviewed() -> None:
    judgement = judged([paper("opening_report")], start_date=date(2023, 6, 5))
    assert (1,) in _pages(judgement, "needs_review")
    assert of_code(judgement, "opening_report_late") == []


def test_a_report_date_read_a_year_off_is_reviewed_and_neither_late_nor_in_time() -> None:
    read = Fact(value=date(2022, 7, 2), source="binder", page=1, box=SPOT)
    judgement = judged([paper("opening_report")], opening_report_date=read, start_date=date(2023, 7, 6))
    assert (1,) in _pages(judgement, "needs_review")
    assert of_code(judgement, "opening_report_late") == []


def test_approved_headcount_and_roster_rows_must_agree() -> None:
    assert of_code(judged([], approved_headcount=1), "headcount_mismatch") == []
    (issue,) = of_code(judged([], approved_headcount=2), "headcount_mismatch")
    assert (issue.expected, issue.found) == ("2", "1")
    judgement = judged([paper("opening_approval")], approved_headcount=None)
    assert (1,) in _pages(judgement, "needs_review")


def _people(passed: Sequence[bool | None]) -> list[Any]:
    return [
        person(row, id_number=IDS[0], passed=result, route="none") for row, result in enumerate(passed, 1)
    ]


def test_the_pass_rate_counts_on_the_approved_headcount() -> None:
    assert of_code(judged([], _people([True] * 4), approved_headcount=5), "pass_rate_low") == []
    (issue,) = of_code(judged([], _people([True] * 3), approved_headcount=4), "pass_rate_low")
    assert (issue.expected, issue.found) == ("0.80", "0.75")


def test_unknown_results_that_decide_the_pass_rate_are_reviewed() -> None:
    papers = [paper("score_sheet")]
    judgement = judged(papers, _people([True, True, True, None]), approved_headcount=4)
    assert of_code(judgement, "pass_rate_low") == []
    assert (1,) in _pages(judgement, "needs_review")
    hopeless = judged(papers, _people([False, False, False, None]), approved_headcount=4)
    assert len(of_code(hopeless, "pass_rate_low")) == 1


def test_an_employment_rate_under_the_limit_whatever_the_reviews_say_is_low() -> None:
    people = [person(row, name, "flexible") for row, name in enumerate(["张三", "李四", "王五"], 1)]
    papers = [certificate(1), licence(), certificate(2, phone=UNREAD)]
    (issue,) = of_code(judged(papers, people, approved_headcount=3), "employment_rate_low")
    assert issue.found == "0.3333" and "计入则为66.67%" in issue.message


def test_an_employment_rate_that_hangs_on_reviews_is_not_called_low() -> None:
    people = [person(1, route="flexible"), person(2, "李四", "flexible")]
    for second in (certificate(2), certificate(2, phone=UNREAD)):
        judgement = judged([certificate(1), licence(), second], people, approved_headcount=2)
        assert of_code(judgement, "employment_rate_low") == []


# --- persons whom the roster does not list


def _stranger(document: str, page: int, **changes: Any) -> Stranger:
    values = {
        "name": "钱七", "id_number": "", "document": document, "page": page, "box": Box(*SPOT),
        "confidence": 0.98, "sure": True, **changes,
    }  # fmt: skip
    return Stranger.model_validate(values)


def test_a_stranger_is_one_issue_whatever_the_number_of_papers() -> None:
    papers = [contract(2, employee="钱七"), paper("flexible_certificate", employee="钱七")]
    papers = [replace(one, of=()) for one in papers]
    judgement = judged(papers, strangers=(_stranger("d1", 1), _stranger("d2", 2)))
    assert _pages(judgement, "trainee_not_on_roster") == [(1, 2)]


def test_other_workers_on_an_employers_sheet_are_no_strangers() -> None:
    judgement = judged([payroll("2023-09", 1)], strangers=(_stranger("d1", 1),))
    assert of_code(judgement, "trainee_not_on_roster") == []


def test_the_head_of_an_employing_unit_is_no_stranger_but_a_self_employed_one_is() -> None:
    head = (_stranger("d2", 2),)
    judgement = judged([certificate(1), licence(employer=UNIT)], [person(route="flexible")], strangers=head)
    assert of_code(judgement, "trainee_not_on_roster") == []
    papers = [licence(operator="钱七", employer="文水县钱七小吃店"), paper("premises_proof", tenant="钱七")]
    both = (_stranger("d1", 1), _stranger("d2", 2))
    assert _pages(judged(papers, strangers=both), "trainee_not_on_roster") == [(1, 2)]


def test_a_stranger_who_was_not_read_for_certain_is_reviewed() -> None:
    papers = [replace(contract(1), of=())]
    judgement = judged(papers, strangers=(_stranger("d1", 1, sure=False),))
    assert of_code(judgement, "trainee_not_on_roster") == []
    assert (1,) in _pages(judgement, "needs_review")


