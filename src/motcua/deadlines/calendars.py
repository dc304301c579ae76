"""Working calendars out of the lawbook: announced years, years computed from the law, a unit's own hours and days."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from motcua.deadlines import lunar, statutory
from motcua.deadlines.working_time import CalendarData, Hours, Week, WorkingCalendar, hours
from motcua.kernel.errors import UserError
from motcua.lawbook import Lawbook, as_of, files
from motcua.lawbook import calendars as announced
from motcua.lawbook.calendars import NATIONAL, CalendarRules, CalendarYear

Years = Mapping[int, CalendarYear]


def working_calendar(book: Lawbook, name: str, *, first: int, last: int) -> WorkingCalendar:
    """Return the calendar ``name`` for the years from first to last that can be had.

    ``name`` is ``vn``; the code of a unit that has a folder in ``law/calendar`` (its own hours and days lie over those
    of the units above it, and those over the national ones); or the path of a year file or a folder of year files.
    Years without an announced calendar are computed from the law and marked provisional; years that neither the
    announcements nor the law files reach are left out, so that the clock says which year is missing.

    Raises:
        UserError: there is no such calendar.
        LawFileError: a calendar file cannot be understood.
    """
    paths = _own_files(book, name)
    # A unit's file that was edited meanwhile is read again.
    stamps = tuple((path, path.stat().st_mtime_ns) for path in paths)
    return _compiled(book.root, name, stamps, first, last)


def _own_files(book: Lawbook, name: str) -> tuple[Path, ...]:
    """Return the year files that lie over the national ones, the widest scope first."""
    if name == NATIONAL:
        return ()
    given = Path(name)
    if given.suffix == ".toml" and given.is_file():
        return (given,)
    folder = book.root / "calendar"
    parts = name.split(".")
    scopes = [folder / ".".join(parts[:length]) for length in range(1, len(parts) + 1)]
    found = [path for scope in scopes for path in sorted(scope.glob("[0-9]" * 4 + ".toml"))]
    if not found and given.is_dir():
        found = sorted(given.glob("[0-9]" * 4 + ".toml"))
    if found:
        return tuple(found)
    kept = sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name != "rules")
    raise UserError(
        f"Không có lịch làm việc «{name}».",
        remedy=f"Hãy ghi một trong: {', '.join([NATIONAL, *kept])}, hoặc đường dẫn tới tệp <năm>.toml của đơn vị.",
        where="--calendar",
    )


@lru_cache(maxsize=16)
def _compiled(root: Path, name: str, own: tuple[tuple[Path, int], ...], first: int, last: int) -> WorkingCalendar:
    rules, national = _law(root)
    layers: list[Years] = [national]
    for path, _ in own:
        year = announced.read_year(path)
        layers.append({year.year: year})
    return WorkingCalendar(_data(name, rules, layers, first, last))


@lru_cache(maxsize=4)
def _law(root: Path) -> tuple[tuple[CalendarRules, ...], Years]:
    folder = root / "calendar"
    years = [announced.read_year(path) for path in sorted(folder.glob("[0-9]" * 4 + ".toml"))]
    rules = tuple(announced.read_rules(path) for path in files.version_files(folder / "rules"))
    return rules, {year.year: year for year in years}


def _data(name: str, rules: tuple[CalendarRules, ...], layers: list[Years], first: int, last: int) -> CalendarData:
    national = layers[0]
    first = max(first, min([rules[0].effective_from.year, *national]))
    last = min(max(first, last), lunar.LAST_YEAR)
    days_off: dict[date, str] = {}
    days_worked: dict[date, str] = {}
    special: dict[date, Hours] = {}
    provisional, weeks = set(), []
    used = {rule.path.name: rule.law_hash for rule in rules}
    for depth, layer in enumerate(layers):
        used |= {f"{depth}/{year}": one.law_hash for year, one in layer.items()}
    for year in range(first, last + 1):
        rule = as_of(rules, date(year, 1, 1)) or rules[0]
        week = rule.week
        swapped = hours(*rule.swapped_day)
        if year not in national:
            provisional.add(year)
            days_off |= _statutory(rule, year)
        for layer in layers:
            if year not in layer:
                continue
            own = layer[year]
            week = own.week or week
            for day, one in own.days_off.items():
                days_off[day] = one.name_vi
                days_worked.pop(day, None)
                special.pop(day, None)
            for day, one in own.days_worked.items():
                days_off.pop(day, None)
                days_worked[day] = one.name_vi
                special[day] = hours(*one.hours) if one.hours else swapped
        weeks.append((date(year, 1, 1), _week(week)))
    return CalendarData(
        code=name,
        version=f"{Path(name).stem}@{files.combined_hash(used)[:8]}",
        first=date(first, 1, 1),
        last=date(last, 12, 31),
        week=weeks[0][1],
        later_weeks=tuple(_changes(weeks)),
        days_off=days_off,
        days_worked=days_worked,
        special_hours=special,
        provisional_years=frozenset(provisional),
    )


def _week(week: tuple[tuple[str, ...], ...]) -> Week:
    return tuple(hours(*day) for day in week)


def _changes(weeks: list[tuple[date, Week]]) -> Iterator[tuple[date, Week]]:
    previous = weeks[0][1]
    for begins, week in weeks[1:]:
        if week != previous:
            yield begins, week
        previous = week


def _statutory(rule: CalendarRules, year: int) -> dict[date, str]:
    return statutory.days_off(
        year=year,
        holidays=rule.holidays,
        weekly_days_off=frozenset(n for n, day in enumerate(rule.week) if not day),
    )
