"""The figures of the acceptance computation, in exact fractions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from archive_verify.policy.terms import ComputationTerms


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the computation starts from; None is unknown. Rates of pay are yuan per person and day."""

    approved: int | None
    verified: int | None
    not_attended: int
    passed: int | None
    certified: int | None
    employed: int
    days: Fraction | None
    half_days: int
    kind: str
    daily: Fraction | None
    general: Fraction | None
    pass_limit: Fraction
    employment_limit: Fraction
    annual_task: int | None = None      # of the institution in the year, and how many of it as order training
    annual_order: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """All figures of one computation; None where an input is unknown."""

    verified: int | None
    passed: int | None
    pass_rate: Fraction | None
    shortfall: Fraction | None
    exact_deduction: Fraction | None
    deduction: int | None
    payable_headcount: int | None
    employment_rate: Fraction | None
    basis: Literal["order", "general"] | None
    below: bool
    daily: Fraction | None
    deducted_days: Fraction
    days: Fraction | None
    each: Fraction | None               # yuan for one person over all days
    yuan: Decimal | None


def compute(inputs: Inputs, terms: ComputationTerms) -> Result:
    """All figures by the readings that `terms` takes (regulation, 五)."""
    passed = inputs.certified if terms.passed_means == "certificate" else inputs.passed
    verified = None if inputs.verified is None else max(0, inputs.verified - inputs.not_attended)
    pass_rate = share(passed, inputs.approved)
    shortfall = _shortfall(pass_rate, inputs.pass_limit, terms)
    base = verified if terms.shortfall_base == "verified" else inputs.approved
    exact = None if shortfall is None or base is None else shortfall * base
    deduction = None if exact is None else _rounded(exact, terms)
    paid = verified
    if terms.paid_persons == "passed" and verified is not None and passed is not None:
        paid = min(verified, passed)
    payable = None if paid is None or deduction is None else max(0, paid - deduction)

    employment_base = {"approved": inputs.approved, "verified": verified, "passed": passed}[terms.employment_base]
    employment_rate = share(inputs.employed, employment_base)
    below = employment_rate is not None and employment_rate < inputs.employment_limit
    basis: Literal["order", "general"] | None = "order" if inputs.kind == "order" else "general"
    daily = inputs.daily
    if below and terms.below_employment_rate == "general_rate":
        basis, daily = "general", inputs.general
    if employment_rate is None:
        basis = None

    deducted = Fraction(0) if terms.missing_video == "none" else Fraction(inputs.half_days, 2)
    days = None if inputs.days is None else max(Fraction(0), inputs.days - deducted)
    each = yuan = None
    if inputs.days is not None and daily is not None:
        # a county's second rate for long courses belongs to the class's own rate, not to the fallback
        tiered = daily is inputs.daily and basis is not None
        each = _per_person(inputs.days, deducted, daily, terms if tiered else None, terms.missing_video)
    if payable is not None and each is not None and paid is not None and exact is not None:
        persons = max(Fraction(0), paid - exact) if terms.money_on == "exact" else Fraction(payable)
        yuan = in_yuan(persons * each)
    return Result(
        verified, passed, pass_rate, shortfall, exact, deduction, payable, employment_rate, basis, below,
        daily, deducted, days, each, yuan,
    )  # fmt: skip


def _per_person(
    days: Fraction, deducted: Fraction, daily: Fraction, terms: ComputationTerms | None, missing_video: str
) -> Fraction:
    """What one person is paid for the days that count; with a second rate where `terms` has one."""

    def pay(length: Fraction) -> Fraction:
        if terms is None or terms.long_course_days is None or terms.long_course_daily_yuan is None:
            return length * daily
        usual = min(length, Fraction(terms.long_course_days))
        return usual * daily + (length - usual) * Fraction(terms.long_course_daily_yuan)

    if missing_video == "own_rate":
        return max(Fraction(0), pay(days) - deducted * daily)
    return pay(max(Fraction(0), days - deducted))


def _shortfall(rate: Fraction | None, limit: Fraction, terms: ComputationTerms) -> Fraction | None:
    if rate is None:
        return None
    if rate >= limit:
        return Fraction(0)
    if terms.shortfall == "points_below_all":
        return 1 - rate
    return (limit - rate) / limit if terms.shortfall == "relative" else limit - rate


def _rounded(exact: Fraction, terms: ComputationTerms) -> int:
    if terms.person_rounding == "ceil":
        return math.ceil(exact)
    return math.floor(exact) if terms.person_rounding == "floor" else math.floor(exact + Fraction(1, 2))


def share(part: int | None, whole: int | None) -> Fraction | None:
    """part / whole; None where either is unknown or the whole is 0."""
    return None if part is None or not whole else Fraction(part, whole)


def in_yuan(value: Fraction) -> Decimal:
    """An amount with two places, half cents rounded up."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def decimal_text(value: Fraction | None) -> str | None:
    """An exact decimal string; a fraction without one is rounded to six places."""
    if value is None:
        return None
    text = f"{Decimal(value.numerator) / Decimal(value.denominator):.6f}"
    return text.rstrip("0").rstrip(".")
