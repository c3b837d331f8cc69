"""One check of a binder: the order of the stages, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from archive_verify.assessment import assess
from archive_verify.class_facts import check_rows, complete, load_class
from archive_verify.classify import classify
from archive_verify.confirm import SecondLook, confirm, unsure
from archive_verify.disputes import disputed, settle
from archive_verify.extract import extract
from archive_verify.fingerprints import fingerprints
from archive_verify.intake import open_binder, read_roster
from archive_verify.known_units import alike_units, settle_units
from archive_verify.match import complete_roster, doubtful, match
from archive_verify.model import (
    Assessment,
    Binder,
    Box,
    ClassFacts,
    Document,
    Issue,
    Line,
    Matching,
    Numbering,
    Page,
    PageClass,
    Roster,
    Trainee,
)
from archive_verify.page_number import number_pages
from archive_verify.policy.judge import Judgement, judge
from archive_verify.policy.terms import Policy
from archive_verify.registration import Likeness, Matrix
from archive_verify.repeats import find_repeats
from archive_verify.results import complete_results
from archive_verify.review import Review, corrected, first_place, overridden, places_of
from archive_verify.segment import segment
from archive_verify.settings import Settings


class PageReader(Protocol):
    """What reads the pages: `reading.Reader`, or a replay of recorded readings."""

    def read(self, binder: Binder, progress: Callable[[int, int], None] | None = None) -> tuple[Page, ...]:
        """All pages of the binder in scan order."""

    def second_look(
        self, binder: Binder, pages: Sequence[Page], requests: Iterable[tuple[int, Box]]
    ) -> Mapping[tuple[int, Box], tuple[Line, ...]]:
        """The lines of places read again, by page index and box."""

    def lay_over(self, binder: Binder, one: Page, other: Page, course: Matrix) -> Likeness | None:
        """How alike the images of two pages are, laid over one another."""


@dataclass(frozen=True, slots=True)
class Checked:
    """All that one check found out; `seconds` is the time each stage took.

    `fingerprints` are those of the issues, in their order; `dismissed` are the ids of issues that the
    given review dismissed; `looks` are the second looks taken, `laid` the pairs of pages compared.
    """

    binder: Binder
    pages: tuple[Page, ...]
    numbering: Numbering
    classes: tuple[PageClass, ...]
    documents: tuple[Document, ...]
    roster: Roster
    facts: ClassFacts
    policy: Policy
    matching: Matching
    issues: tuple[Issue, ...]
    trainees: tuple[Trainee, ...]
    assessment: Assessment
    seconds: dict[str, float]
    fingerprints: tuple[str, ...] = ()
    dismissed: tuple[str, ...] = ()
    looks: SecondLook = field(default_factory=dict)
    laid: Mapping[tuple[int, int], Likeness | None] = field(default_factory=dict)


def check(
    binder_paths: Sequence[Path],
    *,
    roster: Path,
    class_toml: Path | None,
    policy: Policy,
    settings: Settings,
    reader: PageReader,
    workspace: Path,
    progress: Callable[[int, int], None],
    review: Review | None = None,
) -> Checked:
    """Check one class binder, given as its volumes in order, against its roster.

    `workspace` is a directory of the caller's for unpacked and repaired files; `progress` is told
    (sheets read, sheets in all); `review` is what people set right since an earlier check. Raises
    InputRefused for what cannot be worked on, before anything is read by OCR; a page that cannot be
    read is a finding, not an error.
    """
    clock = _Clock()
    review = review or Review()
    with clock("open"):
        persons = read_roster(roster, settings)
        given = load_class(class_toml)
        check_rows(given, persons, class_toml)
        binder = open_binder(binder_paths, settings, workspace)
    with clock("read"):
        pages = reader.read(binder, progress)
    laid: dict[tuple[int, int], Likeness | None] = {}

    def lay_over(one: Page, other: Page, course: Matrix) -> Likeness | None:
        laid[one.index, other.index] = found = reader.lay_over(binder, one, other, course)
        return found

    with clock("understand"):
        repeats = find_repeats(pages, lay_over)
        pages = _flagged(pages, repeats)
        numbering = number_pages(pages)
        moved = dict(review.moved)
        places = {index: first_place(place, moved) for index, place in places_of(binder, pages).items()}
        classes, settled = overridden(classify(pages), review.overrides, places)
        documents = extract(segment(pages, classes, numbering, settled), pages)
        documents = corrected(documents, review.corrections, places)
        persons = complete_roster(persons, documents)
    with clock("look again"):
        minimum = settings.minimum_confidence
        begins = complete(given, documents, persons).get("start_date")
        start = begins.value if begins is not None else None
        asked = (
            *doubtful(documents, persons), *unsure(documents, minimum), *disputed(documents, persons, start),
            *alike_units(documents),
        )
        second = reader.second_look(binder, pages, asked)
        documents = confirm(settle(documents, persons, start, second), second, minimum)
        # No look outdoes a person's.
        documents = corrected(settle_units(documents, second), review.corrections, places)
    with clock("judge"):
        matching = match(documents, persons, pages, second)
        persons = complete_results(persons, documents, matching, minimum)
        facts = complete(given, documents, persons)

        def judged(dismissed: Collection[Issue] = ()) -> Judgement:
            return judge(
                pages=pages,
                numbering=numbering,
                classes=classes,
                documents=documents,
                roster=persons,
                facts=facts,
                matching=matching,
                repeats=repeats,
                policy=policy,
                minimum_confidence=minimum,
                dismissed=dismissed,
            )

        judgement = judged()
        prints = fingerprints(judgement.issues, persons.rows, places)
        if review.dismissed & set(prints):
            judgement = judged(_told(judgement.issues, prints, review.dismissed))
            prints = fingerprints(judgement.issues, persons.rows, places)
        dismissed = _told(judgement.issues, prints, review.dismissed)
        assessment = assess(
            facts=facts,
            roster=persons,
            trainees=judgement.trainees,
            issues=[issue for issue in judgement.issues if issue not in dismissed],
            policy=policy,
        )
    return Checked(
        binder=binder,
        pages=pages,
        numbering=numbering,
        classes=classes,
        documents=documents,
        roster=persons,
        facts=facts,
        policy=policy,
        matching=matching,
        issues=judgement.issues,
        trainees=judgement.trainees,
        assessment=assessment,
        seconds=clock.seconds,
        fingerprints=prints,
        dismissed=tuple(issue.id for issue in dismissed),
        looks=second,
        laid=laid,
    )


def _told(issues: Sequence[Issue], prints: Sequence[str], wanted: Collection[str]) -> tuple[Issue, ...]:
    """The issues whose fingerprint is among the wanted ones."""
    return tuple(issue for issue, one in zip(issues, prints, strict=True) if one in wanted)


def _flagged(pages: Sequence[Page], repeats: Sequence[tuple[int, ...]]) -> tuple[Page, ...]:
    """The pages with the flag "repeated" on those that show the same sheet as another."""
    repeated = {index for group in repeats for index in group}
    return tuple(
        page
        if page.index not in repeated
        else page.model_copy(
            update={"reading": page.reading.model_copy(update={"flags": page.reading.flags | {"repeated"}})}
        )
        for page in pages
    )


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[stage] = time.perf_counter() - started
