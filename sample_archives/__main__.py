"""Command line: make sample binders with known answers."""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

from . import make
from .fonts import FontsMissing
from .quota import Quota
from .scan import MIXED, PRESETS


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m sample_archives",
        description="Draw class binders, make scans of them, and write the known answer beside each.",
    )
    parser.add_argument("out", type=Path, help="directory that gets one folder per binder")
    parser.add_argument("--count", type=int, default=1, help="number of binders (default 1)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first; the next ones count up")
    parser.add_argument("--family", choices=("a", "b", "both"), default="a", help="family of layouts")
    parser.add_argument("--pages", type=int, default=50, help="pages to aim at (default 50)")
    parser.add_argument("--trainees", type=int, default=0, help="persons (default: as the pages ask for, at most 24)")
    parser.add_argument(
        "--faults", default="some", help="none, some (a handful), all, or codes joined by commas (default some)"
    )
    parser.add_argument(
        "--every-code", type=int, default=0, metavar="K",
        help="spread faults over the binders so that every code occurs K times or more in the set; instead of --faults",
    )  # fmt: skip
    parser.add_argument(
        "--scan", default="any", choices=("any", "mixed", *PRESETS),
        help="scanner (default any); mixed: any, with a pale photocopy and a 1-bit scan in every five",
    )  # fmt: skip
    parser.add_argument("--order", action="store_true", help="order training (订单式)")
    parser.add_argument(
        "--born-digital",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="share of the papers that have a real text layer",
    )
    parser.add_argument("--codes", action="store_true", help="list the fault codes and stop")
    parser.add_argument("--facing", action="store_true", help="scan portrait pages two at a time on A3")
    parser.add_argument("--examples", action="store_true", help="make the three committed samples and stop")
    chosen = parser.parse_args(arguments)
    if chosen.codes:
        print("\n".join(make.CODES))
        return 0
    if chosen.examples:
        for name, order in make.EXAMPLES.items():
            make.sample(order, chosen.out / name)
            print(chosen.out / name)
        return 0
    quota = Quota(chosen.count, chosen.every_code, chosen.seed) if chosen.every_code else None
    for i in range(chosen.count):
        seed = chosen.seed + i
        rng = random.Random(seed)
        family = chosen.family if chosen.family != "both" else "ab"[i % 2]
        wish = make.Order(
            seed=seed,
            family=family,
            pages=chosen.pages,
            trainees=chosen.trainees,
            faults=quota.next() if quota else chosen.faults,
            scan=chosen.scan if chosen.scan != "mixed" else MIXED[i % len(MIXED)],
            order=chosen.order or (chosen.faults in ("some", "all") and rng.random() < 0.12),
            facing=chosen.facing,
            born_digital=chosen.born_digital,
        )
        folder = chosen.out / f"{family}{seed:04d}"
        began = time.monotonic()
        try:
            answer = make.sample(wish, folder)
        except FontsMissing as error:
            print(error, file=sys.stderr)
            return 2
        pages, issues = answer["pages"], answer["issues"]
        assert isinstance(pages, list) and isinstance(issues, list)
        if quota:
            quota.count(issues)
        print(f"{folder}: {len(pages)} pages, {len(issues)} issues, {time.monotonic() - began:.1f} s")
    for code, times in quota.lacking().items() if quota else ():
        print(f"{code}: only {times} times", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
