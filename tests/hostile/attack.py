"""One hostile case against the whole check: opened, read, judged, reported, and nothing left behind."""

from __future__ import annotations

import io
import json
import os
import random
import re
import resource
import tempfile
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.forkserver import ensure_running
from pathlib import Path

import openpyxl
import pikepdf
from rich.console import Console

from archive_verify.errors import ArchiveVerifyError, InputRefused
from archive_verify.intake import open_binder, read_roster
from archive_verify.model import Box, Line
from archive_verify.ocr.replay import ReplayEngine
from archive_verify.pipeline import check
from archive_verify.policy.terms import load_policy
from archive_verify.reading import Reader
from archive_verify.reading.pool import Pool
from archive_verify.report.schema import Report
from archive_verify.report.to_terminal import to_terminal
from archive_verify.report.write import write_reports
from archive_verify.settings import Settings
from tests.hostile import images, pdfs, rosters, strings, zips
from tests.hostile.case import MEGABYTE, Case, csv_text, encoded, person, picture

# Bounds as a small office machine would set them, so that the whole corpus takes minutes.
SETTINGS = Settings(
    workers=1, cache_megabytes=0, max_file_bytes=256 * MEGABYTE, max_total_bytes=300 * MEGABYTE,
    max_roster_bytes=64 * MEGABYTE, page_seconds=60, open_seconds=60, process_megabytes=2048,
)  # fmt: skip
# Of a whole check, beside what its processes may take: pages that die are tried three times.
_SECONDS = 60 + 3 * 60 + 60
# What the process that asks may hold itself, beyond what it held before: the largest page, twice.
_CALLER_MEGABYTES = 1024
_LINES = tuple(
    Line(text=text, box=Box(0.1, 0.1 + 0.05 * row, 0.6, 0.13 + 0.05 * row), confidence=0.95)
    for row, text in enumerate(("=HYPERLINK(1)劳动合同书", "@甲方：某某公司", "乙方：张三", "+第7页"))
)
_UNSEEN = {"Cc", "Cf", "Cs"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case. `fault` is empty where all is as it should be."""

    kind: str
    name: str
    verdict: str  # refused, checked, crashed, over time, over memory
    line: str  # what the user was told
    fault: str
    seconds: float
    megabytes: int  # the most that a process of the check held


def corpus(seed: int, each: int) -> list[Case]:
    """All cases; the same seed gives the same files."""
    made: list[Case] = []
    for make in (pdfs.cases, images.cases, zips.cases, rosters.cases):
        made += make(random.Random(f"{seed} {make.__module__}"), each)
    made += zips.names(random.Random(seed))
    made += strings.cases()
    return made


class _Kept(dict[str, bytes]):
    """Readings kept as long as the reader: the plain page beside the rosters is read once."""

    def put(self, key: str, content: bytes) -> None:
        self[key] = content

    def prune(self) -> None:
        """All stay."""


class HostileReader(Reader):
    """The reader with its processes, but for the networks: pages are opened, drawn and looked at as ever."""

    fingerprint = "hostile"  # type: ignore[assignment]

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, cache=_Kept())

    def _started(self) -> Pool:
        if self._pool is None:
            settings = self._settings
            self._pool = Pool(
                partial(ReplayEngine, _LINES),
                settings.workers,
                settings.page_seconds,
                settings.process_megabytes,
            )
        return self._pool


def attack(case: Case, reader: Reader, directory: Path, settings: Settings = SETTINGS) -> Outcome:
    """Check the case's files in an empty directory, and look for harm done."""
    given, inside, place, out = (directory / name for name in ("given", "tmp", "here", "out"))
    for each in (given, inside, place):
        each.mkdir()
    paths = case.make(given)
    (directory / "plain.csv").write_text(csv_text([person()]), encoding="utf-8")
    (directory / "plain.png").write_bytes(encoded(picture(), "PNG"))
    before = _files(directory)
    volumes, roster = (
        (paths, directory / "plain.csv") if case.role == "binder" else ([directory / "plain.png"], paths[0])
    )
    verdict, line, fault = "checked", "", ""
    started, before_it = time.monotonic(), _megabytes(os.getpid())
    with _watched() as (held, waits), _at(place, inside), tempfile.TemporaryDirectory(dir=inside) as workspace:
        try:
            if case.whole:
                line, fault = _checked(volumes, roster, settings, reader, Path(workspace), out)
            elif case.role == "roster":
                read_roster(roster, settings)
            else:
                pages = reader.read(open_binder(volumes, settings, Path(workspace)))
                line = next((page.reading.failure for page in pages if page.reading.failure), "")
            fault = fault or _fault_of_workspace(Path(workspace))
        except ArchiveVerifyError as error:
            verdict, line, fault = "refused", str(error), _fault_of_refusal(error, paths)
        except Exception as error:
            where = error.__traceback__
            while where is not None and where.tb_next is not None:
                where = where.tb_next
            at = (
                ""
                if where is None
                else f" at {Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}"
            )
            verdict, fault = "crashed", f"{type(error).__name__}{at}: {ascii(str(error))[:200]}"
    # what others kept the processors from is no fault of the file's
    seconds = max(0.0, time.monotonic() - started - sum(waits.values()))
    most = max(held.values(), default=0)
    if seconds > _SECONDS:
        verdict = "over time"
    if held.get(os.getpid(), 0) - before_it > _CALLER_MEGABYTES or most > settings.process_megabytes * 1.1 + 100:
        verdict = "over memory"
    if "进程意外结束（" in line or "无法解析" in line:
        fault = fault or "no parser foresaw it"
    fault = fault or _fault_of_files(before, _files(directory), out)
    if not fault and case.expected != "either" and verdict != case.expected:
        fault = f"should be {case.expected}"
    return Outcome(case.kind, case.name, verdict, line, fault, round(seconds, 1), most)


def _checked(
    volumes: list[Path], roster: Path, settings: Settings, reader: Reader, workspace: Path, out: Path
) -> tuple[str, str]:
    """Why a page failed, if one did, and what is wrong with the reports."""
    checked = check(
        volumes, roster=roster, class_toml=None, policy=load_policy("wenshui_2023_51"), settings=settings,
        reader=reader, workspace=workspace, progress=lambda done, total: None,
    )  # fmt: skip
    report = write_reports(checked, settings, out)
    return next((page.failure for page in report.pages if page.failure), ""), _fault_of_report(report, out)


# --- harm -------------------------------------------------------------------------------------------


def _fault_of_refusal(error: ArchiveVerifyError, paths: list[Path]) -> str:
    line = str(error)
    if not isinstance(error, InputRefused):
        return "a refusal of another kind"
    if any(unicodedata.category(char) in _UNSEEN for char in line) or len(line) > 2000:
        return "a line that cannot be shown"
    if not error.what or not error.where:
        return "a line that does not say what and where"
    return "" if error.advice else "a line that does not say what to do"


def _fault_of_report(report: Report, out: Path) -> str:
    again = Report.model_validate_json((out / "report.json").read_bytes())
    if again.issues != report.issues:
        return "a report that reads otherwise than it was written"
    console = Console(file=io.StringIO(), record=True, soft_wrap=True, highlight=False)
    to_terminal(report, console)
    told = console.file.getvalue()  # type: ignore[attr-defined]
    names = (
        [file.name for file in report.files]
        + list(report.skipped)
        + [trainee.name for trainee in report.trainees]
    )
    for text in (told, *names):
        if any(unicodedata.category(char) in _UNSEEN and char != "\n" for char in text):
            return f"a text that steers the terminal: {ascii(text)[:200]}"
    html = (out / "report.html").read_text(encoding="utf-8")
    if re.search(r"<script>alert|onerror=|href=[\"']?http", html):
        return "a page that runs what was read"
    book = openpyxl.load_workbook(out / "issues.xlsx")
    for sheet in book:
        for row in sheet.iter_rows():
            if any(cell.data_type == "f" for cell in row):
                return "a formula in the workbook"
    return next((fault for path in out.rglob("*.pdf") if (fault := _fault_of_pdf(path))), "")


def _fault_of_pdf(path: Path) -> str:
    """Whether a PDF that is handed on acts when it is opened."""
    active = {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/URI",
        "/GoToR",
        "/GoToE",
        "/Rendition",
        "/EmbeddedFile",
    }
    kinds = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
    with pikepdf.open(path) as pdf:
        for thing in pdf.objects:
            if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                continue
            for note in [
                thing,
                *([value for value in thing.values() if isinstance(value, pikepdf.Dictionary)]),
            ]:
                if (
                    str(note.get("/S")) in active
                    or "/JS" in note
                    or "/EF" in note
                    or str(note.get("/Subtype")) in kinds
                ):
                    return f"{path.name} acts: {note.get('/S')} {note.get('/Subtype')}"
    return ""


def _fault_of_workspace(workspace: Path) -> str:
    for path in workspace.rglob("*"):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            return f"something else than a file was unpacked: {path.name}"
    return ""


def _fault_of_files(before: set[str], after: set[str], out: Path) -> str:
    inside = out.name + os.sep
    strays = [name for name in after - before if name != out.name and not name.startswith(inside)]
    if before - after:
        return f"files are gone: {sorted(before - after)[:3]}"
    if strays:
        return f"files outside of their directory: {strays[:3]!a}"
    return "" if not Path("/tmp/hostile-absolute.png").exists() else "a file at an absolute path"


def _files(directory: Path) -> set[str]:
    return {str(path.relative_to(directory)) for path in directory.rglob("*")}


# --- surroundings -----------------------------------------------------------------------------------


@contextmanager
def _at(place: Path, temporary: Path) -> Iterator[None]:
    here, before = Path.cwd(), tempfile.tempdir
    ensure_running()  # its socket is to outlive the case
    os.chdir(place)
    tempfile.tempdir = str(temporary)
    try:
        yield
    finally:
        os.chdir(here)
        tempfile.tempdir = before


@contextmanager
def _watched() -> Iterator[tuple[dict[int, int], dict[int, float]]]:
    """The most megabytes that this process and each below it held while the block ran; and the seconds that each
    was ready and waited for a processor."""
    most: dict[int, int] = {}
    waits: dict[int, float] = {}
    before = {pid: _waited(pid) for pid in _family()}
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.05):
            for pid in _family():
                most[pid] = max(most.get(pid, 0), _megabytes(pid))
                waits[pid] = max(waits.get(pid, 0.0), _waited(pid) - before.get(pid, 0.0))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield most, waits
    finally:
        ended.set()
        watcher.join()


def _family() -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):  # noqa: PTH208
        if entry.isdigit():
            try:
                parent = int(Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            parents.setdefault(parent, []).append(int(entry))
    found, waiting = [], [os.getpid()]
    while waiting:
        found.append(waiting[-1])
        waiting += parents.get(waiting.pop(), [])
    return found


def _megabytes(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize() >> 20
    except (OSError, IndexError):
        return 0


def _waited(pid: int) -> float:
    """Seconds that a process's first thread has waited for a processor so far; 0 where the kernel does not tell."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


def as_line(outcome: Outcome) -> str:
    """For a log or another process."""
    return json.dumps([getattr(outcome, name) for name in Outcome.__slots__], ensure_ascii=True)


def of_line(line: str) -> Outcome:
    """What `as_line` wrote."""
    return Outcome(*json.loads(line))


Selected = Callable[[Case], bool]
