"""What reviewers set right on an archive, kept by place on paper for every later judging."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_verify.model import Box, DocType
from archive_verify.review import Correction, PageOverride, Place, Review, first_place, parse_value
from archive_verify.store.archives import locked
from archive_verify.store.database import Transaction
from archive_verify.store.decisions import dismissed
from archive_verify.store.errors import NotFound, Refused
from archive_verify.store.places import first_places
from archive_verify.store.tables import CorrectionRow


def correct(tx: Transaction, archive_id: str, correction: Correction, *, old: str = "") -> CorrectionRow:
    """Keep the right value of a field; `old` is the value shown before, for the log.

    A later one of the same spot takes the earlier one's place. Raises CorrectionRefused where the
    text is no value of the field.
    """
    parse_value(correction.field, correction.value)
    row = CorrectionRow(
        kind="value", box=list(correction.box), field=correction.field, old=old, value=correction.value
    )
    return _add(tx, archive_id, correction.place, row)


def override(tx: Transaction, archive_id: str, page: PageOverride) -> CorrectionRow:
    """Keep the right type of a page, or whether a document begins there."""
    if page.doc_type is None and page.starts is None:
        raise Refused("没有要改的内容")
    doc_type = None if page.doc_type is None else page.doc_type.value
    return _add(tx, archive_id, page.place, CorrectionRow(kind="page", doc_type=doc_type, starts=page.starts))


def withdraw(tx: Transaction, archive_id: str, correction_id: str) -> None:
    """Take a correction back. Raises NotFound."""
    locked(tx, archive_id)
    row = tx.session.get(CorrectionRow, correction_id)
    if row is None or row.archive_id != archive_id or row.withdrawn_at is not None:
        raise NotFound("没有这个更正")
    row.withdrawn_at = tx.now
    tx.audit("correction.withdraw", "correction", row.id, old=_plain(row), archive_id=archive_id)


def in_force(session: Session, archive_id: str) -> list[CorrectionRow]:
    """The corrections of an archive, the first one first."""
    return list(
        session.scalars(
            select(CorrectionRow)
            .where(CorrectionRow.archive_id == archive_id, CorrectionRow.withdrawn_at.is_(None))
            .order_by(CorrectionRow.id)
        )
    )


def review_of(session: Session, archive_id: str) -> Review:
    """All that reviewers said of the archive, for `pipeline.check`."""
    rows = in_force(session, archive_id)
    firsts = first_places(session, archive_id)
    places = {row.id: first_place(place_of(row), firsts) for row in rows}
    pages: dict[Place, PageOverride] = {}
    for row in rows:
        if row.kind == "page":
            place = places[row.id]
            before = pages.get(place)
            kind = DocType(row.doc_type) if row.doc_type else before and before.doc_type
            starts = row.starts if row.starts is not None else before and before.starts
            pages[place] = PageOverride(place=place, doc_type=kind, starts=starts)
    return Review(
        corrections=tuple(
            Correction(place=places[row.id], box=Box(*row.box), field=row.field, value=row.value)
            for row in rows if row.kind == "value" and row.box is not None
        ),
        overrides=tuple(pages.values()),
        dismissed=frozenset(dismissed(session, archive_id)),
        moved=tuple((place, first) for place, first in firsts.items() if place != first),
    )  # fmt: skip


def _add(tx: Transaction, archive_id: str, place: Place, row: CorrectionRow) -> CorrectionRow:
    locked(tx, archive_id)
    row.archive_id, row.sha256, row.file_page, row.half = archive_id, place.sha256, place.file_page, place.half
    row.created_at, row.created_by = tx.now, tx.actor.id
    tx.session.add(row)
    tx.session.flush()
    tx.audit("correction.add", "correction", row.id, old=row.old or None, new=_plain(row), archive_id=archive_id)
    return row


def place_of(row: CorrectionRow) -> Place:
    """Where the page lay when it was set right."""
    return Place.model_validate({"sha256": row.sha256, "file_page": row.file_page, "half": row.half})


def _plain(row: CorrectionRow) -> dict[str, object]:
    names = ("kind", "sha256", "file_page", "half", "box", "field", "value", "doc_type", "starts")
    return {name: value for name in names if (value := getattr(row, name)) not in (None, "")}
