"""The type of this family: Debian's faces by name, handwriting faces from the generator's npm packages."""

from __future__ import annotations

import subprocess
from pathlib import Path

from sample_archives.fonts import ADVICE, FontsMissing

ROOT = Path(__file__).parent.parent
PACKAGES = ("long-cang", "zhi-mang-xing", "ma-shan-zheng", "liu-jian-mao-cao")

# Faces for filling in a form legibly, and wilder ones for signatures alone.
WRITING_FACES = ("Long Cang", "Long Cang", "Zhi Mang Xing", "LXGW WenKai", "AR PL KaitiM GB")
SIGNING_FACES = ("Long Cang", "Zhi Mang Xing", "Ma Shan Zheng", "Liu Jian Mao Cao")
# Faces whose own digits run together, and those that write the digits for them.
DENSE_DIGITS = ("Long Cang", "Zhi Mang Xing")
DIGIT_FACES = ("LXGW WenKai", "LXGW WenKai Light", "AR PL KaitiM GB")

# Faces of printed text. The body face of a form is drawn from the first two rows.
SONG = ("AR PL SungtiL GB", "Noto Serif CJK SC", "AR PL UMing CN")
HEI = ("WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback", "Noto Sans CJK SC")
KAI = ("AR PL UKai CN", "AR PL KaitiM GB")


def stylesheets() -> tuple[Path, ...]:
    """The CSS files that declare the handwriting faces; `npm ci` brings them on the first call.

    Raises FontsMissing when npm cannot fetch them.
    """
    sheets = tuple(ROOT / "node_modules" / "@fontsource" / name / "index.css" for name in PACKAGES)
    if not all(sheet.exists() for sheet in sheets):
        try:
            subprocess.run(
                ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                cwd=ROOT, check=True, capture_output=True,
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise FontsMissing(ADVICE) from error
    return sheets
