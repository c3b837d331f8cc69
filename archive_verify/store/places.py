"""Where the sheets of an archive lay at first: what was said of a sheet stays with it when its volume is replaced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_verify.review import Place
from archive_verify.store.tables import Run, RunSheet


def first_places(session: Session, archive_id: str) -> Mapping[Place, Place]:
    """Each sheet of the archive's runs that was read -> the place where its content was first read.

    A sheet that stands where it stood keeps its place whatever was read; one at a new place is taken for the
    sheet with the same reading key that the run has nowhere else. Two sheets of a run never share a place.
    """
    firsts: dict[Place, Place] = {}
    known: dict[str, list[Place]] = defaultdict(list)
    for sheets in _runs(session, archive_id):
        taken = {firsts[place] for place, _ in sheets if place in firsts}
        for place, key in sheets:
            if place not in firsts:
                firsts[place] = next((one for one in known[key] if one not in taken), place)
                taken.add(firsts[place])
            if firsts[place] not in known[key]:
                known[key].append(firsts[place])
    return firsts


def _runs(session: Session, archive_id: str) -> list[list[tuple[Place, str]]]:
    """The sheets of each run in the order of the binder, the first run first."""
    rows = session.execute(
        select(RunSheet.run_id, RunSheet.sha256, RunSheet.file_page, RunSheet.reading_key)
        .join(Run, Run.id == RunSheet.run_id).where(Run.archive_id == archive_id, RunSheet.state == "read")
        .order_by(RunSheet.run_id, RunSheet.number)
    )  # fmt: skip
    runs: dict[str, list[tuple[Place, str]]] = defaultdict(list)
    for row in rows:
        runs[row.run_id].append((Place(sha256=row.sha256, file_page=row.file_page), row.reading_key))
    return list(runs.values())
