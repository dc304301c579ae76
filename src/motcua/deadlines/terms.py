"""A limit without pauses: when its clock starts, when it is used up, and which days it counts."""

from calendar import monthrange
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from motcua.deadlines import moments
from motcua.deadlines.errors import HappeningsError
from motcua.deadlines.moments import DAY
from motcua.deadlines.types import Counting, Limit, LimitUnit
from motcua.deadlines.working_time import OutsideCalendarError, WorkingCalendar

# Limits are kept as whole millionths, so that every product with a day of whole seconds is a whole microsecond.
MILLION = 1_000_000

# Bound once: looking a member up in its enumeration costs as much as the arithmetic beside it.
_WORKING_DAYS, _WORKING_HOURS, _MONTHS = LimitUnit.WORKING_DAYS, LimitUnit.WORKING_HOURS, LimitUnit.MONTHS
_WHOLE_DAYS = Counting.WHOLE_DAYS


class Term(NamedTuple):
    """When the clock starts and when an unpaused limit is used up, in microseconds.

    ``on_wall``: pauses are measured by the wall calendar, not by office hours. ``first`` and ``last`` number the
    working days counted (``first`` -1: the term is not counted in whole working days).
    """

    start: int
    used_up: int
    on_wall: bool
    first: int = -1
    last: int = -1


@lru_cache(maxsize=4096)
def millionths(limit: Limit) -> int:
    """Return the limit's amount in millionths.

    Raises:
        HappeningsError: not a positive number, finer than a millionth, or a fraction of a month.
    """
    amount = limit.amount
    scaled = amount * MILLION if amount.is_finite() else Decimal(0)
    if scaled <= 0 or scaled > 10_000 * MILLION:
        raise HappeningsError(
            f"Thời hạn «{amount}» không phải là số dương hợp lý.",
            remedy="Hãy ghi số lớn hơn 0 và không quá 10000, ví dụ 5 hoặc 0.5.",
            column="limit",
        )
    if scaled != int(scaled):
        raise HappeningsError(
            f"Thời hạn «{amount}» có quá 6 chữ số thập phân.",
            remedy="Hãy làm tròn thời hạn đến 6 chữ số thập phân.",
            column="limit",
        )
    if limit.unit is _MONTHS and scaled % MILLION:
        raise HappeningsError(
            f"Thời hạn «{amount} tháng» không phải số tháng nguyên.",
            remedy="Hãy ghi số tháng nguyên, hoặc đổi sang ngày (calendar_days).",
            column="limit",
        )
    return int(scaled)


def term(
    *, calendar: WorkingCalendar, received: int, limit: Limit, counting: Counting, day_length: int, extra: int = 0
) -> Term:
    """Return the term of a dossier received at the moment ``received``; ``extra`` millionths come from an extension."""
    amount = millionths(limit) + extra
    unit = limit.unit
    if unit is _WORKING_DAYS:
        if counting is _WHOLE_DAYS:
            return _whole_working_days(calendar, received, amount)
        return _working_time(calendar, received, amount * (day_length // MILLION))
    if unit is _WORKING_HOURS:
        # Hours have no whole days to speak of: under either counting they run from the moment of receipt.
        return _working_time(calendar, received, amount * (moments.HOUR // MILLION))
    if counting is _WHOLE_DAYS:
        return _whole_calendar_days(calendar, received, amount, unit)
    if unit is _MONTHS:
        day, clock = divmod(received, DAY)
        return Term(received, add_months(day, amount // MILLION) * DAY + clock, on_wall=True)
    return Term(received, received + amount * (DAY // MILLION), on_wall=True)


def _working_time(calendar: WorkingCalendar, received: int, length: int) -> Term:
    start = calendar.next_open(received)
    return Term(start, calendar.earliest(calendar.worked_until(start) + length), on_wall=False)


def _whole_working_days(calendar: WorkingCalendar, received: int, amount: int) -> Term:
    first = calendar.working_day_from(received // DAY + 1)
    days, part = divmod(amount, MILLION)
    last = first + days - (not part)
    if last >= len(calendar.closes):
        raise calendar.outside(calendar.first + calendar.size)
    used_up = calendar.closes[last]
    if part:
        used_up = _part_of_day(calendar, last, part)
    return Term(calendar.opens[first], used_up, on_wall=False, first=first, last=last)


def _part_of_day(calendar: WorkingCalendar, k: int, part: int) -> int:
    """Return the moment at which ``part`` millionths of the k-th working day's office hours are used up."""
    before = calendar.before[calendar.working[k] - calendar.first]
    return calendar.earliest(before + (calendar.ends[k] - before) * part // MILLION)


def _whole_calendar_days(calendar: WorkingCalendar, received: int, amount: int, unit: LimitUnit) -> Term:
    day = received // DAY
    units, part = divmod(amount, MILLION)
    last = add_months(day, units) if unit is _MONTHS else day + units + (1 if part else 0)
    if calendar.is_working(last):
        k = calendar.working_day_from(last)
        used_up = _part_of_day(calendar, k, part) if part else calendar.closes[k]
    else:
        used_up = last * DAY + calendar.usual_close
    return Term((day + 1) * DAY, used_up, on_wall=True)


@lru_cache(maxsize=65536)
def add_months(day: int, months: int) -> int:
    """Return the same day of the month so many months later, or the last day of that month where it is shorter."""
    on = moments.day_at(day)
    index = on.year * 12 + on.month - 1 + months
    year, month = divmod(index, 12)
    if year > date.max.year:
        raise OutsideCalendarError(date.max.year)
    return moments.day_number(date(year, month + 1, min(on.day, monthrange(year, month + 1)[1])))


def moved_off_days_off(calendar: WorkingCalendar, used_up: int) -> int:
    """Return the end of a calendar term: on a day off it moves to the closing of the next working day.

    On a working day that follows a day off the term ends at its closing too, not before it: else a dossier received
    later, whose term reaches into that day, would be due earlier than one whose term ended on the day off.
    """
    day = used_up // DAY
    if calendar.is_working(day) and (day == calendar.first or calendar.is_working(day - 1)):
        return used_up
    return max(used_up, calendar.closes[calendar.working_day_from(day)])
