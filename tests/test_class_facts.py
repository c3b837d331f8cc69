"""Facts of the class, given and read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from archive_verify.class_facts import check_rows, complete, load_class
from archive_verify.errors import ClassFactsRefused
from archive_verify.model import Box, DocType, Document, EmploymentType, Fact, Reading, Roster, RosterRow

BOX = Box(0.1, 0.1, 0.3, 0.12)
TODAY = date(2024, 5, 1)
FULL = """
name = "2023年第12期中式面点师班"
institution = "文水县启航职业培训学校"
occupation = "中式面点师"
training_kind = "general"
opening_report_date = 2023-05-20
start_date = 2023-06-05
end_date = 2023-06-20
training_days = 15.5
approved_headcount = 30
daily_subsidy_yuan = 60
as_of = 2024-03-20
verified_headcount = 28
missing_video_half_days = 0
callbacks_not_attended = []
callbacks_not_employed = [3, 7]
general_daily_subsidy_yuan = 50.50
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "class.toml"
    path.write_text(text, encoding="utf-8")
    return path


def paper(kind: DocType, page: int = 1, title: str = "", **fields: Any) -> Document:
    readings = {
        name: value if isinstance(value, Reading) else Reading(value=value, page=page, box=BOX, confidence=0.97)
        for name, value in fields.items()
    }
    return Document(id=f"d{page}", type=kind, pages=(page,), title=title, fields=readings)


def roster(*kinds: EmploymentType | None) -> Roster:
    rows = (
        RosterRow(row=n, name=f"甲{n}", id_number="", employment_type=kind) for n, kind in enumerate(kinds, start=1)
    )
    return Roster(file="r.xlsx", rows=tuple(rows))


def test_every_fact_of_the_file_is_read_in_its_type(tmp_path: Path) -> None:
    facts = load_class(written(tmp_path, FULL))
    assert facts["start_date"] == Fact(value=date(2023, 6, 5), source="class.toml")
    assert facts["training_days"].value == 15.5
    assert facts["daily_subsidy_yuan"].value == Decimal("60")
    assert facts["callbacks_not_employed"].value == (3, 7)
    assert facts["missing_video_half_days"].value == 0
    assert len(facts) == 16



def test_callbacks_name_rows_of_the_roster(tmp_path: Path) -> None:
    path = written(tmp_path, FULL)
    check_rows(load_class(path), roster(*[None] * 7), path)
    with pytest.raises(ClassFactsRefused, match=r"callbacks_not_employed.*第7行") as refused:
        check_rows(load_class(path), roster(*[None] * 6), path)
    assert "第 16 行" in str(refused.value)

def test_no_file_gives_no_facts() -> None:
    assert load_class(None) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('\nname = "甲"\nheadcount = 30\n', r"第 3 行: 不认识的项“headcount”"),
        ('training_days = "16"\n', r"第 1 行: “training_days”的值不对"),
        ('# 注\nstart_date = "2023-06-05"\n', r"第 2 行: “start_date”的值不对"),
        ("approved_headcount = 30.5", "approved_headcount"),
        ("approved_headcount = true", "approved_headcount"),
        ("approved_headcount = 0", "approved_headcount"),
        ('training_kind = "定单"', "order"),
        ("callbacks_not_employed = [0]", "callbacks_not_employed"),
        ("daily_subsidy_yuan = -1", "daily_subsidy_yuan"),
        ("training_days = 1.3", "半天"),
        ("start_date = 2023-06-20\nend_date = 2023-06-05", r"第 2 行: “end_date”早于"),
        ("[class]\nname = \"甲\"", "第 1 行: 不认识的项“class”"),
        ('name = "甲\n', "第 1 行不合 TOML 语法"),
        ("as_of = 2024-03-20T10:00:00", "as_of"),
    ],
)
def test_a_faulty_file_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ClassFactsRefused, match=said) as refused:
        load_class(written(tmp_path, text))
    assert "\n" not in str(refused.value)


def test_a_missing_or_foreign_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClassFactsRefused, match="无法读取"):
        load_class(tmp_path / "nowhere.toml")
    (tmp_path / "class.toml").write_bytes("name = \"甲\"".encode("gb18030"))
    with pytest.raises(ClassFactsRefused, match="UTF-8"):
        load_class(tmp_path / "class.toml")


def test_the_binder_speaks_where_the_file_is_silent() -> None:
    documents = [
        paper(DocType.OPENING_APPROVAL, 4, headcount=30, start_date=date(2023, 6, 5), occupation="中式面点师"),
        paper(DocType.OPENING_REPORT, 3, reported_on=date(2023, 5, 20), headcount=32, training_days=16),
        paper(DocType.SUBSIDY_APPLICATION, 90, applied_on=date(2024, 3, 20), daily_subsidy_yuan=Decimal("60")),
    ]
    facts = complete({}, documents, roster(None), TODAY)
    assert facts["approved_headcount"] == Fact(value=30, source="binder", page=4, box=BOX)
    assert facts["opening_report_date"].value == date(2023, 5, 20)
    assert facts["as_of"] == Fact(value=date(2024, 3, 20), source="binder", page=90, box=BOX)
    assert facts["daily_subsidy_yuan"].value == Decimal("60")
    assert facts["training_days"].value == 16
    assert "verified_headcount" not in facts


def test_the_file_wins_over_the_binder(tmp_path: Path) -> None:
    given = load_class(written(tmp_path, "approved_headcount = 28"))
    facts = complete(given, [paper(DocType.OPENING_APPROVAL, headcount=30)], roster(None), TODAY)
    assert facts["approved_headcount"] == Fact(value=28, source="class.toml")


def test_hours_of_teaching_give_the_days_where_no_paper_counts_them() -> None:
    hours = paper(DocType.OPENING_APPROVAL, training_hours=76)
    assert complete({}, [hours], roster(None), TODAY)["training_days"].value == 9.5
    days = paper(DocType.TRAINING_PLAN, 2, training_days=9)
    assert complete({}, [hours, days], roster(None), TODAY)["training_days"].value == 9
    odd = paper(DocType.OPENING_APPROVAL, training_hours=77)
    assert "training_days" not in complete({}, [odd], roster(None), TODAY)


def test_without_an_application_the_review_is_today() -> None:
    assert complete({}, [], roster(None), TODAY)["as_of"] == Fact(value=TODAY, source="default")


def test_the_headcount_of_a_mere_report_is_not_an_approved_one() -> None:
    assert "approved_headcount" not in complete({}, [paper(DocType.OPENING_REPORT, headcount=32)], roster(None), TODAY)


def test_a_doubtful_reading_yields_to_a_clear_one_of_another_paper() -> None:
    doubtful = Reading(value=date(2028, 6, 5), page=4, box=BOX, confidence=0.4)
    documents = [
        paper(DocType.OPENING_APPROVAL, 4, start_date=doubtful),
        paper(DocType.COVER, 1, start_date=date(2023, 6, 5)),
    ]
    assert complete({}, documents, roster(None), TODAY)["start_date"].value == date(2023, 6, 5)


def test_unread_values_are_no_facts() -> None:
    unread = Reading(page=4, box=BOX, confidence=0.3, state="unread")
    facts = complete({}, [paper(DocType.OPENING_APPROVAL, headcount=unread)], roster(None), TODAY)
    assert "approved_headcount" not in facts


def test_order_training_is_seen_in_the_papers_or_the_roster() -> None:
    general = complete({}, [], roster(None, EmploymentType.ENTERPRISE), TODAY)
    assert general["training_kind"] == Fact(value="general", source="default")
    named = complete({}, [paper(DocType.OPENING_APPROVAL, class_name="第3期订单式家政班")], roster(None), TODAY)
    assert named["training_kind"].value == "order"
    claimed = complete({}, [], roster(EmploymentType.ORDER, EmploymentType.ORDER, None), TODAY)
    assert claimed["training_kind"] == Fact(value="order", source="roster")
