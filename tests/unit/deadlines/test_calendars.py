"""Calendars out of the law files: announced, computed, of a unit; swapped days, worked exceptions, versions."""

from datetime import date, datetime
from pathlib import Path

import pytest

from motcua.deadlines import calendars, moments
from motcua.deadlines.working_time import WorkingCalendar
from motcua.kernel.errors import UserError
from motcua.lawbook import Lawbook

OWN = """
code     = "H21.227"
year     = 2026
name_vi  = "Lịch của xã A"
status   = "announced"
citation = { document = "15/TB-UBND", where = "", certainty = "found" }

[office_hours]
monday    = ["07:00-11:30", "13:30-17:00"]
tuesday   = ["07:00-11:30", "13:30-17:00"]
wednesday = ["07:00-11:30", "13:30-17:00"]
thursday  = ["07:00-11:30", "13:30-17:00"]
friday    = ["07:00-11:30", "13:30-17:00"]
saturday  = ["07:30-11:30"]
sunday    = []
citation  = { document = "15/TB-UBND", where = "", certainty = "found" }

[[day_off]]
date    = 2026-09-18
kind    = "local"
name_vi = "nghỉ bão"

[[day_worked]]
date    = 2026-09-20
name_vi = "khắc phục sau bão"
hours   = ["08:00-10:00"]
"""


def is_working(calendar: WorkingCalendar, day: date) -> bool:
    return calendar.is_working(moments.day_number(day))


def hours_on(calendar: WorkingCalendar, day: date) -> int:
    i = moments.day_number(day) - calendar.first
    return (calendar.before[i + 1] - calendar.before[i]) // moments.HOUR


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 1, 2), False),
        (date(2026, 1, 10), True),
        (date(2026, 2, 16), False),
        (date(2026, 8, 22), True),
        (date(2026, 8, 31), False),
        (date(2026, 11, 24), False),
        (date(2027, 2, 8), False),
        (date(2027, 2, 12), True),
    ],
)
def test_holidays_and_swapped_days_are_those_of_the_law_files(
    vietnam: WorkingCalendar, day: date, expected: bool
) -> None:
    assert is_working(vietnam, day) is expected


def test_only_years_without_an_announcement_are_provisional(vietnam: WorkingCalendar) -> None:
    assert vietnam.data.provisional_years == {2027, 2028}


def test_a_unit_has_its_own_hours_and_days_over_the_national_ones(book: Lawbook, tmp_path: Path) -> None:
    path = tmp_path / "2026.toml"
    path.write_text(OWN, encoding="utf-8")

    calendar = calendars.working_calendar(book, str(path), first=2026, last=2027)

    assert hours_on(calendar, date(2026, 3, 7)) == 4
    assert not is_working(calendar, date(2026, 9, 18))
    assert hours_on(calendar, date(2026, 9, 20)) == 2
    assert not is_working(calendar, date(2026, 2, 17))
    assert hours_on(calendar, date(2027, 3, 6)) == 0
    assert calendar.version.startswith("2026@")


def test_a_folder_of_years_and_an_edited_file_are_read(book: Lawbook, tmp_path: Path) -> None:
    path = tmp_path / "2026.toml"
    path.write_text(OWN, encoding="utf-8")
    before = calendars.working_calendar(book, str(tmp_path), first=2026, last=2026)

    path.write_text(OWN.replace("2026-09-18", "2026-09-17"), encoding="utf-8")
    import os

    os.utime(path, (1, 1))
    after = calendars.working_calendar(book, str(tmp_path), first=2026, last=2026)

    assert is_working(before, date(2026, 9, 17))
    assert not is_working(after, date(2026, 9, 17))
    assert before.version != after.version


def test_a_day_of_the_unit_replaces_the_national_one(book: Lawbook, tmp_path: Path) -> None:
    path = tmp_path / "2026.toml"
    own = OWN.replace("2026-09-20", "2026-11-24").replace("2026-09-18", "2026-01-10")
    path.write_text(own, encoding="utf-8")

    calendar = calendars.working_calendar(book, str(path), first=2026, last=2026)

    assert hours_on(calendar, date(2026, 11, 24)) == 2
    assert not is_working(calendar, date(2026, 1, 10))


def test_an_unknown_calendar_says_what_there_is(book: Lawbook, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Không có lịch làm việc «sao hoả».*vn"):
        calendars.working_calendar(book, "sao hoả", first=2026, last=2026)
    with pytest.raises(UserError, match="Không có lịch làm việc"):
        calendars.working_calendar(book, str(tmp_path), first=2026, last=2026)


def test_years_that_cannot_be_computed_are_left_out(book: Lawbook) -> None:
    calendar = calendars.working_calendar(book, "vn", first=1990, last=2022)

    assert moments.day_at(calendar.first) == date(2021, 1, 1)
    assert 2021 in calendar.data.provisional_years


def test_swapped_days_keep_their_reason(vietnam: WorkingCalendar) -> None:
    assert vietnam.data.days_worked[date(2026, 1, 10)] == "Làm bù cho ngày 02/01/2026"
    assert moments.moment_at(
        vietnam.closes[vietnam.working_day_from(moments.day_number(date(2026, 1, 10)))]
    ) == datetime.fromisoformat("2026-01-10T17:00")
