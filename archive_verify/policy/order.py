"""Order training: the agreement that names the trainee."""

from __future__ import annotations

from collections.abc import Iterator

from archive_verify.model import DocType, EmploymentType
from archive_verify.policy.absence import doubts, searched
from archive_verify.policy.case import Case
from archive_verify.policy.dossier import Dossier
from archive_verify.policy.rule import Finding, TraineeRule, trainee_rule


@trainee_rule("order_agreement_missing", citation="order", uses=("employment.order_needs",))
def order_agreement_missing(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """订单式培训的学员须有载明其姓名的订单式培训协议"""
    kind = DocType.ORDER_AGREEMENT
    if dossier.route is not EmploymentType.ORDER or dossier.nothing or dossier.of(kind):
        return
    unsure = doubts(case, dossier, kind)
    yield from unsure
    if not unsure:
        yield Finding(f"未见订单式培训协议；{searched(case, kind)}", found=searched(case, kind))


RULES: tuple[TraineeRule, ...] = (order_agreement_missing,)
