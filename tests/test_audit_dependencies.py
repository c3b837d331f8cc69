"""The audit of the dependencies never takes silence for a clean bill."""

from __future__ import annotations

import json
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
        ('echo \'{"error": {"summary": "404"}}\'; exit 1', UNKNOWN),
        ("echo 'connect ECONNREFUSED' >&2; exit 1", UNKNOWN),
    ],
)  # fmt: skip
def test_what_npm_audit_says_is_told_apart(answers: Path, script: str, status: int) -> None:
    _program(answers / "npm", script)
    assert npm_packages(answers)[0] == status


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
