"""The acceptance computation, with the regulation's worked case and the readings of its open texts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from archive_verify.assessment import assess
from archive_verify.model import Assessment, EmploymentType, Issue, Roster, Trainee, Verdict
from archive_verify.policy.terms import Policy
from tests.case_factories import IDS, WENSHUI, facts, person

FULL: dict[str, Any] = {
    "as_of": None, "training_kind": "order", "missing_video_half_days": 0, "callbacks_not_attended": (),
    "callbacks_not_employed": (), "training_days": 10, "daily_subsidy_yuan": 150,
}  # fmt: skip


def _with(**options: str) -> Policy:
    return WENSHUI.model_copy(update={"computation": WENSHUI.computation.model_copy(update=options)})


def _assess(
    approved: int | None, verified: int | None, passed: int, *, listed: int | None = None, employed: int | None = None,
    review: int = 0, certified: int = 0, issues: tuple[Issue, ...] = (), policy: Policy = WENSHUI, **known: Any,
) -> Assessment:  # fmt: skip
    rows = listed if listed is not None else max(approved or 0, passed)
    people = [
        person(row, id_number=IDS[0], passed=row <= passed, certificate_number="S1" if row <= certified else "")
        for row in range(1, rows + 1)
    ]
    good = rows if employed is None else employed
    verdicts = [Verdict.VERIFIED] * good + [Verdict.NEEDS_REVIEW] * review
    verdicts += [Verdict.MISSING] * (rows - len(verdicts))
    trainees = [
        Trainee(row=row, name="学员", id_number="", employment_type=EmploymentType.ENTERPRISE, verdict=verdict)
        for row, verdict in enumerate(verdicts, 1)
    ]
    return assess(
        facts=facts(**{**FULL, "approved_headcount": approved, "verified_headcount": verified, **known}),
        roster=Roster(file="roster.xlsx", rows=tuple(people)),
        trainees=trainees,
        issues=issues,
        policy=policy,
    )


def _text(result: Assessment) -> str:
    return "\n".join(f"{step.text} | {step.formula} | {step.reading}" for step in result.steps)


def test_the_worked_case() -> None:
    result = _assess(50, 48, 36)
    assert (result.pass_rate, result.headcount_deduction, result.payable_headcount) == ("0.72", 4, 44)
    assert (result.payable_yuan, result.provisional_yuan) == ("66000.00", None)
    assert "80% - 72% = 8%，8% × 48 = 3.84，取整 4" in _text(result)
    assert "44 × 10 × 150 = 66000.00" in _text(result)


def test_each_step_cites_its_paragraph_and_shows_the_readings_that_would_change_it() -> None:
    result = _assess(50, 48, 36)
    assert all(step.citation.startswith("文人社字〔2023〕51号 ") for step in result.steps)
    text = _text(result)
    assert "若不达标比例取100%减合格率则为34人、51000.00元" in text
    assert "若不达标比例取与达标线的相对差额则为43人、64500.00元" in text
    assert "若金额按未取整的人数则为44人、66240.00元" in text
    assert "若乘以审批人数" not in text      # 0.08 x 50 = 4: the same result


@pytest.mark.parametrize(
    ("approved", "verified", "passed", "deduction"),
    [(50, 50, 40, 0), (50, 50, 36, 4), (47, 46, 37, 1), (50, 40, 36, 4), (25, 25, 19, 1), (50, 50, 39, 1)],
)
def test_the_deduction_is_exact_where_floats_would_round_up(
    approved: int, verified: int, passed: int, deduction: int
) -> None:
    assert _assess(approved, verified, passed).headcount_deduction == deduction


@pytest.mark.parametrize(
    ("options", "payable"),
    [
        ({"shortfall": "points_below_all"}, 34),
        ({"shortfall": "relative"}, 43),
        ({"person_rounding": "floor"}, 45),
        ({"person_rounding": "half_up"}, 44),
        ({"shortfall_base": "approved"}, 44),
        ({"paid_persons": "passed"}, 32),
    ],
)
def test_each_reading_of_the_open_text_is_an_option(options: dict[str, str], payable: int) -> None:
    assert _assess(50, 48, 36, policy=_with(**options)).payable_headcount == payable


def test_exact_persons_may_be_paid_instead_of_rounded_ones() -> None:
    assert _assess(50, 48, 36, policy=_with(money_on="exact")).payable_yuan == "66240.00"


def test_missing_recordings_shorten_the_training() -> None:
    result = _assess(50, 48, 36, missing_video_half_days=3)
    assert (result.deducted_days, result.payable_yuan) == ("1.5", "56100.00")


def test_less_than_eighty_per_cent_employed_is_paid_at_the_general_rate() -> None:
    result = _assess(50, 48, 50, employed=39, general_daily_subsidy_yuan=50)
    assert (result.employment_rate, result.subsidy_basis, result.payable_yuan) == ("0.78", "general", "24000.00")
    kept = _assess(50, 48, 50, employed=40)
    assert (kept.subsidy_basis, kept.payable_yuan) == ("order", "72000.00")


def test_the_general_rate_is_asked_for_only_where_it_is_needed() -> None:
    result = _assess(50, 48, 50, employed=39)
    assert (result.missing_inputs, result.payable_yuan) == (("general_daily_subsidy_yuan",), None)
    assert (result.provisional_yuan, result.daily_subsidy_yuan) == (None, None)
    assert _assess(50, 48, 50).missing_inputs == ()


def test_a_class_of_general_training_falls_back_on_its_own_rate_for_the_time_being() -> None:
    result = _assess(50, 48, 50, employed=39, training_kind="general")
    assert (result.missing_inputs, result.payable_yuan) == (("general_daily_subsidy_yuan",), None)
    assert result.provisional_yuan == "72000.00"
    assert "假定普惠制标准与本班标准相同" in _text(result)


def test_another_base_of_the_employment_rate_is_shown_where_it_would_change_the_amount() -> None:
    result = _assess(50, 44, 50, employed=36, general_daily_subsidy_yuan=50)
    assert "若就业率以核实人数为基数则为44人、66000.00元" in _text(result)


def test_trainees_under_review_do_not_count_and_are_shown_beside() -> None:
    result = _assess(50, 48, 50, employed=38, review=4, general_daily_subsidy_yuan=50)
    assert (result.employment_rate, result.employment_rate_with_review) == ("0.76", "0.84")
    assert "待复核的4人计入则为 84%" in _text(result)
    assert "若待复核的4人均属实则就业率达标、72000.00元" in _text(result)


def test_confirmed_callbacks_take_persons_away() -> None:
    result = _assess(50, 48, 50, callbacks_not_attended=(3,))
    assert (result.payable_headcount, result.payable_yuan) == (47, "70500.00")
    denied = _assess(50, 48, 50, employed=40, callbacks_not_employed=(1, 50), general_daily_subsidy_yuan=50)
    assert (denied.employed, denied.subsidy_basis) == (39, "general")


@pytest.mark.parametrize(
    "name", ["verified_headcount", "missing_video_half_days", "callbacks_not_attended", "callbacks_not_employed"]
)
def test_a_fact_that_no_binder_holds_leaves_the_amount_open(name: str) -> None:
    result = _assess(50, None, 40) if name == "verified_headcount" else _assess(50, 50, 40, **{name: None})
    assert result.missing_inputs == (name,)
    assert (result.payable_yuan, result.provisional_yuan) == (None, "75000.00")
    assert "假定" in _text(result)


@pytest.mark.parametrize("name", ["approved_headcount", "training_days", "daily_subsidy_yuan"])
def test_without_a_fact_of_the_class_not_even_a_provisional_amount_is_invented(name: str) -> None:
    known: dict[str, Any] = {} if name == "approved_headcount" else {name: None}
    result = _assess(None if name == "approved_headcount" else 50, 50, 50, **known)
    assert result.missing_inputs[0] == name
    assert (result.payable_yuan, result.provisional_yuan) == (None, None)


def test_faulty_material_withholds_the_amount_and_rates_do_not() -> None:
    def issue(code: str, severity: Any) -> tuple[Issue, ...]:
        return (Issue(id="i1", code=code, severity=severity, message="", citation=""),)

    assert _assess(50, 48, 50).material_status == "accepted"
    assert _assess(50, 48, 36, issues=issue("pass_rate_low", "error")).material_status == "accepted"
    assert _assess(50, 48, 50, issues=issue("page_rotated", "info")).material_status == "accepted"
    withheld = _assess(50, 48, 50, issues=issue("document_missing", "error"))
    assert (withheld.material_status, withheld.payable_yuan) == ("to_be_supplemented", "72000.00")
    assert _assess(50, 48, 50, issues=issue("needs_review", "warning")).material_status == "to_be_supplemented"


def test_an_unknown_result_leaves_the_pass_rate_open() -> None:
    people = (person(1), person(2, passed=None))
    result = assess(
        facts=facts(**{**FULL, "approved_headcount": 2, "verified_headcount": 2}),
        roster=Roster(file="roster.xlsx", rows=people), trainees=(), issues=(), policy=WENSHUI,
    )  # fmt: skip
    assert (result.pass_rate, result.payable_yuan) == (None, None)
    assert "passed" in result.missing_inputs


@pytest.mark.parametrize("approved", range(20, 61))
def test_no_deduction_is_rounded_up_by_a_hair(approved: int) -> None:
    for passed in range(approved + 1):
        whole_hundredths = 80 * approved - 100 * passed
        expected = max(0, -(-whole_hundredths // 100))
        assert _assess(approved, approved, passed).headcount_deduction == expected


@pytest.mark.parametrize(
    ("approved", "verified", "passed", "options", "payable"),
    [
        (50, 48, 36, {"shortfall": "relative", "money_on": "exact"}, "64800.00"),   # 48 - 4.8
        (50, 40, 36, {}, "54000.00"),                                               # 40 - ceil(3.2)
        (50, 40, 36, {"shortfall_base": "approved"}, "54000.00"),
        (47, 46, 37, {}, "67500.00"),                                               # 46 - ceil(0.587)
        (50, 48, 40, {}, "72000.00"),
        (50, 48, 40, {"paid_persons": "passed"}, "60000.00"),
    ],
)
def test_the_cases_worked_by_hand(
    approved: int, verified: int, passed: int, options: dict[str, str], payable: str
) -> None:
    assert _assess(approved, verified, passed, policy=_with(**options)).payable_yuan == payable


@pytest.mark.parametrize(
    ("half_days", "reading", "yuan"),
    [(0, "remaining_days", "1700.00"), (2, "remaining_days", "1600.00"), (2, "own_rate", "1550.00"),
     (2, "none", "1700.00")],
)  # fmt: skip
def test_a_long_course_has_a_second_rate_and_loses_the_dearer_or_the_cheaper_day(
    half_days: int, reading: str, yuan: str
) -> None:
    computation = WENSHUI.computation.model_copy(
        update={"long_course_days": 10, "long_course_daily_yuan": Decimal(100), "missing_video": reading}
    )
    policy = WENSHUI.model_copy(update={"computation": computation})
    result = _assess(1, 1, 1, training_days=12, missing_video_half_days=half_days, policy=policy)
    assert result.payable_yuan == yuan
    assert "分段标准" in _text(result)


def test_the_rates_over_all_numbers_of_persons_are_shown_and_a_flip_is_said() -> None:
    text = _text(_assess(50, 48, 42, employed=36, general_daily_subsidy_yuan=50))
    assert "36 / 50 = 72%；另：以核实人数为基数 75%；以合格人数为基数 85.71%，结论不同" in text


def test_certificates_instead_of_scores_are_shown_where_they_would_change_the_amount() -> None:
    assert "若合格指取得证书则为38人、57000.00元" in _text(_assess(50, 48, 40, certified=30))
    assert "若合格指取得证书" not in _text(_assess(50, 48, 40))     # a roster without certificates


def test_another_base_is_shown_where_the_rate_of_pay_is_still_unknown() -> None:
    text = _text(_assess(50, 44, 50, employed=36))
    assert "若就业率以核实人数为基数则为44人、66000.00元" in text


def test_the_share_of_order_training_is_shown_only_where_the_years_task_is_known() -> None:
    assert "订单式培训占全年任务" not in _text(_assess(50, 48, 50))
    text = _text(_assess(50, 48, 50, annual_task_headcount=600, annual_order_headcount=160))
    assert "订单式培训占全年任务 26.67%，低于30% | 160 / 600 = 26.67%" in text
    assert "，不低于30%" in _text(_assess(50, 48, 50, annual_task_headcount=600, annual_order_headcount=180))
