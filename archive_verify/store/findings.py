"""What a run found out, saved in one piece: its result, the issues by fingerprint, the trainees."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from archive_verify.model import EmploymentType
from archive_verify.pipeline import Checked
from archive_verify.policy.judge import verdict
from archive_verify.report.dossiers import plan_dossiers
from archive_verify.report.schema import Report
from archive_verify.report.to_json import to_json, to_report
from archive_verify.review import places_of
from archive_verify.store.archives import locked, touch
from archive_verify.store.database import Transaction, changed_rows
from archive_verify.store.errors import NotFound
from archive_verify.store.readings import pack_looks
from archive_verify.store.retention import keep_until
from archive_verify.store.runs import State
from archive_verify.store.tables import Archive, IssueRow, Run, RunResult, TraineeRow, TraineeTerm
from archive_verify.values import squeezed

_DOTS = "·•・‧∙."


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished check in the shape it is stored in; made outside of any transaction."""

    report: Report
    packed: bytes
    looks: bytes
    fingerprints: tuple[str, ...]
    seconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a run changed against the one before it: the issues closed, still open, and new."""

    closed: tuple[IssueRow, ...]
    open: tuple[IssueRow, ...]
    new: tuple[IssueRow, ...]


@dataclass(frozen=True, slots=True)
class IssueFilter:
    """Which issues are asked for; empty asks for all that are present."""

    code: str = ""
    severity: str = ""
    state: str = ""
    trainee: int | None = None
    present: bool = True


def outcome_of(checked: Checked) -> Outcome:
    """What is to be stored of a check."""
    report = to_report(checked)
    report = report.model_copy(update={"dossiers": plan_dossiers(report, checked)})
    return Outcome(
        report=report,
        packed=zlib.compress(to_json(report).encode()),
        looks=pack_looks(checked.looks, checked.laid, places_of(checked.binder, checked.pages)),
        fingerprints=checked.fingerprints,
        seconds={stage: round(value, 3) for stage, value in checked.seconds.items()},
    )


def save(tx: Transaction, run_id: str, owner: str, outcome: Outcome) -> bool:
    """End the run with its outcome, all of it at once; False where it was cancelled or is another's."""
    ended = tx.session.execute(
        update(Run).where(Run.id == run_id, Run.state == State.JUDGING, Run.lease_owner == owner)
        .values(
            state=State.DONE.value, ended_at=tx.now, seconds=outcome.seconds, lease_owner="", lease_until=None
        )
    )  # fmt: skip
    if changed_rows(ended) != 1:
        return False
    run = tx.session.get_one(Run, run_id, populate_existing=True)
    archive = locked(tx, run.archive_id)
    result = RunResult(
        run_id=run_id, report=outcome.packed, looks=outcome.looks, fingerprints=list(outcome.fingerprints)
    )
    tx.session.add(result)
    tx.session.flush()
    _save_issues(tx, run, outcome)
    _complete(archive, outcome.report, tx.settings.retention_years)
    _save_trainees(tx, archive, outcome.report)
    archive.current_run_id = run_id
    touch(archive)
    settle(tx, archive, outcome.report)
    new = {"issues": len(outcome.fingerprints), "open": archive.open_issues}
    tx.audit("run.done", "run", run_id, new=new, archive_id=archive.id)
    return True


def settle(tx: Transaction, archive: Archive, report: Report | None = None) -> None:
    """Bring the trainees' standing and the archive's counts in line with its issues and decisions."""
    tx.session.flush()
    rows = tx.session.execute(
        select(IssueRow.trainee, IssueRow.code, IssueRow.state, IssueRow.severity, IssueRow.cross)
        .where(IssueRow.archive_id == archive.id, IssueRow.present)
    ).all()  # fmt: skip
    codes: dict[int, list[str]] = {}
    for row in rows:
        if row.trainee is not None and row.state != "dismissed":
            # what only the archives together show asks for a person's eyes
            codes.setdefault(row.trainee, []).append("needs_review" if row.cross else row.code)
    standings: Counter[str] = Counter()
    for trainee in tx.session.scalars(select(TraineeRow).where(TraineeRow.archive_id == archive.id)):
        stands = verdict(EmploymentType(trainee.employment_type), codes.get(trainee.row, ())).value
        if trainee.standing != stands:
            trainee.standing = stands
        standings[stands] += 1
    undecided = [row for row in rows if row.state == "open" and row.severity != "info"]
    before = (archive.counts, archive.open_issues, archive.open_errors, archive.fen_at_stake)
    archive.open_issues = len(undecided)
    archive.open_errors = sum(row.severity == "error" for row in undecided)
    states = Counter(row.state for row in rows)
    money = dict(archive.counts.get("money", {})) if report is None else _money(report)
    archive.counts = {
        "verdicts": dict(standings), "states": dict(states), "money": money,
        "trainees": sum(standings.values()), "pages": _pages(archive, report),
    }  # fmt: skip
    amount = money.get("payable_yuan") or money.get("provisional_yuan")
    archive.fen_at_stake = int(Decimal(amount) * 100) if amount and undecided else 0
    if before != (archive.counts, archive.open_issues, archive.open_errors, archive.fen_at_stake):
        touch(archive)


# --- asking ---------------------------------------------------------------------------------------


def report_json(session: Session, run_id: str) -> bytes:
    """report.json of a finished run. Raises NotFound."""
    packed = session.scalar(select(RunResult.report).where(RunResult.run_id == run_id))
    if packed is None:
        raise NotFound("这次核查没有报告")
    return zlib.decompress(packed)


def report_of(session: Session, run_id: str) -> Report:
    """The report of a finished run. Raises NotFound."""
    return Report.model_validate(json.loads(report_json(session, run_id)))


def issues(
    session: Session, archive_id: str, wanted: IssueFilter, *, after: tuple[int, int] | None = None, limit: int = 100
) -> list[IssueRow]:
    """Issues in the order of a reviewer's reading; `after` is (position, id) of the last one before."""
    query = (
        select(IssueRow).where(*_conditions(archive_id, wanted))
        .order_by(IssueRow.position, IssueRow.id).limit(limit)
    )  # fmt: skip
    if after is not None:
        position, number = after
        query = query.where(
            (IssueRow.position > position) | ((IssueRow.position == position) & (IssueRow.id > number))
        )
    return list(session.scalars(query))


def issue_counts(session: Session, archive_id: str) -> dict[str, dict[str, int]]:
    """Present issues by code and state."""
    counts: dict[str, dict[str, int]] = {}
    rows = session.execute(
        select(IssueRow.code, IssueRow.state, func.count()).where(*_conditions(archive_id, IssueFilter()))
        .group_by(IssueRow.code, IssueRow.state)
    )  # fmt: skip
    for code, state, number in rows:
        counts.setdefault(code, {})[state] = number
    return counts


def get_issue(session: Session, archive_id: str, issue_id: int) -> IssueRow:
    """Raises NotFound, also for an issue of another archive."""
    issue = session.get(IssueRow, issue_id)
    if issue is None or issue.archive_id != archive_id:
        raise NotFound("没有这个问题")
    return issue


def changes(session: Session, run_id: str) -> Changes:
    """A finished run against the one it was started from. Raises NotFound.

    An issue of which the run found another figure, such as a rate that rose and is too low still, is open.
    """
    run = session.get(Run, run_id)
    mine = session.get(RunResult, run_id)
    if run is None or mine is None:
        raise NotFound("这次核查没有结果")
    base = session.get(RunResult, run.base_run_id) if run.base_run_id else None
    before, now = set(base.fingerprints if base else ()), set(mine.fingerprints)
    known = {
        issue.fingerprint: issue
        for issue in session.scalars(
            select(IssueRow).where(IssueRow.archive_id == run.archive_id).order_by(IssueRow.position)
        )
    }

    def named(wanted: set[str]) -> tuple[IssueRow, ...]:
        return tuple(issue for fingerprint, issue in known.items() if fingerprint in wanted)

    closed, new = named(before - now), named(now - before)
    went, came = {_asked(issue) for issue in closed}, {_asked(issue) for issue in new}
    still = {issue.fingerprint for issue in new if _asked(issue) in went}
    return Changes(
        closed=tuple(issue for issue in closed if _asked(issue) not in came), open=named(before & now | still),
        new=tuple(issue for issue in new if issue.fingerprint not in still),
    )  # fmt: skip


# --- within ---------------------------------------------------------------------------------------


def _asked(issue: IssueRow) -> tuple[object, ...]:
    """What an issue is about, whatever was found."""
    return issue.code, issue.trainee, issue.expected, tuple(issue.pages)


def _save_issues(tx: Transaction, run: Run, outcome: Outcome) -> None:
    known = {
        row.fingerprint: row.id
        for row in tx.session.execute(
            select(IssueRow.fingerprint, IssueRow.id).where(
                IssueRow.archive_id == run.archive_id, IssueRow.cross.is_(False)
            )
        )
    }
    tx.session.execute(
        update(IssueRow).where(IssueRow.archive_id == run.archive_id, IssueRow.cross.is_(False))
        .values(present=False)
    )  # fmt: skip
    changed: list[dict[str, Any]] = []
    fresh: list[dict[str, Any]] = []
    for position, (issue, fingerprint) in enumerate(zip(outcome.report.issues, outcome.fingerprints, strict=True)):
        values: dict[str, Any] = {
            "number": issue.id, "position": position, "code": issue.code, "severity": issue.severity,
            "message": issue.message, "citation": issue.citation, "trainee": issue.trainee,
            "document": issue.document, "expected": issue.expected, "found": issue.found,
            "pages": list(issue.pages), "present": True, "last_run_id": run.id,
            "boxes": [{"page": spot.page, "box": list(spot.box)} for spot in issue.boxes],
        }  # fmt: skip
        if fingerprint in known:
            changed.append({"id": known[fingerprint], **values})
        else:
            fresh.append({
                "archive_id": run.archive_id, "fingerprint": fingerprint, "first_run_id": run.id, "cross": False,
                "state": "open", "version": 0, "reason": "", "note": "", "decided_by": "", **values,
            })  # fmt: skip
    if changed:
        tx.session.execute(update(IssueRow), changed)
    if fresh:
        tx.session.execute(insert(IssueRow), fresh)
    tx.session.expire_all()


def _save_trainees(tx: Transaction, archive: Archive, report: Report) -> None:
    known: Mapping[int, int] = {
        row.row: row.id
        for row in tx.session.execute(
            select(TraineeRow.row, TraineeRow.id).where(TraineeRow.archive_id == archive.id)
        )
    }
    tx.session.execute(delete(TraineeTerm).where(TraineeTerm.trainee_id.in_(known.values())))
    gone = set(known) - {trainee.row for trainee in report.trainees}
    tx.session.execute(
        delete(TraineeRow).where(TraineeRow.archive_id == archive.id, TraineeRow.row.in_(gone))
    )
    for trainee in report.trainees:
        row = tx.session.get(TraineeRow, known[trainee.row]) if trainee.row in known else None
        if row is None:
            row = TraineeRow(archive_id=archive.id, row=trainee.row, standing=trainee.verdict.value)
            tx.session.add(row)
        row.institution_id = archive.institution_id
        row.name, row.id_number, row.id_reversed = trainee.name, trainee.id_number, trainee.id_number[::-1]
        row.employment_type, row.verdict = trainee.employment_type.value, trainee.verdict.value
        row.documents = list(trainee.documents)
        row.start_date, row.end_date = archive.start_date, archive.end_date
    tx.session.flush()
    rows = tx.session.execute(
        select(TraineeRow.id, TraineeRow.name).where(TraineeRow.archive_id == archive.id)
    ).all()
    terms = [{"term": term, "trainee_id": row.id} for row in rows for term in endings(row.name)]
    if terms:
        tx.session.execute(insert(TraineeTerm), terms)


def endings(name: str) -> list[str]:
    """All endings of a name in the form of `searchable`: what any part of it is the beginning of."""
    name = searchable(name)
    return sorted({name[start:] for start in range(len(name))})


def searchable(text: str) -> str:
    """The one form in which what people look for meets what stands on a roster: simplified, of one width, without
    spaces and the dots within names."""
    return "".join(char for char in squeezed(text).casefold() if char not in _DOTS)


def _conditions(archive_id: str, wanted: IssueFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [IssueRow.archive_id == archive_id]
    if wanted.present:
        found.append(IssueRow.present.is_(True))
    for column, value in (
        (IssueRow.code, wanted.code), (IssueRow.severity, wanted.severity), (IssueRow.state, wanted.state),
    ):  # fmt: skip
        if value:
            found.append(column == value)
    if wanted.trainee is not None:
        found.append(IssueRow.trainee == wanted.trainee)
    return found


def _money(report: Report) -> dict[str, str | None]:
    assessment = report.assessment
    return {
        "payable_yuan": assessment.payable_yuan, "provisional_yuan": assessment.provisional_yuan,
        "material_status": assessment.material_status,
    }  # fmt: skip


def _pages(archive: Archive, report: Report | None) -> int:
    return int(archive.counts.get("pages", 0)) if report is None else len(report.pages)


def _complete(archive: Archive, report: Report, retention_years: int) -> None:
    """Take over what the papers say of the class where nobody said it."""
    for name in ("name", "occupation", "training_kind"):
        fact = report.class_.get(name)
        if not getattr(archive, name) and fact is not None and fact.value:
            setattr(archive, name, str(fact.value))
    archive.start_date = archive.start_date or _day(report, "start_date")
    archive.end_date = archive.end_date or _day(report, "end_date")
    archive.keep_until = keep_until(archive.end_date, retention_years)


def _day(report: Report, name: str) -> date | None:
    fact = report.class_.get(name)
    return None if fact is None or not fact.value else date.fromisoformat(str(fact.value))
