"""Makes a column of outside values the declared type, and tells every value that is not of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from motcua.events.columns import Column, ColumnType
from motcua.ingest import schemas
from motcua.kernel import time
from motcua.kernel.errors import Problem

_INTEGERS = {ColumnType.INT8, ColumnType.INT16, ColumnType.INT32, ColumnType.INT64}

EARLIEST = date(1990, 1, 1)
"""Days before this, and from ``LATEST`` on, are slips of a keyboard or a filler, not dates of a dossier."""
LATEST = date(2100, 1, 1)

_WANTED = {
    ColumnType.TEXT: "chữ",
    ColumnType.BOOL: "true hoặc false (hay 1, 0)",
    ColumnType.FLOAT: "số, dấu chấm trước phần thập phân, ví dụ 12.5",
    ColumnType.MOMENT: f"ngày giờ dạng 2026-03-02T14:05:00 hoặc 2026-03-02, từ năm {EARLIEST.year}",
    ColumnType.DAY: f"ngày dạng 2026-03-02, từ năm {EARLIEST.year}",
}


@dataclass(frozen=True, slots=True)
class Conformed:
    """A column in its declared type, and at which rows (0 = first) a given value had to be left unknown."""

    values: pl.Series
    odd_rows: pl.Series


def wanted(column: Column) -> str:
    """Say in Vietnamese what the column takes."""
    if column.choices:
        return "một trong: " + ", ".join(str(choice) for choice in column.choices)
    if column.type in _INTEGERS:
        return "số nguyên trong khoảng cho phép, ví dụ 12"
    return _WANTED[column.type]


def conform(values: pl.Series, *, column: Column) -> Conformed | None:
    """Return the column in its declared type; None when the column's own type cannot hold such values at all."""
    if isinstance(values.dtype, (pl.Categorical, pl.Enum)):
        values = values.cast(pl.String)
    if values.dtype == pl.Null:
        return Conformed(pl.Series(values.name, [None] * len(values), schemas.POLARS[column.type]), _no_rows())
    if values.dtype == pl.String:
        values = pl.select(values.str.normalize("NFC").str.strip_chars().replace("", None)).to_series()
        typed = _from_text(values, kind=column.type)
    else:
        found = _from_typed(values, kind=column.type)
        if found is None:
            return None
        typed = found
    if column.type == ColumnType.FLOAT:
        typed = pl.select(pl.when(typed.is_finite()).then(typed)).to_series()
    if column.type in {ColumnType.MOMENT, ColumnType.DAY}:
        day = typed.cast(pl.Date)
        typed = pl.select(pl.when((day >= EARLIEST) & (day < LATEST)).then(typed)).to_series()
    if column.choices:
        typed = pl.select(pl.when(typed.is_in(list(column.choices))).then(typed)).to_series()
    odd = (values.is_not_null() & typed.is_null()).arg_true()
    return Conformed(typed.alias(column.name), odd)


def _no_rows() -> pl.Series:
    return pl.Series([], dtype=pl.UInt32)


def _from_text(values: pl.Series, *, kind: ColumnType) -> pl.Series:
    target = schemas.POLARS[kind]
    if kind == ColumnType.TEXT:
        return values
    if values.null_count() == len(values):
        return pl.Series(values.name, [None] * len(values), target)
    if kind == ColumnType.BOOL:
        words = {"true": True, "1": True, "false": False, "0": False}
        return values.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.Boolean)
    if kind in _INTEGERS:
        plain = pl.select(pl.when(values.str.contains(r"^[+-]?[0-9]{1,18}$")).then(values)).to_series()
        return plain.cast(pl.Int64, strict=False).cast(target, strict=False)
    if kind == ColumnType.FLOAT:
        plain = pl.select(
            pl.when(values.str.contains(r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$")).then(values)
        ).to_series()
        return plain.cast(target, strict=False)
    moments = moments_from_text(values)
    return moments if kind == ColumnType.MOMENT else moments.cast(pl.Date)


def moments_from_text(values: pl.Series) -> pl.Series:
    """Read ISO 8601 days and moments as Vietnamese wall-clock time; a moment with a zone is brought to it."""
    found = values.str.strptime(pl.Datetime("us"), "%Y-%m-%dT%H:%M:%S", strict=False, exact=True)
    left = (values.is_not_null() & found.is_null()).arg_true()
    if not len(left):
        return found
    days = values.gather(left).str.strptime(pl.Date, "%Y-%m-%d", strict=False, exact=True).cast(pl.Datetime("us"))
    found = found.scatter(left, days)
    left = (values.is_not_null() & found.is_null()).arg_true()
    if len(left):
        found = found.scatter(left, pl.Series([_moment(text) for text in values.gather(left)], dtype=pl.Datetime("us")))
    return found


def _moment(text: str) -> datetime | None:
    if len(text) < 10 or text[4] != "-":
        return None
    try:
        return time.local(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def _from_typed(values: pl.Series, *, kind: ColumnType) -> pl.Series | None:  # noqa: PLR0911 - one line a type
    target = schemas.POLARS[kind]
    dtype = values.dtype
    if kind == ColumnType.BOOL:
        if dtype == pl.Boolean:
            return values
        if dtype.is_integer():
            return pl.select(pl.when(values.is_in([0, 1])).then(values == 1)).to_series()
        return None
    if kind in _INTEGERS:
        if dtype.is_integer():
            return values.cast(target, strict=False)
        if dtype.is_float():  # pandas writes whole numbers with gaps as floats
            whole = pl.select(pl.when(values == values.floor()).then(values)).to_series()
            return whole.cast(target, strict=False)
        return None
    if kind == ColumnType.FLOAT:
        return values.cast(target, strict=False) if dtype.is_numeric() else None
    if kind in {ColumnType.MOMENT, ColumnType.DAY}:
        if isinstance(dtype, pl.Datetime):
            local = values.dt.convert_time_zone("Etc/GMT-7").dt.replace_time_zone(None) if dtype.time_zone else values
            return local.cast(pl.Datetime("us")).cast(target)
        return values.cast(target) if dtype == pl.Date else None
    return None


def problems(
    conformed: Conformed, *, given: pl.Series, column: Column, where: str, numbers: Sequence[int]
) -> Iterator[Problem]:
    """Tell each value left unknown; ``numbers`` are the rows as a person counts them."""
    remedy = f"Giá trị được để trống (không biết); hãy ghi {wanted(column)} rồi nhập lại."
    for row, value in zip(conformed.odd_rows, given.gather(conformed.odd_rows), strict=True):
        yield Problem(
            where=where, row=numbers[row], column=column.name, what=f"giá trị «{shown(value)}» không dùng được.",
            remedy=remedy,
        )  # fmt: skip


def shown(value: object) -> str:
    """Return a value short enough for a message."""
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
