"""A page that carries nothing."""

from __future__ import annotations

from archive_verify.documents.kind import DocumentType, no_fields
from archive_verify.model import DocType

BLANK = DocumentType(
    type=DocType.BLANK,
    titles=(),
    cues=(),
    extract=no_fields,
)
