"""Identifiers that sort by the time they were made."""

from __future__ import annotations

import secrets
import time


def new_id() -> str:
    """26 hexadecimal digits: nanoseconds since 1970, then 40 random bits."""
    return f"{time.time_ns():016x}{secrets.token_hex(5)}"
