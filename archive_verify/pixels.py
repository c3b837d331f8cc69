"""What can be told from the pixels of one page alone: ink, blankness, legibility, look."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_A4_LONG_MM = 297.0
_WORK_SIDE = 1782       # 6 pixels per mm of A4: enough for ink, marks and edges
_BLACK = 60.0           # brightness under which paper is no paper
_TRACE_PER_MM = 3.0
_STRONG_TRACE = 0.025   # detail of smeared and blurred print, as a share of the paper's brightness
_WEAK_TRACE = 0.007     # twice what coarse noise comes to
_GREY_PAPER = 190       # brightness under which the paper is grey throughout: the scan has lost its contrast
_FADED = 0.6            # and with it that share of what detail comes to


def u8(array: Any) -> Pixels:
    return np.ascontiguousarray(array, dtype=np.uint8)


def resized(pixels: Pixels, factor: float) -> Pixels:
    if factor == 1.0:
        return pixels
    interpolation = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return u8(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=interpolation))


def reduced(pixels: Pixels, width: int, height: int) -> Pixels:
    """The image averaged down to a size: halved first as often as that goes, which takes a tenth of the time.

    A row or column that halving leaves over at the far edge is dropped.
    """
    while pixels.shape[0] >= 2 * height and pixels.shape[1] >= 2 * width:
        rows, columns = pixels.shape[0] // 2, pixels.shape[1] // 2
        even = pixels[: 2 * rows, : 2 * columns]
        pixels = u8(cv2.resize(even, (columns, rows), interpolation=cv2.INTER_AREA))
    return u8(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA))


def shrunk(pixels: Pixels) -> Pixels:
    """The page at the size at which ink, marks and edges are looked for, or as it is if smaller."""
    return resized(pixels, min(1.0, _WORK_SIDE / max(pixels.shape[:2])))


def grey_of(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 2 else u8(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))


def per_mm(pixels: Pixels, dpi: float = 0.0) -> float:
    """Pixels per millimetre; where no dpi is known the long side is taken for A4's."""
    return dpi / 25.4 if dpi > 0 else max(pixels.shape[:2]) / _A4_LONG_MM


def paper_of(grey: Pixels) -> Pixels:
    """The paper's own brightness at every pixel: the page with all thin dark things filled in."""
    small = resized(grey, 256 / max(grey.shape)) if max(grey.shape) > 256 else grey
    filled = cv2.dilate(small, np.ones((5, 5), np.uint8))
    smooth = cv2.GaussianBlur(cv2.medianBlur(filled, 9), (0, 0), 3)
    return u8(cv2.resize(smooth, grey.shape[::-1], interpolation=cv2.INTER_LINEAR))


def levels(values: Pixels, *shares: float) -> tuple[float, ...]:
    """The percentiles of bytes, as `np.percentile` gives them, from their histogram: no sorting."""
    return percentiles(histogram(values), *shares)


def histogram(values: Any) -> NDArray[np.int64]:
    """How often each of the 256 bytes occurs."""
    counts = cv2.calcHist([values.reshape(-1, 1)], [0], None, [256], [0, 256])
    return np.asarray(counts.ravel(), dtype=np.int64)


def percentiles(counts: NDArray[np.int64], *shares: float) -> tuple[float, ...]:
    """The percentiles of what was counted."""
    below = np.cumsum(counts)
    found = []
    for share in shares:
        place = share / 100 * (int(below[-1]) - 1)
        low, high = (int(np.searchsorted(below, at, side="right")) for at in (math.floor(place), math.ceil(place)))
        found.append(low + (high - low) * (place - math.floor(place)))
    return tuple(found)


def ink_mask(grey: Pixels, least: int = 20, share: float = 0.33) -> Pixels:
    """255 where ink is, under uneven light: clearly darker than the paper around.

    The bar is a `share` of the page's own contrast, above its noise and never under `least` levels.
    """
    darker = cv2.subtract(paper_of(grey), grey)
    contrast, usual = levels(u8(darker[::3, ::3]), 99.8, 50)
    noise = 1.4826 * usual + 1
    bar = max(least, share * contrast, min(4 * noise, 0.6 * contrast))
    return u8(cv2.threshold(darker, bar, 255, cv2.THRESH_BINARY)[1])


def without(mask: Pixels, other: Any) -> Pixels:
    """The mask where the other one is not; both are 0 or 255."""
    return u8(cv2.subtract(mask, other))


def parts_of(mask: Pixels) -> list[tuple[int, int, int, int]]:
    """x, y, width and height of each connected part of a mask, from the top, parts inside of others' holes too.

    By their outlines, as labels of all pixels take ten times as long.
    """
    outlines, order = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if order is None:
        return []
    outer = np.flatnonzero(order[0][:, 3] < 0).tolist()
    bounds = [cv2.boundingRect(outlines[at]) for at in outer]
    return sorted(((int(x), int(y), int(w), int(h)) for x, y, w, h in bounds), key=lambda rect: (rect[1], rect[0]))


def strokes(mask: Pixels, least: int, *, level: bool) -> Pixels:
    """The mask's straight strokes of at least that many pixels, level ones or upright ones.

    This is a morphological opening, with strokes that leave the page taken to go on, in steps that double.
    """
    side, other = least // 2, least - 1 - least // 2
    opened = mask
    for step, beyond, before, behind in ((cv2.min, 255, side, other), (cv2.max, 0, other, side)):
        edges = (0, 0, before, behind) if level else (before, behind, 0, 0)
        opened = u8(cv2.copyMakeBorder(opened, *edges, cv2.BORDER_CONSTANT, value=(beyond,)))
        have = 1
        while have < least:
            far = min(have, least - have)
            near, next_ = (opened[:, :-far], opened[:, far:]) if level else (opened[:-far], opened[far:])
            opened = u8(step(near, next_))
            have += far
    return opened


def red_mask(pixels: Pixels) -> Pixels:
    """255 where the pixel is red ink (seals, fingerprints, red print), also faint or over black.

    Red is told by its lead over green and blue relative to the paper's own tint.
    """
    blue, green, red = cv2.split(pixels)
    lead = cv2.subtract(red, cv2.max(green, blue))
    tint = int(levels(u8(lead[::5, ::5]), 50)[0])
    ahead = cv2.threshold(lead, 28 + tint, 255, cv2.THRESH_BINARY)[1]
    return u8(cv2.bitwise_and(ahead, cv2.threshold(red, 60, 255, cv2.THRESH_BINARY)[1]))


def is_negative(pixels: Pixels) -> bool:
    """Whether the page shows white print on black, as fax and microfilm scans stored the wrong way do.

    Away from the edges nearly all is black, print is white, and grey is only their seam;
    photographs and pages scanned too dark have no such two levels.
    """
    height, width = pixels.shape[:2]
    inner = grey_of(u8(pixels[height // 10 : -(height // 10) : 2, width // 10 : -(width // 10) : 2]))
    dark, bright = float((inner < _BLACK).mean()), float((inner > 200).mean())
    return dark > 0.8 and bright > 0.002 and 1 - dark - bright < 2.5 * bright


# --- blank and illegible ----------------------------------------------------------------------


def is_blank(pixels: Pixels) -> bool:
    """Whether the page carries nothing, not even a page number.

    Noise, punch holes, dark scan edges, staples, streaks and show-through are nothing. A black page
    is not blank: what stood on it cannot be seen.
    """
    darkest = u8(cv2.min(cv2.min(*cv2.split(pixels)[:2]), pixels[:, :, 2])) if pixels.ndim == 3 else pixels
    darkest = resized(darkest, min(1.0, 1400 / max(darkest.shape)))
    if float(np.median(darkest[::4, ::4])) < _BLACK:
        return False
    unit = per_mm(darkest)
    paper = paper_of(darkest)
    darker = cv2.subtract(paper, darkest)
    dark = cv2.compare(darker, _fifth(paper), cv2.CMP_GT)
    _, found, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    labels = np.asarray(found, dtype=np.int32)
    height, width = labels.shape
    sizes = stats[:, 2:4].max(axis=1)
    large = (sizes >= 1.4 * unit) & (stats[:, cv2.CC_STAT_AREA] >= 0.25 * unit * unit)
    candidates = [int(i) for i in np.nonzero(large)[0] if i > 0]
    if sum(bool(sizes[i] < 6.5 * unit) for i in candidates) > 400:
        return False  # a page full of print needs no closer look
    glyphs = edge_glyphs = 0
    for i in candidates:
        x, y, w, h, area = (int(v) for v in stats[i])
        own = labels[y : y + h, x : x + w] == i
        spot = np.s_[y : y + h, x : x + w]
        share = np.divide(darker[spot], np.maximum(paper[spot], 40), dtype=np.float32)
        if float(share[own].max()) < 0.3 or not _glyph_like(u8(own), unit):
            continue
        gap = min(x, y, width - x - w, height - y - h) / unit
        if gap < 1.5 or _hole_like(w, h, area, gap, unit):
            continue
        glyphs += 1
        centre = (y + h / 2) / height
        edge_glyphs += centre < 0.12 or centre > 0.9
    return edge_glyphs == 0 and glyphs < 3


def _fifth(paper: Pixels) -> Pixels:
    """A fifth of the paper's brightness, rounded down, and of 40 at least."""
    return u8(cv2.LUT(paper, u8([max(light, 40) // 5 for light in range(256)])))


@dataclass(frozen=True, slots=True)
class Traces:
    """How much of a page without any clear character bears traces of writing, in cells of 4 mm.

    `strong` are smeared, blurred or pale writing that lies on this side; `weak` may also be
    what shows through from the back, and include the strong ones.
    """

    strong: int
    weak: int


def traces(pixels: Pixels) -> Traces:
    """Look for writing without edges: detail of 0.3 to 3 mm that covers more than lines and dots do.

    Noise comes to 0.004 of the paper's brightness, show-through to 0.02, smeared or blurred print
    to 0.03 and more; punch holes, scanner lines, creases and shadows are left out.
    """
    grey = grey_of(pixels)
    small = u8(cv2.medianBlur(resized(grey, _TRACE_PER_MM / per_mm(grey)), 3))
    paper = paper_of(small)
    _fill_holes(small, paper)
    fine = cv2.GaussianBlur(small, (0, 0), 1.0).astype(np.float32)
    coarse = cv2.GaussianBlur(small, (0, 0), 8.0).astype(np.float32)
    margin, cell = round(9 * _TRACE_PER_MM), round(4 * _TRACE_PER_MM)
    # only what is darker than around it: the light rim of a line is no detail
    detail = np.maximum(coarse - fine, 0)[margin:-margin, margin:-margin]
    detail = detail / np.maximum(paper, 40)[margin:-margin, margin:-margin]
    rows, cols = detail.shape[0] // cell, detail.shape[1] // cell
    power = np.square(detail[: rows * cell, : cols * cell]).reshape(rows, cell, cols, cell).mean(axis=(1, 3))
    weak = _WEAK_TRACE * (_FADED if float(np.median(small)) < _GREY_PAPER else 1.0)
    return Traces(*(_spread(u8(power > least * least)) for least in (_STRONG_TRACE, weak)))


def _spread(cells: Pixels) -> int:
    """Cells marked beside others on two sides, creases across the whole page left out."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(cells, connectivity=8)
    kept = cells.copy()
    for i, (_, _, w, h, area) in enumerate(stats.tolist()):
        across = w * (w > 0.85 * cells.shape[1]) + h * (h > 0.85 * cells.shape[0])
        if i and area <= 3.5 * across:
            kept[labels == i] = 0
    # what is one cell wide is a line or a dot
    return int(cv2.morphologyEx(kept, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)).sum())


def is_streaked(pixels: Pixels) -> bool:
    """Whether what lies on the page is drawn out to streaks along one of its sides, as feeders smear it.

    Brightness then changes across the streaks alone: 4 times as much and more, where print, forms
    and photographs stay under 2.
    """
    small = cv2.medianBlur(resized(grey_of(pixels), _TRACE_PER_MM / per_mm(pixels)), 5)
    edge = round(9 * _TRACE_PER_MM)
    inner = small[edge:-edge, edge:-edge].astype(np.int16)
    across, along = (np.abs(np.diff(inner, axis=axis)) for axis in (1, 0))
    steps = sorted(float(step[step > 8].sum()) for step in (across, along))
    return steps[1] > 4 * steps[0] and steps[1] > 2e-2 * inner.size


def _fill_holes(small: Pixels, paper: Pixels) -> None:
    dark = u8(cv2.subtract(paper, small) > 0.3 * np.maximum(paper, 40))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    height, width = small.shape
    for i, (x, y, w, h, area) in enumerate(stats.tolist()):
        gap = min(x, y, width - x - w, height - y - h) / _TRACE_PER_MM
        if i and _hole_like(w, h, area, gap, _TRACE_PER_MM):
            hole = cv2.dilate(u8(labels == i), np.ones((9, 9), np.uint8)) > 0
            small[hole] = paper[hole]


def _glyph_like(own: Pixels, unit: float) -> bool:
    """Not a streak, a staple or a hair: long things must be as bulky as a stroke of writing."""
    if max(own.shape) < 6.5 * unit:
        return True
    sides = sorted(cv2.minAreaRect(cv2.findNonZero(own))[1])
    return bool(sides[1] < 8 * max(sides[0], 1) and not (sides[1] > 30 * unit and sides[0] < 2 * unit))


def _hole_like(w: int, h: int, area: int, gap: float, unit: float) -> bool:
    """A punch hole: a round, solid disc of 3 to 10 mm near the edge, or part of one."""
    size = max(w, h) / unit
    return gap < 25 and 3 <= size <= 10 and area > 0.55 * w * h and min(w, h) > 0.6 * max(w, h)


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a page can be read.

    `sharpness` is the steepness of ink borders per pixel at 150 dpi relative to the ink's own
    contrast (crisp print 0.3 and more, unreadable blur under 0.12); `contrast` is paper minus ink
    as a share of the paper, 0 to 1; `illegible` tells that no reading can be expected.
    """

    sharpness: float
    contrast: float
    illegible: bool


def quality(pixels: Pixels) -> Quality:
    """Measure how well the page can be read; sizes are taken as if the page were A4."""
    grey = grey_of(pixels)
    grey = shrunk(grey)
    grey = u8(cv2.medianBlur(grey, 3))
    paper = paper_of(grey)
    bright = levels(paper, 50)[0]
    darker = u8(cv2.subtract(paper, grey))
    contrast = levels(darker, 99.7)[0] / max(bright, 1.0)
    slope = _edge_slope(grey, darker)
    # A photo is soft by nature; only a page that is mostly paper is judged by its edges.
    mostly_paper = float((darker[::4, ::4] < 0.15 * max(bright, 1.0)).mean()) > 0.5
    illegible = bright < 70 or contrast < 0.12 or (mostly_paper and 0 < slope < 0.115)
    return Quality(sharpness=round(slope, 3), contrast=round(contrast, 3), illegible=illegible)


def _edge_slope(grey: Pixels, darker: Pixels) -> float:
    """Upper quartile over the page's inked tiles of their steepest step as a share of the tile's range."""
    tile = 24
    rows, cols = grey.shape[0] // tile, grey.shape[1] // tile
    step = cv2.max(
        cv2.absdiff(grey[:-1, :-1], grey[1:, :-1]), cv2.absdiff(grey[:-1, :-1], grey[:-1, 1:])
    )

    def tiles(image: Pixels) -> Any:
        padded = np.zeros((rows * tile, cols * tile), np.uint8)
        part = image[: rows * tile, : cols * tile]
        padded[: part.shape[0], : part.shape[1]] = part
        return padded.reshape(rows, tile, cols, tile).swapaxes(1, 2).reshape(rows * cols, -1)

    reach = tiles(darker).max(axis=1).astype(np.float32)
    inked = reach > max(18.0, 0.4 * float(np.percentile(reach, 98)))
    if inked.sum() < 4:
        return 0.0
    steep = np.percentile(tiles(u8(step))[inked], 98, axis=1)
    return float(np.percentile(steep / reach[inked], 75))


def is_colour(pixels: Pixels) -> bool:
    """Whether the scan carries colour, so that a red seal would show red."""
    blue, green, red = cv2.split(reduced(pixels, 500, 500))
    spread = cv2.subtract(cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red))
    return bool(levels(u8(spread), 50)[0] > 2 or (spread > 30).mean() > 0.0002)


# --- look ---------------------------------------------------------------------------------------


def fingerprint(pixels: Pixels) -> str:
    """256-bit perceptual hash (hex) of the page's coarse look; Hamming distance tells likeness."""
    small = cv2.resize(grey_of(pixels), (64, 64), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:16, :16].ravel()
    return np.packbits(low > np.median(low[1:])).tobytes().hex()
