"""Typefaces for the generator: what is installed, by role, with a fallback for every role."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from PIL import ImageFont

HERE = Path(__file__).parent
FONT_DIRS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
PACKAGES = "fonts-noto-cjk fonts-wqy-zenhei"
ADVICE = (
    f"no Chinese font found: install them with `apt-get install {PACKAGES}` "
    "(fonts-arphic-uming, -ukai and fonts-lxgw-wenkai for more variety) "
    "and the handwriting faces with `npm ci` in sample_archives/"
)


class FontsMissing(RuntimeError):
    """No usable Chinese typeface is installed."""


@dataclass(frozen=True)
class Face:
    """One typeface: files tried in turn for each character, and its index in a collection."""

    name: str
    files: tuple[tuple[Path, int], ...]
    scale: float = 1.0  # handwriting faces draw small in their em square
    truetype: bool = False  # has glyf outlines, fit to embed in a PDF as they are

    def font(self, pixels: int, char: str = "") -> ImageFont.FreeTypeFont:
        """The first of the files that holds `char`, at a size in pixels."""
        size = max(4, round(pixels * self.scale))
        for path, index in self.files:
            loaded = _load(path, index, size)
            if not char or _has(path, index, char):
                return loaded
        return _load(*self.files[-1], size)


@lru_cache(maxsize=600)
def _load(path: Path, index: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size, index=index, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=40_000)
def _has(path: Path, index: int, char: str) -> bool:
    if char.isspace():
        return True
    font = _load(path, index, 24)
    return bytes(font.getmask(char)) != bytes(font.getmask("\U0010fffe"))


def _roots() -> list[Path]:
    extra = os.environ.get("SAMPLE_ARCHIVES_FONTS")
    return [Path(extra)] if extra else [d for d in FONT_DIRS if d.is_dir()]


@lru_cache(maxsize=1)
def _installed() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for root in _roots():
        for path in sorted(root.rglob("*.tt[fc]")):
            found.setdefault(path.name, path)
    return found


# name, file, index in the collection, scale, glyf outlines
_PRINTED: dict[str, tuple[tuple[str, str, int, bool], ...]] = {
    "song": (
        ("Noto Serif", "NotoSerifCJK-Regular.ttc", 2, False),
        ("UMing", "uming.ttc", 0, True),
        ("Sungti GB", "gbsn00lp.ttf", 0, True),
    ),
    "hei": (
        ("Noto Sans", "NotoSansCJK-Regular.ttc", 2, False),
        ("WenQuanYi Zen Hei", "wqy-zenhei.ttc", 0, True),
        ("WenQuanYi Micro Hei", "wqy-microhei.ttc", 0, True),
    ),
    "kai": (
        ("UKai", "ukai.ttc", 0, True),
        ("Kaiti GB", "gkai00mp.ttf", 0, True),
        ("WenKai", "LXGWWenKai-Regular.ttf", 0, True),
    ),
    "bold": (
        ("Noto Sans Bold", "NotoSansCJK-Bold.ttc", 2, False),
        ("Noto Serif Bold", "NotoSerifCJK-Bold.ttc", 2, False),
        ("WenQuanYi Zen Hei", "wqy-zenhei.ttc", 0, True),
    ),
    "light": (
        ("Noto Serif Light", "NotoSerifCJK-Light.ttc", 2, False),
        ("UMing", "uming.ttc", 0, True),
    ),
}
_HANDS = (
    ("long-cang", 1.28),
    ("ma-shan-zheng", 1.08),
    ("zhi-mang-xing", 1.22),
    ("liu-jian-mao-cao", 1.12),
)


@lru_cache(maxsize=1)
def _backstop() -> tuple[tuple[Path, int], ...]:
    """Faces with (nearly) every character, tried where a smaller one has a hole."""
    wanted = (
        ("NotoSansCJK-Regular.ttc", 2),
        ("wqy-zenhei.ttc", 0),
        ("wqy-microhei.ttc", 0),
        ("DroidSansFallbackFull.ttf", 0),
    )
    return tuple((_installed()[name], index) for name, index in wanted if name in _installed())


@lru_cache(maxsize=16)
def printed(role: str) -> tuple[Face, ...]:
    """The installed faces of a role: song, hei, kai, bold or light; never empty.

    Raises FontsMissing where no Chinese face at all is installed.
    """
    if not _backstop():
        raise FontsMissing(ADVICE)
    faces = tuple(
        Face(name, ((_installed()[file], index), *_backstop()), truetype=glyf)
        for name, file, index, glyf in _PRINTED[role]
        if file in _installed()
    )
    if faces:
        return faces
    return printed("hei") if role != "hei" else (Face("backstop", _backstop()),)


@lru_cache(maxsize=1)
def embeddable() -> tuple[Face, ...]:
    """Faces whose outlines go into a PDF as they are (TrueType)."""
    found = [face for role in ("hei", "song", "kai") for face in printed(role) if face.truetype]
    return tuple(found)


def _unpacked(packed: Path) -> Path:
    """The face as plain TrueType in the user's cache: a packed one is slow to open at every size."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sample-archives"
    version = json.loads((packed.parents[1] / "package.json").read_text(encoding="utf-8"))["version"]
    made = home / f"{packed.stem}-{version}.ttf"
    if not made.is_file():
        home.mkdir(parents=True, exist_ok=True)
        part = made.with_suffix(f".{os.getpid()}.part")
        with TTFont(packed, lazy=True) as face:
            face.flavor = None
            face.save(part)
        part.replace(made)
    return made


@lru_cache(maxsize=2)
def hands(legible: bool = True) -> tuple[Face, ...]:
    """Handwriting faces: npm's where they are installed, else the Kai faces stand in.

    `legible` leaves out the cursive ones that are used for signatures alone.
    """
    kai = printed("kai")
    faces = []
    for name, scale in _HANDS:
        folder = HERE / "node_modules" / "@fontsource" / name / "files"
        parts = [folder / f"{name}-{part}-400-normal.woff" for part in ("latin", "chinese-simplified")]
        if all(part.is_file() for part in parts) and not os.environ.get("SAMPLE_ARCHIVES_FONTS"):
            files = (*((_unpacked(part), 0) for part in parts), kai[0].files[0], *_backstop())
            faces.append(Face(name, files, scale=scale))
    wanted = faces[:2] if legible else faces
    return tuple(wanted) or kai
