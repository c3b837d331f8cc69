"""Measures the service beside the command line on the same binders: `python -m worker.bench`.

Each figure is from real OCR on this machine, with nothing cached: first every binder by the command
line, one after another, then all of them handed at once to a running service that has not read
anything yet, for each number of reading processes. Both times hold the loading of the engines.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rq import SimpleWorker

from archive_verify.store import Actor, ServiceSettings, Store, archives, open_store, people, runs
from archive_verify.store.runs import Kind, State
from worker.process import name_of
from worker.queue import Orders
from worker.recovery import Recovery
from worker.redis_server import RedisServer
from worker.serve import environment_of, redis_program, worker_programs
from worker.supervisor import Supervisor

_ACTOR = Actor.system("bench")
_POLICY = "wenshui_2023_51"


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured with a number of reading processes, in seconds for all binders."""

    processes: int
    command_line: float
    service: float
    binders: int
    sheets: int

    @property
    def overhead(self) -> float:
        """By how much the service takes longer, as a share."""
        return self.service / self.command_line - 1


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m worker.bench", description=__doc__)
    parser.add_argument("samples", nargs="+", type=Path, help="directories with binder.pdf, roster.*, class.toml")
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    rows = [measure(options.samples, count) for count in options.processes]
    table = Table(title="The service beside the command line")
    for title in ("reading processes", "binders", "sheets", "command line s", "service s", "overhead",
                  "archives per hour", "sheets per minute"):  # fmt: skip
        table.add_column(title, justify="right")
    for row in rows:
        table.add_row(
            str(row.processes), str(row.binders), str(row.sheets), f"{row.command_line:.1f}", f"{row.service:.1f}",
            f"{row.overhead:+.1%}", f"{row.binders * 3600 / row.service:.1f}", f"{row.sheets * 60 / row.service:.1f}",
        )  # fmt: skip
    Console(width=120).print(table)
    return 0


def measure(samples: Sequence[Path], processes: int) -> Row:
    """Both ways, with so many reading processes each."""
    with tempfile.TemporaryDirectory(prefix="archive-verify-bench-") as directory:
        by_command_line = command_line(samples, processes, Path(directory) / "reports")
        by_service, sheets = service(samples, processes, Path(directory) / "data")
    return Row(processes, by_command_line, by_service, len(samples), sheets)


def command_line(samples: Sequence[Path], processes: int, out: Path) -> float:
    """Seconds that `archive-verify check` takes for the binders, one after another."""
    environment = os.environ | {"ARCHIVE_VERIFY_WORKERS": str(processes), "ARCHIVE_VERIFY_CACHE_MEGABYTES": "0"}
    started = time.perf_counter()
    for number, sample in enumerate(samples):
        command = [
            sys.executable, "-m", "archive_verify", "check", str(sample / "binder.pdf"),
            "--roster", str(_roster(sample)), "--class", str(sample / "class.toml"), "--out", str(out / str(number)),
        ]  # fmt: skip
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(done.stderr)
    return time.perf_counter() - started


def service(samples: Sequence[Path], processes: int, data_dir: Path) -> tuple[float, int]:
    """Seconds from handing in the binders to the last verdict, and the sheets read."""
    server = RedisServer.in_directory(data_dir / "redis")
    settings = ServiceSettings(data_dir=data_dir, database_url="", blob_url="", redis_url=server.url)
    with closing(open_store(settings, migrating=True)) as store:
        orders = Orders.at(server.url)
        recovery = Recovery(store, orders)
        supervisor = Supervisor(
            [redis_program(server), *worker_programs(processes)], name_of=name_of, died=recovery.died,
            environment=environment_of(settings),
        )  # fmt: skip
        thread = threading.Thread(target=supervisor.run)
        thread.start()
        recovery.start()
        try:
            while not orders.ping() or SimpleWorker.count(orders.connection) <= processes:
                time.sleep(0.1)
            started = time.perf_counter()
            run_ids = _handed_in(store, orders, samples)
            sheets = sum(_finished(store, run_id) for run_id in run_ids)
            return time.perf_counter() - started, sheets
        finally:
            recovery.stop()
            supervisor.stop()
            thread.join()


def _handed_in(store: Store, orders: Orders, samples: Sequence[Path]) -> list[str]:
    with store.writing(_ACTOR) as tx:
        school = people.create_institution(tx, "bench")
    run_ids = []
    for sample in samples:
        with store.writing(_ACTOR) as tx:
            archive = archives.create(tx, institution_id=school.id, facts=_facts(sample), policy=_POLICY)
        roster, binder = _roster(sample), sample / "binder.pdf"
        sha256, _ = store.blobs.put([roster.read_bytes()])
        volume, length = store.blobs.put([binder.read_bytes()])
        with store.writing(_ACTOR) as tx:
            archives.set_roster(tx, archive.id, sha256, roster.name)
            archives.add_volume(tx, archive.id, archives.NewVolume(volume, binder.name, length))
            run_id = runs.start(tx, archive.id, Kind.CHECK).id
        orders.start(run_id, Kind.CHECK)
        run_ids.append(run_id)
    return run_ids


def _finished(store: Store, run_id: str) -> int:
    while True:
        with store.reading() as session:
            run = runs.get(session, run_id)
        if run.state == State.DONE:
            return run.sheets_total
        if run.state not in runs.ACTIVE:
            raise SystemExit(f"{run.state}: {run.failure}")
        time.sleep(0.1)


def _facts(sample: Path) -> dict[str, Any]:
    """class.toml as plain JSON, as the web hands it in."""
    given = tomllib.loads((sample / "class.toml").read_text(encoding="utf-8"), parse_float=str)
    return {
        name: value if isinstance(value, str | int | list) else value.isoformat() for name, value in given.items()
    }


def _roster(sample: Path) -> Path:
    return next(sample.glob("roster.*"))


if __name__ == "__main__":
    sys.exit(main())
