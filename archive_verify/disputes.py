"""A second look at what disagrees across the class's lists and papers, before anybody is told of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from archive_verify.documents.cells import certificate_number, score, yes_no
from archive_verify.documents.people import cell_id, cell_name
from archive_verify.documents.score_sheet import PASS_MARK
from archive_verify.model import Box, DocType, Document, Line, Reading, Roster, RosterRow, Row
from archive_verify.values import (
    find_amounts,
    find_dates,
    find_money,
    find_periods,
    find_phones,
    normal_id,
    plain,
    squeezed,
)

SecondLook = Mapping[tuple[int, Box], tuple[Line, ...]]

_LISTS = frozenset({
    DocType.OPENING_APPROVAL, DocType.TRAINEE_ROSTER, DocType.TRAINING_ATTENDANCE, DocType.SCORE_SHEET,
    DocType.CERTIFICATE_REGISTER, DocType.EMPLOYMENT_SUMMARY, DocType.SUBSIDY_APPLICATION,
    DocType.CALLBACK_RECORD,
})
_BEGINNINGS: Mapping[DocType, str] = {
    DocType.LABOUR_CONTRACT: "contract_start",
    DocType.BUSINESS_LICENCE: "established",
    DocType.FLEXIBLE_CERTIFICATE: "period",
}
_APPLIED = ("headcount", "training_days", "amount")
# A second reading below this confirms nothing.
_FAINT = 0.60


def disputed(documents: Sequence[Document], roster: Roster, start: date | None) -> tuple[tuple[int, Box], ...]:
    """Page and box of the values that speak against the roster or the class, which begins on `start`."""
    spots = ((reading.page, reading.box) for *_, reading in _places(documents, roster, start))
    return tuple(dict.fromkeys(spots))


def settle(
    documents: Sequence[Document], roster: Roster, start: date | None, second: SecondLook
) -> tuple[Document, ...]:
    """The documents with those values confirmed that the second look read alike."""
    confirmed: dict[tuple[str, int | None, str], Reading] = {}
    for document, index, name, reading in _places(documents, roster, start):
        lines = second.get((reading.page, reading.box), ())
        if lines and min(line.confidence for line in lines) >= _FAINT and _alike(name, reading, lines):
            confirmed[document.id, index, name] = reading.model_copy(update={"confirmed": True})
    return tuple(_with(document, confirmed) for document in documents)


def _with(document: Document, confirmed: Mapping[tuple[str, int | None, str], Reading]) -> Document:
    if not any(key[0] == document.id for key in confirmed):
        return document
    fields = {name: confirmed.get((document.id, None, name), one) for name, one in document.fields.items()}
    rows = tuple(
        {name: confirmed.get((document.id, index, name), one) for name, one in row.items()}
        for index, row in enumerate(document.rows)
    )
    return document.model_copy(update={"fields": fields, "rows": rows})


# --- what to look at --------------------------------------------------------------------------------


def _places(
    documents: Sequence[Document], roster: Roster, start: date | None
) -> Iterator[tuple[Document, int | None, str, Reading]]:
    """Each value in dispute that was read but not confirmed, and where it stands."""
    people = _People(roster)
    for document in documents:
        for index, name in _names(document, people, start):
            values = document.fields if index is None else document.rows[index]
            reading = values.get(name)
            if reading is not None and reading.state == "read" and not reading.confirmed:
                yield document, index, name, reading


def _names(document: Document, people: _People, start: date | None) -> Iterator[tuple[int | None, str]]:
    if document.type in _LISTS:
        for index, row in enumerate(document.rows):
            if not people.knows(row):
                yield from ((index, "name"), (index, "id_number"))
            elif document.type is DocType.SCORE_SHEET and people.result_differs(row):
                yield index, "passed"
    if document.type in (DocType.CERTIFICATE_REGISTER, DocType.CERTIFICATE_COPY):
        tables: list[tuple[int | None, Row]] = [(None, document.fields), *enumerate(document.rows)]
        for place, values in tables:
            if people.number_differs(values):
                yield place, "certificate_number"
    if document.type in _BEGINNINGS and start is not None:
        name = _BEGINNINGS[document.type]
        for place, values in [(None, document.fields), *enumerate(document.rows)]:
            reading = values.get(name)
            if reading is not None and str(reading.value) < str(start):
                yield place, name
    if document.type is DocType.FLEXIBLE_CERTIFICATE:
        yield from _phones(document, people)
    if document.type is DocType.SUBSIDY_APPLICATION:
        yield from ((None, name) for name in _APPLIED)


def _phones(document: Document, people: _People) -> Iterator[tuple[int | None, str]]:
    head = document.fields.get("legal_representative_phone")
    if head is None or head.value is None:
        return
    own: list[tuple[int | None, Row]] = [(None, document.fields), *enumerate(document.rows)]
    same = [place for place, values in own if (phone := values.get("phone")) is not None and phone.value == head.value]
    if same or str(head.value) in people.phones:
        yield None, "legal_representative_phone"
        yield from ((place, "phone") for place in same)


class _People:
    """The roster by what its persons are called and numbered."""

    def __init__(self, roster: Roster) -> None:
        self.phones = {re.sub(r"\D", "", person.phone) for person in roster.rows}
        self.by_number: dict[str, RosterRow] = {}
        self.by_name: dict[str, RosterRow | None] = {}
        for person in roster.rows:
            self.by_number[normal_id(person.id_number)] = person
            key = squeezed(person.name)
            self.by_name[key] = None if key in self.by_name else person

    def knows(self, row: Row) -> bool:
        return _text(row, "name") in self.by_name or normal_id(_text(row, "id_number")) in self.by_number

    def one(self, values: Row) -> RosterRow | None:
        """The person that a row or paper names, where only one is."""
        by_number = self.by_number.get(normal_id(_text(values, "id_number")))
        return by_number or self.by_name.get(_text(values, "name") or _text(values, "employee"))

    def result_differs(self, row: Row) -> bool:
        person, result = self.one(row), row.get("passed")
        return person is not None and result is not None and person.passed not in (None, result.value)

    def number_differs(self, values: Row) -> bool:
        person, number = self.one(values), values.get("certificate_number")
        return number is not None and (person is None or person.certificate_number != number.value)


def _text(values: Row, name: str) -> str:
    reading = values.get(name)
    return squeezed(str(reading.value)) if reading is not None and reading.state == "read" and reading.value else ""


# --- whether it says the same -------------------------------------------------------------------------


def _alike(name: str, reading: Reading, lines: Sequence[Line]) -> bool:
    text = " ".join(line.text for line in lines)
    return reading.value in _SAYS[name](text)


def _one(parse: Callable[[str], Any]) -> Callable[[str], list[Any]]:
    def values(text: str) -> list[Any]:
        found = parse(text)
        return [] if found is None else [found.value]

    return values


def _passed(text: str) -> list[bool]:
    stated, mark = yes_no(text), score(text)
    if mark is not None:
        return [mark.value >= PASS_MARK]
    return [] if stated is None else [stated.value]


def _counts(text: str) -> list[float]:
    return [float(digits) for digits in re.findall(r"\d{1,4}(?:\.5)?", plain(text))]


def _amounts(text: str) -> list[Decimal]:
    whole = find_money(text)
    return [one.value for one in find_amounts(text)] + ([whole.value] if whole else [])


def _periods(text: str) -> list[str]:
    return [form for found in find_periods(text) for form in (found.value.iso(), found.value.iso().removesuffix("/.."))]


_SAYS: Mapping[str, Callable[[str], Sequence[Any]]] = {
    "name": _one(cell_name),
    "id_number": _one(cell_id),
    "passed": _passed,
    "certificate_number": _one(certificate_number),
    "contract_start": lambda text: [found.value for found in find_dates(text)],
    "established": lambda text: [found.value for found in find_dates(text)],
    "period": _periods,
    "phone": lambda text: [found.value for found in find_phones(text, labelled=True)],
    "legal_representative_phone": lambda text: [found.value for found in find_phones(text, labelled=True)],
    "headcount": _counts,
    "training_days": _counts,
    "amount": _amounts,
}
