"""Spreads faults over a set of binders, so that every code occurs often enough in the set."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping

from .faults import CODES

# A little more than its share, so that chance leaves nothing to the last binders.
_EAGER = 1.2


class Quota:
    """Chooses the faults of one binder after the other; counts what came out of each."""

    def __init__(self, binders: int, each: int, seed: int) -> None:
        self._left = binders
        self._each = each
        self._rng = random.Random(f"quota/{seed}/{binders}/{each}")
        self._have: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()

    def next(self) -> str:
        """The fault codes of the next binder, joined by commas."""
        left, self._left = max(1, self._left), self._left - 1
        wanted = []
        for code in CODES:
            # not every fault finds room in every binder
            yields = min(1.0, (self._have[code] + 1) / (self._asked[code] + 1))
            if self._rng.random() < _EAGER * (self._each - self._have[code]) / left / yields:
                wanted.append(code)
        self._asked.update(wanted)
        return ",".join(wanted) or "none"

    def count(self, issues: Iterable[Mapping[str, object]]) -> None:
        """Take note of a binder's true issues; those that may be found or not do not count."""
        self._have.update(str(issue["code"]) for issue in issues if not issue.get("optional"))

    def lacking(self) -> dict[str, int]:
        """The codes that did not come up often enough, and how often they did."""
        return {code: self._have[code] for code in CODES if self._have[code] < self._each}
