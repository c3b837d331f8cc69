"""The second look: places of a page that was read before, read again enlarged."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from archive_verify.binder import SourceFile
from archive_verify.marks import without_red
from archive_verify.model import Box, Line, PageReading
from archive_verify.ocr.base import Engine, Pixels, Quad
from archive_verify.ocr.crops import box_of, centres_in, cut, quad_of, reading_order
from archive_verify.raster import deskew, red_mask
from archive_verify.reading.upright import load_turned
from archive_verify.settings import Settings


def look_again(
    file: SourceFile, file_page: int, reading: PageReading, boxes: Sequence[Box], settings: Settings, engine: Engine
) -> tuple[tuple[Line, ...], ...]:
    """Read places of a page again, enlarged and with red ink removed; lines with lattices per box.

    `reading` tells how the page was turned. Boxes of the lines are fractions of the same page.
    """
    pixels, _ = load_turned(file, file_page, reading, settings)
    pixels = deskew(pixels, reading.skew_degrees)
    return tuple(_look(pixels, box, engine) for box in boxes)


def _look(pixels: Pixels, box: Box, engine: Engine) -> tuple[Line, ...]:
    height, width = pixels.shape[:2]
    x0, y0, x1, y1 = box.x0 * width, box.y0 * height, box.x1 * width, box.y1 * height
    margin = max(8.0, 0.6 * min(y1 - y0, 60.0))
    left, top = max(0, round(x0 - margin)), max(0, round(y0 - margin))
    crop = np.ascontiguousarray(pixels[top:round(y1 + margin), left:round(x1 + margin)])
    if not crop.size:
        return ()
    if (red_mask(crop) > 0).mean() > 0.005:
        crop = without_red(crop)
    scale = min(2.0, max(1.0, 1100 / max(crop.shape[:2])))
    crop = np.asarray(cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    origin = np.array([left, top], dtype=np.float32)
    inner = [(x0 - left) * scale, (y0 - top) * scale, (x1 - left) * scale, (y1 - top) * scale]
    quads = [quad for quad in (_clipped(quad, inner) for quad in engine.detect(crop)) if quad is not None]
    if not quads:  # nothing was detected: what stands in the box is taken for one line
        quads = [quad_of(Box(*inner), 1, 1)]
    readings = engine.recognise([cut(crop, quad) for quad in quads], lattices=True)
    lines = [
        Line(
            text=reading.text, box=box_of(quad / np.float32(scale) + origin, width, height),
            confidence=reading.confidence, centres=centres_in(quad, reading.centres), lattice=reading.lattice,
        )
        for quad, reading in zip(quads, readings, strict=True) if reading.text.strip()
    ]
    return reading_order(lines)


def _clipped(quad: Quad, inner: Sequence[float]) -> Quad | None:
    """A detected line's part inside the asked box; None where its middle lies above or below it."""
    x0, y0 = (float(value) for value in quad.min(axis=0))
    x1, y1 = (float(value) for value in quad.max(axis=0))
    middle = (y0 + y1) / 2
    # A value's box ends where its label or neighbour begins: a little room for strokes, no more.
    room = 0.15 * (y1 - y0)
    left, right = max(x0, inner[0] - room), min(x1, inner[2] + room)
    if not inner[1] <= middle <= inner[3] or right - left < 0.3 * (y1 - y0):
        return None
    return quad_of(Box(left, y0, right, y1), 1, 1)
