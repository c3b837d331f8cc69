"""Faults of who it is: names, numbers and firms that disagree, and persons whom nobody listed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from . import proofs
from .build import Case
from .case import (
    BusinessLicence,
    FlexibleCertificate,
    Form,
    LabourContract,
    OrderAgreement,
    Payroll,
    Person,
    PremisesProof,
    Trainee,
    WorkAttendance,
)
from .finding import Inject, Used, about, certificate_of, contract_of, free, unit_licence
from .naming import rows_on
from .people import another_id, another_name, broken_code, broken_id, replaced
from .rewrite import everywhere, person_change, rewritten


def _proofs_with_id(case: Case, t: Trainee) -> list[Form]:
    """Papers that print the trainee's name and ID number."""
    found = [form for form in case.forms if t.row in rows_on(form)]
    return [
        form
        for form in found
        if isinstance(form, LabourContract | FlexibleCertificate | PremisesProof | OrderAgreement)
        or (isinstance(form, Payroll | WorkAttendance) and form.with_id)
    ]


def _mismatch(make: Callable[[random.Random, Person], Person]) -> Inject:
    def inject(case: Case, rng: random.Random, used: Used) -> bool:
        for t in free(case, used, rng, "enterprise", "flexible", "self_employed", "order"):
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
    for t in free(case, used, rng, "enterprise", "flexible", "self_employed", "order", "none"):
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
    for t in free(case, used, rng, "enterprise", "flexible"):
        if t.route == "enterprise":
            singles = [
                form for form in about(case, t, Payroll) + about(case, t, WorkAttendance) if len(rows_on(form)) == 1
            ]
            contract = contract_of(case, t)
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
        certificate = certificate_of(case, t)
        licence = unit_licence(case, certificate.issuer) if certificate else None
        served = {
            row
            for form in case.forms
            if isinstance(form, FlexibleCertificate) and certificate and form.issuer == certificate.issuer
            for row in rows_on(form)
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
    for t in free(case, used, rng, "enterprise", "self_employed"):
        contract = contract_of(case, t)
        if contract:
            case.swap(
                contract, replace(contract, credit_code=broken_code(rng, contract.credit_code or _any_code(case, rng)))
            )
            used.add(t.row)
            return True
        for form in about(case, t, BusinessLicence):
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
    same = [form for form in case.forms if isinstance(form, LabourContract) and case.blocks.get(id(form)) == key]
    return same[-1]


def _named(rng: random.Random, person: Person) -> Person:
    return replaced(person, name=another_name(rng, person.name))


def _numbered(rng: random.Random, person: Person) -> Person:
    return replaced(person, number=another_id(rng, person.id_number))


INJECT: dict[str, Inject] = {
    "name_mismatch": _mismatch(_named),
    "id_number_mismatch": _mismatch(_numbered),
    "id_number_invalid": id_number_invalid,
    "employer_mismatch": employer_mismatch,
    "credit_code_invalid": credit_code_invalid,
    "trainee_not_on_roster": trainee_not_on_roster,
}
