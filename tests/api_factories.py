"""The app over a store, with people signed in; shorthand first, everything else defaulted."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from api.app import create_app
from api.config import ApiSettings
from api.deps import CSRF_HEADER
from archive_verify.settings import Settings
from archive_verify.store import Store
from archive_verify.store.people import Role
from archive_verify.store.runs import Kind
from tests.service_factories import PASSWORD, user
from worker.queue import Depth

V1 = "/api/v1"


class Orders:
    """A queue that only remembers what was ordered."""

    def __init__(self) -> None:
        self.given: list[tuple[str, Kind]] = []
        self.away = False

    def start(self, run_id: str, kind: Kind) -> bool:
        """Remember."""
        self.given.append((run_id, kind))
        return not self.away

    def ping(self) -> bool:
        """Whether it is there."""
        return not self.away

    def depths(self) -> Mapping[str, Any]:
        """Nothing waits."""
        return {} if self.away else {"read": Depth(0, 0.0)}


def app_over(store: Store, orders: Orders | None = None) -> FastAPI:
    """The app with small bounds."""
    settings = ApiSettings(body_kilobytes=64, upload_piece_megabytes=1)
    return create_app(store, orders or Orders(), settings=settings, library=Settings())


class Person:
    """Somebody who is signed in, with his own cookies and CSRF token."""

    def __init__(self, app: FastAPI, login: str, password: str = PASSWORD) -> None:
        self.client = TestClient(app, raise_server_exceptions=False)
        self.account = self.client.post(f"{V1}/session", json={"login": login, "password": password}).json()
        self.client.headers[CSRF_HEADER] = self.account["csrf"]

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        """Call the API, e.g. wang("get", "/archives")."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        extra = {} if body is None else {"json": body}
        return self.client.request(method.upper(), V1 + path, headers=named, **extra)


def reviewer(app: FastAPI, store: Store, login: str = "wang") -> Person:
    """A new reviewer."""
    user(store, login)
    return Person(app, login)


def clerk(app: FastAPI, store: Store, institution_id: str, login: str = "li") -> Person:
    """A new clerk of an institution."""
    user(store, login, Role.CLERK, institution_id)
    return Person(app, login)


def administrator(app: FastAPI, store: Store, login: str = "root") -> Person:
    """A new administrator."""
    user(store, login, Role.ADMINISTRATOR)
    return Person(app, login)


def auditor(app: FastAPI, store: Store, login: str = "shen") -> Person:
    """A new auditor."""
    user(store, login, Role.AUDITOR)
    return Person(app, login)


def metadata(**values: str) -> str:
    """Upload-Metadata of tus."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def upload(person: Person, archive_id: str, content: bytes, name: str = "卷一.png", **more: str) -> Response:
    """A whole upload by tus; the answer to its last piece."""
    begun = person(
        "post", f"/archives/{archive_id}/uploads", Tus_Resumable="1.0.0", Upload_Length=str(len(content)),
        Upload_Metadata=metadata(filename=name, **more),
    )  # fmt: skip
    if begun.status_code != 201:
        return begun
    return send(person, begun.headers["Location"], content)


def send(person: Person, location: str, content: bytes, offset: int = 0) -> Response:
    """One piece of an upload."""
    return person.client.patch(
        location, content=content,
        headers={
            "Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream",
        },
    )  # fmt: skip
