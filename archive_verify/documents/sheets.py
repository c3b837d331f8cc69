"""What payrolls and attendance sheets share: the unit and the month in their head, and the seal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive_verify.documents import fields as f
from archive_verify.documents.people import People, reading_of
from archive_verify.layout import Flow, Table, find_slots, slots_of
from archive_verify.model import Document, Mark, MarkShape, Page, Reading, Row, Span
from archive_verify.values import (
    UNIT_WORDS,
    Found,
    find_bare_month,
    find_bare_year,
    find_month,
    find_months,
    find_periods,
    last_day,
)

_UNIT_LABELS = (
    "(?:填报|编制|用人|填表|制表|所属|考勤|发放|用工|造册)?单位(?:名称|全称|\\(公章\\)|\\(盖章\\))?",
    "(?:公司|企业)(?:名称|全称)?", "(?:园所?|机构|学校|门店|酒店|饭店|餐厅|医院|药店|工厂|商户)(?:名称|全称)",
    "单位\\(部门\\)", "部门\\(单位\\)", "工作单位", "店(?:铺)?名(?:称)?", "商号", "字号",
)
_STOPS = (
    "部门", "班组", "日期", "(?:制表|填表|编制|打印|发放|造册|填报)(?:日期|时间|人)", "月份", "年月",
    "所属(?:期|月份?|年月)",
    "单位:?元", "考勤(?:月份|时间|周期|期间)", "工资(?:月份|所属期|期间)", "计量单位", "金额单位", "币种",
    "人数", "页码", "编号", "[代支核][发付](?:月份|银行|日期|时间)",
)
_MONTH_LABELS = ("(?:所属|工资|考勤|发放)?(?:年月|月份)", "所属期间?", "(?:考勤|统计|工资)(?:周期|期间)")
_MONTH_TITLE = re.compile(r"^(?:所属|工资|考勤|发放)?(?:年月|月份)$|^所属期间?$")
_MONTH_NAME = r"[一二三四五六七八九十]{1,2}月"
_DATED = r"[\d〇○二零一三四五六七八九]{2,4}[ ]*年度?[ ]*(?:[\d一二三四五六七八九十]{1,2}[ ]*月份?)?[ ]*"
_KIND = r"[(（][㐀-鿿]{2,6}[)）]"        # "厂（普通合伙）"
_UNIT_END = re.compile(rf"(?:{UNIT_WORDS.pattern})(?:{_KIND})?$")
# a line that ends so names a part of a firm (财务部, 生产部), unless the part is what small businesses are called
_DEPARTMENT = re.compile(r"部$")
_SHOP = re.compile(r"[㐀-鿿]{4,}(?:经营|服务|门市|加工|经销|批发|零售|维修|修理|制作|营业)部$")
_FIRM = re.compile(r"公司|厂$|[饭酒商书药]店|超市|合作社|店$|学校|中心$")
# words of the sheet's making, unless they are part of its title: 工资发放表, 领取单
_MADE = re.compile(
    r"(?:制表|填表|编制|打印|生成|导出|发放|造册|填报|审核|支付|领取|制单)(?!(?:签[领收字]|登记|结算)*[表单册]|(?:明细|汇总|情况))|日期"
)
_MONTH_WORDS = re.compile(r"月份|所属|年月|期间|周期|考勤时间|起止")


def sheet_document(
    span: Span, own: Sequence[Page], flow: Flow, people: People, rows: tuple[Row, ...], title_words: str
) -> Document:
    """The document of a sheet whose persons were read; one of which nothing was read excludes nobody."""
    return Document(
        id=span.id, type=span.type, pages=span.pages, title=span.title, confidence=span.confidence,
        fields=f.keep(
            employer=unit_of(flow, people.tables, title_words), month=month_of(flow, people.tables, title_words)
        ),
        rows=rows,
        unread_rows=people.unread_rows if rows or people.tables else max(1, people.unread_rows),
        marks=sheet_seal(own),
    )


def unit_of(flow: Flow, tables: Sequence[Table], title_words: str) -> Reading | None:
    """The unit: behind a label above the table; else what the title begins with; else a line that is
    a unit's name and nothing else."""
    head = _head_end(flow, tables)
    slots = [
        slot for slot in find_slots(flow, {"unit": _UNIT_LABELS}, _STOPS, wrap=False)
        if not re.fullmatch(r"元|人民币.*|人民币元|天|小时|日", slot.text)
    ]
    above = [slot for slot in slots if slot.label_start < head]
    read = f.take_from(flow, slots_of(above, "unit"), f.unit_name)
    if read is not None and read.state == "read":
        return f.whole_unit(flow, read)
    title = re.compile(
        # a rest of the page number of a sheet bound sideways may stand before the title
        # or the sheet's name before the unit's
        rf"(?:^|(?<=\t))\s*(?:{_DATED})?(?:[^\n\t:;]{{2,12}}[表单册簿][ ]+)?"
        rf"(?P<v>[^\n\t:;]*(?:{UNIT_WORDS.pattern})(?:{_KIND})?)"
        rf"(?=[ \t]*(?:\(?[12二〇○一O\d]|{_MONTH_NAME}|月?(?:{title_words}|考勤|职工|员工|人员|代发|临时|务工)))", re.M,
    )
    for match in title.finditer(flow.text[:head]):
        found = f.sure_unit(match["v"])
        if found is not None:
            return flow.found(found, match.start("v"))
    for offset, row in flow.rows():
        if offset >= head:
            break
        for part in re.finditer(r"(?:[^\t ]|[ ](?! |[^\s:]{2,8}:))+", row):
            found = f.sure_unit(part[0])
            ends = found is not None and _UNIT_END.search(found.value)
            inside = _DEPARTMENT.search(part[0]) and not _SHOP.search(part[0])
            if found is not None and ends and not inside and not re.search(r"[:表]", part[0]):
                return flow.found(found, offset + part.start())
    department = find_slots(flow, {"unit": ("部门", "班组")}, (*_UNIT_LABELS, *_STOPS), wrap=False)
    below = f.take_from(flow, [
        slot for slot in (*slots, *department)
        if not slot.empty and (slot in slots or _FIRM.search(slot.text))
    ], f.sure_unit)
    return below if below is not None and below.state == "read" else read


def month_of(flow: Flow, tables: Sequence[Table], title_words: str) -> Reading | None:
    """The month the sheet is for: from its title or head, never from the date it was made on."""
    head = _head_end(flow, tables)
    candidates = list(_months_in(flow, 0, head))
    if not candidates:
        candidates = list(_months_in(flow, head, len(flow.text)))
        candidates = [one for one in candidates if one[0] >= 2]
    if not candidates:
        return _split_month(flow, head) or _column_month(tables) or _labelled_month(flow)
    return max(candidates, key=lambda one: (one[0], -one[1]))[2]


def _months_in(flow: Flow, start: int, end: int) -> Iterator[tuple[float, int, Reading]]:
    text = flow.text[start:end]
    # "8月26日至9月25日" is the pay or attendance of September
    over = [
        (period.start, period.end, f"{period.value.end:%Y-%m}") for period in find_periods(text)
        if period.value.end is not None and period.value.start.day > 15 and period.value.end.day < 28
        and 20 <= (period.value.end - period.value.start).days <= 31
    ]
    # "统计日期: 2023-09-01 至 2023-09-30" gives the month, whatever its label
    whole = [
        (period.start, period.end) for period in find_periods(text)
        if period.value.end is not None and period.value.start.day == 1
        and period.value.end == last_day(period.value.start)
    ]
    for found in find_months(text):
        if any(first <= found.start < last and found.value != month for first, last, month in over):
            continue
        at = start + found.start
        row_start, row_end = flow.row_at(at)
        before = "".join(flow.text[max(row_start, at - 12) : at].split())
        row = "".join(flow.text[row_start:row_end].split())
        worth = 1.0
        worth += 2.0 * bool(re.search(r"工资|薪|考勤|出勤", row))
        worth += 2.0 * bool(_MONTH_WORDS.search(before))
        worth += 2.0 * any(first <= found.start < last for first, last in whole)
        worth -= 3.0 * bool(_MADE.search(before) and not re.search(r"月份|所属|年月", before))
        if worth > 0:
            yield worth, at, flow.found(found, start)


def _split_month(flow: Flow, head: int) -> Reading | None:
    """A year here and a month there: "2023年度", "9月份工资表"; "年份：2023  月份：9"."""
    text = flow.text[:head]
    year = find_bare_year(text)
    month = find_bare_month(text)
    number = month.value if month else None
    spots = [(month.start, month.end)] if month else []
    if number is None and (match := re.search(r"月[ \t]*份[ \t]*:[ \t_]*(1[0-2]|0?[1-9])(?!\d)", text)):
        number, spots = int(match[1]), [match.span(1)]
    value = year.value if year else None
    if value is None and (match := re.search(r"年[ \t]*(?:份|度)[ \t]*:[ \t_]*(20\d\d)(?!\d)", text)):
        value = int(match[1])
    if number is None:
        return None
    reading = flow.reading(*spots[0], f"{value:04d}-{number:02d}" if value else None)
    return reading if value else reading.model_copy(update={"state": "unread"})


def _column_month(tables: Sequence[Table]) -> Reading | None:
    """The month that stands in every row, in a column of its own: on pay slips."""
    for table in tables:
        index = table.column(_MONTH_TITLE)
        cells = [row[index] for row in table.rows if row[index].text] if index is not None else []
        months = [find_month(cell.text) for cell in cells]
        if months and months[0] is not None and {one and one.value for one in months} == {months[0].value}:
            return reading_of(cells[0], find_month)
    return None


def _labelled_month(flow: Flow) -> Reading | None:
    """Behind a label for it a month whose 月 was not read; anything else there is unread."""
    def figures(text: str) -> Found[str] | None:
        match = re.match(r"(20\d\d)[ 年./-]{1,3}(0?[1-9]|1[0-2])(?!\d)", text)
        return Found(f"{match[1]}-{int(match[2]):02d}", *match.span(), True) if match else None

    slots = find_slots(flow, {"month": _MONTH_LABELS}, _UNIT_LABELS, wrap=False)
    return f.take_from(flow, [slot for slot in slots if not slot.empty], figures)


def _head_end(flow: Flow, tables: Sequence[Table]) -> int:
    """Offset in the flow where the first table's header begins."""
    if not tables:
        return min(len(flow.text), 400)
    table = tables[0]
    for spot in flow.spots:
        if spot.page == table.page and spot.piece.box.centre[1] >= table.top:
            return spot.offset
    return len(flow.text)


def sheet_seal(pages: Sequence[Page]) -> tuple[Mark, ...]:
    """Unit seals on the sheet, taken for the employer's."""
    return tuple(
        Mark(kind="seal", party="employer", page=page.index, box=mark.box, confidence=mark.confidence, text=mark.text)
        for page in pages for mark in page.reading.marks if mark.shape is MarkShape.ROUND_SEAL
    )
