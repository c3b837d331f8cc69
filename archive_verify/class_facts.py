"""What is known of the class: from CLASS.toml, and where that is silent, from the binder."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from archive_verify.errors import ClassFactsRefused
from archive_verify.model import ClassFacts, DocType, Document, EmploymentType, Fact, Reading, Roster

_Check = Callable[[Any], Any]

# Hours of teaching that make a day of training (晋财社〔2019〕1号: 10 days are 80 hours).
_HOURS_A_DAY = 8

# A reading below this says nothing of the class as long as another paper speaks more clearly.
_CLEAR = 0.70

# Where the binder states a fact: (document type, field), the most authoritative first.
_APPROVAL, _REPORT, _APPLICATION = DocType.OPENING_APPROVAL, DocType.OPENING_REPORT, DocType.SUBSIDY_APPLICATION
_CLASS_PAPERS = (
    _APPROVAL, _REPORT, DocType.COVER, _APPLICATION, DocType.TRUTHFULNESS_COMMITMENT, DocType.TRAINING_PLAN,
    DocType.TIMETABLE, DocType.TRAINEE_ROSTER, DocType.TRAINING_ATTENDANCE, DocType.SCORE_SHEET,
)
_STATED: Mapping[str, tuple[tuple[DocType, str], ...]] = {
    "name": tuple((kind, "class_name") for kind in _CLASS_PAPERS),
    "institution": tuple((kind, "institution") for kind in _CLASS_PAPERS),
    "occupation": tuple((kind, "occupation") for kind in _CLASS_PAPERS),
    "opening_report_date": ((_REPORT, "reported_on"), (_APPROVAL, "reported_on")),
    "start_date": tuple((kind, "start_date") for kind in _CLASS_PAPERS),
    "end_date": tuple((kind, "end_date") for kind in _CLASS_PAPERS),
    "training_days": tuple(
        (kind, "training_days") for kind in (_APPROVAL, _REPORT, DocType.TRAINING_PLAN, DocType.COVER, _APPLICATION)
    ),
    "approved_headcount": ((_APPROVAL, "headcount"),),
    "daily_subsidy_yuan": ((_APPLICATION, "daily_subsidy_yuan"), (_APPROVAL, "daily_subsidy_yuan")),
    "as_of": ((_APPLICATION, "applied_on"),),
}


def load_class(path: Path | None) -> ClassFacts:
    """Read CLASS.toml; no path gives no facts.

    Raises ClassFactsRefused naming the line of a syntax error, an unknown key or a wrong value.
    """
    if path is None:
        return {}
    try:
        text = path.read_bytes().decode("utf-8-sig")
        given = tomllib.loads(text)
    except OSError as error:
        raise ClassFactsRefused(f"无法读取：{error.strerror}", where=path, advice="请检查路径和权限") from error
    except UnicodeDecodeError as error:
        raise ClassFactsRefused("不是 UTF-8 文本", where=path, advice="请用 UTF-8 编码保存") from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"第 {line[1]} 行" if line else "末尾"
        raise ClassFactsRefused(
            f"{where}不合 TOML 语法", where=path, advice='写成 键 = 值；文字加双引号，日期写 2023-06-05'
        ) from error
    facts: ClassFacts = {}
    for key, value in given.items():
        where = f"{path} 第 {_line_of(text, key)} 行"
        if key not in _CHECKS:
            raise ClassFactsRefused(f"不认识的项“{key}”", where=where, advice="可用的项：" + "、".join(_CHECKS))
        check, meaning = _CHECKS[key]
        checked = check(value)
        if checked is None:
            raise ClassFactsRefused(f"“{key}”的值不对", where=where, advice=f"应为{meaning}")
        facts[key] = Fact(value=checked, source="class.toml")
    if "start_date" in facts and "end_date" in facts and facts["end_date"].value < facts["start_date"].value:
        where = f"{path} 第 {_line_of(text, 'end_date')} 行"
        raise ClassFactsRefused("“end_date”早于“start_date”", where=where, advice="请改正日期")
    return facts


def check_rows(facts: ClassFacts, roster: Roster, path: Path | None) -> None:
    """Refuse callbacks of rows that the roster does not have, naming the line (ClassFactsRefused)."""
    for key in ("callbacks_not_attended", "callbacks_not_employed"):
        beyond = [row for row in facts[key].value if row > len(roster.rows)] if key in facts else []
        if beyond and path is not None:
            line = _line_of(path.read_text(encoding="utf-8-sig"), key)
            raise ClassFactsRefused(
                f"“{key}”中的第{beyond[0]}行不在花名册中", where=f"{path} 第 {line} 行",
                advice=f"花名册共{len(roster.rows)}人，请填写 1 至 {len(roster.rows)} 的行号",
            )


def complete(
    facts: ClassFacts, documents: Sequence[Document], roster: Roster, today: date | None = None
) -> ClassFacts:
    """The facts given, and where they are silent those that the binder states; what was given wins.

    `as_of` is the day of the subsidy application, else today (source "default"). What no paper
    states stays out.
    """
    found: ClassFacts = {}
    for key, places in _STATED.items():
        reading = _stated(documents, places)
        value = None if reading is None else _fitting(key, reading.value)
        if reading is not None and value is not None:
            found[key] = Fact(value=value, source="binder", page=reading.page, box=reading.box)
    hours = _stated(documents, tuple((kind, "training_hours") for kind in (_APPROVAL, _REPORT, DocType.TRAINING_PLAN)))
    if "training_days" not in found and hours is not None and _days(days := hours.value / _HOURS_A_DAY):
        value = int(days) if days == int(days) else days
        found["training_days"] = Fact(value=value, source="binder", page=hours.page, box=hours.box)
    found["training_kind"] = _training_kind(documents, roster)
    found.setdefault("as_of", Fact(value=today or date.today(), source="default"))
    return found | facts


def _stated(documents: Sequence[Document], places: Sequence[tuple[DocType, str]]) -> Reading | None:
    """The value that the most authoritative paper gives clearly; else the one most papers give."""
    readings = [
        reading for kind, name in places for document in documents if document.type is kind
        if (reading := document.fields.get(name)) is not None and reading.state == "read" and reading.value
    ]
    for reading in readings:
        if reading.confidence >= _CLEAR:
            return reading
    votes: dict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        votes[str(reading.value)].append(reading)
    return max(votes.values(), key=len)[0] if votes else None


def _fitting(key: str, value: Any) -> Any:
    """The value in the type that CLASS.toml gives it; None where it cannot be that."""
    check, _ = _CHECKS[key]
    return check(int(value) if isinstance(value, Decimal) and value == int(value) else value)


def _training_kind(documents: Sequence[Document], roster: Roster) -> Fact:
    """Order training where the class's own papers say so, or most trainees claim that route."""
    for document in documents:
        if document.type not in _CLASS_PAPERS:
            continue
        for reading in document.fields.values():
            if reading.state == "read" and re.search("订单|定单", str(reading.value)):
                return Fact(value="order", source="binder", page=reading.page, box=reading.box)
        if re.search("订单|定单", document.title):
            return Fact(value="order", source="binder", page=document.pages[0])
    ordered = sum(row.employment_type is EmploymentType.ORDER for row in roster.rows)
    if ordered and 2 * ordered > len(roster.rows):
        return Fact(value="order", source="roster")
    return Fact(value="general", source="default")


# --- what CLASS.toml may hold ---------------------------------------------------------------------


def _line_of(text: str, key: str) -> int:
    pattern = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)


def _words(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) and value.strip() else None


def _kind(value: Any) -> str | None:
    return value if value in ("general", "order") else None


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _headcount(value: Any) -> int | None:
    return _count(value) or None


def _days(value: Any) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if value > 0 and (2 * value) % 1 == 0 else None


def _yuan(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    amount = Decimal(str(value))
    return amount if amount >= 0 and amount == round(amount, 2) else None


def _rows(value: Any) -> tuple[int, ...] | None:
    if not isinstance(value, list) or not all(_count(row) for row in value):
        return None
    return tuple(value)


_CHECKS: Mapping[str, tuple[_Check, str]] = {
    "name": (_words, "加双引号的文字"),
    "institution": (_words, "加双引号的文字"),
    "occupation": (_words, "加双引号的文字"),
    "training_kind": (_kind, '"general"（普通）或 "order"（订单式）'),
    "opening_report_date": (_day, "日期，如 2023-05-20，不加引号"),
    "start_date": (_day, "日期，如 2023-06-05，不加引号"),
    "end_date": (_day, "日期，如 2023-06-20，不加引号"),
    "training_days": (_days, "天数，可到半天，如 16 或 15.5"),
    "approved_headcount": (_headcount, "人数，如 30"),
    "daily_subsidy_yuan": (_yuan, "金额（元），如 60"),
    "as_of": (_day, "日期，如 2024-03-20，不加引号"),
    "verified_headcount": (_count, "人数，如 28"),
    "missing_video_half_days": (_count, "缺失的半天数，如 0"),
    "callbacks_not_attended": (_rows, "花名册行号的列表，如 [3, 7]"),
    "callbacks_not_employed": (_rows, "花名册行号的列表，如 [3, 7]"),
    "general_daily_subsidy_yuan": (_yuan, "金额（元），如 50"),
    "annual_task_headcount": (_headcount, "机构全年的培训任务人数，如 600"),
    "annual_order_headcount": (_count, "机构全年订单式培训的人数，如 180"),
}
