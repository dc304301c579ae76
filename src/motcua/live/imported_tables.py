"""The small tables of the desk and of imports put together: units, procedures, who handles them, decisions, petitions.

What the desk tells wins. A unit or procedure of the desk is as the desk has it, and an import fills only the columns
the desk leaves unknown; who handles a procedure of the desk, and offers it online, is told by the desk alone. Where two
imports tell of the same thing, the later one is taken.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from motcua.events.streams import STREAMS
from motcua.ingest import schemas
from motcua.live import imports_kept
from motcua.live.imports_kept import Import

Tables = Mapping[str, pl.DataFrame]

_BY_SUBJECT: Mapping[str, str] = {"units": "unit_code", "procedures": "procedure_code"}
"""Tables whose rows the desk and an import may both have -> what they are about."""
_BY_PROCEDURE = ("assignments", "services")
_SAME_DECISION = ["procedure_code", "signed_on"]
_LIMITS = ["limit_value", "limit_unit"]
"""The due moments that follow from them were given to the dossiers when these were taken in."""


def with_imports(desk: Tables, imports: Sequence[Import]) -> dict[str, pl.DataFrame]:
    """Return the tables of the desk and of the imports together; a table nobody tells of is left out."""
    found = dict(desk)
    for name, told in _told(imports).items():
        own = desk.get(name)
        found[name] = told if own is None else _together(name, own, told)
    return found


def portal_figures(imports: Sequence[Import]) -> pl.DataFrame:
    """Return what the national portal showed, by unit, period and metric (docs/dev/seams.md, ``portal_figures``)."""
    found = _told(imports, only=("portal_figures",)).get("portal_figures")
    return found if found is not None else pl.DataFrame(schema=_schema("portal_figures"))


def _told(imports: Sequence[Import], *, only: Sequence[str] = ()) -> dict[str, pl.DataFrame]:
    """Return each table as the imports tell it together, the latest of them last."""
    parts: dict[str, list[pl.DataFrame]] = {}
    for one in sorted(imports, key=lambda one: (one.observed_at, one.position)):
        for part in one.parts:
            if part.table in STREAMS and part.table != imports_kept.DOSSIERS and (not only or part.table in only):
                parts.setdefault(part.table, []).append(_whole(part.table, imports_kept.rows(part)))
    return {
        name: pl.concat(frames).unique(subset=list(STREAMS[name].identity), keep="last", maintain_order=True)
        for name, frames in parts.items()
    }


def _schema(name: str) -> dict[str, pl.DataType]:
    return {column.name: schemas.POLARS[column.type] for column in STREAMS[name].columns}


def _whole(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with every column of the stream, what the source lacks unknown."""
    return frame.select(
        (pl.col(column) if column in frame.columns else pl.lit(None)).cast(kind).alias(column)
        for column, kind in _schema(name).items()
    ).drop(_LIMITS if name == "procedures" else [])


def _together(name: str, desk: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    if name in _BY_SUBJECT:
        key = _BY_SUBJECT[name]
        return pl.concat([_filled(desk, told, key), told.join(desk, on=key, how="anti")], how="diagonal")
    if name in _BY_PROCEDURE:
        return pl.concat([desk, told.join(desk, on="procedure_code", how="anti")], how="diagonal")
    if name == "decisions":
        return pl.concat([desk, told.join(desk, on=_SAME_DECISION, how="anti")], how="diagonal")
    return pl.concat([desk, told], how="diagonal")


def _filled(desk: pl.DataFrame, told: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return the desk's rows, what it leaves unknown taken from what the import tells last of the same subject."""
    beside = told.unique(subset=[key], keep="last", maintain_order=True)
    joined = desk.join(beside, on=key, how="left", suffix="_told", maintain_order="left")
    own = [name for name in told.columns if name != key and name in desk.columns]
    kept = {"valid_from", "valid_to", "successor_code", "parent_code"}
    return joined.with_columns(
        pl.coalesce(name, f"{name}_told").alias(name) for name in own if name not in kept
    ).select(key, *(name for name in joined.columns if name != key and not name.endswith("_told")))
