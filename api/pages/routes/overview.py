"""The overview: institutions and classes with their rates, faults, the months' work; as charts, tables, workbook."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from api.deps import ArchiveReader, TheService
from api.pages.forms import Form, taken
from api.pages.frame import ThePage
from api.pages.overview import tables, workbook
from api.routes import administration
from api.schemas import Given, Id

router = APIRouter(prefix="/overview", include_in_schema=False)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class OverviewQuery(Given):
    """Which classes count."""

    year: Annotated[int, Field(ge=2000, le=2200)] | None = None
    institution_id: Id | None = None


@router.get("")
def overview_page(page: ThePage, request: Request, caller: ArchiveReader, service: TheService) -> Response:
    """The charts and the tables behind them."""
    query = _query(request)
    found = tables(caller, service, year=query.year, institution_id=query.institution_id or "")
    return page(
        "overview/page.html", caller, query=query, tables=found, search=request.url.query,
        institutions=administration.list_institutions(caller, service),
    )  # fmt: skip


@router.get(".xlsx")
def export(request: Request, caller: ArchiveReader, service: TheService) -> Response:
    """The same tables as a workbook."""
    query = _query(request)
    found = tables(caller, service, year=query.year, institution_id=query.institution_id or "")
    with tempfile.TemporaryDirectory(prefix="archive-verify-") as workspace:
        path = Path(workspace) / "overview.xlsx"
        workbook(found, path)
        content = path.read_bytes()
    return Response(content, media_type=_XLSX, headers={"Content-Disposition": 'attachment; filename="overview.xlsx"'})


def _query(request: Request) -> OverviewQuery:
    return taken(OverviewQuery, Form(list(request.query_params.multi_items())).filled())
