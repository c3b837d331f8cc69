"""The archives (one per class), their volumes, and what is on its way in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from archive_verify.store.tables.base import Base, Id, Sha256


class Archive(Base):
    """The archive of one class. `version` grows with every change to it."""

    __tablename__ = "archives"
    __table_args__ = (
        Index("ix_archives_institution_id_id", "institution_id", "id"),
        Index("ix_archives_state_id", "state", "id"),
    )

    id: Mapped[Id]
    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    name: Mapped[str]
    occupation: Mapped[str] = mapped_column(default="")
    training_kind: Mapped[str] = mapped_column(String(20), default="")
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    class_facts: Mapped[dict[str, Any]] = mapped_column(default=dict)   # as in CLASS.toml, plain values
    roster_sha256: Mapped[Sha256 | None] = mapped_column(String(64))
    roster_name: Mapped[str] = mapped_column(default="")
    policy: Mapped[str]
    state: Mapped[str] = mapped_column(String(12))      # archives.State
    keep_until: Mapped[date | None]
    current_run_id: Mapped[str | None] = mapped_column(String(26))      # the last one that was finished
    # Of the current run, for lists: verdict -> trainees, state -> open issues, money.
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    open_errors: Mapped[int] = mapped_column(default=0)
    open_issues: Mapped[int] = mapped_column(default=0)
    fen_at_stake: Mapped[int] = mapped_column(BigInteger, default=0, index=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    deleted_at: Mapped[datetime | None]


class Volume(Base):
    """One file of an archive. A replaced one stays, with the time it was set aside."""

    __tablename__ = "volumes"
    __table_args__ = (Index("ix_volumes_archive_id_position", "archive_id", "position"),)

    id: Mapped[Id]
    archive_id: Mapped[str] = mapped_column(ForeignKey("archives.id"))
    position: Mapped[int]
    sha256: Mapped[Sha256] = mapped_column(String(64), index=True)
    name: Mapped[str]
    bytes: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime]
    added_by: Mapped[str]
    set_aside_at: Mapped[datetime | None]


class Upload(Base):
    """A file on its way in (tus): bytes up to `offset` are in the blob store's incoming area."""

    __tablename__ = "uploads"

    id: Mapped[Id]
    archive_id: Mapped[str] = mapped_column(ForeignKey("archives.id"), index=True)
    name: Mapped[str]
    purpose: Mapped[str] = mapped_column(String(10))    # volume | roster
    replaces: Mapped[str | None] = mapped_column(String(26))            # a volume's id
    length: Mapped[int] = mapped_column(BigInteger)
    offset: Mapped[int] = mapped_column(BigInteger, default=0)
    sha256: Mapped[Sha256 | None] = mapped_column(String(64))           # once complete
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    touched_at: Mapped[datetime] = mapped_column(index=True)


class UploadPart(Base):
    """A piece of an upload, in the order of its offset; gone once the upload is complete."""

    __tablename__ = "upload_parts"

    upload_id: Mapped[str] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True)
    offset: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    bytes: Mapped[int] = mapped_column(BigInteger)


class IdempotentCall(Base):
    """What a creating call answered, so that the same call again answers alike."""

    __tablename__ = "idempotent_calls"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(26))
    key: Mapped[str]
    request_hash: Mapped[Sha256]
    status: Mapped[int]
    headers: Mapped[dict[str, Any]] = mapped_column(JSON)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(index=True)
