"""What a trainee's route of employment asks for, and which pages of the binder serve it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from archive_verify.model import DocType, EmploymentType, Issue, Trainee
from archive_verify.policy.terms import EmploymentTerms
from archive_verify.report.schema import DocumentInfo, Report, RequirementInfo
from archive_verify.values import add_months
from archive_verify.words import DOC_TYPES


@dataclass(frozen=True, slots=True)
class _Month:
    """The month a sheet is asked for; None where it hangs on something that was not read."""

    word: str
    value: str | None
    later_serves: bool = False

    def met_by(self, month: object) -> bool:
        if self.value is None or not isinstance(month, str):
            return False
        return month == self.value or (self.later_serves and month > self.value)


@dataclass(frozen=True, slots=True)
class _Wanted:
    type: DocType
    missing: str                        # the issue code that says it is not there
    label: str = ""
    month: _Month | None = None


def requirements(report: Report, trainee: Trainee, terms: EmploymentTerms) -> tuple[RequirementInfo, ...]:
    """The papers a trainee has to show by his route, each with its state and its pages."""
    known = {document.id: document for document in report.documents}
    own = [known[id_] for id_ in trainee.documents if id_ in known]
    issues = [issue for issue in report.issues if issue.id in trainee.issues]
    wanted = _wanted(trainee.employment_type, own, _as_of(report), terms)
    return tuple(_requirement(one, own, issues) for one in wanted)


def _requirement(wanted: _Wanted, own: Iterable[DocumentInfo], issues: list[Issue]) -> RequirementInfo:
    serving = [document for document in own if document.type is wanted.type]
    if wanted.month is not None and wanted.month.value is not None:
        serving = [document for document in serving if wanted.month.met_by(_value(document, "month"))]
    pages = tuple(page for document in serving for page in document.pages)
    ids = {document.id for document in serving}
    touching = [issue for issue in issues if issue.document in ids or (ids and set(issue.pages) & set(pages))]
    codes = {issue.code for issue in issues}
    if wanted.missing in codes or "employment_proof_missing" in codes:
        state = "missing"
    elif any(issue.severity == "error" and not _of_another(issue, wanted) for issue in touching):
        state = "faulty"
    elif not serving or any(issue.code == "needs_review" for issue in touching) or _open(wanted):
        state = "review"
    else:
        state = "met"
    return RequirementInfo.model_validate(
        {
            "label": wanted.label or DOC_TYPES[wanted.type], "state": state,
            "documents": tuple(document.id for document in serving), "pages": pages,
        }
    )  # fmt: skip


def _of_another(issue: Issue, wanted: _Wanted) -> bool:
    """A missing sheet's issue points at the contract whose start it is counted from: no fault of that."""
    return "_month_missing" in issue.code and wanted.type is DocType.LABOUR_CONTRACT


def _open(wanted: _Wanted) -> bool:
    return wanted.month is not None and wanted.month.value is None


def _wanted(
    route: EmploymentType, own: list[DocumentInfo], as_of: date | None, terms: EmploymentTerms
) -> Iterator[_Wanted]:
    contract = _Wanted(DocType.LABOUR_CONTRACT, "contract_missing", f"劳动合同（{terms.contract_months}个月以上）")
    if route is EmploymentType.ENTERPRISE:
        yield contract
        first = _Month("首月", _first_month(own, terms))
        latest = _Month("最近月", _latest_month(as_of, terms), terms.later_month_serves)
        for month, key in ((first, "first"), (latest, "latest")):
            yield _sheet(DocType.PAYROLL, f"payroll_{key}_month_missing", month)
            yield _sheet(DocType.WORK_ATTENDANCE, f"attendance_{key}_month_missing", month)
    elif route is EmploymentType.SELF_EMPLOYED:
        yield _Wanted(DocType.BUSINESS_LICENCE, "licence_missing")
        yield _Wanted(DocType.PREMISES_PROOF, "premises_proof_missing")
    elif route is EmploymentType.FLEXIBLE:
        yield _Wanted(DocType.FLEXIBLE_CERTIFICATE, "flexible_certificate_missing")
        yield _Wanted(DocType.BUSINESS_LICENCE, "licence_missing", "用人单位营业执照")
    elif route is EmploymentType.ORDER:
        yield _Wanted(DocType.ORDER_AGREEMENT, "order_agreement_missing")
        if terms.order_needs == "agreement+contract":
            yield contract
        elif terms.order_needs == "agreement+payroll":
            yield _sheet(DocType.PAYROLL, "payroll_first_month_missing", _Month("首月", _first_month(own, terms)))


def _sheet(kind: DocType, missing: str, month: _Month) -> _Wanted:
    return _Wanted(kind, missing, f"{month.word}{DOC_TYPES[kind]}（{month.value or '月份待核'}）", month)


def _first_month(own: Iterable[DocumentInfo], terms: EmploymentTerms) -> str | None:
    for document in own:
        if document.type is DocType.LABOUR_CONTRACT:
            day = _day(_value(document, "contract_start"))
            if day is not None:
                later = terms.first_month == "first_full_month" and day.day > 1
                return f"{add_months(day.replace(day=1), 1) if later else day:%Y-%m}"
    return None


def _latest_month(as_of: date | None, terms: EmploymentTerms) -> str | None:
    return None if as_of is None else f"{add_months(as_of.replace(day=1), -terms.latest_month_back):%Y-%m}"


def _as_of(report: Report) -> date | None:
    fact = report.class_.get("as_of")
    return None if fact is None else _day(fact.value)


def _value(document: DocumentInfo, name: str) -> object:
    field = document.fields.get(name)
    return field.value if field is not None and field.state == "read" else None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


STATE_WORDS: Mapping[str, str] = {"met": "齐全", "missing": "缺少", "faulty": "有问题", "review": "待复核"}
