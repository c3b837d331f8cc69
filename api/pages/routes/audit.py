"""The audit log: filtered, checked, exported."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from api.deps import AuditReader, TheService
from api.pages.forms import Form, taken
from api.pages.frame import ThePage
from api.pages.language import later
from api.pages.routes.archive import ACTIONS
from api.pages.shown import OFFICE
from api.routes import auditing
from api.schemas import Given, Id, Line

router = APIRouter(prefix="/audit", include_in_schema=False)
_ROWS = 50
# Besides those that the history of an archive tells.
ALL_ACTIONS = ACTIONS | {
    "sign_in": later("登录"),
    "sign_in.failed": later("登录失败"),
    "sign_in.throttled": later("登录须等待"),
    "sign_out": later("退出登录"),
    "user.create": later("添加账号"),
    "user.change": later("修改账号"),
    "user.password": later("设置密码"),
    "password.refused": later("修改密码时原密码不对"),
    "institution.create": later("添加机构"),
    "institution.change": later("修改机构"),
    "task.set": later("设置年度任务"),
    "policy.add": later("加入办法"), "policy.remove": later("移除办法"),
    "reason.add": later("添加排除理由"),
    "reason.use": later("启用或停用排除理由"),
    "token.create": later("建立接口令牌"),
    "token.revoke": later("撤销接口令牌"),
    "audit.export": later("导出审计日志"),
    "restore": later("从备份恢复"),
}

# What something was done to or with.
SUBJECTS = {
    "archive": later("班级档案"), "audit": later("审计日志"), "correction": later("更正记录"),
    "database": later("数据库"), "institution": later("机构"), "issue": later("问题编号"), "login": later("账号"),
    "page": later("扫描页"), "policy": later("核查依据"), "reason": later("理由"), "run": later("核查"),
    "token": later("接口令牌"), "trainee": later("学员编号"), "user": later("用户"),
    "volume": later("档案文件"),
}  # fmt: skip


class AuditQuery(Given):
    """The filters; days are those of the office."""

    actor_id: Line = ""
    action: Line = ""
    archive_id: Id | None = None
    since: date | None = None
    until: date | None = None
    after: Line | None = None


@router.get("")
def audit_page(page: ThePage, request: Request, caller: AuditReader, service: TheService) -> Response:
    """Rows of the log, newest first."""
    query = taken(AuditQuery, Form(list(request.query_params.multi_items())).filled())
    found = auditing.list_rows(
        caller, service, actor_id=query.actor_id, action=query.action, archive_id=query.archive_id,
        since=_midnight(query.since), until=_midnight(query.until + timedelta(days=1) if query.until else None),
        after=query.after, limit=_ROWS,
    )  # fmt: skip
    asked = {name: str(value) for name, value in query.model_dump(exclude={"after"}).items() if value}
    return page(
        "audit/table.html" if page.in_part else "audit/page.html", caller, query=query, found=found,
        actions=ALL_ACTIONS, subjects=SUBJECTS, filtered=bool(asked),
        next=urlencode(asked | {"after": found.next or ""}),
    )  # fmt: skip


@router.get("/verification")
def verification(page: ThePage, caller: AuditReader, service: TheService) -> Response:
    """Whether the chain of the log is whole."""
    return page("audit/verdict.html", caller, verdict=auditing.verify(caller, service))


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=OFFICE)
