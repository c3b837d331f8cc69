"""One sample from one order: the case, its faults, its scanner, its files."""

from __future__ import annotations

import importlib
import random
from dataclasses import dataclass, replace
from pathlib import Path

from . import build, faults, numbering, scan, write
from .bind import Plan, bind
from .build import Wish
from .case import Family, Form
from .faults import CODES

__all__ = ["CODES", "Order", "sample"]


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
    dpi: int = 0                        # overrides the scanner's
    quality: int = 0


def family(name: str) -> Family:
    made: Family = importlib.import_module(f"sample_archives.family_{name}").FAMILY
    return made


def sample(order: Order, folder: Path) -> dict[str, object]:
    """Make one sample folder; the same order gives the same files."""
    rng = random.Random(f"sample/{order.seed}/{order.family}")
    codes = faults.chosen(order.faults, rng)
    trainees = max(5, min(24, round((order.pages - 22) / 4.6) + rng.randint(-1, 1)))
    wish = faults.wish_for(codes, Wish(trainees=trainees, kind="order" if order.order else "general",
                                       same_names=rng.random() < 0.25), rng)
    case = build.make(rng, wish)
    scanner = scan.PRESETS[order.scan] if order.scan != "any" else scan.choose(rng)
    if order.dpi:
        scanner = replace(scanner, dpi=order.dpi)
    if order.quality:
        scanner = replace(scanner, quality=order.quality)
    digital: set[int] = set()
    plan = Plan(family(order.family), scanner, numbering.choose(rng, order.born_digital > 0), order.seed)
    if order.born_digital:
        kinds = sorted({form.doc_type for form in case.forms})
        chosen = set(rng.sample(kinds, round(len(kinds) * order.born_digital)))

        def born(form: Form) -> bool:
            return form.doc_type in chosen or id(form) in digital

        plan.born_digital = born
    faults.inject(case, plan, codes, rng)
    leaves = bind(case, plan)
    shape = write.Shape(
        roster=rng.choice(("xlsx",) * 6 + ("csv-utf8", "csv-bom", "csv-gb18030")),
        variant=rng.randrange(420), facing=rng.random() < 0.08 and not order.born_digital,
        sparse_class=rng.random() < 0.25, route_column=case.needs_routes or rng.random() < 0.85)
    return write.write(folder, case, plan, leaves, shape)
