"""What reviewers set right: misread values, types and beginnings of pages; judged again at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import Field, model_validator
from sqlalchemy import select

from api.access import archive_for, finished_run_for
from api.deps import Creation, PaperReader, Reviewer, Service, TheCreation, TheService
from api.errors import ApiProblem, FieldProblem
from api.routes.runs import order
from api.schemas import Given, IdPath, Line, NumberPath, Shown
from archive_verify.model import Box, DocType
from archive_verify.report.schema import PageInfo, Report
from archive_verify.review import FIELD_NAMES, SOMEWHERE, Correction, PageOverride, Place, first_place
from archive_verify.store import NotFound, Transaction, corrections, runs
from archive_verify.store.places import first_places
from archive_verify.store.runs import Kind
from archive_verify.store.tables import CorrectionRow, Run

router = APIRouter(prefix="/archives/{archive_id}", tags=["corrections"])
_Part = Annotated[float, Field(ge=0, le=1)]


class ValueCorrection(Given):
    """What really stands at a spot; an empty value says that nothing stands there."""

    page: Annotated[int, Field(ge=1, le=100_000, description="page index")]
    box: tuple[_Part, _Part, _Part, _Part] = Field(
        SOMEWHERE, description="where it stands; left out where its spot is not known, of a value not found"
    )
    field: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$", description="a field's name as in report.json")]
    value: Line
    old: Line = Field("", description="the value that was shown, for the log")

    @model_validator(mode="after")
    def _is_a_box(self) -> ValueCorrection:
        x0, y0, x1, y1 = self.box
        if x0 >= x1 or y0 >= y1:
            raise ValueError("box 应为左、上、右、下")
        return self


class PageCorrection(Given):
    """What a page really is, or whether a document begins there; null leaves it as found."""

    doc_type: DocType | None = None
    starts: bool | None = None


class CorrectionShown(Shown):
    id: str
    kind: Literal["value", "page"]
    page: int | None = Field(None, description="page index in the last run; null where the page is gone")
    box: tuple[float, float, float, float] | None
    field: str
    old: str
    value: str
    doc_type: DocType | None
    starts: bool | None
    created_at: datetime
    created_by: str


class CorrectionMade(CorrectionShown):
    run_id: str | None = Field(None, description="the judging that takes it in; follow it at /runs/{run_id}")


class Rejudged(Shown):
    run_id: str | None = Field(None, description="the judging without the correction")


@router.get("/corrections")
def list_corrections(archive_id: IdPath, caller: PaperReader, service: TheService) -> list[CorrectionShown]:
    """The corrections in force, the first one first."""
    _, report = finished_run_for(caller, service, archive_id)
    with service.store.reading() as session:
        firsts = first_places(session, archive_id)
        return [_shown(row, report, firsts) for row in corrections.in_force(session, archive_id)]


@router.post("/corrections", status_code=201, response_model=CorrectionMade)
def correct_value(
    archive_id: IdPath, given: ValueCorrection, caller: Reviewer, service: TheService, create: TheCreation
) -> Response:
    """Set a misread value right."""
    _, report = finished_run_for(caller, service, archive_id)
    place = _place(report, given.page)
    if given.field not in FIELD_NAMES | _found_names(report):
        unknown = FieldProblem(pointer="/body/field", detail="没有这个项目")
        raise ApiProblem(422, "invalid-request", "请求中有不对的内容", errors=[unknown])
    correction = Correction(place=place, box=Box(*given.box), field=given.field, value=given.value)
    return _made(
        archive_id, service, report, create, lambda tx: corrections.correct(tx, archive_id, correction, old=given.old)
    )


@router.post("/pages/{index}/corrections", status_code=201, response_model=CorrectionMade)
def correct_page(
    archive_id: IdPath, index: NumberPath, given: PageCorrection, caller: Reviewer, service: TheService,
    create: TheCreation,
) -> Response:  # fmt: skip
    """Set a page's type or a document's beginning right."""
    _, report = finished_run_for(caller, service, archive_id)
    override = PageOverride(place=_place(report, index), doc_type=given.doc_type, starts=given.starts)
    return _made(archive_id, service, report, create, lambda tx: corrections.override(tx, archive_id, override))


@router.delete("/corrections/{correction_id}")
def withdraw(archive_id: IdPath, correction_id: IdPath, caller: Reviewer, service: TheService) -> Rejudged:
    """Take a correction back; judged again at once."""
    archive_for(caller, service, archive_id)
    with service.store.writing(caller.actor) as tx:
        corrections.withdraw(tx, archive_id, correction_id)
        run = rejudge(tx, archive_id)
    if run is not None:
        order(service, run)
    return Rejudged(run_id=run.id if run else None)


def rejudge(tx: Transaction, archive_id: str) -> Run | None:
    """Start a judging that takes in all that was said until now, in place of one that is going on.

    None where a check is going on: its own judging takes it in.
    """
    active = tx.session.scalar(select(Run).where(Run.archive_id == archive_id, Run.state.in_(runs.ACTIVE)))
    if active is not None:
        if active.kind != Kind.REJUDGE:
            return None
        runs.cancel(tx, active.id)
        tx.session.flush()
    return runs.start(tx, archive_id, Kind.REJUDGE)


def _made(
    archive_id: str, service: Service, report: Report, create: Creation, make: Callable[[Transaction], CorrectionRow]
) -> Response:
    def both(tx: Transaction) -> tuple[CorrectionRow, Run | None]:
        return make(tx), rejudge(tx, archive_id)

    with service.store.reading() as session:
        firsts = first_places(session, archive_id)
    return create(
        both,
        lambda made: CorrectionMade(
            **_shown(made[0], report, firsts).model_dump(), run_id=made[1].id if made[1] else None
        ),
        location=lambda made: f"/api/v1/archives/{archive_id}/corrections/{made[0].id}",
        after=lambda made: order(service, made[1]) if made[1] else None,
    )


def _found_names(report: Report) -> set[str]:
    """What was read from the papers by name, beside what is asked of them."""
    return {name for paper in report.documents for fields in (paper.fields, *paper.rows) for name in fields}


def _place(report: Report, index: int) -> Place:
    info = _info(report, index)
    return Place(sha256=report.files[info.file].sha256, file_page=info.file_page, half=info.half)


def _info(report: Report, index: int) -> PageInfo:
    for info in report.pages:
        if info.index == index:
            return info
    raise NotFound("没有这一页")


def _shown(row: CorrectionRow, report: Report, firsts: Mapping[Place, Place]) -> CorrectionShown:
    shown = CorrectionShown.model_validate(row)
    place = first_place(corrections.place_of(row), firsts)
    for info in report.pages:
        there = Place(sha256=report.files[info.file].sha256, file_page=info.file_page, half=info.half)
        if first_place(there, firsts) == place:
            return shown.model_copy(update={"page": info.index})
    return shown
