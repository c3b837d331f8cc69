"""From the upload to the download of a trainee's proof by keyboard alone, on the real service with real workers."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from archive_verify.store import ServiceSettings, open_store
from archive_verify.store.people import Role
from tests.browsing import Visitor
from tests.service_factories import PASSWORD, ROSTER, image, institution, user
from tests.serving import Service

# Workers start while the machine is busy with the tests.
_PATIENCE = 60_000
_MOST_TABS = 150


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The whole service, with a clerk and a reviewer who have been there before."""
    made = Service(tmp_path, "api")
    with closing(open_store(ServiceSettings(data_dir=made.data), migrating=True)) as store:
        user(store, "li", Role.CLERK, institution(store).id)
        user(store, "wang")
    made.start()
    yield made
    made.close()


class Typist:
    """Somebody without a mouse: gets to what he wants by Tab, and sees where the focus is."""

    def __init__(self, browser: Browser, service: Service, login: str) -> None:
        self.visitor = Visitor(browser, service.address)
        self.page = self.visitor.page
        # While nobody listens the browser opens its own dialog, and a listener that has just come is late.
        self.page.on("filechooser", lambda _: None)
        self.page.goto("/")
        self.write("账号", login)
        self.write("密码", PASSWORD)
        self.press("Enter")
        expect(self.page.get_by_role("button", name="退出")).to_be_visible()

    def to(self, wanted: Locator) -> Typist:
        """Tab on until it has the focus."""
        expect(wanted).to_be_enabled()
        for _ in range(_MOST_TABS):
            if wanted.evaluate("one => one === document.activeElement"):
                return self
            self.page.keyboard.press("Tab")
        raise AssertionError(f"never reached by Tab: {wanted}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, label: str, text: str) -> None:
        """Into the field of that label."""
        self.to(self.page.get_by_label(label, exact=True))
        self.page.keyboard.type(text)

    def follow(self, role: str, name: str) -> None:
        """Press the button or follow the link of that name."""
        self.to(self.page.get_by_role(role, name=name, exact=True)).press("Enter")  # type: ignore[arg-type]

    def choose(self, label: str, *paths: Path) -> None:
        """Files, in the dialog of the system."""
        self.to(self.page.get_by_label(label, exact=True))
        with self.page.expect_file_chooser() as opened:
            self.press("Enter")
        opened.value.set_files(paths)

    def decide(self, key: str, state: str) -> str:
        """On the issue at hand, by a key; its number, when the next one is there."""
        number = self.finding()
        self.press(key)
        expect(self.page.locator(f"#issue-{number}")).to_have_attribute("data-state", state)
        return number

    def finding(self) -> str:
        """The number of the issue at hand, when all that was asked for has come."""
        expect(self.page.locator("#review:not([data-busy])")).to_have_count(1)
        return str(self.page.locator("#finding").get_attribute("data-issue"))


def _hand_in(li: Typist, desk: Path) -> None:
    page = li.page
    for number in (1, 2, 3):
        (desk / f"{number}.png").write_bytes(image(number))
    (desk / "花名册.csv").write_text(ROSTER, encoding="utf-8")
    li.follow("link", "新建档案")
    li.write("班级名称", "2023年第12期中式面点师班")
    # a browser that speaks English asks for month, day and year
    li.write("开班日期", "06052023")
    li.write("结业日期", "06202023")
    li.write("审批人数", "1")
    li.follow("button", "下一步：上传文件")
    expect(page.get_by_role("heading", name="上传文件")).to_be_visible()
    li.choose("档案文件（可多选）", *(desk / f"{number}.png" for number in (1, 2, 3)))
    li.choose("花名册", desk / "花名册.csv")
    expect(page.get_by_text("已收到档案文件 3 个")).to_be_visible()
    expect(page.get_by_role("rowheader", name="花名册.csv")).to_be_visible()
    li.follow("button", "自查")
    expect(page.get_by_role("link", name="查看核查结果")).to_be_visible(timeout=_PATIENCE)
    page.once("dialog", lambda dialog: dialog.accept())
    li.follow("button", "提交审核")
    expect(page.get_by_text("档案已提交")).to_be_visible()


def _review(wang: Typist) -> None:
    page = wang.page
    wang.follow("link", "待审核")
    wang.follow("link", "2023年第12期中式面点师班")
    wang.follow("link", "审核")
    expect(page.locator("#viewer[data-shown]")).to_be_visible()
    first = wang.finding()
    wang.press("j")
    expect(page.locator("#finding")).not_to_have_attribute("data-issue", first)
    second = wang.finding()
    wang.press("k")
    expect(page.locator("#finding")).to_have_attribute("data-issue", first)
    assert wang.decide("a", "confirmed") == first
    assert wang.finding() == second
    wang.press("r")
    expect(page.get_by_role("dialog", name="排除的理由")).to_be_visible()
    assert wang.decide("1", "dismissed") == second
    third = wang.decide("u", "illegible")
    assert wang.finding() != third
    wang.press("z")
    expect(page.locator(f"#issue-{third}")).to_have_attribute("data-state", "open")


def _correct(wang: Typist) -> None:
    """The day on which the contract begins, to one of another month, and back."""
    page = wang.page
    issues = page.locator("#issues li")
    before = issues.count()
    wang.to(page.get_by_role("link", name="未见首月")).press("Enter")
    expect(page.locator("#finding-name")).to_have_text("缺首月考勤表")
    wang.finding()
    wang.press("e")
    expect(page.get_by_label("正确的值")).to_have_value("2023-09-01")
    expect(page.get_by_label("正确的值")).to_be_focused()
    page.keyboard.type("2023-10-01")
    wang.press("Enter")
    expect(page.locator("#said")).to_contain_text("新增", timeout=_PATIENCE)
    expect(issues.get_by_text("2023年10月").first).to_be_visible()
    wang.finding()
    wang.press("z")
    expect(issues.get_by_text("2023年10月")).to_have_count(0, timeout=_PATIENCE)
    assert issues.count() == before


def _download(wang: Typist) -> bytes:
    page = wang.page
    wang.follow("link", "学员")
    expect(page.get_by_label("姓名或身份证号")).to_be_focused()
    page.keyboard.type("张三")
    wang.follow("link", "张三")
    expect(page.get_by_role("heading", name="需要的证明")).to_be_visible()
    wang.to(page.get_by_role("link", name="下载证明案卷"))
    with page.expect_download() as download:
        wang.press("Enter")
    return download.value.path().read_bytes()


def test_a_binder_is_handed_in_reviewed_and_its_proof_downloaded_by_keyboard_alone(
    service: Service, chromium_of_the_session: Browser, tmp_path: Path
) -> None:
    li, wang = (Typist(chromium_of_the_session, service, login) for login in ("li", "wang"))
    _hand_in(li, tmp_path)
    _review(wang)
    _correct(wang)
    assert _download(wang).startswith(b"%PDF-")
    for somebody in (li, wang):
        assert somebody.visitor.complaints == []
        somebody.visitor.leave()
    assert service.end(signal.SIGINT) == 0
