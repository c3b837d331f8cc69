"""The image of a page that was read before, turned as its reading tells."""

from __future__ import annotations

import numpy as np

from archive_verify.binder import SourceFile
from archive_verify.model import PageReading, Rotation
from archive_verify.ocr.base import Pixels
from archive_verify.raster import load_sheet
from archive_verify.settings import Settings


def load_turned(
    file: SourceFile, file_page: int, reading: PageReading, settings: Settings
) -> tuple[Pixels, float]:
    """The page's pixels, upright but not deskewed, and their dpi. Raises what loading raises."""
    images = load_sheet(file, file_page, settings)
    image = next((i for i in images if i.half == reading.half), images[0])
    return turned(image.pixels, reading.rotation), image.dpi


def turned(pixels: Pixels, turn: Rotation) -> Pixels:
    """The image after a clockwise turn."""
    return np.ascontiguousarray(np.rot90(pixels, k=-turn // 90)) if turn else pixels
