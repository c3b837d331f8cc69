"""What the bench compares: each engine in a process of its own, reading blocks of pages on demand."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import cv2

from archive_verify.binder import open_binder
from archive_verify.model import Page, SourceFile
from archive_verify.ocr.weights import DETECTION, RECOGNITION, find_weights
from archive_verify.raster import load_sheet
from archive_verify.reading import Reader
from archive_verify.reading.need import text_of
from archive_verify.settings import Settings

Texts = list[list[str]]
# Given a PDF, it returns what reads it and says the lines of each page; decoding happens before.
Prepare = Callable[[Path], Callable[[], Texts]]


def paddleocr(settings: Settings) -> Prepare:
    """PaddleOCR as it comes, with the same weights; the models for turned pages and lines, which no
    wheel brings, are left out."""
    from paddleocr import PaddleOCR

    weights = find_weights(settings)
    engine: Any = PaddleOCR(
        text_detection_model_name=DETECTION, text_detection_model_dir=str(weights.detection),
        text_recognition_model_name=RECOGNITION, text_recognition_model_dir=str(weights.recognition),
        use_doc_orientation_classify=False, use_doc_unwarping=False, use_textline_orientation=False,
        engine="onnxruntime", device="cpu",
    )

    def prepare(pdf: Path) -> Callable[[], Texts]:
        images = _images(pdf, settings)
        return lambda: [[str(text) for text in engine.predict(image)[0]["rec_texts"]] for image in images]

    return prepare


def rapidocr(settings: Settings) -> Prepare:
    """RapidOCR as it comes."""
    from rapidocr import RapidOCR

    engine: Any = RapidOCR()

    def prepare(pdf: Path) -> Callable[[], Texts]:
        images = _images(pdf, settings)
        return lambda: [[str(text) for text in engine(image).txts or ()] for image in images]

    return prepare


def tesseract(settings: Settings) -> Prepare:
    """Tesseract with chi_sim, one single-threaded process per core."""
    if shutil.which("tesseract") is None:
        raise FileNotFoundError("tesseract")
    cores = len(os.sched_getaffinity(0))

    def one(path: Path) -> list[str]:
        found = subprocess.run(
            ["tesseract", path, "stdout", "-l", "chi_sim"], check=True, capture_output=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
        return found.stdout.decode().splitlines()

    def prepare(pdf: Path) -> Callable[[], Texts]:
        folder = Path(tempfile.mkdtemp(prefix="bench-"))
        paths = []
        for number, image in enumerate(_images(pdf, settings)):
            paths.append(folder / f"{number}.bmp")
            cv2.imwrite(str(paths[-1]), image)

        def read() -> Texts:
            with ThreadPoolExecutor(cores) as pool:
                texts = list(pool.map(one, paths))
            shutil.rmtree(folder)
            return texts

        return read

    return prepare


def ours(settings: Settings) -> Prepare:
    """All that archive-verify reads from a page, decoding included, without its cache."""
    return _ours(settings.model_copy(update={"cache_megabytes": 0, "full_text": True}))


def ours_first(settings: Settings) -> Prepare:
    """What it reads before the issue list is there: without what no rule asks for."""
    return _ours(settings.model_copy(update={"cache_megabytes": 0}))


def _ours(settings: Settings) -> Prepare:
    reader = Reader(settings)

    def prepare(pdf: Path) -> Callable[[], Texts]:
        binder = open_binder([pdf], settings, pdf.parent)
        return lambda: [_texts(page) for page in reader.read(binder)]

    return prepare


def _texts(page: Page) -> list[str]:
    return [line.text for line in text_of(page.reading)]


def ours_again(settings: Settings) -> Prepare:
    """The same with what was kept of an earlier reading: no page is read by a model."""

    settings = settings.model_copy(update={"full_text": True})

    def prepare(pdf: Path) -> Callable[[], Texts]:
        binder = open_binder([pdf], settings, pdf.parent)
        with Reader(settings) as reader:
            reader.read(binder)
        again = Reader(settings)
        return lambda: [_texts(page) for page in again.read(binder)]

    return prepare


ENGINES: dict[str, Callable[[Settings], Prepare]] = {
    "PaddleOCR": paddleocr, "RapidOCR": rapidocr, "Tesseract chi_sim": tesseract, "archive-verify": ours,
    "archive-verify, issue list first": ours_first, "archive-verify, again": ours_again,
}


def _images(pdf: Path, settings: Settings) -> list[Any]:
    import pikepdf

    with pikepdf.open(pdf) as opened:
        count = len(opened.pages)
    file = SourceFile(name=pdf.name, path=pdf, sha256="", bytes=1, pages=count, kind="pdf")
    return [load_sheet(file, number, settings)[0].pixels for number in range(1, count + 1)]


def serve(connection: Connection, name: str, settings: Settings) -> None:
    """The life of an engine's process: told a PDF, it reads it and answers seconds and texts."""
    try:
        prepare = ENGINES[name](settings)
    except (ImportError, FileNotFoundError) as error:
        connection.send(str(error))
        return
    connection.send("")
    for pdf in iter(partial(connection.recv), None):
        read = prepare(pdf)
        before, cpu = time.perf_counter(), cpu_seconds(os.getpid())
        texts = read()
        connection.send((time.perf_counter() - before, cpu_seconds(os.getpid()) - cpu, texts))


def family_of(process: int) -> Sequence[int]:
    """A process with all that descend from it."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(entry.parent.name)] = int(_stat(entry)[1])
        except OSError:
            continue
    members = [process]
    for member in members:
        members += [child for child, parent in parents.items() if parent == member]
    return members


def cpu_seconds(process: int) -> float:
    """Of a process, its living descendants and those it waited for."""
    ticks = 0
    for member in family_of(process):
        try:
            ticks += sum(int(value) for value in _stat(Path(f"/proc/{member}/stat"))[11:15])
        except OSError:
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


def peak_megabytes(process: int) -> list[int]:
    """The most memory that each process of a family has held so far, largest first."""
    found = []
    for member in family_of(process):
        try:
            status = Path(f"/proc/{member}/status").read_text(encoding="utf-8")
        except OSError:
            continue
        found += [int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM")]
    return sorted(found, reverse=True)


def _stat(path: Path) -> list[str]:
    """The fields from the state on; the command before it may hold blanks."""
    return path.read_text(encoding="utf-8").rpartition(")")[2].split()
