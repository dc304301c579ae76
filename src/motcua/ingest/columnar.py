"""The project's own columnar format, Parquet or CSV: one file a table, columns as ``docs/dev/seams.md`` names them."""

import csv
import difflib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from motcua.events.streams import OBSERVATION_COLUMNS, STREAMS, Stream
from motcua.ingest import conforming
from motcua.ingest.reading import Batch, ImportContext
from motcua.kernel.errors import Problem, UserError

_ROWS = 65_536
_HEADER_BYTES = 65_536
_HOPELESS = 10_000
_KNOWN_BESIDE = frozenset(column.name for column in OBSERVATION_COLUMNS)


def recognise(*, name: str, columns: Sequence[str]) -> str | None:
    """Return the table a file with these columns is, by its name's stem or by its columns; None if it is none.

    Raises:
        UserError: the columns fit two tables equally well.
    """
    given = set(columns)
    stem = Path(name).stem.lower()
    for stream in STREAMS.values():
        named = stem == stream.name or stem.startswith(tuple(stream.name + mark for mark in "-_. "))
        if named and given & set(stream.needed):
            return stream.name
    fits = [stream for stream in STREAMS.values() if given >= set(stream.needed)]
    ranked = sorted(fits, key=lambda stream: len(given & {column.name for column in stream.columns}), reverse=True)
    if not ranked:
        return None
    best = [s for s in ranked if _overlap(s, given) == _overlap(ranked[0], given)]
    if len(best) > 1:
        raise UserError(
            f"Các cột hợp với nhiều bảng: {', '.join(stream.name for stream in best)}.",
            remedy=f"Hãy đặt tên tệp theo bảng, ví dụ {best[0].name}.csv, hoặc thêm --as columnar-{best[0].name}.",
            where=name,
        )
    return best[0].name


def _overlap(stream: Stream, given: set[str]) -> int:
    return len(given & {column.name for column in stream.columns})


def header(path: Path) -> tuple[list[str], str]:
    """Return a CSV file's headings and its separator; no headings if the first line is no CSV text."""
    with path.open("rb") as file:
        start = file.read(_HEADER_BYTES)
    try:
        first = start.decode("utf-8-sig", errors="strict" if len(start) < _HEADER_BYTES else "ignore")
    except UnicodeDecodeError:
        return [], ","
    first = first.replace("\r\n", "\n").replace("\r", "\n").split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        row = next(csv.reader(io.StringIO(first), delimiter=separator), [])
    except csv.Error:
        return [], separator
    return [name.strip() for name in row], separator


def read(path: Path, *, context: ImportContext) -> Iterator[Batch]:
    """Read a table file in batches; which table is told by ``--as``, the file's name or its columns.

    Raises:
        UserError: the file is damaged, is no table of ours, or lacks a needed column.
    """
    if is_parquet(path):
        yield from _read_parquet(path, context=context)
    else:
        yield from _read_csv(path, context=context)


def is_parquet(path: Path) -> bool:
    """Tell whether the file begins as Parquet does."""
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def parquet_columns(path: Path, *, name: str) -> list[str]:
    """Return the columns of a Parquet file.

    Raises:
        UserError: the file is damaged.
    """
    try:
        return pyarrow.parquet.read_schema(path).names
    except (pa.ArrowException, OSError) as error:
        raise _damaged(name, form="Parquet") from error


def _read_parquet(path: Path, *, context: ImportContext) -> Iterator[Batch]:
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            stream = _stream(context=context, columns=file.schema_arrow.names)
            warnings = _unknown_columns(stream, given=file.schema_arrow.names, where=context.name)
            wanted = [column.name for column in stream.columns if column.name in set(file.schema_arrow.names)]
            row = 1
            for batch in file.iter_batches(batch_size=_ROWS, columns=wanted):
                frame = _frame(pa.Table.from_batches([batch]))
                yield _batch(frame, stream=stream, where=context.name, first_row=row, warnings=warnings)
                context.advance(batch.num_rows)
                warnings, row = [], row + batch.num_rows
            if row == 1:
                yield Batch(stream=stream.name, columns={}, rows_read=0, warnings=warnings)
    except (pa.ArrowException, OSError, pl.exceptions.PolarsError) as error:
        raise _damaged(context.name, form="Parquet") from error


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table always gives a frame
    return frame


def _damaged(name: str, *, form: str) -> UserError:
    return UserError(
        f"Tệp {form} bị hỏng, bị cắt cụt hoặc sai mã ký tự.",
        remedy="Hãy xuất lại tệp (CSV: mã UTF-8) rồi nhập lại; chưa có gì được ghi.",
        where=name,
    )


def _read_csv(path: Path, *, context: ImportContext) -> Iterator[Batch]:
    names, separator = header(path)
    stream = _stream(context=context, columns=names)
    warnings = _unknown_columns(stream, given=names, where=context.name)
    wanted = [column.name for column in stream.columns if column.name in set(names)]
    refused: list[Problem] = []

    def refuse(line: pyarrow.csv.InvalidRow) -> Literal["skip", "error"]:
        refused.append(
            Problem(
                where=context.name,
                row=line.number,
                what=f"dòng có {line.actual_columns} ô, tiêu đề có {line.expected_columns} cột.",
                remedy="Dòng này không được nhập; hãy sửa dấu phân cách hoặc dấu ngoặc kép rồi nhập lại.",
            )
        )
        # So many lines and not one that fits: this is no table, and telling each would fill the memory.
        return "error" if len(refused) > _HOPELESS and row == 2 else "skip"

    row = 2
    try:
        with pyarrow.csv.open_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(use_threads=False, block_size=4 << 20),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=separator, newlines_in_values=True, invalid_row_handler=refuse
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={name: pa.string() for name in names},
                include_columns=wanted,
                null_values=[""],
                strings_can_be_null=True,
            ),
        ) as file:
            for batch in file:
                frame = _frame(pa.Table.from_batches([batch]))
                yield _batch(
                    frame, stream=stream, where=context.name, first_row=row, warnings=warnings, refused=refused
                )
                context.advance(batch.num_rows)
                row += batch.num_rows + len(refused)
                refused.clear()
                warnings = []
            if refused or row == 2:
                yield Batch(
                    stream=stream.name, columns={}, rows_read=len(refused), refused=tuple(refused), warnings=warnings
                )
    except (pa.ArrowException, OSError, pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise _damaged(context.name, form="CSV") from error


def _stream(*, context: ImportContext, columns: Sequence[str]) -> Stream:
    repeated = sorted({name for name in columns if columns.count(name) > 1})
    if repeated:
        raise UserError(
            f"Tiêu đề lặp lại: {', '.join(repeated)}.", remedy="Mỗi cột chỉ được ghi một lần.", where=context.name
        )
    name = context.table or recognise(name=context.name, columns=columns)
    if name is None:
        raise UserError(
            "Không nhận ra đây là bảng nào.",
            remedy=f"Hãy đặt tên tệp theo bảng ({', '.join(STREAMS)}) và dùng đúng tên cột trong tài liệu.",
            where=context.name,
        )
    stream = STREAMS[name]
    missing = [needed for needed in stream.needed if needed not in set(columns)]
    if missing:
        raise UserError(
            f"Bảng «{stream.name}» thiếu cột bắt buộc: {', '.join(missing)}.",
            remedy=f"Hãy thêm cột{_nearest(missing, columns)}; cột không có số liệu khác thì được phép thiếu.",
            where=context.name,
        )
    return stream


def _nearest(missing: Sequence[str], given: Sequence[str]) -> str:
    alike = [near[0] for name in missing if (near := difflib.get_close_matches(name, given, n=1))]
    return f" (có phải là {', '.join(f'«{name}»' for name in alike)}?)" if alike else ""


def _unknown_columns(stream: Stream, *, given: Sequence[str], where: str) -> list[Problem]:
    known = {column.name for column in stream.columns} | _KNOWN_BESIDE
    return [
        Problem(
            where=where,
            column=conforming.shown(name),
            what=f"bảng «{stream.name}» không có cột này nên cột bị bỏ qua.",
            remedy=f"Hãy kiểm tra chính tả{_nearest([name], [column.name for column in stream.columns])}.",
        )
        for name in given
        if name not in known
    ]


def _batch(
    frame: pl.DataFrame,
    *,
    stream: Stream,
    where: str,
    first_row: int,
    warnings: Sequence[Problem] = (),
    refused: Sequence[Problem] = (),
) -> Batch:
    """Conform every column, refuse rows without their key, and say so."""
    columns: dict[str, pl.Series] = {}
    found: list[Problem] = []
    numbers = _numbers(frame.height, first_row=first_row, skipped=[problem.row or 0 for problem in refused])
    no_key: dict[int, tuple[str, object]] = {}
    for column in stream.columns:
        if column.name not in frame.columns:
            continue
        given = frame[column.name]
        conformed = conforming.conform(given, column=column)
        if conformed is None:
            raise UserError(
                f"Cột «{column.name}» có kiểu {given.dtype}, không phải {conforming.wanted(column)}.",
                remedy="Hãy đổi kiểu của cột rồi nhập lại.",
                where=where,
            )
        columns[column.name] = conformed.values
        unusable = conformed.odd_rows.to_list()
        if column.is_key:
            unusable = conformed.values.is_null().arg_true().to_list()
        if column.is_needed:
            for row in unusable:
                no_key.setdefault(row, (column.name, given[row]))
        else:
            found.extend(conforming.problems(conformed, given=given, column=column, where=where, numbers=numbers))
    told = [
        Problem(
            where=where,
            row=numbers[row],
            column=name,
            what="thiếu giá trị bắt buộc."
            if value is None
            else f"giá trị «{conforming.shown(value)}» không dùng được.",
            remedy=f"Dòng này không được nhập; hãy ghi {conforming.wanted(stream.column(name))} rồi nhập lại.",
        )
        for row, (name, value) in sorted(no_key.items())
    ]
    if no_key:
        keep = pl.Series([row not in no_key for row in range(frame.height)], dtype=pl.Boolean)
        columns = {name: values.filter(keep) for name, values in columns.items()}
        gone = {numbers[row] for row in no_key}
        found = [problem for problem in found if problem.row not in gone]
    return Batch(
        stream=stream.name,
        columns=columns,
        rows_read=frame.height + len(refused),
        refused=(*refused, *told),
        problems=found,
        warnings=warnings,
    )


def _numbers(height: int, *, first_row: int, skipped: Sequence[int]) -> Sequence[int]:
    """Return the number a person sees at each row, lines that were no rows counted."""
    if not skipped:
        return range(first_row, first_row + height)
    gone = set(skipped)
    return [number for number in range(first_row, first_row + height + len(gone)) if number not in gone][:height]
