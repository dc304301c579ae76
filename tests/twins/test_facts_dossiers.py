"""The bulk expression on two engines, the plain fold and the profile say the same of every dossier."""

from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import ibis  # type: ignore[import-untyped]  # ibis ships no types
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fact_rows
from motcua.facts import columns, dossiers, engine, fold, listing
from motcua.facts.dataset import Dataset
from motcua.facts.options import FactOptions
from motcua.kernel.time import Period

# The compiled plan of a draw takes longer than its rows, so each draw brings many rows.
ROWS = st.lists(fact_rows.DOSSIERS, min_size=1, max_size=60)


def _expression(on: datetime, options: FactOptions) -> Any:
    table = ibis.table(ibis.schema(columns.COLUMNS), name="dossiers")
    return dossiers.facts(table, on=on, options=options)


def _on_polars(frame: pl.DataFrame, expression: Any) -> pl.DataFrame:
    plan: pl.LazyFrame = ibis.polars.connect({"dossiers": frame.lazy()}).compile(expression)
    found: pl.DataFrame = plan.collect()
    return found


def _on_duckdb(frame: pl.DataFrame, expression: Any) -> pl.DataFrame:
    with duckdb.connect() as connection:
        connection.register("dossiers", frame.to_arrow())
        found: pl.DataFrame = connection.sql(ibis.to_sql(expression, dialect="duckdb")).pl()
        return found


@pytest.mark.law("Mô tả công thức tính chỉ số 766", "chỉ số 2.1")
@settings(max_examples=20)
@given(rows=ROWS, on=fact_rows.MOMENTS, options=fact_rows.OPTIONS)
def test_two_engines_and_the_fold_say_the_same_of_every_dossier(
    rows: list[dict[str, Any]], on: datetime, options: FactOptions
) -> None:
    rows = [row | {"dossier_code": f"{place:03}"} for place, row in enumerate(rows)]
    frame, expression = fact_rows.frame(rows), _expression(on, options)

    polars, duck = _on_polars(frame, expression), _on_duckdb(frame, expression)

    expected = [
        {"dossier_code": row["dossier_code"]} | asdict(fold.facts(row, on=on, options=options))
        for row in rows
        if fold.known(row["received_at"], on=on)
    ]
    for found in (polars, duck):
        by_code = {row["dossier_code"]: row for row in found.to_dicts()}
        assert by_code.keys() == {row["dossier_code"] for row in expected}
        for row in expected:
            assert {name: by_code[row["dossier_code"]][name] for name in row} == row


@settings(max_examples=25)
@given(
    rows=ROWS,
    periods=st.lists(fact_rows.PERIODS, min_size=1, max_size=3),
    on=fact_rows.MOMENTS,
    options=fact_rows.OPTIONS,
)
def test_the_measures_are_what_counting_one_by_one_gives(
    rows: list[dict[str, Any]], periods: list[Period], on: datetime, options: FactOptions
) -> None:
    dataset = Dataset.of_tables({"dossiers": fact_rows.frame(rows)})

    measured = engine.measure_each(dataset, periods=periods, on=on, options=options)

    for period, found in zip(periods, measured, strict=True):
        for unit in found.units:
            expected = fact_rows.counted(rows, unit=unit, period=period, on=on, options=options)
            place = found.units.index(unit)
            assert {name: int(found.values[name][place]) for name in expected if found.known[name][place]} == {
                name: count for name, count in expected.items() if found.known[name][place]
            }


@settings(max_examples=15)
@given(rows=ROWS, period=fact_rows.PERIODS, days=st.integers(0, 9), options=fact_rows.OPTIONS)
def test_the_profile_gives_what_measuring_on_that_day_gives(
    rows: list[dict[str, Any]], period: Period, days: int, options: FactOptions
) -> None:
    # One end a dossier: of two, an earlier day knows only the first (docs/dev/facts.md).
    rows = [
        row
        | dict.fromkeys(("returned_at", "refused_at", "stopped_at", "withdrawn_at", "supplement_waiting_since"))
        | {"received_at": row["received_at"] or fact_rows.FIRST}
        for row in rows
    ]
    dataset = Dataset.of_tables({"dossiers": fact_rows.frame(rows)})
    on = fact_rows.FIRST.date() + timedelta(days=days)
    profile = engine.profile(dataset, on=fact_rows.FIRST.date() + timedelta(days=9), options=options)

    found, expected = (
        profile.totals(period=period, on=on),
        engine.measure(dataset, period=period, on=on, options=options),
    )

    for unit in expected.units:
        of_dossiers = {name: count for name, count in expected.of(unit).items() if name.startswith("dossiers.")}
        assert {name: found.of(unit)[name] for name in of_dossiers} == of_dossiers


@settings(max_examples=12)
@given(rows=ROWS, period=fact_rows.PERIODS, on=fact_rows.MOMENTS, options=fact_rows.OPTIONS)
def test_listed_dossiers_are_as_many_as_the_measures_count_and_each_says_why(
    rows: list[dict[str, Any]], period: Period, on: datetime, options: FactOptions
) -> None:
    dataset = Dataset.of_tables({"dossiers": fact_rows.frame(rows)})
    listed = engine.dossiers(dataset, unit="H01", period=period, on=on, options=options)

    expected = fact_rows.counted(rows, unit="H01", period=period, on=on, options=options)

    for name, count in expected.items():
        assert listed.filter(listing.counted(name)).height == count, name
        whole = "dossiers.handled" if "handled" in name else "dossiers.received"
        lost = listing.losing(listed, numerator=name, denominator=whole, options=options)
        assert lost.height == expected[whole] - count, name
        if lost.height and "due_unknown" not in name:
            assert lost["reasons"].list.len().min() >= 1, name  # type: ignore[operator]


@pytest.mark.spark
def test_the_same_expression_runs_on_spark(tmp_path: Path) -> None:
    pyspark = pytest.importorskip("pyspark.sql")
    frame = fact_rows.frame(_some_rows())
    on, options = datetime.fromisoformat("2026-03-05T23:59:59"), FactOptions(late_if_repeated_supplement=True)
    frame.write_parquet(tmp_path / "dossiers.parquet")
    session = (
        pyspark.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "Asia/Ho_Chi_Minh")
        .getOrCreate()
    )
    try:
        backend = ibis.pyspark.connect(session)
        session.read.parquet(str(tmp_path / "dossiers.parquet")).createOrReplaceTempView("dossiers")
        # Through a file: no pandas in between.
        session.sql(backend.compile(_expression(on, options))).write.parquet(str(tmp_path / "facts"))
    finally:
        session.stop()

    found = pl.read_parquet(tmp_path / "facts" / "*.parquet").sort("dossier_code")
    expected = _on_polars(frame, _expression(on, options)).sort("dossier_code")
    assert found.height == 90
    assert found.to_dicts() == expected.to_dicts()


def _some_rows() -> list[dict[str, Any]]:
    """Return a few dozen rows, the same every time."""
    rows = []
    names = [name for name in fact_rows.SCHEMA if name.endswith(("_at", "_since"))]
    for number in range(96):
        row: dict[str, Any] = dict.fromkeys(fact_rows.SCHEMA)
        row |= {"dossier_code": f"{number:03}", "unit_code": "H01.1", "supplement_requests": number % 4}
        row |= {name: (number + place) % 3 == 0 for place, name in enumerate(fact_rows.SCHEMA) if "has_" in name}
        for place, name in enumerate(names):
            if (number * 7 + place * 5) % 4 or name == "received_at":
                row[name] = fact_rows.FIRST + timedelta(hours=(number * 13 + place * 17) % 180)
        row["supplement_seconds"] = (number % 5) * 3600 if number % 2 else None
        row["channel"], row["payment_place"] = number % 4 or None, number % 4
        rows.append(row)
    return rows
