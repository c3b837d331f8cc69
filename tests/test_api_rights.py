"""Who may make which call: every route of API and pages x every role, token and stranger x own and another institution.

The routes come from the app itself, what is expected of each from `access_table`, which names the roles
anew: a route that is not in the table, or asks for another right than it, fails.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.deps import COOKIE, CSRF_HEADER
from api.openapi import Call, all_calls_of, calls_of
from api.rights import ROLES, SCOPES, Right
from archive_verify.store import people, uploads
from archive_verify.store.people import SCOPES as ALL_SCOPES
from archive_verify.store.people import Role
from tests.access_table import PUBLIC, TABLE, Expected
from tests.access_world import BODIES, FORMS, World, a_world, attempt, closed_calls, kind_of
from tests.api_factories import V1, Person
from tests.service_factories import SYSTEM

_OWNED = ("archive_id", "run_id", "upload_id", "trainee_id", "token_id")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with a_world(tmp_path_factory.mktemp("rights")) as made:
        yield made


def _expected(call: Call) -> Expected:
    return TABLE[call.method, call.path]


def _told(call: Call, answer: object) -> str:
    return f"{call.method} {call.path}: {answer.status_code} {answer.text[:80]}"  # type: ignore[attr-defined]


def _ends_the_session(call: Call) -> bool:
    return (call.method, call.path) in {("DELETE", f"{V1}/session"), ("POST", "/sign-out")}


def test_every_route_is_in_the_table_and_nothing_else_is(world: World) -> None:
    routes = {(call.method, call.path) for call in all_calls_of(world.app)}
    assert routes - TABLE.keys() - PUBLIC == set(), "declare who may call these, in tests/access_table.py"
    assert (TABLE.keys() | PUBLIC) - routes == set()
    assert {(call.method, call.path) for call in all_calls_of(world.app) if call.public} == PUBLIC
    others = {route.path for route in world.app.routes if hasattr(route, "path") and hasattr(route, "methods")}
    assert others - {path for _, path in routes} <= {f"{V1}/openapi.json"}


def test_every_route_asks_for_one_right_which_is_that_of_the_table(world: World) -> None:
    wrong = []
    for call in closed_calls(world.app):
        (right,) = call.rights
        if (ROLES[right], SCOPES[right]) != (_expected(call).roles, _expected(call).scope):
            wrong.append(f"{call.method} {call.path}: {right}")
    assert wrong == []


def test_every_right_is_told_to_roles_and_scopes() -> None:
    assert set(ROLES) == set(SCOPES) == set(Right)
    assert {scope for scope in SCOPES.values() if scope} == set(ALL_SCOPES)


def test_every_call_with_a_body_is_tried(world: World) -> None:
    with_body = {
        (call.method, call.path.removeprefix(V1)) for call in calls_of(world.app)
        if call.route.body_field is not None or call.method == "PATCH"
    }  # fmt: skip
    assert with_body == set(BODIES)
    assert set(FORMS) <= {(call.method, call.path) for call in closed_calls(world.app) if not call.documented}


@pytest.mark.parametrize("cookie", ["", "x" * 43])
def test_nobody_makes_a_call_without_signing_in(world: World, cookie: str) -> None:
    client = TestClient(world.app, raise_server_exceptions=False, cookies={COOKIE: cookie})
    answers = [(call, attempt(client, call, world.own)) for call in closed_calls(world.app)]
    assert [_told(call, answer) for call, answer in answers if answer.status_code != 401] == []


def test_a_page_leads_who_is_not_signed_in_to_the_form_and_shows_nothing(world: World) -> None:
    client = TestClient(world.app, raise_server_exceptions=False, headers={"Accept": "text/html"})
    pages = [call for call in closed_calls(world.app) if not call.documented]
    answers = [(call, attempt(client, call, world.own)) for call in pages]
    assert [
        _told(call, answer) for call, answer in answers
        if answer.status_code != 303 or not answer.headers["Location"].startswith("/sign-in") or answer.content
    ] == []  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
def test_a_role_makes_the_calls_of_the_table_and_no_others(world: World, role: Role) -> None:
    wrong = []
    with world.store.writing(SYSTEM) as tx:
        upload = uploads.begin(tx, world.own["archive_id"], name="一.pdf", purpose="volume", length=5)
    things = world.own | {"upload_id": upload.id}
    for call in closed_calls(world.app):
        if _ends_the_session(call):
            continue                    # everybody may; it would end the session of this test
        answer = attempt(world.people[role].client, call, things)
        refused = answer.status_code in (401, 403)
        by_role = refused and (call.method == "HEAD" or kind_of(answer) == "not-allowed")
        if by_role != (role not in _expected(call).roles) or refused != by_role:
            wrong.append(_told(call, answer))
        if answer.status_code >= 500 or (answer.status_code == 404 and call.method != "DELETE"):
            wrong.append(_told(call, answer))
    assert wrong == []


@pytest.mark.parametrize("scope", ALL_SCOPES)
@pytest.mark.parametrize("role", list(Role))
def test_a_token_makes_the_calls_of_its_scope_and_its_users_role_and_none_when_it_is_over(
    world: World, role: Role, scope: str
) -> None:
    owner = world.people[role].account["id"]
    with world.store.writing(SYSTEM) as tx:
        token, text = people.create_token(tx, owner, "接口", [scope])
        over, text_over = people.create_token(tx, owner, "接口", [scope])
        past, text_past = people.create_token(tx, owner, "接口", [scope])
        past.expires_at = tx.now
        people.revoke_token(tx, over.id)
    assert token.id
    program, revoked, expired = (
        TestClient(world.app, raise_server_exceptions=False, headers={"Authorization": f"Bearer {one}"})
        for one in (text, text_over, text_past)
    )
    wrong = []
    for call in closed_calls(world.app):
        allowed = scope == _expected(call).scope and role in _expected(call).roles
        # with no such thing there is nothing but rights to tell the answers apart, and nothing is changed
        answer = attempt(program, call, world.nothing)
        if (answer.status_code == 403) == allowed or answer.status_code in (401, 500):
            wrong.append(_told(call, answer))
        for other in (revoked, expired):
            if (answer := attempt(other, call, world.nothing)).status_code != 401:
                wrong.append(_told(call, answer))
    assert wrong == []


@pytest.mark.parametrize("role", list(Role))
def test_a_change_by_cookie_needs_the_csrf_token_of_that_session(world: World, role: Role) -> None:
    cookies = dict(world.people[role].client.cookies)
    elsewhere = Person(world.app, role.value).account["csrf"]
    wrong = []
    for given in ("", "x" * 43, elsewhere):
        headers = {CSRF_HEADER: given} if given else {}
        forged = TestClient(world.app, raise_server_exceptions=False, cookies=cookies, headers=headers)
        for call in closed_calls(world.app):
            if call.method in ("GET", "HEAD"):
                continue
            answer = attempt(forged, call, world.own)
            if answer.status_code != 403 or kind_of(answer) != "csrf":
                wrong.append(_told(call, answer))
    assert wrong == []


def test_what_belongs_to_another_institution_is_not_there_for_a_clerk(world: World) -> None:
    clerk, wrong, tried = world.people[Role.CLERK], [], 0
    for call in closed_calls(world.app):
        named = any("{" + name + "}" in call.path for name in _OWNED)
        creates = (call.method, call.path) in {("POST", f"{V1}/archives"), ("POST", "/archives/new")}
        if Role.CLERK not in _expected(call).roles or not (named or creates):
            continue
        tried += 1
        answer = attempt(clerk.client, call, world.other)
        if answer.status_code != 404 or world.other["institution_name"] in answer.text:
            wrong.append(_told(call, answer))
    assert wrong == [] and tried > 50


def test_parts_of_one_archive_are_not_found_under_another(world: World) -> None:
    reviewer, wrong = world.people[Role.REVIEWER], []
    for call in closed_calls(world.app):
        parts = [name for name in ("issue_id", "volume_id", "correction_id") if "{" + name + "}" in call.path]
        if not parts or Role.REVIEWER not in _expected(call).roles:
            continue
        answer = attempt(reviewer.client, call, world.own | {name: world.other[name] for name in parts})
        if answer.status_code != 404:
            wrong.append(_told(call, answer))
    assert wrong == []


def test_lists_hold_nothing_of_another_institution(world: World) -> None:
    clerk, other = world.people[Role.CLERK], world.other
    lists = [
        clerk("get", "/archives"), clerk("get", "/institutions"), clerk("post", "/trainees/search", {}),
        clerk("get", "/order-shares/2024"), clerk.client.get("/archives"), clerk.client.get("/trainees"),
        clerk.client.post("/trainees/search"), clerk.client.get("/overview"),
    ]  # fmt: skip
    for answer in lists:
        assert answer.status_code == 200
        assert other["institution_id"] not in answer.text and other["institution_name"] not in answer.text
    assert clerk("get", f"/archives?institution_id={other['institution_id']}").status_code == 404
    assert clerk("post", "/trainees/search", {"institution_id": other["institution_id"]}).status_code == 404
    for path in ("/archives", "/overview", "/overview.xlsx"):
        assert clerk.client.get(f"{path}?institution_id={other['institution_id']}").status_code == 404


def test_the_web_side_loads_no_ocr() -> None:
    code = (
        "import sys, api.app, api.commands\n"
        "loaded = {'paddleocr', 'paddlex', 'paddle', 'openvino', 'onnxruntime', 'rapidocr'} & set(sys.modules)\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=Path(__file__).parent.parent
    )
    assert done.returncode == 0, done.stderr
