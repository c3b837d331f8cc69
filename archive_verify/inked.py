"""The ink of a page: where it is, looked for once, and how much of it lies in each part of the page."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from archive_verify.inkmap import pack
from archive_verify.model import InkMap
from archive_verify.pixels import (
    Pixels,
    grey_of,
    ink_mask,
    is_colour,
    per_mm,
    red_mask,
    shrunk,
    strokes,
    u8,
    without,
)

_INK_CELLS = 192
_RULING_MM = 8.0            # straight strokes from that length are too long for text


@dataclass(frozen=True, slots=True)
class Inked:
    """Masks of a page, 255 where red ink is and where any ink is, and whether the page carries colour."""

    red: Pixels
    ink: Pixels
    colour: bool


def inked_of(pixels: Pixels) -> Inked:
    """The ink of a BGR page."""
    return Inked(red_mask(pixels), ink_mask(grey_of(pixels)), is_colour(pixels))


def ink_map(pixels: Pixels, inked: Inked | None = None) -> InkMap:
    """Dark and red ink per cell of a grid with 192 cells on the long side (1.5 mm on A4).

    Ruling lines are left out, so that an empty cell or signature line has no ink. `inked` tells of the page as
    `shrunk`, where it is known.
    """
    height, width = pixels.shape[:2]
    rows = max(1, round(_INK_CELLS * height / max(height, width)))
    cols = max(1, round(_INK_CELLS * width / max(height, width)))
    inked = inked or inked_of(shrunk(pixels))
    red, ink = inked.red, inked.ink
    least = max(25, round(_RULING_MM * per_mm(ink)))
    for level in (True, False):
        ink = without(ink, cv2.dilate(strokes(ink, least, level=level), np.ones((3, 3), np.uint8)))
    ink = without(ink, cv2.dilate(red, np.ones((3, 3), np.uint8)))
    return InkMap(rows=rows, cols=cols, dark=_cells(ink, rows, cols), red=_cells(red, rows, cols))


def _cells(mask: Pixels, rows: int, cols: int) -> str:
    if not cv2.countNonZero(mask):
        return pack(np.zeros((rows, cols), np.uint8))
    return pack(u8(cv2.resize(mask, (cols, rows), interpolation=cv2.INTER_AREA)))
