"""The review: issues beside their pages, decisions by keyboard, corrections, two reviewers at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from archive_verify.store import Store, administration, corrections, decisions, findings
from archive_verify.store.findings import IssueFilter
from archive_verify.store.people import Role
from archive_verify.store.tables import Archive, AuditRow, DismissalReason
from tests.api_factories import Person
from tests.browsing import PHONE, TURNED, WHOLE, Visitor
from tests.case_factories import ID
from tests.judging import served_and_judged
from tests.service_factories import SYSTEM, checked_archive, class_pages, institution, user

SHORT = "contract_term_short"


@pytest.fixture
def short(local: Store) -> Archive:
    """A class of one whose contract was read with too early an end."""
    return checked_archive(local, class_pages(contract_end="2024年1月31日"))


@pytest.fixture
def address(local: Store) -> Iterator[str]:
    with served_and_judged(local) as where:
        yield where


@pytest.fixture
def wang(address: str, local: Store, short: Archive, chromium_of_the_session: Browser) -> Iterator[Visitor]:
    user(local, "wang")
    visitor = Visitor(chromium_of_the_session, address).sign_in("wang")
    yield visitor
    visitor.leave()


def _open(visitor: Visitor, made: Archive, query: str = "") -> Page:
    visitor.page.goto(f"/archives/{made.id}/review{query}")
    expect(visitor.page.locator("#viewer[data-shown]")).to_be_visible()
    return visitor.page


def _ready(page: Page) -> None:
    """Until what was asked for has come: a key before that decides nothing."""
    expect(page.locator("#review:not([data-busy])")).to_have_count(1)


def _shown(page: Page) -> str:
    return str(page.locator("#finding").get_attribute("data-issue"))


def _issues(store: Store, made: Archive, code: str = "") -> list[Any]:
    with store.reading() as session:
        return findings.issues(session, made.id, IssueFilter(code=code))


def _states(store: Store, made: Archive) -> dict[int, str]:
    return {one.id: one.state for one in _issues(store, made)}


def _in_list(page: Page) -> list[str]:
    return [str(one.get_attribute("data-issue")) for one in page.locator("#issues li").all()]


def _client(app: FastAPI, store: Store, role: Role, school: str | None = None) -> TestClient:
    user(store, role.value, role, school)
    client = Person(app, role.value).client
    client.headers["Accept"] = "text/html"
    return client


# --- over HTTP ------------------------------------------------------------------------------------


def test_the_issues_stand_under_their_codes_or_their_trainees_and_follow_the_filters(
    app: FastAPI, local: Store, short: Archive
) -> None:
    client, path = _client(app, local, Role.REVIEWER), f"/archives/{short.id}/review"
    everything = _issues(local, short)
    text = client.get(path).text
    assert all(f'id="issue-{one.id}"' in text for one in everything)
    assert re.search(r"<h2>.*?劳动合同期限不足", text, re.S)
    of_one = client.get(f"{path}?by=trainee&trainee=1").text
    assert re.findall(r'id="issue-(\d+)"', of_one) == [str(one.id) for one in everything if one.trainee == 1]
    part = client.get(f"{path}?severity=error", headers={"HX-Request": "true"}).text
    wanted = {str(one.id) for one in everything if one.severity == "error"}
    assert set(re.findall(r'id="issue-(\d+)"', part)) == wanted and "<html" not in part
    assert "没有符合条件的问题" in client.get(f"{path}?state=illegible").text
    assert client.get(f"{path}?severity=dreadful").status_code == 422


def test_a_finding_says_rule_citation_expected_found_and_the_persons_papers(
    app: FastAPI, local: Store, short: Archive
) -> None:
    client = _client(app, local, Role.REVIEWER)
    (issue,) = _issues(local, short, SHORT)
    text = client.get(f"/archives/{short.id}/review/issues/{issue.id}").text
    assert "劳动合同期限不少于六个月" in text and issue.citation in text
    assert "6个月以上" in text and "2024-01-31" in text
    assert text.count("data-beside") == len(re.findall(r'<div class="paper">', text)) >= 2
    assert ID in text, "who compares numbers on paper sees the whole one"
    assert ID not in client.get(f"/archives/{short.id}/review", headers={"HX-Request": "true"}).text


def test_opening_the_review_is_logged_and_its_addresses_hold_no_personal_data(
    app: FastAPI, local: Store, short: Archive
) -> None:
    client = _client(app, local, Role.REVIEWER)
    text = client.get(f"/archives/{short.id}/review").text
    with local.reading() as session:
        actions = session.scalars(select(AuditRow.action).where(AuditRow.archive_id == short.id)).all()
    assert "personal.review" in actions
    addresses = re.findall(r'(?:href|src|data-src|hx-get|action)="([^"]*)"', text)
    assert addresses and not any(ID in one or "张三" in one for one in addresses)
    found = client.post(f"/archives/{short.id}/review/search", data={"text": "张 三"}).text
    assert "<mark>张三</mark>" in found and 'data-page="2"' in found
    assert "没有找到" in client.post(f"/archives/{short.id}/review/search", data={"text": "李四"}).text


def test_only_reviewers_decide_and_nobody_sees_the_archives_of_others(
    app: FastAPI, local: Store, short: Archive
) -> None:
    (issue,) = _issues(local, short, SHORT)
    path = f"/archives/{short.id}/review"
    for role in (Role.AUDITOR, Role.CLERK):
        client = _client(app, local, role, short.institution_id if role is Role.CLERK else None)
        text = client.get(path).text
        assert "劳动合同期限不足" in text and "data-decide" not in text and "data-edit" not in text
        refused = client.post(f"{path}/issues/{issue.id}", data={"state": "confirmed", "version": "0"})
        assert refused.status_code == 403
    user(local, "other", Role.CLERK, institution(local, "远航学校").id)
    other = Person(app, "other").client
    other.headers["Accept"] = "text/html"
    for part in ("", f"/issues/{issue.id}", "/state", "/pages/1"):
        assert other.get(path + part).status_code == 404
    assert _client(app, local, Role.ADMINISTRATOR).get(path).status_code == 403


def test_a_decision_needs_the_version_seen_and_a_reason_of_the_list(
    app: FastAPI, local: Store, short: Archive
) -> None:
    client = _client(app, local, Role.REVIEWER)
    (issue,) = _issues(local, short, SHORT)
    path = f"/archives/{short.id}/review/issues/{issue.id}"
    assert client.post(path, data={"state": "confirmed"}).status_code == 422
    made_up = client.post(path, data={"state": "dismissed", "reason": "不想看", "version": "0"})
    assert made_up.status_code == 422 and "理由列表" in made_up.text
    assert client.post(path, data={"state": "confirmed", "version": "0"}).status_code == 200
    assert _states(local, short)[issue.id] == "confirmed"


def test_in_english_the_issues_are_said_in_english_with_the_names_on_paper(
    app: FastAPI, local: Store, short: Archive
) -> None:
    client = _client(app, local, Role.REVIEWER)
    client.get("/language/en")
    text = client.get(f"/archives/{short.id}/review").text
    said = re.findall(r'<span class="why">(.*?)</span>', text)
    assert len(said) == len(_issues(local, short)) and any("under 6 months" in one for one in said)
    left = [one for one in said if re.search(r"[一-鿿]", one.replace("张三", ""))]
    assert left == []
    found = re.search(r'<p class="message-text">(.*?)</p>', text)
    assert found is not None and not re.search(r"[一-鿿]", found[1])


# --- in the browser -------------------------------------------------------------------------------


def test_a_reviewer_goes_through_all_issues_by_keyboard_alone(wang: Visitor, local: Store, short: Archive) -> None:
    with local.reading() as session:
        first_reason = administration.reasons(session)[0].text
    page = _open(wang, short)
    order = _in_list(page)
    assert wang.barriers() == []
    page.keyboard.press("j")
    expect(page.locator("#finding")).to_have_attribute("data-issue", order[1])
    _ready(page)
    page.keyboard.press("k")
    expect(page.locator("#finding")).to_have_attribute("data-issue", order[0])
    _ready(page)
    page.keyboard.press("a")
    expect(page.locator("#finding")).to_have_attribute("data-issue", order[1])
    expect(page.locator(f"#issue-{order[0]}")).to_contain_text("已确认")
    _ready(page)
    page.keyboard.press("r")
    expect(page.get_by_role("dialog", name="排除的理由")).to_be_visible()
    assert wang.barriers() == []
    page.keyboard.press("1")
    expect(page.locator("#finding")).to_have_attribute("data-issue", order[2])
    _ready(page)
    page.keyboard.press("u")
    expect(page.locator("#finding")).to_have_attribute("data-issue", order[3])
    states = _states(local, short)
    assert [states[int(one)] for one in order[:4]] == ["confirmed", "dismissed", "illegible", "open"]
    _ready(page)
    page.keyboard.press("z")
    expect(page.locator("#finding")).to_have_attribute("data-issue", order[2])
    expect(page.locator("#finding")).to_have_attribute("data-state", "open")
    with local.reading() as session:
        past = decisions.history(session, short.id, int(order[1]))
    assert [(one.state, one.reason) for one in past] == [("dismissed", first_reason)]
    for _ in order[2:]:
        _ready(page)
        showing = _shown(page)
        page.keyboard.press("a")
        expect(page.locator(f"#issue-{showing}")).to_have_attribute("data-state", "confirmed")
    expect(page.locator("#said")).to_contain_text("全部处理完了")
    expect(page.locator("#left b")).to_have_text("0")
    assert wang.barriers() == [] and wang.complaints == []


def test_the_page_of_an_issue_is_shown_with_its_exact_spot(wang: Visitor, local: Store, short: Archive) -> None:
    (issue,) = _issues(local, short, SHORT)
    page = _open(wang.calmed(), short, f"?issue={issue.id}")
    expect(page.locator("#viewer")).to_have_attribute("data-shown", str(issue.boxes[0]["page"]))
    expect(page.locator("#page")).to_have_value(str(issue.boxes[0]["page"]))
    page.get_by_role("button", name="整页").click()
    sheet, spot = page.locator(".text-layer"), page.locator(".issue-spot").first
    expect(sheet).to_have_count(1)
    page.wait_for_function(WHOLE)
    whole, part = sheet.bounding_box(), spot.bounding_box()
    assert whole is not None and part is not None
    x0, y0, x1, y1 = (float(one) for one in str(spot.get_attribute("data-box")).split(","))
    assert [x0, y0, x1, y1] in [one["box"] for one in issue.boxes]
    middle = (part["x"] + part["width"] / 2 - whole["x"]) / whole["width"]
    level = (part["y"] + part["height"] / 2 - whole["y"]) / whole["height"]
    assert middle == pytest.approx((x0 + x1) / 2, abs=0.01) and level == pytest.approx((y0 + y1) / 2, abs=0.01)


def test_pages_are_reached_by_number_turned_and_searched(wang: Visitor, short: Archive) -> None:
    page = _open(wang.calmed(), short)
    page.keyboard.press("g")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(page.locator("#viewer")).to_have_attribute("data-shown", "3")
    expect(page.locator("#thumbs [aria-current]")).to_have_attribute("data-page", "3")
    page.keyboard.press("[")
    expect(page.locator("#viewer")).to_have_attribute("data-shown", "2")
    expect(page.locator(".text-layer span").first).to_contain_text("劳动合同书")
    before = page.locator(".text-layer").bounding_box()
    page.keyboard.press("t")
    page.wait_for_function(TURNED)
    turned = page.locator(".text-layer").bounding_box()
    assert before is not None and turned is not None and before["height"] > before["width"]
    assert turned["width"] > turned["height"]
    page.keyboard.press("/")
    page.keyboard.type("工资表")
    page.keyboard.press("Enter")
    expect(page.locator("#found mark").first).to_have_text("工资表")
    assert wang.barriers() == []
    page.locator("#found button").first.click()
    expect(page.locator("#viewer")).to_have_attribute("data-shown", "3")
    expect(page.locator(".text-layer .hit")).to_have_count(1)
    page.keyboard.press("Escape")
    assert wang.complaints == []


def test_a_misread_value_is_set_right_in_place_and_the_list_changes_at_once(
    wang: Visitor, local: Store, short: Archive
) -> None:
    (issue,) = _issues(local, short, SHORT)
    page = _open(wang, short, f"?issue={issue.id}")
    line = page.locator('#finding .values li[data-field="contract_end"]').first
    line.get_by_role("button", name="更正").focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("正确的值")
    expect(field).to_have_value("2024-01-31")
    assert wang.barriers() == []
    field.fill("八月")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("不能作为")
    field.fill("2024-08-31")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("消除 1 项")
    expect(page.locator(f"#issue-{issue.id}")).to_have_count(0)
    expect(page.locator("#finding")).not_to_have_attribute("data-issue", str(issue.id))
    assert wang.barriers() == []
    page.keyboard.press("z")
    expect(page.locator(f"#issue-{issue.id}")).to_have_count(1)
    with local.reading() as session:
        assert corrections.in_force(session, short.id) == []


def test_two_reviewers_see_each_others_decisions_and_do_not_overwrite_them(
    wang: Visitor, address: str, local: Store, short: Archive, chromium_of_the_session: Browser
) -> None:
    user(local, "zhao")
    zhao = Visitor(chromium_of_the_session, address).sign_in("zhao")
    (issue,) = _issues(local, short, SHORT)
    mine, others = (_open(one, short, f"?issue={issue.id}") for one in (wang, zhao))
    mine.route("**/review/state", lambda route: route.abort())       # his window has not heard of it yet
    others.keyboard.press("a")
    expect(others.locator(f"#issue-{issue.id}")).to_have_attribute("data-state", "confirmed")
    mine.keyboard.press("u")
    expect(mine.get_by_role("alert")).to_contain_text("您的决定没有保存")
    expect(mine.locator("#finding")).to_contain_text("zhao的姓名")
    assert wang.barriers() == [] and _states(local, short)[issue.id] == "confirmed"
    mine.unroute("**/review/state")
    expect(mine.locator(f"#issue-{issue.id}")).to_have_attribute("data-state", "confirmed")
    other = next(one for one in _in_list(mine) if one != str(issue.id))
    others.locator(f"#issue-{other} a").click()
    expect(others.locator("#finding")).to_have_attribute("data-issue", other)
    _ready(others)
    others.keyboard.press("u")
    expect(mine.locator(f"#issue-{other}")).to_contain_text("无法辨认")
    zhao.leave()


def test_single_keys_can_be_switched_off_and_are_letters_in_fields(wang: Visitor, local: Store, short: Archive) -> None:
    page = _open(wang, short)
    first = _shown(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    assert wang.barriers() == []
    page.get_by_label("使用单键快捷键").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.press("j")
    assert page.locator("#review[data-busy]").count() == 0, "nothing was asked for"
    assert _shown(page) == first and set(_states(local, short).values()) == {"open"}


def test_another_paper_of_the_person_stands_beside_the_page(wang: Visitor, local: Store, short: Archive) -> None:
    (issue,) = _issues(local, short, SHORT)
    page = _open(wang, short, f"?issue={issue.id}")
    page.keyboard.press("c")
    expect(page.locator("#beside")).to_have_attribute("data-shown", "3")
    expect(page.locator("#viewer")).to_have_attribute("data-shown", "2")
    assert wang.barriers() == []
    page.keyboard.press("c")
    expect(page.locator("#beside")).to_be_hidden()


def test_the_review_fits_a_phone_and_speaks_english(wang: Visitor, short: Archive) -> None:
    page = wang.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"/language/en?back=/archives/{short.id}/review%3Fby=trainee")
    expect(page.locator("#viewer[data-shown]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert wang.barriers() == []
    expect(page.get_by_role("button", name="Confirm")).to_be_visible()


def test_a_reason_out_of_use_is_not_offered(app: FastAPI, local: Store, short: Archive) -> None:
    with local.writing(SYSTEM) as tx:
        first = tx.session.scalars(select(DismissalReason)).first()
        assert first is not None
        administration.use_reason(tx, first.id, active=False)
        gone = first.text
    text = _client(app, local, Role.REVIEWER).get(f"/archives/{short.id}/review").text
    assert f'data-reason="{gone}"' not in text and 'data-reason="' in text
