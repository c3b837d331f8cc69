"""The files of a sample folder: binder.pdf, the roster, class.toml and truth.json."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pikepdf
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from pikepdf import Dictionary, Name
from PIL import Image, ImageChops

from . import numbering, truth, vector
from .bind import Leaf, Plan, finish
from .build import Case
from .canvas import Canvas
from .case import Style, Trainee
from .family_a.class_lists import ROUTES


@dataclass(frozen=True)
class Shape:
    """How the files are written."""

    roster: str = "xlsx"  # xlsx | csv-utf8 | csv-bom | csv-gb18030
    variant: int = 0  # wording and order of the roster's columns
    facing: bool = False  # portrait pages scanned two at a time on A3
    sparse_class: bool = False  # class.toml holds only what no binder holds
    route_column: bool = True
    bad_text: bool = False  # scans carry a useless hidden text layer


def write(folder: Path, case: Case, plan: Plan, leaves: list[Leaf], shape: Shape) -> dict[str, object]:
    """Write one sample; returns the truth."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in ("roster.xlsx", "roster.csv"):
        (folder / old).unlink(missing_ok=True)
    _pdf(folder / "binder.pdf", plan, leaves, shape)
    _roster(folder, case, shape, random.Random(f"{plan.seed}/roster"))
    (folder / "class.toml").write_text(_class(case, shape), encoding="utf-8")
    answer = truth.answer(case, leaves)
    (folder / "truth.json").write_text(dumps(answer), encoding="utf-8")
    return answer


def dumps(answer: dict[str, object]) -> str:
    """truth.json with one entry a line."""
    parts = []
    for key, entries in answer.items():
        assert isinstance(entries, list)
        rows = ",\n    ".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
        parts.append(f'  "{key}": [\n    {rows}\n  ]' if rows else f'  "{key}": []')
    return "{\n" + ",\n".join(parts) + "\n}\n"


# --- binder.pdf --------------------------------------------------------------------------------------


def _pdf(path: Path, plan: Plan, leaves: list[Leaf], shape: Shape) -> None:
    pdf = pikepdf.new()
    index = 0
    while index < len(leaves):
        leaf = leaves[index]
        following = leaves[index + 1] if index + 1 < len(leaves) else None
        scanned = None if leaf.drawing.vector and not leaf.illegible else finish(leaf, plan, index, following)
        if scanned is None:
            _vector_page(pdf, leaf, plan, index)
            index += 1
            continue
        if shape.facing and following and _pairs(leaf, following):
            right = finish(following, plan, index + 1)
            wide = Image.new(scanned.mode, (scanned.width + right.width, scanned.height), _white(scanned))
            wide.paste(scanned, (0, 0))
            wide.paste(right, (scanned.width, 0))
            _image_page(pdf, wide, plan, leaf.drawing.dpi)
            index += 2
            continue
        page = _image_page(pdf, scanned, plan, leaf.drawing.dpi)
        if shape.bad_text:
            _mumble(pdf, page, random.Random(f"{plan.seed}/text/{index}"))
        if leaf.turned_in_file:
            page.obj.Rotate = leaf.turned_in_file
        index += 1
    pdf.save(path, deterministic_id=True)


def _pairs(leaf: Leaf, following: Leaf) -> bool:
    sides = (leaf, following)
    return all(
        not side.turn
        and not side.turned_in_file
        and not side.drawing.vector
        and side.drawing.size[0] < side.drawing.size[1]
        for side in sides
    )


def _white(image: Image.Image) -> int | tuple[int, int, int]:
    return {"1": 1, "L": 255}.get(image.mode, (255, 255, 255))


def _image_page(pdf: pikepdf.Pdf, image: Image.Image, plan: Plan, dpi: float) -> pikepdf.Page:
    """A page that is one image: JPEG, or CCITT group 4 for bilevel scans."""
    width, height = image.width * 72 / dpi, image.height * 72 / dpi
    if image.mode == "1":
        stream = pdf.make_stream(_group4(image))
        stream.Filter = Name.CCITTFaxDecode
        stream.DecodeParms = Dictionary(K=-1, Columns=image.width, Rows=image.height, BlackIs1=False)
        stream.BitsPerComponent = 1
        stream.ColorSpace = Name.DeviceGray
    else:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=plan.scanner.quality, dpi=(round(dpi), round(dpi)))
        stream = pdf.make_stream(buffer.getvalue())
        stream.Filter = Name.DCTDecode
        stream.BitsPerComponent = 8
        stream.ColorSpace = Name.DeviceGray if image.mode == "L" else Name.DeviceRGB
    stream.Type = Name.XObject
    stream.Subtype = Name.Image
    stream.Width, stream.Height = image.size
    page = pdf.add_blank_page(page_size=(width, height))
    page.obj.Contents = pdf.make_stream(f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /Im0 Do Q".encode("ascii"))
    page.obj.Resources = Dictionary(XObject=Dictionary(Im0=stream))
    return page


def _mumble(pdf: pikepdf.Pdf, page: pikepdf.Page, rng: random.Random) -> None:
    """A hidden text layer as a scanner without Chinese makes it: invisible, and nonsense."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources.Font = Dictionary(F0=pdf.make_indirect(font))
    width, height = (float(v) for v in page.mediabox[2:])
    lines = []
    for i in range(rng.randint(8, 30)):
        text = "".join(rng.choice("il1|!.,;:'~-_^fItT7?/") for _ in range(rng.randint(4, 40)))
        y = height * (0.9 - 0.026 * i)
        lines.append(f"BT /F0 9 Tf 3 Tr {width * rng.uniform(0.1, 0.4):.1f} {y:.1f} Td ({text}) Tj ET")
    page.contents_add("\n".join(lines).encode("ascii"))


def _group4(image: Image.Image) -> bytes:
    """The CCITT group 4 data of a bilevel image; the fax code's black is the image's black."""
    buffer = io.BytesIO()
    ImageChops.invert(image).save(buffer, "TIFF", compression="group4", tiffinfo={278: image.height})
    buffer.seek(0)
    with Image.open(buffer) as tiff:
        tags = tiff.tag_v2  # type: ignore[attr-defined]
        start, length = tags[273][0], tags[279][0]
    return buffer.getvalue()[start : start + length]


def _vector_page(pdf: pikepdf.Pdf, leaf: Leaf, plan: Plan, index: int) -> None:
    assert leaf.drawing.vector
    with pikepdf.open(io.BytesIO(leaf.drawing.vector)) as source:
        pdf.pages.append(source.pages[0])
    if leaf.turn:
        pdf.pages[-1].obj.Rotate = (360 - leaf.turn) % 360
    if leaf.number is None or leaf.unnumbered:
        return
    rng = random.Random(f"{plan.seed}/scan/{index}")
    width, height = leaf.drawing.size
    canvas = Canvas(Style(rng, 110, True), width * 25.4 / 110, height * 25.4 / 110)
    canvas.attach(leaf.drawing.image())
    leaf.position = numbering.draw(canvas, plan.numbers, leaf.number, leaf.position, rng)
    vector.add(pdf, pdf.pages[-1], canvas.ops, canvas.height, "N")


# --- the roster ----------------------------------------------------------------------------------------

HEADS: tuple[dict[str, str], ...] = (
    {
        "number": "序号",
        "name": "姓名",
        "gender": "性别",
        "id": "身份证号",
        "phone": "联系电话",
        "route": "就业形式",
        "employer": "就业单位",
        "passed": "是否合格",
        "certificate": "证书编号",
    },
    {
        "number": "序号",
        "name": "学员姓名",
        "gender": "性别",
        "id": "身份证号码",
        "phone": "手机号",
        "route": "就业类型",
        "employer": "就业单位名称",
        "passed": "考核结果",
        "certificate": "证书编号",
    },
    {
        "number": "序 号",
        "name": "姓 名",
        "gender": "性 别",
        "id": "公民身份号码",
        "phone": "电话",
        "route": "就业方式",
        "employer": "就业单位",
        "passed": "是否合格",
        "certificate": "证书号码",
    },
    {
        "number": "编号",
        "name": "姓名",
        "id": "身份证号",
        "gender": "性别",
        "route": "就业形式",
        "employer": "单位名称",
        "phone": "联系方式",
        "certificate": "证书编号",
        "passed": "成绩是否合格",
    },
)
ORDERS = (
    ("number", "name", "gender", "id", "phone", "route", "employer", "passed", "certificate"),
    ("number", "name", "id", "gender", "phone", "passed", "certificate", "route", "employer"),
    ("name", "gender", "id", "phone", "employer", "route", "passed", "certificate"),
)


def _cells(t: Trainee, number: int, variant: int) -> dict[str, object]:
    passed = (("是", "否"), ("合格", "不合格"), ("及格", "不及格"), ("合格", "不合格"))[variant % 4][
        0 if t.passed else 1
    ]
    number_text = t.person.id_number
    if variant % 5 == 3:
        number_text = number_text.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    elif variant % 5 == 1:
        number_text = number_text.replace("X", "x")
    phone: object = int(t.person.phone) if variant % 2 else t.person.phone
    return {
        "number": number,
        "name": t.person.name,
        "gender": t.person.gender,
        "id": number_text,
        "phone": phone,
        "route": ROUTES[t.route],
        "employer": t.employer,
        "passed": passed,
        "certificate": t.certificate_number,
    }


def _roster(folder: Path, case: Case, shape: Shape, rng: random.Random) -> None:
    variant = shape.variant
    heads = HEADS[variant % len(HEADS)]
    order = [key for key in ORDERS[variant % len(ORDERS)] if shape.route_column or key != "route"]
    rows = [[_cells(t, t.row, variant)[key] for key in order] for t in case.trainees]
    header = [heads[key] for key in order]
    if shape.roster.startswith("csv"):
        encoding = {"csv-utf8": "utf-8", "csv-bom": "utf-8-sig", "csv-gb18030": "gb18030"}[shape.roster]
        with (folder / "roster.csv").open("w", encoding=encoding, newline="") as out:
            writer = csv.writer(out)
            writer.writerow(header)
            writer.writerows([[str(value) for value in row] for row in rows])
        return
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "花名册"
    if variant % 3:
        sheet.append([f"{case.info.name}学员花名册"])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(header))
        sheet["A1"].font = Font(size=16, bold=True)
        sheet["A1"].alignment = Alignment(horizontal="center")
        if variant % 2:
            sheet.append([f"培训机构：{case.info.institution}"])
    sheet.append(header)
    for i, row in enumerate(rows):
        sheet.append(row)
        if variant % 7 == 4 and i == len(rows) // 2:
            sheet.append([])
    if variant % 4 == 2:
        sheet.append(["合计", f"{len(rows)}人"])
        sheet.append([f"填表人：{case.info.contact}"])
    for i, key in enumerate(order, start=1):
        sheet.column_dimensions[get_column_letter(i)].width = {"id": 22, "employer": 30, "phone": 14}.get(key, 10)
    if variant % 6 == 5:
        book.create_sheet("说明").append(["本表由培训机构填写"])
    book.properties.creator = "sample_archives"
    buffer = io.BytesIO()
    book.save(buffer)
    (folder / "roster.xlsx").write_bytes(_timeless(buffer))


def _timeless(book: io.BytesIO) -> bytes:
    """A workbook without the time it was written, so that the same order gives the same bytes."""
    out = io.BytesIO()
    with ZipFile(book) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2024-01-01T00:00:00Z", source.read(name))
            target.writestr(ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, ZIP_DEFLATED)
    return out.getvalue()


def _class(case: Case, shape: Shape) -> str:
    info = case.info
    facts: list[tuple[str, object]] = [
        ("name", info.name),
        ("institution", info.institution),
        ("occupation", info.occupation),
        ("training_kind", info.training_kind),
        ("opening_report_date", info.report_date),
        ("start_date", info.start),
        ("end_date", info.end),
        ("training_days", len(info.days)),
        ("approved_headcount", info.approved),
        ("daily_subsidy_yuan", info.daily_subsidy),
        ("as_of", info.as_of),
    ]
    if shape.sparse_class:
        facts = [fact for fact in facts if fact[0] in ("name", "training_kind", "as_of", "approved_headcount")]
    facts += [
        ("verified_headcount", len(case.trainees)),
        ("missing_video_half_days", 0),
        ("callbacks_not_attended", []),
        ("callbacks_not_employed", []),
        ("general_daily_subsidy_yuan", 50),
    ]
    lines = []
    for key, value in facts:
        shown = f'"{value}"' if isinstance(value, str) else str(value)
        lines.append(f"{key} = {shown}")
    return "\n".join(lines) + "\n"
