"""Pages to types: each page's title, words and layout, then the likeliest sequence through the binder."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive_verify.documents import DOCUMENT_TYPES
from archive_verify.documents.look import Look, TitleCandidate, archive_totals, look_at
from archive_verify.documents.titles import clean, title_shares
from archive_verify.model import DocType, Page, PageClass

TYPES: tuple[DocType, ...] = tuple(kind for kind in DocType if kind is not DocType.BLANK)
_PLACE = {kind: place for place, kind in enumerate(TYPES)}

# Weights in natural-log units, set by hand on generated binders and on a table of titles.
TITLE_WEIGHT = 9.0            # of a title of full prominence
TITLE_FLOOR = 1.5             # less than this and a line is no title of the type
FAINT_TITLE = 0.33            # prominence below which a line is no title
CUE_WEIGHT = 0.85             # of one unit of cue weight
MOST_FROM_CUES = 12.0
START_WITHOUT_TITLE = -3.4    # a page without a title rather goes on than begins
ENOUGH_WORDS = 2.0            # for a type that needs no title
CONTINUE_WITH_TITLE = -3.2    # a page with a title of the same type rather begins anew
CONTINUE_OTHER = -0.2
FEW_LINES = 8                 # the rest of a text that did not fit on the page before
SPARSE = 1.5
RUNNING_PAGE = 4.0            # "第2页 共4页" goes on, "第1页" begins
ANNEXED = 8.0                 # "附件：学员名单" behind an agreement
OTHER_PRIOR = 1.0             # an unknown paper without any words of the types is other
COUNTS_ON = 3.0               # row 26 follows row 25, article 12 follows article 11
UNSEEN = 0.5                  # confidence in the type of a page of which nothing was read
TURNED = -1.5                 # an upright sheet behind one that lies, or the other way

# Types whose pages carry no title, or whose every page is a paper of its own.
UNTITLED = frozenset({
    DocType.ID_CARD_COPY, DocType.BUSINESS_LICENCE, DocType.CERTIFICATE_COPY, DocType.VIDEO_RECORD, DocType.COVER,
})
ONE_PAGE = frozenset({
    DocType.BUSINESS_LICENCE, DocType.CERTIFICATE_COPY, DocType.COVER, DocType.TRUTHFULNESS_COMMITMENT,
    DocType.FLEXIBLE_CERTIFICATE,
})

# Agreements whose list of persons is annexed under a title of its own.
WITH_ANNEX = frozenset({DocType.ORDER_AGREEMENT})
# The list of an order's trainees is called so with or without 附件; right behind the agreement it is its annex.
_ANNEX_HEAD = re.compile(r"附(件|表)")
_ANNEX = re.compile(r"^附|(名单|花名册|名册)$")

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One page's log-scores by type: from its words, from its title, and as the first page of a document."""

    words: Scores
    title: Scores
    start: Scores
    title_of: dict[DocType, TitleCandidate]
    look: Look
    unread: bool


def classify(pages: Sequence[Page]) -> tuple[PageClass, ...]:
    """Type, confidence and title of every page, in the order of `pages`.

    Blank pages are `blank` and do not interrupt a document. Confidence is the probability of the
    type under the model of the whole sequence.
    """
    written = [page for page in pages if not _is_blank(page)]
    archives = archive_totals([page.reading for page in written])
    evidence = [_weigh(look_at(page.reading, archives), _not_read(page)) for page in written]
    path, certainty = _best_sequence(evidence)
    found: dict[int, PageClass] = {}
    for page, item, (kind, starts), sure in zip(written, evidence, path, certainty, strict=True):
        title = item.title_of.get(kind)
        found[page.index] = PageClass(
            index=page.index, doc_type=kind, confidence=round(sure if item.look.lines else sure * UNSEEN, 4),
            starts=starts,
            title=title.text if title else "", title_box=title.box if title else None,
        )
    return tuple(
        found.get(page.index) or PageClass(index=page.index, doc_type=DocType.BLANK, confidence=1.0, starts=False)
        for page in pages
    )


def _not_read(page: Page) -> bool:
    """Whether nothing, or nothing that can be relied on, was read of a page."""
    return not page.reading.lines or bool(page.reading.flags & {"illegible", "failed"})


def _is_blank(page: Page) -> bool:
    return "blank" in page.reading.flags


def _weigh(look: Look, unread: bool) -> Evidence:
    words = np.zeros(len(TYPES))
    for kind, place in _PLACE.items():
        words[place] = _cue_score(kind, look)
    words += _layout_score(look)
    if look.lines:
        words[_PLACE[DocType.OTHER]] += OTHER_PRIOR
    title = np.zeros(len(TYPES))
    title_of: dict[DocType, TitleCandidate] = {}
    for candidate in look.titles:
        if candidate.prominence < FAINT_TITLE:
            continue
        shares, strength = title_shares(candidate.text)
        if not shares:
            shares, strength = _own_titles(candidate.text), 1.0
        for kind, share in shares.items():
            if kind not in _PLACE:
                continue
            score = TITLE_WEIGHT * candidate.prominence * strength * share
            if score > max(TITLE_FLOOR, title[_PLACE[kind]]):
                title[_PLACE[kind]] = score
                title_of[kind] = candidate
    start = words + title
    for kind, place in _PLACE.items():
        if kind not in title_of and (kind not in UNTITLED or words[place] < ENOUGH_WORDS):
            start[place] += START_WITHOUT_TITLE
    if look.page_of and look.page_of[0] == 1:
        start += RUNNING_PAGE
    elif look.page_of:
        for kind in title_of:           # a running title; without one the page may be bound out of place
            start[_PLACE[kind]] -= RUNNING_PAGE
    if look.continued:
        start -= RUNNING_PAGE
    return Evidence(words=words, title=title, start=start, title_of=title_of, look=look, unread=unread)


def _own_titles(text: str) -> dict[DocType, float]:
    """What the types' own titles say of a line that the common table does not know."""
    title = clean(text)
    return {kind: 1.0 for kind, about in DOCUMENT_TYPES.items() if about.has_title(title)}


def _cue_score(kind: DocType, look: Look) -> float:
    total = sum(cue.weight for cue in DOCUMENT_TYPES[kind].cues if cue.pattern.search(look.text))
    return max(-MOST_FROM_CUES, min(MOST_FROM_CUES, CUE_WEIGHT * total))


def _layout_score(look: Look) -> Scores:
    """What grids, options, numbered questions and lists of people say."""
    score = np.zeros(len(TYPES))

    def add(weight: float, *kinds: DocType) -> None:
        for kind in kinds:
            score[_PLACE[kind]] += weight

    if look.day_columns >= 15:
        add(4.0, DocType.WORK_ATTENDANCE)
        add(2.0, DocType.TRAINING_ATTENDANCE)
    elif look.day_columns >= 6:
        add(2.0, DocType.TRAINING_ATTENDANCE)
        add(1.0, DocType.WORK_ATTENDANCE)
    if look.half_days >= 6:
        add(3.0, DocType.TRAINING_ATTENDANCE)
    if look.time_ranges >= 6:
        add(2.0, DocType.TIMETABLE, DocType.VIDEO_RECORD)
    if look.id_numbers >= 4 and look.phones >= 4:
        add(1.0, DocType.TRAINEE_ROSTER)
    if look.attendance_marks >= 15:
        add(1.5, DocType.WORK_ATTENDANCE, DocType.TRAINING_ATTENDANCE)
    if look.options >= 6:
        add(4.0, DocType.EXAM_PAPER)
    if look.questions >= 5 and look.options >= 3:
        add(1.5, DocType.EXAM_PAPER)
    if look.articles >= 3:
        add(2.0, DocType.LABOUR_CONTRACT)
        add(1.0, DocType.PREMISES_PROOF, DocType.ORDER_AGREEMENT)
    if look.id_numbers >= 4:
        add(1.0, DocType.TRAINEE_ROSTER, DocType.EMPLOYMENT_SUMMARY, DocType.CERTIFICATE_REGISTER, DocType.SCORE_SHEET)
        add(-2.0, DocType.LABOUR_CONTRACT, DocType.EXAM_PAPER, DocType.COVER, DocType.BUSINESS_LICENCE)
    if look.id_numbers >= 4 and look.phones >= 4:
        add(-2.5, DocType.ID_CARD_COPY)     # cards show no phones: 公民身份号码 heads a column
    if look.phones >= 5:
        add(0.8, DocType.TRAINEE_ROSTER, DocType.CALLBACK_RECORD, DocType.EMPLOYMENT_SUMMARY)
    if look.listed_titles >= 5:
        add(5.0, DocType.CATALOGUE)
    elif look.listed_titles >= 3:
        add(1.5, DocType.CATALOGUE)
    if look.lines > 40:
        add(-3.0, DocType.COVER, DocType.VIDEO_RECORD)
    return score


# --- the likeliest sequence ----------------------------------------------------------------------

State = tuple[DocType, bool]
# What may be annexed to an agreement: its list of persons, under whatever title. Any other form that bears a
# printed "附件9" is the annex of some rule.
_ANNEXES = frozenset({
    DocType.ORDER_AGREEMENT, DocType.TRAINEE_ROSTER, DocType.EMPLOYMENT_SUMMARY, DocType.OTHER,
})
_OWN_TITLE, _OWN_WORDS = 4.0, 3.0


def _best_sequence(evidence: Sequence[Evidence]) -> tuple[list[State], list[float]]:
    """The best path over (type, begins | goes on), and each page's probability of its type.

    A page begins a document of any type, or goes on with the type of the page before it.
    """
    if not evidence:
        return [], []
    size = len(TYPES)
    begin = np.stack([item.start for item in evidence])
    go_on = np.stack([_continuation(item) for item in evidence])
    for place in range(1, len(evidence)):
        before, look = evidence[place - 1].look, evidence[place].look
        go_on[place] += _hangs_together(before, look)
        if _counts_pages_on(before, look):
            go_on[place] += RUNNING_PAGE
            begin[place] -= RUNNING_PAGE
    offset = np.maximum(begin.max(axis=1), go_on.max(axis=1))[:, None]
    begin, go_on = begin - offset, go_on - offset

    best = np.full((len(evidence), 2, size), -np.inf)
    origin = np.zeros((len(evidence), 2, size), dtype=np.int64)
    forward = np.full_like(best, -np.inf)
    best[0, 0] = forward[0, 0] = begin[0]
    for place in range(1, len(evidence)):
        previous = best[place - 1].reshape(-1)
        top = int(previous.argmax())
        best[place, 0] = begin[place] + previous[top]
        origin[place, 0] = top
        same = best[place - 1]
        which = same.argmax(axis=0)
        best[place, 1] = go_on[place] + same.max(axis=0)
        origin[place, 1] = which * size + np.arange(size)
        forward[place, 0] = begin[place] + _log_sum(forward[place - 1].reshape(-1))
        forward[place, 1] = go_on[place] + np.logaddexp(forward[place - 1, 0], forward[place - 1, 1])
    backward = np.zeros_like(best)
    for place in range(len(evidence) - 2, -1, -1):
        anew = _log_sum(begin[place + 1] + backward[place + 1, 0])
        on = go_on[place + 1] + backward[place + 1, 1]
        backward[place] = np.logaddexp(anew, on)[None, :]

    state = int(best[-1].reshape(-1).argmax())
    states = [state]
    for place in range(len(evidence) - 1, 0, -1):
        state = int(origin[place].reshape(-1)[state])
        states.append(state)
    states.reverse()
    path = [(TYPES[state % size], state < size) for state in states]
    certainty = []
    for place, state in enumerate(states):
        log = np.logaddexp(forward[place, 0] + backward[place, 0], forward[place, 1] + backward[place, 1])
        certainty.append(math.exp(float(log[state % size]) - _log_sum(log)))
    return path, certainty


def _stands_alone(item: Evidence) -> bool:
    """Whether title and words make a page a paper of its own: its form is an annex of some rule, not of a paper."""
    best = int(item.title.argmax())
    return TYPES[best] not in _ANNEXES and item.title[best] >= _OWN_TITLE and item.words[best] >= _OWN_WORDS


def _continuation(item: Evidence) -> Scores:
    running = item.look.continued or (item.look.page_of is not None and item.look.page_of[0] > 1)
    score: Scores = item.words + CONTINUE_OTHER + (item.title if running else 0.0)
    annexed = any(_ANNEX_HEAD.match(line) for line in item.look.text.split("\n", 4)[:4]) and not _stands_alone(item)
    for kind, place in _PLACE.items():
        if kind in WITH_ANNEX and annexed:
            score[place] += float(item.title.max()) + ANNEXED
        elif kind in WITH_ANNEX and kind in item.title_of and _ANNEX.search(item.title_of[kind].text):
            score[place] += item.title[place] + ANNEXED
        elif kind in item.title_of and not running:
            score[place] += CONTINUE_WITH_TITLE
        if kind in ONE_PAGE:
            # a page that was not read is no short rest of a paper, though it has few lines
            score[place] += START_WITHOUT_TITLE - (2 * SPARSE if item.unread else 0.0)
    if item.look.page_of and item.look.page_of[0] == 1:
        score -= RUNNING_PAGE
    return score


def _counts_pages_on(before: Look, look: Look) -> bool:
    """Whether the forms' own counts follow each other: "第1页 共2页", "第2页 共2页"."""
    if before.page_of is None or look.page_of is None:
        return False
    return look.page_of == (before.page_of[0] + 1, before.page_of[1])


def _hangs_together(before: Look, look: Look) -> float:
    """What two neighbouring pages say, whatever their type, for the second going on with the first."""
    score = 0.0
    if before.serials and look.serials and look.serials[0] > 1:
        score += COUNTS_ON if look.serials[0] == before.serials[1] + 1 else 0.0
    if look.lines <= FEW_LINES:
        score += SPARSE
    if before.landscape is not look.landscape:
        score += TURNED
    return score


def _log_sum(values: Scores) -> float:
    top = float(values.max())
    return top + math.log(float(np.exp(values - top).sum()))
