"""What every page stands in: the base template with language, navigation and messages, and the way between pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote, unquote, urlsplit

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.deps import CSRF_HEADER, Caller
from api.pages import shown
from api.pages.assets import Assets
from api.pages.language import CHINESE, LANGUAGES, Catalogue
from api.pages.navigation import ROLE_WORDS, places_for
from api.pages.sentences import Sentences
from api.rights import ROLES, Right
from archive_verify.resources import static_dir, template_dir, translation_dir

LANGUAGE_COOKIE = "archive_verify_language"
MESSAGE_COOKIE = "archive_verify_message"
_MESSAGE_SECONDS = 60
_MOST = 500
# Styles set by scripts through the DOM are allowed by it, those written into the page are not.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HTMX = {
    "includeIndicatorStyles": False, "allowEval": False, "selfRequestsOnly": True,
    # what a page showed is not kept in the browser
    "historyCacheSize": 0, "historyRestoreAsHxRequest": False, "refreshOnHistoryMiss": True,
    "responseHandling": [
        {"code": "204", "swap": False}, {"code": "[23]..", "swap": True},
        {"code": "[45]..", "swap": True, "error": True},
    ],
}  # fmt: skip


class Frame:
    """The templates in each language and the files beside them; made once, in `create_app`."""

    def __init__(self) -> None:
        self.assets = Assets(static_dir())
        self._environments = {language: self._environment(language) for language in LANGUAGES}

    def render(self, language: str, template: str, context: Mapping[str, Any]) -> str:
        """The template in a language."""
        return self._environments[language].get_template(template).render(context)

    def _environment(self, language: str) -> Environment:
        words = Catalogue(translation_dir(), language)
        environment = Environment(
            loader=FileSystemLoader(template_dir() / "pages"), extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        environment.install_gettext_callables(  # type: ignore[attr-defined]
            words, lambda one, many, count: words(one if count == 1 else many), newstyle=True
        )
        environment.filters |= {**shown.filters(words), "told": Sentences(translation_dir(), words)}
        environment.globals |= {
            "static": self.assets.url, "language": language, "languages": LANGUAGES, "Right": Right,
            "htmx_settings": json.dumps(_HTMX), "fields": shown.FIELDS,
        }  # fmt: skip
        return environment


class Page:
    """One request for a page: renders templates for it, and leads on to other pages."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self._frame: Frame = request.app.state.frame
        language = request.cookies.get(LANGUAGE_COOKIE, CHINESE)
        self.language = language if language in LANGUAGES else CHINESE

    @property
    def in_part(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return _by_htmx(self.request) and "HX-History-Restore-Request" not in self.request.headers

    def __call__(
        self, template: str, caller: Caller | None = None, *, status: int = 200,
        headers: Mapping[str, str] | None = None, **context: Any,
    ) -> HTMLResponse:  # fmt: skip
        """The template as an answer; `context` is what it shows."""
        kind, _, words = unquote(self.request.cookies.get(MESSAGE_COOKIE, "")).partition(":")
        message = None if self.in_part or not words else (kind, words)
        path = self.request.url.path
        known = {
            "caller": caller, "message": message, "path": path, "in_part": self.in_part,
            "back": path + (f"?{self.request.url.query}" if self.request.url.query else ""),
            "places": list(places_for(caller.role)) if caller else [], "role_words": ROLE_WORDS,
            "csrf": json.dumps({CSRF_HEADER: caller.csrf}) if caller else "{}",
            "may": lambda right: caller is not None and caller.role in ROLES[right],
        }  # fmt: skip
        text = self._frame.render(self.language, template, known | context)
        answer = HTMLResponse(text, status, {"Content-Security-Policy": POLICY, **(headers or {})})
        if message:
            answer.delete_cookie(MESSAGE_COOKIE, path="/", httponly=True, samesite="lax")
        return answer

    def go(self, path: str, *, done: str = "", status: int = 303) -> Response:
        """Lead on to another page, that tells what was `done` (words of the catalogue, without personal data)."""
        answer: Response
        if self.in_part:
            answer = Response(status_code=200, headers={"HX-Redirect": path})
        else:
            answer = RedirectResponse(path, status)
        if done:
            answer.set_cookie(
                MESSAGE_COOKIE, quote(f"done:{done[:_MOST]}"), max_age=_MESSAGE_SECONDS, path="/", httponly=True,
                samesite="lax", secure=self.request.url.scheme == "https",
            )  # fmt: skip
        return answer


def page_of(request: Request) -> Page:
    """For routes of pages."""
    return Page(request)


ThePage = Annotated[Page, Depends(page_of)]


def local(path: str, otherwise: str = "/") -> str:
    """The path if it leads to a page of this server."""
    parts = urlsplit(path)
    fine = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and path.isprintable()
    return path if fine else otherwise


def problem_page(request: Request, body: Mapping[str, Any], status: int, headers: Mapping[str, str]) -> Response | None:
    """A refusal as a page, or as a message on the page that asked; None for programs."""
    asked = "text/html" in request.headers.get("Accept", "") or _by_htmx(request)
    if not asked or request.url.path.startswith("/api/"):
        return None
    page, kind = Page(request), str(body["type"]).rsplit(":", 1)[-1]
    if kind == "not-signed-in":
        return page.go(f"/sign-in?next={quote(_place(request))}")
    if kind == "password-change-required":
        return page.go("/password")
    kept = {name: value for name, value in headers.items() if name.casefold() != "www-authenticate"}
    number = str(body["instance"]).rsplit(":", 1)[-1]
    told = {"advice": "", "errors": [], **body}
    if page.in_part:
        kept |= {"HX-Retarget": "#messages", "HX-Reswap": "innerHTML"}
        return page("problem_part.html", status=status, headers=kept, problem=told, number=number)
    return page("problem.html", status=status, headers=kept, problem=told, number=number)


def _by_htmx(request: Request) -> bool:
    return request.headers.get("HX-Request") == "true"


def _place(request: Request) -> str:
    """The page somebody was on: to come back to after signing in."""
    if _by_htmx(request):
        parts = urlsplit(request.headers.get("HX-Current-URL", "/"))
        return local(parts.path + (f"?{parts.query}" if parts.query else ""))
    if request.method != "GET":
        return "/"
    return local(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
