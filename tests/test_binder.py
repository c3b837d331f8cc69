"""Opening what users hand in: formats, order, repair, and refusals that leave nothing behind."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw

from archive_verify.binder import Binder, open_binder
from archive_verify.errors import BinderRefused
from archive_verify.file_names import natural_key
from archive_verify.settings import Settings

SETTINGS = Settings()


def picture(text: str = "1", size: tuple[int, int] = (300, 420)) -> Image.Image:
    noise = np.random.default_rng(7).normal(200, 30, (*size[::-1], 3))
    image = Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8))
    ImageDraw.Draw(image).text((40, 40), text, fill=0)
    return image


def image_bytes(format: str, image: Image.Image | None = None) -> bytes:
    out = io.BytesIO()
    (image or picture()).save(out, format)
    return out.getvalue()


def pdf_bytes(pages: int = 3) -> bytes:
    pictures = [picture(str(n)) for n in range(pages)]
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:])
    return out.getvalue()


def opened(tmp_path: Path, *paths: Path, settings: Settings = SETTINGS) -> Binder:
    workspace = tmp_path / "workspace"
    workspace.mkdir(exist_ok=True)
    return open_binder(paths, settings, workspace)


def refusal(tmp_path: Path, path: Path, settings: Settings = SETTINGS) -> str:
    with pytest.raises(BinderRefused) as caught:
        opened(tmp_path, path, settings=settings)
    message = str(caught.value)
    assert "\n" not in message and path.name in message
    assert caught.value.advice
    return message


def written(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def zipped(tmp_path: Path, members: dict[str, bytes], name: str = "档案.zip") -> Path:
    path = tmp_path / name
    with zipfile.ZipFile(path, "w") as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return path


def test_volumes_keep_the_order_given_and_pages_count_from_one(tmp_path: Path) -> None:
    second = written(tmp_path, "a.png", image_bytes("PNG"))
    first = written(tmp_path, "b.pdf", pdf_bytes(2))
    binder = opened(tmp_path, first, second)
    assert [file.name for file in binder.files] == ["b.pdf", "a.png"]
    assert [(sheet.file, sheet.file_page) for sheet in binder.sheets] == [(0, 1), (0, 2), (1, 1)]


def test_files_are_known_by_content_not_by_suffix(tmp_path: Path) -> None:
    binder = opened(
        tmp_path,
        written(tmp_path, "scan.jpg", pdf_bytes(1)),
        written(tmp_path, "scan.pdf", image_bytes("JPEG")),
    )
    assert [file.kind for file in binder.files] == ["pdf", "image"]


def test_every_page_of_a_tiff_counts(tmp_path: Path) -> None:
    path = tmp_path / "卷一.tif"
    picture().convert("1").save(
        path, save_all=True, append_images=[picture().convert("1")] * 3, compression="group4"
    )
    assert opened(tmp_path, path).files[0].pages == 4


@pytest.mark.parametrize(
    "names",
    [
        ["1.png", "2.png", "10.png"],
        ["扫描第二册.png", "扫描第三册.png", "扫描第十册.png", "扫描第十二册.png"],
        ["档案（上册）.png", "档案（中册）.png", "档案（下册）.png"],
        ["a/2.png", "a/10.png", "b/1.png"],
        ["第１页.png", "第2页.png", "第１１页.png"],
    ],
)
def test_names_come_in_natural_order(names: list[str]) -> None:
    assert sorted(reversed(names), key=natural_key) == names


def test_a_folder_is_read_in_natural_order_without_system_clutter(tmp_path: Path) -> None:
    folder = tmp_path / "档案"
    for name in ("第10页.jpg", "第9页.jpg", "Thumbs.db", ".DS_Store", "__MACOSX/._第9页.jpg", ".hidden.jpg"):
        written(folder, name, image_bytes("JPEG"))
    binder = opened(tmp_path, folder)
    assert [file.name for file in binder.files] == ["档案/第9页.jpg", "档案/第10页.jpg"]


def test_rosters_and_notes_in_a_folder_are_skipped_and_named(tmp_path: Path) -> None:
    folder = tmp_path / "sample"
    written(folder, "binder.pdf", pdf_bytes(1))
    written(folder, "class.toml", b"name = 1")
    written(folder, "roster.xlsx", (zipped(tmp_path, {"[Content_Types].xml": b""}, "x.zip")).read_bytes())
    binder = opened(tmp_path, folder)
    assert len(binder.sheets) == 1
    assert sorted(binder.skipped) == ["sample/class.toml", "sample/roster.xlsx"]


def test_a_zip_of_gbk_names_is_read_in_order(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"QXZWJK/22.png": image_bytes("PNG"), "QXZWJK/10.png": image_bytes("PNG")})
    # Chinese tools on Windows write GBK names without any flag: 档案册 is six bytes of GBK.
    path.write_bytes(path.read_bytes().replace(b"QXZWJK", "档案册".encode("gbk")))
    binder = opened(tmp_path, path)
    assert [file.name for file in binder.files] == ["档案.zip/档案册/10.png", "档案.zip/档案册/22.png"]


def test_the_original_file_is_named_and_hashed_when_a_copy_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"1.pdf": pdf_bytes(1)})
    file = opened(tmp_path, path).files[0]
    assert file.path.is_relative_to(tmp_path / "workspace")
    assert file.bytes == file.path.stat().st_size


def test_a_pdf_without_its_cross_reference_table_is_repaired(tmp_path: Path) -> None:
    data = pdf_bytes(3)
    path = written(tmp_path, "broken.pdf", data[: data.rfind(b"startxref")] + b"startxref\n7\n%%EOF")
    file = opened(tmp_path, path).files[0]
    assert file.pages == 3
    with pikepdf.open(file.path) as repaired:
        assert len(repaired.pages) == 3 and not repaired.get_warnings()


def test_a_pdf_with_an_empty_password_opens(tmp_path: Path) -> None:
    path = tmp_path / "owner.pdf"
    with pikepdf.open(io.BytesIO(pdf_bytes(2))) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="secret", user=""))
    file = opened(tmp_path, path).files[0]
    assert file.pages == 2
    with pikepdf.open(file.path) as plain:
        assert not plain.is_encrypted


def test_a_pdf_with_a_password_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    with pikepdf.open(io.BytesIO(pdf_bytes(1))) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="secret", user="geheim"))
    assert "密码" in refusal(tmp_path, path)


@pytest.mark.parametrize("kept", [0.4, 0.9, 0.97])
@pytest.mark.parametrize("mode", ["disable", "generate"])
def test_a_truncated_pdf_is_refused_and_never_loses_pages_silently(
    tmp_path: Path, kept: float, mode: str
) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_bytes(4))) as pdf:
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode[mode])
    data = out.getvalue()
    assert "重新" in refusal(tmp_path, written(tmp_path, "cut.pdf", data[: int(len(data) * kept)]))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF"])
def test_a_truncated_image_is_refused(tmp_path: Path, format: str) -> None:
    data = image_bytes(format)
    assert "不完整" in refusal(tmp_path, written(tmp_path, "cut.img", data[: len(data) // 2]))


def test_a_pdf_without_pages_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    pikepdf.new().save(out)
    assert "没有页面" in refusal(tmp_path, written(tmp_path, "empty.pdf", out.getvalue()))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("notes.pdf", "只是文字".encode()),
        ("empty.pdf", b""),
        ("letter.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("bundle.rar", b"Rar!\x1a\x07\x00" + b"\0" * 50),
        ("header-only.pdf", b"%PDF-1.4\n"),
        ("broken.zip", b"PK\x03\x04" + b"\0" * 100),
    ],
)
def test_a_file_that_is_no_document_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    refusal(tmp_path, written(tmp_path, name, data))


def test_an_office_file_is_refused_with_the_advice_to_make_a_pdf(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"[Content_Types].xml": b"", "word/document.xml": b""}, "合同.docx")
    assert "PDF" in refusal(tmp_path, path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "找不到" in refusal(tmp_path, tmp_path / "nowhere.pdf")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    refusal(tmp_path, tmp_path / "空")


@pytest.mark.parametrize("name", ["../evil.png", "/etc/evil.png", "a/../../evil.png", "..\\evil.png", "C:\\evil.png"])
def test_a_path_trick_in_a_zip_is_refused(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path, {"1.png": image_bytes("PNG"), name: image_bytes("PNG")})
    assert "路径" in refusal(tmp_path, path)
    assert list((tmp_path / "workspace").iterdir()) == []


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "link.zip"
    link = zipfile.ZipInfo("1.png")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "路径" in refusal(tmp_path, path)


def test_a_zip_inside_a_zip_is_refused_with_advice(tmp_path: Path) -> None:
    inner = zipped(tmp_path, {"1.png": image_bytes("PNG")}, "inner.zip").read_bytes()
    assert "解压" in refusal(tmp_path, zipped(tmp_path, {"内.zip": inner}))


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"1.png": image_bytes("PNG")})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert "密码" in refusal(tmp_path, path)


def test_a_zip_bomb_is_refused_by_its_declared_size(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.png", b"\0" * 5_000_000)
    assert "上限" in refusal(tmp_path, path, Settings(max_file_bytes=1_000_000))


def test_a_zip_that_lies_about_its_size_is_stopped_while_unpacking(tmp_path: Path) -> None:
    path = tmp_path / "liar.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.png", b"\0" * 5_000_000)
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 5_000_000), struct.pack("<I", 500)))
    refusal(tmp_path, path, Settings(max_file_bytes=1_000_000))
    assert sum(file.stat().st_size for file in (tmp_path / "workspace").iterdir()) < 2_000_000


def test_more_pages_than_allowed_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "long.pdf", pdf_bytes(3))
    assert "上限 2" in refusal(tmp_path, path, Settings(max_pages=2))


def test_more_pages_than_allowed_over_several_volumes_are_refused(tmp_path: Path) -> None:
    paths = [written(tmp_path, f"{n}.pdf", pdf_bytes(2)) for n in range(2)]
    with pytest.raises(BinderRefused, match="上限 3"):
        opened(tmp_path, *paths, settings=Settings(max_pages=3))


def test_more_bytes_than_allowed_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "big.pdf", pdf_bytes(1))
    assert "上限" in refusal(tmp_path, path, Settings(max_file_bytes=100))


def test_an_image_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    assert "过大" in refusal(tmp_path, written(tmp_path, "bomb.png", data))


def test_a_pdf_with_an_image_bomb_is_refused_with_its_page(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pdf"
    with pikepdf.open(io.BytesIO(pdf_bytes(2))) as pdf:
        image = next(iter(pdf.pages[1].get_images().values()))
        image.Width, image.Height = 90_000, 90_000
        pdf.save(path)
    assert "第 2 页" in refusal(tmp_path, path)
