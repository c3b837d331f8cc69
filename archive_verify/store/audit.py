"""The audit log: rows chained by hash, written under one lock, checked in the database or offline."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import IO, Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive_verify.store.tables import AuditHead, AuditRow

# The hash before the first row.
GENESIS = "0" * 64
_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be noted of one action."""

    at: datetime
    actor_kind: str
    actor_id: str
    actor_name: str
    address: str
    action: str
    subject_kind: str
    subject_id: str
    archive_id: str | None = None
    old: Any = None
    new: Any = None


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """Whether the chain is whole; else the first row at fault and what is wrong with it."""

    valid: bool
    rows: int
    seq: int | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows of the log are asked for; empty asks for all."""

    actor_id: str = ""
    action: str = ""
    archive_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


def append(session: Session, entries: Sequence[Entry]) -> None:
    """Write the entries behind the last row. Takes the log's lock until the transaction ends."""
    if not entries:
        return
    head = session.execute(select(AuditHead).where(AuditHead.id == 1).with_for_update()).scalar_one()
    seq, previous = head.seq, head.hash
    for entry in entries:
        seq += 1
        digest = row_hash(seq, previous, asdict(entry))
        session.add(AuditRow(seq=seq, previous=previous, hash=digest, **asdict(entry)))
        previous = digest
    session.flush()
    session.execute(update(AuditHead).where(AuditHead.id == 1).values(seq=seq, hash=previous))


def row_hash(seq: int, previous: str, values: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a row: keys sorted, no spaces, UTF-8, times in UTC."""
    content = {**values, "seq": seq, "previous": previous}
    if isinstance(content["at"], datetime):
        content["at"] = content["at"].astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def rows(session: Session, wanted: Filter, *, before: int | None = None, limit: int = 50) -> list[AuditRow]:
    """Rows of the log, newest first; `before` is the seq of the last row of the page before."""
    query = select(AuditRow).order_by(AuditRow.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditRow.seq < before)
    if wanted.actor_id:
        query = query.where(AuditRow.actor_id == wanted.actor_id)
    if wanted.action:
        query = query.where(AuditRow.action == wanted.action)
    if wanted.archive_id:
        query = query.where(AuditRow.archive_id == wanted.archive_id)
    if wanted.since is not None:
        query = query.where(AuditRow.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditRow.at < wanted.until)
    return list(session.scalars(query))


def verify(session: Session) -> ChainVerdict:
    """Check the whole chain in the database, its end against the head."""
    verdict, last = _verify(_plain(row) for row in _all(session))
    head = session.get_one(AuditHead, 1)
    if verdict.valid and (head.seq, head.hash) != (verdict.rows, last):
        return ChainVerdict(False, verdict.rows, verdict.rows + 1, "日志末尾缺行")
    return verdict


def lines(session: Session) -> Iterator[str]:
    """The log as JSON lines, one row each."""
    for row in _all(session):
        yield json.dumps(_plain(row), ensure_ascii=False, sort_keys=True) + "\n"


def export(session: Session, stream: IO[str]) -> int:
    """Write the log as JSON lines; returns how many."""
    count = 0
    for line in lines(session):
        stream.write(line)
        count += 1
    return count


def verify_export(given: Iterable[str]) -> ChainVerdict:
    """Check an exported log without a database. A cut-off end shows only against the row count kept elsewhere."""
    return _verify(_parsed(line) for line in given if line.strip())[0]


def _verify(records: Iterable[dict[str, Any]]) -> tuple[ChainVerdict, str]:
    previous, count = GENESIS, 0
    names = {field.name for field in fields(Entry)}
    for record in records:
        count += 1
        if record.get("seq") != count:
            return ChainVerdict(False, count, count, "行号不连续"), previous
        if record.get("previous") != previous:
            return ChainVerdict(False, count, count, "与上一行接不上"), previous
        values = {key: value for key, value in record.items() if key in names}
        if set(record) != names | {"seq", "previous", "hash"} or record["hash"] != row_hash(count, previous, values):
            return ChainVerdict(False, count, count, "内容被改动"), previous
        previous = record["hash"]
    return ChainVerdict(True, count), previous


def _parsed(line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError:
        return {}
    return record if isinstance(record, dict) else {}


def _plain(row: AuditRow) -> dict[str, Any]:
    names = [field.name for field in fields(Entry)]
    record = {name: getattr(row, name) for name in (*names, "seq", "previous", "hash")}
    record["at"] = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    return record


def _all(session: Session) -> Iterator[AuditRow]:
    seq = 0
    while True:
        found = list(session.scalars(select(AuditRow).where(AuditRow.seq > seq).order_by(AuditRow.seq).limit(_BATCH)))
        yield from found
        if len(found) < _BATCH:
            return
        seq = found[-1].seq
        session.expunge_all()
