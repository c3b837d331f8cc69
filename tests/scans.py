"""Scans of drawn pages for tests: pen strokes, seals, skew, noise and light, with what OCR would read."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from archive_verify.marks import find_marks
from archive_verify.model import Box, Line, Page, PageReading
from archive_verify.raster import deskew, estimate_skew, ink_map, is_colour
from tests.drawn import FONT, draw_page

Pixels = NDArray[np.uint8]
Text = tuple[float, float, str, float]
MM = 200 / 25.4


def scribble(page: Pixels, x: float, y: float, seed: int, colour: tuple[int, int, int] = (30, 30, 30)) -> None:
    """A signature-like stroke, 30 by 12 mm, with its corner at (x, y) mm."""
    rng = np.random.default_rng(seed)
    points = np.column_stack([np.sort(rng.uniform(0, 30, 26)), rng.uniform(0, 12, 26)])
    bent = cv2.GaussianBlur(np.repeat(points, 6, axis=0), (1, 9), 0) + np.array([x, y])
    cv2.polylines(page, [np.round(bent * MM).astype(np.int32)], False, colour, 4, cv2.LINE_AA)


def seal(page: Pixels, x: float, y: float, *, turn: float = 0.0, diameter: float = 40.0, red: bool = True) -> None:
    """A round unit seal centred at (x, y) mm: ring, star, characters along the arc."""
    side = round(diameter * MM)
    stamp = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(stamp)
    pen.ellipse((3, 3, side - 4, side - 4), outline=255, width=round(1.1 * MM))
    middle, arm = side / 2, side * 0.15
    star = [
        (middle + arm * (1 if i % 2 == 0 else 0.38) * math.sin(i * math.pi / 5),
         middle - arm * (1 if i % 2 == 0 else 0.38) * math.cos(i * math.pi / 5))
        for i in range(10)
    ]
    pen.polygon(star, fill=255)
    face = ImageFont.truetype(FONT, round(side * 0.12))
    for i, char in enumerate("文水县启航职业培训学校"):
        angle = math.radians(-130 + 26 * i)
        place = middle + side * 0.37 * math.sin(angle), middle - side * 0.37 * math.cos(angle)
        pen.text(place, char, fill=255, font=face, anchor="mm")
    mask = np.asarray(stamp.rotate(turn, Image.Resampling.BICUBIC), dtype=np.float32) / 255
    stain(page, mask, x - diameter / 2, y - diameter / 2, (45, 40, 205) if red else (50, 50, 50))


def stain(page: Pixels, mask: NDArray[np.float32], x: float, y: float, colour: tuple[int, int, int]) -> None:
    """Put ink of a colour (BGR) where the mask is, corner at (x, y) mm; may lie partly off the page."""
    left, top = round(x * MM), round(y * MM)
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + mask.shape[1], page.shape[1]), min(top + mask.shape[0], page.shape[0])
    share = mask[y0 - top : y1 - top, x0 - left : x1 - left, None] * 0.9
    part = page[y0:y1, x0:x1]
    page[y0:y1, x0:x1] = np.minimum(part, part * (1 - share) + np.array(colour) * share).astype(np.uint8)


def scan(page: Pixels, seed: int, *, skew: float = 0.0, noise: float = 5.0, light: float = 1.0) -> Pixels:
    """Turn, shift, darken, blur, sprinkle and JPEG-compress a page as a scanner would."""
    rng = np.random.default_rng(seed)
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -skew, 1.0)
    matrix[:, 2] += rng.uniform(-12, 12, 2)
    turned = cv2.warpAffine(page, matrix, (width, height), borderValue=(250, 250, 250))
    shade = np.linspace(1, 0.88, width)[None, :, None] * light
    rough = cv2.GaussianBlur(turned, (0, 0), 0.8) * shade + rng.normal(0, noise, page.shape)
    out = io.BytesIO()
    Image.fromarray(np.clip(rough, 0, 255).astype(np.uint8)[:, :, ::-1]).save(out, "JPEG", quality=75)
    return cv2.imdecode(np.frombuffer(out.getvalue(), np.uint8), cv2.IMREAD_COLOR).astype(np.uint8)


def drawn_lines(texts: Sequence[Text], shift: tuple[float, float] = (0, 0)) -> tuple[Line, ...]:
    """What OCR would read of a page drawn from these texts."""
    lines = []
    for x, y, text, points in texts:
        size = points * 25.4 / 72
        wide = sum(size if ord(c) > 255 else size * 0.55 for c in text)
        x0, y0 = (x + shift[0]) / 210, (y + shift[1] + 0.2 * size) / 297
        lines.append(Line(text=text, box=Box(x0, y0, x0 + wide / 210, y0 + 1.1 * size / 297), confidence=0.97))
    return tuple(lines)


def scanned_page(
    index: int, texts: Sequence[Text], page: Pixels | None = None, *, skew: float = 0.0, noise: float = 5.0,
    light: float = 1.0,
) -> Page:
    """The reading of one scan of a drawn page, by the real image stages and ideal text."""
    picture = scan(draw_page(texts) if page is None else page, index, skew=skew, noise=noise, light=light)
    degrees = estimate_skew(picture) or 0.0
    upright = deskew(picture, degrees)
    shift = np.random.default_rng(index).uniform(-12, 12, 2) / MM
    lines = drawn_lines(texts, (float(shift[0]), float(shift[1])))
    reading = PageReading(
        width=upright.shape[1], height=upright.shape[0], dpi=200, text_source="ocr", rotation=0,
        skew_degrees=degrees, lines=lines, marks=find_marks(upright, lines), ink=ink_map(upright),
        colour=is_colour(upright),
    )
    return Page(index=index, file=0, file_page=index, reading=reading)
