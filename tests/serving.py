"""`serve` in a process of its own: started, ended, its processes found; its workers read recorded pages."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from archive_verify.store import ServiceSettings, Store, open_store

_ROOT = Path(__file__).parent.parent


def a_port() -> int:
    """A port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service:
    """`serve` in a process of its own, on one data directory."""

    def __init__(
        self, directory: Path, web: str = "", *, data: Path | None = None, more: Mapping[str, str] | None = None
    ) -> None:
        self.directory = directory
        self.data = data or directory / "data"
        self.web = web
        self.more = dict(more or {})            # of its environment
        self.recordings = directory / "recordings"
        self.recordings.mkdir()
        self.log = directory / "service.log"
        self.port = a_port()
        self._process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> list[str]:
        """What it says until it is up, or until its end."""
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                self.command, cwd=_ROOT, text=True, stdout=subprocess.PIPE, stderr=log, env=self.environment,
            )  # fmt: skip
        assert self._process.stdout is not None
        said: list[str] = []
        for line in self._process.stdout:
            said.append(line.strip())
            if "已启动" in line:
                break
        return said

    @property
    def command(self) -> list[str]:
        """What starts it."""
        return [sys.executable, "-m", "tests.recorded_service", str(self.port), *filter(None, [self.web])]

    @property
    def environment(self) -> dict[str, str]:
        own = {"DATA_DIR": str(self.data), "RECORDINGS": str(self.recordings)}
        return {name: value for name, value in os.environ.items() if not name.endswith("_URL")} | own | self.more

    def end(self, number: signal.Signals) -> int:
        """Send the signal; the exit status."""
        assert self._process is not None
        self._process.send_signal(number)
        self._process.communicate(timeout=180)
        return self._process.returncode

    def close(self) -> None:
        """Kill it, if it still runs."""
        if self._process is not None and self._process.returncode is None:
            self.end(signal.SIGKILL)

    def refused(self) -> tuple[int, str]:
        """A second one on the same directory: exit status, and what it says."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.recorded_service", str(a_port())], cwd=_ROOT, text=True,
            capture_output=True, env=self.environment, check=False,
        )  # fmt: skip
        return done.returncode, done.stderr

    def store(self) -> Store:
        """The store it works on."""
        return open_store(ServiceSettings(data_dir=self.data, database_url=self.more.get("DATABASE_URL", "")))

    def processes(self, words: str = "") -> list[int]:
        """The processes of this service whose command has these words; all for none."""
        marks = (str(self.data).encode(), words.encode())
        folders = [folder for folder in Path("/proc").iterdir() if folder.name.isdecimal()]
        return [int(one.name) for one in folders if all(mark in self._words(one) for mark in marks)]

    @staticmethod
    def _words(folder: Path) -> bytes:
        try:
            # redis-server writes its title over its environment
            return (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
        except OSError:
            return b""


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait for it."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
