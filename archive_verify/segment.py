"""Typed pages to documents: where one paper ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from archive_verify.documents.titles import clean
from archive_verify.model import DocType, Numbering, Page, PageClass, Span

# One paper of the class however many of its pages repeat the title.
RUNNING = frozenset({
    DocType.CATALOGUE, DocType.TRAINEE_ROSTER, DocType.ID_CARD_COPY, DocType.TRAINING_PLAN, DocType.TIMETABLE,
    DocType.SCORE_SHEET, DocType.CERTIFICATE_REGISTER, DocType.EMPLOYMENT_SUMMARY, DocType.CALLBACK_RECORD,
    DocType.VIDEO_RECORD, DocType.OTHER,
})


FRONT_LINES = 18                        # a front page has fewer lines than a page of text


@dataclass
class _Draft:
    type: DocType
    title: str
    pages: list[int] = field(default_factory=list)
    confidences: list[float] = field(default_factory=list)

    def add(self, page: PageClass) -> None:
        self.pages.append(page.index)
        self.confidences.append(page.confidence)


def segment(
    pages: Sequence[Page],
    classes: Sequence[PageClass],
    numbering: Numbering,
    settled: Mapping[int, bool] = MappingProxyType({}),
) -> tuple[Span, ...]:
    """The documents in order of their first page, ids d1, d2, ...; blank pages belong to none.

    A page without a title that is bound out of place joins the document whose page numbers it
    continues, so that a span's pages need not be adjacent. `settled` tells of pages, by index,
    whether a document begins there: a person said so.
    """
    by_index = {page.index: page for page in pages}
    drafts: list[_Draft] = []
    for item in classes:
        if item.doc_type is DocType.BLANK:
            continue
        last = drafts[-1] if drafts else None
        goes_on = last is not None and last.type is item.doc_type and (
            not item.starts or _runs_on(last, item) or _is_front(last, by_index)
        )
        if item.index in settled:
            goes_on = last is not None and last.type is item.doc_type and not settled[item.index]
        if last is not None and goes_on:
            last.add(item)
        else:
            drafts.append(_Draft(type=item.doc_type, title=item.title, pages=[item.index],
                                 confidences=[item.confidence]))
    drafts = _bring_home(drafts, numbering, settled)
    drafts.sort(key=lambda draft: draft.pages[0])
    return tuple(
        Span(
            id=f"d{place}", type=draft.type, pages=tuple(draft.pages), title=draft.title,
            confidence=min(draft.confidences),
        )
        for place, draft in enumerate(drafts, start=1)
    )


def _runs_on(last: _Draft, item: PageClass) -> bool:
    return item.doc_type in RUNNING and (not item.title or not last.title or clean(item.title) == clean(last.title))


def _is_front(last: _Draft, pages: Mapping[int, Page]) -> bool:
    """Whether all there is of a contract so far is its front: title, parties, date, no article."""
    if last.type is not DocType.LABOUR_CONTRACT or len(last.pages) != 1 or last.pages[0] not in pages:
        return False
    texts = ["".join(line.text.split()) for line in pages[last.pages[0]].reading.lines]
    body = any(re.search(r"第.{1,3}条|工资|期限[::自为]|起至|岗位|盖章|签字", text) for text in texts)
    return len(texts) <= FRONT_LINES and not body


def _bring_home(drafts: list[_Draft], numbering: Numbering, settled: Mapping[int, bool]) -> list[_Draft]:
    """Put single untitled pages that were bound out of place back behind their predecessors."""
    home: dict[int, _Draft] = {
        numbering.numbers[index].value: draft
        for draft in drafts for index in draft.pages
        if index in numbering.numbers and index not in numbering.out_of_place
    }
    kept: list[_Draft] = []
    for draft in drafts:
        index = draft.pages[0]
        stray = len(draft.pages) == 1 and not draft.title and index not in settled
        if stray and index in numbering.out_of_place and index in numbering.numbers:
            number = numbering.numbers[index].value
            owner = home.get(number - 1)
            if owner is not None and owner is not draft and owner.type is draft.type:
                after = [place for place, other in enumerate(owner.pages)
                         if other in numbering.numbers and numbering.numbers[other].value == number - 1]
                owner.pages.insert(after[0] + 1, index)
                owner.confidences += draft.confidences
                continue
        kept.append(draft)
    return kept
