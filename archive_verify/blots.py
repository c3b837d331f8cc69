"""Blots of ink and what they are: unit seals, personal seals, fingerprints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from archive_verify.model import Box, MarkShape, PageMark
from archive_verify.pixels import Pixels, grey_of, ink_mask, u8

_RIDGES = 0.22, 0.5         # ripple of a print with ridges, see `_ripple`
_FAINT = 0.4                # confidence of a mark that may be one, and may be a stain
Rect = tuple[int, int, int, int]    # x, y, width, height in pixels of the working image


def shape_of(own: Pixels, unit: float, at_edge: bool) -> tuple[MarkShape, float] | None:
    """Tell what a red blob is by the outline of its hull, its frame and how full it is."""
    points = cv2.findNonZero(own)
    if points is None or len(points) < 20:
        return None
    hull = cv2.convexHull(points)
    (_, (side_a, side_b), _) = cv2.minAreaRect(hull)
    short, long_side = sorted((side_a / unit, side_b / unit))
    if short < 6:
        return None
    area = cv2.contourArea(hull)
    fullness = float(np.count_nonzero(own)) / max(area, 1.0)
    squareness = area / max(side_a * side_b, 1.0)     # 1 rectangle, 0.785 ellipse
    frame = _frame_cover(own, hull, unit)
    if long_side >= 27:
        round_enough = 0.7 < squareness < 0.87 or at_edge
        if short >= 22 and round_enough and fullness < 0.6 and frame > (0.35 if at_edge else 0.45):
            return MarkShape.ROUND_SEAL, 0.75
        return None
    # small unit seals: larger than a personal seal, with empty paper around the emblem in the middle
    if short >= 21 and 0.74 < squareness < 0.83 and fullness < 0.4 and frame > 0.8:
        return MarkShape.ROUND_SEAL, 0.65
    if long_side > 2.6 * short:
        return None
    if _core_share(own) < 0.1:      # an empty frame carries no name
        return None
    if squareness > 0.84 and frame > 0.6 and fullness < 0.95:
        return MarkShape.PERSONAL_SEAL, 0.85
    if 0.7 < squareness <= 0.87:
        if frame > 0.7 and long_side < 1.18 * short and fullness < 0.7:
            return MarkShape.PERSONAL_SEAL, 0.75
        if 9 <= long_side <= 32 and long_side <= 2.2 * short and fullness > 0.3 and _is_ridged(own):
            return MarkShape.FINGERPRINT, 0.75
        # a finger pressed with much ink, or scanned coarsely, leaves no ridges
        if 8 <= long_side <= 25 and long_side <= 2.2 * short and fullness > 0.75:
            return MarkShape.FINGERPRINT, 0.65
    return None


def _core_share(own: Pixels) -> float:
    """Share of ink in the middle of the blob, clear of any frame."""
    height, width = own.shape
    return float(own[height // 4 : height - height // 4, width // 4 : width - width // 4].mean()) / 255


def _frame_cover(own: Pixels, hull: Any, unit: float) -> float:
    """Share of the hull's outline that is inked within 1 mm."""
    outline = np.zeros_like(own)
    cv2.polylines(outline, [np.asarray(hull, dtype=np.int32)], True, (255,), 1)
    reach = max(3, round(2.0 * unit)) | 1
    near = cv2.dilate(own, np.ones((reach, reach), np.uint8))
    # The hull touches the ink at its corners anyway; only ink along the line counts.
    inner = cv2.erode(near, np.ones((reach, reach), np.uint8))
    band = cv2.dilate(inner, np.ones((3, 3), np.uint8))
    return float(np.count_nonzero(cv2.bitwise_and(outline, band))) / max(1, int(np.count_nonzero(outline)))


def _is_ridged(own: Pixels) -> bool:
    """A fingerprint's ink is spread evenly over its whole oval, a letter's or logo's is not.

    Where ridges lie wide apart, the white between two of them may fill one cell of the nine.
    """
    cells = cv2.resize(own, (5, 5), interpolation=cv2.INTER_AREA)
    inner = np.sort(cells[1:4, 1:4].ravel()) / 255
    return bool(inner[0] > 0.04 and inner[1] > 0.12 and inner.mean() < 0.97)


def grey_prints(
    small: Pixels, unit: float, seals: Sequence[Box], lines: Sequence[Box], ruled: Sequence[Box]
) -> list[PageMark]:
    """Grey ovals of a finger's size on a copy without colour, clear of text, rulings and seals.

    With ridges they are fingerprints. Without, they may be a stain: too faint to sign a paper, but not
    to be passed over.
    """
    grey = grey_of(small)
    ink = ink_mask(grey, least=10, share=0.1)
    for box, margin in (*((one, 0.0) for one in seals), *((one, 0.6) for one in lines), *((one, 0.4) for one in ruled)):
        wipe(ink, box, margin, unit)
    reach = max(3, round(1.4 * unit)) | 1
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(u8(joined), connectivity=8)
    marks = []
    for index in range(1, count):
        x, y, w, h = (int(value) for value in stats[index, :4])
        rect = (x, y, w, h)
        if not (min(w, h) / unit >= 8 and max(w, h) / unit <= 32) or touches_edge(rect, small):
            continue
        spot = np.s_[y : y + h, x : x + w]
        own = u8((labels[spot] == index) & (ink[spot] > 0)) * 255
        found = shape_of(u8(own), unit, at_edge=False)
        if found is not None and found[0] is not MarkShape.ROUND_SEAL:
            ridged = _RIDGES[0] <= _ripple(grey[spot], u8(own), unit) <= _RIDGES[1]
            sure = found[0] is MarkShape.FINGERPRINT and ridged
            marks.append(PageMark(
                shape=MarkShape.FINGERPRINT, box=box_in(rect, small), confidence=0.6 if sure else _FAINT,
                colour="black",
            ))
    return marks


def _ripple(grey: Pixels, own: Pixels, unit: float) -> float:
    """How much a blot's darkness varies across a ridge's width where it varies most, as a share of it.

    0.27 to 0.40 in prints, 0.15 in shadows and show-through, 0.6 and more in written strokes.
    """
    deep = float(np.percentile(grey, 98)) - grey.astype(np.float64)
    fine = deep - cv2.GaussianBlur(deep, (0, 0), 0.35 * unit)
    reach = (round(2.5 * unit) | 1,) * 2
    share = np.sqrt(np.maximum(cv2.blur(fine * fine, reach), 0)) / np.maximum(cv2.blur(deep, reach), 8)
    inner = cv2.erode(cv2.morphologyEx(own, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)), np.ones((5, 5), np.uint8))
    return float(np.percentile(share[inner > 0], 80)) if inner.any() else 0.0


def box_in(rect: tuple[float, float, float, float], small: Pixels) -> Box:
    """A rectangle of an image as fractions of it, clipped to it."""
    height, width = small.shape[:2]
    x, y, w, h = rect
    return Box(
        max(0.0, x / width), max(0.0, y / height), min(1.0, (x + w) / width), min(1.0, (y + h) / height)
    )


def touches_edge(rect: Rect, small: Pixels) -> bool:
    """Whether a rectangle reaches the edge of the image."""
    x, y, w, h = rect
    return x <= 3 or y <= 3 or x + w >= small.shape[1] - 3 or y + h >= small.shape[0] - 3


def wipe(mask: Pixels, box: Box, margin_mm: float, unit: float) -> None:
    """Clear a box of fractions in a mask, and `margin_mm` around it; `unit` is pixels per mm."""
    height, width = mask.shape
    margin = margin_mm * unit
    x0, x1 = max(0, round(box.x0 * width - margin)), round(box.x1 * width + margin)
    y0, y1 = max(0, round(box.y0 * height - margin)), round(box.y1 * height + margin)
    mask[y0:y1, x0:x1] = 0
