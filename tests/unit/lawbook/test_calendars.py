"""Calendars as law data: the announced years, the holidays the law fixes, the exceptions of a unit."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from motcua import lawbook
from motcua.deadlines import lunar
from motcua.lawbook.calendars import DayKind, LunarYear

LABOUR_CODE = "45/2019/QH14"


@pytest.mark.shared
def test_the_announced_calendars_are_those_compiled_from_the_announcements(shared_data: Callable[[str], Path]) -> None:
    book = lawbook.load()
    path = shared_data("vn-working-calendar/vn_public_servant_calendar_2022_2026.csv")
    with path.open(encoding="utf-8") as lines:
        given = {(row["date"], row["kind"], row["name"], row["paired_date"]) for row in csv.DictReader(lines)}

    ours = set()
    for year in book.calendar_years():
        found = book.calendar_year(year)
        assert found is not None
        for one in (*found.days_off.values(), *found.days_worked.values()):
            kind = "holiday" if one.kind is DayKind.COMPENSATORY else one.kind.value
            paired = one.paired_with.isoformat() if one.paired_with else ""
            ours.add((one.day.isoformat(), kind, one.name_vi, paired))

    assert ours == given


@pytest.mark.law("12729/VPCP-KGVX", "nghỉ 02/01/2026, làm bù thứ Bảy 10/01/2026")
def test_2_january_2026_is_off_and_made_up_on_a_saturday() -> None:
    found = lawbook.load().calendar_year(2026)

    assert found is not None
    assert found.days_off[date(2026, 1, 2)].kind is DayKind.SWAP_OFF
    assert found.days_off[date(2026, 1, 2)].citation.document == "12729/VPCP-KGVX"
    assert found.days_worked[date(2026, 1, 10)].paired_with == date(2026, 1, 2)


@pytest.mark.law(LABOUR_CODE, "Điều 112")
def test_every_year_has_the_holidays_the_law_fixes() -> None:
    book = lawbook.load()
    lunar = {year.year: year for year in book.lunar_years()}
    for year in book.calendar_years():
        found = book.calendar_year(year)
        assert found is not None
        for holiday in book.calendar_rules(on=date(year, 1, 1)).holidays:
            if not holiday.first_year <= year <= holiday.last_year:
                continue
            if not holiday.is_lunar:
                day = date(year, holiday.month, holiday.day)
            else:
                day = lunar[year].lunar_new_year if holiday.month == 1 else lunar[year].hung_kings
            assert day in found.days_off, (holiday.code, day)


@pytest.mark.law(LABOUR_CODE, "Điều 105")
def test_the_office_is_open_eight_hours_on_five_days() -> None:
    rules = lawbook.load().calendar_rules(on=date(2026, 11, 21))

    assert rules.week == (("08:00-12:00", "13:00-17:00"),) * 5 + ((), ())
    assert rules.swapped_day == ("08:00-12:00", "13:00-17:00")


def test_a_year_not_yet_announced_has_no_calendar() -> None:
    assert lawbook.load().calendar_year(2031) is None


def test_a_unit_may_have_hours_and_days_of_its_own(law: Path, faults: Callable[[], list[str]]) -> None:
    folder = law / "calendar" / "H21.227"
    folder.mkdir()
    (folder / "2026.toml").write_text(
        'code = "H21.227"\nyear = 2026\nname_vi = "Lịch riêng"\nstatus = "announced"\n'
        'citation = { document = "45/2019/QH14", where = "", certainty = "recalled" }\n'
        '[office_hours]\nmonday = ["07:30-11:30"]\nsaturday = ["08:00-11:00"]\n'
        '[[day_off]]\ndate = 2026-03-10\nkind = "local"\nname_vi = "Mất điện"\nannounced_on = 2026-03-08\n',
        encoding="utf-8",
    )
    book = lawbook.load(law)

    found = book.calendar_year(2026, scope="H21.227")

    assert faults() == []
    assert book.calendar_scopes() == ("vn", "H21.227")
    assert found is not None
    assert found.week is not None
    assert (found.week[0], found.week[1], found.week[5]) == (("07:30-11:30",), (), ("08:00-11:00",))
    assert found.days_off[date(2026, 3, 10)].announced_on == date(2026, 3, 8)


@pytest.mark.parametrize("hours", ['["8:00-12:00"]', '["12:00-08:00"]', '["08:00-12:00", "11:00-17:00"]', '["08-12"]'])
def test_office_hours_that_cannot_be_read_are_refused(law: Path, faults: Callable[[], list[str]], hours: str) -> None:
    path = law / "calendar" / "rules" / "2021-01-01.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('["08:00-12:00", "13:00-17:00"]', hours, 1), encoding="utf-8")

    assert any("giờ làm việc" in fault for fault in faults())


@pytest.mark.parametrize("year", lawbook.load().lunar_years(), ids=lambda year: str(year.year))
def test_the_lunar_days_on_record_are_those_the_clock_computes(year: LunarYear) -> None:
    assert lunar.day_of(year=year.year, month=1, day=1) == year.lunar_new_year
    assert lunar.day_of(year=year.year, month=3, day=10) == year.hung_kings
