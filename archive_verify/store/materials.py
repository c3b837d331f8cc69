"""What a run works on, as files under their own names: the volumes, the roster, CLASS.toml."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive_verify.store.class_toml import toml_of
from archive_verify.store.database import Store
from archive_verify.store.runs import RunInput


@dataclass(frozen=True, slots=True)
class Materials:
    """Arguments for `pipeline.check`; the paths last as long as the block."""

    volumes: tuple[Path, ...]
    roster: Path
    class_toml: Path


@contextmanager
def materials(store: Store, run: RunInput, workspace: Path) -> Iterator[Materials]:
    """The files of a run, linked into `workspace`. Raises NotFound where a blob is missing."""
    with ExitStack() as stack:
        paths = []
        blobs = (*run.volumes, (run.roster_sha256, run.roster_name))
        for number, (sha256, name) in enumerate(blobs):
            path = workspace / "papers" / str(number) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(stack.enter_context(store.blobs.local(sha256)).resolve())
            paths.append(path)
        class_toml = workspace / "papers" / "CLASS.toml"
        class_toml.write_text(toml_of(run.class_facts), encoding="utf-8")
        yield Materials(tuple(paths[:-1]), paths[-1], class_toml)
