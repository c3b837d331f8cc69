"""Which units the papers name, whether they are the same, and which licence serves a certificate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from archive_verify.model import DocType, Document, EmploymentType, Reading
from archive_verify.policy.case import Case
from archive_verify.policy.dossier import Dossier, Paper
from archive_verify.policy.sheets import Wanted, first_month, latest_month, sheets_of
from archive_verify.values import compare_employers, employer_key, same_but_look_alikes

Same = Literal["yes", "no", "unsure"]

# Above this the recogniser errs on less than one printed name in a thousand; below it a name that
# differs in one character only is sent to a person.
_CLEAR = 0.95
# From here on a reading stands against what else the same paper says.
_KNOWN = 0.97


def same_unit(case: Case, one: Reading | None, other: Reading | None) -> Same:
    """Whether two readings name one unit; "unsure" where either was not read for certain."""
    if one is None or other is None or not one.value or not other.value:
        return "unsure"
    agreement = compare_employers(str(one.value), str(other.value))
    if agreement == "yes":
        return "yes"
    if agreement != "no" or not (case.sure(one) and case.sure(other)):
        clear = all(reading.confirmed or reading.confidence >= _CLEAR for reading in (one, other))
        longest_same = len(employer_key(str(one.value))) == len(employer_key(str(other.value)))
        both_confirmed = one.confirmed and other.confirmed
        return "no" if agreement == "unsure" and both_confirmed and clear and longest_same else "unsure"
    if _lost_in_gap(one, other) or _lost_in_gap(other, one):
        return "unsure"
    a, b = employer_key(str(one.value)), employer_key(str(other.value))
    differing = sum(x != y for x, y in zip(a, b, strict=True)) if len(a) == len(b) else 2
    clear = all(reading.confirmed or reading.confidence >= _CLEAR for reading in (one, other))
    return "no" if differing > 1 or clear else "unsure"


def _lost_in_gap(gapped: Reading, whole: Reading) -> bool:
    """Whether a name is the other's but for a letter or two in a gap of its line, where a seal's ring may cross it."""
    name = employer_key(str(whole.value))
    parts = [employer_key(part) for part in gapped.text.split()]
    return any(
        0 < len(name) - len("".join(parts)) <= 2
        and name.startswith("".join(parts[:at])) and name.endswith("".join(parts[at:]))
        for at in range(1, len(parts))
    )


def _clear(reading: Reading) -> bool:
    return reading.confirmed or reading.confidence >= _KNOWN


@dataclass(frozen=True, slots=True)
class Clash:
    """Two papers of a trainee that name different units, or may do so."""

    first: Reading | None
    second: Reading | None
    first_document: Document
    second_document: Document
    certain: bool


def clashes(case: Case, dossier: Dossier) -> tuple[Clash, ...]:
    """Where the papers that a trainee's claim stands on name different units."""
    if dossier.route is EmploymentType.FLEXIBLE:
        base = next((paper.document for paper in dossier.of(DocType.FLEXIBLE_CERTIFICATE)), None)
        found = tuple(_flexible_clashes(case, dossier))
    else:
        sheets = dossier.of(DocType.PAYROLL, DocType.WORK_ATTENDANCE)
        first = dossier.contract or next(iter(sheets), None)
        base = first.document if first is not None else None
        found = tuple(_sheet_clashes(case, dossier, base)) if base is not None else ()
    if base is None or found or dossier.route not in (EmploymentType.ENTERPRISE, EmploymentType.FLEXIBLE):
        return found
    return tuple(_summary_clashes(case, dossier, base))


def _summary_clashes(case: Case, dossier: Dossier, base: Document) -> Iterator[Clash]:
    """An employment summary that surely names quite another unit; short forms of a name are none."""
    named = case.employer_of(base)
    for summary in case.of_type(DocType.EMPLOYMENT_SUMMARY):
        for one in case.evidence_of.get(summary.id, ()):
            if one.trainee != dossier.person.row or not one.sure or one.row_index is None:
                continue
            theirs = summary.rows[one.row_index].get("employer")
            if (
                named is not None and theirs is not None and _clear(named) and _clear(theirs)
                and same_unit(case, named, theirs) == "no"
                and not _short_form(str(theirs.value), str(named.value))
                and not case.names_unit(base, str(theirs.value))
            ):
                yield Clash(named, theirs, base, summary, certain=True)


def _short_form(short: str, name: str) -> bool:
    """Whether a text leaves characters of a unit's name out, or writes one of them otherwise."""
    matching = SequenceMatcher(None, employer_key(short), employer_key(name), autojunk=False).get_matching_blocks()
    return sum(block.size for block in matching) >= len(employer_key(short)) - 1


def _sheet_clashes(case: Case, dossier: Dossier, base: Document) -> Iterator[Clash]:
    named = case.employer_of(base)
    for sheets in _sheets_used(case, dossier):
        results: list[tuple[Same, Document, Reading | None]] = []
        for paper in sheets:
            if paper.document.id == base.id:
                continue
            theirs = case.employer_of(paper.document)
            results.append((_agree(case, base, named, paper.document, theirs), paper.document, theirs))
        # one sheet of the own unit is enough: another unit's may list a person of the same name
        if not results or any(same == "yes" for same, _, _ in results):
            continue
        same, document, theirs = min(results, key=lambda result: result[0] == "no")
        yield Clash(named, theirs, base, document, certain=same == "no")


def _agree(
    case: Case, base: Document, named: Reading | None, document: Document, theirs: Reading | None
) -> Same:
    same = same_unit(case, named, theirs)
    if same == "yes":
        return same
    if named is not None and named.value and case.names_unit(document, str(named.value)):
        return "yes" if theirs is None or theirs.state != "read" else "unsure" if same == "unsure" else same
    if same == "unsure" and theirs is not None and theirs.value and case.names_unit(base, str(theirs.value)):
        # a heading or the seal of the paper names the unit, its blank was misread
        return same if named is None or _clear(named) else "yes"
    if (named is None or named.state != "read") and theirs is not None and theirs.value:
        return "yes" if case.names_unit(base, str(theirs.value)) else "unsure"
    return same


def _sheets_used(case: Case, dossier: Dossier) -> Iterator[tuple[Paper, ...]]:
    """The sheets that each asked month rests on; all sheets where the months are not known."""
    first, latest = first_month(case, dossier), latest_month(case)
    for kind in (DocType.PAYROLL, DocType.WORK_ATTENDANCE):
        wanted = [month for month in (first, latest) if isinstance(month, Wanted)]
        groups = [sheets_of(case, dossier, kind, month) for month in wanted]
        known = {paper.document.id for group in groups for paper in group}
        rest = tuple(paper for paper in dossier.of(kind) if paper.document.id not in known)
        yield from (group for group in groups if group)
        if not any(groups) and rest:
            yield rest


def _flexible_clashes(case: Case, dossier: Dossier) -> Iterator[Clash]:
    for paper in dossier.of(DocType.FLEXIBLE_CERTIFICATE)[:1]:
        found = licence_for(case, paper.document)
        if found.state == "another" and found.licence is not None:
            yield Clash(
                case.employer_of(paper.document),
                found.licence.fields.get("employer"),
                paper.document,
                found.licence,
                certain=True,
            )


@dataclass(frozen=True, slots=True)
class LicenceFound:
    """The licence of a certificate's issuer.

    state: "found"; "another" (another unit's licence, serving nobody else, lies beside the
    certificate); "unsure" (a licence is there, but its or the issuer's name was not read for
    certain); "missing".
    """

    state: Literal["found", "another", "unsure", "missing"]
    licence: Document | None = None


def licence_for(case: Case, certificate: Document) -> LicenceFound:
    """The business licence of the unit that issued a flexible-employment certificate."""
    issuer = case.employer_of(certificate)
    beside = {document.id for document in _beside(case, certificate)}
    beside |= _linked_licences(case, certificate)
    unsure: list[Document] = []
    others: list[Document] = []
    for licence in case.of_type(DocType.BUSINESS_LICENCE):
        same = _issued_by(case, certificate, issuer, licence)
        if same == "yes":
            return LicenceFound("found", licence)
        if licence.id in beside and not _serves_another(case, certificate, licence):
            (unsure if same == "unsure" else others).append(licence)
            continue
        if all(page in case.unreadable for page in licence.pages):
            continue                    # a page that may be anything, see `doubts`
        # which unit it is was not read, on one side or the other
        unnamed = not (_names(issuer) and _names(licence.fields.get("employer")))
        if same == "unsure" and unnamed and not _serves_another(case, certificate, licence):
            unsure.append(licence)
    if unsure:
        return LicenceFound("unsure", unsure[0])
    if others:
        return LicenceFound("another", others[0])
    return LicenceFound("missing")


def _beside(case: Case, certificate: Document) -> Iterator[Document]:
    """The papers bound right before and right after a certificate; payrolls and attendance sheets, which an
    employer's licence may lie behind, are passed over."""
    for page in (certificate.pages[0], certificate.pages[-1]):
        for document in case.neighbours(page):
            before = document
            while before.type in (DocType.PAYROLL, DocType.WORK_ATTENDANCE):
                edge = before.pages[0] if before.pages[0] < page else before.pages[-1]
                further = [one for one in case.neighbours(edge) if (one.pages[0] < edge) == (edge < page)]
                if not further or further[0].id == before.id:
                    break
                before = further[0]
            yield before


def _names(reading: Reading | None) -> bool:
    return reading is not None and reading.state == "read" and bool(reading.value)


def _linked_licences(case: Case, certificate: Document) -> set[str]:
    owners = case.owners(certificate)
    if len(owners) != 1:
        return set()
    return {
        licence.id
        for licence in case.of_type(DocType.BUSINESS_LICENCE)
        if case.owners(licence) == owners
    }


def _issued_by(case: Case, certificate: Document, issuer: Reading | None, licence: Document) -> Same:
    name = licence.fields.get("employer")
    if not _names(name) or not _names(issuer):
        # 个体户 licences may leave the name out, a certificate may name its issuer in the seal alone:
        # the head of the unit then tells whose licence it is
        if name is not None and name.value and case.names_unit(certificate, str(name.value)):
            return "yes"
        persons = [licence.fields.get(key) for key in ("operator", "legal_representative")]
        if any(_same_head(certificate, person) for person in persons):
            return "yes"
        return "no" if _names(name) and _another_by_roster(case, certificate, licence) else "unsure"
    same = same_unit(case, issuer, name)
    if same == "yes":
        # equal names prove each other: both readings would have to err alike
        return "yes"
    there = name is not None and case.names_unit(certificate, str(name.value))
    here = issuer is not None and case.names_unit(licence, str(issuer.value))
    return "yes" if same == "unsure" and (there or here) else same


def _same_head(certificate: Document, person: Reading | None) -> bool:
    head = certificate.fields.get("legal_representative")
    return (
        head is not None and person is not None and bool(head.value) and bool(person.value)
        and same_but_look_alikes(str(head.value), str(person.value))
    )  # fmt: skip


def _another_by_roster(case: Case, certificate: Document, licence: Document) -> bool:
    """Whether a certificate that leaves its issuer out is surely not of the licence's unit: it names
    another head, and the roster has its owner work for another unit."""
    head, name = certificate.fields.get("legal_representative"), licence.fields.get("employer")
    persons = [one for key in ("operator", "legal_representative") if (one := licence.fields.get(key)) is not None]
    readings = [one for one in (head, name, *persons) if one is not None]
    if head is None or name is None or not persons or not all(_names(one) and _clear(one) for one in readings):
        return False
    owners = case.owners(certificate)
    employers = [person.employer for person in case.roster.rows if person.row in owners and person.employer]
    return (
        len(owners) == len(employers) == 1
        and compare_employers(employers[0], str(name.value)) == "no"
        and not any(set(str(head.value)[1:]) & set(str(person.value)[1:]) for person in persons)
    )


def _serves_another(case: Case, certificate: Document, licence: Document) -> bool:
    """Whether a licence serves another certificate, a contract, or a self-employed trainee."""
    name = licence.fields.get("employer")
    if name is not None and name.value:
        for other in case.of_type(DocType.FLEXIBLE_CERTIFICATE, DocType.LABOUR_CONTRACT):
            if other.id != certificate.id and same_unit(case, case.employer_of(other), name) == "yes":
                return True
    routes = {person.row: person.employment_type for person in case.roster.rows}
    own = case.owners(certificate)
    return any(
        one.name == "yes"
        and one.trainee not in own
        and routes.get(one.trainee) in (EmploymentType.SELF_EMPLOYED, None)
        for one in case.evidence_of.get(licence.id, ())
    )
