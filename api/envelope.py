"""What surrounds every call: an id, a bound on its body, security headers, its line in the log, its metrics."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import fault, ids_of, problem
from api.metrics import Metrics

PREFIX = "/api/v1"
_log = logging.getLogger("api.access")
# As other servers log it; nobody receives it.
_CLIENT_GONE = 499
# The one call whose body is as long as it likes: it is kept in pieces as it arrives. Every other body is
# read whole before anybody knows who sent it, so it is bounded whatever its media type says.
_UPLOAD = re.compile(r".*/uploads/[0-9a-f]{26}")
_OVERRIDING = frozenset({"PATCH", "HEAD", "DELETE"})

# Set unless the route sets its own.
_DEFAULTS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Envelope:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, body_bytes: int) -> None:
        self._app, self._metrics, self._most = app, metrics, body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["request_id"] = request_id = secrets.token_hex(8)
        scope.setdefault("state", {})
        began, status = time.perf_counter(), 500
        request = Request(scope)
        if scope["method"] == "POST" and _UPLOAD.fullmatch(scope["path"]) is not None:
            # tus lets clients say so that can send nothing but POST
            given = request.headers.get("X-HTTP-Method-Override", "").upper()
            scope["method"] = given if given in _OVERRIDING else "POST"
        bounded = scope["method"] != "PATCH" or _UPLOAD.fullmatch(scope["path"]) is None
        taken, over, started = 0, False, False

        async def counted() -> Message:
            nonlocal taken, over
            message = await receive()
            taken += len(message.get("body", b""))
            if bounded and taken > self._most:
                over = True
                raise _TooLarge
            return message

        async def enveloped(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in _DEFAULTS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
            await send(message)

        async def unless_over(message: Message) -> None:
            # What the app makes of a body that was cut off is no answer to it.
            if not over:
                await enveloped(message)

        answer: Response | None = None
        try:
            await self._app(scope, counted, unless_over)
        except ClientDisconnect:
            status = _CLIENT_GONE
        except Exception as error:
            # Nothing beyond this point may log the error with what was sent.
            answer = None if over else fault(request, error)
        try:
            if over:
                answer = problem(request, 413, "too-large", f"请求内容超过 {self._most // 1024} KB")
            if answer is not None and not started:
                await answer(scope, receive, enveloped)
        finally:
            route = template_of(scope)
            seconds = time.perf_counter() - began
            self._metrics.answered(scope["method"], route, status, seconds)
            extra: dict[str, Any] = {
                "request_id": request_id, "method": scope["method"], "route": route, "status": status,
                "milliseconds": round(1000 * seconds, 1), **ids_of(scope),
                "user_id": scope["state"].get("user_id"),
            }  # fmt: skip
            _log.info("%(method)s %(route)s %(status)s", extra, extra=extra)


class _TooLarge(Exception):
    """The body goes on past the bound."""


def template_of(scope: Scope) -> str:
    """The route's template, e.g. /api/v1/runs/{run_id}: fit for logs, with no id and no value."""
    route = scope.get("route")
    path = getattr(route, "path_format", None) or getattr(route, "path", None)
    if not path:
        return "(none)"
    # a route knows its path within its router alone
    of_api = scope["path"].startswith(f"{PREFIX}/") and not path.startswith(PREFIX)
    return f"{PREFIX}{path}" if of_api else str(path)
