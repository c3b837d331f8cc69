"""Copies of identity cards."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive_verify.documents.fields import likely_name
from archive_verify.documents.kind import DocumentType, cues, empty_document, pages_of, patterns
from archive_verify.model import DocType, Document, Line, Page, Reading, Row, Span
from archive_verify.values import Found, find_ids, person_name, plain

_NAMED = re.compile(r"^姓\s*名[^㐀-鿿]*(.*)$")


def _extract(span: Span, pages: Sequence[Page]) -> Document:
    """One row per card: name and number. A number without a name near it has a row of its own."""
    rows = [row for page in pages_of(span, pages) for row in _cards(page)]
    return empty_document(span).model_copy(update={"rows": tuple(rows)})


def _cards(page: Page) -> list[Row]:
    names = [(line, found) for line in page.reading.lines if (found := _name(line, page))]
    rows: list[Row] = []
    seen: set[str] = set()
    used: set[int] = set()
    for line in page.reading.lines:
        for number in find_ids(line.text):
            if number.value in seen:
                continue
            seen.add(number.value)
            row: Row = {"id_number": _reading(page, line, number)}
            near = [
                place for place, (other, _) in enumerate(names)
                if place not in used and -0.02 < line.box.y0 - other.box.y0 < 0.3
                and abs(line.box.x0 - other.box.x0) < 0.35
            ]
            if near:
                place = min(near, key=lambda at: _apart(line, names[at][0]))
                used.add(place)
                row["name"] = _reading(page, *names[place])
            rows.append(row)
    return rows


def _apart(a: Line, b: Line) -> float:
    return abs(a.box.y0 - b.box.y0) + abs(a.box.x0 - b.box.x0)


def _name(line: Line, page: Page) -> Found[str] | None:
    """The name on a card: behind 姓名 in its line, or in the next line to the right of it."""
    text = plain(line.text)
    labelled = _NAMED.match(text)
    if labelled:
        return person_name(labelled[1]) if labelled[1] else None
    found = likely_name(person_name(text))
    if found is None:
        return None
    beside = any(
        _NAMED.fullmatch(plain(other.text)) and abs(other.box.centre[1] - line.box.centre[1]) < 0.02
        and 0 <= line.box.x0 - other.box.x0 < 0.25
        for other in page.reading.lines
    )
    return found if beside else None


def _reading(page: Page, line: Line, found: Found[str]) -> Reading:
    return Reading(
        value=found.value, text=line.text, page=page.index, box=line.box,
        confidence=line.confidence * (0.9 if found.repaired else 1.0), lattice=line.lattice,
    )


ID_CARD_COPY = DocumentType(
    type=DocType.ID_CARD_COPY,
    titles=patterns(r".*身份证(复印件|正反面)?"),
    cues=cues(**{
        r"公民身份号码|公民身份证号码": 3.0,
        r"签发机关": 2.2,
        r"中华人民共和国$|居民身份证$": 1.2,
        r"有效期限": 1.2,
        r"^民族|民族汉|性别.{1,2}民族": 1.4,
        r"^出生[0-9]{4}年|^出生": 1.0,
        r"^住址": 1.6,
        r"身份证(复印件|正面|反面|人像面|国徽面)|(正面|反面)$": 1.5,
        r"长期$|[0-9]{4}\.[0-9]{2}\.[0-9]{2}-": 0.8,
        r"与原件(一致|核对|相符)|仅供.{0,12}使用": 0.8,
        r"合同|工资|考勤|培训计划|统一社会信用代码": -1.5,
        r"序号": -1.2,
    }),
    extract=_extract,
)
