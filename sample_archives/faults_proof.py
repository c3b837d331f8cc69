"""Faults of a trainee's proof: papers, months, terms, marks and amounts that are missing or short."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from . import proofs
from .build import Case
from .calendar_cn import days_of, month_of, shift_month, term_end
from .case import (
    BusinessLicence,
    FlexibleCertificate,
    Form,
    LabourContract,
    OrderAgreement,
    Payroll,
    PayRow,
    PremisesProof,
    WorkAttendance,
)
from .finding import Inject, Used, about, certificate_of, contract_of, free, take_off, unit_licence
from .naming import rows_on

CENT = Decimal("0.01")


# --- nothing, or a part missing -------------------------------------------------------------------------


def employment_proof_missing(case: Case, rng: random.Random, used: Used) -> bool:
    for t in free(case, used, rng, "enterprise", "self_employed", "flexible", "order"):
        certificate = certificate_of(case, t)
        for form in [form for form in case.forms if t.row in rows_on(form)]:
            take_off(case, form, t)
        if certificate and not any(
            isinstance(form, FlexibleCertificate) and form.issuer == certificate.issuer for form in case.forms
        ):
            licence = unit_licence(case, certificate.issuer)
            if licence:
                case.drop(licence)
        used.add(t.row)
        return True
    return False


def contract_missing(case: Case, rng: random.Random, used: Used) -> bool:
    for t in free(case, used, rng, "enterprise"):
        contract = contract_of(case, t)
        if contract:
            case.drop(contract)
            used.add(t.row)
            return True
    return False


def _month_missing(kind: type[Payroll] | type[WorkAttendance], latest: bool) -> Inject:
    def inject(case: Case, rng: random.Random, used: Used) -> bool:
        last = shift_month(month_of(case.info.as_of), -1)
        for t in free(case, used, rng, "enterprise"):
            contract = contract_of(case, t)
            if contract is None:
                continue
            first = month_of(contract.start)
            for form in about(case, t, kind):
                assert isinstance(form, Payroll | WorkAttendance)
                if (form.month >= last) != latest or (not latest and form.month != first):
                    continue
                earlier = shift_month(form.month, -rng.choice((1, 2)))
                if latest and len(form.rows) == 1 and rng.random() < 0.5 and earlier > first:
                    case.swap(form, _moved(form, earlier))
                else:
                    take_off(case, form, t)
                used.add(t.row)
                return True
        return False

    return inject


def _moved(form: Payroll | WorkAttendance, month: str) -> Payroll | WorkAttendance:
    """The sheet of an earlier month in its stead."""
    if isinstance(form, Payroll):
        return replace(form, month=month)
    days = days_of(month)
    marks = tuple("rest" if day.weekday() == 6 else "work" for day in days)
    total = Decimal(sum(mark == "work" for mark in marks))
    return replace(form, month=month, rows=tuple(replace(row, marks=marks, total=total) for row in form.rows))


def licence_missing(case: Case, rng: random.Random, used: Used) -> bool:
    for t in free(case, used, rng, "self_employed", "flexible"):
        if t.route == "self_employed":
            own = about(case, t, BusinessLicence)
            if own and about(case, t, PremisesProof):
                case.drop(own[0])
                used.add(t.row)
                return True
            continue
        certificate = certificate_of(case, t)
        licence = unit_licence(case, certificate.issuer) if certificate else None
        served = {
            row
            for form in case.forms
            # whose certificate was taken out is named by the unit's payroll still
            if certificate and _unit_of(form) == certificate.issuer
            for row in rows_on(form)
            if row is not None
        }
        if licence and not served & used:
            case.drop(licence)
            used.update(served)
            return True
    return False


def _unit_of(form: Form) -> str | None:
    if isinstance(form, FlexibleCertificate):
        return form.issuer
    return form.employer if isinstance(form, Payroll) else None


def premises_proof_missing(case: Case, rng: random.Random, used: Used) -> bool:
    for t in free(case, used, rng, "self_employed"):
        found = about(case, t, PremisesProof)
        if found and about(case, t, BusinessLicence):
            case.drop(found[0])
            used.add(t.row)
            return True
    return False


def flexible_certificate_missing(case: Case, rng: random.Random, used: Used) -> bool:
    """A payroll of the unit names the trainee, but no certificate does."""
    for t in free(case, used, rng, "flexible"):
        certificate = certificate_of(case, t)
        licence = unit_licence(case, certificate.issuer) if certificate else None
        if certificate is None or licence is None or case.invent is None or not t.income:
            continue
        maker = proofs.unit(rng, case.invent, licence.firm, case.rest_days, few=True)
        maker.with_id = True
        month = shift_month(month_of(case.info.as_of), -1)
        case.insert_after(licence, proofs.payroll(rng, maker, month, [(t.person, t.income, None)]))
        take_off(case, certificate, t)
        used.add(t.row)
        return True
    return False


PARTS = ("period", "income", "phone", "legal_representative_phone", "signature", "seal")


def flexible_certificate_incomplete(case: Case, rng: random.Random, used: Used) -> bool:
    done = False
    for t in free(case, used, rng, "flexible")[: rng.choice((1, 1, 2))]:
        form = certificate_of(case, t)
        if form is None:
            continue
        others = {row for row in rows_on(form)}
        if others & used:
            continue
        for part in rng.sample(PARTS, rng.choice((1, 1, 2))):
            rows = tuple(_without(row, part) if row.person.row == t.row else row for row in form.rows)
            new = replace(form, rows=rows)
            if part == "legal_representative_phone":
                new = replace(new, legal_representative_phone=None)
            elif part == "seal":
                new = replace(new, sealed=False, issuer_in_text=True)
            case.swap(form, new)
            form = new
        used.update(others)
        done = True
    return done


def _without(row, part: str):  # type: ignore[no-untyped-def]
    changes = {
        "period": {"since": None, "until": None},
        "income": {"income": None},
        "phone": {"phone": None},
        "signature": {"signed": None},
    }
    return replace(row, **changes.get(part, {}))


def order_agreement_missing(case: Case, rng: random.Random, used: Used) -> bool:
    for t in free(case, used, rng, "order"):
        agreements = about(case, t, OrderAgreement)
        if agreements and about(case, t, LabourContract):
            take_off(case, agreements[0], t)
            used.add(t.row)
            return True
    return False


# --- contracts -------------------------------------------------------------------------------------------


def _change_contract(make: Callable[[LabourContract, random.Random], LabourContract]) -> Inject:
    def inject(case: Case, rng: random.Random, used: Used) -> bool:
        for t in free(case, used, rng, "enterprise"):
            contract = contract_of(case, t)
            if contract:
                case.swap(contract, make(contract, rng))
                used.add(t.row)
                return True
        return False

    return inject


def _short(contract: LabourContract, rng: random.Random) -> LabourContract:
    """Three to five months, or six months less a day or two."""
    if rng.random() < 0.35:
        end = term_end(contract.start, 6) - timedelta(days=rng.choice((1, 1, 2, 5)))
        stated = None
    else:
        months = rng.choice((2, 3, 3, 4, 5))
        end = term_end(contract.start, months)
        stated = rng.choice((None, f"{months}个月"))
    return replace(contract, end=end, months_stated=stated, probation_end=None)


def wage_mismatch(case: Case, rng: random.Random, used: Used) -> bool:
    last = shift_month(month_of(case.info.as_of), -1)
    for t in free(case, used, rng, "enterprise"):
        contract = contract_of(case, t)
        for form in about(case, t, Payroll):
            assert isinstance(form, Payroll)
            if form.month < last or contract is None:
                continue
            rows = tuple(_cheaper(row, rng) if row.person.row == t.row else row for row in form.rows)
            case.swap(form, replace(form, rows=rows))
            used.add(t.row)
            return True
    return False


def _cheaper(row: PayRow, rng: random.Random) -> PayRow:
    factor = Decimal(str(rng.choice((0.55, 0.65, 0.75))))
    base = ((row.base * factor) / 10).to_integral_value() * 10
    performance = ((row.performance * factor) / 10).to_integral_value() * 10
    gross = base + performance
    pension, medical, unemployment = (
        (gross * Decimal(rate)).quantize(CENT) if row.pension else Decimal("0.00") for rate in ("0.08", "0.02", "0.003")
    )
    net = gross - pension - medical - unemployment
    zero = Decimal("0.00")
    return replace(
        row,
        base=base.quantize(CENT),
        performance=performance.quantize(CENT),
        overtime=zero,
        allowance=zero,
        gross=gross.quantize(CENT),
        pension=pension,
        medical=medical,
        unemployment=unemployment,
        net=net.quantize(CENT),
    )


INJECT: dict[str, Inject] = {
    "employment_proof_missing": employment_proof_missing,
    "contract_missing": contract_missing,
    "contract_term_short": _change_contract(_short),
    "contract_signature_missing": _change_contract(lambda contract, rng: replace(contract, signed=None)),
    "contract_seal_missing": _change_contract(lambda contract, rng: replace(contract, sealed=False)),
    "payroll_first_month_missing": _month_missing(Payroll, latest=False),
    "payroll_latest_month_missing": _month_missing(Payroll, latest=True),
    "attendance_first_month_missing": _month_missing(WorkAttendance, latest=False),
    "attendance_latest_month_missing": _month_missing(WorkAttendance, latest=True),
    "licence_missing": licence_missing,
    "premises_proof_missing": premises_proof_missing,
    "flexible_certificate_missing": flexible_certificate_missing,
    "flexible_certificate_incomplete": flexible_certificate_incomplete,
    "order_agreement_missing": order_agreement_missing,
    "wage_mismatch": wage_mismatch,
}
# these need trainees of one route, so they choose before those that take anybody
PICKY = (
    "licence_missing",
    "premises_proof_missing",
    "flexible_certificate_missing",
    "flexible_certificate_incomplete",
    "order_agreement_missing",
)
