"""How right a page was read, whatever the order in which an engine gives its lines."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dX](?!\d)")
_LIKE = 50.0                # of 100: pieces less alike are no reading of each other


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
        best = max(found, key=lambda other: (_likeness(piece, other), -abs(len(other) - len(piece))), default="")
        aligned = fuzz.partial_ratio_alignment(piece, best) if piece and best else None
        if aligned is None or aligned.score < _LIKE:
            errors += len(piece)
            continue
        found.remove(best)
        own, other = piece[aligned.src_start:aligned.src_end], best[aligned.dest_start:aligned.dest_end]
        errors += Levenshtein.distance(own, other)
        left += [rest for rest in (piece[:aligned.src_start], piece[aligned.src_end:]) if rest]
        found += [rest for rest in (best[:aligned.dest_start], best[aligned.dest_end:]) if rest]
    return errors + sum(map(len, found)), total


def _likeness(one: str, other: str) -> float:
    """How well the shorter is held in the longer, by the characters it accounts for."""
    return float(fuzz.partial_ratio(one, other)) * min(len(one), len(other)) if one and other else 0.0


def id_numbers(printed: Sequence[str], read: Sequence[str]) -> tuple[int, int]:
    """How many of the printed ID numbers were read to the last digit, and how many there are."""
    wanted = Counter(number for text in printed for number in _ID_NUMBER.findall(_bare(text)))
    text = "\n".join(_bare(line) for line in read)
    return sum(min(count, text.count(number)) for number, count in wanted.items()), sum(wanted.values())


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum()).upper()
