"""Counting flags by cell: one pass over packed bytes instead of one pass for each flag."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from motcua.facts.columns import COUNTED

Ints = NDArray[np.integer]
WIDTH = 1 + len(COUNTED)
"""Counters of a cell: all dossiers, then one for each counted flag."""

_LARGEST_TABLE = 1 << 21


class Histogram:
    """How many rows of each cell have each combination of a few flag bits; rows are added part by part.

    Filling it takes one pass over the rows for every eight flags (of few cells; four, two or one of many) instead of
    one for each flag; the counters follow from it by a product with the bit patterns, once, at the end.
    """

    __slots__ = ("_bits", "_size", "_tables")

    def __init__(self, size: int) -> None:
        self._size = size
        self._bits = next(bits for bits in (8, 4, 2, 1) if size << bits <= _LARGEST_TABLE or bits == 1)
        rounds = range(0, len(COUNTED), self._bits)
        self._tables = [np.zeros(size << self._bits, dtype=np.int64) for _ in rounds]

    def add(self, cells: Ints, flags: Ints, *, times: int = 1) -> None:
        """Count rows, ``times`` each (-1 takes them away again): the cell of each and its flags."""
        bits = self._bits
        as_bytes = np.ascontiguousarray(flags, dtype="<i4").view(np.uint8).reshape(-1, 4)
        cells = cells.astype(np.intp) << bits
        key = np.empty_like(cells)
        for place, table in enumerate(self._tables):
            byte, shift = divmod(place * bits, 8)
            of_byte = as_bytes[:, byte]
            np.bitwise_or(cells, of_byte if bits == 8 else (of_byte >> shift) & ((1 << bits) - 1), out=key)
            # Adding in place: a fresh histogram for every part would cost more than the counting.
            np.add.at(table, key, times)

    def counts(self) -> NDArray[np.int64]:
        """Return, for each cell, how many rows it has and how many of them have each counted flag."""
        counts = np.empty((self._size, WIDTH), dtype=np.int64)
        for place, table in enumerate(self._tables):
            by_pattern = table.reshape(self._size, -1)
            # The upper half of the patterns has the highest bit; added to the lower half it leaves the other bits.
            for bit in reversed(range(self._bits)):
                lower, upper = by_pattern[:, : 1 << bit], by_pattern[:, 1 << bit :]
                counts[:, 1 + place * self._bits + bit] = upper.sum(axis=1)
                by_pattern = lower + upper
            if place == 0:
                counts[:, 0] = by_pattern[:, 0]
        return counts


class Seen:
    """The units in the order in which the dossiers name them: where they stand in the tree is known at the end."""

    __slots__ = ("_numbers",)

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in the order of their numbers."""
        return tuple(self._numbers)

    def of(self, codes: Mapping[int, str]) -> NDArray[np.int32]:
        """Return the number here of each number in ``codes``; new codes get the next ones."""
        numbers = np.zeros(max(codes, default=0) + 1, dtype=np.int32)
        for number, code in codes.items():
            numbers[number] = self._numbers.setdefault(code, len(self._numbers))
        return numbers


class UnitCounts:
    """Counters by row (of days) and unit, while more and more units come to be known."""

    __slots__ = ("_counts", "_histogram", "_room", "_rows")

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._room = 0
        self._counts = np.zeros((rows, 0, WIDTH), dtype=np.int64)
        self._histogram = Histogram(0)

    def add(self, *, row: Ints, unit: Ints, flags: Ints, units: int, times: int = 1) -> None:
        """Count dossiers, ``times`` each (-1 takes them away again); ``units`` are known so far."""
        if units > self._room:
            self._settle()
            self._room = max(128, 2 * units)
            self._histogram = Histogram(self._rows * self._room)
        self._histogram.add(row * self._room + unit, flags, times=times)

    def placed(self, where: Ints, *, units: int) -> NDArray[np.int64]:
        """Return (row, unit, counter) with each unit at its place of ``units``; several may share one."""
        self._settle()
        counts = np.zeros((self._rows, units, WIDTH), dtype=np.int64)
        for number, place in enumerate(where[: self._room].tolist()):
            counts[:, place] += self._counts[:, number]
        return counts

    def _settle(self) -> None:
        """Move what the histogram has counted into the counters."""
        if self._room:
            counts = self._histogram.counts().reshape(self._rows, self._room, WIDTH)
            counts[:, : self._counts.shape[1]] += self._counts
            self._counts = counts
            self._histogram = Histogram(0)


class Bins:
    """Days put into the half-open intervals between chosen days; the first and last are open-ended."""

    __slots__ = ("_lookup", "edges")

    def __init__(self, edges: Sequence[int]) -> None:
        self.edges = np.array(sorted(set(edges)), dtype=np.int64)
        first, last = int(self.edges[0]), int(self.edges[-1])
        # One entry a day, with one before the first edge and one after the last for all days beyond.
        self._lookup = np.searchsorted(self.edges, np.arange(first - 1, last + 1), side="right").astype(np.int32)

    def __len__(self) -> int:
        """Return the number of intervals, the two open-ended ones included."""
        return len(self.edges) + 1

    def of(self, days: Ints) -> NDArray[np.int32]:
        """Return the interval of each day: 0 before the first edge, n from the n-th edge on."""
        first, last = int(self.edges[0]), int(self.edges[-1])
        if first <= 0:
            # Taking a negative day from the largest number would leave its type.
            days = np.clip(days, first - 1, last)
        return np.take(self._lookup, days - (first - 1), mode="clip")

    def ends(self, open_end: int) -> NDArray[np.int32]:
        """Return the first day after each interval; of the last one ``open_end``."""
        return np.append(self.edges, open_end).astype(np.int32)

    def starting(self, day: int) -> int:
        """Return the interval that starts with the day, which must be an edge."""
        place = int(np.searchsorted(self.edges, day))
        if place == len(self.edges) or self.edges[place] != day:
            raise ValueError(day)
        return place + 1
