"""`serve` with workers that read recorded pages: `python -m tests.recorded_service PORT [api]`.

Its web is a plain one that starts fast, or the real one. `python -m tests.recorded_service join` is such workers
alone, of a service whose parts are elsewhere, as `archive-verify worker`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace

from archive_verify.errors import ArchiveVerifyError
from tests import off_clock
from worker.queue import LIGHT, READING, Name
from worker.serve import answers, join, serve, web_program
from worker.supervisor import Program

# it says nothing, as the real one does
_PLAIN_WEB = """
import http.server, sys
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def _worker(name: str, queues: Sequence[Name]) -> Program:
    words = [queue.value for queue in queues]
    return Program(name, lambda own: [sys.executable, "-m", "tests.recorded_worker", "--name", own, *words])


def _real_web(port: int) -> Program:
    real = web_program("127.0.0.1", port)

    def command(name: str) -> list[str]:
        return [sys.executable, "-m", "tests.off_clock", *real.command(name)[3:]]

    return replace(real, command=command)


def _web(port: int, real: bool) -> Program:
    if real:
        return _real_web(port)
    return Program(
        "web", lambda _name: [sys.executable, "-c", _PLAIN_WEB, str(port)], 2, lambda: answers("127.0.0.1", port)
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    off_clock.install()
    readers = int(os.environ.get("RECORDED_READERS", "1"))
    workers = [*(_worker(f"reader{one}", READING) for one in range(1, readers + 1)), _worker("judge", LIGHT)]
    try:
        if sys.argv[1:] == ["join"]:
            join(_say, workers)
        else:
            port = int(sys.argv[1])
            serve("127.0.0.1", port, _say, workers, _web(port, sys.argv[2:] == ["api"]))
    except ArchiveVerifyError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
