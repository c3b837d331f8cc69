"""Print that text detection passed over, found by its ink and read where it stands."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from archive_verify.model import Box, Line
from archive_verify.ocr.base import Engine, Pixels
from archive_verify.ocr.crops import box_of, centres_in, cut, quad_of, reading_order
from archive_verify.pixels import parts_of, red_mask, strokes

Mask = NDArray[np.uint8]
_LONG_SIDE = 1600           # px at which ink is looked for; figures of 7 points are 13 px high there
_A4 = 297.0                 # mm, of the long side: text is of like height on smaller and larger sheets
_DARK = 0.78                # of the paper around it, under which a pixel is ink
_LOWEST, _HIGHEST = 1.2, 7.0    # mm, heights of printed text of 6 to 24 points
_NARROWEST = 2.4            # mm: two figures of 7 points; what stands alone is a tick or dirt too often
_JOIN, _JOIN_HIGH = 1.0, 0.35   # gap between strokes of one text: mm, or of the usual line height if more
_RULING = 12.0              # mm from which a straight stroke is a ruling
_DENSE = 0.08, 0.6          # share of ink in the box of a text
_KNOWN = 0.25               # share of its ink within lines already read, from which it is no news
_HIGHER = 1.6               # times the usual height of the lines read, up to which it is text like theirs
_SURE = 0.90                # confidence of a reading that is taken
_MOST = 200                 # places read on one page, the widest first: others are a screen or a photo
_FEW_LINES = 4              # lines under which a page has no text to compare with


def read_missed(
    pixels: Pixels, lines: Sequence[Line], engine: Engine, known: Sequence[Box] = ()
) -> tuple[Line, ...]:
    """The lines of an upright page with those added that were found by their ink alone; not in `known` boxes.

    Only what is surely read as two characters or more is added; photographs, seals and writing stay out.
    """
    height, width = pixels.shape[:2]
    if len(lines) < _FEW_LINES:
        return tuple(lines)
    places = missed_places(pixels, [*(line.box for line in lines), *known])
    readings = engine.recognise([cut(pixels, quad_of(box, width, height)) for box in places])
    fresh = [
        Line(
            text=reading.text, box=box, confidence=reading.confidence,
            centres=centres_in(quad_of(box, width, height), reading.centres), lattice=reading.lattice,
        )
        for box, reading in zip(places, readings, strict=True)
        if reading.confidence >= _SURE and sum(character.isalnum() for character in reading.text) >= 2
    ]
    return reading_order([*lines, *fresh]) if fresh else tuple(lines)


def missed_places(pixels: Pixels, known: Sequence[Box]) -> tuple[Box, ...]:
    """Boxes of ink that looks like printed text and lies in none of the `known` boxes, at least one."""
    height, width = pixels.shape[:2]
    scale = min(1.0, _LONG_SIDE / max(height, width))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else pixels
    rows, columns = small.shape[:2]
    mm = max(rows, columns) / _A4
    text, ruled = _ink(np.asarray(small, dtype=np.uint8), mm)
    taken = np.zeros((rows, columns), np.uint8)
    for box in known:
        cv2.rectangle(
            taken, (int(box.x0 * columns) - 1, int(box.y0 * rows) - 1),
            (round(box.x1 * columns) + 1, round(box.y1 * rows) + 1), 1, -1,
        )
    usual = float(np.median([box.height for box in known])) * rows
    gap = np.ones((round(_JOIN * mm / 2), round(max(_JOIN * mm, _JOIN_HIGH * usual))), np.uint8)
    joined = cv2.morphologyEx(text, cv2.MORPH_CLOSE, gap)
    joined = cv2.subtract(joined, ruled)
    found: list[tuple[int, Box]] = []
    for x, y, w, h in parts_of(np.asarray(joined, dtype=np.uint8)):
        if not _LOWEST * mm <= h <= _HIGHEST * mm or w < max(_NARROWEST * mm, h):
            continue
        spot = np.s_[y:y + h, x:x + w]
        ink = int(text[spot].sum())
        if not _DENSE[0] * w * h <= ink <= _DENSE[1] * w * h:
            continue
        if h > _HIGHER * usual or int(text[spot][taken[spot] > 0].sum()) >= _KNOWN * ink:
            continue
        room = 0.12 * h
        corner = np.array([[x - room, y - room], [x + w + room, y + h + room]], dtype=np.float32) / np.float32(scale)
        found.append((w, box_of(corner, width, height)))
    found.sort(key=lambda pair: -pair[0])
    return tuple(box for _, box in found[:_MOST])


def _ink(pixels: Pixels, mm: float) -> tuple[Mask, Mask]:
    """Dark pixels that are neither red nor ruling lines, and the ruling lines, as 0 and 1."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    rows, columns = grey.shape
    paper = cv2.resize(grey, (columns // 16 + 1, rows // 16 + 1), interpolation=cv2.INTER_AREA)
    paper = cv2.blur(cv2.dilate(paper, np.ones((5, 5), np.uint8)), (5, 5))
    paper = cv2.resize(paper, (columns, rows), interpolation=cv2.INTER_LINEAR)
    bar = cv2.LUT(paper, np.array([math.ceil(_DARK * light) for light in range(256)], dtype=np.uint8))
    dark = np.asarray(cv2.subtract(cv2.compare(grey, bar, cv2.CMP_LT), red_mask(pixels)), dtype=np.uint8) & 1
    reach = round(_RULING * mm)
    # A ruling a little askew breaks into steps: strokes are thickened across before they are sought.
    level, upright = (
        strokes(np.asarray(cv2.dilate(dark, np.ones(across, np.uint8)), dtype=np.uint8), reach, level=level)
        for across, level in (((3, 1), True), ((1, 3), False))
    )
    ruled = np.maximum(level, upright)
    return np.asarray(cv2.subtract(dark, ruled), dtype=np.uint8), ruled
