"""Flexible employment: the certificate and its six parts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive_verify.model import Box, DocType, Document, EmploymentType, MarkShape, Reading
from archive_verify.policy.absence import doubts, searched
from archive_verify.policy.case import Case
from archive_verify.policy.dossier import Dossier, Paper
from archive_verify.policy.enterprise import sealed, signed
from archive_verify.policy.rule import Finding, TraineeRule, pages_text, review, spot, trainee_rule
from archive_verify.policy.terms import Part
from archive_verify.values import find_dates, find_money, find_phones

PART_WORDS: dict[Part, str] = {
    "period": "就业时间",
    "income": "工资收入",
    "phone": "本人联系电话",
    "legal_representative_phone": "法定代表人（负责人）联系电话",
    "signature": "本人签字",
    "seal": "单位公章",
}

# That something stands in a blank needs less certainty than what stands there.
_SOMETHING = 0.5
_MOST_DIGITS = 8


@trainee_rule("flexible_certificate_missing", citation="flexible")
def flexible_certificate_missing(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """灵活就业的学员须有就业单位出具的灵活就业证明"""
    kind = DocType.FLEXIBLE_CERTIFICATE
    if dossier.route is not EmploymentType.FLEXIBLE or dossier.nothing or dossier.of(kind):
        return
    unsure = doubts(case, dossier, kind)
    yield from unsure
    if not unsure:
        yield Finding(f"未见灵活就业证明；{searched(case, kind)}", found=searched(case, kind))


@trainee_rule("flexible_certificate_incomplete", citation="flexible", uses=("employment.certificate_parts",))
def flexible_certificate_incomplete(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """灵活就业证明须写明就业时间、工资收入、本人及法人联系电话，并有签字盖章"""
    certificates = dossier.of(DocType.FLEXIBLE_CERTIFICATE)
    if dossier.route is not EmploymentType.FLEXIBLE or not certificates:
        return
    judged = [_parts(case, paper) for paper in certificates]
    # where several certificates are bound in, the most complete one counts
    yield from min(judged, key=lambda found: (sum(not one.undetermined for one in found), len(found)))


def _parts(case: Case, paper: Paper) -> tuple[Finding, ...]:
    found = []
    for part in case.policy.employment.certificate_parts:
        state, reading = _state(case, paper, part)
        pages = (reading.page if reading is not None else paper.page,)
        if state == "missing":
            found.append(
                Finding(
                    f"灵活就业证明（{pages_text(pages)}）缺{PART_WORDS[part]}",
                    pages=pages,
                    boxes=spot(reading),
                    document=paper.document.id,
                    expected=part,
                )
            )
        elif state == "unsure":
            found.append(review(f"灵活就业证明的{PART_WORDS[part]}", pages=pages, boxes=spot(reading)))
    return tuple(found)


def _state(case: Case, paper: Paper, part: Part) -> tuple[str, Reading | None]:
    if part == "signature":
        cell = paper.row.get("signature")
        if cell is not None:
            return {"read": "yes", "blank": "missing", "unread": "unsure"}[cell.state], cell
        return signed(paper.document), None
    if part == "seal":
        return sealed(case, paper.document), None
    reading = paper.reading(part)
    if reading is None:
        return _unfound(case, paper, part), None
    if reading.state == "blank":
        return "missing", reading
    clear = reading.state == "read" and (reading.confirmed or reading.confidence >= _SOMETHING)
    if not clear and part in ("phone", "legal_representative_phone") and _under_seal(case, reading):
        return "yes", reading
    return ("yes" if clear else "unsure"), reading


def _under_seal(case: Case, reading: Reading) -> bool:
    """Whether most digits of a phone were read and a seal lies over the rest: a number is written there."""
    if reading.confidence < _SOMETHING or len(re.findall(r"\d", reading.text)) < _MOST_DIGITS:
        return False
    reach = Box(reading.box.x1 - 0.01, reading.box.y0, reading.box.x1 + 0.02, reading.box.y1)
    return any(
        mark.shape is MarkShape.ROUND_SEAL and mark.box.overlap(reach) > 0
        for mark in case.page_at[reading.page].reading.marks
    )


def _unfound(case: Case, paper: Paper, part: Part) -> str:
    """A part of which neither label nor value was found: missing, unless something may be it.

    "unsure" where the certificate was hardly understood, where a page of it could not be read, or
    where the text holds a value of this kind that no other part has taken.
    """
    document = paper.document
    if any(page in case.unreadable for page in document.pages):
        return "unsure"
    understood = [
        name
        for name in ("period", "income", "phone", "legal_representative_phone", "employee", "employer")
        if (reading := paper.reading(name)) is not None and reading.state != "unread"
    ]
    if len(understood) < 2 or (paper.row and part in ("period", "income", "phone")):
        # on a list the column may have been lost
        return "unsure" if not understood or paper.row else "missing"
    return "unsure" if _spare_value(case, document, paper, part) else "missing"


def _spare_value(case: Case, document: Document, paper: Paper, part: Part) -> bool:
    taken = {str(reading.value) for reading in (*document.fields.values(), *paper.row.values())}
    taken_boxes = {(reading.page, reading.box) for reading in document.fields.values()}
    for page in document.pages:
        for line in case.page_at[page].reading.lines:
            if part in ("phone", "legal_representative_phone"):
                if any(str(phone.value) not in taken for phone in find_phones(line.text)):
                    return True
            elif part == "income":
                money = find_money(line.text)
                if money is not None and (page, line.box) not in taken_boxes and str(money.value) not in taken:
                    return True
            elif any(
                str(day.value) not in taken and not _is_sign_date(document, day.value.isoformat())
                for day in find_dates(line.text)
            ):
                # a date beside that of signing may be the beginning of the work
                dates = [day for other in case.page_at[page].reading.lines for day in find_dates(other.text)]
                return len(dates) > 1
    return False


def _is_sign_date(document: Document, day: str) -> bool:
    signed_on = document.fields.get("sign_date")
    return signed_on is not None and str(signed_on.value) == day


RULES: tuple[TraineeRule, ...] = (flexible_certificate_missing, flexible_certificate_incomplete)
