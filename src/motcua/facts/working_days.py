"""Working days between two days, by one calendar."""

from datetime import date

from motcua.deadlines.working_time import WorkingCalendar
from motcua.kernel.errors import UserError

_EPOCH = date(1970, 1, 1)


def after(start: date, end: date, *, calendar: WorkingCalendar) -> int:
    """Return how many working days lie after ``start``, up to and including ``end``; 0 if ``end`` is not later.

    Raises:
        UserError: the calendar does not reach one of the days.
    """
    return max(_before(end, calendar, shift=1) - _before(start, calendar, shift=1), 0)


def until(start: date, end: date, *, calendar: WorkingCalendar) -> int:
    """Return how many working days lie from ``start`` on, before ``end``; 0 if ``end`` is not later.

    Raises:
        UserError: the calendar does not reach one of the days.
    """
    return max(_before(end, calendar, shift=0) - _before(start, calendar, shift=0), 0)


def _before(day: date, calendar: WorkingCalendar, *, shift: int) -> int:
    """Return the working days of the calendar before the day, or, with a shift of 1, up to and including it."""
    place = (day - _EPOCH).days - calendar.first
    if not 0 <= place < calendar.size:
        raise UserError(
            f"Không có lịch làm việc cho ngày {day:%d/%m/%Y}.",
            remedy=f"Hãy thêm năm {day.year} vào law/calendar.",
            where=f"lịch {calendar.code}",
        )
    return calendar.nth[place + shift]
