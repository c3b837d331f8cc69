"""Commands of the workers: serve, worker, and the single process that both start."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from archive_verify.store.logs import log_to_stderr


def add_commands(commands: Any) -> None:
    """Add the commands to the command line's subparsers."""
    all_in_one = commands.add_parser("serve", help="在本机启动整个服务：网页、接口、任务队列和读取进程")
    all_in_one.add_argument("--host", default="127.0.0.1", help="监听的地址，默认只有本机能访问")
    all_in_one.add_argument("--port", type=int, default=8000, help="监听的端口")
    _add_processes(all_in_one)
    all_in_one.set_defaults(run=_serve)
    joining = commands.add_parser("worker", help="启动读取进程，加入 DATABASE_URL、REDIS_URL、BLOB_URL 所指的服务")
    _add_processes(joining)
    joining.set_defaults(run=_worker)
    single = commands.add_parser("worker-process", help="一个读取进程，由 serve 和 worker 启动")
    single.add_argument("--name", required=True)
    single.add_argument("queues", nargs="+")
    single.set_defaults(run=_process)


def _add_processes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--processes", type=int, default=0, help="读取进程数，默认每个处理器核心一个")


def _serve(options: argparse.Namespace) -> int:
    from worker.serve import cores, serve, web_program, worker_programs

    log_to_stderr("worker")
    workers = worker_programs(options.processes or cores())
    serve(options.host, options.port, _say, workers, web_program(options.host, options.port))
    return 0


def _worker(options: argparse.Namespace) -> int:
    from worker.serve import cores, join, worker_programs

    log_to_stderr("worker")
    join(_say, worker_programs(options.processes or cores()))
    return 0


def _process(options: argparse.Namespace) -> int:
    from archive_verify.settings import Settings
    from archive_verify.store import ServiceSettings
    from worker.process import work
    from worker.queue import Name

    log_to_stderr("worker")
    work([Name(one) for one in options.queues], options.name, settings=Settings(), service=ServiceSettings())
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
