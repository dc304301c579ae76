"""Opens what is to be measured, a data directory or table files, as paths and schemas no engine is needed to name."""

import shutil
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from motcua.events.columns import ColumnType
from motcua.events.streams import STREAMS
from motcua.ingest import columnar, importing, kinds, log, schemas, sniffing, tables
from motcua.ingest.directory import DataDirectory
from motcua.ingest.report import ImportReport
from motcua.kernel import time
from motcua.kernel.errors import UserError


@dataclass(frozen=True, slots=True)
class TableFiles:
    """One table: its Parquet files, and which of the stream's columns every one of them has, in the stream's types.

    A column that is not here is unknown in every row.
    """

    paths: tuple[Path, ...]
    columns: Mapping[str, ColumnType]


class _Scratch:
    """A folder that goes when nothing refers to it any more, or with the process."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="motcua-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Tables by stream name; a table of which there is nothing is absent.

    ``position``: events in the log, ``chain``: its last hash (both None: files were given directly).
    ``observed_at``: when the newest source was so. ``reports``: what reading the given files turned up.
    ``scratch`` keeps converted files until the data set is let go.
    """

    tables: Mapping[str, TableFiles]
    position: int | None
    chain: str | None
    observed_at: datetime | None
    reports: tuple[ImportReport, ...] = ()
    scratch: object = None


def open(paths: Sequence[Path]) -> Dataset:  # noqa: A001 - reads as dataset.open
    """Open one data directory, or any files the import knows.

    Parquet tables of the declared types are used where they lie, unchecked but for their types; everything else is
    read into a scratch data directory first, with the same checks as an import. Files count as observed when they
    were last changed.

    Raises:
        UserError: nothing is there, a file is refused, or a directory is given together with other things.
    """
    if not paths:
        raise UserError("Chưa cho biết dữ liệu.", remedy="Hãy ghi thư mục dữ liệu hoặc các tệp.")
    for path in paths:
        if not path.exists():
            raise UserError("Không tìm thấy tệp hoặc thư mục.", remedy="Hãy kiểm tra đường dẫn.", where=str(path))
    if len(paths) == 1 and paths[0].is_dir():
        return _directory(paths[0])
    files = [file for path in paths for file in _files(path)]
    return _files_given(files)


def _directory(root: Path) -> Dataset:
    directory = DataDirectory(root)
    if not directory.exists():
        return _files_given(_files(root))
    found = None if (root / ".commit").exists() else tables.current(directory)
    if found is None:
        with directory.writing():
            found = tables.refresh(directory)
    segments = log.read(directory)
    return Dataset(
        tables={name: TableFiles((path,), _all_columns(name)) for name, path in found.items()},
        position=segments[-1].next_position if segments else 0,
        chain=segments[-1].chain if segments else log.GENESIS,
        observed_at=max((segment.observed_at for segment in segments), default=None),
    )


def _all_columns(name: str) -> dict[str, ColumnType]:
    return {column.name: column.type for column in STREAMS[name].columns}


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    files = sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
    if not files:
        raise UserError(
            "Thư mục không có dữ liệu.", remedy="Hãy nhập tệp bằng motcua import TỆP --into THƯ_MỤC.", where=str(path)
        )
    return files


def _files_given(files: Sequence[Path]) -> Dataset:
    changed = max(file.stat().st_mtime for file in files)
    read_at = time.local(datetime.fromtimestamp(changed, tz=UTC)).replace(microsecond=0)
    direct: dict[str, list[Path]] = {}
    others: list[Path] = []
    for file in files:
        table = _exact_table(file)
        if table is None:
            others.append(file)
        else:
            direct.setdefault(table, []).append(file)
    found = {name: TableFiles(tuple(paths), _shared_columns(name, paths=paths)) for name, paths in direct.items()}
    if not others:
        return Dataset(found, position=None, chain=None, observed_at=read_at)
    scratch = _Scratch()
    into = scratch.path / "data"
    # Everything goes through one door then, so that a table given half as Parquet and half as CSV is one table.
    reports, refusals = importing.import_files(files, into=into, options=importing.ImportOptions(observed_at=read_at))
    if refusals:
        raise refusals[0]
    inner = _directory(into)
    return Dataset(
        inner.tables, position=None, chain=None, observed_at=read_at, reports=tuple(reports), scratch=scratch
    )


def _exact_table(file: Path) -> str | None:
    """Return the table a Parquet file is, if its columns already have exactly the declared types."""
    if not columnar.is_parquet(file):
        return None
    kind = sniffing.detect(file, name=file.name)
    stream = STREAMS[kind.removeprefix(kinds.COLUMNAR)]
    schema = parquet.read_schema(file)
    missing = [name for name in stream.needed if name not in schema.names]
    if missing:
        return None
    declared = {column.name: schemas.ARROW[column.type] for column in stream.columns}
    exact = all(_is_read_as(field.type, declared[field.name]) for field in schema if field.name in declared)
    return stream.name if exact else None


def _is_read_as(given: pa.DataType, declared: pa.DataType) -> bool:
    """Tell whether every engine reads the given type as the declared one, only wider or packed otherwise."""
    if pa.types.is_dictionary(given):
        given = given.value_type
    if pa.types.is_string(declared):
        return pa.types.is_string(given) or pa.types.is_large_string(given) or pa.types.is_string_view(given)
    if pa.types.is_integer(declared):
        return pa.types.is_integer(given)
    if pa.types.is_timestamp(declared):
        return pa.types.is_timestamp(given) and given.tz is None
    return bool(given == declared)


def _shared_columns(name: str, *, paths: Sequence[Path]) -> dict[str, ColumnType]:
    present = [set(parquet.read_schema(path).names) for path in paths]
    return {
        column.name: column.type for column in STREAMS[name].columns if all(column.name in names for names in present)
    }
