"""The checks: start, follow, cancel, what they changed."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from api.access import archive_for
from api.deps import (
    BACKGROUND,
    After,
    ArchiveReader,
    Caller,
    Cursor,
    IssueReader,
    Limit,
    Runner,
    Service,
    TheCreation,
    TheService,
    still_there,
)
from api.errors import ApiProblem
from api.routes.issues import IssueShown
from api.schemas import Given, IdPath, ListPage, Shown
from archive_verify.store import NotFound, archives, findings, runs
from archive_verify.store.people import Role
from archive_verify.store.runs import Kind, State
from archive_verify.store.tables import Run

router = APIRouter(tags=["runs"])
_EVERY = 1.0
_HEARTBEAT = 15.0
_END = "end"


class NewRun(Given):
    """`check` reads and judges; `supplement` too, and tells what it changed; `rejudge` judges again without reading."""

    kind: Kind = Kind.CHECK


class RunShown(Shown):
    id: str
    archive_id: str
    kind: Kind
    state: State
    policy: str
    engine: str
    code_version: str
    sheets_total: int
    base_run_id: str | None
    created_at: datetime
    created_by: str
    reading_at: datetime | None
    judging_at: datetime | None
    ended_at: datetime | None
    seconds: dict[str, Any]
    failure: str


class ProgressShown(Shown):
    """How far a run is; seconds_left is null as long as nothing can be said."""

    run_id: str
    state: State
    done: int
    failed: int
    total: int
    seconds_left: int | None
    failure: str


class RunDetail(RunShown):
    progress: ProgressShown


class ChangesShown(Shown):
    """What a run changed against the one it was started from."""

    closed: list[IssueShown]
    open: list[IssueShown]
    new: list[IssueShown]


@router.get("/archives/{archive_id}/runs")
def list_runs(
    archive_id: IdPath, caller: ArchiveReader, service: TheService, after: After = None, limit: Limit = 20
) -> ListPage[RunShown]:
    """The runs of an archive, newest first."""
    archive_for(caller, service, archive_id)
    position = Cursor.read(after, str)
    with service.store.reading() as session:
        found = runs.of_archive(session, archive_id, before=position[0] if position else None, limit=limit + 1)
    more = Cursor.of(found[limit - 1].id) if len(found) > limit else None
    return ListPage(items=[RunShown.model_validate(run) for run in found[:limit]], next=more)


@router.post("/archives/{archive_id}/runs", status_code=202, response_model=RunShown)
def start_run(
    archive_id: IdPath, given: NewRun, caller: Runner, service: TheService, create: TheCreation
) -> Response:
    """Start a check. A clerk may check as long as the papers may be changed (自查). 409 while one is going on."""
    archive = archive_for(caller, service, archive_id)
    if caller.role is Role.CLERK and archive.state not in archives.OPEN:
        raise ApiProblem(422, "refused", "档案已提交，由审核人员核查")
    return create(
        lambda tx: runs.start(tx, archive_id, given.kind),
        RunShown.model_validate,
        location=lambda run: f"/api/v1/runs/{run.id}",
        status=202,
        after=lambda run: order(service, run),
    )


@router.get("/runs/{run_id}")
def get_run(run_id: IdPath, caller: ArchiveReader, service: TheService) -> RunDetail:
    """One run and how far it is."""
    with service.store.reading() as session:
        run = runs.get(session, run_id, caller.scope)
        progress = runs.progress(session, run_id, service.store.clock())
    shown = RunShown.model_validate(run).model_dump()
    return RunDetail(**shown, progress=ProgressShown.model_validate(progress))


@router.post("/runs/{run_id}/cancel", status_code=204)
def cancel_run(run_id: IdPath, caller: Runner, service: TheService) -> Response:
    """End a run that is going on; what was read stays. 409 where it had ended already."""
    with service.store.reading() as session:
        run = runs.get(session, run_id, caller.scope)
        archive = archives.get(session, run.archive_id, caller.scope)
    if caller.role is Role.CLERK and archive.state not in archives.OPEN:
        raise ApiProblem(422, "refused", "档案已提交，由审核人员核查")
    with service.store.writing(caller.actor) as tx:
        cancelled = runs.cancel(tx, run_id)
    if not cancelled:
        raise ApiProblem(409, "conflict", "这次核查已经结束")
    return Response(status_code=204)


@router.get(
    "/runs/{run_id}/events",
    openapi_extra=BACKGROUND,
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": (
        "events `progress` with the run's progress as JSON whenever it changes, then `end`")},
        204: {"description": "a client that has had `end` is told to come back no more"}},
)  # fmt: skip
async def follow(
    run_id: IdPath,
    caller: ArchiveReader,
    service: TheService,
    last_event_id: Annotated[str, Header(max_length=100, description="sent by browsers that come back")] = "",
) -> Response:
    """Follow a run live (server-sent events). Who comes back is told first how far it is now."""
    progress = await run_in_threadpool(_progress, run_id, caller, service)
    if last_event_id == _END and progress.state not in runs.ACTIVE:
        # A browser's EventSource comes back to a stream that ends; 204 is what stops it.
        return Response(status_code=204)
    stream = _events(run_id, caller, service)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.get("/runs/{run_id}/changes")
def changes(run_id: IdPath, caller: IssueReader, service: TheService) -> ChangesShown:
    """What a finished run closed, left open and found new against the one before it."""
    with service.store.reading() as session:
        runs.get(session, run_id, caller.scope)
        found = findings.changes(session, run_id)
    return ChangesShown.model_validate(found)


def order(service: Service, run: Run) -> None:
    """Tell the queue of a run that was committed; if it is away, the run is found in the database."""
    service.orders.start(run.id, Kind(run.kind))


def _progress(run_id: str, caller: Caller, service: Service) -> ProgressShown:
    with service.store.reading() as session:
        runs.get(session, run_id, caller.scope)
        return ProgressShown.model_validate(runs.progress(session, run_id, service.store.clock()))


async def _events(run_id: str, caller: Caller, service: Service) -> AsyncIterator[str]:
    until = time.monotonic() + 60 * service.settings.stream_minutes
    last, said = "", time.monotonic()
    yield "retry: 2000\n\n"
    while time.monotonic() < until:
        try:
            progress = await run_in_threadpool(_progress, run_id, caller, service)
            if not await run_in_threadpool(still_there, caller, service):
                return
        except NotFound:                # the archive was deleted meanwhile
            return
        text = progress.model_dump_json()
        if text != last:
            last, said = text, time.monotonic()
            yield f"event: progress\nid: {progress.done}\ndata: {text}\n\n"
        elif time.monotonic() - said > _HEARTBEAT:
            said = time.monotonic()
            yield ": still here\n\n"
        if progress.state not in runs.ACTIVE:
            yield f"event: end\nid: {_END}\ndata: {json.dumps({'state': progress.state})}\n\n"
            return
        await asyncio.sleep(_EVERY)
