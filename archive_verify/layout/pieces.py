"""Pieces of text lines: where each character stands, cutting lines, and rows of lines."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from archive_verify.model import Box, Lattice, Line
from archive_verify.values import plain


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line, or the whole: its text in `plain` form, and where each character stands.

    `edges` has one more entry than the text: character i spans edges[i]..edges[i+1] of the page.
    """

    text: str
    box: Box
    confidence: float
    edges: tuple[float, ...]
    lattice: Lattice | None = None

    def cut(self, start: int, end: int) -> Piece:
        """Characters start..end as a piece of their own."""
        x0, x1 = self.edges[start], self.edges[end]
        lattice = self.lattice
        if lattice is not None and (start, end) != (0, len(self.text)):
            lattice = _cut_lattice(lattice, self.text, start, end)
        box = Box(x0, self.box.y0, max(x1, x0), self.box.y1)
        return Piece(self.text[start:end], box, self.confidence, self.edges[start : end + 1], lattice)

    def stripped(self) -> Piece:
        """Without white space at the ends."""
        start = len(self.text) - len(self.text.lstrip())
        end = len(self.text.rstrip())
        return self.cut(start, max(start, end))

    def index_at(self, x: float) -> int:
        """The gap between characters nearest to x, 0..len(text)."""
        return min(range(len(self.edges)), key=lambda index: abs(self.edges[index] - x))


def _width(char: str) -> float:
    if char.isspace():
        return 0.5
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.55


def piece(line: Line) -> Piece:
    """A whole line as a piece."""
    widths = [_width(char) for char in line.text]
    if len(line.centres) == len(widths) > 0 and not line.vertical:
        shares = _borders(line.centres, widths)
    else:
        total = sum(widths) or 1.0
        shares = [at / total for at in accumulate(widths)]
    edges = (line.box.x0, *(line.box.x0 + line.box.width * share for share in shares))
    return Piece(plain(line.text), line.box, line.confidence, edges, line.lattice)


def _borders(centres: Sequence[int], widths: Sequence[float]) -> list[float]:
    """Where each character ends, as a share of the line: between neighbours' middles by their widths."""
    borders, last = [], 0.0
    for here, there, width, other in zip(centres, centres[1:], widths, widths[1:], strict=False):
        border = (here + (there - here) * width / (width + other)) / 1000
        last = min(max(last, border), 1.0)
        borders.append(last)
    return [*borders, 1.0]


def _greedy_steps(lattice: Lattice) -> list[tuple[str, int]]:
    """The characters of the greedy path with the step each begins at."""
    steps: list[tuple[str, int]] = []
    previous = ""
    for index, step in enumerate(lattice):
        char = step[0][0] if step else ""
        if char and char != previous:
            steps.append((char, index))
        previous = char
    return steps


def _cut_lattice(lattice: Lattice, text: str, start: int, end: int) -> Lattice | None:
    """The steps of characters start..end; None where text and lattice cannot be aligned."""
    steps = [(plain(char), index) for char, index in _greedy_steps(lattice)]
    if "".join(char for char, _ in steps) != text:
        return None
    if start >= end:
        return ()
    begins = [index for _, index in steps]
    # half of the blanks on either side belong to the cut
    first = 0 if start == 0 else math.ceil((begins[start - 1] + begins[start] + 1) / 2)
    last = len(lattice) if end == len(begins) else math.ceil((begins[end - 1] + begins[end] + 1) / 2)
    return lattice[min(first, begins[start]) : max(last, begins[end - 1] + 1)]


def overlap_y(a: Box, b: Box) -> float:
    """Vertical overlap as a share of the lower box's height."""
    height = min(a.height, b.height)
    return (min(a.y1, b.y1) - max(a.y0, b.y0)) / height if height > 0 else 0.0


def rows_of(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces that stand on one line of the page, top to bottom, each row from left to right.

    A piece joins the row whose nearest piece beside it it overlaps by half its height, so that a
    slightly sloping row stays one row. Pieces that stand one over the other begin rows of their own.
    """
    rows: list[list[Piece]] = []
    for one in sorted(pieces, key=lambda p: (p.box.y0 + p.box.y1)):
        best: list[Piece] | None = None
        best_overlap = 0.5
        for row in rows[-6:]:
            nearest = min(row, key=lambda other: _gap_x(one.box, other.box))
            overlap = overlap_y(one.box, nearest.box)
            if overlap >= best_overlap:
                best, best_overlap = row, overlap
        if best is None:
            rows.append([one])
        else:
            best.append(one)
    for row in rows:
        row.sort(key=lambda p: p.box.x0)
    rows.sort(key=lambda row: sum(p.box.y0 + p.box.y1 for p in row) / len(row))
    return rows


def _gap_x(a: Box, b: Box) -> float:
    return max(a.x0 - b.x1, b.x0 - a.x1, 0.0)


def insert_fills(row: Sequence[Piece]) -> list[Piece]:
    """A row in which pieces written inside the box of a longer one are set in at their place.

    A printed line with blanks is often detected from end to end, and the handwriting over its
    blanks a second time on its own.
    """
    result: list[Piece] = []
    for one in row:
        host = next(
            (
                index for index, other in enumerate(result)
                if other.box.x0 <= one.box.x0 and one.box.x1 <= other.box.x1 + one.box.width * 0.3
                and one.box.width < 0.7 * other.box.width
            ),
            None,
        )
        if host is None:
            result.append(one)
            continue
        other = result[host]
        at = other.index_at(one.box.x0)
        result[host : host + 1] = [
            part for part in (other.cut(0, at), one, other.cut(at, len(other.text))) if part.text
        ]
    return result
