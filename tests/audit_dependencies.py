"""Holds what the program is made of against lists of known holes: `python -m tests.audit_dependencies`.

Python packages by pip-audit, the pages' parts by `npm audit`, from the pinned lists. Exit status 0 for none found,
1 for holes, 3 where a list of holes could not be reached: then nothing is known. An index that knows packages but no
holes answers like one that has found none (mirrors do): so it is first asked about a package whose holes are known.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
CLEAN, HOLES, UNKNOWN = 0, 1, 3
_SECONDS = 900
# PYSEC-2014-8, PYSEC-2014-82, PYSEC-2019-217 and more.
_WITH_HOLES = "jinja2==2.4.1\n"


def main() -> int:
    """Say what was found of each list; the worst of it is the exit status."""
    worst = CLEAN
    for name, audit in _audits():
        status, said = audit()
        sys.stdout.write(f"{name}: {said}\n")
        worst = max(worst, status)
    return worst


def _audits() -> Iterator[tuple[str, Callable[[], tuple[int, str]]]]:
    yield "requirements.txt", lambda: python_packages(ROOT / "requirements.txt")
    for folder in ("frontend", "sample_archives"):
        yield f"{folder}/package-lock.json", lambda folder=folder: npm_packages(ROOT / folder)  # type: ignore[misc]


def python_packages(requirements: Path) -> tuple[int, str]:
    """What pip-audit, in an environment of its own, knows of the packages; and the status."""
    with tempfile.TemporaryDirectory(prefix="pip-audit-") as directory:
        program = Path(directory) / "bin" / "pip-audit"
        made = _run(sys.executable, "-m", "venv", directory)
        if made.returncode or _run(str(program.with_name("pip")), "install", "--quiet", "pip-audit").returncode:
            return UNKNOWN, "not audited: pip-audit cannot be installed"
        known = Path(directory) / "with-holes.txt"
        known.write_text(_WITH_HOLES)
        status, said = _pip_audit(program, known)
        if status != HOLES:
            asked = f"asked for those of {_WITH_HOLES.strip()}: {said}"
            return UNKNOWN, f"not audited: no list of holes is reached ({asked})"
        status, said = _pip_audit(program, requirements)
        return status, f"not audited: {said}" if status == UNKNOWN else said


def _pip_audit(program: Path, requirements: Path) -> tuple[int, str]:
    done = _run(
        str(program), "--requirement", str(requirements), "--no-deps", "--disable-pip", "--format", "json",
        "--progress-spinner", "off",
    )  # fmt: skip
    try:
        told = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return UNKNOWN, _last(done.stderr)
    holes = [f"{one['name']} {one['version']} {hole['id']}" for one in told for hole in one.get("vulns", ())]
    unknown = [one["name"] for one in told if "skip_reason" in one]
    if unknown:
        others = f"; known holes in the others: {'; '.join(holes)}" if holes else ""
        return UNKNOWN, f"the package index tells nothing of {len(unknown)} of {len(told)} packages{others}"
    return (HOLES, "; ".join(holes)) if holes else (CLEAN, f"no known holes in {len(told)} packages")


def npm_packages(folder: Path) -> tuple[int, str]:
    """What `npm audit` knows of the packages of a lock file; and the status."""
    if shutil.which("npm") is None:
        return UNKNOWN, "not audited: npm is not installed"
    done = _run("npm", "audit", "--json", "--package-lock-only", "--prefix", str(folder))
    told: dict[str, Any] = {}
    try:
        told = json.loads(done.stdout)
        counts = told["metadata"]["vulnerabilities"]
    except (ValueError, KeyError):
        why = _last(str(told.get("message", ""))) or _last(done.stderr) or "the registry has no such service"
        return UNKNOWN, f"not audited: no list of holes is reached ({why})"
    holes = [f"{name} ({one['severity']})" for name, one in told.get("vulnerabilities", {}).items()]
    return (HOLES, "; ".join(holes)) if counts["total"] else (CLEAN, "no known holes")


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no answer within {_SECONDS} s")


def _last(text: str) -> str:
    """The last line that says something, without addresses."""
    lines = [line for line in text.splitlines() if line.strip()]
    return " ".join(word for word in (lines[-1].split() if lines else ()) if "://" not in word)[:200]


if __name__ == "__main__":
    sys.exit(main())
