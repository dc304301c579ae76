"""Law files on disk: where the folder is, what a file says, and a hash of what it says."""

import hashlib
import json
import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from motcua.kernel.errors import UserError
from motcua.lawbook.errors import LawFileError

NATIONAL = "vn"
"""The calendar scope of the whole country; other scopes are unit codes (``H21``, ``H21.227``)."""

# In a checkout the folder lies beside src/; in an installed wheel it is packed into the package.
_CHECKOUT = Path(__file__).resolve().parents[3] / "law"
_PACKED = Path(__file__).resolve().parents[1] / "_law"


def law_folder(given: Path | None = None) -> Path:
    """Return the folder of the law files: the given one, else the checkout's ``law/``, else the packed one.

    Raises:
        UserError: there is no such folder.
    """
    if given is not None:
        if not given.is_dir():
            raise UserError(
                "Không có thư mục luật này.",
                remedy="Hãy ghi đúng đường dẫn ở --law hoặc biến MOTCUA_LAW.",
                where=str(given),
            )
        return given
    for folder in (_CHECKOUT, _PACKED):
        if (folder / "documents.toml").is_file():
            return folder
    raise UserError(
        "Không tìm thấy thư mục luật đi kèm chương trình.",
        remedy="Hãy cài lại chương trình, hoặc chỉ ra thư mục ở --law hay biến MOTCUA_LAW.",
        where=str(_CHECKOUT),
    )


def read(path: Path) -> dict[str, Any]:
    """Return what the TOML file says; numbers with a fraction come as ``Decimal``.

    Raises:
        LawFileError: the file is missing, or is not TOML in UTF-8.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as fault:
        raise LawFileError(
            path, f"Không đọc được tệp ({fault.strerror}).", "Hãy kiểm tra tên tệp và quyền đọc."
        ) from fault
    except UnicodeDecodeError as fault:
        raise LawFileError(
            path, f"Tệp không phải UTF-8 (byte thứ {fault.start + 1}).", "Hãy lưu lại tệp bằng mã UTF-8."
        ) from fault
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as fault:
        raise LawFileError(path, f"Sai cú pháp TOML: {fault}.", "Hãy sửa chỗ được nêu rồi kiểm tra lại.") from fault


def content_hash(content: Mapping[str, Any]) -> str:
    """Return the sha256 of what a law file says; comments, spacing and the order of keys do not change it."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_as_text)
    return hashlib.sha256(unicodedata.normalize("NFC", canonical).encode()).hexdigest()


def combined_hash(hashes: Mapping[str, str]) -> str:
    """Return one sha256 for several law files, named by their path below the law folder."""
    lines = "".join(f"{name} {value}\n" for name, value in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _as_text(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def version_files(folder: Path) -> tuple[Path, ...]:
    """Return the files ``<effective_from>.toml`` of a folder, the oldest first.

    Raises:
        LawFileError: a file of the folder is not named after a day.
    """
    named: list[tuple[date, Path]] = []
    for path in folder.glob("*.toml"):
        try:
            named.append((date.fromisoformat(path.stem), path))
        except ValueError:
            raise LawFileError(
                path,
                "Tên tệp không phải ngày bắt đầu hiệu lực.",
                "Hãy đặt tên tệp theo ngày, ví dụ 2026-01-01.toml.",
            ) from None
    return tuple(path for _, path in sorted(named))
