"""Red seals, personal seals and fingerprints as transparent pictures."""

from __future__ import annotations

import math
import random
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from . import fonts

REDS = ((205, 30, 38), (222, 44, 40), (190, 24, 40), (214, 36, 58))


def unit_seal(rng: random.Random, name: str, number: str, dpi: int, purpose: str = "") -> Image.Image:
    """A round unit seal: name on the arc, star, purpose (财务专用章 ...), 13 digits below."""
    millimetres = rng.choice((38.0, 40.0, 42.0))
    stamp = _round_seal(name, number, purpose, round(millimetres * dpi / 25.4), rng.choice((0, 1)))
    worn = _wear(rng, stamp, rng.choice(REDS))
    return worn.rotate(rng.uniform(-22, 22), Image.Resampling.BICUBIC, expand=True)


@lru_cache(maxsize=64)
def _round_seal(name: str, number: str, purpose: str, side: int, style: int) -> Image.Image:
    mask = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(mask)
    centre = side / 2
    ring = max(2, round(side * 0.028))
    pen.ellipse((2, 2, side - 3, side - 3), outline=255, width=ring)
    if style:
        inset = side * 0.05
        pen.ellipse((inset, inset, side - inset, side - inset), outline=200, width=max(1, ring // 4))
    _star(pen, centre, centre - (side * 0.02 if purpose else 0), side * 0.15)
    face = fonts.printed("song")[0]
    count = len(name)
    size = side * (0.155 if count <= 12 else 0.135 if count <= 16 else 0.115)
    span = math.radians(min(292, 24 * count + 20))
    _arc(mask, name, face, size, centre, side * 0.385, -math.pi / 2, span, False)
    if purpose:
        font = face.font(round(side * 0.095))
        pen.text((centre, side * 0.755), purpose, fill=255, font=font, anchor="mm")
    if number:
        digits = fonts.printed("hei")[0]
        _arc(mask, number, digits, side * 0.055, centre, side * 0.43, math.pi / 2, math.radians(62), True)
    return mask


def _arc(
    mask: Image.Image,
    text: str,
    face: fonts.Face,
    size: float,
    centre: float,
    radius: float,
    middle: float,
    span: float,
    inward: bool,
) -> None:
    step = span / max(1, len(text) - 1)
    for i, char in enumerate(text):
        turn = (i - (len(text) - 1) / 2) * step
        angle = middle - turn if inward else middle + turn
        font = face.font(round(size), char)
        side = round(size * 1.6)
        glyph = Image.new("L", (side, side), 0)
        ImageDraw.Draw(glyph).text(
            (side / 2, side / 2), char, fill=255, font=font, anchor="mm", stroke_width=max(0, round(size / 28))
        )
        if not inward:
            glyph = glyph.resize((round(side * 0.82), round(side * 1.12)))
        degrees = -math.degrees(angle) - 90 if not inward else -math.degrees(angle) + 90
        turned = glyph.rotate(degrees, Image.Resampling.BICUBIC, expand=True)
        x = centre + radius * math.cos(angle) - turned.width / 2
        y = centre + radius * math.sin(angle) - turned.height / 2
        mask.paste(255, (round(x), round(y)), turned)


def _star(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    points = []
    for i in range(10):
        reach = radius if i % 2 == 0 else radius * 0.382
        angle = -math.pi / 2 + i * math.pi / 5
        points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    pen.polygon(points, fill=255)


def personal_seal(rng: random.Random, name: str, dpi: int) -> Image.Image:
    """A square (or oblong) seal of a person's name, as accountants and representatives use."""
    text = name if len(name) != 3 or rng.random() < 0.5 else name + "印"
    side = round(rng.choice((13.0, 15.0, 17.0)) * dpi / 25.4)
    if len(text) == 3 or len(text) == 2:
        width, height = round(side * 0.5 * len(text) * 0.86), round(side * 0.62)
        cells = [((i + 0.5) / len(text), 0.5) for i in range(len(text))]
        size = height * 0.72
    else:
        width = height = side
        cells = [(0.73, 0.28), (0.73, 0.72), (0.27, 0.28), (0.27, 0.72)][: len(text)]
        size = side * 0.4
    mask = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(mask)
    pen.rectangle((1, 1, width - 2, height - 2), outline=255, width=max(2, round(side * 0.05)))
    face = rng.choice(fonts.printed("kai"))
    for char, (x, y) in zip(text, cells, strict=False):
        font = face.font(round(size), char)
        pen.text((x * width, y * height), char, fill=255, font=font, anchor="mm", stroke_width=1)
    worn = _wear(rng, mask, rng.choice(REDS))
    return worn.rotate(rng.uniform(-9, 9), Image.Resampling.BICUBIC, expand=True)


def fingerprint(rng: random.Random, dpi: int) -> Image.Image:
    """A red thumb print: an oval of bent ridges."""
    width, height = (round(v * dpi / 25.4) for v in (rng.uniform(13, 16), rng.uniform(17, 21)))
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u = (x - width / 2) / (width / 2)
    v = (y - height * rng.uniform(0.5, 0.6)) / (height / 2)
    radius = np.sqrt((u * 1.15) ** 2 + (v * 0.8 + 0.12 * np.sin(3 * u + rng.uniform(0, 6))) ** 2)
    ridges = np.sin(radius * rng.uniform(30, 38) + 0.6 * np.sin(4 * np.arctan2(v, u) + rng.uniform(0, 6)))
    inside = np.clip((1 - (u**2 + ((y - height / 2) / (height / 2)) ** 2)) * 5, 0, 1)
    speck = _noise(rng, height, width, 7)
    alpha = (np.clip(ridges * 1.4 + 0.4, 0, 1) * inside * np.clip(speck * 1.5, 0.15, 1) * 225).astype(np.uint8)
    picture = Image.new("RGBA", (width, height), (*rng.choice(REDS), 0))
    picture.putalpha(Image.fromarray(alpha))
    return picture.rotate(rng.uniform(-35, 35), Image.Resampling.BICUBIC, expand=True)


def _wear(rng: random.Random, mask: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """Uneven ink: the mask thinned by low- and high-frequency noise."""
    ink = np.asarray(mask, dtype=np.float32)
    rough = _noise(rng, mask.height, mask.width, 5)
    fine = _noise(rng, mask.height, mask.width, max(8, mask.width // 5))
    strength = np.clip(0.42 + 0.75 * rough, 0.35, 1.0) * np.where(fine > rng.uniform(0.08, 0.2), 1.0, 0.35)
    picture = Image.new("RGBA", mask.size, (*colour, 0))
    picture.putalpha(Image.fromarray((ink * strength * rng.uniform(0.82, 1.0)).astype(np.uint8)))
    return picture


def _noise(rng: random.Random, height: int, width: int, cells: int) -> np.ndarray:
    """Smooth noise in 0..1 with about `cells` patches across."""
    rows = max(2, round(cells * height / max(1, width)))
    seed = np.random.default_rng(rng.getrandbits(32))
    small = Image.fromarray((seed.random((rows, max(2, cells))) * 255).astype(np.uint8))
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32) / 255
