"""Recorded readings in place of an engine or a reader: for tests and for judging again offline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any

from archive_verify.model import Box, Line, Page
from archive_verify.ocr.base import Pixels, Quad, Recognised
from archive_verify.ocr.crops import quad_of


class ReplayEngine:
    """Sees the recorded lines on every image, in place and order, whatever the pixels."""

    name = "replay"
    fingerprint = "replay"

    def __init__(self, lines: Sequence[Line] = ()) -> None:
        self._lines = tuple(lines)

    def detect(self, pixels: Pixels) -> tuple[Quad, ...]:
        """The recorded boxes, scaled to the image."""
        height, width = pixels.shape[:2]
        return tuple(quad_of(line.box, width, height) for line in self._lines)

    def recognise(self, crops: Sequence[Pixels], *, lattices: bool = False) -> tuple[Recognised, ...]:
        """The recorded texts in their order; nothing for crops beyond them."""
        recorded = [Recognised(line.text, line.confidence, line.lattice) for line in self._lines]
        missing = [Recognised("", 0.0, None)] * max(0, len(crops) - len(recorded))
        return tuple(recorded[: len(crops)] + missing)


class ReplayReader:
    """Gives recorded pages for any binder, and recorded second looks; used like `reading.Reader`."""

    def __init__(
        self, pages: Sequence[Page], looks: Mapping[tuple[int, Box], tuple[Line, ...]] | None = None
    ) -> None:
        self._pages = tuple(pages)
        self._looks = dict(looks or {})

    def __enter__(self) -> ReplayReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held."""

    def read(self, binder: Any, progress: Callable[[int, int], None] | None = None) -> tuple[Page, ...]:
        """The recorded pages."""
        if progress is not None:
            progress(len(self._pages), len(self._pages))
        return self._pages

    def second_look(
        self, binder: Any, pages: Sequence[Page], requests: Iterable[tuple[int, Box]]
    ) -> dict[tuple[int, Box], tuple[Line, ...]]:
        """The recorded looks; no lines where none was recorded."""
        return {request: self._looks.get(request, ()) for request in requests}

    def lay_over(self, binder: Any, one: Page, other: Page, course: Any) -> None:
        """Images are not recorded."""
