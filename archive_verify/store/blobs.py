"""Originals by their SHA-256, in a directory or in S3-compatible storage; never changed once stored."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from archive_verify.store.errors import NotFound

_CHUNK = 1 << 20


class StorageAway(OSError):
    """The storage of the files does not answer, or not as it should."""


class Blobs(Protocol):
    """Content by its SHA-256, and pieces of uploads on their way in. May be shared between threads.

    Each call raises OSError where the storage cannot do it now, StorageAway where it is not there.
    """

    def put(self, content: Iterable[bytes]) -> tuple[str, int]:
        """Store the content; its SHA-256 and length. All of it is stored durably, or nothing."""

    def has(self, sha256: str) -> bool:
        """Whether the content is there."""

    def size(self, sha256: str) -> int:
        """Bytes of the content. Raises NotFound."""

    def read(self, sha256: str) -> Iterator[bytes]:
        """The content in chunks. Raises NotFound."""

    def local(self, sha256: str) -> contextlib.AbstractContextManager[Path]:
        """A file with the content, to be read within the block. Raises NotFound."""

    def remove(self, sha256: str) -> None:
        """Delete the content, if it is there; only retention and clean-up do that."""

    def all(self) -> Iterator[str]:
        """The SHA-256 of every blob."""

    def put_part(self, upload_id: str, offset: int, content: bytes) -> None:
        """Keep a piece of an upload durably. Of two that begin alike and are not of one length both are kept:
        whose sender was first is for the caller to say."""

    def read_parts(self, upload_id: str, parts: Iterable[tuple[int, int]]) -> Iterator[bytes]:
        """The pieces that begin at these offsets and have these lengths, in that order."""

    def drop_parts(self, upload_id: str) -> None:
        """Forget all pieces of an upload."""


class DirectoryBlobs:
    """Blobs as files `ab/cdef...` of one directory that any number of processes may use."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._incoming = directory / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)

    def put(self, content: Iterable[bytes]) -> tuple[str, int]:
        """Written beside, flushed to disk, then moved into place."""
        digest, length = hashlib.sha256(), 0
        with _fresh_file(self._incoming) as (stream, partial):
            for chunk in content:
                digest.update(chunk)
                length += len(chunk)
                stream.write(chunk)
            _to_disk(stream)
            sha256 = digest.hexdigest()
            path = self._path(sha256)
            path.parent.mkdir(exist_ok=True)
            partial.chmod(0o440)
            partial.replace(path)
        _sync_directory(path.parent)
        return sha256, length

    def has(self, sha256: str) -> bool:
        """Whether the file is there."""
        return self._path(sha256).is_file()

    def size(self, sha256: str) -> int:
        """Bytes of the file."""
        return self._found(sha256).stat().st_size

    def read(self, sha256: str) -> Iterator[bytes]:
        """The file in chunks."""
        return _chunks(self._found(sha256))

    @contextmanager
    def local(self, sha256: str) -> Iterator[Path]:
        """The stored file itself."""
        yield self._found(sha256)

    def remove(self, sha256: str) -> None:
        """Unlink the file."""
        self._path(sha256).unlink(missing_ok=True)

    def all(self) -> Iterator[str]:
        """By the names of the files."""
        for path in self._directory.glob("[0-9a-f][0-9a-f]/*"):
            yield path.parent.name + path.name

    def put_part(self, upload_id: str, offset: int, content: bytes) -> None:
        """A file in the upload's own directory."""
        directory = self._incoming / checked(upload_id)
        directory.mkdir(exist_ok=True)
        with _fresh_file(directory) as (stream, partial):
            stream.write(content)
            _to_disk(stream)
            partial.replace(directory / part_name(offset, len(content)))
        _sync_directory(directory)

    def read_parts(self, upload_id: str, parts: Iterable[tuple[int, int]]) -> Iterator[bytes]:
        """The files one after another."""
        directory = self._incoming / checked(upload_id)
        for offset, length in parts:
            yield from _chunks(directory / part_name(offset, length))

    def drop_parts(self, upload_id: str) -> None:
        """Remove the upload's directory."""
        directory = self._incoming / checked(upload_id)
        for path in directory.glob("*"):
            path.unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            directory.rmdir()

    def _path(self, sha256: str) -> Path:
        checked(sha256)
        return self._directory / sha256[:2] / sha256[2:]

    def _found(self, sha256: str) -> Path:
        path = self._path(sha256)
        if not path.is_file():
            raise NotFound("存储中没有这个文件", where=sha256[:12])
        return path


def open_blobs(url: str, data_dir: Path) -> Blobs:
    """The blobs at s3://bucket/prefix or in a directory; `data_dir` holds local copies of remote ones."""
    if url.startswith("s3://"):
        from archive_verify.store.object_blobs import ObjectBlobs

        return ObjectBlobs.at(url, data_dir / "blob-copies")
    return DirectoryBlobs(Path(url.removeprefix("file://")))


def part_name(offset: int, length: int) -> str:
    """The name of a piece of an upload."""
    return f"{offset:020d}-{length}"


def checked(name: str) -> str:
    """A name of hexadecimal digits alone: nothing that could lead out of the directory."""
    if not name or set(name) - set("0123456789abcdef"):
        raise NotFound("存储中没有这个文件", where=name[:12])
    return name


@contextmanager
def _fresh_file(directory: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A new file that is gone after the block unless it was moved."""
    handle, name = tempfile.mkstemp(dir=directory, prefix=".partial-")
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream, partial
    finally:
        partial.unlink(missing_ok=True)


def _to_disk(stream: IO[bytes]) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
