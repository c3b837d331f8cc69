"""A4 sheets in Chinese: the two typefaces, tables that flow over pages, page numbers at the foot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import TracebackType

from fpdf import FPDF
from fpdf.enums import WrapMode
from fpdf.fonts import TTFFont
from pylopdf_fonts_zh_cn import sans_path, serif_path

SANS, SERIF = "sans", "serif"
MARGIN = 20.0  # mm
RED, AMBER, GREEN, GREY, INK = (179, 38, 30), (138, 90, 0), (27, 110, 60), (91, 102, 117), (28, 36, 48)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_HEAD_FILL, _BAND_FILL = (233, 238, 244), (246, 248, 250)
_PADDING, _GAP = 1.4, 1.1  # mm beside and above the text in a cell of a table
_OPENS, _CLOSES = "“‘（《〈「『【〔〖(［[", "，。、；：？！”’）》〉」』】〕〗),.;:!?%］]…"
# What is not parted at the end of a line: opening marks with what follows them, closing marks with
# what they close, Latin words and numbers.
_PIECE = re.compile(
    rf"[{re.escape(_OPENS)}]*(?:[A-Za-z0-9][A-Za-z0-9._\-–/]*|.)[{re.escape(_CLOSES)}]*|.", re.DOTALL
)

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Band:
    """One row of a table, its cells broken into lines; `colour` is that of the second cell."""

    font: str
    size: float  # points
    lines: Sequence[Sequence[str]]
    spans: Sequence[float]  # mm
    fill: Colour | None
    colour: Colour | None

    @property
    def leading(self) -> float:
        return self.size * 0.55

    @property
    def height(self) -> float:
        return max(len(cell) for cell in self.lines) * self.leading + 2 * _GAP

    def parts(self, room: float) -> Iterator[_Band]:
        """The row itself, or in pieces of at most `room` mm where it is higher than that."""
        most = max(1, int((room - 2 * _GAP) / self.leading))
        for first in range(0, max(len(cell) for cell in self.lines), most):
            yield replace(self, lines=[cell[first : first + most] for cell in self.lines])


class Paper(FPDF):
    """A document of A4 sheets; a context manager, as it reads from the files of its typefaces until it is written.

    `foot` stands left of the page number on each sheet, where given.
    """

    def __init__(self, title: str, foot: str = "", numbered: bool = True) -> None:
        super().__init__(format="A4")
        self.foot = foot
        self.numbered = numbered
        self._widths: dict[tuple[str, str], float] = {}
        self.set_margins(MARGIN, 18, MARGIN)
        self.set_auto_page_break(True, margin=20)
        for name, path in ((SANS, sans_path()), (SERIF, serif_path())):
            self.add_font(name, "", path)
        fonts = [font for font in self.fonts.values() if isinstance(font, TTFFont)]
        for font in fonts:
            # nobody asks for the bounds of the glyphs that are kept, and drawing them all takes half of the saving
            font.ttfont.recalcBBoxes = False
        self._drawn = frozenset.intersection(*(frozenset(font.cmap) for font in fonts))
        self.set_title(title)
        self.set_lang("zh-CN")
        self.set_font(SANS, size=10.5)
        self.set_text_color(*INK)

    def __enter__(self) -> Paper:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

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
            width, size * height * 0.3528, "\n".join(self._broken(text, width - 2 * self.c_margin - 0.1)), align=align,
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
        unit = self.epw / sum(widths)
        spans = [width * unit for width in widths]
        self.set_draw_color(200, 207, 215)
        head = self._band(SANS, size, header, spans, _HEAD_FILL)
        bands = []
        for number, cells in enumerate(rows):
            if isinstance(cells, str):
                bands.append(self._band(SANS, size, [cells], [self.epw], _BAND_FILL))
            else:
                bands.append(self._band(font, size, cells, spans, colour=(*colours, *[None] * (number + 1))[number]))
        self._draw(head)
        for number, band in enumerate(bands):
            # a line across the table stays with the row it announces
            following = bands[number + 1 : number + 2] if len(band.spans) == 1 else []
            if sum(one.height for one in (band, *following)) > self.room():
                self.add_page()
                self._draw(head)
            for part in band.parts(self.room()):
                if part.height > self.room():
                    self.add_page()
                    self._draw(head)
                self._draw(part)
        self.set_draw_color(0, 0, 0)

    def _band(
        self, font: str, size: float, cells: Sequence[str], spans: Sequence[float], fill: Colour | None = None,
        colour: Colour | None = None,
    ) -> _Band:  # fmt: skip
        self.set_font(font, size=size)
        lines = [self._broken(text, span - 2 * _PADDING) for text, span in zip(cells, spans, strict=True)]
        return _Band(font, size, lines, spans, fill, colour)

    def _draw(self, band: _Band) -> None:
        self.set_font(band.font, size=band.size)
        x, y = self.l_margin, self.get_y()
        for column, (cell, span) in enumerate(zip(band.lines, band.spans, strict=True)):
            if band.fill is not None:
                self.set_fill_color(*band.fill)
            self.rect(x, y, span, band.height, style="D" if band.fill is None else "DF")
            self.set_text_color(*(band.colour if column == 1 and band.colour else INK))
            for number, line in enumerate(cell):
                self.text(x + _PADDING, y + _GAP + band.leading * (number + 0.74), line)
            x += span
        self.set_text_color(*INK)
        self.set_y(y + band.height)

    def _broken(self, text: str, width: float) -> list[str]:
        """The text in lines of at most `width` mm in the typeface set: no line begins with a closing mark.

        Words and numbers of Latin letters stay whole where they fit on a line.
        """
        lines = []
        for paragraph in self.shown(text).split("\n"):
            line, used = "", 0.0
            for piece in _PIECE.findall(paragraph):
                wide = self._wide(piece)
                if used + wide <= width:
                    line, used = line + piece, used + wide
                elif wide <= width:
                    lines.append(line)
                    line, used = piece.lstrip(" "), wide
                else:
                    for character in piece:
                        if line and used + self._wide(character) > width:
                            lines.append(line)
                            line, used = "", 0.0
                        line, used = line + character, used + self._wide(character)
            lines.append(line)
        return lines

    def _wide(self, text: str) -> float:
        """The width of a text in mm, from the widths of its characters at a type size of one point."""
        total = 0.0
        for character in text:
            key = (self.font_family, character)
            if key not in self._widths:
                self._widths[key] = float(self.get_string_width(character)) / float(self.font_size_pt)
            total += self._widths[key]
        return total * float(self.font_size_pt)

    def shown(self, text: str) -> str:
        """Text that the typefaces can show; 〓 and the code point stand for a character they lack."""
        return "".join(
            character if character == "\n" or ord(character) in self._drawn else f"〓(U+{ord(character):04X})"
            for character in _CONTROL.sub("", text)
        )

    def room(self) -> float:
        """What is left of the sheet, in mm."""
        return float(self.page_break_trigger - self.get_y())
