"""Page readings kept by content: what was read once is not read again."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import zlib
from pathlib import Path
from typing import Protocol

from archive_verify.settings import Settings


class ReadingCache(Protocol):
    """Where readings are kept by their keys."""

    def get(self, key: str) -> bytes | None:
        """What was put under the key, or None."""

    def put(self, key: str, content: bytes) -> None:
        """Keep the content; a reader sees all of it or nothing."""

    def prune(self) -> None:
        """Called when a reader is done with a binder's pages."""


class PageCache:
    """Compressed readings as files under `<cache_dir>/readings`, bounded in size, oldest use first out.

    Any number of processes may use one directory. A damaged or unreadable entry is a miss, and what
    cannot be written is not kept; neither is an error.
    """

    def __init__(self, settings: Settings) -> None:
        self._directory = settings.cache_dir / "readings"
        self._limit = settings.cache_megabytes * 1024 * 1024
        self._written = False

    @staticmethod
    def key(*parts: str) -> str:
        """A name for the reading of what `parts` describe."""
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def get(self, key: str) -> bytes | None:
        """What was put under the key, or None."""
        if not self._limit:
            return None
        path = self._path(key)
        try:
            content = zlib.decompress(path.read_bytes())
            os.utime(path)
        except (OSError, zlib.error):
            return None
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep the content; a reader sees all of it or nothing."""
        if not self._limit:
            return
        path = self._path(key)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".partial-")
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(zlib.compress(content, 6))
                Path(name).replace(path)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
            self._written = True

    def prune(self) -> None:
        """Bring the directory under its bound, if anything was written: least recently used goes first."""
        if not self._written:
            return
        self._written = False
        entries = []
        for path in self._directory.glob("??/*"):
            with contextlib.suppress(OSError):
                status = path.stat()
                entries.append((status.st_mtime_ns, status.st_size, path))
        total = sum(size for _, size, _ in entries)
        if total <= self._limit:
            return
        for _, size, path in sorted(entries):
            with contextlib.suppress(OSError):
                path.unlink()
            total -= size
            if total <= 0.9 * self._limit:
                return

    def _path(self, key: str) -> Path:
        return self._directory / key[:2] / f"{key[2:]}.z"
