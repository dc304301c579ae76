"""A published law file never changes: the record of what each published version said."""

import re
from collections.abc import Mapping
from pathlib import Path

from motcua.lawbook import files
from motcua.lawbook.errors import LawFileError

RECORD = "published.toml"
_SHA256 = re.compile(r"[0-9a-f]{64}")


def recorded(root: Path) -> Mapping[str, str]:
    """Return the published versions: the path below the law folder -> sha256 of what the file said.

    Raises:
        LawFileError: the record holds something other than sha256 sums.
    """
    path = root / RECORD
    if not path.is_file():
        return {}
    sums = files.read(path).get("sha256", {})
    for name, value in sums.items() if isinstance(sums, dict) else (("sha256", ""),):
        if not isinstance(value, str) or not _SHA256.fullmatch(value):
            raise LawFileError(path, f"Mục «{name}» không phải mã sha256.", "Hãy khôi phục tệp từ bản đã công bố.")
    return dict(sums)


def changed(root: Path) -> tuple[tuple[str, str], ...]:
    """Return the published files that are gone or say something else now: (path below the folder, what is wrong)."""
    found = []
    for name, was in recorded(root).items():
        path = root / name
        if not path.is_file():
            found.append((name, "tệp đã công bố không còn."))
        elif _content_hash(path) != was:
            found.append((name, "nội dung khác với bản đã công bố."))
    return tuple(found)


def _content_hash(path: Path) -> str | None:
    """Return the hash of what the file says; None where it cannot be read, which is a change too."""
    try:
        return files.content_hash(files.read(path))
    except LawFileError:
        return None


def publish(root: Path, paths: tuple[Path, ...]) -> tuple[str, ...]:
    """Record the versions as published and return the ones newly recorded; what is recorded already never changes.

    Raises:
        LawFileError: one of the files differs from what was published under its name.
    """
    sums = dict(recorded(root))
    added = []
    for path in paths:
        name = path.relative_to(root).as_posix()
        now = files.content_hash(files.read(path))
        if sums.setdefault(name, now) != now:
            raise LawFileError(
                path,
                "Nội dung khác với bản đã công bố.",
                "Hãy khôi phục tệp; muốn sửa luật, thêm một bản có ngày hiệu lực mới.",
            )
        if name not in recorded(root):
            added.append(name)
    lines = [
        "# Các bản đã công bố: sha256 của nội dung (không kể chú thích, cách dòng). Tệp đã có ở đây không được sửa;",
        "# muốn sửa luật, thêm một bản có ngày hiệu lực mới. Ghi bằng lệnh: motcua law publish.",
        "",
        "[sha256]",
        *(f'"{name}" = "{value}"' for name, value in sorted(sums.items())),
    ]
    (root / RECORD).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tuple(added)
