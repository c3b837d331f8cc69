"""Settings of the web process; those of the store are in `archive_verify.store.config`."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ApiSettings(BaseSettings):
    """Environment variables are the field names in capitals with the prefix API_."""

    model_config = SettingsConfigDict(env_prefix="API_", frozen=True, extra="ignore")

    image_cache_megabytes: int = Field(512, ge=1, description="bound of the drawn page images kept on disk")
    drawing_threads: int = Field(2, ge=1, description="page images and PDFs drawn at the same time")
    body_kilobytes: int = Field(1024, ge=16, description="bound of a request's body, but for uploads")
    upload_piece_megabytes: int = Field(4, ge=1, le=64, description="pieces in which an upload is kept as it arrives")
    stream_minutes: int = Field(60, ge=1, description="an event stream ends after this time; clients ask again")
    calls_per_minute: int = Field(3000, ge=1, description="calls of one user, by whatever session or token")
