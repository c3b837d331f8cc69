"""Two facing A4 pages on one A3 scan: whether, and where to part them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from archive_verify.pixels import Pixels, grey_of, ink_mask, red_mask, resized, u8

_PER_MM = 800 / 297     # scale of the search, pixels per millimetre
_REACH_MM = 10.0        # what reaches so far into both halves crosses the middle
_WANDER_MM = 16.0       # how far from the middle pages may be parted
_WIDE_MM = 24.0         # two inner margins; the columns of one page stand closer
_NARROW_MM = 6.0        # least gap, and only where more speaks for two pages
_WIDE_UNSURE_MM = 30.0  # least gap where the size of the sheet is not known
_BORDER_MM = 8.0        # dark scan edges and lid shadows lie within it
_SPECK_MM = 0.9         # dirt; the dots of characters belong to larger things after joining
_FIRM, _PALE = 0.33, 0.15   # of the sheet's contrast, from which something is ink
_BAND_MM = 8.0          # height of the bands in which the blocks' inner edges are measured


@dataclass(frozen=True, slots=True)
class Parting:
    """Where facing pages are parted: at column `at`, or at row `at` of a sheet scanned sideways."""

    at: int
    sideways: bool


def find_parting(pixels: Pixels, dpi: float) -> Parting | None:
    """Where to part two facing A4 pages, or None for a single page; `dpi` is 0 where unknown.

    Asked for: the shape and, where known, the size of A3, lines of text across the fold, and
    nothing that reaches well into both halves: no ruling line, frame, line of text or title.
    Specks, dark scan edges, punch holes and the fold's own shadow are nothing. A gap narrower than
    two inner margins needs a fold, page numbers or tables that do not continue each other besides.
    """
    height, width = pixels.shape[:2]
    longest, shortest = max(height, width), min(height, width)
    if not 1.3 < longest / shortest < 1.55:
        return None
    if dpi > 0 and not 385 < longest / dpi * 25.4 < 450:
        return None
    sideways = height > width
    if sideways and dpi <= 0:
        return None
    small = resized(pixels, min(1.0, 297 * _PER_MM / shortest))
    if sideways:
        small = u8(np.rot90(small))
    column = _gutter(small, known_size=dpi > 0)
    if column is None:
        return None
    share = column / small.shape[1]
    return Parting(round(share * width), False) if not sideways else Parting(round(share * height), True)


@dataclass(frozen=True, slots=True)
class _Ink:
    """The sheet's ink without dirt, and `fold`: whether the fold itself shows as a line."""

    mask: Pixels
    unit: float
    fold: bool

    @property
    def middle(self) -> int:
        return int(self.mask.shape[1]) // 2

    def mm(self, length: float) -> int:
        return max(1, round(length * self.unit))


def _gutter(small: Pixels, known_size: bool) -> int | None:
    ink = _clean_ink(small)
    if _crosses(ink):
        return None
    gap = _gap(ink)
    # Few words and columns of figures tell no direction; numbers in both upper right corners do, and print that
    # is too pale to be seen beside darker ink.
    if gap is None or not (_runs_across(ink) or _numbered_apart(ink) or _runs_across(_clean_ink(small, _PALE))):
        return None
    left, right = gap
    blocks = [_is_text_block(ink, side) for side in ("left", "right")]
    width = (right - left) / ink.unit
    if not any(blocks) or (not known_size and not all(blocks)):
        return None
    if not known_size and width < _WIDE_UNSURE_MM:
        return None
    if width < _WIDE_MM and not (width >= _NARROW_MM and (ink.fold or _numbered_apart(ink) or _ruled_apart(ink))):
        return None
    return _emptiest(ink)


# --- the ink that counts ----------------------------------------------------------------------------


def _clean_ink(small: Pixels, share: float = _FIRM) -> _Ink:
    unit = small.shape[0] / 297
    mask = ink_mask(grey_of(small), share=share)
    if small.ndim == 3:
        mask[_straddling_seals(small, unit) > 0] = 0
    fold = _drop_fold(mask, unit)
    _drop_border(mask, unit)
    _drop_dirt(mask, unit)
    return _Ink(mask, unit, fold)


def _straddling_seals(small: Pixels, unit: float) -> Pixels:
    """Red ink as large as a unit seal on the middle: a seal set across the fold joins no pages."""
    red = red_mask(small)
    joined = cv2.morphologyEx(red, cv2.MORPH_CLOSE, np.ones((round(2 * unit), round(2 * unit)), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(u8(joined), connectivity=8)
    found = np.zeros_like(red)
    for i in range(1, count):
        _, _, w, h, _ = (int(v) for v in stats[i])
        if 25 * unit < w < 62 * unit and 25 * unit < h < 62 * unit:
            found[labels == i] = 255
    return u8(cv2.dilate(found, np.ones((3, 3), np.uint8)))


def _drop_fold(mask: Pixels, unit: float) -> bool:
    """Clear the fold's shadow: strokes near the middle that run down to the sheet's own edge."""
    rows, cols = mask.shape
    reach = round(_WANDER_MM * unit)
    near = mask[:, cols // 2 - reach : cols // 2 + reach]
    tall = cv2.morphologyEx(near, cv2.MORPH_OPEN, np.ones((round(20 * unit), 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        u8(cv2.dilate(tall, np.ones((round(8 * unit), 3), np.uint8))), connectivity=8
    )
    found = False
    edge = 4 * unit
    for i in range(1, count):
        _, y, _, h, _ = (int(v) for v in stats[i])
        if h > 0.6 * rows and (y <= edge or y + h >= rows - edge):
            near[cv2.dilate(u8(labels == i), np.ones((1, 5), np.uint8)) > 0] = 0
            found = True
    return found


def _drop_border(mask: Pixels, unit: float) -> None:
    """Clear what hangs on the sheet's edge and stays near it."""
    edge, margin = max(2, round(0.8 * unit)), round(_BORDER_MM * unit)
    rows, cols = mask.shape
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    for i in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[i])
        if x > edge and y > edge and x + w < cols - edge and y + h < rows - edge:
            continue
        own = labels[y : y + h, x : x + w] == i
        inner = own.copy()
        inner[: max(0, margin - y)] = False
        inner[max(0, rows - margin - y) :] = False
        inner[:, : max(0, margin - x)] = False
        inner[:, max(0, cols - margin - x) :] = False
        # A frame printed to the edge has a body further in; it stays.
        if int(inner.sum()) < 0.25 * int(own.sum()):
            mask[y : y + h, x : x + w][own] = 0
    mask[:edge], mask[-edge:], mask[:, :edge], mask[:, -edge:] = 0, 0, 0, 0


def _drop_dirt(mask: Pixels, unit: float) -> None:
    """Clear specks that stand alone, and punch holes beside the fold."""
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, max(3, round(1.2 * unit)) | 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(u8(joined), connectivity=8)
    middle, reach = mask.shape[1] / 2, 1.3 * _WANDER_MM * unit
    gone = np.zeros(count, bool)
    for i in range(1, count):
        x, _, w, h, area = (int(v) for v in stats[i])
        speck = max(w, h) < _SPECK_MM * unit
        round_disc = 3 * unit <= max(w, h) <= 9 * unit and min(w, h) > 0.75 * max(w, h) and area > 0.65 * w * h
        gone[i] = speck or (round_disc and abs(x + w / 2 - middle) < reach)
    mask[gone[labels]] = 0


# --- what speaks against two pages ------------------------------------------------------------------


def _crosses(ink: _Ink) -> bool:
    """Whether a line, a frame, a line of text or a widely spaced title reaches into both halves."""
    joined = cv2.morphologyEx(ink.mask, cv2.MORPH_CLOSE, np.ones((1, ink.mm(5) | 1), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    if _reaches_over(u8(joined), ink, ink.mm(_REACH_MM)):
        return True
    return _reaches_over(_large_letters(ink), ink, ink.mm(2 * _REACH_MM))


def _reaches_over(mask: Pixels, ink: _Ink, reach: int) -> bool:
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    over = (stats[1:, 0] <= ink.middle - reach) & (stats[1:, 0] + stats[1:, 2] >= ink.middle + reach)
    return bool(over.any())


def _large_letters(ink: _Ink) -> Pixels:
    """Letters of a title, each joined with its neighbours up to two and a half of its heights away."""
    rows = np.zeros_like(ink.mask)
    for pieces in (1.5, 4.0):  # the parts of a letter lie apart in proportion to its size
        shape = np.ones((ink.mm(pieces), ink.mm(pieces)), np.uint8)
        whole = cv2.morphologyEx(ink.mask, cv2.MORPH_CLOSE, shape)
        _, _, stats, _ = cv2.connectedComponentsWithStats(u8(whole), connectivity=8)
        letters = [
            (int(x), int(y), int(w), int(h)) for x, y, w, h, area in stats[1:]
            if 6 * ink.unit <= h <= 32 * ink.unit and 0.4 * h <= w <= 1.7 * h and area > 0.25 * w * h
        ]
        for x, y, w, h in letters:
            rows[y : y + h, x : x + w] = 255
            for ox, oy, _, oh in letters:
                level = abs(oy + oh / 2 - y - h / 2) < 0.25 * h and 0.7 < oh / h < 1.4
                if level and 0 <= ox - (x + w) <= 2.5 * h:
                    rows[y : y + h, x : ox + 2] = 255
    return rows


def _runs_across(ink: _Ink) -> bool:
    """Whether text runs from left to right here, as it does in pages that face each other.

    Characters stand closer to their neighbours in the line than to those of the next line.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.mask, connectivity=8)
    text = ink.mask.copy()
    text[(stats[:, 2:4].max(axis=1) > 18 * ink.unit)[labels]] = 0  # tables and frames run both ways
    lengths = []
    for shape in ((1, ink.mm(1.2)), (ink.mm(1.2), 1)):
        runs = cv2.morphologyEx(text, cv2.MORPH_CLOSE, np.ones(shape, np.uint8))
        _, _, stats, _ = cv2.connectedComponentsWithStats(u8(runs), connectivity=8)
        along, over = (2, 3) if shape[0] == 1 else (3, 2)
        lines = stats[1:][(stats[1:, along] > 3 * stats[1:, over]) & (stats[1:, along] > 8 * ink.unit)]
        lengths.append(float(lines[:, along].sum()))
    return lengths[0] >= lengths[1]


def _gap(ink: _Ink) -> tuple[int, int] | None:
    """The strip between the two blocks of text, its slanted sides measured at half height.

    Heads and feet are left out: page numbers stand nearer to the fold.
    """
    rows, cols = ink.mask.shape
    body = ink.mask[int(rows * 0.10) : int(rows * 0.93)]
    band = ink.mm(_BAND_MM)
    slopes = np.tan(np.radians(np.arange(-3.0, 3.1, 0.5)))
    wander = ink.mm(_WANDER_MM)
    best: tuple[int, int] | None = None
    for cut in range(ink.middle - wander, ink.middle + wander + 1, max(1, wander // 8)):
        ends, starts, heights = [], [], []
        for y in range(0, body.shape[0] - band + 1, band):
            columns = np.nonzero(body[y : y + band].any(axis=0))[0]
            left, right = columns[columns < cut], columns[columns >= cut]
            ends.append(float(left[-1]) if len(left) else -np.inf)
            starts.append(float(right[0]) if len(right) else np.inf)
            heights.append(y + band / 2 - body.shape[0] / 2)
        lean = np.outer(slopes, np.array(heights))
        end = max(0.0, float((np.array(ends) - lean).max(axis=1).min()))
        start = min(float(cols), float((np.array(starts) - lean).min(axis=1).max()))
        if best is None or start - end > best[1] - best[0]:
            best = int(end), int(start)
    return best if best is not None and best[1] > best[0] else None


def _is_text_block(ink: _Ink, side: Literal["left", "right"]) -> bool:
    """Whether the half has several rows of ink, as a page of text or a form has."""
    half = ink.mask[:, : ink.middle] if side == "left" else ink.mask[:, ink.middle :]
    profile = half.sum(axis=1, dtype=np.int64) / 255
    rows = (profile > max(float(profile.mean()), 0.01 * half.shape[1])).astype(np.int8)
    return int((np.diff(rows) == 1).sum()) >= 3


# --- what speaks for them ---------------------------------------------------------------------------


def _numbered_apart(ink: _Ink) -> bool:
    """Whether both halves have something short alone in their top right corner."""
    return all(_has_corner(half, ink) for half in (ink.mask[:, : ink.middle], ink.mask[:, ink.middle :]))


def _has_corner(half: Pixels, ink: _Ink) -> bool:
    top = half[: ink.mm(24)]
    rows = np.nonzero(top[:, -ink.mm(40) :].any(axis=1))[0]
    if not len(rows):
        return False
    line = top[rows[0] : rows[0] + ink.mm(6)]
    columns = np.nonzero(line.any(axis=0))[0]
    short = columns[-1] - columns[0] < ink.mm(30)
    return bool(short and columns[0] > half.shape[1] - ink.mm(50))


def _ruled_apart(ink: _Ink) -> bool:
    """Whether both halves have tables and the lines of one do not go on in the other."""
    levels = [_levels(half, ink) for half in (ink.mask[:, : ink.middle], ink.mask[:, ink.middle :])]
    if min(len(level) for level in levels) < 3:
        return False
    left, right = levels
    shared = sum(bool(np.abs(right - y).min() <= 1.5 * ink.unit) for y in left)
    return shared < 0.5 * min(len(left), len(right))


def _levels(half: Pixels, ink: _Ink) -> NDArray[np.float64]:
    """Heights of the long level lines at the half's inner edge of its own table."""
    thick = cv2.dilate(half, np.ones((3, 1), np.uint8))
    lines = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, ink.mm(25)), np.uint8))
    count, _, stats, middles = cv2.connectedComponentsWithStats(u8(lines), connectivity=8)
    return np.array([middles[i][1] for i in range(1, count) if stats[i][3] < 12 * ink.unit])


def _emptiest(ink: _Ink) -> int:
    """The column near the middle with the least ink, and of those the nearest."""
    reach = ink.mm(_WANDER_MM)
    columns = np.arange(ink.middle - reach, ink.middle + reach + 1)
    inked = cv2.dilate(ink.mask, np.ones((1, ink.mm(1.5) | 1), np.uint8)).sum(axis=0, dtype=np.int64)[columns] / 255
    cost = inked + np.abs(columns - ink.middle) / (2 * ink.unit)
    return int(columns[int(cost.argmin())])
