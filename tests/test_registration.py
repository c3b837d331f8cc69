"""Two scans of one sheet laid over one another, and sheets that only share their words."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from archive_verify.binder import open_binder
from archive_verify.model import Page
from archive_verify.reading import Reader
from archive_verify.registration import Likeness, compare, ink_of
from archive_verify.repeats import find_repeats
from archive_verify.settings import Settings
from archive_verify.skew import estimate_skew
from tests.drawn import draw_page
from tests.scans import Pixels, scanned_page, scribble
from tests.test_repeats import CLAUSES

QUESTIONS = [(20.0, 24 + 18.0 * n, f"{n + 1}．{text}，请简要说明理由。", 11.0) for n, text in enumerate(CLAUSES * 2)]
STRAIGHT = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def answered(hand: int, name: str = "") -> Pixels:
    page = draw_page([*QUESTIONS, (20.0, 12.0, name, 11.0)])
    for n in range(3):
        scribble(page, 40 + 40 * n, 248, 10 * hand + n)
    return page


def scan(page: Pixels, *, degrees: float = 0, factor: float = 1, light: float = 1, bits: int = 8) -> Pixels:
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    moved = cv2.warpAffine(page, matrix, (width, height), borderValue=(255, 255, 255))
    moved = cv2.resize(moved, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    noisy = moved * light + np.random.default_rng(3).normal(0, 4, moved.shape)
    if bits == 1:
        noisy = np.where(noisy > 150, 255.0, 0.0)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def likeness(one: Pixels, other: Pixels, dpi: float = 200) -> Likeness:
    first, second = (
        ink_of(page, resolution, estimate_skew(page) or 0.0, []) for page, resolution in ((one, 200.0), (other, dpi))
    )
    return compare(first, second, STRAIGHT)


@pytest.mark.parametrize("change", [
    {"degrees": 1.4}, {"factor": 0.75}, {"factor": 1.5, "degrees": -0.8}, {"light": 0.7}, {"bits": 1},
])
def test_a_sheet_scanned_again_otherwise_is_alike_in_all_its_parts(change: dict[str, float]) -> None:
    seen = likeness(answered(1), scan(answered(1), **change), 200 * change.get("factor", 1))  # type: ignore[arg-type]
    assert seen.parts > 500
    assert seen.unlike <= 3


def test_the_same_form_in_another_hand_is_unlike_where_it_was_written_on() -> None:
    assert likeness(answered(1), scan(answered(2), degrees=0.5)).unlike > 20


def test_a_form_that_was_left_empty_is_unlike_one_that_was_filled() -> None:
    assert likeness(draw_page(QUESTIONS), scan(answered(1))).unlike > 20


def test_another_persons_name_alone_makes_pages_unlike() -> None:
    assert likeness(answered(1, "姓名：侯海松"), scan(answered(1, "姓名：薛旭清"))).unlike > 10


def margin(name: str) -> Pixels:
    """A paper whose name stands sideways in small print at the dotted line it is bound along."""
    page = draw_page(QUESTIONS)
    strip = np.ascontiguousarray(np.rot90(draw_page([(100.0, 8.0, name, 8.0)])))
    page = np.minimum(page, cv2.resize(strip, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_AREA))
    for y in range(60, page.shape[0] - 60, 9):
        cv2.line(page, (100, y), (100, y + 3), (85, 85, 85), 2)
    return page.astype(np.uint8)


def test_another_name_beside_the_dotted_line_of_a_paper_makes_pages_unlike() -> None:
    assert likeness(margin("姓名 韩敏"), scan(margin("姓名 韩敏"), degrees=0.4)).unlike <= 3
    assert likeness(margin("姓名 韩敏"), scan(margin("姓名 吴香"), degrees=0.4)).unlike > 10


def test_pages_of_other_print_cannot_be_laid_over_one_another() -> None:
    other = draw_page([(30.0, 30 + 7.0 * n, text[::-1], 9.0) for n, text in enumerate(CLAUSES * 4)])
    seen = likeness(answered(1), other)
    assert seen.parts == 0 or seen.unlike > 100


def test_pages_whose_readings_coincide_are_no_repeat_where_their_images_differ(tmp_path: Path) -> None:
    number = [*QUESTIONS, (20.0, 12.0, "身份证号 141121198503120035", 11.0)]
    sheets = [answered(1), scan(answered(1), degrees=0.6), answered(2)]
    for n, sheet in enumerate(sheets):
        image = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(sheet[:, :, ::-1])).save(image, "PNG", dpi=(200, 200))
        (tmp_path / f"{n}.png").write_bytes(image.getvalue())
    settings = Settings(cache_dir=tmp_path / "cache")
    binder = open_binder([tmp_path / f"{n}.png" for n in range(3)], settings, tmp_path / "work")
    read = scanned_page(1, number, answered(1)).reading
    skews = (0.0, estimate_skew(sheets[1]), 0.0)
    pages = [
        Page(index=n + 1, file=n, file_page=1, reading=read.model_copy(update={"skew_degrees": skew}))
        for n, skew in enumerate(skews)
    ]
    assert find_repeats(pages) == ((1, 2, 3),)
    with Reader(settings) as reader:
        look = lambda one, other, course: reader.lay_over(binder, one, other, course)  # noqa: E731
        assert find_repeats(pages, look) == ((1, 2),)


def with_photo(page: Pixels, lighter: int = 0) -> Pixels:
    """The page with a photograph of soft shades, some of them as dark as blots."""
    shades = cv2.GaussianBlur(np.random.default_rng(7).uniform(0, 255, (320, 240)).astype(np.float32), (0, 0), 9)
    shades = 95 + 110 * (shades - shades.min()) / (shades.max() - shades.min()) + lighter
    whole = page.copy()
    whole[1500:1820, 1200:1440] = shades[:, :, None].astype(np.uint8)
    return whole


def test_a_photograph_that_is_lighter_in_one_scan_is_no_other_ink() -> None:
    seen = likeness(with_photo(answered(1)), scan(with_photo(answered(1), 20), degrees=0.7))
    assert seen.parts > 500
    assert seen.unlike <= 5


def gridded() -> Pixels:
    """A sheet of 31 days: thin lines, cut by broad ones into pieces shorter than a ruling."""
    page = draw_page([*QUESTIONS[3:], (20.0, 12.0, "考勤表", 14.0)])
    across, scale = page.shape[1] / 210, page.shape[0] / 297
    for y in (28, 36):
        cv2.line(page, (round(18 * across), round(y * scale)), (round(192 * across), round(y * scale)), (60, 60, 60), 2)
    for n in range(32):
        x = round((18 + 5.6 * n) * across)
        cv2.rectangle(page, (x, round(27 * scale)), (x + 16, round(60 * scale)), (60, 60, 60), -1)
    return page


def test_the_rulings_of_narrow_columns_are_not_compared() -> None:
    ink = ink_of(gridded(), 200.0, 0.0, []).strokes
    rows = slice(round(ink.shape[0] * 27 / 297), round(ink.shape[0] * 37 / 297))
    assert float((ink[rows] > 0.2).mean()) < 0.001
