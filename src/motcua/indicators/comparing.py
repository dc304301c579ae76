"""So sánh theo kỳ: which periods a period is held against, and what changed between two scores. Pure."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from motcua.indicators.score import Basis, UnitScore
from motcua.kernel.time import Period

_KNOWN = frozenset({Basis.COUNTED, Basis.INHERITED, Basis.NOT_APPLICABLE})
"""Where nothing could be divided, points were awarded and not earned: no ground to compare on."""


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
    """Thay đổi so với một kỳ khác: the official points then, and how much more there are now.

    Both are None where nothing can be compared. Indicators known in one of the two periods only (``left_out``) have not
    risen or fallen: ``by`` is of the others.
    """

    then: Fraction | None
    by: Fraction | None
    left_out: tuple[str, ...] = ()


_UNKNOWN = Change(None, None)


def of_group(now: UnitScore | None, then: UnitScore | None, group: str) -> Change:
    """Return the change of one group."""
    if now is None or then is None:
        return _UNKNOWN
    return _change(now, then, (group,), now.group(group).points, then.group(group).points)


def of_total(now: UnitScore | None, then: UnitScore | None) -> Change:
    """Return the change of all points."""
    if now is None or then is None:
        return _UNKNOWN
    return _change(now, then, tuple(group.code for group in now.groups), now.total, then.total)


def _change(now: UnitScore, then: UnitScore, groups: tuple[str, ...], after: Fraction, before: Fraction) -> Change:
    """Return the official difference where the same is known in both periods, else that of what is known in both."""
    earned, earlier = _known(now, groups), _known(then, groups)
    both = earned.keys() & earlier.keys()
    if not both:
        return _UNKNOWN
    left_out = tuple(sorted(earned.keys() ^ earlier.keys()))
    if not left_out:
        return Change(before, after - before)
    return Change(before, sum((earned[code] - earlier[code] for code in both), Fraction(0)), left_out)


def _known(scored: UnitScore, groups: tuple[str, ...]) -> dict[str, Fraction]:
    return {row.code: row.points or Fraction(0) for row in scored.rows if row.group in groups and row.basis in _KNOWN}


def mean(values: Iterable[Fraction]) -> Fraction | None:
    """Return the plain mean of units, each counting once; None of none."""
    found = list(values)
    return sum(found, Fraction(0)) / len(found) if found else None
