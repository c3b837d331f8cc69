"""The generator of sample binders: its answers agree with its papers, and its papers with the rules."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import openpyxl
import pdfplumber
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from sample_archives import build, faults, make, numbering, scan, truth
from sample_archives.bind import Plan, bind
from sample_archives.build import Wish
from sample_archives.calendar_cn import capitals, term_end
from sample_archives.case import Form, LabourContract, Person, SheetDrawing, Style
from sample_archives.family_a import FAMILY
from sample_archives.people import broken_code, broken_id, valid_code, valid_id
from sample_archives.quota import Quota
from sample_archives.rewrite import rewritten

HERE = Path(__file__).parent.parent / "sample_archives"
COMMITTED = ("clean", "faulty", "part_digital")


class PlainFamily:
    """Draws every paper as one or two empty sheets: enough where only the data matter."""

    name = "plain"

    def draw(self, form: Form, style: Style) -> list[SheetDrawing]:
        sheets = 2 if isinstance(form, LabourContract) and form.look % 2 else 1
        return [SheetDrawing(Image.new("RGB", (21, 30), "white")) for _ in range(sheets)]


def answer(code: str, seed: int, trainees: int = 8) -> dict[str, list[dict[str, object]]]:
    """The truth of a binder with one fault, nothing drawn."""
    rng = random.Random(seed)
    codes = faults.chosen(code, rng)
    case = build.make(rng, faults.wish_for(codes, Wish(trainees=trainees), rng))
    plan = Plan(PlainFamily(), scan.PRESETS["clean"], numbering.choose(rng), seed)
    faults.inject(case, plan, codes, rng)
    return truth.answer(case, bind(case, plan))  # type: ignore[return-value]


def codes_of(made: dict[str, list[dict[str, object]]]) -> Counter[object]:
    return Counter(issue["code"] for issue in made["issues"])


def persons_of(case: build.Case) -> list[Person]:
    found: list[Person] = []

    def note(value: object) -> object:
        if isinstance(value, Person):
            found.append(value)
        return value

    for form in case.forms:
        rewritten(form, note)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_a_binder_without_faults_has_no_issue_and_every_claim_is_verified(seed: int) -> None:
    made = answer("none", seed)
    assert made["issues"] == []
    assert {trainee["verdict"] for trainee in made["trainees"]} <= {"verified", "not_claimed"}


@pytest.mark.parametrize("code", faults.CODES)
@pytest.mark.parametrize("seed", (3, 4))
def test_a_fault_asked_for_is_in_the_answer(code: str, seed: int) -> None:
    assert code in codes_of(answer(code, seed))


@pytest.mark.parametrize("code", sorted({*faults.PAGES} - {"page_repeated", "page_number_duplicate"}))
def test_a_fault_of_pages_brings_no_other_code(code: str) -> None:
    assert set(codes_of(answer(code, 5))) == {code}


@pytest.mark.parametrize("code", sorted(set(faults.PEOPLE) - {"id_number_invalid"}))
def test_a_fault_of_one_trainee_brings_no_other_code_but_the_low_rate(code: str) -> None:
    assert set(codes_of(answer(code, 6))) - {"employment_rate_low"} == {code}


def test_the_verdicts_follow_the_issues() -> None:
    expected = {"employment_proof_missing": "missing", "contract_term_short": "inconsistent",
                "contract_seal_missing": "incomplete", "needs_review": "needs_review", "wage_mismatch": "verified"}
    for code, verdict in expected.items():
        made = answer(code, 7)
        rows = [issue["trainee"] for issue in made["issues"] if issue["code"] == code]
        assert rows
        verdicts = {trainee["row"]: trainee["verdict"] for trainee in made["trainees"]}
        assert {verdicts[row] for row in rows} == {verdict}, code


def test_low_employment_is_said_exactly_when_under_four_fifths_are_verified() -> None:
    for seed in range(8):
        made = answer("some", seed, trainees=10)
        verified = sum(trainee["verdict"] == "verified" for trainee in made["trainees"])
        gap = next((issue for issue in made["issues"] if issue["code"] == "headcount_mismatch"), None)
        approved = int(str(gap["expected"])) if gap else len(made["trainees"])
        assert ("employment_rate_low" in codes_of(made)) == (verified * 5 < approved * 4)


def test_a_page_without_number_uses_its_number_up() -> None:
    made = answer("page_number_missing", 8)
    numbers = [page["page_number"] for page in made["pages"]]
    for issue in made["issues"]:
        (page,) = issue["pages"]  # type: ignore[misc]
        assert numbers[page - 1] is None
        assert numbers[page] == numbers[page - 2] + 2


def test_numbers_of_persons_and_firms_are_valid() -> None:
    for seed in range(3):
        case = build.make(random.Random(seed), Wish(trainees=12))
        assert all(valid_id(person.id_number) for person in persons_of(case))
        assert len({t.person.id_number for t in case.trainees}) == 12
        for form in case.forms:
            code = getattr(form, "credit_code", None)
            assert code is None or valid_code(code)
    assert valid_id("141121198503120035") and valid_code("92141121MA0GT5E4XX")


def test_broken_numbers_fail_their_check() -> None:
    rng = random.Random(1)
    for _ in range(200):
        assert not valid_id(broken_id(rng, "142322198503124325"))
        assert not valid_code(broken_code(rng, "91141121MA0K000200"))


def test_a_short_term_ends_before_six_months() -> None:
    rng = random.Random(2)
    case = build.make(rng, faults.wish_for(["contract_term_short"], Wish(trainees=8), rng))
    faults.PEOPLE["contract_term_short"](case, rng, set())
    short = [form for form in case.forms if isinstance(form, LabourContract) and form.end
             and form.end < term_end(form.start, 6)]
    assert len(short) == 1


@pytest.mark.parametrize("amount, text", [(3200, "叁仟贰佰元整"), (66000, "陆万陆仟元整"), (10050, "壹万零伍拾元整"),
                                          (108000, "壹拾万捌仟元整"), (20, "贰拾元整"), (1001, "壹仟零壹元整")])
def test_amounts_are_written_in_capital_figures(amount: int, text: str) -> None:
    assert capitals(amount) == text


@pytest.fixture(scope="module")
def drawn() -> list[tuple[Form, SheetDrawing]]:
    """All papers of one binder as the first family draws them, small."""
    wish = Wish(trainees=7, days=2, routes=("enterprise", "enterprise", "flexible", "self_employed"))
    case = build.make(random.Random(11), wish)
    return [(form, sheet) for i, form in enumerate(case.forms)
            for sheet in FAMILY.draw(form, Style(random.Random(i), 60))]


def test_the_corner_of_the_archive_number_stays_free(drawn: list[tuple[Form, SheetDrawing]]) -> None:
    for form, sheet in drawn:
        pixels = np.asarray(sheet.image.convert("L"))
        unit = 60 / 25.4
        assert pixels[: int(10.5 * unit)].min() > 200, form.title
        assert pixels[: int(16.5 * unit), -int(45 * unit):].min() > 200, form.title


def test_every_field_lies_on_its_sheet_and_has_ink_in_its_box(drawn: list[tuple[Form, SheetDrawing]]) -> None:
    count = 0
    for form, sheet in drawn:
        pixels = np.asarray(sheet.image.convert("L"))
        height, width = pixels.shape
        for item in sheet.fields:
            x0, y0, x1, y1 = item.box
            assert 0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1, (form.title, item)
            crop = pixels[int(y0 * height): int(y1 * height) + 1, int(x0 * width): int(x1 * width) + 1]
            assert crop.min() < 160, (form.title, item)
            count += 1
    assert count > 100


def test_seals_and_signatures_are_recorded_with_their_party(drawn: list[tuple[Form, SheetDrawing]]) -> None:
    contracts = [form for form, _ in drawn if isinstance(form, LabourContract)]
    marks = [(mark.kind, mark.party) for form, sheet in drawn if isinstance(form, LabourContract)
             for mark in sheet.marks if not mark.personal]
    assert contracts
    assert marks.count(("seal", "employer")) == len({id(form) for form in contracts})
    assert any(kind in ("signature", "fingerprint") and party == "employee" for kind, party in marks)


def test_a_bilevel_scan_is_black_on_white(tmp_path: Path) -> None:
    make.sample(make.Order(seed=2, trainees=4, days=2, dpi=40, scan="bilevel", roster="xlsx"), tmp_path)
    pdf = pypdfium2.PdfDocument(tmp_path / "binder.pdf")
    try:
        shown = np.asarray(pdf[0].render(scale=0.5).to_pil().convert("L"))
    finally:
        pdf.close()
    assert shown.mean() > 200 and shown.min() < 100


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same small order made twice."""
    base = tmp_path_factory.mktemp("samples")
    order = make.Order(seed=5, trainees=4, days=2, dpi=40, faults="page_rotated,page_blank,name_mismatch",
                       born_digital=0.08, roster="xlsx", scan="office")
    for name in ("one", "two"):
        make.sample(order, base / name)
    return base / "one", base / "two"


def test_the_same_order_gives_the_same_files(folders: tuple[Path, Path]) -> None:
    one, two = folders
    for name in ("truth.json", "class.toml", "binder.pdf", "roster.xlsx"):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_the_answer_counts_the_pages_of_the_binder(folders: tuple[Path, Path]) -> None:
    made = json.loads((folders[0] / "truth.json").read_text(encoding="utf-8"))
    with pikepdf.open(folders[0] / "binder.pdf") as pdf:
        assert len(pdf.pages) == len(made["pages"])


def test_born_digital_pages_carry_their_text(folders: tuple[Path, Path]) -> None:
    made = json.loads((folders[0] / "truth.json").read_text(encoding="utf-8"))
    with pdfplumber.open(folders[0] / "binder.pdf") as pdf:
        texts = {i: page.extract_text() for i, page in enumerate(pdf.pages, start=1) if page.chars}
    told = [item for item in made["fields"] if item["page"] in texts and item["name"] in ("employee", "class_name")]
    rotated = {page["index"] for page in made["pages"] if page["rotation"]}
    assert texts and len(texts) < len(made["pages"])
    for item in told:
        if item["page"] not in rotated:
            assert item["value"] in texts[item["page"]].replace(" ", ""), item


def test_the_roster_lists_the_trainees_in_the_order_of_the_answer(folders: tuple[Path, Path]) -> None:
    made = json.loads((folders[0] / "truth.json").read_text(encoding="utf-8"))
    sheet = openpyxl.load_workbook(folders[0] / "roster.xlsx")["花名册"]
    cells = [[str(value or "") for value in row] for row in sheet.iter_rows(values_only=True)]
    head = next(i for i, row in enumerate(cells) if any("身份" in value for value in row))
    column = next(i for i, value in enumerate(cells[head]) if "身份" in value)
    listed = [row for row in cells[head + 1:] if len(row[column]) == 18]
    assert len(listed) == len(made["trainees"])


@pytest.mark.parametrize("name", COMMITTED)
def test_the_committed_samples_are_whole(name: str) -> None:
    folder = HERE / name
    made = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert (folder / "class.toml").is_file() and (folder / "roster.xlsx").is_file()
    with pikepdf.open(folder / "binder.pdf") as pdf:
        assert len(pdf.pages) == len(made["pages"])
    assert bool(made["issues"]) == (name != "clean")


def test_the_committed_samples_stay_small() -> None:
    assert sum(path.stat().st_size for name in COMMITTED for path in (HERE / name).iterdir()) < 10_000_000


def test_a_machine_without_chinese_fonts_is_told_what_to_install(tmp_path: Path) -> None:
    environment = {**os.environ, "SAMPLE_ARCHIVES_FONTS": str(tmp_path)}
    done = subprocess.run([sys.executable, "-m", "sample_archives", str(tmp_path / "out")], cwd=HERE.parent,
                          env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "fonts-noto-cjk" in done.stderr


def test_faults_are_spread_until_every_code_occurs_often_enough() -> None:
    quota = Quota(20, 3, seed=5)
    sizes = []
    for seed in range(20):
        codes = quota.next()
        sizes.append(len(codes.split(",")))
        quota.count(answer(codes, seed, trainees=12)["issues"])
    assert quota.lacking() == {} and max(sizes) < len(faults.CODES) / 2
