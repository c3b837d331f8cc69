"""Values that were read nowhere, added from the paper by a reviewer and judged at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from api.pages.missed import ASKED
from api.pages.rules import FIELD_WORDS, RULES
from archive_verify.model import DocType, Page
from archive_verify.review import FIELD_NAMES, SOMEWHERE, PageOverride, Place
from archive_verify.store import Store, corrections, findings, runs
from archive_verify.store.findings import IssueFilter
from archive_verify.store.people import Role
from archive_verify.store.tables import Archive, AuditRow, CorrectionRow, Run
from tests.api_factories import Person
from tests.browsing import TURNED, Visitor, signed_in
from tests.case_factories import ID, UNIT
from tests.factories import table_page
from tests.judging import served_and_judged
from tests.service_factories import SYSTEM, checked_archive, class_pages, judge_run, user

_TITLES = ("序号", "姓名", "身份证号", "基本工资", "应发合计", "实发金额")


def _pages(title: str, row: Sequence[str] = ("1", "张三", ID, "3000", "3000", "2900")) -> list[Page]:
    return [*class_pages()[:2], table_page(f"{UNIT}{title}工资表", _TITLES, [tuple(row)], f"单位：{UNIT}", index=3)]


@pytest.fixture
def undated(local: Store) -> Archive:
    """A payroll of which no month was read."""
    return checked_archive(local, _pages(""))


@pytest.fixture
def unlisted(local: Store) -> Archive:
    """A payroll on which the trainee's row was not read at all."""
    return checked_archive(local, _pages("2023年9月", ("2", "李四", "", "3000", "3000", "2900")))


@pytest.fixture
def reviewer(app: FastAPI, local: Store) -> TestClient:
    user(local, "wang")
    client = Person(app, "wang").client
    client.headers["Accept"] = "text/html"
    return client


def _issues(store: Store, made: Archive) -> list[Any]:
    with store.reading() as session:
        return findings.issues(session, made.id, IssueFilter())


def _about_month(store: Store, made: Archive) -> list[Any]:
    return [one for one in _issues(store, made) if "的月份" in one.message]


def _about_seal(store: Store, made: Archive) -> list[Any]:
    return [one for one in _issues(store, made) if one.code == "needs_review" and "公章" in one.message]


def _first_place(store: Store, made: Archive) -> Place:
    with store.reading() as session:
        report = findings.report_of(session, str(made.current_run_id))
    return Place(sha256=report.files[0].sha256, file_page=1)


def _judged(store: Store, made: Archive) -> None:
    with store.reading() as session:
        run = session.scalars(select(Run).where(Run.archive_id == made.id).order_by(Run.id.desc())).first()
    assert run is not None and run.kind == "rejudge" and judge_run(store, run.id)[1]


def test_what_may_be_added_has_words_and_is_a_value_of_its_rule() -> None:
    assert FIELD_WORDS.keys() >= FIELD_NAMES
    assert ASKED.keys() <= RULES.keys() and {name for names in ASKED.values() for name in names} <= FIELD_NAMES


def test_a_value_read_nowhere_is_added_without_a_place_judged_and_logged(
    reviewer: TestClient, local: Store, undated: Archive
) -> None:
    (issue,) = _about_month(local, undated)
    path = f"/archives/{undated.id}/review"
    form = reviewer.get(f"{path}/pages/3/missed?issue={issue.id}").text
    assert '<option value="month"' in form and '<option value="base"' not in form
    assert reviewer.post(f"{path}/corrections", data={"page": "3", "field": "month", "value": ""}).status_code == 422
    wrong = reviewer.post(f"{path}/corrections", data={"page": "3", "field": "month", "value": "九月份"})
    assert wrong.status_code == 422 and "不能作为" in wrong.text
    added = reviewer.post(f"{path}/corrections", data={"page": "3", "field": "month", "value": "2023年9月"})
    assert added.status_code == 200 and "review:corrected" in added.headers["HX-Trigger"]
    _judged(local, undated)
    assert issue.id not in {one.id for one in _issues(local, undated)}
    assert '<option value="month"' not in reviewer.get(f"{path}/pages/3/missed").text
    with local.reading() as session:
        (log,) = session.scalars(select(AuditRow).where(AuditRow.action == "correction.add"))
        (row,) = corrections.in_force(session, undated.id)
    assert log.new["field"] == "month" and log.new["value"] == "2023年9月" and row.box == list(SOMEWHERE)


def test_a_seal_seen_or_not_seen_by_a_person_is_judged_at_once(
    reviewer: TestClient, local: Store, undated: Archive
) -> None:
    (issue,) = _about_seal(local, undated)
    path = f"/archives/{undated.id}/review"
    form = reviewer.get(f"{path}/pages/2/missed?issue={issue.id}").text
    assert re.search(r'<option value="([a-z_]+)"', form)[1] == "seal_employer"  # type: ignore[index]
    assert "seal_employer" not in reviewer.get(f"{path}/pages/3/missed?issue={issue.id}").text
    for value, codes in (("有", set()), ("无", {"contract_seal_missing"})):
        given = {"page": "2", "field": "seal_employer", "value": value}
        assert reviewer.post(f"{path}/corrections", data=given).status_code == 200
        _judged(local, undated)
        assert _about_seal(local, undated) == []
        assert {one.code for one in _issues(local, undated)} & {"contract_seal_missing"} == codes


def test_a_row_that_was_not_read_begins_with_the_name_at_its_place(
    reviewer: TestClient, local: Store, unlisted: Archive
) -> None:
    path = f"/archives/{unlisted.id}/review"
    (issue,) = (one for one in _issues(local, unlisted) if one.code == "payroll_first_month_missing")
    form = reviewer.get(f"{path}/pages/3/missed?issue={issue.id}").text
    assert re.search(r'<option value="name"[^>]* data-spot', form)
    given = {"page": "3", "field": "name", "value": "张三", "box": "[0.2, 0.6, 0.3, 0.62]"}
    assert reviewer.post(f"{path}/corrections", data=given).status_code == 200
    _judged(local, unlisted)
    assert "payroll_first_month_missing" not in {one.code for one in _issues(local, unlisted)}
    again = reviewer.get(f"{path}/pages/3/missed?issue={_issues(local, unlisted)[0].id}")
    assert again.status_code == 200


def test_a_page_of_no_paper_leads_to_its_type_and_only_reviewers_add(
    app: FastAPI, reviewer: TestClient, local: Store, undated: Archive
) -> None:
    user(local, "shen", Role.AUDITOR)
    auditor = Person(app, "shen").client
    path = f"/archives/{undated.id}/review"
    assert auditor.get(f"{path}/pages/3/missed").status_code == 403
    assert "data-add" not in auditor.get(path, headers={"Accept": "text/html"}).text
    cover = reviewer.get(f"{path}/pages/1/missed").text
    assert '<option value="class_name"' not in cover and '<option value="institution"' in cover, "the name was read"
    with local.writing(SYSTEM) as tx:
        corrections.override(tx, undated.id, PageOverride(place=_first_place(local, undated), doc_type=DocType.OTHER))
        runs.start(tx, undated.id, runs.Kind.REJUDGE)
    _judged(local, undated)
    assert f"/archives/{undated.id}/boundaries#sheet-1" in reviewer.get(f"{path}/pages/1/missed").text
    assert reviewer.get(f"{path}/pages/9/missed").status_code == 404


@pytest.fixture
def wang(local: Store, undated: Archive, chromium_of_the_session: Browser) -> Iterator[Visitor]:
    user(local, "wang")
    with served_and_judged(local) as address, signed_in(chromium_of_the_session, address, "wang") as visitor:
        yield visitor


def test_a_missed_value_is_added_by_keyboard_with_its_place_and_taken_back(
    wang: Visitor, local: Store, undated: Archive
) -> None:
    (issue,) = _about_month(local, undated)
    page = wang.page
    page.goto(f"/archives/{undated.id}/review?issue={issue.id}&page=3")
    expect(page.locator("#viewer")).to_have_attribute("data-shown", "3")
    page.keyboard.press("m")
    expect(page.get_by_label("漏读的是")).to_be_focused()
    assert wang.barriers() == []
    page.keyboard.press("Escape")
    expect(page.locator("#missed form")).to_have_count(0)
    expect(page.get_by_role("button", name="补录漏读的值")).to_be_focused()
    page.keyboard.press("m")
    page.get_by_label("漏读的是").select_option("month")
    page.get_by_role("button", name="框出位置").press("Enter")
    expect(page.locator(".picking")).to_be_focused()
    page.keyboard.press("Enter")
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("已框出")).to_be_visible()
    expect(page.locator(".issue-spot.value")).to_have_count(1)
    page.keyboard.type("2023-09")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("已重新核验")
    expect(page.locator(f"#issue-{issue.id}")).to_have_count(0)
    with local.reading() as session:
        (row,) = session.scalars(select(CorrectionRow))
    x0, y0, x1, y1 = row.box or ()
    assert 0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1 and x1 - x0 < 0.5
    page.keyboard.press("z")
    expect(page.locator(f"#issue-{issue.id}")).to_have_count(1)


def test_a_seal_is_said_to_be_there_by_keyboard_and_taken_back(wang: Visitor, local: Store, undated: Archive) -> None:
    (issue,) = _about_seal(local, undated)
    page = wang.page
    page.goto(f"/archives/{undated.id}/review?issue={issue.id}&page=2")
    expect(page.locator("#viewer")).to_have_attribute("data-shown", "2")
    page.keyboard.press("m")
    expect(page.get_by_label("漏读的是")).to_be_focused()
    expect(page.get_by_label("纸上写的")).to_be_hidden()
    assert wang.barriers() == []
    page.get_by_label("漏读的是").select_option("phone")
    expect(page.get_by_label("纸上写的")).to_be_visible()
    page.get_by_label("漏读的是").select_option(label="纸上有：用人单位公章")
    expect(page.get_by_label("纸上写的")).to_be_hidden()
    page.get_by_role("button", name="保存").press("Enter")
    expect(page.locator(f"#issue-{issue.id}")).to_have_count(0)
    expect(page.locator("#said")).to_contain_text("消除 1 项")
    page.keyboard.press("z")
    expect(page.locator(f"#issue-{issue.id}")).to_have_count(1)


def test_a_place_is_marked_by_dragging_over_the_turned_page(wang: Visitor, undated: Archive) -> None:
    page = wang.calmed().page
    page.goto(f"/archives/{undated.id}/review?page=3")
    expect(page.locator("#viewer")).to_have_attribute("data-shown", "3")
    page.keyboard.press("t")
    page.wait_for_function(TURNED)
    page.keyboard.press("m")
    page.get_by_role("button", name="框出位置").click()
    area = page.locator("#viewer").bounding_box()
    assert area is not None
    middle = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
    page.mouse.move(middle[0] - 20, middle[1] - 60)
    page.mouse.down()
    page.mouse.move(middle[0] + 20, middle[1] + 60, steps=4)
    page.mouse.up()
    expect(page.locator("#missed form")).to_have_attribute("data-box", re.compile(r"^\[0\.\d+"))
    told = str(page.locator("#missed form").get_attribute("data-box"))
    x0, y0, x1, y1 = (float(part) for part in told[1:-1].split(","))
    assert (x0 + x1) / 2 == pytest.approx(0.5, abs=0.02) and (y0 + y1) / 2 == pytest.approx(0.5, abs=0.02)
    assert x1 - x0 > y1 - y0, "what is high on the turned page is wide on the upright one"
