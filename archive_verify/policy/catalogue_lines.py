"""The lines of the table of contents: what each lists, and the numbers it gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archive_verify.documents.titles import title_shares
from archive_verify.model import DocType, Document, Reading, Row
from archive_verify.policy.case import Case
from archive_verify.policy.rule import range_text
from archive_verify.policy.terms import EMPLOYMENT_PROOF

# A line that lists proof of employment as a whole, or one person's or one unit's.
_PROOF_LINE = re.compile(r"(就业|创业).*(证明材料|佐证|材料|资料|档案)")
# Words of which a line that lists several kinds of proof has one for each: 工资表、考勤表, 工资考勤表.
_NAMED = (
    (re.compile(r"劳动合同|用工合同|聘用合同"), DocType.LABOUR_CONTRACT),
    (re.compile(r"工资|薪酬|薪资"), DocType.PAYROLL),
    (re.compile(r"考勤|出勤"), DocType.WORK_ATTENDANCE),
    (re.compile(r"执照"), DocType.BUSINESS_LICENCE),
    (re.compile(r"(?:场地|场所|房屋|门面).{0,4}(?:证明|合同|协议)|租赁|租房"), DocType.PREMISES_PROOF),
    (re.compile(r"(?:灵活就业|就业|务工|从业)(?:人员)?证明(?!材料)"), DocType.FLEXIBLE_CERTIFICATE),
    (re.compile(r"[订定]单.{0,6}(?:协议|合同)"), DocType.ORDER_AGREEMENT),
)
# Below it the type that a title was given is a guess among several.
_TYPED = 0.9
# Below it the confidence of a number leaves room for another digit.
_CLEAR = 0.95


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue: what it lists, and the page numbers or the number of pages it gives."""

    title: str
    types: frozenset[DocType]           # empty: the title is of no known type
    first: int | None
    last: int | None
    count: int | None
    row: Row
    page: int
    certain: bool                       # whether its numbers were read for certain
    between: tuple[int, int] | None = None   # the numbers of the lines around it, where its own falls out of them

    @property
    def text(self) -> str:
        """The line as `expected` shows it: title and range."""
        if self.first is None:
            return self.title if self.count is None else f"{self.title} {self.count}页"
        return f"{self.title} {range_text({self.first, self.last or self.first})}"

    @property
    def of_block(self) -> bool:
        return bool(self.types) and self.types <= EMPLOYMENT_PROOF

    def slipped_from(self, numbers: Iterable[int | None]) -> bool:
        """Whether its number, out of the order of the lines and not read clearly, is one of these but for a digit."""
        reading = self.row.get("first")
        if self.between is None or reading is None or reading.confirmed or reading.confidence >= _CLEAR:
            return False
        low, high = self.between
        return any(
            number is not None and low <= number <= high and _one_digit_apart(str(number), str(self.first))
            for number in numbers
        )


def entries_of(case: Case, catalogues: Sequence[Document], numbers: dict[int, int]) -> list[Entry]:
    """The lines of a catalogue that have a title; `numbers` is the page number of each page index."""
    found: list[Entry] = []
    starts = {
        numbers[document.pages[0]]: document for document in reversed(case.documents)
        if document.pages[0] in numbers
    }  # fmt: skip
    for row in (row for document in catalogues for row in document.rows):
        title = row.get("title")
        if title is None or title.state != "read" or not title.value:
            continue
        given = [row.get(name) for name in ("first", "last", "count")]
        first = _whole(given[0])
        in_block = bool(found) and any(
            entry.of_block or DocType.EMPLOYMENT_SUMMARY in entry.types for entry in found
        )
        standing = starts.get(first) if first is not None else None
        found.append(
            Entry(
                title=str(title.value),
                types=_types(str(title.value), row.get("doc_type"), in_block, standing),
                first=first,
                last=_whole(given[1]),
                count=_whole(given[2]),
                row=row,
                page=title.page,
                certain=all(reading is None or case.sure(reading) for reading in given),
            )
        )
    return [_in_order(_bracketed(entry, found, place), found, place) for place, entry in enumerate(found)]


def _bracketed(entry: Entry, entries: Sequence[Entry], place: int) -> Entry:
    """A line whose number was not read, with the numbers that the lines around it leave for it."""
    number = entry.row.get("first")
    if number is None or number.state != "unread" or not 0 < place < len(entries) - 1:
        return entry
    before, after = entries[place - 1], entries[place + 1]
    if before.first is None or after.first is None:
        return entry
    first, last = (before.last or before.first) + 1, after.first - 1
    return replace(entry, first=first, last=last, certain=False) if first <= last else entry


def _in_order(entry: Entry, entries: Sequence[Entry], place: int) -> Entry:
    """A line, with the numbers of the lines around it where they rise and its own is not between them."""
    if entry.first is None or not 0 < place < len(entries) - 1:
        return entry
    before, after = entries[place - 1].first, entries[place + 1].first
    if before is None or after is None or before > after or before <= entry.first <= after:
        return entry
    return replace(entry, between=(before, after))


def _one_digit_apart(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _whole(reading: Reading | None) -> int | None:
    value: Any = reading.value if reading is not None and reading.state == "read" else None
    return int(value) if value is not None else None


def _types(
    title: str, told: Reading | None, in_block: bool, standing: Document | None
) -> frozenset[DocType]:
    """The types that a line may stand for; several proofs of employment may share one line.

    考勤表 alone is the employer's behind the employment summary and the training's before it. A
    title of no known type (a person, a unit) lists proof where proof stands at its number.
    """
    if _PROOF_LINE.search(title) and not re.search(r"汇总|花名册|登记表|统计|承诺", title):
        return EMPLOYMENT_PROOF
    several = frozenset(kind for pattern, kind in _NAMED if pattern.search(title))
    if len(several) > 1:
        return several
    kinds: frozenset[DocType]
    if told is not None and told.state == "read" and told.value and told.confidence >= _TYPED:
        kinds = frozenset({DocType(told.value)})
    else:
        shares, trust = title_shares(title)
        best = max(shares.values(), default=0.0)
        kinds = frozenset(kind for kind, share in shares.items() if trust and share >= 0.8 * best)
    if len(kinds) > 1:
        proof = kinds & EMPLOYMENT_PROOF
        kinds = (proof if in_block else kinds - proof) or kinds
    if DocType.OTHER in kinds or not kinds:
        proof_stands = standing is not None and standing.type in EMPLOYMENT_PROOF
        return EMPLOYMENT_PROOF if not kinds and in_block and proof_stands else frozenset()
    return kinds


