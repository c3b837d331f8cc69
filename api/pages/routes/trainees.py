"""Trainees of all archives: the search, and one trainee with each required paper beside the pages that show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter, Response

from api.access import finished_run_for
from api.deps import Caller, PaperReader, Service, TheService, TraineeReader
from api.pages.forms import TheForm, taken
from api.pages.frame import Page, ThePage
from api.pages.language import later
from api.rights import ROLES, Right
from api.routes import administration, issues, trainees
from api.routes.trainees import TraineeDetail, TraineeSearch
from api.schemas import BoxList, NumberPath
from archive_verify.model import Verdict
from archive_verify.report.schema import DocumentInfo, FieldInfo, Report, RequirementInfo

router = APIRouter(prefix="/trainees", include_in_schema=False)
_ROWS = 50
_CROPS = 6                              # of one required paper
# Around the values that name the trainee, as parts of the page: enough to see what stands beside them.
_BESIDE, _ABOVE = 0.04, 0.025
# Higher than any row of a table.
_FORM = 0.2
REQUIREMENT_WORDS = {
    "met": later("符合"), "missing": later("缺少"), "faulty": later("有问题"), "review": later("需人工复核"),
}  # fmt: skip
REQUIREMENT_ICONS = {"met": "verified", "missing": "missing", "faulty": "inconsistent", "review": "needs_review"}


@dataclass(frozen=True, slots=True)
class Crop:
    """A page of a required paper, or the part of it that names the trainee."""

    page: int
    box: BoxList | None
    doc_type: str


@dataclass(frozen=True, slots=True)
class Required:
    """One required paper with the places to look at."""

    info: RequirementInfo
    crops: tuple[Crop, ...]


@router.get("")
def search_page(page: ThePage, caller: TraineeReader, service: TheService) -> Response:
    """The search, with the trainees who came last."""
    return _found(page, caller, service, "trainees/search.html", TraineeSearch(limit=_ROWS))


@router.post("/search")
def search(page: ThePage, form: TheForm, caller: TraineeReader, service: TheService) -> Response:
    """Whom the form asks for; the words stay out of the address."""
    names = ("text", "institution_id", "standing", "after")
    given = {name: form[name] for name in names if form[name]}
    return _found(page, caller, service, "trainees/found.html", taken(TraineeSearch, given | {"limit": _ROWS}))


@router.get("/{trainee_id}")
def trainee_page(page: ThePage, trainee_id: NumberPath, caller: TraineeReader, service: TheService) -> Response:
    """One trainee: the required papers as a checklist, the issues, the dossier."""
    trainee = trainees.get_trainee(trainee_id, caller, service)
    _, report = finished_run_for(caller, service, trainee.archive_id)
    found = issues.list_issues(trainee.archive_id, caller, service, trainee=trainee.row, limit=100).items
    return page(
        "trainees/trainee.html", caller, trainee=trainee, issues=found, requirement_words=REQUIREMENT_WORDS,
        requirement_icons=REQUIREMENT_ICONS, required=list(_required(report, trainee)),
        sees_papers=caller.role in ROLES[Right.READ_PAPERS], identity=None,
    )  # fmt: skip


@router.post("/{trainee_id}/unmask")
def unmask(page: ThePage, trainee_id: NumberPath, caller: PaperReader, service: TheService) -> Response:
    """The whole ID number; logged."""
    return page("trainees/identity.html", caller, identity=trainees.unmask(trainee_id, caller, service))


def _found(page: Page, caller: Caller, service: Service, template: str, wanted: TraineeSearch) -> Response:
    found = trainees.search(wanted, caller, service)
    return page(
        template, caller, found=found, wanted=wanted, verdicts=list(Verdict),
        institutions=administration.list_institutions(caller, service),
        shows_institution=caller.scope.institution_id is None,
    )  # fmt: skip


def _required(report: Report, trainee: TraineeDetail) -> Iterable[Required]:
    documents = {document.id: document for document in report.documents}
    kinds = {page.index: page.doc_type for page in report.pages}
    whole = next((one for one in report.trainees if one.row == trainee.row), None)
    known = {whole.name, whole.id_number} - {""} if whole else set()
    for info in trainee.requirements:
        named = _named(known, [documents[one] for one in info.documents if one in documents])
        crops = [Crop(page, named.get(page), kinds[page].value) for page in info.pages if page in kinds]
        yield Required(info, tuple(crops[:_CROPS]))


def _named(known: set[str], documents: Iterable[DocumentInfo]) -> dict[int, BoxList]:
    """Where pages name the trainee: page -> the part with the row or the fields that do."""
    found: dict[int, BoxList] = {}
    for document in documents:
        for fields in (document.fields, *document.rows):
            if any(str(field.value) in known for field in fields.values()):
                for page in {field.page for field in fields.values()}:
                    found.setdefault(page, _around(field for field in fields.values() if field.page == page))
    return found


def _around(fields: Iterable[FieldInfo]) -> BoxList:
    boxes = [field.box for field in fields]
    left, right = min(box[0] for box in boxes) - _BESIDE, max(box[2] for box in boxes) + _BESIDE
    top, bottom = min(box[1] for box in boxes) - _ABOVE, max(box[3] for box in boxes) + _ABOVE
    if bottom - top > _FORM:
        left, right = 0.0, 1.0          # a form whose labels stand beside its values
    return max(0.0, left), max(0.0, top), min(1.0, right), min(1.0, bottom)
