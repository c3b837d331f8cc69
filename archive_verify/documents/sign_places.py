"""Where the parties of a paper seal and sign: the labels of the sign block, and the room about them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from archive_verify.layout import Flow, find_grids, searchable, spaced
from archive_verify.model import Box

_SIGN_WORDS = re.compile(r"盖\s*章|签\s*章|签\s*字|签\s*名|公\s*章|印\s*章|手\s*印|捺\s*印|指\s*印")
# how far a unit seal may stand from its label, in page heights (a seal is about 0.14 high)
_SEAL_REACH = 0.20


@dataclass(frozen=True, slots=True)
class Party:
    """A party of a paper: the words its place in the sign block is printed with.

    `opinion` are patterns that head its opinion ("审批意见"): what is pressed in that row of the form is its own.
    """

    name: str
    labels: tuple[str, ...]
    wants: Literal["seal", "signature"]
    opinion: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a party signs: the label's box, and the limits of the place around it.

    `row` where the place is a whole row of a form, `nameless` where the label has lost its party.
    """

    page: int
    label: Box
    area: Box
    row: bool = False
    nameless: bool = False


def sign_places(flow: Flow, parties: Sequence[Party]) -> dict[Party, Place]:
    """The place of each party whose label was found: its opinion's row, else its label in the sign block."""
    heads = {party: _opinion_label(flow, party.opinion) for party in parties}
    labels = {party: heads[party] or _last_label(flow, party.labels) for party in parties}
    lost = [party for party in parties if party.wants == "signature" and labels[party] is None]
    if len(lost) == 1:
        labels[lost[0]] = _nameless_label(flow)
    places = {
        party: _opinion(flow, label) if heads[party] else
        _place(flow, label, [other for one, other in labels.items() if other and one.name != party.name])
        for party, label in labels.items() if label is not None
    }
    return {party: replace(place, nameless=party in lost) for party, place in places.items()}


# a name written so close to "(签字)" that it was read with it; prose goes on longer, or with one of these words
_NAME_AT_BRACKET = r"(?<=[字名章印][)\]])(?![之后起即并或及等各])[㐀-鿿]{2,4}[ ]*(?:[\t\n]|$)"

# "(签字)" alone in its part of a row: the party before it was not read
_NAMELESS = re.compile(r"(?:(?<=[\t\n])|^)[ ]*\([ ]*签[ ]*[字名](?:[^()\n\t]{0,8})\)[ ]*:?[ ]*(?=[\t\n_]|$)")

_Label = tuple[int, Box]


def _last_label(flow: Flow, words: Sequence[str]) -> _Label | None:
    """The last label of a party that asks for a seal or signature, else the last one late on its page
    or in the document that has a colon or stands alone: a seal may have covered the rest of it."""
    choices = "|".join(spaced(word) for word in words)
    asking = re.compile(
        rf"(?:{choices})[ ]*"
        r"(?:[(\[][^()\n]{0,24}[)\]]|[(\[][ \t]*[公盖签印章]?[^()\n\t ]{0,3}|[^\n\t:;,.]{0,6}?)?"
        r"(?:[ \t]*[:;]?[ \t]*[(\[][ \t]*[公盖签印章按捺手][^()\n]{0,12}[)\]])?[ \t]*"
        rf"(?=[:;_\t\n ]|$|{_NAME_AT_BRACKET})"
    )
    best: tuple[bool, int, int] | None = None
    for match in asking.finditer(searchable(flow.text)):
        text = match[0]
        following = flow.text[match.end() : match.end() + 12]
        signs = bool(_SIGN_WORDS.search(text) or re.search(r"[(\[][ \t]*[公盖签印章]", text)) or bool(
            re.match(r"[ \t:]*\(?(?:盖章|签字|签名|签章)", following)
        )
        before = flow.text[flow.row_at(match.start())[0] : match.start()]
        alone = not before.strip(" .,:") or before.endswith("\t")
        alone = alone and bool(re.match(r"[ ]*(?:[\t\n]|$)", following))
        # 乙方月基本工资____ amid a sentence is no place to sign
        amid = bool(before.strip()) and before[-1] not in " \t_)]:;"
        colon = (bool(re.match(r"[ \t]*[:;_]", following)) and not amid) or alone
        if not signs and not (colon and _is_late(flow, match.start())):
            continue
        if best is None or (signs, match.start()) >= best[:2]:
            best = (signs, match.start(), match.end())
    if best is None:
        return None
    parts = list(flow.pieces(best[1], best[2]))
    if not parts:
        return None
    page, one = parts[-1]
    box = parts[0][1].box
    return page, (box.union(one.box) if parts[0][0] == page else one.box)


def _nameless_label(flow: Flow) -> _Label | None:
    """Where to sign by a label that has lost its party, if there is one such label."""
    found = list(_NAMELESS.finditer(flow.text))
    parts = list(flow.pieces(*found[0].span())) if len(found) == 1 else []
    return (parts[0][0], parts[0][1].box) if parts else None


def _opinion_label(flow: Flow, words: Sequence[str]) -> _Label | None:
    """The last place where an opinion is headed, wherever it stands on the form."""
    found = list(re.finditer("|".join(words), flow.text)) if words else []
    parts = list(flow.pieces(*found[-1].span())) if found else []
    return (parts[-1][0], parts[-1][1].box) if parts else None


def _opinion(flow: Flow, label: _Label) -> Place:
    """The row of the form in which an opinion is written; without rulings the room about its label."""
    page, box = label
    for grid in find_grids(flow.pages[page].reading.rulings):
        cell = grid.cell_at(*box.centre)
        if cell is not None:
            return Place(page, box, Box(grid.box.x0, cell.box.y0, grid.box.x1, cell.box.y1), row=True)
    return Place(page, box, Box(0.05, box.y0 - _SEAL_REACH / 2, 0.95, min(1.0, box.y1 + _SEAL_REACH / 2)), row=True)


def _is_late(flow: Flow, at: int) -> bool:
    """Whether a label stands in the second half of the document or, after some text, of its page."""
    if at >= 0.5 * len(flow.text):
        return True
    page = flow.place(at)[0]
    own = [spot for spot in flow.spots if spot.page == page]
    start, end = own[0].offset, own[-1].offset + len(own[-1].piece.text)
    return at - start >= max(150, 0.5 * (end - start))


def _place(flow: Flow, label: _Label, others: Sequence[_Label]) -> Place:
    """The room around a label, up to the other parties' labels beside it and below it."""
    page, box = label
    right, left, bottom, top = 0.98, max(0.0, box.x0 - 0.03), box.y1 + _SEAL_REACH, box.y0 - _SEAL_REACH
    for other_page, other in others:
        if other_page != page:
            continue
        beside = min(box.y1, other.y1) - max(box.y0, other.y0) > -0.6 * box.height
        if beside and other.x0 > box.x0:
            right = min(right, other.x0 - 0.005)
        elif beside:
            left = max(left, box.x0 - 0.01)
        elif other.y0 > box.y0:
            bottom = min(bottom, other.y0)
        else:
            top = max(top, other.y1)
    return Place(page, box, Box(left, max(0.0, top), right, min(1.0, bottom)))
