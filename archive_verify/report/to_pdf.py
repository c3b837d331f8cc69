"""One PDF per trainee with the original pages of his proof, bookmarked by document."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pikepdf
from PIL import Image

from archive_verify.binder import Binder, SourceFile
from archive_verify.model import Trainee
from archive_verify.report.schema import DocumentInfo, PageInfo, Report
from archive_verify.words import DOC_TYPES

# Refused in file names by one system or another, and what could lead out of the directory.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s\u200b-\u200f\u202a-\u202e\u2066-\u2069.]')


def dossier_name(trainee: Trainee) -> str:
    """ROW_NAME_last4.pdf with unsafe characters replaced by _."""
    name = _UNSAFE.sub("_", trainee.name)[:40] or "_"
    last4 = _UNSAFE.sub("_", trainee.id_number[-4:]) or "____"
    return f"{trainee.row}_{name}_{last4}.pdf"


def write_dossiers(report: Report, binder: Binder, directory: Path) -> tuple[Path, ...]:
    """Write one PDF for each trainee with proof; nothing is re-encoded, pages are the originals."""
    documents = {document.id: document for document in report.documents}
    pages = {page.index: page for page in report.pages}
    written = []
    with ExitStack() as stack:
        sources: dict[int, pikepdf.Pdf] = {}
        for trainee in report.trainees:
            proof = [documents[id_] for id_ in trainee.documents if id_ in documents]
            if not proof:
                continue
            directory.mkdir(parents=True, exist_ok=True)
            path = directory / dossier_name(trainee)
            with pikepdf.new() as dossier:
                _fill(dossier, proof, pages, binder, sources, stack)
                dossier.save(path)
            written.append(path)
    return tuple(written)


def _fill(
    dossier: pikepdf.Pdf,
    proof: list[DocumentInfo],
    pages: dict[int, PageInfo],
    binder: Binder,
    sources: dict[int, pikepdf.Pdf],
    stack: ExitStack,
) -> None:
    added: dict[tuple[int, int], int] = {}
    with dossier.open_outline() as outline:
        for document in proof:
            first = None
            for page in _pages(document, pages):
                key = (page.file, page.file_page)
                if key not in added:
                    if page.file not in sources:
                        sources[page.file] = stack.enter_context(_open(binder.files[page.file]))
                    added[key] = len(dossier.pages)
                    dossier.pages.append(sources[page.file].pages[page.file_page - 1])
                    if page.rotation:
                        dossier.pages[-1].rotate(page.rotation, relative=True)
                first = added[key] if first is None else first
            if first is not None:
                outline.root.append(pikepdf.OutlineItem(f"{DOC_TYPES[document.type]} {document.title}", first))


def _pages(document: DocumentInfo, pages: dict[int, PageInfo]) -> Iterator[PageInfo]:
    for index in document.pages:
        if index in pages:
            yield pages[index]


def _open(file: SourceFile) -> pikepdf.Pdf:
    if file.kind == "pdf":
        return pikepdf.open(file.path)
    with Image.open(file.path) as image:
        buffer = io.BytesIO()
        frames = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frames.append(image.convert("RGB"))
        frames[0].save(buffer, format="PDF", save_all=True, append_images=frames[1:], resolution=200)
    buffer.seek(0)
    return pikepdf.open(buffer)
