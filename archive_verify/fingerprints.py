"""What an issue is told by from run to run, so that decisions on it stay with it."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence

from archive_verify.model import Issue, RosterRow
from archive_verify.review import Places

# Their pages are the pages searched in vain, which change with every supplement.
_NOWHERE = frozenset({
    "employment_proof_missing", "contract_missing", "payroll_first_month_missing",
    "payroll_latest_month_missing", "attendance_first_month_missing", "attendance_latest_month_missing",
    "licence_missing", "premises_proof_missing", "flexible_certificate_missing", "order_agreement_missing",
    "document_missing",
})  # fmt: skip


def fingerprints(issues: Sequence[Issue], roster: Sequence[RosterRow], places: Places) -> tuple[str, ...]:
    """The fingerprint of each issue, in their order; no two are alike.

    It holds the code, the person (by ID number, else name: a row may shift), what was expected and
    found, and where the pages lie. One that asks for a person's eyes holds its points too, so that
    an old decision never hides a new doubt. Alike issues are counted through.
    """
    persons = {row.row: row.id_number or row.name for row in roster}
    seen: Counter[str] = Counter()
    result = []
    for issue in issues:
        content = _content(issue, persons, places)
        seen[content] += 1
        result.append(hashlib.sha256(f"{content}#{seen[content]}".encode()).hexdigest())
    return tuple(result)


def _content(issue: Issue, persons: dict[int, str], places: Places) -> str:
    nowhere = issue.code in _NOWHERE
    pages = [] if nowhere else [_place(places, page) for page in issue.pages]
    found = None if nowhere else _without_places(issue.found or "")
    person = None if issue.trainee is None else persons.get(issue.trainee, str(issue.trainee))
    points = _without_places(issue.message) if issue.code == "needs_review" else ""
    return json.dumps([issue.code, person, issue.expected, found, sorted(pages), points], ensure_ascii=False)


def _place(places: Places, page: int) -> str:
    place = places.get(page)
    return f"?{page}" if place is None else f"{place.sha256}:{place.file_page}:{place.half or ''}"


def _without_places(message: str) -> str:
    """A message without the row and page numbers, which shift when pages are added."""
    return re.sub(r"第\s*\d+(?:\s*[-–—、,，~至]\s*\d+)*\s*[页行]", "", message)
