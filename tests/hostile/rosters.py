"""Hostile rosters: xlsx, xls and csv."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterator

from tests.hostile import roster_files as made
from tests.hostile.case import (
    HARMS,
    MEGABYTE,
    Case,
    Expected,
    csv_text,
    file_of,
    person,
    with_parts,
    workbook,
    zip_of,
)
from tests.hostile.zips import DECEIVING


def cases(rng: random.Random, each: int) -> Iterator[Case]:
    """All roster cases; `each` of every harm."""
    sources = {
        "xlsx": made.plain_xlsx(),
        "xls": made.XLS.read_bytes(),
        "csv": csv_text([person(n) for n in range(9)]).encode("gb18030"),
    }
    for source, data in sources.items():
        for harm, do in HARMS.items():
            for number in range(each * 3):
                yield Case(
                    f"{source} {harm}",
                    f"{number}",
                    file_of(f"roster.{source}", do(data, rng)),
                    role="roster",
                    few=number == 0 and harm != "spliced",
                    whole=False,
                )
        # what is packed is harmed inside too
        for number in range(each * 3 if source == "xlsx" else 0):
            part, do = (
                rng.choice(zipfile.ZipFile(io.BytesIO(data)).namelist()),
                rng.choice(list(HARMS.values())),
            )
            harmed = with_parts(data, lambda name, old, p=part, d=do: d(old, rng) if name == p else old)
            yield Case(
                "xlsx flipped", f"inside-{number}", file_of("roster.xlsx", harmed), role="roster", whole=False
            )
    for kind, name, content, expected, few in _listed():
        yield Case(kind, name, file_of("roster", content), role="roster", expected=expected, few=few)
    yield from _people()


def _listed() -> Iterator[tuple[str, str, bytes | Callable[[], bytes], Expected, bool]]:
    bombs = "xlsx bombs"
    yield bombs, "zeros", lambda: made.bomb(200, "xl/worksheets/sheet2.xml"), "refused", True
    yield bombs, "lies-small", lambda: made.lying(made.bomb(200, "xl/theme/theme9.xml")), "either", False
    yield bombs, "100000-rows", lambda: made.rows(100_000), "refused", True
    yield bombs, "far-cell", made.far_cell, "refused", True
    yield bombs, "empty-rows-1000000", lambda: made.empty_rows(1_000_000), "either", False
    yield bombs, "merged-all", lambda: made.merged(b'<mergeCell ref="A1:XFD1048576"/>'), "refused", True
    yield bombs, "merged-often", lambda: made.merged(b'<mergeCell ref="A1:ZZ5000"/>' * 3000), "refused", False
    yield bombs, "columns-16000", lambda: workbook([[*person(), *range(16_000)]] * 3), "either", False
    yield bombs, "picture-30000", made.picture_bomb, "either", True
    yield (
        bombs,
        "styles",
        lambda: made.with_more({}, styles=(b"</cellXfs>", b"<xf/>" * 500_000 + b"</cellXfs>")),
        "either",
        False,
    )
    yield (
        bombs,
        "sheets-in-a-ring",
        lambda: made.with_more(
            {},
            workbook=(
                b"<sheets>",
                b"<sheets>"
                + b'<sheet name="x" sheetId="9" r:id="rId1" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
                * 500,
            ),
        ),
        "either",
        False,
    )
    xml = "xlsx XML tricks"
    for part, where in (
        ("sheet", made.SHEET),
        ("types", "[Content_Types].xml"),
        ("book", "xl/workbook.xml"),
        ("styles", "xl/styles.xml"),
    ):
        for name, doctype, entity in (
            ("laughs", made.LAUGHS, b"&a11;"),
            ("quadratic", made.QUADRATIC, b"&a;" * 20_000),
            ("file", made.OUTSIDE, b"&a;"),
            ("dtd", made.PARAMETER, b""),
        ):
            yield (
                xml,
                f"{name}-in-{part}",
                lambda d=doctype, e=entity, w=where: made.doctype(d, e, w),
                "either" if part in ("types", "book", "styles") else "refused",
                part == "sheet",
            )
    yield (
        xml,
        "deep",
        made.changed(made.SHEET, b"<sheetData>", b"<sheetData>" + b"<a>" * 200_000),
        "refused",
        False,
    )
    yield (
        xml,
        "utf-16-bomb",
        lambda: with_parts(
            made.plain_xlsx(),
            lambda n, d: (
                (b"\xff\xfe" + d.decode().replace("UTF-8", "UTF-16").encode("utf-16-le"))
                if n == made.SHEET
                else d
            ),
        ),
        "either",
        False,
    )
    yield (
        xml,
        "relations-lead-out",
        lambda: made.with_more({}, workbook=(b"worksheets/sheet1.xml", b"../../../../../etc/passwd")),
        "refused",
        True,
    )
    live = "xlsx formulas and links"
    yield live, "formulas", made.formulas, "refused", True
    yield live, "links", made.outside_links, "either", True
    yield (
        live,
        "macro",
        lambda: with_parts(
            made.plain_xlsx(), lambda n, d: d, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"\0" * 999}
        ),
        "checked",
        True,
    )
    yield (
        live,
        "zip-path-trick",
        lambda: with_parts(made.plain_xlsx(), lambda n, d: d, {"../../evil.xml": b"x"}),
        "either",
        False,
    )
    yield live, "only-a-zip", lambda: zip_of([("a.txt", b"x")]), "refused", False
    texts = "csv"
    plain = csv_text([person(n) for n in range(1, 4)])
    for encoding, expected in (
        ("utf-8", "checked"),
        ("utf-8-sig", "checked"),
        ("gbk", "checked"),
        ("gb18030", "checked"),
        ("utf-16", "checked"),
    ):
        yield texts, encoding, plain.encode(encoding), expected, encoding in ("gbk", "utf-16")  # type: ignore[misc]
    for encoding in ("utf-16-le", "utf-16-be", "utf-32", "big5", "utf-7", "cp037"):
        yield (
            texts,
            f"{encoding}-without-mark",
            plain.encode(encoding, "replace"),
            "refused",
            encoding == "utf-16-le",
        )
    yield texts, "gb18030-four-bytes", csv_text([person(1, "㐀𠮷三")]).encode("gb18030"), "checked", True
    yield texts, "broken-utf-8", plain.encode() + b"\xff\xff\xff", "either", True
    yield texts, "half-a-character", plain.encode("gb18030") + b"\x81", "either", False
    yield (
        texts,
        "100000-rows",
        lambda: csv_text([person(n) for n in range(100_000)]).encode(),
        "refused",
        True,
    )
    yield texts, "one-line-of-10-mb", lambda: plain.encode() + b"x" * (10 * MEGABYTE), "either", False
    yield texts, "a-million-columns", lambda: plain.encode() + b"," * 1_000_000, "either", False
    yield texts, "columns-by-rows", lambda: plain.encode() + b"," * 50_000 + b"\n1" * 50_000, "either", False
    yield texts, "open-quote", plain.encode() + b'"' + b"x,\n" * 100_000, "either", True
    yield texts, "nul", plain.encode() + b"\0", "refused", False
    yield texts, "long-header", (("x" * 100_000 + ",") + plain).encode(), "either", False
    yield texts, "brackets-in-the-header", (("(" * 30_000 + ",") + plain).encode(), "either", False
    old = "xls"
    data = made.XLS.read_bytes()
    yield old, "sector-of-nothing", data[:30] + struct.pack("<H", 0) + data[32:], "either", True
    yield old, "sector-of-2-65535", data[:30] + b"\xff\xff" + data[32:], "either", False
    yield old, "far-cell", made.far_xls(), "checked", True
    yield old, "fat-of-2-31", data[:44] + b"\xff\xff\xff\x7f" + data[48:], "either", False
    yield old, "only-a-head", data[:512], "refused", False
    yield old, "bare-biff", b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\xff" * 600, "refused", False


def _people() -> Iterator[Case]:
    for name, words in DECEIVING.items():
        few = name in ("right-to-left", "formula", "markup")
        rows = [person(1, words), (2, words + "四", "14110219900307001X", words, words, words, words)]
        yield Case(
            "Names of persons",
            f"{name}-csv",
            file_of("roster.csv", csv_text(rows).encode("utf-8", "surrogatepass")),
            role="roster",
            few=few,
        )
        if not any(ord(char) < 32 and char not in "\t\n\r" for char in words) and name != "surrogates":
            yield Case(
                "Names of persons",
                f"{name}-xlsx",
                file_of("roster.xlsx", lambda r=rows: made.quoted(r)),
                role="roster",
            )
