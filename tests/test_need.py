"""What of a page can wait, and that what is judged does not hang on whether it was read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from archive_verify.model import Line
from archive_verify.ocr.base import Engine
from archive_verify.ocr.crops import quad_of
from archive_verify.ocr.paddle import load_engine
from archive_verify.ocr.weights import find_weights
from archive_verify.raster import SheetImage
from archive_verify.reading import Reader
from archive_verify.reading.need import can_wait, part, read_waiting, text_of
from archive_verify.reading.sheet import read_page
from archive_verify.settings import Settings
from tests.drawn import draw_page
from tests.factories import line, text_page

QUESTIONS = [
    "上岗前应当接受安全教育和岗位培训", "操作时可以不按规程进行以提高效率为先", "工具设备使用完毕应及时清洁归位",
    "发现设备异常应当立即停机并且报告", "从业人员不需要保持个人的卫生习惯", "原材料应当分类存放并且先进先出",
    "用电设备潮湿时可以直接用手触摸开关", "职业道德是从业人员应遵循的行为规范", "劳动者依法享有休息休假的各项权利",
]
PAPER = [
    (70.0, 20.0, "结业考试试卷", 20.0), (25.0, 36.0, "姓名：张晓丽", 12.0), (90.0, 36.0, "准考证号：202308", 12.0),
    (150.0, 36.0, "得分：86", 12.0), (25.0, 50.0, "一、判断题（每题5分，共45分）", 13.0),
    *((25.0, 62.0 + 14 * place, f"{place + 1}. {text}。（√）", 12.0) for place, text in enumerate(QUESTIONS)),
    (120.0, 275.0, "考生签名：张晓丽", 12.0),
]


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    settings = Settings(cache_dir=tmp_path_factory.mktemp("cache"))
    return load_engine(settings, find_weights(settings))


def typed(*texts: str) -> list[Line]:
    return list(text_page("", *texts).reading.lines)


def test_the_questions_of_an_examination_wait_and_its_head_and_foot_do_not(engine: Engine) -> None:
    sheet = SheetImage(pixels=draw_page(PAPER), dpi=200)
    reading = read_page(sheet, engine)
    read = "".join(one.text for one in reading.lines)
    assert reading.waits
    assert all(part in read for part in ("张晓丽", "202308", "86", "考生签名"))
    assert len(reading.waiting) >= 5
    full = read_waiting(sheet.pixels, reading, engine)
    whole = "".join(one.text for one in text_of(full))
    assert all(question in whole for question in QUESTIONS)
    assert full.model_copy(update={"waiting": reading.waiting}) == reading


def test_what_was_read_late_stands_where_it_stands_on_the_page(engine: Engine) -> None:
    sheet = SheetImage(pixels=draw_page(PAPER), dpi=200)
    told = [one.text for one in text_of(read_waiting(sheet.pixels, read_page(sheet, engine), engine))]
    places = [next(number for number, text in enumerate(told) if question in text) for question in QUESTIONS]
    assert places == sorted(places)
    assert "结业考试试卷" in told[0]
    assert "考生签名" in told[-1]


def test_clauses_of_a_contract_never_wait(engine: Engine) -> None:
    clauses = [
        (70.0, 20.0, "劳动合同书", 20.0), (25.0, 36.0, "甲方：文水县鑫源食品有限公司", 12.0),
        *((25.0, 62.0 + 14 * place, f"{place + 1}. {text}。", 12.0) for place, text in enumerate(QUESTIONS)),
    ]
    assert not read_page(SheetImage(pixels=draw_page(clauses), dpi=200), engine).waiting


@pytest.mark.parametrize(
    ("texts", "waits"),
    [
        (("结业考试试卷", "一、选择题(每题2分)", "1.上岗前应先检查(  )。", "A.电源 B.颜色", "姓名：张三"), True),
        (("姓名：张三", "3.劳动合同应当以书面形式订立。(×)", "A.110 B.119 C.120 D.122", "二、判断题"), True),
        (("教学日志", "2023年8月3日", "应到30人", "实到29人", "授课内容"), True),
        (("教学日志", "2023年8月3日", "应到30人", "授课内容"), False),
        (("劳动合同书", "1.甲方的权利和义务", "2.乙方的权利和义务", "一、选择题(  )A.甲 B.乙 C.丙 D.丁"), False),
        (("成绩汇总表", "1 张三 85", "2 李四 90"), False),
        (("开班申请报告", "1.培训人数为三十人，按计划进行", "2.培训时间为十五天，每天八学时"), False),
    ],
)
def test_only_examinations_and_logs_with_all_that_rules_ask_can_wait(texts: tuple[str, ...], waits: bool) -> None:
    assert can_wait(typed(*texts)) is waits


def test_an_unsure_reading_lets_nothing_wait() -> None:
    texts = ("结业考试试卷", "一、选择题(每题2分)", "1.上岗前应先检查(  )。", "A.电源 B.颜色")
    assert not can_wait([one.model_copy(update={"confidence": 0.7}) for one in typed(*texts)])


def test_short_entries_the_head_and_the_foot_are_read_at_once() -> None:
    long = [line("操" * 30, 0.1, 0.05 + 0.045 * place) for place in range(21)]
    short = [line("张三", 0.8, 0.3 + 0.1 * place) for place in range(5)]
    quads = [quad_of(one.box, 1654, 2339) for one in (*long, *short)]
    now, probes, waiting = part(quads, 2339)
    assert sorted([*now, *probes, *waiting]) == list(range(26))
    assert {21, 22, 23, 24, 25} <= set(now)
    assert all(0.24 <= long[index].box.centre[1] <= 0.9 for index in (*probes, *waiting))
    assert len(probes) * 3 <= len(waiting) + 3


def test_a_reader_reads_what_waits_later_and_reads_it_once(tmp_path: Path) -> None:
    import cv2

    from archive_verify.intake import open_binder

    settings = Settings(cache_dir=tmp_path / "cache", workers=1)
    cv2.imwrite(str(tmp_path / "1.png"), np.asarray(draw_page(PAPER)))
    binder = open_binder([tmp_path / "1.png"], settings, tmp_path)
    with Reader(settings) as reader:
        (first,) = reader.read(binder)
        (full,) = reader.read_full(binder)
    assert first.reading.waits
    assert not full.reading.waits
    whole = settings.model_copy(update={"full_text": True})
    with Reader(whole) as reader:
        assert reader.read(binder) == (full,)
        assert reader.worker_count == 0
    with Reader(whole.model_copy(update={"cache_dir": tmp_path / "other"})) as reader:
        assert reader.read(binder) == (full,)
