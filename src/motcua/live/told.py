"""Độ phủ: of how many dossiers a source tells what a measure needs, where several sources tell of one unit.

What nobody tells of a dossier is unknown, and stays so. A measure of a unit is unknown while no source of its dossiers
tells it. Where some tell it and others do not, the measure counts what is told, over all dossiers, as the formula
divides by all of them: what is not shown to be done is not counted as done, so the points are never higher than what
can be shown. The page then says of how many dossiers it is known. One count needs care: a dossier of which nobody says
whether the portal has it reads as synchronised in the facts (its source is the portal itself, docs/dev/seams.md);
beside sources that do say it, it is not counted as synchronised.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from motcua.facts.layout import Layout, day_number, era_of
from motcua.facts.measures import MEASURES
from motcua.facts.results import Measures
from motcua.live import counters
from motcua.live.holding import FILLED
from motcua.live.imports_kept import Import

Counts = NDArray[np.int64]
Teller = tuple[str, str]
"""Source, beside (``models.LiveDossier``); both empty: the desk alone."""

DESK: Teller = ("", "")
BY_THE_DESK = frozenset({
    "channel", "result_required", "has_component_file", "has_result_file", "has_reused_component", "fee_bearing",
    "has_fee_data", "payment_place",
})  # fmt: skip
"""The columns of a dossier that the desk's events always tell; measures that need others are unknown."""

SYNCED = "dossiers.synced"
"""The one measure whose facts read unknown as done."""
RECEIVED = "dossiers.received"
_OF_DOSSIERS = "dossiers."


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the dossiers that each unit (with all below it) received in a period, how many each source tells of."""

    received: Counts
    """By place in the layout."""
    by_teller: Mapping[Teller, Counts]
    tells: Mapping[Teller, frozenset[str]]

    def told(self, measure: str) -> Counts:
        """Return, for each unit, of how many dossiers the measure is told."""
        found = np.zeros_like(self.received)
        for teller, count in self.by_teller.items():
            if tells(measure, self.tells[teller]):
                found = found + count
        return found

    def is_known(self, measure: str) -> NDArray[np.bool_]:
        """Return, for each unit, whether the measure is known: somebody tells it of its dossiers.

        Of a unit without dossiers, and of measures of other things, it is known where anybody tells it.
        """
        anybody = np.full(len(self.received), is_told(measure, self.tells.values()))
        if not measure.startswith(_OF_DOSSIERS):
            return anybody
        return np.where(self.received > 0, self.told(measure) > 0, anybody)

    def applied(self, measures: Measures, layout: Layout) -> Measures:
        """Return the measures with what is told of too few dossiers taken back, and unknown where nobody tells."""
        places = {code: place for place, code in enumerate(layout.codes)}
        shown = np.array([places[code] for code in measures.units], dtype=np.intp)
        known = {name: held & self.is_known(name)[shown] for name, held in measures.known.items()}
        values = dict(measures.values)
        values[SYNCED] = np.maximum(values[SYNCED] - (self.received - self.told(SYNCED))[shown], 0)
        values = {name: np.where(known[name], value, 0) for name, value in values.items()}
        return replace(measures, values=values, known=known)

    def partly(self, layout: Layout, unit: str) -> tuple["Partly", ...]:
        """Return the measures that are told of some dossiers of the unit and not of all."""
        place = layout.codes.index(unit)
        received = int(self.received[place])
        found = []
        for name in MEASURES:
            known = int(self.told(name)[place]) if name.startswith(_OF_DOSSIERS) else received
            if 0 < known < received:
                found.append(Partly(name, known, received))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Partly:
    """Số đo chỉ biết một phần: of how many of a unit's dossiers a measure is told."""

    measure: str
    told: int
    received: int


def tells(measure: str, columns: frozenset[str]) -> bool:
    """Tell whether somebody who tells these columns of a dossier tells what the measure needs of it."""
    return all(set(need.split("|")) & columns for need in MEASURES[measure].needs)


def is_told(measure: str, tellers: Iterable[frozenset[str]]) -> bool:
    """Tell whether anybody tells what the measure needs; units tell of themselves."""
    return MEASURES[measure].table == "units" or any(tells(measure, columns) for columns in tellers)


@lru_cache(maxsize=64)
def untold(columns: frozenset[str]) -> frozenset[str]:
    """Return the measures of dossiers that need more than these columns."""
    return frozenset(
        name for name, measure in MEASURES.items() if measure.table != "units" and not tells(name, columns)
    )


def tellers(imports: Sequence[Import], *, seen: Iterable[Teller]) -> dict[Teller, frozenset[str]]:
    """Return what each of the tellers tells; the desk is always one of them."""
    by_code = {one.source: one.tells for one in imports}
    nothing: frozenset[str] = frozenset()
    found = {DESK: BY_THE_DESK}
    for source, beside in seen:
        if source:
            found[source, beside] = by_code.get(source, nothing)
        elif beside:
            found[source, beside] = BY_THE_DESK | (by_code.get(beside, nothing) & frozenset(FILLED))
    return found


def coverage(layout: Layout, received: Counts, imports: Sequence[Import], *, start: date, end: date) -> Coverage:
    """Return who tells of the dossiers received from ``start`` up to ``end``; ``received`` are all of them."""
    direct: dict[Teller, Counts] = {}
    places = counters.places_of(layout)
    for low, high in counters.spans(layout, start=start, end=end):
        era = int(era_of(np.array([day_number(low)]), layout.starts)[0])
        for source, beside, unit, number in _sums(low, high):
            shape = (len(layout.starts), len(layout.codes))
            cells = direct.setdefault((source, beside), np.zeros(shape, dtype=np.int64))
            cells[era, places[unit]] += number
    by_teller = {teller: layout.roll_up(cells) for teller, cells in direct.items()}
    by_teller[DESK] = received - sum(by_teller.values(), np.zeros_like(received))
    known = tellers(imports, seen={*by_teller, *((one.source, "") for one in imports)})
    if not has_desk():
        del known[DESK], by_teller[DESK]
    return Coverage(received, by_teller, known)


def _sums(start: date, end: date) -> list[tuple[str, str, str, int]]:
    with connection.cursor() as database:
        database.execute(
            "SELECT source, beside, unit_code, sum(dossiers) FROM live_liveimported WHERE day >= %s AND day < %s"
            " GROUP BY 1, 2, 3",
            [start, end],
        )
        found: list[tuple[str, str, str, int]] = database.fetchall()
        return found


def has_desk() -> bool:
    """Tell whether the desk has any dossier: without one it leaves nothing unknown."""
    with connection.cursor() as database:
        database.execute("SELECT EXISTS (SELECT FROM eventlog_head WHERE stream = 'dossier')")
        found: bool = database.fetchone()[0]
        return found
