"""Spreadsheet files (xlsx, xls, csv) -> grids of cells, recognised by content, not by name."""

from __future__ import annotations

import csv
import io
import lzma
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import openpyxl
import xlrd
from openpyxl.utils.exceptions import InvalidFileException
from PIL import Image
from xlrd.compdoc import CompDocError

from archive_verify.errors import RosterRefused
from archive_verify.settings import Settings
from archive_verify.unseen import cleared

_RESAVE = "请用 Excel 或 WPS 打开后另存为 xlsx 再试"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# No roster is larger; an empty table, formatted down to the last line, is.
_MOST_CELLS = 20_000_000
_MOST_MERGED = 1_000_000
# How a workbook writes a character that XML cannot hold, the end of a line before all (ECMA-376 part 1, 22.9.2.19).
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LONGEST_TEXT = 1000
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)""")
_BIFF_WITHOUT_CONTAINER = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `number` tells that it was stored as a number, `problem` why it has no value.

    A merged range gives its text to all its cells; `merged` tells which of them are not its
    first: "across" (another column than the first) or "down" (same column, a later row).
    """

    text: str = ""
    number: float | int | None = None
    problem: Literal["", "formula", "error"] = ""
    merged: Literal["", "across", "down"] = ""


EMPTY = Cell()
Grid = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class SheetGrid:
    """One sheet: its name, whether it is hidden, and its cells by row and column."""

    name: str
    hidden: bool
    cells: Grid


def read_spreadsheet(path: Path, settings: Settings) -> tuple[SheetGrid, ...]:
    """All sheets of the file, in order; a csv is one sheet.

    Raises RosterRefused where the file is missing, over a limit, encrypted, damaged or no table.
    """
    try:
        size = path.stat().st_size
        if size > settings.max_roster_bytes:
            raise RosterRefused(
                f"文件有 {size} 字节，超过上限 {settings.max_roster_bytes}", where=path,
                advice="请只留学员名册一张表，另存后再试",
            )
        data = path.read_bytes()
    except OSError as error:
        raise RosterRefused(f"无法读取：{error.strerror}", where=path, advice="请检查路径和权限") from error
    if not data.strip():
        raise RosterRefused("文件是空的", where=path, advice="请提供 xlsx、xls 或 csv 名册")
    if data.startswith(b"PK\x03\x04"):
        return _xlsx(data, path, settings)
    if data.startswith((_OLE, *_BIFF_WITHOUT_CONTAINER)):
        return _xls(data, path)
    head = data[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"%pdf", b"<", b"mime-version", b"{\\rtf", b"\x89png", b"\xff\xd8\xff", b"rar!")):
        raise RosterRefused("不是 xlsx、xls 或 csv 表格", where=path, advice=_RESAVE)
    return _csv(data, path)


def _number_text(value: float | int) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return str(value)


def _cell(value: Any) -> Cell:
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return Cell("是" if value else "否")
    if isinstance(value, int | float):
        return Cell(_number_text(value), number=value)
    text = cleared(_ESCAPED.sub(_unescaped, str(value)[:_LONGEST_TEXT])).strip()
    if re.fullmatch(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)", text):
        return Cell(problem="error")
    return Cell(text)


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _spread(rows: list[list[Cell]], merges: Iterable[tuple[int, int, int, int]]) -> Grid:
    """Give each merged range's text to all its cells; ranges are (row0, row1, col0, col1), 0-based,
    ends excluded."""
    for row0, row1, col0, col1 in merges:
        if row0 >= len(rows):
            continue
        first = rows[row0][col0] if col0 < len(rows[row0]) else EMPTY
        for row in range(row0, min(row1, len(rows))):
            for col in range(col0, min(col1, len(rows[row]))):
                if (row, col) != (row0, col0):
                    way: Literal["across", "down"] = "down" if col == col0 else "across"
                    rows[row][col] = Cell(first.text, first.number, first.problem, way)
    return tuple(tuple(row) for row in rows)


def _xlsx(data: bytes, path: Path, settings: Settings) -> tuple[SheetGrid, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if sum(part.file_size for part in parts) > settings.max_roster_bytes:
                raise RosterRefused(
                    f"解压后超过上限 {settings.max_roster_bytes} 字节", where=path,
                    advice="请删去多余的空行、图片和工作表",
                )
            if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
                raise RosterRefused("是压缩包，但不是 xlsx 表格", where=path, advice=_RESAVE)
            formulas = False
            for part in parts:
                if part.filename.startswith("xl/worksheets/") and not part.is_dir():
                    text = archive.read(part)
                    _refuse_merged(text, path)
                    formulas = formulas or b"<f>" in text or b"<f " in text
        values = _workbook(data, data_only=True)
        formula_book = _workbook(data, data_only=False) if formulas else None
    except (
        zipfile.BadZipFile, InvalidFileException, LookupError, ValueError, TypeError, AttributeError,
        EOFError, OSError, SyntaxError, RuntimeError, ArithmeticError, zlib.error, lzma.LZMAError, struct.error,
        Image.DecompressionBombError,
    ) as error:  # what openpyxl and its XML parser raise on damaged workbooks
        raise RosterRefused("xlsx 文件已损坏", where=path, advice=_RESAVE) from error
    sheets = []
    for sheet in values.worksheets:
        _refuse_vast(sheet.max_row, sheet.max_column, path)
        rows = [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        if formula_book is not None:
            _mark_formulas(rows, formula_book[sheet.title])
        merges = [
            (area.min_row - 1, area.max_row, area.min_col - 1, area.max_col)
            for area in sheet.merged_cells.ranges
        ]
        sheets.append(SheetGrid(sheet.title, sheet.sheet_state != "visible", _spread(rows, merges)))
    return tuple(sheets)


def _refuse_vast(rows: int, columns: int, path: Path) -> None:
    if rows * columns > _MOST_CELLS:
        raise RosterRefused(
            f"表格有 {rows} 行 {columns} 列，过大", where=path, advice="请删去末尾的空行和空列，另存后再试"
        )


def _refuse_merged(text: bytes, path: Path) -> None:
    """Refuse before the workbook is loaded, as each merged cell is made then."""
    merged = sum(
        (int(row1) - int(row0) + 1) * (_column(column1) - _column(column0) + 1)
        for column0, row0, column1, row1 in _MERGED.findall(text)
    )
    if merged > _MOST_MERGED:
        raise RosterRefused("合并的单元格过多", where=path, advice="请取消合并单元格，另存后再试")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - 64
    return number


def _workbook(data: bytes, *, data_only: bool) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and extensions that openpyxl does not keep
        return openpyxl.load_workbook(io.BytesIO(data), data_only=data_only, keep_links=False)


def _mark_formulas(rows: list[list[Cell]], sheet: Any) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f" and rows[cell.row - 1][cell.column - 1] == EMPTY:
                rows[cell.row - 1][cell.column - 1] = Cell(problem="formula")


def _xls(data: bytes, path: Path) -> tuple[SheetGrid, ...]:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise RosterRefused("文件有密码保护", where=path, advice="请去掉密码后重新保存")
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, logfile=io.StringIO(), ragged_rows=True
        )
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise RosterRefused("文件有密码保护", where=path, advice="请去掉密码后重新保存") from error
        raise RosterRefused("不是可读的 xls 表格", where=path, advice=_RESAVE) from error
    except (
        CompDocError, struct.error, ValueError, LookupError, AssertionError, TypeError,
        AttributeError, ArithmeticError, RuntimeError, EOFError, SyntaxError, OSError,
    ) as error:  # what xlrd raises on damaged files
        raise RosterRefused("xls 文件已损坏", where=path, advice=_RESAVE) from error
    sheets = []
    for sheet in book.sheets():
        # the library would fill each row up to the width with cells of its own: millions for one far away
        rows = [[_xls_cell(cell) for cell in sheet.row(index)] for index in range(sheet.nrows)]
        width = max((len(row) for row in rows), default=0)
        rows = [row + [EMPTY] * (width - len(row)) for row in rows]
        sheets.append(SheetGrid(sheet.name, sheet.visibility != 0, _spread(rows, sheet.merged_cells)))
    return tuple(sheets)


def _xls_cell(cell: Any) -> Cell:
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Cell(problem="error")
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return _cell(bool(cell.value))
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return EMPTY
    return _cell(cell.value)


def _csv(data: bytes, path: Path) -> tuple[SheetGrid, ...]:
    text = _decode(data)
    if text is None or "\0" in text:
        raise RosterRefused("不是 xlsx、xls 或 csv 表格", where=path, advice=_RESAVE)
    delimiter = max(",\t;，", key=lambda mark: sum(mark in line for line in text.splitlines()[:50]))
    try:
        table: Sequence[list[str]] = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise RosterRefused("csv 表格格式有误", where=path, advice=_RESAVE) from error
    width = max((len(row) for row in table), default=0)
    _refuse_vast(len(table), width, path)
    # Excel writes ="0123" to keep a number as text
    rows = [[_cell(re.sub(r'^="(.*)"$', r"\1", value.strip())) for value in row] for row in table]
    cells = tuple((*row, *[EMPTY] * (width - len(row))) for row in rows)
    return (SheetGrid("", False, cells),)


def _decode(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
