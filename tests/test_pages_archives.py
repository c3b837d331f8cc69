"""The list of archives and the reviewer's queue."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, expect

from archive_verify.store import Store, archives, runs
from archive_verify.store.people import Role
from archive_verify.store.tables import Archive
from tests.api_factories import Person
from tests.browsing import PHONE, Visitor, visiting
from tests.service_factories import (
    FACTS,
    SYSTEM,
    archive,
    checked_archive,
    class_pages,
    institution,
    judge_run,
    open_run,
    read_span,
    start,
    user,
)


def _client(app: FastAPI, store: Store, role: Role = Role.REVIEWER, school: str | None = None) -> TestClient:
    user(store, role.value, role, school)
    client = Person(app, role.value).client
    client.headers["Accept"] = "text/html"
    return client


def _submit(store: Store, made: Archive, fen: int = 0) -> None:
    with store.writing(SYSTEM) as tx:
        archives.step(tx, made.id, archives.State.SUBMITTED)
        archives.locked(tx, made.id).fen_at_stake = fen


def _names(text: str) -> list[str]:
    return re.findall(r'<a id="open-[0-9a-f]+" href="/archives/[0-9a-f]+">([^<]+)</a>', text)


def test_the_list_shows_state_verdicts_issues_and_money_of_each_archive(app: FastAPI, local: Store) -> None:
    made = checked_archive(local)
    text = _client(app, local).get("/archives").text
    assert _names(text) == [FACTS["name"]] and "启航职业培训学校" in text and "2023-06-20" in text
    assert "草稿" in text and "共 1 份档案" in text
    for verdict, count in made.counts["verdicts"].items():
        assert count == 1 and f"is-{verdict}" in text
    assert re.search(rf"<b>{made.open_issues}</b>", text)


def test_archives_are_filtered_by_what_the_form_asks_for(app: FastAPI, local: Store) -> None:
    school = institution(local)
    checked = checked_archive(local, school=school)
    (standing,) = checked.counts["verdicts"]
    archive(local, institution(local, "远航学校"), facts=FACTS | {"name": "第二班", "end_date": "2024-01-05"}, first=50)
    _submit(local, checked, fen=500_000)
    client, first = _client(app, local), FACTS["name"]
    other = "missing" if standing != "missing" else "verified"
    for query, names in {
        "": ["第二班", first], "text=面点": ["第二班", first][1:], "state=submitted": [first], "year=2024": ["第二班"],
        f"standing={standing}": [first], f"standing={other}": [], "at_stake=5000": [first], "at_stake=5001": [],
        f"institution_id={school.id}": [first], "order=name": sorted([first, "第二班"]),
        "order=money": [first, "第二班"], "order=end": ["第二班", first],
        "state=&text=&order=errors": [first, "第二班"],
    }.items():  # fmt: skip
        assert _names(client.get(f"/archives?{query}").text) == names, query
    assert "没有符合条件的档案" in client.get("/archives?text=焊工").text
    refused = client.get("/archives?year=12")
    assert refused.status_code == 422 and "年度：太小" in refused.text


def test_the_queue_holds_what_was_submitted_most_money_first(app: FastAPI, local: Store) -> None:
    school = institution(local)
    for number, fen in enumerate((100, 300, 200)):
        made = archive(local, school, facts=FACTS | {"name": f"{fen}班"}, first=10 * number + 1)
        _submit(local, made, fen)
    archive(local, school, facts=FACTS | {"name": "草稿班"}, first=90)
    client = _client(app, local)
    assert _names(client.get("/queue").text) == ["300班", "200班", "100班"]
    assert _names(client.get("/queue?state=draft&order=newest").text) == ["300班", "200班", "100班"]


def test_a_long_list_goes_on_with_the_same_filters(app: FastAPI, local: Store) -> None:
    school = institution(local)
    with local.writing(SYSTEM) as tx:
        for number in range(30):
            facts = {"name": f"{number:02d}班"}
            archives.create(tx, institution_id=school.id, facts=facts, policy="wenshui_2023_51")
    client, seen, address = _client(app, local), [], "/archives?order=name&text=班"
    while address:
        text = client.get(address).text
        seen += _names(text)
        more = re.search(r'href="(/archives\?[^"]*after=[^"]+)"', text)
        address = more[1].replace("&amp;", "&") if more else ""
    assert seen == [f"{number:02d}班" for number in range(30)]


def test_a_clerk_sees_the_own_archives_and_no_choice_of_institutions(app: FastAPI, local: Store) -> None:
    own, other = institution(local), institution(local, "远航学校")
    archive(local, own)
    archive(local, other, facts=FACTS | {"name": "别人的班"}, first=50)
    client = _client(app, local, Role.CLERK, own.id)
    text = client.get("/archives").text
    assert _names(text) == [FACTS["name"]] and "远航学校" not in text and 'name="institution_id"' not in text
    assert "新建档案" in text
    assert client.get(f"/archives?institution_id={other.id}").status_code == 404


@pytest.fixture
def visitor(app: FastAPI, local: Store, chromium_of_the_session: Browser) -> Iterator[Visitor]:
    user(local, "wang")
    with visiting(chromium_of_the_session, app, "wang") as made:
        yield made


def test_a_running_check_is_followed_without_reloading_the_page(visitor: Visitor, local: Store) -> None:
    made = archive(local)
    run = start(local, made.id)
    page = visitor.page
    page.goto("/archives")
    expect(page.get_by_text("排队中")).to_be_visible()
    assert visitor.barriers() == []
    spans = open_run(local, run)
    read_span(local, spans[0], class_pages())
    expect(page.get_by_text("正在识别 2 / 3 页")).to_be_visible()
    assert page.get_by_label("核查进度").get_attribute("value") == "2"
    page.get_by_role("link", name=str(FACTS["name"])).focus()
    read_span(local, spans[1], class_pages())
    judge_run(local, run)
    expect(page.locator("progress")).to_have_count(0)
    expect(page.get_by_role("link", name=str(FACTS["name"]))).to_be_focused()
    expect(page.locator("tbody .count")).to_have_count(1)
    with local.reading() as session:
        assert runs.going_on(session, [made.id]) == {}


def test_the_list_follows_the_filters_as_they_are_set_and_its_address_can_be_kept(
    visitor: Visitor, local: Store
) -> None:
    school = institution(local)
    checked_archive(local, school=school)
    archive(local, school, facts=FACTS | {"name": "第二班"}, first=50)
    page = visitor.page
    page.goto("/archives")
    page.get_by_label("班级或工种").fill("第二")
    expect(page.get_by_text("共 1 份档案")).to_be_visible()
    page.wait_for_url("**/archives?text=*")
    assert page.url.endswith("&order=newest") and visitor.barriers() == []
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label("班级或工种").fill("")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_the_list_fits_a_phone(visitor: Visitor, local: Store) -> None:
    checked_archive(local)
    page = visitor.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/archives")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert visitor.barriers() == []
