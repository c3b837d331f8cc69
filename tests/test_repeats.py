"""The same sheet scanned twice, told from two sheets that share their print."""

from __future__ import annotations

import pytest

from archive_verify.model import Box, Corner, Page
from archive_verify.repeats import find_repeats
from tests.drawn import draw_page
from tests.scans import Pixels, Text, scanned_page, scribble, seal

CLAUSES = [
    "甲方应当按照国家有关规定为乙方提供符合标准的劳动保护条件",
    "乙方应当遵守甲方依法制定的各项规章制度",
    "双方协商一致可以变更本合同约定的内容",
    "甲方以货币形式按月支付乙方工资不得拖欠",
    "双方依法参加社会保险按时缴纳各项费用",
    "本合同一式两份甲乙双方各执一份具有同等效力",
]


def contract(name: str, number: str, page_number: str) -> list[Text]:
    body = [(25.0, 30 + 9.0 * n, text, 11.0) for n, text in enumerate([*CLAUSES, *CLAUSES[::-1]])]
    facts = [(25.0, 150.0, f"乙方姓名：{name}", 12.0), (25.0, 160.0, f"公民身份号码：{number}", 12.0)]
    signing = [(25.0, 200.0, "甲方（盖章）", 12.0), (120.0, 200.0, "乙方（签字）", 12.0)]
    unique = [(t[0], t[1], f"第{n + 1}条{t[2]}", t[3]) for n, t in enumerate(body)]
    return [(190.0, 8.0, page_number, 11.0), *unique, *facts, *signing]


def clauses(page_number: str) -> list[Text]:
    return contract("", "", page_number)[:13]


def signed(texts: list[Text], hand: int, place: tuple[float, float] = (60, 215), turn: float = 0) -> Pixels:
    page = draw_page(texts)
    scribble(page, 150, 196, hand)
    seal(page, *place, turn=turn)
    return page


ZHANG = contract("张建国", "141121198503120035", "31")


def test_a_signed_contract_page_scanned_twice_is_found_though_its_number_differs() -> None:
    first = scanned_page(5, ZHANG, signed(ZHANG, 1))
    again = contract("张建国", "141121198503120035", "48")
    second = scanned_page(9, again, signed(again, 1), skew=1.6, noise=11, light=0.9)
    assert find_repeats([first, second]) == ((5, 9),)


def test_the_same_form_filled_for_two_persons_is_no_repeat() -> None:
    other = contract("李秀英", "142322198503124325", "32")
    pages = [scanned_page(1, ZHANG, signed(ZHANG, 1)), scanned_page(2, other, signed(other, 2, (66, 221)))]
    assert find_repeats(pages) == ()


def test_boilerplate_pages_of_two_contracts_are_no_repeat() -> None:
    assert find_repeats([scanned_page(n, clauses(str(n)), skew=0.3 * n) for n in (1, 2, 3)]) == ()


def test_boilerplate_pages_with_the_archives_number_of_one_sheet_are_that_sheet() -> None:
    def numbered(index: int, number: str) -> Page:
        page = scanned_page(index, clauses(number))
        corner = Corner(text=number, box=Box(0.9, 0.02, 0.95, 0.04), confidence=0.99, fresh=True)
        return page.model_copy(update={"reading": page.reading.model_copy(update={"corners": (corner,)})})

    assert find_repeats([numbered(61, "0061"), numbered(62, "0061")]) == ((61, 62),)
    assert find_repeats([numbered(61, "0061"), numbered(62, "0062")]) == ()
    # a form's own numbers are small, and far from the page's place in the binder
    for number in ("3", "17"):
        assert find_repeats([numbered(61, number), numbered(90, number)]) == ()


def test_two_copies_of_one_contract_signed_and_sealed_apart_are_no_repeat() -> None:
    pages = [scanned_page(1, ZHANG, signed(ZHANG, 1)), scanned_page(2, ZHANG, signed(ZHANG, 2, (72, 209), 25))]
    assert find_repeats(pages) == ()


def test_the_same_unread_form_with_another_signature_is_no_repeat() -> None:
    texts = contract("", "", "7")[:-4] + ZHANG[-2:]
    pages = [scanned_page(n, texts, signed(texts, n)) for n in (1, 2)]
    assert find_repeats(pages) == ()


def test_one_signed_page_without_any_number_scanned_twice_is_found_by_seal_and_hand() -> None:
    texts = contract("", "", "7")[:-4] + ZHANG[-2:]
    pages = [scanned_page(n, texts, signed(texts, 1), skew=0.8 * n) for n in (1, 2)]
    assert find_repeats(pages) == ((1, 2),)


def payroll(month: str, number: str) -> list[Text]:
    rows: list[Text] = [(60.0, 20.0, f"文水县晋丰食品有限公司{month}工资发放表", 16.0)]
    for n in range(12):
        cells = (f"{n + 1}", f"王小{'一二三四五六七八九十百千'[n]}", "26", f"{3000 + 10 * n}", f"{3200 + 10 * n}")
        rows += [(20.0 + 35 * k, 40.0 + 9 * n, cell, 11.0) for k, cell in enumerate(cells)]
    return [*rows, (190.0, 8.0, number, 11.0)]


def test_a_payroll_copied_behind_several_trainees_is_one_group() -> None:
    pages = [scanned_page(n, payroll("2023年9月", str(n)), skew=0.4 * n) for n in (3, 6, 8)]
    assert find_repeats(pages) == ((3, 6, 8),)


@pytest.mark.parametrize("form", ["2023年{}月", "2023.0{}", "2023-0{}", "2023/{}"])
def test_payrolls_of_two_months_are_no_repeat_though_only_one_digit_differs(form: str) -> None:
    pages = [scanned_page(n, payroll(form.format(n), str(n))) for n in (8, 9)]
    assert find_repeats(pages) == ()


def test_blank_pages_are_never_repeats() -> None:
    page = scanned_page(1, payroll("2023年9月", "1"))
    blank = page.model_copy(update={"reading": page.reading.model_copy(update={"flags": frozenset({"blank"})})})
    assert find_repeats([blank, blank.model_copy(update={"index": 2})]) == ()
