"""What the binder must hold, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive_verify.model import DocType, Document
from archive_verify.policy.case import Case
from archive_verify.policy.rule import BinderRule, Finding, binder_rule, pages_text, review
from archive_verify.policy.terms import EMPLOYMENT_PROOF
from archive_verify.words import DOC_TYPES

# Below it what a page was taken for is a guess (1 where its title says it).
_CERTAIN_TYPE = 0.7


@binder_rule(
    "document_missing", severity="error", target="class", citation="binder",
    uses=("binder.required",),
)
def document_missing(case: Case) -> Iterator[Finding]:
    """规定的材料须齐全"""
    present = {document.type for document in case.documents}
    for kind in case.policy.binder.required:
        if kind in present:
            continue
        maybe = _unread_in_place_of(case, kind)
        if maybe:
            yield review(
                f"未见{DOC_TYPES[kind]}，但{pages_text(maybe)}未能读出，可能就是，请核对", pages=maybe
            )
        else:
            yield Finding(
                f"缺{DOC_TYPES[kind]}；已查全部{len(case.pages)}页", expected=kind.value
            )


def _unread_in_place_of(case: Case, kind: DocType) -> tuple[int, ...]:
    """Pages not read or of unknown kind that lie where such a document would stand in the prescribed order."""
    rank = case.policy.binder.rank(kind)
    found = []
    unknown = {
        page
        for document in case.of_type(DocType.OTHER)
        if document.confidence < _CERTAIN_TYPE and document.pages[0] not in case.block
        for page in document.pages
    }
    for page in sorted(case.unreadable | unknown):
        document = case.document_at.get(page)
        if (
            page in case.unreadable
            and document is not None
            and any(index not in case.unreadable for index in document.pages)
        ):
            continue
        before, after = _rank_beside(case, page, -1), _rank_beside(case, page, 1)
        if rank is not None and (before is None or before <= rank) and (after is None or rank <= after):
            found.append(page)
    return tuple(found)


def _rank_beside(case: Case, page: int, step: int) -> int | None:
    index = page + step
    while index in case.page_at:
        document = case.document_at.get(index)
        if document is not None and index not in case.unreadable:
            rank = case.policy.binder.rank(document.type)
            if rank is not None:
                return rank
        index += step
    return None


@binder_rule("document_order", severity="warning", target="pages", citation="binder", uses=("binder.order",))
def document_order(case: Case) -> Iterator[Finding]:
    """材料按规定的顺序装订"""
    ranked = [
        (document, rank)
        for document in _in_numbered_order(case)
        if (rank := case.policy.binder.rank(document.type)) is not None
        and not all(page in case.unreadable for page in document.pages)
    ]
    kept = _longest_in_order([rank for _, rank in ranked], [_weight(document) for document, _ in ranked])
    in_place = {page for index in kept for page in ranked[index][0].pages}
    copies = {page for group in case.repeats if in_place & set(group) for page in group}
    for index, (document, rank) in enumerate(ranked):
        if index in kept or copies.issuperset(document.pages):
            continue                    # another scan of what stands in its place is page_repeated
        before = [other for at, (other, its) in enumerate(ranked) if at in kept and its <= rank]
        place = f"应在{DOC_TYPES[before[-1].type]}之后" if before else "应在最前"
        if document.confidence < _CERTAIN_TYPE and not _titled_for_certain(case, document):
            pages = pages_text(document.pages)
            yield review(f"{pages}疑为{DOC_TYPES[document.type]}，不在其应有的位置，请核对", pages=document.pages)
            continue
        yield Finding(
            f"{DOC_TYPES[document.type]}（{pages_text(document.pages)}）的顺序不对，{place}",
            pages=document.pages,
            document=document.id,
            expected=place,
        )


def _titled_for_certain(case: Case, document: Document) -> bool:
    """Whether the page that carries the title leaves no doubt of what the paper is, whatever follows it."""
    head = next((page for page in case.classes if page.index == document.pages[0]), None)
    return head is not None and head.starts and bool(head.title) and head.confidence >= _CERTAIN_TYPE


def _in_numbered_order(case: Case) -> Sequence[Document]:
    """The documents as their page numbers order them.

    A page that is numbered right but bound in the wrong place is page_number_order, and does not
    make its document stand out of order: it is taken back to where its number belongs.
    """
    numbers, out = case.numbering.numbers, set(case.numbering.out_of_place)
    in_place = [(numbers[index].value, index) for index in sorted(numbers) if index not in out]

    def place(page: int) -> float:
        if page not in out or page not in numbers:
            return page
        before = [index for value, index in in_place if value < numbers[page].value]
        return max(before) + 0.5 if before else 0.5

    return sorted(case.documents, key=lambda document: min(place(page) for page in document.pages))


def _weight(document: Document) -> float:
    """What leaving a document out costs: 1, plus a little by its length.

    So the fewest documents are called displaced, and of two that might be, the shorter one; proof
    of employment before lists, since one paper of many may well be bound elsewhere.
    """
    tie = 0.0 if document.type in EMPLOYMENT_PROOF else 0.0005
    return 1 + min(len(document.pages), 100) * 0.001 + tie


def _longest_in_order(ranks: Sequence[int], weights: Sequence[float]) -> frozenset[int]:
    """The indexes of the heaviest subsequence whose ranks never fall."""
    best: list[float] = []
    came_from: list[int | None] = []
    for index, rank in enumerate(ranks):
        earlier = [at for at in range(index) if ranks[at] <= rank]
        source = max(earlier, key=lambda at: best[at], default=None)
        best.append(weights[index] + (best[source] if source is not None else 0))
        came_from.append(source)
    kept: set[int] = set()
    at: int | None = max(range(len(ranks)), key=lambda index: best[index], default=None)
    while at is not None:
        kept.add(at)
        at = came_from[at]
    return frozenset(kept)


RULES: tuple[BinderRule, ...] = (document_missing, document_order)
