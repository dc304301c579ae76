"""Whole months and the days at their ends, against counting day by day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from motcua.live import counters, rollups, shown
from motcua.live.rows import Share

days = st.dates(date(2020, 1, 1), date(2028, 12, 31))


def _between(start: date, end: date) -> list[date]:
    return [start + timedelta(days=number) for number in range((end - start).days)]


@given(days, st.integers(0, 900))
def test_the_days_before_the_months_and_after_are_every_day_of_the_period_once(start: date, length: int) -> None:
    end = start + timedelta(days=length)

    first, last = counters.whole_months(start, end)

    assert (first.day, last.day) == (1, 1)
    covered = [*_between(start, min(first, end)), *_between(first, last), *_between(last, end)]
    assert covered == _between(start, end)


@given(days, days, st.integers(0, 90))
def test_the_bits_of_a_month_are_its_days_in_the_period(day: date, start: date, length: int) -> None:
    month, end = rollups.month_of(day), start + timedelta(days=length)

    bits = shown.days_of(month, start=start, end=end)

    in_period = [one for one in _between(month, rollups.following(month)) if start <= one < end]
    assert [bit + 1 for bit in range(31) if bits >> bit & 1 and bit < (rollups.following(month) - month).days] == [
        one.day for one in in_period
    ]


@given(days, st.integers(0, 500))
def test_a_dossier_is_carried_into_each_month_that_begins_between_its_receipt_and_its_end(
    received: date, length: int
) -> None:
    ended = received + timedelta(days=length)

    months = list(rollups.carried_into(Share("", "", received, ended, 0, None, "", 0)))

    assert months == [day for day in _between(received, ended + timedelta(days=1)) if day.day == 1 and day > received]
    assert list(rollups.carried_into(Share("", "", received, None, 0, None, "", 0))) == [rollups.NOT_ENDED]
