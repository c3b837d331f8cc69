"""What a scanner and a binder's life do to a clean sheet."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image, ImageChops, ImageDraw

Pixels = np.ndarray

Colours = tuple[int, int, int]


@dataclass(frozen=True)
class ScanStyle:
    """How one binder is scanned; lengths in millimetres, angles in degrees."""

    dpi: int = 200
    mode: str = "colour"  # colour | grey | bilevel
    quality: int = 75  # JPEG
    skew: float = 1.0  # most pages stay within it
    noise: float = 4.0  # grey levels, standard deviation
    uneven: float = 0.06  # darkening towards one side
    blur: float = 0.35  # Gaussian radius in pixels at 200 dpi
    holes: int = 0  # punch holes at the binding edge
    bleed: float = 0.0  # strength of the next sheet shining through
    tint: Colours = (255, 255, 255)  # paper
    dark_edge: float = 0.0  # chance of a dark scanner edge
    contrast: float = 1.0  # under 1: a pale photocopy
    specks: int = 0  # dirt of a photocopier, per page


PRESETS: dict[str, ScanStyle] = {
    "clean": ScanStyle(skew=0.3, noise=1.5, uneven=0.0, blur=0.2, quality=85),
    "office": ScanStyle(skew=1.0, noise=4, uneven=0.05, holes=2, tint=(252, 251, 246), specks=6),
    "worn": ScanStyle(
        skew=2.2,
        noise=7,
        uneven=0.14,
        blur=0.6,
        holes=3,
        bleed=0.07,
        tint=(244, 239, 224),
        dark_edge=0.4,
        quality=55,
        specks=25,
    ),
    "grey": ScanStyle(mode="grey", skew=1.2, noise=5, uneven=0.05, holes=2, quality=60, specks=12),
    "photocopy": ScanStyle(
        mode="grey", skew=1.8, noise=6, uneven=0.1, blur=0.6, contrast=0.72, dark_edge=0.5, specks=60, quality=60
    ),
    "bilevel": ScanStyle(mode="bilevel", skew=0.8, noise=6, uneven=0.0, blur=0.4, holes=2, specks=15, dpi=300),
    "low": ScanStyle(
        dpi=150, skew=1.5, noise=5, uneven=0.08, blur=0.4, quality=50, holes=2, tint=(250, 248, 240), specks=8
    ),
    "fine": ScanStyle(dpi=300, skew=0.8, noise=4, uneven=0.04, blur=0.4, quality=70, tint=(252, 252, 250)),
    "skewed": ScanStyle(skew=3.0, noise=5, uneven=0.1, blur=0.5, holes=2, bleed=0.04, specks=10),
}
_USUAL = tuple(PRESETS)
# a copy of a copy on worn toner: chosen by name alone
PRESETS["pale"] = ScanStyle(
    mode="grey", skew=1.2, noise=5, uneven=0.12, blur=0.5, contrast=0.45, dark_edge=0.3, specks=40, quality=60
)
# one scanner of each binder in turn
MIXED = ("any", "any", "any", "pale", "bilevel")


def choose(rng: random.Random) -> ScanStyle:
    """A scanner for a binder; pale and bilevel ones are rarer."""
    name = rng.choices(_USUAL, (2, 5, 3, 3, 1, 1, 3, 1, 3))[0]
    return replace(PRESETS[name], quality=rng.randint(48, 85) if name != "clean" else 85)


def scan(
    sheet: Image.Image, style: ScanStyle, rng: random.Random, behind: Image.Image | None = None, illegible: str = ""
) -> Image.Image:
    """The scan of an upright RGB sheet: RGB, L or 1, at the sheet's own resolution.

    `behind` shines through; `illegible` ruins the page: blur, faint, dark or smear.
    """
    page = sheet
    if illegible:
        page = ruin(page, illegible, rng)
    if behind is not None and style.bleed and not illegible:
        page = _bleed(page, behind, style.bleed)
    page = _specks(page, style, rng)
    if style.mode != "colour":
        page = page.convert("L")
    pixels = _moved(np.asarray(page), style, rng)
    page = Image.fromarray(_paper(pixels, style, rng))
    if rng.random() < style.dark_edge:
        _edge(page, rng)
    _holes(page, style, rng)
    if style.mode == "bilevel":
        cut = rng.randint(135, 165)
        page = page.point(lambda v: 255 if v > cut else 0).convert("1", dither=Image.Dither.NONE)
    return page


def _moved(pixels: Pixels, style: ScanStyle, rng: random.Random) -> Pixels:
    """Skewed on the glass and a little out of focus."""
    angle = _skew(style, rng)
    height, width = pixels.shape[:2]
    if abs(angle) > 0.03:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        pixels = cv2.warpAffine(
            pixels,
            turn,
            (width, height),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(255, 255, 255),
        )
    scale = min(height, width) / 1654
    if style.blur:
        pixels = cv2.GaussianBlur(pixels, (0, 0), max(0.15, style.blur * scale * rng.uniform(0.7, 1.3)))
    return pixels


def _skew(style: ScanStyle, rng: random.Random) -> float:
    angle = rng.gauss(0, style.skew / 2)
    return max(-min(3.0, style.skew * 1.2), min(min(3.0, style.skew * 1.2), angle))


def _bleed(page: Image.Image, behind: Image.Image, strength: float) -> Image.Image:
    back = _soft(behind.convert("L").transpose(Image.Transpose.FLIP_LEFT_RIGHT), 1.6)
    if back.size != page.size:
        back = back.resize(page.size)
    faint = back.point(lambda v: 255 - int((255 - v) * strength)).convert("RGB")
    return ImageChops.multiply(page, faint)


def _specks(page: Image.Image, style: ScanStyle, rng: random.Random) -> Image.Image:
    count = round(style.specks * rng.uniform(0.3, 1.5))
    if not count:
        return page
    page = page.copy()
    pen = ImageDraw.Draw(page)
    for _ in range(count):
        x, y = rng.uniform(0, page.width), rng.uniform(0, page.height)
        radius = rng.uniform(0.4, 1.6) * page.width / 1654
        tone = rng.randint(30, 150)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(tone, tone, tone))
    return page


def _paper(pixels: Pixels, style: ScanStyle, rng: random.Random) -> Pixels:
    """Contrast, tint, uneven light and sensor noise."""
    height, width = pixels.shape[:2]
    ink = 255 - (255 - np.arange(256, dtype=np.float32)) * style.contrast * (
        rng.uniform(0.9, 1.1) if style.contrast != 1.0 else 1.0
    )
    channels = style.tint if pixels.ndim == 3 else (255,)
    tables = np.stack([np.clip(ink * part / 255, 0, 255) for part in channels], axis=-1).astype(np.uint8)
    pixels = cv2.LUT(pixels, tables[None] if pixels.ndim == 3 else tables[:, 0])
    if style.uneven:
        across = np.linspace(-1, 1, 64, dtype=np.float32) * rng.uniform(-1, 1)
        down = np.linspace(-1, 1, 64, dtype=np.float32) * rng.uniform(-1, 1)
        depth = style.uneven * rng.uniform(0.4, 1.0)
        light = 255 * (1 - depth * np.clip(0.5 + across[None, :] * 0.5 + down[:, None] * 0.5, 0, 1))
        shade = cv2.resize(light.astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
        if pixels.ndim == 3:
            shade = cv2.merge([shade] * 3)
        pixels = cv2.multiply(pixels, shade, scale=1 / 255)
    if style.noise:
        seed = np.random.default_rng(rng.getrandbits(32))
        tile = seed.normal(0, style.noise, (211, 307)).astype(np.int16)
        grain: Pixels = np.tile(tile, (height // 211 + 1, width // 307 + 1))[:height, :width]
        if pixels.ndim == 3:
            grain = cv2.merge([grain] * 3)
        pixels = cv2.add(pixels, grain, dtype=cv2.CV_8U)
    return pixels


def _edge(page: Image.Image, rng: random.Random) -> None:
    """The dark border of an open scanner lid, at most 4 mm wide."""
    pen = ImageDraw.Draw(page)
    thick = rng.uniform(0.006, 0.018) * page.width
    tone = rng.randint(15, 70)
    fill = tone if page.mode == "L" else (tone, tone, tone + 4)
    lean = rng.uniform(-0.4, 0.4) * thick
    w, h = page.size
    side = rng.choice(("left", "right", "bottom"))
    if side == "left":
        pen.polygon([(0, 0), (thick, 0), (max(0, thick + lean), h), (0, h)], fill=fill)
    elif side == "right":
        pen.polygon([(w, 0), (w - thick * 0.6, 0), (w - max(0.0, thick * 0.6 + lean), h), (w, h)], fill=fill)
    else:
        pen.polygon([(0, h), (0, h - thick), (w, h - max(0.0, thick + lean)), (w, h)], fill=fill)


def _holes(page: Image.Image, style: ScanStyle, rng: random.Random) -> None:
    """Punch holes at the left edge, at the top edge of a landscape sheet."""
    if not style.holes:
        return
    pen = ImageDraw.Draw(page)
    unit = min(page.size) / 210
    radius = 2.8 * unit
    inset = (8.0 + rng.uniform(-1, 1)) * unit
    for i in range(style.holes):
        along = (i - (style.holes - 1) / 2) * 80 * unit
        x, y = (inset, page.height / 2 + along) if page.height > page.width else (page.width / 2 + along, inset)
        tone = rng.randint(20, 90)
        fill = tone if page.mode == "L" else (tone, tone, tone)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def ruin(page: Image.Image, how: str, rng: random.Random) -> Image.Image:
    """A page that nobody can read: blurred, faded, nearly black, or smeared by the feeder."""
    scale = min(page.size) / 1654
    if how == "blur":
        return _soft(page, rng.uniform(7.5, 10) * scale)
    if how == "faint":
        pale = _soft(page.convert("L"), 4.5 * scale)
        return pale.point(lambda v: 255 - int((255 - v) * 0.17)).convert("RGB")
    if how == "dark":
        return _soft(page, 5.0 * scale).point(lambda v: int(v * 0.1) + 22)
    small = page.resize((page.width, max(8, page.height // 60)), Image.Resampling.BOX)
    return small.resize(page.size, Image.Resampling.BILINEAR)


def _soft(page: Image.Image, radius: float) -> Image.Image:
    return Image.fromarray(cv2.GaussianBlur(np.asarray(page), (0, 0), radius))
