"""The table of contents of a class archive."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from archive_verify.documents.cells import cell_words
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.documents.people import left_out, reading_of
from archive_verify.documents.titles import title_shares
from archive_verify.layout import Cell, Table, flow_of, read_tables
from archive_verify.model import DocType, Document, Page, Reading, Row, Span
from archive_verify.values import Found, find_date, find_month, plain

_TITLE = re.compile(r"(?:(?:卷内)?(?:文件|材料|资料|案卷|档案|卷内)?(?:题名|标题|名称|目录|内容)|.{0,4}(?:题名|"
    r"标题)|材料|项目|(?:文件|材料|资料|档案)(?:名称)?)(?:\(.*\))?")
_PAGES = re.compile(r"页号|页次|起止页|页码|所在页|起页|张号|页$|起止")
_LAST = re.compile(r"止页|终页|至页")
_COUNT = re.compile(r"页数|张数|份数|数量")
_DATE = re.compile(r"日期|时间")
_REMARK = re.compile(r"备注|说明")
_SERIAL = re.compile(r"^(?:顺?序号?|顺号|编号|件号|号)$")
# lines of text from which on a page holds more than a heading or the archivist's remark
_A_LIST = 9
# share of the numbers of a column that rise where they are page numbers; numbers of pages repeat too often
_MOSTLY = 0.75
_RANGE = re.compile(r"第?(\d{1,4})[页]?\s*(?:[-~—–至到_]|--)+\s*第?(\d{1,4})页?")
_SINGLE = re.compile(r"第?(\d{1,4})页?")
_LEADER = re.compile(r"^\s*(?:[(]?(?:\d{1,2}|"
    r"[一二三四五六七八九十]{1,3})[)、.\s,]+)?(?P<title>[^\d\n\t]{2,30}?)(?:[\s.·…:_,\-]{2,}|\t)(?P<first>\d{1,4})(?:\s*[-~]+\s*(?P<last>\d{1,4}))?\s*页?\s*$")

# a numbered line of such a list whose page number was not read
_BARE_LINE = re.compile(r"^\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)、.]\s*[一-鿿()]{3,30}[\s.·…:_,\-]*$")


@dataclass(frozen=True, slots=True)
class _Pages:
    """What a cell of page numbers holds: first and last, last None where only one number stands."""

    first: int
    last: int | None


def page_range(text: str) -> Found[_Pages] | None:
    """"12", "12-15", "第3页", "3～5"."""
    squeezed = "".join(plain(text).split()).replace("O", "0").replace("o", "0").replace("l", "1").replace("I", "1")
    both = _RANGE.fullmatch(squeezed)
    if both:
        return Found(_Pages(int(both[1]), int(both[2])), 0, len(text))
    one = _SINGLE.fullmatch(squeezed)
    return Found(_Pages(int(one[1]), None), 0, len(text)) if one else None


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """The lines: title, first and last page or number of pages, date, remark, and the type the title means."""
    own = pages_of(span, pages)
    tables = read_tables(own, lambda title: bool(_TITLE.fullmatch(title)), _is_title)
    rows = [row for table in tables for row in _table_rows(table)]
    led, led_lost = _leader_rows(own)
    if 2 * len(rows) < len(led):
        # what looks like a table is a line or two of a list that has no columns
        rows, unread = led, led_lost
    else:
        unread = sum(table.unread_rows for table in tables) + _lost_lines(tables)
    unread += _lost_pages(own, rows)
    return empty_document(span).model_copy(update={"rows": tuple(_told_apart(rows)), "unread_rows": unread})


def _is_title(text: str) -> bool:
    """Whether the words of a cell are the title of a paper that class archives hold."""
    shares, strength = title_shares(text)
    return bool(shares) and strength >= 0.6


def _lost_lines(tables: Sequence[Table]) -> int:
    """How many lines the serial numbers tell of that no table holds, the first ones included."""
    serials: list[int | None] = []
    for table in tables:
        at = table.column(_SERIAL)
        for cells in table.rows:
            number = re.fullmatch(r"\d{1,2}", cells[at].text.strip(" .,")) if at is not None else None
            if number is not None or cells[table.key].text:
                serials.append(int(number[0]) if number is not None else None)
    first = next((serial for serial in serials[:1] if serial is not None), 1)
    return left_out(serials) + first - 1


def _lost_pages(pages: Sequence[Page], rows: Sequence[Row]) -> int:
    """How many pages hold a list of which no line was read."""
    held = {reading.page for row in rows for reading in row.values()}
    return sum(
        page.index not in held and sum(bool(line.text.strip()) for line in page.reading.lines) >= _A_LIST
        for page in pages
    )


def _table_rows(table: Table) -> list[Row]:
    title_at = table.key
    at = {name: table.column(pattern) for name, pattern in (
        ("pages", _PAGES), ("last_page", _LAST), ("count", _COUNT), ("date", _DATE), ("remark", _REMARK))}
    rows: list[Row] = []
    for cells in table.rows:
        title = cells[title_at]
        name = reading_of(title, _title_words)
        if name.state == "blank" or re.fullmatch(r"合计|总计|共计", str(name.value or "")):
            continue
        row: Row = {"title": name}
        kind = _type_of(name, title)
        if kind is not None:
            row["doc_type"] = kind
        for field in ("pages", "count"):
            index = at[field]
            if index is not None and index != title_at:
                row[field] = reading_of(cells[index], page_range)
        last = at["last_page"]
        if last is not None and last != at["pages"] and "pages" in row and row["pages"].state == "read":
            end = reading_of(cells[last], page_range)
            if end.state == "read":
                value = _Pages(row["pages"].value.first, end.value.first)
                row["pages"] = row["pages"].model_copy(update={"value": value})
        for field, parse in (("date", _day_or_month), ("remark", cell_words)):
            index = at[field]
            if index is not None and index != title_at and cells[index].text:
                row[field] = reading_of(cells[index], parse)
        rows.append(row)
    return rows


def _day_or_month(text: str) -> Found[Any] | None:
    return find_date(text) or find_month(text)


def _title_words(text: str) -> Found[str] | None:
    words = re.sub(r"^[(]?\d{1,2}[)、.,\s]+(?=[一-鿿])", "", "".join(plain(text).split()))
    return Found(words, 0, len(text)) if re.search(r"[一-鿿]", words) else None


def _type_of(name: Reading, cell: Cell | None = None) -> Reading | None:
    shares, strength = title_shares(str(name.value or ""))
    if not shares or strength < 0.4:
        return None
    kind = max(shares, key=lambda one: shares[one])
    return name.model_copy(update={"value": str(kind),
        "confidence": name.confidence * strength * min(1.0, shares[kind])})


def _leader_rows(pages: Sequence[Page]) -> tuple[list[Row], int]:
    """Lines without a table, "1. 开班报告 ……… 3", and how many numbered lines gave no page number."""
    flow = flow_of(pages)
    rows: list[Row] = []
    lost = 0
    for offset, text in flow.rows():
        found = _LEADER.match(plain(text))
        if not found:
            lost += bool(_BARE_LINE.match(plain(text)))
            continue
        title = flow.reading(offset + found.start("title"), offset + found.end("title"),
            "".join(found["title"].split()))
        last = int(found["last"]) if found["last"] else None
        end = found.end("last") if found["last"] else found.end("first")
        row: Row = {
            "title": title,
            "pages": flow.reading(offset + found.start("first"), offset + end, _Pages(int(found["first"]), last)),
        }
        kind = _type_of(title)
        if kind is not None:
            row["doc_type"] = kind
        rows.append(row)
    return rows, lost


def _told_apart(rows: list[Row]) -> list[Row]:
    """Page numbers as `first` and `last`, counts as `count`: by heading, corrected by the numbers themselves.

    Start pages rise from line to line and counts do not; a range is never a count. A digit lost from
    a start page or two leaves the rest rising.
    """
    out = [dict(row) for row in rows]
    starts = [row["pages"].value for row in rows if "pages" in row and row["pages"].state == "read"]
    counts = [row["count"].value for row in rows if "count" in row and row["count"].state == "read"]
    pages_are_counts = (
        len(starts) >= 4 and not counts and _falls(starts) >= 2 and all(one.last is None for one in starts)
        and not _rise(starts)
    )
    counts_are_pages = len(counts) >= 4 and not starts and (
        any(one.last is not None for one in counts) or _rise(counts)
    )
    for row in out:
        pages = row.pop("pages", None)
        count = row.pop("count", None)
        if pages_are_counts or counts_are_pages:
            pages, count = count, pages
        if pages is not None:
            row["first"] = _part(pages, "first")
            if pages.state == "read" and pages.value.last is not None:
                row["last"] = _part(pages, "last")
        if count is not None:
            row["count"] = _part(count, "first")
    return out


def _falls(values: Sequence[_Pages]) -> int:
    return sum(1 for before, after in pairwise(values) if after.first < before.first)


def _rise(values: Sequence[_Pages]) -> bool:
    """Whether the numbers, but for a few, rise from line to line beyond twice the number of lines."""
    tops: list[int] = []                # the least number that ends a rising run of each length
    for value in values:
        at = bisect_left(tops, value.first)
        tops[at : at + 1] = [value.first]
    return len(tops) >= _MOSTLY * len(values) and tops[-1] >= 2 * len(values)


def _part(reading: Reading, which: str) -> Reading:
    if reading.state != "read":
        return reading
    return reading.model_copy(update={"value": getattr(reading.value, which)})


CATALOGUE = DocumentType(
    type=DocType.CATALOGUE,
    titles=patterns(r"(卷内)?(文件|档案|材料)?目录(表)?"),
    cues=cues(**{
        r"责任者|责任人": 1.5,
        r"文号|文件编号|文件号": 1.5,
        r"(文件|材料|资料|案卷|卷内)?(题名|标题|名称)": 0.8,
        r"页号|页次|起止页|页码|所在页|张号": 1.6,
        r"页数|张数|份数": 0.8,
        r"顺序号|顺号": 1.5,
        r"卷内": 2.0,
        r"目录": 1.0,
        r"备注": 0.2,
        r"签字": -0.5,
        r"身份证号": -1.0,
    }),
    extract=_extract,
)
