"""What a hostile case is, and the plain files that the cases are made from."""

from __future__ import annotations

import csv
import io
import random
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import openpyxl
from PIL import Image, ImageDraw

Made = Callable[[Path], list[Path]]
Expected = Literal["refused", "checked", "either"]
MEGABYTE = 1 << 20
ID = "141121198503120035"


@dataclass(frozen=True, slots=True)
class Case:
    """One attack. `make` writes its files into an empty directory and gives the volumes (or the roster).

    `few` marks the cases that the ordinary tests run too. What is not `whole` is opened and read, not judged.
    """

    kind: str
    name: str
    make: Made
    role: Literal["binder", "roster"] = "binder"
    expected: Expected = "either"
    few: bool = False
    whole: bool = True


def file_of(name: str, content: Callable[[], bytes] | bytes) -> Made:
    """Makes one file."""

    def make(directory: Path) -> list[Path]:
        path = directory / name
        path.write_bytes(content() if callable(content) else content)
        return [path]

    return make


# --- harming what was whole ---------------------------------------------------------------------


def truncated(data: bytes, rng: random.Random) -> bytes:
    """The beginning of a file."""
    return data[: rng.randrange(1, len(data))]


def flipped(data: bytes, rng: random.Random) -> bytes:
    """The file with one to forty bits turned over, some of them close together."""
    harmed = bytearray(data)
    at = rng.randrange(len(harmed))
    for _ in range(rng.choice((1, 1, 2, 4, 10, 40))):
        at = (
            rng.randrange(len(harmed))
            if rng.random() < 0.6
            else min(len(harmed) - 1, at + rng.randrange(1, 9))
        )
        harmed[at] ^= 1 << rng.randrange(8)
    return bytes(harmed)


def spliced(data: bytes, rng: random.Random) -> bytes:
    """The file with a piece left out, doubled or overwritten by another."""
    first, second = sorted(rng.randrange(len(data)) for _ in range(2))
    piece = data[first : min(second, first + rng.choice((1, 4, 64, 4096)))]
    at = rng.randrange(len(data))
    return rng.choice(
        (
            data[:first] + data[first + len(piece) :],
            data[:at] + piece + data[at:],
            data[:at] + piece + data[at + len(piece) :],
        )
    )


HARMS: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "truncated": truncated,
    "flipped": flipped,
    "spliced": spliced,
}


# --- plain material -------------------------------------------------------------------------------


def picture(text: str = "1", size: tuple[int, int] = (420, 594)) -> Image.Image:
    """A small page."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for line in range(60, size[1] - 60, 28):
        draw.line((40, line, size[0] - 60, line), fill=(60, 60, 60), width=3)
    draw.text((size[0] - 40, 12), text, fill=0)
    return image


def encoded(image: Image.Image, format: str, **options: object) -> bytes:
    """An image as a file."""
    out = io.BytesIO()
    image.save(out, format, **options)  # type: ignore[arg-type]
    return out.getvalue()


def noise(seed: int, count: int) -> bytes:
    """Bytes that no program packs any smaller."""
    return np.random.default_rng(seed).bytes(count)


HEADER = ("序号", "姓名", "身份证号", "联系电话", "就业形式", "就业单位", "是否合格")


def person(number: int = 1, name: str = "张三") -> tuple[object, ...]:
    """A row of a roster."""
    return (number, name, ID, "13800000000", "企业就业", "某某公司", "是")


def csv_text(rows: Sequence[Sequence[object]], header: Sequence[str] = HEADER) -> str:
    """A roster as csv."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """A roster as xlsx."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_parts(
    data: bytes, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None
) -> bytes:
    """A ZIP with its members changed (None leaves one out) and others added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            changed = change(name, source.read(name))
            if changed is not None:
                target.writestr(name, changed)
        for name, content in (extra or {}).items():
            target.writestr(name, content)
    return out.getvalue()


def zip_of(members: Sequence[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    """A ZIP, with whatever names, twice or not."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def packed_zeros(count: int, filler: bytes = b"\0") -> bytes:
    """A zlib stream of so many bytes (whole megabytes) that is a thousandth as long, made at once."""
    block = filler * (MEGABYTE // len(filler))
    packer = zlib.compressobj(9)
    start = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    one = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    megabytes = count // MEGABYTE
    for _ in range(megabytes):
        check = zlib.adler32(block, check)
    return start + one * megabytes + b"\x03\x00" + check.to_bytes(4, "big")
