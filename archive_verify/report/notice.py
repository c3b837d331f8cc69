"""The correction notice (补正通知书) to the institution, as a PDF ready for seal and date."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archive_verify.model import Trainee
from archive_verify.policy.terms import Policy
from archive_verify.report.corrections import Correction, Corrections, corrections
from archive_verify.report.paper import GREY, MARGIN, SERIF, Paper
from archive_verify.report.schema import Report
from archive_verify.words import EMPLOYMENT_TYPES, page_runs

_HEADER = ("序号", "存在的问题", "补正要求", "页", "依据")
_WIDTHS = (11, 70, 48, 25, 16)
_NUMERALS = "一二三四五六七八九十"
_CLOSING_MM = 62.0
_SLIP_MM = 88.0


def write_notice(report: Report, policy: Policy, path: Path) -> bool:
    """Write the notice and return True, or return False where the institution has nothing to mend."""
    wanted = corrections(report, policy.document_number)
    if not wanted.count:
        return False
    facts = {name: str(fact.value) for name, fact in report.class_.items() if fact.value is not None}
    institution = facts.get("institution", "＿＿＿＿＿＿＿＿＿＿＿＿")
    training = facts.get("name", "＿＿＿＿＿＿＿＿班")
    with Paper("补正通知书", foot=f"补正通知书 · {training}") as paper:
        paper.set_subject(f"{institution} {training}")
        paper.add_page()
        _opening(paper, institution, training, policy, wanted)
        _lists(paper, wanted, {page.index: page.page_number.value for page in report.pages if page.page_number})
        _closing(paper)
        _slip(paper, institution, training, wanted.count)
        paper.output(str(path))
    return True


def _opening(paper: Paper, institution: str, training: str, policy: Policy, wanted: Corrections) -> None:
    paper.line_of("补正通知书", size=22, align="C", height=1.9)
    paper.line_of("〔　　　　〕第　　　号", size=11, font=SERIF, align="C")
    paper.ln(3)
    paper.line_of(f"{institution}：", size=12, font=SERIF, height=1.8)
    _paragraph(
        paper,
        f"你单位报送的“{training}”培训档案，经依据《{policy.title}》（{policy.document_number}）核查，"
        f"有下列 {wanted.count} 项须予补正。请于＿＿＿＿年＿＿月＿＿日前按本通知补齐、更正，"
        "连同回执一并报送；补正材料须编入档案页码，复印件须与原件一致并加盖你单位公章。"
        "资料补足并验收合格后，再行办理补贴拨付。",
    )
    _paragraph(paper, "“页”栏所列为扫描件的第几页，括号内为档案右上角所编的页码；“依据”栏所列为上述办法的条款。")


def _paragraph(paper: Paper, text: str) -> None:
    paper.line_of("　　" + text, size=12, font=SERIF, height=1.8)


def _lists(paper: Paper, wanted: Corrections, numbers: dict[int, int]) -> None:
    number = 1
    for position, (name, found) in enumerate(wanted.of_class):
        _heading(paper, f"{_NUMERALS[position]}、{name}（{len(found)} 项）")
        _table(paper, _numbered(found, numbers, number))
        number += len(found)
    if wanted.of_trainees:
        total = sum(len(found) for _, found in wanted.of_trainees)
        _heading(
            paper,
            f"{_NUMERALS[len(wanted.of_class)]}、学员就业证明材料（{len(wanted.of_trainees)} 人，{total} 项）",
        )
        rows: list[tuple[str, ...] | str] = []
        for trainee, found in wanted.of_trainees:
            rows.append(_who(trainee))
            rows.extend(_numbered(found, numbers, number))
            number += len(found)
        _table(paper, rows)


def _heading(paper: Paper, text: str) -> None:
    if paper.room() < 35:
        paper.add_page()
    paper.ln(3)
    paper.line_of(text, size=12, height=1.7)


def _table(paper: Paper, rows: Iterable[tuple[str, ...] | str]) -> None:
    paper.rows(_HEADER, _WIDTHS, rows, font=SERIF, size=9.5)


def _numbered(found: Iterable[Correction], numbers: dict[int, int], first: int) -> list[tuple[str, ...]]:
    return [
        (str(number), one.problem, one.remedy, _pages(one.pages, numbers), one.citation)
        for number, one in enumerate(found, first)
    ]


def _pages(pages: tuple[int, ...], numbers: dict[int, int]) -> str:
    archive = page_runs(numbers[page] for page in pages if page in numbers)
    return (page_runs(pages) or "—") + (f"（{archive}）" if archive else "")


def _who(trainee: Trainee) -> str:
    last4 = trainee.id_number[-4:] or "空缺"
    return f"第 {trainee.row} 行　{trainee.name}（身份证号后四位 {last4}）　{EMPLOYMENT_TYPES[trainee.employment_type]}"


def _closing(paper: Paper) -> None:
    if paper.room() < _CLOSING_MM:
        paper.add_page()
    paper.ln(6)
    _paragraph(paper, "逾期未补正或补正后仍不符合要求的，按上述办法处理。特此通知。")
    paper.ln(22)
    for text in ("（审核机关盖章）", "＿＿＿＿年＿＿月＿＿日"):
        paper.line_of(text, size=12, font=SERIF, align="R", height=2.0)


def _slip(paper: Paper, institution: str, training: str, count: int) -> None:
    """The slip that the institution tears off and returns; it stays on one sheet."""
    if paper.room() < _SLIP_MM:
        paper.add_page()
    paper.ln(6)
    paper.set_draw_color(*GREY)
    paper.set_dash_pattern(dash=2, gap=1.5)
    paper.line(MARGIN, paper.get_y(), paper.w - MARGIN, paper.get_y())
    paper.set_dash_pattern()
    paper.set_draw_color(0, 0, 0)
    paper.ln(4)
    paper.line_of("回　执", size=15, align="C", height=1.9)
    _paragraph(paper, f"关于“{training}”的补正通知书（共 {count} 项）已收到。补正情况：")
    for text in (
        "□ 已全部补正　　　□ 部分补正，未补正的第＿＿＿＿＿＿＿＿项",
        "说明：" + "＿" * 28,
    ):
        _paragraph(paper, text)
    paper.ln(4)
    signed = "签收人：＿＿＿＿＿＿　联系电话：＿＿＿＿＿＿＿＿"
    for text in (f"{institution}（盖章）", signed, "＿＿＿＿年＿＿月＿＿日"):
        paper.line_of(text, size=12, font=SERIF, align="R", height=2.0)
