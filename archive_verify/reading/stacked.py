"""Short lines set one over the other that text detection took for one: the two lines of a table's cell."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from archive_verify.ocr.base import Engine, Pixels, Quad, Recognised
from archive_verify.ocr.crops import cut, size

_UNSURE = 0.7               # confidence under which a tall line is looked at
_TALL = 1.5                 # times the usual height of the page's lines
_WIDEST = 5.0               # width over height: a long line is no cell's
_MIDDLE = 0.3, 0.7          # of the height, where the gap between two lines lies
_EMPTY = 0.12               # of the fullest row's ink, up to which a row of pixels is a gap
_BETTER = 0.1


def part_stacked(
    pixels: Pixels, quads: Sequence[Quad], readings: Sequence[Recognised], engine: Engine
) -> tuple[list[Quad], list[Recognised]]:
    """The lines of a page with each unsure tall one parted in two where its halves read better.

    `readings` are those of `quads`; so are the lists returned, which keep the order.
    """
    heights = [size(quad)[1] for quad, one in zip(quads, readings, strict=True) if one.confidence >= _UNSURE]
    if not heights:
        return list(quads), list(readings)
    usual = float(np.median(heights))
    parts: dict[int, tuple[Quad, Quad]] = {}
    for index, (quad, one) in enumerate(zip(quads, readings, strict=True)):
        width, height = size(quad)
        if one.confidence < _UNSURE and _TALL <= height / usual <= _WIDEST and width < _WIDEST * height:
            gap = _gap(cut(pixels, quad))
            if gap is not None:
                parts[index] = _parted(quad, gap)
    halves = [half for pair in parts.values() for half in pair]
    read = dict(zip(parts, _paired(engine.recognise([cut(pixels, half) for half in halves])), strict=True))
    kept_quads: list[Quad] = []
    kept: list[Recognised] = []
    for index, (quad, one) in enumerate(zip(quads, readings, strict=True)):
        pair = read.get(index)
        if pair is not None and min(half.confidence for half in pair) > one.confidence + _BETTER:
            kept_quads += parts[index]
            kept += pair
        else:
            kept_quads.append(quad)
            kept.append(one)
    return kept_quads, kept


def _paired(readings: Sequence[Recognised]) -> list[tuple[Recognised, Recognised]]:
    return list(zip(readings[::2], readings[1::2], strict=True))


def _gap(crop: Pixels) -> float | None:
    """Where an empty band parts the crop, as a share of its height; None where nothing does."""
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    _, ink = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    profile = ink.sum(axis=1).astype(np.float64)
    height = len(profile)
    low, high = round(_MIDDLE[0] * height), round(_MIDDLE[1] * height)
    if high - low < 3 or not profile.any():
        return None
    empty = np.flatnonzero(profile[low:high] <= _EMPTY * profile.max())
    if not len(empty) or not profile[:low].any() or not profile[high:].any():
        return None
    runs = np.split(empty, np.flatnonzero(np.diff(empty) > 1) + 1)
    widest = max(runs, key=len)
    return float(low + (widest[0] + widest[-1] + 1) / 2) / height


def _parted(quad: Quad, gap: float) -> tuple[Quad, Quad]:
    left, right = quad[0] + (quad[3] - quad[0]) * gap, quad[1] + (quad[2] - quad[1]) * gap
    upper = np.array([quad[0], quad[1], right, left], dtype=np.float32)
    lower = np.array([left, right, quad[2], quad[3]], dtype=np.float32)
    return upper, lower
