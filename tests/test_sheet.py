"""Decisions about one sheet that hang on its lines' geometry and look, without an engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from archive_verify.model import Box, Line
from archive_verify.ocr.replay import ReplayEngine
from archive_verify.raster import SheetImage
from archive_verify.reading.sheet import is_sideways, read_page


def test_ones_and_strokes_in_the_cells_of_a_sheet_turn_nothing() -> None:
    def quad(x: float, y: float, width: float, height: float) -> NDArray[np.float32]:
        return np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], dtype=np.float32)

    ones = [quad(100 + 40 * column, 200 + 30 * row, 5, 13) for column in range(30) for row in range(18)]
    names = [quad(20, 200 + 30 * row, 45, 15) for row in range(18)]
    assert not is_sideways([quad(100, 50, 280, 22), *names, *ones])
    assert is_sideways([quad(50, 100, 22, 280), *(quad(200 + 30 * row, 20, 15, 45) for row in range(18))])


def test_a_page_too_dark_to_read_is_illegible_though_the_engine_sees_figures() -> None:
    noise = np.random.default_rng(1).normal(40, 2, (2339, 1653, 3))
    dark = np.clip(noise, 0, 255).astype(np.uint8)
    seen = [Line(text=text, box=Box(0.2, 0.2 + 0.1 * n, 0.5, 0.22 + 0.1 * n), confidence=0.7)
            for n, text in enumerate(("地汉B家", "110810", "100", "881", "H.AA", "14A"))]
    assert "illegible" in read_page(SheetImage(pixels=dark, dpi=200), ReplayEngine(seen)).flags
