"""Handing in: a new archive, class facts checked as they are typed, files with resume, the own check, submitting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, Route, expect

from archive_verify.store import Store, archives, runs
from archive_verify.store.people import Role
from archive_verify.store.tables import Archive, Institution
from tests.api_factories import Person
from tests.browsing import PHONE, SCREEN, Visitor, served
from tests.service_factories import (
    ROSTER,
    SYSTEM,
    archive,
    class_pages,
    image,
    institution,
    run_all,
    user,
)

HTMX = {"HX-Request": "true"}


@pytest.fixture
def school(local: Store) -> Institution:
    made = institution(local)
    user(local, "li", Role.CLERK, made.id)
    return made


@pytest.fixture
def visitor(
    app: FastAPI, school: Institution, chromium_of_the_session: Browser
) -> Iterator[Visitor]:
    with served(app) as address:
        made = Visitor(chromium_of_the_session, address).sign_in("li")
        yield made
        made.leave()


@pytest.fixture
def papers(tmp_path: Path) -> dict[str, Path]:
    """Files as a clerk has them on the desk."""
    directory = tmp_path / "desk"
    directory.mkdir()
    for number in (1, 2, 3):
        (directory / f"{number}.png").write_bytes(image(number))
    (directory / "花名册.csv").write_text(ROSTER, encoding="utf-8")
    (directory / "说明.docx").write_bytes(b"PK\x03\x04 no paper")
    (directory / "假.pdf").write_bytes(b"not a PDF at all")
    (directory / "大.png").write_bytes(image(9) + b"\0" * (3 << 20))
    return {path.name: path for path in directory.iterdir()}


def _only(store: Store) -> Archive:
    with store.reading() as session:
        (made,) = archives.find(session, archives.EVERYTHING, archives.ArchiveFilter())
    return made


def _volumes(store: Store, archive_id: str) -> list[str]:
    with store.reading() as session:
        return [volume.name for volume in archives.volumes(session, archive_id)]


def test_faults_of_the_facts_are_named_at_their_fields(app: FastAPI, school: Institution) -> None:
    client = Person(app, "li").client
    given = {
        "name": "一班", "start_date": "2023-06-20", "end_date": "2023-06-05", "training_days": "3.2",
        "approved_headcount": "三十", "daily_subsidy_yuan": "六十",
    }  # fmt: skip
    answer = client.post("/archives/facts/check", data=given, headers=HTMX)
    found = dict(re.findall(r'id="fault-([a-z_]*)"[^>]*>([^<]*)<', answer.text))
    assert {name for name, words in found.items() if words} == {
        "training_days", "approved_headcount", "daily_subsidy_yuan",
    }  # fmt: skip
    mended = given | {"training_days": "15.5", "approved_headcount": "30", "daily_subsidy_yuan": "60"}
    answer = client.post("/archives/facts/check", data=mended, headers=HTMX)
    found = dict(re.findall(r'id="fault-([a-z_]*)"[^>]*>([^<]*)<', answer.text))
    assert {name: words for name, words in found.items() if words} == {"end_date": "早于开班日期"}
    refused = client.post("/archives/new", data=mended, headers=HTMX)
    assert refused.status_code == 422 and "结业日期：早于开班日期" in refused.text


def test_facts_are_kept_as_they_were_entered_and_shown_again(app: FastAPI, local: Store, school: Institution) -> None:
    client = Person(app, "li").client
    given = {
        "name": "一班", "start_date": "2023-06-05", "end_date": "2023-06-20", "training_days": "15.5",
        "approved_headcount": "1,030", "daily_subsidy_yuan": "60.50", "callbacks_not_attended": "3，5 8",
        "callbacks_not_employed": "0", "training_kind": "order",
    }  # fmt: skip
    made = client.post("/archives/new", data=given, headers=HTMX)
    facts = _only(local).class_facts
    assert facts["approved_headcount"] == 1030 and facts["callbacks_not_attended"] == [3, 5, 8]
    assert facts["callbacks_not_employed"] == [] and facts["training_kind"] == "order"
    shown = client.get(made.headers["HX-Redirect"]).text
    values = dict(re.findall(r'name="([a-z_]+)" aria-describedby="[^"]*"[^>]* value="([^"]*)"', shown))
    assert values["callbacks_not_attended"] == "3，5，8" and values["callbacks_not_employed"] == "0"
    assert values["end_date"] == "2023-06-20"


def test_facts_that_somebody_else_changed_meanwhile_are_not_overwritten(
    app: FastAPI, local: Store, school: Institution
) -> None:
    client = Person(app, "li").client
    made = archive(local, school)
    shown = client.get(f"/archives/{made.id}/upload").text
    (version,) = re.findall(r'name="version" value="(\d+)"', shown)
    with local.writing(SYSTEM) as tx:
        archives.change_facts(tx, made.id, {"name": "别人改的"}, version=int(version))
    late = client.post(f"/archives/{made.id}/facts", data={"version": version, "name": "我的"}, headers=HTMX)
    assert late.status_code == 412 and "已被别人修改" in late.text and _only(local).name == "别人改的"
    assert client.post(f"/archives/{made.id}/facts", data={"name": "我的"}, headers=HTMX).status_code == 428


def test_what_was_submitted_is_not_uploaded_to_any_more(app: FastAPI, local: Store, school: Institution) -> None:
    client = Person(app, "li").client
    made = archive(local, school)
    with local.writing(SYSTEM) as tx:
        archives.step(tx, made.id, archives.State.SUBMITTED)
    assert str(client.get(f"/archives/{made.id}/upload").url).endswith(f"/archives/{made.id}")
    assert client.post(f"/archives/{made.id}/check", data={}, headers=HTMX).status_code == 422


def test_a_clerk_hands_in_a_binder_checks_it_mends_the_order_and_submits(
    visitor: Visitor, local: Store, papers: dict[str, Path]
) -> None:
    page = visitor.page
    page.goto("/archives")
    page.get_by_role("link", name="新建档案").click()
    page.get_by_label("班级名称").fill("2023年第12期中式面点师班")
    page.get_by_label("开班日期").fill("2023-06-05")
    page.get_by_label("结业日期").fill("2023-06-01")
    expect(page.get_by_text("早于开班日期")).to_be_visible()
    expect(page.get_by_label("结业日期")).to_have_attribute("aria-invalid", "true")
    assert visitor.barriers() == []
    page.get_by_label("结业日期").fill("2023-06-20")
    expect(page.get_by_text("早于开班日期")).to_have_count(0)
    page.get_by_label("审批人数").fill("1")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", name="上传文件")).to_be_visible()
    expect(page.get_by_role("button", name="自查")).to_be_disabled()
    page.wait_for_load_state()
    _drop(page, [papers["1.png"], papers["3.png"], papers["花名册.csv"]])
    page.get_by_label("档案文件（可多选）").set_input_files([papers["2.png"]])
    expect(page.get_by_text("已收到档案文件 3 个")).to_be_visible()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_viewport_size(SCREEN)  # type: ignore[arg-type]
    made = _only(local)
    assert _volumes(local, made.id) == ["1.png", "3.png", "2.png"]
    assert visitor.barriers() == []
    page.get_by_role("button", name="前移 2.png").click()
    expect(page.get_by_role("row").nth(3)).to_contain_text("2.png")
    assert _volumes(local, made.id) == ["1.png", "2.png", "3.png"]
    page.get_by_role("button", name="自查").click()
    expect(page.get_by_text("排队中")).to_be_visible()
    with local.reading() as session:
        run = runs.going_on(session, [made.id])[made.id]
    run_all(local, run, class_pages())
    page.get_by_role("link", name="查看核查结果").click()
    expect(page.get_by_role("heading", name="中式面点师班")).to_be_visible()
    expect(page.get_by_text("缺开班报告")).to_be_visible()
    assert visitor.barriers() == []
    page.get_by_role("link", name="上传与提交").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_text("档案已提交")).to_be_visible()
    assert _only(local).state == archives.State.SUBMITTED and visitor.complaints == []


def test_files_that_cannot_be_papers_are_refused_in_clear_words(
    visitor: Visitor, local: Store, school: Institution, papers: dict[str, Path]
) -> None:
    made = archive(local, school, pages=1)
    page = visitor.page
    page.goto(f"/archives/{made.id}/upload")
    _drop(page, [papers["说明.docx"], papers["假.pdf"], papers["1.png"], papers["2.png"]])
    lines = page.locator("#uploads li")
    expect(lines.nth(0)).to_contain_text("不能上传：档案文件应为 PDF")
    expect(lines.nth(1)).to_contain_text("没有收下：假.pdf：不是可以核验的文件；请提交 PDF")
    expect(lines.nth(2)).to_contain_text("没有收下：这份档案里已有同一个文件")
    expect(lines.nth(3)).to_contain_text("已上传")
    assert _volumes(local, made.id) == ["1.png", "2.png"] and visitor.barriers() == []


def test_files_chosen_before_the_page_is_ready_are_uploaded_as_well(
    visitor: Visitor, local: Store, school: Institution, papers: dict[str, Path]
) -> None:
    page = visitor.page
    made = archive(local, school, pages=0)
    held: list[Route] = []
    page.route("**/static/upload.*.js", lambda route: held.append(route))
    with page.expect_request("**/static/upload.*.js"):
        page.goto(f"/archives/{made.id}/upload", wait_until="commit")
    page.get_by_label("档案文件（可多选）").set_input_files([papers["1.png"], papers["2.png"]])
    page.get_by_label("花名册", exact=True).set_input_files([papers["花名册.csv"]])
    held[0].continue_()
    expect(page.get_by_text("已收到档案文件 2 个")).to_be_visible()
    expect(page.get_by_role("rowheader", name="花名册.csv")).to_be_visible()
    expect(page.get_by_role("button", name="自查")).to_be_enabled()
    assert _volumes(local, made.id) == ["1.png", "2.png"] and visitor.complaints == []


def test_an_upload_goes_on_where_the_connection_broke(
    visitor: Visitor, local: Store, school: Institution, papers: dict[str, Path]
) -> None:
    made = archive(local, school, pages=1)
    page, sent = visitor.page, []

    def meddle(route: Route) -> None:
        """The second piece never arrives, and nor does anything for a while after it."""
        if route.request.method == "PATCH":
            sent.append(int(route.request.headers["upload-offset"]))
        if 2 <= len(sent) <= 3 and route.request.method in ("PATCH", "HEAD"):
            sent.append(-1)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/v1/uploads/*", meddle)
    page.goto(f"/archives/{made.id}/upload")
    page.get_by_label("档案文件（可多选）").set_input_files([papers["大.png"]])
    expect(page.locator("#uploads li")).to_contain_text("已上传", timeout=20_000)
    assert _volumes(local, made.id) == ["1.png", "大.png"]
    arrived = [offset for offset in sent if offset >= 0]
    assert arrived.count(0) == 1 and sorted(set(arrived)) == [0, 1 << 20, 2 << 20, 3 << 20][: len(set(arrived))]


def _drop(page: Page, paths: list[Path]) -> None:
    """Drop files from the desk onto the page."""
    files = [[path.name, list(path.read_bytes())] for path in paths]
    page.evaluate(
        """files => {
            const data = new DataTransfer();
            for (const [name, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name));
            const drop = document.getElementById("drop");
            drop.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        files,
    )
