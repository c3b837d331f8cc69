"""The checks: started, opened, read span by span by whoever claims it, judged once.

    queued -> opening -> reading -> judging -> done | failed | cancelled

The database is the truth: every step is claimed here by a compare-and-set with a lease, so that an
order that comes twice does nothing and one that got lost is found again by `stalled`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from archive_verify import __version__
from archive_verify.store.archives import locked, touch, volumes
from archive_verify.store.database import EVERYTHING, Scope, Transaction, changed_rows
from archive_verify.store.errors import Conflict, NotFound, Refused
from archive_verify.store.tables import Archive, PageReadingRow, Run, RunSheet, RunSpan


class Kind(StrEnum):
    """What a run is for; a rejudge reads nothing."""

    CHECK = "check"
    SUPPLEMENT = "supplement"
    REJUDGE = "rejudge"


class State(StrEnum):
    """Where a run is; see the picture above."""

    QUEUED = "queued"
    OPENING = "opening"
    READING = "reading"
    JUDGING = "judging"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE = (State.QUEUED, State.OPENING, State.READING, State.JUDGING)
# A sheet, opening or judging that was begun this often without an end has killed its process.
ATTEMPTS = 3
# A span is taken up this often; each time at least one sheet of it must have been begun.
_SPAN_ATTEMPTS = 12
SPAN = 16
# The time left is told by so many sheets.
_RECENT = 24


@dataclass(frozen=True, slots=True)
class RunInput:
    """What a run works on, as it was when the run was started."""

    run_id: str
    archive_id: str
    kind: Kind
    policy: str
    volumes: tuple[tuple[str, str], ...]                # (sha256, name) in order
    roster_sha256: str
    roster_name: str
    class_facts: dict[str, Any]
    reading_run_id: str


@dataclass(frozen=True, slots=True)
class SpanInput:
    """Sheets to read: numbers from 0 into the sheets of the opened binder."""

    span_id: str
    run: RunInput
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is; `seconds_left` is None as long as nothing can be said."""

    run_id: str
    state: State
    done: int
    failed: int
    total: int
    seconds_left: int | None
    failure: str


@dataclass(frozen=True, slots=True)
class Stalled:
    """What is to be enqueued (again): ids of runs to open, spans to read, runs to judge."""

    opening: tuple[str, ...]
    spans: tuple[str, ...]
    judging: tuple[str, ...]


# --- starting and ending --------------------------------------------------------------------------


def start(tx: Transaction, archive_id: str, kind: Kind) -> Run:
    """A new run of the archive as it is now.

    Raises Conflict while another is going on, Refused without volumes or roster, or for a rejudge
    of an archive that was never checked.
    """
    archive = locked(tx, archive_id)
    active = tx.session.scalar(select(Run).where(Run.archive_id == archive_id, Run.state.in_(ACTIVE)))
    if active is not None:
        raise Conflict("这份档案正在核查", current=active.id)
    base = tx.session.get(Run, archive.current_run_id) if archive.current_run_id else None
    run = Run(
        archive_id=archive_id, kind=kind.value, policy=archive.policy, code_version=__version__,
        class_facts=archive.class_facts, base_run_id=archive.current_run_id, created_at=tx.now,
        created_by=tx.actor.id, seconds={}, reading_run_id="",
    )  # fmt: skip
    if kind is Kind.REJUDGE:
        if base is None:
            raise Refused("还没有核查过，不能重新判定")
        run.state, run.judging_at = State.JUDGING, tx.now
        run.volumes, run.engine, run.sheets_total = base.volumes, base.engine, base.sheets_total
        run.roster_sha256, run.roster_name = base.roster_sha256, base.roster_name
        run.reading_run_id, run.policy = base.reading_run_id, base.policy
    else:
        papers = volumes(tx.session, archive_id)
        if archive.roster_sha256 is None or not papers:
            raise Refused("还没有档案文件或花名册，不能核查")
        run.state = State.QUEUED
        run.volumes = [{"sha256": volume.sha256, "name": volume.name} for volume in papers]
        run.roster_sha256, run.roster_name = archive.roster_sha256, archive.roster_name
    tx.session.add(run)
    try:
        tx.session.flush()
    except IntegrityError as error:
        raise Conflict("这份档案正在核查") from error
    run.reading_run_id = run.reading_run_id or run.id
    touch(archive)
    tx.audit("run.start", "run", run.id, new={"kind": run.kind}, archive_id=archive_id)
    return run


def cancel(tx: Transaction, run_id: str) -> bool:
    """End a run that is going on; what was read stays cached. False where it had ended already."""
    return _end(tx, run_id, State.CANCELLED, "")


def fail(tx: Transaction, run_id: str, failure: str) -> bool:
    """End a run that cannot go on, saying why in one line."""
    return _end(tx, run_id, State.FAILED, failure)


def _end(tx: Transaction, run_id: str, state: State, failure: str) -> bool:
    ended = tx.session.execute(
        update(Run).where(Run.id == run_id, Run.state.in_(ACTIVE))
        .values(state=state.value, failure=failure, ended_at=tx.now, lease_until=None, lease_owner="")
    )  # fmt: skip
    if changed_rows(ended) != 1:
        return False
    # whoever reads in it finds out at the next sheet; nobody is to be taken for at work on it from now on
    tx.session.execute(
        update(RunSpan).where(RunSpan.run_id == run_id, RunSpan.state == "leased")
        .values(state="waiting", lease_owner="", lease_until=None)
    )  # fmt: skip
    archive_id = tx.session.execute(select(Run.archive_id).where(Run.id == run_id)).scalar_one()
    tx.audit(f"run.{state.value}", "run", run_id, new=failure or None, archive_id=archive_id)
    return True


# --- opening --------------------------------------------------------------------------------------


def claim_open(tx: Transaction, run_id: str, owner: str, seconds: float) -> RunInput | None:
    """Take up the opening of a run for so long; None where there is nothing to do (any more)."""
    return _claim(tx, run_id, owner, seconds, (State.QUEUED, State.OPENING), State.OPENING)


def opened(
    tx: Transaction, run_id: str, owner: str, sheets: Sequence[tuple[str, int]], *, engine: str, span: int = SPAN
) -> tuple[str, ...]:
    """The binder has these sheets (file's SHA-256, page in the file): the ids of the spans to read.

    None of them where the run was cancelled or taken up by another.
    """
    taken = tx.session.execute(
        update(Run).where(Run.id == run_id, Run.state == State.OPENING, Run.lease_owner == owner)
        .values(
            state=State.READING.value, engine=engine, sheets_total=len(sheets), reading_at=tx.now, attempts=0,
            lease_owner="", lease_until=None,
        )
    )  # fmt: skip
    if changed_rows(taken) != 1:
        return ()
    tx.session.add_all(
        RunSheet(run_id=run_id, number=number, sha256=sha256, file_page=file_page, state="waiting")
        for number, (sha256, file_page) in enumerate(sheets)
    )
    spans = [
        RunSpan(run_id=run_id, first=first, last=min(first + span, len(sheets)) - 1, state="waiting")
        for first in range(0, len(sheets), span)
    ]
    tx.session.add_all(spans)
    tx.session.flush()
    return tuple(one.id for one in spans)


# --- reading --------------------------------------------------------------------------------------


def claim_span(tx: Transaction, span_id: str, owner: str, seconds: float) -> SpanInput | None:
    """Take up a span for so long; None where there is nothing to read in it (any more)."""
    span = tx.session.get(RunSpan, span_id, with_for_update=True, populate_existing=True)
    if span is None:
        return None
    run = tx.session.get_one(Run, span.run_id)
    free = span.state == "waiting" or (span.state == "leased" and _over(span.lease_until, tx.now))
    if not free or run.state != State.READING:
        return None
    if span.attempts >= _SPAN_ATTEMPTS:
        _fail_sheets(tx, span, "读取进程多次中断")
    else:
        _fail_sheets(tx, span, "这一页多次使读取进程中断", RunSheet.attempts >= ATTEMPTS)
    numbers = tuple(
        tx.session.scalars(
            select(RunSheet.number).where(*_of_span(span), RunSheet.state == "waiting").order_by(RunSheet.number)
        )
    )
    span.state, span.lease_owner, span.attempts = "leased", owner, span.attempts + 1
    span.lease_until = tx.now + timedelta(seconds=seconds)
    return SpanInput(span_id, input_of(run), numbers)


def begin_sheet(tx: Transaction, span_id: str, owner: str, number: int, seconds: float) -> bool:
    """Say that a sheet is about to be read, and hold the span for so long from now.

    False where it must not be: read already, failed, the run ended, or the span is another's by now.
    """
    span = tx.session.get(RunSpan, span_id, with_for_update=True, populate_existing=True)
    if span is None or span.lease_owner != owner or span.state != "leased":
        return False
    if tx.session.get_one(Run, span.run_id, populate_existing=True).state != State.READING:
        return False
    begun = tx.session.execute(
        update(RunSheet).where(
            RunSheet.run_id == span.run_id, RunSheet.number == number, RunSheet.state == "waiting",
            RunSheet.attempts < ATTEMPTS,
        ).values(attempts=RunSheet.attempts + 1)
    )  # fmt: skip
    if changed_rows(begun) != 1:
        return False
    span.lease_until = tx.now + timedelta(seconds=seconds)
    return True


def sheet_read(
    tx: Transaction, run_id: str, number: int, reading_key: str, failure: str = "", *, waits: bool = False
) -> None:
    """A sheet was read (its reading is stored under the key), or could not be, with the reason.

    `waits` tells that part of its text is still to be read, see `texts`.
    """
    tx.session.execute(
        update(RunSheet).where(RunSheet.run_id == run_id, RunSheet.number == number, RunSheet.state == "waiting")
        .values(
            state="failed" if failure else "read", reading_key="" if failure else reading_key, failure=failure,
            waits=waits and not failure,
        )
    )  # fmt: skip


def finish_span(tx: Transaction, span_id: str, owner: str) -> bool:
    """The span is through; True where it was the run's last one and the judging is next."""
    span = tx.session.get(RunSpan, span_id, populate_existing=True)
    if span is None:
        return False
    # The run's row is locked first: of two last spans at once, one must see the other's end.
    run = tx.session.get_one(Run, span.run_id, with_for_update=True, populate_existing=True)
    tx.session.refresh(span, with_for_update=True)
    if span.lease_owner != owner or span.state != "leased" or run.state != State.READING:
        return False
    waiting = select(func.count()).select_from(RunSheet).where(*_of_span(span), RunSheet.state == "waiting")
    if tx.session.scalar(waiting):
        span.state, span.lease_owner, span.lease_until = "waiting", "", None
        return False
    span.state, span.lease_until, span.attempts = "done", None, 0
    tx.session.flush()
    others = select(func.count()).select_from(RunSpan).where(RunSpan.run_id == run.id, RunSpan.state != "done")
    if tx.session.scalar(others):
        return False
    run.state, run.judging_at, run.attempts = State.JUDGING, tx.now, 0
    run.lease_owner, run.lease_until = "", None
    return True


def release_span(tx: Transaction, span_id: str, owner: str, begun: int | None = None) -> None:
    """Give a span back unfinished, as a worker does that is told to stop; a sheet `begun` does not count."""
    span = tx.session.get(RunSpan, span_id, with_for_update=True, populate_existing=True)
    if span is None or span.lease_owner != owner or span.state != "leased":
        return
    span.state, span.lease_owner, span.lease_until = "waiting", "", None
    span.attempts -= 1
    if begun is not None:
        tx.session.execute(
            update(RunSheet).where(
                RunSheet.run_id == span.run_id, RunSheet.number == begun, RunSheet.state == "waiting"
            ).values(attempts=RunSheet.attempts - 1)
        )  # fmt: skip


# --- judging --------------------------------------------------------------------------------------


def claim_judge(tx: Transaction, run_id: str, owner: str, seconds: float) -> RunInput | None:
    """Take up the judging of a run for so long; None where there is nothing to do (any more)."""
    return _claim(tx, run_id, owner, seconds, (State.JUDGING,), State.JUDGING)


def renew(tx: Transaction, run_id: str, owner: str, seconds: float) -> bool:
    """Hold an opening or a judging for so long from now; False where it was lost or cancelled."""
    held = tx.session.execute(
        update(Run).where(Run.id == run_id, Run.lease_owner == owner, Run.state.in_(ACTIVE))
        .values(lease_until=tx.now + timedelta(seconds=seconds))
    )  # fmt: skip
    return changed_rows(held) == 1


# --- asking ---------------------------------------------------------------------------------------


def get(session: Session, run_id: str, scope: Scope = EVERYTHING) -> Run:
    """Raises NotFound."""
    run = session.get(Run, run_id)
    if run is None:
        raise NotFound("没有这次核查")
    scope.admit(session.get_one(Archive, run.archive_id).institution_id)
    return run


def of_archive(session: Session, archive_id: str, *, before: str | None = None, limit: int = 50) -> list[Run]:
    """The runs of an archive, newest first."""
    query = select(Run).where(Run.archive_id == archive_id).order_by(Run.id.desc()).limit(limit)
    return list(session.scalars(query.where(Run.id < before) if before else query))


def going_on(session: Session, archive_ids: Iterable[str]) -> dict[str, str]:
    """The runs that these archives have going on: archive's id -> run's id."""
    query = select(Run.archive_id, Run.id).where(Run.archive_id.in_(list(archive_ids)), Run.state.in_(ACTIVE))
    return {row.archive_id: row.id for row in session.execute(query)}


def progress(session: Session, run_id: str, now: datetime) -> Progress:
    """How far the run is. Raises NotFound."""
    run = get(session, run_id)
    counts = session.execute(
        select(func.count(), func.sum(case((RunSheet.state == "failed", 1), else_=0)))
        .where(RunSheet.run_id == run.reading_run_id, RunSheet.state != "waiting")
    ).one()  # fmt: skip
    done, failed = counts[0], counts[1] or 0
    left = None
    if run.state == State.READING and (pace := _pace(session, run, now)) is not None:
        left = round(pace * (run.sheets_total - done))
    return Progress(run.id, State(run.state), done, failed, run.sheets_total, left, run.failure)


def stalled(session: Session, now: datetime) -> Stalled:
    """All that nobody is at work on. What is merely waiting in the queue is among it: enqueue by id."""
    free = or_(Run.lease_until.is_(None), Run.lease_until < now)
    opening = session.scalars(select(Run.id).where(
        or_(Run.state == State.QUEUED, and_(Run.state == State.OPENING, free))).order_by(Run.id))  # fmt: skip
    spans = session.scalars(
        select(RunSpan.id).join(Run, Run.id == RunSpan.run_id).where(
            Run.state == State.READING,
            or_(RunSpan.state == "waiting", and_(RunSpan.state == "leased", RunSpan.lease_until < now)),
        ).order_by(RunSpan.run_id, RunSpan.first)
    )  # fmt: skip
    judging = session.scalars(select(Run.id).where(Run.state == State.JUDGING, free).order_by(Run.id))
    return Stalled(tuple(opening), tuple(spans), tuple(judging))


def _pace(session: Session, run: Run, now: datetime) -> float | None:
    """Seconds from one sheet to the next, all workers together, over the last ones that were really read;
    the loading of an engine is not in it. None as long as nothing can be said."""
    last = (
        select(RunSheet.reading_key).where(RunSheet.run_id == run.id, RunSheet.state == "read")
        .order_by(RunSheet.number.desc()).limit(_RECENT)
    )  # fmt: skip
    times = sorted(
        session.scalars(
            select(PageReadingRow.created_at)
            .where(PageReadingRow.key.in_(last), PageReadingRow.created_at >= run.reading_at)
        )
    )  # fmt: skip
    return (now - times[0]).total_seconds() / (len(times) - 1) if len(times) > 1 else None


# --- within ---------------------------------------------------------------------------------------


def _claim(
    tx: Transaction, run_id: str, owner: str, seconds: float, states: Sequence[State], to: State
) -> RunInput | None:
    run = tx.session.get(Run, run_id, with_for_update=True, populate_existing=True)
    if run is None or run.state not in states or not _over(run.lease_until, tx.now):
        return None
    if run.attempts >= ATTEMPTS:
        fail(tx, run_id, "多次使处理进程中断，请检查档案文件")
        return None
    run.state, run.lease_owner, run.attempts = to.value, owner, run.attempts + 1
    run.lease_until = tx.now + timedelta(seconds=seconds)
    return input_of(run)


def _over(until: datetime | None, now: datetime) -> bool:
    return until is None or until < now


def input_of(run: Run) -> RunInput:
    """What a run works on."""
    return RunInput(
        run_id=run.id, archive_id=run.archive_id, kind=Kind(run.kind), policy=run.policy,
        volumes=tuple((volume["sha256"], volume["name"]) for volume in run.volumes),
        roster_sha256=run.roster_sha256, roster_name=run.roster_name, class_facts=run.class_facts,
        reading_run_id=run.reading_run_id,
    )  # fmt: skip


def _of_span(span: RunSpan) -> tuple[ColumnElement[bool], ...]:
    return (RunSheet.run_id == span.run_id, RunSheet.number >= span.first, RunSheet.number <= span.last)


def _fail_sheets(tx: Transaction, span: RunSpan, why: str, *conditions: ColumnElement[bool]) -> None:
    tx.session.execute(
        update(RunSheet).where(*_of_span(span), RunSheet.state == "waiting", *conditions)
        .values(state="failed", failure=why)
    )  # fmt: skip
