"""The pages of the bench: a generated, scanned binder with the text that was printed on each page."""

from __future__ import annotations

import io
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf

from archive_verify.ocr.text_layer import read_text_layer
from sample_archives import make
from sample_archives.case import Family, FieldTruth, Form, SheetDrawing, Style

_TEXT = "page_text"
_PAGES_EACH = 6.3           # pages of one person's papers


@dataclass(frozen=True)
class PageSet:
    """A PDF and, for each of its pages, type of document and lines of text as printed."""

    pdf: Path
    types: tuple[str, ...]
    texts: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _Witness:
    """A family whose sheets carry their own text, taken from the text layer of the same drawing."""

    drawn: Family

    @property
    def name(self) -> str:
        return self.drawn.name

    def draw(self, form: Form, style: Style) -> list[SheetDrawing]:
        sheets = self.drawn.draw(form, replace(style, vector=True))
        for sheet in sheets:
            assert sheet.vector is not None
            sheet.fields.append(FieldTruth(_TEXT, "\n".join(_lines(sheet.vector)), (0.0, 0.0, 1.0, 1.0), None))
            sheet.vector = None
        return sheets


def _lines(vector: bytes) -> list[str]:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(vector)
        file.flush()
        layer = read_text_layer(Path(file.name), 1)
    return [line.text for line in layer.lines] if layer else []


def draw_pages(folder: Path, pages: int, scan: str, seed: int) -> PageSet:
    """A class of general training with about so many pages, and one page of each type it lacks
    from a class of order training."""
    general = _sample(make.Order(seed=seed, family="b", pages=pages, scan=scan), folder / "general")
    ordered = _sample(make.Order(seed=seed, family="b", trainees=4, days=2, scan=scan, order=True), folder / "order")
    lacking = {kind: number for number, kind in reversed(list(enumerate(ordered.types))) if kind not in general.types}
    out = folder / "pages.pdf"
    with pikepdf.open(general.pdf) as pdf, pikepdf.open(ordered.pdf) as other:
        for number in lacking.values():
            pdf.pages.append(other.pages[number])
        pdf.save(out)
    return PageSet(
        out, (*general.types, *lacking), (*general.texts, *(ordered.texts[number] for number in lacking.values()))
    )


def _sample(order: make.Order, folder: Path) -> PageSet:
    truth = make.sample(order, folder, _Witness(make.family(order.family)))
    pages, fields = truth["pages"], truth["fields"]
    assert isinstance(pages, list) and isinstance(fields, list)
    texts = {field["page"]: tuple(field["value"].split("\n")) for field in fields if field["name"] == _TEXT}
    numbers = {page["index"]: page["page_number"] for page in pages}
    return PageSet(
        folder / "binder.pdf",
        tuple(page["doc_type"] for page in pages),
        tuple((*texts.get(index, ()), str(numbers[index] or "")) for index in sorted(numbers)),
    )


def draw_class(folder: Path, pages: int, scan: str, seed: int) -> int:
    """A sample folder with about so many pages; returns how many there are."""
    trainees = max(4, round((pages - 22) / _PAGES_EACH))
    made = make.sample(make.Order(seed=seed, family="b", trainees=trainees, scan=scan), folder)["pages"]
    assert isinstance(made, list)
    return len(made)


def thinned(whole: Path, folder: Path, pages: int) -> Path:
    """A sample folder with so many pages of another one, evenly chosen."""
    folder.mkdir()
    with pikepdf.open(whole / "binder.pdf") as pdf, pikepdf.new() as out:
        most = len(pdf.pages)
        for number in range(pages):
            out.pages.append(pdf.pages[number * most // pages])
        out.save(folder / "binder.pdf")
    for path in (next(whole.glob("roster.*")), whole / "class.toml"):
        shutil.copy(path, folder / path.name)
    return folder


def part(pages: PageSet, start: int, stop: int) -> bytes:
    """Some of the pages as a PDF of their own."""
    with pikepdf.open(pages.pdf) as pdf, pikepdf.new() as out:
        out.pages.extend(pdf.pages[start:stop])
        buffer = io.BytesIO()
        out.save(buffer)
        return buffer.getvalue()
