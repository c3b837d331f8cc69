"""What the bench calls an error of reading."""

from __future__ import annotations

import pytest

from sample_archives.bench.accuracy import character_errors, id_numbers

NAME, NUMBER = "姓名：张晓丽", "身份证号码：141121198503120035"


def test_the_order_and_the_cutting_of_lines_are_no_errors() -> None:
    assert character_errors([NAME, NUMBER], ["身份证号码", "141121198503120035 姓名:张晓丽"]) == (0, 28)


@pytest.mark.parametrize(
    ("read", "errors"),
    [
        ([NAME, "身份证号码：141121198503120036"], 1),
        ([NAME], 23),
        ([NAME, NUMBER, "盖章"], 2),
        (["姓名：张晓", NUMBER], 1),
        ([], 28),
    ],
)
def test_wrong_missing_and_invented_characters_count(read: list[str], errors: int) -> None:
    assert character_errors([NAME, NUMBER], read) == (errors, 28)


def test_punctuation_blanks_and_widths_do_not_count() -> None:
    assert character_errors(["合计：１２ 人。"], ["合 计:12人"]) == (0, 5)


def test_an_id_number_is_exact_to_the_last_digit_and_as_often_as_it_stands() -> None:
    read = ["号码 141121198503120035", "141121198503120036"]
    assert id_numbers([NUMBER, NUMBER], read) == (1, 2, 1)
    assert id_numbers([NUMBER], read) == (1, 1, 0)
    assert id_numbers(["11010519491231002x"], ["11010519491231002X"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("read", "digits"),
    [
        (["14112119850312003", "5"], 1), (["141721198503120036"], 2), (["13900001234"], 18), ([], 18),
    ],
)
def test_digits_of_id_numbers_that_are_not_exact_are_counted_against_the_nearest_figures(
    read: list[str], digits: int
) -> None:
    assert id_numbers([NUMBER], read) == (0, 1, digits)
