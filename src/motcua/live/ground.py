"""What the figures stand on: units, procedures and who handles them, read again only when their events say so.

They change a few times a month and cost more to lay out than the counters cost to add up.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from django.db import connection

from motcua.facts import decisions, national_reports, petitions, procedures
from motcua.facts.dataset import Dataset
from motcua.facts.decisions import Decision
from motcua.facts.layout import Layout
from motcua.facts.petitions import Petition
from motcua.facts.units import UnitHistory
from motcua.facts.units import read as read_units
from motcua.facts.world import View
from motcua.live import imported_tables, imports_kept, models, subjects
from motcua.live.imports_kept import Import


@dataclass(frozen=True, eq=False)
class Ground:
    """Đơn vị và thủ tục as their events and imports tell them, and what only imports tell."""

    tables: Dataset
    imports: tuple[Import, ...] = ()
    """The last import of each source."""

    @cached_property
    def catalogue(self) -> procedures.Catalogue:
        """The procedures, who is competent for them and who offers them online."""
        return procedures.Catalogue.of(
            self.tables.rows("procedures"), self.tables.frame("assignments"), self.tables.frame("services")
        )

    @cached_property
    def has_units(self) -> bool:
        """Whether any unit is described."""
        return bool(self.tables.rows("units"))

    @cached_property
    def successors(self) -> frozenset[str]:
        """Units that have followed others."""
        return frozenset(row["successor_code"] for row in self.tables.rows("units") if row.get("successor_code"))

    @cached_property
    def reports(self) -> national_reports.Reports:
        """What the national reporting system says that units received."""
        return national_reports.read(self.tables.rows("national_reports"))

    @cached_property
    def _petitions(self) -> list[dict[str, Any]]:
        return self.tables.rows("petitions")

    def petitions(self, *, on: datetime) -> Sequence[Petition]:
        """Return the petitions received by the moment."""
        return petitions.read(self._petitions, on=on)

    @cached_property
    def named(self) -> frozenset[str]:
        """Units that petitions, reports and decisions name."""
        deciding = {row["unit_code"] for row in self.tables.rows("decisions") if row.get("unit_code")}
        return frozenset({*self.reports, *(row["unit_code"] for row in self._petitions), *deciding})

    def layout(self, seen: Sequence[str], *, view: View, on: date) -> Layout:
        """Return where units are counted; ``seen`` are those that have dossiers.

        With ``View.CURRENT`` merged units count with those that have followed them by the day ``on``.
        """
        return _layout(self, self.named.union(seen), None if view is View.THEN else on)

    def decisions(self, *, on: date) -> Sequence[Decision]:
        """Return the decisions known on the day."""
        return _decisions(self, on)


@lru_cache(maxsize=8)
def _layout(ground: Ground, seen: frozenset[str], as_on: date | None) -> Layout:
    units = read_units(ground.tables.rows("units"))
    history = UnitHistory.of(units, seen={*seen, *ground.catalogue.units})
    return Layout.of(history if as_on is None else history.as_it_is(on=as_on))


@lru_cache(maxsize=8)
def _decisions(ground: Ground, on: date) -> Sequence[Decision]:
    return decisions.read(ground.tables.rows("decisions"), on=on)


_lock = threading.Lock()
_kept: tuple[object, Ground] | None = None


def now() -> Ground:
    """Return what the caller's snapshot tells."""
    global _kept  # noqa: PLW0603 - one for the process, replaced whole
    progress = models.Progress.objects.filter(number=1).values_list("fold", "catalogue_position").first()
    key = (str(connection.settings_dict["NAME"]), progress)
    with _lock:
        if _kept is None or _kept[0] != key:
            rows = models.LiveSubject.objects.values_list("stream", "code", "told")
            imports = imports_kept.current()
            tables = imported_tables.with_imports(subjects.tables(rows), imports)
            _kept = key, Ground(Dataset.of_tables(dict(tables)), imports)
        return _kept[1]
