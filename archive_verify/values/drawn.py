"""How alike two characters look when drawn: what a hurried hand or a faint scan makes one of the other."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from pylopdf_fonts_zh_cn import sans_path, serif_path

_DRAWN, _SIDE = 40, 24      # height of the type, and of the picture that is compared

# From here on two characters share so much of their shape that handwriting makes one of the other. Of
# two characters of names taken at random less than one pair in a hundred does.
_ALIKE = 0.58


@cache
def drawn_alike(a: str, b: str) -> bool:
    """Whether two characters have nearly the same shape: 敏 and 毓, 股 and 服, but not 军 and 君."""
    pictures = ((_picture(a, face), _picture(b, face)) for face in range(2))
    return max(float(one @ other) for one, other in pictures) >= _ALIKE


@cache
def _picture(character: str, face: int) -> npt.NDArray[np.float64]:
    """A character's ink, blurred, its box filled, as a vector of length one about zero."""
    image = Image.new("L", (2 * _DRAWN, 2 * _DRAWN), 0)
    ImageDraw.Draw(image).text((_DRAWN // 2, 0), character, font=_face(face), fill=255)
    shape = image.crop(image.getbbox()).resize((_SIDE, _SIDE), Image.Resampling.BILINEAR)
    ink = np.asarray(shape.filter(ImageFilter.GaussianBlur(1.0)), dtype=np.float64).ravel()
    about_zero: npt.NDArray[np.float64] = ink - ink.mean()
    return about_zero / max(float(np.linalg.norm(about_zero)), 1e-9)


@cache
def _face(face: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str((sans_path, serif_path)[face]()), _DRAWN)
