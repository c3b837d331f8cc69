"""Documents to fields and rows: each type's own extractor."""

from __future__ import annotations

from collections.abc import Sequence

from archive_verify.documents import DOCUMENT_TYPES
from archive_verify.model import Document, Page, Span


def extract(spans: Sequence[Span], pages: Sequence[Page]) -> tuple[Document, ...]:
    """What each document says, in the order of the spans."""
    return tuple(DOCUMENT_TYPES[span.type].extract(span, pages) for span in spans)
