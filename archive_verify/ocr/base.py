"""What every reading engine offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from archive_verify.model import Lattice

Pixels = NDArray[np.uint8]              # H x W x 3, BGR
Quad = NDArray[np.float32]              # 4 x 2 corners in pixels: top left, then clockwise
Floats = NDArray[np.floating[Any]]


class Recognised(NamedTuple):
    """The text of one crop. `lattice` is kept for short or unsure texts, see `Engine.recognise`.

    `centres` has an entry for each character of the text: its middle as a fraction of the crop's width;
    empty where that is not known.
    """

    text: str
    confidence: float
    lattice: Lattice | None
    centres: tuple[float, ...] = ()


class Engine(Protocol):
    """Finds text lines on an image and reads them. Not to be shared between threads.

    `fingerprint` changes whenever the same pixels might be read differently.
    """

    name: str
    fingerprint: str

    def detect(self, pixels: Pixels) -> tuple[Quad, ...]:
        """Quadrangles around the text lines of an image, in no particular order."""

    def recognise(self, crops: Sequence[Pixels], *, lattices: bool = False) -> tuple[Recognised, ...]:
        """Texts of one-line crops, in their order.

        A lattice is kept where the text is unsure or short, or for every crop if `lattices`.
        """
