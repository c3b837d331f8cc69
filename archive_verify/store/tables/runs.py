"""The checks of an archive and what was read for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from archive_verify.store.tables.base import Base, Id, Sha256

_ACTIVE = text("state IN ('queued', 'opening', 'reading', 'judging')")


class Run(Base):
    """One check. What goes in is copied here, so that two runs of one archive never mix.

    `reading_run_id` names the run whose sheets and looks are used: itself, or for a judging without
    reading an earlier one. `base_run_id` is the archive's current run when this one was started.
    """

    __tablename__ = "runs"
    __table_args__ = (
        Index("ix_runs_archive_id_id", "archive_id", "id"),
        Index("one_active_run", "archive_id", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
        Index("ix_runs_state", "state"),
    )

    id: Mapped[Id]
    archive_id: Mapped[str] = mapped_column(ForeignKey("archives.id"))
    kind: Mapped[str] = mapped_column(String(12))       # runs.Kind
    state: Mapped[str] = mapped_column(String(12))      # runs.State
    policy: Mapped[str]
    engine: Mapped[str] = mapped_column(default="")     # fingerprint of engine and weights
    code_version: Mapped[str] = mapped_column(default="")
    volumes: Mapped[list[Any]]                          # [{"sha256", "name"}]
    roster_sha256: Mapped[Sha256]
    roster_name: Mapped[str]
    class_facts: Mapped[dict[str, Any]]
    reading_run_id: Mapped[str] = mapped_column(String(26))
    base_run_id: Mapped[str | None] = mapped_column(String(26))
    sheets_total: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)    # at the present stage
    lease_owner: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    reading_at: Mapped[datetime | None]
    judging_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    across_at: Mapped[datetime | None]                  # held beside all other archives
    seconds: Mapped[dict[str, Any]] = mapped_column(default=dict)
    failure: Mapped[str] = mapped_column(default="")


class RunSpan(Base):
    """Consecutive sheets that one job reads."""

    __tablename__ = "run_spans"
    __table_args__ = (Index("ix_run_spans_run_id_state", "run_id", "state"),)

    id: Mapped[Id]
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    first: Mapped[int]                                  # sheet numbers, from 0, both inclusive
    last: Mapped[int]
    state: Mapped[str] = mapped_column(String(8))       # waiting | leased | done
    lease_owner: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)


class RunSheet(Base):
    """One sheet of a run, by its place in the binder."""

    __tablename__ = "run_sheets"
    __table_args__ = (
        Index("ix_run_sheets_waits", "run_id", sqlite_where=text("waits = 1"), postgresql_where=text("waits")),
    )

    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[Sha256]
    file_page: Mapped[int]
    state: Mapped[str] = mapped_column(String(8))       # waiting | read | failed
    reading_key: Mapped[str] = mapped_column(String(64), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(default="")
    waits: Mapped[bool] = mapped_column(default=False, server_default=false())     # text is still to be read


class PageReadingRow(Base):
    """A reading by the content of what was read: page bytes, engine, weights, resolution, code."""

    __tablename__ = "page_readings"

    key: Mapped[Sha256] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)                 # JSON, zlib
    created_at: Mapped[datetime]


class ReadingUse(Base):
    """That a run took a reading: it goes with the last archive that used it."""

    __tablename__ = "reading_uses"

    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)


class RunResult(Base):
    """What a finished run found out: the report, the second looks it took, its issues' fingerprints."""

    __tablename__ = "run_results"

    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    report: Mapped[bytes] = mapped_column(LargeBinary)                  # report.json, zlib
    looks: Mapped[bytes] = mapped_column(LargeBinary)                   # JSON, zlib
    fingerprints: Mapped[list[str]]                                     # in the order of the report's issues
