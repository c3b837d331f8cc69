"""Promises of the documentation that code could quietly break."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from api.config import ApiSettings
from archive_verify.documents import DOCUMENT_TYPES
from archive_verify.model import DocType
from archive_verify.policy.judge import RULES
from archive_verify.settings import Settings
from archive_verify.store import ServiceSettings
from archive_verify.words import ACROSS_CODES, CODES, DOC_TYPES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
README_ZH = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
SAMPLES = ("clean", "faulty", "part_digital")


def test_every_document_type_is_known_and_named() -> None:
    assert set(DOCUMENT_TYPES) == set(DocType) == set(DOC_TYPES)


def test_every_document_type_has_a_form_in_the_generator() -> None:
    from sample_archives import case

    forms = {getattr(form, "doc_type", "") for form in vars(case).values() if isinstance(form, type)}
    assert {kind.value for kind in DocType} <= forms


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_committed_sample_has_the_files_of_the_contract(sample: str) -> None:
    folder = ROOT / "sample_archives" / sample
    for name in ("binder.pdf", "class.toml", "truth.json"):
        assert (folder / name).is_file()
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert set(truth) == {"pages", "trainees", "issues", "fields"}


def test_the_committed_samples_stay_small() -> None:
    files = (path for sample in SAMPLES for path in (ROOT / "sample_archives" / sample).iterdir())
    assert sum(path.stat().st_size for path in files) < 10_000_000


@pytest.mark.parametrize("text", [README, README_ZH], ids=["en", "zh"])
def test_every_rule_has_a_line_in_the_readme(text: str) -> None:
    assert {rule.code for rule in RULES} <= {code for code in CODES if f"`{code}`" in text}


@pytest.mark.parametrize("text", [README, README_ZH], ids=["en", "zh"])
def test_every_setting_is_documented(text: str) -> None:
    names = [f"ARCHIVE_VERIFY_{name.upper()}" for name in Settings.model_fields]
    names += [name.upper() for name in ServiceSettings.model_fields]
    names += [f"API_{name.upper()}" for name in ApiSettings.model_fields]
    assert [name for name in names if f"`{name}`" not in text] == []


@pytest.mark.parametrize("text", [README, README_ZH], ids=["en", "zh"])
def test_every_finding_across_archives_is_named_in_the_readme(text: str) -> None:
    assert [code for code in (*ACROSS_CODES, "order_share_low") if f"`{code}`" not in text] == []


def test_asking_for_help_loads_no_ocr() -> None:
    code = (
        "import sys; sys.argv = ['archive-verify', 'schema']\n"
        "from archive_verify.cli import main\n"
        "main()\n"
        "assert not {'paddleocr', 'paddlex', 'openvino', 'onnxruntime'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


def test_lock_files_hold_no_addresses() -> None:
    locks = [*ROOT.glob("requirements*.txt"), ROOT / "sample_archives" / "package-lock.json"]
    assert len(locks) == 3
    assert [path.name for path in locks if "://" in path.read_text(encoding="utf-8")] == []


