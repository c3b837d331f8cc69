"""Real servers for tests, started on this machine for the time of the test run."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from moto.server import ThreadedMotoServer

from worker.queue import Orders
from worker.redis_server import RedisServer

# Debian's package brings a user of this name; the server refuses to run as root.
_USER = "postgres"


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL server for the time of the block; the address of its database "postgres"."""
    with postgres_server() as server:
        yield server.url


@contextmanager
def postgres_server() -> Iterator[PostgresProcess]:
    """A PostgreSQL on a socket in a directory of its own, that can be killed and started again."""
    directory = Path(tempfile.mkdtemp(prefix="pg-"))
    server = PostgresProcess(directory)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(directory)


class PostgresProcess:
    """A PostgreSQL server; what is written outlives its death, though not the machine's."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._data = directory / "data"
        self._user = _USER if os.getuid() == 0 else None
        if self._user:
            shutil.chown(directory, self._user)
        self._run("initdb", "-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")

    @property
    def url(self) -> str:
        """The address of its database "postgres"."""
        return f"postgresql://postgres@/postgres?host={self._directory}"

    def start(self) -> None:
        """Start it, also while processes of a killed one are still ending."""
        settings = ("listen_addresses=''", "fsync=off", "full_page_writes=off", "max_connections=60")
        options = f"-k {self._directory} " + " ".join(f"-c {one}" for one in settings)
        until = time.monotonic() + 60
        while True:
            try:
                self._control("start", "-l", str(self._directory / "log"), "-o", options)
                return
            except subprocess.CalledProcessError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def stop(self) -> None:
        """End it at once."""
        self._control("stop", "-m", "immediate")

    def kill(self) -> None:
        """As by kill -9."""
        os.kill(int((self._data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def kill_backend(self) -> None:
        """Kill the process of one connection: the server then ends all others, and recovers."""
        with psycopg.connect(self.url) as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                " ORDER BY random() LIMIT 1"
            ).fetchone()
        if found is not None:
            os.kill(found[0], signal.SIGKILL)

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-w", *words)

    def _run(self, program: str, *words: str) -> None:
        # what it starts keeps a pipe open
        subprocess.run(
            [str(_programs() / program), *words], check=True, user=self._user, cwd="/", stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip


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


class S3Server:
    """An S3 server in threads of this process."""

    def __init__(self, address: str) -> None:
        self.environment = {
            "AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
        }  # fmt: skip

    def bucket(self, name: str) -> str:
        """A new bucket; the address of a place in it."""
        address = f"{self.environment['AWS_ENDPOINT_URL']}/{name}"
        urllib.request.urlopen(urllib.request.Request(address, method="PUT")).close()
        return f"s3://{name}/archives"


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """An S3 server for the time of the block."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield S3Server(f"http://{host}:{port}")
    finally:
        server.stop()
