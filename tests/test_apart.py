"""A call in a process of its own: what comes back, and what becomes of one that hoards, hangs, dies or errs."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from functools import partial
from multiprocessing import forkserver, util
from pathlib import Path

import pytest

from archive_verify.apart import At, apart, make_ready
from archive_verify.errors import BinderRefused, InputRefused


def place(at: At) -> tuple[int, str]:
    return os.getpid(), os.getcwd()  # noqa: PTH109


def hoard(at: At) -> int:
    at("卷一.pdf")
    return len(bytearray(b"x") * (2 << 30))


def hang(at: At) -> None:
    at("卷二.pdf")
    time.sleep(60)


def turn(at: At) -> None:
    while True:
        pass


def die(marks: Path, at: At) -> None:
    with marks.open("a") as out:
        out.write("x")
    os.abort()


def be_killed_once(marker: Path, at: At) -> str:
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def err(at: At) -> None:
    at("卷三.pdf")
    raise KeyError("张三")


def refuse(at: At) -> None:
    raise BinderRefused("PDF 有打开密码", where="卷四.pdf", advice="请去掉密码后重试")


def fill_the_disk(at: At) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_call_is_answered_by_another_process_in_the_same_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    process, directory = apart(place, megabytes=1024, seconds=30)
    assert process != os.getpid()
    assert Path(directory) == tmp_path


def test_what_takes_too_much_memory_is_refused_with_the_file_at_hand_and_the_bound() -> None:
    with pytest.raises(InputRefused, match=r"^卷一.pdf: .*1024 MB — .*ARCHIVE_VERIFY_PROCESS_MEGABYTES$"):
        apart(hoard, megabytes=1024, seconds=60)


@pytest.mark.parametrize("work", [hang, turn])
def test_what_takes_too_long_is_refused_and_ended(work: object) -> None:
    started = time.monotonic()
    with pytest.raises(InputRefused, match=r"超过上限 1 秒 — .*ARCHIVE_VERIFY_OPEN_SECONDS"):
        apart(work, megabytes=1024, seconds=1)  # type: ignore[arg-type]
    assert time.monotonic() - started < 20


def wait_for_long(at: At) -> str:
    time.sleep(1.5)
    return "done"


def test_what_only_had_to_wait_for_its_processor_is_answered() -> None:
    assert apart(wait_for_long, megabytes=1024, seconds=1) == "done"


def test_a_process_that_dies_is_tried_three_times_and_then_the_file_is_refused(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    with pytest.raises(InputRefused, match=r"^卷.pdf: .*SIGABRT"):
        apart(partial(die, marks), megabytes=1024, seconds=30, where="卷.pdf")
    assert marks.read_text() == "xxx"


def test_a_process_that_somebody_killed_is_tried_again(tmp_path: Path) -> None:
    assert apart(partial(be_killed_once, tmp_path / "marker"), megabytes=1024, seconds=30) == "done"


def test_an_error_that_nobody_foresaw_is_a_refusal_that_tells_its_place_and_not_its_words() -> None:
    with pytest.raises(InputRefused, match=r"^卷三.pdf: .*KeyError, test_apart.py:\d+") as caught:
        apart(err, megabytes=1024, seconds=30)
    assert "张三" not in str(caught.value)


def test_refusals_and_troubles_of_the_surroundings_come_as_they_are() -> None:
    with pytest.raises(BinderRefused, match=r"^卷四.pdf: PDF 有打开密码 — 请去掉密码后重试$"):
        apart(refuse, megabytes=1024, seconds=30)
    with pytest.raises(OSError) as caught:
        apart(fill_the_disk, megabytes=1024, seconds=30)
    assert caught.value.errno == errno.ENOSPC


def test_a_server_whose_socket_was_tidied_away_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    apart(place, megabytes=1024, seconds=30)
    server = forkserver._forkserver  # type: ignore[attr-defined]
    monkeypatch.setattr(server, "_forkserver_address", f"{util.get_temp_dir()}/gone")
    process, _ = apart(place, megabytes=1024, seconds=60)
    assert process != os.getpid()


def test_the_program_that_calls_is_not_run_once_more_by_the_process_that_answers(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "from tests.test_apart import apart, place\n"
        "print('runs', apart(place, megabytes=1024, seconds=30)[1], flush=True)\n"
    )  # fmt: skip
    said = subprocess.run(
        [sys.executable, program], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
    )  # fmt: skip
    assert said.stdout.splitlines() == [f"runs {Path(__file__).parent.parent}"]


def test_what_later_calls_need_is_there_before_the_first_one() -> None:
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    make_ready()
    server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    assert server is not None
    apart(place, megabytes=1024, seconds=60)
    assert forkserver._forkserver._forkserver_pid == server  # type: ignore[attr-defined]
