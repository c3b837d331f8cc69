"""What a search for a value in text gives back."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value found at `start`..`end` of the text searched.

    `repaired` tells that a look-alike (O for 0, l for 1, 曰 for 日 ...) had to be taken for what it
    must be: the value is plausible, but the reading deserves less trust.
    """

    value: T
    start: int
    end: int
    repaired: bool = False


_SAME = {
    "〇": "〇", "○": "〇", "◯": "〇", "—": "-", "–": "-", "－": "-", "―": "-", "−": "-", "─": "-",
    "～": "~", "〜": "~", "∼": "~", "。": ".", "．": ".", "，": ",", "、": ",", "￥": "¥", "／": "/",
}


def plain(text: str) -> str:
    """Full-width forms, dashes and dots in one form each; the length never changes."""
    out = []
    for char in text:
        if char in _SAME:
            out.append(_SAME[char])
            continue
        folded = unicodedata.normalize("NFKC", char)
        out.append(folded if len(folded) == 1 else char)
    return "".join(out)


def squeezed(text: str) -> str:
    """`plain` text without any white space."""
    return "".join(plain(text).split())
