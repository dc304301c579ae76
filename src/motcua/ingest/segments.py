"""Writes the events of one import, one Parquet segment per stream."""

import dataclasses
from collections.abc import Mapping, Sequence
from concurrent import futures
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import parquet

from motcua.events.columns import Column
from motcua.events.streams import STREAMS
from motcua.ingest import log, schemas
from motcua.ingest.reading import Batch

_ROW_GROUP = 131_072


class SegmentWriter:
    """Gathers the batches of one stream and writes them to one file, in order."""

    def __init__(self, path: Path, *, stream: str, source: str, observed_at: datetime) -> None:
        """Begin the segment; its file appears with the first events."""
        self.stream = stream
        self._stream = STREAMS[stream]
        self._source = source
        self._observed_at = observed_at
        self._path = path
        self._schema = schemas.event_schema(self._stream)
        self._writer: parquet.ParquetWriter | None = None
        self._waiting: list[pl.DataFrame] = []
        self._waiting_rows = 0
        self._threads: futures.ThreadPoolExecutor | None = None
        self._writing: futures.Future[None] | None = None
        self.rows = 0

    def add(self, batch: Batch) -> int:
        """Take over the batch's events and return how many they are."""
        frame = self._frame(batch.columns)
        if frame.height:
            self._waiting.append(frame)
            self._waiting_rows += frame.height
            self.rows += frame.height
            if self._waiting_rows >= _ROW_GROUP:
                self._write_beside()
        return frame.height

    def close(self) -> None:
        """Give up the file as it is."""
        if self._threads is not None:
            self._threads.shutdown(wait=True)
            self._threads = None
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def finish(self, *, after: log.Segment | None, raw: str, hashes: tuple[str, str, str]) -> log.Segment:
        """Write what is left, let the file say what it is, and return its line of the log, chained to ``after``.

        ``hashes``: of the decisions, the mapping and the tables that ``raw`` was read with.
        """
        self._settle()
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self._write(waiting)
        assert self._writer is not None  # noqa: S101 - only a writer with rows is finished
        line = log.Segment(
            position=after.next_position if after else 0,
            rows=self.rows,
            stream=self.stream,
            segment=self._path.name,
            source=self._source,
            raw=raw,
            observed_at=self._observed_at,
            sha256="",
            previous=after.chain if after else log.GENESIS,
            chain="",
            decisions=hashes[0],
            mapping=hashes[1],
            matched=hashes[2],
        )
        self._writer.add_key_value_metadata(log.described(line))
        self.close()
        sha256 = log.file_sha256(self._path)
        return dataclasses.replace(line, sha256=sha256, chain=log.chain(previous=line.previous, sha256=sha256))

    def _write_beside(self) -> None:
        """Write what has gathered while the reader goes on; at most one row group waits."""
        self._settle()
        waiting, self._waiting, self._waiting_rows = self._waiting, [], 0
        if self._threads is None:
            self._threads = futures.ThreadPoolExecutor(max_workers=1)
        self._writing = self._threads.submit(self._write, waiting)

    def _settle(self) -> None:
        """Wait for the row group being written; its errors are raised here."""
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.result()

    def _write(self, waiting: Sequence[pl.DataFrame]) -> None:
        frame = pl.concat(waiting)
        table = frame.to_arrow().cast(self._schema)
        if self._writer is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = parquet.ParquetWriter(self._path, self._schema, compression="zstd")
        self._writer.write_table(table, row_group_size=_ROW_GROUP)

    def _frame(self, columns: Mapping[str, Any]) -> pl.DataFrame:
        unknown = set(columns) - {column.name for column in self._stream.columns}
        if unknown:
            raise ValueError(f"{self._stream.name} has no columns {sorted(unknown)}")
        given = {column.name: _series(columns[column.name], column=column) for column in self._stream.columns
                 if column.name in columns}  # fmt: skip
        rows = len(next(iter(given.values()))) if given else 0
        frame = pl.DataFrame(
            {
                column.name: given.get(column.name, pl.Series([None] * rows, dtype=schemas.POLARS[column.type]))
                for column in self._stream.columns
            }
        )
        for column in self._stream.columns:
            if column.is_key and frame[column.name].null_count():
                raise ValueError(f"{self._stream.name}.{column.name} must not be unknown: refuse the row")
        return frame.with_columns(
            pl.lit(self._source).alias("source"),
            pl.lit(self._observed_at, dtype=pl.Datetime("us")).alias("observed_at"),
        )


def _series(values: Any, *, column: Column) -> pl.Series:
    target = schemas.POLARS[column.type]
    if isinstance(values, pl.Series):
        found = values
    elif isinstance(values, (pa.Array, pa.ChunkedArray)):
        arrow = pl.from_arrow(values)
        assert isinstance(arrow, pl.Series)  # noqa: S101 - an array always gives a series
        found = arrow
    elif isinstance(values, np.ndarray):
        found = pl.Series(values)
    else:
        return pl.Series(column.name, values, dtype=target, strict=True)
    return (found if found.dtype == target else found.cast(target, strict=True)).alias(column.name)
