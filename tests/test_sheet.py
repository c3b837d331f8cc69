"""Decisions about one sheet that hang on its lines' geometry and look, without an engine."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from archive_verify.model import Box, Line
from archive_verify.ocr.base import Pixels, Recognised
from archive_verify.ocr.replay import ReplayEngine
from archive_verify.raster import SheetImage
from archive_verify.reading.sheet import is_sideways, read_page
from archive_verify.reading.stacked import part_stacked
from tests.drawn import draw_page
from tests.scans import MM


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


TITLE = Line(text="教学日志", box=Box(0.4, 0.1, 0.6, 0.13), confidence=0.95)
LOST = [(25.0, 60 + 9.0 * n, "甲方应当按照国家有关规定支付乙方工资并缴纳费用", 12.0) for n in range(20)]


def test_a_dark_page_of_which_the_title_alone_is_read_is_illegible_and_one_with_nothing_else_is_not() -> None:
    for rest, flags in ((LOST, {"illegible"}), ([], set())):
        page = draw_page([(85.0, 30.0, "教学日志", 22.0), *rest])
        dark = (cv2.GaussianBlur(page, (0, 0), 4) // 6).astype(np.uint8)
        assert read_page(SheetImage(pixels=dark, dpi=200), ReplayEngine([TITLE])).flags == flags


def test_a_blurred_page_is_illegible_though_holes_and_the_dark_edge_of_the_scan_are_crisp() -> None:
    page = cv2.GaussianBlur(draw_page(LOST[:8]), (0, 0), 7).astype(np.uint8)
    page[-30:], page[:, -30:] = 20, 20
    for x in (500, 800, 1100):
        cv2.circle(page, (x, 55), 22, (30, 30, 30), -1)
    seen = [TITLE, Line(text="图", box=Box(0.2, 0.3, 0.3, 0.32), confidence=0.4),
            Line(text="28", box=Box(0.2, 0.5, 0.3, 0.52), confidence=0.2)]
    assert "illegible" in read_page(SheetImage(pixels=page, dpi=200), ReplayEngine(seen)).flags


@pytest.mark.parametrize(("sureness", "rotation"), [(0.4, 0), (0.7, 180)])
def test_a_page_is_turned_on_its_head_only_if_something_can_be_read_then(sureness: float, rotation: int) -> None:
    class Engine(ReplayEngine):
        """Reads the page as it lies, a sample of it so, and one after a turn by 180 degrees."""

        sure = iter((0.2, 0.2, sureness))

        def recognise(self, crops: Sequence[Pixels], *, lattices: bool = False) -> tuple[Recognised, ...]:
            sure = next(self.sure, 0.1)
            return tuple(Recognised("教学日志", sure, None) for _ in crops)

    page = SheetImage(pixels=draw_page(LOST), dpi=200)
    assert read_page(page, Engine([TITLE])).rotation == rotation


def test_blots_beside_the_title_do_not_make_a_blurred_page_legible() -> None:
    page = cv2.GaussianBlur(draw_page(LOST), (0, 0), 7).astype(np.uint8)
    blots = [Line(text=text, box=Box(0.3, 0.1 * n, 0.4, 0.1 * n + 0.03), confidence=sure)
             for n, (text, sure) in enumerate((("O", 0.9), ("租", 0.95)), 3)]
    assert "illegible" in read_page(SheetImage(pixels=page, dpi=200), ReplayEngine([TITLE, *blots])).flags


def test_two_lines_of_a_cell_found_as_one_are_parted_and_read_each() -> None:
    one, two, other = (Recognised(text, sure, None) for text, sure in (("出勤", 0.99), ("蠍", 0.3), ("姓名", 0.99)))

    class Engine(ReplayEngine):
        """Knows a crop of one line by its height; of two lines it makes nothing."""

        def recognise(self, crops: Sequence[Pixels], *, lattices: bool = False) -> tuple[Recognised, ...]:
            return tuple(one if len(crop) < 70 else two for crop in crops)

    page = draw_page([(40.0, 40.0, "出勤", 12.0), (40.0, 46.0, "天数", 12.0), (80.0, 43.0, "姓名", 12.0)])
    quads = [np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float32) * np.float32(MM)
             for x0, y0, x1, y1 in ((39.5, 39.5, 49.5, 51.0), (79.5, 42.0, 89.5, 48.0))]
    parted, readings = part_stacked(page, quads, [two, other], Engine([]))
    assert [reading.text for reading in readings] == ["出勤", "出勤", "姓名"]
    assert parted[0][3][1] == pytest.approx(45.2 * MM, abs=8)


def test_a_pale_blurred_page_of_which_the_title_alone_is_read_is_illegible() -> None:
    for rest, flags in ((LOST, {"illegible"}), ([], set())):
        blurred = cv2.GaussianBlur(draw_page([(85.0, 30.0, "教学日志", 22.0), *rest]), (0, 0), 4)
        pale = (245 - 0.12 * (255 - blurred.astype(np.float32))).astype(np.uint8)
        assert read_page(SheetImage(pixels=pale, dpi=200), ReplayEngine([TITLE])).flags == flags


def test_upright_strokes_alone_are_what_a_smear_left_of_print() -> None:
    def flags(*texts: str) -> frozenset[str]:
        rows = [text for text in texts for _ in range(5)]
        page = draw_page([(25.0, 40 + 6.0 * n, 8 * f"{text} ", 14.0) for n, text in enumerate(rows)])
        seen = [Line(text=text, box=Box(0.1, 0.13 + 0.02 * n, 0.8, 0.145 + 0.02 * n), confidence=0.72)
                for n, text in enumerate(rows)]
        return read_page(SheetImage(pixels=page, dpi=200), ReplayEngine(seen)).flags

    assert "illegible" in flags("11111", "m11 11", "111", "川", "1川", "11", "1")
    assert "illegible" not in flags("2400", "3200", "2691", "258", "870", "9.60", "640")
