"""Which persons a paper of the employment proof is about."""

from __future__ import annotations

from .case import (
    BusinessLicence,
    FlexibleCertificate,
    Form,
    LabourContract,
    OrderAgreement,
    Payroll,
    Person,
    PremisesProof,
    WorkAttendance,
)


def persons_on(form: Form) -> list[tuple[Person, bool]]:
    """The persons whose proof a paper is, and whether it prints their ID numbers."""
    if isinstance(form, LabourContract):
        return [(form.employee, True)]
    if isinstance(form, Payroll | WorkAttendance):
        return [(row.person, form.with_id) for row in form.rows]
    if isinstance(form, BusinessLicence):
        return [(form.operator, False)] if form.operator else []
    if isinstance(form, PremisesProof):
        return [(form.operator, True)]
    if isinstance(form, FlexibleCertificate):
        return [(row.person, True) for row in form.rows]
    if isinstance(form, OrderAgreement):
        return [(person, True) for person in form.persons]
    return []


def rows_on(form: Form) -> set[int]:
    """Roster rows of the persons a paper is about."""
    return {person.row for person, _ in persons_on(form) if person.row is not None}
