"""Which values and marks a page's document might hold that were not found: what a reviewer may add from the paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive_verify.model import Trainee
from archive_verify.report.schema import BoxList, DocumentInfo, FieldInfo, Report
from archive_verify.review import MARKS_OF, PAPER_FIELDS, PERSON_FIELDS, ROW_FIELDS, TERM_FIELDS
from archive_verify.store.tables import IssueRow

# What a rule looks at: offered first on its issues.
_OF_EMPLOYER = ("employer", "credit_code")
_OF_SHEETS = ("month", "name", "id_number")
ASKED: Mapping[str, tuple[str, ...]] = {
    "contract_term_short": TERM_FIELDS, "contract_missing": PERSON_FIELDS,
    "employment_proof_missing": (*PERSON_FIELDS, "name"),
    "payroll_first_month_missing": _OF_SHEETS, "payroll_latest_month_missing": _OF_SHEETS,
    "attendance_first_month_missing": _OF_SHEETS, "attendance_latest_month_missing": _OF_SHEETS,
    "licence_missing": ("operator", "legal_representative", "employer"),
    "premises_proof_missing": ("tenant", "operator"),
    "flexible_certificate_missing": (*PERSON_FIELDS, "name"), "order_agreement_missing": (*PERSON_FIELDS, "name"),
    "name_mismatch": ("employee", "name"), "id_number_mismatch": ("id_number",), "employer_mismatch": _OF_EMPLOYER,
    "credit_code_invalid": ("credit_code",), "wage_mismatch": ("wage", "base", "gross", "days"),
    "opening_report_late": ("reported_on", "start_date"), "headcount_mismatch": ("headcount",),
    "employment_before_training": ("contract_start", "period", "established"),
    "score_mismatch": ("passed", "total", "certificate_number"),
    "application_mismatch": ("headcount", "training_days", "amount", "daily_subsidy_yuan"),
}  # fmt: skip
# What asks for eyes on a seal or a signature: marks are offered first.
_PARTS = {("flexible_certificate_incomplete", "seal"), ("flexible_certificate_incomplete", "signature")}
_OF_MARKS = ("contract_seal_missing", "contract_signature_missing", "class_paper_unsigned", "needs_review")


@dataclass(frozen=True, slots=True)
class Missed:
    """A value that may be added: in the row of `box` where it is a person's, at a marked spot alone for a new row."""

    field: str
    box: BoxList | None = None
    begins_row: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be added on a page: `asked` by the issue's rule, of the paper, of the person's row, a row anew; and
    the names of marks, of which it may be said whether they are there."""

    document: DocumentInfo
    asked: tuple[Missed, ...]
    paper: tuple[Missed, ...]
    row: tuple[Missed, ...]
    begun: tuple[Missed, ...]
    marks: tuple[str, ...]
    marks_first: bool

    def __bool__(self) -> bool:
        return bool(self.asked or self.paper or self.row or self.begun or self.marks)


def missed_on(report: Report, index: int, issue: IssueRow | None, trainee: Trainee | None) -> Choice | None:
    """What may be added on a page; None where it belongs to no paper of which values are read."""
    document = next((one for one in report.documents if index in one.pages), None)
    if document is None or not (document.type in PAPER_FIELDS or document.type in ROW_FIELDS):
        return None
    asked = _asked(issue)
    paper = [Missed(name) for name in _absent(PAPER_FIELDS.get(document.type, ()), document.fields)]
    in_row = list(_of_row(document, index, trainee))
    # a paper of one person becomes no list
    listing = bool(document.rows) or "employee" not in PAPER_FIELDS.get(document.type, ())
    begun = [Missed("name", begins_row=True)] if listing and "name" in ROW_FIELDS.get(document.type, ()) else []
    first = sorted((one for one in (*in_row, *paper) if one.field in asked), key=lambda one: asked.index(one.field))
    return Choice(
        document=document, asked=tuple(first), begun=tuple(begun),
        paper=tuple(one for one in paper if one not in first), row=tuple(one for one in in_row if one not in first),
        marks=_marks(document), marks_first=_is_about_marks(issue),
    )  # fmt: skip


def row_of(document: DocumentInfo, trainee: Trainee) -> Mapping[str, FieldInfo] | None:
    """The trainee's own row of a list: by the number, else by the name."""
    for name, value in (("id_number", trainee.id_number), ("employee", trainee.name), ("name", trainee.name)):
        for row in document.rows:
            if value and name in row and row[name].value == value:
                return row
    return None


def _of_row(document: DocumentInfo, index: int, trainee: Trainee | None) -> Iterator[Missed]:
    row = row_of(document, trainee) if trainee else None
    boxes = [field.box for field in (row or {}).values() if field.page == index]
    if row is None or not boxes:
        return
    # level with the row's cells, as wide as the page: its column is not known
    band = (0.0, min(box[1] for box in boxes), 1.0, max(box[3] for box in boxes))
    yield from (Missed(name, band) for name in _absent(ROW_FIELDS.get(document.type, ()), row))


def _absent(names: Sequence[str], fields: Mapping[str, FieldInfo]) -> list[str]:
    """What was found, even if it could not be read, is set right at its spot instead."""
    return [name for name in names if name not in fields]


def _marks(document: DocumentInfo) -> tuple[str, ...]:
    names = MARKS_OF.get(document.type, ())
    return tuple(name for name in names if not (document.rows and name == "signature_employee"))


def _is_about_marks(issue: IssueRow | None) -> bool:
    if issue is None:
        return False
    return issue.code in _OF_MARKS or (issue.code, issue.expected) in _PARTS


def _asked(issue: IssueRow | None) -> tuple[str, ...]:
    if issue is None:
        return ()
    if issue.code == "flexible_certificate_incomplete":
        return (str(issue.expected),)
    return ASKED.get(issue.code, ())
