"""On which day a month is published. Pure: a month and a calendar in, a day out."""

from datetime import date, timedelta

from motcua.deadlines import moments
from motcua.deadlines.working_time import WorkingCalendar
from motcua.kernel.errors import UserError
from motcua.kernel.time import Period

_DAYS_OF_WEEK = 7


def month(text: str) -> Period:
    """Read ``2026-10``.

    Raises:
        UserError: the text is not one month.
    """
    period = Period.parse(text)
    if period != Period.month(period.start.year, period.start.month):
        raise UserError(f"«{text}» không phải một tháng.", remedy="Hãy ghi tháng, ví dụ 2026-10.", where=text)
    return period


def due_on(period: Period, *, calendar: WorkingCalendar) -> date:
    """Return the day on which the figures of the month are taken.

    The last day of the month; where that is a day off, the Monday of the week after it; where that Monday is a day
    off too, the first working day after (``law/publication/monthly``, ``[day]``).
    """
    day = period.last_day
    if _is_working(day, calendar):
        return day
    day += timedelta(days=_DAYS_OF_WEEK - day.weekday())
    while not _is_working(day, calendar):
        day += timedelta(days=1)
    return day


def _is_working(day: date, calendar: WorkingCalendar) -> bool:
    return calendar.is_working(moments.day_number(day))
