"""The jobs: open a run, read a span of its sheets, judge it. Each is called by RQ with an id alone.

Each claims its piece in the database first and ends at once where there is nothing to claim, so that
an order given twice, late or to a process that dies does no harm.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive_verify.class_facts import load_class
from archive_verify.errors import ArchiveVerifyError, InputRefused
from archive_verify.pipeline import Checked, check
from archive_verify.policy.terms import load_policy
from archive_verify.review import Review
from archive_verify.roster import read_roster
from archive_verify.store import StoreError, corrections, findings, leases, runs
from archive_verify.store.across import check_across
from archive_verify.store.materials import materials
from archive_verify.store.readings import StoredReader
from archive_verify.store.runs import Kind, RunInput
from worker.desk import Desk, at_desk
from worker.hold import LEASE_SECONDS, Hold
from worker.queue import Name

_log = logging.getLogger(__name__)
# What hangs longer than this ends its process; real work takes a small part of it.
_OPEN_SECONDS = 900.0
_JUDGE_SECONDS = 3600.0
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
    with _held(desk, run, _OPEN_SECONDS):
        binder, files = desk.papers(run)
        # what would refuse the judging refuses the run before hours of reading
        read_roster(files.roster, desk.settings)
        load_class(files.class_toml)
        load_policy(run.policy)
        sheets = [(binder.files[sheet.file].sha256, sheet.file_page) for sheet in binder.sheets]
        engine = desk.reader(run_id).fingerprint
        with desk.store.writing(desk.actor) as tx:
            spans = runs.opened(tx, run_id, desk.owner, sheets, engine=engine)
        _log.info("run=%s opened sheets=%d spans=%d", run_id, len(sheets), len(spans))
    desk.orders.order(Name.READ, spans)


def read_span(span_id: str) -> None:
    """Read the sheets of a span that are not read yet; the last span of a run orders its judging."""
    desk = at_desk()
    with desk.store.writing(desk.actor) as tx:
        span = runs.claim_span(tx, span_id, desk.owner, LEASE_SECONDS)
    if span is None:
        return
    run_id = span.run.run_id

    def renew() -> None:
        with desk.store.writing(desk.actor) as tx:
            leases.hold_span(tx, span_id, desk.owner, LEASE_SECONDS)

    limit = _ENGINE_SECONDS + 3 * desk.settings.page_seconds
    begun: int | None = None
    started = time.monotonic()
    try:
        with Hold(f"span={span_id}", renew, _OPEN_SECONDS) as hold:
            if span.numbers:
                binder, _ = desk.papers(span.run)
            for number in span.numbers:
                if desk.stopping:
                    raise _Stopped
                hold.step(limit)
                with desk.store.writing(desk.actor) as tx:
                    if not runs.begin_sheet(tx, span_id, desk.owner, number, LEASE_SECONDS):
                        continue
                begun = number
                key, failure = desk.read_sheet(run_id, binder, number)
                with desk.store.writing(desk.actor) as tx:
                    runs.sheet_read(tx, run_id, number, key, failure)
                begun = None
            desk.cache.prune()
            with desk.store.writing(desk.actor) as tx:
                last = runs.finish_span(tx, span_id, desk.owner)
    except _Stopped:
        with desk.store.writing(desk.actor) as tx:
            runs.release_span(tx, span_id, desk.owner)
        _log.info("run=%s span=%s given back", run_id, span_id)
        return
    except Exception:
        # not the page's fault: an engine that cannot be loaded, a storage that is away
        with desk.store.writing(desk.actor) as tx:
            leases.give_up(tx, desk.owner)
        _log.warning("run=%s span=%s sheet=%s broken off", run_id, span_id, begun)
        raise
    seconds = time.monotonic() - started
    _log.info("run=%s span=%s sheets=%d seconds=%.1f", run_id, span_id, len(span.numbers), seconds)
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
    with _held(desk, run, _JUDGE_SECONDS):
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
        _log.info("run=%s judged saved=%s issues=%d", run_id, saved, len(checked.issues))
    if again:
        desk.orders.start(again, Kind.REJUDGE)
    if saved:
        check_across(desk.store, run.archive_id)


def _judged(desk: Desk, run: RunInput, review: Review) -> Checked:
    # a judging again takes the looks that were stored: it may run where nothing can read
    eyes = None if run.kind is Kind.REJUDGE else desk.reader(run.run_id)
    with (
        tempfile.TemporaryDirectory(prefix="archive-verify-") as workspace,
        materials(desk.store, run, Path(workspace)) as papers,
    ):
        return check(
            papers.volumes, roster=papers.roster, class_toml=papers.class_toml, policy=load_policy(run.policy),
            settings=desk.settings, reader=StoredReader(desk.store, run.reading_run_id, eyes),
            workspace=Path(workspace), progress=lambda done, total: None, review=review,
        )  # fmt: skip


@contextmanager
def _held(desk: Desk, run: RunInput, limit: float) -> Iterator[None]:
    """A run that is claimed: held while worked on, failed where it can never go on, else given back."""

    def renew(seconds: float = LEASE_SECONDS) -> None:
        with desk.store.writing(desk.actor) as tx:
            runs.renew(tx, run.run_id, desk.owner, seconds)

    try:
        with Hold(f"run={run.run_id}", renew, limit):
            yield
    except (InputRefused, StoreError) as error:
        with desk.store.writing(desk.actor) as tx:
            runs.fail(tx, run.run_id, _told(error))
        _log.info("run=%s refused: %s", run.run_id, type(error).__name__)
    except Exception:
        with desk.store.writing(desk.actor) as tx:
            leases.give_up(tx, desk.owner)
        _log.warning("run=%s broken off", run.run_id)
        raise


def _told(error: ArchiveVerifyError) -> str:
    """The error for a user, who knows files by name and not by their place in a workspace."""
    return str(type(error)(error.what, where=Path(error.where).name, advice=error.advice))


class _Stopped(Exception):
    """The process was told to end."""
