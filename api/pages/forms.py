"""What forms send, taken into the very shapes that the JSON API takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError

from api.errors import ApiProblem, FieldProblem
from api.pages.language import later

Model = TypeVar("Model", bound=BaseModel)
_MOST_FIELDS = 500

# The kinds of pydantic's refusals in words that help who fills in a form.
_KINDS: Mapping[str, str] = {
    "missing": later("必填"),
    "string_too_short": later("必填"),
    "string_too_long": later("太长"),
    "string_pattern_mismatch": later("格式不对"),
    "date_from_datetime_parsing": later("应为日期，如 2023-06-05"),
    "date_parsing": later("应为日期，如 2023-06-05"),
    "datetime_from_date_parsing": later("应为日期和时间"),
    "int_parsing": later("应为整数"),
    "float_parsing": later("应为数字"),
    "multiple_of": later("应为半天的倍数"),
    "greater_than": later("太小"),
    "greater_than_equal": later("太小"),
    "less_than_equal": later("太大"),
    "enum": later("请选择"),
    "literal_error": later("请选择"),
}


class Form:
    """The fields of a form, each with what was entered; several under one name in their order."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def __getitem__(self, name: str) -> str:
        """What was entered without blanks around it; empty for a field that was not sent."""
        return next((value.strip() for key, value in self._pairs if key == name), "")

    def all(self, name: str) -> list[str]:
        """All under a name."""
        return [value for key, value in self._pairs if key == name]

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self._pairs)

    def filled(self) -> dict[str, str]:
        """The fields with something in them."""
        return {name: self[name] for name, _ in self._pairs if self[name]}

    def raw(self, name: str) -> str:
        """What was entered as it is: blanks belong to a password."""
        return next((value for key, value in self._pairs if key == name), "")


async def form_of(request: Request) -> Form:
    """The form in the request's body. Raises 422 for what is no form."""
    try:
        text = (await request.body()).decode("utf-8")
        return Form(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"))
    except ValueError:
        raise ApiProblem(422, "invalid-request", "表单内容不对") from None


TheForm = Annotated[Form, Depends(form_of)]


def faults(error: ValidationError) -> dict[str, str]:
    """The first fault of each field, in words."""
    found: dict[str, str] = {}
    for one in error.errors():
        name = str(one["loc"][0]) if one["loc"] else ""
        words = _KINDS.get(one["type"], one["msg"].removeprefix("Value error, "))
        found.setdefault(name, words)
    return found


def taken(model: type[Model], values: Mapping[str, Any]) -> Model:
    """The values in the API's shape. Raises 422 that names the fields at fault."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problems = [FieldProblem(pointer=name, detail=words) for name, words in faults(error).items()]
        raise ApiProblem(422, "invalid-request", "有填写不对的地方", errors=problems) from None
