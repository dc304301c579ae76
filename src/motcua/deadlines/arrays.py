"""The clock for many dossiers at once: NumPy in, NumPy out, the same tables and the same answers as ``clock``."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motcua.deadlines import moments
from motcua.deadlines.moments import DAY, MINUTE
from motcua.deadlines.terms import MILLION
from motcua.deadlines.types import ClockState, Counting, LimitUnit
from motcua.deadlines.working_time import WorkingCalendar, outside

Whole = NDArray[np.int64]
Moments = NDArray[np.datetime64]

UNITS = tuple(LimitUnit)
"""Codes of the ``unit`` array: the place in this tuple."""
COUNTINGS = tuple(Counting)
"""Codes of the ``counting`` array: the place in this tuple."""
STATES = tuple(ClockState)
"""Codes of the state array: the place in this tuple."""

NO_MOMENT = np.datetime64("NaT", "us")

# Rows worked on at a time: what is read and written then stays in the processor's cache.
_CHUNK = 1 << 15


@dataclass(frozen=True, slots=True)
class Pauses:
    """Pauses of many dossiers: which dossier (its place in the arrays), from when, to when (NaT: not yet answered)."""

    dossier: NDArray[np.integer[Any]]
    begin: Moments
    end: Moments


class _Tables:
    """The calendar as arrays, plus a grid that finds the working day of an amount of working time in one step."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.calendar = calendar
        self.first = calendar.first
        self.size = calendar.size
        self.before = np.array(calendar.before, np.int64)
        self.nth = np.array(calendar.nth, np.int64)
        self.working = np.array(calendar.working, np.int64)
        self.ends = np.array(calendar.ends, np.int64)
        self.opens = np.array(calendar.opens, np.int64)
        self.closes = np.array(calendar.closes, np.int64)
        self.is_working = np.diff(self.nth) > 0
        stretches = max((len(day) for day in calendar.hours), default=0)
        # Missing stretches begin and end with the day, so that they hold no time.
        self.begins = np.full((stretches, self.size), DAY, np.int64)
        self.lengths = np.zeros((stretches, self.size), np.int64)
        for i, day in enumerate(calendar.hours):
            for s, (begin, close) in enumerate(day):
                self.begins[s, i] = begin
                self.lengths[s, i] = close - begin
        self.stretches = stretches
        lengths = np.diff(self.before)
        # No two working days end within one cell, so at most one step leads from the cell to the day.
        self.cell = int(lengths[lengths > 0].min()) if len(self.working) else 1
        cells = int(self.before[-1]) // self.cell + 1
        self.grid = np.searchsorted(self.ends, np.arange(cells, dtype=np.int64) * self.cell, side="right")

        days = np.arange(self.first, self.first + self.size).astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        self.month: Whole = months.astype(np.int64) - int(months[0].astype(np.int64))
        self.of_month: Whole = (days - months).astype(np.int64)
        begins = np.arange(months[0], months[-1] + 2).astype("datetime64[D]").astype(np.int64)
        self.month_begins, self.month_lengths = begins[:-1], np.diff(begins)

    def add_months(self, day: Whole, months: Whole) -> Whole:
        """Return the same day of the month so many months later, or the last day of that month where it is shorter."""
        i = self.index(day)
        wanted = self.month[i] + months
        if len(wanted) and int(wanted.max()) >= len(self.month_begins):
            raise self.calendar.outside(self.first + self.size)
        later: Whole = self.month_begins[wanted] + np.minimum(self.of_month[i], self.month_lengths[wanted] - 1)
        return later

    def index(self, day: Whole) -> Whole:
        i: Whole = day - self.first
        if len(i) and (int(i.min()) < 0 or int(i.max()) >= self.size):
            beyond = int(day.min()) if int(i.min()) < 0 else int(day.max())
            raise outside(beyond)
        return i

    def known(self, k: Whole) -> Whole:
        if len(k) and int(k.max()) >= len(self.working):
            raise self.calendar.outside(self.first + self.size)
        return k

    def worked_until(self, moment: Whole) -> Whole:
        day = moment // DAY
        i = self.index(day)
        clock = moment - day * DAY
        total = self.before[i]
        for s in range(self.stretches):
            total += np.minimum(np.maximum(clock - self.begins[s][i], 0), self.lengths[s][i])
        return total

    def earliest(self, worked: Whole) -> Whole:
        if len(worked) and int(worked.max()) > int(self.before[-1]):
            raise self.calendar.outside(self.first + self.size)
        # The cell's day is the first that ends after the cell begins; the wanted one is the first that ends at or
        # after ``worked``: the same day, or the next.
        k = self.grid[(worked - 1) // self.cell]
        k += self.ends[k] < worked
        day = self.working[k]
        i = day - self.first
        left = worked - self.before[i]
        moment = day * DAY
        found: Whole = moment + self.begins[0][i] + left
        for s in range(1, self.stretches):
            left -= self.lengths[s - 1][i]
            found = np.where(left > 0, moment + self.begins[s][i] + left, found)
        return found

    def next_open(self, moment: Whole) -> Whole:
        day = moment // DAY
        i = self.index(day)
        clock = moment - day * DAY
        found = self.opens[self.known_or_last(self.nth[i + 1])]
        beyond = self.nth[i + 1] >= len(self.working)
        for s in reversed(range(self.stretches)):
            begins = self.begins[s][i]
            is_before_close = clock < begins + self.lengths[s][i]
            is_here = is_before_close & (self.lengths[s][i] > 0)
            found = np.where(is_here, day * DAY + np.maximum(clock, begins), found)
            beyond &= ~is_here
        if beyond.any():
            raise self.calendar.outside(self.first + self.size)
        return found

    def known_or_last(self, k: Whole) -> Whole:
        return np.minimum(k, len(self.working) - 1)


@lru_cache(maxsize=16)
def _tables(calendar: WorkingCalendar) -> _Tables:
    return _Tables(calendar)


def due_moments(
    *,
    calendar: WorkingCalendar,
    received: Moments,
    limit: NDArray[np.float64] | NDArray[np.integer[Any]] | Sequence[float],
    unit: LimitUnit | NDArray[np.integer[Any]],
    counting: Counting | NDArray[np.integer[Any]],
    day_length: int,
    pauses: Pauses | None = None,
    measured: Moments | np.datetime64 | None = None,
) -> Moments:
    """Return the due moments of many dossiers.

    ``limit`` is rounded to millionths; ``unit`` and ``counting`` are one for all, or codes (places in ``UNITS`` and
    ``COUNTINGS``). ``day_length`` is the working time of «a day» for elapsed_hours, in microseconds. ``measured`` is
    the moment (one, or one per dossier) as of which open pauses are taken as answered; needed only with open pauses.

    Raises:
        OutsideCalendarError: a count leaves the calendar.
        ValueError: a limit that is not positive, a fraction of a month, a pause that ends before it begins, or an
            open pause without ``measured``.
    """
    tables = _tables(calendar)
    at = received.astype("datetime64[us]", copy=False).view(np.int64)
    amounts = _millionths(np.asarray(limit), len(at))
    due = np.empty(len(at), np.int64)
    stops = _ordered(pauses, measured, len(at)) if pauses is not None and len(pauses.dossier) else None
    units = unit if isinstance(unit, np.ndarray) else UNITS.index(unit)
    countings = counting if isinstance(counting, np.ndarray) else COUNTINGS.index(counting)
    for low in range(0, len(at), _CHUNK):
        part = slice(low, low + _CHUNK)
        _fill(
            tables,
            due,
            low=low,
            at=at[part],
            amounts=amounts[part],
            units=_part(units, part),
            countings=_part(countings, part),
            day_length=day_length,
            stops=stops,
        )
    return due.view("datetime64[us]")


def _part(codes: int | NDArray[np.integer[Any]], part: slice) -> int | NDArray[np.integer[Any]]:
    return codes[part] if isinstance(codes, np.ndarray) else codes


def _millionths(limit: NDArray[Any], size: int) -> Whole:
    if limit.shape not in ((), (size,)):
        raise ValueError("as many limits as dossiers, or one for all, are needed")
    if np.issubdtype(limit.dtype, np.integer):
        amounts = limit.astype(np.int64) * MILLION
    else:
        if not np.isfinite(limit).all():
            raise ValueError("a limit is missing")
        amounts = np.rint(limit * MILLION).astype(np.int64)
    if amounts.size and int(amounts.min()) <= 0:
        raise ValueError("a limit must be more than 0")
    return np.broadcast_to(amounts, (size,))


def _fill(
    tables: _Tables,
    due: Whole,
    *,
    low: int,
    at: Whole,
    amounts: Whole,
    units: int | NDArray[np.integer[Any]],
    countings: int | NDArray[np.integer[Any]],
    day_length: int,
    stops: "_Stops | None",
) -> None:
    """Write the due moments of one chunk that begins at place ``low``, kind by kind."""
    if not isinstance(units, np.ndarray) and not isinstance(countings, np.ndarray):
        due[low : low + len(at)] = _due(
            tables,
            (UNITS[units], COUNTINGS[countings]),
            at=at,
            amounts=amounts,
            day_length=day_length,
            stops=stops,
            places=np.arange(low, low + len(at)),
        )
        return
    kinds = np.broadcast_to(np.asarray(units) * len(COUNTINGS) + np.asarray(countings), at.shape)
    for kind in np.unique(kinds).tolist():
        chosen = np.flatnonzero(kinds == kind)
        due[low + chosen] = _due(
            tables,
            (UNITS[kind // len(COUNTINGS)], COUNTINGS[kind % len(COUNTINGS)]),
            at=at[chosen],
            amounts=amounts[chosen],
            day_length=day_length,
            stops=stops,
            places=low + chosen,
        )


def _due(
    tables: _Tables,
    kind: tuple[LimitUnit, Counting],
    *,
    at: Whole,
    amounts: Whole,
    day_length: int,
    stops: "_Stops | None",
    places: Whole,
) -> Whole:
    unit, counting = kind
    is_whole = counting is Counting.WHOLE_DAYS
    if unit.is_calendar:
        start, used_up = _calendar_term(tables, at, amounts, unit, is_whole=is_whole)
    elif unit is LimitUnit.WORKING_DAYS and is_whole:
        start, used_up = _whole_working_days(tables, at, amounts, needs_start=stops is not None)
    else:
        per_unit = day_length if unit is LimitUnit.WORKING_DAYS else moments.HOUR
        start = at if stops is None else tables.next_open(at)
        used_up = tables.earliest(tables.worked_until(at) + amounts * (per_unit // MILLION))
    if stops is not None:
        used_up = stops.applied(tables, places, start, used_up, on_wall=unit.is_calendar)
    if not unit.is_calendar:
        return used_up
    day = used_up // DAY
    i = tables.index(day)
    # On or right after a day off a calendar term lasts to the closing: see ``terms.moved_off_days_off``.
    stays = tables.is_working[i] & tables.is_working[np.maximum(i - 1, 0)]
    return np.where(stays, used_up, np.maximum(used_up, tables.closes[tables.known(tables.nth[i])]))


def _whole_working_days(tables: _Tables, at: Whole, amounts: Whole, *, needs_start: bool) -> tuple[Whole, Whole]:
    first = tables.nth[tables.index(at // DAY) + 1]
    days = amounts // MILLION
    part = amounts - days * MILLION
    has_part = part > 0
    if has_part.any():
        last = tables.known(first + days - ~has_part)
        before = tables.before[tables.working[last] - tables.first]
        # A full day is 1000000 millionths of its own hours.
        share = np.where(has_part, part, MILLION)
        used_up = tables.earliest(before + (tables.ends[last] - before) * share // MILLION)
    else:
        used_up = tables.closes[tables.known(first + days - 1)]
    return (tables.opens[first] if needs_start else used_up), used_up


def _calendar_term(
    tables: _Tables, at: Whole, amounts: Whole, unit: LimitUnit, *, is_whole: bool
) -> tuple[Whole, Whole]:
    day = at // DAY
    units = amounts // MILLION
    part = amounts - units * MILLION
    if unit is LimitUnit.MONTHS:
        if part.any():
            raise ValueError("a fraction of a month cannot be counted")
        last = tables.add_months(day, units)
    elif is_whole:
        last = day + units + (part > 0)
    else:
        return at, at + amounts * (DAY // MILLION)
    if not is_whole:
        return at, last * DAY + (at - day * DAY)
    i = tables.index(last)
    k = tables.known_or_last(tables.nth[i])
    before = tables.before[i]
    share = np.where(part > 0, part, MILLION)
    worked = before + (tables.ends[k] - before) * share // MILLION
    is_working = tables.is_working[i]
    closing = np.where(is_working & (part == 0), tables.closes[k], last * DAY + tables.calendar.usual_close)
    has_part = is_working & (part > 0)
    if has_part.any():
        closing[has_part] = tables.earliest(worked[has_part])
    return (day + 1) * DAY, closing


@dataclass(frozen=True, slots=True)
class _Stops:
    """Pauses in order of dossier and beginning; ``of[d]`` to ``of[d + 1]`` are those of dossier d."""

    begin: Whole
    end: Whole
    of: Whole

    def applied(self, tables: _Tables, places: Whole, start: Whole, used_up: Whole, *, on_wall: bool) -> Whole:
        """Return when the limits are used up with the pauses: the first pause of every dossier, then the second..."""
        first, beyond = self.of[places], self.of[places + 1]
        rank = 0
        used_up = used_up.copy()
        covered = start.copy()
        while True:
            rows = np.flatnonzero(first + rank < beyond)
            if not len(rows):
                return used_up
            at = first[rows] + rank
            begin = np.maximum(self.begin[at], covered[rows])
            end = self.end[at]
            counts = (begin < used_up[rows]) & (end > covered[rows])
            rows, begin, end = rows[counts], begin[counts], end[counts]
            if on_wall:
                used_up[rows] += end - begin
            else:
                length = tables.worked_until(end) - tables.worked_until(begin)
                used_up[rows] = tables.earliest(tables.worked_until(used_up[rows]) + length)
            covered[rows] = end
            rank += 1


def _ordered(pauses: Pauses, measured: Moments | np.datetime64 | None, size: int) -> _Stops:
    begin = pauses.begin.astype("datetime64[us]", copy=False)
    end = pauses.end.astype("datetime64[us]", copy=True)
    is_open = np.isnat(end)
    if is_open.any():
        if measured is None:
            raise ValueError("open pauses need the moment of measuring")
        as_of = np.broadcast_to(np.asarray(measured, "datetime64[us]"), (size,))
        end[is_open] = np.maximum(begin[is_open], as_of[pauses.dossier[is_open]])
    if (end < begin).any() or np.isnat(begin).any():
        raise ValueError("a pause ends before it begins")
    order = np.lexsort((end.view(np.int64), begin.view(np.int64), pauses.dossier))
    of = np.searchsorted(pauses.dossier[order], np.arange(size + 1))
    return _Stops(begin[order].view(np.int64), end[order].view(np.int64), of)


def remaining_working_minutes(*, calendar: WorkingCalendar, due: Moments, measured: Moments | np.datetime64) -> Whole:
    """Return the office time from the moment of measuring to the due moment, whole minutes rounded down."""
    tables = _tables(calendar)
    out = np.empty(len(due), np.int64)
    at = np.broadcast_to(np.asarray(measured, "datetime64[us]"), due.shape)
    for low in range(0, len(due), _CHUNK):
        part = slice(low, low + _CHUNK)
        left = tables.worked_until(due[part].astype("datetime64[us]").view(np.int64))
        left -= tables.worked_until(np.ascontiguousarray(at[part]).view(np.int64))
        out[part] = left // MINUTE
    return out
