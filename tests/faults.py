"""Breaks the running service at random moments under load, and counts what it lost: `python -m tests.faults`.

The real `serve` with its own Redis, the real web side and worker processes that read recorded pages; clients
hand in binders over HTTP without a pause. Round by round one thing is broken; the next round comes when a run
has ended since. Twice: with SQLite in the data directory, and with a PostgreSQL server of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from rich.console import Console
from rich.table import Table

from archive_verify.store import Store
from archive_verify.store.people import Role
from tests.load import Load, Tally, tally
from tests.off_clock import jump
from tests.servers import PostgresProcess, postgres_server
from tests.service_factories import institution, user
from tests.serving import Service
from worker.queue import Orders

_CLIENTS, _PAGES = 3, 6
# A piece of work whose process could not say that it gave up is free after its lease, a minute.
_PATIENCE = 300.0
_SHEET_SECONDS = "0.05"
_DISK = "96m"
_FULL_SECONDS = 6.0
_HOUR = 3600
_LOCKED_TABLES = "runs, run_sheets, run_spans, audit_head, sessions, archives"


@dataclass(slots=True)
class Kind:
    """A way to break the service; how often it was done, and how long until a run ended after it."""

    name: str
    strike: Callable[[], None]
    times: int = 0
    longest: float = 0.0


@dataclass(slots=True)
class Scene:
    """A service under load, and the ways to break it."""

    name: str
    service: Service
    store: Store
    load: Load
    disk: str                   # what the full disk is made by
    kinds: list[Kind] = field(default_factory=list)


def main() -> int:
    """Print the tables; exit status 1 where anything was lost, twice or wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=100, help="faults, half of them with each database")
    parser.add_argument("--minutes", type=float, default=24 * 60, help="make no further fault after so long")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lock-seconds", type=float, default=60.0, help="how long a database stays locked")
    parser.add_argument("--only", nargs="*", default=[], help="kinds of faults by words in their names")
    parser.add_argument("--disk", choices=("mount", "quota"), help="what the full disk is made by (default: what can)")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))       # what was started is ended too
    fine = True
    databases = ("sqlite", "postgresql") if options.database == "both" else (options.database,)
    for name in databases:
        began = time.monotonic()
        with a_scene(name, lock_seconds=options.lock_seconds, only=options.only, disk=options.disk) as scene:
            rounds, until = options.rounds // len(databases), began + 60 * options.minutes / len(databases)
            found = run(scene, rounds, random.Random(options.seed), until=until, tell=True)
        fine &= found.fine
        _print(scene, found, time.monotonic() - began)
    return 0 if fine else 1


def run(
    scene: Scene, rounds: int, draw: random.Random, *, until: float = float("inf"), tell: bool = False
) -> Tally:
    """So many faults until that time, each kind as often as the others, in random order and at random moments."""
    scene.load.start()
    _wait(lambda: scene.load.ended >= 1, _PATIENCE)
    order: list[Kind] = []
    for number in range(1, rounds + 1):
        if time.monotonic() > until:
            break
        order = order or draw.sample(scene.kinds, len(scene.kinds))
        kind = order.pop()
        time.sleep(draw.uniform(0.0, 2.0))
        before = scene.load.ended
        struck = time.monotonic()
        kind.strike()
        _wait(lambda before=before: scene.load.ended > before, _PATIENCE)  # type: ignore[misc]
        kind.times += 1
        kind.longest = max(kind.longest, time.monotonic() - struck)
        if tell:
            line = f"{scene.name} {number}/{rounds} {kind.name}: {time.monotonic() - struck:.1f} s"
            sys.stderr.write(f"{line}, {scene.load.ended} runs ended\n")
    scene.load.finish()
    return tally(scene.store, scene.load, _PAGES)


@contextmanager
def a_scene(
    database: str, *, lock_seconds: float, only: Sequence[str] = (), clients: int = _CLIENTS, disk: str | None = None
) -> Iterator[Scene]:
    """A running service that nobody uses yet. `only` leaves the faults whose names hold one of these words.

    The full disk is a small one that is mounted, or ("quota", and where mounting is not permitted) a bound on files
    in the service's processes.
    """
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-")))
        mounted = stack.enter_context(_small_disk(directory / "disk", wanted=disk != "quota"))
        assert mounted or disk != "mount", "mounting is not permitted here"
        (directory / "disk" / "tmp").mkdir()
        # what the engine would write while reading, and the web while it puts reports together, fills it too
        more = {"TMPDIR": str(directory / "disk" / "tmp"), "API_CALLS_PER_MINUTE": "100000", "RECORDED_READERS": "2"}
        postgres = stack.enter_context(postgres_server()) if database == "postgresql" else None
        if postgres is not None:
            more["DATABASE_URL"] = postgres.url
        clock = directory / "clock"
        clock.write_text("0")
        more["OFF_CLOCK"] = str(clock)
        service = Service(directory, "api", data=directory / "disk" / "data", more=more)
        (service.recordings / "slow").write_text(_SHEET_SECONDS)
        stack.callback(_killed, service)
        service.start()
        store = service.store()
        stack.callback(store.close)
        school = institution(store).id
        user(store, "clerk", Role.CLERK, school)
        load = Load(service.address, "clerk", school, clients=clients, pages=_PAGES, patience=_PATIENCE)
        scene = Scene(database, service, store, load, "a small disk" if mounted else "a quota of each process")
        kinds = _processes(service)
        kinds += _postgres(postgres, lock_seconds) if postgres is not None else [
            Kind("database locked", lambda: _lock_sqlite(service.data / "archive-verify.db", lock_seconds))
        ]  # fmt: skip
        kinds.append(Kind("disk full", lambda: _fill(directory / "disk") if mounted else _no_more_bytes(service)))
        kinds += _jumps(clock)
        scene.kinds = [kind for kind in kinds if not only or any(word in kind.name for word in only)]
        yield scene
        service.end(signal.SIGTERM)


# --- processes ------------------------------------------------------------------------------------


def _processes(service: Service) -> list[Kind]:
    def kill(words: str, number: signal.Signals = signal.SIGKILL) -> None:
        for pid in service.processes(words)[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def flush() -> None:
        with contextlib.suppress(Exception):
            Orders.at(f"unix://{service.data}/redis/redis.sock").connection.flushall()

    def power_cut() -> None:
        _killed(service)
        service.start()

    def orphaned() -> None:
        # its children are told by the kernel to stop, and go on to the page's end
        service.end(signal.SIGKILL)
        _started(service)

    def restarted() -> None:
        assert service.end(signal.SIGTERM) == 0
        _started(service)

    return [
        Kind("worker killed", lambda: kill(".reader")),
        Kind("judge killed", lambda: kill(".judge.")),
        Kind("web killed", lambda: kill("--port")),
        Kind("Redis killed", lambda: kill("redis-server")),
        Kind("Redis flushed", flush),
        Kind("all killed", power_cut),
        Kind("supervisor killed", orphaned),
        Kind("worker drained (SIGTERM)", lambda: kill(".reader", signal.SIGTERM)),
        Kind("web drained (SIGTERM)", lambda: kill("--port", signal.SIGTERM)),
        Kind("all drained (SIGTERM)", restarted),
    ]


def _killed(service: Service) -> None:
    """Everything of the service at once, as by a power cut."""
    for _ in range(100):
        found = service.processes()
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if not found:
            break
        time.sleep(0.05)
    service.close()


def _started(service: Service) -> None:
    """Start it, as soon as the one before has left the directory."""
    until = time.monotonic() + _PATIENCE
    while not any("已启动" in line for line in service.start()):
        assert time.monotonic() < until, "the service does not start"
        time.sleep(0.5)


# --- databases ------------------------------------------------------------------------------------


def _lock_sqlite(path: Path, seconds: float) -> None:
    with contextlib.closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")


def _locked(connection: psycopg.Connection) -> bool:
    """Whether all tables were locked; where one of the service's transactions holds two of them, nothing is."""
    try:
        connection.execute(f"LOCK TABLE {_LOCKED_TABLES} IN ACCESS EXCLUSIVE MODE".encode())
    except psycopg.errors.DeadlockDetected:
        return False
    return True


def _postgres(server: PostgresProcess, seconds: float) -> list[Kind]:
    def lock() -> None:
        with psycopg.connect(server.url) as connection:
            while not _locked(connection):
                connection.rollback()
            time.sleep(seconds)
            connection.rollback()

    def killed() -> None:
        server.kill()
        time.sleep(1.0)
        server.start()

    return [
        Kind("PostgreSQL killed", killed),
        Kind("PostgreSQL backend killed", server.kill_backend),
        Kind("database locked", lock),
    ]


# --- disk and clock -------------------------------------------------------------------------------


@contextmanager
def _small_disk(place: Path, *, wanted: bool) -> Iterator[bool]:
    """A disk of its own at the place, where it is wanted and mounting is permitted; else a plain directory (False)."""
    place.mkdir()
    mounted = wanted and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_DISK},mode=755", "tmpfs", str(place)], capture_output=True, check=False
    ).returncode == 0  # fmt: skip
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(place)], check=True)


def _fill(disk: Path) -> None:
    filler = disk / "filler"
    until = time.monotonic() + _FULL_SECONDS
    with filler.open("wb", buffering=0) as stream:
        while time.monotonic() < until:         # also what others give back meanwhile
            try:
                stream.write(b"\0" * 4096)
            except OSError:
                time.sleep(0.01)
    filler.unlink()


def _no_more_bytes(service: Service) -> None:
    """For some seconds no process of the service can write a byte to a file: to each, files may be of no length.

    But Redis: the system ends a program that has not asked to be told of it, and a killed one is another fault.
    """
    until = time.monotonic() + _FULL_SECONDS
    while time.monotonic() < until:             # also those that are started meanwhile
        _bound_files(service, 0)
        time.sleep(0.05)
    # one that was being started had the bound of the process that started it
    for _ in range(20):
        _bound_files(service, resource.RLIM_INFINITY)
        time.sleep(0.05)


def _bound_files(service: Service, most: int) -> None:
    for pid in set(service.processes()) - set(service.processes("redis-server")):
        with contextlib.suppress(ProcessLookupError):
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, hard))


def _jumps(told: Path) -> list[Kind]:
    return [
        Kind("clock an hour ahead", lambda: jump(told, _HOUR)),
        Kind("clock an hour back", lambda: jump(told, -_HOUR)),
    ]


# --- the table ------------------------------------------------------------------------------------


def _print(scene: Scene, found: Tally, seconds: float) -> None:
    console = Console(width=110)
    table = Table(title=f"{scene.name}: {sum(kind.times for kind in scene.kinds)} faults in {seconds / 60:.0f} minutes")
    table.add_column("fault")
    for title in ("times", "longest until a run ended, s"):
        table.add_column(title, justify="right")
    for kind in scene.kinds:
        table.add_row(kind.name, str(kind.times), f"{kind.longest:.1f}")
    console.print(table)
    table = Table(title=f"{scene.name}: runs")
    for title in ("started", "finished right", "lost", "twice", "wrong"):
        table.add_column(title, justify="right")
    figures = (found.started, found.right, len(found.lost), len(found.twice), len(found.wrong))
    table.add_row(*(str(figure) for figure in figures))
    console.print(table)
    if any(kind.name == "disk full" for kind in scene.kinds):
        console.print(f"the full disk was made by {scene.disk}")
    for line in (*found.lost, *found.twice, *found.wrong):
        console.print(f"- {line}", highlight=False)


def _wait(condition: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
