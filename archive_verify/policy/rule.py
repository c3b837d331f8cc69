"""What a rule is: a small decorated function that yields findings of one issue code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from archive_verify.model import Box, IssueBox, Reading, Severity, Verdict
from archive_verify.words import page_runs

if TYPE_CHECKING:
    from archive_verify.policy.case import Case
    from archive_verify.policy.dossier import Dossier

Target = Literal["page", "pages", "class", "trainee"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found, before it gets its number.

    `message` is a clause without a full stop; findings about a trainee leave the name out.
    `undetermined` tells that the rule could not decide because something was not read: the
    finding becomes needs_review, and `message` says what to look at.
    """

    message: str
    pages: tuple[int, ...] = ()
    boxes: tuple[IssueBox, ...] = ()
    document: str | None = None
    expected: str | None = None
    found: str | None = None
    severity: Severity | None = None    # where it differs from the rule's
    citation: str | None = None         # likewise, a key of terms.Citations
    trainee: int | None = None          # the roster row, where a rule about the binder names a trainee
    undetermined: bool = False


@dataclass(frozen=True, slots=True)
class BinderRule:
    """A rule about pages, documents or the class."""

    code: str
    severity: Severity
    target: Target
    citation: str                       # a key of terms.Citations
    about: str
    find: Callable[[Case], Iterable[Finding]] = field(repr=False)
    uses: tuple[str, ...] = ()          # the terms of the policy it goes by, e.g. "class.pass_rate"


@dataclass(frozen=True, slots=True)
class TraineeRule:
    """A rule about one trainee."""

    code: str
    severity: Severity
    citation: str
    about: str
    find: Callable[[Case, Dossier], Iterable[Finding]] = field(repr=False)
    uses: tuple[str, ...] = ()
    target: Target = "trainee"


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """A rule about the class that needs the trainees' verdicts."""

    code: str
    severity: Severity
    citation: str
    about: str
    find: Callable[[Case, Sequence[Verdict]], Iterable[Finding]] = field(repr=False)
    uses: tuple[str, ...] = ()
    target: Target = "class"


Rule = BinderRule | TraineeRule | OutcomeRule


def binder_rule(
    code: str, *, severity: Severity, target: Target, citation: str, uses: tuple[str, ...] = ()
) -> Callable[[Callable[[Case], Iterable[Finding]]], BinderRule]:
    """Make a function of the case a rule; its docstring is the rule's description."""

    def decorate(find: Callable[[Case], Iterable[Finding]]) -> BinderRule:
        return BinderRule(code, severity, target, citation, _first_line(find), find, uses)

    return decorate


def trainee_rule(
    code: str, *, citation: str, severity: Severity = "error", uses: tuple[str, ...] = ()
) -> Callable[[Callable[[Case, Dossier], Iterable[Finding]]], TraineeRule]:
    """Make a function of the case and one trainee's dossier a rule."""

    def decorate(find: Callable[[Case, Dossier], Iterable[Finding]]) -> TraineeRule:
        return TraineeRule(code, severity, citation, _first_line(find), find, uses)

    return decorate


def outcome_rule(
    code: str, *, severity: Severity, citation: str, uses: tuple[str, ...] = ()
) -> Callable[[Callable[[Case, Sequence[Verdict]], Iterable[Finding]]], OutcomeRule]:
    """Make a function of the case and the verdicts a rule."""

    def decorate(find: Callable[[Case, Sequence[Verdict]], Iterable[Finding]]) -> OutcomeRule:
        return OutcomeRule(code, severity, citation, _first_line(find), find, uses)

    return decorate


def _first_line(function: Callable[..., object]) -> str:
    return (function.__doc__ or "").strip().splitlines()[0]


def review(message: str, *, pages: Iterable[int] = (), boxes: Iterable[IssueBox] = ()) -> Finding:
    """A finding that a person has to settle: `message` names what to look at."""
    spots = tuple(boxes)
    seen = dict.fromkeys((*pages, *(spot.page for spot in spots)))
    return Finding(message, pages=tuple(seen), boxes=spots, undetermined=True)


def spot(reading: Reading | None) -> tuple[IssueBox, ...]:
    """Where a reading stands, as boxes of an issue."""
    return () if reading is None else (IssueBox(page=reading.page, box=reading.box),)


def spot_at(page: int, box: Box | None) -> tuple[IssueBox, ...]:
    """A place on a page, as boxes of an issue."""
    return () if box is None else (IssueBox(page=page, box=box),)


def pages_text(pages: Iterable[int]) -> str:
    """Page indexes for a message: 第31–36、40页."""
    return f"第{page_runs(pages)}页"


def range_text(numbers: Iterable[int]) -> str:
    """Numbers for `expected`: 17 or 17-19."""
    ordered = sorted(numbers)
    return str(ordered[0]) if len(ordered) == 1 else f"{ordered[0]}-{ordered[-1]}"
