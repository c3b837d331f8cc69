"""The cover sheet of a trainee's dossier: who, the verdict, the papers asked for, the issues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archive_verify.model import Issue, Trainee, Verdict
from archive_verify.report.checklist import STATE_WORDS
from archive_verify.report.paper import AMBER, GREEN, GREY, RED, Colour, Paper
from archive_verify.report.schema import DocumentInfo, Report, RequirementInfo
from archive_verify.words import (
    CODES,
    DOC_TYPES,
    EMPLOYMENT_TYPES,
    SEVERITIES,
    VERDICT_MARKS,
    VERDICTS,
    page_runs,
)

_VERDICT_COLOURS: Mapping[Verdict, Colour] = {
    Verdict.VERIFIED: GREEN, Verdict.NEEDS_REVIEW: AMBER, Verdict.NOT_CLAIMED: GREY,
}  # fmt: skip
_STATES: Mapping[str, tuple[str, Colour]] = {
    "met": ("√", GREEN), "missing": ("×", RED), "faulty": ("!", RED), "review": ("？", AMBER),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contents:
    """What a dossier holds: documents with those of their pages that were taken in, in order."""

    trainee: Trainee
    requirements: tuple[RequirementInfo, ...]
    proof: tuple[tuple[DocumentInfo, tuple[int, ...]], ...]
    other: tuple[tuple[DocumentInfo, tuple[int, ...]], ...]

    @property
    def pages(self) -> tuple[int, ...]:
        """Page indexes in the dossier's order, each once."""
        return tuple(dict.fromkeys(page for _, pages in (*self.proof, *self.other) for page in pages))


def draw_cover(paper: Paper, report: Report, contents: Contents, covers: int) -> int:
    """Draw the cover sheets of one dossier; `covers` is how many there will be. Returns how many."""
    first = paper.page_no()
    paper.add_page()
    paper.foot = f"第{contents.trainee.row}行 {contents.trainee.name}　本封面由程序生成，以审核人员认定为准"
    places = {page: covers + number for number, page in enumerate(contents.pages, 1)}
    numbers = {page.index: page.page_number.value for page in report.pages if page.page_number is not None}
    _head(paper, report, contents.trainee)
    _checklist(paper, contents.requirements, numbers, places)
    _issues(paper, [issue for issue in report.issues if issue.id in contents.trainee.issues])
    _documents(paper, (*contents.proof, *contents.other), numbers, places)
    return int(paper.page_no()) - first


def _head(paper: Paper, report: Report, trainee: Trainee) -> None:
    paper.line_of("学员就业证明案卷", size=10, colour=GREY)
    paper.line_of(trainee.name or "（姓名空缺）", size=22, height=1.35)
    verdict = trainee.verdict
    paper.set_fill_color(*_VERDICT_COLOURS.get(verdict, RED))
    paper.set_text_color(255, 255, 255)
    paper.set_font(size=12)
    text = f" {VERDICT_MARKS[verdict]} 核查结论：{VERDICTS[verdict]} "
    paper.ln(1)
    paper.cell(paper.get_string_width(text) + 4, 8.5, text, fill=True, new_x="LMARGIN", new_y="NEXT")
    paper.ln(3)
    facts = {name: str(fact.value) for name, fact in report.class_.items() if fact.value is not None}
    lines = (
        ("身份证号", trainee.id_number or "（空缺）"),
        ("就业形式", EMPLOYMENT_TYPES[trainee.employment_type]),
        ("花名册", f"第 {trainee.row} 行"),
        ("班级", facts.get("name", "未知")),
        ("培训机构", facts.get("institution", "未知")),
        ("核查依据", report.policy.title),
    )
    for label, value in lines:
        paper.set_font(size=10)
        paper.set_text_color(*GREY)
        paper.cell(24, 6, label)
        paper.line_of(value, size=10, indent=24, height=1.7)
    paper.ln(2)


def _heading(paper: Paper, text: str) -> None:
    if paper.room() < 30:
        paper.add_page()
    paper.ln(2)
    paper.line_of(text, size=12, height=1.7)


def _checklist(
    paper: Paper, wanted: Sequence[RequirementInfo], numbers: Mapping[int, int], places: Mapping[int, int]
) -> None:
    if not wanted:
        return
    _heading(paper, "应有的证明材料")
    paper.rows(
        ("材料", "结果", "档案页码", "扫描第几页", "本卷第几页"),
        (62, 24, 28, 28, 28),
        [
            (one.label, f"{_STATES[one.state][0]} {STATE_WORDS[one.state]}", *_where(one.pages, numbers, places))
            for one in wanted
        ],
        colours=[_STATES[one.state][1] for one in wanted],
    )


def _issues(paper: Paper, issues: Iterable[Issue]) -> None:
    found = list(issues)
    _heading(paper, f"问题（{len(found)} 条）" if found else "问题：无")
    if found:
        paper.rows(
            ("问题", "级别", "说明", "扫描第几页", "依据"),
            (32, 14, 74, 20, 30),
            [
                (
                    CODES.get(issue.code, issue.code), SEVERITIES[issue.severity], issue.message,
                    page_runs(issue.pages) or "—", issue.citation,
                )
                for issue in found
            ],
            colours=[{"error": RED, "warning": AMBER}.get(issue.severity) for issue in found],
        )  # fmt: skip


def _documents(
    paper: Paper,
    documents: Sequence[tuple[DocumentInfo, tuple[int, ...]]],
    numbers: Mapping[int, int],
    places: Mapping[int, int],
) -> None:
    _heading(paper, "本卷所收材料（档案原页）")
    paper.rows(
        ("材料", "标题", "档案页码", "扫描第几页", "本卷第几页"),
        (36, 50, 28, 28, 28),
        [
            (DOC_TYPES[document.type], document.title or "—", *_where(pages, numbers, places))
            for document, pages in documents
        ],
    )
    paper.line_of(
        "档案页码是原页右上角所编的号，“—”为未编或未读出；扫描第几页从整本档案的第一页数起。",
        size=8.5, colour=GREY, height=1.9,
    )  # fmt: skip


def _where(pages: Iterable[int], numbers: Mapping[int, int], places: Mapping[int, int]) -> tuple[str, str, str]:
    indexes = tuple(pages)
    return (
        page_runs(numbers[page] for page in indexes if page in numbers) or "—",
        page_runs(indexes) or "—",
        page_runs(places[page] for page in indexes if page in places) or "—",
    )

