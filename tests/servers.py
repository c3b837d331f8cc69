"""Real servers for tests, started on this machine for the time of the test run."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

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
