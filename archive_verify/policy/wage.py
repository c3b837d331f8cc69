"""Employed by an enterprise: the pay against the wage agreed."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from archive_verify.model import DocType, EmploymentType, Reading
from archive_verify.policy.case import Case
from archive_verify.policy.dossier import Dossier, Paper
from archive_verify.policy.rule import Finding, TraineeRule, pages_text, spot, trainee_rule
from archive_verify.values import add_months

# a day's pay is a thirtieth of the wage in February too
_DAYS_OF_PAY = 30


@trainee_rule("wage_mismatch", citation="enterprise", severity="warning")
def wage_mismatch(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """工资表所发工资不低于劳动合同约定（整月比较，不足月按比例）"""
    contract = dossier.contract
    if contract is None or dossier.route is not EmploymentType.ENTERPRISE:
        return
    agreed = contract.reading("wage")
    if not case.sure(agreed) or agreed is None:
        return
    sheets = dossier.of(DocType.PAYROLL)
    first = min((month.value for paper in sheets if (month := paper.document.fields.get("month")) is not None
                 and case.sure(month)), default="")
    started = case.sure(contract.reading("contract_start"))
    for paper in sheets:
        paid = _full_pay(case, paper)
        month = paper.document.fields.get("month")
        if paid is None or not case.sure(month) or month is None:
            continue
        if not started and month.value == first:
            continue                    # it may be a part month
        due = Decimal(agreed.value) * _share_worked(case, contract, paper, month.value)
        due = min(due, _probation_wage(case, contract, month.value) or due)
        # a yuan of rounding is no mismatch
        if Decimal(paid.value) < due - 1 and not _lost_its_point(agreed, paper):
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

    A sheet may part the wage into several columns, and deduct from it, so neither the base nor the net
    pay says anything without the gross.
    """
    names = [name for name in ("base", "gross", "net") if (one := paper.row.get(name)) and one.state == "read"]
    read = [paper.row[name] for name in names]
    if "gross" not in names or not all(case.sure(reading) for reading in read):
        return None
    if "net" in names and Decimal(paper.row["net"].value) > Decimal(paper.row["gross"].value):
        return None                     # nobody is paid out more than he earned: the gross was misread
    return max(read, key=lambda reading: Decimal(reading.value)) if read else None


def _lost_its_point(agreed: Reading, paper: Paper) -> bool:
    """Whether the agreed wage is one that the sheet pays, ten or a hundred times: 3000.00 read without its point."""
    paid = [paper.row[name] for name in ("base", "gross") if name in paper.row and paper.row[name].state == "read"]
    return any(Decimal(agreed.value) in (10 * Decimal(one.value), 100 * Decimal(one.value)) for one in paid)


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
            shares.append(Decimal(covered) / max(length, _DAYS_OF_PAY))
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


RULES: tuple[TraineeRule, ...] = (wage_mismatch,)
