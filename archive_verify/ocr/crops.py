"""From quadrangles on a page to straight crops and boxes: pure geometry."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from archive_verify.model import Box, Line
from archive_verify.ocr.base import Pixels, Quad

# Room around a detected line, in line heights: detection on a shrunken page shaves off strokes.
_PAD_ABOVE, _PAD_BESIDE = 0.08, 0.12
_LONG = 6.0                 # width over height from which a line's own slope can be trusted
Matrix = NDArray[np.float64]


def slope(quads: Sequence[Quad]) -> float | None:
    """Degrees by which lines fall to the right: the median by length of long lines, or of any lines
    where there are few long ones; None where nothing tells."""
    for ratio, least in ((_LONG, 1), (2.5, 3)):
        slopes = []
        for quad in quads:
            width, height = size(quad)
            if width >= ratio * height:
                along = quad[1] - quad[0]
                slopes.append((math.degrees(math.atan2(along[1], along[0])), width))
        if len(slopes) >= least:
            return _weighted_median(slopes)
    return None


def _weighted_median(weighted: Sequence[tuple[float, float]]) -> float:
    ordered = sorted(weighted)
    half = sum(weight for _, weight in ordered) / 2
    for value, weight in ordered:
        half -= weight
        if half <= 0:
            return value
    return ordered[-1][0]


def size(quad: Quad) -> tuple[float, float]:
    """Width and height of a quadrangle in pixels."""
    width = max(np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[2] - quad[3]))
    height = max(np.linalg.norm(quad[3] - quad[0]), np.linalg.norm(quad[2] - quad[1]))
    return float(width), float(height)


def turning(width: int, height: int, degrees: float) -> Matrix:
    """The affine 2x3 matrix that `raster.deskew` applies to an image of this size."""
    centre = ((width - 1) / 2, (height - 1) / 2)
    return np.asarray(cv2.getRotationMatrix2D(centre, degrees, 1.0), dtype=np.float64)


def moved(quad: Quad, matrix: Matrix) -> Quad:
    """The quadrangle after an affine transformation."""
    return np.asarray(quad @ matrix[:, :2].T + matrix[:, 2], dtype=np.float32)


def levelled(quads: Sequence[Quad], degrees: float) -> tuple[Quad, ...]:
    """Short quadrangles made parallel to the page's lines.

    The smallest rectangle around a few characters leans at random; long lines keep their own
    slope, as paper may be warped.
    """
    turn = turning(1, 1, degrees)
    back = turning(1, 1, -degrees)
    level = []
    for quad in quads:
        width, height = size(quad)
        if width >= _LONG * height:
            level.append(quad)
            continue
        flat = moved(quad, turn)
        xs, ys = np.sort(flat[:, 0]), np.sort(flat[:, 1])
        x0, x1, y0, y1 = xs[0], xs[3], ys[0], ys[3]
        if abs(flat[1, 1] - flat[0, 1]) < 0.35 * abs(flat[1, 0] - flat[0, 0]):
            # It leans a little: the middles of its sides are the rectangle it stands for.
            x0, x1, y0, y1 = xs[:2].mean(), xs[2:].mean(), ys[:2].mean(), ys[2:].mean()
        level.append(moved(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float32), back))
    return tuple(level)


def cut(pixels: Pixels, quad: Quad) -> Pixels:
    """The straightened image inside a quadrangle, with a little room around."""
    width, height = size(quad)
    across = (quad[1] - quad[0]) / max(width, 1.0)
    down = (quad[3] - quad[0]) / max(height, 1.0)
    beside, above = _PAD_BESIDE * min(width, height) * across, _PAD_ABOVE * min(width, height) * down
    wide = quad + np.array([-beside - above, beside - above, beside + above, above - beside])
    columns, rows = (max(2, round(side)) for side in size(wide))
    target = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(wide.astype(np.float32), target)
    straight = cv2.warpPerspective(
        pixels, matrix, (columns, rows), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(straight, dtype=np.uint8)


def centres_in(quad: Quad, centres: Sequence[float]) -> tuple[int, ...]:
    """Places along the crop that `cut` makes of a quadrangle, in thousandths of the quadrangle's width."""
    width, height = size(quad)
    room = _PAD_BESIDE * min(width, height)
    scale = (width + 2 * room) / max(width, 1.0)
    return tuple(round(1000 * (centre * scale - room / max(width, 1.0))) for centre in centres)


def box_of(quad: Quad, width: int, height: int) -> Box:
    """The upright box around a quadrangle, as fractions of the page, clipped to it."""
    x0, y0 = quad.min(axis=0)
    x1, y1 = quad.max(axis=0)
    return Box(
        round(max(0.0, float(x0) / width), 5), round(max(0.0, float(y0) / height), 5),
        round(min(1.0, float(x1) / width), 5), round(min(1.0, float(y1) / height), 5),
    )


def quad_of(box: Box, width: int, height: int) -> Quad:
    """The corners of a box of fractions, in pixels."""
    x0, y0, x1, y1 = box.x0 * width, box.y0 * height, box.x1 * width, box.y1 * height
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float32)


def reading_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines by rows from top to bottom, in a row from left to right.

    A line joins a row when its middle lies within the middle half of the row's first lines.
    """
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.box.centre[1]):
        middle = line.box.centre[1]
        if rows:
            row = rows[-1]
            level = sum(other.box.centre[1] for other in row) / len(row)
            reach = 0.5 * min(min(other.box.height for other in row), line.box.height)
            if middle - level <= reach:
                row.append(line)
                continue
        rows.append([line])
    return tuple(line for row in rows for line in sorted(row, key=lambda line: line.box.x0))
