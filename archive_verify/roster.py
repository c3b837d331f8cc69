"""The roster file -> its persons: header found by name, anywhere, in any column order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from archive_verify.errors import RosterRefused
from archive_verify.model import EmploymentType, Roster, RosterRow
from archive_verify.settings import Settings
from archive_verify.spreadsheet import EMPTY, Cell, Grid, SheetGrid, read_spreadsheet

_HEADER_SEARCHED = 100   # rows in which a header may begin
_HEADER_DEPTH = 3        # rows that one header may take

# Column titles by field, without spaces and bracketed remarks. Of several columns that fit one
# field the one whose title matches the earliest pattern wins.
_TITLES: dict[str, tuple[str, ...]] = {
    "name": (
        r"姓名|(学员|学生|人员|参训人员|培训人员|参训学员|培训学员|培训对象|劳动者|本人)姓名|名字",
        r"(?!.*(联系人|负责人|法人|代表|教师|老师|监护|家长|企业|单位|经办|紧急|拼音|曾用)).{0,6}姓名.{0,4}",
        r"学员|参训人员|培训对象",
    ),
    "id_number": (
        r"(公民|居民)?身份证?(件)?(号码|编号|号)|(公民|居民)身份证(号码|号)?",
        r"身份证",
        r"(?!.*(法人|代表|负责人|地址|住址|类型|种类|复印|有效期)).{0,8}身份证.{0,8}",
        r"(有效)?证件(号码|编号|号)|社会保障(号码|号)",
    ),
    "gender": (r"性别",),
    "phone": (
        r"(本人|学员|个人)?(联系|移动|手机)?(电话|手机|手机号码?|电话号码)(号码?)?|联系方式|联系手机号?码?",
        r"(?!.*(单位|企业|法人|代表|负责人|紧急|公司)).{0,6}(电话|手机|联系方式).{0,4}",
    ),
    "employment_type": (
        r"(实现)?就业(创业)?(形式|类型|方式|渠道|类别|途径|形态|性质)",
        r"就业(创业)?(情况|去向|状态|状况)",
        r"是否(已|实现)?就业",
    ),
    "employer": (
        r"就业(创业)?(单位|企业)(名称|全称)?",
        r"(用人|用工|工作|现工作|所在|接收|录用)(单位|企业)(名称|全称)?",
        r"(单位|企业|公司)(名称|全称)|就业(地点|去处)?(及|/)?单位",
    ),
    "passed": (
        r"(考核|考试|鉴定|结业|培训|成绩)?(是否|合格与否)(合格|及格|通过)?|.*是否(合格|及格|通过).*|合格与否",
        r"(考核|考试|鉴定|评定|结业|培训|考评|评价|认定)?(结果|结论)|合格情况|成绩评定|(考核|考试|结业|鉴定)情况",
        r"(总评|综合|最终|总)(成绩|分|得分)?|(考核|考试|结业|鉴定|考评|培训)?成绩",
    ),
    "certificate_number": (
        r"(?!.*(教师|办学)).{0,12}(证书|合格证|资格证|等级证|能力证)(编号|编码|号码|号)",
    ),
}
_NEEDED = {"name": "姓名", "id_number": "身份证号"}
_SHOWN = _NEEDED | {
    "gender": "性别", "phone": "联系电话", "employment_type": "就业形式", "employer": "就业单位",
    "passed": "是否合格", "certificate_number": "证书编号",
}

_TOTAL = re.compile(r"(合计|总计|小计|共计|累计|总人数|合格人数|人数)[:：]?.{0,12}|共\d+人.*")
_FOOT = re.compile(
    r".*(制表|填表|填报|审核|复核|负责人|校长|经办|盖章|签字|签章|日期|班主任|单位公章|主管|录入)(人|员)?\s*[:：(（]?.*"
    r"|(备注|说明|注)\d?[:：].*|填报时间.*|以下(空白|无正文).*|此处空白.*"
)
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff〇○·]{2,20}|[A-Za-z][A-Za-z .·'-]{1,40}")
_PASSED = {
    True: "是 合格 及格 通过 优秀 优 良好 良 中等 中 已合格 考核合格 已通过 取证 已取证 √ ✓ ✔ v y yes true 对 1",
    False: "否 不合格 不及格 未通过 不通过 未合格 未取证 缺考 补考 待补考 差 不 未 × ✗ ✘ ☒ x n no false 0",
}
_PASSED_WORDS = {word: passed for passed, words in _PASSED.items() for word in words.split()}
_EMPLOYMENT: tuple[tuple[str, EmploymentType | None], ...] = (
    (r"未.*就业|不就业|没有?就业|无就业|待业|失业|无业|未|否|无|没有|暂无|待就业", EmploymentType.NONE),
    (r".*(订单|定单|定向|委培|委托培养).*", EmploymentType.ORDER),
    (r".*(灵活|零工|临时|自由职业|弹性|非全日制|散工).*", EmploymentType.FLEXIBLE),
    (r".*(创业|自主|个体|自营|自谋|自办|经营).*", EmploymentType.SELF_EMPLOYED),
    (r".*(企业|单位|公司|劳动合同|受雇|入职|工厂|稳定就业).*", EmploymentType.ENTERPRISE),
)


@dataclass(frozen=True, slots=True)
class _Header:
    columns: Mapping[str, int]      # field -> column
    first: int                      # row of the grid
    last: int
    titles: frozenset[str]          # normalised, to know a header printed again further down
    twice: bool                     # name and ID number stand there twice: two lists side by side


def read_roster(path: Path, settings: Settings) -> Roster:
    """Read the persons of a roster file (xlsx, xls or csv).

    Raises RosterRefused naming the missing columns, or the cell that has no usable value.
    """
    sheets = read_spreadsheet(path, settings)
    found = [(sheet, header) for sheet in sheets if (header := _header(sheet.cells)) is not None]
    complete = [(sheet, header) for sheet, header in found if _NEEDED.keys() <= header.columns.keys()]
    if not complete:
        best = max((header.columns.keys() & _NEEDED.keys() for _, header in found), key=len, default=set())
        missing = "、".join(f"“{title}”" for field, title in _NEEDED.items() if field not in best)
        raise RosterRefused(
            f"名册缺少{missing}列", where=path, advice="请在表头中写明姓名和身份证号两列，列的次序不限"
        )
    read = [(sheet, header, _persons(sheet, header)) for sheet, header in complete]
    sheet, header, persons = max(
        read, key=lambda item: (bool(item[2]), not item[0].hidden, len(item[1].columns), len(item[2]))
    )
    where = f"{path}（工作表“{sheet.name}”）" if len(sheets) > 1 else str(path)
    if not persons:
        raise RosterRefused("名册的表头下没有一名学员", where=where, advice="请填写学员后再试")
    if len(persons) > settings.max_roster_rows:
        raise RosterRefused(
            f"名册有 {len(persons)} 人，超过上限 {settings.max_roster_rows}", where=where,
            advice="请只留本班学员，或调高 ARCHIVE_VERIFY_MAX_ROSTER_ROWS",
        )
    if header.twice:
        raise RosterRefused("名册并排列了两栏姓名和身份证号", where=where, advice="请改成每人一行的一栏名册")
    _refuse_unusable(sheet.cells, header, persons, where)
    rows = (
        _row(number, sheet.cells[index], header) for number, index in enumerate(persons, start=1)
    )
    return Roster(file=path.name, rows=tuple(rows))


# --- the header ---------------------------------------------------------------------------------


def _title(text: str) -> str:
    text = re.sub(r"\(.*?\)", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"[\s\u200b\ufeff*:：、,.。#★]", "", text)


@lru_cache(maxsize=4096)
def _field(title: str) -> tuple[str, int] | None:
    """The field a column title stands for, and how well (0 is best)."""
    if not title or len(title) > 20:
        return None
    fits = [
        (rank, field)
        for field, patterns in _TITLES.items()
        for rank, pattern in enumerate(patterns)
        if re.fullmatch(pattern, title)
    ]
    rank, field = min(fits, default=(0, ""))
    return (field, rank) if field else None


def _header(cells: Grid) -> _Header | None:
    """The header with most recognised columns; name and ID number count most."""
    best: tuple[tuple[int, int, int], _Header] | None = None
    for first in range(min(len(cells), _HEADER_SEARCHED)):
        for depth in range(1, _HEADER_DEPTH + 1):
            if first + depth > len(cells):
                break
            band = cells[first : first + depth]
            if depth > 1 and not any(_field(_title(cell.text)) for cell in band[-1] if cell.merged != "down"):
                break
            header = _columns(band, first)
            needed = len(header.columns.keys() & _NEEDED.keys())
            key = (needed, len(header.columns), -depth)
            if needed and (best is None or key > best[0]):
                best = (key, header)
    return best[1] if best else None


def _columns(band: Sequence[Sequence[Cell]], first: int) -> _Header:
    ranked: dict[str, tuple[int, int]] = {}
    seen: dict[str, int] = {}
    titles: set[str] = set()
    for column in range(len(band[0])):
        parts = [_title(row[column].text) for row in band if row[column].merged != "down"]
        if all(row[column].merged == "across" for row in band if row[column].text):
            continue
        own = [_title(row[column].text) for row in band if not row[column].merged]
        # the lowest row names the column; rows above it, often merged across, only group columns
        for title in (*reversed([part for part in own if part]), "".join(parts)):
            fit = _field(title)
            if fit:
                titles.add(title)
                break
        else:
            continue
        field, rank = fit
        if rank == 0:
            seen[field] = seen.get(field, 0) + 1
        if field not in ranked or rank < ranked[field][0]:
            ranked[field] = (rank, column)
    return _Header(
        columns={field: column for field, (_, column) in ranked.items()},
        first=first, last=first + len(band) - 1, titles=frozenset(titles),
        twice=all(seen.get(field, 0) > 1 for field in _NEEDED),
    )


# --- the rows -----------------------------------------------------------------------------------


def _at(row: Sequence[Cell], header: _Header, field: str) -> Cell:
    column = header.columns.get(field)
    return row[column] if column is not None and column < len(row) else EMPTY


def _persons(sheet: SheetGrid, header: _Header) -> list[int]:
    """Indexes of the rows that hold a person."""
    return [
        index for index in range(header.last + 1, len(sheet.cells))
        if _is_person(sheet.cells[index], header)
    ]


def _is_person(row: Sequence[Cell], header: _Header) -> bool:
    name, number = _at(row, header, "name"), _at(row, header, "id_number")
    if not (name.text or number.text or name.problem or number.problem):
        return False
    if name.merged == "down" and number.merged == "down":
        return False  # one person written over two lines
    texts = [_title(cell.text) for cell in row if cell.text and not cell.merged]
    if _title(name.text) in header.titles or _title(number.text) in header.titles:
        return False
    if any(_TOTAL.fullmatch(text) for text in texts[:3]):
        return False
    if re.search(r"\d{12}", id_number(number.text)) and not number.merged:
        return True
    if name.problem or number.problem:
        return True
    if any(_FOOT.fullmatch(cell.text) for cell in row if cell.text and not cell.merged):
        return False
    alone = len(texts) < 2 and any(cell.merged == "across" for cell in row)
    return bool(_NAME.fullmatch(person_name(name.text))) and not name.merged and not alone


def _refuse_unusable(cells: Grid, header: _Header, persons: Sequence[int], where: str) -> None:
    """Refuse cells that hide their value: formulas never computed, ID numbers like 1.41E+17."""
    for field in header.columns:
        hidden = [
            index + 1 for index in persons
            if (cell := _at(cells[index], header, field)).problem == "formula"
            or (cell.problem == "error" and field in _NEEDED)
        ]
        if hidden:
            raise RosterRefused(
                f"第 {_listed(hidden)} 行的“{_SHOWN[field]}”是没有算出结果的公式", where=where,
                advice="请用 Excel 或 WPS 打开，重新计算并保存，或改成普通文字",
            )
    useless = [
        index + 1 for index in persons
        if re.fullmatch(r"\d(\.\d{0,13})?[eE]\+?\d\d?", _at(cells[index], header, "id_number").text)
    ]
    if useless:
        raise RosterRefused(
            f"第 {_listed(useless)} 行的身份证号被表格软件改成了科学计数，多数位数已丢失", where=where,
            advice="请把身份证号一列设为文本格式后重新填写",
        )


def _id_cell(cell: Cell) -> tuple[str, bool]:
    """The ID number, and whether digits were lost because it was stored as a number.

    A spreadsheet keeps 15 significant digits (IEEE 754 doubles hold no more of an 18-digit
    number), so only those are kept; "?" stands for each of the others.
    """
    text = cell.text
    if re.fullmatch(r"\d\.\d{14,}[eE]\+?17", text):
        text = text[0] + text[2:16] + "000"
    elif cell.number is None or not 2**53 < cell.number < 10**18:
        return id_number(text), False
    elif isinstance(cell.number, int) and not text.endswith("000"):
        return text, False  # all digits are written out in the file; no serial ends in 000
    return text[:15] + "???", True


def _listed(rows: Sequence[int]) -> str:
    return "、".join(map(str, rows[:5])) + (" 等" if len(rows) > 5 else "")


def _row(number: int, row: Sequence[Cell], header: _Header) -> RosterRow:
    number_text, digits_lost = _id_cell(_at(row, header, "id_number"))
    return RosterRow(
        row=number,
        name=person_name(_at(row, header, "name").text),
        id_number=number_text,
        id_digits_lost=digits_lost,
        gender=_plain(_at(row, header, "gender").text)[:1],
        phone=re.sub(r"(?<=\d)[-\s](?=\d)", "", _plain(_at(row, header, "phone").text)),
        employment_type=employment_type(_at(row, header, "employment_type").text),
        employer=_words(_at(row, header, "employer").text),
        passed=passed(_at(row, header, "passed").text),
        certificate_number=_plain(_at(row, header, "certificate_number").text),
    )


# --- the values ---------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """Half-width, without spaces, quotes and invisible characters."""
    return re.sub(r"[\s'\"`‘’“”\u200b-\u200f\ufeff]", "", unicodedata.normalize("NFKC", text))


def _words(text: str) -> str:
    text = re.sub(r"[\s\u200b-\u200f\ufeff]", "", text)
    return "" if text in {"-", "/", "\\", "无", "——", "—"} else text


def id_number(text: str) -> str:
    """An ID number as the rules compare it: half-width, capital X, nothing in between."""
    return re.sub(r"[-.]", "", _plain(text)).upper().replace("×", "X").replace("Х", "X")


def person_name(text: str) -> str:
    """A person's name without spaces and bracketed remarks; Latin names keep single spaces."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"\(.*?\)", "", text).strip(" '\"`\u200b\ufeff\t\n")
    text = re.sub(r"[•‧∙・･]", "·", re.sub(r"[\u200b-\u200f\ufeff]", "", text))
    if re.fullmatch(r"[\x00-\x7f·]+", text):
        return " ".join(text.split())
    return re.sub(r"\s", "", text)


def employment_type(text: str) -> EmploymentType | None:
    """The claimed route; None where the cell is empty or only says that there is employment."""
    words = _plain(text)
    for pattern, kind in _EMPLOYMENT:
        if re.fullmatch(pattern, words):
            return kind
    return None


def passed(text: str) -> bool | None:
    """是 / 合格 / √ / a mark of 60 or more (hundred-mark system) -> True; None where it is not said."""
    words = _plain(text).lower()
    if words in _PASSED_WORDS:
        return _PASSED_WORDS[words]
    if match := re.fullmatch(r"(\d{1,3}(?:\.\d+)?)分?", words):
        return float(match[1]) >= 60
    if re.search(r"不合格|不及格|未通过|不通过|缺考", words):
        return False
    return True if re.search(r"合格|及格|通过", words) else None
