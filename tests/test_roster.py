"""Roster files as people make them."""

from __future__ import annotations

import io
import shutil
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from archive_verify.errors import RosterRefused
from archive_verify.model import EmploymentType, Roster
from archive_verify.roster import employment_type, passed, person_name, read_roster
from archive_verify.settings import Settings
from tests.hostile.roster_files import far_xls

WANG, LI, ZHAO = "141121198503120035", "14232219850312432X", "141121199001010017"
HEADER = ["序号", "姓名", "性别", "身份证号", "联系电话", "就业形式", "就业单位", "是否合格", "证书编号"]
ROWS: list[list[Any]] = [
    [1, "王小云", "女", WANG, "13800000001", "企业就业", "文水县某某食品有限公司", "是", "S0001"],
    [2, "李明", "男", LI, 13800000002, "灵活就业", "", "否", ""],
]
SETTINGS = Settings()


def xlsx(
    path: Path, rows: Sequence[Sequence[Any]], merges: Sequence[str] = (), other_sheets: Sequence[str] = ()
) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for title in other_sheets:
        book.create_sheet(title, 0).append(["填表说明", "请按要求填写"])
    for row in rows:
        sheet.append(list(row))
    for area in merges:
        sheet.merge_cells(area)
    book.save(path)
    return path


def names(roster: Roster) -> list[str]:
    return [row.name for row in roster.rows]


def test_a_plain_roster_gives_every_field(tmp_path: Path) -> None:
    wang, li = read_roster(xlsx(tmp_path / "r.xlsx", [HEADER, *ROWS]), SETTINGS).rows
    assert (wang.row, wang.name, wang.id_number, wang.gender, wang.phone) == (1, "王小云", WANG, "女", "13800000001")
    assert wang.employment_type is EmploymentType.ENTERPRISE
    assert (wang.employer, wang.passed, wang.certificate_number) == ("文水县某某食品有限公司", True, "S0001")
    assert (li.phone, li.employment_type, li.passed) == ("13800000002", EmploymentType.FLEXIBLE, False)


def test_title_rows_empty_rows_totals_and_signatures_are_no_persons(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "r.xlsx",
        [
            ["2023年第12期中式面点师班学员名册"], ["培训机构：启航职业培训学校", None, None, "2023年6月"], [],
            HEADER, ROWS[0], [], ROWS[1], HEADER, [9, "赵六", "男", ZHAO],
            [None, "以下空白"], ["合计", "3人"], ["制表人：", "钱多", None, "审核人：", "孙立"],
            [None, "负责人", "签字", None, "13800000009"],
        ],
        merges=["A1:I1"],
    )
    roster = read_roster(path, SETTINGS)
    assert [(row.row, row.name) for row in roster.rows] == [(1, "王小云"), (2, "李明"), (3, "赵六")]


def test_a_person_whose_id_number_or_name_is_empty_still_counts(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "r.xlsx", [HEADER, [1, "王小云"], [2, None, "男", LI], [3, "赵六", "", "1411"]])
    assert [(row.name, row.id_number) for row in read_roster(path, SETTINGS).rows] == [
        ("王小云", ""), ("", LI), ("赵六", "1411"),
    ]


def test_a_header_of_two_rows_with_merged_cells_is_understood(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "r.xlsx",
        [
            ["学员花名册"],
            ["序号", "基本信息", None, None, "就业情况", None, "考核\n结果"],
            [None, "姓  名", "居民身份证\n号码", "联系方式", "就业类型", "单位名称", None],
            [1, "王小云", WANG, "13800000001", "自主创业", "", "及格"],
        ],
        merges=["A1:G1", "A2:A3", "B2:D2", "E2:F2", "G2:G3"],
    )
    (wang,) = read_roster(path, SETTINGS).rows
    assert (wang.name, wang.id_number, wang.phone) == ("王小云", WANG, "13800000001")
    assert (wang.employment_type, wang.passed) == (EmploymentType.SELF_EMPLOYED, True)


@pytest.mark.parametrize(
    ("name", "id_title", "phone", "kind", "outcome", "certificate"),
    [
        ("学员姓名", "公民身份号码", "手机号", "就业类型", "考核结果", "证书号"),
        ("姓 名", "证件号码", "联系方式", "就业方式", "成绩", "职业技能等级证书编号"),
        ("姓名*", "居民身份证号码（18位）", "手机号码", "就业渠道", "是否合格(是/否)", "证书编码"),
        ("姓名", "身份证", "本人联系电话", "就业去向", "考试成绩", "证书号码"),
    ],
)
def test_common_variants_of_the_titles_are_understood_in_any_order(
    tmp_path: Path, name: str, id_title: str, phone: str, kind: str, outcome: str, certificate: str
) -> None:
    header = [certificate, "法人姓名", phone, "单位联系电话", id_title, outcome, kind, name, "身份证有效期"]
    row = ["S1", "贾法人", "13800000001", "0358000", WANG, "85", "订单式", "王小云", "长期"]
    (wang,) = read_roster(xlsx(tmp_path / "r.xlsx", [header, row]), SETTINGS).rows
    assert (wang.name, wang.id_number, wang.phone) == ("王小云", WANG, "13800000001")
    assert (wang.employment_type, wang.passed) == (EmploymentType.ORDER, True)
    assert wang.certificate_number == "S1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_each_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "名册.csv"
    lines = ["姓名,身份证号,是否合格", f"王小云,'{WANG},√", f"李　明,\t{LI.lower()},不及格"]
    path.write_text("\r\n".join(lines), encoding=encoding)
    roster = read_roster(path, SETTINGS)
    assert [(row.name, row.id_number, row.passed) for row in roster.rows] == [
        ("王小云", WANG, True), ("李明", LI, False),
    ]
    assert roster.file == "名册.csv"


def test_an_old_xls_is_read_also_under_a_wrong_extension(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    shutil.copy(Path(__file__).parent / "data" / "roster.xls", path)
    wang, li = read_roster(path, SETTINGS).rows
    assert (wang.name, wang.id_number, wang.phone) == ("王小云", WANG, "13800000001")
    assert wang.employment_type is EmploymentType.ENTERPRISE
    assert (li.name, li.id_number) == ("李明", "142322198503124325"[:17] + "X")
    assert (li.employment_type, li.passed) == (EmploymentType.NONE, False)


def test_the_sheet_with_the_columns_wins(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "r.xlsx", [HEADER, *ROWS], other_sheets=["说明", "封面"])
    assert names(read_roster(path, SETTINGS)) == ["王小云", "李明"]


def test_full_width_quoted_and_spaced_numbers_are_the_same_id(tmp_path: Path) -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in WANG)
    rows = [HEADER, [1, "王小云", "女", wide], [2, "赵六", "男", f"'{ZHAO}"], [3, "李明", "男", "142322 19850312 432x"]]
    roster = read_roster(xlsx(tmp_path / "r.xlsx", rows), SETTINGS)
    assert [row.id_number for row in roster.rows] == [WANG, ZHAO, LI]


@pytest.mark.parametrize("lost", [1.41121198503120e17, 141121198503120035, "1.41121198503120E+17"])
def test_digits_that_the_spreadsheet_cut_off_are_marked_and_not_invented(tmp_path: Path, lost: object) -> None:
    path = xlsx(tmp_path / "r.xlsx", [HEADER, ROWS[0], [2, "李明", "男", lost]])
    wang, li = read_roster(path, SETTINGS).rows
    assert (wang.id_number, wang.id_digits_lost) == (WANG, False)
    assert (li.id_number, li.id_digits_lost) == ("141121198503120???", True)


def test_an_old_id_number_of_15_digits_may_be_a_number(tmp_path: Path) -> None:
    (row,) = read_roster(xlsx(tmp_path / "r.xlsx", [HEADER, [1, "李明", "男", 142322850312432]]), SETTINGS).rows
    assert (row.id_number, row.id_digits_lost) == ("142322850312432", False)


def test_id_numbers_reduced_to_six_digits_are_refused_with_their_row(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "r.xlsx", [HEADER, ROWS[0], [2, "李明", "男", "1.41121E+17"]])
    with pytest.raises(RosterRefused, match=r"第 3 行的身份证号.*科学计数.*文本格式"):
        read_roster(path, SETTINGS)


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        (["序号", "姓名", "电话"], "缺少“身份证号”列"),
        (["序号", "身份证号", "电话"], "缺少“姓名”列"),
        (["甲", "乙"], "缺少“姓名”、“身份证号”列"),
    ],
)
def test_missing_columns_are_named(tmp_path: Path, header: list[str], missing: str) -> None:
    with pytest.raises(RosterRefused, match=missing):
        read_roster(xlsx(tmp_path / "r.xlsx", [header, ["1", "2", "3"]]), SETTINGS)


def test_a_formula_without_a_value_is_refused_with_its_row(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "r.xlsx", [HEADER, ROWS[0], [2, "李明", "男", '="142322"&"19850312432X"']])
    with pytest.raises(RosterRefused, match=r"第 3 行的“身份证号”是没有算出结果的公式"):
        read_roster(path, SETTINGS)


def test_a_formula_with_its_value_gives_the_value(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "r.xlsx", [HEADER, [1, "王小云", "女", "=F"]])
    computed = tmp_path / "computed.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(computed, "w") as new:
        for part in old.namelist():
            data = old.read(part).replace(b"<f>F</f><v></v>", b"<f>F</f><v>" + ZHAO.encode() + b"</v>")
            new.writestr(part, data.replace(b"<f>F</f><v />", b"<f>F</f><v>" + ZHAO.encode() + b"</v>"))
    assert read_roster(computed, SETTINGS).rows[0].id_number == ZHAO


def test_an_employer_merged_over_several_rows_holds_for_each(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "就业单位"], ["王小云", WANG, "甲公司"], ["李明", LI], ["赵六", ZHAO, "乙公司"]]
    roster = read_roster(xlsx(tmp_path / "r.xlsx", rows, merges=["C2:C3"]), SETTINGS)
    assert [row.employer for row in roster.rows] == ["甲公司", "甲公司", "乙公司"]


def test_two_lists_side_by_side_are_refused(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "姓名", "身份证号"], ["王小云", WANG, "李明", LI]]
    with pytest.raises(RosterRefused, match="两栏"):
        read_roster(xlsx(tmp_path / "r.xlsx", rows), SETTINGS)


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7 ...", b"<html><table></table></html>", b"PK\x03\x04 broken", b"\x00\x01\x02" * 99,
             b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000]
)
def test_what_is_no_table_is_refused_in_one_line(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "r.xlsx"
    path.write_bytes(data)
    with pytest.raises(RosterRefused) as refused:
        read_roster(path, SETTINGS)
    assert "\n" not in str(refused.value) and "r.xlsx" in str(refused.value)


def test_a_missing_file_and_an_empty_list_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RosterRefused, match="无法读取"):
        read_roster(tmp_path / "nowhere.xlsx", SETTINGS)
    with pytest.raises(RosterRefused, match="没有一名学员"):
        read_roster(xlsx(tmp_path / "r.xlsx", [HEADER]), SETTINGS)


def test_limits_on_persons_and_unpacked_bytes_hold(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "r.xlsx", [HEADER, *ROWS])
    with pytest.raises(RosterRefused, match="超过上限 1"):
        read_roster(path, Settings(max_roster_rows=1))
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("xl/worksheets/sheet1.xml", io.BytesIO(b" " * 3_000_000).getvalue())
    with pytest.raises(RosterRefused, match="解压后超过上限"):
        read_roster(bomb, Settings(max_roster_bytes=1_000_000))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("企业就业", EmploymentType.ENTERPRISE), ("单位就业", EmploymentType.ENTERPRISE),
        ("自主创业", EmploymentType.SELF_EMPLOYED), ("个体经营", EmploymentType.SELF_EMPLOYED),
        ("灵活就业", EmploymentType.FLEXIBLE), ("“定单式”", EmploymentType.ORDER), ("订单", EmploymentType.ORDER),
        ("未就业", EmploymentType.NONE), ("未实现就业", EmploymentType.NONE), ("否", EmploymentType.NONE),
        ("", None), ("是", None), ("已就业", None),
    ],
)
def test_the_claimed_route(text: str, kind: EmploymentType | None) -> None:
    assert employment_type(text) is kind


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("是", True), ("合格", True), ("及 格", True), ("通过", True), ("√", True), ("８５分", True), ("60", True),
        ("1", True), ("否", False), ("不合格", False), ("59.5", False), ("缺考", False), ("0", False),
        ("", None), ("理论85", None),
    ],
)
def test_pass_or_fail(text: str, outcome: bool | None) -> None:
    assert passed(text) is outcome


def test_names_lose_spaces_and_remarks_but_stay_themselves() -> None:
    assert person_name(" 李　 明 ") == "李明"
    assert person_name("买买提•吐尔逊（组长）") == "买买提·吐尔逊"


def test_the_end_of_a_line_as_workbooks_write_it_is_white_space(tmp_path: Path) -> None:
    rows = [HEADER, [1, "王小云_x000D_\n", "女", WANG, *ROWS[0][4:]]]
    (wang,) = read_roster(xlsx(tmp_path / "r.xlsx", rows), SETTINGS).rows
    assert (wang.name, wang.id_number) == ("王小云", WANG)


def test_an_xls_with_a_text_in_its_last_cell_costs_no_more_than_what_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "r.xls"
    path.write_bytes(far_xls())
    began = time.process_time()
    assert len(read_roster(path, SETTINGS).rows) == 2
    assert time.process_time() - began < 8       # filled up with cells it took 18
