"""A PDF page -> pixels: the scanned image itself where the page is one, else the page drawn."""

from __future__ import annotations

import hashlib
import io
import math
import zlib
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pikepdf
import pypdfium2
from PIL import Image

from archive_verify.model import SourceFile
from archive_verify.pixels import Pixels, u8
from archive_verify.settings import Settings

_MOST_DPI = 300.0
_A4_LONG_MM = 297.0


def bgr_of(image: Image.Image) -> Pixels:
    """A PIL image of any mode as BGR on white paper."""
    if "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info:
        layered = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered)
    if image.mode.startswith("I") or image.mode == "F":
        deep = np.asarray(image, dtype=np.float64)
        image = Image.fromarray(u8(np.clip(deep * (255 / max(float(deep.max()), 1.0)), 0, 255)))
    if image.mode in ("1", "L"):
        return u8(cv2.cvtColor(np.asarray(image.convert("L")), cv2.COLOR_GRAY2BGR))
    return u8(cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2BGR))


@dataclass(frozen=True, slots=True)
class _Scan:
    """The one image that fills a PDF page; `dpi` across and down."""

    stream: Any
    dpi: tuple[float, float]
    turn: int
    plain: bool  # nothing else shows on the page and the image stands upright


def pdf_sheet(file: SourceFile, file_page: int, settings: Settings) -> tuple[Pixels, float]:
    with pikepdf.open(file.path, suppress_warnings=True) as pdf:
        scan = _full_page_image(pdf.pages[file_page - 1])
        if scan is not None and scan.plain:
            pixels = _embedded(scan.stream, max(scan.dpi))
            if pixels is not None:
                upright = np.rot90(pixels, -scan.turn // 90)
                # The decoder may have reduced the image while decoding.
                dpi = max(scan.dpi) * max(pixels.shape[:2]) / max(
                    int(scan.stream.Width), int(scan.stream.Height)
                )
                return u8(upright), dpi
    if scan is None:
        return _drawn(file, file_page, settings, 0.0)
    least = 0 if scan.plain else settings.reading_dpi
    return _drawn(file, file_page, settings, max(*scan.dpi, least))


def _drawn(
    file: SourceFile, file_page: int, settings: Settings, image_dpi: float
) -> tuple[Pixels, float]:
    document = pypdfium2.PdfDocument(file.path)
    try:
        page = document[file_page - 1]
        inches = max(page.get_width(), page.get_height()) / 72
        if not 0 < inches < math.inf:
            raise ValueError("a page without a size")
        # A page "of 60 inches" is a scan whose maker took pixels for points: draw it as A4.
        believable = 130 <= inches * 25.4 <= 480
        dpi = float(settings.reading_dpi)
        if image_dpi > 0:
            longest = image_dpi * inches
            dpi = min(image_dpi, _MOST_DPI) if believable else min(longest, 3600.0) / inches
        elif not believable:
            dpi = settings.reading_dpi * (_A4_LONG_MM / 25.4) / inches
        area = page.get_width() * page.get_height() * (dpi / 72) ** 2
        dpi *= min(1.0, math.sqrt(settings.max_pixels / max(area, 1.0)))
        pixels = page.render(scale=dpi / 72, may_draw_forms=True).to_numpy()
        if pixels.ndim == 2 or pixels.shape[2] == 1:
            return u8(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR)), dpi
        return u8(pixels[:, :, :3]), dpi
    finally:
        document.close()


_HARMLESS = frozenset({"q", "Q", "cm", "Do", "gs", "BDC", "BMC", "EMC", "MP", "DP", "rg", "RG", "g", "G", "n",
                       "re", "W", "W*", "w", "cs", "CS", "k", "K", "i", "ri", "j", "J", "M", "d"})
_TEXT = frozenset({"BT", "ET", "Tr", "Tf", "Td", "TD", "Tm", "T*", "Tc", "Tw", "Tz", "TL", "Ts", "Tj", "TJ", "'",
                   '"'})
_MOST_CONTENT = 4_000_000      # bytes of instructions, unpacked, that are looked through
_MOST_DRAWN = 64_000_000       # and that are drawn
_MOST_HASHED = 64_000_000      # bytes of one page that are unpacked to be hashed
_MOST_OBJECTS = 200_000        # objects that one page refers to


def _full_page_image(page: pikepdf.Page) -> _Scan | None:
    """The image that fills the page, if the page draws exactly one and it covers the page."""
    size = _content_size(page)
    if size > _MOST_DRAWN:
        raise ValueError("more instructions than any page needs")
    if size > _MOST_CONTENT:
        return None
    x0, y0, x1, y1 = (float(v) for v in page.cropbox)
    x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    unit = float(page.obj.get("/UserUnit", 1))
    matrix, stack = pikepdf.Matrix(), []
    drawn: list[tuple[Any, pikepdf.Matrix]] = []
    plain = not _shows_annotations(page)
    invisible = False
    for instruction in pikepdf.parse_content_stream(page):
        operands, op = instruction.operands, str(instruction.operator)
        if op == "q":
            stack.append(matrix)
        elif op == "Q":
            matrix = stack.pop() if stack else matrix
        elif op == "cm":
            matrix = pikepdf.Matrix(*(float(v) for v in operands)) @ matrix
        elif op == "Do":
            thing = _resource(page, "/XObject", operands)
            if thing is not None and thing.get("/Subtype") == "/Image":
                drawn.append((thing, matrix))
            else:
                plain = False
        elif op in ("W", "W*", "gs"):
            plain = plain and op == "gs" and _is_opaque(_resource(page, "/ExtGState", operands))
        elif op == "Tr":
            invisible = int(operands[0]) == 3
        elif op in ("Tj", "TJ", "'", '"'):
            plain = plain and invisible
        elif op not in _HARMLESS and op not in _TEXT:
            plain = False
    if len(drawn) != 1:
        return None
    image, m = drawn[0]
    corners = [m.transform(point) for point in ((0, 0), (1, 1))]
    left, right = sorted(float(corner[0]) for corner in corners)
    low, high = sorted(float(corner[1]) for corner in corners)
    slack_x, slack_y = 0.01 * (x1 - x0), 0.01 * (y1 - y0)
    if left > x0 + slack_x or right < x1 - slack_x or low > y0 + slack_y or high < y1 - slack_y:
        return None
    inside = left > x0 - slack_x and right < x1 + slack_x and low > y0 - slack_y and high < y1 + slack_y
    upright = m.a > 0 and m.d > 0 and abs(m.b) < 1e-3 * m.a and abs(m.c) < 1e-3 * m.d
    inches = (right - left) * unit / 72, (high - low) * unit / 72
    sides = int(image.Width), int(image.Height)
    if abs(m.a) < abs(m.b):
        sides = sides[1], sides[0]
    dpi = sides[0] / inches[0], sides[1] / inches[1]
    square = 0.98 < dpi[0] / dpi[1] < 1.02
    return _Scan(image, dpi, int(page.rotation) % 360, plain and inside and upright and square)


def _content_size(page: pikepdf.Page) -> int:
    """Bytes of the page's instructions, unpacked, counted to little more than `_MOST_DRAWN`: a scan has a line."""
    contents = page.obj.get("/Contents")
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    size = 0
    for stream in streams:
        if isinstance(stream, pikepdf.Stream) and size <= _MOST_DRAWN:
            raw = stream.read_raw_bytes()
            size += max(len(raw), len(_inflated(stream, raw, _MOST_DRAWN - size)[0]))
    return size


def _inflated(stream: pikepdf.Stream, raw: bytes, most: int) -> tuple[bytes, bool]:
    """What is simply deflated, at most one byte more than `most`, and whether its end was reached; nothing of what
    is packed otherwise or damaged.

    A megabyte may unpack to more than the machine holds, so it is unpacked no further than that.
    """
    if not _is_deflated(stream):
        return b"", False
    unpacking = zlib.decompressobj()
    try:
        return unpacking.decompress(raw, most + 1), unpacking.eof
    except zlib.error:
        return b"", False


def _is_deflated(stream: pikepdf.Stream) -> bool:
    filters = stream.get("/Filter")
    if isinstance(filters, pikepdf.Array) and len(filters) == 1:
        filters = filters[0]
    return bool(filters == "/FlateDecode") and not len(_parms(stream))


def _resource(page: pikepdf.Page, kind: str, operands: Any) -> Any:
    group: Any = page.resources.get(kind)
    return None if group is None else group.get(str(operands[0]))


def _is_opaque(state: Any) -> bool:
    if state is None:
        return False
    solid = all(float(state.get(key, 1)) == 1 for key in ("/ca", "/CA"))
    return solid and state.get("/SMask", "/None") == "/None" and state.get("/BM", "/Normal") == "/Normal"


def _shows_annotations(page: pikepdf.Page) -> bool:
    notes = page.obj.get("/Annots")
    if not isinstance(notes, pikepdf.Array):
        return False
    return any(
        isinstance(note, pikepdf.Dictionary) and note.get("/Subtype") not in ("/Link", "/Popup")
        for note in notes
    )


def _embedded(stream: Any, dpi: float) -> Pixels | None:
    """The image's own pixels where they can be had without interpretation, else None.

    JPEG of one or three channels and fax images; the renderer draws all others (JBIG2, JPEG 2000,
    CMYK, indexed, masks, Decode arrays) at the image's own resolution.
    """
    if any(name in stream for name in ("/SMask", "/Mask", "/Decode", "/ImageMask")):
        return None
    space = stream.get("/ColorSpace")
    filters = stream.get("/Filter")
    if isinstance(filters, pikepdf.Array) and len(filters) == 1:
        filters = filters[0]
    if filters == "/DCTDecode" and _channels(space) in (1, 3) and "/ColorTransform" not in _parms(stream):
        with Image.open(io.BytesIO(stream.read_raw_bytes()), formats=("JPEG",)) as image:
            if image.size != (int(stream.Width), int(stream.Height)) or image.mode not in ("L", "RGB"):
                return None
            if dpi > 2 * _MOST_DPI:
                most = _MOST_DPI / dpi
                image.draft(image.mode, (round(image.width * most), round(image.height * most)))
            return bgr_of(image)
    if filters == "/CCITTFaxDecode" and space == "/DeviceGray" and int(stream.get("/BitsPerComponent", 1)) == 1:
        return bgr_of(pikepdf.PdfImage(stream).as_pil_image())
    return None


def _channels(space: Any) -> int:
    if isinstance(space, pikepdf.Array) and len(space) > 1:
        if space[0] == "/ICCBased":
            return int(space[1].get("/N", 0))
        return {"/CalRGB": 3, "/CalGray": 1}.get(str(space[0]), 0)
    return {"/DeviceRGB": 3, "/DeviceGray": 1}.get(str(space), 0)


def _parms(stream: Any) -> Any:
    parms = stream.get("/DecodeParms")
    if isinstance(parms, pikepdf.Array):
        parms = parms[0] if len(parms) else None
    return parms if isinstance(parms, pikepdf.Dictionary) else {}


def pdf_key(file: SourceFile, file_page: int) -> str:
    """SHA-256 of all that a page shows, whatever file it stands in. Raises ValueError where that is too much."""
    digest = _Digest()
    with pikepdf.open(file.path, suppress_warnings=True) as pdf:
        page = pdf.pages[file_page - 1].obj
        for name in ("/Rotate", "/MediaBox", "/CropBox", "/Resources"):
            digest.update(name.encode())
            digest.feed(_inherited(page, name), set())
        for name in ("/UserUnit", "/Contents", "/Annots"):
            digest.update(name.encode())
            digest.feed(page.get(name), set())
    return digest.hexdigest()


def _inherited(page: Any, name: str) -> Any:
    node = page
    for _ in range(50):
        if node is None or name in node:
            break
        node = node.get("/Parent")
    return None if node is None else node.get(name)


_NOT_SHOWN = frozenset({"/Parent", "/P", "/StructParents", "/Popup", "/Length", "/Metadata", "/PieceInfo"})


class _Digest:
    """Hashes PDF objects with all they refer to, independent of object numbers and of how streams are packed."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._objects = _MOST_OBJECTS
        self._bytes = _MOST_HASHED

    def update(self, content: bytes) -> None:
        self._hash.update(content)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()

    def feed(self, thing: Any, seen: set[tuple[int, int]]) -> None:
        self._objects -= 1
        if self._objects < 0:
            raise ValueError("a page of too many objects")
        if isinstance(thing, pikepdf.Object) and thing.is_indirect:
            if thing.objgen in seen:
                return
            seen.add(thing.objgen)
        if isinstance(thing, pikepdf.Array):
            for item in thing:
                self.feed(item, seen)
        elif isinstance(thing, pikepdf.Stream):
            content, plain = self._content(thing)
            self._entries(thing, seen, without=("/Filter", "/DecodeParms") if plain else ())
            self.update(content)
        elif isinstance(thing, pikepdf.Dictionary):
            self._entries(thing, seen)
        else:
            self.update(repr(thing).encode())

    def _entries(self, thing: Any, seen: set[tuple[int, int]], without: tuple[str, ...] = ()) -> None:
        for name in sorted(str(key) for key in thing.keys()):  # noqa: SIM118
            if name not in _NOT_SHOWN and name not in without:
                self.update(name.encode())
                self.feed(thing.get(name), seen)

    def _content(self, stream: pikepdf.Stream) -> tuple[bytes, bool]:
        """An image as stored; other streams unpacked where that is little, as programs pack them anew on saving."""
        raw = stream.read_raw_bytes()
        if stream.get("/Subtype") == "/Image":
            return raw, False
        if "/Filter" not in stream:
            return raw, True
        plain, whole = _inflated(stream, raw, self._bytes)
        if whole and 0 < len(plain) <= self._bytes:
            self._bytes -= len(plain)
            return plain, True
        return raw, False
