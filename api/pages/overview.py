"""The tables of the overview; the charts are drawn from them, and the workbook holds the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from openpyxl import Workbook

from api.deps import Caller, Service
from api.pages.language import later
from api.pages.shown import STATES
from archive_verify import __version__, words
from archive_verify.report.to_xlsx import add_sheet
from archive_verify.store import overview
from archive_verify.store.overview import ClassFigures

Cell = str | int | Decimal | None
Kind = Literal["text", "count", "rate", "code", "severity", "state"]
_MONTHS = timedelta(days=366)
_SAYS: Mapping[str, Mapping[Any, str]] = {"code": words.CODES, "severity": words.SEVERITIES, "state": STATES}


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns with their kinds, and its rows; `links` belong to the first cells."""

    key: str
    title: str
    columns: tuple[tuple[str, Kind], ...]
    rows: tuple[tuple[Cell, ...], ...]
    links: tuple[str, ...] = ()


def tables(caller: Caller, service: Service, *, year: int | None, institution_id: str) -> list[Table]:
    """Institutions, faults, months, classes, within what the caller may see."""
    store = service.store
    with store.reading() as session:
        classes = overview.classes(session, caller.scope, year=year, institution_id=institution_id)
        faults = overview.faults(session, caller.scope, year=year, institution_id=institution_id)
        since = store.clock() - _MONTHS
        months = overview.months(session, caller.scope, institution_id=institution_id, since=since)
    rated = [(one, _assessment(service, one)) for one in classes]
    return [
        _institutions(rated),
        Table(
            "faults", later("最常见的问题"),
            ((later("问题"), "code"), (later("级别"), "severity"), (later("次数"), "count"),
             (later("档案数"), "count")),
            tuple((one.code, one.severity, one.issues, one.archives) for one in faults),
        ),
        Table(
            "months", later("每月工作量"),
            ((later("月份"), "text"), (later("核查次数"), "count"), (later("核查页数"), "count"),
             (later("处理问题数"), "count")),
            tuple((one.month, one.checks, one.pages, one.decisions) for one in months),
        ),
        _classes(rated),
    ]  # fmt: skip


def workbook(found: Sequence[Table], path: Path) -> None:
    """The tables as sheets of a workbook."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    book.properties.creator = "archive-verify"
    for table in found:
        kinds = [kind for _, kind in table.columns]
        rows = [
            [_SAYS.get(kind, {}).get(cell, cell) for cell, kind in zip(row, kinds, strict=True)] for row in table.rows
        ]
        sheet = add_sheet(book, table.title, [name for name, _ in table.columns], rows)
        for column in (number for number, kind in enumerate(kinds, 1) if kind == "rate"):
            for (cell,) in sheet.iter_rows(min_row=2, min_col=column, max_col=column):
                cell.number_format = "0.0%"
    book.save(path)


def _institutions(rated: Sequence[tuple[ClassFigures, dict[str, Any]]]) -> Table:
    rows = []
    for name in sorted({one.institution for one, _ in rated}):
        mine = [(one, told) for one, told in rated if one.institution == name]
        # only classes whose approved headcount is known can have rates
        known = [told for _, told in mine if told["approved_headcount"]]
        approved = sum(told["approved_headcount"] for told in known)
        passed = [told for told in known if told["passed"] is not None]
        rows.append((
            name, len(mine), sum(one.trainees for one, _ in mine), approved,
            _rate(sum(told["passed"] for told in passed), sum(told["approved_headcount"] for told in passed)),
            _rate(sum(told["employed"] for told in known), approved), sum(one.open_issues for one, _ in mine),
        ))  # fmt: skip
    columns: tuple[tuple[str, Kind], ...] = (
        (later("机构"), "text"), (later("班级数"), "count"), (later("学员数"), "count"), (later("审批人数"), "count"),
        (later("合格率"), "rate"), (later("就业率"), "rate"), (later("待处理问题"), "count"),
    )  # fmt: skip
    return Table("institutions", later("各机构的合格率和就业率"), columns, tuple(rows))


def _classes(rated: Sequence[tuple[ClassFigures, dict[str, Any]]]) -> Table:
    columns: tuple[tuple[str, Kind], ...] = (
        (later("班级"), "text"), (later("机构"), "text"), (later("状态"), "state"), (later("结业日期"), "text"),
        (later("学员数"), "count"), (later("审批人数"), "count"), (later("合格率"), "rate"), (later("就业率"), "rate"),
        (later("待处理问题"), "count"),
    )  # fmt: skip
    rows = tuple(
        (
            one.name, one.institution, one.state, one.end_date.isoformat() if one.end_date else None, one.trainees,
            told["approved_headcount"], _decimal(told["pass_rate"]), _decimal(told["employment_rate"]),
            one.open_issues,
        ) for one, told in rated
    )  # fmt: skip
    return Table("classes", later("各班级"), columns, rows, tuple(f"/archives/{one.archive_id}" for one, _ in rated))


def _assessment(service: Service, one: ClassFigures) -> dict[str, Any]:
    """Kept by run: a finished run's never changes, and unpacking the report of every class takes long."""

    def draw(path: Path) -> None:
        with service.store.reading() as session:
            path.write_text(json.dumps(overview.assessment_of(session, one.run_id)), encoding="utf-8")

    kept: Callable[..., Path] = service.shelf.kept
    path = kept({"run": one.run_id, "assessment": True, "by": __version__}, ".json", draw)
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _rate(part: int, whole: int) -> Decimal | None:
    return None if not whole else (Decimal(part) / whole).quantize(Decimal("0.0001"))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
