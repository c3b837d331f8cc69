"""The jobs: open a run, read a span of its sheets, judge it, read the text that waited.

Each is called by RQ with an id alone. It claims its piece in the database first and ends at once where
there is nothing to claim, so that an order given twice, late or to a process that dies does no harm.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from archive_verify.class_facts import check_rows, load_class
from archive_verify.errors import ArchiveVerifyError, InputRefused, SetupError
from archive_verify.intake import read_roster
from archive_verify.limits import PATIENCE
from archive_verify.pipeline import Checked, check
from archive_verify.policy.terms import Policy
from archive_verify.review import Review
from archive_verify.store import StoreError, corrections, findings, leases, policies, runs, texts
from archive_verify.store.across import check_across
from archive_verify.store.materials import materials
from archive_verify.store.readings import StoredReader
from archive_verify.store.runs import Kind, RunInput
from worker.desk import Desk, at_desk
from worker.hold import LEASE_SECONDS, Hold
from worker.queue import Name

_log = logging.getLogger(__name__)
# A disk that is full, a database, storage or engine that is away: tried again until it is there.
_SURROUNDINGS = (OSError, SQLAlchemyError, SetupError)
# What hangs longer than this ends its process; real work takes a small part of it. The opening of papers is
# bounded by itself (open_seconds) and is refused then, before its process ends.
_OPEN_SECONDS = 300.0
_JUDGE_SECONDS = 3600.0
# A binder is parted into at least so many spans, where they do not become too short for that.
_SPANS = 12
_SHORTEST_SPAN = 2
# Beside the page itself, which may be tried more than once, an engine may have to be loaded.
_ENGINE_SECONDS = 300.0


def open_run(run_id: str) -> None:
    """Open the binder of a run, part its sheets into spans and order them."""
    desk = at_desk()
    with desk.store.writing(desk.actor) as tx:
        run = runs.claim_open(tx, run_id, desk.owner, LEASE_SECONDS)
    if run is None:
        return
    spans: tuple[str, ...] = ()
    with _run_held(desk, run, _open_seconds(desk)):
        binder, files = desk.papers(run)
        # what would refuse the judging refuses the run before hours of reading
        persons = read_roster(files.roster, desk.settings)
        check_rows(load_class(files.class_toml), persons, files.class_toml)
        _policy_of(desk, run)
        sheets = [(binder.files[sheet.file].sha256, sheet.file_page) for sheet in binder.sheets]
        engine = desk.reader(run_id).fingerprint
        with desk.store.writing(desk.actor) as tx:
            spans = runs.opened(tx, run_id, desk.owner, sheets, engine=engine, span=span_of(len(sheets)))
        _log.info("opened", extra=_told_of(run) | {"count": len(sheets)})
    desk.orders.order(Name.READ, spans)


def _open_seconds(desk: Desk) -> float:
    return _OPEN_SECONDS + 2 * PATIENCE * desk.settings.open_seconds


def span_of(sheets: int) -> int:
    """Sheets of a span: few in a small binder, so that all processes have some of it to read."""
    return max(_SHORTEST_SPAN, min(runs.SPAN, sheets // _SPANS))


def read_span(span_id: str) -> None:
    """Read the sheets of a span that are not read yet; the last span of a run orders its judging."""
    desk = at_desk()
    with desk.store.writing(desk.actor) as tx:
        span = runs.claim_span(tx, span_id, desk.owner, LEASE_SECONDS)
    if span is None:
        return
    run_id = span.run.run_id
    begun: int | None = None

    def renew() -> None:
        with desk.store.writing(desk.actor) as tx:
            leases.hold_span(tx, span_id, desk.owner, LEASE_SECONDS)

    def hand_back() -> None:
        with desk.store.writing(desk.actor) as tx:
            runs.release_span(tx, span_id, desk.owner, begun)

    last = False
    started = time.monotonic()
    with _held(desk, span.run, renew, hand_back, _open_seconds(desk)) as hold:
        if span.numbers:
            binder, _ = desk.papers(span.run)
        for number in span.numbers:
            if desk.stopping:
                raise _Stopped
            hold.step(_ENGINE_SECONDS + 3 * PATIENCE * desk.settings.page_seconds)
            with desk.store.writing(desk.actor) as tx:
                if not runs.begin_sheet(tx, span_id, desk.owner, number, LEASE_SECONDS):
                    continue
            begun = number
            read = desk.read_sheet(run_id, binder, number)
            with desk.store.writing(desk.actor) as tx:
                runs.sheet_read(tx, run_id, number, read.key, read.failure, waits=read.waits)
            begun = None
        desk.cache.prune()
        with desk.store.writing(desk.actor) as tx:
            last = runs.finish_span(tx, span_id, desk.owner)
    seconds = time.monotonic() - started
    told = {"span_id": span_id, "count": len(span.numbers), "seconds": round(seconds, 1)}
    _log.info("read", extra=_told_of(span.run) | told)
    if last:
        desk.orders.order(Name.JUDGE, [run_id])


def judge_run(run_id: str) -> None:
    """Judge a run from what was read, and save what came out."""
    desk = at_desk()
    with desk.store.writing(desk.actor) as tx:
        run = runs.claim_judge(tx, run_id, desk.owner, LEASE_SECONDS)
    if run is None:
        return
    saved, again = False, ""
    with _run_held(desk, run, _JUDGE_SECONDS):
        with desk.store.reading() as session:
            review = corrections.review_of(session, run.archive_id)
        checked = _judged(desk, run, review)
        outcome = findings.outcome_of(checked)
        desk.cache.prune()
        with desk.store.writing(desk.actor) as tx:
            saved = findings.save(tx, run_id, desk.owner, outcome)
            # what people set right meanwhile would be lost with the state it was judged from
            if saved and corrections.review_of(tx.session, run.archive_id) != review:
                again = runs.start(tx, run.archive_id, Kind.REJUDGE).id
        _log.info("judged" if saved else "judged in vain", extra=_told_of(run) | {"count": len(checked.issues)})
    if again:
        desk.orders.start(again, Kind.REJUDGE)
    if saved:
        check_across(desk.store, run.archive_id)
        with desk.store.reading() as session:
            waiting = texts.waiting(session, desk.store.clock(), run_id)
        desk.orders.order(Name.TEXT, waiting)


def read_text(span_id: str) -> None:
    """Read the text of a span that no rule asked for, once its run is judged."""
    desk = at_desk()
    with desk.store.writing(desk.actor) as tx:
        span = texts.claim(tx, span_id, desk.owner, LEASE_SECONDS)
    if span is None:
        return
    run_id = span.run.run_id

    def renew() -> None:
        with desk.store.writing(desk.actor) as tx:
            leases.hold_span(tx, span_id, desk.owner, LEASE_SECONDS)

    def give_back(*, done: bool = False) -> None:
        with desk.store.writing(desk.actor) as tx:
            texts.give_back(tx, span_id, desk.owner, done=done)

    with _held(desk, span.run, renew, give_back, _open_seconds(desk)) as hold:
        binder, _ = desk.papers(span.run)
        for number in span.numbers:
            if desk.stopping:
                raise _Stopped
            hold.step(_ENGINE_SECONDS + 3 * desk.settings.page_seconds)
            desk.read_text(run_id, binder, number)
            with desk.store.writing(desk.actor) as tx:
                if not texts.text_read(tx, run_id, number):
                    _log.info("deleted meanwhile", extra=_told_of(span.run) | {"span_id": span_id})
                    break
        desk.cache.prune()
        give_back(done=True)
    _log.info("text read", extra=_told_of(span.run) | {"span_id": span_id, "count": len(span.numbers)})


def _policy_of(desk: Desk, run: RunInput) -> Policy:
    with desk.store.reading() as session:
        return policies.of(session, run.policy)


def _judged(desk: Desk, run: RunInput, review: Review) -> Checked:
    # a judging again takes the looks that were stored: it may run where nothing can read
    eyes = None if run.kind is Kind.REJUDGE else desk.reader(run.run_id)
    with (
        tempfile.TemporaryDirectory(prefix="archive-verify-") as workspace,
        materials(desk.store, run, Path(workspace)) as papers,
    ):
        return check(
            papers.volumes, roster=papers.roster, class_toml=papers.class_toml, policy=_policy_of(desk, run),
            settings=desk.settings, reader=StoredReader(desk.store, run.reading_run_id, eyes),
            workspace=Path(workspace), progress=lambda done, total: None, review=review,
        )  # fmt: skip


@contextmanager
def _run_held(desk: Desk, run: RunInput, limit: float) -> Iterator[Hold]:
    """An opening or a judging that is claimed."""

    def renew() -> None:
        with desk.store.writing(desk.actor) as tx:
            runs.renew(tx, run.run_id, desk.owner, LEASE_SECONDS)

    def hand_back() -> None:
        with desk.store.writing(desk.actor) as tx:
            leases.hand_back(tx, run.run_id, desk.owner)

    with _held(desk, run, renew, hand_back, limit) as hold:
        yield hold


@contextmanager
def _held(
    desk: Desk, run: RunInput, renew: Callable[[], None], hand_back: Callable[[], None], limit: float
) -> Iterator[Hold]:
    """A claimed piece of work, held while worked on.

    The run is failed where it can never go on; the piece is handed back where it is not its fault that
    it could not be done now, or the process is told to stop; else the attempt counts.
    """
    try:
        with Hold(run.run_id, renew, limit) as hold:
            yield hold
    except (InputRefused, StoreError) as error:
        with desk.store.writing(desk.actor) as tx:
            runs.fail(tx, run.run_id, _told(error))
        _log.info("refused", extra=_told_of(run) | {"error": type(error).__name__})
    except _Stopped:
        hand_back()
        _log.info("handed back", extra=_told_of(run))
    except _SURROUNDINGS as error:
        _log.warning("waits", extra=_told_of(run) | {"error": type(error).__name__})
        try:
            hand_back()
        except SQLAlchemyError:
            # Only the supervisor can free it now, without waiting for the lease, once this process has ended.
            desk.worn = True
        raise
    except Exception:
        with desk.store.writing(desk.actor) as tx:
            leases.give_up(tx, desk.owner)
        raise


def _told_of(run: RunInput) -> dict[str, object]:
    return {"run_id": run.run_id, "archive_id": run.archive_id}


def _told(error: ArchiveVerifyError) -> str:
    """The error for a user, who knows files by name and not by their place in a workspace."""
    return str(type(error)(error.what, where=Path(error.where).name, advice=error.advice))


class _Stopped(Exception):
    """The process was told to end."""
