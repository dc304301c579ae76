"""What a file is read with beside itself: manual decisions, the province's mapping, the names known by then.

The same bytes read with other companions may give other events, so the log keeps what they were read with.
"""

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from motcua.ingest import log, tables
from motcua.ingest.directory import DataDirectory
from motcua.ingest.kinds import Kind
from motcua.kernel.errors import UserError

TABLES = frozenset({"procedures", "units"})
"""The tables that names are matched with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWith:
    """The companions of one reading; hashes as the log keeps them, empty where there is none or the kind needs none."""

    decisions: Path | None
    mapping: Path | None
    tables: Mapping[str, Path]
    hashes: tuple[str, str, str]
    """Of the decisions, the mapping, and the segments of the tables that names are matched with."""


def companions(
    directory: DataDirectory,
    *,
    kind: Kind,
    last: log.Segment | None,
    decisions: Path | None,
    mapping: Path | None,
    name: str,
) -> ReadWith:
    """Return what the file is to be read with now.

    Decisions and mapping that were used before hold until others are given: naming a file again must not undo what
    people decided. ``last`` is the file's latest segment, None if it is new.

    Raises:
        UserError: the decisions cannot be read, or the mapping used before is needed again and was not given.
    """
    kept = last.decisions if last and decisions is None else ""
    if kept:
        decisions = directory.raw / f"{kept}.csv"
    decided = _decided(decisions) if "decisions" in kind.uses else ""
    mapped = _mapped(mapping) if "mapping" in kind.uses else ""
    wanted = TABLES & kind.uses
    known = matched(log.read(directory), kind=kind)
    if last and last.mapping and mapping is None:
        mapped = last.mapping
        if (decided, known) != (last.decisions, last.matched):
            raise UserError(
                "Tệp này đã được nhập với bảng ánh xạ riêng của tỉnh, nên phải đọc lại với bảng ấy.",
                remedy="Hãy thêm --mapping THƯ_MỤC rồi chạy lại lệnh.",
                where=name,
            )
    return ReadWith(
        decisions=decisions if decided else None,
        mapping=mapping,
        tables=tables.refresh(directory, only=wanted) if wanted and directory.log.is_file() else {},
        hashes=(decided, mapped, known),
    )


def hashes_of(segment: log.Segment) -> tuple[str, str, str]:
    """Return what the segment was read with."""
    return segment.decisions, segment.mapping, segment.matched


def keep_decisions(read_with: ReadWith, *, stage: Path, directory: DataDirectory) -> None:
    """Keep the manual decisions beside the file they were read with."""
    if read_with.decisions is None:
        return
    name = f"{read_with.hashes[0]}.csv"
    if not (directory.raw / name).is_file():
        (stage / "raw").mkdir(exist_ok=True)
        shutil.copyfile(read_with.decisions, stage / "raw" / name)


def _decided(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        return log.file_sha256(path)
    except OSError as error:
        raise UserError(
            f"Không đọc được tệp quyết định ghép tên ({error.strerror}).",
            remedy="Hãy kiểm tra đường dẫn và quyền đọc.",
            where=str(path),
        ) from error


def _mapped(folder: Path | None) -> str:
    if folder is None:
        return ""
    hashed = hashlib.sha256()
    try:
        for file in sorted(folder.glob("*.toml")):
            hashed.update(f"{file.name}\n{log.file_sha256(file)}\n".encode())
    except OSError as error:
        raise UserError(
            f"Không đọc được bảng ánh xạ ({error.strerror}).",
            remedy="Hãy kiểm tra đường dẫn và quyền đọc.",
            where=str(folder),
        ) from error
    return hashed.hexdigest()


def matched(segments: Sequence[log.Segment], *, kind: Kind) -> str:
    """Return the hash of what a file of this kind would be matched with now; empty where there is nothing."""
    own = [segment.chain for segment in segments if segment.stream in TABLES & kind.uses]
    return hashlib.sha256("".join(own).encode()).hexdigest() if own else ""
