"""The audit log and the service's own settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from archive_verify.store.tables.base import Base, Sha256


class AuditRow(Base):
    """Who did what when; `hash` covers the row and the hash of the one before."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_archive_id_seq", "archive_id", "seq"),
        Index("ix_audit_log_actor_id_seq", "actor_id", "seq"),
        Index("ix_audit_log_action_seq", "action", "seq"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(8))
    actor_id: Mapped[str]
    actor_name: Mapped[str]
    address: Mapped[str]
    action: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str]
    archive_id: Mapped[str | None] = mapped_column(String(26))
    old: Mapped[Any] = mapped_column(JSON, nullable=True)
    new: Mapped[Any] = mapped_column(JSON, nullable=True)
    previous: Mapped[Sha256]
    hash: Mapped[Sha256]


class AuditHead(Base):
    """The last row of the log. Its lock puts concurrent writers in a row; it also shows a cut-off end."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[Sha256]


class SettingRow(Base):
    """What the administrator adds while the service runs, such as a policy."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
