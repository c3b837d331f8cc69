"""The reading engine made of PaddleOCR's detection and recognition objects, with our own batching."""

from __future__ import annotations

import bisect
import importlib.util
import logging
import math
import os
from collections.abc import Iterator, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from archive_verify.errors import SetupError
from archive_verify.model import Lattice, LatticeStep
from archive_verify.ocr.base import Engine, Floats, Pixels, Quad, Recognised
from archive_verify.ocr.crops import size as quad_size
from archive_verify.ocr.runner import OpenVinoRunner, best_precision
from archive_verify.ocr.twins import find_twins, is_mark
from archive_verify.ocr.weights import DETECTION, RECOGNITION, Weights
from archive_verify.settings import Settings

_HEIGHT = 48                # of a line as the recogniser was trained
_MAX_WIDTH = 2400
# Lines wider than this are squeezed to 0.7: a third less work at equal errors; squeezing shorter
# ones makes neighbouring digits collide.
_SQUEEZE_ABOVE, _SQUEEZE = 480, 0.7
# Narrow digits by hand collide in squeezed lines: unsure ones, and those with an ID number or the
# like, are read again stretched, and that reading is preferred at equal confidence.
_STRETCH, _SQUEEZE_SURE, _MANY_DIGITS, _WIDE_BONUS = 1.3, 0.96, 8, 0.01
# Work grows with the padded area, whatever the batch: lines of like width go together. A shape that
# the runner meets for the first time costs a third more, and memory for good: batches of few widths
# and sizes alone make a page a third faster than all multiples of 32 by 1 to 16 lines.
_WIDTHS: tuple[int, ...] = (64, 96, *range(128, 512, 32), *range(512, 1024, 64), *range(1024, 2400, 128), 2400)
# Half of a page's lines are a word or a figure. Padded to these widths they take two thirds of the time and read as
# well, but for unsure ones: those are read again with room around, and the surer reading is taken.
_ROOMY, _NARROW_SURE = 160, 0.95
_BATCHES = (8, 4, 2, 1)
_BATCH_SPREAD = 1.2
# Kernels kept save a sixth of recognition; more of them take a worker past 1 GB over a long run of unlike pages.
# Pages are mostly of one shape, and the parts of pages that are looked at again of too many.
_LINE_KERNELS, _PAGE_KERNELS = 128, 32
_BATCH_WIDTH = 2048         # summed; each pixel of it costs 10 kB of class probabilities
_WIDE_GAP = 1.9             # ems between the middles of characters with a blank of 0.9 em between
# Mean likelihood within a line's outline from which the line stands. PaddleOCR's 0.6 loses half of
# the thin print of dense tables, where 0.45 takes nothing from what 0.6 finds; but what is higher
# than print (in px as detected) needs 0.6, or else blurs and stains are lines.
_LINE_LIKELY, _LARGE_LIKELY, _LARGE = 0.45, 0.6, 40
_TALL = 1.5                 # height over width from which a crop may be a line of vertical text

_LATTICE_SURE, _LATTICE_SHORT = 0.97, 24
_LATTICE_TOP, _LATTICE_FLOOR, _PURE_BLANK = 6, 1e-4, 0.999

_log = logging.getLogger(__name__)


def load_engine(settings: Settings, weights: Weights) -> Engine:
    """The engine that Settings asks for; "auto" takes OpenVINO where the CPU computes in bf16.

    Raises SetupError where paddleocr is missing or refuses the models.
    """
    precision = _openvino_precision(settings)
    if precision is not None:
        try:
            return PaddleEngine(settings, weights, openvino_precision=precision)
        except RuntimeError as error:
            _log.warning("OpenVINO cannot run here (%s), reading with onnxruntime", error)
    elif settings.engine == "paddle-openvino":
        _log.warning("OpenVINO is not installed, reading with onnxruntime")
    return PaddleEngine(settings, weights)


def engine_fingerprint(settings: Settings, weights: Weights) -> str:
    """The fingerprint of the engine that `load_engine` gives, without loading it."""
    return _fingerprint(_name(_openvino_precision(settings)), settings, weights)


def _openvino_precision(settings: Settings) -> str | None:
    if settings.engine == "paddle" or importlib.util.find_spec("openvino") is None:
        return None
    precision = best_precision()
    # In f32 it is no faster than onnxruntime (1.38 against 1.28 CPU seconds a page on Zen 4).
    return precision if precision == "bf16" or settings.engine == "paddle-openvino" else None


def _name(openvino_precision: str | None) -> str:
    return "paddle" if openvino_precision is None else f"paddle-openvino-{openvino_precision}"


def _fingerprint(name: str, settings: Settings, weights: Weights) -> str:
    return f"{name}/{weights.fingerprint}/{settings.detection_side}"


class PaddleEngine:
    """PP-OCRv6 small, on onnxruntime or (with `openvino_precision`) on OpenVINO; one thread."""

    def __init__(
        self, settings: Settings, weights: Weights, *, openvino_precision: str | None = None, threads: int = 1
    ) -> None:
        os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
        try:
            from paddleocr import TextDetection, TextRecognition
        except ImportError as error:
            raise SetupError(f"paddleocr cannot be loaded ({error})", advice="run make setup") from error
        logging.getLogger("paddlex").setLevel(logging.WARNING)
        common = {
            "engine": "onnxruntime", "device": "cpu",
            "engine_config": {"intra_op_num_threads": threads, "inter_op_num_threads": 1},
        }
        self._detector: Any = TextDetection(
            model_name=DETECTION, model_dir=str(weights.detection), **common
        ).paddlex_predictor
        self._recogniser: Any = TextRecognition(
            model_name=RECOGNITION, model_dir=str(weights.recognition), **common
        ).paddlex_predictor
        self._characters: list[str] = ["", *self._recogniser.post_op.character[1:]]
        self._side = settings.detection_side
        self.name = _name(openvino_precision)
        self.fingerprint = _fingerprint(self.name, settings, weights)
        if openvino_precision is not None:
            for predictor, directory, kernels in (
                (self._detector, weights.detection, _PAGE_KERNELS),
                (self._recogniser, weights.recognition, _LINE_KERNELS),
            ):
                predictor.runner = OpenVinoRunner(
                    directory / "inference.onnx", precision=openvino_precision, threads=threads, kernels=kernels
                )
        cv2.setNumThreads(threads)

    def detect(self, pixels: Pixels) -> tuple[Quad, ...]:
        """See Engine. Images are shrunk so that the long side is at most Settings.detection_side."""
        height, width = pixels.shape[:2]
        scale = min(1.0, self._side / max(height, width))
        size = [max(32, round(side * scale / 32) * 32) for side in (width, height)]
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        steps = self._detector.pre_tfs
        batch = steps["ToBatch"](imgs=steps["ToCHW"](imgs=steps["Normalize"](imgs=[small])))
        maps = self._detector.runner(x=batch)
        shape = np.array([height, width, size[1] / height, size[0] / width])
        found, likelihoods = self._detector.post_op(maps, [shape], box_thresh=_LINE_LIKELY)
        quads = [np.asarray(quad, dtype=np.float32) for quad in found[0]]
        least = _LARGE * max(height, width) / max(size)
        return tuple(
            quad for quad, likely in zip(quads, likelihoods[0], strict=True)
            if likely >= _LARGE_LIKELY or min(quad_size(quad)) < least
        )

    def recognise(self, crops: Sequence[Pixels], *, lattices: bool = False) -> tuple[Recognised, ...]:
        """See Engine. A tall crop is read upright and turned, and the surer reading is taken.

        An unsure word or figure is read again with room around. Where squeezing may have made
        characters collide, the line is read again at more than its full width. Marks that are printed
        over and over are read once, see `twins`.
        """
        views: list[tuple[int, Pixels]] = []
        for index, crop in enumerate(crops):
            height, width = crop.shape[:2]
            if height >= _TALL * width:
                views.append((index, np.ascontiguousarray(np.rot90(crop))))
            if height < 3 * width:
                views.append((index, crop))
        best: list[Recognised] = [Recognised("", 0.0, None)] * len(crops)
        widths = [_line_width(view) for _, view in views]
        again: list[tuple[int, Pixels]] = []
        for position, reading in self._read_once([view for _, view in views], widths, lattices):
            index, view = views[position]
            if reading.confidence > best[index].confidence:
                best[index] = _placed(reading, view, crops[index])
            if _deserves_width(reading, squeezed=widths[position] < _full_width(view)):
                again.append((index, view))
        narrow = [
            position for position, (index, _) in enumerate(views)
            if widths[position] < _ROOMY and best[index].confidence < _NARROW_SURE
        ]
        for position, reading in self._read_once(
            [views[at][1] for at in narrow], [widths[at] for at in narrow], lattices, least=_ROOMY
        ):
            index, view = views[narrow[position]]
            if reading.confidence > best[index].confidence:
                best[index] = _placed(reading, view, crops[index])
        again.sort(key=lambda pair: pair[0])
        wide = [min(_MAX_WIDTH, round(_STRETCH * _full_width(view))) for _, view in again]
        for position, reading in self._read_lines([view for _, view in again], wide, lattices):
            index = again[position][0]
            if reading.confidence > best[index].confidence - _WIDE_BONUS:
                best[index] = _placed(reading, again[position][1], crops[index])
        return tuple(best)

    def _read_once(
        self, crops: Sequence[Pixels], widths: Sequence[int], lattices: bool, least: int = 0
    ) -> Iterator[tuple[int, Recognised]]:
        """As `_read_lines`; crops that show the same mark get the reading of the first of them."""
        twins = find_twins(crops)
        first = [index for index in range(len(crops)) if index not in twins]
        read: dict[int, Recognised] = {}
        for number, reading in self._read_lines([crops[i] for i in first], [widths[i] for i in first], lattices, least):
            read[first[number]] = reading
        yield from read.items()
        left = [twin for twin, leader in twins.items() if not is_mark(read[leader])]
        yield from ((twin, read[leader]) for twin, leader in twins.items() if is_mark(read[leader]))
        for number, reading in self._read_lines([crops[i] for i in left], [widths[i] for i in left], lattices, least):
            yield left[number], reading

    def _read_lines(
        self, crops: Sequence[Pixels], widths: Sequence[int], lattices: bool, least: int = 0
    ) -> Iterator[tuple[int, Recognised]]:
        """Readings of crops scaled to `widths` and padded to `least` or more, with the crop's index, in no order."""
        order = sorted(range(len(crops)), key=lambda index: (widths[index], index))
        start = 0
        while start < len(order):
            chosen, padded = _next_batch([max(least, widths[index]) for index in order[start:]])
            rows = order[start:start + chosen]
            start += chosen
            batch = np.zeros((chosen, 3, _HEIGHT, padded), dtype=np.float32)
            for row, index in enumerate(rows):
                batch[row, :, :, : widths[index]] = _normalise(crops[index], widths[index])
            probabilities = self._recogniser.runner(x=[batch])[0]
            stride = padded / probabilities.shape[1]
            for row, index in enumerate(rows):
                # Steps over the padding hold nothing; one more for what the last strokes spread.
                steps = math.ceil(widths[index] / stride) + 1
                yield index, self._decode(probabilities[row, :steps], stride / widths[index], lattices)

    def _decode(self, probabilities: Floats, step: float, lattice: bool) -> Recognised:
        """Greedy CTC decoding: best class per step, repeats merged, blanks (class 0) dropped.

        `step` is the share of the crop's width that one step covers.
        """
        classes = probabilities.argmax(axis=1)
        keep = np.ones(len(classes), dtype=bool)
        keep[1:] = classes[1:] != classes[:-1]
        keep &= classes != 0
        where = np.flatnonzero(keep)
        text, centres = _spaced([self._characters[index] for index in classes[where]], (where + 0.5) * step)
        confidence = float(probabilities[where, classes[where]].mean()) if len(where) else 0.0
        wanted = lattice or confidence < _LATTICE_SURE or len(text) <= _LATTICE_SHORT
        return Recognised(
            text, round(min(confidence, 1.0), 4),
            prune(probabilities, self._characters) if wanted and text else None,
            centres,
        )


def _placed(reading: Recognised, view: Pixels, crop: Pixels) -> Recognised:
    """The reading of a crop by a view of it: one of a tall crop on its side tells nothing of places along the crop."""
    return reading if view is crop else reading._replace(centres=())


def _spaced(characters: Sequence[str], places: Floats) -> tuple[str, tuple[float, ...]]:
    """The text with a space at gaps far wider than the line's usual advance, and each character's place.

    The recogniser swallows wide blanks, and with them the border between two entries of a form.
    """
    centres = [float(place) for place in places]
    if len(characters) < 3:
        return "".join(characters), tuple(centres) if all(len(one) == 1 for one in characters) else ()
    advances = np.diff(places)
    pairs = list(zip(characters[:-1], characters[1:], advances, strict=True))
    full = [advance for before, after, advance in pairs if _is_square(before) and _is_square(after)]
    em = float(np.percentile(full, 25)) if len(full) >= 2 else 1.8 * float(np.median(advances))
    text, spaced = characters[0], centres[:1]
    for (before, character, advance), centre in zip(pairs, centres[1:], strict=True):
        # Punctuation brings half an em of blank of its own.
        loose = 0.6 * sum(not (c.isalnum() or _is_square(c)) for c in (before, character))
        if advance > (_WIDE_GAP + loose) * em and before != " " and character != " ":
            text += " "
            spaced.append((spaced[-1] + centre) / 2)
        text += character
        spaced.append(centre)
    return text, tuple(spaced) if len(spaced) == len(text) else ()


def _is_square(character: str) -> bool:
    """Whether it is a Chinese character, which fills an em."""
    return "\u3007" <= character <= "\u9fff"


def prune(probabilities: Floats, characters: Sequence[str]) -> Lattice:
    """The likely characters of each time step; a run of pure blanks becomes a single step.

    `probabilities` is steps x classes, class 0 the blank. Merging pure blanks changes no path's
    likelihood by more than rounding, as such a step has one way through.
    """
    steps: list[LatticeStep] = []
    pure_before = False
    for row in probabilities:
        if row[0] > _PURE_BLANK:
            if not pure_before:
                steps.append((("", 0.0),))
            pure_before = True
            continue
        pure_before = False
        listed = np.flatnonzero(row > _LATTICE_FLOOR)
        listed = listed[np.argsort(-row[listed], kind="stable")][:_LATTICE_TOP]
        steps.append(tuple((characters[index], round(math.log(row[index]), 3)) for index in listed))
    return tuple(steps)


def _next_batch(widths: Sequence[int]) -> tuple[int, int]:
    """How many of the lines, narrowest first, are read at once, and the width they are padded to."""
    least = _padded(widths[0])
    most = max(least, widths[0] * _BATCH_SPREAD)
    fitting = bisect.bisect_right(widths, most)
    room = min(fitting, max(1, _BATCH_WIDTH // least))
    chosen: int = max(size for size in _BATCHES if size <= room)
    return chosen, _padded(widths[chosen - 1])


def _padded(width: int) -> int:
    return _WIDTHS[bisect.bisect_left(_WIDTHS, width)]


def _full_width(crop: Pixels) -> int:
    height, width = crop.shape[:2]
    full: int = max(8, math.ceil(_HEIGHT * width / height))
    return full


def _line_width(crop: Pixels) -> int:
    full = _full_width(crop)
    width: int = full if full <= _SQUEEZE_ABOVE else max(_SQUEEZE_ABOVE, math.ceil(full * _SQUEEZE))
    return min(width, _MAX_WIDTH)


def _deserves_width(reading: Recognised, *, squeezed: bool) -> bool:
    """Unsure lines that were squeezed, and figures of many digits that squeezing may have merged."""
    figures = sum(character.isdigit() for character in reading.text)
    if squeezed:
        return 0 < reading.confidence < _SQUEEZE_SURE or figures >= _MANY_DIGITS
    return figures >= _MANY_DIGITS and reading.confidence < _SQUEEZE_SURE


def _normalise(crop: Pixels, width: int) -> NDArray[np.float32]:
    interpolation = cv2.INTER_AREA if crop.shape[0] > 1.5 * _HEIGHT else cv2.INTER_LINEAR
    resized = cv2.resize(crop, (width, _HEIGHT), interpolation=interpolation)
    return resized.astype(np.float32).transpose(2, 0, 1) / np.float32(127.5) - np.float32(1.0)
