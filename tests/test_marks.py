"""Seals, fingerprints and handwriting on drawn pages; red print that is none of them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from archive_verify.marks import find_marks, without_red
from archive_verify.model import MarkShape, PageMark
from tests.drawn import FONT, draw_page
from tests.scans import MM, Pixels, Text, drawn_lines, scan, scribble, seal, stain

BODY: list[Text] = [(25.0, 30 + 9.0 * n, "甲方按月支付乙方工资并缴纳社会保险费不得拖欠", 12.0) for n in range(22)]
RED = (45, 40, 205)


def seen(page: Pixels, texts: list[Text] = BODY, seed: int = 1) -> list[PageMark]:
    return list(find_marks(scan(page, seed), drawn_lines(texts), 200))


def of_shape(marks: list[PageMark], shape: MarkShape) -> list[tuple[int, int]]:
    """Centres in millimetres."""
    return [
        (round(mark.box.centre[0] * 210), round(mark.box.centre[1] * 297)) for mark in marks if mark.shape is shape
    ]


def square_seal(page: Pixels, x: float, y: float, text: str = "王小明印", side: float = 16.0) -> None:
    size = round(side * MM)
    stamp = Image.new("L", (size, size), 0)
    pen = ImageDraw.Draw(stamp)
    pen.rectangle((2, 2, size - 3, size - 3), outline=255, width=round(0.9 * MM))
    face = ImageFont.truetype(FONT, round(size * 0.4))
    for char, place in zip(text, ((0.72, 0.28), (0.72, 0.72), (0.28, 0.28), (0.28, 0.72)), strict=True):
        pen.text((place[0] * size, place[1] * size), char, fill=255, font=face, anchor="mm")
    stain(page, np.asarray(stamp.rotate(5), dtype=np.float32) / 255, x - side / 2, y - side / 2, RED)


def thumb(page: Pixels, x: float, y: float) -> None:
    height, width = round(20 * MM), round(15 * MM)
    rows, cols = np.mgrid[0:height, 0:width]
    away = np.hypot((cols - width / 2) / (width / 2), (rows - height / 2) / (height / 2))
    ridges = (np.sin(away * 32 + cols / 9) > -0.3) & (away < 1)
    stain(page, ridges.astype(np.float32) * 0.85, x - 7.5, y - 10, RED)


def near(found: list[tuple[int, int]], x: float, y: float) -> bool:
    return len(found) == 1 and abs(found[0][0] - x) <= 3 and abs(found[0][1] - y) <= 3


def test_a_red_unit_seal_over_text_is_found() -> None:
    page = draw_page(BODY)
    seal(page, 150, 200, turn=17)
    assert near(of_shape(seen(page), MarkShape.ROUND_SEAL), 150, 200)


@pytest.mark.parametrize("diameter", [25.0, 30.0, 38.0, 45.0, 50.0])
def test_unit_seals_of_every_size_are_found(diameter: float) -> None:
    page = draw_page(BODY)
    seal(page, 120, 230, diameter=diameter)
    assert near(of_shape(seen(page), MarkShape.ROUND_SEAL), 120, 230)


def test_a_faint_seal_is_found() -> None:
    page = draw_page(BODY)
    stamped = page.copy()
    seal(stamped, 150, 200)
    pale = cv2.addWeighted(page, 0.65, stamped, 0.35, 0).astype(np.uint8)
    assert near(of_shape(seen(pale), MarkShape.ROUND_SEAL), 150, 200)


def test_a_seal_across_the_edge_of_the_page_is_found() -> None:
    page = draw_page(BODY)
    seal(page, 206, 150)
    (mark,) = [mark for mark in seen(page) if mark.shape is MarkShape.ROUND_SEAL]
    assert mark.box.x1 == 1.0 and mark.box.x0 == pytest.approx(186 / 210, abs=0.02)


def test_two_seals_side_by_side_are_two() -> None:
    page = draw_page(BODY)
    seal(page, 80, 240)
    seal(page, 118, 243, turn=30)
    assert len(of_shape(seen(page), MarkShape.ROUND_SEAL)) == 2


@pytest.mark.parametrize("kind", ["grey", "one bit"])
def test_a_seal_on_a_black_and_white_copy_is_found_by_its_ring(kind: str) -> None:
    page = draw_page(BODY)
    seal(page, 150, 235, turn=-12)
    grey = cv2.cvtColor(scan(page, 2), cv2.COLOR_BGR2GRAY)
    if kind == "one bit":
        grey = np.where(grey > 150, 255, 0).astype(np.uint8)
    marks = list(find_marks(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR).astype(np.uint8), drawn_lines(BODY), 200))
    assert near(of_shape(marks, MarkShape.ROUND_SEAL), 150, 235)
    assert {mark.colour for mark in marks if mark.shape is MarkShape.ROUND_SEAL} == {"black"}


def test_a_personal_seal_is_no_unit_seal_and_a_fingerprint_is_neither() -> None:
    page = draw_page(BODY)
    square_seal(page, 60, 250)
    thumb(page, 150, 250)
    marks = seen(page)
    assert near(of_shape(marks, MarkShape.PERSONAL_SEAL), 60, 250)
    assert near(of_shape(marks, MarkShape.FINGERPRINT), 150, 250)
    assert of_shape(marks, MarkShape.ROUND_SEAL) == []


def test_red_headings_rules_and_numbers_are_no_seals() -> None:
    page = draw_page(BODY)
    heading = Image.new("L", (page.shape[1], round(30 * MM)), 0)
    pen = ImageDraw.Draw(heading)
    for n, char in enumerate("文水县人力资源局"):
        face = ImageFont.truetype(FONT, round(15 * MM))
        pen.text((round((30 + 20 * n) * MM), round(4 * MM)), char, fill=255, font=face)
    stain(page, np.asarray(heading, dtype=np.float32) / 255, 0, 1, RED)
    cv2.line(page, (round(20 * MM), round(28 * MM)), (round(190 * MM), round(28 * MM)), RED, 8)
    number = Image.new("L", (round(25 * MM), round(9 * MM)), 0)
    ImageDraw.Draw(number).text((4, 4), "0012", fill=255, font=ImageFont.truetype(FONT, round(6 * MM)))
    stain(page, np.asarray(number, dtype=np.float32) / 255, 180, 285, RED)
    assert [mark for mark in seen(page) if mark.shape is not MarkShape.HANDWRITING] == []


def test_an_emblem_and_a_colour_photo_are_no_seals() -> None:
    page = draw_page(BODY[8:])
    cv2.circle(page, (round(105 * MM), round(40 * MM)), round(15 * MM), (30, 25, 210), -1)
    cv2.circle(page, (round(105 * MM), round(38 * MM)), round(10 * MM), (40, 200, 235), -1)
    rng = np.random.default_rng(8)
    rough = cv2.resize(rng.integers(0, 255, (12, 9, 3), dtype=np.uint8), (round(26 * MM), round(35 * MM)),
                       interpolation=cv2.INTER_CUBIC)
    page[round(60 * MM) : round(60 * MM) + rough.shape[0], round(30 * MM) : round(30 * MM) + rough.shape[1]] = rough
    assert [mark for mark in seen(page, BODY[8:]) if mark.shape is not MarkShape.HANDWRITING] == []


def test_prose_and_tables_in_black_have_no_seal() -> None:
    grid = [(20.0, 40 + 9.0 * n, 190.0, 40 + 9.0 * n) for n in range(24)] + [
        (20 + 8.5 * n, 40.0, 20 + 8.5 * n, 247.0) for n in range(21)
    ]
    dots = [(22 + 8.5 * k, 42 + 9.0 * n, "○", 12.0) for k in range(19) for n in range(22)]
    for page in (draw_page(BODY), draw_page(dots, rulings=grid)):
        marks = find_marks(scan(page, 3), (), 200)
        assert [mark for mark in marks if mark.shape is not MarkShape.HANDWRITING] == []


@pytest.mark.parametrize("colour", [(30, 30, 30), (150, 50, 20)])
def test_a_signature_beside_its_cue_is_found(colour: tuple[int, int, int]) -> None:
    texts = [*BODY[:18], (100.0, 250.0, "乙方（签字）：", 12.0)]
    page = draw_page(texts)
    scribble(page, 135, 246, 4, colour)
    hand = [mark for mark in seen(page, texts) if mark.shape is MarkShape.HANDWRITING]
    assert len(hand) == 1
    assert hand[0].box.centre == pytest.approx((150 / 210, 252 / 297), abs=0.03)


def test_an_unsigned_page_of_print_has_no_handwriting() -> None:
    texts = [*BODY, (100.0, 250.0, "乙方（签字）：", 12.0)]
    line = (135.0, 256.0, 170.0, 256.0)
    marks = find_marks(scan(draw_page(texts, rulings=[line]), 5), drawn_lines(texts), 200)
    assert marks == ()


def test_text_under_a_seal_stands_out_again_without_the_red() -> None:
    page = draw_page([(120.0, 198.0, "文水县晋丰食品有限公司", 14.0)])
    clean = page.copy()
    seal(page, 150, 200)
    freed = without_red(scan(page, 6, noise=2))
    plain = scan(clean, 6, noise=2)
    part = np.s_[round(180 * MM) : round(220 * MM), round(120 * MM) : round(180 * MM)]
    apart = cv2.absdiff(freed[part], plain[part])
    assert float(np.percentile(apart, 97)) < 70
    assert int(freed[part].min()) < 90


def test_a_full_blot_of_a_finger_without_ridges_is_a_fingerprint() -> None:
    page = draw_page(BODY)
    blot = np.zeros((round(17 * MM), round(13 * MM)), np.float32)
    cv2.ellipse(blot, (blot.shape[1] // 2, blot.shape[0] // 2), (round(6 * MM), round(8 * MM)), 0, 0, 360, (1.0,), -1)
    stain(page, blot, 140, 250, (40, 35, 140))
    assert near(of_shape(seen(page), MarkShape.FINGERPRINT), 146.5, 258.5)


def grey_of(page: Pixels) -> Pixels:
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    return np.repeat(grey[:, :, None], 3, axis=2)


@pytest.mark.parametrize(("whole", "found"), [(0.5, True), (0.15, False)])
def test_a_star_tells_a_broken_seal_on_a_1_bit_copy_from_scraps(whole: float, found: bool) -> None:
    page = draw_page(BODY[:10])
    seal(page, 150, 200, red=False)
    centre, outer = (round(150 * MM), round(200 * MM)), round(26 * MM)
    lost = np.zeros(page.shape[:2], np.uint8)
    cv2.ellipse(lost, centre, (outer, outer), 0, 360 * whole, 360, (255,), -1)
    cv2.circle(lost, centre, round(8 * MM), (0,), -1)
    page[lost > 0] = 255
    copy = np.where(scan(page, 3) > 150, 255, 0).astype(np.uint8)
    seals = of_shape(list(find_marks(copy, drawn_lines(BODY[:10]), 200)), MarkShape.ROUND_SEAL)
    assert near(seals, 150, 200) is found


def test_a_line_nearly_whole_is_a_seals_though_half_of_its_star_was_lost() -> None:
    page = draw_page(BODY[:10])
    seal(page, 150, 200, red=False)
    x, y, reach = round(150 * MM), round(200 * MM), round(8 * MM)
    page[y - reach : y + reach, x + 3 : x + reach] = 255
    lost = np.zeros(page.shape[:2], np.uint8)
    cv2.ellipse(lost, (x, y), (round(26 * MM),) * 2, 0, 240, 360, (255,), -1)
    cv2.circle(lost, (x, y), reach, (0,), -1)
    page[lost > 0] = 255
    copy = np.where(scan(page, 3) > 150, 255, 0).astype(np.uint8)
    assert near(of_shape(list(find_marks(copy, drawn_lines(BODY[:10]), 200)), MarkShape.ROUND_SEAL), 150, 200)


def test_a_pale_print_on_a_grey_copy_is_told_as_doubtful() -> None:
    page = draw_page(BODY[:10])
    middle, axes = (round(120 * MM), round(200 * MM)), (round(7 * MM), round(9 * MM))
    cv2.ellipse(page, middle, axes, 20, 0, 360, (205, 205, 205), -1)
    marks = find_marks(grey_of(scan(page, 4)), drawn_lines(BODY[:10]), 200)
    prints = [mark for mark in marks if mark.shape is MarkShape.FINGERPRINT]
    assert [mark.confidence < 0.5 for mark in prints] == [True]


def test_a_grey_print_with_ridges_is_a_fingerprint_on_a_copy_without_colour() -> None:
    page = draw_page(BODY[:10])
    thumb(page, 120, 200)
    marks = find_marks(grey_of(scan(page, 5)), drawn_lines(BODY[:10]), 200)
    assert near(of_shape([mark for mark in marks if mark.confidence > 0.5], MarkShape.FINGERPRINT), 120, 200)
