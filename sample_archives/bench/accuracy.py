"""How right a page was read, whatever the order in which an engine gives its lines."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dX](?!\d)")
_FIGURES = re.compile(r"[\dX]{9,}")       # half an ID number and more


def character_errors(printed: Iterable[str], read: Iterable[str]) -> tuple[int, int]:
    """Wrong, missing and invented characters, and the number of characters printed.

    Letters, digits and Chinese characters count; blanks, punctuation and the width of characters do
    not, as engines differ in their conventions. Engines cut and order lines differently, too: after
    Clausner, Pletschacher and Antonacopoulos, "Flexible character accuracy measure for
    reading-order-independent evaluation" (2020), the longest piece printed is laid against the piece
    read that holds it best, what stood beside it in either piece goes on, and so forth; edits within
    matched pieces count, and all characters of pieces left over.
    """
    printed, read = [_bare(text) for text in printed], [_bare(text) for text in read]
    total = sum(map(len, printed))
    same = Counter(printed) & Counter(read)
    left, found = list((Counter(printed) - same).elements()), list((Counter(read) - same).elements())
    errors = 0
    while left:
        left.sort(key=len)
        piece = left.pop()
        spans = {other: _shared(piece, other) for other in found}
        best = max(spans, key=lambda other: (spans[other].gain, -len(other)), default="")
        if not best or spans[best].gain <= 0:
            errors += len(piece)
            continue
        span = spans[best]
        found.remove(best)
        errors += Levenshtein.distance(piece[span.start:span.stop], best[span.begin:span.end])
        left += [rest for rest in (piece[:span.start], piece[span.stop:]) if rest]
        found += [rest for rest in (best[:span.begin], best[span.end:]) if rest]
    return errors + sum(map(len, found)), total


class _Span(NamedTuple):
    """The parts of two texts that are readings of each other; `gain` is equal characters less edits."""

    gain: int
    start: int
    stop: int
    begin: int
    end: int


def _shared(one: str, other: str) -> _Span:
    """The run of edits with the greatest gain; a character or two beside it at both texts' ends belong to it."""
    best, run = _Span(0, 0, 0, 0, 0), _Span(0, 0, 0, 0, 0)
    for tag, i0, i1, j0, j1 in Levenshtein.opcodes(one, other):
        gain = i1 - i0 if tag == "equal" else -max(i1 - i0, j1 - j0)
        fresh = run.gain <= 0
        run = _Span(gain, i0, i1, j0, j1) if fresh else _Span(run.gain + gain, run.start, i1, run.begin, j1)
        best = max(best, run, key=lambda span: span.gain)
    gain, start, stop, begin, end = best
    if gain > 2 and min(start, begin) > 0 and max(start, begin) <= 2:
        start = begin = 0
    if gain > 2 and min(len(one) - stop, len(other) - end) > 0 and max(len(one) - stop, len(other) - end) <= 2:
        stop, end = len(one), len(other)
    return _Span(gain, start, stop, begin, end)


class IdNumbers(NamedTuple):
    """Printed ID numbers, those of them read to the last digit, and the digits wrong in the others."""

    exact: int
    printed: int
    digits_wrong: int


def id_numbers(printed: Sequence[str], read: Sequence[str]) -> IdNumbers:
    """How the printed ID numbers were read. One that was not read exactly is laid against the figures
    that are left and come nearest; of one that nothing comes near all digits are wrong.
    """
    wanted = Counter(number for text in printed for number in _ID_NUMBER.findall(_bare(text)))
    text = "\n".join(_bare(line) for line in read)
    exact = Counter({number: min(count, text.count(number)) for number, count in wanted.items()})
    left = Counter(_FIGURES.findall(text)) - exact
    wrong = 0
    for number in (wanted - exact).elements():
        edits = {figures: Levenshtein.distance(number, figures) for figures in left}
        nearest = min(edits, key=lambda figures: edits[figures], default="")
        if edits.get(nearest, len(number)) > len(number) // 2:
            wrong += len(number)
            continue
        wrong += edits[nearest]
        left -= Counter([nearest])
    return IdNumbers(exact.total(), wanted.total(), wrong)


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum()).upper()
