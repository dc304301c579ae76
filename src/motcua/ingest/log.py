"""The event log's spine: one line per segment, chained by hashes, so that no event can change unnoticed."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import pyarrow as pa
from pyarrow import parquet

from motcua.ingest.directory import DataDirectory
from motcua.kernel.errors import Problem, UserError

GENESIS = "0" * 64
"""What the first segment is chained to."""

_REMEDY = "Hãy lấy lại thư mục từ bản sao lưu, hoặc nhập lại các tệp trong raw/ vào một thư mục mới."


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One line of the log: the events of one stream that one file gave.

    ``raw`` is the sha256 of the file as received, ``chain`` = sha256(previous chain + segment sha256). What the file
    was read with (empty: none, or of no matter to its kind): ``decisions``, ``mapping``: the sha256 of the manual
    decisions and of the province's mapping; ``matched``: that of the chains of the catalogue's and units' segments.
    """

    position: int
    rows: int
    stream: str
    segment: str
    source: str
    raw: str
    observed_at: datetime
    sha256: str
    previous: str
    chain: str
    decisions: str = ""
    mapping: str = ""
    matched: str = ""

    @property
    def next_position(self) -> int:
        """The position after the segment's last event."""
        return self.position + self.rows


def chain(*, previous: str, sha256: str) -> str:
    """Return the hash that binds a segment to all before it."""
    return hashlib.sha256((previous + sha256).encode()).hexdigest()


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(directory: DataDirectory) -> tuple[Segment, ...]:
    """Return the log's lines in order; none where nothing was imported.

    Raises:
        UserError: a line is not one of the log's.
    """
    if not directory.log.is_file():
        return ()
    found = []
    for number, line in enumerate(directory.log.read_bytes().splitlines(), start=1):
        try:
            found.append(msgspec.json.decode(line, type=Segment))
        except msgspec.MsgspecError as error:
            raise UserError(
                f"Dòng {number} của nhật ký không đọc được.", remedy=_REMEDY, where=str(directory.log)
            ) from error
    return tuple(found)


def encode(segments: Sequence[Segment]) -> bytes:
    """Return the whole log as it stands in the file."""
    return b"".join(msgspec.json.encode(segment) + b"\n" for segment in segments)


def verify(directory: DataDirectory) -> tuple[Problem, ...]:
    """Tell every altered, removed or inserted segment and raw file; nothing to tell means the log is whole.

    A removed end of the log shows through the segment files that then belong to no line.
    """
    return tuple(_verify(directory))


def _verify(directory: DataDirectory) -> Iterator[Problem]:
    segments = read(directory)
    previous, position = GENESIS, 0
    for number, segment in enumerate(segments, start=1):

        def problem(what: str, *, row: int = number) -> Problem:
            return Problem(where=directory.log.name, row=row, what=what, remedy=_REMEDY)

        if segment.previous != previous or segment.position != position:
            yield problem(f"đoạn {segment.segment} không nối tiếp đoạn trước: có dòng bị xóa, chèn hoặc đổi chỗ.")
        if segment.chain != chain(previous=segment.previous, sha256=segment.sha256):
            yield problem(f"mã móc xích của đoạn {segment.segment} sai: dòng đã bị sửa.")
        previous, position = segment.chain, segment.next_position
        yield from _verify_segment(directory, segment=segment)
    known = {segment.segment for segment in segments}
    for file in sorted(directory.events.glob("*")) if directory.events.is_dir() else ():
        if file.name not in known:
            yield Problem(
                where=f"events/{file.name}", what="đoạn không có trong nhật ký: bị chèn vào, hoặc nhật ký bị cắt.",
                remedy=_REMEDY,
            )  # fmt: skip
    yield from _verify_raw(directory, segments=segments)


def _verify_segment(directory: DataDirectory, *, segment: Segment) -> Iterator[Problem]:
    where = f"events/{segment.segment}"
    path = directory.events / segment.segment
    if not path.is_file():
        yield Problem(where=where, what="đoạn đã bị xóa.", remedy=_REMEDY)
        return
    if file_sha256(path) != segment.sha256:
        yield Problem(where=where, what="nội dung đoạn đã bị sửa.", remedy=_REMEDY)
        return
    try:
        written = parquet.read_metadata(path)
    except (pa.ArrowException, OSError):
        yield Problem(where=where, what="đoạn không đọc được.", remedy=_REMEDY)
        return
    told = {k.decode(): v.decode() for k, v in (written.metadata or {}).items()}
    if written.num_rows != segment.rows or any(told.get(k) != v for k, v in described(segment).items()):
        yield Problem(where=where, what="dòng nhật ký của đoạn (nguồn, thời điểm, số dòng) đã bị sửa.", remedy=_REMEDY)


def described(segment: Segment) -> dict[str, str]:
    """Return what a segment file says about itself, so that its hash covers its line of the log too."""
    return {
        "motcua.position": str(segment.position),
        "motcua.stream": segment.stream,
        "motcua.source": segment.source,
        "motcua.raw": segment.raw,
        "motcua.decisions": segment.decisions,
        "motcua.mapping": segment.mapping,
        "motcua.matched": segment.matched,
        "motcua.observed_at": segment.observed_at.isoformat(),
    }


def _verify_raw(directory: DataDirectory, *, segments: Sequence[Segment]) -> Iterator[Problem]:
    kept = {file.name.split(".", 1)[0]: file for file in directory.raw.glob("*")} if directory.raw.is_dir() else {}
    given = (one for segment in segments for one in (segment.raw, segment.decisions) if one)
    for raw in dict.fromkeys(given):
        file = kept.get(raw)
        if file is None:
            yield Problem(where=f"raw/{raw}", what="tệp gốc đã bị xóa.", remedy=_REMEDY)
        elif file_sha256(file) != raw:
            yield Problem(where=f"raw/{file.name}", what="nội dung tệp gốc đã bị sửa.", remedy=_REMEDY)
