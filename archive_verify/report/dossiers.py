"""What each trainee's dossier holds, and the writing of all of them at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from archive_verify.apart import At, apart
from archive_verify.model import Binder, Evidence, Page, Trainee
from archive_verify.policy.terms import EMPLOYMENT_PROOF
from archive_verify.report.checklist import requirements
from archive_verify.report.schema import DOSSIERS, DocumentInfo, DossierInfo, Report
from archive_verify.settings import Settings

if TYPE_CHECKING:
    from archive_verify.pipeline import Checked

# Refused in file names by one system or another, and what could lead out of the directory.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s\u200b-\u200f\u202a-\u202e\u2066-\u2069.]')


def dossier_name(trainee: Trainee) -> str:
    """ROW_NAME_last4.pdf with unsafe characters replaced by _."""
    name = _UNSAFE.sub("_", trainee.name)[:40] or "_"
    last4 = _UNSAFE.sub("_", trainee.id_number[-4:]) or "____"
    return f"{trainee.row}_{name}_{last4}.pdf"


def plan_dossiers(report: Report, checked: Checked) -> tuple[DossierInfo, ...]:
    """What each trainee's dossier is to hold, in roster order; nothing is written."""
    return tuple(_plan(report, trainee, checked) for trainee in report.trainees)


def write_dossiers(report: Report, checked: Checked, out: Path, settings: Settings) -> tuple[DossierInfo, ...]:
    """Write a PDF into `out`/dossiers for each trainee with pages of his own in the binder.

    Returns one entry for each trainee. Pages are the originals: nothing is drawn anew. They are copied in a process
    of its own under the limits of those that open files. Raises InputRefused for what exceeds them.
    """
    plans = plan_dossiers(report, checked)
    with_pages = tuple(plan for plan in plans if plan.pages)
    files: dict[int, DossierInfo] = {}
    if with_pages:
        (out / DOSSIERS).mkdir(parents=True, exist_ok=True)
        wanted = {page for plan in with_pages for page in plan.pages}
        # the other half of a scan of facing pages tells where it is parted
        sheets = {(page.file, page.file_page) for page in checked.pages if page.index in wanted}
        pages = {
            page.index: page.model_copy(update={"reading": page.reading.bare()})
            for page in checked.pages if (page.file, page.file_page) in sheets
        }
        made = apart(
            partial(_write, report, with_pages, checked.binder, pages, out), where=DOSSIERS,
            megabytes=settings.process_megabytes, seconds=settings.open_seconds,
        )  # fmt: skip
        files = {info.trainee: info for info in made}
    return tuple(files.get(plan.trainee, plan) for plan in plans)


def _write(
    report: Report, plans: Sequence[DossierInfo], binder: Binder, pages: Mapping[int, Page], out: Path, at: At
) -> tuple[DossierInfo, ...]:
    # what draws is loaded where it is drawn
    from archive_verify.report.dossier_pdf import write_planned

    return tuple(write_planned(report, plans, binder, pages, out))


def _plan(report: Report, trainee: Trainee, checked: Checked) -> DossierInfo:
    own = own_documents(report, trainee)
    pages = [page for document in own if document.type in EMPLOYMENT_PROOF for page in document.pages]
    for document in own:
        if document.type not in EMPLOYMENT_PROOF:
            pages.extend(_own_pages(document, trainee, checked.matching.evidence))
    return DossierInfo(
        trainee=trainee.row, pages=tuple(dict.fromkeys(pages)),
        requirements=requirements(report, trainee, checked.policy.employment),
    )  # fmt: skip


def own_documents(report: Report, trainee: Trainee) -> list[DocumentInfo]:
    """The documents in which the trainee was found, in the order of their pages."""
    known = {document.id: document for document in report.documents}
    return sorted((known[id_] for id_ in trainee.documents if id_ in known), key=lambda document: document.pages)


def _own_pages(document: DocumentInfo, trainee: Trainee, evidence: Iterable[Evidence]) -> tuple[int, ...]:
    """The pages of a class paper that name the trainee, each with the pages after it that name nobody.

    So the back of an identity card comes along, and the other sheets of a roster do not.
    """
    named: dict[int, set[int]] = {}
    for one in evidence:
        if one.document == document.id:
            named.setdefault(one.page, set()).add(one.trainee)
    taken = []
    taking = False
    for page in document.pages:
        if page in named:
            taking = trainee.row in named[page]
        if taking:
            taken.append(page)
    return tuple(taken) or document.pages
