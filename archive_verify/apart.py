"""A call in a process of its own, under a limit of memory and of time: for what opens files of strangers.

A parser that a file leads astray costs that process at worst, never the caller.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from archive_verify.errors import ArchiveVerifyError, InputRefused
from archive_verify.limits import PATIENCE, limit_cpu, limit_memory, one_thread

T = TypeVar("T")
# Told what is being worked on, so that a refusal can name it.
At = Callable[[str], None]

_ATTEMPTS = 3               # of a process that dies: it may have been killed for no fault of the file's
_starting = threading.Lock()
_log = logging.getLogger(__name__)
# A server that imports once what its processes need: a call then costs hundredths of a second.
_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload([
    "archive_verify.binder", "archive_verify.roster", "archive_verify.intake", "archive_verify.report.dossier_pdf",
    "archive_verify.report.notice",
])


def apart(work: Callable[[At], T], *, megabytes: int, seconds: float, where: str | Path = "") -> T:
    """What `work` gives in a process of its own; it must be importable by name and is called with an `At`.

    `seconds` are those that it computes; a process that waits is ended after three times as many.

    Raises what `work` raises on purpose (ArchiveVerifyError, OSError). Raises InputRefused, naming what was
    being worked on (at first `where`), for more memory or time than allowed, for a process that dies
    time and again, and for any other error: then the file is of a kind no parser foresaw.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        call = _Call(str(where))
        kind, content = call.run(work, megabytes, seconds)
        if kind == "done":
            return content  # type: ignore[no-any-return]
        if kind == "raised":
            raise content
        _log.warning("a file is not opened: %s", kind, extra={"error": content, "attempt": attempt})
        if kind != "died":
            break
    raise _refusal(kind, content, megabytes, seconds, call.where)


def make_ready() -> None:
    """Let what later calls need be loaded meanwhile, so that the first one does not wait for it; returns at once."""
    with _starting, one_thread(), _unseen_program():
        forkserver.ensure_running()


def _refusal(kind: str, content: str, megabytes: int, seconds: float, where: str) -> InputRefused:
    anew = "请重新扫描或重新导出这个文件"
    if kind == "memory":
        what = f"打开时所需内存超过上限 {megabytes} MB"
        return InputRefused(what, where=where, advice=f"{anew}，或调高 ARCHIVE_VERIFY_PROCESS_MEGABYTES")
    if kind == "time":
        what = f"打开用时超过上限 {seconds:.0f} 秒"
        return InputRefused(what, where=where, advice=f"{anew}，或调高 ARCHIVE_VERIFY_OPEN_SECONDS")
    if kind == "died":
        return InputRefused(f"打开这个文件的进程意外结束（{content}）", where=where, advice=anew)
    return InputRefused(f"文件内容异常，无法解析（{content}）", where=where, advice=anew)


class _Call:
    """One process and what it says."""

    def __init__(self, where: str) -> None:
        self.where = where

    def run(self, work: Callable[[At], Any], megabytes: int, seconds: float) -> tuple[str, Any]:
        ours, theirs = multiprocessing.Pipe(duplex=False)
        with ours:
            with theirs:
                process = _start(theirs, work, Path.cwd(), megabytes, seconds)
            try:
                return self._listen(ours, process, time.monotonic() + PATIENCE * seconds)
            finally:
                process.kill()
                process.join()
                process.close()

    def _listen(self, connection: Connection, process: BaseProcess, deadline: float) -> tuple[str, Any]:
        while connection.poll(max(0.0, deadline - time.monotonic())):
            try:
                kind, content = connection.recv()
            except (EOFError, OSError):
                process.join()
                return _how_it_ended(process.exitcode)
            if kind != "at":
                return kind, content
            self.where = content
        return "time", ""


def _start(*arguments: Any) -> BaseProcess:
    with _starting, one_thread(), _unseen_program():
        try:
            process: BaseProcess = _server.Process(target=_serve, args=arguments, daemon=True)
            process.start()
        except OSError:  # the server's socket is a file, which a tidying of the system may take away
            process = multiprocessing.get_context("spawn").Process(target=_serve, args=arguments, daemon=True)
            process.start()
    return process


@contextmanager
def _unseen_program() -> Iterator[None]:
    """Processes started within the block do not run through the caller's program: each would load all of it anew."""
    program = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = program


def _how_it_ended(status: int | None) -> tuple[str, str]:
    if status == -signal.SIGXCPU:
        return "time", ""
    return "died", signal.Signals(-status).name if status is not None and status < 0 else f"{status}"


def _serve(connection: Connection, work: Callable[[At], Any], place: Path, megabytes: int, seconds: float) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller decides when to stop
    os.chdir(place)
    limit_memory(megabytes)
    limit_cpu(seconds)
    try:
        message = ("done", work(lambda where: connection.send(("at", where))))
    except (ArchiveVerifyError, OSError) as error:
        message = ("raised", error)
    except MemoryError:
        message = ("memory", None)
    except Exception as error:  # the boundary where a file that nobody foresaw becomes a refusal
        message = ("astray", _place_of(error))
    connection.send(message)


def _place_of(error: Exception) -> str:
    """Type and place of an error. Its words stay untold: they may hold what was read."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}, {Path(frame.filename).name}:{frame.lineno}"
