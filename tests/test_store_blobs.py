"""Blobs in a directory and in S3-compatible storage behave alike."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive_verify.store import NotFound
from archive_verify.store.blobs import Blobs, StorageAway, open_blobs
from tests.servers import S3Server

CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 40_000
SHA = hashlib.sha256(CONTENT).hexdigest()
UPLOAD = "0123456789abcdef0123456789"


@pytest.fixture(params=["directory", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Blobs:
    if request.param == "directory":
        return open_blobs(str(tmp_path / "blobs"), tmp_path)
    server: S3Server = request.getfixturevalue("s3")
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return open_blobs(server.bucket(f"b{abs(hash(tmp_path)):x}"), tmp_path)


def _pieces(content: bytes, size: int = 1 << 20) -> Iterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def test_what_is_put_is_found_by_its_hash(blobs: Blobs) -> None:
    assert not blobs.has(SHA)
    assert blobs.put(_pieces(CONTENT)) == (SHA, len(CONTENT))
    assert blobs.put([CONTENT]) == (SHA, len(CONTENT))
    assert blobs.has(SHA) and blobs.size(SHA) == len(CONTENT)
    assert b"".join(blobs.read(SHA)) == CONTENT
    assert list(blobs.all()) == [SHA]
    with blobs.local(SHA) as path:
        assert path.read_bytes() == CONTENT
    blobs.remove(SHA)
    blobs.remove(SHA)
    assert not blobs.has(SHA)


def test_what_is_not_there_is_not_found(blobs: Blobs) -> None:
    with pytest.raises(NotFound):
        blobs.size("0" * 64)
    with pytest.raises(NotFound):
        blobs.read("0" * 64)
    with pytest.raises(NotFound), blobs.local("0" * 64):
        pass


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "/etc/passwd"])
def test_a_name_cannot_lead_out_of_the_store(blobs: Blobs, name: str) -> None:
    with pytest.raises(NotFound):
        blobs.size(name)
    with pytest.raises(NotFound):
        blobs.put_part(name, 0, b"x")


def test_content_that_breaks_off_leaves_nothing(blobs: Blobs) -> None:
    def broken() -> Iterator[bytes]:
        yield CONTENT
        raise ConnectionError

    with pytest.raises(ConnectionError):
        blobs.put(broken())
    assert list(blobs.all()) == []


def test_pieces_of_an_upload_are_joined_in_order(blobs: Blobs) -> None:
    blobs.put_part(UPLOAD, 5, b"world")
    blobs.put_part(UPLOAD, 0, b"lost!")
    blobs.put_part(UPLOAD, 0, b"hello")
    blobs.put_part(UPLOAD, 0, b"hell")                      # of a sender that came too late
    assert b"".join(blobs.read_parts(UPLOAD, [(0, 5), (5, 5)])) == b"helloworld"
    blobs.drop_parts(UPLOAD)
    blobs.drop_parts(UPLOAD)
    assert list(blobs.all()) == []


def test_a_stored_file_cannot_be_written(tmp_path: Path) -> None:
    blobs = open_blobs(str(tmp_path / "blobs"), tmp_path)
    blobs.put([CONTENT])
    with blobs.local(SHA) as path:
        assert path.stat().st_mode & 0o222 == 0


def test_a_storage_that_is_away_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    for name, value in S3Server(address).environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StorageAway):
        open_blobs("s3://nobody/archives", tmp_path).has(SHA)
