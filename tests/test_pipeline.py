"""The whole check on recorded readings: pages in, issues, verdicts and amount out."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PIL import Image

from archive_verify.errors import InputRefused, RosterRefused
from archive_verify.model import Page
from archive_verify.ocr.replay import ReplayReader
from archive_verify.pipeline import Checked, check
from archive_verify.settings import Settings
from tests.case_factories import ID, UNIT, WENSHUI
from tests.factories import table_page, text_page

CONTRACT = (
    f"甲方（用人单位）：{UNIT}", f"乙方（劳动者）：张三    身份证号码：{ID}",
    "第一条 本合同为固定期限，自2023年9月1日起至2024年8月31日止。", "第二条 乙方月工资3000元。",
    "甲方（盖章）：", "乙方（签字）：张三",
)  # fmt: skip
TITLE = f"{UNIT}2023年9月工资表"


def _pages() -> list[Page]:
    sheet = table_page(
        TITLE, ("序号", "姓名", "身份证号", "基本工资", "应发合计", "实发金额"),
        [("1", "张三", ID, "3000", "3000", "2900"), ("2", "李四", "142322198503124325", "3100", "3100", "3000")],
        f"单位：{UNIT}", index=3,
    )  # fmt: skip
    cover = text_page("档案封面", "案卷题名：2023年第12期中式面点师班")
    return [cover, text_page("劳动合同书", *CONTRACT, index=2), sheet]


def _check(tmp_path: Path, pages: list[Page], *, header: tuple[str, ...] = ("姓名", "身份证号", "就业形式")) -> Checked:
    for page in pages:
        Image.new("RGB", (100, 140), "white").save(tmp_path / f"{page.index}.png")
    with (tmp_path / "roster.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, ("张三", ID, "企业就业")])
    toml = tmp_path / "class.toml"
    toml.write_text("approved_headcount = 1\nas_of = 2024-03-20\n", encoding="utf-8")
    return check(
        [tmp_path / f"{page.index}.png" for page in pages],
        roster=tmp_path / "roster.csv", class_toml=toml, policy=WENSHUI, settings=Settings(cache_megabytes=0),
        reader=ReplayReader(pages), workspace=tmp_path, progress=lambda done, total: None,
    )  # fmt: skip


def test_a_binder_goes_through_all_stages(tmp_path: Path) -> None:
    checked = _check(tmp_path, _pages())
    assert [kind.doc_type.value for kind in checked.classes] == ["cover", "labour_contract", "payroll"]
    (trainee,) = checked.trainees
    missing = {issue.code for issue in checked.issues if issue.trainee == 1}
    assert {"payroll_latest_month_missing", "attendance_first_month_missing"} <= missing
    assert "payroll_first_month_missing" not in missing
    assert trainee.verdict.value == "incomplete"
    assert checked.assessment.material_status == "to_be_supplemented"
    assert list(checked.seconds) == ["open", "read", "understand", "look again", "judge"]


def test_every_page_is_accounted_for_also_one_that_failed(tmp_path: Path) -> None:
    lost = text_page("", index=4, flags=frozenset({"failed"}), failure="解码失败")
    checked = _check(tmp_path, [*_pages(), lost])
    assert [page.index for page in checked.pages] == [kind.index for kind in checked.classes] == [1, 2, 3, 4]
    assert any(issue.code == "needs_review" and issue.pages == (4,) for issue in checked.issues)


def test_a_refused_roster_stops_the_check_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(RosterRefused):
        _check(tmp_path, _pages(), header=("班级", "日期", "备注"))
    with pytest.raises(InputRefused):
        _check(tmp_path, [])
