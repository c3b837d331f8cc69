"""The frame of the pages: signing in, roles, languages, refusals, files; in a browser where it acts there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, expect

from api.deps import CSRF_HEADER
from api.openapi import all_calls_of
from api.pages.frame import local
from api.pages.navigation import ROLE_WORDS, places_for
from api.pages.shown import NAMES
from api.rights import ROLES
from archive_verify.store import Store, people
from archive_verify.store.people import Role
from tests.api_factories import Person
from tests.browsing import Visitor, served
from tests.service_factories import PASSWORD, SYSTEM, institution, user

ROOT = Path(__file__).parent.parent
HTML = {"Accept": "text/html"}
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/archives?state=draft"}


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False, headers=HTML)


def _signed_in(app: FastAPI, store: Store, role: Role = Role.REVIEWER) -> TestClient:
    school = institution(store).id if role is Role.CLERK else None
    user(store, role.value, role, school)
    person = Person(app, role.value)
    person.client.headers["Accept"] = "text/html"
    person.client.follow_redirects = False
    return person.client


def test_who_is_not_signed_in_is_led_to_the_form_and_then_to_the_page_asked_for(
    client: TestClient, local: Store
) -> None:
    user(local, "wang")
    asked = client.get("/archives?state=submitted")
    assert asked.status_code == 303 and asked.headers["Location"] == "/sign-in?next=/archives%3Fstate%3Dsubmitted"
    form = client.get(asked.headers["Location"])
    (onward,) = re.findall(r'name="next" value="([^"]*)"', form.text)
    answer = client.post("/sign-in", data={"login": "wang", "password": PASSWORD, "next": onward})
    assert answer.status_code == 303 and answer.headers["Location"] == "/archives?state=submitted"
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_wrong_password_is_refused_on_the_form_that_keeps_the_login(client: TestClient, local: Store) -> None:
    user(local, "wang")
    answer = client.post("/sign-in", data={"login": "wang", "password": "no", "next": "/"})
    assert answer.status_code == 401 and "账号或密码不对" in answer.text and 'value="wang"' in answer.text
    for _ in range(5):
        answer = client.post("/sign-in", data={"login": "wang", "password": "no", "next": "/"})
    assert answer.status_code == 429 and answer.headers["Retry-After"] in answer.text


def test_a_sign_in_sent_by_another_site_is_refused(client: TestClient, local: Store) -> None:
    user(local, "wang")
    given = {"login": "wang", "password": PASSWORD}
    answer = client.post("/sign-in", data=given, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403 and "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["//elsewhere.example", "/\\elsewhere", "elsewhere", "https://elsewhere/", "/a\nb"])
def test_nobody_is_led_away_from_this_server(path: str) -> None:
    assert local(path) == "/"
    assert local("/archives?state=draft") == "/archives?state=draft"


def test_a_first_password_is_changed_before_all_else(client: TestClient, local: Store) -> None:
    with local.writing(SYSTEM) as tx:
        people.create_user(tx, login="wang", name="王", role=Role.REVIEWER, password=PASSWORD, institution_id=None)
    client.post("/sign-in", data={"login": "wang", "password": PASSWORD})
    for path in ("/", "/archives", "/queue"):
        assert client.get(path).headers["Location"] == "/password"
    token = re.findall(CSRF_HEADER + r"&#34;: &#34;([^&]+)", client.get("/password").text)[0]
    new = {"old": PASSWORD, "new": "another horse battery", "again": "another horse battery"}
    assert client.post("/password", data=new).status_code == 403
    client.headers[CSRF_HEADER] = token
    differs = client.post("/password", data=new | {"again": "x"}, headers=HTMX)
    assert differs.status_code == 422 and "两次" in differs.text and differs.headers["HX-Retarget"] == "#messages"
    changed = client.post("/password", data=new, headers=HTMX)
    assert changed.headers["HX-Redirect"] == "/queue"
    assert "密码已修改" in client.get("/queue").text and "密码已修改" not in client.get("/queue").text


@pytest.mark.parametrize("role", list(Role))
def test_the_navigation_shows_what_the_role_may_open(app: FastAPI, local: Store, role: Role) -> None:
    client = _signed_in(app, local, role)
    home = client.get(client.get("/").headers["Location"])
    shown = re.findall(r'<a href="(/[a-z]+)"', home.text.partition("</nav>")[0])
    assert shown == [place.path for place in places_for(role)]
    assert ROLE_WORDS[role] in home.text


def test_every_page_asks_for_one_right_or_is_public(app: FastAPI) -> None:
    pages = [call for call in all_calls_of(app) if not call.documented]
    public = {"/static/{address:path}", "/language/{language}", "/sign-in"}
    assert {call.path for call in pages if call.public} == public
    assert [call.path for call in pages if not call.public and len(call.rights) != 1] == []
    assert not any(call.path.startswith("/api/") for call in pages) and len(pages) > 5


@pytest.mark.parametrize("role", list(Role))
def test_a_page_that_the_role_may_not_open_is_refused_in_words(app: FastAPI, local: Store, role: Role) -> None:
    client = _signed_in(app, local, role)
    paths = {
        call.path: call.rights[0] for call in all_calls_of(app)
        if not call.documented and call.method == "GET" and not call.public and "{" not in call.path
    }  # fmt: skip
    for path, right in paths.items():
        answer = client.get(path)
        if role in ROLES[right]:
            assert answer.status_code in (200, 303), path
        else:
            assert answer.status_code == 403 and "没有这项权限" in answer.text, path


@pytest.mark.parametrize("role", list(Role))
def test_a_change_asks_for_the_right_and_for_the_token_of_the_session(
    app: FastAPI, local: Store, role: Role
) -> None:
    client = _signed_in(app, local, role)
    forged = TestClient(app, raise_server_exceptions=False, headers=HTML, cookies=dict(client.cookies))
    filled = {"year": "2024", "trainee_id": "1"}
    changes = [call for call in all_calls_of(app) if not call.documented and call.method != "GET" and not call.public]
    assert len(changes) > 20
    for call in changes:
        path = re.sub(r"\{(\w+)\}", lambda name: filled.get(name[1], "0" * 26), call.path)
        refused = forged.request(call.method, path)
        assert refused.status_code == 403 and "请求来源无法确认" in refused.text, path
        if role not in ROLES[call.rights[0]]:
            answer = client.request(call.method, path)
            assert answer.status_code == 403 and "没有这项权限" in answer.text, path


def test_a_refusal_is_a_page_with_the_number_of_the_request(client: TestClient, app: FastAPI, local: Store) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404 and answer.headers["X-Request-Id"] in answer.text and "没有找到" in answer.text
    assert client.get("/nowhere", headers={"Accept": "application/json"}).json()["status"] == 404
    assert client.get("/api/v1/nowhere").headers["Content-Type"] == "application/problem+json"


def test_a_part_of_a_page_whose_session_is_over_leads_back_after_signing_in(client: TestClient) -> None:
    answer = client.get("/archives", headers=HTMX)
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/archives%3Fstate%3Ddraft" and not answer.content


def test_pages_allow_nothing_from_elsewhere_and_nothing_inline(app: FastAPI, local: Store) -> None:
    client = _signed_in(app, local)
    answer = client.get("/archives")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "style-src 'self'" in policy and "unsafe" not in policy
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    for path in (ROOT / "templates/pages").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|hx-on|https?://", text), path


def test_files_are_named_by_their_content_and_kept_for_ever(client: TestClient, app: FastAPI) -> None:
    address = app.state.frame.assets.url("app.css")
    answer = client.get(address)
    assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"].startswith("text/css")
    for wrong in ("app.css", "app.000000000000.css", "../api/app.py", "%2e%2e/README.md"):
        assert client.get(f"/static/{wrong}").status_code == 404
    app.state.frame.assets.complete()


def test_the_pages_speak_english_after_the_switch(app: FastAPI, local: Store) -> None:
    client = _signed_in(app, local)
    switched = client.get("/language/en?back=/archives%3Fstate%3Ddraft")
    assert switched.headers["Location"] == "/archives?state=draft"
    english = client.get("/archives")
    assert '<html lang="en">' in english.text and "Sign out" in english.text
    shown = re.sub(r"wang的姓名|reviewer的姓名|>中文<|zh-CN", "", english.text)
    assert re.findall(r"[一-鿿]+", shown) == []
    client.get("/language/zh-CN")
    assert "退出" in client.get("/archives").text
    assert client.get("/language/fr").status_code == 404
    assert client.get("/language/en?back=//elsewhere.example").headers["Location"] == "/"


def _words_on_pages() -> set[str]:
    found: set[str] = set()
    keywords = {"_": None, "gettext": None, "later": None, "ngettext": (1, 2)}
    for path in (ROOT / "templates/pages").rglob("*.html"):
        for _, text, *_ in extract_from_file("jinja2.ext:babel_extract", path, keywords=keywords):
            found.update([text] if isinstance(text, str) else text)
    for path in (ROOT / "api/pages").rglob("*.py"):
        found.update(str(text) for _, text, *_ in extract_from_file("python", path, keywords=keywords))
    return found | {words for names in NAMES.values() for words in names.values()}


def test_the_catalogue_has_english_words_for_all_that_pages_say_and_for_nothing_else() -> None:
    known: dict[str, str] = {}
    twice = []
    for path in sorted((ROOT / "translations/en").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, abort_invalid=True):
                if message.id:
                    twice += [message.id] if message.id in known else []
                    known[str(message.id)] = str(message.string)
    said = _words_on_pages()
    assert sorted(said - known.keys()) == [] and twice == []
    assert [words for words, english in known.items() if not english or re.search(r"[一-鿿]", english)] == []
    refusals = {words for words in known.keys() - said if words not in _refusals()}
    assert sorted(refusals) == []


def _refusals() -> str:
    """The text of the modules whose refusals pages may show in English too."""
    parts = (ROOT / "api", ROOT / "archive_verify/store")
    return "\n".join(path.read_text(encoding="utf-8") for part in parts for path in part.rglob("*.py"))


@pytest.fixture
def visitor(app: FastAPI, local: Store, chromium_of_the_session: Browser) -> Iterator[Visitor]:
    user(local, "wang")
    with served(app) as address:
        made = Visitor(chromium_of_the_session, address)
        yield made
        made.leave()


def test_somebody_signs_in_switches_the_language_and_signs_out_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/archives")
    assert visitor.barriers() == []
    page.keyboard.type("wang")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="档案")).to_be_visible()
    assert page.url.endswith("/archives") and visitor.barriers() == []
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.get_by_role("link", name="English").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert visitor.barriers() == []
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in")
    page.goto("/archives")
    assert "/sign-in" in page.url
    assert visitor.complaints == []


def test_a_refusal_in_a_part_of_a_page_is_read_out_where_it_is_seen(visitor: Visitor) -> None:
    visitor.sign_in("wang")
    page = visitor.page
    page.goto("/password")
    page.get_by_label("原密码").fill("not my password")
    page.get_by_label("新密码", exact=True).fill("another horse battery")
    page.get_by_label("再填一次新密码").fill("another horse battery")
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_role("alert")).to_contain_text("原密码不对")
    assert visitor.barriers() == []
