"""Text flow, labels, grids, tables and ink on hand-made pages."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest

from archive_verify.layout import (
    find_grids,
    find_slots,
    flow_of,
    ink_in,
    piece,
    read_table,
    rows_of,
    unread_or_blank,
    written_in,
)
from archive_verify.layout.grid import split_at
from archive_verify.model import Box, InkMap, Line, Ruling
from tests.factories import line, page, ruled_page, table_page

LABELS = {"name": ("姓名",), "sex": ("性别",), "id": ("身份证号码?",), "phone": ("联系电话",)}


def slots(*texts: str) -> dict[str, str]:
    sheet = page([line(text, 0.1, 0.2 + 0.03 * number) for number, text in enumerate(texts)])
    return {slot.name: slot.text for slot in find_slots(flow_of([sheet]), LABELS)}


def test_one_line_with_several_labels_falls_into_pairs() -> None:
    assert slots("姓名：张三　性别：男　身份证号：141121198503120035") == {
        "name": "张三", "sex": "男", "id": "141121198503120035",
    }
    assert slots("姓名:张三性别:男") == {"name": "张三", "sex": "男"}


def test_letters_of_a_label_may_stand_apart() -> None:
    assert slots("姓  名：张三", "联 系 电 话：13834567890") == {"name": "张三", "phone": "13834567890"}


def test_a_word_of_a_sentence_is_no_label() -> None:
    assert slots("请填写姓名后交回，性别不限") == {}


def test_a_value_may_stand_beside_or_below_its_label() -> None:
    beside = page([line("姓名", 0.1, 0.2), line("张三", 0.3, 0.203)])
    below = page([line("姓名：", 0.1, 0.2), line("张三", 0.2, 0.216)])
    for sheet in (beside, below):
        assert [slot.text for slot in find_slots(flow_of([sheet]), LABELS)] == ["张三"]


def test_a_fill_inside_the_printed_line_is_set_in_at_its_place() -> None:
    printed = line("甲方____年__月__日", 0.1, 0.2, width=0.5)
    fill = line("2023", 0.2, 0.196, width=0.08)
    assert flow_of([page([printed, fill])]).text.replace(" ", "").replace("_", "") == "甲方2023年月日"


def test_a_reading_points_at_its_part_of_the_line() -> None:
    sheet = page([line("姓名：张三 性别：男", 0.1, 0.2, width=0.5)])
    flow = flow_of([sheet])
    slot = next(one for one in find_slots(flow, LABELS) if one.name == "name")
    reading = flow.reading(slot.start, slot.end, slot.text)
    assert 0.2 < reading.box.x0 < reading.box.x1 < 0.4


def test_a_reading_carries_the_lattice_of_its_part() -> None:
    text = "姓名：张三"
    lattice = tuple(step for char in text for step in (((char, -0.1), ("", -3.0)), (("", -0.1),)))
    sheet = page([Line(text=text, box=Box(0.1, 0.2, 0.4, 0.22), confidence=0.9, lattice=lattice)])
    flow = flow_of([sheet])
    reading = flow.reading(3, 5, "张三")
    assert reading.lattice is not None
    assert [step[0][0] for step in reading.lattice if step[0][0]] == ["张", "三"]


def test_rows_stay_together_on_a_slightly_sloping_page() -> None:
    pieces = [piece(line("甲", 0.1 + 0.1 * n, 0.2 + 0.0012 * n)) for n in range(8)]
    below = [piece(line("乙", 0.1 + 0.1 * n, 0.222 + 0.0012 * n)) for n in range(8)]
    assert [len(row) for row in rows_of([*below, *pieces])] == [8, 8]


def test_a_cell_of_two_lines_stands_beside_its_label() -> None:
    sheet = ruled_page("", ("住址", "山西省文水县", "电话", "13834567890"), [("a", "b", "c", "d")])
    extra = next(one for one in sheet.reading.lines if one.text == "山西省文水县")
    moved = [one for one in sheet.reading.lines if one is not extra]
    up = extra.model_copy(update={"box": Box(extra.box.x0, 0.121, extra.box.x1, 0.133)})
    down = extra.model_copy(update={"text": "凤城镇", "box": Box(extra.box.x0, 0.137, extra.box.x1, 0.149)})
    flow = flow_of([page([*moved, up, down], rulings=sheet.reading.rulings)])
    assert flow.text.split("\n")[0].split("\t")[0] == "住址"
    assert "山西省文水县" in flow.text.split("\n")[0]
    assert "凤城镇" in flow.text.split("\n")[0]


def test_merged_and_broken_rulings_still_give_cells() -> None:
    sheet = ruled_page("", ("a", "b", "c"), [("1", "2", "3"), ("4", "5", "6")], merged=((0, 0, 0, 1),))
    grid = find_grids(sheet.reading.rulings)[0]
    assert len(grid.cells) == 8
    broken = [one for number, one in enumerate(sheet.reading.rulings) if number != 4]
    assert len(find_grids(broken)[0].xs) == len(grid.xs)


def test_text_that_runs_over_a_ruling_is_cut_there() -> None:
    parts = split_at(piece(line("张三141121", 0.1, 0.2, width=0.2)), [0.16])
    assert [part.text for part in parts] == ["张三", "141121"]


HEADER = ("序号", "姓名", "工资")


def key(title: str) -> bool:
    return title == "姓名"


@pytest.mark.parametrize("build", [ruled_page, table_page])
def test_a_table_is_read_with_and_without_rulings(build: object) -> None:
    assert callable(build)
    table = read_table(build("工资表", HEADER, [("1", "张三", "3000"), ("2", "李四", "2900")]), key)
    assert table is not None
    assert table.header == HEADER
    assert [[cell.text for cell in row] for row in table.rows] == [["1", "张三", "3000"], ["2", "李四", "2900"]]
    assert table.key == 1


def test_a_page_without_the_key_has_no_table() -> None:
    assert read_table(table_page("课程表", ("日期", "上午", "下午"), [("6月5日", "理论", "实操")]), key) is None


def test_a_row_without_a_ruling_below_it_is_cut_by_its_names() -> None:
    body = [(str(n), f"张{name}", "3000") for n, name in enumerate("一二三四五", 1)]
    sheet = ruled_page("", HEADER, body)
    lost = sorted({round(one.box.y0, 4) for one in sheet.reading.rulings if one.horizontal})[3]
    rulings = tuple(one for one in sheet.reading.rulings if not one.horizontal or round(one.box.y0, 4) != lost)
    table = read_table(page(list(sheet.reading.lines), rulings=rulings), key)
    assert table is not None
    assert [row[1].text for row in table.rows] == ["张一", "张二", "张三", "张四", "张五"]


def ink_map(boxes: list[Box], rows: int = 192, cols: int = 136) -> InkMap:
    cells = np.zeros((rows, cols), np.uint8)
    for box in boxes:
        cells[round(box.y0 * rows) : round(box.y1 * rows), round(box.x0 * cols) : round(box.x1 * cols)] = 120
    packed = base64.b64encode(zlib.compress(cells.tobytes())).decode()
    return InkMap(rows=rows, cols=cols, dark=packed, red=base64.b64encode(zlib.compress(bytes(rows * cols))).decode())


def test_ink_is_told_from_an_underline() -> None:
    place = Box(0.3, 0.2, 0.6, 0.225)
    underline = Box(0.25, 0.219, 0.65, 0.2245)
    assert written_in(ink_map([underline]), place) is False
    assert written_in(ink_map([underline, Box(0.4, 0.2, 0.47, 0.215)]), place) is True
    assert written_in(None, place) is None
    assert ink_in(ink_map([]), place) == 0.0


def test_print_that_fills_a_box_from_side_to_side_is_no_underline() -> None:
    assert written_in(ink_map([Box(0.28, 0.205, 0.65, 0.222)]), Box(0.3, 0.2, 0.6, 0.225)) is True


def test_a_blank_behind_a_label_is_blank_and_ink_there_is_unread() -> None:
    lines = [line("姓名：", 0.1, 0.2)]
    for written, state in ((False, "blank"), (True, "unread")):
        boxes = [Box(0.2, 0.19, 0.3, 0.205)] if written else []
        flow = flow_of([page(lines, ink=ink_map(boxes))])
        slot = find_slots(flow, LABELS)[0]
        assert unread_or_blank(flow, slot).state == state


def test_a_ruled_row_with_ink_and_no_text_is_unread() -> None:
    sheet = ruled_page("", HEADER, [("1", "张三", "3000"), ("", "", ""), ("3", "李四", "3000")])
    boxes = [Box(0.15, 0.188, 0.3, 0.202), Box(0.5, 0.188, 0.6, 0.202)]
    inked = page(list(sheet.reading.lines), rulings=sheet.reading.rulings, ink=ink_map(boxes))
    table = read_table(inked, key)
    assert table is not None
    assert (len(table.rows), table.unread_rows) == (2, 1)


def test_a_frame_is_no_grid() -> None:
    frame = [
        Ruling(box=Box(0.05, y, 0.95, y + 0.001), horizontal=True) for y in (0.05, 0.95)
    ] + [Ruling(box=Box(x, 0.05, x + 0.001, 0.95), horizontal=False) for x in (0.05, 0.95)]
    assert find_grids(frame) == ()


def test_characters_stand_where_the_recogniser_saw_them() -> None:
    known = Line(text="自12", box=Box(0.1, 0.2, 0.5, 0.22), confidence=1.0, centres=(100, 800, 900))
    one = piece(known)
    assert one.edges == pytest.approx((0.1, 0.1 + 0.4 * (0.1 + 0.7 / 1.55), 0.1 + 0.4 * 0.85, 0.5))
    assert one.cut(1, 3).box.x0 > 0.3
    assert piece(known.model_copy(update={"centres": ()})).cut(1, 3).box.x0 < 0.3
