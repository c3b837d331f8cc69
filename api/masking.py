"""Personal numbers as lists and roles that need no more see them."""

from __future__ import annotations

import re
from typing import overload

from archive_verify.words import mask_id

# 18 or 15 places of an identity number, also with the digits a spreadsheet lost; mobile phones.
_ID = re.compile(r"(?<![0-9A-Za-z])(?:\d{6}[\d?]{11}[\dXx?]|\d{15})(?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


@overload
def masked(text: str) -> str: ...


@overload
def masked(text: None) -> None: ...


def masked(text: str | None) -> str | None:
    """The text with all but the last four places of each identity number and phone hidden."""
    if text is None:
        return None
    return _PHONE.sub(lambda match: mask_id(match[0]), _ID.sub(lambda match: mask_id(match[0]), text))
