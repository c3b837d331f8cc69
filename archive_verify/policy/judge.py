"""All rules over one binder -> numbered issues and the trainees' verdicts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from archive_verify.model import (
    ClassFacts,
    Document,
    EmploymentType,
    Issue,
    Matching,
    Numbering,
    Page,
    PageClass,
    Roster,
    RosterRow,
    Trainee,
    Verdict,
)
from archive_verify.policy import (
    catalogue,
    class_papers,
    class_rules,
    completeness,
    credit_code,
    eligibility,
    enterprise,
    flexible,
    identity,
    lists,
    order,
    pagination,
    results,
    review,
    self_employed,
    sheets,
    wage,
)
from archive_verify.policy import (
    pages as page_rules,
)
from archive_verify.policy.case import Case
from archive_verify.policy.dossier import Dossier, dossiers
from archive_verify.policy.rule import BinderRule, Finding, OutcomeRule, Rule, TraineeRule
from archive_verify.policy.terms import Policy

BINDER_RULES: tuple[BinderRule, ...] = (
    *pagination.RULES,
    *page_rules.RULES,
    *completeness.RULES,
    *catalogue.RULES,
    *class_rules.RULES,
    *class_papers.RULES,
    *lists.RULES,
)
TRAINEE_RULES: tuple[TraineeRule, ...] = (
    *identity.RULES,
    *credit_code.RULES,
    *enterprise.RULES,
    *sheets.RULES,
    *wage.RULES,
    *self_employed.RULES,
    *flexible.RULES,
    *order.RULES,
    *results.RULES,
    *eligibility.RULES,
    *review.RULES,
)
OUTCOME_RULES: tuple[OutcomeRule, ...] = class_rules.OUTCOME_RULES
RULES: tuple[Rule, ...] = (*BINDER_RULES, *TRAINEE_RULES, *OUTCOME_RULES)

# Contract, section 5.
_INCONSISTENT = frozenset(
    {
        "name_mismatch", "id_number_mismatch", "employer_mismatch", "contract_term_short",
        "id_number_invalid", "credit_code_invalid", "duplicate_trainee",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judgement:
    """The issues, in the order of a reviewer's reading, and each roster row with its verdict."""

    issues: tuple[Issue, ...]
    trainees: tuple[Trainee, ...]


def judge(
    *,
    pages: Sequence[Page],
    numbering: Numbering,
    classes: Sequence[PageClass],
    documents: Sequence[Document],
    roster: Roster,
    facts: ClassFacts,
    matching: Matching,
    repeats: Sequence[tuple[int, ...]],
    policy: Policy,
    minimum_confidence: float,
    dismissed: Collection[Issue] = (),
) -> Judgement:
    """Judge one binder by a policy.

    `repeats` are groups of page indexes that show the same sheet. Readings below
    `minimum_confidence` (0..1) that no second reading confirmed decide nothing: they become
    needs_review. `dismissed` are issues of an earlier judgement that a reviewer dismissed: they are
    still found, and count for no verdict.
    """
    case = Case(
        pages, numbering, classes, documents, roster, facts, matching, repeats, policy, minimum_confidence
    )
    issues = [issue for rule in BINDER_RULES for issue in _binder_issues(case, rule, rule.find(case))]
    people = dossiers(case)
    of_person = [_trainee_issues(case, dossier) for dossier in people]
    no_more = {issue.model_copy(update={"id": ""}) for issue in dismissed}
    verdicts = tuple(
        verdict(dossier.route, [issue.code for issue in found if issue not in no_more])
        for dossier, found in zip(people, of_person, strict=True)
    )
    for rule in OUTCOME_RULES:
        issues.extend(_binder_issues(case, rule, rule.find(case, verdicts)))
    issues.extend(issue for found in of_person for issue in found)
    numbered = tuple(
        issue.model_copy(update={"id": f"i{position}"}) for position, issue in enumerate(issues, 1)
    )
    return Judgement(numbered, _trainees(people, verdicts, numbered))


def verdict(route: EmploymentType, codes: Iterable[str]) -> Verdict:
    """The verdict of a trainee by route and issue codes (contract, section 5)."""
    found = set(codes)
    if route is EmploymentType.NONE and "needs_review" not in found:
        return Verdict.NOT_CLAIMED
    if "employment_proof_missing" in found:
        return Verdict.MISSING
    if found & _INCONSISTENT:
        return Verdict.INCONSISTENT
    if any(code.endswith(("_missing", "_incomplete")) for code in found):
        return Verdict.INCOMPLETE
    if "needs_review" in found:
        return Verdict.NEEDS_REVIEW
    return Verdict.VERIFIED


def _binder_issues(case: Case, rule: BinderRule | OutcomeRule, findings: Iterable[Finding]) -> list[Issue]:
    issues = []
    for finding in findings:
        citation = case.policy.cite(finding.citation or rule.citation)
        if finding.undetermined:
            issues.append(_review_issue(finding.message, (finding,), citation, None))
            continue
        person = next((one for one in case.roster.rows if one.row == finding.trainee), None)
        who = _who(person) if person else ""
        issues.append(_issue(finding, rule, citation, finding.trainee, f"{who}{finding.message}。"))
    return issues


def _who(person: RosterRow) -> str:
    return f"学员{person.name}（第{person.row}行）"


def _trainee_issues(case: Case, dossier: Dossier) -> list[Issue]:
    """The issues of one trainee; what a person has to settle is gathered into one."""
    row = dossier.person.row
    who = _who(dossier.person)
    issues: list[Issue] = []
    open_points: dict[str, Finding] = {}
    citations: dict[str, None] = {}
    for rule in TRAINEE_RULES:
        for finding in rule.find(case, dossier):
            citation = case.policy.cite(finding.citation or rule.citation)
            if finding.undetermined:
                open_points.setdefault(finding.message, finding)
                citations[citation] = None
            else:
                issues.append(_issue(finding, rule, citation, row, f"{who}{finding.message}。"))
    if open_points:
        points = tuple(open_points.values())
        text = f"{who}需人工核对：{'；'.join(point.message for point in points)}"
        issues.append(_review_issue(text, points, "；".join(citations), row))
    return issues


def _issue(finding: Finding, rule: Rule, citation: str, trainee: int | None, message: str) -> Issue:
    return Issue(
        id="",
        code=rule.code,
        severity=finding.severity or rule.severity,
        message=message,
        citation=citation,
        pages=finding.pages,
        trainee=trainee,
        document=finding.document,
        expected=finding.expected,
        found=finding.found,
        boxes=finding.boxes,
    )


def _review_issue(text: str, points: Sequence[Finding], citation: str, trainee: int | None) -> Issue:
    return Issue(
        id="",
        code="needs_review",
        severity="warning",
        message=f"{text}。",
        citation=citation,
        pages=tuple(dict.fromkeys(page for point in points for page in point.pages)),
        trainee=trainee,
        document=next((point.document for point in points if point.document), None),
        boxes=tuple(dict.fromkeys(box for point in points for box in point.boxes)),
    )


def _trainees(
    people: Sequence[Dossier], verdicts: Sequence[Verdict], issues: Sequence[Issue]
) -> tuple[Trainee, ...]:
    of_row: dict[int, list[str]] = {}
    for issue in issues:
        if issue.trainee is not None:
            of_row.setdefault(issue.trainee, []).append(issue.id)
    return tuple(
        Trainee(
            row=dossier.person.row,
            name=dossier.person.name,
            id_number=dossier.person.id_number,
            employment_type=dossier.route,
            verdict=found,
            documents=dossier.documents,
            issues=tuple(of_row.get(dossier.person.row, ())),
        )
        for dossier, found in zip(people, verdicts, strict=True)
    )
