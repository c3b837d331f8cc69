"""Builds a binder as the rules see it: papers in scan order, whose they are, and what was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from archive_verify.model import (
    Box,
    DocType,
    Document,
    EmploymentType,
    Evidence,
    Fact,
    Issue,
    Line,
    Mark,
    Matching,
    Numbering,
    Page,
    PageClass,
    PageNumber,
    PageReading,
    Reading,
    Roster,
    RosterRow,
    Stranger,
)
from archive_verify.policy.judge import Judgement, judge
from archive_verify.policy.terms import Policy, load_policy

WENSHUI = load_policy("wenshui_2023_51")
UNIT = "文水县宏达商贸有限公司"
OTHER_UNIT = "文水县鑫源食品有限公司"
CODE = "92141121MA0GT5E4XX"
ID = "141121198503120035"
IDS = ("141121198503120035", "142322198503124325", "141121199001011239", "141121197807150028")
SPOT = Box(0.1, 0.1, 0.3, 0.12)
AS_OF = date(2024, 3, 20)


@dataclass(frozen=True)
class Faint:
    """A value read below the confidence that a verdict asks for."""

    value: Any
    confidence: float = 0.55


UNREAD = Reading(page=1, box=SPOT, confidence=0.3, state="unread", text="~")
BLANK = Reading(page=1, box=SPOT, confidence=0.9, state="blank")


def read(value: Any, page: int = 1) -> Reading:
    """A reading of a value; Faint lowers its confidence, UNREAD and BLANK stay what they are."""
    if isinstance(value, Reading):
        return value.model_copy(update={"page": page})
    if isinstance(value, Faint):
        return Reading(value=value.value, text=str(value.value), page=page, box=SPOT, confidence=value.confidence)
    return Reading(value=value, text=str(value), page=page, box=SPOT, confidence=0.99)


@dataclass(frozen=True)
class Paper:
    """A document to be: laid behind the one before it, `length` pages long."""

    kind: DocType
    of: tuple[int, ...] = ()                        # roster rows whose paper it is
    fields: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, Any], ...] = ()        # one per person in `of`, if a table
    length: int = 1
    link: Mapping[str, Any] = field(default_factory=dict)   # what differs in its evidence
    marks: tuple[Mark, ...] = ()
    missing_marks: tuple[tuple[str, str], ...] = ()
    unsure_marks: tuple[tuple[str, str], ...] = ()
    unread_rows: int = 0
    flags: frozenset[str] = frozenset()
    text: tuple[str, ...] = ()
    title: str = ""
    trust: float = 1.0                              # in the kind
    sheet: Mapping[str, Any] = field(default_factory=dict)  # what differs in the page reading


def mark(kind: str, party: str, *, personal: bool = False, text: str = "") -> Mark:
    return Mark.model_validate(
        {"kind": kind, "party": party, "page": 1, "box": SPOT, "personal": personal, "text": text}
    )


SIGNED = mark("signature", "employee")
SEALED = mark("seal", "employer")


def paper(kind: str, *of: int, **changes: Any) -> Paper:
    """A paper of any kind; keywords that are no attributes of Paper are its fields."""
    own = {name: changes.pop(name) for name in list(changes) if name in Paper.__dataclass_fields__}
    return Paper(DocType(kind), of=of, fields=changes, **own)


def contract(*of: int, **changes: Any) -> Paper:
    """A signed and sealed contract of a year from 2023-09-01; None takes a field away."""
    fields: dict[str, Any] = {
        "employer": UNIT, "contract_start": date(2023, 9, 1), "contract_end": date(2024, 8, 31), "wage": 3000,
    }
    changes = {"marks": (SIGNED, SEALED), **fields, **changes}
    return paper("labour_contract", *(of or (1,)), **{k: v for k, v in changes.items() if v is not None})


def payroll(month: Any, *of: int, pay: Any = 3000, **changes: Any) -> Paper:
    rows = tuple({"name": "学员", "gross": pay} for _ in of)
    return paper("payroll", *of, **{"employer": UNIT, "month": month, "rows": rows, **changes})


def attendance(month: Any, *of: int, **changes: Any) -> Paper:
    rows = tuple({"name": "学员"} for _ in of)
    return paper("work_attendance", *of, **{"employer": UNIT, "month": month, "rows": rows, **changes})


def employed(*, without: Sequence[str] = ()) -> list[Paper]:
    """The five papers of an enterprise trainee in row 1, some left out by name."""
    every = {
        "contract": contract(1),
        "payroll_first": payroll("2023-09", 1),
        "payroll_latest": payroll("2024-02", 1),
        "attendance_first": attendance("2023-09", 1),
        "attendance_latest": attendance("2024-02", 1),
    }
    return [one for name, one in every.items() if name not in without]


def certificate(*of: int, **changes: Any) -> Paper:
    """A complete certificate of flexible employment; None takes a field away."""
    fields: dict[str, Any] = {
        "employer": UNIT, "employee": "张三", "period": "2023-09", "income": 2600, "phone": "13834120001",
        "legal_representative_phone": "13935820002",
    }
    changes = {"marks": (SIGNED, mark("seal", "issuer")), **fields, **changes}
    return paper("flexible_certificate", *(of or (1,)), **{k: v for k, v in changes.items() if v is not None})


def licence(*of: int, **changes: Any) -> Paper:
    return paper("business_licence", *of, **{"employer": UNIT, "credit_code": CODE, "operator": "李四", **changes})


def person(row: int = 1, name: str = "张三", route: str | None = "enterprise", **changes: Any) -> RosterRow:
    return RosterRow(
        row=row,
        name=name,
        id_number=changes.pop("id_number", IDS[(row - 1) % len(IDS)]),
        employment_type=EmploymentType(route) if route else None,
        passed=changes.pop("passed", True),
        **changes,
    )


def number(value: int, position: str = "top_right") -> PageNumber:
    return PageNumber.model_validate(
        {"value": value, "text": str(value), "position": position, "box": SPOT, "confidence": 0.99}
    )


def facts(**values: Any) -> dict[str, Fact]:
    """Facts of the class as class.toml gives them, or as they are; None takes one of the defaults away."""
    usual: dict[str, Any] = {"as_of": AS_OF, "approved_headcount": 1, **values}
    return {
        name: value if isinstance(value, Fact) else Fact(value=value, source="class.toml")
        for name, value in usual.items() if value is not None
    }


@dataclass(frozen=True)
class Scene:
    """Papers laid out as pages and documents, before they are judged."""

    pages: tuple[Page, ...]
    classes: tuple[PageClass, ...]
    documents: tuple[Document, ...]
    evidence: tuple[Evidence, ...]


def lay(papers: Sequence[Paper]) -> Scene:
    """Number the pages of the papers from 1 and link each paper to its trainees."""
    pages: list[Page] = []
    classes: list[PageClass] = []
    documents: list[Document] = []
    evidence: list[Evidence] = []
    for one in papers:
        first = len(pages) + 1
        indexes = tuple(range(first, first + one.length))
        lines = tuple(Line(text=text, box=SPOT, confidence=0.98) for text in one.text)
        for index in indexes:
            values: dict[str, Any] = {
                "width": 1654, "height": 2339, "dpi": 200, "text_source": "ocr", "rotation": 0, "skew_degrees": 0,
                "flags": one.flags, "lines": lines if index == first else (), **one.sheet,
            }
            reading = PageReading.model_validate(values)
            pages.append(Page(index=index, file=0, file_page=index, reading=reading))
            title = one.title if index == first else ""
            classes.append(
                PageClass(index=index, doc_type=one.kind, confidence=0.9, starts=index == first, title=title)
            )
        if one.kind is DocType.BLANK:
            continue
        name = f"d{len(documents) + 1}"
        documents.append(
            Document(
                id=name,
                type=one.kind,
                pages=indexes,
                title=one.title,
                confidence=one.trust,
                fields={key: read(value, first) for key, value in one.fields.items()},
                rows=tuple({key: read(value, first) for key, value in row.items()} for row in one.rows),
                marks=tuple(each.model_copy(update={"page": indexes[-1]}) for each in one.marks),
                missing_marks=one.missing_marks,
                unsure_marks=one.unsure_marks,
                unread_rows=one.unread_rows,
            )
        )
        for place, row in enumerate(one.of):
            values = {
                "trainee": row, "document": name, "page": first, "name": "yes", "id_number": "yes",
                "row_index": place if one.rows else None, **one.link,
            }
            evidence.append(Evidence.model_validate(values))
    return Scene(tuple(pages), tuple(classes), tuple(documents), tuple(evidence))


def judged(
    papers: Sequence[Paper],
    people: Sequence[RosterRow] = (),
    *,
    policy: Policy = WENSHUI,
    numbers: Mapping[int, PageNumber] | None = None,
    unread: tuple[int, ...] = (),
    out_of_place: tuple[int, ...] = (),
    starts: tuple[int, ...] = (),
    strangers: tuple[Stranger, ...] = (),
    repeats: Sequence[tuple[int, ...]] = (),
    **known: Any,
) -> Judgement:
    """Judge papers; pages are numbered 1, 2, 3 ... unless `numbers` says otherwise."""
    scene = lay(papers)
    if numbers is None:
        numbers = {page.index: number(page.index) for page in scene.pages if "blank" not in page.reading.flags}
    return judge(
        pages=scene.pages,
        numbering=Numbering(numbers=dict(numbers), unread=unread, out_of_place=out_of_place, starts=starts),
        classes=scene.classes,
        documents=scene.documents,
        roster=Roster(file="roster.xlsx", rows=tuple(people) or (person(),)),
        facts=facts(**known),
        matching=Matching(evidence=scene.evidence, strangers=strangers),
        repeats=repeats,
        policy=policy,
        minimum_confidence=0.8,
    )


def of_trainee(judgement: Judgement, row: int = 1) -> list[str]:
    """The codes of a trainee's issues, sorted."""
    return sorted(issue.code for issue in judgement.issues if issue.trainee == row)


def of_code(judgement: Judgement, code: str) -> list[Issue]:
    return [issue for issue in judgement.issues if issue.code == code]


def verdict_of(judgement: Judgement, row: int = 1) -> str:
    return next(one.verdict.value for one in judgement.trainees if one.row == row)
