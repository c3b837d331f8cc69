"""How right a report is: counted against the known answer of a sample (contract, section 7)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from archive_verify.errors import InputRefused
from archive_verify.model import Issue, Verdict
from archive_verify.report.schema import FieldInfo, Report

PAGE_CODES = frozenset(
    {
        "page_number_missing", "page_number_position", "page_number_duplicate", "page_number_gap",
        "page_number_order", "page_blank", "page_rotated", "page_illegible", "page_repeated",
        "document_order", "trainee_not_on_roster",
    }
)  # fmt: skip

# Of a class, but of one of its papers: by a page in common, where both name pages.
_PAPER_CODES = frozenset({"trainee_list_mismatch", "class_paper_unsigned"})


class _Truth(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class TruePage(_Truth):
    index: int
    doc_type: str
    page_number: int | None = None
    rotation: int = 0


class TrueTrainee(_Truth):
    row: int
    verdict: Verdict


class TrueIssue(_Truth):
    """`optional`: may be found or not, and counts neither way."""

    code: str
    pages: tuple[int, ...] = ()
    trainee: int | None = None
    expected: str | None = None
    optional: bool = False


class TrueField(_Truth):
    page: int
    name: str
    value: Any
    trainee: int | None = None


class Truth(_Truth):
    """truth.json, contract section 7."""

    pages: tuple[TruePage, ...]
    trainees: tuple[TrueTrainee, ...]
    issues: tuple[TrueIssue, ...]
    fields: tuple[TrueField, ...] = ()


@dataclass
class Count:
    """How many of `total` were right."""

    right: int = 0
    total: int = 0

    def add(self, right: bool) -> None:
        self.right += right
        self.total += 1

    @property
    def share(self) -> float | None:
        return self.right / self.total if self.total else None


@dataclass
class CodeCount:
    """True, predicted and matched issues of one code."""

    true: int = 0
    predicted: int = 0
    matched: int = 0

    @property
    def precision(self) -> float | None:
        return self.matched / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        return self.matched / self.true if self.true else None


@dataclass
class Score:
    """The figures of an evaluation; `wrong` lists each miss as one line, for reading the worst cases."""

    page_types: Count = field(default_factory=Count)
    page_numbers: Count = field(default_factory=Count)
    rotations: Count = field(default_factory=Count)
    fields: dict[str, Count] = field(default_factory=dict)
    codes: dict[str, CodeCount] = field(default_factory=dict)
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    extra_reviews: int = 0
    trainees: int = 0
    pages: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def code(self, name: str) -> CodeCount:
        return self.codes.setdefault(name, CodeCount())

    @property
    def all_codes(self) -> CodeCount:
        """Over all codes but needs_review, whose extras are counted apart."""
        total = CodeCount()
        for name, count in self.codes.items():
            if name != "needs_review":
                total.true += count.true
                total.predicted += count.predicted
                total.matched += count.matched
        return total

    @property
    def wrongly_verified(self) -> int:
        return sum(
            n for (true, found), n in self.verdicts.items() if found == "verified" and true != "verified"
        )

    @property
    def straight_through(self) -> Count:
        """Trainees whose verdict is right and needed no reviewer."""
        right = sum(n for (true, found), n in self.verdicts.items() if true == found != "needs_review")
        return Count(right, sum(self.verdicts.values()))


def sample_folders(directory: Path) -> Iterator[Path]:
    """The sample folders in a directory (or the directory itself), in natural order of name."""
    folders = [directory, *sorted(path for path in directory.iterdir() if path.is_dir())]
    found = [folder for folder in folders if (folder / "truth.json").is_file()]
    if not found:
        raise InputRefused("没有找到含 truth.json 的样本文件夹", where=directory, advice="请给出样本所在目录")
    yield from found


def read_truth(path: Path) -> Truth:
    """Read truth.json. Raises InputRefused with the place of the fault."""
    try:
        return Truth.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputRefused(f"truth.json 不合格式：{place} {first['msg']}", where=path) from error


def score_sample(score: Score, sample: str, truth: Truth, report: Report) -> None:
    """Add one sample's result to the score."""
    _score_pages(score, sample, truth, report)
    _score_fields(score, sample, truth, report)
    _score_issues(score, sample, truth.issues, report.issues)
    found = {trainee.row: trainee.verdict for trainee in report.trainees}
    for trainee in truth.trainees:
        verdict = found.get(trainee.row)
        name = verdict.value if verdict else "absent"
        score.verdicts[trainee.verdict.value, name] += 1
        if verdict != trainee.verdict:
            codes = sorted({issue.code for issue in report.issues if issue.trainee == trainee.row})
            score.wrong.append(
                f"{sample}: trainee {trainee.row} is {trainee.verdict.value}, judged {name} ({', '.join(codes)})"
            )
    score.trainees += len(truth.trainees)
    score.pages += len(truth.pages)


def _score_pages(score: Score, sample: str, truth: Truth, report: Report) -> None:
    pages = {page.index: page for page in report.pages}
    for true in truth.pages:
        page = pages.get(true.index)
        found_type = page.doc_type.value if page else "absent"
        number = page.page_number.value if page and page.page_number else None
        score.page_types.add(found_type == true.doc_type)
        score.page_numbers.add(page is not None and number == true.page_number)
        score.rotations.add(page is not None and page.rotation == true.rotation)
        if found_type != true.doc_type:
            score.wrong.append(f"{sample}: page {true.index} is {true.doc_type}, taken for {found_type}")
        if number != true.page_number:
            score.wrong.append(f"{sample}: page {true.index} carries number {true.page_number}, read {number}")
        if page and page.rotation != true.rotation:
            score.wrong.append(f"{sample}: page {true.index} is turned {true.rotation}, read {page.rotation}")


def _score_fields(score: Score, sample: str, truth: Truth, report: Report) -> None:
    found: dict[tuple[int, str], list[FieldInfo]] = {}
    for document in report.documents:
        # a value that stands on several pages of one paper is reported once
        for name, value in document.fields.items():
            for page in {value.page, *document.pages}:
                found.setdefault((page, name), []).append(value)
        for row in document.rows:
            for name, value in row.items():
                found.setdefault((value.page, name), []).append(value)
    for true in truth.fields:
        values = found.get((true.page, true.name), [])
        right = any(_same(true.value, value.value) for value in values)
        score.fields.setdefault(true.name, Count()).add(right)
        if not right:
            read = ", ".join(str(value.value) for value in values[:3]) or "nothing"
            score.wrong.append(f"{sample}: page {true.page} {true.name} is {true.value}, read {read}")


def _same(true: Any, found: Any) -> bool:
    if found is None:
        return true is None
    try:
        return Decimal(str(true)) == Decimal(str(found))
    except InvalidOperation:
        return str(true).casefold() == str(found).casefold()


def _score_issues(score: Score, sample: str, true: Sequence[TrueIssue], predicted: Sequence[Issue]) -> None:
    free = set(range(len(true)))
    spare: list[Issue] = []
    for issue in predicted:
        match = next((i for i in sorted(free) if _matches(true[i], issue)), None)
        if match is None:
            spare.append(issue)
            continue
        free.discard(match)
        if true[match].optional:
            continue
        score.code(issue.code).predicted += 1
        score.code(issue.code).matched += 1
    for issue in spare:
        if any(_matches(one, issue) for one in true):
            continue  # redundant: one more on a matched issue
        if issue.code == "needs_review":
            score.extra_reviews += 1
            score.wrong.append(f"{sample}: extra needs_review, {_describe(issue)}")
        else:
            score.code(issue.code).predicted += 1
            score.wrong.append(f"{sample}: false {issue.code}, {_describe(issue)}")
    for i, one in enumerate(true):
        if one.optional:
            continue
        score.code(one.code).true += 1
        if i in free:
            score.wrong.append(
                f"{sample}: missed {one.code}, trainee {one.trainee}, pages {list(one.pages)}, "
                f"expected {one.expected}"
            )


def _matches(true: TrueIssue, found: Issue) -> bool:
    if true.code != found.code:
        return False
    if true.code in PAGE_CODES:
        return bool(set(true.pages) & set(found.pages))
    if true.code == "document_missing":
        return true.expected == found.expected
    if true.code == "catalogue_mismatch":
        return _title(true.expected) == _title(found.expected)
    if true.code == "flexible_certificate_incomplete" and true.expected != found.expected:
        return False
    if true.trainee is not None or found.trainee is not None:
        return true.trainee == found.trainee
    if true.code == "needs_review" or (true.code in _PAPER_CODES and true.pages and found.pages):
        return bool(set(true.pages) & set(found.pages))
    return True


def _title(line: str | None) -> str:
    """The title of a catalogue line: what stands before its page range."""
    return "" if line is None else line.strip().rstrip("0123456789-—~～－ 第页至").strip()


def _describe(issue: Issue) -> str:
    return (
        f"trainee {issue.trainee}, pages {list(issue.pages[:6])}, expected {issue.expected}, "
        f"found {issue.found}: {issue.message}"
    )


def as_json(score: Score) -> str:
    """The figures as JSON, for comparing two evaluations."""
    codes: Mapping[str, Any] = {
        name: {"true": c.true, "predicted": c.predicted, "matched": c.matched}
        for name, c in sorted(score.codes.items())
    }
    fields = {name: [count.right, count.total] for name, count in sorted(score.fields.items())}
    return json.dumps(
        {
            "page_types": score.page_types.share,
            "page_numbers": score.page_numbers.share,
            "fields": fields,
            "codes": codes,
            "verdicts": {f"{true} -> {found}": n for (true, found), n in sorted(score.verdicts.items())},
            "wrongly_verified": score.wrongly_verified,
            "straight_through": score.straight_through.share,
            "extra_reviews": score.extra_reviews,
            "trainees": score.trainees,
            "pages": score.pages,
            "seconds": round(score.seconds, 1),
            "wrong": score.wrong,
        },
        ensure_ascii=False,
        indent=2,
    )
