"""Reading text under seals, and the seals themselves, with the real engine."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from archive_verify.model import Box, Line, MarkShape, PageMark, PageReading
from archive_verify.ocr.base import Engine, Pixels
from archive_verify.ocr.paddle import load_engine
from archive_verify.ocr.weights import find_weights
from archive_verify.raster import SheetImage
from archive_verify.reading.sealed import read_sealed
from archive_verify.reading.sheet import read_page
from archive_verify.settings import Settings
from tests.drawn import FONT, draw_page
from tests.scans import MM, scan, seal, stain

pytestmark = pytest.mark.ocr

UNIT = "文水县启航职业培训学校"
BLOCK = [
    (75.0, 25.0, "劳动合同书", 22.0), (30.0, 50.0, "甲乙双方本着平等自愿的原则签订本合同。", 12.0),
    (30.0, 190.0, f"甲方（盖章）：{UNIT}", 12.0), (30.0, 199.0, "法定代表人：王建平", 12.0),
    (30.0, 208.0, "联系电话：13935812047", 12.0), (30.0, 217.0, "2023年10月15日", 12.0),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    settings = Settings(cache_dir=tmp_path_factory.mktemp("cache"))
    return load_engine(settings, find_weights(settings))


def read(pixels: Pixels, engine: Engine) -> PageReading:
    return read_page(SheetImage(pixels=np.ascontiguousarray(pixels), dpi=200), engine)


def texts(reading: PageReading) -> list[str]:
    return [line.text.replace("（", "(").replace("）", ")").replace("：", ":") for line in reading.lines]


def lettered_seal(page: Pixels, x: float, y: float, name: str, turn: float) -> None:
    """A red unit seal of 42 mm centred at (x, y) mm, the name along its ring, turned clockwise."""
    side = round(42 * MM)
    middle = side / 2
    stamp = Image.new("L", (side, side), 0)
    ImageDraw.Draw(stamp).ellipse((3, 3, side - 4, side - 4), outline=255, width=round(1.1 * MM))
    face = ImageFont.truetype(FONT, round(side * 0.12), index=2 if "Noto" in FONT else 0)
    for number, char in enumerate(name):
        angle = turn + 250 * (number / (len(name) - 1) - 0.5)
        letter = Image.new("L", (side, side), 0)
        ImageDraw.Draw(letter).text((middle, middle - side * 0.385), char, fill=255, font=face, anchor="mm")
        stamp.paste(255, mask=letter.rotate(-angle, Image.Resampling.BICUBIC))
    star = [
        (middle + side * 0.15 * (1 if i % 2 == 0 else 0.38) * math.sin(i * math.pi / 5),
         middle - side * 0.15 * (1 if i % 2 == 0 else 0.38) * math.cos(i * math.pi / 5)) for i in range(10)
    ]
    ImageDraw.Draw(stamp).polygon(star, fill=255)
    stain(page, np.asarray(stamp, dtype=np.float32) / np.float32(255), x - 21, y - 21, (45, 40, 205))


def test_a_sign_block_under_a_red_seal_is_read_whole(engine: Engine) -> None:
    page = draw_page(BLOCK)
    seal(page, 62, 206)
    read_texts = texts(read(scan(page, 1), engine))
    assert read_texts[-4:] == [f"甲方(盖章):{UNIT}", "法定代表人:王建平", "联系电话:13935812047", "2023年10月15日"]


def test_a_row_that_reaches_under_a_seal_keeps_what_stands_beside_it(engine: Engine) -> None:
    row = [(20.0, 60.0, "韩萍巧", 11.0), (50.0, 60.0, "14118219940125606X", 11.0), (130.0, 60.0, "3050.00", 11.0)]
    page = draw_page(row)
    seal(page, 138, 68)
    first = Line(text="韩萍巧 14118219940125606X 3O5", box=Box(0.09, 0.198, 0.72, 0.22), confidence=0.6)
    mark = PageMark(
        shape=MarkShape.ROUND_SEAL, box=Box(118 / 210, 48 / 297, 158 / 210, 88 / 297), confidence=0.9, colour="red"
    )
    lines, _ = read_sealed(scan(page, 1), [first], [mark], engine)
    assert " ".join(line.text for line in lines) == "韩萍巧 14118219940125606X 3050.00"


def test_a_sign_block_under_the_paler_seal_of_a_grey_copy_is_read(engine: Engine) -> None:
    page = draw_page(BLOCK)
    seal(page, 62, 206)
    copy = scan(page, 1) @ np.array([0.1, 0.3, 0.6])   # to a reddish lamp the seal is pale
    found = texts(read(np.repeat(copy[:, :, None], 3, axis=2).astype(np.uint8), engine))
    assert "联系电话:13935812047" in found
    assert "2023年10月15日" in found


@pytest.mark.parametrize("turn", [0, -50])
def test_the_unit_is_read_along_the_ring_of_its_seal(engine: Engine, turn: float) -> None:
    page = draw_page([*BLOCK[:2], (110, 170, "单位（盖章）", 12)])
    lettered_seal(page, 140, 200, UNIT, turn)
    reading = read(scan(page, 2), engine)
    (mark,) = [mark for mark in reading.marks if mark.shape is MarkShape.ROUND_SEAL]
    assert mark.text == UNIT
    assert texts(reading) == ["劳动合同书", "甲乙双方本着平等自愿的原则签订本合同。", "单位(盖章)"]


def test_a_seal_whose_name_cannot_be_made_out_has_no_text(engine: Engine) -> None:
    page = draw_page(BLOCK)
    lettered_seal(page, 62, 206, UNIT, 0)
    blurred = cv2.GaussianBlur(page, (0, 0), 3.0).astype(np.uint8)
    (mark,) = [mark for mark in read(scan(blurred, 2), engine).marks if mark.shape is MarkShape.ROUND_SEAL]
    assert mark.text == ""


def test_a_red_heading_stays_a_line(engine: Engine) -> None:
    page = draw_page(BLOCK[1:])
    heading = draw_page([(60.0, 25.0, "文水县人力资源和社会保障局文件", 20.0)])
    page[(heading < 200).all(axis=2)] = (40, 40, 210)
    seal(page, 62, 206)
    assert texts(read(scan(page, 3), engine))[0] == "文水县人力资源和社会保障局文件"
