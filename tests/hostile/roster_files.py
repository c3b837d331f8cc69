"""Rosters made by hand: workbooks whose parts are written over."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.hostile.case import (
    HEADER,
    MEGABYTE,
    person,
    with_parts,
    workbook,
)
from tests.hostile.images import png

XLS = Path(__file__).parent.parent / "data" / "roster.xls"
SHEET = "xl/worksheets/sheet1.xml"


def plain_xlsx() -> bytes:
    """A roster of three."""
    return workbook([person(number) for number in range(1, 4)])


def changed(part: str, old: bytes, new: bytes) -> Callable[[], bytes]:
    """The plain roster with something else in one of its parts."""

    def make() -> bytes:
        return with_parts(
            plain_xlsx(), lambda name, data: data.replace(old, new, 1) if name == part else data
        )

    return make


def with_more(extra: dict[str, bytes], **changes: tuple[bytes, bytes]) -> bytes:
    """The plain roster with more parts; `changes` by the name of the part without its ending."""

    def change(name: str, data: bytes) -> bytes:
        for part, (old, new) in changes.items():
            if name.endswith((f"/{part}.xml", f"/{part}.xml.rels")):
                data = data.replace(old, new, 1)
        return data

    return with_parts(plain_xlsx(), change, extra)


LAUGHS = (
    b"<!DOCTYPE x [<!ENTITY a0 'haha'>"
    + b"".join(b"<!ENTITY a%d '%b'>" % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 12))
    + b"]>"
)
QUADRATIC = b"<!DOCTYPE x [<!ENTITY a '" + b"x" * 100_000 + b"'>]>"
OUTSIDE = b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
PARAMETER = b"<!DOCTYPE x [<!ENTITY % a SYSTEM 'http://127.0.0.1:9/a.dtd'> %a;]>"


def doctype(doctype: bytes, entity: bytes, part: str = SHEET) -> bytes:
    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        head, _, rest = data.partition(b"?>") if data.startswith(b"<?xml") else (b"", b"", data)
        return (
            (head + b"?>" if head else b"")
            + doctype
            + rest.replace(b"</v>", entity + b"</v>", 1).replace(b"</t>", entity + b"</t>", 1)
        )

    return with_parts(plain_xlsx(), change)


def rows(count: int) -> bytes:
    """A workbook of many rows, written as text: a library would take a minute."""
    cells = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}" t="inlineStr"><is><t>张三</t></is></c>'
        f'<c r="C{n}" t="inlineStr"><is><t>14110219900307{n % 10000:04d}</t></is></c></row>'
        for n in range(2, count + 2)
    )
    head = "".join(
        f'<c r="{c}1" t="inlineStr"><is><t>{t}</t></is></c>' for c, t in zip("ABC", HEADER, strict=False)
    )
    return with_parts(
        plain_xlsx(), lambda name, data: sheet(f'<row r="1">{head}</row>{cells}') if name == SHEET else data
    )


def sheet(rows: str, after: str = "", before: str = "") -> bytes:
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
    ).encode()


def far_cell() -> bytes:
    return changed(
        SHEET, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
    )()


def far_xls() -> bytes:
    """An xls whose last text stands in the last cell that there can be."""
    data = XLS.read_bytes()
    at = data.rindex(b"\xfd\x00\x0a\x00") + 4      # LABELSST, ten bytes: row, column, ...
    return data[:at] + b"\xff\xff\xff\x00" + data[at + 4 :]


def empty_rows(count: int) -> bytes:
    rows = b"".join(b'<row r="%d" ht="14"><c r="A%d" s="0"/></row>' % (n, n) for n in range(5, count + 5))
    return changed(SHEET, b"</sheetData>", rows + b"</sheetData>")()


def merged(areas: bytes) -> bytes:
    return changed(SHEET, b"</sheetData>", b"</sheetData><mergeCells>" + areas + b"</mergeCells>")()


def picture_bomb() -> bytes:
    """A picture of 30,000 x 30,000 px on the sheet."""
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels = (
        f'<Relationships xmlns="{package}">'
        f'<Relationship Id="rId1" Type="{office}/{{0}}" Target="{{1}}"/></Relationships>'
    )
    drawing = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="{office}">'
        "<xdr:oneCellAnchor><xdr:from>"
        "<xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
        '<xdr:ext cx="9" cy="9"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="1" name="a"/><xdr:cNvPicPr/></xdr:nvPicPr>'
        '<xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill><xdr:spPr/></xdr:pic>'
        "<xdr:clientData/></xdr:oneCellAnchor></xdr:wsDr>"
    )
    link = f'<drawing xmlns:r="{office}" r:id="rId1"/></worksheet>'.encode()
    kind = (
        b'<Override PartName="/xl/drawings/drawing1.xml" '
        b'ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/></Types>'
    )
    changed = with_parts(
        plain_xlsx(),
        lambda name, data: data.replace(b"</worksheet>", link) if name == SHEET
        else data.replace(b"</Types>", kind) if name == "[Content_Types].xml" else data,
        {
            "xl/worksheets/_rels/sheet1.xml.rels": rels.format("drawing", "/xl/drawings/drawing1.xml").encode(),
            "xl/drawings/drawing1.xml": drawing.encode(),
            "xl/drawings/_rels/drawing1.xml.rels": rels.format("image", "/xl/media/image1.png").encode(),
            "xl/media/image1.png": png(30_000, 30_000, 1, 0, b"x"),
        },
    )  # fmt: skip
    return changed


def outside_links() -> bytes:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    link = (
        f'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<externalBook xmlns:r="{office}" '
        'r:id="rId1"/></externalLink>'
    ).encode()
    rels = (
        f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{office}/externalLinkPath" '
        'Target="http://127.0.0.1:9/a.xlsx" TargetMode="External"/></Relationships>'
    ).encode()
    relation = (
        f'<Relationship Id="rId99" Type="{office}/externalLink" Target="/xl/externalLinks/externalLink1.xml"/>'
        "</Relationships>"
    ).encode()
    part = b"xl/_rels/workbook.xml.rels".decode()

    def change(name: str, data: bytes) -> bytes:
        if name == part:
            return data.replace(b"</Relationships>", relation)
        if name == "xl/workbook.xml":
            return data.replace(
                b"</sheets>",
                (
                    f'</sheets><externalReferences><externalReference xmlns:r="{office}" r:id="rId99"/>'
                    "</externalReferences>"
                ).encode(),
            )
        return data

    return with_parts(
        plain_xlsx(),
        change,
        {
            "xl/externalLinks/externalLink1.xml": link,
            "xl/externalLinks/_rels/externalLink1.xml.rels": rels,
        },
    )


def formulas() -> bytes:
    return workbook(
        [
            (
                1,
                '=HYPERLINK("http://127.0.0.1:9/","张三")',
                "=A1",
                '=WEBSERVICE("http://127.0.0.1:9/")',
                "",
                "=cmd|' /C calc'!A0",
                "是",
            )
        ]
    )


def bomb(megabytes: int, part: str) -> bytes:
    out = io.BytesIO(plain_xlsx())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, b" " * (megabytes * MEGABYTE))
    return out.getvalue()


def lying(data: bytes) -> bytes:
    at = data.rindex(b"PK\x01\x02")
    return data[: at + 24] + b"\x10\0\0\0" + data[at + 28 :]


def quoted(rows: list[tuple[object, ...]]) -> bytes:
    """A workbook in which every text is a text."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column, value).data_type = "s"  # type: ignore[arg-type]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
