"""Labels and what stands behind them: "姓名：张三　性别：男", label cells, blanks to be filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive_verify.layout.flow import Flow
from archive_verify.layout.grid import find_grids
from archive_verify.layout.ink import written_in
from archive_verify.model import Box, Reading

_REMARK = r"(?:[ \t]*[(\[][^()\[\]\n]{0,24}[)\]])?"
_BLANK = " \t_.:;,-~/\\|'\"`"
_NEXT_LINE = 2.5                        # heights of a label within which the line below it stands
_RULING = 0.007                         # of the page about a ruling that may hold its ink, where the page is bent
_FLUSH = 0.02                           # of the page's width within which two lines begin alike
_FULL_LINE = 0.78                       # a line of prose that ends beyond it is full
# What may be read between letters set wide: blanks, a speck, a check box. A box stands as another sign for it in the
# text that is searched: a class with characters beyond Latin takes a hundred times as long to compile.
_BOX = "¤"
_BOXES = str.maketrans(dict.fromkeys("☐☑□■", _BOX))
_APART = rf"[ \t.·{_BOX}]*"
_EMPTY = re.compile(r"[\s_.:;,\-~/\\|'\"`·•()年月日元整¥*]*")


@dataclass(frozen=True, slots=True)
class Slot:
    """A label found in the flow and the stretch start..end where its value stands."""

    name: str
    label_start: int
    label_end: int
    start: int
    end: int
    text: str                           # the value's text, stripped of blanks

    @property
    def empty(self) -> bool:
        """Whether nothing but blanks, underlines and the form's own units stands there."""
        return bool(_EMPTY.fullmatch(self.text))


def searchable(text: str) -> str:
    """The text, place by place, in which patterns of `spaced` words are to be searched."""
    return text.translate(_BOXES)


@lru_cache(maxsize=2048)
def spaced(word: str) -> str:
    """A pattern for a word whose letters may stand apart, for `searchable` text; regex operators pass through."""
    out, index, in_class = [], 0, False
    while index < len(word):
        char = word[index]
        out.append(char)
        in_class = char == "[" or (in_class and char != "]")
        following = word[index + 1 : index + 2]
        if not in_class and "㐀" <= char <= "鿿" and "㐀" <= following <= "鿿":
            out.append(_APART)
        index += 1
    return "".join(out)


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...], tight: bool) -> re.Pattern[str]:
    choices = "|".join(spaced(word) for word in sorted(words, key=len, reverse=True))
    colon = rf"(?:{choices}){_REMARK}[ \t]*[:;]"
    # without a colon a label must stand alone: at a row's start or after a gap, and before a gap
    bare = rf"(?:(?<=^)|(?<=[\n\t ])|(?<=[,.;)_]))(?:{choices}){_REMARK}"
    bare += "" if tight else r"(?=[ \t_]|\n|$)"
    return re.compile(rf"(?P<colon>{colon})|(?P<bare>{bare})")


def find_slots(
    flow: Flow, labels: Mapping[str, Sequence[str]], stops: Sequence[str] = (), *, wrap: bool = True,
    tight: bool = False, columns: bool = False, stacked: bool = False,
) -> list[Slot]:
    """All labels of the flow with the text up to the next label or the end of the row.

    `labels` maps a name to words (regular expressions, letters may stand apart on paper); `stops` are
    labels nobody asks for that end a value. With `wrap` a value that is empty in its row is taken from
    the next row where that holds no label: a fill may stand slightly below its label. With `tight` a
    label at the start of a piece of text needs neither colon nor gap behind it (licences). With `columns`
    a value that is empty before another label of its row is taken from the text right below the label,
    where that is no label's: parties that stand side by side. With `stacked` so is a value that is empty
    behind a label alone in its row, from the text flush below it: what a telephone shows of an e-licence.
    """
    hits: list[tuple[int, int, str]] = []
    text = searchable(flow.text)
    for name, words in [*labels.items(), ("", tuple(stops))]:
        if words:
            hits += [
                (match.start(), match.end(), name) for match in _pattern(tuple(words), tight).finditer(text)
            ]
    hits.sort(key=lambda hit: (hit[0], -hit[1]))
    kept: list[tuple[int, int, str]] = []
    for hit in hits:
        if not kept or hit[0] >= kept[-1][1]:
            kept.append(hit)
    slots = []
    for index, (start, end, name) in enumerate(kept):
        following = kept[index + 1][0] if index + 1 < len(kept) else len(flow.text)
        row_end = flow.row_at(end)[1]
        stop = min(following, row_end)
        if not name:
            continue
        value = flow.text[end:stop]
        if wrap and _EMPTY.fullmatch(value) and following > row_end:
            next_start, next_end = row_end + 1, flow.row_at(min(row_end + 1, len(flow.text)))[1]
            below = flow.text[next_start : min(next_end, following)]
            if below.strip() and following >= next_end and _is_below(flow, start, end, next_start):
                end, stop = next_start, next_end
                value = below
            elif below.strip() and _runs_on(flow, end, next_start):
                end, stop = next_start, min(next_end, following)
                value = below
        elif (columns or stacked) and _EMPTY.fullmatch(value) and (columns or following > row_end):
            under = _under(flow, start, end, following if following <= row_end else None)
            if under is not None and not any(under[0] <= hit[0] < under[1] for hit in kept):
                end, stop = under
                value = flow.text[end:stop]
        slots.append(_slot(name, start, kept[index][1], end, stop, value))
    return slots


def _slot(name: str, label_start: int, label_end: int, start: int, end: int, value: str) -> Slot:
    lead = len(value) - len(value.lstrip(_BLANK))
    tail = len(value.rstrip(" \t_:;,~|'\"`"))
    tail = max(lead, tail)
    return Slot(name, label_start, label_end, start + lead, start + tail, value[lead:tail])


def _is_below(flow: Flow, label_start: int, label_end: int, start: int) -> bool:
    """Whether a row stands right below a label or its blank."""
    label_page, label = flow.place(label_end)
    page, first = flow.place(start)
    below = first.y0 - label.y1
    return page == label_page and below < 0.6 * label.height and first.x0 > flow.place(label_start)[1].x0 - 0.02


def _under(flow: Flow, label_start: int, label_end: int, beside: int | None) -> tuple[int, int] | None:
    """Where the first text of the next row stands that begins under a label: left of what is beside that,
    or flush with it where nothing is."""
    row_end = flow.row_at(label_end)[1]
    next_start, next_end = row_end + 1, flow.row_at(min(row_end + 1, len(flow.text)))[1]
    page, label = flow.place(label_start)
    right = label.x0 + 2 * _FLUSH if beside is None else flow.place(beside)[1].x0
    for spot in flow.spots:
        box = spot.piece.box
        near = box.centre[1] - label.centre[1] < _NEXT_LINE * label.height
        here = next_start <= spot.offset < next_end and spot.page == page and near
        if here and label.x0 - _FLUSH < box.x0 < right - _FLUSH:
            return spot.offset, spot.offset + len(spot.piece.text)
    return None


def _runs_on(flow: Flow, label_end: int, start: int) -> bool:
    """Whether a label ends a full line of prose that the next row goes on with."""
    label_page, label = flow.place(label_end)
    page, first = flow.place(start)
    near = 0 < first.centre[1] - label.centre[1] < 2.5 * label.height
    return label_page == page and label.x0 > _FULL_LINE and first.x0 < 1 - _FULL_LINE and near


def slot_box(flow: Flow, slot: Slot, right: float = 0.95) -> tuple[int, Box]:
    """Page and box of the place behind a label: its cell of a form, else up to the next text of the row or `right`."""
    page, at = flow.place(slot.label_end)
    cell = _value_cell(flow, slot)
    if cell is not None:
        return page, cell
    row_end = flow.row_at(slot.label_end)[1]
    edge = right
    for number, one in flow.pieces(slot.label_end, row_end):
        text = one.text.strip(_BLANK)
        if number == page and text and one.box.x0 > at.x0 + 0.01:
            edge = one.box.x0
            break
    edge = max(edge, at.x0 + 0.02)
    return page, Box(at.x0 + 0.004, at.y0 - 0.35 * at.height, edge, at.y1 + 0.1 * at.height)


def _value_cell(flow: Flow, slot: Slot) -> Box | None:
    """The inside of the ruled cell beside a label that has a cell of its own, clear of the rulings."""
    page, label = flow.place(slot.label_start)
    if page not in flow.pages or re.search(r"[:;]\s*$", flow.text[slot.label_start : slot.label_end]):
        return None
    for grid in find_grids(flow.pages[page].reading.rulings):
        own = grid.cell_at(*label.centre)
        beside = grid.cell_at(own.box.x1 + _RULING, label.centre[1]) if own is not None else None
        if own is not None and beside is not None and beside is not own:
            row_end = flow.row_at(slot.label_end)[1]
            if any(number == page and grid.cell_at(*one.box.centre) is beside
                   for number, one in flow.pieces(slot.label_end, row_end)):
                return None             # another label: the value's place is not beside
            inside = Box(beside.box.x0 + _RULING, beside.box.y0 + _RULING, beside.box.x1 - _RULING,
                beside.box.y1 - _RULING)
            return inside if inside.width > _RULING and inside.height > _RULING else None
    return None


def unread_or_blank(flow: Flow, slot: Slot) -> Reading:
    """The Reading of a slot of which no value could be made: unread if it holds ink, else blank."""
    if not slot.empty:
        return flow.reading(slot.start, slot.end, None).model_copy(update={"state": "unread"})
    page, box = slot_box(flow, slot)
    written = written_in(flow.pages[page].reading.ink, box)
    return Reading(
        text=slot.text, page=page, box=box, confidence=0.0, state="unread" if written else "blank"
    )


def slots_of(slots: Sequence[Slot], name: str) -> list[Slot]:
    """The slots of one name, filled ones first."""
    return sorted((slot for slot in slots if slot.name == name), key=lambda slot: slot.empty)
