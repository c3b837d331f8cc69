"""A sheet of the binder -> page images, and what can be told from the pixels alone."""

from __future__ import annotations

import base64
import hashlib
import math
import warnings
import zlib
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
import pikepdf
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageOps

from archive_verify.binder import SourceFile, page_frames
from archive_verify.model import Box, InkMap, Ruling
from archive_verify.settings import Settings

Pixels = NDArray[np.uint8]
Half = Literal["left", "right"]

_MAX_DPI = 300.0
_A4_LONG_INCHES = 297 / 25.4


@dataclass(frozen=True, slots=True)
class SheetImage:
    """One page image: `pixels` HxWx3 BGR as a viewer shows it, `dpi` of these pixels (estimated
    from A4 paper where `dpi_stated` is false), `half` of a scan that held two facing pages."""

    pixels: Pixels
    dpi: float
    half: Half | None = None
    dpi_stated: bool = True


def load_sheet(file: SourceFile, file_page: int, settings: Settings) -> tuple[SheetImage, ...]:
    """Load one sheet; two images for an A3 scan of two facing A4 pages, else one.

    Raises:
        ValueError, OSError, RuntimeError: the page cannot be decoded.
    """
    if file.kind == "pdf":
        pixels, dpi = _pdf_sheet(file, file_page, settings)
    else:
        pixels, dpi = _image_sheet(file, file_page)
    stated = _plausible(pixels, dpi)
    if not stated:
        dpi = max(pixels.shape[:2]) / _A4_LONG_INCHES
    if dpi > _MAX_DPI * 1.03:
        factor = _MAX_DPI / dpi
        pixels = _resized(pixels, factor)
        dpi = _MAX_DPI
    return (SheetImage(pixels=pixels, dpi=dpi, dpi_stated=stated),)


def _plausible(pixels: Pixels, dpi: float) -> bool:
    """Whether the dpi makes a sheet between A6 and A2 of it; phones and PDF makers often lie."""
    if dpi <= 0:
        return False
    long_side = float(max(pixels.shape[:2])) / dpi * 25.4
    return 130 <= long_side <= 620


def _resized(pixels: Pixels, factor: float) -> Pixels:
    interpolation = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return _u8(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=interpolation))


def _u8(array: Any) -> Pixels:
    return np.ascontiguousarray(array, dtype=np.uint8)


def _image_sheet(file: SourceFile, file_page: int) -> tuple[Pixels, float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(file.path) as image:
            image.seek(page_frames(image)[file_page - 1])
            dpi = image.info.get("dpi", (0, 0))
            upright = ImageOps.exif_transpose(image)
            return _bgr(upright), float(min(dpi) or max(dpi))


def _bgr(image: Image.Image) -> Pixels:
    """PIL image of any mode to BGR on white paper."""
    if image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        image = Image.alpha_composite(paper, layered)
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        grey = np.asarray(image, dtype=np.float64)
        image = Image.fromarray(np.clip(grey / max(grey.max() / 255, 1), 0, 255).astype(np.uint8))
    if image.mode in ("1", "L"):
        return _u8(cv2.cvtColor(np.asarray(image.convert("L")), cv2.COLOR_GRAY2BGR))
    return _u8(cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2BGR))


def _pdf_sheet(file: SourceFile, file_page: int, settings: Settings) -> tuple[Pixels, float]:
    document = pypdfium2.PdfDocument(file.path)
    try:
        page = document[file_page - 1]
        width, height = page.get_size()
        dpi = float(settings.reading_dpi)
        scale = dpi / 72
        most = math.sqrt(settings.max_pixels / max(width * height * scale * scale, 1))
        if most < 1:
            scale, dpi = scale * most, dpi * most
        bitmap = page.render(scale=scale, rev_byteorder=False)
        pixels = bitmap.to_numpy()
        if pixels.ndim == 2 or pixels.shape[2] == 1:
            return _u8(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR)), dpi
        return _u8(pixels[:, :, :3]), dpi
    finally:
        document.close()


def sheet_key(file: SourceFile, file_page: int) -> str:
    """SHA-256 of the page's own content: the same page in another file has the same key."""
    digest = hashlib.sha256()
    if file.kind == "image":
        digest.update(f"{file.sha256}:{file_page}".encode())
        return digest.hexdigest()
    with pikepdf.open(file.path, suppress_warnings=True) as pdf:
        page = pdf.pages[file_page - 1]
        for name in ("/Rotate", "/MediaBox", "/CropBox", "/UserUnit"):
            digest.update(repr(_inherited(page.obj, name)).encode())
        _feed(digest, page.obj.get("/Contents"), set())
        _feed(digest, _inherited(page.obj, "/Resources"), set())
    return digest.hexdigest()


def _inherited(page: Any, name: str) -> Any:
    node = page
    for _ in range(50):
        if node is None:
            return None
        if name in node:
            return node[name]
        node = node.get("/Parent")
    return None


def _feed(digest: Any, thing: Any, seen: set[tuple[int, int]]) -> None:
    if not isinstance(thing, pikepdf.Object):
        digest.update(repr(thing).encode())
        return
    if thing.is_indirect:
        if thing.objgen in seen:
            return
        seen.add(thing.objgen)
    if isinstance(thing, pikepdf.Stream):
        digest.update(thing.read_raw_bytes())
    if isinstance(thing, pikepdf.Array):
        for item in thing:
            _feed(digest, item, seen)
    elif isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        for name in sorted(thing.keys()):
            if name not in ("/Parent", "/StructParents"):
                digest.update(name.encode())
                _feed(digest, thing.get(name), seen)
    else:
        digest.update(repr(thing).encode())


# --- geometry ---------------------------------------------------------------------------------


def estimate_skew(pixels: Pixels) -> float:
    """Degrees by which the content is turned clockwise, within +-5; 0 where it cannot be told."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    factor = 1000 / max(grey.shape)
    small = _resized(_u8(grey), min(factor, 1.0))
    ink = _ink(small)
    if ink.mean() / 255 < 0.001:
        return 0.0
    best = 0.0
    for step, reach in ((0.5, 5.0), (0.1, 0.5)):
        angles = np.arange(best - reach, best + reach + step / 2, step)
        scores = [_profile_score(ink, float(angle)) for angle in angles]
        best = float(angles[int(np.argmax(scores))])
    return round(best, 2)


def _profile_score(ink: Pixels, degrees: float) -> float:
    sums = _turned(ink, degrees, 0).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(sums)).sum())


def _turned(image: Pixels, degrees: float, border: int) -> Pixels:
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    value = (border,) * 3
    return _u8(cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=value))


def deskew(pixels: Pixels, degrees: float) -> Pixels:
    """Turn the page back by what estimate_skew found; the size stays, corners are filled white."""
    return pixels if abs(degrees) < 0.05 else _turned(pixels, degrees, 255)


def _ink(grey: Pixels) -> Pixels:
    """Ink as 255 against uneven light: darker than the paper around it by a fixed contrast."""
    size = max(15, (max(grey.shape) // 40) | 1)
    paper = cv2.medianBlur(cv2.dilate(grey, np.ones((5, 5), np.uint8)), min(size, 255))
    return _u8(np.where(paper.astype(np.int16) - grey > 40, 255, 0))


# --- what the pixels tell ------------------------------------------------------------------------


def is_blank(pixels: Pixels) -> bool:
    """Whether the page carries nothing: noise, holes and dark scan edges are nothing."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    factor = 1000 / max(grey.shape)
    ink = _ink(_resized(_u8(grey), min(factor, 1.0)))
    height, width = ink.shape
    inner = ink[int(height * 0.02) : int(height * 0.98), int(width * 0.02) : int(width * 0.98)]
    count, _, stats, _ = cv2.connectedComponentsWithStats(inner, connectivity=8)
    return not any(stats[i, cv2.CC_STAT_AREA] >= 12 for i in range(1, count))


@dataclass(frozen=True, slots=True)
class Quality:
    """`sharpness` 0 to 1 (edge steepness at ink borders), `contrast` 0 to 1 (paper minus ink),
    `illegible` where no reading can be expected."""

    sharpness: float
    contrast: float
    illegible: bool


def quality(pixels: Pixels) -> Quality:
    """Measure how well the page can be read."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    low, high = (float(v) for v in np.percentile(grey, (0.5, 90)))
    contrast = (high - low) / 255
    edges = np.abs(cv2.Laplacian(grey, cv2.CV_32F))
    sharpness = float(min(1.0, np.percentile(edges, 99.5) / 255))
    return Quality(sharpness=sharpness, contrast=contrast, illegible=contrast < 0.12 or high < 60)


def is_colour(pixels: Pixels) -> bool:
    """Whether the scan carries colour, so that a red seal would show red."""
    small = cv2.resize(pixels, (400, 400), interpolation=cv2.INTER_AREA).astype(np.int16)
    spread = small.max(axis=2) - small.min(axis=2)
    return bool((spread > 40).mean() > 0.0002)


_INK_CELLS = 192


def ink_map(pixels: Pixels) -> InkMap:
    """Dark and red ink per cell of a grid with 192 cells on the long side (about 1.5 mm)."""
    height, width = pixels.shape[:2]
    rows = max(1, round(_INK_CELLS * height / max(height, width)))
    cols = max(1, round(_INK_CELLS * width / max(height, width)))
    red = red_mask(pixels)
    dark = np.where(red > 0, 0, _ink(_u8(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))))
    return InkMap(rows=rows, cols=cols, dark=_packed(dark, rows, cols), red=_packed(red, rows, cols))


def _packed(mask: Any, rows: int, cols: int) -> str:
    cells = cv2.resize(_u8(mask), (cols, rows), interpolation=cv2.INTER_AREA)
    return base64.b64encode(zlib.compress(_u8(cells).tobytes(), 6)).decode("ascii")


def ink_grid(ink_map: InkMap, colour: Literal["dark", "red"] = "dark") -> Pixels:
    """The map's cells as a rows x cols array, 0 to 255."""
    packed = ink_map.dark if colour == "dark" else ink_map.red
    raw = zlib.decompress(base64.b64decode(packed))
    return np.frombuffer(raw, np.uint8).reshape(ink_map.rows, ink_map.cols)


def ink(ink_map: InkMap, box: Box, colour: Literal["dark", "red"] = "dark") -> float:
    """Share of the box, 0 to 1, that is covered by ink; cells count by how much the box covers."""
    grid = ink_grid(ink_map, colour)
    rows = _cover(box.y0, box.y1, ink_map.rows)
    cols = _cover(box.x0, box.x1, ink_map.cols)
    weight = float(rows.sum() * cols.sum())
    return float(rows @ grid.astype(np.float64) @ cols) / 255 / weight if weight > 0 else 0.0


def _cover(start: float, end: float, cells: int) -> NDArray[np.float64]:
    edges = np.arange(cells + 1, dtype=np.float64)
    low = np.maximum(edges[:-1], start * cells)
    high = np.minimum(edges[1:], end * cells)
    return np.asarray(np.maximum(high - low, 0.0), dtype=np.float64)


def red_mask(pixels: Pixels) -> Pixels:
    """255 where the pixel is red ink (seals, fingerprints, red print), also faint or over black."""
    b, g, r = (pixels[:, :, i].astype(np.int16) for i in range(3))
    red = (r - np.maximum(g, b) > 30) & (r > 70)
    return _u8(np.where(red, 255, 0))


def fingerprint(pixels: Pixels) -> str:
    """256-bit perceptual hash (hex) of the page's coarse look; Hamming distance tells likeness."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (64, 64), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:16, :16].ravel()
    bits = low > np.median(low[1:])
    return np.packbits(bits).tobytes().hex()


def rulings(pixels: Pixels) -> tuple[Ruling, ...]:
    """Straight ruling lines as thin boxes, horizontal ones first, each group in reading order."""
    height, width = pixels.shape[:2]
    ink = _ink(_u8(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)))
    found = [*_lines(ink, True, width, height), *_lines(ink, False, width, height)]
    return tuple(found)


def _lines(ink: Pixels, horizontal: bool, width: int, height: int) -> list[Ruling]:
    least = max(30, max(width, height) // 40)
    shape = (least, 1) if horizontal else (1, least)
    opened = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, shape))
    bridge = (least // 2, 3) if horizontal else (3, least // 2)
    joined = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, bridge))
    count, _, stats, _ = cv2.connectedComponentsWithStats(_u8(joined), connectivity=8)
    boxes = []
    for i in range(1, count):
        x, y, w, h = (int(v) for v in stats[i, :4])
        if (w > 8 * h) if horizontal else (h > 8 * w):
            box = Box(x / width, y / height, (x + w) / width, (y + h) / height)
            boxes.append(Ruling(box=box, horizontal=horizontal))
    boxes.sort(key=lambda r: (r.box.y0, r.box.x0) if horizontal else (r.box.x0, r.box.y0))
    return boxes
