"""The facts of the class as a form: its fields, what was entered taken into the API's shape, its faults in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from api.errors import ApiProblem, FieldProblem
from api.pages.forms import Form, faults
from api.pages.language import later
from api.routes.archives import ClassFacts
from archive_verify.errors import ClassFactsRefused
from archive_verify.store.class_toml import checked_facts

_ROWS = ("callbacks_not_attended", "callbacks_not_employed")


@dataclass(frozen=True, slots=True)
class FactField:
    """One field of the form."""

    name: str
    kind: Literal["text", "date", "count", "days", "yuan", "choice", "rows"] = "text"
    hint: str = ""


CLASS_FIELDS = (
    FactField("name"),
    FactField("occupation"),
    FactField("training_kind", "choice"),
    FactField("institution", hint=later("不填则以档案中所写为准")),
    FactField("opening_report_date", "date"),
    FactField("start_date", "date"),
    FactField("end_date", "date"),
    FactField("training_days", "days"),
    FactField("approved_headcount", "count"),
    FactField("daily_subsidy_yuan", "yuan"),
)
REVIEW_FIELDS = (
    FactField("as_of", "date", later("“最近一个月”从这一天往前推算")),
    FactField("verified_headcount", "count"),
    FactField("missing_video_half_days", "count"),
    FactField("callbacks_not_attended", "rows", later("花名册中的第几人，用逗号分开")),
    FactField("callbacks_not_employed", "rows", later("花名册中的第几人，用逗号分开")),
    FactField("general_daily_subsidy_yuan", "yuan"),
)
FIELDS = CLASS_FIELDS + REVIEW_FIELDS


def entered(form: Form) -> dict[str, Any]:
    """What was entered, as the API's shape takes it; empty fields are left out.

    A field of rows is left out where it is empty: that nobody failed a call is said with a 0.
    """
    given: dict[str, Any] = {}
    for field in FIELDS:
        text = form[field.name]
        if not text:
            continue
        if field.name in _ROWS:
            parts = [part for part in re.split(r"[,，、;；\s]+", text) if part]
            given[field.name] = [] if parts == ["0"] else parts
        else:
            given[field.name] = text.replace(",", "") if field.kind in ("count", "yuan", "days") else text
    return given


def shown_values(facts: Mapping[str, Any]) -> dict[str, str]:
    """Stored facts as the form shows them."""
    values = {}
    for field in FIELDS:
        value = facts.get(field.name)
        if isinstance(value, list):
            values[field.name] = "，".join(str(item) for item in value) or "0"
        else:
            values[field.name] = "" if value is None else str(value)
    return values


def faults_of(form: Form) -> dict[str, str]:
    """What is wrong with which field, in words; empty where all is well."""
    given = entered(form)
    try:
        facts = ClassFacts.model_validate(given)
    except ValidationError as error:
        return faults(error)
    found: dict[str, str] = {}
    start, end = facts.start_date, facts.end_date
    if start and end and end < start:
        found["end_date"] = later("早于开班日期")
    if start and facts.opening_report_date and facts.opening_report_date > start:
        found["opening_report_date"] = later("晚于开班日期")
    if start and end and facts.training_days and facts.training_days > (end - start).days + 1 > 0:
        found["training_days"] = later("多于开班到结业的天数")
    if facts.approved_headcount and (facts.verified_headcount or 0) > facts.approved_headcount:
        found["verified_headcount"] = later("多于审批人数")
    if not found:
        try:
            checked_facts(facts.plain())
        except ClassFactsRefused as error:
            found[""] = error.what
    return found


def facts_of(form: Form) -> ClassFacts:
    """The facts entered. Raises 422 that names the fields at fault."""
    found = faults_of(form)
    if found:
        problems = [FieldProblem(pointer=name, detail=words) for name, words in found.items()]
        raise ApiProblem(422, "invalid-request", "有填写不对的地方", errors=problems)
    return ClassFacts.model_validate(entered(form))
