"""The order of page numbers: where a further volume begins, and which pages lie in the wrong place."""

from __future__ import annotations

import bisect
from collections.abc import Collection, Mapping, Sequence

# Numbers that must follow a restart, and stand in the volume before it too, to make it a volume.
_VOLUME_AT_FILE, _VOLUME_WITHIN_FILE = 2, 8


def volume_starts(
    order: Sequence[int], numbers: Mapping[int, int], first_of_file: Collection[int]
) -> tuple[int, ...]:
    """First pages of the further volumes that number their pages anew.

    `order` lists the page indexes as bound, `numbers` maps some of them to their numbers. A fall
    back to the beginning starts a volume if enough numbers follow that the volume before has too;
    else pages were bound in the wrong place.
    """
    starts: list[int] = []
    begin = 0
    for place in range(1, len(order)):
        if numbers.get(order[place], 99) > 3:
            continue
        end = next(
            (later for later in range(place + 1, len(order)) if numbers.get(order[later]) == 1), len(order)
        )
        before = {numbers[index] for index in order[begin:place] if index in numbers}
        after = {numbers[index] for index in order[place:end] if index in numbers}
        first = _file_begins(order, place, first_of_file, numbers)
        least = _VOLUME_WITHIN_FILE if first is None else _VOLUME_AT_FILE
        smaller = min(len(before), len(after))
        if smaller >= least and len(before & after) >= 0.5 * smaller:
            begin = place if first is None else first
            starts.append(order[begin])
    return tuple(dict.fromkeys(starts))


def _file_begins(
    order: Sequence[int], place: int, first_of_file: Collection[int], numbers: Mapping[int, int]
) -> int | None:
    """The place where the file begins, if only pages without a number lie between it and `place`."""
    at = place
    while order[at] not in first_of_file:
        at -= 1
        if at <= 0 or order[at] in numbers:
            return None
    return at


def out_of_place(order: Sequence[int], numbers: Mapping[int, int], starts: Collection[int]) -> tuple[int, ...]:
    """Pages that the longest never-falling run of numbers leaves out, volume by volume.

    Both pages of two neighbours that changed places are given. A page whose number another page
    carries in its right place is a duplicate, and not given.
    """
    found: list[int] = []
    volume: list[int] = []
    for index in order:
        if index in starts:
            found += _misplaced(volume, numbers)
            volume = []
        if index in numbers:
            volume.append(index)
    return tuple(found + _misplaced(volume, numbers))


def _misplaced(volume: Sequence[int], numbers: Mapping[int, int]) -> list[int]:
    values = [numbers[index] for index in volume]
    kept = _longest_run(values)
    right = {values[place] for place in kept}
    found: set[int] = set()
    for place, value in enumerate(values):
        if place in kept or value in right:
            continue
        found.add(place)
        for other in (place - 1, place + 1):
            if other in kept and _changed_places(values, *sorted((place, other))):
                found.add(other)
    return [volume[place] for place in sorted(found)]


def _changed_places(values: Sequence[int], left: int, right: int) -> bool:
    """Whether the numbers run on if these two neighbours are exchanged."""
    before = values[left - 1] if left else values[right] - 1
    after = values[right + 1] if right + 1 < len(values) else values[left] + 1
    return before < values[right] == values[left] - 1 and values[left] < after


def _longest_run(values: Sequence[int]) -> set[int]:
    """Places of one longest never-falling subsequence (patience sorting)."""
    tails: list[int] = []
    places: list[int] = []
    before: list[int | None] = []
    for place, value in enumerate(values):
        at = bisect.bisect_right(tails, value)
        before.append(places[at - 1] if at else None)
        if at == len(tails):
            tails.append(value)
            places.append(place)
        else:
            tails[at], places[at] = value, place
    kept: set[int] = set()
    last = places[-1] if places else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept
