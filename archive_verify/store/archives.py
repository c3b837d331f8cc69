"""The archives, one per class: what is known of them, their files, their way from draft to accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from archive_verify.store.class_toml import checked_facts, day_of
from archive_verify.store.database import EVERYTHING, Scope, Transaction
from archive_verify.store.errors import Conflict, NotFound, Refused
from archive_verify.store.people import get_institution
from archive_verify.store.retention import keep_until
from archive_verify.store.tables import Archive, Volume


class State(StrEnum):
    """Where an archive is on its way; `deleted` rows stay, without their content."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    DELETED = "deleted"


# The states from which a step may be taken.
_FROM: Mapping[State, tuple[State, ...]] = {
    State.SUBMITTED: (State.DRAFT, State.RETURNED),
    State.RETURNED: (State.SUBMITTED,),
    State.ACCEPTED: (State.SUBMITTED,),
    State.DRAFT: (),
    State.DELETED: (),
}
_IN_WORDS: Mapping[State, str] = {
    State.DRAFT: "草稿状态", State.SUBMITTED: "已提交", State.RETURNED: "已退回补正", State.ACCEPTED: "已通过",
    State.DELETED: "已删除",
}  # fmt: skip
_STEP_IN_WORDS: Mapping[State, str] = {
    State.SUBMITTED: "提交", State.RETURNED: "退回", State.ACCEPTED: "通过",
}
# In these the institution may change its papers and facts.
OPEN = (State.DRAFT, State.RETURNED)
Order = Literal["newest", "money", "errors", "name", "end"]
# What is compared, and whether the greatest comes first.
_ORDERS: Mapping[Order, tuple[ColumnElement[Any], bool]] = {
    "newest": (Archive.id.expression, True),
    "money": (Archive.fen_at_stake.expression, True),
    "errors": (Archive.open_errors.expression, True),
    "name": (Archive.name.expression, False),
    "end": (func.coalesce(Archive.end_date, date.min), True),
}


@dataclass(frozen=True, slots=True)
class ArchiveFilter:
    """Which archives are asked for; empty asks for all."""

    institution_id: str = ""
    state: str = ""
    text: str = ""                      # part of the class's name or occupation
    year: int | None = None             # in which the class ended
    standing: str = ""                  # a verdict that one trainee or more have
    least_fen: int = 0                  # money at stake


@dataclass(frozen=True, slots=True)
class NewVolume:
    """A stored blob that is to be a volume."""

    sha256: str
    name: str
    bytes: int


def create(tx: Transaction, *, institution_id: str, facts: Mapping[str, Any], policy: str) -> Archive:
    """A new draft. `facts` are those of CLASS.toml as plain values. Raises ClassFactsRefused, NotFound."""
    if not get_institution(tx.session, institution_id).active:
        raise Refused("这个机构已停用")
    archive = Archive(
        institution_id=institution_id, policy=policy, state=State.DRAFT, created_at=tx.now, name="",
        created_by=tx.actor.id, class_facts={}, counts={}, version=1,
    )  # fmt: skip
    _take_facts(archive, facts, tx.settings.retention_years)
    tx.session.add(archive)
    tx.session.flush()
    new = {"name": archive.name, "institution_id": institution_id, "facts": archive.class_facts}
    tx.audit("archive.create", "archive", archive.id, new=new, archive_id=archive.id)
    return archive


def change_facts(tx: Transaction, archive_id: str, facts: Mapping[str, Any], *, version: int) -> Archive:
    """Replace the facts of the class. Raises Conflict where `version` is not the present one."""
    archive = locked(tx, archive_id)
    _expect(archive, version)
    old = archive.class_facts
    _take_facts(archive, facts, tx.settings.retention_years)
    touch(archive)
    tx.audit("archive.facts", "archive", archive_id, old=old, new=archive.class_facts, archive_id=archive_id)
    return archive


def set_roster(tx: Transaction, archive_id: str, sha256: str, name: str) -> Archive:
    """The stored blob is the roster from the next run on."""
    archive = locked(tx, archive_id)
    old = archive.roster_sha256
    archive.roster_sha256, archive.roster_name = sha256, name
    touch(archive)
    tx.audit("archive.roster", "archive", archive_id, old=old, new=sha256, archive_id=archive_id)
    return archive


def add_volume(tx: Transaction, archive_id: str, volume: NewVolume, *, replaces: str | None = None) -> Volume:
    """A further volume behind the others, or in the place of volume `replaces`, which is set aside.

    Raises Conflict where the archive has the very same file already.
    """
    archive = locked(tx, archive_id)
    present = volumes(tx.session, archive_id)
    if any(one.sha256 == volume.sha256 for one in present):
        raise Conflict("这份档案里已有同一个文件")
    position = max((one.position for one in present), default=0) + 1
    if replaces is not None:
        old = _volume(present, replaces)
        position, old.set_aside_at = old.position, tx.now
    added = Volume(
        archive_id=archive_id, position=position, sha256=volume.sha256, name=volume.name,
        bytes=volume.bytes, added_at=tx.now, added_by=tx.actor.id,
    )  # fmt: skip
    tx.session.add(added)
    touch(archive)
    tx.session.flush()
    tx.audit(
        "volume.add", "volume", added.id, old=replaces, archive_id=archive_id,
        new={"sha256": volume.sha256, "name": volume.name, "position": position},
    )  # fmt: skip
    return added


def set_aside(tx: Transaction, archive_id: str, volume_id: str) -> None:
    """Leave a volume out of the next run; it stays stored and known."""
    archive = locked(tx, archive_id)
    volume = _volume(volumes(tx.session, archive_id), volume_id)
    volume.set_aside_at = tx.now
    touch(archive)
    tx.audit("volume.set_aside", "volume", volume_id, old=volume.sha256, archive_id=archive_id)


def reorder(tx: Transaction, archive_id: str, volume_ids: Sequence[str]) -> None:
    """The order of the volumes; all of them must be named."""
    archive = locked(tx, archive_id)
    present = {volume.id: volume for volume in volumes(tx.session, archive_id)}
    if sorted(volume_ids) != sorted(present):
        raise Refused("须列出全部分册，每册一次")
    old = list(present)
    for position, volume_id in enumerate(volume_ids, 1):
        present[volume_id].position = position
    touch(archive)
    tx.audit("volume.order", "archive", archive_id, old=old, new=list(volume_ids), archive_id=archive_id)


def volumes(session: Session, archive_id: str) -> list[Volume]:
    """The volumes in their order, without those set aside."""
    return list(
        session.scalars(
            select(Volume).where(Volume.archive_id == archive_id, Volume.set_aside_at.is_(None))
            .order_by(Volume.position, Volume.id)
        )
    )  # fmt: skip


def step(tx: Transaction, archive_id: str, to: State, *, note: str = "", version: int | None = None) -> Archive:
    """Submit, return or accept. Raises Refused where the present state does not allow it."""
    archive = locked(tx, archive_id)
    if version is not None:
        _expect(archive, version)
    if archive.state not in _FROM[to]:
        raise Refused(f"{_IN_WORDS[State(archive.state)]}的档案不能{_STEP_IN_WORDS[to]}")
    if to is State.SUBMITTED and (archive.roster_sha256 is None or not volumes(tx.session, archive_id)):
        raise Refused("还没有档案文件或花名册，不能提交")
    old, archive.state = archive.state, to.value
    touch(archive)
    tx.audit(
        "archive.state", "archive", archive_id, old=old, new={"state": to.value, "note": note}, archive_id=archive_id
    )
    return archive


def get(session: Session, archive_id: str, scope: Scope = EVERYTHING) -> Archive:
    """Raises NotFound: unknown, deleted, or another institution's."""
    archive = session.get(Archive, archive_id)
    if archive is None or archive.state == State.DELETED:
        raise NotFound("没有这份档案")
    scope.admit(archive.institution_id)
    return archive


def locked(tx: Transaction, archive_id: str) -> Archive:
    """The archive, that no other transaction may change meanwhile. Raises NotFound."""
    archive = tx.session.get(Archive, archive_id, with_for_update=True, populate_existing=True)
    if archive is None or archive.state == State.DELETED:
        raise NotFound("没有这份档案")
    return archive


def find(
    session: Session, scope: Scope, wanted: ArchiveFilter, *, order: Order = "newest",
    after: tuple[str, int] | None = None, limit: int = 50,
) -> list[Archive]:  # fmt: skip
    """Archives in an order, the newest first among equals.

    `after` is the id of the last one before and its fen at stake as they were shown: they may have changed since.
    """
    query = select(Archive).where(*_conditions(scope, wanted)).limit(limit)
    key, descending = _ORDERS[order]
    query = query.order_by(key.desc() if descending else key, Archive.id.desc())
    if after is not None:
        before, fen = after
        last: Any = fen if order == "money" else select(key).where(Archive.id == before).scalar_subquery()
        beyond = key < last if descending else key > last
        query = query.where(or_(beyond, and_(key == last, Archive.id < before)))
    return list(session.scalars(query))


def count(session: Session, scope: Scope, wanted: ArchiveFilter) -> int:
    """How many archives the filter finds."""
    return session.scalar(select(func.count()).select_from(Archive).where(*_conditions(scope, wanted))) or 0


def touch(archive: Archive) -> None:
    """The archive is another version from now on."""
    archive.version += 1


def _conditions(scope: Scope, wanted: ArchiveFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Archive.state != State.DELETED]
    institution = scope.institution_id or wanted.institution_id
    if scope.institution_id and wanted.institution_id and wanted.institution_id != scope.institution_id:
        raise NotFound("没有这个机构")
    if institution:
        found.append(Archive.institution_id == institution)
    if wanted.state:
        found.append(Archive.state == wanted.state)
    if wanted.text:
        found.append(or_(
            Archive.name.contains(wanted.text, autoescape=True),
            Archive.occupation.contains(wanted.text, autoescape=True),
        ))  # fmt: skip
    if wanted.year is not None:
        found.append(func.extract("year", Archive.end_date) == wanted.year)
    if wanted.standing:
        found.append(Archive.counts["verdicts"][wanted.standing].as_integer() > 0)
    if wanted.least_fen:
        found.append(Archive.fen_at_stake >= wanted.least_fen)
    return found


def _take_facts(archive: Archive, facts: Mapping[str, Any], retention_years: int) -> None:
    known, _ = checked_facts(facts)
    archive.class_facts = known
    archive.name = known.get("name", "")
    archive.occupation = known.get("occupation", "")
    archive.training_kind = known.get("training_kind", "")
    archive.start_date, archive.end_date = day_of(known, "start_date"), day_of(known, "end_date")
    archive.keep_until = keep_until(archive.end_date, retention_years)


def _expect(archive: Archive, version: int) -> None:
    if archive.version != version:
        raise Conflict("档案已被别人修改", current=archive.version, advice="请刷新后再改")


def _volume(present: Sequence[Volume], volume_id: str) -> Volume:
    for volume in present:
        if volume.id == volume_id:
            return volume
    raise NotFound("没有这个分册")
