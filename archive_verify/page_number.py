"""Candidates on every page -> one best reading of the whole binder's page numbers.

The path weighs, in natural-log probabilities, how the binder writes its numbers (learnt from the
majority of its pages), what the recogniser saw, and how numbers follow one another. A clear reading
costs much to drop, so pages bound out of order stay visible; a number that nobody saw is never
inferred, so a page without one stays without one.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from archive_verify.edge_numbers import Group, Spot, median, spots
from archive_verify.model import Numbering, Page, PageNumber, Position
from archive_verify.page_order import out_of_place, volume_starts

Style = tuple[Position, Group]
# State of the path after a page: the number expected next, the style of the last number, and
# whether any number was met.
_Key = tuple[int, Style | None, bool]

# Natural logs of rough frequencies. Missing numbers, jumps and the like are faults of about one
# page in a hundred; distractors in the very place of the archive number were 3 of 932 pages.
_NONE = -4.0                # a page that carries no number
_NONE_FAILED = -0.5         # the same, where the page could not be read at all
_NONE_UNCOUNTED = -2.0      # further: the page used up no number
_DUPLICATE = -5.0
_GAP = -5.0
_JUMP = -7.0
_RESTART = -6.0
_RESTART_AT_FILE = -1.0
_AWAY = -8.0                # a page bound elsewhere than its number says; the sequence goes on
_NEW_STYLE = -6.9           # a number elsewhere than the binder's own place
_SAME_NEW_STYLE = -0.7      # the next page again there
_FORM_FOOTER = -12.0        # 第1页 共4页, unless the whole binder is numbered so, with that total
_LEAST_TOTAL = 5            # pages that write the same total, half of it or more, number a volume
_DROPPED = -5.8             # the binder's own place holds something else
_ANY_VALUE = -3.4           # a distractor that happens to show this number
_BEYOND = -8.0              # a number that no binder of so many pages can hold
_UNLIKELY = -9.0            # a reading of a value below this is no reading of it
_STATES = 48                # kept per page


@dataclass(frozen=True, slots=True)
class _Sheet:
    page: Page
    spots: tuple[Spot, ...]
    blank: bool
    failed: bool
    first_of_file: bool
    scores: dict[tuple[int, int], float] = field(default_factory=dict)

    def log_likelihood(self, place: int, value: int) -> float:
        """Of what was read at one of the spots, where `value` stands there."""
        key = place, value
        if key not in self.scores:
            self.scores[key] = self.spots[place].log_likelihood(value)
        return self.scores[key]


@dataclass(frozen=True, slots=True)
class _Styles:
    """How this binder writes its page numbers."""

    weight: Mapping[Style, float]                   # log-probability of the main styles
    rate: Mapping[Style, float]                     # share of pages with something in that place
    place: Mapping[Style, tuple[float, float]]      # median centre, upright pages of one orientation
    size: float                                     # median height of the main styles' numbers
    largest: int                                    # beyond it no number is plausible
    totals: frozenset[str]                          # of 3/58 the 58, where the main styles write one


@dataclass(frozen=True, slots=True)
class _Choice:
    spot: Spot
    value: int


@dataclass(slots=True)
class _State:
    """One way through the pages so far, and the choice it made on the last of them."""

    score: float
    before: _Key
    choice: _Choice | None = None


@dataclass(slots=True)
class _Moves:
    """The best way into each state of the next page."""

    best: dict[_Key, _State] = field(default_factory=dict)

    def offer(self, key: _Key, state: _State) -> None:
        known = self.best.get(key)
        if known is None or state.score > known.score:
            self.best[key] = state


def number_pages(pages: Sequence[Page]) -> Numbering:
    """Read the numbering of a whole binder from its pages' corners and edge lines."""
    sheets = _sheets(pages)
    styles = _styles(sheets)
    if not styles.weight:
        return Numbering(unread=tuple(s.page.index for s in sheets if s.failed and not s.blank))
    chosen = _best_path(sheets, styles)
    numbers = {
        sheet.page.index: _page_number(choice, _fits(chosen, place))
        for place, (sheet, choice) in enumerate(zip(sheets, chosen, strict=True)) if choice
    }
    order = [sheet.page.index for sheet in sheets]
    values = {index: number.value for index, number in numbers.items()}
    starts = volume_starts(order, values, {sheet.page.index for sheet in sheets if sheet.first_of_file})
    return Numbering(
        numbers=numbers,
        unread=tuple(
            sheet.page.index for sheet in sheets
            if sheet.page.index not in numbers and not sheet.blank and (sheet.failed or _illegible(sheet, styles))
        ),
        out_of_place=out_of_place(order, values, starts),
        starts=starts,
    )


def _sheets(pages: Sequence[Page]) -> list[_Sheet]:
    sheets = []
    for place, page in enumerate(pages):
        flags = page.reading.flags
        sheets.append(_Sheet(
            page, spots(page), "blank" in flags, bool(flags & {"failed", "illegible"}),
            place > 0 and pages[place - 1].file != page.file,
        ))
    return sheets


# --- the binder's own style -----------------------------------------------------------------------


def _style(spot: Spot) -> Style:
    return spot.position, spot.group


def _styles(sheets: Sequence[_Sheet]) -> _Styles:
    """Learn where and how the archive numbers stand.

    Numbers of one sequence keep one distance to the count of pages; those of forms start anew with
    each form. So a style's support is the sum of the squares of the sizes of its groups of pages
    with equal distance, per page of the binder.
    """
    counted = [sheet for sheet in sheets if not sheet.blank]
    total = len(counted) or 1
    offsets: dict[Style, Counter[int]] = defaultdict(Counter)
    places: dict[Style, list[Spot]] = defaultdict(list)
    for rank, sheet in enumerate(counted):
        for style in {_style(spot) for spot in sheet.spots}:
            fitting = [spot for spot in sheet.spots if _style(spot) == style and spot.values]
            if fitting:
                places[style].append(fitting[0])
                offsets[style].update({value - rank for spot in fitting for value in spot.values})
    support: dict[Style, float] = {}
    for style, groups in offsets.items():
        mass, squares = sum(groups.values()), sum(count * count for count in groups.values())
        run = squares / mass
        corner = style[0] == "top_right" and style[1] == "bare"
        if run < min(15.0, 0.3 * total) and not corner:
            continue
        prior = 2.0 if corner else 0.1 if style[1] == "total" else 1.0
        support[style] = (prior * squares / total + (0.5 if corner else 0.0)) ** 2
    whole = sum(support.values())
    weight = {style: math.log(share / whole) for style, share in support.items() if share / whole > 0.02}
    mains = [spot for style in weight for spot in places[style]]
    values = sorted(value for spot in mains for value in spot.values)
    totals = Counter(spot.total for spot in mains if spot.group == "total" and spot.total)
    return _Styles(
        weight=weight,
        rate={style: len(found) / total for style, found in places.items()},
        place={
            style: (median(s.place[0] for s in places[style]), median(s.place[1] for s in places[style]))
            for style in weight
        },
        size=median(spot.size for spot in mains),
        largest=int(median(values[: len(values) // 5 + 1]) + 1.5 * len(counted) + 60),
        totals=frozenset(one for one, count in totals.items() if count >= max(_LEAST_TOTAL, int(one) // 2)),
    )


def _aside(spot: Spot, styles: _Styles) -> float:
    """How far a spot of a main style is from the binder's usual place and size; 0 is usual, 4 far."""
    usual = styles.place.get(_style(spot))
    if usual is None:
        return 0.0
    dx, dy = abs(spot.place[0] - usual[0]) / 0.07, abs(spot.place[1] - usual[1]) / 0.03
    size = abs(math.log(max(spot.size, 1e-4) / max(styles.size, 1e-4))) / 0.5
    if spot.landscape:
        dx, dy = dx / 2, dy / 2
    return min(4.0, 0.5 * (max(0.0, dx - 1) + max(0.0, dy - 1) + max(0.0, size - 1)))


def _wanted(spot: Spot, last: Style | None, styles: _Styles) -> float:
    """Log-probability that the archive number stands in this place and form."""
    style = _style(spot)
    if style in styles.weight:
        return styles.weight[style] - _aside(spot, styles)
    if style[1] == "total" and spot.total not in styles.totals:
        return _FORM_FOOTER
    return _SAME_NEW_STYLE if style == last else _NEW_STYLE


def _dropped(spot: Spot, place: int, sheets: Sequence[_Sheet], styles: _Styles) -> float:
    """Log-probability of this spot where it is not the page's number."""
    style = _style(spot)
    if not spot.values:
        return -0.5
    if style in styles.weight:
        doubt = 6.0 * (1.0 - spot.confidence) + _aside(spot, styles)
        if min(spot.values) > styles.largest:
            doubt += 6.0
        return min(-0.5, _DROPPED + _ANY_VALUE + doubt)
    rate = math.log(min(0.95, max(0.02, styles.rate.get(style, 0.0))))
    if style[1] == "total":
        return -0.1 if spot.total not in styles.totals else _DROPPED + _ANY_VALUE
    own = any(
        value + step in other.values
        for step in (-1, 1) if 0 <= place + step < len(sheets)
        for other in sheets[place + step].spots if _style(other) == style
        for value in spot.values
    )
    return rate + (-0.2 if own else _ANY_VALUE)


# --- the path -------------------------------------------------------------------------------------


def _best_path(sheets: Sequence[_Sheet], styles: _Styles) -> list[_Choice | None]:
    begin: _Key = (1, None, False)
    states = {begin: _State(0.0, begin)}
    history: list[dict[_Key, _State]] = []
    since_file = 99
    for place, sheet in enumerate(sheets):
        since_file = 0 if sheet.first_of_file else since_file + (not sheet.blank)
        moves = _Moves()
        drops = [_dropped(spot, place, sheets, styles) for spot in sheet.spots]
        values = [_values(spot, place, sheets) for spot in sheet.spots]
        best_score = max(state.score for state in states.values())
        for key, state in states.items():
            if state.score < best_score - 40:
                continue
            _without(moves, key, state, sheet, sum(drops))
            for index in range(len(sheet.spots)):
                others = sum(drops) - drops[index]
                _with(moves, key, state, sheet, index, values[index], others, styles, since_file)
        ranked = sorted(moves.best.items(), key=lambda item: -item[1].score)[:_STATES]
        states = dict(ranked)
        history.append(states)
    chosen: list[_Choice | None] = []
    at = max(states, key=lambda key: states[key].score)
    for column in reversed(history):
        chosen.append(column[at].choice)
        at = column[at].before
    return chosen[::-1]


def _values(spot: Spot, place: int, sheets: Sequence[_Sheet]) -> tuple[int, ...]:
    """What a spot may say: as read, or what the neighbouring pages suggest and its ink allows."""
    near = [
        value - step
        for step in (-1, 1) if 0 <= place + step < len(sheets)
        for other in sheets[place + step].spots if _style(other) == _style(spot)
        for value in other.values
    ]
    return tuple(dict.fromkeys((*spot.values, *(value for value in near if value > 0))))


def _without(
    moves: _Moves, key: _Key, state: _State, sheet: _Sheet, drops: float
) -> None:
    """The page carries no number: it uses one up, or it does not."""
    expected, style, begun = key
    if sheet.blank:
        moves.offer(key, _State(state.score + drops, key))
        return
    cost = _NONE_FAILED if sheet.failed else _NONE
    moves.offer((expected + 1, style, begun), _State(state.score + cost + drops, key))
    moves.offer(key, _State(state.score + cost + _NONE_UNCOUNTED * (1.0 if begun else 0.5) + drops, key))


def _with(
    moves: _Moves, key: _Key, state: _State, sheet: _Sheet, place: int, values: Sequence[int],
    others: float, styles: _Styles, since_file: int,
) -> None:
    """The page carries the number of this spot: one of `values`, or the one that is expected."""
    expected, last, begun = key
    spot = sheet.spots[place]
    base = state.score + others + _wanted(spot, last, styles)
    for value in dict.fromkeys((*values, expected)):
        if sheet.blank and value != expected:
            continue
        seen = sheet.log_likelihood(place, value)
        if value not in spot.values and seen < _UNLIKELY:
            continue
        score = base + seen + (_BEYOND if value > styles.largest else 0.0)
        choice = _Choice(spot, value)
        step = _step(value, expected, begun, since_file)
        moves.offer((value + 1, _style(spot), True), _State(score + step, key, choice))
        if begun and value != expected:
            moves.offer((expected, last, True), _State(score + _AWAY, key, choice))


def _step(value: int, expected: int, begun: bool, since_file: int) -> float:
    """Log-probability of `value` where `expected` should come."""
    ahead = value - expected
    if ahead == 0:
        return 0.0
    if not begun:
        return -1.0 if ahead < 0 else -2.0 - 0.3 * math.log(value)
    if value <= 3 and since_file < 3:
        return _RESTART_AT_FILE - 1.5 * abs(value - 1 - since_file)
    if value == 1:
        return _RESTART
    if ahead > 0:
        return _GAP - 0.4 * math.log(ahead)
    return _DUPLICATE if ahead == -1 else _JUMP


# --- what the path says ---------------------------------------------------------------------------


def _fits(chosen: Sequence[_Choice | None], place: int) -> int:
    """How many of the two neighbouring pages carry the number before or after."""
    choice = chosen[place]
    return sum(
        1 for step in (-1, 1)
        if 0 <= place + step < len(chosen) and choice is not None
        and (other := chosen[place + step]) is not None and other.value - choice.value == step
    )


def _page_number(choice: _Choice, fits: int) -> PageNumber:
    spot = choice.spot
    agreeing = [seen for seen in spot.readings if seen.written and seen.written.value == choice.value]
    if agreeing:
        own = max(seen.confidence for seen in agreeing)
        text = max(agreeing, key=lambda seen: seen.confidence).text
        confidence = 1.0 - (1.0 - own) * (1.0, 0.6, 0.3)[fits]
    else:
        text = spot.readings[0].text
        confidence = 0.4 + 0.2 * fits * math.exp(spot.log_likelihood(choice.value) / 6.0)
    return PageNumber(
        value=choice.value, text=text, position=spot.position, box=spot.box, confidence=round(confidence, 4)
    )


def _illegible(sheet: _Sheet, styles: _Styles) -> bool:
    """Whether something that is no readable number stands where the binder's numbers stand."""
    for corner in sheet.page.reading.corners:
        text = corner.text.strip()
        if not text or len(text) > 6 or not (corner.confidence < 0.6 or any(c.isdigit() for c in text)):
            continue
        x, y = corner.box.centre
        if any(abs(x - px) < 0.10 and abs(y - py) < 0.04 for px, py in styles.place.values()):
            return True
    return False
