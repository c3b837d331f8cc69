"""One sample from one order: the case, its faults, its scanner, its files."""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from . import build, faults, numbering, scan, write
from .bind import Plan, bind
from .build import Wish
from .case import Family, Form
from .faults import CODES
from .scan import ScanStyle
from .write import Shape

__all__ = ["CODES", "EXAMPLES", "Order", "sample"]


@dataclass(frozen=True)
class Order:
    """What is asked for on the command line, for one binder."""

    seed: int
    family: str = "a"
    pages: int = 50
    faults: str = "none"
    scan: str = "any"
    order: bool = False
    born_digital: float = 0.0
    dpi: int = 0  # overrides the scanner's, like quality
    quality: int = 0
    trainees: int = 0  # 0: as many as the pages ask for
    days: int = 0
    roster: str = ""
    facing: bool = False  # portrait pages two at a time on A3


FAULTY = (
    "page_number_missing,page_number_gap,page_number_duplicate,page_number_position,"
    "page_blank,page_rotated,page_repeated,document_missing,document_order,"
    "catalogue_mismatch,headcount_mismatch,contract_term_short,"
    "payroll_latest_month_missing,flexible_certificate_incomplete,premises_proof_missing"
)
DIGITAL = "page_number_gap,contract_signature_missing,attendance_first_month_missing,credit_code_invalid"
# the committed samples: small classes of three days, so that they stay small
EXAMPLES = {
    "clean": Order(seed=19, trainees=4, days=3, scan="grey", dpi=150, quality=32, roster="xlsx"),
    "faulty": Order(seed=48, trainees=4, days=3, scan="low", quality=30, roster="xlsx", faults=FAULTY),
    "part_digital": Order(
        seed=30, trainees=4, days=3, scan="grey", dpi=150, quality=30, roster="xlsx", faults=DIGITAL, born_digital=0.45
    ),
}


def family(name: str) -> Family:
    made: Family = importlib.import_module(f"sample_archives.family_{name}").FAMILY
    return made


def sample(order: Order, folder: Path, drawn_by: Family | None = None) -> dict[str, object]:
    """Make one sample folder; the same order gives the same files.

    `drawn_by` stands in for the order's family of layouts.
    """
    rng = random.Random(f"sample/{order.seed}/{order.family}")
    codes = faults.chosen(order.faults, rng)
    case = build.make(rng, faults.wish_for(codes, _wish(order, rng), rng))
    layouts = drawn_by or family(order.family)
    plan = Plan(layouts, _scanner(order, rng), numbering.choose(rng, order.born_digital > 0), order.seed)
    plan.born_digital = _born_digital(order, case.forms, rng)
    plan.landscape_turn = rng.choice((90, 270)) if rng.random() < 0.2 else 0
    left = faults.inject(case, plan, codes, rng)
    if left:
        print(f"{folder}: no room for {', '.join(left)}", file=sys.stderr)
    return write.write(folder, case, plan, bind(case, plan), _shape(order, case, rng))


def _wish(order: Order, rng: random.Random) -> Wish:
    trainees = order.trainees or max(5, min(24, round((order.pages - 22) / 4.6) + rng.randint(-1, 1)))
    return Wish(
        trainees=trainees, kind="order" if order.order else "general", days=order.days, same_names=rng.random() < 0.25
    )


def _scanner(order: Order, rng: random.Random) -> ScanStyle:
    scanner = scan.choose(rng)
    if order.scan != "any":
        scanner = scan.PRESETS[order.scan]
    return replace(scanner, dpi=order.dpi or scanner.dpi, quality=order.quality or scanner.quality)


def _born_digital(order: Order, forms: Sequence[Form], rng: random.Random) -> Callable[[Form], bool]:
    """A share of the types of paper has a text layer; certificates and cards never do."""
    kinds = sorted({form.doc_type for form in forms} - {"id_card_copy", "business_licence", "certificate_copy"})
    digital = frozenset(rng.sample(kinds, round(len(kinds) * order.born_digital)))
    return lambda form: form.doc_type in digital


def _shape(order: Order, case: build.Case, rng: random.Random) -> Shape:
    kinds = {form.doc_type for form in case.forms}
    told = {"opening_report", "opening_approval"} <= kinds
    roster = rng.choice(("xlsx",) * 6 + ("csv-utf8", "csv-bom", "csv-gb18030"))
    return Shape(
        roster=order.roster or roster,
        variant=rng.randrange(420),
        facing=order.facing or (rng.random() < 0.08 and not order.born_digital),
        sparse_class=rng.random() < 0.25 and told,
        route_column=rng.random() < 0.85 or case.needs_routes,
        bad_text=rng.random() < 0.07,
    )
