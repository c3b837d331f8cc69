"""The steps of the computation in words: formula with numbers, citation, reading taken, others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from archive_verify.assessment.compute import Inputs, Result, compute, decimal_text, share
from archive_verify.model import Step
from archive_verify.policy.terms import ComputationTerms, Policy
from archive_verify.words import FACTS

# Facts that no binder holds, and what the provisional amount assumes of them.
ASSUMED: dict[str, str] = {
    "verified_headcount": "假定核实人数等于花名册人数",
    "missing_video_half_days": "假定影像无缺失",
    "callbacks_not_attended": "假定回访无人否认参训",
    "callbacks_not_employed": "假定回访无人否认就业",
}

# The other readings of the open texts (each an option of the policy), by step.
_ALTERNATIVES: dict[str, dict[str, dict[str, str]]] = {
    "pass_rate": {"passed_means": {"score": "合格指结业成绩合格", "certificate": "合格指取得证书"}},
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
    "days": {
        "missing_video": {
            "remaining_days": "影像缺失按余下天数计",
            "own_rate": "影像缺失扣所缺之日的标准",
            "none": "影像缺失不扣天数",
        }
    },
    "amount": {"money_on": {"rounded": "金额按取整后的人数", "exact": "金额按未取整的人数"}},
}



def steps(
    inputs: Inputs, result: Result, policy: Policy, missing: Sequence[str], reviewed: int, withheld: bool
) -> Iterator[Step]:
    """The computation step by step, in the order in which an officer would do it by hand."""
    terms, cite = policy.computation, policy.cite
    limit, employment_limit = _percent(inputs.pass_limit), _percent(inputs.employment_limit)
    assumed = [ASSUMED[name] for name in missing if name in ASSUMED]
    if "general_daily_subsidy_yuan" in missing and inputs.general is not None:
        assumed.append("假定普惠制标准与本班标准相同")
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
    unknown = [FACTS.get(name, "合格人数") for name in missing if name not in ASSUMED]
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
        reading=f"以审批人数为基数，低于{limit}为不达标；{_reading(inputs, policy, result, 'pass_rate')}",
    )
    if result.shortfall is not None and result.exact_deduction is not None:
        base = result.verified if terms.shortfall_base == "verified" else inputs.approved
        text = f"核减 {result.deduction} 人" if result.shortfall else "合格率达标，不核减人数"
        formula = f"{_percent(result.pass_rate)} ≥ {limit}"
        if result.shortfall:
            formula = (
                f"{_shortfall_formula(result, terms, limit)}，{_percent(result.shortfall)} × {base} = "
                f"{decimal_text(result.exact_deduction)}，取整 {result.deduction}"
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
            text=f"补贴天数 {decimal_text(result.days)}",
            formula=f"{decimal_text(inputs.days)} - {inputs.half_days} × 0.5 = {decimal_text(result.days)}",
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
            formula=_amount_formula(Fraction(persons or 0), result),
            citation=cite("payment"),
            reading=_reading(inputs, policy, result, "amount"),
        )
    order_share = share(inputs.annual_order, inputs.annual_task)
    if order_share is not None:
        least = Fraction(policy.class_.order_share)
        beside = "低于" if order_share < least else "不低于"
        yield Step(
            text=f"订单式培训占全年任务 {_percent(order_share)}，{beside}{_percent(least)}",
            formula=f"{inputs.annual_order} / {inputs.annual_task} = {_percent(order_share)}",
            citation=cite("order_share"),
            reading="以机构全年任务人数为基数；办法未规定未达到的后果，仅作提示，不由一个班判定",
        )


def _amount_formula(persons: Fraction, result: Result) -> str:
    if result.days is not None and result.daily is not None and result.each != result.days * result.daily:
        return f"{decimal_text(persons)} × 每人 {decimal_text(result.each)}（分段标准） = {result.yuan}"
    return f"{decimal_text(persons)} × {decimal_text(result.days)} × {decimal_text(result.daily)} = {result.yuan}"


def _shortfall_formula(result: Result, terms: ComputationTerms, limit: str) -> str:
    rate, gap = _percent(result.pass_rate), _percent(result.shortfall)
    if terms.shortfall == "points_below_all":
        return f"100% - {rate} = {gap}"
    if terms.shortfall == "relative":
        return f"({limit} - {rate}) / {limit} = {gap}"
    return f"{limit} - {rate} = {gap}"


def _employment_step(
    inputs: Inputs, result: Result, policy: Policy, reviewed: int, limit: str
) -> Step:
    rate = result.employment_rate
    base = {"approved": inputs.approved, "verified": result.verified, "passed": result.passed}[
        policy.computation.employment_base
    ]
    formula = f"{inputs.employed} / {_show(base)} = {_percent(rate)}"
    if reviewed:
        beside = share(inputs.employed + reviewed, base)
        formula += f"（待复核的{reviewed}人计入则为 {_percent(beside)}）"
    formula += _other_bases(inputs, result, policy)
    word = "订单式" if result.basis == "order" else "普惠制"
    text = f"就业率 {_percent(rate)}，" + (f"按{word}标准给予补贴" if result.basis else "补贴标准未定")
    if result.below and policy.computation.below_employment_rate == "general_rate":
        text = f"就业率 {_percent(rate)}，低于{limit}，按普惠制标准给予补贴"
    reading = _reading(inputs, policy, result, "basis")
    settled = compute(replace(inputs, employed=inputs.employed + reviewed), policy.computation)
    if (settled.basis, settled.below, settled.yuan) != (result.basis, result.below, result.yuan):
        amount = f"、{settled.yuan}元" if settled.yuan is not None else ""
        reading += f"；若待复核的{reviewed}人均属实则就业率达标{amount}"
    return Step(text=text, formula=formula, citation=policy.cite("employment_rate"), reading=reading)


def _other_bases(inputs: Inputs, result: Result, policy: Policy) -> str:
    """The rates over the other numbers of persons; said where they fall on the other side of the limit."""
    bases = (
        ("approved", "审批", inputs.approved), ("verified", "核实", result.verified), ("passed", "合格", result.passed),
    )
    told = []
    for name, word, count in bases:
        rate = share(inputs.employed, count)
        if name == policy.computation.employment_base or rate is None or rate == result.employment_rate:
            continue
        flips = (rate < inputs.employment_limit) != result.below
        told.append(f"以{word}人数为基数 {_percent(rate)}" + ("，结论不同" if flips else ""))
    return f"；另：{'；'.join(told)}" if told else ""


def _reading(inputs: Inputs, policy: Policy, result: Result, step: str) -> str:
    """The reading taken at a step, and the others where they would change the amount or the headcount."""
    taken: list[str] = []
    others: list[str] = []
    for option, words in _ALTERNATIVES[step].items():
        chosen = getattr(policy.computation, option)
        taken.append(words[chosen])
        for value, word in words.items():
            if value == chosen:
                continue
            other = compute(inputs, policy.computation.model_copy(update={option: value}))
            if other.payable_headcount is None:
                continue
            changed = (other.yuan, other.payable_headcount, other.basis, other.daily)
            if changed == (result.yuan, result.payable_headcount, result.basis, result.daily):
                continue
            outcome = f"{_show(other.payable_headcount)}人"
            if other.yuan is not None:
                outcome += f"、{other.yuan}元"
            elif other.below != result.below:
                outcome += "、按普惠制标准" if other.below else "、不改标准"
            others.append(f"若{word}则为{outcome}")
    return "，".join(taken) + "".join(f"；{text}" for text in others)


def _percent(value: Fraction | None) -> str:
    return "未知" if value is None else f"{decimal_text(round(value * 100, 2))}%"


def _show(value: int | None) -> str:
    return "未知" if value is None else str(value)
