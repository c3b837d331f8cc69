"""Who may make which call: every route x every role x own and another institution, from the routes themselves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.openapi import Call, calls_of
from api.rights import ROLES, SCOPES, Right
from archive_verify.model import Box
from archive_verify.review import Correction, Place
from archive_verify.store import (
    ServiceSettings,
    Store,
    archives,
    corrections,
    findings,
    open_store,
    people,
    trainees,
    uploads,
)
from archive_verify.store.people import Role
from archive_verify.store.tables import DismissalReason
from tests.api_factories import V1, Person, app_over, metadata
from tests.service_factories import SYSTEM, checked_archive, institution, user

# A body for each call that takes one, so that only rights can refuse it; a new call needs a line here.
BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/session"): {"login": "li", "password": "x"},
    ("PUT", "/session/password"): {"old": "x", "new": "y"},
    ("POST", "/tokens"): {"name": "接口", "scopes": ["archives:read"]},
    ("POST", "/archives"): {"institution_id": "{institution_id}", "facts": {}},
    ("PUT", "/archives/{archive_id}/facts"): {},
    ("PUT", "/archives/{archive_id}/volumes/order"): {"volume_ids": []},
    ("POST", "/archives/{archive_id}/submit"): {},
    ("POST", "/archives/{archive_id}/return"): {},
    ("POST", "/archives/{archive_id}/accept"): {},
    ("POST", "/archives/{archive_id}/deletion"): {"reason": "测试"},
    ("PATCH", "/uploads/{upload_id}"): None,
    ("POST", "/archives/{archive_id}/runs"): {"kind": "check"},
    ("POST", "/archives/{archive_id}/issues/{issue_id}/decisions"): {"state": "open"},
    ("POST", "/archives/{archive_id}/corrections"): {
        "page": 1, "box": [0.1, 0.1, 0.2, 0.2], "field": "employer", "value": "甲公司",
    },
    ("POST", "/archives/{archive_id}/pages/{index}/corrections"): {"starts": True},
    ("POST", "/trainees/search"): {},
    ("POST", "/institutions"): {"name": "又一所学校"},
    ("PATCH", "/institutions/{institution_id}"): {},
    ("POST", "/users"): {"login": "x", "name": "", "role": "auditor", "password": "x"},
    ("PATCH", "/users/{user_id}"): {},
    ("PUT", "/users/{user_id}/password"): {"password": "x"},
    ("PUT", "/tasks/{year}/{institution_id}"): {"headcount": 100},
    ("POST", "/dismissal-reasons"): {"text": "另有说明"},
    ("PATCH", "/dismissal-reasons/{reason_id}"): {"active": True},
}  # fmt: skip
_HEADERS = {
    "If-Match": '"0"', "Tus-Resumable": "1.0.0", "Upload-Length": "5", "Upload-Offset": "0",
    "Upload-Metadata": metadata(filename="一.pdf"),
}  # fmt: skip


@dataclass
class World:
    """Two institutions, each with a checked and submitted archive, and one person of each role, for the first."""

    store: Store
    app: FastAPI
    people: dict[Role, Person]
    own: dict[str, str]
    other: dict[str, str]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    store = open_store(ServiceSettings(data_dir=tmp_path_factory.mktemp("rights")), migrating=True)
    app = app_over(store)
    own, other = _things(store, "启航学校", 1), _things(store, "远航学校", 50)
    everybody = {}
    for role in Role:
        user(store, role.value, role, own["institution_id"] if role is Role.CLERK else None)
        everybody[role] = Person(app, role.value)
    yield World(store, app, everybody, own, other)
    app.state.service.shelf.close()
    store.close()


def _things(store: Store, name: str, first: int) -> dict[str, str]:
    """Ids of one thing of each kind that belongs to an institution."""
    school = institution(store, name)
    archive = checked_archive(store, school=school, first=first, offset=first)
    with store.writing(SYSTEM) as tx:
        upload = uploads.begin(tx, archive.id, name="一.pdf", purpose="volume", length=5)
        archives.step(tx, archive.id, archives.State.SUBMITTED)
        volume = archives.volumes(tx.session, archive.id)[0]
        place = Place(sha256=volume.sha256, file_page=1)
        made = corrections.correct(
            tx, archive.id, Correction(place=place, box=Box(0.1, 0.1, 0.2, 0.2), field="employer", value="甲")
        )
        owner = user_of(tx, school.id, name)
        token, _ = people.create_token(tx, owner, "接口", ["archives:read"])
        reason = tx.session.query(DismissalReason).first()
        assert reason is not None
    with store.reading() as session:
        issue = findings.issues(session, archive.id, findings.IssueFilter())[0]
        (trainee,) = trainees.of_archive(session, archive.id)
    return {
        "institution_id": school.id, "archive_id": archive.id, "run_id": archive.current_run_id or "",
        "upload_id": upload.id, "volume_id": volume.id, "correction_id": made.id, "issue_id": str(issue.id),
        "trainee_id": str(trainee.id), "index": "1", "user_id": owner, "token_id": token.id, "year": "2024",
        "reason_id": reason.id, "policy_id": "wenshui_2023_51",
    }  # fmt: skip


def user_of(tx: Any, institution_id: str, name: str) -> str:
    made = people.create_user(
        tx, login=f"of {name}".replace(" ", "-"), name=name, role=Role.CLERK, password="correct horse battery",
        institution_id=institution_id,
    )  # fmt: skip
    return made.id


def _calls(app: FastAPI) -> list[Call]:
    return [call for call in calls_of(app) if not call.public]


def _try(client: TestClient, call: Call, things: dict[str, str]) -> Any:
    path = call.path.format(**things)
    body = BODIES.get((call.method, call.path.removeprefix(V1)))
    if isinstance(body, dict) and "institution_id" in body:
        body = body | {"institution_id": things["institution_id"]}
    headers = dict(_HEADERS)
    if call.method == "PATCH" and "uploads" in call.path:
        headers["Content-Type"] = "application/offset+octet-stream"
        return client.patch(path, content=b"%PDF-", headers=headers)
    return client.request(call.method, path, headers=headers, **({} if body is None else {"json": body}))


def _kind(answer: Any) -> str:
    is_problem = answer.headers.get("Content-Type", "").startswith("application/problem+json")
    return str(answer.json()["type"].rsplit(":", 1)[-1]) if is_problem and answer.content else ""


def test_every_call_asks_for_one_right_or_is_public(world: World) -> None:
    assert [call.path for call in _calls(world.app) if len(call.rights) != 1] == []
    public = {(call.method, call.path) for call in calls_of(world.app) if call.public}
    assert public == {
        ("POST", f"{V1}/session"), ("OPTIONS", f"{V1}/uploads"), ("GET", "/healthz"), ("GET", "/readyz"),
        ("OPTIONS", f"{V1}/archives/{{archive_id}}/uploads"),
    }  # fmt: skip


def test_every_right_is_told_to_roles_and_scopes() -> None:
    assert set(ROLES) == set(SCOPES) == set(Right)
    assert {scope for scope in SCOPES.values() if scope} == set(people.SCOPES)


def test_every_call_with_a_body_is_tried(world: World) -> None:
    with_body = {
        (call.method, call.path.removeprefix(V1)) for call in calls_of(world.app)
        if call.route.body_field is not None or call.method == "PATCH"
    }  # fmt: skip
    assert with_body == set(BODIES)


def test_nobody_makes_a_call_without_signing_in(world: World) -> None:
    client = TestClient(world.app, raise_server_exceptions=False)
    client.cookies.set("archive_verify_session", "x" * 43)
    wrong = [
        f"{call.method} {call.path}: {answer.status_code}" for call in _calls(world.app)
        if (answer := _try(client, call, world.own)).status_code != 401
    ]  # fmt: skip
    assert wrong == []


def _last(call: Call) -> bool:
    """Calls that take something away come last, so that the others find it."""
    return call.method == "DELETE"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_makes_the_calls_of_its_rights_and_no_others(world: World, role: Role) -> None:
    wrong = []
    with world.store.writing(SYSTEM) as tx:
        upload = uploads.begin(tx, world.own["archive_id"], name="一.pdf", purpose="volume", length=5)
    world.own["upload_id"] = upload.id
    for call in sorted(_calls(world.app), key=_last):
        if (call.method, call.path) == ("DELETE", f"{V1}/session"):
            continue                    # everybody may; it would end the session of this test
        answer = _try(world.people[role].client, call, world.own)
        refused = answer.status_code in (401, 403)
        by_role = refused and (call.method == "HEAD" or _kind(answer) == "not-allowed")
        if by_role != (role not in ROLES[call.rights[0]]) or refused != by_role:
            wrong.append(f"{call.method} {call.path}: {answer.status_code} {answer.text[:80]}")
        if answer.status_code >= 500 or (answer.status_code == 404 and call.method != "DELETE"):
            wrong.append(f"{call.method} {call.path}: {answer.status_code} {answer.text[:80]}")
    assert wrong == []


def test_what_belongs_to_another_institution_is_not_there_for_a_clerk(world: World) -> None:
    clerk, wrong = world.people[Role.CLERK], []
    owned = {"archive_id", "run_id", "upload_id", "trainee_id", "token_id"}
    for call in _calls(world.app):
        named = any("{" + name + "}" in call.path for name in owned)
        creates = (call.method, call.path) == ("POST", f"{V1}/archives")
        if Role.CLERK not in ROLES[call.rights[0]] or not (named or creates):
            continue
        answer = _try(clerk.client, call, world.other)
        if answer.status_code != 404:
            wrong.append(f"{call.method} {call.path}: {answer.status_code} {answer.text[:80]}")
    assert wrong == []


def test_parts_of_one_archive_are_not_found_under_another(world: World) -> None:
    reviewer, wrong = world.people[Role.REVIEWER], []
    for call in _calls(world.app):
        parts = [name for name in ("issue_id", "volume_id", "correction_id") if "{" + name + "}" in call.path]
        if not parts or Role.REVIEWER not in ROLES[call.rights[0]]:
            continue
        answer = _try(reviewer.client, call, world.own | {name: world.other[name] for name in parts})
        if answer.status_code != 404:
            wrong.append(f"{call.method} {call.path}: {answer.status_code}")
    assert wrong == []


def test_lists_hold_nothing_of_another_institution(world: World) -> None:
    clerk, other = world.people[Role.CLERK], world.other["institution_id"]
    for answer in (
        clerk("get", "/archives"), clerk("get", "/institutions"), clerk("post", "/trainees/search", {}),
        clerk("get", "/order-shares/2024"),
    ):  # fmt: skip
        assert answer.status_code == 200 and other not in answer.text
    assert clerk("get", f"/archives?institution_id={other}").status_code == 404
    assert clerk("post", "/trainees/search", {"institution_id": other}).status_code == 404


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
