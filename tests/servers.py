"""Real servers for tests, started on this machine for the time of the test run."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from worker.queue import Orders
from worker.redis_server import RedisServer

# Debian's package brings a user of this name; the server refuses to run as root.
_USER = "postgres"


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL server on a socket in a directory of its own; the address of its database "postgres"."""
    programs = _programs()
    directory = Path(tempfile.mkdtemp(prefix="pg-"))
    user = _USER if os.getuid() == 0 else None
    if user:
        shutil.chown(directory, user)
    data = directory / "data"
    run = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    subprocess.run(run, check=True, capture_output=True, user=user, cwd="/")
    options = f"-k {directory} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=60"
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(directory / "log"), "-o", options]
    subprocess.run([*control, "start"], check=True, capture_output=True, user=user, cwd="/")
    try:
        yield f"postgresql://postgres@/postgres?host={directory}"
    finally:
        stop = [str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"]
        subprocess.run(stop, check=True, capture_output=True, user=user, cwd="/")
        shutil.rmtree(directory)


@contextmanager
def new_database(server: str, name: str, template: str = "template1") -> Iterator[str]:
    """A database of this name on the server, gone after the block; its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    try:
        yield server.replace("/postgres?", f"/{name}?")
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if found:
        return found[-1]
    here = shutil.which("initdb")
    assert here, "PostgreSQL is not installed; `make test` installs it"
    return Path(here).parent


@contextmanager
def redis_server() -> Iterator[RedisProcess]:
    """A Redis on a socket in a directory of its own, that can be killed and started again."""
    directory = Path(tempfile.mkdtemp(prefix="redis-"))
    process = RedisProcess(RedisServer.in_directory(directory))
    process.start()
    try:
        yield process
    finally:
        process.kill()
        shutil.rmtree(directory)


class RedisProcess:
    """A running redis-server."""

    def __init__(self, server: RedisServer) -> None:
        self._server = server
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is reached."""
        return self._server.url

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = subprocess.Popen(self._server.command, stdin=subprocess.DEVNULL)
        orders = Orders.at(self.url)
        for _ in range(200):
            if orders.ping():
                return
            time.sleep(0.02)
        raise AssertionError("redis-server does not answer")

    def kill(self) -> None:
        """As by kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def flush(self) -> None:
        """Forget all that is in it."""
        Orders.at(self.url).connection.flushall()
