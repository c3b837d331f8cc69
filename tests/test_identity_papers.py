"""Names and ID numbers on papers of many layouts, from the page to the agreement with the roster."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from archive_verify.classify import classify
from archive_verify.extract import extract
from archive_verify.match import doubtful, match
from archive_verify.model import Evidence, Line, Page, Roster, RosterRow
from archive_verify.page_number import number_pages
from archive_verify.segment import segment
from archive_verify.values import id_check_character
from tests.factories import table_page, text_page


def number(first17: str) -> str:
    return first17 + id_check_character(first17)


NAME, ID = "张晓红", number("14112119850312002")
OTHER, LANDLORD = number("14112119850312012"), number("14112119600101001")
SWAPPED = ID[:15] + ID[16] + ID[15] + ID[17]
NAMESAKE = number("14232219790405666")
UNIT = "文水县宏达商贸有限公司"
ROSTER = Roster(file="r.xlsx", rows=(
    RosterRow(row=1, name=NAME, id_number=ID),
    RosterRow(row=2, name="李明", id_number=number("14232219850312432")),
    RosterRow(row=3, name="张晓江", id_number=number("14232219870312432")),
))

Make = Callable[[str, str], Page]
PAPERS: dict[str, Make] = {
    "contract, one line each": lambda name, number: text_page(
        "劳动合同", f"甲方（用人单位）：{UNIT}", f"乙方（劳动者）：{name}", f"居民身份证号码：{number}",
        "合同期限自2023年9月1日起至2024年8月31日止。", "乙方月工资3000元。"),
    "contract, all in one line": lambda name, number: text_page(
        "劳动合同书", f"甲方：{UNIT}", "法定代表人：钱大有", f"乙方：{name}  性别：女  身份证号：{number}",
        "合同期限：壹年，自2023.9.1至2024.8.31。"),
    "contract in prose": lambda name, number: text_page(
        "用工协议", f"甲方{UNIT}（以下简称甲方）与乙方{name}（身份证号{number}）签订本劳动合同。",
        "合同期限自2023年9月1日起至2024年8月31日止。甲方按月支付工资3000元。"),
    "contract as a form": lambda name, number: table_page(
        "劳动合同书", ("甲方", UNIT),
        [("法定代表人", "钱大有"), ("乙方", name), ("身份证号码", number),
         ("合同期限", "2023年9月1日至2024年8月31日")]),
    "certificate in prose": lambda name, number: text_page(
        "灵活就业证明", f"兹证明{name}，身份证号{number}，自2023年9月起在我店从事面点工作，",
        "月收入约2600元。特此证明。",
        "本人电话：13834120001", "经营者：钱大有 联系电话：13934120001", "文水县宏达小吃店（盖章）"),
    "certificate, number in brackets": lambda name, number: text_page(
        "务工证明", f"今有{name}同志（身份证：{number}），女，",
        "于2023年9月至今在文水县宏达小吃店务工，月工资收入2600元。"),
    "certificate as a form": lambda name, number: table_page(
        "灵活就业证明", ("姓名", name), [("身份证号", number), ("就业时间", "2023年9月至今"), ("月收入", "2600元")]),
    "use of premises": lambda name, number: text_page(
        "场地使用证明", f"兹证明我村村民{name}，身份证号{number}，在我村经营小吃店，",
        "面积45平方米，使用期限自2023年6月1日至2026年5月31日止。"),
    "lease, numbers beside": lambda name, number: text_page(
        "房屋租赁合同", f"出租方（甲方）：钱大有  身份证号：{LANDLORD}", f"承租方（乙方）：{name}  身份证号：{number}",
        "甲方将位于文水县凤城镇的房屋租给乙方使用，租期三年，年租金12000元。"),
    "lease, numbers below": lambda name, number: text_page(
        "房屋租赁合同", "出租方（甲方）：钱大有", f"身份证号：{LANDLORD}", f"承租方（乙方）：{name}",
        f"身份证号：{number}",
        "甲方将位于文水县凤城镇的房屋租给乙方使用，租期三年，年租金12000元。"),
    "free use": lambda name, number: text_page(
        "无偿使用证明", f"本人钱大有（身份证号：{LANDLORD}）自愿将位于文水县凤城镇的房屋",
        f"提供给{name}（身份证号：{number}）无偿使用，用于经营小吃店。"),
    "payroll": lambda name, number: table_page(
        "工资表", ("序号", "姓名", "身份证号", "基本工资", "实发工资"),
        [("1", "孙立", "141121199001010017", "3000", "3000"), ("2", name, number, "3000", "3000")],
        f"单位：{UNIT}  2023年9月"),
}

SAME = {
    "as on the roster": (NAME, ID),
    "name with spaces": ("张 晓 红", ID),
    "full-width digits": (NAME, "".join(chr(ord(digit) + 0xFEE0) for digit in ID)),
    "number in groups": (NAME, f"{ID[:6]} {ID[6:14]} {ID[14:]}"),
    "number with dashes": (NAME, f"{ID[:6]}-{ID[6:14]}-{ID[14:]}"),
}
SPLIT: dict[str, Callable[[str, str, str], Page]] = {
    "contract": lambda name, head, tail: text_page(
        "劳动合同", f"甲方（用人单位）：{UNIT}，乙方（劳动者）：{name}，居民身份证号码：{head}",
        f"{tail}，双方订立本合同。", "合同期限自2023年9月1日起至2024年8月31日止。", "乙方月工资3000元。"),
    "certificate": lambda name, head, tail: text_page(
        "灵活就业证明", f"兹证明我单位临时聘用人员{name}，女，身份证号码{head}",
        f"{tail}，自2023年9月起在我店从事面点工作，",
        "月收入约2600元。特此证明。"),
}
OTHER_NUMBERS = {
    "another right number": OTHER,
    "two digits swapped": SWAPPED,
    "another number in groups": f"{OTHER[:6]} {OTHER[6:14]} {OTHER[14:]}",
}
BROKEN_NUMBERS = {"a digit left out": ID[:9] + ID[10:], "a digit too many": ID[:9] + "1" + ID[9:]}


def evidence(page: Page, roster: Roster = ROSTER) -> list[Evidence]:
    """What one paper says of the trainees; the second look reads what the first one did."""
    documents = extract(segment([page], classify([page]), number_pages([page])), [page])
    read = {
        (reading.page, reading.box): reading.text
        for document in documents
        for reading in (*document.fields.values(), *(cell for row in document.rows for cell in row.values()))
    }
    second = {
        spot: (Line(text=read[spot], box=spot[1], confidence=0.98),)
        for spot in doubtful(documents, roster) if spot in read
    }
    return list(match(documents, roster, [page], second).evidence)


def only(page: Page) -> Evidence:
    (one,) = evidence(page)
    return one


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("written", SAME)
def test_the_same_name_and_number_agree_however_they_are_written(paper: str, written: str) -> None:
    one = only(PAPERS[paper](*SAME[written]))
    assert (one.trainee, one.name, one.id_number, one.sure) == (1, "yes", "yes", True)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("written", OTHER_NUMBERS)
def test_another_number_beside_the_name_is_a_mismatch_on_every_paper(paper: str, written: str) -> None:
    one = only(PAPERS[paper](NAME, OTHER_NUMBERS[written]))
    assert (one.trainee, one.name, one.id_number, one.sure) == (1, "yes", "no", True)


@pytest.mark.parametrize("paper", SPLIT)
@pytest.mark.parametrize("cut", [6, 11, 14])
def test_a_number_broken_over_two_lines_is_compared_like_a_whole_one(paper: str, cut: int) -> None:
    assert only(SPLIT[paper](NAME, ID[:cut], ID[cut:])).id_number == "yes"
    assert only(SPLIT[paper](NAME, OTHER[:cut], OTHER[cut:])).id_number in ("no", "unsure")


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("written", BROKEN_NUMBERS)
def test_a_number_of_another_length_never_agrees(paper: str, written: str) -> None:
    assert only(PAPERS[paper](NAME, BROKEN_NUMBERS[written])).id_number == "unsure"


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(
    ("name", "agrees"),
    # what looks alike and was not read as surely as print is left to a person
    [("张小红", "no"), ("王芳", "no"), ("李明", "no"), ("张晓虹", "unsure"), ("张晓江", "unsure")],
)
def test_another_name_beside_the_number_never_agrees(paper: str, name: str, agrees: str) -> None:
    one = only(PAPERS[paper](name, ID))
    assert (one.trainee, one.name, one.id_number) == (1, agrees, "yes")


@pytest.mark.parametrize("paper", PAPERS)
def test_two_trainees_of_one_name_are_told_apart_on_every_paper(paper: str) -> None:
    two = Roster(file="r.xlsx", rows=(*ROSTER.rows, RosterRow(row=4, name=NAME, id_number=NAMESAKE)))
    for number, row in ((ID, 1), (NAMESAKE, 4)):
        (one,) = evidence(PAPERS[paper](NAME, number), two)
        assert (one.trainee, one.name, one.id_number) == (row, "yes", "yes")


@pytest.mark.parametrize("paper", [name for name in PAPERS if name.startswith("c")])
def test_a_name_with_a_character_that_recognisers_do_not_know_is_no_mismatch(paper: str) -> None:
    rare = Roster(file="r.xlsx", rows=(RosterRow(row=1, name="王𬭎", id_number=ID),))
    (one,) = evidence(PAPERS[paper]("王宏", ID), rare)
    assert (one.name, one.id_number) == ("unsure", "yes")
