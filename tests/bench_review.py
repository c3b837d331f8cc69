"""How fast the review is in a browser: `python -m tests.bench_review [--pages 400]` prints a table.

The archive's pages are drawn at the size of 200 dpi scans; what was read from them is recorded.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
from fastapi import FastAPI
from PIL import Image, ImageDraw
from playwright.sync_api import Browser

from archive_verify.model import Page
from archive_verify.store import ServiceSettings, Store, archives, open_store
from archive_verify.store.archives import NewVolume
from archive_verify.store.tables import Archive
from tests.api_factories import app_over
from tests.browsing import Visitor, chromium, served
from tests.factories import text_page
from tests.service_factories import ROSTER, SYSTEM, archive, class_pages, run_all, start, user

_A4 = (1654, 2339)
_OPENINGS, _STEPS = 5, 20
# Different sheets, bound in again and again.
_SCANS = 20
# The key for the next issue: ms until its finding stands there, and until its page's image does.
_NEXT = """() => new Promise((done) => {
    const of = (id) => document.getElementById(id);
    const before = of("finding").dataset.issue, began = performance.now();
    let finding = 0;
    const look = () => {
        if (!finding && of("finding").dataset.issue !== before) finding = performance.now() - began;
        const shown = of("viewer").dataset.shown === of("page").value;
        if (finding && shown) done([finding, performance.now() - began]); else requestAnimationFrame(look);
    };
    document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "j", bubbles: true}));
    requestAnimationFrame(look);
})"""
Measured = tuple[str, list[float], int]


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
            rows = list(_measured(app, address, browser, made))
        app.state.service.shelf.close()
        store.close()
    print(f"{'of an archive of ' + str(pages) + ' pages':50} {'median ms':>10} {'slowest ms':>11} {'goal ms':>8}")  # noqa: T201
    for what, taken, goal in rows:
        print(f"{what:50} {statistics.median(taken):10.0f} {max(taken):11.0f} {goal:8d}")  # noqa: T201


def _archive(store: Store, count: int) -> Archive:
    """Two volumes as a scanner makes them; a class of fifty, of whom one has proof."""
    others = "".join(f"学员{row},{row:018d},企业就业,是\n" for row in range(2, 51))
    made = archive(store, pages=0, roster=ROSTER + others)
    read: list[Page] = [*class_pages()]
    read += [text_page("教学日志", f"第{number}课", index=number) for number in range(len(read) + 1, count + 1)]
    half = count // 2
    for name, numbers in (("卷一.pdf", range(1, half + 1)), ("卷二.pdf", range(half + 1, count + 1))):
        sha256, length = store.blobs.put([_volume(numbers)])
        with store.writing(SYSTEM) as tx:
            archives.add_volume(tx, made.id, NewVolume(sha256, name, length))
    run_all(store, start(store, made.id), read)
    return made


def _volume(numbers: range) -> bytes:
    with pikepdf.new() as volume:
        for number in numbers:
            with pikepdf.open(BytesIO(_sheet(number % _SCANS))) as one:
                volume.pages.extend(one.pages)
        stream = BytesIO()
        volume.save(stream)
    return stream.getvalue()


@cache
def _sheet(number: int) -> bytes:
    stream = BytesIO()
    _scan(number).save(stream, "PDF", resolution=200.0, quality=80)
    return stream.getvalue()


def _scan(number: int) -> Image.Image:
    sheet = Image.effect_noise(_A4, 12).point(lambda grey: min(255, grey + 110))
    draw = ImageDraw.Draw(sheet)
    for line in range(40):
        draw.text((200, 200 + 50 * line), f"page {number} line {line} " + "0123456789 " * 8, fill=20)
    return sheet


def _opened(address: str, browser: Browser, made: Archive) -> tuple[float, Visitor]:
    """In a fresh browser window: ms until the first page's image is shown."""
    visitor = Visitor(browser, address).sign_in("wang")
    began = time.perf_counter()
    visitor.page.goto(f"/archives/{made.id}/review", wait_until="commit")
    visitor.page.wait_for_selector("#viewer[data-shown]", timeout=60_000)
    return 1000 * (time.perf_counter() - began), visitor


def _measured(app: FastAPI, address: str, browser: Browser, made: Archive) -> Iterator[Measured]:
    cold, warm = [], []
    for _ in range(_OPENINGS):
        app.state.service.shelf.forget()
        for taken in (cold, warm):
            spent, visitor = _opened(address, browser, made)
            taken.append(spent)
            visitor.leave()
    yield "review opened, first page image drawn and shown", cold, 1000
    yield "the same, drawn before", warm, 1000
    _, visitor = _opened(address, browser, made)
    visitor.page.wait_for_timeout(3000)
    findings, images = [], []
    for _ in range(_STEPS):
        finding, image = visitor.page.evaluate(_NEXT)
        findings.append(float(finding))
        images.append(float(image))
        visitor.page.wait_for_timeout(1000)
    yield "next issue shown", findings, 150
    yield "next issue shown with its page's image", images, 1000
    visitor.leave()


if __name__ == "__main__":
    main()
