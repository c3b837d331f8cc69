"""Jobs done in this process, on both databases and a real Redis, from recorded pages."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rq import Queue
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

import worker.jobs
from archive_verify.model import DocType
from archive_verify.pipeline import Checked
from archive_verify.review import PageOverride, places_of
from archive_verify.settings import Settings
from archive_verify.store import Store, archives, corrections, findings, leases, policies, runs
from archive_verify.store.logs import JsonLines
from archive_verify.store.runs import Kind, State
from archive_verify.store.tables import Archive, PageReadingRow, RunSheet
from tests.conftest import Time
from tests.recorded_worker import RecordedReader
from tests.servers import RedisProcess
from tests.service_factories import SYSTEM, add_page, add_roster, archive, county, institution, start
from worker.desk import Desk, SheetRead, sit_down
from worker.jobs import judge_run, open_run, read_span, span_of
from worker.process import DeskWorker
from worker.queue import LIGHT, READING, Name, Orders
from worker.recovery import Recovery


@pytest.fixture
def orders(redis: RedisProcess) -> Orders:
    return Orders.at(redis.url)


@pytest.fixture
def desk(store: Store, orders: Orders, tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "recordings").mkdir()
    made = Desk(
        store, orders, Settings(), "worker-1", lambda cache: RecordedReader(tmp_path / "recordings", cache)
    )
    sit_down(made)
    yield made
    made.close()


@pytest.fixture
def work(desk: Desk) -> Iterator[Callable[..., None]]:
    """Take orders until the queues are empty."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def empty(queues: tuple[Name, ...] = READING, lifetime: int = 1000) -> None:
        one = DeskWorker(desk.orders.queues(queues), desk=desk, lifetime=lifetime)
        one.take_orders(burst=True)

    yield empty
    for number, handler in handlers.items():
        signal.signal(number, handler)


def ordered(desk: Desk, archive_id: str, kind: Kind = Kind.CHECK) -> str:
    run_id = start(desk.store, archive_id, kind)
    assert desk.orders.start(run_id, kind)
    return run_id


def state(store: Store, run_id: str) -> State:
    with store.reading() as session:
        return State(runs.get(session, run_id).state)


def sheets_read(tmp_path: Path) -> list[int]:
    log = tmp_path / "recordings" / "read.log"
    return [int(line.split()[0]) for line in log.read_text().splitlines()] if log.exists() else []


def test_an_archive_is_opened_read_and_judged_by_orders_alone(
    desk: Desk, work: Callable[..., None], tmp_path: Path
) -> None:
    made = archive(desk.store, pages=40)
    run_id = ordered(desk, made.id)
    work()
    assert state(desk.store, run_id) is State.DONE
    assert sorted(sheets_read(tmp_path)) == list(range(1, 41))
    with desk.store.reading() as session:
        report = findings.report_of(session, run_id)
        assert archives.get(session, made.id).current_run_id == run_id
        assert runs.get(session, run_id).engine == "recorded"
    assert [page.index for page in report.pages] == list(range(1, 41))
    assert [trainee.name for trainee in report.trainees] == ["张三"]
    assert all(depth.waiting == 0 for depth in desk.orders.depths().values())


def test_an_archive_is_judged_by_the_policy_that_it_names(desk: Desk, work: Callable[..., None]) -> None:
    with desk.store.writing(SYSTEM) as tx:
        policies.add(tx, county("xian_1", contract_months="13"))
    codes = {}
    school = institution(desk.store)
    for policy in ("wenshui_2023_51", "xian_1"):
        made = archive(desk.store, school)
        with desk.store.writing(SYSTEM) as tx:
            tx.session.get_one(Archive, made.id).policy = policy
        run_id = ordered(desk, made.id)
        work()
        with desk.store.reading() as session:
            report = findings.report_of(session, run_id)
        assert report.policy.id == policy
        codes[policy] = {issue.code for issue in report.issues}
    # a contract of a year
    assert codes["xian_1"] - codes["wenshui_2023_51"] == {"contract_term_short"}


def test_a_second_check_of_the_same_pages_reads_nothing(
    desk: Desk, work: Callable[..., None], tmp_path: Path
) -> None:
    made = archive(desk.store)
    ordered(desk, made.id)
    work()
    first = sheets_read(tmp_path)
    again = ordered(desk, made.id)
    work()
    assert state(desk.store, again) is State.DONE
    assert sheets_read(tmp_path) == first == [1, 2, 3]


def test_a_judging_again_is_done_by_a_process_that_loads_no_reader(
    desk: Desk, work: Callable[..., None], tmp_path: Path
) -> None:
    made = archive(desk.store)
    first = ordered(desk, made.id)
    work()

    def none(_cache: object) -> RecordedReader:
        raise AssertionError("a reader was asked for")

    light = Desk(desk.store, desk.orders, Settings(), "light", none)
    sit_down(light)
    again = ordered(desk, made.id, Kind.REJUDGE)
    work((Name.REJUDGE,))
    assert state(desk.store, again) is State.DONE
    with desk.store.reading() as session:
        before, after = (findings.report_of(session, run_id) for run_id in (first, again))
    assert after.issues == before.issues
    light.close()


def test_orders_given_twice_do_their_work_once(desk: Desk, work: Callable[..., None], tmp_path: Path) -> None:
    made = archive(desk.store, pages=20)
    run_id = ordered(desk, made.id)
    desk.orders.start(run_id, Kind.CHECK)
    open_run(run_id)
    open_run(run_id)
    spans = sorted(desk.orders.waiting(Name.READ))
    assert len(spans) == 10
    for span in (*spans, *spans):
        desk.orders.order(Name.READ, [span])
        read_span(span)
    assert sorted(sheets_read(tmp_path)) == list(range(1, 21))
    judge_run(run_id)
    judge_run(run_id)
    work()
    assert state(desk.store, run_id) is State.DONE
    assert len(sheets_read(tmp_path)) == 20
    with desk.store.reading() as session:
        issues = findings.issues(session, made.id, findings.IssueFilter(), after=None, limit=500)
    assert len({issue.fingerprint for issue in issues}) == len(issues)


def test_a_cancelled_run_is_left_at_the_next_sheet_and_keeps_what_was_read(
    desk: Desk, work: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = archive(desk.store)
    run_id = ordered(desk, made.id)
    read = desk.read_sheet

    def read_and_cancel(*arguments: object) -> SheetRead:
        with desk.store.writing(SYSTEM) as tx:
            runs.cancel(tx, run_id)
        return read(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(desk, "read_sheet", read_and_cancel)
    work()
    assert state(desk.store, run_id) is State.CANCELLED
    assert sheets_read(tmp_path) == [1]
    monkeypatch.undo()
    again = ordered(desk, made.id)
    work()
    assert state(desk.store, again) is State.DONE
    assert sheets_read(tmp_path) == [1, 2, 3]


def test_a_file_that_cannot_be_opened_fails_the_run_with_its_name_and_no_place(
    desk: Desk, work: Callable[..., None]
) -> None:
    made = archive(desk.store, pages=1)
    sha256, length = desk.store.blobs.put([b"%PDF-1.7 not really"])
    with desk.store.writing(SYSTEM) as tx:
        archives.add_volume(tx, made.id, archives.NewVolume(sha256, "第二卷.pdf", length))
    run_id = ordered(desk, made.id)
    work()
    with desk.store.reading() as session:
        run = runs.get(session, run_id)
    assert run.state == State.FAILED
    assert run.failure.startswith("第二卷.pdf: ")
    assert "/" not in run.failure


def test_a_roster_that_cannot_be_used_fails_the_run_before_anything_is_read(
    desk: Desk, work: Callable[..., None], tmp_path: Path
) -> None:
    made = archive(desk.store)
    add_roster(desk.store, made.id, "甲,乙\n1,2\n")
    run_id = ordered(desk, made.id)
    work(LIGHT)
    assert state(desk.store, run_id) is State.FAILED
    assert sheets_read(tmp_path) == []


def test_a_process_told_to_stop_gives_its_span_back_after_the_page_at_hand(
    desk: Desk, work: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = archive(desk.store)
    run_id = ordered(desk, made.id)
    read = desk.read_sheet

    def read_and_stop(*arguments: object) -> SheetRead:
        signal.raise_signal(signal.SIGTERM)
        return read(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(desk, "read_sheet", read_and_stop)
    work()
    assert sheets_read(tmp_path) == [1]
    assert state(desk.store, run_id) is State.READING
    monkeypatch.undo()
    desk.stopping = False
    assert Recovery(desk.store, desk.orders).look() == 1
    work()
    assert state(desk.store, run_id) is State.DONE
    assert sheets_read(tmp_path) == [1, 2, 3]


def test_a_process_that_has_read_its_number_of_pages_ends_and_the_next_goes_on(
    desk: Desk, work: Callable[..., None], tmp_path: Path
) -> None:
    made = archive(desk.store, pages=40)
    run_id = ordered(desk, made.id)
    work(READING, 10)
    assert len(sheets_read(tmp_path)) == 12
    assert state(desk.store, run_id) is State.READING
    desk.sheets_read = 0
    work()
    assert state(desk.store, run_id) is State.DONE
    assert len(sheets_read(tmp_path)) == 40


def test_what_fails_by_its_surroundings_is_tried_until_they_are_well_again(
    desk: Desk, work: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = ordered(desk, archive(desk.store).id)
    recovery = Recovery(desk.store, desk.orders)

    def away(*_arguments: object, **_named: object) -> tuple[str, str]:
        raise OSError("storage is away")

    for what in (desk, desk.store.blobs, findings):
        name = {desk: "read_sheet", desk.store.blobs: "local", findings: "outcome_of"}[what]
        with monkeypatch.context() as patch:
            patch.setattr(what, name, away)
            for _ in range(15):
                work()
                assert recovery.look() >= 1
    work()
    assert state(desk.store, run_id) is State.DONE
    with desk.store.reading() as session:
        assert runs.progress(session, run_id, desk.store.clock()).failed == 0


def test_an_error_in_the_program_ends_the_run_after_three_attempts(
    desk: Desk, work: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = ordered(desk, archive(desk.store).id)

    def wrong(*_arguments: object) -> findings.Outcome:
        raise ValueError("a mistake in the code")

    monkeypatch.setattr(findings, "outcome_of", wrong)
    for _ in range(5):
        work()
        Recovery(desk.store, desk.orders).look()
    assert state(desk.store, run_id) is State.FAILED


def test_a_volume_that_is_gone_fails_the_run(desk: Desk, work: Callable[..., None]) -> None:
    made = archive(desk.store, pages=1)
    run_id = ordered(desk, made.id)
    with desk.store.reading() as session:
        (volume,) = archives.volumes(session, made.id)
    desk.store.blobs.remove(volume.sha256)
    work()
    assert state(desk.store, run_id) is State.FAILED


def test_what_is_read_without_a_name_of_its_own_is_stored_all_the_same(
    desk: Desk, work: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RecordedReader, "key_of", lambda *_arguments: "")
    made = archive(desk.store)
    run_id = ordered(desk, made.id)
    work()
    assert state(desk.store, run_id) is State.DONE
    with desk.store.reading() as session:
        keys = set(session.scalars(select(RunSheet.reading_key).where(RunSheet.run_id == run_id)))
        assert keys <= set(session.scalars(select(PageReadingRow.key)))
    assert len(keys) == 3


def test_recovery_orders_everything_again_that_a_flushed_redis_forgot(
    desk: Desk, work: Callable[..., None], redis: RedisProcess, tmp_path: Path
) -> None:
    school = institution(desk.store)
    made = [archive(desk.store, school, first=first) for first in (1, 11)]
    run_ids = [ordered(desk, one.id) for one in made]
    recovery = Recovery(desk.store, desk.orders)
    assert recovery.look() == 0
    redis.flush()
    assert recovery.look() == 2
    for run_id in run_ids:
        open_run(run_id)
    redis.flush()
    assert recovery.look() == 4
    assert recovery.look() == 0
    for span in desk.orders.waiting(Name.READ):
        read_span(span)
    redis.flush()
    assert recovery.look() == 2
    work()
    assert [state(desk.store, run_id) for run_id in run_ids] == [State.DONE, State.DONE]
    assert sorted(sheets_read(tmp_path)) == [1, 2, 3, 11, 12, 13]


def test_recovery_orders_a_judging_again_apart_from_those_that_may_look_at_pages(
    desk: Desk, work: Callable[..., None], redis: RedisProcess
) -> None:
    made = archive(desk.store)
    ordered(desk, made.id)
    work()
    run_id = start(desk.store, made.id, Kind.REJUDGE)
    assert Recovery(desk.store, desk.orders).look() == 1
    assert desk.orders.waiting(Name.REJUDGE) == {run_id}


def test_what_a_dead_process_held_is_free_without_waiting_for_its_lease(desk: Desk) -> None:
    run_id = ordered(desk, archive(desk.store, pages=2).id)
    open_run(run_id)
    (span,) = desk.orders.waiting(Name.READ)
    with desk.store.writing(SYSTEM) as tx:
        assert runs.claim_span(tx, span, "worker 7", 600)
    desk.orders.connection.flushall()
    recovery = Recovery(desk.store, desk.orders)
    assert recovery.look() == 0
    recovery.died("worker 7")
    assert recovery.look() == 1
    with desk.store.writing(SYSTEM) as tx:
        assert runs.claim_span(tx, span, "worker 8", 600)


def test_what_processes_of_a_supervisor_held_that_is_gone_is_free_when_the_next_one_starts(desk: Desk) -> None:
    run_id = ordered(desk, archive(desk.store, pages=6).id)
    open_run(run_id)
    here, gone = socket.gethostname(), subprocess.Popen(["true"])
    gone.wait()
    dead = (f"{here}.{gone.pid}.reader1.1", f"{here}.{os.getpid()}.reader2.1")
    alive = (f"elsewhere.{gone.pid}.reader1.1", f"{here}.{os.getppid()}.reader1.1")
    spans = sorted(desk.orders.waiting(Name.READ))
    with desk.store.writing(SYSTEM) as tx:
        for span, owner in zip(spans, (dead[0], alive[0], dead[1]), strict=True):
            assert runs.claim_span(tx, span, owner, 600)
    other = start(desk.store, archive(desk.store, institution(desk.store, "远航学校"), first=50).id)
    with desk.store.writing(SYSTEM) as tx:
        assert runs.claim_open(tx, other, alive[1], 600)
    recovery = Recovery(desk.store, desk.orders)
    recovery.free_left_behind()
    recovery.look()
    with desk.store.reading() as session:
        free = runs.stalled(session, desk.store.clock())
    assert (set(free.spans), free.opening) == ({spans[0], spans[2]}, ())


def test_a_process_that_cannot_give_back_its_work_ends_so_that_it_is_freed(
    desk: Desk, work: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered(desk, archive(desk.store).id)

    def away(*_arguments: object, **_named: object) -> object:
        raise OperationalError("SELECT", {}, Exception("the database is away"))

    with monkeypatch.context() as patch:
        patch.setattr(worker.jobs.leases, "hand_back", away)
        patch.setattr(desk, "papers", away)
        work()
    assert desk.worn and desk.orders.depths()["open"].failed == 1
    with desk.store.reading() as session:
        assert leases.owners(session) == {desk.owner}
    recovery = Recovery(desk.store, desk.orders)
    recovery.died(desk.owner)
    assert recovery.look() == 1


def test_lost_orders_come_before_those_that_wait(desk: Desk) -> None:
    school = institution(desk.store)
    first, second, third = (start(desk.store, archive(desk.store, school, first=n).id) for n in (1, 11, 21))
    desk.orders.start(third, Kind.CHECK)
    Recovery(desk.store, desk.orders).look()
    (queue,) = desk.orders.queues([Name.OPEN])
    assert [job.split("-")[1] for job in queue.get_job_ids()] == [first, second, third]


def test_a_redis_that_is_away_loses_nothing_and_raises_nothing(store: Store, tmp_path: Path) -> None:
    nowhere = Orders.at(f"unix://{tmp_path / 'none.sock'}")
    assert not nowhere.ping()
    run_id = start(store, archive(store).id)
    assert not nowhere.start(run_id, Kind.CHECK)
    assert nowhere.depths() == {}
    assert state(store, run_id) is State.QUEUED


def test_the_depth_of_a_queue_says_how_long_its_first_order_has_waited(orders: Orders) -> None:
    orders.order(Name.READ, ["a", "b"])
    depth = orders.depths()["read"]
    assert depth.waiting == 2
    assert 0 <= depth.oldest_seconds < 5


def test_recovery_clears_away_uploads_that_nobody_goes_on_with(desk: Desk, time: Time) -> None:
    from archive_verify.store import EVERYTHING, NotFound, uploads

    made = archive(desk.store)
    with desk.store.writing(SYSTEM) as tx:
        upload = uploads.begin(tx, made.id, name="a.pdf", purpose="volume", length=3)
    time.go(hours=100)
    Recovery(desk.store, desk.orders).tidy()
    with desk.store.reading() as session, pytest.raises(NotFound):
        uploads.get(session, upload.id, EVERYTHING)


def test_more_pages_make_a_supplement_that_reads_only_them(
    desk: Desk, work: Callable[..., None], tmp_path: Path
) -> None:
    made = archive(desk.store)
    ordered(desk, made.id)
    work()
    add_page(desk.store, made.id, 9)
    run_id = ordered(desk, made.id, Kind.SUPPLEMENT)
    work()
    assert state(desk.store, run_id) is State.DONE
    assert sheets_read(tmp_path) == [1, 2, 3, 9]
    with desk.store.reading() as session:
        total = session.scalar(select(func.count()).select_from(RunSheet).where(RunSheet.run_id == run_id))
    assert total == 4


def test_what_is_set_right_during_the_judging_is_judged_again_at_once(
    desk: Desk, work: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = archive(desk.store)
    run_id = ordered(desk, made.id)
    outcome_of = findings.outcome_of

    def corrected_meanwhile(checked: Checked) -> findings.Outcome:
        place = places_of(checked.binder, checked.pages)[1]
        with desk.store.writing(SYSTEM) as tx:
            corrections.override(tx, made.id, PageOverride(place=place, doc_type=DocType.CATALOGUE))
        monkeypatch.undo()
        return outcome_of(checked)

    monkeypatch.setattr(findings, "outcome_of", corrected_meanwhile)
    work((*READING, Name.REJUDGE))
    with desk.store.reading() as session:
        again = archives.get(session, made.id).current_run_id
        assert again is not None
        assert again != run_id
        types = [[page.doc_type for page in findings.report_of(session, one).pages] for one in (run_id, again)]
        assert [runs.get(session, one).kind for one in (run_id, again)] == [Kind.CHECK, Kind.REJUDGE]
    assert [one[0] for one in types] == [DocType.COVER, DocType.CATALOGUE]


def test_a_run_whose_worker_died_after_saving_is_held_beside_the_others_by_recovery(
    desk: Desk, work: Callable[..., None], monkeypatch: pytest.MonkeyPatch, time: Time
) -> None:
    def dies(*_arguments: object) -> None:
        raise OSError("killed")

    monkeypatch.setattr(worker.jobs, "check_across", dies)
    left = archive(desk.store)
    run_id = ordered(desk, left.id)
    work()
    monkeypatch.undo()
    assert state(desk.store, run_id) is State.DONE
    recovery = Recovery(desk.store, desk.orders)
    assert recovery.hold_across() == 0
    time.go(minutes=3)
    assert recovery.hold_across() == 1
    assert recovery.hold_across() == 0


@pytest.mark.parametrize(("sheets", "span"), [(1, 2), (39, 3), (190, 15), (300, 16), (3000, 16)])
def test_a_small_binder_is_parted_for_all_processes_and_a_large_one_not_too_finely(sheets: int, span: int) -> None:
    assert span_of(sheets) == span


def test_an_order_for_anything_else_than_a_job_is_thrown_away(
    desk: Desk, work: Callable[..., None], tmp_path: Path
) -> None:
    (queue,) = desk.orders.queues([Name.READ])
    queue.enqueue_call("os.mkdir", args=(str(tmp_path / "made"),))
    Queue("read", connection=desk.orders.connection).enqueue_call("os.mkdir", args=(str(tmp_path / "made"),))
    work()
    assert not (tmp_path / "made").exists()
    assert len(queue) == 0


def test_orders_lie_in_the_queue_as_plain_json(desk: Desk) -> None:
    desk.orders.order(Name.READ, ["a"])
    (queue,) = desk.orders.queues([Name.READ])
    (job,) = queue.get_jobs()
    assert job.data == b'["worker.jobs.read_span", null, ["a"], {}]'


def test_a_failed_job_is_logged_by_its_place_and_not_by_its_words(
    desk: Desk, work: Callable[..., None], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ordered(desk, archive(desk.store).id)

    name = "张三"

    def wrong(*_arguments: object) -> tuple[str, str]:
        raise ValueError(name)

    monkeypatch.setattr(desk, "read_sheet", wrong)
    work()
    lines = [JsonLines().format(record) for record in caplog.records]
    failed = next(json.loads(line) for line in lines if "job failed" in line)
    assert (failed["error"], failed["queue"]) == ("ValueError", "read")
    assert "in wrong" in failed["trace"]
    assert not any(name in line for line in lines)
