"""Papers that are a trainee's though no field of theirs names the person."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from archive_verify.model import Agreement, DocType, Document, Evidence, Line, Page, Reading, RosterRow
from archive_verify.persons import PROOFS, name_key
from archive_verify.values import compare_employers, employer_key, find_ids, normal_id, plain, squeezed

# Words that a name may follow, or that may follow it, without a gap.
_BEFORE = "证明|兹有|今有|现有|乙方|本人|姓名|员工|职工|学员|村民|居民|人员|职员|工人|经营者|承租方|承租人|使用人"
_AFTER = "同志|女士|先生|系|自|在|于|现|从|因|租|使用|身份证"

# A line read with less certainty does not settle whose paper it is.
_CLEAR = 0.90


def neighbours(documents: Sequence[Document], document: Document) -> list[Document]:
    """The documents right before and after one, in the order of their first pages; blank ones skipped."""
    order = sorted((one for one in documents if one.type is not DocType.BLANK), key=lambda one: one.pages[0])
    place = next((index for index, one in enumerate(order) if one.id == document.id), None)
    if place is None:
        return []
    return [order[other] for other in (place - 1, place + 1) if 0 <= other < len(order)]


def mentioned(
    documents: Sequence[Document], rows: Sequence[RosterRow], pages: Mapping[int, Page], known: Collection[str]
) -> list[Evidence]:
    """Proofs whose fields name nobody, but whose text holds a trainee's ID number, or name.

    An ID number settles whose paper it is; a name alone does not, as it may be another party's.
    """
    found: list[Evidence] = []
    for document in documents:
        if document.type in PROOFS and document.id not in known and not document.rows:
            spots = [one for index in document.pages if index in pages
                     for one in _in_text(document, pages[index], rows)]
            sure = [one for one in spots if one.sure]
            found += {one.trainee: one for one in reversed(sure or spots)}.values()
    return found


def enumerated(
    documents: Sequence[Document], rows: Sequence[RosterRow], pages: Mapping[int, Page], evidence: Sequence[Evidence]
) -> list[Evidence]:
    """The trainees whom an order agreement names one after another in its text: "学员：张三、李四、王五".

    A name stands in such a run where its line holds two of the roster's or more, each by itself, or goes
    on with a run from the line above. A name of several trainees tells nobody.
    """
    names = {name_key(row.name): row for row in rows}
    shared = {name for name in names if sum(name_key(row.name) == name for row in rows) > 1}
    known = {(one.trainee, one.document) for one in evidence if one.sure}
    found: list[Evidence] = []
    for document in documents:
        if document.type is not DocType.ORDER_AGREEMENT or document.rows:
            continue
        running = False
        for line in (line for index in document.pages if index in pages for line in pages[index].reading.lines):
            parts = [name_key(part) for part in re.split(r"[^㐀-鿿·]+", plain(line.text)) if part]
            own = [part for part in parts if part in names]
            running = len(own) >= 2 or (running and bool(parts) and parts[0] in names)
            found += [
                Evidence(
                    trainee=names[name].row, document=document.id, page=_page_of(document, pages, line), box=line.box,
                    name="yes", linked_by="name", sure=name not in shared and line.confidence >= _CLEAR,
                )
                for name in own if running and (names[name].row, document.id) not in known
            ]
    return list({(one.trainee, one.document): one for one in found}.values())


def _page_of(document: Document, pages: Mapping[int, Page], line: Line) -> int:
    return next(index for index in document.pages if index in pages and line in pages[index].reading.lines)


def _in_text(document: Document, page: Page, rows: Sequence[RosterRow]) -> list[Evidence]:
    found: list[Evidence] = []
    numbers, text = numbers_on((page,)), text_on((page,))
    for line in page.reading.lines:
        own = numbers_on((page,), line.text)
        for row in rows:
            name = name_key(row.name)
            if normal_id(row.id_number) in own:
                found.append(Evidence(
                    trainee=row.row, document=document.id, page=page.index, box=line.box, id_number="yes",
                    name="yes" if name and name in text else "absent", linked_by="id_number",
                ))
            elif len(name) >= 2 and not numbers and stands_alone(name, squeezed(line.text)):
                found.append(Evidence(
                    trainee=row.row, document=document.id, page=page.index, box=line.box, name="yes",
                    linked_by="name", sure=False,
                ))
    return found


def numbers_on(pages: Sequence[Page], text: str | None = None) -> frozenset[str]:
    """The ID numbers that stand in the text of pages, or in one text."""
    texts = [line.text for page in pages for line in page.reading.lines] if text is None else [text]
    return frozenset(one.value for part in texts for one in (*find_ids(part), *find_ids("".join(part.split()))))


def broken_numbers_on(pages: Sequence[Page]) -> int:
    """How many ID numbers were not read whole: runs of digits of another length behind the label of one."""
    text = "".join(squeezed(line.text) + " " for page in pages for line in page.reading.lines)
    found = re.findall(r"(?:身份证|公民身份)[^\d]{0,12}([\d-]{10,24}[Xx]?)", text)
    return sum(1 for digits in found if not find_ids(digits))


def text_on(pages: Sequence[Page]) -> str:
    """The text of pages without white space, lines separated by a bar, for names to be looked up in."""
    return "|".join(name_key(line.text) for page in pages for line in page.reading.lines)


def stands_alone(name: str, text: str) -> bool:
    """Whether a name stands in a text by itself, or between words that go with names."""
    return bool(re.search(rf"(?:^|[^㐀-鿿]|{_BEFORE}){re.escape(name)}(?=$|[^㐀-鿿]|{_AFTER})", text))


def licences_of_issuers(
    documents: Sequence[Document], evidence: Sequence[Evidence], pages: Mapping[int, Page]
) -> list[Evidence]:
    """The licences of the units that issued trainees' flexible-employment certificates."""
    by_id = {document.id: document for document in documents}
    licences = [document for document in documents if document.type is DocType.BUSINESS_LICENCE]
    known = {(one.trainee, one.document) for one in evidence}
    found: dict[tuple[int, str], Evidence] = {}
    for one in evidence:
        certificate = by_id[one.document]
        if certificate.type is not DocType.FLEXIBLE_CERTIFICATE:
            continue
        for licence in licences:
            same = same_issuer(certificate, licence, pages)
            if (one.trainee, licence.id) in known or same not in ("yes", "unsure"):
                continue
            shown = _unit(licence) or licence.fields.get("operator")
            found[one.trainee, licence.id] = Evidence(
                trainee=one.trainee, document=licence.id, page=shown.page if shown else licence.pages[0],
                box=shown.box if shown else None, linked_by="employer", sure=same == "yes" and one.sure,
            )
    return list(found.values())


def same_issuer(paper: Document, licence: Document, pages: Mapping[int, Page]) -> Agreement:
    """Whether a licence is that of the unit which a paper names.

    Where the licence's own name was not found, the unit's name in its text will do, or the head's.
    """
    issuer, unit = _unit(paper), _unit(licence)
    if issuer is not None and unit is not None:
        return compare_employers(str(issuer.value), str(unit.value))
    if issuer is not None:
        key = employer_key(str(issuer.value))
        own = [pages[index] for index in licence.pages if index in pages]
        text = "|".join(employer_key(line.text) for page in own for line in page.reading.lines)
        if len(key) >= 4 and key in text:
            return "yes"
    head = paper.fields.get("legal_representative")
    heads = [licence.fields.get(name) for name in ("operator", "legal_representative")]
    if unit is None and head is not None and head.value:
        return "yes" if any(one is not None and one.value == head.value for one in heads) else "no"
    return "absent"


def premises_of_businesses(
    documents: Sequence[Document], rows: Sequence[RosterRow], evidence: Sequence[Evidence], known: Collection[str]
) -> list[Evidence]:
    """Proofs of premises that name no tenant: the trainee owns the place, or it is let to his business."""
    by_id = {document.id: document for document in documents}
    operated = [
        (one.trainee, unit) for one in evidence
        if one.name == "yes" and by_id[one.document].type is DocType.BUSINESS_LICENCE
        and (unit := _unit(by_id[one.document])) is not None
    ]
    found: list[Evidence] = []
    for document in documents:
        if document.type is not DocType.PREMISES_PROOF or document.id in known:
            continue
        owner, business = document.fields.get("landlord"), _unit(document)
        for row in rows:
            if owner is not None and owner.state == "read" and name_key(str(owner.value)) == name_key(row.name):
                found.append(Evidence(
                    trainee=row.row, document=document.id, page=owner.page, box=owner.box, name="yes",
                    name_reading=owner, linked_by="name",
                ))
        for trainee, unit in operated:
            if business is not None and compare_employers(str(business.value), str(unit.value)) == "yes":
                found.append(Evidence(
                    trainee=trainee, document=document.id, page=business.page, box=business.box,
                    linked_by="employer",
                ))
    return found


def _unit(document: Document) -> Reading | None:
    unit = document.fields.get("employer")
    return unit if unit is not None and unit.state == "read" and unit.value else None


def between(
    documents: Sequence[Document], evidence: Sequence[Evidence], known: Collection[str]
) -> list[Evidence]:
    """Proofs of which nobody can be read, between two papers of one trainee."""
    owners: dict[str, set[int]] = defaultdict(set)
    for one in evidence:
        if one.sure:
            owners[one.document].add(one.trainee)
    found: list[Evidence] = []
    for document in documents:
        if document.type not in PROOFS or document.id in known:
            continue
        beside = [owners.get(other.id, set()) for other in neighbours(documents, document)]
        if len(beside) == 2 and len(beside[0]) == 1 and beside[0] == beside[1]:
            found.append(Evidence(
                trainee=next(iter(beside[0])), document=document.id, page=document.pages[0],
                linked_by="neighbourhood", sure=False,
            ))
    return found
