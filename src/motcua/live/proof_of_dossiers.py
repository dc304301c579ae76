"""Each dossier as the projector keeps it against the dossier as the log tells it, column by column.

Two questions of each: is its row what its events say, and is it counted by what its row says. The second is answered by
the expression of the spine (``facts.dossiers``), not by the fold with which the projector counts.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from django.db import connection

from motcua.facts import fold, plans
from motcua.facts.columns import COLUMNS, FLAGS, POLARS_TYPES
from motcua.facts.options import FactOptions
from motcua.live import copied, losing_marks

COMPARED = (
    "unit_code", "procedure_code", "channel", "received_at", "due_at", "resolved_at", "returned_at", "refused_at",
    "stopped_at", "withdrawn_at", "officer_code", "result_required", "has_component_file", "has_reused_component",
    "has_result_file", "fee_bearing", "payment_place", "supplement_requests", "supplement_seconds",
    "supplement_waiting_since",
)  # fmt: skip
_COUNTS = ("supplement_requests", "supplement_seconds")
"""Columns in which nothing told means none."""
_COUNTED_BY = ("unit_code", "flags", "received_on", "ended_on", "open_due_at", "officer_code", "reasons")
_EVER = datetime(2262, 1, 1)  # noqa: DTZ001 - the last year that engines know; wall-clock time without zone
_TYPES = {name: POLARS_TYPES[kind] for name, kind in COLUMNS.items()}
_MOMENTS = tuple(name for name, kind in COLUMNS.items() if kind == "timestamp")
_KEPT: dict[str, Any] = {
    "dossier_code": pl.String(), "unit_code": pl.String(), "flags": pl.Int32(), "received_on": pl.Int32(),
    "ended_on": pl.Int32(), "open_due_at": pl.Int64(), "officer_code": pl.String(), "reasons": pl.Int32(),
    "row": pl.String(),
}  # fmt: skip
_SQL = """
SELECT code, unit_code, flags, lower(days) - '1970-01-01'::date, upper(days) - 1 - '1970-01-01'::date,
    (extract(epoch FROM open_due_at AT TIME ZONE 'Asia/Ho_Chi_Minh') * 1000000)::bigint, officer_code, reasons,
    row::text
FROM live_livedossier WHERE days IS NOT NULL
"""

Found = tuple[str, str, str, str]
"""Dossier, what differs, live, recomputed."""


def compare(recomputed: pl.DataFrame, *, codes: Sequence[str] | None, options: FactOptions) -> Iterator[Found]:
    """Go through everything in which the kept dossiers differ.

    Args:
        recomputed: the dossiers as the log tells them (``bulk.dataset``).
        codes: the dossiers to compare; None: all.
        options: how the rule set reads the facts.
    """
    there = _whole(recomputed)
    kept = _kept(codes)
    here = kept.select("dossier_code", _told()).unnest("row")
    yield from ((code, "hồ sơ", "có", "không") for code in _only_in(here, there))
    yield from ((code, "hồ sơ", "không", "có") for code in _only_in(there, here))
    yield from _differing(here, there, COMPARED)
    counted = kept.select(
        "dossier_code",
        *(pl.col(name).cast(pl.Date) for name in ("received_on", "ended_on")),
        pl.col("open_due_at").cast(pl.Datetime("us")),
        *("unit_code", "flags", "officer_code", "reasons"),
    )
    yield from _differing(counted, _counted_by(there, options=options), _COUNTED_BY)


def _kept(codes: Sequence[str] | None) -> pl.DataFrame:
    if codes is None:
        return copied.frame(connection, _SQL, [], schema=_KEPT)
    return copied.frame(connection, f"{_SQL} AND code = ANY(%s)", [list(codes)], schema=_KEPT)


def _told() -> pl.Expr:
    """Read the row from its JSON; moments are written as ISO texts."""
    fields = {name: pl.String() if name in _MOMENTS else _TYPES[name] for name in COMPARED}
    row = pl.col("row").str.json_decode(pl.Struct(fields))
    return pl.struct(
        *(
            row.struct.field(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us").alias(name)
            if name in _MOMENTS
            else row.struct.field(name).alias(name)
            for name in COMPARED
        )
    ).alias("row")


def _whole(frame: pl.DataFrame) -> pl.DataFrame:
    """Return every column the facts read, in its type; what is not told is unknown."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in _TYPES.items()
    )


def _only_in(here: pl.DataFrame, there: pl.DataFrame) -> list[str]:
    return here.join(there, on="dossier_code", how="anti")["dossier_code"].sort().to_list()


def _differing(here: pl.DataFrame, there: pl.DataFrame, names: Sequence[str]) -> Iterator[Found]:
    both = here.join(there.select("dossier_code", *names), on="dossier_code", suffix="_there")
    for name in names:
        mine, other = pl.col(name), pl.col(f"{name}_there")
        if name in _COUNTS:
            mine, other = mine.fill_null(0), other.fill_null(0)
        different = both.filter(mine.ne_missing(other)).select("dossier_code", mine, other).sort("dossier_code")
        for code, live, told in different.iter_rows():
            yield code, name, str(live), str(told)


def _counted_by(rows: pl.DataFrame, *, options: FactOptions) -> pl.DataFrame:
    """Return by what each dossier is counted, everything told of it taken as known."""
    facts = plans.facts(rows.lazy(), on=_EVER, options=options).collect()
    received_on = pl.col("received_at").dt.date()
    is_pending = pl.col("closed_at").is_null() & pl.col("due_at").is_not_null() & ~pl.col("is_always_late")
    flags = pl.sum_horizontal(
        pl.when(pl.col(name)).then(1 << bit).otherwise(0).cast(pl.Int32) for bit, name in enumerate(FLAGS)
    )
    return facts.select(
        "dossier_code",
        pl.col("unit_code").fill_null(""),
        flags.cast(pl.Int32).alias("flags"),
        received_on.alias("received_on"),
        # Ended before it was received is ended on the day of receipt.
        pl.when(pl.col("ended_at").is_not_null())
        .then(pl.max_horizontal(pl.col("ended_at").dt.date(), received_on))
        .alias("ended_on"),
        pl.when(is_pending).then(pl.col("due_at")).cast(pl.Datetime("us")).alias("open_due_at"),
        pl.col("officer_code").fill_null(""),
        pl.Series("reasons", _reasons(facts, rows, options=options), dtype=pl.Int32()),
    )


def _reasons(facts: pl.DataFrame, rows: pl.DataFrame, *, options: FactOptions) -> list[int]:
    """Return the reasons of each dossier: asked once of each combination of the facts they follow from."""
    marks = facts.select(
        *(name for name, kind in facts.schema.items() if kind == pl.Boolean),
        is_ended=pl.col("ended_at").is_not_null(),
        is_past_due=pl.col("closed_at") > pl.col("due_at"),
    )
    kind = marks.select(pl.struct(pl.all()).rank("dense").alias("kind"))["kind"]
    first = facts.select("dossier_code").with_columns(kind).group_by("kind").first()
    told = rows.join(first, on="dossier_code", how="inner")
    of_kind = {
        row["kind"]: losing_marks.reason_set(fold.facts(row, on=_EVER, options=options), options=options)
        for row in told.iter_rows(named=True)
    }
    return [of_kind[one] for one in kind]
