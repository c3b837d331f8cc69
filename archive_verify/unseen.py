"""Characters that are not to be seen, in texts of strangers: they steer terminals, turn the direction of writing,
make two names look alike, or (halves of characters) cannot be written at all."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


def seen(text: str) -> str:
    """The text on one line, with � for each such character: for names of files, which must stay told apart."""
    line = " ".join(text.split())
    return line if line.isprintable() else "".join("�" if unicodedata.category(c) in _UNSEEN else c for c in line)


def cleared(text: str) -> str:
    """The text without characters that take no room, white space as spaces, � for what cannot be shown: for what
    is read and compared."""
    return text if text.isprintable() else "".join(map(_cleared, text))


def _cleared(char: str) -> str:
    kind = unicodedata.category(char)
    if char in "\t\n\v\f\r":
        return " "
    return "" if kind == "Cf" or char == "\0" else "�" if kind in ("Cc", "Cs") else char
