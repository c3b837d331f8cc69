"""The checklist in docs/asvs.md names each requirement once, and tests that are there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
# The requirements of levels 1 and 2 in OWASP ASVS 4.0.3: of each section their last number, but for those left out.
_LAST = {
    "1.1": 7, "1.2": 4, "1.4": 5, "1.5": 4, "1.6": 4, "1.7": 2, "1.8": 2, "1.9": 2, "1.10": 1, "1.11": 2, "1.12": 2,
    "1.14": 6, "2.1": 12, "2.2": 3, "2.3": 3, "2.4": 5, "2.5": 7, "2.6": 3, "2.7": 6, "2.8": 7, "2.9": 3, "2.10": 4,
    "3.1": 1, "3.2": 4, "3.3": 4, "3.4": 5, "3.5": 3, "3.7": 1, "4.1": 5, "4.2": 2, "4.3": 3, "5.1": 5, "5.2": 8,
    "5.3": 10, "5.4": 3, "5.5": 4, "6.1": 3, "6.2": 6, "6.3": 2, "6.4": 2, "7.1": 4, "7.2": 2, "7.3": 4, "7.4": 3,
    "8.1": 4, "8.2": 3, "8.3": 8, "9.1": 3, "9.2": 4, "10.2": 2, "10.3": 3, "11.1": 8, "12.1": 3, "12.2": 1, "12.3": 6,
    "12.4": 2, "12.5": 2, "12.6": 1, "13.1": 5, "13.2": 6, "13.3": 2, "13.4": 2, "14.1": 4, "14.2": 6, "14.3": 3,
    "14.4": 7, "14.5": 4,
}  # fmt: skip
_DELETED = {"1.4.2", "1.4.3", "1.12.1", "4.1.4", "7.3.2", "13.1.2", "13.2.4", "14.3.1"}
_NUMBER = r"\d+\.\d+\.\d+"


def _rows(heading: str = "") -> list[str]:
    told = (ROOT / "docs/asvs.md").read_text(encoding="utf-8")
    if heading:
        told = told.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [line for line in told.splitlines() if re.match(r"\| (\d|\(5)", line)]


def _numbers(row: str) -> list[str]:
    """The numbers of a row's first cell, `2.1.1–2.1.4` for all four. Those of version 5.0.0 are others."""
    cell = row.split("|")[1]
    found = []
    for first, last in re.findall(rf"(?<!: )({_NUMBER})(?:–({_NUMBER}))?", "" if "(" in cell else cell):
        section, _, start = first.rpartition(".")
        assert not last or last.rpartition(".")[0] == section, row
        found += [f"{section}.{n}" for n in range(int(start), int(last.rpartition(".")[2] or start) + 1)]
    return found


def test_each_requirement_of_level_two_stands_in_the_checklist_once() -> None:
    asked = {f"{section}.{n}" for section, last in _LAST.items() for n in range(1, last + 1)} - _DELETED
    told = Counter(number for row in _rows() for number in _numbers(row))
    twice = [number for number, count in told.items() if count > 1]
    assert (asked - told.keys(), told.keys() - asked, twice) == (set(), set(), [])


def test_every_test_that_the_checklist_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs/asvs.md").read_text(encoding="utf-8")))
    there = {
        name for path in (ROOT / "tests").glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }  # fmt: skip
    assert named - there == set() and len(named) > 50


def test_every_line_of_what_is_kept_names_a_test() -> None:
    rows = _rows("Kept, with tests")
    assert len(rows) > 50 and [row for row in rows if "`test_" not in row] == []
