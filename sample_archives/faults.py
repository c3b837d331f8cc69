"""Faults on demand: which codes, what class they need, and their injection in a fixed order."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from . import faults_class, faults_identity, faults_lists, faults_pages, faults_proof
from .bind import Plan
from .build import Case, Wish
from .case import Route
from .finding import Inject

_USUAL: tuple[str, ...] = (*faults_proof.INJECT, *faults_identity.INJECT)
PEOPLE: Mapping[str, Inject] = {**faults_proof.INJECT, **faults_identity.INJECT, **faults_lists.PEOPLE}
CLASS: Mapping[str, Callable[[Case, Plan, random.Random], bool]] = {**faults_class.INJECT, **faults_lists.CLASS}
PAGES: Mapping[str, Callable[[Case, Plan, random.Random], None]] = faults_pages.INJECT
BY_WISH = ("duplicate_trainee", "pass_rate_low", "employment_rate_low")
CODES: tuple[str, ...] = (*PAGES, *CLASS, *PEOPLE, *BY_WISH, "needs_review")

ROUTES: dict[str, tuple[Route, ...]] = {
    "contract_missing": ("enterprise",),
    "contract_term_short": ("enterprise",),
    "contract_signature_missing": ("enterprise",),
    "contract_seal_missing": ("enterprise",),
    "payroll_first_month_missing": ("enterprise",),
    "payroll_latest_month_missing": ("enterprise",),
    "attendance_first_month_missing": ("enterprise",),
    "attendance_latest_month_missing": ("enterprise",),
    "wage_mismatch": ("enterprise",),
    "employer_mismatch": ("enterprise",),
    "licence_missing": ("self_employed",),
    "premises_proof_missing": ("self_employed",),
    "flexible_certificate_missing": ("flexible",),
    "flexible_certificate_incomplete": ("flexible",),
    "order_agreement_missing": ("order",),
    "trainee_not_on_roster": ("enterprise",),
    "credit_code_invalid": ("enterprise",),
    "name_mismatch": ("enterprise",),
    "id_number_mismatch": ("flexible",),
    "employment_proof_missing": ("flexible",),
    "needs_review": ("enterprise",),
    "employment_before_training": ("flexible",),
    "phone_shared": ("flexible", "self_employed"),
    "score_mismatch": ("self_employed",),
    "trainee_age": ("self_employed",),
}


def chosen(text: str, rng: random.Random) -> list[str]:
    """The codes asked for: none, some (a handful of the errors), all, or names joined by commas."""
    if text == "none":
        return []
    if text == "all":
        return list(CODES)
    if text == "some":
        people = rng.sample([*_USUAL, "needs_review", "duplicate_trainee"], rng.randint(1, 3))
        pages = rng.sample(list(PAGES), rng.randint(2, 4))
        others = rng.sample([*faults_class.INJECT, "pass_rate_low", "employment_rate_low"], rng.randint(0, 2))
        return [*people, *pages, *others]
    wanted = [code.strip() for code in text.split(",") if code.strip()]
    unknown = sorted(set(wanted) - set(CODES))
    if unknown:
        raise SystemExit(f"unknown fault codes: {', '.join(unknown)}; --codes lists them")
    return wanted


def wish_for(codes: Sequence[str], wish: Wish, rng: random.Random) -> Wish:
    """The class that these faults need: routes, numbers of trainees, of failures and of idle ones."""
    routes = [route for code in codes for route in ROUTES.get(code, ())]
    kind = "order" if "order_agreement_missing" in codes else wish.kind
    count = max(wish.trainees, len(routes) + 2 if len(routes) < 30 else 30)
    changes: dict[str, object] = {
        "trainees": count,
        "routes": tuple(routes),
        "kind": kind,
        "order_extras": kind == "order" and ("order_agreement_missing" in codes or rng.random() < 0.4),
        "duplicate": "duplicate_trainee" in codes,
    }
    if "pass_rate_low" in codes:
        changes["failures"] = count // 5 + rng.randint(1, 2)
    if "employment_rate_low" in codes:
        changes["idle"] = count // 5 + rng.randint(1, 2)
        changes["trainees"] = count = max(count, len(routes) + count // 5 + 2)
    return replace(wish, **changes)  # type: ignore[arg-type]


def inject(case: Case, plan: Plan, codes: Sequence[str], rng: random.Random) -> list[str]:
    """Put the faults in: persons first, then the class's papers, then pages. Returns what did not fit."""
    left = []
    used: set[int] = {
        t.row for t in case.trainees if sum(o.person.id_number == t.person.id_number for o in case.trainees) > 1
    }
    for code in sorted((c for c in codes if c in PEOPLE), key=lambda c: (c not in faults_proof.PICKY, c)):
        if not PEOPLE[code](case, rng, used):
            left.append(code)
    for code in codes:
        if code in CLASS and not CLASS[code](case, plan, rng):
            left.append(code)
    if "needs_review" in codes:
        faults_pages.hide_proof(case, plan, rng, used)
    for code in codes:
        if code in PAGES:
            PAGES[code](case, plan, rng)
    return left
