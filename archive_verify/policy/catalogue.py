"""The table of contents against the binder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from archive_verify.documents.titles import title_shares
from archive_verify.model import DocType, Document, Reading, Row
from archive_verify.policy.case import Case
from archive_verify.policy.pagination import sequences
from archive_verify.policy.rule import BinderRule, Finding, binder_rule, pages_text, range_text, review, spot
from archive_verify.policy.terms import EMPLOYMENT_PROOF
from archive_verify.words import DOC_TYPES

_BLOCK_WORDS = ("就业证明", "就业材料", "就业佐证", "就业资料", "就业档案", "证明材料")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue: what it lists, and the page numbers it gives."""

    title: str
    types: frozenset[DocType]           # empty: the title is of no known type
    first: int | None
    last: int | None
    count: int | None
    row: Row
    page: int
    certain: bool

    @property
    def text(self) -> str:
        """The line as `expected` shows it: title and range."""
        if self.first is None:
            return self.title
        numbers = (self.first,) if self.last is None else (self.first, self.last)
        return f"{self.title} {range_text(set(numbers))}"


@binder_rule("catalogue_mismatch", severity="warning", target="class", citation="catalogue")
def catalogue_mismatch(case: Case) -> Iterator[Finding]:
    """卷内目录与档案内容一致"""
    catalogues = case.of_type(DocType.CATALOGUE)
    entries = [entry for document in catalogues for entry in _entries(case, document)]
    if not entries:
        if catalogues:
            pages = tuple(page for document in catalogues for page in document.pages)
            yield review(f"卷内目录（{pages_text(pages)}）未能读出，请与档案核对", pages=pages)
        return
    unread = [document for document in catalogues if document.unread_rows]
    if unread:
        pages = tuple(page for document in unread for page in document.pages)
        yield review(f"卷内目录（{pages_text(pages)}）有未读出的行，请与档案核对", pages=pages)
    numbers = standing_numbers(case)
    for entry in entries:
        yield from _check(case, entry, entries, numbers)
    if not unread:
        yield from _unlisted(case, entries, numbers)


def _entries(case: Case, catalogue: Document) -> Iterator[Entry]:
    for row in catalogue.rows:
        title = row.get("title")
        if title is None or title.state != "read" or not title.value:
            continue
        given = [row.get(name) for name in ("first", "last", "count")]
        yield Entry(
            title=str(title.value),
            types=_types(str(title.value), row.get("doc_type")),
            first=_whole(given[0]),
            last=_whole(given[1]),
            count=_whole(given[2]),
            row=row,
            page=title.page,
            certain=all(reading is None or case.sure(reading) for reading in given),
        )


def _whole(reading: Reading | None) -> int | None:
    value: Any = reading.value if reading is not None and reading.state == "read" else None
    return int(value) if value is not None else None


def _types(title: str, told: Reading | None) -> frozenset[DocType]:
    """The types that a line may stand for; several employment proofs may share one line."""
    if told is not None and told.state == "read" and told.value:
        kind = DocType(told.value)
        return frozenset({kind}) if kind is not DocType.OTHER else frozenset()
    if any(word in title for word in _BLOCK_WORDS) and "汇总" not in title:
        return EMPLOYMENT_PROOF
    shares, trust = title_shares(title)
    best = max(shares.values(), default=0.0)
    kinds = {kind for kind, share in shares.items() if share >= 0.8 * best}
    return frozenset(kinds - {DocType.OTHER}) if trust and DocType.OTHER not in kinds else frozenset()


def standing_numbers(case: Case) -> dict[int, int]:
    """The page number of each page, with the numbers that unnumbered pages use up filled in."""
    found: dict[int, int] = {}
    for run in sequences(case):
        last: int | None = None
        for index in run:
            number = case.numbering.numbers.get(index)
            if number is not None:
                found[index] = number.value
                if index not in case.numbering.out_of_place:
                    last = number.value
            elif index not in case.blank:
                last = (last or 0) + 1
                found[index] = last
    return found


def _check(
    case: Case, entry: Entry, entries: Sequence[Entry], numbers: dict[int, int]
) -> Iterator[Finding]:
    if not entry.types:
        return
    documents = case.of_type(*entry.types)
    if not documents:
        if not any(page in case.unreadable for page in case.page_at):
            yield _mismatch(entry, f"未见{entry.title}", None)
        else:
            yield review(f"目录中的“{entry.text}”未见，可能在无法辨认的页中", pages=[entry.page])
        return
    sharing = [other for other in entries if other.types & entry.types]
    if len(sharing) > 1:
        documents = _nearest(entry, sharing, documents, numbers)
        if not documents:
            return
    standing = sorted({numbers[page] for document in documents for page in document.pages if page in numbers})
    start = entry.row.get("first")
    if start is not None and start.state == "unread":
        yield review(f"目录中“{entry.title}”的页号", pages=[entry.page], boxes=spot(start))
        return
    if not standing or entry.first is None:
        if entry.count is not None and len(sharing) == 1:
            yield from _check_count(case, entry, documents)
        return
    right = entry.first == standing[0] and (entry.last is None or entry.last == standing[-1])
    if right:
        return
    found = f"{DOC_TYPES[documents[0].type]} {range_text(standing)}"
    unsure = not entry.certain or any(
        page not in case.numbering.numbers for document in documents for page in (document.pages[0], document.pages[-1])
        if page not in case.blank
    )
    if unsure:
        yield review(
            f"目录中的“{entry.text}”与所见（{found}）是否一致",
            pages=[entry.page],
            boxes=spot(entry.row.get("first")),
        )
    else:
        yield _mismatch(entry, found, documents[0])


def _check_count(case: Case, entry: Entry, documents: Sequence[Document]) -> Iterator[Finding]:
    pages = [page for document in documents for page in document.pages if page not in case.blank]
    if entry.count == len(pages):
        return
    if entry.certain:
        yield _mismatch(entry, f"{DOC_TYPES[documents[0].type]} {len(pages)}页", documents[0])
    else:
        yield review(f"目录中“{entry.title}”的页数", pages=[entry.page], boxes=spot(entry.row.get("count")))


def _nearest(
    entry: Entry, sharing: Sequence[Entry], documents: Sequence[Document], numbers: dict[int, int]
) -> tuple[Document, ...]:
    """Of the documents that several lines may stand for, those that begin nearest to this line."""

    def distance(other: Entry, document: Document) -> int:
        start = numbers.get(document.pages[0])
        if start is None or other.first is None:
            return 1_000_000
        last = other.last if other.last is not None else other.first
        return 0 if other.first <= start <= last else min(abs(start - other.first), abs(start - last))

    return tuple(
        document
        for document in documents
        if min(sharing, key=lambda other: distance(other, document)) is entry
    )


def _mismatch(entry: Entry, found: str, document: Document | None) -> Finding:
    pages = (entry.page, *(document.pages[:1] if document is not None else ()))
    return Finding(
        f"目录列“{entry.text}”，实际为{found}",
        pages=tuple(dict.fromkeys(pages)),
        boxes=spot(entry.row.get("title")),
        document=document.id if document is not None else None,
        expected=entry.text,
        found=found,
    )


def _unlisted(case: Case, entries: Sequence[Entry], numbers: dict[int, int]) -> Iterator[Finding]:
    listed = frozenset(kind for entry in entries for kind in entry.types)
    block = bool(listed & EMPLOYMENT_PROOF)
    seen: set[DocType] = set()
    for document in case.documents:
        kind = document.type
        if kind in case.policy.binder.unlisted_allowed or kind in (DocType.BLANK, DocType.OTHER) or kind in seen:
            continue
        standing = sorted({numbers[page] for page in document.pages if page in numbers})
        if kind in listed or (kind in EMPLOYMENT_PROOF and block) or _covered(document, entries, standing):
            continue
        seen.add(kind)
        title = document.title or DOC_TYPES[kind]
        text = f"{title} {range_text(standing)}" if standing else title
        yield Finding(
            f"目录未列{pages_text(document.pages)}的{title}", pages=document.pages[:1], document=document.id,
            expected=None, found=text,
        )  # fmt: skip


def _covered(document: Document, entries: Sequence[Entry], standing: Sequence[int]) -> bool:
    """Whether a line of unknown title lists a document, by its range or by its wording."""
    for entry in entries:
        if entry.types:
            continue
        if standing and entry.first is not None:
            last = entry.last if entry.last is not None else entry.first
            if entry.first <= standing[0] <= last:
                return True
        if document.title and fuzz.ratio(entry.title, document.title) >= 80:
            return True
    return False


RULES: tuple[BinderRule, ...] = (catalogue_mismatch,)
