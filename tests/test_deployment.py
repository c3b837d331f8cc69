"""The container files name commands, settings and files that there are."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml
from hatchling.builders.wheel import WheelBuilder

from archive_verify.settings import Settings
from archive_verify.store import ServiceSettings
from tests.servers import S3Server
from tests.serving import a_port, until

ROOT = Path(__file__).parent.parent
SETTINGS = {name.upper() for name in ServiceSettings.model_fields} | {
    f"ARCHIVE_VERIFY_{name.upper()}" for name in Settings.model_fields
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8")))


def test_the_parts_of_the_service_share_one_image_and_the_three_addresses(compose: dict[str, Any]) -> None:
    parts = {name: part for name, part in compose["services"].items() if "build" in part}
    assert set(parts) == {"api", "worker"}
    for part in parts.values():
        given = {name for name, value in part["environment"].items() if value is not None}
        assert given - {"PGPASSWORD"} == {"DATABASE_URL", "REDIS_URL", "BLOB_URL"} <= SETTINGS
        assert set(part["depends_on"]) <= set(compose["services"])


def test_what_opens_the_storage_and_names_the_proxy_is_taken_over_from_the_host(compose: dict[str, Any]) -> None:
    needed = set(S3Server("http://storage").environment) | {"FORWARDED_ALLOW_IPS"}
    for name in ("api", "worker"):
        taken_over = {key for key, value in compose["services"][name]["environment"].items() if value is None}
        assert needed <= taken_over


def test_each_volume_that_is_used_is_declared(compose: dict[str, Any]) -> None:
    used = {volume.split(":")[0] for part in compose["services"].values() for volume in part["volumes"]}
    assert used == set(compose["volumes"])


def test_the_workers_of_the_compose_file_are_a_command(
    compose: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    from archive_verify.cli import main

    for words in (compose["services"]["worker"]["command"], ["serve"]):
        with pytest.raises(SystemExit) as ended:
            main([*words, "--help"])
        assert ended.value.code == 0
    assert "--host" in capsys.readouterr().out


def test_the_image_sets_only_settings_that_exist_and_starts_a_command_that_listens_outside() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    variables = re.findall(r"\b([A-Z_]+)=", text)
    assert set(variables) - {"PYTHONUNBUFFERED"} <= SETTINGS
    assert 'CMD ["serve", "--host", "0.0.0.0"]' in text
    assert (ROOT / "requirements.txt").is_file()


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_a_wrong_setting_is_refused_in_one_line_that_names_it(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from archive_verify.cli import main

    monkeypatch.setenv("WORKER_PAGES", "many")
    assert main([command]) == 2
    assert "环境变量 WORKER_PAGES 的值不可用" in capsys.readouterr().err


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, unpacked as pip does it."""
    directory = tmp_path_factory.mktemp("wheel")
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(directory), versions=["standard"])
    with zipfile.ZipFile(built) as wheel:
        wheel.extractall(directory / "site")
    return directory / "site"


def test_the_wheel_carries_the_packages_and_the_files_of_the_pages(installed: Path) -> None:
    folders = {"archive_verify": ".", "worker": ".", "api": "."} | dict.fromkeys(
        ("templates", "static", "translations"), "archive_verify"
    )
    for folder, within in folders.items():
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        missing = [path for path in files if not (installed / within / path.relative_to(ROOT)).is_file()]
        assert files and missing == []


def test_the_pages_are_served_from_the_wheel_alone(installed: Path, tmp_path: Path) -> None:
    port = a_port()
    environment = os.environ | {
        "PYTHONPATH": str(installed), "DATA_DIR": str(tmp_path / "data"), "REDIS_URL": "redis://127.0.0.1:1",
    }  # fmt: skip
    where = subprocess.run(
        [sys.executable, "-c", "import api, worker, archive_verify as one; print(api, worker, one)"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert where.stdout.count(str(installed)) == 3
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "archive_verify", "api", "--port", str(port)], cwd=tmp_path, env=environment,
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers={"Accept": "text/html"}) as client:

            def ready() -> bool:
                assert process.poll() is None, (tmp_path / "log").read_text()
                try:
                    return client.get("/readyz").status_code == 200
                except httpx2.TransportError:
                    return False

            until(ready)
            client.get("/language/en")
            page = client.get("/sign-in")
            assert page.status_code == 200 and "Password" in page.text
            linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
            assert linked and {client.get(address).status_code for address in linked} == {200}
    finally:
        process.kill()
        process.wait()
