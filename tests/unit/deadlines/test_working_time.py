"""Office hours, W(t) and its inverse, and the texts of days off."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from motcua.deadlines import moments
from motcua.deadlines.working_time import CalendarData, OutsideCalendarError, WorkingCalendar, hours

USUAL = hours("08:00-12:00", "13:00-17:00")
MARCH = CalendarData("x", "1", date(2026, 3, 2), date(2026, 3, 15), (USUAL,) * 5 + ((), ()))


def number(text: str) -> int:
    return moments.number_of(datetime.fromisoformat(text))


def moment(value: int) -> str:
    return moments.moment_at(value).isoformat()


@pytest.mark.parametrize("stretches", [("12:00-08:00",), ("08:00-12:00", "11:00-17:00"), ("08:00-25:00",), ("08",)])
def test_office_hours_that_make_no_sense_are_refused(stretches: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"office hours|invalid literal"):
        hours(*stretches)


@pytest.mark.parametrize(
    ("text", "worked_hours"),
    [
        ("2026-03-02T00:00", 0),
        ("2026-03-02T10:00", 2),
        ("2026-03-02T12:30", 4),
        ("2026-03-02T23:59", 8),
        ("2026-03-07T12:00", 40),
        ("2026-03-09T09:00", 41),
    ],
)
def test_working_time_grows_in_office_hours_only(text: str, worked_hours: int) -> None:
    assert WorkingCalendar(MARCH).worked_until(number(text)) == worked_hours * moments.HOUR


@pytest.mark.parametrize(
    ("worked_hours", "text"), [(4, "2026-03-02T12:00:00"), (5, "2026-03-02T14:00:00"), (40, "2026-03-06T17:00:00")]
)
def test_the_inverse_is_the_earliest_moment(worked_hours: int, text: str) -> None:
    assert moment(WorkingCalendar(MARCH).earliest(worked_hours * moments.HOUR)) == text


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("2026-03-02T07:00", "2026-03-02T08:00:00"),
        ("2026-03-02T09:15", "2026-03-02T09:15:00"),
        ("2026-03-02T12:00", "2026-03-02T13:00:00"),
        ("2026-03-06T17:00", "2026-03-09T08:00:00"),
        ("2026-03-08T10:00", "2026-03-09T08:00:00"),
    ],
)
def test_the_next_opening_after_closing_time_is_the_next_stretch(text: str, opening: str) -> None:
    assert moment(WorkingCalendar(MARCH).next_open(number(text))) == opening


def test_whatever_lies_outside_the_calendar_names_its_year() -> None:
    calendar = WorkingCalendar(MARCH)
    outside = number("2027-05-01T08:00")
    after_the_last_working_day = number("2026-03-13T18:00")

    calls: list[Callable[[], object]] = [
        lambda: calendar.worked_until(outside),
        lambda: calendar.next_open(outside),
        lambda: calendar.working_day_from(outside // moments.DAY),
        lambda: calendar.is_working(outside // moments.DAY),
    ]
    for call in calls:
        with pytest.raises(OutsideCalendarError, match="no calendar for 2027"):
            call()
    calls = [
        lambda: calendar.earliest(81 * moments.HOUR),
        lambda: calendar.next_open(after_the_last_working_day),
        lambda: calendar.working_day_from(after_the_last_working_day // moments.DAY + 1),
    ]
    for call in calls:
        with pytest.raises(OutsideCalendarError):
            call()


def test_a_later_week_takes_over_on_its_first_day() -> None:
    summer = (hours("07:00-11:00"),) * 5 + ((), ())
    calendar = WorkingCalendar(
        CalendarData("x", "1", MARCH.first, MARCH.last, MARCH.week, later_weeks=((date(2026, 3, 5), summer),))
    )

    assert moment(calendar.closes[2]) == "2026-03-04T17:00:00"
    assert moment(calendar.closes[3]) == "2026-03-05T11:00:00"


def test_a_worked_day_without_hours_of_its_own_has_those_of_monday() -> None:
    calendar = WorkingCalendar(
        CalendarData("x", "1", MARCH.first, MARCH.last, MARCH.week, days_worked={date(2026, 3, 7): "làm bù"})
    )

    assert calendar.hours[5] == USUAL


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2026-03-02", "2026-03-06", ""),
        ("2026-03-06", "2026-03-09", "bỏ 7-8/3 (nghỉ cuối tuần)"),
        ("2026-03-07", "2026-03-09", "bỏ 7-8/3 (nghỉ cuối tuần)"),
        ("2026-03-06", "2026-03-08", "bỏ 7-8/3 (nghỉ cuối tuần)"),
        ("2026-03-02", "2026-03-15", "bỏ 7-8/3 (nghỉ cuối tuần); bỏ 14-15/3 (nghỉ cuối tuần)"),
    ],
)
def test_the_days_skipped_between_two_days_are_told(first: str, last: str, text: str) -> None:
    calendar = WorkingCalendar(MARCH)
    ends = [moments.day_number(date.fromisoformat(day)) for day in (first, last)]

    assert calendar.skipped_text(*ends) == text
    assert calendar.skipped_text(*ends) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 phút"), (61, "1 phút 1 giây"), (8 * 3600, "1 ngày"), (35 * 3600, "4 ngày 3 giờ")]
)
def test_a_length_of_time_reads_in_days_hours_and_minutes(seconds: int, text: str) -> None:
    assert moments.duration_text(seconds * moments.SECOND, 8 * moments.HOUR) == text


def test_two_stretches_may_meet() -> None:
    assert hours("08:00-12:00", "12:00-17:00") == hours("08:00-12:00") + hours("12:00-17:00")


def test_a_calendar_may_begin_on_a_day_off() -> None:
    calendar = WorkingCalendar(CalendarData("x", "1", date(2026, 3, 1), date(2026, 3, 15), MARCH.week))
    first = moments.day_number(date(2026, 3, 1))

    assert calendar.skipped_text(first, first + 1) == "bỏ 1/3 (nghỉ cuối tuần)"


def test_the_last_closing_belongs_to_the_calendar() -> None:
    assert moment(WorkingCalendar(MARCH).earliest(80 * moments.HOUR)) == "2026-03-13T17:00:00"


def test_from_sixty_one_working_days_on_only_holidays_are_named(vietnam: WorkingCalendar) -> None:
    after_tet = vietnam.working_day_from(moments.day_number(date(2026, 2, 23)))

    sixty = vietnam.counted_text(after_tet - 59, after_tet)
    more = vietnam.counted_text(after_tet - 60, after_tet)

    assert "bỏ 7-8/2 (nghỉ cuối tuần)" in sixty
    assert "bỏ 7-8/2 (nghỉ cuối tuần)" not in more
    assert "bỏ 14-22/2 (Giao thừa Tết Nguyên Đán" in more


def test_the_day_after_the_last_is_outside() -> None:
    calendar = WorkingCalendar(MARCH)
    beyond = number("2026-03-16T08:00")

    for call in (calendar.worked_until, calendar.next_open):
        with pytest.raises(OutsideCalendarError):
            call(beyond)
    for of_day in (calendar.is_working, calendar.working_day_from):
        with pytest.raises(OutsideCalendarError):
            of_day(beyond // moments.DAY)
        of_day(moments.day_number(MARCH.first))
