"""Files people hand in: checked by what they are, not by what they are called, and kept under their digest."""

import hashlib
import io
import os
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from motcua.dossiers.types import Paper
from motcua.kernel.errors import UserError

MAXIMUM_BYTES = 20 * 1024 * 1024
MAXIMUM_PIXELS = 200_000_000
"""A0 at 300 dpi has 140 million; a tiny file that claims more would fill the memory of whoever opens it."""
SUFFIXES: Mapping[str, str] = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
}
# What a scanner or a phone makes. First bytes -> media type; nothing else is stored.
_SIGNATURES = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
}
# A file that is also a web page, a program or an archive would be run as such by a careless program.
_FOREIGN = (b"<script", b"<html", b"<!doctype", b"<svg", b"<?php", b"#!/", b"pk\x03\x04")
_ACTIVE = (b"/Launch", b"/JavaScript", b"/EmbeddedFile")
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_LONGEST_NAME = 150


@dataclass(frozen=True, slots=True)
class KeptFile:
    """Tệp đã lưu: checked and on disk. ``sha256`` names it there; ``name`` is what people see."""

    name: str
    media_type: str
    size: int
    sha256: str

    def paper(self, *, component_name: str) -> Paper:
        """Return it as the paper of one component."""
        return Paper(
            component_name=component_name,
            copy_kind="electronic",
            file_name=self.name,
            media_type=self.media_type,
            size=self.size,
            sha256=self.sha256,
        )


def keep(content: bytes, *, name: str) -> KeptFile:
    """Check and store a file; a refused one leaves nothing on the disk.

    Raises:
        UserError: it is empty, too large, of another kind, cut off, protected by a password, holds something that
            runs, or is two kinds at once.
    """
    media_type = _checked(content, shown=shown_name(name))
    digest = hashlib.sha256(content).hexdigest()
    target = path(digest)
    if not target.exists():
        _write(content, target)
    return KeptFile(shown_name(name, media_type=media_type), media_type, len(content), digest)


def path(sha256: str) -> Path:
    """Return where a stored file lies; its name is its content's digest, so no name can lead elsewhere.

    Raises:
        ValueError: this is no digest.
    """
    if re.fullmatch(r"[0-9a-f]{64}", sha256) is None:
        raise ValueError(sha256)
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def shown_name(name: str, *, media_type: str = "") -> str:
    """Return the name a file is shown under: no folders, no control or direction marks, the suffix of what it is."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip(" .")
    suffix = SUFFIXES.get(media_type)
    if suffix is None:
        return clean[:_LONGEST_NAME] or "tep"
    stem = clean.rsplit(".", 1)[0] if "." in clean else clean
    return f"{stem[:_LONGEST_NAME].strip(' .') or 'tep'}{suffix}"


def _checked(content: bytes, *, shown: str) -> str:
    """Return the media type of a file that may be stored."""
    again = "Hãy quét lại giấy tờ thành một tệp PDF mới."
    if not content:
        raise _refused(shown, "rỗng (0 byte).", remedy="Hãy chọn lại tệp.")
    if len(content) > MAXIMUM_BYTES:
        raise _refused(shown, "lớn hơn 20 MB.", remedy="Hãy quét lại ở 200 dpi hoặc tách tệp.")
    media_type = next((kind for mark, kind in _SIGNATURES.items() if content.startswith(mark)), None)
    if media_type is None:
        raise _refused(shown, "không phải PDF, PNG, JPEG hoặc TIFF.", remedy="Hãy quét giấy tờ thành PDF rồi nộp lại.")
    if any(mark in content[:2048].lower() for mark in _FOREIGN) or zipfile.is_zipfile(io.BytesIO(content)):
        raise _refused(shown, "chứa hai loại nội dung trong một tệp.", remedy=again)
    fault = _CHECKS[media_type](content)
    if fault:
        raise _refused(shown, fault[0], remedy=fault[1])
    return media_type


_Fault = tuple[str, str] | None
_CUT_OFF = ("bị cắt cụt hoặc có dữ liệu lạ ở cuối.", "Hãy quét hoặc tải lại tệp.")
_TOO_MANY_PIXELS = ("có kích thước ảnh quá lớn.", "Hãy quét lại ở 200 đến 300 dpi.")


def _pdf_fault(content: bytes) -> _Fault:
    # A name may be written with escapes (/#45ncrypt), which readers undo.
    plain = _NAME_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content)
    if b"/Encrypt" in plain:
        return "được đặt mật khẩu hoặc mã hóa.", "Hãy bỏ mật khẩu rồi nộp lại."
    if b"%%EOF" not in content[-1024:]:
        return _CUT_OFF
    if any(mark in plain for mark in _ACTIVE):
        return "có tệp đính kèm hoặc mã chạy được bên trong.", "Hãy in ra PDF mới (Print to PDF) rồi nộp lại."
    return None


def _png_fault(content: bytes) -> _Fault:
    at, width, height = 8, 0, 0
    while at + 12 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if kind == b"IHDR":
            width, height = (int.from_bytes(content[at + n : at + n + 4], "big") for n in (8, 12))
        at += 12 + length
        if kind == b"IEND":
            break
    else:
        return _CUT_OFF
    if at != len(content):
        return _CUT_OFF
    return _TOO_MANY_PIXELS if width * height > MAXIMUM_PIXELS or not width * height else None


def _jpeg_fault(content: bytes) -> _Fault:
    return None if content.rstrip(b"\x00\r\n ").endswith(b"\xff\xd9") else _CUT_OFF


def _tiff_fault(content: bytes) -> _Fault:
    first = int.from_bytes(content[4:8], "little" if content[:2] == b"II" else "big")
    return None if 8 <= first <= len(content) - 6 else _CUT_OFF


_CHECKS: Mapping[str, Callable[[bytes], _Fault]] = {
    "application/pdf": _pdf_fault,
    "image/png": _png_fault,
    "image/jpeg": _jpeg_fault,
    "image/tiff": _tiff_fault,
}


def _write(content: bytes, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = tempfile.NamedTemporaryFile(dir=target.parent, delete=False)  # noqa: SIM115 - renamed after it is closed
    try:
        with part:
            part.write(content)
            part.flush()
            # The row that names the file may be committed the next moment; the file must not be younger than it.
            os.fsync(part.fileno())
        Path(part.name).replace(target)
    except BaseException:
        Path(part.name).unlink(missing_ok=True)
        raise


def _refused(shown: str, what: str, *, remedy: str) -> UserError:
    return UserError(f"Tệp «{shown}» {what}", remedy=remedy)
