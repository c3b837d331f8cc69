"""Changes to files that leave their build whole: members of a ZIP, cells of a table, words of a PDF.

A change of any byte of a packed file ends at its checksum; what stands inside is reached only by taking it apart.
"""

from __future__ import annotations

import io
import lzma
import random
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence

# Given bytes and how long they may become, gives other bytes: libFuzzer's own changes.
Change = Callable[[bytes, int], bytes]
_LONGEST = 32768

_TAG = re.compile(rb"<[^<>]+>")
_VALUE = re.compile(rb'(?<=")[^"<>]*(?=")|(?<=>)[^<>]+(?=<)')
_PDF_WORD = re.compile(rb"/[A-Za-z]+|\d+ \d+ R|-?\d+(?:\.\d+)?|<<|>>|\[|\]")
# What a cell, an attribute or an element may be given.
_CELLS = tuple(
    word.encode()
    for word in (
        "姓名", "身份证号", "公民身份号码", "联系电话", "就业形式", "就业单位", "是否合格", "证书编号", "序号",
        "张三", "欧阳·某", "14112119850312003x", "１４１１２１１９８５０３１２００３５",
        "1.41121198503120035E+17", "企业就业", "未就业", "及格", "否", "合计", "制表人：", "", " ", '="0123"', "=A1",
        "#REF!", '"', '""', "_x000D_", "_xD800_", "2023-09-01", "45170", "-1", "1e308",
        "99999999999999999999", "A1:XFD1048576", "XFD1048576", "B2", "s", "str", "inlineStr", "b", "e", "d", "n", "nan",
    )
)  # fmt: skip
_PDF_WORDS = (
    b"/Kids", b"/Count", b"/Parent", b"/Pages", b"/Page", b"/Type", b"/Root", b"/Prev", b"/XObject", b"/Image",
    b"/Contents", b"/MediaBox", b"/CropBox", b"/Rotate", b"/UserUnit", b"/Encrypt", b"/Filter", b"/FlateDecode",
    b"/DCTDecode", b"/Length", b"/ObjStm", b"/XRef", b"/Width", b"/Height", b"1 0 R", b"2 0 R", b"3 0 R", b"4 0 R",
    b"5 0 R", b"99 0 R", b"0", b"-1", b"1", b"90", b"4294967296", b"1e9", b"null", b"<<", b">>", b"[", b"]", b"%PDF-",
    b"%%EOF",
)  # fmt: skip


def changed(data: bytes, most: int, rng: random.Random, change: Change) -> bytes:
    """The file with something else somewhere inside; one in four is changed without regard to what it is."""
    if rng.random() < 0.25:
        return change(data, most)
    if data.startswith(b"PK\x03\x04"):
        other = _of_zip(data, rng, change)
    elif data.startswith(b"%PDF"):
        other = _of_words(data, _PDF_WORD, _PDF_WORDS, rng)
    elif b"," in data[:512] and not data.startswith(b"\xd0\xcf\x11\xe0"):
        other = _of_table(data, rng, change)
    else:
        other = change(data, most)
    return other if 0 < len(other) <= most else change(data, most)


def _of_zip(data: bytes, rng: random.Random, change: Change) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > 20 * _LONGEST:
                return b""
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, ValueError, RuntimeError, OSError, EOFError, LookupError):
        return b""
    if not members:
        return b""
    at = rng.randrange(len(members))
    name, content = members[at]
    kind = rng.random()
    if kind < 0.04:
        del members[at]
    elif kind < 0.08:
        members.insert(rng.randrange(len(members) + 1), members[at])
    elif kind < 0.12:
        # names as they stand: whatever is no name is for the plain changes
        members[at] = (change(name.encode("utf-8", "replace"), 80).decode("utf-8", "ignore") or "x", content)
    elif content.startswith(b"%PDF"):
        members[at] = (name, _of_words(content, _PDF_WORD, _PDF_WORDS, rng))
    elif content.lstrip()[:1] == b"<" and kind < 0.8:
        members[at] = (name, _of_xml(content, rng))
    else:
        members[at] = (name, change(content or b"x", _LONGEST))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that is there twice
        for name, content in members:
            info = zipfile.ZipInfo(name)
            if content:
                archive.writestr(info, content)
    return out.getvalue()


def _of_xml(content: bytes, rng: random.Random) -> bytes:
    if rng.random() < 0.7:
        return _of_words(content, _VALUE, _CELLS, rng)
    tags = [found.span() for found in _TAG.finditer(content)]
    if len(tags) < 2:
        return content
    (start, end), (to, _) = rng.choice(tags), rng.choice(tags)
    return _spliced(content, start, end, to, rng)


def _of_table(data: bytes, rng: random.Random, change: Change) -> bytes:
    """A csv with a cell, a row or a column otherwise."""
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    kind = rng.random()
    if kind < 0.1:
        lines.insert(rng.randrange(len(lines) + 1), lines[at])
    elif kind < 0.15:
        del lines[at]
    elif kind < 0.25:
        column = rng.randrange(12)
        lines = [b",".join(cells[:column] + cells[column + 1 :]) for cells in (line.split(b",") for line in lines)]
    else:
        cells = lines[at].split(b",")
        cell = rng.randrange(len(cells))
        if kind < 0.85:
            word = rng.choice(_CELLS)
            cells[cell] = word if _is_utf_8(data) else word.decode().encode("gb18030", "replace")
        else:
            cells[cell] = change(cells[cell] or b"x", 200)
        lines[at] = b",".join(cells)
    return b"\n".join(lines)


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _of_words(data: bytes, word: re.Pattern[bytes], words: Sequence[bytes], rng: random.Random) -> bytes:
    """The text with one of its words exchanged for another of its own or for one of `words`."""
    places = [found.span() for found in word.finditer(data)]
    if not places:
        return data + rng.choice(words)
    start, end = rng.choice(places)
    if rng.random() < 0.5:
        return data[:start] + rng.choice(words) + data[end:]
    other, after = rng.choice(places)
    return data[:start] + data[other:after] + data[end:]


def _spliced(data: bytes, start: int, end: int, to: int, rng: random.Random) -> bytes:
    """The piece from start to end left out, doubled, or once more at another place."""
    piece = data[start:end]
    return rng.choice((data[:start] + data[end:], data[:end] + data[start:], data[:to] + piece + data[to:]))
