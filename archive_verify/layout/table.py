"""Tables of rows, ruled and unruled, with their header; over several pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive_verify.layout.grid import Grid, GridCell, find_grids, split_at
from archive_verify.layout.ink import written_in
from archive_verify.layout.pieces import Piece, piece, rows_of
from archive_verify.model import Box, Lattice, MarkShape, Page


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text ("" if none was read), its place, and whether ink was seen in it.

    `inked` is None where the page carries no ink map or the cell is too small to tell; `covered` says
    that a seal lies over it, so that text may have been lost.
    """

    text: str
    page: int
    box: Box
    confidence: float = 1.0
    lattice: Lattice | None = None
    inked: bool | None = None
    covered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Column titles (white space removed, levels joined from the top) and rows of cells.

    Every row has one cell per column. `unread_rows` counts ruled rows that hold ink of which nothing
    was read. `top` is where the header begins, a fraction of the page.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    columns: tuple[tuple[float, float], ...]
    page: int
    top: float
    unread_rows: int = 0
    key: int = 0                        # the column that holds the key (a person's name)

    def column(self, pattern: re.Pattern[str]) -> int | None:
        """Index of the first column whose title matches."""
        return next((index for index, title in enumerate(self.header) if pattern.search(title)), None)


HeaderTest = Callable[[str], bool]


def read_table(
    page: Page, is_key: HeaderTest, like: Table | None = None, is_value: HeaderTest | None = None
) -> Table | None:
    """The page's table whose header has a cell that `is_key` accepts (white space removed).

    `like` is the table of the page before: a page without such a header is then read by its columns,
    if their places agree. Else, with `is_value`, a ruled table is taken whose header could not be read
    but one of whose columns holds such values. None where there is no table.
    """
    pieces = [piece(line) for line in page.reading.lines if line.text.strip()]
    grids = find_grids(page.reading.rulings)
    ruled = [table for grid in grids if (table := _ruled(page, grid, pieces, is_key)) is not None]
    if ruled:
        return max(ruled, key=lambda table: len(table.rows))
    unruled = _unruled(page, pieces, is_key)
    if unruled is not None:
        return unruled
    if like is None:
        return _guessed(page, grids, pieces, is_value) if is_value is not None else None
    fitting = [table for grid in grids if (table := _continued(page, grid, pieces, like)) is not None]
    if fitting:
        return max(fitting, key=lambda table: len(table.rows))
    return _continued_unruled(page, pieces, like)


def read_tables(
    pages: Sequence[Page], is_key: HeaderTest, is_value: HeaderTest | None = None
) -> tuple[Table, ...]:
    """One table per page that has one, later pages read like the ones before where they need it."""
    tables: list[Table] = []
    for page in pages:
        table = read_table(page, is_key, tables[-1] if tables else None, is_value)
        if table is not None:
            tables.append(table)
    return tuple(tables)


def _key(text: str) -> str:
    return "".join(text.split())


# --- ruled ----------------------------------------------------------------------------------------


def _place(grid: Grid, pieces: Sequence[Piece]) -> dict[GridCell, list[Piece]]:
    """The parts of the pieces in each cell, in reading order."""
    placed: dict[GridCell, list[Piece]] = {}
    for one in pieces:
        x, y = one.box.centre
        if not (grid.box.x0 - 0.01 <= x <= grid.box.x1 + 0.01 and grid.box.y0 <= y <= grid.box.y1):
            continue
        borders = sorted({cell.box.x0 for cell in grid.cells if cell.box.y0 <= y < cell.box.y1})
        for part in split_at(one, borders[1:]):
            cell = grid.cell_at(*part.box.centre)
            if cell is not None:
                placed.setdefault(cell, []).append(part)
    return {cell: [one for row in rows_of(parts) for one in row] for cell, parts in placed.items()}


def _cell(page: Page, box: Box, parts: Sequence[Piece]) -> Cell:
    text = "".join(part.text for part in parts).strip()
    if not text:
        inside = Box(box.x0 + 0.004, box.y0 + 0.004, box.x1 - 0.004, box.y1 - 0.004)
        inked = written_in(page.reading.ink, inside) if inside.width > 0 and inside.height > 0 else None
        covered = any(
            mark.shape is MarkShape.ROUND_SEAL and inside.overlap(mark.box) > 0.25 * inside.width * inside.height
            for mark in page.reading.marks
        )
        return Cell("", page.index, box, 0.0, None, inked, covered)
    tight = parts[0].box
    for part in parts[1:]:
        tight = tight.union(part.box)
    lattice = parts[0].lattice if len(parts) == 1 else None
    return Cell(text, page.index, tight, min(part.confidence for part in parts), lattice, True)


def _ruled(page: Page, grid: Grid, pieces: Sequence[Piece], is_key: HeaderTest) -> Table | None:
    placed = _place(grid, pieces)
    keys = [
        cell for cell in grid.cells
        if cell in placed and is_key(_key("".join(part.text for part in placed[cell])))
        and cell.col_end - cell.col <= max(2, (len(grid.xs) - 1) // 2)
    ]
    if not keys:
        return None
    first = min(keys, key=lambda cell: (cell.row, cell.col))
    last_row = first.row_end
    # a second level of headings under merged ones, where the key's own cell is not merged with it
    while last_row < len(grid.ys) - 1 and _is_heading_row(grid, placed, last_row, first):
        last_row += 1
    header_top = grid.ys[first.row]
    columns: list[tuple[float, float]] = []
    header: list[str] = []
    for col in range(len(grid.xs) - 1):
        levels = [
            _key("".join(part.text for part in placed.get(cell, ())))
            for cell in grid.cells
            if cell.col <= col < cell.col_end and first.row <= cell.row < last_row
        ]
        columns.append((grid.xs[col], grid.xs[col + 1]))
        header.append("".join(level for level in levels if level))
    columns, header = _without_split_columns(grid, columns, header, last_row)
    key = _nearest(columns, first.box)
    rows, unread = _grid_body(page, grid, placed, columns, key, last_row)
    return Table(tuple(header), tuple(rows), tuple(columns), page.index, header_top, unread, key)


def _is_heading_row(
    grid: Grid, placed: dict[GridCell, list[Piece]], row: int, key: GridCell
) -> bool:
    """Whether a row under the key's cell still belongs to the header: nothing stands below the key,
    and the row holds text, none of it a person's row."""
    below = grid.cell_at((grid.xs[key.col] + grid.xs[key.col_end]) / 2, (grid.ys[row] + grid.ys[row + 1]) / 2)
    if below is None or below in placed or below.row != row:
        return False
    texts = [
        _key("".join(part.text for part in placed[cell]))
        for cell in grid.cells if cell.row == row and cell in placed
    ]
    if not texts:
        return False
    words = sum(bool(re.fullmatch(r"[㐀-鿿()/、.\d日]{1,12}", text)) for text in texts)
    days = sum(bool(re.fullmatch(r"\d{1,2}", text)) for text in texts)
    if words < 0.8 * len(texts) or (len(texts) < 3 and days):
        return False
    # a row that begins with something is a row of the body
    return grid.cell_at(grid.box.x0 + 0.004, (grid.ys[row] + grid.ys[row + 1]) / 2) not in placed


def _without_split_columns(
    grid: Grid, columns: list[tuple[float, float]], header: list[str], body: int
) -> tuple[list[tuple[float, float]], list[str]]:
    """Join grid columns that no row of the body keeps apart (rulings of another part of the form)."""
    out_columns: list[tuple[float, float]] = []
    out_header: list[str] = []
    for col, (span, title) in enumerate(zip(columns, header, strict=True)):
        apart = col == 0 or any(cell.col == col for cell in grid.cells if cell.row >= body)
        if apart or not out_columns:
            out_columns.append(span)
            out_header.append(title)
        else:
            out_columns[-1] = (out_columns[-1][0], span[1])
            if title != out_header[-1]:
                out_header[-1] += title
    return out_columns, out_header


def _grid_body(
    page: Page, grid: Grid, placed: dict[GridCell, list[Piece]], columns: Sequence[tuple[float, float]],
    key: int, first_row: int,
) -> tuple[list[tuple[Cell, ...]], int]:
    """The rows from `first_row` on, and how many of them hold ink but no text.

    The cells of the key column are the rows: a person's name may stand beside two rows of marks.
    """
    middle = sum(columns[key]) / 2
    bands: list[tuple[float, float]] = []
    for cell in grid.cells:
        if cell.box.x0 <= middle < cell.box.x1 and cell.row >= first_row:
            bands.append((cell.box.y0, cell.box.y1))
    parts = [part for members in placed.values() for part in members]
    rows: list[tuple[Cell, ...]] = []
    unread = 0
    for top, bottom in _whole_bands(bands, [part for part in parts if _nearest(columns, part.box) == key]):
        band = [part for part in parts if top <= part.box.centre[1] < bottom]
        cells = _band_cells(page, band, columns, top, bottom)
        if any(cell.text for cell in cells):
            rows.append(cells)
        elif sum(cell.inked is True for cell in cells) >= 2:
            unread += 1
    return rows, unread


def _whole_bands(bands: Sequence[tuple[float, float]], keys: Sequence[Piece]) -> list[tuple[float, float]]:
    """The rows' top and bottom; one far higher than the others that holds several keys lost a ruling."""
    heights = sorted(bottom - top for top, bottom in bands)
    if not heights:
        return []
    usual = heights[len(heights) // 2]
    out: list[tuple[float, float]] = []
    for top, bottom in bands:
        inside = sorted(one.box.centre[1] for one in keys if top <= one.box.centre[1] < bottom)
        lost = bottom - top > 1.6 * usual if len(heights) > 2 else False
        apart = [b - a for a, b in pairwise(inside)]
        if len(inside) < 2 or not (lost or (len(heights) <= 2 and min(apart) > 0.016)):
            out.append((top, bottom))
            continue
        edges = [top, *((a + b) / 2 for a, b in pairwise(inside)), bottom]
        out += list(pairwise(edges))
    return out


def _band_cells(
    page: Page, parts: Sequence[Piece], columns: Sequence[tuple[float, float]], top: float, bottom: float
) -> tuple[Cell, ...]:
    by_column: dict[int, list[Piece]] = {}
    for part in parts:
        index = _nearest(columns, part.box)
        by_column.setdefault(index, []).append(part)
    return tuple(
        _cell(page, Box(x0, top, x1, bottom),
              [one for row in rows_of(by_column.get(index, ())) for one in row])
        for index, (x0, x1) in enumerate(columns)
    )


def _nearest(columns: Sequence[tuple[float, float]], box: Box) -> int:
    """The column that a box overlaps most, or whose middle is nearest."""
    def worth(index: int) -> tuple[float, float]:
        x0, x1 = columns[index]
        overlap = min(box.x1, x1) - max(box.x0, x0)
        return (max(overlap, 0.0), -abs((x0 + x1) / 2 - box.centre[0]))

    return max(range(len(columns)), key=worth)


def _guessed(
    page: Page, grids: Sequence[Grid], pieces: Sequence[Piece], is_value: HeaderTest
) -> Table | None:
    """A ruled table by what its cells hold: the column with most keys, its header unread."""
    best: tuple[int, Grid, int] | None = None
    for grid in grids:
        placed = _place(grid, pieces)
        counts = [0] * (len(grid.xs) - 1)
        for cell, parts in placed.items():
            if cell.col_end - cell.col == 1 and is_value(_key("".join(part.text for part in parts))):
                counts[cell.col] += 1
        if counts and max(counts) >= 2 and (best is None or max(counts) > best[0]):
            best = max(counts), grid, counts.index(max(counts))
    if best is None:
        return None
    _, grid, key = best
    columns = tuple(pairwise(grid.xs))
    rows, unread = _grid_body(page, grid, _place(grid, pieces), columns, key, 0)
    return Table(("",) * len(columns), tuple(rows), columns, page.index, grid.box.y0, unread, key)


def _continued(page: Page, grid: Grid, pieces: Sequence[Piece], like: Table) -> Table | None:
    edges = [x0 for x0, _ in like.columns] + [like.columns[-1][1]]
    near = sum(any(abs(x - edge) < 0.012 for x in grid.xs) for edge in edges)
    if near < 0.8 * len(edges) or len(grid.ys) < 3:
        return None
    placed = _place(grid, pieces)
    rows, unread = _grid_body(page, grid, placed, like.columns, like.key, 0)
    return Table(like.header, tuple(rows), like.columns, page.index, grid.box.y0, unread, like.key)


# --- unruled --------------------------------------------------------------------------------------


def _unruled(page: Page, pieces: Sequence[Piece], is_key: HeaderTest) -> Table | None:
    rows = [_words(row) for row in rows_of(pieces)]
    for number, joined in enumerate(rows):
        row = _heading_words(joined)
        if len(row) < 3 or not any(is_key(_key(one.text)) for one in row):
            continue
        head = _headings(rows, number)
        if len(head) < 3 or not any(is_key(title) for title, _ in head):
            continue
        titles = tuple(title for title, _ in head)
        columns = _column_bounds([box for _, box in head])
        bottom = max(box.y1 for _, box in head)
        body = [row for row in rows if row[0].box.centre[1] > bottom]
        key = next(index for index, title in enumerate(titles) if is_key(title))
        cells = _free_body(page, body, columns)
        return Table(titles, cells, columns, page.index, min(box.y0 for _, box in head), 0, key)
    return None


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
            if distance < 1.6 * height and numeric <= 0.3 * len(rows[other]):
                members += _heading_words(rows[other])
    columns: list[list[Piece]] = []
    for one in sorted(members, key=lambda p: p.box.x0):
        home = next((c for c in columns if any(_share_x(one.box, other.box) > 0.5 for other in c)), None)
        if home is None:
            columns.append([one])
        else:
            home.append(one)
    out = []
    for column in columns:
        column.sort(key=lambda p: p.box.y0)
        box = column[0].box
        for one in column[1:]:
            box = box.union(one.box)
        out.append((_key("".join(one.text for one in column)), box))
    return out


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
    out: list[tuple[Cell, ...]] = []
    for row in rows:
        parts = [
            part for one in row
            for part in (_values(one) if _spans(one, columns) else [one])
        ]
        top, bottom = min(p.box.y0 for p in parts), max(p.box.y1 for p in parts)
        out.append(_band_cells(page, parts, columns, top, bottom))
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


def _continued_unruled(page: Page, pieces: Sequence[Piece], like: Table) -> Table | None:
    rows = [_words(row) for row in rows_of(pieces)]
    body = [row for row in rows if len(row) >= max(2, len(like.columns) // 3)]
    if len(body) < 2:
        return None
    cells = _free_body(page, body, like.columns)
    return Table(like.header, cells, like.columns, page.index, body[0][0].box.y0, 0, like.key)
