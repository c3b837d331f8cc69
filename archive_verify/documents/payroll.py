"""工资表: whose, of which month, and what each person was paid."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from archive_verify.documents import fields as f
from archive_verify.documents.kind import DocumentType, cues, pages_of, patterns
from archive_verify.documents.people import (
    Column,
    cell_id,
    cell_name,
    cell_phone,
    names_across,
    persons_of_forms,
    read_people,
)
from archive_verify.documents.sheets import sheet_document
from archive_verify.layout import Table, flow_of
from archive_verify.model import DocType, Document, Page, Row, Span
from archive_verify.values import Found, cell_money

_TITLE_WORDS = r"工资|薪酬|薪金|薪资|劳务费"

_WITH_CENTS = 5                         # digits of a pay of a hundred yuan and more that counts cents


def cell_days(text: str) -> Found[Decimal] | None:
    """A number of days, halves included."""
    match = re.fullmatch(r"\s*(\d{1,2}(?:\.\d)?)\s*(?:天|日)?\s*", text)
    return Found(Decimal(match[1]), 0, len(text)) if match and Decimal(match[1]) <= 31 else None


COLUMNS = {
    "id_number": Column(re.compile(r"身份证|证件号|身份号"), cell_id),
    "phone": Column(re.compile(r"电话|手机|联系方式"), cell_phone),
    "position_title": Column(re.compile(r"^(?:岗位|职务|工种|职位|部门/岗位)(?:名称)?$"), f.words),
    # of a heading over two lines in a narrow column often the last character alone is read
    "days": Column(
        re.compile(r"(?<!应)(?:实际?)?出勤|(?:工作|考勤|计薪)(?:天数|日)|^天数|^[^人件次分个]?数$"), cell_days
    ),
    "base": Column(re.compile(r"基本工资|基础工资|月工资|工资标准|底薪|岗位工资|固定工资|计时工资|月薪"), cell_money),
    "gross": Column(re.compile(r"应发|应付|应领|工资合计|工资总额|合计工资|^合计(?:金额)?$|小计"), cell_money),
    "net": Column(re.compile(r"实发|实领|实付|发放金额|实得|到手"), cell_money),
    "signature": Column(re.compile(r"签字|签名|签章|领款|签收|签领|领取人"), cell_name),
}

_DEDUCTED = re.compile(r"扣|险|税|公积金|养老|医疗|失业|社保|罚|借支|预支|伙食|餐费|水电|房租")
_MOST_PAY = 10**6                       # above it a number is none of yuan


_SLIP_LABELS = {
    "base": ("基本工资", "基础工资", "岗位工资", "月工资", "底薪"),
    "gross": ("应[发付领](?:工资|合计|金额|数)?", "工资合计"),
    "net": ("实[发付领](?:工资|合计|金额|数)?",),
    "days": ("(?:实际)?出勤(?:天数)?",),
}


def extract(span: Span, pages: Sequence[Page]) -> Document:
    """Read one payroll, its pages one table."""
    own = pages_of(span, pages)
    people = read_people(own, COLUMNS, _by_sums)
    flow = flow_of(own, use_grids=False)
    rows = people.rows or persons_of_forms(flow, COLUMNS, _SLIP_LABELS) or names_across(own, COLUMNS)
    rows = tuple(_with_gross(_balanced(row, people.tables), people.tables) for row in rows)
    return sheet_document(span, own, flow, people, rows, _TITLE_WORDS)


def _balanced(row: Row, tables: Sequence[Table]) -> Row:
    """A row whose net pay stands in one cell with deductions, or has lost its point, with the amount in that
    cell which the gross less all that is deducted leaves."""
    gross, net = row.get("gross"), row.get("net")
    if gross is None or gross.state != "read" or net is None or net.state == "blank":
        return row
    for cells in (cells for table in tables for cells in table.rows):
        places = {(cell.page, cell.box): index for index, cell in enumerate(cells)}
        start, end = places.get((gross.page, gross.box)), places.get((net.page, net.box))
        if start is None or end is None or start >= end:
            continue
        deducted = [_amount(word) for cell in cells[start + 1 : end] for word in cell.text.split()]
        words = cells[end].text.split()
        for at, word in enumerate(words):
            parts = [*deducted, *(_amount(other) for other in (*words[:at], *words[at + 1 :]))]
            known = [part for part in parts if part is not None]
            amount = _amount(word)
            if not amount or len(known) < len(parts):
                continue
            left = gross.value - sum(known)
            pointless = len(word) >= _WITH_CENTS and word.isdigit() and amount / 100 == left
            # the sum holds of each amount in the cell; what is deducted is the lesser part of the gross
            if (amount == left or pointless) and 2 * left > gross.value:
                return {**row, "net": net.model_copy(update={"value": left, "state": "read"})}
    return row


def _with_gross(row: Row, tables: Sequence[Table]) -> Row:
    """A row of a sheet without a column of gross pay, with the sum of what stands before the net pay where
    that, less what the headings call deductions, gives the net."""
    net = row.get("net")
    if "gross" in row or net is None or net.state != "read":
        return row
    days = row.get("days")
    for table in tables:
        for cells in table.rows:
            at = next((index for index, cell in enumerate(cells) if (cell.page, cell.box) == (net.page, net.box)), None)
            if at is None:
                continue
            less = {index for index, title in enumerate(table.header) if _DEDUCTED.search(title)}
            paid = {
                index: found.value for index, cell in enumerate(cells[:at])
                if index > table.key and (days is None or cell.box != days.box)
                and (found := cell_money(cell.text)) is not None and found.value <= _MOST_PAY
            }
            gross = sum((value for index, value in paid.items() if index not in less), Decimal(0))
            if not paid and not less:
                gross = net.value
            if gross - sum(value for index, value in paid.items() if index in less) == net.value:
                return {**row, "gross": net.model_copy(update={"value": gross, "lattice": None})}
    return row


def _amount(word: str) -> Decimal | None:
    """The amount of one word in a cell; the zeros that are left of "0.00" are none."""
    found = cell_money(word)
    if found is None and re.fullmatch(r"[0.,]+", word):
        return Decimal(0)
    return found.value if found is not None else None


def _by_sums(table: Table, known: Mapping[str, int]) -> dict[str, int]:
    """The columns of gross and net pay by their sums, where the headings could not be read: the gross is
    the sum of all amounts before it, the net is the gross less all amounts between them."""
    amounts = {
        index: [found.value if (found := cell_money(row[index].text)) else None for row in table.rows]
        for index in range(len(table.header)) if index != table.key
    }
    money = [
        index for index, values in amounts.items()
        if index not in (known.get("days"), known.get("id_number"), known.get("phone"))
        and 2 * sum(value is not None for value in values) > len(values)
        and ("0" in table.header[index] or any(value is not None and value > 31 for value in values)
             or any(known.get(name) is not None and index > known[name] for name in ("base", "gross")))
        and not all(value is None or value > 10**6 for value in values)
    ]

    def holds(total: int, parts: Sequence[int], less: Sequence[int] = ()) -> bool:
        checked = right = 0
        for row in range(len(table.rows)):
            given = [amounts[index][row] for index in (*parts, *less, total)]
            read = [value for value in given if value is not None]
            if len(read) == len(given):
                checked += 1
                right += sum(read[: len(parts)]) - sum(read[len(parts) : -1]) == read[-1]
        return checked >= 2 and right >= 0.8 * checked

    gross = known.get("gross")
    if gross is None:
        gross = next((total for at, total in enumerate(money) if at >= 2 and holds(total, money[:at])), None)
    if gross is None or gross not in money:
        return {}
    after = [index for index in money if index > gross]
    net = next((total for at, total in reversed(list(enumerate(after))) if holds(total, [gross], after[:at])), None)
    return {"gross": gross} if net is None else {"gross": gross, "net": net}


PAYROLL = DocumentType(
    type=DocType.PAYROLL,
    titles=patterns(
        r".{0,40}(?:工资|薪酬|薪金|薪资)(?:发放|结算|明细|支付|签领|领取|签收|造册|花名|汇总|计算|发放明细|发放签领)*(?:表|单|册|条|清单|花名册)"
        r"(?:\(.{1,24}\))?(?:.{0,12}月份?\)?)?",
    ),
    cues=cues(**{
        r"应发(工资|合计|金额|数)?": 2.2,
        r"实发(工资|合计|金额|数)?|实领": 2.2,
        r"基本工资|岗位工资|底薪|计件工资|绩效(工资)?": 1.8,
        r"加班(费|工资)|全勤奖?|满勤|奖金|补助|津贴|提成": 1.2,
        r"代扣|扣款|个税|个人所得税|公积金|养老(保险)?|医疗(保险)?|扣除": 1.3,
        r"领款人|领取人|签领|领款|签收|领工资人": 0.9,
        r"工资": 1.0,
        r"银行卡号|账号": 0.5,
        r"制表|复核|会计|出纳|财务": 0.8,
        r"合计": 0.4,
        r"[0-9],?[0-9]{3}\.[0-9]{2}": 0.6, r"甲方|乙方": -2.5, r"补贴(资金|标准|人数)": -1.5, r"回访|是否就业": -2.0,
        r"就业(形式|方式|类型)": -2.0, r"兹证明|特此证明": -2.5,
    }),
    extract=extract,
)
