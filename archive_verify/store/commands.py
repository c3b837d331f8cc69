"""Commands of the store: migrate, audit, backup, restore."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from archive_verify.store import audit
from archive_verify.store.config import ServiceSettings
from archive_verify.store.database import open_store


def add_commands(commands: Any) -> None:
    """Add the commands to the command line's subparsers."""
    migrate = commands.add_parser("migrate", help="把数据库结构更新到本程序的版本")
    migrate.set_defaults(run=_migrate)
    log = commands.add_parser("audit", help="检查或导出操作日志")
    actions = log.add_subparsers(dest="action", required=True, metavar="ACTION")
    verify = actions.add_parser("verify", help="检查日志的哈希链，可检查导出的文件")
    verify.add_argument("file", nargs="?", type=Path, help="导出的日志；不给则检查数据库")
    verify.set_defaults(run=_verify)
    export = actions.add_parser("export", help="把日志导出为 JSON Lines")
    export.add_argument("file", type=Path, help="写入的文件")
    export.set_defaults(run=_export)


def _migrate(_options: argparse.Namespace) -> int:
    open_store(ServiceSettings(), migrating=True).close()
    sys.stdout.write("数据库结构已是最新\n")
    return 0


def _verify(options: argparse.Namespace) -> int:
    """Exit status 0 for a whole chain, 1 for a broken one."""
    if options.file is not None:
        with options.file.open(encoding="utf-8") as lines:
            verdict = audit.verify_export(lines)
    else:
        store = open_store(ServiceSettings())
        with store.reading() as session:
            verdict = audit.verify(session)
        store.close()
    if verdict.valid:
        sys.stdout.write(f"日志完整：{verdict.rows} 行\n")
        return 0
    sys.stdout.write(f"日志第 {verdict.seq} 行：{verdict.fault}\n")
    return 1


def _export(options: argparse.Namespace) -> int:
    store = open_store(ServiceSettings())
    with store.reading() as session, options.file.open("w", encoding="utf-8") as stream:
        count = audit.export(session, stream)
    store.close()
    sys.stdout.write(f"已导出 {count} 行：{options.file}\n")
    return 0
