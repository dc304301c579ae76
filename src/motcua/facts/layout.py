"""Where the counts of every unit stand in an array, and how they add up under the tree of each day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from motcua.facts.units import UnitHistory

Counts = NDArray[np.int64]
_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Return the days from 1/1/1970."""
    return (day - _EPOCH).days


def era_of(days: NDArray[np.integer], starts: Sequence[int]) -> NDArray[np.integer]:
    """Return the era of each day; ``starts`` are the first days of the eras."""
    if len(starts) == 1:
        return np.zeros(len(days), dtype=np.int32)
    return np.searchsorted(np.array(starts), days, side="right") - 1


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the counts of each unit stand, and how they add up on each day."""

    history: UnitHistory
    codes: tuple[str, ...]
    starts: tuple[int, ...]
    """First day of each era; the first one's is the smallest number."""
    orders: tuple[NDArray[np.intp], ...]
    """For each era, the places in ``codes`` of the tree's units in tree order."""

    @classmethod
    def of(cls, history: UnitHistory) -> "Layout":
        """Return the layout in the order of the last tree."""
        codes = history.eras[-1].tree.codes
        places = {code: place for place, code in enumerate(codes)}
        starts = tuple(day_number(era.start) if era.start else -(2**31) for era in history.eras)
        orders = tuple(np.array([places[code] for code in era.tree.codes], dtype=np.intp) for era in history.eras)
        return cls(history, codes, starts, orders)

    def places(self, codes: Sequence[str | None]) -> NDArray[np.int32]:
        """Return where each unit is counted: its own place, or its successor's; 0 for None."""
        where = {code: place for place, code in enumerate(self.codes)}
        follow = self.history.successors
        return np.array([0 if code is None else where[follow.get(code, code)] for code in codes] or [0], dtype=np.int32)

    def roll_up(self, counts: Counts) -> Counts:
        """Add up (era, unit, …) under the tree of each era, and over the eras."""
        total = np.zeros(counts.shape[1:], dtype=np.int64)
        for era, order in enumerate(self.orders):
            if counts[era].any():
                total[order] += self.history.eras[era].tree.roll_up(counts[era][order])
        return total

    def roll_up_on(self, counts: Counts, *, day: date) -> Counts:
        """Add up (unit, …) under the tree of the day."""
        by_era = np.zeros((len(self.starts), *counts.shape), dtype=np.int64)
        by_era[self.era_on(day)] = counts
        return self.roll_up(by_era)

    def any_below(self, flags: NDArray[np.bool_], *, era: int) -> NDArray[np.bool_]:
        """Return (unit, …): what holds for the unit or for one below it under the tree of the era."""
        order = self.orders[era]
        found = np.empty_like(flags)
        found[order] = self.history.eras[era].tree.any_below(flags[order])
        return found

    def era_on(self, day: date) -> int:
        """Return the number of the era of the day."""
        return self.history.eras.index(self.history.era_on(day))
