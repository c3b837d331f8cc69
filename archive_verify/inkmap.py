"""Reading an InkMap: how much ink lies in a box of the page, without the page's image."""

from __future__ import annotations

import base64
import zlib
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from archive_verify.model import Box, InkMap

InkColour = Literal["dark", "red"]


def pack(cells: NDArray[np.uint8]) -> str:
    """The form in which InkMap carries its cells."""
    return base64.b64encode(zlib.compress(cells.tobytes(), 6)).decode("ascii")


def ink_grid(ink_map: InkMap, colour: InkColour = "dark") -> NDArray[np.uint8]:
    """The map's cells as a rows x cols array, 0 (no ink) to 255 (all ink)."""
    packed = ink_map.dark if colour == "dark" else ink_map.red
    raw = zlib.decompress(base64.b64decode(packed))
    return np.frombuffer(raw, np.uint8).reshape(ink_map.rows, ink_map.cols)


def ink(ink_map: InkMap, box: Box, colour: InkColour = "dark") -> float:
    """Share of the box, 0 to 1, that is covered by ink; a cell counts by how much of it lies inside.

    Printed text covers 0.1 to 0.3 of its own box, a signature 0.03 to 0.15, empty paper under 0.005.
    Ruling lines are not in the map.
    """
    rows = _cover(box.y0, box.y1, ink_map.rows)
    cols = _cover(box.x0, box.x1, ink_map.cols)
    weight = float(rows.sum() * cols.sum())
    if weight <= 0:
        return 0.0
    grid: Any = ink_grid(ink_map, colour).astype(np.float64)
    return float(rows @ grid @ cols) / 255 / weight


def _cover(start: float, end: float, cells: int) -> NDArray[np.float64]:
    edges = np.arange(cells + 1, dtype=np.float64)
    low = np.maximum(edges[:-1], start * cells)
    high = np.minimum(edges[1:], end * cells)
    return np.asarray(np.maximum(high - low, 0.0), dtype=np.float64)
