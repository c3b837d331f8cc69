"""A real browser on the real pages: the app behind a real server, Debian's chromium, axe for accessibility."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.service_factories import PASSWORD

# An office screen.
SCREEN = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
_AXE = Path(__file__).parent.parent / "frontend/node_modules/axe-core/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_SECONDS = 10
# Busy machines are slow; what does not come at all is still told.
_PATIENCE = 45
expect.set_options(timeout=1000 * _PATIENCE)


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The app behind a server in a thread; its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    until = time.monotonic() + _SECONDS
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_SECONDS)
        listener.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's chromium, headless."""
    program = shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


# What a function of the browser takes for done: the text over the page lies across; the whole page is in its viewer.
TURNED = """() => {
    const page = document.querySelector(".text-layer")?.getBoundingClientRect();
    return page?.width > page?.height;
}"""
WHOLE = """() => {
    const [page, viewer] = [".text-layer", "#viewer"].map((one) => document.querySelector(one).getBoundingClientRect());
    return page.height <= viewer.height + 1;
}"""


class Visitor:
    """Somebody before a browser window of his own, who notices what goes wrong in it."""

    def __init__(self, browser: Browser, address: str, *, screen: dict[str, int] | None = None) -> None:
        self.address = address
        self.context = browser.new_context(
            base_url=address, viewport=screen or SCREEN, locale="zh-CN"  # type: ignore[arg-type]
        )
        self.context.set_default_timeout(1000 * _PATIENCE)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def calmed(self) -> Visitor:
        """Nothing moves before these eyes: what is asked for is there at once."""
        self.page.emulate_media(reduced_motion="reduce")
        return self

    def sign_in(self, login: str, password: str = PASSWORD) -> Visitor:
        """Sign in as somebody would."""
        self.page.goto("/sign-in")
        self.page.get_by_label("账号").fill(login)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        return self

    def barriers(self) -> list[str]:
        """What axe finds on the page as it is: rule and place."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", _RULES
        )
        return [f"{one['id']}: {one['nodes'][0]['target']} {one['help']}" for one in found["violations"]]

    def leave(self) -> None:
        """Close the window."""
        self.context.close()


@contextmanager
def visiting(browser: Browser, app: FastAPI, login: str) -> Iterator[Visitor]:
    """Somebody who has signed in on the app's pages, and whose browser had nothing to complain of in the end."""
    with served(app) as address, signed_in(browser, address, login) as made:
        yield made


@contextmanager
def signed_in(browser: Browser, address: str, login: str) -> Iterator[Visitor]:
    """The same on pages that are served already."""
    made = Visitor(browser, address).sign_in(login)
    yield made
    assert made.complaints == []
    made.leave()
