"""A headless Chromium that stays open: HTML in, PDF and element boxes out."""

from __future__ import annotations

import atexit
import base64
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from sample_archives.fonts import FontsMissing

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-extensions",
    "--allow-file-access-from-files", "--remote-debugging-pipe", "--force-color-profile=srgb",
)


class Browser:
    """One Chromium process, spoken to over a pipe (DevTools protocol, messages end in NUL).

    Use `shared()`: it starts lazily, one per process, and ends with it.
    Raises FontsMissing where Chromium is not installed.
    """

    _one: Browser | None = None

    def __init__(self) -> None:
        self.owner = os.getpid()
        self._folder = tempfile.mkdtemp(prefix="family-b-")
        if not shutil.which("chromium"):
            raise FontsMissing("family b needs Chromium: apt-get install chromium")
        child_in, ours_out = os.pipe()
        ours_in, child_out = os.pipe()
        # Chromium reads from descriptor 3 and writes to 4; out of the way of those numbers first.
        high_in = fcntl.fcntl(child_in, fcntl.F_DUPFD, 20)
        high_out = fcntl.fcntl(child_out, fcntl.F_DUPFD, 20)
        os.close(child_in)
        os.close(child_out)

        def wire() -> None:
            os.dup2(high_in, 3)
            os.dup2(high_out, 4)

        self._process = subprocess.Popen(
            ["chromium", *FLAGS, f"--user-data-dir={self._folder}/profile", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            close_fds=False, preexec_fn=wire,
        )
        os.close(high_in)
        os.close(high_out)
        self._writer = os.fdopen(ours_out, "wb", buffering=0)
        self._reader = ours_in
        self._buffer = b""
        self._loaded = False
        self._counter = 0
        self._session = ""
        targets = self._call("Target.getTargets")["targetInfos"]
        page = next(info["targetId"] for info in targets if info["type"] == "page")
        attached = self._call("Target.attachToTarget", targetId=page, flatten=True)
        self._session = attached["sessionId"]
        self._call("Page.enable")

    @classmethod
    def shared(cls) -> Browser:
        """The process's own browser."""
        if cls._one is None or cls._one.owner != os.getpid():
            cls._one = cls()
            atexit.register(cls._one.close)
        return cls._one

    def close(self) -> None:
        """End Chromium and drop its profile."""
        if self.owner != os.getpid():
            return
        self._process.terminate()
        self._process.wait(timeout=20)
        shutil.rmtree(self._folder, ignore_errors=True)

    def print(self, html: str, script: str) -> tuple[bytes, Any]:
        """The document as PDF, and the JSON value of the script run in it."""
        source = Path(self._folder, "form.html")
        source.write_text(html, encoding="utf-8")
        self._call("Page.navigate", url=source.as_uri())
        self._wait("Page.loadEventFired")
        answer = self._call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        pdf = self._call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(pdf["data"]), answer["result"].get("value")

    def _call(self, method: str, **params: object) -> dict[str, Any]:
        self._counter += 1
        message: dict[str, object] = {"id": self._counter, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        self._writer.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._counter:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result
            if answer.get("method") == "Page.loadEventFired":
                self._loaded = True

    def _wait(self, event: str) -> None:
        while not self._loaded:
            if self._receive().get("method") == event:
                break
        self._loaded = False

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            chunk = os.read(self._reader, 1 << 18)
            if not chunk:
                raise RuntimeError("chromium ended unexpectedly")
            self._buffer += chunk
        message, _, rest = self._buffer.partition(b"\0")
        self._buffer = rest
        answer: dict[str, Any] = json.loads(message)
        return answer
