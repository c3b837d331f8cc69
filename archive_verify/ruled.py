"""Straight ruling lines of a page image."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from archive_verify.model import Box, Ruling
from archive_verify.pixels import Pixels, grey_of, ink_mask, per_mm, red_mask, strokes, u8, without

_PIECE_MM = 5.0        # shortest run of ink taken for a piece of a line; text strokes are shorter
_GAP_MM = 5.0          # a break in a line that is bridged
_APART_MM = 0.7        # pieces this far from each other's course belong to one line
_SHORTEST_MM = 14.0    # shortest line reported; longer than the strokes of large titles and seals
_LONG_MM = 26.0        # a line this long needs no company to be one
_THICKEST_MM = 1.6


@dataclass(slots=True)
class _Piece:
    """A run of ink along the line's direction: from `start` to `end`, at `first` .. `last` across."""

    start: int
    end: int
    first: float
    last: float
    low: int
    high: int
    inked: int
    thickness: float


def rulings(pixels: Pixels, dpi: float = 0.0) -> tuple[Ruling, ...]:
    """Straight ruling lines of the deskewed page as thin boxes; broken and jagged ones are joined.

    Horizontal ones come first, each group in reading order. Red ink, text strokes, photos and the
    dark edges of a scan are left out. `dpi` 0 takes the page for A4.
    """
    ink = ink_mask(grey_of(pixels))
    if pixels.ndim == 3:
        ink = without(ink, cv2.dilate(red_mask(pixels), np.ones((3, 3), np.uint8)))
    unit = per_mm(pixels, dpi)
    height, width = ink.shape
    found = []
    for piece in _joined(_pieces(ink, unit), unit):
        found.append((piece, True, (piece.start, piece.low, piece.end, piece.high)))
    for piece in _joined(_pieces(u8(cv2.transpose(ink)), unit), unit):
        found.append((piece, False, (piece.low, piece.start, piece.high, piece.end)))
    posts = [(piece, horizontal) for piece, horizontal, _ in found]
    lines = []
    for piece, horizontal, (x0, y0, x1, y1) in found:
        across = (piece.first + piece.last) / 2 / (height if horizontal else width)
        if 0.006 < across < 0.994 and _is_line(piece, [p for p, h in posts if h != horizontal], unit):
            box = Box(x0 / width, y0 / height, x1 / width, y1 / height)
            lines.append(Ruling(box=box, horizontal=horizontal))
    lines.sort(key=lambda r: (not r.horizontal, *((r.box.y0, r.box.x0) if r.horizontal else r.box[:2])))
    return tuple(lines)


def _is_line(piece: _Piece, crossing: list[_Piece], unit: float) -> bool:
    """Long, or short and part of a grid, or a short thin unbroken stroke as blanks to fill have."""
    length = piece.end - piece.start
    # Strokes of large characters side by side look like a short broken line.
    least_inked = 0.6 if length >= 2 * _LONG_MM * unit else 0.92
    if length < _SHORTEST_MM * unit or piece.inked < least_inked * length:
        return False
    if length >= _LONG_MM * unit or (piece.inked >= 0.97 * length and piece.thickness <= 0.6 * unit):
        return True
    at, reach = (piece.first + piece.last) / 2, 1.5 * unit
    return any(
        other.end - other.start >= _SHORTEST_MM * unit
        and other.start - reach <= at <= other.end + reach
        and piece.start - reach <= (other.first + other.last) / 2 <= piece.end + reach
        for other in crossing
    )


def _pieces(ink: Pixels, unit: float) -> list[_Piece]:
    """Runs of ink along the rows, from thin strokes only."""
    least = max(12, round(_PIECE_MM * unit))
    # One pixel of reach across lets a jagged or slightly slanted line count as one run.
    jagged = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    runs = strokes(u8(jagged), least, level=True)
    thick = max(4, round(_THICKEST_MM * unit))
    solid = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((thick, thick), np.uint8))
    if solid.any():
        runs = without(runs, cv2.dilate(solid, np.ones((thick, 3), np.uint8)))
        runs = strokes(runs, least, level=True)
    pieces = []
    # by their outlines, as labels of all pixels take ten times as long
    for outline in cv2.findContours(runs, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        x, y, w, h = cv2.boundingRect(outline)
        if w < 3 * h:
            continue
        own = cv2.drawContours(np.zeros((h, w), np.uint8), [outline], 0, (255,), cv2.FILLED, offset=(-x, -y))
        part = cv2.bitwise_and(own, runs[y : y + h, x : x + w])
        area = cv2.countNonZero(part)
        if area / w > thick:
            continue
        pieces.append(
            _Piece(
                start=x, end=x + w, low=y, high=y + h, inked=w, thickness=area / w,
                first=y + float(np.nonzero(part[:, : max(3, w // 20)])[0].mean()),
                last=y + float(np.nonzero(part[:, -max(3, w // 20) :])[0].mean()),
            )
        )
    return pieces


def _joined(pieces: list[_Piece], unit: float) -> list[_Piece]:
    """Pieces on one course become one line."""
    lines: list[_Piece] = []
    for piece in sorted(pieces, key=lambda p: p.start):
        for line in lines:
            gap = piece.start - line.end
            longer = max(piece.end - piece.start, line.end - line.start)
            # Short strokes in a row are a title's characters; only a long line has wide breaks.
            if gap > min(_GAP_MM * unit, 0.1 * longer) or (gap < -_GAP_MM * unit and piece.end <= line.end):
                continue
            if abs(piece.first - line.last) <= _APART_MM * unit:
                if piece.end > line.end:
                    line.end, line.last = piece.end, piece.last
                line.low, line.high = min(line.low, piece.low), max(line.high, piece.high)
                line.inked += piece.inked - max(0, -gap)
                line.thickness = max(line.thickness, piece.thickness)
                break
        else:
            lines.append(piece)
    return lines
