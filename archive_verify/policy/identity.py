"""Who a paper is about and who issued it: names, ID numbers, units."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from archive_verify import lattice
from archive_verify.model import DocType, Document, EmploymentType, IssueBox, Reading
from archive_verify.policy.absence import TABLES, doubts, searched
from archive_verify.policy.case import Case
from archive_verify.policy.dossier import Dossier, Paper
from archive_verify.policy.rule import Finding, TraineeRule, pages_text, review, spot, spot_at, trainee_rule
from archive_verify.policy.terms import EMPLOYMENT_PROOF
from archive_verify.policy.units import clashes
from archive_verify.values import id_is_valid, normal_id
from archive_verify.words import DOC_TYPES, mask_id

# Papers beside the proofs of employment on which a trainee's name and number stand together.
_OWN_COPIES = frozenset({DocType.ID_CARD_COPY, DocType.CERTIFICATE_COPY, DocType.EMPLOYMENT_SUMMARY})
# Papers that are made out to one person by name.
_MADE_OUT = frozenset({
    DocType.LABOUR_CONTRACT, DocType.PREMISES_PROOF, DocType.FLEXIBLE_CERTIFICATE, DocType.ORDER_AGREEMENT,
})
# A number read from here on was read, be it right or wrong.
_CLEAR = 0.90
# Log-likelihood relative to the free reading from which a number with a right checksum was written
# (measured on other makers' pages: none wrong above it).
_FITS = -6.0
# Fewer digits say nothing; of more, this share must be the trainee's, in order.
_FEW = 6
_MOST = 0.8


@trainee_rule("employment_proof_missing", citation="employment")
def employment_proof_missing(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """填报就业的学员须有就业证明材料"""
    if dossier.route is EmploymentType.NONE or not dossier.nothing:
        return
    unsure = [found for kind in _proofs(dossier.route) for found in doubts(case, dossier, kind)]
    # one sentence for each page, whatever kinds of proof it may be
    spoken: set[tuple[int, ...]] = set()
    for one in unsure:
        if one.pages not in spoken:
            spoken.add(one.pages)
            yield one
    if not unsure:
        looked = searched(case, *EMPLOYMENT_PROOF)
        yield Finding(f"未见任何就业证明材料；{looked}", found=looked)


def _proofs(route: EmploymentType) -> tuple[DocType, ...]:
    return {
        EmploymentType.ENTERPRISE: (DocType.LABOUR_CONTRACT, DocType.PAYROLL, DocType.WORK_ATTENDANCE),
        EmploymentType.SELF_EMPLOYED: (DocType.BUSINESS_LICENCE, DocType.PREMISES_PROOF),
        EmploymentType.FLEXIBLE: (DocType.FLEXIBLE_CERTIFICATE,),
        EmploymentType.ORDER: (DocType.ORDER_AGREEMENT,),
        EmploymentType.NONE: (),
    }[route]


@trainee_rule("name_mismatch", citation="identity")
def name_mismatch(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """证明材料载有学员身份证号的，姓名须与花名册一致"""
    wrong = []
    for paper in _claimed(dossier):
        one = paper.evidence
        if one.id_number == "yes" and one.name == "no":
            wrong.append(paper)
        elif (one.name == "unsure" and one.sure) or _bears_number_alone(case, dossier, paper):
            yield _look(paper, "姓名", one.name_reading)
    others = {normal_id(row.name) for row in case.roster.rows}
    for paper in _own_copies(case, dossier):
        # of several cards on a page, a name may stand nearer to another's number
        name = paper.evidence.name_reading
        if paper.evidence.name == "no" and name is not None and normal_id(str(name.value)) not in others:
            wrong.append(paper)
    if wrong:
        yield _differs(wrong, "姓名", dossier.person.name, [paper.evidence.name_reading for paper in wrong])


def _bears_number_alone(case: Case, dossier: Dossier, paper: Paper) -> bool:
    """Whether a paper made out to one person bears the trainee's number, and the name stands nowhere on it."""
    if paper.document.type not in _MADE_OUT or (paper.evidence.id_number, paper.evidence.name) != ("yes", "absent"):
        return False
    text = normal_id("".join(case.text_at.get(page, "") for page in paper.document.pages))
    return normal_id(dossier.person.name) not in text


@trainee_rule("id_number_mismatch", citation="identity")
def id_number_mismatch(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """证明材料载有学员姓名的，身份证号须与花名册一致"""
    wrong = []
    for paper in _claimed(dossier):
        one = paper.evidence
        if one.name == "yes" and one.id_number == "no":
            wrong.append(paper)
        elif one.id_number == "unsure" and one.sure and not _settled_elsewhere(case, dossier, paper):
            yield _look(paper, "身份证号", one.id_reading)
    if id_is_valid(normal_id(dossier.person.id_number)):
        # else the roster's number is at fault, and the copy shows the right one
        wrong += [paper for paper in _own_copies(case, dossier) if _another_of_own(paper)]
    if wrong:
        readings = [paper.evidence.id_reading for paper in wrong]
        yield _differs(wrong, "身份证号", dossier.person.id_number, readings)


def _settled_elsewhere(case: Case, dossier: Dossier, paper: Paper) -> bool:
    """Whether an ID number of a running table that could not be read is not needed.

    The name is the trainee's alone, the number stands beside it on the contract or in another row of
    the sheet, and what digits were read are not another number's.
    """
    one, reading = paper.evidence, paper.evidence.id_reading
    if paper.document.type not in TABLES or one.name != "yes" or reading is None:
        return False
    number = normal_id(dossier.person.id_number)
    name = normal_id(dossier.person.name)
    if any(normal_id(row.name) == name and normal_id(row.id_number) != number for row in case.roster.rows):
        return False
    agreed = any(
        other.evidence.name == other.evidence.id_number == "yes"
        and (other.document.id == paper.document.id or other.document.type is DocType.LABOUR_CONTRACT)
        for other in dossier.papers
    )
    return agreed and not _another_number(reading, number)


def _another_number(reading: Reading, number: str) -> bool:
    """Whether the digits that were read speak for another number than this."""
    digits = re.sub(r"[^0-9X]", "", normal_id(str(reading.value or reading.text)))
    if reading.state == "read" and (id_is_valid(digits) or reading.confidence >= _CLEAR):
        # a number that fails its check was misread where the recogniser saw the right one, too
        seen = lattice.score(reading.lattice, number) if reading.lattice else -math.inf
        return id_is_valid(digits) or seen < _FITS
    matching = SequenceMatcher(None, digits, number, autojunk=False).get_matching_blocks()
    return len(digits) >= _FEW and sum(block.size for block in matching) < _MOST * len(digits)


def _claimed(dossier: Dossier) -> tuple[Paper, ...]:
    """The papers that a claim stands on; without a claim there is nothing they could contradict."""
    return () if dossier.route is EmploymentType.NONE else dossier.papers


def _own_copies(case: Case, dossier: Dossier) -> tuple[Paper, ...]:
    """The trainee's rows on papers that show who he is, beside the proofs of employment."""
    if dossier.route is EmploymentType.NONE:
        return ()
    return tuple(
        Paper(case.by_id[one.document], one)
        for one in case.matching.evidence
        if one.trainee == dossier.person.row and one.sure and one.document in case.by_id
        and case.by_id[one.document].type in _OWN_COPIES
    )


def _another_of_own(paper: Paper) -> bool:
    """Whether a copy that names the trainee carries another number, right by its check."""
    one = paper.evidence
    value = one.id_reading.value if one.id_reading is not None else None
    return one.name == "yes" and one.id_number == "no" and id_is_valid(normal_id(str(value or "")))


def _look(paper: Paper, word: str, reading: Reading | None) -> Finding:
    boxes = spot(reading) or spot_at(paper.page, paper.box)
    return review(
        f"{DOC_TYPES[paper.document.type]}（{pages_text([paper.page])}）上的{word}", pages=[paper.page], boxes=boxes
    )


def _differs(papers: list[Paper], word: str, expected: str, readings: list[Reading | None]) -> Finding:
    first = next((reading for reading in readings if reading is not None), None)
    value = str(first.value) if first is not None and first.value is not None else ""
    shown = mask_id(value) if word == "身份证号" else value
    wanted = mask_id(expected) if word == "身份证号" else expected
    where = "、".join(
        f"{DOC_TYPES[paper.document.type]}（{pages_text([paper.page])}）" for paper in papers
    )
    boxes: list[IssueBox] = []
    for paper, reading in zip(papers, readings, strict=True):
        boxes.extend(spot(reading) or spot_at(paper.page, paper.box))
    return Finding(
        f"{where}上的{word}为{shown or '另一人'}，与花名册的{wanted}不一致",
        pages=tuple(dict.fromkeys(paper.page for paper in papers)),
        boxes=tuple(boxes),
        document=papers[0].document.id,
        expected=expected,
        found=value or None,
    )


@trainee_rule("id_number_invalid", citation="identity")
def id_number_invalid(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """花名册中的身份证号须符合 GB 11643"""
    number = normal_id(dossier.person.id_number)
    if dossier.person.id_digits_lost and "?" in number:
        if dossier.route is not EmploymentType.NONE:    # else no verdict hangs on the number
            yield review("花名册中的身份证号（以数值存储，末几位已丢失）")
    elif not id_is_valid(number):
        shown = mask_id(number) if number else "空"
        copies = [
            paper for paper in _own_copies(case, dossier)
            if paper.document.type is DocType.ID_CARD_COPY and _another_of_own(paper)
        ]
        hint = f"，身份证复印件（{pages_text([copies[0].page])}）上的号码与此不同" if copies else ""
        yield Finding(
            f"花名册中的身份证号（{shown}）不符合编码规则{hint}", pages=tuple(paper.page for paper in copies),
            found=number or None,
        )


@trainee_rule("duplicate_trainee", citation="identity")
def duplicate_trainee(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """同一身份证号在花名册中只出现一次"""
    number = normal_id(dossier.person.id_number)
    rows = [person.row for person in case.roster.rows if normal_id(person.id_number) == number]
    if number and "?" not in number and len(rows) > 1:
        others = "、".join(str(row) for row in rows if row != dossier.person.row)
        yield Finding(f"身份证号（{mask_id(number)}）与花名册第{others}行相同", found=others)


@trainee_rule("employer_mismatch", citation="employment")
def employer_mismatch(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """劳动合同、工资表、考勤表、营业执照、就业证明的单位名称须一致"""
    found = clashes(case, dossier)
    certain = [clash for clash in found if clash.certain]
    if certain:
        first = certain[0]
        ours, theirs = _named(first.first), _named(first.second)
        where = "、".join(
            f"{DOC_TYPES[clash.second_document.type]}（{pages_text(clash.second_document.pages)}）"
            for clash in certain
        )
        yield Finding(
            f"{where}的单位为{theirs}，与{DOC_TYPES[first.first_document.type]}的{ours}不一致",
            pages=tuple(
                dict.fromkeys(
                    page
                    for clash in certain
                    for page in (*_page(clash.first, clash.first_document), *_page(clash.second, clash.second_document))
                )
            ),
            boxes=tuple(box for clash in certain for box in spot(clash.first) + spot(clash.second)),
            document=first.second_document.id,
            expected=ours,
            found=theirs,
        )
        return
    for clash in found:
        word, other = DOC_TYPES[clash.first_document.type], DOC_TYPES[clash.second_document.type]
        pages = (*_page(clash.first, clash.first_document), *_page(clash.second, clash.second_document))
        yield review(
            f"{other}（{pages_text(clash.second_document.pages)}）与{word}的单位名称是否一致",
            pages=pages,
            boxes=spot(clash.first) + spot(clash.second),
        )


def _named(reading: Reading | None) -> str:
    return str(reading.value) if reading is not None and reading.value else "未载明"


def _page(reading: Reading | None, document: Document) -> tuple[int, ...]:
    return (reading.page,) if reading is not None else document.pages[:1]


RULES: tuple[TraineeRule, ...] = (
    employment_proof_missing,
    name_mismatch,
    id_number_mismatch,
    id_number_invalid,
    duplicate_trainee,
    employer_mismatch,
)
