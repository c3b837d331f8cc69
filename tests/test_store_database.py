"""Transactions, migrations and the audit log on both databases."""

from __future__ import annotations

import io
import json
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import delete, text, update

from archive_verify.store import (
    Actor,
    DatabaseUnusable,
    ServiceSettings,
    Store,
    administration,
    audit,
    open_store,
)
from archive_verify.store.tables import AuditRow, Base

SYSTEM = Actor.system("test")


def _note(store: Store, *values: object) -> None:
    with store.writing(SYSTEM) as tx:
        for value in values:
            tx.audit("setting.change", "setting", "x", new=value)


def test_the_migrations_make_the_tables_that_the_code_knows(store: Store) -> None:
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_database_of_another_version_is_refused_until_migrated(tmp_path: Path) -> None:
    settings = ServiceSettings(data_dir=tmp_path)
    with pytest.raises(DatabaseUnusable, match="archive-verify migrate"):
        open_store(settings)
    open_store(settings, migrating=True).close()
    open_store(settings).close()


def test_several_starters_migrate_one_empty_database_once(tmp_path: Path) -> None:
    settings = ServiceSettings(data_dir=tmp_path)
    failures: list[BaseException] = []

    def begin() -> None:
        try:
            open_store(settings, migrating=True).close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_transaction_that_fails_leaves_neither_change_nor_audit_row(store: Store) -> None:
    with pytest.raises(RuntimeError), store.writing(SYSTEM) as tx:
        administration.add_reason(tx, "再说一次")
        raise RuntimeError
    with store.reading() as session:
        assert "再说一次" not in {reason.text for reason in administration.reasons(session)}
        assert audit.verify(session) == audit.ChainVerdict(True, 0)


def test_concurrent_writers_make_one_unbroken_chain(store: Store) -> None:
    def write(number: int) -> None:
        for turn in range(10):
            _note(store, [number, turn])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as session:
        assert audit.verify(session) == audit.ChainVerdict(True, 80)


@pytest.mark.parametrize("fault", ["changed", "removed", "cut off"])
def test_a_forged_log_is_found_out(store: Store, fault: str) -> None:
    _note(store, 1, {"姓名": "张三"}, None, 4)
    with store.writing(SYSTEM) as tx:
        match fault:
            case "changed":
                tx.session.execute(update(AuditRow).where(AuditRow.seq == 2).values(new={"姓名": "李四"}))
            case "removed":
                tx.session.execute(delete(AuditRow).where(AuditRow.seq == 2))
            case "cut off":
                tx.session.execute(delete(AuditRow).where(AuditRow.seq == 4))
    with store.reading() as session:
        verdict = audit.verify(session)
    assert not verdict.valid
    assert verdict.seq == {"changed": 2, "removed": 2, "cut off": 4}[fault]


def test_an_exported_log_can_be_checked_without_the_database(store: Store) -> None:
    _note(store, {"b": 1, "a": "中文"}, [1.5, None], "x")
    stream = io.StringIO()
    with store.reading() as session:
        assert audit.export(session, stream) == 3
    lines = stream.getvalue().splitlines()
    assert audit.verify_export(lines) == audit.ChainVerdict(True, 3)
    forged = json.loads(lines[1]) | {"actor_name": "someone else"}
    assert audit.verify_export([lines[0], json.dumps(forged), lines[2]]).seq == 2
    assert audit.verify_export([lines[1], lines[2]]).seq == 1
    assert audit.verify_export(["no json"]).seq == 1


def test_sqlite_runs_in_wal_with_foreign_keys(tmp_path: Path) -> None:
    store = open_store(ServiceSettings(data_dir=tmp_path), migrating=True)
    with store.reading() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    store.close()
