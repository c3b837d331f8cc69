"""Seals, fingerprints and handwriting on a page image, before any party is known."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from archive_verify.model import Box, Line, MarkShape, PageMark, Ruling
from archive_verify.pixels import Pixels, grey_of, ink_mask, is_colour, per_mm, red_mask, resized, u8, without
from archive_verify.rings import Ring, find_rings, inner_share, starred_rings, support
from archive_verify.ruled import rulings

_RIDGES = 0.22, 0.5         # ripple of a print with ridges, see `_ripple`
FAINT = 0.4                 # confidence of a mark that may be one, and may be a stain
_WORK_PER_MM = 6.0          # 150 dpi is enough to tell marks
_SIGN_CUE = re.compile(r"签字|签名|签章|盖章|签收|领款|领取人|负责人|经办人|代理人|制表|审核|捺印|手印|本人|承诺人")
_Rect = tuple[int, int, int, int]   # x, y, width, height in pixels of the working image


def find_marks(
    pixels: Pixels, lines: Sequence[Line], dpi: float = 0.0, ruled: Sequence[Ruling] | None = None
) -> tuple[PageMark, ...]:
    """Find seals, fingerprints and handwriting on the upright, deskewed page.

    `lines` are the page's text lines, `dpi` that of the pixels, 0 where unknown (A4 is assumed),
    `ruled` its ruling lines where they are known already, else they are looked for. Marks come in
    reading order; `text` is left empty.
    """
    unit = per_mm(pixels, dpi)
    small = resized(pixels, min(1.0, _WORK_PER_MM / unit))
    unit = min(unit, _WORK_PER_MM)
    red = red_mask(small)
    dark = without(ink_mask(grey_of(small)), red)
    rings = _red_rings(red, small, unit)
    seals = [_ring_mark(ring, "red", small) for ring in rings]
    seals += [_ring_mark(ring, "black", small) for ring in _black_rings(small, dark, unit)]
    taken = [mark.box for mark in seals]
    for ring in rings:  # what touches a unit seal must be seen apart from it
        cv2.circle(red, (round(ring.x), round(ring.y)), round(ring.radius + 0.8 * unit), (0,), -1)
    for mark in _red_blobs(red, small, unit):
        if not _covered(mark.box, taken):
            seals.append(mark)
            taken.append(mark.box)
    ruled = rulings(small, unit * 25.4) if ruled is None else ruled
    if not is_colour(small):
        seals += _grey_prints(small, unit, taken, [line.box for line in lines], [one.box for one in ruled])
    hand = _handwriting(small, dark, unit, lines, taken, ruled)
    return tuple(sorted([*seals, *hand], key=lambda mark: (round(mark.box.y0, 2), mark.box.x0)))


def without_red(pixels: Pixels) -> Pixels:
    """The page in grey with red ink faded out, so that the text under a seal can be read again."""
    red = pixels[:, :, 2]
    # The red channel sees red ink as paper; JPEG leaves a ghost of it, which is lifted to the paper.
    paper = int(np.median(red[::5, ::5]))
    ghost = (red_mask(pixels) > 0) & (red > 0.55 * paper)
    clean = np.where(ghost, np.maximum(red, paper), red)
    return u8(np.repeat(clean[:, :, None], 3, axis=2))


# --- round seals --------------------------------------------------------------------------------


def _red_rings(red: Pixels, small: Pixels, unit: float) -> list[Ring]:
    if int(np.count_nonzero(red)) < 40 * unit * unit * 0.3:
        return []
    thick = cv2.dilate(red, np.ones((3, 3), np.uint8))
    return [
        ring
        for ring in find_rings(u8(thick), unit, least_cover=0.45)
        # Emblems, logos and photos are filled discs; a seal is mostly paper.
        if support(red, ring, unit) >= 0.7 and inner_share(red, ring, 0.9) < 0.62 and not _is_golden(small, ring)
    ]


def _is_golden(small: Pixels, ring: Ring) -> bool:
    """Whether yellow takes a good part of the disc: the national emblem, a printed logo."""
    return inner_share(_gold(small), ring, 1.0) > 0.12


def _has_gold(small: Pixels, rect: _Rect) -> bool:
    x, y, w, h = rect
    return float(_gold(u8(small[y : y + h, x : x + w])).mean()) / 255 > 0.1


def _gold(pixels: Pixels) -> Pixels:
    hsv = cv2.cvtColor(pixels, cv2.COLOR_BGR2HSV)
    return u8(cv2.inRange(hsv, np.array([14, 90, 90]), np.array([35, 255, 255])))


def _black_rings(small: Pixels, dark: Pixels, unit: float) -> list[Ring]:
    """Rings of seals on a copy without colour, in firm ink and, on grey pages, in pale ink too."""
    rings = [
        ring for ring in find_rings(dark, unit, least_cover=0.58)
        if support(dark, ring, unit) >= 0.7 and 0.03 < inner_share(dark, ring, 0.85) < 0.4
    ]
    if is_colour(small):
        return [ring for ring in rings if ring.cover >= 0.72]
    rings += [
        ring for ring in starred_rings(dark, unit)
        if 0.03 < inner_share(dark, ring, 0.85) < 0.4 and _is_apart(ring, rings)
    ]
    pale = ink_mask(grey_of(small), least=12, share=0.15)
    for ring in find_rings(pale, unit, least_cover=0.72):
        if _is_apart(ring, rings) and support(pale, ring, unit) >= 0.85 and 0.06 < inner_share(pale, ring, 0.85) < 0.5:
            rings.append(ring)
    return rings


def _is_apart(ring: Ring, others: Sequence[Ring]) -> bool:
    return all(math.hypot(ring.x - other.x, ring.y - other.y) > 0.75 * other.radius for other in others)


def _ring_mark(ring: Ring, colour: str, small: Pixels) -> PageMark:
    reach = ring.radius * 1.04
    rect = (ring.x - reach, ring.y - reach, 2 * reach, 2 * reach)
    confidence = min(0.99, 0.55 + 0.5 * ring.cover) if colour == "red" else min(0.9, ring.cover)
    return PageMark(
        shape=MarkShape.ROUND_SEAL, box=_box(rect, small), confidence=round(confidence, 2),
        colour="red" if colour == "red" else "black",
    )


def _box(rect: tuple[float, float, float, float], small: Pixels) -> Box:
    height, width = small.shape[:2]
    x, y, w, h = rect
    return Box(
        max(0.0, x / width), max(0.0, y / height), min(1.0, (x + w) / width), min(1.0, (y + h) / height)
    )


# --- other red marks ----------------------------------------------------------------------------


def _red_blobs(red: Pixels, small: Pixels, unit: float) -> list[PageMark]:
    """Oval and faint unit seals, personal seals and fingerprints among the connected red ink."""
    if int(np.count_nonzero(red)) < 8 * unit * unit:
        return []
    reach = max(3, round(1.4 * unit)) | 1
    joined = cv2.morphologyEx(red, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(u8(joined), connectivity=8)
    rects: list[_Rect] = [tuple(int(v) for v in stats[i, :4]) for i in range(1, count)]  # type: ignore[misc]
    marks = []
    for i, rect in enumerate(rects, 1):
        x, y, w, h = rect
        short, long_side = min(w, h) / unit, max(w, h) / unit
        if short < 6.5 or long_side > 62 or long_side > 3.2 * short or _in_row(rect, rects):
            continue
        own = u8((labels[y : y + h, x : x + w] == i) & (red[y : y + h, x : x + w] > 0)) * 255
        found = _shape_of(u8(own), unit, _touches_edge(rect, small))
        if found is not None and _is_on_paper(small, red, rect, unit) and not _has_gold(small, rect):
            shape, confidence = found
            marks.append(PageMark(shape=shape, box=_box(rect, small), confidence=confidence, colour="red"))
    return marks


def _covered(box: Box, others: Sequence[Box]) -> bool:
    return any(box.overlap(other) >= 0.5 * box.width * box.height for other in others)


def _grey_prints(
    small: Pixels, unit: float, seals: Sequence[Box], lines: Sequence[Box], ruled: Sequence[Box]
) -> list[PageMark]:
    """Grey ovals of a finger's size on a copy without colour, clear of text, rulings and seals.

    With ridges they are fingerprints. Without, they may be a stain: too faint to sign a paper, but not
    to be passed over.
    """
    grey = grey_of(small)
    ink = ink_mask(grey, least=10, share=0.1)
    for box, margin in (*((one, 0.0) for one in seals), *((one, 0.6) for one in lines), *((one, 0.4) for one in ruled)):
        _wipe(ink, box, margin, unit)
    reach = max(3, round(1.4 * unit)) | 1
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(u8(joined), connectivity=8)
    marks = []
    for index in range(1, count):
        x, y, w, h = (int(value) for value in stats[index, :4])
        rect = (x, y, w, h)
        if not (min(w, h) / unit >= 8 and max(w, h) / unit <= 32) or _touches_edge(rect, small):
            continue
        spot = np.s_[y : y + h, x : x + w]
        own = u8((labels[spot] == index) & (ink[spot] > 0)) * 255
        found = _shape_of(u8(own), unit, at_edge=False)
        if found is not None and found[0] is not MarkShape.ROUND_SEAL:
            ridged = _RIDGES[0] <= _ripple(grey[spot], u8(own), unit) <= _RIDGES[1]
            sure = found[0] is MarkShape.FINGERPRINT and ridged
            marks.append(PageMark(
                shape=MarkShape.FINGERPRINT, box=_box(rect, small), confidence=0.6 if sure else FAINT, colour="black",
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


def _in_row(rect: _Rect, rects: Sequence[_Rect]) -> bool:
    """Whether two or more of like height stand beside it: letters of a red heading."""
    x, y, w, h = rect
    peers = sum(
        1
        for other in rects
        if other != rect and 0.6 < other[3] / h < 1.6 and abs(other[1] + other[3] / 2 - y - h / 2) < 0.3 * h
        and abs(other[0] + other[2] / 2 - x - w / 2) < 2.6 * max(w, other[2])
    )
    return peers >= 2


def _touches_edge(rect: _Rect, small: Pixels) -> bool:
    x, y, w, h = rect
    return x <= 3 or y <= 3 or x + w >= small.shape[1] - 3 or y + h >= small.shape[0] - 3


def _is_on_paper(small: Pixels, red: Pixels, rect: _Rect, unit: float) -> bool:
    """Whether paper shows around it, as it does around a stamp and not around a patch of a photo."""
    x, y, w, h = rect
    around = round(2.5 * unit)
    cut = np.s_[max(0, y - around) : y + h + around, max(0, x - around) : x + w + around]
    brightness = small[cut].min(axis=2)
    paper = float(np.median(small[::7, ::7].min(axis=2)))
    free = red[cut] == 0
    return bool(free.any()) and float((brightness[free] > 0.75 * paper).mean()) > 0.45


def _shape_of(own: Pixels, unit: float, at_edge: bool) -> tuple[MarkShape, float] | None:
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


# --- handwriting --------------------------------------------------------------------------------


def _handwriting(
    small: Pixels, dark: Pixels, unit: float, lines: Sequence[Line], taken: Sequence[Box], ruled: Sequence[Ruling]
) -> list[PageMark]:
    """Ink that is no print: coloured pen strokes, and ink that no confident text line accounts for."""
    height, width = small.shape[:2]
    coloured = _pen_mask(small)
    loose = dark.copy()
    for box in taken:
        _wipe(loose, box, 0.0, unit)
        _wipe(coloured, box, 0.0, unit)
    for ruling in ruled:
        _wipe(loose, ruling.box, 0.25, unit)
    for line in lines:
        if line.confidence >= 0.85 or len(line.text.strip()) > 12:
            _wipe(loose, line.box, 0.6, unit)
    marks: list[PageMark] = []
    for mask, colour, confidence in ((coloured, "other", 0.85), (loose, "black", 0.6)):
        for rect in _clusters(mask, unit):
            box = _box(rect, small)
            ink_share = float(mask[rect[1] : rect[1] + rect[3], rect[0] : rect[0] + rect[2]].mean()) / 255
            if not 0.02 < ink_share < 0.5 or _is_picture(rect, height, width):
                continue
            if any(_same_ink(box, mark.box) for mark in marks):
                continue
            cue = any(_SIGN_CUE.search(line.text) and _near(box, line.box) for line in lines)
            marks.append(
                PageMark(
                    shape=MarkShape.HANDWRITING, box=box, confidence=min(0.95, confidence + 0.1 * cue),
                    colour="other" if colour == "other" else "black",
                )
            )
    return marks


def _pen_mask(small: Pixels) -> Pixels:
    """Blue, green or violet pen strokes: coloured, not red, thin."""
    hsv = cv2.cvtColor(small, cv2.COLOR_BGR2HSV)
    pen = cv2.inRange(hsv, np.array([50, 60, 30]), np.array([155, 255, 235]))
    solid = cv2.morphologyEx(pen, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    return u8(cv2.subtract(pen, cv2.dilate(solid, np.ones((15, 15), np.uint8))))


def _wipe(mask: Pixels, box: Box, margin_mm: float, unit: float) -> None:
    height, width = mask.shape
    margin = margin_mm * unit
    x0, x1 = max(0, round(box.x0 * width - margin)), round(box.x1 * width + margin)
    y0, y1 = max(0, round(box.y0 * height - margin)), round(box.y1 * height + margin)
    mask[y0:y1, x0:x1] = 0


def _clusters(mask: Pixels, unit: float) -> list[_Rect]:
    """Groups of strokes as large as a written name: at least 3.5 mm high and 5 mm wide."""
    if int(np.count_nonzero(mask)) < 3 * unit * unit:
        return []
    edge = round(4 * unit)
    inner = mask.copy()
    inner[:edge], inner[-edge:], inner[:, :edge], inner[:, -edge:] = 0, 0, 0, 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(u8(inner), connectivity=8)
    small_parts = stats[:, cv2.CC_STAT_AREA] < 0.25 * unit * unit
    inner[small_parts[labels]] = 0
    reach = (max(3, round(3.0 * unit)) | 1, max(3, round(1.2 * unit)) | 1)
    joined = cv2.morphologyEx(inner, cv2.MORPH_CLOSE, np.ones(reach[::-1], np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(u8(joined), connectivity=8)
    rects = []
    for i in range(1, count):
        x, y, w, h = (int(v) for v in stats[i, :4])
        if max(w, h) >= 2 * unit:
            rects.append((x, y, w, h))
    return [
        (x, y, w, h)
        for x, y, w, h in _merged(rects, 3.0 * unit)
        if 3.5 * unit <= h <= 40 * unit and 5 * unit <= w <= 120 * unit
    ]


def _merged(rects: list[_Rect], gap: float) -> list[_Rect]:
    """Strokes of one hand: those beside each other on one row become one."""
    done: list[_Rect] = []
    for rect in sorted(rects):
        for i, other in enumerate(done):
            x, y, w, h = rect
            ox, oy, ow, oh = other
            if x - (ox + ow) < gap and y < oy + oh and oy < y + h:
                left, top = min(x, ox), min(y, oy)
                done[i] = (left, top, max(x + w, ox + ow) - left, max(y + h, oy + oh) - top)
                break
        else:
            done.append(rect)
    return done


def _is_picture(rect: _Rect, height: int, width: int) -> bool:
    return rect[2] * rect[3] > 0.08 * height * width


def _same_ink(one: Box, other: Box) -> bool:
    return one.overlap(other) > 0.5 * min(one.width * one.height, other.width * other.height)


def _near(box: Box, cue: Box) -> bool:
    """Right of the cue on its row, or just under it."""
    beside = box.y0 < cue.y1 + 0.01 and box.y1 > cue.y0 - 0.01 and box.x1 > cue.x0
    under = 0 <= box.y0 - cue.y1 < 0.05 and box.x0 < cue.x1 + 0.1 and box.x1 > cue.x0 - 0.1
    return beside or under
