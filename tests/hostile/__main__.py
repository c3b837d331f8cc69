"""The whole corpus: `python -m tests.hostile [--seed N] [--each N] [--only TEXT]`; a table of what became of it.

The cases run in a process that is started anew where one kills it, so that each is told for itself.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.hostile.attack import SETTINGS, HostileReader, Outcome, as_line, attack, corpus, of_line

_VERDICTS = ("refused", "checked", "crashed", "over time", "over memory")
_SECONDS = 600.0


def main() -> int:
    """Exit status 1 where any case did harm."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=8, help="of every harm to every plain file")
    parser.add_argument("--only", default="", help="cases whose kind or name holds this")
    parser.add_argument("--from", dest="first", type=int, default=None, help=argparse.SUPPRESS)
    options = parser.parse_args()
    cases = corpus(options.seed, options.each)
    chosen = [n for n, case in enumerate(cases) if options.only in f"{case.kind}: {case.name}"]
    if options.first is not None:
        return _serve(options, [n for n in chosen if n >= options.first])
    outcomes: list[Outcome] = []
    while len(outcomes) < len(chosen):
        outcomes += _run(options, chosen[len(outcomes)])
        if len(outcomes) < len(chosen):
            case = cases[chosen[len(outcomes)]]
            outcomes.append(
                Outcome(case.kind, case.name, "crashed", "", "the whole process died or hung", 0.0, 0)
            )
            _tell(outcomes[-1])
    _table(outcomes)
    return int(any(outcome.fault or outcome.verdict not in ("refused", "checked") for outcome in outcomes))


def _run(options: argparse.Namespace, first: int) -> list[Outcome]:
    command = [sys.executable, "-m", "tests.hostile", "--from", str(first), "--seed", str(options.seed),
               "--each", str(options.each), "--only", options.only]  # fmt: skip
    outcomes = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            outcomes.append(of_line(line))
            _tell(outcomes[-1])
    return outcomes


def _serve(options: argparse.Namespace, chosen: list[int]) -> int:
    cases = corpus(options.seed, options.each)
    with HostileReader(SETTINGS) as reader:
        for number in chosen:
            with tempfile.TemporaryDirectory(prefix="hostile-") as directory:
                outcome = attack(cases[number], reader, Path(directory))
            sys.stdout.write(as_line(outcome) + "\n")
            sys.stdout.flush()
    return 0


def _tell(outcome: Outcome) -> None:
    mark = "!!" if outcome.fault or outcome.verdict not in ("refused", "checked") else "  "
    sys.stderr.write(
        f"{mark} {outcome.kind}: {outcome.name}: {outcome.verdict} {outcome.seconds} s {outcome.megabytes} MB"
        f" {outcome.fault} {ascii(outcome.line)[:160] if not outcome.line.isprintable() else outcome.line[-160:]}\n"
    )


def _table(outcomes: list[Outcome]) -> None:
    kinds = list(dict.fromkeys(outcome.kind for outcome in outcomes))
    heads = ("kind", "cases", *_VERDICTS, "other harm", "longest s", "most MB")
    rows = [_row(kind, [outcome for outcome in outcomes if outcome.kind == kind]) for kind in kinds]
    lines = [heads, ("---", *["---:"] * (len(heads) - 1)), *rows, _row("all", outcomes)]
    sys.stdout.writelines(f"| {' | '.join(str(value) for value in line)} |\n" for line in lines)


def _row(kind: str, outcomes: list[Outcome]) -> tuple[object, ...]:
    counts = Counter(outcome.verdict for outcome in outcomes)
    harm = sum(bool(outcome.fault) for outcome in outcomes if outcome.verdict in ("refused", "checked"))
    longest = max((outcome.seconds for outcome in outcomes), default=0.0)
    most = max((outcome.megabytes for outcome in outcomes), default=0)
    return kind, len(outcomes), *(counts[verdict] for verdict in _VERDICTS), harm, longest, most


if __name__ == "__main__":
    sys.exit(main())
