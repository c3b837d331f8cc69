"""What a person set right on a checked binder: misread values, types and beginnings of pages, dismissed issues."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from archive_verify.documents.flexible_certificate import period_value
from archive_verify.errors import InputRefused
from archive_verify.model import (
    Binder,
    Box,
    DocType,
    Document,
    Frozen,
    Mark,
    Page,
    PageClass,
    Reading,
    Row,
)
from archive_verify.values import (
    cell_money,
    find_code,
    find_date,
    find_id,
    find_money,
    find_months,
    find_phone,
    plain,
)


class CorrectionRefused(InputRefused):
    """A corrected value that its field cannot hold, such as a month typed for a date."""


# Where a value stands of which nobody marked the spot: somewhere on the page.
SOMEWHERE = Box(0.0, 0.0, 1.0, 1.0)


_CLASS_FIELDS = ("class_name", "institution", "occupation", "headcount", "start_date", "end_date", "training_days")
PERSON_FIELDS = ("employee", "id_number", "phone")
TERM_FIELDS = ("contract_start", "contract_end", "contract_months")
_UNIT_FIELDS = ("employer", "credit_code", "legal_representative", "address")

# What a paper says once, by its type: what may be added where it was not read.
PAPER_FIELDS: Mapping[DocType, tuple[str, ...]] = {
    DocType.COVER: (*_CLASS_FIELDS, "page_count"),
    DocType.OPENING_REPORT: (*_CLASS_FIELDS, "reported_on"),
    DocType.OPENING_APPROVAL: (*_CLASS_FIELDS, "approved_on"),
    DocType.TRAINEE_ROSTER: _CLASS_FIELDS,
    DocType.TEACHING_LOG: ("date", "should", "present"),
    DocType.EXAM_PAPER: ("employee", "id_number", "score"),
    DocType.CERTIFICATE_COPY: ("employee", "id_number", "certificate_number", "issued_on", "occupation", "level"),
    DocType.LABOUR_CONTRACT: (*PERSON_FIELDS, *TERM_FIELDS, *_UNIT_FIELDS, "wage", "position_title", "sign_date"),
    DocType.PAYROLL: ("employer", "month"),
    DocType.WORK_ATTENDANCE: ("employer", "month"),
    DocType.BUSINESS_LICENCE: ("employer", "operator", "legal_representative", "credit_code", "established", "address"),
    DocType.PREMISES_PROOF: (
        "tenant", "operator", "landlord", "id_number", "employer", "address", "phone", "sign_date",
    ),
    DocType.FLEXIBLE_CERTIFICATE: (
        *PERSON_FIELDS, "period", "income", *_UNIT_FIELDS, "legal_representative_phone", "position_title", "sign_date",
    ),
    DocType.ORDER_AGREEMENT: (
        *PERSON_FIELDS, *_UNIT_FIELDS, "headcount", "occupation", "class_name", "wage", "sign_date",
    ),
    DocType.TRUTHFULNESS_COMMITMENT: ("class_name", "institution", "sign_date"),
    DocType.SUBSIDY_APPLICATION: (*_CLASS_FIELDS, "daily_subsidy_yuan", "amount", "applied_on"),
}  # fmt: skip
# What lists say of each person, or of each line; everything else stands once on a paper.
ROW_FIELDS: Mapping[DocType, tuple[str, ...]] = {
    DocType.CATALOGUE: ("title", "first", "last", "count"),
    DocType.TRAINEE_ROSTER: ("name", "id_number", "phone"),
    DocType.ID_CARD_COPY: ("name", "id_number"),
    DocType.TRAINING_ATTENDANCE: ("name",),
    DocType.SCORE_SHEET: ("name", "id_number", "theory", "practice", "total", "passed"),
    DocType.CERTIFICATE_REGISTER: ("name", "id_number", "certificate_number"),
    DocType.CERTIFICATE_COPY: ("name", "id_number", "certificate_number"),
    DocType.EMPLOYMENT_SUMMARY: ("name", "id_number", "employment_type", "employer"),
    DocType.PAYROLL: ("name", "id_number", "base", "gross", "net", "days"),
    DocType.WORK_ATTENDANCE: ("name", "id_number", "days"),
    DocType.FLEXIBLE_CERTIFICATE: ("name", "id_number", "phone", "period", "income"),
    DocType.ORDER_AGREEMENT: ("name", "id_number", "phone"),
    DocType.CALLBACK_RECORD: ("name", "reached", "attended", "employed"),
}
# Marks of which a person says whether they are there: what, and whose.
MARKS: Mapping[str, tuple[Literal["seal", "signature"], str]] = {
    "seal_employer": ("seal", "employer"), "seal_issuer": ("seal", "issuer"), "seal_authority": ("seal", "authority"),
    "seal_institution": ("seal", "institution"), "signature_employee": ("signature", "employee"),
    "signature_authority": ("signature", "authority"), "signature_institution": ("signature", "institution"),
}  # fmt: skip
# Those that a rule looks for, by the paper; on a list each signs in a cell of his row.
MARKS_OF: Mapping[DocType, tuple[str, ...]] = {
    DocType.OPENING_APPROVAL: ("seal_authority", "signature_authority"),
    DocType.LABOUR_CONTRACT: ("seal_employer", "signature_employee"),
    DocType.FLEXIBLE_CERTIFICATE: ("seal_issuer", "signature_employee"),
    DocType.TRUTHFULNESS_COMMITMENT: ("seal_institution", "signature_institution"),
}
FIELD_NAMES = frozenset(
    name for names in (*PAPER_FIELDS.values(), *ROW_FIELDS.values(), MARKS) for name in names
)
# The one that a row of persons begins with; the papers of one person call it "employee".
_ROW_BEGINS = "name"


class Place(Frozen):
    """A page wherever its file is bound: by the file's content, the page in it, and the half of a double scan."""

    sha256: str
    file_page: int                      # 1-based
    half: Literal["left", "right", "top", "bottom"] | None = None


class Correction(Frozen):
    """What really stands at a spot that was misread, or was not found at all; an empty `value` says that nothing
    stands there. Of one of `MARKS` the value says whether it is on the paper."""

    place: Place
    box: Box
    field: str
    value: str                          # as typed


class PageOverride(Frozen):
    """What a page really is; None leaves the type, or whether a document begins there, as found."""

    place: Place
    doc_type: DocType | None = None
    starts: bool | None = None


class Review(Frozen):
    """All that reviewers said of a binder; `dismissed` holds fingerprints of issues.

    `moved` names sheets of this binder that lay elsewhere when something was said of them, each with its
    first place: a replaced volume has most of its sheets in common with the one before. Halves are left out.
    """

    corrections: tuple[Correction, ...] = ()
    overrides: tuple[PageOverride, ...] = ()
    dismissed: frozenset[str] = frozenset()
    moved: tuple[tuple[Place, Place], ...] = ()


Places = Mapping[int, Place]            # by page index


def places_of(binder: Binder, pages: Sequence[Page]) -> Places:
    """Where each page lies, whatever its index."""
    return {
        page.index: Place(
            sha256=binder.files[page.file].sha256, file_page=page.file_page, half=page.reading.half
        )
        for page in pages
    }


def first_place(place: Place, moved: Mapping[Place, Place]) -> Place:
    """Where a page lay at first; `moved` is as in `Review`."""
    return moved.get(place.model_copy(update={"half": None}), place).model_copy(update={"half": place.half})


def overridden(
    classes: Sequence[PageClass], overrides: Sequence[PageOverride], places: Places
) -> tuple[tuple[PageClass, ...], dict[int, bool]]:
    """The classes with what reviewers said of them, and the pages whose beginning they settled."""
    said = {override.place: override for override in overrides}
    settled: dict[int, bool] = {}
    result = []
    for page in classes:
        override = said.get(places[page.index])
        changes: dict[str, Any] = {}
        if override is not None and override.doc_type is not None:
            changes = {"doc_type": override.doc_type, "confidence": 1.0}
        if override is not None and override.starts is not None:
            changes["starts"] = settled[page.index] = override.starts
        result.append(page.model_copy(update=changes))
    return tuple(result), settled


def corrected(
    documents: Sequence[Document], corrections: Sequence[Correction], places: Places
) -> tuple[Document, ...]:
    """The documents with the corrected values and marks, confirmed; a later correction of one spot wins.

    A value that was not found at all joins the row it stands beside if it is of `ROW_FIELDS`, else
    the fields of the document its page belongs to, as one does that stands `SOMEWHERE`; a person's
    name in a list begins a row. A correction for a page that is not in the binder has no effect.
    """
    pages = {place: index for index, place in places.items()}
    result = list(documents)
    for correction in corrections:
        page = pages.get(correction.place)
        reading = None if page is None else _reading(correction, page)
        for number, document in enumerate(result):
            if reading is not None and reading.page in document.pages:
                result[number] = _with(document, correction.field, reading)
    return tuple(result)


def parse_value(field: str, typed: str) -> Any:
    """The value of a field as the extractors give it; None for an empty text.

    Raises CorrectionRefused where the text holds no such value.
    """
    text = " ".join(typed.split())
    if not text:
        return None
    value = _PARSERS.get(field, _as_it_is)(text)
    if value is None:
        raise CorrectionRefused(f"“{text}”不能作为{field}的值", advice="日期写 2023-09-01，月份写 2023-09，金额写数字")
    return value


def _reading(correction: Correction, page: int) -> Reading:
    value = parse_value(correction.field, correction.value)
    return Reading(
        value=value, text=correction.value.strip(), page=page, box=correction.box, confidence=1.0,
        state="blank" if value is None else "read", confirmed=True,
    )  # fmt: skip


def _with(document: Document, field: str, reading: Reading) -> Document:
    if field in MARKS:
        return _marked(document, field, reading) if field in MARKS_OF.get(document.type, ()) else document
    alone = document.model_copy(update={"fields": {**document.fields, field: reading}})
    if reading.box == SOMEWHERE or _is_at(document.fields.get(field), reading):
        return alone
    rows = list(document.rows)
    of_rows = field in ROW_FIELDS.get(document.type, ())
    for test in (_is_there, _is_beside) if of_rows else (_is_there,):
        for number, row in enumerate(rows):
            if test(row, field, reading):
                rows[number] = {**row, field: reading}
                return document.model_copy(update={"rows": tuple(rows)})
    if of_rows and field == _ROW_BEGINS:
        unread = max(0, document.unread_rows - 1)
        return document.model_copy(update={"rows": (*rows, {field: reading}), "unread_rows": unread})
    return alone


def _marked(document: Document, field: str, reading: Reading) -> Document:
    """The document with a mark, or without it: the copy leaves nothing open any more."""
    what, party = MARKS[field]
    others = tuple(mark for mark in document.marks if mark.party != party or not _serves(mark, what))
    missing, unsure = (
        tuple(one for one in marks if one != (what, party)) for marks in (document.missing_marks, document.unsure_marks)
    )
    if reading.value:
        others += (Mark(kind=what, party=party, page=reading.page, box=reading.box),)
    else:
        missing += ((what, party),)
    return document.model_copy(update={"marks": others, "missing_marks": missing, "unsure_marks": unsure})


def _serves(mark: Mark, what: str) -> bool:
    """Whether the mark is a unit's seal; or a person's sign, of which a fingerprint and a seal of his own are some."""
    is_unit_seal = mark.kind == "seal" and not mark.personal
    return is_unit_seal if what == "seal" else not is_unit_seal


def _is_at(old: Reading | None, new: Reading) -> bool:
    if old is None or old.page != new.page:
        return False
    least = min(old.box.width * old.box.height, new.box.width * new.box.height)
    return old.box.overlap(new.box) > 0.5 * least


def _is_there(row: Row, field: str, reading: Reading) -> bool:
    return _is_at(row.get(field), reading)


def _is_beside(row: Row, field: str, reading: Reading) -> bool:
    """Whether the spot is level with the row's other cells."""
    if field in row:
        return False
    middle = reading.box.centre[1]
    return any(cell.page == reading.page and cell.box.y0 <= middle <= cell.box.y1 for cell in row.values())


def _as_it_is(text: str) -> str:
    return text


def _date(text: str) -> Any:
    found = find_date(text)
    return found.value if found else None


def _month(text: str) -> Any:
    months = {found.value for found in find_months(text)}
    return months.pop() if len(months) == 1 else None


def _period(text: str) -> Any:
    shown = re.fullmatch(r"(\d{4}-[\d-]+)/(\d{4}-[\d-]+)", text)      # as the report writes it
    found = period_value(f"{shown[1]}至{shown[2]}" if shown else text)
    return found.value if found else None


def _money(text: str) -> Any:
    found = find_money(text) or cell_money(text)
    return found.value if found else None


def _number(text: str) -> Any:
    match = re.fullmatch(r"\d{1,4}", plain(text))
    return int(match[0]) if match else None


def _decimal(text: str) -> Any:
    match = re.fullmatch(r"\d{1,4}(?:\.\d{1,2})?", plain(text))
    return Decimal(match[0]) if match else None


def _score(text: str) -> Any:
    value = _decimal(text)
    return None if value is None else float(value)


def _yes_or_no(text: str) -> Any:
    return {"是": True, "有": True, "√": True, "合格": True, "否": False, "无": False, "×": False, "不合格": False}.get(
        text
    )


def _id(text: str) -> Any:
    found = find_id(text)
    return found.value if found else None


def _code(text: str) -> Any:
    found = find_code(text)
    return found.value if found else None


def _phone(text: str) -> Any:
    found = find_phone(text, labelled=True)
    return found.value if found else None


_PARSERS: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys((
        "contract_start", "contract_end", "reported_on", "applied_on", "approved_on", "start_date", "end_date", "date",
        "established", "issued_on", "sign_date", "period_start", "period_end",
    ), _date),
    **dict.fromkeys(("wage", "income", "amount", "base", "gross", "net", "rent", "daily_subsidy_yuan"), _money),
    **dict.fromkeys((
        "first", "last", "count", "headcount", "page_count", "present", "should", "contract_months", "training_days",
        "training_hours",
    ), _number),
    **dict.fromkeys(("theory", "practice", "total"), _score),
    **dict.fromkeys(("attended", "employed", "passed", "reached", *MARKS), _yes_or_no),
    **dict.fromkeys(("phone", "legal_representative_phone"), _phone),
    "month": _month,
    "period": _period,
    "days": _decimal,
    "id_number": _id,
    "credit_code": _code,
}  # fmt: skip
