"""Whether a scan carries grey levels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from archive_verify.ocr.base import Pixels
from archive_verify.reading.tones import is_halftone
from tests.drawn import draw_page
from tests.scans import scan, seal

TEXTS = [(75.0, 25.0, "劳动合同书", 22.0), (30.0, 50.0, "甲方（用人单位）：文水县鑫源食品有限公司", 12.0)]


def grey(page: Pixels) -> Pixels:
    return np.repeat(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)[:, :, None], 3, axis=2)


def thresholded(page: Pixels) -> Pixels:
    return np.where(grey(page) > 140, 255, 0).astype(np.uint8)


def as_jpeg(page: Pixels) -> Pixels:
    coded = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 60])[1]
    return cv2.imdecode(coded, cv2.IMREAD_COLOR).astype(np.uint8)


@pytest.fixture(scope="module")
def copy() -> Pixels:
    page = draw_page(TEXTS)
    seal(page, 120, 200, red=False)
    return scan(page, 3)


def test_a_grey_scan_carries_grey_levels(copy: Pixels) -> None:
    assert is_halftone(grey(copy))


def test_a_scan_cleaned_to_white_paper_still_shows_grey_ink(copy: Pixels) -> None:
    assert is_halftone(np.where(grey(copy) > 190, 255, grey(copy)).astype(np.uint8))


def test_a_copy_in_black_and_white_carries_none(copy: Pixels) -> None:
    assert not is_halftone(thresholded(copy))


@pytest.mark.parametrize("factor", [0.6, 1.6])
def test_a_black_and_white_copy_that_was_resized_and_stored_as_jpeg_carries_none(
    copy: Pixels, factor: float
) -> None:
    kind = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    sized = cv2.resize(thresholded(copy), None, fx=factor, fy=factor, interpolation=kind)
    assert not is_halftone(as_jpeg(sized.astype(np.uint8)))
