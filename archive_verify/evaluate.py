"""Checks sample folders with known answers and prints how right the answers are."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from rich.console import Console

from archive_verify.errors import InputRefused
from archive_verify.model import Verdict
from archive_verify.pipeline import check
from archive_verify.policy.terms import Policy
from archive_verify.reading import Reader
from archive_verify.report.to_json import to_report
from archive_verify.report.to_terminal import percent, table
from archive_verify.scoring import Count, Score, read_truth, sample_folders, score_sample
from archive_verify.settings import Settings

_ROSTERS = ("roster.xlsx", "roster.xls", "roster.csv")
_BINDERS = ("binder.pdf", "binder.zip", "binder.tif", "binder.tiff", "binder")


def evaluate(
    directory: Path,
    *,
    policy: Policy,
    settings: Settings,
    progress: Callable[[str, int, int], None],
) -> Score:
    """Check every sample folder below `directory` and count what was right.

    `progress` is called with the sample's name, pages done and pages in all. Raises InputRefused
    where a folder lacks a file.
    """
    score = Score()
    with Reader(settings) as reader:
        for folder in sample_folders(directory):
            started = time.perf_counter()
            with tempfile.TemporaryDirectory(prefix="archive-verify-") as workspace:
                checked = check(
                    [_one_of(folder, _BINDERS)],
                    roster=_one_of(folder, _ROSTERS),
                    class_toml=folder / "class.toml" if (folder / "class.toml").is_file() else None,
                    policy=policy,
                    settings=settings,
                    reader=reader,
                    workspace=Path(workspace),
                    progress=partial(progress, folder.name),
                )
            score.seconds += time.perf_counter() - started
            score_sample(score, folder.name, read_truth(folder / "truth.json"), to_report(checked))
    return score


def _one_of(folder: Path, names: tuple[str, ...]) -> Path:
    for name in names:
        if (folder / name).exists():
            return folder / name
    raise InputRefused(f"样本缺少文件 {' / '.join(names)}", where=folder)


def print_score(score: Score, console: Console) -> None:
    """Print the tables of an evaluation."""
    head = table("Over all", "figure", "right", "of", "share")
    for name, count in (
        ("page types", score.page_types),
        ("page numbers", score.page_numbers),
        ("page rotations", score.rotations),
        ("fields", _sum(score.fields.values())),
        ("verdicts right without review", score.straight_through),
    ):
        head.add_row(name, str(count.right), str(count.total), percent(count.share))
    codes = score.all_codes
    head.add_row("issue precision", str(codes.matched), str(codes.predicted), percent(codes.precision))
    head.add_row("issue recall", str(codes.matched), str(codes.true), percent(codes.recall))
    console.print(head)
    per_hundred = 100 * score.extra_reviews / score.trainees if score.trainees else 0.0
    console.print(f"wrongly verified  {score.wrongly_verified}")
    console.print(f"extra needs_review per 100 trainees  {per_hundred:.1f}")
    speed = score.pages / score.seconds if score.seconds else 0.0
    console.print(f"pages  {score.pages}, pages per second  {speed:.2f}\n")

    by_code = table("Issues by code", "code", "true", "found", "matched", "precision", "recall")
    for name, count_ in sorted(score.codes.items()):
        by_code.add_row(
            name, str(count_.true), str(count_.predicted), str(count_.matched),
            percent(count_.precision), percent(count_.recall),
        )  # fmt: skip
    console.print(by_code)
    console.print()
    by_field = table("Fields", "field", "right", "of", "share")
    for name, count in sorted(score.fields.items()):
        by_field.add_row(name, str(count.right), str(count.total), percent(count.share))
    console.print(by_field)
    console.print()
    found = [verdict.value for verdict in Verdict] + ["absent"]
    found = [name for name in found if any(pair[1] == name for pair in score.verdicts)]
    confusion = table("Verdicts: true by row, judged by column", "", *found)
    for verdict in Verdict:
        if any(pair[0] == verdict.value for pair in score.verdicts):
            confusion.add_row(verdict.value, *(str(score.verdicts[verdict.value, name]) for name in found))
    console.print(confusion)


def _sum(counts: Iterable[Count]) -> Count:
    every = tuple(counts)
    return Count(sum(count.right for count in every), sum(count.total for count in every))
