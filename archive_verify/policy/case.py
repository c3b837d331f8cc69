"""What the rules look at: everything read from one binder, with the indexes they share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rapidfuzz.distance import Levenshtein

from archive_verify.model import (
    ClassFacts,
    DocType,
    Document,
    Evidence,
    MarkShape,
    Matching,
    Numbering,
    Page,
    PageClass,
    Reading,
    Roster,
    RosterRow,
)
from archive_verify.policy.terms import EMPLOYMENT_PROOF, Policy
from archive_verify.values import employer_key, find_ids, has_surname, normal_id, person_name, plain, squeezed

# The class's own lists: a name on one of them is no trace of employment.
CLASS_LISTS = frozenset(
    {
        DocType.COVER, DocType.CATALOGUE, DocType.OPENING_REPORT, DocType.OPENING_APPROVAL,
        DocType.TRAINEE_ROSTER, DocType.ID_CARD_COPY, DocType.TRAINING_PLAN, DocType.TIMETABLE,
        DocType.TEACHING_LOG, DocType.TRAINING_ATTENDANCE, DocType.EXAM_PAPER, DocType.SCORE_SHEET,
        DocType.CERTIFICATE_REGISTER, DocType.CERTIFICATE_COPY, DocType.EMPLOYMENT_SUMMARY,
        DocType.TRUTHFULNESS_COMMITMENT, DocType.SUBSIDY_APPLICATION, DocType.CALLBACK_RECORD,
        DocType.VIDEO_RECORD,
    }
)  # fmt: skip


# What may follow a name without a gap and is no part of it.
_BEHIND = "[男女汉系自在于现从因签章]|同志|先生|女士"

# From so many names one after another on a text is a list of persons, and not a sentence that holds some.
_SEVERAL = 3
# 1-bit pages with a seal from which a seal that is not seen is not there
_SEALS_SHOWN = 4
# characters of a unit's name from which one of them may be misread in a seal
_LONG_NAME = 7


@dataclass(frozen=True)
class Case:
    """One binder as read, beside the roster, the class's facts and the policy to judge it by."""

    pages: Sequence[Page]
    numbering: Numbering
    classes: Sequence[PageClass]
    documents: Sequence[Document]
    roster: Roster
    facts: ClassFacts
    matching: Matching
    repeats: Sequence[tuple[int, ...]]
    policy: Policy
    minimum_confidence: float

    def sure(self, reading: Reading | None) -> bool:
        """Whether a value was read well enough to hang a verdict on."""
        return (
            reading is not None
            and reading.state == "read"
            and reading.value is not None
            and (reading.confirmed or reading.confidence >= self.minimum_confidence)
        )

    def fact(self, name: str) -> Any:
        """A fact of the class, or None."""
        known = self.facts.get(name)
        return known.value if known else None

    def of_type(self, *types: DocType) -> tuple[Document, ...]:
        """The documents of these types, in scan order."""
        return tuple(document for document in self.documents if document.type in types)

    def employer_of(self, document: Document) -> Reading | None:
        """The unit a document names, or the name in its unit seal where the text names none."""
        named = document.fields.get("employer")
        if named is not None and named.state != "blank":
            return named
        for mark in document.marks:
            if mark.kind == "seal" and not mark.personal and mark.text:
                return Reading(
                    value=mark.text, text=mark.text, page=mark.page, box=mark.box, confidence=mark.confidence
                )
        return named

    @cached_property
    def by_id(self) -> Mapping[str, Document]:
        return {document.id: document for document in self.documents}

    @cached_property
    def page_at(self) -> Mapping[int, Page]:
        return {page.index: page for page in self.pages}

    @cached_property
    def document_at(self) -> Mapping[int, Document]:
        """The document that a page belongs to."""
        return {page: document for document in self.documents for page in document.pages}

    @cached_property
    def blank(self) -> frozenset[int]:
        """Pages with nothing on them."""
        typed = {kind.index for kind in self.classes if kind.doc_type is DocType.BLANK}
        return frozenset(page.index for page in self.pages if "blank" in page.reading.flags) | typed

    @cached_property
    def failed(self) -> frozenset[int]:
        """Pages whose reading failed."""
        return frozenset(page.index for page in self.pages if "failed" in page.reading.flags)

    @cached_property
    def unreadable(self) -> frozenset[int]:
        """Pages that carry something which was not read: illegible ones and those that failed."""
        illegible = {page.index for page in self.pages if "illegible" in page.reading.flags}
        return (frozenset(illegible) | self.failed) - self.blank

    @cached_property
    def keeps_seals(self) -> bool:
        """Whether the 1-bit pages of the binder show unit seals: the scanner did not turn red to white."""
        shown = sum(
            any(mark.shape is MarkShape.ROUND_SEAL for mark in page.reading.marks)
            for page in self.pages
            if not page.reading.colour and not page.reading.halftone
        )
        return shown >= _SEALS_SHOWN

    def in_doubt(self, document: Document, what: str, party: str) -> bool:
        """Whether the copy leaves open that a party's mark stands on a document.

        An empty place on a 1-bit copy is empty on paper too where the binder's other 1-bit pages show seals.
        """
        mark = (what, party)
        settled = what == "seal" and self.keeps_seals and mark in document.missing_marks
        return mark in document.unsure_marks and not settled

    @cached_property
    def block(self) -> tuple[int, ...]:
        """The pages of the employment proof, from its first to its last page.

        A single paper far from the others (bound out of place) does not stretch the block.
        """
        own = sorted(page for document in self.of_type(*EMPLOYMENT_PROOF) for page in document.pages)
        if not own:
            return ()
        runs: list[list[int]] = [[own[0]]]
        for page in own[1:]:
            # unreadable, blank and unrecognised pages between proofs belong to the block
            between = range(runs[-1][-1] + 1, page)
            if all(self._neutral(index) for index in between):
                runs[-1].append(page)
            else:
                runs.append([page])
        longest = max(runs, key=len)
        close = [run for run in runs if len(run) * 4 >= len(longest)]
        first, last = close[0][0], close[-1][-1]
        while first - 1 in self.unreadable:
            first -= 1
        while last + 1 in self.unreadable:
            last += 1
        return tuple(page.index for page in self.pages if first <= page.index <= last)

    def _neutral(self, page: int) -> bool:
        if page in self.blank or page in self.unreadable:
            return True
        document = self.document_at.get(page)
        return document is None or document.type is DocType.OTHER

    @cached_property
    def evidence_of(self) -> Mapping[str, tuple[Evidence, ...]]:
        """The evidence that each document gives."""
        grouped: dict[str, list[Evidence]] = {}
        for one in self.matching.evidence:
            grouped.setdefault(one.document, []).append(one)
        return {name: tuple(found) for name, found in grouped.items()}

    def owners(self, document: Document) -> frozenset[int]:
        """The roster rows of the trainees whose paper a document is."""
        return frozenset(one.trainee for one in self.evidence_of.get(document.id, ()))

    def neighbours(self, page: int) -> tuple[Document, ...]:
        """The readable documents right before and right after a page, blank pages skipped."""
        found: list[Document] = []
        for step in (-1, 1):
            index = page + step
            while index in self.blank or index in self.unreadable:
                index += step
            document = self.document_at.get(index)
            if document is not None and document not in found:
                found.append(document)
        return tuple(found)

    def with_continuations(self, pages: Sequence[int]) -> tuple[int, ...]:
        """The pages of a list, and those beside it that may be its continuation: untitled or of no known kind."""
        beside = []
        for page in (min(pages) - 1, *(page + 1 for page in pages)):
            document = self.document_at.get(page)
            if page in self.page_at and (document is None or document.type is DocType.OTHER or not document.title):
                beside.append(page)
        return tuple(dict.fromkeys((*pages, *beside)))

    def is_partly_unread(self, papers: Iterable[Document]) -> bool:
        """Whether a row of lists, or a page in or right beside them, was not read: what they lack may stand there."""
        return any(
            paper.unread_rows or any(page + step in self.unreadable for page in paper.pages for step in (-1, 0, 1))
            for paper in papers
        )

    @cached_property
    def text_at(self) -> Mapping[int, str]:
        """All text of a page without white space; lines are separated by a bar."""
        return {
            page.index: "|".join(squeezed(line.text) for line in page.reading.lines) for page in self.pages
        }

    @cached_property
    def _keys_at(self) -> Mapping[int, str]:
        return {
            page.index: "|".join(employer_key(line.text) for line in page.reading.lines)
            for page in self.pages
        }

    @cached_property
    def _ids_at(self) -> Mapping[int, frozenset[str]]:
        return {
            page.index: frozenset(found.value for line in page.reading.lines for found in find_ids(line.text))
            for page in self.pages
        }

    @cached_property
    def _names_at(self) -> Mapping[int, frozenset[str]]:
        """The persons' names that fill a line or a cell of a page, or that were read from it, for certain."""
        found: dict[int, set[str]] = {
            page.index: {
                name for line in page.reading.lines if line.confidence >= self.minimum_confidence
                for name in _names_in(line.text)
            }
            for page in self.pages
        }
        for document in self.documents:
            for reading in (*document.fields.values(), *(one for row in document.rows for one in row.values())):
                if self.sure(reading) and isinstance(reading.value, str) and person_name(reading.value) is not None:
                    found.setdefault(reading.page, set()).add(reading.value)
        return {page: frozenset(name for name in names if has_surname(name)) for page, names in found.items()}

    @cached_property
    def _listed(self) -> frozenset[str]:
        return frozenset(squeezed(row.name) for row in self.roster.rows)

    def mentions(self, person: RosterRow, pages: Iterable[int]) -> tuple[int, ...]:
        """The pages on which a person's name or ID number stands somewhere in the text.

        A name inside a longer one of another person (王建 in 王建军) names that person.
        """
        name = _undotted(squeezed(person.name))
        number = normal_id(person.id_number)
        return tuple(
            page
            for page in pages
            if (len(name) >= 2 and self._stands_in(name, page))
            or (number and number in self._ids_at.get(page, frozenset()))
        )

    def _stands_in(self, name: str, page: int) -> bool:
        text = _undotted(self.text_at.get(page, ""))
        if name not in text:
            return False
        for other in map(_undotted, self._listed | self._names_at.get(page, frozenset())):
            # of a cell the next one may have been read with it: 张三男
            if name in other and not re.fullmatch(rf"{re.escape(name)}(?:{_BEHIND})?", other):
                text = text.replace(other, "□")
        return name in text

    def names_unit(self, document: Document, name: str) -> bool:
        """Whether a unit's full name stands anywhere in the text or the seals of a document."""
        key = employer_key(name)
        return len(key) >= 4 and (
            any(key in self._keys_at.get(page, "") for page in document.pages)
            or any(key in employer_key(mark.text) for mark in document.marks if mark.text)
            or any(_may_say(mark.guess, key) for page in document.pages for mark in self.page_at[page].reading.marks)
        )


def _may_say(guess: str, key: str) -> bool:
    """Whether an unsure reading of a seal is a unit's name, or misses it by one character of many: so many
    characters do not agree by chance with a name that another paper gives."""
    read = employer_key(guess)
    return read == key or (len(key) >= _LONG_NAME and Levenshtein.distance(read, key, score_cutoff=1) <= 1)


def _undotted(text: str) -> str:
    """A text without middle dots, which papers leave out of names and the reader may lose."""
    return re.sub("[·•・‧∙⋅]", "", text)


def _names_in(text: str) -> list[str]:
    """The name that a text is, or the names that it lists: 张三、李四、王五."""
    whole = person_name(text)
    if whole is not None:
        return [whole.value]
    parts = re.split(r"[^㐀-鿿·]+", plain(text))
    names = [name.value for part in parts if (name := person_name(part)) is not None and has_surname(name.value)]
    return names if len(names) >= _SEVERAL else []
