"""The audit of the dependencies never takes silence for a clean bill."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests import audit_dependencies
from tests.audit_dependencies import CLEAN, HOLES, UNKNOWN, npm_packages, python_packages


@pytest.fixture
def answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory in front of the PATH, for programs that answer as told."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def _told(holes: dict[str, object]) -> str:
    return json.dumps({"vulnerabilities": holes, "metadata": {"vulnerabilities": {"total": len(holes)}}})


def _program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("script", "status"),
    [
        (f"echo '{_told({})}'", CLEAN), (f"echo '{_told({'x': {'severity': 'high'}})}'; exit 1", HOLES),
        ('echo \'{"message": "405 Method Not Allowed", "error": {"summary": ""}}\'; exit 1', UNKNOWN),
        ("echo 'connect ECONNREFUSED' >&2; exit 1", UNKNOWN),
    ],
)  # fmt: skip
def test_what_npm_audit_says_is_told_apart(answers: Path, script: str, status: int) -> None:
    _program(answers / "npm", script)
    assert npm_packages(answers)[0] == status


_HOLED = {"name": "x", "version": "1", "vulns": [{"id": "PYSEC-1"}]}
_WHOLE = {"name": "y", "version": "2", "vulns": []}
_UNHEARD = {"name": "z", "skip_reason": "Dependency not found on PyPI and could not be audited: z (3)"}


@pytest.mark.parametrize(
    ("of_one_with_holes", "of_all", "status", "said"),
    [
        ([_HOLED], [_WHOLE, _WHOLE], CLEAN, "no known holes in 2 packages"),
        ([_HOLED], [_WHOLE, _HOLED], HOLES, "x 1 PYSEC-1"),
        # mirrors of packages know no holes, and say so in two ways
        ([_WHOLE], [_WHOLE], UNKNOWN, "asked for those of jinja2==2.4.1: no known holes"),
        ([_UNHEARD], [_WHOLE], UNKNOWN, "tells nothing of 1 of 1"),
        ([_HOLED], [_WHOLE, _UNHEARD, _HOLED], UNKNOWN, "1 of 3 packages; known holes in the others: x 1"),
        (None, [_WHOLE], UNKNOWN, "connection refused"),
    ],
)  # fmt: skip
def test_an_index_that_knows_no_holes_is_no_clean_bill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of_one_with_holes: object, of_all: object, status: int, said: str
) -> None:
    def run(*command: str) -> subprocess.CompletedProcess[str]:
        if "--requirement" not in command:
            return subprocess.CompletedProcess(command, 0, "", "")
        asked = command[command.index("--requirement") + 1]
        told = of_all if asked.endswith("/requirements.txt") else of_one_with_holes
        out = "" if told is None else json.dumps({"dependencies": told})
        return subprocess.CompletedProcess(command, 0, out, "error: connection refused")

    monkeypatch.setattr(audit_dependencies, "_run", run)
    assert python_packages(tmp_path / "requirements.txt")[0] == status
    assert said in python_packages(tmp_path / "requirements.txt")[1]


def test_the_audit_of_the_dependencies_says_when_it_cannot_be_made(
    answers: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _program(answers / "npm", "exit 1")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_RETRIES", "0")
    assert python_packages(answers / "requirements.txt") == (
        UNKNOWN, "not audited: pip-audit cannot be installed"
    )  # fmt: skip
    monkeypatch.setattr(audit_dependencies, "python_packages", lambda _path: (CLEAN, "no known holes in 9 packages"))
    assert audit_dependencies.main() == UNKNOWN
    assert capsys.readouterr().out.count("not audited") == 2
