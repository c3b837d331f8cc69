"""The embedded service over HTTP, from an upload to a trainee's proof; its pages are read from recordings."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.deps import CSRF_HEADER
from archive_verify.store.people import Role
from tests.api_factories import V1, metadata
from tests.service_factories import FACTS, PASSWORD, ROSTER, image, institution, user
from tests.test_serve import Service, until


class Person:
    """Somebody signed in over HTTP."""

    def __init__(self, address: str, login: str, password: str = PASSWORD) -> None:
        self.client = httpx2.Client(base_url=address + V1, timeout=60)
        self.account = self.client.post("/session", json={"login": login, "password": password}).json()
        self.client.headers[CSRF_HEADER] = self.account["csrf"]

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.request(method, path, headers=named, **({} if body is None else {"json": body}))

    def begin(self, archive_id: str, content: bytes, name: str, purpose: str = "volume") -> str:
        """Announce an upload: the path it goes to."""
        begun = self(
            "post", f"/archives/{archive_id}/uploads", Tus_Resumable="1.0.0", Upload_Length=str(len(content)),
            Upload_Metadata=metadata(filename=name, purpose=purpose),
        )  # fmt: skip
        assert begun.status_code == 201, begun.text
        return begun.headers["Location"].removeprefix(V1)

    def send(self, path: str, content: bytes, offset: int = 0) -> httpx2.Response:
        """The bytes of an upload from an offset on."""
        headers = {
            "Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream",
        }  # fmt: skip
        return self.client.patch(path, content=content, headers=headers)

    def upload(self, archive_id: str, content: bytes, name: str, purpose: str = "volume") -> None:
        assert self.send(self.begin(archive_id, content, name, purpose), content).status_code == 204

    def check(self, archive_id: str, kind: str = "check") -> tuple[str, list[dict[str, Any]]]:
        """Start a check and follow it to its end: its id, and the progress told."""
        run_id = self("post", f"/archives/{archive_id}/runs", {"kind": kind}).json()["id"]
        return run_id, self.follow(run_id)

    def follow(self, run_id: str) -> list[dict[str, Any]]:
        told = []
        with self.client.stream("GET", f"/runs/{run_id}/events") as stream:
            for line in stream.iter_lines():
                if line.startswith("data:") and line.removeprefix("data:").strip().startswith("{"):
                    told.append(json.loads(line.removeprefix("data:")))
        return told


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path, web="api")
    made.start()
    yield made
    made.close()


@pytest.fixture
def people(service: Service) -> Iterator[tuple[Person, Person]]:
    """A clerk and a reviewer."""
    store = service.store()
    user(store, "li", Role.CLERK, institution(store).id)
    user(store, "wang")
    store.close()
    clerk, reviewer = Person(service.address, "li"), Person(service.address, "wang")
    yield clerk, reviewer
    clerk.client.close()
    reviewer.client.close()


def archive_of(clerk: Person, pages: int = 3) -> str:
    archive_id: str = clerk("post", "/archives", {"facts": FACTS}).json()["id"]
    clerk.upload(archive_id, ROSTER.encode(), "roster.csv", "roster")
    for number in range(1, pages + 1):
        clerk.upload(archive_id, image(number), f"{number}.png")
    return archive_id


def sheets(told: list[dict[str, Any]]) -> list[int]:
    """Sheets read and sheets in all, as the last event that counted them told."""
    return [[event["done"], event["total"]] for event in told if "done" in event][-1]


def test_an_archive_goes_from_upload_to_proof(service: Service, people: tuple[Person, Person]) -> None:
    clerk, reviewer = people
    archive_id = archive_of(clerk)
    (service.recordings / "slow").touch()
    run_id, told = clerk.check(archive_id)
    assert told[-1]["state"] == "done"
    assert sheets(told) == [3, 3]
    assert clerk("post", f"/archives/{archive_id}/submit", {}).json()["state"] == "submitted"

    issues = reviewer("get", f"/archives/{archive_id}/issues?limit=100").json()["items"]
    assert issues
    one = next(issue for issue in issues if issue["trainee"] is None)
    path = f"/archives/{archive_id}/issues/{one['id']}"
    tag = reviewer("get", path).headers["ETag"]
    decided = reviewer("post", f"{path}/decisions", {"state": "confirmed"}, If_Match=tag)
    assert decided.json()["state"] == "confirmed"

    corrected = reviewer("post", f"/archives/{archive_id}/pages/1/corrections", {"doc_type": "catalogue"})
    again = corrected.json()["run_id"]
    assert reviewer.follow(again)[-1]["state"] == "done"
    pages = reviewer("get", f"/archives/{archive_id}/report.json").json()["pages"]
    assert pages[0]["doc_type"] == "catalogue"

    assert reviewer("post", f"/archives/{archive_id}/return", {"note": "请补封面"}).json()["state"] == "returned"
    clerk.upload(archive_id, image(4), "4.png")
    supplement, told = clerk.check(archive_id, "supplement")
    assert (told[-1]["state"], sheets(told)) == ("done", [4, 4])
    changes = reviewer("get", f"/runs/{supplement}/changes").json()
    assert set(changes) == {"closed", "open", "new"}
    assert reviewer("get", path).json()["state"] == "confirmed"

    found = reviewer("post", "/trainees/search", {"text": "张三"}).json()["items"]
    (trainee,) = found
    proof = reviewer("get", f"/trainees/{trainee['id']}/proof.pdf")
    assert proof.content.startswith(b"%PDF-")
    read = [line.split()[0] for line in (service.recordings / "read.log").read_text().splitlines()]
    assert sorted(read) == ["1", "2", "3", "4"]
    assert reviewer("get", f"/runs/{run_id}").json()["state"] == "done"


def test_an_upload_goes_on_after_the_web_side_was_killed(service: Service, people: tuple[Person, Person]) -> None:
    clerk, _ = people
    archive_id: str = clerk("post", "/archives", {"facts": FACTS}).json()["id"]
    content = image(1)
    path = clerk.begin(archive_id, content, "1.png")
    assert clerk.send(path, content[:50]).status_code == 204
    (web,) = service.processes("tests.off_clock\0api")
    os.kill(web, signal.SIGKILL)

    def back() -> bool:
        try:
            return clerk.client.get(service.address + "/healthz").status_code == 200
        except httpx2.TransportError:
            return False

    time.sleep(0.5)
    until(back)
    offset = int(clerk("head", path, Tus_Resumable="1.0.0").headers["Upload-Offset"])
    assert offset == 50
    assert clerk.send(path, content[offset:], offset).status_code == 204
    (volume,) = clerk("get", f"/archives/{archive_id}").json()["volumes"]
    assert (volume["name"], volume["bytes"]) == ("1.png", len(content))


def test_the_first_administrator_signs_in_with_the_password_shown_once(tmp_path: Path) -> None:
    made = Service(tmp_path, web="api")
    (said, _) = made.start()
    shown = re.search(r"一次性密码 (\S+?)（", said)
    assert shown is not None
    admin = Person(made.address, "admin", shown[1])
    assert admin.account["must_change_password"]
    admin.client.close()
    assert made.end(signal.SIGTERM) == 0
