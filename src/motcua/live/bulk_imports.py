"""The other way to the dossiers of imports: their parts joined with the desk's dossiers, column by column."""

from collections.abc import Collection, Sequence
from datetime import datetime, time

import polars as pl

from motcua.facts.columns import COLUMNS, POLARS_TYPES
from motcua.kernel.time import Period
from motcua.live import imports_kept
from motcua.live.holding import FILLED
from motcua.live.imports_kept import DOSSIERS, MENTIONS, Import

_ENDS = ("resolved_at", "returned_at", "refused_at", "stopped_at", "withdrawn_at")
_ALL = {name: POLARS_TYPES[kind] for name, kind in COLUMNS.items()}


def together(
    desk: pl.DataFrame | None, imports: Sequence[Import], *, held: pl.DataFrame, codes: Collection[str] | None = None
) -> pl.DataFrame | None:
    """Return the received dossiers of the desk and of the imports, and who tells of each; None where there are none.

    Args:
        desk: the dossiers that the desk has received.
        imports: the last one of each source.
        held: the codes of all dossiers of which the desk has an event; the desk alone says whether they are received.
        codes: the dossiers wanted; None: all.
    """
    told = _told(imports)
    if told is not None and codes is not None:
        told = told.filter(pl.col("dossier_code").is_in(list(codes)))
    if told is None:
        return None if desk is None else desk.with_columns(teller=pl.lit(""))
    others = told.join(held, on="dossier_code", how="anti").with_columns(teller=pl.col("source"))
    frames = [_whole(others.filter(pl.col("received_at").is_not_null()))]
    if desk is not None:
        beside = told.select("dossier_code", "source", *(pl.col(name).alias(f"{name}_told") for name in FILLED))
        filled = desk.join(beside, on="dossier_code", how="left").with_columns(
            *(pl.col(f"{name}_told").alias(name) for name in FILLED),
            teller=pl.when(pl.col("source").is_not_null()).then("+" + pl.col("source")).otherwise(pl.lit("")),
        )
        frames.insert(0, _whole(filled))
    found = pl.concat(frame.select("teller", *_ALL) for frame in frames)
    return found if found.height else None


def counted(imports: Sequence[Import], *, period: Period) -> set[str]:
    """Return the dossiers that imports say were received in the period, or before it and not ended before it."""
    told = _told(imports)
    if told is None:
        return set()
    start, end = (datetime.combine(day, time()) for day in (period.start, period.end))
    last_end = pl.max_horizontal(_ENDS)
    chosen = (pl.col("received_at") < end) & (
        (pl.col("received_at") >= start) | (last_end >= start) | last_end.is_null()
    )
    return set(told.filter(chosen)["dossier_code"].to_list())


def _told(imports: Sequence[Import]) -> pl.DataFrame | None:
    frames = [
        _whole(frame).with_columns(source=pl.lit(one.source))
        for one in imports
        for frame in imports_kept.all_rows(one.of(DOSSIERS, MENTIONS))
    ]
    return pl.concat(frames) if frames else None


def _whole(frame: pl.DataFrame) -> pl.DataFrame:
    """Return every column the facts read, in its type; what is not told is unknown."""
    extra = [name for name in ("teller", "source") if name in frame.columns]
    return frame.select(
        *extra,
        *(
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
            for name, kind in _ALL.items()
        ),
    )
