"""The store's commands end to end."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive_verify.cli import main
from archive_verify.store import ServiceSettings, open_store
from tests.service_factories import archive


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data directory that the environment names."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def test_an_unmigrated_database_is_refused_in_one_line(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify"]) == 2
    assert "archive-verify migrate" in capsys.readouterr().err
    assert main(["migrate"]) == 0
    assert main(["audit", "verify"]) == 0


def test_the_log_is_checked_in_the_database_and_as_an_exported_file(data: Path, tmp_path: Path) -> None:
    store = open_store(ServiceSettings(data_dir=data), migrating=True)
    archive(store)
    store.close()
    exported = tmp_path / "log.jsonl"
    assert main(["audit", "export", str(exported)]) == 0
    assert main(["audit", "verify", str(exported)]) == 0
    exported.write_text(exported.read_text(encoding="utf-8").replace("面点", "面食"), encoding="utf-8")
    assert main(["audit", "verify", str(exported)]) == 1
    with sqlite3.connect(data / "archive-verify.db") as connection:
        connection.execute("DELETE FROM audit_log WHERE seq = 2")
    assert main(["audit", "verify"]) == 1
    assert main(["audit", "verify", str(tmp_path / "nowhere")]) == 2


def test_a_backup_is_restored_to_an_empty_data_directory(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(ServiceSettings(data_dir=data), migrating=True)
    archive(store)
    store.close()
    assert main(["backup", str(tmp_path / "backup")]) == 0
    assert main(["restore", str(tmp_path / "backup")]) == 2
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "other"))
    assert main(["restore", str(tmp_path / "backup")]) == 0
    assert main(["audit", "verify"]) == 0
    for directory in (tmp_path / "backup", tmp_path / "other"):
        assert (directory / "archive-verify.db").stat().st_mode & 0o077 == 0
        assert directory.stat().st_mode & 0o077 == 0


def test_a_server_database_is_not_backed_up_by_this_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")
    assert main(["backup", str(tmp_path / "backup")]) == 2
    assert "数据库连不上" in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "backup")]) == 2
    assert "pg_dump" in capsys.readouterr().err
