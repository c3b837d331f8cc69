"""Signing in and out, and one's password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from api.deps import AccountOwner, SignedIn, TheService
from api.errors import ApiProblem
from api.pages.forms import TheForm, taken
from api.pages.frame import ThePage, local
from api.pages.language import later
from api.pages.navigation import home_of
from api.pages.routes.files import PUBLIC
from api.routes import account
from archive_verify.store import Refused, Throttled

router = APIRouter(include_in_schema=False)
Next = Annotated[str, Query(max_length=1000)]


@router.get("/")
def home(page: ThePage, caller: AccountOwner) -> Response:
    """Where the caller's role starts."""
    return page.go(home_of(caller.role))


@router.get("/sign-in", openapi_extra=PUBLIC)
def sign_in_page(page: ThePage, next: Next = "/") -> Response:
    """The form for signing in."""
    return page("account/sign_in.html", next=local(next), login="", refusal="", wait=0)


@router.post("/sign-in", openapi_extra=PUBLIC)
def sign_in(
    page: ThePage, form: TheForm, request: Request, service: TheService,
    sec_fetch_site: Annotated[str | None, Header()] = None,
) -> Response:  # fmt: skip
    """Sign in and go on to the page that was asked for."""
    onward = local(form["next"])
    given = taken(account.Credentials, {"login": form["login"], "password": form.raw("password")})
    answer = page.go(onward)
    try:
        account.sign_in(given, request, answer, service, sec_fetch_site)
    except Throttled as error:
        headers = {"Retry-After": str(error.retry_after)}
        return page(
            "account/sign_in.html", status=429, headers=headers, next=onward, login=given.login, refusal=error.what,
            wait=error.retry_after,
        )  # fmt: skip
    except ApiProblem as error:
        if error.status != 401:
            raise
        return page(
            "account/sign_in.html", status=401, next=onward, login=given.login, refusal=error.detail, wait=0
        )
    return answer


@router.post("/sign-out")
def sign_out(page: ThePage, caller: SignedIn, service: TheService, request: Request) -> Response:
    """Sign out."""
    ended = account.sign_out(caller, service, request)
    answer = page.go("/sign-in")
    for name in ("Clear-Site-Data", "Set-Cookie"):
        answer.headers[name] = ended.headers[name]
    return answer


@router.get("/password")
def password_page(page: ThePage, caller: SignedIn) -> Response:
    """The form for another password."""
    return page("account/password.html", caller)


@router.post("/password")
def change_password(page: ThePage, form: TheForm, caller: SignedIn, service: TheService) -> Response:
    """Change one's password; every other session of the user ends."""
    given = taken(account.NewPassword, {"old": form.raw("old"), "new": form.raw("new")})
    if form.raw("again") != given.new:
        raise Refused("两次填写的新密码不一样")
    account.change_password(given, caller, service)
    return page.go(home_of(caller.role), done=later("密码已修改"))
