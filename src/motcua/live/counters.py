"""Sums over any days, read from the roll-ups: whole months, the days at their ends, and what is carried in.

The rows read are those of months and units, so the cost does not grow with the dossiers, nor that of a period with the
years kept before it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from motcua.facts.columns import COUNTED, FLAGS
from motcua.facts.layout import Layout, day_number, era_of
from motcua.live.rollups import COUNTERS, NOT_ENDED, following, month_of

Counts = NDArray[np.int64]

_NAMES = ", ".join(COUNTERS)
_SUMS = ", ".join(f"sum({name})" for name in COUNTERS)
_TAKEN_OUT = ", ".join(f"-{name}" for name in COUNTERS)
_BITS = np.arange(len(COUNTED))
_IS_LATE, _IS_ONLINE_LATE, _IS_UNSATISFIED = (
    1 + COUNTED.index(name) for name in ("is_late", "is_online_late", "is_unsatisfied")
)
_IS_ONLINE, _IS_COMPLAINED = (1 << FLAGS.index(name) for name in ("is_online", "is_complained"))


class Board:
    """A sheet of counters, (era of receipt, unit, counter), to which rows are added under the unit they count under."""

    def __init__(self, layout: Layout) -> None:
        """Begin with nought everywhere."""
        self.layout = layout
        self.counts = np.zeros((len(layout.starts), len(layout.codes), len(COUNTERS)), dtype=np.int64)
        self._places = places_of(layout)

    def add(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add rows of a day of receipt, a unit and its counters."""
        if not rows:
            return
        eras = era_of(np.array([day_number(row[0]) for row in rows]), self.layout.starts)
        units = np.array([self._places[row[1]] for row in rows], dtype=np.intp)
        np.add.at(self.counts, (eras, units), np.array([row[2:] for row in rows], dtype=np.int64))

    def rolled_up(self) -> Counts:
        """Return (unit, counter): the unit and all below it."""
        return self.layout.roll_up(self.counts)


def places_of(layout: Layout) -> Mapping[str, int]:
    """Return where each unit is counted: its own place, or that of the unit that followed it."""
    places = {code: place for place, code in enumerate(layout.codes)}
    follow = layout.history.successors
    return {code: places[follow.get(code, code)] for code in layout.codes}


def whole_months(start: date, end: date) -> tuple[date, date]:
    """Return where the whole months from ``start`` up to ``end`` begin and end; the same day twice where none is."""
    first = start if start.day == 1 else following(month_of(start))
    return first, max(first, month_of(end))


def of_period(layout: Layout, *, start: date, end: date, cut_off: datetime) -> tuple[Counts, Counts]:
    """Return (unit, counter) of the dossiers received from ``start`` up to ``end``, and of those carried into it.

    An open dossier counts as late where its due moment lies before the cut-off.
    """
    received, carried = Board(layout), Board(layout)
    for low, high in spans(layout, start=start, end=end):
        received.add([(low, *row) for row in _received(low, high)])
    _carry(carried, start=start)
    _judge(received, carried, start=start, end=end, cut_off=cut_off)
    return received.rolled_up(), carried.rolled_up()


def spans(layout: Layout, *, start: date, end: date) -> list[tuple[date, date]]:
    """Return the days from ``start`` up to ``end``, cut where another tree of units begins to hold."""
    cuts = sorted({start, *(era.start for era in layout.history.eras if era.start and start < era.start < end)})
    return [(low, high) for low, high in zip(cuts, [*cuts[1:], end], strict=True) if low < high]


def _received(start: date, end: date) -> list[tuple[Any, ...]]:
    first, last = whole_months(start, end)
    with connection.cursor() as database:
        database.execute(
            f"SELECT unit_code, {_SUMS} FROM ("  # noqa: S608 - columns of our own
            f"SELECT unit_code, {_NAMES} FROM live_livemonth WHERE month >= %s AND month < %s"
            f" UNION ALL SELECT unit_code, {_NAMES} FROM live_liveday"
            " WHERE day >= %s AND day < %s UNION ALL"
            f" SELECT unit_code, {_NAMES} FROM live_liveday WHERE day >= %s AND day < %s) AS parts GROUP BY 1",
            [first, last, start, min(first, end), last, end],
        )
        found: list[tuple[Any, ...]] = database.fetchall()
        return found


def _carry(carried: Board, *, start: date) -> None:
    """Count the dossiers received before the day and not ended before it.

    That is what was carried into the day's month, and what was received in the month until then less what ended.
    """
    month = month_of(start)
    cut = _cut_months(carried.layout, until=start)
    with connection.cursor() as database:
        database.execute(
            f"SELECT received_month, unit_code, {_SUMS} FROM ("  # noqa: S608 - columns of our own
            f"SELECT received_month, unit_code, {_NAMES} FROM live_livecarried WHERE month = %s"
            f" UNION ALL SELECT received_month, unit_code, {_NAMES} FROM live_livecarried"
            " WHERE month = %s AND received_month < %s"
            f" UNION ALL SELECT %s, unit_code, {_NAMES} FROM live_liveday WHERE day >= %s AND day < %s"
            f" UNION ALL SELECT received_month, unit_code, {_TAKEN_OUT} FROM live_liveended"
            " WHERE day >= %s AND day < %s) AS parts"
            " WHERE received_month <> ALL(%s) GROUP BY 1, 2 HAVING sum(dossiers) <> 0",
            [month, NOT_ENDED, month, month, month, start, month, start, cut],
        )
        carried.add(database.fetchall())
        for one in cut:
            carried.add(_one_by_one(one, start=start))


def _cut_months(layout: Layout, *, until: date) -> list[date]:
    """Return the months within which another tree of units begins to hold: their dossiers are told apart by day."""
    begins = [era.start for era in layout.history.eras if era.start]
    return sorted({month_of(day) for day in begins if day.day != 1 and month_of(day) < until})


def _one_by_one(month: date, *, start: date) -> list[tuple[Any, ...]]:
    with connection.cursor() as database:
        database.execute(
            "SELECT lower(days), unit_code, flags, count(*) FROM live_livedossier"
            " WHERE unit_code IN (SELECT unit_code FROM live_livemonth WHERE month = %s)"
            " AND lower(days) >= %s AND lower(days) < %s AND (upper_inf(days) OR upper(days) > %s) GROUP BY 1, 2, 3",
            [month, month, min(following(month), start), start],
        )
        return [
            (day, unit, number, *(number * ((flags >> _BITS) & 1)).tolist())
            for day, unit, flags, number in database.fetchall()
        ]


def _judge(received: Board, carried: Board, *, start: date, end: date, cut_off: datetime) -> None:
    """Count the open dossiers whose due moment has passed at the cut-off as late."""
    begins = [era.start for era in received.layout.history.eras if era.start]
    with connection.cursor() as database:
        database.execute(
            "SELECT lower(days) >= %s, min(lower(days)), unit_code, count(*),"
            " count(*) FILTER (WHERE flags & %s <> 0), count(*) FILTER (WHERE flags & %s = 0) FROM live_livedossier"
            " WHERE open_due_at < %s AND lower(days) < %s"
            " GROUP BY 1, 3, (SELECT count(*) FROM unnest(%s::date[]) AS era(begins) WHERE begins <= lower(days))",
            [start, _IS_ONLINE, _IS_COMPLAINED, cut_off, end, begins],
        )
        rows: dict[bool, list[tuple[Any, ...]]] = {True: [], False: []}
        for is_received, day, unit, late, online, uncomplained in database.fetchall():
            row = [0] * len(COUNTERS)
            row[_IS_LATE], row[_IS_ONLINE_LATE], row[_IS_UNSATISFIED] = late, online, uncomplained
            rows[is_received].append((day, unit, *row))
    received.add(rows[True])
    carried.add(rows[False])
