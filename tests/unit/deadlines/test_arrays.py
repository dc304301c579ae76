"""The clock for many dossiers at once: what it takes, what it refuses; equality with the clock of one is a twin."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import numpy as np
import pytest

from motcua.deadlines import arrays, changes
from motcua.deadlines.types import Counting, LimitUnit
from motcua.deadlines.working_time import CalendarData, OutsideCalendarError, WorkingCalendar, hours

DAY_LENGTH = 8 * 3600 * 1_000_000
NOT_YET = np.datetime64("NaT", "us")
Due = Callable[..., list[datetime]]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.fixture(scope="module")
def due(vietnam: WorkingCalendar) -> Due:
    """Due moments of receipts given as texts; 5 working days, whole days, unless told otherwise."""

    def of(*received: str, calendar: WorkingCalendar = vietnam, **given: Any) -> list[datetime]:
        arguments: dict[str, Any] = {
            "limit": np.array(5),
            "unit": LimitUnit.WORKING_DAYS,
            "counting": Counting.WHOLE_DAYS,
            "day_length": DAY_LENGTH,
        }
        found = arrays.due_moments(
            calendar=calendar, received=np.array(received, "datetime64[us]"), **(arguments | given)
        )
        return list(found.tolist())

    return of


def pauses(*given: tuple[int, str, str | None]) -> arrays.Pauses:
    return arrays.Pauses(
        np.array([place for place, _, _ in given]),
        np.array([begin for _, begin, _ in given], "datetime64[us]"),
        np.array([end or NOT_YET for _, _, end in given], "datetime64[us]"),
    )


def test_one_limit_may_serve_for_all(due: Due) -> None:
    assert due("2026-02-11T16:00", "2026-03-02T08:00") == [at("2026-02-25T17:00"), at("2026-03-09T17:00")]


def test_units_and_countings_may_differ_row_by_row(due: Due) -> None:
    found = due(
        "2026-03-02T08:30",
        "2026-03-02T08:30",
        limit=[0.5, 3.0],
        unit=np.array([arrays.UNITS.index(LimitUnit.WORKING_DAYS), arrays.UNITS.index(LimitUnit.CALENDAR_DAYS)]),
        counting=np.array([1, 1]),
    )

    assert found == [at("2026-03-02T13:30"), at("2026-03-05T08:30")]


def test_a_code_and_a_single_unit_may_be_mixed(due: Due) -> None:
    assert due("2026-03-02T08:30", limit=np.array([1]), counting=np.array([1])) == [at("2026-03-03T08:30")]


def test_many_pauses_of_one_dossier_are_taken_one_after_the_other(due: Due) -> None:
    found = due(
        "2026-03-02T08:00",
        "2026-03-02T08:00",
        pauses=pauses(
            (1, "2026-03-05T08:00", "2026-03-05T10:00"),
            (1, "2026-03-04T08:00", "2026-03-04T10:00"),
            (1, "2026-03-04T09:00", "2026-03-04T11:00"),
            (1, "2026-03-30T09:00", "2026-03-31T11:00"),
        ),
    )

    assert found == [at("2026-03-09T17:00"), at("2026-03-10T14:00")]


def test_an_open_pause_is_answered_at_the_moment_of_measuring(due: Due) -> None:
    found = due(
        "2026-03-02T08:00", pauses=pauses((0, "2026-03-04T08:00", None)), measured=np.datetime64("2026-03-05T08:00")
    )

    assert found == [at("2026-03-10T17:00")]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"limit": np.array([0])}, "more than 0"),
        ({"limit": np.array([np.nan])}, "a limit is missing"),
        ({"limit": np.array([1, 2])}, "as many limits as dossiers"),
        ({"limit": np.array([0.5]), "unit": LimitUnit.MONTHS}, "fraction of a month"),
        ({"pauses": pauses((0, "2026-03-04", "2026-03-03"))}, "ends before it begins"),
        ({"pauses": pauses((0, "2026-03-04", None))}, "need the moment of measuring"),
    ],
)
def test_what_cannot_be_counted_is_refused(due: Due, given: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        due("2026-03-02T08:00", **given)


@pytest.mark.parametrize(
    ("received", "given", "year"),
    [
        ("2020-03-02T08:00", {}, 2020),
        ("2031-03-02T08:00", {}, 2031),
        ("2028-12-28T08:00", {}, 2029),
        ("2028-12-28T08:00", {"counting": Counting.ELAPSED_HOURS}, 2029),
        (
            "2028-12-31T20:00",
            {"pauses": pauses((0, "2028-12-31", "2028-12-31")), "unit": LimitUnit.WORKING_HOURS},
            2029,
        ),
        ("2028-12-27T20:00", {"unit": LimitUnit.CALENDAR_DAYS}, 2029),
        ("2028-12-27T20:00", {"unit": LimitUnit.MONTHS}, 2029),
        (
            "2028-12-29T16:00",
            {"unit": LimitUnit.WORKING_HOURS, "pauses": pauses((0, "2028-12-29", "2028-12-30"))},
            2029,
        ),
    ],
)
def test_what_leaves_the_calendar_names_the_year(due: Due, received: str, given: dict[str, object], year: int) -> None:
    with pytest.raises(OutsideCalendarError) as outside:
        due(received, **given)

    assert outside.value.year == year


def test_one_dossier_that_leaves_the_calendar_is_told_among_others(due: Due) -> None:
    with pytest.raises(OutsideCalendarError):
        due("2026-03-02T08:00", "2028-12-27T20:00", unit=LimitUnit.MONTHS)


def test_a_start_after_the_last_opening_leaves_the_calendar(due: Due) -> None:
    week = (hours("08:00-12:00"),) * 5 + ((), ())
    short = WorkingCalendar(CalendarData("x", "1", date(2026, 3, 2), date(2026, 3, 6), week))
    paused = pauses((0, "2026-03-06T13:00", "2026-03-06T14:00"))

    with pytest.raises(OutsideCalendarError):
        due("2026-03-06T13:00", calendar=short, unit=LimitUnit.WORKING_HOURS, pauses=paused)


@pytest.mark.parametrize(
    ("unit", "counting", "limit"),
    [
        (LimitUnit.WORKING_HOURS, Counting.ELAPSED_HOURS, 20),
        (LimitUnit.WORKING_DAYS, Counting.WHOLE_DAYS, 4),
    ],
)
def test_the_first_and_the_last_moment_of_the_calendar_belong_to_it(
    due: Due, unit: LimitUnit, counting: Counting, limit: int
) -> None:
    week = (hours("08:00-12:00"),) * 5 + ((), ())
    short = WorkingCalendar(CalendarData("x", "1", date(2026, 3, 2), date(2026, 3, 6), week))

    found = due("2026-03-02T00:00", calendar=short, unit=unit, counting=counting, limit=np.array([limit]))

    assert found == [at("2026-03-06T12:00")]


def test_no_dossiers_have_no_due_moments(due: Due) -> None:
    assert due(limit=np.array([], np.int64)) == []


def test_the_remaining_time_is_whole_working_minutes_rounded_down(vietnam: WorkingCalendar) -> None:
    due_at = np.array(["2026-03-09T17:00", "2026-03-09T17:00", "2026-03-09T17:00"], "datetime64[us]")
    measured = np.array(["2026-03-09T08:00:30", "2026-03-10T08:00:30", "2026-03-09T20:00"], "datetime64[us]")

    found = arrays.remaining_working_minutes(calendar=vietnam, due=due_at, measured=measured)

    assert found.tolist() == [479, -1, 0]


def test_a_calendar_without_working_days_is_no_calendar(due: Due) -> None:
    empty = WorkingCalendar(CalendarData("x", "1", date(2026, 3, 1), date(2026, 3, 31), ((),) * 7))

    with pytest.raises(OutsideCalendarError):
        due("2026-03-02T08:00", calendar=empty)


def test_a_storm_day_moves_open_dossiers_with_their_pauses(vietnam: WorkingCalendar) -> None:
    stormy = WorkingCalendar(changes.with_day_off(vietnam.data, date(2026, 3, 10), why="nghỉ bão", version="2"))

    moved = changes.moves(
        before=vietnam,
        after=stormy,
        received=np.array(["2026-03-02T08", "2026-03-02T08", "2026-03-02T08"], "datetime64[us]"),
        limit=np.array([5, 5, 5]),
        unit=np.array([1, 1, 1]),
        counting=np.array([0, 0, 0]),
        day_length=DAY_LENGTH,
        finished=np.array(["2026-03-04T08", "NaT", "NaT"], "datetime64[us]"),
        pauses=pauses((0, "2026-03-03T08", None), (2, "2026-03-05T08", None)),
        measured=np.array(["2026-03-04T08", "2026-03-06T08", "2026-03-06T08"], "datetime64[us]"),
    )

    # The second is due before the storm; the third was paused for a day and would have been due on it.
    assert moved.place.tolist() == [2]
    assert (moved.before.tolist(), moved.after.tolist()) == ([at("2026-03-10T17:00")], [at("2026-03-11T17:00")])


def test_a_saturday_made_a_working_day_moves_dossiers_forward(vietnam: WorkingCalendar) -> None:
    worked = WorkingCalendar(changes.with_day_worked(vietnam.data, date(2026, 3, 7), why="làm bù", version="2"))

    moved = changes.moves(
        before=vietnam,
        after=worked,
        received=np.array(["2026-03-02T08"], "datetime64[us]"),
        limit=np.array([5]),
        unit=LimitUnit.WORKING_DAYS,
        counting=Counting.WHOLE_DAYS,
        day_length=DAY_LENGTH,
        finished=np.array(["NaT"], "datetime64[us]"),
        measured=np.datetime64("2026-03-02T10:00"),
    )

    assert moved.after.tolist() == [at("2026-03-07T17:00")]


def test_a_worked_day_that_becomes_a_day_off_is_off(vietnam: WorkingCalendar) -> None:
    data = changes.with_day_off(vietnam.data, date(2026, 1, 10), why="nghỉ bão", version="2")

    assert date(2026, 1, 10) not in data.days_worked
    assert data.version == "2"


@pytest.mark.parametrize(
    ("received", "limit", "unit", "counting", "due_at"),
    [
        ("2026-03-31T09:00", 1, LimitUnit.MONTHS, Counting.WHOLE_DAYS, "2026-05-04T17:00"),
        ("2026-05-31T09:00", 1, LimitUnit.MONTHS, Counting.ELAPSED_HOURS, "2026-06-30T09:00"),
        ("2026-03-02T16:30", 3, LimitUnit.CALENDAR_DAYS, Counting.WHOLE_DAYS, "2026-03-05T17:00"),
        ("2026-03-02T16:30", 2.5, LimitUnit.CALENDAR_DAYS, Counting.WHOLE_DAYS, "2026-03-05T12:00"),
        ("2026-03-04T16:30", 2.5, LimitUnit.CALENDAR_DAYS, Counting.WHOLE_DAYS, "2026-03-09T17:00"),
        ("2026-03-02T08:00", 2.5, LimitUnit.WORKING_DAYS, Counting.WHOLE_DAYS, "2026-03-05T12:00"),
        ("2026-03-02T12:30", 8, LimitUnit.WORKING_HOURS, Counting.WHOLE_DAYS, "2026-03-03T12:00"),
    ],
)
def test_every_unit_ends_when_the_law_says(  # noqa: PLR0917 - the columns of a table
    due: Due, received: str, limit: float, unit: LimitUnit, counting: Counting, due_at: str
) -> None:
    assert due(received, limit=np.array([limit]), unit=unit, counting=counting) == [at(due_at)]


def test_a_calendar_term_is_paused_by_the_wall_calendar(due: Due) -> None:
    over_the_weekend = pauses((0, "2026-03-06T12:00", "2026-03-08T14:00"))

    found = due("2026-03-02T08:00", limit=np.array([10]), unit=LimitUnit.CALENDAR_DAYS, pauses=over_the_weekend)

    assert found == [at("2026-03-16T17:00")]
