"""The command of the web side: `archive-verify api`."""

from __future__ import annotations

import argparse
import socket
import sys
from typing import Any

from archive_verify.errors import InputRefused, SetupError
from archive_verify.store import Actor, ServiceSettings, Store, open_store, people
from archive_verify.store.logs import log_to_stderr

# Event streams do not end by themselves.
_SHUTDOWN_SECONDS = 5


def add_commands(commands: Any) -> None:
    """Add the command to the command line's subparsers."""
    parser = commands.add_parser("api", help="提供网页接口（队列和核查进程另行启动）")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址；默认只限本机")
    parser.add_argument("--port", type=int, default=8000, help="监听的端口")
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    # Imported here, so that --help of other commands answers at once.
    import uvicorn

    from api.app import create_app
    from worker.queue import Orders

    settings = ServiceSettings()
    if not settings.redis_url:
        raise SetupError("没有给出队列的地址", advice="请设置 REDIS_URL，或用 archive-verify serve 启动整套服务")
    listener = _listen(options.host, options.port)
    store = open_store(settings, migrating=True)
    _greet(store)
    log_to_stderr("api")
    app = create_app(store, Orders.at(settings.redis_url))
    app.state.frame.assets.complete()
    server = uvicorn.Server(
        uvicorn.Config(
            app, access_log=False, log_config=None, server_header=False, proxy_headers=True,
            timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        )
    )  # fmt: skip
    try:
        server.run(sockets=[listener])
    finally:
        store.close()
    return 0


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputRefused(f"端口不能用：{why}", where=f"{host}:{port}", advice="请用 --port 另给一个") from error


def _greet(store: Store) -> None:
    """On the first start, tell the one-time password of the first administrator."""
    with store.writing(Actor.system("set-up")) as tx:
        first = people.first_administrator(tx)
    if first is not None:
        login, password = first
        sys.stdout.write(f"第一次启动：账号 {login}，一次性密码 {password}（登录后须修改）\n")
        sys.stdout.flush()
