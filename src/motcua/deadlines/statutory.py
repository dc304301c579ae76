"""Ngày nghỉ lễ of a year whose calendar has not been announced: computed from what the law fixes."""

from collections.abc import Sequence
from datetime import date, timedelta

from motcua.deadlines import lunar
from motcua.lawbook.calendars import StatutoryHoliday


def days_off(*, year: int, holidays: Sequence[StatutoryHoliday], weekly_days_off: frozenset[int]) -> dict[date, str]:
    """Return the days off of the year and why; a holiday on a weekly day off is made up on the next working day.

    ``weekly_days_off`` holds weekdays (0 = Monday) on which the office does not open.

    Raises:
        ValueError: the year lies outside what the lunar calendar can be computed for.
    """
    found: dict[date, str] = {}
    for holiday in holidays:
        if not holiday.first_year <= year <= holiday.last_year:
            continue
        day = (
            lunar.day_of(year=year, month=holiday.month, day=holiday.day)
            if holiday.is_lunar
            else date(year, holiday.month, holiday.day)
        )
        for offset in holiday.offsets:
            found[day + timedelta(days=offset)] = holiday.name_vi
    made_up: dict[date, str] = {}
    for day in sorted(found):
        if day.weekday() not in weekly_days_off:
            continue
        instead = day
        while instead.weekday() in weekly_days_off or instead in found or instead in made_up:
            instead += timedelta(days=1)
        made_up[instead] = f"nghỉ bù {found[day]}"
    return found | made_up
