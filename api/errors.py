"""Every refusal in one form: problem details of RFC 9457, in Chinese, without personal data."""

from __future__ import annotations

import errno
import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import PurePath
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.exceptions import HTTPException
from starlette.types import Scope

from archive_verify.errors import ArchiveVerifyError, InputRefused
from archive_verify.store import Conflict, NotFound, Refused, Throttled
from archive_verify.store.blobs import StorageAway

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger("api")
_FULL = (errno.ENOSPC, errno.EDQUOT)
_DISK_FULL = "53100"                # PostgreSQL, appendix A: class 53, insufficient resources
_LOGGED = ("archive_id", "run_id")
_ID = re.compile(r"[0-9a-f]{26}")
_DATABASE_AWAY = (OperationalError, InterfaceError, NoConnection)


class FieldProblem(BaseModel):
    """One part of a request that was refused."""

    pointer: str = Field(description="where in the request, e.g. /body/facts/start_date")
    detail: str


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="urn:archive-verify:problem:<name>; stable, for programs")
    title: str = Field(description="the kind of problem in words")
    status: int
    detail: str = Field(description="what happened this time")
    instance: str = Field(description="urn:archive-verify:request:<id>, which finds the line in the log")
    advice: str = Field("", description="what to do")
    errors: list[FieldProblem] = Field(default_factory=list, description="for type invalid-request")
    current: Any = Field(None, description="for a conflict: what stands there now")


class ApiProblem(Exception):
    """A refusal of the web side itself."""

    def __init__(
        self, status: int, name: str, detail: str, *, advice: str = "", current: Any = None,
        headers: Mapping[str, str] | None = None, errors: list[FieldProblem] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(detail)
        self.status, self.name, self.detail, self.advice = status, name, detail, advice
        self.current, self.headers, self.errors = current, dict(headers or {}), errors


# name -> its kind in words
TITLES: Mapping[str, str] = {
    "invalid-request": "请求内容不对",
    "not-signed-in": "没有登录",
    "not-allowed": "没有权限",
    "password-change-required": "须先修改密码",
    "csrf": "请求来源无法确认",
    "not-found": "没有找到",
    "conflict": "与现状冲突",
    "changed-meanwhile": "已被别人修改",
    "version-required": "须给出所见的版本",
    "refused": "不允许这样做",
    "input-refused": "材料不可用",
    "throttled": "请求过于频繁",
    "too-large": "内容过大",
    "unsupported-media": "内容类型不支持",
    "tus-version": "上传协议版本不支持",
    "http": "请求无法处理",
    "unavailable": "服务暂时不可用",
    "storage-full": "存储空间已满",
    "fault": "服务出错",
}


def problem(
    request: Request, status: int, name: str, detail: str, *, advice: str = "", current: Any = None,
    errors: list[FieldProblem] | None = None, headers: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """The answer for a refusal: a page where somebody asked for one, problem details for programs."""
    body: dict[str, Any] = {
        "type": f"urn:archive-verify:problem:{name}", "title": TITLES[name], "status": status, "detail": detail,
        "instance": f"urn:archive-verify:request:{request_id(request)}",
    }  # fmt: skip
    if advice:
        body["advice"] = advice
    if current is not None:
        body["current"] = current
    if errors:
        body["errors"] = [error.model_dump() for error in errors]
    # what a route's protocol has on every answer
    always: Mapping[str, str] = getattr(request.state, "answer_headers", {})
    headers = {**always, **(headers or {})}
    page = request.app.state.problem_page(request, body, status, headers)
    return page or JSONResponse(body, status, headers, MEDIA_TYPE)


def request_id(request: Request) -> str:
    """Stands in the log and in the answer."""
    return str(request.scope.get("request_id", ""))


def ids_of(scope: Scope) -> dict[str, str]:
    """The archive and the run that a call is about, for the log; nothing else that stands in an address."""
    given = scope.get("path_params") or {}
    return {name: str(given[name]) for name in _LOGGED if _ID.fullmatch(str(given.get(name, "")))}


def add_handlers(app: FastAPI) -> None:
    """Translate all that routes raise on purpose; a fault is for the envelope."""
    app.add_exception_handler(ApiProblem, _api_problem)
    app.add_exception_handler(ArchiveVerifyError, _library)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


async def _api_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiProblem)
    return problem(
        request, error.status, error.name, error.detail, advice=error.advice, current=error.current,
        headers=error.headers, errors=error.errors,
    )  # fmt: skip


async def _library(request: Request, error: Exception) -> Response:
    assert isinstance(error, ArchiveVerifyError)
    # A place may be a path of this machine: its last part says enough.
    where = PurePath(error.where).name
    detail = f"{where}：{error.what}" if where else error.what
    if isinstance(error, NotFound):
        return problem(request, 404, "not-found", detail, advice=error.advice)
    if isinstance(error, Conflict):
        current = error.current if isinstance(error.current, str | int | dict) else None
        return problem(request, 409, "conflict", detail, advice=error.advice, current=current)
    if isinstance(error, Throttled):
        wait = {"Retry-After": str(error.retry_after)}
        return problem(request, 429, "throttled", detail, advice=error.advice, headers=wait)
    if isinstance(error, Refused):
        return problem(request, 422, "refused", detail, advice=error.advice)
    if isinstance(error, InputRefused):
        return problem(request, 422, "input-refused", detail, advice=error.advice)
    return fault(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # The value itself is left out: it may be a password or an ID number.
    errors = [
        FieldProblem(pointer="/" + "/".join(str(part) for part in one["loc"]), detail=str(one["msg"]))
        for one in error.errors()
    ]
    return problem(request, 422, "invalid-request", "请求中有不对的内容", errors=errors)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.NOT_FOUND:
        return problem(request, 404, "not-found", "没有这个地址")
    return problem(
        request, error.status_code, "http", HTTPStatus(error.status_code).phrase, headers=error.headers
    )


def fault(request: Request, error: Exception) -> Response:
    """The answer for what nobody foresaw; it is logged with the request's id."""
    # The text of an error may quote what was sent: only where it happened goes into the log.
    trace, places = error.__traceback__, []
    while trace is not None:
        places.append(f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    _log.error(
        "fault %s", type(error).__name__,
        extra={"request_id": request_id(request), "at": " < ".join(reversed(places[-12:])), **ids_of(request.scope)},
    )  # fmt: skip
    if _disk_full(error):
        return problem(request, 507, "storage-full", "服务器的存储空间已满", advice="请告诉管理员")
    away = "数据库" if isinstance(error, _DATABASE_AWAY) else "文件存储" if isinstance(error, StorageAway) else ""
    if away:
        wait = {"Retry-After": "5"}
        return problem(request, 503, "unavailable", f"{away}暂时不可用", advice="请稍后重试", headers=wait)
    return problem(request, 500, "fault", "服务内部出错", advice="请把请求编号告诉管理员")


def _disk_full(error: Exception) -> bool:
    """Of the files or of the database: SQLite says so in words, PostgreSQL by a code."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    if not isinstance(error, DBAPIError):
        return False
    return "disk is full" in str(error.orig) or getattr(error.orig, "sqlstate", None) == _DISK_FULL
