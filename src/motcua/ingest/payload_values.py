"""Reads the values of payload records: texts, moments ``yyyyMMddHHmmss``, codes, and codes for people."""

import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime
from datetime import time as clock
from functools import lru_cache

import polars as pl

from motcua.ingest.conforming import EARLIEST, LATEST
from motcua.ingest.payload_records import Scalar
from motcua.kernel import text, time

_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?")

# .NET writes an absent date as its smallest one: it says "none", not a wrong day.
_NO_DATE = ("0001-01-01", "00010101", "01/01/0001", "1/1/0001")


def plain(value: Scalar) -> str | None:
    """Return a scalar as trimmed text, None for nothing; a whole number loses the point a float gave it."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def texts(values: Sequence[Scalar]) -> list[str | None]:
    """Return a column as trimmed text."""
    return [
        (value.strip() or None) if type(value) is str else None if value is None else plain(value) for value in values
    ]


def moments(values: Sequence[Scalar]) -> tuple[pl.Series, list[int]]:
    """Return a column of moments and the rows whose value is no moment a dossier can have."""
    given = pl.Series(texts(values), dtype=pl.String)
    if given.null_count() == len(given):
        return pl.Series([None] * len(given), dtype=pl.Datetime("us")), []
    found = given.str.strptime(pl.Datetime("us"), "%Y%m%d%H%M%S", strict=False, exact=True)
    odd: list[int] = []
    usual = (given.str.len_bytes() == 14) & (found.dt.year() >= EARLIEST.year) & (found.dt.year() < LATEST.year)
    others = (given.is_not_null() & ~usual.fill_null(value=False)).arg_true()
    if len(others):
        read: list[datetime | None] = []
        for row, value in zip(others.to_list(), given.gather(others).to_list(), strict=True):
            moment = one_moment(value)
            read.append(moment)
            if moment is None and not value.startswith(_NO_DATE):
                odd.append(row)
        found = found.scatter(others, pl.Series(read, dtype=pl.Datetime("us")))
    return found, odd


def one_moment(value: Scalar) -> datetime | None:
    """Read one moment: ``yyyyMMdd[HHmm[ss]]``, ISO 8601, or day first; None if it is none of these."""
    given = plain(value)
    if given is None or len(given) > 40:
        return None
    try:
        if found := _COMPACT.fullmatch(given):
            year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
            moment = datetime.combine(date(year, month, day), clock(hour, minute, second))
        elif found := _DAY_FIRST.fullmatch(given):
            day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
            moment = datetime.combine(date(year, month, day), clock(hour, minute, second))
        elif len(given) >= 10 and given[4] == "-":
            moment = time.local(datetime.fromisoformat(given))
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return moment if EARLIEST <= moment.date() < LATEST else None


def codes(values: Sequence[Scalar], *, allowed: frozenset[int]) -> tuple[list[int | None], list[int]]:
    """Return a column of small codes and the rows whose value is none of those allowed."""
    known: dict[str | None, int] = {str(code): code for code in allowed}
    found: list[int | None] = []
    odd: list[int] = []
    for row, value in enumerate(values):
        given = value if type(value) is str and value in known else plain(value)
        code = known.get(given)
        if code is None and given is not None:
            code = known.get(given.lstrip("0"))  # "04"
            if code is None:
                odd.append(row)
        found.append(code)
    return found, odd


YES = frozenset({"1", "true", "True", "TRUE"})
NO = frozenset({"0", "false", "False", "FALSE"})


def flag(value: Scalar) -> bool | None:
    """Read "1"/"0" in the ways feeds write it; None for nothing and for anything else."""
    if type(value) is not str:
        value = plain(value)
    if value in YES:
        return True
    if value in NO:
        return False
    return None


@lru_cache(maxsize=200_000)
def officer_code(name: str, unit: str) -> str:
    """Return the code that stands for an officer of a unit: always the same, and not the name.

    It keeps names out of events, tables and pages. It is no secret: who knows all names of a unit can find them again.
    """
    return "cb-" + hashlib.sha256(f"{text.fold(name)}|{unit}".encode()).hexdigest()[:8]
