"""The audit log: read, check, export."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from api.deps import After, AuditReader, Cursor, Limit, Service, TheService
from api.schemas import Id, Line, ListPage, Moment, Shown
from archive_verify.store import audit

router = APIRouter(prefix="/audit", tags=["audit"])
_EXPORTED = 500


class AuditShown(Shown):
    seq: int
    at: datetime
    actor_kind: str
    actor_id: str
    actor_name: str
    address: str
    action: str
    subject_kind: str
    subject_id: str
    archive_id: str | None
    old: Any
    new: Any
    previous: str
    hash: str


class ChainVerdict(Shown):
    """Whether the chain of hashes is whole; else the first row at fault and what is wrong with it."""

    valid: bool
    rows: int
    seq: int | None
    fault: str


@router.get("")
def list_rows(
    caller: AuditReader,
    service: TheService,
    actor_id: Line = "",
    action: Line = "",
    archive_id: Id | None = None,
    since: Moment | None = None,
    until: Moment | None = None,
    after: After = None,
    limit: Limit = 50,
) -> ListPage[AuditShown]:
    """Rows of the log, newest first."""
    position = Cursor.read(after, int)
    wanted = audit.Filter(actor_id, action, archive_id or "", since, until)
    with service.store.reading() as session:
        found = audit.rows(session, wanted, before=position[0] if position else None, limit=limit + 1)
    more = Cursor.of(found[limit - 1].seq) if len(found) > limit else None
    return ListPage(items=[AuditShown.model_validate(row) for row in found[:limit]], next=more)


@router.get("/verification")
def verify(caller: AuditReader, service: TheService) -> ChainVerdict:
    """Check the whole chain."""
    with service.store.reading() as session:
        return ChainVerdict.model_validate(audit.verify(session))


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/jsonl": {"schema": {"type": "string"}}}}},
)  # fmt: skip
def export(caller: AuditReader, service: TheService) -> StreamingResponse:
    """The log as JSON lines, which `archive-verify audit verify FILE` checks offline; logged."""
    with service.store.writing(caller.actor) as tx:
        tx.audit("audit.export", "audit", "log")
    headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    return StreamingResponse(_lines(service), media_type="application/jsonl", headers=headers)


def _lines(service: Service) -> Iterator[str]:
    with service.store.reading() as session:
        for batch in batched(audit.lines(session), _EXPORTED):
            yield "".join(batch)


def batched(lines: Iterator[str], size: int) -> Iterator[list[str]]:
    """Lists of so many lines, the last one shorter."""
    while batch := list(islice(lines, size)):
        yield batch
