"""An evaluation counts as the contract says."""

from __future__ import annotations

from typing import Any

from archive_verify.scoring import Score, Truth, score_sample
from tests.report_factories import report_of


def scored(issues: list[dict[str, Any]], true: list[dict[str, Any]], **truth: Any) -> Score:
    score = Score()
    answer = Truth.model_validate({"pages": [], "trainees": [], "issues": true, **truth})
    score_sample(score, "s", answer, report_of(issues=issues))
    return score


def test_a_second_prediction_of_one_true_issue_is_redundant_and_not_false() -> None:
    score = scored(
        [{"code": "page_number_gap", "pages": (7, 8)}, {"code": "page_number_gap", "pages": (8, 9)}],
        [{"code": "page_number_gap", "pages": [7, 8], "expected": "8"}],
    )
    assert (score.code("page_number_gap").predicted, score.code("page_number_gap").matched) == (1, 1)


def test_a_page_code_matches_by_any_page_in_common() -> None:
    score = scored(
        [{"code": "page_repeated", "pages": (5, 9)}], [{"code": "page_repeated", "pages": [9, 12]}]
    )
    assert score.code("page_repeated").recall == 1.0


def test_a_trainee_code_matches_by_row_only() -> None:
    score = scored(
        [{"code": "contract_missing", "trainee": 2}], [{"code": "contract_missing", "trainee": 1}]
    )
    assert score.code("contract_missing").precision == 0.0
    assert score.code("contract_missing").recall == 0.0


def test_each_missing_part_of_a_certificate_is_an_issue_of_its_own() -> None:
    code = "flexible_certificate_incomplete"
    score = scored(
        [{"code": code, "trainee": 1, "expected": "income"}],
        [{"code": code, "trainee": 1, "expected": "phone"}],
    )
    assert score.code(code).matched == 0


def test_an_extra_needs_review_is_counted_but_is_no_false_positive() -> None:
    score = scored([{"code": "needs_review", "trainee": 1}], [])
    assert score.extra_reviews == 1
    assert score.all_codes.predicted == 0


def test_a_catalogue_line_is_matched_by_its_title() -> None:
    score = scored(
        [{"code": "catalogue_mismatch", "expected": "学员花名册 5-7"}],
        [{"code": "catalogue_mismatch", "expected": "学员花名册 5-6"}],
    )
    assert score.code("catalogue_mismatch").matched == 1


def test_a_trainee_wrongly_verified_is_counted_as_such() -> None:
    score = scored([], [], trainees=[{"row": 1, "verdict": "incomplete"}])
    assert score.wrongly_verified == 1  # the factory's trainee is verified
    assert score.straight_through.right == 0


def test_a_field_is_right_when_any_row_of_the_page_holds_the_value() -> None:
    score = scored([], [], fields=[{"page": 3, "name": "wage", "value": "3200.00"}])
    assert score.fields["wage"].right == 1  # the factory's contract says 3200


def test_a_field_of_a_paper_counts_on_each_of_its_pages() -> None:
    report = report_of(documents=[("d1", "labour_contract", (3, 4))])
    score = Score()
    true = [{"page": page, "name": "wage", "value": "3200"} for page in (3, 4, 5)]
    score_sample(score, "s", Truth.model_validate({"pages": [], "trainees": [], "issues": [], "fields": true}), report)
    assert (score.fields["wage"].right, score.fields["wage"].total) == (2, 3)


def test_an_optional_issue_counts_neither_found_nor_missed() -> None:
    true = [{"code": "document_order", "pages": [4], "optional": True}]
    assert scored([], true).code("document_order").true == 0
    found = scored([{"code": "document_order", "pages": (4,)}], true)
    assert found.code("document_order").predicted == 0


def test_a_person_whom_a_list_names_besides_is_matched_by_the_page_of_the_list() -> None:
    code = "trainee_list_mismatch"
    score = scored(
        [{"code": code, "pages": (5,)}, {"code": code, "pages": (9,)}, {"code": code, "trainee": 2, "pages": (9,)}],
        [{"code": code, "pages": [5, 6]}, {"code": code, "trainee": 2, "pages": [9]}],
    )
    assert (score.code(code).matched, score.code(code).predicted) == (2, 3)


def test_what_a_class_can_have_once_is_matched_by_its_code() -> None:
    score = scored(
        [{"code": "application_mismatch", "expected": "10"}, {"code": "application_mismatch", "expected": "6000"}],
        [{"code": "application_mismatch", "expected": "6000"}],
    )
    assert (score.code("application_mismatch").matched, score.code("application_mismatch").predicted) == (1, 1)
