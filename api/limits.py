"""Bounds on how much one user asks for, and on how many passwords are tried at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from archive_verify.store import Throttled

_KNOWN = 10_000
# A password takes 64 MiB and all of a core for some hundredths of a second: argon2id is meant to.
_INSIDE, _WAITING = 2, 16
_AGAIN = 2


class CallLimit:
    """So many calls a minute of each user, in bursts of as many. May be shared between threads."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = float(per_minute)
        self._clock = clock
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}         # calls left, at a time

    def take(self, user_id: str) -> None:
        """Count a call. Raises Throttled where it is one too many."""
        now = self._clock()
        with self._lock:
            left, before = self._left.get(user_id, (self._most, now))
            left = min(self._most, left + (now - before) * self._most / 60)
            if left < 1:
                raise Throttled("请求过于频繁", retry_after=int((1 - left) * 60 / self._most) + 1)
            self._left[user_id] = (left - 1, now)
            if len(self._left) > _KNOWN:
                self._left = {one: kept for one, kept in self._left.items() if now - kept[1] < 60}


class Door:
    """Lets few in at a time, so that a flood of sign-ins takes neither all memory nor all threads."""

    def __init__(self, inside: int = _INSIDE, waiting: int = _WAITING) -> None:
        self._inside = threading.BoundedSemaphore(inside)
        self._room = threading.BoundedSemaphore(inside + waiting)

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Wait for one's turn. Raises Throttled where too many wait already."""
        if not self._room.acquire(blocking=False):
            raise Throttled("同时登录的人太多", retry_after=_AGAIN)
        try:
            with self._inside:
                yield
        finally:
            self._room.release()
