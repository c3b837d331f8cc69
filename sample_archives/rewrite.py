"""Change a person, a trainee's row or the class facts wherever the papers mention them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from .build import Case
from .case import ClassInfo, Form, Person

Change = Callable[[Any], Any]


def rewritten(value: Any, change: Change) -> Any:
    """`value` with `change` applied to every Person and ClassInfo inside; the same object if none changed."""
    if isinstance(value, Person | ClassInfo):
        return change(value)
    if isinstance(value, tuple):
        made = tuple(rewritten(item, change) for item in value)
        return made if any(a is not b for a, b in zip(made, value, strict=True)) else value
    if is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for item in fields(value):
            old = getattr(value, item.name)
            new = rewritten(old, change)
            if new is not old:
                changed[item.name] = new
        return replace(value, **changed) if changed else value
    return value


def everywhere(case: Case, change: Change, only: Callable[[Form], bool] = lambda form: True) -> None:
    """Apply a change to all papers for which `only` holds."""
    for form in list(case.forms):
        if only(form):
            new = rewritten(form, change)
            if new is not form:
                case.swap(form, new)


def person_change(row: int, make: Callable[[Person], Person]) -> Change:
    """A change of one trainee's person, by his roster row."""

    def change(value: Any) -> Any:
        return make(value) if isinstance(value, Person) and value.row == row else value

    return change


def change_info(case: Case, **facts: Any) -> None:
    """Change facts of the class on every paper."""
    case.info = replace(case.info, **facts)
    info = case.info
    everywhere(case, lambda value: info if isinstance(value, ClassInfo) else value)
