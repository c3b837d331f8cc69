"""A4 sheets in Chinese: the two typefaces, tables that flow over pages, page numbers at the foot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from fpdf import FPDF, FontFace
from fpdf.enums import TableBordersLayout, TableCellFillMode, WrapMode
from fpdf.fonts import TTFFont
from pylopdf_fonts_zh_cn import sans_path, serif_path

SANS, SERIF = "sans", "serif"
MARGIN = 20.0  # mm
RED, AMBER, GREEN, GREY, INK = (179, 38, 30), (138, 90, 0), (27, 110, 60), (91, 102, 117), (28, 36, 48)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_PADDING = 1.4  # mm left and right in a cell of a table
_OPENS, _CLOSES = "“‘（《〈「『【〔〖(［[", "，。、；：？！”’）》〉」』】〕〗),.;:!?%］]…"
# What is not parted at the end of a line: opening marks with what follows them, closing marks with
# what they close, Latin words and numbers.
_PIECE = re.compile(
    rf"[{re.escape(_OPENS)}]*(?:[A-Za-z0-9][A-Za-z0-9._\-–/]*|.)[{re.escape(_CLOSES)}]*|.", re.DOTALL
)

Colour = tuple[int, int, int]


class Paper(FPDF):
    """A document of A4 sheets. `foot` stands left of the page number on each sheet, where given."""

    def __init__(self, title: str, foot: str = "", numbered: bool = True) -> None:
        super().__init__(format="A4")
        self.foot = foot
        self.numbered = numbered
        self.set_margins(MARGIN, 18, MARGIN)
        self.set_auto_page_break(True, margin=20)
        for name, path in ((SANS, sans_path()), (SERIF, serif_path())):
            self.add_font(name, "", path)
        fonts = [font for font in self.fonts.values() if isinstance(font, TTFFont)]
        self._drawn = frozenset.intersection(*(frozenset(font.cmap) for font in fonts))
        self.set_title(title)
        self.set_lang("zh-CN")
        self.set_font(SANS, size=10.5)
        self.set_text_color(*INK)

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font(SANS, size=8)
        self.set_text_color(*GREY)
        self.cell(self.epw - 40, 5, self.shown(self.foot))
        if self.numbered:
            self.cell(40, 5, f"第 {self.page_no()} 页  共 {{nb}} 页", align="R")
        self.set_text_color(*INK)

    def line_of(
        self, text: str, *, size: float = 10.5, font: str = SANS, align: str = "L", colour: Colour = INK,
        height: float = 1.6, indent: float = 0.0,
    ) -> None:  # fmt: skip
        """One paragraph over the whole width; `height` is the leading in units of the type size."""
        self.set_font(font, size=size)
        self.set_text_color(*colour)
        self.set_x(self.l_margin + indent)
        width = self.epw - indent
        self.multi_cell(
            width, size * height * 0.3528, self._broken(text, width - 2 * self.c_margin), align=align,
            wrapmode=WrapMode.CHAR, new_x="LMARGIN", new_y="NEXT",
        )  # fmt: skip
        self.set_text_color(*INK)

    def rows(
        self,
        header: Sequence[str],
        widths: Sequence[float],
        rows: Iterable[Sequence[str] | str],
        *,
        font: str = SANS,
        size: float = 9,
        colours: Sequence[Colour | None] = (),
    ) -> None:
        """A ruled table whose header comes again on each sheet; a bare text is a line across it all.

        `colours` gives the colour of each row's second cell, by the row's place.
        """
        self.set_font(font, size=size)
        head = FontFace(family=SANS, fill_color=(233, 238, 244), emphasis="")
        band = FontFace(family=SANS, fill_color=(246, 248, 250), emphasis="")
        unit = self.epw / sum(widths)
        room = [width * unit - 2 * _PADDING for width in widths]
        self.set_fill_color(255, 255, 255)
        with self.table(
            align="L", text_align="LEFT", col_widths=tuple(widths), width=self.epw, headings_style=head,
            line_height=size * 0.55, padding=(1.1, _PADDING), wrapmode=WrapMode.CHAR,
            borders_layout=TableBordersLayout.ALL, cell_fill_mode=TableCellFillMode.NONE, v_align="TOP",
        ) as table:  # fmt: skip
            self.set_draw_color(200, 207, 215)
            table.row([self.shown(text) for text in header])
            for number, cells in enumerate(rows):
                row = table.row()
                if isinstance(cells, str):
                    row.cell(self._broken(cells, self.epw - 2 * _PADDING), colspan=len(header), style=band)
                    continue
                for column, text in enumerate(cells):
                    colour = colours[number] if column == 1 and number < len(colours) else None
                    row.cell(self._broken(text, room[column]), style=None if colour is None else FontFace(color=colour))
        self.set_draw_color(0, 0, 0)

    def _broken(self, text: str, width: float) -> str:
        """The text in lines of at most `width` mm in the typeface set: no line begins with a closing mark.

        Words and numbers of Latin letters stay whole where they fit on a line.
        """
        lines = []
        for paragraph in self.shown(text).split("\n"):
            line = ""
            for piece in _PIECE.findall(paragraph):
                if not line or self._fits(line + piece, width):
                    line += piece
                elif self._fits(piece, width):
                    lines.append(line)
                    line = piece.lstrip(" ")
                else:
                    for character in piece:
                        if line and not self._fits(line + character, width):
                            lines.append(line)
                            line = ""
                        line += character
            lines.append(line)
        return "\n".join(lines)

    def _fits(self, text: str, width: float) -> bool:
        return float(self.get_string_width(text)) <= width - 0.1

    def shown(self, text: str) -> str:
        """Text that the typefaces can show; 〓 and the code point stand for a character they lack."""
        return "".join(
            character if character == "\n" or ord(character) in self._drawn else f"〓(U+{ord(character):04X})"
            for character in _CONTROL.sub("", text)
        )

    def room(self) -> float:
        """What is left of the sheet, in mm."""
        return float(self.page_break_trigger - self.get_y())


def page_runs(pages: Iterable[int]) -> str:
    """31、33–36: page numbers in runs; empty for none."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return "、".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)
