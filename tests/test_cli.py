"""The command line: exit statuses, one clear line for what is refused, nothing half-written."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest

from archive_verify.cli import main

SAMPLE = Path(__file__).parent.parent / "sample_archives" / "faulty"
ROSTER = str(SAMPLE / "roster.xlsx")


def _first_pages(tmp_path: Path, count: int) -> Path:
    path = tmp_path / "binder.pdf"
    with pikepdf.open(SAMPLE / "binder.pdf") as whole, pikepdf.new() as part:
        part.pages.extend(list(whole.pages)[:count])
        part.save(path)
    return path


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_VERIFY_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setenv("ARCHIVE_VERIFY_WORKERS", "1")


@pytest.mark.ocr
def test_a_check_writes_all_reports_and_ends_with_1_where_errors_were_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    binder, out = _first_pages(tmp_path, 3), tmp_path / "out"
    status = main(["check", str(binder), "--roster", ROSTER, "--class", str(SAMPLE / "class.toml"), "--out", str(out)])
    assert status == 1
    assert {path.name for path in out.iterdir()} >= {"report.json", "report.html", "issues.xlsx"}
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert [page["doc_type"] for page in report["pages"]] == ["cover", "catalogue", "opening_report"]
    assert "document_missing" in {issue["code"] for issue in report["issues"]}
    printed = capsys.readouterr().out
    assert "缺少材料" in printed
    assert printed.rstrip().endswith(str(out))


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"", "空"), (b"no document at all", "不是"), (b"%PDF-1.7\n1 0 obj\n<<", "PDF")],
    ids=["empty", "no document", "cut off"],
)
def test_a_refused_binder_is_one_line_on_stderr_and_status_2(
    content: bytes, word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    binder, out = tmp_path / "binder.pdf", tmp_path / "out"
    binder.write_bytes(content)
    assert main(["check", str(binder), "--roster", ROSTER, "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "binder.pdf" in said and word in said
    assert not out.exists()


def test_a_roster_without_the_needed_column_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("姓名,性别\n王小麦,女\n", encoding="utf-8")
    status = main(["check", str(SAMPLE / "binder.pdf"), "--roster", str(roster), "--out", str(tmp_path / "out")])
    assert status == 2
    assert "身份证号" in capsys.readouterr().err


def test_a_report_directory_that_is_a_file_is_refused_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.write_text("mine")
    assert main(["check", str(SAMPLE / "binder.pdf"), "--roster", ROSTER, "--out", str(out)]) == 2
    assert "--out" in capsys.readouterr().err
    assert out.read_text() == "mine"


def test_a_wrong_setting_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARCHIVE_VERIFY_WORKERS", "many")
    assert main(["check", str(SAMPLE / "binder.pdf"), "--roster", ROSTER, "--out", str(tmp_path / "out")]) == 2
    assert "ARCHIVE_VERIFY_WORKERS" in capsys.readouterr().err


def test_a_report_directory_that_cannot_be_written_is_refused_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = Path("/proc/archive-verify/report")
    assert main(["check", str(SAMPLE / "binder.pdf"), "--roster", str(tmp_path / "none.csv"), "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and str(out) in said and "--out" in said


@pytest.mark.parametrize("arguments", [["check"], ["check", "a.pdf", "--rooster", "r.csv"], ["judge"]])
def test_a_wrong_usage_is_one_line_and_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "用法有误" in said and "--help" in said


def test_rules_names_each_rule_with_its_paragraph(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("payroll_first_month_missing "))
    assert "文人社字〔2023〕51号 四(三)1" in line and "employment.first_month = contract_start" in line


def test_evaluate_refuses_a_directory_without_samples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(tmp_path)]) == 2
    assert "truth.json" in capsys.readouterr().err
