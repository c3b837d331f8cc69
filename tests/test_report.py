"""The reports say what was found, escape what was read, and never run it."""

from __future__ import annotations

import json
from pathlib import Path

from openpyxl import load_workbook
from rich.console import Console

from archive_verify.model import Box
from archive_verify.report.to_html import Crop, crop_requests, to_html
from archive_verify.report.to_terminal import to_terminal
from archive_verify.report.to_xlsx import to_xlsx
from tests.report_factories import report_of


def test_the_html_report_shows_each_issue_with_its_citation_and_crop() -> None:
    report = report_of(issues=[{"code": "contract_missing", "trainee": 1, "boxes": [(3, (0.1, 0.2, 0.5, 0.25))]}])
    requests = crop_requests(report.issues)
    assert [(request.page, request.box) for request in requests] == [(3, Box(0.1, 0.2, 0.5, 0.25))]
    crop = Crop(page=3, uri="data:image/jpeg;base64,AAAA", width=10, height=5)
    html = to_html(report, {requests[0]: crop})
    assert report.issues[0].message in html
    assert report.issues[0].citation in html
    assert 'src="data:image/jpeg;base64,AAAA"' in html


def test_the_html_report_needs_nothing_from_outside() -> None:
    html = to_html(report_of(), {})
    assert "http://" not in html and "https://" not in html and "src=\"/" not in html


def test_what_was_read_from_paper_is_text_in_the_html_report() -> None:
    report = report_of(issues=[{"code": "name_mismatch", "trainee": 1, "found": "<script>alert(1)</script>"}])
    html = to_html(report, {})
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_html_report_masks_id_numbers() -> None:
    report = report_of()
    assert report.trainees[0].id_number not in to_html(report, {})


def test_the_terminal_list_groups_issues_and_counts_verdicts() -> None:
    report = report_of(issues=[{"code": "contract_missing", "trainee": 1}, {"code": "page_blank", "pages": (2,)}])
    console = Console(record=True, width=120, file=Path("/dev/null").open("w"))  # noqa: SIM115
    to_terminal(report, console)
    console.file.close()
    text = console.export_text()
    assert "错误（1 条）" in text and "提示（1 条）" in text
    assert "缺劳动合同" in text and "依据" in text


def test_a_formula_read_from_paper_stays_text_in_the_workbook(tmp_path: Path) -> None:
    report = report_of(issues=[{"code": "name_mismatch", "trainee": 1, "found": '=HYPERLINK("x","y")'}])
    to_xlsx(report, tmp_path / "issues.xlsx")
    book = load_workbook(tmp_path / "issues.xlsx")
    cell = next(cell for row in book["问题"].iter_rows() for cell in row if str(cell.value).startswith("=HYPER"))
    assert cell.data_type == "s"
    assert book["问题"].freeze_panes == "A2" and book["问题"].auto_filter.ref


def test_the_exported_schema_accepts_the_report_it_describes() -> None:
    from archive_verify.report.to_json import json_schema, to_json

    report = report_of(issues=[{"code": "contract_missing", "trainee": 1}])
    data = json.loads(to_json(report))
    schema = json_schema()
    assert data["schema"] == "archive-verify/report/1" == schema["$id"]
    assert set(schema["required"]) <= set(data) <= set(schema["properties"])
