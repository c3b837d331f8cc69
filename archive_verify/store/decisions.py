"""What reviewers decide of issues. Nobody overwrites a decision that he has not seen."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive_verify.store.archives import locked
from archive_verify.store.database import Transaction, changed_rows
from archive_verify.store.errors import Conflict, Refused
from archive_verify.store.findings import get_issue, settle
from archive_verify.store.tables import Decision, DismissalReason, IssueRow


class State(StrEnum):
    """What was decided; `open` takes a decision back."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    ILLEGIBLE = "illegible"


def decide(
    tx: Transaction, archive_id: str, issue_id: int, state: State, *, version: int, reason: str = "", note: str = ""
) -> IssueRow:
    """Decide on an issue as it stood at `version`; a dismissal needs a reason of the administrator's list.

    The trainee's standing and the archive's counts follow at once; rates and amount with the next
    judging. Raises Conflict (`current` is the issue) where another decision came first, Refused
    where the issue is closed or the reason is none.
    """
    archive = locked(tx, archive_id)
    issue = get_issue(tx.session, archive_id, issue_id)
    if not issue.present:
        raise Refused("这个问题已消除，不需要处理")
    if state is State.DISMISSED:
        _check_reason(tx.session, reason)
    elif reason:
        raise Refused("只有不成立的问题才填理由")
    old = {"state": issue.state, "version": issue.version}
    note = note.strip()[:2000]
    changed = tx.session.execute(
        update(IssueRow).where(IssueRow.id == issue_id, IssueRow.version == version)
        .values(
            state=state.value, version=version + 1, reason=reason, note=note, decided_by=tx.actor.name,
            decided_at=tx.now,
        ).execution_options(synchronize_session=False)
    )  # fmt: skip
    tx.session.refresh(issue)
    if changed_rows(changed) != 1:
        raise Conflict("这个问题已被别人处理", current=issue, advice="请看过再定")
    tx.session.add(
        Decision(
            issue_id=issue_id, version=version + 1, state=state.value, reason=reason, note=note,
            by=tx.actor.id, by_name=tx.actor.name, at=tx.now,
        )
    )  # fmt: skip
    settle(tx, archive)
    new = {"state": state.value, "version": version + 1, "reason": reason, "note": note}
    tx.audit("issue.decide", "issue", issue_id, old=old, new=new, archive_id=archive_id)
    return issue


def history(session: Session, archive_id: str, issue_id: int) -> list[Decision]:
    """All decisions on an issue, the first one first. Raises NotFound."""
    get_issue(session, archive_id, issue_id)
    return list(session.scalars(select(Decision).where(Decision.issue_id == issue_id).order_by(Decision.version)))


def dismissed(session: Session, archive_id: str) -> Mapping[str, str]:
    """Fingerprint -> reason of the archive's dismissed issues."""
    rows = session.execute(
        select(IssueRow.fingerprint, IssueRow.reason).where(
            IssueRow.archive_id == archive_id, IssueRow.state == State.DISMISSED
        )
    )
    return {row.fingerprint: row.reason for row in rows}


def _check_reason(session: Session, reason: str) -> None:
    known = session.scalar(
        select(DismissalReason.id).where(DismissalReason.text == reason, DismissalReason.active)
    )
    if known is None:
        raise Refused("请从理由列表中选择不成立的理由")
