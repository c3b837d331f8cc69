"""The binder as a strip of pages, set right by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, expect

from archive_verify.store import Store, corrections, findings
from archive_verify.store.findings import IssueFilter
from archive_verify.store.people import Role
from archive_verify.store.tables import Archive
from tests.api_factories import Person
from tests.browsing import PHONE, Visitor
from tests.judging import served_and_judged
from tests.service_factories import checked_archive, user


@pytest.fixture
def made(local: Store) -> Archive:
    return checked_archive(local)


@pytest.fixture
def wang(local: Store, made: Archive, chromium_of_the_session: Browser) -> Iterator[Visitor]:
    user(local, "wang")
    with served_and_judged(local) as address:
        visitor = Visitor(chromium_of_the_session, address).sign_in("wang")
        yield visitor
        visitor.leave()


def _codes(store: Store, made: Archive) -> set[str]:
    with store.reading() as session:
        return {one.code for one in findings.issues(session, made.id, IssueFilter())}


def test_the_strip_shows_every_page_in_its_document(app: FastAPI, local: Store, made: Archive) -> None:
    user(local, "shen", Role.AUDITOR)
    client = Person(app, "shen").client
    text = client.get(f"/archives/{made.id}/boundaries").text
    assert re.findall(r'data-page="(\d+)"', text) == ["1", "2", "3"]
    assert re.findall(r"<h2>([^<]+?)<small", text) == ["档案封面", "劳动合同", "工资表"]
    sheet = client.get(f"/archives/{made.id}/boundaries/pages/2").text
    assert "保存并重新核验" not in sheet and "width=800" in sheet
    refused = client.post(f"/archives/{made.id}/boundaries/pages/2", data={"doc_type": "other", "starts": "yes"})
    assert refused.status_code == 403
    assert client.get(f"/archives/{made.id}/boundaries/pages/9").status_code == 404


def test_a_page_that_is_left_as_it_is_and_a_type_that_is_none_are_refused(
    app: FastAPI, local: Store, made: Archive
) -> None:
    user(local, "wang")
    client, path = Person(app, "wang").client, f"/archives/{made.id}/boundaries/pages/3"
    same = client.post(path, data={"doc_type": "payroll", "starts": "yes"})
    assert same.status_code == 422 and "没有要改的内容" in same.text
    assert client.post(path, data={"doc_type": "poem", "starts": "yes"}).status_code == 422


def test_a_wrong_type_is_set_right_by_keyboard_judged_at_once_and_taken_back(
    wang: Visitor, local: Store, made: Archive
) -> None:
    assert "payroll_first_month_missing" not in _codes(local, made)
    page = wang.page
    page.goto(f"/archives/{made.id}/boundaries")
    page.locator("#sheet-1").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#sheet-3")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#sheet-3")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("材料类型")).to_have_value("payroll")
    assert wang.barriers() == []
    page.get_by_label("材料类型").select_option("other")
    page.get_by_role("button", name="保存并重新核验").press("Enter")
    expect(page.locator("#said")).to_contain_text("已重新核验")
    expect(page.locator(".piece h2").nth(2)).to_contain_text("其他材料")
    expect(page.locator("#sheet-3")).to_contain_text("已改")
    assert "payroll_first_month_missing" in _codes(local, made) and wang.barriers() == []
    page.get_by_role("button", name="撤回这处改动").press("Enter")
    expect(page.locator(".piece h2").nth(2)).to_contain_text("工资表")
    with local.reading() as session:
        assert corrections.in_force(session, made.id) == []
    assert "payroll_first_month_missing" not in _codes(local, made) and wang.complaints == []


def test_a_wrong_beginning_is_set_right_and_the_page_joins_the_document_before_it(
    wang: Visitor, local: Store, made: Archive
) -> None:
    page = wang.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"/archives/{made.id}/boundaries")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("#sheet-3").click()
    page.get_by_label("材料类型").select_option("labour_contract")
    page.get_by_label("接上一页").check()
    assert wang.barriers() == []
    page.get_by_role("button", name="保存并重新核验").click()
    expect(page.locator(".piece")).to_have_count(2)
    expect(page.locator(".piece").nth(1)).to_contain_text("2 页")
