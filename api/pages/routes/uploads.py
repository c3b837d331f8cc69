"""Handing in: a new archive, its files and the facts of its class, the check before submitting, submitting."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from api.deps import BACKGROUND, ArchiveReader, Caller, PaperChanger, Runner, Service, TheCreation, TheService
from api.errors import ApiProblem
from api.pages.archive_head import Head, head_of, version_of
from api.pages.facts import CLASS_FIELDS, FIELDS, REVIEW_FIELDS, facts_of, faults_of, shown_values
from api.pages.forms import TheForm, taken
from api.pages.frame import Page, ThePage
from api.pages.language import later
from api.routes import administration, archives, runs
from api.routes.archives import NewArchive, StepNote, VolumeOrder
from api.routes.runs import NewRun
from api.schemas import IdPath
from archive_verify.store.people import Role

router = APIRouter(include_in_schema=False)
_POLICY = "wenshui_2023_51"
# What the script of the uploads says; the page gives it to the script in the reader's language.
UPLOAD_WORDS = {
    "waiting": later("等待上传"), "sending": later("正在上传"), "done": later("已上传"),
    "again": later("连接中断，正在重试"), "broken": later("连接中断，已传部分保留，可以继续"),
    "resume": later("继续"), "cancel": later("取消"), "cancelled": later("已取消上传"),
    "kind": later("不能上传：档案文件应为 PDF、TIFF、JPEG、PNG 或 ZIP，花名册应为 xlsx、xls 或 csv"),
    "large": later("不能上传：文件超过上限"), "empty": later("不能上传：文件是空的"),
    "refused": later("没有收下"), "volume": later("档案文件"), "roster": later("花名册"),
    "progress": later("上传进度"),
}  # fmt: skip


@router.get("/archives/new")
def new_page(page: ThePage, caller: PaperChanger, service: TheService) -> Response:
    """The form for a new archive."""
    return page(
        "upload/new.html", caller, values=shown_values({}), faults={}, review_open=False, class_fields=CLASS_FIELDS,
        review_fields=REVIEW_FIELDS, institutions=_choices(caller, service),
        policies=administration.list_policies(caller, service), policy=_POLICY,
    )  # fmt: skip


@router.post("/archives/new")
def create(
    page: ThePage, form: TheForm, caller: PaperChanger, service: TheService, create: TheCreation
) -> Response:
    """Open the archive; its files come next."""
    given = taken(NewArchive, {
        "institution_id": form["institution_id"] or None, "policy": form["policy"] or _POLICY,
        "facts": facts_of(form),
    })  # fmt: skip
    made = archives.create_archive(given, caller, service, create)
    return page.go(f"/archives/{made.headers['Location'].rsplit('/', 1)[-1]}/upload")


@router.post("/archives/facts/check")
def check_facts(page: ThePage, form: TheForm, caller: PaperChanger) -> Response:
    """What is wrong with the facts as far as they are typed in."""
    found = faults_of(form)
    started = {name: words for name, words in found.items() if not name or form[name]}
    return page("upload/faults.html", caller, faults=started, fields_checked=FIELDS)


@router.get("/archives/{archive_id}/upload")
def upload_page(
    page: ThePage, archive_id: IdPath, request: Request, caller: PaperChanger, service: TheService
) -> Response:
    """Files and facts of an archive that may still be changed."""
    head = head_of(caller, service, archive_id, request)
    if not head.may_change:
        return page.go(f"/archives/{archive_id}")
    return page(
        "upload/page.html", caller, head=head, **_facts(head), **uploading(service),
    )  # fmt: skip


@router.post("/archives/{archive_id}/facts")
def change_facts(
    page: ThePage, archive_id: IdPath, form: TheForm, request: Request, caller: PaperChanger, service: TheService
) -> Response:
    """Replace the facts of the class, as they were seen."""
    answer = Response()
    archives.change_facts(archive_id, facts_of(form), caller, service, version_of(form), answer)
    head = head_of(caller, service, archive_id, request)
    return page("upload/facts.html", caller, head=head, saved=True, **_facts(head))


@router.get("/archives/{archive_id}/files")
def files(
    page: ThePage, archive_id: IdPath, request: Request, caller: PaperChanger, service: TheService
) -> Response:
    """The files that have arrived."""
    return _files(page, caller, head_of(caller, service, archive_id, request))


@router.post("/archives/{archive_id}/files/{volume_id}/move")
def move(
    page: ThePage, archive_id: IdPath, volume_id: IdPath, form: TheForm, request: Request, caller: PaperChanger,
    service: TheService,
) -> Response:  # fmt: skip
    """Put a volume one place forward or back."""
    head = head_of(caller, service, archive_id, request)
    order = [volume.id for volume in head.archive.volumes]
    if volume_id in order:
        at = order.index(volume_id)
        to = max(0, min(len(order) - 1, at + (-1 if form["to"] == "front" else 1)))
        order.insert(to, order.pop(at))
        archives.order_volumes(archive_id, VolumeOrder(volume_ids=order), caller, service)
    return _files(page, caller, head_of(caller, service, archive_id, request))


@router.post("/archives/{archive_id}/files/{volume_id}/aside")
def set_aside(
    page: ThePage, archive_id: IdPath, volume_id: IdPath, request: Request, caller: PaperChanger, service: TheService
) -> Response:
    """Leave a volume out."""
    archives.set_volume_aside(archive_id, volume_id, caller, service)
    return _files(page, caller, head_of(caller, service, archive_id, request))


@router.post("/archives/{archive_id}/check")
def start_check(
    page: ThePage, archive_id: IdPath, form: TheForm, request: Request, caller: Runner, service: TheService,
    create: TheCreation,
) -> Response:  # fmt: skip
    """Start a check: a clerk's own before submitting, a reviewer's at any time."""
    runs.start_run(archive_id, taken(NewRun, {"kind": form["kind"] or "check"}), caller, service, create)
    return page("archive/run.html", caller, head=head_of(caller, service, archive_id, request))


@router.get("/archives/{archive_id}/run", openapi_extra=BACKGROUND)
def run_part(
    page: ThePage, archive_id: IdPath, request: Request, caller: ArchiveReader, service: TheService
) -> Response:
    """How far the check is; once it has ended the page is shown anew."""
    head = head_of(caller, service, archive_id, request)
    answer = page("archive/run.html", caller, head=head)
    if head.active is None:
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.post("/archives/{archive_id}/cancel")
def cancel(
    page: ThePage, archive_id: IdPath, request: Request, caller: Runner, service: TheService
) -> Response:
    """End the check that is going on."""
    head = head_of(caller, service, archive_id, request)
    if head.active is None:
        raise ApiProblem(409, "conflict", "这次核查已经结束")
    runs.cancel_run(head.active.id, caller, service)
    return page("archive/run.html", caller, head=head_of(caller, service, archive_id, request))


@router.post("/archives/{archive_id}/submit")
def submit(page: ThePage, archive_id: IdPath, form: TheForm, caller: PaperChanger, service: TheService) -> Response:
    """Hand the archive in for review."""
    archives.submit(archive_id, taken(StepNote, {"note": form["note"]}), caller, service)
    return page.go(f"/archives/{archive_id}", done=later("档案已提交"))


def uploading(service: Service) -> dict[str, Any]:
    """What the part of a page that takes in files shows."""
    return {
        "upload_words": UPLOAD_WORDS, "most_bytes": service.library.max_file_bytes,
        "most_roster_bytes": service.library.max_roster_bytes,
        "piece_bytes": service.settings.upload_piece_megabytes << 20,
    }  # fmt: skip


def _facts(head: Head) -> dict[str, Any]:
    facts = head.archive.class_facts
    return {
        "values": shown_values(facts), "faults": {}, "class_fields": CLASS_FIELDS, "review_fields": REVIEW_FIELDS,
        "review_open": any(facts.get(field.name) is not None for field in REVIEW_FIELDS),
    }  # fmt: skip


def _files(page: Page, caller: Caller, head: Head) -> Response:
    return page("upload/files.html", caller, head=head)


def _choices(caller: Caller, service: TheService) -> list[administration.InstitutionShown]:
    """Whose archive it may be: a clerk's is the own institution's."""
    if caller.role is Role.CLERK:
        return []
    return [one for one in administration.list_institutions(caller, service) if one.active]
