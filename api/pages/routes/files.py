"""Styles and scripts, and the switch of the language."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from api.pages.assets import PREFIX
from api.pages.frame import LANGUAGE_COOKIE, Frame, local
from api.pages.language import LANGUAGES
from archive_verify.store import NotFound

router = APIRouter(include_in_schema=False)
PUBLIC = {"x-public": True}
_FOR_EVER = "public, max-age=31536000, immutable"
_YEAR = 365 * 24 * 3600


@router.get(PREFIX + "/{address:path}", openapi_extra=PUBLIC)
def get_file(address: str, request: Request) -> FileResponse:
    """A file under the name of this version of it."""
    frame: Frame = request.app.state.frame
    found = frame.assets.file(address)
    if found is None:
        raise NotFound("没有这个文件")
    return FileResponse(found[0], media_type=found[1], headers={"Cache-Control": _FOR_EVER})


@router.get("/language/{language}", openapi_extra=PUBLIC)
def choose_language(
    language: str, request: Request, back: Annotated[str, Query(max_length=1000)] = "/"
) -> Response:
    """Show the pages in this language from now on."""
    if language not in LANGUAGES:
        raise NotFound("没有这种语言")
    answer = RedirectResponse(local(back), 303)
    answer.set_cookie(
        LANGUAGE_COOKIE, language, max_age=_YEAR, path="/", httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return answer
