"""Dense tables of small print with the real engine: what detection finds, and what its ink gives away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from archive_verify.model import Box, Line
from archive_verify.ocr.base import Engine
from archive_verify.ocr.paddle import load_engine
from archive_verify.ocr.weights import find_weights
from archive_verify.raster import SheetImage
from archive_verify.reading.missed import missed_places, read_missed
from archive_verify.reading.sheet import read_page
from archive_verify.settings import Settings
from tests.drawn import draw_page

_COLUMNS = (15, 25, 45, 85, 105, 125, 145, 165, 195)    # mm
_TOP, _PITCH, _ROWS = 30, 6, 30


@dataclass(frozen=True)
class Table:
    pixels: NDArray[np.uint8]
    cells: tuple[tuple[str, float, float], ...]     # text and the middle of its cell, fractions of the page


def dense_table(dpi: int) -> Table:
    """A pay sheet of 30 rows in 7 points, scanned: soft, noisy, grey paper."""
    texts, cells = [(70.0, 12.0, "2023年4月工资明细表", 16.0)], []
    for row in range(_ROWS):
        y = _TOP + row * _PITCH
        number = f"1423221{970 + row}{1 + row % 12:02}{1 + row % 28:02}{(37 * row + 11) % 1000:03}X"
        values = (
            str(row + 1), "张晓丽", number, f"{2370 + 10 * row}.00", f"{630 + row}.00", "150.00",
            f"{50 + row}.00", f"{3200 + 10 * row}.00",
        )
        for x, following, text in zip(_COLUMNS, _COLUMNS[1:], values, strict=False):
            texts.append((x + 1.0, y + 1.0, text, 7.0))
            cells.append((text, (x + following) / 2 / 210, (y + _PITCH / 2) / 297))
    foot = _TOP + _ROWS * _PITCH
    rulings = [(_COLUMNS[0], _TOP + row * _PITCH, _COLUMNS[-1], _TOP + row * _PITCH) for row in range(_ROWS + 1)]
    rulings += [(x, _TOP, x, foot) for x in _COLUMNS]
    soft = cv2.GaussianBlur(draw_page(texts, dpi=dpi, rulings=rulings), (0, 0), 0.8)
    noise = np.random.default_rng(1).normal(0, 8, (*soft.shape[:2], 1))
    return Table(np.clip(soft * 0.85 + 35 + noise, 0, 255).astype(np.uint8), tuple(cells))


def unread(table: Table, lines: Sequence[Line]) -> list[str]:
    """Texts of cells over whose place no line reads just this."""
    def holds(line: Line, text: str, y: float) -> bool:
        return text == line.text.replace(" ", "") and line.box.y0 < y < line.box.y1

    return [text for text, _, y in table.cells if not any(holds(line, text, y) for line in lines)]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    settings = Settings(cache_dir=tmp_path_factory.mktemp("cache"), workers=1)
    return load_engine(settings, find_weights(settings))


@pytest.mark.ocr
@pytest.mark.parametrize("dpi", [150, 200])
def test_every_cell_of_a_dense_table_in_small_print_is_read(engine: Engine, dpi: int) -> None:
    table = dense_table(dpi)
    missing = unread(table, read_page(SheetImage(pixels=table.pixels, dpi=dpi), engine).lines)
    assert [text for text in missing if len(text) > 2] == []
    assert len(missing) <= 2, "single figures in a ruled cell"


@pytest.mark.ocr
def test_numbers_that_detection_lost_are_read_where_their_ink_stands(engine: Engine) -> None:
    table = dense_table(200)
    lines = read_page(SheetImage(pixels=table.pixels, dpi=200), engine).lines
    kept = [line for line in lines if len(line.text) < 18]
    assert len(kept) <= len(lines) - _ROWS
    numbers = {text for text in unread(table, read_missed(table.pixels, kept, engine)) if len(text) == 18}
    assert numbers == set()


def test_ink_of_lines_rulings_photos_and_seals_is_not_missed_print() -> None:
    page = draw_page(
        [(30.0, 50.0 + 12 * row, "甲方（用人单位）：文水县鑫源食品", 12.0) for row in range(3)],
        rulings=[(30, 90, 180, 90), (30, 100, 180, 100), (30, 90, 30, 100), (100, 90, 100, 100)],
    )
    rng = np.random.default_rng(2)
    page[1000:1300, 1000:1240] = rng.integers(0, 200, (300, 240, 1), dtype=np.uint8)
    cv2.putText(page, "1411210052", (300, 1500), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (40, 40, 220), 3)
    known = [Box(0.13, (49.5 + 12 * row) / 297, 0.8, (56 + 12 * row) / 297) for row in range(3)]
    assert missed_places(page, known) == ()
    places = missed_places(page, known[:2])
    assert sum(place.width for place in places) > 0.25
    assert all(place.overlap(known[2]) > 0.9 * place.width * place.height for place in places)
