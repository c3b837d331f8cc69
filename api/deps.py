"""What routes ask for: the store, the caller with a right, cursors, versions, idempotent creation."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError

from api.config import ApiSettings
from api.errors import ApiProblem
from api.limits import CallLimit, Door
from api.metrics import Metrics
from api.orders import Orders
from api.papers import PaperShelf
from api.rights import ROLES, SCOPES, Right
from archive_verify.settings import Settings
from archive_verify.store import Actor, Scope, Store, StoreError, Transaction, idempotency, people
from archive_verify.store.people import Role
from archive_verify.store.tables import User

COOKIE = "archive_verify_session"
# Browsers take a cookie of this name from the host itself and over TLS alone, so that no neighbour can set it.
SECURE_COOKIE = f"__Host-{COOKIE}"
# For calls that a page makes by itself: they do not count as use of the session.
BACKGROUND = {"x-background": True}
CSRF_HEADER = "X-CSRF-Token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_ADDRESS = 45                       # the longest form of an IPv6 address


@dataclass(frozen=True, slots=True)
class Service:
    """What one web process works with; made once in `create_app`."""

    store: Store
    orders: Orders
    settings: ApiSettings
    library: Settings
    shelf: PaperShelf
    metrics: Metrics
    calls: CallLimit
    door: Door


def service_of(request: Request) -> Service:
    """The process's parts."""
    service: Service = request.app.state.service
    return service


TheService = Annotated[Service, Depends(service_of)]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a user by a session or by a token."""

    user: User
    actor: Actor
    scope: Scope                    # whose rows may be seen
    session_token: str = ""         # of a session, else
    token_hash: str = ""            # of a token
    csrf: str = ""

    @property
    def role(self) -> Role:
        return Role(self.user.role)


def cookie_of(request: Request) -> str:
    """The name of the session's cookie."""
    return SECURE_COOKIE if request.url.scheme == "https" else COOKIE


def address_of(request: Request) -> str:
    """Where the request comes from, as far as it is known."""
    return request.client.host[:_ADDRESS] if request.client else ""


def caller_of(request: Request, service: TheService) -> Caller:
    """The user behind the request. Raises 401 for none, 403 for a forged change, 429 for too many calls."""
    caller = _caller_of(request, service)
    service.calls.take(caller.user.id)
    return caller


def _caller_of(request: Request, service: Service) -> Caller:
    address = address_of(request)
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.casefold() == "bearer":
        found = people.token_of(service.store, text.strip())
        if found is None:
            raise _not_signed_in()
        user, token = found
        request.state.user_id = user.id
        request.state.scopes = frozenset(token.scopes)
        name = f"{user.name}（{token.name}）"
        actor = Actor("token", user.id, name, user.role, user.institution_id, address)
        return Caller(user, actor, _scope_of(user), token_hash=token.token_hash)
    cookie = request.cookies.get(cookie_of(request), "")
    used = "x-background" not in (getattr(request.scope.get("route"), "openapi_extra", None) or {})
    signed_in = people.session_of(service.store, cookie, used=used) if cookie else None
    if signed_in is None:
        raise _not_signed_in()
    user, session = signed_in
    request.state.user_id = user.id
    given = request.headers.get(CSRF_HEADER, "")
    if request.method not in _SAFE and not secrets.compare_digest(given.encode(), session.csrf.encode()):
        raise ApiProblem(403, "csrf", f"缺少或不符的 {CSRF_HEADER}", advice="请刷新页面后重试")
    actor = Actor("user", user.id, user.name, user.role, user.institution_id, address)
    return Caller(user, actor, _scope_of(user), cookie, csrf=session.csrf)


def _scope_of(user: User) -> Scope:
    # A clerk without an institution would see nothing.
    return Scope(user.institution_id or "none") if user.role == Role.CLERK else Scope(None)


def still_there(caller: Caller, service: Service) -> bool:
    """Whether the caller's session or token is good at this moment; for answers that go on for long."""
    if caller.session_token:
        return people.session_of(service.store, caller.session_token, used=False) is not None
    return people.token_good(service.store, caller.token_hash)


def _not_signed_in() -> ApiProblem:
    return ApiProblem(
        401, "not-signed-in", "没有登录，或登录已过期", advice="请登录", headers={"WWW-Authenticate": "Bearer"}
    )


class May:
    """A dependency: the caller, if he has the right. The tests and the OpenAPI document read `right`."""

    def __init__(self, right: Right, *, before_password_change: bool = False) -> None:
        self.right = right
        self._before = before_password_change

    def __call__(self, request: Request, caller: Annotated[Caller, Depends(caller_of)]) -> Caller:
        if caller.user.must_change_password and not self._before:
            raise ApiProblem(403, "password-change-required", "第一次登录须先修改密码")
        scopes: frozenset[str] | None = getattr(request.state, "scopes", None)
        in_scope = scopes is None or SCOPES[self.right] in scopes
        if caller.role not in ROLES[self.right] or not in_scope:
            raise ApiProblem(403, "not-allowed", "您的角色或令牌没有这项权限")
        return caller


SignedIn = Annotated[Caller, Depends(May(Right.OWN_ACCOUNT, before_password_change=True))]
AccountOwner = Annotated[Caller, Depends(May(Right.OWN_ACCOUNT))]
ArchiveReader = Annotated[Caller, Depends(May(Right.READ_ARCHIVES))]
IssueReader = Annotated[Caller, Depends(May(Right.READ_ISSUES))]
TraineeReader = Annotated[Caller, Depends(May(Right.READ_TRAINEES))]
PaperReader = Annotated[Caller, Depends(May(Right.READ_PAPERS))]
PaperChanger = Annotated[Caller, Depends(May(Right.CHANGE_PAPERS))]
Runner = Annotated[Caller, Depends(May(Right.RUN_CHECKS))]
Reviewer = Annotated[Caller, Depends(May(Right.DECIDE))]
AuditReader = Annotated[Caller, Depends(May(Right.READ_AUDIT))]
ListReader = Annotated[Caller, Depends(May(Right.READ_LISTS))]
Administrator = Annotated[Caller, Depends(May(Right.ADMINISTER))]


# --- pages of lists -------------------------------------------------------------------------------


class Cursor:
    """Where a list goes on: opaque to callers."""

    @staticmethod
    def of(*position: str | int) -> str:
        """The cursor behind an item."""
        packed = json.dumps(position, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @staticmethod
    def read(text: str | None, *kinds: type, most: int = 2**31) -> list[Any] | None:
        """The position, of parts of these types and numbers under `most`, as the columns hold them.
        Raises 422 for what is no cursor of this list."""
        if not text:
            return None
        try:
            position = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (ValueError, UnicodeDecodeError, RecursionError):
            position = None
        if not isinstance(position, list) or [type(part) for part in position] != list(kinds):
            raise ApiProblem(422, "invalid-request", "after 不是这个列表给出的值")
        if any(isinstance(part, int) and abs(part) >= most for part in position) or any(
            isinstance(part, str) and not re.fullmatch(r"[0-9a-f]{26}", part) for part in position
        ):
            raise ApiProblem(422, "invalid-request", "after 不是这个列表给出的值")
        return position


After = Annotated[str | None, Query(max_length=200, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200)]


# --- versions -------------------------------------------------------------------------------------


def etag(version: int | str) -> str:
    """A strong entity tag."""
    return f'"{version}"'


def expected_version(if_match: Annotated[str | None, Header(max_length=100)] = None) -> int:
    """The version in If-Match. Raises 428 without one, 412 for what no version can be."""
    if if_match is None:
        raise ApiProblem(428, "version-required", "缺少 If-Match", advice="请给出读取时的 ETag")
    match = re.fullmatch(r'"(\d{1,9})"', if_match.strip())
    if match is None:
        raise ApiProblem(412, "changed-meanwhile", "If-Match 与现状不符", advice="请刷新后再试")
    return int(match[1])


ExpectedVersion = Annotated[int, Depends(expected_version)]


def unchanged(request: Request, tag: str, headers: Mapping[str, str] | None = None) -> Response | None:
    """304 where the caller has this version already; `headers` are those that the answer itself would have."""
    given = request.headers.get("If-None-Match", "")
    if tag in (one.strip().removeprefix("W/") for one in given.split(",")):
        return Response(status_code=304, headers={**(headers or {}), "ETag": tag})
    return None


# --- creation, once -------------------------------------------------------------------------------


T = TypeVar("T")


class Creation:
    """A creating call: with an Idempotency-Key, the same call again creates nothing and answers alike."""

    def __init__(self, store: Store, caller: Caller, key: str, request_hash: str) -> None:
        self._store, self._caller, self._key, self._hash = store, caller, key, request_hash

    def __call__(
        self,
        make: Callable[[Transaction], T],
        show: Callable[[T], BaseModel],
        *,
        location: Callable[[T], str],
        headers: Callable[[T], Mapping[str, str]] = lambda made: {},
        status: int = 201,
        after: Callable[[T], None] = lambda made: None,
    ) -> Response:
        """Make it in one transaction together with the answer that is kept; then do what comes after."""
        if (earlier := self._recalled()) is not None:
            return earlier
        try:
            with self._store.writing(self._caller.actor) as tx:
                made = make(tx)
                tx.session.flush()
                answer = idempotency.Answer(
                    status, {"Location": location(made), "Content-Type": "application/json", **headers(made)},
                    show(made).model_dump_json(by_alias=True).encode(),
                )  # fmt: skip
                if self._key:
                    idempotency.remember(tx, self._caller.user.id, self._key, self._hash, answer)
        except (IntegrityError, StoreError) as error:
            # the same call, made at the same moment, may have been first: what it made stands in this one's way
            if (earlier := self._recalled()) is not None:
                return earlier
            if isinstance(error, StoreError):
                raise
            raise ApiProblem(409, "conflict", "同时有另一个相同的请求", advice="请重试") from None
        after(made)
        return _response(answer)

    def _recalled(self) -> Response | None:
        if not self._key:
            return None
        with self._store.reading() as session:
            answer = idempotency.recall(session, self._caller.user.id, self._key, self._hash)
        return None if answer is None else _response(answer)


async def creation(
    request: Request,
    service: TheService,
    caller: Annotated[Caller, Depends(caller_of)],
    idempotency_key: Annotated[
        str | None,
        Header(pattern=r"^[\x21-\x7e]{1,200}$", description="the same key and request within a day create once"),
    ] = None,
) -> Creation:
    """For routes that create."""
    body = await request.body()
    head = f"{request.method} {request.url.path} {request.headers.get('Upload-Metadata', '')} "
    head += request.headers.get("Upload-Length", "")
    digest = hashlib.sha256(head.encode() + b"\n" + body).hexdigest()
    return Creation(service.store, caller, idempotency_key or "", digest)


TheCreation = Annotated[Creation, Depends(creation)]


def _response(answer: idempotency.Answer) -> Response:
    return Response(answer.body, answer.status, answer.headers)
