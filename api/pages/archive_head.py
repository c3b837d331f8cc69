"""What the pages of one archive have in common: its head with the counts, the rates and the run that is going on."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response

from api.access import finished_run_for
from api.deps import Caller, Service
from api.errors import ApiProblem
from api.pages.forms import Form
from api.pages.language import later
from api.rights import ROLES, Right
from api.routes import archives, runs
from api.routes.archives import ArchiveDetail
from api.routes.runs import RunDetail
from archive_verify.model import Assessment
from archive_verify.store import archives as store_archives
from archive_verify.store import people
from archive_verify.store import runs as store_runs
from archive_verify.store.archives import State
from archive_verify.store.people import Role

# Path behind the archive's own, words; the last says whether it shows papers of a finished check.
TABS = (
    ("", later("问题"), False), ("/trainees", later("学员"), False), ("/pages", later("页面"), False),
    ("/boundaries", later("材料划分"), True), ("/computation", later("核算"), False),
    ("/supplement", later("补件"), False), ("/history", later("历史"), False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """One archive as its pages show it on top. `last` is the run started last, `active` the one going on."""

    archive: ArchiveDetail
    institution: str
    last: RunDetail | None
    active: RunDetail | None
    assessment: Assessment | None       # of the last finished run
    may_change: bool                    # its papers and facts
    may_check: bool
    may_submit: bool
    may_settle: bool                    # return or accept it

    @property
    def checked(self) -> bool:
        """Whether there is a result."""
        return self.archive.current_run_id is not None


def head_of(caller: Caller, service: Service, archive_id: str, request: Request) -> Head:
    """The head of an archive. Raises NotFound."""
    detail = archives.get_archive(archive_id, caller, service, request, Response())
    if not isinstance(detail, ArchiveDetail):   # the caller has this version already: not asked of a page
        raise ApiProblem(412, "changed-meanwhile", "页面请求带有 If-None-Match")
    with service.store.reading() as session:
        institution = people.get_institution(session, detail.institution_id).name
        started = store_runs.of_archive(session, archive_id, limit=1)
    last = runs.get_run(started[0].id, caller, service) if started else None
    active = last if last is not None and last.state in store_runs.ACTIVE else None
    assessment = None
    if detail.current_run_id is not None:
        assessment = finished_run_for(caller, service, archive_id)[1].assessment
    open_ = detail.state in store_archives.OPEN
    may_change = open_ and caller.role in ROLES[Right.CHANGE_PAPERS]
    ready = bool(detail.volumes) and detail.roster_sha256 is not None and active is None
    return Head(
        archive=detail, institution=institution, last=last, active=active, assessment=assessment,
        may_change=may_change, may_submit=may_change and ready,
        may_check=ready and caller.role in ROLES[Right.RUN_CHECKS] and (open_ or caller.role is not Role.CLERK),
        may_settle=detail.state == State.SUBMITTED and caller.role in ROLES[Right.DECIDE],
    )  # fmt: skip


def version_of(form: Form) -> int:
    """The version that the form was made from. Raises 428 without one."""
    if not form["version"].isdecimal():
        raise ApiProblem(428, "version-required", "缺少所见的版本", advice="请刷新页面后重试")
    return int(form["version"])
