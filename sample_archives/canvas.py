"""One sheet being drawn: text, handwriting, rules and stamps in millimetres, with its truth."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFont

from . import fonts, vector
from .case import FieldTruth, MarkTruth, Person, SheetDrawing, Style
from .fonts import Face

MM = 25.4
PT = 72.0
Colour = tuple[int, int, int]
BLACK: Colour = (18, 18, 20)
INKS: tuple[Colour, ...] = ((24, 24, 28), (20, 28, 78), (28, 52, 140), (40, 40, 44))
Rect = tuple[float, float, float, float]


@dataclass(frozen=True)
class Pen:
    """How filled-in values are written: printed, or by a hand with its own wobble and ink."""

    face: Face
    colour: Colour
    by_hand: bool
    wobble: float = 0.0
    slant: float = 0.0


def typed(face: Face, colour: Colour = BLACK) -> Pen:
    return Pen(face, colour, by_hand=False)


def hand(rng: random.Random, legible: bool = True) -> Pen:
    """A hand of its own: face, ink, wobble and slant."""
    return Pen(
        rng.choice(fonts.hands(legible)),
        rng.choice(INKS),
        True,
        wobble=rng.uniform(0.4, 1.0),
        slant=rng.uniform(-3.0, 3.0),
    )


class Canvas:
    """A white sheet of `width` x `height` millimetres at `style.dpi`."""

    def __init__(self, style: Style, width: float = 210.0, height: float = 297.0) -> None:
        self.style = style
        self.width = width
        self.height = height
        self.scale = style.dpi / MM
        self.image = Image.new("RGB", (round(width * self.scale), round(height * self.scale)), "white")
        self.pen = ImageDraw.Draw(self.image)
        self.fields: list[FieldTruth] = []
        self.marks: list[MarkTruth] = []
        self.ops: list[vector.Op] = []

    def attach(self, image: Image.Image) -> None:
        """Draw on an existing picture of the same size from now on."""
        self.image = image
        self.pen = ImageDraw.Draw(image)

    # -- text ---------------------------------------------------------------------------------

    def pixels(self, points: float) -> int:
        return max(5, round(points * self.style.dpi / PT))

    def text_width(self, text: str, points: float, face: Face) -> float:
        """Width in millimetres of printed text."""
        size = self.pixels(points)
        return sum(_advance(face, size, char) for char in text) / self.scale

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        points: float,
        face: Face,
        colour: Colour = BLACK,
        bold: bool = False,
        spread: float = 0.0,
    ) -> Rect:
        """Printed text from `x` on the baseline; `spread` adds millimetres between characters."""
        size = self.pixels(points)
        left = x * self.scale
        top = baseline * self.scale
        stroke = max(1, round(size / 40)) if bold else 0
        if spread:
            for char in text:
                self.pen.text(
                    (left, top), char, fill=colour, font=face.font(size, char), anchor="ls", stroke_width=stroke
                )
                left += _advance(face, size, char) + spread * self.scale
        else:
            for run, font in _runs(text, face, size):
                self.pen.text((left, top), run, fill=colour, font=font, anchor="ls", stroke_width=stroke)
                left += sum(_advance(face, size, char) for char in run)
        if self.style.vector:
            self.ops.append(vector.Text(x, baseline, text, points, face, colour, spread, bold))
        end = left / self.scale
        height = points * MM / PT
        return (x, baseline - height * 0.88, end, baseline + height * 0.16)

    def centred(
        self,
        x: float,
        baseline: float,
        text: str,
        points: float,
        face: Face,
        colour: Colour = BLACK,
        bold: bool = False,
        spread: float = 0.0,
    ) -> Rect:
        width = self.text_width(text, points, face) + spread * max(0, len(text) - 1)
        return self.text(x - width / 2, baseline, text, points, face, colour, bold, spread)

    def right(self, x: float, baseline: float, text: str, points: float, face: Face, colour: Colour = BLACK) -> Rect:
        return self.text(x - self.text_width(text, points, face), baseline, text, points, face, colour)

    def fill_width(self, text: str, points: float, pen: Pen) -> float:
        factor = 1.04 if pen.by_hand else 1.0
        return self.text_width(text, points, pen.face) * factor

    def fill(self, x: float, baseline: float, text: str, points: float, pen: Pen) -> Rect:
        """A filled-in value in its pen; handwriting jitters character by character."""
        if not pen.by_hand:
            return self.text(x, baseline, text, points, pen.face, pen.colour)
        rng = self.style.rng
        size = self.pixels(points * rng.uniform(0.98, 1.06))
        drift = rng.uniform(-0.012, 0.012)
        at = x
        low, high = baseline, baseline
        for char in text:
            advance = _advance(pen.face, size, char) / self.scale
            if not char.isspace():
                glyph = _glyph(pen.face, 2 * round(size * rng.uniform(0.95, 1.06) / 2), char)
                angle = pen.slant + rng.uniform(-4, 4) * pen.wobble
                turned = glyph.rotate(angle, Image.Resampling.BICUBIC, expand=True)
                dx = rng.uniform(-0.12, 0.12) * pen.wobble
                dy = rng.uniform(-0.25, 0.25) * pen.wobble + (at - x) * drift
                left = round((at + dx + advance / 2) * self.scale - turned.width / 2)
                top = round((baseline + dy) * self.scale - turned.height * 0.68)
                self.image.paste(pen.colour, (left, top), turned)
                box = turned.getbbox()
                if box:
                    low = min(low, (top + box[1]) / self.scale)
                    high = max(high, (top + box[3]) / self.scale)
                if self.style.vector:
                    self._record_image(turned, pen.colour, left, top)
            at += advance * 1.02
        return (x, low, at, high)

    # -- lines and pictures ---------------------------------------------------------------------

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.2, colour: Colour = BLACK) -> None:
        thick = max(1, round(width * self.scale))
        self.pen.line(
            [(x0 * self.scale, y0 * self.scale), (x1 * self.scale, y1 * self.scale)], fill=colour, width=thick
        )
        if self.style.vector:
            self.ops.append(vector.Stroke(x0, y0, x1, y1, width, colour))

    def rect(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.2, colour: Colour = BLACK) -> None:
        for a, b in (((x0, y0), (x1, y0)), ((x1, y0), (x1, y1)), ((x1, y1), (x0, y1)), ((x0, y1), (x0, y0))):
            self.line(*a, *b, width, colour)

    def shade(self, x0: float, y0: float, x1: float, y1: float, colour: Colour) -> None:
        """A flat tint, for header rows and pictures."""
        box = [round(v * self.scale) for v in (x0, y0, x1, y1)]
        self.pen.rectangle(box, fill=colour)
        if self.style.vector:
            self.ops.append(vector.Area(x0, y0, x1, y1, colour))

    def stamp(self, x: float, y: float, picture: Image.Image) -> Rect:
        """An RGBA picture made at `style.dpi`, pressed on the sheet (multiplied), centre at x, y."""
        left = round(x * self.scale - picture.width / 2)
        top = round(y * self.scale - picture.height / 2)
        left = max(0, min(left, self.image.width - picture.width))
        top = max(0, min(top, self.image.height - picture.height))
        box = (left, top, left + picture.width, top + picture.height)
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture.convert("RGB"), (0, 0), picture.getchannel("A"))
        self.image.paste(ImageChops.multiply(self.image.crop(box), white), box)
        if self.style.vector:
            self.ops.append(
                vector.Picture(
                    left / self.scale,
                    top / self.scale,
                    picture.width / self.scale,
                    picture.height / self.scale,
                    picture,
                )
            )
        return tuple(v / self.scale for v in box)  # type: ignore[return-value]

    def _record_image(self, mask: Image.Image, colour: Colour, left: int, top: int) -> None:
        picture = Image.new("RGBA", mask.size, (*colour, 0))
        picture.putalpha(mask)
        self.ops.append(
            vector.Picture(
                left / self.scale, top / self.scale, mask.width / self.scale, mask.height / self.scale, picture
            )
        )

    # -- truth ------------------------------------------------------------------------------------

    def field(self, name: str, value: str, box: Rect, person: Person | None = None) -> None:
        self.fields.append(FieldTruth(name, value, self._fraction(box), person))

    def mark(self, kind: str, party: str, box: Rect, personal: bool = False) -> None:
        self.marks.append(MarkTruth(kind, party, self._fraction(box), personal))  # type: ignore[arg-type]

    def _fraction(self, box: Rect) -> Rect:
        return (
            round(box[0] / self.width, 4),
            round(box[1] / self.height, 4),
            round(box[2] / self.width, 4),
            round(box[3] / self.height, 4),
        )

    def drawing(self) -> SheetDrawing:
        page = vector.page(self.ops, self.width, self.height) if self.style.vector else None
        return SheetDrawing(self.image, self.fields, self.marks, page)


@lru_cache(maxsize=60_000)
def _advance(face: Face, size: int, char: str) -> float:
    return float(face.font(size, char).getlength(char))


@lru_cache(maxsize=4_000)
def _glyph(face: Face, size: int, char: str) -> Image.Image:
    font = face.font(size, char)
    side = round(size * 1.5 * face.scale)
    mask = Image.new("L", (side, side), 0)
    ImageDraw.Draw(mask).text((side / 2, side * 0.68), char, fill=255, font=font, anchor="ms")
    return mask


def _runs(text: str, face: Face, size: int) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    runs: list[tuple[str, ImageFont.FreeTypeFont]] = []
    for char in text:
        font = face.font(size, char)
        if runs and runs[-1][1] is font:
            runs[-1] = (runs[-1][0] + char, font)
        else:
            runs.append((char, font))
    return runs
