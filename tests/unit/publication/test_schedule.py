"""The day on which a month is published: its last, or the Monday after a day off."""

from datetime import date

import pytest

from motcua import lawbook
from motcua.deadlines import calendars
from motcua.deadlines.working_time import WorkingCalendar
from motcua.kernel.errors import UserError
from motcua.kernel.time import Period
from motcua.publication import schedule

LETTER = "45/VPUB-PVHCC&KSTT"


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    return calendars.working_calendar(lawbook.load(), "vn", first=2021, last=2027)


@pytest.mark.law(LETTER, "mục 2: ngày kết xuất số liệu")
@pytest.mark.parametrize(
    ("month", "day", "why"),
    [
        ("2026-03", date(2026, 3, 31), "a Tuesday at work"),
        ("2026-10", date(2026, 11, 2), "31/10 is a Saturday"),
        ("2026-05", date(2026, 6, 1), "31/5 is a Sunday"),
        ("2026-04", date(2026, 5, 4), "30/4 is Reunification Day, 1/5 Labour Day"),
        ("2025-01", date(2025, 2, 3), "31/1 is the third day of Tết"),
        ("2025-04", date(2025, 5, 5), "30/4 and 1/5, and the Friday swapped"),
        ("2022-01", date(2022, 2, 7), "31/1 is the eve of Tết, the days off end with the week"),
        ("2022-12", date(2023, 1, 3), "31/12 is a Saturday, and the Monday after is off for New Year's Day"),
        ("2024-08", date(2024, 9, 4), "31/8 is a Saturday, and National Day takes Monday and Tuesday"),
    ],
)
def test_the_figures_are_taken_on_the_last_day_or_the_monday_after_a_day_off(
    calendar: WorkingCalendar, month: str, day: date, why: str
) -> None:
    assert schedule.due_on(Period.parse(month), calendar=calendar) == day, why


def test_over_six_years_the_day_is_always_a_working_day_and_never_before_the_months_end(
    calendar: WorkingCalendar,
) -> None:
    for year in range(2022, 2027):
        for number in range(1, 13):
            period = Period.month(year, number)
            day = schedule.due_on(period, calendar=calendar)

            assert day >= period.last_day
            assert (day - period.last_day).days <= 14
            if day != period.last_day:
                assert day.weekday() == 0 or (day - period.last_day).days > 1
                assert day.isocalendar()[:2] > period.last_day.isocalendar()[:2]


@pytest.mark.parametrize("text", ["2026", "2026-Q3", "2026-13", "thang 10", "2026-10-01..2026-10-30"])
def test_only_a_month_is_published(text: str) -> None:
    with pytest.raises(UserError):
        schedule.month(text)
