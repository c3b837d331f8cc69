"""Faults on demand: each code of the contract, injected with its own kind of change."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from .bind import Plan
from .build import Case, Wish

CODES: tuple[str, ...] = ()


def chosen(text: str, rng: random.Random) -> list[str]:
    return []


def wish_for(codes: Sequence[str], wish: Wish) -> Wish:
    return replace(wish)


def inject(case: Case, plan: Plan, codes: Sequence[str], rng: random.Random) -> None:
    return None
