"""What was found: issues with their decisions, trainees, corrections."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from archive_verify.store.tables.base import Base, Id, Plain, Sha256


class IssueRow(Base):
    """A finding of an archive across its runs; `present` tells whether the current run still has it."""

    __tablename__ = "issues"
    __table_args__ = (
        UniqueConstraint("archive_id", "fingerprint"),
        Index("ix_issues_archive_id_present_position", "archive_id", "present", "position", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    archive_id: Mapped[str] = mapped_column(ForeignKey("archives.id"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(12))     # the id in the report of the last run that had it
    position: Mapped[int]                               # order of a reviewer's reading
    code: Mapped[str] = mapped_column(String(40))
    severity: Mapped[str] = mapped_column(String(8))
    message: Mapped[str]
    citation: Mapped[str]
    trainee: Mapped[int | None]                         # roster row
    document: Mapped[str | None]
    expected: Mapped[str | None]
    found: Mapped[str | None]
    pages: Mapped[list[int]]
    boxes: Mapped[list[Any]]                            # [{"page", "box"}]
    cross: Mapped[bool] = mapped_column(default=False)  # found across archives, not by a run
    present: Mapped[bool]
    first_run_id: Mapped[str] = mapped_column(String(26))
    last_run_id: Mapped[str] = mapped_column(String(26))
    state: Mapped[str] = mapped_column(String(10), default="open")      # decisions.State
    version: Mapped[int] = mapped_column(default=0)     # of the decision
    reason: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]


class Decision(Base):
    """One decision on an issue; its version numbers have no gap and none twice."""

    __tablename__ = "decisions"

    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
    by_name: Mapped[str]
    at: Mapped[datetime]


class TraineeRow(Base):
    """A trainee of an archive's current run."""

    __tablename__ = "trainees"
    __table_args__ = (
        UniqueConstraint("archive_id", "row"),
        Index("ix_trainees_institution_id_id", "institution_id", "id"),
        Index("ix_trainees_standing_id", "standing", "id"),
        Index("ix_trainees_institution_id_standing_id", "institution_id", "standing", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    archive_id: Mapped[str] = mapped_column(ForeignKey("archives.id"))
    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    row: Mapped[int]
    name: Mapped[str] = mapped_column(Plain)
    id_number: Mapped[str] = mapped_column(Plain, index=True)
    id_reversed: Mapped[str] = mapped_column(Plain, index=True)
    employment_type: Mapped[str] = mapped_column(String(16))
    verdict: Mapped[str] = mapped_column(String(16))    # of the program
    standing: Mapped[str] = mapped_column(String(16))   # with the reviewers' decisions
    documents: Mapped[list[str]]
    start_date: Mapped[date | None]                     # of the class
    end_date: Mapped[date | None]


class TraineeTerm(Base):
    """The endings of a trainee's name: a part of the name is the beginning of one of them."""

    __tablename__ = "trainee_terms"
    __table_args__ = ({"sqlite_with_rowid": False},)

    term: Mapped[str] = mapped_column(Plain, primary_key=True)
    trainee_id: Mapped[int] = mapped_column(
        ForeignKey("trainees.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class EvidenceMark(Base):
    """A page that serves as one person's proof, to be found again in other archives."""

    __tablename__ = "evidence_marks"

    id: Mapped[int] = mapped_column(primary_key=True)
    archive_id: Mapped[str] = mapped_column(ForeignKey("archives.id", ondelete="CASCADE"), index=True)
    page: Mapped[int]
    trainee: Mapped[int]                                # roster row
    fingerprint: Mapped[str]                            # raster.fingerprint of the page
    reading_key: Mapped[str] = mapped_column(String(64))
    part: Mapped[int]                                   # which of the reading's pages


class EvidenceBand(Base):
    """One of the pieces of a mark's fingerprint; pages that look alike share at least one."""

    __tablename__ = "evidence_bands"
    __table_args__ = ({"sqlite_with_rowid": False},)

    band: Mapped[str] = mapped_column(Plain, primary_key=True)
    mark_id: Mapped[int] = mapped_column(
        ForeignKey("evidence_marks.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class CorrectionRow(Base):
    """What a reviewer set right: a value (kind "value"), or a page's type or beginning ("page")."""

    __tablename__ = "corrections"

    id: Mapped[Id]
    archive_id: Mapped[str] = mapped_column(ForeignKey("archives.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    sha256: Mapped[Sha256]
    file_page: Mapped[int]
    half: Mapped[str | None] = mapped_column(String(6))
    box: Mapped[list[Any] | None]
    field: Mapped[str] = mapped_column(default="")
    old: Mapped[str] = mapped_column(default="")
    value: Mapped[str] = mapped_column(default="")
    doc_type: Mapped[str | None] = mapped_column(String(24))
    starts: Mapped[bool | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    withdrawn_at: Mapped[datetime | None]


class DismissalReason(Base):
    """A reason reviewers may give for dismissing an issue, kept by the administrator."""

    __tablename__ = "dismissal_reasons"

    id: Mapped[Id]
    text: Mapped[str] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)


class YearlyTask(Base):
    """How many persons an institution is to train in a year."""

    __tablename__ = "yearly_tasks"

    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    headcount: Mapped[int]
