"""Hostile PDFs."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.hostile import pdf_files as made
from tests.hostile.case import HARMS, MEGABYTE, Case, file_of, noise, packed_zeros


def cases(rng: random.Random, each: int) -> Iterator[Case]:
    """All PDF cases; `each` of every harm to every plain file."""
    sources = {"scan": made.plain_pdf(), "drawn": made.drawn_pdf(), "active": made.active_pdf()}
    for harm, do in HARMS.items():
        for source, data in sources.items():
            for number in range(each):
                yield Case(
                    f"PDF {harm}",
                    f"{source}-{number}",
                    file_of("a.pdf", do(data, rng)),
                    few=number == 0 and source == "scan",
                    whole=False,
                )
    yield from _bombs()
    yield from _trees()
    yield from _sizes()
    yield from _others()


def _bombs() -> Iterator[Case]:
    kind = "PDF bombs"
    yield Case(kind, "content-1gb", file_of("a.pdf", lambda: made.content_bomb(1000, b"q Q ")), few=True)
    yield Case(kind, "content-3gb-spaces", file_of("a.pdf", lambda: made.content_bomb(3000, b" ")))
    yield Case(kind, "content-packed-twice", file_of("a.pdf", lambda: made.twice_packed(8000)))
    yield Case(kind, "font", file_of("a.pdf", made.resource_bomb))
    yield Case(kind, "image-rgb-10000", file_of("a.pdf", lambda: made.image_bomb(10_000, 8, b"/DeviceRGB")))
    yield Case(kind, "image-in-a-form", file_of("a.pdf", made.nested_image_bomb))
    yield Case(kind, "image-inline", file_of("a.pdf", made.inline_image))
    yield Case(kind, "jpeg-that-lies", file_of("a.pdf", made.lying_jpeg))
    yield Case(kind, "forms-in-forms", file_of("a.pdf", made.many_forms))
    for name, entries, data in (
        ("ascii-hex", b"/ASCIIHexDecode", b"00" * MEGABYTE + b">"),
        ("run-length", b"/RunLengthDecode", b"\x81\0" * MEGABYTE + b"\x80"),
        ("lzw", b"/LZWDecode", noise(3, MEGABYTE)),
        ("ascii-85", b"/ASCII85Decode", b"z" * MEGABYTE + b"~>"),
        ("jbig2", b"/JBIG2Decode", b"\0\0\0\0\x30\0\x01\0\0\0\x13" + b"\xff" * 8 + b"\0" * 40),
        ("jpx", b"/JPXDecode", b"\xff\x4f\xff\x51\0\x2f\0\0" + b"\x7f\xff\xff\xff" * 2 + b"\0" * 60),
        ("fax", b"/CCITTFaxDecode/DecodeParms<</K -1/Columns 2000000000/Rows 2000000000>>", b"\0" * 64),
        (
            "flate-columns",
            b"/FlateDecode/DecodeParms<</Predictor 15/Columns 2147483647/Colors 32>>",
            packed_zeros(MEGABYTE),
        ),
    ):
        head = b"/Width 5000/Height 5000/BitsPerComponent 8/ColorSpace/DeviceGray/Filter"
        yield Case(
            kind,
            f"image-{name}",
            file_of("a.pdf", lambda e=entries, d=data, h=head: made.image_page(h + e, d)),
        )
    yield Case(
        kind,
        "nested-arrays",
        file_of("a.pdf", lambda: made.one_page(b"/Resources " + b"[" * 200_000 + b"]" * 200_000)),
    )
    yield Case(kind, "nested-q", file_of("a.pdf", lambda: made.one_page(content=b"q " * 900_000)))
    yield Case(
        kind, "a-million-operands", file_of("a.pdf", lambda: made.one_page(content=b"1 " * 900_000 + b"re"))
    )
    chain = [b"<</Next %d 0 R>>" % (6 + number) for number in range(60_000)]
    yield Case(
        kind,
        "chain-of-objects",
        file_of("a.pdf", lambda: made.one_page(b"/Resources 5 0 R", more=[*chain, b"null"])),
    )
    wide = b"/Resources<</Properties<<" + b"".join(b"/P%d<</A[1 2 3]>>" % n for n in range(200_000)) + b">>>>"
    yield Case(kind, "wide-resources", file_of("a.pdf", lambda: made.one_page(wide)))


def _trees() -> Iterator[Case]:
    kind = "PDF page trees"
    yield Case(kind, "no-pages", file_of("a.pdf", lambda: made.pages(0)), expected="refused", few=True)
    yield Case(
        kind, "10000-pages", file_of("a.pdf", lambda: made.pages(10_000)), expected="refused", few=True
    )
    yield Case(
        kind, "tree-holds-itself", file_of("a.pdf", lambda: made.tree(b"2 0 R")), expected="refused", few=True
    )
    yield Case(
        kind, "tree-holds-itself-and-a-page", file_of("a.pdf", lambda: made.tree(b"3 0 R 2 0 R", 2)), few=True
    )
    yield Case(kind, "tree-holds-its-root", file_of("a.pdf", lambda: made.tree(b"3 0 R 1 0 R", 2)))
    nodes = (
        b"<</Type/Pages/Kids[5 0 R]/Count 1/Parent 2 0 R>>",
        b"<</Type/Pages/Kids[4 0 R 3 0 R]/Count 2/Parent 4 0 R>>",
    )
    yield Case(kind, "two-hold-one-another", file_of("a.pdf", lambda: made.tree(b"4 0 R", 2, *nodes)))
    yield Case(kind, "one-page-60-times", file_of("a.pdf", lambda: made.tree(b"3 0 R " * 60, 60)))
    yield Case(
        kind,
        "one-page-200000-times",
        file_of("a.pdf", lambda: made.tree(b"3 0 R " * 200_000, 200_000)),
        expected="refused",
    )
    yield Case(kind, "count-lies-high", file_of("a.pdf", lambda: made.tree(b"3 0 R", 2_000_000_000)))
    yield Case(kind, "count-lies-negative", file_of("a.pdf", lambda: made.tree(b"3 0 R", -5)))
    yield Case(
        kind,
        "kids-of-other-types",
        file_of("a.pdf", lambda: made.tree(b"3 0 R null 7 (x) /N [3 0 R] <<>>", 7)),
    )
    yield Case(kind, "deep-400", file_of("a.pdf", lambda: made.deep_tree(400)))
    yield Case(kind, "deep-100000", file_of("a.pdf", lambda: made.deep_tree(100_000)))


def _sizes() -> Iterator[Case]:
    kind = "PDF page sizes"
    boxes = {
        "50000": b"[0 0 50000 50000]", "1e9": b"[0 0 1000000000 1000000000]", "1e38": b"[0 0 1e38 " + b"9" * 38 + b"]",
        "empty": b"[0 0 0 0]", "line": b"[0 0 0.0001 842]", "backwards": b"[595 842 0 0]",
        "far": b"[999999999 0 1000000594 842]",
        "words": b"[(a) /b null true]", "short": b"[0 0]", "none": b"null", "number": b"7", "thin": b"[0 0 1 200000]",
        "itself": b"3 0 R",
    }  # fmt: skip
    for name, box in boxes.items():
        yield Case(
            kind,
            f"box-{name}",
            file_of("a.pdf", made.one_page(box=box, content=b"9 9 m 90 90 l S")),
            few=name in ("50000", "words"),
        )
    for name, entry in {
        "unit-75000": b"/UserUnit 75000",
        "unit-0": b"/UserUnit 0",
        "unit-negative": b"/UserUnit -3",
        "unit-word": b"/UserUnit /A",
        "rotate-45": b"/Rotate 45",
        "rotate-word": b"/Rotate (x)",
        "rotate-huge": b"/Rotate 99999999999999999999",
        "crop-outside": b"/CropBox[9000 9000 9001 9001]",
        "crop-word": b"/CropBox[/a /b /c /d]",
        "resources-number": b"/Resources 7",
        "annots-number": b"/Annots 7",
        "annots-loop": b"/Annots[3 0 R 2 0 R null 7]",
    }.items():
        yield Case(
            kind,
            name,
            file_of("a.pdf", made.one_page(entry, content=b"9 9 m 90 90 l S")),
            few=name == "unit-75000",
        )
    huge = b"/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode"
    for name, sides in {
        "50000": b"/Width 50000/Height 50000",
        "negative": b"/Width -5/Height 9",
        "words": b"/Width(a)/Height/b",
        "reals": b"/Width 1e9/Height 2.5",
        "missing": b"",
        "64-bit": b"/Width 99999999999999999999/Height 9",
        "zero": b"/Width 0/Height 0",
        "null": b"/Width null/Height null",
    }.items():
        yield Case(
            kind,
            f"image-{name}",
            file_of("a.pdf", made.image_page(sides + huge, packed_zeros(MEGABYTE))),
            few=name in ("50000", "words"),
        )


def _others() -> Iterator[Case]:
    for name, user, owner, revision in (
        ("user-rc4", "geheim", "x", 3),
        ("user-aes-256", "geheim", "x", 6),
        ("owner-only", "", "x", 6),
        ("owner-only-rc4", "", "x", 2),
    ):
        yield Case(
            "PDF encrypted",
            name,
            file_of("a.pdf", lambda u=user, o=owner, r=revision: made.encrypted(u, o, r)),
            expected="refused" if user else "checked",
            few=revision != 2,
        )
    broken = made.raw_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
            b"<</Filter/Unknown/V 99/R 99>>",
        ],
        b"/Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]",
    )
    yield Case("PDF encrypted", "unknown-handler", file_of("a.pdf", broken), expected="refused")
    yield Case("PDF that acts", "all", file_of("a.pdf", made.active_pdf), expected="checked", few=True)
    for trigger in (
        b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>",
        b"/AA<</WC<</S/Launch/F(cmd.exe)>>>>",
        b"/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(../../a.exe)>>]>>>>",
        b"/Collection<</View/T>>",
    ):
        yield Case(
            "PDF that acts",
            trigger[1:9].decode(),
            file_of("a.pdf", made.one_page(root=trigger)),
            expected="checked",
        )
    loop = made.stream(
        b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</F 5 0 R>>>>", b"/F Do"
    )
    yield Case(
        "PDF loops",
        "form-draws-itself",
        file_of("a.pdf", made.one_page(b"/Resources<</XObject<</F 5 0 R>>>>", content=b"/F Do", more=[loop])),
        few=True,
    )
    yield Case(
        "PDF loops",
        "length-is-itself",
        file_of("a.pdf", made.one_page(content=b"<</Length 4 0 R>>\nstream\n0 0 m\nendstream")),
    )
    yield Case(
        "PDF loops",
        "filter-loop",
        file_of("a.pdf", made.one_page(content=b"<</Filter 4 0 R/Length 3>>\nstream\n0 0\nendstream")),
    )
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/FirstChar 97/LastChar 97/Widths[1]"
        b"/Encoding<</Differences[97/a]>>/CharProcs<</a 6 0 R>>/Resources<</Font<</F1 5 0 R>>>>>>"
    )
    yield Case(
        "PDF loops",
        "font-draws-itself",
        file_of(
            "a.pdf",
            made.one_page(
                b"/Resources<</Font<</F1 5 0 R>>>>",
                content=b"BT /F1 9 Tf (aaaaaa) Tj ET",
                more=[font, made.stream(b"", b"1 0 d0 BT /F1 9 Tf (aaaa) Tj ET")],
            ),
        ),
    )
    yield Case(
        "PDF loops",
        "parent-is-itself",
        file_of(
            "a.pdf",
            made.raw_pdf(
                [
                    b"<</Type/Catalog/Pages 2 0 R>>",
                    b"<</Type/Pages/Kids[3 0 R]/Count 1/Parent 2 0 R>>",
                    b"<</Type/Page/Parent 3 0 R>>",
                ]
            ),
        ),
    )
    yield Case(
        "PDF loops",
        "prev-is-itself",
        file_of(
            "a.pdf",
            made.raw_pdf(
                [
                    b"<</Type/Catalog/Pages 2 0 R>>",
                    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
                ],
                b"/Root 1 0 R/Prev 180",
            ),
        ),
    )
    yield Case("PDF odd text", "text-layer", file_of("a.pdf", made.odd_text), expected="checked", few=True)
    yield Case("PDF odd text", "junk-before", file_of("a.pdf", lambda: noise(4, 900) + made.plain_pdf(1)))
    yield Case("PDF odd text", "only-a-header", file_of("a.pdf", b"%PDF-1.7\n"), expected="refused", few=True)
    yield Case("PDF odd text", "no-root", file_of("a.pdf", made.raw_pdf([b"<<>>"])), expected="refused")
    yield Case("PDF odd text", "root-is-a-number", file_of("a.pdf", made.raw_pdf([b"7"])), expected="refused")
