"""The command line: parses arguments, shows progress, translates errors to exit statuses."""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import NoReturn

from pydantic import ValidationError
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from archive_verify import __version__
from archive_verify.errors import ArchiveVerifyError, InputRefused
from archive_verify.settings import Settings

# A command parses its own arguments: (subparsers) -> None; each sets `run` to a function of the
# parsed arguments that returns the exit status. Other packages add theirs by entry points.
_GROUP = "archive_verify.commands"
_WIDE = 1000        # columns, more than any table asks for
# The variables of the classes of settings, here and in other packages.
_PREFIXES = {"Settings": "ARCHIVE_VERIFY_", "ServiceSettings": ""}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit status: 0 clean, 1 issues of severity error found, 2 refused."""
    given = sys.argv[1:] if arguments is None else arguments
    options = _parser(next(iter(given), "")).parse_args(given)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except ArchiveVerifyError as error:
        sys.stderr.write(f"archive-verify: {error}\n")
        return 2
    except ValidationError as error:
        if error.title not in _PREFIXES:
            raise
        first = error.errors()[0]
        name = _PREFIXES[error.title] + "_".join(str(part) for part in first["loc"]).upper()
        sys.stderr.write(f"archive-verify: 环境变量 {name} 的值不可用：{first['msg']}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("archive-verify: 已中断，未写出报告\n")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 141


class _Parser(argparse.ArgumentParser):
    """Refuses a wrong usage in one line, as wrong input is refused."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"archive-verify: 用法有误：{message} — 见 {self.prog} --help\n")


def _parser(command: str) -> argparse.ArgumentParser:
    """The parser of all commands, or, where `command` is one of this package, of these alone: the others
    bring the service's libraries with them, which take a second to load."""
    parser: argparse.ArgumentParser = _Parser(prog="archive-verify", description="核查职业培训补贴档案")
    parser.add_argument("--version", action="version", version=f"archive-verify {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (_add_check, _add_proof, _add_evaluate, _add_rules, _add_schema):
        add(commands)
    if command not in commands.choices:
        for entry in entry_points(group=_GROUP):
            entry.load()(commands)
    return parser


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("check", help="核查一个班级的档案，列出问题并写出报告")
    parser.add_argument("binder", nargs="+", type=Path, help="PDF、TIFF、JPEG、PNG、ZIP 或文件夹；多个为各分册")
    parser.add_argument("--roster", required=True, type=Path, help="学员花名册：xlsx、xls 或 csv")
    parser.add_argument("--class", dest="class_toml", type=Path, help="CLASS.toml：已知的班级情况")
    _add_policy(parser)
    parser.add_argument("--out", type=Path, help="报告写入的目录；不给则在当前目录新建")
    parser.add_argument(
        "--full-text", action="store_true", help="连同规则用不到的文字（试题、日志正文）一并识别，写出 text.txt 供检索"
    )
    parser.set_defaults(run=_check)


def _add_proof(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("proof", help="从报告目录调取一名学员的就业证明案卷")
    parser.add_argument("report", type=Path, help="check 写出的报告目录")
    parser.add_argument("--trainee", required=True, help="姓名、身份证号或花名册行号")
    parser.add_argument("--out", type=Path, help="把案卷另存为此文件（或放入此目录）")
    parser.set_defaults(run=_proof)


def _add_evaluate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("evaluate", help="核查带有标准答案的样本，统计准确率")
    parser.add_argument("directory", type=Path, help="样本所在目录")
    _add_policy(parser)
    parser.add_argument("--json", type=Path, help="把各项数字与全部差错写入此 JSON 文件")
    parser.add_argument("--wrong", action="store_true", help="逐条列出差错")
    parser.set_defaults(run=_evaluate)


def _add_rules(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("rules", help="列出各条规则：代码、级别、依据和所用的办法参数")
    _add_policy(parser)
    parser.set_defaults(run=_rules)


def _add_schema(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("schema", help="输出 report.json 的 JSON Schema")
    parser.set_defaults(run=_schema)


def _add_policy(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--policy", default="wenshui_2023_51", help="办法的编号或 TOML 文件")


def _check(options: argparse.Namespace) -> int:
    # The stages are imported here, so that --help and schema answer at once.
    from archive_verify.apart import make_ready

    make_ready()  # what opens files is loaded beside the rest
    from archive_verify.policy.terms import load_policy
    from archive_verify.reading import Reader

    settings = Settings()
    if options.full_text:
        settings = settings.model_copy(update={"full_text": True})
    policy = load_policy(options.policy)
    out = options.out or _new_report_directory(options.binder[0])
    _refuse_unwritable(out)
    with (
        tempfile.TemporaryDirectory(prefix="archive-verify-") as workspace,
        Reader(settings) as reader,
    ):
        reader.make_ready(options.binder)  # and so is what reads pages
        from archive_verify.pipeline import check
        from archive_verify.report.to_terminal import to_terminal
        from archive_verify.report.write import write_reports

        with _progress_bar() as progress:
            checked = check(
                options.binder,
                roster=options.roster,
                class_toml=options.class_toml,
                policy=policy,
                settings=settings,
                reader=reader,
                workspace=Path(workspace),
                progress=lambda done, total: progress("读取", done, total),
            )
        report = write_reports(checked, settings, out)
    console = Console(highlight=False, soft_wrap=True)
    to_terminal(report, console)
    console.print(f"报告：{out / 'report.html'}")
    notice = f"补正通知书：{out / report.notice}" if report.notice else "没有须由培训机构补正的事项，未出补正通知书。"
    console.print(notice, markup=False)
    console.print(f"报告目录：{out}")
    return 1 if any(issue.severity == "error" for issue in report.issues) else 0


def _proof(options: argparse.Namespace) -> int:
    from archive_verify.report.proof import copy_dossier, find_trainee, load_report, print_proof

    report = load_report(options.report)
    trainee = find_trainee(report, options.trainee)
    dossier = copy_dossier(report, trainee, options.report, options.out)
    print_proof(report, trainee, dossier, Console(highlight=False, soft_wrap=True))
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from archive_verify.evaluate import evaluate, print_score
    from archive_verify.policy.terms import load_policy
    from archive_verify.scoring import as_json

    if not options.directory.is_dir():
        raise InputRefused("没有这个目录", where=options.directory)
    with _progress_bar() as progress:
        score = evaluate(
            options.directory, policy=load_policy(options.policy), settings=Settings(), progress=progress
        )
    console = Console(highlight=False, soft_wrap=True)
    print_score(score, console)
    if options.wrong:
        for line in score.wrong:
            console.print(line, markup=False)
    if options.json:
        options.json.write_text(as_json(score), encoding="utf-8")
    return 0


def _rules(options: argparse.Namespace) -> int:
    from archive_verify.policy.listing import list_rules
    from archive_verify.policy.terms import load_policy
    from archive_verify.report.to_terminal import rules_table

    # on a pipe or in a file one line a rule, to be searched
    console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _WIDE)
    console.print(rules_table(list_rules(load_policy(options.policy))))
    return 0


def _schema(_options: argparse.Namespace) -> int:
    from archive_verify.report.to_json import json_schema

    sys.stdout.write(json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n")
    return 0


def _refuse_unwritable(out: Path) -> None:
    """Refuse a report directory that cannot be written, before hours of reading."""
    if out.exists() and not out.is_dir():
        raise InputRefused("已有同名文件，不能作为报告目录", where=out, advice="请用 --out 另给一个目录")
    there = next(path for path in (out.absolute(), *out.absolute().parents) if path.exists())
    try:
        tempfile.TemporaryDirectory(prefix=".archive-verify-", dir=there).cleanup()
    except OSError as error:
        advice = "请检查磁盘空间和权限，或用 --out 另给一个目录"
        raise InputRefused(f"报告写不进去：{error.strerror}", where=out, advice=advice) from error


def _new_report_directory(binder: Path) -> Path:
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    return Path.cwd() / f"{binder.resolve().stem}-核查报告-{stamp}"


class _PagesPerMinute(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed * 60:.0f} 页/分", style="dim")


@contextmanager
def _progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr: pages done, pages per minute, time left. Nothing on a pipe."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda name, done, total: None
        return
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _PagesPerMinute(),
        TextColumn("剩余"), TimeRemainingColumn(), console=console, transient=True,
    ) as bar:  # fmt: skip
        tasks: dict[str, int] = {}

        def show(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = int(bar.add_task(name, total=total))
            bar.update(tasks[name], completed=done, total=total)  # type: ignore[arg-type]

        yield show
