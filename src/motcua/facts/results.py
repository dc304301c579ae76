"""What measuring gives: whole numbers per unit, each known or unknown."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from motcua.facts.layout import Layout
from motcua.facts.measures import MEASURES
from motcua.facts.units import UnitTree
from motcua.kernel.time import Period


@dataclass(frozen=True, slots=True)
class Measures:
    """Số liệu của một kỳ: every measure of every unit (the unit and all below it).

    ``values`` and ``known`` stand in the order of ``units``; where ``known`` is False the value is unknown and reads 0.
    ``notes`` are flags on units, such as TEMP_NATIONAL_REPORT_DENOMINATOR.
    """

    period: Period
    on: datetime
    tree: UnitTree
    units: tuple[str, ...]
    values: Mapping[str, NDArray[np.int64]]
    known: Mapping[str, NDArray[np.bool_]]
    notes: Mapping[str, tuple[str, ...]]

    def of(self, unit: str) -> dict[str, int | None]:
        """Return the measures of the unit, None where unknown.

        Raises:
            KeyError: the unit is not among ``units``.
        """
        if unit not in self.units:
            raise KeyError(unit)
        place = self.units.index(unit)
        return {name: self.value(name, place) for name in self.values}

    def value(self, measure: str, place: int) -> int | None:
        """Return one measure of the unit at the place in ``units``, None where unknown."""
        return int(self.values[measure][place]) if self.known[measure][place] else None


def assemble(
    values: Mapping[str, NDArray[np.int64]],
    *,
    unknown: Set[str],
    layout: Layout,
    period: Period,
    on: datetime,
    notes: Mapping[str, tuple[str, ...]],
) -> Measures:
    """Return the measures of the units that existed in the period or have dossiers in it, in tree order.

    ``values`` stand in the order of the layout; a measure that is not in them, or is ``unknown``, is unknown.
    """
    history = layout.history
    tree = history.era_on(min(period.last_day, on.date())).tree
    end = min(period.end, on.date() + timedelta(days=1))
    # Seen from one day, only what exists on it is shown.
    start = end - timedelta(days=1) if history.successors else period.start
    places = {code: place for place, code in enumerate(layout.codes)}
    handled = values.get("dossiers.handled", np.zeros(len(layout.codes), dtype=np.int64))
    units = tuple(
        code
        for code in tree.codes
        if handled[places[code]]
        or (history.existed(code, start=start, end=end) and history.successors.get(code, code) == code)
    )
    shown = np.array([places[code] for code in units], dtype=np.intp)
    is_shown = frozenset(units)
    nothing = np.zeros(len(units), dtype=np.int64)
    is_known = {name: name in values and name not in unknown for name in MEASURES}
    return Measures(
        period=period,
        on=on,
        tree=tree,
        units=units,
        values={name: values[name][shown] if is_known[name] else nothing for name in MEASURES},
        known={name: np.full(len(units), is_known[name]) for name in MEASURES},
        notes={code: flags for code, flags in notes.items() if code in is_shown},
    )
