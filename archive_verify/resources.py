"""Files that belong to the program, found alike in an installed wheel and in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def template_dir() -> Path:
    """The directory of the templates: inside the package in a wheel, beside it in a checkout."""
    return _directory("templates")


def static_dir() -> Path:
    """The directory of the files that browsers fetch: our own, and in `vendor` those that `make static` puts there."""
    return _directory("static")


def translation_dir() -> Path:
    """The directory of the catalogue: a directory per language with .po files by subject."""
    return _directory("translations")


def _directory(name: str) -> Path:
    packed = _PACKAGE / name
    return packed if packed.is_dir() else _PACKAGE.parent / name
