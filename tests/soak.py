"""Hours of work for the real service, watched: `python -m tests.soak --binders 10 --pages 300`.

The real `serve` with the real engine. Two different binders are handed in by turns, one after another, and deleted
when they are checked, so that every page is read anew each time; then both at once. Asked: that each
process's memory and open files stay what they were, that worn workers are followed by fresh ones, and that a
binder's report is the same to the byte, whatever was read before it and beside it. Where it is cut short it says
what was seen till then.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from archive_verify.store import retention
from archive_verify.store.people import Role
from archive_verify.store.runs import State
from tests.load import V1, Client
from tests.service_factories import SYSTEM, institution, user
from tests.serving import Service

ROOT = Path(__file__).parent.parent
_EVERY = 2.0
_PATIENCE = 6 * 3600.0
# What a process may have grown by from its second binder to its last one.
_GROWTH_SHARE, _GROWTH_MB = 1.1, 32
_MORE_FILES = 8
# Of what differs in two reports, and of each value.
_SHOWN, _TOLD = 20, 200
# Pages of a drawn binder for the class as a whole, and for each person.
_CLASS_PAGES, _PERSON_PAGES = 22, 6
_PROGRAM = re.compile(r"\.(reader\d+|judge)\.\d+")


class RealService(Service):
    """`archive-verify serve`, with the engine."""

    @property
    def command(self) -> list[str]:
        """What starts it."""
        return [sys.executable, "-m", "archive_verify", "serve", "--port", str(self.port), "--processes", "2"]


@dataclass(slots=True)
class Life:
    """One process as it was watched: by phase its highest memory in MB and its most open files."""

    program: str
    memory: dict[int, float] = field(default_factory=dict)
    files: dict[int, int] = field(default_factory=dict)


class Watch:
    """Looks at every process of the service again and again."""

    def __init__(self, service: Service) -> None:
        self.lives: dict[int, Life] = {}
        self.phase = 0
        self._service = service
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(_EVERY):
            for pid in self._service.processes():
                try:
                    words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                    # what it alone takes: weights that two processes map are not its own
                    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
                    files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
                except OSError:
                    continue
                own = sum(int(kb) for kb in re.findall(r"^Private_(?:Clean|Dirty):\s+(\d+) kB", told, re.MULTILINE))
                life = self.lives.setdefault(pid, Life(_program(words)))
                life.memory[self.phase] = max(life.memory.get(self.phase, 0.0), own / 1024)
                life.files[self.phase] = max(life.files.get(self.phase, 0), files)


def main() -> int:
    """Print the tables; exit status 1 where anything grew or differed."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--binders", type=int, default=10, help="one after another")
    parser.add_argument("--pages", type=int, default=300, help="of each binder, as they are drawn")
    parser.add_argument("--samples", type=Path, nargs=2, help="two directories of samples instead of drawn ones")
    parser.add_argument("--seed", type=int, default=4300)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))       # what was started is ended too
    with tempfile.TemporaryDirectory(prefix="soak-") as directory:
        samples = options.samples or _draw(Path(directory) / "samples", options.pages, options.seed)
        pages = sum(_pages(one) for one in samples) // 2
        # each worker reads about half of the pages: it is followed by a fresh one before the end
        lifetime = max(1, pages * options.binders // 3)
        service = RealService(Path(directory), more={"WORKER_PAGES": str(lifetime), "API_CALLS_PER_MINUTE": "100000"})
        try:
            return _soak(service, samples, options.binders, lifetime)
        finally:
            service.close()


def _soak(service: RealService, samples: list[Path], binders: int, lifetime: int) -> int:
    service.start()
    store = service.store()
    school = institution(store).id
    user(store, "clerk", Role.CLERK, school)
    reports: dict[Path, list[bytes]] = defaultdict(list)

    def check(sample: Path) -> None:
        client = Client(service.address, "clerk", _PATIENCE)
        archive_id, report = _checked(client, school, sample)
        reports[sample].append(report)
        retention.delete_archive(store, SYSTEM, archive_id, "soak")

    def tell(what: str) -> None:
        same = ", ".join(f"{one.name}: {len(set(made))} different of {len(made)}" for one, made in reports.items())
        sys.stderr.write(f"{what}: {time.monotonic() - began:.0f} s; reports of {same}\n")

    began = time.monotonic()
    cut = ["it was cut short"]
    with Watch(service) as watch:
        try:
            for number in range(binders):
                watch.phase = number + 1
                check(samples[number % 2])
                tell(f"binder {number + 1}")
            watch.phase = binders + 1
            with ThreadPoolExecutor(2) as both:
                list(both.map(check, samples))
            tell("two at once")
            cut = []
        except (KeyboardInterrupt, SystemExit):
            sys.stderr.write("cut short\n")
    store.close()
    service.end(signal.SIGTERM)
    faults = cut + _faults(watch, reports, lifetime)
    _print(watch, reports, faults, time.monotonic() - began)
    return 1 if faults else 0


def _faults(watch: Watch, reports: dict[Path, list[bytes]], lifetime: int) -> list[str]:
    found = []
    for sample, made in reports.items():
        for number, report in enumerate(made[1:], 2):
            if report == made[0]:
                continue
            unlike = _unlike(json.loads(made[0]), json.loads(report)) or ["the same in other bytes"]
            found += [f"{sample.name}, report {number} and the first one: {line}" for line in unlike[:_SHOWN]]
    for pid, life in watch.lives.items():
        # an engine is loaded with the first binder, and grows to its largest page
        phases = sorted(life.memory)[1:]
        if len(phases) < 2:
            continue
        first, last = phases[0], phases[-1]
        if life.memory[last] > life.memory[first] * _GROWTH_SHARE + _GROWTH_MB:
            found.append(f"{life.program} {pid} grew from {life.memory[first]:.0f} to {life.memory[last]:.0f} MB")
        if life.files[last] > life.files[first] + _MORE_FILES:
            found.append(f"{life.program} {pid} had {life.files[first]}, then {life.files[last]} files open")
    for program in ("reader1", "reader2"):
        if sum(life.program == program for life in watch.lives.values()) < 2:
            found.append(f"{program} was not started afresh after {lifetime} pages")
    return found


def _unlike(one: Any, other: Any, place: str = "") -> list[str]:
    """Where two reports differ, and what stands there."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [line for name in one for line in _unlike(one[name], other[name], f"{place}/{name}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [line for number, pair in pairs for line in _unlike(*pair, f"{place}/{number}")]
    return [] if one == other else [f"{place}: {str(one)[:_TOLD]} | {str(other)[:_TOLD]}"]


def _print(watch: Watch, reports: dict[Path, list[bytes]], faults: list[str], seconds: float) -> None:
    console = Console(width=140)
    table = Table(title=f"private memory in MB / open files of each process, by binder; {seconds / 60:.0f} minutes")
    table.add_column("process")
    phases = sorted({phase for life in watch.lives.values() for phase in life.memory})
    for phase in phases:
        table.add_column(str(phase), justify="right")
    for pid, life in sorted(watch.lives.items(), key=lambda one: (one[1].program, one[0])):
        told = [f"{life.memory[one]:.0f}/{life.files[one]}" if one in life.memory else "" for one in phases]
        table.add_row(f"{life.program} {pid}", *told)
    console.print(table)
    for sample, made in reports.items():
        console.print(f"{sample.name}: {_pages(sample)} pages, {len(made)} reports, {len(set(made))} different")
    for fault in faults:
        console.print(f"- {fault}", highlight=False)


def _checked(client: Client, institution_id: str, sample: Path) -> tuple[str, bytes]:
    """Hand a sample in and have it checked: the archive's id, and its report."""
    given = tomllib.loads((sample / "class.toml").read_text(encoding="utf-8"), parse_float=str)
    facts: dict[str, Any] = {
        name: str(value) if name.endswith("_yuan") or not isinstance(value, str | int | list) else value
        for name, value in given.items()
    }
    status, headers, answer = client("POST", f"{V1}/archives", {"institution_id": institution_id, "facts": facts})
    assert status == 201, answer
    archive_id = headers["location"].rsplit("/", 1)[-1]
    roster = next(sample.glob("roster.*"))
    client.upload(archive_id, roster.read_bytes(), roster.name, "roster", f"{archive_id}-roster")
    client.upload(archive_id, (sample / "binder.pdf").read_bytes(), "binder.pdf", "volume", f"{archive_id}-binder")
    status, _, answer = client("POST", f"{V1}/archives/{archive_id}/runs", {"kind": "check"})
    assert status == 202, answer
    run_id = json.loads(answer)["id"]
    while True:
        run = json.loads(client("GET", f"{V1}/runs/{run_id}")[2])
        if run["state"] == State.DONE:
            return archive_id, client("GET", f"{V1}/archives/{archive_id}/report.json")[2]
        assert run["state"] not in (State.FAILED, State.CANCELLED), run["failure"]
        time.sleep(1.0)


def _draw(directory: Path, pages: int, seed: int) -> list[Path]:
    command = [sys.executable, "-m", "sample_archives", str(directory), "--count", "2", "--seed", str(seed)]
    # so many persons as fill the pages: the generator alone stops at 24 of them
    size = ["--pages", str(pages), "--trainees", str(max(5, round((pages - _CLASS_PAGES) / _PERSON_PAGES)))]
    subprocess.run([*command, *size, "--scan", "mixed"], check=True, cwd=ROOT)
    return sorted(path.parent for path in directory.glob("*/binder.pdf"))


def _pages(sample: Path) -> int:
    return len(json.loads((sample / "truth.json").read_text(encoding="utf-8"))["pages"])


def _program(words: str) -> str:
    named = _PROGRAM.search(words)
    if named is not None:
        return named[1]
    if "spawn_main" in words:
        return "engine"             # the process in which a reader's pages are read
    others = (
        "redis-server", "archive_verify api", "archive_verify serve", "multiprocessing.forkserver",
        "multiprocessing.resource_tracker",
    )  # fmt: skip
    return next((name for name in others if name in words), "other")


if __name__ == "__main__":
    sys.exit(main())
