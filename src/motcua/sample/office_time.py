"""Office hours as one number line: working minutes elapsed, forth and back, for whole arrays at once."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from motcua.deadlines.working_time import WorkingCalendar

EPOCH = date(1970, 1, 1)
Minutes = npt.NDArray[np.int64]

DAY = 1440
OPENS, NOON, AFTERNOON, CLOSES = 8 * 60, 12 * 60, 13 * 60, 17 * 60
WORKING_DAY = NOON - OPENS + CLOSES - AFTERNOON
MORNING = NOON - OPENS


@dataclass(frozen=True, slots=True)
class OfficeTime:
    """Working minutes of the fictitious province's offices (08:00-12:00, 13:00-17:00).

    Moments are minutes since ``first`` at midnight. The legal clock is ``motcua.deadlines``; this one only makes
    the sample's dossiers move at believable hours.
    """

    first: date
    days: int
    is_working: npt.NDArray[np.bool_]
    working_days_before: Minutes
    working_day: Minutes

    @classmethod
    def over(cls, *, first: date, is_working: npt.NDArray[np.bool_]) -> "OfficeTime":
        """Lay out one day after another from ``first``."""
        before = np.concatenate([[0], np.cumsum(is_working)])[:-1].astype(np.int64)
        return cls(first, len(is_working), is_working, before, np.flatnonzero(is_working).astype(np.int64))

    @classmethod
    def of(cls, calendar: WorkingCalendar, *, first: date, days: int) -> "OfficeTime":
        """Lay out ``days`` days from ``first`` as the legal calendar has them: holidays, swapped days."""
        flags = np.zeros(days, dtype=np.bool_)
        places = np.array(calendar.working) - (first - EPOCH).days
        flags[places[(places >= 0) & (places < days)]] = True
        return cls.over(first=first, is_working=flags)

    def elapsed(self, moments: Minutes) -> Minutes:
        """Return the working minutes from the first day's opening to each moment."""
        day = moments // DAY
        minute = moments - day * DAY
        today = np.clip(minute - OPENS, 0, MORNING) + np.clip(minute - AFTERNOON, 0, CLOSES - AFTERNOON)
        elapsed: Minutes = self.working_days_before[day] * WORKING_DAY + today * self.is_working[day]
        return elapsed

    def moment(self, elapsed: Minutes) -> Minutes:
        """Return the earliest moment at which so many working minutes have elapsed (12:00, not 13:00)."""
        whole = np.maximum(elapsed - 1, 0) // WORKING_DAY
        rest = elapsed - whole * WORKING_DAY
        moments: Minutes = self.working_day[whole] * DAY + OPENS + rest + np.where(rest > MORNING, AFTERNOON - NOON, 0)
        return moments
