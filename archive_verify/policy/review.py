"""What a person must settle that no other rule asks for."""

from __future__ import annotations

from collections.abc import Iterator

from archive_verify.model import DocType, EmploymentType
from archive_verify.policy.case import Case
from archive_verify.policy.dossier import Dossier
from archive_verify.policy.rule import Finding, TraineeRule, pages_text, review, spot, trainee_rule


@trainee_rule("needs_review", citation="employment", severity="warning")
def claim_unread(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """花名册未填就业形式、汇总表上又未读出的，由人工确定"""
    if dossier.person.employment_type is not None or dossier.route is not EmploymentType.NONE:
        return
    for summary in case.of_type(DocType.EMPLOYMENT_SUMMARY):
        for one in case.evidence_of.get(summary.id, ()):
            if one.trainee != dossier.person.row or one.row_index is None:
                continue
            claim = summary.rows[one.row_index].get("employment_type")
            if claim is not None and claim.state == "unread":
                yield review(
                    f"就业情况汇总表（{pages_text([one.page])}）上的就业形式",
                    pages=[one.page],
                    boxes=spot(claim),
                )


RULES: tuple[TraineeRule, ...] = (claim_unread,)
