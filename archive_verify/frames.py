"""Which frames of an image file are pages."""

from __future__ import annotations

import itertools

from PIL import Image


def page_frames(image: Image.Image, most: int | None = None) -> list[int]:
    """Frames that are pages: all of a TIFF but its reduced-size previews, the first of others.

    Stops after more than `most`; raises ValueError for a TIFF of little but previews.
    """
    if image.format != "TIFF":
        return [0]
    frames: list[int] = []
    for frame in itertools.count():
        try:
            image.seek(frame)
        except EOFError:
            break
        if most is not None and len(frames) > most:
            break
        if most is not None and frame > 2 * most:
            raise ValueError("more previews than pages")
        if not int(getattr(image, "tag_v2", {}).get(254, 0)) & 1:
            frames.append(frame)
    return frames
