"""A dossier holds the original pages, upright, behind a cover sheet that says where each paper is."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from archive_verify.model import Evidence
from archive_verify.report.checklist import requirements
from archive_verify.report.dossiers import dossier_name, write_dossiers
from archive_verify.report.schema import DossierInfo, Report
from archive_verify.settings import Settings
from tests.hostile.pdf_files import active_pdf
from tests.report_factories import binder_page, checked_of, report_of, source

SETTINGS = Settings()


def _pdf(path: Path, pages: int = 6, rotate: int = 0) -> Path:
    """Pages 201, 202, ... points wide and 300 high."""
    with pikepdf.new() as pdf:
        for number in range(pages):
            pdf.add_blank_page(page_size=(201 + number, 300))
            if rotate:
                pdf.pages[-1].rotate(rotate, relative=False)
        pdf.save(path)
    return path


def _text(path: Path, page: int = 0) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        return str(document[page].get_textpage().get_text_bounded())
    finally:
        document.close()


def _drawn(path: Path, page: int) -> np.ndarray:
    document = pypdfium2.PdfDocument(path)
    try:
        return np.asarray(document[page].render(scale=1).to_numpy())
    finally:
        document.close()


@pytest.mark.parametrize("name", ["../../etc/passwd", "张/三", "a\u202eb", "", "CON:1"])
def test_a_dossier_stays_in_its_directory_whatever_the_name(name: str) -> None:
    trainee = report_of().trainees[0].model_copy(update={"name": name})
    made = dossier_name(trainee)
    assert Path(made).name == made and made.endswith(".pdf") and "\u202e" not in made
    assert set(made[:-4]).isdisjoint('/\\:*?"<>|. ')


def test_a_dossier_holds_the_original_pages_behind_its_cover(tmp_path: Path) -> None:
    files = [source(_pdf(tmp_path / "binder.pdf"), 6)]
    report = report_of(documents=[("d1", "labour_contract", (3, 4))], trainee_documents=("d1",))
    (info,) = write_dossiers(report, checked_of(files, [binder_page(i) for i in range(1, 7)]), tmp_path, SETTINGS)
    assert (info.file, info.cover_pages, info.pages) == ("dossiers/1_王小麦_0035.pdf", 1, (3, 4))
    with pikepdf.open(tmp_path / info.file) as dossier:
        assert [int(page.mediabox[2]) for page in dossier.pages][1:] == [203, 204]
        with dossier.open_outline() as outline:
            assert outline.root[0].title == "核查结论：已核实"
            assert [item.title for item in outline.root[1].children] == ["劳动合同（档案页码 未编，扫描第 3–4 页）"]
        assert "已核实" in str(dossier.docinfo["/Subject"])
        assert "141121198503120035" not in str(dossier.open_metadata())


def test_the_cover_names_the_trainee_the_verdict_the_papers_and_the_issues(tmp_path: Path) -> None:
    files = [source(_pdf(tmp_path / "binder.pdf"), 6)]
    report = report_of(
        documents=[("d1", "labour_contract", (3, 4))],
        issues=[{"code": "payroll_first_month_missing", "trainee": 1}],
        trainees=[{"documents": ("d1",), "verdict": "incomplete"}],
    )
    (info,) = write_dossiers(report, checked_of(files, [binder_page(i) for i in range(1, 7)]), tmp_path, SETTINGS)
    text = _text(tmp_path / str(info.file))
    for part in ("王小麦", "141121198503120035", "材料不全", "企业就业", "缺少", "第1条问题", "四(三)1", "3–4", "2–3"):
        assert part in text


def test_the_cover_embeds_its_typeface(tmp_path: Path) -> None:
    files = [source(_pdf(tmp_path / "binder.pdf"), 6)]
    report = report_of(trainee_documents=("d1",))
    (info,) = write_dossiers(report, checked_of(files, [binder_page(i) for i in range(1, 7)]), tmp_path, SETTINGS)
    with pikepdf.open(tmp_path / str(info.file)) as dossier:
        fonts = [font.DescendantFonts[0].FontDescriptor for font in dossier.pages[0].Resources.Font.values()]
        assert fonts and all("/FontFile3" in font for font in fonts)
    assert (tmp_path / str(info.file)).stat().st_size < 200_000


def test_a_character_the_typeface_lacks_is_shown_by_its_code(tmp_path: Path) -> None:
    files = [source(_pdf(tmp_path / "binder.pdf"), 6)]
    report = report_of(trainees=[{"documents": ("d1",), "name": "王𠮷\x07"}])
    (info,) = write_dossiers(report, checked_of(files, [binder_page(i) for i in range(1, 7)]), tmp_path, SETTINGS)
    assert "王〓(U+20BB7)" in _text(tmp_path / str(info.file))


@pytest.mark.parametrize(("in_file", "turn"), [(0, 90), (90, 180), (270, 270)])
def test_a_page_scanned_sideways_stands_upright(in_file: int, turn: int, tmp_path: Path) -> None:
    files = [source(_pdf(tmp_path / "binder.pdf", rotate=in_file), 6)]
    pages = [binder_page(i, rotation=turn) for i in range(1, 7)]
    (info,) = write_dossiers(report_of(trainee_documents=("d1",)), checked_of(files, pages), tmp_path, SETTINGS)
    with pikepdf.open(tmp_path / str(info.file)) as dossier:
        assert int(dossier.pages[1].rotation) % 360 == (in_file + turn) % 360


@pytest.mark.parametrize("in_file", [0, 90, 180, 270])
@pytest.mark.parametrize("half", ["left", "right", "top", "bottom"])
def test_half_of_a_facing_scan_is_shown_as_a_page_of_its_own(half: str, in_file: int, tmp_path: Path) -> None:
    # each shown quarter of the sheet has its own shade; the halves part at three fifths
    shades = np.array([[10, 80], [150, 220]], dtype=np.uint8)
    size = (600, 400) if half in ("left", "right") else (400, 600)
    sheet = Image.fromarray(shades).resize(size, Image.Resampling.NEAREST)
    pdf = tmp_path / "a3.pdf"
    sheet.rotate(in_file, expand=True).save(pdf, "PDF", resolution=72)
    with pikepdf.open(pdf, allow_overwriting_input=True) as turned:
        turned.pages[0].rotate(in_file, relative=False)
        turned.save(pdf)
    first, second = ("left", "right") if half in ("left", "right") else ("top", "bottom")
    across = half in ("left", "right")
    sides = [(3, 4), (2, 4)] if across else [(4, 3), (4, 2)]
    pages = [
        binder_page(number, file_page=1, half=name, width=width, height=height)
        for number, (name, (width, height)) in enumerate(zip((first, second), sides, strict=True), 1)
    ]
    taken = 1 if half == first else 2
    report = report_of(documents=[("d1", "labour_contract", (taken,))], trainee_documents=("d1",), page_count=2)
    (info,) = write_dossiers(report, checked_of([source(pdf)], pages), tmp_path, SETTINGS)
    shown = _drawn(tmp_path / str(info.file), 1)
    part = 0.6 if half == first else 0.4
    wanted = (round(size[0] * part), size[1]) if across else (size[0], round(size[1] * part))
    assert abs(shown.shape[1] - wanted[0]) <= 1 and abs(shown.shape[0] - wanted[1]) <= 1
    corner = {"left": (3, 3), "right": (-3, -3), "top": (3, 3), "bottom": (-3, -3)}[half]
    assert abs(int(shown[corner][0]) - (10 if half == first else 220)) < 12


def test_a_jpeg_is_embedded_as_it_is_and_stands_as_its_exif_says(tmp_path: Path) -> None:
    path = tmp_path / "page.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (300, 200), "white").save(path, exif=exif, dpi=(50, 50))
    report = report_of(documents=[("d1", "labour_contract", (1,))], trainee_documents=("d1",), page_count=1)
    (info,) = write_dossiers(report, checked_of([source(path, kind="image")], [binder_page(1)]), tmp_path, SETTINGS)
    with pikepdf.open(tmp_path / str(info.file)) as dossier:
        (image,) = dossier.pages[1].resources.XObject.values()
        assert image.read_raw_bytes() == path.read_bytes()
        assert int(dossier.pages[1].rotation) == 90


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P", "RGBA", "I;16"])
def test_the_pages_of_a_tiff_keep_each_pixel(mode: str, tmp_path: Path) -> None:
    ramp = np.tile(np.arange(0, 256, 2, dtype=np.uint8), (64, 1))
    if mode == "I;16":
        frame = Image.fromarray(ramp.astype(np.uint16) * 257)
        wanted = ramp
    else:
        frame = Image.fromarray(ramp).convert("RGB").convert(mode) if mode != "L" else Image.fromarray(ramp)
        wanted = np.asarray(frame.convert("L"))
    path = tmp_path / "pages.tif"
    Image.new("L", (8, 8)).save(path, save_all=True, append_images=[frame])
    report = report_of(documents=[("d1", "labour_contract", (1,))], trainee_documents=("d1",), page_count=1)
    files = [source(path, 2, kind="image")]
    (info,) = write_dossiers(report, checked_of(files, [binder_page(1, file_page=2)]), tmp_path, SETTINGS)
    with pikepdf.open(tmp_path / str(info.file)) as dossier:
        (image,) = dossier.pages[1].resources.XObject.values()
        shown = np.asarray(pikepdf.PdfImage(image).as_pil_image().convert("L")).astype(int)
    assert shown.shape == (64, 128)
    assert np.abs(shown - wanted.astype(int)).max() <= 1


def test_of_a_class_list_only_the_pages_that_name_the_trainee_are_taken(tmp_path: Path) -> None:
    files = [source(_pdf(tmp_path / "binder.pdf"), 6)]
    report = report_of(
        documents=[("d1", "id_card_copy", (1, 2, 3, 4)), ("d2", "payroll", (5, 6))],
        trainees=[{"documents": ("d1", "d2")}, {"documents": ("d1",)}],
    )
    evidence = [
        Evidence(trainee=row, document=document, page=page)
        for row, document, page in ((1, "d1", 1), (2, "d1", 3), (1, "d2", 6))
    ]
    checked = checked_of(files, [binder_page(i) for i in range(1, 7)], evidence)
    first, second = write_dossiers(report, checked, tmp_path, SETTINGS)
    assert first.pages == (5, 6, 1, 2)      # a payroll stays whole, the card comes with its back
    assert second.pages == (3, 4)


def test_a_page_that_cannot_be_copied_is_left_out_and_the_rest_is_there(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff no picture")
    files = [source(_pdf(tmp_path / "binder.pdf"), 6), source(broken, kind="image")]
    pages = [binder_page(1, file=1, file_page=1), binder_page(2, file_page=2)]
    report = report_of(documents=[("d1", "labour_contract", (1, 2))], trainee_documents=("d1",), page_count=2)
    (info,) = write_dossiers(report, checked_of(files, pages), tmp_path, SETTINGS)
    assert info.pages == (2,)


def test_a_folder_of_many_images_keeps_few_files_open(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("L", (40, 60), "white").save(buffer, "JPEG")
    files, pages = [], []
    for number in range(60):
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(buffer.getvalue())
        files.append(source(path, kind="image"))
        pages.append(binder_page(number + 1, file=number, file_page=1))
    report = report_of(
        documents=[(f"d{i}", "labour_contract", (i,)) for i in range(1, 61)],
        trainees=[{"documents": (f"d{i}",)} for i in range(1, 61)],
        page_count=60,
    )
    made = write_dossiers(report, checked_of(files, pages), tmp_path, SETTINGS)
    assert [info.pages for info in made] == [(i,) for i in range(1, 61)]


def test_a_trainee_without_pages_gets_no_dossier_but_his_checklist(tmp_path: Path) -> None:
    report = report_of(issues=[{"code": "employment_proof_missing", "trainee": 1}])
    (info,) = write_dossiers(report, checked_of((), ()), tmp_path, SETTINGS)
    assert isinstance(info, DossierInfo) and info.file is None
    assert {one.state for one in info.requirements} == {"missing"} and len(info.requirements) == 5
    assert not (tmp_path / "dossiers").exists()


def _states(report: Report) -> dict[str, str]:
    terms = checked_of((), ()).policy.employment
    return {one.label.split("（")[0]: one.state for one in requirements(report, report.trainees[0], terms)}


def test_an_employee_must_show_contract_and_sheets_of_two_months() -> None:
    report = report_of(
        documents=[("d1", "labour_contract", (3,)), ("d2", "payroll", (4,)), ("d3", "work_attendance", (5,))],
        trainee_documents=("d1", "d2", "d3"),
        fields={
            "d1": {"contract_start": "2023-07-10"}, "d2": {"month": "2023-07"}, "d3": {"month": "2024-02"},
        },
        facts={"as_of": "2024-03-20"},
        issues=[
            {"code": "attendance_first_month_missing", "trainee": 1, "document": "d1"},
            {"code": "payroll_latest_month_missing", "trainee": 1},
        ],
    )  # fmt: skip
    assert _states(report) == {
        "劳动合同": "met", "首月工资表": "met", "首月单位考勤表": "missing", "最近月工资表": "missing",
        "最近月单位考勤表": "met",
    }  # fmt: skip


def test_a_paper_with_an_error_is_faulty_and_one_under_review_is_not_met() -> None:
    report = report_of(
        documents=[("d1", "business_licence", (3,)), ("d2", "premises_proof", (4,))],
        trainees=[{"documents": ("d1", "d2"), "employment_type": "self_employed"}],
        issues=[
            {"code": "credit_code_invalid", "trainee": 1, "document": "d1"},
            {"code": "needs_review", "trainee": 1, "pages": (4,), "severity": "warning"},
        ],
    )
    assert _states(report) == {"营业执照": "faulty", "营业场地证明": "review"}


def test_a_month_that_was_not_read_is_left_to_a_person() -> None:
    issue = {"code": "needs_review", "trainee": 1, "pages": (3,), "severity": "warning"}
    report = report_of(trainee_documents=("d1",), issues=[issue])
    assert set(_states(report).values()) == {"review"}


def test_nothing_that_acts_or_leads_elsewhere_is_handed_on_with_a_page(tmp_path: Path) -> None:
    path = tmp_path / "binder.pdf"
    path.write_bytes(active_pdf())
    report = report_of(documents=[("d1", "labour_contract", (1,))], trainee_documents=("d1",))
    checked = checked_of([source(path, 2)], [binder_page(1), binder_page(2)])
    (info,) = write_dossiers(report, checked, tmp_path, SETTINGS)
    with pikepdf.open(tmp_path / info.file) as dossier:
        page = dossier.pages[info.cover_pages]
        assert {str(note.Subtype) for note in page.Annots} == {"/Stamp"}
        assert all("/AP" in note or note.Contents == "seen" for note in page.Annots if "/Contents" in note)
        names = {name for thing in dossier.objects if isinstance(thing, pikepdf.Dictionary)
                 for name in map(str, thing.keys())}
    assert names.isdisjoint({"/A", "/AA", "/JS", "/OpenAction", "/EF", "/FS", "/XFA"})
