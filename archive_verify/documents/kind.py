"""What a document type is: its titles, the cues that betray it, and its extractor."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archive_verify.model import DocType, Document, Page, Span

Extractor = Callable[[Span, Sequence[Page]], Document]


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern that speaks for (positive weight) or against (negative weight) a type.

    `pattern` is searched in the page's lines, joined by newlines and without other white space
    (`^` and `$` are a line's ends); a cue counts once per page however often it is found. Weight
    1.0 is a word common in this type and seen elsewhere, 2.0 one that is rare elsewhere, 3.0 one
    that nearly settles the matter without a title.
    """

    pattern: re.Pattern[str]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One kind of paper.

    `titles` are matched against a whole title line with all white space removed (`fullmatch`).
    `cues` help where the title is lost, and on pages without one. `extract` gets the span and all
    pages of the binder, of which it reads the span's.
    """

    type: DocType
    titles: tuple[re.Pattern[str], ...]
    cues: tuple[Cue, ...]
    extract: Extractor

    def has_title(self, line: str) -> bool:
        """Whether a line is a title of this type; white space does not count."""
        text = "".join(line.split())
        return any(pattern.fullmatch(text) for pattern in self.titles)


def patterns(*expressions: str) -> tuple[re.Pattern[str], ...]:
    """Compile several regular expressions."""
    return tuple(re.compile(expression) for expression in expressions)


def cues(**weighted: float) -> tuple[Cue, ...]:
    """Cues from pattern=weight pairs; use `Cue` itself for patterns that are no identifiers."""
    return tuple(Cue(re.compile(pattern, re.MULTILINE), weight) for pattern, weight in weighted.items())


def pages_of(span: Span, pages: Sequence[Page]) -> tuple[Page, ...]:
    """The pages of a span, in its order."""
    by_index = {page.index: page for page in pages}
    return tuple(by_index[index] for index in span.pages)


def empty_document(span: Span) -> Document:
    """A document of which nothing is extracted but what the span says."""
    return Document(
        id=span.id, type=span.type, pages=span.pages, title=span.title, confidence=span.confidence
    )


def no_fields(span: Span, pages: Sequence[Page]) -> Document:
    """The extractor of types whose fields no rule asks for."""
    return empty_document(span)
