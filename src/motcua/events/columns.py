"""How an event's columns are declared: a type, a meaning, and whether a table file must have the column."""

from dataclasses import MISSING, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class ColumnType(StrEnum):
    """What a column holds, the same in Parquet, CSV and memory. An empty value is unknown in every type."""

    TEXT = "text"
    """Unicode text in NFC."""
    BOOL = "bool"
    INT8 = "int8"
    INT16 = "int16"
    INT32 = "int32"
    INT64 = "int64"
    FLOAT = "float"
    """IEEE double."""
    MOMENT = "moment"
    """Vietnamese wall-clock time without zone, to the microsecond."""
    DAY = "day"
    """A calendar day of Vietnam."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a stream.

    ``is_needed``: a table file without the column is refused. ``is_key``: a row without a value is refused too.
    ``choices``: the only texts or codes allowed; empty = free.
    """

    name: str
    type: ColumnType
    meaning: str
    is_needed: bool = False
    is_key: bool = False
    choices: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What every event carries: which kind of source said it, and when that source was so."""

    source: str
    observed_at: datetime


def key(kind: ColumnType, meaning: str, *, choices: tuple[str | int, ...] = ()) -> Any:
    """Declare a column every row must have a value in."""
    return field(metadata={"column": (kind, meaning, True, True, choices)})


def needed(kind: ColumnType, meaning: str, *, choices: tuple[str | int, ...] = ()) -> Any:
    """Declare a column every table must have, whose value may be unknown in a row."""
    return field(default=None, metadata={"column": (kind, meaning, True, False, choices)})


def optional(kind: ColumnType, meaning: str, *, choices: tuple[str | int, ...] = ()) -> Any:
    """Declare a column a source may not have."""
    return field(default=None, metadata={"column": (kind, meaning, False, False, choices)})


def columns_of(event: type) -> tuple[Column, ...]:
    """Return the declared columns of an event class in their order, without ``source`` and ``observed_at``."""
    found = []
    for name, declared in event.__dataclass_fields__.items():  # type: ignore[attr-defined]
        if "column" in declared.metadata:
            kind, meaning, is_needed, is_key, choices = declared.metadata["column"]
            assert is_key == (declared.default is MISSING), name  # noqa: S101 - a slip in a declaration, not input
            found.append(Column(name, kind, meaning, is_needed, is_key, choices))
    return tuple(found)
