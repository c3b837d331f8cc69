"""The pages of the real service, from its first start on: real workers, recorded pages, several people."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browsing import Visitor
from tests.service_factories import PASSWORD, ROSTER, image
from tests.serving import Service

FIRST = "first horse battery"
# Workers start while the machine is busy with the tests.
_PATIENCE = 60_000


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path, "api")
    yield made
    made.close()


def _change_password(visitor: Visitor, old: str) -> None:
    page = visitor.page
    expect(page.get_by_role("heading", name="修改密码")).to_be_visible()
    page.get_by_label("原密码").fill(old)
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再填一次新密码").fill(PASSWORD)
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_text("密码已修改")).to_be_visible()


def _add_user(visitor: Visitor, login: str, role: str, school: str = "无") -> None:
    page = visitor.page
    page.goto("/admin")
    page.get_by_role("textbox", name="账号", exact=True).fill(login)
    page.get_by_label("姓名", exact=True).fill(f"{login}的姓名")
    page.get_by_label("角色").select_option(label=role)
    page.get_by_label("机构（仅经办人）").select_option(label=school)
    page.get_by_label("初始密码").fill(FIRST)
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_text("账号已添加")).to_be_visible()


def test_from_the_first_start_to_a_returned_archive_by_three_people(
    service: Service, chromium_of_the_session: Browser, tmp_path: Path
) -> None:
    (announced,) = [line for line in service.start() if "一次性密码" in line]
    found = re.search(r"用户名 (\S+)，一次性密码 ([^（]+)（", announced)
    assert found is not None
    root = Visitor(chromium_of_the_session, service.address).sign_in(found[1], found[2])
    _change_password(root, found[2])
    root.page.goto("/admin/institutions")
    root.page.get_by_label("机构名称", exact=True).fill("启航职业培训学校")
    root.page.get_by_role("button", name="添加", exact=True).click()
    expect(root.page.get_by_text("机构已添加")).to_be_visible()
    _add_user(root, "li", "机构经办人", "启航职业培训学校")
    _add_user(root, "wang", "审核人员")

    li = Visitor(chromium_of_the_session, service.address).sign_in("li", FIRST)
    _change_password(li, FIRST)
    li.page.get_by_role("link", name="新建档案").click()
    li.page.get_by_label("班级名称").fill("2023年第12期中式面点师班")
    li.page.get_by_role("button", name="下一步").click()
    for number in (1, 2, 3):
        (tmp_path / f"{number}.png").write_bytes(image(number))
    (tmp_path / "花名册.csv").write_text(ROSTER, encoding="utf-8")
    li.page.get_by_label("档案文件（可多选）").set_input_files([tmp_path / f"{number}.png" for number in (1, 2, 3)])
    li.page.get_by_label("花名册", exact=True).set_input_files([tmp_path / "花名册.csv"])
    expect(li.page.get_by_role("button", name="自查")).to_be_enabled()
    li.page.get_by_role("button", name="自查").click()
    li.page.get_by_role("link", name="查看核查结果").click(timeout=_PATIENCE)
    expect(li.page.get_by_text("缺开班报告")).to_be_visible()
    li.page.get_by_role("link", name="上传与提交").click()
    li.page.once("dialog", lambda dialog: dialog.accept())
    li.page.get_by_role("button", name="提交审核").click()
    expect(li.page.get_by_text("档案已提交")).to_be_visible()

    wang = Visitor(chromium_of_the_session, service.address).sign_in("wang", FIRST)
    _change_password(wang, FIRST)
    wang.page.get_by_role("link", name="2023年第12期中式面点师班").click()
    wang.page.get_by_role("button", name="退回补正").click()
    dialog = wang.page.get_by_role("dialog", name="退回补正")
    dialog.get_by_label("说明").fill("请补开班报告")
    dialog.get_by_role("button", name="退回补正").click()
    expect(wang.page.get_by_text("档案已退回补正")).to_be_visible()

    li.page.reload()
    li.page.get_by_role("link", name="补件", exact=True).click()
    expect(li.page.get_by_role("heading", name="上传文件")).to_be_visible()
    root.page.goto("/audit")
    root.page.get_by_role("button", name="校验日志").click()
    expect(root.page.get_by_text("日志完整")).to_be_visible()
    for somebody in (root, li, wang):
        assert somebody.complaints == []
        somebody.leave()
    assert service.end(signal.SIGINT) == 0
