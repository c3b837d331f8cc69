"""The report as a workbook: issues, trainees, pages and computation, with filters and frozen headers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from archive_verify.report.schema import Report
from archive_verify.words import CODES, DOC_TYPES, EMPLOYMENT_TYPES, FLAGS, SEVERITIES, VERDICTS, show_value

_HEAD = PatternFill("solid", fgColor="DDE6F0")
_WIDEST = 70  # characters of a column


def to_xlsx(report: Report, path: Path) -> None:
    """Write issues.xlsx. Texts are written as texts: nothing read from paper becomes a formula."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    names = {trainee.row: trainee.name for trainee in report.trainees}
    _sheet(
        book,
        "问题",
        ("编号", "级别", "问题", "代码", "说明", "学员行号", "学员", "页", "应为", "所见", "依据"),
        (
            (
                issue.id, SEVERITIES[issue.severity], CODES.get(issue.code, issue.code), issue.code,
                issue.message, issue.trainee, names.get(issue.trainee or 0, ""),
                "、".join(str(page) for page in issue.pages), _shown(issue.expected), _shown(issue.found),
                issue.citation,
            )
            for issue in report.issues
        ),
    )  # fmt: skip
    _sheet(
        book,
        "学员",
        ("行号", "姓名", "身份证号", "就业形式", "结论", "问题", "材料编号"),
        (
            (
                trainee.row, trainee.name, trainee.id_number, EMPLOYMENT_TYPES[trainee.employment_type],
                VERDICTS[trainee.verdict],
                "、".join(dict.fromkeys(CODES.get(i.code, i.code) for i in report.issues if i.id in trainee.issues)),
                "、".join(trainee.documents),
            )
            for trainee in report.trainees
        ),
    )  # fmt: skip
    _sheet(
        book,
        "页面",
        ("序", "文件", "文件内页", "页码", "类型", "把握", "转正角度", "状态"),
        (
            (
                page.index, report.files[page.file].name, page.file_page,
                page.page_number.text if page.page_number else "", DOC_TYPES[page.doc_type],
                page.confidence, page.rotation, "、".join(FLAGS[flag] for flag in page.flags),
            )
            for page in report.pages
        ),
    )  # fmt: skip
    _sheet(
        book,
        "核算",
        ("步骤", "说明", "算式", "依据", "所取口径"),
        (
            (number, step.text, step.formula, step.citation, step.reading)
            for number, step in enumerate(report.assessment.steps, 1)
        ),
    )
    book.save(path)


def _sheet(
    book: Workbook, title: str, header: Sequence[str], rows: Iterable[Sequence[str | int | float | None]]
) -> None:
    sheet = book.create_sheet(title)
    widths = [_width(name) for name in header]
    for column, name in enumerate(header, 1):
        cell = sheet.cell(1, column, name)
        cell.font = Font(bold=True)
        cell.fill = _HEAD
    for row_number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(row_number, column)
            if isinstance(value, str):
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
                cell.data_type = "s"  # never a formula, whatever the paper says
            else:
                cell.value = value
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            widths[column - 1] = max(widths[column - 1], _width(value))
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, width + 2)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _shown(value: str | None) -> str:
    return "" if value is None else show_value(value)


def _width(value: str | int | float | None) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in str(value or ""))
