"""A worker process that reads recorded pages: `python -m tests.recorded_worker --name NAME QUEUE...`.

The sheets are the images of service_factories, told apart by their names `1.png`, `2.png`, ... The
directory RECORDINGS holds what the process shall do, and what it did: `kill-N` makes the reading of
sheet N kill the process, `kill-once-N` only the first time; `slow` makes every sheet take the
seconds that it holds, or a while; `waits-N` gives sheet N a line that waits, whose
reading `text.log` tells; `read.log` gets a line "sheet process" for each sheet read.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import os
import signal
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from archive_verify.binder import SourceFile
from archive_verify.model import Binder, Box, Line, Page, WaitingLine
from archive_verify.ocr.cache import ReadingCache
from archive_verify.registration import Likeness, Matrix
from archive_verify.settings import Settings
from archive_verify.store import ServiceSettings
from archive_verify.store.readings import READINGS
from tests import off_clock
from tests.factories import text_page
from tests.service_factories import class_pages
from worker.process import work
from worker.queue import Name

WAITING = WaitingLine(box=Box(0.1, 0.5, 0.6, 0.52), quad=(10, 70, 60, 70, 60, 73, 10, 73))


class RecordedReader:
    """Gives the pages of `class_pages`, and plain ones for sheets beyond them, and caches them."""

    fingerprint = "recorded"

    def __init__(self, directory: Path, cache: ReadingCache) -> None:
        self._directory = directory
        self._cache = cache

    def key_of(self, file: SourceFile, file_page: int) -> str:
        return hashlib.sha256(f"{file.sha256} {file_page}".encode()).hexdigest()

    def read(self, binder: Binder, progress: Callable[[int, int], None] | None = None) -> tuple[Page, ...]:
        (sheet,) = binder.sheets
        file = binder.files[sheet.file]
        key = self.key_of(file, sheet.file_page)
        stored = self._cache.get(key)
        if stored is None:
            number = int(Path(file.name).stem)
            self._do(number)
            reading = recorded(number).reading
            if (self._directory / f"waits-{number}").exists():
                reading = reading.model_copy(update={"waiting": (WAITING,)})
            stored = READINGS.dump_json((reading,))
            self._cache.put(key, stored)
        return tuple(
            Page(index=1, file=sheet.file, file_page=sheet.file_page, reading=reading)
            for reading in READINGS.validate_json(stored)
        )

    def read_full(self, binder: Binder) -> tuple[Page, ...]:
        (page,) = self.read(binder)
        (sheet,) = binder.sheets
        file = binder.files[sheet.file]
        if page.reading.waits:
            with (self._directory / "text.log").open("a") as log:
                log.write(f"{Path(file.name).stem}\n")
            read = WAITING.model_copy(update={"text": "1.上岗前应当（  ）。", "confidence": 0.99})
            page = page.model_copy(update={"reading": page.reading.model_copy(update={"waiting": (read,)})})
            self._cache.put(self.key_of(file, sheet.file_page), READINGS.dump_json((page.reading,)))
        return (page,)

    def second_look(
        self, binder: Binder, pages: Sequence[Page], requests: Iterable[tuple[int, Box]]
    ) -> Mapping[tuple[int, Box], tuple[Line, ...]]:
        return {request: () for request in requests}

    def lay_over(self, binder: Binder, one: Page, other: Page, course: Matrix) -> Likeness | None:
        return None

    def close(self) -> None:
        """Nothing is held."""

    def _do(self, number: int) -> None:
        with (self._directory / "read.log").open("a") as log:
            log.write(f"{number} {os.getpid()}\n")
        slow = self._directory / "slow"
        if slow.exists():
            time.sleep(float(slow.read_text() or "0.3"))
        once = self._directory / f"kill-once-{number}"
        if once.exists():
            once.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        if (self._directory / f"kill-{number}").exists():
            os.kill(os.getpid(), signal.SIGKILL)


def recorded(number: int) -> Page:
    """The page of sheet `number`, from 1."""
    pages = class_pages()
    return pages[number - 1] if number <= len(pages) else text_page("教学日志", f"第{number}课", index=number)


def main() -> None:
    off_clock.install()
    parser = argparse.ArgumentParser()
    parser.add_argument("--name", required=True)
    parser.add_argument("queues", nargs="+", type=Name)
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    directory = Path(os.environ["RECORDINGS"])
    work(
        options.queues, options.name, settings=Settings(), service=ServiceSettings(),
        make_reader=lambda cache: RecordedReader(directory, cache),
    )  # fmt: skip


if __name__ == "__main__":
    main()
