"""The overview: rates, faults and work over all archives, as charts, tables and a workbook."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, expect

from archive_verify.store import Store, archives, decisions, findings
from archive_verify.store.findings import IssueFilter
from archive_verify.store.people import Role
from archive_verify.store.tables import Archive, Institution
from tests.api_factories import Person
from tests.browsing import PHONE, SCREEN, Visitor, served
from tests.conftest import Time
from tests.service_factories import FACTS, SYSTEM, archive, checked_archive, institution, user

FORMULA = "=1+1班"


@pytest.fixture
def school(local: Store) -> Institution:
    return institution(local)


@pytest.fixture
def handed_in(local: Store, school: Institution) -> Archive:
    return _handed_in(local, checked_archive(local, school=school, facts=FACTS | {"name": FORMULA}))


def _handed_in(store: Store, made: Archive) -> Archive:
    with store.writing(SYSTEM) as tx:
        archives.step(tx, made.id, archives.State.SUBMITTED)
    return made


def _client(app: FastAPI, store: Store, role: Role = Role.REVIEWER, school: str | None = None) -> TestClient:
    user(store, role.value, role, school)
    client = Person(app, role.value).client
    client.headers["Accept"] = "text/html"
    return client


def _rows(text: str, key: str) -> list[list[str]]:
    """The values of a table, row by row."""
    (body,) = re.findall(rf'id="{key}">.*?<tbody>(.*?)</tbody>', text, re.S) or [""]
    return [re.findall(r'data-value="([^"]*)"', row) for row in body.split("<tr>")[1:]]


def test_institutions_and_classes_have_the_rates_of_their_last_check(
    app: FastAPI, local: Store, handed_in: Archive
) -> None:
    text = _client(app, local).get("/overview").text
    # one trainee, approved one, passed, and not shown to be employed
    (school,) = _rows(text, "institutions")
    assert school == ["启航职业培训学校", "1", "1", "1", "1.0000", "0.0000", str(handed_in.open_issues)]
    (row,) = _rows(text, "classes")
    assert row[:4] == [FORMULA, "启航职业培训学校", "submitted", "2023-06-20"]
    assert [float(one) for one in row[6:8]] == [1.0, 0.0]
    assert f'href="/archives/{handed_in.id}"' in text


def test_drafts_and_what_was_not_checked_do_not_count(app: FastAPI, local: Store, school: Institution) -> None:
    checked_archive(local, school=school)
    archive(local, school, first=50)
    text = _client(app, local).get("/overview").text
    assert _rows(text, "classes") == [] and _rows(text, "faults") == [] and "还没有数据" in text


def test_faults_are_counted_without_hints_and_without_dismissed_ones(
    app: FastAPI, local: Store, handed_in: Archive
) -> None:
    client = _client(app, local)
    before = {row[0]: row for row in _rows(client.get("/overview").text, "faults")}
    with local.reading() as session:
        issues = findings.issues(session, handed_in.id, IssueFilter(severity="error"))
    assert sum(int(row[2]) for row in before.values() if row[1] == "error") == len(issues)
    assert before["document_missing"][3] == "1" and int(before["document_missing"][2]) > 1
    assert not any(row[1] == "info" for row in before.values())
    gone = next(one for one in issues if one.code == "document_missing")
    with local.writing(SYSTEM) as tx:
        decisions.decide(
            tx, handed_in.id, gone.id, decisions.State.DISMISSED, version=gone.version, reason="已核对原件"
        )
    after = {row[0]: row for row in _rows(client.get("/overview").text, "faults")}
    assert int(after["document_missing"][2]) == int(before["document_missing"][2]) - 1


def test_work_is_counted_by_the_offices_months_without_gaps(
    app: FastAPI, local: Store, handed_in: Archive, time: Time
) -> None:
    with local.reading() as session:
        (issue, *_) = findings.issues(session, handed_in.id, IssueFilter(severity="error"))
    time.go(days=41, hours=9)           # 30 April, 18:00 in Greenwich: May in the office
    with local.writing(SYSTEM) as tx:
        decisions.decide(tx, handed_in.id, issue.id, decisions.State.CONFIRMED, version=0)
    rows = _rows(_client(app, local).get("/overview").text, "months")
    assert rows == [["2024-03", "1", "3", "0"], ["2024-04", "0", "0", "0"], ["2024-05", "0", "0", "1"]]


def test_year_and_institution_narrow_it_and_a_clerk_sees_the_own_one(
    app: FastAPI, local: Store, handed_in: Archive
) -> None:
    other = institution(local, "远航学校")
    made = checked_archive(
        local, school=other, first=50, offset=50, facts=FACTS | {"name": "第二班", "end_date": "2024-01-20"}
    )
    _handed_in(local, made)
    client = _client(app, local)
    named = [row[0] for row in _rows(client.get("/overview").text, "classes")]
    assert named == ["第二班", FORMULA]
    assert [row[0] for row in _rows(client.get("/overview?year=2024").text, "classes")] == ["第二班"]
    narrowed = client.get(f"/overview?institution_id={other.id}").text
    assert [row[0] for row in _rows(narrowed, "institutions")] == ["远航学校"]
    clerk = _client(app, local, Role.CLERK, other.id)
    text = clerk.get("/overview").text
    assert [row[0] for row in _rows(text, "classes")] == ["第二班"] and "启航职业培训学校" not in text
    assert clerk.get(f"/overview?institution_id={handed_in.institution_id}").status_code == 404
    assert clerk.get(f"/overview.xlsx?institution_id={handed_in.institution_id}").status_code == 404


def test_the_workbook_holds_the_same_tables_and_no_formula(app: FastAPI, local: Store, handed_in: Archive) -> None:
    answer = _client(app, local).get("/overview.xlsx?year=2023")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["各机构的合格率和就业率", "最常见的问题", "每月工作量", "各班级"]
    name = book["各班级"]["A2"]
    assert (name.value, name.data_type) == (FORMULA, "s")
    rate = book["各机构的合格率和就业率"]["E2"]
    assert (rate.value, rate.number_format) == (1, "0.0%")
    assert [book["各班级"].cell(2, column).value for column in (3, 4)] == ["已提交", "2023-06-20"]


def test_the_charts_are_drawn_and_the_page_fits_office_and_phone(
    app: FastAPI, local: Store, handed_in: Archive, chromium_of_the_session: Browser
) -> None:
    user(local, "wang")
    with served(app) as address:
        visitor = Visitor(chromium_of_the_session, address).sign_in("wang")
        page = visitor.page
        page.get_by_role("link", name="统计").click()
        expect(page.locator("[data-drawn] canvas")).to_have_count(3)
        assert visitor.barriers() == []
        for size in (SCREEN, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        with page.expect_download() as download:
            page.get_by_role("link", name="导出 Excel").click()
        assert download.value.suggested_filename == "overview.xlsx" and visitor.complaints == []
        visitor.leave()
