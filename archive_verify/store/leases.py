"""Leases besides the steps of a run: held longer by who works, ended at once for who died."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive_verify.store.database import Transaction, changed_rows
from archive_verify.store.tables import Run, RunSpan


def hold_span(tx: Transaction, span_id: str, owner: str, seconds: float) -> bool:
    """Hold a span for so long from now; False where it is another's by now."""
    held = tx.session.execute(
        update(RunSpan).where(RunSpan.id == span_id, RunSpan.lease_owner == owner, RunSpan.state == "leased")
        .values(lease_until=tx.now + timedelta(seconds=seconds))
    )  # fmt: skip
    return changed_rows(held) == 1


def hand_back(tx: Transaction, run_id: str, owner: str) -> bool:
    """Give an opening or a judging back that did not fail by itself: the attempt does not count."""
    held = tx.session.execute(
        update(Run).where(Run.id == run_id, Run.lease_owner == owner, Run.lease_until.is_not(None))
        .values(lease_until=None, lease_owner="", attempts=Run.attempts - 1)
    )  # fmt: skip
    return changed_rows(held) == 1


def owners(session: Session) -> set[str]:
    """Who holds anything."""
    spans = session.scalars(select(RunSpan.lease_owner).where(RunSpan.state == "leased"))
    held = session.scalars(select(Run.lease_owner).where(Run.lease_until.is_not(None)))
    return {owner for owner in (*spans, *held) if owner}


def give_up(tx: Transaction, owner: str) -> int:
    """End all that a process held which is known to have died: how many pieces.

    A sheet it had begun stays counted: a page that kills its process is found out by that.
    """
    over = tx.now - timedelta(seconds=1)
    spans = tx.session.execute(
        update(RunSpan).where(RunSpan.lease_owner == owner, RunSpan.state == "leased").values(lease_until=over)
    )
    held = tx.session.execute(
        update(Run).where(Run.lease_owner == owner, Run.lease_until.is_not(None)).values(lease_until=over)
    )
    return changed_rows(spans) + changed_rows(held)
