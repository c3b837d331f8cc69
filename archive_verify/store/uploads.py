"""Files on their way in: pieces are kept as they arrive, so that an upload goes on where it broke off."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from archive_verify.store.archives import NewVolume, add_volume, locked, set_roster
from archive_verify.store.database import EVERYTHING, Actor, Scope, Store, Transaction, changed_rows
from archive_verify.store.errors import Conflict, NotFound, Refused
from archive_verify.store.tables import Archive, Upload, UploadPart, Volume

Purpose = Literal["volume", "roster"]


def begin(
    tx: Transaction, archive_id: str, *, name: str, purpose: Purpose, length: int, replaces: str | None = None,
    most_bytes: int | None = None,
) -> Upload:  # fmt: skip
    """Announce a file of `length` bytes, which may be to take the place of volume `replaces`.

    Raises Refused where the archive would hold more than `most_bytes`, with what is still on its way.
    """
    archive = locked(tx, archive_id)
    if length < 1:
        raise Refused("文件是空的", where=name)
    if most_bytes is not None and _bytes_of(tx.session, archive_id, replaces) + length > most_bytes:
        raise Refused(f"一份档案的文件合计超过上限 {most_bytes // 1024**2} MB", advice="请先移除不需要的文件")
    upload = Upload(
        archive_id=archive.id, name=_file_name(name), purpose=purpose, length=length, offset=0,
        replaces=replaces,
        created_at=tx.now, created_by=tx.actor.id, touched_at=tx.now,
    )  # fmt: skip
    tx.session.add(upload)
    tx.session.flush()
    return upload


def get(session: Session, upload_id: str, scope: Scope = EVERYTHING) -> Upload:
    """Raises NotFound."""
    upload = session.get(Upload, upload_id)
    if upload is None:
        raise NotFound("没有这个上传")
    scope.admit(session.get_one(Archive, upload.archive_id).institution_id)
    return upload


def receive(store: Store, actor: Actor, upload_id: str, offset: int, content: bytes) -> int:
    """Keep the next piece durably; the new offset.

    Raises Conflict (`current` is the offset that is expected) where the piece does not go on where
    the last one ended: also for one of two senders at once.
    """
    with store.reading() as session:
        upload = get(session, upload_id)
    if offset != upload.offset:
        raise Conflict("上传位置不符", current=upload.offset)
    if offset + len(content) > upload.length:
        raise Refused("内容比声明的长", where=upload.name)
    if not content:
        return offset
    store.blobs.put_part(upload_id, offset, content)
    with store.writing(actor) as tx:
        moved = tx.session.execute(
            update(Upload).where(Upload.id == upload_id, Upload.offset == offset)
            .values(offset=offset + len(content), touched_at=tx.now)
        )  # fmt: skip
        if changed_rows(moved) != 1:
            present = tx.session.get(Upload, upload_id)
            raise Conflict("上传位置不符", current=None if present is None else present.offset)
        tx.session.add(UploadPart(upload_id=upload_id, offset=offset, bytes=len(content)))
    return offset + len(content)


def finish(store: Store, actor: Actor, upload_id: str) -> str:
    """Make the complete upload a blob and a volume (or the roster) of its archive; the SHA-256.

    May be called again after a crash: it answers alike and adds nothing twice.
    """
    with store.reading() as session:
        upload = get(session, upload_id)
        parts = session.execute(
            select(UploadPart.offset, UploadPart.bytes).where(UploadPart.upload_id == upload_id)
            .order_by(UploadPart.offset)
        ).all()  # fmt: skip
    if upload.sha256 is not None:
        return upload.sha256
    if upload.offset != upload.length:
        raise Conflict("文件还没有传完", current=upload.offset)
    sha256, length = store.blobs.put(store.blobs.read_parts(upload_id, [(part.offset, part.bytes) for part in parts]))
    if length != upload.length:
        raise Refused("传到的内容不完整", where=upload.name, advice="请重新上传")
    with store.writing(actor) as tx:
        done = tx.session.execute(
            update(Upload).where(Upload.id == upload_id, Upload.sha256.is_(None)).values(sha256=sha256)
        )
        if changed_rows(done) == 1:
            if upload.purpose == "roster":
                set_roster(tx, upload.archive_id, sha256, upload.name)
            else:
                volume = NewVolume(sha256, upload.name, length)
                add_volume(tx, upload.archive_id, volume, replaces=upload.replaces)
    store.blobs.drop_parts(upload_id)
    return sha256


def drop(store: Store, actor: Actor, upload_id: str) -> None:
    """Forget an upload and its pieces; what became a volume stays."""
    with store.writing(actor) as tx:
        upload = get(tx.session, upload_id)
        tx.session.delete(upload)
    store.blobs.drop_parts(upload_id)


def tidy(store: Store, actor: Actor) -> int:
    """Forget uploads that nobody went on with; how many."""
    limit = store.clock() - timedelta(hours=store.settings.upload_hours)
    with store.reading() as session:
        old = list(session.scalars(select(Upload.id).where(Upload.touched_at < limit)))
    for upload_id in old:
        drop(store, actor, upload_id)
    return len(old)


def _bytes_of(session: Session, archive_id: str, replaced: str | None) -> int:
    """What the archive's volumes hold but for the replaced one, and what its unfinished uploads will."""
    stored = select(func.coalesce(func.sum(Volume.bytes), 0)).where(
        Volume.archive_id == archive_id, Volume.set_aside_at.is_(None), Volume.id != (replaced or "")
    )
    coming = select(func.coalesce(func.sum(Upload.length), 0)).where(
        Upload.archive_id == archive_id, Upload.sha256.is_(None)
    )
    return int(session.scalars(stored).one()) + int(session.scalars(coming).one())


def _file_name(name: str) -> str:
    """The last part of a path, without characters that cannot be seen."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(char for char in last if char.isprintable()).strip()
    if shown in ("", ".", ".."):
        raise Refused("文件没有名称")
    stem, dot, ending = shown.rpartition(".")
    return f"{stem[:150]}{dot}{ending[:20]}" if dot else shown[:150]


