"""Loading sheets and what is told from their pixels, on pages drawn and degraded for the purpose."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw

from archive_verify.binder import open_binder
from archive_verify.errors import SheetUnreadable
from archive_verify.inkmap import ink
from archive_verify.model import Box, SourceFile
from archive_verify.raster import (
    deskew,
    estimate_skew,
    fingerprint,
    ink_map,
    is_blank,
    is_colour,
    is_streaked,
    load_sheet,
    quality,
    rulings,
    sheet_key,
    traces,
)
from archive_verify.settings import Settings
from tests.drawn import draw_page
from tests.hostile.case import MEGABYTE, packed_zeros
from tests.hostile.pdf_files import one_page, stream
from tests.scans import MM, Pixels, scan, scribble, seal

SETTINGS = Settings()
CLAUSE = "甲方应当按照国家有关规定支付乙方工资并缴纳各项费用"
PROSE = [(25.0, 30 + 9.0 * n, f"第{n + 1}条 {CLAUSE[n % 9:]}{CLAUSE[:n % 9]}", 12.0) for n in range(26)]
SPARSE = [(70.0, 110.0, "职业技能提升培训档案", 22.0)]
GRID = [(20.0, 40 + 10.0 * n, 190.0, 40 + 10.0 * n) for n in range(20)] + [
    (20 + 17.0 * n, 40.0, 20 + 17.0 * n, 230.0) for n in range(11)
]


def source(tmp_path: Path, name: str, data: bytes) -> SourceFile:
    path = tmp_path / name
    path.write_bytes(data)
    (tmp_path / "workspace").mkdir(exist_ok=True)
    return open_binder([path], SETTINGS, tmp_path / "workspace").files[0]


def one_image_pdf(
    data: bytes, size: tuple[int, int], page_points: tuple[float, float], *, turn: int = 0, colour: str = "DeviceRGB",
    bits: int = 8, more: bytes = b"", **entries: object,
) -> bytes:
    pdf = pikepdf.new()
    image = pikepdf.Stream(pdf, data)
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height, image.BitsPerComponent = size[0], size[1], bits
    image.ColorSpace = pikepdf.Name(f"/{colour}")
    for key, value in entries.items():
        image[f"/{key}"] = value
    page = pdf.add_blank_page(page_size=page_points)
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    width, height = page_points
    page.Contents = pikepdf.Stream(pdf, f"q {width} 0 0 {height} 0 0 cm /Im0 Do Q\n".encode() + more)
    page.Rotate = turn
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92)
    return out.getvalue()


def marked(size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    """White with a black block at the top left and a red one at the top right."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, size[0] // 5, size[1] // 5), fill="black")
    pen.rectangle((size[0] * 4 // 5, 0, size[0], size[1] // 5), fill=(220, 20, 20))
    return image


def corner_kinds(pixels: Pixels) -> list[str]:
    """What lies in the corners: top left, top right, bottom right, bottom left."""
    height, width = pixels.shape[:2]
    near = [(h, w) for h, w in ((30, 30), (30, -30), (-30, -30), (-30, 30))]
    kinds = []
    for y, x in near:
        blue, _, red = (int(v) for v in pixels[y % height, x % width])
        kinds.append("black" if red < 90 else "red" if blue < 120 else "white")
    return kinds


UPRIGHT = ["black", "red", "white", "white"]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_scanned_pdf_page_gives_its_image_at_native_size_turned_as_the_page_says(
    tmp_path: Path, turn: int
) -> None:
    file = source(tmp_path, "a.pdf", one_image_pdf(
        jpeg(marked()), (1240, 1754), (595.2, 841.9), turn=turn, Filter=pikepdf.Name.DCTDecode))
    (sheet,) = load_sheet(file, 1, SETTINGS)
    assert sorted(sheet.pixels.shape[:2]) == [1240, 1754]
    assert sheet.dpi == pytest.approx(150, abs=1) and sheet.dpi_stated
    shift = turn // 90
    assert corner_kinds(sheet.pixels) == UPRIGHT[-shift:] + UPRIGHT[:-shift]


def test_an_inverted_one_bit_image_in_a_pdf_is_shown_black_on_white(tmp_path: Path) -> None:
    bits = marked().convert("1", dither=Image.Dither.NONE)
    inverted = bytes(255 - b for b in bits.tobytes())
    file = source(tmp_path, "a.pdf", one_image_pdf(
        inverted, (1240, 1754), (595.2, 841.9), colour="DeviceGray", bits=1, Decode=[1, 0]))
    (sheet,) = load_sheet(file, 1, SETTINGS)
    assert corner_kinds(sheet.pixels)[0] == "black"
    assert corner_kinds(sheet.pixels)[2] == "white"


def test_a_cmyk_image_in_a_pdf_keeps_its_colours(tmp_path: Path) -> None:
    file = source(tmp_path, "a.pdf", one_image_pdf(
        marked((620, 877)).convert("CMYK").tobytes(), (620, 877), (595.2, 841.9), colour="DeviceCMYK"))
    assert corner_kinds(load_sheet(file, 1, SETTINGS)[0].pixels) == UPRIGHT


@pytest.mark.parametrize("compression", ["group4", "group3"])
def test_fax_tiffs_and_pdfs_show_the_same_page(tmp_path: Path, compression: str) -> None:
    image = marked().convert("1", dither=Image.Dither.NONE)
    out = io.BytesIO()
    image.save(out, "TIFF", compression=compression, dpi=(150, 150))
    (sheet,) = load_sheet(source(tmp_path, "a.tif", out.getvalue()), 1, SETTINGS)
    assert corner_kinds(sheet.pixels)[0::2] == ["black", "white"]
    assert sheet.dpi == pytest.approx(150, abs=1)


def test_a_fax_image_inside_a_pdf_is_black_on_white(tmp_path: Path) -> None:
    image = marked().convert("1", dither=Image.Dither.NONE)
    out = io.BytesIO()
    image.save(out, "PDF", resolution=150)
    (sheet,) = load_sheet(source(tmp_path, "a.pdf", out.getvalue()), 1, SETTINGS)
    assert corner_kinds(sheet.pixels)[0::2] == ["black", "white"]
    assert sheet.pixels.shape[:2] == (1754, 1240)


def test_jpeg_2000_in_a_pdf_is_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    marked().save(out, "JPEG2000")
    file = source(tmp_path, "a.pdf", one_image_pdf(
        out.getvalue(), (1240, 1754), (595.2, 841.9), Filter=pikepdf.Name.JPXDecode))
    assert corner_kinds(load_sheet(file, 1, SETTINGS)[0].pixels) == UPRIGHT


def test_text_written_over_a_scan_is_not_lost(tmp_path: Path) -> None:
    stamp = b"0 0 0 rg 300 200 100 100 re f\n"
    file = source(tmp_path, "a.pdf", one_image_pdf(
        jpeg(marked()), (1240, 1754), (595.2, 841.9), Filter=pikepdf.Name.DCTDecode, more=stamp))
    pixels = load_sheet(file, 1, SETTINGS)[0].pixels
    height, width = pixels.shape[:2]
    assert int(pixels[round(height * (1 - 250 / 841.9)), round(width * 350 / 595.2)].max()) < 60


def test_a_drawn_pdf_page_is_rendered_at_the_reading_resolution(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595.2, 841.9))
    page.Contents = pikepdf.Stream(pdf, b"0 0 0 rg 0 700 100 141.9 re f")
    out = io.BytesIO()
    pdf.save(out)
    (sheet,) = load_sheet(source(tmp_path, "a.pdf", out.getvalue()), 1, SETTINGS)
    assert sheet.dpi == SETTINGS.reading_dpi
    assert sheet.pixels.shape[0] == pytest.approx(2339, abs=2)
    assert corner_kinds(sheet.pixels)[0] == "black"


def test_a_600_dpi_scan_is_reduced_to_300(tmp_path: Path) -> None:
    file = source(tmp_path, "a.pdf", one_image_pdf(
        jpeg(marked((4961, 7016))), (4961, 7016), (595.2, 841.9), Filter=pikepdf.Name.DCTDecode))
    (sheet,) = load_sheet(file, 1, SETTINGS)
    assert sheet.dpi == pytest.approx(300, abs=3)
    assert max(sheet.pixels.shape) == pytest.approx(3508, abs=40)
    assert corner_kinds(sheet.pixels) == UPRIGHT


def test_exif_turn_of_a_photo_is_honoured(tmp_path: Path) -> None:
    image = marked().transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[274] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    assert corner_kinds(load_sheet(source(tmp_path, "a.jpg", out.getvalue()), 1, SETTINGS)[0].pixels) == UPRIGHT


def test_a_photo_that_claims_72_dpi_is_taken_for_an_a4_sheet(tmp_path: Path) -> None:
    out = io.BytesIO()
    marked().save(out, "JPEG", dpi=(72, 72))
    (sheet,) = load_sheet(source(tmp_path, "a.jpg", out.getvalue()), 1, SETTINGS)
    assert sheet.dpi == pytest.approx(150, abs=1) and not sheet.dpi_stated


def test_a_page_whose_image_is_garbage_is_unreadable_not_white(tmp_path: Path) -> None:
    file = source(tmp_path, "a.pdf", one_image_pdf(
        b"\xff\xd8\xff garbage", (1240, 1754), (595.2, 841.9), Filter=pikepdf.Name.DCTDecode))
    with pytest.raises(SheetUnreadable, match="第 1 页"):
        load_sheet(file, 1, SETTINGS)


def test_a_page_has_the_same_key_in_another_file_and_another_key_than_its_neighbour(tmp_path: Path) -> None:
    pictures = [marked((300, 420)), marked((300, 420)).transpose(Image.Transpose.ROTATE_180)]
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:])
    both = source(tmp_path, "both.pdf", out.getvalue())
    with pikepdf.open(both.path) as pdf:
        del pdf.pages[0]
        pdf.save(tmp_path / "second.pdf")
    second = source(tmp_path, "again.pdf", (tmp_path / "second.pdf").read_bytes())
    assert sheet_key(both, 2) == sheet_key(second, 1) != sheet_key(both, 1)


# --- facing pages ---------------------------------------------------------------------------------


def facing(tmp_path: Path, pixels: Pixels, dpi: int | None = 200) -> list[str | None]:
    out = io.BytesIO()
    picture = Image.fromarray(pixels[:, :, ::-1])
    picture.save(out, "JPEG", quality=85, **({} if dpi is None else {"dpi": (dpi, dpi)}))
    return [sheet.half for sheet in load_sheet(source(tmp_path, "a3.jpg", out.getvalue()), 1, SETTINGS)]


def wide(left: Pixels, right: Pixels, *, fold: bool = False) -> Pixels:
    page = np.concatenate([left, right], axis=1)
    if fold:
        page[:, left.shape[1] - 2 : left.shape[1] + 3] = 150
    return page


@pytest.mark.parametrize("fold", [False, True])
def test_two_facing_pages_on_a3_are_parted(tmp_path: Path, fold: bool) -> None:
    numbered = [(190.0, 8.0, "12", 12.0), *PROSE]
    assert facing(tmp_path, scan(wide(draw_page(numbered), draw_page(PROSE), fold=fold), 3)) == ["left", "right"]


def test_two_facing_tables_on_a3_are_parted_though_the_resolution_is_unknown(tmp_path: Path) -> None:
    table = draw_page(PROSE[1:20:2], rulings=GRID)
    assert facing(tmp_path, scan(wide(table, table), 4), dpi=None) == ["left", "right"]


def test_a_landscape_table_is_never_parted(tmp_path: Path) -> None:
    lines = [(20.0, 40 + 12.0 * n, 400.0, 40 + 12.0 * n) for n in range(20)]
    posts = [(x, 40.0, x, 268.0) for x in (20, 60, 190, 230, 400)]
    page = draw_page([(25.0, 45 + 12.0 * n, "王小明 141121198503120035", 12.0) for n in range(18)],
                     size_mm=(420, 297), rulings=lines + posts)
    assert facing(tmp_path, scan(page, 5)) == [None]


def test_a_two_column_exam_paper_on_a3_is_not_parted(tmp_path: Path) -> None:
    text = "下列关于面点制作的说法中正确的一项是哪一项请选择正确的答案填入括号内"
    columns = [(x, 40 + 9.0 * n, text, 14.5) for n in range(24) for x in (22.0, 216.0)]
    assert facing(tmp_path, scan(draw_page(columns, size_mm=(420, 297)), 6)) == [None]


def dirty(page: Pixels, seed: int) -> Pixels:
    """With what scanners and binders leave: specks, a dark foot, punch holes and a lid's shadow at the side."""
    page = page.copy()
    rng = np.random.default_rng(seed)
    for x, y in zip(rng.integers(0, page.shape[1], 120), rng.integers(0, page.shape[0], 120), strict=True):
        cv2.circle(page, (int(x), int(y)), 2, (60, 60, 60), -1)
    for y in (108, 188):
        cv2.circle(page, (round(9 * MM), round(y * MM)), round(2.8 * MM), (40, 40, 40), -1)
    page[-22:] = 40
    page[:, :18] = 50
    return page


@pytest.mark.parametrize("degrees", [(0.0, 0.0), (2.5, -2.5), (-2.5, 1.0)])
def test_dirt_dark_edges_holes_and_different_skew_do_not_hold_facing_pages_together(
    tmp_path: Path, degrees: tuple[float, float]
) -> None:
    numbered = [(190.0, 8.0, "12", 12.0), *PROSE]
    halves = [
        dirty(scan(draw_page(texts, rulings=lines), 30 + n, skew=degrees[n]), n)
        for n, (texts, lines) in enumerate([(numbered, []), (PROSE[1:20:2], GRID)])
    ]
    assert facing(tmp_path, wide(*halves, fold=True)) == ["left", "right"]


@pytest.mark.parametrize("empty", ["left", "right"])
def test_an_empty_half_is_a_page_too(tmp_path: Path, empty: str) -> None:
    halves = [draw_page([]), draw_page([(190.0, 8.0, "13", 12.0), *PROSE[:4]])]
    sheet = wide(*(halves if empty == "left" else halves[::-1]))
    assert facing(tmp_path, scan(sheet, 33)) == ["left", "right"]


@pytest.mark.parametrize(("turn", "expected"), [
    (0, ["left", "right"]), (90, ["top", "bottom"]), (180, ["left", "right"]), (270, ["top", "bottom"]),
])
def test_facing_pages_scanned_sideways_or_upside_down_are_parted_too(
    tmp_path: Path, turn: int, expected: list[str]
) -> None:
    sheet = scan(wide(draw_page(PROSE), draw_page(PROSE[1:20:2], rulings=GRID)), 34)
    assert facing(tmp_path, np.ascontiguousarray(np.rot90(sheet, -turn // 90))) == expected


def test_pages_are_parted_in_the_middle_without_cutting_a_number_that_stands_there(tmp_path: Path) -> None:
    sheet = wide(draw_page(PROSE), draw_page(PROSE))
    # A number that runs 2 mm over the middle.
    sheet[: round(20 * MM), round(202 * MM) : round(217 * MM)] = draw_page(
        [(2.0, 8.0, "0012", 12.0)], size_mm=(15, 20))[: round(20 * MM), : round(217 * MM) - round(202 * MM)]
    out = io.BytesIO()
    Image.fromarray(scan(sheet, 35)[:, :, ::-1]).save(out, "PNG", dpi=(200, 200))
    first, second = load_sheet(source(tmp_path, "a3.png", out.getvalue()), 1, SETTINGS)
    cut = first.pixels.shape[1] / MM
    assert 211 < cut < 218 and first.pixels.shape[1] + second.pixels.shape[1] == sheet.shape[1]


def frame(x0: float, y0: float, x1: float, y1: float) -> list[tuple[float, float, float, float]]:
    return [(x0, y0, x1, y0), (x1, y0, x1, y1), (x1, y1, x0, y1), (x0, y1, x0, y0)]


FIELDS = [(60.0, 110 + 16.0 * n, text, 16.0) for n, text in enumerate(
    ["名称  文水县好味来餐饮店", "类型  个体工商户", "经营者  王小明", "经营场所  文水县凤城镇"])]
RIGHT_FIELDS = [(250.0, y, text, size) for _, y, text, size in FIELDS]


def test_a_landscape_licence_is_not_parted_for_its_frame_nor_without_one_for_its_title(tmp_path: Path) -> None:
    title = [(90 + 66.0 * n, 50.0, letter, 66.0) for n, letter in enumerate("营业执照")]
    framed = draw_page([*FIELDS, *RIGHT_FIELDS], size_mm=(420, 297), rulings=frame(14, 14, 406, 283))
    titled = draw_page([*title, *FIELDS, *RIGHT_FIELDS], size_mm=(420, 297))
    assert facing(tmp_path, scan(framed, 36)) == [None]
    assert facing(tmp_path, scan(titled, 37)) == [None]


@pytest.mark.parametrize("degrees", [0.0, 2.5])
def test_a_landscape_timetable_is_not_parted_though_its_lines_are_broken(tmp_path: Path, degrees: float) -> None:
    lines = [(25.0, 60 + 30.0 * n, 395.0, 60 + 30.0 * n) for n in range(7)]
    posts = [(x, 60.0, x, 240.0) for x in (25, 185, 235, 395)]
    page = draw_page([(40.0, 70 + 30.0 * n, "面点基础知识 王老师", 12.0) for n in range(6)],
                     size_mm=(420, 297), rulings=lines + posts)
    page[:, :: round(17 * MM)] = 255
    assert facing(tmp_path, scan(page, 38, skew=degrees)) == [None]


def test_a_portrait_a3_page_with_a_gap_at_half_height_is_not_parted(tmp_path: Path) -> None:
    lines = [(30.0, 40 + 10.0 * n, CLAUSE + CLAUSE, 13.0) for n in range(32) if not 14 <= n <= 20]
    assert facing(tmp_path, scan(draw_page(lines, size_mm=(297, 420)), 39)) == [None]


def test_an_a4_landscape_page_with_two_blocks_is_not_parted(tmp_path: Path) -> None:
    blocks = [(x, 30 + 8.0 * n, "姓名 张三 成绩 合格", 11.0) for n in range(18) for x in (20.0, 175.0)]
    assert facing(tmp_path, scan(draw_page(blocks, size_mm=(297, 210)), 7)) == [None]


# --- skew -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("degrees", [-4.6, -2.0, -0.3, 0.0, 0.7, 3.1, 4.8])
@pytest.mark.parametrize("kind", ["prose", "table", "sparse"])
def test_skew_is_measured_to_a_tenth_of_a_degree(kind: str, degrees: float) -> None:
    page = {
        "prose": draw_page(PROSE), "table": draw_page([], rulings=GRID),
        "sparse": draw_page([*SPARSE, (60.0, 140.0, "文水县启航职业培训学校", 18.0)]),
    }[kind]
    found = estimate_skew(scan(page, 11, skew=degrees))
    assert found == pytest.approx(degrees, abs=0.1 if kind != "sparse" else 0.35)


def test_deskew_undoes_the_measured_skew() -> None:
    crooked = scan(draw_page(PROSE), 12, skew=2.4)
    assert abs(estimate_skew(deskew(crooked, estimate_skew(crooked) or 0.0)) or 0.0) <= 0.1


def photo() -> Pixels:
    rng = np.random.default_rng(5)
    rough = cv2.resize(rng.integers(0, 255, (60, 45, 3), dtype=np.uint8), (1654, 2339), interpolation=cv2.INTER_CUBIC)
    return scan(rough.astype(np.uint8), 13)


def test_photos_and_blank_pages_have_no_skew() -> None:
    assert not estimate_skew(photo())
    assert estimate_skew(scan(draw_page([]), 14)) is None


# --- blank and illegible ----------------------------------------------------------------------------


def test_an_empty_page_with_holes_dark_edge_staple_and_show_through_is_blank() -> None:
    page = draw_page([])
    ghost = 255 - ((255 - cv2.flip(draw_page(PROSE), 1).astype(np.int16)) // 9)
    page = np.minimum(page, ghost.astype(np.uint8))
    for y in (108, 188):
        cv2.circle(page, (round(10 * MM), round(y * MM)), round(2.8 * MM), (40, 40, 40), -1)
    cv2.line(page, (round(9 * MM), round(14 * MM)), (round(18 * MM), round(9 * MM)), (70, 70, 70), 5)
    page[:, -25:] = 35
    page[:14] = 60
    assert is_blank(scan(page, 15, noise=8))


@pytest.mark.parametrize("text", ["1", "7", "0012", "第12页"])
def test_a_page_with_only_a_number_is_not_blank(text: str) -> None:
    assert not is_blank(scan(draw_page([(185.0, 9.0, text, 10.5)]), 16))


def test_a_sparse_cover_is_not_blank() -> None:
    assert not is_blank(scan(draw_page(SPARSE), 17))


def test_a_black_page_is_illegible_and_not_blank() -> None:
    page = np.where(scan(draw_page(PROSE), 40) > 256, 255, 0).astype(np.uint8)
    assert not is_blank(page) and quality(page).illegible


def test_white_print_on_black_is_shown_black_on_white_and_a_dark_page_stays(tmp_path: Path) -> None:
    page = draw_page(PROSE, dpi=150)
    for name, pixels, bright in (("negative", 255 - page, True), ("dark", page // 12, False)):
        out = io.BytesIO()
        Image.fromarray(pixels.astype(np.uint8)).save(out, "PNG", dpi=(150, 150))
        (sheet,) = load_sheet(source(tmp_path, f"{name}.png", out.getvalue()), 1, SETTINGS)
        assert (np.median(sheet.pixels) > 200) == bright


def test_noise_alone_is_blank_also_in_one_bit() -> None:
    rng = np.random.default_rng(6)
    page = np.full((1754, 1240, 3), 255, np.uint8)
    page[rng.random((1754, 1240)) < 0.002] = 0
    assert is_blank(page)


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_clean_print_is_legible_at_every_usual_resolution_and_in_one_bit(dpi: int) -> None:
    page = draw_page(PROSE, dpi=dpi)
    for picture in (scan(page, 18), np.where(scan(page, 18) > 150, 255, 0).astype(np.uint8)):
        assert not quality(picture).illegible


def test_sparse_covers_forms_and_photos_are_not_called_illegible() -> None:
    for page in (draw_page(SPARSE), draw_page([], rulings=GRID), photo()):
        assert not quality(scan(page, 19)).illegible


def test_blurred_faint_and_black_pages_are_illegible() -> None:
    page = draw_page(PROSE)
    blurred = cv2.GaussianBlur(page, (0, 0), 9).astype(np.uint8)
    faint = (245 - (255 - page.astype(np.int16)) // 16).astype(np.uint8)
    black = (page // 12).astype(np.uint8)
    for picture in (blurred, faint, black):
        assert quality(scan(picture, 20, noise=3)).illegible


def test_colour_is_told_from_a_grey_scan() -> None:
    page = draw_page(PROSE)
    seal(page, 150, 240)
    assert is_colour(scan(page, 21))
    grey = cv2.cvtColor(scan(page, 21), cv2.COLOR_BGR2GRAY)
    assert not is_colour(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR).astype(np.uint8))


# --- ink and rulings --------------------------------------------------------------------------------


def test_the_ink_map_shows_a_signature_and_no_ink_on_an_empty_signature_line() -> None:
    line = (120.0, 209.0, 170.0, 209.0)
    empty = draw_page(PROSE[:10], rulings=[line])
    written = empty.copy()
    scribble(written, 130, 196, 3)
    box = Box(125 / 210, 195 / 297, 168 / 210, 210 / 297)
    assert ink(ink_map(scan(empty, 22)), box) < 0.004
    assert ink(ink_map(scan(written, 22)), box) > 0.02


def test_red_ink_is_kept_apart_from_dark_ink() -> None:
    page = draw_page([])
    seal(page, 100, 150)
    box = Box(78 / 210, 128 / 297, 122 / 210, 172 / 297)
    drawn = ink_map(scan(page, 23))
    assert ink(drawn, box, "red") > 0.05 > 0.01 > ink(drawn, box, "dark")


def rough(page: Pixels, kind: str) -> Pixels:
    if kind == "one bit":
        half = cv2.resize(scan(page, 24, skew=0.2), None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA)
        return np.where(half > 190, 255, 0).astype(np.uint8)
    if kind == "broken":
        page = page.copy()
        page[:, :: round(9 * MM)] = 255
        page[:, 1 :: round(9 * MM)] = 255
    return scan(page, 25, skew=0.25 if kind == "slanted" else 0)


@pytest.mark.parametrize("kind", ["clean", "broken", "slanted", "one bit"])
def test_every_ruling_line_of_a_table_is_found_once_and_text_is_none(kind: str) -> None:
    texts = [(22 + 17.0 * k, 42 + 10.0 * n, "王一三", 11.0) for n in range(0, 19, 2) for k in range(0, 10, 3)]
    found = rulings(rough(draw_page([(60.0, 20.0, "第三季度工资汇总表", 26.0), *texts], rulings=GRID), kind))
    level = [r for r in found if r.horizontal]
    upright = [r for r in found if not r.horizontal]
    assert (len(level), len(upright)) == (20, 11)
    assert all(r.box.width > 0.75 for r in level) and all(r.box.height > 0.6 for r in upright)


def test_prose_titles_and_seals_have_no_rulings() -> None:
    page = draw_page([*PROSE[:18], (30.0, 200.0, "二〇二三年工资表", 40.0)])
    seal(page, 150, 240, red=False)
    assert rulings(scan(page, 26)) == ()


def test_fingerprints_of_two_scans_of_a_page_are_nearer_than_those_of_two_pages() -> None:
    def bits(page: Pixels, seed: int, skew: float) -> int:
        picture = scan(page, seed, skew=skew)
        return int(fingerprint(deskew(picture, estimate_skew(picture) or 0.0)), 16)

    one, again = bits(draw_page(PROSE), 27, 0.5), bits(draw_page(PROSE), 28, -1.0)
    other = bits(draw_page([], rulings=GRID), 29, 0.0)
    assert (one ^ again).bit_count() * 2 < (one ^ other).bit_count()


# --- traces of lost writing -------------------------------------------------------------------------


def smeared(page: Pixels, upright: bool = True) -> Pixels:
    """The page as a feeder draws it out along one of its sides."""
    height, width = page.shape[:2]
    size = (width, height // 60) if upright else (width // 60, height)
    return cv2.resize(cv2.resize(page, size, interpolation=cv2.INTER_AREA), (width, height)).astype(np.uint8)


@pytest.mark.parametrize("upright", [True, False])
def test_smeared_and_blurred_writing_leaves_strong_traces(upright: bool) -> None:
    for texts in (PROSE, SPARSE):
        assert traces(scan(smeared(draw_page(texts), upright), 30)).strong >= 20
    blurred = cv2.GaussianBlur(draw_page(PROSE), (0, 0), 15).astype(np.uint8)
    assert traces(scan(blurred, 31)).strong >= 20


def test_holes_staples_noise_and_show_through_leave_few_strong_traces() -> None:
    page = draw_page([])
    ghost = 255 - ((255 - cv2.flip(draw_page(PROSE), 1).astype(np.int16)) // 9)
    page = np.minimum(page, ghost.astype(np.uint8))
    for y in (300, 900, 1500, 2000):
        cv2.circle(page, (90, y), 24, (40, 40, 40), -1)
    cv2.line(page, (90, 200), (190, 150), (70, 70, 70), 6)
    assert traces(scan(page, 32, noise=8)).strong < 6
    assert traces(scan(draw_page([]), 33, noise=12)).weak == 0


def test_streaks_are_told_from_print_forms_and_photos() -> None:
    assert is_streaked(scan(smeared(draw_page(PROSE)), 34)) and is_streaked(scan(smeared(draw_page(PROSE), False), 35))
    for page in (draw_page(PROSE), draw_page(SPARSE), draw_page([], rulings=GRID), photo(), draw_page([])):
        assert not is_streaked(scan(page, 36))


def test_a_page_of_more_instructions_than_any_needs_is_unreadable_and_has_a_key_without_being_unpacked(
    tmp_path: Path,
) -> None:
    bomb = stream(b"/Filter/FlateDecode", packed_zeros(900 * MEGABYTE, b"q Q "))
    file = source(tmp_path, "bomb.pdf", one_page(content=bomb))
    tracemalloc.start()
    try:
        assert sheet_key(file, 1) == sheet_key(file, 1)
        with pytest.raises(SheetUnreadable, match="无法解码"):
            load_sheet(file, 1, SETTINGS)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 200 * MEGABYTE


def test_streams_of_the_same_bytes_that_are_packed_in_another_way_have_another_key(tmp_path: Path) -> None:
    keys = {
        sheet_key(source(tmp_path, f"{name}.pdf", one_page(content=stream(b"/Filter/%b" % name.encode(), b"30>~>"))), 1)
        for name in ("ASCIIHexDecode", "ASCII85Decode")
    }
    assert len(keys) == 2
