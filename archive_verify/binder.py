"""What the user handed in (PDF, TIFF, JPEG, PNG, ZIP, folder) -> a Binder of checked sheets in order."""

from __future__ import annotations

import hashlib
import lzma
import os
import re
import stat
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Literal

import pikepdf
from PIL import Image, UnidentifiedImageError

from archive_verify.errors import BinderRefused
from archive_verify.file_names import is_clutter, natural_key
from archive_verify.frames import page_frames
from archive_verify.model import Binder, Sheet, SourceFile
from archive_verify.settings import Settings
from archive_verify.unseen import seen

__all__ = ["Binder", "Sheet", "SourceFile", "open_binder", "sniff"]

Kind = Literal["pdf", "image", "zip", "office", "ofd", "packed", "unknown"]

_ACCEPTED = "支持 PDF、TIFF、JPEG、PNG，以及装有这些文件的 ZIP 或文件夹"
_IMAGE_FORMATS = ("TIFF", "JPEG", "PNG")
_CHUNK = 1 << 20
_LONGEST_NAME = 255
# What parsers raise on files that are not what they claim to be, beside errors of their own. Not MemoryError.
_DAMAGED = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RuntimeError, SyntaxError, EOFError,
    struct.error,
)
# Companions of a binder that hold no page: rosters, class facts, answers, notes.
_COMPANIONS = frozenset({".xlsx", ".xls", ".csv", ".toml", ".json", ".txt", ".md", ".html"})
# What qpdf says when it repairs a file by leaving a page or its content out.
_LOSSES = (
    "Pages tree includes", "treating stream as empty", "not found in file after regenerating",
    "root of pages tree",
)


def _quiet(where: str) -> None:
    """Tell nobody."""


def open_binder(
    paths: Sequence[Path], settings: Settings, workspace: Path, at: Callable[[str], None] = _quiet
) -> Binder:
    """Open the volumes of one binder, in the order given; `at` is told each file before it is opened.

    Files inside a ZIP or folder come in natural order of their names. Unpacked and repaired
    copies are written into `workspace`, which the caller makes and removes.

    Raises:
        BinderRefused: a file is missing, unreadable, encrypted, damaged beyond repair, no
            document, empty, or over a limit of `settings`.
    """
    intake = _Intake(settings, workspace, at)
    for path in paths:
        intake.volume(path)
    if not intake.files:
        where = paths[0] if paths else ""
        raise BinderRefused("里面没有可以核验的文件", where=where, advice=_ACCEPTED)
    sheets = tuple(
        Sheet(file=number, file_page=page)
        for number, file in enumerate(intake.files)
        for page in range(1, file.pages + 1)
    )
    return Binder(files=tuple(intake.files), sheets=sheets, skipped=tuple(intake.skipped))


@dataclass
class _Intake:
    """The running totals while volumes are opened."""

    settings: Settings
    workspace: Path
    at: Callable[[str], None]
    files: list[SourceFile] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    total_bytes: int = 0
    total_pages: int = 0
    copies: int = 0

    def volume(self, path: Path) -> None:
        if not path.exists():
            raise BinderRefused("找不到这个文件", where=path, advice="请核对路径和文件名")
        self.at(str(path))
        try:
            if path.is_dir():
                self._folder(path)
            elif not path.is_file():
                raise BinderRefused("不是普通文件", where=path, advice=_ACCEPTED)
            elif sniff(path) == "zip":
                self._zip(path)
            else:
                self._file(path, path.name, where=str(path))
        except PermissionError as error:
            raise BinderRefused(
                "没有读取权限", where=error.filename or path, advice="请检查文件权限后重试"
            ) from error
        except OSError as error:
            raise BinderRefused(
                f"读取失败（{error.strerror or error}）", where=path, advice="请检查磁盘空间和文件后重试"
            ) from error

    def _folder(self, folder: Path) -> None:
        before = len(self.files)
        for path in _walk(folder):
            name = path.relative_to(folder).as_posix()
            self._member(path, f"{folder.name}/{name}" if folder.name else name, str(path))
        if len(self.files) == before:
            raise BinderRefused("文件夹里没有可以核验的文件", where=folder, advice=_ACCEPTED)

    def _zip(self, path: Path) -> None:
        before = len(self.files)
        where = str(path)
        try:
            with zipfile.ZipFile(path) as archive:
                for name, info in _zip_members(archive, where, self.settings):
                    if PurePosixPath(name).suffix.lower() in _COMPANIONS:
                        self.skipped.append(seen(f"{path.name}/{name}"))
                        continue
                    with archive.open(info) as source:
                        copy = self._unpack(source, f"{where} 中的 {name}")
                    self._member(copy, f"{path.name}/{name}", f"{where} 中的 {name}")
        except NotImplementedError as error:
            raise BinderRefused(
                "ZIP 使用了不支持的压缩方式", where=where, advice="请用普通 ZIP 格式重新压缩"
            ) from error
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, *_DAMAGED) as error:
            raise BinderRefused("ZIP 已损坏或不完整", where=where, advice="请重新压缩或重新复制") from error
        if len(self.files) == before:
            raise BinderRefused("ZIP 里没有可以核验的文件", where=where, advice=_ACCEPTED)

    def _unpack(self, source: IO[bytes], where: str) -> Path:
        # A ZIP's declared sizes may lie, so the bytes are counted while they are unpacked.
        target = self._copy_path()
        size = 0
        with target.open("wb") as out:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                _refuse_over(size, self.settings.max_file_bytes, where)
                _refuse_over(self.total_bytes + size, self.settings.max_total_bytes, where)
                out.write(chunk)
        return target

    def _member(self, path: Path, name: str, where: str) -> None:
        if not path.is_file():
            raise BinderRefused("不是普通文件", where=where, advice=_ACCEPTED)
        kind = sniff(path)
        if kind == "zip":
            raise BinderRefused("压缩包里还有压缩包", where=where, advice="请先解压里面的压缩包再核验")
        if kind not in ("pdf", "image") and PurePosixPath(name).suffix.lower() in _COMPANIONS:
            self.skipped.append(seen(name))
            return
        self._file(path, name, where)

    def _file(self, path: Path, name: str, where: str) -> None:
        self.at(where)
        size = path.stat().st_size
        _refuse_over(size, self.settings.max_file_bytes, where)
        self.total_bytes += size
        _refuse_over(self.total_bytes, self.settings.max_total_bytes, where)
        if size == 0:
            raise BinderRefused("文件是空的（0 字节）", where=where, advice="请重新扫描或重新复制")
        kind = sniff(path)
        if kind == "pdf":
            readable, pages = self._pdf(path, where)
        elif kind == "image":
            readable, pages = path, _image_pages(path, where, self.settings)
        else:
            raise _no_document(kind, where)
        self.total_pages += pages
        if self.total_pages > self.settings.max_pages:
            raise BinderRefused(
                f"页数超过上限 {self.settings.max_pages}", where=where,
                advice="请分册核验，或调高 ARCHIVE_VERIFY_MAX_PAGES",
            )
        with path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
        self.files.append(
            SourceFile(
                name=seen(name), path=readable, sha256=digest, bytes=size, pages=pages,
                kind="pdf" if kind == "pdf" else "image",
            )
        )

    def _pdf(self, path: Path, where: str) -> tuple[Path, int]:
        try:
            pdf = pikepdf.open(path, suppress_warnings=True)
        except pikepdf.PasswordError as error:
            raise BinderRefused("PDF 有打开密码", where=where, advice="请去掉密码后重试") from error
        except (pikepdf.PdfError, *_DAMAGED) as error:
            raise BinderRefused(
                "PDF 已损坏或不完整，无法修复", where=where, advice="请重新扫描或重新复制"
            ) from error
        with pdf:
            try:
                pages = _pdf_pages(pdf, where, self.settings)
                damage = [str(warning) for warning in pdf.get_warnings()]
                if any(loss in warning for warning in damage for loss in _LOSSES):
                    raise BinderRefused(
                        "PDF 不完整，有页面已经丢失，无法修复", where=where, advice="请重新扫描或重新复制"
                    )
                if not damage and not pdf.is_encrypted:
                    return path, pages
                copy = self._copy_path()
                # streams as they are: unpacked, one may take more than the machine holds
                pdf.save(copy, stream_decode_level=pikepdf.StreamDecodeLevel.none)
            except (pikepdf.PdfError, *_DAMAGED) as error:
                raise BinderRefused(
                    "PDF 已损坏，无法修复", where=where, advice="请重新扫描或重新复制"
                ) from error
        return copy, pages

    def _copy_path(self) -> Path:
        self.copies += 1
        return self.workspace / f"copy-{self.copies:05d}"


def sniff(path: Path) -> Kind:
    """Tell what a file is by its first bytes, never by its suffix."""
    with path.open("rb") as source:
        head = source.read(1024)
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return "image"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_kind(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "office"
    if head.startswith((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")):
        return "packed"
    # Readers accept junk before the header; a ZIP may show its first member's, so it comes before.
    return "pdf" if b"%PDF-" in head else "unknown"


def _zip_kind(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, *_DAMAGED):
        return "zip"
    if "OFD.xml" in names:
        return "ofd"
    return "office" if "[Content_Types].xml" in names else "zip"


def _no_document(kind: Kind, where: str) -> BinderRefused:
    if kind == "office":
        return BinderRefused("是 Office 文件，不是扫描件", where=where, advice="请另存为 PDF 后重试")
    if kind == "ofd":
        return BinderRefused("是 OFD 文件，暂不支持", where=where, advice="请另存为 PDF 后重试")
    if kind == "packed":
        return BinderRefused("是 RAR、7z 或 gz 压缩包", where=where, advice="请解压，或改用 ZIP")
    return BinderRefused("不是可以核验的文件", where=where, advice=_ACCEPTED)


def _refuse_over(size: int, limit: int, where: str) -> None:
    if size > limit:
        raise BinderRefused(
            f"大小超过上限 {limit / 1024**2:.0f} MB", where=where, advice="请分册或降低扫描精度后重试"
        )


# --- folders and ZIPs ----------------------------------------------------------------------------


def _walk(folder: Path) -> list[Path]:
    def fail(error: OSError) -> None:
        raise error

    found = [
        Path(base) / name
        for base, _, names in os.walk(folder, onerror=fail)
        for name in names
        if not is_clutter((Path(base) / name).relative_to(folder).as_posix())
    ]
    return sorted(found, key=lambda path: natural_key(path.relative_to(folder).as_posix()))


def _zip_members(
    archive: zipfile.ZipFile, where: str, settings: Settings
) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    members = []
    for info in archive.infolist():
        name = _zip_name(info)
        _refuse_trick(name, info, where)
        if not info.is_dir() and not is_clutter(name):
            members.append((name, info))
    if len(members) > settings.max_pages:
        raise BinderRefused(f"文件数超过上限 {settings.max_pages}", where=where, advice="请分册核验")
    for name, info in members:
        _refuse_over(info.file_size, settings.max_file_bytes, f"{where} 中的 {name}")
        if info.flag_bits & 0x1:
            raise BinderRefused("ZIP 有密码", where=where, advice="请去掉密码后重新压缩")
    _refuse_over(sum(info.file_size for _, info in members), settings.max_total_bytes, where)
    yield from sorted(members, key=lambda member: natural_key(member[0]))


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The member's name; without the UTF-8 flag zipfile assumes cp437, Chinese tools write GBK."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _refuse_trick(name: str, info: zipfile.ZipInfo, where: str) -> None:
    flat = name.replace("\\", "/")
    tricky = (
        flat.startswith("/") or re.match(r"[A-Za-z]:", flat) or ".." in flat.split("/") or "\0" in flat
        or max(map(len, flat.split("/"))) > _LONGEST_NAME or stat.S_ISLNK(info.external_attr >> 16)
    )
    if tricky:
        raise BinderRefused(
            "ZIP 里有不安全的路径", where=where, advice="请用普通文件夹重新压缩"
        )


# --- the files themselves ------------------------------------------------------------------------


def _pdf_pages(pdf: pikepdf.Pdf, where: str, settings: Settings) -> int:
    pages = len(pdf.pages)
    if pages == 0:
        raise BinderRefused("PDF 里没有页面", where=where, advice="请重新扫描")
    if pages > settings.max_pages:
        raise BinderRefused(
            f"页数超过上限 {settings.max_pages}", where=where,
            advice="请分册核验，或调高 ARCHIVE_VERIFY_MAX_PAGES",
        )
    for number, page in enumerate(pdf.pages, 1):
        page.obj.get("/Contents")
        for image in page.get_images().values():
            width, height = int(image.get("/Width", 0)), int(image.get("/Height", 0))
            _refuse_pixels(width, height, f"{where} 第 {number} 页", settings)
    return pages


def _refuse_pixels(width: int, height: int, where: str, settings: Settings) -> None:
    if width * height > settings.max_pixels:
        raise BinderRefused(
            f"图像过大（{width}×{height} 像素）", where=where, advice="请用 200 至 300 dpi 重新扫描"
        )


def _image_pages(path: Path, where: str, settings: Settings) -> int:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=_IMAGE_FORMATS) as image:
                frames = page_frames(image, settings.max_pages)
                for frame in frames[: settings.max_pages]:
                    image.seek(frame)
                    _refuse_pixels(*image.size, where, settings)
                if not _is_whole(path, image, frames):
                    image.seek(frames[-1])
                    image.load()
    except Image.DecompressionBombError as error:
        raise BinderRefused("图像过大", where=where, advice="请用 200 至 300 dpi 重新扫描") from error
    except (UnidentifiedImageError, OSError, *_DAMAGED) as error:
        if isinstance(error, PermissionError):
            raise
        raise BinderRefused(
            "图像已损坏或不完整，无法读取", where=where, advice="请重新扫描或重新复制"
        ) from error
    if not frames:
        raise BinderRefused("文件里没有页面", where=where, advice="请重新扫描")
    return len(frames)


def _is_whole(path: Path, image: Image.Image, frames: Sequence[int]) -> bool:
    """Whether the file shows its proper end, so that it need not be decoded to be trusted."""
    size = path.stat().st_size
    if image.format == "TIFF":
        for frame in frames:
            image.seek(frame)
            tags = getattr(image, "tag_v2", {})
            for offsets, counts in ((273, 279), (324, 325)):
                ends = zip(tags.get(offsets, ()), tags.get(counts, ()), strict=False)
                if any(offset + count > size for offset, count in ends):
                    return False
        return True
    with path.open("rb") as source:
        source.seek(max(0, size - 65536))
        tail = source.read()
    return (b"IEND" if image.format == "PNG" else b"\xff\xd9") in tail
