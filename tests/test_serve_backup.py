"""A backup taken while clients hand in binders and workers read them, restored and put to work again."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import select

from archive_verify.store import ServiceSettings, Store, archives, audit, findings, runs
from archive_verify.store.backup import restore
from archive_verify.store.people import Role
from archive_verify.store.runs import State
from archive_verify.store.tables import Archive, Run
from tests.load import Load, plain
from tests.service_factories import institution, user
from tests.serving import Service, until

_PAGES = 5
_SECONDS = 180


def test_a_backup_taken_under_load_is_consistent_and_goes_on_where_it_was_taken(tmp_path: Path) -> None:
    first = _service(tmp_path / "first")
    first.start()
    store = first.store()
    school = institution(store).id
    user(store, "clerk", Role.CLERK, school)
    load = Load(first.address, "clerk", school, clients=3, pages=_PAGES, patience=_SECONDS)
    load.start()
    taken = []
    for number in (1, 2):
        until(lambda number=number: load.ended >= 2 * number and _going_on(store), _SECONDS)  # type: ignore[misc]
        # the second one brings the first one up to date
        done = subprocess.run(
            [sys.executable, "-m", "archive_verify", "backup", str(tmp_path / "backup")], env=first.environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        taken.append(restore(tmp_path / "backup", ServiceSettings(data_dir=tmp_path / f"restored{number}" / "data")))
    load.finish()
    store.close()
    assert first.end(signal.SIGTERM) == 0
    assert [one.trouble for one in load.handed if one.trouble] == []
    assert taken[0].audit_rows < taken[1].audit_rows and taken[0].blobs < taken[1].blobs

    reports = {plain(report) for one in load.handed for report in one.reports}
    assert len(reports) == 1
    for number in (1, 2):
        second = _service(tmp_path / f"restored{number}")
        store = second.store()
        unfinished = _going_on(store)
        second.start()
        until(lambda store=store: not _going_on(store), _SECONDS)  # type: ignore[misc]
        with store.reading() as session:
            assert audit.verify(session).valid
            ended = [runs.get(session, run_id) for run_id in session.scalars(select(Run.id))]
            assert {run.state for run in ended} == {State.DONE} and set(unfinished) <= {run.id for run in ended}
            assert {plain(findings.report_json(session, run.id)) for run in ended} == reports
            for archive_id in session.scalars(select(Archive.id)):
                for volume in archives.volumes(session, archive_id):
                    content = b"".join(store.blobs.read(volume.sha256))
                    assert hashlib.sha256(content).hexdigest() == volume.sha256
        store.close()
        assert second.end(signal.SIGTERM) == 0


def _service(directory: Path) -> Service:
    directory.mkdir(exist_ok=True)
    made = Service(directory, "api")
    (made.recordings / "slow").write_text("0.2")
    return made


def _going_on(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(Run.id).where(Run.state.in_(runs.ACTIVE))))
