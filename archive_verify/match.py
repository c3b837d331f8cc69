"""Persons on paper <-> rows of the roster.

Tolerance (look-alikes, the recogniser's second choices) decides whose paper it is, never that it
agrees: a value agrees only where a reading of it is the roster's. It disagrees only where a second,
enlarged reading gave the same other value, or the characters are exact.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from archive_verify.agreement import Looks, value_of
from archive_verify.indirect import (
    between,
    broken_numbers_on,
    enumerated,
    licences_of_issuers,
    mentioned,
    neighbours,
    numbers_on,
    premises_of_businesses,
    same_issuer,
    stands_alone,
    text_on,
)
from archive_verify.model import (
    Agreement,
    Box,
    DocType,
    Document,
    Evidence,
    Matching,
    Page,
    Reading,
    Roster,
    RosterRow,
    Stranger,
)
from archive_verify.persons import (
    PROOFS,
    Person,
    SecondLook,
    dotless,
    in_part_under_seal,
    lost_characters,
    name_fit,
    name_key,
    number_fit,
    persons_of,
    requests,
    seen,
)
from archive_verify.values import (
    compare_employers,
    id_is_valid,
    look_alike_distance,
    normal_id,
    same_but_look_alikes,
    squeezed,
)

# Papers of the units that employ trainees.
_EMPLOYING = frozenset({
    DocType.LABOUR_CONTRACT, DocType.FLEXIBLE_CERTIFICATE, DocType.PAYROLL, DocType.WORK_ATTENDANCE,
})
# Papers of one person that cannot do without the name.
_NAMING = frozenset({DocType.LABOUR_CONTRACT, DocType.FLEXIBLE_CERTIFICATE, DocType.ORDER_AGREEMENT})
# A first reading from here on is sure of a person whom nothing on the roster resembles.
_CLEAR = 0.90

# What stands in a roster's number for a digit that the spreadsheet lost.
_LOST = "?"

_Link = Literal["id_number", "name", "both", "neighbourhood", "employer"]


def doubtful(documents: Sequence[Document], roster: Roster) -> tuple[tuple[int, Box], ...]:
    """Page and box of the names and ID numbers that deserve a second, enlarged reading."""
    people = [person for document in documents for person in persons_of(document)]
    spots = ((reading.page, reading.box) for reading in requests(people, roster.rows))
    return tuple(dict.fromkeys(spots))


def match(documents: Sequence[Document], roster: Roster, pages: Sequence[Page], second: SecondLook) -> Matching:
    """Tell whose each paper is. `second` holds the second readings of the spots `doubtful` asked for."""
    return _Matcher(documents, roster, pages, second).matching()


def complete_roster(roster: Roster, documents: Sequence[Document]) -> Roster:
    """Fill in the digits that a spreadsheet cut off ID numbers, where the papers agree on them.

    A paper must carry the person's name and a number with a right checksum that begins like the
    roster's; all such papers must give the same number.
    """
    people = [person for document in documents for person in persons_of(document)]
    rows = []
    for row in roster.rows:
        fitting = {
            number for person in people
            if row.id_digits_lost and dotless(value_of(person.name)) == dotless(row.name)
            and id_is_valid(number := normal_id(value_of(person.number)))
            and number.startswith(row.id_number.rstrip(_LOST))
        }
        rows.append(row.model_copy(update={"id_number": fitting.pop()}) if len(fitting) == 1 else row)
    return Roster(file=roster.file, rows=tuple(rows))


@dataclass(frozen=True, slots=True)
class _Owner:
    """What one person on paper is to one row of the roster."""

    row: RosterRow
    name: Agreement
    number: Agreement
    by: _Link
    sure: bool = True


@dataclass(slots=True)
class _Found:
    """A person on paper with the rows it may be; `open` where context must choose among them."""

    person: Person
    owners: list[_Owner] = field(default_factory=list)
    open: bool = False
    stranger: bool | None = None    # True: surely nobody of the roster; False: perhaps; None: not one


class _Matcher:
    def __init__(
        self, documents: Sequence[Document], roster: Roster, pages: Sequence[Page], second: SecondLook
    ) -> None:
        self.documents = documents
        self.rows = roster.rows
        self.pages = {page.index: page for page in pages}
        self.second = second
        self.looks = Looks(self.pages, second)
        self.by_number: dict[str, list[RosterRow]] = defaultdict(list)
        self.by_name: dict[str, list[RosterRow]] = defaultdict(list)
        for row in roster.rows:
            if row.id_number:
                self.by_number[normal_id(row.id_number)].append(row)
            if row.name:
                self.by_name[dotless(row.name)].append(row)
        self.people = [person for document in documents for person in persons_of(document)]
        # other numbers with a right checksum, by name: two papers that agree confirm each other
        self.numbers_of_name: dict[tuple[str, str], set[str]] = defaultdict(set)
        for person in self.people:
            key = name_key(value_of(person.name)), normal_id(value_of(person.number))
            if all(key) and id_is_valid(key[1]):
                self.numbers_of_name[key].add(person.document.id)

    def matching(self) -> Matching:
        found = [self._judge(person) for person in self.people]
        self._drop_namesakes(found)
        self._drop_doubles(found)
        self._choose_by_context(found)
        evidence = [self._evidence(one, owner) for one in found for owner in one.owners]
        strangers = [self._stranger(one) for one in found if one.stranger is not None]
        named = {one.document for one in evidence} | {one.document for one in strangers}
        evidence += premises_of_businesses(self.documents, self.rows, evidence, named)
        named |= {one.document for one in evidence}
        evidence += enumerated(self.documents, self.rows, self.pages, evidence)
        named |= {one.document for one in evidence}
        evidence += mentioned(self.documents, self.rows, self.pages, named)
        evidence += licences_of_issuers(self.documents, evidence, self.pages)
        evidence += between(self.documents, evidence, named | {one.document for one in evidence})
        return Matching(evidence=tuple(dict.fromkeys(evidence)), strangers=tuple(self._once(strangers)))

    # --- one person ---------------------------------------------------------------------------

    def _judge(self, person: Person) -> _Found:
        names = self.looks.values(person.name, "name") or self._named_in_text(person)
        numbers = self.looks.values(person.number, "number")
        by_number = [row for number in numbers for row in self.by_number.get(number, ())]
        by_name = [row for name in dict.fromkeys(map(dotless, names)) for row in self.by_name.get(name, ())]
        number_row_ids = {row.row for row in by_number}
        both = [row for row in by_name if row.row in number_row_ids]
        if both:
            return _Found(person, [_Owner(row, "yes", "yes", "both") for row in both])
        if by_number and by_name and not person.foreign_number:
            owners = [self._owner(person, row, "id_number") for row in by_number]
            return _Found(person, owners + [self._owner(person, row, "name") for row in by_name], open=True)
        if by_number:
            return _Found(person, [self._owner(person, row, "id_number") for row in by_number])
        if by_name:
            return self._by_name_alone(person, by_name)
        return self._by_resemblance(person)

    def _named_in_text(self, person: Person) -> list[str]:
        """The one trainee whose name stands by itself in a paper of which no field names the person."""
        if person.document.type not in _NAMING or person.row_index is not None:
            return []
        lines = [line.text for index in person.document.pages if index in self.pages
                 for line in self.pages[index].reading.lines]
        found = [name for name in self.by_name if any(stands_alone(name, squeezed(text)) for text in lines)]
        return found if len(found) == 1 else []

    def _by_name_alone(self, person: Person, rows: list[RosterRow]) -> _Found:
        """The name is the roster's, the number is not, or none was read."""
        same_person = len({normal_id(row.id_number) for row in rows}) == 1
        if len(rows) > 1 and not same_person and person.number is not None:
            fitting = [row for row in rows if number_fit(person.number, row) == "likely"]
            if len(fitting) == 1:
                return _Found(person, [self._owner(person, fitting[0], "both")])
        if len(rows) > 1 and not same_person and person.phone:
            fitting = [row for row in rows if row.phone and row.phone == re.sub(r"\D", "", person.phone)]
            if len(fitting) == 1:
                return _Found(person, [self._owner(person, fitting[0], "name")])
        owners = [self._owner(person, row, "name") for row in rows]
        return _Found(person, owners, open=len(rows) > 1 and not same_person)

    def _by_resemblance(self, person: Person) -> _Found:
        """Neither name nor number is the roster's as read."""
        proof = person.document.type in PROOFS
        number = None if person.foreign_number else person.number
        other = number is not None and number.state == "read" and id_is_valid(value_of(number))
        numbers = [row for row in self.rows if person.number is not None and not other
                   and number_fit(person.number, row) == "likely"]
        names = [] if person.name is None else [
            row for row in self.rows
            if in_part_under_seal(person.name, name_key(row.name), self.pages.get(person.name.page))
            or (
                (fit := name_fit(person.name, row)) in ("likely", "near")
                and not self._surely_another(person, row, fit)
            )
        ]
        alike = {row.row for row in names}
        both = [row for row in numbers if row.row in alike]
        if both:
            return _Found(person, [self._owner(person, row, "both") for row in both], open=len(both) > 1)
        if other and number is not None:
            confirmed = self.looks.confirmed(number, "number") or number.confidence >= _CLEAR
            return _Found(person, stranger=confirmed if proof else None)
        rows = numbers or names
        if rows:
            link: _Link = "id_number" if numbers else "name"
            return _Found(person, [replace(self._owner(person, row, link), sure=False) for row in rows])
        if proof and person.name is not None and person.name.state == "read":
            sure = self.looks.confirmed(person.name, "name") or (
                person.name.confidence >= _CLEAR and not any(self._similar(person.name, row) for row in self.rows)
            )
            return _Found(person, stranger=sure and (number is None or number.state != "unread"))
        if proof and person.readable and not person.foreign_number:
            return _Found(person, stranger=False)
        return _Found(person)

    def _surely_another(self, person: Person, row: RosterRow, fit: str) -> bool:
        """A name that is another one, twice read, and not one that looks the same."""
        if person.name is None or not self.looks.confirmed(person.name, "name"):
            return False
        return not same_but_look_alikes(name_key(value_of(person.name)), name_key(row.name)) or (
            fit == "near"
        )

    def _similar(self, name: Reading, row: RosterRow) -> bool:
        a, b = name_key(value_of(name)), name_key(row.name)
        return abs(len(a) - len(b)) <= 1 and look_alike_distance(a, b) <= 1.0

    def _owner(self, person: Person, row: RosterRow, by: _Link) -> _Owner:
        name = self.looks.agreement(person.name, name_key(row.name), "name")
        number = self.looks.agreement(person.number, normal_id(row.id_number), "number")
        if person.document.type in PROOFS and person.row_index is None:
            # what no field holds may still stand in the text beside the value that was found
            own = [self.pages[index] for index in person.document.pages if index in self.pages]
            partly = person.name is not None and lost_characters(person.name, name_key(row.name))
            # a long name whose dot was left out is read up to there
            open_name = name == "unsure" or (name == "no" and "·" in name_key(row.name))
            if person.name is None or person.name.state != "read" or (partly and open_name and number == "yes"):
                name = "yes" if row.name and dotless(row.name) in text_on(own).replace("·", "") else name
            if by == "name" and (person.number is None or person.number.state != "read" or person.foreign_number):
                number = self._number_in(own, row, person, number)
        elif person.foreign_number and number != "yes":
            number = "absent"
        if name == "absent" and number == "yes" and person.document.type in _NAMING and person.row_index is None:
            name = "unsure"     # a name stands on it that was not found
        if number == "yes" and name == "unsure" and person.name is not None:
            # whose paper it is stands fast: a doubtful reading that may well be the name is the name
            name = "yes" if self.looks.may_be_name(person.name, name_key(row.name)) else name
        if number == "unsure" and person.name is not None and person.number is not None:
            key = name_key(value_of(person.name)), normal_id(value_of(person.number))
            if len(self.numbers_of_name.get(key, ())) > 1:
                number = "no"
        return _Owner(row, name, number, "both" if name == number == "yes" else by)

    def _number_in(self, pages: Sequence[Page], row: RosterRow, person: Person, read: Agreement) -> Agreement:
        """What the ID numbers in a paper's text say, where no field holds the person's own for certain."""
        numbers = numbers_on(pages)
        if normal_id(row.id_number) in numbers:
            return "yes"
        if person.foreign_number:
            # one number is the landlord's; of two, neither the trainee's, one ought to be
            return "unsure" if len(numbers) + broken_numbers_on(pages) > 1 else "absent"
        return "unsure" if read == "absent" and (numbers or broken_numbers_on(pages)) else read

    # --- all persons together -------------------------------------------------------------------

    def _drop_namesakes(self, found: Sequence[_Found]) -> None:
        """A paper with a trainee's name and another right number, where the trainee has an own paper of
        the kind (or an own row of the table) with the own number, is a namesake's."""
        own: set[tuple[object, int]] = set()
        for one in found:
            for owner in one.owners:
                if owner.name == owner.number == "yes":
                    own.add((_kind(one.person), owner.row.row))
        for one in found:
            number = one.person.number
            if number is None or not id_is_valid(value_of(number)) or one.person.foreign_number:
                continue
            kept = [
                owner for owner in one.owners
                if not (owner.name == "yes" and owner.number in ("no", "unsure")
                        and (_kind(one.person), owner.row.row) in own)
            ]
            if one.owners and not kept:
                one.stranger = self.looks.confirmed(number, "number") if one.person.document.type in PROOFS else None
            one.owners = kept

    def _drop_doubles(self, found: Sequence[_Found]) -> None:
        """A doubtful row of a table is not a trainee's who has a sure row in it."""
        sure = {
            (one.person.document.id, owner.row.row)
            for one in found if one.person.row_index is not None and not one.open
            for owner in one.owners if owner.sure
        }
        for one in found:
            if one.person.row_index is not None:
                one.owners = [
                    owner for owner in one.owners
                    if owner.sure or (one.person.document.id, owner.row.row) not in sure
                ]

    def _choose_by_context(self, found: Sequence[_Found]) -> None:
        """Of several rows that one person may be, the one whose papers and employer it stands among."""
        sure: dict[str, set[int]] = defaultdict(set)
        employers: dict[int, list[str]] = defaultdict(list)
        for row in self.rows:
            if row.employer:
                employers[row.row].append(row.employer)
        for one in found:
            if not one.open:
                for owner in one.owners:
                    if owner.sure:
                        sure[one.person.document.id].add(owner.row.row)
                        if named := value_of(one.person.document.fields.get("employer")):
                            employers[owner.row.row].append(named)
        self._share_rows(found, employers)
        for one in found:
            if not one.open:
                continue
            points = {
                owner.row.row: self._closeness(one.person.document, owner.row.row, sure, employers[owner.row.row])
                for owner in one.owners
            }
            most = max(points.values(), default=0)
            best = [owner for owner in one.owners if points[owner.row.row] == most]
            if len(best) == 1 and most > 0:
                one.owners = best
                continue
            # nothing tells them apart; the number goes before the name
            numbered = [owner for owner in best if owner.number == "yes"]
            one.owners = numbered or [replace(owner, sure=False) for owner in best]

    def _share_rows(self, found: Sequence[_Found], employers: Mapping[int, Sequence[str]]) -> None:
        """Give each of several trainees of one name a row, where a table has one of that name for each.

        On an employer's sheet they are those who work there.
        """
        alike: dict[tuple[str, tuple[int, ...]], list[_Found]] = defaultdict(list)
        for one in found:
            if one.open and one.person.row_index is not None and all(owner.by == "name" for owner in one.owners):
                alike[one.person.document.id, tuple(owner.row.row for owner in one.owners)].append(one)
        for rows in alike.values():
            document = rows[0].person.document
            named = value_of(document.fields.get("employer"))
            staff = [
                place for place, owner in enumerate(rows[0].owners)
                if document.type not in _EMPLOYING
                or any(compare_employers(named, employer) == "yes" for employer in employers[owner.row.row])
            ]
            if 2 <= len(staff) <= len(rows):
                for one, place in zip(rows, staff, strict=False):
                    one.owners, one.open = [one.owners[place]], False

    def _closeness(
        self, document: Document, row: int, sure: Mapping[str, set[int]], employers: Iterable[str]
    ) -> int:
        beside = sum(1 for other in neighbours(self.documents, document) if sure.get(other.id) == {row})
        named = value_of(document.fields.get("employer"))
        works_there = any(compare_employers(named, employer) == "yes" for employer in employers) if named else False
        return beside + 2 * works_there

    # --- evidence -------------------------------------------------------------------------------

    def _evidence(self, one: _Found, owner: _Owner) -> Evidence:
        person = one.person
        return Evidence(
            trainee=owner.row.row, document=person.document.id, row_index=person.row_index, page=person.page,
            box=person.box, name=owner.name, id_number=owner.number, name_reading=person.name,
            id_reading=seen(person.number, self.second, "number"), linked_by=owner.by, sure=owner.sure,
        )

    def _stranger(self, one: _Found) -> Stranger:
        person = one.person
        shown = [reading for reading in (person.name, person.number) if reading is not None]
        return Stranger(
            name=value_of(person.name), id_number=normal_id(value_of(person.number)), document=person.document.id,
            page=person.page, box=person.box or Box(0, 0, 1, 1),
            confidence=max((reading.confidence for reading in shown), default=0.0), sure=bool(one.stranger),
        )

    def _once(self, strangers: Iterable[Stranger]) -> list[Stranger]:
        """Strangers without the heads of units that employ trainees; one for each paper."""
        units = {row.employer for row in self.rows if row.employer}
        employing = [document for document in self.documents if document.type in _EMPLOYING]
        of_trainees = {row.name for row in self.rows}
        kept: dict[tuple[str, str, str], Stranger] = {}
        for one in strangers:
            document = next(other for other in self.documents if other.id == one.document)
            named = value_of(document.fields.get("employer"))
            if document.type is DocType.BUSINESS_LICENCE and (
                any(compare_employers(named, unit) in ("yes", "unsure") for unit in units if named)
                or any(same_issuer(paper, document, self.pages) in ("yes", "unsure") for paper in employing)
            ):
                continue
            if document.type is DocType.BUSINESS_LICENCE and any(
                value_of(document.fields.get(key)) in of_trainees for key in ("operator", "legal_representative")
            ):
                continue
            kept.setdefault((one.name, one.id_number, one.document), one)
        return list(kept.values())


def _kind(person: Person) -> object:
    """What a trainee has one of: a paper of a type, or a row in one table."""
    return person.document.type if person.row_index is None else person.document.id


__all__ = ["complete_roster", "doubtful", "match"]
