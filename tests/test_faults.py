"""One case of each fault that `make faults` makes by the hundred: nothing lost, nothing twice, nothing wrong."""

from __future__ import annotations

import random

import pytest

from tests.faults import a_scene, run


@pytest.mark.parametrize(
    ("database", "only", "disk"),
    [("sqlite", (), None), ("postgresql", ("PostgreSQL", "database"), None), ("sqlite", ("disk",), "quota")],
)
def test_whatever_breaks_under_load_no_run_is_lost_twice_or_wrong(
    database: str, only: tuple[str, ...], disk: str | None
) -> None:
    with a_scene(database, lock_seconds=3.0, clients=2, only=only, disk=disk) as scene:
        found = run(scene, len(scene.kinds), random.Random(1))
    assert all(kind.times == 1 for kind in scene.kinds)
    assert (found.lost, found.twice, found.wrong) == ([], [], [])
    assert found.right == found.started > len(scene.kinds)
