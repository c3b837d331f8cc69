"""The known answer of a binder, worked out from its data by the contract's definitions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from .bind import Leaf
from .build import Case
from .calendar_cn import days_of, month_of, shift_month, term_end, workdays
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
from .naming import persons_on
from .people import valid_code, valid_id
from .truth_lists import consistency
from .truth_pages import Problem, problems_of_pages

REQUIRED = (
    "cover",
    "catalogue",
    "opening_report",
    "opening_approval",
    "trainee_roster",
    "training_plan",
    "timetable",
    "teaching_log",
    "training_attendance",
    "exam_paper",
    "score_sheet",
    "certificate_register",
    "employment_summary",
    "truthfulness_commitment",
    "subsidy_application",
)
# the names of the report, where the data of the papers are named otherwise
FIELD_NAMES = {
    ("teaching_log", "expected"): "should",
    ("flexible_certificate", "since"): "period",
    ("subsidy_application", "application_date"): "applied_on",
}
INCONSISTENT = (
    "name_mismatch",
    "id_number_mismatch",
    "employer_mismatch",
    "contract_term_short",
    "id_number_invalid",
    "credit_code_invalid",
    "duplicate_trainee",
)


def answer(case: Case, leaves: list[Leaf]) -> dict[str, object]:
    """truth.json, contract section 7."""
    judge = _Judge(case, leaves)
    problems = judge.problems()
    verdicts = {t.row: judge.verdict(t, problems) for t in case.trainees}
    verified = sum(v == "verified" for v in verdicts.values())
    if Decimal(verified) / case.info.approved < Decimal("0.8"):
        problems.append(Problem("employment_rate_low"))
    return {
        "pages": [
            {
                "index": i,
                "doc_type": leaf.form.doc_type,
                "page_number": None if leaf.unnumbered else leaf.number,
                "rotation": leaf.turn,
            }
            for i, leaf in enumerate(leaves, start=1)
        ],
        "trainees": [{"row": row, "verdict": verdict} for row, verdict in verdicts.items()],
        "issues": [problem.as_json() for problem in problems],
        "fields": list(_fields(leaves)),
    }


def _fields(leaves: list[Leaf]) -> Iterable[dict[str, object]]:
    for i, leaf in enumerate(leaves, start=1):
        if leaf.illegible:
            continue
        for item in leaf.drawing.fields:
            row = item.person.row if item.person else None
            name = FIELD_NAMES.get((leaf.form.doc_type, item.name), item.name)
            yield {"page": i, "name": name, "value": item.value, "trainee": row, "box": list(item.box)}


class _Judge:
    """Applies the definitions of the contract to data that is known, not read."""

    def __init__(self, case: Case, leaves: list[Leaf]) -> None:
        self.case = case
        self.info = case.info
        self.leaves = leaves
        self.pages: dict[int, list[int]] = {}
        self.forms: list[Form] = []
        for index, leaf in enumerate(leaves, start=1):
            if id(leaf.form) not in self.pages:
                self.forms.append(leaf.form)
            self.pages.setdefault(id(leaf.form), []).append(index)
        unread = {id(leaf.form) for leaf in leaves if leaf.illegible}
        single = {key for key, pages in self.pages.items() if len(pages) == 1}
        self.unread = [form for form in self.forms if id(form) in unread & single]
        self.read = [form for form in self.forms if not any(form is other for other in self.unread)]

    def pages_of(self, form: Form) -> tuple[int, ...]:
        return tuple(self.pages[id(form)])

    # -- the binder -----------------------------------------------------------------------------

    def problems(self) -> list[Problem]:
        out = [*problems_of_pages(self.leaves), *self._class()]
        for trainee in self.case.trainees:
            out += self._trainee(trainee)
        out += self._strangers()
        ruined = {id(leaf.form) for leaf in self.leaves if leaf.illegible}
        out += consistency(self.case, self.forms, self.pages_of, ruined)
        return out

    def _class(self) -> Iterable[Problem]:
        info, present = self.info, {form.doc_type for form in self.forms}
        for wanted in REQUIRED:
            if wanted not in present:
                yield Problem("document_missing", expected=wanted)
        for form in self.forms:
            if id(form) in self.case.displaced:
                yield Problem("document_order", self.pages_of(form))
        for fault in self.case.catalogue_faults:
            yield Problem("catalogue_mismatch", expected=fault.expected, found=fault.found)
        notice = 15 if info.training_kind == "order" else 7
        if (info.start - info.report_date).days < notice:
            yield Problem("opening_report_late")
        if info.approved != len(self.case.trainees):
            yield Problem("headcount_mismatch", expected=str(info.approved), found=str(len(self.case.trainees)))
        passed = sum(t.passed for t in self.case.trainees)
        if Decimal(passed) / info.approved < Decimal("0.8"):
            yield Problem("pass_rate_low")

    # -- one trainee ------------------------------------------------------------------------------

    def _trainee(self, t: Trainee) -> list[Problem]:
        out: list[Problem] = []
        if not valid_id(t.person.id_number):
            out.append(Problem("id_number_invalid", trainee=t.row))
        if sum(other.person.id_number == t.person.id_number for other in self.case.trainees) > 1:
            out.append(Problem("duplicate_trainee", trainee=t.row))
        if t.route == "none":
            return out
        mine = self._mine(t)
        unread = self._unread_of(t)
        if not mine and not unread:
            return [*out, Problem("employment_proof_missing", trainee=t.row)]
        lacks = {
            "enterprise": self._enterprise,
            "self_employed": self._self_employed,
            "flexible": self._flexible,
            "order": self._order,
        }[t.route](t, mine)
        out += self._forgive(t, lacks, unread)
        out += self._identity(t, mine)
        return out

    def _owner(self, t: Trainee) -> int:
        """The first row of a person who is on two."""
        return next(o.row for o in self.case.trainees if o.person.id_number == t.person.id_number)

    def _is(self, person: Person | None, t: Trainee) -> bool:
        return person is not None and person.row == self._owner(t)

    def _listed(self, person: Person, t: Trainee, with_id: bool) -> bool:
        """Whether a table row can be known as this trainee's."""
        if not self._is(person, t):
            return False
        return person.name == t.person.name or (with_id and person.id_number == t.person.id_number)

    def _mine(self, t: Trainee) -> list[Form]:
        """Readable papers that name the trainee, beyond the class's own lists."""
        return [form for form in self.read if self._names(form, t)]

    def _names(self, form: Form, t: Trainee) -> bool:
        if isinstance(form, LabourContract):
            return self._is(form.employee, t)
        if isinstance(form, Payroll | WorkAttendance):
            return any(self._listed(row.person, t, form.with_id) for row in form.rows)
        if isinstance(form, BusinessLicence | PremisesProof):
            return self._is(form.operator, t)
        if isinstance(form, FlexibleCertificate):
            return any(self._is(row.person, t) for row in form.rows)
        if isinstance(form, OrderAgreement):
            return any(self._is(person, t) for person in form.persons)
        return False

    def _unread_of(self, t: Trainee) -> list[Form]:
        """Illegible papers among his own or those of his employer."""
        keys = {self.case.blocks.get(id(form)) for form in self.read if self._names(form, t)}
        keys |= {t.person.name, t.employer}
        return [form for form in self.unread if self.case.blocks.get(id(form)) in keys]

    def _forgive(self, t: Trainee, lacks: list[Problem], unread: list[Form]) -> list[Problem]:
        """What lacks but may stand on an illegible sheet asks for a person instead."""
        kinds = {
            "contract_missing": LabourContract,
            "payroll_first_month_missing": Payroll,
            "payroll_latest_month_missing": Payroll,
            "attendance_first_month_missing": WorkAttendance,
            "attendance_latest_month_missing": WorkAttendance,
            "licence_missing": BusinessLicence,
            "premises_proof_missing": PremisesProof,
            "flexible_certificate_missing": FlexibleCertificate,
            "order_agreement_missing": OrderAgreement,
        }
        out, pages = [], []
        for problem in lacks:
            kind = kinds.get(problem.code)
            hiding = [form for form in unread if kind and isinstance(form, kind)]
            if hiding:
                pages += [page for form in hiding for page in self.pages_of(form)]
            else:
                out.append(problem)
        if pages:
            out.append(Problem("needs_review", tuple(sorted(set(pages))), t.row))
        return out

    def _enterprise(self, t: Trainee, mine: list[Form]) -> list[Problem]:
        out: list[Problem] = []
        contracts = [form for form in mine if isinstance(form, LabourContract)]
        latest = shift_month(month_of(self.info.as_of), -1)
        paid = {form.month for form in mine if isinstance(form, Payroll)}
        came = {form.month for form in mine if isinstance(form, WorkAttendance)}
        if not contracts:
            out.append(Problem("contract_missing", trainee=t.row))
        for form in contracts:
            if form.end is not None and form.end < term_end(form.start, 6):
                out.append(Problem("contract_term_short", self.pages_of(form), t.row))
            if form.signed is None:
                out.append(Problem("contract_signature_missing", self.pages_of(form), t.row))
            if not form.sealed:
                out.append(Problem("contract_seal_missing", self.pages_of(form), t.row))
            first = month_of(form.start)
            if first not in paid:
                out.append(Problem("payroll_first_month_missing", trainee=t.row, expected=first))
            if first not in came:
                out.append(Problem("attendance_first_month_missing", trainee=t.row, expected=first))
            if self._underpaid(form, t, mine):
                out.append(Problem("wage_mismatch", trainee=t.row))
        if not any(month >= latest for month in paid):
            out.append(Problem("payroll_latest_month_missing", trainee=t.row, expected=latest))
        if not any(month >= latest for month in came):
            out.append(Problem("attendance_latest_month_missing", trainee=t.row, expected=latest))
        return out

    def _underpaid(self, contract: LabourContract, t: Trainee, mine: list[Form]) -> bool:
        for form in mine:
            if not isinstance(form, Payroll):
                continue
            since = contract.start if month_of(contract.start) == form.month else None
            part = _part_of(form.month, since)
            for row in form.rows:
                if self._listed(row.person, t, form.with_id) and row.gross < Decimal(contract.wage) * part * Decimal(
                    "0.97"
                ):
                    return True
        return False

    def _self_employed(self, t: Trainee, mine: list[Form]) -> list[Problem]:
        out = []
        if not any(isinstance(form, BusinessLicence) for form in mine):
            out.append(Problem("licence_missing", trainee=t.row))
        if not any(isinstance(form, PremisesProof) for form in mine):
            out.append(Problem("premises_proof_missing", trainee=t.row))
        return out

    def _flexible(self, t: Trainee, mine: list[Form]) -> list[Problem]:
        out: list[Problem] = []
        papers = [form for form in mine if isinstance(form, FlexibleCertificate)]
        if not papers:
            return [Problem("flexible_certificate_missing", trainee=t.row)]
        for form in papers:
            row = next(row for row in form.rows if self._is(row.person, t))
            parts = {
                "period": row.since is None,
                "income": row.income is None,
                "phone": row.phone is None,
                "legal_representative_phone": form.legal_representative_phone is None,
                "signature": row.signed is None,
                "seal": not form.sealed,
            }
            out += [
                Problem("flexible_certificate_incomplete", self.pages_of(form), t.row, part)
                for part, missing in parts.items()
                if missing
            ]
            if self._licence_of(form) is None and self._orphan_beside(form) is None:
                out.append(Problem("licence_missing", trainee=t.row))
        return out

    def _licence_of(self, form: FlexibleCertificate) -> BusinessLicence | None:
        return next(
            (
                other
                for other in self.read
                if isinstance(other, BusinessLicence) and not other.operator and other.firm.name == form.issuer
            ),
            None,
        )

    def _orphan_beside(self, form: FlexibleCertificate) -> BusinessLicence | None:
        """A licence of another unit in the same packet that serves nobody else."""
        issuers = {other.issuer for other in self.read if isinstance(other, FlexibleCertificate)}
        key = self.case.blocks.get(id(form))
        return next(
            (
                other
                for other in self.read
                if isinstance(other, BusinessLicence)
                and not other.operator
                and other.firm.name not in issuers
                and self.case.blocks.get(id(other)) == key
            ),
            None,
        )

    def _order(self, t: Trainee, mine: list[Form]) -> list[Problem]:
        if any(isinstance(form, OrderAgreement) for form in mine):
            return []
        return [Problem("order_agreement_missing", trainee=t.row)]

    def _identity(self, t: Trainee, mine: list[Form]) -> list[Problem]:
        names: set[str] = set()
        numbers: set[str] = set()
        employers: set[str] = set()
        codes: set[str] = set()
        for form in mine:
            for person, with_id in persons_on(form):
                if self._is(person, t):
                    names.add(person.name)
                    if with_id:
                        numbers.add(person.id_number)
            if isinstance(form, LabourContract | Payroll | WorkAttendance):
                employers.add(form.employer)
            if isinstance(form, LabourContract) and form.credit_code:
                codes.add(form.credit_code)
            if isinstance(form, FlexibleCertificate):
                employers.add(form.issuer)
                licence = self._licence_of(form)
                other = self._orphan_beside(form)
                if licence:
                    codes.add(licence.firm.credit_code)
                elif other:
                    employers.add(other.firm.name)
            if isinstance(form, BusinessLicence):
                codes.add(form.firm.credit_code)
            if isinstance(form, OrderAgreement):
                codes.add(form.firm.credit_code)
        out = []
        if names - {t.person.name}:
            out.append(Problem("name_mismatch", trainee=t.row))
        if numbers - {t.person.id_number}:
            out.append(Problem("id_number_mismatch", trainee=t.row))
        if len(employers) > 1:
            out.append(Problem("employer_mismatch", trainee=t.row))
        if any(not valid_code(code) for code in codes):
            out.append(Problem("credit_code_invalid", trainee=t.row))
        return out

    def _strangers(self) -> Iterable[Problem]:
        pages: dict[str, set[int]] = {}
        for form in self.read:
            if isinstance(form, Payroll | WorkAttendance):
                continue
            for person, _ in persons_on(form):
                if person.row is None:
                    pages.setdefault(person.id_number, set()).update(self.pages_of(form))
        for found in pages.values():
            yield Problem("trainee_not_on_roster", tuple(sorted(found)))

    def verdict(self, t: Trainee, problems: list[Problem]) -> str:
        if t.route == "none":
            return "not_claimed"
        codes = {problem.code for problem in problems if problem.trainee == t.row}
        if "employment_proof_missing" in codes:
            return "missing"
        if codes & set(INCONSISTENT):
            return "inconsistent"
        if any(code.endswith(("_missing", "_incomplete")) for code in codes):
            return "incomplete"
        return "needs_review" if "needs_review" in codes else "verified"


def _part_of(month: str, since: date | None) -> Decimal:
    """The smallest share of a month that could be meant by working from `since` on."""
    if since is None:
        return Decimal(1)
    days = days_of(month)
    shares = [Decimal(sum(day >= since for day in days)) / len(days)]
    for rest in (1, 2):
        shares.append(Decimal(len(workdays(month, since, rest))) / max(1, len(workdays(month, None, rest))))
    return min(shares)
