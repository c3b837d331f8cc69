"""Runs: claimed, read in spans, judged once, found again after losses; on both databases."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from archive_verify.binder import open_binder
from archive_verify.settings import Settings
from archive_verify.store import Conflict, NotFound, Refused, Scope, Store, archives, findings, leases, runs
from archive_verify.store.materials import materials
from archive_verify.store.readings import StoreCache, StoredReader
from archive_verify.store.runs import Kind, State
from archive_verify.store.tables import IssueRow
from tests.conftest import Time
from tests.service_factories import (
    FACTS,
    OWNER,
    SYSTEM,
    add_page,
    archive,
    checked_archive,
    class_pages,
    institution,
    judge_run,
    open_run,
    read_span,
    run_all,
    start,
)


def _state(store: Store, run_id: str) -> str:
    with store.reading() as session:
        return runs.get(session, run_id).state


def _issues(store: Store, archive_id: str, **wanted: object) -> list[IssueRow]:
    with store.reading() as session:
        return findings.issues(session, archive_id, findings.IssueFilter(**wanted))  # type: ignore[arg-type]


def test_a_run_goes_from_upload_to_issues_and_trainees(store: Store) -> None:
    made = archive(store)
    run_id = start(store, made.id)
    spans = open_run(store, run_id)
    assert len(spans) == 2
    pages = class_pages()
    assert not read_span(store, spans[1], pages)
    with store.reading() as session:
        assert runs.progress(session, run_id, store.clock()).done == 1
    assert read_span(store, spans[0], pages)
    checked, saved = judge_run(store, run_id)
    assert saved
    assert [issue.message for issue in checked.issues] == [row.message for row in _issues(store, made.id)]
    with store.reading() as session:
        kept = archives.get(session, made.id)
        assert kept.current_run_id == run_id
        assert kept.counts["verdicts"] == {"incomplete": 1}
        assert kept.counts["trainees"] == 1 and kept.counts["pages"] == 3
        assert findings.report_of(session, run_id).issues == checked.issues
    assert _state(store, run_id) == State.DONE


def test_a_second_run_of_one_archive_is_refused_while_the_first_goes_on(store: Store) -> None:
    made = archive(store)
    first = start(store, made.id)
    with pytest.raises(Conflict) as refusal, store.writing(SYSTEM) as tx:
        runs.start(tx, made.id, Kind.CHECK)
    assert refusal.value.current == first
    with store.writing(SYSTEM) as tx:
        assert runs.cancel(tx, first)
        assert not runs.cancel(tx, first)
    assert start(store, made.id) != first


def test_each_step_is_claimed_once(store: Store, time: Time) -> None:
    run_id = start(store, archive(store).id)
    with store.writing(SYSTEM) as tx:
        assert runs.claim_open(tx, run_id, "a", 60) is not None
        assert runs.claim_open(tx, run_id, "b", 60) is None
    time.go(seconds=61)
    with store.writing(SYSTEM) as tx:
        assert runs.claim_open(tx, run_id, "b", 60) is not None
        assert runs.opened(tx, run_id, "a", [("0" * 64, 1)], engine="e") == ()
        (span,) = runs.opened(tx, run_id, "b", [("0" * 64, 1)], engine="e")
        assert runs.claim_span(tx, span, "a", 60) is not None
        assert runs.claim_span(tx, span, "b", 60) is None
        assert not runs.finish_span(tx, span, "b")


def test_what_nobody_is_at_work_on_is_found_again(store: Store, time: Time) -> None:
    run_id = start(store, archive(store).id)
    with store.reading() as session:
        assert runs.stalled(session, time()).opening == (run_id,)
    spans = open_run(store, run_id)
    with store.reading() as session:
        assert runs.stalled(session, time()) == runs.Stalled((), spans, ())
    with store.writing(SYSTEM) as tx:
        runs.claim_span(tx, spans[0], "killed", 60)
    with store.reading() as session:
        assert runs.stalled(session, time()).spans == spans[1:]
        time.go(seconds=61)
        assert runs.stalled(session, time()).spans == spans
    for span in spans:
        read_span(store, span, class_pages())
    with store.reading() as session:
        assert runs.stalled(session, time()) == runs.Stalled((), (), (run_id,))


def test_a_span_goes_on_behind_the_sheets_that_were_read(store: Store, time: Time) -> None:
    run_id = start(store, archive(store).id)
    span = open_run(store, run_id, span=3)[0]
    with store.writing(SYSTEM) as tx:
        first = runs.claim_span(tx, span, "a", 60)
        assert first is not None and first.numbers == (0, 1, 2)
        assert runs.begin_sheet(tx, span, "a", 0, 60)
        runs.sheet_read(tx, run_id, 0, "k")
        assert not runs.begin_sheet(tx, span, "a", 0, 60)
    time.go(seconds=61)
    with store.writing(SYSTEM) as tx:
        again = runs.claim_span(tx, span, "b", 60)
        assert again is not None and again.numbers == (1, 2)
        assert not runs.begin_sheet(tx, span, "a", 1, 60)


def test_a_page_that_kills_its_process_three_times_is_failed_and_the_rest_judged(store: Store, time: Time) -> None:
    made = archive(store)
    run_id = start(store, made.id)
    (span,) = open_run(store, run_id, span=3)
    for _ in range(3):
        with store.writing(SYSTEM) as tx:
            runs.claim_span(tx, span, "killed", 60)
            assert runs.begin_sheet(tx, span, "killed", 0, 60)
        time.go(seconds=61)
    assert read_span(store, span, class_pages())
    checked, saved = judge_run(store, run_id)
    assert saved
    assert [sorted(page.reading.flags) for page in checked.pages] == [["failed"], [], []]
    assert any(issue.code == "needs_review" and issue.pages == (1,) for issue in checked.issues)


def test_a_worker_that_stops_gives_its_span_back_without_counting(store: Store) -> None:
    run_id = start(store, archive(store).id)
    span = open_run(store, run_id, span=3)[0]
    for _ in range(5):
        with store.writing(SYSTEM) as tx:
            assert runs.claim_span(tx, span, "a", 60) is not None
            assert runs.begin_sheet(tx, span, "a", 0, 60)
            runs.release_span(tx, span, "a", begun=0)
    assert read_span(store, span, class_pages())


def test_a_cancelled_run_is_not_saved_and_its_spans_are_not_read(store: Store) -> None:
    made = archive(store)
    run_id = start(store, made.id)
    span, other = open_run(store, run_id)
    with store.writing(SYSTEM) as tx:
        runs.claim_span(tx, span, OWNER, 60)
        runs.cancel(tx, run_id)
    with store.writing(SYSTEM) as tx:
        assert not runs.begin_sheet(tx, span, OWNER, 0, 60)
        assert runs.claim_span(tx, other, OWNER, 60) is None
        assert runs.claim_judge(tx, run_id, OWNER, 60) is None
    with store.reading() as session:
        assert archives.get(session, made.id).current_run_id is None
        # else each start of a service would find the dead at work on it
        assert leases.owners(session) == set()


def test_a_run_that_was_cancelled_while_it_was_judged_leaves_nothing(store: Store) -> None:
    made = archive(store)
    run_id = start(store, made.id)
    for span in open_run(store, run_id):
        read_span(store, span, class_pages())
    with store.writing(SYSTEM) as tx:
        assert runs.claim_judge(tx, run_id, "slow", 60) is not None
        runs.cancel(tx, run_id)
        assert not runs.renew(tx, run_id, "slow", 60)
    with store.reading() as session:
        assert findings.issues(session, made.id, findings.IssueFilter()) == []
        with pytest.raises(NotFound):
            findings.report_json(session, run_id)


def test_a_run_that_kills_its_judge_three_times_fails_in_words(store: Store, time: Time) -> None:
    run_id = start(store, archive(store).id)
    for span in open_run(store, run_id):
        read_span(store, span, class_pages())
    for _ in range(3):
        with store.writing(SYSTEM) as tx:
            assert runs.claim_judge(tx, run_id, "killed", 60) is not None
        time.go(seconds=61)
    with store.writing(SYSTEM) as tx:
        assert runs.claim_judge(tx, run_id, "killed", 60) is None
    with store.reading() as session:
        assert runs.get(session, run_id).state == State.FAILED
        assert runs.get(session, run_id).failure


def test_nothing_is_run_without_papers(store: Store) -> None:
    made = archive(store, pages=0)
    with pytest.raises(Refused), store.writing(SYSTEM) as tx:
        runs.start(tx, made.id, Kind.CHECK)
    with pytest.raises(Refused), store.writing(SYSTEM) as tx:
        runs.start(tx, made.id, Kind.REJUDGE)


def test_a_supplement_shows_what_closed_what_is_open_and_what_is_new(store: Store) -> None:
    pages = class_pages()
    made = checked_archive(store, pages)
    before = {issue.code for issue in _issues(store, made.id)}
    assert "payroll_latest_month_missing" in before
    latest = class_pages()[2].model_copy(update={"index": 4})
    lines = tuple(
        line.model_copy(update={"text": line.text.replace("2023年9月", "2024年2月")}) for line in latest.reading.lines
    )
    more = [*pages, latest.model_copy(update={"reading": latest.reading.model_copy(update={"lines": lines})})]
    add_page(store, made.id, 4)
    run_id = start(store, made.id, Kind.SUPPLEMENT)
    run_all(store, run_id, more)
    with store.reading() as session:
        changes = findings.changes(session, run_id)
    assert "payroll_latest_month_missing" in {issue.code for issue in changes.closed}
    assert "attendance_first_month_missing" in {issue.code for issue in changes.open}
    assert {issue.pages[0] for issue in changes.new if issue.pages} == {4}
    closed = _issues(store, made.id, code="payroll_latest_month_missing", present=False)
    assert [issue.present for issue in closed] == [False]
    assert _issues(store, made.id, code="payroll_latest_month_missing") == []


def test_an_issue_with_another_figure_is_open_still_and_neither_closed_nor_new(store: Store) -> None:
    made = checked_archive(store, facts=FACTS | {"approved_headcount": 4})
    (before,) = _issues(store, made.id, code="pass_rate_low")
    with store.writing(SYSTEM) as tx:
        version = archives.get(tx.session, made.id).version
        archives.change_facts(tx, made.id, FACTS | {"approved_headcount": 2}, version=version)
    run_id = start(store, made.id, Kind.SUPPLEMENT)
    run_all(store, run_id, class_pages())
    with store.reading() as session:
        changes = findings.changes(session, run_id)
    (after,) = _issues(store, made.id, code="pass_rate_low")
    assert (before.found, after.found) == ("0.25", "0.5")
    assert after.id in {issue.id for issue in changes.open}
    assert "pass_rate_low" not in {issue.code for issue in (*changes.closed, *changes.new)}


def test_readings_are_kept_by_content_for_any_run(store: Store) -> None:
    run_id = start(store, archive(store).id)
    cache = StoreCache(store, run_id)
    assert cache.get("a" * 64) is None
    cache.put("a" * 64, b"reading")
    cache.put("a" * 64, b"reading")
    other = StoreCache(store, start(store, archive(store, institution(store, "另一所学校")).id))
    assert other.get("a" * 64) == b"reading"
    other.prune()


def test_stored_readings_are_given_for_their_own_binder_alone(store: Store) -> None:
    made = checked_archive(store)
    add_page(store, made.id, 9)
    run_id = start(store, made.id)
    with store.writing(SYSTEM) as tx:
        run = runs.claim_open(tx, run_id, OWNER, 60)
    assert run is not None and made.current_run_id is not None
    with TemporaryDirectory() as workspace, materials(store, run, Path(workspace)) as papers:
        binder = open_binder(papers.volumes, Settings(), Path(workspace))
        with pytest.raises(Conflict):
            StoredReader(store, made.current_run_id).read(binder)


def test_another_institutions_run_is_not_to_be_found(store: Store) -> None:
    run_id = start(store, archive(store).id)
    with store.reading() as session, pytest.raises(NotFound):
        runs.get(session, run_id, Scope("another"))


def test_the_time_left_is_told_by_the_sheets_read_last_and_not_by_the_loading_of_an_engine(
    store: Store, time: Time
) -> None:
    pages = [*class_pages(), *class_pages()]
    run_id = start(store, archive(store, pages=6).id)
    spans = open_run(store, run_id, span=1)

    def left() -> int | None:
        with store.reading() as session:
            return runs.progress(session, run_id, time()).seconds_left

    time.go(minutes=10)
    told = [left()]
    for span_id in spans[:3]:
        time.go(seconds=4)
        read_span(store, span_id, pages)
        told.append(left())
    assert told == [None, None, 16, 12]
    time.go(seconds=4)                                      # the next one takes its time
    assert left() == 18
