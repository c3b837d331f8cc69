"""A piece of work is held as long as it is worked on, and a step that hangs ends the process."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

from sqlalchemy.exc import OperationalError

from worker.hold import Hold


def test_a_lease_is_renewed_until_the_block_ends() -> None:
    times: list[float] = []
    with Hold("work", lambda: times.append(time.monotonic()), 60, every=0.02):
        time.sleep(0.3)
    count = len(times)
    assert count >= 3
    time.sleep(0.1)
    assert len(times) == count


def test_a_database_that_is_away_for_a_moment_ends_no_work() -> None:
    times: list[float] = []

    def away() -> None:
        times.append(time.monotonic())
        raise OperationalError("UPDATE", {}, Exception("away"))

    with Hold("work", away, 60, every=0.02):
        time.sleep(0.3)
    assert len(times) >= 3


def test_a_step_that_hangs_in_code_that_nothing_interrupts_ends_the_process() -> None:
    code = (
        "import time\n"
        "from worker.hold import Hold\n"
        "with Hold('work', lambda: None, 60, every=0.05) as hold:\n"
        "    hold.step(0.2)\n"
        "    time.sleep(60)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=50)
    assert done.returncode == -signal.SIGKILL
