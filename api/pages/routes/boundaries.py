"""The binder as a strip of pages coloured by document, where a wrong type or beginning is set right by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BeforeValidator
from sqlalchemy import select

from api.access import archive_for, finished_run_for
from api.deps import Caller, PaperReader, Reviewer, Service, TheService
from api.pages.archive_head import TABS, head_of
from api.pages.forms import TheForm, taken
from api.pages.frame import ThePage
from api.routes import corrections as api_corrections
from api.routes import pages
from api.routes.corrections import CorrectionShown, rejudge
from api.routes.pages import PageShown, page_of
from api.routes.runs import order
from api.schemas import Given, IdPath, NumberPath
from archive_verify.model import DocType
from archive_verify.report.schema import Report
from archive_verify.review import PageOverride, Place
from archive_verify.store import NotFound, Refused, corrections
from archive_verify.store.tables import User

router = APIRouter(prefix="/archives/{archive_id}/boundaries", include_in_schema=False)
_COLOURS = 12


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive pages of one document; `goes_on` where its beginning lies before another document."""

    doc_type: DocType
    title: str
    sheets: tuple[PageShown, ...]
    goes_on: bool

    @property
    def colour(self) -> int:
        return list(DocType).index(self.doc_type) % _COLOURS


def _yes(value: object) -> object:
    return {"yes": True, "no": False}.get(str(value), value)


class Change(Given):
    """What a page is, and whether a document begins there; for the whole document with `whole`."""

    doc_type: DocType
    starts: Annotated[bool, BeforeValidator(_yes)]
    whole: bool = False


@router.get("")
def boundaries(
    page: ThePage, archive_id: IdPath, request: Request, caller: PaperReader, service: TheService
) -> Response:
    """The whole page; for htmx the strip alone."""
    archive = archive_for(caller, service, archive_id)
    shown = _strip(caller, service, archive_id)
    if page.in_part:
        return page("boundaries/strip.html", caller, archive=archive, **shown)
    head = head_of(caller, service, archive_id, request)
    return page("boundaries/page.html", caller, archive=archive, head=head, tabs=TABS, tab="/boundaries", **shown)


@router.get("/pages/{index}")
def sheet(page: ThePage, archive_id: IdPath, index: NumberPath, caller: PaperReader, service: TheService) -> Response:
    """One page, large, with the form that sets it right."""
    found = pages.list_pages(archive_id, caller, service)
    _, report = finished_run_for(caller, service, archive_id)
    page_of(report, index)
    (one,) = (sheet for sheet in found if sheet.index == index)
    same = [sheet.index for sheet in found if one.document and sheet.document == one.document]
    return page(
        "boundaries/sheet.html", caller, archive_id=archive_id, sheet=one, same=same, types=list(DocType),
        starts=_starts(found, one),
    )  # fmt: skip


@router.post("/pages/{index}")
def correct(
    archive_id: IdPath, index: NumberPath, form: TheForm, caller: Reviewer, service: TheService
) -> Response:
    """Set the page right, or all pages of its document; judged again once."""
    given = taken(Change, {name: form[name] for name in ("doc_type", "starts", "whole") if name in form})
    found = pages.list_pages(archive_id, caller, service)
    _, report = finished_run_for(caller, service, archive_id)
    page_of(report, index)
    (one,) = (sheet for sheet in found if sheet.index == index)
    wanted = [sheet for sheet in found if given.whole and one.document and sheet.document == one.document] or [one]
    starts = given.starts if given.starts != _starts(found, one) else None
    overrides = [
        PageOverride(
            place=_place(report, sheet.index), starts=starts if sheet.index == index else None,
            doc_type=given.doc_type if given.doc_type is not sheet.doc_type else None,
        ) for sheet in wanted
    ]  # fmt: skip
    changes = [one for one in overrides if one.doc_type is not None or one.starts is not None]
    if not changes:
        raise Refused("没有要改的内容")
    with service.store.writing(caller.actor) as tx:
        for change in changes:
            corrections.override(tx, archive_id, change)
        run = rejudge(tx, archive_id)
    if run is not None:
        order(service, run)
    return _corrected()


@router.delete("/corrections/{correction_id}")
def withdraw(archive_id: IdPath, correction_id: IdPath, caller: Reviewer, service: TheService) -> Response:
    """Take a correction back; judged again at once."""
    api_corrections.withdraw(archive_id, correction_id, caller, service)
    return _corrected()


def _corrected() -> Response:
    return Response(headers={"HX-Trigger": json.dumps({"boundaries:corrected": {}})})


def _strip(caller: Caller, service: Service, archive_id: str) -> dict[str, Any]:
    found = pages.list_pages(archive_id, caller, service)
    said = [one for one in api_corrections.list_corrections(archive_id, caller, service) if one.kind == "page"]
    with service.store.reading() as session:
        wanted = {one.created_by for one in said}
        names = {row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(wanted)))}
    return {
        "pieces": _pieces(found), "said": said, "names": names, "settled": _settled(said),
        "documents": len({one.document for one in found if one.document}), "sheets": len(found),
    }  # fmt: skip


def _pieces(found: Sequence[PageShown]) -> list[Piece]:
    groups: list[list[PageShown]] = []
    for one in found:
        if groups and one.document and groups[-1][-1].document == one.document:
            groups[-1].append(one)
        else:
            groups.append([one])
    seen: set[str | None] = set()
    pieces = []
    for group in groups:
        first = group[0]
        pieces.append(Piece(first.doc_type, first.title, tuple(group), bool(first.document) and first.document in seen))
        seen.add(first.document)
    return pieces


def _settled(said: Sequence[CorrectionShown]) -> set[int]:
    return {one.page for one in said if one.page is not None}


def _starts(found: Sequence[PageShown], one: PageShown) -> bool:
    return one.document is None or one.index == min(sheet.index for sheet in found if sheet.document == one.document)


def _place(report: Report, index: int) -> Place:
    for info in report.pages:
        if info.index == index:
            return Place(sha256=report.files[info.file].sha256, file_page=info.file_page, half=info.half)
    raise NotFound("没有这一页")
