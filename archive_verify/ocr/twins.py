"""Tiny crops that show one and the same printed mark: what fills the cells of attendance sheets."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from archive_verify.ocr.base import Pixels, Recognised

_TINY = 1.25                # width over height, at most: a character or two figures
_MANY = 24                  # tiny crops from which it is worth while to compare them
# Correlation from which two crops show the same print. On scans of attendance sheets the same marks reach
# 0.97 to 0.997, 22 and 23 or 21 and 31 up to 0.96, single characters less.
_SAME = 0.975
# An unsure reading of the same print is no surer the second time; it stays unsure where it is copied to.
_SURE = 0.5
# Only marks are taken from one place to another: a wrong figure or name would weigh more than the time.
_MARKS = frozenset("1√✓∨vV×xX○〇oO●△▲☆★/\\|-—一休假事病公出差勤旷迟早退加班调全半到")
_ROWS, _COLUMNS, _HIGH = 40, 64, 32


def find_twins(crops: Sequence[Pixels]) -> dict[int, int]:
    """For tiny crops that look like one before them, the index of that one; of others nothing is told."""
    tiny = [index for index, crop in enumerate(crops) if 0.25 * crop.shape[0] < crop.shape[1] <= _TINY * crop.shape[0]]
    if len(tiny) < _MANY:
        return {}
    looks = np.stack([_look(crops[index]) for index in tiny])
    likeness = looks @ looks.T
    twins: dict[int, int] = {}
    leaders: list[int] = []
    for place, index in enumerate(tiny):
        alike = likeness[place, leaders]
        if leaders and float(alike.max()) >= _SAME:
            twins[index] = tiny[leaders[int(alike.argmax())]]
        else:
            leaders.append(place)
    return twins


def is_mark(reading: Recognised) -> bool:
    """Whether a reading may stand for all crops that look the same."""
    return reading.confidence >= _SURE and reading.text in _MARKS


def _look(crop: Pixels) -> NDArray[np.float32]:
    """The crop's ink at a fixed height, its middle in the middle, of mean 0 and length 1."""
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    width = min(_COLUMNS - 8, max(8, round(_HIGH * grey.shape[1] / grey.shape[0])))
    small = cv2.resize(grey, (width, _HIGH), interpolation=cv2.INTER_AREA)
    ink = np.maximum(np.float32(np.percentile(small, 80)) - small, 0).astype(np.float32)
    moments = cv2.moments(ink)
    mass = max(moments["m00"], 1.0)
    shift = np.array([
        [1, 0, (_COLUMNS - 1) / 2 - moments["m10"] / mass], [0, 1, (_ROWS - 1) / 2 - moments["m01"] / mass],
    ])
    centred = cv2.GaussianBlur(cv2.warpAffine(ink, shift, (_COLUMNS, _ROWS)), (0, 0), 1.0)
    level = np.asarray(centred, dtype=np.float32).ravel() - float(centred.mean())
    return np.asarray(level / max(1e-6, float(np.linalg.norm(level))), dtype=np.float32)
