"""The service on one machine: started, stopped, killed, started again, from recorded pages."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rq import SimpleWorker
from sqlalchemy import func, select

from archive_verify.errors import InputRefused, SetupError
from archive_verify.store import ServiceSettings, Store, open_store, people, runs
from archive_verify.store.runs import State
from archive_verify.store.tables import User
from tests.service_factories import archive, start
from tests.serving import Service, until
from worker.queue import Orders
from worker.redis_server import RedisServer, find_program
from worker.serve import address_of, environment_of, free_port, join, locked
from worker.supervisor import Program, Supervisor


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path)
    yield made
    made.close()


def state(store: Store, run_id: str) -> str:
    with store.reading() as session:
        return runs.get(session, run_id).state


def test_the_service_starts_checks_stops_and_goes_on_where_it_stopped(service: Service) -> None:
    (service.directory / "data").mkdir(mode=0o755)
    said = service.start()
    password = re.search(r"一次性密码 (\S+?)（", said[0])
    assert password is not None
    assert f"http://127.0.0.1:{service.port}" in said[1]
    kept = [path for path in (service.directory / "data").rglob("*") if path.is_file() or path.is_dir()]
    assert kept and [path for path in kept if path.stat().st_mode & 0o077] == []
    store = service.store()
    signed_in = people.sign_in(store, "admin", password[1])
    assert signed_in.user.must_change_password

    status, line = service.refused()
    assert status == 2
    assert "已有一个服务在使用这个数据目录" in line

    # no order is given: recovery finds the run
    (service.recordings / "slow").touch()
    run_id = start(store, archive(store, pages=12).id)
    log = service.recordings / "read.log"
    until(log.exists)
    assert service.end(signal.SIGINT) == 0
    until(lambda: not service.processes())
    assert state(store, run_id) == State.READING
    store.close()

    (service.recordings / "slow").unlink()
    said = service.start()
    assert len(said) == 1
    store = service.store()
    until(lambda: state(store, run_id) == State.DONE)
    assert sorted(int(line.split()[0]) for line in log.read_text().splitlines()) == list(range(1, 13))
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 1
    store.close()
    assert service.end(signal.SIGTERM) == 0


def test_a_service_that_is_killed_leaves_no_process_behind_and_can_start_again(service: Service) -> None:
    service.start()
    store = service.store()
    (service.recordings / "slow").touch()
    run_id = start(store, archive(store, pages=6).id)
    until((service.recordings / "read.log").exists)
    assert len(service.processes()) >= 5
    service.end(signal.SIGKILL)
    until(lambda: not service.processes())
    service.start()
    until(lambda: state(store, run_id) == State.DONE)
    store.close()
    assert service.end(signal.SIGTERM) == 0


def test_the_redis_of_the_service_is_started_again_with_what_was_in_it(service: Service) -> None:
    service.start()
    socket_path = service.directory / "data" / "redis" / "redis.sock"
    (redis,) = (pid for pid in service.processes() if b"redis-server" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(redis, signal.SIGKILL)
    store = service.store()
    run_id = start(store, archive(store).id)
    until(lambda: state(store, run_id) == State.DONE)
    assert socket_path.exists()
    assert (service.directory / "data" / "redis" / "appendonly.aof").exists() or (
        service.directory / "data" / "redis" / "appendonlydir"
    ).exists()
    store.close()
    assert service.end(signal.SIGTERM) == 0


def test_a_damaged_queue_is_put_aside_and_what_it_held_is_ordered_again(service: Service) -> None:
    queue = service.directory / "data" / "redis"
    queue.mkdir(parents=True)
    (queue / "appendonly.aof").write_bytes(b"no such thing\r\n" * 100)
    service.start()
    store = service.store()
    run_id = start(store, archive(store).id)
    until(lambda: state(store, run_id) == State.DONE)
    store.close()
    (aside,) = queue.glob("damaged-*/appendonly.aof")
    assert aside.read_bytes().startswith(b"no such thing")
    assert service.end(signal.SIGTERM) == 0


def test_the_data_directory_is_its_owners_alone(tmp_path: Path) -> None:
    with locked(tmp_path / "data"):
        assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_a_port_that_is_taken_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputRefused, match="端口"):
            free_port("127.0.0.1", taken.getsockname()[1])


def test_the_lock_of_a_data_directory_is_free_after_use(tmp_path: Path) -> None:
    with locked(tmp_path / "a"), pytest.raises(InputRefused, match="已有一个服务"), locked(tmp_path / "a", wait=0.0):
        pass
    with locked(tmp_path / "a", wait=0.0):
        pass


def test_a_data_directory_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputRefused, match="不能写入"), locked(tmp_path / "file" / "data"):
        pass


def test_a_worker_needs_the_address_of_the_queue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    with pytest.raises(SetupError, match="REDIS_URL"):
        join(print, [])


def test_a_socket_of_redis_never_has_a_path_too_long(tmp_path: Path) -> None:
    server = RedisServer.in_directory(tmp_path / ("长" * 60), find_program())
    assert len(str(server.socket).encode()) <= 100


def test_an_address_of_ipv6_is_told_as_browsers_take_it() -> None:
    assert (address_of("::1", 80), address_of("localhost", 81)) == ("http://[::1]:80", "http://localhost:81")


def test_the_data_directory_may_have_any_name(tmp_path: Path) -> None:
    data = tmp_path / "a b#c?d%20e 档案"
    server = RedisServer.in_directory(data / "r", find_program())
    process = subprocess.Popen(server.command, stdin=subprocess.DEVNULL)
    try:
        until(Orders.at(server.url).ping)
        assert SimpleWorker(["judge"], connection=Orders.at(server.url).connection).ip_address
    finally:
        process.kill()
        process.wait()
    open_store(ServiceSettings(data_dir=data), migrating=True).close()
    assert (data / "archive-verify.db").is_file()


def test_a_program_that_refuses_to_work_at_its_first_start_ends_all(tmp_path: Path) -> None:
    ended: list[str] = []
    refusing = Program("refusing", lambda _name: [sys.executable, "-c", "raise SystemExit(2)"])
    lasting = Program("lasting", lambda _name: ["sleep", "60"])
    supervisor = Supervisor([lasting, refusing], name_of=lambda name, number: f"{name}{number}", died=ended.append)
    with pytest.raises(SetupError, match="refusing"):
        supervisor.run()
    assert set(ended) == {"lasting1", "refusing1"}
    assert supervisor.pids == {}


def test_a_program_that_ends_is_started_again_under_another_name(tmp_path: Path) -> None:
    names: list[str] = []

    def command(name: str) -> list[str]:
        names.append(name)
        if len(names) == 3:
            supervisor.stop()
        return ["true"]

    supervisor = Supervisor(
        [Program("short", command)], name_of=lambda name, number: f"{name}{number}", died=lambda _name: None
    )
    supervisor.run()
    assert names == ["short1", "short2", "short3"]


def test_a_program_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    deaf = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"]
    supervisor = Supervisor(
        [Program("deaf", lambda _name: deaf, seconds=0.3)], name_of=lambda name, _number: name, died=lambda _name: None
    )
    started = time.monotonic()
    supervisor.run(supervisor.stop)
    assert time.monotonic() - started < 20
    assert supervisor.pids == {}


def test_processes_find_the_same_service_by_their_environment(tmp_path: Path) -> None:
    service = ServiceSettings(data_dir=tmp_path, redis_url="unix:///r", blob_url="s3://b")
    environment = environment_of(service)
    assert (environment["DATA_DIR"], environment["REDIS_URL"], environment["BLOB_URL"]) == (
        str(tmp_path), "unix:///r", "s3://b",
    )  # fmt: skip
    assert "DATABASE_URL" not in environment
