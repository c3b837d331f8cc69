"""The reports say what was found, escape what was read, and never run it."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from rich.console import Console

from archive_verify.model import Box
from archive_verify.report.schema import DossierInfo
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


def test_the_html_report_leads_to_the_dossiers_and_the_notice() -> None:
    info = DossierInfo(trainee=1, file="dossiers/1_王小麦_0035.pdf")
    html = to_html(report_of().model_copy(update={"dossiers": (info,), "notice": "correction-notice.pdf"}), {})
    links = [unquote(link) for link in re.findall(r'href="([^"#]+)"', html)]
    assert links == ["correction-notice.pdf", "dossiers/1_王小麦_0035.pdf"]


def test_severity_and_verdict_are_told_by_word_and_mark_and_not_by_colour_alone() -> None:
    html = to_html(report_of(issues=[{"code": "contract_missing", "trainee": 1}]), {})
    text = re.sub(r"<[^>]+>", "", html[html.index("<body>") :])
    assert "✕ 错误" in text and "√ 已核实" in text


def test_the_html_report_of_a_large_binder_is_made_at_once() -> None:
    issues = [{"code": "contract_missing", "trainee": row, "pages": (row,)} for row in range(1, 51) for _ in range(12)]
    report = report_of(issues=issues, trainees=[{}] * 50, page_count=900)
    started = time.perf_counter()
    html = to_html(report, {})
    assert html.count('class="issue"') == 600
    assert time.perf_counter() - started < 10



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


@pytest.mark.parametrize("sign", "=+-@")
def test_whatever_a_text_begins_with_it_stays_a_text(sign: str, tmp_path: Path) -> None:
    report = report_of(
        issues=[{"code": "name_mismatch", "trainee": 1, "found": f"{sign}1+1", "message": f"{sign}A1"}],
        trainees=[{"name": f"{sign}SUM(A1)"}],
    )
    to_xlsx(report, tmp_path / "issues.xlsx")
    book = load_workbook(tmp_path / "issues.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.value for cell in cells} >= {f"{sign}1+1", f"{sign}A1", f"{sign}SUM(A1)"}
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []


def test_each_sheet_of_the_workbook_has_a_filter_and_a_frozen_header(tmp_path: Path) -> None:
    report = report_of(issues=[{"code": "contract_missing", "trainee": 1, "pages": (3, 4, 6)}])
    to_xlsx(report, tmp_path / "issues.xlsx")
    book = load_workbook(tmp_path / "issues.xlsx")
    assert book.sheetnames == ["问题", "学员", "页面", "核算"]
    for sheet in book:
        assert str(sheet.freeze_panes).endswith("2") and str(sheet.auto_filter.ref).startswith("A1:")
        assert sheet.print_title_rows == "$1:$1" and sheet.page_setup.orientation == "landscape"
        assert all(cell.alignment.wrap_text for row in sheet.iter_rows(min_row=2) for cell in row if cell.value)
    assert [cell.value for cell in book["问题"][2]][6] == "3–4、6"


def test_an_id_number_is_a_text_and_the_dossier_is_one_click_away(tmp_path: Path) -> None:
    report = report_of()
    info = DossierInfo(trainee=1, file="dossiers/1_王小麦_0035.pdf")
    to_xlsx(report.model_copy(update={"dossiers": (info,)}), tmp_path / "issues.xlsx")
    row = load_workbook(tmp_path / "issues.xlsx")["学员"][2]
    assert (row[2].value, row[2].data_type) == ("141121198503120035", "s")
    assert unquote(row[7].hyperlink.target) == "dossiers/1_王小麦_0035.pdf"



def test_the_exported_schema_accepts_the_report_it_describes() -> None:
    from archive_verify.report.to_json import json_schema, to_json

    report = report_of(issues=[{"code": "contract_missing", "trainee": 1}])
    data = json.loads(to_json(report))
    schema = json_schema()
    assert data["schema"] == "archive-verify/report/1" == schema["$id"]
    assert set(schema["required"]) <= set(data) <= set(schema["properties"])
