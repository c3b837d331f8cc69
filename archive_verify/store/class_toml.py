"""The facts of a class as plain JSON values <-> CLASS.toml, the one form the library checks them in."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from archive_verify.class_facts import load_class
from archive_verify.errors import ClassFactsRefused
from archive_verify.model import ClassFacts
from archive_verify.report.to_json import plain

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,2})?")


def toml_of(facts: Mapping[str, Any]) -> str:
    """CLASS.toml of plain values: a day as "2023-09-01", money as a number or its text."""
    return "".join(f"{_key(key)} = {_value(key, value)}\n" for key, value in facts.items() if value is not None)


def checked_facts(facts: Mapping[str, Any]) -> tuple[dict[str, Any], ClassFacts]:
    """The facts as plain values in one form, and as the library has them. Raises ClassFactsRefused."""
    with tempfile.TemporaryDirectory(prefix="archive-verify-") as directory:
        path = Path(directory) / "CLASS.toml"
        path.write_text(toml_of(facts), encoding="utf-8")
        try:
            known = load_class(path)
        except ClassFactsRefused as error:
            # who gave the facts knows of no file and no line of it
            raise ClassFactsRefused(error.what, advice=error.advice) from error
    return {key: plain(fact.value) for key, fact in known.items()}, known


def day_of(facts: Mapping[str, Any], key: str) -> date | None:
    """A day among plain facts."""
    value = facts.get(key)
    return None if value is None else date.fromisoformat(value)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[a-z_]+", key) else json.dumps(key)


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(key, item) for item in value)}]"
    bare = _NUMBER if key.endswith("_yuan") else _DAY if key.endswith("_date") or key == "as_of" else None
    text = str(value)
    return text if isinstance(value, int | float) or (bare and bare.fullmatch(text)) else _text(text)


def _text(value: str) -> str:
    """A TOML basic string; JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
