"""Expected warnings about persons and figures: lists, results, ages, phones, application, seals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from .build import RETIRED, YOUNGEST, Case
from .calendar_cn import month_of
from .case import (
    BusinessLicence,
    CallbackRecord,
    CertificateCopy,
    CertificateRegister,
    EmploymentSummary,
    FlexibleCertificate,
    Form,
    LabourContract,
    OpeningApproval,
    Person,
    ScoreSheet,
    SubsidyApplication,
    Trainee,
    TraineeRoster,
    TrainingAttendance,
    TruthfulnessCommitment,
)
from .people import age_at, valid_id
from .truth_pages import Problem

Pages = Callable[[Form], tuple[int, ...]]
LISTS: tuple[type[Form], ...] = (
    TraineeRoster, TrainingAttendance, ScoreSheet, CertificateRegister, EmploymentSummary, CallbackRecord,
)  # fmt: skip


def consistency(case: Case, forms: list[Form], pages_of: Pages, ruined: set[int]) -> Iterable[Problem]:
    """What disagrees among roster, lists and papers; on papers of `ruined` sheets it may be found or not."""
    for kind in LISTS:
        papers = [form for form in forms if isinstance(form, kind)]
        for problem in _list(case, kind, papers, pages_of):
            problem.optional = any(id(form) in ruined for form in papers)
            yield problem
    for t in case.trainees:
        yield from _results(t, forms, pages_of)
        yield from _eligible(case, t, forms, pages_of)
    yield from _class_papers(case, forms, pages_of)


def _persons(form: Form) -> list[Person]:
    if isinstance(form, CallbackRecord):
        return [row.trainee.person for row in form.rows]
    return [t.person for t in form.trainees]  # type: ignore[attr-defined]


def _list(case: Case, kind: type[Form], papers: list[Form], pages_of: Pages) -> Iterable[Problem]:
    """Who of the roster lacks on all papers of a kind, and whom they list besides."""
    if not papers:
        return
    where = tuple(page for form in papers for page in pages_of(form))
    listed = {person.id_number for form in papers for person in _persons(form)}
    rows = {person.row for form in papers for person in _persons(form)}
    for t in case.trainees:
        due = kind is not CallbackRecord
        if kind is CertificateRegister:
            due = t.passed
        if kind is EmploymentSummary:
            due = t.route != "none"
        if due and t.row not in rows and t.person.id_number not in listed:
            yield Problem("trainee_list_mismatch", where, t.row, kind.doc_type)
    for form in papers:
        for person in _persons(form):
            if person.row is None:
                yield Problem("trainee_list_mismatch", pages_of(form), None, kind.doc_type, person.name)


def _results(t: Trainee, forms: list[Form], pages_of: Pages) -> Iterable[Problem]:
    for form in forms:
        if not isinstance(form, ScoreSheet | CertificateRegister | CertificateCopy):
            continue
        own = next((other for other in form.trainees if other.person.row == t.row), None)
        if own is None:
            continue
        differs = own.certificate_number != t.certificate_number
        if isinstance(form, ScoreSheet):
            differs = own.passed != t.passed
        if differs:
            yield Problem("score_mismatch", pages_of(form), t.row)


def _eligible(case: Case, t: Trainee, forms: list[Form], pages_of: Pages) -> Iterable[Problem]:
    start = case.info.start
    if valid_id(t.person.id_number):
        age = age_at(t.person.id_number, start)
        if not YOUNGEST <= age <= RETIRED["男" if int(t.person.id_number[16]) % 2 else "女"]:
            yield Problem("trainee_age", trainee=t.row, found=str(age))
    for form in forms:
        since = None
        if isinstance(form, LabourContract) and form.employee.row == t.row:
            since = form.start
        if isinstance(form, BusinessLicence) and form.operator and form.operator.row == t.row:
            since = form.firm.established
        if isinstance(form, FlexibleCertificate):
            since = next((row.since for row in form.rows if row.person.row == t.row), None)
        if t.route != "none" and since is not None and since < start:
            same_month = month_of(since) == month_of(start)  # some layouts print the month alone
            yield Problem("employment_before_training", pages_of(form), t.row, optional=same_month)
    others = {o.person.id_number for o in case.trainees if o.person.phone == t.person.phone}
    heads = {
        form.legal_representative_phone
        for form in forms
        if isinstance(form, FlexibleCertificate) and any(row.person.row == t.row for row in form.rows)
    }
    if len(others) > 1 or t.person.phone in heads:
        yield Problem("phone_shared", trainee=t.row, found=t.person.phone)


def _class_papers(case: Case, forms: list[Form], pages_of: Pages) -> Iterable[Problem]:
    info = case.info
    heads = {len(case.trainees), info.approved, sum(t.passed for t in case.trainees)}
    for form in forms:
        if isinstance(form, SubsidyApplication):
            amounts = {Decimal(head * len(info.days) * info.daily_subsidy) for head in heads}
            wrong = (
                (form.headcount not in heads, len(case.trainees), form.headcount),
                (form.training_days != len(info.days), len(info.days), form.training_days),
                (form.amount not in amounts, max(amounts), form.amount),
            )
            bad = [(expected, found) for off, expected, found in wrong if off]
            if bad:
                yield Problem("application_mismatch", pages_of(form), None, str(bad[0][0]), str(bad[0][1]))
        if isinstance(form, OpeningApproval | TruthfulnessCommitment) and not (form.sealed and form.signed):
            yield Problem("class_paper_unsigned", pages_of(form), found=form.doc_type)
