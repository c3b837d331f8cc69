"""Pages of the binder -> groups that are one and the same sheet scanned twice."""

from __future__ import annotations

from collections.abc import Sequence

from archive_verify.model import Page


def find_repeats(pages: Sequence[Page]) -> tuple[tuple[int, ...], ...]:
    """Groups of page indexes (1-based, ascending) that show the same sheet."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for page in pages:
        texts = tuple(line.text for line in page.reading.lines if line.box.y0 > 0.08)
        if len(texts) >= 3:
            groups.setdefault(texts, []).append(page.index)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)
