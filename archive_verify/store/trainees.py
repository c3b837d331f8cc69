"""Trainees across all archives: found by name, ID number, institution, verdict."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from archive_verify.store.database import EVERYTHING, Scope
from archive_verify.store.errors import NotFound
from archive_verify.store.findings import searchable
from archive_verify.store.tables import TraineeRow, TraineeTerm

# The beginning of an ID number tells people apart from the year of birth on.
_LEAST_BEGINNING = 10
_LEAST_ENDING = 3
# Behind every text that begins with another one, byte by byte.
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class TraineeFilter:
    """Who is asked for. `text` is a part of a name, an ID number, its beginning or its end."""

    text: str = ""
    institution_id: str = ""
    archive_id: str = ""
    standing: str = ""


def search(
    session: Session, scope: Scope, wanted: TraineeFilter, *, after: int | None = None, limit: int = 50
) -> list[TraineeRow]:
    """Trainees, the latest first; `after` is the id of the last one before."""
    query = select(TraineeRow).order_by(TraineeRow.id.desc()).limit(limit)
    text = searchable(wanted.text)
    if text:
        query = query.where(_is_meant(text))
    institution = scope.institution_id or wanted.institution_id
    if scope.institution_id and wanted.institution_id not in ("", scope.institution_id):
        raise NotFound("没有这个机构")
    if institution:
        query = query.where(TraineeRow.institution_id == institution)
    if wanted.archive_id:
        query = query.where(TraineeRow.archive_id == wanted.archive_id)
    if wanted.standing:
        query = query.where(TraineeRow.standing == wanted.standing)
    if after is not None:
        query = query.where(TraineeRow.id < after)
    return list(session.scalars(query))


def get(session: Session, trainee_id: int, scope: Scope = EVERYTHING) -> TraineeRow:
    """Raises NotFound."""
    trainee = session.get(TraineeRow, trainee_id)
    if trainee is None:
        raise NotFound("没有这个学员")
    scope.admit(trainee.institution_id)
    return trainee


def of_archive(session: Session, archive_id: str) -> list[TraineeRow]:
    """The trainees of an archive by roster row."""
    return list(
        session.scalars(select(TraineeRow).where(TraineeRow.archive_id == archive_id).order_by(TraineeRow.row))
    )


def _is_meant(text: str) -> ColumnElement[bool]:
    if any(char.isdigit() for char in text):
        number = text.upper()
        if len(number) >= 18:
            return TraineeRow.id_number == number
        ways = [TraineeRow.id_number == number]
        if len(number) >= _LEAST_ENDING:
            ways.append(_begins(TraineeRow.id_reversed, number[::-1]))
        if len(number) >= _LEAST_BEGINNING:
            ways.append(_begins(TraineeRow.id_number, number))
        return or_(*ways)
    matches = select(TraineeTerm.trainee_id).where(_begins(TraineeTerm.term, text))
    return TraineeRow.id.in_(matches)


def _begins(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """That a text column begins with a text, in the form that its index serves on every database."""
    return and_(column >= text, column < text + _LAST)
