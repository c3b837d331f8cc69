"""Seals, fingerprints and handwriting on a page image, before any party is known."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import cv2
import numpy as np

from archive_verify.blots import Rect, box_in, grey_prints, shape_of, touches_edge, wipe
from archive_verify.inked import Inked, inked_of
from archive_verify.model import Box, Line, MarkShape, PageMark, Ruling
from archive_verify.pixels import Pixels, grey_of, ink_mask, parts_of, per_mm, red_mask, resized, u8, without
from archive_verify.rings import Ring, find_rings, inner_share, starred_rings, support
from archive_verify.ruled import rulings

_WORK_PER_MM = 6.0          # 150 dpi is enough to tell marks
_NEARLY = 1.02
_SIGN_CUE = re.compile(r"签字|签名|签章|盖章|签收|领款|领取人|负责人|经办人|代理人|制表|审核|捺印|手印|本人|承诺人")


def find_marks(
    pixels: Pixels, lines: Sequence[Line], dpi: float = 0.0, ruled: Sequence[Ruling] | None = None,
    inked: Inked | None = None,
) -> tuple[PageMark, ...]:
    """Find seals, fingerprints and handwriting on the upright, deskewed page.

    `lines` are the page's text lines, `dpi` that of the pixels, 0 where unknown (A4 is assumed),
    `ruled` its ruling lines and `inked` its ink where they are known already, else they are looked for. Marks come in
    reading order; `text` is left empty.
    """
    unit = per_mm(pixels, dpi)
    # a page of nearly that size serves as it is
    small = resized(pixels, _WORK_PER_MM / unit) if unit > _NEARLY * _WORK_PER_MM else pixels
    unit *= small.shape[0] / pixels.shape[0]
    if inked is None or small is not pixels:
        inked = inked_of(small)
    colour, red = inked.colour, inked.red.copy()
    dark = without(inked.ink, red)
    rings = _red_rings(red, small, unit)
    seals = [_ring_mark(ring, "red", small) for ring in rings]
    seals += [_ring_mark(ring, "black", small) for ring in _black_rings(small, dark, unit, colour)]
    taken = [mark.box for mark in seals]
    for ring in rings:  # what touches a unit seal must be seen apart from it
        cv2.circle(red, (round(ring.x), round(ring.y)), round(ring.radius + 0.8 * unit), (0,), -1)
    for mark in _red_blobs(red, small, unit):
        if not _covered(mark.box, taken):
            seals.append(mark)
            taken.append(mark.box)
    ruled = rulings(small, unit * 25.4) if ruled is None else ruled
    if not colour:
        seals += grey_prints(small, unit, taken, [line.box for line in lines], [one.box for one in ruled])
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


def _has_gold(small: Pixels, rect: Rect) -> bool:
    x, y, w, h = rect
    return float(_gold(u8(small[y : y + h, x : x + w])).mean()) / 255 > 0.1


def _gold(pixels: Pixels) -> Pixels:
    hsv = cv2.cvtColor(pixels, cv2.COLOR_BGR2HSV)
    return u8(cv2.inRange(hsv, np.array([14, 90, 90]), np.array([35, 255, 255])))


def _black_rings(small: Pixels, dark: Pixels, unit: float, colour: bool) -> list[Ring]:
    """Rings of seals on a copy without colour, in firm ink and, on grey pages, in pale ink too."""
    rings = [
        ring for ring in find_rings(dark, unit, least_cover=0.58)
        if support(dark, ring, unit) >= 0.7 and 0.03 < inner_share(dark, ring, 0.85) < 0.4
    ]
    if colour:
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
        shape=MarkShape.ROUND_SEAL, box=box_in(rect, small), confidence=round(confidence, 2),
        colour="red" if colour == "red" else "black",
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
    rects: list[Rect] = [tuple(int(v) for v in stats[i, :4]) for i in range(1, count)]  # type: ignore[misc]
    marks = []
    for i, rect in enumerate(rects, 1):
        x, y, w, h = rect
        short, long_side = min(w, h) / unit, max(w, h) / unit
        if short < 6.5 or long_side > 62 or long_side > 3.2 * short or _in_row(rect, rects):
            continue
        own = u8((labels[y : y + h, x : x + w] == i) & (red[y : y + h, x : x + w] > 0)) * 255
        found = shape_of(u8(own), unit, touches_edge(rect, small))
        if found is not None and _is_on_paper(small, red, rect, unit) and not _has_gold(small, rect):
            shape, confidence = found
            marks.append(PageMark(shape=shape, box=box_in(rect, small), confidence=confidence, colour="red"))
    return marks


def _covered(box: Box, others: Sequence[Box]) -> bool:
    return any(box.overlap(other) >= 0.5 * box.width * box.height for other in others)


def _in_row(rect: Rect, rects: Sequence[Rect]) -> bool:
    """Whether two or more of like height stand beside it: letters of a red heading."""
    x, y, w, h = rect
    peers = sum(
        1
        for other in rects
        if other != rect and 0.6 < other[3] / h < 1.6 and abs(other[1] + other[3] / 2 - y - h / 2) < 0.3 * h
        and abs(other[0] + other[2] / 2 - x - w / 2) < 2.6 * max(w, other[2])
    )
    return peers >= 2


def _is_on_paper(small: Pixels, red: Pixels, rect: Rect, unit: float) -> bool:
    """Whether paper shows around it, as it does around a stamp and not around a patch of a photo."""
    x, y, w, h = rect
    around = round(2.5 * unit)
    cut = np.s_[max(0, y - around) : y + h + around, max(0, x - around) : x + w + around]
    brightness = small[cut].min(axis=2)
    paper = float(np.median(small[::7, ::7].min(axis=2)))
    free = red[cut] == 0
    return bool(free.any()) and float((brightness[free] > 0.75 * paper).mean()) > 0.45


# --- handwriting --------------------------------------------------------------------------------


def _handwriting(
    small: Pixels, dark: Pixels, unit: float, lines: Sequence[Line], taken: Sequence[Box], ruled: Sequence[Ruling]
) -> list[PageMark]:
    """Ink that is no print: coloured pen strokes, and ink that no confident text line accounts for."""
    height, width = small.shape[:2]
    coloured = _pen_mask(small)
    loose = dark.copy()
    for box in taken:
        wipe(loose, box, 0.0, unit)
        wipe(coloured, box, 0.0, unit)
    for ruling in ruled:
        wipe(loose, ruling.box, 0.25, unit)
    for line in lines:
        if line.confidence >= 0.85 or len(line.text.strip()) > 12:
            wipe(loose, line.box, 0.6, unit)
    marks: list[PageMark] = []
    for mask, colour, confidence in ((coloured, "other", 0.85), (loose, "black", 0.6)):
        for rect in _clusters(mask, unit):
            box = box_in(rect, small)
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
    if not cv2.countNonZero(pen):
        return u8(pen)
    solid = cv2.morphologyEx(pen, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    return u8(cv2.subtract(pen, cv2.dilate(solid, np.ones((15, 15), np.uint8))))


def _clusters(mask: Pixels, unit: float) -> list[Rect]:
    """Groups of strokes as large as a written name: at least 3.5 mm high and 5 mm wide."""
    if int(np.count_nonzero(mask)) < 3 * unit * unit:
        return []
    edge = round(4 * unit)
    inner = mask.copy()
    inner[:edge], inner[-edge:], inner[:, :edge], inner[:, -edge:] = 0, 0, 0, 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(u8(inner), connectivity=8)
    small_parts = stats[:, cv2.CC_STAT_AREA] < 0.25 * unit * unit
    inner = u8(cv2.bitwise_and(inner, np.where(small_parts, 0, 255).astype(np.uint8)[labels]))
    reach = (max(3, round(3.0 * unit)) | 1, max(3, round(1.2 * unit)) | 1)
    joined = cv2.morphologyEx(inner, cv2.MORPH_CLOSE, np.ones(reach[::-1], np.uint8))
    rects = [rect for rect in parts_of(u8(joined)) if max(rect[2:]) >= 2 * unit]
    return [
        (x, y, w, h)
        for x, y, w, h in _merged(rects, 3.0 * unit)
        if 3.5 * unit <= h <= 40 * unit and 5 * unit <= w <= 120 * unit
    ]


def _merged(rects: list[Rect], gap: float) -> list[Rect]:
    """Strokes of one hand: those beside each other on one row become one."""
    done: list[Rect] = []
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


def _is_picture(rect: Rect, height: int, width: int) -> bool:
    return rect[2] * rect[3] > 0.08 * height * width


def _same_ink(one: Box, other: Box) -> bool:
    return one.overlap(other) > 0.5 * min(one.width * one.height, other.width * other.height)


def _near(box: Box, cue: Box) -> bool:
    """Right of the cue on its row, or just under it."""
    beside = box.y0 < cue.y1 + 0.01 and box.y1 > cue.y0 - 0.01 and box.x1 > cue.x0
    under = 0 <= box.y0 - cue.y1 < 0.05 and box.x0 < cue.x1 + 0.1 and box.x1 > cue.x0 - 0.1
    return beside or under
