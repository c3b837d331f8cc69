"""Reading pages with the real engine: turns, skew, corners, text layers, second looks, whole binders."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from numpy.typing import NDArray
from pdfminer.cmapdb import CMapDB
from PIL import Image

from archive_verify.binder import Binder, open_binder
from archive_verify.lattice import score
from archive_verify.model import Box, PageReading
from archive_verify.ocr.base import Engine
from archive_verify.ocr.paddle import engine_fingerprint, load_engine
from archive_verify.ocr.weights import Weights, find_weights
from archive_verify.raster import SheetImage
from archive_verify.reading import Reader
from archive_verify.reading.again import look_again
from archive_verify.reading.sheet import read_page, read_sheet
from archive_verify.settings import Settings
from tests.drawn import draw_page

pytestmark = pytest.mark.ocr

FORM = [
    (188.0, 8.0, "37", 12.0), (75.0, 25.0, "劳动合同书", 22.0),
    (30.0, 50.0, "甲方（用人单位）：文水县鑫源食品有限公司", 12.0),
    (30.0, 62.0, "乙方（劳动者）：张晓丽", 12.0), (120.0, 62.0, "身份证号码：141121198503120035", 12.0),
    (30.0, 74.0, "合同期限自2023年9月1日起至2024年8月31日止。", 12.0),
]


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(cache_dir=tmp_path_factory.mktemp("cache"), workers=1)


@pytest.fixture(scope="session")
def weights(settings: Settings) -> Weights:
    return find_weights(settings)


@pytest.fixture(scope="session")
def engine(settings: Settings, weights: Weights) -> Engine:
    return load_engine(settings, weights)


def read(pixels: NDArray[np.uint8], engine: Engine, dpi: float = 200) -> PageReading:
    return read_page(SheetImage(pixels=np.ascontiguousarray(pixels), dpi=dpi), engine)


def texts(reading: PageReading) -> list[str]:
    return [line.text.replace("（", "(").replace("）", ")").replace("：", ":") for line in reading.lines]


def tilted(pixels: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    """Turned clockwise by the degrees, as a sheet lies askew on the glass."""
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    return cv2.warpAffine(pixels, matrix, (width, height), borderValue=(255, 255, 255)).astype(np.uint8)


@pytest.mark.parametrize("degrees", [0.35, -0.25])
def test_the_slight_tilt_of_a_black_and_white_table_of_short_words_is_found(engine: Engine, degrees: float) -> None:
    words = [(20.0 + 30 * column, 40.0 + 8 * row, "试卷", 11.0) for row in range(20) for column in range(6)]
    upright = draw_page([(85.0, 20.0, "目录", 20.0), *words])
    grey = tilted(upright, degrees).min(axis=2)
    two_tone = np.repeat(np.where(grey < 150, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
    assert read(two_tone, engine).skew_degrees == pytest.approx(degrees, abs=0.06)


def test_a_form_is_read_in_reading_order_with_boxes_where_the_text_stands(engine: Engine) -> None:
    reading = read(draw_page(FORM), engine)
    assert texts(reading) == [
        "37", "劳动合同书", "甲方(用人单位):文水县鑫源食品有限公司", "乙方(劳动者):张晓丽",
        "身份证号码:141121198503120035", "合同期限自2023年9月1日起至2024年8月31日止。",
    ]
    box = reading.lines[3].box
    assert box.x0 == pytest.approx(30 / 210, abs=0.01)
    assert box.y0 < 64.5 / 297 < box.y1
    assert (reading.rotation, reading.text_source, reading.flags) == (0, "ocr", frozenset())


def test_short_lines_keep_a_lattice_that_fits_their_text(engine: Engine) -> None:
    line = next(line for line in read(draw_page(FORM), engine).lines if "身份证" in line.text)
    assert line.lattice is not None
    assert score(line.lattice, line.text) == pytest.approx(0, abs=0.5)
    assert score(line.lattice, line.text[:-1] + "6") < -5


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_set_upright(engine: Engine, turn: int) -> None:
    reading = read(np.rot90(draw_page(FORM), k=turn // 90), engine)
    assert (reading.rotation, reading.flags) == (turn, frozenset({"rotated"}))
    assert "劳动合同书" in texts(reading)
    assert any(corner.text == "37" and corner.fresh for corner in reading.corners)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_of_few_words_is_set_upright(engine: Engine, turn: int) -> None:
    page = draw_page([(60, 120, "理论课现场", 16), (188, 9, "109", 12)])
    assert read(np.rot90(page, k=turn // 90), engine).rotation == turn


def test_a_page_is_read_alike_whatever_the_engine_read_before_it(engine: Engine) -> None:
    page = draw_page(FORM)
    other = draw_page([(20.0, 15.0 * row, f"第{row}行 文水县 {row * 137}", 14.0) for row in range(1, 18)])
    alone = read(page, engine)
    for company in (other, np.rot90(other), draw_page([]), other[: len(other) // 2]):
        read(company, engine)
        assert read(page, engine) == alone


def test_a_page_that_lies_askew_is_levelled(engine: Engine) -> None:
    reading = read(tilted(draw_page(FORM), 2.0), engine)
    assert reading.skew_degrees == pytest.approx(2.0, abs=0.3)
    name, number = (line.box for line in reading.lines[3:5])
    assert name.centre[1] == pytest.approx(number.centre[1], abs=0.003)


def test_an_empty_page_is_blank(engine: Engine) -> None:
    reading = read(draw_page([]), engine)
    assert (reading.flags, reading.lines, reading.text_source) == (frozenset({"blank"}), (), "none")


@pytest.mark.parametrize("number", ["7", "1", "0012", "第8页"])
def test_a_small_number_alone_in_the_corner_is_found(engine: Engine, number: str) -> None:
    reading = read(draw_page([(192, 7, number, 9), (60, 60, "学员考勤表", 20)]), engine)
    fresh = [corner for corner in reading.corners if corner.fresh]
    assert [corner.text for corner in fresh] == [number]
    assert fresh[0].box.x0 > 0.85 and fresh[0].box.y1 < 0.08
    assert fresh[0].lattice is not None


def test_the_number_of_a_landscape_form_bound_sideways_is_found_in_the_sheets_corner(engine: Engine) -> None:
    lines = [(90, 20, "2023年9月工资表", 18), (20, 40, "单位：文水县鑫源食品有限公司", 12)]
    form = draw_page(lines, size_mm=(297, 210))
    sheet = np.minimum(np.rot90(form), draw_page([(190, 7, "45", 14)]))
    reading = read(sheet, engine)
    assert reading.rotation == 90
    (number,) = [corner for corner in reading.corners if corner.turn]
    assert (number.text, number.turn) == ("45", 270)
    # The sheet's top right corner lies bottom right of the upright form.
    assert number.box.x0 > 0.85 and number.box.y0 > 0.85


def test_a_blurred_page_is_illegible(engine: Engine) -> None:
    text = "甲方应当按照国家规定提供符合劳动安全卫生标准的工作场所"
    page = draw_page([(25, 30 + 8 * n, text, 10) for n in range(20)])
    blurred = cv2.GaussianBlur(page, (0, 0), 8).astype(np.uint8)
    assert "illegible" in read(blurred, engine).flags


def test_a_page_faded_but_for_the_number_set_on_it_is_illegible(engine: Engine) -> None:
    text = "甲方应当按照国家规定提供符合劳动安全卫生标准的工作场所"
    page = draw_page([(25, 30 + 8 * n, text, 10) for n in range(20)])
    pale = 245 - 0.12 * (255 - cv2.GaussianBlur(page, (0, 0), 4).astype(np.float32))
    rng = np.random.default_rng(1)
    faded = np.clip(pale + rng.normal(0, 2, page.shape), 0, 255).astype(np.uint8)
    numbered = np.minimum(faded, draw_page([(180, 10, "第37页", 12)]))
    assert "illegible" in read(numbered, engine).flags
    empty = np.clip(245 + rng.normal(0, 2, page.shape), 0, 255).astype(np.uint8)
    assert "illegible" not in read(np.minimum(empty, draw_page([(180, 10, "第37页", 12)])), engine).flags


def test_faint_writing_on_a_page_gone_grey_is_illegible_and_not_blank(engine: Engine) -> None:
    text = "甲方应当按照国家规定提供符合劳动安全卫生标准的工作场所"
    page = draw_page([(25, 30 + 8 * n, text, 10) for n in range(25)])
    soft = cv2.GaussianBlur(page, (0, 0), 4).astype(np.float32)
    noise = np.random.default_rng(2).normal(0, 2, page.shape)
    assert read(np.clip(157 - 0.05 * (255 - soft) + noise, 0, 255).astype(np.uint8), engine).flags == {"illegible"}
    assert read(np.clip(157 + noise, 0, 255).astype(np.uint8), engine).flags == {"blank"}


# --- text layers -----------------------------------------------------------------------------------


def written(path: Path, lines: list[tuple[float, float, str, float]], *, scan: NDArray[np.uint8] | None = None) -> Path:
    """A PDF page (A4, places in points) with a Chinese text layer, hidden over a `scan` if given."""
    pdf = pikepdf.new()
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor, FontName=pikepdf.Name("/STSong-Light"), Flags=6,
        FontBBox=[-25, -254, 1000, 880], ItalicAngle=0, Ascent=880, Descent=-120, CapHeight=880, StemV=93,
    )
    face = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.CIDFontType0, BaseFont=pikepdf.Name("/STSong-Light"), DW=1000,
        CIDSystemInfo=pikepdf.Dictionary(
            Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("GB1"), Supplement=2
        ),
        FontDescriptor=descriptor,
    )
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0, BaseFont=pikepdf.Name("/STSong-Light"),
        Encoding=pikepdf.Name("/UniGB-UCS2-H"), DescendantFonts=[face],
    )
    page = pdf.add_blank_page(page_size=(595, 842))
    resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    content = ""
    if scan is not None:
        coded = cv2.imencode(".jpg", scan)[1].tobytes()
        image = pikepdf.Stream(
            pdf, coded, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=scan.shape[1],
            Height=scan.shape[0], ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
        )
        resources.XObject = pikepdf.Dictionary(I=image)
        content = "q 595 0 0 842 0 0 cm /I Do Q\n"
    mode = 0 if scan is None else 3
    for x, y, text, size in lines:
        content += f"BT {mode} Tr /F {size} Tf 1 0 0 1 {x} {842 - y} Tm <{text.encode('utf-16-be').hex()}> Tj ET\n"
    page.obj.Resources = resources
    page.obj.Contents = pdf.make_stream(content.encode())
    pdf.save(path)
    return path


LAYER = [
    (200.0, 80.0, "文水县鑫源食品有限公司工资表", 18.0), (60.0, 120.0, "姓名：张晓丽", 12.0),
    (60.0, 150.0, "本月实发金额", 12.0),
]


def opened(path: Path, settings: Settings, tmp_path: Path) -> Binder:
    workspace = tmp_path / "workspace"
    workspace.mkdir(exist_ok=True)
    return open_binder([path], settings, workspace)


def test_a_born_digital_page_is_read_from_its_text_layer(engine: Engine, settings: Settings, tmp_path: Path) -> None:
    binder = opened(written(tmp_path / "born.pdf", LAYER), settings, tmp_path)
    (reading,) = read_sheet(binder.files[0], 1, settings, engine)
    assert reading.text_source == "text_layer"
    assert reading.halftone  # nothing that was drawn can have vanished
    assert [line.text for line in reading.lines] == [text for _, _, text, _ in LAYER]
    assert reading.lines[1].box.x0 == pytest.approx(60 / 595, abs=0.005)


def test_a_hidden_layer_that_differs_from_the_scan_is_not_believed(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    path = written(tmp_path / "scan.pdf", [(60, 150, "乱七八糟的隐藏文字", 12)], scan=draw_page(FORM))
    (reading,) = read_sheet(opened(path, settings, tmp_path).files[0], 1, settings, engine)
    assert reading.text_source == "ocr"
    assert "劳动合同书" in texts(reading)


def test_a_layer_whose_glyphs_mean_something_else_is_not_believed(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    path = written(tmp_path / "private.pdf", LAYER)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        whole = "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        shifted = "".join(f"<{ord(c):04x}> <{ord(c) + 7:04x}>\n" for _, _, text, _ in LAYER for c in text)
        table = f"begincmap {whole}20 beginbfchar\n{shifted}endbfchar endcmap"
        pdf.pages[0].obj.Resources.Font.F.ToUnicode = pdf.make_stream(table.encode())
        pdf.save(path)
    (reading,) = read_sheet(opened(path, settings, tmp_path).files[0], 1, settings, engine)
    assert reading.text_source == "ocr"
    assert "姓名:张晓丽" in texts(reading)


def test_radicals_that_stand_for_characters_are_read_as_the_characters(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    path = written(tmp_path / "browser.pdf", LAYER)
    radicals = {"文": "⽂", "水": "⽔", "食": "⾷", "金": "⾦"}
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        text = "".join(text for _, _, text, _ in LAYER)
        glyphs = CMapDB.get_cmap("UniGB-UCS2-H").decode(text.encode("utf-16-be"))
        meanings = "".join(
            f"<{glyph:04x}> <{ord(radicals.get(c, c)):04x}>\n" for glyph, c in zip(glyphs, text, strict=True)
        )
        pdf.pages[0].obj.Resources.Font.F.ToUnicode = pdf.make_stream(
            f"begincmap 20 beginbfchar\n{meanings}endbfchar endcmap".encode()
        )
        pdf.save(path)
    (reading,) = read_sheet(opened(path, settings, tmp_path).files[0], 1, settings, engine)
    assert reading.text_source == "text_layer"
    assert [line.text for line in reading.lines] == [text for _, _, text, _ in LAYER]



# --- second looks ----------------------------------------------------------------------------------


def test_a_value_under_a_red_seal_is_read_again_with_the_red_removed(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    page = draw_page(FORM)
    stamped = page.copy()
    cv2.circle(stamped, (620, 520), 120, (40, 40, 220), 12)
    cv2.putText(stamped, "SEAL", (540, 540), cv2.FONT_HERSHEY_SIMPLEX, 2.4, (40, 40, 220), 14)
    sealed = np.where(page < 128, page, stamped)
    path = tmp_path / "sealed.png"
    Image.fromarray(sealed[:, :, ::-1]).save(path, dpi=(200, 200))
    file = opened(path, settings, tmp_path).files[0]
    (reading,) = read_sheet(file, 1, settings, engine)
    asked = Box(30 / 210, 61 / 297, 100 / 210, 70 / 297)
    (lines,) = look_again(file, 1, reading, [asked], settings, engine)
    (line,) = lines
    assert line.text.endswith("张晓丽")
    assert lines[0].lattice is not None


def test_a_second_look_is_cut_to_the_asked_part_of_a_line(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "page.png"
    Image.fromarray(draw_page(FORM)).save(path, dpi=(200, 200))
    file = opened(path, settings, tmp_path).files[0]
    (reading,) = read_sheet(file, 1, settings, engine)
    line = reading.lines[4]
    start = line.box.x0 + line.box.width * 0.37
    (lines,) = look_again(file, 1, reading, [line.box._replace(x0=start)], settings, engine)
    assert [line.text for line in lines] == ["141121198503120035"]


# --- binders ---------------------------------------------------------------------------------------


@pytest.fixture
def binder(settings: Settings, tmp_path: Path) -> Iterator[Binder]:
    folder = tmp_path / "scans"
    folder.mkdir()
    for number in range(3):
        page = draw_page([(190, 8, str(number + 1), 12), *FORM[1:]])
        Image.fromarray(page).save(folder / f"{number + 1}.png", dpi=(200, 200))
    Image.fromarray(draw_page([])).save(folder / "4.png", dpi=(200, 200))
    yield opened(folder, settings, tmp_path)


def test_a_binder_is_read_alike_by_any_number_of_workers_and_then_from_the_cache(
    binder: Binder, settings: Settings, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    with Reader(settings.model_copy(update={"cache_megabytes": 0})) as reader:
        alone = reader.read(binder, lambda done, total: told.append((done, total)))
    fresh = settings.model_copy(update={"workers": 2, "cache_dir": tmp_path / "cache"})
    with Reader(fresh) as reader:
        assert reader.read(binder) == alone
        box = alone[0].reading.lines[1].box
        looks = reader.second_look(binder, alone, [(1, box), (3, box)])
        assert [[line.text for line in looks[index, box]] for index in (1, 3)] == [["劳动合同书"]] * 2
    with Reader(fresh) as reader:
        assert reader.read(binder) == alone
        assert reader.second_look(binder, alone, [(1, box), (3, box)]) == looks
        assert reader.worker_count == 0
    assert [page.index for page in alone] == [1, 2, 3, 4]
    assert [page.reading.lines[0].text for page in alone[:3]] == ["1", "2", "3"]
    assert alone[3].reading.flags == {"blank"}
    assert told[0] == (0, 4) and told[-1] == (4, 4)


def test_with_a_supplement_only_its_pages_are_read(binder: Binder, settings: Settings, tmp_path: Path) -> None:
    kept = settings.model_copy(update={"cache_dir": tmp_path / "cache"})
    with Reader(kept) as reader:
        known = reader.read(binder)
    supplement = tmp_path / "supplement.png"
    Image.fromarray(draw_page([(190, 8, "5", 12), *FORM[1:]])).save(supplement, dpi=(200, 200))
    volumes = open_binder([binder.files[0].path.parent, supplement], kept, tmp_path)
    told: list[tuple[int, int]] = []
    with Reader(kept) as reader:
        pages = reader.read(volumes, lambda done, _: told.append((done, reader.worker_count)))
    assert pages[:4] == known and pages[4].reading.lines[0].text == "5"
    # the first four are there before any worker is
    assert told == [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 1)]
    assert len(list((tmp_path / "cache" / "readings").glob("??/*.z"))) == 5


def test_workers_load_while_a_binder_is_opened_unless_its_files_were_read_before(
    binder: Binder, settings: Settings, tmp_path: Path
) -> None:
    kept = settings.model_copy(update={"cache_dir": tmp_path / "cache"})
    folder = binder.files[0].path.parent
    with Reader(kept) as reader:
        reader.make_ready([folder])
        assert reader.worker_count == 1
        reader.read(binder)
    with Reader(kept) as reader:
        reader.make_ready([folder])
        assert reader.worker_count == 0
        Image.fromarray(draw_page([])).save(folder / "5.png", dpi=(200, 200))
        reader.make_ready([folder])
        assert reader.worker_count == 1
    with Reader(kept) as reader:
        reader.make_ready([folder, tmp_path / "no such file.pdf"])
        assert reader.worker_count == 0


def test_a_sheet_that_cannot_be_read_becomes_a_failed_page(
    binder: Binder, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    binder.files[1].path.write_bytes(b"damaged after it was opened")
    with caplog.at_level(logging.WARNING), Reader(settings) as reader:
        pages = reader.read(binder)
    assert [page.reading.flags for page in pages] == [frozenset(), {"failed"}, frozenset(), {"blank"}]
    assert pages[1].reading.failure
    assert "2.png" in caplog.text


# --- engines -----------------------------------------------------------------------------------------


def test_both_engines_read_a_page_alike(settings: Settings, weights: Weights, engine: Engine) -> None:
    plain = load_engine(settings.model_copy(update={"engine": "paddle"}), weights)
    assert plain.name == "paddle"
    assert texts(read(draw_page(FORM), plain)) == texts(read(draw_page(FORM), engine))


def test_the_fingerprint_is_known_before_the_engine_is_loaded(
    settings: Settings, weights: Weights, engine: Engine
) -> None:
    assert engine_fingerprint(settings, weights) == engine.fingerprint


def test_other_detection_sizes_have_other_fingerprints(settings: Settings, weights: Weights) -> None:
    other = settings.model_copy(update={"detection_side": 960})
    assert engine_fingerprint(other, weights) != engine_fingerprint(settings, weights)


@pytest.mark.parametrize(("turn", "halves"), [
    (0, ["left", "right"]), (90, ["bottom", "top"]), (180, ["right", "left"]), (270, ["top", "bottom"]),
])
def test_facing_pages_come_in_reading_order_however_the_sheet_lay(
    engine: Engine, settings: Settings, tmp_path: Path, turn: int, halves: list[str]
) -> None:
    second = [(188.0, 8.0, "38", 12.0), (30.0, 30.0, "第三条 乙方同意在面点师岗位工作，按月领取工资。", 12.0)]
    sheet = np.concatenate([draw_page(FORM), draw_page(second)], axis=1)
    lying = np.ascontiguousarray(np.rot90(sheet, k=turn // 90))
    path = tmp_path / "a3.png"
    Image.fromarray(lying).save(path, dpi=(200, 200))
    (tmp_path / "workspace").mkdir()
    file = open_binder([path], settings, tmp_path / "workspace").files[0]
    pages = read_sheet(file, 1, settings, engine)
    assert [page.half for page in pages] == halves
    assert [page.rotation for page in pages] == [turn, turn]
    assert ["37" in texts(pages[0]), "38" in texts(pages[1])] == [True, True]
    name = next(line.box for line in pages[0].lines if "张晓丽" in line.text)
    (line,) = look_again(file, 1, pages[0], [name], settings, engine)[0]
    assert "张晓丽" in line.text


def test_an_empty_half_is_turned_and_ordered_with_its_neighbour(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    sheet = np.concatenate([draw_page([]), draw_page(FORM)], axis=1)
    path = tmp_path / "a3.png"
    Image.fromarray(np.ascontiguousarray(np.rot90(sheet, k=1))).save(path, dpi=(200, 200))
    (tmp_path / "workspace").mkdir()
    file = open_binder([path], settings, tmp_path / "workspace").files[0]
    first, second = read_sheet(file, 1, settings, engine)
    assert (first.flags, first.rotation, first.half) == (frozenset({"blank"}), 90, "bottom")
    assert (second.rotation, second.half) == (90, "top")
    assert first.width < first.height


def test_a_blurred_page_is_illegible_though_its_number_was_set_crisply_afterwards(engine: Engine) -> None:
    page = cv2.GaussianBlur(draw_page(FORM[1:]), (0, 0), 12)
    crisp = np.minimum(page, draw_page(FORM[:1])).astype(np.uint8)
    assert "illegible" in read(crisp, engine).flags


def test_a_page_smeared_to_streaks_is_illegible_with_and_without_a_crisp_number(engine: Engine) -> None:
    page = draw_page(FORM[1:])
    height, width = page.shape[:2]
    small = cv2.resize(page, (width, height // 60), interpolation=cv2.INTER_AREA)
    lost = cv2.resize(small, (width, height)).astype(np.uint8)
    numbered = np.minimum(lost, draw_page(FORM[:1]))
    for pixels in (lost, numbered):
        assert "illegible" in read(pixels, engine).flags


def test_print_showing_through_from_the_back_leaves_a_page_blank_and_faint_print_does_not(engine: Engine) -> None:
    page = draw_page([(25.0, 30 + 9.0 * n, "甲方应当按照国家有关规定支付乙方工资并缴纳费用", 12.0) for n in range(26)])
    faint = (255 - (255 - page.astype(np.int16)) // 8).astype(np.uint8)
    assert read(cv2.flip(faint, 1).astype(np.uint8), engine).flags == {"blank"}
    assert "blank" not in read(faint, engine).flags


def test_a_page_with_a_number_alone_is_neither_blank_nor_illegible(engine: Engine) -> None:
    assert read(draw_page([(185.0, 9.0, "12", 10.5)]), engine).flags == frozenset()
