"""The acceptance computation: rates, deductions, payable amount, each step with its formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from archive_verify.assessment.compute import Inputs, compute, decimal_text, in_yuan
from archive_verify.assessment.steps import ASSUMED, steps
from archive_verify.model import Assessment, ClassFacts, Issue, Roster, Trainee, Verdict
from archive_verify.policy.terms import Policy

# Findings that no further paper can cure; the regulation computes with them (五(二)).
_NOT_MATERIAL = frozenset({"pass_rate_low", "employment_rate_low", "opening_report_late", "headcount_mismatch"})


def assess(
    *,
    facts: ClassFacts,
    roster: Roster,
    trainees: Sequence[Trainee],
    issues: Sequence[Issue],
    policy: Policy,
) -> Assessment:
    """Compute rates, deductions and the payable amount (contract, section 6; regulation, 五).

    Exact fractions throughout: floats give a wrong ceiling for many headcounts. An unknown input
    leaves `payable_yuan` null; `provisional_yuan` then holds the amount under the assumptions that
    the steps name, where one can be computed at all.
    """
    missing = _missing(facts)
    inputs = _inputs(facts, roster, trainees, policy)
    terms = policy.computation
    result = compute(inputs, terms)
    if result.below and terms.below_employment_rate == "general_rate" and inputs.general is None:
        missing.append("general_daily_subsidy_yuan")
        if inputs.kind == "general" and inputs.daily is not None:
            # a class of general training falls back on what it is: its own rate will do for the time being
            inputs = replace(inputs, general=inputs.daily)
            result = compute(inputs, terms)
    if result.passed is None:
        missing.append("passed")
    reviewed = sum(trainee.verdict is Verdict.NEEDS_REVIEW for trainee in trainees)
    known = not missing
    beside = compute(replace(inputs, employed=inputs.employed + reviewed), terms).employment_rate
    return Assessment(
        approved_headcount=inputs.approved,
        verified_headcount=_whole(facts, "verified_headcount"),
        passed=result.passed,
        pass_rate=decimal_text(result.pass_rate),
        employed=inputs.employed,
        employed_with_review=inputs.employed + reviewed,
        employment_rate=decimal_text(result.employment_rate),
        employment_rate_with_review=decimal_text(beside),
        subsidy_basis=result.basis,
        training_days=decimal_text(inputs.days),
        deducted_days=decimal_text(result.deducted_days) if "missing_video_half_days" in facts else None,
        headcount_deduction=result.deduction,
        payable_headcount=result.payable_headcount if "verified_headcount" in facts else None,
        daily_subsidy_yuan=money_text(None if "general_daily_subsidy_yuan" in missing else result.daily),
        payable_yuan=str(result.yuan) if known and result.yuan is not None else None,
        provisional_yuan=str(result.yuan) if not known and result.yuan is not None else None,
        material_status="to_be_supplemented" if _withheld(issues) else "accepted",
        missing_inputs=tuple(dict.fromkeys(missing)),
        steps=tuple(steps(inputs, result, policy, missing, reviewed, _withheld(issues))),
    )


def _missing(facts: ClassFacts) -> list[str]:
    needed = ("approved_headcount", "training_days", "daily_subsidy_yuan", *ASSUMED)
    return [name for name in needed if name not in facts or facts[name].value is None]


def _withheld(issues: Sequence[Issue]) -> bool:
    """Whether the material still has faults that further papers or a reviewer must cure."""
    return any(
        issue.code == "needs_review" or (issue.severity == "error" and issue.code not in _NOT_MATERIAL)
        for issue in issues
    )


def _value(facts: ClassFacts, name: str) -> Any:
    return facts[name].value if name in facts else None


def _whole(facts: ClassFacts, name: str) -> int | None:
    value = _value(facts, name)
    return None if value is None else int(value)


def _fraction(facts: ClassFacts, name: str) -> Fraction | None:
    value = _value(facts, name)
    return None if value is None else Fraction(str(value))


def _inputs(
    facts: ClassFacts, roster: Roster, trainees: Sequence[Trainee], policy: Policy
) -> Inputs:
    denied = set(_value(facts, "callbacks_not_employed") or ())
    if policy.computation.callback_not_employed == "none":
        denied = set()
    employed = sum(
        trainee.verdict is Verdict.VERIFIED and trainee.row not in denied for trainee in trainees
    )
    results = [person.passed for person in roster.rows]
    verified = _whole(facts, "verified_headcount")
    not_attended = len(set(_value(facts, "callbacks_not_attended") or ()))
    if policy.computation.callback_not_attended == "none":
        not_attended = 0
    return Inputs(
        approved=_whole(facts, "approved_headcount"),
        verified=len(roster.rows) if verified is None else verified,
        not_attended=not_attended,
        passed=None if None in results or not results else results.count(True),
        certified=_certified(roster),
        employed=employed,
        days=_fraction(facts, "training_days"),
        half_days=_whole(facts, "missing_video_half_days") or 0,
        kind=str(_value(facts, "training_kind") or "general"),
        daily=_fraction(facts, "daily_subsidy_yuan"),
        general=_fraction(facts, "general_daily_subsidy_yuan"),
        pass_limit=Fraction(policy.class_.pass_rate),
        employment_limit=Fraction(policy.class_.employment_rate),
        annual_task=_whole(facts, "annual_task_headcount"),
        annual_order=_whole(facts, "annual_order_headcount"),
    )


def _certified(roster: Roster) -> int | None:
    """How many passed and have a certificate; None where the roster tells no certificates at all."""
    if not any(person.certificate_number for person in roster.rows):
        return None
    return sum(person.passed is True and bool(person.certificate_number) for person in roster.rows)


def money_text(value: Fraction | None) -> str | None:
    return None if value is None else str(in_yuan(value))
