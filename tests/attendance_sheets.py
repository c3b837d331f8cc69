"""Attendance sheets drawn for tests: a grid of days with signs, printed or as strokes of a pen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import cv2
import numpy as np
from numpy.typing import NDArray

from archive_verify.model import Box, Line, Page, Ruling, Sign
from tests.drawn import draw_page
from tests.factories import centred, line, page

# strokes in a square of side 1, as a pen draws them
STROKES: Mapping[str, Sequence[Sequence[tuple[float, float]]]] = {
    "√": [[(0.0, 0.55), (0.3, 1.0), (1.0, 0.05)]],
    "×": [[(0.05, 0.0), (0.95, 1.0)], [(1.0, 0.1), (0.0, 0.9)]],
    "+": [[(0.5, 0.0), (0.5, 1.0)], [(0.0, 0.5), (1.0, 0.5)]],
    "/": [[(0.8, 0.0), (0.2, 1.0)]],
    "\\": [[(0.2, 0.0), (0.8, 1.0)]],
    "1": [[(0.5, 0.0), (0.48, 1.0)]],
    "—": [[(0.0, 0.5), (1.0, 0.48)]],
    "V": [[(0.05, 0.0), (0.5, 1.0), (0.95, 0.0)]],
    "△": [[(0.5, 0.0), (0.0, 0.95), (1.0, 1.0), (0.5, 0.0)]],
    "○": [[(0.5 + 0.5 * float(np.cos(a)), 0.5 + 0.47 * float(np.sin(a))) for a in np.linspace(0.1, 6.35, 40)]],
}


def pen(image: NDArray[np.uint8], sign: str, x: float, y: float, size: float, colour: int = 40, thick: int = 2) -> None:
    """Draw a sign with its middle at a place in pixels."""
    for stroke in STROKES[sign]:
        points = [[round(8 * (x + (px - 0.5) * size)), round(8 * (y + (py - 0.5) * size))] for px, py in stroke]
        cv2.polylines(image, [np.array(points)], False, (colour,) * 3, thick, cv2.LINE_AA, 3)


@dataclass(frozen=True)
class DaySheet:
    """A month's sheet on A4 upright: names at the left, a column a day, the total at the right.

    `signs` are a string a person, a character a day, "·" an empty cell; lengths are in mm.
    """

    signs: Sequence[str]
    names: Sequence[str] = ("张小红", "李建国", "王秀英", "赵晓明", "高志强")
    totals: Sequence[str] = ()
    legend: str = ""
    title: str = "文水县宏达商贸有限公司2023年9月考勤表"
    top: float = 50.0
    row: float = 8.0
    column: float = 5.0
    left: float = 14.0
    name: float = 18.0
    first_day: int = 1

    @property
    def days(self) -> int:
        return len(self.signs[0])

    def xs(self) -> list[float]:
        """Where the upright rulings stand."""
        return list(accumulate([self.left, self.name, *[self.column] * self.days, 10.0]))

    def ys(self) -> list[float]:
        return [self.top + self.row * at for at in range(len(self.signs) + 2)]

    def rulings(self) -> list[tuple[float, float, float, float]]:
        xs, ys = self.xs(), self.ys()
        return [(xs[0], y, xs[-1], y) for y in ys] + [(x, ys[0], x, ys[-1]) for x in xs]

    def cell(self, row: int, day: int) -> tuple[float, float]:
        """The middle of a person's day, in mm."""
        return self.left + self.name + (day + 0.5) * self.column, self.top + (row + 1.5) * self.row

    def drawn(self, *, dpi: int = 200, points: float = 9.0, by_pen: bool = False) -> NDArray[np.uint8]:
        """The sheet as an image; signs that a pen has strokes for are drawn so if `by_pen`."""
        texts = [(30.0, 20.0, self.title, 16.0), (self.left, 40.0, self.legend, 9.0)]
        texts += [(self.left + 2, self.top + 2, "姓名", 10.0), (self.xs()[-2] + 0.5, self.top + 2, "出勤", 9.0)]
        for day in range(self.days):
            texts.append((self.cell(0, day)[0] - 1.6, self.top + 2.5, str(day + self.first_day), 7.0))
        strokes = []
        for row, signs in enumerate(self.signs):
            texts.append((self.left + 2, self.top + (row + 1) * self.row + 1.5, self.names[row], 10.0))
            if self.totals:
                texts.append((self.xs()[-2] + 2, self.top + (row + 1) * self.row + 1.5, self.totals[row], 10.0))
            for day, sign in enumerate(signs):
                x, y = self.cell(row, day)
                if by_pen and sign in STROKES:
                    strokes.append((sign, x, y))
                elif sign != "·":
                    texts.append((x - 0.18 * points, y - 0.26 * points, sign, points))
        image = draw_page(texts, dpi=dpi, rulings=self.rulings())
        for sign, x, y in strokes:
            pen(image, sign, x * dpi / 25.4, y * dpi / 25.4, 2.4 * dpi / 25.4, thick=max(1, dpi // 90))
        return image

    def page(self, *more: DaySheet, confidence: float = 0.95, lost: Sequence[tuple[int, int]] = ()) -> Page:
        """The sheet as it is read, further parts below it; `lost` cells (row, day) are "?" of the first."""
        lines: list[Line] = [centred(self.title, 0.08, height=0.02)]
        rulings: list[Ruling] = []
        signs: list[Sign] = []
        for part in (self, *more):
            lines.append(line(part.legend, part.left / 210, (part.top - 8) / 297))
            lines += part._lines()
            for x0, y0, x1, y1 in part.rulings():
                box = Box(x0 / 210 - 0.0004, y0 / 297 - 0.0004, x1 / 210 + 0.0004, y1 / 297 + 0.0004)
                rulings.append(Ruling(box=box, horizontal=y0 == y1))
            for row, own in enumerate(part.signs):
                for day, sign in enumerate(own):
                    if sign == "·":
                        continue
                    x, y = part.cell(row, day)
                    box = Box((x - 1) / 210, (y - 1) / 297, (x + 1) / 210, (y + 1) / 297)
                    told = ("?", 0.2) if part is self and (row, day) in lost else (sign, confidence)
                    signs.append(Sign(box=box, text=told[0], confidence=told[1]))
        return page([one for one in lines if one.text], rulings=tuple(rulings), signs=tuple(signs))

    def _lines(self) -> list[Line]:
        def at(text: str, x: float, y: float) -> Line:
            return line(text, (x - 1.7 * len(text)) / 210, y / 297, height=0.012, width=3.4 * len(text) / 210)

        middle = self.top + self.row / 2
        lines = [at("姓名", self.left + 9, middle), at("出勤", self.xs()[-2] + 5, middle)]
        lines += [
            line(str(day + self.first_day), (self.cell(0, day)[0] - 1) / 210, middle / 297, height=0.01, width=2 / 210)
            for day in range(self.days)
        ]
        for row in range(len(self.signs)):
            y = self.cell(row, 0)[1]
            lines.append(at(self.names[row], self.left + 9, y))
            if self.totals and self.totals[row]:
                lines.append(line(self.totals[row], (self.xs()[-2] + 3) / 210, y / 297, height=0.011, width=4 / 210))
        return lines
