"""Writes a report directory, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from archive_verify.apart import At, apart
from archive_verify.errors import InputRefused
from archive_verify.pipeline import Checked
from archive_verify.policy.terms import Policy
from archive_verify.reading.need import text_of
from archive_verify.report.crops import make_crops
from archive_verify.report.dossiers import write_dossiers
from archive_verify.report.schema import DOSSIERS, NOTICE, Report
from archive_verify.report.to_html import crop_requests, to_html
from archive_verify.report.to_json import to_json, to_report
from archive_verify.report.to_xlsx import to_xlsx
from archive_verify.settings import Settings

# All that a report directory may hold; what a later check does not make goes with the earlier report.
_TEXT = "text.txt"
_MADE = ("report.json", "report.html", "issues.xlsx", _TEXT, NOTICE, DOSSIERS)


def write_reports(checked: Checked, settings: Settings, out: Path) -> Report:
    """Write the report, the dossiers and the correction notice into `out` and return the report.

    With Settings.full_text all that was read goes into a text file beside them.

    They are made beside `out` first and moved in whole, so that a failure leaves an earlier report
    as it was. Raises InputRefused where the directory cannot be written.
    """
    report = to_report(checked)
    fresh_out = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".archive-verify-", dir=out) as staging_name:
            made, old = Path(staging_name) / "made", Path(staging_name) / "old"
            made.mkdir()
            old.mkdir()
            # what is drawn on paper is drawn by other processes meanwhile
            with ThreadPoolExecutor(2) as beside:
                dossiers = beside.submit(write_dossiers, report, checked, made, settings)
                notice = beside.submit(_write_notice, report, checked.policy, made / NOTICE, settings)
                crops = make_crops(crop_requests(report.issues), checked.binder, checked.pages, settings)
            report = report.model_copy(
                update={"dossiers": dossiers.result(), "notice": NOTICE if notice.result() else None}
            )
            (made / "report.json").write_text(to_json(report), encoding="utf-8")
            (made / "report.html").write_text(to_html(report, crops), encoding="utf-8")
            to_xlsx(report, made / "issues.xlsx")
            if settings.full_text:
                (made / _TEXT).write_text(_all_text(checked), encoding="utf-8")
            _exchange(made, out, old)
    except OSError as error:
        if fresh_out:
            shutil.rmtree(out, ignore_errors=True)
        raise InputRefused(
            f"报告写不进去：{error.strerror or error}", where=out, advice="请检查磁盘空间和权限，或另给 --out"
        ) from error
    return report


def _write_notice(report: Report, policy: Policy, path: Path, settings: Settings) -> bool:
    return apart(
        partial(_notice, report, policy, path), where=NOTICE,
        megabytes=settings.process_megabytes, seconds=settings.open_seconds,
    )  # fmt: skip


def _notice(report: Report, policy: Policy, path: Path, at: At) -> bool:
    # what draws is loaded where it is drawn
    from archive_verify.report.notice import write_notice

    return write_notice(report, policy, path)


def _all_text(checked: Checked) -> str:
    """What was read of the binder, page by page."""
    parts: list[str] = []
    for page in checked.pages:
        parts.append(f"== 第 {page.index} 页（{checked.binder.files[page.file].name} 第 {page.file_page} 页）")
        parts += [line.text for line in text_of(page.reading)]
    return "\n".join(parts) + "\n"


def _exchange(made: Path, out: Path, old: Path) -> None:
    """Move an earlier report out of `out` into `old` and the new one in; on failure put it back."""
    moved: list[str] = []
    placed: list[str] = []
    try:
        for name in _MADE:
            if (out / name).exists():
                (out / name).replace(old / name)
                moved.append(name)
        for part in made.iterdir():
            part.replace(out / part.name)
            placed.append(part.name)
    except OSError:
        for name in placed:
            (out / name).replace(made / name)
        for name in moved:
            (old / name).replace(out / name)
        raise
