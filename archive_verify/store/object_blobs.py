"""Blobs in S3-compatible storage; address and keys come from the usual AWS_* environment variables."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import obstore
from obstore.store import S3Store

from archive_verify.store.blobs import checked
from archive_verify.store.errors import NotFound

_CHUNK = 8 << 20
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
        return cls(S3Store.from_url(url, client_options={"allow_http": plain}), copies)

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
        try:
            return int(obstore.head(self._store, _name(sha256))["size"])
        except FileNotFoundError as error:
            raise _not_found(sha256) from error

    def read(self, sha256: str) -> Iterator[bytes]:
        """The object as it streams in."""
        try:
            stream = obstore.get(self._store, _name(sha256)).stream(min_chunk_size=_CHUNK)
        except FileNotFoundError as error:
            raise _not_found(sha256) from error
        return (bytes(chunk) for chunk in stream)

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
        for batch in obstore.list(self._store, "blobs"):
            for entry in batch:
                yield "".join(str(entry["path"]).split("/")[-2:])

    def put_part(self, upload_id: str, offset: int, content: bytes) -> None:
        """An object of its own."""
        obstore.put(self._store, _part(upload_id, offset), content)

    def read_parts(self, upload_id: str, offsets: Iterable[int]) -> Iterator[bytes]:
        """The objects in the order of the offsets."""
        for offset in offsets:
            for chunk in obstore.get(self._store, _part(upload_id, offset)).stream(min_chunk_size=_CHUNK):
                yield bytes(chunk)

    def drop_parts(self, upload_id: str) -> None:
        """Delete the upload's objects."""
        for batch in obstore.list(self._store, f"incoming/{checked(upload_id)}"):
            for entry in batch:
                self._delete(str(entry["path"]))

    def _delete(self, name: str) -> None:
        try:
            obstore.delete(self._store, name)
        except FileNotFoundError:
            return

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


def _part(upload_id: str, offset: int) -> str:
    return f"incoming/{checked(upload_id)}/{offset:020d}"


def _not_found(sha256: str) -> NotFound:
    return NotFound("存储中没有这个文件", where=sha256[:12])
