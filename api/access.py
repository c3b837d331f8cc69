"""Finding what a call is about: another institution's answers as if it were not there."""

from __future__ import annotations

from api.deps import Caller, Service
from archive_verify.report.schema import Report
from archive_verify.store import NotFound, Refused, archives, runs
from archive_verify.store.tables import Archive, Run


def archive_for(caller: Caller, service: Service, archive_id: str) -> Archive:
    """The archive, if the caller may see it. Raises NotFound."""
    with service.store.reading() as session:
        return archives.get(session, archive_id, caller.scope)


def open_archive_for(caller: Caller, service: Service, archive_id: str) -> Archive:
    """The archive, if its papers may be changed. Raises NotFound, Refused."""
    archive = archive_for(caller, service, archive_id)
    if archive.state not in archives.OPEN:
        raise Refused("档案已提交，不能再改", advice="需要补正时请审核人员退回")
    return archive


def finished_run_for(caller: Caller, service: Service, archive_id: str) -> tuple[Run, Report]:
    """The archive's last finished run with its report. Raises NotFound."""
    with service.store.reading() as session:
        archive = archives.get(session, archive_id, caller.scope)
        if archive.current_run_id is None:
            raise NotFound("这份档案还没有核查结果")
        run = runs.get(session, archive.current_run_id)
    return run, service.shelf.report(run.id)


def note_reading(caller: Caller, service: Service, what: str, kind: str, subject: str | int, archive_id: str) -> None:
    """Write into the log that personal data were given out unmasked."""
    with service.store.writing(caller.actor) as tx:
        tx.audit(f"personal.{what}", kind, subject, archive_id=archive_id)


def note_page(caller: Caller, service: Service, archive_id: str, index: int) -> None:
    """Write into the log that somebody saw a page; once an hour, however often he turns back to it."""
    if service.shelf.first_look(f"{caller.actor.kind} {caller.actor.id} {archive_id} {index}"):
        note_reading(caller, service, "page", "page", index, archive_id)
