"""The service on one machine: database, queue, workers and web started together, and stopped together."""

from __future__ import annotations

import fcntl
import functools
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType

from archive_verify.errors import InputRefused, SetupError
from archive_verify.settings import Settings
from archive_verify.store import Actor, ServiceSettings, Store, open_store
from archive_verify.store.people import first_administrator
from worker.process import name_of
from worker.queue import LIGHT, READING, Name, Orders
from worker.recovery import Recovery
from worker.redis_server import RedisServer
from worker.supervisor import Program, Supervisor

_log = logging.getLogger(__name__)
# What a page may still take, and an engine to be loaded for it, when all is told to stop.
_WORKER_STOP_SECONDS = 120.0
_QUEUE, _WORK, _WEB = 0, 1, 2


def serve(
    host: str, port: int, say: Callable[[str], object], workers: Sequence[Program], web: Program
) -> None:
    """Run the whole service until told to stop: the queue, these workers, the web at host and port.

    Raises InputRefused where another one runs on the data directory, or the port is taken.
    """
    service = ServiceSettings()
    # what is written from here on is personal data, also where the directory was there before
    os.umask(0o077)
    with locked(service.data_dir) as lock:
        free_port(host, port)
        programs: list[Program] = []
        if not service.redis_url:
            server = RedisServer.in_directory(service.data_dir / "redis")
            service = service.model_copy(update={"redis_url": server.url})
            programs.append(redis_program(server, lock))
        with closing(open_store(service, migrating=True)) as store:
            programs += [*workers, web]
            announce_administrator(store, say)

            def started() -> None:
                say(f"档案核查服务已启动：{address_of(host, port)}  （按 Ctrl-C 停止）")

            supervise(programs, store, service, started)
        say("档案核查服务已停止")


def join(say: Callable[[str], object], workers: Sequence[Program]) -> None:
    """Run workers of a service whose database, queue and files are elsewhere, until told to stop.

    Raises SetupError without the address of the queue.
    """
    service = ServiceSettings()
    if not service.redis_url:
        raise SetupError("不知道任务队列在哪里", advice="请设置 REDIS_URL（以及 DATABASE_URL、BLOB_URL）")
    with closing(open_store(service, migrating=True)) as store:

        def started() -> None:
            say(f"已启动 {len(workers)} 个工作进程（按 Ctrl-C 停止）")

        supervise(workers, store, service, started)


def supervise(
    programs: Sequence[Program], store: Store, service: ServiceSettings, started: Callable[[], None]
) -> None:
    """Keep the programs running, and recover what is lost, until a signal to stop."""
    recovery = Recovery(store, Orders.at(service.redis_url))
    supervisor = Supervisor(
        programs, name_of=name_of, died=recovery.died, environment=environment_of(service)
    )

    def stop(_number: int, _frame: FrameType | None) -> None:
        supervisor.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    recovery.free_left_behind()
    recovery.start()
    try:
        supervisor.run(started)
    finally:
        recovery.stop()
        for number, handler in before.items():
            signal.signal(number, handler)


def worker_programs(count: int) -> list[Program]:
    """`count` processes that read, and one that judges again without waiting for them."""
    reading = [
        Program(f"reader{number}", functools.partial(_worker_command, READING), _WORK, seconds=_WORKER_STOP_SECONDS)
        for number in range(1, count + 1)
    ]
    return [*reading, Program("judge", functools.partial(_worker_command, LIGHT), _WORK)]


def web_program(host: str, port: int) -> Program:
    """The web, as `archive-verify api` serves it."""

    def command(_name: str) -> list[str]:
        return [sys.executable, "-m", "archive_verify", "api", "--host", host, "--port", str(port)]

    return Program("web", command, _WEB, lambda: answers(host, port))


def redis_program(server: RedisServer, *locks: int) -> Program:
    """The queue's server. It keeps the lock of the data directory, so that none is started beside it."""
    orders = Orders.at(server.url)
    return Program(
        "redis", lambda _name: server.command, _QUEUE, orders.ping, server.put_aside, keep_open=locks
    )


def environment_of(service: ServiceSettings) -> dict[str, str]:
    """The environment in which a process finds the same service."""
    found = {
        "DATA_DIR": str(service.data_dir.resolve()), "DATABASE_URL": service.database_url,
        "REDIS_URL": service.redis_url, "BLOB_URL": service.blob_url,
    }  # fmt: skip
    return dict(os.environ) | {name: value for name, value in found.items() if value}


@contextmanager
def locked(data_dir: Path, *, wait: float = 3.0) -> Iterator[int]:
    """Hold the data directory, which is made; yields the descriptor of the lock.

    Raises InputRefused where another service runs on it, or it cannot be written.
    """
    try:
        # what lies in it is personal data
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(data_dir / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise InputRefused("数据目录不能写入", where=data_dir, advice="请用 DATA_DIR 另给一个目录") from error
    until = time.monotonic() + wait
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise InputRefused(
                        "已有一个服务在使用这个数据目录", where=data_dir,
                        advice="请先停止它，或用 DATA_DIR 另给一个目录",
                    ) from None  # fmt: skip
                time.sleep(0.1)
        yield handle
    finally:
        os.close(handle)


def free_port(host: str, port: int) -> None:
    """Raises InputRefused where the port is taken or the address is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InputRefused(
                "这个地址或端口不能使用", where=f"{host}:{port}", advice="请用 --port 另给一个端口"
            ) from error


def answers(host: str, port: int) -> bool:
    """Whether something listens there."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    try:
        with socket.create_connection((local, port), timeout=1.0):
            return True
    except OSError:
        return False


def address_of(host: str, port: int) -> str:
    """What to type into a browser."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def announce_administrator(store: Store, say: Callable[[str], object]) -> None:
    """On the first start, make an administrator and show the one-time password."""
    with store.writing(Actor.system("serve")) as tx:
        made = first_administrator(tx)
    if made is not None:
        say(f"首次启动：用户名 {made[0]}，一次性密码 {made[1]}（只显示这一次，登录后须修改）")


def cores() -> int:
    """Readers by default: one per core, or as many as the settings name."""
    return Settings().workers or len(os.sched_getaffinity(0))


def _worker_command(queues: Sequence[Name], name: str) -> list[str]:
    return [
        sys.executable, "-m", "archive_verify", "worker-process", "--name", name,
        *(queue.value for queue in queues),
    ]  # fmt: skip
