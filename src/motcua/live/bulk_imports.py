"""The other way to the dossiers of imports: their parts joined with the desk's dossiers, column by column."""

from collections.abc import Sequence

import polars as pl

from motcua.facts.columns import COLUMNS, POLARS_TYPES
from motcua.live import imports_kept
from motcua.live.holding import FILLED
from motcua.live.imports_kept import DOSSIERS, MENTIONS, Import

_ALL = {name: POLARS_TYPES[kind] for name, kind in COLUMNS.items()}


def together(desk: pl.DataFrame | None, imports: Sequence[Import], *, held: pl.DataFrame) -> pl.DataFrame | None:
    """Return the received dossiers of the desk and of the imports, and who tells of each; None where there are none.

    Args:
        desk: the dossiers that the desk has received.
        imports: the last one of each source.
        held: the codes of all dossiers of which the desk has an event; the desk alone says whether they are received.
    """
    told = _told(imports)
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
