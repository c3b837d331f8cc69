"""What the papers of a class say: fields and rows of the types around the employment proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from archive_verify.documents.cells import certificate_number
from archive_verify.extract import extract
from archive_verify.model import (
    Box,
    DocType,
    Document,
    EmploymentType,
    MarkShape,
    Page,
    PageMark,
    Ruling,
    Span,
)
from tests import binder_pages as made
from tests.binder_pages import IDS, NAMES
from tests.factories import centred, line, page, ruled_page, table_page, text_page


def _read(kind: str, *pages: Page) -> Document:
    span = Span(id="d1", type=DocType(kind), pages=tuple(item.index for item in pages))
    return extract([span], pages)[0]


def _values(document: Document) -> dict[str, object]:
    return {name: reading.value for name, reading in document.fields.items() if reading.state == "read"}


def _column(document: Document, name: str) -> list[object]:
    return [row[name].value if name in row else None for row in document.rows]


def test_a_cover_names_institution_class_dates_and_pages() -> None:
    values = _values(_read("cover", made.cover()))
    assert values == {
        "institution": "文水县启航职业培训学校",
        "class_name": "2023年第12期中式面点师班",
        "start_date": date(2023, 6, 5),
        "end_date": date(2023, 6, 20),
        "page_count": 86,
    }


def test_an_opening_report_in_prose_gives_headcount_dates_and_day_of_report() -> None:
    values = _values(_read("opening_report", made.opening_report()))
    assert values["headcount"] == 30
    assert (values["start_date"], values["end_date"]) == (date(2023, 6, 5), date(2023, 6, 20))
    assert values["reported_on"] == date(2023, 5, 20)
    assert values["institution"] == "文水县启航职业培训学校"


def test_an_opening_report_as_a_form_gives_the_same_facts() -> None:
    form = text_page(
        "开班申请表",
        "培训机构：文水县启航职业培训学校    班级名称：第12期面点班",
        "培训工种：中式面点师    拟培训人数：32人",
        "开班日期：2023年6月5日    结束日期：2023年6月20日",
        "培训天数：16天",
        "申请日期：2023-05-26",
    )
    values = _values(_read("opening_report", form))
    assert values["headcount"] == 32
    assert values["occupation"] == "中式面点师"
    assert values["training_days"] == 16
    assert (values["start_date"], values["end_date"]) == (date(2023, 6, 5), date(2023, 6, 20))
    assert values["reported_on"] == date(2023, 5, 26)


def test_an_approval_gives_the_approved_headcount_and_day() -> None:
    form = text_page(
        "开班审批表",
        "培训机构：文水县启航职业培训学校",
        "申请人数：32",
        "培训时间：2023年6月5日至2023年6月20日",
        "审批意见：同意开班，核定培训人数30人。",
        "审批日期：2023年5月29日",
    )
    values = _values(_read("opening_approval", form))
    assert values["headcount"] == 30
    assert values["approved_on"] == date(2023, 5, 29)
    assert values["start_date"] == date(2023, 6, 5)


def test_a_headcount_left_blank_is_no_headcount() -> None:
    form = text_page("开班审批表", "培训机构：文水县启航职业培训学校", "培训人数：      人    培训天数：10天")
    document = _read("opening_approval", form)
    assert "headcount" not in document.fields or document.fields["headcount"].state != "read"


def _approval_form(*seals: tuple[float, str], colour: bool = True) -> Document:
    """A form with the applicant's opinion over the authority's; seals by height and text."""
    lines = [
        line("开班审批表", 0.4, 0.1), line("审批人数", 0.1, 0.25), line("20人", 0.4, 0.25),
        line("培训机构意见", 0.1, 0.45), line("申请开班，请予审批。", 0.35, 0.35),
        line("人社部门审批意见", 0.1, 0.70), line("同意开班。", 0.35, 0.60), line("审批人：", 0.4, 0.74),
    ]
    rules = [Ruling(box=Box(0.08, y, 0.92, y + 0.001), horizontal=True) for y in (0.22, 0.32, 0.56, 0.84)]
    rules += [Ruling(box=Box(x, 0.22, x + 0.001, 0.84), horizontal=False) for x in (0.08, 0.33, 0.92)]
    marks = [
        PageMark(shape=MarkShape.ROUND_SEAL, box=Box(0.6, y - 0.05, 0.75, y + 0.05), confidence=0.9, colour="red",
                 text=text)
        for y, text in seals
    ]
    return _read("opening_approval", page(lines, rulings=tuple(rules), marks=tuple(marks), colour=colour))


def _sealed(document: Document) -> list[str]:
    return [mark.party for mark in document.marks if mark.kind == "seal"]


def test_the_applicants_seal_on_an_approval_is_not_the_authoritys() -> None:
    assert sorted(_sealed(_approval_form((0.45, ""), (0.7, "")))) == ["authority", "institution"]
    applicants = _approval_form((0.45, ""))
    assert _sealed(applicants) == ["institution"]
    assert ("seal", "authority") in applicants.missing_marks


def test_the_row_of_an_approval_is_the_authoritys_without_the_word_opinion_too() -> None:
    lines = [
        line("开班审批表", 0.4, 0.1), line("申请单位签章", 0.1, 0.39), line("（盖章）", 0.62, 0.44),
        line("2023年6月1日", 0.75, 0.44),
        line("人社部门审批", 0.1, 0.54), line("经审核，同意按20人开班。", 0.45, 0.6), line("审批人：", 0.6, 0.63),
    ]
    rules = [Ruling(box=Box(0.08, y, 0.92, y + 0.001), horizontal=True) for y in (0.32, 0.46, 0.66)]
    rules += [Ruling(box=Box(x, 0.32, x + 0.001, 0.66), horizontal=False) for x in (0.08, 0.33, 0.92)]
    marks = [
        PageMark(shape=MarkShape.ROUND_SEAL, box=Box(x, y - 0.06, x + 0.18, y + 0.06), confidence=0.9, colour="black")
        for x, y in ((0.57, 0.43), (0.61, 0.6))
    ]
    document = _read("opening_approval", page(lines, rulings=tuple(rules), marks=tuple(marks)))
    assert sorted(_sealed(document)) == ["authority", "institution"]


def test_the_authoritys_seal_counts_wherever_on_the_approval_it_was_pressed() -> None:
    high = _approval_form((0.52, "文水县人力资源和社会保障局"))
    assert ("seal", "authority") not in high.missing_marks


@pytest.mark.parametrize(
    ("heading", "cells", "expected"),
    [
        ("页号", ("1", "3", "5", "8", "11"), [(1, None), (3, None), (5, None), (8, None), (11, None)]),
        ("页次", ("1-2", "3-4", "5-7", "8-10", "11"), [(1, 2), (3, 4), (5, 7), (8, 10), (11, None)]),
        ("起止页码", ("1～2", "3—4", "5-7", "8至10", "11-12"), [(1, 2), (3, 4), (5, 7), (8, 10), (11, 12)]),
    ],
)
def test_a_catalogue_line_tells_where_its_document_stands(
    heading: str, cells: tuple[str, ...], expected: list[tuple[int, int | None]]
) -> None:
    titles = ("开班报告", "开班审批表", "学员花名册", "培训计划", "课程表")
    rows = [(str(n), title, cell, "") for n, (title, cell) in enumerate(zip(titles, cells, strict=True), 1)]
    document = _read("catalogue", table_page("卷内目录", ("序号", "文件题名", heading, "备注"), rows))
    assert list(zip(_column(document, "first"), _column(document, "last"), strict=True)) == expected
    assert _column(document, "title") == list(titles)
    assert _column(document, "doc_type") == [
        "opening_report",
        "opening_approval",
        "trainee_roster",
        "training_plan",
        "timetable",
    ]


def test_numbers_of_pages_are_no_page_numbers() -> None:
    rows = [
        (str(n), title, count)
        for n, (title, count) in enumerate(
            zip(
                ("开班报告", "开班审批表", "学员花名册", "身份证复印件", "培训计划"),
                ("2", "1", "2", "15", "3"),
                strict=True,
            ),
            1,
        )
    ]
    document = _read("catalogue", table_page("卷内目录", ("序号", "题名", "页数"), rows))
    assert _column(document, "count") == [2, 1, 2, 15, 3]
    assert _column(document, "first") == [None] * 5


def test_counts_under_the_wrong_heading_are_still_counts() -> None:
    rows = [
        (str(n), title, count)
        for n, (title, count) in enumerate(
            zip(
                ("开班报告", "开班审批表", "学员花名册", "身份证复印件", "培训计划"),
                ("2", "1", "2", "15", "3"),
                strict=True,
            ),
            1,
        )
    ]
    document = _read("catalogue", table_page("目录", ("序号", "题名", "页码"), rows))
    assert _column(document, "count") == [2, 1, 2, 15, 3]


_LISTED = ("开班报告", "开班审批表", "学员花名册", "身份证复印件", "培训计划", "课程表")


@pytest.mark.parametrize("heading", ["页号", "页数"])
def test_start_pages_of_which_two_were_misread_are_still_start_pages(heading: str) -> None:
    starts = (3, 4, 5, 6, 11, 13, 14, 23, 32, 10, 41, 18, 58, 59, 60)
    rows = [(str(n), _LISTED[n % len(_LISTED)], str(start)) for n, start in enumerate(starts, 1)]
    document = _read("catalogue", table_page("卷内目录", ("序号", "题名", heading), rows))
    assert _column(document, "first") == list(starts)
    assert _column(document, "count") == [None] * len(starts)


@pytest.mark.parametrize("heading", ["題名", "题石", "名弥"])
def test_the_titles_of_a_catalogue_are_known_by_what_they_are_where_their_heading_was_misread(heading: str) -> None:
    rows = [(str(n), title, str(n)) for n, title in enumerate(_LISTED, 1)]
    document = _read("catalogue", ruled_page("卷内目录", ("序号", heading, "页号"), rows))
    assert _column(document, "title") == list(_LISTED)
    assert _column(document, "first") == list(range(1, 7))
    assert document.unread_rows == 0


def test_serial_numbers_tell_of_lines_of_a_catalogue_that_were_not_read() -> None:
    rows = [(str(n), title, str(n)) for n, title in enumerate(_LISTED, 1)]
    headings = ("序号", "题名", "页号")
    assert _read("catalogue", table_page("卷内目录", headings, [*rows[:2], *rows[4:]])).unread_rows == 2
    assert _read("catalogue", table_page("卷内目录", headings, rows[3:])).unread_rows == 3


def test_a_catalogue_page_of_which_no_line_was_read_counts_as_unread() -> None:
    words = [f"{n} 不明之物 {n}" for n in range(1, 12)]
    assert _read("catalogue", text_page("卷内目录", *words)).unread_rows == 1


def test_a_catalogue_without_a_table_is_read_by_its_leaders() -> None:
    plain = text_page(
        "目 录", "1、开班报告…………………………3", "2、学员花名册…………………………5", "3、教学日志…………………………12-21"
    )
    document = _read("catalogue", plain)
    assert _column(document, "first") == [3, 5, 12]
    assert _column(document, "last") == [None, None, 21]


def test_the_names_on_identity_cards_go_with_their_numbers() -> None:
    document = _read("id_card_copy", made.id_cards())
    assert list(zip(_column(document, "name"), _column(document, "id_number"), strict=True)) == list(
        zip(NAMES[:2], IDS[:2], strict=True)
    )


def test_a_score_sheet_says_who_passed() -> None:
    rows = [
        ("1", "张建国", "82", "85", "合格"),
        ("2", "李秀英", "55", "70", "不合格"),
        ("3", "王志强", "", "", "缺考"),
    ]
    document = _read("score_sheet", table_page("成绩册", ("序号", "姓名", "理论", "实操", "结果"), rows))
    assert _column(document, "passed") == [True, False, False]
    assert _column(document, "theory") == [82.0, 55.0, None]


def test_a_pass_against_marks_that_all_fail_has_lost_its_no_and_is_unread() -> None:
    head = ("序号", "姓名", "理论", "实操", "结果", "补考")
    rows = [
        ("1", "张三", "47", "55", "及格", ""), ("2", "李四", "47", "66", "及格", ""),
        ("3", "王五", "47", "55", "及格", "68"),
    ]
    document = _read("score_sheet", table_page("成绩册", head, rows))
    assert [row["passed"].state for row in document.rows] == ["unread", "read", "read"]


def test_without_a_result_sixty_in_each_part_is_a_pass() -> None:
    rows = [("1", "张建国", "60", "85"), ("2", "李秀英", "59", "90"), ("3", "王志强", "8?", "90")]
    document = _read("score_sheet", table_page("成绩登记表", ("序号", "姓名", "理论成绩", "实操成绩"), rows))
    assert _column(document, "passed") == [True, False, None]


def test_a_part_below_sixty_fails_nobody_who_may_have_passed_otherwise() -> None:
    head = ("序号", "姓名", "理论", "实操", "补考", "总评", "备注")
    document = _read("score_sheet", table_page("成绩册", head, [
        ("1", "张建国", "50", "85", "75", "", ""), ("2", "李秀英", "50", "85", "", "", "补考合格"),
        ("3", "王志强", "55", "90", "", "72", ""), ("4", "赵丽华", "55", "50", "", "53", ""),
        ("5", "刘海军", "55", "90", "", "", "见附页"),
    ]))
    assert _column(document, "passed") == [None, True, None, False, None]


def test_who_leads_the_class_is_no_trainee_on_its_attendance_sheet() -> None:
    rows = [("1", "张建国", "√", "√"), ("2", "李秀英", "√", "√"), ("班主任", "孙桂兰", "√", "√")]
    document = _read("training_attendance", table_page("学员考勤表", ("序号", "姓名", "5", "6"), rows))
    assert (_column(document, "name"), document.unread_rows) == (["张建国", "李秀英"], 0)


def test_a_certificate_register_gives_numbers_per_person() -> None:
    document = _read("certificate_register", made.certificate_register())
    assert _column(document, "certificate_number")[:2] == ["S000141121001", "S000141121002"]
    assert _column(document, "id_number") == list(IDS)


def test_a_certificate_gives_name_numbers_and_day() -> None:
    values = _values(_read("certificate_copy", made.certificate()))
    assert values["employee"] == "张建国"
    assert values["id_number"] == IDS[0]
    assert values["certificate_number"] == "S000141121001"
    assert values["issued_on"] == date(2023, 7, 1)


def test_a_certificate_in_prose_names_its_holder() -> None:
    prose = text_page(
        "培训合格证",
        "学员李秀英，身份证号142322198503124325，于2023年6月5日至2023年6月20日参加",
        "中式面点师培训，经考核合格，准予结业。",
        "证书编号：20230612002",
        "2023年7月1日",
    )
    values = _values(_read("certificate_copy", prose))
    assert values["employee"] == "李秀英"
    assert values["certificate_number"] == "20230612002"
    assert values["issued_on"] == date(2023, 7, 1)


def test_two_certificates_on_a_page_are_two_rows() -> None:
    lines = [centred("职业技能等级证书", 0.08, height=0.022), centred("职业技能等级证书", 0.53, height=0.022)]
    for n, top in enumerate((0.12, 0.57)):
        for place, text in enumerate(
            (f"姓名：{NAMES[n]}", f"证件号码：{IDS[n]}", f"证书编号：S00014112100{n}", "发证日期：2023年7月1日")
        ):
            lines.append(line(text, 0.2, top + 0.06 * place))
    document = _read("certificate_copy", page(lines))
    assert _column(document, "name") == list(NAMES[:2])
    assert _column(document, "id_number") == list(IDS[:2])
    assert _column(document, "certificate_number") == ["S000141121000", "S000141121001"]


@pytest.mark.parametrize(
    ("cell", "route"),
    [
        ("企业就业", EmploymentType.ENTERPRISE),
        ("单位就业", EmploymentType.ENTERPRISE),
        ("自主创业", EmploymentType.SELF_EMPLOYED),
        ("灵活就业", EmploymentType.FLEXIBLE),
        ("订单式", EmploymentType.ORDER),
        ("定单就业", EmploymentType.ORDER),
        ("未就业", EmploymentType.NONE),
        ("□企业就业√灵活就业", EmploymentType.FLEXIBLE),
    ],
)
def test_a_summary_gives_the_claimed_route(cell: str, route: EmploymentType) -> None:
    rows = [("1", "张建国", cell, "福满楼餐饮有限公司"), ("2", "李秀英", "企业就业", "福满楼餐饮有限公司")]
    document = _read(
        "employment_summary", table_page("就业情况汇总表", ("序号", "姓名", "就业形式", "就业单位"), rows)
    )
    assert _column(document, "employment_type") == [route, EmploymentType.ENTERPRISE]
    assert _column(document, "employer")[1] == "福满楼餐饮有限公司"


def test_routes_that_are_columns_are_told_by_their_ticks() -> None:
    rows = [
        ("1", "张建国", "√", "", "", ""),
        ("2", "李秀英", "", "", "√", ""),
        ("3", "王志强", "", "√", "", ""),
    ]
    document = _read(
        "employment_summary",
        table_page("就业情况统计表", ("序号", "姓名", "企业就业", "自主创业", "灵活就业", "未就业"), rows),
    )
    assert _column(document, "employment_type") == [
        EmploymentType.ENTERPRISE,
        EmploymentType.FLEXIBLE,
        EmploymentType.SELF_EMPLOYED,
    ]


@pytest.mark.parametrize(
    "text", ["应到人数：30  实到人数：29", "应到30人，实到29人", "应到：30 人 实到：29 人"]
)
def test_a_teaching_log_gives_its_day_and_counts(text: str) -> None:
    log = text_page("教学日志", "日期：2023年6月5日 星期一", "授课内容：面点的分类", text, "授课教师：武爱民")
    values = _values(_read("teaching_log", log))
    assert (values["should"], values["present"], values["date"]) == (30, 29, date(2023, 6, 5))


def test_a_callback_record_says_who_was_reached_attended_and_works() -> None:
    rows = [
        ("1", "张建国", "13803580001", "接通", "是", "是"),
        ("2", "李秀英", "13803580002", "无人接听", "", ""),
        ("3", "王志强", "13803580003", "已接通", "是", "未就业"),
    ]
    document = _read(
        "callback_record",
        table_page("电话回访记录", ("序号", "姓名", "联系电话", "接通情况", "是否参训", "是否就业"), rows),
    )
    assert _column(document, "reached") == [True, False, True]
    assert _column(document, "attended") == [True, None, True]
    assert _column(document, "employed") == [True, None, False]
    assert _column(document, "phone")[0] == "13803580001"


def test_a_commitment_names_the_institution_and_its_day() -> None:
    values = _values(_read("truthfulness_commitment", made.commitment()))
    assert values["institution"] == "文水县启航职业培训学校"
    assert values["sign_date"] == date(2024, 3, 5)


def test_an_application_gives_headcount_days_rate_amount_and_day() -> None:
    values = _values(_read("subsidy_application", made.application()))
    assert values["headcount"] == 30
    assert values["training_days"] == 16
    assert values["daily_subsidy_yuan"] == Decimal("60")
    assert values["amount"] == Decimal("28800")
    assert values["applied_on"] == date(2024, 3, 10)


@pytest.mark.parametrize(("stated", "daily"), [
    ("补贴标准：60元/人/天", 60), ("补贴标准：60元/人•日", 60), ("补贴标准：60", 60),
    ("补贴标准（元/人·天）：60", 60), ("每人每日60元", 60), ("补贴标准：960元/人", None),
    ("补贴标准：1500元/人/期", None), ("补贴标准（元/人）：960", None),
])
def test_a_rate_for_the_whole_course_is_none_for_a_day_and_no_amount(stated: str, daily: int | None) -> None:
    document = _read("subsidy_application", text_page(
        "职业培训补贴申请表", "申请单位：文水县启航职业培训学校", f"补贴人数：28  {stated}  培训天数：16",
        "申请金额（元）：26880  申请日期：2024.3.10",
    ))
    values = _values(document)
    assert (values.get("daily_subsidy_yuan"), values["amount"], values["headcount"]) == (daily, 26880, 28)


def test_money_that_is_not_applied_for_is_no_amount_of_an_application() -> None:
    values = _values(_read("subsidy_application", text_page(
        "补贴资金申请", "我校注册资金50万元，本年已拨付补贴120000元。",
        "第12期班培训6人，培训16天，每人每天60元，申请补贴5760元。", "文水县启航职业培训学校", "2024年3月20日",
    )))
    assert values["amount"] == 5760


def test_a_list_of_beneficiaries_gives_its_persons() -> None:
    document = _read("subsidy_application", made.beneficiaries())
    assert _column(document, "name") == list(NAMES)
    assert _column(document, "amount") == [Decimal("960")] * len(NAMES)


def test_a_disc_label_gives_school_place_and_time() -> None:
    values = _values(_read("video_record", made.disc()))
    assert values["institution"] == "文水县启航职业培训学校"
    assert values["place"] == "凤城镇二教室"
    assert "8时00分" in str(values["time"])


@pytest.mark.parametrize("make", [made.training_attendance, made.sign_in])
def test_attendance_sheets_list_the_persons(make: Callable[[], Page]) -> None:
    assert _column(_read("training_attendance", make()), "name") == list(NAMES)


def test_every_reading_points_at_its_spot() -> None:
    document = _read(
        "subsidy_application", page([*made.application(3).reading.lines, line("第3页", 0.9, 0.02)], 3)
    )
    assert {reading.page for reading in document.fields.values()} == {3}
    assert all(reading.box.width > 0 for reading in document.fields.values())


def test_letters_set_off_before_a_certificate_number_belong_to_it() -> None:
    worded = ("文培字〔2024〕第012号", "晋文春培字2024第001号")
    for text in ("ZY-CT-2024-301", "S-0000141121001", "WSJX2023040001", *worded):
        found = certificate_number(f"证书编号:{text}")
        assert found is not None and found.value == text


@pytest.mark.parametrize(("text", "number"), [
    ("202214112|0072399", "20221411210072399"), ("S00014112|00丨1", "S0001411210011"),
])
def test_strokes_among_the_digits_of_a_certificate_number_are_ones(text: str, number: str) -> None:
    found = certificate_number(text)
    assert found is not None and found.value == number
