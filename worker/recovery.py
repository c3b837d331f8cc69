"""Recovery: what nobody is at work on and no queue holds is ordered again; what is over is cleared away."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
import time
from datetime import timedelta
from pathlib import Path

import redis
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from archive_verify.store import (
    Actor,
    NotFound,
    Store,
    across,
    idempotency,
    leases,
    people,
    runs,
    texts,
    uploads,
)
from archive_verify.store.runs import Kind
from archive_verify.store.tables import Run
from worker.queue import Name, Orders

_log = logging.getLogger(__name__)
_TIDY_EVERY = 3600.0
_ACROSS_EVERY = 60.0
_ACROSS_AFTER = timedelta(minutes=2)        # a worker does it itself, right after saving


class Recovery:
    """Runs in a thread of every supervisor; several at once do no harm."""

    def __init__(self, store: Store, orders: Orders, *, every: float = 2.0) -> None:
        self._store = store
        self._orders = orders
        self._every = every
        self._actor = Actor.system("recovery")
        self._dead: list[str] = []
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recovery", daemon=True)
        self._tidy_at = self._across_at = time.monotonic()

    def start(self) -> None:
        """Look again and again until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and free what the last processes held that died."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(5.0)
        with contextlib.suppress(SQLAlchemyError):
            self._free()

    def died(self, owner: str) -> None:
        """A worker process of this name has ended: what it held is free at the next look."""
        with self._lock:
            self._dead.append(owner)

    def free_left_behind(self) -> None:
        """Free what processes of this host held whose supervisor is gone, as after a power cut. To be called before
        any process of this one is started: their names may be the same again."""
        with self._store.reading() as session:
            found = leases.owners(session)
        for owner in found:
            host, pid, *_ = owner.rsplit(".", 3)
            mine = pid == str(os.getpid())
            if host == socket.gethostname() and pid.isdecimal() and (mine or not Path(f"/proc/{pid}").exists()):
                self.died(owner)

    def look(self) -> int:
        """One look: how many orders were given. Raises SQLAlchemyError or redis.RedisError."""
        self._free()
        with self._store.reading() as session:
            now = self._store.clock()
            stalled, waiting = runs.stalled(session, now), texts.waiting(session, now)
            again = frozenset(
                session.scalars(select(Run.id).where(Run.id.in_(stalled.judging), Run.kind == Kind.REJUDGE))
            )
        wanted = {
            Name.REJUDGE: [one for one in stalled.judging if one in again],
            Name.JUDGE: [one for one in stalled.judging if one not in again],
            Name.OPEN: list(stalled.opening),
            Name.READ: list(stalled.spans),
            Name.TEXT: list(waiting),
        }
        given = 0
        for name, ids in wanted.items():
            ordered = self._orders.waiting(name) if ids else frozenset()
            missing = [one for one in ids if one not in ordered]
            # what was lost is older than what waits
            if missing and self._orders.order(name, missing, first=True):
                _log.info("ordered again", extra={"queue": name.value, "count": len(missing)})
                given += len(missing)
        return given

    def _free(self) -> None:
        with self._lock:
            dead = list(self._dead)
        for owner in dead:
            with self._store.writing(self._actor) as tx:
                pieces = leases.give_up(tx, owner)
            if pieces:
                _log.warning("died at work", extra={"worker": owner, "count": pieces})
            with self._lock:
                self._dead.remove(owner)

    def hold_across(self) -> int:
        """Hold archives beside the others whose worker died between saving a run and doing so: how many."""
        with self._store.reading() as session:
            left = across.not_yet_across(session, self._store.clock() - _ACROSS_AFTER)
        for archive_id in left:
            with contextlib.suppress(NotFound):     # deleted meanwhile
                across.check_across(self._store, archive_id)
        return len(left)

    def tidy(self) -> None:
        """Drop uploads that nobody goes on with, sign-ins that are over, answers kept for repeated requests."""
        uploads.tidy(self._store, self._actor)
        with self._store.writing(self._actor) as tx:
            people.tidy(tx, timedelta(seconds=self._store.settings.login_wait_seconds))
            idempotency.tidy(tx)

    def _run(self) -> None:
        while not self._ended.wait(self._every):
            try:
                self.look()
                if time.monotonic() >= self._tidy_at:
                    self._tidy_at = time.monotonic() + _TIDY_EVERY
                    self.tidy()
                if time.monotonic() >= self._across_at:
                    self._across_at = time.monotonic() + _ACROSS_EVERY
                    self.hold_across()
            except (SQLAlchemyError, redis.RedisError) as error:
                _log.warning("recovery waits", extra={"error": type(error).__name__})
