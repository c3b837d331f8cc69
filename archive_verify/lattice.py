"""How well a known text fits what the recogniser saw: CTC scores over a pruned lattice."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from archive_verify.model import Lattice

# Log-probability of a character that the lattice does not list: those under 1e-4, and those beyond
# the best few, were pruned away.
FLOOR = math.log(1e-5)
_NEVER = -math.inf


def greedy(lattice: Lattice) -> str:
    """The text of the best character of each step: repeats merged, blanks dropped."""
    text: list[str] = []
    before = ""
    for step in lattice:
        best = step[0][0] if step else ""
        if best and best != before:
            text.append(best)
        before = best
    return "".join(text)


def score(lattice: Lattice, text: str) -> float:
    """Log-likelihood of `text` for the whole lattice, less that of the greedy path's text.

    0 where the text is the greedy reading, below where it fits worse (a little above 0 is possible).
    The whole line must be the text: a name inside a longer fill scores low. Forward algorithm of CTC
    (Graves et al. 2006, section 4.1), natural logarithms.
    """
    return _forward(lattice, text) - _forward(lattice, greedy(lattice))


def best(lattice: Lattice, candidates: Iterable[str]) -> tuple[str, float, float] | None:
    """The candidate that fits best: (text, its score, margin to the second); None without candidates.

    The margin is infinite for a single candidate. It says nothing where the true text may be
    missing from the candidates; the score does.
    """
    scored = sorted(((score(lattice, text), text) for text in set(candidates)), key=lambda s: (-s[0], s[1]))
    if not scored:
        return None
    value, text = scored[0]
    margin = value - scored[1][0] if len(scored) > 1 else math.inf
    return text, value, margin


def folded(lattice: Lattice, fold: Callable[[str], str]) -> Lattice:
    """The lattice with characters that `fold` makes one (traditional and simplified, say) as one."""
    steps = []
    for step in lattice:
        merged: dict[str, float] = {}
        for character, probability in step:
            key = fold(character)
            merged[key] = _add(merged[key], probability) if key in merged else probability
        steps.append(tuple(sorted(merged.items(), key=lambda entry: -entry[1])))
    return tuple(steps)


def restrict(lattice: Lattice, allowed: Callable[[str], bool]) -> Lattice:
    """The lattice with only the blank and the characters that pass `allowed`."""
    steps = []
    for step in lattice:
        kept = tuple((character, p) for character, p in step if not character or allowed(character))
        steps.append(kept or (("", FLOOR),))
    return tuple(steps)


def digits(lattice: Lattice) -> tuple[str, float]:
    """The best reading in digits alone, and its score against the free reading.

    A strong character that is no digit counts against it: it must be explained away.
    """
    text = greedy(restrict(lattice, lambda character: character in "0123456789"))
    return text, score(lattice, text)


def _forward(lattice: Lattice, text: str) -> float:
    """Log of the summed probability of all alignments of `text` with the lattice."""
    labels = [""]
    for character in text:
        labels += [character, ""]
    states = [_NEVER] * len(labels)
    for index, step in enumerate(lattice):
        listed = dict(step)
        emit = [listed.get(label, FLOOR) for label in labels]
        if index == 0:
            states[0] = emit[0]
            if len(labels) > 1:
                states[1] = emit[1]
            continue
        previous = states
        states = [_NEVER] * len(labels)
        for at, probability in enumerate(emit):
            total = previous[at]
            if at >= 1:
                total = _add(total, previous[at - 1])
            if at >= 2 and labels[at] and labels[at] != labels[at - 2]:
                total = _add(total, previous[at - 2])
            states[at] = total + probability
    if not lattice:
        return 0.0 if not text else _NEVER
    return _add(states[-1], states[-2]) if len(states) > 1 else states[-1]


def _add(a: float, b: float) -> float:
    """log(exp(a) + exp(b))."""
    if a < b:
        a, b = b, a
    return a if b == _NEVER else a + math.log1p(math.exp(b - a))
