"""Who sealed and signed: the sign block's places, and the marks that stand in them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from archive_verify.layout import Flow, ink_in, loose_ink, piece, spaced, written_in
from archive_verify.model import Box, Line, Mark, MarkShape, Page, PageMark
from archive_verify.values import find_dates, plain

_SIGN_WORDS = re.compile(r"盖\s*章|签\s*章|签\s*字|签\s*名|公\s*章|印\s*章|手\s*印|捺\s*印|指\s*印")
_OTHER_LABEL = re.compile(
    r"法定代表人|委托代理人|代理人|负责人|代表|甲方|乙方|丙方|用人单位|劳动者|单位|盖章|签字|签名|签章|公章|日期|"
        r"时间|电话|年.{0,4}月|"
    r"经办|证明|鉴证|审核|第.{1,3}页|共.{1,3}页|身份证|住址|地址|附件|说明|注[:：]"
)
_EDGE = 0.03
# how far a unit seal may stand from its label, in page heights (a seal is about 0.14 high)
_SEAL_REACH = 0.20
# a line read with less certainty may hold handwriting beside its print
_PRINT = 0.90
# how far below its label a name may be signed, in heights of the label, where no other text comes first
_SIGN_REACH = 4.5
# inked cells that even a pale or small fingerprint comes to; a speck is 1 or 2
_FINGER = 6.0
# inked cells of no text that specks and strokes beside the label may come to
_NO_SEAL = 4.0


@dataclass(frozen=True, slots=True)
class Party:
    """A party of a paper: the words its place in the sign block is printed with."""

    name: str
    labels: tuple[str, ...]
    wants: Literal["seal", "signature"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a party signs: the label's box, and the limits of the place around it."""

    page: int
    label: Box
    area: Box


@dataclass(slots=True)
class Findings:
    """Marks found, places found empty, and places of which the copy cannot tell."""

    marks: list[Mark] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    unsure: list[tuple[str, str]] = field(default_factory=list)


def find_parties(flow: Flow, parties: Sequence[Party]) -> Findings:
    """Look for each party's mark at its place in the sign block, the last one of the document."""
    labels = {party.name: _last_label(flow, party.labels) for party in parties}
    places = {
        name: _place(flow, label, [other for other in labels.values() if other and other is not label])
        for name, label in labels.items() if label is not None
    }
    findings = Findings()
    for party in parties:
        if party.wants == "seal":
            _look_for_seal(flow, party, places, findings)
        else:
            _look_for_signature(flow, party, places.get(party.name), findings)
    return findings


_Label = tuple[int, Box]


def _last_label(flow: Flow, words: Sequence[str]) -> _Label | None:
    """The last label of a party that asks for a seal or signature, else the last one late on its page
    or in the document that has a colon or stands alone: a seal may have covered the rest of it."""
    choices = "|".join(spaced(word) for word in words)
    asking = re.compile(
        rf"(?:{choices})[ ]*"
        r"(?:[(\[][^()\n]{0,24}[)\]]|[(\[][ \t]*[公盖签印章]?[^()\n\t ]{0,3}|[^\n\t:;,.]{0,6}?)?"
        r"(?:[ \t]*[:;]?[ \t]*[(\[][ \t]*[公盖签印章][^()\n]{0,12}[)\]])?[ \t]*(?=[:;_\t\n ]|$)"
    )
    best: tuple[bool, int, int] | None = None
    for match in asking.finditer(flow.text):
        text = match[0]
        following = flow.text[match.end() : match.end() + 12]
        signs = bool(_SIGN_WORDS.search(text) or re.search(r"[(\[][ \t]*[公盖签印章]", text)) or bool(
            re.match(r"[ \t:]*\(?(?:盖章|签字|签名|签章)", following)
        )
        before = flow.text[flow.row_at(match.start())[0] : match.start()]
        alone = not before.strip(" .,:") or before.endswith("\t")
        alone = alone and bool(re.match(r"[ ]*(?:[\t\n]|$)", following))
        colon = bool(re.match(r"[ \t]*[:;_]", following)) or alone
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


def _distance(place: Place, mark: Box) -> float:
    """From a mark to the place's label and the blank right of it."""
    x, y = mark.centre
    end = min(place.label.x1 + 0.22, place.area.x1)
    dx = max(place.label.x0 - x, x - end, 0.0)
    dy = max(place.label.y0 - y, y - place.label.y1, 0.0)
    return math.hypot(dx, dy)


def _look_for_seal(flow: Flow, party: Party, places: dict[str, Place], findings: Findings) -> None:
    place = places.get(party.name)
    pages = [flow.pages[place.page]] if place else list(flow.pages.values())[-1:]
    seals = [mark for page in pages for mark in page.reading.marks if _is_unit_seal(mark)]
    rivals = {
        name: other for name, other in places.items()
        if place and other.page == place.page and name != party.name and name in _SEALING
    }
    own = [
        mark for mark in seals
        if place is None
        or all(_distance(place, mark.box) <= _distance(other, mark.box) for other in rivals.values())
    ]
    if own:
        mark = min(own, key=lambda one: _distance(place, one.box) if place else -one.box.y0)
        findings.marks.append(Mark(
            kind="seal", party=party.name, page=pages[0].index, box=mark.box, confidence=mark.confidence,
            text=mark.text,
        ))
        return
    if place is None:
        findings.unsure.append(("seal", party.name))
        return
    page = flow.pages[place.page]
    findings.marks += [
        Mark(kind="seal", party=party.name, page=page.index, box=mark.box, confidence=mark.confidence,
             personal=True, text=mark.text)
        for mark in page.reading.marks
        if mark.shape is MarkShape.PERSONAL_SEAL and _within(mark.box, place.area)
    ]
    personal = [mark.box for mark in page.reading.marks if mark.shape is not MarkShape.ROUND_SEAL]
    if _faint_red(page, place, personal) if page.reading.colour else _may_hide_seal(page, place):
        findings.unsure.append(("seal", party.name))
    else:
        findings.missing.append(("seal", party.name))


# parties that press a unit seal, so that a seal may be theirs rather than another's
_SEALING = frozenset({"employer", "issuer", "institution", "authority", "landlord"})


def _is_unit_seal(mark: PageMark) -> bool:
    # a seal cut by the page's edge runs over the edges of several sheets and seals no signature
    whole = mark.box.x0 > _EDGE / 3 and mark.box.x1 < 1 - _EDGE / 3
    return mark.shape is MarkShape.ROUND_SEAL and whole


def _within(box: Box, area: Box) -> bool:
    x, y = box.centre
    return area.x0 <= x <= area.x1 and area.y0 <= y <= area.y1


def _faint_red(page: Page, place: Place, known: Sequence[Box]) -> bool:
    """Whether red ink that no known mark explains lies about the label: a seal too faint to be seen."""
    label = place.label
    area = Box(max(0.0, label.x0 - 0.02), max(0.0, label.y0 - 0.08), min(label.x1 + 0.25, place.area.x1),
               min(1.0, label.y1 + 0.10))
    red = ink_in(page.reading.ink, area, "red")
    if red is None:
        return False
    size = max(area.width * area.height, 1e-6)
    for box in known:
        share = area.overlap(box) / size
        red -= share * (ink_in(page.reading.ink, box, "red") or 0.0)
    return red > 0.006


def _may_hide_seal(page: Page, place: Place) -> bool:
    """Whether a copy without colour leaves it open that there is a seal: on a 1-bit copy always, else
    if ink stands about the label that is neither text nor ruling."""
    label = place.label
    area = Box(label.x0 - 0.04, label.y0 - 0.07, min(label.x1 + 0.20, place.area.x1), label.y1 + 0.10)
    known = [line.box for line in page.reading.lines] + [ruling.box for ruling in page.reading.rulings]
    loose = loose_ink(page.reading.ink, area, known)
    return not page.reading.halftone or loose is None or loose > _NO_SEAL


def _look_for_signature(flow: Flow, party: Party, place: Place | None, findings: Findings) -> None:
    if place is None:
        # where the label was lost, a fingerprint still can only be a person's
        prints = [
            (page, mark) for page in list(flow.pages.values())[-2:] for mark in page.reading.marks
            if mark.shape is MarkShape.FINGERPRINT
        ]
        for page, mark in prints[:1]:
            findings.marks.append(Mark(
                kind="fingerprint", party=party.name, page=page.index, box=mark.box, confidence=0.6,
            ))
        if not prints:
            findings.unsure.append(("signature", party.name))
        return
    page = flow.pages[place.page]
    slot = _slot(page, place)
    for mark in page.reading.marks:
        if mark.shape is MarkShape.ROUND_SEAL or not _signs(mark.box, place.label, slot):
            continue
        if mark.shape is MarkShape.HANDWRITING and _is_print(page, place, mark.box):
            continue
        kind: Literal["seal", "signature", "fingerprint"] = (
            "fingerprint" if mark.shape is MarkShape.FINGERPRINT
            else "seal" if mark.shape is MarkShape.PERSONAL_SEAL else "signature"
        )
        findings.marks.append(Mark(
            kind=kind, party=party.name, page=page.index, box=mark.box, confidence=mark.confidence,
            personal=kind == "seal", text=mark.text,
        ))
    line = _signature_line(page, place, slot)
    if line is not None:
        findings.marks.append(Mark(
            kind="signature", party=party.name, page=page.index, box=line.box, confidence=line.confidence,
            text=line.text,
        ))
    if not any(mark.party == party.name for mark in findings.marks):
        # a fingerprint pressed under the date is still a person's
        findings.marks += [
            Mark(kind="fingerprint", party=party.name, page=page.index, box=mark.box, confidence=0.6)
            for mark in page.reading.marks
            if mark.shape is MarkShape.FINGERPRINT and _within(mark.box, place.area)
        ]
    if any(mark.party == party.name for mark in findings.marks):
        return
    blank = _blank_behind(page, place, slot)
    written = written_in(page.reading.ink, blank) if blank.width > 0.03 else None
    chops = [
        mark for mark in page.reading.marks
        if mark.shape is MarkShape.PERSONAL_SEAL and _within(mark.box, place.area)
    ]
    if chops or (written is not True and _bears_ink(page, place, slot)):
        findings.unsure.append(("signature", party.name))
    elif written is False:
        findings.missing.append(("signature", party.name))
    elif written:
        findings.marks.append(Mark(kind="signature", party=party.name, page=page.index, box=blank, confidence=0.6))
    elif page.reading.ink is None and blank.width > 0.03:
        findings.missing.append(("signature", party.name))
    else:
        findings.unsure.append(("signature", party.name))


def _bears_ink(page: Page, place: Place, slot: Box) -> bool:
    """Whether ink that is no text, ruling or other mark lies in the slot, behind or under the label, or close by.

    It may be a fingerprint too pale or too full to be told, or grey on a copy; or a name beside its line.
    """
    label = place.label
    right = min(label.x1 + 0.25, place.area.x1)
    top, bottom = min(slot.y0, label.y0 - 0.8 * label.height), max(slot.y1, label.y1 + 0.8 * label.height)
    area = Box(label.x1 + 0.004, max(place.area.y0, top), right, min(place.area.y1, bottom))
    if area.width <= 0:
        return False
    reading = page.reading
    cell = 1 / max(reading.ink.rows, reading.ink.cols) if reading.ink else 0.0
    marks = [mark.box for mark in reading.marks if mark.shape is not MarkShape.HANDWRITING]
    # a seal's ink spills over the box it was found in
    taken = [Box(b.x0 - 3 * cell, b.y0 - 3 * cell, b.x1 + 3 * cell, b.y1 + 3 * cell) for b in marks]
    red = loose_ink(reading.ink, area, taken, "red")
    known = [line.box for line in reading.lines] + [ruling.box for ruling in reading.rulings]
    dark = loose_ink(reading.ink, area, [*known, *taken])
    under = loose_ink(reading.ink, Box(slot.x0, label.y1, slot.x1, slot.y1), [*known, *taken])
    return max(red or 0.0, dark or 0.0, under or 0.0) > _FINGER


def _is_print(page: Page, place: Place, mark: Box) -> bool:
    """Whether what looks like handwriting is print of the form: the label itself, or another line."""
    printed = [place.label] + [
        line.box for line in page.reading.lines
        if line.box.overlap(place.label) <= 0 and _is_form(line.text) and line.confidence >= _PRINT
    ]
    size = max(mark.width * mark.height, 1e-9)
    return any(mark.overlap(box) >= 0.6 * size for box in printed)


def _blank_behind(page: Page, place: Place, slot: Box) -> Box:
    """The stretch behind the label, from half a line above it unless the row above reaches so far down."""
    label = place.label
    right = min(label.x1 + 0.2, slot.x1)
    above = [
        line.box.y1 for line in page.reading.lines
        if line.box.centre[1] < label.y0 and line.box.x1 > label.x1 and line.box.x0 < right
    ]
    top = max([label.y0 - 0.5 * label.height, *(y + 0.1 * label.height for y in above)])
    return Box(label.x1 + 0.006, min(top, label.y0 + 0.3 * label.height), right, label.y1 + 0.1 * label.height)


def _slot(page: Page, place: Place) -> Box:
    """Where the name may be written: right of the label, a little above and below it, and under it
    as far as no other text of the form begins."""
    label = place.label
    bottom = min(place.area.y1, label.y1 + _SIGN_REACH * label.height)
    top = max(place.area.y0, label.y0 - 1.6 * label.height)
    for line in page.reading.lines:
        if min(line.box.x1, place.area.x1) - max(line.box.x0, label.x0) <= 0 or not _is_form(line.text):
            continue
        middle = line.box.centre[1]
        if label.y1 < middle < bottom:
            bottom = max(label.y1, line.box.y0)
        elif top < middle < label.y0 and line.box.y1 < label.y1 - 0.5 * label.height:
            top = min(label.y0, line.box.y1)
    return Box(label.x0 - 0.01, top, place.area.x1, bottom)


def _signs(box: Box, label: Box, slot: Box) -> bool:
    """Whether something stands where the name goes: behind the label, or anywhere under it."""
    x, y = box.centre
    return _within(box, slot) and (y > label.y1 or x >= label.x0 + 0.3 * label.width)


def _is_form(text: str) -> bool:
    squeezed = "".join(plain(text).split())
    return bool(_OTHER_LABEL.search(squeezed)) or bool(find_dates(squeezed)) or len(squeezed) > 12


def _signature_line(page: Page, place: Place, slot: Box) -> Line | None:
    """A line in the slot that is neither a label nor a date; or the part of the label's own line that
    stands behind it."""
    for line in page.reading.lines:
        y = line.box.centre[1]
        if not slot.y0 <= y <= slot.y1 or line.vertical:
            continue
        text = plain(line.text)
        if line.box.x0 < place.label.x1 - 0.005 and line.box.overlap(place.label) > 0:
            text = _behind(line, place.label.x1)
        elif not _signs(line.box, place.label, slot) or re.search(r"\d{3}|元", "".join(text.split())):
            continue
        elif y < place.label.y0 and line.box.x0 < place.label.x0 + 0.4 * place.label.width:
            continue  # a row of the form above the label, not a name that rises over its line
        for date in reversed(find_dates(text)):
            text = text[: date.start] + text[date.end :]
        text = re.sub(r"[年月日\s\d_.:;,\-~()/|'\"`]", "", text)
        if text and not _OTHER_LABEL.search(text) and len(text) <= 12 and re.search(r"[㐀-鿿A-Za-z]", text):
            return line
    return None


def _behind(line: Line, x: float) -> str:
    """The text of a line from x on, up to the next label in it."""
    one = piece(line)
    text = one.text[one.index_at(x) :]
    other = _OTHER_LABEL.search(text)
    return text[: other.start()] if other else text
