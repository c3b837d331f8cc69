"""Opening what was handed in, each time in a process of its own under a limit of memory and time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from archive_verify.apart import At, apart
from archive_verify.model import Binder, Roster
from archive_verify.settings import Settings


def open_binder(paths: Sequence[Path], settings: Settings, workspace: Path) -> Binder:
    """`binder.open_binder`, bounded. Raises InputRefused also for what exceeds the bounds."""
    return apart(
        partial(_binder, tuple(paths), settings, workspace),
        megabytes=settings.process_megabytes, seconds=settings.open_seconds, where=next(iter(paths), ""),
    )  # fmt: skip


def read_roster(path: Path, settings: Settings) -> Roster:
    """`roster.read_roster`, bounded. Raises InputRefused also for what exceeds the bounds."""
    return apart(
        partial(_roster, path, settings),
        megabytes=settings.process_megabytes, seconds=settings.open_seconds, where=path,
    )  # fmt: skip


def _binder(paths: Sequence[Path], settings: Settings, workspace: Path, at: At) -> Binder:
    # what opens files is loaded where it opens them
    from archive_verify import binder

    return binder.open_binder(paths, settings, workspace, at)


def _roster(path: Path, settings: Settings, at: At) -> Roster:
    from archive_verify import roster

    return roster.read_roster(path, settings)
