"""Sheets with text that waits to be read."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("run_sheets", sa.Column("waits", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_run_sheets_waits", "run_sheets", ["run_id"], unique=False,
        sqlite_where=sa.text("waits = 1"), postgresql_where=sa.text("waits"),
    )  # fmt: skip
