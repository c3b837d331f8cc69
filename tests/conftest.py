"""Stores on both databases, for the tests of the service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser

from archive_verify.store import ServiceSettings, Store, open_store
from tests.api_factories import app_over
from tests.browsing import chromium
from tests.servers import RedisProcess, S3Server, new_database, postgresql, redis_server, s3_server


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2024, 3, 20, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def go(self, **by: float) -> None:
        """Move on, e.g. go(hours=1)."""
        self.now += timedelta(**by)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A server with a migrated database "model" to be copied."""
    with postgresql() as server, new_database(server, "model") as address:
        open_store(ServiceSettings(database_url=address), migrating=True).close()
        yield server


@pytest.fixture
def time() -> Time:
    """The store's clock."""
    return Time()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database: SQLite and PostgreSQL in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'test.db'}"
    else:
        with new_database(request.getfixturevalue("postgres"), f"t{uuid4().hex}", "model") as address:
            yield address


@pytest.fixture
def store(database: str, tmp_path: Path, time: Time) -> Iterator[Store]:
    """A migrated store on each database in turn."""
    opened = open_store(
        ServiceSettings(data_dir=tmp_path / "data", database_url=database), migrating=True, clock=time
    )
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def redis_of_the_session() -> Iterator[RedisProcess]:
    """A Redis for tests that leave it running."""
    with redis_server() as process:
        yield process


@pytest.fixture
def redis(redis_of_the_session: RedisProcess) -> RedisProcess:
    """An empty Redis."""
    redis_of_the_session.flush()
    return redis_of_the_session


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """An S3 server."""
    with s3_server() as server:
        yield server


@pytest.fixture
def local(tmp_path: Path, time: Time) -> Iterator[Store]:
    """A migrated store on SQLite, where the database makes no difference."""
    opened = open_store(ServiceSettings(data_dir=tmp_path / "data"), migrating=True, clock=time)
    yield opened
    opened.close()


@pytest.fixture
def app(local: Store) -> Iterator[FastAPI]:
    """The web side over `local`; its queue is app.state.service.orders."""
    made = app_over(local)
    yield made
    made.state.service.shelf.close()


@pytest.fixture
def app_on_each(store: Store) -> Iterator[FastAPI]:
    """The web side over each database in turn."""
    made = app_over(store)
    yield made
    made.state.service.shelf.close()


@pytest.fixture(scope="session")
def chromium_of_the_session() -> Iterator[Browser]:
    """A browser for all tests that need one; each takes windows of its own."""
    with chromium() as browser:
        yield browser
