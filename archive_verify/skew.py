"""How a page leans, and turning it back."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from archive_verify.pixels import Pixels, grey_of, ink_mask, resized, u8

_SKEW_SIDE = 1200
_MOST_DEGREES = 5.0


def estimate_skew(pixels: Pixels) -> float | None:
    """Degrees by which the content is turned clockwise, within +-5; None where it cannot be told.

    The ink's projection onto the page's sides is sharpest along text lines and ruling lines
    (Postl's projection profile criterion).
    """
    grey = grey_of(pixels)
    ink = ink_mask(resized(grey, min(1.0, _SKEW_SIDE / max(grey.shape))))
    _drop_large(ink)
    ys, xs = np.nonzero(ink)
    if len(xs) < 150:
        return None
    if len(xs) > 60000:
        keep = np.random.default_rng(0).choice(len(xs), 60000, replace=False)
        ys, xs = ys[keep], xs[keep]
    points = np.stack([xs - ink.shape[1] / 2, ys - ink.shape[0] / 2]).astype(np.float32)
    coarse = np.arange(-_MOST_DEGREES - 0.5, _MOST_DEGREES + 0.51, 0.25)
    scores = np.array([_sharpness_at(points, float(a)) for a in coarse])
    if scores.max() < 1.25 * np.median(scores):
        return None
    best = float(coarse[int(scores.argmax())])
    fine = np.arange(best - 0.3, best + 0.301, 0.05)
    scores = np.array([_sharpness_at(points, float(a)) for a in fine])
    best = float(np.average(fine, weights=np.clip(scores - np.quantile(scores, 0.7), 0, None) + 1e-9))
    return 0.0 if abs(best) < 0.03 else round(min(max(best, -_MOST_DEGREES), _MOST_DEGREES), 2)


def _drop_large(ink: Pixels) -> None:
    """Blank out photos, dark scan edges and seals' discs, whose shape is not the text's."""
    edge = max(4, ink.shape[1] // 60)
    ink[:edge], ink[-edge:], ink[:, :edge], ink[:, -edge:] = 0, 0, 0, 0
    solid = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    ink[cv2.dilate(solid, np.ones((15, 15), np.uint8)) > 0] = 0


def _sharpness_at(points: NDArray[np.float32], degrees: float) -> float:
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    total = 0.0
    for along in (points[1] * cos - points[0] * sin, points[0] * cos + points[1] * sin):
        counts = np.bincount((along + _SKEW_SIDE).astype(np.int32)).astype(np.float64)
        total += float(np.square(np.diff(counts)).sum())
    return total


def turned(image: Pixels, degrees: float, border: int) -> Pixels:
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    fill = (border,) * 3
    return u8(cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=fill))


def deskew(pixels: Pixels, degrees: float) -> Pixels:
    """Turn the page back by what estimate_skew found; the size stays, corners are filled white."""
    return pixels if abs(degrees) < 0.05 else turned(pixels, degrees, 255)
