"""A checked binder -> the report, and its JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from archive_verify.model import Document, Fact, Page, PageClass, Reading, Row
from archive_verify.pipeline import Checked
from archive_verify.report.schema import (
    DocumentInfo,
    FactInfo,
    FieldInfo,
    FileInfo,
    MarkInfo,
    PageInfo,
    PageNumberInfo,
    PolicyInfo,
    Report,
)


def to_report(checked: Checked) -> Report:
    """The report of one check, in the shape of `report/schema.py`."""
    classes = {page.index: page for page in checked.classes}
    return Report(
        schema="archive-verify/report/1",
        policy=PolicyInfo(id=checked.policy.id, title=checked.policy.title),
        **{"class": {name: _fact(fact) for name, fact in checked.facts.items()}},
        files=tuple(
            FileInfo(name=file.name, sha256=file.sha256, bytes=file.bytes, pages=file.pages)
            for file in checked.binder.files
        ),
        skipped=checked.binder.skipped,
        pages=tuple(_page(page, classes[page.index], checked) for page in checked.pages),
        documents=tuple(_document(document) for document in checked.documents),
        trainees=checked.trainees,
        issues=checked.issues,
        dismissed=checked.dismissed,
        assessment=checked.assessment,
    )


def to_json(report: Report) -> str:
    """report.json: UTF-8 text with Chinese characters as they are, two spaces of indent."""
    return json.dumps(report.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=2) + "\n"


def json_schema() -> dict[str, Any]:
    """The report's JSON Schema (2020-12), with its id."""
    schema = Report.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "archive-verify/report/1", **schema}


def _fact(fact: Fact) -> FactInfo:
    return FactInfo(value=plain(fact.value), source=fact.source, page=fact.page, box=fact.box)


def _page(page: Page, kind: PageClass, checked: Checked) -> PageInfo:
    reading = page.reading
    number = checked.numbering.numbers.get(page.index)
    return PageInfo(
        index=page.index,
        file=page.file,
        file_page=page.file_page,
        half=reading.half,
        text_source=reading.text_source,
        rotation=reading.rotation,
        skew_degrees=round(reading.skew_degrees, 2),
        doc_type=kind.doc_type,
        confidence=round(kind.confidence, 4),
        page_number=None if number is None else PageNumberInfo(**number.model_dump()),
        flags=tuple(sorted(reading.flags)),
        failure=reading.failure or None,
    )


def _document(document: Document) -> DocumentInfo:
    return DocumentInfo(
        id=document.id,
        type=document.type,
        title=document.title,
        pages=document.pages,
        fields=_fields(document.fields),
        rows=tuple(_person(row) for row in document.rows),
        marks=tuple(
            MarkInfo(kind=mark.kind, party=mark.party, page=mark.page, box=mark.box) for mark in document.marks
        ),
    )


def _person(row: Row) -> dict[str, FieldInfo]:
    """A row of a table; its person's `name` is given as `employee` too, the name single papers use."""
    fields = _fields(row)
    return {**fields, "employee": fields["name"]} if "name" in fields else fields


def _fields(fields: Mapping[str, Reading]) -> dict[str, FieldInfo]:
    return {
        name: FieldInfo(
            value=plain(reading.value),
            text=reading.text,
            page=reading.page,
            box=reading.box,
            confidence=round(reading.confidence, 4),
            state=reading.state,
        )
        for name, reading in fields.items()
    }


def plain(value: Any) -> Any:
    """Dates as ISO 8601, money as a decimal string, tuples as lists; the rest as it is."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value
