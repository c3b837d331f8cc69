"""One best reading of a binder's page numbers."""

from __future__ import annotations

import pytest

from archive_verify.edge_numbers import position_of, written_number
from archive_verify.model import Numbering, Page
from archive_verify.page_number import number_pages
from tests.factories import line
from tests.numbered_binders import binder, corner, lattice, numbered, random_binder


def values(numbering: Numbering) -> dict[int, int]:
    return {index: number.value for index, number in numbering.numbers.items()}


def plain(count: int, first: int = 1) -> list[str]:
    return [str(n) for n in range(first, first + count)]


def test_a_clean_binder_is_numbered_from_its_top_right_corners() -> None:
    numbering = number_pages(binder(*plain(30)))
    assert values(numbering) == {n: n for n in range(1, 31)}
    assert {number.position for number in numbering.numbers.values()} == {"top_right"}
    assert numbering.out_of_place == numbering.unread == numbering.starts == ()
    assert min(number.confidence for number in numbering.numbers.values()) > 0.9


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("0012", 12), ("第12页", 12), ("第 12 页", 12), ("- 12 -", 12), ("—12—", 12), ("(12)", 12),
        ("第.12 页", 12), ("第12·页", 12), ("第12页.", 12), ("·第12页", 12), ("01.2", 12), ("00.12", 12),
        ("⑫", 12), ("１２", 12), ("P.12", 12), ("No.0012", 12), ("12.", 12), ("第十二页", 12), ("l2", 12),
        ("1O5", 105), ("第一百零五页", 105), ("12/80", 12), ("12/80.", 12), ("第12页 共80页", 12),
        ("共80页 第12页", 12),
        ("第l2页", 12), ("第12员", 12), ("一12一", 12), ("12页", 12), ("第二", None), ("第8期", None),
        ("2023.6.5", None), ("2023-06", None), ("12元", None), ("3.5", None), ("姓名", None), ("", None),
        ("第12期", None), ("123456", None), ("12月", None),
    ],
)
def test_only_a_line_that_is_wholly_a_number_is_a_page_number(text: str, value: int | None) -> None:
    written = written_number(text)
    assert (written.value if written else None) == value


def test_a_gap_stays_a_gap() -> None:
    numbering = number_pages(binder(*plain(16), *plain(14, 20)))
    assert values(numbering)[16] == 16 and values(numbering)[17] == 20
    assert numbering.out_of_place == ()


def test_two_pages_with_one_number_both_keep_it() -> None:
    numbering = number_pages(binder(*plain(12), "12", *plain(15, 13)))
    assert values(numbering)[12] == values(numbering)[13] == 12
    assert numbering.out_of_place == ()


def test_a_wrong_number_in_the_right_place_is_a_duplicate_and_not_out_of_place() -> None:
    numbering = number_pages(binder(*plain(15), "16", "16", *plain(12, 18)))
    assert values(numbering)[17] == 16
    assert numbering.out_of_place == ()


def test_neighbours_that_changed_places_are_both_out_of_place() -> None:
    numbering = number_pages(binder(*plain(12), "14", "13", *plain(12, 15)))
    assert values(numbering)[13] == 14 and values(numbering)[14] == 13
    assert numbering.out_of_place == (13, 14)


def test_a_page_bound_far_away_is_the_one_out_of_place() -> None:
    texts = plain(40)
    texts.insert(30, texts.pop(8))
    numbering = number_pages(binder(*texts))
    assert values(numbering)[31] == 9
    assert numbering.out_of_place == (31,)


def test_a_number_that_nobody_saw_is_not_invented_and_uses_up_its_place() -> None:
    numbering = number_pages(binder(*plain(10), "", "12", "", "", *plain(10, 15)))
    assert not {11, 13, 14} & values(numbering).keys()
    assert values(numbering)[15] == 15
    assert numbering.unread == ()


def test_a_forms_own_footer_is_no_archive_number_even_where_the_number_is_missing() -> None:
    pages = []
    for index in range(1, 41):
        own = (index - 1) % 7 + 1
        footers = [corner(f"第{own}页 共7页", 0.5, 0.96), corner(str(own), 0.5, 0.93, fresh=False)]
        pages.append(numbered(index, *([] if index in (3, 20) else [str(index)]), *footers))
    expected = {n: n for n in range(1, 41) if n not in (3, 20)}
    assert values(number_pages(pages)) == expected


def test_a_number_with_the_binders_own_total_counts_wherever_it_stands() -> None:
    pages = [numbered(n, f"{n}/30") for n in range(1, 31)]
    pages[18] = numbered(19, corner("19/30", 0.93, 0.96))
    pages[24] = numbered(25, corner("2/6", 0.5, 0.96))
    numbering = number_pages(pages)
    assert values(numbering) == {n: n for n in range(1, 31) if n != 25}
    assert numbering.numbers[19].position == "bottom_right"


def test_a_binder_with_nothing_but_form_footers_carries_no_archive_numbers() -> None:
    pages = [numbered(i, corner(str((i - 1) % 7 + 1), 0.5, 0.95)) for i in range(1, 57)]
    assert number_pages(pages).numbers == {}


def test_a_year_in_the_corner_does_not_win() -> None:
    pages = binder(*plain(30))
    pages[9] = numbered(10, corner("2023", 0.93, 0.035))
    pages[19] = numbered(20, "20", corner("2023", 0.8, 0.06))
    found = values(number_pages(pages))
    assert 10 not in found and found[20] == 20


def test_a_number_elsewhere_on_one_page_is_found_with_its_position() -> None:
    pages = binder(*plain(30))
    pages[11] = numbered(12, corner("12", 0.5, 0.96))
    pages[17] = numbered(18, corner("18", 0.07, 0.04))
    numbering = number_pages(pages)
    assert numbering.numbers[12].position == "bottom_center"
    assert numbering.numbers[18].position == "top_left"


def test_a_whole_binder_numbered_at_the_foot_keeps_its_numbers() -> None:
    pages = [numbered(i, corner(f"- {i} -", 0.5, 0.96)) for i in range(1, 31)]
    numbering = number_pages(pages)
    assert values(numbering) == {n: n for n in range(1, 31)}
    assert numbering.numbers[5].position == "bottom_center"


def test_a_seven_read_as_a_one_is_seen_through_its_lattice() -> None:
    pages = binder(*plain(30))
    pages[16] = numbered(17, corner("11", confidence=0.99, seen=lattice("11", {1: ("7", 0.008)})))
    number = number_pages(pages).numbers[17]
    assert number.value == 17
    assert number.confidence < 0.9


def test_a_clear_other_number_is_not_corrected_to_the_expected_one() -> None:
    pages = binder(*plain(30))
    pages[16] = numbered(17, corner("24", seen=lattice("24", {0: ("", 1e-6), 1: ("", 1e-6)})))
    assert values(number_pages(pages))[17] == 24


def test_exact_characters_are_never_corrected() -> None:
    pages = [numbered(i, str(i), text_source="text_layer") for i in range(1, 31)]
    pages[16] = numbered(17, corner("11", seen=lattice("11", {1: ("7", 0.4)})), text_source="text_layer")
    assert values(number_pages(pages))[17] == 11


def test_blank_pages_neither_carry_nor_use_a_number() -> None:
    pages = binder(*plain(10), "", *plain(10, 11))
    pages[10] = numbered(11, flags=("blank",))
    found = values(number_pages(pages))
    assert 11 not in found and found[12] == 11


def test_each_volume_may_number_its_pages_anew() -> None:
    pages = [numbered(i, str(i)) for i in range(1, 21)]
    pages += [numbered(20 + i, str(i), file=1) for i in range(1, 16)]
    numbering = number_pages(pages)
    assert values(numbering)[21] == 1 and values(numbering)[35] == 15
    assert numbering.starts == (21,)
    assert numbering.out_of_place == ()


def test_a_volume_that_begins_with_an_unnumbered_cover_starts_at_the_cover() -> None:
    pages = [numbered(i, str(i)) for i in range(1, 21)]
    pages += [numbered(21, file=1), *(numbered(21 + i, str(i), file=1) for i in range(1, 16))]
    numbering = number_pages(pages)
    assert numbering.starts == (21,)
    assert 21 not in numbering.numbers and values(numbering)[22] == 1


def test_volumes_inside_one_file_are_found() -> None:
    numbering = number_pages(binder(*plain(25), *plain(20), *plain(18)))
    assert numbering.starts == (26, 46)


def test_volumes_numbered_on_have_no_new_start() -> None:
    pages = [numbered(i, str(i), file=0 if i <= 20 else 1) for i in range(1, 41)]
    assert number_pages(pages).starts == ()


def test_first_pages_bound_at_the_end_are_out_of_place_and_no_volume() -> None:
    numbering = number_pages(binder(*plain(27, 4), "1", "2", "3"))
    assert numbering.starts == ()
    assert numbering.out_of_place == (28, 29, 30)


def test_a_second_part_of_a_longer_archive_may_begin_anywhere() -> None:
    assert values(number_pages(binder(*plain(20, 301))))[1] == 301


def test_an_unnumbered_cover_does_not_disturb_what_follows() -> None:
    assert values(number_pages(binder("", "", *plain(20)))) == {n + 2: n for n in range(1, 21)}


def test_something_illegible_in_the_corner_is_unread_and_not_missing() -> None:
    pages = binder(*plain(20))
    pages[7] = numbered(8, corner("8§", confidence=0.3, seen=lattice("x§")))
    pages[11] = numbered(12, flags=("illegible",))
    assert number_pages(pages).unread == (8, 12)


def test_a_landscape_form_bound_sideways_is_numbered_top_right_of_the_sheet() -> None:
    pages = binder(*plain(20))
    sideways = corner("9", 0.035, 0.07, turn=90)
    pages[8] = numbered(9, sideways, width=2339, height=1654, rotation=270)
    number = number_pages(pages).numbers[9]
    assert (number.value, number.position) == (9, "top_right")
    assert number.box == sideways.box


def test_lines_of_the_full_page_serve_where_no_corner_was_read() -> None:
    def with_line(index: int) -> Page:
        return numbered(index, lines=(line(str(index), 0.92, 0.04), line("12", 0.5, 0.5)))

    assert values(number_pages([with_line(i) for i in range(1, 21)])) == {n: n for n in range(1, 21)}


def test_no_pages_give_no_numbers() -> None:
    assert number_pages([]) == Numbering()


def test_corners_have_names() -> None:
    places = [(0.1, 0.05), (0.5, 0.05), (0.9, 0.05), (0.1, 0.95), (0.5, 0.95), (0.9, 0.95), (0.5, 0.5)]
    assert [position_of(place) for place in places] == [
        "top_left", "top_center", "top_right", "bottom_left", "bottom_center", "bottom_right", "other",
    ]


def test_noisy_binders_are_read_nearly_without_error_and_nothing_is_invented() -> None:
    pages = right = invented = 0
    for seed in range(1000, 1025):
        truth = random_binder(seed)
        found = values(number_pages(truth.pages))
        pages += len(truth.pages)
        right += sum(truth.numbers.get(page.index) == found.get(page.index) for page in truth.pages)
        invented += len(found.keys() - truth.numbers.keys())
    assert right / pages > 0.994
    assert invented == 0
