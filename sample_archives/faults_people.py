"""Faults of one trainee's employment proof. Each takes a trainee without another fault."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
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
    Person,
    PremisesProof,
    Trainee,
    WorkAttendance,
)
from .people import another_id, another_name, broken_code, broken_id, replaced
from .rewrite import everywhere, person_change, rewritten

Used = set[int]
Inject = Callable[[Case, random.Random, Used], bool]
CENT = Decimal("0.01")


# --- finding -------------------------------------------------------------------------------------------


def _free(case: Case, used: Used, rng: random.Random, *routes: str) -> list[Trainee]:
    """Trainees of these routes without a fault, in random order."""
    found = [t for t in case.trainees if t.row not in used and t.route in routes]
    rng.shuffle(found)
    return found


def _about(case: Case, t: Trainee, kind: type[Form]) -> list[Form]:
    return [form for form in case.forms if isinstance(form, kind) and t.row in _rows(form)]


def _rows(form: Form) -> list[int | None]:
    if isinstance(form, LabourContract):
        return [form.employee.row]
    if isinstance(form, Payroll | WorkAttendance | FlexibleCertificate):
        return [row.person.row for row in form.rows]
    if isinstance(form, BusinessLicence | PremisesProof):
        return [form.operator.row] if form.operator else []
    if isinstance(form, OrderAgreement):
        return [person.row for person in form.persons]
    return []


def _contract(case: Case, t: Trainee) -> LabourContract | None:
    return next((form for form in _about(case, t, LabourContract) if isinstance(form, LabourContract)), None)


def _certificate(case: Case, t: Trainee) -> FlexibleCertificate | None:
    return next((form for form in _about(case, t, FlexibleCertificate) if isinstance(form, FlexibleCertificate)), None)


def _unit_licence(case: Case, name: str) -> BusinessLicence | None:
    return next(
        (
            form
            for form in case.forms
            if isinstance(form, BusinessLicence) and not form.operator and form.firm.name == name
        ),
        None,
    )


def _off(case: Case, form: Form, t: Trainee) -> None:
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


# --- nothing, or a part missing -------------------------------------------------------------------------


def employment_proof_missing(case: Case, rng: random.Random, used: Used) -> bool:
    for t in _free(case, used, rng, "enterprise", "self_employed", "flexible", "order"):
        certificate = _certificate(case, t)
        for form in [form for form in case.forms if t.row in _rows(form)]:
            _off(case, form, t)
        if certificate and not any(
            isinstance(form, FlexibleCertificate) and form.issuer == certificate.issuer for form in case.forms
        ):
            licence = _unit_licence(case, certificate.issuer)
            if licence:
                case.drop(licence)
        used.add(t.row)
        return True
    return False


def contract_missing(case: Case, rng: random.Random, used: Used) -> bool:
    for t in _free(case, used, rng, "enterprise"):
        contract = _contract(case, t)
        if contract:
            case.drop(contract)
            used.add(t.row)
            return True
    return False


def _month_missing(kind: type[Payroll] | type[WorkAttendance], latest: bool) -> Inject:
    def inject(case: Case, rng: random.Random, used: Used) -> bool:
        last = shift_month(month_of(case.info.as_of), -1)
        for t in _free(case, used, rng, "enterprise"):
            contract = _contract(case, t)
            if contract is None:
                continue
            first = month_of(contract.start)
            for form in _about(case, t, kind):
                assert isinstance(form, Payroll | WorkAttendance)
                if (form.month >= last) != latest or (not latest and form.month != first):
                    continue
                earlier = shift_month(form.month, -rng.choice((1, 2)))
                if latest and len(form.rows) == 1 and rng.random() < 0.5 and earlier > first:
                    case.swap(form, _moved(form, earlier))
                else:
                    _off(case, form, t)
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
    for t in _free(case, used, rng, "self_employed", "flexible"):
        if t.route == "self_employed":
            own = _about(case, t, BusinessLicence)
            if own and _about(case, t, PremisesProof):
                case.drop(own[0])
                used.add(t.row)
                return True
            continue
        certificate = _certificate(case, t)
        licence = _unit_licence(case, certificate.issuer) if certificate else None
        served = {
            row
            for form in case.forms
            if isinstance(form, FlexibleCertificate) and certificate and form.issuer == certificate.issuer
            for row in _rows(form)
            if row is not None
        }
        if licence and not served & used:
            case.drop(licence)
            used.update(served)
            return True
    return False


def premises_proof_missing(case: Case, rng: random.Random, used: Used) -> bool:
    for t in _free(case, used, rng, "self_employed"):
        found = _about(case, t, PremisesProof)
        if found and _about(case, t, BusinessLicence):
            case.drop(found[0])
            used.add(t.row)
            return True
    return False


def flexible_certificate_missing(case: Case, rng: random.Random, used: Used) -> bool:
    """A payroll of the unit names the trainee, but no certificate does."""
    for t in _free(case, used, rng, "flexible"):
        certificate = _certificate(case, t)
        licence = _unit_licence(case, certificate.issuer) if certificate else None
        if certificate is None or licence is None or case.invent is None or not t.income:
            continue
        maker = proofs.unit(rng, case.invent, licence.firm, case.rest_days, few=True)
        maker.with_id = True
        month = shift_month(month_of(case.info.as_of), -1)
        case.insert_after(licence, proofs.payroll(rng, maker, month, [(t.person, t.income, None)]))
        _off(case, certificate, t)
        used.add(t.row)
        return True
    return False


PARTS = ("period", "income", "phone", "legal_representative_phone", "signature", "seal")


def flexible_certificate_incomplete(case: Case, rng: random.Random, used: Used) -> bool:
    done = False
    for t in _free(case, used, rng, "flexible")[: rng.choice((1, 1, 2))]:
        form = _certificate(case, t)
        if form is None:
            continue
        others = {row for row in _rows(form) if row is not None}
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
    for t in _free(case, used, rng, "order"):
        agreements = _about(case, t, OrderAgreement)
        if agreements and _about(case, t, LabourContract):
            _off(case, agreements[0], t)
            used.add(t.row)
            return True
    return False


# --- contracts -------------------------------------------------------------------------------------------


def _change_contract(make: Callable[[LabourContract, random.Random], LabourContract]) -> Inject:
    def inject(case: Case, rng: random.Random, used: Used) -> bool:
        for t in _free(case, used, rng, "enterprise"):
            contract = _contract(case, t)
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
    for t in _free(case, used, rng, "enterprise"):
        contract = _contract(case, t)
        for form in _about(case, t, Payroll):
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


# --- who it is -------------------------------------------------------------------------------------------


def _proofs_with_id(case: Case, t: Trainee) -> list[Form]:
    """Papers that print the trainee's name and ID number."""
    found = [form for form in case.forms if t.row in _rows(form)]
    return [
        form
        for form in found
        if isinstance(form, LabourContract | FlexibleCertificate | PremisesProof | OrderAgreement)
        or (isinstance(form, Payroll | WorkAttendance) and form.with_id)
    ]


def _mismatch(make: Callable[[random.Random, Person], Person]) -> Inject:
    def inject(case: Case, rng: random.Random, used: Used) -> bool:
        for t in _free(case, used, rng, "enterprise", "flexible", "self_employed", "order"):
            papers = _proofs_with_id(case, t)
            if not papers or _has_namesake(case, t):
                continue
            form = rng.choice(papers)
            other = make(rng, t.person)
            case.swap(
                form,
                rewritten(
                    form,
                    person_change(
                        t.row,
                        lambda person, other=other: replaced(  # type: ignore[misc]
                            person, name=other.name, number=other.id_number
                        ),
                    ),
                ),
            )
            used.add(t.row)
            return True
        return False

    return inject


def _has_namesake(case: Case, t: Trainee) -> bool:
    return sum(other.person.name == t.person.name for other in case.trainees) > 1


def id_number_invalid(case: Case, rng: random.Random, used: Used) -> bool:
    """The roster's number is wrong; the proof repeats it, or carries the right one."""
    for t in _free(case, used, rng, "enterprise", "flexible", "self_employed", "order", "none"):
        wrong = broken_id(rng, t.person.id_number)
        change = person_change(t.row, lambda person, wrong=wrong: replaced(person, number=wrong))  # type: ignore[misc]
        repeated = rng.random() < 0.5

        def lists(form: Form, repeated: bool = repeated) -> bool:
            return (id(form) not in case.blocks or repeated) and (form.doc_type != "id_card_copy" or repeated)

        everywhere(case, change, lists)
        case.trainees = [rewritten(other, change) for other in case.trainees]
        used.add(t.row)
        return True
    return False


def employer_mismatch(case: Case, rng: random.Random, used: Used) -> bool:
    assert case.invent
    for t in _free(case, used, rng, "enterprise", "flexible"):
        if t.route == "enterprise":
            singles = [
                form for form in _about(case, t, Payroll) + _about(case, t, WorkAttendance) if len(_rows(form)) == 1
            ]
            contract = _contract(case, t)
            if contract is None:
                continue
            other = case.invent.firm("company")
            name = rng.choice((other.name, _similar(rng, contract.employer)))
            if singles and rng.random() < 0.4:
                form = rng.choice(singles)
                case.swap(form, replace(form, employer=name))  # type: ignore[call-arg]
            else:
                case.swap(
                    contract,
                    replace(
                        contract,
                        employer=name,
                        credit_code=other.credit_code if contract.credit_code else None,
                        seal_number=other.seal_number,
                    ),
                )
            used.add(t.row)
            return True
        certificate = _certificate(case, t)
        licence = _unit_licence(case, certificate.issuer) if certificate else None
        served = {
            row
            for form in case.forms
            if isinstance(form, FlexibleCertificate) and certificate and form.issuer == certificate.issuer
            for row in _rows(form)
            if row is not None
        }
        if licence and not served & used:
            case.swap(licence, replace(licence, firm=case.invent.firm("individual")))
            used.update(served)
            return True
    return False


def _similar(rng: random.Random, name: str) -> str:
    """A different company whose name is nearly the same."""
    for old, new in (
        ("食品", "商贸"),
        ("商贸", "食品"),
        ("餐饮管理", "餐饮服务"),
        ("家政服务", "物业服务"),
        ("物业管理", "物业服务"),
        ("有限责任公司", "有限公司分公司"),
        ("机械制造", "机械加工"),
        ("农业开发", "农业科技"),
        ("物流", "商贸"),
    ):
        if old in name:
            return name.replace(old, new)
    return (
        name.replace("文水县", "交城县")
        if "文水县" in name
        else "汾阳市" + name.removeprefix("山西").removeprefix("吕梁")
    )


def credit_code_invalid(case: Case, rng: random.Random, used: Used) -> bool:
    for t in _free(case, used, rng, "enterprise", "self_employed"):
        contract = _contract(case, t)
        if contract:
            case.swap(
                contract, replace(contract, credit_code=broken_code(rng, contract.credit_code or _any_code(case, rng)))
            )
            used.add(t.row)
            return True
        for form in _about(case, t, BusinessLicence):
            assert isinstance(form, BusinessLicence)
            firm = replace(form.firm, credit_code=broken_code(rng, form.firm.credit_code))
            case.swap(form, replace(form, firm=firm))
            used.add(t.row)
            return True
    return False


def _any_code(case: Case, rng: random.Random) -> str:
    assert case.invent
    return case.invent.firm("company").credit_code


def trainee_not_on_roster(case: Case, rng: random.Random, used: Used) -> bool:
    """Proof of somebody else: a contract, a certificate, or a licence with its premises proof."""
    assert case.invent
    person = case.invent.person()
    models: list[Form] = [
        form
        for form in case.forms
        if isinstance(form, LabourContract | PremisesProof)
        or (isinstance(form, FlexibleCertificate) and not form.as_list)
    ]
    if not models:
        return False
    model = rng.choice(models)
    if isinstance(model, LabourContract):
        case.insert_after(_last_of(case, model), replace(model, employee=person))
        return True
    if isinstance(model, FlexibleCertificate):
        row = replace(
            model.rows[0],
            person=person,
            phone=person.phone,
            since=model.rows[0].since or case.info.end,
            income=model.rows[0].income or 2600,
            signed=model.rows[0].signed or "signature",
        )
        case.insert_after(
            model,
            replace(
                model,
                rows=(row,),
                legal_representative_phone=(model.legal_representative_phone or case.invent.phone()),
                sealed=True,
            ),
        )
        return True
    assert isinstance(model, PremisesProof)
    firm = case.invent.firm("individual", owner=person)
    paper = proofs.licence(rng, firm, person)
    last = max(
        (form for form in case.forms if id(form) in case.blocks),
        key=lambda form: next(i for i, other in enumerate(case.forms) if other is form),
    )
    case.insert_after(last, paper)
    case.insert_after(paper, replace(model, operator=person, business=firm.name, address=firm.address))
    for form in case.forms:
        if form is paper or (isinstance(form, PremisesProof) and form.operator is person):
            case.blocks[id(form)] = person.name
    return True


def _last_of(case: Case, model: LabourContract) -> Form:
    """The last contract of the same packet."""
    key = case.blocks.get(id(model))
    same: Iterable[Form] = (
        form for form in case.forms if isinstance(form, LabourContract) and case.blocks.get(id(form)) == key
    )
    return list(same)[-1]


def _named(rng: random.Random, person: Person) -> Person:
    return replaced(person, name=another_name(rng, person.name))


def _numbered(rng: random.Random, person: Person) -> Person:
    return replaced(person, number=another_id(rng, person.id_number))


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
    "name_mismatch": _mismatch(_named),
    "id_number_mismatch": _mismatch(_numbered),
    "id_number_invalid": id_number_invalid,
    "employer_mismatch": employer_mismatch,
    "credit_code_invalid": credit_code_invalid,
    "wage_mismatch": wage_mismatch,
    "trainee_not_on_roster": trainee_not_on_roster,
}
# these need trainees of one route, so they choose before those that take anybody
PICKY = (
    "licence_missing",
    "premises_proof_missing",
    "flexible_certificate_missing",
    "flexible_certificate_incomplete",
    "order_agreement_missing",
)
