"""Clients that hand in binders over HTTP, as browsers and programs do, and go on whatever happens to the service.

Every call is made again until it is answered, under the same Idempotency-Key; uploads go on by tus. What
came of it is counted from the database afterwards: see `Tally`.
"""

from __future__ import annotations

import base64
import http.client
import io
import itertools
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from PIL import Image
from sqlalchemy import func, select

from api.deps import COOKIE, CSRF_HEADER
from archive_verify.store import Store, archives, audit, findings
from archive_verify.store.runs import State
from archive_verify.store.tables import Archive, AuditRow, IssueRow, Run, Upload
from tests.service_factories import FACTS, PASSWORD, ROSTER

V1 = "/api/v1"
_AGAIN = 0.2
_LOST = (OSError, http.client.HTTPException)


def page(binder: int, number: int) -> bytes:
    """The image of a page, unlike that of any other binder: nothing is read from a cache."""
    stream = io.BytesIO()
    Image.new("RGB", (100, 140), (binder % 256, binder // 256, number)).save(stream, "PNG")
    return stream.getvalue()


@dataclass(slots=True)
class Handed:
    """A binder on its way: what was asked for, and what the service said of it."""

    number: int
    archive_id: str = ""
    run_ids: list[str] = field(default_factory=list)
    reports: list[bytes] = field(default_factory=list)
    trouble: str = ""


class Client:
    """One client with its own session; waits and tries again as long as the service is away."""

    def __init__(self, address: str, login: str, patience: float) -> None:
        self._host = urlsplit(address).netloc
        self._login = login
        self._patience = patience
        self._cookie = self._csrf = ""

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """The answer, once there is one that is not the service's trouble. Raises TimeoutError."""
        until = time.monotonic() + self._patience
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None and not isinstance(body, bytes):
            named["Content-Type"] = "application/json"
        while time.monotonic() < until:
            try:
                status, told, answer = self.once(method, path, content, named)
            except _LOST:
                status = 503
            if status == 401 and path != f"{V1}/session":
                self._sign_in()
            elif status in (429, 500, 503, 507):
                time.sleep(_AGAIN)
            else:
                return status, told, answer
        raise TimeoutError(f"{method} {path}")

    def once(
        self, method: str, path: str, content: bytes, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        """One attempt. Raises OSError or HTTPException where the connection is lost."""
        connection = http.client.HTTPConnection(self._host, timeout=90)
        try:
            own = {"Cookie": f"{COOKIE}={self._cookie}", CSRF_HEADER: self._csrf} if self._cookie else {}
            connection.request(method, path, content, headers | own)
            answer = connection.getresponse()
            if cookie := answer.headers.get("Set-Cookie", ""):
                self._cookie = cookie.partition("=")[2].partition(";")[0]
            told = {name.casefold(): value for name, value in answer.headers.items()}
            return answer.status, told, answer.read()
        finally:
            connection.close()

    def upload(self, archive_id: str, content: bytes, name: str, purpose: str, key: str) -> None:
        """A whole file by tus, going on where it broke off."""
        about = {"filename": name, "purpose": purpose}
        told = ",".join(f"{one} {base64.b64encode(value.encode()).decode()}" for one, value in about.items())
        status, headers, answer = self(
            "POST", f"{V1}/archives/{archive_id}/uploads", Tus_Resumable="1.0.0", Upload_Length=str(len(content)),
            Upload_Metadata=told, Idempotency_Key=key,
        )  # fmt: skip
        assert status == 201, (status, answer)
        place, offset = headers["location"], 0
        until = time.monotonic() + self._patience
        while offset < len(content):
            tus = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
            try:
                status, _, answer = self.once("PATCH", place, content[offset:], tus | {"Upload-Offset": str(offset)})
            except _LOST:
                status = 503
            if status == 204:
                return
            assert status in (401, 409, 429, 500, 503, 507), (status, answer)
            assert time.monotonic() < until, f"upload of {name}"
            time.sleep(_AGAIN)
            status, headers, answer = self("HEAD", place, Tus_Resumable="1.0.0")
            assert status == 200, (status, answer)
            offset = int(headers["upload-offset"])

    def _sign_in(self) -> None:
        self._cookie = self._csrf = ""
        status, _, answer = self("POST", f"{V1}/session", {"login": self._login, "password": PASSWORD})
        assert status == 200, (status, answer)
        self._csrf = json.loads(answer)["csrf"]


class Load:
    """So many clients at a time, each handing in one binder after the other until told to stop."""

    def __init__(
        self, address: str, login: str, institution_id: str, *, clients: int, pages: int, patience: float
    ) -> None:
        self.handed: list[Handed] = []
        self.ended = 0                          # runs that a client saw the end of
        self._institution_id = institution_id
        self._pages = pages
        self._patience = patience
        self._numbers = itertools.count(1)
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(Client(address, login, patience),), daemon=True)
            for _ in range(clients)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """Begin no further binder; wait for those on their way."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _work(self, client: Client) -> None:
        while not self._stop.is_set():
            one = Handed(next(self._numbers))
            self.handed.append(one)
            try:
                self._hand_in(client, one)
            except (AssertionError, TimeoutError) as error:
                one.trouble = f"{type(error).__name__}: {error}"

    def _hand_in(self, client: Client, one: Handed) -> None:
        key = f"binder-{one.number}"
        status, headers, answer = client(
            "POST", f"{V1}/archives", {"institution_id": self._institution_id, "facts": FACTS}, Idempotency_Key=key
        )
        assert status == 201, (status, answer)
        one.archive_id = headers["location"].rsplit("/", 1)[-1]
        client.upload(one.archive_id, ROSTER.encode(), "roster.csv", "roster", f"{key}-roster")
        for number in range(1, self._pages + 1):
            client.upload(one.archive_id, page(one.number, number), f"{number}.png", "volume", f"{key}-{number}")
        # read and judged, then judged again by the process that reads nothing
        for kind in ("check", "rejudge"):
            status, _, answer = client(
                "POST", f"{V1}/archives/{one.archive_id}/runs", {"kind": kind}, Idempotency_Key=f"{key}-{kind}"
            )
            assert status == 202, (status, answer)
            one.run_ids.append(json.loads(answer)["id"])
            self._follow(client, one.run_ids[-1])
            self.ended += 1
            status, _, answer = client("GET", f"{V1}/archives/{one.archive_id}/report.json")
            assert status == 200, (status, answer)
            one.reports.append(answer)

    def _follow(self, client: Client, run_id: str) -> None:
        until = time.monotonic() + self._patience
        while time.monotonic() < until:
            status, _, answer = client("GET", f"{V1}/runs/{run_id}")
            assert status == 200, (status, answer)
            state = json.loads(answer)["state"]
            if state == State.DONE:
                return
            assert state not in (State.FAILED, State.CANCELLED), answer
            time.sleep(_AGAIN)
        raise TimeoutError(f"run {run_id}")


@dataclass(slots=True)
class Tally:
    """What became of the runs: counted in the database, against what was asked for."""

    started: int = 0
    right: int = 0
    lost: list[str] = field(default_factory=list)       # asked for, and without an end, or a file of it is missing
    twice: list[str] = field(default_factory=list)      # there more often than it was asked for
    wrong: list[str] = field(default_factory=list)      # failed, or another report than the undisturbed one

    @property
    def fine(self) -> bool:
        """Nothing lost, nothing twice, nothing wrong."""
        return not (self.lost or self.twice or self.wrong)


def tally(store: Store, load: Load, pages: int) -> Tally:
    """Count; the report that most runs have is taken for the right one, and must be that of all."""
    found = Tally()
    reports = Counter(plain(report) for one in load.handed for report in one.reports)
    right = reports.most_common(1)[0][0] if reports else ""
    for one in load.handed:
        if one.trouble:
            found.lost.append(f"binder {one.number}: {one.trouble}")
        unlike = [number for number, text in enumerate(one.reports) if plain(text) != right]
        found.wrong += [f"binder {one.number}: report {number}" for number in unlike]
    with store.reading() as session:
        asked = {run_id: one.number for one in load.handed for run_id in one.run_ids}
        there = {run.id: run for run in session.scalars(select(Run))}
        found.started = len(there)
        found.lost += [f"run {run_id} is not there" for run_id in asked.keys() - there.keys()]
        found.twice += [f"run {run_id} was asked for by nobody" for run_id in there.keys() - asked.keys()]
        made = set(session.scalars(select(Archive.id)))
        unasked = made - {one.archive_id for one in load.handed}
        found.twice += [f"archive {archive_id} was asked for by nobody" for archive_id in unasked]
        ends = Counter(session.scalars(select(AuditRow.subject_id).where(AuditRow.action == "run.done")))
        for run in there.values():
            if run.state not in (State.DONE, State.FAILED, State.CANCELLED):
                found.lost.append(f"run {run.id} is {run.state}")
            elif run.state != State.DONE:
                found.wrong.append(f"run {run.id} {run.state}: {run.failure}")
            elif ends[run.id] != 1:
                found.twice.append(f"run {run.id} ended {ends[run.id]} times")
            else:
                found.right += 1
        for archive_id in made:
            names = Counter(volume.name for volume in archives.volumes(session, archive_id))
            if set(names) != {f"{number}.png" for number in range(1, pages + 1)}:
                found.lost.append(f"archive {archive_id} has the files {sorted(names)}")
            found.twice += [f"archive {archive_id} has {name} twice" for name, count in names.items() if count > 1]
        again = select(IssueRow.archive_id).group_by(IssueRow.archive_id, IssueRow.fingerprint).having(func.count() > 1)
        found.twice += [f"archive {one} has an issue twice" for one in session.scalars(again)]
        failed = [
            run.id for run in there.values() if run.state == State.DONE
            and any("failed" in one.flags for one in findings.report_of(session, run.id).pages)
        ]  # fmt: skip
        found.wrong += [f"run {run_id} has failed pages" for run_id in failed]
        unfinished = session.scalar(select(func.count()).select_from(Upload).where(Upload.sha256.is_(None)))
        found.lost += [f"{unfinished} uploads were not finished"] if unfinished else []
        verdict = audit.verify(session)
        found.wrong += [] if verdict.valid else [f"audit log, row {verdict.seq}: {verdict.fault}"]
    return found


def plain(report: bytes) -> str:
    """A report without what tells one binder from another: the hashes and sizes of its files."""
    content = json.loads(report)
    for file in content["files"]:
        file["sha256"], file["bytes"] = "", 0
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
