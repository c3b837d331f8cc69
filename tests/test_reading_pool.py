"""Worker processes: order, death, time limits, set-up errors."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from archive_verify.errors import SetupError
from archive_verify.model import Box, Line
from archive_verify.ocr.base import Engine
from archive_verify.ocr.replay import ReplayEngine
from archive_verify.reading.pool import Pool


def engine() -> ReplayEngine:
    return ReplayEngine([Line(text="第7页", box=Box(0, 0, 1, 1), confidence=0.9)])


def no_engine() -> ReplayEngine:
    raise SetupError("model is missing", advice="install it")


def dying_engine() -> ReplayEngine:
    os._exit(1)


def say(word: str, engine: Engine) -> bytes:
    return f"{word} {engine.name}".encode()


def process_id(engine: Engine) -> bytes:
    return str(os.getpid()).encode()


def fail(engine: Engine) -> bytes:
    raise ValueError("no image here")


def die_once(marker: Path, engine: Engine) -> bytes:
    if not marker.exists():
        marker.touch()
        os._exit(9)
    return b"alive"


def die_marked(marks: Path, engine: Engine) -> bytes:
    with marks.open("a") as stream:
        stream.write("x")
    os._exit(9)


def hang(engine: Engine) -> bytes:
    time.sleep(60)
    return b""


def hoard(engine: Engine) -> bytes:
    return bytes(bytearray(b"x") * (2 << 30))


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool(engine, 2, 30, 2048)
    yield pool
    pool.close()


def test_each_task_is_answered_once_by_a_worker_that_lives_on(pool: Pool) -> None:
    for _ in range(2):
        outcomes = sorted(pool.run([partial(say, str(n)) for n in range(7)]), key=lambda o: o.index)
        assert [outcome.content for outcome in outcomes] == [f"{n} replay".encode() for n in range(7)]


def test_a_worker_that_has_served_its_time_makes_room_for_a_fresh_one() -> None:
    pool = Pool(engine, 1, 30, 2048, lifetime=2)
    try:
        processes = [outcome.content for outcome in pool.run([process_id] * 5)]
    finally:
        pool.close()
    assert len(processes) == 5
    assert len(set(processes)) == 3


def test_an_error_in_a_task_becomes_its_failure_and_the_rest_goes_on(pool: Pool) -> None:
    outcomes = {outcome.index: outcome for outcome in pool.run([fail, partial(say, "next")])}
    assert outcomes[0].failure == "程序出错，ValueError: no image here"
    assert outcomes[1].content == b"next replay"


def test_a_task_whose_worker_died_is_tried_again(pool: Pool, tmp_path: Path) -> None:
    (outcome,) = pool.run([partial(die_once, tmp_path / "marker")])
    assert outcome.content == b"alive"


def test_a_task_that_kills_its_worker_three_times_fails_and_the_rest_goes_on(pool: Pool, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    tasks = [partial(die_marked, marks), partial(say, "a"), partial(say, "b")]
    outcomes = {outcome.index: outcome for outcome in pool.run(tasks)}
    assert "意外退出" in outcomes[0].failure
    assert marks.read_text() == "xxx"
    assert (outcomes[1].content, outcomes[2].content) == (b"a replay", b"b replay")


def test_a_task_that_takes_too_long_fails_and_the_rest_goes_on() -> None:
    pool = Pool(engine, 1, 0.5, 2048)
    try:
        outcomes = {outcome.index: outcome for outcome in pool.run([hang, partial(say, "a")])}
    finally:
        pool.close()
    assert "没有读完" in outcomes[0].failure
    assert outcomes[1].content == b"a replay"


def test_a_task_that_takes_too_much_memory_fails_once_and_a_fresh_worker_goes_on() -> None:
    pool = Pool(engine, 1, 30, 1024)
    try:
        outcomes = {outcome.index: outcome for outcome in pool.run([process_id, hoard, process_id])}
    finally:
        pool.close()
    assert outcomes[1].failure == "所需内存超过1024 MB"
    assert outcomes[0].content and outcomes[2].content and outcomes[0].content != outcomes[2].content


def test_an_engine_that_cannot_be_loaded_is_a_setup_error() -> None:
    pool = Pool(no_engine, 1, 30, 2048)
    with pytest.raises(SetupError, match="model is missing"):
        list(pool.run([partial(say, "a")]))
    pool.close()


def test_workers_that_die_before_they_are_ready_are_a_setup_error() -> None:
    pool = Pool(dying_engine, 1, 30, 2048)
    with pytest.raises(SetupError, match="before they are ready"):
        list(pool.run([partial(say, "a")]))
    pool.close()


def slow(marker: Path, engine: Engine) -> bytes:
    """Waits for longer than it may compute, as on a machine whose processors are taken."""
    time.sleep(1.5)
    marker.touch()
    return b"done"


def turn(engine: Engine) -> bytes:
    while True:
        pass


def test_a_task_that_had_to_wait_for_its_processor_is_not_failed_for_it(tmp_path: Path) -> None:
    pool = Pool(engine, 1, 1, 2048)
    try:
        (outcome,) = pool.run([partial(slow, tmp_path / "marker")])
    finally:
        pool.close()
    assert outcome.content == b"done"


def test_a_task_that_computes_for_too_long_fails_when_it_has_done_so() -> None:
    pool = Pool(engine, 1, 1, 2048)
    began = os.times().children_user
    try:
        outcomes = {outcome.index: outcome for outcome in pool.run([turn, partial(say, "a")])}
    finally:
        pool.close()
    assert outcomes[0].failure == "超过1秒没有读完"
    assert outcomes[1].content == b"a replay"
    assert os.times().children_user - began >= 1
