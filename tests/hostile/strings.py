"""Hostile xlsx whose texts stand in the table of shared strings, as Excel and WPS write them, and workbooks that
lead elsewhere. Written by hand: the library at hand writes each text into its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from tests.hostile import roster_files as made
from tests.hostile.case import HEADER, ID, MEGABYTE, Case, Expected, file_of, zip_of

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_PERSON = ("1", "张三", ID, "13800000000", "企业就业", "某某公司", "是")
# Where the name of the first person stands among the strings of `book`.
_NAME = len(HEADER) + 1
_Content = bytes | Callable[[], bytes]
_Listed = Iterator[tuple[str, _Content, Expected, bool]]


def text(words: str) -> bytes:
    """A string of the table."""
    return f'<si><t xml:space="preserve">{escape(words)}</t></si>'.encode()


def table(strings: bytes, attributes: bytes = b"", doctype: bytes = b"") -> bytes:
    """The part with the strings."""
    return _HEAD + doctype + b'<sst xmlns="%b" %b>%b</sst>' % (_MAIN.encode(), attributes, strings)


def book(
    name: bytes = text("张三"),
    *,
    more: bytes = b"",
    attributes: bytes = b"",
    doctype: bytes = b"",
    strings: bytes | None = None,
    cell: str = f'<c r="B2" t="s"><v>{_NAME}</v></c>',
    rows: str = "",
    sheet: str = "",
    parts: dict[str, bytes] | None = None,
    relations: str = "",
    kinds: str = "",
    after_sheets: str = "",
    where: str = "sharedStrings.xml",
) -> bytes:
    """A roster of one person whose texts are all shared; `name` is the string of his name, `cell` what points to it."""
    words = [text(word) for word in (*HEADER, *_PERSON)]
    words[_NAME] = name
    head = "".join(f'<c r="{"ABCDEFG"[n]}1" t="s"><v>{n}</v></c>' for n in range(len(HEADER)))
    body = "".join(
        cell if n == 1 else f'<c r="{"ABCDEFG"[n]}2" t="s"><v>{len(HEADER) + n}</v></c>' for n in range(len(_PERSON))
    )
    listed = table(b"".join(words) + more, attributes, doctype) if strings is None else strings
    main = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
            f'<Override PartName="/xl/{where}" ContentType="{_KIND}.sharedStrings+xml"/>{kinds}</Types>'
        ).encode(),
        "_rels/.rels": _relations(f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'),
        "xl/workbook.xml": _HEAD + (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="名册" sheetId="1" r:id="r1"/></sheets>'
            f"{after_sheets}</workbook>"
        ).encode(),
        "xl/_rels/workbook.xml.rels": _relations(
            f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{_OFFICE}/sharedStrings" Target="{where}"/>{relations}'
        ),
        made.SHEET: made.sheet(f'<row r="1">{head}</row><row r="2">{body}</row>{rows}', after=sheet),
        f"xl/{where}": listed,
    }  # fmt: skip
    return zip_of(list((main | (parts or {})).items()))


def _relations(inside: str) -> bytes:
    return _HEAD + f'<Relationships xmlns="{_PACKAGE}">{inside}</Relationships>'.encode()


def cases() -> Iterator[Case]:
    """All of them; no chance in it."""
    for kind, listed in (
        ("xlsx shared strings", _tables), ("xlsx shared strings: texts", _texts), ("xlsx that leads elsewhere", _links)
    ):  # fmt: skip
        for name, content, expected, few in listed():
            yield Case(kind, name, file_of("roster.xlsx", content), role="roster", expected=expected, few=few)


def _tables() -> _Listed:
    yield "plain", book, "checked", True
    for name, doctype, entity in (
        ("laughs", made.LAUGHS, b"&a11;"), ("quadratic", made.QUADRATIC, b"&a;" * 20_000),
        ("file", made.OUTSIDE, b"&a;"), ("dtd", made.PARAMETER, b""),
    ):  # fmt: skip
        yield name, book(b"<si><t>%b</t></si>" % entity, doctype=doctype), "refused", name in ("laughs", "file")
    unheard = table(text("x") * 15).replace(b"UTF-8", b"UTF-99")
    yield "in-an-encoding-unheard-of", book(strings=unheard), "refused", True
    hidden = table(b"<si><t>&a11;</t></si>" * 20, doctype=made.LAUGHS).decode().replace("UTF-8", "UTF-16")
    yield "laughs-in-utf-16", book(strings=hidden.encode("utf-16")), "refused", False
    for count in ("0", "-1", "4294967295", "99999999999999999999", "many"):
        told = f'count="{count}" uniqueCount="{count}"'.encode()
        yield f"count-{count}", book(attributes=told), "checked", count == "4294967295"
    for where in ("15", "-1", "-99", "1e0", "8.0", "", " 8 ", "0x8", "9" * 5000, "٨"):
        cell = f'<c r="B2" t="s"><v>{where}</v></c>'
        yield f"points-to-{where[:9]}", book(cell=cell), "either", where == "15"
    yield "no-table", book(strings=b""), "refused", False
    yield "empty-table", book(strings=table(b"")), "refused", False
    yield "another-root", book(strings=b"<html><body>x</body></html>"), "refused", False
    yield "another-file", book(where="../../../../etc/passwd"), "either", False
    yield "a-table-of-other-tags", book(strings=table(text("x") * 15).replace(b"si>", b"is>")), "refused", False
    yield "cut", book(strings=table(text("x") * 15)[:-40]), "refused", False
    yield "deep", book(b"<si>" + b"<r>" * 200_000), "refused", False
    yield "deep-and-closed", book(b"<si>" * 100_000 + b"<t>x</t>" + b"</si>" * 100_000), "either", False
    yield "runs-300000", lambda: book(b"<si>" + b"<r><t>x</t></r>" * 300_000 + b"</si>"), "either", False
    yield "a-million-attributes", lambda: book(b"<si %b/>" % b" ".join(b'a%d=""' % n for n in range(10**6))), "either", False  # noqa: E501
    yield "a-million-strings", lambda: book(more=b"<si><t>x</t></si>" * 1_000_000), "either", False
    yield "one-string-of-50-mb", lambda: book(text("张" * (17 * MEGABYTE))), "either", False
    yield "one-string-of-200-mb", lambda: book(text("x" * (200 * MEGABYTE))), "refused", True
    # each cell takes the same megabyte
    again = "".join(f'<row r="{n}"><c r="B{n}" t="s"><v>15</v></c></row>' for n in range(3, 100_000))
    yield "100000-times-a-megabyte", lambda: book(more=text("x" * MEGABYTE), rows=again), "either", False
    persons = "".join(
        f'<row r="{n}"><c r="B{n}" t="s"><v>15</v></c><c r="C{n}" t="s"><v>16</v></c></row>' for n in range(3, 4000)
    )
    yield "4000-persons-of-a-megabyte", lambda: book(more=text("x" * MEGABYTE) + text(ID), rows=persons), "either", False  # noqa: E501


def _texts() -> _Listed:
    for name, words in {
        "formula": '=HYPERLINK("http://127.0.0.1:9/","张三")', "command": "=cmd|' /C calc'!A0", "at": "@SUM(1+1)*cmd",
        "plus": "+1-1", "tab": "\t=1+1", "full-width": "＝1＋1", "quote": "'=1+1",
        "error": "#REF!", "script": "<script>alert(1)</script>张三", "cdata": "]]><x>",
        "right-to-left": "张\u202e三四\u202c", "isolates": "\u2066张三\u2069\u200b\ufeff", "tags": "张\U000e0041三",
        "only-unseen": "\u200b\u202e\u2060", "combining": "张" + "\u0301" * 5000, "private": "\ue000\uf8ff",
        "escape": "张三_x001B_[2J_x0007_", "nul": "张三_x0000_", "return": "张三_x000D_", "half": "张_xD800_三",
        "escaped-escape": "张三_x005F_x000D_", "lines": "张\n三\r\n=1",
    }.items():  # fmt: skip
        yield name, book(text(words)), "either", name in ("formula", "right-to-left", "escape")
    for name, inside in {
        "control-character": b"<t>&#x1B;[2J</t>", "nul-character": b"<t>&#0;</t>", "half-character": b"<t>&#xD800;</t>",
        "no-character": b"<t>&#xFFFF;</t>", "beyond": b"<t>&#x110000;</t>", "unknown-entity": b"<t>&nbsp;</t>",
        "broken-utf-8": b"<t>\xff\xfe\xff</t>", "raw-control": b"<t>\x1b[2J</t>",
    }.items():  # fmt: skip
        yield name, book(b"<si>%b</si>" % inside), "refused", name == "control-character"
    for name, inside in {
        "runs": "<r><t>=cm</t></r><r><rPr><b/></rPr><t>d|张</t></r>",
        "phonetic": '<t>张三</t><rPh sb="0" eb="1"><t>=1+1</t></rPh><phoneticPr fontId="1"/>',
        "comment": "<t>张<!-- =1+1 -->三</t>", "instruction": "<t>张<?php system(1)?>三</t>",
        "data": "<t><![CDATA[<script>alert(1)</script>]]></t>", "nothing": "", "empty": "<t/>",
        "stylesheet": '<?xml-stylesheet href="http://127.0.0.1:9/"?><t>张三</t>',
        "included": '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>',
    }.items():  # fmt: skip
        yield f"with-{name}", book(f"<si>{inside}</si>".encode()), "either", name == "phonetic"


def _links() -> _Listed:
    path = f"{_OFFICE}/externalLink"
    relation = f'<Relationship Id="r9" Type="{path}" Target="externalLinks/externalLink1.xml"/>'
    kind = (
        f'<Override PartName="/xl/externalLinks/externalLink1.xml" ContentType="{_KIND}.externalLink+xml"/>'
    )
    used = '<externalReferences><externalReference r:id="r9"/></externalReferences>'
    kept = '<c r="B2" t="str"><f>[1]Sheet1!$A$1</f><v>张三</v></c>'
    unkept = '<c r="B2"><f>[1]Sheet1!$A$1</f></c>'

    def linked(
        inside: str, target: str, cell: str = kept, doctype: bytes = b"", how: str = "externalLinkPath"
    ) -> bytes:
        leads = f'<Relationship Id="r1" Type="{_OFFICE}/{how}" Target="{target}" TargetMode="External"/>'
        link = f'<externalLink xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{inside}</externalLink>'
        return book(
            cell=cell, relations=relation, kinds=kind, after_sheets=used,
            parts={
                "xl/externalLinks/externalLink1.xml": _HEAD + doctype + link.encode(),
                "xl/externalLinks/_rels/externalLink1.xml.rels": _relations(leads),
            },
        )  # fmt: skip

    other = '<externalBook r:id="r1"><sheetNames><sheetName val="Sheet1"/></sheetNames></externalBook>'
    yield "value-kept", linked(other, "http://127.0.0.1:9/a.xlsx"), "checked", True
    yield "value-not-kept", linked(other, "http://127.0.0.1:9/a.xlsx", unkept), "refused", True
    yield "share", linked(other, r"file:///\\127.0.0.1\x\a.xlsx"), "checked", False
    yield "file", linked(other, "file:///etc/passwd"), "checked", False
    yield "entities", linked(other + "<a>&a11;</a>", "a.xlsx", doctype=made.LAUGHS), "either", False
    yield "program", linked('<ddeLink ddeService="cmd" ddeTopic="/c calc"/>', "a"), "either", False
    yield "object", linked('<oleLink r:id="r1" progId="Package"/>', "http://127.0.0.1:9/", how="oleObject"), "either", False  # noqa: E501
    yield "no-such-part", book(relations=relation, kinds=kind, after_sheets=used), "either", False
    yield "10000-links", lambda: book(
        relations="".join(relation.replace("r9", f"x{n}") for n in range(10_000)),
        after_sheets=used.replace(">", ">" + '<externalReference r:id="r9"/>' * 10_000, 1),
    ), "either", False  # fmt: skip
    query = f'<connections xmlns="{_MAIN}"><connection id="1" type="4" refreshOnLoad="1"><webPr url="http://127.0.0.1:9/"/></connection></connections>'
    yield "web-query", book(
        parts={"xl/connections.xml": query.encode()},
        relations=f'<Relationship Id="r9" Type="{_OFFICE}/connections" Target="connections.xml"/>',
        kinds=f'<Override PartName="/xl/connections.xml" ContentType="{_KIND}.connections+xml"/>',
    ), "checked", False  # fmt: skip
    yield "hyperlinks", book(
        sheet=f'<hyperlinks><hyperlink ref="B2" r:id="r1" xmlns:r="{_OFFICE}"/></hyperlinks>',
        parts={
            "xl/worksheets/_rels/sheet1.xml.rels": _relations(
                f'<Relationship Id="r1" Type="{_OFFICE}/hyperlink" Target="file:///etc/passwd" TargetMode="External"/>'
            )
        },
    ), "checked", False  # fmt: skip
    yield "names-that-run", book(
        after_sheets="<definedNames><definedName name=\"Auto_Open\">cmd|' /C calc'!A0</definedName></definedNames>"
    ), "checked", False  # fmt: skip
