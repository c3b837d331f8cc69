"""Coverage-guided fuzzing: `python -m tests.hostile.fuzz TARGET [libFuzzer's options]`, see `make fuzz`.

What comes out must be a refusal or a right answer; any other error, a hang or a hoard stops the run and
leaves the input in build/fuzz. What was found becomes a case of the corpus.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["archive_verify", "openpyxl", "xlrd", "csv", "zipfile"]):
    from archive_verify import values
    from archive_verify.binder import open_binder
    from archive_verify.errors import BinderRefused, RosterRefused
    from archive_verify.roster import read_roster
    from archive_verify.settings import Settings

from tests.hostile import images, pdf_files, roster_files, zips
from tests.hostile.case import MEGABYTE, csv_text, person

SETTINGS = Settings(
    max_file_bytes=4 * MEGABYTE,
    max_total_bytes=8 * MEGABYTE,
    max_roster_bytes=4 * MEGABYTE,
    max_pages=50,
    max_pixels=1_000_000,
)
_ROOM = Path(tempfile.mkdtemp(prefix="hostile-fuzz-"))
_SEARCHES: tuple[Callable[[str], object], ...] = (
    values.find_dates,
    values.find_months,
    values.find_periods,
    values.find_term,
    values.find_bare_month,
    values.find_bare_year,
    values.find_amounts,
    values.find_money,
    values.find_money_range,
    values.cell_money,
    values.find_ids,
    values.find_codes,
    values.find_phones,
    lambda text: values.find_phones(text, labelled=True),
)
_TEXTS = (
    "自2023年9月1日起至2024年8月31日止",
    "叁仟贰佰元整（¥3,200.00元）",
    "2800-3200元/月",
    "身份证号：14110219900307001X",
    "统一社会信用代码91141121MA0K1B2C3D",
    "电话0358-3022222 13800138000",
    "二〇二三年十二月廿一日",
    "2023.9.1-2024.8.31",
    "1.5万元",
)
_LETTERS = "".join(
    dict.fromkeys(
        "".join(_TEXTS) + "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正廿卅〇OolI|!SBZXx×0123456789"
        "年牟月日号目曰第度份至到起止—-~.,:;/·()（） \t\n"
        "个天周季半两多无固定期限试用有公司厂店中心县市省区某王李张赵²①Ⅹ٣\ud800\u202e\u200b\x00½㎡"
    )
)


def fuzz_values(data: bytes) -> None:
    """Every search of `values`, on texts of its own characters, and on any."""
    text = (
        data.decode("utf-8", "replace")
        if data[:1] == b"\0"
        else "".join(_LETTERS[byte % len(_LETTERS)] for byte in data)
    )
    text = text[:400]
    for search in _SEARCHES:
        found = search(text)
        for one in found if isinstance(found, tuple) else [found]:
            place = getattr(one, "start", 0), getattr(one, "end", 0)
            assert 0 <= place[0] <= place[1] <= 20 * len(text), (search, text)
    half = len(text) // 2
    one, other = text[:half], text[half:]
    values.compare_employers(one, other)
    values.look_alike_distance(one, other)
    values.looks_like(one, other)
    values.same_but_look_alikes(one, other)
    for look in (
        values.person_name,
        values.employer_key,
        values.has_surname,
        values.capitals,
        values.normal_id,
        values.id_is_valid,
        values.id_repairs,
        values.code_is_valid,
        values.code_repairs,
        values.plain,
        values.squeezed,
    ):
        look(text)


def fuzz_roster(data: bytes) -> None:
    """Roster reading: bytes of any kind of file."""
    path = _ROOM / "roster"
    path.write_bytes(data)
    try:
        roster = read_roster(path, SETTINGS)
    except RosterRefused as error:
        assert error.advice and "\n" not in str(error)
        return
    assert roster.rows and all(row.name.isprintable() for row in roster.rows)


def fuzz_binder(data: bytes) -> None:
    """Binder opening: bytes of any kind of file."""
    path = _ROOM / "volume"
    path.write_bytes(data)
    workspace = _ROOM / "workspace"
    workspace.mkdir(exist_ok=True)
    try:
        binder = open_binder([path], SETTINGS, workspace)
    except BinderRefused as error:
        assert error.advice and "\n" not in str(error)
        return
    assert binder.sheets and all(file.name.isprintable() for file in binder.files)


def _seeds(target: str) -> dict[str, bytes]:
    if target == "values":
        return {f"{number}": text.encode() for number, text in enumerate(_TEXTS)}
    if target == "roster":
        plain = csv_text([person(n) for n in range(1, 4)])
        return {
            "csv": plain.encode(), "gbk": plain.encode("gbk"), "utf-16": plain.encode("utf-16"),
            "xlsx": roster_files.plain_xlsx(),
            "xls": (Path(__file__).parent.parent / "data" / "roster.xls").read_bytes(),
        }  # fmt: skip
    pictures = {
        f"{kind}-{name}": data for kind, some in images.sources().items() for name, data in some.items()
    }
    return {
        "pdf": pdf_files.plain_pdf(1),
        "drawn": pdf_files.drawn_pdf(),
        "active": pdf_files.active_pdf(),
        "zip": zips.plain_zip(),
        **pictures,
    }


TARGETS = {"values": fuzz_values, "roster": fuzz_roster, "binder": fuzz_binder}


def main() -> None:
    """Begin with the plain files and go on from what leads to new places in the code."""
    target = sys.argv[1]
    home = Path("build/fuzz") / target
    home.mkdir(parents=True, exist_ok=True)
    for name, seed in _seeds(target).items():
        (home / f"seed-{name}").write_bytes(seed)
    options = [
        sys.argv[0],
        f"-artifact_prefix=build/fuzz/{target}-",
        "-timeout=20",
        "-rss_limit_mb=3072",
        "-print_final_stats=1",
    ]
    options += {
        "values": ["-max_len=400", "-len_control=0"],
        "roster": ["-max_len=65536"],
        "binder": ["-max_len=65536"],
    }[target]
    atheris.Setup([*options, *sys.argv[2:], str(home)], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
