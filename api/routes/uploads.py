"""Resumable uploads by the tus protocol 1.0: core, creation, termination, expiration."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from api.access import open_archive_for
from api.deps import Caller, PaperChanger, Service, TheCreation, TheService
from api.errors import ApiProblem
from api.schemas import IdPath, Shown
from archive_verify.store import Conflict, NotFound, Refused, archives, uploads
from archive_verify.store.tables import Upload

router = APIRouter(tags=["uploads"])
VERSION = "1.0.0"
_TUS = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
_OCTETS = "application/offset+octet-stream"
# The beginnings of files that can be volumes or rosters; what is in them is for the check to say.
_PAPERS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"PK\x03\x04")
_SHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_HEAD = 1024


class UploadShown(Shown):
    id: str
    archive_id: str
    name: str
    purpose: Literal["volume", "roster"]
    length: int
    offset: int


def tus_version(request: Request, tus_resumable: Annotated[str, Header(description=VERSION)] = "") -> None:
    """Refuses other versions of the protocol, and none; every answer from here on tells the version."""
    request.state.answer_headers = {"Tus-Resumable": VERSION}
    if tus_resumable != VERSION:
        raise ApiProblem(412, "tus-version", f"只支持 tus {VERSION}", headers={"Tus-Version": VERSION})


Tus = Depends(tus_version)
Length = Annotated[int, Header(ge=1, le=2**50, description="bytes of the whole file")]


@router.options("/archives/{archive_id}/uploads", status_code=204, openapi_extra={"x-public": True})
def capabilities_there(archive_id: IdPath, service: TheService) -> Response:
    """What of tus is understood, asked where uploads are announced."""
    return capabilities(service)


@router.options("/uploads", status_code=204, openapi_extra={"x-public": True})
def capabilities(service: TheService) -> Response:
    """What of tus is understood."""
    return Response(
        status_code=204,
        headers={
            "Tus-Resumable": VERSION, "Tus-Version": VERSION,
            "Tus-Extension": "creation,termination,expiration",
            "Tus-Max-Size": str(service.library.max_file_bytes),
        },
    )  # fmt: skip


@router.post(
    "/archives/{archive_id}/uploads", status_code=201, response_model=UploadShown, dependencies=[Tus],
)  # fmt: skip
def begin_upload(
    archive_id: IdPath,
    caller: PaperChanger,
    service: TheService,
    create: TheCreation,
    upload_length: Length,
    upload_metadata: Annotated[
        str,
        Header(
            max_length=4000,
            description="filename (base64), and purpose (base64 of volume or roster), and replaces (base64 of a "
            "volume's id) for a supplement that takes its place",
        ),
    ],
) -> Response:
    """Announce a file; its bytes go to the address in Location."""
    open_archive_for(caller, service, archive_id)
    most = service.library.max_roster_bytes if _metadata(upload_metadata).get("purpose") == "roster" else 0
    most = most or service.library.max_file_bytes
    if upload_length > most:
        raise ApiProblem(413, "too-large", f"文件大小超过上限 {most // 1024**2} MB", headers=_TUS)
    given = _metadata(upload_metadata)
    purpose = given.get("purpose", "volume")
    if purpose not in ("volume", "roster"):
        raise ApiProblem(422, "invalid-request", "purpose 应为 volume 或 roster")
    if given.get("replaces"):
        with service.store.reading() as session:
            if given["replaces"] not in {volume.id for volume in archives.volumes(session, archive_id)}:
                raise NotFound("没有这个分册")
    return create(
        lambda tx: uploads.begin(
            tx, archive_id, name=given.get("filename", ""), purpose=purpose,  # type: ignore[arg-type]
            length=upload_length, replaces=given.get("replaces") or None,
            most_bytes=service.library.max_total_bytes,
        ),
        UploadShown.model_validate,
        location=lambda made: f"/api/v1/uploads/{made.id}",
        headers=lambda made: _TUS | _expiry(service, made.touched_at),
    )  # fmt: skip


@router.head("/uploads/{upload_id}", dependencies=[Tus], status_code=200)
def upload_offset(upload_id: IdPath, caller: PaperChanger, service: TheService) -> Response:
    """How much has arrived. Who lost the answer to the last piece asks this, and takes all for done where all is
    here: so it is, also where the process ended, or the disk was full, before the file was put together."""
    upload = _upload(upload_id, caller, service)
    if upload.offset == upload.length and upload.sha256 is None:
        open_archive_for(caller, service, upload.archive_id)
        _finish(service, caller, upload_id)
    headers = {"Upload-Offset": str(upload.offset), "Upload-Length": str(upload.length)}
    return Response(status_code=200, headers=_TUS | headers | _expiry(service, upload.touched_at))


@router.patch(
    "/uploads/{upload_id}", dependencies=[Tus], status_code=204,
    openapi_extra={
        "requestBody": {"required": True, "content": {_OCTETS: {"schema": {"type": "string", "format": "binary"}}}}
    },
)  # fmt: skip
async def receive(
    upload_id: IdPath,
    caller: PaperChanger,
    service: TheService,
    request: Request,
    upload_offset: Annotated[int, Header(ge=0, le=2**50)],
    content_type: Annotated[str, Header()] = "",
) -> Response:
    """The next bytes. What arrived is kept, also when the connection breaks."""
    if content_type.partition(";")[0].strip().casefold() != _OCTETS:
        raise ApiProblem(415, "unsupported-media", f"Content-Type 应为 {_OCTETS}", headers=_TUS)
    upload = await run_in_threadpool(_upload, upload_id, caller, service)
    await run_in_threadpool(open_archive_for, caller, service, upload.archive_id)
    offset, buffer = upload_offset, bytearray()
    piece = service.settings.upload_piece_megabytes << 20
    try:
        async for chunk in request.stream():
            buffer += chunk
            if len(buffer) >= piece:
                offset = await _keep(service, caller, upload, offset, bytes(buffer))
                buffer.clear()
    except ClientDisconnect:
        if buffer:
            await _keep(service, caller, upload, offset, bytes(buffer))
        raise
    offset = await _keep(service, caller, upload, offset, bytes(buffer))
    if offset == upload.length:
        await run_in_threadpool(_finish, service, caller, upload_id)
    headers = {"Upload-Offset": str(offset)} | _expiry(service, service.store.clock())
    return Response(status_code=204, headers=_TUS | headers)


@router.delete("/uploads/{upload_id}", dependencies=[Tus], status_code=204)
def give_up(upload_id: IdPath, caller: PaperChanger, service: TheService) -> Response:
    """Forget an upload; what became a volume stays."""
    _upload(upload_id, caller, service)
    uploads.drop(service.store, caller.actor, upload_id)
    return Response(status_code=204, headers=_TUS)


def _upload(upload_id: str, caller: Caller, service: Service) -> Upload:
    with service.store.reading() as session:
        return uploads.get(session, upload_id, caller.scope)


def _finish(service: Service, caller: Caller, upload_id: str) -> None:
    try:
        uploads.finish(service.store, caller.actor, upload_id)
    except Conflict as error:
        # No offset would mend it, which is what 409 says in this protocol: it is refused for good.
        uploads.drop(service.store, caller.actor, upload_id)
        raise Refused(error.what, advice=error.advice) from None


async def _keep(service: Service, caller: Caller, upload: Upload, offset: int, content: bytes) -> int:
    if offset == 0 and content:
        _sniff(upload, content[:_HEAD])
    receive = partial(uploads.receive, service.store, caller.actor, upload.id, offset, content)
    try:
        return await run_in_threadpool(receive)
    except Conflict as error:
        headers = _TUS | {"Upload-Offset": str(error.current)}
        raise ApiProblem(409, "conflict", error.what, current=error.current, headers=headers) from None


def _sniff(upload: Upload, head: bytes) -> None:
    """Refuse at the first bytes what can be no volume or roster, before hundreds of megabytes follow."""
    if upload.purpose == "roster":
        fits = head.startswith(_SHEETS) or b"\0" not in head
        wanted = "xlsx、xls 或 csv"
    else:
        fits = head.startswith(_PAPERS) or b"%PDF-" in head
        wanted = "PDF、TIFF、JPEG、PNG 或 ZIP"
    if not fits:
        what = f"{upload.name}：不是可以核验的文件"
        raise ApiProblem(415, "unsupported-media", what, advice=f"请提交 {wanted}", headers=_TUS)


def _metadata(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        key, _, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value.strip(), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise ApiProblem(422, "invalid-request", "Upload-Metadata 的值应为 UTF-8 的 base64") from error
    return found


def _expiry(service: Service, touched_at: datetime) -> dict[str, str]:
    until = touched_at + timedelta(hours=service.store.settings.upload_hours)
    return {"Upload-Expires": format_datetime(until, usegmt=True)}
