"""Where the ink of two pages lies, by the coarse maps of their readings: without their images."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from archive_verify.inkmap import InkColour, ink_grid
from archive_verify.model import Box, MarkShape, PageReading
from archive_verify.registration import Matrix

_BLOCK = 8              # cells of the ink map: about 12 mm
_LEAST_MASS = 600.0     # ink in both pages' blocks below which noise decides
_STROKE_MASS = 1200.0   # as much as the strokes of a name; less may be a speck or a rest of a line
_PICTURE_SHARE = 0.05   # of the compared blocks: photos and emblems of two identity cards
_MOST_APART = 0.36      # of that ink; two scans of one sheet stay under 0.15, two signatures reach 0.45


@dataclass(frozen=True)
class CoarseInk:
    """A page's ink in cells of the map that its reading has."""

    reading: PageReading

    @cached_property
    def maps(self) -> dict[InkColour, NDArray[np.float32]]:
        """The maps, smoothed, by colour; none where none was made."""
        made = self.reading.ink
        colours: tuple[InkColour, ...] = ("dark", "red")
        return {} if made is None else {colour: _smooth(ink_grid(made, colour)) for colour in colours}


def moved(box: Box, course: Matrix) -> Box:
    """The box where `course` brings it on the other page."""
    corners = np.array([[box.x0, box.y0], [box.x1, box.y1]]) @ course[:, :2].T + course[:, 2]
    return Box(*(float(v) for v in corners.ravel()))


def compare_ink(one: CoarseInk, other: CoarseInk, course: Matrix, *, pictures: bool) -> tuple[bool, int]:
    """Whether ink lies alike, and how many handwritten places coincide.

    `course` maps page fractions of `one` to those of `other`.

    Of grey areas each scan shows other parts as ink: where there can be `pictures` and no
    signatures, some places may differ.
    """
    if not one.maps or not other.maps:
        return True, 0
    mine = one.maps["dark"]
    theirs = _warped(other.maps["dark"], course, mine.shape)
    if one.reading.colour and other.reading.colour:
        mine, theirs = mine + one.maps["red"], theirs + _warped(other.maps["red"], course, mine.shape)
    keep = _judged_area(one.reading, other.reading, course, mine.shape)
    mine, theirs = mine * keep, theirs * keep
    # Brightness and threshold make one scan's strokes thicker than the other's throughout.
    gain = float(mine.sum()) / max(float(theirs.sum()), 1.0)
    theirs = theirs * gain
    strokes = specks = blocks = 0
    for block_mine, block_theirs in zip(_blocks(mine), _blocks(theirs), strict=True):
        mass = float(block_mine.sum() + block_theirs.sum())
        if mass < _LEAST_MASS:
            continue
        apart = float(np.abs(block_mine - block_theirs).sum()) > _MOST_APART * mass
        blocks += 1
        strokes += apart and mass >= _STROKE_MASS
        specks += apart and mass < _STROKE_MASS
    few_specks = specks <= 2 + 0.01 * blocks
    alike = strokes + specks <= _PICTURE_SHARE * blocks if pictures else strokes == 0 and few_specks
    return alike and 0.5 < gain < 2.0, sum(
        1
        for mark in one.reading.marks
        if mark.shape is MarkShape.HANDWRITING and mark.confidence >= 0.7 and _alike(mine, theirs, mark.box)
    )


def _smooth(grid: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(grid.astype(np.float32), (0, 0), 0.9), dtype=np.float32)


def _warped(grid: NDArray[Any], course: Matrix, shape: tuple[int, ...]) -> NDArray[Any]:
    """The other page's cells brought to this page's places."""
    here = np.diag([1 / shape[1], 1 / shape[0]])
    there = np.diag([float(grid.shape[1]), float(grid.shape[0])])
    linear = there @ course[:, :2] @ here
    # Cell centres lie half a cell inside: shift before and after.
    offset = there @ course[:, 2] + linear @ np.array([0.5, 0.5]) - 0.5
    matrix = np.column_stack([linear, offset])
    return np.asarray(
        cv2.warpAffine(grid, matrix, (shape[1], shape[0]), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    )


def _judged_area(
    one: PageReading, other: PageReading, course: Matrix, shape: tuple[int, ...]
) -> NDArray[np.float32]:
    """1 where ink is compared: not the edges with their numbers, holes and shadows, nor along ruling
    lines, of which one scan's map may keep rests."""
    rows, cols = shape
    keep = np.zeros((rows, cols), np.float32)
    keep[round(rows * 0.075) : round(rows * 0.94), round(cols * 0.09) : round(cols * 0.93)] = 1
    back = np.linalg.inv(np.vstack([course, [0, 0, 1]]))[:2]
    for box in [r.box for r in one.rulings] + [moved(r.box, back) for r in other.rulings]:
        top, bottom = max(0, int(box.y0 * rows - 0.8)), int(box.y1 * rows + 0.8) + 1
        left, right = max(0, int(box.x0 * cols - 0.8)), int(box.x1 * cols + 0.8) + 1
        keep[top:bottom, left:right] = 0
    return keep


def _blocks(grid: NDArray[Any]) -> list[NDArray[Any]]:
    rows, cols = grid.shape
    half = _BLOCK // 2
    return [
        grid[y : y + _BLOCK, x : x + _BLOCK]
        for y in range(0, rows - half, half)
        for x in range(0, cols - half, half)
    ]


def _alike(mine: NDArray[Any], theirs: NDArray[Any], box: Box) -> bool:
    rows, cols = mine.shape
    cut = slice(int(box.y0 * rows), int(box.y1 * rows) + 1), slice(int(box.x0 * cols), int(box.x1 * cols) + 1)
    a, b = mine[cut].ravel(), theirs[cut].ravel()
    if a.size < 12 or a.std() == 0 or b.std() == 0:
        return False
    return float(np.corrcoef(a, b)[0, 1]) > 0.75
