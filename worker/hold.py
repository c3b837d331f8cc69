"""Holding a piece of work: its lease is renewed from a thread, and a step that hangs ends the process."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError

LEASE_SECONDS = 60.0
_log = logging.getLogger(__name__)


class Hold:
    """A `with` block in which `renew` is called every few seconds.

    `step(limit)` says that what comes next may take so many seconds. What takes longer hangs in code
    that nothing can interrupt: the process is killed, as a crash would kill it, and its supervisor
    starts another.
    """

    def __init__(
        self, run_id: str, renew: Callable[[], object], limit: float, *, every: float = LEASE_SECONDS / 4
    ) -> None:
        self._run_id = run_id
        self._renew = renew
        self._every = every
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"hold {run_id}", daemon=True)
        self.step(limit)

    def step(self, limit: float) -> None:
        """The time allowed from now on."""
        self._deadline = time.monotonic() + limit

    def __enter__(self) -> Hold:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _keep(self) -> None:
        due = time.monotonic() + self._every
        while not self._ended.wait(min(1.0, self._every)):
            now = time.monotonic()
            if now > self._deadline:
                _log.critical("hangs: the process ends itself", extra={"run_id": self._run_id})
                os.kill(os.getpid(), signal.SIGKILL)
            if now >= due:
                due = now + self._every
                try:
                    self._renew()
                except SQLAlchemyError as error:
                    _log.warning(
                        "lease not renewed", extra={"run_id": self._run_id, "error": type(error).__name__}
                    )
