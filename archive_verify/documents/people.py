"""Tables with one person per row: payrolls, attendance sheets, rosters and lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

from archive_verify.documents.fields import ID_LABELS, Parse, take_from
from archive_verify.layout import (
    Cell,
    Flow,
    Piece,
    Slot,
    Table,
    find_slots,
    piece,
    read_tables,
    rows_of,
    slots_of,
)
from archive_verify.model import Page, Reading, Row
from archive_verify.values import (
    Found,
    cell_money,
    find_id,
    find_phone,
    has_surname,
    id_is_valid,
    omitted,
    person_name,
)

_REPAIRED = 0.9
_SIGNED = 0.95              # confidence from which a signature tells whose row it stands in
NAME_TITLE = re.compile(
    r"(?:序号|编号)?(?:学员|员工|职工|人员|劳动者|考生|参训人员|职员|本人)?姓名(?:\(?签[字名]\)?)?|名字|姓名[^:]{0,6}|"
    r"[^:]{0,4}姓名|户名|(?:收款|收款人|账户)(?:户名|名称)"
)
SERIAL_TITLE = re.compile(r"^(?:序号?|编号|NO\.?|No\.?|号|序号.*)$")
# under a merged heading the sum's own column: "应发工资" over "基本工资", "加班费", "小计"
_SUM_TITLE = re.compile(r"(?:小计|合计|总额|总计|[应实][发付领](?:工资|数|金额|合计)?)$")
# what the words that a column is known by may be followed by in its heading: 实发工资(元), 出勤天数
_REST = re.compile(r"(?:工资|金额|合计|数额?|.?天数|\(?元\)?)*")
_TOTAL = re.compile(r"合\s*计|小\s*计|总\s*计|共\s*计|本页|累\s*计")
_FOOTER = re.compile(r"制\s*表|审\s*核|负\s*责|复\s*核|会\s*计|出\s*纳|批\s*准|经\s*办|考勤员|备\s*注\s*[:：]|"
    r"说\s*明|注\s*[:：]|符号|盖\s*章")
# where the serial number goes: whose row it is leads the class and is none of it
_LEADER = re.compile(
    r"班\s*主\s*任|(?:任课|授课|培训|指导|辅导)?(?:教\s*师|老\s*师|讲\s*师)|带班(?:人|教师|老师)?|管理员"
)


_BELOW = 0.06                # of the page's width within which a figure stands below a name that heads its column
_HEADINGS = 3               # words in a row without a figure or a name that make it a line of the heading


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a row: the pattern of its column's title, and how its cells are read."""

    title: re.Pattern[str]
    parse: Parse


@dataclass(frozen=True, slots=True)
class People:
    """The rows of persons found, those that were lost, and the tables they stand in."""

    rows: tuple[Row, ...]
    unread_rows: int
    tables: tuple[Table, ...]


def is_name_title(title: str) -> bool:
    """Whether a heading, white space removed, is that of the column of names."""
    return bool(NAME_TITLE.fullmatch(title))


def cell_name(text: str) -> Found[str] | None:
    """A person's name in a cell, also one that OCR joined with a serial number or marks."""
    whole = person_name(text.lstrip(" \t·•☑"))
    if whole is not None:
        return whole
    match = re.match(
        r"[\s\d.,、]*([㐀-鿿](?:\s?[·.]?\s?[㐀-鿿]){1,3}?)(?=[\s\dvVxX×√✓○〇△▲☆/\\⊙●*]|$|男|女)", text
    )
    inner = person_name(match[1]) if match else None
    return Found(inner.value, match.start(1), match.end(1), True) if match and inner else None


def cell_id(text: str) -> Found[str] | None:
    """An ID number in a cell; a number broken over two lines was joined before."""
    squeezed = "".join(text.split())
    found = find_id(text) or find_id(squeezed)
    if found is not None:
        return found
    # digits of a seal or of the next cell may stand before or behind: take the one right number in them
    windows = [match for match in re.finditer(r"(?=(\d{17}[\dX]))", squeezed) if id_is_valid(match[1])]
    if len(windows) == 1:
        return Found(windows[0][1], windows[0].start(1), windows[0].end(1), True)
    return None


def cell_phone(text: str) -> Found[str] | None:
    """A phone number in a cell."""
    return find_phone("".join(text.split()), labelled=True)


def reading_of(cell: Cell, parse: Parse) -> Reading:
    """What a cell holds; unread if it has text or ink of which no value can be made."""
    found: Found[Any] | None = parse(cell.text) if cell.text else None
    if found is not None:
        trust = cell.confidence * (_REPAIRED if found.repaired else 1.0)
        return Reading(
            value=found.value, text=cell.text, page=cell.page, box=cell.box, confidence=trust,
            lattice=cell.lattice,
        )
    filled = bool(cell.text) and not re.fullmatch(r"[\s\-/_.·|]*", cell.text)
    inked = filled or cell.inked is True or cell.covered
    return Reading(
        text=cell.text, page=cell.page, box=cell.box, confidence=cell.confidence if cell.text else 0.0,
        state="unread" if inked else "blank", lattice=cell.lattice,
    )


def read_people(
    pages: Sequence[Page], columns: Mapping[str, Column],
    infer: Callable[[Table, Mapping[str, int]], Mapping[str, int]] | None = None,
) -> People:
    """All rows that hold a person. Totals, footers and empty rows are none.

    A row is unread if its name cell has ink but no text, if its serial number stands alone beside
    unread ink, or if the serial numbers leave one out. `infer` may find columns by what stands in
    them, given those known by their headings.
    """
    tables = tuple(
        _under_second_heading(table) for table in read_tables(pages, is_name_title, _is_name) if not _is_form(table)
    )
    rows: list[Row] = []
    unread = 0
    serials: list[int | None] = []
    for table in tables:
        unread += table.unread_rows
        first: int | None = None
        for band in _bands(table):
            own: list[Row] = []
            at = _places(band, columns)
            if infer is not None:
                at.update({name: index for name, index in infer(band, at).items() if name not in at})
            serial_at = band.column(SERIAL_TITLE)
            for cells in band.rows:
                row, lost = _row(cells, band.key, at, columns, serial_at, band.header)
                if cells is band.rows[-1] and _adds_up(band, serial_at, at.get("signature")):
                    continue
                unread += lost
                if row is not None:
                    own.append(row)
                    if first is None:
                        serials.append(_serial(cells, serial_at, band.key))
            if first is not None and _same_persons(rows[first:], own):
                rows[first:] = [{**more, **row} for row, more in zip(rows[first:], own, strict=True)]
                continue
            first = len(rows) if first is None else first
            rows += own
    return People(tuple(rows), unread + left_out(serials), tables)


def _adds_up(band: Table, serial_at: int | None, signed_at: int | None) -> bool:
    """Whether the last row has neither serial number nor signature, and in two columns the sum of those above it.

    Its title may have been lost or misread under a seal. Below a single row it repeats that row's amounts, which
    two persons' pay may do in part.
    """
    *above, last = band.rows
    if not above or (last[band.key].text if serial_at is None else last[serial_at].text):
        return False
    if signed_at is not None and (last[signed_at].text or last[signed_at].inked):
        return False
    sums, others = 0, 0
    for index in range(band.key + 1, len(last)):
        amounts = [cell_money(row[index].text) for row in (*above, last)]
        values = [amount.value for amount in amounts if amount is not None]
        if len(values) < len(band.rows):
            continue
        if sum(values[:-1]) == values[-1]:
            sums += bool(values[-1])
        else:
            others += 1
    return sums >= 2 if len(above) > 1 else sums >= 3 and others <= 1


def _under_second_heading(table: Table) -> Table:
    """A table whose first row is the second line of its heading, with both lines in one.

    A seal over the heading hides the ruling lines that join its cells.
    """
    first = ["".join(cell.text.split()) for cell in table.rows[0]] if table.rows else []
    words = [text for text in first if re.fullmatch(r"[㐀-鿿()/]{2,}", text) and not _is_name(text)]
    figures = any(re.search(r"\d", text) for text in first)
    if len(words) < _HEADINGS or figures or _is_name(first[table.key]):
        return table
    header = tuple(above + below for above, below in zip(table.header, first, strict=True))
    return replace(table, header=header, rows=table.rows[1:])


def _bands(table: Table) -> list[Table]:
    """A table whose heading stands once more inside it, parted there: the second half of a month."""
    starts = [
        at for at, row in enumerate(table.rows)
        if is_name_title("".join(row[table.key].text.split())) and sum(bool(cell.text) for cell in row) >= 3
    ]
    if not starts:
        return [table]
    ends = [*starts[1:], len(table.rows)]
    return [replace(table, rows=table.rows[: starts[0]])] + [
        replace(
            table, rows=table.rows[start + 1 : end],
            header=tuple("".join(cell.text.split()) for cell in table.rows[start]),
        )
        for start, end in zip(starts, ends, strict=True)
    ]


def _same_persons(rows: Sequence[Row], others: Sequence[Row]) -> bool:
    """Whether two parts of a table list the same persons in the same order."""
    names = [(row["name"].value, other["name"].value) for row, other in zip(rows, others, strict=False)]
    alike = sum(a == b for a, b in names)
    return len(rows) == len(others) and alike >= max(1, 0.6 * len(names))


def _is_form(table: Table) -> bool:
    """Whether the "heading" of names has a name beside it and none below: a form with label cells."""
    beside = table.header[table.key + 1 : table.key + 2]
    below = any(_is_name(row[table.key].text) for row in table.rows)
    return bool(beside) and _is_name(beside[0]) and not below


def persons_of_forms(
    flow: Flow, columns: Mapping[str, Column], labels: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> tuple[Row, ...]:
    """A row of each slip, card or form for one person: the name, and the fields of the given labels.

    Slips of several persons may stand under one another on a sheet: each begins at its name.
    """
    slots = find_slots(
        flow,
        {"name": ("(?:员工|职工|本人|人员)?姓名", "(?:员工|职工)(?:名字)?"), "id_number": ID_LABELS, **labels},
        ("部门", "单位(?:名称)?", "工号", "岗位", "职务", "月份", "年月", "日期"), wrap=False,
    )
    starts = sorted(slot.label_start for slot in slots if slot.name == "name")
    rows: list[Row] = []
    for place, start in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else len(flow.text)
        row = _of_form([slot for slot in slots if (place == 0 or start <= slot.label_start) and slot.label_start < end],
            flow, columns, labels)
        if row is not None and all(row["name"].value != other["name"].value for other in rows):
            rows.append(row)
    return tuple(rows)


def _of_form(
    slots: Sequence[Slot], flow: Flow, columns: Mapping[str, Column], labels: Mapping[str, Sequence[str]]
) -> Row | None:
    name = take_from(flow, slots_of(slots, "name"), cell_name)
    if name is None or name.state != "read":
        return None
    row: Row = {"name": name}
    number = take_from(flow, slots_of(slots, "id_number"), cell_id) if "id_number" in columns else None
    if number is not None:
        row["id_number"] = number
    for field in labels:
        value = take_from(flow, slots_of(slots, field), partial(_first_part, columns[field]))
        if value is not None and value.state == "read":
            row[field] = value
    return row


def names_across(pages: Sequence[Page], columns: Mapping[str, Column] = MappingProxyType({})) -> tuple[Row, ...]:
    """Persons who stand in the heading of a sheet whose rows are its days or items: "日期  张三  李四".

    Of the rows below, those whose first words are the title of one of `columns` give that field.
    """
    for page in pages:
        rows = list(rows_of(piece(line) for line in page.reading.lines if line.text.strip()))
        for at, row in enumerate(rows):
            heads = [part for part in row[1:] if _is_name(part.text)]
            days = re.fullmatch(r"日\s*期|星\s*期|(?P<items>项\s*目)|姓\s*名|时\s*间", row[0].text)
            if days and len(heads) >= max(len(row) - 2, 1 if columns and days["items"] else 2):
                return tuple(_person_below(page, head, rows[at + 1 :], columns) for head in heads)
    return ()


def _person_below(
    page: Page, head: Piece, rows: Sequence[Sequence[Piece]], columns: Mapping[str, Column]
) -> Row:
    """The row of a person whose name heads a column: what stands below it in the rows of known titles."""
    def cell(part: Piece) -> Cell:
        return Cell(part.text, page.index, part.box, part.confidence, part.lattice)

    person: Row = {"name": reading_of(cell(head), cell_name)}
    for title, *parts in rows:
        field = next((name for name, column in columns.items() if column.title.search(title.text)), None)
        nearest = min(parts, key=lambda part: abs(part.box.centre[0] - head.box.centre[0]), default=None)
        below = nearest is not None and abs(nearest.box.centre[0] - head.box.centre[0]) < _BELOW
        if field is not None and field not in person and nearest is not None and below:
            person[field] = reading_of(cell(nearest), columns[field].parse)
    return person


def _first_part(column: Column, text: str) -> Found[Any] | None:
    return column.parse(re.split(r"[\t ,;]", text)[0])


def _is_name(text: str) -> bool:
    found = cell_name(text)
    return found is not None and has_surname(found.value)


def _places(table: Table, columns: Mapping[str, Column]) -> dict[str, int]:
    """The table's column of each field.

    Of several columns under one heading, a merged one, it is the one whose cells can be read as the
    field. ID numbers and phones are known by what they look like, though their heading was not read.
    """
    def readable(name: str, index: int) -> int:
        return sum(columns[name].parse(row[index].text) is not None for row in table.rows)

    free = [index for index in range(len(table.header)) if index != table.key]
    at: dict[str, int] = {}
    for name, column in columns.items():
        titled = [index for index in free if column.title.search(table.header[index])]
        if titled:
            at[name] = max(
                (2 * readable(name, index) >= len(table.rows), bool(_SUM_TITLE.search(table.header[index])),
                 readable(name, index), -index, index)
                for index in titled
            )[4]
    for name in ("id_number", "phone"):
        if name not in columns or (name in at and readable(name, at[name])):
            continue
        # an ID number looks like nothing else, so that a heading which covers its column too gives way
        taken = () if name == "id_number" else at.values()
        best = max(((readable(name, index), index) for index in free if index not in taken), default=(0, 0))
        if best[0] > 0 and best[0] >= 0.5 * len(table.rows) - 1:
            for other in [other for other, index in at.items() if index == best[1]]:
                del at[other]
            at[name] = best[1]
    return at


def _row(
    cells: Sequence[Cell], name_at: int, at: Mapping[str, int], columns: Mapping[str, Column],
    serial_at: int | None, header: Sequence[str],
) -> tuple[Row | None, int]:
    """The row's readings, or None and how many persons' rows were lost with it."""
    head = "".join(cell.text for cell in cells[: max(2, name_at + 1)])
    whole = "".join(cell.text for cell in cells)
    name_cell = cells[name_at]
    if _TOTAL.search(head) or is_name_title("".join(name_cell.text.split())):
        return None, 0
    found = cell_name(name_cell.text)
    id_at = at.get("id_number")
    has_id = id_at is not None and cell_id(cells[id_at].text) is not None
    if found is None and not has_id:
        if _FOOTER.search(whole) or _TOTAL.search(whole):
            return None, 0
        serial = _serial(cells, serial_at, name_at)
        others = [cell for index, cell in enumerate(cells) if index not in (name_at, serial_at)]
        filled = sum(bool(cell.text) for cell in others)
        named = bool(name_cell.text.strip())
        a_person = filled >= 2 or (serial is not None and (named or name_cell.inked is True))
        if not a_person or (named and _is_prose(name_cell.text)):
            return None, 0
        if not named and _signed(cells, at, columns) is None:
            return None, int(name_cell.inked is True or serial is not None)
    if _FOOTER.search("".join(cell.text for cell in cells[:name_at])):
        return None, 0
    if serial_at is not None and _LEADER.fullmatch(cells[serial_at].text.strip(" :：")):
        return None, 0
    row: Row = {"name": reading_of(name_cell, cell_name)}
    for field, index in at.items():
        row[field] = _value(cells[index], columns[field], header[index])
    if "id_number" in columns and "id_number" not in row and cell_id(name_cell.text) is not None:
        # the number stands below the name in its cell
        row["id_number"] = reading_of(_part_with(name_cell, cell_id), cell_id)
        row["name"] = reading_of(_part_with(name_cell, cell_name), cell_name)
    signed = _signed(cells, at, columns)
    if signed is not None and _is_told_by(row["name"], signed):
        row["name"] = signed
    return row, 0


def _signed(cells: Sequence[Cell], at: Mapping[str, int], columns: Mapping[str, Column]) -> Reading | None:
    """The name a person surely signed the row with, where the sheet has a column for that."""
    if "signature" not in at:
        return None
    signed = reading_of(cells[at["signature"]], columns["signature"].parse)
    sure = signed.state == "read" and signed.confidence >= _SIGNED and has_surname(str(signed.value))
    return signed if sure else None


def _is_told_by(name: Reading, signed: Reading) -> bool:
    """Whether the signature tells whose row it is: a seal hides the printed name or a part of it, or it is unsure."""
    if name.state != "read":
        return True
    printed, written = str(name.value), str(signed.value)
    if printed == written:
        return name.confidence < signed.confidence
    return omitted(printed, written) > 0


def _value(cell: Cell, column: Column, title: str) -> Reading:
    """What a cell says of a field; the first or last of several values in it where its heading, of several
    titles too, begins or ends with the field's."""
    reading = reading_of(cell, column.parse)
    match = column.title.search(title)
    words = tuple(
        part.cut(*word.span()) for part in cell.parts for word in re.finditer(r"\S+", part.text)
    )
    # of more words than three it is not sure that they stand in the order of their columns
    if reading.state != "unread" or not 2 <= len(words) <= 3 or match is None:
        return reading
    if match.start() == 0:
        return reading_of(_part_with(replace(cell, parts=words), column.parse), column.parse)
    if _REST.fullmatch(title, match.end()):
        return reading_of(_part_with(replace(cell, parts=words[::-1]), column.parse), column.parse)
    return reading


def _part_with(cell: Cell, parse: Parse) -> Cell:
    """The first of a cell's pieces of text that holds such a value, as a cell of its own; else the cell."""
    for one in cell.parts:
        if parse(one.text) is not None:
            return Cell(one.text, cell.page, one.box, one.confidence, one.lattice, True)
    return cell


def _is_prose(text: str) -> bool:
    return len("".join(text.split())) > 8


def _serial(cells: Sequence[Cell], serial_at: int | None, name_at: int) -> int | None:
    text = cells[serial_at].text if serial_at is not None else ""
    match = re.match(r"\s*(\d{1,3})\b", text) or re.match(r"\s*(\d{1,3})[\s.、]*[㐀-鿿]", cells[name_at].text)
    return int(match[1]) if match else None


def left_out(serials: Sequence[int | None]) -> int:
    """How many numbers a rising sequence of serial numbers leaves out; wild jumps are misreadings.

    A row whose own serial number was not read (None), or read as one that falls out of the rise of
    those around it, has taken one of them.
    """
    gaps = unnumbered = 0
    before: int | None = None
    for serial, after in zip(serials, (*serials, None)[1:], strict=True):
        falls_out = None not in (before, serial, after) and (serial or 0) <= (before or 0) < (after or 0)
        if serial is None or falls_out:
            unnumbered += 1
            continue
        if before is not None and 1 < serial - before <= 4:
            gaps += max(0, serial - before - 1 - unnumbered)
        before, unnumbered = serial, 0
    return gaps
