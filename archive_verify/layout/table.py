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
    """The longest of `page_tables`; None where there is none."""
    return max(page_tables(page, is_key, like, is_value), key=lambda table: len(table.rows), default=None)


def page_tables(
    page: Page, is_key: HeaderTest, like: Table | None = None, is_value: HeaderTest | None = None
) -> tuple[Table, ...]:
    """The page's table, or tables with the same headings (pay slips).

    A header is known by a cell that `is_key` accepts (white space removed).

    `like` is the table of the page before: a page without such a header is then read by its columns,
    if their places agree. Else, with `is_value`, a ruled table is taken whose header could not be read
    but one of whose columns holds such values.
    """
    pieces = [piece(line) for line in page.reading.lines if line.text.strip()]
    grids = find_grids(page.reading.rulings)
    ruled = [table for grid in grids if (table := ruled_table(page, grid, pieces, is_key, is_value)) is not None]
    if ruled:
        best = max(ruled, key=lambda table: len(table.rows))
        return tuple(table for table in ruled if _same_headings(table, best))
    unruled = unruled_table(page, pieces, is_key)
    if unruled is not None:
        return (unruled,)
    if like is None:
        guessed = guessed_table(page, grids, pieces, is_value) if is_value is not None else None
        return (guessed,) if guessed is not None else ()
    fitting = [table for grid in grids if (table := continued_ruled(page, grid, pieces, like)) is not None]
    if fitting:
        return (max(fitting, key=lambda table: len(table.rows)),)
    continued = continued_unruled(page, pieces, like)
    return (continued,) if continued is not None else ()


def _same_headings(table: Table, other: Table) -> bool:
    """Whether two tables have one form: the same number of columns, most titles alike."""
    alike = sum(a == b for a, b in zip(table.header, other.header, strict=False))
    return len(table.header) == len(other.header) and 3 * alike >= 2 * len(table.header)


def read_tables(
    pages: Sequence[Page], is_key: HeaderTest, is_value: HeaderTest | None = None
) -> tuple[Table, ...]:
    """The tables of each page, later pages read like the ones before where they need it."""
    tables: list[Table] = []
    for page in pages:
        tables += page_tables(page, is_key, tables[-1] if tables else None, is_value)
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
