"""How fast the review is in a browser: `python -m tests.bench_review [--pages 400]` prints a table.

The archive's pages are drawn at the size of 200 dpi scans; what was read from them is recorded.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Page as Window

from archive_verify.model import Page
from archive_verify.store import ServiceSettings, Store, archives, open_store
from archive_verify.store.archives import NewVolume
from archive_verify.store.tables import Archive
from tests.api_factories import app_over
from tests.browsing import Visitor, chromium, served
from tests.factories import text_page
from tests.service_factories import SYSTEM, archive, class_pages, run_all, start, user

_A4 = (1654, 2339)
_STEPS = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=400)
    pages = parser.parse_args().pages
    with tempfile.TemporaryDirectory() as directory:
        store = open_store(ServiceSettings(data_dir=Path(directory)), migrating=True)
        user(store, "wang")
        made = _archive(store, pages)
        app = app_over(store)
        with served(app) as address, chromium() as browser:
            visitor = Visitor(browser, address).sign_in("wang")
            rows = _measured(visitor.page, made)
            visitor.leave()
        app.state.service.shelf.close()
        store.close()
    print(f"{'of an archive of ' + str(pages) + ' pages':42} {'median ms':>10} {'slowest ms':>11} {'goal ms':>8}")  # noqa: T201
    for what, taken, goal in rows:
        print(f"{what:42} {statistics.median(taken):10.0f} {max(taken):11.0f} {goal:8d}")  # noqa: T201


def _archive(store: Store, count: int) -> Archive:
    made = archive(store, pages=0)
    read: list[Page] = [*class_pages()]
    read += [text_page("教学日志", f"第{number}课", index=number) for number in range(len(read) + 1, count + 1)]
    for number in range(1, count + 1):
        sha256, length = store.blobs.put([_scan(number)])
        with store.writing(SYSTEM) as tx:
            archives.add_volume(tx, made.id, NewVolume(sha256, f"{number}.jpg", length))
    run_all(store, start(store, made.id), read)
    return made


def _scan(number: int) -> bytes:
    sheet = Image.effect_noise(_A4, 12).point(lambda grey: min(255, grey + 110))
    draw = ImageDraw.Draw(sheet)
    for line in range(40):
        draw.text((200, 200 + 50 * line), f"page {number} line {line} " + "0123456789 " * 8, fill=20)
    stream = BytesIO()
    sheet.save(stream, "JPEG", quality=80, dpi=(200, 200))
    return stream.getvalue()


def _measured(window: Window, made: Archive) -> list[tuple[str, list[float], int]]:
    began = time.perf_counter()
    window.goto(f"/archives/{made.id}/review", wait_until="commit")
    window.wait_for_selector("#viewer[data-shown]", timeout=60_000)
    first = [1000 * (time.perf_counter() - began)]
    window.wait_for_timeout(3000)
    steps = []
    for _ in range(_STEPS):
        steps.append(float(window.evaluate(
            """() => new Promise((done) => {
                const before = document.getElementById("finding").dataset.issue, began = performance.now();
                const look = () => document.getElementById("finding").dataset.issue !== before
                    ? done(performance.now() - began) : requestAnimationFrame(look);
                document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "j", bubbles: true}));
                requestAnimationFrame(look);
            })"""
        )))  # fmt: skip
        window.wait_for_timeout(300)
    return [("review opened, first page image shown", first, 1000), ("next issue shown", steps, 150)]


if __name__ == "__main__":
    main()
