"""The profile: how many dossiers of each kind every unit received, carried over and has pending, day by day.

From it the measures of any period, any unit and any day of knowledge follow by arithmetic. Counts add up over days, so
a period is the difference of two running sums; units stand in tree order, so a parent is a difference as well.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from motcua.facts import counting, results
from motcua.facts.columns import COUNTED, FLAGS
from motcua.facts.layout import Layout, day_number, era_of
from motcua.facts.loading import NEVER, Packed
from motcua.facts.results import Measures
from motcua.kernel.time import Period

Counts = NDArray[np.int64]
_COLUMN = {name: 1 + place for place, name in enumerate(COUNTED)}
_LATE = [_COLUMN["is_late"], _COLUMN["is_online_late"], _COLUMN["is_unsatisfied"]]


@dataclass(frozen=True, slots=True)
class Pending:
    """Dossiers whose lateness depends on the day: still open, or closed late and so open and perhaps late before."""

    cell: NDArray[np.int32]
    """Era of receipt x unit."""
    received: NDArray[np.int32]
    ended: NDArray[np.int32]
    closed: NDArray[np.int32]
    late_from: NDArray[np.int32]
    weights: NDArray[np.int64]
    """What the dossier adds to late, late online, unsatisfied, one row each."""

    @classmethod
    def joined(cls, parts: Sequence["Pending"]) -> "Pending":
        """Return the dossiers of all parts."""
        none = np.empty(0, dtype=np.int32)
        if not parts:
            return cls(none, none, none, none, none, np.empty((len(_LATE), 0), dtype=np.int64))
        return cls(
            cell=np.concatenate([part.cell for part in parts]),
            received=np.concatenate([part.received for part in parts]),
            ended=np.concatenate([part.ended for part in parts]),
            closed=np.concatenate([part.closed for part in parts]),
            late_from=np.concatenate([part.late_from for part in parts]),
            weights=np.concatenate([part.weights for part in parts], axis=1),
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """Hồ sơ theo ngày: additive counts between the days of ``edges``, as known at ``on``."""

    layout: Layout
    on: datetime
    edges: NDArray[np.int64]
    received: Counts
    """Running sums (interval, unit, counter): at each edge, everything received before it."""
    carried: Counts
    """(era of receipt, interval, unit, counter): at each edge, what was received before it and not ended."""
    pending: Pending
    unknown: frozenset[str] = frozenset()
    """Measures that the data cannot give."""

    @classmethod
    def of(
        cls,
        parts: Iterable[Packed],
        *,
        layout: Callable[[Iterable[str]], Layout],
        on: datetime,
        edges: Sequence[int],
        unknown: frozenset[str] = frozenset(),
    ) -> "Profile":
        """Count the dossiers of all parts.

        Args:
            parts: the dossiers.
            layout: gives the layout once it is known which units have dossiers.
            on: the moment up to which things are known.
            edges: the days between which no difference is kept.
            unknown: measures that the data cannot give.
        """
        starts = layout(()).starts
        bins, eras, seen = counting.Bins([*edges, *starts[1:]]), len(starts), counting.Seen()
        intervals, ends = len(bins), bins.ends(int(NEVER))
        received, crossed = counting.UnitCounts(intervals), counting.UnitCounts(eras * intervals)
        pending = []
        for packed in parts:
            unit = np.take(seen.of(packed.unit_codes), packed.unit, mode="clip")
            units = len(seen.codes)
            came = bins.of(packed.received)
            received.add(row=came, unit=unit, flags=packed.flags, units=units)
            # A dossier that came and went between the same two edges is carried over none of them.
            crossing = np.flatnonzero(packed.ended >= ends[came])
            era = era_of(packed.received[crossing], starts)
            row, flags, ended = era * intervals + came[crossing], packed.flags[crossing], packed.ended[crossing]
            # Into what is carried at its receipt, out of it at its end.
            crossed.add(row=row, unit=unit[crossing], flags=flags, units=units)
            gone = np.flatnonzero(ended != NEVER)
            row = era[gone] * intervals + bins.of(ended[gone])
            crossed.add(row=row, unit=unit[crossing[gone]], flags=flags[gone], units=units, times=-1)
            pending.append(_pending(packed, unit, starts))
        found = layout(seen.codes)
        units, where = len(found.codes), found.places(seen.codes)
        counts = np.zeros((intervals + 1, units, counting.WIDTH), dtype=np.int64)
        np.cumsum(received.placed(where, units=units), axis=0, out=counts[1:])
        carried = crossed.placed(where, units=units).reshape(eras, intervals, units, counting.WIDTH)
        np.cumsum(carried, axis=1, out=carried)
        joined = Pending.joined(pending)
        unit, era = np.divmod(joined.cell, eras)
        joined = replace(joined, cell=(era * units + where[unit]).astype(np.int32))
        return cls(found, on, bins.edges, counts, carried, joined, unknown)

    def totals(self, *, period: Period, on: date) -> Measures:
        """Return the dossier measures of every unit in the period, as known at the end of the day ``on``.

        Raises:
            ValueError: the profile keeps no difference at a bound of the period.
        """
        values = measures(*self.counters(period=period, on=on))
        moment = datetime.combine(on, datetime.max.time())
        return results.assemble(values, unknown=self.unknown, layout=self.layout, period=period, on=moment, notes={})

    def counters(self, *, period: Period, on: date) -> tuple[Counts, Counts]:
        """Return (unit, counter) of the dossiers received in the period, and of those carried into it.

        Raises:
            ValueError: the period does not start and end on edges.
        """
        # Of a period that has not begun, only what would be carried into it is known.
        unknown_from = day_number(on) + 1
        start, end = min(day_number(period.start), unknown_from), min(day_number(period.end), unknown_from)
        first, last = self._interval(start), self._interval(end)
        by_era = np.zeros((len(self.layout.starts), *self.received.shape[1:]), dtype=np.int64)
        for era, begins in enumerate(self.layout.starts):
            ends = self.layout.starts[era + 1] if era + 1 < len(self.layout.starts) else 2**31
            low, high = max(start, begins), min(end, ends)
            if low < high:
                upper = last if high == end else self._interval(high)
                by_era[era] = self.received[upper] - self.received[first if low == start else self._interval(low)]
        carried = self.carried[:, first - 1].copy() if first else np.zeros_like(self.carried[:, 0])
        self._judge(by_era, carried, start=start, end=end, on=day_number(on))
        return self.layout.roll_up(by_era), self.layout.roll_up(carried)

    def _judge(self, received: Counts, carried: Counts, *, start: int, end: int, on: int) -> None:
        """Settle the dossiers whose lateness depends on the day."""
        rows = self.pending
        is_late = rows.late_from <= min(end - 1, on)
        is_open = rows.closed == NEVER
        # Counted as late are those closed late; the open ones are not counted as late yet.
        change = np.where(is_open, is_late, 0) - np.where(~is_open & (rows.closed > on), ~is_late, 0)
        is_received = (rows.received >= start) & (rows.received < end)
        is_carried = (rows.received < start) & (rows.ended >= start)
        for counts, chosen in ((received, is_received), (carried, is_carried)):
            which = np.flatnonzero(chosen & (change != 0))
            flat = counts.reshape(-1, counts.shape[-1])
            for column, weights in zip(_LATE, rows.weights, strict=True):
                added = np.bincount(rows.cell[which], weights[which] * change[which], minlength=len(flat))
                flat[:, column] += added.astype(np.int64)

    def _interval(self, day: int) -> int:
        """Return the number of intervals before the day."""
        if day > self.edges[-1]:
            return len(self.edges) + 1
        place = int(np.searchsorted(self.edges, day))
        if self.edges[place] != day:
            if place == 0:
                return 0
            raise ValueError(day)
        return place + 1


def measures(received: Counts, carried: Counts) -> Mapping[str, Counts]:
    """Return the dossier measures from the counters of the received and the carried over."""
    handled = received + carried
    named: dict[str, Counts] = {"dossiers.received": received[:, 0], "dossiers.handled": handled[:, 0]}
    for counter, prefix in ((received, ""), (handled, "handled_")):
        named[f"dossiers.{prefix}on_time"] = counter[:, 0] - counter[:, _COLUMN["is_late"]]
        named[f"dossiers.{prefix}satisfied"] = counter[:, 0] - counter[:, _COLUMN["is_unsatisfied"]]
        for measure, flag in _BOTH.items():
            named[f"dossiers.{prefix}{measure}"] = counter[:, _COLUMN[flag]]
    online, postal = received[:, _COLUMN["is_online"]], received[:, _COLUMN["is_postal"]]
    return named | {
        "dossiers.online": online,
        "dossiers.postal": postal,
        "dossiers.direct": received[:, 0] - online - postal,
        "dossiers.online_counted": received[:, _COLUMN["is_online_counted"]],
        "dossiers.online_on_time": online - received[:, _COLUMN["is_online_late"]],
        "dossiers.synced": received[:, _COLUMN["is_synced"]],
    }


_BOTH = {
    "due_unknown": "is_due_unknown",
    "result_required": "is_result_required",
    "electronic_result": "has_electronic_result",
    "digitised": "is_digitised",
    "reused": "is_reused",
    "shared": "is_shared",
    "population_data": "has_population_data",
    "fee_due": "is_fee_due",
    "paid_online": "is_paid_online",
}


def _pending(packed: Packed, unit: NDArray[np.int32], starts: Sequence[int]) -> Pending:
    """Return the pending dossiers of a part; the cell is that of the unit's number and the era, the era the faster."""
    rows = np.flatnonzero(packed.late_from != NEVER)
    if not len(packed.closed):
        # Known at one moment only: what is closed late stays late.
        rows = rows[~_has(packed.flags[rows], "is_late")]
    flags, received = packed.flags[rows], packed.received[rows]
    one = np.ones(len(rows), dtype=np.int64)
    weights = np.array([one, _has(flags, "is_online"), ~_has(flags, "is_complained")], dtype=np.int64)
    closed = packed.closed[rows] if len(packed.closed) else np.full(len(rows), NEVER)
    return Pending(
        cell=(unit[rows] * len(starts) + era_of(received, starts)).astype(np.int32),
        received=received,
        ended=packed.ended[rows],
        closed=closed,
        late_from=packed.late_from[rows],
        weights=weights,
    )


def _has(flags: NDArray[np.int32], name: str) -> NDArray[np.bool_]:
    is_set: NDArray[np.bool_] = (flags & (1 << FLAGS.index(name))) != 0
    return is_set
