"""Small pieces of HTML that all forms of this family share: fills, blanks, tables, dates."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from sample_archives.family_b import fonts

DIGITS = "〇一二三四五六七八九"
CAPITALS = "零壹贰叁肆伍陆柒捌玖"


@dataclass(frozen=True)
class Sheet:
    """One page of a form: the HTML inside the paper, and how the paper lies."""

    html: str
    landscape: bool = False


@dataclass(frozen=True)
class Pen:
    """How one person writes: face, colour, slant, unsteadiness."""

    face: str
    digits: str
    colour: str
    slant: float
    shake: float
    scale: float

    @staticmethod
    def of(rng: random.Random, *, signing: bool = False) -> Pen:
        face = rng.choice(fonts.SIGNING_FACES if signing else fonts.WRITING_FACES)
        digits = rng.choice(fonts.DIGIT_FACES)
        colour = rng.choice(("#15151c", "#1a1a1a", "#16226e", "#1c2b86", "#222"))
        scale = {"Long Cang": 1.22, "Zhi Mang Xing": 1.22, "Liu Jian Mao Cao": 1.25}.get(face, 1.05)
        return Pen(face, digits, colour, rng.uniform(-7, 3), rng.uniform(0.4, 1.0), scale)


def t(text: object) -> str:
    """Text made safe for HTML."""
    return escape(str(text))


def write(rng: random.Random, pen: Pen, text: str, scale: float = 1.0) -> str:
    """The text as this pen writes it, each character a little off."""
    size = pen.scale * scale
    out = [
        f'<span class="hand" style="font-family:\'{pen.face}\';color:{pen.colour};font-size:{size:.2f}em"><span>'
    ]
    for char, last in zip(text, " " + text, strict=False):
        # A run of digits stays on one line, other text may wrap.
        if char.isascii() != last.isascii() or last == " ":
            out.append('</span><span class="n">' if char.isascii() else "</span><span>")
        dy = rng.gauss(0, 0.03) * pen.shake
        turn = rng.gauss(0, 2.2) * pen.shake
        grow = 1 + rng.gauss(0, 0.04) * pen.shake
        other = char.isascii() and pen.face in fonts.DENSE_DIGITS
        digit = f"font-family:'{pen.digits}';font-size:.85em;" if other else ""
        out.append(
            f'<i style="{digit}transform:translateY({dy:.3f}em) rotate({turn:.1f}deg) '
            f'skewX({pen.slant:.1f}deg) scale({grow:.2f})">{t(char)}</i>'
        )
    out.append("</span></span>")
    return "".join(out)


def blank(inner: str, width: float | None = None) -> str:
    """A ruled blank with something on it; width in millimetres, else a little more than the fill."""
    style = f"min-width:{width:g}mm" if width else "padding:0 2mm"
    return f'<span class="blank" style="{style}">{inner}</span>'


def spaced(text: str, how: str) -> str:
    """A title with air between its characters, as typists make it."""
    return how.join(text)


def rows(lines: Iterable[Sequence[str]], *, tag: str = "td", cls: str = "") -> str:
    """Table rows of ready HTML cells."""
    mark = f' class="{cls}"' if cls else ""
    return "".join(
        f"<tr{mark}>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in line) + "</tr>" for line in lines
    )


def columns(widths: Sequence[float]) -> str:
    """Column widths in proportion; together they fill the table."""
    whole = sum(widths)
    return "<colgroup>" + "".join(f'<col style="width:{w / whole:.3%}">' for w in widths) + "</colgroup>"


def cn_digits(number: int) -> str:
    """2023 -> 二〇二三"""
    return "".join(DIGITS[int(d)] for d in str(number))


def cn_number(number: int) -> str:
    """Up to 99 the Chinese way: 23 -> 二十三"""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else DIGITS[tens] + "十")
    return head + (DIGITS[ones] if ones or not tens else "")


def dated(day: date, how: str = "cn") -> str:
    """A date in one of the usual ways: cn, chinese, dot, dash, slash, solid, dot0."""
    y, m, d = day.year, day.month, day.day
    return {
        "cn": f"{y}年{m}月{d}日",
        "cn0": f"{y}年{m:02d}月{d:02d}日",
        "chinese": f"{cn_digits(y)}年{cn_number(m)}月{cn_number(d)}日",
        "dot": f"{y}.{m}.{d}",
        "dot0": f"{y}.{m:02d}.{d:02d}",
        "dash": f"{y}-{m:02d}-{d:02d}",
        "slash": f"{y}/{m}/{d}",
        "solid": f"{y}{m:02d}{d:02d}",
    }[how]


def capitals(yuan: int) -> str:
    """Whole yuan in capitals: 3200 -> 叁仟贰佰元整"""
    groups = (("亿", yuan // 10**8), ("万", yuan // 10**4 % 10**4), ("", yuan % 10**4))
    text, gap = "", False
    for name, group in groups:
        if group == 0:
            gap = bool(text)
            continue
        part = ""
        for unit, digit in zip("仟佰拾 ", f"{group:04d}", strict=True):
            if digit == "0":
                gap = gap or bool(text or part)
                continue
            part += ("零" if gap and (text or part) else "") + CAPITALS[int(digit)] + unit.strip()
            gap = False
        text += part + name
        gap = group % 10 == 0 and bool(name)
    return (text or "零") + "元整"
