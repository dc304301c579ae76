# ruff: noqa: DTZ001 - moments of the Vietnamese wall clock have no zone
"""What must hold for every dossier: monotony, pauses that never shorten, a clock that cannot be tricked."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.deadlines import clock, moments
from motcua.deadlines.rules import DeadlineRule
from motcua.deadlines.types import Counting, Happenings, Limit, LimitUnit, Pause
from motcua.deadlines.working_time import CalendarData, WorkingCalendar, hours

CALENDAR = WorkingCalendar(
    CalendarData(
        "x",
        "1",
        date(2025, 12, 1),
        date(2027, 12, 31),
        (
            hours("07:30-11:30", "13:30-17:00"),
            hours("08:00-12:00", "13:00-17:00"),
            hours("08:00-12:00", "13:00-17:00", "18:00-20:00"),
            (),
            hours("08:00-12:00", "13:00-16:30"),
            hours("07:30-11:30"),
            (),
        ),
        {date(2026, 2, 16) + timedelta(n): "Tết" for n in range(5)},
        {date(2026, 2, 15): "làm bù"},
        worked_hours=hours("08:00-12:00"),
    )
)
RULE = DeadlineRule("x", date(2020, 1, 1), "x", 8 * moments.HOUR, 8 * moments.HOUR, 1)
NOW = datetime(2026, 6, 1, 9)
EXAMPLES = settings(max_examples=300)

received_moments = st.integers(0, 120 * 86400).map(lambda seconds: datetime(2026, 1, 1) + timedelta(seconds=seconds))
limits = st.one_of(
    st.builds(
        Limit,
        st.decimals(Decimal("0.25"), Decimal(20), places=2),
        st.sampled_from(LimitUnit).filter(lambda u: u != LimitUnit.MONTHS),
    ),
    st.builds(Limit, st.integers(1, 3).map(Decimal), st.just(LimitUnit.MONTHS)),
)
countings = st.sampled_from(Counting)
pauses = st.builds(
    lambda begin, seconds: Pause(begin, begin + timedelta(seconds=seconds)),
    received_moments,
    st.integers(0, 20 * 86400),
)
pause_lists = st.lists(pauses, max_size=4).map(tuple)


def due(happenings: Happenings) -> datetime:
    return clock.compute(rule=RULE, calendar=CALENDAR, happenings=happenings, now=NOW).due_at


@EXAMPLES
@given(received_moments, st.integers(0, 40 * 86400), limits, countings)
def test_a_later_receipt_is_never_due_earlier(received: datetime, later: int, limit: Limit, counting: Counting) -> None:
    earlier = due(Happenings(received, limit, counting))

    assert due(Happenings(received + timedelta(seconds=later), limit, counting)) >= earlier


@EXAMPLES
@given(received_moments, limits, countings, pause_lists, pauses)
def test_one_more_pause_never_shortens(
    received: datetime, limit: Limit, counting: Counting, before: tuple[Pause, ...], one_more: Pause
) -> None:
    without = due(Happenings(received, limit, counting, before))

    assert due(Happenings(received, limit, counting, (*before, one_more))) >= without


@EXAMPLES
@given(received_moments, limits, countings, pauses, st.floats(0, 1))
def test_a_pause_split_in_two_changes_nothing(
    received: datetime, limit: Limit, counting: Counting, whole: Pause, share: float
) -> None:
    assert whole.end is not None
    middle = whole.begin + timedelta(seconds=int((whole.end - whole.begin).total_seconds() * share))

    halves = (Pause(whole.begin, middle), Pause(middle, whole.end))

    assert due(Happenings(received, limit, counting, halves)) == due(Happenings(received, limit, counting, (whole,)))


@EXAMPLES
@given(received_moments, limits, countings, pause_lists, st.randoms())
def test_the_order_in_which_pauses_are_written_does_not_matter(
    received: datetime, limit: Limit, counting: Counting, some: tuple[Pause, ...], rng: object
) -> None:
    shuffled = sorted(some, key=lambda _: rng.random())  # type: ignore[attr-defined]  # hypothesis gives a Random

    assert due(Happenings(received, limit, counting, tuple(shuffled))) == due(
        Happenings(received, limit, counting, some)
    )


@EXAMPLES
@given(received_moments, limits, countings, pause_lists)
def test_a_pause_after_the_due_moment_changes_nothing(
    received: datetime, limit: Limit, counting: Counting, some: tuple[Pause, ...]
) -> None:
    first = due(Happenings(received, limit, counting, some))
    late = Pause(first, first + timedelta(days=5))

    assert due(Happenings(received, limit, counting, (*some, late))) == first


@EXAMPLES
@given(st.integers(0, 500 * 86400))
def test_working_time_and_its_inverse_agree(seconds: int) -> None:
    moment = moments.number_of(datetime(2025, 12, 2) + timedelta(seconds=seconds))
    worked = CALENDAR.worked_until(moment)

    earliest = CALENDAR.earliest(worked)

    assert CALENDAR.worked_until(earliest) == worked
    assert earliest <= moment
    assert CALENDAR.worked_until(earliest - 1) == worked - 1


@EXAMPLES
@given(received_moments, st.integers(1, 30), st.integers(1, 30))
def test_a_longer_limit_is_never_due_earlier(received: datetime, days: int, more: int) -> None:
    for unit in LimitUnit:
        shorter = due(Happenings(received, Limit(Decimal(min(days, 6)), unit)))
        longer = due(Happenings(received, Limit(Decimal(min(days, 6) + min(more, 3)), unit)))
        assert longer >= shorter


@EXAMPLES
@given(received_moments, limits, countings, pause_lists)
def test_the_due_moment_is_never_on_a_day_off_and_the_reasons_name_it(
    received: datetime, limit: Limit, counting: Counting, some: tuple[Pause, ...]
) -> None:
    deadline = clock.compute(
        rule=RULE, calendar=CALENDAR, happenings=Happenings(received, limit, counting, some), now=NOW
    )

    number = moments.number_of(deadline.due_at)
    assert CALENDAR.is_working(number // moments.DAY)
    assert f"Hạn trả kết quả: {moments.moment_text(number)}." in deadline.lines
