"""The list of archives, and the reviewer's queue: the same list, what is submitted, most money first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from pydantic import Field

from api.deps import BACKGROUND, ArchiveReader, Caller, Reviewer, Service, TheService
from api.pages.forms import Form, taken
from api.pages.frame import Page, ThePage
from api.pages.language import later
from api.pages.navigation import QUEUE
from api.routes import administration, archives
from api.routes.archives import ArchiveShown
from api.routes.runs import ProgressShown
from api.schemas import Given, Id, IdPath, Line, Shown
from archive_verify.model import Verdict
from archive_verify.store import archives as store_archives
from archive_verify.store import runs
from archive_verify.store.archives import Order, State

router = APIRouter(include_in_schema=False)
_ROWS = 25
ORDERS: dict[Order, str] = {
    "newest": later("最新建立"), "money": later("涉及金额"), "errors": later("错误数"), "name": later("班级名称"),
    "end": later("结业日期"),
}  # fmt: skip


class ListQuery(Given):
    """What the list's address holds: filters of the API's list, by the same names."""

    institution_id: Id | None = None
    state: State | None = None
    text: Line = ""
    year: Annotated[int, Field(ge=2000, le=2200)] | None = None
    standing: Verdict | None = None
    at_stake: Annotated[int, Field(ge=0, le=10**9)] = 0
    order: Literal["newest", "money", "errors", "name", "end"] = "newest"
    after: Line | None = None


class Row(Shown):
    """An archive in the list, with the run that is going on."""

    archive: ArchiveShown
    institution: str
    progress: ProgressShown | None


@router.get("/archives")
def list_page(page: ThePage, request: Request, caller: ArchiveReader, service: TheService) -> Response:
    """The archives, filtered and in order."""
    query = _query(request)
    return _list(page, caller, service, query, {})


@router.get(QUEUE)
def queue(page: ThePage, request: Request, caller: Reviewer, service: TheService) -> Response:
    """What was submitted and waits for a decision, most money at stake first."""
    fixed: dict[str, object] = {"state": State.SUBMITTED, "order": "money"}
    return _list(page, caller, service, _query(request).model_copy(update=fixed), fixed)


@router.get("/archives/{archive_id}/row", openapi_extra=BACKGROUND)
def row(page: ThePage, archive_id: IdPath, request: Request, caller: ArchiveReader, service: TheService) -> Response:
    """One line of the list: it asks for itself again as long as a check is going on."""
    with service.store.reading() as session:
        archive = archives.shown(store_archives.get(session, archive_id, caller.scope))
    (one,) = _rows(caller, service, [archive])
    return page("archives/row.html", caller, row=one, shows_institution=_shows_institution(caller))


def _list(page: Page, caller: Caller, service: Service, query: ListQuery, fixed: dict[str, object]) -> Response:
    wanted = query.model_dump(exclude={"after"})
    found = archives.list_archives(caller, service, **wanted, after=query.after, limit=_ROWS)
    asked = {name: value for name, value in wanted.items() if value and name not in fixed}
    onward = urlencode({name: str(value) for name, value in asked.items()} | {"after": found.next or ""})
    template = "archives/table.html" if page.in_part else "archives/list.html"
    return page(
        template, caller, query=query, rows=_rows(caller, service, found.items), total=found.total,
        next=f"?{onward}" if found.next else "", filtered=bool(asked.keys() - {"order"}), queue=bool(fixed),
        institutions=administration.list_institutions(caller, service), orders=ORDERS, states=list(State)[:-1],
        verdicts=list(Verdict), shows_institution=_shows_institution(caller),
    )  # fmt: skip


def _rows(caller: Caller, service: Service, items: Iterable[ArchiveShown]) -> list[Row]:
    items = list(items)
    names = {one.id: one.name for one in administration.list_institutions(caller, service)}
    with service.store.reading() as session:
        active = runs.going_on(session, [one.id for one in items])
        now = service.store.clock()
        progress = {
            archive_id: ProgressShown.model_validate(runs.progress(session, run_id, now))
            for archive_id, run_id in active.items()
        }
    return [
        Row(archive=one, institution=names.get(one.institution_id, ""), progress=progress.get(one.id))
        for one in items
    ]


def _shows_institution(caller: Caller) -> bool:
    return caller.scope.institution_id is None


def _query(request: Request) -> ListQuery:
    return taken(ListQuery, Form(list(request.query_params.multi_items())).filled())
