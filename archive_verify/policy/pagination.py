"""Page numbers: missing, in the wrong corner, doubled, left out, out of place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from archive_verify.model import Position
from archive_verify.policy.case import Case
from archive_verify.policy.rule import (
    BinderRule,
    Finding,
    binder_rule,
    pages_text,
    range_text,
    review,
    spot_at,
)

_POSITIONS: dict[Position, str] = {
    "top_left": "左上角", "top_center": "页眉居中", "top_right": "右上角", "bottom_left": "左下角",
    "bottom_center": "页脚居中", "bottom_right": "右下角", "other": "其他位置",
}  # fmt: skip

# Where the top right corner of the portrait sheet lies on the upright form, by the turn that made
# the form upright.
_SIDEWAYS: dict[int, Position] = {90: "bottom_right", 270: "top_left"}


@binder_rule("page_number_missing", severity="error", target="page", citation="pagination")
def page_number_missing(case: Case) -> Iterator[Finding]:
    """所有档案页须编写页码"""
    for page in case.pages:
        index = page.index
        if index in case.numbering.numbers or index in case.blank or index in case.failed:
            continue
        if index in case.numbering.unread and index not in case.unreadable:
            yield review(f"{pages_text([index])}的页码未读出，请核对", pages=[index])
        elif index not in case.unreadable:
            # what an illegible or failed page carries is not known; page_illegible speaks of it
            yield Finding(f"{pages_text([index])}未编页码", pages=(index,), found=None)


@binder_rule(
    "page_number_position", severity="warning", target="page", citation="pagination",
    uses=("pagination.position", "pagination.verso_top_left"),
)
def page_number_position(case: Case) -> Iterator[Finding]:
    """页码须在规定的位置（右上角）"""
    terms = case.policy.pagination
    habitual = _habitual_corners(case)
    for index, number in sorted(case.numbering.numbers.items()):
        page = case.page_at.get(index)
        if page is None:
            continue
        allowed: set[Position] = {terms.position}
        if terms.verso_top_left and number.value % 2 == 0:
            allowed.add("top_left")
        if terms.position == "top_right" and page.reading.width > page.reading.height:
            allowed |= {_SIDEWAYS[page.reading.rotation]} if page.reading.rotation in _SIDEWAYS else habitual
        if number.position not in allowed:
            yield Finding(
                f"{pages_text([index])}的页码“{number.text}”在{_POSITIONS[number.position]}，"
                f"应在{_POSITIONS[terms.position]}",
                pages=(index,),
                boxes=spot_at(index, number.box),
                expected=terms.position,
                found=number.position,
            )


def _habitual_corners(case: Case) -> set[Position]:
    """The corner in which most landscape pages that were scanned upright carry their number.

    Forms bound sideways and scanned upright show the portrait sheet's top right corner there.
    """
    corners: Counter[Position] = Counter()
    for index, number in case.numbering.numbers.items():
        reading = case.page_at[index].reading
        if reading.width > reading.height and reading.rotation in (0, 180):
            corners[number.position] += 1
    total = sum(corners.values())
    return {
        corner
        for corner in _SIDEWAYS.values()
        if corners[corner] >= 3 and corners[corner] * 2 > total
    }


@binder_rule("page_number_duplicate", severity="error", target="pages", citation="pagination")
def page_number_duplicate(case: Case) -> Iterator[Finding]:
    """一个页码只用一次"""
    for run in sequences(case):
        pages_of: dict[int, list[int]] = {}
        for index in run:
            number = case.numbering.numbers.get(index)
            if number is not None:
                pages_of.setdefault(number.value, []).append(index)
        for value, pages in sorted(pages_of.items()):
            if len(pages) > 1:
                yield Finding(
                    f"{pages_text(pages)}的页码都是{value}",
                    pages=tuple(pages),
                    boxes=tuple(
                        box for index in pages for box in spot_at(index, case.numbering.numbers[index].box)
                    ),
                    found=str(value),
                )


@binder_rule(
    "page_number_gap", severity="error", target="pages", citation="pagination",
    uses=("pagination.unnumbered_page_uses_number", "pagination.starts_at_one"),
)
def page_number_gap(case: Case) -> Iterator[Finding]:
    """页码连续，不漏号"""
    terms = case.policy.pagination
    for run in sequences(case):
        seen = {case.numbering.numbers[index].value for index in run if index in case.numbering.numbers}
        previous: int | None = None
        value = 0 if terms.starts_at_one else None
        unnumbered = 0
        for index in run:
            number = case.numbering.numbers.get(index)
            if number is None:
                unnumbered += index not in case.blank
                continue
            if index in case.numbering.out_of_place:
                continue
            if value is not None and number.value > value + 1:
                used = unnumbered if terms.unnumbered_page_uses_number else 0
                left_out = [n for n in range(value + 1, number.value) if n not in seen][used:]
                if left_out:
                    sides = (index,) if previous is None else (previous, index)
                    yield _gap(case, left_out, sides)
            if value is None or number.value >= value:
                value, previous, unnumbered = number.value, index, 0


def _gap(case: Case, left_out: list[int], sides: tuple[int, ...]) -> Finding:
    text = range_text(left_out)
    return Finding(
        f"{pages_text(sides)}之间漏页码{text}" if len(sides) > 1 else f"{pages_text(sides)}之前漏页码{text}",
        pages=sides,
        boxes=tuple(box for index in sides for box in spot_at(index, case.numbering.numbers[index].box)),
        expected=text,
    )


@binder_rule("page_number_order", severity="error", target="page", citation="pagination")
def page_number_order(case: Case) -> Iterator[Finding]:
    """各页按页码顺序装订"""
    for index in case.numbering.out_of_place:
        number = case.numbering.numbers.get(index)
        if number is None:
            continue
        yield Finding(
            f"{pages_text([index])}的页码是{number.value}，装订位置不对",
            pages=(index,),
            boxes=spot_at(index, number.box),
            found=str(number.value),
        )


def sequences(case: Case) -> tuple[tuple[int, ...], ...]:
    """The page indexes that one run of numbers counts: all of them, or those of each volume."""
    runs: list[list[int]] = [[]]
    for page in case.pages:
        if page.index in case.numbering.starts and runs[-1]:
            runs.append([])
        runs[-1].append(page.index)
    return tuple(tuple(run) for run in runs)


RULES: tuple[BinderRule, ...] = (
    page_number_missing,
    page_number_position,
    page_number_duplicate,
    page_number_gap,
    page_number_order,
)
