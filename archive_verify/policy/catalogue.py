"""The table of contents against the binder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from archive_verify.documents.titles import title_shares
from archive_verify.model import DocType, Document
from archive_verify.policy.case import Case
from archive_verify.policy.catalogue_lines import Entry, entries_of
from archive_verify.policy.pagination import sequences
from archive_verify.policy.rule import BinderRule, Finding, binder_rule, pages_text, range_text, review, spot
from archive_verify.policy.terms import EMPLOYMENT_PROOF
from archive_verify.words import DOC_TYPES

Wanted = Callable[[Document], bool]

# letters of a page's text in which its title stands, a running head and the page number before it
_HEAD = 60


@dataclass(frozen=True, slots=True)
class Stretch:
    """Documents of one kind that lie behind one another, with the numbers of their first and last page."""

    documents: tuple[Document, ...]
    first: int | None
    last: int | None
    certain: bool                       # whether both numbers were read, not inferred

    @property
    def text(self) -> str:
        head = self.documents[0]
        name = head.title or DOC_TYPES[head.type]
        if self.first is None or self.last is None:
            return name
        return f"{name} {range_text({self.first, self.last})}"


@binder_rule(
    "catalogue_mismatch", severity="warning", target="class", citation="catalogue",
    uses=("binder.unlisted_allowed",),
)
def catalogue_mismatch(case: Case) -> Iterator[Finding]:
    """卷内目录与档案内容一致"""
    catalogues = case.of_type(DocType.CATALOGUE)
    if not catalogues:
        return
    pages = tuple(page for document in catalogues for page in document.pages)
    numbers = standing_numbers(case)
    entries = entries_of(case, catalogues, numbers)
    if not entries:
        yield review(f"卷内目录（{pages_text(pages)}）未能读出，请与档案核对", pages=pages)
        return
    unread = any(document.unread_rows for document in catalogues)
    open_ended = case.is_partly_unread(catalogues)
    findings = [
        *(found for entry in entries if entry.first is not None for found in _check(case, entry, numbers)),
        *_check_counts(case, [entry for entry in entries if entry.first is None], pages, unread),
        *_nowhere(case, entries, numbers, pages),
    ]
    unlisted = list(_unlisted(case, entries, numbers, case.with_continuations(pages)))
    lost = unread or (open_ended and unlisted) or any(found.undetermined for found in (*findings, *unlisted))
    yield from (found for found in findings if not found.undetermined)
    if not open_ended:
        yield from (found for found in unlisted if not found.undetermined)
    if lost:
        # what stays open is settled by one look at the catalogue
        open_ones = [found for found in (*findings, *unlisted) if found.undetermined]
        points = "；".join(found.message for found in open_ones[:3]) or (
            "有未读出的行" if unread else "；".join(found.message for found in unlisted[:3])
        )
        boxes = tuple(box for found in open_ones for box in found.boxes)
        yield review(f"卷内目录（{pages_text(pages)}）请与档案核对：{points}", pages=pages, boxes=boxes)


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


# --- lines that give page numbers ----------------------------------------------------------------


def _check(case: Case, entry: Entry, numbers: dict[int, int]) -> Iterator[Finding]:
    stretches = _stretches(case, _listed(case, entry), numbers)
    if not stretches and not entry.types:
        return                          # see _nowhere
    if not stretches:
        yield from _absent(case, entry)
        return
    whole = _joined(stretches)
    starts = {part.first for part in (*stretches, whole)}
    ends = {part.last for part in (*stretches, whole)} | _without_copies(case, stretches, numbers)
    if not entry.types:
        ends |= {numbers.get(page) for part in stretches for page in _run_on(case, part.documents[-1])}
    if entry.of_block:
        # a line may list a part of the block: any paper may begin or end it
        papers = [_stretch(case, (one,), numbers) for part in stretches for one in part.documents]
        starts |= {one.first for one in papers}
        ends |= {one.last for one in papers} | _block_ends(case, numbers)
    unseen = _unseen_edges(case, numbers)
    starts |= unseen
    ends |= unseen | {number - 1 for number in unseen}
    if (entry.first in starts or entry.slipped_from(starts)) and (entry.last is None or entry.last in ends):
        return
    nearest = min(stretches, key=lambda part: abs((part.first or 0) - (entry.first or 0)))
    highest = max(numbers.values(), default=0)
    believable = entry.certain and (entry.last or entry.first or 0) <= highest + 2
    if believable and nearest.certain:
        yield _mismatch(entry, nearest.text, nearest.documents[0])
    else:
        yield review(f"“{entry.text}”，所见为{nearest.text}", pages=[entry.page], boxes=_number_spot(entry))


def _listed(case: Case, entry: Entry) -> Wanted:
    """What a line lists: documents of its types, or papers of no known type that bear its title."""
    namesakes = _namesakes(case, entry)
    if namesakes:
        return lambda document: document.id in namesakes
    if entry.types:
        return _of_types(entry.types)

    def bears(document: Document) -> bool:
        if document.type is not DocType.OTHER or len(entry.title) < 4:
            return False
        head = case.text_at.get(document.pages[0], "")[:_HEAD]
        return fuzz.ratio(entry.title, document.title) >= 75 or fuzz.partial_ratio(entry.title, head) >= 80

    return bears


def _namesakes(case: Case, entry: Entry) -> frozenset[str]:
    """The papers at the line's page whose title is the line's but for one character: it was misread.

    Written by hand, 颁证花名册 may be read 须证花名册 and be taken for another kind of list.
    """
    at = {number.value: index for index, number in case.numbering.numbers.items()}
    document = case.document_at.get(at.get(entry.first or 0, 0))
    if document is None or document.type in entry.types or len(entry.title) < 4:
        return frozenset()
    title = "".join(document.title.split())
    near = len(title) == len(entry.title) and Levenshtein.distance(entry.title, title) == 1
    same = {one.id for one in case.of_type(document.type) if "".join(one.title.split()) == title}
    return frozenset(same) if near else frozenset()


def _of_types(types: frozenset[DocType]) -> Wanted:
    return lambda document: document.type in types


def _run_on(case: Case, document: Document) -> list[int]:
    """The pages behind a paper of no known type that bear no title: they may be its own."""
    pages: list[int] = []
    page = document.pages[-1] + 1
    while (after := case.document_at.get(page)) is not None and after.type is DocType.OTHER and not after.title:
        pages.append(page)
        page += 1
    return pages


def _stretches(case: Case, wanted: Wanted, numbers: dict[int, int]) -> list[Stretch]:
    """The documents wanted, those that follow one another joined; other papers part them."""
    groups: list[list[Document]] = []
    open_group = False
    for document in sorted(case.documents, key=lambda one: one.pages[0]):
        if wanted(document):
            if not open_group:
                groups.append([])
            groups[-1].append(document)
            open_group = True
        elif document.type is not DocType.BLANK:
            open_group = False
    return [_stretch(case, tuple(group), numbers) for group in groups]


def _stretch(case: Case, documents: tuple[Document, ...], numbers: dict[int, int]) -> Stretch:
    pages = [page for document in documents for page in document.pages if page in numbers]
    if not pages:
        return Stretch(documents, None, None, False)
    ordered = sorted(pages, key=lambda page: numbers[page])
    seen = case.numbering.numbers
    return Stretch(
        documents, numbers[ordered[0]], numbers[ordered[-1]], ordered[0] in seen and ordered[-1] in seen
    )


def _joined(stretches: Sequence[Stretch]) -> Stretch:
    firsts = [part.first for part in stretches if part.first is not None]
    lasts = [part.last for part in stretches if part.last is not None]
    documents = tuple(document for part in stretches for document in part.documents)
    return Stretch(documents, min(firsts, default=None), max(lasts, default=None), False)


def _without_copies(case: Case, stretches: Sequence[Stretch], numbers: dict[int, int]) -> set[int | None]:
    """Where a stretch ends if the sheet scanned twice at its end is not counted."""
    again = {page for group in case.repeats for page in group[1:]}
    ends: set[int | None] = set()
    for part in stretches:
        pages = [page for document in part.documents for page in document.pages]
        kept = [numbers[page] for page in pages if page in numbers and page not in again]
        ends |= {max(kept)} if kept and len(kept) < len(pages) else set()
    return ends


def _unseen_edges(case: Case, numbers: dict[int, int]) -> set[int]:
    """The numbers of illegible pages at the edge of a paper: they may as well be another paper's."""
    inside = {page for document in case.documents for page in document.pages[1:-1]}
    return {numbers[page] for page in case.unreadable if page in numbers and page not in inside}


def _block_ends(case: Case, numbers: dict[int, int]) -> set[int | None]:
    """The last numbers of papers in the block that no type was found for."""
    return {
        numbers[document.pages[-1]]
        for document in case.documents
        if document.type is DocType.OTHER and document.pages[-1] in case.block and document.pages[-1] in numbers
    }


def _absent(case: Case, entry: Entry) -> Iterator[Finding]:
    if case.unreadable:
        yield review(f"“{entry.text}”未见，可能在无法辨认的页中", pages=[entry.page], boxes=_number_spot(entry))
    else:
        yield _mismatch(entry, f"未见{entry.title}", None)


def _mismatch(entry: Entry, found: str, document: Document | None) -> Finding:
    pages = (entry.page, *(document.pages[:1] if document is not None else ()))
    return Finding(
        f"目录列“{entry.text}”，" + (found if document is None else f"实际为{found}"),
        pages=tuple(dict.fromkeys(pages)),
        boxes=spot(entry.row.get("title")),
        document=document.id if document is not None else None,
        expected=entry.text,
        found=found,
    )


def _number_spot(entry: Entry) -> Any:
    return spot(entry.row.get("first") or entry.row.get("count") or entry.row.get("title"))


def _stands_nowhere(case: Case, entry: Entry, entries: Sequence[Entry], catalogue: Sequence[int]) -> bool:
    """Whether no page but the catalogue's bears the title of a line, or one like it.

    Words like those of a short title stand in many papers; they tell nothing where every paper of no
    known type is another line's.
    """
    texts = [text for page, text in case.text_at.items() if page not in catalogue]
    if len(entry.title) < 4 or any(entry.title in text for text in texts):
        return False
    if all(fuzz.partial_ratio(entry.title, text) < 70 for text in texts):
        return True
    others = [_listed(case, other) for other in entries if other is not entry and not other.types]
    return all(any(bears(document) for bears in others) for document in case.of_type(DocType.OTHER))


def _nowhere(
    case: Case, entries: Sequence[Entry], numbers: dict[int, int], catalogue: Sequence[int]
) -> Iterator[Finding]:
    """Lines of no known type whose title stands nowhere, at whose page another line's paper lies."""
    if case.unreadable:
        return
    listed = frozenset(kind for entry in entries for kind in entry.types)
    kinds = {numbers[page]: document.type for page, document in case.document_at.items() if page in numbers}
    for entry in entries:
        if entry.types or not entry.certain or entry.first is None:
            continue
        there = {kinds.get(value) for value in range(entry.first, (entry.last or entry.first) + 1)} - {None}
        if there <= listed and _stands_nowhere(case, entry, entries, catalogue):
            yield _mismatch(entry, f"未见{entry.title}", None)


# --- lines that give numbers of pages ------------------------------------------------------------


def _check_counts(
    case: Case, entries: Sequence[Entry], catalogue: Sequence[int], unread: bool
) -> Iterator[Finding]:
    """Compare numbers of pages by type, or over the whole block where lines list persons or units.

    A line that was not read (`unread`) may give the rest of the pages.
    """
    groups: dict[frozenset[DocType], list[Entry]] = {}
    block_as_one = any(entry.types == EMPLOYMENT_PROOF for entry in entries)
    for entry in entries:
        start = entry.row.get("first")
        if start is not None and start.state == "unread":
            yield review(f"“{entry.title}”的页号未读出", pages=[entry.page], boxes=spot(start))
        elif entry.types:
            key = EMPLOYMENT_PROOF if block_as_one and entry.of_block else entry.types
            groups.setdefault(key, []).append(replace(entry, types=key))
        elif entry.count is not None and entry.certain:
            yield from _check_other_count(case, entry, entries, entry.count, catalogue)
    for types, lines in groups.items():
        documents = case.of_type(*types)
        if not documents:
            yield from _absent(case, lines[0])
            continue
        if any(entry.count is None for entry in lines):
            continue
        pages = [page for document in documents for page in document.pages]
        again = {page for group in case.repeats for page in group[1:]}
        written = [page for page in pages if page not in case.blank]
        right = {len(pages), len(written), len([page for page in written if page not in again])}
        listed = sum(entry.count or 0 for entry in lines)
        if listed in right:
            continue
        wrong = _odd_line(lines, documents)
        # an unreadable page may be another paper's, and one beside may be of these
        fewest = min(right) - sum(page in case.unreadable for page in pages)
        most = max(right) + len(case.unreadable & {page + step for page in pages for step in (-1, 1)} - {*pages})
        if not unread and not fewest <= listed <= most and all(entry.certain for entry in lines):
            yield _mismatch(wrong, f"{DOC_TYPES[documents[0].type]} {len(written)}页", documents[0])
        else:
            yield review(f"“{wrong.text}”", pages=[wrong.page], boxes=_number_spot(wrong))


def _check_other_count(
    case: Case, entry: Entry, entries: Sequence[Entry], count: int, catalogue: Sequence[int]
) -> Iterator[Finding]:
    """A line of no known type against the papers that bear its title."""
    bears = _listed(case, entry)
    documents = [document for document in case.documents if bears(document)]
    if not documents:
        if not case.unreadable and _stands_nowhere(case, entry, entries, catalogue):
            yield _mismatch(entry, f"未见{entry.title}", None)
        return
    length = sum(len(document.pages) for document in documents)
    if not length <= count <= length + len(_run_on(case, documents[-1])):
        yield _mismatch(entry, f"{documents[0].title or entry.title} {length}页", documents[0])


def _odd_line(lines: Sequence[Entry], documents: Sequence[Document]) -> Entry:
    """Of several lines of one kind the first at which the papers, laid one after another, part from it."""
    lengths = [len(document.pages) for document in documents]
    for entry in lines:
        taken = 0
        while lengths and taken < (entry.count or 0):
            taken += lengths.pop(0)
        if taken != entry.count:
            return entry
    return lines[-1]


# --- papers that no line lists -------------------------------------------------------------------


def _unlisted(
    case: Case, entries: Sequence[Entry], numbers: dict[int, int], catalogue: Sequence[int]
) -> Iterator[Finding]:
    listed = frozenset(kind for entry in entries for kind in entry.types)
    seen: set[DocType] = set()
    for document in case.documents:
        kind = document.type
        if kind in case.policy.binder.unlisted_allowed or kind in (DocType.BLANK, DocType.OTHER):
            continue
        stretch = _stretch(case, (document,), numbers)
        if kind in listed or kind in seen or _covered(document, entries, stretch):
            continue
        seen.add(kind)
        if _in_text(case, document, catalogue):
            yield review(f"列有{DOC_TYPES[kind]}的行未读出", pages=catalogue)
            continue
        parts = _stretches(case, _of_types(frozenset({kind})), numbers)
        text = next((part.text for part in parts if document in part.documents), stretch.text)
        yield Finding(
            f"目录未列{pages_text(document.pages)}的{document.title or DOC_TYPES[kind]}",
            pages=document.pages[:1], document=document.id, expected=None, found=text,
        )  # fmt: skip


def _covered(document: Document, entries: Sequence[Entry], stretch: Stretch) -> bool:
    """Whether a line of another or of no type lists a document, by its range or by its wording."""
    for entry in entries:
        if stretch.first is not None and entry.first is not None and (not entry.types or entry.of_block):
            last = entry.last if entry.last is not None else entry.first
            if entry.first <= stretch.first <= last:
                return True
        if document.title and fuzz.ratio(entry.title, document.title) >= 80:
            return True
    return document.type in EMPLOYMENT_PROOF and any(entry.types == EMPLOYMENT_PROOF for entry in entries)


def _in_text(case: Case, document: Document, catalogue: Sequence[int]) -> bool:
    """Whether the catalogue's pages carry a title of this kind outside the lines that were read."""
    for page in catalogue:
        for line in case.page_at[page].reading.lines:
            text = re.sub(r"^[\s\d.、]+|[\s\d\-—~～–页]+$", "", line.text)
            shares, trust = title_shares(text)
            if trust and shares.get(document.type, 0.0) >= 0.6:
                return True
            if document.title and fuzz.ratio(text, document.title) >= 80:
                return True
    return False


RULES: tuple[BinderRule, ...] = (catalogue_mismatch,)
