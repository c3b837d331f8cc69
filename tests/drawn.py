"""Pages drawn for tests: text in a system font at known places, as BGR pixels."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
)
FONT = next((name for name in _FONTS if Path(name).is_file()), _FONTS[0])


def draw_page(
    texts: Iterable[tuple[float, float, str, float]], *, dpi: int = 200, size_mm: tuple[float, float] = (210, 297),
    rulings: Iterable[tuple[float, float, float, float]] = (), font: str = FONT, index: int = 2,
) -> NDArray[np.uint8]:
    """A white page with `(x, y, text, size in points)`; places and rulings are in millimetres.

    `index` picks the simplified Chinese face of a Noto collection.
    """
    scale = dpi / 25.4
    image = Image.new("L", (round(size_mm[0] * scale), round(size_mm[1] * scale)), 255)
    draw = ImageDraw.Draw(image)
    for x0, y0, x1, y1 in rulings:
        draw.line([v * scale for v in (x0, y0, x1, y1)], fill=0, width=max(1, dpi // 100))
    for x, y, text, points in texts:
        face = ImageFont.truetype(font, round(points * dpi / 72), index=index if "Noto" in font else 0)
        draw.text((x * scale, y * scale), text, fill=20, font=face)
    return cv2.cvtColor(np.asarray(image), cv2.COLOR_GRAY2BGR).astype(np.uint8)
