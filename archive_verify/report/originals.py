"""Original pages of a binder copied into other PDFs: nothing is drawn anew, images stay as they are."""

from __future__ import annotations

import io
import zlib
from collections import Counter, OrderedDict
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageOps

from archive_verify.binder import Binder, SourceFile
from archive_verify.frames import page_frames
from archive_verify.model import Page
from archive_verify.pdf_sheet import bgr_of

_MOST_OPEN = 24  # source files held open at a time: a folder of single pages has hundreds
_MOST_COPIED = 100  # pages copied from one opened source: it keeps the data of each in memory
_A4_LONG_POINTS = 842.0
_ORIENTATION = 0x0112  # the EXIF tag
_TURNS: Mapping[int, int] = {1: 0, 3: 180, 6: 90, 8: 270}  # the others are mirrored
# What a page and its notes are left with when they are copied: what they show.
_OF_PAGES = frozenset({
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Contents", "/Group", "/UserUnit", "/Annots",
})
_SHOWN_NOTES = frozenset({
    "/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline",
    "/Squiggly", "/StrikeOut", "/Caret", "/Stamp", "/Ink", "/Widget", "/Watermark",
})
_OF_NOTES = frozenset({
    "/Type", "/Subtype", "/Rect", "/AP", "/AS", "/F", "/Contents", "/C", "/CA", "/IC", "/Border", "/BS", "/BE", "/DA",
    "/DS", "/Q", "/QuadPoints", "/InkList",
    "/L", "/LE", "/LL", "/LLE", "/CL", "/RD", "/Vertices", "/MK", "/Name", "/OC",
})
# A quarter turn clockwise brings each side to where the next one was.
_SIDES = ("left", "top", "right", "bottom")


class Originals:
    """Copies pages of a binder's sources, each held open between dossiers; a context manager.

    `workspace` is a directory of the caller's for pages made of image files, each made once.
    """

    def __init__(self, binder: Binder, pages: Mapping[int, Page], workspace: Path) -> None:
        self._binder = binder
        self._pages = pages
        self._workspace = workspace
        self._open: OrderedDict[tuple[int, int], pikepdf.Pdf] = OrderedDict()
        self._copied: Counter[tuple[int, int]] = Counter()

    def __enter__(self) -> Originals:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for source in self._open.values():
            source.close()
        self._open.clear()

    def append(self, pdf: pikepdf.Pdf, index: int) -> bool:
        """Append the page with this index, upright; False where the source page cannot be copied."""
        page = self._pages[index]
        if "failed" in page.reading.flags and self._binder.files[page.file].kind == "image":
            return False  # to be decoded, which was tried in vain
        try:
            source = self._source(page)
            number = page.file_page - 1 if self._binder.files[page.file].kind == "pdf" else 0
            pdf.pages.append(source.pages[number])
        except (OSError, ValueError, RuntimeError, SyntaxError, EOFError, pikepdf.PdfError):
            return False
        made = pdf.pages[-1]
        # What a page does when it is opened is no part of what it shows.
        _keep_only(made.obj, _OF_PAGES)
        _silence(made)
        if page.reading.half is not None:
            _show_half(made, page.reading.half, self._share(page))
        if page.reading.rotation:
            made.rotate(page.reading.rotation, relative=True)
        return True

    def release(self) -> None:
        """Close what holds much memory or was used longest ago, once the PDFs made so far were saved."""
        for key in [key for key in self._open if self._copied[key] > _MOST_COPIED]:
            self._open.pop(key).close()
            del self._copied[key]
        while len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)[1].close()

    def _source(self, page: Page) -> pikepdf.Pdf:
        file = self._binder.files[page.file]
        key = (page.file, 0) if file.kind == "pdf" else (page.file, page.file_page)
        if key in self._open:
            self._open.move_to_end(key)
        elif file.kind == "pdf":
            self._open[key] = pikepdf.open(file.path, suppress_warnings=True)
        else:
            made = self._workspace / f"image-{key[0]}-{key[1]}.pdf"
            if not made.exists():
                _image_pdf(file, page.file_page, made)
            self._open[key] = pikepdf.open(made)
        self._copied[key] += 1
        return self._open[key]

    def _share(self, page: Page) -> float:
        """Which part of the scan's width (or height) its left (or top) half takes."""
        sizes = {}
        for other in self._pages.values():
            if (other.file, other.file_page) == (page.file, page.file_page):
                reading = other.reading
                turned = reading.rotation in (90, 270)
                across, down = (reading.height, reading.width) if turned else (reading.width, reading.height)
                sizes[reading.half] = across if reading.half in ("left", "right") else down
        first = sizes.get("left", sizes.get("top", 0))
        total = sum(sizes.values())
        return first / total if len(sizes) == 2 and total else 0.5


def _silence(page: pikepdf.Page) -> None:
    """Leave of the notes on a page what they show: no scripts, programs, files or ways to other pages and addresses."""
    notes = page.obj.get("/Annots")
    if notes is None:
        return
    kept = Array()
    for note in notes if isinstance(notes, Array) else ():
        if isinstance(note, Dictionary) and str(note.get("/Subtype")) in _SHOWN_NOTES:
            _keep_only(note, _OF_NOTES)
            if note.Subtype == "/Widget":
                note.Subtype = Name.Stamp  # a form's field shows what was filled in, and is a field no more
            kept.append(note)
    page.obj.Annots = kept


def _keep_only(thing: pikepdf.Object, names: frozenset[str]) -> None:
    for name in [name for name in thing.keys() if name not in names]:  # noqa: SIM118
        del thing[name]


def _show_half(page: pikepdf.Page, half: str, share: float) -> None:
    """Narrow the page to one half of a scan of two facing pages, as a viewer shows it."""
    x0, y0, x1, y1 = (float(value) for value in page.cropbox)
    x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    turns = int(page.rotation) % 360 // 90
    side = _SIDES[(_SIDES.index(half) - turns) % 4]
    part = share if half in ("left", "top") else 1 - share
    if side == "left":
        x1 = x0 + part * (x1 - x0)
    elif side == "right":
        x0 = x1 - part * (x1 - x0)
    elif side == "top":
        y0 = y1 - part * (y1 - y0)
    else:
        y1 = y0 + part * (y1 - y0)
    page.cropbox = Array([x0, y0, x1, y1])


# --- image files ------------------------------------------------------------------------------------


def _image_pdf(file: SourceFile, file_page: int, path: Path) -> None:
    """Write a PDF of one image: JPEG as stored, all others without loss."""
    with Image.open(file.path) as image, pikepdf.new() as pdf:
        image.seek(page_frames(image)[file_page - 1])
        dpi = float(image.info.get("dpi", (0, 0))[0]), float(image.info.get("dpi", (0, 0))[1])
        turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
        if image.format == "JPEG" and image.mode in ("L", "RGB") and turn is not None:
            stream = pikepdf.Stream(pdf, file.path.read_bytes())
            stream.Filter = Name.DCTDecode
            stream.ColorSpace = Name.DeviceGray if image.mode == "L" else Name.DeviceRGB
            stream.BitsPerComponent = 8
            size = image.size
        else:
            turn = 0
            upright = ImageOps.exif_transpose(image)
            if upright.size != image.size:
                dpi = dpi[1], dpi[0]
            stream, size = _lossless(pdf, upright)
        stream.Type, stream.Subtype = Name.XObject, Name.Image
        stream.Width, stream.Height = size
        points = _points(size, dpi)
        content = f"q {points[0]:.3f} 0 0 {points[1]:.3f} 0 0 cm /Im0 Do Q".encode()
        pdf.pages.append(
            pikepdf.Page(
                Dictionary(
                    Type=Name.Page,
                    MediaBox=Array([0, 0, round(points[0], 3), round(points[1], 3)]),
                    Rotate=turn,
                    Resources=Dictionary(XObject=Dictionary(Im0=pdf.make_indirect(stream))),
                    Contents=pdf.make_stream(content),
                )
            )
        )
        pdf.save(path)


def _lossless(pdf: pikepdf.Pdf, image: Image.Image) -> tuple[pikepdf.Stream, tuple[int, int]]:
    if image.mode == "1":
        # Fax coding takes a tenth of what packed bits take; PIL writes it into pages of its own making.
        buffer = io.BytesIO()
        image.save(buffer, "PDF")
        with pikepdf.open(buffer) as page:
            stored = next(iter(page.pages[0].resources.XObject.values()))
            stream = pikepdf.Stream(pdf, stored.read_raw_bytes())
        stream.Filter = Name.CCITTFaxDecode
        stream.DecodeParms = Dictionary(K=-1, BlackIs1=True, Columns=image.width, Rows=image.height)
        stream.ColorSpace, stream.BitsPerComponent = Name.DeviceGray, 1
        return stream, image.size
    pixels = bgr_of(image)
    grey = image.mode.startswith(("L", "I", "F"))
    shown = np.ascontiguousarray(pixels[:, :, 0] if grey else pixels[:, :, ::-1])
    stream = pikepdf.Stream(pdf, zlib.compress(shown.tobytes(), 6))
    stream.Filter = Name.FlateDecode
    stream.ColorSpace = Name.DeviceGray if grey else Name.DeviceRGB
    stream.BitsPerComponent = 8
    return stream, image.size


def _points(size: tuple[int, int], dpi: tuple[float, float]) -> tuple[float, float]:
    """The page's size in points; images that tell no believable resolution are taken for A4."""
    if min(dpi) > 0 and 130 <= max(size[0] / dpi[0], size[1] / dpi[1]) * 25.4 <= 480:
        return size[0] / dpi[0] * 72, size[1] / dpi[1] * 72
    scale = _A4_LONG_POINTS / max(size)
    return size[0] * scale, size[1] * scale
