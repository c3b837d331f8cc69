"""Reading whole binders: the cache first, worker processes for the rest, failure as data."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from archive_verify.binder import Binder, Sheet, SourceFile
from archive_verify.errors import SheetUnreadable
from archive_verify.model import Box, Line, Page, PageReading
from archive_verify.ocr.base import Engine
from archive_verify.ocr.cache import PageCache, ReadingCache
from archive_verify.ocr.paddle import engine_fingerprint, load_engine
from archive_verify.ocr.weights import Weights, find_weights
from archive_verify.raster import sheet_key
from archive_verify.reading.again import look_again
from archive_verify.reading.need import read_waiting
from archive_verify.reading.pool import Pool, Task
from archive_verify.reading.sheet import read_sheet
from archive_verify.reading.upright import load_turned
from archive_verify.registration import Ink, Likeness, Matrix, compare, ink_of
from archive_verify.settings import Settings

Progress = Callable[[int, int], None]
_Readings = TypeAdapter(tuple[PageReading, ...])
_Likeness = TypeAdapter(Likeness)
_Looks = TypeAdapter(tuple[tuple[Line, ...], ...])
_log = logging.getLogger(__name__)
T = TypeVar("T")
_NUMBER = re.compile(r"[^\d]{0,4}\d{1,5}[^\d]{0,4}")
_INKS_KEPT = 16             # 9 MB each


class Reader:
    """Reads binders. Its worker processes start when a page is not in the cache, and serve until the
    end of the `with` block, for any number of binders.

    Not to be shared between threads. `cache` is where readings are kept, else files in the cache directory.
    """

    def __init__(self, settings: Settings, cache: ReadingCache | None = None) -> None:
        self._settings = settings
        self._cache = cache or PageCache(settings)
        self._pool: Pool | None = None
        self._weights: Weights | None = None
        self._fingerprint = ""
        self._inks: dict[str, Ink] = {}
        self._marks: list[str] = []

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker processes and bring the cache under its bound."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None
        self._inks.clear()
        self._cache.prune()

    def make_ready(self, paths: Sequence[Path]) -> None:
        """Start the worker processes, so that they load while the binder at the paths is opened; not where these
        files were read before, as their pages are in the cache then. Returns at once.
        """
        try:
            told = [(str(path.resolve()), path.stat()) for path in paths]
        except OSError:  # whoever opens it will say so
            return
        self._marks = [
            PageCache.key("files", self.fingerprint, path, f"{stat.st_size} {stat.st_mtime_ns}") for path, stat in told
        ]
        if any(self._cache.get(mark) is None for mark in self._marks):
            pool = self._started()
            pool.start(pool.size)

    @property
    def worker_count(self) -> int:
        """How many worker processes are running; none before a page must be read."""
        return 0 if self._pool is None else self._pool.worker_count

    @property
    def fingerprint(self) -> str:
        """What readings depend on beside the page: engine, weights, resolution, code."""
        if not self._fingerprint:
            self._weights = find_weights(self._settings)
            engine = engine_fingerprint(self._settings, self._weights)
            self._fingerprint = f"{engine}|{self._settings.reading_dpi}|{_code_fingerprint()}"
        return self._fingerprint

    def key_of(self, file: SourceFile, file_page: int) -> str:
        """The cache's name for the reading of a sheet; empty where its content cannot be told."""
        return self._key(file, file_page, "read")

    def read(self, binder: Binder, progress: Progress | None = None) -> tuple[Page, ...]:
        """All pages of the binder in scan order; `progress` is told (sheets done, sheets in all).

        What no rule asks for waits, unless Settings.full_text says otherwise. A sheet that cannot be
        read becomes a page with the flag "failed" and the reason. Raises SetupError where no engine
        can be loaded.
        """
        keys: dict[int, str] = {}
        readings = self._read(binder, keys, progress or _quiet)
        if self._settings.full_text:
            self._read_waiting(binder, readings, keys)
        return _in_place(binder.sheets, readings)

    def read_full(self, binder: Binder) -> tuple[Page, ...]:
        """As `read`, with what waits read as well."""
        keys: dict[int, str] = {}
        readings = self._read(binder, keys, _quiet)
        self._read_waiting(binder, readings, keys)
        return _in_place(binder.sheets, readings)

    def _read(self, binder: Binder, keys: dict[int, str], tell: Progress) -> dict[int, tuple[PageReading, ...]]:
        total = len(binder.sheets)
        readings: dict[int, tuple[PageReading, ...]] = {}
        tell(0, total)
        for number, sheet in enumerate(binder.sheets):
            found = self._recall(binder, sheet, number, keys)
            if found is None:
                self._started().start(total - number)  # they load while the other sheets are looked up
            else:
                readings[number] = found
                tell(len(readings), total)
        missing = [number for number in range(total) if number not in readings]
        tasks = [
            partial(_read_task, binder.files[sheet.file], sheet.file_page, self._settings)
            for sheet in (binder.sheets[number] for number in missing)
        ]
        for index, content, failure in self._run(tasks):
            number = missing[index]
            if failure:
                sheet = binder.sheets[number]
                _log.warning("%s page %d: %s", binder.files[sheet.file].name, sheet.file_page, failure)
                readings[number] = (_failed(failure),)
            else:
                if number in keys:
                    self._cache.put(keys[number], content)
                readings[number] = _Readings.validate_json(content)
            tell(len(readings), total)
        for mark in self._marks:
            self._cache.put(mark, b"read")
        return readings

    def _read_waiting(
        self, binder: Binder, readings: dict[int, tuple[PageReading, ...]], keys: dict[int, str]
    ) -> None:
        """Read the lines that wait; where that fails they go on waiting."""
        asked = [number for number in sorted(readings) if any(page.waits for page in readings[number])]
        tasks: list[Task] = []
        for number in asked:
            sheet = binder.sheets[number]
            slim = tuple(page.bare().model_copy(update={"waiting": page.waiting}) for page in readings[number])
            tasks.append(partial(_waiting_task, binder.files[sheet.file], sheet.file_page, slim, self._settings))
        for index, content, failure in self._run(tasks):
            number = asked[index]
            if failure:
                sheet = binder.sheets[number]
                _log.warning("%s page %d, text: %s", binder.files[sheet.file].name, sheet.file_page, failure)
                continue
            readings[number] = tuple(
                page.model_copy(update={"waiting": read.waiting})
                for page, read in zip(readings[number], _Readings.validate_json(content), strict=True)
            )
            if number in keys:
                self._cache.put(keys[number], _Readings.dump_json(readings[number]))

    def second_look(
        self, binder: Binder, pages: Sequence[Page], requests: Iterable[tuple[int, Box]]
    ) -> dict[tuple[int, Box], tuple[Line, ...]]:
        """Read places again, enlarged and without red ink: (page index, box) -> lines with lattices.

        The lines' boxes are fractions of their page, their texts cut to the asked box. A place that
        cannot be read has no lines.
        """
        by_page: dict[int, list[Box]] = {}
        for index, box in dict.fromkeys(requests):
            by_page.setdefault(index, []).append(box)
        known = {page.index: page for page in pages}
        looks: dict[tuple[int, Box], tuple[Line, ...]] = {}
        tasks: list[Task] = []
        asked: list[tuple[int, list[Box], str]] = []
        for index, boxes in by_page.items():
            page = known[index]
            file = binder.files[page.file]
            key = self._key(file, page.file_page, f"look {page.reading.half} {boxes}")
            cached = _parsed(_Looks, self._cache.get(key)) if key else None
            if cached is not None:
                looks.update({(index, box): lines for box, lines in zip(boxes, cached, strict=True)})
                continue
            if page.reading.failure:
                looks.update({(index, box): () for box in boxes})
                continue
            tasks.append(partial(_look_task, file, page.file_page, page.reading.bare(), tuple(boxes), self._settings))
            asked.append((index, boxes, key))
        for number, content, failure in self._run(tasks):
            index, boxes, key = asked[number]
            if failure:
                _log.warning("second look at page %d: %s", index, failure)
                looks.update({(index, box): () for box in boxes})
                continue
            if key:
                self._cache.put(key, content)
            looks.update(zip(((index, box) for box in boxes), _Looks.validate_json(content), strict=True))
        return looks

    def lay_over(self, binder: Binder, one: Page, other: Page, course: Matrix) -> Likeness | None:
        """How alike two pages' images are, laid over one another; None where that cannot be told.

        `course` maps page fractions of `one` to those of `other`, roughly.
        """
        keys = [
            self._key(binder.files[page.file], page.file_page, f"ink {page.reading.half}") for page in (one, other)
        ]
        key = PageCache.key(*keys, repr(course.round(5).tolist())) if all(keys) else ""
        known = _parsed(_Likeness, self._cache.get(key)) if key else None
        if known is not None:
            return known
        try:
            likeness = compare(self._ink(binder, one), self._ink(binder, other), course)
        except SheetUnreadable:
            return None
        if key:
            self._cache.put(key, _Likeness.dump_json(likeness))
        return likeness

    def _ink(self, binder: Binder, page: Page) -> Ink:
        """A page's ink; that of the last few pages is kept, as one page is compared with several."""
        file = binder.files[page.file]
        place = f"{file.sha256} {page.file_page} {page.reading.half}"
        ink = self._inks.pop(place, None)
        if ink is None:
            pixels, dpi = load_turned(file, page.file_page, page.reading, self._settings)
            while len(self._inks) >= _INKS_KEPT:
                del self._inks[next(iter(self._inks))]
            ink = ink_of(pixels, dpi, page.reading.skew_degrees, _number_places(page.reading))
        self._inks[place] = ink  # the last of them: those not asked for longest go first
        return ink

    def _recall(
        self, binder: Binder, sheet: Sheet, number: int, keys: dict[int, str]
    ) -> tuple[PageReading, ...] | None:
        key = self._key(binder.files[sheet.file], sheet.file_page, "read")
        if not key:
            return None
        keys[number] = key
        return _parsed(_Readings, self._cache.get(key))

    def _key(self, file: SourceFile, file_page: int, what: str) -> str:
        """The cache's name for a reading; empty where the sheet's content cannot be told."""
        try:
            content = sheet_key(file, file_page)
        except Exception:  # damaged in a way that its worker will report
            return ""
        return PageCache.key(content, self.fingerprint, what)

    def _run(self, tasks: Sequence[Task]) -> Iterable[tuple[int, bytes, str]]:
        if not tasks:
            return
        for outcome in self._started().run(tasks):
            yield outcome.index, outcome.content, outcome.failure

    def _started(self) -> Pool:
        if self._pool is None:
            weights = self._weights or find_weights(self._settings)
            size = self._settings.workers or len(os.sched_getaffinity(0))
            self._pool = Pool(
                partial(load_engine, self._settings, weights), size, self._settings.page_seconds,
                self._settings.process_megabytes,
            )  # fmt: skip
        return self._pool


def read_binder(binder: Binder, settings: Settings, progress: Progress | None = None) -> tuple[Page, ...]:
    """Read one binder with workers of its own; see `Reader.read`."""
    with Reader(settings) as reader:
        return reader.read(binder, progress)


def _read_task(file: SourceFile, file_page: int, settings: Settings, engine: Engine) -> bytes:
    return _Readings.dump_json(read_sheet(file, file_page, settings, engine))


def _waiting_task(
    file: SourceFile, file_page: int, readings: tuple[PageReading, ...], settings: Settings, engine: Engine
) -> bytes:
    return _Readings.dump_json(tuple(
        read_waiting(load_turned(file, file_page, reading, settings)[0], reading, engine) if reading.waits else reading
        for reading in readings
    ))


def _look_task(
    file: SourceFile, file_page: int, reading: PageReading, boxes: tuple[Box, ...], settings: Settings,
    engine: Engine,
) -> bytes:
    return _Looks.dump_json(look_again(file, file_page, reading, boxes, settings, engine))


def _number_places(reading: PageReading) -> list[Box]:
    """Where page numbers may stand: a sheet bound in twice may carry two."""
    return [corner.box for corner in reading.corners if corner.turn or _NUMBER.fullmatch(corner.text)]


def _in_place(sheets: Sequence[Sheet], readings: dict[int, tuple[PageReading, ...]]) -> tuple[Page, ...]:
    pages: list[Page] = []
    for number, sheet in enumerate(sheets):
        for reading in readings[number]:
            pages.append(Page(
                index=len(pages) + 1, file=sheet.file, file_page=sheet.file_page, reading=reading
            ))
    return tuple(pages)


def _failed(why: str) -> PageReading:
    return PageReading(
        width=0, height=0, dpi=0.0, text_source="none", rotation=0, skew_degrees=0.0,
        flags=frozenset({"failed"}), failure=why,
    )


def _parsed(adapter: TypeAdapter[T], content: bytes | None) -> T | None:
    if content is None:
        return None
    try:
        return adapter.validate_json(content)
    except ValidationError:  # written by another version, or damaged
        return None


def _code_fingerprint() -> str:
    """A hash over the code that readings depend on: another version of it reads afresh."""
    package = Path(__file__).parent.parent
    digest = hashlib.sha256()
    waiting, seen = ["reading.sheet", "reading.again", "ocr.paddle", "registration"], set[Path]()
    while waiting:
        place = package.joinpath(*waiting.pop().split("."))
        for path in (place.with_suffix(".py"), place / "__init__.py"):
            if path.is_file() and path not in seen:
                seen.add(path)
                imports = r"^from archive_verify\.([\w.]+) import"
                waiting += re.findall(imports, path.read_text(encoding="utf-8"), re.MULTILINE)
    for path in sorted(seen):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _quiet(done: int, total: int) -> None:
    """Tell nobody."""
