"""The summary of the trainees' employment."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_verify.documents.cells import ID_COLUMN, PHONE_COLUMN, cell_words
from archive_verify.documents.fields import unit_name
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.documents.people import Column, People, read_people
from archive_verify.layout import Table
from archive_verify.model import DocType, Document, EmploymentType, Page, Reading, Row, Span
from archive_verify.values import Found, cell_money, find_date, plain

_ROUTES: tuple[tuple[re.Pattern[str], EmploymentType], ...] = (
    (re.compile(r"未就业|待业|无业|没有?就业|未落实|^[无否]$"), EmploymentType.NONE),
    (re.compile(r"订单|定单"), EmploymentType.ORDER),
    (re.compile(r"灵活|自由职业|临时|零工"), EmploymentType.FLEXIBLE),
    (re.compile(r"自主创业|创业|个体|自营|自谋"), EmploymentType.SELF_EMPLOYED),
    (re.compile(r"企业|单位|合同|受雇|正式|公司|用工|吸纳|稳定"), EmploymentType.ENTERPRISE),
)
_ROUTE_ONLY = re.compile(r"(?:企业|单位|灵活|未|订单式?|定单式?|自主)(?:就业|创业)|未就业|待业")
_TICKED_BEFORE = re.compile(r"[√✓☑■][\])]?([^□√✓☑■]{2,8})")
_TICKED_BEHIND = re.compile(r"([^□√✓☑■]{2,8}?)[\[(]?[√✓☑■]")
_TICK = re.compile(r"[√✓VvJ1是☑■●]")


def employment_type(text: str) -> Found[EmploymentType] | None:
    """The route a cell names; an option that is ticked among several (□企业就业 ☑灵活就业) wins."""
    words = "".join(plain(text).split())
    ticked = _TICKED_BEFORE.search(words) or _TICKED_BEHIND.search(words)
    for part in (*((ticked[1],) if ticked else ()), words):
        for pattern, route in _ROUTES:
            if pattern.search(part):
                return Found(route, 0, len(text))
    return None


_COLUMNS = {
    "id_number": ID_COLUMN,
    "phone": PHONE_COLUMN,
    "employment_type": Column(
        re.compile(r"(?:就业|从业|创业)(?:形式|方式|类型|类别|性质|渠道|途径|情况|状态|状况)|就业(?:\(|$)|"
            r"形式|类型|方式"), employment_type),
    "employer": Column(re.compile(r"单位|企业|公司|用人|用工|店名|去向"), unit_name),
    "position_title": Column(re.compile(r"岗位|职位|工种|从事|职务"), cell_words),
    "contract_start": Column(re.compile(r"(?:就业|上岗|入职|合同|起始|开始|从业|签订).{0,4}(?:时间|日期|年月|始期|"
    r"期)|起始|始期|起止"), find_date),
    "income": Column(re.compile(r"收入|工资|薪"), cell_money),
}


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """The claimed route, employer and start per person."""
    people = read_people(pages_of(span, pages), _COLUMNS)
    rows = tuple(_with_route(row, people) for row in people.rows)
    return empty_document(span).model_copy(update={"rows": rows, "unread_rows": people.unread_rows})


def _with_route(row: Row, people: People) -> Row:
    """The route by the column that is ticked, where the routes are columns of their own."""
    stated = row.get("employment_type")
    if stated is not None and stated.state == "read":
        return row
    employer = row.get("employer")
    if stated is None and employer is not None and _ROUTE_ONLY.fullmatch(str(employer.value or "")):
        rest = {name: reading for name, reading in row.items() if name != "employer"}
        found = employment_type(str(employer.value))
        return {**rest, "employment_type": employer.model_copy(update={"value": found and found.value})}
    for table in people.tables:
        columns = {
            index: found.value for index, title in enumerate(table.header)
            if len(title) <= 6 and (found := employment_type(title))
        }
        if len(columns) >= 2:
            reading = _ticked(row, table, columns)
            if reading is not None:
                return {**row, "employment_type": reading}
    return row


def _ticked(row: Row, table: Table, columns: dict[int, EmploymentType]) -> Reading | None:
    name = row["name"]
    for cells in table.rows:
        key = cells[table.key]
        if key.page == name.page and key.box == name.box:
            for index, route in columns.items():
                cell = cells[index]
                if _TICK.search(cell.text):
                    return Reading(
                        value=route, text=cell.text, page=cell.page, box=cell.box, confidence=cell.confidence
                    )
    return None


EMPLOYMENT_SUMMARY = DocumentType(
    type=DocType.EMPLOYMENT_SUMMARY,
    titles=patterns(r".*就业.*(汇总表|花名册|登记表|统计表)"),
    cues=cues(**{
        r"就业(形式|方式|类型|类别|去向|渠道|状况|情况)": 2.2,
        r"就业(单位|企业|地点|岗位|时间|日期)|单位名称|用工单位": 1.4,
        r"企业就业|自主创业|灵活就业|未就业|订单式?就业": 1.6,
        r"就业(人数|率)": 1.4,
        r"(合同|就业)(起始|开始|期限|始期|终期|起止)": 0.8,
        r"月(收入|工资)|收入": 0.5,
        r"岗位|从事(工作|工种)": 0.4,
        r"序号": 0.4,
        r"就业(情况)?(汇总|统计|登记|花名册|名册)": 2.0,
        r"兹证明|特此证明": -2.5,
        r"甲方|乙方": -1.5,
        r"是否参训|是否参加|回访": -2.0,
        r"应发|实发|扣款": -2.0,
        r"责任者|页号|页次": -2.0,
    }),
    extract=_extract,
)
