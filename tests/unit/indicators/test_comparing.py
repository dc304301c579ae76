"""Which periods are held against each other, and when a change may be named."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from motcua import lawbook
from motcua.indicators import comparing
from motcua.indicators.score import Count, RatedUnit, UnitScore, score
from motcua.kernel.time import Period

RULES = lawbook.load().indicator_set("qd766/portal", on=date(2026, 10, 1))
PERIODS = st.one_of(
    st.builds(Period.year, st.integers(2001, 2100)),
    st.builds(Period.quarter, st.integers(2001, 2100), st.integers(1, 4)),
    st.builds(Period.month, st.integers(2001, 2100), st.integers(1, 12)),
    st.builds(
        lambda first, days: Period(first, first + timedelta(days=days)),
        st.dates(date(2001, 1, 1), date(2099, 1, 1)),
        st.integers(1, 400),
    ),
)


@given(PERIODS)
def test_the_period_before_ends_where_the_period_begins(period: Period) -> None:
    assert comparing.before(period).end == period.start


def test_months_and_quarters_go_back_over_the_new_year() -> None:
    assert comparing.before(Period.month(2026, 1)) == Period.month(2025, 12)
    assert comparing.before(Period.quarter(2026, 1)) == Period.quarter(2025, 4)
    assert comparing.before(Period(date(2026, 3, 11), date(2026, 3, 21))) == Period(date(2026, 3, 1), date(2026, 3, 11))


def test_the_year_before_has_only_the_days_that_have_passed() -> None:
    assert comparing.year_before(Period.year(2026), today=date(2026, 11, 21)) == Period.parse("2025-01-01..2025-11-21")
    assert comparing.year_before(Period.month(2026, 9), today=date(2026, 11, 21)) == Period.month(2025, 9)
    assert comparing.year_before(Period.month(2028, 2), today=date(2028, 2, 29)) == Period.month(2027, 2)


@given(PERIODS, st.dates(date(2001, 1, 1), date(2100, 12, 31)))
def test_the_year_before_never_reaches_into_the_period(period: Period, today: date) -> None:
    found = comparing.year_before(period, today=today)

    assert found.start < period.start
    assert found.days <= period.days + 1  # a leap day


def test_twelve_months_end_with_the_month_of_the_day() -> None:
    found = comparing.months(date(2026, 11, 21), number=12)

    assert (found[0], found[-1], len(found)) == (Period.month(2025, 12), Period.month(2026, 11), 12)


def one(**counts: Count) -> UnitScore:
    return score(rules=RULES, units=[RatedUnit("H99", "Tỉnh", "province")], counts={"H99": counts}).units[0]


def test_a_change_is_now_less_then() -> None:
    change = comparing.of_group(one(ON_TIME=Count(99, 100)), one(ON_TIME=Count(95, 100)), "TDGQ")

    assert (change.then, change.by, change.left_out) == (Fraction(19), Fraction(4, 5), ())


def test_what_was_not_known_then_has_not_risen() -> None:
    assert comparing.of_group(one(ON_TIME=Count(99, 100)), one(PUBLIC_CONTENT_FULL=Count(1, 2)), "TDGQ").by is None
    assert comparing.of_total(one(ON_TIME=Count(99, 100)), one()).by is None
    assert comparing.of_total(one(ON_TIME=Count(99, 100)), None).by is None


def test_an_indicator_known_in_one_period_only_has_neither_risen_nor_fallen() -> None:
    now = one(ON_TIME=Count(99, 100), ORIGINAL_RESULT_AVAILABLE=Count(1, 2))

    change = comparing.of_total(now, one(ON_TIME=Count(95, 100)))

    assert (change.by, change.left_out) == (Fraction(4, 5), ("ORIGINAL_RESULT_AVAILABLE",))


def test_points_awarded_for_nothing_to_divide_are_no_ground_to_compare_on() -> None:
    change = comparing.of_group(
        one(PETITION_PROCESSING_ON_TIME=Count(1, 2)), one(PETITION_PROCESSING_ON_TIME=Count(0, 0)), "MDHL"
    )

    assert change.by is None


def test_a_mean_counts_each_unit_once_and_nothing_has_none() -> None:
    assert comparing.mean([Fraction(1), Fraction(2)]) == Fraction(3, 2)
    assert comparing.mean([]) is None
