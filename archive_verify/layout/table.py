"""The table of a page, ruled or not, and tables that go on over pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from archive_verify.layout.cells import HeaderTest, Table
from archive_verify.layout.grid import find_grids
from archive_verify.layout.pieces import piece
from archive_verify.layout.ruled import continued_ruled, guessed_table, ruled_table
from archive_verify.layout.unruled import continued_unruled, unruled_table
from archive_verify.model import Page


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
    ruled = [table for grid in grids if (table := ruled_table(page, grid, pieces, is_key, is_value)) is not None]
    if ruled:
        return max(ruled, key=lambda table: len(table.rows))
    unruled = unruled_table(page, pieces, is_key)
    if unruled is not None:
        return unruled
    if like is None:
        return guessed_table(page, grids, pieces, is_value) if is_value is not None else None
    fitting = [table for grid in grids if (table := continued_ruled(page, grid, pieces, like)) is not None]
    if fitting:
        return max(fitting, key=lambda table: len(table.rows))
    return continued_unruled(page, pieces, like)


def read_tables(
    pages: Sequence[Page], is_key: HeaderTest, is_value: HeaderTest | None = None
) -> tuple[Table, ...]:
    """One table per page that has one, later pages read like the ones before where they need it."""
    tables: list[Table] = []
    for page in pages:
        table = read_table(page, is_key, tables[-1] if tables else None, is_value)
        if table is not None:
            tables.append(table)
    return tuple(half for table in tables for half in side_by_side(table))


def side_by_side(table: Table) -> tuple[Table, ...]:
    """The parts of a table whose headings come over and over: it was set in columns to save paper."""
    title = table.header[table.key]
    keys = [index for index, other in enumerate(table.header) if title and other == title]
    steps = {right - left for left, right in pairwise(keys)}
    if len(steps) != 1:
        return (table,)
    width = steps.pop()
    ends = [width * (part + 1) for part in range(len(keys) - 1)] + [len(table.header)]
    spans = list(zip([0, *ends[:-1]], ends, strict=True))
    titles = [table.header[low:high] for low, high in spans]
    if sum(a == b for a, b in zip(titles[0], titles[1], strict=False)) < max(2, 0.6 * width):
        return (table,)
    return tuple(
        replace(
            table, header=table.header[low:high], columns=table.columns[low:high], key=key - low,
            rows=tuple(row[low:high] for row in table.rows), unread_rows=table.unread_rows if part == 0 else 0,
        )
        for part, ((low, high), key) in enumerate(zip(spans, keys, strict=True))
    )
