"""A wall clock that is as far off as a file says: `python -m tests.off_clock COMMAND ...` is archive-verify with it.

What the store takes for the time: leases, sessions, the order of things by their ids. OFF_CLOCK names the file;
without it the clock is right.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from archive_verify.store import database, ids


def install() -> None:
    """Set the clock of this process's stores, from now on."""
    if told := os.environ.get("OFF_CLOCK"):
        off = Path(told)

        def now() -> datetime:
            return database.utc_now() + timedelta(seconds=int(off.read_text()))

        def now_ns() -> int:
            return time.time_ns() + int(off.read_text()) * 10**9

        database.open_store.__kwdefaults__["clock"] = now
        ids.time = SimpleNamespace(time_ns=now_ns)  # type: ignore[assignment]


def jump(told: Path, seconds: int) -> None:
    """Put the clock forward, or back."""
    fresh = told.with_suffix(".new")
    fresh.write_text(str(int(told.read_text()) + seconds))
    fresh.replace(told)


if __name__ == "__main__":
    from archive_verify.cli import main

    install()
    sys.exit(main(sys.argv[1:]))
