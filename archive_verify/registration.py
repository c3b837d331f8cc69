"""Two page images -> how many small parts of one agree with the other laid over it.

The print of one form, and the same words by two hands, coincide coarsely. Laid over one another,
two scans of one sheet agree in every small part that carries ink, whatever their light, skew and
resolution; another hand, another fill or another print does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from archive_verify.model import Box
from archive_verify.pixels import Pixels, grey_of, paper_of, resized, u8

_PER_MM = 6.0
_ANCHOR, _ANCHOR_REACH = 72, 24     # pixels: parts by which the pages are laid over one another
_TILE, _REACH = 27, 6               # pixels: the parts compared, 4.5 mm, and how far they may lie off
_BLOT = 4.0                         # pixels: what is as coarse tells no character from another
_INKED = 0.1                        # of the ink above what is around it
_LEAST_INK = 0.03                   # of a part's area, or specks decide
_ANCHORED = 0.5                     # correlation of parts that belong together
_FEWEST_ANCHORS = 8
_UNLIKE = 0.67                      # of the median correlation, under which the ink is not the same
# Rows of parts looked at first lie so many times their height apart, and so many unlike parts in them, of all and as a
# share, settle it: two scans of one sheet have fewer in all of their parts.
_SPARSE, _CLEARLY_UNLIKE, _CLEARLY_UNLIKE_SHARE = 3, 20, 0.15
_SOLID = 21                         # pixels: 3.5 mm, a hole or an edge; bold print has no such place
_RULING = 60                        # pixels: 10 mm, longer than any stroke of writing
_GAP, _THIN = 13, 9                 # pixels: the gaps of a dotted line, and what is thicker than its dots
_LONE, _SPECK = 13, 8               # pixels: 2 mm of clear paper around 1.3 mm of dirt
_EDGE = 4.0                         # mm of the sheet where scans end
_SLIVER, _HALO = 5, 17              # pixels: where two masks may differ by their edges, and what a mask's edge touches
Matrix = NDArray[np.float64]
_Strokes = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ink:
    """A page's ink at a fixed scale, and where solid blots and rulings were taken out of it (255, else 0)."""

    strokes: _Strokes
    hidden: Pixels


@dataclass(frozen=True, slots=True)
class Likeness:
    """How many parts of the pages carry ink, and how many of them bear other ink on the other page."""

    parts: int
    unlike: int


def ink_of(pixels: Pixels, dpi: float, skew: float, numbers: Sequence[Box]) -> Ink:
    """The ink of a page that is yet to be deskewed, 0 to 1 of its own contrast, at a fixed scale.

    Without solid blots, rulings and the page's `numbers`, which may be set anew.
    """
    grey = resized(grey_of(pixels), _PER_MM * 25.4 / dpi)
    darker = cv2.subtract(paper_of(grey), grey)
    full = max(30.0, float(np.percentile(darker[::3, ::3], 99.7)))
    # turned as ink: the corners that a turned page lacks are no steps of light
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), skew, 1.0)
    share = np.minimum(darker.astype(np.float32) / full, 1)
    ink: _Strokes = np.asarray(cv2.warpAffine(share, matrix, (width, height)), dtype=np.float32)
    solid = cv2.morphologyEx(u8(ink > 0.4), cv2.MORPH_OPEN, np.ones((_SOLID, _SOLID), np.uint8))
    hidden = cv2.dilate(solid, np.ones((13, 13), np.uint8))
    ink[hidden > 0] = 0
    # both ways first: without the lines across it a row's line is cut into pieces as short as a stroke
    ruled = u8(np.zeros(ink.shape))
    for axis, along in enumerate((np.ones((_RULING, 1), np.uint8), np.ones((1, _RULING), np.uint8))):
        # a line to write on, or to cut at, must not stand for what is written on it
        drawn = cv2.morphologyEx(u8(ink > 0.25), cv2.MORPH_OPEN, along)
        joined = cv2.morphologyEx(u8(ink > 0.15), cv2.MORPH_CLOSE, along[:_GAP, :_GAP])
        thick = cv2.morphologyEx(joined, cv2.MORPH_OPEN, along.T[:_THIN, :_THIN])
        dotted = cv2.morphologyEx(cv2.subtract(joined, thick), cv2.MORPH_OPEN, along.repeat(2, axis))
        ruled = u8(cv2.max(ruled, cv2.max(drawn, dotted)))
    ruled = u8(cv2.dilate(ruled, np.ones((3, 3), np.uint8)))
    ink[ruled > 0] = 0
    for box in numbers:
        rows = slice(max(0, int((box.y0 - 0.006) * ink.shape[0])), int((box.y1 + 0.006) * ink.shape[0]))
        ink[rows, max(0, int((box.x0 - 0.01) * ink.shape[1])) : int((box.x1 + 0.01) * ink.shape[1])] = 0
    _drop_specks(ink)
    edge = round(_EDGE * _PER_MM)
    ink[:edge], ink[-edge:], ink[:, :edge], ink[:, -edge:] = 0, 0, 0, 0
    # of two characters their strokes are compared: that both are blots would make any two alike
    strokes, blots = cv2.GaussianBlur(ink, (0, 0), 1.0), cv2.GaussianBlur(ink, (0, 0), _BLOT)
    return Ink(np.asarray(strokes - blots, dtype=np.float32), u8(255 * (cv2.max(hidden, ruled) > 0)))


def _drop_specks(ink: _Strokes) -> None:
    """Dirt: what stands alone and is smaller than any character."""
    clear = cv2.dilate(u8(ink > 0.2), np.ones((_LONE, _LONE), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(clear, connectivity=8)
    lone = np.nonzero((stats[:, 2:4] < _LONE + _SPECK).all(axis=1))[0]
    ink[np.isin(labels, lone)] = 0


def compare(one: Ink, other: Ink, course: Matrix) -> Likeness:
    """How alike the pages are; `course` maps page fractions of `one` to those of `other`, roughly.

    No parts are compared where the pages cannot be laid over one another, and not all where some tell that
    they are two sheets.
    """
    mine, theirs = one.strokes, other.strokes
    here = np.diag([1 / mine.shape[1], 1 / mine.shape[0]])
    there = np.diag([float(theirs.shape[1]), float(theirs.shape[0])])
    matrix = np.column_stack([there @ course[:, :2] @ here, there @ course[:, 2]])
    laid = _laid(theirs, matrix, mine.shape)
    found = _anchors(mine, laid, 2 * _ANCHOR)
    found = _anchors(mine, laid, _ANCHOR) if found is None else found
    if found is None:
        return Likeness(0, 0)
    matrix = _composed(matrix, found)
    # Two filled sheets of one form differ in a quarter of their parts. A large binder has hundreds of such pairs: a few
    # rows tell that.
    first, second = _seen_on_both(one, other, matrix)
    some = _likeness([match[2] for match in _matches(first, second, _TILE, _SPARSE * _TILE, _REACH, _TILE)])
    if some.unlike > max(_CLEARLY_UNLIKE, _CLEARLY_UNLIKE_SHARE * some.parts):
        return some
    found = _anchors(mine, _laid(theirs, matrix, mine.shape), _ANCHOR)
    if found is None:
        return Likeness(0, 0)
    both = _seen_on_both(one, other, _composed(matrix, found))
    return _likeness([
        match[2]
        for first, second in (both, both[::-1])
        for match in _matches(first, second, _TILE, _TILE // 2, _REACH, _TILE // 2)
    ])


def _likeness(scores: Sequence[float]) -> Likeness:
    """By the correlation of each part."""
    if not scores:
        return Likeness(0, 0)
    # where resolution or sharpness differ, all parts are a little less alike
    return Likeness(len(scores), int((np.array(scores) < _UNLIKE * float(np.median(scores))).sum()))


def _seen_on_both(one: Ink, other: Ink, matrix: Matrix) -> tuple[_Strokes, _Strokes]:
    """The strokes of both, laid over one another, without those around what was taken out of one of them only.

    Of a photograph or a thick frame another part is solid in each scan; the rest of it is no stroke.
    """
    shape = one.strokes.shape
    mine, theirs = u8(one.hidden > 0), u8(_laid(other.hidden, matrix, shape) > 127)
    room = np.ones((_SLIVER, _SLIVER), np.uint8)
    apart = cv2.max(cv2.subtract(mine, cv2.dilate(theirs, room)), cv2.subtract(theirs, cv2.dilate(mine, room)))
    seen = np.asarray(cv2.dilate(apart, np.ones((_HALO, _HALO), np.uint8)) == 0, dtype=np.float32)
    return one.strokes * seen, _laid(other.strokes, matrix, shape) * seen


def _laid(other: _Strokes | Pixels, matrix: Matrix, shape: tuple[int, ...]) -> _Strokes:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(other, matrix, (shape[1], shape[0]), flags=flags), dtype=np.float32)


def _anchors(one: _Strokes, laid: _Strokes, step: int) -> Matrix | None:
    """The affine map from `one` to the `laid` page by the parts, every `step` pixels, that are found on both."""
    found = [m for m in _matches(one, laid, _ANCHOR, step, _ANCHOR_REACH, step) if m[2] >= _ANCHORED]
    if len(found) < _FEWEST_ANCHORS:
        return None
    half = _ANCHOR / 2
    places = np.array([(col + half, row + half) for row, col, _, _ in found], dtype=np.float32)
    moved = places + np.array([move for _, _, _, move in found], dtype=np.float32)
    fitted, inside = cv2.estimateAffine2D(places, moved, ransacReprojThreshold=4.0)
    if fitted is None or int(inside.sum()) < max(_FEWEST_ANCHORS, 0.5 * len(found)):
        return None
    return np.asarray(fitted, dtype=np.float64)


def _composed(outer: Matrix, inner: Matrix) -> Matrix:
    """The map that does `inner` first."""
    product = np.vstack([outer, [0, 0, 1]]) @ np.vstack([inner, [0, 0, 1]])
    return np.asarray(product[:2], dtype=np.float64)


def _matches(
    mine: _Strokes, theirs: _Strokes, side: int, step: int, reach: int, across: int
) -> list[tuple[int, int, float, tuple[float, float]]]:
    """(row, column, best correlation, its shift in x and y) of each part of `mine` that carries ink.

    Their rows lie `step` pixels apart, in a row they lie `across` pixels apart.
    """
    inked = (mine > _INKED).astype(np.float32)
    mass = cv2.boxFilter(inked, -1, (side, side), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    found = []
    for row in range(0, mine.shape[0] - side, step):
        for col in range(0, mine.shape[1] - side, across):
            if mass[row, col] < _LEAST_INK:
                continue
            top, left = max(0, row - reach), max(0, col - reach)
            window = theirs[top : row + side + reach, left : col + side + reach]
            scores = cv2.matchTemplate(window, mine[row : row + side, col : col + side], cv2.TM_CCOEFF_NORMED)
            _, best, _, (x, y) = cv2.minMaxLoc(scores)
            found.append((row, col, float(best), (float(left + x - col), float(top + y - row))))
    return found
