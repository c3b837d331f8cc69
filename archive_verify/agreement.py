"""Whether a name or ID number on paper is the roster's: both looks at a spot, weighed against each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from archive_verify.model import Agreement, Page, Reading
from archive_verify.persons import (
    CLEAN,
    ID_FITS,
    SecondLook,
    clean,
    dotless,
    hardly_seen,
    looked,
    lost_characters,
    may_be,
    name_key,
    plausible,
)
from archive_verify.values import id_is_valid, normal_id

Kind = Literal["name", "number"]

# A second reading below this confirms nothing.
_CONFIRMS = 0.80
# Below these a roster's entry is not what was written (lattice.score); print is read from the last on.
_IMPLAUSIBLE_NAME = -6.0
_IMPLAUSIBLE_ID = -8.0
_PRINTED = 0.95

# A long name without its dot looks like no name of a person, but may be one of the roster's.
_LONG = re.compile("[\u4e00-\u9fff·]{5,15}")
# Characters of names that recognisers do not know, so that they always read another.
_RARE = re.compile("[^\u4e00-\u9fff·A-Z]")


def value_of(reading: Reading | None) -> str:
    """The value as text; empty where none was read."""
    return str(reading.value) if reading is not None and reading.state == "read" and reading.value else ""


@dataclass(frozen=True, slots=True)
class Looks:
    """The first and the second look at the names and numbers of a binder."""

    pages: Mapping[int, Page]
    second: SecondLook

    def values(self, reading: Reading | None, kind: Kind) -> list[str]:
        """What the first and the second reading say, in the roster's form."""
        key = name_key if kind == "name" else normal_id
        again = looked(reading, self.second)
        values = [key(value_of(reading))]
        if kind == "name" and reading is not None and reading.state == "unread" and _LONG.fullmatch(key(reading.text)):
            values.append(key(reading.text))
        if again is not None and again.confidence >= _CONFIRMS:
            values.append(key(again.name if kind == "name" else again.number))
        return [value for value in dict.fromkeys(values) if value]

    def agreement(self, reading: Reading | None, wanted: str, kind: Kind) -> Agreement:
        """Whether a value is the roster's."""
        if reading is None or reading.state == "blank":
            return "absent"
        values = self.values(reading, kind)
        if wanted in values or (kind == "name" and dotless(wanted) in map(dotless, values)):
            return "yes"
        if reading.state == "unread" or not self.confirmed(reading, kind):
            return "unsure"
        if self.exact(reading):
            return "no"
        fit = plausible(reading, self.second, wanted, kind)
        if kind == "name" and (
            _RARE.search(wanted) or lost_characters(reading, wanted) or hardly_seen(reading, self.second, wanted)
        ):
            return "unsure"
        if kind == "name":
            return "no" if clean(reading, self.second) and fit < _IMPLAUSIBLE_NAME else "unsure"
        if id_is_valid(value_of(reading)):
            return "no" if fit < ID_FITS else "unsure"
        # a number that fails its check is as likely misread as written wrong
        return "no" if clean(reading, self.second, _PRINTED) and fit < _IMPLAUSIBLE_ID else "unsure"

    def confirmed(self, reading: Reading, kind: Kind) -> bool:
        """Whether a value is what stands on the paper: read twice alike, or exact characters."""
        if reading.state != "read":
            return False
        if reading.confirmed or self.exact(reading):
            return True
        again = looked(reading, self.second)
        if again is None or again.confidence < _CONFIRMS:
            return False
        if kind == "name":
            # strokes of the neighbouring words may stand before and behind it
            texts = [again.name, *(line.text for line in again.lines)]
            return any(name_key(value_of(reading)) in name_key(text) for text in texts)
        return normal_id(again.number) == normal_id(value_of(reading))

    def may_be_name(self, reading: Reading, wanted: str) -> bool:
        """Whether a name of which no look was sure may well be the one wanted."""
        return self._doubtful(reading) and may_be(reading, self.second, wanted, "name")

    def _doubtful(self, reading: Reading) -> bool:
        """Whether no look at a spot was sure of what it read."""
        again = looked(reading, self.second)
        trust = (reading.confidence if reading.state == "read" else 0.0, again.confidence if again else 0.0)
        return max(trust) < CLEAN and not self.exact(reading)

    def exact(self, reading: Reading) -> bool:
        """Whether a reading is made of exact characters."""
        page = self.pages.get(reading.page)
        return page is not None and page.reading.text_source == "text_layer"
