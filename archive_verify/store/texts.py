"""The text that waits: read when a run is judged, span by span, by whoever claims it.

The sheets of a run tell which of them have such text. A span is claimed with a lease, as for its first
reading, and is given up when it has ended its process too often: what was judged does not need it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from archive_verify.store.database import Transaction, changed_rows
from archive_verify.store.runs import ATTEMPTS, SpanInput, State, input_of
from archive_verify.store.tables import Run, RunSheet, RunSpan

_IN_SPAN = and_(
    RunSheet.run_id == RunSpan.run_id, RunSheet.number >= RunSpan.first, RunSheet.number <= RunSpan.last
)


def claim(tx: Transaction, span_id: str, owner: str, seconds: float) -> SpanInput | None:
    """Take up the waiting text of a span for so long; None where there is none, or the run is not judged."""
    span = tx.session.get(RunSpan, span_id, with_for_update=True, populate_existing=True)
    if span is None:
        return None
    run = tx.session.get_one(Run, span.run_id, populate_existing=True)
    held = span.state == "leased" and span.lease_until is not None and span.lease_until >= tx.now
    if run.state != State.DONE or held:
        return None
    mine = select(RunSheet.number).where(
        RunSheet.run_id == run.id, RunSheet.number >= span.first, RunSheet.number <= span.last, RunSheet.waits
    )
    numbers = tuple(tx.session.scalars(mine.order_by(RunSheet.number)))
    if not numbers:
        return None
    if span.attempts >= ATTEMPTS:
        for number in numbers:
            text_read(tx, run.id, number)
        span.state, span.lease_owner, span.lease_until = "done", "", None
        return None
    span.state, span.lease_owner, span.attempts = "leased", owner, span.attempts + 1
    span.lease_until = tx.now + timedelta(seconds=seconds)
    return SpanInput(span_id, input_of(run), numbers)


def text_read(tx: Transaction, run_id: str, number: int) -> bool:
    """Nothing of a sheet waits any longer; False where its archive was deleted meanwhile."""
    done = tx.session.execute(
        update(RunSheet).where(RunSheet.run_id == run_id, RunSheet.number == number).values(waits=False)
    )
    return changed_rows(done) == 1


def give_back(tx: Transaction, span_id: str, owner: str, *, done: bool) -> None:
    """Let go of a span: its text is read, or it was no fault of it that this could not be done now."""
    span = tx.session.get(RunSpan, span_id, with_for_update=True, populate_existing=True)
    if span is None or span.lease_owner != owner or span.state != "leased":
        return
    span.state, span.lease_owner, span.lease_until = "done", "", None
    if not done:
        span.attempts -= 1


def waiting(session: Session, now: datetime, run_id: str | None = None) -> tuple[str, ...]:
    """The spans of judged runs, or of one of them, whose text waits and at which nobody is at work."""
    free = or_(RunSpan.state == "done", and_(RunSpan.state == "leased", RunSpan.lease_until < now))
    query = (
        select(RunSpan.id).join(RunSheet, _IN_SPAN).join(Run, Run.id == RunSpan.run_id)
        .where(RunSheet.waits, Run.state == State.DONE, free).distinct().order_by(RunSpan.id)
    )  # fmt: skip
    return tuple(session.scalars(query.where(RunSpan.run_id == run_id) if run_id else query))
