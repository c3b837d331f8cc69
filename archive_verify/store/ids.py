"""Identifiers that sort by the time they were made."""

from __future__ import annotations

import secrets
import time


def new_id() -> str:
    """26 hexadecimal digits: milliseconds since 1970, then 56 random bits."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(7)}"
