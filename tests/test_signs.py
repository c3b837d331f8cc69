"""Signs in the day cells of attendance sheets: where they are looked for, and what each is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from archive_verify.layout.days import day_grids
from archive_verify.model import Box, MarkShape, PageMark, Ruling, Sign
from archive_verify.ocr.base import Engine
from archive_verify.ocr.paddle import load_engine
from archive_verify.ocr.weights import find_weights
from archive_verify.raster import SheetImage, rulings
from archive_verify.reading.sheet import read_page
from archive_verify.reading.signs import read_signs
from archive_verify.reading.strokes import told_by_shape
from archive_verify.settings import Settings
from tests.attendance_sheets import STROKES, DaySheet, pen
from tests.drawn import draw_page


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    settings = Settings(cache_dir=tmp_path_factory.mktemp("cache"), workers=1)
    return load_engine(settings, find_weights(settings))


def grid(xs: list[float], ys: list[float], *, without: tuple[int, ...] = ()) -> list[Ruling]:
    """Rulings at these fractions of the page; those upright ones at the indexes `without` were not found."""
    level = [Ruling(box=Box(xs[0], y, xs[-1], y + 0.001), horizontal=True) for y in ys]
    upright = [
        Ruling(box=Box(x, ys[0], x + 0.001, ys[-1]), horizontal=False) for at, x in enumerate(xs) if at not in without
    ]
    return level + upright


DAYS = [0.05, 0.15, *[0.15 + 0.025 * day for day in range(1, 31)], 0.95]
ROWS = [0.2 + 0.025 * row for row in range(7)]


def test_the_columns_of_days_are_those_of_one_width() -> None:
    (found,) = day_grids(grid(DAYS, ROWS))
    assert len(found.columns) == 30
    assert found.columns[0][0] == pytest.approx(0.15, abs=0.001)
    assert len(found.rows) == 6


def test_a_day_whose_ruling_was_lost_is_still_a_column() -> None:
    (found,) = day_grids(grid(DAYS, ROWS, without=(10, 20)))
    assert len(found.columns) == 30


def test_lines_of_a_seal_between_days_are_no_columns_and_what_it_hid_is_put_back() -> None:
    stray = [Ruling(box=Box(x, ROWS[0], x + 0.001, ROWS[-1]), horizontal=False) for x in (0.461, 0.512)]
    (found,) = day_grids(grid(DAYS, ROWS, without=(13, 15)) + stray)
    assert len(found.columns) == 30


def test_a_total_twice_as_wide_as_a_day_is_no_two_days() -> None:
    (found,) = day_grids(grid([*DAYS[:-1], 0.95], ROWS))
    assert found.columns[-1][1] == pytest.approx(0.9, abs=0.002)


def test_two_halves_of_a_month_close_below_each_other_are_two_grids() -> None:
    upper = [0.05, 0.15, *[0.15 + 0.05 * day for day in range(1, 16)]]
    lower = [0.05, 0.15, *[0.15 + 0.046 * day for day in range(1, 17)]]
    found = day_grids(grid(upper, ROWS) + grid(lower, [y + 0.165 for y in ROWS]))
    assert [len(one.columns) for one in found] == [15, 16]


def test_a_table_of_few_or_uneven_columns_has_no_days() -> None:
    assert day_grids(grid([0.05, *[0.1 + 0.08 * at for at in range(10)]], ROWS)) == ()
    uneven = [0.05 + 0.004 * at * at for at in range(15)]
    assert day_grids(grid(uneven, ROWS)) == ()


# --- one sign ----------------------------------------------------------------------------------------


def drawn(sign: str, size: float, thick: int, seed: int) -> NDArray[np.uint8]:
    """The ink of a sign of so many pixels by an unsteady hand, cut to its bounds."""
    image = np.full((120, 120, 3), 255, np.uint8)
    pen(image, sign, 60, 60, size, thick=thick)
    rng = np.random.default_rng(seed)
    corners = np.array([[20, 20], [100, 20], [20, 100]], np.float32)
    bent = cv2.getAffineTransform(corners, (corners + rng.normal(0, 3.0, (3, 2))).astype(np.float32))
    grey = cv2.warpAffine(image[:, :, 0], bent, (120, 120), borderValue=255)
    ink = 255 - cv2.GaussianBlur(grey, (0, 0), 0.6)
    ys, xs = np.nonzero(ink > 60)
    return np.ascontiguousarray(ink[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1])


@pytest.mark.parametrize("sign", [sign for sign in STROKES])
@pytest.mark.parametrize(("size", "thick"), [(12, 1), (20, 2), (40, 3)])
def test_a_sign_drawn_by_hand_is_told_by_its_strokes(sign: str, size: int, thick: int) -> None:
    told = [told_by_shape(drawn(sign, size, thick, seed)) for seed in range(12)]
    assert {one.text for one in told if one is not None and one.confidence >= 0.7} <= {sign}
    assert sum(one is not None and one.text == sign for one in told) >= 10


@pytest.mark.parametrize("text", ["休", "病", "事", "8", "S", "假", "出"])
def test_a_character_is_no_sign_of_strokes(text: str) -> None:
    image = draw_page([(50, 50, text, 12.0)])
    ys, xs = np.nonzero(image[:, :, 0] < 150)
    ink = 255 - image[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1, 0]
    assert told_by_shape(np.ascontiguousarray(ink)) is None


@pytest.mark.parametrize(("degrees", "sign"), [(15, "○"), (100, None)])
def test_a_ring_may_stand_a_little_open(degrees: int, sign: str | None) -> None:
    ink = np.zeros((36, 36), np.uint8)
    cv2.ellipse(ink, (18, 18), (14, 14), 200, 0, 360 - degrees, (255,), 2, cv2.LINE_AA)
    told = told_by_shape(ink[2:34, 2:34].copy())
    assert (told.text if told is not None else None) == sign


def test_a_speck_beside_a_sign_is_no_part_of_it() -> None:
    ink = drawn("√", 30, 2, 1)
    spotted = np.zeros((ink.shape[0] + 10, ink.shape[1] + 12), np.uint8)
    spotted[: ink.shape[0], : ink.shape[1]] = ink
    spotted[-4:, -4:] = 255
    told = told_by_shape(spotted)
    assert told is not None
    assert told.text == "√"


# --- whole sheets -----------------------------------------------------------------------------------


def rows_of(sheet: DaySheet, signs: tuple[Sign, ...]) -> list[str]:
    """The signs found, a string a person as `DaySheet.signs` are; signs elsewhere are an error."""
    found = [["·"] * sheet.days for _ in sheet.signs]
    for sign in signs:
        x, y = sign.box.centre[0] * 210, sign.box.centre[1] * 297
        day, row = int((x - sheet.left - sheet.name) / sheet.column), int((y - sheet.top) / sheet.row) - 1
        found[row][day] = sign.text if sign.confidence >= 0.7 else "?"
    return ["".join(row) for row in found]


SHEET = DaySheet((
    "√√√休√√√√√√休√√√√√√休√√√√√√休√√√√√",
    "√√√休√√△√√√休√√√√√√休√√○√√√休√√√√√",
    "············√√√√√休√√√√√√休√√×√√",
    "√√√休√√病√√√休√√√√√√休√√√√√√休√√事√√",
))
FACES = {"print": False, "pen": True}


def seen(sheet: DaySheet, image: NDArray[np.uint8], engine: Engine, *marks: PageMark) -> list[str]:
    lines = sheet.page().reading.lines
    return rows_of(sheet, read_signs(image, lines, rulings(image), marks, engine))


@pytest.mark.ocr
@pytest.mark.parametrize("by_pen", FACES.values(), ids=FACES)
@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_the_signs_of_a_month_are_read_cell_by_cell(engine: Engine, dpi: int, by_pen: bool) -> None:
    assert seen(SHEET, SHEET.drawn(dpi=dpi, by_pen=by_pen), engine) == list(SHEET.signs)


@pytest.mark.ocr
def test_signs_of_a_black_and_white_scan_and_of_a_pale_copy_are_read(engine: Engine) -> None:
    image = cv2.GaussianBlur(SHEET.drawn(by_pen=True), (0, 0), 0.6)
    noisy = np.clip(image + np.random.default_rng(3).normal(0, 5, image.shape), 0, 255)
    bilevel = np.where(noisy > 150, 255, 0).astype(np.uint8)
    pale = np.clip(noisy * 0.45 + 135, 0, 255).astype(np.uint8)
    assert seen(SHEET, bilevel, engine) == list(SHEET.signs)
    found = seen(SHEET, pale, engine)
    pairs = [(a, b) for one, other in zip(SHEET.signs, found, strict=True) for a, b in zip(one, other, strict=True)]
    assert sum(a == b for a, b in pairs) >= 0.98 * len(pairs)
    assert {b for a, b in pairs if a != b} <= {"?"}


@pytest.mark.ocr
def test_what_lies_under_a_grey_seal_is_unknown_and_not_another_sign(engine: Engine) -> None:
    image = SHEET.drawn(by_pen=True)
    centre = (round(120 / 25.4 * 200), round(78 / 25.4 * 200))
    cv2.circle(image, centre, 140, (120, 120, 120), 9)
    for at, word in enumerate("1411210042917"):
        angle = 0.45 * at
        place = (round(centre[0] + 110 * np.cos(angle)) - 12, round(centre[1] + 110 * np.sin(angle)) + 12)
        cv2.putText(image, word, place, cv2.FONT_HERSHEY_SIMPLEX, 1.1, (120, 120, 120), 4)
    found = seen(SHEET, image, engine)
    pairs = [(a, b) for one, other in zip(SHEET.signs, found, strict=True) for a, b in zip(one, other, strict=True)]
    assert {b for a, b in pairs if a != b} == {"?"}
    assert sum(a == b for a, b in pairs) > 0.75 * len(pairs)


@pytest.mark.ocr
def test_a_red_seal_in_colour_leaves_the_signs_under_it(engine: Engine) -> None:
    image = SHEET.drawn(by_pen=True)
    seal = image.copy()
    cv2.circle(seal, (945, 614), 140, (40, 40, 215), 9)
    under = np.minimum(seal, image)
    assert seen(SHEET, under, engine) == list(SHEET.signs)


def test_signs_that_a_seal_covers_are_trusted_less_and_rare_ones_not_at_all() -> None:
    sheet = DaySheet(("√√√√√√√√√√√√√√√", "√√√√√√√√√√√√√△×"))
    image = sheet.drawn(by_pen=True)
    seal = PageMark(
        shape=MarkShape.ROUND_SEAL, confidence=0.9, colour="black",
        box=Box((sheet.cell(1, 12)[0] - 2) / 210, 0.2, 0.9, 0.3),
    )
    signs = read_signs(image, sheet.page().reading.lines, rulings(image), [seal], NoReading())
    under = [sign for sign in signs if sign.box.x0 > seal.box.x0]
    assert [sign.text for sign in under] == ["√", "√", "√", "√", "?", "?"]
    assert max(sign.confidence for sign in under) <= 0.5
    assert {(sign.text, sign.confidence > 0.7) for sign in signs if sign not in under} == {("√", True)}


class NoReading:
    """An engine that must not be asked."""

    name = fingerprint = "none"

    def detect(self, pixels: object) -> tuple[()]:
        raise AssertionError("asked to find lines")

    def recognise(self, crops: object, *, lattices: bool = False) -> tuple[()]:
        raise AssertionError("asked to read")


def test_a_page_without_columns_of_days_is_not_looked_at() -> None:
    sheet = DaySheet(("√√√√√√", "√√√√√√"))
    image = sheet.drawn()
    assert read_signs(image, (), rulings(image), (), NoReading()) == ()


def test_columns_of_amounts_hold_no_signs() -> None:
    xs = [20 + 14 * at for at in range(13)]
    ys = [60 + 8 * at for at in range(6)]
    lines = [(xs[0], y, xs[-1], y) for y in ys] + [(x, ys[0], x, ys[-1]) for x in xs]
    texts = [(x + 1, y + 2, "1250.00", 8.0) for y in ys[:-1] for x in xs[:-1]]
    image = draw_page(texts, rulings=lines)
    assert len(day_grids(rulings(image))) == 1
    assert read_signs(image, (), rulings(image), (), NoReading()) == ()


@pytest.mark.ocr
def test_a_page_that_is_read_carries_its_signs(engine: Engine) -> None:
    reading = read_page(SheetImage(pixels=SHEET.drawn(), dpi=200), engine)
    assert rows_of(SHEET, reading.signs) == list(SHEET.signs)
