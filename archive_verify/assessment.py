"""The acceptance computation: rates, deductions, payable amount, each step with its formula."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Literal

from archive_verify.model import Assessment, ClassFacts, Issue, Roster, Step, Trainee, Verdict
from archive_verify.policy.terms import ComputationTerms, Policy
from archive_verify.words import FACTS

# Findings that no further paper can cure; the regulation computes with them (五(二)).
_NOT_MATERIAL = frozenset({"pass_rate_low", "employment_rate_low", "opening_report_late", "headcount_mismatch"})

# Facts that no binder holds, and what the provisional amount assumes of them.
_ASSUMED: dict[str, str] = {
    "verified_headcount": "假定核实人数等于花名册人数",
    "missing_video_half_days": "假定影像无缺失",
    "callbacks_not_attended": "假定回访无人否认参训",
    "callbacks_not_employed": "假定回访无人否认就业",
}

# The other readings of the open texts (each an option of the policy), by step.
_ALTERNATIVES: dict[str, dict[str, dict[str, str]]] = {
    "deduction": {
        "shortfall": {
            "points_below_threshold": "不达标比例取达标线减合格率",
            "points_below_all": "不达标比例取100%减合格率",
            "relative": "不达标比例取与达标线的相对差额",
        },
        "shortfall_base": {"verified": "乘以核实人数", "approved": "乘以审批人数（每缺一人减一人）"},
        "person_rounding": {"ceil": "核减人数进一取整", "half_up": "核减人数四舍五入", "floor": "核减人数舍去尾数"},
    },
    "headcount": {"paid_persons": {"verified": "按核实人数付", "passed": "以合格人数为限"}},
    "basis": {
        "employment_base": {
            "approved": "就业率以审批人数为基数",
            "verified": "就业率以核实人数为基数",
            "passed": "就业率以合格人数为基数",
        },
        "below_employment_rate": {"general_rate": "不达标按普惠制标准", "unchanged": "不达标不改标准"},
    },
    "days": {"missing_video": {"remaining_days": "影像缺失按余下天数计", "none": "影像缺失不扣天数"}},
    "amount": {"money_on": {"rounded": "金额按取整后的人数", "exact": "金额按未取整的人数"}},
}


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What the computation starts from; None is unknown. `assumed` names what was assumed."""

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


@dataclass(frozen=True, slots=True)
class _Result:
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
    yuan: Decimal | None


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
    result = _compute(inputs, terms)
    if result.below and terms.below_employment_rate == "general_rate" and inputs.general is None:
        missing.append("general_daily_subsidy_yuan")
    if result.passed is None:
        missing.append("passed")
    reviewed = sum(trainee.verdict is Verdict.NEEDS_REVIEW for trainee in trainees)
    known = not missing
    base = inputs.approved if terms.employment_base == "approved" else None
    beside = _share(inputs.employed + reviewed, base) if base else _rate_beside(inputs, terms, reviewed)
    return Assessment(
        approved_headcount=inputs.approved,
        verified_headcount=_whole(facts, "verified_headcount"),
        passed=result.passed,
        pass_rate=_decimal(result.pass_rate),
        employed=inputs.employed,
        employed_with_review=inputs.employed + reviewed,
        employment_rate=_decimal(result.employment_rate),
        employment_rate_with_review=_decimal(beside),
        subsidy_basis=result.basis,
        training_days=_decimal(inputs.days),
        deducted_days=_decimal(result.deducted_days) if "missing_video_half_days" in facts else None,
        headcount_deduction=result.deduction,
        payable_headcount=result.payable_headcount if "verified_headcount" in facts else None,
        daily_subsidy_yuan=_money(result.daily),
        payable_yuan=str(result.yuan) if known and result.yuan is not None else None,
        provisional_yuan=str(result.yuan) if not known and result.yuan is not None else None,
        material_status="to_be_supplemented" if _withheld(issues) else "accepted",
        missing_inputs=tuple(dict.fromkeys(missing)),
        steps=tuple(_steps(inputs, result, policy, missing, reviewed, _withheld(issues))),
    )


def _missing(facts: ClassFacts) -> list[str]:
    needed = ("approved_headcount", "training_days", "daily_subsidy_yuan", *_ASSUMED)
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
) -> _Inputs:
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
    return _Inputs(
        approved=_whole(facts, "approved_headcount"),
        verified=len(roster.rows) if verified is None else verified,
        not_attended=not_attended,
        passed=None if None in results or not results else results.count(True),
        certified=sum(person.passed is True and bool(person.certificate_number) for person in roster.rows),
        employed=employed,
        days=_fraction(facts, "training_days"),
        half_days=_whole(facts, "missing_video_half_days") or 0,
        kind=str(_value(facts, "training_kind") or "general"),
        daily=_fraction(facts, "daily_subsidy_yuan"),
        general=_fraction(facts, "general_daily_subsidy_yuan"),
        pass_limit=Fraction(policy.class_.pass_rate),
        employment_limit=Fraction(policy.class_.employment_rate),
    )


def _compute(inputs: _Inputs, terms: ComputationTerms) -> _Result:
    passed = inputs.certified if terms.passed_means == "certificate" else inputs.passed
    verified = None if inputs.verified is None else max(0, inputs.verified - inputs.not_attended)
    pass_rate = _share(passed, inputs.approved)
    shortfall = _shortfall(pass_rate, inputs.pass_limit, terms)
    base = verified if terms.shortfall_base == "verified" else inputs.approved
    exact = None if shortfall is None or base is None else shortfall * base
    deduction = None if exact is None else _rounded(exact, terms)
    paid = verified
    if terms.paid_persons == "passed" and verified is not None and passed is not None:
        paid = min(verified, passed)
    payable = None if paid is None or deduction is None else max(0, paid - deduction)

    employment_base = {"approved": inputs.approved, "verified": verified, "passed": passed}[terms.employment_base]
    employment_rate = _share(inputs.employed, employment_base)
    below = employment_rate is not None and employment_rate < inputs.employment_limit
    basis: Literal["order", "general"] | None = "order" if inputs.kind == "order" else "general"
    daily = inputs.daily
    if below and terms.below_employment_rate == "general_rate":
        basis, daily = "general", inputs.general
    if employment_rate is None:
        basis = None

    deducted = Fraction(inputs.half_days, 2) if terms.missing_video == "remaining_days" else Fraction(0)
    days = None if inputs.days is None else max(Fraction(0), inputs.days - deducted)
    yuan = None
    if payable is not None and days is not None and daily is not None and paid is not None and exact is not None:
        persons = max(Fraction(0), paid - exact) if terms.money_on == "exact" else Fraction(payable)
        yuan = _yuan(persons * days * daily)
    return _Result(
        verified, passed, pass_rate, shortfall, exact, deduction, payable, employment_rate, basis, below,
        daily, deducted, days, yuan,
    )  # fmt: skip


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


def _share(part: int | None, whole: int | None) -> Fraction | None:
    return None if part is None or not whole else Fraction(part, whole)


def _rate_beside(inputs: _Inputs, terms: ComputationTerms, reviewed: int) -> Fraction | None:
    whole = inputs.verified if terms.employment_base == "verified" else inputs.passed
    return _share(inputs.employed + reviewed, whole)


def _steps(
    inputs: _Inputs, result: _Result, policy: Policy, missing: Sequence[str], reviewed: int, withheld: bool
) -> Iterator[Step]:
    terms, cite = policy.computation, policy.cite
    limit, employment_limit = _percent(inputs.pass_limit), _percent(inputs.employment_limit)
    assumed = [_ASSUMED[name] for name in missing if name in _ASSUMED]
    yield Step(
        text="档案资料" + ("尚待补正或复核，补贴暂缓拨付" if withheld else "验收合格"),
        formula="有未消除的差错或待复核项" if withheld else "没有差错，没有待复核项",
        citation=cite("supplement"),
        reading="资料不合格的，待补足验收合格后再拨付",
    )
    if assumed:
        yield Step(
            text="以下事项档案中没有，金额为暂算",
            formula="；".join(assumed),
            citation=cite("headcount"),
            reading="在 class.toml 中填写后即为应付金额",
        )
    unknown = [FACTS.get(name, "合格人数") for name in missing if name not in _ASSUMED]
    if unknown:
        yield Step(
            text="缺少计算所需的事项", formula="、".join(unknown), citation=cite("payment"), reading=""
        )
    yield Step(
        text=f"最终确认人数 {_show(result.verified)}",
        formula=f"{_show(inputs.verified)} - {inputs.not_attended} = {_show(result.verified)}",
        citation=cite("headcount"),
        reading="核实人数减去回访确认未参训的人数" if terms.callback_not_attended == "one_less" else "回访不影响人数",
    )
    yield Step(
        text=f"合格率 {_percent(result.pass_rate)}",
        formula=f"{_show(result.passed)} / {_show(inputs.approved)} = {_percent(result.pass_rate)}",
        citation=cite("pass_rate"),
        reading=f"以审批人数为基数，低于{limit}为不达标；"
        + ("合格指结业成绩合格" if terms.passed_means == "score" else "合格指取得证书"),
    )
    if result.shortfall is not None and result.exact_deduction is not None:
        base = result.verified if terms.shortfall_base == "verified" else inputs.approved
        text = f"核减 {result.deduction} 人" if result.shortfall else "合格率达标，不核减人数"
        formula = f"{_percent(result.pass_rate)} ≥ {limit}"
        if result.shortfall:
            formula = (
                f"{_shortfall_formula(result, terms, limit)}，"
                f"{_percent(result.shortfall)} × {base} = {_decimal(result.exact_deduction)}，取整 {result.deduction}"
            )
        yield Step(
            text=text, formula=formula, citation=cite("pass_rate"),
            reading=_reading(inputs, policy, result, "deduction"),
        )  # fmt: skip
    if result.payable_headcount is not None:
        paid = result.payable_headcount + (result.deduction or 0)
        yield Step(
            text=f"补贴人数 {result.payable_headcount}",
            formula=f"{paid} - {result.deduction} = {result.payable_headcount}",
            citation=cite("pass_rate"),
            reading=_reading(inputs, policy, result, "headcount"),
        )
    yield _employment_step(inputs, result, policy, reviewed, employment_limit)
    if result.days is not None:
        yield Step(
            text=f"补贴天数 {_decimal(result.days)}",
            formula=f"{_decimal(inputs.days)} - {inputs.half_days} × 0.5 = {_decimal(result.days)}",
            citation=cite("video"),
            reading=_reading(inputs, policy, result, "days"),
        )
    if result.yuan is not None:
        persons: Fraction | int | None = result.payable_headcount
        if terms.money_on == "exact" and result.exact_deduction is not None and result.verified is not None:
            persons = result.verified - result.exact_deduction
        word = "暂算金额" if missing else "应付金额"
        yield Step(
            text=f"{word} {result.yuan} 元" + ("（暂缓拨付）" if withheld else ""),
            formula=f"{_decimal(Fraction(persons or 0))} × {_decimal(result.days)} × {_decimal(result.daily)}"
            f" = {result.yuan}",
            citation=cite("payment"),
            reading=_reading(inputs, policy, result, "amount"),
        )


def _shortfall_formula(result: _Result, terms: ComputationTerms, limit: str) -> str:
    rate, gap = _percent(result.pass_rate), _percent(result.shortfall)
    if terms.shortfall == "points_below_all":
        return f"100% - {rate} = {gap}"
    if terms.shortfall == "relative":
        return f"({limit} - {rate}) / {limit} = {gap}"
    return f"{limit} - {rate} = {gap}"


def _employment_step(
    inputs: _Inputs, result: _Result, policy: Policy, reviewed: int, limit: str
) -> Step:
    rate = result.employment_rate
    base = {"approved": inputs.approved, "verified": result.verified, "passed": result.passed}[
        policy.computation.employment_base
    ]
    formula = f"{inputs.employed} / {_show(base)} = {_percent(rate)}"
    if reviewed:
        beside = _share(inputs.employed + reviewed, base)
        formula += f"（待复核的{reviewed}人计入则为 {_percent(beside)}）"
    word = "订单式" if result.basis == "order" else "普惠制"
    text = f"就业率 {_percent(rate)}，" + (f"按{word}标准给予补贴" if result.basis else "补贴标准未定")
    if result.below and policy.computation.below_employment_rate == "general_rate":
        text = f"就业率 {_percent(rate)}，低于{limit}，按普惠制标准给予补贴"
    reading = _reading(inputs, policy, result, "basis")
    settled = _compute(replace(inputs, employed=inputs.employed + reviewed), policy.computation)
    if (settled.basis, settled.below, settled.yuan) != (result.basis, result.below, result.yuan):
        amount = f"、{settled.yuan}元" if settled.yuan is not None else ""
        reading += f"；若待复核的{reviewed}人均属实则就业率达标{amount}"
    return Step(text=text, formula=formula, citation=policy.cite("employment_rate"), reading=reading)


def _reading(inputs: _Inputs, policy: Policy, result: _Result, step: str) -> str:
    """The reading taken at a step, and the others where they would change the amount or the headcount."""
    taken: list[str] = []
    others: list[str] = []
    for option, words in _ALTERNATIVES[step].items():
        chosen = getattr(policy.computation, option)
        taken.append(words[chosen])
        for value, word in words.items():
            if value == chosen:
                continue
            other = _compute(inputs, policy.computation.model_copy(update={option: value}))
            if (other.yuan, other.payable_headcount) == (result.yuan, result.payable_headcount):
                continue
            outcome = f"{other.payable_headcount}人"
            if other.yuan is not None:
                outcome += f"、{other.yuan}元"
            elif other.below != result.below:
                outcome += "、按普惠制标准"
            others.append(f"若{word}则为{outcome}")
    return "，".join(taken) + "".join(f"；{text}" for text in others)


def _decimal(value: Fraction | None) -> str | None:
    """An exact decimal string; a fraction without one is rounded to six places."""
    if value is None:
        return None
    text = f"{Decimal(value.numerator) / Decimal(value.denominator):.6f}"
    return text.rstrip("0").rstrip(".")


def _percent(value: Fraction | None) -> str:
    return "未知" if value is None else f"{_decimal(round(value * 100, 2))}%"


def _yuan(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _money(value: Fraction | None) -> str | None:
    return None if value is None else str(_yuan(value))


def _show(value: int | None) -> str:
    return "未知" if value is None else str(value)
