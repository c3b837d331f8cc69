"""Files made to do harm are refused in a clear line or checked, within bounds, and leave nothing behind.

A few of each kind of the corpus, always the same; all of it: `make hostile`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.attack import SETTINGS, HostileReader, attack, corpus
from tests.hostile.case import Case

FEW = [case for case in corpus(seed=1, each=1) if case.few]


@pytest.fixture(scope="module")
def reader() -> Iterator[HostileReader]:
    with HostileReader(SETTINGS) as reader:
        yield reader


@pytest.mark.parametrize("case", FEW, ids=[f"{case.kind}: {case.name}" for case in FEW])
def test_a_hostile_file_is_refused_in_a_clear_line_or_checked(
    case: Case, reader: HostileReader, tmp_path: Path
) -> None:
    outcome = attack(case, reader, tmp_path)
    assert outcome.verdict in ("refused", "checked"), outcome
    assert not outcome.fault, outcome
