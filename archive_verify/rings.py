"""Rings of seals in a mask of ink, found by correlation with circles of every likely size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from archive_verify.pixels import Pixels, u8

_PER_MM = 1.6                      # scale of the search, pixels per millimetre
_LARGEST_MM = 28.0
_RADII = np.arange(13.0, _LARGEST_MM + 0.1, 0.75)   # of unit seals, mm; the common ones are 19 to 22.5
_CORE_MM = 1.0                     # what is thinner is no star
_STAR_MM = 1.2, 11.0               # of what is left of the star then
_STAR, _CLEAR = 0.32, 0.55         # of the radius: the star's reach, and that of the clear paper about it
_PIECES = 0.4                      # share of sectors with a piece of the line
_FIRM = 0.65                       # of a line that is nearly whole
_WHOLE, _HALF = 0.42, 0.28         # share of ink in the star's disc
_ABOUT = (-2.4, -1.2, 0.0, 1.2, 2.4)    # mm from the star's middle to the seal's
_ANGLES = np.linspace(0, 2 * math.pi, 360, endpoint=False)
_COSINES, _SINES = np.cos(_ANGLES), np.sin(_ANGLES)
_BESIDE = 2                        # steps of radius that make 1.5 mm, clear of the ring's own line


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle in pixels of the page; `cover` is the share of its line that carries ink."""

    x: float
    y: float
    radius: float
    cover: float


def find_rings(mask: Pixels, unit: float, least_cover: float) -> list[Ring]:
    """Circles of unit-seal size whose line is inked while the paper beside it is not.

    `mask` is 255 on ink, `unit` its pixels per millimetre. Circles may lie partly off the page.
    """
    if mask.shape[1] > mask.shape[0]:   # circles are circles on their side: one search for both formats
        found = find_rings(u8(cv2.transpose(mask)), unit, least_cover)
        return [replace(ring, x=ring.y, y=ring.x) for ring in found]
    factor = _PER_MM / unit
    small = cv2.resize(mask, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    ink = np.asarray(small > 40, dtype=np.float32)
    pad = round(_LARGEST_MM * _PER_MM)
    search = _search(ink.shape[0], ink.shape[1], pad)
    padded = np.zeros(search.shape, np.float32)
    padded[pad : pad + ink.shape[0], pad : pad + ink.shape[1]] = ink
    spectrum = cv2.dft(padded)
    covers = [_correlate(spectrum, kernel) * weight for kernel, weight in search.circles]
    return _peaks(covers, least_cover, pad, factor)


@dataclass(frozen=True, slots=True)
class _Search:
    """For one page size: each circle's spectrum and, per centre, one over its length on the page.

    0 where less than 0.45 of the circle lies on the page.
    """

    shape: tuple[int, int]
    circles: tuple[tuple[Any, Any], ...]


@lru_cache(maxsize=1)     # 40 MB
def _search(rows: int, cols: int, pad: int) -> _Search:
    shape = cv2.getOptimalDFTSize(rows + 2 * pad), cv2.getOptimalDFTSize(cols + 2 * pad)
    inside = np.zeros(shape, np.float32)
    inside[pad : pad + rows, pad : pad + cols] = 1
    page = cv2.dft(inside)
    circles = []
    for radius in _RADII:
        circle = _circle(float(radius) * _PER_MM, shape)
        kernel = cv2.dft(circle)
        part = _correlate(page, kernel)
        circles.append((kernel, np.where(part > 0.45 * float(circle.sum()), 1 / np.maximum(part, 1), 0)))
    return _Search(shape, tuple(circles))


def _correlate(spectrum: Any, kernel: Any) -> Any:
    product = cv2.mulSpectrums(spectrum, kernel, 0, conjB=True)
    return cv2.dft(product, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE | cv2.DFT_REAL_OUTPUT)


def _circle(radius: float, shape: tuple[int, int]) -> NDArray[np.float32]:
    circle = np.zeros(shape, np.float32)
    for step in range(int(2 * math.pi * radius * 2)):
        angle = step / (radius * 2)
        circle[round(radius * math.sin(angle)) % shape[0], round(radius * math.cos(angle)) % shape[1]] = 1
    return circle


def _peaks(covers: Sequence[NDArray[Any]], least: float, pad: int, factor: float) -> list[Ring]:
    """The circles that stand out against those 1.5 mm smaller and larger, best first.

    The line is what makes a seal: dense text is inked alike at every radius.
    """
    score = np.zeros_like(covers[0])
    layers = np.zeros(score.shape, np.uint8)
    for at in range(_BESIDE, len(covers) - _BESIDE):
        if covers[at].max() < least:
            continue
        lead = covers[at] - np.maximum(covers[at - _BESIDE], covers[at + _BESIDE])
        better = (lead > score) & (covers[at] >= least)
        layers[better] = at
        score[better] = lead[better]
    rings: list[Ring] = []
    for _ in range(40):
        row, col = (int(v) for v in np.unravel_index(int(score.argmax()), score.shape))
        if score[row, col] < 0.28:
            break
        layer = int(layers[row, col])
        radius = float(_RADII[layer]) * _PER_MM
        ring = Ring(
            (col - pad) / factor, (row - pad) / factor, radius / factor, float(covers[layer][row, col])
        )
        if all(math.hypot(ring.x - other.x, ring.y - other.y) > 0.75 * other.radius for other in rings):
            rings.append(ring)
        reach = int(radius * 0.3)
        score[max(0, row - reach) : row + reach + 1, max(0, col - reach) : col + reach + 1] = 0
    return rings


def support(mask: Pixels, ring: Ring, unit: float) -> float:
    """Share of the circle's sectors (15 degrees each, those on the page) whose line is inked.

    Letters that a circle happens to cross ink a few sectors only.
    """
    radii = np.arange(ring.radius - 0.9 * unit, ring.radius + 0.95 * unit, max(1.0, unit / 5))[:, None]
    xs = np.rint(ring.x + radii * _COSINES).astype(np.intp)
    ys = np.rint(ring.y + radii * _SINES).astype(np.intp)
    height, width = mask.shape
    if xs.min() >= 0 and ys.min() >= 0 and xs.max() < width and ys.max() < height:
        on_page = np.ones(360, dtype=bool)
        hit = mask[ys, xs].max(axis=0) > 0
    else:
        inside = (xs >= 0) & (ys >= 0) & (xs < width) & (ys < height)
        on_page = inside.all(axis=0)
        hit = ((mask[ys.clip(0, height - 1), xs.clip(0, width - 1)] > 0) & inside).any(axis=0)
    sectors = on_page.reshape(24, 15).sum(axis=1)
    inked = (hit & on_page).reshape(24, 15).sum(axis=1)
    whole = sectors >= 8
    return float((inked[whole] >= 0.45 * sectors[whole]).mean()) if whole.any() else 0.0


def starred_rings(mask: Pixels, unit: float) -> list[Ring]:
    """Circles of unit-seal size about a solid star, of whose line only pieces are left, as on a 1-bit copy.

    The star in the middle tells what the broken line alone would not: a third of it is enough, where
    the paper outside of it is clear.
    """
    reach = max(3, round(_CORE_MM * unit)) | 1
    cores = cv2.erode(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    count, _, stats, centres = cv2.connectedComponentsWithStats(u8(cores), connectivity=8)
    rings: list[Ring] = []
    for index in range(1, count):
        width, height = (stats[index, side] / unit for side in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT))
        if not (_STAR_MM[0] <= min(width, height) and max(width, height) <= _STAR_MM[1]):
            continue
        x, y = (float(value) for value in centres[index])
        there = [(support(mask, Ring(x, y, float(radius) * unit, 0.0), unit), float(radius)) for radius in _RADII]
        if max(there)[0] < _PIECES:
            continue
        # the outermost line, clear of the letters inside; a broken star's middle lies beside that of its seal
        outer = max(radius for cover, radius in there if cover >= 0.75 * max(there)[0])
        tried = [
            Ring(x + dx * unit, y + dy * unit, (outer + step) * unit, 0.0)
            for dx in _ABOUT for dy in _ABOUT for step in (-0.75, 0.0, 0.75, 1.5)
        ]
        stands_out, best = max(
            ((support(mask, ring, unit) - _beyond(mask, ring, unit), ring) for ring in tried), key=lambda pair: pair[0]
        )
        cover = support(mask, best, unit)
        apart = all(math.hypot(best.x - one.x, best.y - one.y) > 0.75 * one.radius for one in rings)
        # a line nearly whole that stands out is a seal's though half of the star was lost too
        firm = cover >= _FIRM and stands_out >= cover - _PIECES / 2
        if apart and cover >= _PIECES and stands_out >= cover / 2 and _has_star(mask, best, _HALF if firm else _WHOLE):
            rings.append(Ring(best.x, best.y, best.radius, cover))
    return rings


def _has_star(mask: Pixels, ring: Ring, least: float) -> bool:
    """Whether at least such a share of the ring's middle is full and the paper between it and the letters clear:
    bold print that a circle happens to run around has more print beside it."""
    shares = [inner_share(mask, ring, share) * share * share for share in (_STAR, _CLEAR)]
    between = (shares[1] - shares[0]) / (_CLEAR**2 - _STAR**2)
    return inner_share(mask, ring, _STAR * 0.78) >= least and between <= 0.15


def _beyond(mask: Pixels, ring: Ring, unit: float) -> float:
    """What would be the ring's support if it were 2 or 3 mm wider."""
    return max(support(mask, Ring(ring.x, ring.y, ring.radius + far * unit, 0.0), unit) for far in (2.0, 2.75))


def inner_share(mask: Pixels, ring: Ring, share: float) -> float:
    """Share of ink inside the disc of `share` of the ring's radius; 0 where it lies off the page."""
    x, y, radius = round(ring.x), round(ring.y), max(1, round(ring.radius * share))
    left, top = max(0, x - radius), max(0, y - radius)
    part = mask[top : max(0, y + radius + 1), left : max(0, x + radius + 1)]
    if not part.size:
        return 0.0
    disc = np.zeros_like(part)
    cv2.circle(disc, (x - left, y - top), radius, (255,), -1)
    return float(cv2.mean(part, disc)[0]) / 255 if disc.any() else 0.0
