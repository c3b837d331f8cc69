"""Keeps programs running: starts them in order, starts again what ends, stops them in reverse order."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from archive_verify.errors import SetupError

_log = logging.getLogger(__name__)
_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_REFUSED = 2                # exit status of a command that cannot work at all
_SHORT_LIFE = 10.0          # what ends sooner is started again later and later
_LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Program:
    """A program to be kept running. `command` makes its arguments from the name of this process.

    Programs of a lower stage are started, and `ready`, before those of a higher one, and stopped after
    them. `mend` is tried once where it ends before it is ready; False says that nothing can be mended.
    `seconds` is the time it is given to stop.
    """

    name: str
    command: Callable[[str], Sequence[str]]
    stage: int = 1
    ready: Callable[[], bool] | None = None
    mend: Callable[[], bool] | None = None
    seconds: float = 30.0
    keep_open: tuple[int, ...] = ()


@dataclass(slots=True)
class _Running:
    program: Program
    number: int = 0
    process: subprocess.Popen[bytes] | None = None
    name: str = ""
    since: float = 0.0
    start_at: float = 0.0
    short_lives: int = 0


class Supervisor:
    """Runs programs until `stop` is called, from any thread or signal handler.

    `name_of(program, number)` names each process; `died(name)` is told of each that ended.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        name_of: Callable[[str, int], str],
        died: Callable[[str], None],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._all = [_Running(program) for program in sorted(programs, key=lambda one: one.stage)]
        self._name_of = name_of
        self._died = died
        self._environment = dict(os.environ if environment is None else environment)
        self._stopping = threading.Event()
        self._hurry = threading.Event()

    def stop(self) -> None:
        """End all; called a second time, do not wait for what is at hand."""
        if self._stopping.is_set():
            self._hurry.set()
        self._stopping.set()

    @property
    def pids(self) -> dict[str, int]:
        """The running processes by program."""
        return {
            one.program.name: one.process.pid for one in self._all
            if one.process is not None and one.process.poll() is None
        }

    def run(self, started: Callable[[], None] | None = None) -> None:
        """Start all, say so, and keep all running until told to stop.

        Raises SetupError where a program does not get ready or refuses to work at its first start.
        """
        try:
            for one in self._all:
                if not self._stopping.is_set():
                    self._start(one)
                    self._wait_ready(one)
            if started is not None and not self._stopping.is_set():
                started()
            while not self._stopping.wait(0.2):
                self._look()
        finally:
            self._stop_all()

    def _start(self, one: _Running) -> None:
        one.number += 1
        one.name = self._name_of(one.program.name, one.number)
        one.since = time.monotonic()
        one.process = subprocess.Popen(
            one.program.command(one.name), env=self._environment, stdin=subprocess.DEVNULL,
            # a Ctrl-C of the terminal reaches this process alone, which stops the others in order
            start_new_session=True, preexec_fn=_end_with_parent, pass_fds=one.program.keep_open,
        )  # fmt: skip

    def _wait_ready(self, one: _Running, seconds: float = 60.0) -> None:
        if one.program.ready is None:
            return
        assert one.process is not None
        until = time.monotonic() + seconds
        mend = one.program.mend
        while not one.program.ready():
            if one.process.poll() is not None and mend is not None and mend():
                mend = None
                self._start(one)
            elif one.process.poll() is not None or time.monotonic() > until:
                raise SetupError(f"{one.program.name} 没有启动", advice="请看上面的信息")
            if self._stopping.wait(0.05):
                return

    def _look(self) -> None:
        for one in self._all:
            if one.process is not None:
                status = one.process.poll()
                if status is not None:
                    self._ended(one, status)
            elif time.monotonic() >= one.start_at:
                self._start(one)

    def _ended(self, one: _Running, status: int) -> None:
        lived = time.monotonic() - one.since
        one.process = None
        self._died(one.name)
        if status == _REFUSED and one.number == 1:
            raise SetupError(f"{one.program.name} 不能工作", advice="请看上面的信息")
        one.short_lives = one.short_lives + 1 if lived < _SHORT_LIFE and status != 0 else 0
        pause = min(_LONGEST_PAUSE, 0.5 * 2 ** (one.short_lives - 1)) if one.short_lives else 0.0
        one.start_at = time.monotonic() + pause
        level = logging.INFO if status == 0 else logging.WARNING
        told = {"worker": one.name, "status": status, "seconds": round(lived)}
        _log.log(level, "process ended", extra=told)

    def _stop_all(self) -> None:
        for stage in sorted({one.program.stage for one in self._all}, reverse=True):
            going = [one for one in self._all if one.program.stage == stage and one.process is not None]
            for one in going:
                _signal(one, signal.SIGTERM)
            for one in going:
                self._wait_end(one)
                self._died(one.name)

    def _wait_end(self, one: _Running) -> None:
        assert one.process is not None
        until = time.monotonic() + one.program.seconds
        while one.process.poll() is None:
            if time.monotonic() > until or self._hurry.is_set():
                _log.warning("process is killed", extra={"worker": one.name})
                _signal(one, signal.SIGKILL)
                one.process.wait()
                return
            time.sleep(0.05)


def _signal(one: _Running, number: signal.Signals) -> None:
    if one.process is not None and one.process.poll() is None:
        one.process.send_signal(number)


def _end_with_parent() -> None:
    """In the child: be told to stop when the supervisor dies, however it dies."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
