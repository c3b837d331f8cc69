"""How long archives are kept, and how they are deleted when that time is over."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, delete, exists, select, update

from archive_verify.store.database import Actor, Store, Transaction
from archive_verify.store.errors import Conflict, NotFound, Refused
from archive_verify.store.tables import (
    Archive,
    CorrectionRow,
    Decision,
    EvidenceMark,
    IssueRow,
    PageReadingRow,
    ReadingUse,
    Run,
    RunResult,
    RunSheet,
    RunSpan,
    TraineeRow,
    Upload,
    Volume,
)


def keep_until(end_date: date | None, years: int) -> date | None:
    """The last day on which an archive must be kept; None while the end of the class is not known."""
    if end_date is None:
        return None
    try:
        return end_date.replace(year=end_date.year + years)
    except ValueError:                  # 29 February
        return end_date.replace(year=end_date.year + years, month=3, day=1)


def delete_archive(store: Store, actor: Actor, archive_id: str, reason: str) -> None:
    """Delete an archive's papers and findings; its row and its audit rows stay.

    Raises Refused before the end of its keep-until day, also where that day is not known, and Conflict
    while it is being checked. Drafts that were never submitted may go at any time. Originals go only
    where no other archive has them.
    """
    with store.writing(actor) as tx:
        archive = tx.session.get(Archive, archive_id, with_for_update=True, populate_existing=True)
        if archive is None or archive.deleted_at is not None:
            raise NotFound("没有这份档案")
        if archive.state != "draft" and (archive.keep_until is None or tx.now.date() <= archive.keep_until):
            until = archive.keep_until.isoformat() if archive.keep_until else "（培训结束日期不详）"
            raise Refused(f"保管期未满，须保管到 {until}", advice="期满后才能删除")
        active = tx.session.scalar(select(Run.id).where(Run.archive_id == archive_id, Run.ended_at.is_(None)))
        if active is not None:
            raise Conflict("这份档案正在核查", current=active, advice="请先取消核查")
        pending = list(tx.session.scalars(select(Upload.id).where(Upload.archive_id == archive_id)))
        shas = set(tx.session.scalars(select(Volume.sha256).where(Volume.archive_id == archive_id)))
        shas |= {archive.roster_sha256} if archive.roster_sha256 else set()
        runs = select(Run.id).where(Run.archive_id == archive_id)
        shas |= set(tx.session.scalars(select(Run.roster_sha256).where(Run.archive_id == archive_id)))
        issues = select(IssueRow.id).where(IssueRow.archive_id == archive_id)
        _delete_readings(tx, runs)
        for table in (RunResult, RunSheet, RunSpan):
            tx.session.execute(delete(table).where(table.run_id.in_(runs)))
        tx.session.execute(delete(Decision).where(Decision.issue_id.in_(issues)))
        for owned in (Run, IssueRow, TraineeRow, EvidenceMark, CorrectionRow, Volume, Upload):
            tx.session.execute(delete(owned).where(owned.archive_id == archive_id))
        old = {"name": archive.name, "institution_id": archive.institution_id, "state": archive.state}
        tx.session.execute(
            update(Archive).where(Archive.id == archive_id).values(
                state="deleted", deleted_at=tx.now, class_facts={}, counts={}, current_run_id=None,
                roster_sha256=None, roster_name="", version=Archive.version + 1,
            )
        )  # fmt: skip
        new = {"reason": reason, "blobs": sorted(shas)}
        tx.audit("archive.delete", "archive", archive_id, old=old, new=new, archive_id=archive_id)
    for upload_id in pending:
        store.blobs.drop_parts(upload_id)
    remove_orphans(store, shas)


def _delete_readings(tx: Transaction, runs: Select[str]) -> None:
    """Forget what was read for these runs, but for pages that another archive has too."""
    keys = set(tx.session.scalars(select(ReadingUse.key).where(ReadingUse.run_id.in_(runs))))
    tx.session.execute(delete(ReadingUse).where(ReadingUse.run_id.in_(runs)))
    for key in keys:
        used = exists().where(ReadingUse.key == key)
        tx.session.execute(delete(PageReadingRow).where(PageReadingRow.key == key, ~used))


def remove_orphans(store: Store, shas: set[str]) -> int:
    """Delete those blobs that no archive and no run has any more; how many."""
    removed = 0
    for sha256 in sorted(shas):
        with store.reading() as session:
            used = session.scalar(
                select(
                    exists().where(Volume.sha256 == sha256) | exists().where(Archive.roster_sha256 == sha256)
                    | exists().where(Run.roster_sha256 == sha256) | exists().where(Upload.sha256 == sha256)
                )
            )  # fmt: skip
        if not used:
            store.blobs.remove(sha256)
            removed += 1
    return removed
