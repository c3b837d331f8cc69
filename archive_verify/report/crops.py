"""Pictures of pages for the report: the part around a box with the box drawn in, or the whole page."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import partial
from itertools import groupby

import cv2
import numpy as np
from numpy.typing import NDArray

from archive_verify.apart import At, apart
from archive_verify.binder import Binder, SourceFile
from archive_verify.errors import ArchiveVerifyError
from archive_verify.model import Box, Page
from archive_verify.raster import SheetImage, deskew, load_sheet
from archive_verify.report.to_html import Crop, CropRequest
from archive_verify.settings import Settings

Pixels = NDArray[np.uint8]

_WIDTH = 760  # px of a crop that shows the page's whole width
_THUMBNAIL = 220  # px wide, of a whole page
_MARGIN = 0.045  # of the page's height above and below the box
_QUALITY = 60  # JPEG
_MOST = 600  # pictures of one report: keeps a hopeless binder's report openable
_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def make_crops(
    requests: Iterable[CropRequest], binder: Binder, pages: Iterable[Page], settings: Settings
) -> dict[CropRequest, Crop]:
    """Draw the pictures, loading each page once. A page that cannot be drawn is left out."""
    by_index = {page.index: page for page in pages}
    wanted = sorted(requests, key=lambda request: (request.page, request.box or ()))[:_MOST]
    crops: dict[CropRequest, Crop] = {}
    for index, group in groupby(wanted, key=lambda request: request.page):
        page = by_index.get(index)
        pixels = None if page is None else upright_pixels(binder, page, settings)
        if pixels is not None:
            for request in group:
                crops[request] = _crop(pixels, request)
    return crops


def upright_pixels(binder: Binder, page: Page, settings: Settings) -> Pixels | None:
    """The page's image, turned and deskewed as it was read: the boxes of its lines fit it.

    What could be read within the bounds of a reading process is loaded here; the rest is loaded in such a one.
    """
    file = binder.files[page.file]
    try:
        if "failed" in page.reading.flags:
            sheets = apart(
                partial(_sheets, file, page.file_page, settings), where=file.name,
                megabytes=settings.process_megabytes, seconds=settings.page_seconds,
            )  # fmt: skip
        else:
            sheets = load_sheet(file, page.file_page, settings)
    except (ArchiveVerifyError, OSError):
        return None
    sheet = next((sheet for sheet in sheets if sheet.half == page.reading.half), None)
    if sheet is None:
        return None
    pixels: Pixels = sheet.pixels
    if page.reading.rotation:
        pixels = np.asarray(cv2.rotate(pixels, _TURNS[page.reading.rotation]), dtype=np.uint8)
    return deskew(pixels, page.reading.skew_degrees) if page.reading.skew_degrees else pixels


def _sheets(file: SourceFile, file_page: int, settings: Settings, at: At) -> tuple[SheetImage, ...]:
    return load_sheet(file, file_page, settings)


def _crop(pixels: Pixels, request: CropRequest) -> Crop:
    height, width = pixels.shape[:2]
    if request.box is None:
        return _encoded(pixels, request.page, _THUMBNAIL)
    left, top, right, bottom = _pixel_box(request.box, width, height)
    thickness = max(2, round(width / 500))
    pad = 2 * thickness
    first = max(0, round(top - _MARGIN * height))
    last = min(height, round(bottom + _MARGIN * height))
    # of a huge page the strip alone is copied
    marked = pixels[first:last].copy()
    corners = (left - pad, top - pad - first), (right + pad, bottom + pad - first)
    cv2.rectangle(marked, *corners, (38, 38, 210), thickness)
    return _encoded(marked, request.page, _WIDTH)


def _pixel_box(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    return round(box.x0 * width), round(box.y0 * height), round(box.x1 * width), round(box.y1 * height)


def _encoded(pixels: Pixels, page: int, width: int) -> Crop:
    scale = width / pixels.shape[1]
    height = max(1, round(pixels.shape[0] * scale))
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    uri = "data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode("ascii")
    return Crop(page=page, uri=uri, width=width, height=height)
