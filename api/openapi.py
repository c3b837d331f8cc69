"""The OpenAPI document: beside what FastAPI derives, who may make each call and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from api.deps import COOKIE, CSRF_HEADER, May, creation, expected_version
from api.errors import MEDIA_TYPE, Problem
from api.rights import ROLES, SCOPES, Right

_CHANGES = frozenset({"post", "put", "patch", "delete"})
_ABOUT = (
    "Refusals are problem details (RFC 9457) of media type application/problem+json. Lists go on with `after`, the "
    f"`next` of the page before. A session stands in the cookie {COOKIE}; its changes carry {CSRF_HEADER}. Programs "
    "send a token as Authorization: Bearer. What belongs to another institution answers 404."
)
_REFUSALS = {
    401: "not signed in, or the session or token is over",
    403: "the role or the token has no such right; the password must be changed first; the CSRF token is missing",
    404: "there is no such thing, or it is another institution's",
    409: "it conflicts with what stands there now",
    412: "changed meanwhile; `current` is what stands there now",
    413: "too large",
    415: "another media type",
    422: "the request or the material is refused",
    428: "If-Match is missing",
    429: "too many calls or attempts",
    503: "the database or the storage of files is away",
    507: "the storage of files or the database is full",
}
_ETAG = "the version of what is shown: If-None-Match asks whether it changed, If-Match says what a change was made from"
_HEADERS = {
    "ETag": _ETAG,
    "Location": "where to go on with what was made",
    "Retry-After": "seconds to wait",
    "Tus-Resumable": "the version of the protocol",
    "Tus-Version": "the versions of the protocol that are understood",
    "Tus-Extension": "the parts of the protocol that are understood",
    "Tus-Max-Size": "bytes that one file may have",
    "Upload-Offset": "bytes that have arrived",
    "Upload-Length": "bytes of the whole file",
    "Upload-Expires": "until when an upload is kept that nobody goes on with",
}
_WAIT = (429, 503)
_NUMBERS = frozenset({"Retry-After", "Tus-Max-Size", "Upload-Offset", "Upload-Length"})
_OF_UPLOADS = {
    "options": ("Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size"),
    "post": ("Tus-Resumable", "Upload-Expires"),
    "head": ("Tus-Resumable", "Upload-Offset", "Upload-Length", "Upload-Expires"),
    "patch": ("Tus-Resumable", "Upload-Offset", "Upload-Expires"),
    "delete": ("Tus-Resumable",),
}


class Call:
    """One route with its path and what its dependencies ask for."""

    def __init__(self, path: str, method: str, route: APIRoute) -> None:
        self.path, self.method, self.route = path, method, route
        self.documented = route.include_in_schema
        self.public = bool((route.openapi_extra or {}).get("x-public"))
        calls = list(_calls(route.dependant))
        self.rights: tuple[Right, ...] = tuple(call.right for call in calls if isinstance(call, May))
        self.creates = creation in calls
        self.versioned = expected_version in calls
        self.tagged = self.versioned or 304 in route.responses      # the answer tells its version


def calls_of(app: FastAPI) -> list[Call]:
    """Every call of the JSON API, with its method; the pages are no part of it."""
    return [call for call in all_calls_of(app) if call.documented]


def all_calls_of(app: FastAPI) -> list[Call]:
    """Every call of the app, with its method: those of the JSON API and those of the pages."""
    found: list[Call] = []
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            found.extend(Call(context.path or route.path, method, route) for method in sorted(route.methods or ()))
    return found


def describe(app: FastAPI) -> None:
    """Make the app answer with the completed document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _completed(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes)
    components = made.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs", {}) | {"Problem": problem}
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    components["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
        "token": {"type": "http", "scheme": "bearer"},
    }
    for call in calls_of(app):
        operation = made["paths"].get(call.path, {}).get(call.method.lower())
        if operation is not None:
            _complete(operation, call)
    return made


def _complete(operation: dict[str, Any], call: Call) -> None:
    for own in ("x-public", "x-background"):
        operation.pop(own, None)
    refused = {422, 413} if operation.get("requestBody") or operation.get("parameters") else set()
    if call.rights:
        right = call.rights[0]
        operation["security"] = [{"session": []}, *([{"token": []}] if SCOPES[right] else [])]
        operation["x-right"] = right.value
        operation["x-roles"] = sorted(role.value for role in ROLES[right])
        operation["x-token-scope"] = SCOPES[right] or None
        refused |= {401, 403, 429, 503}
    if "{" in call.path:
        refused.add(404)
    if call.method.lower() in _CHANGES:
        refused |= {404, 409, 422, 503, 507}
    if call.versioned:
        refused |= {412, 428}
        for parameter in operation["parameters"]:
            if parameter["name"].casefold() == "if-match":
                version = {"type": "string", "pattern": r'^"[0-9]{1,9}"$'}
                parameter |= {"required": True, "schema": version, "description": "the ETag of what was seen"}
    if "uploads" in call.path:
        refused |= {409, 412, 413, 415}
    if call.path.endswith("/session"):
        refused |= {401, 403, 429}
    if call.rights == (Right.READ_PAPERS,) or "after" in str(operation.get("parameters", "")):
        refused |= {404, 422}
    responses = operation["responses"]
    for status in sorted(refused):
        responses[str(status)] = {
            "description": _REFUSALS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        } | ({"headers": _told("Retry-After")} if status in _WAIT else {})
    _tell_headers(responses, call)
    if 422 not in refused:
        responses.pop("422", None)


def _tell_headers(responses: dict[str, Any], call: Call) -> None:
    """The headers of the answers to calls that went well."""
    method = call.method.lower()
    names = _OF_UPLOADS[method] if "uploads" in call.path else ()
    names += ("Location",) if call.creates else ()
    names += ("ETag",) if call.tagged else ()
    for status, response in responses.items():
        if status.startswith(("4", "5")):
            continue
        if names:
            response["headers"] = _told(*(name for name in names if status != "304" or name == "ETag"))
        if method == "head":
            response.pop("content", None)


def _told(*names: str) -> dict[str, Any]:
    return {
        name: {"description": _HEADERS[name], "schema": {"type": "integer" if name in _NUMBERS else "string"}}
        for name in names
    }


def _calls(dependant: Dependant) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)
