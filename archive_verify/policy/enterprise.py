"""Employed by an enterprise: contract, and payroll and attendance of first and latest month."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from archive_verify.model import DocType, Document, EmploymentType, Reading
from archive_verify.policy.absence import doubts, searched
from archive_verify.policy.case import Case
from archive_verify.policy.dossier import Dossier, Paper
from archive_verify.policy.rule import Finding, TraineeRule, pages_text, review, spot, trainee_rule
from archive_verify.values import add_months, lasts
from archive_verify.words import DOC_TYPES

_ENTERPRISE = EmploymentType.ENTERPRISE


def needs(case: Case, dossier: Dossier, kind: DocType) -> bool:
    """Whether this trainee has to show an employer's paper of this kind.

    Nothing is asked of a trainee without any proof: employment_proof_missing says it all.
    """
    if dossier.nothing:
        return False
    if dossier.route is _ENTERPRISE:
        return True
    wanted = case.policy.employment.order_needs
    return dossier.route is EmploymentType.ORDER and (
        (kind is DocType.LABOUR_CONTRACT and wanted == "agreement+contract")
        or (kind is DocType.PAYROLL and wanted == "agreement+payroll")
    )


@trainee_rule("contract_missing", citation="enterprise", uses=("employment.order_needs",))
def contract_missing(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """企业就业的学员须有本人的劳动合同"""
    kind = DocType.LABOUR_CONTRACT
    if not needs(case, dossier, kind):
        return
    own = dossier.of(kind)
    for paper in own:
        nature = paper.reading("contract_nature")
        if nature is not None and nature.state == "read" and nature.value not in ("labour", None):
            yield review("所附为劳务、实习等协议，是否作为劳动合同", boxes=spot(nature))
    if own:
        return
    unsure = doubts(case, dossier, kind)
    yield from unsure
    if not unsure:
        yield Finding(f"未见劳动合同；{searched(case, kind)}", found=searched(case, kind))


@trainee_rule("contract_term_short", citation="enterprise", uses=("employment.contract_months",))
def contract_term_short(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """劳动合同期限不得少于规定月数（含本数）"""
    contract = dossier.contract
    if contract is None or not needs(case, dossier, DocType.LABOUR_CONTRACT):
        return
    months = case.policy.employment.contract_months
    kind = contract.reading("contract_kind")
    start, end = contract.reading("contract_start"), contract.reading("contract_end")
    stated = contract.reading("contract_months")
    if kind is not None and kind.state == "read" and kind.value == "open":
        if not case.sure(kind):
            yield review("劳动合同是否为无固定期限", boxes=spot(kind))
        return
    if kind is not None and kind.state == "read" and kind.value == "task":
        yield review("劳动合同以完成一定工作任务为期限，期限是否够数", boxes=spot(kind))
        return
    if case.sure(start) and case.sure(end) and start is not None and end is not None:
        long_enough = lasts(start.value, end.value, months)
        if not long_enough:
            yield Finding(
                f"劳动合同期限 {start.value} 至 {end.value}，不足{months}个月",
                pages=tuple(dict.fromkeys((start.page, end.page))),
                boxes=spot(start) + spot(end),
                document=contract.document.id,
                expected=f"{months}个月以上",
                found=f"{start.value}/{end.value}",
            )
        elif case.sure(stated) and stated is not None and int(stated.value) < months:
            yield review(
                f"劳动合同写明期限{stated.value}个月，与起止日期不符", boxes=spot(stated) + spot(end)
            )
        return
    if case.sure(stated) and stated is not None and not case.sure(end):
        if int(stated.value) < months:
            yield Finding(
                f"劳动合同期限{stated.value}个月，不足{months}个月",
                pages=(stated.page,),
                boxes=spot(stated),
                document=contract.document.id,
                expected=f"{months}个月以上",
                found=f"{stated.value}个月",
            )
        return
    unread = [reading for reading in (start, end) if reading is not None and not case.sure(reading)]
    yield review(
        "劳动合同起止日期未读准",
        pages=() if unread else contract.document.pages[:1],
        boxes=tuple(box for reading in unread for box in spot(reading)),
    )


@trainee_rule("contract_signature_missing", citation="enterprise")
def contract_signature_missing(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """劳动合同须有学员本人签字（按手印或个人名章亦可）"""
    yield from _contract_mark(case, dossier, "signature")


@trainee_rule("contract_seal_missing", citation="enterprise")
def contract_seal_missing(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """劳动合同须有用人单位公章（法定代表人名章不算）"""
    yield from _contract_mark(case, dossier, "seal")


def _contract_mark(case: Case, dossier: Dossier, what: str) -> Iterator[Finding]:
    contract = dossier.contract
    if contract is None or not needs(case, dossier, DocType.LABOUR_CONTRACT):
        return
    word = "本人签字" if what == "signature" else "单位公章"
    state = signed(contract.document) if what == "signature" else sealed(contract.document)
    last = contract.document.pages[-1]
    if state == "missing":
        yield Finding(
            f"劳动合同（{pages_text(contract.document.pages)}）缺{word}",
            pages=(last,),
            document=contract.document.id,
        )
    elif state == "unsure":
        yield review(f"劳动合同（{pages_text([last])}）有无{word}", pages=[last])


def signed(document: Document) -> str:
    """Whether the person a document is about has signed it: "yes", "missing" or "unsure".

    A fingerprint or the person's own seal counts.
    """
    if any(
        mark.party == "employee" and (mark.kind in ("signature", "fingerprint") or mark.personal)
        for mark in document.marks
    ):
        return "yes"
    return "missing" if ("signature", "employee") in document.missing_marks else "unsure"


def sealed(document: Document) -> str:
    """Whether a unit's own seal stands on a document: "yes", "missing" or "unsure"."""
    parties = ("employer", "issuer")
    if any(mark.kind == "seal" and not mark.personal and mark.party in parties for mark in document.marks):
        return "yes"
    missing = any(("seal", party) in document.missing_marks for party in parties)
    unsure = any(("seal", party) in document.unsure_marks for party in parties)
    return "missing" if missing and not unsure else "unsure"


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
        yield from _sheet(case, dossier, kind, wanted)
    elif dossier.contract is not None:
        page = dossier.contract.page if wanted is None else wanted.page
        yield review("劳动合同起始日期未读准，首月无从确定", pages=[page], boxes=spot(wanted))


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


@trainee_rule("wage_mismatch", citation="enterprise", severity="warning")
def wage_mismatch(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """工资表所发工资不低于劳动合同约定（整月比较，不足月按比例）"""
    contract = dossier.contract
    if contract is None or dossier.route is not _ENTERPRISE:
        return
    agreed = contract.reading("wage")
    if not case.sure(agreed) or agreed is None:
        return
    for paper in dossier.of(DocType.PAYROLL):
        paid = _full_pay(case, paper)
        month = paper.document.fields.get("month")
        if paid is None or not case.sure(month) or month is None:
            continue
        due = Decimal(agreed.value) * _share_worked(case, contract, paper, month.value)
        due = min(due, _probation_wage(case, contract, month.value) or due)
        # a yuan of rounding is no mismatch
        if Decimal(paid.value) < due - 1:
            yield Finding(
                f"{month.value}工资表（{pages_text([paper.page])}）工资{paid.value}元，低于合同约定的{agreed.value}元",
                pages=(agreed.page, paid.page),
                boxes=spot(agreed) + spot(paid),
                document=paper.document.id,
                expected=str(agreed.value),
                found=str(paid.value),
            )
            return


def _full_pay(case: Case, paper: Paper) -> Reading | None:
    """The pay before deductions: the greater of base and gross; None where it was not read.

    A sheet may part the wage into several columns, so the base alone says nothing beside a gross
    amount that was not read.
    """
    if any((reading := paper.row.get(name)) is not None and reading.state == "unread" for name in ("base", "gross")):
        return None
    read = [
        reading
        for name in ("base", "gross", "net")
        if (reading := paper.row.get(name)) is not None and reading.state == "read"
    ]
    if not all(case.sure(reading) for reading in read):
        return None
    return max(read, key=lambda reading: Decimal(reading.value)) if read else None


def _share_worked(case: Case, contract: Paper, paper: Paper, month: str) -> Decimal:
    """The least share of a full month that the sheet's month may count for, 0..1.

    A month of which the contract covers only a part counts by calendar days or, where the sheet
    gives days worked, by those of at most 26 working days, whichever is less.
    """
    year, number = (int(part) for part in month.split("-"))
    length = monthrange(year, number)[1]
    shares = [Decimal(1)]
    for name in ("contract_start", "contract_end"):
        reading = contract.reading(name)
        if not case.sure(reading) or reading is None or f"{reading.value:%Y-%m}" != month:
            continue
        day: date = reading.value
        covered = length - day.day + 1 if name == "contract_start" else day.day
        if covered < length:
            shares.append(Decimal(covered) / length)
    days = paper.row.get("days")
    if days is not None and case.sure(days) and (len(shares) > 1 or Decimal(days.value) < 18):
        shares.append(Decimal(days.value) / 26)
    return min(shares)


def _probation_wage(case: Case, contract: Paper, month: str) -> Decimal | None:
    """The wage agreed for the probation where the month may lie in it."""
    wage, months = contract.reading("probation_wage"), contract.reading("probation_months")
    start = contract.reading("contract_start")
    if not case.sure(wage) or wage is None or not case.sure(start) or start is None:
        return None
    length = int(months.value) if months is not None and case.sure(months) else 6
    return Decimal(wage.value) if month <= f"{add_months(start.value, length):%Y-%m}" else None


RULES: tuple[TraineeRule, ...] = (
    contract_missing,
    contract_term_short,
    contract_signature_missing,
    contract_seal_missing,
    payroll_first_month_missing,
    payroll_latest_month_missing,
    attendance_first_month_missing,
    attendance_latest_month_missing,
    wage_mismatch,
)
