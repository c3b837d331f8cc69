"""The checklist in docs/asvs.md names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_test_that_the_checklist_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs/asvs.md").read_text(encoding="utf-8")))
    there = {
        name for path in (ROOT / "tests").glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }  # fmt: skip
    assert named - there == set() and len(named) > 50


def test_every_line_of_the_checklist_names_a_test() -> None:
    lines = (ROOT / "docs/asvs.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ") and re.match(r"\| \d", line)]
    assert len(rows) > 40 and [row for row in rows if "`test_" not in row] == []
