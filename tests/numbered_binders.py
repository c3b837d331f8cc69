"""Invented binders for the page numbers: what the corners of their pages would read, with noise."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

from archive_verify.model import Box, Corner, Lattice, Page, PageReading

CONFUSED = {"1": "7", "7": "1", "0": "6", "6": "0", "8": "3", "3": "8", "5": "6", "9": "4", "4": "9", "2": "7"}


def lattice(text: str, unsure: dict[int, tuple[str, float]] | None = None, sure: float = 0.99) -> Lattice:
    """What a recogniser gives for `text`; `unsure` names the rival of a character and its probability."""
    steps = []
    for place, character in enumerate(text):
        rival, share = (unsure or {}).get(place, ("", 1 - sure))
        steps.append(((character, math.log(1 - share)), (rival, math.log(share))))
        steps.append((("", math.log(0.995)),))
    return tuple(steps)


def corner(
    text: str, x: float = 0.93, y: float = 0.035, *, confidence: float = 0.98, fresh: bool = True,
    seen: Lattice | None = None, height: float = 0.012, turn: int = 0,
) -> Corner:
    width = 0.012 * max(1, len(text))
    box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return Corner.model_validate({
        "text": text, "box": box, "confidence": confidence, "fresh": fresh, "turn": turn,
        "lattice": lattice(text, sure=confidence) if seen is None else seen,
    })


def numbered(
    index: int, *corners: Corner | str, file: int = 0, flags: tuple[str, ...] = (), **reading: object
) -> Page:
    """A page with these corners; a bare string is a number top right."""
    made = tuple(corner(item) if isinstance(item, str) else item for item in corners)
    values = {
        "width": 1654, "height": 2339, "dpi": 200, "text_source": "ocr", "rotation": 0, "skew_degrees": 0.0,
        "flags": frozenset(flags), "corners": made, **reading,
    }
    return Page(index=index, file=file, file_page=index, reading=PageReading.model_validate(values))


def binder(*texts: str) -> list[Page]:
    """Pages numbered top right with these texts; an empty text is a page without a number."""
    return [numbered(i, *([text] if text else [])) for i, text in enumerate(texts, start=1)]


@dataclass
class Truth:
    pages: list[Page] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)
    faults: set[str] = field(default_factory=set)


WAYS = {
    "plain": "{n}", "padded": "{n:04d}", "di": "第{n}页", "dash": "- {n} -",
}


def random_binder(seed: int) -> Truth:
    """A binder of 40 to 220 pages with faults of numbering, misreadings and distractors."""
    chance = random.Random(seed)
    count = chance.randint(40, 220)
    way = chance.choice(list(WAYS))
    x, y = chance.choice([(0.93, 0.035), (0.90, 0.05), (0.95, 0.02)])
    spread = chance.choice([0.004, 0.015])
    handwritten = chance.random() < 0.4
    numbers: list[int | None] = list(range(1, count + 1))
    moved: set[int] = set()
    faults: set[str] = set()
    for fault in chance.sample(["gap", "duplicate", "missing", "order", "position", "swap"], chance.randint(0, 4)):
        faults.add(fault)
        at = chance.randint(5, len(numbers) - 8)
        if fault == "gap":
            skipped = chance.randint(1, 3)
            numbers[at:] = [n + skipped if n is not None else None for n in numbers[at:]]
        elif fault == "duplicate":
            numbers.insert(at, numbers[at - 1])
        elif fault == "missing":
            numbers[at] = None
        elif fault == "order":
            number = numbers.pop(at)
            target = chance.randint(5, len(numbers) - 5)
            numbers.insert(target, number)
        elif fault == "swap":
            numbers[at], numbers[at + 1] = numbers[at + 1], numbers[at]
        else:
            moved.add(at)
    truth = Truth(faults=faults)
    left_in_form = 0
    form_page = form_pages = 0
    for index, number in enumerate(numbers, start=1):
        if left_in_form == 0:
            left_in_form = form_pages = chance.randint(1, 8)
            form_page = 0
            own_footer = chance.choice(["", "", "{p}", "第{p}页 共{t}页", "第{p}页", "- {p} -"])
        left_in_form -= 1
        form_page += 1
        corners: list[Corner] = []
        if number is not None:
            text = WAYS[way].format(n=number)
            truth.numbers[index] = number
            place = (0.07, 0.04) if index - 1 in moved else (
                x + chance.gauss(0, spread), y + chance.gauss(0, spread / 2)
            )
            confidence = chance.uniform(0.6, 0.99) if handwritten else chance.uniform(0.9, 0.999)
            seen = None
            if chance.random() < (0.03 if handwritten else 0.01):
                digits = [i for i, c in enumerate(text) if c in CONFUSED]
                wrong = chance.choice(digits)
                true = text[wrong]
                text = text[:wrong] + CONFUSED[true] + text[wrong + 1 :]
                confidence = chance.uniform(0.5, 0.99)
                seen = lattice(text, {wrong: (true, max(0.001, (1 - confidence) / 2))}, confidence)
            if chance.random() > 0.003:
                corners.append(corner(text, *place, confidence=confidence, seen=seen))
        if own_footer:
            corners.append(corner(own_footer.format(p=form_page, t=form_pages), 0.5, 0.95, fresh=False))
        if chance.random() < 0.02:
            corners.append(corner(
                str(chance.choice([2023, 31, 15, 7, chance.randint(1, count)])),
                chance.uniform(0.05, 0.9), chance.choice([0.08, 0.94]), fresh=False, height=0.014,
            ))
        if chance.random() < 0.02 and number is not None and index - 1 not in moved:
            corners.append(corner("2023年6月5日", 0.85, 0.07, fresh=False))
        truth.pages.append(numbered(index, *corners))
    return truth
