"""The pages of an archive: what they were taken for, their images, their text."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse

from api.access import finished_run_for, note_page
from api.deps import ArchiveReader, PaperReader, TheService, etag, unchanged
from api.drawings import ImageFormat, image_parts, page_image
from api.errors import ApiProblem
from api.papers import FileCache, pages_of
from api.schemas import BoxList, IdPath, NumberPath, Shown
from archive_verify.model import DocType
from archive_verify.reading.need import text_of
from archive_verify.report.schema import PageInfo, Report
from archive_verify.store import NotFound

router = APIRouter(prefix="/archives/{archive_id}", tags=["pages"])
# A browser keeps images for a short while; signing out clears them.
_KEPT = "private, max-age=600"
# Nobody reads a number on an image that is no wider.
_THUMBNAIL = 300
_BOX = r"^(?:[01](?:\.\d{1,6})?,){3}[01](?:\.\d{1,6})?$"


class PageShown(Shown):
    """A page; `document` is the id of the document it belongs to."""

    index: int
    file: str
    file_page: int
    doc_type: DocType
    document: str | None
    title: str
    page_number: int | None
    rotation: int
    flags: list[str]
    failure: str | None


class TextLine(Shown):
    text: str
    box: BoxList
    confidence: float


class PageText(Shown):
    """The lines of a page in reading order; boxes are fractions of the upright page.

    `complete` is false as long as text that no rule asks for, such as the questions of an examination, is
    still to be read.
    """

    index: int
    width: int
    height: int
    text_source: str
    lines: list[TextLine]
    complete: bool


class FieldShown(Shown):
    """A value read from the page, as it may be corrected."""

    document: str
    row: int | None
    field: str
    value: Any
    text: str
    box: BoxList
    confidence: float
    state: str


@router.get("/pages")
def list_pages(archive_id: IdPath, caller: ArchiveReader, service: TheService) -> list[PageShown]:
    """All pages in scan order."""
    _, report = finished_run_for(caller, service, archive_id)
    documents = {page: document for document in report.documents for page in document.pages}
    return [
        PageShown(
            index=page.index, file=report.files[page.file].name, file_page=page.file_page, doc_type=page.doc_type,
            document=documents[page.index].id if page.index in documents else None,
            title=documents[page.index].title if page.index in documents else "",
            page_number=page.page_number.value if page.page_number else None, rotation=page.rotation,
            flags=list(page.flags), failure=page.failure,
        )
        for page in report.pages
    ]  # fmt: skip


@router.get(
    "/pages/{index}/image",
    response_class=FileResponse,
    responses={
        200: {"content": {
            "image/jpeg": {"schema": {"type": "string", "format": "binary"}},
            "image/webp": {"schema": {"type": "string", "format": "binary"}},
        }},
        304: {"description": "unchanged"},
    },
)  # fmt: skip
def get_image(
    archive_id: IdPath,
    index: NumberPath,
    caller: PaperReader,
    service: TheService,
    request: Request,
    width: Annotated[int, Query(ge=40, le=2400, description="pixels; never more than the scan has")] = 1000,
    format: ImageFormat = "jpeg",
    box: Annotated[str | None, Query(pattern=_BOX, description="only this part: x0,y0,x1,y1 as in boxes")] = None,
) -> Any:
    """A page upright, as the boxes of its findings fit it, or a part of it; each look is logged, but for thumbnails."""
    run, report = finished_run_for(caller, service, archive_id)
    page = page_of(report, index)
    # Few widths are drawn, so that viewers share the images that are kept.
    width = min(2400, -(-width // 100) * 100)
    part = None if box is None else _part(box)
    tag = etag(FileCache.key(image_parts(report, page, width, format, part))[:32])
    headers = {"ETag": tag, "Cache-Control": _KEPT}
    if (same := unchanged(request, tag, headers)) is not None:
        return same
    if width > _THUMBNAIL or part is not None:
        note_page(caller, service, archive_id, index)
    path = page_image(service.store, service.shelf, run, report, page, width, format, part)
    return FileResponse(path, media_type=f"image/{format}", headers=headers)


@router.get("/pages/{index}/text")
def get_text(archive_id: IdPath, index: NumberPath, caller: PaperReader, service: TheService) -> PageText:
    """What was read from a page, for search and for the text layer over its image; each look is logged."""
    run, report = finished_run_for(caller, service, archive_id)
    with service.store.reading() as session:
        reading = pages_of(session, run, report, [index])[index].reading
    note_page(caller, service, archive_id, index)
    return PageText(
        index=index, width=reading.width, height=reading.height, text_source=reading.text_source,
        lines=[TextLine.model_validate(line) for line in text_of(reading)], complete=not reading.waits,
    )  # fmt: skip


@router.get("/pages/{index}/fields")
def get_fields(archive_id: IdPath, index: NumberPath, caller: PaperReader, service: TheService) -> list[FieldShown]:
    """The values read from a page, in which a reviewer may set one right; each look is logged."""
    _, report = finished_run_for(caller, service, archive_id)
    page_of(report, index)
    note_page(caller, service, archive_id, index)
    found: list[FieldShown] = []
    for document in report.documents:
        groups = [(None, document.fields), *enumerate(document.rows)]
        for row, fields in groups:
            found.extend(
                FieldShown(document=document.id, row=row, field=name, **field.model_dump(exclude={"page"}))
                for name, field in fields.items() if field.page == index
            )
    return found


def _part(box: str) -> BoxList:
    x0, y0, x1, y1 = (float(part) for part in box.split(","))
    if x0 >= x1 or y0 >= y1 or max(x1, y1) > 1:
        raise ApiProblem(422, "invalid-request", "box 应为左、上、右、下")
    return x0, y0, x1, y1


def page_of(report: Report, index: int) -> PageInfo:
    """Raises NotFound."""
    for page in report.pages:
        if page.index == index:
            return page
    raise NotFound("没有这一页")
