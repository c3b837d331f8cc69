"""Names of files inside folders and ZIPs: their natural order, and which are a system's clutter."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

_CLUTTER = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db", "__macosx", "@eadir"})
_CHINESE_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100}
_RUN = re.compile(r"\d+|[零〇一二三四五六七八九十百]+|[上中下](?=[册卷集部篇本)）]|$)")


def natural_key(name: str) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """Sort key by which 2 comes before 10, 第二册 before 第十册 and 上册 before 下册."""
    parts = unicodedata.normalize("NFKC", name).casefold().split("/")
    return tuple(_part_key(part) for part in parts)


def _part_key(part: str) -> tuple[tuple[int, int, str], ...]:
    stem = re.sub(r"\.[a-z0-9]{2,4}$", "", part)
    key: list[tuple[int, int, str]] = []
    end = 0
    for match in _RUN.finditer(stem):
        if match.start() > end:
            key.append((1, 0, stem[end : match.start()]))
        key.append((0, _number(match.group()), ""))
        end = match.end()
    if end < len(stem):
        key.append((1, 0, stem[end:]))
    return (*key, (-1, 0, part))


def _number(text: str) -> int:
    if text in "上中下":
        return "上中下".index(text) + 1
    if text.isdigit():
        return int(text)
    if not any(c in _UNITS for c in text):
        return int("".join(str(_CHINESE_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for c in text:
        if c in _UNITS:
            total += (digit or 1) * _UNITS[c]
            digit = 0
        else:
            digit = _CHINESE_DIGITS[c]
    return total + digit


def is_clutter(name: str) -> bool:
    """Whether a path names what systems leave behind: hidden files, previews, lock files."""
    return any(
        part.startswith((".", "~$")) or part.casefold() in _CLUTTER for part in PurePosixPath(name).parts
    )
