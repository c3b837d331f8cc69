"""Faults of lists, results, ages, phones, the application, and unsigned class papers."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from .bind import Plan
from .build import RETIRED, Case
from .case import (
    BusinessLicence,
    CallbackRecord,
    FlexibleCertificate,
    OpeningApproval,
    ScoreSheet,
    SubsidyApplication,
    Trainee,
    TraineeRoster,
    TruthfulnessCommitment,
)
from .finding import Inject, Used, about, certificate_of, free
from .papers import with_trainees
from .people import age_at, aged, replaced
from .rewrite import everywhere, person_change, rewritten

# Faults that fit anybody take first whom few other faults need.
ANYBODY = ("none", "self_employed", "order", "flexible", "enterprise")


def trainee_list_mismatch(case: Case, plan: Plan, rng: random.Random) -> bool:
    """A list leaves a trainee out, or names somebody whom the roster lacks."""
    if rng.random() < 0.35:
        return _somebody_else(case, rng)
    kinds = ["trainee_roster", "training_attendance", "score_sheet", "certificate_register", "employment_summary"]
    rng.shuffle(kinds)
    for kind in kinds:
        papers = [form for form in case.forms if form.doc_type == kind]
        fit = [t for t in case.trainees if _only_once(case, t) and t.passed and t.route != "none"]
        if not papers or not fit:
            continue
        gone = rng.choice(fit)
        for form in papers:
            kept = tuple(t for t in form.trainees if t.row != gone.row)  # type: ignore[attr-defined]
            if kept:
                case.swap(form, with_trainees(form, kept))
        return True
    return False


def _only_once(case: Case, t: Trainee) -> bool:
    same = [o for o in case.trainees if o.person.id_number == t.person.id_number or o.person.name == t.person.name]
    return len(same) == 1


def _somebody_else(case: Case, rng: random.Random) -> bool:
    assert case.invent
    person = case.invent.person()
    papers = [form for form in case.forms if isinstance(form, TraineeRoster | ScoreSheet | CallbackRecord)]
    if not papers:
        return False
    form = rng.choice(papers)
    model = rng.choice([t for t in case.trainees if t.passed] or case.trainees)
    other = replace(model, person=person, employer="", route="none")
    if isinstance(form, CallbackRecord):
        case.swap(form, replace(form, rows=(*form.rows, replace(form.rows[-1], trainee=other, employed=False))))
    else:
        case.swap(form, replace(form, trainees=(*form.trainees, other)))
    return True


def _anybody(case: Case, used: Used, rng: random.Random) -> list[Trainee]:
    return [t for route in ANYBODY for t in free(case, used, rng, route) if _only_once(case, t)]


def _score_mismatch(case: Case, rng: random.Random, used: Used) -> bool:
    """The score sheet gives another result, or register or certificate another number."""
    for t in _anybody(case, used, rng):
        kinds = ("score_sheet", "certificate_register", "certificate_copy") if t.passed else ("score_sheet",)
        papers = [
            form
            for form in case.forms
            if form.doc_type in kinds and any(other.person.row == t.row for other in form.trainees)  # type: ignore[attr-defined]
        ]
        if not papers:
            continue
        form = rng.choice(papers)
        if isinstance(form, ScoreSheet):
            low, high = (35, 57) if t.passed else (62, 90)
            wrong = replace(t, passed=not t.passed, theory=rng.randint(low, high), practice=rng.randint(low, high))
        else:
            digits = t.certificate_number
            at = rng.randrange(len(digits) - 6, len(digits) - 1)
            other = rng.choice([d for d in "0123456789" if d != digits[at]])
            wrong = replace(t, certificate_number=f"{digits[:at]}{other}{digits[at + 1:]}")
        made = tuple(wrong if o.person.row == t.row else o for o in form.trainees)  # type: ignore[attr-defined]
        case.swap(form, with_trainees(form, made))
        used.add(t.row)
        return True
    return False


def _trainee_age(case: Case, rng: random.Random, used: Used) -> bool:
    """Too old or too young on the first day, on every paper."""
    for t in _anybody(case, used, rng):
        number = t.person.id_number
        wanted = rng.choice((rng.randint(13, 15), RETIRED[t.person.gender] + rng.randint(1, 9)))
        made = aged(number, age_at(number, case.info.start) - wanted)
        change = person_change(t.row, lambda person, made=made: replaced(person, number=made))  # type: ignore[misc]
        everywhere(case, change)
        case.trainees = [rewritten(other, change) for other in case.trainees]
        used.add(t.row)
        return True
    return False


def _employment_before_training(case: Case, rng: random.Random, used: Used) -> bool:
    """A certificate or an own licence from some months before the class."""
    for t in free(case, used, rng, "flexible", "self_employed"):
        before = case.info.start - timedelta(days=rng.randint(40, 400))
        certificate = certificate_of(case, t)
        if certificate:
            rows = tuple(replace(row, since=before) if row.person.row == t.row else row for row in certificate.rows)
            if all(row.since for row in rows):
                case.swap(certificate, replace(certificate, rows=rows))
                used.add(t.row)
                return True
        for form in about(case, t, BusinessLicence):
            assert isinstance(form, BusinessLicence)
            case.swap(form, replace(form, firm=replace(form.firm, established=before), issued_on=before))
            used.add(t.row)
            return True
    return False


def _phone_shared(case: Case, rng: random.Random, used: Used) -> bool:
    """Two or three trainees give one phone, or a trainee gives that of the unit's head."""
    people = _anybody(case, used, rng)
    for t in people:
        certificate = certificate_of(case, t)
        if certificate and certificate.legal_representative_phone and not certificate.as_list and rng.random() < 0.5:
            _call(case, [t], certificate.legal_representative_phone)
            used.add(t.row)
            return True
    chosen = people[: rng.choice((2, 2, 3))]
    if len(chosen) < 2:
        return False
    _call(case, chosen[1:], chosen[0].person.phone)
    used.update(t.row for t in chosen)
    return True


def _call(case: Case, people: list[Trainee], phone: str) -> None:
    for t in people:
        change = person_change(t.row, lambda person: replace(person, phone=phone))
        everywhere(case, change)
        for form in list(case.forms):
            if isinstance(form, FlexibleCertificate):
                rows = tuple(
                    replace(row, phone=phone) if row.person.row == t.row and row.phone else row for row in form.rows
                )
                if rows != form.rows:
                    case.swap(form, replace(form, rows=rows))
        case.trainees = [rewritten(other, change) for other in case.trainees]


def application_mismatch(case: Case, plan: Plan, rng: random.Random) -> bool:
    """More persons, more days, or another amount than the class gives."""
    form = next((form for form in case.forms if isinstance(form, SubsidyApplication)), None)
    if form is None:
        return False
    heads, days = form.headcount, form.training_days
    kind = rng.choice(("headcount", "days", "amount"))
    if kind == "headcount":
        heads = max(heads, case.info.approved) + rng.randint(1, 3)
    elif kind == "days":
        days += rng.randint(1, 4)
    amount = Decimal(heads * days * case.info.daily_subsidy)
    if kind == "amount":
        amount += case.info.daily_subsidy * rng.choice((days + 1, days // 2 + 1, 3))
    case.swap(form, replace(form, headcount=heads, training_days=days, amount=amount))
    return True


def class_paper_unsigned(case: Case, plan: Plan, rng: random.Random) -> bool:
    """The approval or the commitment lacks its signature or, where the scan can show it, its seal."""
    papers = [form for form in case.forms if isinstance(form, OpeningApproval | TruthfulnessCommitment)]
    if not papers:
        return False
    form = rng.choice(papers)
    sealed = plan.scanner.mode == "bilevel" or rng.random() < 0.5
    case.swap(form, replace(form, sealed=sealed, signed=not sealed))
    return True


PEOPLE: dict[str, Inject] = {
    "score_mismatch": _score_mismatch,
    "trainee_age": _trainee_age,
    "employment_before_training": _employment_before_training,
    "phone_shared": _phone_shared,
}
CLASS = {
    "trainee_list_mismatch": trainee_list_mismatch,
    "application_mismatch": application_mismatch,
    "class_paper_unsigned": class_paper_unsigned,
}
