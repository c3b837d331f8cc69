"""Hostile ZIPs, and names that are made to deceive."""

from __future__ import annotations

import io
import random
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.case import HARMS, MEGABYTE, Case, Made, encoded, file_of, noise, picture, zip_of
from tests.hostile.pdf_files import plain_pdf


def plain_zip() -> bytes:
    """A ZIP of two pages, one in a directory, and a PDF."""
    page = encoded(picture(), "PNG")
    return zip_of([("1.png", page), ("册/2.png", page), ("3.pdf", plain_pdf(1))])


def _link(name: str, target: str) -> tuple[zipfile.ZipInfo, bytes]:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info, target.encode()


def _device(name: str) -> tuple[zipfile.ZipInfo, bytes]:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFCHR | 0o777) << 16
    return info, b""


def _renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    """A ZIP with a name written over in both directories, as no library would write it."""
    assert len(old) == len(new)
    return data.replace(old, new)


def _field(data: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    """A ZIP with a field of its first header of a kind written over."""
    at = data.index(signature) + offset
    return data[:at] + value + data[at + len(value) :]


def _overlapping(count: int) -> bytes:
    """Many names in the directory for one body of many bytes."""
    kernel = zip_of([("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * (20 * MEGABYTE))])
    central = kernel.index(b"PK\x01\x02")
    end = kernel.index(b"PK\x05\x06")
    entry = kernel[central:end]
    entries = b"".join(entry.replace(b"a.png", b"%c.png" % (97 + number % 26)) for number in range(count))
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(entries), central, 0)
    return kernel[:central] + entries + tail


def _nested(levels: int) -> bytes:
    data = encoded(picture(), "PNG")
    for level in range(levels):
        data = zip_of([(f"{level}.zip" if level else "1.png", data)])
    return data


def _many(count: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}.png", b"x")
    return out.getvalue()


def cases(rng: random.Random, each: int) -> Iterator[Case]:
    """All ZIP cases; `each` of every harm."""
    for harm, do in HARMS.items():
        for number in range(each * 3):
            yield Case(
                f"ZIP {harm}",
                f"{number}",
                file_of("a.zip", do(plain_zip(), rng)),
                few=number == 0,
                whole=False,
            )
    yield from _bombs()
    yield from _tricks()


def _bombs() -> Iterator[Case]:
    page = encoded(picture(), "PNG")
    kind = "ZIP bombs"
    yield Case(
        kind,
        "zeros-300mb",
        file_of("a.zip", lambda: zip_of([("a.png", b"\0" * (300 * MEGABYTE))])),
        expected="refused",
        few=True,
    )
    half = b"%PDF-1.7\n" + b"\0" * (60 * MEGABYTE)
    yield Case(
        kind,
        "pdfs-of-zeros",
        file_of("a.zip", lambda: zip_of([(f"{n}.pdf", half) for n in range(6)])),
        expected="refused",
    )
    yield Case(kind, "overlapping", file_of("a.zip", lambda: _overlapping(26)), expected="refused", few=True)
    yield Case(
        kind,
        "lies-small",
        file_of(
            "a.zip",
            lambda: _field(zip_of([("a.png", b"\0" * (90 * MEGABYTE))]), b"PK\x01\x02", 24, b"\x10\0\0\0"),
        ),
        expected="refused",
    )
    yield Case(kind, "100000-files", file_of("a.zip", lambda: _many(100_000)), expected="refused")
    yield Case(kind, "in-one-another", file_of("a.zip", lambda: _nested(2)), expected="refused", few=True)
    yield Case(kind, "in-one-another-20", file_of("a.zip", lambda: _nested(20)), expected="refused")
    yield Case(
        kind,
        "zip-named-as-a-page",
        file_of("a.zip", lambda: zip_of([("1.png", page), ("2.png", plain_zip())])),
        expected="refused",
    )
    yield Case(
        kind, "count-65535", file_of("a.zip", lambda: _field(plain_zip(), b"PK\x05\x06", 10, b"\xff\xff"))
    )
    yield Case(
        kind,
        "directory-far-away",
        file_of("a.zip", lambda: _field(plain_zip(), b"PK\x05\x06", 16, b"\xff\xff\xff\x7f")),
    )
    yield Case(
        kind,
        "method-99",
        file_of("a.zip", lambda: _field(plain_zip(), b"PK\x01\x02", 10, b"\x63\0")),
        expected="refused",
        few=True,
    )
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        yield Case(kind, f"method-{method}", file_of("a.zip", lambda m=method: _with_method(m)))


def _with_method(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("a.png", b"\0" * (200 * MEGABYTE))
    return out.getvalue()


def _tricks() -> Iterator[Case]:
    page = encoded(picture(), "PNG")
    kind = "ZIP path tricks"
    names = {
        "up": "../up.png", "up-deep": "a/../../up.png", "up-backslash": "..\\up.png",
        "absolute": "/tmp/hostile-absolute.png",
        "drive": "C:/up.png", "drive-backslash": "C:\\up.png", "unc": "\\\\server\\up.png",
        "only-dots": "..", "slashes": "//up.png",
    }  # fmt: skip
    for name, member in names.items():
        yield Case(
            kind,
            name,
            file_of("a.zip", zip_of([("1.png", page), (member, page)])),
            expected="refused",
            few=name in ("up", "absolute", "up-backslash"),
        )
    yield Case(
        kind,
        "link",
        file_of("a.zip", zip_of([("1.png", page), _link("2.png", "/etc/passwd")])),
        expected="refused",
        few=True,
    )
    yield Case(
        kind,
        "link-to-directory",
        file_of("a.zip", zip_of([_link("d", "/tmp"), ("d/1.png", page)])),
        expected="refused",
    )
    yield Case(
        kind, "device", file_of("a.zip", zip_of([("1.png", page), _device("2.png")])), expected="refused"
    )
    yield Case(
        kind, "nul-in-a-name", file_of("a.zip", _renamed(zip_of([("QX.png", page)]), b"QX.png", b"Q\0.png"))
    )
    yield Case(kind, "same-name-twice", file_of("a.zip", lambda: _twice(page)), few=True)
    yield Case(
        kind,
        "names-in-gbk",
        file_of("a.zip", _renamed(zip_of([("QXZWJK/1.png", page)]), b"QXZWJK", "档案册".encode("gbk"))),
        expected="checked",
        few=True,
    )
    yield Case(
        kind,
        "names-in-nothing",
        file_of("a.zip", _renamed(zip_of([("QXZWJK/1.png", page)]), b"QXZWJK", b"\xff\xfe\x80\x81\xff\xff")),
    )
    yield Case(
        kind,
        "names-other-in-both-places",
        file_of("a.zip", zip_of([("QX.png", page)]).replace(b"QX.png", b"../a.b", 1)),
    )
    yield Case(kind, "name-of-60000", file_of("a.zip", zip_of([("9" * 60_000 + ".png", page)])), few=True)
    yield Case(kind, "deep-1000", file_of("a.zip", zip_of([("a/" * 1000 + "1.png", page)])))
    yield Case(
        kind, "only-directories", file_of("a.zip", zip_of([("a/", b""), ("b/", b"")])), expected="refused"
    )
    yield Case(kind, "empty", file_of("a.zip", zip_of([])), expected="refused", few=True)
    yield Case(
        kind,
        "password",
        file_of("a.zip", _field(zip_of([("1.png", page)]), b"PK\x01\x02", 8, b"\x01\0")),
        expected="refused",
    )
    yield Case(kind, "junk-around", file_of("a.zip", noise(7, 5000) + plain_zip() + noise(8, 500)))


def _twice(page: bytes) -> bytes:
    data = zip_of([("1.png", page), ("2.png", page)])
    return data.replace(b"2.png", b"1.png")


DECEIVING = {
    "escape": "\x1b[31mred\x1b]0;title\x07", "right-to-left": "annex\u202egnp",
    "isolates": "\u2066a\u2069\u200f", "newline": "a\nb\rc",
    "formula": "=cmd|' /C calc'!A0", "plus": "+1+1", "minus": "-1", "at": "@SUM(A1)", "tab": "\t=1",
    "markup": "<script>alert(1)</script>",
    "rich": "[bold red]x[/] [link=http://127.0.0.1]", "quote": "'\"`$(touch x)", "dots": "..",
    "zero-width": "a\u200b\u200d\ufeffb",
    "surrogates": "a\ud800b", "percent": "%s%n{0}", "null-word": "NUL",
    "emoji": "👩‍👩‍👧", "combining": "a" + "\u0301" * 120,
    "long": "长" * 80,
}  # fmt: skip


def names(rng: random.Random) -> Iterator[Case]:
    """File names and directory names that deceive."""
    page = encoded(picture(), "PNG")
    for name, words in DECEIVING.items():
        clean = words.replace("/", "／")
        few = name in ("escape", "surrogates")
        yield Case("Names of files", name, _named(clean + ".png", page), few=few)
        yield Case("Names of files", f"{name}-in-a-folder", _in_folder(clean, page))
        if name != "surrogates":
            yield Case(
                "Names of files", f"{name}-in-a-zip", file_of("a.zip", zip_of([(clean + ".png", page)]))
            )
        yield Case(
            "Names of files",
            f"{name}-damaged",
            _named(clean + ".png", page[:200]),
            expected="refused",
            few=name == "escape",
        )
    yield Case("Names of files", "bytes", _in_bytes(page), few=True)


def _named(name: str, content: bytes) -> Made:
    def make(directory: Path) -> list[Path]:
        return file_of(name.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape"), content)(
            directory
        )

    return make


def _in_folder(name: str, content: bytes) -> Made:
    def make(directory: Path) -> list[Path]:
        folder = (
            directory
            / "册"
            / ("x" + name.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape"))
        )
        folder.mkdir(parents=True)
        (folder / "1.png").write_bytes(content)
        (folder / "link.png").symlink_to("/etc/passwd")
        (folder / "loop").symlink_to("..")
        return [directory / "册"]

    return make


def _in_bytes(content: bytes) -> Made:
    def make(directory: Path) -> list[Path]:
        import os

        name = os.path.join(os.fsencode(directory), b"\xff\xfe\x80.png")  # noqa: PTH118
        with open(name, "wb") as out:  # noqa: PTH123
            out.write(content)
        return [directory / os.fsdecode(b"\xff\xfe\x80.png")]

    return make
