"""The other way to who tells of how many dossiers: the engine of the spine, once over the dossiers of each teller."""

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from motcua.facts import engine
from motcua.facts.dataset import Dataset
from motcua.facts.options import FactOptions
from motcua.facts.results import Measures
from motcua.live import told
from motcua.live.figures import Reading
from motcua.live.imports_kept import Import

Counts = NDArray[np.int64]


def applied(
    measures: Measures, data: Dataset, reading: Reading, *, imports: tuple[Import, ...], options: FactOptions
) -> Measures:
    """Return the recomputed measures, unknown where no source tells them, what is untold not counted as done.

    Args:
        measures: of the whole data set, as if one source told all of it.
        data: ``bulk.dataset``; column ``teller`` of its dossiers says who tells of each.
        reading: what is proved, for its period and moment.
        imports: the last one of each source.
        options: how the rule set reads the facts.
    """
    dossiers = data.scan("dossiers")
    by_teller: dict[told.Teller, Counts] = {}
    for name in dossiers.select(pl.col("teller").unique().sort()).collect().to_series().to_list():
        teller = ("", name[1:]) if name.startswith("+") else (name, "")
        part = {"dossiers": dossiers.filter(pl.col("teller") == name)}
        if data.has("units"):
            part["units"] = data.scan("units")
        found = engine.measure(
            Dataset.of_tables(dict(part)), period=reading.measures.period, on=reading.measures.on, options=options
        )
        counts = dict(zip(found.units, found.values[told.RECEIVED].tolist(), strict=True))
        by_teller[teller] = np.array([counts.get(code, 0) for code in measures.units], dtype=np.int64)
    tells = told.tellers(imports, seen={*by_teller, *((one.source, "") for one in imports)})
    if not told.has_desk():
        del tells[told.DESK]
    received = sum(by_teller.values(), np.zeros(len(measures.units), dtype=np.int64))
    known, values = {}, dict(measures.values)
    for name, held in measures.known.items():
        told_of = sum(
            (count for teller, count in by_teller.items() if told.tells(name, tells[teller])), np.zeros_like(received)
        )
        anybody = np.full(len(received), told.is_told(name, tells.values()))
        known[name] = held & (np.where(received > 0, told_of > 0, anybody) if name.startswith("dossiers.") else anybody)
        if name == told.SYNCED:
            values[name] = values[name] - (received - told_of)
    return replace(
        measures, known=known, values={name: np.where(known[name], value, 0) for name, value in values.items()}
    )
