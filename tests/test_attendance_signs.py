"""The legend of an attendance sheet, and its signs in the rows of its persons."""

from __future__ import annotations

from decimal import Decimal

import pytest

from archive_verify.documents.sign_legend import Legend, Meaning, meanings, read_legend
from archive_verify.documents.training_attendance import TRAINING_ATTENDANCE
from archive_verify.documents.work_attendance import WORK_ATTENDANCE
from archive_verify.model import DocType, Document, Page, Ruling, Span
from tests.attendance_sheets import DaySheet
from tests.factories import line, ruled_page

LEGEND = "说明：出勤√ 休息○ 事假△ 旷工×"
MONTH = (
    "√√√○√√√√√√○√√√√√√○√√√√√√○√√√√√",
    "√√√○√√△√√√○√√√√√√○√√√△√√○√√√√√",
    "············√√√√√○√√√√√√○√√×√√",
)
WORKED = [Decimal(26), Decimal(24), Decimal(15)]
DAYS = ("26", "24", "15")


def read(*pages: Page, kind: DocType = DocType.WORK_ATTENDANCE) -> Document:
    span = Span(id="d1", type=kind, pages=tuple(one.index for one in pages))
    return (WORK_ATTENDANCE if kind is DocType.WORK_ATTENDANCE else TRAINING_ATTENDANCE).extract(span, pages)


def column(document: Document, name: str) -> list[object]:
    return [row[name].value if name in row else None for row in document.rows]


# --- the legend -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "signs"), [
    ("说明：出勤√　缺勤×", {"√": "present", "×": "away"}),
    ("考勤符号：/出勤 休休息 △事假 ○病假 半半天", {
        "/": "present", "休": "away", "△": "away", "○": "away", "半": "half"}),
    ("注：出勤：√ 休息：休 事假：△ 病假：〇 半天：▲", {
        "√": "present", "休": "away", "△": "away", "○": "away", "▲": "half"}),
    ("“√”出勤；“休”休息；“△”事假", {"√": "present", "休": "away", "△": "away"}),
    ("出勤(√)、事假(○)、旷工(×)", {"√": "present", "○": "away", "×": "away"}),
    ("到√ 不到○ 告假× 迟到△", {"√": "present", "○": "away", "×": "away", "△": "other"}),
    ("注：出勤：8  休息：休  事假：S  旷工：K  半天：4", {
        "8": "present", "休": "away", "S": "away", "K": "away", "4": "half"}),
    ("√代表出勤 ×代表旷工 加代表加班", {"√": "present", "×": "away", "加": "other"}),
    ("符号说明:√出勤,/休息,V半天", {"√": "present", "/": "away", "V": "half"}),
])
def test_a_legend_names_its_signs_before_or_behind_the_words(text: str, signs: dict[str, Meaning]) -> None:
    assert read_legend([text]) == Legend(signs)


@pytest.mark.parametrize("text", [
    "2023年9月份考勤表", "出勤天数", "出勤26 事假1", "考勤员：王到", "√", "休息时间12:00-14:00", "应出勤 实出勤 合计",
])
def test_other_lines_are_no_legend(text: str) -> None:
    assert read_legend([text]).signs == {}


def test_a_legend_of_which_a_sign_was_lost_tells_what_is_left_and_what_has_none() -> None:
    assert read_legend(["出勤：√ 休息：休 病假： 旷工："]) == Legend({"√": "present", "休": "away"}, ("away", "away"))


def test_a_line_that_lost_its_first_sign_and_its_last_word_is_no_legend() -> None:
    assert read_legend(["出勤 ×旷工 △"]).signs == {}


def test_a_sign_with_two_meanings_has_none() -> None:
    assert read_legend(["出勤√ 休息○", "病假：○ 出勤：√"]).signs == {"√": "present", "○": "away"}
    assert read_legend(["出勤√ 半天○", "病假：○ 出勤：√"]).signs == {"√": "present"}


@pytest.mark.parametrize(("signs", "legend", "known"), [
    ({"√", "休", "事"}, Legend({}), {"√": "present", "休": "away", "事": "away"}),
    ({"√", "×"}, Legend({}), {"√": "present", "×": "away"}),
    # what ○ and / stand for differs from form to form
    ({"√", "○"}, Legend({}), {}),
    ({"/", "休"}, Legend({}), {"休": "away"}),
    ({"1", "0"}, Legend({}), {}),
    ({"√", "○"}, Legend({"○": "present", "√": "other"}), {"○": "present", "√": "other"}),
    # one is read for the other, in the legend or in the cells
    ({"/", "休"}, Legend({"1": "present", "休": "away"}), {"/": "present", "休": "away"}),
    ({"/", "1"}, Legend({"1": "present"}), {"1": "present"}),
    ({"√"}, Legend({"V": "present"}), {"√": "present"}),
    # the signs left over are the absences whose signs were lost
    ({"√", "○"}, Legend({"√": "present"}, ("away", "away")), {"√": "present", "○": "away"}),
    ({"√", "○"}, Legend({"√": "present"}, ("away", "half")), {"√": "present"}),
    ({"√", "○", "△"}, Legend({"√": "present"}, ("away",)), {"√": "present"}),
])
def test_signs_have_the_meanings_that_are_certain(
    signs: set[str], legend: Legend, known: dict[str, Meaning]
) -> None:
    assert {sign: meaning for sign, meaning in meanings(signs, legend).items() if sign in signs} == known


# --- persons ----------------------------------------------------------------------------------------


def test_each_person_has_his_signs_and_the_days_they_come_to() -> None:
    document = read(DaySheet(MONTH, totals=("26", "25", "15"), legend=LEGEND).page())
    assert column(document, "name") == ["张小红", "李建国", "王秀英"]
    assert column(document, "signs") == list(MONTH)
    assert column(document, "days_by_signs") == WORKED
    # where the two differ a person sees both; the total on paper stays what it is
    assert column(document, "days") == [Decimal(26), Decimal(25), Decimal(15)]
    assert [row["days"].confirmed for row in document.rows] == [True, False, True]


def test_signs_without_a_certain_meaning_are_shown_but_not_counted() -> None:
    document = read(DaySheet(MONTH, totals=DAYS).page())
    assert column(document, "signs") == list(MONTH)
    assert column(document, "days_by_signs") == [None] * 3


def test_an_unknown_sign_leaves_the_days_of_its_person_open() -> None:
    document = read(DaySheet(MONTH, totals=DAYS, legend=LEGEND).page(lost=[(0, 4)]))
    assert document.rows[0]["signs"].value == MONTH[0][:4] + "?" + MONTH[0][5:]
    assert column(document, "days_by_signs") == [None, *WORKED[1:]]


def test_signs_of_little_confidence_are_not_counted() -> None:
    document = read(DaySheet(MONTH, totals=DAYS, legend=LEGEND).page(confidence=0.5))
    assert column(document, "days_by_signs") == [None] * 3


def test_a_month_of_which_days_are_missing_is_not_counted() -> None:
    document = read(DaySheet([signs[:28] for signs in MONTH], totals=DAYS, legend=LEGEND).page())
    assert column(document, "signs") == [signs[:28] for signs in MONTH]
    assert column(document, "days_by_signs") == [None] * 3


def test_columns_that_were_not_found_leave_the_signs_unread() -> None:
    page = DaySheet(MONTH, totals=DAYS, legend=LEGEND).page()
    left = [ruling for ruling in page.reading.rulings if ruling.horizontal or not 0.6 < ruling.box.x0 < 0.85]
    document = read(page.model_copy(update={"reading": page.reading.model_copy(update={"rulings": tuple(left)})}))
    first = document.rows[0]["signs"]
    assert (first.state, first.value) == ("unread", None)
    assert MONTH[0].startswith(first.text)
    assert "days_by_signs" not in document.rows[0]


@pytest.mark.parametrize(("last", "days"), [("·", Decimal(26)), ("√", None)])
def test_a_form_of_31_columns_serves_a_month_of_30_days(last: str, days: Decimal | None) -> None:
    document = read(DaySheet([signs + last for signs in MONTH], totals=DAYS, legend=LEGEND, column=4.8).page())
    assert document.rows[0]["signs"].value == MONTH[0] + last
    assert column(document, "days_by_signs")[0] == days


def test_half_days_count_half() -> None:
    signs = ["半" + MONTH[0][1:], *MONTH[1:]]
    document = read(DaySheet(signs, totals=DAYS, legend=LEGEND + " 半天半").page())
    assert document.rows[0]["days_by_signs"].value == Decimal("25.5")


def test_both_halves_of_a_month_go_to_one_person() -> None:
    upper = DaySheet([signs[:15] for signs in MONTH], column=8.0, legend=LEGEND)
    lower = DaySheet([signs[15:] for signs in MONTH], column=8.0, top=110.0, first_day=16, totals=DAYS)
    document = read(upper.page(lower))
    assert column(document, "name") == ["张小红", "李建国", "王秀英"]
    assert column(document, "signs") == list(MONTH)
    assert column(document, "days_by_signs") == WORKED


def test_a_person_without_any_sign_has_a_blank() -> None:
    document = read(DaySheet([MONTH[0], "·" * 30], legend=LEGEND).page())
    assert document.rows[1]["signs"].state == "blank"
    assert "days_by_signs" not in document.rows[1]


def unread_total(sheet: DaySheet, row: int) -> Page:
    """The sheet with scrawl in place of one person's total."""
    page = sheet.page()
    x, y = (sheet.xs()[-2] + 3) / 210, sheet.cell(row, 0)[1] / 297
    return page.model_copy(update={"reading": page.reading.model_copy(update={
        "lines": (*page.reading.lines, line("乙b", x, y, height=0.011, width=4 / 210)),
    })})


def test_an_unread_total_is_filled_where_the_count_agrees_with_all_others() -> None:
    document = read(unread_total(DaySheet(MONTH, totals=("26", "24", ""), legend=LEGEND), 2))
    assert column(document, "days") == WORKED
    assert document.rows[2]["days"].state == "read"
    assert not document.rows[2]["days"].confirmed


@pytest.mark.parametrize("totals", [("26", "25", ""), ("26", "", "")])
def test_an_unread_total_stays_unread_where_others_differ_or_too_few_agree(totals: tuple[str, ...]) -> None:
    document = read(unread_total(DaySheet(MONTH, totals=totals, legend=LEGEND), 2))
    assert document.rows[2]["days"].state == "unread"
    assert document.rows[2]["days_by_signs"].value == Decimal(15)


def test_an_empty_total_is_not_filled() -> None:
    document = read(DaySheet(MONTH, totals=("26", "24", ""), legend=LEGEND).page())
    assert document.rows[2]["days"].state == "blank"


def test_morning_and_afternoon_below_each_other_are_half_a_day_each() -> None:
    sheet = DaySheet(
        ("√" * 30, "√" * 20 + "×" * 10), names=("", ""), legend=LEGEND, name=30.0,
    )
    page = sheet.page()
    # the name stands once, beside both rows: no ruling parts them there
    def shortened(ruling: Ruling) -> Ruling:
        inner = ruling.horizontal and abs(ruling.box.centre[1] - (sheet.top + 2 * sheet.row) / 297) < 0.002
        box = ruling.box._replace(x0=(sheet.left + 18) / 210) if inner else ruling.box
        return ruling.model_copy(update={"box": box})

    middle = (sheet.top + 2 * sheet.row) / 297
    extra = [line("张小红", (sheet.left + 2) / 210, middle, height=0.012, width=11 / 210)]
    reading = page.reading.model_copy(update={
        "lines": (*page.reading.lines, *extra), "rulings": tuple(map(shortened, page.reading.rulings)),
    })
    document = read(page.model_copy(update={"reading": reading}))
    assert column(document, "name") == ["张小红"]
    assert column(document, "signs") == ["√" * 30 + " | " + "√" * 20 + "×" * 10]
    assert column(document, "days_by_signs") == [Decimal(25)]


def test_trainees_have_their_signs_too() -> None:
    sheet = DaySheet(("√" * 12, "√" * 5 + "○" + "√" * 6), column=10.0, title="学员考勤表", legend="说明：√出勤 ○缺勤")
    document = read(sheet.page(), kind=DocType.TRAINING_ATTENDANCE)
    assert column(document, "signs") == ["√" * 12, "√" * 5 + "○" + "√" * 6]
    assert column(document, "days_by_signs") == [Decimal(12), Decimal(11)]


def test_a_sheet_without_columns_of_days_is_read_as_before() -> None:
    page = ruled_page(
        "2023年9月考勤表", ("序号", "姓名", "出勤天数"), [("1", "张小红", "26"), ("2", "李建国", "25")],
    )
    document = read(page)
    assert column(document, "days") == [Decimal(26), Decimal(25)]
    assert all("signs" not in row for row in document.rows)
