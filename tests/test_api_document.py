"""The OpenAPI document, and what happens to calls made from it at random."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings

from api.deps import CSRF_HEADER
from api.openapi import calls_of
from api.rights import ROLES
from archive_verify.store import ServiceSettings, Store, open_store
from archive_verify.store.people import Role
from tests.api_factories import Person, app_over
from tests.service_factories import checked_archive, institution, user

# What tus sends is bytes like any others.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")


class Drawn:
    """The app over a checked archive, somebody of each role, and ids that exist."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.app = app_over(store)
        school = institution(store)
        archive = checked_archive(store, school=school)
        self.ids: dict[str, Any] = {
            "archive_id": archive.id, "run_id": archive.current_run_id, "index": 2, "issue_id": 1, "trainee_id": 1,
            "institution_id": school.id,
        }  # fmt: skip
        self.people: dict[Role, Person] = {}
        for role in Role:
            user(store, role.value, role, school.id if role is Role.CLERK else None)
            self.people[role] = Person(self.app, role.value)
        self.by_call = {
            (call.path, call.method): sorted(ROLES[call.rights[0]]) for call in calls_of(self.app) if call.rights
        }

    def call(self, case: Any) -> None:
        """Make the call as somebody who may; half of the calls are about things that are there."""
        method, path = case.method.upper(), case.operation.path
        person = self.people[Role(self.by_call.get((path, method), [Role.REVIEWER])[-1])]
        if len(json.dumps(case.query, default=str)) % 2 == 0:
            case.path_parameters = {
                name: self.ids.get(name, value) for name, value in (case.path_parameters or {}).items()
            }
        request = case.as_transport_kwargs(base_url="http://testserver")
        headers = dict(request.get("headers") or {}) | {CSRF_HEADER: person.account["csrf"]}
        ours = ("authorization", "tus-resumable")
        headers = {name: value for name, value in headers.items() if name.casefold() not in ours}
        request["headers"] = headers | ({"Tus-Resumable": "1.0.0"} if "uploads" in path else {})
        request.pop("cookies", None)
        if isinstance(request.get("data"), bytes):
            request["content"] = request.pop("data")
        answer = person.client.request(**request)
        told = case.operation.definition.raw["responses"]
        answered = f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        assert answer.status_code < 500 and str(answer.status_code) in told, answered
        for name in told[str(answer.status_code)].get("headers", {}):
            assert name in answer.headers, f"{method} {path}: no {name}"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drawn]:
    store = open_store(ServiceSettings(data_dir=tmp_path_factory.mktemp("drawn")), migrating=True)
    made = Drawn(store)
    yield made
    made.app.state.service.shelf.close()
    store.close()


# These end the sessions of the people, or take them their rights.
_SPARED = ("/session", "/session/password", "/users/{user_id}", "/users/{user_id}/password")
_FEW = settings(
    max_examples=8, deadline=timedelta(seconds=20), derandomize=True, database=None,
    phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck),
)  # fmt: skip


def test_no_call_made_from_the_document_ends_in_a_fault_or_in_what_it_does_not_tell(drawn: Drawn) -> None:
    schema = schemathesis.openapi.from_dict(drawn.app.openapi())
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.endswith(_SPARED) and operation.method.upper() in ("DELETE", "PUT", "PATCH"):
            continue

        @_FEW
        @given(case=operation.as_strategy())
        def try_it(case: Any) -> None:
            drawn.call(case)

        try_it()
        tried += 1
    assert tried > 60


def test_the_document_tells_of_every_call_who_may_make_it_and_what_it_refuses(app: FastAPI) -> None:
    made = app.openapi()
    for call in calls_of(app):
        operation = made["paths"][call.path][call.method.lower()]
        assert operation["description"].strip(), call.path
        if not call.public:
            assert operation["x-right"] == call.rights[0].value and {"401", "403"} <= set(operation["responses"])
        if "{" in call.path:
            assert "404" in operation["responses"]
        for status, response in operation["responses"].items():
            if status.startswith(("4", "5")) and status != "503":
                assert list(response["content"]) == ["application/problem+json"], (call.path, status)


def test_the_document_tells_the_headers_that_callers_go_on_with(app: FastAPI) -> None:
    paths = app.openapi()["paths"]

    def told(method: str, path: str, status: str) -> set[str]:
        return set(paths[f"/api/v1{path}"][method]["responses"][status].get("headers", {}))

    assert told("get", "/archives/{archive_id}", "200") == told("get", "/archives/{archive_id}", "304") == {"ETag"}
    assert told("post", "/archives/{archive_id}/issues/{issue_id}/decisions", "200") == {"ETag"}
    assert "Location" in told("post", "/archives/{archive_id}/runs", "202")
    assert {"Location", "Upload-Expires"} <= told("post", "/archives/{archive_id}/uploads", "201")
    assert {"Upload-Offset", "Upload-Length"} <= told("head", "/uploads/{upload_id}", "200")
    assert told("patch", "/uploads/{upload_id}", "429") == {"Retry-After"}
    assert "content" not in paths["/api/v1/uploads/{upload_id}"]["head"]["responses"]["200"]
    for path, calls in paths.items():
        for method, call in calls.items():
            if "x-right" in call:
                assert {"429", "503"} <= set(call["responses"]), (path, method)
