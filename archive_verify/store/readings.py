"""Page readings in the store: a cache for readers of every host, and a reader that reads nothing."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from archive_verify.model import Binder, Box, Line, Page, PageReading
from archive_verify.review import Place, places_of
from archive_verify.store.database import Actor, Store, Transaction
from archive_verify.store.errors import Conflict
from archive_verify.store.tables import PageReadingRow, ReadingUse, RunResult, RunSheet

READINGS = TypeAdapter(tuple[PageReading, ...])
_Lines = TypeAdapter(tuple[Line, ...])
Spot = tuple[Place, Box]


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
        """Keep the content, together with the note that this run uses it."""
        with self._store.writing(self._actor) as tx:
            row = {"key": key, "content": zlib.compress(content, 6), "created_at": tx.now}
            _insert_new(tx, PageReadingRow, row)
            _insert_new(tx, ReadingUse, {"run_id": self._run_id, "key": key})

    def prune(self) -> None:
        """Write down which stored readings were taken; nothing is thrown away."""
        if not self._taken:
            return
        with self._store.writing(self._actor) as tx:
            for key in sorted(self._taken):
                _insert_new(tx, ReadingUse, {"run_id": self._run_id, "key": key})
        self._taken.clear()


class StoredReader:
    """Gives the stored readings of a run; used like `reading.Reader`.

    `look` reads places again: a real reader's `second_look` in a run that may read. Without it only
    the looks that were stored are given, and none where none was: such a value stays unconfirmed.
    """

    def __init__(
        self,
        store: Store,
        reading_run_id: str,
        look: Callable[
            [Binder, Sequence[Page], Iterable[tuple[int, Box]]], Mapping[tuple[int, Box], tuple[Line, ...]]
        ] | None = None,
    ) -> None:  # fmt: skip
        self._store = store
        self._run_id = reading_run_id
        self._look = look

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
        if self._look is not None:
            return self._look(binder, pages, requests)
        with self._store.reading() as session:
            packed = session.scalar(select(RunResult.looks).where(RunResult.run_id == self._run_id))
        looks = {} if packed is None else unpack_looks(packed)
        places = places_of(binder, pages)
        return {(page, box): looks.get((places[page], box), ()) for page, box in requests}


def pack_looks(looks: Mapping[tuple[int, Box], tuple[Line, ...]], places: Mapping[int, Place]) -> bytes:
    """Second looks by place on paper, to be stored."""
    content = [
        [places[page].model_dump(), list(box), _Lines.dump_python(lines, mode="json")]
        for (page, box), lines in looks.items()
    ]
    return zlib.compress(json.dumps(content, ensure_ascii=False).encode())


def unpack_looks(packed: bytes) -> dict[Spot, tuple[Line, ...]]:
    """What `pack_looks` packed."""
    return {
        (Place.model_validate(place), Box(*box)): _Lines.validate_python(lines)
        for place, box, lines in json.loads(zlib.decompress(packed))
    }


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
