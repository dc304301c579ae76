"""Folds the log into the latest state: the one bulk definition of what progress says of a dossier."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from motcua.events.streams import OBSERVATION_COLUMNS, Stream
from motcua.ingest import schemas
from motcua.ingest.log import Segment

REQUESTED = 5
"""Yêu cầu bổ sung giấy tờ."""
RESOLVED, RETURNED, REFUSED, STOPPED, WITHDRAWN = 9, 10, 3, 8, 7
OVER = (REFUSED, WITHDRAWN, STOPPED, RESOLVED, RETURNED)
"""States in which a dossier's handling has ended (law/codelists/dossier_state)."""
UNANSWERED = (REFUSED, WITHDRAWN, STOPPED)
"""After these a supplement that was waited for will not come: it was not answered."""

_MERGED_NOT = {"progress"}


def latest(stream: Stream, *, segments: Sequence[tuple[Path, Segment]]) -> pl.LazyFrame:
    """Return the latest state per key: by ``observed_at``, then by position in the log.

    Where sources of different kinds know the same thing, the latest one is taken and what it leaves unknown is filled
    from the latest of the others: a list without channels does not erase the channel a payload gave.
    """
    first: dict[str, int] = {}
    for _, segment in segments:
        first.setdefault(segment.raw, segment.position)
    # A file read again with a later catalogue takes its own earlier place, not one after the files that followed it.
    ordered = sorted(segments, key=lambda pair: (pair[1].observed_at, first[pair[1].raw], pair[1].position))
    if not ordered:
        names = (*stream.columns, *OBSERVATION_COLUMNS)
        return pl.LazyFrame(schema={column.name: schemas.POLARS[column.type] for column in names})
    events = pl.concat([pl.scan_parquet(path) for path, _ in ordered])
    sources = {segment.source for _, segment in ordered}
    if len(sources) == 1 or stream.name in _MERGED_NOT:
        return _last(events, by=list(stream.identity))
    identity = list(stream.identity)
    each = _last(events, by=[*identity, "source"])
    shared = pl.len().over(identity) > 1
    others = [name for name in each.collect_schema().names() if name not in identity]
    merged = (
        each.filter(shared)
        .group_by(identity, maintain_order=True)
        .agg(pl.col(name).drop_nulls().last() for name in others)
    )
    return pl.concat([each.filter(~shared), merged.select(*each.collect_schema().names())])


def _last(events: pl.LazyFrame, *, by: list[str]) -> pl.LazyFrame:
    return events.unique(subset=by, keep="last", maintain_order=True)


def said_by_progress(progress: pl.LazyFrame) -> pl.LazyFrame:
    """Return per dossier what its steps say: last state, ends, supplements, officer.

    A run of rows in state 5 is one request, from its first row on; it is answered by the next row unless that ends the
    dossier without a result (3, 7, 8). Of a repeated end the last one counts.
    """
    steps = progress.sort("dossier_code", "at", maintain_order=True)
    same = pl.col("dossier_code") == pl.col("dossier_code").shift(1)
    asks = (pl.col("state") == REQUESTED) & ~(same & (pl.col("state").shift(1) == REQUESTED)).fill_null(value=False)
    other = pl.col("state") != REQUESTED
    after = {
        name: pl.when(other).then(pl.col(name)).backward_fill().alias(f"after_{name}")
        for name in ("dossier_code", "at", "state")
    }
    steps = steps.with_columns(asks.alias("asks"), *after.values())
    answered = (pl.col("after_dossier_code") == pl.col("dossier_code")) & ~pl.col("after_state").is_in(UNANSWERED)
    steps = steps.with_columns(answered.fill_null(value=False).alias("answered"))

    def last_at(state: int) -> pl.Expr:
        return pl.col("at").filter(pl.col("state") == state).max()

    waited = (pl.col("after_at") - pl.col("at")).filter(pl.col("asks") & pl.col("answered"))
    named = pl.col("officer_named")
    return steps.group_by("dossier_code").agg(
        pl.col("state").last().alias("said_state"),
        last_at(RESOLVED).alias("said_resolved_at"),
        last_at(RETURNED).alias("said_returned_at"),
        last_at(REFUSED).alias("said_refused_at"),
        last_at(STOPPED).alias("said_stopped_at"),
        last_at(WITHDRAWN).alias("said_withdrawn_at"),
        pl.col("asks").sum().cast(pl.Int16).alias("said_requests"),
        waited.sum().dt.total_seconds().alias("said_seconds"),
        pl.col("at").filter(pl.col("asks") & ~pl.col("answered")).max().alias("said_waiting_since"),
        pl.col("officer_code").drop_nulls().last().alias("said_officer_code"),
        # One step without a name makes the dossier one that does not show its officer; unknown if any step is.
        pl.when((~named).any()).then(pl.lit(value=False)).when(named.null_count() == 0).then(pl.lit(value=True))
        .alias("said_named"),
    )  # fmt: skip


def with_progress(dossiers: pl.LazyFrame, *, progress: pl.LazyFrame) -> pl.LazyFrame:
    """Fill what the snapshots leave open from the steps.

    * An open state gives way to the last step's; an end state stands.
    * The moments of ends are taken only for a dossier that has ended (a reopened one has not), a withdrawal only for a
      dossier that was received.
    * Supplements are taken where the snapshot names none.
    """
    columns = dossiers.collect_schema().names()
    joined = dossiers.join(said_by_progress(progress), on="dossier_code", how="left", maintain_order="left")
    stands = pl.col("state").is_in(OVER) | pl.col("said_state").is_null()
    state = pl.when(stands).then(pl.col("state")).otherwise(pl.col("said_state"))
    joined = joined.with_columns(state.alias("state"))
    is_over = pl.col("state").is_in(OVER)
    asked = pl.col("supplement_requests").fill_null(0) == 0
    asked &= pl.col("said_requests") > 0

    def end(name: str, *, only: pl.Expr = is_over) -> pl.Expr:
        return pl.coalesce(name, pl.when(only).then(pl.col(f"said_{name}"))).alias(name)

    def supplement(name: str, *, said: str) -> pl.Expr:
        return pl.when(asked).then(pl.col(said)).otherwise(pl.col(name)).alias(name)

    return joined.with_columns(
        end("resolved_at"),
        end("returned_at"),
        end("refused_at"),
        end("stopped_at"),
        end("withdrawn_at", only=is_over & pl.col("received_at").is_not_null()),
        supplement("supplement_requests", said="said_requests"),
        supplement("supplement_seconds", said="said_seconds"),
        supplement("supplement_waiting_since", said="said_waiting_since"),
        pl.coalesce("officer_code", "said_officer_code").alias("officer_code"),
        pl.coalesce("officer_named", "said_named").alias("officer_named"),
    ).select(columns)
