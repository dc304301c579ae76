"""Rows of a query as a frame, through COPY: for hundreds of thousands of rows, which a cursor hands over one by one."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from django.db.backends.base.base import BaseDatabaseWrapper

_NOTHING = "\\N"


def frame(
    connection: BaseDatabaseWrapper, sql: str, values: Sequence[Any], *, schema: Mapping[str, Any]
) -> pl.DataFrame:
    """Return the rows in the columns of the schema.

    Args:
        connection: Django's.
        sql: a query without a semicolon; its moments and days are asked as numbers, its truths as 0 and 1.
        values: of its placeholders.
        schema: the names and types of its columns, in order.
    """
    found = io.BytesIO()
    with (
        connection.cursor() as database,
        database.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv, NULL '{_NOTHING}')", values or None) as copy,
    ):
        for part in copy:
            found.write(part)
    if not found.tell():
        return pl.DataFrame(schema=dict(schema))
    found.seek(0)
    return pl.read_csv(found, has_header=False, schema=dict(schema), null_values=_NOTHING, empty_string_is_null=False)
