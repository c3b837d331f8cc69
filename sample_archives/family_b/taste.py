"""How one look dresses its forms: faces, sizes, ruling, air."""

from __future__ import annotations

from sample_archives.family_b.context import Context
from sample_archives.family_b.markup import Sheet, t


def stylesheet(context: Context) -> str:
    """CSS of the look. Classes: `form` the printed area, `g` a ruled table, `u` an unruled one."""
    own = context.own
    side = own.uniform(17, 26)
    size = own.choice((11, 11.5, 12, 12, 12.5))
    leading = own.uniform(1.6, 1.95)
    title = own.choice((17, 18, 20, 22))
    heavy = "bold" if context.bold else "normal"
    pad = own.uniform(0.5, 1.5)
    shade = own.choice(("transparent", "transparent", "transparent", "#e9e9e9", "#dfe6ee"))
    outer = own.choice((context.line, context.line, context.line * 2.2))
    # A filter makes Chromium print a picture, so that marks leave no letters in the text layer.
    picture = ".stamp, .sign { filter: blur(0.01px) }" if context.digital else ""
    return f"""
    {picture}
    .form {{ position: absolute; left: {side:.1f}mm; right: {side:.1f}mm; top: 19mm; bottom: 12mm;
             font-family: '{context.body}'; font-size: {size}pt; line-height: {leading:.2f}; text-align: justify }}
    .wide .form {{ left: 14mm; right: 14mm; font-size: 10.5pt; line-height: 1.5 }}
    h1 {{ font-family: '{context.head}'; font-size: {title}pt; font-weight: {heavy}; line-height: 1.4 }}
    h2 {{ font-family: '{context.head}'; font-size: {size + 1.5}pt; font-weight: {heavy}; text-align: left }}
    .i {{ text-indent: 2em }}
    table.g {{ border: {outer:.2f}mm solid #161616 }}
    table.g td, table.g th {{ border: {context.line:.2f}mm solid #161616; padding: {pad:.1f}mm 0.8mm;
        text-align: center; font-weight: normal; line-height: 1.25; overflow-wrap: anywhere }}
    table.g th {{ font-family: '{context.head}'; font-weight: {heavy}; background: {shade} }}
    table.g td.l {{ text-align: left; padding-left: 1.5mm }}
    table.u td, table.u th {{ padding: {pad:.1f}mm 0.5mm; text-align: center; font-weight: normal; line-height: 1.3 }}
    .foot {{ position: absolute; left: 0; right: 0; bottom: 5mm; text-align: center; font-size: 9pt;
             font-family: '{context.body}' }}
    .small {{ font-size: 9pt }} .big {{ font-size: 15pt }}
    """


def dress(sheets: list[Sheet], context: Context) -> list[Sheet]:
    """Running heads and footers of those looks that have them; never where a form has its own."""
    head, foot = "", ""
    if context.owner and context.always("running head", 0.18):
        logo = context.pick("●", "◆", "▲", "")
        head = (f'<div class="at small" style="left:18mm;right:48mm;top:12mm;color:#555;border-bottom:.2mm solid #999;'
                f'line-height:1.3">{logo} {t(context.owner)}</div>')
    if (len(sheets) > 1 and context.always("footer", 0.45)) or context.always("footer alone", 0.08):
        foot = context.pick("第 {n} 页 共 {of} 页", "第{n}页，共{of}页", "— {n} —", "{n}/{of}", "- {n} -")
    out = []
    for n, sheet in enumerate(sheets, 1):
        own = "" if not foot or 'class="foot"' in sheet.html else (
            f'<div class="foot">{foot.format(n=n, of=len(sheets))}</div>')
        out.append(Sheet(head + sheet.html + own, sheet.landscape))
    return out
