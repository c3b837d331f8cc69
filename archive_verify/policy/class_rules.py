"""The class as a whole: dates, headcounts, rates, and persons whom the roster does not list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from archive_verify.model import DocType, Document, Fact, IssueBox, Stranger, Verdict
from archive_verify.policy.case import Case
from archive_verify.policy.rule import (
    BinderRule,
    Finding,
    OutcomeRule,
    binder_rule,
    outcome_rule,
    pages_text,
    review,
    spot_at,
)
from archive_verify.policy.units import same_unit
from archive_verify.values import normal_id
from archive_verify.words import DOC_TYPES, mask_id

# The proofs of one person; other workers on an employer's sheets are no trainees.
_PERSONAL = frozenset(
    {
        DocType.LABOUR_CONTRACT, DocType.FLEXIBLE_CERTIFICATE, DocType.BUSINESS_LICENCE,
        DocType.PREMISES_PROOF, DocType.ORDER_AGREEMENT,
    }
)  # fmt: skip

# a report dated farther from the start than this was hardly written so: a year more likely was misread
_FAR_DAYS = 180


@binder_rule(
    "opening_report_late", severity="error", target="class", citation="opening_report",
    uses=("class.opening_report_days", "class.opening_report_days_order"),
)
def opening_report_late(case: Case) -> Iterator[Finding]:
    """开班报告须提前7日（订单式15日）提交"""
    reported, start = case.fact("opening_report_date"), case.fact("start_date")
    if not isinstance(reported, date) or not isinstance(start, date):
        absent = "提交日期" if not isinstance(reported, date) else "开班日期"
        reports = case.of_type(DocType.OPENING_REPORT)
        if reports:
            yield review(
                f"开班报告（{pages_text(reports[0].pages)}）{absent}未读出，是否按时提交请核对",
                pages=reports[0].pages,
            )
        return
    terms = case.policy.class_
    order = case.fact("training_kind") == "order"
    days = terms.opening_report_days_order if order else terms.opening_report_days
    ahead = (start - reported).days
    if abs(ahead) > _FAR_DAYS and not _given(case, "opening_report_date", "start_date"):
        spots = _fact_spots(case, "opening_report_date", "start_date")
        yield review(
            f"开班报告日期读作{reported}，与开班日期{start}相距{abs(ahead)}日，是否按时提交请核对",
            pages=tuple(dict.fromkeys(one.page for one in spots)), boxes=spots,
        )
    elif ahead < days:
        spots = _fact_spots(case, "opening_report_date", "start_date")
        yield Finding(
            f"开班报告{reported}提交，{start}开班，只提前{ahead}日，应提前{days}日",
            pages=tuple(dict.fromkeys(one.page for one in spots)),
            boxes=spots,
            expected=str(days),
            found=str(ahead),
        )


@binder_rule("headcount_mismatch", severity="error", target="class", citation="approval")
def headcount_mismatch(case: Case) -> Iterator[Finding]:
    """审批人数与花名册人数一致"""
    approved, listed = case.fact("approved_headcount"), len(case.roster.rows)
    if approved is None:
        approvals = case.of_type(DocType.OPENING_APPROVAL)
        if approvals:
            yield review(
                f"开班审批表（{pages_text(approvals[0].pages)}）的审批人数未读出，请核对", pages=approvals[0].pages
            )
    elif int(approved) != listed:
        spots = _fact_spots(case, "approved_headcount")
        yield Finding(
            f"审批人数{approved}人，花名册{listed}人，不一致",
            pages=tuple(one.page for one in spots),
            boxes=spots,
            expected=str(approved),
            found=str(listed),
        )


def _given(case: Case, *names: str) -> bool:
    """Whether a person gave all of these facts, so that none was read from paper."""
    return all(name in case.facts and case.facts[name].source != "binder" for name in names)


def _fact_spots(case: Case, *names: str) -> tuple[IssueBox, ...]:
    facts: list[Fact] = [case.facts[name] for name in names if name in case.facts]
    return tuple(box for fact in facts if fact.page is not None for box in spot_at(fact.page, fact.box))


@binder_rule(
    "pass_rate_low", severity="error", target="class", citation="pass_rate",
    uses=("class.pass_rate",),
)
def pass_rate_low(case: Case) -> Iterator[Finding]:
    """合格率（以审批人数为基数）不低于规定"""
    approved = case.fact("approved_headcount")
    results = [person.passed for person in case.roster.rows]
    if not approved:
        return
    limit = Fraction(case.policy.class_.pass_rate)
    passed, unknown = results.count(True), results.count(None)
    if Fraction(passed + unknown, int(approved)) < limit:
        yield Finding(
            f"合格{passed}人，审批{approved}人，合格率{percent(Fraction(passed, int(approved)))}，"
            f"低于{percent(limit)}",
            expected=str(case.policy.class_.pass_rate),
            found=decimal_text(Fraction(passed, int(approved))),
        )
    elif Fraction(passed, int(approved)) < limit:
        sheets = case.of_type(DocType.SCORE_SHEET)
        yield review(
            f"花名册有{unknown}人未填是否合格，合格率是否达到{percent(limit)}请核对",
            pages=sheets[0].pages if sheets else (),
        )


@outcome_rule(
    "employment_rate_low", severity="error", citation="employment_rate",
    uses=("class.employment_rate",),
)
def employment_rate_low(case: Case, verdicts: Sequence[Verdict]) -> Iterator[Finding]:
    """就业率（已核实就业人数，以审批人数为基数）不低于规定"""
    approved = case.fact("approved_headcount")
    if not approved:
        return
    limit = Fraction(case.policy.class_.employment_rate)
    employed, open_ones = verdicts.count(Verdict.VERIFIED), verdicts.count(Verdict.NEEDS_REVIEW)
    rate, at_most = Fraction(employed, int(approved)), Fraction(employed + open_ones, int(approved))
    if at_most >= limit:
        # reached, or open until the trainees under review are settled: the computation shows both rates
        return
    beside = f"（另有{open_ones}人待复核，计入则为{percent(at_most)}）" if open_ones else ""
    yield Finding(
        f"已核实就业{employed}人，审批{approved}人，就业率{percent(rate)}，低于{percent(limit)}{beside}",
        expected=str(case.policy.class_.employment_rate),
        found=decimal_text(rate),
    )


def percent(share: Fraction) -> str:
    """A share for a message: 72% or 72.22%."""
    value = f"{float(share * 100):.2f}".rstrip("0").rstrip(".")
    return f"{value}%"


def decimal_text(share: Fraction) -> str:
    """A share as a decimal string of at most four places."""
    return f"{float(share):.4f}".rstrip("0").rstrip(".")


@binder_rule("trainee_not_on_roster", severity="warning", target="page", citation="identity")
def trainee_not_on_roster(case: Case) -> Iterator[Finding]:
    """就业证明只附花名册内学员的"""
    groups: list[list[Stranger]] = []
    for one in case.matching.strangers:
        document = case.by_id.get(one.document)
        if document is None or document.type not in _PERSONAL or _employers_licence(case, document, one):
            continue
        same = next((group for group in groups if any(_same_person(one, other) for other in group)), None)
        if same is None:
            groups.append([one])
        else:
            same.append(one)
    for group in groups:
        pages = tuple(dict.fromkeys(one.page for one in group))
        boxes = tuple(box for one in group for box in spot_at(one.page, one.box))
        first = group[0]
        number = next((one.id_number for one in group if one.id_number), "")
        name = next((one.name for one in group if one.name), "姓名未读出")
        who = f"{name}（{mask_id(number)}）" if number else name
        if any(one.sure for one in group):
            kind = DOC_TYPES[case.by_id[first.document].type]
            yield Finding(
                f"{pages_text(pages)}的{kind}是{who}的，花名册中没有此人",
                pages=pages,
                boxes=boxes,
                document=first.document,
                found=name,
            )
        else:
            yield review(f"{pages_text(pages)}的证明是谁的未读准（{who}），请核对", pages=pages, boxes=boxes)


def _same_person(one: Stranger, other: Stranger) -> bool:
    if one.id_number and other.id_number:
        return normal_id(one.id_number) == normal_id(other.id_number)
    return bool(one.name) and one.name == other.name


def _employers_licence(case: Case, document: Document, one: Stranger) -> bool:
    """Whether a licence is an employing unit's, whose head is no trainee and need not be one.

    Only with a premises proof of the same person does it show a self-employed person.
    """
    if document.type is not DocType.BUSINESS_LICENCE:
        return False
    for other in case.matching.strangers:
        paper = case.by_id.get(other.document)
        if paper is not None and paper.type is DocType.PREMISES_PROOF and _same_person(one, other):
            return False
    unit = document.fields.get("employer")
    for paper in case.of_type(DocType.FLEXIBLE_CERTIFICATE, DocType.LABOUR_CONTRACT):
        if same_unit(case, case.employer_of(paper), unit) == "yes":
            return True
    beside = {
        paper.type for page in (document.pages[0], document.pages[-1]) for paper in case.neighbours(page)
    }
    return DocType.PREMISES_PROOF not in beside


RULES: tuple[BinderRule, ...] = (
    opening_report_late,
    headcount_mismatch,
    pass_rate_low,
    trainee_not_on_roster,
)

OUTCOME_RULES: tuple[OutcomeRule, ...] = (employment_rate_low,)
