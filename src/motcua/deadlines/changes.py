"""A calendar that changes afterwards (a storm day): every open dossier computed again, and the list of what moved."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motcua.deadlines import arrays
from motcua.deadlines.arrays import Moments, Pauses
from motcua.deadlines.types import Counting, LimitUnit
from motcua.deadlines.working_time import CalendarData, WorkingCalendar


def with_day_off(data: CalendarData, day: date, *, why: str, version: str) -> CalendarData:
    """Return a new calendar version in which the day is off, for example a storm day declared afterwards."""
    worked = {on: reason for on, reason in data.days_worked.items() if on != day}
    special = {on: hours for on, hours in data.special_hours.items() if on != day}
    return replace(
        data, version=version, days_off={**data.days_off, day: why}, days_worked=worked, special_hours=special
    )


def with_day_worked(data: CalendarData, day: date, *, why: str, version: str) -> CalendarData:
    """Return a new calendar version in which the day is worked, for example a Saturday worked to make up."""
    off = {on: reason for on, reason in data.days_off.items() if on != day}
    return replace(data, version=version, days_off=off, days_worked={**data.days_worked, day: why})


@dataclass(frozen=True, slots=True)
class Moves:
    """Which dossiers moved (places in the arrays), from which due moment to which."""

    place: NDArray[np.int64]
    before: Moments
    after: Moments


def moves(
    *,
    before: WorkingCalendar,
    after: WorkingCalendar,
    received: Moments,
    limit: NDArray[Any],
    unit: LimitUnit | NDArray[np.integer[Any]],
    counting: Counting | NDArray[np.integer[Any]],
    day_length: int,
    finished: Moments,
    pauses: Pauses | None = None,
    measured: Moments | np.datetime64 | None = None,
) -> Moves:
    """Return the open dossiers whose due moment differs between two calendar versions.

    A dossier that has a moment in ``finished`` is closed: it keeps the due moment it was measured by.

    Raises:
        OutsideCalendarError: a count leaves one of the calendars.
        ValueError: as ``arrays.due_moments``.
    """
    places = np.flatnonzero(np.isnat(finished))
    chosen = _of_open(pauses, places, len(received)) if pauses is not None else None
    as_of = measured[places] if isinstance(measured, np.ndarray) and measured.ndim else measured
    old, new = (
        arrays.due_moments(
            calendar=calendar,
            received=received[places],
            limit=limit[places],
            unit=unit[places] if isinstance(unit, np.ndarray) else unit,
            counting=counting[places] if isinstance(counting, np.ndarray) else counting,
            day_length=day_length,
            pauses=chosen,
            measured=as_of,
        )
        for calendar in (before, after)
    )
    moved = np.flatnonzero(old != new)
    return Moves(places[moved], old[moved], new[moved])


def _of_open(pauses: Pauses, places: NDArray[np.int64], size: int) -> Pauses:
    renumbered = np.full(size, -1, np.int64)
    renumbered[places] = np.arange(len(places))
    dossier = renumbered[pauses.dossier]
    kept = dossier >= 0
    return Pauses(dossier[kept], pauses.begin[kept], pauses.end[kept])
