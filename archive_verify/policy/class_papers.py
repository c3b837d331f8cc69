"""The subsidy application against what was computed; seals and signatures of the class's own papers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from archive_verify.model import DocType, Document, Reading
from archive_verify.policy.case import Case
from archive_verify.policy.certain import certain
from archive_verify.policy.rule import BinderRule, Finding, binder_rule, pages_text, spot
from archive_verify.words import DOC_TYPES

_PARTS = {"headcount": ("人数", "人"), "training_days": ("天数", "天"), "amount": ("金额", "元")}


@binder_rule("application_mismatch", severity="warning", target="class", citation="payment")
def application_mismatch(case: Case) -> Iterator[Finding]:
    """补贴申请的人数、天数、金额与核算的相符"""
    persons, days = _persons(case), _days(case)
    rate = case.fact("daily_subsidy_yuan")
    for paper in case.of_type(DocType.SUBSIDY_APPLICATION):
        own_rate = paper.fields.get("daily_subsidy_yuan")
        rates = [rate] if rate is not None else []
        if own_rate is not None and own_rate.state == "read" and own_rate.value and rate is None:
            rates.append(own_rate.value)
        rates += [general] if (general := case.fact("general_daily_subsidy_yuan")) is not None and rates else []
        sums = _adds_up(case, paper, rates)
        amounts = [count * length * Fraction(str(each)) for count in persons for length in days for each in rates]
        for name, allowed in (("headcount", persons), ("training_days", days), ("amount", amounts)):
            reading = paper.fields.get(name)
            if not allowed or reading is None or not (certain(case, reading) or sums):
                continue
            if any(Fraction(str(reading.value)) == value for value in allowed):
                continue
            yield _differs(paper, name, reading, allowed[0])


def _adds_up(case: Case, paper: Document, rates: Sequence[object]) -> bool:
    """Whether the figures of an application give its amount, which proves that they were read right."""
    count, days, amount = (paper.fields.get(name) for name in _PARTS)
    if count is None or days is None or amount is None or not all(map(case.sure, (count, days, amount))):
        return False
    product = Fraction(str(count.value)) * Fraction(str(days.value))
    return any(product * Fraction(str(rate)) == Fraction(str(amount.value)) for rate in rates)


def _persons(case: Case) -> list[Fraction]:
    """The headcounts an application may ask for, the first being the one computed with.

    Before any deduction: those verified on site, else those listed, or as approved; or those who passed;
    or what a low pass rate leaves of those verified.
    """
    listed, approved = case.roster.rows, case.fact("approved_headcount")
    known = [case.fact("verified_headcount"), len(listed), approved]
    if all(person.passed is not None for person in listed):
        passed = sum(person.passed is True for person in listed)
        known.append(passed)
        short = Fraction(case.policy.class_.pass_rate) - Fraction(passed, int(approved)) if approved else Fraction(0)
        if short > 0:
            counted = known[0] or len(listed)
            known.append(counted - math.ceil(short * counted))
    return list(dict.fromkeys(Fraction(count) for count in known if count))


def _days(case: Case) -> list[Fraction]:
    """The days an application may ask for: those of the class, or what missing recordings left of them."""
    days = case.fact("training_days")
    if days is None:
        return []
    whole = Fraction(str(days))
    lost = Fraction(case.fact("missing_video_half_days") or 0, 2)
    return list(dict.fromkeys((whole, max(Fraction(0), whole - lost))))


def _differs(paper: Document, name: str, reading: Reading, computed: Fraction) -> Finding:
    word, unit = _PARTS[name]
    right = _plain(computed)
    return Finding(
        f"补贴申请（{pages_text([reading.page])}）的{word}为{reading.value}{unit}，按班级情况应为{right}{unit}，请核对",
        pages=(reading.page,),
        boxes=spot(reading),
        document=paper.id,
        expected=right,
        found=str(reading.value),
    )


def _plain(value: Fraction) -> str:
    text = f"{Decimal(value.numerator) / Decimal(value.denominator):.2f}"
    return text.removesuffix(".00")


_MARKS = (("seal", "公章"), ("signature", "签字"))
# Papers that must carry both: the paper, its citation, the party and what it is called.
_SIGNED = (
    (DocType.OPENING_APPROVAL, "approval", "authority", "审批机关"),
    (DocType.TRUTHFULNESS_COMMITMENT, "truthfulness", "institution", "培训机构"),
)


@binder_rule("class_paper_unsigned", severity="warning", target="class", citation="truthfulness")
def class_paper_unsigned(case: Case) -> Iterator[Finding]:
    """开班审批表和真实性承诺书须盖章、签字"""
    for kind, citation, party, who in _SIGNED:
        for paper in case.of_type(kind):
            if any(page in case.unreadable for page in paper.pages):
                continue
            lacks = [word for what, word in _MARKS if _lacks(case, paper, what, party)]
            if lacks:
                yield Finding(
                    f"{DOC_TYPES[kind]}（{pages_text(paper.pages)}）缺{who}{'、'.join(lacks)}",
                    pages=paper.pages,
                    document=paper.id,
                    expected="、".join(lacks),
                    found=kind.value,
                    citation=citation,
                )


def _lacks(case: Case, paper: Document, what: str, party: str) -> bool:
    """Whether a mark's place was found and is empty; a seal may vanish from a black-and-white copy."""
    if (what, party) not in paper.missing_marks or case.in_doubt(paper, what, party):
        return False
    own = [mark for mark in paper.marks if mark.party == party]
    if any(mark.kind == what and not (what == "seal" and mark.personal) for mark in own):
        return False
    return what == "signature" or case.keeps_seals or _shows_seals(case, paper.pages)


def _shows_seals(case: Case, pages: Iterable[int]) -> bool:
    readings = [case.page_at[page].reading for page in pages if page in case.page_at]
    return all(reading.halftone or reading.colour or reading.text_source == "text_layer" for reading in readings)


RULES: tuple[BinderRule, ...] = (application_mismatch, class_paper_unsigned)
