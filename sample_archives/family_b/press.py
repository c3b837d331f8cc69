"""Sheets of HTML -> drawn sheets: page image, fields and marks with their boxes, optional PDF."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf
import pypdfium2

from sample_archives.case import FieldTruth, MarkTruth, SheetDrawing, Style
from sample_archives.family_b.browser import Browser
from sample_archives.family_b.context import Context
from sample_archives.family_b.fonts import stylesheets
from sample_archives.family_b.markup import Sheet

BASE = """
@page { size: A4; margin: 0 } @page wide { size: A4 landscape; margin: 0 }
* { box-sizing: border-box }
html, body { margin: 0; padding: 0; background: #fff; color: #111; -webkit-print-color-adjust: exact }
.sheet { position: relative; width: 210mm; height: 296.8mm; overflow: hidden; break-after: page }
.sheet:last-child { break-after: auto }
.sheet.wide { page: wide; width: 297mm; height: 209.8mm }
.in { position: absolute; left: 0; top: 0; right: 0; bottom: 0 }
.hand { line-height: 1.1; text-indent: 0 } .hand i { display: inline-block; font-style: normal }
.blank { display: inline-block; border-bottom: 0.25mm solid #222; text-align: center; line-height: 1.2;
         vertical-align: baseline; text-indent: 0; white-space: nowrap }
.stamp { position: absolute; mix-blend-mode: multiply; overflow: visible; text-indent: 0 }
.sign { display: inline-block; vertical-align: middle; overflow: visible; margin: -3mm 0 }
.tick { width: 1em; height: 1em; vertical-align: -0.1em; overflow: visible }
.box { display: inline-block; width: 0.95em; height: 0.95em; border: 0.25mm solid #222; vertical-align: -0.12em;
       position: relative; text-indent: 0 }
.box .tick { position: absolute; left: 0; top: -0.15em; width: 1.1em; height: 1.1em }
table { border-collapse: collapse; table-layout: fixed; width: 100% }
p { margin: 0 } h1, h2, h3 { margin: 0; font-weight: normal; text-align: center }
.at { position: absolute } .c { text-align: center } .r { text-align: right } .l { text-align: left }
.n { white-space: nowrap } .rel { position: relative }
"""

# Shrinks what does not fit its paper, then gives the boxes of everything tagged, as fractions of the
# sheet it stands on.
MEASURE = """
document.fonts.ready.then(() => [...document.querySelectorAll('.sheet')].map(sheet => {
  for (const form of sheet.querySelectorAll('.form'))
    for (let zoom = 0.97; zoom > 0.78 && form.scrollHeight > form.clientHeight + 2; zoom -= 0.03) {
      form.style.zoom = zoom;
      form.style.top = 19 / zoom + 'mm';
    }
  const s = sheet.getBoundingClientRect(), found = [];
  for (const e of sheet.querySelectorAll('[data-f],[data-m]')) {
    const inner = e.dataset.m ? (e.querySelector('svg') || e) : e, r = inner.getBoundingClientRect();
    found.push({...e.dataset, box: [(r.left - s.left) / s.width, (r.top - s.top) / s.height,
                                    (r.right - s.left) / s.width, (r.bottom - s.top) / s.height]});
  }
  const inner = sheet.querySelector('.in');
  return {found, over: inner ? Math.max(0, inner.scrollHeight - inner.clientHeight) : 0};
}))
"""


def page(sheets: Sequence[Sheet], css: str) -> str:
    """The HTML document of these sheets."""
    links = "".join(f'<link rel="stylesheet" href="{path.as_uri()}">' for path in stylesheets())
    body = "".join(
        f'<section class="sheet{" wide" if sheet.landscape else ""}"><div class="in">{sheet.html}</div></section>'
        for sheet in sheets
    )
    return f'<!doctype html><html lang="zh-CN"><meta charset="utf-8">{links}<style>{BASE}{css}</style>{body}'


def press(sheets: Sequence[Sheet], context: Context, css: str, style: Style) -> list[SheetDrawing]:
    """Print the sheets and collect what stands where.

    Raises RuntimeError when a sheet holds more than the paper, which is a fault of its layout.
    """
    pdf, measured = Browser.shared().print(page(sheets, css), MEASURE)
    drawings = []
    with pypdfium2.PdfDocument(pdf) as document:
        if len(document) != len(sheets):
            raise RuntimeError(f"{len(sheets)} sheets became {len(document)} pages")
        for printed, tags in zip(document, measured, strict=True):
            if tags["over"] > 2:
                raise RuntimeError(f"a sheet overflows by {tags['over']} px")
            drawing = SheetDrawing(image=printed.render(scale=style.dpi / 72).to_pil().convert("RGB"))
            for tag in tags["found"]:
                box = tuple(min(1.0, max(0.0, value)) for value in tag["box"])
                assert len(box) == 4
                if "m" in tag:
                    drawing.marks.append(MarkTruth(tag["m"], tag["party"], box, tag.get("personal") == "1"))
                else:
                    person = context.persons[int(tag["p"])] if "p" in tag else None
                    drawing.fields.append(FieldTruth(tag["f"], tag["v"], box, person))
            drawings.append(drawing)
    if style.vector:
        with pikepdf.open(io.BytesIO(pdf)) as whole:
            for drawing, leaf in zip(drawings, whole.pages, strict=True):
                with pikepdf.new() as single:
                    single.pages.append(leaf)
                    out = io.BytesIO()
                    single.save(out)
                drawing.vector = out.getvalue()
    return drawings
