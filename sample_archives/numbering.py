"""Archive page numbers as they are stamped, printed or written on the sheets."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from . import fonts
from .canvas import Canvas, Colour, Pen, hand, typed

Spot = tuple[float, float]
CORNER = "top_right"
ELSEWHERE = ("top_left", "top_center", "bottom_left", "bottom_center", "bottom_right")


@dataclass(frozen=True)
class NumberStyle:
    """One clerk's way of numbering: the shape of the text, the pen and the usual place."""

    shape: str  # "{n}", "{n:04d}", "第{n}页", "- {n} -", ...
    pen: Pen
    points: float
    right: float  # mm from the right edge to the end of the number
    down: float  # mm from the top edge to its baseline
    loose: float  # mm of scatter from page to page

    def text(self, number: int) -> str:
        return self.shape.format(n=number)


def choose(rng: random.Random, born_digital: bool = False) -> NumberStyle:
    """A style for a binder: printed, numbering machine, rubber stamp or by hand."""
    kind = "printed" if born_digital else rng.choices(("printed", "machine", "hand", "stamp"), (4, 3, 3, 1))[0]
    dark: Colour = (20, 20, 24)
    if kind == "hand":
        return NumberStyle(
            rng.choice(("{n}", "{n}", "{n}", "第{n}页")),
            hand(rng),
            rng.choice((15, 17, 20)),
            rng.uniform(12, 20),
            rng.uniform(12, 14.5),
            2.2,
        )
    if kind == "machine":
        face = rng.choice(fonts.printed("light") + fonts.printed("bold"))
        ink = rng.choice((dark, dark, (30, 40, 110), (190, 30, 40)))
        return NumberStyle(
            rng.choice(("{n:04d}", "{n:03d}", "{n:05d}", "{n:04d}")),
            typed(face, ink),
            rng.choice((14, 15, 16)),
            rng.uniform(10, 18),
            rng.uniform(11, 14),
            1.6,
        )
    if kind == "stamp":
        face = rng.choice(fonts.printed("hei"))
        return NumberStyle(
            rng.choice(("{n}", "{n:03d}")),
            typed(face, (205, 35, 45)),
            15,
            rng.uniform(10, 18),
            rng.uniform(11, 14),
            2.0,
        )
    face = (
        rng.choice(fonts.embeddable())
        if born_digital
        else rng.choice(fonts.printed("song") + fonts.printed("hei") + fonts.printed("kai"))
    )
    shape = rng.choice(("{n}", "{n}", "{n}", "第{n}页", "- {n} -", "{n:03d}", "第 {n} 页"))
    return NumberStyle(shape, typed(face), rng.choice((10.5, 12, 14)), rng.uniform(10, 20), rng.uniform(10, 14), 0.4)


def draw(canvas: Canvas, style: NumberStyle, number: int, position: str, rng: random.Random) -> str:
    """Put the number on the sheet; returns the position used (the wish, or a free one)."""
    text = style.text(number)
    width = canvas.fill_width(text, style.points, style.pen)
    spots = spots_of(canvas, style, width)
    position = (
        position
        if position == CORNER or _free(canvas, spots[position], width)
        else next((name for name in ELSEWHERE if _free(canvas, spots[name], width)), position)
    )
    x, y = spots[position]
    dx, dy = (rng.uniform(-style.loose, style.loose) for _ in range(2))
    x = min(max(4.0, x + dx), canvas.width - width - 4.0)
    canvas.fill(x, max(7.5, y + dy * 0.6), text, style.points, style.pen)
    return position


def spots_of(canvas: Canvas, style: NumberStyle, width: float) -> dict[str, Spot]:
    """Left end of the baseline for every position, in millimetres."""
    top, bottom = style.down, canvas.height - 8.0
    right, left, middle = canvas.width - style.right - width, style.right, (canvas.width - width) / 2
    return {
        "top_right": (right, top),
        "top_left": (left, top),
        "top_center": (middle, top),
        "bottom_right": (right, bottom),
        "bottom_left": (left, bottom),
        "bottom_center": (middle, bottom),
    }


def _free(canvas: Canvas, spot: Spot, width: float) -> bool:
    """Whether nothing is drawn yet around the spot."""
    s = canvas.scale
    box = ((spot[0] - 4) * s, (spot[1] - 7) * s, (spot[0] + width + 4) * s, (spot[1] + 4) * s)
    crop = canvas.image.crop(tuple(round(v) for v in box)).convert("L")  # type: ignore[arg-type]
    return bool(np.asarray(crop).min() > 200)
