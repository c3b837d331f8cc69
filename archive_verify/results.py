"""Who passed, where the roster does not say: from the score sheet."""

from __future__ import annotations

from collections.abc import Sequence

from archive_verify.model import DocType, Document, Matching, Reading, Roster, RosterRow


def complete_results(
    roster: Roster, documents: Sequence[Document], matching: Matching, minimum: float
) -> Roster:
    """The roster with empty results filled in from score sheets; what it says itself wins.

    A result counts where it was read with at least `minimum` confidence (0..1) in a row that is
    surely the trainee's, and where no other such row contradicts it; else it stays unknown.
    """
    sheets = {document.id: document for document in documents if document.type is DocType.SCORE_SHEET}
    results: dict[int, set[bool]] = {}
    for one in matching.evidence:
        sheet = sheets.get(one.document)
        if sheet is None or one.row_index is None or not one.sure:
            continue
        reading = sheet.rows[one.row_index].get("passed")
        if _sure(reading, minimum) and reading is not None:
            results.setdefault(one.trainee, set()).add(bool(reading.value))

    def filled(person: RosterRow) -> RosterRow:
        found = results.get(person.row, set())
        if person.passed is not None or len(found) != 1:
            return person
        return person.model_copy(update={"passed": next(iter(found))})

    return roster.model_copy(update={"rows": tuple(filled(person) for person in roster.rows)})


def _sure(reading: Reading | None, minimum: float) -> bool:
    return (
        reading is not None
        and reading.state == "read"
        and isinstance(reading.value, bool)
        and (reading.confirmed or reading.confidence >= minimum)
    )
