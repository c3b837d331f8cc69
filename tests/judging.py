"""A queue that judges what is ordered at once, beside the web: for corrections in a browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from archive_verify.store import Store
from archive_verify.store.runs import Kind
from tests.api_factories import app_over
from tests.browsing import served
from tests.service_factories import judge_run


class Judging:
    """Stands for the queue and the process that judges."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._threads: list[threading.Thread] = []

    def start(self, run_id: str, kind: Kind) -> bool:
        """Judge in a thread."""
        self._threads.append(threading.Thread(target=judge_run, args=(self._store, run_id)))
        self._threads[-1].start()
        return True

    def ping(self) -> bool:
        """Whether it is there."""
        return True

    def depths(self) -> Mapping[str, Any]:
        """Nothing waits."""
        return {}

    def finish(self) -> None:
        """Wait for what is being judged."""
        for thread in self._threads:
            thread.join()


@contextmanager
def served_and_judged(store: Store) -> Iterator[str]:
    """The web over the store behind a real server; its address."""
    judging = Judging(store)
    app = app_over(store, judging)  # type: ignore[arg-type]
    try:
        with served(app) as address:
            yield address
            judging.finish()
    finally:
        app.state.service.shelf.close()
