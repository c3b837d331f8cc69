"""One sign drawn in a cell, told by its geometry: √ × + / ○ △ ☆ ● ▲ and the like."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from archive_verify.pixels import Pixels, u8

SIDE = 32                   # pixels of a glyph's longer side at which its geometry is looked at
_MARGIN = 4
_ON_COURSE = 0.9            # share of the ink that must lie along the strokes that a sign is made of
_DRAWN = 0.8                # share of each of these strokes that must be inked
_REACH = 0.045              # of the side, by which hand-drawn strokes bend, beside half their width
_LONGEST = 3.8              # of the side: the strokes of √, × and + together are no longer
_CLOSE = 1.2                # signs whose strokes lie as near as this to the ink cannot be told apart
_HOLE = 0.01                # of the square around a glyph
_GAP = 5                    # pixels by which a closed shape may stand open
_SPECK = 0.3                # of a sign's longer side: dirt beside it is smaller
_SURE, _LIKELY = 0.95, 0.8

_Points = NDArray[np.float64]
_Segment = tuple[Any, Any]


class Told(NamedTuple):
    """A sign and how sure its geometry is."""

    text: str
    confidence: float


def glyph_of(ink: Pixels) -> Pixels:
    """Ink (0 none to 255) cut to its bounds -> 0 or 255, its longer side `SIDE` pixels, with a margin."""
    factor = SIDE / max(ink.shape)
    size = (max(3, round(ink.shape[1] * factor)), max(3, round(ink.shape[0] * factor)))
    large = cv2.resize(ink, size, interpolation=cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA)
    _, black = cv2.threshold(large, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.pad(u8(black), _MARGIN)


def told_by_shape(ink: Pixels) -> Told | None:
    """The sign that ink (0 none to 255), cut to its bounds, is; None for what its geometry does not tell,
    such as characters."""
    told = _told(glyph_of(ink))
    if told is None and (main := _without_specks(ink)) is not None:
        told = _told(glyph_of(main))
    return told


def _told(glyph: Pixels) -> Told | None:
    told = _closed_shape(glyph) or _strokes(glyph)
    if told is None and _outline(glyph) <= _LONGEST * SIDE:
        # a ring or triangle that the pen or the scan left open
        shut = _closed_shape(u8(cv2.morphologyEx(glyph, cv2.MORPH_CLOSE, np.ones((_GAP, _GAP), np.uint8))))
        told = Told(shut.text, _LIKELY) if shut is not None and shut.text in "○△" else None
    return told


def _without_specks(ink: Pixels) -> Pixels | None:
    """The largest part of the ink, cut to its bounds, where all else are specks beside it; else None."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(u8(ink > 0), connectivity=8)
    main = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])) if len(stats) > 2 else 0
    if not main:
        return None
    x, y, width, height, _ = (int(value) for value in stats[main])
    for at, (left, top, wide, high, _) in enumerate(stats.tolist()):
        inside = left < x + width and x < left + wide and top < y + height and y < top + high
        if at not in (0, main) and (inside or max(wide, high) > _SPECK * max(width, height)):
            return None
    part = labels[y : y + height, x : x + width] == main
    return u8(np.where(part, ink[y : y + height, x : x + width], 0))


def _closed_shape(glyph: Pixels) -> Told | None:
    """Rings, triangles and stars, hollow or filled."""
    contours, levels = cv2.findContours(glyph, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if levels is None:
        return None
    outer = [at for at, level in enumerate(levels[0]) if level[3] < 0]
    main = max(outer, key=lambda at: cv2.contourArea(contours[at]))
    area = cv2.contourArea(contours[main])
    if any(len(contours[at]) > 0.25 * len(contours[main]) for at in outer if at != main):
        return None
    hull = cv2.convexHull(contours[main])
    hull_area, (_, _, width, height) = cv2.contourArea(hull), cv2.boundingRect(hull)
    if hull_area < 0.2 * SIDE * SIDE or not 0.62 < width / height < 1.6:
        return None
    holes = [at for at, level in enumerate(levels[0]) if level[3] == main]
    open_areas = sorted((cv2.contourArea(contours[at]) for at in holes), reverse=True)
    hollow = bool(open_areas) and open_areas[0] > 0.28 * area
    if hollow and len(open_areas) > 1 and open_areas[1] > 0.06 * area:
        return None
    filled = not hollow and sum(open_areas) < 0.05 * area
    if not hollow and not filled:
        return None
    solid = area / hull_area
    triangle = float(cv2.minEnclosingTriangle(hull)[0]) or 1.0
    pointed = hull_area / triangle
    round_ = 4 * math.pi * hull_area / cv2.arcLength(hull, True) ** 2
    if solid > 0.86:
        if pointed > 0.8:
            upright = _middle(contours[main]) > 0.5
            return Told("△" if hollow else "▲", _SURE) if upright else None
        if round_ > 0.88 and pointed < 0.72 and 0.72 < width / height < 1.4:
            return Told("○" if hollow else "●", _SURE)
        return None
    if hollow and 0.4 < solid < 0.75 and round_ > 0.75 and pointed < 0.72 and _points(contours[main]) == 5:
        return Told("☆", _SURE)
    return None


def _middle(contour: Any) -> float:
    """Where the weight of a closed shape lies between its top, 0, and its bottom, 1."""
    moments = cv2.moments(contour)
    _, top, _, height = cv2.boundingRect(contour)
    return float((moments["m01"] / moments["m00"] - top) / height)


def _points(contour: Any) -> int:
    """How many tips a star-shaped contour has."""
    moments = cv2.moments(contour)
    centre = np.array([moments["m10"], moments["m01"]]) / moments["m00"]
    away = contour[:, 0, :] - centre
    angles = np.degrees(np.arctan2(away[:, 1], away[:, 0])).astype(int) % 360 // 6
    reach = np.zeros(60)
    np.maximum.at(reach, angles, np.hypot(away[:, 0], away[:, 1]))
    smooth = (np.roll(reach, 1) + reach + np.roll(reach, -1)) / 3
    tips = (smooth > np.roll(smooth, 1)) & (smooth >= np.roll(smooth, -1)) & (smooth > 0.75 * smooth.max())
    return int(tips.sum())


# --- signs of one, two or three strokes ---------------------------------------------------------------


def _strokes(glyph: Pixels) -> Told | None:
    """The sign whose strokes lie nearest to the ink, of those that account for nearly all of it."""
    length = _outline(glyph)
    if length > _LONGEST * SIDE or _has_hole(glyph):
        return None
    ys, xs = np.nonzero(glyph)
    points: _Points = np.stack([xs, ys], axis=1).astype(np.float64)
    reach = _REACH * SIDE + 0.6 * len(points) / max(1.0, length)
    single = _single(points, reach)
    if single is not None:
        return single
    fits: list[tuple[float, Told]] = []
    for told, ways in _candidates(points):
        away = next((away for strokes in ways if (away := _away(points, strokes, reach)) is not None), None)
        if away is not None:
            fits.append((away, told))
    if not fits:
        return None
    (best, told), *others = sorted(fits)
    doubtful = any(away < _CLOSE * best for away, _ in others)
    return Told(told.text, min(told.confidence, 0.5)) if doubtful else told


def _candidates(points: _Points) -> Iterator[tuple[Told, Sequence[Sequence[_Segment]]]]:
    """Signs that the ink may be, each with the strokes of which it may be made."""
    x, y = points[:, 0], points[:, 1]

    def corner(towards: Any) -> Any:
        """The middle of the ink that lies furthest in a direction."""
        far = points[towards >= towards.max() - 1.0]
        return far.mean(axis=0)

    left, bottom, right, top = corner(-x), corner(y), corner(x), corner(-y)
    tip = corner(x - 0.6 * y)
    if left[0] + 1 < bottom[0] < tip[0] - 1:
        # a printed root begins with a hook and may go on with a bar
        hook = corner(np.where(x < bottom[0], -0.3 * x - y, -np.inf))
        elbow = corner(np.where(x > bottom[0], -0.5 * x - y, -np.inf))
        rise = (bottom[1] - min(left[1], hook[1])) / max(1.0, bottom[1] - tip[1])
        told = Told("√", _SURE) if rise < 0.7 else Told("V", _LIKELY) if rise > 0.85 else Told("√", 0.5)
        if rise > 0.16:
            downs = ([(left, bottom)], [(left, hook), (hook, bottom)])
            ups = ([(bottom, tip)], [(bottom, elbow), (elbow, right)])
            yield told, [down + up for up in ups for down in downs]
    upright = [(top, bottom), (left, right)]
    if _crossed(upright):
        yield Told("+", _SURE), [upright]
    slanting = [(corner(-x - y), corner(x + y)), (corner(x - y), corner(y - x))]
    if _crossed(slanting):
        yield Told("×", _SURE), [slanting]


def _has_hole(glyph: Pixels) -> bool:
    """Whether the ink encloses paper, as figures and characters do and crossing strokes do not."""
    contours, levels = cv2.findContours(glyph, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    return any(
        level[3] >= 0 and cv2.contourArea(contour) > _HOLE * SIDE * SIDE
        for contour, level in zip(contours, levels[0] if levels is not None else (), strict=True)
    )


def _outline(glyph: Pixels) -> float:
    """Half the length of the ink's borders: the length of its strokes."""
    contours, _ = cv2.findContours(glyph, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    return sum(cv2.arcLength(contour, True) for contour in contours) / 2


def _single(points: _Points, reach: float) -> Told | None:
    """A straight stroke, by its direction."""
    middle = points.mean(axis=0)
    spread, axes = np.linalg.eigh(np.cov((points - middle).T))
    if spread[1] <= 0 or math.sqrt(max(spread[0], 0.0) / spread[1]) > 0.25:
        return None
    along = (points - middle) @ axes[:, 1]
    stroke = (middle + along.min() * axes[:, 1], middle + along.max() * axes[:, 1])
    if _away(points, [stroke], reach) is None:
        return None
    dx, dy = stroke[1] - stroke[0]
    slope = math.degrees(math.atan2(-dy, dx)) % 180          # 0 lies, 90 stands, 45 rises
    for text, low, high in (("/", 24, 76), ("1", 81, 99), ("\\", 104, 156)):
        if low <= slope <= high:
            return Told(text, _SURE)
    return Told("—", _SURE) if slope < 14 or slope > 166 else Told("/", 0.5) if slope < 90 else Told("\\", 0.5)


def _crossed(strokes: Sequence[_Segment]) -> bool:
    """Whether two strokes cut each other near the middle of both."""
    (a, b), (c, d) = strokes
    along, across = b - a, d - c
    lengths = float(np.hypot(*along)), float(np.hypot(*across))
    area = along[0] * across[1] - along[1] * across[0]
    if min(lengths) < 0.45 * SIDE or abs(area) < 0.3 * lengths[0] * lengths[1]:
        return False
    at = ((c - a)[0] * across[1] - (c - a)[1] * across[0]) / area
    other = ((c - a)[0] * along[1] - (c - a)[1] * along[0]) / area
    return bool(0.25 < at < 0.75 and 0.25 < other < 0.75)


def _away(points: _Points, strokes: Sequence[_Segment], reach: float) -> float | None:
    """How far the ink lies from these strokes in the mean; None where they leave more than a little of it
    out, or one of them is not inked nearly from end to end."""
    nearest: Any = None
    for start, end in strokes:
        along = end - start
        length = float(np.hypot(*along))
        if length < 1.5:
            continue
        offset = points - start
        at = np.clip(offset @ along / length**2, 0, 1)
        away = np.hypot(offset[:, 0] - at * along[0], offset[:, 1] - at * along[1])
        steps = max(3, round(length / 2))
        inked = np.bincount((at[away <= reach] * steps).astype(np.intp), minlength=1)
        if np.count_nonzero(inked) < _DRAWN * steps:
            return None
        nearest = away if nearest is None else np.minimum(nearest, away)
    if nearest is None or (nearest <= reach).mean() < _ON_COURSE:
        return None
    return float(nearest.mean())
