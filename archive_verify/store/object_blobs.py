"""Blobs in S3-compatible storage; address and keys come from the usual AWS_* environment variables."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from archive_verify.store.blobs import StorageAway, checked, part_name
from archive_verify.store.errors import NotFound

_CHUNK = 8 << 20
# What is away for longer than this is told to whoever asks, who may try again.
_PATIENCE = timedelta(seconds=20)
# A local copy that nobody has used for so long makes room.
_COPY_SECONDS = 24 * 3600


class ObjectBlobs:
    """Blobs as objects `blobs/ab/cdef...`; `copies` is a directory for the files that are being read."""

    def __init__(self, store: S3Store, copies: Path) -> None:
        self._store = store
        self._copies = copies
        copies.mkdir(parents=True, exist_ok=True)

    @classmethod
    def at(cls, url: str, copies: Path) -> ObjectBlobs:
        """The blobs at s3://bucket/prefix. Plain HTTP only where the endpoint's address says so."""
        plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
        store = S3Store.from_url(
            url, client_options={"allow_http": plain, "connect_timeout": "5s"},
            retry_config={"retry_timeout": _PATIENCE},
        )  # fmt: skip
        return cls(store, copies)

    def put(self, content: Iterable[bytes]) -> tuple[str, int]:
        """Gathered in a local file first: the name is known only at the end."""
        digest, length = hashlib.sha256(), 0
        with tempfile.TemporaryFile(dir=self._copies) as gathered:
            for chunk in content:
                digest.update(chunk)
                length += len(chunk)
                gathered.write(chunk)
            gathered.seek(0)
            sha256 = digest.hexdigest()
            if not self.has(sha256):
                with _asked():
                    obstore.put(self._store, _name(sha256), gathered)
        return sha256, length

    def has(self, sha256: str) -> bool:
        """By the object's head."""
        try:
            self.size(sha256)
        except NotFound:
            return False
        return True

    def size(self, sha256: str) -> int:
        """Bytes of the object."""
        with _asked(sha256):
            return int(obstore.head(self._store, _name(sha256))["size"])

    def read(self, sha256: str) -> Iterator[bytes]:
        """The object in ranges, each asked for again where it does not arrive: a long answer may break off."""
        return self._ranges(sha256, self.size(sha256))

    def _ranges(self, sha256: str, size: int) -> Iterator[bytes]:
        for start in range(0, size, _CHUNK):
            with _asked(sha256):
                chunk = bytes(
                    obstore.get_range(self._store, _name(sha256), start=start, end=min(size, start + _CHUNK))
                )
            yield chunk

    @contextmanager
    def local(self, sha256: str) -> Iterator[Path]:
        """A copy that stays for a while: the spans of a run open the same files one after another."""
        path = self._copies / checked(sha256)
        if not path.is_file():
            self._make_room()
            handle, name = tempfile.mkstemp(dir=self._copies, prefix=".partial-")
            try:
                with os.fdopen(handle, "wb") as stream:
                    for chunk in self.read(sha256):
                        stream.write(chunk)
                Path(name).replace(path)
            finally:
                Path(name).unlink(missing_ok=True)
        os.utime(path)
        yield path

    def remove(self, sha256: str) -> None:
        """Delete the object and its local copy."""
        (self._copies / checked(sha256)).unlink(missing_ok=True)
        self._delete(_name(sha256))

    def all(self) -> Iterator[str]:
        """By the names of the objects."""
        with _asked():
            for batch in obstore.list(self._store, "blobs"):
                for entry in batch:
                    yield "".join(str(entry["path"]).split("/")[-2:])

    def put_part(self, upload_id: str, offset: int, content: bytes) -> None:
        """An object of its own."""
        with _asked():
            obstore.put(self._store, _part(upload_id, offset, len(content)), content)

    def read_parts(self, upload_id: str, parts: Iterable[tuple[int, int]]) -> Iterator[bytes]:
        """The objects one after another."""
        for offset, length in parts:
            with _asked(upload_id):
                part = bytes(obstore.get(self._store, _part(upload_id, offset, length)).bytes())
            yield part

    def drop_parts(self, upload_id: str) -> None:
        """Delete the upload's objects."""
        with _asked():
            names = [
                str(entry["path"])
                for batch in obstore.list(self._store, f"incoming/{checked(upload_id)}") for entry in batch
            ]
        for name in names:
            self._delete(name)

    def _delete(self, name: str) -> None:
        with suppress(FileNotFoundError), _away():
            obstore.delete(self._store, name)

    def _make_room(self) -> None:
        limit = time.time() - _COPY_SECONDS
        for path in self._copies.iterdir():
            try:
                if path.stat().st_mtime < limit:
                    path.unlink()
            except FileNotFoundError:       # another process was first
                continue


def _name(sha256: str) -> str:
    checked(sha256)
    return f"blobs/{sha256[:2]}/{sha256[2:]}"


def _part(upload_id: str, offset: int, length: int) -> str:
    return f"incoming/{checked(upload_id)}/{part_name(offset, length)}"


@contextmanager
def _asked(name: str = "") -> Iterator[None]:
    """What the storage says, in the words of the store. Raises NotFound, StorageAway."""
    try:
        with _away():
            yield
    except FileNotFoundError as error:
        raise NotFound("存储中没有这个文件", where=name[:12]) from error


@contextmanager
def _away() -> Iterator[None]:
    try:
        yield
    except BaseError as error:
        raise StorageAway(type(error).__name__) from error
