"""Command line: one table of reading speed and accuracy, measured in one interleaved run."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from archive_verify.settings import Settings

from . import engines
from .accuracy import character_errors, id_numbers
from .pages import PageSet, draw_class, draw_pages, part, thinned

# Pages read between two turns: enough that a process that waits for the last page of the others does not
# count; in a binder that happens once.
_BLOCK = 20
_TELLING = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16")


@dataclass
class _Entrant:
    """An engine in its process, with what was measured of it so far."""

    name: str
    process: BaseProcess
    connection: Connection
    seconds: float = 0.0
    cpu: float = 0.0
    texts: dict[int, list[str]] = field(default_factory=dict)
    megabytes: list[int] = field(default_factory=list)

    def read(self, pdf: Path, first: int) -> None:
        self.connection.send(pdf)
        seconds, cpu, texts = self.connection.recv()
        self.megabytes = max(self.megabytes, engines.peak_megabytes(self.process.pid or 0))
        if first >= 0:
            self.seconds += seconds
            self.cpu += cpu
            self.texts.update(enumerate(texts, first))

    def end(self) -> None:
        self.connection.send(None)
        self.process.join(20)
        self.process.kill()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m sample_archives.bench", description=__doc__)
    parser.add_argument("--pages", type=int, default=60, help="pages of the binder to be read (default 60)")
    parser.add_argument("--sizes", type=int, nargs="*", default=[50, 200, 900], help="binders for the cost per page")
    parser.add_argument("--scan", default="office", help="scanner, see python -m sample_archives (default office)")
    parser.add_argument("--seed", type=int, default=700)
    parser.add_argument("--only", nargs="*", default=list(engines.ENGINES), help="engines to compare")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        folder = Path(work)
        settings = Settings(cache_dir=folder / "cache")
        print(_machine(), flush=True)
        pages = draw_pages(folder, chosen.pages, chosen.scan, chosen.seed)
        print(f"{len(pages.types)} pages of {len(set(pages.types))} types, scanner {chosen.scan}\n", flush=True)
        entrants = _interleaved(pages, chosen.only, settings, folder)
        _print_table(pages, entrants)
        _print_check(folder / "general", settings, entrants)
        if chosen.sizes:
            _print_sizes(folder, chosen.sizes, chosen.scan, chosen.seed)
    return 0


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    flags = " ".join(flag for flag in _TELLING if flag in facts.get("flags", "").split())
    cores = len(os.sched_getaffinity(0))
    return f"{date.today()}, {cores} cores of {facts.get('model name', 'an unknown CPU')} ({flags})"


def _interleaved(pages: PageSet, names: list[str], settings: Settings, folder: Path) -> list[_Entrant]:
    """Every engine reads every block of pages, in turns that begin with another engine each time."""
    context = multiprocessing.get_context("spawn")
    entrants = []
    for name in names:
        near, far = context.Pipe()
        process = context.Process(target=engines.serve, args=(far, name, settings))
        process.start()
        far.close()
        missing = near.recv()
        if missing:
            print(f"{name} is left out: {missing}", file=sys.stderr)
            process.join()
            continue
        entrants.append(_Entrant(name, process, near))
    block = folder / "block.pdf"
    for start in (-1, *range(0, len(pages.types), _BLOCK)):  # the first time is for warming up
        block.write_bytes(part(pages, max(0, start), 2 if start < 0 else start + _BLOCK))
        for entrant in entrants:
            entrant.read(block, start)
        entrants = entrants[1:] + entrants[:1]
    entrants.sort(key=lambda entrant: names.index(entrant.name))
    for entrant in entrants:
        entrant.end()
    return entrants


def _print_table(pages: PageSet, entrants: list[_Entrant]) -> None:
    print(
        "| engine | pages/s | CPU s/page | peak MB (largest process) | characters wrong | ID numbers exact "
        "| their digits wrong |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    count = len(pages.types)
    for entrant in entrants:
        errors = [character_errors(pages.texts[i], entrant.texts[i]) for i in range(count)]
        numbers = [id_numbers(pages.texts[i], entrant.texts[i]) for i in range(count)]
        wrong, printed = (sum(pair[i] for pair in errors) for i in (0, 1))
        exact, ids, digits = (sum(found[i] for found in numbers) for i in (0, 1, 2))
        print(
            f"| {entrant.name} | {count / entrant.seconds:.2f} | {entrant.cpu / count:.2f} "
            f"| {sum(entrant.megabytes)} ({max(entrant.megabytes)}) "
            f"| {100 * wrong / printed:.2f} % of {printed} | {exact} of {ids} | {digits} of {18 * ids} |",
            flush=True,
        )


def _print_check(binder: Path, settings: Settings, entrants: list[_Entrant]) -> None:
    """The command as a user calls it: once with an empty cache, once more with what it kept."""
    first, _, pages = _checked(binder, settings.cache_dir)
    again, _, _ = _checked(binder, settings.cache_dir)
    print(f"\n`archive-verify check` of {pages} pages, everything included: {first:.1f} s, again {again:.1f} s")
    for entrant in entrants:
        alone = entrant.seconds / len(entrant.texts) * pages
        print(f"- {entrant.name} takes {alone:.1f} s to read them: {alone / first:.1f} x, again {alone / again:.1f} x")
    sys.stdout.flush()


def _checked(binder: Path, cache: Path) -> tuple[float, float, int]:
    """Seconds that a check takes, seconds that all its processes compute, and the pages of the binder."""
    import pikepdf

    roster = next(binder.glob("roster.*"))
    before, computed = time.perf_counter(), _computed()
    done = subprocess.run(
        [sys.executable, "-m", "archive_verify", "check", binder / "binder.pdf", "--roster", roster,
         "--class", binder / "class.toml", "--out", binder / "report"],
        env={**os.environ, "ARCHIVE_VERIFY_CACHE_DIR": str(cache)}, capture_output=True, text=True,
    )
    seconds = time.perf_counter() - before
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    with pikepdf.open(binder / "binder.pdf") as pdf:
        return seconds, _computed() - computed, len(pdf.pages)


def _computed() -> float:
    """Seconds that the processes which ended so far computed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _print_sizes(folder: Path, sizes: list[int], scan: str, seed: int) -> None:
    """What a page costs by the size of its binder: smaller binders are evenly chosen pages of the largest one, as a
    class of more persons has pages of other kinds."""
    print("\n| pages | seconds | seconds a page | against the first | CPU s/page | against the first |")
    print("| --- | --- | --- | --- | --- | --- |")
    whole = folder / "sizes"
    most = draw_class(whole, max(sizes), scan, seed)
    base = base_cpu = 0.0
    for size in sizes:
        place = thinned(whole, folder / f"size-{size}", size) if size < min(most, max(sizes)) else whole
        seconds, cpu, pages = _checked(place, folder / f"cache-{size}")
        each, cpu_each = seconds / pages, cpu / pages
        base, base_cpu = base or each, base_cpu or cpu_each
        print(
            f"| {pages} | {seconds:.0f} | {each:.3f} | {100 * (each / base - 1):+.0f} % "
            f"| {cpu_each:.2f} | {100 * (cpu_each / base_cpu - 1):+.0f} % |",
            flush=True,
        )


if __name__ == "__main__":
    raise SystemExit(main())
