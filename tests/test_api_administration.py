"""Administration, the audit log and what watches over the process."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

from archive_verify.store import Store, audit
from archive_verify.store.blobs import DirectoryBlobs, StorageAway
from tests.api_factories import V1, Person, administrator, app_over, auditor, clerk, reviewer, upload
from tests.conftest import Time
from tests.service_factories import (
    archive,
    checked_archive,
    class_pages,
    county,
    image,
    institution,
    judge_run,
    open_run,
    read_span,
    start,
)


def test_an_administrator_makes_institutions_and_users(app: FastAPI, local: Store) -> None:
    root = administrator(app, local)
    school = root("post", "/institutions", {"name": "启航学校"}).json()
    given = {"login": "li", "name": "李", "role": "clerk", "password": "correct horse battery"}
    assert root("post", "/users", given).status_code == 422           # a clerk needs an institution
    assert root("post", "/users", given | {"institution_id": school["id"]}).status_code == 201
    assert root("post", "/users", given | {"institution_id": school["id"]}).status_code == 409
    li = Person(app, "li")
    assert li.account["must_change_password"] and "password" not in root("get", "/users").json()[0]
    assert root("patch", f"/users/{root.account['id']}", {"role": "auditor"}).status_code == 422
    assert root("put", f"/users/{li.account['id']}/password", {"password": "yet another horse"}).status_code == 204
    assert li("get", "/session").status_code == 401


def test_tasks_reasons_and_policies_are_kept(app: FastAPI, local: Store) -> None:
    root, school = administrator(app, local), institution(local)
    assert root("put", f"/tasks/2023/{school.id}", {"headcount": 100}).status_code == 204
    assert root("get", "/tasks/2023").json() == [{"institution_id": school.id, "headcount": 100}]
    (share,) = root("get", "/order-shares/2023").json()
    assert (share["ordered"], share["low"]) == (0, True)
    reason = root("post", "/dismissal-reasons", {"text": "原件已补"}).json()
    root("patch", f"/dismissal-reasons/{reason['id']}", {"active": False})
    assert reason["id"] not in {one["id"] for one in root("get", "/dismissal-reasons").json()}
    assert reason["id"] in {one["id"] for one in root("get", "/dismissal-reasons?all=true").json()}
    assert [one["id"] for one in root("get", "/policies").json()] == ["wenshui_2023_51"]
    assert root("get", "/policies/wenshui_2023_51").json()["employment"]
    assert root("get", "/policies/other").status_code == 404


def test_an_administrator_adds_a_policy_which_never_changes_and_goes_only_unused(app: FastAPI, local: Store) -> None:
    root, school = administrator(app, local), institution(local)
    wrong = root("post", "/policies", {"toml": county("xian_1", contract_months='"six"')})
    assert (wrong.status_code, wrong.json()["type"]) == (422, "urn:archive-verify:problem:input-refused")
    assert "contract_months" in wrong.json()["detail"] and "行" in wrong.json()["detail"]
    assert root("post", "/policies", {"toml": county("../xian")}).status_code == 422

    added = root("post", "/policies", {"toml": county("xian_1", contract_months="12").replace("\n", "\r\n")})
    assert (added.status_code, added.json()) == (201, {"id": "xian_1", "title": "某县办法"})
    assert root("get", added.headers["Location"].removeprefix(V1)).json()["employment"]["contract_months"] == 12
    assert root("post", "/policies", {"toml": county("xian_1")}).status_code == 409
    assert root("post", "/policies", {"toml": county("wenshui_2023_51")}).status_code == 409
    (row, *_) = root("get", "/audit?action=policy.add").json()["items"]
    assert (row["subject_id"], row["new"]["title"]) == ("xian_1", "某县办法")

    made = {"institution_id": school.id, "policy": "xian_1"}
    assert root("post", "/archives", made).json()["policy"] == "xian_1"
    assert root("delete", "/policies/xian_1").status_code == 422
    assert root("delete", "/policies/wenshui_2023_51").status_code == 422
    root("post", "/policies", {"toml": county("xian_2")})
    assert root("delete", "/policies/xian_2").status_code == 204
    assert [one["id"] for one in root("get", "/policies").json()] == ["wenshui_2023_51", "xian_1"]
    assert root("post", "/archives", made | {"policy": "xian_2"}).status_code == 422


def test_the_exported_log_is_checked_offline(app_on_each: FastAPI, store: Store) -> None:
    shen = auditor(app_on_each, store)
    reviewer(app_on_each, store)
    whole = shen("get", "/audit/verification").json()
    assert whole["valid"] and whole["rows"] > 3
    lines = shen("get", "/audit/export").text.splitlines()
    assert audit.verify_export(lines) == audit.ChainVerdict(True, len(lines))
    lines[1] = lines[1].replace('"action": "', '"action": "un')
    assert audit.verify_export(lines).seq == 2


def test_the_log_is_listed_by_pages_and_filters(app: FastAPI, local: Store) -> None:
    shen = auditor(app, local)
    checked_archive(local)
    seen: list[int] = []
    after = ""
    while after is not None:
        page = shen("get", f"/audit?limit=3{after}").json()
        seen += [row["seq"] for row in page["items"]]
        after = page["next"] and f"&after={page['next']}"
    assert seen == list(range(max(seen), 0, -1))
    assert {row["action"] for row in shen("get", "/audit?action=run.done").json()["items"]} == {"run.done"}
    assert shen("get", "/audit?since=2030-01-01T00:00:00Z").json()["items"] == []
    assert shen("get", "/audit?since=2030-01-01T00:00:00").status_code == 422


def test_health_is_public_and_metrics_are_for_an_administrators_token(app: FastAPI, local: Store) -> None:
    root = administrator(app, local)
    li = clerk(app, local, institution(local, "远航学校").id)
    assert li.client.get("/healthz").json() == {"status": "alive"}
    assert li.client.get("/readyz").json() == {"database": True, "blobs": True, "queue": True}
    assert li.client.get("/metrics").status_code == 403
    token = root("post", "/tokens", {"name": "prometheus", "scopes": ["admin"]}).json()["text"]
    made = checked_archive(local)
    root("get", f"/archives/{made.id}")
    root.client.cookies.clear()
    text = root.client.get("/metrics", headers={"Authorization": f"Bearer {token}"}).text
    assert 'archive_verify_pages{state="read"} 3.0' in text and 'archive_verify_stage_seconds{stage="judge"}' in text
    assert 'route="/api/v1/archives/{archive_id}"' in text and made.id not in text
    assert "archive_verify_queue_up 1.0" in text and 'archive_verify_queue_failed{queue="read"} 0.0' in text
    assert "archive_verify_disk_free_bytes" in text


def test_metrics_tell_how_long_each_step_takes_and_how_long_the_oldest_check_has_waited(
    app: FastAPI, local: Store, time: Time
) -> None:
    root = administrator(app, local)
    school = institution(local)
    run_id = start(local, archive(local, school).id)
    time.go(seconds=30)
    spans = open_run(local, run_id)
    for span_id in spans:
        time.go(seconds=50)
        read_span(local, span_id, class_pages())
    time.go(seconds=7)
    judge_run(local, run_id)
    start(local, archive(local, school, first=20).id)
    time.go(seconds=90)
    token = root("post", "/tokens", {"name": "prometheus", "scopes": ["admin"]}).json()["text"]
    root.client.cookies.clear()
    text = root.client.get("/metrics", headers={"Authorization": f"Bearer {token}"}).text
    for step, seconds in (("opening", 30.0), ("reading", 50.0 * len(spans)), ("judging", 7.0)):
        assert f'archive_verify_step_seconds{{step="{step}"}} {seconds}' in text
    assert "archive_verify_run_oldest_seconds 90.0" in text
    assert 'archive_verify_runs{state="queued"} 1.0' in text


class _Away(DirectoryBlobs):
    """A storage that does not answer."""

    def has(self, sha256: str) -> bool:
        raise StorageAway

    def put_part(self, upload_id: str, offset: int, content: bytes) -> None:
        raise StorageAway


def test_what_the_service_stands_on_is_told_when_it_is_away(local: Store, tmp_path: Path) -> None:
    app = app_over(Store(local.settings, local.engine, _Away(tmp_path / "away"), local.clock))
    root = administrator(app, local)
    token = root("post", "/tokens", {"name": "prometheus", "scopes": ["admin"]}).json()["text"]
    li = clerk(app, local, institution(local).id)
    made = li("post", "/archives", {"facts": {"name": "一班"}}).json()["id"]
    app.state.service.orders.away = True
    ready = li.client.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"database": True, "blobs": False, "queue": False})
    refused = upload(li, made, image(1))
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    root.client.cookies.clear()
    text = root.client.get("/metrics", headers={"Authorization": f"Bearer {token}"}).text
    assert "archive_verify_queue_up 0.0" in text and 'archive_verify_archives{state="draft"} 1.0' in text
