"""What is drawn from the papers of a finished run: page images, the report with pictures, a trainee's proof."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

import cv2

from api.papers import PaperShelf, pages_of
from archive_verify import __version__
from archive_verify.model import Trainee
from archive_verify.report.crops import make_crops, upright_pixels
from archive_verify.report.dossier_pdf import write_dossier
from archive_verify.report.notice import write_notice
from archive_verify.report.schema import BoxList, PageInfo, Report
from archive_verify.report.to_html import crop_requests, to_html
from archive_verify.report.to_xlsx import to_xlsx
from archive_verify.store import NotFound, Store, policies
from archive_verify.store.tables import Run

ImageFormat = Literal["jpeg", "webp"]
_QUALITY = {"jpeg": [cv2.IMWRITE_JPEG_QUALITY, 82], "webp": [cv2.IMWRITE_WEBP_QUALITY, 75]}


def image_parts(
    report: Report, page: PageInfo, width: int, kind: ImageFormat, box: BoxList | None = None
) -> dict[str, object]:
    """What a page image is made from: the same page in another run or archive is the same image."""
    return {
        "sha256": report.files[page.file].sha256, "file_page": page.file_page, "half": page.half,
        "rotation": page.rotation, "skew": page.skew_degrees, "width": width, "kind": kind, "box": box,
        "by": __version__,
    }  # fmt: skip


def page_image(
    store: Store, shelf: PaperShelf, run: Run, report: Report, page: PageInfo, width: int, kind: ImageFormat,
    box: BoxList | None = None,
) -> Path:  # fmt: skip
    """The page upright as its boxes fit it, or the part in `box`, so many pixels wide.

    Raises NotFound where it cannot be drawn.
    """

    def draw(path: Path) -> None:
        with store.reading() as session:
            read = pages_of(session, run, report, [page.index])[page.index]
        with shelf.drawing, shelf.binder(run, report, {page.file}) as binder:
            pixels = upright_pixels(binder, read, shelf.settings)
        if pixels is None:
            raise NotFound("这一页的图像无法显示", advice="请重新扫描这一页")
        if box is not None:
            high, wide = pixels.shape[:2]
            left, top = min(int(box[0] * wide), wide - 1), min(int(box[1] * high), high - 1)
            pixels = pixels[top : max(top + 1, round(box[3] * high)), left : max(left + 1, round(box[2] * wide))]
        across = min(width, pixels.shape[1])
        height = max(1, round(pixels.shape[0] * across / pixels.shape[1]))
        small = cv2.resize(pixels, (across, height), interpolation=cv2.INTER_AREA)
        done, data = cv2.imencode(f".{kind}", small, _QUALITY[kind])
        if not done:
            raise NotFound("这一页的图像无法显示", advice="请重新扫描这一页")
        path.write_bytes(data.tobytes())

    return shelf.kept(image_parts(report, page, width, kind, box), f".{kind}", draw)


def html_report(store: Store, shelf: PaperShelf, run: Run, report: Report) -> Path:
    """The report as one file with pictures, as `archive-verify check` writes it."""

    def draw(path: Path) -> None:
        requests = crop_requests(report.issues)
        wanted = {request.page for request in requests}
        with store.reading() as session:
            pages = pages_of(session, run, report, wanted)
        with shelf.drawing, shelf.binder(run, report, {page.file for page in pages.values()}) as binder:
            crops = make_crops(requests, binder, pages.values(), shelf.settings)
        path.write_text(to_html(report, crops), encoding="utf-8")

    return shelf.kept({"run": run.id, "by": __version__}, ".html", draw)


def xlsx_report(shelf: PaperShelf, run: Run, report: Report) -> Path:
    """The issues as a workbook."""
    return shelf.kept({"run": run.id, "by": __version__}, ".xlsx", lambda path: to_xlsx(report, path))


def correction_notice(store: Store, shelf: PaperShelf, run: Run, report: Report) -> Path:
    """The correction notice. Raises NotFound where nothing is to be mended."""

    def draw(path: Path) -> None:
        with store.reading() as session:
            policy = policies.of(session, run.policy)
        if not write_notice(report, policy, path):
            raise NotFound("没有需要补正的问题")

    return shelf.kept({"run": run.id, "notice": True, "by": __version__}, ".pdf", draw)


def proof(store: Store, shelf: PaperShelf, run: Run, report: Report, trainee: Trainee) -> Path:
    """The trainee's dossier. Raises NotFound where no page of the archive is the trainee's."""

    def draw(path: Path) -> None:
        info = next((one for one in report.dossiers if one.trainee == trainee.row), None)
        if info is None or not info.pages:
            raise NotFound("档案中没有这名学员的页面")
        with store.reading() as session:
            pages = pages_of(session, run, report, info.pages)
        with (
            shelf.drawing, shelf.binder(run, report, {page.file for page in pages.values()}) as binder,
            tempfile.TemporaryDirectory(prefix="archive-verify-") as workspace,
        ):  # fmt: skip
            write_dossier(report, info, binder, pages, path, Path(workspace))

    return shelf.kept({"run": run.id, "row": trainee.row, "by": __version__}, ".pdf", draw)
