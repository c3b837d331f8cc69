"""Find the PP-OCRv6 small models, check them and lay them out as PaddleOCR wants them."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive_verify.errors import SetupError
from archive_verify.settings import Settings

DETECTION = "PP-OCRv6_small_det"
RECOGNITION = "PP-OCRv6_small_rec"

# File name in the rapidocr 3.10 wheel, and the SHA-256 of its content.
_WHEEL_FILES = {
    DETECTION: (
        "PP-OCRv6_det_small.onnx",
        "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    ),
    RECOGNITION: (
        "PP-OCRv6_rec_small.onnx",
        "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    ),
}

# Pre- and post-processing as PaddleOCR publishes it with these models.
_DETECTION_CONFIG: dict[str, Any] = {
    "Global": {"model_name": DETECTION},
    "PreProcess": {
        "transform_ops": [
            {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
            {"DetLabelEncode": None},
            {"DetResizeForTest": {"limit_side_len": 736, "limit_type": "min"}},
            {
                "NormalizeImage": {
                    "mean": [0.485, 0.456, 0.406],
                    "std": [0.229, 0.224, 0.225],
                    "scale": "1./255.",
                    "order": "hwc",
                }
            },
            {"ToCHWImage": None},
            {"KeepKeys": {"keep_keys": ["image", "shape", "polys", "ignore_tags"]}},
        ]
    },
    "PostProcess": {
        "name": "DBPostProcess",
        "thresh": 0.3,
        "box_thresh": 0.6,
        "max_candidates": 1000,
        "unclip_ratio": 1.5,
    },
}
_RECOGNITION_CONFIG: dict[str, Any] = {
    "Global": {"model_name": RECOGNITION},
    "PreProcess": {
        "transform_ops": [
            {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
            {"MultiLabelEncode": {"gtc_encode": "NRTRLabelEncode"}},
            {"RecResizeImg": {"image_shape": [3, 48, 320]}},
            {"KeepKeys": {"keep_keys": ["image", "label_ctc", "label_gtc", "length", "valid_ratio"]}},
        ]
    },
    "PostProcess": {"name": "CTCLabelDecode"},
}

_ADVICE = "install rapidocr==3.10.* or set ARCHIVE_VERIFY_WEIGHTS_DIR to a directory that holds the models"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Weights:
    """Model directories, each with inference.onnx and inference.yml, and a hash over both models."""

    detection: Path
    recognition: Path
    fingerprint: str


def find_weights(settings: Settings) -> Weights:
    """Look in Settings.weights_dir, the installed rapidocr wheel, then PaddleOCR's download.

    Models from the first two are checked against pinned SHA-256 sums and laid out under
    `<cache_dir>/models`. Raises SetupError where a model is missing, damaged or cannot be laid out.
    """
    directories = {name: _prepare(name, settings) for name in (DETECTION, RECOGNITION)}
    hashes = "".join(_sha256(path / "inference.onnx") for path in directories.values())
    return Weights(
        detection=directories[DETECTION],
        recognition=directories[RECOGNITION],
        fingerprint=hashlib.sha256(hashes.encode()).hexdigest()[:16],
    )


def _prepare(name: str, settings: Settings) -> Path:
    file_name, pinned = _WHEEL_FILES[name]
    target = settings.cache_dir / "models" / name
    if settings.weights_dir is None and _complete(name, target, pinned):
        return target
    source = _source(name, file_name, settings)
    if source is None:
        return _download(name)
    if _sha256(source) != pinned:
        raise SetupError(
            f"model {name} is damaged or of another version (SHA-256 differs)", where=source, advice=_ADVICE
        )
    if not _complete(name, target, pinned):
        _lay_out(name, source, target)
    return target


def _source(name: str, file_name: str, settings: Settings) -> Path | None:
    """The model's file in the directory of the user or in the installed wheel."""
    if settings.weights_dir is not None:
        for candidate in (settings.weights_dir / name / "inference.onnx", settings.weights_dir / file_name):
            if candidate.is_file():
                return candidate
        raise SetupError(
            f"model {name} is not in this directory", where=settings.weights_dir,
            advice=f"put it at {name}/inference.onnx",
        )
    # Importing rapidocr would load its own engines; its place is enough.
    spec = importlib.util.find_spec("rapidocr")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        candidate = Path(place) / "models" / file_name
        if candidate.is_file():
            return candidate
    return None


def _download(name: str) -> Path:
    """PaddleOCR's own copy in its cache, which its client fetches where the network allows it."""
    from paddlex.inference.utils.official_models import official_models

    _log.info("model %s is not installed, asking PaddleOCR for it", name)
    try:
        directory = Path(official_models.get_model_path(name, model_formats=("onnx",)))
    except Exception as error:  # its client raises bare Exception when no source answers
        raise SetupError(f"model {name} is missing", advice=_ADVICE) from error
    if not (directory / "inference.onnx").is_file():
        raise SetupError(f"model {name} has no ONNX file", where=directory, advice=_ADVICE)
    return directory


def _complete(name: str, directory: Path, pinned: str) -> bool:
    """Whether the model is there and its inference.yml is what would be written for it now."""
    model, config = directory / "inference.onnx", directory / "inference.yml"
    if not model.is_file() or not config.is_file() or _sha256(model) != pinned:
        return False
    try:
        return config.read_text(encoding="ascii") == _config(name, model)
    except (OSError, UnicodeDecodeError):
        return False


def _config(name: str, model: Path) -> str:
    """The content of a model's inference.yml."""
    if name == DETECTION:
        return _yaml(_DETECTION_CONFIG)
    # As one string, which stands for the list of its characters: the list takes a reading process 0.4 s to parse.
    return _yaml({**_RECOGNITION_CONFIG, "PostProcess": {
        **_RECOGNITION_CONFIG["PostProcess"], "character_dict": "".join(read_characters(model)),
    }})


def _lay_out(name: str, source: Path, target: Path) -> None:
    config = _config(name, source)
    try:
        target.mkdir(parents=True, exist_ok=True)
        with _temporary(target) as temporary:
            temporary.unlink()
            try:
                temporary.hardlink_to(source)
            except OSError:  # another file system
                shutil.copyfile(source, temporary)
            temporary.replace(target / "inference.onnx")
        with _temporary(target) as temporary:
            temporary.write_text(config, encoding="ascii")
            temporary.replace(target / "inference.yml")
    except OSError as error:
        raise SetupError(
            f"cannot write model files ({error.strerror})", where=target,
            advice="set ARCHIVE_VERIFY_CACHE_DIR to a directory that can be written",
        ) from error


@contextlib.contextmanager
def _temporary(directory: Path) -> Iterator[Path]:
    """A file of its own in `directory`, to be moved to its final name; removed if it stays."""
    handle, name = tempfile.mkstemp(dir=directory, prefix=".partial-")
    os.close(handle)
    path = Path(name)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _yaml(config: dict[str, Any]) -> str:
    """JSON, which is YAML, with every character quoted safely.

    Of characters beyond the basic plane JSON writes two surrogates, which YAML takes for two
    characters; YAML's own escape is \\U and eight digits.
    """
    def whole(pair: re.Match[str]) -> str:
        high, low = int(pair[1], 16), int(pair[2], 16)
        return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"

    return re.sub(r"\\u(d[89ab]\w\w)\\u(d[c-f]\w\w)", whole, json.dumps(config, ensure_ascii=True, indent=0))


def read_characters(model: Path) -> list[str]:
    """The recogniser's characters in the order of its classes, without blank and space."""
    # Loading a runtime for that would take longer than all else that a check of cached pages does first.
    try:
        listed = next(
            dict(_fields(entry)).get(_VALUE, b"") for field, entry in _fields(model.read_bytes())
            if field == _METADATA and dict(_fields(entry)).get(_KEY) == b"character"
        ).decode()
    except (StopIteration, IndexError, ValueError) as error:
        raise SetupError("the model carries no character list", where=model, advice=_ADVICE) from error
    return listed.split("\n")


# Numbers of fields in ONNX's protocol buffers: ModelProto.metadata_props, and key and value of its entries.
_METADATA, _KEY, _VALUE = 14, 1, 2


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """The fields of a protocol buffer's message that have a length, with their numbers."""
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        tag = number()
        kind = tag & 7
        if kind == 0:
            number()
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        elif kind == 2:
            length = number()
            yield tag >> 3, message[at : at + length]
            at += length
        else:
            raise ValueError(f"field of kind {kind}")


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
