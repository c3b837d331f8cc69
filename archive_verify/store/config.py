"""Settings of the service; those of the library stay in `archive_verify.settings`."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def _data_home() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "archive-verify"


class ServiceSettings(BaseSettings):
    """Environment variables are the field names in capitals, without a prefix."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    data_dir: Path = Field(default_factory=_data_home, description="database, blobs and queue of one machine")
    database_url: str = Field("", description="postgresql://... or sqlite:///...; empty is SQLite in DATA_DIR")
    redis_url: str = Field("", description="Redis or Valkey; empty is a server of `serve`'s own")
    blob_url: str = Field("", description="s3://bucket/prefix or a directory; empty is a directory in DATA_DIR")
    worker_pages: int = Field(2000, ge=1, description="pages after which a worker process is started afresh")
    session_hours: int = Field(12, ge=1, description="a sign-in lasts this long")
    idle_minutes: int = Field(30, ge=1, description="a sign-in without use lasts this long")
    login_attempts: int = Field(5, ge=1, description="failed sign-ins of one login before it must wait")
    login_wait_seconds: int = Field(300, ge=1, description="the time in which failed sign-ins count")
    log_format: Literal["json", "text"] = Field("json", description="how the service writes its log lines")
    retention_years: int = Field(10, ge=0, description="years an archive is kept after its class ended")
    upload_hours: int = Field(72, ge=1, description="an upload that is not gone on with is dropped then")

    @cached_property
    def database(self) -> str:
        """The database's address with its driver."""
        url = self.database_url or f"sqlite:///{self.data_dir.resolve() / 'archive-verify.db'}"
        for plain in ("postgresql://", "postgres://"):
            if url.startswith(plain):
                return "postgresql+psycopg://" + url.removeprefix(plain)
        return url

    @cached_property
    def blobs(self) -> str:
        """Where the blobs are: s3://... or a directory."""
        return self.blob_url or str(self.data_dir.resolve() / "blobs")
