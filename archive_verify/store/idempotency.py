"""A creating call that is sent twice creates once and answers alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive_verify.store.database import Transaction
from archive_verify.store.errors import Refused
from archive_verify.store.tables import IdempotentCall

KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call was answered."""

    status: int
    headers: dict[str, str]
    body: bytes


def recall(session: Session, user_id: str, key: str, request_hash: str) -> Answer | None:
    """The answer to the same call before, or None. Raises Refused for another call with the key."""
    call = session.scalar(
        select(IdempotentCall).where(IdempotentCall.user_id == user_id, IdempotentCall.key == key)
    )
    if call is None:
        return None
    if call.request_hash != request_hash:
        raise Refused("这个 Idempotency-Key 已用于另一个请求", advice="请换一个")
    return Answer(call.status, call.headers, call.body)


def remember(tx: Transaction, user_id: str, key: str, request_hash: str, answer: Answer) -> None:
    """Keep the answer, in the transaction that creates: of two at once, the second fails whole
    (IntegrityError at commit) and finds the first one's answer when asked again."""
    tx.session.add(
        IdempotentCall(
            user_id=user_id, key=key, request_hash=request_hash, status=answer.status, headers=answer.headers,
            body=answer.body, at=tx.now,
        )
    )  # fmt: skip


def tidy(tx: Transaction) -> None:
    """Forget calls that are long past."""
    tx.session.execute(delete(IdempotentCall).where(IdempotentCall.at < tx.now - KEPT))
