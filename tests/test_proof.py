"""One trainee's proof comes out of a report directory by name, ID number or row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
import pytest

from archive_verify.cli import main
from archive_verify.report.dossiers import write_dossiers
from archive_verify.report.to_json import to_json
from archive_verify.settings import Settings
from tests.report_factories import binder_page, checked_of, report_of, source

PEOPLE: list[dict[str, Any]] = [
    {"name": "王小麦", "documents": ("d1",), "verdict": "incomplete"},
    {"name": "李伟", "id_number": "14112119850312001X"},
    {"name": "李伟", "id_number": "141121198503120107"},
    {"name": "阿卜杜·热合曼", "id_number": ""},
]


@pytest.fixture
def report_directory(tmp_path: Path) -> Path:
    with pikepdf.new() as pdf:
        for _ in range(6):
            pdf.add_blank_page()
        pdf.save(tmp_path / "binder.pdf")
    directory = tmp_path / "out"
    directory.mkdir()
    report = report_of(trainees=PEOPLE, issues=[{"code": "payroll_first_month_missing", "trainee": 1}])
    checked = checked_of([source(tmp_path / "binder.pdf", 6)], [binder_page(i) for i in range(1, 7)])
    report = report.model_copy(update={"dossiers": write_dossiers(report, checked, directory, Settings())})
    (directory / "report.json").write_text(to_json(report), encoding="utf-8")
    return directory


def _run(directory: Path, wanted: str, *more: str) -> int:
    return main(["proof", str(directory), "--trainee", wanted, *more])


@pytest.mark.parametrize("wanted", ["王小麦", " 王 小麦 ", "1", "１"])
def test_it_prints_verdict_papers_and_issues_and_where_the_dossier_lies(
    wanted: str, report_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(report_directory, wanted) == 0
    printed = capsys.readouterr().out
    for part in ("王小麦", "第 1 行", "材料不全", "劳动合同", "第 3 页", "缺首月工资表", "第1条问题", "四(三)1"):
        assert part in printed
    assert str(report_directory / "dossiers" / "1_王小麦_0035.pdf") in printed
    assert "141121198503120035" not in printed


@pytest.mark.parametrize("wanted", ["14112119850312001X", "14112119850312001x", "１４１１２１１９８５０３１２００１Ｘ"])
def test_an_id_number_fits_in_any_writing(
    wanted: str, report_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(report_directory, wanted) == 0
    assert "第 2 行" in capsys.readouterr().out


def test_another_middle_dot_is_the_same_name(report_directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(report_directory, "阿卜杜•热合曼") == 0
    assert "案卷：无" in capsys.readouterr().out


def test_two_of_one_name_are_told_apart_by_row_and_last_places(
    report_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(report_directory, "李伟") == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    for part in ("2 名", "第2行", "001X", "第3行", "0107"):
        assert part in said


@pytest.mark.parametrize("wanted", ["赵六", "5", "0", "141121198503120036", ""])
def test_where_nobody_fits_one_line_says_so(
    wanted: str, report_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(report_directory, wanted) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1 and captured.out == ""


def test_the_dossier_is_copied_to_a_file_or_into_a_directory(report_directory: Path, tmp_path: Path) -> None:
    original = (report_directory / "dossiers" / "1_王小麦_0035.pdf").read_bytes()
    (tmp_path / "into").mkdir()
    assert _run(report_directory, "1", "--out", str(tmp_path / "copy.pdf")) == 0
    assert _run(report_directory, "1", "--out", str(tmp_path / "into")) == 0
    assert (tmp_path / "copy.pdf").read_bytes() == original
    assert (tmp_path / "into" / "1_王小麦_0035.pdf").read_bytes() == original


def test_where_there_is_no_dossier_nothing_can_be_copied(
    report_directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(report_directory, "2", "--out", str(tmp_path / "copy.pdf")) == 2
    assert "李伟" in capsys.readouterr().err and not (tmp_path / "copy.pdf").exists()


@pytest.mark.parametrize("content", [None, "{}", "no JSON"], ids=["none", "empty", "broken"])
def test_what_is_no_report_directory_is_refused(
    content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (tmp_path / "report.json").write_text(content)
    assert _run(tmp_path, "1") == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_report_cannot_lead_out_of_its_directory(
    report_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = report_directory / "report.json"
    path.write_text(path.read_text(encoding="utf-8").replace("dossiers/1_", "../binder.pdf/1_"), encoding="utf-8")
    assert _run(report_directory, "1") == 2
    assert "报告目录" in capsys.readouterr().err


def test_a_paper_of_a_report_is_named_in_words_without_markup(
    report_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = report_directory / "report.json"
    path.write_text(path.read_text(encoding="utf-8").replace("第1条问题", "[red]问题[/red]"), encoding="utf-8")
    assert _run(report_directory, "1") == 0
    assert "[red]问题[/red]" in capsys.readouterr().out
