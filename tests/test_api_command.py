"""`archive-verify api` as a process: starts, tells the first password, stops, refuses in one line."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from archive_verify.store import ServiceSettings, Store, archives, open_store, uploads
from archive_verify.store.people import Role
from tests.api_factories import metadata
from tests.servers import redis_server
from tests.service_factories import PASSWORD, archive, institution, user


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    with redis_server() as server:
        yield server.url


@contextmanager
def _api(data_dir: Path, redis_url: str, port: int, **more: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "archive_verify", "api", "--port", str(port)], text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=os.environ | {"DATA_DIR": str(data_dir), "REDIS_URL": redis_url} | more,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for(client: httpx2.Client) -> None:
    for _ in range(300):
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise AssertionError("the api does not answer")


def test_the_first_start_tells_a_password_to_be_changed_and_a_stop_leaves_nothing_behind(
    tmp_path: Path, redis: str
) -> None:
    port = _free_port()
    with _api(tmp_path, redis, port) as process, httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
        assert process.stdout is not None
        line = process.stdout.readline()
        password = line.split("一次性密码 ")[1].split("（")[0]
        _wait_for(client)
        signed = client.post("/api/v1/session", json={"login": "admin", "password": password})
        assert signed.json()["must_change_password"] and "server" not in signed.headers
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=20)
    requests = [json.loads(one) for one in told.splitlines()]
    assert {one["route"] for one in requests} >= {"/readyz", "/api/v1/session"}
    assert requests[-1]["request_id"] == signed.headers["X-Request-Id"] and password not in told
    with _api(tmp_path, redis, port) as process, httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
        _wait_for(client)
        process.send_signal(signal.SIGTERM)
        told, _ = process.communicate(timeout=20)
    assert told == ""


def test_a_port_in_use_and_a_missing_queue_are_refused_in_one_line(tmp_path: Path, redis: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with _api(tmp_path, redis, taken.getsockname()[1]) as process:
            _, told = process.communicate(timeout=60)
        assert process.returncode == 2 and told.count("\n") == 1 and "端口不能用" in told
    with _api(tmp_path, "", 0) as process:
        _, told = process.communicate(timeout=60)
    assert process.returncode == 2 and told.count("\n") == 1 and "REDIS_URL" in told


def test_an_upload_goes_on_after_the_process_was_killed_in_the_middle_of_it(tmp_path: Path, redis: str) -> None:
    port, content = _free_port(), b"%PDF-" + os.urandom(6_000_000)
    store = open_store(ServiceSettings(data_dir=tmp_path), migrating=True)
    school = institution(store)
    user(store, "li", Role.CLERK, school.id)
    made = archive(store, school, pages=0)
    tus = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        with _api(tmp_path, redis, port, API_UPLOAD_PIECE_MEGABYTES="1") as process:
            _wait_for(client)
            signed = client.post("/api/v1/session", json={"login": "li", "password": PASSWORD})
            client.headers["X-CSRF-Token"] = signed.json()["csrf"]
            begun = client.post(
                f"/api/v1/archives/{made.id}/uploads",
                headers=tus | {"Upload-Length": str(len(content)), "Upload-Metadata": metadata(filename="一.pdf")},
            )
            place = begun.headers["Location"]

            def pieces() -> Iterator[bytes]:
                yield content[:3_500_000]
                _until(lambda: _offset(store, place) >= 3 << 20)
                process.kill()
                yield content[3_500_000:]

            with pytest.raises(httpx2.TransportError):
                client.patch(place, content=pieces(), headers=tus | {"Upload-Offset": "0"})
        with _api(tmp_path, redis, port):
            _wait_for(client)
            offset = int(client.head(place, headers=tus).headers["Upload-Offset"])
            assert 3 << 20 <= offset < len(content)
            sent = client.patch(place, content=content[offset:], headers=tus | {"Upload-Offset": str(offset)})
            assert sent.status_code == 204
    with store.reading() as session:
        (volume,) = archives.volumes(session, made.id)
    assert volume.sha256 == hashlib.sha256(content).hexdigest()
    store.close()


def _offset(store: Store, place: str) -> int:
    with store.reading() as session:
        return uploads.get(session, place.rsplit("/", 1)[1]).offset


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(300):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it does not come about")
