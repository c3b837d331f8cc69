"""Results and certificate numbers agree among roster, score sheet, register and certificate."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive_verify.model import DocType, Evidence, Reading, Row
from archive_verify.policy.case import Case
from archive_verify.policy.certain import certain
from archive_verify.policy.dossier import Dossier
from archive_verify.policy.rule import Finding, TraineeRule, pages_text, spot, trainee_rule
from archive_verify.values import omitted, places_apart, squeezed
from archive_verify.words import DOC_TYPES

_MARK = re.compile(r"\d{1,3}(?:\.\d)?分?")
_PASS_MARK = 60.0                       # of 100
_RESULT = {True: "合格", False: "不合格"}
_CERTIFICATES = (DocType.CERTIFICATE_REGISTER, DocType.CERTIFICATE_COPY)
# A spreadsheet keeps 15 digits of a number.
_KEPT_DIGITS = 15


@trainee_rule("score_mismatch", severity="warning", citation="exam")
def score_mismatch(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """是否合格和证书编号在花名册、成绩册、发证登记表、证书上一致"""
    yield from _results(case, dossier)
    yield from _numbers(case, dossier)


_Own = tuple[Evidence, str, Reading | None, Reading | None]


def _own(case: Case, dossier: Dossier, *kinds: DocType) -> Iterator[_Own]:
    """What is surely the trainee's on papers of these kinds: evidence, paper, result and number there."""
    for one in case.matching.evidence:
        paper = case.by_id.get(one.document)
        if paper is None or paper.type not in kinds or one.trainee != dossier.person.row or not one.sure:
            continue
        if "yes" not in (one.name, one.id_number):
            continue
        values = paper.fields if one.row_index is None else paper.rows[one.row_index]
        yield one, paper.id, values.get("passed"), values.get("certificate_number")


def _results(case: Case, dossier: Dossier) -> Iterator[Finding]:
    passed = dossier.person.passed
    if passed is None:
        return
    for one, paper, result, _ in _own(case, dossier, DocType.SCORE_SHEET):
        row = case.by_id[paper].rows[one.row_index] if one.row_index is not None else {}
        if result is not None and certain(case, result) and result.value is not passed and _plain(row, result):
            yield Finding(
                f"花名册为{_RESULT[passed]}，成绩册（{pages_text([one.page])}）为{_RESULT[not passed]}，请核对",
                pages=(one.page,),
                boxes=spot(result),
                document=paper,
                expected=_RESULT[passed],
                found=_RESULT[not passed],
            )
    if passed:
        return
    for one, paper, _, number in _own(case, dossier, *_CERTIFICATES):
        if number is not None and case.sure(number):
            kind = DOC_TYPES[case.by_id[paper].type]
            yield Finding(
                f"花名册为不合格，{kind}（{pages_text([one.page])}）却有其证书{number.value}，请核对",
                pages=(one.page,),
                boxes=spot(number),
                document=paper,
                expected=_RESULT[False],
                found=str(number.value),
            )


def _plain(row: Row, result: Reading) -> bool:
    """Whether a result is stated, or follows from the marks however the sheet weighs them."""
    if not _MARK.fullmatch(squeezed(result.text)):
        return True
    marks = {name: row[name] for name in ("theory", "practice", "total") if name in row}
    read = {name: float(one.value) for name, one in marks.items() if one.state == "read" and one.value is not None}
    if len(read) < len(marks):
        return False
    if result.value:
        return all(value >= _PASS_MARK for value in read.values())
    return read.get("total", max(read.values(), default=_PASS_MARK)) < _PASS_MARK


def _numbers(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """The roster's certificate number against those on paper; without it, those on paper against each other.

    A trainee may hold several certificates: one of a kind of paper that agrees is enough.
    """
    found: dict[DocType, list[tuple[str, Reading]]] = {}
    for _, paper, _, number in _own(case, dossier, *_CERTIFICATES):
        if number is not None and case.sure(number):
            found.setdefault(case.by_id[paper].type, []).append((paper, number))
    stated, source = dossier.person.certificate_number, "花名册"
    if not stated and len(found) == len(_CERTIFICATES):
        register = found.pop(DocType.CERTIFICATE_REGISTER)[0][1]
        if certain(case, register):
            stated, source = str(register.value), DOC_TYPES[DocType.CERTIFICATE_REGISTER]
    if not stated:
        return
    for kind, numbers in found.items():
        if any(same_certificate(stated, str(number.value)) for _, number in numbers):
            continue
        for paper, number in numbers:
            read = str(number.value)
            if certain(case, number) and not _lost_digits(stated, read) and not _outside_serial(case, stated, read):
                yield Finding(
                    f"证书编号{source}为{stated}，{DOC_TYPES[kind]}（{pages_text([number.page])}）为{number.value}，请核对",
                    pages=(number.page,),
                    boxes=spot(number),
                    document=paper,
                    expected=stated,
                    found=str(number.value),
                )
                break


def same_certificate(one: str, other: str) -> bool:
    """Whether two certificate numbers are the same, however they are set off; a prefix may be left out."""
    a, b = (re.sub(r"[^0-9A-Z]", "", text.upper().replace("O", "0")) for text in (one, other))
    if a == b or (min(len(a), len(b)) >= 8 and (a.endswith(b) or b.endswith(a))):
        return True
    # a number cell of a spreadsheet lost what lies beyond its digits
    return len(a) == len(b) > _KEPT_DIGITS and a[:_KEPT_DIGITS] == b[:_KEPT_DIGITS] and a.endswith("0")


def _lost_digits(stated: str, read: str) -> bool:
    """Whether a number is the one stated but for a digit or two left out: narrow digits are lost in reading."""
    return 0 < omitted(read.upper(), stated.upper()) <= 2


_SERIAL = 6                 # digits at the end of a certificate's number that count the certificates


def _outside_serial(case: Case, stated: str, read: str) -> bool:
    """Whether two numbers differ in one digit of what all the class's numbers begin with: year, place and school."""
    numbers = [one.certificate_number for one in case.roster.rows if one.certificate_number]
    shared = next((at for at, digits in enumerate(zip(*numbers, strict=False)) if len(set(digits)) > 1), 0)
    apart = places_apart(stated, read)
    return len(apart) == 1 and apart[0] < min(shared, len(stated) - _SERIAL)


RULES: tuple[TraineeRule, ...] = (score_mismatch,)
