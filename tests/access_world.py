"""Two institutions with a thing of each kind, people of all roles, and a way to make every call of the app on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.openapi import Call, all_calls_of
from api.rights import ROLES
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
from tests.service_factories import PASSWORD, SYSTEM, checked_archive, county, institution, user

# A body for each call of the API that takes one, so that only rights can refuse it; a new call needs a line here.
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
    ("POST", "/policies"): {"toml": county("xian_1")},
}  # fmt: skip
# The same for the pages' forms, where an empty one would be refused before anything else.
FORMS: dict[tuple[str, str], dict[str, str]] = {
    ("POST", "/password"): {"old": "x", "new": "y", "again": "y"},
    ("POST", "/archives/new"): {"institution_id": "{institution_id}", "policy": "wenshui_2023_51"},
    ("POST", "/archives/{archive_id}/facts"): {"version": "0"},
    ("POST", "/archives/{archive_id}/files/{volume_id}/move"): {"to": "front"},
    ("POST", "/archives/{archive_id}/check"): {"kind": "check"},
    ("POST", "/archives/{archive_id}/review/issues/{issue_id}"): {"state": "open", "version": "0"},
    ("POST", "/archives/{archive_id}/review/search"): {"text": "张三"},
    ("POST", "/archives/{archive_id}/review/corrections"): {
        "page": "1", "box": "[0.1, 0.1, 0.2, 0.2]", "field": "employer", "value": "甲公司",
    },
    ("POST", "/archives/{archive_id}/boundaries/pages/{index}"): {"doc_type": "other", "starts": "yes"},
    ("POST", "/trainees/search"): {"text": "张三"},
    ("POST", "/admin/users"): {"login": "x", "name": "", "role": "auditor", "password": "x"},
    ("POST", "/admin/users/{user_id}"): {
        "name": "甲", "role": "clerk", "institution_id": "{institution_id}", "active": "yes",
    },
    ("POST", "/admin/users/{user_id}/password"): {"password": "x"},
    ("POST", "/admin/institutions"): {"name": "再一所学校"},
    ("POST", "/admin/institutions/{institution_id}"): {"name": "{institution_name}", "active": "yes"},
    ("POST", "/admin/tasks/{year}/{institution_id}"): {"headcount": "100"},
    ("POST", "/admin/reasons"): {"text": "再有说明"},
    ("POST", "/admin/reasons/{reason_id}"): {"active": "yes"},
    ("POST", "/policy"): {"toml": county("xian_2")},
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

    def allowed(self, call: Call) -> frozenset[Role]:
        """The roles that may make the call."""
        return ROLES[call.rights[0]]

    @property
    def nothing(self) -> dict[str, str]:
        """Names of the right shape that nothing has."""
        none = {name: "0" * 26 for name in self.own}
        return none | {"index": "1", "year": "2024", "issue_id": "999999", "trainee_id": "999999", "policy_id": "none"}


@contextmanager
def a_world(directory: Path) -> Iterator[World]:
    """The two institutions in a store of their own."""
    store = open_store(ServiceSettings(data_dir=directory), migrating=True)
    app = app_over(store)
    own, other = _things(store, "启航学校", 1), _things(store, "远航学校", 50)
    everybody = {}
    for role in Role:
        user(store, role.value, role, own["institution_id"] if role is Role.CLERK else None)
        everybody[role] = Person(app, role.value)
    try:
        yield World(store, app, everybody, own, other)
    finally:
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
        owner = _user_of(tx, school.id, name)
        token, _ = people.create_token(tx, owner, "接口", ["archives:read"])
        reason = tx.session.query(DismissalReason).first()
        assert reason is not None
    with store.reading() as session:
        issue = findings.issues(session, archive.id, findings.IssueFilter())[0]
        (trainee,) = trainees.of_archive(session, archive.id)
    return {
        "institution_id": school.id, "institution_name": name, "archive_id": archive.id,
        "run_id": archive.current_run_id or "", "upload_id": upload.id,
        "volume_id": volume.id, "correction_id": made.id, "issue_id": str(issue.id),
        "trainee_id": str(trainee.id), "index": "1", "user_id": owner, "token_id": token.id, "year": "2024",
        "reason_id": reason.id, "policy_id": "wenshui_2023_51",
    }  # fmt: skip


def _user_of(tx: Any, institution_id: str, name: str) -> str:
    made = people.create_user(
        tx, login=f"of {name}".replace(" ", "-"), name=name, role=Role.CLERK, password=PASSWORD,
        institution_id=institution_id,
    )  # fmt: skip
    return made.id


def closed_calls(app: FastAPI) -> list[Call]:
    """All calls, of the API and of the pages, that somebody must be signed in for. Those that take something
    away come last, so that the others find it."""
    return sorted((call for call in all_calls_of(app) if not call.public), key=lambda call: call.method == "DELETE")


def attempt(client: TestClient, call: Call, things: dict[str, str]) -> Any:
    """Make a call on these things, so that nothing but rights can refuse it."""
    path = call.path.format(**things)
    if not call.documented:
        form = {name: value.format(**things) for name, value in FORMS.get((call.method, call.path), {}).items()}
        return client.request(call.method, path, data=form or None, follow_redirects=False)
    body = BODIES.get((call.method, call.path.removeprefix(V1)))
    if isinstance(body, dict) and "institution_id" in body:
        body = body | {"institution_id": things["institution_id"]}
    headers = dict(_HEADERS)
    if call.method == "PATCH" and "uploads" in call.path:
        headers["Content-Type"] = "application/offset+octet-stream"
        return client.patch(path, content=b"%PDF-", headers=headers)
    return client.request(call.method, path, headers=headers, **({} if body is None else {"json": body}))


def kind_of(answer: Any) -> str:
    """The kind of a refusal; empty for none."""
    is_problem = answer.headers.get("Content-Type", "").startswith("application/problem+json")
    return str(answer.json()["type"].rsplit(":", 1)[-1]) if is_problem and answer.content else ""
