"""Lịch làm việc: announced days off and swapped days of a year, office hours, and the holidays the law fixes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from motcua.kernel.citation import Citation
from motcua.lawbook import files
from motcua.lawbook.reading import Table

NATIONAL = files.NATIONAL

Hours = tuple[str, ...]
"""Stretches of office time, such as ``08:00-12:00``."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class DayKind(StrEnum):
    """Why a day differs from the ordinary week."""

    HOLIDAY = "holiday"
    """Ngày lễ, Tết."""
    COMPENSATORY = "compensatory"
    """Nghỉ bù: a holiday fell on a weekly day off."""
    SWAP_OFF = "swap_off"
    """Nghỉ hoán đổi: off, made up on another day."""
    SWAP_WORK = "swap_work"
    """Làm bù: a weekly day off that is worked."""
    LOCAL = "local"
    """Nghỉ riêng của địa phương, cơ quan."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that differs. ``paired_with`` is the other day of a swap; ``hours`` are those of a worked day, if its own.

    ``announced_on`` is when it became known (None: before the year began, or unknown).
    """

    day: date
    kind: DayKind
    name_vi: str
    paired_with: date | None
    hours: Hours
    announced_on: date | None
    citation: Citation
    legal_basis: Citation | None


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One announced year of one scope. ``week`` (Monday first) is None where the scope keeps the wider one's hours."""

    scope: str
    year: int
    name_vi: str
    days_off: Mapping[date, CalendarDay]
    days_worked: Mapping[date, CalendarDay]
    week: tuple[Hours, ...] | None
    citation: Citation
    path: Path
    law_hash: str


@dataclass(frozen=True, slots=True)
class StatutoryHoliday:
    """Ngày lễ theo luật: a day of the common or lunar calendar, and the days off counted from it (``offsets``)."""

    code: str
    name_vi: str
    month: int
    day: int
    is_lunar: bool
    offsets: tuple[int, ...]
    first_year: int
    last_year: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class CalendarRules:
    """What holds for every year: office hours of the week (Monday first) and of a worked swap day, and the holidays."""

    name_vi: str
    effective_from: date
    effective_to: date | None
    week: tuple[Hours, ...]
    swapped_day: Hours
    hours_citation: Citation
    compensation_citation: Citation
    holidays: tuple[StatutoryHoliday, ...]
    citation: Citation
    path: Path
    law_hash: str


@dataclass(frozen=True, slots=True)
class LunarYear:
    """The days of the common calendar on which the lunar holidays of a year fall."""

    year: int
    lunar_new_year: date
    hung_kings: date


def read_year(path: Path) -> CalendarYear:
    """Return the announced calendar of a year.

    Raises:
        LawFileError: a day stands twice or lies outside the year, a swap has no other half, hours cannot be read.
    """
    content = files.read(path)
    top = Table(path, "", content)
    top.only("code", "year", "name_vi", "status", "citation", "day_off", "day_worked", "office_hours", "note_vi")
    citation = top.citation()
    top.one_of("status", ("announced",))
    year = top.whole("year")
    if path.stem != str(year):
        top.fail(f"year là {year} nhưng tệp tên {path.name}.", f"Hãy đặt tên tệp là {year}.toml hoặc sửa year.")
    off = [
        _day(table, DayKind(table.one_of("kind", tuple(DayKind), "holiday")), year, citation)
        for table in top.tables("day_off", named_by="date")
    ]
    worked = [_day(table, DayKind.SWAP_WORK, year, citation) for table in top.tables("day_worked", named_by="date")]
    _must_be_once(top, off + worked)
    _must_be_paired(top, off + worked)
    return CalendarYear(
        scope=top.text("code"),
        year=year,
        name_vi=top.text("name_vi"),
        days_off=MappingProxyType({one.day: one for one in off}),
        days_worked=MappingProxyType({one.day: one for one in worked}),
        week=_week(top.table("office_hours")) if top.has("office_hours") else None,
        citation=citation,
        path=path,
        law_hash=files.content_hash(content),
    )


def _day(table: Table, kind: DayKind, year: int, citation: Citation) -> CalendarDay:
    table.only("date", "kind", "name_vi", "paired_with", "hours", "announced_on", "citation", "legal_basis")
    day = table.day("date")
    if day.year != year:
        table.fail(f"ngày {day.isoformat()} không thuộc năm {year}.", "Hãy chuyển ngày sang tệp của năm đó.")
    hours = table.texts("hours")
    _must_read(table, "hours", hours)
    return CalendarDay(
        day=day,
        kind=kind,
        name_vi=table.text("name_vi"),
        paired_with=table.day_if_given("paired_with"),
        hours=hours,
        announced_on=table.day_if_given("announced_on"),
        citation=table.citation_or("citation", citation),
        legal_basis=table.citation("legal_basis") if table.has("legal_basis") else None,
    )


def _must_be_once(top: Table, days: list[CalendarDay]) -> None:
    seen: set[date] = set()
    for one in days:
        if one.day in seen:
            top.fail(f"ngày {one.day.isoformat()} có hai lần.", "Hãy bỏ một dòng.")
        seen.add(one.day)


def _must_be_paired(top: Table, days: list[CalendarDay]) -> None:
    by_day = {one.day: one for one in days}
    opposite = {DayKind.SWAP_OFF: DayKind.SWAP_WORK, DayKind.SWAP_WORK: DayKind.SWAP_OFF}
    for one in days:
        if one.kind is DayKind.SWAP_OFF and one.paired_with is None:
            top.fail(f"ngày nghỉ hoán đổi {one.day.isoformat()} không có ngày làm bù.", "Hãy ghi paired_with.")
        if one.paired_with is None or one.paired_with.year != one.day.year:
            continue
        other = by_day.get(one.paired_with)
        if other is None or other.kind is not opposite.get(one.kind) or other.paired_with != one.day:
            top.fail(
                f"ngày {one.day.isoformat()} và ngày {one.paired_with.isoformat()} không hoán đổi cho nhau.",
                "Hãy ghi đủ ngày nghỉ [[day_off]] và ngày làm bù [[day_worked]], paired_with trỏ vào nhau.",
            )


def _week(table: Table) -> tuple[Hours, ...]:
    table.only(*_WEEKDAYS, "swapped_day", "citation")
    for name in (*_WEEKDAYS, "swapped_day"):
        _must_read(table, name, table.texts(name))
    return tuple(table.texts(name) for name in _WEEKDAYS)


def _must_read(table: Table, name: str, hours: Hours) -> None:
    previous = ""
    for stretch in hours:
        begin, _, end = stretch.partition("-")
        if not (_is_time(begin) and _is_time(end) and previous <= begin < end):
            table.fail(
                f"giờ làm việc «{stretch}» ở «{name}» không đọc được hoặc không theo thứ tự.",
                'Hãy ghi như ["08:00-12:00", "13:00-17:00"].',
            )
        previous = end


def _is_time(text: str) -> bool:
    hour, _, minute = text.partition(":")
    return len(text) == 5 and (hour + minute).isdecimal() and (text == "24:00" or (hour < "24" and minute < "60"))


def read_rules(path: Path) -> CalendarRules:
    """Return the office hours and statutory holidays that a rules file states.

    Raises:
        LawFileError: a value is missing or cannot be read.
    """
    content = files.read(path)
    top = Table(path, "", content)
    top.only(
        *("code", "name_vi", "effective_from", "effective_to", "citation"),
        *("office_hours", "compensation", "holiday", "note_vi"),
    )
    hours = top.table("office_hours")
    compensation = top.table("compensation")
    compensation.only("on", "citation")
    compensation.one_of("on", ("next_working_day",))
    return CalendarRules(
        name_vi=top.text("name_vi"),
        effective_from=top.day("effective_from"),
        effective_to=top.day_if_given("effective_to"),
        week=_week(hours),
        swapped_day=hours.texts("swapped_day"),
        hours_citation=hours.citation(),
        compensation_citation=compensation.citation(),
        holidays=tuple(_holiday(table) for table in top.tables("holiday")),
        citation=top.citation(),
        path=path,
        law_hash=files.content_hash(content),
    )


def _holiday(table: Table) -> StatutoryHoliday:
    table.only("code", "name_vi", "month", "day", "lunar", "offsets", "first_year", "last_year", "citation")
    month, day = table.whole("month"), table.whole("day")
    if not (1 <= month <= 12 and 1 <= day <= 31):
        table.fail(f"không có ngày {day} tháng {month}.", "Hãy sửa day, month.")
    offsets = table.content.get("offsets")
    if not isinstance(offsets, list) or not offsets or not all(type(offset) is int for offset in offsets):
        table.fail("offsets phải là danh sách số nguyên.", "Hãy ghi như [0] hoặc [-1, 0, 1].")
    return StatutoryHoliday(
        code=table.text("code"),
        name_vi=table.text("name_vi"),
        month=month,
        day=day,
        is_lunar=table.is_on("lunar", default=False),
        offsets=tuple(offsets),
        first_year=table.whole("first_year") if table.has("first_year") else 1,
        last_year=table.whole("last_year") if table.has("last_year") else 9999,
        citation=table.citation(),
    )


def read_lunar(path: Path) -> tuple[LunarYear, ...]:
    """Return the days on which the lunar holidays fall, year by year."""
    content: Mapping[str, Any] = files.read(path)
    top = Table(path, "", content)
    top.only("code", "name_vi", "citation", "year")
    top.citation()
    years = []
    for table in top.tables("year", named_by="year"):
        table.only("year", "lunar_new_year", "hung_kings")
        years.append(LunarYear(table.whole("year"), table.day("lunar_new_year"), table.day("hung_kings")))
    return tuple(years)
