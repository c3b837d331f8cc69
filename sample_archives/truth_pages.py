"""Expected issues of sheets and their numbers; the type of all expected issues."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from .bind import Leaf


@dataclass
class Problem:
    """One expected issue; `optional` ones may be found or not."""

    code: str
    pages: tuple[int, ...] = ()
    trainee: int | None = None
    expected: str | None = None
    found: str | None = None
    optional: bool = False

    def as_json(self) -> dict[str, object]:
        out: dict[str, object] = {
            "code": self.code,
            "pages": list(self.pages),
            "trainee": self.trainee,
            "expected": self.expected,
        }
        if self.found is not None:
            out["found"] = self.found
        if self.optional:
            out["optional"] = True
        return out


def problems_of_pages(leaves: list[Leaf]) -> Iterable[Problem]:
    """What is wrong with sheets and their numbers, in the contract's sense."""
    seen: dict[int, list[int]] = {}
    twins: dict[int, list[int]] = {}
    for index, leaf in enumerate(leaves, start=1):
        if leaf.blank:
            yield Problem("page_blank", (index,))
            continue
        if leaf.turn:
            yield Problem("page_rotated", (index,))
        if leaf.illegible:
            yield Problem("page_illegible", (index,))
        if leaf.unnumbered:
            yield Problem("page_number_missing", (index,))
        elif leaf.number is not None:
            seen.setdefault(leaf.number, []).append(index)
            if leaf.position != "top_right":
                yield Problem("page_number_position", (index,))
        if leaf.twin is not None:
            twins.setdefault(leaf.twin, []).append(index)
    for pages in twins.values():
        yield Problem("page_repeated", tuple(pages))
    for pages in seen.values():
        if len(pages) > 1:
            same = {leaves[p - 1].twin for p in pages}
            rescanned = len(same) == 1 and None not in same
            yield Problem("page_number_duplicate", tuple(pages), optional=rescanned)
    yield from _gaps(leaves)


def _gaps(leaves: list[Leaf]) -> Iterable[Problem]:
    """Numbers left out, and sheets out of their place, along the binder."""
    placed = [
        (index, leaf.number) for index, leaf in enumerate(leaves, start=1) if leaf.number is not None and not leaf.blank
    ]
    moved = _out_of_place(placed)
    for group in moved:
        yield Problem("page_number_order", group)
    numbers = sorted({number for _, number in placed})
    by_number: dict[int, list[int]] = {}
    for index, number in placed:
        by_number.setdefault(number, []).append(index)
    for low, high in pairwise(numbers):
        if high - low > 1:
            missing = str(low + 1) if high - low == 2 else f"{low + 1}-{high - 1}"
            yield Problem("page_number_gap", (by_number[low][-1], by_number[high][0]), expected=missing)


def _out_of_place(placed: list[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Sheets outside the longest run of rising numbers; two that changed places are one issue."""
    best = _longest_rise([number for _, number in placed])
    moved = [placed[i][0] for i in range(len(placed)) if i not in best]
    groups: list[tuple[int, ...]] = []
    for index in moved:
        at = next(i for i, (page, _) in enumerate(placed) if page == index)
        number = placed[at][1]
        ahead = at + 1 < len(placed) and placed[at + 1][1] == number - 1
        behind = at > 0 and placed[at - 1][1] == number + 1
        if ahead:
            groups.append((index, placed[at + 1][0]))
        elif behind:
            groups.append((placed[at - 1][0], index))
        else:
            groups.append((index,))
    return groups


def _longest_rise(numbers: list[int]) -> set[int]:
    """Indexes of one longest run of non-falling numbers."""
    lengths = [1] * len(numbers)
    before: list[int | None] = [None] * len(numbers)
    for i, number in enumerate(numbers):
        for j in range(i):
            if numbers[j] <= number and lengths[j] + 1 > lengths[i]:
                lengths[i], before[i] = lengths[j] + 1, j
    at: int | None = max(range(len(numbers)), key=lambda i: lengths[i], default=None)
    kept: set[int] = set()
    while at is not None:
        kept.add(at)
        at = before[at]
    return kept
