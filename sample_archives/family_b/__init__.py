"""A second family of layouts, drawn by another hand, kept for measuring alone: forms as HTML pages."""

from __future__ import annotations

from sample_archives.case import (
    BlankSheet,
    BusinessLicence,
    CertificateCopy,
    Cover,
    Form,
    IdCardCopy,
    SheetDrawing,
    Style,
)
from sample_archives.family_b.context import Context
from sample_archives.family_b.forms import LAYOUTS
from sample_archives.family_b.press import press
from sample_archives.family_b.taste import dress, stylesheet

PLAIN = (BlankSheet, BusinessLicence, CertificateCopy, Cover, IdCardCopy)


class FamilyB:
    """Forms written as HTML and printed by a headless Chromium."""

    name = "b"

    def draw(self, form: Form, style: Style) -> list[SheetDrawing]:
        """The sheets of one paper, upright, in order."""
        context = Context(form, style.rng, digital=style.vector)
        sheets = LAYOUTS[type(form)](form, context)
        if not isinstance(form, PLAIN):
            sheets = dress(sheets, context)
        return press(sheets, context, stylesheet(context), style)


FAMILY = FamilyB()
