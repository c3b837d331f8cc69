"""What the store refuses, below the library's tree of errors.

    ArchiveVerifyError
    └── StoreError
        ├── NotFound            no such row, or none that the asker may know of
        ├── Conflict            somebody else was first; `current` is what stands there now
        ├── Refused             against a rule: a state, a period of retention, a password
        ├── Throttled           too many attempts; `retry_after` seconds
        └── DatabaseUnusable    cannot be reached, or its schema is of another version
"""

from __future__ import annotations

from typing import Any

from archive_verify.errors import ArchiveVerifyError


class StoreError(ArchiveVerifyError):
    """Base of what the store refuses."""


class NotFound(StoreError):
    """There is no such thing, or the asker may not know of it."""


class Conflict(StoreError):
    """The thing was changed by somebody else meanwhile; `current` is what stands there now."""

    def __init__(self, what: str, *, current: Any = None, advice: str = "") -> None:
        super().__init__(what, advice=advice)
        self.current = current


class Refused(StoreError):
    """A rule forbids it in the present state."""


class Throttled(StoreError):
    """Too many attempts; the next one may be made after `retry_after` seconds."""

    def __init__(self, what: str, *, retry_after: int) -> None:
        super().__init__(what, advice=f"请在 {retry_after} 秒后再试")
        self.retry_after = retry_after


class DatabaseUnusable(StoreError):
    """The database cannot be reached or has another schema than this program."""
