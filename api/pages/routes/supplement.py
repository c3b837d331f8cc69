"""Supplements (补件): what is to be mended, of the class and of each trainee; what the last check closed and found."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.deps import IssueReader, TheService
from api.pages.archive_head import TABS, head_of
from api.pages.frame import ThePage
from api.pages.routes.uploads import uploading
from api.routes import issues, runs, trainees
from api.routes.issues import IssueShown
from api.schemas import IdPath
from archive_verify.model import Verdict
from archive_verify.store.decisions import State as Decision

router = APIRouter(include_in_schema=False)
_MOST = 1000


@router.get("/archives/{archive_id}/supplement")
def supplement_page(
    page: ThePage, archive_id: IdPath, request: Request, caller: IssueReader, service: TheService
) -> Response:
    """The checklist for the institution, the upload of what was missing, and what it changed."""
    head = head_of(caller, service, archive_id, request)
    found = issues.list_issues(archive_id, caller, service, limit=_MOST).items
    names = {one.row: one for one in trainees.of_archive(archive_id, caller, service)}
    wanted: dict[int | None, list[IssueShown]] = {None: []}
    for issue in found:
        if issue.severity != "info" and issue.state not in (Decision.DISMISSED,):
            wanted.setdefault(issue.trainee, []).append(issue)
    run = runs.get_run(head.archive.current_run_id, caller, service) if head.archive.current_run_id else None
    changes = runs.changes(run.id, caller, service) if run is not None and run.base_run_id else None
    return page(
        "supplement/page.html", caller, head=head, tab="/supplement", tabs=TABS, verdict_order=list(Verdict),
        of_class=wanted.pop(None), of_trainees=sorted(wanted.items(), key=lambda item: item[0] or 0), names=names,
        changes=changes, run=run, **uploading(service),
    )  # fmt: skip
