"""The report of an archive's last run in its forms, and the correction notice."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from api.access import archive_for, finished_run_for, note_reading
from api.deps import PaperReader, TheService, etag, unchanged
from api.drawings import correction_notice, html_report, xlsx_report
from api.schemas import IdPath
from archive_verify.report.schema import Report
from archive_verify.store import NotFound, findings

router = APIRouter(prefix="/archives/{archive_id}", tags=["reports"])
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _file(kind: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}}}, "description": "the file"}}


@router.get("/report.json", response_model=Report, responses={304: {"description": "unchanged"}})
def json_report(archive_id: IdPath, caller: PaperReader, service: TheService, request: Request) -> Response:
    """The report, schema archive-verify/report/1, unmasked; each reading is logged."""
    archive = archive_for(caller, service, archive_id)
    if archive.current_run_id is None:
        raise NotFound("这份档案还没有核查结果")
    tag = etag(archive.current_run_id)
    if (same := unchanged(request, tag)) is not None:
        return same
    with service.store.reading() as session:
        content = findings.report_json(session, archive.current_run_id)
    note_reading(caller, service, "report", "archive", archive_id, archive_id)
    return Response(content, media_type="application/json", headers={"ETag": tag})


@router.get("/report.xlsx", response_class=FileResponse, responses=_file(_XLSX))
def workbook(archive_id: IdPath, caller: PaperReader, service: TheService) -> FileResponse:
    """The issues, trainees and pages as a workbook; each reading is logged."""
    run, report = finished_run_for(caller, service, archive_id)
    path = xlsx_report(service.shelf, run, report)
    note_reading(caller, service, "report", "archive", archive_id, archive_id)
    return FileResponse(path, media_type=_XLSX, filename="issues.xlsx")


@router.get("/report.html", response_class=FileResponse, responses=_file("text/html"))
def html(archive_id: IdPath, caller: PaperReader, service: TheService) -> FileResponse:
    """The report as one file that opens by itself; each reading is logged."""
    run, report = finished_run_for(caller, service, archive_id)
    path = html_report(service.store, service.shelf, run, report)
    note_reading(caller, service, "report", "archive", archive_id, archive_id)
    return FileResponse(path, media_type="text/html", filename="report.html")


@router.get("/notice.pdf", response_class=FileResponse, responses=_file("application/pdf"))
def notice(archive_id: IdPath, caller: PaperReader, service: TheService) -> FileResponse:
    """The correction notice (补正通知书); 404 where nothing is to be mended."""
    run, report = finished_run_for(caller, service, archive_id)
    path = correction_notice(service.store, service.shelf, run, report)
    note_reading(caller, service, "notice", "archive", archive_id, archive_id)
    return FileResponse(path, media_type="application/pdf", filename="correction-notice.pdf")
