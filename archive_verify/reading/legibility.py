"""Whether what stands on a page can be read: blurred, dark, faint and streaked pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from archive_verify.model import Line, Rotation, TextSource, WaitingLine
from archive_verify.ocr.base import Engine, Pixels
from archive_verify.ocr.crops import cut, size
from archive_verify.raster import SheetImage, is_blank, is_streaked, quality, traces

SURE = 0.85                 # mean confidence of long lines from which a page stands upright
_SAMPLE = 8                 # lines read to tell writing from dirt
_SOFT = 0.25                # sharpness of a blurred page with a crisp number and dirt on it; print has 0.3 and more
_MARGIN = 0.08              # of the page's sides: holes, numbers and the dark edges of scans
_DARK = 70                  # brightness of a page too dark to read
_STRONG_TRACES = 6          # cells of smeared writing from which a page is not empty
_WEAK_TRACES = 12           # cells of faint detail from which a page is looked at for faint writing
_MANY_TRACES = 60           # cells of faint detail that no stain or crease has: a form too pale and blurred to read
_THROUGH = 0.6              # sureness from which faint writing, straight or in the mirror, is read
_LINES = 10                 # faint lines from which they are writing, though none can be read
_HOPELESS = 0.45            # median confidence under which a page full of lines is illegible
_FAINT_REST = 24            # cells of faint detail beside the title of a pale or blurred page: its text is lost
_STROKES, _ALL_STROKES = frozenset("1Il|!:;.,'川一Ⅱ/\\"), 0.8
_TITLE_ALONE = 2            # lines: a title and its second line


@dataclass(frozen=True, slots=True)
class Upright:
    """The upright, deskewed page, its lines, and those that may wait."""

    pixels: Pixels
    rotation: Rotation
    skew: float
    lines: tuple[Line, ...]
    source: TextSource
    waiting: tuple[WaitingLine, ...] = ()


def is_smeared(pixels: Pixels) -> bool:
    """Whether blurred writing lies on the page: nothing with an edge, and yet no empty paper.

    Looks for steps of light between cells of about 3 mm away from the margins. The bounds lie
    between pages blurred beyond reading (from 0.007 up) and shadows, noise and show-through.
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    long_side = max(grey.shape)
    cells = [max(20, round(100 * side / long_side)) for side in reversed(grey.shape)]
    small = cv2.resize(grey, cells, interpolation=cv2.INTER_AREA).astype(np.int16)[6:-6, 6:-6]
    steps = max(float((np.abs(np.diff(small, axis=axis)) > 15).mean()) for axis in (0, 1))
    return steps >= 0.006


def has_traces(pixels: Pixels, engine: Engine) -> bool:
    """Whether writing without clear characters lies on this side of the page.

    Strong traces do; weak ones where lines can be read, or many are found, that do not read better
    in the mirror, as what shows through from the back does. Stains and creases have few lines.
    """
    found = traces(pixels)
    if found.strong >= _STRONG_TRACES:
        return True
    if found.weak < _WEAK_TRACES:
        return False
    if is_smeared(pixels):
        return True
    firm = _firmed(pixels)
    quads = sorted(engine.detect(firm), key=lambda quad: -max(size(quad)))
    many = found.weak >= _MANY_TRACES
    if not quads:
        return many
    crops = [cut(firm, quad) for quad in quads[:_SAMPLE]]

    def tried(turn: int, mirrored: bool) -> float:
        turned = [np.ascontiguousarray(np.rot90(crop[:, ::-1] if mirrored else crop, turn)) for crop in crops]
        return sureness([(reading.text, reading.confidence) for reading in engine.recognise(turned)])

    straight, mirrored = (max(tried(turn, back) for turn in (0, 2)) for back in (False, True))
    if max(straight, mirrored) >= _THROUGH:
        return mirrored < straight + 0.05
    return many or len(quads) >= _LINES


def _firmed(pixels: Pixels) -> Pixels:
    """The page in grey with its pale ink made dark."""
    grey = cv2.medianBlur(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), 3)
    share = grey / np.maximum(cv2.GaussianBlur(grey, (0, 0), max(grey.shape) / 60), 40)
    firm = np.clip(255 - 6 * 255 * np.maximum(0.985 - share, 0), 0, 255).astype(np.uint8)
    return np.repeat(firm[:, :, None], 3, axis=2)


def sureness(texts: Sequence[tuple[str, float]]) -> float:
    """Mean confidence of (text, confidence) pairs by length; 0 where nothing tells which way is up.

    Figures do not tell: 109 upside down is 601. Nor do single characters: any blot is one.
    """
    weighted = [
        (len(text), confidence) for text, confidence in texts
        if sum(not c.isascii() and c.isalpha() for c in text) >= 2
    ]
    total = sum(length for length, _ in weighted)
    return sum(length * confidence for length, confidence in weighted) / total if total else 0.0


def is_illegible(image: SheetImage, read: Upright, engine: Engine, *, hazy: bool) -> bool:
    """Whether the page bears writing that cannot be read; `hazy` where no clear character was seen on it."""
    if _is_lost_in_full(image, read):
        return True
    return read.source == "ocr" and not _is_read(read) and (hazy or _is_lost(read, engine))


def _is_lost_in_full(image: SheetImage, read: Upright) -> bool:
    if read.source == "text_layer":
        return False
    # A number set on the ruined sheet afterwards is read well and proves nothing.
    confidences = sorted(line.confidence for line in read.lines if not _is_edge_number(line))
    median = confidences[len(confidences) // 2] if confidences else 0.0
    if len(confidences) >= 5:
        if median < _HOPELESS:
            return True
        return not _is_read(read) and (quality(image.pixels).illegible or _is_strokes(read))
    if not (quality(image.pixels).illegible or _is_blurred(image.pixels)):
        return False
    if median >= SURE:
        # a large title outlasts the blur or the dark that took the rest
        rest = _without(read, read.lines)
        clear = sum(_is_clear(line) for line in read.lines if not _is_edge_number(line))
        return clear <= _TITLE_ALONE and (
            is_smeared(rest) or _is_darkened(rest) or traces(rest).weak >= _FAINT_REST
        )
    return bool(confidences) or not _is_bare(read)


def _is_strokes(read: Upright) -> bool:
    """Whether nearly all that was read are upright strokes: what a feeder's smear leaves of print on a 1-bit copy."""
    text = "".join("".join(line.text.split()) for line in read.lines if not _is_edge_number(line))
    return sum(character in _STROKES for character in text) >= _ALL_STROKES * len(text)


def _is_read(read: Upright) -> bool:
    """Whether words were read, other than a number set on the ruined sheet afterwards."""
    own = [(line.text, line.confidence) for line in read.lines if not _is_edge_number(line)]
    return sureness(own) >= SURE


def _is_lost(read: Upright, engine: Engine) -> bool:
    """Whether smeared or faded writing is all that the page bears beside a number set on it afterwards."""
    rest = _without_numbers(read)
    if not any(not _is_edge_number(line) for line in read.lines) and is_blank(rest):
        return has_traces(rest, engine)
    return traces(rest).strong >= _STRONG_TRACES and (is_streaked(rest) or is_blank(rest))


def _is_bare(read: Upright) -> bool:
    """Whether the page bears nothing but a number."""
    rest = _without_numbers(read)
    return is_blank(rest) and traces(rest).weak < _WEAK_TRACES and not is_smeared(rest)


def _without_numbers(read: Upright) -> Pixels:
    return _without(read, filter(_is_edge_number, read.lines))


def _without(read: Upright, lines: Iterable[Line]) -> Pixels:
    """The page with these lines painted over by the paper around them."""
    rest = read.pixels.copy()
    height, width = rest.shape[:2]
    for line in lines:
        room = line.box.height * height / 2
        rows = slice(max(0, round(line.box.y0 * height - room)), round(line.box.y1 * height + room))
        columns = slice(max(0, round(line.box.x0 * width - room)), round(line.box.x1 * width + room))
        rest[rows, columns] = np.median(rest[rows, columns], axis=(0, 1))
    return rest


def _is_clear(line: Line) -> bool:
    """Whether words were read; a blot is a character to the recogniser, and often a sure one."""
    return line.confidence >= SURE and sum(not c.isascii() and c.isalpha() for c in line.text) >= 2


def _is_edge_number(line: Line) -> bool:
    return not 0.1 < line.box.centre[1] < 0.9 and any(c.isdigit() for c in line.text) and len(line.text) <= 8


def _is_darkened(pixels: Pixels) -> bool:
    """Whether writing lies on a page that is dark throughout; photographs have light parts."""
    evenly = float(np.percentile(_inner(pixels), 95)) < _DARK
    return evenly and traces(pixels).strong >= _STRONG_TRACES


def _is_blurred(pixels: Pixels) -> bool:
    """Whether soft writing is all there is on white paper; photographs, soft by nature, fill their page.

    The edges of a scan and punch holes are crisp whatever became of the page.
    """
    grey = cv2.cvtColor(pixels[::4, ::4], cv2.COLOR_BGR2GRAY)
    mostly_paper = float((grey > 0.85 * float(np.median(grey))).mean()) > 0.6
    return mostly_paper and 0 < quality(_inner(pixels)).sharpness < _SOFT and is_smeared(pixels)


def _inner(pixels: Pixels) -> Pixels:
    rows, columns = (round(_MARGIN * side) for side in pixels.shape[:2])
    return pixels[rows:-rows, columns:-columns]
