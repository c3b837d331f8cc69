"""Orders to workers, by id; the database says what there is to do, the queue only who hears of it next."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from secrets import token_hex

import redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from archive_verify.store.runs import Kind

_log = logging.getLogger(__name__)
# Longer than any job may take: a job that hangs is ended by the process itself, see hold.py.
_TIMEOUT = 24 * 3600
_FAILURE_KEPT = 24 * 3600


class Name(StrEnum):
    """The queues; a process serves some of them, the first one with an order first."""

    JUDGE = "judge"         # judge a run that was read
    REJUDGE = "rejudge"     # judge again without reading: kept apart, so that it never waits for reading
    OPEN = "open"           # open a run's binder and part it into spans
    READ = "read"           # read a span of sheets
    TEXT = "text"           # read the text of a span that waited for the judging


# Where a process that can read pages takes its orders, and where one that cannot.
READING = (Name.JUDGE, Name.OPEN, Name.READ, Name.TEXT)
LIGHT = (Name.REJUDGE, Name.OPEN)
_JOBS = {
    Name.JUDGE: "worker.jobs.judge_run", Name.REJUDGE: "worker.jobs.judge_run",
    Name.OPEN: "worker.jobs.open_run", Name.READ: "worker.jobs.read_span",
    Name.TEXT: "worker.jobs.read_text",
}  # fmt: skip
# All that a worker does, whatever an order says.
JOBS = frozenset(_JOBS.values())


@dataclass(frozen=True, slots=True)
class Depth:
    """How many orders wait in a queue, how long the first of them has waited, and how many failed within a day."""

    waiting: int
    oldest_seconds: float
    failed: int = 0


class Orders:
    """The queues in one Redis. May be shared between threads; a Redis that is away loses nothing:
    what could not be ordered is ordered again by `recovery`."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection
        self._queues = {name: Queue(name.value, connection=connection, serializer=JSONSerializer) for name in Name}

    @classmethod
    def at(cls, url: str) -> Orders:
        """The queues at redis://... or unix://..."""
        return cls(redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=10))

    @property
    def connection(self) -> redis.Redis:
        """The connections to the server."""
        return self._connection

    def queues(self, names: Iterable[Name]) -> list[Queue]:
        """The queues of these names."""
        return [self._queues[name] for name in names]

    def start(self, run_id: str, kind: Kind) -> bool:
        """Order the first step of a run that was just started; False where Redis is away."""
        return self.order(Name.REJUDGE if kind is Kind.REJUDGE else Name.OPEN, [run_id])

    def order(self, name: Name, ids: Iterable[str], *, first: bool = False) -> bool:
        """Put orders at the end of a queue, or in front of all others; False where Redis is away.

        An order that is given twice does no harm.
        """
        wanted = list(ids)
        try:
            for one in reversed(wanted) if first else wanted:
                self._queues[name].enqueue_call(
                    _JOBS[name], args=(one,), job_id=f"{name}-{one}-{token_hex(4)}", at_front=first,
                    timeout=_TIMEOUT, result_ttl=0, failure_ttl=_FAILURE_KEPT, description=f"{name} {one}",
                )  # fmt: skip
        except redis.RedisError as error:
            told = {"queue": name.value, "count": len(wanted), "error": type(error).__name__}
            _log.warning("orders not given", extra=told)
            return False
        return True

    def waiting(self, name: Name) -> frozenset[str]:
        """The ids that are ordered in a queue. Raises redis.RedisError."""
        return frozenset(job.split("-")[1] for job in self._queues[name].get_job_ids())

    def ping(self) -> bool:
        """Whether the server answers."""
        try:
            return bool(self._connection.ping())
        except redis.RedisError:
            return False

    def depths(self) -> dict[str, Depth]:
        """Each queue's depth; none of them where Redis is away."""
        try:
            return {name.value: self._depth(queue) for name, queue in self._queues.items()}
        except redis.RedisError:
            return {}

    def _depth(self, queue: Queue) -> Depth:
        ids = queue.get_job_ids()
        job = Job.fetch_many(ids[:1], connection=self._connection, serializer=JSONSerializer)[0] if ids else None
        failed = queue.failed_job_registry.get_job_count(cleanup=False)
        if job is None or job.enqueued_at is None:
            return Depth(len(ids), 0.0, failed)
        since = job.enqueued_at.replace(tzinfo=job.enqueued_at.tzinfo or UTC)
        return Depth(len(ids), max(0.0, (datetime.now(UTC) - since).total_seconds()), failed)
