"""A second look at the values that a verdict hangs on and that were not read for certain."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from archive_verify.model import Box, DocType, Document, Line, Reading, Row
from archive_verify.values import (
    code_is_valid,
    employer_key,
    find_codes,
    find_dates,
    find_money,
    find_months,
    find_phones,
    plain,
)

SecondLook = Mapping[tuple[int, Box], tuple[Line, ...]]

_CONTRACT = ("contract_start", "contract_end", "employer", "credit_code", "wage")
_SHEET = ("month", "employer")
_CERTIFICATE = ("employer", "period", "income", "phone", "legal_representative_phone", "credit_code")

# The fields, and the fields of rows, that rules ask for.
_FIELDS: Mapping[DocType, tuple[str, ...]] = {
    DocType.LABOUR_CONTRACT: _CONTRACT,
    DocType.PAYROLL: _SHEET,
    DocType.WORK_ATTENDANCE: _SHEET,
    DocType.FLEXIBLE_CERTIFICATE: _CERTIFICATE,
    DocType.BUSINESS_LICENCE: ("employer", "credit_code"),
    DocType.OPENING_REPORT: ("reported_on", "start_date"),
    DocType.OPENING_APPROVAL: ("headcount", "start_date"),
    DocType.SUBSIDY_APPLICATION: ("applied_on",),
}
_ROW_FIELDS: Mapping[DocType, tuple[str, ...]] = {
    DocType.CATALOGUE: ("first", "last", "count"),
    DocType.FLEXIBLE_CERTIFICATE: ("period", "income", "phone"),
}

Parse = Callable[[str], Sequence[Any]]


def _whole_numbers(text: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d{1,4}", plain(text))]


def _amounts(text: str) -> list[Any]:
    found = find_money(text)
    return [found.value] if found else []


# How a value that could not be read at first is read from the second look.
_PARSE: Mapping[str, Parse] = {
    "contract_start": lambda text: [found.value for found in find_dates(text)],
    "contract_end": lambda text: [found.value for found in find_dates(text)],
    "reported_on": lambda text: [found.value for found in find_dates(text)],
    "applied_on": lambda text: [found.value for found in find_dates(text)],
    "start_date": lambda text: [found.value for found in find_dates(text)],
    "month": lambda text: [found.value for found in find_months(text)],
    "credit_code": lambda text: [found.value for found in find_codes(text)],
    "phone": lambda text: [found.value for found in find_phones(text, labelled=True)],
    "legal_representative_phone": lambda text: [found.value for found in find_phones(text, labelled=True)],
    "income": _amounts,
    "wage": _amounts,
    "first": _whole_numbers,
    "last": _whole_numbers,
    "count": _whole_numbers,
    "headcount": _whole_numbers,
}

# Values on which months and terms hang. Read below this they are mostly filled in by hand, where a
# wrong digit may look quite certain; print is read above it.
_DATED = frozenset({"contract_start", "contract_end", "month", "reported_on"})
_PRINTED = 0.98

# A second reading below the first confirms nothing; one above the second stands on its own.
_FAINT = 0.60
_CLEAR = 0.90


def unsure(documents: Sequence[Document], minimum: float) -> tuple[tuple[int, Box], ...]:
    """Page and box of the values that rules ask for and whose reading is below `minimum` (0..1)."""
    spots = (
        (reading.page, reading.box)
        for document in documents
        for name, reading in _asked(document)
        if _open(name, reading, minimum)
    )
    return tuple(dict.fromkeys(spots))


def confirm(documents: Sequence[Document], second: SecondLook, minimum: float) -> tuple[Document, ...]:
    """The documents with what the second look settled.

    A value that the second reading repeats is confirmed. A value that was not read at first is taken
    from a clear second reading. Where the two differ, the value stays as doubtful as it was; of two
    credit codes the one that passes its check is taken, and without such a one the code is in doubt.
    """

    def settle(name: str, reading: Reading) -> Reading:
        lines = second.get((reading.page, reading.box), ())
        if not lines or not _open(name, reading, minimum):
            return reading
        return _settled(name, reading, lines)

    return tuple(_with(document, settle) for document in documents)


def _asked(document: Document) -> Iterator[tuple[str, Reading]]:
    for name in _FIELDS.get(document.type, ()):
        if name in document.fields:
            yield name, document.fields[name]
    for row in document.rows if document.type in _ROW_FIELDS else ():
        for name in _ROW_FIELDS[document.type]:
            if name in row:
                yield name, row[name]


def _open(name: str, reading: Reading, minimum: float) -> bool:
    if reading.confirmed or reading.state == "blank":
        return False
    # a code that fails its check is as likely misread as written wrong, however clear it looks
    fails = name == "credit_code" and not code_is_valid(str(reading.value))
    by_hand = name in _DATED and reading.confidence < _PRINTED
    return reading.state == "unread" or reading.confidence < minimum or fails or by_hand


def _settled(name: str, reading: Reading, lines: Sequence[Line]) -> Reading:
    text = " ".join(line.text for line in lines)
    confidence = min(line.confidence for line in lines)
    if reading.state == "read":
        if name == "credit_code":
            reading = _with_look(reading, lines)
        if confidence >= _FAINT and _says(text, reading.value):
            trust = max(confidence, reading.confidence)
            return reading.model_copy(update={"confirmed": True, "confidence": trust})
        if name == "credit_code":
            return _other_code(reading, text)
        return _contradicted(name, reading, text)
    parse = _PARSE.get(name)
    values = list(dict.fromkeys(parse(text))) if parse else []
    if len(values) == 1 and confidence >= _CLEAR:
        return reading.model_copy(
            update={"value": values[0], "text": text, "state": "read", "confidence": confidence}
        )
    return reading


def _with_look(reading: Reading, lines: Sequence[Line]) -> Reading:
    """A credit code with what the second look saw of it: that tells best which other code it may be."""
    seen = [line for line in lines if line.lattice and find_codes(line.text)]
    return reading.model_copy(update={"lattice": seen[0].lattice}) if len(lines) == len(seen) == 1 else reading


def _other_code(reading: Reading, text: str) -> Reading:
    """A credit code that the second look reads differently: the one that passes its check, else in doubt."""
    right = [found.value for found in find_codes(text) if code_is_valid(found.value)]
    if len(right) == 1 and not code_is_valid(str(reading.value)):
        return reading.model_copy(update={"value": right[0], "text": text})
    return reading.model_copy(update={"confidence": min(reading.confidence, _FAINT)})


def _contradicted(name: str, reading: Reading, text: str) -> Reading:
    """A value in doubt where the second look reads another one; unchanged where it reads none."""
    others = _PARSE[name](text) if name in _DATED else ()
    if not others:
        return reading
    return reading.model_copy(update={"confidence": min(reading.confidence, _FAINT)})


def _says(text: str, value: Any) -> bool:
    """Whether a text holds a value, whatever the form it is written in."""
    if isinstance(value, date):
        return any(found.value == value for found in find_dates(text))
    squeezed = "".join(plain(text).split())
    if isinstance(value, str):
        found = [one.value for one in (*find_months(text), *find_codes(text), *find_phones(text, labelled=True))]
        return value in found or employer_key(value) in employer_key(text) or value in squeezed
    if isinstance(value, int):
        return value in _whole_numbers(text)
    numbers = re.findall(r"\d+(?:\.\d+)?", squeezed.replace(",", ""))
    return any(Decimal(number) == value for number in numbers) or value in _amounts(text)


def _with(document: Document, settle: Callable[[str, Reading], Reading]) -> Document:
    if document.type not in _FIELDS and document.type not in _ROW_FIELDS:
        return document
    fields = {
        name: settle(name, reading) if name in _FIELDS.get(document.type, ()) else reading
        for name, reading in document.fields.items()
    }
    names = _ROW_FIELDS.get(document.type, ())
    rows: tuple[Row, ...] = tuple(
        {name: settle(name, reading) if name in names else reading for name, reading in row.items()}
        for row in document.rows
    )
    return document.model_copy(update={"fields": fields, "rows": rows})
