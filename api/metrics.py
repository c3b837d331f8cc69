"""Metrics for Prometheus: what this process answered, and what stands in the database and the queue."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import func, select

from api.orders import Orders
from archive_verify.store import Store
from archive_verify.store.runs import ACTIVE
from archive_verify.store.tables import Archive, Run, RunSheet

_RECENT = 100
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """One registry for each app."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "archive_verify_http_requests", "Requests answered", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "archive_verify_http_seconds", "Time to the end of an answer", ("method", "route"), buckets=_BUCKETS,
            registry=self._registry,
        )  # fmt: skip
        self._archives = self._gauge("archive_verify_archives", "Archives", "state")
        self._runs = self._gauge("archive_verify_runs", "Runs", "state")
        self._pages = self._gauge("archive_verify_pages", "Sheets of runs", "state")
        self._up = Gauge("archive_verify_queue_up", "Whether the queue answers", registry=self._registry)
        self._waiting = self._gauge("archive_verify_queue_waiting", "Orders that wait", "queue")
        self._oldest = self._gauge("archive_verify_queue_oldest_seconds", "Age of the oldest order", "queue")
        self._failed = self._gauge("archive_verify_queue_failed", "Orders that failed within a day", "queue")
        self._steps = self._gauge(
            "archive_verify_step_seconds", "Time of the last hundred checks from step to step, on an average", "step"
        )
        self._age = Gauge(
            "archive_verify_run_oldest_seconds", "Age of the oldest check that has not ended", registry=self._registry
        )
        self._free = Gauge("archive_verify_disk_free_bytes", "Room left in DATA_DIR", registry=self._registry)
        self._stages = self._gauge("archive_verify_stage_seconds", "Time of the last hundred checks by stage", "stage")

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer; `route` is the template, never the address."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self, store: Store, orders: Orders) -> bytes:
        """In Prometheus's own form."""
        with store.reading() as session:
            counted = ((self._archives, Archive.state), (self._runs, Run.state), (self._pages, RunSheet.state))
            for gauge, column in counted:
                gauge.clear()
                for state, count in session.execute(select(column, func.count()).group_by(column)):
                    gauge.labels(state).set(count)
            self._stages.clear()
            self._steps.clear()
            recent = list(
                session.scalars(select(Run).where(Run.state == "done").order_by(Run.id.desc()).limit(_RECENT))
            )
            oldest = session.scalar(select(func.min(Run.created_at)).where(Run.state.in_(ACTIVE)))
        totals: dict[str, float] = {}
        for stage, value in (one for run in recent for one in run.seconds.items()):
            totals[stage] = totals.get(stage, 0.0) + float(value)
        for stage, total in totals.items():
            self._stages.labels(stage).set(total)
        for step, taken in _steps(recent).items():
            self._steps.labels(step).set(sum(taken) / len(taken))
        self._age.set(0 if oldest is None else max(0.0, (store.clock() - oldest).total_seconds()))
        self._free.set(shutil.disk_usage(store.settings.data_dir).free)
        for gauge in (self._waiting, self._oldest, self._failed):
            gauge.clear()
        depths = orders.depths()
        self._up.set(bool(depths))
        for queue, depth in depths.items():
            self._waiting.labels(queue).set(depth.waiting)
            self._oldest.labels(queue).set(depth.oldest_seconds)
            self._failed.labels(queue).set(depth.failed)
        return generate_latest(self._registry)

    def _gauge(self, name: str, text: str, label: str) -> Gauge:
        return Gauge(name, text, (label,), registry=self._registry)


def _steps(done: Sequence[Run]) -> dict[str, list[float]]:
    """How long each step of these runs took, in seconds: until the reading began, reading, judging."""
    found: dict[str, list[float]] = {}
    for run in done:
        marks = (run.created_at, run.reading_at, run.judging_at, run.ended_at)
        for step, since, until in zip(("opening", "reading", "judging"), marks, marks[1:], strict=False):
            # a judging again has neither been opened nor read
            if since is not None and until is not None:
                found.setdefault(step, []).append((until - since).total_seconds())
    return found
