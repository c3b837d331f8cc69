"""Self-employed: the business licence of the trainee, and proof of the premises."""

from __future__ import annotations

from collections.abc import Iterator

from archive_verify.model import DocType, EmploymentType
from archive_verify.policy.absence import doubts, searched
from archive_verify.policy.case import Case
from archive_verify.policy.dossier import Dossier
from archive_verify.policy.rule import Finding, TraineeRule, pages_text, review, spot_at, trainee_rule
from archive_verify.policy.units import licence_for
from archive_verify.words import DOC_TYPES


@trainee_rule("licence_missing", citation="employment")
def licence_missing(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """自主创业须有经营者（法定代表人）为本人的营业执照；灵活就业须有出具证明单位的营业执照"""
    if dossier.nothing:
        return
    if dossier.route is EmploymentType.SELF_EMPLOYED:
        yield from _own_paper(case, dossier, DocType.BUSINESS_LICENCE)
    elif dossier.route is EmploymentType.FLEXIBLE:
        yield from _issuer_licence(case, dossier)


@trainee_rule("premises_proof_missing", citation="self_employed")
def premises_proof_missing(case: Case, dossier: Dossier) -> Iterator[Finding]:
    """自主创业须有营业场地证明"""
    if dossier.route is EmploymentType.SELF_EMPLOYED and not dossier.nothing:
        yield from _own_paper(case, dossier, DocType.PREMISES_PROOF)


def _own_paper(case: Case, dossier: Dossier, kind: DocType) -> Iterator[Finding]:
    if any(paper.evidence.name != "no" or paper.evidence.id_number == "yes" for paper in dossier.of(kind)):
        return
    unsure = doubts(case, dossier, kind)
    yield from unsure
    if unsure:
        return
    others = dossier.of(kind)
    word = DOC_TYPES[kind]
    if others:
        other = others[0]
        reading = other.evidence.name_reading
        name = str(reading.value) if reading is not None and reading.value else "他人"
        yield Finding(
            f"未见本人的{word}；{pages_text([other.page])}所附{word}为{name}",
            pages=(other.page,),
            boxes=spot_at(other.page, other.box),
            document=other.document.id,
            expected=dossier.person.name,
            found=name,
        )
    else:
        yield Finding(f"未见{word}；{searched(case, kind)}", found=searched(case, kind))


def _issuer_licence(case: Case, dossier: Dossier) -> Iterator[Finding]:
    kind = DocType.BUSINESS_LICENCE
    certificates = dossier.of(DocType.FLEXIBLE_CERTIFICATE)
    if not certificates:
        # whose licence is asked hangs on the certificate; a licence linked to the trainee will do
        if not dossier.of(kind):
            unsure = doubts(case, dossier, kind) + doubts(case, dossier, DocType.FLEXIBLE_CERTIFICATE)
            if unsure:
                yield review("就业单位营业执照", pages=unsure[0].pages)
            elif not _any_beside(case, dossier):
                yield Finding(f"未见就业单位营业执照；{searched(case, kind)}", found=searched(case, kind))
        return
    states = [licence_for(case, paper.document) for paper in certificates]
    if any(found.state in ("found", "another") for found in states):
        return
    certificate = certificates[0]
    issuer = case.employer_of(certificate.document)
    for found in states:
        if found.state == "unsure" and found.licence is not None:
            yield review(
                f"出具证明的单位与营业执照（{pages_text(found.licence.pages)}）是否一致",
                pages=(certificate.page, found.licence.pages[0]),
            )
            return
    unsure = doubts(case, dossier, kind)
    yield from unsure
    if not unsure:
        name = str(issuer.value) if issuer is not None and issuer.value else "出具证明的单位"
        yield Finding(
            f"未见{name}的营业执照；{searched(case, kind)}",
            pages=(certificate.page,),
            boxes=spot_at(issuer.page, issuer.box) if issuer is not None else (),
            document=certificate.document.id,
            expected=name,
            found=searched(case, kind),
        )


def _any_beside(case: Case, dossier: Dossier) -> bool:
    return any(
        document.type is DocType.BUSINESS_LICENCE
        for paper in dossier.papers
        for page in paper.document.pages
        for document in case.neighbours(page)
    )


RULES: tuple[TraineeRule, ...] = (licence_missing, premises_proof_missing)
