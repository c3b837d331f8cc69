"""What the administrator keeps: reasons for dismissals, the institutions' tasks of the year."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive_verify.store.database import Transaction
from archive_verify.store.errors import Conflict, NotFound, Refused
from archive_verify.store.people import get_institution
from archive_verify.store.tables import DismissalReason, YearlyTask


def reasons(session: Session, *, active: bool = True) -> list[DismissalReason]:
    """The reasons in their order; those taken out of use too, where `active` is False."""
    query = select(DismissalReason).order_by(DismissalReason.position, DismissalReason.id)
    return list(session.scalars(query.where(DismissalReason.active) if active else query))


def add_reason(tx: Transaction, text: str) -> DismissalReason:
    """A further reason. Raises Conflict where it is there."""
    text = " ".join(text.split())
    if not 2 <= len(text) <= 100:
        raise Refused("理由应为 2 到 100 个字")
    if tx.session.scalar(select(DismissalReason.id).where(DismissalReason.text == text)):
        raise Conflict("已有这个理由")
    last = tx.session.scalar(select(func.max(DismissalReason.position))) or 0
    reason = DismissalReason(text=text, active=True, position=last + 1)
    tx.session.add(reason)
    tx.session.flush()
    tx.audit("reason.add", "reason", reason.id, new=text)
    return reason


def use_reason(tx: Transaction, reason_id: str, *, active: bool) -> DismissalReason:
    """Take a reason out of use, or back into it; decisions made with it stay."""
    reason = tx.session.get(DismissalReason, reason_id)
    if reason is None:
        raise NotFound("没有这个理由")
    old, reason.active = reason.active, active
    tx.audit("reason.use", "reason", reason_id, old=old, new=active)
    return reason


def tasks(session: Session, year: int) -> dict[str, int]:
    """Institution -> persons it is to train in the year."""
    rows = session.scalars(select(YearlyTask).where(YearlyTask.year == year))
    return {row.institution_id: row.headcount for row in rows}


def set_task(tx: Transaction, institution_id: str, year: int, headcount: int) -> None:
    """How many persons an institution is to train in a year."""
    get_institution(tx.session, institution_id)
    if headcount < 1 or not 2000 <= year <= 2100:
        raise Refused("年度或人数不对")
    row = tx.session.get(YearlyTask, (institution_id, year))
    old = row.headcount if row else None
    if row is None:
        tx.session.add(YearlyTask(institution_id=institution_id, year=year, headcount=headcount))
    else:
        row.headcount = headcount
    new = {"year": year, "headcount": headcount}
    tx.audit("task.set", "institution", institution_id, old=old, new=new)
