"""Builders of finished reports; shorthand first, everything else defaulted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from archive_verify.model import (
    Assessment,
    Binder,
    Evidence,
    Matching,
    Numbering,
    Page,
    PageReading,
    Roster,
    SourceFile,
)
from archive_verify.pipeline import Checked
from archive_verify.policy.terms import load_policy
from archive_verify.report.schema import FieldInfo, Report


def report_of(
    *,
    issues: Sequence[dict[str, Any]] = (),
    documents: Sequence[tuple[str, str, tuple[int, ...]]] = (("d1", "labour_contract", (3,)),),
    trainee_documents: tuple[str, ...] = (),
    trainees: Sequence[dict[str, Any]] = ({},),
    page_count: int = 6,
    fields: Mapping[str, Mapping[str, Any]] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Report:
    """A report of six pages and one verified trainee, whose contract on page 3 says 3200 yuan."""
    wage = FieldInfo(value="3200", text="3200元", page=3, box=(0.1, 0.1, 0.2, 0.2), confidence=0.99)
    return Report.model_validate(
        {
            "schema": "archive-verify/report/1",
            "policy": {"id": "p", "title": "考核办法"},
            "class": {
                name: {"value": value, "source": "class.toml"}
                for name, value in {"name": "第1期", **(facts or {})}.items()
            },
            "files": [{"name": "binder.pdf", "sha256": "0" * 64, "bytes": 1, "pages": 6}],
            "pages": [
                {
                    "index": index, "file": 0, "file_page": index, "text_source": "ocr", "rotation": 0,
                    "skew_degrees": 0.0, "doc_type": "labour_contract", "confidence": 0.9,
                    "page_number": None, "flags": [],
                }
                for index in range(1, page_count + 1)
            ],
            "documents": [
                {
                    "id": id_, "type": type_, "title": "", "pages": pages,
                    "fields": {
                        "wage": wage,
                        **{
                            name: wage.model_copy(update={"value": value})
                            for name, value in (fields or {}).get(id_, {}).items()
                        },
                    },
                    "rows": [], "marks": [],
                }
                for id_, type_, pages in documents
            ],
            "trainees": [
                {
                    "row": row, "name": "王小麦", "id_number": "141121198503120035",
                    "employment_type": "enterprise", "verdict": "verified", "documents": trainee_documents,
                    "issues": [f"i{i}" for i, issue in enumerate(issues, 1) if issue.get("trainee") == row],
                    **trainee,
                }
                for row, trainee in enumerate(trainees, 1)
            ],
            "issues": [
                {
                    "id": f"i{number}", "severity": "info" if issue["code"] == "page_blank" else "error",
                    "message": f"第{number}条问题", "citation": "四(三)1",
                    **{key: value for key, value in issue.items() if key != "boxes"},
                    "boxes": [{"page": page, "box": box} for page, box in issue.get("boxes", ())],
                }
                for number, issue in enumerate(issues, 1)
            ],
            "assessment": {},
        }
    )


def source(path: Path, pages: int = 1, kind: str = "pdf") -> SourceFile:
    """A file of a binder as it lies on disk."""
    return SourceFile.model_validate(
        {"name": path.name, "path": path, "sha256": "0" * 64, "bytes": 1, "pages": pages, "kind": kind}
    )


def binder_page(index: int, file: int = 0, file_page: int | None = None, **reading: Any) -> Page:
    """A page that was read; by default the page of that number in the first file, upright."""
    given = {"width": 1000, "height": 1400, "dpi": 120.0, "text_source": "ocr", "rotation": 0, "skew_degrees": 0.0}
    return Page(
        index=index, file=file, file_page=file_page or index, reading=PageReading.model_validate({**given, **reading})
    )


def checked_of(
    files: Sequence[SourceFile], pages: Sequence[Page], evidence: Sequence[Evidence] = ()
) -> Checked:
    """A finished check of these files and pages in which nothing else was found."""
    return Checked(
        binder=Binder(files=tuple(files), sheets=()),
        pages=tuple(pages),
        numbering=Numbering(),
        classes=(),
        documents=(),
        roster=Roster(file="roster.xlsx", rows=()),
        facts={},
        policy=load_policy("wenshui_2023_51"),
        matching=Matching(evidence=tuple(evidence)),
        issues=(),
        trainees=(),
        assessment=Assessment(),
        seconds={},
    )
