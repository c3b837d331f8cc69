"""Who sealed and signed: the marks that stand in the places of the sign block."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from archive_verify.documents.sign_places import Party, Place, sign_places
from archive_verify.layout import Flow, find_grids, ink_in, loose_ink, piece, written_in
from archive_verify.model import Box, Line, Mark, MarkShape, Page, PageMark
from archive_verify.values import find_dates, plain

_OTHER_LABEL = re.compile(
    r"法定代表人|委托代理人|代理人|负责人|代表|甲方|乙方|丙方|用人单位|劳动者|单位|盖章|签字|签名|签章|公章|日期|"
        r"时间|电话|年.{0,4}月|"
    r"经办|证明|鉴证|审核|第.{1,3}页|共.{1,3}页|身份证|住址|地址|附件|说明|注[:：]"
)
_HAND = re.compile(r"(?:代表|代理|经办|负责|承办)人?(?:\(?签[字名章]\)?)?:?$|签[字名]\)?:?$")
_PRINTED = re.compile(r"手\s*印|捺\s*印|指\s*印|按\s*印|指\s*纹")
_EDGE = 0.03
# a line read with less certainty may hold handwriting beside its print
_PRINT = 0.90
# how far below its label a name may be signed, in heights of the label, where no other text comes first
_SIGN_REACH = 4.5
# page widths: what a seal's line spills over its box, and where a name of two characters begins and ends
_RIM, _NAME = 0.008, 0.05
# inked cells that even a pale or small fingerprint comes to; a speck is 1 or 2
_FINGER = 6.0
# share of red ink about a label from which a seal may have been pressed; a row of a form is twice as large
_FAINT = 0.006
# confidence of a mark under which it may be a stain
_FAINT_MARK = 0.5
# inked cells of no text that specks and strokes beside the label may come to
_NO_SEAL = 4.0


@dataclass(slots=True)
class Findings:
    """Marks found, places found empty, and places of which the copy cannot tell."""

    marks: list[Mark] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    unsure: list[tuple[str, str]] = field(default_factory=list)


def find_parties(flow: Flow, parties: Sequence[Party]) -> Findings:
    """Look for each party's mark at its place in the sign block, the last one of the document."""
    places = sign_places(flow, parties)
    findings = Findings()
    for party in parties:
        if party.wants == "seal":
            _look_for_seal(flow, party, places, findings)
        else:
            _look_for_signature(flow, party, places.get(party), findings)
    return findings


def _distance(place: Place, mark: Box) -> float:
    """From a mark to the place's label and the blank right of it, or to its row."""
    x, y = mark.centre
    if place.row:
        return max(place.area.y0 - y, y - place.area.y1, 0.0)
    end = min(place.label.x1 + 0.22, place.area.x1)
    dx = max(place.label.x0 - x, x - end, 0.0)
    dy = max(place.label.y0 - y, y - place.label.y1, 0.0)
    return math.hypot(dx, dy)


def _nearer(mark: Box, place: Place, rival: Place) -> bool:
    """Whether a mark is a place's rather than its rival's; outside of a rival's row it never is the rival's."""
    if rival.row and not place.row:
        return _distance(rival, mark) > 0
    return _distance(place, mark) <= _distance(rival, mark)


def _look_for_seal(flow: Flow, party: Party, places: dict[Party, Place], findings: Findings) -> None:
    place = places.get(party)
    pages = [flow.pages[place.page]] if place else list(flow.pages.values())[-1:]
    seals = [mark for page in pages for mark in page.reading.marks if _is_unit_seal(mark)]
    rivals = [
        other for one, other in places.items()
        if place and other.page == place.page and one.name != party.name and one.name in _SEALING
    ]
    own = [
        mark for mark in seals
        if place is None
        or all(_nearer(mark.box, place, other) for other in rivals)
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
        return
    findings.missing.append(("seal", party.name))
    if not page.reading.colour and not page.reading.halftone:
        # the place is empty; whether this scanner turns red seals to white its other pages tell
        findings.unsure.append(("seal", party.name))


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
    area = place.area if place.row else Box(
        max(0.0, label.x0 - 0.02), max(0.0, label.y0 - 0.08), min(label.x1 + 0.25, place.area.x1),
        min(1.0, label.y1 + 0.10),
    )
    red = ink_in(page.reading.ink, area, "red")
    if red is None:
        return False
    size = max(area.width * area.height, 1e-6)
    for box in known:
        share = area.overlap(box) / size
        red -= share * (ink_in(page.reading.ink, box, "red") or 0.0)
    return red > (_FAINT / 2 if place.row else _FAINT)


def _may_hide_seal(page: Page, place: Place) -> bool:
    """Whether ink that is neither text nor ruling stands about the label on a copy without colour."""
    label = place.label
    area = Box(label.x0 - 0.04, label.y0 - 0.07, min(label.x1 + 0.35, place.area.x1), label.y1 + 0.10)
    known = [line.box for line in page.reading.lines] + [ruling.box for ruling in page.reading.rulings]
    known += [mark.box for mark in page.reading.marks if _signs_elsewhere(page, place, mark)]
    if place.row:
        # the signature in the same row is ink too
        area = place.area
        known += [mark.box for mark in page.reading.marks if mark.shape is not MarkShape.ROUND_SEAL]
    loose = loose_ink(page.reading.ink, area, known)
    return loose is None or loose > _NO_SEAL


def _signs_elsewhere(page: Page, place: Place, mark: PageMark) -> bool:
    """Whether handwriting stands behind another label that asks for a person's hand: 代表人, 经办人."""
    if mark.shape is not MarkShape.HANDWRITING:
        return False
    return any(
        _HAND.search("".join(plain(line.text).split())) and line.box.overlap(place.label) <= 0
        and -0.02 <= mark.box.x0 - line.box.x1 <= 0.06 and line.box.y0 < mark.box.centre[1] < line.box.y1
        for line in page.reading.lines
    )


def _look_for_signature(flow: Flow, party: Party, place: Place | None, findings: Findings) -> None:
    if place is None:
        # where the label was lost, a fingerprint still can only be a person's
        prints = [
            (page, mark) for page in list(flow.pages.values())[-2:] for mark in page.reading.marks
            if mark.shape is MarkShape.FINGERPRINT and mark.confidence >= _FAINT_MARK
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
    faint = [mark for mark in page.reading.marks if mark.confidence < _FAINT_MARK and _within(mark.box, place.area)]
    for mark in page.reading.marks:
        if mark.shape is MarkShape.ROUND_SEAL or mark in faint or not _signs(mark.box, place.label, slot):
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
    if not _signed(party, findings):
        # a fingerprint pressed under the date is still a person's
        findings.marks += [
            Mark(kind="fingerprint", party=party.name, page=page.index, box=mark.box, confidence=0.6)
            for mark in page.reading.marks
            if mark.shape is MarkShape.FINGERPRINT and mark not in faint and _within(mark.box, place.area)
        ]
    if _signed(party, findings):
        return
    blank = _before_seal(page, _blank_behind(page, place, slot))
    written = written_in(page.reading.ink, blank) if blank.width > 0.03 else None
    chops = [
        mark for mark in page.reading.marks
        if mark.shape is MarkShape.PERSONAL_SEAL and _within(mark.box, place.area)
    ]
    empty = findings.unsure if place.nameless else findings.missing
    faded = written is not True and _may_hide_print(page, place)
    if chops or faint or faded or (written is not True and _bears_ink(page, place, slot)):
        findings.unsure.append(("signature", party.name))
    elif written is False:
        empty.append(("signature", party.name))
    elif written:
        findings.marks.append(Mark(kind="signature", party=party.name, page=page.index, box=blank, confidence=0.6))
    elif page.reading.ink is None and blank.width > 0.03:
        empty.append(("signature", party.name))
    else:
        findings.unsure.append(("signature", party.name))


def _may_hide_print(page: Page, place: Place) -> bool:
    """Whether a fingerprint is asked for on a 1-bit copy, which turns pale red to white.

    Pen ink outlasts any copy: where the label asks for a name alone, an empty place is empty.
    """
    reading = page.reading
    if reading.colour or reading.halftone or reading.text_source != "ocr":
        return False
    near = Box(place.label.x0, place.label.y0, min(place.label.x1 + 0.2, place.area.x1), place.label.y1)
    return any(_PRINTED.search(line.text) for line in reading.lines if line.box.overlap(near) > 0)


def _signed(party: Party, findings: Findings) -> bool:
    """Whether the party's own mark was found: the unit seal of the same party signs nothing."""
    return any(
        mark.party == party.name and (mark.kind != "seal" or mark.personal) for mark in findings.marks
    )


def _bears_ink(page: Page, place: Place, slot: Box) -> bool:
    """Whether ink that is no text, ruling or other mark lies in the slot, behind or under the label, or close by.

    It may be a fingerprint too pale or too full to be told, or grey on a copy; or a name beside its line.
    """
    label = place.label
    right = min(max(label.x1 + 0.25, _cell_end(page, label)), place.area.x1)
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


def _cell_end(page: Page, label: Box) -> float:
    """Where the cell beside the label's ends, in a ruled form: a print is pressed anywhere in it."""
    x, y = label.centre
    for grid in find_grids(page.reading.rulings):
        cell = grid.cell_at(x, y)
        beside = grid.cell_at(cell.box.x1 + 0.005, y) if cell is not None else None
        if beside is not None:
            return beside.box.x1 - 0.005
    return 0.0


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


def _before_seal(page: Page, blank: Box) -> Box:
    """The stretch up to a seal in black, whose ink is nobody's signature; none where a name has no room before it."""
    begins = [
        mark.box.x0 for mark in page.reading.marks
        if mark.shape is MarkShape.ROUND_SEAL and mark.colour == "black" and mark.box.overlap(blank) > 0
    ]
    if not begins:
        return blank
    end = min(begins) - _RIM
    return blank._replace(x1=end if end - blank.x0 >= _NAME else blank.x0)


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
        if not slot.y0 <= y <= slot.y1 or line.vertical or _is_ring_text(page, place, line):
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


def _is_ring_text(page: Page, place: Place, line: Line) -> bool:
    """Whether a line, taller than any name or of one letter, is read out of the ring of a seal."""
    odd = line.box.height > 2.2 * place.label.height or len("".join(line.text.split())) == 1
    return odd and any(
        mark.shape is MarkShape.ROUND_SEAL and _within(line.box, mark.box)
        for mark in page.reading.marks
    )


def _behind(line: Line, x: float) -> str:
    """The text of a line from x on, up to the next label in it."""
    one = piece(line)
    text = one.text[one.index_at(x) :]
    other = _OTHER_LABEL.search(text)
    return text[: other.start()] if other else text
