"""The schema: brought up to date by the migrations that are packed with the program."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from archive_verify.store.errors import DatabaseUnusable

_SCRIPTS = Path(__file__).parent / "migrations"
# An arbitrary number that stands for this lock among PostgreSQL's advisory locks.
_LOCK = 5_208_417_733


def migrate(engine: Engine) -> None:
    """Apply what is missing. Any number of processes may start at once: one migrates, the others wait."""
    config = _config()
    writing = engine.execution_options(writing=True)
    with writing.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check_schema(engine: Engine) -> None:
    """Raises DatabaseUnusable where the schema is not the one of this program."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    if present != newest:
        raise DatabaseUnusable(
            f"数据库结构是 {present or '空的'}，程序需要 {newest}", advice="请运行 archive-verify migrate"
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
