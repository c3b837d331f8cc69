"""Worker processes with one reading engine each; a worker that dies or hangs costs one page at most."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from archive_verify.errors import ArchiveVerifyError, SetupError
from archive_verify.limits import PATIENCE, computed, limit_memory, one_thread
from archive_verify.ocr.base import Engine

# What runs in a worker: an engine factory, called once, and tasks, called with its engine. Both
# must be importable by name, as they are sent to a fresh interpreter.
EngineFactory = Callable[[], Engine]
Task = Callable[[Engine], bytes]

_START_SECONDS = 300.0
_ATTEMPTS = 3
_TICK = 0.05                # seconds between looks at a worker that is near its limit
# Tasks after which a worker makes room for a fresh one: the bound of what an engine may hoard.
_LIFETIME = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the task at `index`: its bytes, or why there are none, in words for a reviewer."""

    index: int
    content: bytes = b""
    failure: str = ""


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    ready: bool = False
    task: int | None = None
    served: int = 0
    since: float = field(default_factory=time.monotonic)
    computed: float = 0.0       # seconds before its task

    def left(self, seconds: float) -> float:
        """Seconds until its task can have taken too long, 0 once it has; `seconds` it may compute."""
        waited = time.monotonic() - self.since
        if not self.ready:
            return max(0.0, _START_SECONDS - waited)
        used = computed(self.process.pid) - self.computed if self.process.pid else 0.0
        return max(0.0, min(seconds - used, PATIENCE * seconds - waited))


class Pool:
    """Runs tasks on `size` processes that are started with the first task, or before by `start`, and stay until
    `close`, but for one that has served `lifetime` tasks: a fresh one takes its place.

    A task may compute for so many seconds (three times as many by the clock), and its process hold so many
    megabytes of memory.
    """

    def __init__(
        self, factory: EngineFactory, size: int, seconds: float, megabytes: int, *, lifetime: int = _LIFETIME
    ) -> None:
        self._factory = factory
        self._megabytes = megabytes
        self._lifetime = lifetime
        self.size = size
        self._seconds = seconds
        self._workers: list[_Worker] = []
        self._lost_at_start = 0

    @property
    def worker_count(self) -> int:
        """How many processes are running."""
        return len(self._workers)

    def run(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """Yield every task's outcome as it comes, in no order.

        A task whose worker dies is tried three times, one that exceeds the time or the memory is not.
        Raises SetupError where no engine can be loaded.
        """
        waiting = deque(range(len(tasks)))
        attempts = [0] * len(tasks)
        left = len(tasks)
        while left:
            self.start(left)
            for worker in self._workers:
                if worker.ready and worker.task is None and waiting:
                    index = waiting.popleft()
                    attempts[index] += 1
                    worker.task, worker.since = index, time.monotonic()
                    worker.computed = computed(worker.process.pid or 0)
                    with contextlib.suppress(OSError):  # a dead worker is noticed below
                        worker.connection.send((index, tasks[index]))
            for outcome in self._collect():
                if outcome.failure == _DIED and attempts[outcome.index] < _ATTEMPTS:
                    waiting.appendleft(outcome.index)
                    continue
                left -= 1
                yield outcome

    def close(self) -> None:
        """End the workers."""
        for worker in self._workers:
            self._end(worker)
        self._workers.clear()

    def start(self, tasks: int) -> None:
        """See that there are workers for so many tasks; they load their engines meanwhile."""
        context = multiprocessing.get_context("spawn")
        while len(self._workers) < min(self.size, tasks):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, self._factory, self._megabytes), daemon=True)
            with one_thread():
                process.start()
            theirs.close()
            self._workers.append(_Worker(process, ours))

    def _collect(self) -> list[Outcome]:
        """Wait for messages, deaths or the next deadline, and say what tasks came to an end."""
        left = [worker.left(self._seconds) for worker in self._workers if worker.task is not None or not worker.ready]
        wait([worker.connection for worker in self._workers], max(_TICK, min(left, default=1.0)))
        outcomes = []
        for worker in list(self._workers):
            outcome = self._look_at(worker)
            if outcome is not None:
                outcomes.append(outcome)
        return outcomes

    def _look_at(self, worker: _Worker) -> Outcome | None:
        try:
            if worker.connection.poll():
                return self._received(worker, worker.connection.recv())
        except (EOFError, OSError):
            return self._lost(worker, _DIED)
        busy = worker.task is not None or not worker.ready
        if busy and not worker.left(self._seconds):
            return self._lost(worker, f"超过{self._seconds:.0f}秒没有读完")
        return None

    def _received(self, worker: _Worker, message: tuple[str, Any]) -> Outcome | None:
        kind, content = message
        if kind == "ready":
            worker.ready = True
            self._lost_at_start = 0
            return None
        if kind == "setup":
            what, where, advice = content
            raise SetupError(what, where=where, advice=advice)
        index, worker.task = worker.task, None
        assert index is not None
        worker.served += 1
        # what an engine holds after it was refused memory is not to be relied on
        if worker.served >= self._lifetime or kind == "memory":
            self._workers.remove(worker)
            self._end(worker)
        return Outcome(index, content) if kind == "done" else Outcome(index, failure=content)

    def _lost(self, worker: _Worker, why: str) -> Outcome | None:
        self._workers.remove(worker)
        self._end(worker)
        if not worker.ready:
            self._lost_at_start += 1
            if self._lost_at_start > _ATTEMPTS:
                raise SetupError(
                    "reading processes end before they are ready", advice="is there enough memory?"
                )
        return None if worker.task is None else Outcome(worker.task, failure=why)

    @staticmethod
    def _end(worker: _Worker) -> None:
        worker.connection.close()
        worker.process.kill()
        worker.process.join()
        worker.process.close()


_DIED = "识别进程意外退出"


def _serve(connection: Connection, factory: EngineFactory, megabytes: int) -> None:
    """The life of a worker: load the engine, then read task after task until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    try:
        engine = factory()
    except SetupError as error:
        connection.send(("setup", (error.what, error.where, error.advice)))
        return
    limit_memory(megabytes)
    release = _heap_release()
    connection.send(("ready", None))
    while True:
        try:
            _, task = connection.recv()
        except (EOFError, OSError):
            return
        try:
            message = ("done", task(engine))
        except MemoryError:
            message = ("memory", f"所需内存超过{megabytes} MB")
        except ArchiveVerifyError as error:
            message = ("failed", error.what)
        except Exception as error:  # the boundary where a page's failure becomes data
            message = ("failed", f"程序出错，{type(error).__name__}: {error}")
        connection.send(message)
        release()


def _heap_release() -> Callable[[], object]:
    """What gives freed memory back to the system: glibc alone keeps it, up to 100 MB after a page."""
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):  # another C library
        return lambda: None
    return partial(trim, 0)
