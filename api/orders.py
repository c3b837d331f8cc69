"""What the web process asks of the queue; `worker.queue.Orders` is one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from archive_verify.store.runs import Kind


class Depth(Protocol):
    """How much waits in a queue, for how long the oldest order has, and how many failed within a day."""

    @property
    def waiting(self) -> int: ...

    @property
    def oldest_seconds(self) -> float: ...

    @property
    def failed(self) -> int: ...


class Orders(Protocol):
    """The way to the workers. The database is the truth: an order that gets lost is found again."""

    def start(self, run_id: str, kind: Kind) -> bool:
        """Order a run that was committed; False where the queue is away."""

    def ping(self) -> bool:
        """Whether the queue answers."""

    def depths(self) -> Mapping[str, Depth]:
        """By queue; empty where the queue is away."""
