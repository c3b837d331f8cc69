"""Employed by an enterprise: payroll and attendance of the first and the latest month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from archive_verify.model import DocType, Document, Reading
from archive_verify.policy.absence import doubts, searched
from archive_verify.policy.case import Case
from archive_verify.policy.dossier import Dossier, Paper
from archive_verify.policy.enterprise import needs
from archive_verify.policy.rule import Finding, TraineeRule, pages_text, review, spot, trainee_rule
from archive_verify.values import add_months
from archive_verify.words import DOC_TYPES

# Printed dates are read above it; one filled in by hand may be wrong in a digit and still look certain.
_PRINTED = 0.98


@dataclass(frozen=True, slots=True)
class Wanted:
    """A month for which a sheet is asked; `later` tells that a later month serves too."""

    month: str
    word: str
    later: bool = False

    def met_by(self, month: str) -> bool:
        return month == self.month or (self.later and month > self.month)


def first_month(case: Case, dossier: Dossier) -> Wanted | Reading | None:
    """The first month of work, or the reading it hangs on where that is unsure, or None without contract."""
    contract = dossier.contract
    if contract is None:
        return None
    start = contract.reading("contract_start")
    if not case.sure(start) or start is None:
        return start
    day: date = start.value
    if case.policy.employment.first_month == "first_full_month" and day.day > 1:
        day = add_months(day.replace(day=1), 1)
    return Wanted(f"{day:%Y-%m}", "首月")


def latest_month(case: Case) -> Wanted | None:
    """The latest month for which sheets can be asked, counted back from the day of the review."""
    as_of = case.fact("as_of")
    if not isinstance(as_of, date):
        return None
    terms = case.policy.employment
    day = add_months(as_of.replace(day=1), -terms.latest_month_back)
    return Wanted(f"{day:%Y-%m}", "最近一个月", later=terms.later_month_serves)


@trainee_rule("payroll_first_month_missing", citation="enterprise", uses=("employment.first_month",))
def payroll_first_month_missing(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """须有合同起始月的工资表，表中有该学员"""
    yield from _first(case, dossier, DocType.PAYROLL)


@trainee_rule("attendance_first_month_missing", citation="enterprise", uses=("employment.first_month",))
def attendance_first_month_missing(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """须有合同起始月的单位考勤表，表中有该学员"""
    yield from _first(case, dossier, DocType.WORK_ATTENDANCE)


@trainee_rule(
    "payroll_latest_month_missing", citation="enterprise",
    uses=("employment.latest_month_back", "employment.later_month_serves"),
)
def payroll_latest_month_missing(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """须有最近一个月的工资表，表中有该学员"""
    yield from _latest(case, dossier, DocType.PAYROLL)


@trainee_rule(
    "attendance_latest_month_missing", citation="enterprise",
    uses=("employment.latest_month_back", "employment.later_month_serves"),
)
def attendance_latest_month_missing(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """须有最近一个月的单位考勤表，表中有该学员"""
    yield from _latest(case, dossier, DocType.WORK_ATTENDANCE)


def _first(case: Case, dossier: Dossier, kind: DocType) -> Iterator[Finding]:
    if not needs(case, dossier, kind):
        return
    wanted = first_month(case, dossier)
    if isinstance(wanted, Wanted):
        found = tuple(_sheet(case, dossier, kind, wanted))
        start = dossier.contract.reading("contract_start") if dossier.contract else None
        if any(not one.undetermined for one in found) and start is not None and _start_doubtful(case, dossier, start):
            yield review("劳动合同起始日期（与所附工资表、考勤表的月份不符）", boxes=spot(start))
        else:
            yield from found
    elif dossier.contract is not None:
        page = dossier.contract.page if wanted is None else wanted.page
        yield review("劳动合同起始日期未读准，首月无从确定", pages=[page], boxes=spot(wanted))


def _start_doubtful(case: Case, dossier: Dossier, start: Reading) -> bool:
    """Whether the sheets speak for another first month than a start that was filled in by hand.

    No sheet of any kind shows the month of the start, and payroll and attendance agree on another
    one before the latest.
    """
    if start.confirmed or start.confidence >= _PRINTED:
        return False
    latest = latest_month(case)
    months = {
        kind: {
            str(month.value)
            for paper in dossier.of(kind)
            if (month := paper.document.fields.get("month")) is not None and month.state == "read"
        }
        for kind in (DocType.PAYROLL, DocType.WORK_ATTENDANCE)
    }
    if f"{start.value:%Y-%m}" in set().union(*months.values()):
        return False
    shared = set.intersection(*months.values())
    return any(latest is None or not latest.met_by(month) for month in shared)


def _latest(case: Case, dossier: Dossier, kind: DocType) -> Iterator[Finding]:
    if not needs(case, dossier, kind):
        return
    wanted = latest_month(case)
    if wanted is None:
        yield review("验收日期不明，最近一个月无从确定")
    else:
        yield from _sheet(case, dossier, kind, wanted)


def _sheet(case: Case, dossier: Dossier, kind: DocType, wanted: Wanted) -> Iterator[Finding]:
    word = DOC_TYPES[kind]
    if sheets_of(case, dossier, kind, wanted):
        return
    unsure: list[Finding] = []
    for paper in dossier.of(kind):
        month = paper.document.fields.get("month")
        if not case.sure(month):
            unsure.append(
                review(
                    f"{word}（{pages_text([paper.page])}）的月份",
                    pages=[paper.page],
                    boxes=spot(month),
                )
            )

    def fits(document: Document) -> bool:
        month = document.fields.get("month")
        return not case.sure(month) or month is None or wanted.met_by(month.value)

    unsure.extend(doubts(case, dossier, kind, fits))
    yield from unsure
    if unsure:
        return
    start = dossier.contract.reading("contract_start") if dossier.contract and not wanted.later else None
    year, number = wanted.month.split("-")
    yield Finding(
        f"未见{wanted.word}（{year}年{int(number)}月{'或以后' if wanted.later else ''}）{word}；{searched(case, kind)}",
        pages=(start.page,) if start else (),
        boxes=spot(start),
        document=dossier.contract.document.id if dossier.contract else None,
        expected=wanted.month,
        found=searched(case, kind),
    )


def sheets_of(case: Case, dossier: Dossier, kind: DocType, wanted: Wanted) -> tuple[Paper, ...]:
    """The sheets of a wanted month that surely list the trainee, those of the own employer first."""
    found = []
    for paper in dossier.of(kind):
        month = paper.document.fields.get("month")
        if case.sure(month) and month is not None and wanted.met_by(month.value):
            found.append(paper)
    return tuple(found)


RULES: tuple[TraineeRule, ...] = (
    payroll_first_month_missing,
    payroll_latest_month_missing,
    attendance_first_month_missing,
    attendance_latest_month_missing,
)
