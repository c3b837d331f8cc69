"""The review of an archive: its issues, the page each stands on, and what is decided."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy import select

from api.access import archive_for, finished_run_for, note_reading
from api.deps import (
    BACKGROUND,
    Caller,
    PaperReader,
    Reviewer,
    Service,
    TheCreation,
    TheService,
    etag,
    unchanged,
)
from api.errors import ApiProblem
from api.pages.finding import finding_of, pages_of, values_on, with_pages
from api.pages.forms import Form, TheForm, taken
from api.pages.frame import ThePage
from api.pages.missed import missed_on
from api.pages.rules import FIELD_WORDS, RULES
from api.pages.wording import find_words
from api.routes import administration, corrections, issues, pages, runs, trainees
from api.routes.corrections import CorrectionMade, ValueCorrection
from api.routes.issues import IssueShown, NewDecision
from api.schemas import Given, IdPath, NumberPath
from archive_verify.model import Severity
from archive_verify.report.schema import Report
from archive_verify.store import Refused, findings
from archive_verify.store import runs as store_runs
from archive_verify.store.decisions import State
from archive_verify.store.findings import IssueFilter
from archive_verify.store.tables import IssueRow

router = APIRouter(prefix="/archives/{archive_id}/review", include_in_schema=False)
_MOST = 5000
_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
_NO_ONE = 0


class ReviewQuery(Given):
    """What the address of the review holds: the filters, and where to begin."""

    by: Literal["code", "trainee"] = "code"
    severity: Severity | None = None
    state: State | None = None
    code: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")] | None = None
    issue: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    trainee: Annotated[int, Field(ge=1, le=100_000)] | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] | None = None


@dataclass(slots=True)
class Group:
    """Issues of one code, or of one trainee, in the order of reading."""

    code: str = ""
    trainee: int | None = None
    items: list[IssueShown] = field(default_factory=list)

    @property
    def open(self) -> int:
        return sum(one.state is State.OPEN for one in self.items)

    @property
    def severity(self) -> Severity:
        return min((one.severity for one in self.items), key=_SEVERITIES.index)


@router.get("")
def review(page: ThePage, archive_id: IdPath, request: Request, caller: PaperReader, service: TheService) -> Response:
    """The whole page; for htmx the list of issues alone."""
    query = taken(ReviewQuery, Form(list(request.query_params.multi_items())).filled())
    archive = archive_for(caller, service, archive_id)
    run, report = finished_run_for(caller, service, archive_id)
    listed = _listed(caller, service, archive_id, query)
    if page.in_part:
        return page("review/list.html", caller, archive=archive, query=query, run=run, **listed)
    note_reading(caller, service, "review", "archive", archive_id, archive_id)
    chosen = _chosen(query, listed["groups"])
    shown: dict[str, Any] = _finding(caller, service, archive_id, chosen) if chosen else {"finding": None}
    return page(
        "review/page.html", caller, archive=archive, run=run, sheets=pages.list_pages(archive_id, caller, service),
        first=query.page or (shown["pages"][0] if chosen and shown["pages"] else _first_page(report, query.trainee)),
        reasons=administration.list_reasons(caller, service), query=query, **listed, **shown,
    )  # fmt: skip


@router.get("/issues/{issue_id}")
def finding(
    page: ThePage, archive_id: IdPath, issue_id: NumberPath, caller: PaperReader, service: TheService
) -> Response:
    """One issue with all that speaks for or against it."""
    return page("review/finding.html", caller, **_finding(caller, service, archive_id, issue_id))


@router.post("/issues/{issue_id}")
def decide(
    page: ThePage, archive_id: IdPath, issue_id: NumberPath, form: TheForm, caller: Reviewer, service: TheService,
    by: Annotated[Literal["code", "trainee"], Query()] = "code",
) -> Response:  # fmt: skip
    """Decide on the issue as it was seen; where another came first, his decision is shown instead."""
    given = taken(NewDecision, {name: form[name] for name in ("state", "reason", "note") if name in form})
    if not form["version"].isdigit():
        raise Refused("缺少所见的版本", advice="请刷新页面后重试")
    try:
        issue = issues.decide(archive_id, issue_id, given, caller, service, int(form["version"]), Response())
    except ApiProblem as error:
        if error.status != 412:
            raise
        shown = _finding(caller, service, archive_id, issue_id) | {"overtaken": True}
        headers = {"HX-Retarget": "#finding", "HX-Reswap": "outerHTML"}
        return page("review/finding.html", caller, headers=headers, **shown)
    listed = _listed(caller, service, archive_id, ReviewQuery(by=by))
    headers = {"HX-Trigger": json.dumps({"review:decided": {"issue": issue_id, "version": issue.version}})}
    return page("review/decided.html", caller, headers=headers, issue=issue, query=ReviewQuery(by=by), **listed)


@router.get("/state", openapi_extra=BACKGROUND)
def state(archive_id: IdPath, request: Request, caller: PaperReader, service: TheService) -> Response:
    """What changes under a reviewer's eyes: the run that is shown, one that is going on, each issue's version."""
    archive = archive_for(caller, service, archive_id)
    with service.store.reading() as session:
        versions = session.execute(
            select(IssueRow.id, IssueRow.version).where(IssueRow.archive_id == archive_id, IssueRow.present)
        )
        told = {
            "run": archive.current_run_id,
            "busy": store_runs.going_on(session, [archive_id]).get(archive_id),
            "versions": {row.id: row.version for row in versions},
        }
    tag = etag(hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32])
    return unchanged(request, tag) or JSONResponse(told, headers={"ETag": tag, "Cache-Control": "no-cache"})


@router.get("/outcome")
def outcome(page: ThePage, archive_id: IdPath, caller: PaperReader, service: TheService) -> Response:
    """What the last judging closed and found new, in one line."""
    archive = archive_for(caller, service, archive_id)
    changed = runs.changes(archive.current_run_id or "", caller, service)
    return page("review/outcome.html", caller, closed=len(changed.closed), new=len(changed.new))


@router.get("/pages/{index}")
def values(page: ThePage, archive_id: IdPath, index: NumberPath, caller: PaperReader, service: TheService) -> Response:
    """All values read from a page, each to be set right."""
    _, report = finished_run_for(caller, service, archive_id)
    return page("review/page_values.html", caller, values=values_on(report, index), field_words=FIELD_WORDS)


@router.get("/pages/{index}/missed")
def missed(
    page: ThePage, archive_id: IdPath, index: NumberPath, caller: Reviewer, service: TheService,
    issue: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:  # fmt: skip
    """The form that adds a value which stands on the page and was not read."""
    _, report = finished_run_for(caller, service, archive_id)
    pages.page_of(report, index)
    with service.store.reading() as session:
        about = findings.get_issue(session, archive_id, issue) if issue else None
    trainee = next((one for one in report.trainees if about and one.row == about.trainee), None)
    return page(
        "review/missed.html", caller, archive_id=archive_id, index=index, trainee=trainee,
        choice=missed_on(report, index, about, trainee), field_words=FIELD_WORDS,
    )  # fmt: skip


@router.post("/search")
def search(page: ThePage, archive_id: IdPath, form: TheForm, caller: PaperReader, service: TheService) -> Response:
    """The lines of all pages that hold some words; posted, so that no address holds a name."""
    run, report = finished_run_for(caller, service, archive_id)
    with service.store.reading() as session:
        found, more = find_words(session, run, report, form["text"][:100])
    return page("review/found.html", caller, found=found, more=more, text=form["text"])


@router.post("/corrections")
def correct(
    page: ThePage, archive_id: IdPath, form: TheForm, caller: Reviewer, service: TheService, create: TheCreation
) -> Response:
    """Set a misread value right, or add one that was not read; judged again at once."""
    asked: dict[str, Any] = {name: form[name] for name in ("page", "field", "value", "old")}
    if form["box"]:
        try:
            asked["box"] = json.loads(form["box"])
        except ValueError:
            raise Refused("值所在的位置不对", advice="请刷新页面后重试") from None
    elif not form["value"]:
        raise Refused("没有填写要补录的值")
    given = taken(ValueCorrection, asked)
    answer = corrections.correct_value(archive_id, given, caller, service, create)
    made = CorrectionMade.model_validate_json(bytes(answer.body))
    return Response(headers={"HX-Trigger": json.dumps({"review:corrected": {"correction": made.id}})})


@router.delete("/corrections/{correction_id}")
def withdraw(archive_id: IdPath, correction_id: IdPath, caller: Reviewer, service: TheService) -> Response:
    """Take a correction back; judged again at once."""
    corrections.withdraw(archive_id, correction_id, caller, service)
    return Response(headers={"HX-Trigger": json.dumps({"review:corrected": {"correction": None}})})


def _listed(caller: Caller, service: Service, archive_id: str, query: ReviewQuery) -> dict[str, Any]:
    state = query.state.value if query.state else ""
    wanted = IssueFilter(query.code or "", query.severity or "", state, query.trainee)
    left = archive_for(caller, service, archive_id).open_issues
    with service.store.reading() as session:
        rows = findings.issues(session, archive_id, wanted, limit=_MOST)
        counts = findings.issue_counts(session, archive_id)
    people = {one.row: one for one in trainees.of_archive(archive_id, caller, service)}
    total = sum(sum(states.values()) for states in counts.values())
    undecided = sum(states.get(State.OPEN, 0) for states in counts.values())
    return {
        "groups": _grouped(query, [IssueShown.model_validate(row) for row in rows]), "people": people,
        "total": total, "left": left, "hints": undecided - left,
        "states": list(State), "severities": _SEVERITIES,
    }  # fmt: skip


def _grouped(query: ReviewQuery, shown: Iterable[IssueShown]) -> list[Group]:
    groups: dict[object, Group] = {}
    for one in shown:
        key: object = one.code if query.by == "code" else one.trainee or _NO_ONE
        new = Group(code=one.code) if query.by == "code" else Group(trainee=one.trainee)
        groups.setdefault(key, new).items.append(one)
    if query.by == "trainee":
        return sorted(groups.values(), key=lambda group: group.trainee or 100_001)
    return sorted(groups.values(), key=lambda group: _SEVERITIES.index(group.severity))


def _chosen(query: ReviewQuery, groups: list[Group]) -> int | None:
    """The issue asked for, else the first one that is open."""
    if query.issue:
        return query.issue
    everything = [one for group in groups for one in group.items]
    return next((one.id for one in everything if one.state is State.OPEN), everything[0].id if everything else None)


def _first_page(report: Report, trainee: int | None) -> int:
    """Of the trainee's own papers, else of the binder."""
    mine = {document for one in report.trainees if one.row == trainee for document in one.documents}
    return min((document.pages[0] for document in report.documents if document.id in mine), default=1)


def _finding(caller: Caller, service: Service, archive_id: str, issue_id: int) -> dict[str, Any]:
    _, report = finished_run_for(caller, service, archive_id)
    with service.store.reading() as session:
        issue = findings.get_issue(session, archive_id, issue_id)
    last = len(report.pages)
    found = finding_of(report, issue)
    documents = {document.id: document for document in report.documents}
    standing = next(
        (one.standing for one in trainees.of_archive(archive_id, caller, service) if one.row == issue.trainee), None
    )
    return {
        "finding": found, "archive_id": archive_id, "pages": pages_of(found, last), "standing": standing,
        "with_pages": lambda text: list(with_pages(text, last)), "rules": RULES, "field_words": FIELD_WORDS,
        "past": issues.issue_history(archive_id, issue_id, caller, service) if issue.version else [],
        "documents": documents, "overtaken": False,
        "titles": {page: document for document in report.documents for page in document.pages},
    }  # fmt: skip
