"""How much ink lies in a box of the page, from the reading's ink map."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from archive_verify.model import Box, InkMap

# A cell is about 1.5 mm high: no ruled line is thicker than 0.75 mm, and print has more ink.
_UNDERLINE = 0.5


def ink_in(ink_map: InkMap | None, box: Box, colour: Literal["dark", "red"] = "dark") -> float | None:
    """Share of the box that is inked, 0 to 1; None where the reading carries no map."""
    if ink_map is None:
        return None
    part = _part(ink_map, box, colour)
    return float(part.mean()) / 255 if part.size else 0.0


def written_in(ink_map: InkMap | None, box: Box) -> bool | None:
    """Whether anything is written in a box that is printed empty but for an underline or a border.

    Rows of cells that are inked nearly from side to side are an underline, unless they hold more
    ink than any line does: print may fill a box too. The rest must hold strokes in several cells.
    None where the reading carries no map, or the box is too small to tell.
    """
    if ink_map is None:
        return None
    part = _part(ink_map, box, "dark").astype(np.float64) / 255
    if part.shape[0] < 2 or part.shape[1] < 4:
        return None
    lined = (part > 0.06).mean(axis=1) > 0.8
    if _thickness(part, lined) > _UNDERLINE:
        return True
    rest = part[~lined]
    if not rest.size:
        return None
    return bool((rest > 0.10).sum() >= 4 and rest.sum() >= 0.8)


def _thickness(part: NDArray[np.float64], lined: NDArray[np.bool_]) -> float:
    """The ink of the strongest run of inked rows, in cells per column."""
    strongest = run = 0.0
    for row, is_lined in zip(part, lined, strict=True):
        run = run + float(row.mean()) if is_lined else 0.0
        strongest = max(strongest, run)
    return strongest


def loose_ink(
    ink_map: InkMap | None, area: Box, known: Iterable[Box], colour: Literal["dark", "red"] = "dark"
) -> float | None:
    """Ink of the area outside the known boxes (text lines, rulings), in fully inked cells.

    A cell is about 1.5 mm wide; a seal in grey comes to 20 cells and more. None without a map.
    """
    if ink_map is None:
        return None
    packed = ink_map.dark if colour == "dark" else ink_map.red
    grid = _grid(packed, ink_map.rows, ink_map.cols).astype(np.float64) / 255
    mask = np.zeros_like(grid)
    mask[_cells(area, ink_map, 0)] = 1.0
    for box in known:
        mask[_cells(box, ink_map, 1)] = 0.0
    return float((grid * mask).sum())


def _cells(box: Box, ink_map: InkMap, margin: int) -> tuple[slice, slice]:
    """The cells a box touches, and `margin` more on every side."""
    y0, y1 = int(box.y0 * ink_map.rows) - margin, int(box.y1 * ink_map.rows) + 1 + margin
    x0, x1 = int(box.x0 * ink_map.cols) - margin, int(box.x1 * ink_map.cols) + 1 + margin
    return slice(max(0, y0), max(0, y1)), slice(max(0, x0), max(0, x1))


def _part(ink_map: InkMap, box: Box, colour: Literal["dark", "red"]) -> NDArray[np.uint8]:
    grid = _grid(ink_map.dark if colour == "dark" else ink_map.red, ink_map.rows, ink_map.cols)
    y0, y1 = (min(ink_map.rows, max(0, round(y * ink_map.rows))) for y in (box.y0, box.y1))
    x0, x1 = (min(ink_map.cols, max(0, round(x * ink_map.cols))) for x in (box.x0, box.x1))
    return grid[y0 : max(y1, min(y0 + 1, ink_map.rows)), x0 : max(x1, min(x0 + 1, ink_map.cols))]


@lru_cache(maxsize=64)
def _grid(packed: str, rows: int, cols: int) -> NDArray[np.uint8]:
    raw = zlib.decompress(base64.b64decode(packed))
    return np.frombuffer(raw, np.uint8).reshape(rows, cols)
