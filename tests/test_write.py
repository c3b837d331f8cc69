"""A report directory is written whole or not at all, and a later check replaces an earlier one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from archive_verify.errors import InputRefused
from archive_verify.model import (
    Box,
    DocType,
    Document,
    EmploymentType,
    Issue,
    PageClass,
    Trainee,
    Verdict,
    WaitingLine,
)
from archive_verify.pipeline import Checked
from archive_verify.report import write
from archive_verify.report.write import write_reports
from archive_verify.settings import Settings
from tests.factories import text_page
from tests.report_factories import binder_page, checked_of, source


def _checked(tmp_path: Path, *, proof: bool = True, faulty: bool = True) -> Checked:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "binder.pdf")
    issue = Issue(
        id="i1", code="contract_seal_missing", severity="error", message="学员王小麦（第1行）缺单位公章。",
        citation="四(三)1", pages=(1,), trainee=1,
    )
    trainee = Trainee(
        row=1, name="王小麦", id_number="141121198503120035", employment_type=EmploymentType.ENTERPRISE,
        verdict=Verdict.INCOMPLETE, documents=("d1",) if proof else (), issues=("i1",) if faulty else (),
    )
    return replace(
        checked_of([source(tmp_path / "binder.pdf")], [binder_page(1)]),
        classes=(PageClass(index=1, doc_type=DocType.LABOUR_CONTRACT, confidence=1.0, starts=True),),
        documents=(Document(id="d1", type=DocType.LABOUR_CONTRACT, pages=(1,)),),
        trainees=(trainee,),
        issues=(issue,) if faulty else (),
    )


def _names(directory: Path) -> set[str]:
    return {path.relative_to(directory).as_posix() for path in directory.rglob("*")}


ALL = {
    "report.json", "report.html", "issues.xlsx", "correction-notice.pdf", "dossiers",
    "dossiers/1_王小麦_0035.pdf",
}  # fmt: skip


def test_the_report_names_the_notice_and_each_dossier(tmp_path: Path) -> None:
    report = write_reports(_checked(tmp_path), Settings(), tmp_path / "out")
    assert _names(tmp_path / "out") == ALL
    assert report.notice == "correction-notice.pdf"
    assert [info.file for info in report.dossiers] == ["dossiers/1_王小麦_0035.pdf"]


def test_all_that_was_read_is_written_page_by_page_where_it_is_asked_for(tmp_path: Path) -> None:
    checked = _checked(tmp_path)
    reading = text_page("结业考试试卷", "姓名：王小麦").reading.model_copy(
        update={"waiting": (WaitingLine(box=Box(0.1, 0.5, 0.6, 0.52), quad=(0,) * 8, text="1.先断电。"),)}
    )
    pages = (checked.pages[0].model_copy(update={"reading": reading}),)
    write_reports(replace(checked, pages=pages), Settings(full_text=True), tmp_path / "out")
    assert _names(tmp_path / "out") == ALL | {"text.txt"}
    told = (tmp_path / "out" / "text.txt").read_text(encoding="utf-8").splitlines()
    assert told == ["== 第 1 页（binder.pdf 第 1 页）", "结业考试试卷", "姓名：王小麦", "1.先断电。"]


def test_a_second_check_leaves_nothing_of_the_first_behind(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_reports(_checked(tmp_path), Settings(), out)
    (out / "notes.txt").write_text("mine")
    report = write_reports(_checked(tmp_path, proof=False, faulty=False), Settings(), out)
    assert _names(out) == {"report.json", "report.html", "issues.xlsx", "notes.txt"}
    assert report.notice is None and report.dossiers[0].file is None


@pytest.mark.parametrize("stage", ["write_dossiers", "_write_notice", "to_xlsx", "to_html"])
def test_a_failure_leaves_the_earlier_report_as_it_was(
    stage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write_reports(_checked(tmp_path), Settings(), out)
    before = (out / "report.json").read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write, stage, fail)
    with pytest.raises(InputRefused):
        write_reports(_checked(tmp_path, faulty=False), Settings(), out)
    assert _names(out) == ALL and (out / "report.json").read_bytes() == before


def test_a_failure_while_the_parts_are_moved_puts_the_earlier_report_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write_reports(_checked(tmp_path), Settings(), out)
    before = (out / "report.json").read_bytes()
    move = Path.replace

    def fails_once(self: Path, target: Path) -> Path:
        if self.name == "issues.xlsx" and target.parent == out and "made" in self.parts:
            raise OSError(13, "Permission denied")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", fails_once)
    with pytest.raises(InputRefused):
        write_reports(_checked(tmp_path, faulty=False), Settings(), out)
    assert _names(out) == ALL and (out / "report.json").read_bytes() == before


def test_a_failure_at_the_first_check_leaves_no_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write, "_write_notice", fail)
    with pytest.raises(InputRefused):
        write_reports(_checked(tmp_path), Settings(), tmp_path / "out")
    assert not (tmp_path / "out").exists()
