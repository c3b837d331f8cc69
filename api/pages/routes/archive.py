"""One archive: its head, and under it the issues, the trainees, the pages, the computation, the history."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.access import finished_run_for
from api.deps import ArchiveReader, Caller, IssueReader, Reviewer, TheService, TraineeReader
from api.masking import masked
from api.pages.archive_head import TABS, Head, head_of
from api.pages.forms import Form, TheForm, taken
from api.pages.frame import Page, ThePage
from api.pages.language import later
from api.rights import ROLES, Right
from api.routes import archives, issues, pages, runs, trainees
from api.routes.archives import StepNote
from api.schemas import Given, IdPath, Line
from archive_verify.model import Severity, Verdict
from archive_verify.store import findings
from archive_verify.store.decisions import State as Decision

router = APIRouter(prefix="/archives/{archive_id}", include_in_schema=False)
_ISSUES = 100
# What is done with archives, as the history tells it; names of audit rows.
ACTIONS = {
    "archive.create": later("建立档案"),
    "archive.facts": later("修改班级信息"),
    "archive.roster": later("上传花名册"),
    "archive.state": later("提交、退回或通过"),
    "volume.add": later("上传档案文件"),
    "volume.order": later("调整文件顺序"),
    "volume.set_aside": later("移出文件"),
    "run.start": later("开始核查"),
    "run.done": later("核查完成"),
    "run.failed": later("核查失败"),
    "run.cancelled": later("取消核查"),
    "issue.decide": later("处理问题"),
    "issue.across": later("与其他档案比对"),
    "correction.add": later("更正"),
    "correction.withdraw": later("撤销更正"),
    "personal.report": later("查看报告"),
    "personal.review": later("对照页面查看"),
    "personal.proof": later("查看证明案卷"),
    "personal.page": later("查看页面"),
    "personal.unmask": later("查看完整身份证号"),
    "personal.notice": later("查看补正通知书"),
    "archive.delete": later("删除档案"),
}


class IssueQuery(Given):
    """The filters of the issues."""

    code: Line = ""
    severity: Severity | None = None
    state: Decision | None = None
    trainee: Annotated[int, Field(ge=1, le=100_000)] | None = None
    after: Line | None = None


@router.get("")
def issues_page(
    page: ThePage, archive_id: IdPath, request: Request, caller: IssueReader, service: TheService
) -> Response:
    """The issues of the last finished check, filtered."""
    query = taken(IssueQuery, Form(list(request.query_params.multi_items())).filled())
    head = head_of(caller, service, archive_id, request)
    found = issues.list_issues(
        archive_id, caller, service, code=query.code, severity=query.severity, state=query.state,
        trainee=query.trainee, after=query.after, limit=_ISSUES,
    )  # fmt: skip
    counts = issues.count_issues(archive_id, caller, service)
    names = {one.row: one for one in trainees.of_archive(archive_id, caller, service)}
    template = "archive/issue_list.html" if page.in_part else "archive/issues.html"
    return _tab(
        page, caller, head, template, "", query=query, found=found, counts=counts, names=names,
        severities=("error", "warning", "info"), decisions=list(Decision),
    )  # fmt: skip


@router.get("/trainees")
def trainees_page(
    page: ThePage, archive_id: IdPath, request: Request, caller: TraineeReader, service: TheService,
    standing: Annotated[str, Query(max_length=20)] = "",
) -> Response:  # fmt: skip
    """The trainees by roster row."""
    head = head_of(caller, service, archive_id, request)
    rows = [
        one for one in trainees.of_archive(archive_id, caller, service) if standing in ("", one.standing.value)
    ]
    open_codes: dict[int, list[str]] = {}
    with service.store.reading() as session:
        for issue in findings.issues(session, archive_id, findings.IssueFilter(), limit=5000):
            if issue.trainee is not None and issue.state != Decision.DISMISSED:
                codes = open_codes.setdefault(issue.trainee, [])
                codes += [] if issue.code in codes else [issue.code]
    template = "archive/trainee_list.html" if page.in_part else "archive/trainees.html"
    return _tab(
        page, caller, head, template, "/trainees", rows=rows, codes=open_codes, standing=standing,
        verdicts=list(Verdict),
    )  # fmt: skip


@router.get("/pages")
def pages_page(
    page: ThePage, archive_id: IdPath, request: Request, caller: ArchiveReader, service: TheService
) -> Response:
    """All pages as small images in scan order."""
    head = head_of(caller, service, archive_id, request)
    found = pages.list_pages(archive_id, caller, service) if head.checked else []
    sees = caller.role in ROLES[Right.READ_PAPERS]
    return _tab(page, caller, head, "archive/pages.html", "/pages", found=found, sees_images=sees)


@router.get("/computation")
def computation_page(
    page: ThePage, archive_id: IdPath, request: Request, caller: ArchiveReader, service: TheService
) -> Response:
    """The facts of the class, the rates and each step of the computation."""
    head = head_of(caller, service, archive_id, request)
    facts: dict[str, Any] = {}
    policy = ""
    if head.checked:
        _, report = finished_run_for(caller, service, archive_id)
        facts, policy = report.class_, report.policy.title
    return _tab(
        page, caller, head, "archive/computation.html", "/computation", facts=facts, policy=policy, masked=masked
    )


@router.get("/history")
def history_page(
    page: ThePage, archive_id: IdPath, request: Request, caller: ArchiveReader, service: TheService,
    after: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:  # fmt: skip
    """The checks and all that was done with the archive."""
    head = head_of(caller, service, archive_id, request)
    rows = archives.history(archive_id, caller, service, after=after, limit=50)
    checks = runs.list_runs(archive_id, caller, service, limit=20).items
    return _tab(
        page, caller, head, "archive/history.html", "/history", rows=rows, checks=checks, actions=ACTIONS, after=after
    )


@router.post("/return")
def return_(page: ThePage, archive_id: IdPath, form: TheForm, caller: Reviewer, service: TheService) -> Response:
    """Give the archive back for supplements."""
    archives.return_(archive_id, taken(StepNote, {"note": form["note"]}), caller, service)
    return page.go(f"/archives/{archive_id}", done=later("档案已退回补正"))


@router.post("/accept")
def accept(page: ThePage, archive_id: IdPath, form: TheForm, caller: Reviewer, service: TheService) -> Response:
    """Accept the archive."""
    archives.accept(archive_id, taken(StepNote, {"note": form["note"]}), caller, service)
    return page.go(f"/archives/{archive_id}", done=later("档案已通过"))


def _tab(page: Page, caller: Caller, head: Head, template: str, tab: str, **context: Any) -> Response:
    return page(template, caller, head=head, tab=tab, tabs=TABS, verdict_order=list(Verdict), **context)
