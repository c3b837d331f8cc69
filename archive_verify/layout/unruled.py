"""Tables without ruling lines, by the places of their headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from archive_verify.layout.cells import Cell, HeaderTest, Table, nearest_column, row_cells, squeeze
from archive_verify.layout.pieces import Piece, rows_of
from archive_verify.model import Box, Page


def unruled_table(page: Page, pieces: Sequence[Piece], is_key: HeaderTest) -> Table | None:
    banded = _banded_table(page, pieces, is_key)
    if banded is not None:
        return banded
    rows = [_words(row) for row in rows_of(pieces)]
    for number, joined in enumerate(rows):
        row = _heading_words(joined)
        if len(row) < 3 or not any(is_key(squeeze(one.text)) for one in row):
            continue
        head = _headings(rows, number)
        if len(head) < 3 or not any(is_key(title) for title, _ in head):
            continue
        bottom = max(box.y1 for _, box in head)
        body = [row for row in rows if row[0].box.centre[1] > bottom]
        head = _with_unnamed(head, body)
        titles = tuple(title for title, _ in head)
        columns = _column_bounds([box for _, box in head])
        key = next(index for index, title in enumerate(titles) if is_key(title))
        cells = _free_body(page, body, columns)
        return Table(titles, cells, columns, page.index, min(box.y0 for _, box in head), 0, key)
    return None


def _banded_table(page: Page, pieces: Sequence[Piece], is_key: HeaderTest) -> Table | None:
    """A table with lines between its rows and none between its columns: each row may hold several lines."""
    bands = list(pairwise(_levels(page)))
    for number, (top, bottom) in enumerate(bands[:-1]):
        members = [part for one in pieces if top < one.box.centre[1] < bottom for part in _heading_words(_words([one]))]
        columns = _stacks(members)
        head = [(squeeze("".join(one.text for one in stack)), _hull(stack)) for stack in columns]
        key = next((at for at, stack in enumerate(columns) if any(is_key(squeeze(one.text)) for one in stack)), None)
        if len(head) < 3 or key is None:
            continue
        body = [
            part
            for y0, y1 in bands[number + 1 :]
            if (part := [word for one in pieces if y0 < one.box.centre[1] < y1 for word in _words([one])])
        ]
        if not body:
            return None
        bounds = _column_bounds([box for _, box in head])
        return Table(tuple(title for title, _ in head), _free_body(page, body, bounds), bounds, page.index, top, 0, key)
    return None


def _levels(page: Page) -> list[float]:
    """The heights of lines that run along most of a table, pieces of a broken one taken together."""
    lines = sorted((one.box for one in page.reading.rulings if one.horizontal), key=lambda box: box.centre[1])
    widest = max((box.width for box in lines), default=0.0)
    levels: list[list[Box]] = []
    for box in lines:
        if levels and box.centre[1] - levels[-1][0].centre[1] < 0.006:
            levels[-1].append(box)
        else:
            levels.append([box])
    return [
        sum(box.centre[1] for box in level) / len(level)
        for level in levels if widest > 0.4 and sum(box.width for box in level) > 0.6 * widest
    ]


def _stacks(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces that stand over one another, as columns from left to right, each from top to bottom."""
    stacks: list[list[Piece]] = []
    for one in sorted(pieces, key=lambda part: part.box.x0):
        home = next((stack for stack in stacks if any(_share_x(one.box, other.box) > 0.5 for other in stack)), None)
        if home is None:
            stacks.append([one])
        else:
            home.append(one)
    return [sorted(stack, key=lambda part: part.box.y0) for stack in stacks]


def _hull(pieces: Sequence[Piece]) -> Box:
    box = pieces[0].box
    for one in pieces[1:]:
        box = box.union(one.box)
    return box


def _words(row: Sequence[Piece]) -> list[Piece]:
    """A row's pieces, cut at wide blanks inside them."""
    out: list[Piece] = []
    for one in row:
        at = 0
        for match in re.finditer(r"\s{2,}", one.text):
            if one.text[at : match.start()].strip():
                out.append(one.cut(at, match.start()))
            at = match.end()
        if one.text[at:].strip():
            out.append(one.cut(at, len(one.text)))
    return out


# headings that OCR may join to one line; a line made of them alone is cut between them, but not between
# serial number and name, which stand too close for their places to be told apart
_HEADING = re.compile(
    r"序号\s?姓名|序号?|编号|学?员?姓名|性别|年龄|民族|(?:居民|公民)?身份证?号?码?|部门|岗位(?:工资)?|职务|工种|(?:实际)?出勤(?:天数)?|天数|"
    r"基本工资|绩效(?:工资)?|加班(?:费|工资)?|补[贴助]|津贴|奖金|全勤奖?|应[发付](?:工资|合计|金额)?|养老(?:保险)?|医疗(?:保险)?|"
    r"失业(?:保险)?|保险|公积金|个税|扣款|社保|实[发领付](?:工资|金额|合计)?|(?:领款人|本人)?签[字名]|领款人|备注|(?:联系)?电话|"
    r"手机号?码?|文化程度|学历|(?:家庭)?住址|地址|合计|小计|工资|金额|(?:上|下)午|\d{1,2}"
)


def _heading_words(row: Sequence[Piece]) -> list[Piece]:
    """A header row's pieces, those cut that hold several headings and nothing else."""
    out: list[Piece] = []
    for one in row:
        cuts, at = [], 0
        while at < len(one.text):
            if one.text[at].isspace():
                at += 1
                continue
            match = _HEADING.match(one.text, at)
            if match is None:
                break
            cuts.append(match.span())
            at = match.end()
        whole = at >= len(one.text) and len(cuts) >= 2
        out += [one.cut(*span) for span in cuts] if whole else [one]
    return out


def _headings(rows: Sequence[Sequence[Piece]], number: int) -> list[tuple[str, Box]]:
    """The header's titles with their boxes: the row with the key, and half-rows right above and below."""
    key = _heading_words(rows[number])
    height = sorted(one.box.height for one in key)[len(key) // 2]
    members = list(key)
    for other in (number - 1, number + 1):
        if 0 <= other < len(rows):
            distance = abs(rows[other][0].box.centre[1] - key[0].box.centre[1])
            numeric = sum(any(char.isdigit() for char in one.text) for one in rows[other])
            if distance < 1.6 * height and numeric <= 0.3 * len(rows[other]) and not _is_above_table(rows[other], key):
                members += _heading_words(rows[other])
    return [(squeeze("".join(one.text for one in stack)), _hull(stack)) for stack in _stacks(members)]


def _is_above_table(row: Sequence[Piece], heads: Sequence[Piece]) -> bool:
    """Whether a row beside the headings is a line of text: a part of it lies over the first two of them."""
    first = sorted(heads, key=lambda one: one.box.x0)[:2]
    return any(all(_share_x(one.box, head.box) > 0.2 for head in first) for one in row)


def _with_unnamed(
    head: Sequence[tuple[str, Box]], body: Sequence[Sequence[Piece]]
) -> list[tuple[str, Box]]:
    """The headings with one without words for each column that most rows have and no heading stands over."""
    clusters: list[list[Box]] = []
    for row in body:
        for one in row:
            if any(min(one.box.x1, box.x1) - max(one.box.x0, box.x0) > -0.01 for _, box in head):
                continue
            home = next((c for c in clusters if _share_x(one.box, c[0]) > 0.5), None)
            if home is None:
                clusters.append([one.box])
            else:
                home.append(one.box)
    out = list(head)
    for cluster in clusters:
        if len(cluster) >= max(2, 0.5 * len(body)):
            x0, x1 = (sorted(edge)[len(cluster) // 2] for edge in ([b.x0 for b in cluster], [b.x1 for b in cluster]))
            out.append(("", Box(x0, head[0][1].y0, x1, head[0][1].y1)))
    return sorted(out, key=lambda one: one[1].x0)


def _share_x(a: Box, b: Box) -> float:
    width = min(a.width, b.width)
    return (min(a.x1, b.x1) - max(a.x0, b.x0)) / width if width > 0 else 0.0


def _column_bounds(boxes: Sequence[Box]) -> tuple[tuple[float, float], ...]:
    middles = [(a.x1 + b.x0) / 2 for a, b in pairwise(boxes)]
    edges = [max(0.0, boxes[0].x0 - 0.05), *middles, min(1.0, boxes[-1].x1 + 0.08)]
    return tuple(pairwise(edges))


def _free_body(
    page: Page, rows: Sequence[Sequence[Piece]], columns: tuple[tuple[float, float], ...]
) -> tuple[tuple[Cell, ...], ...]:
    cut = [
        [part for one in row for part in (_values(one) if _spans(one, columns) else [one])] for row in rows
    ]
    filled = _filled(cut, columns)
    return tuple(
        row_cells(page, parts, columns, min(p.box.y0 for p in parts), max(p.box.y1 for p in parts), filled)
        for parts in cut
    )


def _filled(
    rows: Sequence[Sequence[Piece]], columns: tuple[tuple[float, float], ...]
) -> tuple[tuple[float, float], ...]:
    """From where to where the columns' own values go: wider than the headings where values are long."""
    found: dict[int, list[Box]] = {}
    for row in rows:
        for one in row:
            found.setdefault(nearest_column(columns, one.box), []).append(one.box)
    out = []
    for index, (x0, x1) in enumerate(columns):
        boxes = found.get(index, [])
        left, right = sorted(box.x0 for box in boxes), sorted(box.x1 for box in boxes)
        middle = len(boxes) // 2
        out.append((min(x0, left[middle]), max(x1, right[middle])) if boxes else (x0, x1))
    return tuple(out)


_VALUE = re.compile(r"[㐀-鿿][㐀-鿿·]*|\d[\d,]*\.\d\d(?!\d)|[\dXx][\dXx.,]*|\S")


def _values(one: Piece) -> list[Piece]:
    """A piece that runs over several cells, cut into words, amounts and numbers."""
    return [one.cut(*match.span()) for match in _VALUE.finditer(one.text)]


def _spans(one: Piece, columns: Sequence[tuple[float, float]]) -> bool:
    """Whether a piece joins two cells: it covers the middles of two columns, or a good part of both
    and its text changes where cells do."""
    if sum(one.box.x0 < (x0 + x1) / 2 < one.box.x1 for x0, x1 in columns) >= 2:
        return True
    shares = [(min(one.box.x1, x1) - max(one.box.x0, x0)) / (x1 - x0) for x0, x1 in columns]
    return sum(share > 0.35 for share in shares) >= 2 and bool(re.search(r"[㐀-鿿]\s?\d{6}|\s", one.text))


def continued_unruled(page: Page, pieces: Sequence[Piece], like: Table) -> Table | None:
    rows = [_words(row) for row in rows_of(pieces)]
    body = [row for row in rows if len(row) >= max(2, len(like.columns) // 3)]
    if len(body) < 2:
        return None
    cells = _free_body(page, body, like.columns)
    return Table(like.header, cells, like.columns, page.index, body[0][0].box.y0, 0, like.key)
