"""Two facing A4 pages on one A3 scan: where to part them."""

from __future__ import annotations

import cv2
import numpy as np

from archive_verify.pixels import Pixels, grey_of, ink_mask, resized, u8

_GUTTER_SHARE = 0.062   # of the width: two inner margins of 13 mm; columns of one page stand closer


def find_gutter(pixels: Pixels, dpi: float) -> int | None:
    """The column that parts two facing A4 pages, or None for a single page.

    Asked for: the shape and, where known, the width of A3; text in two blocks with a strip between
    them that nothing crosses, as wide as two inner margins; `dpi` is 0 where unknown.
    """
    height, width = pixels.shape[:2]
    if not 1.3 < width / height < 1.55:
        return None
    if dpi > 0 and not 385 < width / dpi * 25.4 < 450:
        return None
    grey = grey_of(pixels)
    grey = resized(grey, min(1.0, 800 / height))
    mask = ink_mask(grey)
    rows, cols = mask.shape
    # A fold's shadow is a tall dark stroke in the middle; it parts pages and is no ink.
    tall = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((rows // 8, 1), np.uint8))
    near = slice(int(cols * 0.44), int(cols * 0.56))
    mask[:, near][cv2.dilate(tall[:, near], np.ones((1, 5), np.uint8)) > 0] = 0
    mask = u8(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)))
    body = mask[int(rows * 0.10) : int(rows * 0.93)]
    inked = body.sum(axis=0, dtype=np.int64) / 255 > 0.004 * rows
    middle = int(cols) // 2
    reach = int(cols * 0.03)
    empty = [x for x in range(middle - reach, middle + reach) if not inked[x]]
    if not empty:
        return None
    start = min(empty, key=lambda x: abs(x - middle))
    left, right = start, start
    while left > 0 and not inked[left - 1]:
        left -= 1
    while right < cols - 1 and not inked[right + 1]:
        right += 1
    least = _GUTTER_SHARE if dpi > 0 else _GUTTER_SHARE + 0.01
    if right - left < least * cols or not left - reach < middle < right + reach:
        return None
    cut = min(max((left + right) // 2, middle - reach), middle + reach)
    # Nothing may cross the cut at head and foot either: a table's title, a wide ruling line.
    if int((mask[:, cut - 3 : cut + 4].sum(axis=1) > 0).sum()) > 0.004 * rows:
        return None
    blocks = [_is_text_block(body[:, int(cols * 0.02) : left]), _is_text_block(body[:, right : int(cols * 0.98)])]
    if not any(blocks) or (dpi <= 0 and not all(blocks)):
        return None
    return round(int(cut) / int(cols) * int(width))


def _is_text_block(block: Pixels) -> bool:
    """Whether the block has several rows of ink, as a page of text or a form has."""
    if block.size == 0:
        return False
    profile = block.sum(axis=1, dtype=np.int64) / 255
    rows = (profile > max(float(profile.mean()), 0.01 * block.shape[1])).astype(np.int8)
    return int((np.diff(rows) == 1).sum()) >= 6
