"""Files made to do harm are refused in a clear line or checked, within bounds, and leave nothing behind.

A few of each kind of the corpus, always the same; all of it: `make hostile`.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.attack import SETTINGS, HostileReader, attack, corpus
from tests.hostile.case import Case, csv_text, person
from tests.hostile.mutate import changed
from tests.hostile.pdf_files import one_page
from tests.hostile.strings import book

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


def longer(data: bytes, most: int) -> bytes:
    """A change of bytes that knows nothing of files."""
    return (data + b"\xff")[:most]


def test_what_fuzzing_changes_inside_a_workbook_leaves_it_one() -> None:
    plain = book()
    fresh = [changed(plain, 16384, random.Random(seed), longer) for seed in range(60)]
    inside = [data for data in fresh if data != plain + b"\xff"]
    contents = set()
    for data in inside:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.testzip() is None
            contents.add(tuple(archive.read(name) for name in archive.namelist()))
    assert len(contents) > 20


@pytest.mark.parametrize("plain", [csv_text([person()]).encode(), csv_text([person()]).encode("gbk"), one_page()])
def test_what_fuzzing_changes_in_a_table_or_a_pdf_are_its_cells_and_words(plain: bytes) -> None:
    fresh = {changed(plain, 16384, random.Random(seed), longer) for seed in range(60)}
    assert len(fresh) > 20
    assert all(data[:3] == plain[:3] or abs(len(data) - len(plain)) < 100 for data in fresh)
    assert len(changed(plain, 5, random.Random(1), longer)) <= 5
