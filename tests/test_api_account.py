"""Signing in, passwords, tokens; what every answer carries."""

from __future__ import annotations

import errno

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from api.deps import COOKIE, CSRF_HEADER, SECURE_COOKIE
from archive_verify.store import Store
from archive_verify.store.people import Role, create_user
from tests.api_factories import V1, Person, administrator, app_over, clerk, reviewer
from tests.conftest import Time
from tests.service_factories import PASSWORD, SYSTEM, institution, user


def test_a_session_is_a_cookie_that_scripts_and_other_sites_cannot_use(local: Store) -> None:
    user(local)
    client = TestClient(app_over(local), base_url="https://archive.example")
    answer = client.post(f"{V1}/session", json={"login": "wang", "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{SECURE_COOKIE}=")
    assert {"HttpOnly", "SameSite=lax", "Secure", "Path=/"} <= set(cookie.split("; "))
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert PASSWORD not in answer.text and "hash" not in answer.text


def test_over_plain_http_on_this_machine_the_cookie_goes_without_secure(local: Store) -> None:
    user(local)
    client = TestClient(app_over(local))
    answer = client.post(f"{V1}/session", json={"login": "wang", "password": PASSWORD})
    assert "Secure" not in answer.headers["Set-Cookie"]


def test_each_sign_in_makes_a_new_session_whatever_cookie_was_sent(local: Store) -> None:
    wang = reviewer(app_over(local), local)
    before = wang.client.cookies[COOKIE]
    wang.client.post(f"{V1}/session", json={"login": "wang", "password": PASSWORD})
    assert wang.client.cookies[COOKIE] != before


def test_a_change_without_the_csrf_token_is_refused(local: Store) -> None:
    wang = reviewer(app_over(local), local)
    for given in ("", "x" * 43):
        wang.client.headers[CSRF_HEADER] = given
        answer = wang("post", "/trainees/search", {})
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:archive-verify:problem:csrf")
    assert wang("get", "/archives").status_code == 200


def test_nobody_signs_in_from_another_site(local: Store) -> None:
    user(local)
    client = TestClient(app_over(local), headers={"Sec-Fetch-Site": "cross-site"})
    assert client.post(f"{V1}/session", json={"login": "wang", "password": PASSWORD}).status_code == 403


def test_failed_sign_ins_answer_alike_and_are_throttled(local: Store, time: Time) -> None:
    user(local)
    client = TestClient(app_over(local))
    wrong = {"login": "wang", "password": "wrong horse battery"}
    answers = [client.post(f"{V1}/session", json=wrong) for _ in range(5)]
    unknown = client.post(f"{V1}/session", json=wrong | {"login": "nobody"})
    assert {answer.status_code for answer in answers} == {401} == {unknown.status_code}
    assert answers[0].json()["detail"] == unknown.json()["detail"]
    throttled = client.post(f"{V1}/session", json={"login": "wang", "password": PASSWORD})
    assert throttled.status_code == 429 and int(throttled.headers["Retry-After"]) > 0
    time.go(seconds=int(throttled.headers["Retry-After"]))
    assert client.post(f"{V1}/session", json={"login": "wang", "password": PASSWORD}).status_code == 200


def test_a_session_ends_by_signing_out_by_idleness_and_by_age(local: Store, time: Time) -> None:
    app = app_over(local)
    wang = reviewer(app, local)
    answer = wang("delete", "/session")
    assert answer.status_code == 204 and answer.headers["Clear-Site-Data"] == '"cache"'
    assert wang("get", "/session").status_code == 401
    wang = Person(app, "wang")
    time.go(minutes=31)
    assert wang("get", "/session").status_code == 401
    wang = Person(app, "wang")
    for _ in range(25):
        time.go(minutes=29)
        wang("get", "/session")
    assert wang("get", "/session").status_code == 401


def test_the_first_password_must_be_changed_before_anything_else(local: Store) -> None:
    app = app_over(local)
    with local.writing(SYSTEM) as tx:
        create_user(tx, login="wang", name="王", role=Role.REVIEWER, password=PASSWORD)
    wang = Person(app, "wang")
    assert wang.account["must_change_password"]
    assert wang("get", "/archives").json()["type"].endswith("password-change-required")
    assert wang("put", "/session/password", {"old": "no no no no", "new": "another horse 12"}).status_code == 422
    elsewhere = Person(app, "wang")
    assert wang("put", "/session/password", {"old": PASSWORD, "new": "another horse 12"}).status_code == 204
    assert wang("get", "/archives").status_code == 200
    assert elsewhere("get", "/session").status_code == 401


def test_a_token_acts_within_its_scopes_and_its_users_role_and_only_until_it_is_revoked(local: Store) -> None:
    app = app_over(local)
    wang = reviewer(app, local)
    made = wang("post", "/tokens", {"name": "接口", "scopes": ["archives:read", "admin"]}).json()
    program = TestClient(app, headers={"Authorization": f"Bearer {made['text']}"})
    assert program.get(f"{V1}/archives").status_code == 200
    assert program.post(f"{V1}/trainees/search", json={}).status_code == 403          # not in its scopes
    assert program.get(f"{V1}/users").status_code == 403                              # not in the role
    assert program.get(f"{V1}/tokens").status_code == 403                             # never by a token
    assert made["text"] not in wang("get", "/tokens").text
    wang("delete", f"/tokens/{made['id']}")
    assert program.get(f"{V1}/archives").status_code == 401


def test_who_is_shut_out_is_out_at_once(local: Store) -> None:
    app = app_over(local)
    wang, root = reviewer(app, local), administrator(app, local)
    assert root("patch", f"/users/{wang.account['id']}", {"active": False}).status_code == 200
    assert wang("get", "/archives").status_code == 401
    school = institution(local)
    li = clerk(app, local, school.id)
    token = li("post", "/tokens", {"name": "接口", "scopes": ["archives:read"]}).json()["text"]
    root("patch", f"/institutions/{school.id}", {"active": False})
    assert li("get", "/archives").status_code == 401
    li.client.cookies.clear()
    assert li("get", "/archives", Authorization=f"Bearer {token}").status_code == 401


def test_every_answer_carries_the_security_headers_and_an_id(local: Store) -> None:
    wang = reviewer(app_over(local), local)
    for path in ("/archives", "/archives/no", "/nowhere"):
        headers = wang("get", path).headers
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cache-Control"] == "no-store"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["X-Frame-Options"] == "DENY" and len(headers["X-Request-Id"]) == 16
    problem = wang("get", "/nowhere")
    assert problem.headers["Content-Type"] == "application/problem+json"
    assert problem.json()["instance"].endswith(problem.headers["X-Request-Id"])


def test_a_refused_request_is_told_where_and_never_what_was_sent(local: Store) -> None:
    client = TestClient(app_over(local))
    answer = client.post(f"{V1}/session", json={"login": "wang", "password": 17, "secret": "s3cr3t"})
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/body/password", "/body/secret"}
    assert "s3cr3t" not in answer.text


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_over_the_bound_is_refused_whether_or_not_its_length_is_told(local: Store, declared: bool) -> None:
    wang = reviewer(app_over(local), local)
    content = b'{"text": "' + b"a" * 70_000 + b'"}'
    body = content if declared else iter([content[:40_000], content[40_000:]])
    answer = wang.client.post(f"{V1}/trainees/search", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:archive-verify:problem:too-large")


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_body_is_bounded_whatever_its_media_type_says_and_whoever_sends_it(local: Store, method: str) -> None:
    client = TestClient(app_over(local))
    path = {"POST": f"{V1}/session", "PATCH": f"{V1}/users/{'0' * 26}"}[method]
    answer = client.request(
        method, path, content=b"a" * 70_000, headers={"Content-Type": "application/offset+octet-stream"}
    )
    assert answer.status_code == 413


def test_a_fault_answers_with_an_id_that_the_log_has_and_without_its_text(
    local: Store, caplog: pytest.LogCaptureFixture
) -> None:
    app = app_over(local)

    @app.get("/broken")
    def broken() -> None:
        raise ValueError("141122199001011234")

    answer = TestClient(app, raise_server_exceptions=False).get("/broken")
    assert answer.status_code == 500 and answer.json()["type"].endswith("fault")
    (line,) = [record for record in caplog.records if record.name == "api" and record.levelname == "ERROR"]
    assert line.request_id == answer.headers["X-Request-Id"] and "test_api_account.py" in line.at  # type: ignore[attr-defined]
    assert "141122199001011234" not in answer.text + str(vars(line))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 507),
        (OperationalError("SELECT", {}, Exception("locked")), 503),
    ],
)
def test_a_full_disk_and_a_database_that_is_away_are_told_as_such(local: Store, error: Exception, status: int) -> None:
    app = app_over(local)

    @app.get("/broken")
    def broken() -> None:
        raise error

    answer = TestClient(app).get("/broken")
    assert answer.status_code == status and "SELECT" not in answer.text
