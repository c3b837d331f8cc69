"""The words on the pages: written in Chinese where they stand, in English from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from babel.messages.pofile import read_po

CHINESE, ENGLISH = "zh-CN", "en"
LANGUAGES: Mapping[str, str] = {CHINESE: "中文", ENGLISH: "English"}


def later(text: str) -> str:
    """Marks words that stand in Python, for the catalogue; they are translated where they are shown."""
    return text


class Catalogue:
    """The words of one language, by the Chinese ones."""

    def __init__(self, directory: Path, language: str) -> None:
        self.language = language
        self._words: dict[str, str] = {}
        for path in sorted((directory / language).glob("*.po")):
            with path.open("rb") as file:
                self._words |= {
                    str(message.id): str(message.string) for message in read_po(file) if message.id and message.string
                }

    def __call__(self, text: str) -> str:
        """The words in this language; in Chinese where the catalogue lacks them."""
        return self._words.get(text, text)
