"""The cache of page readings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archive_verify.ocr.cache import PageCache
from archive_verify.settings import Settings


def cache(directory: Path, megabytes: int = 1) -> PageCache:
    return PageCache(Settings(cache_dir=directory, cache_megabytes=megabytes))


def test_what_was_put_is_found_again_by_another_process(tmp_path: Path) -> None:
    cache(tmp_path).put(PageCache.key("a", "b"), b"reading")
    assert cache(tmp_path).get(PageCache.key("a", "b")) == b"reading"


def test_parts_of_a_key_do_not_run_together() -> None:
    assert PageCache.key("ab", "c") != PageCache.key("a", "bc")


def test_a_damaged_entry_is_a_miss(tmp_path: Path) -> None:
    key = PageCache.key("page")
    cache(tmp_path).put(key, b"reading" * 100)
    (entry,) = tmp_path.glob("readings/*/*.z")
    entry.write_bytes(entry.read_bytes()[:-5])
    assert cache(tmp_path).get(key) is None


def test_a_cache_of_no_size_keeps_nothing(tmp_path: Path) -> None:
    none = cache(tmp_path, 0)
    none.put(PageCache.key("page"), b"reading")
    assert none.get(PageCache.key("page")) is None
    assert not list(tmp_path.rglob("*"))


def test_the_least_recently_used_entries_go_when_the_bound_is_passed(tmp_path: Path) -> None:
    kept = cache(tmp_path)
    for number in range(12):
        kept.put(PageCache.key(str(number)), os.urandom(100_000))
    for number, path in enumerate(sorted(tmp_path.glob("readings/*/*.z"), key=lambda p: p.stat().st_mtime_ns)):
        os.utime(path, (1000 + number, 1000 + number))
    assert kept.get(PageCache.key("0")) is not None
    kept.prune()
    assert kept.get(PageCache.key("0")) is not None
    assert kept.get(PageCache.key("1")) is None
    assert sum(path.stat().st_size for path in tmp_path.glob("readings/*/*.z")) <= 1024 * 1024


def test_a_directory_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "readings").write_text("in the way")
    kept = cache(tmp_path)
    kept.put(PageCache.key("page"), b"reading")
    assert kept.get(PageCache.key("page")) is None


@pytest.mark.parametrize("content", [b"", b"\x00", "名".encode()])
def test_any_bytes_come_back_as_they_were(tmp_path: Path, content: bytes) -> None:
    cache(tmp_path).put(PageCache.key("page"), content)
    assert cache(tmp_path).get(PageCache.key("page")) == content
