"""Takes files in: a copy of each, its hash, and what kind of file it is.

The copy is what is told apart, read and kept: what is imported is what was hashed, even if the original changes.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from motcua.ingest import kinds, log, sniffing
from motcua.ingest.directory import DataDirectory
from motcua.kernel import text
from motcua.kernel.errors import UserError

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A file taken in: its name as given, its bytes, their sha256."""

    name: str
    path: Path
    raw: str
    kind: kinds.Kind


def shown_name(file: Path) -> str:
    """Return the file's name as it can be shown and kept: Unicode without control characters."""
    name = os.fsencode(file.name).decode("utf-8", "replace")
    return text.nfc("".join(letter if letter.isprintable() else " " for letter in name)) or str(file)


def check(file: Path, *, kind: str | None) -> None:
    """Refuse, before anything is copied, what cannot be a file of data.

    Raises:
        UserError: the file is missing, no file, empty, unsafe, of no known container; or there is no such kind.
    """
    if kind is not None and kind not in kinds.KINDS:
        raise UserError(f"Không có loại tệp «{kind}».", remedy=f"Các loại: {', '.join(kinds.KINDS)}.", where="--as")
    if not file.is_file():
        what = "Không phải một tệp thường." if file.exists() else "Không tìm thấy tệp."
        raise UserError(what, remedy="Hãy kiểm tra đường dẫn.", where=shown_name(file))
    sniffing.container(file, name=shown_name(file))


def receive(
    file: Path,
    *,
    copy: Path,
    segments: Sequence[log.Segment],
    kind: str | None,
    mapping: Path | None,
) -> Incoming:
    """Copy the file to ``copy`` and tell its kind; ``kind`` is what the person says it is.

    Raises:
        UserError: it cannot be copied, or is of no kind the import knows.
    """
    raw = _keep(file, copy=copy)
    try:
        known = next((segment.source for segment in reversed(segments) if segment.raw == raw), None)
        code = kind or known or sniffing.detect(copy, name=shown_name(file), mapping=mapping)
    except UserError:
        copy.unlink()
        raise
    return Incoming(name=shown_name(file), path=copy, raw=raw, kind=kinds.KINDS[code])


def kept(directory: DataDirectory, *, raw: str) -> Path | None:
    """Return the file of that sha256 that the directory keeps."""
    return next(iter(directory.raw.glob(f"{raw}.*")), None) if directory.raw.is_dir() else None


def extension(file: Path) -> str:
    """Return the ending that the file is kept under."""
    suffix = file.suffix.lower()
    return suffix if suffix[1:].isalnum() and suffix.isascii() and len(suffix) <= 9 else ".bin"


def _keep(file: Path, *, copy: Path) -> str:
    hashed = hashlib.sha256()
    try:
        with file.open("rb") as source, copy.open("wb") as target:
            while piece := source.read(_PIECE):
                hashed.update(piece)
                target.write(piece)
    except OSError as error:
        copy.unlink(missing_ok=True)
        raise UserError(
            f"Không chép được tệp vào thư mục dữ liệu ({error.strerror}).",
            remedy="Hãy kiểm tra quyền đọc và dung lượng đĩa; chưa có gì được ghi.",
            where=shown_name(file),
        ) from error
    return hashed.hexdigest()
