"""Builders of finished reports; shorthand first, everything else defaulted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archive_verify.report.schema import FieldInfo, Report


def report_of(
    *,
    issues: Sequence[dict[str, Any]] = (),
    documents: Sequence[tuple[str, str, tuple[int, ...]]] = (("d1", "labour_contract", (3,)),),
    trainee_documents: tuple[str, ...] = (),
) -> Report:
    """A report of six pages and one verified trainee, whose contract on page 3 says 3200 yuan."""
    wage = FieldInfo(value="3200", text="3200元", page=3, box=(0.1, 0.1, 0.2, 0.2), confidence=0.99)
    return Report.model_validate(
        {
            "schema": "archive-verify/report/1",
            "policy": {"id": "p", "title": "考核办法"},
            "class": {"name": {"value": "第1期", "source": "class.toml"}},
            "files": [{"name": "binder.pdf", "sha256": "0" * 64, "bytes": 1, "pages": 6}],
            "pages": [
                {
                    "index": index, "file": 0, "file_page": index, "text_source": "ocr", "rotation": 0,
                    "skew_degrees": 0.0, "doc_type": "labour_contract", "confidence": 0.9,
                    "page_number": None, "flags": [],
                }
                for index in range(1, 7)
            ],
            "documents": [
                {
                    "id": id_, "type": type_, "title": "", "pages": pages, "fields": {"wage": wage},
                    "rows": [], "marks": [],
                }
                for id_, type_, pages in documents
            ],
            "trainees": [
                {
                    "row": 1, "name": "王小麦", "id_number": "141121198503120035",
                    "employment_type": "enterprise", "verdict": "verified",
                    "documents": trainee_documents, "issues": [],
                }
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
