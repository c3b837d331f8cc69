"""The pages of one archive, of trainees, and of supplements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image
from playwright.sync_api import Browser, expect

from archive_verify.store import Store, archives, audit, findings, trainees
from archive_verify.store import decisions as store_decisions
from archive_verify.store.people import Role
from archive_verify.store.runs import Kind
from archive_verify.store.tables import Archive, Institution
from tests.api_factories import V1, Person
from tests.browsing import PHONE, SCREEN, Visitor, visiting
from tests.case_factories import ID
from tests.service_factories import SYSTEM, checked_archive, class_pages, institution, run_all, start, user

HTMX = {"HX-Request": "true"}
TABS = ("", "/trainees", "/pages", "/computation", "/supplement", "/history")


@pytest.fixture
def school(local: Store) -> Institution:
    return institution(local)


@pytest.fixture
def checked(local: Store, school: Institution) -> Archive:
    """A class of one, whose contract is good and whose other papers are missing."""
    return checked_archive(local, school=school)


def _client(app: FastAPI, store: Store, role: Role = Role.REVIEWER, school: str | None = None) -> TestClient:
    user(store, role.value, role, school)
    client = Person(app, role.value).client
    client.headers["Accept"] = "text/html"
    return client


def _submit(store: Store, archive_id: str) -> None:
    with store.writing(SYSTEM) as tx:
        archives.step(tx, archive_id, archives.State.SUBMITTED)


def test_the_head_shows_counts_rates_and_the_amount(app: FastAPI, local: Store, checked: Archive) -> None:
    text = _client(app, local).get(f"/archives/{checked.id}").text
    assert "中式面点师班" in text and "合格率" in text and "就业率" in text and "暂不核拨" in text
    assert f"<b>{checked.open_issues}</b>" in text and f"其中错误 {checked.open_errors}" in text
    assert re.search(r'href="/archives/[0-9a-f]+/trainees\?standing=incomplete"', text)


def test_the_issues_are_filtered(app: FastAPI, local: Store, checked: Archive) -> None:
    client = _client(app, local)
    with local.reading() as session:
        found = findings.issues(session, checked.id, findings.IssueFilter(), limit=500)
    for query, count in {
        "": len(found),
        "code=document_missing": sum(one.code == "document_missing" for one in found),
        "severity=info": sum(one.severity == "info" for one in found),
        "state=confirmed": 0,
        "trainee=1": sum(one.trainee == 1 for one in found),
    }.items():
        text = client.get(f"/archives/{checked.id}?{query}", headers=HTMX).text
        assert text.count('<th scope="row">') == count and "<html" not in text, query
    assert client.get(f"/archives/{checked.id}?severity=nonsense").status_code == 422


def test_every_tab_opens_for_every_role_and_for_an_archive_without_a_result(
    app: FastAPI, local: Store, school: Institution, checked: Archive
) -> None:
    with local.writing(SYSTEM) as tx:
        bare = archives.create(tx, institution_id=school.id, facts={}, policy="wenshui_2023_51")
    for role in Role:
        client = _client(app, local, role, school.id if role is Role.CLERK else None)
        for made in (checked, bare):
            for tab in TABS:
                answer = client.get(f"/archives/{made.id}{tab}")
                assert answer.status_code == 200, (role, tab)
                assert ID not in answer.text
                assert ("<img" in answer.text) == (
                    tab == "/pages" and made is checked and role is not Role.ADMINISTRATOR
                ), (role, tab)


def test_an_archive_of_another_institution_is_not_there(app: FastAPI, local: Store, checked: Archive) -> None:
    client = _client(app, local, Role.CLERK, institution(local, "远航学校").id)
    with local.reading() as session:
        (trainee,) = trainees.of_archive(session, checked.id)
    paths = [f"/archives/{checked.id}{tab}" for tab in (*TABS, "/upload", "/files", "/run", "/row")]
    for path in [*paths, f"/trainees/{trainee.id}"]:
        assert client.get(path).status_code == 404, path


def test_the_computation_shows_each_step_with_its_citation(app: FastAPI, local: Store, checked: Archive) -> None:
    text = _client(app, local).get(f"/archives/{checked.id}/computation").text
    assert "文人社字〔2023〕51号" in text and "合格率" in text and "2023-06-20" in text and "班级信息" in text


def test_a_reviewer_returns_what_was_submitted_and_the_history_tells_of_it(
    app: FastAPI, local: Store, checked: Archive
) -> None:
    client = _client(app, local)
    assert "return-dialog" not in client.get(f"/archives/{checked.id}").text
    _submit(local, checked.id)
    assert "return-dialog" in client.get(f"/archives/{checked.id}").text
    answer = client.post(f"/archives/{checked.id}/return", data={"note": "请补件"}, headers=HTMX)
    assert answer.headers["HX-Redirect"] == f"/archives/{checked.id}"
    assert "档案已退回补正" in client.get(f"/archives/{checked.id}").text
    assert "提交、退回或通过" in client.get(f"/archives/{checked.id}/history").text
    again = client.post(f"/archives/{checked.id}/accept", data={}, headers=HTMX)
    assert again.status_code == 422


def test_a_trainee_is_found_by_a_part_of_the_name_or_the_end_of_the_number(
    app: FastAPI, local: Store, checked: Archive
) -> None:
    client = _client(app, local)
    for text, found in {"张": True, "三": True, ID: True, ID[-4:]: True, "李": False, "0000": False}.items():
        answer = client.post("/trainees/search", data={"text": text}, headers=HTMX)
        assert ("张三" in answer.text) == found, text
        assert ID not in answer.text
    shown = client.post("/trainees/search", data={"text": "张三", "standing": "verified"}, headers=HTMX).text
    assert "没有找到这样的学员" in shown


def test_a_trainees_page_lists_each_required_paper_with_the_part_of_the_page_that_names_him(
    app: FastAPI, local: Store, checked: Archive
) -> None:
    client = _client(app, local)
    with local.reading() as session:
        (trainee,) = trainees.of_archive(session, checked.id)
    text = client.get(f"/trainees/{trainee.id}").text
    assert "劳动合同" in text and "符合" in text and "缺少" in text and ID not in text
    crops = re.findall(r'<img src="(/api/v1/[^"]+)"', text)
    assert any("box=" in crop for crop in crops)
    for crop in crops:
        answer = client.get(crop.replace("&amp;", "&"))
        assert answer.status_code == 200 and answer.headers["Content-Type"] == "image/webp"
    title = re.findall(r"<title>([^<]*)</title>", text)
    assert title == ["学员 · 档案核查"]


def test_a_part_of_a_page_is_an_image_of_that_part(app: FastAPI, local: Store, checked: Archive) -> None:
    client = _client(app, local)
    path = f"{V1}/archives/{checked.id}/pages/1/image?width=2400"
    whole = Image.open(BytesIO(client.get(path).content))
    part = Image.open(BytesIO(client.get(f"{path}&box=0.25,0.5,0.75,1").content))
    assert (part.width, part.height) == (whole.width // 2, whole.height // 2)
    for wrong in ("0.5,0,0.2,1", "0,0,1.5,1", "a", "0,0,1"):
        assert client.get(f"{path}&box={wrong}").status_code == 422, wrong


def test_seeing_a_whole_number_is_logged(app: FastAPI, local: Store, checked: Archive) -> None:
    client = _client(app, local)
    with local.reading() as session:
        (trainee,) = trainees.of_archive(session, checked.id)
    answer = client.post(f"/trainees/{trainee.id}/unmask", headers=HTMX)
    assert ID in answer.text
    with local.reading() as session:
        assert audit.rows(session, audit.Filter(action="personal.unmask"))[0].actor_name == "reviewer的姓名"


def test_the_supplement_page_tells_what_is_missing_and_what_the_last_check_changed(
    app: FastAPI, local: Store, school: Institution, checked: Archive
) -> None:
    client = _client(app, local, Role.CLERK, school.id)
    with local.reading() as session:
        issues = findings.issues(session, checked.id, findings.IssueFilter(), limit=500)
        dismissed = next(one for one in issues if one.code == "document_missing")
        reason = store_decisions_reason(session)
    with local.writing(SYSTEM) as tx:
        store_decisions.decide(
            tx, checked.id, dismissed.id, store_decisions.State.DISMISSED, version=dismissed.version, reason=reason
        )
    before = client.get(f"/archives/{checked.id}/supplement").text
    assert "缺首月考勤表" in before and "张三" in before and dismissed.message not in before
    assert "最近一次核查的变化" not in before
    run_all(local, start(local, checked.id, Kind.SUPPLEMENT), class_pages(contract_end="2023年10月31日"), offset=500)
    after = client.get(f"/archives/{checked.id}/supplement").text
    assert "最近一次核查的变化" in after and "新发现" in after
    new = after.partition("新发现")[2].partition("仍未解决")[0]
    assert "劳动合同期限不足" in new


def store_decisions_reason(session: object) -> str:
    """A reason of the administrator's list."""
    from archive_verify.store import administration

    return administration.reasons(session)[0].text  # type: ignore[arg-type]


@pytest.fixture
def visitor(app: FastAPI, local: Store, chromium_of_the_session: Browser) -> Iterator[Visitor]:
    user(local, "wang")
    with visiting(chromium_of_the_session, app, "wang") as made:
        yield made


def test_the_pages_of_an_archive_put_up_no_barriers(visitor: Visitor, local: Store, checked: Archive) -> None:
    _submit(local, checked.id)
    page = visitor.page
    for screen in (PHONE, SCREEN):
        page.set_viewport_size(screen)  # type: ignore[arg-type]
        for tab in TABS:
            page.goto(f"/archives/{checked.id}{tab}")
            assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"], tab
            assert visitor.barriers() == [], tab
    page.goto(f"/archives/{checked.id}")
    page.get_by_role("button", name="退回补正").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="退回补正")
    expect(dialog.get_by_label("说明")).to_be_focused()
    assert visitor.barriers() == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="退回补正")).to_be_focused()
    page.get_by_role("combobox", name="程度").select_option("warning")
    page.wait_for_url("**?severity=warning")
    expect(page.locator("#issues tbody .is-error")).to_have_count(0)


def test_somebody_finds_a_trainees_proof_from_the_search_by_keyboard(
    visitor: Visitor, local: Store, checked: Archive
) -> None:
    page = visitor.page
    page.goto("/trainees")
    expect(page.get_by_label("姓名或身份证号")).to_be_focused()
    with page.expect_response("**/trainees/search"):
        page.keyboard.type("张三")
        page.get_by_role("link", name="张三").focus()
    expect(page.get_by_role("link", name="张三")).to_be_focused()
    assert page.url.endswith("/trainees") and visitor.barriers() == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="张三")).to_be_visible()
    page.get_by_role("button", name="显示完整号码").click()
    expect(page.get_by_text(ID)).to_be_visible()
    assert visitor.barriers() == []
    with page.expect_download() as download:
        page.get_by_role("link", name="下载证明案卷").click()
    assert download.value.suggested_filename.endswith(".pdf")
