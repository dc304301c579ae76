"""The columnar schemas of the streams in Arrow and Polars, derived from the event classes."""

import polars as pl
import pyarrow as pa

from motcua.events.columns import ColumnType
from motcua.events.streams import OBSERVATION_COLUMNS, Stream

ARROW: dict[ColumnType, pa.DataType] = {
    ColumnType.TEXT: pa.string(),
    ColumnType.BOOL: pa.bool_(),
    ColumnType.INT8: pa.int8(),
    ColumnType.INT16: pa.int16(),
    ColumnType.INT32: pa.int32(),
    ColumnType.INT64: pa.int64(),
    ColumnType.FLOAT: pa.float64(),
    ColumnType.MOMENT: pa.timestamp("us"),
    ColumnType.DAY: pa.date32(),
}

POLARS: dict[ColumnType, pl.DataType] = {
    ColumnType.TEXT: pl.String(),
    ColumnType.BOOL: pl.Boolean(),
    ColumnType.INT8: pl.Int8(),
    ColumnType.INT16: pl.Int16(),
    ColumnType.INT32: pl.Int32(),
    ColumnType.INT64: pl.Int64(),
    ColumnType.FLOAT: pl.Float64(),
    ColumnType.MOMENT: pl.Datetime("us"),
    ColumnType.DAY: pl.Date(),
}


def table_schema(stream: Stream) -> pa.Schema:
    """Return the Arrow schema of a stream's table: its own columns, in order."""
    return pa.schema([pa.field(column.name, ARROW[column.type]) for column in stream.columns])


def event_schema(stream: Stream) -> pa.Schema:
    """Return the Arrow schema of a stream's events: the table's columns, then ``source`` and ``observed_at``."""
    return pa.schema([pa.field(column.name, ARROW[column.type]) for column in (*stream.columns, *OBSERVATION_COLUMNS)])
