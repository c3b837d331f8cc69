"""Coverage-guided fuzzing: `python -m tests.hostile.fuzz TARGET [libFuzzer's options]`, see `make fuzz`.

What comes out must be a refusal or a right answer; any other error, a hang or a hoard stops the run and
leaves the input in build/fuzz. What was found becomes a case of the corpus.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path

import atheris

# What others wrote is followed no further than to our own code: its branches are not ours, and cost the most.
with atheris.instrument_imports(include=["archive_verify"]):
    from archive_verify import values
    from archive_verify.binder import open_binder
    from archive_verify.errors import BinderRefused, RosterRefused
    from archive_verify.roster import read_roster
    from archive_verify.settings import Settings

from tests.hostile import pdf_files, roster_files, strings, zips
from tests.hostile.case import MEGABYTE, csv_text, encoded, person, picture
from tests.hostile.mutate import changed

SETTINGS = Settings(
    max_file_bytes=4 * MEGABYTE,
    max_total_bytes=8 * MEGABYTE,
    max_roster_bytes=4 * MEGABYTE,
    max_pages=50,
    max_pixels=1_000_000,
)
_ROOM = Path(tempfile.mkdtemp(prefix="hostile-fuzz-"))
_SEARCHES: tuple[Callable[[str], object], ...] = (
    values.find_dates, values.find_months, values.find_periods, values.find_term, values.find_bare_month,
    values.find_bare_year, values.find_amounts, values.find_money, values.find_money_range, values.cell_money,
    values.find_ids, values.find_codes, values.find_phones, lambda text: values.find_phones(text, labelled=True),
)  # fmt: skip
_LOOKS: tuple[Callable[[str], object], ...] = (
    values.person_name, values.employer_key, values.has_surname, values.capitals, values.normal_id, values.id_is_valid,
    values.id_repairs, values.code_is_valid, values.code_repairs, values.plain, values.squeezed,
)  # fmt: skip
_PAIRS: tuple[Callable[[str, str], object], ...] = (
    values.compare_employers, values.look_alike_distance, values.looks_like, values.same_but_look_alikes,
)  # fmt: skip
_CALLS = len(_SEARCHES) + len(_LOOKS) + len(_PAIRS)
_TEXTS = (
    "自2023年9月1日起至2024年8月31日止", "叁仟贰佰元整（¥3,200.00元）", "2800-3200元/月",
    "身份证号：14110219900307001X", "统一社会信用代码91141121MA0K1B2C3D", "电话0358-3022222 13800138000",
    "二〇二三年十二月廿一日", "2023.9.1-2024.8.31", "1.5万元", "合同期限：壹年/12个月", "固定期限三年，试用期2个月",
    "无固定期限", "2023年9月至今", "45170", "20230901", "文水县启航职业培训学校有限公司|启航职业培训学校(有限公司)",
    "张三|弓长三", "92141121MA0GT5E4XX|92141121MA0GT5E4X",
)  # fmt: skip
_LETTERS = "".join(
    dict.fromkeys(
        "".join(_TEXTS) + "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正廿卅〇OolI|!SBZXx×0123456789"
        "年牟月日号目曰第度份至到起止—-~.,:;/·()（） \t\n"
        "个天周季半两多无固定期限试用有公司厂店中心县市省区某王李张赵²①Ⅹ٣\ud800\u202e\u200b\x00½㎡"
    )
)
# Texts of one value; longer ones take time by the square of their length and reach nothing more.
_LONGEST = 80
_LARGEST = 16384            # bytes of a file


def fuzz_values(data: bytes) -> None:
    """One search, look or comparison of `values`, on a text of its own characters or (from 128) on any."""
    which = data[0] if data else 0
    text = (
        data[1:].decode("utf-8", "replace")
        if which >= 128
        else "".join(_LETTERS[byte % len(_LETTERS)] for byte in data[1:])
    )[:_LONGEST]
    which %= _CALLS
    if which < len(_SEARCHES):
        found = _SEARCHES[which](text)
        for one in found if isinstance(found, tuple) else [found]:
            place = getattr(one, "start", 0), getattr(one, "end", 0)
            assert 0 <= place[0] <= place[1] <= 20 * len(text), (which, text)
    elif which < len(_SEARCHES) + len(_LOOKS):
        _LOOKS[which - len(_SEARCHES)](text)
    else:
        one, _, other = text.partition("|")
        _PAIRS[which - len(_SEARCHES) - len(_LOOKS)](one, other)


def _letters(text: str) -> bytes:
    return bytes(_LETTERS.index(letter) for letter in text)


def fuzz_roster(data: bytes) -> None:
    """Roster reading: bytes of any kind of file."""
    path = _ROOM / "roster"
    path.write_bytes(data)
    try:
        roster = read_roster(path, SETTINGS)
    except RosterRefused as error:
        assert error.advice and "\n" not in str(error)
        return
    assert roster.rows and not any(_steers(row.name) for row in roster.rows)


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
    assert binder.sheets and not any(_steers(file.name) for file in binder.files)


def _steers(text: str) -> bool:
    """Whether it holds what breaks lines or is not to be seen; characters of a font's own are part of rare names."""
    return any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in text)


def _seeds(target: str) -> dict[str, bytes]:
    """Small files: each millisecond that one takes is taken a hundred thousand times."""
    if target == "values":
        return {
            f"{which}-{number}": bytes([which]) + _letters(text)
            for which in range(_CALLS) for number, text in enumerate(_TEXTS)
        } | {f"any-{number}": bytes([128 + number]) + text.encode() for number, text in enumerate(_TEXTS)}  # fmt: skip
    if target == "roster":
        plain = csv_text([person(n) for n in range(1, 4)])
        return {
            "csv": plain.encode(), "gbk": plain.encode("gbk"), "utf-16": plain.encode("utf-16"),
            "xlsx": strings.book(), "inline": roster_files.plain_xlsx(), "xls": roster_files.XLS.read_bytes(),
        }  # fmt: skip
    page, line = picture(size=(60, 84)), picture(size=(60, 84)).convert("1")
    return {
        "drawn": pdf_files.drawn_pdf(), "one-page": pdf_files.one_page(content=b"0 0 9 9 re f"),
        "image": pdf_files.image_page(b"/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8", b"\0\xff\0\xff"),
        "zip": zips.zip_of([("1.png", encoded(line, "PNG")), ("册/2.pdf", pdf_files.one_page()), ("名册.csv", b"x")]),
        "fax": encoded(line, "TIFF", compression="group4", save_all=True, append_images=[line, line]),
        "lzw": encoded(page, "TIFF", compression="tiff_lzw"), "tiff": encoded(line.convert("L"), "TIFF"),
        "jpeg": encoded(page, "JPEG", quality=20), "progressive": encoded(page, "JPEG", progressive=True, quality=20),
        "png": encoded(page, "PNG"), "palette": encoded(page.convert("P"), "PNG"),
    }  # fmt: skip


TARGETS = {"values": fuzz_values, "roster": fuzz_roster, "binder": fuzz_binder}


def _inside(data: bytes, most: int, seed: int) -> bytes:
    return changed(data, most, random.Random(seed), atheris.Mutate)


def main() -> None:
    """Begin with the plain files and go on from what leads to new places in the code."""
    target = sys.argv[1]
    home = Path("build/fuzz") / target
    home.mkdir(parents=True, exist_ok=True)
    for name, seed in _seeds(target).items():
        (home / f"seed-{name}").write_bytes(seed)
    options = [
        sys.argv[0], f"-artifact_prefix=build/fuzz/{target}-", "-timeout=20", "-rss_limit_mb=3072",
        *["-max_len=81", "-len_control=0", f"-dict={_dictionary()}"] * (target == "values"),
        *[f"-max_len={_LARGEST}"] * (target != "values"), "-print_final_stats=1",
    ]  # fmt: skip
    more = {} if target == "values" else {"custom_mutator": _inside}
    atheris.Setup([*options, *sys.argv[2:], str(home)], TARGETS[target], **more)
    atheris.Fuzz()


def _dictionary() -> Path:
    """The words of `_TEXTS`, in the bytes that stand for their letters."""
    words = {word for text in _TEXTS for word in re.findall(r"\d+|[^\W\d]{1,4}|[^\w\s]", text)}
    path = _ROOM / "words"
    path.write_text(
        "".join(f'"{"".join(f"{chr(92)}x{byte:02x}" for byte in _letters(word))}"\n' for word in sorted(words)),
        encoding="ascii",
    )
    return path


if __name__ == "__main__":
    main()
