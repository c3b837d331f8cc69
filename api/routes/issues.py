"""The issues of an archive and what reviewers decide of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import field_validator

from api.access import archive_for
from api.deps import (
    After,
    Cursor,
    ExpectedVersion,
    IssueReader,
    Limit,
    Reviewer,
    TheService,
    etag,
)
from api.errors import ApiProblem
from api.masking import masked
from api.schemas import Given, IdPath, Line, ListPage, Note, NumberPath, Shown
from archive_verify.model import Severity
from archive_verify.store import Conflict, decisions, findings
from archive_verify.store.decisions import State

router = APIRouter(prefix="/archives/{archive_id}/issues", tags=["issues"])


class Spot(Shown):
    page: int
    box: tuple[float, float, float, float]


class IssueShown(Shown):
    """An issue; identity numbers and phones in its words are masked."""

    id: int
    number: str
    code: str
    severity: Severity
    message: str
    citation: str
    trainee: int | None
    document: str | None
    expected: str | None
    found: str | None
    pages: list[int]
    boxes: list[Spot]
    cross: bool
    present: bool
    first_run_id: str
    last_run_id: str
    state: State
    version: int
    reason: str
    note: str
    decided_by: str
    decided_at: datetime | None

    _masked = field_validator("message", "expected", "found")(masked)


class DecisionShown(Shown):
    version: int
    state: State
    reason: str
    note: str
    by: str
    by_name: str
    at: datetime


class NewDecision(Given):
    """`open` takes a decision back; a dismissal needs a reason of the list at /dismissal-reasons."""

    state: State
    reason: Line = ""
    note: Note = ""


@router.get("")
def list_issues(
    archive_id: IdPath,
    caller: IssueReader,
    service: TheService,
    code: Line = "",
    severity: Severity | None = None,
    state: State | None = None,
    trainee: Annotated[int | None, Query(ge=1, le=100_000, description="roster row")] = None,
    present: Annotated[bool, Query(description="only those that the last run has")] = True,
    after: After = None,
    limit: Limit = 100,
) -> ListPage[IssueShown]:
    """Issues in the order of a reviewer's reading."""
    wanted = findings.IssueFilter(code, severity or "", state.value if state else "", trainee, present)
    position = Cursor.read(after, int, int)
    archive_for(caller, service, archive_id)
    with service.store.reading() as session:
        found = findings.issues(
            session, archive_id, wanted, after=(position[0], position[1]) if position else None, limit=limit + 1
        )
    more = Cursor.of(found[limit - 1].position, found[limit - 1].id) if len(found) > limit else None
    return ListPage(items=[IssueShown.model_validate(issue) for issue in found[:limit]], next=more)


@router.get("/counts")
def count_issues(archive_id: IdPath, caller: IssueReader, service: TheService) -> dict[str, dict[str, int]]:
    """Present issues by code and state."""
    archive_for(caller, service, archive_id)
    with service.store.reading() as session:
        return findings.issue_counts(session, archive_id)


@router.get("/{issue_id}")
def get_issue(
    archive_id: IdPath, issue_id: NumberPath, caller: IssueReader, service: TheService, response: Response
) -> IssueShown:
    """One issue; its ETag is what a decision names."""
    archive_for(caller, service, archive_id)
    with service.store.reading() as session:
        issue = findings.get_issue(session, archive_id, issue_id)
    response.headers["ETag"] = etag(issue.version)
    return IssueShown.model_validate(issue)


@router.get("/{issue_id}/decisions")
def issue_history(
    archive_id: IdPath, issue_id: NumberPath, caller: IssueReader, service: TheService
) -> list[DecisionShown]:
    """All decisions on an issue, the first one first."""
    archive_for(caller, service, archive_id)
    with service.store.reading() as session:
        past = decisions.history(session, archive_id, issue_id)
    return [DecisionShown.model_validate(one) for one in past]


@router.post("/{issue_id}/decisions")
def decide(
    archive_id: IdPath, issue_id: NumberPath, given: NewDecision, caller: Reviewer, service: TheService,
    version: ExpectedVersion, response: Response,
) -> IssueShown:  # fmt: skip
    """Decide on the issue as it was seen; If-Match is its ETag. 412 shows the decision that came first."""
    archive_for(caller, service, archive_id)
    try:
        with service.store.writing(caller.actor) as tx:
            issue = decisions.decide(
                tx, archive_id, issue_id, given.state, version=version, reason=given.reason, note=given.note
            )
    except Conflict as error:
        current = IssueShown.model_validate(error.current).model_dump(mode="json")
        headers = {"ETag": etag(current["version"])}
        raise ApiProblem(
            412, "changed-meanwhile", error.what, advice=error.advice, current=current, headers=headers
        ) from None
    response.headers["ETag"] = etag(issue.version)
    return IssueShown.model_validate(issue)

