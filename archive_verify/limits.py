"""Bounds of a process's own memory and time, kept by the system."""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Iterator
from pathlib import Path

# Limits of time are meant for what a process computes: on a machine that others use too it may well wait for a
# processor. By the clock so many times as long is a hang.
PATIENCE = 3
# One thread per process: the processes are the parallelism, and a page is read alike by any number of them.
_ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


def limit_memory(megabytes: int) -> None:
    """From now on this process gets no more memory of its own than that: what asks for more fails.

    What is counted is private and writable (RLIMIT_DATA). Address space as a whole (RLIMIT_AS) would not
    do: programs, models and files that are mapped to be read are hundreds of megabytes of it and cost nothing.
    """
    _lower(resource.RLIMIT_DATA, megabytes << 20)


def limit_cpu(seconds: float) -> None:
    """End this process when it has computed for so long, also where nobody is left to end it."""
    _lower(resource.RLIMIT_CPU, int(seconds) + 1)


def computed(pid: int) -> float:
    """Seconds that a process has computed so far, with all its threads; 0 where it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")   # utime, stime: proc(5)


def _lower(which: int, limit: int) -> None:
    _, hard = resource.getrlimit(which)
    resource.setrlimit(which, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Processes started within the block compute on one thread each."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(_ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
