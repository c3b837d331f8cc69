"""Every error the library raises on purpose, in one tree.

    ArchiveVerifyError          what happened, where, what to do
    ├── InputRefused            a file or argument the user gave (exit status 2)
    │   ├── BinderRefused       a binder file: encrypted, truncated, over a limit, no document
    │   ├── RosterRefused       the roster: unreadable, or columns missing
    │   ├── ClassFactsRefused   CLASS.toml: syntax, unknown key, wrong type
    │   └── PolicyRefused       the policy file: syntax, unknown key, wrong value
    ├── SheetUnreadable         one page cannot be decoded; becomes a failed page of the report
    └── SetupError              the installation: weights missing or damaged, a library absent
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archive_verify.unseen import seen


class ArchiveVerifyError(Exception):
    """Base of the tree. `str()` of it is one line fit for a user's terminal.

    `what` says what happened, `where` names the file (and page or line), `advice` what to do next.
    """

    def __init__(self, what: str, *, where: str | Path = "", advice: str = "") -> None:
        self.what = what
        self.where = str(where)
        self.advice = advice
        super().__init__(what, self.where, advice)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        line = f"{head} — {self.advice}" if self.advice else head
        return seen(line)

    def __reduce__(self) -> tuple[Callable[..., ArchiveVerifyError], tuple[object, ...]]:
        return _again, (type(self), self.what, self.where, self.advice)


def _again(kind: type[ArchiveVerifyError], what: str, where: str, advice: str) -> ArchiveVerifyError:
    """An error as another process raised it."""
    return kind(what, where=where, advice=advice)


class InputRefused(ArchiveVerifyError):
    """Something the user handed in cannot be worked on; exit status 2."""


class BinderRefused(InputRefused):
    """A binder file is encrypted, damaged beyond repair, empty, over a limit or no document."""


class RosterRefused(InputRefused):
    """The roster cannot be read or lacks a needed column."""


class ClassFactsRefused(InputRefused):
    """CLASS.toml cannot be read or holds an unknown key or a wrong value."""


class PolicyRefused(InputRefused):
    """The policy file cannot be read or holds an unknown key or a wrong value."""


class SheetUnreadable(ArchiveVerifyError):
    """One page of a binder cannot be decoded; the run goes on and the report says so."""


class SetupError(ArchiveVerifyError):
    """The installation lacks something: model weights, a library, a system package."""
