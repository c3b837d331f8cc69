"""Text around seals read again without the seal, and the seals' own text kept out of the lines."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from archive_verify.marks import without_red
from archive_verify.model import Box, Line, MarkShape, PageMark
from archive_verify.ocr.base import Engine, Pixels
from archive_verify.ocr.crops import box_of, centres_in, cut, levelled, reading_order
from archive_verify.raster import red_mask

Mask = NDArray[np.bool_]
_RING_REACH = 1.04      # a round seal's box over its ring, see marks
_PALER = 0.2            # of the page's contrast, by which a grey seal must be paler than print
_STAMPED = frozenset({MarkShape.ROUND_SEAL, MarkShape.PERSONAL_SEAL, MarkShape.FINGERPRINT})
_ROOM = 0.006           # of the page above and below a seal and the lines it touches
_SURE = 0.80            # confidence from which a line that the first pass lost is taken
_BETTER = 0.02          # by which a second reading must be surer than the first
_SURE_GREY = 0.90       # the same under a grey seal
_LEGIBLE = 0.50         # from which it tells that print stands under a red seal
_DOUBTFUL = 0.75        # confidence at most of what two readings under a grey seal differ in
_CERTAIN = 0.995        # of a first reading that needs no second if it found the same extent
_RED_SHARE = 0.7        # of a line's ink, from which the line is a seal's


def read_sealed(
    pixels: Pixels, lines: Sequence[Line], marks: Sequence[PageMark], engine: Engine
) -> tuple[tuple[Line, ...], tuple[PageMark, ...]]:
    """Lines and marks of the upright page after a second look at the places of seals and prints.

    Lines lost or read worse under red ink, or under the paler ring of a grey copy, are added or
    replaced; lines made of a red seal's own ink leave. Round red seals get their text.
    """
    kept = list(lines)
    for top, bottom, stamps in _bands([mark for mark in marks if mark.shape in _STAMPED], lines):
        kept = _reread(pixels, kept, (top, bottom), stamps, engine)
    named = tuple(
        mark.model_copy(update=dict(zip(("text", "guess"), read_ring(pixels, mark.box, engine), strict=True)))
        if mark.colour == "red" and mark.shape is MarkShape.ROUND_SEAL else mark
        for mark in marks
    )
    return (reading_order(kept) if kept != list(lines) else tuple(lines)), named


def _bands(
    stamps: Sequence[PageMark], lines: Sequence[Line]
) -> list[tuple[float, float, list[PageMark]]]:
    """Bands of the page, as wide as it is: each stamp with the lines it touches, overlapping ones joined.

    The whole width, or else the lines that a seal has cut would be cut again.
    """
    bands: list[tuple[float, float, list[PageMark]]] = []
    for mark in stamps:
        touched = [mark.box, *(line.box for line in lines if line.box.overlap(mark.box) > 0)]
        top = max(0.0, min(box.y0 for box in touched) - _ROOM)
        bottom = min(1.0, max(box.y1 for box in touched) + _ROOM)
        inside = [mark]
        for band in [band for band in bands if band[0] < bottom and top < band[1]]:
            bands.remove(band)
            top, bottom, inside = min(top, band[0]), max(bottom, band[1]), [*band[2], *inside]
        bands.append((top, bottom, inside))
    return bands


def _reread(
    pixels: Pixels, lines: list[Line], band: tuple[float, float], stamps: Sequence[PageMark], engine: Engine
) -> list[Line]:
    height, width = pixels.shape[:2]
    top, bottom = int(band[0] * height), round(band[1] * height)
    crop = np.ascontiguousarray(pixels[top:bottom])
    red = red_mask(crop) > 0
    clean = without_red(crop) if any(mark.colour == "red" for mark in stamps) else crop
    for mark in stamps:
        if mark.colour == "black":
            clean = _without_pale(clean, mark.box, top, height)
    origin = np.array([0, top], dtype=np.float32)
    boxes = [mark.box for mark in stamps]
    found = [(quad, box_of(quad + origin, width, height)) for quad in levelled(engine.detect(clean), 0.0)]
    near = [box for _, box in found if any(box.overlap(stamp) > 0 for stamp in boxes)]
    # A first reading that reaches far beyond the seal is replaced by all that is found now along its course.
    touched = [line.box for line in lines if any(_same_place(line.box, box) for box in near)]
    found = [(quad, box) for quad, box in found if box in near or any(_lies_on(box, line) for line in touched)]
    asked = [(quad, box) for quad, box in found if not any(_is_settled(line, box) for line in lines)]
    readings = engine.recognise([cut(clean, quad) for quad, _ in asked], lattices=True)
    fresh = [
        Line(
            text=reading.text, box=box, confidence=reading.confidence, centres=centres_in(quad, reading.centres),
            lattice=reading.lattice,
        )
        for (quad, box), reading in zip(asked, readings, strict=True) if reading.text.strip()
    ]
    standing = [box for quad, box in found if all(quad is not other for other, _ in asked)]
    standing += [line.box for line in fresh if line.confidence >= _LEGIBLE]
    own = [
        line for line in lines
        if _within(line.box, boxes) and not any(_same_place(line.box, box) for box in standing)
        and _is_red(line.box, red, crop, top, height)
    ]
    unsure = [mark.box for mark in stamps if mark.colour == "black"]
    return _merged([line for line in lines if not any(line is other for other in own)], fresh, unsure)


def _is_settled(line: Line, box: Box) -> bool:
    """Whether the first reading of a place is certain and as wide as what is found there now."""
    room = 0.4 * min(line.box.height, box.height)
    return (
        line.confidence >= _CERTAIN and _same_place(line.box, box)
        and abs(line.box.x0 - box.x0) < room and abs(line.box.x1 - box.x1) < room
    )


def _merged(lines: Sequence[Line], fresh: Sequence[Line], unsure: Sequence[Box]) -> list[Line]:
    """Each place as the surer of its two readings has it.

    In `unsure` places, where print and seal are one colour, readings of equal length that differ are
    doubtful both.
    """
    kept = list(lines)
    for old, new in _groups(lines, fresh):
        grey = any(line.box.overlap(box) > 0 for line in new for box in unsure)
        if not old:
            kept += [line for line in new if line.confidence >= (_SURE_GREY if grey else _SURE)]
        elif _is_surer(new, old):
            if grey and len(_bare(old)) == len(_bare(new)):
                new = [line.model_copy(update={"confidence": min(line.confidence, _DOUBTFUL)}) for line in new]
            kept = [line for line in kept if not any(line is one for one in old)] + new
    return kept


def _groups(lines: Sequence[Line], fresh: Sequence[Line]) -> list[tuple[list[Line], list[Line]]]:
    """Second readings with the first readings that share their place."""
    groups: list[tuple[list[Line], list[Line]]] = [([], [line]) for line in fresh]
    for line in lines:
        sharing = [group for group in groups if any(_same_place(line.box, new.box) for new in group[1])]
        for other in sharing[1:]:
            groups.remove(other)
            sharing[0][0].extend(other[0])
            sharing[0][1].extend(other[1])
        if sharing:
            sharing[0][0].append(line)
    return groups


def _same_place(one: Box, two: Box) -> bool:
    """Whether boxes of lines cover a good part of one another, along and across."""
    across = min(one.y1, two.y1) - max(one.y0, two.y0)
    along = min(one.x1, two.x1) - max(one.x0, two.x0)
    return across > 0.5 * min(one.height, two.height) and along > 0.3 * min(one.width, two.width)


def _lies_on(box: Box, line: Box) -> bool:
    """Whether most of a box lies in that of a longer line."""
    return box.overlap(line) > 0.5 * box.width * box.height


def _is_surer(new: Sequence[Line], old: Sequence[Line]) -> bool:
    """Whether second readings are to be taken: surer, or as sure and longer. The same text stays."""
    before, after = _bare(old), _bare(new)
    if before == after:
        return False
    gain = _mean(new) - _mean(old)
    if len(after) > len(before):
        return gain > -0.01 or _mean(new) >= 0.97
    return gain > (0 if len(after) == len(before) else _BETTER) and len(after) >= 0.7 * len(before)


def _bare(lines: Sequence[Line]) -> str:
    return "".join(line.text.replace(" ", "") for line in sorted(lines, key=lambda line: line.box.x0))


def _mean(lines: Sequence[Line]) -> float:
    total = sum(len(line.text) for line in lines)
    return float(sum(line.confidence * len(line.text) for line in lines)) / max(1, total)


def _within(box: Box, stamps: Sequence[Box]) -> bool:
    return any(box.overlap(stamp) > 0.6 * box.width * box.height for stamp in stamps)


def _is_red(box: Box, red: Mask, crop: Pixels, top: int, height: int) -> bool:
    """Whether most of the ink in a box of the page is red."""
    width = crop.shape[1]
    spot = np.s_[max(0, round(box.y0 * height) - top):round(box.y1 * height) - top,
                 round(box.x0 * width):round(box.x1 * width)]
    dark = (crop[spot].max(axis=2) < 0.6 * float(np.median(crop[::5, ::5]))) & ~red[spot]
    ink = int(red[spot].sum()) + int(dark.sum())
    return ink > 0 and float(red[spot].sum()) > _RED_SHARE * ink


def _without_pale(crop: Pixels, box: Box, top: int, height: int) -> Pixels:
    """The crop with a grey seal faded out, where its ink is clearly paler than the print's."""
    width = crop.shape[1]
    x, y = box.centre[0] * width, box.centre[1] * height - top
    radius = (box.width * width + box.height * height) / 4 / _RING_REACH
    angles = np.linspace(0, 2 * math.pi, 180, endpoint=False)
    grey = crop[:, :, 1]
    circle = []
    for share in (0.95, 0.97, 0.99, 1.01, 1.03):
        columns = np.clip(np.round(x + share * radius * np.cos(angles)), 0, width - 1).astype(int)
        rows = np.clip(np.round(y + share * radius * np.sin(angles)), 0, grey.shape[0] - 1).astype(int)
        circle.append(grey[rows, columns])
    paper = float(np.median(grey[::5, ::5]))
    line = np.min(np.stack(circle), axis=0).astype(np.float64)
    inked = line[line < 0.9 * paper]
    print_ink = float(np.percentile(grey[::2, ::2], 0.3))
    if len(inked) < 60:
        return crop
    seal = float(np.percentile(inked, 30))
    if seal - print_ink < _PALER * (paper - print_ink):
        return crop
    # From print to seal the levels are spread over those from print to paper.
    far = 1.1 * radius
    reach = np.s_[max(0, int(y - far)):int(y + far), max(0, int(x - far)):int(x + far)]
    clean = crop.copy()
    part = clean[reach].astype(np.float32)
    lifted = np.clip(print_ink + (part - print_ink) * (paper - print_ink) / max(1.0, seal - print_ink), 0, 255)
    clean[reach] = np.where(part > print_ink, lifted, part).astype(np.uint8)
    return clean


# --- the seal's own text ---------------------------------------------------------------------------

_RING_SURE, _RING_GUESS = 0.97, 0.6
_TEXT_RINGS = ((0.62, 0.96), (0.58, 0.93), (0.66, 0.96))    # shares of the radius around the letters
_NAME = re.compile(r"[\u4e00-\u9fff()（）]{6,}")


def read_ring(pixels: Pixels, box: Box, engine: Engine) -> tuple[str, str]:
    """The unit's name along a round red seal's ring, empty unless all readings of it agree for certain;
    and what one of them makes of it, empty where it makes nothing."""
    height, width = pixels.shape[:2]
    radius = (box.width * width + box.height * height) / 4 / _RING_REACH
    x, y, reach = box.centre[0] * width, box.centre[1] * height, int(radius * 1.15)
    left, top = int(x) - reach, int(y) - reach
    if left < 0 or top < 0 or left + 2 * reach > width or top + 2 * reach > height:
        return "", ""
    ink = _red_ink(np.ascontiguousarray(pixels[top:top + 2 * reach, left:left + 2 * reach]))
    centre = x - left, y - top
    start = _gap(ink, centre, radius)
    texts: list[str] = []
    for ring in _TEXT_RINGS:
        (reading,) = engine.recognise([_unrolled(ink, centre, radius, start, ring)])
        named = _NAME.fullmatch(reading.text) is not None
        if reading.confidence < _RING_SURE or not named:
            return "", next(iter(texts), reading.text if named and reading.confidence >= _RING_GUESS else "")
        texts.append(reading.text)
    return (texts[0], "") if len(set(texts)) == 1 else ("", texts[0])


def _gap(ink: Pixels, centre: tuple[float, float], radius: float) -> float:
    """The angle where the text along the ring leaves a gap, nearest to the foot."""
    strip = _unrolled(ink, centre, radius, math.pi / 2, (0.68, 0.90))
    columns = strip.shape[1]
    dark = 255 - strip[:, :, 0].mean(axis=0)
    reach = round(columns * 24 / 360)
    around = np.convolve(np.concatenate([dark[-reach:], dark, dark[:reach]]), np.ones(2 * reach + 1), "valid")
    away = np.abs((np.arange(columns) + columns // 2) % columns - columns // 2) / columns
    place = int(np.argmin(around / max(1.0, float(around.max())) + 0.3 * away))
    return math.pi / 2 + 2 * math.pi * place / float(columns)


def _red_ink(crop: Pixels) -> Pixels:
    """The red ink alone, dark on white, by red's lead over green and blue."""
    lead = crop[:, :, 2].astype(np.int16) - crop[:, :, :2].max(axis=2)
    inked = lead[lead > 28]
    strong = max(40.0, float(np.percentile(inked, 70))) if inked.size else 40.0
    grey = 255 - np.clip(lead / strong, 0, 1) * 255
    return np.repeat(grey.astype(np.uint8)[:, :, None], 3, axis=2)


def _unrolled(
    ink: Pixels, centre: tuple[float, float], radius: float, start: float, ring: tuple[float, float]
) -> Pixels:
    """The ring between two shares of the radius as a straight strip, clockwise from an angle."""
    inner, outer = ring
    rows = 48
    columns = round(rows * math.pi * (inner + outer) / (outer - inner))
    angles = start + np.arange(columns) / columns * 2 * math.pi
    radii = radius * (outer - (np.arange(rows) + 0.5) / rows * (outer - inner))
    map_x = (centre[0] + radii[:, None] * np.cos(angles)[None, :]).astype(np.float32)
    map_y = (centre[1] + radii[:, None] * np.sin(angles)[None, :]).astype(np.float32)
    strip = cv2.remap(ink, map_x, map_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(255, 255, 255))
    return np.asarray(strip, dtype=np.uint8)
