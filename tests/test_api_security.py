"""The web side under attack: sessions, bounds, headers, caches, logs; see docs/asvs.md for what is asked of it."""

from __future__ import annotations

import http.client
import json
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from api.app import create_app
from api.config import ApiSettings
from api.deps import COOKIE, CSRF_HEADER, SECURE_COOKIE
from api.limits import CallLimit, Door
from archive_verify.settings import Settings
from archive_verify.store import Store, Throttled, audit, runs, uploads
from archive_verify.store.blobs import DirectoryBlobs
from archive_verify.store.logs import JsonLines, TextLines
from archive_verify.store.people import Role
from archive_verify.store.tables import Run, Upload
from tests.access_world import World, a_world, attempt, closed_calls
from tests.api_factories import V1, Orders, Person, app_over, clerk, metadata, reviewer, send, upload
from tests.browsing import served
from tests.case_factories import ID
from tests.conftest import Time
from tests.service_factories import (
    PASSWORD,
    SYSTEM,
    add_roster,
    archive,
    checked_archive,
    image,
    institution,
    start,
    user,
)

HTML = {"Accept": "text/html"}
_SCRIPTED = ("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with a_world(tmp_path_factory.mktemp("security")) as made:
        yield made


# --- sessions -------------------------------------------------------------------------------------


def test_behind_tls_the_session_is_a_cookie_that_no_neighbouring_host_can_set(local: Store) -> None:
    user(local)
    client = TestClient(app_over(local), base_url="https://archive.example")
    answer = client.post(f"{V1}/session", json={"login": "wang", "password": PASSWORD})
    name, _, rest = answer.headers["Set-Cookie"].partition("=")
    assert name == SECURE_COOKIE and {"Secure", "HttpOnly", "Path=/"} <= set(rest.split("; "))
    assert "domain" not in rest.casefold()
    assert client.get(f"{V1}/session").status_code == 200
    planted = TestClient(client.app, base_url="https://archive.example", cookies={COOKIE: client.cookies[name]})
    assert planted.get(f"{V1}/session").status_code == 401


def test_signing_in_ends_the_session_that_the_browser_had_before(app: FastAPI, local: Store) -> None:
    wang = reviewer(app, local)
    planted = TestClient(app, cookies=dict(wang.client.cookies))
    assert planted.get(f"{V1}/session").status_code == 200
    wang.client.post("/sign-in", data={"login": "wang", "password": PASSWORD, "next": "/"}, follow_redirects=False)
    assert planted.get(f"{V1}/session").status_code == 401
    assert wang("get", "/session").status_code == 200


def test_a_page_that_asks_by_itself_keeps_no_session_alive(app: FastAPI, local: Store, time: Time) -> None:
    wang = reviewer(app, local)
    made = checked_archive(local)
    polled = (f"/archives/{made.id}/row", f"/archives/{made.id}/run", f"/archives/{made.id}/review/state")
    for _ in range(10):
        time.go(minutes=3)
        assert [wang.client.get(path).status_code for path in polled] == [200, 200, 200]
    time.go(minutes=1)
    assert [wang.client.get(path).status_code for path in polled] == [401, 401, 401]


def test_a_stream_of_events_ends_with_the_session(app: FastAPI, local: Store) -> None:
    wang = reviewer(app, local)
    run_id = start(local, archive(local).id)
    with served(app) as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
        cookie = {"Cookie": f"{COOKIE}={wang.client.cookies[COOKIE]}"}
        connection.request("GET", f"{V1}/runs/{run_id}/events", headers=cookie)
        answer = connection.getresponse()
        assert b"retry" in answer.readline()
        assert wang("delete", "/session").status_code == 204
        assert b"event: end" not in answer.read()       # comes back within seconds, and the run goes on
        connection.close()


def test_a_session_that_was_taken_over_does_not_serve_to_guess_the_password(app: FastAPI, local: Store) -> None:
    wang = reviewer(app, local)
    wrong = {"old": "wrong horse battery", "new": "another horse battery"}
    assert [wang("put", "/session/password", wrong).status_code for _ in range(6)] == [422] * 5 + [429]
    right = wang("put", "/session/password", wrong | {"old": PASSWORD})
    assert right.status_code == 429 and int(right.headers["Retry-After"]) > 0
    with local.reading() as session:
        assert len(audit.rows(session, audit.Filter(action="password.refused"))) == 5


def test_what_was_typed_for_a_login_is_told_of_known_logins_alone(app: FastAPI, local: Store) -> None:
    user(local)
    client = TestClient(app)
    for login in ("wang", PASSWORD):
        client.post(f"{V1}/session", json={"login": login, "password": "no"})
    with local.reading() as session:
        rows = audit.rows(session, audit.Filter(action="sign_in.failed"))
        assert [row.subject_id for row in rows] == ["co…", "wang"]


def test_that_a_login_must_wait_is_audited_once(app: FastAPI, local: Store) -> None:
    user(local)
    client = TestClient(app)
    for _ in range(9):
        answer = client.post(f"{V1}/session", json={"login": "wang", "password": "no"})
    assert answer.status_code == 429
    with local.reading() as session:
        assert len(audit.rows(session, audit.Filter(action="sign_in.throttled"))) == 1
        assert len(audit.rows(session, audit.Filter(action="sign_in.failed"))) == 5


def test_a_clock_that_was_put_back_shuts_nobody_out(app: FastAPI, local: Store, time: Time) -> None:
    user(local)
    client = TestClient(app)
    time.go(days=2)
    for _ in range(5):
        client.post(f"{V1}/session", json={"login": "wang", "password": "no"})
    time.go(days=-2)
    assert client.post(f"{V1}/session", json={"login": "wang", "password": PASSWORD}).status_code == 200


# --- bounds ---------------------------------------------------------------------------------------


def test_one_user_may_make_so_many_calls_a_minute_and_hinders_no_other(local: Store) -> None:
    app = create_app(local, Orders(), settings=ApiSettings(calls_per_minute=5), library=Settings())
    wang, li = reviewer(app, local), reviewer(app, local, "li")
    assert [wang("get", "/archives").status_code for _ in range(6)] == [200] * 5 + [429]
    page = wang.client.get("/archives", headers=HTML)
    assert page.status_code == 429 and int(page.headers["Retry-After"]) > 0 and "请求过于频繁" in page.text
    assert li("get", "/archives").status_code == 200
    app.state.service.shelf.close()


def test_calls_that_were_not_made_may_be_made_later() -> None:
    now = 0.0
    limit = CallLimit(60, clock=lambda: now)
    for _ in range(60):
        limit.take("wang")
    with pytest.raises(Throttled) as refusal:
        limit.take("wang")
    now += refusal.value.retry_after
    limit.take("wang")


def test_few_passwords_are_tried_at_a_time_and_few_more_wait() -> None:
    door, inside, go = Door(inside=1, waiting=1), threading.Event(), threading.Event()
    entered = []

    def enter() -> None:
        with door():
            entered.append(threading.get_ident())
            inside.set()
            go.wait(10)

    threads = [threading.Thread(target=enter) for _ in range(2)]
    threads[0].start()
    inside.wait(10)
    threads[1].start()
    refused = False
    for _ in range(500):
        try:
            with door():
                pass
        except Throttled:
            refused = True
            break
    assert refused and len(entered) == 1
    go.set()
    for thread in threads:
        thread.join(10)
    assert len(entered) == 2
    with door():
        pass


def test_an_archive_holds_so_much_and_no_more(local: Store) -> None:
    size = len(image(1))
    library = Settings(max_total_bytes=3 * size)
    app = create_app(local, Orders(), settings=ApiSettings(), library=library)
    school = institution(local)
    li = clerk(app, local, school.id)
    made = archive(local, school, pages=1)
    (volume,) = li("get", f"/archives/{made.id}").json()["volumes"]

    def announce(length: int, **more: str) -> Response:
        headers = {"Upload_Metadata": metadata(filename="一.pdf", **more), "Upload_Length": str(length)}
        return li("post", f"/archives/{made.id}/uploads", Tus_Resumable="1.0.0", **headers)

    refused = announce(2 * size + 1)
    assert refused.status_code == 422 and "合计超过上限" in refused.json()["detail"]
    assert announce(3 * size, replaces=volume["id"]).status_code == 201
    # what is announced takes room until it is given up
    assert announce(2 * size).status_code == 422
    with local.reading() as session:
        (begun,) = session.scalars(select(Upload.id))
    li.client.delete(f"{V1}/uploads/{begun}", headers={"Tus-Resumable": "1.0.0"})
    assert announce(2 * size).status_code == 201
    app.state.service.shelf.close()


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"<html><script>alert(1)</script></html>", "a.pdf"), (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "a.png"),
     (b"MZ\x90\0" + b"\0" * 60, "a.jpg"), (b"\x7fELF" + b"\0" * 60, "a.zip")],
)  # fmt: skip
def test_what_is_no_paper_is_refused_by_its_content_whatever_its_name(
    app: FastAPI, local: Store, content: bytes, name: str
) -> None:
    school = institution(local)
    li = clerk(app, local, school.id)
    answer = upload(li, archive(local, school).id, content, name)
    assert answer.status_code == 415 and answer.json()["type"].endswith("unsupported-media")


# --- what every answer carries --------------------------------------------------------------------


def test_every_answer_forbids_what_browsers_could_do_with_it(world: World) -> None:
    person = world.people[Role.REVIEWER]
    wrong = []
    for call in closed_calls(world.app):
        if call.method != "GET" or call.path.endswith("/events"):
            continue
        for accept in ("text/html", "application/json"):
            person.client.headers["Accept"] = accept
            answer = attempt(person.client, call, world.own)
            headers = answer.headers
            policy = headers["Content-Security-Policy"]
            fine = (
                headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
                and headers["Referrer-Policy"] == "no-referrer" and "camera=()" in headers["Permissions-Policy"]
                and headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
                and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
                and "Server" not in headers and "Access-Control-Allow-Origin" not in headers
            )  # fmt: skip
            kept = headers["Cache-Control"]
            fine &= kept == "no-store" or kept.startswith("private") or (kept == "no-cache" and "ETag" in headers)
            # HTML is the program's own pages alone; all else that could hold a script is a file to be kept
            kind = headers.get("Content-Type", "").partition(";")[0]
            if kind in _SCRIPTED and "script-src 'self'" not in policy:
                fine &= headers["Content-Disposition"].startswith("attachment") and "sandbox" in policy
            if not fine:
                wrong.append(f"{call.method} {call.path} {accept}: {dict(headers)}")
    del person.client.headers["Accept"]
    assert wrong == []


@pytest.mark.parametrize("path", ["/sign-in", "/healthz", f"{V1}/session", "/nowhere", "/static/no.css"])
def test_behind_tls_browsers_are_told_to_stay_there(app: FastAPI, path: str) -> None:
    client = TestClient(app, base_url="https://archive.example", headers=HTML, follow_redirects=False)
    assert client.get(path).headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" not in TestClient(app, headers=HTML).get(path).headers


# --- uploads that were cut off --------------------------------------------------------------------


def test_an_upload_whose_end_was_cut_off_is_finished_when_its_sender_asks(app: FastAPI, local: Store) -> None:
    school = institution(local)
    li = clerk(app, local, school.id)
    made = archive(local, school, pages=1)
    content = image(77)
    with local.writing(SYSTEM) as tx:
        begun = uploads.begin(tx, made.id, name="二.png", purpose="volume", length=len(content))
    # all has arrived; then the process was killed
    uploads.receive(local, SYSTEM, begun.id, 0, content)
    assert len(li("get", f"/archives/{made.id}").json()["volumes"]) == 1
    for _ in range(2):
        asked = li.client.head(f"{V1}/uploads/{begun.id}", headers={"Tus-Resumable": "1.0.0"})
        assert asked.status_code == 200 and asked.headers["Upload-Offset"] == str(len(content))
    assert [one["name"] for one in li("get", f"/archives/{made.id}").json()["volumes"]] == ["1.png", "二.png"]


def test_an_upload_that_a_full_disk_kept_from_its_end_is_finished_once_there_is_room(
    app: FastAPI, local: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = institution(local)
    li = clerk(app, local, school.id)
    made = archive(local, school, pages=1)
    content = image(78)
    begun = li(
        "post", f"/archives/{made.id}/uploads", Tus_Resumable="1.0.0", Upload_Length=str(len(content)),
        Upload_Metadata=metadata(filename="二.png"),
    ).headers["Location"]  # fmt: skip

    def full(_self: DirectoryBlobs, _content: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(DirectoryBlobs, "put", full)
        assert send(li, begun, content).status_code == 507
        assert li.client.head(begun, headers={"Tus-Resumable": "1.0.0"}).status_code == 507
    assert li.client.head(begun, headers={"Tus-Resumable": "1.0.0"}).status_code == 200
    assert len(li("get", f"/archives/{made.id}").json()["volumes"]) == 2


# --- logs -----------------------------------------------------------------------------------------


def test_no_secret_and_no_personal_data_come_into_the_log(
    local: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    app = app_over(local)

    @app.get("/broken/{text}")
    def broken(text: str) -> None:
        raise ValueError(text)

    user(local)
    client = TestClient(app, raise_server_exceptions=False)
    secrets = ["wrong password 1", "s3cr3t", ID, "张三", PASSWORD]
    client.post(f"{V1}/session", json={"login": "wang", "password": secrets[0]})
    client.post("/sign-in", data={"login": "wang", "password": secrets[0], "next": f"/archives?text={ID}"})
    client.post(f"{V1}/session", json={"login": "wang", "password": 5, "secret": secrets[1]})
    wang = Person(app, "wang")
    text = wang("post", "/tokens", {"name": "接口", "scopes": ["archives:read"]}).json()["text"]
    secrets += [text, wang.client.cookies[COOKIE], wang.account["csrf"]]
    program = TestClient(app, raise_server_exceptions=False, headers={"Authorization": f"Bearer {text}"})
    program.get(f"{V1}/archives?text={ID}")
    program.get(f"{V1}/archives/{ID}")
    program.get(f"/broken/{ID}")
    wang.client.get("/broken/张三", headers=HTML)
    wang("post", "/trainees/search", {"text": "张三"})
    wang("put", "/session/password", {"old": PASSWORD, "new": "s3cr3t new password"})
    school = institution(local)
    add_roster(local, archive(local, school).id, f"姓名,身份证号\n张三,{ID}\n")
    # the http clients are those of the test
    records = [record for record in caplog.records if not record.name.startswith("httpx")]
    lines = [str(vars(record)) + record.getMessage() for record in records]
    assert any("/api/v1/session" in line for line in lines)
    assert [secret for secret in secrets if any(secret in line for line in lines)] == []


def test_a_refused_call_stands_in_the_log_with_who_made_it(
    app: FastAPI, local: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "api.access")
    li = clerk(app, local, institution(local).id)
    foreign = archive(local, institution(local, "另一所学校"))
    token = {"name": "接口", "scopes": ["archives:read"]}
    calls: list[tuple[Callable[[], Response], int]] = [
        (lambda: li("get", f"/archives/{foreign.id}"), 404), (lambda: li("get", "/audit"), 403),
        (lambda: li("post", "/tokens", token, X_CSRF_Token="forged"), 403),
        (lambda: TestClient(app).get(f"{V1}/archives"), 401),
    ]  # fmt: skip
    for call, status in calls:
        answer = call()
        told = json.loads(JsonLines().format(caplog.records[-1]))
        assert told["status"] == answer.status_code == status and told["request_id"] == answer.headers["X-Request-Id"]
        assert told.get("user_id") == (li.account["id"] if status != 401 else None)
        assert told["time"].endswith("+00:00") and told["route"].startswith(V1)


def test_the_number_on_the_page_of_a_fault_finds_its_line_in_the_log_with_archive_and_place(
    app: FastAPI, local: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    @app.get("/archives/{archive_id}/broken")
    def broken(archive_id: str) -> None:
        raise ValueError(ID)

    wang, archive_id = reviewer(app, local), "0" * 25 + "7"
    for headers in (HTML, HTML | {"HX-Request": "true"}):
        caplog.clear()
        page = wang.client.get(f"/archives/{archive_id}/broken", headers=headers)
        number = page.headers["X-Request-Id"]
        assert page.status_code == 500 and f"<code>{number}</code>" in page.text and "请求编号" in page.text
        assert ID not in page.text and "Traceback" not in page.text
        lines = [vars(record) for record in caplog.records if vars(record).get("request_id") == number]
        assert {line["name"] for line in lines} == {"api", "api.access"}
        assert {line["archive_id"] for line in lines} == {archive_id}
        assert "test_api_security.py" in lines[0]["at"] and ID not in str(lines)


@pytest.mark.parametrize("form", [JsonLines(), TextLines()])
def test_a_log_line_is_one_line_whatever_it_holds(form: logging.Formatter) -> None:
    forged = "x\n2026-01-01 ERROR api: forged"
    record = logging.makeLogRecord({
        "name": "api", "levelname": "INFO", "msg": "told %s", "args": (forged,), "run_id": forged, "secret": "s3cr3t",
    })  # fmt: skip
    line = form.format(record)
    assert "\n" not in line and "\r" not in line and "forged" in line and "s3cr3t" not in line


@pytest.mark.parametrize("state", list(runs.State))
def test_the_history_is_shown_whatever_a_check_is_at(app: FastAPI, local: Store, state: runs.State) -> None:
    wang, made = reviewer(app, local), checked_archive(local)
    with local.writing(SYSTEM) as tx:
        tx.session.get_one(Run, made.current_run_id).state = state.value
    assert wang.client.get(f"/archives/{made.id}/history", headers=HTML).status_code == 200


def test_csrf_is_told_of_by_its_name(app: FastAPI, local: Store) -> None:
    wang = reviewer(app, local)
    del wang.client.headers[CSRF_HEADER]
    answer = wang.client.post("/sign-out", headers=HTML)
    assert answer.status_code == 403 and "请求来源无法确认" in answer.text
