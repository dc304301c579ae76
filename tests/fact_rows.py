"""Rows of dossiers for the fact tests: all moments close together, so that every edge is met often."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import strategies as st

from motcua.facts import columns, fold
from motcua.facts.options import FactOptions, UnknownDue
from motcua.kernel.time import Period

TYPES = {
    "string": pl.String(),
    "boolean": pl.Boolean(),
    "int8": pl.Int8(),
    "int16": pl.Int16(),
    "int64": pl.Int64(),
    "timestamp": pl.Datetime("us"),
}
SCHEMA = {name: TYPES[kind] for name, kind in columns.COLUMNS.items()}
UNITS = ("H01.1", "H01.2", "H01.2.1", "H01.10")
FIRST = datetime.fromisoformat("2026-02-27")

# Midnight (a day without an hour), closing time, the last second of the day, and whatever lies between.
_TIMES = st.sampled_from([0, 1, 8 * 3600, 17 * 3600, 17 * 3600 + 1, 86_399, 86_400 - 2])
MOMENTS = st.builds(lambda day, second: FIRST + timedelta(days=day, seconds=second), st.integers(0, 7), _TIMES)


def _column(name: str, kind: str) -> st.SearchStrategy[Any]:
    if name == "unit_code":
        return st.sampled_from(UNITS)
    if name == "received_at":
        return st.one_of(MOMENTS, MOMENTS, MOMENTS, st.none())
    values: dict[str, st.SearchStrategy[Any]] = {
        "string": st.just("x"),
        "boolean": st.booleans(),
        "int8": st.integers(0, 3),
        "int16": st.integers(0, 3),
        "int64": st.sampled_from([0, 1, 3600, 86_400]),
        "timestamp": MOMENTS,
    }
    return st.one_of(st.none(), values[kind])


DOSSIERS = st.fixed_dictionaries({name: _column(name, kind) for name, kind in columns.COLUMNS.items()})
OPTIONS = st.builds(
    FactOptions,
    late_if_repeated_supplement=st.booleans(),
    late_if_officer_unnamed=st.booleans(),
    unknown_due=st.sampled_from(UnknownDue),
)
PERIODS = st.builds(
    lambda start, days: Period((FIRST + timedelta(days=start)).date(), (FIRST + timedelta(days=start + days)).date()),
    st.integers(-1, 8),
    st.integers(1, 5),
)


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return the rows as the table the facts read."""
    return pl.DataFrame(rows, schema=SCHEMA)


def counted(
    rows: list[dict[str, Any]], *, unit: str, period: Period, on: datetime, options: FactOptions
) -> dict[str, int]:
    """Count the dossier measures of a unit one dossier at a time."""
    counts = dict.fromkeys(_MEASURES, 0)
    for row in rows:
        if row["unit_code"] != unit and not row["unit_code"].startswith(f"{unit}."):
            continue
        fact = fold.facts(row, on=on, options=options)
        is_on_time = fold.is_on_time(fact, period=period, on=on)
        for prefix, is_in in (("", fold.is_received), ("handled_", fold.is_handled)):
            if not is_in(fact, period=period):
                continue
            for name, flag in _FLAGS.items():
                counts[f"dossiers.{prefix}{name}"] += bool(getattr(fact, flag))
            counts[f"dossiers.{prefix}on_time"] += is_on_time
            counts[f"dossiers.{prefix}satisfied"] += is_on_time and not fact.is_complained
        if fold.is_handled(fact, period=period):
            counts["dossiers.handled"] += 1
        if fold.is_received(fact, period=period):
            counts["dossiers.received"] += 1
            counts["dossiers.online"] += fact.is_online
            counts["dossiers.postal"] += fact.is_postal
            counts["dossiers.direct"] += not fact.is_online and not fact.is_postal
            counts["dossiers.online_counted"] += fact.is_online_counted
            counts["dossiers.online_on_time"] += fact.is_online and is_on_time
            counts["dossiers.synced"] += fact.is_synced
    return counts


_FLAGS = {
    "due_unknown": "is_due_unknown",
    "result_required": "is_result_required",
    "electronic_result": "has_electronic_result",
    "digitised": "is_digitised",
    "reused": "is_reused",
    "shared": "is_shared",
    "population_data": "has_population_data",
    "fee_due": "is_fee_due",
    "paid_online": "is_paid_online",
}
_MEASURES = [
    *(f"dossiers.{prefix}{name}" for prefix in ("", "handled_") for name in (*_FLAGS, "on_time", "satisfied")),
    *(f"dossiers.{name}" for name in ("received", "handled", "online", "postal", "direct", "online_counted")),
    *("dossiers.online_on_time", "dossiers.synced"),
]
