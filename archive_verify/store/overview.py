"""Figures over all archives: classes with their rates, the most frequent faults, the work of each month."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from archive_verify.store.archives import State
from archive_verify.store.database import Scope
from archive_verify.store.errors import NotFound
from archive_verify.store.runs import Kind
from archive_verify.store.runs import State as RunState
from archive_verify.store.tables import Archive, Decision, Institution, IssueRow, Run, RunResult

# The months are those of the offices' clocks.
_OFFICE = timezone(timedelta(hours=8))
_COUNTED = (State.SUBMITTED, State.RETURNED, State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """A class that was handed in and checked; what its papers do not tell is None."""

    archive_id: str
    run_id: str
    name: str
    institution_id: str
    institution: str
    state: str
    end_date: date | None
    trainees: int
    open_issues: int


@dataclass(frozen=True, slots=True)
class FaultFigures:
    """How often a fault was found, dismissed ones left out."""

    code: str
    severity: str
    issues: int
    archives: int


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What was done in a month, `YYYY-MM`."""

    month: str
    checks: int
    pages: int
    decisions: int


def classes(session: Session, scope: Scope, *, year: int | None = None, institution_id: str = "") -> list[ClassFigures]:
    """The classes that ended in the year, the latest first. Drafts do not count: they may still be thrown away."""
    rows = session.execute(
        select(Archive, Institution.name).join(Institution, Institution.id == Archive.institution_id)
        .where(*_wanted(scope, year, institution_id), Archive.current_run_id.is_not(None))
        .order_by(func.coalesce(Archive.end_date, date.min).desc(), Archive.id)
    ).all()  # fmt: skip
    return [
        ClassFigures(
            archive.id, archive.current_run_id or "", archive.name, archive.institution_id, name, archive.state,
            archive.end_date, int(archive.counts.get("trainees", 0)), archive.open_issues,
        ) for archive, name in rows
    ]  # fmt: skip


def assessment_of(session: Session, run_id: str) -> dict[str, Any]:
    """The assessment of a finished run, plain, without making its whole report. Raises NotFound."""
    packed = session.scalar(select(RunResult.report).where(RunResult.run_id == run_id))
    if packed is None:
        raise NotFound("这次核查没有报告")
    found: dict[str, Any] = json.loads(zlib.decompress(packed))["assessment"]
    return found


def faults(session: Session, scope: Scope, *, year: int | None = None, institution_id: str = "") -> list[FaultFigures]:
    """The faults of those classes, the most frequent first; hints left out."""
    count = func.count()
    rows = session.execute(
        select(IssueRow.code, IssueRow.severity, count, func.count(IssueRow.archive_id.distinct()))
        .join(Archive, Archive.id == IssueRow.archive_id)
        .where(
            *_wanted(scope, year, institution_id), IssueRow.present, IssueRow.state != "dismissed",
            IssueRow.severity != "info",
        ).group_by(IssueRow.code, IssueRow.severity).order_by(count.desc(), IssueRow.code)
    )  # fmt: skip
    return [FaultFigures(*row) for row in rows]


def months(session: Session, scope: Scope, *, institution_id: str = "", since: datetime) -> list[MonthFigures]:
    """Checks that were finished, pages read for them, and decisions, month by month; without gaps."""
    mine = _of(scope, institution_id)
    checks, pages, decided = Counter[str](), Counter[str](), Counter[str]()
    ended = _hours(Run.ended_at)
    for *hour, number, sheets in session.execute(
        select(*ended, func.count(), func.sum(Run.sheets_total)).join(Archive, Archive.id == Run.archive_id)
        .where(*mine, Run.state == RunState.DONE, Run.kind != Kind.REJUDGE, Run.ended_at >= since).group_by(*ended)
    ):  # fmt: skip
        checks[_month(hour)] += number
        pages[_month(hour)] += sheets or 0
    made = _hours(Decision.at)
    for *hour, number in session.execute(
        select(*made, func.count()).join(IssueRow, IssueRow.id == Decision.issue_id)
        .join(Archive, Archive.id == IssueRow.archive_id).where(*mine, Decision.at >= since).group_by(*made)
    ):  # fmt: skip
        decided[_month(hour)] += number
    return [
        MonthFigures(month, checks[month], pages[month], decided[month])
        for month in _through({*checks, *decided})
    ]


def _wanted(scope: Scope, year: int | None, institution_id: str) -> list[ColumnElement[bool]]:
    found = [*_of(scope, institution_id), Archive.state.in_(_COUNTED)]
    if year is not None:
        found.append(Archive.end_date.between(date(year, 1, 1), date(year, 12, 31)))
    return found


def _of(scope: Scope, institution_id: str) -> list[ColumnElement[bool]]:
    if scope.institution_id and institution_id not in ("", scope.institution_id):
        raise NotFound("没有这个机构")
    wanted = scope.institution_id or institution_id
    return [Archive.institution_id == wanted] if wanted else []


def _hours(moment: InstrumentedAttribute[Any]) -> list[ColumnElement[Any]]:
    """What a moment is grouped by, so that the database adds up and no zone is lost."""
    return [func.extract(part, moment) for part in ("year", "month", "day", "hour")]


def _month(hour: Iterable[Any]) -> str:
    year, month, day, at = (int(part) for part in hour)
    return datetime(year, month, day, at, tzinfo=UTC).astimezone(_OFFICE).strftime("%Y-%m")


def _through(found: set[str]) -> list[str]:
    if not found:
        return []
    year, month = (int(part) for part in min(found).split("-"))
    through = []
    while (name := f"{year}-{month:02d}") <= max(found):
        through.append(name)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return through
