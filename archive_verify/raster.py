"""A sheet of the binder -> its page images, upright as a viewer shows them."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from typing import Literal

import cv2
from PIL import Image, ImageOps

from archive_verify.errors import SheetUnreadable
from archive_verify.facing import find_parting
from archive_verify.frames import page_frames
from archive_verify.inked import Inked, ink_map, inked_of
from archive_verify.inkmap import ink, ink_grid
from archive_verify.model import SourceFile
from archive_verify.pdf_sheet import bgr_of, pdf_key, pdf_sheet
from archive_verify.pixels import (
    Pixels,
    Quality,
    fingerprint,
    is_blank,
    is_colour,
    is_negative,
    is_streaked,
    quality,
    red_mask,
    resized,
    shrunk,
    traces,
    u8,
)
from archive_verify.ruled import rulings
from archive_verify.settings import Settings
from archive_verify.skew import deskew, estimate_skew

__all__ = [
    "Inked", "Pixels", "Quality", "SheetImage", "deskew", "estimate_skew", "fingerprint", "ink", "ink_grid", "ink_map",
    "inked_of", "is_blank", "is_colour", "is_streaked", "load_sheet", "quality", "red_mask", "rulings", "sheet_key",
    "shrunk", "traces",
]

Half = Literal["left", "right", "top", "bottom"]

_MOST_DPI = 300.0
_A4_LONG_INCHES = 297 / 25.4


@dataclass(frozen=True, slots=True)
class SheetImage:
    """One page image: `pixels` HxWx3 BGR as a viewer shows it, `dpi` of these pixels (estimated
    from A4 paper where `dpi_stated` is false), `half` of a scan that held two facing pages, as the
    file shows it (top and bottom where it lies sideways)."""

    pixels: Pixels
    dpi: float
    half: Half | None = None
    dpi_stated: bool = True


def load_sheet(file: SourceFile, file_page: int, settings: Settings) -> tuple[SheetImage, ...]:
    """Load one sheet; two images for an A3 scan of two facing A4 pages, left or top first, else one.

    Pages of more than 300 dpi are reduced to that; white print on black is shown black on white.

    Raises:
        SheetUnreadable: the page cannot be decoded.
        MemoryError: it would take more memory than the process may hold.
    """
    try:
        return _loaded(file, file_page, settings)
    except MemoryError:
        raise
    except Exception as error:  # the boundary of three decoders, each with errors of its own
        if isinstance(error, cv2.error) and error.code == cv2.Error.StsNoMem:
            raise MemoryError from error
        raise SheetUnreadable(
            "页面图像无法解码", where=f"{file.name} 第 {file_page} 页", advice="请重新扫描这一页"
        ) from error


def _loaded(file: SourceFile, file_page: int, settings: Settings) -> tuple[SheetImage, ...]:
    pixels, dpi = (
        pdf_sheet(file, file_page, settings) if file.kind == "pdf" else _image_sheet(file, file_page)
    )
    if is_negative(pixels):
        pixels = u8(255 - pixels)
    stated = _is_plausible(pixels, dpi)
    if not stated:
        dpi = max(pixels.shape[:2]) / _A4_LONG_INCHES
    if dpi > _MOST_DPI * 1.03:
        pixels, dpi = resized(pixels, _MOST_DPI / dpi), _MOST_DPI
    parting = find_parting(pixels, dpi if stated else 0.0)
    if parting is None:
        return (SheetImage(pixels, dpi, dpi_stated=stated),)
    if not stated:
        dpi = min(pixels.shape[:2]) / _A4_LONG_INCHES
    at = parting.at
    if parting.sideways:
        top, bottom = u8(pixels[:at]), u8(pixels[at:])
        return SheetImage(top, dpi, "top", stated), SheetImage(bottom, dpi, "bottom", stated)
    left, right = u8(pixels[:, :at]), u8(pixels[:, at:])
    return SheetImage(left, dpi, "left", stated), SheetImage(right, dpi, "right", stated)


def _is_plausible(pixels: Pixels, dpi: float) -> bool:
    """Whether the dpi makes a sheet between A6 and A3 of it; phones and PDF makers often lie."""
    if dpi <= 0:
        return False
    return 130 <= float(max(pixels.shape[:2])) / dpi * 25.4 <= 480


# --- image files ----------------------------------------------------------------------------------


def _image_sheet(file: SourceFile, file_page: int) -> tuple[Pixels, float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(file.path) as image:
            image.seek(page_frames(image)[file_page - 1])
            across, down = (float(value) for value in image.info.get("dpi", (0, 0)))
            upright = ImageOps.exif_transpose(image)
            if upright.size != image.size and upright.size == image.size[::-1]:
                across, down = down, across
            pixels = bgr_of(upright)
    if across > 0 and down > 0 and not 0.97 < across / down < 1.03:
        # Fax pages have other pixels per inch across than down.
        dpi = max(across, down)
        size = (round(pixels.shape[1] * dpi / across), round(pixels.shape[0] * dpi / down))
        return u8(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR)), dpi
    return pixels, across


# --- identity -------------------------------------------------------------------------------------


def sheet_key(file: SourceFile, file_page: int) -> str:
    """SHA-256 of the page's own content: the same PDF page in another file has the same key."""
    if file.kind == "pdf":
        return pdf_key(file, file_page)
    return hashlib.sha256(f"{file.sha256}:{file_page}".encode()).hexdigest()
