"""What a layout draws with: its own fixed taste, the chances of the moment, tags for the truth."""

from __future__ import annotations

import random
from datetime import date

from sample_archives.case import Form, Person, SignedBy
from sample_archives.family_b import fonts, stamps
from sample_archives.family_b.markup import Pen, blank, t, write


def _owner(form: Form) -> str:
    """Whose stationery it is: another firm of the same look has other faces and rulings."""
    for name in ("employer", "issuer", "owner", "info", "firm"):
        value = getattr(form, name, None)
        if value is not None:
            return str(getattr(value, "institution", None) or getattr(value, "name", None) or value)
    return ""


class Context:
    """Tools of one paper.

    `own` is seeded by the paper's type and look, so that one employer's papers look alike;
    `rng` is the moment's: pens, how a stamp was pressed. `persons` are those the tags refer to.
    `digital` papers are typed, and their marks are pictures.
    """

    def __init__(self, form: Form, rng: random.Random, digital: bool = False) -> None:
        self.rng = rng
        self.digital = digital
        self.owner = _owner(form)
        self._seed = f"{form.doc_type} {form.look} {_owner(form)} another hand"
        self.own = random.Random(self._seed)
        self.persons: list[Person] = []
        self.pen = Pen.of(rng)
        self.body = self.own.choice((*fonts.SONG, *fonts.SONG, *fonts.KAI, "Noto Sans CJK SC", "WenQuanYi Micro Hei"))
        self.head = self.own.choice((*fonts.HEI, "Noto Serif CJK SC", "AR PL UKai CN"))
        self.bold = self.own.random() < 0.45
        self.by_hand = self.own.random() < 0.5 and not digital
        self.date_style = self.own.choice(("cn", "cn", "cn0", "dot", "dash", "slash", "dot0"))
        self.line = self.own.choice((0.18, 0.25, 0.25, 0.35, 0.5))

    def pick(self, *choices: str) -> str:
        """One of several, always the same for this look."""
        return random.Random(f"{self._seed} {choices}").choice(choices)

    def always(self, key: str, chance: float) -> bool:
        """A habit of this look: the same answer at every call with this key."""
        return random.Random(f"{self._seed} {key}").random() < chance

    def tag(self, html: str, name: str, value: object, person: Person | None = None) -> str:
        """The HTML with what it says for the truth: field name and canonical value."""
        text = value.isoformat() if isinstance(value, date) else str(value)
        whose = f' data-p="{self._index(person)}"' if person else ""
        return f'<span data-f="{t(name)}" data-v="{t(text)}"{whose}>{html}</span>'

    def ink(self, text: object, scale: float = 1.0) -> str:
        """A fill: by the clerk's hand in looks that are filled by hand, else printed."""
        return write(self.rng, self.pen, str(text), scale) if self.by_hand else t(text)

    def fill(self, text: object, width: float | None = None, *, name: str = "", value: object = None,
             person: Person | None = None, hand: bool | None = None) -> str:
        """A ruled blank with a fill on it, tagged if it has a name. None leaves the blank empty."""
        if text is None:
            return blank("&nbsp;", width or 25)
        by_hand = self.by_hand if hand is None else hand
        inner = write(self.rng, self.pen, str(text)) if by_hand else t(text)
        if name:
            inner = self.tag(inner, name, text if value is None else value, person)
        return blank(inner, width)

    def seal(self, name: str, party: str, number: str, *, purpose: str = "", left: float = 0, top: float = 0,
             size: float | None = None) -> str:
        """A unit's seal, pressed about here (millimetres from the nearest positioned element)."""
        x, y = left + self.rng.gauss(0, 2.2), top + self.rng.gauss(0, 1.8)
        svg = stamps.unit_seal(self.rng, name, purpose=purpose, number=number, size=size)
        return f'<span class="at" data-m="seal" data-party="{party}" style="left:{x:.1f}mm;top:{y:.1f}mm">{svg}</span>'

    def chop(self, name: str, party: str, left: float = 0, top: float = 0) -> str:
        """A personal seal."""
        x, y = left + self.rng.gauss(0, 1), top + self.rng.gauss(0, 0.8)
        return (f'<span class="at" data-m="seal" data-personal="1" data-party="{party}" '
                f'style="left:{x:.1f}mm;top:{y:.1f}mm">{stamps.name_seal(self.rng, name)}</span>')

    def sign(self, name: str, party: str, size: float = 25) -> str:
        """A signature, in the line."""
        svg = stamps.signature(self.rng, name, size)
        return f'<span data-m="signature" data-party="{party}">{svg}</span>'

    def thumb(self, party: str, left: float = 0, top: float = -6, scale: float = 1.0) -> str:
        """A fingerprint, laid over what stands here."""
        x, y = left + self.rng.gauss(0, 1.5) * scale, top + self.rng.gauss(0, 1.2) * scale
        return (f'<span class="at" data-m="fingerprint" data-party="{party}" '
                f'style="left:{x:.1f}mm;top:{y:.1f}mm">{stamps.fingerprint(self.rng, scale)}</span>')

    def signed(self, how: SignedBy | None, name: str, party: str, size: float = 25) -> str:
        """Whatever the person signed with; nothing if not at all. Stands in the line."""
        if how is None:
            return ""
        out = ""
        if "signature" in how:
            out += self.sign(name, party, size)
        if "fingerprint" in how:
            scale = 0.62 if size < 20 else 1.0
            away = len(name) * size * 0.24 if out else 2
            out = f'<span class="rel">{out or "&emsp;"}{self.thumb(party, away, -6 * scale, scale)}</span>'
        if how == "personal_seal":
            out += f'<span class="rel">{self.chop(name, party, 2, -7)}</span>'
        return out

    def _index(self, person: Person) -> int:
        for i, known in enumerate(self.persons):
            if known is person:
                return i
        self.persons.append(person)
        return len(self.persons) - 1
