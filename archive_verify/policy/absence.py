"""Whether a paper is really absent, or may lie on a page that was not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archive_verify.model import DocType, Document, EmploymentType, Row
from archive_verify.policy.case import Case
from archive_verify.policy.dossier import Dossier
from archive_verify.policy.rule import Finding, pages_text, review, spot_at
from archive_verify.values import compare_employers, find_ids, has_surname, person_name, squeezed
from archive_verify.words import DOC_TYPES

# Who draws up, checks and approves a sheet.
_SIGNERS = 4

TABLES = frozenset({DocType.PAYROLL, DocType.WORK_ATTENDANCE})

# Who a paper of one person is about: the fields that name that person.
_PERSON_FIELDS: dict[DocType, tuple[str, ...]] = {
    DocType.LABOUR_CONTRACT: ("employee", "id_number"),
    DocType.FLEXIBLE_CERTIFICATE: ("employee", "id_number"),
    DocType.BUSINESS_LICENCE: ("operator", "legal_representative"),
    DocType.PREMISES_PROOF: ("tenant", "operator", "employee", "id_number"),
    DocType.ORDER_AGREEMENT: ("employee", "id_number"),
}

Fits = Callable[[Document], bool]


def _any(_document: Document) -> bool:
    return True


def doubts(case: Case, dossier: Dossier, kind: DocType, fits: Fits = _any) -> tuple[Finding, ...]:
    """What keeps a paper of one kind from being called missing; empty where it is really absent.

    `fits` narrows the documents that would do, e.g. to the payrolls of one month; it must be true
    of a document whose month could not be read.
    """
    return tuple(_doubts(case, dossier, kind, fits))


def _doubts(case: Case, dossier: Dossier, kind: DocType, fits: Fits) -> Iterator[Finding]:
    word = DOC_TYPES[kind]
    for paper in dossier.doubtful(kind):
        if fits(paper.document):
            yield review(
                f"{word}（{pages_text([paper.page])}）是否为本人的",
                pages=[paper.page],
                boxes=spot_at(paper.page, paper.box),
            )
    own = {paper.document.id for paper in dossier.papers}
    for document in case.of_type(kind):
        if document.id in own or not fits(document):
            continue
        if kind in TABLES:
            if _may_list(case, dossier, document):
                yield review(f"{word}（{pages_text(document.pages)}）有未读出的行", pages=document.pages)
        elif document.unread_rows:
            yield review(f"{word}（{pages_text(document.pages)}）所附名单有未读出的行", pages=document.pages)
        elif _may_be_of(case, dossier, document):
            yield review(f"{word}（{pages_text(document.pages)}）是谁的未读出", pages=document.pages)
        elif mentioned := _mentioned(case, dossier, document):
            yield review(f"{word}（{pages_text(mentioned)}）写有本人姓名", pages=mentioned)
    for page in case.block:
        if page in case.unreadable and among_own(case, dossier, page):
            yield review(f"{pages_text([page])}无法辨认，可能是{word}", pages=[page])
    if dossier.strays:
        yield review(f"{pages_text(dossier.strays)}写有本人姓名，材料种类未认出", pages=dossier.strays)


def among_own(case: Case, dossier: Dossier, page: int) -> bool:
    """Whether a page lies among the trainee's own papers or those of the trainee's employer.

    An unreadable page inside a document (readable pages of it on both sides) is that document's.
    """
    inside = case.document_at.get(page)
    if inside is not None:
        readable = [index for index in inside.pages if index not in case.unreadable]
        if readable and min(readable) < page < max(readable):
            return False
    employer = dossier.employer(case)
    for document in case.neighbours(page):
        if dossier.person.row in case.owners(document):
            return True
        if not employer or document.type not in TABLES | {DocType.BUSINESS_LICENCE}:
            continue
        if case.owners(document) and len(document.rows) < 2:
            continue            # what shows one person stands among that person's papers, not the unit's
        unit = case.employer_of(document)
        if case.sure(unit) and unit is not None and compare_employers(employer, str(unit.value)) == "yes":
            return True
    return False


def _may_list(case: Case, dossier: Dossier, document: Document) -> bool:
    """Whether a table that does not list the trainee may do so in a row that was not read."""
    ours, theirs = dossier.employer(case), case.employer_of(document)
    if (
        ours
        and case.sure(theirs)
        and theirs is not None
        and compare_employers(ours, str(theirs.value)) == "no"
    ):
        return False
    if document.unread_rows or any(page in case.unreadable for page in document.pages):
        return True
    if any(_is_nobodys(row) or _has_lost_surname(row, dossier.person.name) for row in document.rows):
        return True
    if not document.rows and not _lists_nobody(case, document):
        return True
    return bool(case.mentions(dossier.person, document.pages))


def _is_nobodys(row: Row) -> bool:
    """Whether a row has ink for a name but neither name nor ID number was read."""
    read = [one for name in ("name", "id_number") if (one := row.get(name)) is not None and one.state == "read"]
    name = row.get("name")
    return not read and name is not None and name.state == "unread"


def _has_lost_surname(row: Row, name: str) -> bool:
    """Whether a row's name is this one but for its first character, which was read as none that names begin with."""
    reading, wanted = row.get("name"), squeezed(name)
    read = squeezed(str(reading.value)) if reading is not None and reading.state == "read" else ""
    alike = len(read) == len(wanted) >= 3 and read[1:] == wanted[1:]
    return alike and has_surname(wanted) and not has_surname(read)


def _lists_nobody(case: Case, document: Document) -> bool:
    """Whether a sheet without rows is one, such as the last with nothing but the total.

    No ID number stands on it, and no more names than those of the persons who drew it up and checked it.
    """
    lines = [line.text for page in document.pages for line in case.page_at[page].reading.lines]
    names = [
        text for text in lines if (found := person_name(text)) is not None and has_surname(found.value)
    ]
    return bool(lines) and len(names) <= _SIGNERS and not any(find_ids(text) for text in lines)


def _may_be_of(case: Case, dossier: Dossier, document: Document) -> bool:
    """Whether a paper whose person was not read may be this trainee's.

    The trainees whose papers lie beside it come first; without such neighbours it may be anyone's.
    """
    if case.owners(document) or _person_read(case, document):
        return False
    if document.type is DocType.BUSINESS_LICENCE and dossier.route is not EmploymentType.SELF_EMPLOYED:
        return False
    if document.type is DocType.ORDER_AGREEMENT and not _names_one_person(document):
        # an agreement of the class: those it lists are found by rows or text
        return False
    beside = {
        row
        for page in (document.pages[0], document.pages[-1])
        for other in case.neighbours(page)
        if other.id != document.id
        for row in case.owners(other)
    }
    return not beside or dossier.person.row in beside


def _names_one_person(document: Document) -> bool:
    return any(document.fields.get(name) is not None for name in _PERSON_FIELDS[document.type])


def _person_read(case: Case, document: Document) -> bool:
    if any(one.document == document.id and one.sure for one in case.matching.strangers):
        return True
    people = [document.fields.get(name) for name in _PERSON_FIELDS.get(document.type, ())]
    return any(case.sure(reading) for reading in people)


def _mentioned(case: Case, dossier: Dossier, document: Document) -> tuple[int, ...]:
    """The pages of another's paper that name the trainee; a namesake's paper names the namesake."""
    if document.type is DocType.BUSINESS_LICENCE and dossier.route is not EmploymentType.SELF_EMPLOYED:
        return ()
    owners = case.owners(document)
    namesakes = {row.row for row in case.roster.rows if row.name == dossier.person.name} & owners
    person = dossier.person.model_copy(update={"name": ""}) if namesakes else dossier.person
    return case.mentions(person, document.pages)


def searched(case: Case, *kinds: DocType) -> str:
    """Which pages were searched in vain, for the message of a `missing` issue."""
    pages = [page for document in case.of_type(*kinds) for page in document.pages]
    if pages:
        return f"已查{pages_text(pages)}"
    if case.block:
        return f"已查就业证明材料{pages_text(case.block)}"
    return f"已查全部{len(case.pages)}页"

