"""Page readings in the store: a cache for readers of every host, and a reader that reads nothing."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from archive_verify.model import Binder, Box, Line, Page, PageReading
from archive_verify.pipeline import PageReader
from archive_verify.registration import Likeness, Matrix
from archive_verify.review import Place, places_of
from archive_verify.store.database import Actor, Store, Transaction
from archive_verify.store.errors import Conflict
from archive_verify.store.tables import PageReadingRow, ReadingUse, Run, RunResult, RunSheet

READINGS = TypeAdapter(tuple[PageReading, ...])
_Lines = TypeAdapter(tuple[Line, ...])


@dataclass(frozen=True, slots=True)
class Looks:
    """What a run looked at again: lines of spots, and how alike pairs of pages are."""

    looks: Mapping[tuple[Place, Box], tuple[Line, ...]] = field(default_factory=dict)
    laid: Mapping[tuple[Place, Place], Likeness] = field(default_factory=dict)


class StoreCache:
    """Readings by content, for `reading.Reader`; notes that the run took them, so that they are kept as
    long as its archive. Not to be shared between threads."""

    def __init__(self, store: Store, run_id: str) -> None:
        self._store = store
        self._run_id = run_id
        self._actor = Actor.system("reader")
        self._taken: set[str] = set()

    def get(self, key: str) -> bytes | None:
        """What was put under the key, or None; a damaged one is a miss."""
        with self._store.reading() as session:
            packed = session.scalar(select(PageReadingRow.content).where(PageReadingRow.key == key))
        try:
            content = None if packed is None else zlib.decompress(packed)
        except zlib.error:
            return None
        if content is not None:
            self._taken.add(key)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep the content in place of what is there, together with the note that this run uses it.

        Of a run that was deleted meanwhile, with its archive, nothing is kept.
        """
        packed = zlib.compress(content, 6)
        with self._store.writing(self._actor) as tx:
            if not self._is_there(tx):
                return
            _insert_new(tx, PageReadingRow, {"key": key, "content": packed, "created_at": tx.now})
            tx.session.execute(update(PageReadingRow).where(PageReadingRow.key == key).values(content=packed))
            _insert_new(tx, ReadingUse, {"run_id": self._run_id, "key": key})

    def prune(self) -> None:
        """Write down which stored readings were taken; nothing is thrown away."""
        if not self._taken:
            return
        with self._store.writing(self._actor) as tx:
            if self._is_there(tx):
                for key in sorted(self._taken):
                    _insert_new(tx, ReadingUse, {"run_id": self._run_id, "key": key})
        self._taken.clear()

    def _is_there(self, tx: Transaction) -> bool:
        """Whether the run is not deleted; nor is it then before this transaction ends."""
        row = select(Run.id).where(Run.id == self._run_id).with_for_update(read=True, key_share=True)
        return tx.session.scalar(row) is not None


class StoredReader:
    """Gives the stored readings of a run; used like `reading.Reader`.

    `eyes` is a real reader, in a run that may look at its pages again. Without it only the looks that
    were stored are given, and none where none was: such a value stays unconfirmed.
    """

    def __init__(
        self,
        store: Store,
        reading_run_id: str,
        eyes: PageReader | None = None,
    ) -> None:
        self._store = store
        self._run_id = reading_run_id
        self._eyes = eyes
        self._looks: Looks | None = None

    def read(self, binder: Binder, progress: Callable[[int, int], None] | None = None) -> tuple[Page, ...]:
        """All pages of the binder. Raises Conflict where the stored sheets are not the binder's."""
        with self._store.reading() as session:
            sheets = list(
                session.scalars(
                    select(RunSheet).where(RunSheet.run_id == self._run_id).order_by(RunSheet.number)
                )
            )
            there = [(binder.files[sheet.file].sha256, sheet.file_page) for sheet in binder.sheets]
            if [(sheet.sha256, sheet.file_page) for sheet in sheets] != there:
                raise Conflict("已读的页与档案文件不一致", advice="请重新核查")
            pages: list[Page] = []
            for number, (sheet, stored) in enumerate(zip(binder.sheets, sheets, strict=True), 1):
                for reading in _readings(session, stored):
                    pages.append(
                        Page(
                            index=len(pages) + 1, file=sheet.file, file_page=sheet.file_page, reading=reading
                        )
                    )
                if progress is not None:
                    progress(number, len(sheets))
        return tuple(pages)

    def second_look(
        self, binder: Binder, pages: Sequence[Page], requests: Iterable[tuple[int, Box]]
    ) -> Mapping[tuple[int, Box], tuple[Line, ...]]:
        """The lines of places read again, by page index and box."""
        if self._eyes is not None:
            return self._eyes.second_look(binder, pages, requests)
        places = places_of(binder, pages)
        looks = self._stored().looks
        return {(page, box): looks.get((places[page], box), ()) for page, box in requests}

    def lay_over(self, binder: Binder, one: Page, other: Page, course: Matrix) -> Likeness | None:
        """How alike the images of two pages are, laid over one another."""
        if self._eyes is not None:
            return self._eyes.lay_over(binder, one, other, course)
        places = places_of(binder, (one, other))
        return self._stored().laid.get((places[one.index], places[other.index]))

    def _stored(self) -> Looks:
        if self._looks is None:
            with self._store.reading() as session:
                packed = session.scalar(select(RunResult.looks).where(RunResult.run_id == self._run_id))
            self._looks = Looks() if packed is None else unpack_looks(packed)
        return self._looks


def pack_looks(
    looks: Mapping[tuple[int, Box], tuple[Line, ...]],
    laid: Mapping[tuple[int, int], Likeness | None],
    places: Mapping[int, Place],
) -> bytes:
    """What was looked at again, by place on paper, to be stored."""
    content = {
        "looks": [
            [places[page].model_dump(), list(box), _Lines.dump_python(lines, mode="json")]
            for (page, box), lines in looks.items()
        ],
        "laid": [
            [places[one].model_dump(), places[other].model_dump(), likeness.parts, likeness.unlike]
            for (one, other), likeness in laid.items() if likeness is not None
        ],
    }  # fmt: skip
    return zlib.compress(json.dumps(content, ensure_ascii=False).encode())


def unpack_looks(packed: bytes) -> Looks:
    """What `pack_looks` packed."""
    content = json.loads(zlib.decompress(packed))
    return Looks(
        {
            (Place.model_validate(place), Box(*box)): _Lines.validate_python(lines)
            for place, box, lines in content["looks"]
        },
        {
            (Place.model_validate(one), Place.model_validate(other)): Likeness(parts, unlike)
            for one, other, parts, unlike in content["laid"]
        },
    )


def _readings(session: Session, sheet: RunSheet) -> tuple[PageReading, ...]:
    if sheet.state == "read":
        packed = session.scalar(select(PageReadingRow.content).where(PageReadingRow.key == sheet.reading_key))
        if packed is None:
            raise Conflict(f"第 {sheet.number + 1} 张的读取结果已不在", advice="请重新核查")
        return READINGS.validate_json(zlib.decompress(packed))
    failure = sheet.failure or "没有读取"
    return (
        PageReading(
            width=0, height=0, dpi=0.0, text_source="none", rotation=0, skew_degrees=0.0,
            flags=frozenset({"failed"}), failure=failure,
        ),
    )  # fmt: skip


def _insert_new(tx: Transaction, table: type[PageReadingRow] | type[ReadingUse], row: dict[str, object]) -> None:
    """Insert a row unless one with its key is there."""
    dialect = tx.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    tx.session.execute(insert(table).values(row).on_conflict_do_nothing())
