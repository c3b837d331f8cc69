"""Persons named on papers, and how well a reading of a name or ID number fits one of the roster."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from archive_verify import lattice as ctc
from archive_verify.model import Box, DocType, Document, Lattice, Line, MarkShape, Page, Reading, RosterRow
from archive_verify.values import (
    drawn_alike,
    find_id,
    has_surname,
    id_is_valid,
    look_alike_distance,
    looks_like,
    normal_id,
    omitted,
    person_name,
    plain,
    same_but_look_alikes,
)

# Papers that prove one person's employment: a person on them whom the roster lacks is a stranger.
PROOFS = frozenset({
    DocType.LABOUR_CONTRACT, DocType.FLEXIBLE_CERTIFICATE, DocType.BUSINESS_LICENCE,
    DocType.PREMISES_PROOF, DocType.ORDER_AGREEMENT,
})
# On these an ID number may be another party's: the landlord's.
_FOREIGN_NUMBERS = frozenset({DocType.BUSINESS_LICENCE, DocType.PREMISES_PROOF})
_NAME_FIELDS: dict[DocType, tuple[str, ...]] = {
    DocType.LABOUR_CONTRACT: ("employee",),
    DocType.FLEXIBLE_CERTIFICATE: ("employee",),
    DocType.ORDER_AGREEMENT: ("employee",),
    DocType.BUSINESS_LICENCE: ("operator", "legal_representative"),
    DocType.PREMISES_PROOF: ("tenant", "operator", "employee"),
}
_OTHER_NAME_FIELDS = ("employee", "name")

# Log-likelihoods of a roster entry in the recogniser's output, relative to the free reading. Measured
# on other makers' pages: above them no wrong pick, also where the person was not on the roster.
NAME_FITS = -3.0
ID_FITS = -6.0
NO_NAME_FITS = -6.0
# From here on a look is sure of what it read.
CLEAN = 0.90
# Of print both looks are surer than of handwriting; below the other a single character is in doubt.
_PRINTED = 0.99
_SEEN = 0.90

Fit = Literal["exact", "likely", "near", "no"]
SecondLook = Mapping[tuple[int, Box], tuple[Line, ...]]


@dataclass(frozen=True, slots=True)
class Person:
    """A person as one document, or one row of it, names them."""

    document: Document
    row_index: int | None
    name: Reading | None
    number: Reading | None
    phone: str = ""

    @property
    def page(self) -> int:
        shown = self.name or self.number
        return shown.page if shown is not None else self.document.pages[0]

    @property
    def box(self) -> Box | None:
        shown = self.name or self.number
        return shown.box if shown is not None else None

    @property
    def foreign_number(self) -> bool:
        """Whether the ID number may be another party's: it does not stand behind this person's name."""
        return self.document.type in _FOREIGN_NUMBERS and not _stands_behind(
            self.number, self.name, self.document.fields.get("landlord")
        )

    @property
    def readable(self) -> bool:
        return any(reading is not None and reading.state == "read" for reading in (self.name, self.number))


def persons_of(document: Document) -> Iterator[Person]:
    """The persons that a document names: one for each row of a table, else those of its fields."""
    for index, row in enumerate(document.rows):
        name, number = row.get("name") or row.get("employee"), row.get("id_number")
        if name is not None or number is not None:
            yield Person(document, index, name, number, _text(row.get("phone")))
    fields = document.fields
    names = _NAME_FIELDS.get(document.type, _OTHER_NAME_FIELDS)
    found = [reading for key in names if (reading := fields.get(key)) is not None]
    found = list({reading.value or (reading.page, reading.box): reading for reading in reversed(found)}.values())
    number = fields.get("id_number")
    if document.type is DocType.BUSINESS_LICENCE:
        for reading in reversed(found):
            yield Person(document, None, reading, None)
    elif found or number is not None:
        name = next((one for one in reversed(found) if one.state == "read"), found[-1] if found else None)
        if not (document.rows and name is None):
            yield Person(document, None, name, number, _text(fields.get("phone")))


def _stands_behind(number: Reading | None, name: Reading | None, other: Reading | None) -> bool:
    """Whether a number follows a person's name, in its row or right below, and no other party's."""
    if number is None or name is None or number.page != name.page:
        return False
    height = max(name.box.height, 0.008)
    down = (number.box.centre[1] - name.box.centre[1]) / height
    if down < -0.7 or (down <= 0.7 and number.box.x0 < name.box.x0):
        return False
    if other is None or other.page != number.page or person_name(str(other.value or "")) is None:
        return down <= 3.5
    across = abs(other.box.centre[1] - name.box.centre[1]) / height <= 0.7
    if across:      # two parties in columns: the number is that of the column it stands in
        return abs(number.box.x0 - name.box.x0) < abs(number.box.x0 - other.box.x0)
    before = other.box.centre[1] < name.box.centre[1]
    return before or other.box.centre[1] > number.box.centre[1] + 0.7 * height


def _text(reading: Reading | None) -> str:
    return str(reading.value) if reading is not None and reading.state == "read" else ""


@dataclass(frozen=True, slots=True)
class Looked:
    """What the second, enlarged reading of a spot gave."""

    name: str = ""
    number: str = ""
    confidence: float = 0.0
    lines: tuple[Line, ...] = ()


def looked(reading: Reading | None, second: SecondLook) -> Looked | None:
    """The second reading of a reading's spot; None where nobody looked."""
    if reading is None or (reading.page, reading.box) not in second:
        return None
    lines = second[reading.page, reading.box]
    text = " ".join(line.text for line in lines)
    tail = re.split(r"[:：]", plain(text))[-1]
    name = person_name(text) or person_name(tail)
    number = find_id(text) or find_id("".join(text.split()))
    return Looked(
        name.value if name else "", number.value if number else "",
        min((line.confidence for line in lines), default=0.0), lines,
    )


def name_key(name: str) -> str:
    """A name as it is compared: no spaces, one form of the middle dot."""
    return re.sub("[•・‧∙⋅.]", "·", "".join(plain(name).split())).upper()


def dotless(name: str) -> str:
    """A name's key without its middle dots: papers leave them out, and the reader may lose them."""
    return name_key(name).replace("·", "")


def name_fit(reading: Reading, row: RosterRow) -> Fit:
    """How well a reading of a name fits a person of the roster; the whole fill must be the name."""
    wanted = name_key(row.name)
    read = name_key(str(reading.value or "")) if reading.state == "read" else ""
    if not wanted:
        return "no"
    if dotless(read) == dotless(wanted):
        return "exact"
    if read and same_but_look_alikes(read, wanted):
        return "likely"
    if _spotted(reading, wanted, NAME_FITS):
        return "likely"
    near = len(wanted) >= 3 and read and look_alike_distance(read, wanted) <= 1.0
    return "near" if near else "no"


def number_fit(reading: Reading, row: RosterRow) -> Fit:
    """How well a reading of an ID number fits a person of the roster.

    A number with a right checksum that is another one never fits.
    """
    wanted = normal_id(row.id_number)
    if len(wanted) != 18:
        return "exact" if wanted and reading.value == wanted else "no"
    read = normal_id(str(reading.value or "")) if reading.state == "read" else ""
    if read == wanted:
        return "exact"
    if read and id_is_valid(read):
        return "no"
    if id_is_valid(wanted) and _spotted(reading, wanted, ID_FITS):
        return "likely"
    shown = read or re.sub(r"[^0-9X]", "", normal_id(reading.text))
    if 16 <= len(shown) <= 19 and look_alike_distance(shown, wanted) <= 2.0:
        return "likely"
    return "no"


def _spotted(reading: Reading, wanted: str, least: float) -> bool:
    if not reading.lattice:
        return False
    seen = {character for step in reading.lattice for character, _ in step}
    return seen.issuperset(wanted) and ctc.score(reading.lattice, wanted) >= least


def clean(reading: Reading, second: SecondLook, least: float = CLEAN) -> bool:
    """Whether both looks at a spot were sure of what they read."""
    again = looked(reading, second)
    return again is not None and min(reading.confidence, again.confidence) >= least


def plausible(
    reading: Reading, second: SecondLook, wanted: str, kind: Literal["name", "number"]
) -> float:
    """How well a value fits what the recogniser saw, at the look that favours it: a log-likelihood
    relative to the free reading, -inf where its output was not kept.

    What else stands on a line (a label, strokes of a neighbour) stays as it was read.
    """
    key = name_key if kind == "name" else normal_id
    again = looked(reading, second)
    values = [str(reading.value or ""), *((again.name if kind == "name" else again.number,) if again else ())]
    scores = []
    for lattice in (reading.lattice, *(line.lattice for line in _saying(again, kind))):
        if not lattice:
            continue
        seen = ctc.folded(lattice, plain)
        text = ctc.greedy(seen)
        value = next((value for value in map(key, values) if value and value in key(text)), "")
        candidates = {wanted} | ({key(text).replace(value, wanted)} if value else set())
        scores.append(max(ctc.score(seen, candidate) for candidate in candidates))
    return max(scores, default=-math.inf)


def lost_characters(reading: Reading, wanted: str) -> bool:
    """Whether what was read of a name is a part of the name wanted: an edge or a stamp took the rest."""
    read = name_key(str(reading.value or reading.text))
    return bool(read) and omitted(read, wanted) > 0


def in_part_under_seal(reading: Reading, wanted: str, page: Page | None) -> bool:
    """Whether a name read is the beginning or the end of the name wanted, and a seal lies where the rest would be."""
    read = name_key(str(reading.value or "")) if reading.state == "read" else ""
    if page is None or len(read) < 2 or not lost_characters(reading, wanted):
        return False
    box, character = reading.box, reading.box.width / len(read)
    missing = (len(wanted) - len(read)) * character
    if wanted.startswith(read):
        rest = box._replace(x0=box.x1 - character, x1=box.x1 + missing)
    elif wanted.endswith(read):
        rest = box._replace(x0=box.x0 - missing, x1=box.x0 + character)
    else:
        return False
    seals = (MarkShape.ROUND_SEAL, MarkShape.PERSONAL_SEAL)
    return any(mark.shape in seals and mark.box.overlap(rest) > 0 for mark in page.reading.marks)


def hardly_seen(reading: Reading, second: SecondLook, wanted: str) -> bool:
    """Whether a name differs from the one wanted only in characters that no reading settles.

    Such is a character of which a look was not sure, and, where the name was written by hand, one of
    nearly the same shape as the character wanted: recognisers may be sure of the wrong one.
    """
    read = name_key(str(reading.value or ""))
    if len(read) != len(wanted):
        return False
    lattices = [reading.lattice, *(line.lattice for line in _saying(looked(reading, second), "name"))]
    by_hand = not clean(reading, second, _PRINTED)
    return all(
        x == y or (by_hand and (drawn_alike(x, y) or looks_like(x, y)))
        or min((_certainty(lattice, x) for lattice in lattices if lattice), default=1.0) < _SEEN
        for x, y in zip(read, wanted, strict=True)
    )


def _certainty(lattice: Lattice, character: str) -> float:
    """How sure a look was of a character; 1 where it did not see it at all."""
    steps = (dict(step) for step in ctc.folded(lattice, plain))
    return math.exp(max((step[character] for step in steps if character in step), default=0.0))


def _saying(again: Looked | None, kind: Literal["name", "number"]) -> tuple[Line, ...]:
    """The lines of a second look that hold the value, where it saw several."""
    lines = again.lines if again is not None else ()
    if len(lines) < 2:
        return lines
    holds = person_name if kind == "name" else _mostly_digits
    return tuple(line for line in lines if holds(line.text))


def _mostly_digits(text: str) -> bool:
    return sum(character.isdigit() for character in text) >= 10


def seen(reading: Reading | None, second: SecondLook, kind: Literal["name", "number"]) -> Reading | None:
    """A reading with what the recogniser saw at the second look, where the first did not keep it."""
    if reading is None or reading.lattice is not None:
        return reading
    lines = [line for line in _saying(looked(reading, second), kind) if line.lattice]
    return reading.model_copy(update={"lattice": lines[0].lattice}) if len(lines) == 1 else reading


def may_be(reading: Reading, second: SecondLook, wanted: str, kind: Literal["name", "number"]) -> bool:
    """Whether the value wanted may well be what was written, though a look read another one.

    What was read and is no name (no surname begins it) was misread, so that less is asked for.
    """
    least = NAME_FITS if kind == "name" else ID_FITS
    if kind == "name" and not has_surname(name_key(str(reading.value or ""))):
        least = NO_NAME_FITS
    return plausible(reading, second, wanted, kind) >= least


def requests(people: Sequence[Person], roster: Sequence[RosterRow]) -> Iterator[Reading]:
    """The readings of names and ID numbers that deserve a second look."""
    names = {name_key(row.name) for row in roster if row.name}
    numbers = {normal_id(row.id_number): row for row in roster if row.id_number}
    for person in people:
        name, number = person.name, person.number
        proof = person.document.type in PROOFS
        owner = numbers.get(str(number.value)) if number is not None and number.state == "read" else None
        own_name = name_key(str(name.value or "")) if name is not None and name.state == "read" else ""
        agreed = owner is not None and name_key(owner.name) == own_name
        if agreed:
            continue
        fits = [name_fit(name, row) for row in roster] if name is not None and own_name not in names else []
        concerns = proof or owner is not None or own_name in names or any(fit != "no" for fit in fits)
        if name is not None and name.state != "blank" and (own_name not in names or owner is not None) and (
            concerns or name.state == "unread"
        ):
            yield name
        # a row's number that was not read may be a trainee's beside another name
        lost = number is not None and number.state == "unread" and person.row_index is not None
        if number is not None and number.state != "blank" and (concerns or lost):
            yield number
