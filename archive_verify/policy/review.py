"""What a person must settle that no other rule asks for."""

from __future__ import annotations

from collections.abc import Iterator

from archive_verify import lattice
from archive_verify.model import DocType, EmploymentType, Reading, Row
from archive_verify.policy.case import Case
from archive_verify.policy.dossier import Dossier
from archive_verify.policy.rule import Finding, TraineeRule, pages_text, review, spot, trainee_rule
from archive_verify.words import EMPLOYMENT_TYPES

_NONE = EMPLOYMENT_TYPES[EmploymentType.NONE]
# Log-likelihood relative to the free reading from which the words were written; 已就业, which differs
# in one character, lies far below where 未就业 stands.
_FITS = -3.0


@trainee_rule("needs_review", citation="employment", severity="warning")
def claim_unread(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """花名册未填就业形式、汇总表上又未读出的，由人工确定"""
    doubtful = dossier.route_source == "doubtful"
    if dossier.person.employment_type is not None or not (doubtful or dossier.route is EmploymentType.NONE):
        return
    for summary in case.of_type(DocType.EMPLOYMENT_SUMMARY):
        for one in case.evidence_of.get(summary.id, ()):
            if one.trainee != dossier.person.row or one.row_index is None:
                continue
            claim = summary.rows[one.row_index].get("employment_type")
            if claim is not None and (doubtful or claim.state == "unread") and not _none_claimed(
                claim, summary.rows[one.row_index]
            ):
                yield review(
                    f"就业情况汇总表（{pages_text([one.page])}）上的就业形式",
                    pages=[one.page],
                    boxes=spot(claim),
                )


def _none_claimed(claim: Reading, row: Row) -> bool:
    """Whether a form of employment that was not read for certain may well be 未就业, in a row without a unit."""
    unit = row.get("employer")
    empty = unit is None or unit.state == "blank"
    if empty and unit is not None and claim.state == "read" and claim.value == EmploymentType.NONE:
        return True
    return empty and claim.lattice is not None and lattice.score(claim.lattice, _NONE) >= _FITS


RULES: tuple[TraineeRule, ...] = (claim_unread,)
