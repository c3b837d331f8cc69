"""What the program found out, in the reader's language: its sentences are made in Chinese and known by their shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

from api.pages.language import Catalogue

_PLACE = re.compile(r"\{(\w+)\}")
# Between sentences, between things that are listed, between clauses.
_JOINTS = (("；", "; "), ("、", ", "), ("，", ", "))
_CHINESE = re.compile(r"[㐀-鿿]")
_KEPT = 5000


@dataclass(frozen=True, slots=True)
class _Shape:
    """A sentence with places: what it looks like, and how it is said."""

    pattern: re.Pattern[str]
    said: str


class Sentences:
    """The sentences of one language, from `<language>/sentences/*.po`; a language without any keeps the Chinese."""

    def __init__(self, directory: Path, words: Catalogue) -> None:
        self._words = words
        self._shapes = sorted(_shapes(directory / words.language / "sentences"), key=_exactness, reverse=True)
        self._say = lru_cache(_KEPT)(self._told)

    def __call__(self, text: str) -> str:
        """The sentence; names and what stands on paper stay as they are."""
        if not self._shapes:
            return text
        said = self._say(text.removesuffix("。")) + ("." if text.endswith("。") else "")
        return said[:1].upper() + said[1:]

    def _told(self, text: str) -> str:
        if not _CHINESE.search(text):
            return text.replace("、", ", ")
        if (word := self._words(text)) != text:
            return word if word[1:2].isupper() else word[:1].lower() + word[1:]
        for shape in self._shapes:
            if (match := shape.pattern.fullmatch(text)) is not None:
                return shape.said.format_map({name: self._say(part) for name, part in match.groupdict().items()})
        for joint, said in _JOINTS:
            parts = text.split(joint)
            if len(parts) > 1:
                return said.join(self._say(part) for part in parts)
        return text


def _shapes(directory: Path) -> Iterator[_Shape]:
    for path in sorted(directory.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    pieces = _PLACE.split(str(message.id))
                    # every second piece is a place's name
                    pattern = "".join(
                        f"(?P<{piece}>.+?)" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces)
                    )
                    yield _Shape(re.compile(pattern), str(message.string))


def _exactness(shape: _Shape) -> int:
    """How much of the sentence its places leave; the closest shape is tried first."""
    return len(re.sub(r"\(\?P<\w+>\.\+\?\)", "", shape.pattern.pattern))
