"""Find the papers of a trainee, and take him off them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from .build import Case
from .case import (
    BusinessLicence,
    FlexibleCertificate,
    Form,
    LabourContract,
    OrderAgreement,
    Payroll,
    Trainee,
    WorkAttendance,
)
from .naming import rows_on

Used = set[int]
Inject = Callable[[Case, random.Random, Used], bool]


def free(case: Case, used: Used, rng: random.Random, *routes: str) -> list[Trainee]:
    """Trainees of these routes without a fault, in random order."""
    found = [t for t in case.trainees if t.row not in used and t.route in routes]
    rng.shuffle(found)
    return found


def about(case: Case, t: Trainee, kind: type[Form]) -> list[Form]:
    return [form for form in case.forms if isinstance(form, kind) and t.row in rows_on(form)]


def contract_of(case: Case, t: Trainee) -> LabourContract | None:
    return next((form for form in about(case, t, LabourContract) if isinstance(form, LabourContract)), None)


def certificate_of(case: Case, t: Trainee) -> FlexibleCertificate | None:
    return next((form for form in about(case, t, FlexibleCertificate) if isinstance(form, FlexibleCertificate)), None)


def unit_licence(case: Case, name: str) -> BusinessLicence | None:
    return next(
        (
            form
            for form in case.forms
            if isinstance(form, BusinessLicence) and not form.operator and form.firm.name == name
        ),
        None,
    )


def take_off(case: Case, form: Form, t: Trainee) -> None:
    """Take a trainee off a paper; a paper of nobody else goes."""
    if isinstance(form, Payroll | WorkAttendance | FlexibleCertificate):
        kept = tuple(row for row in form.rows if row.person.row != t.row)
        if kept:
            case.swap(form, replace(form, rows=kept))  # type: ignore[arg-type]
            return
    if isinstance(form, OrderAgreement):
        case.swap(form, replace(form, persons=tuple(p for p in form.persons if p.row != t.row)))
        return
    case.drop(form)
