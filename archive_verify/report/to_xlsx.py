"""The report as a workbook: issues, trainees, pages and computation, with filters and frozen headers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from urllib.parse import quote

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from archive_verify.model import Verdict
from archive_verify.report.schema import DocumentInfo, Report
from archive_verify.words import (
    CODES,
    DOC_TYPES,
    EMPLOYMENT_TYPES,
    FACTS,
    FLAGS,
    SEVERITIES,
    VERDICTS,
    page_runs,
    show_value,
)

_HEAD = PatternFill("solid", fgColor="1F3A5F")
_THIN = Side(style="thin", color="D5DBE3")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WIDEST = 60  # characters of a column
_COLOURS: Mapping[str, str] = {
    SEVERITIES["error"]: "B3261E", SEVERITIES["warning"]: "8A5A00", SEVERITIES["info"]: "0B5CAD",
    **dict.fromkeys(VERDICTS.values(), "B3261E"),
    VERDICTS[Verdict.VERIFIED]: "1B6E3C", VERDICTS[Verdict.NEEDS_REVIEW]: "8A5A00",
    VERDICTS[Verdict.NOT_CLAIMED]: "5B6675",
}  # fmt: skip

Value = str | int | float | Decimal | None


def to_xlsx(report: Report, path: Path) -> None:
    """Write issues.xlsx. Texts are written as texts: nothing read from paper becomes a formula."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    facts = {name: str(fact.value) for name, fact in report.class_.items() if fact.value is not None}
    book.properties.title = f"{facts.get('name', '')}核查结果"
    book.properties.creator = "archive-verify"
    _issues(book, report)
    _trainees(book, report)
    _pages(book, report)
    _computation(book, report)
    book.save(path)


def _issues(book: Workbook, report: Report) -> None:
    names = {trainee.row: trainee.name for trainee in report.trainees}
    numbers = {page.index: page.page_number.value for page in report.pages if page.page_number is not None}
    add_sheet(
        book,
        "问题",
        ("编号", "级别", "问题", "说明", "学员行号", "学员", "扫描页", "档案页码", "应为", "所见", "依据", "代码"),
        (
            (
                issue.id, SEVERITIES[issue.severity], CODES.get(issue.code, issue.code), issue.message,
                issue.trainee, names.get(issue.trainee or 0, ""), page_runs(issue.pages),
                page_runs(numbers[page] for page in issue.pages if page in numbers),
                _shown(issue.expected), _shown(issue.found), issue.citation, issue.code,
            )
            for issue in sorted(report.issues, key=lambda issue: tuple(SEVERITIES).index(issue.severity))
        ),
        frozen="D2",
    )  # fmt: skip


def _trainees(book: Workbook, report: Report) -> None:
    documents = {document.id: document for document in report.documents}
    codes = {issue.id: CODES.get(issue.code, issue.code) for issue in report.issues}
    files = {dossier.trainee: dossier.file for dossier in report.dossiers}
    sheet = add_sheet(
        book,
        "学员",
        ("行号", "姓名", "身份证号", "就业形式", "结论", "问题", "材料（扫描页）", "案卷"),
        (
            (
                trainee.row, trainee.name, trainee.id_number, EMPLOYMENT_TYPES[trainee.employment_type],
                VERDICTS[trainee.verdict],
                "、".join(dict.fromkeys(codes[id_] for id_ in trainee.issues if id_ in codes)),
                "；".join(_with_pages(documents[id_]) for id_ in trainee.documents if id_ in documents),
                "打开" if files.get(trainee.row) else "",
            )
            for trainee in report.trainees
        ),
        frozen="C2",
    )  # fmt: skip
    for row, trainee in enumerate(report.trainees, 2):
        file = files.get(trainee.row)
        if file:
            cell = sheet.cell(row, 8)
            cell.hyperlink = quote(file)
            cell.font = Font(color="0B5CAD", underline="single")


def _pages(book: Workbook, report: Report) -> None:
    sheet = add_sheet(
        book,
        "页面",
        ("扫描页", "文件", "文件内页", "档案页码", "类型", "类型把握", "转正角度", "状态"),
        (
            (
                page.index, report.files[page.file].name, page.file_page,
                page.page_number.value if page.page_number else "", DOC_TYPES[page.doc_type],
                page.confidence, page.rotation or "", "、".join(FLAGS[flag] for flag in page.flags),
            )
            for page in report.pages
        ),
    )  # fmt: skip
    for (cell,) in sheet.iter_rows(min_row=2, min_col=6, max_col=6):
        cell.number_format = "0%"


def _computation(book: Workbook, report: Report) -> None:
    sheet = add_sheet(
        book,
        "核算",
        ("步骤", "说明", "算式", "依据", "所取口径"),
        (
            (number, step.text, step.formula, step.citation, step.reading)
            for number, step in enumerate(report.assessment.steps, 1)
        ),
    )
    result = report.assessment
    accepted = result.material_status == "accepted"
    figures: list[tuple[str, Value]] = [
        ("补贴人数", result.payable_headcount),
        ("核定金额（元）", _number(result.payable_yuan)),
        ("暂按现有数据计（元）", _number(result.provisional_yuan)),
        ("资料", "合格" if accepted else "待补正，金额暂不核拨"),
        ("尚缺", "、".join(FACTS.get(name, name) for name in result.missing_inputs)),
    ]
    last = sheet.max_row + 1
    for label, value in figures:
        if value not in (None, ""):
            last += 1
            _fill(sheet, last, 2, label).font = Font(bold=True)
            _fill(sheet, last, 3, value).number_format = "#,##0.00" if isinstance(value, Decimal) else "General"


def add_sheet(
    book: Workbook, title: str, header: Sequence[str], rows: Iterable[Sequence[Value]], frozen: str = "A2"
) -> Worksheet:
    """A further sheet with filters and a frozen header; texts stay texts, whatever they begin with."""
    sheet: Worksheet = book.create_sheet(title)
    widths = [_width(name) + 3 for name in header]      # room for the filter's button
    for column, name in enumerate(header, 1):
        cell = sheet.cell(1, column, name)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = _HEAD
        cell.border = _GRID
        cell.alignment = Alignment(vertical="center")
    sheet.row_dimensions[1].height = 22
    for row_number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            cell = _fill(sheet, row_number, column, value)
            cell.border = _GRID
            if isinstance(value, str) and value in _COLOURS:
                cell.font = Font(bold=True, color=_COLOURS[value])
            widths[column - 1] = max(widths[column - 1], _width(value) + 2)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, width)
    sheet.freeze_panes = frozen
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    sheet.oddFooter.center.text = "&A　第 &P 页 共 &N 页"  # type: ignore[union-attr]
    return sheet


def _fill(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # no cells are merged
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"  # never a formula, whatever the paper says
    else:
        cell.value = value
    cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
    return cell


def _with_pages(document: DocumentInfo) -> str:
    return f"{DOC_TYPES[document.type]} {page_runs(document.pages)}"


def _shown(value: str | None) -> str:
    return "" if value is None else show_value(value)


def _number(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        return None


def _width(value: Value) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in str("" if value is None else value))
