"""The tables to measure: where they lie, which columns they have, and which of them hold nothing at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from motcua.ingest import dataset as opening

Source = pl.DataFrame | pl.LazyFrame | Path | tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Dữ liệu: the tables by name, each a frame or Parquet files; a table left out is unknown."""

    tables: Mapping[str, Source]
    keeps: object = None
    """What must live as long as the tables are read."""

    @classmethod
    def of_tables(cls, tables: Mapping[str, pl.DataFrame | pl.LazyFrame | str | Path | tuple[Path, ...]]) -> "Dataset":
        """Return the data set of the tables given: frames, or paths of Parquet files."""
        return cls({name: Path(table) if isinstance(table, str) else table for name, table in tables.items()})

    @classmethod
    def open(cls, paths: Sequence[Path]) -> "Dataset":
        """Return the tables of a data directory, or of any files that can be imported.

        Raises:
            UserError: nothing is there, or a file is refused.
        """
        return cls.of_opened(opening.open(paths))

    @classmethod
    def of_opened(cls, opened: opening.Dataset) -> "Dataset":
        """Return the tables of what was opened for reading; it is kept open as long as the data set is."""
        return cls({name: files.paths for name, files in opened.tables.items()}, opened)

    def has(self, table: str) -> bool:
        """Tell whether the table is given."""
        return table in self.tables

    def scan(self, table: str) -> pl.LazyFrame:
        """Return the table as a lazy frame."""
        source = self.tables[table]
        if isinstance(source, pl.DataFrame):
            return source.lazy()
        if isinstance(source, pl.LazyFrame):
            return source
        return pl.scan_parquet(list(source) if isinstance(source, tuple) else source)

    def frame(self, table: str) -> pl.DataFrame:
        """Return a small table whole, an empty frame if it is not given."""
        return self.scan(table).collect() if self.has(table) else pl.DataFrame()

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return all rows of a small table, none if it is not given."""
        return self.scan(table).collect().to_dicts() if self.has(table) else []

    def null_counts(self, table: str, columns: tuple[str, ...]) -> dict[str, int | None]:
        """Return how many cells of each column are unknown; None where all are, or the table lacks the column."""
        source = self.tables[table]
        if isinstance(source, (Path, tuple)):
            return _parquet_nulls((source,) if isinstance(source, Path) else source, columns)
        frame = self.scan(table)
        present = [name for name in columns if name in frame.collect_schema().names()]
        counted = frame.select(pl.len().alias("_rows"), *(pl.col(name).null_count() for name in present)).collect()
        rows = counted.item(0, "_rows")
        counts = {name: counted.item(0, name) for name in present}
        return {name: None if counts.get(name, rows) == rows else counts[name] for name in columns}


def _parquet_nulls(paths: tuple[Path, ...], columns: tuple[str, ...]) -> dict[str, int | None]:
    """Read the counts from the files' own statistics; a column without statistics is taken as partly known."""
    nulls = dict.fromkeys(columns, 0)
    rows = 0
    for path in paths:
        metadata = pq.read_metadata(path)
        rows += metadata.num_rows
        places = {metadata.schema.column(place).path: place for place in range(metadata.num_columns)}
        for name in columns:
            if name in places:
                nulls[name] += sum(
                    _nulls_of(metadata.row_group(group).column(places[name]))
                    for group in range(metadata.num_row_groups)
                )
            else:
                nulls[name] += metadata.num_rows
    return {name: None if count >= rows else count for name, count in nulls.items()}


def _nulls_of(chunk: pq.ColumnChunkMetaData) -> int:
    statistics = chunk.statistics
    return 1 if statistics is None or statistics.null_count is None else int(statistics.null_count)


def known_until(on: date | datetime) -> datetime:
    """Return the last moment known: of a day, its last microsecond; of a moment, itself."""
    return on if isinstance(on, datetime) else datetime.combine(on, datetime.max.time())
