"""Born-digital PDF pages: text lines from the text layer, and whether that layer can be believed."""

from __future__ import annotations

import io
import itertools
import logging
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber
import pikepdf
import pypdfium2

from archive_verify.model import Box, Line
from archive_verify.unseen import cleared

# A gap wider than this (in character heights) parts two lines, a smaller one over _SPACE is a space.
_GAP, _SPACE = 1.6, 0.35
_SCAN_SHARE = 0.85          # a page image from this share of the page on is a scan
_LEAST_CHARACTERS = 4
# It warns of every font without a bounding box, which is most of them.
logging.getLogger("pdfminer").setLevel(logging.ERROR)
# Browsers write many characters as the radical that looks the same. Unicode folds only the Kangxi
# radicals and two of the supplement by itself.
_RADICALS: dict[int, int | str] = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in (*range(0x2F00, 0x2FD6), 0x2E9F, 0x2EF3)},
    **str.maketrans("⻁⺠⻄⻓⻔⻅⻆⻉⻋⻘⻙⻚⻛", "虎民西长门见角贝车青韦页风"),
    **str.maketrans("⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰", "飞食马骨鬼鱼鸟卤麦黄齐齿龙"),
}


@dataclass(frozen=True, slots=True)
class TextLayer:
    """What the text layer of a page says.

    `lines` in reading order; `garbage` where the characters cannot be text; `image_share` the part
    of the page, 0 to 1, that images cover; `scan` where one image covers nearly all of it.
    """

    lines: tuple[Line, ...]
    garbage: bool
    image_share: float
    scan: bool


def read_text_layer(path: Path, page_number: int) -> TextLayer | None:
    """Read one page (1-based); None where it has no text to speak of.

    Boxes are fractions of the page as a viewer shows it. Raises what pdfplumber raises on damaged
    pages (pdfminer exceptions, ValueError, KeyError, TypeError), pypdfium2 and pikepdf.
    """
    if _characters(path, page_number) < _LEAST_CHARACTERS:
        return None
    with pdfplumber.open(_alone(path, page_number)) as pdf:
        page = pdf.pages[0]
        width, height = float(page.width), float(page.height)
        left, top = float(page.bbox[0]), float(page.bbox[1])
        characters = [_placed(c, left, top) for c in page.dedupe_chars().chars]
        characters = [c for c in characters if c.text and c.x0 >= -1 and c.x1 <= width + 1]
        images = [
            Box(i["x0"] - left, i["top"] - top, i["x1"] - left, i["bottom"] - top) for i in page.images
        ]
    visible = [c for c in characters if not c.text.isspace()]
    if len(visible) < _LEAST_CHARACTERS:
        return None
    page_box = Box(0, 0, width, height)
    shares = [image.overlap(page_box) / (width * height) for image in images]
    garbage = sum(_is_garbage(c.text) for c in visible) > 0.05 * len(visible)
    sideways = sum(not c.upright for c in visible) > 0.5 * len(visible)
    lines = tuple(_line(run, width, height) for run in _runs(c for c in visible if c.upright))
    return TextLayer(
        lines=lines, garbage=garbage or sideways, image_share=min(1.0, sum(shares)),
        scan=max(shares, default=0.0) >= _SCAN_SHARE,
    )


def _characters(path: Path, page_number: int) -> int:
    """How many characters the page has: a scan has none, and is told in no time."""
    document = pypdfium2.PdfDocument(path)
    try:
        return int(document[page_number - 1].get_textpage().count_chars())
    finally:
        document.close()


def _alone(path: Path, page_number: int) -> io.BytesIO:
    """The page as a file of its own: pdfplumber walks through all pages to open one."""
    buffer = io.BytesIO()
    with pikepdf.open(path, suppress_warnings=True) as pdf, pikepdf.new() as single:
        single.pages.append(pdf.pages[page_number - 1])
        single.save(buffer)
    buffer.seek(0)
    return buffer


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    upright: bool


def _placed(char: dict[str, Any], left: float, top: float) -> _Character:
    return _Character(
        text=cleared(unicodedata.normalize("NFC", str(char["text"]))).translate(_RADICALS),
        x0=float(char["x0"]) - left, x1=float(char["x1"]) - left,
        top=float(char["top"]) - top, bottom=float(char["bottom"]) - top, upright=bool(char["upright"]),
    )


def _is_garbage(text: str) -> bool:
    """Glyphs without a meaning: unmapped ones, private use, replacement and control characters."""
    if text.startswith("(cid:"):
        return True
    return any(unicodedata.category(c) in ("Co", "Cn", "Cc", "Cs") or c == "\ufffd" for c in text)


def _runs(characters: Iterable[_Character]) -> list[list[_Character]]:
    """Characters grouped to lines: one row, parted at wide gaps."""
    rows: list[list[_Character]] = []
    for char in sorted(characters, key=lambda c: ((c.top + c.bottom) / 2, c.x0)):
        middle = (char.top + char.bottom) / 2
        if rows:
            last = rows[-1][-1]
            if middle - (last.top + last.bottom) / 2 <= 0.4 * min(char.bottom - char.top, last.bottom - last.top):
                rows[-1].append(char)
                continue
        rows.append([char])
    runs: list[list[_Character]] = []
    for row in rows:
        row.sort(key=lambda c: c.x0)
        run = [row[0]]
        for char in row[1:]:
            size = max(char.bottom - char.top, run[-1].bottom - run[-1].top)
            if char.x0 - max(c.x1 for c in run[-3:]) > _GAP * size:
                runs.append(run)
                run = []
            run.append(char)
        runs.append(run)
    return runs


def _line(run: Sequence[_Character], width: float, height: float) -> Line:
    left, right = min(c.x0 for c in run), max(c.x1 for c in run)
    text, middles = run[0].text, [(run[0].x0 + run[0].x1) / 2]
    for before, char in itertools.pairwise(run):
        if char.x0 - before.x1 > _SPACE * (char.bottom - char.top):
            text += " "
            middles.append((before.x1 + char.x0) / 2)
        text += char.text
        middles.append((char.x0 + char.x1) / 2)
    known = len(middles) == len(text) and left >= 0 and right <= width
    return Line(
        text=text,
        box=Box(
            round(max(0.0, left / width), 5),
            round(max(0.0, min(c.top for c in run) / height), 5),
            round(min(1.0, right / width), 5),
            round(min(1.0, max(c.bottom for c in run) / height), 5),
        ),
        confidence=1.0,
        centres=tuple(round(1000 * (x - left) / max(right - left, 1e-6)) for x in middles) if known else (),
    )
