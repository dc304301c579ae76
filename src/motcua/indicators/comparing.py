"""So sánh theo kỳ: which periods a period is held against, and what changed between two scores. Pure."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from motcua.indicators.score import Basis, UnitScore
from motcua.kernel.time import Period

_KNOWN = frozenset({Basis.COUNTED, Basis.INHERITED, Basis.ZERO_DENOMINATOR, Basis.NOT_APPLICABLE})


def before(period: Period) -> Period:
    """Return the period before: of a month the month before, of a quarter the quarter, of a year the year.

    Of other days it is as many days just before them.
    """
    first = period.start
    if period == Period.year(first.year):
        return Period.year(first.year - 1)
    if period == Period.month(first.year, first.month):
        last = first - timedelta(days=1)
        return Period.month(last.year, last.month)
    quarter = (first.month + 2) // 3
    if period == Period.quarter(first.year, quarter):
        return Period.quarter(first.year, quarter - 1) if quarter > 1 else Period.quarter(first.year - 1, 4)
    return Period(first - timedelta(days=period.days), first)


def year_before(period: Period, *, today: date) -> Period:
    """Return the same days of the year before (cùng kỳ); of a period that still runs only as many as have passed."""
    last = min(period.last_day, today) if period.start <= today else period.last_day
    start, end = _a_year_earlier(period.start), _a_year_earlier(last)
    return Period(start, max(start, end) + timedelta(days=1))


def months(last: date, *, number: int) -> tuple[Period, ...]:
    """Return so many months up to that of the day, the earliest first."""
    found = [Period.month(last.year, last.month)]
    while len(found) < number:
        found.append(before(found[-1]))
    return tuple(reversed(found))


def _a_year_earlier(day: date) -> date:
    return date(day.year - 1, day.month, min(day.day, monthrange(day.year - 1, day.month)[1]))


@dataclass(frozen=True, slots=True)
class Change:
    """Thay đổi so với một kỳ khác: points there and now less then; both None where nothing is known of then."""

    then: Fraction | None
    by: Fraction | None
    differs_in: tuple[str, ...] = ()
    """Indicators that are known in one of the two periods only: they make part of the change."""


_UNKNOWN = Change(None, None)


def of_group(now: UnitScore | None, then: UnitScore | None, group: str) -> Change:
    """Return the change of one group; unknown where nothing was given for it in either period."""
    if now is None or then is None or group in now.missing or group in then.missing or not _known(then, group):
        return _UNKNOWN
    points = then.group(group).points
    differs = sorted(_known(now, group) ^ _known(then, group))
    return Change(points, now.group(group).points - points, tuple(differs))


def of_total(now: UnitScore | None, then: UnitScore | None) -> Change:
    """Return the change of all points; unknown where nothing is known of then."""
    if now is None or then is None or not any(_known(then, group.code) for group in then.groups):
        return _UNKNOWN
    groups = [group.code for group in now.groups]
    differs = sorted(code for group in groups for code in _known(now, group) ^ _known(then, group))
    return Change(then.total, now.total - then.total, tuple(differs))


def _known(scored: UnitScore, group: str) -> set[str]:
    return {row.code for row in scored.rows if row.group == group and row.basis in _KNOWN}


def mean(values: Iterable[Fraction]) -> Fraction | None:
    """Return the plain mean of units, each counting once; None of none."""
    found = list(values)
    return sum(found, Fraction(0)) / len(found) if found else None
