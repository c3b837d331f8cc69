"""Names of units that were not read for certain, by the names that the binder's other papers give.

A unit stands on many papers: where one reading differs in a character or two from a name that was
read clearly elsewhere, the recogniser's own output says whether it may be that name. Two names that
were both read clearly stay two units, however alike they look.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from archive_verify import lattice as ctc
from archive_verify.model import Box, Document, Lattice, Line, Reading
from archive_verify.values import UNIT_WORDS, employer_key, plain

SecondLook = Mapping[tuple[int, Box], tuple[Line, ...]]

# A name read from here on, or twice, is known; below it a reading gives way to a known name that
# fits the writing as well.
_KNOWN = 0.97
# Log-likelihoods of a known name relative to the free reading: nearly the same writing, and the
# least that a name may have (lattice.score; measured for names of persons, far above a clear other
# character, which is at -8 and below).
_SAME_WRITING = -1.5
_FITS = -3.0
# A second look from here on is sure of what it read.
_CLEAR = 0.90


def alike_units(documents: Sequence[Document]) -> tuple[tuple[int, Box], ...]:
    """Page and box of the names of units that are nearly, but not quite, those of other papers."""
    named = [reading for document in documents if (reading := _unit(document)) is not None]
    keys = {employer_key(str(reading.value)) for reading in named} | _in_seals(documents)
    spots = (
        (reading.page, reading.box) for reading in named
        if any(alike(employer_key(str(reading.value)), other) for other in keys)
    )
    return tuple(dict.fromkeys(spots))


def settle_units(documents: Sequence[Document], second: SecondLook) -> tuple[Document, ...]:
    """The documents with doubtful names of units settled by the names that are known.

    A name that a clear second look repeats is confirmed. A name that is not clear becomes the known
    name which the second look reads, or which the recogniser saw nearly as well.
    """
    known = dict(_known(documents))
    for key in _in_seals(documents):
        known.setdefault(key, key)

    def settled(document: Document) -> Document:
        reading = _unit(document)
        if reading is None:
            return document
        rivals = {key: name for key, name in known.items() if alike(employer_key(str(reading.value)), key)}
        if not rivals:
            return document
        lines = second.get((reading.page, reading.box), ())
        return document.model_copy(update={"fields": {**document.fields, "employer": _settled(reading, rivals, lines)}})

    return tuple(settled(document) for document in documents)


def alike(a: str, b: str) -> bool:
    """Whether two different keys of units differ in a character or two, of six or more."""
    if a == b or len(a) != len(b) or len(a) < 6:
        return False
    return sum(x != y for x, y in zip(a, b, strict=True)) <= 2


def _settled(reading: Reading, rivals: Mapping[str, str], lines: Sequence[Line]) -> Reading:
    own = employer_key(str(reading.value))
    text = employer_key("".join(line.text for line in lines))
    trust = min((line.confidence for line in lines), default=0.0)
    scores = {
        key: max(
            (_score(lattice, own, key) for lattice in (reading.lattice, *(line.lattice for line in lines)) if lattice),
            default=-math.inf,
        )
        for key in rivals
    }
    best = max(scores, key=lambda key: scores[key])
    repeated = own in text and trust >= _CLEAR
    if repeated and scores[best] < _FITS:
        return reading.model_copy(update={"confirmed": True, "confidence": max(trust, reading.confidence)})
    if reading.confirmed or reading.confidence >= _KNOWN:
        return reading
    read_again = [key for key in rivals if key in text and trust >= _CLEAR]
    if len(read_again) == 1:
        return _taken(reading, rivals[read_again[0]], trust)
    if scores[best] >= _SAME_WRITING or (scores[best] >= _FITS and not repeated):
        return _taken(reading, rivals[best], reading.confidence)
    return reading


def _taken(reading: Reading, name: str, confidence: float) -> Reading:
    return reading.model_copy(update={"value": name, "confidence": confidence})


def _score(lattice: Lattice, own: str, wanted: str) -> float:
    """How well a name fits a line, what else stands on the line as it was read."""
    seen = ctc.folded(lattice, plain)
    text = ctc.greedy(seen)
    candidates = {wanted}
    if own in text:
        candidates.add(text.replace(own, wanted))
    return max(ctc.score(seen, candidate) for candidate in candidates)


def _unit(document: Document) -> Reading | None:
    reading = document.fields.get("employer")
    return reading if reading is not None and reading.state == "read" and reading.value else None


def _known(documents: Sequence[Document]) -> Iterator[tuple[str, str]]:
    for document in documents:
        reading = _unit(document)
        if reading is not None and (reading.confirmed or reading.confidence >= _KNOWN):
            yield employer_key(str(reading.value)), str(reading.value)


def _in_seals(documents: Sequence[Document]) -> set[str]:
    return {
        employer_key(mark.text)
        for document in documents
        for mark in document.marks
        if mark.kind == "seal" and not mark.personal and mark.confidence >= _KNOWN
        and UNIT_WORDS.search(mark.text)
    }
