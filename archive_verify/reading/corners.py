"""The edge zones of a page, where an archive number may stand, looked at for themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from archive_verify.model import Box, Corner, Line, Rotation
from archive_verify.ocr.base import Engine, Pixels, Quad
from archive_verify.ocr.crops import box_of, cut, size

# Size of a zone: larger ones let the day columns of attendance sheets in, smaller ones cut numbers.
_WIDE, _HIGH = 0.20, 0.08   # of the short and of the long side
_BAND = 0.10                # of the height: lines of the full pass up to there are candidates
_LONGEST = 16               # characters of a candidate
_DIGIT_MM = (1.2, 12.0)     # height of what may be a digit
_TINY_DPI, _ENLARGE = 130.0, 2.0


def read_corners(
    pixels: Pixels, lines: Sequence[Line], engine: Engine, *, dpi: float, sheet_turns: Sequence[Rotation] = ()
) -> tuple[Corner, ...]:
    """Candidates for a page number on the upright, deskewed page.

    The top right zone is always read afresh, the other five where `lines` leave them empty. Each of
    `sheet_turns` (90, 270) is a turn of the upright page in which the bound sheet may have stood:
    its top right corner is read as well. Boxes are always those of the upright page.
    """
    found = [
        Corner(text=line.text, box=line.box, confidence=line.confidence, lattice=line.lattice)
        for line in lines
        if (line.box.centre[1] < _BAND or line.box.centre[1] > 1 - _BAND) and 0 < len(line.text) <= _LONGEST
    ]
    height, width = pixels.shape[:2]
    for number, zone in enumerate(_zones(width, height)):
        if number == 0 or not any(_inside(corner.box, zone, width, height) for corner in found):
            found += _read_zone(pixels, zone, engine, dpi)
    for turn in sheet_turns:
        sheet = np.ascontiguousarray(np.rot90(pixels, k=-turn // 90))
        zone = next(_zones(sheet.shape[1], sheet.shape[0]))
        found += [
            corner.model_copy(update={"box": turned_back(corner.box, turn), "turn": turn})
            for corner in _read_zone(sheet, zone, engine, dpi)
            if any(character.isdigit() for character in corner.text)
        ]
    return tuple(found)


def turned_back(box: Box, turn: Rotation) -> Box:
    """A box of the page after a clockwise turn, as a box of the page before it."""
    x0, y0, x1, y1 = box
    if turn == 90:
        return Box(y0, 1 - x1, y1, 1 - x0)
    if turn == 180:
        return Box(1 - x1, 1 - y1, 1 - x0, 1 - y0)
    if turn == 270:
        return Box(1 - y1, x0, 1 - y0, x1)
    return box


def _zones(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    """Pixel boxes of the zones: top right, left, centre, bottom right, left, centre."""
    wide = round(_WIDE * min(width, height))
    high = round(_HIGH * max(width, height))
    middle = (width - wide) // 2
    for top, bottom in ((0, high), (height - high, height)):
        for left in (width - wide, 0, middle):
            yield left, top, left + wide, bottom


def _inside(box: Box, zone: tuple[int, int, int, int], width: int, height: int) -> bool:
    x, y = box.centre
    return zone[0] <= x * width <= zone[2] and zone[1] <= y * height <= zone[3]


def _read_zone(pixels: Pixels, zone: tuple[int, int, int, int], engine: Engine, dpi: float) -> list[Corner]:
    x0, y0, x1, y1 = zone
    crop = np.ascontiguousarray(pixels[y0:y1, x0:x1])
    groups = _digit_groups(crop, dpi)
    if not groups:
        return []
    scale = _ENLARGE if dpi < _TINY_DPI else 1.0
    if scale > 1:
        crop = np.asarray(cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    quads = list(engine.detect(crop))
    for group in groups:  # detectors easily miss an isolated digit
        quad = group * scale
        if not any(_overlap(quad, other) for other in quads):
            quads.append(quad)
    height, width = pixels.shape[:2]
    origin = np.array([x0, y0], dtype=np.float32)
    readings = engine.recognise([cut(crop, quad) for quad in quads], lattices=True)
    return [
        Corner(
            text=reading.text, box=box_of(quad / np.float32(scale) + origin, width, height),
            confidence=reading.confidence, fresh=True, lattice=reading.lattice,
        )
        for quad, reading in zip(quads, readings, strict=True)
        if reading.text and len(reading.text) <= _LONGEST
    ]


def _overlap(quad: Quad, other: Quad) -> bool:
    low = np.maximum(quad.min(axis=0), other.min(axis=0))
    high = np.minimum(quad.max(axis=0), other.max(axis=0))
    return bool((high > low).all())


def _digit_groups(crop: Pixels, dpi: float) -> list[Quad]:
    """Boxes around ink of a digit's size, neighbours on a line joined; empty where there is none.

    Ink that runs into the zone's inner edges is part of something larger.
    """
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    ink = (grey < np.median(grey) - 45).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    per_mm = dpi / 25.4
    height, width = grey.shape
    boxes = []
    for index in range(1, count):
        x, y, w, h, _ = (int(value) for value in stats[index])
        if x == 0 or y == 0 or x + w == width or y + h == height:
            continue
        if _DIGIT_MM[0] * per_mm <= h <= _DIGIT_MM[1] * per_mm and w <= 1.5 * h:
            boxes.append((x, y, x + w, y + h))
    groups: list[tuple[int, int, int, int]] = []
    for box in sorted(boxes):
        if groups:
            last = groups[-1]
            tall = max(last[3] - last[1], box[3] - box[1])
            level = min(last[3], box[3]) - max(last[1], box[1]) > 0.5 * min(last[3] - last[1], box[3] - box[1])
            if level and box[0] - last[2] < 0.8 * tall:
                groups[-1] = (last[0], min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
                continue
        groups.append(box)
    quads = []
    for left, top, right, bottom in groups:
        pad = 0.15 * (bottom - top)
        quad = np.array([
            [left - pad, top - pad], [right + pad, top - pad], [right + pad, bottom + pad], [left - pad, bottom + pad],
        ], dtype=np.float32)
        if size(quad)[1] > 0:
            quads.append(quad)
    return quads
