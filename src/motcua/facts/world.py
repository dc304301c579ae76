"""What there is to measure, read once: the tables beside the dossiers, and the units of all of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import polars as pl

from motcua.facts import decisions, national_reports, petitions, preparing, procedures
from motcua.facts import units as unit_rows
from motcua.facts.dataset import Dataset
from motcua.facts.layout import Layout
from motcua.facts.measures import MEASURES
from motcua.facts.preparing import FactClock
from motcua.facts.units import UnitHistory

_TABLES = ("procedures", "decisions", "petitions", "national_reports", "units")

Rows = Sequence[Mapping[str, Any]]


class View(StrEnum):
    """Under which tree dossiers of a unit that has since merged are counted."""

    THEN = "then"
    """Under the unit, and the parent, valid on the day of receipt."""
    CURRENT = "current"
    """Under the unit that has taken its place by the day of knowledge."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything but the dossiers, as known at one moment, and the dossiers as a plan not yet run."""

    on: datetime
    view: View
    dossiers: pl.LazyFrame | None
    unknown: frozenset[str]
    """Dossier measures that the data cannot give."""
    catalogue: procedures.Catalogue
    decisions: Sequence[decisions.Decision] | None
    petitions: Sequence[petitions.Petition] | None
    reports: national_reports.Reports
    units: Sequence[unit_rows.Unit] | None

    @classmethod
    def of(cls, dataset: Dataset, *, on: datetime, clock: FactClock | None, view: View) -> "World":
        """Read the data set.

        Raises:
            UserError: a table cannot be measured; the message names what is wrong.
        """
        rows = {name: dataset.rows(name) for name in _TABLES}
        dossiers = None
        if dataset.has("dossiers"):
            dossiers = preparing.dossiers_of(
                dataset, on=on, procedures=rows["procedures"], petitions=rows["petitions"], clock=clock
            )
        return cls(
            on=on,
            view=view,
            dossiers=dossiers,
            unknown=_unknown(dataset, rows) if dataset.has("dossiers") else frozenset(),
            catalogue=procedures.Catalogue.of(
                rows["procedures"], dataset.frame("assignments"), dataset.frame("services")
            ),
            decisions=decisions.read(rows["decisions"], on=on.date()) if dataset.has("decisions") else None,
            petitions=petitions.read(rows["petitions"], on=on) if dataset.has("petitions") else None,
            reports=national_reports.read(rows["national_reports"]),
            units=unit_rows.read(rows["units"]) if dataset.has("units") else None,
        )

    def layout(self, seen: Iterable[str]) -> Layout:
        """Return the units of all tables and of the dossiers, whose unit codes are ``seen``."""
        named = {
            *seen,
            *self.reports,
            *(row.unit_code for row in self.petitions or ()),
            *(row.unit_code for row in self.decisions or () if row.unit_code),
            *self.catalogue.units,
        }
        history = UnitHistory.of(self.units or (), seen=named)
        return Layout.of(history if self.view is View.THEN else history.as_it_is(on=self.on.date()))

    def units_of_dossiers(self) -> Iterable[str]:
        """Return the codes of units that have dossiers."""
        if self.dossiers is None:
            return ()
        codes = self.dossiers.select(pl.col("unit_code").unique()).collect().to_series()
        return [code or "" for code in codes.cast(pl.String)]


def _unknown(dataset: Dataset, rows: Mapping[str, Rows]) -> frozenset[str]:
    """Return the measures that read dossiers whose columns hold nothing, in the dossiers or the tables beside them."""
    said = {"has_petition"} if rows["petitions"] else set()
    if any(row.get("fee_bearing") is not None for row in rows["procedures"]):
        said.add("fee_bearing")
    needed = {name: measure.needs for name, measure in MEASURES.items() if measure.table != "units"}
    columns = tuple({column for needs in needed.values() for need in needs for column in need.split("|")})
    nulls = dataset.null_counts("dossiers", columns)
    dossiers = dataset.scan("dossiers")
    if nulls["is_synced"] is None and "source" in dossiers.collect_schema():
        said |= {"is_synced"} if dossiers.select(preparing.is_from_the_portal().any()).collect().item() else set()
    is_said = {column: column in said or nulls[column] is not None for column in columns}
    return frozenset(
        name
        for name, needs in needed.items()
        if not all(any(is_said[column] for column in need.split("|")) for need in needs)
    )
