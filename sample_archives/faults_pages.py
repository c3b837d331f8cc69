"""Faults of sheets and their numbers. Each keeps clear of the others, so that every effect is its own."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import copy

from PIL import Image

from .bind import Leaf, Packed, Plan
from .build import Case
from .case import (
    BlankSheet,
    BusinessLicence,
    Catalogue,
    FlexibleCertificate,
    LabourContract,
    Payroll,
    PremisesProof,
    SheetDrawing,
    WorkAttendance,
)
from .naming import rows_on
from .numbering import ELSEWHERE

RUINS = ("blur", "faint", "dark", "smear")
RUNS = ("teaching_log", "exam_paper", "id_card_copy", "certificate_copy", "training_attendance")


class Spots:
    """Hands out sheets at least `apart` sheets away from every sheet touched before."""

    def __init__(self, plan: Plan) -> None:
        self.touched: list[Leaf] = []
        self.plan = plan

    def pick(self, leaves: list[Leaf], rng: random.Random, fits: Callable[[int], bool], apart: int = 3) -> int | None:
        places = {id(leaf): i for i, leaf in enumerate(leaves)}
        near = [places[id(leaf)] for leaf in self.touched if id(leaf) in places]
        free = [
            i
            for i in range(3, len(leaves) - 3)
            if all(abs(i - other) >= apart for other in near) and not leaves[i].blank and fits(i)
        ]
        if not free:
            return None
        chosen = rng.choice(free)
        self.touched.append(leaves[chosen])
        return chosen


def _spots(plan: Plan) -> Spots:
    if not hasattr(plan, "spots"):
        plan.spots = Spots(plan)  # type: ignore[attr-defined]
    spots: Spots = plan.spots  # type: ignore[attr-defined]
    return spots


def _own(rng: random.Random) -> random.Random:
    return random.Random(rng.random())


def page_blank(case: Case, plan: Plan, rng: random.Random) -> None:
    own, spots = _own(rng), _spots(plan)

    def arrange(leaves: list[Leaf]) -> None:
        for _ in range(own.randint(1, 2)):
            at = spots.pick(leaves, own, lambda i: True)
            if at is not None:
                size = leaves[at].drawing.size
                blank = Packed.of(SheetDrawing(Image.new("RGB", (min(size), max(size)), "white")))
                leaf = Leaf(BlankSheet("", 0), 0, blank)
                spots.touched.append(leaf)
                leaves.insert(at + 1, leaf)

    plan.arrange.append(arrange)


def page_repeated(case: Case, plan: Plan, rng: random.Random) -> None:
    """A sheet scanned twice in a row (same number), or copied and bound in again further on."""
    own, spots = _own(rng), _spots(plan)
    kind = own.choice(("rescan", "copy", "copy"))

    def arrange(leaves: list[Leaf]) -> None:
        def fits(i: int) -> bool:
            form = leaves[i].form
            if kind == "rescan":
                return True
            return leaves[i + 1].form.doc_type == form.doc_type or isinstance(
                form, Payroll | WorkAttendance | BusinessLicence
            )

        at = spots.pick(leaves, own, fits)
        if at is None:
            return
        twin = copy(leaves[at])
        leaves[at].twin = twin.twin = id(leaves[at])
        twin.rescan = kind == "rescan"
        spots.touched.append(twin)
        target = at + 1
        if kind == "copy" and id(leaves[at].form) in case.blocks:
            target = _later_in_block(case, leaves, at)
        leaves.insert(target, twin)

    plan.arrange.append(arrange)


def _later_in_block(case: Case, leaves: list[Leaf], at: int) -> int:
    """The end of a paper further on in the same packet, or right behind the sheet itself."""
    key = case.blocks[id(leaves[at].form)]
    best = at + 1
    for i in range(at + 1, len(leaves)):
        if case.blocks.get(id(leaves[i].form)) != key:
            break
        if i + 1 == len(leaves) or leaves[i + 1].form is not leaves[i].form:
            best = i + 1
    return best


def page_number_missing(case: Case, plan: Plan, rng: random.Random) -> None:
    own, spots = _own(rng), _spots(plan)

    def renumber(leaves: list[Leaf]) -> None:
        for _ in range(own.randint(1, 2)):
            at = spots.pick(leaves, own, lambda i: True)
            if at is not None:
                leaves[at].unnumbered = True

    plan.renumber.append(renumber)


def page_number_position(case: Case, plan: Plan, rng: random.Random) -> None:
    own, spots = _own(rng), _spots(plan)

    def renumber(leaves: list[Leaf]) -> None:
        for _ in range(own.randint(1, 3)):
            at = spots.pick(leaves, own, lambda i: True)
            if at is not None:
                leaves[at].position = own.choice(ELSEWHERE)

    plan.renumber.append(renumber)


def page_number_duplicate(case: Case, plan: Plan, rng: random.Random) -> None:
    """A number used twice: the clerk goes on from there, or goes on as if he had not."""
    own, spots = _own(rng), _spots(plan)

    def renumber(leaves: list[Leaf]) -> None:
        at = spots.pick(leaves, own, lambda i: not leaves[i - 1].blank and not leaves[i + 1].blank)
        if at is None:
            return
        spots.touched.append(leaves[at - 1])
        if own.random() < 0.7:
            _shift(leaves[at:], -1)
        else:
            _shift(leaves[at : at + 1], -1)

    plan.renumber.append(renumber)


def page_number_gap(case: Case, plan: Plan, rng: random.Random) -> None:
    """Numbers left out by the clerk, or a sheet lost after numbering."""
    own, spots = _own(rng), _spots(plan)
    count_column = any(isinstance(form, Catalogue) and form.column == "count" for form in case.forms)

    def losable(leaves: list[Leaf], i: int) -> bool:
        leaf = leaves[i]
        return leaves[i - 1].form is leaf.form is leaves[i + 1].form and not leaf.drawing.fields and leaf.twin is None

    def renumber(leaves: list[Leaf]) -> None:
        if own.random() < 0.35 and not count_column:
            at = spots.pick(leaves, own, lambda i: losable(leaves, i))
            if at is not None:
                leaves[at].lost = True
                spots.touched += [leaves[at - 1], leaves[at + 1]]
                return
        at = spots.pick(leaves, own, lambda i: not leaves[i - 1].blank)
        if at is not None:
            _shift(leaves[at:], own.choice((1, 1, 1, 2, 3)))

    plan.renumber.append(renumber)


def _shift(leaves: list[Leaf], by: int) -> None:
    for leaf in leaves:
        if leaf.number is not None:
            leaf.number += by


def page_number_order(case: Case, plan: Plan, rng: random.Random) -> None:
    """Numbered right, then bound in a wrong place of the same run of papers."""
    own, spots = _own(rng), _spots(plan)

    def reorder(leaves: list[Leaf]) -> None:
        def run(i: int, by: int) -> bool:
            span = leaves[min(i, i + by) : max(i, i + by) + 1]
            kind = leaves[i].form.doc_type
            touched = {id(leaf) for leaf in spots.touched}
            return kind in RUNS and all(
                leaf.form.doc_type == kind and id(leaf) not in touched and leaf.number is not None for leaf in span
            )

        by = own.choice((-5, -4, -3, -2, 1, 2, 3, 4, 5))
        at = None
        for step in (by, -by, 2, -2, 1):
            at = spots.pick(
                leaves,
                own,
                lambda i, step=step: 0 <= i + step < len(leaves) and run(i, step),  # type: ignore[misc]
                apart=1,
            )
            if at is not None:
                leaves.insert(at + step, leaves.pop(at))
                return

    plan.reorder.append(reorder)


def page_rotated(case: Case, plan: Plan, rng: random.Random) -> None:
    own, spots = _own(rng), _spots(plan)

    def renumber(leaves: list[Leaf]) -> None:
        for _ in range(own.randint(1, 3)):
            wide = own.random() < 0.4
            at = spots.pick(leaves, own, lambda i, wide=wide: not wide or leaves[i].wide, apart=2)  # type: ignore[misc]
            if at is None:
                continue
            leaf = leaves[at]
            leaf.turn = own.choice((90, 270, 90, 180)) if leaf.wide else own.choice((180, 180, 90, 270))
            leaf.portrait_corner = leaf.wide and leaf.turn != 180 and own.random() < 0.5

    plan.renumber.append(renumber)


def page_illegible(case: Case, plan: Plan, rng: random.Random) -> None:
    """A sheet of the class's many like papers is ruined; no verdict hangs on it."""
    own, spots = _own(rng), _spots(plan)

    def renumber(leaves: list[Leaf]) -> None:
        at = spots.pick(
            leaves,
            own,
            lambda i: (
                leaves[i].form.doc_type in RUNS
                and leaves[i].twin is None
                and leaves[i + 1].form.doc_type == leaves[i - 1].form.doc_type == leaves[i].form.doc_type
            ),
        )
        if at is not None:
            leaves[at].illegible = own.choice(RUINS)

    plan.renumber.append(renumber)


def hide_proof(case: Case, plan: Plan, rng: random.Random, used: set[int]) -> None:
    """Ruin the one sheet of a proof that a verdict hangs on, in a packet without other faults."""
    own, spots = _own(rng), _spots(plan)
    spoilt = {case.blocks.get(id(form)) for form in case.forms if rows_on(form) & used}
    spoilt |= {t.employer for t in case.trainees if t.row in used}

    def fits(leaves: list[Leaf], i: int) -> bool:
        form = leaves[i].form
        key = case.blocks.get(id(form))
        wanted = isinstance(
            form, LabourContract | Payroll | WorkAttendance | FlexibleCertificate | BusinessLicence | PremisesProof
        )
        return (
            wanted
            and key is not None
            and key not in spoilt
            and leaves[i].twin is None
            and leaves[i - 1].form is not form
            and leaves[i + 1].form is not form
        )

    def renumber(leaves: list[Leaf]) -> None:
        at = spots.pick(leaves, own, lambda i: fits(leaves, i), apart=1)
        if at is not None:
            leaves[at].illegible = own.choice(RUINS)

    plan.renumber.insert(0, renumber)


INJECT = {
    "page_repeated": page_repeated,
    "page_blank": page_blank,
    "page_number_gap": page_number_gap,
    "page_number_duplicate": page_number_duplicate,
    "page_number_missing": page_number_missing,
    "page_number_position": page_number_position,
    "page_illegible": page_illegible,
    "page_rotated": page_rotated,
    "page_number_order": page_number_order,
}
