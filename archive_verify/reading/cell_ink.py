"""The ink in the cells of a ruled grid, without the rulings and without red ink."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from archive_verify.layout.days import DayGrid
from archive_verify.model import Box
from archive_verify.ocr.base import Pixels
from archive_verify.pixels import levels, paper_of, per_mm, u8

_PER_MM = 8.0               # pixels at which cells are looked at: 200 dpi
_BAR = 0.2                  # of the contrast of rulings and print, from which there is ink: pale strokes are thin
_LEAST_LEVELS = 14.0
_SIGN_MM = 0.85             # the longer side of the smallest sign; specks are smaller
_PART_MM = 0.35             # of a part of a sign
_RULING_MM = 0.45           # thickness of what is left of a ruling
_BESIDE_MM = 0.9            # how far from its course that may lie


@dataclass(frozen=True, slots=True)
class InkedCell:
    """The ink of one cell, 0 (none) to 255, cut to its bounds, and these bounds as page fractions.

    `full` tells that it goes from the cell's top to its bottom, as a seal's ink does and hardly a sign;
    `spoilt` that it goes far beyond: it is no sign of this cell alone.
    """

    row: int
    column: int
    ink: Pixels
    box: Box
    full: bool
    spoilt: bool


def inked_cells(pixels: Pixels, grid: DayGrid, skipped_rows: frozenset[int]) -> list[InkedCell]:
    """The ink in each cell of a grid on a BGR page, by rows; empty cells are left out."""
    height, width = pixels.shape[:2]
    edge = round(1.5 * per_mm(pixels))
    x_from = max(0, round(grid.columns[0][0] * width) - edge)
    y_from = max(0, round(grid.rows[0][0] * height) - edge)
    x_to, y_to = round(grid.columns[-1][1] * width) + edge, round(grid.rows[-1][1] * height) + edge
    # as through red glass: red ink is gone, ink of all other colours stays
    light = u8(pixels[y_from:y_to, x_from:x_to, 2])
    factor = min(1.0, _PER_MM / per_mm(pixels))
    if factor < 1:
        light = u8(cv2.resize(light, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))
    unit = per_mm(pixels) * factor

    def across(x: float) -> float:
        return float(factor * (x * width - x_from))

    def down(y: float) -> float:
        return float(factor * (y * height - y_from))

    def on_page(x0: int, y0: int, x1: int, y1: int) -> Box:
        return Box(
            round((x0 / factor + x_from) / width, 5), round((y0 / factor + y_from) / height, 5),
            round((x1 / factor + x_from) / width, 5), round((y1 / factor + y_from) / height, 5),
        )

    dark = u8(cv2.subtract(paper_of(light), light))
    xs = [across(x0) for x0, _ in grid.columns] + [across(grid.columns[-1][1])]
    rows = [(down(y0), down(y1)) for y0, y1 in grid.rows]
    mask = _ink(dark, 1.25 * min(y1 - y0 for y0, y1 in rows), 1.25 * (xs[1] - xs[0]))
    _, labels, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    tops = [y0 for y0, _ in rows]
    homes: dict[tuple[int, int], list[int]] = {}
    parts, middles = stats.tolist(), centres.tolist()
    for at in range(1, len(parts)):
        _, _, wide, high, area = parts[at]
        if max(wide, high) < _PART_MM * unit or area < 3:
            continue
        column, row = bisect_right(xs, middles[at][0]) - 1, bisect_right(tops, middles[at][1]) - 1
        if not (0 <= column < len(xs) - 1 and row >= 0 and row not in skipped_rows and middles[at][1] < rows[row][1]):
            continue
        if not _is_ruling(parts[at], xs[column : column + 2], rows[row], unit):
            homes.setdefault((row, column), []).append(at)
    cells = []
    for (row, column), members in sorted(homes.items()):
        x0, y0 = min(parts[at][0] for at in members), min(parts[at][1] for at in members)
        x1 = max(parts[at][0] + parts[at][2] for at in members)
        y1 = max(parts[at][1] + parts[at][3] for at in members)
        largest = max(max(parts[at][2:4]) for at in members)
        if max(x1 - x0, y1 - y0) < _SIGN_MM * unit or largest < 0.6 * _SIGN_MM * unit:
            continue
        own: Any = np.isin(labels[y0:y1, x0:x1], members) if len(members) > 1 else (
            labels[y0:y1, x0:x1] == members[0])
        cell_width, cell_height = xs[column + 1] - xs[column], rows[row][1] - rows[row][0]
        full = y1 - y0 > 0.75 * cell_height
        spoilt = x1 - x0 > 1.5 * cell_width or y1 - y0 > 1.4 * cell_height
        shown = u8(np.where(own, dark[y0:y1, x0:x1], 0))
        cells.append(InkedCell(row, column, shown, on_page(x0, y0, x1, y1), full, spoilt))
    return cells


def _ink(dark: Pixels, tall: float, wide: float) -> Pixels:
    """255 where ink is that is no ruling: a stroke as long as a cell's side and more, and the pixels beside it."""
    contrast, noise = levels(u8(dark[::2, ::2]), 99.5, 50)
    bar = max(_LEAST_LEVELS, _BAR * contrast, min(5 * noise, 0.5 * contrast))
    mask = u8(cv2.threshold(dark, bar, 255, cv2.THRESH_BINARY)[1])
    jagged = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    upright = cv2.morphologyEx(jagged, cv2.MORPH_OPEN, np.ones((round(tall), 1), np.uint8))
    level = cv2.morphologyEx(jagged, cv2.MORPH_OPEN, np.ones((1, round(wide)), np.uint8))
    mask[cv2.dilate(cv2.bitwise_or(upright, level), np.ones((3, 3), np.uint8)) > 0] = 0
    return mask


def _is_ruling(part: list[int], columns: list[float], rows: tuple[float, float], unit: float) -> bool:
    """Whether a part is what is left of a ruling: thin, and near the cell's border."""
    x, y, wide, high, _ = part
    thin, near = _RULING_MM * unit, _BESIDE_MM * unit
    return (wide <= thin and high > 2 * wide and min(abs(x + wide / 2 - border) for border in columns) < near) or (
        high <= thin and wide > 2 * high and min(abs(y + high / 2 - border) for border in rows) < near
    )
