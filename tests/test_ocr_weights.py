"""Finding, checking and laying out the models."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from archive_verify.errors import SetupError
from archive_verify.ocr.weights import DETECTION, RECOGNITION, find_weights
from archive_verify.settings import Settings


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cache = tmp_path_factory.mktemp("weights")
    find_weights(Settings(cache_dir=cache))
    return cache


def test_the_installed_models_are_laid_out_as_paddleocr_wants_them(laid_out: Path) -> None:
    for name in (DETECTION, RECOGNITION):
        directory = laid_out / "models" / name
        assert (directory / "inference.onnx").stat().st_size > 1_000_000
        config = yaml.safe_load((directory / "inference.yml").read_text())
        assert config["Global"]["model_name"] == name
    characters = config["PostProcess"]["character_dict"]
    assert {"劳", "鑫", "X", "0"} <= set(characters)
    assert len(characters) == 18708
    assert all(not 0xD800 <= ord(part) <= 0xDFFF for character in characters for part in character)
    assert not list(laid_out.rglob(".partial-*"))


def test_a_damaged_copy_is_made_anew(laid_out: Path) -> None:
    model = laid_out / "models" / DETECTION / "inference.onnx"
    right = model.read_bytes()
    model.unlink()
    model.write_bytes(right[:-1])
    find_weights(Settings(cache_dir=laid_out))
    assert model.read_bytes() == right


@pytest.mark.parametrize("name", [DETECTION, RECOGNITION])
def test_settings_of_a_model_written_by_another_version_are_written_anew(laid_out: Path, name: str) -> None:
    config = laid_out / "models" / name / "inference.yml"
    right = config.read_text()
    config.write_text(right.replace("PostProcess", "PostProcessing"))
    find_weights(Settings(cache_dir=laid_out))
    assert config.read_text() == right


def test_a_directory_of_ones_own_is_taken(laid_out: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(laid_out / "models", own)
    weights = find_weights(Settings(cache_dir=tmp_path / "cache", weights_dir=own))
    assert weights.fingerprint == find_weights(Settings(cache_dir=laid_out)).fingerprint
    assert weights.detection.is_relative_to(tmp_path / "cache")


def test_a_directory_without_the_models_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="not in this directory"):
        find_weights(Settings(cache_dir=tmp_path / "cache", weights_dir=tmp_path))


def test_a_damaged_model_is_refused(laid_out: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(laid_out / "models", own)
    with (own / DETECTION / "inference.onnx").open("r+b") as stream:
        stream.write(b"x")
    with pytest.raises(SetupError, match="SHA-256"):
        find_weights(Settings(cache_dir=tmp_path / "cache", weights_dir=own))


def test_a_cache_that_cannot_be_written_is_a_setup_error(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("in the way")
    with pytest.raises(SetupError, match="cannot write"):
        find_weights(Settings(cache_dir=tmp_path))
