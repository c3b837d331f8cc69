"""The life of one worker process: sit down at the desk, take orders until told to stop or worn out."""

from __future__ import annotations

import functools
import logging
import os
import socket
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

from rq import Queue, SimpleWorker
from rq.exceptions import DeserializationError, StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus

from archive_verify.ocr.cache import ReadingCache
from archive_verify.settings import Settings
from archive_verify.store import ServiceSettings, open_store
from worker.desk import Desk, SheetReader, sit_down
from worker.queue import JOBS, Name, Orders

_log = logging.getLogger(__name__)


class DeskWorker(SimpleWorker):
    """Does its jobs in its own process, so that the engine stays loaded from job to job.

    A signal to stop gives the span at hand back after the page that is being read; a process that
    has read its number of pages ends, and its supervisor starts a fresh one.
    """

    # a Redis that comes back is noticed within seconds
    max_connection_wait_time = 5.0
    log_result_lifespan = False
    log_job_description = False

    def __init__(self, queues: list[Queue], *, desk: Desk, lifetime: int) -> None:
        super().__init__(
            queues, name=desk.owner, connection=desk.orders.connection, serializer=JSONSerializer
        )
        self._desk = desk
        self._lifetime = lifetime

    def take_orders(self, *, burst: bool = False) -> None:
        """Work until told to stop, or until the queues are empty."""
        self.log.setLevel(logging.CRITICAL)     # RQ's own lines hold the words of errors
        self.work(burst=burst, logging_level="CRITICAL")

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Do a job; then see whether it is time for a fresh process. Whoever may write to the queue can
        order what there is to order, and nothing else."""
        try:
            known = job.func_name in JOBS
        except DeserializationError:
            known = False
        if not known:
            _log.error("an order for no known job is thrown away", extra={"queue": queue.name})
            job.delete()
            return
        super().execute_job(job, queue)
        if self._desk.worn or self._desk.sheets_read >= self._lifetime:
            self._stop_requested = True

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Log where a job failed, without the words of the error: they may hold what was read."""
        _log.error("job failed", exc_info=exc_info, extra={"queue": job.origin})

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """End after what is at hand; told again, do so still: the supervisor decides when to kill."""
        self._desk.stopping = True
        self._stop_requested = True
        if self._state != WorkerStatus.BUSY:
            raise StopRequested


def work(
    queues: Iterable[Name],
    owner: str,
    *,
    settings: Settings,
    service: ServiceSettings,
    make_reader: Callable[[ReadingCache], SheetReader] | None = None,
) -> None:
    """Take orders from the queues until told to stop. Raises SetupError where nothing can be read."""
    store = open_store(service)
    orders = Orders.at(service.redis_url)
    desk = Desk(store, orders, settings, owner, make_reader or functools.partial(_reader, settings))
    sit_down(desk)
    try:
        worker = DeskWorker(orders.queues(queues), desk=desk, lifetime=service.worker_pages)
        worker.take_orders()
    finally:
        desk.close()
        store.close()


def name_of(program: str, number: int) -> str:
    """A name for a process that no other has or had."""
    return f"{socket.gethostname()}.{os.getpid()}.{program}.{number}"


def _reader(settings: Settings, cache: ReadingCache) -> SheetReader:
    # The supervisor starts one process per core: each reads one page at a time.
    from archive_verify.reading import Reader

    return Reader(settings.model_copy(update={"workers": 1}), cache=cache)
