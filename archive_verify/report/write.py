"""Writes every report of a check into a directory: all of it or nothing."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from archive_verify.errors import InputRefused
from archive_verify.pipeline import Checked
from archive_verify.report.crops import make_crops
from archive_verify.report.schema import Report
from archive_verify.report.to_html import crop_requests, to_html
from archive_verify.report.to_json import to_json, to_report
from archive_verify.report.to_pdf import write_dossiers
from archive_verify.report.to_xlsx import to_xlsx
from archive_verify.settings import Settings


def write_reports(checked: Checked, settings: Settings, out: Path) -> Report:
    """Write report.json, report.html, issues.xlsx and dossiers/ into `out` and return the report.

    They are made beside `out` first and moved in whole, so that a failure leaves an earlier report
    as it was. Raises InputRefused where the directory cannot be written.
    """
    report = to_report(checked)
    fresh_out = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".archive-verify-", dir=out) as staging_name:
            staging = Path(staging_name)
            (staging / "report.json").write_text(to_json(report), encoding="utf-8")
            crops = make_crops(crop_requests(report.issues), checked.binder, checked.pages, settings)
            (staging / "report.html").write_text(to_html(report, crops), encoding="utf-8")
            to_xlsx(report, staging / "issues.xlsx")
            write_dossiers(report, checked.binder, staging / "dossiers")
            # Dossiers of an earlier check would speak of trainees who may have no proof now.
            shutil.rmtree(out / "dossiers", ignore_errors=True)
            for made in staging.iterdir():
                made.replace(out / made.name)
    except OSError as error:
        if fresh_out:
            shutil.rmtree(out, ignore_errors=True)
        raise InputRefused(
            f"报告写不进去：{error.strerror or error}", where=out, advice="请检查磁盘空间和权限，或另给 --out"
        ) from error
    return report
