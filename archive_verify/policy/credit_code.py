"""Credit codes that fail their check: written wrong, or misread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from archive_verify import lattice
from archive_verify.model import DocType, Document, EmploymentType, Lattice, Reading
from archive_verify.policy.case import Case
from archive_verify.policy.dossier import Dossier
from archive_verify.policy.rule import Finding, TraineeRule, pages_text, review, spot, trainee_rule
from archive_verify.policy.units import licence_for, same_unit
from archive_verify.values import code_is_valid, code_repairs, look_alike_distance, normal_code, places_apart
from archive_verify.words import DOC_TYPES

# Printed codes are read with 0.98 and more, codes filled in by hand with less; only the former are
# clear enough to blame the paper for a character.
_CLEAR = 0.98
# Log-likelihood of another text relative to what was read (see lattice.score). A changed digit
# written by hand scores up to -2.6, so only what is nearly as likely counts as the same writing.
_SAME_WRITING = -1.5
_POSSIBLE = -6.0
# From here down another character was written, where all others of the code were read. Letters by a hand
# that the recogniser does not know come lower, but then it fails at more than one of them.
_OTHER_WRITING = -8.0

State = Literal["right", "open", "wrong"]


@trainee_rule("credit_code_invalid", citation="employment")
def credit_code_invalid(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """统一社会信用代码须符合 GB 32100"""
    for document in _coded(case, dossier):
        reading = document.fields.get("credit_code")
        if reading is None or reading.state != "read" or not reading.value:
            continue
        state = judge_code(case, document, reading)
        if state == "wrong":
            yield Finding(
                f"{DOC_TYPES[document.type]}（{pages_text([reading.page])}）的统一社会信用代码{reading.value}"
                "不符合编码规则",
                pages=(reading.page,),
                boxes=spot(reading),
                document=document.id,
                found=str(reading.value),
            )
            return
        if state == "open":
            yield review(
                f"{DOC_TYPES[document.type]}（{pages_text([reading.page])}）上的统一社会信用代码",
                pages=[reading.page],
                boxes=spot(reading),
            )


def _coded(case: Case, dossier: Dossier) -> tuple[Document, ...]:
    """The documents whose credit code the trainee's claim stands on."""
    if dossier.route is EmploymentType.NONE:
        return ()
    found = {paper.document.id: paper.document for paper in dossier.papers if paper.evidence.sure}
    if dossier.route is EmploymentType.FLEXIBLE:
        for paper in dossier.of(DocType.FLEXIBLE_CERTIFICATE):
            licence = licence_for(case, paper.document).licence
            if licence is not None:
                found[licence.id] = licence
    return tuple(found.values())


def judge_code(case: Case, document: Document, reading: Reading) -> State:
    """Whether a code is right, written wrong, or open because it may have been misread.

    The unit's code on its other papers is asked first: where this writing may as well be that code,
    or where the same misreading of it turns up on several papers, the paper is not to blame.
    """
    code = str(reading.value)
    if code_is_valid(code):
        return "right"
    copies = _copies(case, document)
    known = {other for other in copies if code_is_valid(other) and look_alike_distance(code, other) <= 2}
    written = lattice.folded(reading.lattice, normal_code) if reading.lattice else None
    if any(_score(written, other) >= _SAME_WRITING for other in known):
        return "right"
    if known and copies[code] >= 1 and max(copies[other] for other in known) >= 2:
        return "right"
    likely = known | set(code_repairs(code))
    misread = any(_score(written, other) >= _POSSIBLE for other in likely)
    clear = len(code) == 18 and reading.confidence >= _CLEAR
    told = clear or any(_differs(reading, other) and _score(written, other) <= _OTHER_WRITING for other in known)
    return "wrong" if (clear and reading.confirmed) or (told and not misread) else "open"


def _differs(reading: Reading, known: str) -> bool:
    """Whether a code by hand is the unit's own but for one place, in either look."""
    seen = normal_code(lattice.greedy(reading.lattice)) if reading.lattice else ""
    first, second = (places_apart(text, known) for text in (str(reading.value), seen))
    return first == second and len(first) == 1


def _copies(case: Case, document: Document) -> Counter[str]:
    """How often each code stands on the other papers of the same unit."""
    unit = case.employer_of(document)
    others: Sequence[Document] = [other for other in case.documents if other.id != document.id]
    return Counter(
        str(copy.value)
        for other in others
        if (copy := other.fields.get("credit_code")) is not None
        and copy.value
        and same_unit(case, unit, case.employer_of(other)) != "no"
    )


def _score(written: Lattice | None, text: str) -> float:
    """How well another code fits the writing; impossible where the recogniser's output was not kept."""
    return lattice.score(written, text) if written else float("-inf")


RULES: tuple[TraineeRule, ...] = (credit_code_invalid,)
