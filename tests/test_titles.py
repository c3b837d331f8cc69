"""What a title line says of its paper."""

from __future__ import annotations

import pytest

from archive_verify.documents.titles import clean, title_shares
from archive_verify.model import DocType
from tests.printed_titles import TITLES

CASES = [(kind, title) for kind, titles in TITLES.items() for title in titles]


def _likeliest(title: str) -> DocType | None:
    shares, _ = title_shares(title)
    return max(shares, key=lambda kind: shares[kind]) if shares else None


@pytest.mark.parametrize(("kind", "title"), CASES)
def test_a_printed_title_names_its_type(kind: str, title: str) -> None:
    assert _likeliest(title) == DocType(kind)


@pytest.mark.parametrize(("kind", "title"), [
    ("labour_contract", "劳动台同书"), ("business_licence", "营业执热"), ("employment_summary", "就业花名珊"),
    ("flexible_certificate", "灵活就亚证明"), ("payroll", "工资发放裘"), ("training_attendance", "学员签倒表"),
    ("teaching_log", "教学日忐"), ("trainee_roster", "參訓學員名冊"), ("catalogue", "卷內目錄"),
    ("catalogue", "卷内日录"), ("truthfulness_commitment", "真实性承诺节"),
])
def test_a_slip_of_one_character_is_mended(kind: str, title: str) -> None:
    assert _likeliest(title) == DocType(kind)


def test_a_form_that_is_approved_and_filed_is_the_approval_and_one_that_is_filed_alone_the_report() -> None:
    assert _likeliest("开班审批备案表") == DocType.OPENING_APPROVAL
    assert _likeliest("开班备案表") == DocType.OPENING_REPORT


@pytest.mark.parametrize("title", ["考勤表", "2023年9月考勤表", "考勤登记表"])
def test_an_attendance_sheet_without_an_owner_is_left_to_the_rest_of_the_page(title: str) -> None:
    shares, _ = title_shares(title)
    assert {DocType.TRAINING_ATTENDANCE, DocType.WORK_ATTENDANCE} <= set(shares)


@pytest.mark.parametrize("text", [
    "甲方(用人单位):文水县福满楼餐饮有限公司", "张三", "2023年9月1日", "第十二条 甲方应当按月支付工资",
    "1、下列哪一项是正确的",
])
def test_a_line_of_the_body_is_no_title(text: str) -> None:
    assert title_shares(text) == ({}, 0.0)


@pytest.mark.parametrize(("printed", "title"), [
    ("附件3:《学员花名册》", "学员花名册"), ("工资发放表(2023年9月)", "工资发放表"), ("劳 动 合 同 书", "劳动合同书"),
    ("卷内目录(续)", "卷内目录"), ("学员签到表 第3页", "学员签到表"), ("试卷(A卷)", "试卷"),
])
def test_what_stands_around_a_title_is_taken_off(printed: str, title: str) -> None:
    assert clean(printed) == title
