"""Administration and the audit log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, expect

from api.pages.policy_words import CHOICES
from api.pages.routes.audit import ALL_ACTIONS, SUBJECTS
from archive_verify.policy.terms import Policy
from archive_verify.store import Store, administration, people
from archive_verify.store.people import Role
from archive_verify.store.tables import User
from archive_verify.words import VALUES
from tests.api_factories import Person
from tests.browsing import PHONE, SCREEN, Visitor, visiting
from tests.service_factories import PASSWORD, county, institution, user

HTMX = {"HX-Request": "true"}


@pytest.fixture
def root(app: FastAPI, local: Store) -> TestClient:
    user(local, "root", Role.ADMINISTRATOR)
    client = Person(app, "root").client
    client.headers["Accept"] = "text/html"
    return client


def _user(store: Store, login: str) -> User:
    with store.reading() as session:
        return next(one for one in people.users(session) if one.login == login)


def test_an_administrator_adds_a_user_who_signs_in_and_changes_the_password(
    app: FastAPI, local: Store, root: TestClient
) -> None:
    school = institution(local)
    given = {"login": "li", "name": "李经办", "role": "clerk", "password": PASSWORD, "institution_id": ""}
    refused = root.post("/admin/users", data=given, headers=HTMX)
    assert refused.status_code == 422 and "机构经办人必须属于一个机构" in refused.text
    short = root.post("/admin/users", data=given | {"institution_id": school.id, "password": "short"}, headers=HTMX)
    assert short.status_code == 422 and "密码应为 12 到 128 个字符" in short.text
    added = root.post("/admin/users", data=given | {"institution_id": school.id}, headers=HTMX)
    assert added.headers["HX-Redirect"] == "/admin"
    shown = root.get("/admin").text
    assert "账号已添加" in shown and "李经办" in shown and school.name in shown and "须修改密码" in shown
    with TestClient(app, follow_redirects=False) as li:
        answer = li.post("/sign-in", data={"login": "li", "password": PASSWORD})
        assert answer.status_code == 303
        assert li.get("/archives", headers={"Accept": "text/html"}).headers["Location"] == "/password"


def test_a_policy_is_added_shown_and_removed_again(root: TestClient) -> None:
    wrong = root.post("/policy", data={"toml": county("xian_1", contract_months='"six"')}, headers=HTMX)
    assert wrong.status_code == 422 and "contract_months" in wrong.text
    added = root.post("/policy", data={"toml": county("xian_1", "某县试行办法", contract_months="12")}, headers=HTMX)
    assert added.headers["HX-Redirect"] == "/policy?id=xian_1"
    shown = root.get("/policy?id=xian_1").text
    assert "办法已加入" in shown and "某县试行办法" in shown and "/policy/xian_1/removal" in shown
    assert "某县试行办法" in root.get("/archives/new").text
    assert "/removal" not in root.get("/policy").text
    assert root.post("/policy/xian_1/removal", headers=HTMX).headers["HX-Redirect"] == "/policy"
    assert "某县试行办法" not in root.get("/policy").text


def test_a_user_who_is_shut_out_is_shut_out_at_once(app: FastAPI, local: Store, root: TestClient) -> None:
    user(local, "wang")
    wang = Person(app, "wang").client
    assert wang.get("/archives").status_code == 200
    page = root.get(f"/admin/users/{_user(local, 'wang').id}")
    assert 'value="yes" checked' in page.text
    root.post(f"/admin/users/{_user(local, 'wang').id}", data={"name": "王", "role": "reviewer"}, headers=HTMX)
    assert not _user(local, "wang").active and _user(local, "wang").name == "王"
    assert wang.get("/archives", follow_redirects=False, headers={"Accept": "text/html"}).status_code == 303
    assert root.get("/admin/users/" + "0" * 26).status_code == 404


def test_institutions_tasks_and_reasons_are_kept(local: Store, root: TestClient) -> None:
    root.post("/admin/institutions", data={"name": "启航学校", "credit_code": ""}, headers=HTMX)
    again = root.post("/admin/institutions", data={"name": "启航学校"}, headers=HTMX)
    assert again.status_code == 409 and "已有同名机构" in again.text
    with local.reading() as session:
        (school,) = people.institutions(session)
    root.post(f"/admin/institutions/{school.id}", data={"name": "启航技校", "active": "yes"}, headers=HTMX)
    assert 'value="启航技校"' in root.get("/admin/institutions").text
    root.post(f"/admin/tasks/2024/{school.id}", data={"headcount": "300"}, headers=HTMX)
    refused = root.post(f"/admin/tasks/2024/{school.id}", data={"headcount": "许多"}, headers=HTMX)
    assert refused.status_code == 422 and "人数：应为整数" in refused.text
    shown = root.get("/admin/tasks?year=2024").text
    assert 'value="300"' in shown and "不足" in shown and 'value="300"' not in root.get("/admin/tasks?year=2023").text
    root.post("/admin/reasons", data={"text": "原件已核对"}, headers=HTMX)
    with local.reading() as session:
        reason = next(one for one in administration.reasons(session) if one.text == "原件已核对")
    root.post(f"/admin/reasons/{reason.id}", data={"active": "no"}, headers=HTMX)
    with local.reading() as session:
        assert "原件已核对" not in [one.text for one in administration.reasons(session)]
    assert "启用 原件已核对" in root.get("/admin/reasons").text


def test_everybody_may_read_the_policy_in_force(app: FastAPI, local: Store) -> None:
    user(local, "wang")
    client = Person(app, "wang").client
    text = client.get("/policy").text
    assert "文水县2023年职业技能提升培训工作绩效考核办法" in text and "80%" in text and "四(三)1" in text
    shown = re.sub(r"wenshui_2023_51|English|wang", "", re.sub(r"<[^>]*>", " ", text.partition("</header>")[2]))
    assert re.findall(r"[A-Za-z_]{3,}", shown) == []
    assert client.get("/policy?id=unknown").status_code == 404


def test_every_reading_that_a_policy_may_take_has_its_words() -> None:
    taken = {
        choice for part in Policy.model_fields.values() if hasattr(part.annotation, "model_fields")
        for field in part.annotation.model_fields.values()  # type: ignore[union-attr]
        for choice in get_args(field.annotation) if isinstance(choice, str)
    }  # fmt: skip
    assert len(taken) > 20 and taken - CHOICES.keys() - VALUES.keys() - {"other"} == set()


def test_all_that_is_logged_has_its_words() -> None:
    root = Path(__file__).parent.parent
    source = "\n".join(
        path.read_text(encoding="utf-8") for part in ("archive_verify", "api") for path in (root / part).rglob("*.py")
    )  # fmt: skip
    done = re.findall(r'\.audit\(\s*"([a-z_.]+)",\s*"([a-z_]+)"', source)
    read = [
        (f"personal.{what}", kind)
        for what, kind in re.findall(r'note_reading\(caller, service, "([a-z]+)", "([a-z]+)"', source)
    ]  # fmt: skip
    assert len(done) > 25 and len(read) > 5
    assert {action for action, _ in done + read} <= set(ALL_ACTIONS)
    assert {kind for _, kind in done + read} <= set(SUBJECTS)


def test_the_audit_log_is_filtered_and_verified(app: FastAPI, local: Store, root: TestClient) -> None:
    root.post("/admin/institutions", data={"name": "启航学校"}, headers=HTMX)
    user(local, "shen", Role.AUDITOR)
    client = Person(app, "shen").client
    rows = client.get("/audit?action=institution.create", headers=HTMX).text
    assert rows.count("<tr>") == 2 and "root的姓名" in rows and "启航学校" in rows and "<html" not in rows
    (actor,) = set(re.findall(r"actor_id=([0-9a-f]+)", rows))
    assert client.get(f"/audit?actor_id={actor}&action=sign_out", headers=HTMX).text.count("<tr>") == 0
    assert "启航学校" in client.get("/audit?since=2024-03-20&until=2024-03-20").text
    assert "启航学校" not in client.get("/audit?since=2024-03-21").text
    assert client.get("/audit?since=soon").status_code == 422
    assert "日志完整" in client.get("/audit/verification", headers=HTMX).text


@pytest.fixture
def visitor(app: FastAPI, local: Store, chromium_of_the_session: Browser) -> Iterator[Visitor]:
    institution(local)
    user(local, "root", Role.ADMINISTRATOR)
    with visiting(chromium_of_the_session, app, "root") as made:
        yield made


def test_the_pages_of_administration_put_up_no_barriers_and_work(visitor: Visitor, local: Store) -> None:
    page = visitor.page
    for screen in (PHONE, SCREEN):
        page.set_viewport_size(screen)  # type: ignore[arg-type]
        for path in ("/admin/tasks", "/admin/reasons", "/policy", "/audit", "/admin/institutions", "/admin"):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"], path
            assert visitor.barriers() == [], path
    page.get_by_role("link", name="root", exact=True).click()
    expect(page.get_by_role("heading", name="账号 root")).to_be_visible()
    assert visitor.barriers() == []
    page.goto("/admin/institutions")
    assert visitor.barriers() == []
    page.get_by_label("统一社会信用代码 启航职业培训学校").fill("91141121MA0EXAMPL3")
    page.get_by_role("button", name="保存 启航职业培训学校").click()
    expect(page.get_by_text("机构已修改")).to_be_visible()
    with local.reading() as session:
        assert [one.credit_code for one in people.institutions(session)] == ["91141121MA0EXAMPL3"]
    page.goto("/audit")
    page.get_by_role("button", name="校验日志").click()
    expect(page.get_by_text("日志完整")).to_be_visible()
    page.get_by_label("做了什么").select_option("institution.change")
    expect(page.locator("#rows tbody tr")).to_have_count(1)
