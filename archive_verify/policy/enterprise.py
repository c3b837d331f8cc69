"""Employed by an enterprise: the labour contract, its term, its signature and seal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from archive_verify.model import DocType, Document, EmploymentType
from archive_verify.policy.absence import doubts, searched
from archive_verify.policy.case import Case
from archive_verify.policy.dossier import Dossier, is_other_agreement
from archive_verify.policy.rule import Finding, TraineeRule, pages_text, review, spot, trainee_rule
from archive_verify.values import lasts

_ENTERPRISE = EmploymentType.ENTERPRISE
# By so much the dates of a term may miss its length in months.
_DAYS = timedelta(days=7)


def needs(case: Case, dossier: Dossier, kind: DocType) -> bool:
    """Whether this trainee has to show an employer's paper of this kind.

    Nothing is asked of a trainee without any proof: employment_proof_missing says it all.
    """
    if dossier.nothing:
        return False
    if dossier.route is _ENTERPRISE:
        return True
    wanted = case.policy.employment.order_needs
    return dossier.route is EmploymentType.ORDER and (
        (kind is DocType.LABOUR_CONTRACT and wanted == "agreement+contract")
        or (kind is DocType.PAYROLL and wanted == "agreement+payroll")
    )


@trainee_rule("contract_missing", citation="enterprise", uses=("employment.order_needs",))
def contract_missing(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """企业就业的学员须有本人的劳动合同"""
    kind = DocType.LABOUR_CONTRACT
    if not needs(case, dossier, kind):
        return
    own = dossier.of(kind)
    others = [paper for paper in own if is_other_agreement(paper)]
    for paper in own:
        nature = paper.reading("contract_nature")
        if nature is not None and nature.state == "read" and paper not in others:
            yield review(f"所附为{nature.text}，是否作为劳动合同", boxes=spot(nature))
    if len(own) > len(others):
        return
    unsure = doubts(case, dossier, kind)
    yield from unsure
    if unsure:
        return
    for paper in others:
        nature = paper.reading("contract_nature")
        if nature is None or not case.sure(nature):
            yield review("所附协议的名称，是否为劳动合同", boxes=spot(nature))
        else:
            title = f"{nature.text}（{pages_text(paper.document.pages)}）"
            yield Finding(
                f"所附为{title}，不是劳动合同",
                pages=paper.document.pages,
                boxes=spot(nature),
                document=paper.document.id,
                found=title,
            )
        return
    yield Finding(f"未见劳动合同；{searched(case, kind)}", found=searched(case, kind))


@trainee_rule("contract_term_short", citation="enterprise", uses=("employment.contract_months",))
def contract_term_short(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """劳动合同期限不得少于规定月数（含本数）"""
    contract = dossier.contract
    if contract is None or not needs(case, dossier, DocType.LABOUR_CONTRACT):
        return
    months = case.policy.employment.contract_months
    kind = contract.reading("contract_kind")
    start, end = contract.reading("contract_start"), contract.reading("contract_end")
    stated = contract.reading("contract_months")
    if kind is not None and kind.state == "read" and kind.value == "open":
        if not case.sure(kind):
            yield review("劳动合同是否为无固定期限", boxes=spot(kind))
        return
    if kind is not None and kind.state == "read" and kind.value == "task":
        yield review("劳动合同以完成一定工作任务为期限，期限是否够数", boxes=spot(kind))
        return
    if case.sure(start) and case.sure(end) and start is not None and end is not None:
        long_enough = lasts(start.value, end.value, months)
        if end.value < start.value:
            # nobody agrees on that: one of the two was misread, or miswritten
            yield review(f"劳动合同的起止日期（{start.value} 至 {end.value}）", boxes=spot(start) + spot(end))
        elif (
            case.sure(stated) and stated is not None
            and _contradicts(int(stated.value), start.value, end.value, months)
        ):
            yield review(
                f"劳动合同写明期限{stated.value}个月，与起止日期（{start.value} 至 {end.value}）不符",
                boxes=spot(stated) + spot(end),
            )
        elif not long_enough and not _renewed(case, dossier, months):
            yield Finding(
                f"劳动合同期限 {start.value} 至 {end.value}，不足{months}个月",
                pages=tuple(dict.fromkeys((start.page, end.page))),
                boxes=spot(start) + spot(end),
                document=contract.document.id,
                expected=f"{months}个月以上",
                found=f"{start.value}/{end.value}",
            )
        return
    if case.sure(stated) and stated is not None and not case.sure(end):
        if int(stated.value) < months:
            yield Finding(
                f"劳动合同期限{stated.value}个月，不足{months}个月",
                pages=(stated.page,),
                boxes=spot(stated),
                document=contract.document.id,
                expected=f"{months}个月以上",
                found=f"{stated.value}个月",
            )
        return
    unread = [reading for reading in (start, end) if reading is not None and not case.sure(reading)]
    yield review(
        "劳动合同起止日期未读准",
        pages=() if unread else contract.document.pages[:1],
        boxes=tuple(box for reading in unread for box in spot(reading)),
    )


def _renewed(case: Case, dossier: Dossier, months: int) -> bool:
    """Whether another contract of the trainee, such as one that goes on where the first ends, is long enough."""
    for paper in dossier.of(DocType.LABOUR_CONTRACT):
        start, end = paper.reading("contract_start"), paper.reading("contract_end")
        if is_other_agreement(paper) or start is None or end is None or not (case.sure(start) and case.sure(end)):
            continue
        if lasts(start.value, end.value, months):
            return True
    return False


def _contradicts(stated: int, start: date, end: date, months: int) -> bool:
    """Whether a term stated in months says otherwise of the months asked for than the dates do.

    Dates that miss the stated term by days alone say it more exactly: "六个月" that ends a day early.
    """
    if (stated >= months) is lasts(start, end, months):
        return False
    return stated < months or not lasts(start, end + _DAYS, stated)


@trainee_rule("contract_signature_missing", citation="enterprise")
def contract_signature_missing(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """劳动合同须有学员本人签字（按手印或个人名章亦可）"""
    yield from _contract_mark(case, dossier, "signature")


@trainee_rule("contract_seal_missing", citation="enterprise")
def contract_seal_missing(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """劳动合同须有用人单位公章（法定代表人名章不算）"""
    yield from _contract_mark(case, dossier, "seal")


def _contract_mark(case: Case, dossier: Dossier, what: str) -> Iterator[Finding]:
    contract = dossier.contract
    if contract is None or not needs(case, dossier, DocType.LABOUR_CONTRACT):
        return
    word = "本人签字" if what == "signature" else "单位公章"
    state = signed(contract.document) if what == "signature" else sealed(case, contract.document)
    last = contract.document.pages[-1]
    if state == "missing":
        yield Finding(
            f"劳动合同（{pages_text(contract.document.pages)}）缺{word}",
            pages=(last,),
            document=contract.document.id,
        )
    elif state == "unsure":
        yield review(f"劳动合同（{pages_text([last])}）有无{word}", pages=[last])


def signed(document: Document) -> str:
    """Whether the person a document is about has signed it: "yes", "missing" or "unsure".

    A fingerprint or the person's own seal counts.
    """
    if any(
        mark.party == "employee" and (mark.kind in ("signature", "fingerprint") or mark.personal)
        for mark in document.marks
    ):
        return "yes"
    return "missing" if ("signature", "employee") in document.missing_marks else "unsure"


def sealed(case: Case, document: Document) -> str:
    """Whether a unit's own seal stands on a document: "yes", "missing" or "unsure"."""
    parties = ("employer", "issuer")
    if any(mark.kind == "seal" and not mark.personal and mark.party in parties for mark in document.marks):
        return "yes"
    missing = any(("seal", party) in document.missing_marks for party in parties)
    unsure = any(case.in_doubt(document, "seal", party) for party in parties)
    return "missing" if missing and not unsure else "unsure"


RULES: tuple[TraineeRule, ...] = (
    contract_missing,
    contract_term_short,
    contract_signature_missing,
    contract_seal_missing,
)
