"""The one Settings class: from environment variables, made once at the edge and passed in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def _cache_home() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "archive-verify"


class Settings(BaseSettings):
    """Environment variables are the field names in capitals with the prefix ARCHIVE_VERIFY_."""

    model_config = SettingsConfigDict(env_prefix="ARCHIVE_VERIFY_", frozen=True, extra="ignore")

    engine: Literal["auto", "paddle", "paddle-openvino"] = Field(
        "auto", description="OCR engine; auto takes paddle-openvino where the CPU computes in bf16"
    )
    workers: int = Field(0, ge=0, description="OCR worker processes; 0 is one per core")
    weights_dir: Path | None = Field(
        None, description="directory with <model name>/inference.onnx; else the installed wheel's"
    )
    cache_dir: Path = Field(
        default_factory=_cache_home, description="page readings, by content, and model files"
    )
    cache_megabytes: int = Field(2048, ge=0, description="bound of the page cache; 0 is no cache")
    detection_side: int = Field(1120, ge=320, description="long side at which lines are detected, px")
    reading_dpi: int = Field(200, ge=72, le=600, description="resolution at which PDF pages are drawn")
    full_text: bool = Field(
        False, description="read at once what no rule asks for, the questions of examinations and the prose of logs"
    )
    minimum_confidence: float = Field(
        0.80, ge=0, le=1, description="readings below it never make a trainee verified"
    )
    max_pages: int = Field(3000, ge=1, description="pages of one binder")
    max_file_bytes: int = Field(2 * 1024**3, ge=1, description="bytes of one file")
    max_total_bytes: int = Field(8 * 1024**3, ge=1, description="bytes of a binder, unpacked")
    max_pixels: int = Field(120_000_000, ge=1, description="pixels of one page image")
    max_roster_rows: int = Field(5000, ge=1, description="persons of one roster")
    max_roster_bytes: int = Field(128 * 1024**2, ge=1, description="bytes of a roster file, unpacked")
    page_seconds: int = Field(
        120, ge=1, description="time one page may compute before it is failed; by the clock three times as long"
    )
    open_seconds: int = Field(
        600, ge=1, description="time the opening of a binder or a roster may compute; by the clock three times as long"
    )
    process_megabytes: int = Field(
        4096, ge=2048, description="memory of a process that opens files or reads pages; more fails the file or page"
    )
