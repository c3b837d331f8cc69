"""Files that browsers fetch, under names that change with their content, so that they may keep them for ever."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import cached_property
from pathlib import Path, PurePosixPath

from archive_verify.errors import SetupError

PREFIX = "/static"
_VENDOR = "vendor"
_PLACES = 12


class Assets:
    """The files of a directory by name; read when they are first asked for."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def url(self, name: str) -> str:
        """The address of a file, e.g. /static/app.0123456789ab.css. Raises SetupError where it is not there."""
        path = PurePosixPath(name)
        if name not in self._hashes:
            raise SetupError("缺少网页所用的文件", where=name, advice="请先运行 make static")
        return f"{PREFIX}/{path.with_suffix('')}.{self._hashes[name]}{path.suffix}"

    def file(self, address: str) -> tuple[Path, str] | None:
        """The file and its media type for the part of an address behind the prefix; None for no such version."""
        name = self._by_address.get(f"{PREFIX}/{address}")
        if name is None:
            return None
        return self._directory / name, mimetypes.guess_type(name)[0] or "application/octet-stream"

    def complete(self) -> None:
        """Raises SetupError where the files of others were not put in place."""
        if not any(name.startswith(f"{_VENDOR}/") for name in self._hashes):
            raise SetupError("网页所用的文件还没有准备好", where=self._directory, advice="请先运行 make static")

    @cached_property
    def _hashes(self) -> dict[str, str]:
        files = (path for path in self._directory.rglob("*") if path.is_file() and not path.name.startswith("."))
        return {
            path.relative_to(self._directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:_PLACES]
            for path in files
        }

    @cached_property
    def _by_address(self) -> dict[str, str]:
        return {self.url(name): name for name in self._hashes}
