"""Pictures of pages for reports."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from archive_verify.model import Binder, Page, PageReading, SourceFile
from archive_verify.report.crops import make_crops
from archive_verify.report.to_html import CropRequest
from archive_verify.settings import Settings


def test_a_page_that_cannot_be_drawn_is_left_out_and_the_others_are_drawn(tmp_path: Path) -> None:
    Image.new("RGB", (100, 140), "white").save(tmp_path / "1.png")
    (tmp_path / "2.png").write_bytes(b"\x89PNG\r\n\x1a\n cut off")
    files = tuple(
        SourceFile(name=path.name, path=path, sha256="0" * 64, bytes=1, pages=1, kind="image")
        for path in (tmp_path / "1.png", tmp_path / "2.png")
    )
    reading = PageReading(width=100, height=140, dpi=0, text_source="none", rotation=0, skew_degrees=0)
    pages = [Page(index=number + 1, file=number, file_page=1, reading=reading) for number in range(2)]
    requests = [CropRequest(1, None), CropRequest(2, None)]
    assert list(make_crops(requests, Binder(files=files, sheets=()), pages, Settings())) == requests[:1]
