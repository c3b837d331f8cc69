"""Whether a scan carries grey levels, or only black and white."""

from __future__ import annotations

import cv2
import numpy as np

from archive_verify.ocr.base import Pixels
from archive_verify.pixels import histogram, percentiles

_CLEAR = np.ones((9, 9), np.uint8)      # around a paper pixel: no ink, no ringing of JPEG
_STROKE = np.ones((7, 7), np.uint8)     # around an ink pixel: the core of its stroke, also if enlarged
_FLAT, _BLACK = 0.99, 20
_LIGHT, _INK = 200, 160


def is_halftone(pixels: Pixels) -> bool:
    """Whether paper or ink of the page as scanned (HxWx3, not yet turned) shows levels of grey.

    Not so where the paper is one white and nearly every stroke has a black core: a 1-bit copy, also
    one that was enlarged, reduced or stored as JPEG since, or a grey one clipped as hard; pale red
    may have gone from either. Bounds between grey scans (cores of the palest tenth of strokes from
    40 up, flat share of the paper under 0.7) and thresholded ones of them (cores to 1, share 0.997).
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    clear = cv2.threshold(cv2.erode(grey, _CLEAR), _LIGHT, 255, cv2.THRESH_BINARY)[1]
    paper = histogram(cv2.bitwise_and(grey, clear))     # what is not clear counts as 0
    paper[: _LIGHT + 1] = 0
    if paper.any():
        white = int(paper.argmax())
        if white < 250 or paper[white - 2 : white + 3].sum() / paper.sum() < _FLAT:
            return True
    light = cv2.threshold(grey, _INK - 1, 255, cv2.THRESH_BINARY)[1]
    cores = histogram(cv2.bitwise_or(cv2.erode(grey, _STROKE), light))[:_INK]
    return bool(cores.any()) and percentiles(cores, 90)[0] > _BLACK
