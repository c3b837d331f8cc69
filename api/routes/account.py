"""Signing in and out, one's password and tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response, status
from pydantic import Field

from api.deps import AccountOwner, SignedIn, TheService, address_of, cookie_of
from api.errors import ApiProblem
from api.rights import ROLES, Right
from api.schemas import Given, IdPath, Line, Moment, Secret, Shown
from archive_verify.store import Refused, people
from archive_verify.store.people import Role
from archive_verify.store.tables import User

router = APIRouter(tags=["account"])


class Credentials(Given):
    login: Line
    password: Secret


class Account(Shown):
    """Who is signed in, and what he may do."""

    id: str
    login: str
    name: str
    role: Role
    institution_id: str | None
    must_change_password: bool
    rights: list[Right] = Field(default_factory=list)
    csrf: str = Field("", description="to be sent as X-CSRF-Token with every change; for sessions only")


class NewPassword(Given):
    old: Secret
    new: Secret


class NewToken(Given):
    name: Line
    scopes: list[Line] = Field(max_length=20, json_schema_extra={"items": {"enum": list(people.SCOPES)}})
    expires_at: Moment | None = None


class Token(Shown):
    id: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None


class FreshToken(Token):
    text: str = Field("", description="to be sent as Authorization: Bearer; shown this once")


def account_of(caller_user: User, csrf: str = "") -> Account:
    """The account as it is shown to its owner."""
    rights = [right for right in Right if Role(caller_user.role) in ROLES[right]]
    return Account.model_validate(caller_user).model_copy(update={"rights": rights, "csrf": csrf})


@router.post("/session", openapi_extra={"x-public": True})
def sign_in(
    given: Credentials, request: Request, response: Response, service: TheService,
    sec_fetch_site: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Account:  # fmt: skip
    """Sign in; the session stands in a cookie. After too many failures 429 with Retry-After."""
    if sec_fetch_site in ("cross-site", "same-site"):
        raise ApiProblem(403, "csrf", "不能从其他网站登录")
    cookie = cookie_of(request)
    address = address_of(request)
    agent = request.headers.get("User-Agent", "")
    agent = "".join(char for char in agent if char.isprintable())[:200]
    try:
        with service.door():
            signed = people.sign_in(
                service.store, given.login, given.password, address=address, agent=agent,
                before=request.cookies.get(cookie, ""),
            )  # fmt: skip
    except Refused as error:
        raise ApiProblem(401, "not-signed-in", error.what, headers={"WWW-Authenticate": "Bearer"}) from None
    seconds = int((signed.expires_at - service.store.clock()).total_seconds())
    response.set_cookie(
        cookie, signed.token, max_age=seconds, path="/", httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return account_of(signed.user, signed.csrf)


@router.get("/session")
def who_am_i(caller: SignedIn) -> Account:
    """Who is signed in."""
    return account_of(caller.user, caller.csrf)


@router.delete("/session", status_code=status.HTTP_204_NO_CONTENT)
def sign_out(caller: SignedIn, service: TheService, request: Request) -> Response:
    """Sign out; the browser forgets what it kept."""
    with service.store.writing(caller.actor) as tx:
        people.sign_out(tx, caller.session_token)
    response = Response(status_code=204, headers={"Clear-Site-Data": '"cache"'})
    response.delete_cookie(
        cookie_of(request), path="/", httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )
    return response


@router.put("/session/password", status_code=status.HTTP_204_NO_CONTENT)
def change_password(given: NewPassword, caller: SignedIn, service: TheService) -> Response:
    """Change one's password; every other session of the user ends."""
    with service.door():
        right = people.confirm_password(service.store, caller.actor, caller.user.id, given.old)
    if not right:
        raise Refused("原密码不对")
    with service.door(), service.store.writing(caller.actor) as tx:
        people.set_password(tx, caller.user.id, given.new, keep_session=caller.session_token)
    return Response(status_code=204)


@router.get("/tokens")
def list_tokens(caller: AccountOwner, service: TheService) -> list[Token]:
    """One's tokens, newest first."""
    with service.store.reading() as session:
        return [Token.model_validate(token) for token in people.tokens(session, caller.user.id)]


@router.post("/tokens", status_code=status.HTTP_201_CREATED)
def create_token(given: NewToken, caller: AccountOwner, service: TheService) -> FreshToken:
    """A token for a program; it may do what its scopes and the user's role both allow."""
    with service.store.writing(caller.actor) as tx:
        token, text = people.create_token(tx, caller.user.id, given.name, given.scopes, given.expires_at)
    return FreshToken.model_validate(token).model_copy(update={"text": text})


@router.delete("/tokens/{token_id}", status_code=status.HTTP_204_NO_CONTENT)
def revoke_token(token_id: IdPath, caller: AccountOwner, service: TheService) -> Response:
    """Revoke one of one's tokens."""
    with service.store.writing(caller.actor) as tx:
        people.revoke_token(tx, token_id, user_id=caller.user.id)
    return Response(status_code=204)


