"""The class's own lists and the roster name the same persons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive_verify.model import DocType, Document, EmploymentType, Evidence, RosterRow, Row
from archive_verify.policy.case import Case
from archive_verify.policy.certain import certain
from archive_verify.policy.rule import BinderRule, Finding, binder_rule, pages_text, spot
from archive_verify.values import (
    drawn_alike,
    has_surname,
    id_is_valid,
    look_alike_distance,
    normal_id,
    squeezed,
)
from archive_verify.words import DOC_TYPES

# The paragraph that asks for a list, where it is not that of the approved list of trainees.
_CITATIONS = {
    DocType.SCORE_SHEET: "exam",
    DocType.CERTIFICATE_REGISTER: "exam",
    DocType.EMPLOYMENT_SUMMARY: "employment",
    DocType.SUBSIDY_APPLICATION: "payment",
    DocType.CALLBACK_RECORD: "headcount",
}
# Papers that may come without a list of persons.
_LIST_OPTIONAL = frozenset({DocType.OPENING_APPROVAL, DocType.SUBSIDY_APPLICATION})
# Of a list that lacks more than this share of the persons, it is said once and not for each.
_MANY = 3


@binder_rule(
    "trainee_list_mismatch", severity="warning", target="trainee", citation="approval", uses=("trainee.lists",)
)
def trainee_list_mismatch(case: Case) -> Iterator[Finding]:
    """班级各名单上的人员与花名册一致"""
    for kind in case.policy.trainee.lists:
        papers = [one for one in case.of_type(kind) if one.rows or kind not in _LIST_OPTIONAL]
        if not papers:
            continue
        yield from _lacking(case, kind, papers)
        for paper in papers:
            yield from _extra(case, paper)


# --- who lacks ------------------------------------------------------------------------------------


def _lacking(case: Case, kind: DocType, papers: Sequence[Document]) -> Iterator[Finding]:
    """The persons of the roster whom no paper of the kind lists.

    Nothing is said where a row, a page or a whole table was not read: the person may stand there.
    """
    due = [person for person in case.roster.rows if _is_due(case, kind, person)]
    if not due or not all(paper.rows for paper in papers) or case.is_partly_unread(papers):
        return
    pages = [page for paper in papers for page in paper.pages]
    listed = {one.trainee for paper in papers for one in case.evidence_of.get(paper.id, ())}
    numbers = {normal_id(person.id_number) for person in due if person.row in listed and person.id_number}
    around = case.with_continuations(pages)
    loose = [row for paper in papers for row in _loose_rows(case, paper)]
    absent = [
        person
        for person in due
        if person.row not in listed
        and normal_id(person.id_number) not in numbers
        and not case.mentions(person, around)
        and not any(_may_be(case, row, person) for row in loose)
    ]
    if not absent or 2 * (len(due) - len(absent)) < len(due):
        return
    name, where = DOC_TYPES[kind], pages_text(pages)
    common = {"pages": tuple(pages), "document": papers[0].id, "expected": kind.value, "citation": _CITATIONS.get(kind)}
    if len(absent) > max(_MANY, len(due) // _MANY):
        who = "、".join(person.name for person in absent)
        yield Finding(f"{name}（{where}）缺{len(absent)}人：{who}，请核对名单是否完整", found=who, **common)  # type: ignore[arg-type]
        return
    for person in absent:
        yield Finding(
            f"在花名册上，{name}（{where}）却没有此人，请核对", found=None, trainee=person.row, **common  # type: ignore[arg-type]
        )


def _is_due(case: Case, kind: DocType, person: RosterRow) -> bool:
    """Whether a person of the roster has to stand on a list of this kind."""
    numbered = any(other.certificate_number for other in case.roster.rows)
    if kind is DocType.CERTIFICATE_REGISTER and numbered and not person.certificate_number:
        return False                    # passed, and has no certificate yet
    if kind is DocType.CALLBACK_RECORD:
        return False                    # a sample of the class may be called
    if kind in (DocType.CERTIFICATE_REGISTER, DocType.SUBSIDY_APPLICATION):
        return person.passed is True
    if kind is DocType.EMPLOYMENT_SUMMARY:
        return person.employment_type not in (None, EmploymentType.NONE)
    return True


def _loose_rows(case: Case, paper: Document) -> list[Row]:
    """The rows of a list that are not surely one person's of the roster."""
    names = {squeezed(person.name) for person in case.roster.rows}
    owners: dict[int, list[Evidence]] = {}
    for one in case.evidence_of.get(paper.id, ()):
        if one.row_index is not None:
            owners.setdefault(one.row_index, []).append(one)
    return [
        row
        for index, row in enumerate(paper.rows)
        if not any(one.sure for one in owners.get(index, ())) and _name(row) not in names
    ]


def _name(row: Row) -> str:
    name = row.get("name")
    return squeezed(str(name.value)) if name is not None and name.state == "read" and name.value else ""


def _number(row: Row) -> str:
    number = row.get("id_number")
    return normal_id(str(number.value)) if number is not None and number.state == "read" and number.value else ""


def _may_be(case: Case, row: Row, person: RosterRow) -> bool:
    """Whether a row of whom nothing else is known may be a person's: misread, or written otherwise."""
    number = _number(row)
    if number and id_is_valid(number) and certain(case, row["id_number"]):
        return look_alike_distance(number, normal_id(person.id_number)) <= 1
    name = _name(row)
    if not name or not certain(case, row["name"]):
        return True
    return bool(set(name) & set(squeezed(person.name)))


# --- who is too many --------------------------------------------------------------------------------


def _extra(case: Case, paper: Document) -> Iterator[Finding]:
    """The persons of a list whom the roster lacks.

    The name must be certain and like no other of the roster that the list lacks; an ID number
    beside it must be right and another one.
    """
    known = case.owners(paper)
    if 2 * len(known) < len(paper.rows):
        return                          # another class's list, or one that was hardly read
    missed = [person for person in case.roster.rows if person.row not in known]
    numbers = {normal_id(person.id_number) for person in case.roster.rows}
    seen: set[str] = set()
    for row in _loose_rows(case, paper):
        name, number = _name(row), _number(row)
        reading = row.get("id_number")
        if not name or not has_surname(name) or not certain(case, row["name"]) or name in seen:
            continue
        if reading is not None and reading.state != "blank":
            other = id_is_valid(number) and certain(case, reading) and number not in numbers
        else:
            other = not any(_alike(name, person.name) for person in missed) and not any(
                _drawn_like(name, squeezed(person.name)) for person in case.roster.rows
            )
        if not other:
            continue
        seen.add(name)
        yield Finding(
            f"{DOC_TYPES[paper.type]}（{pages_text([row['name'].page])}）列有{name}，花名册中没有此人，请核对",
            pages=(row["name"].page,),
            boxes=spot(row["name"]),
            document=paper.id,
            expected=paper.type.value,
            found=name,
            citation=_CITATIONS.get(paper.type),
        )


def _drawn_like(name: str, other: str) -> bool:
    """Whether two names differ in one character only, and that looks nearly the same when written."""
    differing = [pair for pair in zip(name, other, strict=False) if pair[0] != pair[1]]
    return len(name) == len(other) and len(differing) == 1 and drawn_alike(*differing[0])


def _alike(name: str, other: str) -> bool:
    return bool(set(name) & set(squeezed(other)))


RULES: tuple[BinderRule, ...] = (trainee_list_mismatch,)
