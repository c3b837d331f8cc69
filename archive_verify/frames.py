"""Which frames of an image file are pages."""

from __future__ import annotations

from PIL import Image


def page_frames(image: Image.Image) -> list[int]:
    """Frames that are pages: all of a TIFF but its reduced-size previews, the first of others."""
    if image.format != "TIFF":
        return [0]
    frames = []
    for frame in range(getattr(image, "n_frames", 1)):
        image.seek(frame)
        if not int(getattr(image, "tag_v2", {}).get(254, 0)) & 1:
            frames.append(frame)
    return frames
