"""Pages of the binder -> groups that are one and the same sheet scanned twice.

Forms of one kind share nearly all of their print, so likeness alone proves nothing. Two pages are
the same sheet only if no confident text differs, all ink lies at the same place (a signature or a
seal is never set twice alike), and something on them is individual: a person's number, a seal or
handwriting that coincide, or text that is no form's boilerplate. In doubt they are two sheets.
The same words by two hands lie alike in the readings' coarse ink: where the pages' images can be had,
they decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive_verify.coarse_ink import CoarseInk, compare_ink, moved
from archive_verify.model import Box, Line, MarkShape, Page, PageMark, PageReading
from archive_verify.registration import Likeness, Matrix

_NUMBER = re.compile(r"[第共/\-—_.·\s]*\d{1,4}[页張张/\-—_.·\s]*(共?\d{1,4}页?)?")
_PERSONAL = re.compile(r"\d{17}[\dX]|\d{10}|(?:准?考证?|学|证书?)(?:编?号)[A-Z\d]{6}")
# Papers of which a binder holds one per person with the same print, filled or not.
_TEMPLATE = re.compile(
    r"甲方|乙方|合同|协议|用人单位|劳动者|兹证明|试卷|试题|选择题|判断题|简答|答题|得分|准考证|调查表|注意事项|填写说明"
)
_DATED = re.compile(r"(?:19|20)\d\d\s*[.\-/]\s*\d|\d\s*[年月日/]|[年月]\s*\d|星期|第.{1,3}天")
_SHAPES = {MarkShape.ROUND_SEAL, MarkShape.PERSONAL_SEAL, MarkShape.FINGERPRINT}
_SIGNED = re.compile(r"签(?!发)|章|捺|手印|领取|领款|收款人|经办|负责人|审核|制表|甲方|乙方")
_COMMON = 80            # a text on more pages than this tells nothing about likeness
_LEAST_SHARED = 0.4     # of the texts: below it a closer look is not worth while
_LEAST_AGREED = 0.72
_LEAST_AGREED_SEEN = 0.5    # where the images decide
_LEAST_PARTS = 60           # a few lines of print
# Parts that dirt, holes and folds make unlike on two scans of one sheet; another name of two characters
# makes 20 and more.
_MOST_UNLIKE, _UNLIKE_SHARE = 10, 0.0015
_UNLIKE_LIMIT = 18
# How far the archive's number of a page may be from its place in the scan; numbers of a form's own pages are small.
_LEAST_ARCHIVE_NUMBER, _SLIPPED, _SLIPPED_SHARE = 10, 3, 0.1
_AT_ONCE = 8            # pages of one form that are paired with as many others before the next ones


@dataclass(frozen=True)
class _Sheet:
    page: Page
    index: int
    reading: PageReading
    lines: tuple[tuple[str, Line], ...]     # normalised text, without the archive number

    @cached_property
    def unique(self) -> dict[str, Line]:
        """The lines whose text stands once on the page."""
        counts = Counter(text for text, _ in self.lines)
        return {text: line for text, line in self.lines if counts[text] == 1 and len(text) > 1}

    @cached_property
    def ink(self) -> CoarseInk:
        """Where its ink lies."""
        return CoarseInk(self.reading)


# Lays the images of two pages over one another, given a rough map between their page fractions.
Look = Callable[[Page, Page, Matrix], Likeness | None]


@dataclass(frozen=True)
class _Pair:
    """Two sheets whose print lies alike: `course` maps page fractions of one to those of the other."""

    one: _Sheet
    other: _Sheet
    course: Matrix
    texts: Sequence[str]                    # that agree

    @cached_property
    def ink(self) -> tuple[bool, int]:
        """See compare_ink."""
        return compare_ink(self.one.ink, self.other.ink, self.course, pictures=_has_pictures_only(self.texts))


def find_repeats(pages: Sequence[Page], look: Look | None = None) -> tuple[tuple[int, ...], ...]:
    """Groups of page indexes (1-based, ascending) that show the same sheet; page numbers may differ.

    With `look` the images decide on pages that may be the same.
    """
    sheets = [
        _Sheet(page, page.index, page.reading, _own_lines(page.reading))
        for page in pages
        if not page.reading.flags & {"blank", "failed", "illegible"}
    ]
    groups = _Groups(sheet.index for sheet in sheets)
    likely = [
        pair for one, other in _candidates(sheets)
        if (pair := _paired(one, other, seen=look is not None)) is not None and _may_be_same(pair)
    ]
    for pair in _by_neighbourhood(likely):
        one, other = pair.one.index, pair.other.index
        if groups.leader(one) != groups.leader(other) and _is_same(pair, look):
            groups.join(one, other)
    return groups.of_several()


class _Groups:
    """Numbers that are joined to groups."""

    def __init__(self, numbers: Iterable[int]) -> None:
        self._above = {number: number for number in numbers}

    def leader(self, number: int) -> int:
        """The least number of its group."""
        while self._above[number] != number:
            number = self._above[number]
        return number

    def join(self, one: int, other: int) -> None:
        """Make their groups one."""
        low, high = sorted((self.leader(one), self.leader(other)))
        self._above[high] = low

    def of_several(self) -> tuple[tuple[int, ...], ...]:
        """The groups of more than one number, each ascending."""
        members: dict[int, list[int]] = defaultdict(list)
        for number in self._above:
            members[self.leader(number)].append(number)
        return tuple(tuple(sorted(group)) for group in members.values() if len(group) > 1)


def _by_neighbourhood(pairs: Sequence[_Pair]) -> list[_Pair]:
    """The pairs in an order in which few pages come up between two turns of one page.

    Whoever looks at their images keeps those of a few pages. Among the many pages of one form, a few are paired
    with a few others before the next ones come.
    """
    forms = _Groups(sheet.index for pair in pairs for sheet in (pair.one, pair.other))
    for pair in pairs:
        forms.join(pair.one.index, pair.other.index)
    places = {index: place for form in forms.of_several() for place, index in enumerate(form)}

    def key(pair: _Pair) -> tuple[int, ...]:
        one, other = pair.one.index, pair.other.index
        return forms.leader(one), places[one] // _AT_ONCE, places[other] // _AT_ONCE, one, other

    return sorted(pairs, key=key)


def _own_lines(reading: PageReading) -> tuple[tuple[str, Line], ...]:
    kept = []
    for line in reading.lines:
        text = _plain(line.text)
        at_edge = line.box.y1 < 0.12 or line.box.y0 > 0.9
        if text and not (at_edge and _NUMBER.fullmatch(text)):
            kept.append((text, line))
    return tuple(kept)


def _plain(text: str) -> str:
    return re.sub(r"[\s,，.。:：;；、_\-—]+", "", unicodedata.normalize("NFKC", text)).upper()


def _candidates(sheets: Sequence[_Sheet]) -> Iterable[tuple[_Sheet, _Sheet]]:
    holders: dict[str, list[int]] = defaultdict(list)
    told = [{text for text, _ in sheet.lines if len(text) > 1} for sheet in sheets]
    for number, texts in enumerate(told):
        for text in texts:
            holders[text].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in holders.values():
        if len(numbers) <= _COMMON:
            shared.update(combinations(numbers, 2))
    for (a, b), count in shared.items():
        if count >= max(3, _LEAST_SHARED * min(len(told[a]), len(told[b]))):
            yield sheets[a], sheets[b]


def _paired(one: _Sheet, other: _Sheet, seen: bool) -> _Pair | None:
    """The sheets as a pair, unless their print lies otherwise or says otherwise."""
    course = _alignment(one, other)
    texts = None if course is None else _compare_lines(one, other, course, seen=seen)
    return None if course is None or texts is None else _Pair(one, other, course, texts)


def _may_be_same(pair: _Pair) -> bool:
    """Whether no seal speaks against it, and something individual on them coincides."""
    marks = _compare_marks(pair.one.reading, pair.other.reading, pair.course)
    # ink comes last: in a large binder thousands of pairs come this far
    return marks is not None and bool(
        marks or _is_individual(pair.texts) or _archive_numbers(pair.one) & _archive_numbers(pair.other) or pair.ink[1]
    )


def _is_same(pair: _Pair, look: Look | None) -> bool:
    """What the images say, or where they cannot be had the coarse ink."""
    likeness = look(pair.one.page, pair.other.page, pair.course) if look else None
    return pair.ink[0] if likeness is None else _is_alike(likeness)


def _is_alike(likeness: Likeness) -> bool:
    most = min(_UNLIKE_LIMIT, _MOST_UNLIKE + _UNLIKE_SHARE * likeness.parts)
    return likeness.parts >= _LEAST_PARTS and likeness.unlike <= most


# --- alignment ----------------------------------------------------------------------------------


def _alignment(one: _Sheet, other: _Sheet) -> Matrix | None:
    """The 2x3 affine map from the page fractions of `one` to those of `other`, or None."""
    mine, theirs = one.unique, other.unique
    both = [text for text in mine if text in theirs]
    if len(both) < 3:
        return None
    a = np.array([mine[text].box.centre for text in both])
    b = np.array([theirs[text].box.centre for text in both])
    keep = np.ones(len(both), dtype=bool)
    fitted = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    for _ in range(3):
        if keep.sum() < 3:
            return None
        fitted = _fit(a[keep], b[keep])
        off = np.abs(a @ fitted[:, :2].T + fitted[:, 2] - b).max(axis=1)
        keep = off <= max(0.004, 2.5 * float(np.median(off[keep])))
    if keep.sum() < max(3, 0.6 * len(both)) or float(np.median(off[keep])) > 0.006:
        return None
    scale = np.linalg.det(fitted[:, :2])
    return fitted if 0.85 < scale < 1.18 else None


def _fit(a: NDArray[Any], b: NDArray[Any]) -> Matrix:
    """Least squares: an affine map where the points are spread over the page, else a shift."""
    spread = np.ptp(a, axis=0)
    if len(a) >= 6 and spread.min() > 0.25:
        rows = np.column_stack([a, np.ones(len(a))])
        return np.asarray(np.linalg.lstsq(rows, b, rcond=None)[0].T, dtype=np.float64)
    shift = np.median(b - a, axis=0)
    return np.array([[1.0, 0.0, shift[0]], [0.0, 1.0, shift[1]]])


# --- text ---------------------------------------------------------------------------------------


def _compare_lines(
    one: _Sheet, other: _Sheet, course: Matrix, seen: bool
) -> list[str] | None:
    """The texts that agree, or None where confident text differs or, unless the images are `seen`
    too, much was read on one page only.
    """
    agreed: list[str] = []
    judged = absent = slips = 0
    soft = [mark.box for mark in one.reading.marks]
    for text, line in one.lines:
        if line.confidence < 0.8:
            continue
        box = moved(line.box, course)
        # nearly all lines lie above or below: that is told without a call
        there = [
            (t, ln) for t, ln in other.lines
            if ln.box[1] < box[3] and ln.box[3] > box[1] and _covers(ln.box, box)
        ]
        judged += 1
        if not there:
            absent += line.confidence >= 0.9 and len(text) > 1 and not _under(line.box, soft)
            continue
        joined = "".join(t for t, _ in there)
        if text == joined or text in joined or joined in text:
            agreed.append(min(text, joined, key=len))
            continue
        sureness = min(line.confidence, *(ln.confidence for _, ln in there))
        if sureness >= 0.9 and not _under(line.box, soft):
            dated = any(_is_dated(ln) for ln in (line, *(ln for _, ln in there)))
            if _conflict(text, joined, dated) and sureness >= 0.96:
                return None
            slips += 1
    if judged < 3 or len(agreed) < (_LEAST_AGREED_SEEN if seen else _LEAST_AGREED) * judged:
        return None
    if seen:
        return agreed
    return None if absent > 1 + 0.08 * judged or slips > 1 + 0.04 * judged else agreed


def _covers(candidate: Box, box: Box) -> bool:
    least = min(candidate.width * candidate.height, box.width * box.height)
    return candidate.overlap(box) > 0.5 * least > 0


def _under(box: Box, soft: Sequence[Box]) -> bool:
    return any(box.overlap(mark) > 0.15 * box.width * box.height for mark in soft)


def _is_dated(line: Line) -> bool:
    return _DATED.search(unicodedata.normalize("NFKC", line.text)) is not None


def _conflict(text: str, other: str, dated: bool) -> bool:
    """Whether they state different facts; one misread character makes none, save in a date."""
    digits, others = re.sub(r"\D", "", text), re.sub(r"\D", "", other)
    if digits != others:
        return dated or _distance(digits, others) > 1
    return _distance(text, other) > 1 and len(text) > 1


def _distance(a: str, b: str) -> int:
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i]
        for j, y in enumerate(b, 1):
            current.append(min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (x != y)))
        previous = current
    return previous[-1]


def _is_individual(texts: Sequence[str]) -> bool:
    """Whether the agreeing text cannot be a form's print that many sheets share."""
    whole = "".join(texts)
    if any(_PERSONAL.search(text) for text in texts):
        return True
    digits = sum(c.isdigit() for c in whole)
    if _TEMPLATE.search(whole):
        return digits >= 60
    return len(texts) >= 4 and (len(whole) >= 60 or digits >= 8)


def _archive_numbers(sheet: _Sheet) -> set[int]:
    """What may be the archive's own number of the page: set once by hand or stamp, it stands on no other sheet."""
    read = [corner.text for corner in sheet.reading.corners if corner.confidence >= 0.9]
    numbers = {int(re.sub(r"\D", "", text)) for text in read if re.fullmatch(r"第?0*\d{1,4}页?", text)}
    near = _SLIPPED + _SLIPPED_SHARE * sheet.index
    return {one for one in numbers if one >= _LEAST_ARCHIVE_NUMBER and abs(one - sheet.index) <= near}


# --- marks and ink ------------------------------------------------------------------------------


def _compare_marks(one: PageReading, other: PageReading, course: Matrix) -> int | None:
    """How many seals and fingerprints coincide, or None where one stands elsewhere or is lacking."""
    mine, theirs = _stamps(one), _stamps(other)
    if not (one.colour and other.colour) and len(mine) != len(theirs):
        # A grey copy may not show a seal; only what both show can be compared.
        return 0
    placed = [mark.model_copy(update={"box": moved(mark.box, course)}) for mark in mine]
    for first, second in ((placed, theirs), (theirs, placed)):
        for mark in first:
            # Small red marks are easily missed beside a unit seal; a unit seal in full ink is not.
            sure = mark.shape is MarkShape.ROUND_SEAL and mark.confidence >= 0.9
            elsewhere = any(other.shape is mark.shape for other in second)
            if (sure or elsewhere) and not any(_coincide(mark, other) for other in second):
                return None
    return sum(any(_coincide(mark, other) for other in theirs) for mark in placed)


def _stamps(reading: PageReading) -> list[PageMark]:
    return [mark for mark in reading.marks if mark.shape in _SHAPES]


def _coincide(one: PageMark, other: PageMark) -> bool:
    """Within 3 mm; the outline of a worn seal is vaguer."""
    (ax, ay), (bx, by) = one.box.centre, other.box.centre
    slack = 1.0 if min(one.confidence, other.confidence) >= 0.9 else 1.5
    return abs(ax - bx) < 0.014 * slack and abs(ay - by) < 0.01 * slack


def _has_pictures_only(texts: Sequence[str]) -> bool:
    """Whether a person's paper has no place to sign: what is no text on it are photos and emblems."""
    return any(_PERSONAL.search(text) for text in texts) and not any(_SIGNED.search(text) for text in texts)
