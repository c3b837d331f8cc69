"""PDFs made by hand: plain ones, bombs, trees of pages, pages that act."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from tests.hostile.case import MEGABYTE, encoded, noise, packed_zeros, picture

A4 = b"[0 0 595 842]"


def plain_pdf(pages: int = 2) -> bytes:
    """A scanned PDF of a few pages."""
    images = [picture(str(number + 1)) for number in range(pages)]
    out = io.BytesIO()
    images[0].save(out, "PDF", save_all=True, append_images=images[1:])
    return out.getvalue()


def drawn_pdf() -> bytes:
    """A PDF with text, a form, a widget and packed objects."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0]
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    page.Resources = Dictionary(Font=Dictionary(F1=font))
    page.Contents = pdf.make_stream(
        b"BT /F1 12 Tf 72 720 Td (Training roster, page 7 of the archive) Tj ET " * 8
    )
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def raw_pdf(objects: Sequence[bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of the objects 1, 2, ... as they are written."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer <</Size %d %b>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table)
    return bytes(out)


def stream(entries: bytes, content: bytes) -> bytes:
    """A stream object."""
    return b"<<%b /Length %d>>\nstream\n%b\nendstream" % (entries, len(content), content)


def one_page(
    page: bytes = b"",
    *,
    box: bytes = A4,
    content: bytes = b"",
    more: Sequence[bytes] = (),
    root: bytes = b"",
) -> bytes:
    """A PDF of one page; its content is object 4, `more` begins with object 5."""
    body = content if content.startswith(b"<<") else stream(b"", content)
    return raw_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R %b>>" % root,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox %b/Contents 4 0 R %b>>" % (box, page),
            body,
            *more,
        ]
    )


def image_page(entries: bytes, data: bytes) -> bytes:
    """A page filled by one image."""
    return one_page(
        b"/Resources<</XObject<</Im0 5 0 R>>>>",
        content=b"q 595 0 0 842 0 0 cm /Im0 Do Q",
        more=[stream(b"/Type/XObject/Subtype/Image " + entries, data)],
    )


# --- bombs ------------------------------------------------------------------------------------------


def content_bomb(megabytes: int, filler: bytes) -> bytes:
    return one_page(content=stream(b"/Filter/FlateDecode", packed_zeros(megabytes * MEGABYTE, filler)))


def twice_packed(megabytes: int) -> bytes:
    import zlib

    inner = packed_zeros(megabytes * MEGABYTE, b"q Q ")
    return one_page(content=stream(b"/Filter[/FlateDecode/FlateDecode]", zlib.compress(inner, 9)))


def resource_bomb() -> bytes:
    bomb = packed_zeros(1500 * MEGABYTE)
    return one_page(
        b"/Resources<</Font<</F1 5 0 R>>>>",
        content=b"BT /F1 12 Tf 72 720 Td (abcdefgh) Tj ET",
        more=[
            b"<</Type/Font/Subtype/TrueType/BaseFont/Bomb/FirstChar 97/LastChar 97/Widths[500]/FontDescriptor 6 0 R>>",
            b"<</Type/FontDescriptor/FontName/Bomb/Flags 4/FontBBox[0 0 1 1]/ItalicAngle 0/Ascent 1/Descent 0"
            b"/CapHeight 1/StemV 1/FontFile2 7 0 R>>",
            stream(b"/Filter/FlateDecode/Length1 1572864000", bomb),
        ],
    )


def image_bomb(side: int, bits: int, colour: bytes) -> bytes:
    channels = {b"/DeviceRGB": 3, b"/DeviceGray": 1}[colour]
    size = side * ((side * channels * bits + 7) // 8)
    megabytes = -(-size // MEGABYTE)
    entries = b"/Width %d/Height %d/BitsPerComponent %d/ColorSpace%b/Filter/FlateDecode" % (
        side,
        side,
        bits,
        colour,
    )
    return image_page(entries, packed_zeros(megabytes * MEGABYTE))


def nested_image_bomb() -> bytes:
    image = (
        b"/Type/XObject/Subtype/Image/Width 50000/Height 50000"
        b"/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode"
    )
    return one_page(
        b"/Resources<</XObject<</Fm0 5 0 R>>>>",
        content=b"q /Fm0 Do Q",
        more=[
            stream(
                b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</Im0 6 0 R>>>>",
                b"595 0 0 842 0 0 cm /Im0 Do",
            ),
            stream(image, packed_zeros(2385 * MEGABYTE)),
        ],
    )


def inline_image() -> bytes:
    return one_page(
        content=b"q 595 0 0 842 0 0 cm BI /W 50000 /H 50000 /BPC 8 /CS /RGB ID " + b"\0" * 64 + b" EI Q"
    )


def lying_jpeg() -> bytes:
    data = encoded(picture(), "JPEG").replace(b"\x02\x52\x01\xa4", b"\xff\xdc\xff\xdc")
    return image_page(b"/Width 420/Height 594/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode", data)


def many_forms(levels: int = 12, each: int = 12) -> bytes:
    """Forms that draw forms that draw forms: 12^12 drawings."""
    more = [
        stream(
            b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</F %d 0 R>>>>" % (6 + level),
            b"/F Do " * each,
        )
        for level in range(levels)
    ]
    more.append(stream(b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]", b"0 0 m 595 842 l S"))
    return one_page(b"/Resources<</XObject<</F 5 0 R>>>>", content=b"/F Do", more=more)


# --- page trees -------------------------------------------------------------------------------------


def pages(count: int) -> bytes:
    pages = [b"<</Type/Page/Parent 2 0 R/MediaBox %b>>" % A4] * count
    kids = b" ".join(b"%d 0 R" % (3 + number) for number in range(count))
    return raw_pdf(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count), *pages]
    )


def tree(kids: bytes, count: int = 1, *more: bytes) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox %b>>" % A4
    return raw_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count),
            page,
            *more,
        ]
    )


def deep_tree(depth: int) -> bytes:
    nodes = [
        b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (3 + number, 1 + number)
        for number in range(depth)
    ]
    last = b"<</Type/Page/Parent %d 0 R/MediaBox %b>>" % (1 + depth, A4)
    return raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", *nodes, last])


# --- what acts ----------------------------------------------------------------------------------------


def active_pdf() -> bytes:
    """A scanned page with all that acts: scripts, programs to be started, files inside, forms to be sent."""
    pdf = pikepdf.open(io.BytesIO(plain_pdf()))
    script = Dictionary(S=Name.JavaScript, JS="app.alert('run')")
    pdf.Root.OpenAction = script
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["run", script])))
    pdf.attachments["run.exe"] = b"MZ" + noise(1, 500)
    page = pdf.pages[0]
    page.AA = Dictionary(O=script)
    box = Array([0, 0, 200, 200])
    file = pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F="run.exe",
            EF=Dictionary(F=pdf.make_stream(b"MZ" + noise(2, 500))),
        )
    )
    launch = Dictionary(S=Name.Launch, F="cmd.exe", Win=Dictionary(F="cmd.exe", P="/c calc"))
    notes = [
        Dictionary(Subtype=Name.Link, A=script),
        Dictionary(Subtype=Name.Link, A=launch),
        Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI="http://127.0.0.1:9/")),
        Dictionary(
            Subtype=Name.Widget,
            FT=Name.Btn,
            T="b",
            A=Dictionary(S=Name.SubmitForm, F="http://127.0.0.1:9/"),
            AA=Dictionary(E=script),
        ),
        Dictionary(Subtype=Name.FileAttachment, FS=file),
        Dictionary(Subtype=Name.Screen, A=script),
        Dictionary(Subtype=Name.RichMedia),
        Dictionary(Subtype=Name.Movie),
        Dictionary(Subtype=Name.Sound),
        Dictionary(Subtype=Name("/3D")),
        Dictionary(Subtype=Name.Stamp, Contents="seen", AP=Dictionary(N=pdf.make_stream(b"0 0 m 9 9 l S"))),
    ]
    page.Annots = Array(
        [
            pdf.make_indirect(Dictionary(Type=Name.Annot, Rect=box, **note))
            for note in ({str(k)[1:]: v for k, v in note.items()} for note in notes)
        ]
    )
    pdf.Root.AcroForm = Dictionary(Fields=Array(list(page.Annots)[3:4]), XFA=Stream(pdf, b"<xdp/>"))
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def encrypted(user: str, owner: str, revision: int) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain_pdf())) as pdf:
        modern = revision >= 4
        how = pikepdf.Encryption(user=user, owner=owner, R=revision, aes=modern, metadata=modern)  # type: ignore[arg-type]
        pdf.save(out, encryption=how)
    return out.getvalue()


def odd_text() -> bytes:
    """A text layer whose characters mean control characters, marks of direction and halves of characters."""
    wanted = ("0007", "202E", "200F", "D800", "0000", "001B", "FFFE", "DC00", "0041D800", "2028")
    pairs = b"".join(b"<%02X> <%b>\n" % (97 + at, code.encode()) for at, code in enumerate(wanted))
    unicode_map = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n"
        b"1 begincodespacerange <00> <FF>"
        b" endcodespacerange\n%d beginbfchar\n%bendbfchar endcmap end end" % (len(wanted), pairs)
    )
    return one_page(
        b"/Resources<</Font<</F1 5 0 R>>>>",
        content=b"BT /F1 24 Tf 72 720 Td (abcdefghij) Tj 0 -40 Td (Names and numbers 12) Tj ET",
        more=[
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
            stream(b"", unicode_map),
        ],
    )
