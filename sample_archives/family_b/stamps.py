"""Seals, personal seals, fingerprints, signatures and ticks, drawn as SVG."""

from __future__ import annotations

import math
import random

from sample_archives.family_b.markup import Pen, t


def _worn(rng: random.Random, size: float, amount: int) -> str:
    """Places where the stamp took no ink: paper-white specks that multiply to nothing."""
    specks = []
    for _ in range(amount):
        x, y = rng.uniform(0, size), rng.uniform(0, size)
        specks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{rng.uniform(0.12, 0.5):.2f}" fill="#fff" stroke="none"/>')
    return "".join(specks)


def _star(cx: float, cy: float, radius: float, turn: float = 0.0) -> str:
    points = []
    for i in range(10):
        r = radius if i % 2 == 0 else radius * 0.382
        a = math.radians(-90 + i * 36 + turn)
        points.append(f"{cx + r * math.cos(a):.2f},{cy + r * math.sin(a):.2f}")
    return f'<polygon points="{" ".join(points)}"/>'


def _arc_text(text: str, cx: float, cy: float, radius: float, span: float, size: float, squeeze: float,
              *, bottom: bool = False) -> str:
    """Characters set one by one along an arc, each upright to the centre (or to the rim)."""
    out = []
    count = max(len(text) - 1, 1)
    for i, char in enumerate(text):
        angle = -span / 2 + span * i / count if len(text) > 1 else 0.0
        if bottom:
            a = math.radians(180 - angle)
            turn = -angle
        else:
            a = math.radians(angle)
            turn = angle
        x, y = cx + radius * math.sin(a), cy - radius * math.cos(a)
        out.append(
            f'<text x="0" y="0" font-size="{size:.2f}" text-anchor="middle" dominant-baseline="central" '
            f'transform="translate({x:.2f} {y:.2f}) rotate({turn:.1f}) scale({squeeze:.2f} 1)">{t(char)}</text>'
        )
    return "".join(out)


def unit_seal(rng: random.Random, name: str, *, purpose: str = "", number: str = "", size: float | None = None,
              style: str = "x") -> str:
    """A unit's round seal as an absolutely sized SVG (millimetres), slightly turned and worn.

    `style` names the seal's owner, so that one owner's seal keeps its face wherever it is pressed.
    """
    own = random.Random(f"seal {style} {name}")
    size = size or own.choice((38.0, 40.0, 42.0))
    c = size / 2
    ring = own.uniform(0.9, 1.4)
    face = own.choice(("AR PL SungtiL GB", "Noto Serif CJK SC", "AR PL UMing CN"))
    red = own.choice(("#d3131b", "#c81e2b", "#e0281e", "#b9151f", "#cf2338"))
    span = min(250.0, 16.5 * len(name) + 30)
    letter = min(size * 0.135, math.radians(span) * c * 0.76 / max(len(name), 1) * 1.12)
    number = number or "1411" + f"{own.randrange(10**9):09d}"
    parts = [f'<circle cx="{c}" cy="{c}" r="{c - ring}" fill="none" stroke-width="{ring:.2f}"/>']
    if own.random() < 0.25:
        parts.append(f'<circle cx="{c}" cy="{c}" r="{c - ring * 2.6:.2f}" fill="none" stroke-width="0.35"/>')
    parts.append(_arc_text(name, c, c, c - ring - letter * 0.78, span, letter, 0.82 if len(name) > 12 else 0.95))
    parts.append(_star(c, c - (size * 0.02 if purpose else 0), size * 0.15))
    if purpose:
        parts.append(f'<text x="{c}" y="{c + size * 0.27}" font-size="{size * 0.098:.2f}" text-anchor="middle" '
                     f'textLength="{size * 0.46:.1f}" lengthAdjust="spacing">{t(purpose)}</text>')
    if own.random() < 0.7:
        parts.append(_arc_text(number, c, c, c - ring - 1.5, 84, size * 0.052, 1.0, bottom=True))
    return _pressed(rng, "".join(parts) + _worn(rng, size, rng.randrange(40, 160)), size, size, red, face)


def oval_seal(rng: random.Random, name: str, purpose: str) -> str:
    """The flat oval stamp that some shops use for receipts."""
    own = random.Random(f"oval {name}")
    w, h = 45.0, 30.0
    letter = min(4.0, 60 / max(len(name), 1))
    letters = []
    for i, char in enumerate(name):
        a = math.radians(-95 + 190 * i / max(len(name) - 1, 1))
        x, y = w / 2 + 18.3 * math.sin(a), h / 2 - 10.8 * math.cos(a)
        turn = math.degrees(math.atan2(18.3 * math.sin(a) / 18.3**2, 10.8 * math.cos(a) / 10.8**2))
        letters.append(f'<text font-size="{letter:.2f}" text-anchor="middle" dominant-baseline="central" '
                       f'transform="translate({x:.2f} {y:.2f}) rotate({turn:.1f})">{t(char)}</text>')
    body = (f'<ellipse cx="{w/2}" cy="{h/2}" rx="{w/2-1}" ry="{h/2-1}" fill="none" stroke-width="1.1"/>'
            + "".join(letters)
            + f'<text x="{w/2}" y="{h/2+2.6}" font-size="4" text-anchor="middle">{t(purpose)}</text>')
    return _pressed(rng, body + _worn(rng, w, 80), w, h, own.choice(("#c9222c", "#d5301f")), "Noto Serif CJK SC")


def name_seal(rng: random.Random, name: str) -> str:
    """A personal square seal, read right to left in two columns; sometimes with a 印."""
    own = random.Random(f"chop {name}")
    text = name if len(name) == 4 else (name + "之印")[:4] if len(name) == 2 else name + "印"
    size = own.choice((15.0, 16.5, 18.0))
    cells = ((0.74, 0.3), (0.74, 0.72), (0.27, 0.3), (0.27, 0.72))
    letters = "".join(
        f'<text x="{size * x:.2f}" y="{size * y:.2f}" font-size="{size * 0.4:.2f}" text-anchor="middle" '
        f'dominant-baseline="central" font-weight="700">{t(char)}</text>'
        for char, (x, y) in zip(text, cells, strict=False)
    )
    body = (f'<rect x="0.7" y="0.7" width="{size - 1.4}" height="{size - 1.4}" rx="0.8" fill="none" '
            f'stroke-width="1"/>' + letters)
    face = own.choice(("LXGW WenKai", "AR PL UKai CN", "Noto Serif CJK SC"))
    return _pressed(rng, body + _worn(rng, size, 30), size, size, own.choice(("#cc1a22", "#c2272f")), face)


def _pressed(rng: random.Random, body: str, width: float, height: float, red: str, face: str) -> str:
    turn = rng.gauss(0, 9)
    ink = rng.uniform(0.68, 0.92)
    return (
        f'<svg class="stamp" style="width:{width}mm;height:{height}mm;transform:rotate({turn:.1f}deg);'
        f'opacity:{ink:.2f}" viewBox="0 0 {width} {height}" fill="{red}" stroke="{red}" '
        f'font-family="{face}"><g style="paint-order:stroke" stroke-width="0.12">{body}</g></svg>'
    )


def fingerprint(rng: random.Random, scale: float = 1.0) -> str:
    """A thumb in red paste: bent ridges inside an oval."""
    w, h = rng.uniform(11, 14), rng.uniform(15, 19)
    width, height = w * scale, h * scale
    ridges = []
    lean = rng.uniform(-3, 3)
    for i in range(15):
        r = 0.5 + i * 0.62
        wob = [rng.uniform(-0.15, 0.15) for _ in range(4)]
        ridges.append(
            f'<path d="M {w/2-r:.2f} {h*0.62+r*0.9+wob[0]:.2f} '
            f'C {w/2-r*1.08:.2f} {h*0.5-r*1.1+wob[1]:.2f}, {w/2+r*1.08+lean*0.1:.2f} {h*0.5-r*1.1+wob[2]:.2f}, '
            f'{w/2+r:.2f} {h*0.62+r*0.9+wob[3]:.2f}" fill="none" stroke-width="{rng.uniform(0.26, 0.4):.2f}" '
            f'stroke-dasharray="{rng.uniform(3, 9):.1f} {rng.uniform(0.1, 0.5):.1f}"/>'
        )
    clip = f"f{rng.randrange(10**9)}"
    red = rng.choice(("#d2322f", "#c5202a", "#dd4436"))
    return (
        f'<svg class="stamp" style="width:{width:.1f}mm;height:{height:.1f}mm;'
        f'transform:rotate({rng.uniform(-35, 35):.0f}deg);'
        f'opacity:{rng.uniform(0.7, 0.95):.2f}" viewBox="0 0 {w:.2f} {h:.2f}" stroke="{red}">'
        f'<clipPath id="{clip}"><ellipse cx="{w/2:.2f}" cy="{h/2:.2f}" rx="{w/2-0.3:.2f}" ry="{h/2-0.3:.2f}"/>'
        f'</clipPath><g clip-path="url(#{clip})"><rect width="{w}" height="{h}" fill="{red}" '
        f'fill-opacity="0.22" stroke="none"/>{"".join(ridges)}</g></svg>'
    )


def signature(rng: random.Random, name: str, size: float = 17.0) -> str:
    """A name written in one go: larger, leaning, letters crowding, sometimes with a tail."""
    pen = Pen.of(random.Random(f"signer {name}"), signing=True)
    x, out = 2.0, []
    step = size * rng.uniform(0.68, 0.86)
    for char in name:
        y = size * 1.05 + rng.gauss(0, size * 0.05)
        out.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size * rng.uniform(0.92, 1.14):.1f}" '
            f'transform="rotate({rng.gauss(-3, 3):.1f} {x:.1f} {y:.1f})">{t(char)}</text>'
        )
        x += step
    if rng.random() < 0.35:
        tail = x + rng.uniform(2, 10)
        out.append(f'<path d="M {x - step:.1f} {size * 1.15:.1f} q {step:.1f} {rng.uniform(2, 7):.1f} '
                   f'{tail - x + step:.1f} {rng.uniform(-6, 0):.1f}" fill="none" stroke-width="0.9"/>')
    width = x + 14
    return (
        f'<svg class="sign" style="width:{width / 2.83:.1f}mm;height:{size * 1.45 / 2.83:.1f}mm;'
        f'transform:skewX({rng.uniform(-9, 2):.1f}deg)" viewBox="0 0 {width:.1f} {size * 1.45:.1f}" '
        f'fill="{pen.colour}" stroke="{pen.colour}" stroke-width="0.25" font-family="{pen.face}">{"".join(out)}</svg>'
    )


def tick(rng: random.Random, kind: str = "√", colour: str = "#1b2a7a") -> str:
    """A mark made by hand in a box or a grid cell: √ ○ × △ and the like as strokes."""
    j = [rng.uniform(-1.2, 1.2) for _ in range(6)]
    paths = {
        "√": f"M {2+j[0]:.1f} {9+j[1]:.1f} L {6+j[2]:.1f} {14+j[3]:.1f} L {15+j[4]:.1f} {2.5+j[5]:.1f}",
        "×": f"M {3+j[0]:.1f} {3+j[1]:.1f} L {13+j[2]:.1f} {13+j[3]:.1f} M {13+j[4]:.1f} {3:.1f} L 3 {13+j[5]:.1f}",
        "○": f"M {8+j[0]:.1f} 2.5 C 1 {3+j[1]:.1f}, {1+j[2]:.1f} 14, 8 {13.5+j[3]:.1f} "
             f"S {15+j[4]:.1f} 3, {7.4+j[5]:.1f} 2.7",
        "△": f"M 8 {2+j[0]:.1f} L {2+j[1]:.1f} 13 L {14+j[2]:.1f} {13+j[3]:.1f} Z",
        "/": f"M {12+j[0]:.1f} {2+j[1]:.1f} L {4+j[2]:.1f} {14+j[3]:.1f}",
    }
    return (f'<svg class="tick" viewBox="0 0 16 16" fill="none" stroke="{colour}" '
            f'stroke-width="1.5" stroke-linecap="round"><path d="{paths[kind]}"/></svg>')
