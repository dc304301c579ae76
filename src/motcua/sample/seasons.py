"""When dossiers arrive: how busy each day of the sample is, and each hour of an office day."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from motcua.sample.office_time import OfficeTime
from motcua.sample.shape import Shape

LONG_HOLIDAY = 4  # days off in a row after which counters are crowded
TET_EVE = 5  # working days before a long holiday in the first quarter on which fewer people come


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The distribution of receipts: cumulative share at the end of each day, and of each quarter of an hour."""

    first_day: int
    by_day: npt.NDArray[np.float64]
    by_minute: npt.NDArray[np.float64]
    minutes: npt.NDArray[np.float64]


def arrivals(*, shape: Shape, office: OfficeTime, start: date, end: date) -> Arrivals:
    """Lay out the days from ``start`` up to ``end``: Mondays busy, Tết quiet, crowds after long holidays."""
    offset = (start - office.first).days
    count = (end - start).days
    weights = np.empty(count)
    for n in range(count):
        day = start + timedelta(days=n)
        usual = shape.weekdays[day.weekday()]
        if office.is_working[offset + n]:
            usual = usual if day.weekday() < 5 else shape.swapped_working_day
        elif day.weekday() < 5:
            usual = shape.day_off
        weights[n] = usual * shape.months[day.month - 1]
    _crowd_around_holidays(weights, office.is_working[offset : offset + count], shape)
    hours = np.array(shape.hours)
    edges = np.arange(7 * 60.0, 7 * 60.0 + 60.0 * (len(hours) + 1), 60.0)
    by_minute = np.concatenate([[0.0], np.cumsum(hours / hours.sum())])
    return Arrivals(offset, np.cumsum(weights / weights.sum()), by_minute, edges)


def _crowd_around_holidays(weights: npt.NDArray[np.float64], is_working: npt.NDArray[np.bool_], shape: Shape) -> None:
    idle = 0
    for n in range(len(weights)):
        if not is_working[n]:
            idle += 1
            continue
        if idle >= LONG_HOLIDAY:
            weights[n : n + 3] *= shape.after_long_holiday
            if idle > 2 * LONG_HOLIDAY - 1:  # only Tết lasts that long
                weights[max(0, n - idle - TET_EVE) : n - idle] *= 0.75
        idle = 0
