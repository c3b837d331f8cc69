"""Hostile TIFF, JPEG and PNG files."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from tests.hostile.case import HARMS, MEGABYTE, Case, encoded, file_of, packed_zeros, picture


def sources() -> dict[str, dict[str, bytes]]:
    """Plain files of each format."""
    page, line = picture(), picture().convert("1")
    exif = Image.Exif()
    exif[0x0112] = 6
    return {
        "TIFF": {
            "fax": encoded(line, "TIFF", compression="group4", save_all=True, append_images=[line, line]),
            "lzw": encoded(page, "TIFF", compression="tiff_lzw"),
            "deflate": encoded(page, "TIFF", compression="tiff_adobe_deflate"),
            "jpeg": encoded(page, "TIFF", compression="jpeg"),
            "plain": encoded(picture(size=(90, 120)).convert("L"), "TIFF"),
        },
        "JPEG": {
            "plain": encoded(page, "JPEG", exif=exif), "progressive": encoded(page, "JPEG", progressive=True),
            "cmyk": encoded(page.convert("CMYK"), "JPEG"),
        },
        "PNG": {
            "rgb": encoded(page, "PNG"), "palette": encoded(page.convert("P"), "PNG"),
            "alpha": encoded(page.convert("RGBA"), "PNG"),
            "one-bit": encoded(line, "PNG"),
        },
    }  # fmt: skip


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, depth: int, colour: int, data: bytes, *before: bytes) -> bytes:
    """A PNG of whatever size is claimed."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + b"".join(before)
        + chunk(b"IDAT", data)
        + chunk(b"IEND", b"")
    )


def _bomb(side: int, depth: int, colour: int) -> bytes:
    channels = {0: 1, 2: 3, 6: 4}[colour]
    size = side * (1 + (side * channels * depth + 7) // 8)
    return png(side, side, depth, colour, packed_zeros(-(-size // MEGABYTE) * MEGABYTE))


def tiff(entries: dict[int, tuple[int, int, int]], *, after: bytes = b"", following: int = 0) -> bytes:
    """A little-endian TIFF with one directory at byte 8: tag -> (type, count, value)."""
    body = struct.pack("<H", len(entries))
    for tag, (kind, count, value) in sorted(entries.items()):
        body += struct.pack("<HHII", tag, kind, count & 0xFFFFFFFF, value & 0xFFFFFFFF)
    return b"II*\0\x08\0\0\0" + body + struct.pack("<I", following) + after


def _tiff_of(width: int, height: int, compression: int, data: bytes, **more: tuple[int, int, int]) -> bytes:
    entries = {
        256: (4, 1, width), 257: (4, 1, height), 258: (3, 1, 1 if compression == 4 else 8), 259: (3, 1, compression),
        262: (3, 1, 1), 273: (4, 1, 0), 277: (3, 1, 1), 278: (4, 1, height), 279: (4, 1, len(data)),
    }  # fmt: skip
    entries |= {int(key[1:]): value for key, value in more.items()}
    entries[273] = (4, 1, 8 + 2 + 12 * len(entries) + 4)
    return tiff(entries, after=data)


def _many_directories(count: int, *, closing: bool) -> bytes:
    """Directories of small pictures in a row; the last leads back to the first, or ends."""
    out = bytearray(b"II*\0\x08\0\0\0")
    pixel = {256: 1, 257: 1, 258: 8, 259: 1, 262: 1, 273: 0, 277: 1, 278: 1, 279: 1}
    length = 2 + 12 * len(pixel) + 4
    for number in range(count):
        here = len(out)
        out += struct.pack("<H", len(pixel))
        for tag, value in pixel.items():
            out += struct.pack("<HHII", tag, 4, 1, value)
        last = number == count - 1
        out += struct.pack("<I", (8 if closing else 0) if last else here + length)
    return bytes(out)


def _jpeg_of(width: int, height: int, data: bytes) -> bytes:
    """A JPEG that claims another size."""
    at = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def _scans(count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    data = encoded(picture(size=(2000, 2800)), "JPEG", progressive=True)
    last = data.rfind(b"\xff\xda")
    return data[:last] + data[last:-2] * count + b"\xff\xd9"


def cases(rng: random.Random, each: int) -> Iterator[Case]:
    """All image cases; `each` of every harm to every plain file."""
    for format, plain in sources().items():
        suffix = {"TIFF": "tif", "JPEG": "jpg", "PNG": "png"}[format]
        for harm, do in HARMS.items():
            for source, data in plain.items():
                for number in range(each):
                    yield Case(
                        f"{format} {harm}",
                        f"{source}-{number}",
                        file_of(f"a.{suffix}", do(data, rng)),
                        few=number == 0 and source in ("fax", "progressive", "rgb") and harm == "flipped",
                        whole=False,
                    )
    yield from _pngs()
    yield from _jpegs()
    yield from _tiffs()


def _pngs() -> Iterator[Case]:
    kind = "PNG bombs"
    yield Case(
        kind, "50000-one-bit", file_of("a.png", lambda: _bomb(50_000, 1, 0)), expected="refused", few=True
    )
    yield Case(kind, "10900-alpha-16-bit", file_of("a.png", lambda: _bomb(10_900, 16, 6)))
    yield Case(kind, "10900-grey-16-bit", file_of("a.png", lambda: _bomb(10_900, 16, 0)))
    yield Case(kind, "10900-rgb", file_of("a.png", lambda: _bomb(10_900, 8, 2)))
    yield Case(
        kind,
        "line-100000000",
        file_of("a.png", lambda: png(100_000_000, 1, 1, 0, packed_zeros(12 * MEGABYTE))),
    )
    yield Case(
        kind,
        "claims-2-31",
        file_of("a.png", png(2**31 - 1, 2**31 - 1, 8, 2, zlib.compress(b"\0" * 99))),
        expected="refused",
    )
    yield Case(
        kind, "no-size", file_of("a.png", png(0, 0, 8, 2, zlib.compress(b""))), expected="refused", few=True
    )
    yield Case(
        kind, "little-data", file_of("a.png", png(3000, 4000, 8, 2, zlib.compress(b"\0" * 99))), few=True
    )
    yield Case(kind, "much-data", file_of("a.png", lambda: png(30, 40, 8, 2, packed_zeros(2000 * MEGABYTE))))
    for name, before in {
        "text": lambda: chunk(b"zTXt", b"key\0\0" + packed_zeros(1000 * MEGABYTE)),
        "texts": lambda: chunk(b"zTXt", b"key\0\0" + packed_zeros(MEGABYTE)) * 3000,
        "profile": lambda: chunk(b"iCCP", b"key\0\0" + packed_zeros(1000 * MEGABYTE)),
        "frames": lambda: chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0)),
    }.items():
        yield Case(
            kind,
            name,
            file_of("a.png", lambda b=before: png(300, 400, 8, 2, zlib.compress(b"\0" * 901 * 400), b())),
            few=name == "text",
        )


def _jpegs() -> Iterator[Case]:
    kind = "JPEG bombs"
    plain, progressive = encoded(picture(), "JPEG"), encoded(picture(), "JPEG", progressive=True)
    for name, width, height in (
        ("65500", 65500, 65500),
        ("50000", 50000, 50000),
        ("10900", 10900, 10900),
        ("line", 65500, 1),
        ("no-size", 0, 0),
    ):
        yield Case(
            kind,
            f"claims-{name}",
            file_of("a.jpg", _jpeg_of(width, height, plain)),
            few=name in ("50000", "no-size"),
            expected="refused" if name in ("65500", "50000", "no-size") else "either",
        )
        yield Case(kind, f"claims-{name}-progressive", file_of("a.jpg", _jpeg_of(width, height, progressive)))
    yield Case(kind, "scans-2000", file_of("a.jpg", lambda: _scans(2000)))
    segments = b"".join(
        b"\xff\xe1" + struct.pack(">H", 65535) + b"Exif\0\0" + b"\xff" * 65527 for _ in range(500)
    )
    yield Case(kind, "segments", file_of("a.jpg", plain[:2] + segments + plain[2:]))
    loop = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\x08"
    yield Case(
        kind,
        "exif-loop",
        file_of("a.jpg", plain[:2] + b"\xff\xe1" + struct.pack(">H", len(loop) + 2) + loop + plain[2:]),
    )
    mpf = b"MPF\0MM\0*\0\0\0\x08\0\x03\xb0\x01\0\x04\0\0\0\x01\xff\xff\xff\xff\xb0\x02\0\x07\xff\xff\xff\xf0\0\0\0\x10"
    yield Case(
        kind,
        "several-pictures",
        file_of("a.jpg", plain[:2] + b"\xff\xe2" + struct.pack(">H", len(mpf) + 2) + mpf + plain[2:]),
    )


def _tiffs() -> Iterator[Case]:
    kind = "TIFF bombs"
    yield Case(
        kind,
        "50000-fax",
        file_of("a.tif", _tiff_of(50_000, 50_000, 4, b"\0" * 999)),
        expected="refused",
        few=True,
    )
    yield Case(
        kind,
        "50000-deflate",
        file_of("a.tif", lambda: _tiff_of(50_000, 50_000, 8, packed_zeros(2385 * MEGABYTE))),
        expected="refused",
    )
    yield Case(
        kind,
        "10900-deflate",
        file_of("a.tif", lambda: _tiff_of(10_900, 10_900, 8, packed_zeros(114 * MEGABYTE))),
    )
    yield Case(kind, "little-data", file_of("a.tif", _tiff_of(3000, 4000, 8, zlib.compress(b"\0" * 99))))
    yield Case(
        kind, "much-data", file_of("a.tif", lambda: _tiff_of(30, 40, 8, packed_zeros(2000 * MEGABYTE)))
    )
    yield Case(
        kind, "claims-2-32", file_of("a.tif", _tiff_of(2**32 - 1, 2**32 - 1, 1, b"")), expected="refused"
    )
    yield Case(kind, "no-size", file_of("a.tif", _tiff_of(0, 0, 1, b"\0")))
    yield Case(
        kind, "strip-beyond-the-end", file_of("a.tif", _tiff_of(300, 400, 1, b"\0" * 99, t279=(4, 1, 2**31)))
    )
    yield Case(
        kind, "a-billion-strips", file_of("a.tif", _tiff_of(300, 400, 1, b"\0" * 99, t279=(4, 2**30, 8)))
    )
    yield Case(
        kind,
        "a-billion-bits-per-sample",
        file_of("a.tif", _tiff_of(300, 400, 1, b"\0" * 99, t258=(3, 2**30, 8))),
    )
    yield Case(kind, "samples-65535", file_of("a.tif", _tiff_of(300, 400, 1, b"\0" * 99, t277=(3, 1, 65535))))
    yield Case(
        kind,
        "tiles-huge",
        file_of(
            "a.tif",
            _tiff_of(
                300,
                400,
                1,
                b"\0" * 99,
                t322=(4, 1, 2**31),
                t323=(4, 1, 2**31),
                t324=(4, 1, 8),
                t325=(4, 1, 9),
            ),
        ),
    )
    yield Case(
        kind,
        "resolution-zero",
        file_of("a.tif", _tiff_of(300, 400, 1, b"\0" * 120_000, t282=(5, 1, 0), t283=(5, 1, 0))),
    )
    yield Case(
        kind, "directory-leads-to-itself", file_of("a.tif", _many_directories(1, closing=True)), few=True
    )
    yield Case(kind, "directories-in-a-ring", file_of("a.tif", _many_directories(50, closing=True)))
    yield Case(
        kind,
        "4000-directories",
        file_of("a.tif", lambda: _many_directories(4000, closing=False)),
        expected="refused",
    )
    yield Case(
        kind,
        "300000-directories",
        file_of("a.tif", lambda: _many_directories(300_000, closing=False)),
        expected="refused",
    )
    yield Case(kind, "no-directory", file_of("a.tif", b"II*\0\x08\0\0\0"), expected="refused")
    yield Case(
        kind,
        "only-previews",
        file_of("a.tif", _tiff_of(30, 40, 1, b"\0" * 1200, t254=(4, 1, 1))),
        expected="refused",
    )
    yield Case(kind, "big-tiff", file_of("a.tif", b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, 2**60)))
