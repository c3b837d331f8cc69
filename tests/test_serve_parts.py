"""The parts of the service on hosts of their own: they share PostgreSQL, Redis and S3-compatible storage alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from archive_verify.store import ServiceSettings, open_store
from archive_verify.store.people import Role
from tests.servers import RedisProcess, S3Server, new_database
from tests.service_factories import FACTS, ROSTER, image, institution, user
from tests.serving import Service, a_port, until
from tests.test_end_to_end import Person, sheets


class Host(Service):
    """A host that has nothing but workers; their pages are read from recordings."""

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "tests.recorded_service", "join"]

    def read(self) -> list[int]:
        """The sheets that were read here."""
        log = self.recordings / "read.log"
        return [int(line.split()[0]) for line in log.read_text().splitlines()] if log.exists() else []


@pytest.fixture
def shared(postgres: str, redis: RedisProcess, s3: S3Server) -> Iterator[dict[str, str]]:
    """What every part is told: the three addresses, and how to get in."""
    with new_database(postgres, "parts") as database:
        yield {"DATABASE_URL": database, "REDIS_URL": redis.url, "BLOB_URL": s3.bucket("parts"), **s3.environment}


@pytest.fixture
def web(tmp_path: Path, shared: dict[str, str]) -> Iterator[str]:
    """The address of the web, which is the first of all parts to start."""
    port = a_port()
    with (tmp_path / "web.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "archive_verify", "api", "--port", str(port)], stdout=log, stderr=log,
            env=os.environ | {"DATA_DIR": str(tmp_path / "web")} | shared,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"

    def ready() -> bool:
        assert process.poll() is None, (tmp_path / "web.log").read_text()
        try:
            return httpx2.get(f"{address}/readyz").json() == {"database": True, "blobs": True, "queue": True}
        except httpx2.TransportError:
            return False

    try:
        until(ready)
        yield address
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def host(tmp_path: Path, shared: dict[str, str]) -> Iterator[Callable[[str], Host]]:
    """Makes a host of that name, and starts its workers."""
    made: list[Host] = []

    def make(name: str) -> Host:
        (tmp_path / name).mkdir()
        made.append(Host(tmp_path / name, more=shared))
        (made[-1].recordings / "slow").touch()
        made[-1].start()
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_hosts_that_join_and_leave_in_the_middle_of_a_binder_read_each_page_once(
    web: str, host: Callable[[str], Host], shared: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
        monkeypatch.setenv(name, shared[name])
    addresses = ServiceSettings(
        data_dir=tmp_path / "test", database_url=shared["DATABASE_URL"], blob_url=shared["BLOB_URL"]
    )
    store = open_store(addresses)
    user(store, "li", Role.CLERK, institution(store).id)
    user(store, "wang")
    store.close()
    clerk, reviewer = Person(web, "li"), Person(web, "wang")

    archive_id: str = clerk("post", "/archives", {"facts": FACTS}).json()["id"]
    clerk.upload(archive_id, ROSTER.encode(), "roster.csv", "roster")
    for number in range(1, 25):
        clerk.upload(archive_id, image(number), f"{number}.png")
    run_id = clerk("post", f"/archives/{archive_id}/runs", {"kind": "check"}).json()["id"]

    first = host("first")
    until(first.read)
    second = host("second")
    until(second.read)
    assert first.end(signal.SIGTERM) == 0
    told = reviewer.follow(run_id)
    assert (told[-1]["state"], sheets(told)) == ("done", [24, 24])
    assert sorted(first.read() + second.read()) == list(range(1, 25))

    assert clerk("post", f"/archives/{archive_id}/submit", {}).json()["state"] == "submitted"
    (trainee,) = reviewer("post", "/trainees/search", {"text": "张三"}).json()["items"]
    assert reviewer("get", f"/trainees/{trainee['id']}/proof.pdf").content.startswith(b"%PDF-")
    assert reviewer("get", f"/archives/{archive_id}/pages/24/image").headers["Content-Type"] == "image/jpeg"
    # nothing that another part would need stays with one of them
    kept = {path.name for part in ("web", "first/data", "second/data") for path in (tmp_path / part).rglob("*.db")}
    assert kept == set()
    assert second.end(signal.SIGTERM) == 0
    for person in (clerk, reviewer):
        person.client.close()
