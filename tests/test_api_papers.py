"""What is drawn for the web: made once, kept within its bound; volumes opened in any number of threads."""

from __future__ import annotations

import io
import os
import threading
import zipfile
from pathlib import Path

from fastapi import FastAPI

from api.papers import FileCache
from archive_verify.store import Store, archives
from archive_verify.store.archives import NewVolume
from tests.api_factories import reviewer
from tests.service_factories import SYSTEM, archive, class_pages, image, run_all, start


def test_a_file_is_made_once_however_many_ask_for_it(tmp_path: Path) -> None:
    cache = FileCache(tmp_path / "drawn", 1000)
    made: list[int] = []
    gate = threading.Event()

    def make(path: Path) -> None:
        gate.wait(5)
        made.append(1)
        path.write_bytes(b"drawn")

    threads = [threading.Thread(target=cache, args=({"page": 1}, ".jpeg", make)) for _ in range(5)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    assert made == [1] and [path.read_bytes() for path in (tmp_path / "drawn").iterdir()] == [b"drawn"]


def test_a_file_that_could_not_be_made_leaves_nothing(tmp_path: Path) -> None:
    cache = FileCache(tmp_path / "drawn", 1000)

    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise ValueError

    for _ in range(2):
        try:
            cache({"page": 1}, ".jpeg", fail)
        except ValueError:
            continue
    assert list((tmp_path / "drawn").iterdir()) == []


def _hundred_bytes(path: Path) -> None:
    path.write_bytes(bytes(100))


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    cache = FileCache(tmp_path / "drawn", 250)
    paths = [cache({"page": page}, ".jpeg", _hundred_bytes) for page in range(3)]
    for age, path in zip((30, 10, 20), paths, strict=True):
        os.utime(path, (age, age))
    cache.prune()
    assert [path.exists() for path in paths] == [True, False, True]


def test_pages_inside_a_zip_are_shown_to_many_at_once(app: FastAPI, local: Store) -> None:
    made = archive(local, pages=0)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as papers:
        for number in (1, 2, 3):
            papers.writestr(f"{number}.png", image(number))
    sha256, length = local.blobs.put([packed.getvalue()])
    with local.writing(SYSTEM) as tx:
        archives.add_volume(tx, made.id, NewVolume(sha256, "卷一.zip", length))
    run_all(local, start(local, made.id), class_pages())
    wang = reviewer(app, local)
    answers: list[int] = []

    def show(page: int, width: int) -> None:
        answers.append(wang("get", f"/archives/{made.id}/pages/{page}/image?width={width}").status_code)

    threads = [threading.Thread(target=show, args=(page, width)) for page in (1, 2, 3) for width in (100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 6
