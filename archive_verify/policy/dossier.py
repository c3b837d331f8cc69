"""One trainee's papers, and the route by which employment is claimed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from archive_verify.model import (
    Box,
    DocType,
    Document,
    EmploymentType,
    Evidence,
    Reading,
    RosterRow,
    Row,
)
from archive_verify.policy.case import Case
from archive_verify.policy.terms import EMPLOYMENT_PROOF

# Which proof betrays which route, the stronger first.
_ROUTE_OF_PROOF: tuple[tuple[DocType, EmploymentType], ...] = (
    (DocType.ORDER_AGREEMENT, EmploymentType.ORDER),
    (DocType.LABOUR_CONTRACT, EmploymentType.ENTERPRISE),
    (DocType.FLEXIBLE_CERTIFICATE, EmploymentType.FLEXIBLE),
    (DocType.BUSINESS_LICENCE, EmploymentType.SELF_EMPLOYED),
    (DocType.PREMISES_PROOF, EmploymentType.SELF_EMPLOYED),
    (DocType.PAYROLL, EmploymentType.ENTERPRISE),
    (DocType.WORK_ATTENDANCE, EmploymentType.ENTERPRISE),
)


@dataclass(frozen=True, slots=True)
class Paper:
    """One document, or one row of a table, that is a trainee's."""

    document: Document
    evidence: Evidence

    @property
    def row(self) -> Row:
        index = self.evidence.row_index
        return {} if index is None or index >= len(self.document.rows) else self.document.rows[index]

    @property
    def page(self) -> int:
        return self.evidence.page

    @property
    def box(self) -> Box | None:
        return self.evidence.box

    def reading(self, name: str) -> Reading | None:
        """A value of the trainee's row, else of the document; None where it was not found."""
        in_row = self.row.get(name)
        return in_row if in_row is not None else self.document.fields.get(name)


@dataclass(frozen=True)
class Dossier:
    """What the binder holds for one roster row.

    `papers` are the employment proofs linked to the trainee; `strays` pages outside the class's
    own lists that name the trainee without being a proof that was understood.
    """

    person: RosterRow
    route: EmploymentType
    route_source: str                   # "roster", "summary", "doubtful" (a summary not read for certain),
    #                                     "proof" or "none"
    papers: tuple[Paper, ...]
    strays: tuple[int, ...] = ()
    documents: tuple[str, ...] = ()     # ids of all documents linked to the trainee, lists included

    def of(self, *types: DocType) -> tuple[Paper, ...]:
        """The papers of these types that are surely the trainee's."""
        return tuple(paper for paper in self.papers if paper.document.type in types and paper.evidence.sure)

    def doubtful(self, *types: DocType) -> tuple[Paper, ...]:
        """The papers of these types of which it is not sure that they are the trainee's."""
        return tuple(
            paper for paper in self.papers if paper.document.type in types and not paper.evidence.sure
        )

    @property
    def nothing(self) -> bool:
        """Whether no page beyond the class's own lists names the trainee.

        A licence that is linked to the trainee only as the employer's names the unit alone.
        """
        return not self.strays and not any(
            "yes" in (paper.evidence.name, paper.evidence.id_number)
            or "unsure" in (paper.evidence.name, paper.evidence.id_number)
            for paper in self.papers
        )

    @property
    def contract(self) -> Paper | None:
        """The labour contract that counts: the one that starts first."""
        own = [paper for paper in self.of(DocType.LABOUR_CONTRACT) if not is_other_agreement(paper)]
        dated = [paper for paper in own if _start(paper) is not None]
        return min(dated, key=lambda paper: str(_start(paper))) if dated else next(iter(own), None)

    def employer(self, case: Case) -> str:
        """The employer's name as the trainee's own papers give it, the contract first; else the roster's."""
        order = (DocType.LABOUR_CONTRACT, DocType.FLEXIBLE_CERTIFICATE, DocType.PAYROLL, DocType.WORK_ATTENDANCE)
        for kind in order:
            for paper in self.of(kind):
                named = case.employer_of(paper.document)
                if named is not None and named.state == "read" and named.value:
                    return str(named.value)
        return self.person.employer


def is_other_agreement(paper: Paper) -> bool:
    """Whether a paper of the contract's kind is by its title one for services or for an internship."""
    nature = paper.reading("contract_nature")
    return nature is not None and nature.state == "read" and nature.value in ("service", "internship")


def _start(paper: Paper) -> object:
    reading = paper.reading("contract_start")
    return reading.value if reading is not None and reading.state == "read" else None


def dossiers(case: Case) -> tuple[Dossier, ...]:
    """The dossier of each roster row, in the roster's order."""
    evidence: dict[int, list[Evidence]] = {}
    for one in case.matching.evidence:
        evidence.setdefault(one.trainee, []).append(one)
    return tuple(_dossier(case, person, evidence.get(person.row, [])) for person in case.roster.rows)


def _dossier(case: Case, person: RosterRow, evidence: list[Evidence]) -> Dossier:
    linked = [Paper(case.by_id[one.document], one) for one in evidence if one.document in case.by_id]
    papers = tuple(paper for paper in linked if paper.document.type in EMPLOYMENT_PROOF)
    route, source = _route(case, person, papers, linked)
    named = {page for paper in linked for page in paper.document.pages}
    open_pages = [
        page
        for page in case.block
        if page not in named
        and ((document := case.document_at.get(page)) is None or document.type is DocType.OTHER)
    ]
    return Dossier(
        person=person,
        route=route,
        route_source=source,
        papers=papers,
        strays=case.mentions(person, open_pages),
        documents=tuple(dict.fromkeys(paper.document.id for paper in linked)),
    )


def _route(
    case: Case, person: RosterRow, papers: tuple[Paper, ...], linked: list[Paper]
) -> tuple[EmploymentType, str]:
    """The claimed route: the roster's, else the employment summary's, else by the proof found."""
    if person.employment_type is not None:
        return person.employment_type, "roster"
    claims = [
        (claim, case.sure(claim) and paper.evidence.sure) for paper in linked
        if paper.document.type is DocType.EMPLOYMENT_SUMMARY
        and (claim := paper.row.get("employment_type")) is not None and claim.state == "read" and claim.value
    ]
    for claim, sure in sorted(claims, key=lambda one: not one[1]):
        return EmploymentType(claim.value), "summary" if sure else "doubtful"
    found: Mapping[DocType, Paper] = {paper.document.type: paper for paper in papers}
    for kind, route in _ROUTE_OF_PROOF:
        if kind in found:
            return route, "proof"
    return EmploymentType.NONE, "none"
