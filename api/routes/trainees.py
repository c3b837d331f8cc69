"""Trainees across all archives, and the proof of one."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse
from pydantic import Field, field_validator
from sqlalchemy import select

from api.access import archive_for, finished_run_for, note_reading
from api.deps import Cursor, PaperReader, TheService, TraineeReader
from api.drawings import proof
from api.schemas import Given, Id, IdPath, Line, ListPage, NumberPath, Shown
from archive_verify.model import EmploymentType, Trainee, Verdict
from archive_verify.report.dossiers import dossier_name
from archive_verify.report.schema import Report, RequirementInfo
from archive_verify.store import NotFound, trainees
from archive_verify.store.tables import Archive, Institution, TraineeRow
from archive_verify.store.trainees import TraineeFilter
from archive_verify.words import mask_id

router = APIRouter(tags=["trainees"])


class TraineeSearch(Given):
    """`text` is a part of a name, an ID number, its end (3 places or more) or its beginning (10 or more).
    It stands in the body, so that no address holds personal data."""

    text: Line = ""
    institution_id: Id | None = None
    archive_id: Id | None = None
    standing: Verdict | None = Field(None, description="with the reviewers' decisions")
    after: Line | None = None
    limit: int = Field(50, ge=1, le=200)


class TraineeShown(Shown):
    """A trainee in a list; the ID number is masked."""

    id: int
    archive_id: str
    institution_id: str
    row: int
    name: str
    id_number: str
    employment_type: EmploymentType
    verdict: Verdict
    standing: Verdict
    start_date: date | None
    end_date: date | None

    _masked = field_validator("id_number")(mask_id)


class TraineeFound(TraineeShown):
    archive_name: str
    institution_name: str


class TraineeDetail(TraineeFound):
    requirements: list[RequirementInfo] = Field(description="the papers asked for and what became of each")
    documents: list[str] = Field(description="ids of the trainee's documents in the report")
    issues: list[str] = Field(description="numbers of the trainee's issues")
    dossier_pages: list[int]


class Identity(Shown):
    """Unmasked; the log says who saw it."""

    name: str
    id_number: str


@router.post("/trainees/search")
def search(given: TraineeSearch, caller: TraineeReader, service: TheService) -> ListPage[TraineeFound]:
    """Trainees of all archives, the latest first."""
    standing = given.standing.value if given.standing else ""
    wanted = TraineeFilter(given.text, given.institution_id or "", given.archive_id or "", standing)
    position = Cursor.read(given.after, int)
    with service.store.reading() as session:
        found = trainees.search(
            session, caller.scope, wanted, after=position[0] if position else None, limit=given.limit + 1
        )
        shown = found[: given.limit]
        archives = {
            row.id: row.name
            for row in session.execute(
                select(Archive.id, Archive.name).where(Archive.id.in_({one.archive_id for one in shown}))
            )
        }
        schools = {
            row.id: row.name
            for row in session.execute(
                select(Institution.id, Institution.name).where(
                    Institution.id.in_({one.institution_id for one in shown})
                )
            )
        }
    more = Cursor.of(shown[-1].id) if len(found) > given.limit else None
    items = [_found(one, archives[one.archive_id], schools[one.institution_id]) for one in shown]
    return ListPage(items=items, next=more)


@router.get("/archives/{archive_id}/trainees")
def of_archive(archive_id: IdPath, caller: TraineeReader, service: TheService) -> list[TraineeShown]:
    """The trainees of an archive by roster row."""
    archive_for(caller, service, archive_id)
    with service.store.reading() as session:
        return [TraineeShown.model_validate(row) for row in trainees.of_archive(session, archive_id)]


@router.get("/trainees/{trainee_id}")
def get_trainee(trainee_id: NumberPath, caller: TraineeReader, service: TheService) -> TraineeDetail:
    """One trainee: each required paper, the documents, the issues."""
    with service.store.reading() as session:
        row = trainees.get(session, trainee_id, caller.scope)
        archive = session.get_one(Archive, row.archive_id)
        school = session.get_one(Institution, row.institution_id)
    _, report = finished_run_for(caller, service, row.archive_id)
    trainee = _of_report(report, row)
    plan = next((one for one in report.dossiers if one.trainee == row.row), None)
    return TraineeDetail(
        **_found(row, archive.name, school.name).model_dump(),
        requirements=list(plan.requirements) if plan else [], documents=list(trainee.documents),
        issues=list(trainee.issues), dossier_pages=list(plan.pages) if plan else [],
    )  # fmt: skip


@router.post("/trainees/{trainee_id}/unmask")
def unmask(trainee_id: NumberPath, caller: PaperReader, service: TheService) -> Identity:
    """The whole ID number; logged."""
    with service.store.reading() as session:
        row = trainees.get(session, trainee_id, caller.scope)
    note_reading(caller, service, "unmask", "trainee", trainee_id, row.archive_id)
    return Identity.model_validate(row)


@router.get(
    "/trainees/{trainee_id}/proof.pdf",
    response_class=FileResponse,
    responses={200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
)  # fmt: skip
def get_proof(trainee_id: NumberPath, caller: PaperReader, service: TheService) -> FileResponse:
    """The trainee's dossier: cover sheets and the original pages; logged. 404 where no page is the trainee's."""
    with service.store.reading() as session:
        row = trainees.get(session, trainee_id, caller.scope)
    run, report = finished_run_for(caller, service, row.archive_id)
    trainee = _of_report(report, row)
    path = proof(service.store, service.shelf, run, report, trainee)
    note_reading(caller, service, "proof", "trainee", trainee_id, row.archive_id)
    return FileResponse(path, media_type="application/pdf", filename=dossier_name(trainee))


def _found(row: TraineeRow, archive: str, school: str) -> TraineeFound:
    shown: dict[str, Any] = {name: getattr(row, name) for name in TraineeShown.model_fields}
    return TraineeFound(**shown, archive_name=archive, institution_name=school)


def _of_report(report: Report, row: TraineeRow) -> Trainee:
    for trainee in report.trainees:
        if trainee.row == row.row:
            return trainee
    raise NotFound("没有这个学员")
