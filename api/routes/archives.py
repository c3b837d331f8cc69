"""The archives: class facts, volumes, the way from draft to accepted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import AfterValidator, Field

from api.access import archive_for, open_archive_for
from api.deps import (
    Administrator,
    After,
    ArchiveReader,
    Caller,
    Cursor,
    ExpectedVersion,
    Limit,
    PaperChanger,
    Reviewer,
    TheCreation,
    TheService,
    etag,
    unchanged,
)
from api.errors import ApiProblem
from api.schemas import Given, Id, IdPath, Line, ListPage, Note, Shown
from archive_verify.model import Verdict
from archive_verify.store import Conflict, NotFound, across, archives, audit, policies, retention
from archive_verify.store.archives import ArchiveFilter, Order, State
from archive_verify.store.tables import Archive

router = APIRouter(prefix="/archives", tags=["archives"])
_Yuan = Annotated[
    Annotated[str, Field(pattern=r"^\d{1,9}(\.\d{1,2})?$")] | Annotated[int, Field(strict=True, ge=0, lt=10**9)],
    AfterValidator(str),
    Field(description="yuan, as text; whole ones also as a number, as in CLASS.toml"),
]
_Count = Annotated[int, Field(ge=0, le=100_000)]
_Rows = Annotated[list[Annotated[int, Field(ge=1, le=100_000)]], Field(max_length=5000)]


class ClassFacts(Given):
    """The facts of CLASS.toml; what is not given is read from the binder."""

    name: Line | None = None
    institution: Line | None = None
    occupation: Line | None = None
    training_kind: Literal["general", "order"] | None = None
    opening_report_date: date | None = None
    start_date: date | None = None
    end_date: date | None = None
    training_days: Annotated[float, Field(gt=0, le=1000, multiple_of=0.5)] | None = None
    approved_headcount: Annotated[int, Field(ge=1, le=100_000)] | None = None
    daily_subsidy_yuan: _Yuan | None = None
    as_of: date | None = None
    verified_headcount: _Count | None = None
    missing_video_half_days: _Count | None = None
    callbacks_not_attended: _Rows | None = None
    callbacks_not_employed: _Rows | None = None
    general_daily_subsidy_yuan: _Yuan | None = None

    def plain(self) -> dict[str, Any]:
        """As the store takes them."""
        facts = self.model_dump(mode="json", exclude_none=True)
        days = facts.get("training_days")
        return facts | ({"training_days": int(days)} if days is not None and days == int(days) else {})


class NewArchive(Given):
    institution_id: Id | None = Field(None, description="a clerk's own if left out")
    facts: ClassFacts = ClassFacts()
    policy: Line = "wenshui_2023_51"


class VolumeShown(Shown):
    id: str
    position: int
    name: str
    bytes: int
    sha256: str
    added_at: datetime


class ArchiveShown(Shown):
    """An archive in a list. `counts` are those of its last finished run, with the reviewers' decisions."""

    id: str
    institution_id: str
    name: str
    occupation: str
    training_kind: str
    start_date: date | None
    end_date: date | None
    state: State
    policy: str
    current_run_id: str | None
    counts: dict[str, Any]
    open_errors: int
    open_issues: int
    fen_at_stake: int
    keep_until: date | None
    version: int
    created_at: datetime


class ArchiveDetail(ArchiveShown):
    class_facts: dict[str, Any]
    roster_name: str
    roster_sha256: str | None
    volumes: list[VolumeShown] = Field(default_factory=list)


class ArchiveList(ListPage[ArchiveShown]):
    total: int = Field(description="all that the filters find")


class VolumeOrder(Given):
    volume_ids: list[Id] = Field(max_length=1000)


class StepNote(Given):
    note: Note = ""


class Deletion(Given):
    reason: Annotated[Note, Field(min_length=2)]


class HistoryRow(Shown):
    """One action on the archive, as all who may see the archive see it."""

    seq: int
    at: datetime
    actor_kind: str
    actor_name: str
    action: str
    subject_kind: str
    subject_id: str


def shown(archive: Archive) -> ArchiveShown:
    """For lists."""
    return ArchiveShown.model_validate(archive)


@router.get("")
def list_archives(
    caller: ArchiveReader,
    service: TheService,
    institution_id: Id | None = None,
    state: State | None = None,
    text: Annotated[Line, Query(description="part of the class's name or occupation")] = "",
    year: Annotated[int | None, Query(ge=2000, le=2200, description="in which the class ended")] = None,
    standing: Annotated[Verdict | None, Query(description="a verdict that a trainee has")] = None,
    at_stake: Annotated[int, Query(ge=0, le=10**9, description="yuan at stake, at least")] = 0,
    order: Order = "newest",
    after: After = None,
    limit: Limit = 50,
) -> ArchiveList:
    """Archives: newest, most money at stake, most errors, class's name or latest end first."""
    wanted = ArchiveFilter(
        institution_id or "", state.value if state else "", text.strip(), year, standing.value if standing else "",
        100 * at_stake,
    )  # fmt: skip
    position = Cursor.read(after, str, int, most=2**62)
    with service.store.reading() as session:
        found = archives.find(
            session, caller.scope, wanted, order=order, after=(position[0], position[1]) if position else None,
            limit=limit + 1,
        )  # fmt: skip
        total = archives.count(session, caller.scope, wanted)
    more = Cursor.of(found[limit - 1].id, found[limit - 1].fen_at_stake) if len(found) > limit else None
    return ArchiveList(items=[shown(archive) for archive in found[:limit]], next=more, total=total)


@router.post("", status_code=201, response_model=ArchiveShown)
def create_archive(
    given: NewArchive, caller: PaperChanger, service: TheService, create: TheCreation
) -> Response:
    """A new draft for a class."""
    institution_id = given.institution_id or caller.user.institution_id
    if institution_id is None:
        raise ApiProblem(422, "invalid-request", "须给出 institution_id")
    with service.store.reading() as session:
        if given.policy not in policies.ids(session):
            raise ApiProblem(422, "invalid-request", "没有这个办法")
    if caller.scope.institution_id not in (None, institution_id):
        raise NotFound("没有这个机构")
    return create(
        lambda tx: archives.create(tx, institution_id=institution_id, facts=given.facts.plain(), policy=given.policy),
        shown,
        location=lambda made: f"/api/v1/archives/{made.id}",
        headers=lambda made: {"ETag": etag(made.version)},
    )


@router.get("/{archive_id}", response_model=ArchiveDetail, responses={304: {"description": "unchanged"}})
def get_archive(
    archive_id: IdPath, caller: ArchiveReader, service: TheService, request: Request, response: Response
) -> Any:
    """One archive with its volumes."""
    with service.store.reading() as session:
        archive = archives.get(session, archive_id, caller.scope)
        papers = archives.volumes(session, archive_id)
    if (same := unchanged(request, etag(archive.version))) is not None:
        return same
    response.headers["ETag"] = etag(archive.version)
    detail = ArchiveDetail.model_validate(archive, from_attributes=True)
    return detail.model_copy(update={"volumes": [VolumeShown.model_validate(volume) for volume in papers]})


@router.put("/{archive_id}/facts")
def change_facts(
    archive_id: IdPath, given: ClassFacts, caller: PaperChanger, service: TheService,
    version: ExpectedVersion, response: Response,
) -> ArchiveShown:  # fmt: skip
    """Replace the facts of the class; If-Match is the archive's ETag."""
    open_archive_for(caller, service, archive_id)
    try:
        with service.store.writing(caller.actor) as tx:
            archive = archives.change_facts(tx, archive_id, given.plain(), version=version)
    except Conflict as error:
        raise ApiProblem(412, "changed-meanwhile", error.what, advice=error.advice, current=error.current) from None
    response.headers["ETag"] = etag(archive.version)
    return shown(archive)


@router.put("/{archive_id}/volumes/order")
def order_volumes(
    archive_id: IdPath, given: VolumeOrder, caller: PaperChanger, service: TheService
) -> list[VolumeShown]:
    """Put the volumes in order; all of them must be named."""
    open_archive_for(caller, service, archive_id)
    with service.store.writing(caller.actor) as tx:
        archives.reorder(tx, archive_id, given.volume_ids)
        tx.session.flush()
        return [VolumeShown.model_validate(volume) for volume in archives.volumes(tx.session, archive_id)]


@router.delete("/{archive_id}/volumes/{volume_id}", status_code=204)
def set_volume_aside(archive_id: IdPath, volume_id: IdPath, caller: PaperChanger, service: TheService) -> Response:
    """Leave a volume out of the next run; it stays stored."""
    open_archive_for(caller, service, archive_id)
    with service.store.writing(caller.actor) as tx:
        archives.set_aside(tx, archive_id, volume_id)
    return Response(status_code=204)


@router.post("/{archive_id}/submit")
def submit(archive_id: IdPath, given: StepNote, caller: PaperChanger, service: TheService) -> ArchiveShown:
    """Hand the archive in for review."""
    made = _step(archive_id, State.SUBMITTED, given, caller, service)
    if made.current_run_id is not None:
        across.check_across(service.store, archive_id)
    return made


@router.post("/{archive_id}/return")
def return_(archive_id: IdPath, given: StepNote, caller: Reviewer, service: TheService) -> ArchiveShown:
    """Give the archive back to the institution for supplements."""
    return _step(archive_id, State.RETURNED, given, caller, service)


@router.post("/{archive_id}/accept")
def accept(archive_id: IdPath, given: StepNote, caller: Reviewer, service: TheService) -> ArchiveShown:
    """Accept the archive."""
    return _step(archive_id, State.ACCEPTED, given, caller, service)


@router.post("/{archive_id}/deletion", status_code=204)
def delete_archive(archive_id: IdPath, given: Deletion, caller: Administrator, service: TheService) -> Response:
    """Delete the papers and findings; refused before the keep-until day."""
    retention.delete_archive(service.store, caller.actor, archive_id, given.reason)
    service.shelf.forget()
    return Response(status_code=204)


@router.get("/{archive_id}/history")
def history(
    archive_id: IdPath, caller: ArchiveReader, service: TheService, after: After = None, limit: Limit = 50
) -> ListPage[HistoryRow]:
    """What was done with the archive, the latest first."""
    archive_for(caller, service, archive_id)
    position = Cursor.read(after, int)
    with service.store.reading() as session:
        wanted = audit.Filter(archive_id=archive_id)
        found = audit.rows(session, wanted, before=position[0] if position else None, limit=limit + 1)
    more = Cursor.of(found[limit - 1].seq) if len(found) > limit else None
    return ListPage(items=[HistoryRow.model_validate(row) for row in found[:limit]], next=more)


def _step(archive_id: str, to: State, given: StepNote, caller: Caller, service: TheService) -> ArchiveShown:
    archive_for(caller, service, archive_id)
    with service.store.writing(caller.actor) as tx:
        return shown(archives.step(tx, archive_id, to, note=given.note))
