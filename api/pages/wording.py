"""Words found in all that was read from an archive's pages."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_verify.report.schema import BoxList, Report
from archive_verify.store.tables import PageReadingRow, Run, RunSheet
from archive_verify.values import plain

_MOST = 60
_AROUND = 12


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line that holds the words: what stands before and behind them."""

    page: int
    box: BoxList
    before: str
    words: str
    after: str


def find_words(session: Session, run: Run, report: Report, text: str) -> tuple[list[FoundLine], bool]:
    """The lines with the words, page by page, and whether there are more; blanks and widths do not count."""
    wanted = _squeezed(text)
    if not wanted:
        return [], False
    rows = session.execute(
        select(RunSheet.sha256, RunSheet.file_page, PageReadingRow.content)
        .join(PageReadingRow, PageReadingRow.key == RunSheet.reading_key)
        .where(RunSheet.run_id == run.reading_run_id, RunSheet.state == "read")
    )
    packed = {(row.sha256, row.file_page): row.content for row in rows}
    found: list[FoundLine] = []
    for page in report.pages:
        content = packed.get((report.files[page.file].sha256, page.file_page))
        for reading in json.loads(zlib.decompress(content)) if content else ():
            if reading.get("half") != page.half:
                continue
            for line in reading["lines"]:
                if (hit := _hit(page.index, line, wanted)) is not None:
                    found.append(hit)
                if len(found) > _MOST:
                    return found[:_MOST], True
    return found, False


def _hit(page: int, line: dict[str, Any], wanted: str) -> FoundLine | None:
    said = _squeezed(line["text"])
    at = said.casefold().find(wanted.casefold())
    if at < 0:
        return None
    end = at + len(wanted)
    before, after = said[max(0, at - _AROUND) : at], said[end : end + _AROUND]
    return FoundLine(page, tuple(line["box"]), before, said[at:end], after)


def _squeezed(text: str) -> str:
    return "".join(plain(text).split())
