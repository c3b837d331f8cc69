"""Drawn sheets as born-digital PDF pages: real text in embedded, subset TrueType faces."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass

import pikepdf
from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-untyped]
from pikepdf import Array, Dictionary, Name
from PIL import Image

from .fonts import Face, _has

POINTS = 72 / 25.4
logging.getLogger("fontTools").setLevel(logging.ERROR)  # it reports every table it leaves out


@dataclass(frozen=True)
class Text:
    x: float
    baseline: float
    text: str
    points: float
    face: Face
    colour: tuple[int, int, int]
    spread: float
    bold: bool


@dataclass(frozen=True)
class Stroke:
    x0: float
    y0: float
    x1: float
    y1: float
    width: float
    colour: tuple[int, int, int]


@dataclass(frozen=True)
class Area:
    x0: float
    y0: float
    x1: float
    y1: float
    colour: tuple[int, int, int]


@dataclass(frozen=True)
class Picture:
    x: float
    y: float
    width: float
    height: float
    picture: Image.Image


Op = Text | Stroke | Area | Picture
FontKey = tuple[str, int]


def page(ops: list[Op], width: float, height: float) -> bytes:
    """A PDF of one page, `width` x `height` millimetres, that shows the operations in order."""
    pdf = pikepdf.new()
    sheet = pdf.add_blank_page(page_size=(width * POINTS, height * POINTS))
    add(pdf, sheet, ops, height, "")
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True, compress_streams=True)
    return buffer.getvalue()


def add(pdf: pikepdf.Pdf, sheet: pikepdf.Page, ops: list[Op], height: float, prefix: str) -> None:
    """Draw on a page; `prefix` keeps the names of fonts and pictures apart from those already there."""
    fonts = _fonts(pdf, ops, prefix)
    pictures: dict[str, pikepdf.Object] = {}
    out = ["q"]
    for op in ops:
        if isinstance(op, Text):
            out.append(_show(op, fonts, height))
        elif isinstance(op, Stroke):
            out.append(
                f"{_rgb(op.colour)} RG {op.width * POINTS:.2f} w {_at(op.x0, op.y0, height)} m "
                f"{_at(op.x1, op.y1, height)} l S"
            )
        elif isinstance(op, Area):
            out.append(
                f"{_rgb(op.colour)} rg {_at(op.x0, op.y1, height)} {(op.x1 - op.x0) * POINTS:.2f} "
                f"{(op.y1 - op.y0) * POINTS:.2f} re f"
            )
        else:
            name = f"/{prefix}I{len(pictures)}"
            pictures[name] = _image(pdf, op.picture)
            out.append(
                f"q {op.width * POINTS:.2f} 0 0 {op.height * POINTS:.2f} "
                f"{_at(op.x, op.y + op.height, height)} cm {name} Do Q"
            )
    out.append("Q")
    if Name.Resources not in sheet.obj:
        sheet.obj.Resources = Dictionary()
    for kind, things in ((Name.Font, {font.name: font.obj for font in fonts.values()}), (Name.XObject, pictures)):
        if kind not in sheet.obj.Resources:
            sheet.obj.Resources[kind] = Dictionary()
        for name, thing in things.items():
            sheet.obj.Resources[kind][name] = thing
    sheet.contents_add("\n".join(out).encode("ascii"))


@dataclass(frozen=True)
class _Font:
    name: str
    obj: pikepdf.Object
    glyphs: dict[str, int]
    widths: dict[str, float]


def _key(face: Face, char: str) -> FontKey:
    for path, index in face.files:
        if path.name.startswith("Noto"):
            continue  # CFF outlines are not embedded here
        if _has(path, index, char):
            return str(path), index
    path, index = next(f for f in face.files if not f[0].name.startswith("Noto"))
    return str(path), index


def _fonts(pdf: pikepdf.Pdf, ops: list[Op], prefix: str) -> dict[FontKey, _Font]:
    used: dict[FontKey, set[str]] = {}
    for op in ops:
        if isinstance(op, Text):
            for char in op.text:
                used.setdefault(_key(op.face, char), set()).add(char)
    return {key: _embed(pdf, key, chars, f"/{prefix}F{i}") for i, (key, chars) in enumerate(used.items())}


def _cut(path: str, index: int, chars: set[str]) -> bytes:
    """A TrueType file with the glyphs of these characters alone."""
    options = subset.Options(
        notdef_outline=True,
        hinting=False,
        layout_features=[],
        name_IDs=[1, 2],
        drop_tables=["GSUB", "GPOS", "GDEF", "BASE", "morx", "mort", "FFTM", "BDF ", "kern", "vhea", "vmtx"],
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(char) for char in chars])
    collection = TTCollection(path, lazy=True, recalcTimestamp=False) if path.endswith(".ttc") else None
    with collection.fonts[index] if collection else TTFont(path, lazy=True, recalcTimestamp=False) as font:
        cutter.subset(font)
        buffer = io.BytesIO()
        font.save(buffer)
    if collection:
        collection.close()
    return buffer.getvalue()


def _embed(pdf: pikepdf.Pdf, key: FontKey, chars: set[str], name: str) -> _Font:
    data = _cut(*key, chars)
    cut = TTFont(io.BytesIO(data))
    table = cut.getBestCmap()
    unit = 1000 / cut["head"].unitsPerEm
    glyphs = {char: cut.getGlyphID(table[ord(char)]) for char in chars if ord(char) in table}
    widths = {char: cut["hmtx"][table[ord(char)]][0] * unit for char in glyphs}
    stream = pdf.make_stream(data)
    stream.Length1 = len(data)
    base = Name("/AAAAAA+" + name[1:])
    descriptor = pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=base,
            Flags=4,
            FontBBox=Array([-200, -300, 1200, 1000]),
            ItalicAngle=0,
            Ascent=880,
            Descent=-120,
            CapHeight=700,
            StemV=80,
            FontFile2=stream,
        )
    )
    spread = Array(
        [
            part
            for char, glyph in sorted(glyphs.items(), key=lambda item: item[1])
            for part in (glyph, Array([round(widths[char], 2)]))
        ]
    )
    child = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=base,
            FontDescriptor=descriptor,
            CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            DW=1000,
            W=spread,
            CIDToGIDMap=Name.Identity,
        )
    )
    made = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=base,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([child]),
            ToUnicode=pdf.make_stream(_to_unicode(glyphs)),
        )
    )
    return _Font(name, made, glyphs, widths)


def _to_unicode(glyphs: dict[str, int]) -> bytes:
    pairs = [
        f"<{glyph:04X}> <{char.encode('utf-16-be').hex().upper()}>"
        for char, glyph in sorted(glyphs.items(), key=lambda item: item[1])
    ]
    blocks = [pairs[i : i + 100] for i in range(0, len(pairs), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")


def _show(op: Text, fonts: dict[FontKey, _Font], height: float) -> str:
    runs: list[tuple[_Font, str]] = []
    for char in op.text:
        font = fonts[_key(op.face, char)]
        if runs and runs[-1][0] is font:
            runs[-1] = (font, runs[-1][1] + char)
        else:
            runs.append((font, char))
    shown = []
    for font, run in runs:
        codes = "".join(f"{font.glyphs.get(char, 0):04X}" for char in run)
        shown.append(f"{font.name} {op.points:.2f} Tf <{codes}> Tj")
    weight = f"2 Tr {op.points / 40:.2f} w {_rgb(op.colour)} RG" if op.bold else "0 Tr"
    return (
        f"BT {_rgb(op.colour)} rg {weight} {op.spread * POINTS:.2f} Tc "
        f"{_at(op.x, op.baseline, height)} Td {' '.join(shown)} ET"
    )


def _image(pdf: pikepdf.Pdf, picture: Image.Image) -> pikepdf.Object:
    rgba = picture.convert("RGBA")
    soft = pdf.make_stream(rgba.getchannel("A").tobytes())
    _describe(soft, rgba, Name.DeviceGray)
    shown = pdf.make_stream(rgba.convert("RGB").tobytes())
    _describe(shown, rgba, Name.DeviceRGB)
    shown.SMask = soft
    return shown


def _describe(stream: pikepdf.Object, picture: Image.Image, space: pikepdf.Object) -> None:
    stream.Type = Name.XObject
    stream.Subtype = Name.Image
    stream.Width, stream.Height = picture.size
    stream.ColorSpace = space
    stream.BitsPerComponent = 8


def _at(x: float, y: float, height: float) -> str:
    return f"{x * POINTS:.2f} {(height - y) * POINTS:.2f}"


def _rgb(colour: tuple[int, int, int]) -> str:
    return " ".join(f"{part / 255:.3f}" for part in colour)
