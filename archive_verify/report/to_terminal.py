"""The issue list and the evaluation tables for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive_verify.model import Issue, Verdict
from archive_verify.policy.listing import RuleLine
from archive_verify.report.schema import Report
from archive_verify.words import CODES, FACTS, SEVERITIES, VERDICTS

_COLOURS = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_VERDICT_COLOURS = {
    Verdict.VERIFIED: "green", Verdict.NEEDS_REVIEW: "yellow", Verdict.NOT_CLAIMED: "dim",
}  # fmt: skip


def to_terminal(report: Report, console: Console) -> None:
    """Print the head, the issues grouped by severity and code, the verdicts and the computation."""
    _head(report, console)
    for severity in ("error", "warning", "info"):
        issues = [issue for issue in report.issues if issue.severity == severity]
        if issues:
            _issues(severity, issues, console)
    if not report.issues:
        console.print(Text("未发现问题。", style="green"))
    _verdicts(report, console)
    _assessment(report, console)


def _head(report: Report, console: Console) -> None:
    facts = {name: fact.value for name, fact in report.class_.items()}
    title = " · ".join(str(facts[key]) for key in ("institution", "name") if facts.get(key))
    console.rule(Text(title or "核查结果", style="bold"))
    failed = sum("failed" in page.flags for page in report.pages)
    console.print(
        f"{len(report.files)} 个文件，{len(report.pages)} 页，{len(report.documents)} 份材料，"
        f"{len(report.trainees)} 名学员；依据：{report.policy.title}"
    )
    if report.skipped:
        console.print(Text(f"未作为页面读取的文件：{'、'.join(report.skipped)}", style="dim"))
    if failed:
        console.print(Text(f"有 {failed} 页读取失败，须人工查看。", style="bold red"))


def _issues(severity: str, issues: list[Issue], console: Console) -> None:
    console.print()
    console.print(Text(f"{SEVERITIES[severity]}（{len(issues)} 条）", style=_COLOURS[severity]))
    by_code: dict[str, list[Issue]] = {}
    for issue in issues:
        by_code.setdefault(issue.code, []).append(issue)
    for code, group in by_code.items():
        console.print(Text.assemble((f"  {CODES.get(code, code)}", "bold"), (f"  {code}  ×{len(group)}", "dim")))
        for issue in group:
            pages = "、".join(str(page) for page in issue.pages[:8]) + ("…" if len(issue.pages) > 8 else "")
            where = f"〔第 {pages} 页〕" if pages else ""
            console.print(Text(f"    • {issue.message}{where}"))
        citations = dict.fromkeys(issue.citation for issue in group if issue.citation)
        console.print(Text(f"      依据：{'；'.join(citations)}", style="dim"))


def _verdicts(report: Report, console: Console) -> None:
    counts = Counter(trainee.verdict for trainee in report.trainees)
    console.print()
    parts: list[tuple[str, str]] = []
    for verdict in Verdict:
        if counts[verdict]:
            parts.append((f"{VERDICTS[verdict]} {counts[verdict]} 人  ", _VERDICT_COLOURS.get(verdict, "red")))
    console.print(Text.assemble("学员：", *parts))


def _assessment(report: Report, console: Console) -> None:
    result = report.assessment
    if result.material_status == "to_be_supplemented":
        console.print("资料：待补正，金额暂不核拨")
    if result.payable_yuan is not None:
        console.print(f"核定：{result.payable_headcount} 人，{result.payable_yuan} 元")
    elif result.missing_inputs:
        names = "、".join(FACTS.get(name, name) for name in result.missing_inputs)
        provisional = f"；暂按现有数据计 {result.provisional_yuan} 元" if result.provisional_yuan else ""
        console.print(f"核定金额待定：缺 {names}{provisional}")


def rules_table(rules: Iterable[RuleLine]) -> Table:
    """The rules of a policy: code, severity, what it says, citation, policy values it goes by."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    made.add_column("代码", no_wrap=True)
    for heading in ("级别", "内容", "依据", "参数"):
        made.add_column(heading, overflow="fold")
    for rule in rules:
        values = "，".join(f"{name} = {value}" for name, value in rule.values.items())
        made.add_row(rule.code, SEVERITIES[rule.severity], rule.about, rule.citation, values)
    return made


def percent(share: float | None) -> str:
    """A share as a percentage with one decimal, or a dash."""
    return "–" if share is None else f"{share * 100:.1f} %"


def table(title: str, *columns: str) -> Table:
    """A plain table whose first column is left-aligned and the others right-aligned."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="", box=None, pad_edge=False)
    for i, column in enumerate(columns):
        made.add_column(column, justify="left" if i == 0 else "right")
    return made
