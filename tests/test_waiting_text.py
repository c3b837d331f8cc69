"""The text that no rule asks for, read in the service once a run is judged: both databases, a real Redis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from archive_verify.binder import Binder
from archive_verify.reading.need import text_of
from archive_verify.settings import Settings
from archive_verify.store import Store, findings, retention, runs, texts
from archive_verify.store.readings import StoredReader
from archive_verify.store.runs import ATTEMPTS, Kind, State
from archive_verify.store.tables import Institution, PageReadingRow
from tests.conftest import Time
from tests.recorded_worker import RecordedReader
from tests.servers import RedisProcess
from tests.service_factories import SYSTEM, archive, institution, start
from worker.desk import Desk, sit_down
from worker.jobs import read_text
from worker.process import DeskWorker
from worker.queue import READING, Name, Orders
from worker.recovery import Recovery


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """Sheets 4 and 9 have a line that waits."""
    made = tmp_path / "recordings"
    made.mkdir()
    for number in (4, 9):
        (made / f"waits-{number}").touch()
    return made


@pytest.fixture
def desk(store: Store, redis: RedisProcess, recordings: Path) -> Iterator[Desk]:
    made = Desk(store, Orders.at(redis.url), Settings(), "worker-1", lambda cache: RecordedReader(recordings, cache))
    sit_down(made)
    yield made
    made.close()


def run_of(desk: Desk, queues: tuple[Name, ...] = READING, school: Institution | None = None) -> str:
    run_id = start(desk.store, archive(desk.store, school, pages=12).id)
    assert desk.orders.start(run_id, Kind.CHECK)
    work(desk, queues)
    return run_id


def work(desk: Desk, queues: tuple[Name, ...]) -> None:
    DeskWorker(desk.orders.queues(queues), desk=desk, lifetime=1000).take_orders(burst=True)


def read_texts(recordings: Path) -> list[int]:
    log = recordings / "text.log"
    return sorted(int(line) for line in log.read_text().split()) if log.exists() else []


def waiting(desk: Desk) -> tuple[str, ...]:
    with desk.store.reading() as session:
        return texts.waiting(session, desk.store.clock())


JUDGED_ONLY = tuple(name for name in READING if name is not Name.TEXT)


def test_a_run_is_judged_before_the_text_that_waits_is_read(desk: Desk, recordings: Path) -> None:
    run_id = run_of(desk, JUDGED_ONLY)
    with desk.store.reading() as session:
        assert runs.get(session, run_id).state == State.DONE
        before = findings.report_of(session, run_id)
    assert read_texts(recordings) == []
    assert len(waiting(desk)) == 2
    work(desk, READING)
    assert read_texts(recordings) == [4, 9]
    assert waiting(desk) == ()
    with desk.store.reading() as session:
        assert findings.report_of(session, run_id) == before


def test_what_was_read_late_stands_among_the_text_of_its_page(desk: Desk) -> None:
    run_id = run_of(desk)
    with desk.store.reading() as session:
        run = runs.get(session, run_id)
    binder, _ = desk.papers(runs.input_of(run))
    pages = StoredReader(desk.store, run_id).read(binder)
    assert any(line.text.startswith("1.上岗前应当") for line in text_of(pages[3].reading))
    assert not any(page.reading.waits for page in pages)


def test_an_order_for_waiting_text_that_got_lost_is_given_again(desk: Desk, recordings: Path) -> None:
    run_of(desk, JUDGED_ONLY)
    desk.orders.connection.flushall()
    assert Recovery(desk.store, desk.orders).look() == 2
    assert Recovery(desk.store, desk.orders).look() == 0
    work(desk, READING)
    assert read_texts(recordings) == [4, 9]


def test_waiting_text_is_read_by_one_at_a_time_and_by_another_when_that_one_is_gone(
    desk: Desk, time: Time
) -> None:
    run_of(desk, JUDGED_ONLY)
    span, _ = waiting(desk)

    def claimed(owner: str) -> bool:
        with desk.store.writing(SYSTEM) as tx:
            return texts.claim(tx, span, owner, 60.0) is not None

    assert claimed("one")
    assert span not in waiting(desk)
    assert not claimed("other")
    time.go(seconds=61)
    assert span in waiting(desk)
    assert claimed("other")


def test_text_whose_reading_ends_its_process_again_and_again_is_given_up(desk: Desk, time: Time) -> None:
    run_of(desk, JUDGED_ONLY)
    span, other = waiting(desk)
    for _ in range(ATTEMPTS):
        with desk.store.writing(SYSTEM) as tx:
            assert texts.claim(tx, span, "dies", 60.0) is not None
        time.go(seconds=61)
    read_text(span)
    assert waiting(desk) == (other,)


def test_a_process_that_is_told_to_stop_gives_waiting_text_back(desk: Desk, recordings: Path) -> None:
    run_of(desk, JUDGED_ONLY)
    span, _ = waiting(desk)
    desk.stopping = True
    read_text(span)
    assert read_texts(recordings) == []
    assert span in waiting(desk)


def test_an_archive_that_is_deleted_while_its_text_is_read_leaves_nothing_and_holds_up_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = institution(desk.store)
    run_id = run_of(desk, JUDGED_ONLY, school)
    with desk.store.reading() as session:
        archive_id = runs.get(session, run_id).archive_id
    reading = desk.read_text
    asked = []

    def deleted_meanwhile(run: str, binder: Binder, number: int) -> None:
        if not asked:
            retention.delete_archive(desk.store, SYSTEM, archive_id, "handed in by mistake")
        asked.append(number)
        reading(run, binder, number)

    monkeypatch.setattr(desk, "read_text", deleted_meanwhile)
    work(desk, READING)
    assert len(asked) == 1
    with desk.store.reading() as session:
        assert not session.scalar(select(func.count()).select_from(PageReadingRow))
    monkeypatch.setattr(desk, "read_text", reading)
    other = run_of(desk, READING, school)
    with desk.store.reading() as session:
        assert runs.get(session, other).state == State.DONE
    assert waiting(desk) == ()
