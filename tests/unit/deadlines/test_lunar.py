"""The lunar calendar against known days and against the table of the law files."""

from datetime import date
from pathlib import Path

import pytest

from motcua.deadlines import lunar, statutory
from motcua.lawbook import Lawbook, calendars

KNOWN_NEW_YEARS = [
    "1968-01-29", "1985-01-21", "2000-02-05", "2007-02-17", "2015-02-19", "2020-01-25", "2021-02-12", "2022-02-01",
    "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2030-02-02", "2033-01-31",
    "2034-02-19",
]  # fmt: skip


@pytest.mark.parametrize("text", KNOWN_NEW_YEARS)
def test_the_lunar_new_year_falls_on_its_known_day(text: str) -> None:
    known = date.fromisoformat(text)

    assert lunar.day_of(year=known.year, month=1, day=1) == known


def test_the_table_of_the_law_files_agrees(book: Lawbook) -> None:
    years = calendars.read_lunar(Path(book.root) / "calendar" / "lunar.toml")

    assert len(years) > 10
    for one in years:
        assert lunar.day_of(year=one.year, month=1, day=1) == one.lunar_new_year
        assert lunar.day_of(year=one.year, month=3, day=10) == one.hung_kings


@pytest.mark.parametrize(("year", "month"), [(1899, 1), (2200, 1), (2026, 11)])
def test_what_is_not_computed_is_refused(year: int, month: int) -> None:
    with pytest.raises(ValueError, match="is not computed"):
        lunar.day_of(year=year, month=month, day=1)


@pytest.mark.law("45/2019/QH14", "Điều 111 khoản 3")
def test_a_holiday_on_a_weekly_day_off_is_made_up_on_the_next_working_day(book: Lawbook) -> None:
    rules = calendars.read_rules(Path(book.root) / "calendar" / "rules" / "2021-01-01.toml")

    off = statutory.days_off(year=2027, holidays=rules.holidays, weekly_days_off=frozenset({5, 6}))

    # 1/5/2027 is a Saturday, after Victory Day on Friday.
    assert off[date(2027, 5, 3)] == "nghỉ bù Ngày Quốc tế Lao động"
    # Tết 2027: eve on Friday 5/2; Saturday and Sunday are made up after the last day.
    assert [day.isoformat() for day in sorted(off) if day.month == 2] == [f"2027-02-{n:02}" for n in range(5, 12)]
    assert date(2027, 11, 24) in off


def test_a_holiday_counts_only_in_its_years(book: Lawbook) -> None:
    rules = calendars.read_rules(Path(book.root) / "calendar" / "rules" / "2021-01-01.toml")

    off = statutory.days_off(year=2025, holidays=rules.holidays, weekly_days_off=frozenset({5, 6}))

    assert date(2025, 11, 24) not in off


def test_the_announced_years_agree_with_the_computed_ones_but_for_choices(book: Lawbook) -> None:
    rules = calendars.read_rules(Path(book.root) / "calendar" / "rules" / "2021-01-01.toml")

    for year in (2022, 2026):
        announced = calendars.read_year(Path(book.root) / "calendar" / f"{year}.toml")
        named = {day for day, one in announced.days_off.items() if one.kind.value != "swap_off"}
        computed = statutory.days_off(year=year, holidays=rules.holidays, weekly_days_off=frozenset({5, 6}))
        assert {day for day in named if day.weekday() < 5} == {day for day in computed if day.weekday() < 5}
