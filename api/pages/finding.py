"""What a reviewer needs beside the page to decide on one issue: values, the person's papers, what is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.missed import row_of
from archive_verify.model import DocType, Trainee
from archive_verify.report.schema import BoxList, DocumentInfo, FieldInfo, Report, RequirementInfo
from archive_verify.review import SOMEWHERE
from archive_verify.store.tables import IssueRow
from archive_verify.words import show_value

# A spot of an issue and a value are the same spot where they share so much of the smaller one.
_SAME_SPOT = 0.3
_PAGES = re.compile(r"第\s*(\d+)(?:\s*[–—、-]\s*\d+)*\s*页|\bpage\s(\d+)(?:(?:–|,\s)\d+)*", re.IGNORECASE)
# What tells whose paper it is and what it proves, in the order it is compared.
_TELLING = (
    "employee", "id_number", "phone", "employer", "operator", "legal_representative", "legal_representative_phone",
    "credit_code", "month", "contract_start", "contract_end", "contract_months", "period", "wage", "income", "base",
    "gross", "net", "days", "passed", "certificate_number", "address", "sign_date",
)  # fmt: skip
# What is chosen on a form and not written: no text says it.
_UNTYPED = frozenset({"contract_kind"})
# The class's own lists name everybody: they stand behind a person's proof.
_PROOF = (
    DocType.LABOUR_CONTRACT, DocType.PAYROLL, DocType.WORK_ATTENDANCE, DocType.BUSINESS_LICENCE,
    DocType.PREMISES_PROOF, DocType.FLEXIBLE_CERTIFICATE, DocType.ORDER_AGREEMENT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """A value read from paper, at its spot; `differs` from what the roster says of the person."""

    field: str
    value: str
    page: int
    box: BoxList
    state: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that belongs to the person, with what it says of him."""

    document: DocumentInfo
    values: tuple[Value, ...]
    page: int
    box: BoxList | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One issue with all that speaks for or against it."""

    issue: IssueRow
    spots: tuple[tuple[int, BoxList], ...]
    values: tuple[Value, ...]
    trainee: Trainee | None
    requirements: tuple[RequirementInfo, ...]
    papers: tuple[Paper, ...]


def finding_of(report: Report, issue: IssueRow) -> Finding:
    """The issue beside the report it stands in."""
    spots = tuple(dict.fromkeys((int(spot["page"]), _box(spot["box"])) for spot in issue.boxes))
    trainee = next((one for one in report.trainees if one.row == issue.trainee), None)
    plan = next((one for one in report.dossiers if one.trainee == issue.trainee), None)
    papers = tuple(_papers(report, issue, trainee)) if trainee else ()
    return Finding(
        issue=issue, spots=spots, values=_touched(report, issue, spots), trainee=trainee,
        requirements=plan.requirements if plan else (), papers=papers,
    )  # fmt: skip


def with_pages(text: str, last: int) -> Iterator[tuple[str, int | None]]:
    """The text in pieces; a piece that names pages comes with the first of them."""
    end = 0
    for match in _PAGES.finditer(text):
        page = int(match[1] or match[2])
        if not 1 <= page <= last:
            continue
        if match.start() > end:
            yield text[end : match.start()], None
        yield match[0], page
        end = match.end()
    if end < len(text):
        yield text[end:], None


def pages_of(finding: Finding, last: int) -> tuple[int, ...]:
    """The pages to look at, the most telling first."""
    named = [page for page, _ in finding.spots] + list(finding.issue.pages)
    if not named:
        words = (finding.issue.found or "", finding.issue.message)
        named = [page for text in words for _, page in with_pages(text, last) if page is not None]
    if not named and finding.papers:
        named = [finding.papers[0].page]
    return tuple(dict.fromkeys(page for page in named if 1 <= page <= last))


def values_on(report: Report, index: int) -> list[Value]:
    """All values read from a page, from its top to its bottom."""
    found = [
        value_of(name, field) for document in report.documents for name, field in _fields(document)
        if field.page == index
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.box[1], one.box[0]))


def _touched(report: Report, issue: IssueRow, spots: Sequence[tuple[int, BoxList]]) -> tuple[Value, ...]:
    """The values at the issue's spots; without any, those of its pages that could not be read."""
    everything = [(document, name, field) for document in report.documents for name, field in _fields(document)]
    touched = [
        value_of(name, field) for _, name, field in everything
        if any(page == field.page and _same(box, field.box) for page, box in spots)
    ]  # fmt: skip
    if not touched and issue.code == "needs_review":
        pages = set(issue.pages)
        touched = [
            value_of(name, field) for _, name, field in everything if field.page in pages and field.state == "unread"
        ]
    return tuple({(one.field, one.page, one.box): one for one in touched}.values())


def value_of(name: str, field: FieldInfo, differs: bool = False) -> Value:
    """As it is shown, and typed when it is set right."""
    shown = "" if field.value is None else _typed(field.value)
    return Value(name, shown, field.page, field.box, field.state, differs)


def _papers(report: Report, issue: IssueRow, trainee: Trainee) -> Iterator[Paper]:
    wanted = set(trainee.documents) | ({issue.document} if issue.document else set())
    documents = [document for document in report.documents if document.id in wanted]
    for document in sorted(documents, key=lambda one: (one.type not in _PROOF, one.pages)):
        row = row_of(document, trainee)
        fields = {**document.fields, **(row or {})}
        said = {"employee": trainee.name, "id_number": trainee.id_number} if _names_him(document, row) else {}
        values = tuple(
            value_of(name, fields[name], _differs(fields[name], said.get(name)))
            for name in _TELLING if name in fields
        )  # fmt: skip
        # who it is about, large enough to be compared
        area = {name: field for name, field in fields.items() if name in ("employee", "id_number")} or row or {}
        page = next((field.page for field in area.values()), document.pages[0])
        boxes = [field.box for field in area.values() if field.page == page and field.box != SOMEWHERE]
        yield Paper(document, values, page, _union(boxes) if boxes else None)


def _names_him(document: DocumentInfo, row: Mapping[str, FieldInfo] | None) -> bool:
    return row is not None or not document.rows


def _differs(field: FieldInfo, said: str | None) -> bool:
    return bool(said) and field.value is not None and str(field.value) != said


def _fields(document: DocumentInfo) -> Iterator[tuple[str, FieldInfo]]:
    for group in (document.fields, *document.rows):
        yield from ((name, field) for name, field in group.items() if name not in _UNTYPED)


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return show_value(value) if isinstance(value, list | tuple) else str(value)


def _box(box: Sequence[float]) -> BoxList:
    x0, y0, x1, y1 = box
    return x0, y0, x1, y1


def _same(one: BoxList, other: BoxList) -> bool:
    if SOMEWHERE in (one, other):
        return False
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    least = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return width > 0 and height > 0 and width * height > _SAME_SPOT * least


def _union(boxes: Sequence[BoxList]) -> BoxList:
    return (
        min(box[0] for box in boxes), min(box[1] for box in boxes),
        max(box[2] for box in boxes), max(box[3] for box in boxes),
    )  # fmt: skip
