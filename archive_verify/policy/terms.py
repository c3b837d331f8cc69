"""The terms of a policy: thresholds, required documents, their order, readings taken, citations."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from archive_verify.errors import PolicyRefused
from archive_verify.model import DocType, Frozen, Position

_HERE = Path(__file__).parent

Part = Literal["period", "income", "phone", "legal_representative_phone", "signature", "seal"]

# One entry of the prescribed order: a type, or the employment proof as one block in any inner order.
OrderEntry = DocType | Literal["employment_proof"]

EMPLOYMENT_PROOF = frozenset(
    {
        DocType.LABOUR_CONTRACT, DocType.PAYROLL, DocType.WORK_ATTENDANCE, DocType.BUSINESS_LICENCE,
        DocType.PREMISES_PROOF, DocType.FLEXIBLE_CERTIFICATE, DocType.ORDER_AGREEMENT,
    }
)  # fmt: skip


class PaginationTerms(Frozen):
    """Where the page number stands and what carries one."""

    position: Position = "top_right"
    verso_top_left: bool = False              # even pages may carry it top left
    unnumbered_page_uses_number: bool = True  # page_number_missing, and no gap
    starts_at_one: bool = True                # numbers left out before the first one are a gap


class BinderTerms(Frozen):
    """What a class binder must hold, and in which order."""

    required: tuple[DocType, ...]
    order: tuple[OrderEntry, ...]
    unlisted_allowed: tuple[DocType, ...] = (DocType.COVER, DocType.CATALOGUE)

    @model_validator(mode="after")
    def _order_is_complete(self) -> BinderTerms:
        if len(set(self.order)) != len(self.order):
            raise ValueError("order 中有重复的材料")
        if len(set(self.required)) != len(self.required):
            raise ValueError("required 中有重复的材料")
        ranked = {entry for entry in self.order if isinstance(entry, DocType)}
        if "employment_proof" in self.order:
            ranked |= EMPLOYMENT_PROOF
        absent = [kind.value for kind in self.required if kind not in ranked]
        if absent:
            raise ValueError(f"required 中的 {'、'.join(absent)} 未列入 order")
        return self

    def rank(self, kind: DocType) -> int | None:
        """The place of a type in the prescribed order; None where none is prescribed."""
        entry: OrderEntry = "employment_proof" if kind in EMPLOYMENT_PROOF else kind
        if kind in self.order:
            entry = kind
        return self.order.index(entry) if entry in self.order else None


class EmploymentTerms(Frozen):
    """What each route of employment has to prove."""

    contract_months: int = Field(default=6, ge=0)
    first_month: Literal["contract_start", "first_full_month"] = "contract_start"
    latest_month_back: int = Field(default=1, ge=0)   # calendar months counted back from that of the review
    later_month_serves: bool = True
    certificate_parts: tuple[Part, ...] = (
        "period", "income", "phone", "legal_representative_phone", "signature", "seal",
    )  # fmt: skip
    order_needs: Literal["agreement", "agreement+payroll", "agreement+contract"] = "agreement"


class ClassTerms(Frozen):
    """Limits on the class as a whole."""

    opening_report_days: int = Field(default=7, ge=0)
    opening_report_days_order: int = Field(default=15, ge=0)
    pass_rate: Decimal = Field(default=Decimal("0.80"), gt=0, le=1)
    employment_rate: Decimal = Field(default=Decimal("0.80"), gt=0, le=1)
    order_share: Decimal = Field(default=Decimal("0.30"), ge=0, le=1)


class TraineeTerms(Frozen):
    """Who may be trained, and what is compared of each trainee across the class's lists."""

    min_age: int = Field(default=16, ge=0)            # full years on the first day of the class
    max_age_men: int = Field(default=60, ge=0)        # full years, too, and still within the range
    max_age_women: int = Field(default=55, ge=0)
    shared_phone: int = Field(default=2, ge=2)        # trainees with one phone from which on it is pointed out
    lists: tuple[DocType, ...] = (
        DocType.OPENING_APPROVAL, DocType.TRAINEE_ROSTER, DocType.TRAINING_ATTENDANCE, DocType.SCORE_SHEET,
        DocType.CERTIFICATE_REGISTER, DocType.EMPLOYMENT_SUMMARY, DocType.SUBSIDY_APPLICATION,
        DocType.CALLBACK_RECORD,
    )  # fmt: skip

    @model_validator(mode="after")
    def _ages_leave_room(self) -> TraineeTerms:
        if self.min_age >= min(self.max_age_men, self.max_age_women):
            raise ValueError("min_age 须小于 max_age_men 和 max_age_women")
        return self


class ComputationTerms(Frozen):
    """The readings taken where the regulation's text on money is open."""

    shortfall: Literal["points_below_threshold", "points_below_all", "relative"] = "points_below_threshold"
    shortfall_base: Literal["verified", "approved"] = "verified"
    person_rounding: Literal["ceil", "half_up", "floor"] = "ceil"
    money_on: Literal["rounded", "exact"] = "rounded"
    paid_persons: Literal["verified", "passed"] = "verified"
    passed_means: Literal["score", "certificate"] = "score"
    employment_base: Literal["approved", "verified", "passed"] = "approved"
    below_employment_rate: Literal["general_rate", "unchanged"] = "general_rate"
    missing_video: Literal["remaining_days", "own_rate", "none"] = "remaining_days"
    long_course_days: int | None = Field(default=None, ge=1)   # days from which on another rate is paid
    long_course_daily_yuan: Decimal | None = Field(default=None, ge=0)
    callback_not_attended: Literal["one_less", "none"] = "one_less"
    callback_not_employed: Literal["one_less", "none"] = "one_less"
    withheld_until_supplemented: bool = True

    @model_validator(mode="after")
    def _long_courses_have_a_rate(self) -> ComputationTerms:
        if (self.long_course_days is None) != (self.long_course_daily_yuan is None):
            raise ValueError("long_course_days 和 long_course_daily_yuan 须同时给出")
        return self


class Citations(Frozen):
    """The paragraph that each group of rules stands on, without the document number."""

    pagination: str
    binder: str
    catalogue: str
    employment: str
    enterprise: str
    self_employed: str
    flexible: str
    order: str
    truthfulness: str
    identity: str
    opening_report: str
    approval: str
    pass_rate: str
    employment_rate: str
    exam: str
    payment: str
    headcount: str
    video: str
    supplement: str
    eligibility: str = ""
    order_share: str = ""


class Policy(Frozen):
    """One county's rules as data."""

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    document_number: str
    version: str
    effective: date
    pagination: PaginationTerms = PaginationTerms()
    binder: BinderTerms
    employment: EmploymentTerms = EmploymentTerms()
    class_: ClassTerms = Field(default=ClassTerms(), alias="class")
    trainee: TraineeTerms = TraineeTerms()
    computation: ComputationTerms = ComputationTerms()
    citations: Citations

    def cite(self, key: str) -> str:
        """The citation of a group of rules: document number and paragraph."""
        paragraph: str = getattr(self.citations, key)
        return f"{self.document_number} {paragraph}".strip()


def policy_ids() -> tuple[str, ...]:
    """The built-in policies."""
    return tuple(sorted(file.stem for file in _HERE.glob("*.toml")))


def load_policy(source: str | Path) -> Policy:
    """The policy of a built-in id, or of a TOML file.

    Raises PolicyRefused, naming the line, where the file is no TOML, holds an unknown key or a
    wrong value, and where there is no such policy.
    """
    path = _HERE / f"{source}.toml"
    if re.search(r"[/\\.]", str(source)) or not path.is_file():
        path = Path(source)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyRefused("办法文件不是 UTF-8 文本", where=path, advice="请另存为 UTF-8") from error
    except OSError as error:
        known = "、".join(policy_ids())
        advice = f"请给出 TOML 文件，或内置办法的编号：{known}"
        raise PolicyRefused("没有这个办法", where=path, advice=advice) from error
    return parse_policy(text, path)


def parse_policy(text: str, where: str | Path = "") -> Policy:
    """The policy of a TOML text, which is told as `where` it came from. Raises PolicyRefused as `load_policy`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what = f"不是有效的 TOML：{_decode_place(str(error), text)}"
        raise PolicyRefused(what, where=where, advice="请改正后重试") from error
    try:
        return Policy.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = tuple(str(part) for part in first["loc"] if not str(part).startswith(("str-enum", "literal")))
        line = _line_of(text, place, first["input"])
        reason = _reason(first["type"], first["msg"], first["input"], first.get("ctx", {}))
        raise PolicyRefused(
            f"{'.'.join(place) or '文件'} {reason}",
            where=f"{where} 第{line}行".strip(),
            advice="请改正后重试",
        ) from error


def _decode_place(message: str, text: str) -> str:
    if message.endswith(" (at end of document)"):
        return f"第{max(1, len(text.splitlines()))}行，到文件末尾仍不完整"
    match = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", message)
    if not match:
        return message
    said = "这一项已经给过" if "overwrite" in match[1] or "twice" in match[1] else match[1]
    return f"第{match[2]}行第{match[3]}列，{said}"


# What is wrong with a value, by the kind of pydantic's error; {ge} and the like are filled in.
_WRONG: Mapping[str, str] = {
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "decimal_parsing": "应为小数，如 \"0.80\"",
    "decimal_type": "应为小数，如 \"0.80\"",
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "string_type": "应为加双引号的文字",
    "string_too_short": "不能为空",
    "tuple_type": "应为方括号内的列表",
    "model_type": "应为一组项",
    "date_from_datetime_parsing": "应为日期，如 2023-12-07",
    "date_type": "应为日期，如 2023-12-07",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不得小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不得大于 {le}",
}


def _reason(kind: str, message: str, given: object, limits: Mapping[str, object]) -> str:
    if kind == "extra_forbidden":
        return "不是已知的项"
    if kind == "missing":
        return "没有给出"
    if kind in ("enum", "literal_error"):
        return f"的值 {given!r} 不在可选之列"
    if kind in _WRONG:
        return f"的值 {given!r} 不可用：{_WRONG[kind].format(**limits)}"
    return f"的值不可用：{message.removeprefix('Value error, ')}"


def _line_of(text: str, place: tuple[str, ...], given: object) -> int:
    """The line (from 1) of a key in a TOML text, or of the nearest table that would hold it.

    Of a list over several lines it is that of the element `given`.
    """
    best, best_depth = 1, -1
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\s*([^\]]+?)\s*\]", line)
        key = re.match(r"""\s*["']?([A-Za-z0-9_-]+)["']?\s*=""", line)
        here: tuple[str, ...]
        if header:
            table = tuple(part.strip() for part in header[1].split("."))
            here = table
        elif key:
            here = (*table, key[1])
        else:
            continue
        if here == place[: len(here)] and len(here) > best_depth:
            best, best_depth = number, len(here)
    if isinstance(given, str) and place and place[-1].isdigit():
        for number, line in enumerate(text.splitlines()[best - 1 :], best):
            if f'"{given}"' in line or f"'{given}'" in line:
                return number
    return best
