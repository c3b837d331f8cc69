"""What one worker process works with: the store, a page reader that stays loaded, the binder at hand."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple, Protocol

from archive_verify.binder import SourceFile
from archive_verify.intake import open_binder
from archive_verify.model import Binder, Page
from archive_verify.ocr.cache import ReadingCache
from archive_verify.pipeline import PageReader
from archive_verify.settings import Settings
from archive_verify.store import Actor, Store
from archive_verify.store.materials import Materials, materials
from archive_verify.store.readings import READINGS, StoreCache
from archive_verify.store.runs import RunInput
from worker.queue import Orders


class SheetReader(PageReader, Protocol):
    """What reads sheets: `reading.Reader` with the cache of the store, or recorded readings in tests."""

    @property
    def fingerprint(self) -> str:
        """What readings depend on beside the page."""

    def key_of(self, file: SourceFile, file_page: int) -> str:
        """The name a sheet's reading is cached under; empty where its content cannot be told."""

    def read_full(self, binder: Binder) -> tuple[Page, ...]:
        """As `read`, with the text that waits."""

    def close(self) -> None:
        """End what it started."""


class SheetRead(NamedTuple):
    """The key of a sheet's reading, or why there is none, and whether part of its text is still to be read."""

    key: str
    failure: str
    waits: bool


class RunCache:
    """The cache of the run at hand: a reader outlives many runs."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cache: StoreCache | None = None
        self._run_id = ""

    def turn_to(self, run_id: str) -> None:
        """From now on readings are of this run."""
        if run_id != self._run_id:
            self.prune()
            self._cache, self._run_id = StoreCache(self._store, run_id), run_id

    def get(self, key: str) -> bytes | None:
        """What was put under the key, or None."""
        return None if self._cache is None else self._cache.get(key)

    def put(self, key: str, content: bytes) -> None:
        """Keep the content."""
        if self._cache is not None:
            self._cache.put(key, content)

    def prune(self) -> None:
        """Write down which stored readings were taken."""
        if self._cache is not None:
            self._cache.prune()


class Desk:
    """One process's desk; jobs find it by `at_desk`. `make_reader` is called with the cache of the store
    when the first sheet is to be read, so that a process that only judges again loads no engine."""

    def __init__(
        self,
        store: Store,
        orders: Orders,
        settings: Settings,
        owner: str,
        make_reader: Callable[[ReadingCache], SheetReader],
    ) -> None:
        self.store = store
        self.orders = orders
        self.settings = settings
        self.owner = owner
        self.actor = Actor.system(owner)
        self.stopping = False
        self.worn = False               # it is time for a fresh process
        self.sheets_read = 0
        self.cache = RunCache(store)
        self._make_reader = make_reader
        self._reader: SheetReader | None = None
        self._papers = ExitStack()
        self._at_hand: tuple[str, Binder, Materials] | None = None

    def reader(self, run_id: str) -> SheetReader:
        """The reader, keeping what it reads for this run."""
        if self._reader is None:
            self._reader = self._make_reader(self.cache)
        self.cache.turn_to(run_id)
        return self._reader

    def papers(self, run: RunInput) -> tuple[Binder, Materials]:
        """The binder of a run and its files; they stay at hand until another run's are asked for.

        Raises InputRefused for what cannot be worked on, NotFound where a blob is missing.
        """
        if self._at_hand is None or self._at_hand[0] != run.run_id:
            self._put_away()
            workspace = Path(self._papers.enter_context(tempfile.TemporaryDirectory(prefix="archive-verify-")))
            files = self._papers.enter_context(materials(self.store, run, workspace))
            self._at_hand = (run.run_id, open_binder(files.volumes, self.settings, workspace), files)
        return self._at_hand[1:]

    def read_sheet(self, run_id: str, binder: Binder, number: int) -> SheetRead:
        """Read a sheet; its reading is stored by then."""
        reader = self.reader(run_id)
        sheet = binder.sheets[number]
        pages = reader.read(Binder(files=binder.files, sheets=(sheet,)))
        self.sheets_read += 1
        failure = next((page.reading.failure for page in pages if "failed" in page.reading.flags), "")
        if failure:
            return SheetRead("", failure, waits=False)
        file = binder.files[sheet.file]
        key = reader.key_of(file, sheet.file_page)
        waits = bool(key) and any(page.reading.waits for page in pages)
        if not key:
            key = hashlib.sha256(f"{file.sha256}:{sheet.file_page}:{reader.fingerprint}".encode()).hexdigest()
            pages = reader.read_full(Binder(files=binder.files, sheets=(sheet,)))
            self.cache.put(key, READINGS.dump_json(tuple(page.reading for page in pages)))
        return SheetRead(key, "", waits)

    def read_text(self, run_id: str, binder: Binder, number: int) -> None:
        """Read what waits of a sheet, and store it with its reading."""
        self.reader(run_id).read_full(Binder(files=binder.files, sheets=(binder.sheets[number],)))
        self.sheets_read += 1

    def close(self) -> None:
        """Put all away and end the reader."""
        self._put_away()
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _put_away(self) -> None:
        self._at_hand = None
        self._papers.close()


_desk: ContextVar[Desk] = ContextVar("desk")


def sit_down(desk: Desk) -> None:
    """Make this the desk of the process's jobs."""
    _desk.set(desk)


def at_desk() -> Desk:
    """The desk of the process. Raises LookupError outside of a worker."""
    return _desk.get()
