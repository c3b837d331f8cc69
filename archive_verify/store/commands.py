"""Commands of the store: migrate, audit, backup, restore."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archive_verify.store import audit
from archive_verify.store.backup import backup, restore
from archive_verify.store.config import ServiceSettings
from archive_verify.store.database import open_store
from archive_verify.store.errors import Refused


def add_commands(commands: Any) -> None:
    """Add the commands to the command line's subparsers."""
    migrate = commands.add_parser("migrate", help="把数据库结构更新到本程序的版本")
    migrate.set_defaults(run=_migrate)
    save = commands.add_parser("backup", help="备份本机的数据库和档案文件，服务可以照常运行")
    save.add_argument("directory", type=Path, help="备份写入的目录；已有的备份会更新")
    save.set_defaults(run=_backup)
    load = commands.add_parser("restore", help="从备份恢复到空的数据目录")
    load.add_argument("directory", type=Path, help="备份所在的目录")
    load.set_defaults(run=_restore)
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


def _backup(options: argparse.Namespace) -> int:
    store = open_store(ServiceSettings())
    with _private():
        made = backup(store, options.directory)
    store.close()
    sys.stdout.write(f"已备份：{made.blobs} 个文件，{made.bytes} 字节，日志 {made.audit_rows} 行\n")
    return 0


def _restore(options: argparse.Namespace) -> int:
    with _private():
        made = restore(options.directory, ServiceSettings())
    sys.stdout.write(f"已恢复：{made.blobs} 个文件，{made.bytes} 字节，日志完整（{made.audit_rows} 行）\n")
    return 0


def _verify(options: argparse.Namespace) -> int:
    """Exit status 0 for a whole chain, 1 for a broken one."""
    if options.file is not None:
        try:
            with options.file.open(encoding="utf-8") as lines:
                verdict = audit.verify_export(lines)
        except (OSError, UnicodeDecodeError) as error:
            raise Refused("读不了这个文件", where=options.file) from error
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
    try:
        with _private(), store.reading() as session, options.file.open("w", encoding="utf-8") as stream:
            count = audit.export(session, stream)
    except OSError as error:
        raise Refused(f"写不进去：{error.strerror or error}", where=options.file) from error
    finally:
        store.close()
    sys.stdout.write(f"已导出 {count} 行：{options.file}\n")
    return 0


@contextmanager
def _private() -> Iterator[None]:
    """What is written within the block is its owner's alone: it is personal data."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
