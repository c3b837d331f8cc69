"""The report as one HTML file that opens by itself, offline, with crops of the pages it speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from archive_verify import words
from archive_verify.model import Box, DocType, Issue, Trainee, Verdict
from archive_verify.report.schema import DocumentInfo, Report
from archive_verify.resources import template_dir

CROPS_PER_ISSUE = 4


@dataclass(frozen=True, slots=True)
class CropRequest:
    """A picture wanted from a page: the whole page small, or (with a box) the part around the box."""

    page: int
    box: Box | None


@dataclass(frozen=True, slots=True)
class Crop:
    page: int
    uri: str  # data: URI
    width: int
    height: int


def crop_requests(issues: Iterable[Issue]) -> tuple[CropRequest, ...]:
    """The pictures the report wants, each once, in page order."""
    wanted = dict.fromkeys(request for issue in issues for request in _requests(issue))
    return tuple(sorted(wanted, key=lambda request: (request.page, request.box or ())))


def to_html(report: Report, crops: Mapping[CropRequest, Crop]) -> str:
    """report.html. `crops` holds the pictures asked for by `crop_requests`; a missing one is left out."""
    documents = {document.id: document for document in report.documents}
    issues = {issue.id: issue for issue in report.issues}

    def pictures(issue: Issue) -> list[Crop]:
        return [crops[request] for request in _requests(issue) if request in crops]

    return _environment().get_template("report.html").render(
        report=report,
        documents=documents,
        issues=issues,
        groups=_groups(report.issues),
        pictures=pictures,
        names={trainee.row: trainee.name for trainee in report.trainees},
        verdict_counts=Counter(trainee.verdict for trainee in report.trainees),
        type_counts=Counter(document.type for document in report.documents),
        trainee_codes=_trainee_codes(report.trainees, issues),
        papers={trainee.row: _papers(trainee, documents) for trainee in report.trainees},
        words=words,
        verdicts=list(Verdict),
        verdict_marks=words.VERDICT_MARKS,
        dossier_files={dossier.trainee: dossier.file for dossier in report.dossiers if dossier.file},
    )


def _requests(issue: Issue) -> tuple[CropRequest, ...]:
    if issue.boxes:
        found = [CropRequest(spot.page, spot.box) for spot in issue.boxes]
    else:
        found = [CropRequest(page, None) for page in issue.pages]
    return tuple(dict.fromkeys(found))[:CROPS_PER_ISSUE]


def _groups(issues: Iterable[Issue]) -> list[tuple[str, str, list[Issue]]]:
    """(severity, code, issues), errors first, in the order the codes first come."""
    groups: dict[tuple[str, str], list[Issue]] = {}
    for severity in ("error", "warning", "info"):
        for issue in issues:
            if issue.severity == severity:
                groups.setdefault((severity, issue.code), []).append(issue)
    return [(severity, code, group) for (severity, code), group in groups.items()]


def _trainee_codes(trainees: Iterable[Trainee], issues: Mapping[str, Issue]) -> dict[int, list[Issue]]:
    return {
        trainee.row: [issues[issue] for issue in trainee.issues if issue in issues] for trainee in trainees
    }


def _papers(trainee: Trainee, documents: Mapping[str, DocumentInfo]) -> dict[DocType, list[int]]:
    """The pages of a trainee's documents by type, in the order the types first come."""
    pages: dict[DocType, list[int]] = {}
    for document in (documents[id_] for id_ in trainee.documents if id_ in documents):
        pages.setdefault(document.type, []).extend(document.pages)
    return pages


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(template_dir() / "report"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["mask_id"] = words.mask_id
    environment.filters["show"] = words.show_value
    return environment
