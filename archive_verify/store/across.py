"""What only the archives together show: a person in two classes, a sheet that proves twice, order training."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from archive_verify.model import DocType, EmploymentType, Page
from archive_verify.repeats import find_repeats
from archive_verify.report.schema import Report
from archive_verify.store.administration import tasks
from archive_verify.store.archives import State, locked
from archive_verify.store.database import Actor, Store, Transaction
from archive_verify.store.errors import NotFound
from archive_verify.store.findings import report_of, settle
from archive_verify.store.readings import READINGS
from archive_verify.store.tables import (
    Archive,
    EvidenceBand,
    EvidenceMark,
    Institution,
    IssueRow,
    PageReadingRow,
    Run,
    RunSheet,
    TraineeRow,
)
from archive_verify.values import id_is_valid

# Papers that prove for one person alone. A payroll or a unit's licence may well serve in two classes.
_PERSONAL = (
    DocType.LABOUR_CONTRACT, DocType.FLEXIBLE_CERTIFICATE, DocType.PREMISES_PROOF, DocType.BUSINESS_LICENCE,
)  # fmt: skip
# 256 bits of a page's look in 16 pieces: two pages that differ in less than 16 bits share a piece.
_PIECE = 4
_MOST_BITS = 40
_MOST_CANDIDATES = 20
# 考核办法: order training is at least 30 % of the institution's task of the year.
_SHARE = (30, 100)
# Behind the findings of the archive's own run.
_POSITION = 1_000_000
_CITATIONS = {
    "trainee_in_two_classes": "考核办法：同一时间只能参加一个班的培训",
    "trainee_repeated_in_year": "晋财社〔2019〕1号：每人每年只能享受一次同类培训补贴",
    "evidence_reused": "考核办法：就业证明材料须真实",
}


@dataclass(frozen=True, slots=True)
class CrossFinding:
    """A finding on one trainee that another archive shows."""

    code: str
    severity: str
    message: str
    trainee: int                        # roster row
    other: str                          # the other archive
    pages: tuple[int, ...] = ()
    found: str | None = None


@dataclass(frozen=True, slots=True)
class OrderShare:
    """An institution's order training of a year against its task."""

    institution_id: str
    year: int
    task: int
    ordered: int

    @property
    def low(self) -> bool:
        """Whether it is under the share (issue code order_share_low); compared exactly."""
        return self.ordered * _SHARE[1] < self.task * _SHARE[0]


def check_across(store: Store, archive_id: str) -> None:
    """Hold one archive beside all others and keep what is found, with each archive concerned.

    To be done after a run was saved and after an archive was submitted; may be done again at any time.
    """
    actor = Actor.system("across")
    with store.reading() as session:
        archive = _checked(session, archive_id)
        marks = _marks(session, archive)
        before = _concerned(session, archive_id)
    with store.writing(actor) as tx:
        _save_marks(tx, archive_id, marks)
    found = _found(store, archive_id)
    _save(store, actor, archive_id, found)
    for other in sorted((before | {finding.other for finding in found}) - {archive_id}):
        _save(store, actor, other, _found(store, other))
    with store.writing(actor) as tx:
        tx.session.execute(update(Run).where(Run.id == archive.current_run_id).values(across_at=tx.now))


def not_yet_across(session: Session, before: datetime) -> list[str]:
    """The archives that were not held beside the others since their last check, which ended before then."""
    return list(
        session.scalars(
            select(Archive.id).join(Run, Run.id == Archive.current_run_id)
            .where(Run.across_at.is_(None), Run.ended_at < before, Archive.state != State.DELETED)
            .order_by(Archive.id)
        )
    )  # fmt: skip


def order_shares(session: Session, year: int) -> list[OrderShare]:
    """Each institution with a task of the year: persons in order training, in classes that ended then."""
    rows = session.execute(
        select(Archive.institution_id, func.count())
        .join(TraineeRow, TraineeRow.archive_id == Archive.id)
        .where(
            Archive.training_kind == "order", Archive.state.in_((State.SUBMITTED, State.ACCEPTED)),
            func.extract("year", Archive.end_date) == year,
        ).group_by(Archive.institution_id)
    )  # fmt: skip
    ordered = {row[0]: row[1] for row in rows}
    return [OrderShare(id_, year, task, ordered.get(id_, 0)) for id_, task in sorted(tasks(session, year).items())]


def _found(store: Store, archive_id: str) -> list[CrossFinding]:
    with store.reading() as session:
        try:
            archive = _checked(session, archive_id)
        except NotFound:
            return []
        found = (_same_person(session, archive), _same_sheet(session, archive))
        return [one for kind in found for one in sorted(kind, key=lambda finding: finding.trainee)]


# --- the same person ------------------------------------------------------------------------------


def _same_person(session: Session, archive: Archive) -> Iterable[CrossFinding]:
    mine = {
        row.id_number: row
        for row in session.scalars(select(TraineeRow).where(TraineeRow.archive_id == archive.id))
        if id_is_valid(row.id_number)
    }
    others = session.execute(
        select(TraineeRow.id_number, Archive)
        .join(Archive, Archive.id == TraineeRow.archive_id)
        .where(TraineeRow.id_number.in_(mine), Archive.id != archive.id, _counts())
        .order_by(TraineeRow.id_number, Archive.id)
    )
    for number, other in others:
        code = _clash(archive, other)
        if code is None:
            continue
        row = mine[number]
        when = "培训时间与本班重叠" if code == "trainee_in_two_classes" else "与本班在同一年度"
        yield CrossFinding(
            code=code, severity="error" if code == "trainee_in_two_classes" else "warning", trainee=row.row,
            message=f"学员{row.name}（第{row.row}行）还在{_name(session, other)}参加培训，{when}。", other=other.id,
            found=f"{other.start_date or ''}/{other.end_date or ''}",
        )  # fmt: skip


def _clash(one: Archive, other: Archive) -> str | None:
    if None not in (one.start_date, one.end_date, other.start_date, other.end_date):
        assert one.start_date and one.end_date and other.start_date and other.end_date
        if one.start_date <= other.end_date and other.start_date <= one.end_date:
            return "trainee_in_two_classes"
    if one.end_date and other.end_date and one.end_date.year == other.end_date.year:
        return "trainee_repeated_in_year"
    return None


# --- the same sheet -------------------------------------------------------------------------------


def _same_sheet(session: Session, archive: Archive) -> Iterable[CrossFinding]:
    names = {
        row.row: row.name
        for row in session.scalars(select(TraineeRow).where(TraineeRow.archive_id == archive.id))
    }
    for mark in session.scalars(
        select(EvidenceMark).where(EvidenceMark.archive_id == archive.id).order_by(EvidenceMark.page)
    ):
        for other in _alike(session, mark):
            if not _is_same(session, mark, other):
                continue
            there = session.get_one(Archive, other.archive_id)
            who = f"学员{names.get(mark.trainee, '')}（第{mark.trainee}行）"
            yield CrossFinding(
                code="evidence_reused", severity="warning", trainee=mark.trainee, pages=(mark.page,), other=there.id,
                message=f"{who}第{mark.page}页的证明材料与{_name(session, there)}第{other.page}页看来是同一张。",
                found=f"第{other.page}页",
            )  # fmt: skip


def _alike(session: Session, mark: EvidenceMark) -> list[EvidenceMark]:
    """Marks of other archives whose pages look like this one, the likest first."""
    shared = (
        select(EvidenceBand.mark_id).where(EvidenceBand.band.in_(_bands(mark.fingerprint))).distinct()
    )
    found = session.scalars(
        select(EvidenceMark).join(Archive, Archive.id == EvidenceMark.archive_id)
        .where(EvidenceMark.id.in_(shared), EvidenceMark.archive_id != mark.archive_id, _counts())
    )  # fmt: skip
    near = [(_bits(mark.fingerprint, other.fingerprint), other.id, other) for other in found]
    return [other for bits, _, other in sorted(near, key=lambda one: one[:2]) if bits <= _MOST_BITS][:_MOST_CANDIDATES]


def _is_same(session: Session, one: EvidenceMark, other: EvidenceMark) -> bool:
    """Whether two pages show the same sheet, by print, marks and ink: forms filled in differently do not."""
    pages = [_page(session, mark, index) for index, mark in enumerate((one, other), 1)]
    return bool(find_repeats([page for page in pages if page is not None]))


def _page(session: Session, mark: EvidenceMark, index: int) -> Page | None:
    packed = session.scalar(select(PageReadingRow.content).where(PageReadingRow.key == mark.reading_key))
    if packed is None:
        return None
    readings = READINGS.validate_json(zlib.decompress(packed))
    return Page(index=index, file=0, file_page=index, reading=readings[mark.part])


def _bits(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count() if len(one) == len(other) else 256


def _bands(fingerprint: str) -> list[str]:
    return [f"{at:02d}{fingerprint[at : at + _PIECE]}" for at in range(0, len(fingerprint), _PIECE)]


# --- marks ----------------------------------------------------------------------------------------


def _marks(session: Session, archive: Archive) -> list[EvidenceMark]:
    """The pages of the current run that prove for one trainee alone."""
    assert archive.current_run_id is not None
    report = report_of(session, archive.current_run_id)
    run = session.get_one(Run, archive.current_run_id)
    keys = {
        (sheet.sha256, sheet.file_page): sheet.reading_key
        for sheet in session.scalars(
            select(RunSheet).where(RunSheet.run_id == run.reading_run_id, RunSheet.state == "read")
        )
    }
    parts: Counter[tuple[str, int]] = Counter()
    places: dict[int, tuple[str, int]] = {}
    for page in report.pages:
        place = report.files[page.file].sha256, page.file_page
        if place in keys:
            places[page.index] = keys[place], parts[place]
        parts[place] += 1
    marks = []
    for page_index, trainee in sorted(_proofs(report).items()):
        if page_index not in places:
            continue
        key, part = places[page_index]
        mark = EvidenceMark(
            archive_id=archive.id, page=page_index, trainee=trainee, reading_key=key, part=part, fingerprint=""
        )
        page_read = _page(session, mark, 1)
        if page_read is not None and page_read.reading.fingerprint:
            mark.fingerprint = page_read.reading.fingerprint
            marks.append(mark)
    return marks


def _proofs(report: Report) -> dict[int, int]:
    """Page -> roster row of the one trainee for whom it proves."""
    owners: dict[str, list[int]] = {}
    routes = {trainee.row: trainee.employment_type for trainee in report.trainees}
    for trainee in report.trainees:
        for document in trainee.documents:
            owners.setdefault(document, []).append(trainee.row)
    proofs = {}
    for paper in report.documents:
        rows = owners.get(paper.id, [])
        if paper.type not in _PERSONAL or len(rows) != 1:
            continue
        if paper.type is DocType.BUSINESS_LICENCE and routes[rows[0]] is not EmploymentType.SELF_EMPLOYED:
            continue
        proofs.update(dict.fromkeys(paper.pages, rows[0]))
    return proofs


def _save_marks(tx: Transaction, archive_id: str, marks: Sequence[EvidenceMark]) -> None:
    old = select(EvidenceMark.id).where(EvidenceMark.archive_id == archive_id)
    tx.session.execute(delete(EvidenceBand).where(EvidenceBand.mark_id.in_(old)))
    tx.session.execute(delete(EvidenceMark).where(EvidenceMark.archive_id == archive_id))
    tx.session.add_all(marks)
    tx.session.flush()
    bands = [{"band": band, "mark_id": mark.id} for mark in marks for band in _bands(mark.fingerprint)]
    if bands:
        tx.session.execute(insert(EvidenceBand), bands)


# --- keeping --------------------------------------------------------------------------------------


def _save(store: Store, actor: Actor, archive_id: str, found: Sequence[CrossFinding]) -> None:
    with store.writing(actor) as tx:
        try:
            archive = locked(tx, archive_id)
        except NotFound:
            return
        known = {
            row.fingerprint: row
            for row in tx.session.scalars(
                select(IssueRow).where(IssueRow.archive_id == archive_id, IssueRow.cross)
            )
        }
        tx.session.execute(
            update(IssueRow).where(IssueRow.archive_id == archive_id, IssueRow.cross).values(present=False)
        )
        run_id = archive.current_run_id or ""
        for number, finding in enumerate(found):
            fingerprint = _fingerprint(finding)
            row = known.get(fingerprint)
            if row is None:
                row = IssueRow(
                    archive_id=archive_id, fingerprint=fingerprint, cross=True, first_run_id=run_id, version=0,
                    state="open", code=finding.code, citation=_CITATIONS[finding.code], document=None, expected=None,
                    boxes=[], reason="", note="", decided_by="",
                )  # fmt: skip
                tx.session.add(row)
                tx.audit("issue.across", "archive", archive_id, new=asdict(finding), archive_id=archive_id)
            row.number, row.position, row.present = f"x{number + 1}", _POSITION + number, True
            row.severity, row.message, row.found = finding.severity, finding.message, finding.found
            row.trainee, row.pages, row.last_run_id = finding.trainee, list(finding.pages), run_id
        settle(tx, archive)


def _fingerprint(finding: CrossFinding) -> str:
    content = [finding.code, finding.trainee, finding.other, list(finding.pages), finding.found]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _checked(session: Session, archive_id: str) -> Archive:
    archive = session.get(Archive, archive_id)
    if archive is None or archive.state == State.DELETED or archive.current_run_id is None:
        raise NotFound("没有这份档案，或还没有核查过")
    return archive


def _counts() -> ColumnElement[bool]:
    """That an archive is held against others: a draft may still be thrown away."""
    return Archive.state.in_((State.SUBMITTED, State.RETURNED, State.ACCEPTED))


def _concerned(session: Session, archive_id: str) -> set[str]:
    """Archives with a finding that this one shows: what it shows may have changed."""
    rows = session.scalars(
        select(IssueRow).where(IssueRow.cross, IssueRow.present, IssueRow.archive_id != archive_id)
    )
    return {row.archive_id for row in rows if row.fingerprint == _fingerprint(_finding_of(row, archive_id))}


def _finding_of(row: IssueRow, other: str) -> CrossFinding:
    return CrossFinding(
        code=row.code, severity=row.severity, message=row.message, trainee=row.trainee or 0, other=other,
        pages=tuple(row.pages), found=row.found,
    )  # fmt: skip


def _name(session: Session, archive: Archive) -> str:
    school = session.get_one(Institution, archive.institution_id)
    return f"{school.name}“{archive.name or archive.id}”"
