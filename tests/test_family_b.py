"""The held-out family of layouts: its arithmetic, and one form drawn where Chromium is installed."""

from __future__ import annotations

import random
import shutil
from datetime import date

import pytest

from sample_archives.case import LabourContract, Person, Style
from sample_archives.family_b import FAMILY
from sample_archives.family_b.contracts import last_day, stated_months
from sample_archives.family_b.markup import capitals, cn_number, dated


@pytest.mark.parametrize(
    ("text", "months"),
    [("12个月", 12), ("壹年", 12), ("一年", 12), ("半年", 6), ("陆个月", 6), ("十二个月", 12), ("叁年", 36),
     ("长期", None)],
)
def test_a_stated_term_is_counted_in_months(text: str, months: int | None) -> None:
    assert stated_months(text) == months


def test_six_months_end_on_the_day_before() -> None:
    assert last_day(date(2023, 9, 1), 6) == date(2024, 2, 29)
    assert last_day(date(2023, 7, 15), 12) == date(2024, 7, 14)


@pytest.mark.parametrize(
    ("yuan", "text"),
    [(3200, "叁仟贰佰元整"), (26880, "贰万陆仟捌佰捌拾元整"), (3005, "叁仟零伍元整"), (100000, "壹拾万元整")],
)
def test_money_is_written_in_capitals(yuan: int, text: str) -> None:
    assert capitals(yuan) == text


def test_dates_are_written_in_the_usual_ways() -> None:
    day = date(2023, 9, 21)
    assert dated(day, "chinese") == "二〇二三年九月二十一日"
    assert dated(day, "dot") == "2023.9.21"
    assert [cn_number(n) for n in (9, 10, 12, 20, 31)] == ["九", "十", "十二", "二十", "三十一"]


@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium draws this family")
@pytest.mark.parametrize("look", [0, 1, 2])
def test_a_contract_says_its_term_once_and_keeps_the_corner_free(look: int) -> None:
    employee = Person("赵小满", "女", "141121199001010025", "13800000000", "文水县凤城镇", "初中", 1)
    form = LabourContract(
        "劳动合同书", look, "文水县晋香食品有限公司", None, "钱有余", None, "文水县", "1411210000001", employee,
        date(2023, 9, 1), date(2024, 8, 31), "壹年", None, "操作工", "文水县", 3200, 15, date(2023, 8, 30),
        "signature", True, False,
    )
    sheets = FAMILY.draw(form, Style(random.Random(1), dpi=72))
    fields = [(item.name, item.value) for sheet in sheets for item in sheet.fields]
    assert fields.count(("contract_start", "2023-09-01")) == 1
    assert ("contract_end", "2024-08-31") in fields or ("contract_months", "12") in fields
    assert {(mark.kind, mark.party) for sheet in sheets for mark in sheet.marks} >= {
        ("seal", "employer"), ("signature", "employee")}
    for sheet in sheets:
        wide = sheet.image.width
        corner = sheet.image.crop((wide - round(45 / 25.4 * 72), 0, wide, round(17 / 25.4 * 72)))
        assert corner.convert("L").getextrema()[0] > 200
