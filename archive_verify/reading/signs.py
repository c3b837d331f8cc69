"""Signs in the day cells of attendance sheets, √ ○ × △ 休, which reading by lines loses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from archive_verify.layout.days import DayGrid, day_grids
from archive_verify.model import Box, Line, MarkShape, PageMark, Ruling, Sign
from archive_verify.ocr.base import Engine, Pixels
from archive_verify.pixels import resized, u8
from archive_verify.reading.cell_ink import InkedCell, inked_cells
from archive_verify.reading.strokes import Told, told_by_shape

_ALIKE = 0.88               # correlation of two shapes that are one sign
_ALIKE_CHARACTERS = 0.75    # of two that are no simple sign: hand-written characters differ more
_LOOKED_AT = 5              # members of a group whose geometry stands for the rest where it agrees
_READ = 3                   # members of a group that are read as one line of text
_MOST_GROUPS = 8            # groups read on one page, the largest first
_SURE_ALONE, _SURE = 0.7, 0.5
_DOUBTFUL = 0.5             # how far a sign is trusted that may be another
_SPOILT_AROUND = 2          # cells full of unknown ink, among a cell and those around it, that show a seal's traces
_COMMON = 5                 # signs of a kind outside seals that make it likely under one
_UNKNOWN = Told("?", 0.2)
_STRIP, _PAD, _GAP = 30, 9, 14  # of a line of signs: a sign's longer side, the room above, and between them
_ROUND = 0.8                # width to height from which a ring is no nought
_WORDS = 2.2                # width to height of ink that is more than one sign
_SAME_SIGN = {
    **dict.fromkeys("oO〇◯°", "○"), **dict.fromkeys("xX✕✗✘乂", "×"), **dict.fromkeys("✓✔", "√"), "十": "+", "／": "/",
    **dict.fromkeys("lI|丨", "1"), **dict.fromkeys("-一_–", "—"), "v": "V",
}


def read_signs(
    pixels: Pixels, lines: Sequence[Line], rulings: Sequence[Ruling], marks: Sequence[PageMark], engine: Engine
) -> tuple[Sign, ...]:
    """The signs in the cells of an upright page's day columns; no sign for an empty cell.

    `pixels` are BGR. What cannot be told is "?" with low confidence. A page without ten narrow columns
    of one width costs nothing.
    """
    seals = [mark.box for mark in marks if mark.shape is MarkShape.ROUND_SEAL]
    signs: list[Sign] = []
    for grid in day_grids(rulings):
        cells = inked_cells(pixels, grid, _heading_rows(grid, lines))
        wordy = sum(cell.ink.shape[1] > _WORDS * cell.ink.shape[0] and not cell.spoilt for cell in cells)
        if cells and 3 * wordy < len(cells):
            signs += _signs(cells, seals, engine)
    return tuple(signs)


def _signs(cells: Sequence[InkedCell], seals: Sequence[Box], engine: Engine) -> list[Sign]:
    """The signs of one grid; those among a seal's traces are trusted less, and only where they are common.

    Ink that no sign explains may be a seal's, and what lies beside it a sign with some of that.
    """
    told = _told(cells, engine)
    unknown = {
        (cell.row, cell.column): cell.full or cell.spoilt
        for cell, one in zip(cells, told, strict=True) if one is _UNKNOWN
    }
    around = [
        [unknown[place] for dy in (-1, 0, 1) for dx in (-1, 0, 1)
         if (place := (cell.row + dy, cell.column + dx)) in unknown]
        for cell in cells
    ]
    sealed = [
        sum(near) >= _SPOILT_AROUND or any(seal.overlap(cell.box) > 0 for seal in seals)
        for cell, near in zip(cells, around, strict=True)
    ]
    common = Counter(one.text for one, under in zip(told, sealed, strict=True) if not under)
    signs = []
    for cell, one, near, under in zip(cells, told, around, sealed, strict=True):
        if (under or near) and common[one.text] < _COMMON:
            one = _UNKNOWN
        elif under or (one.text == "V" and common["√"]):
            one = Told(one.text, min(one.confidence, _DOUBTFUL))
        signs.append(Sign(box=cell.box, text=one.text, confidence=round(one.confidence, 3)))
    return signs


def _heading_rows(grid: DayGrid, lines: Sequence[Line]) -> frozenset[int]:
    """Rows that hold the numbers or names of days."""
    left, right = grid.columns[0][0], grid.columns[-1][1]
    heads = set()
    for row, (top, bottom) in enumerate(grid.rows):
        text = " ".join(
            line.text for line in lines
            if top <= line.box.centre[1] < bottom and left < line.box.centre[0] < right
        )
        numbers = {int(number) for number in re.findall(r"\d{1,2}", text) if 1 < int(number) <= 31}
        weekdays = set(re.findall(r"[一二三四五六日]", text))
        if len(numbers) >= 6 or len(weekdays) >= 5 or re.search(r"日\s*期|星\s*期|[上下]午.*[上下]午", text):
            heads.add(row)
    return frozenset(heads)


def _told(cells: Sequence[InkedCell], engine: Engine) -> list[Told]:
    """What each cell's ink is: by its geometry, where that does not tell as text; alike cells as one."""
    told: list[Told] = [_UNKNOWN] * len(cells)
    looks = np.stack([_look(cell.ink) for cell in cells])
    unread: list[int] = []
    for group in _groups(looks, range(len(cells)), _ALIKE):
        few = group[:: max(1, len(group) // _LOOKED_AT)][:_LOOKED_AT]
        shapes = [told_by_shape(cells[at].ink) for at in few]
        if len({one and one.text for one in shapes}) > 1:
            few, shapes = group, [told_by_shape(cells[at].ink) for at in group]
            for at, one in zip(few, shapes, strict=True):
                told[at] = one or _UNKNOWN
            unread += [at for at, one in zip(few, shapes, strict=True) if one is None]
        elif shapes[0] is None:
            unread += group
        else:
            sure = min(one.confidence for one in shapes if one is not None)
            for at in group:
                told[at] = Told(shapes[0].text, sure)
    unread = [at for at in unread if not cells[at].spoilt]
    groups = sorted(_groups(looks, unread, _ALIKE_CHARACTERS), key=len, reverse=True)[:_MOST_GROUPS]
    strips = []
    for group in groups:
        few = group[:: max(1, len(group) // _READ)][:_READ]
        strips.append([cells[at].ink for at in (few * _READ if len(few) == 1 else few)])
    readings = engine.recognise([_line_of(inks) for inks in strips]) if strips else ()
    for group, inks, reading in zip(groups, strips, readings, strict=True):
        text = _repeated("".join(reading.text.split()), len(inks))
        if text and reading.confidence >= (_SURE_ALONE if len(group) == 1 else _SURE):
            for at in group:
                told[at] = Told(_ring(cells[at].ink) if text in ("0", "○") else text, reading.confidence)
    return told


def _ring(ink: Pixels) -> str:
    """A nought is taller than a ring, whatever the recogniser takes it for."""
    return "○" if ink.shape[1] > _ROUND * ink.shape[0] else "0"


def _look(ink: Pixels) -> NDArray[np.float32]:
    """A shape as a unit vector, its proportions kept."""
    side = max(ink.shape)
    square = np.zeros((side, side), np.uint8)
    y, x = (side - ink.shape[0]) // 2, (side - ink.shape[1]) // 2
    square[y : y + ink.shape[0], x : x + ink.shape[1]] = ink
    small = cv2.resize(square, (32, 32), interpolation=cv2.INTER_AREA if side > 32 else cv2.INTER_LINEAR)
    soft = cv2.GaussianBlur(small, (0, 0), 1.6)[::2, ::2].astype(np.float32).ravel()
    soft -= soft.mean()
    return soft / max(float(np.linalg.norm(soft)), 1e-6)


def _groups(looks: NDArray[np.float32], members: Sequence[int], alike: float) -> list[list[int]]:
    """Cells that look alike; each is compared with the first of every group."""
    firsts: list[int] = []
    groups: list[list[int]] = []
    for at in members:
        likeness = looks[firsts] @ looks[at] if firsts else np.zeros(0)
        best = int(np.argmax(likeness)) if firsts else -1
        if firsts and likeness[best] >= alike:
            groups[best].append(at)
        else:
            firsts.append(at)
            groups.append([at])
    return groups


def _line_of(inks: Sequence[Pixels]) -> Pixels:
    """Signs side by side as one line of black text on white."""
    parts = []
    for ink in inks:
        sign = resized(ink, _STRIP / max(ink.shape))
        shade = sign.astype(np.float32) * (255.0 / max(1, int(sign.max())))
        part = np.full((_STRIP + 2 * _PAD, shade.shape[1] + _GAP), 255, np.float32)
        top = (part.shape[0] - shade.shape[0]) // 2
        part[top : top + shade.shape[0], _GAP // 2 : _GAP // 2 + shade.shape[1]] -= shade
        parts.append(part)
    grey = u8(np.clip(np.hstack(parts), 0, 255))
    return u8(np.repeat(grey[:, :, None], 3, axis=2))


def _repeated(text: str, times: int) -> str:
    """The sign or short text that a text repeats so many times, in its usual form; "" where it does not."""
    text = "".join(_SAME_SIGN.get(char, char) for char in text)
    text = re.sub(r"[·.,、'`]+(?!\d)", "", text)
    length, rest = divmod(len(text), times)
    return text[:length] if not rest and 1 <= length <= 3 and text == text[:length] * times else ""
