"""Office hours of the sample: forth and back."""

from datetime import date

import hypothesis
import numpy as np
from hypothesis import strategies

from motcua.sample.office_time import DAY, OfficeTime

# The first of January is a Thursday and a holiday; Saturday the tenth is worked.
OFFICE = OfficeTime.over(
    first=date(2026, 1, 1),
    is_working=np.array([day == 9 or (day > 0 and (day + 3) % 7 < 5) for day in range(60)]),
)


def minutes(day: int, clock: str) -> int:
    hours, rest = clock.split(":")
    return day * DAY + int(hours) * 60 + int(rest)


def elapsed(day: int, clock: str) -> int:
    return int(OFFICE.elapsed(np.array([minutes(day, clock)]))[0])


def test_lunch_and_holidays_do_not_count() -> None:
    assert elapsed(0, "23:59") == 0
    assert elapsed(1, "12:30") == 240
    assert elapsed(1, "17:00") == 480


def test_a_swapped_saturday_counts() -> None:
    assert elapsed(9, "23:59") - elapsed(9, "00:00") == 480


def test_the_moment_of_a_whole_morning_is_noon_not_one_o_clock() -> None:
    assert OFFICE.moment(np.array([240]))[0] == minutes(1, "12:00")


@hypothesis.given(strategies.integers(1, 30 * 480))
def test_the_moment_of_an_elapsed_time_has_exactly_that_time_elapsed(working: int) -> None:
    moment = OFFICE.moment(np.array([working]))

    assert OFFICE.elapsed(moment)[0] == working
    assert OFFICE.elapsed(moment - 1)[0] < working
