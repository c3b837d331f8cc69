"""The database: connections, transactions that end with their audit rows."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import URL, Connection, CursorResult, Engine, Result, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from archive_verify.store.audit import Entry, append
from archive_verify.store.blobs import Blobs, open_blobs
from archive_verify.store.config import ServiceSettings
from archive_verify.store.errors import DatabaseUnusable, NotFound
from archive_verify.store.migrate import check_schema, migrate

Clock = Callable[[], datetime]
# A writer waits this long for another one, in milliseconds.
_BUSY = 60_000
# A server that does not answer is away after so many seconds.
_CONNECTING = 10


def utc_now() -> datetime:
    """The time as the store keeps it."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, a person's token, or the program itself."""

    kind: Literal["user", "token", "system"]
    id: str
    name: str
    role: str = ""
    institution_id: str | None = None
    address: str = ""

    @classmethod
    def system(cls, name: str) -> Actor:
        """The program, e.g. Actor.system("worker")."""
        return cls("system", name, name)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows may be seen: one institution's, or all (None)."""

    institution_id: str | None = None

    def admit(self, institution_id: str | None) -> None:
        """Raises NotFound for a row of another institution."""
        if self.institution_id is not None and institution_id != self.institution_id:
            raise NotFound("没有这份档案")


EVERYTHING = Scope()


def changed_rows(result: Result[Any]) -> int:
    """How many rows an UPDATE or DELETE changed."""
    assert isinstance(result, CursorResult)
    return result.rowcount


@dataclass(slots=True)
class Transaction:
    """A writing transaction: what is done in it is done and audited together, or not at all."""

    session: Session
    actor: Actor
    now: datetime
    settings: ServiceSettings
    entries: list[Entry] = field(default_factory=list)

    def audit(
        self,
        action: str,
        subject_kind: str,
        subject_id: str | int,
        *,
        old: Any = None,
        new: Any = None,
        archive_id: str | None = None,
    ) -> None:
        """Note what is being done; `old` and `new` are plain JSON values."""
        self.entries.append(
            Entry(
                at=self.now, actor_kind=self.actor.kind, actor_id=self.actor.id, actor_name=self.actor.name,
                address=self.actor.address, action=action, subject_kind=subject_kind,
                subject_id=str(subject_id), archive_id=archive_id, old=old, new=new,
            )
        )  # fmt: skip


class Store:
    """Database and blobs of one process; may be shared between its threads, not with a forked child."""

    def __init__(
        self, settings: ServiceSettings, engine: Engine, blobs: Blobs, clock: Clock = utc_now
    ) -> None:
        self.settings = settings
        self.blobs = blobs
        self.clock = clock
        self._engine = engine
        self._writer = engine.execution_options(writing=True)

    @property
    def engine(self) -> Engine:
        """For health checks and maintenance; all else goes through `reading` and `writing`."""
        return self._engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and changes nothing."""
        with Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self, actor: Actor) -> Iterator[Transaction]:
        """A transaction, committed at the end of the block; keep it short.

        Its audit rows are written last, under the lock of the log: whoever holds it waits for nobody.
        """
        with Session(self._writer, expire_on_commit=False) as session:
            tx = Transaction(session, actor, self.clock(), self.settings)
            yield tx
            session.flush()
            append(session, tx.entries)
            session.commit()

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def open_store(
    settings: ServiceSettings, *, migrating: bool = False, clock: Clock = utc_now
) -> Store:
    """The store that the settings name. `migrating` brings the schema up to date first.

    Raises DatabaseUnusable where the database cannot be reached or has another schema.
    """
    engine = make_engine(settings.database)
    try:
        if migrating:
            migrate(engine)
        check_schema(engine)
    except OperationalError as error:
        engine.dispose()
        raise DatabaseUnusable(
            "数据库连不上", where=engine.url.render_as_string(hide_password=True),
            advice="请检查 DATABASE_URL 和数据库服务",
        ) from error  # fmt: skip
    return Store(settings, engine, open_blobs(settings.blobs, settings.data_dir), clock)


def make_engine(url: str) -> Engine:
    """An engine for SQLite in WAL mode or for PostgreSQL."""
    if not url.startswith("sqlite"):
        patience = {} if "connect_timeout" in url else {"connect_timeout": _CONNECTING}
        return create_engine(url, connect_args=patience, pool_pre_ping=True, pool_size=10, max_overflow=20)
    path = url.removeprefix("sqlite:///")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    # not as an address, in which a path with a question mark would end there
    engine = create_engine(
        URL.create("sqlite", database=path), connect_args={"timeout": _BUSY / 1000}, pool_size=10, max_overflow=40
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None       # the driver begins no transactions of its own
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {_BUSY}", "synchronous = FULL", "foreign_keys = ON",
        "temp_store = MEMORY", "cache_size = -65536", "mmap_size = 268435456",
    ):  # fmt: skip
        cursor.execute(f"PRAGMA {pragma}")
    _into_wal(cursor)
    cursor.close()


def _into_wal(cursor: sqlite3.Cursor) -> None:
    """Switch to WAL; while another starter does so too, SQLite refuses at once, whatever the busy timeout."""
    until = time.monotonic() + _BUSY / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the write lock at once: one that began by reading could not get it any more
    # after another has written.
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
