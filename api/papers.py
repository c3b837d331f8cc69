"""The papers of checked archives, opened for the web: page images, texts, proofs, reports, each made once."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_verify.intake import open_binder
from archive_verify.model import Binder, Page, PageReading, SourceFile
from archive_verify.report.schema import PageInfo, Report
from archive_verify.settings import Settings
from archive_verify.store import NotFound, Store, findings
from archive_verify.store.readings import READINGS
from archive_verify.store.tables import PageReadingRow, Run, RunSheet

_OPEN_VOLUMES = 16
_REPORTS = 8
_PRUNE_EVERY = 100
# A look at a page within this time of the last one is the same look.
_LOOK_SECONDS = 3600.0
_LOOKS = 50_000


@dataclass(slots=True)
class _OpenVolume:
    binder: Binder
    stack: ExitStack
    users: int = 0


class PaperShelf:
    """Opens volumes and keeps them open for a while; may be shared between threads."""

    def __init__(self, store: Store, settings: Settings, *, cache_bytes: int, drawing: int) -> None:
        self._store = store
        self.settings = settings
        self.kept = FileCache(store.settings.data_dir / "drawn", cache_bytes)
        self.drawing = threading.BoundedSemaphore(drawing)
        self._lock = threading.Lock()
        self._volumes: OrderedDict[str, _OpenVolume] = OrderedDict()
        self._reports: OrderedDict[str, Report] = OrderedDict()
        self._looks: OrderedDict[str, float] = OrderedDict()

    def report(self, run_id: str) -> Report:
        """The report of a finished run. Raises NotFound."""
        with self._lock:
            if run_id in self._reports:
                self._reports.move_to_end(run_id)
                return self._reports[run_id]
        with self._store.reading() as session:
            report = findings.report_of(session, run_id)
        with self._lock:
            self._reports[run_id] = report
            while len(self._reports) > _REPORTS:
                self._reports.popitem(last=False)
        return report

    def first_look(self, key: str) -> bool:
        """Whether this was not looked at within the last hour, as far as this process knows."""
        now = time.monotonic()
        with self._lock:
            before = self._looks.get(key)
            if before is not None and now - before < _LOOK_SECONDS:
                return False
            self._looks[key] = now
            self._looks.move_to_end(key)
            while len(self._looks) > _LOOKS:
                self._looks.popitem(last=False)
        return True

    def forget(self) -> None:
        """Forget all that was drawn and is not being used: it is drawn again when it is asked for."""
        with self._lock:
            self._reports.clear()
            for key in [key for key, one in self._volumes.items() if not one.users]:
                self._volumes.pop(key).stack.close()
        self.kept.clear()

    @contextmanager
    def binder(self, run: Run, report: Report, wanted: Iterable[int]) -> Iterator[Binder]:
        """The report's files, of which those with the wanted indexes can be read within the block."""
        indexes = set(wanted)
        with ExitStack() as stack:
            found: dict[str, SourceFile] = {}
            for volume in _likely(run, {report.files[index].sha256 for index in indexes}):
                if indexes and {report.files[index].sha256 for index in indexes} <= set(found):
                    break
                found |= {file.sha256: file for file in stack.enter_context(self._volume(volume)).files}
            files = []
            for index, info in enumerate(report.files):
                file = found.get(info.sha256)
                if file is None and index in indexes:
                    raise NotFound("存储中没有这一页的文件")
                files.append(file or SourceFile(
                    name=info.name, path=Path(), sha256=info.sha256, bytes=info.bytes, pages=info.pages, kind="pdf",
                ))  # fmt: skip
            yield Binder(files=tuple(files), sheets=())

    def close(self) -> None:
        """Give back what is open; to be called when no request is going on any more."""
        with self._lock:
            for volume in self._volumes.values():
                volume.stack.close()
            self._volumes.clear()

    @contextmanager
    def _volume(self, sha256: str) -> Iterator[Binder]:
        volume = self._taken(sha256)
        try:
            yield volume.binder
        finally:
            with self._lock:
                volume.users -= 1
                idle = [key for key, one in self._volumes.items() if not one.users]
                for key in idle[: max(0, len(self._volumes) - _OPEN_VOLUMES)]:
                    self._volumes.pop(key).stack.close()

    def _taken(self, sha256: str) -> _OpenVolume:
        with self._lock:
            if sha256 in self._volumes:
                self._volumes.move_to_end(sha256)
                self._volumes[sha256].users += 1
                return self._volumes[sha256]
        with ExitStack() as stack:
            workspace = stack.enter_context(tempfile.TemporaryDirectory(prefix="archive-verify-"))
            path = stack.enter_context(self._store.blobs.local(sha256))
            opened = _OpenVolume(open_binder([path], self.settings, Path(workspace)), stack.pop_all(), users=1)
        with self._lock:
            already = self._volumes.get(sha256)
            if already is None:
                self._volumes[sha256] = opened
                return opened
            already.users += 1
        opened.stack.close()
        return already


def _likely(run: Run, wanted: set[str]) -> list[str]:
    """The volumes, first those that are a wanted file themselves; a ZIP's files are found by opening it."""
    volumes = [str(volume["sha256"]) for volume in run.volumes]
    return sorted(volumes, key=lambda sha256: sha256 not in wanted)


def pages_of(session: Session, run: Run, report: Report, wanted: Iterable[int]) -> dict[int, Page]:
    """The pages with these indexes, with all that was read from them. Raises NotFound.

    The other half of a double scan comes along: the two are cut at one place.
    """
    infos = {info.index: info for info in report.pages}
    pages: dict[int, Page] = {}
    for index in wanted:
        if index not in infos:
            raise NotFound("没有这一页")
        info = infos[index]
        readings = _readings(session, run, report.files[info.file].sha256, info.file_page)
        beside = [one for one in report.pages if (one.file, one.file_page) == (info.file, info.file_page)]
        for one in beside:
            reading = next((read for read in readings if read.half == one.half), None)
            pages[one.index] = Page(
                index=one.index, file=one.file, file_page=one.file_page, reading=reading or _unread(one)
            )
    return pages


def _readings(session: Session, run: Run, sha256: str, file_page: int) -> tuple[PageReading, ...]:
    packed = session.scalar(
        select(PageReadingRow.content).join(RunSheet, RunSheet.reading_key == PageReadingRow.key).where(
            RunSheet.run_id == run.reading_run_id, RunSheet.sha256 == sha256, RunSheet.file_page == file_page,
            RunSheet.state == "read",
        ).limit(1)
    )  # fmt: skip
    return () if packed is None else READINGS.validate_json(zlib.decompress(packed))


def _unread(info: PageInfo) -> PageReading:
    """A page that could not be read; it may still be shown."""
    return PageReading(
        width=0, height=0, dpi=0.0, text_source=info.text_source, rotation=info.rotation,
        skew_degrees=info.skew_degrees, half=info.half, flags=frozenset({"failed"}), failure=info.failure or "",
    )  # fmt: skip


class FileCache:
    """Files made once, by a key of what they are made from; the ones used longest ago go first."""

    def __init__(self, directory: Path, most_bytes: int) -> None:
        self._directory = directory
        self._most = most_bytes
        self._made = 0
        self._lock = threading.Lock()
        self._making: dict[str, threading.Lock] = {}
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)

    def __call__(self, parts: Mapping[str, object], suffix: str, make: Callable[[Path], None]) -> Path:
        """The file of these parts, made where it is not there yet; who asks meanwhile waits for it."""
        path = self._directory / f"{self.key(parts)}{suffix}"
        with self._lock:
            making = self._making.setdefault(path.name, threading.Lock())
        try:
            with making:
                if path.is_file():
                    os.utime(path)
                else:
                    self._make(path, make)
        finally:
            with self._lock:
                self._making.pop(path.name, None)
        return path

    def _make(self, path: Path, make: Callable[[Path], None]) -> None:
        handle, name = tempfile.mkstemp(dir=self._directory, prefix=".partial-", suffix=path.suffix)
        os.close(handle)
        partial = Path(name)
        try:
            make(partial)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        self._made += 1
        if self._made % _PRUNE_EVERY == 0:
            self.prune()

    @staticmethod
    def key(parts: Mapping[str, object]) -> str:
        """A name for these parts."""
        return hashlib.sha256(repr(sorted(parts.items())).encode()).hexdigest()

    def clear(self) -> None:
        """Delete all files."""
        for path in self._directory.glob("[0-9a-f]*"):
            path.unlink(missing_ok=True)

    def prune(self) -> None:
        """Keep within the bound."""
        files = []
        for path in self._directory.glob("[0-9a-f]*"):
            try:
                stat = path.stat()
            except FileNotFoundError:
                continue
            files.append((stat.st_mtime, stat.st_size, path))
        total = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if total <= self._most:
                break
            path.unlink(missing_ok=True)
            total -= size
