"""Real worker processes, kept running by a supervisor, while they and Redis are killed: nothing lost, nothing twice."""

from __future__ import annotations

import functools
import os
import signal
import sys
import threading
import time as clock
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import func, select

from archive_verify.store import ServiceSettings, Store, archives, audit, findings, open_store, runs
from archive_verify.store.runs import Kind, State
from archive_verify.store.tables import AuditRow
from tests.servers import RedisProcess, redis_server
from tests.service_factories import archive, start
from worker.process import name_of
from worker.queue import LIGHT, READING, Name, Orders
from worker.recovery import Recovery
from worker.serve import environment_of
from worker.supervisor import Program, Supervisor

_ROOT = Path(__file__).parent.parent
_SECONDS = 90.0
T = TypeVar("T")


class Workers:
    """Two processes that read and one that judges again, with their recovery."""

    def __init__(self, service: ServiceSettings, store: Store, directory: Path) -> None:
        self.store = store
        self.orders = Orders.at(service.redis_url)
        self.directory = directory
        self.recovery = Recovery(store, self.orders, every=0.2)
        programs = [
            Program("reader1", functools.partial(_command, READING)),
            Program("reader2", functools.partial(_command, READING)),
            Program("judge", functools.partial(_command, LIGHT)),
        ]
        environment = environment_of(service) | {"RECORDINGS": str(directory), "PYTHONPATH": str(_ROOT)}
        self.supervisor = Supervisor(
            programs, name_of=name_of, died=self.recovery.died, environment=environment
        )
        self._thread = threading.Thread(target=self.supervisor.run)

    @contextmanager
    def running(self) -> Iterator[None]:
        self.recovery.start()
        self._thread.start()
        try:
            yield
        finally:
            self.supervisor.stop()
            self._thread.join()
            self.recovery.stop()

    def check(self, archive_id: str) -> str:
        run_id = start(self.store, archive_id)
        self.orders.start(run_id, Kind.CHECK)
        return run_id

    def read(self) -> list[tuple[int, int]]:
        """The sheets whose reading was begun, and by which processes."""
        log = self.directory / "read.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [(int(sheet), int(process)) for sheet, process in (line.split() for line in lines)]

    def end_of(self, run_id: str) -> State:
        def ended() -> State | None:
            with self.store.reading() as session:
                state = State(runs.get(session, run_id).state)
            return None if state in runs.ACTIVE else state

        return until(ended)


def _command(queues: Sequence[Name], name: str) -> list[str]:
    return [sys.executable, "-m", "tests.recorded_worker", "--name", name, *(queue.value for queue in queues)]


def until(answer: Callable[[], T | None]) -> T:
    """Wait for an answer other than None and False."""
    end = clock.monotonic() + _SECONDS
    while clock.monotonic() < end:
        found = answer()
        if found:
            return found
        clock.sleep(0.05)
    raise AssertionError("waited in vain")


@pytest.fixture
def own_redis() -> Iterator[RedisProcess]:
    with redis_server() as process:
        yield process


@pytest.fixture
def workers(database: str, own_redis: RedisProcess, tmp_path: Path) -> Iterator[Workers]:
    directory = tmp_path / "recordings"
    directory.mkdir()
    service = ServiceSettings(data_dir=tmp_path / "data", database_url=database, redis_url=own_redis.url)
    store = open_store(service, migrating=True)
    made = Workers(service, store, directory)
    with made.running():
        yield made
    store.close()


def ended_once(workers: Workers, archive_id: str, run_id: str) -> None:
    """The run is done: one result, each issue once, one end in an unbroken log."""
    with workers.store.reading() as session:
        ends = session.scalar(
            select(func.count()).select_from(AuditRow)
            .where(AuditRow.action == "run.done", AuditRow.subject_id == run_id)
        )  # fmt: skip
        issues = findings.issues(session, archive_id, findings.IssueFilter(), after=None, limit=500)
        assert audit.verify(session).valid
        assert archives.get(session, archive_id).current_run_id == run_id
    assert ends == 1
    assert len({issue.fingerprint for issue in issues}) == len(issues)


def test_workers_and_redis_killed_in_the_middle_of_a_binder_lose_nothing(
    workers: Workers, own_redis: RedisProcess
) -> None:
    (workers.directory / "slow").touch()
    made = archive(workers.store, pages=36)
    run_id = workers.check(made.id)
    until(lambda: len(workers.read()) >= 4)
    os.kill(workers.supervisor.pids["reader1"], signal.SIGKILL)
    own_redis.kill()
    clock.sleep(0.3)
    own_redis.start()
    own_redis.flush()
    until(lambda: len(workers.read()) >= 12)
    os.kill(workers.supervisor.pids["reader2"], signal.SIGKILL)
    assert workers.end_of(run_id) is State.DONE
    ended_once(workers, made.id, run_id)
    times = Counter(sheet for sheet, _ in workers.read())
    assert sorted(times) == list(range(1, 37))
    # at most the pages that the two killed processes were reading
    assert sum(times.values()) <= 38
    with workers.store.reading() as session:
        report = findings.report_of(session, run_id)
    assert not any("failed" in page.flags for page in report.pages)


def test_a_page_that_kills_its_process_three_times_is_failed_and_the_rest_is_judged(workers: Workers) -> None:
    (workers.directory / "kill-5").touch()
    (workers.directory / "kill-once-6").touch()
    made = archive(workers.store, pages=8)
    run_id = workers.check(made.id)
    assert workers.end_of(run_id) is State.DONE
    ended_once(workers, made.id, run_id)
    times = Counter(sheet for sheet, _ in workers.read())
    assert times == {1: 1, 2: 1, 3: 1, 4: 1, 5: 3, 6: 2, 7: 1, 8: 1}
    with workers.store.reading() as session:
        report = findings.report_of(session, run_id)
        progress = runs.progress(session, run_id, workers.store.clock())
    assert [page.index for page in report.pages if "failed" in page.flags] == [5]
    assert any(5 in issue.pages for issue in report.issues)
    assert (progress.done, progress.failed, progress.total) == (8, 1, 8)


def test_a_cancelled_run_stops_and_the_next_archive_is_checked(workers: Workers) -> None:
    from tests.service_factories import SYSTEM, institution

    (workers.directory / "slow").touch()
    school = institution(workers.store)
    first = archive(workers.store, school, pages=40)
    second = archive(workers.store, school, pages=3, first=101)
    cancelled, other = workers.check(first.id), workers.check(second.id)
    until(lambda: len(workers.read()) >= 3)
    with workers.store.writing(SYSTEM) as tx:
        assert runs.cancel(tx, cancelled)
    assert workers.end_of(other) is State.DONE
    assert workers.end_of(cancelled) is State.CANCELLED
    assert len([sheet for sheet, _ in workers.read() if sheet <= 40]) < 20
    ended_once(workers, second.id, other)
