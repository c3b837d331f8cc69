"""Backup of the embedded set-up (SQLite and a directory of blobs) while it runs, and its restoring."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, select

from archive_verify.store import audit
from archive_verify.store.blobs import DirectoryBlobs
from archive_verify.store.config import ServiceSettings
from archive_verify.store.database import Actor, Store, open_store
from archive_verify.store.errors import Refused
from archive_verify.store.tables import Archive, Run, Upload, UploadPart, Volume

_DATABASE = "archive-verify.db"
_MANIFEST = "manifest.json"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """What a backup holds, or what was restored from it."""

    blobs: int
    bytes: int
    audit_rows: int


def backup(store: Store, target: Path) -> BackupSummary:
    """Write a backup into a directory; one made there before is brought up to date.

    The service may go on working: the database is taken at one moment, and blobs are never changed.
    Raises Refused for another set-up than the embedded one.
    """
    path = _sqlite_path(store.settings)
    if not isinstance(store.blobs, DirectoryBlobs):
        raise Refused("文件不在本机目录中，请用存储服务自己的备份办法")
    target.mkdir(parents=True, exist_ok=True)
    fresh = target / f".{_DATABASE}.partial"
    fresh.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(fresh)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    copied = open_store(ServiceSettings(data_dir=target / "unused", database_url=f"sqlite:///{fresh}",
                                        blob_url=str(target / "blobs")))  # fmt: skip
    try:
        with copied.reading() as session:
            wanted = sorted(_referenced(session.scalars(query) for query in _REFERENCES))
            rows = audit.verify(session).rows
        size = 0
        for sha256 in wanted:
            if not copied.blobs.has(sha256):
                kept, _ = copied.blobs.put(store.blobs.read(sha256))
                if kept != sha256:
                    raise Refused("存储中的文件已损坏", where=sha256, advice="请从更早的备份恢复这个文件")
            size += copied.blobs.size(sha256)
    finally:
        copied.close()
    with closing(sqlite3.connect(fresh)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")
    manifest = {"database": _sha256(fresh), "blobs": wanted, "audit_rows": rows}
    _write(target / f".{_MANIFEST}.partial", json.dumps(manifest))
    fresh.replace(target / _DATABASE)
    (target / f".{_MANIFEST}.partial").replace(target / _MANIFEST)
    return BackupSummary(len(wanted), size, rows)


def restore(source: Path, settings: ServiceSettings) -> BackupSummary:
    """Set up the data directory from a backup; every file and the audit chain are checked.

    Raises Refused where there is a database already, or where the backup is damaged.
    """
    path = _sqlite_path(settings)
    if path.exists():
        raise Refused("数据目录中已有数据库，不能覆盖", where=path, advice="请换一个空的数据目录")
    try:
        manifest = json.loads((source / _MANIFEST).read_text(encoding="utf-8"))
        damaged = _sha256(source / _DATABASE) != manifest["database"]
    except (OSError, ValueError, KeyError) as error:
        raise Refused("不是完整的备份", where=source) from error
    if damaged:
        raise Refused("备份中的数据库已损坏", where=source / _DATABASE)
    kept = DirectoryBlobs(source / "blobs")
    blobs = DirectoryBlobs(Path(settings.blobs))
    size = 0
    for sha256 in manifest["blobs"]:
        stored, length = blobs.put(kept.read(sha256))
        if stored != sha256:
            blobs.remove(stored)
            raise Refused("备份中的文件已损坏", where=sha256)
        size += length
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as stream:
        for chunk in _chunks(source / _DATABASE):
            stream.write(chunk)
        os.fsync(stream.fileno())
    partial.replace(path)
    store = open_store(settings, migrating=True)
    try:
        with store.reading() as session:
            verdict = audit.verify(session)
        if not verdict.valid:
            raise Refused(f"备份中的日志第 {verdict.seq} 行：{verdict.fault}", where=source)
        with store.writing(Actor.system("restore")) as tx:
            # The pieces of uploads are not in a backup: their senders begin again.
            tx.session.execute(delete(UploadPart))
            tx.session.execute(delete(Upload))
            tx.audit("restore", "database", source.name, new={"blobs": len(manifest["blobs"])})
    finally:
        store.close()
    return BackupSummary(len(manifest["blobs"]), size, verdict.rows)


_REFERENCES = (select(Volume.sha256), select(Archive.roster_sha256), select(Run.roster_sha256))


def _referenced(columns: Iterable[Iterable[str | None]]) -> set[str]:
    return {sha256 for column in columns for sha256 in column if sha256}


def _sqlite_path(settings: ServiceSettings) -> Path:
    if not settings.database.startswith("sqlite:///"):
        raise Refused("数据库不是 SQLite，请用 pg_dump 和存储服务自己的办法备份")
    return Path(settings.database.removeprefix("sqlite:///"))


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
