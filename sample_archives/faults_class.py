"""Faults of the class's own papers: missing, out of order, late, wrong numbers, wrong catalogue."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from .bind import Plan
from .build import Case, CatalogueFault
from .case import Catalogue, CatalogueLine, Form, OpeningApproval, OpeningReport
from .rewrite import change_info
from .truth import REQUIRED

ORDER = (
    "cover",
    "catalogue",
    "opening_report",
    "opening_approval",
    "trainee_roster",
    "id_card_copy",
    "training_plan",
    "timetable",
    "teaching_log",
    "training_attendance",
    "exam_paper",
    "score_sheet",
    "certificate_register",
    "certificate_copy",
    "employment_summary",
    "proof",
    "truthfulness_commitment",
    "subsidy_application",
    "callback_record",
    "video_record",
)
MOVABLE = (
    "opening_approval",
    "trainee_roster",
    "training_plan",
    "timetable",
    "score_sheet",
    "certificate_register",
    "employment_summary",
    "truthfulness_commitment",
    "subsidy_application",
)


def document_missing(case: Case, plan: Plan, rng: random.Random) -> bool:
    """Leave out every paper of one required type."""
    wanted = rng.choice([kind for kind in REQUIRED if kind != "catalogue" or not plan.edit_catalogue])
    for form in [form for form in case.forms if form.doc_type == wanted]:
        case.drop(form)
    if wanted == "employment_summary":
        case.needs_routes = True
    return True


def _rank(case: Case, form: Form) -> int | None:
    kind = "proof" if id(form) in case.blocks else form.doc_type
    return ORDER.index(kind) if kind in ORDER else None


def document_order(case: Case, plan: Plan, rng: random.Random) -> bool:
    """Bind one paper at least three kinds of paper away from its place."""
    singles = [
        form
        for form in case.forms
        if form.doc_type in MOVABLE and sum(other.doc_type == form.doc_type for other in case.forms) == 1
    ]
    rng.shuffle(singles)
    for form in singles:
        rank = _rank(case, form)
        assert rank is not None
        spots = []
        for at in range(2, len(case.forms) + 1):
            before = _rank(case, case.forms[at - 1])
            after = _rank(case, case.forms[at]) if at < len(case.forms) else len(ORDER)
            if before is None or after is None or before == after or form in (case.forms[at - 1],):
                continue
            passed = {_rank(case, other) for other in _between(case, form, at)} - {None, rank}
            if len(passed) >= 3:
                spots.append(at)
        if spots:
            target = case.forms[rng.choice(spots) - 1]
            case.forms = [other for other in case.forms if other is not form]
            at = next(i for i, other in enumerate(case.forms) if other is target)
            case.forms.insert(at + 1, form)
            case.displaced[id(form)] = form
            return True
    return False


def _between(case: Case, form: Form, at: int) -> list[Form]:
    own = next(i for i, other in enumerate(case.forms) if other is form)
    return case.forms[own + 1 : at] if at > own else case.forms[at:own]


def opening_report_late(case: Case, plan: Plan, rng: random.Random) -> bool:
    notice = 15 if case.info.training_kind == "order" else 7
    reported = case.info.start - timedelta(days=rng.randint(max(0, notice - 8), notice - 1))
    change_info(case, report_date=reported)
    for form in list(case.forms):
        if isinstance(form, OpeningReport):
            case.swap(form, replace(form, reported_on=reported))
        elif isinstance(form, OpeningApproval):
            case.swap(form, replace(form, approved_on=min(reported + timedelta(days=1), case.info.start)))
    return True


def headcount_mismatch(case: Case, plan: Plan, rng: random.Random) -> bool:
    approved = len(case.trainees) + rng.choice((-1, 1, 1, 2))
    change_info(case, approved=approved)
    for form in list(case.forms):
        if isinstance(form, OpeningApproval | OpeningReport):
            case.swap(form, replace(form, headcount=approved))
    return True


# --- the catalogue -----------------------------------------------------------------------------------

GHOSTS = ("学员报名表", "师资证明材料", "培训总结", "满意度调查表", "教材发放登记表")


def catalogue_mismatch(case: Case, plan: Plan, rng: random.Random) -> bool:
    """One line of the catalogue is wrong, too many, or missing."""
    catalogue = next((form for form in case.forms if isinstance(form, Catalogue)), None)
    if catalogue is None:
        return False
    column = catalogue.column
    kind = rng.choice(("range", "range", "omit") if column == "start" else ("range", "range", "omit", "ghost"))
    seed = rng.random()

    def edit(lines: list[CatalogueLine]) -> list[CatalogueLine]:
        """Called for the trial and for the final catalogue: the last call's fault counts."""
        own = random.Random(seed)
        plain = [
            i
            for i, line in enumerate(lines)
            if 2 < i < len(lines) - 2
            and "就业证明材料" not in line.title
            and line.title in {form.title for form in case.forms if id(form) not in case.blocks}
            and sum(other.title == line.title for other in lines) == 1
        ]
        at = own.choice(plain)
        line = lines[at]
        case.catalogue_faults.clear()
        if kind == "omit":
            case.catalogue_faults.append(CatalogueFault(line.title, None, _named(line, column)))
            kept = [other for i, other in enumerate(lines) if i != at]
        elif kind == "ghost":
            taken = {other.title for other in lines}
            title = own.choice([name for name in GHOSTS if name not in taken])
            ghost = replace(line, title=title, pages=own.randint(1, 3))
            case.catalogue_faults.append(CatalogueFault(title, _named(ghost, column), None))
            kept = [*lines[:at], ghost, *lines[at:]]
        else:
            shift = own.choice((-2, -1, 1, 2)) if column != "count" else own.choice((1, 2))
            wrong = replace(line, first=line.first + shift, last=line.last + shift, pages=line.pages + abs(shift))
            case.catalogue_faults.append(CatalogueFault(line.title, _named(wrong, column), _named(line, column)))
            kept = [wrong if i == at else other for i, other in enumerate(lines)]
        return [replace(other, number=i) for i, other in enumerate(kept, start=1)]

    plan.edit_catalogue.append(edit)
    return True


def _named(line: CatalogueLine, column: str) -> str:
    if column == "count":
        return f"{line.title} {line.pages}"
    if column == "start" or line.first == line.last:
        return f"{line.title} {line.first}"
    return f"{line.title} {line.first}-{line.last}"


INJECT = {
    "catalogue_mismatch": catalogue_mismatch,
    "document_missing": document_missing,
    "document_order": document_order,
    "opening_report_late": opening_report_late,
    "headcount_mismatch": headcount_mismatch,
}
