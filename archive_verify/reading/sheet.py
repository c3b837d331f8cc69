"""One sheet, from its file to all that can be read from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from archive_verify.binder import SourceFile
from archive_verify.marks import find_marks
from archive_verify.model import Corner, Line, PageFlag, PageReading, Rotation, WaitingLine
from archive_verify.ocr.base import Engine, Pixels, Quad
from archive_verify.ocr.crops import (
    Matrix,
    box_of,
    centres_in,
    cut,
    levelled,
    moved,
    quad_of,
    reading_order,
    size,
    slope,
    turning,
)
from archive_verify.ocr.text_layer import TextLayer, read_text_layer
from archive_verify.raster import (
    SheetImage,
    deskew,
    estimate_skew,
    fingerprint,
    ink_map,
    inked_of,
    is_blank,
    load_sheet,
    quality,
    rulings,
    shrunk,
)
from archive_verify.reading.corners import read_corners
from archive_verify.reading.legibility import SURE, Upright, has_traces, is_illegible, sureness
from archive_verify.reading.missed import read_missed
from archive_verify.reading.need import can_wait, part, read_waiting
from archive_verify.reading.sealed import read_sealed
from archive_verify.reading.signs import read_signs
from archive_verify.reading.stacked import part_stacked
from archive_verify.reading.tones import is_halftone
from archive_verify.reading.upright import turned
from archive_verify.settings import Settings

_LEAST_SURE = 0.5           # mean confidence under which a turn tells nothing: the page is lost either way
_SAMPLE = 8                 # lines read to compare two turns
_LAYER_SAMPLE = 5           # lines compared between text layer and image
_LAYER_AGREES = 0.6         # share of characters that must agree
_IMAGES_MATTER = 0.06       # share of the page from which images may hold text of their own
_ENOUGH_LINES = 10          # lines from which ink's profile tells how the page leans; a few words do not
_NEAR = 0.7                 # degrees by which what lines and profile say may differ
_LEVEL = 0.05               # degrees that are no skew


def read_sheet(file: SourceFile, file_page: int, settings: Settings, engine: Engine) -> tuple[PageReading, ...]:
    """Read one sheet: one page, or the two of a scan of facing pages in the order they are read.

    What no rule asks for waits, unless Settings.full_text says otherwise. Raises what loading raises
    (ValueError, OSError, RuntimeError and the libraries' own errors).
    """
    images = load_sheet(file, file_page, settings)
    layer = _layer(file, file_page) if len(images) == 1 else None
    pages = [read_page(image, engine, layer) for image in images]
    if settings.full_text:
        pages = [
            read_waiting(turned(image.pixels, page.rotation), page, engine)
            for image, page in zip(images, pages, strict=True)
        ]
    return in_page_order(tuple(pages))


def in_page_order(halves: tuple[PageReading, ...]) -> tuple[PageReading, ...]:
    """The halves of a scan of facing pages, first page first: the scan may lie on its side or its head.

    A half is the first page where its turn brings it to the left; a form bound sideways among
    upright pages tells nothing. An empty half is turned as the other.
    """
    if len(halves) != 2:
        return halves
    told = [half for half in halves if half.lines and not half.flags & {"blank", "illegible"}]
    sideways = halves[0].half == "top"
    last_first: Rotation = 90 if sideways else 180
    first_first: Rotation = 270 if sideways else 0
    swap = sum(_written(half) for half in told if half.rotation == last_first) > sum(
        _written(half) for half in told if half.rotation == first_first
    )
    turn = last_first if swap else first_first
    if any(half.rotation == turn for half in told):
        halves = tuple(_turned_blank(half, turn) if "blank" in half.flags else half for half in halves)
    return halves[::-1] if swap else halves


def _written(page: PageReading) -> float:
    return sum(len(line.text) * line.confidence for line in page.lines)


def _turned_blank(page: PageReading, turn: Rotation) -> PageReading:
    """The empty page after a turn; its ink and look are dirt, and stay as they are."""
    size = (page.width, page.height) if turn in (0, 180) else (page.height, page.width)
    return page.model_copy(update={"rotation": turn, "width": size[0], "height": size[1]})


def read_page(image: SheetImage, engine: Engine, layer: TextLayer | None = None) -> PageReading:
    """Read one page image: upright turn, skew, lines, corners, rulings, marks, ink, flags."""
    # a page without one clear character is empty, or what stood on it is lost
    hazy = is_blank(image.pixels)
    if hazy and not has_traces(image.pixels, engine):
        return _described(image, Upright(image.pixels, 0, 0.0, (), "none"), (), frozenset({"blank"}), engine)
    if layer is not None and believable(layer, image.pixels, engine):
        read = Upright(image.pixels, 0, 0.0, layer.lines, "text_layer")
    else:
        read = _by_ocr(image.pixels, engine)
        known = [line.box for line in read.waiting]
        read = replace(read, lines=read_missed(read.pixels, read.lines, engine, known))
    corners = read_corners(
        read.pixels, read.lines, engine, dpi=image.dpi, sheet_turns=_sheet_turns(read.pixels, read.rotation)
    )
    flags: set[PageFlag] = set()
    if read.rotation:
        flags.add("rotated")
    if is_illegible(image, read, engine, hazy=hazy):
        flags.add("illegible")
    return _described(image, read, corners, frozenset(flags), engine)


def _described(
    image: SheetImage, read: Upright, corners: tuple[Corner, ...], flags: frozenset[PageFlag], engine: Engine
) -> PageReading:
    blank = "blank" in flags
    pixels, lines = read.pixels, read.lines
    # what follows looks at the page as a whole and needs no more pixels
    small = shrunk(pixels)
    inked = inked_of(small)
    ruled = () if blank else rulings(pixels)
    # print accounts for the ink of a line that waits, as for that of one that is read
    print_ = [*lines, *(Line(text="", box=line.box, confidence=1.0) for line in read.waiting)]
    marks = () if blank else find_marks(
        small, print_, image.dpi * small.shape[0] / pixels.shape[0], ruled, inked)
    if read.source == "ocr":
        lines, marks = read_sealed(pixels, lines, marks, engine)
    return PageReading(
        width=pixels.shape[1], height=pixels.shape[0], dpi=round(image.dpi, 1) if image.dpi_stated else 0.0,
        text_source=read.source, rotation=read.rotation, skew_degrees=round(read.skew, 2), half=image.half,
        flags=flags, lines=lines, waiting=read.waiting, corners=corners,
        signs=read_signs(pixels, lines, ruled, marks, engine), rulings=ruled, marks=marks,
        ink=ink_map(small, inked), fingerprint=fingerprint(small), colour=inked.colour,
        # A page drawn from its text has whatever there is to see.
        halftone=read.source == "text_layer" or is_halftone(image.pixels),
        sharpness=round(quality(small).sharpness, 4),
    )


# --- the text layer ------------------------------------------------------------------------------


def _layer(file: SourceFile, file_page: int) -> TextLayer | None:
    if file.kind != "pdf":
        return None
    try:
        return read_text_layer(file.path, file_page)
    except Exception:  # pdfminer raises anything at all on damaged pages; the image is still there
        return None


def believable(layer: TextLayer, pixels: Pixels, engine: Engine) -> bool:
    """Whether the text layer may stand for the page image.

    Not where its characters are no text, where one image fills the page (a scan with hidden text),
    where a few lines read from the image differ, or where images hold further text.
    """
    if layer.garbage or layer.scan or not layer.lines:
        return False
    height, width = pixels.shape[:2]
    longest = sorted(layer.lines, key=lambda line: -len(line.text))
    step = max(1, len(longest) // (2 * _LAYER_SAMPLE))
    sample = [line for line in longest[::step] if line.box.width * width >= 8][:_LAYER_SAMPLE]
    readings = engine.recognise([cut(pixels, quad_of(line.box, width, height)) for line in sample])
    pairs = [(_bare(line.text), _bare(reading.text)) for line, reading in zip(sample, readings, strict=True)]
    alike = [Levenshtein.normalized_similarity(written, seen) for written, seen in pairs]
    if not alike or sum(alike) / len(alike) < _LAYER_AGREES:
        return False
    if layer.image_share < _IMAGES_MATTER:
        return True
    boxes = [box_of(quad, width, height) for quad in engine.detect(pixels)]
    unknown = [box for box in boxes if not any(box.overlap(line.box) > 0 for line in layer.lines)]
    return len(unknown) < 4


def _bare(text: str) -> str:
    return "".join(text.split()).lower()


# --- reading the image -----------------------------------------------------------------------------


def _by_ocr(pixels: Pixels, engine: Engine) -> Upright:
    """Find the turn in which the page reads best and read it so."""
    views = _Views(pixels, engine)
    sideways = is_sideways(views.quads(0))
    first: Rotation = 90 if sideways else 0
    best = _turned_read(views, first)
    # a tall crop is read as the line it shows lying on its side, whatever way the page is turned
    level = [(line.text, line.confidence) for line in best.lines if not line.vertical]
    if sureness(level) >= SURE:
        return best
    others: tuple[Rotation, ...] = (270, 0, 180) if sideways else (180, 90, 270)
    turn, best_score = first, _sample_score(views, first)
    for other in others:
        if best_score >= SURE:
            break
        score = _sample_score(views, other)
        if score > max(best_score + 0.05, _LEAST_SURE):
            turn, best_score = other, score
    return best if turn == first else _turned_read(views, turn)


class _Views:
    """A page in its turns, each with its lines detected once."""

    def __init__(self, pixels: Pixels, engine: Engine) -> None:
        self.engine = engine
        self._pixels = pixels
        self._quads: dict[Rotation, tuple[Quad, ...]] = {}

    def turned(self, turn: Rotation) -> Pixels:
        return turned(self._pixels, turn)

    def quads(self, turn: Rotation) -> tuple[Quad, ...]:
        if turn not in self._quads:
            self._quads[turn] = self.engine.detect(self.turned(turn))
        return self._quads[turn]


def is_sideways(quads: Sequence[Quad]) -> bool:
    """Whether most of the text runs from top to bottom.

    Lines count by the square of their length: the ones and strokes that fill the cells of an
    attendance sheet are tall, whatever way it lies, but short.
    """
    wide = tall = 0.0
    for quad in quads:
        width, height = size(quad)
        if width > 1.5 * height:
            wide += width * width
        elif height > 1.5 * width:
            tall += height * height
    return tall > 1.2 * wide


def _turned_read(views: _Views, turn: Rotation) -> Upright:
    page, found = views.turned(turn), views.quads(turn)
    skew = _skew(page, found)
    height, width = page.shape[:2]
    matrix = turning(width, height, skew)
    level = levelled(found, skew)
    now, probes, waiting = part(level, height)
    lines = _lines(page, [level[index] for index in now], matrix, views.engine)
    if probes and can_wait(lines):
        waiting = sorted([*probes, *waiting])
    elif probes:
        lines += _lines(page, [level[index] for index in probes], matrix, views.engine)
        if not can_wait(lines):
            lines += _lines(page, [level[index] for index in waiting], matrix, views.engine)
            waiting = []
    late = tuple(
        WaitingLine(
            box=box_of(moved(level[index], matrix), width, height),
            quad=tuple(round(float(value), 2) for value in level[index].ravel()),
        )
        for index in waiting
    )
    return Upright(deskew(page, skew), turn, skew, reading_order(lines), "ocr", late)


def _lines(page: Pixels, quads: Sequence[Quad], matrix: Matrix, engine: Engine) -> list[Line]:
    """What is read in places of a turned page; `matrix` is what deskews it."""
    height, width = page.shape[:2]
    read = engine.recognise([cut(page, quad) for quad in quads])
    lines = []
    for quad, reading in zip(*part_stacked(page, quads, read, engine), strict=True):
        if reading.text.strip():
            columns, rows = size(quad)
            lines.append(Line(
                text=reading.text, box=box_of(moved(quad, matrix), width, height),
                confidence=reading.confidence, vertical=rows >= 2 * columns and len(reading.text) > 1,
                centres=centres_in(quad, reading.centres), lattice=reading.lattice,
            ))
    return lines


def _skew(pixels: Pixels, quads: Sequence[Quad]) -> float:
    """Degrees by which the page's lines fall to the right.

    Quadrangles are found on a shrunken page: those of a table's short words lean by steps of half a
    degree or not at all. The ink's own profile settles the rest, where there is enough to go by.
    """
    leaning = slope(quads)
    if len(quads) < _ENOUGH_LINES:
        return leaning if leaning is not None and abs(leaning) >= _LEVEL else 0.0
    exact = estimate_skew(pixels)
    near = exact is not None and (leaning is None or abs(exact - leaning) < _NEAR)
    skew = exact if exact is not None and near else leaning or 0.0
    return skew if abs(skew) >= _LEVEL else 0.0


def _sample_score(views: _Views, turn: Rotation) -> float:
    """How surely a few long lines are read after a turn."""
    long = [quad for quad in views.quads(turn) if size(quad)[0] > 1.5 * size(quad)[1]]
    if not long:
        return 0.0
    long.sort(key=lambda quad: -size(quad)[0])
    page = views.turned(turn)
    readings = views.engine.recognise([cut(page, quad) for quad in long[:_SAMPLE]])
    return sureness([(reading.text, reading.confidence) for reading in readings])


def _sheet_turns(upright: Pixels, rotation: Rotation) -> tuple[Rotation, ...]:
    """Turns in which a landscape form's sheet may be bound: as it was scanned first, else both."""
    height, width = upright.shape[:2]
    if width <= height:
        return ()
    if rotation == 90:
        return (270, 90)
    return (90, 270)
