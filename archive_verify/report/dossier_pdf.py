"""One PDF per trainee: cover sheets, then the original pages of his papers, bookmarked by document."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pikepdf

from archive_verify.model import Binder, Page, Trainee
from archive_verify.policy.terms import EMPLOYMENT_PROOF
from archive_verify.report.cover import Contents, draw_cover
from archive_verify.report.dossiers import dossier_name, own_documents
from archive_verify.report.originals import Originals
from archive_verify.report.paper import Paper
from archive_verify.report.schema import DOSSIERS, DocumentInfo, DossierInfo, Report
from archive_verify.words import CODES, DOC_TYPES, VERDICTS, page_runs


def write_dossier(
    report: Report, plan: DossierInfo, binder: Binder, pages: Mapping[int, Page], path: Path, workspace: Path
) -> None:
    """Write one trainee's dossier, as planned when the binder was checked, from the binder opened again."""
    contents = _contents(report, plan)
    covers, (count,) = _covers(report, [contents])
    with Originals(binder, pages, workspace) as originals, pikepdf.open(io.BytesIO(covers)) as drawn:
        _save(report, contents, drawn.pages[-count:], originals, path)


def write_planned(
    report: Report, plans: Sequence[DossierInfo], binder: Binder, pages: Mapping[int, Page], out: Path
) -> Iterator[DossierInfo]:
    """Write the planned dossiers into `out`, each with its file and the pages that could be copied as it is done."""
    contents = [_contents(report, plan) for plan in plans]
    covers, counts = _covers(report, contents)
    with (
        tempfile.TemporaryDirectory(prefix=".pages-", dir=out) as workspace,
        Originals(binder, pages, Path(workspace)) as originals,
        pikepdf.open(io.BytesIO(covers)) as drawn,
    ):
        first = len(drawn.pages) - sum(counts)
        for plan, one, count in zip(plans, contents, counts, strict=True):
            name = f"{DOSSIERS}/{dossier_name(one.trainee)}"
            copied = _save(report, one, drawn.pages[first : first + count], originals, out / name)
            originals.release()
            first += count
            yield plan.model_copy(update={"file": name, "cover_pages": count, "pages": copied})


def _save(
    report: Report, contents: Contents, covers: Sequence[pikepdf.Page], originals: Originals, path: Path
) -> tuple[int, ...]:
    """Write one dossier; the indexes of the pages that could be copied."""
    with pikepdf.new() as dossier:
        dossier.pages.extend(covers)
        copied = tuple(page for page in contents.pages if originals.append(dossier, page))
        places = {page: len(covers) + number for number, page in enumerate(copied)}
        _outline(dossier, contents, report, places)
        _describe(dossier, contents.trainee, report)
        # streams as they are: unpacked, one may take more than the machine holds
        dossier.save(path, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return copied


def _covers(report: Report, contents: Sequence[Contents]) -> tuple[bytes, list[int]]:
    """All cover sheets at the end of one PDF, so that the typeface is read and embedded once, and how many each
    dossier has. Drafts may stand before them.
    """
    with Paper("学员就业证明案卷", numbered=False) as paper:
        counts = [draw_cover(paper, report, one, 1) for one in contents]
        if set(counts) - {1}:  # the page numbers on them count the covers before
            counts = [draw_cover(paper, report, one, count) for one, count in zip(contents, counts, strict=True)]
        return bytes(paper.output()), counts


def _contents(report: Report, plan: DossierInfo) -> Contents:
    trainee = next(trainee for trainee in report.trainees if trainee.row == plan.trainee)
    own = [
        (document, tuple(page for page in document.pages if page in plan.pages))
        for document in own_documents(report, trainee)
    ]
    return Contents(
        trainee, plan.requirements,
        proof=tuple(one for one in own if one[0].type in EMPLOYMENT_PROOF),
        other=tuple(one for one in own if one[0].type not in EMPLOYMENT_PROOF),
    )  # fmt: skip


def _outline(
    dossier: pikepdf.Pdf, contents: Contents, report: Report, places: dict[int, int]
) -> None:
    trainee = contents.trainee
    numbers = {page.index: page.page_number.value for page in report.pages if page.page_number is not None}
    with dossier.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(f"核查结论：{VERDICTS[trainee.verdict]}", 0))
        for heading, documents in (("就业证明材料", contents.proof), ("班级档案中本人的页", contents.other)):
            items = list(_bookmarks(documents, numbers, places))
            if items:
                group = pikepdf.OutlineItem(heading, items[0][1])
                group.children.extend(pikepdf.OutlineItem(title, place) for title, place in items)
                outline.root.append(group)
    dossier.Root.PageMode = pikepdf.Name.UseOutlines


def _bookmarks(
    documents: Iterable[tuple[DocumentInfo, tuple[int, ...]]], numbers: dict[int, int], places: dict[int, int]
) -> Iterator[tuple[str, int]]:
    for document, pages in documents:
        here = [page for page in pages if page in places]
        if here:
            archive = page_runs(numbers[page] for page in here if page in numbers) or "未编"
            yield f"{DOC_TYPES[document.type]}（档案页码 {archive}，扫描第 {page_runs(here)} 页）", places[here[0]]


def _describe(dossier: pikepdf.Pdf, trainee: Trainee, report: Report) -> None:
    codes = {issue.id: issue.code for issue in report.issues}
    found = dict.fromkeys(CODES.get(codes[id_], codes[id_]) for id_ in trainee.issues if id_ in codes)
    with dossier.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = f"第{trainee.row}行 {trainee.name} 就业证明案卷"
        metadata["dc:description"] = f"核查结论：{VERDICTS[trainee.verdict]}"
        metadata["dc:language"] = {"zh-CN"}
        metadata["pdf:Keywords"] = "、".join(found) or "无问题"
        metadata["pdf:Producer"] = "archive-verify"
