"""Working time between two moments, by the calendar of ``law/calendar``."""

from datetime import datetime, timedelta
from functools import lru_cache

from motcua import lawbook
from motcua.deadlines import calendars, moments
from motcua.deadlines.working_time import WorkingCalendar

FIRST_YEAR, LAST_YEAR = 2018, 2028
_CALENDAR = "vn"


class Hours:
    """Giờ làm việc: how much of a span offices were open, in whole seconds."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self._calendar = calendar
        self._first = calendar.first * moments.DAY
        self._last = (calendar.first + calendar.size) * moments.DAY - 1

    def between(self, begin: datetime, end: datetime) -> int:
        """Return the working seconds from one moment to another; 0 where the second is not later.

        What lies outside the calendar has no working time: a wrong year in a source must not stop the count.
        """
        if end <= begin:
            return 0
        return (self._worked(end) - self._worked(begin)) // moments.SECOND

    def until_close(self, moment: datetime) -> datetime:
        """Return the end of the calendar day of the moment: all of its working time lies before."""
        return moment.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)

    def _worked(self, moment: datetime) -> int:
        return self._calendar.worked_until(min(max(moments.number_of(moment), self._first), self._last))


@lru_cache(maxsize=1)
def national() -> Hours:
    """Return the working time of the country's calendar."""
    return Hours(calendars.working_calendar(lawbook.load(), _CALENDAR, first=FIRST_YEAR, last=LAST_YEAR))
