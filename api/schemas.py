"""What the API takes and gives: shapes shared by several subjects."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Generic, TypeVar

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

T = TypeVar("T")


def _clean(text: str) -> str:
    """Text that a database and a page can hold: no control characters, no halves of characters."""
    if any((ord(char) < 32 and char not in "\n\t") or 0xD800 <= ord(char) <= 0xDFFF for char in text):
        raise ValueError("含有不可见字符")
    return text


def _lines(text: str) -> str:
    """Text of a file, whichever way its lines end."""
    return _clean(text.removeprefix("\ufeff").replace("\r\n", "\n"))


def _of_this_age(moment: datetime) -> datetime:
    if not 2000 <= moment.year <= 2200:
        raise ValueError("年份应在 2000 到 2200 之间")
    return moment


Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(_clean)]
Note = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_clean)]
Text = Annotated[str, StringConstraints(max_length=100_000), AfterValidator(_lines)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_clean)]
Moment = Annotated[AwareDatetime, AfterValidator(_of_this_age)]
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{26}$")]
IdPath = Annotated[str, Path(pattern=r"^[0-9a-f]{26}$")]
NumberPath = Annotated[int, Path(ge=1, le=2**31 - 1)]
BoxList = tuple[float, float, float, float]


class Given(BaseModel):
    """A request's body: unknown names are refused."""

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """A part of an answer, made from a row of the store."""

    model_config = ConfigDict(from_attributes=True)


class ListPage(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    next: str | None = Field(None, description="`after` of the next page; null on the last one")
